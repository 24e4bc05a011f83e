/* The typed tables of a ledger, made from its schema.
 *
 *   ledger_NAME        entry_id, state, unit, owner, opened, due, due_provisional, clock, stopped,
 *                      stepped, added, batch; then a column a field, short kinds first and long
 *                      texts last, so that a scan need not read their overflow pages; then extra
 *   ledger_NAME_ROWS   entry_id, row, and a column a child field: one table a ROWS field
 *
 * A field's column is its name with "f_" before it, so that no field can meet a column of the
 * system or a word of SQL.  Kinds without a column (lists, rows, files) live in `link`.  opened,
 * due, stopped, stepped and added are UTC microseconds; batch is 0 or the import that brought the
 * entry.
 *
 * Threading: functions with a connection run on the writing one, inside a job. */
#pragma once

#include "schema/schema.h"
#include "store/store.h"

/* Names of tables are at most this long: PostgreSQL cuts at 63, the store allows 48. */
#define OFFICE_MAX_TABLE_BYTES 48

/* Return the table of @ledger, "ledger_case"; the caller owns it. */
char *office_table_name(const SchemaLedger *ledger);

/* Return the table of the ROWS field @rows of @ledger, "ledger_meeting_attendance"; the caller owns
 * it. */
char *office_rows_table_name(const SchemaLedger *ledger, const SchemaField *rows);

/* Append the quoted column of @field, "f_title"; the field's kind must have one. */
void office_append_column(GString *out, const SchemaField *field);

/* Check that the tables of all ledgers of @schema have names of their own that are short enough.
 * INVALID names the ledger and field. */
bool office_tables_check(const Schema *schema, GError **error);

/* Make the tables and indexes of @ledger. */
bool office_tables_create(StoreConnection *connection, const SchemaLedger *ledger, GError **error);

/* Check that the tables of @ledger are there, with all their columns, each of its type; what is not
 * so is appended to @faults, as by store_check_made(). */
bool office_tables_check_made(StoreConnection *connection, const SchemaLedger *ledger,
                              GPtrArray *faults, GError **error);

/* Remove the tables of @ledger.  CONFLICT when it holds entries: nothing is removed. */
bool office_tables_drop(StoreConnection *connection, const SchemaLedger *ledger, GError **error);

/* Bring the tables and indexes of @old to those of @ledger, another version of the same.
 *
 * Fields that are gone lose their column or links with their values (the log keeps them); fields of
 * another kind keep it where it is the same to the database.
 * CONFLICT when a field of both has a kind or decimals under which its values would mean something
 * else, and when a ledger that has given numbers would number, open or title its entries otherwise.
 */
bool office_tables_change(StoreConnection *connection, const SchemaLedger *old,
                          const SchemaLedger *ledger, GError **error);
