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
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, NULL, NULL);
    http_response_finish(response, request);
    g_assert_null(http_response_header(response, "Strict-Transport-Security"));
    http_request_set_secure(request);
    http_response_finish(response, request);
    g_assert_nonnull(http_response_header(response, "Strict-Transport-Security"));
}

static void test_known_answer_is_not_sent_again(void)
{
    g_autoptr(HttpRequest) request = request_with(HTTP_GET, NULL, NULL);
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_set_text(response, "text/plain; charset=utf-8", "诉求");
    http_response_finish(response, request);
    const char *tag = http_response_header(response, "ETag");
    g_assert_nonnull(tag);
    g_autoptr(HttpRequest) again = request_with(HTTP_GET, "If-None-Match", tag);
    g_autoptr(HttpResponse) second = http_response_new();
    http_response_set_text(second, "text/plain; charset=utf-8", "诉求");
    http_response_finish(second, again);
    g_assert_cmpint(http_response_status(second), ==, 304);
    g_assert_cmpuint(http_response_body(second)->len, ==, 0);
    g_autoptr(HttpResponse) other = http_response_new();
    http_response_set_text(other, "text/plain; charset=utf-8", "诉求！");
    http_response_finish(other, again);
    g_assert_cmpint(http_response_status(other), ==, 200);
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
    g_assert_null(http_response_header(plain, "Content-Encoding"));
    g_assert_cmpuint(http_response_body(plain)->len, ==, long_text->len);
    g_assert_cmpstr(http_response_header(plain, "Vary"), ==, "Accept-Encoding");
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
    check_range("bytes=5-2", 416, 0, 0);
    check_range("bytes=0-1,4-5", 200, 0, 10);
    check_range("lines=1-2", 200, 0, 10);
}

static void test_missing_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpResponse) response = http_response_new();
    g_assert_false(http_response_set_file(response, "text/plain", "/nowhere/at/all", "x", &error));
    test_assert_error(error, NOT_FOUND, "/nowhere/at/all");
}

static void test_redirect(void)
{
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_redirect(response, "/case/1");
    g_assert_cmpint(http_response_status(response), ==, 303);
    g_assert_cmpstr(http_response_header(response, "Location"), ==, "/case/1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/response/every-answer-is-safe", test_every_answer_is_safe);
    g_test_add_func("/http/response/known-answer-is-not-sent-again",
                    test_known_answer_is_not_sent_again);
    g_test_add_func("/http/response/text-is-compressed-where-it-may-be",
                    test_text_is_compressed_where_it_may_be);
    g_test_add_func("/http/response/ranges", test_ranges);
    g_test_add_func("/http/response/missing-file", test_missing_file);
    g_test_add_func("/http/response/redirect", test_redirect);
    return g_test_run();
}
