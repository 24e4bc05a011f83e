/* A Cookie header: what is found in it stands in it. */
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"session", "__Host-session", "language", "a", ""};
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, "/", "::1", NULL);
    g_autoptr(GError) error = NULL;
    bool is_good = http_request_add_header(request, "Cookie", text, &error);
    g_assert(is_good == (error == NULL));
    for (size_t i = 0; is_good && i < G_N_ELEMENTS(names); i++) {
        const char *value = http_request_cookie(request, names[i]);
        g_assert(value == NULL || strstr(text, value) != NULL);
        g_assert(value == NULL || (strchr(value, ';') == NULL && strpbrk(value, "\r\n") == NULL));
    }
    return 0;
}
