/* A query, and the same bytes as a form: both are understood alike, and what is understood, written
 * out again, is understood as the same. */
#include "check-request.h"

static HttpRequest *form_of(const char *text, size_t length, GError **error)
{
    HttpRequest *request = http_request_new(HTTP_POST, "/", "::1", NULL);
    if (!http_request_parse_form(request, text, length, error)) {
        g_clear_pointer(&request, http_request_free);
    }
    return request;
}

/* Write the form as a browser would. */
static GString *write_form(const HttpRequest *request)
{
    GString *out = g_string_new(NULL);
    const GPtrArray *names = http_request_form_names(request);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const GPtrArray *values = http_request_form_all(request, name);
        for (guint j = 0; j < values->len; j++) {
            g_string_append(out, out->len > 0 ? "&" : "");
            g_string_append_uri_escaped(out, name, NULL, false);
            g_string_append_c(out, '=');
            g_string_append_uri_escaped(out, g_ptr_array_index(values, j), NULL, false);
        }
    }
    return out;
}

static void check_same(const GPtrArray *a, const GPtrArray *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        g_assert_cmpstr(g_ptr_array_index(a, i), ==, g_ptr_array_index(b, i));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) form = form_of((const char *)data, size, &error);
    g_assert((form == NULL) == (error != NULL));
    if (memchr(data, '\0', size) == NULL) {
        g_autofree char *target = g_strdup_printf("/?%.*s", (int)size, (const char *)data);
        g_autoptr(HttpRequest) query = http_request_new(HTTP_GET, target, "::1", NULL);
        g_assert((query == NULL) == (form == NULL));
        const GPtrArray *names = form != NULL ? http_request_form_names(form) : NULL;
        for (guint i = 0; names != NULL && i < names->len; i++) {
            const char *name = g_ptr_array_index(names, i);
            check_same(http_request_query_all(query, name), http_request_form_all(form, name));
        }
    }
    if (form != NULL) {
        check_form(form);
        g_autoptr(GString) once = write_form(form);
        g_autoptr(HttpRequest) again = form_of(once->str, once->len, NULL);
        g_assert(again != NULL);
        g_autoptr(GString) twice = write_form(again);
        g_assert(g_string_equal(once, twice));
    }
    return 0;
}
