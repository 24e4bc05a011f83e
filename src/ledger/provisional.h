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
 * published by now.  Called by who opens an office for writing and who applies a pack; does nothing
 * where there is none.  On an error those before it are settled. */
bool ledger_settle_deadlines(Office *office, const LogAct *act, GError **error);
