/* Entries (条目): one record of a ledger, as it stands.
 *
 * Invariants: numbers 1…N of a ledger and year each have an event; the typed row is the fold of the
 * events; clock, due and stopped follow from the entry's steps by the schema's clocks.
 * ledger/write.h changes entries.
 *
 * Threading: a LedgerEntry belongs to one thread at a time. */
#pragma once

#include "base/json.h"
#include "ledger/field.h"
#include "office/rights.h"

/* Child rows of one ROWS field: of Value* (n_fields of the ROWS field, by position). */
typedef struct LedgerRows {
    guint n_fields;
    GPtrArray *rows; /* of Value*; owned */
} LedgerRows;

/* An entry as it stands. */
typedef struct LedgerEntry {
    int64_t id;
    const SchemaLedger *ledger; /* borrowed from the office's schema */
    int64_t year;               /* 0 where the number has none */
    int64_t n;
    char *number;
    char *title;
    char *state;
    int64_t unit;
    char *owner;
    int64_t opened_us;
    int64_t due_us; /* 0: no clock runs or ran */
    int64_t
        due_first_us; /* the first deadline it had, where due_us is another; 0: it is not moved */
    bool is_due_provisional;
    char *clock;        /* name of the clock that gives due; NULL: none */
    int64_t stopped_us; /* 0: it runs, or there is none */
    int64_t stepped_us;
    int64_t added_us;
    int64_t changed_us;
    int64_t version;
    int64_t definition; /* the event that put its ledger's definition in force */
    int64_t batch;
    char *gone; /* NULL, "deleted" or "undone"; then the fields are empty, but for unit and owner */
    Value *values;     /* one a field */
    LedgerRows **rows; /* one a field; NULL but for ROWS fields with rows */
    char *extra;       /* NULL: none */
} LedgerEntry;

void ledger_entry_free(LedgerEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerEntry, ledger_entry_free)

/* ---- reading -------------------------------------------------------------------------------- */

/* Load the entry @id, or the one numbered @number (of any ledger).  NOT_FOUND; entries of a hidden
 * batch are not found, and the sentence for a number of theirs says which import took it.  Rights
 * are the caller's to ask (rights_may with ENTRY_READ). */
LedgerEntry *ledger_entry_load(Office *office, StoreConnection *connection, int64_t id,
                               GError **error);
LedgerEntry *ledger_entry_find(Office *office, StoreConnection *connection, const char *number,
                               GError **error);

/* Write @entry as canonical JSON (command --json, API, sealed reports).  @with_personal: personal
 * fields too. */
void ledger_entry_write_json(const LedgerEntry *entry, Office *office, LedgerNames *names,
                             bool with_personal, JsonWriter *writer);

/* Write the same members into an object that the caller has opened and goes on with. */
void ledger_entry_write_members(const LedgerEntry *entry, Office *office, LedgerNames *names,
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

/* Whether @step of @entry came along with an import: its doer is who imported the table, and who
 * did it is told by the table at most (ledger_import_names_doer()). */
bool ledger_step_is_imported(const LedgerEntry *entry, const LedgerStep *step);

/* What ledger_step_read() reads of table step. */
#define LEDGER_STEP_COLUMNS "n, name, from_state, to_state, happened, recorded, doer, due"

/* Return the step that @query stands on, LEDGER_STEP_COLUMNS from column @at on; the caller owns
 * it. */
LedgerStep *ledger_step_read(StoreStatement *query, int at);

/* Return an empty array of LedgerStep that owns them. */
GPtrArray *ledger_steps_new(void);

/* Return the steps of @id in order (of LedgerStep; the caller owns it). */
GPtrArray *ledger_entry_steps(StoreConnection *connection, int64_t id, GError **error);

/* Return whether @field of @entry holds anything: a value, or a row. */
bool ledger_entry_has(const LedgerEntry *entry, const SchemaField *field);
