/* Files of shown events, which somebody sent: any JSON may be refused, but what is read gets a
 * verdict, and what is called sound is what was signed, however the file was damaged. */
#include "log/shown-claim.h"

/* The logs of the corpus: that of docs/proof.md's example, and one of our own. */
static const char *const keys[] = {
    "shuzhi/0123456789abcdef+0e2dc991+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    "shuzhi/test+f553320c+Ac7MFQfcHd1ylZUcKQiI8JWtuQRNG3PWlubfBl1oO9T8",
};

/* What the corpus has of their lines. */
static const char *const known_lines[] = {
    "{\"actor\":\"os:zhang\",\"at\":1675213200000000,\"data\":{\"ledger\":\"case\",\"n\":1,"
    "\"number\":\"SQ2023-00001\",\"year\":2023},\"fields\":{\"title\":\"xFNY/"
    "JxQPMDaqW6CaONut0KUYbqbk91n88GdTd1LOIc=\"},\"kind\":\"entry.add\",\"object\":2,\"seq\":2}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-1\",\"version\":1},\"fields\":{"
    "\"place\":\"Ql1fVGkYiZa4kLVHcUqSc9vIhWgpLZFKPsN2ljc2aPA=\",\"scan\":"
    "\"KGRpXxWgfJhLIK3fC9JxNJqgkjUTv1mv59Iu0ZWIaDA=\"},\"kind\":\"entry.add\",\"object\":1,\"seq\":"
    "1}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"sha256\":\"aa\"},\"kind\":\"evidence.add\","
    "\"object\":2,\"seq\":2}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"evidence.s\":[2]},\"kind\":\"entry.attach\","
    "\"object\":1,\"seq\":3}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-2\",\"version\":1},\"kind\":\"entry."
    "add\",\"object\":4,\"seq\":4}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"version\":2},\"kind\":\"entry.step\",\"object\":4,"
    "\"seq\":5}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"version\":3},\"kind\":\"entry.delete\",\"object\":4,"
    "\"seq\":6}",
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-1\",\"version\":1},\"kind\":\"entry."
    "add\",\"object\":4,\"seq\":4}",
};

/* What their fields were committed to. */
static const struct {
    const char *name, *value;
} known_fields[] = {{"title", "一楼漏水"}, {"scan", "2\x1f"}, {"place", "甲街"}};

static void check_event(const LogShown *shown)
{
    bool is_known = false;
    g_assert(shown->verdict < PROOF_N_VERDICTS);
    g_assert(shown->others->len == 0 || shown->verdict != PROOF_SOUND);
    for (size_t i = 0; i < G_N_ELEMENTS(known_lines); i++) {
        is_known = is_known || strcmp(known_lines[i], shown->line) == 0;
    }
    g_assert(is_known || shown->verdict != PROOF_SOUND);
    for (guint i = 0; i < shown->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(shown->fields, i);
        bool is_said = false;
        for (size_t k = 0; k < G_N_ELEMENTS(known_fields); k++) {
            is_said = is_said || (strcmp(known_fields[k].name, field->name) == 0 &&
                                  strcmp(known_fields[k].value, field->value) == 0);
        }
        g_assert(is_said || shown->verdict != PROOF_SOUND);
    }
}

static void check_file(json_t *json, const ProofVerifier *verifier)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogShownFile) file = log_shown_file_check(json, verifier, &error);
    g_assert((file == NULL) == (error != NULL));
    if (file == NULL) {
        return;
    }
    for (guint i = 0; i < file->events->len; i++) {
        check_event(g_ptr_array_index(file->events, i));
    }
    g_autoptr(LogShownClaim) claim = log_shown_claim_check(json, file, &error);
    g_assert((claim == NULL) == (error != NULL));
    if (claim != NULL && log_shown_claim_is_borne_out(claim)) {
        g_assert(claim->n_named <= g_hash_table_size(file->begun));
        g_assert(claim->entry == NULL || g_hash_table_contains(file->begun, claim->entry));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(json_t) json = json_parse(size > 0 ? (const char *)data : "", size, NULL);
    for (size_t i = 0; json != NULL && i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(ProofVerifier) verifier = proof_verifier_parse(keys[i], NULL);
        g_assert(verifier != NULL);
        check_file(json, verifier);
    }
    return 0;
}
