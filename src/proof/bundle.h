/* Bundles: one text file that proves one entry without the log, for ever.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra BASE64          (may be missing; not covered by the proof, so not to be believed)
 *     index N
 *     BASE64                the hashes of the inclusion proof, a line each, from the leaf upwards
 *     (empty line)
 *     the checkpoint, word by word
 *
 * Together with the entry's bytes, the name of the log and its public key, that is all one needs.
 *
 * Source: C2SP tlog-proof; files end in .tlog-proof.  A bundle belongs to one thread at a time. */
#pragma once

#include "proof/checkpoint.h"
#include "proof/path.h"

/* The largest extra data that is read or written, and with it the largest bundle, in bytes. */
#define PROOF_EXTRA_MAX (64 * 1024)
#define PROOF_BUNDLE_MAX (2 * PROOF_EXTRA_MAX + PROOF_NOTE_MAX)

typedef struct ProofBundle {
    uint8_t *extra; /* NULL where there is none */
    size_t extra_length;
    int64_t index;
    ProofPath path;
    ProofCheckpoint *checkpoint;
} ProofBundle;

/* Make a bundle; the caller owns it.
 *
 * @path: the proof for @index in the tree of @checkpoint's size.
 * @checkpoint: (takes) signed.
 * @extra: at most PROOF_EXTRA_MAX bytes of the caller's own; NULL with 0 for none. */
ProofBundle *proof_bundle_new(int64_t index, const ProofPath *path, ProofCheckpoint *checkpoint,
                              const void *extra, size_t extra_length);

/* Read a bundle from the @length bytes at @bytes.
 *
 * @error: INVALID  not of this form; the message names the line (those of the checkpoint are
 * counted from its own first) LIMIT    larger than PROOF_BUNDLE_MAX, or a part larger than its own
 * limit */
ProofBundle *proof_bundle_parse(const char *bytes, size_t length, GError **error);

/* Return the bundle as text; the caller owns it.  For a parsed bundle it is what was parsed. */
char *proof_bundle_text(const ProofBundle *bundle);

/* Check that the entry with the hash @leaf is in the log @origin as signed by @verifier: SOUND, or
 * what proof_checkpoint_check() or proof_inclusion_check() finds. */
ProofVerdict proof_bundle_check(const ProofBundle *bundle, const ProofHash *leaf,
                                const char *origin, const ProofVerifier *verifier);

void proof_bundle_free(ProofBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofBundle, proof_bundle_free)
