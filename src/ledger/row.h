/* Entries as rows: table `entry`, the typed table of the ledger, its child tables, and `link`.
 *
 * This is the one place that knows how an entry lies in the store; who may change it is
 * ledger/write.h's, which events say so ledger/event.h's.  Columns of fields are called f_<name>
 * (office/tables.h makes them).
 *
 * Threading: a LedgerTable is immutable; the functions use the connection given. */
#pragma once

#include "ledger/entry.h"

/* How LedgerTable.select ends; what tells the database how to walk the table stands before it. */
#define LEDGER_SELECT_ON " ON t.entry_id = e.id"

/* Entries of a batch that is not done are not there: how a condition on table entry e ends. */
#define LEDGER_ENTRY_VISIBLE " AND e.batch NOT IN (SELECT id FROM batch WHERE state <> 'done')"

/* The SQL of one ledger, spelled once and kept with it. */
typedef struct LedgerTable {
    SchemaMade made;
    const SchemaLedger *ledger; /* whose it is */
    GPtrArray *columns;         /* of SchemaField* with a column, in the order of `fields` */
    GPtrArray *sorted;          /* of SchemaField*: all, by name */
    char *entry_into;           /* "entry (id, …)": where its row of table entry goes */
    char *into;                 /* "ledger_x (entry_id, …)": where a typed row goes */
    char *update;
    char *head;      /* "SELECT …": what ledger_row_read() reads but for the fields */
    char *list_head; /* the same of the system's columns that lists show */
    char *tail;      /* " FROM entry e JOIN ledger_x t", which LEDGER_SELECT_ON follows */
    char *select;    /* head, all of `columns`, tail, LEDGER_SELECT_ON */
    char *remove;
    char *name;          /* of the typed table */
    GHashTable *indexes; /* as office_indexes_of() */
} LedgerTable;

/* Return the SQL of @ledger, borrowed from it. */
const LedgerTable *ledger_table(const SchemaLedger *ledger);

/* Make an entry with room for its ledger's fields; the caller owns it. */
LedgerEntry *ledger_entry_new(const SchemaLedger *ledger);

/* Copy @entry with all that it owns; the caller owns the copy. */
LedgerEntry *ledger_entry_dup(const LedgerEntry *entry);

/* Insert every row of the @n new @entries of the ledger of @table. */
bool ledger_row_insert_all(StoreConnection *connection, const LedgerTable *table,
                           LedgerEntry *const *entries, size_t n, GError **error);

/* Write every row of @entry anew after a change. */
bool ledger_row_update(StoreConnection *connection, const LedgerTable *table,
                       const LedgerEntry *entry, GError **error);

/* Remove the typed row, child rows and links; the `entry` row stays and says @gone. */
bool ledger_row_remove(StoreConnection *connection, const LedgerTable *table, int64_t id,
                       int64_t version, int64_t changed_us, const char *gone, GError **error);

/* Read the row that @query stands on, made from @table->select, or from its head (where it
 * @is_brief its list_head), @fields (of SchemaField* with a column; NULL: all) and its tail and
 * LEDGER_SELECT_ON; what is not selected stays empty, lists and child rows are not read. */
LedgerEntry *ledger_row_read(const LedgerTable *table, const GPtrArray *fields, bool is_brief,
                             StoreStatement *query);

/* Append what ledger_row_read_entry() reads of table entry e: "e.id, …". */
void ledger_row_append_entry(GString *sql);

/* Read what ledger_row_append_entry() selected, from column @at of @query on: an entry of @ledger
 * without what the typed row says.  The caller owns it. */
LedgerEntry *ledger_row_read_entry(const SchemaLedger *ledger, StoreStatement *query, int at);

/* Append the column of @field to the head of a SELECT. */
void ledger_row_append_column(GString *sql, const SchemaField *field);

/* Return the batch that the typed row says, of the row that @query stands on; the other is read. */
int64_t ledger_row_batch(StoreStatement *query);

/* Return the query for the child rows of the ROWS field @rows, entry_id and row first, where
 * @condition holds; the caller owns it. */
char *ledger_rows_select(const SchemaField *rows, const char *condition);

/* Return the kind of link that values of @kind make ("person"); NULL for kinds that refer to
 * nothing.  Static. */
const char *ledger_link_kind(SchemaFieldKind kind);

/* Read lists and child rows of @entry from `link` and the child tables. */
bool ledger_row_read_lists(StoreConnection *connection, LedgerEntry *entry, GError **error);

/* Return the canonical text of child rows: a JSON array of arrays of canonical texts; NULL when
 * there are none.  The caller owns it. */
char *ledger_rows_to_canonical(const LedgerRows *rows);

void ledger_rows_free(LedgerRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerRows, ledger_rows_free)
/* Make child rows without any; the caller owns them. */
LedgerRows *ledger_rows_new(guint n_fields);
/* Copy @rows with their values; the caller owns the copy. */
LedgerRows *ledger_rows_copy(const LedgerRows *rows);
/* Append a row; the values of @values are taken, the array is copied. */
void ledger_rows_append(LedgerRows *rows, const Value *values);
