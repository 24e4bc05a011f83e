/* What no two entries of a ledger say: its `unique` fields together.
 *
 * An import has its own look at them (ledger/import.h), which holds as long as the ledger does not
 * change, and brings what somebody says is to come.
 *
 * Threading: the connection's. */
#pragma once

#include "ledger/entry.h"

/* Return whether @text is what people put where there is nothing to say: a stroke or several, "/",
 * "——", "~". */
bool ledger_unique_is_stroke(const char *text);

/* Return whether @text tells no entry from another: a stroke, 无 or 待补 in place of a number. */
bool ledger_unique_says_nothing(const char *text);

/* Refuse @entry where another says the same in all fields that its ledger calls unique: EXISTS
 * names it.  Where one of them is empty or
 * says nothing, or all are as in @before (NULL: a new entry), nothing is
 * compared. */
bool ledger_unique_check(StoreConnection *connection, const LedgerEntry *entry,
                         const LedgerEntry *before, GError **error);
