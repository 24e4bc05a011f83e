/* Writing entries: the one place where a ledger changes.
 *
 * An entry begins with the event "entry.add", which gives it its number; "entry.change" corrects
 * fields, "entry.step" moves it from state to state, "entry.comment" says something, "entry.delete"
 * takes it out of the books (its number stays, void), "erase" forgets its people.  Each function
 * here checks the right, the version, the fields and the step's conditions, and writes rows and
 * event in one transaction.
 *
 * Threading: functions block on the write queue and may be called from every thread. */
#pragma once

#include "ledger/entry.h"
#include "ledger/step.h"

/* Record a new entry.
 *
 * @happened_us: 0, or for ledgers without an `opened` field when it began.
 * @ret_id: its id.
 * An entry for which no unit is given is of the subject's own, unless it may record for any; where
 * it has several, that is INVALID.
 * INVALID (names the field), FORBIDDEN, EXISTS (ledger/unique.h).  On any error nothing is written.
 */
bool ledger_entry_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerInput *input, int64_t happened_us, int64_t *ret_id,
                      GError **error);

/* Correct fields of @id.
 *
 * @version: what the caller saw; 0: not asked.
 * @ret_current: NULL allowed; on CONFLICT, when it is another version now, the entry as it stands,
 * to be shown beside what was typed; the caller owns it.
 * A corrected `at` field moves its step to that time.  What changes nothing is not an event.  Once
 * a step is done, @act->why must say why something is overwritten.
 * @error: NOT_FOUND, CONFLICT, EXISTS (ledger/unique.h); INVALID names the field, "why" for a
 * reason that is missing (error_field()); FORBIDDEN also for what a step brought that the subject
 * may not do, and for a unit that its rights do not reach.  Nothing is written then. */
bool ledger_entry_change(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, const LedgerInput *input,
                         LedgerEntry **ret_current, GError **error);

/* Whether @subject may correct @field of @entry, whose steps are @steps (of LedgerStep), as far as
 * the steps decide: what a step brought, who may do that step.  FORBIDDEN. */
bool ledger_entry_may_correct(const RightsSubject *subject, const LedgerEntry *entry,
                              const SchemaField *field, const GPtrArray *steps, GError **error);

#define LEDGER_COMMENT_MAX_CHARS 10000 /* every reader of the entry gets all of it, for ever */

/* Say something about @id.  INVALID without words, or with too many; about "text". */
bool ledger_entry_comment(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t id, const char *text, GError **error);

/* Whether @subject may take @entry, whose steps are @steps (of LedgerStep), out of the books.
 * FORBIDDEN, also of a closed one to who did a step of it where another did one too: what a second
 * pair of eyes has judged, the first does not take away.  Steps that an import brought are its
 * importer's, and no second pair of eyes.
 */
bool ledger_entry_may_delete(const RightsSubject *subject, const LedgerEntry *entry,
                             const GPtrArray *steps, GError **error);

/* Take @id out of the books; @act->why must say why (INVALID); FORBIDDEN as above; CONFLICT
 * where other entries use it. */
bool ledger_entry_delete(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, GError **error);

/* The same inside a job of the log, without asking who uses it; a reason is the caller's to ask. On
 * an error nothing that the job wrote is kept. */
bool ledger_entry_take_out(LogWriter *writer, Office *office, const RightsSubject *subject,
                           int64_t id, int64_t version, GError **error);

/* Note in the log that @subject looks at the personal fields of @id: event "entry.look".  Who shows
 * them calls this first.  FORBIDDEN without entry.read-personal, NOT_FOUND. */
bool ledger_entry_look(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       GError **error);

/* Forget the personal fields of @id (PIPL art. 47): rows, details and keys; the tree stays valid.
 * What is not personal, evidence and the reason of this act stay.  EXISTS, and no event, when
 * nothing was written since it was last forgotten; an act without a reason forgets that of the
 * last. */
bool ledger_entry_erase(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                        GError **error);
