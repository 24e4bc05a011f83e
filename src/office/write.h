/* The write queue of an office, for all that goes by its ledgers.
 *
 * A form or a table is read by the pack in force, and written when its turn comes: a pack applied
 * in between has other fields in the same places.  Such a job is refused, in the queue, where
 * nothing can come between.
 *
 * Threading: from every thread. */
#pragma once

#include "office/office.h"

/* Run @job for @act as log_write() does.
 *
 * @ledger: of the schema that what @data holds was read by; NULL: the job looks up what it needs.
 * @error: CONFLICT  another pack was applied since, or is being applied; nothing was done
 *         otherwise as log_write() */
bool office_write(Office *office, const LogAct *act, const SchemaLedger *ledger, LogJob job,
                  void *data, GError **error);

/* The same as log_write_unflushed(). */
bool office_write_unflushed(Office *office, const LogAct *act, const SchemaLedger *ledger,
                            LogJob job, void *data, GError **error);
