/* New entries, made ready without the writer: fields checked, steps that come along done, clock
 * set, fields hashed, numbered.
 *
 * Recording one entry and importing a million go through the same functions; the import calls all
 * but the last on its own thread. */
#pragma once

#include "ledger/clock.h"
#include "ledger/event.h"
#include "ledger/input.h"

#define LEDGER_EARLIEST_YEAR 1949 /* nothing that an office keeps began before it */

/* One step that a new entry brings. */
typedef struct LedgerBroughtStep {
    const SchemaStep *step; /* borrowed */
    const SchemaChoice *from;
    int64_t happened_us;
} LedgerBroughtStep;

typedef struct LedgerPrepared {
    LedgerEntry *entry; /* without id and number; owned */
    GArray *steps;      /* of LedgerBroughtStep */
    LogFields *fields;  /* of ledger_prepared_hash(); owned */
    char *data;         /* the event's, of ledger_prepared_number(); owned */
} LedgerPrepared;

/* Refuse an opening at @opened_us, which the field @field (NULL: none) names, that lies in the
 * future or before LEDGER_EARLIEST_YEAR: INVALID.  From it deadlines run. */
bool ledger_check_opened(const SchemaField *field, int64_t opened_us, int64_t now_us,
                         GError **error);

/* Where new entries come from: what is not typed.  All borrowed. */
typedef struct LedgerOrigin {
    LedgerPresent present; /* of the conditions of clocks */
    const char *owner;
    int64_t unit;      /* of an entry whose ledger has no field for it */
    int64_t own_unit;  /* for such a field that is left empty; 0: it stays empty */
    int64_t opened_us; /* of an entry whose ledger has no `opened` field; 0: now */
    bool is_import; /* a field that says when a step happened (`at`) does that step, and what else
                       it brings comes along; else they are refused, as the step brings them */
} LedgerOrigin;

/* Make an entry of @input.  INVALID names the field. */
LedgerPrepared *ledger_prepare(Office *office, const LedgerTable *table, const LedgerInput *input,
                               const LedgerOrigin *origin, GError **error);
void ledger_prepared_free(LedgerPrepared *prepared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerPrepared, ledger_prepared_free)

/* Commit to the fields of @prepared, with a key from @source: the slow part, which checking does
 * without. */
void ledger_prepared_hash(LedgerPrepared *prepared, const LedgerTable *table, Source *source);

/* Give @prepared the number @n and the batch that brings it (0: none), once.  All that its event
 * says of it is then known, but for its place in the log. */
void ledger_prepared_number(LedgerPrepared *prepared, int64_t n, int64_t batch);

/* Write events and rows of the @n @prepared, which are hashed and numbered.  Their entries then
 * have ids, which follow one another. */
bool ledger_prepared_write(LogWriter *writer, const LedgerTable *table,
                           LedgerPrepared *const *prepared, size_t n, GError **error);

/* Return the unit of what @subject records where the ledger has no field for it: that of its first
 * role; 0 for the console. */
int64_t ledger_subject_unit(const RightsSubject *subject);

/* Set *@ret_unit to the unit in which @subject may record by a post of its own, 0 for none; returns
 * false where they are several. */
bool ledger_subject_own_unit(const RightsSubject *subject, int64_t *ret_unit);

/* Check the values that were given: bounds, choices, what is required of a new entry.  INVALID
 * names the field. */
bool ledger_check_fields(const LedgerEntry *entry, const LedgerInput *input, GError **error);

/* Return when a step happened whose `at` field is @at: a DATE is that day's midnight, or @after_us,
 * what it follows, where that is of the same day.  So is a TIME at midnight: tables have the day
 * alone in such a column, and the best cases of an office are answered on the day they come. */
int64_t ledger_step_moment(const Value *at, int64_t after_us, int offset_seconds);

/* Insert the row of one step. */
bool ledger_step_insert(StoreConnection *connection, const LedgerEntry *entry, int64_t n,
                        const SchemaStep *step, const char *from_state, int64_t happened_us,
                        int64_t recorded_us, const char *doer, GError **error);
