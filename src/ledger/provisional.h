/* Provisional deadlines: those that rest on a year whose public holidays were not published when
 * they were given.
 *
 * Once the notice is there, in the pack's calendar or in that of a newer program, they are worked
 * out anew, each with an event, so that nobody works to a day that is none (docs/clocks.md).
 *
 * Threading: blocks on the write queue. */
#pragma once

#include "ledger/entry.h"

/* Settle the deadlines of @office that are provisional, still to come, and rest on what is
 * published by now, as the program itself (LOG_ACTOR_SYSTEM).  Called by who opens an office for
 * writing and who applies a pack; does nothing where there is none.
 *
 * What stands in the way of one entry is not in that of the others: on an error, which names the
 * first, those are settled that can be, unless the store fails.  It is no reason to turn anybody
 * away: who calls it says so and goes on, and the next who opens the office tries again. */
bool ledger_settle_deadlines(Office *office, GError **error);
