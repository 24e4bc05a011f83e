/* The fold of an object's events: what it should look like by the log alone.
 *
 * Members of an event's `data` and its field values are laid over those of the events before;
 * "data" members that are objects or arrays count as their canonical JSON text, null as empty.
 * Verification compares the tables with this, and an entry that is gone is read from it.
 *
 * Threading: a fold belongs to one thread at a time. */
#pragma once

#include "log/history.h"

typedef struct LogFold LogFold;

/* Make a fold of no events; the caller owns it. */
LogFold *log_fold_new(void);
void log_fold_free(LogFold *fold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogFold, log_fold_free)

/* Lay @event over.  CORRUPT when its line or values are not what the log writes. */
bool log_fold_add(LogFold *fold, const LogEvent *event, GError **error);

/* Fold all events of @object.  A fold of no events is empty, which is not an error. */
LogFold *log_fold_object(StoreConnection *connection, int64_t object, GError **error);

/* Return the canonical text of @name; NULL when no event set it or the last one emptied it.
 * Borrowed. */
const char *log_fold_get(const LogFold *fold, const char *name);

/* Return whether @name was set by an event whose values are erased, so that its text cannot be
 * known. */
bool log_fold_is_erased(const LogFold *fold, const char *name);

/* The kind of the first and of the last event; NULL when there was none.  Borrowed. */
const char *log_fold_first_kind(const LogFold *fold);
const char *log_fold_last_kind(const LogFold *fold);
