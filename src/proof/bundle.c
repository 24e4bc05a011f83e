#include "proof/bundle.h"

#include <inttypes.h>

#include "proof/wire.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"

ProofBundle *proof_bundle_new(int64_t index, const ProofPath *path, ProofCheckpoint *checkpoint,
                              const void *extra, size_t extra_length)
{
    g_assert(index >= 0 && extra_length <= PROOF_EXTRA_MAX);
    ProofBundle *bundle = g_new0(ProofBundle, 1);
    bundle->extra = g_memdup2(extra, extra_length);
    bundle->extra_length = extra_length;
    bundle->index = index;
    bundle->path = *path;
    bundle->checkpoint = checkpoint;
    return bundle;
}

void proof_bundle_free(ProofBundle *bundle)
{
    if (bundle != NULL) {
        g_free(bundle->extra);
        proof_checkpoint_free(bundle->checkpoint);
        g_free(bundle);
    }
}

/* Read the line with the extra data where @line is one, and then the next line into it. */
static bool parse_extra(WireText *lines, WireLine *line, ProofBundle *bundle, GError **error)
{
    if (!proof_wire_take(line, "extra ")) {
        return true;
    }
    bundle->extra = proof_wire_decode(*line, &bundle->extra_length);
    if (bundle->extra == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "line %d: data in Base64 are expected after 'extra'",
                  lines->n_lines);
        return false;
    }
    if (bundle->extra_length > PROOF_EXTRA_MAX) {
        error_set(error, SHUZHI_ERROR_LIMIT, "line %d: more than the limit of %d bytes",
                  lines->n_lines, PROOF_EXTRA_MAX);
        return false;
    }
    if (!proof_wire_next(lines, line)) {
        *line = (WireLine){"", 0};
    }
    return true;
}

/* Read the hashes, up to and including the empty line. */
static bool parse_path(WireText *lines, ProofPath *path, GError **error)
{
    for (WireLine line; proof_wire_next(lines, &line);) {
        if (line.length == 0) {
            return true;
        }
        if (path->n_hashes == PROOF_PATH_MAX) {
            error_set(error, SHUZHI_ERROR_LIMIT, "more than the limit of %d hashes",
                      PROOF_PATH_MAX);
            return false;
        }
        if (!proof_wire_decode_exactly(line, path->hashes[path->n_hashes].bytes,
                                       CRYPTO_HASH_SIZE)) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "line %d: a hash, %d bytes in Base64, or an empty line is expected",
                      lines->n_lines, CRYPTO_HASH_SIZE);
            return false;
        }
        path->n_hashes++;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "line %d: an empty line and the checkpoint are missing",
              lines->n_lines + 1);
    return false;
}

static bool parse_head(WireText *lines, ProofBundle *bundle, GError **error)
{
    WireLine line;
    if (!proof_wire_next(lines, &line) || !proof_wire_take(&line, FIRST_LINE) || line.length > 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "line 1: '%s' is expected", FIRST_LINE);
        return false;
    }
    if (!proof_wire_next(lines, &line)) {
        line = (WireLine){"", 0};
    }
    if (!parse_extra(lines, &line, bundle, error)) {
        return false;
    }
    if (!proof_wire_take(&line, "index ") || !proof_wire_count(line, &bundle->index)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "line %d: 'index' and the entry's place in the log are expected", lines->n_lines);
        return false;
    }
    return true;
}

ProofBundle *proof_bundle_parse(const char *bytes, size_t length, GError **error)
{
    if (length > PROOF_BUNDLE_MAX) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a proof is larger than the limit of %d bytes",
                  PROOF_BUNDLE_MAX);
        return NULL;
    }
    g_autoptr(ProofBundle) bundle = g_new0(ProofBundle, 1);
    WireText lines = {bytes, bytes + length, 0};
    if (!parse_head(&lines, bundle, error) || !parse_path(&lines, &bundle->path, error)) {
        return NULL;
    }
    bundle->checkpoint = proof_checkpoint_parse(lines.at, (size_t)(lines.end - lines.at), error);
    if (bundle->checkpoint == NULL) {
        error_prefix(error, "in the checkpoint of the proof");
        return NULL;
    }
    return g_steal_pointer(&bundle);
}

char *proof_bundle_text(const ProofBundle *bundle)
{
    GString *out = g_string_new(FIRST_LINE "\n");
    if (bundle->extra != NULL) {
        g_string_append(out, "extra ");
        proof_wire_append(out, bundle->extra, bundle->extra_length);
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "index %" PRId64 "\n", bundle->index);
    for (int i = 0; i < bundle->path.n_hashes; i++) {
        proof_wire_append(out, &bundle->path.hashes[i], sizeof bundle->path.hashes[i]);
        g_string_append_c(out, '\n');
    }
    g_autofree char *checkpoint = proof_checkpoint_text(bundle->checkpoint);
    g_string_append_c(out, '\n');
    g_string_append(out, checkpoint);
    return g_string_free(out, FALSE);
}

ProofVerdict proof_bundle_check(const ProofBundle *bundle, const ProofHash *leaf,
                                const char *origin, const ProofVerifier *verifier)
{
    const ProofCheckpoint *checkpoint = bundle->checkpoint;
    ProofVerdict verdict = proof_checkpoint_check(checkpoint, origin, verifier);
    if (verdict != PROOF_SOUND) {
        return verdict;
    }
    return proof_inclusion_check(leaf, bundle->index, checkpoint->size, &bundle->path,
                                 &checkpoint->root);
}
