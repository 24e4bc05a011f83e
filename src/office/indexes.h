/* The indexes of a ledger's typed table (office/tables.h), made from its schema.
 *
 *   for lists     (opened), (state, opened), (due); for each field under `list:` (S, entry_id)
 *                 where S is sorted by (date, time, number, money), else (F, S0, entry_id) with S0
 *                 the first date or time under `list:`, or opened
 *   for figures   for each date by which a measure counts (SchemaLedger.counted) (D, entry_id, …)
 *                 with all short columns that its measures look at, so that a figure is counted
 *                 from the index alone; where D is also listed, this is its index, else it leaves
 *                 out the entries without that date
 *
 * An index's name follows from its table and columns alone, so that what two schemas differ in, and
 * what an office made by an older program lacks, can be told from the names.
 *
 * Threading: functions with a connection run on the writing one, inside a job, but for
 * office_indexes_are_right(). */
#pragma once

#include "schema/schema.h"
#include "store/store.h"

/* Return all indexes of @ledger (NULL: none): name -> quoted columns.  The caller owns it. */
GHashTable *office_indexes_of(const SchemaLedger *ledger);

/* Return the field S0 above, in whose order the entries are that are equal in another; borrowed
 * from
 * @ledger; NULL: opened. */
const SchemaField *office_indexes_order(const SchemaLedger *ledger);

/* Return the name of that of @indexes, a ledger's, which holds its entries by the column @first,
 * and then by @second (NULL: by their id alone); NULL when there is none.  Borrowed from @indexes.
 */
const char *office_index_name(GHashTable *indexes, const char *first, const char *second);

/* Make the indexes of @ledger that @old, another version of it, does not have (NULL: all). */
bool office_indexes_create(StoreConnection *connection, const SchemaLedger *ledger,
                           const SchemaLedger *old, GError **error);

/* Remove the indexes of @old that @ledger, another version of it, does not have. */
bool office_indexes_drop(StoreConnection *connection, const SchemaLedger *old,
                         const SchemaLedger *ledger, GError **error);

/* Set *@ret_are_right: whether the database has the indexes of @schema's ledgers and no others. */
bool office_indexes_are_right(StoreConnection *connection, const Schema *schema,
                              bool *ret_are_right, GError **error);

/* Make them so: an office that an older program made has that program's indexes. */
bool office_indexes_renew(StoreConnection *connection, const Schema *schema, GError **error);
