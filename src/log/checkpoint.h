/* Checkpoints: the head of the log, signed, and proofs against it (C2SP tlog-checkpoint,
 * tlog-proof).
 *
 * Threading: what takes a Log may be called from every thread, and blocks; what takes a connection
 * runs in the thread that has it. */
#pragma once

#include "log/log.h"
#include "proof/note.h"

/* What the key signed last, as kept where the office cannot reach. */
typedef struct LogSigned {
    const char *note; /* NULL: none */
    const char *path; /* the file that keeps it, for messages */
} LogSigned;

/* Sign the present head.
 *
 * @signer: the office's key (proof/note.h); @origin: the checkpoint's first line ("shuzhi/<office
 * id>").  A fresh reader reads every event since the last checkpoint back from the database, hashes
 * it anew and compares the root with the one in memory: only an equal root is signed (Certificate
 * Transparency's Yeti 2022 was lost to one flipped bit).  The checkpoint is kept in table
 * `checkpoint`.
 * @last: the log must go on from it, else it was rewritten or put back and nothing is signed.
 * NULL: none.
 * *@ret_note (NULL allowed): the signed text.  CORRUPT when the roots differ: nothing is signed. */
bool log_sign(Log *log, const ProofSigner *signer, const char *origin, const LogSigned *last,
              char **ret_note, GError **error);

/* Check that the log goes on from @last; CORRUPT, as log_sign() says it. */
bool log_goes_on_from(Log *log, const LogSigned *last, GError **error);

/* Read the newest checkpoint kept: *@ret_note, which the caller owns; NULL when there is none. */
bool log_last_checkpoint(StoreConnection *connection, char **ret_note, GError **error);

/* Return the C2SP tlog-proof text that event @seq is in the newest checkpoint (NOT_FOUND when it is
 * younger, or there is none). */
char *log_prove_event(StoreConnection *connection, int64_t seq, GError **error);
