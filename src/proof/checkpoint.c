#include "proof/checkpoint.h"

#include <inttypes.h>

#include "proof/wire.h"

void proof_checkpoint_free(ProofCheckpoint *checkpoint)
{
    if (checkpoint != NULL) {
        g_free(checkpoint->origin);
        g_free(checkpoint->extension);
        proof_note_free(checkpoint->note);
        g_free(checkpoint);
    }
}

/* Fill @checkpoint from the text of its note. */
static bool parse_text(ProofCheckpoint *checkpoint, GError **error)
{
    const char *text = checkpoint->note->text;
    WireText lines = {text, text + strlen(text), 0};
    WireLine line;
    if (!proof_wire_next(&lines, &line) || line.length == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "line 1: the name of the log is missing");
        return false;
    }
    checkpoint->origin = g_strndup(line.text, line.length);
    if (!proof_wire_next(&lines, &line) || !proof_wire_count(line, &checkpoint->size)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "line 2: the size of the log, a plain number, is expected");
        return false;
    }
    if (!proof_wire_next(&lines, &line) ||
        !proof_wire_decode_exactly(line, checkpoint->root.bytes, sizeof checkpoint->root)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "line 3: the root of the log, %d bytes in Base64, is expected", CRYPTO_HASH_SIZE);
        return false;
    }
    checkpoint->extension = g_strdup(lines.at);
    while (proof_wire_next(&lines, &line)) {
        if (line.length == 0) {
            error_set(error, SHUZHI_ERROR_INVALID, "line %d: is empty", lines.n_lines);
            return false;
        }
    }
    return true;
}

/* @note: (takes) */
static ProofCheckpoint *checkpoint_from_note(ProofNote *note, GError **error)
{
    g_autoptr(ProofCheckpoint) checkpoint = g_new0(ProofCheckpoint, 1);
    checkpoint->note = note;
    return parse_text(checkpoint, error) ? g_steal_pointer(&checkpoint) : NULL;
}

/* The text goes through the parser, so that what is written can be read again. */
ProofCheckpoint *proof_checkpoint_new(const char *origin, int64_t size, const ProofHash *root,
                                      const char *extension, GError **error)
{
    g_assert(size >= 0);
    if (strchr(origin, '\n') != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "the name of a log is one line");
        return NULL;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s\n%" PRId64 "\n", origin, size);
    proof_wire_append(text, root, sizeof *root);
    g_string_append_c(text, '\n');
    g_string_append(text, extension != NULL ? extension : "");
    ProofNote *note = proof_note_new(text->str, error);
    return note != NULL ? checkpoint_from_note(note, error) : NULL;
}

ProofCheckpoint *proof_checkpoint_parse(const char *bytes, size_t length, GError **error)
{
    ProofNote *note = proof_note_parse(bytes, length, error);
    return note != NULL ? checkpoint_from_note(note, error) : NULL;
}

char *proof_checkpoint_text(const ProofCheckpoint *checkpoint)
{
    return proof_note_text(checkpoint->note);
}

ProofVerdict proof_checkpoint_check(const ProofCheckpoint *checkpoint, const char *origin,
                                    const ProofVerifier *verifier)
{
    if (!g_str_equal(checkpoint->origin, origin)) {
        return PROOF_OTHER_LOG;
    }
    return proof_note_check(checkpoint->note, verifier);
}
