/* A record: a row of a table that is exactly what its events say.
 *
 * Units, people, posts, accounts, evidence, batches and the like all have the same life: an event
 * "<kind>.add" with all fields begins a row, "<kind>.change" with the changed ones alters it,
 * "<kind>.remove" ends it.  A LogTable names the table, the kind and the columns once; adding,
 * changing, history and verification are the same code for all.
 *
 * A column is either public (its value stands in the event's data in clear) or committed (only its
 * commitment stands in the event).  Names of people and whatever they typed are committed.
 *
 * Threading: what writes runs on the writer's thread, what reads on that of its connection; a
 * LogTable is constant. */
#pragma once

#include "base/value.h"
#include "log/log.h"

typedef struct LogColumn {
    const char *name;
    ValueKind kind; /* TEXT, NUMBER, BOOL, DATE, TIME or REF */
    bool is_committed;
} LogColumn;

typedef struct LogTable {
    const char *name;  /* of the table; its primary key is `id` */
    const char *kind;  /* of the events: "unit" gives "unit.add" */
    const char *words; /* what people call one of its rows, marked with N_() */
    const LogColumn *columns;
    size_t n_columns;
} LogTable;

/* Insert a row with @values (one a column, borrowed) and its event; *@ret_id (NULL allowed) is its
 * id. INVALID for a text that is not one line to be read (text_check_line()), EXISTS or CONFLICT
 * when a constraint of the table refuses. */
bool log_record_add(LogWriter *writer, const LogTable *table, const Value *values, int64_t *ret_id,
                    GError **error);

/* Change the row @id to @values; only what differs enters the event; nothing differs: no event,
 * true. INVALID as above; NOT_FOUND when there is no such row. */
bool log_record_change(LogWriter *writer, const LogTable *table, int64_t id, const Value *values,
                       GError **error);

/* Delete the row @id, with its event.  NOT_FOUND. */
bool log_record_remove(LogWriter *writer, const LogTable *table, int64_t id, GError **error);

/* Read the row @id into @ret_values (n_columns, the caller clears them).  NOT_FOUND. */
bool log_record_load(StoreConnection *connection, const LogTable *table, int64_t id,
                     Value *ret_values, GError **error);

/* Return what people call a row of @table, as the argument of one %s (error_words()); the caller
 * owns it. */
char *log_table_words(const LogTable *table);

/* Append ", name" for each column of @table to @sql. */
void log_append_columns(GString *sql, const LogTable *table);
