/* One change of an entry on its way through the write queue: what step.c and write.c share.
 *
 * A change is begun with the entry loaded and copied, as it was and as it will be; then fields and
 * columns of the second are set; finishing writes the event, which says in what the two differ, and
 * the rows.
 *
 * Threading: inside a job of the log, on the writer's thread. */
#pragma once

#include "ledger/clock.h"
#include "ledger/event.h"
#include "ledger/input.h"

/* One call; all borrowed. */
typedef struct LedgerWork {
    Office *office;
    const RightsSubject *subject;
    const LedgerInput *input; /* NULL: none */
    int64_t id;
    int64_t version; /* what the caller saw; 0: not asked */
    const char *step;
    const char *text;
    int64_t happened_us;
    LedgerEntry **ret_current;    /* NULL: not wanted */
    int64_t *ret_id;              /* NULL: not wanted */
    const GPtrArray *attachments; /* of ledger_attachments_keep(): come with a step; NULL: none */
} LedgerWork;

/* Return the present of @work in the job of @writer, whose connection is borrowed. */
LedgerPresent ledger_work_present(const LedgerWork *work, LogWriter *writer);

/* An entry being changed: as it was and as it will be. */
typedef struct LedgerChange {
    const LedgerTable *table;
    LedgerEntry *before;
    LedgerEntry *entry;
} LedgerChange;

void ledger_change_clear(LedgerChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerChange, ledger_change_clear)

/* Load the entry @work->id for @action into @change, which is zeroed.
 *
 * @error: NOT_FOUND  there is none, or it was taken out of the books
 *         FORBIDDEN  @action is not the subject's here
 *         CONFLICT   it is another version than @work->version; it goes to *@work->ret_current */
bool ledger_change_begin(LogWriter *writer, const LedgerWork *work, RightsAction action,
                         LedgerChange *change, GError **error);

/* The same for @entry (takes), which is that of @work->id and was loaded in the same job. */
bool ledger_change_begin_with(LogWriter *writer, const LedgerWork *work, RightsAction action,
                              LedgerEntry *entry, LedgerChange *change, GError **error);

/* Whether @subject may do @action on an entry of the unit that @entry has now; FORBIDDEN, or
 * INVALID where there is none, names the field where that is what stands in the way.  Nobody gives
 * an entry to a unit where they could not go on with it. */
bool ledger_change_may_give(const RightsSubject *subject, RightsAction action,
                            const LedgerEntry *entry, GError **error);

/* Set the columns of the changed entry that follow from its fields: title, unit, opening.
 *
 * @steps: done so far (of LedgerStep).  FORBIDDEN for a unit where the subject may not do @action;
 * INVALID for an opening that is missing, in the future, or after the first step. */
bool ledger_change_follow_fields(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                                 RightsAction action, const GPtrArray *steps, GError **error);

/* Set the clock of the changed entry from its fields and @moments (of LedgerMoment); the steps that
 * are stored are those of before. */
bool ledger_change_set_clock(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                             const GArray *moments, GError **error);

/* Check that what the fields given in @input refer to is there; INVALID names the field. */
bool ledger_change_check_links(StoreConnection *connection, const LedgerInput *input,
                               GError **error);

/* Write event @kind and rows; @extra, @extra_json as in ledger_event_data(). */
bool ledger_change_finish(LogWriter *writer, const LedgerChange *change, const char *kind,
                          const char *extra, const char *extra_json, GError **error);
