/* One entry against its events, for verification.
 *
 * Threading: pure; the report belongs to one thread at a time. */
#pragma once

#include "ledger/verify-page.h"
#include "ledger/versions.h"
#include "log/history.h"
#include "log/verify.h"

/* Compare @standing with the events @first … of object @id (@n_events of LogEvent), whose first is
 * "entry.add", and note in @report what differs.
 *
 * @versions: of the entry's ledger; NULL where there is none.
 * @undone: the batches that were taken back, and when, int64_t * both; their entries may be gone
 * without an event of their own, and are then as that of the batch says. */
void ledger_verify_entry(int64_t id, const LedgerStanding *standing, const LedgerVersions *versions,
                         LogEvent *const *events, size_t n_events, GHashTable *undone,
                         LogReport *report);

/* Return the number that the event "entry.add" @event gave ("T2023-001"), "" when it cannot be
 * read; the caller owns it. */
char *ledger_verify_number(const LogEvent *event);
