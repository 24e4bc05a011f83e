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
#include "ledger/input.h"

/* Record a new entry.
 *
 * @happened_us: 0, or for ledgers without an `opened` field when it began.
 * @ret_id: its id.
 * INVALID (names the field), FORBIDDEN.  On any error nothing is written. */
bool ledger_entry_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerInput *input, int64_t happened_us, int64_t *ret_id,
                      GError **error);

/* Correct fields of @id.  @version: what the caller saw; CONFLICT when it is another now (the
 * message says what differs and *@ret_current, NULL allowed, is the entry as it stands). NOT_FOUND,
 * FORBIDDEN, INVALID. */
bool ledger_entry_change(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, const LedgerInput *input,
                         LedgerEntry **ret_current, GError **error);

/* Do step @step of @id.
 *
 * @happened_us: when it happened; 0: the step's `at` field in @input, else now; the future and
 * times before the entry's opening are refused.
 * @input: fields that come with it (NULL: none).
 * INVALID: wrong state, something asked for is empty, evidence is missing (says what).  FORBIDDEN:
 * the role, or the person did a step that excludes this one.  CONFLICT as above. */
bool ledger_entry_step(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       int64_t version, const char *step, int64_t happened_us,
                       const LedgerInput *input, LedgerEntry **ret_current, GError **error);

/* Say something about @id. */
bool ledger_entry_comment(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t id, const char *text, GError **error);

/* Take @id out of the books; @act->why must say why (INVALID). */
bool ledger_entry_delete(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, GError **error);

/* Note in the log that @subject looks at the personal fields of @id: event "entry.look".  Who shows
 * them calls this first.  FORBIDDEN without entry.read-personal, NOT_FOUND. */
bool ledger_entry_look(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       GError **error);

/* Forget the personal fields of @id (PIPL art. 47): rows, details and keys; the tree stays valid.
 */
bool ledger_entry_erase(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                        GError **error);
