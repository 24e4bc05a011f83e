/* Entries (条目): the one place where a ledger changes.
 *
 * An entry begins with the event "entry.add", which gives it its number; "entry.change" corrects fields,
 * "entry.step" moves it from state to state, "entry.comment" says something, "entry.delete" takes it out of
 * the books (its number stays, void), "entry.erase" forgets its people.  Each function here checks the right,
 * the version, the fields and the step's conditions, and writes rows and event in one transaction.
 *
 * Invariants: numbers 1…N of a ledger and year each have an event; the typed row is the fold of the events;
 * clock, due and stopped follow from the entry's steps by the schema's clocks.
 *
 * Threading: functions block on the write queue and may be called from every thread; a LedgerEntry belongs to
 * one thread at a time. */
#pragma once

#include "ledger/field.h"
#include "office/rights.h"

/* Child rows of one ROWS field: of Value* (n_fields of the ROWS field, by position). */
typedef struct LedgerRows {
    guint n_fields;
    GPtrArray *rows; /* of Value*; owned */
} LedgerRows;

/* What is typed into an entry: by field position; only what is given is set. */
typedef struct LedgerInput {
    const SchemaLedger *ledger; /* borrowed */
    Value *values;              /* one a field */
    LedgerRows **rows;          /* one a field; NULL but for ROWS fields that are given */
    bool *is_given;             /* one a field: an empty value that is given empties the field */
    char *extra;                /* JSON of columns without a field; NULL: none */
} LedgerInput;

/* Return an input for @ledger with nothing given; the caller owns it. */
LedgerInput *ledger_input_new(const SchemaLedger *ledger);
void ledger_input_free(LedgerInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerInput, ledger_input_free)

/* Set @field to @value (takes). */
void ledger_input_set(LedgerInput *input, const SchemaField *field, Value value);

/* Append a child row to the ROWS field @field: @values (takes the values, copies the array), one a child field. */
void ledger_input_add_row(LedgerInput *input, const SchemaField *field, const Value *values);

/* An entry as it stands. */
typedef struct LedgerEntry {
    int64_t id;
    const SchemaLedger *ledger; /* borrowed from the office's schema */
    int year;
    int64_t n;
    char *number;
    char *title;
    char *state;
    int64_t unit;
    char *owner;
    int64_t opened_us;
    int64_t due_us; /* 0: no clock runs or ran */
    bool is_due_provisional;
    char *clock;        /* name of the clock that gives due; NULL: none */
    int64_t stopped_us; /* 0: it runs, or there is none */
    int64_t stepped_us;
    int64_t added_us;
    int64_t changed_us;
    int64_t version;
    int64_t batch;
    char *gone;        /* NULL, "deleted" or "undone"; then the fields are empty */
    Value *values;     /* one a field */
    LedgerRows **rows; /* one a field; NULL but for ROWS fields with rows */
    char *extra;       /* NULL: none */
} LedgerEntry;

void ledger_entry_free(LedgerEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerEntry, ledger_entry_free)

/* ---- reading -------------------------------------------------------------------------------- */

/* Load the entry @id, or the one numbered @number (of any ledger).  NOT_FOUND; entries of a hidden batch are not
 * found.  Rights are the caller's to ask (rights_may with ENTRY_READ). */
LedgerEntry *ledger_entry_load(Office *office, StoreConnection *connection, int64_t id,
                               GError **error);
LedgerEntry *ledger_entry_find(Office *office, StoreConnection *connection, const char *number,
                               GError **error);

/* Write @entry as canonical JSON (command --json, API, sealed reports).  @with_personal: personal fields too. */
void ledger_entry_write_json(const LedgerEntry *entry, Office *office, LedgerNames *names,
                             bool with_personal, JsonWriter *writer);

/* One step done. */
typedef struct LedgerStep {
    int64_t n;
    char *name;
    char *from_state;
    char *to_state;
    int64_t happened_us;
    int64_t recorded_us;
    char *doer;
    int64_t due_us;
} LedgerStep;

/* Return the steps of @id in order (of LedgerStep; the caller owns it). */
GPtrArray *ledger_entry_steps(StoreConnection *connection, int64_t id, GError **error);

/* Where an object (entry, unit, person, evidence) is used: entries that link to it. */
typedef struct LedgerUse {
    int64_t entry_id;
    char *ledger;
    char *number;
    char *title;
    char *field;
} LedgerUse;

/* Return where @target is used (of LedgerUse; the caller owns it). */
GPtrArray *ledger_entry_uses(StoreConnection *connection, int64_t target, GError **error);

/* ---- writing -------------------------------------------------------------------------------- */

/* Record a new entry.
 *
 * @happened_us: 0, or for ledgers without an `opened` field when it began.
 * @ret_id: its id.
 * INVALID (names the field), FORBIDDEN.  On any error nothing is written. */
bool ledger_entry_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerInput *input, int64_t *ret_id, GError **error);

/* Correct fields of @id.  @version: what the caller saw; CONFLICT when it is another now (the message says what
 * differs and *@ret_current, NULL allowed, is the entry as it stands).  NOT_FOUND, FORBIDDEN, INVALID. */
bool ledger_entry_change(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, const LedgerInput *input,
                         LedgerEntry **ret_current, GError **error);

/* Do step @step of @id.
 *
 * @happened_us: when it happened; 0: the step's `at` field in @input, else now; the future and times before the
 *               entry's opening are refused.
 * @input: fields that come with it (NULL: none).
 * INVALID: wrong state, something asked for is empty, evidence is missing (says what).  FORBIDDEN: the role, or the
 * person did a step that excludes this one.  CONFLICT as above. */
bool ledger_entry_step(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       int64_t version, const char *step, int64_t happened_us,
                       const LedgerInput *input, LedgerEntry **ret_current, GError **error);

/* Say something about @id. */
bool ledger_entry_comment(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t id, const char *text, GError **error);

/* Take @id out of the books; @act->why must say why (INVALID). */
bool ledger_entry_delete(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, GError **error);

/* Forget the personal fields of @id (PIPL art. 47): rows, details and keys; the tree stays valid. */
bool ledger_entry_erase(Office *office, const RightsSubject *subject, const LogAct *act,
                        int64_t id, GError **error);
