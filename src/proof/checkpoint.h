/* Checkpoints: what a log's keeper signs about the log at one moment.
 *
 * A signed note whose text is
 *
 *     ORIGIN          which log
 *     SIZE            how many leaves
 *     BASE64          the root over them
 *     …               extension lines, if any, not empty; carried along, never interpreted
 *
 * Who holds a checkpoint holds the whole log before it to its word.
 *
 * Source: C2SP tlog-checkpoint.  A checkpoint belongs to one thread at a time. */
#pragma once

#include "proof/hash.h"
#include "proof/note.h"

typedef struct ProofCheckpoint {
    char *origin;
    int64_t size;
    ProofHash root;
    char *extension; /* "", or lines that each end in a newline */
    ProofNote *note; /* the text of the above, and the signatures */
} ProofCheckpoint;

/* Make a checkpoint without signatures; proof_note_sign() adds them to its note.
 *
 * @origin: the name of the log; by custom the name of its key.
 * @extension: NULL, "" or lines, none empty, each ended by a newline.
 * @error: INVALID  @origin or @extension is not so */
ProofCheckpoint *proof_checkpoint_new(const char *origin, int64_t size, const ProofHash *root,
                                      const char *extension, GError **error);

/* Read a checkpoint from the @length bytes at @bytes.
 *
 * @error: INVALID  not a signed note, or not of this form; the message names the line
 *         LIMIT    as for notes */
ProofCheckpoint *proof_checkpoint_parse(const char *bytes, size_t length, GError **error);

/* Return the signed text; the caller owns it. */
char *proof_checkpoint_text(const ProofCheckpoint *checkpoint);

/* Check that @checkpoint is of the log @origin and signed by @verifier: SOUND, OTHER_LOG, UNSIGNED
 * or FORGED. */
ProofVerdict proof_checkpoint_check(const ProofCheckpoint *checkpoint, const char *origin,
                                    const ProofVerifier *verifier);

void proof_checkpoint_free(ProofCheckpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofCheckpoint, proof_checkpoint_free)
