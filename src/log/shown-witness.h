/* A file of shown events held against a checkpoint that its reader kept: is the log of the file the
 * one that the reader knows?
 *
 *     "consistency":{"from":12,"to":84,"hashes":["…",…]}
 *
 * beside the events is the proof (proof/path.h) that the log of 84 events goes on from that of 12,
 * its hashes in Base64; who holds a checkpoint of that size checks it, and it says nothing to
 * others.
 *
 * Threading: pure but for the queries, on a connection of the caller's. */
#pragma once

#include "log/shown-claim.h"

/* How a checkpoint and a file stand to each other. */
typedef enum LogWitnessed {
    LOG_WITNESSED_SAME,    /* events of the file stand under this very checkpoint */
    LOG_WITNESSED_AFTER,   /* under a later one, and it is shown that its log goes on from this */
    LOG_WITNESSED_FORKED,  /* one of the two is of another history */
    LOG_WITNESSED_OLDER,   /* under older ones alone: that the one given goes on from them is not
                              shown */
    LOG_WITNESSED_UNSHOWN, /* under a later one: that it goes on from the one given is not shown */
} LogWitnessed;

/* Return the name of @witnessed for programs ("same", "after", "forked" …); static. */
const char *log_witnessed_name(LogWitnessed witnessed);

/* Hold @note, a signed checkpoint, against @file and what @json, from which it was read, has beside
 * its events; *@ret_size is how many events @note covers.
 *
 * @error: INVALID  @note is no checkpoint of this log signed by @verifier: it says nothing of it */
bool log_shown_witness(const json_t *json, const LogShownFile *file, const char *note,
                       const ProofVerifier *verifier, LogWitnessed *ret_witnessed,
                       int64_t *ret_size, GError **error);

/* Write "consistency" into the object that is open in @json: from the checkpoint @note to the
 * newest one kept, under which log_shown_write() shows events.
 *
 * @error: INVALID    @note is no checkpoint, or not of this log's history
 *         NOT_FOUND  it covers more events than the newest */
bool log_shown_write_consistency(StoreConnection *connection, const char *note, JsonWriter *json,
                                 GError **error);
