/* What a worker that was taken over by its file might send as its error: always an error of ours,
 * with a sentence in both languages, which sent on is told the same. */
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    error_decode((const char *)data, size, &error);
    g_assert(error != NULL && error->domain == SHUZHI_ERROR);
    g_assert(error->code >= 0 && error->code < SHUZHI_N_ERRORS);
    g_autoptr(GString) sent = g_string_new(NULL);
    g_autoptr(GError) again = NULL;
    error_encode(error, sent);
    error_decode(sent->str, sent->len, &again);
    g_assert(again->code == error->code && g_str_equal(again->message, error->message));
    static const char *const languages[] = {"en", "zh"};
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autofree char *text = error_to_text(error, languages[i]);
        g_autofree char *text_again = error_to_text(again, languages[i]);
        g_assert(g_utf8_validate(text, -1, NULL) && g_str_equal(text, text_again));
    }
    return 0;
}
