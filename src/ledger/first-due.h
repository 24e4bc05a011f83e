/* First deadlines: the one that an entry had first, where another is in force, so that the original
 * due date is to be seen beside every later one (`due_first`).
 *
 * It follows from the entry's events alone: the first of them that gives a deadline gives it,
 * whatever moved the deadline since, a correction, a step or the calendar.
 *
 * Threading: blocks on the write queue. */
#pragma once

#include "ledger/entry.h"

/* Return what is kept of the first deadline @first_us (0: none) beside @due_us, the one in force
 * (0: none): 0 where they are the same. */
int64_t ledger_first_due(int64_t first_us, int64_t due_us);

/* Ask the events of those entries of @office that were changed before first deadlines were kept.
 * Called with ledger_settle_deadlines(); does nothing where there is none. */
bool ledger_first_dues_fill(Office *office, GError **error);
