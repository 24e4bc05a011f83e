/* JSON text from outside: parse it; a string, quoted by our writer, parses to the same again. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) json = json_parse((const char *)data, size, &error);
    g_assert((json == NULL) == (error != NULL));
    if (json_is_string(json) && strlen(json_string_value(json)) == json_string_length(json)) {
        g_autoptr(GString) quoted = g_string_new(NULL);
        json_append_quoted(quoted, json_string_value(json));
        g_autoptr(json_t) again = json_parse(quoted->str, quoted->len, NULL);
        g_assert(json_equal(json, again));
    }
    return 0;
}
