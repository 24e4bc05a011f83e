#include "http/request.h"

#include "support/test-store.h"

static HttpRequest *request_of(const char *target)
{
    g_autoptr(GError) error = NULL;
    HttpRequest *request = http_request_new(HTTP_GET, target, "127.0.0.1", &error);
    g_assert_no_error(error);
    return request;
}

static void test_target_is_decoded_once(void)
{
    g_autoptr(HttpRequest) request = request_of("/case/%E8%AF%89%E6%B1%82?q=a%2Bb+c&empty=&q=2");
    g_assert_cmpstr(http_request_path(request), ==, "/case/诉求");
    g_assert_cmpstr(http_request_query(request, "q"), ==, "a+b c");
    g_assert_cmpstr(http_request_query(request, "empty"), ==, "");
    g_assert_null(http_request_query(request, "none"));
    g_assert_cmpuint(http_request_query_all(request, "q")->len, ==, 2);
    g_assert_cmpuint(http_request_query_all(request, "none")->len, ==, 0);
    static const char *const others[] = {"empty", "f-*", NULL};
    static const char *const many[] = {"f-*", "q", NULL};
    g_assert_cmpstr(http_request_twice(request, others), ==, "q");
    g_assert_null(http_request_twice(request, many));
    g_autoptr(HttpRequest) rows = request_of("/?f-a=1&f-a=2&f=1&f=2");
    g_assert_cmpstr(http_request_twice(rows, many), ==, "f");
    g_autoptr(HttpRequest) twice = request_of("/a%2541");
    g_assert_cmpstr(http_request_path(twice), ==, "/a%41");
}

static void test_bad_targets_are_refused(void)
{
    static const char *const bad[] = {"",       "case",   "/a/../b",    "/..",        "/./a",
                                      "//evil", "/a%00b", "/%zz",       "/%4",        "/%",
                                      "/%ff",   "/a\\b",  "/%2e%2e/x",  "/%2F%2Fx",   "/?a=%00",
                                      "/?%f",   "/a%0Ab", "/%1b%5b31m", "/%E2%80%AEa"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, bad[i], "::1", &error);
        g_test_message("%s", bad[i]);
        g_assert_null(request);
        test_assert_error(error, INVALID, NULL);
    }
}

static void test_headers(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = request_of("/");
    g_assert_true(http_request_add_header(request, "Host", "example", &error));
    g_assert_true(http_request_add_header(request, "Cookie", "a=1; b=x=y;c", &error));
    g_assert_cmpstr(http_request_header(request, "HOST"), ==, "example");
    g_assert_cmpstr(http_request_cookie(request, "a"), ==, "1");
    g_assert_cmpstr(http_request_cookie(request, "b"), ==, "x=y");
    g_assert_null(http_request_cookie(request, "c"));
    g_assert_false(http_request_add_header(request, "hOsT", "other", &error));
    test_assert_error(error, INVALID, "twice");
    g_clear_error(&error);
    g_assert_false(http_request_add_header(request, "X", "\xff", &error));
    test_assert_error(error, INVALID, "x");
}

/* What a proxy in front says of the client, and what it should and does not. */
static void test_proxy(void)
{
    static const struct {
        const char *headers[10]; /* pairs */
        const char *host;
        const char *lacks;
    } rows[] = {
        {{"Host", "127.0.0.1:8017"}, "127.0.0.1:8017", NULL},
        {{"Host", "127.0.0.1:8017", "Origin", "https://office.example"},
         "127.0.0.1:8017",
         "X-Forwarded-Host"},
        {{"Host", "upstream", "Origin", "https://office.example", "Sec-Fetch-Site", "same-origin"},
         "upstream",
         "X-Forwarded-Host"},
        {{"Host", "office.example", "Origin", "https://evil.example", "X-Forwarded-For", "1.1.1.1",
          "X-Forwarded-Proto", "https"},
         "office.example",
         NULL},
        {{"Host", "127.0.0.1:8017", "Origin", "https://evil.example", "Sec-Fetch-Site",
          "cross-site", "X-Forwarded-For", "1.1.1.1", "X-Forwarded-Proto", "https"},
         "127.0.0.1:8017",
         NULL},
        {{"Host", "office.example", "Origin", "https://office.example"},
         "office.example",
         "X-Forwarded-Proto"},
        {{"Host", "127.0.0.1:8017", "X-Forwarded-Host", "a.example, office.example", "Origin",
          "https://office.example", "X-Forwarded-Proto", "https"},
         "office.example",
         "X-Forwarded-For"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HttpRequest) direct = http_request_new(HTTP_POST, "/", "127.0.0.1", NULL);
        g_autoptr(HttpRequest) proxied = http_request_new(HTTP_POST, "/", "127.0.0.1", NULL);
        http_request_set_proxied(proxied);
        for (size_t j = 0; j < 10 && rows[i].headers[j] != NULL; j += 2) {
            http_request_add_header(direct, rows[i].headers[j], rows[i].headers[j + 1], NULL);
            http_request_add_header(proxied, rows[i].headers[j], rows[i].headers[j + 1], NULL);
        }
        g_assert_cmpstr(http_request_host(proxied), ==, rows[i].host);
        g_assert_cmpstr(http_request_lacks(proxied), ==, rows[i].lacks);
        g_assert_cmpstr(http_request_host(direct), ==, rows[i].headers[1]);
        g_assert_null(http_request_lacks(direct));
    }
}

static void test_method_names(void)
{
    g_autoptr(HttpRequest) get = http_request_new(HTTP_GET, "/", "127.0.0.1", NULL);
    g_autoptr(HttpRequest) other = http_request_new(HTTP_OTHER, "/", "127.0.0.1", NULL);
    g_assert_cmpstr(http_request_method_name(get), ==, "GET");
    g_assert_cmpstr(http_request_method_name(other), ==, "-");
    http_request_set_method_name(other, "a b");
    g_assert_cmpstr(http_request_method_name(other), ==, "-");
    http_request_set_method_name(other, "DELETE");
    g_assert_cmpstr(http_request_method_name(other), ==, "DELETE");
}

static void test_form(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = request_of("/");
    const char *body =
        "title=%E8%B7%AF%E7%81%AF&people=1&people=2&&note=a%0Ab&sent=a%0D%0A%0D%0Ab%0D";
    g_assert_true(http_request_parse_form(request, body, strlen(body), &error));
    g_assert_cmpstr(http_request_form(request, "title"), ==, "路灯");
    g_assert_cmpstr(http_request_form(request, "note"), ==, "a\nb");
    g_assert_cmpstr(http_request_form(request, "sent"), ==, "a\n\nb\n");
    g_assert_cmpuint(http_request_form_all(request, "people")->len, ==, 2);
    const GPtrArray *names = http_request_form_names(request);
    g_assert_cmpuint(names->len, ==, 4);
    g_assert_cmpstr(g_ptr_array_index(names, 1), ==, "people");
    g_assert_true(http_request_add_field(request, "more", "值", strlen("值"), &error));
    g_assert_cmpstr(http_request_form(request, "more"), ==, "值");
    g_assert_false(http_request_add_field(request, "bad", "\xc3", 1, &error));
    test_assert_error(error, INVALID, "UTF-8");
}

static void test_too_many_fields(void)
{
    g_autoptr(GString) target = g_string_new("/?");
    for (int i = 0; i <= HTTP_MAX_FIELDS; i++) {
        g_string_append(target, "a=1&");
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, target->str, "", &error);
    g_assert_null(request);
    test_assert_error(error, LIMIT, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/request/target-is-decoded-once", test_target_is_decoded_once);
    g_test_add_func("/http/request/bad-targets-are-refused", test_bad_targets_are_refused);
    g_test_add_func("/http/request/headers", test_headers);
    g_test_add_func("/http/request/proxy", test_proxy);
    g_test_add_func("/http/request/method-names", test_method_names);
    g_test_add_func("/http/request/form", test_form);
    g_test_add_func("/http/request/too-many-fields", test_too_many_fields);
    return g_test_run();
}
