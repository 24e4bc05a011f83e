/* "Nothing to record" (无记录说明): a dated statement that in a time nothing happened that a ledger
 * records.
 *
 * Only ledgers with `nothing: yes` take one.  A claim of the kind "none" holds when the ledger was
 * kept: it has entries of the period, or such statements cover it.  Events "nothing.add" and
 * "nothing.remove".
 *
 * Threading: functions block on the write queue; may be called from every thread. */
#pragma once

#include "calendar/period.h"
#include "log/record.h"
#include "office/rights.h"

extern const LogTable ledger_nothing_table;

typedef struct LedgerNothing {
    int64_t id;
    Period period;
    char *owner; /* actor who states it */
    int64_t added_us;
} LedgerNothing;

/* Return whether @subject may state so of @ledger (ENTRY_ADD), or take such a statement back
 * (ENTRY_DELETE; @ledger: any, NULL).  It is the office that speaks: an entry of no unit is what
 * its right is asked of.  FORBIDDEN. */
bool ledger_nothing_may(const RightsSubject *subject, RightsAction action,
                        const SchemaLedger *ledger, GError **error);

/* State that there was nothing to record in @ledger in @period.
 *
 * @error: INVALID    the ledger takes no such statement; the period is not over yet
 *         CONFLICT   there are entries of that time (says how many)
 *         FORBIDDEN  without entry.add for entries of no unit: it is the office that speaks */
bool ledger_nothing_add(Office *office, const RightsSubject *subject, const LogAct *act,
                        const SchemaLedger *ledger, const Period *period, int64_t *ret_id,
                        GError **error);

/* Take statement @id back; @act->why must say why (INVALID).  NOT_FOUND; FORBIDDEN without
 * entry.delete for entries of no unit. */
bool ledger_nothing_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                           int64_t id, GError **error);

/* Return the statements on @ledger, by their first day (of LedgerNothing); the caller owns it. */
GPtrArray *ledger_nothing_list(StoreConnection *connection, const SchemaLedger *ledger,
                               GError **error);

/* Set *@ret_is_covered to whether the statements on @ledger cover every day of @period;
 * @known_us: those recorded later are left out; 0: none is. */
bool ledger_nothing_covers(StoreConnection *connection, const SchemaLedger *ledger,
                           const Period *period, int64_t known_us, bool *ret_is_covered,
                           GError **error);
