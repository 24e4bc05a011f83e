/* Doing an act once, however often it is sent: a sender that has lost the answer sends the same
 * request again under the same key, and the log remembers for a day what was done under it.
 *
 * Threading: safe from every thread; log_once_note() inside a job. */
#pragma once

#include "store/store.h"

#define LOG_ONCE_US (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define LOG_ONCE_MAX_KEY_CHARS 200

/* The key of an act; borrowed. */
typedef struct LogOnce {
    const char *key;
    /* of what is asked for: a key that comes back with something else is refused */
    const char *digest;
} LogOnce;

/* Look up what @actor did under @once.
 *
 * *@ret_is_done; then *@ret_seq is the first event that it made, 0 where it made none.
 * CONFLICT when the key was used for something else. */
bool log_once_find(StoreConnection *connection, const char *actor, const LogOnce *once,
                   int64_t now_us, bool *ret_is_done, int64_t *ret_seq, GError **error);

/* Note that @actor did it, with the first event @seq (0: none), and forget what is over a day old.
 */
bool log_once_note(StoreConnection *connection, const char *actor, const LogOnce *once, int64_t seq,
                   int64_t now_us, GError **error);
