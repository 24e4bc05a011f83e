/* Steps (环节): moving an entry from state to state.
 *
 * A step happened at one time and was recorded at another; the steps of an entry happened in the
 * order in which they were recorded, so that at every moment one state was in force.
 *
 * Threading: blocks on the write queue; may be called from every thread. */
#pragma once

#include "ledger/input.h"

/* Whether @subject may do @step of @entry after the steps @done (of LedgerStep); FORBIDDEN.  Who
 * did what the step's `not_by` names may not: by an account, or by the name that the spreadsheet
 * has from which the entry came (ledger_import_names_doer()). */
bool ledger_entry_may_step(const RightsSubject *subject, const LedgerEntry *entry,
                           const SchemaStep *step, const GPtrArray *done, GError **error);

/* Do step @step of @id.
 *
 * @happened_us: when it happened; 0: the step's `at` field in @input, else now; both are one time;
 * the future and times before the entry's opening or its last step are refused.
 * @input: the fields that the step asks for, and its `at`; others are INVALID (NULL: none).
 * INVALID: a moment that cannot be (error_field() is "happened"), wrong state, something asked for
 * is empty, evidence is missing (says what).  EXISTS (ledger/unique.h).  FORBIDDEN: the role, or
 * the person did a step that excludes this one.  @version, @ret_current and CONFLICT as in
 * ledger_entry_change(). */
bool ledger_entry_step(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       int64_t version, const char *step, int64_t happened_us,
                       const LedgerInput *input, LedgerEntry **ret_current, GError **error);

/* The same with @files (of LedgerFile), which are attached with the step, or not at all.  Errors
 * also as of ledger_evidence_attach(). */
bool ledger_entry_step_with(Office *office, const RightsSubject *subject, const LogAct *act,
                            int64_t id, int64_t version, const char *step, int64_t happened_us,
                            const LedgerInput *input, GArray *files, LedgerEntry **ret_current,
                            GError **error);
