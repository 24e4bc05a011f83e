/* Clocks running: from an entry and its steps to its due date.
 *
 * The first clock of the ledger whose condition holds binds the entry.  It starts at its field, its
 * step or the entry's opening, and is stopped by the first of its stopping steps that happened
 * after the start.  A step that leads back to where it can be stopped, such as the return of what
 * was not mended, sets it running again under the same deadline. */
#pragma once

#include "ledger/entry.h"

/* What of a step a clock needs; the name is borrowed. */
typedef struct LedgerMoment {
    const char *step;
    int64_t happened_us;
} LedgerMoment;

/* Set due, clock and stopped of @entry from its fields and the @n_moments steps done, in the order
 * they were recorded; @connection is for what conditions read through links.  INVALID when the
 * calendar cannot count from the start. */
bool ledger_clock_set(const Schema *schema, LedgerEntry *entry, const LedgerMoment *moments,
                      size_t n_moments, StoreConnection *connection, int64_t now_us,
                      int offset_seconds, GError **error);

/* The same for an entry that is changed: from @before, whose steps are @steps_before, to @entry.
 * Where nothing that decides the deadline differs, it stays as it was given, whatever the pack says
 * by now: a new version of a pack binds what begins under it.  A deadline that is provisional is
 * worked out anew while its clock runs. */
bool ledger_clock_follow(const Schema *schema, const LedgerEntry *before,
                         const LedgerMoment *steps_before, size_t n_before, LedgerEntry *entry,
                         const LedgerMoment *moments, size_t n_moments, StoreConnection *connection,
                         int64_t now_us, int offset_seconds, GError **error);

/* Set *@ret_clock to the clock that binds @entry, NULL when none does, and *@ret_start_us to where
 * it starts. */
bool ledger_clock_find(const LedgerEntry *entry, const LedgerMoment *moments, size_t n_moments,
                       StoreConnection *connection, int64_t now_us, int offset_seconds,
                       const SchemaClock **ret_clock, int64_t *ret_start_us, GError **error);
