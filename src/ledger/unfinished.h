/* Entries that are not finished: of a ledger with steps, those in no final state.
 *
 * Threading: the functions use the connection given. */
#pragma once

#include "ledger/entry.h"

/* Return the condition, in the language of the pack, that an entry of @ledger is not finished; NULL
 * when nothing is expected of its entries.  The caller owns it. */
char *ledger_unfinished_condition(const SchemaLedger *ledger);

/* Set *@ret_n to how many entries of unit @unit are not finished, whoever may read them: who closes
 * the unit leaves them without one. */
bool ledger_unfinished_of_unit(Office *office, StoreConnection *connection, int64_t unit,
                               int64_t *ret_n, GError **error);
