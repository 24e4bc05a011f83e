/* The address of a request line: what is understood leads nowhere but down, and its path, written
 * as an address again, is understood as the same. */
#include "check-request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *target = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, target, "::1", &error);
    g_assert((request == NULL) == (error != NULL));
    if (request != NULL) {
        const char *path = http_request_path(request);
        const char *query = http_request_query_text(request);
        check_path(path);
        g_autofree char *escaped = g_uri_escape_string(path, "/", false);
        g_autofree char *again = g_strconcat(escaped, "?", query, NULL);
        g_autoptr(HttpRequest) second = http_request_new(HTTP_GET, again, "::1", &error);
        g_assert_no_error(error);
        g_assert_cmpstr(http_request_path(second), ==, path);
        g_assert_cmpstr(http_request_query_text(second), ==, query);
    }
    return 0;
}
