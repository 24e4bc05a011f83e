/* Clocks running: from an entry and its steps to its due date.
 *
 * The first clock of the ledger whose condition holds binds the entry.  It starts at its field, its
 * step or the entry's opening, and is stopped by the first of its stopping steps that happened
 * after the start.  A step that leads back to where it can be stopped, such as the return of what
 * was not mended, sets it running again under the same deadline.
 *
 * Threading: the functions use the connection of the present given. */
#pragma once

#include "ledger/evaluate.h"

/* What of a step a clock needs; the name is borrowed. */
typedef struct LedgerMoment {
    const char *step;
    int64_t happened_us;
} LedgerMoment;

/* Return the steps done (of LedgerStep) as moments (of LedgerMoment), whose names are borrowed from
 * them; the caller owns the array. */
GArray *ledger_moments_of(const GPtrArray *steps);

/* Set due, clock and stopped of @entry from its fields and @moments (of LedgerMoment), the steps
 * done, in the order they were recorded.  INVALID when the calendar cannot count from the start. */
bool ledger_clock_set(const Schema *schema, LedgerEntry *entry, const GArray *moments,
                      const LedgerPresent *present, GError **error);

/* The same for an entry that is changed: from @before, whose steps are @moments_before, to @entry.
 * Where nothing that decides the deadline differs, it stays as it was given, whatever the pack says
 * by now: a new version of a pack binds what begins under it.  A deadline that is provisional is
 * worked out anew while its clock runs. */
bool ledger_clock_follow(const Schema *schema, const LedgerEntry *before,
                         const GArray *moments_before, LedgerEntry *entry, const GArray *moments,
                         const LedgerPresent *present, GError **error);

/* Set *@ret_clock to the clock that binds @entry, NULL when none does, and *@ret_start_us to where
 * it starts. */
bool ledger_clock_find(const LedgerEntry *entry, const GArray *moments,
                       const LedgerPresent *present, const SchemaClock **ret_clock,
                       int64_t *ret_start_us, GError **error);
