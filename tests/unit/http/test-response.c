#include "http/response.h"

#include <glib/gstdio.h>

#include "base/file.h"
#include "support/test-store.h"

static HttpRequest *request_with(HttpMethod method, const char *name, const char *value)
{
    HttpRequest *request = http_request_new(method, "/", "127.0.0.1", NULL);
    if (name != NULL) {
        g_assert_true(http_request_add_header(request, name, value, NULL));
    }
    return request;
}

static void test_every_answer_is_safe(void)
{
    g_autoptr(HttpResponse) response = http_response_new();
    g_assert_cmpstr(http_response_header(response, "X-Content-Type-Options"), ==, "nosniff");
    g_assert_nonnull(strstr(http_response_header(response, "Content-Security-Policy"),
                            "frame-ancestors 'none'"));
    g_assert_null(strstr(http_response_header(response, "Content-Security-Policy"), "unsafe"));
    g_assert_cmpstr(http_response_header(response, "Cache-Control"), ==, "no-store");
}

/* Where the whole host is this server's, and only there. */
static void test_tls_is_asked_for_where_it_may_be(void)
{
    static const struct {
        const char *host;
        bool is_secure;
        bool is_asked;
    } cases[] = {
        {"office.example", true, true},   {"office.example:8017", true, true},
        {"office.example", false, false}, {"localhost:8017", true, false},
        {"x.localhost", true, false},     {"10.1.2.3:8017", true, false},
        {"[::1]:8017", true, false},      {"LOCALHOST", true, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HttpRequest) request = request_with(HTTP_GET, "Host", cases[i].host);
        g_autoptr(HttpResponse) response = http_response_new();
        if (cases[i].is_secure) {
            http_request_set_secure(request);
        }
        http_response_finish(response, request);
        bool is_asked = http_response_header(response, "Strict-Transport-Security") != NULL;
        g_test_message("%s", cases[i].host);
        g_assert_true(is_asked == cases[i].is_asked);
    }
}

/* Answer @request with @text that may be kept (@may_be_kept), finished. */
static HttpResponse *answer_with(const HttpRequest *request, const char *text, bool may_be_kept)
{
    HttpResponse *response = http_response_new();
    http_response_set_text(response, "text/plain; charset=utf-8", text);
    if (may_be_kept) {
        http_response_allow_keeping(response, NULL);
    }
    http_response_finish(response, request);
    return response;
}

static void test_known_answer_is_not_sent_again(void)
{
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, NULL, NULL);
    g_autoptr(HttpResponse) response = answer_with(request, "诉求", true);
    const char *tag = http_response_header(response, "ETag");
    g_assert_true(g_str_has_prefix(tag, "W/\"")); /* the same whether compressed or not */
    g_assert_cmpstr(http_response_header(response, "Cache-Control"), ==, "private, no-cache");
    g_autofree char *several = g_strconcat("\"other\", ", tag + strlen("W/"), NULL);
    const char *const known[] = {tag, several, "*"};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(HttpRequest) again = request_with(HTTP_GET, "If-None-Match", known[i]);
        g_autoptr(HttpResponse) second = answer_with(again, "诉求", true);
        g_assert_cmpint(http_response_status(second), ==, 304);
        g_assert_cmpuint(http_response_body(second)->len, ==, 0);
        g_assert_cmpstr(http_response_header(second, "ETag"), ==, tag);
    }
    g_autoptr(HttpRequest) again = request_with(HTTP_GET, "If-None-Match", tag);
    g_autoptr(HttpResponse) other = answer_with(again, "诉求！", true);
    g_assert_cmpint(http_response_status(other), ==, 200);
    g_autoptr(HttpResponse) page = answer_with(again, "诉求", false);
    g_assert_cmpint(http_response_status(page), ==, 200);
    g_assert_null(http_response_header(page, "ETag"));
    g_autoptr(HttpRequest) post = request_with(HTTP_POST, "If-None-Match", tag);
    g_autoptr(HttpResponse) answer = answer_with(post, "诉求", true);
    g_assert_cmpint(http_response_status(answer), ==, 200);
}

/* An answer with personal data was kept, as its page was one of those that may be. */
static void test_forbidden_to_keep(void)
{
    for (int is_forbidden_first = 0; is_forbidden_first < 2; is_forbidden_first++) {
        g_autoptr(HttpRequest) request = request_with(HTTP_GET, NULL, NULL);
        g_autoptr(HttpResponse) response = http_response_new();
        if (is_forbidden_first) {
            http_response_forbid_keeping(response);
        }
        http_response_set_text(response, "text/plain; charset=utf-8", "诉求");
        http_response_allow_keeping(response, "abc");
        http_response_forbid_keeping(response);
        http_response_finish(response, request);
        g_assert_cmpstr(http_response_header(response, "Cache-Control"), ==, "no-store");
        g_assert_null(http_response_header(response, "ETag"));
    }
}

static void test_vary(void)
{
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_add_vary(response, "Cookie");
    http_response_add_vary(response, "Accept-Language");
    g_assert_cmpstr(http_response_header(response, "Vary"), ==, "Cookie, Accept-Language");
}

static void test_text_is_compressed_where_it_may_be(void)
{
    g_autoptr(GString) long_text = g_string_new(NULL);
    for (int i = 0; i < 1000; i++) {
        g_string_append(long_text, "群众诉求");
    }
    g_autoptr(HttpRequest) takes = request_with(HTTP_GET, "Accept-Encoding", "gzip, br");
    g_autoptr(HttpRequest) takes_not = request_with(HTTP_GET, NULL, NULL);
    g_autoptr(HttpResponse) small = http_response_new();
    http_response_set_text(small, "text/html; charset=utf-8", long_text->str);
    http_response_finish(small, takes);
    g_assert_cmpstr(http_response_header(small, "Content-Encoding"), ==, "gzip");
    g_assert_cmpuint(http_response_body(small)->len, <, 500);
    g_autoptr(HttpResponse) plain = http_response_new();
    http_response_set_text(plain, "text/html; charset=utf-8", long_text->str);
    http_response_finish(plain, takes_not);
    g_autoptr(HttpRequest) refuses = request_with(HTTP_GET, "Accept-Encoding", "gzip;q=0, br");
    g_autoptr(HttpResponse) unpacked = http_response_new();
    http_response_set_text(unpacked, "text/html; charset=utf-8", long_text->str);
    http_response_finish(unpacked, refuses);
    g_assert_null(http_response_header(unpacked, "Content-Encoding"));
    g_assert_null(http_response_header(plain, "Content-Encoding"));
    g_assert_cmpuint(http_response_body(plain)->len, ==, long_text->len);
    g_assert_cmpstr(http_response_header(plain, "Vary"), ==, "Accept-Encoding");
}

/* A table is written to a file first: those and feeds were sent as long as they are. */
static void test_files_of_text_are_compressed(void)
{
    static const struct {
        const char *type;
        int n_bytes;
        const char *range;
        bool is_compressed;
    } rows[] = {
        {"text/csv; charset=utf-8", 20000, NULL, true},
        {"application/jsonl; charset=utf-8", 20000, NULL, true},
        {"text/csv; charset=utf-8", 8 << 20, NULL, true},
        {"text/csv; charset=utf-8", (8 << 20) + 1, NULL, false},
        {"text/csv; charset=utf-8", 100, NULL, false},
        {"text/csv; charset=utf-8", 20000, "bytes=0-3", false},
        {"application/octet-stream", 20000, NULL, false},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 20000, NULL, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *folder = g_dir_make_tmp("shuzhi-http-XXXXXX", &error);
        g_autofree char *path = g_build_filename(folder, "table", NULL);
        g_autofree char *text = g_strnfill((gsize)rows[i].n_bytes, 'a');
        g_assert_true(file_write(path, text, (size_t)rows[i].n_bytes, 0600, &error));
        g_autoptr(HttpRequest) request = request_with(HTTP_GET, "Accept-Encoding", "gzip");
        g_assert_true(rows[i].range == NULL ||
                      http_request_add_header(request, "Range", rows[i].range, NULL));
        g_autoptr(HttpResponse) response = http_response_new();
        g_assert_true(http_response_set_file(response, rows[i].type, path, "t", &error));
        http_response_finish(response, request);
        int64_t size = 0;
        bool is_compressed = http_response_header(response, "Content-Encoding") != NULL;
        g_test_message("row %zu", i);
        g_assert_true(is_compressed == rows[i].is_compressed);
        g_assert_true((http_response_file(response, &size) < 0) == is_compressed);
        g_assert_true(!is_compressed || http_response_body(response)->len < 10000);
        g_assert_true((http_response_header(response, "Accept-Ranges") == NULL) == is_compressed);
        test_remove_folder(folder);
    }
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, "Accept-Encoding", "gzip");
    g_autoptr(HttpResponse) feed = http_response_new();
    g_autofree char *lines = g_strnfill(2000, 'a');
    http_response_set_text(feed, "application/atom+xml; charset=utf-8", lines);
    http_response_finish(feed, request);
    g_assert_cmpstr(http_response_header(feed, "Content-Encoding"), ==, "gzip");
}

/* Answer with a file of ten bytes to a request for @range and check what is to be sent. */
static void check_range(const char *range, int status, int64_t offset, int64_t length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-http-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "ten", NULL);
    g_assert_true(file_write(path, "0123456789", 10, 0600, &error));
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, range != NULL ? "Range" : NULL, range);
    g_autoptr(HttpResponse) response = http_response_new();
    g_assert_true(
        http_response_set_file(response, "application/pdf", path, "证明 1\".pdf", &error));
    http_response_finish(response, request);
    int64_t sent_offset = 0;
    int64_t sent_length = 0;
    http_response_range(response, &sent_offset, &sent_length);
    g_assert_cmpint(http_response_status(response), ==, status);
    g_assert_cmpint(sent_length, ==, length);
    if (length > 0) {
        g_assert_cmpint(sent_offset, ==, offset);
    }
    const char *disposition = http_response_header(response, "Content-Disposition");
    g_assert_true(g_str_has_prefix(disposition, "attachment; filename=\""));
    g_assert_nonnull(strstr(disposition, "filename*=UTF-8''%E8%AF%81%E6%98%8E%201%22.pdf"));
    g_assert_nonnull(strstr(http_response_header(response, "Content-Security-Policy"), "sandbox"));
    test_remove_folder(folder);
}

static void test_ranges(void)
{
    check_range(NULL, 200, 0, 10);
    check_range("bytes=0-3", 206, 0, 4);
    check_range("bytes=4-", 206, 4, 6);
    check_range("bytes=-3", 206, 7, 3);
    check_range("bytes=8-99", 206, 8, 2);
    check_range("bytes=10-", 416, 0, 0);
    check_range("bytes=-0", 416, 0, 0);
    check_range("bytes=30-", 416, 0, 0);
    check_range("bytes=-99", 206, 0, 10);
    check_range("bytes=99999999999999999999-", 416, 0, 0);
    check_range("bytes=2-99999999999999999999", 206, 2, 8);
    check_range("bytes=5-2", 200, 0, 10);
    check_range("bytes=-", 200, 0, 10);
    check_range("bytes=abc-", 200, 0, 10);
    check_range("bytes=1-x", 200, 0, 10);
    check_range("bytes=--9223372036854775808", 200, 0, 10);
    check_range("bytes=0-1,4-5", 200, 0, 10);
    check_range("lines=1-2", 200, 0, 10);
}

/* Answer with a file of ten bytes whose tag is "abc"; returns the status. */
static int ask_for_tagged(const char *name, const char *value, int64_t *ret_length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-http-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "ten", NULL);
    g_assert_true(file_write(path, "0123456789", 10, 0600, &error));
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, name, value);
    g_assert_true(http_request_add_header(request, "Range", "bytes=0-3", &error));
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_allow_keeping(response, "abc");
    g_assert_true(http_response_set_file(response, "text/plain", path, "x", &error));
    http_response_finish(response, request);
    int64_t offset = 0;
    http_response_range(response, &offset, ret_length);
    int64_t size = 0;
    g_assert_true((http_response_file(response, &size) < 0) ==
                  (http_response_status(response) == 304));
    test_remove_folder(folder);
    return http_response_status(response);
}

static void test_tagged_file(void)
{
    int64_t length = 0;
    g_assert_cmpint(ask_for_tagged("If-None-Match", "\"abc\"", &length), ==, 304);
    g_assert_cmpint(ask_for_tagged("If-None-Match", "\"old\"", &length), ==, 206);
    g_assert_cmpint(length, ==, 4);
    g_assert_cmpint(ask_for_tagged("If-Range", "\"abc\"", &length), ==, 206);
    g_assert_cmpint(ask_for_tagged("If-Range", "\"old\"", &length), ==, 200);
    g_assert_cmpint(length, ==, 10);
}

static void test_missing_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpResponse) response = http_response_new();
    g_assert_false(http_response_set_file(response, "text/plain", "/nowhere/at/all", "x", &error));
    test_assert_error(error, NOT_FOUND, "/nowhere/at/all");
}

/* Whatever a request brings, the answer's head keeps its lines, and a redirection its server. */
static void test_a_request_cannot_write_the_head(void)
{
    static const char *const locations[][2] = {
        {"/ok\r\nX-Evil: 1", "/ok%0D%0AX-Evil:%201"},
        {"/\t/evil.example", "/%09/evil.example"},
        {"/\\evil.example", "/%5Cevil.example"},
        {"//evil.example", "/"},
        {"https://evil.example", "/"},
        {"", "/"},
        {"/ledger/case?q=路", "/ledger/case?q=%E8%B7%AF"},
        {"/ledger/case?q=%E8%B7%AF#a", "/ledger/case?q=%E8%B7%AF#a"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(locations); i++) {
        g_autoptr(HttpResponse) response = http_response_new();
        http_response_redirect(response, locations[i][0]);
        g_assert_cmpstr(http_response_header(response, "Location"), ==, locations[i][1]);
    }
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_set_header(response, "X-Name", "a\r\nX-Evil: 1");
    g_assert_cmpstr(http_response_header(response, "X-Name"), ==, "aX-Evil: 1");
    http_response_add_cookie(response, "a=b\r\nX-Evil: 1");
    g_assert_cmpstr(g_ptr_array_index(http_response_cookies(response), 0), ==, "a=bX-Evil: 1");
}

static void test_redirect(void)
{
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_redirect(response, "/case/1");
    g_assert_cmpint(http_response_status(response), ==, 303);
    g_assert_cmpstr(http_response_header(response, "Location"), ==, "/case/1");
}

/* An answer whose head the server could not hold was not sent at all. */
static void test_redirect_far(void)
{
    g_autoptr(HttpResponse) response = http_response_new();
    g_autofree char *name = g_strnfill(HTTP_MAX_LOCATION_BYTES - 1, 'f');
    g_autofree char *longest = g_strconcat("/", name, NULL);
    g_autofree char *longer = g_strconcat(longest, "f", NULL);
    g_autofree char *longer_encoded = g_strconcat("/ ", name + 2, NULL); /* "%20" */
    http_response_redirect(response, longest);
    g_assert_cmpstr(http_response_header(response, "Location"), ==, longest);
    http_response_redirect(response, longer);
    g_assert_cmpstr(http_response_header(response, "Location"), ==, "/");
    http_response_redirect(response, longer_encoded);
    g_assert_cmpstr(http_response_header(response, "Location"), ==, "/");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/response/every-answer-is-safe", test_every_answer_is_safe);
    g_test_add_func("/http/response/tls-is-asked-for-where-it-may-be",
                    test_tls_is_asked_for_where_it_may_be);
    g_test_add_func("/http/response/forbidden-to-keep", test_forbidden_to_keep);
    g_test_add_func("/http/response/vary", test_vary);
    g_test_add_func("/http/response/tagged-file", test_tagged_file);
    g_test_add_func("/http/response/known-answer-is-not-sent-again",
                    test_known_answer_is_not_sent_again);
    g_test_add_func("/http/response/text-is-compressed-where-it-may-be",
                    test_text_is_compressed_where_it_may_be);
    g_test_add_func("/http/response/files-of-text-are-compressed",
                    test_files_of_text_are_compressed);
    g_test_add_func("/http/response/ranges", test_ranges);
    g_test_add_func("/http/response/missing-file", test_missing_file);
    g_test_add_func("/http/response/redirect", test_redirect);
    g_test_add_func("/http/response/redirect-far", test_redirect_far);
    g_test_add_func("/http/response/a-request-cannot-write-the-head",
                    test_a_request_cannot_write_the_head);
    return g_test_run();
}
