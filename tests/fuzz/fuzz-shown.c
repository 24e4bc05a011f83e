/* Shown events, which somebody sent: any JSON may be refused, but what is read gets a verdict. */
#include "log/shown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) json = json_parse(size > 0 ? (const char *)data : "", size, &error);
    if (json == NULL) {
        return 0;
    }
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(
        "shuzhi/0123456789abcdef+0e2dc991+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", NULL);
    g_autoptr(LogShown) shown = log_shown_check(json, verifier, &error);
    g_assert((shown == NULL) == (error != NULL));
    if (shown != NULL) {
        g_assert(shown->verdict < PROOF_N_VERDICTS);
        g_assert(shown->others->len == 0 || shown->verdict != PROOF_SOUND);
    }
    return 0;
}
