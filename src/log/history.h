/* Reading the log back: one event, the history of one object, a stretch of all.
 *
 * Queries on a connection of the caller's, in the thread that has it.  An array that is returned
 * belongs to the caller. */
#pragma once

#include "base/crypto.h"
#include "base/json.h"
#include "store/store.h"

/* One event as stored. */
typedef struct LogEvent {
    int64_t seq;
    int64_t at_us;
    int64_t object;
    char *actor;
    char *kind;
    char *line;
    char *values;   /* the detail: JSON object of canonical texts; NULL: none, or erased */
    bool is_erased; /* it had fields, and its key is gone */
} LogEvent;

void log_event_free(LogEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogEvent, log_event_free)

/* Return the line of event @seq as JSON, which the caller owns; CORRUPT names the event. */
json_t *log_line_parse(int64_t seq, const char *line, GError **error);

/* Return the events of @object in order; of LogEvent, as all arrays here. */
GPtrArray *log_history(StoreConnection *connection, int64_t object, GError **error);

/* Return the events of the objects with @after < id <= @until, by object, each in order. */
GPtrArray *log_history_of_many(StoreConnection *connection, int64_t after, int64_t until,
                               GError **error);

/* Return at most @limit events with seq > @after, in order. */
GPtrArray *log_events_after(StoreConnection *connection, int64_t after, int64_t limit,
                            GError **error);

/* Which events are looked for; what is zeroed is not asked about. */
typedef struct LogFilter {
    const char *kind;  /* "entry.look"; "entry." is all that begin so; NULL: any */
    const char *actor; /* NULL: any */
    int64_t object;    /* 0: any */
    int64_t from_us;   /* recorded at this instant or later; 0: any */
    int64_t to_us;     /* and before this one; 0: no end */
} LogFilter;

/* Return at most @limit of the events that fit @filter with seq < @before, the newest first. */
GPtrArray *log_events_before(StoreConnection *connection, const LogFilter *filter, int64_t before,
                             int64_t limit, GError **error);

/* The tree's size and root as stored.  @ret_root may be NULL. */
bool log_head(StoreConnection *connection, int64_t *ret_size, uint8_t ret_root[CRYPTO_HASH_SIZE],
              GError **error);
