/* How an entry stands in events: its system columns as data, its fields as commitments.
 * Which columns those are, ledger/system-column.h says.
 *
 * Threading: pure, but for the salts of a Source. */
#pragma once

#include "ledger/row.h"
#include "log/log.h"

/* Return the canonical text of member @name of @entry; "" when it is empty.  The caller owns it. */
char *ledger_event_member(const LedgerEntry *entry, const char *name);

/* Make the data of an event.
 *
 * @before: the entry as it was; NULL: a new one, and everything that is not empty is written.
 * @extra, @extra_json: a member beside the columns, NULL for none:
 *   "steps"  [{"from","happened","name"}…]  the steps that a new entry brings
 *   "step"   {"from","happened","name"}     the step done; it leads to the state of this event
 *   "moved"  [{"happened","n"}…]            steps whose time was corrected, by their number
 * The caller owns the result. */
char *ledger_event_data(const LedgerEntry *before, const LedgerEntry *entry, const char *extra,
                        const char *extra_json);

/* Make the fields in which @entry differs from @before (NULL: all that are not empty).  The caller
 * owns them. */
LogFields *ledger_event_fields(const LedgerTable *table, const LedgerEntry *before,
                               const LedgerEntry *entry, Source *source);

/* Return the canonical text of field @field of @entry as it is committed to; NULL when it is empty.
 * The caller owns it. */
char *ledger_event_field(const LedgerEntry *entry, const SchemaField *field);

/* The field name under which `extra` is committed to; sorts before every field. */
#define LEDGER_EXTRA_FIELD "_extra"
