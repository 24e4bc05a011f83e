/* Proof bundles: any bytes may be refused, but what is read is written back byte by byte, and
 * checking it gives a verdict whatever index, size and hashes it has. */
#include "proof/bundle.h"

static void check_as_consistency(const ProofBundle *bundle, const ProofHash *leaf)
{
    const ProofCheckpoint *checkpoint = bundle->checkpoint;
    ProofVerdict verdict = proof_consistency_check(bundle->index, leaf, checkpoint->size,
                                                   &checkpoint->root, &bundle->path);
    g_assert(verdict < PROOF_N_VERDICTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *)data : "";
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofBundle) bundle = proof_bundle_parse(bytes, size, &error);
    g_assert((bundle == NULL) == (error != NULL));
    if (bundle == NULL) {
        return 0;
    }
    g_autofree char *text = proof_bundle_text(bundle);
    g_assert(strlen(text) == size && memcmp(text, bytes, size) == 0);

    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(
        "county.example/office+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", NULL);
    ProofHash leaf;
    proof_leaf_hash(bytes, size, &leaf);
    proof_bundle_check(bundle, &leaf, bundle->checkpoint->origin, verifier);
    g_assert(proof_inclusion_check(&leaf, bundle->index, bundle->checkpoint->size, &bundle->path,
                                   &bundle->checkpoint->root) != PROOF_SOUND);
    check_as_consistency(bundle, &leaf);
    return 0;
}
