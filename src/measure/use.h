/* Which figures an entry is used in (引用处).
 *
 * Told by the very conditions that count it, narrowed to the one entry, so that a figure and its
 * entry cannot disagree.
 *
 * Threading: the functions use the connection given. */
#pragma once

#include "ledger/entry.h"
#include "measure/figure.h"

/* Return the measures (of const SchemaMeasure, borrowed, as the pack has them; the caller owns the
 * array) whose figure for @period counts @entry, a step or a row of it, or finds it by `has` for a
 * unit, a person, a month or a quarter, as things stand at the end of the period or now.  Blocks
 * on one statement a measure of the entry's ledger.
 *
 * INVALID where the period has not begun. */
GPtrArray *figure_uses_of(const Office *office, StoreConnection *connection,
                          const LedgerEntry *entry, const Period *period, GError **error);
