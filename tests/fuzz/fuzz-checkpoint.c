/* Checkpoints, notes and key texts: any bytes may be refused, but what is read is written back byte
 * by byte, and checking it against a key does no harm. */
#include "proof/checkpoint.h"

static const ProofVerifier *verifier(void)
{
    static ProofVerifier *kept;
    if (kept == NULL) {
        kept = proof_verifier_parse(
            "county.example/office+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", NULL);
    }
    return kept;
}

/* An error was set exactly when there is no result. */
static void check_outcome(const void *result, const GError *error)
{
    g_assert((result == NULL) == (error != NULL));
}

static void try_note(const char *bytes, size_t length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofNote) note = proof_note_parse(bytes, length, &error);
    check_outcome(note, error);
    if (note != NULL) {
        g_autofree char *text = proof_note_text(note);
        g_assert(strlen(text) == length && memcmp(text, bytes, length) == 0);
        proof_note_check(note, verifier());
    }
}

static void try_checkpoint(const char *bytes, size_t length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofCheckpoint) read = proof_checkpoint_parse(bytes, length, &error);
    check_outcome(read, error);
    if (read != NULL) {
        g_autoptr(ProofCheckpoint) made =
            proof_checkpoint_new(read->origin, read->size, &read->root, read->extension, NULL);
        g_assert(made != NULL && g_str_equal(made->note->text, read->note->text));
        proof_checkpoint_check(read, verifier()->name, verifier());
    }
}

/* Key texts allow one newline at the end, which is not written back. */
static void try_keys(const char *bytes, size_t length)
{
    g_autofree char *text = g_strndup(bytes, length);
    g_autofree char *line = g_strdup(text);
    g_autoptr(GError) public_error = NULL, private_error = NULL;
    g_autoptr(ProofVerifier) public_key = proof_verifier_parse(text, &public_error);
    g_autoptr(ProofSigner) private_key = proof_signer_parse(text, &private_error);
    check_outcome(public_key, public_error);
    check_outcome(private_key, private_error);
    if (g_str_has_suffix(line, "\n")) {
        line[strlen(line) - 1] = '\0';
    }
    if (public_key != NULL || private_key != NULL) {
        g_autofree char *again =
            public_key != NULL ? proof_verifier_text(public_key) : proof_signer_text(private_key);
        g_assert_cmpstr(again, ==, line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *)data : "";
    try_note(bytes, size);
    try_checkpoint(bytes, size);
    try_keys(bytes, size);
    return 0;
}
