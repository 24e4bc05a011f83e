/* A file of shown events (log/shown.h), and what they say together:
 *
 *     {"events":[{"seq":…},…],…}, or one shown event alone
 *
 * Events that are sound one by one can still be no one's history: two lines at one place of the
 * log, two roots of one size, one number for two entries (the log was forked, by who holds its
 * key), an entry's second and fourth version without the third, or its third file by a rule of
 * evidence without the event of the second.  What a file leaves out at the end of an entry's
 * history, between numbers, or of what says nothing of others of its sort (comments, looks,
 * erasures), it does not show.  log/shown-claim.h holds them against what stands beside.
 *
 * Threading: pure. */
#pragma once

#include "log/shown.h"

typedef struct LogShownFile {
    GPtrArray *events;   /* of LogShown in the order of the file; a sound line once, with all fields
                            that any copy of it opens, under the latest of their checkpoints */
    GPtrArray *repeated; /* of LogShown: the other copies, for their checkpoints */
    GPtrArray *checkpoints; /* of const ProofCheckpoint* (borrowed): those that sound events stand
                               under, each size once, ascending */
    GArray *gaps;    /* of int64_t: objects of which an event between two others is missing */
    guint n_unsound; /* events whose verdict is not SOUND */
    const LogShown *conflict; /* a sound event that an earlier one of the file contradicts; NULL */
    GHashTable *begun;        /* number -> the sound event that began its entry; all borrowed */
    GHashTable *objects;      /* int64_t* object -> the same */
} LogShownFile;

/* Read and check the events of @file; the caller owns the result.  A file may hold none.
 *
 * @verifier: the log's public key; its name is the log's origin.
 * @error: INVALID  an event is not of the form that log/shown.h gives, or all are of another log
 *                  than the key's, of which the key can tell nothing */
LogShownFile *log_shown_file_check(const json_t *file, const ProofVerifier *verifier,
                                   GError **error);
void log_shown_file_free(LogShownFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogShownFile, log_shown_file_free)

/* Return whether every event stands in the log so, and none contradicts or lacks another. */
bool log_shown_file_is_sound(const LogShownFile *file);

/* Return the number of the entry @object, where a sound event of @file began it; NULL: none did. */
const char *log_shown_file_number(const LogShownFile *file, int64_t object);
