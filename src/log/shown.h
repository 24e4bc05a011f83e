/* Events shown to somebody outside: who has the public key checks them without the office.
 *
 *     {"seq":42,"event":"the line","proof":"a tlog-proof",
 *      "fields":{"title":{"value":"一楼漏水","key":"45ae…"}}}
 *
 * "event" is the line as it lies in the log; "proof" is a bundle (proof/bundle.h) with the signed
 * checkpoint; "fields" opens those fields that the reader may see, each by its value and its field
 * key (proof/commitment.h).  Nothing beside these four is believed, and "seq" only if the line says
 * the same: log_shown_check() tells of one event, log/shown-file.h of all in a file together.
 *
 * Threading: pure but for the queries, on a connection of the caller's. */
#pragma once

#include "base/json.h"
#include "log/history.h"
#include "proof/bundle.h"

/* Return whether the field @name of an event may be shown. */
typedef bool (*LogMayShow)(const char *name, void *data);

/* Write @event as above, with the fields that @may_show lets through (NULL: none).
 *
 * NOT_FOUND where it is in no signed checkpoint yet: then @json is half written. */
bool log_shown_write(StoreConnection *connection, const LogEvent *event, LogMayShow may_show,
                     void *data, JsonWriter *json, GError **error);

/* A field that was opened. */
typedef struct LogShownField {
    char *name;
    char *value;
} LogShownField;

/* What a shown event says.  Nothing of it may be believed unless @verdict is SOUND; its texts are
 * whatever somebody wrote into the file. */
typedef struct LogShown {
    ProofVerdict verdict;
    int64_t seq;
    int64_t at_us;
    int64_t object;
    int64_t version; /* which of the events of its object it is; 0: not said */
    char *actor;
    char *kind;
    char *number;      /* of the entry that it began; NULL: it began none */
    char *line;        /* the event as it stands in the file */
    json_t *data;      /* what the line says in clear; NULL: nothing */
    GPtrArray *fields; /* of LogShownField, in the order of the file */
    GPtrArray *others; /* of char*: OTHER_VALUE: what is not as the line has it, fields, or "seq" */
    GPtrArray *closed; /* of char*: fields that the line commits to and the file does not open */
    ProofCheckpoint *checkpoint;
} LogShown;

/* Read and check one shown event; the caller owns it.
 *
 * @verifier: the log's public key; its name is the log's origin.
 * @error: INVALID  @shown is not of the form above */
LogShown *log_shown_check(const json_t *shown, const ProofVerifier *verifier, GError **error);
void log_shown_free(LogShown *shown);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogShown, log_shown_free)

/* Let @shown open what @same opens too, which is the same line, and stand under the later of their
 * checkpoints; @same keeps the other.  Both must be SOUND. */
void log_shown_merge(LogShown *shown, LogShown *same);
