/* An office with one ledger of every kind of field, step and clock, for the tests of ledger/.
 *
 * Helpers here fail the test instead of returning errors. */
#pragma once

#include "ledger/entry.h"
#include "ledger/write.h"
#include "support/test-office.h"

#define HOUR_US (INT64_C(3600) * 1000000)
#define DAY_US (24 * HOUR_US)

/* The pack: ledgers "task" (numbers by year) and "note" (numbers without). */
extern const char *const ledger_fixture_pack[];

typedef struct LedgerFixture {
    TestOffice base;
    Office *office; /* base's */
    const SchemaLedger *task;
    const SchemaLedger *note;
    int64_t root; /* the office's first unit */
    int64_t unit_a;
    int64_t unit_b;
    int64_t zhang; /* people */
    int64_t li;
} LedgerFixture;

void ledger_fixture_open(LedgerFixture *fixture, const TestPlace *place);
void ledger_fixture_close(LedgerFixture *fixture);

/* Return a subject with @role in @unit (0: none), whose actor is @actor; the caller owns it. */
RightsSubject *ledger_fixture_subject(const char *actor, RightsRole role, int64_t unit);

/* Set field @name of @input to what @text says as typed. */
void ledger_fixture_set(LedgerFixture *fixture, LedgerInput *input, const char *name,
                        const char *text);

/* Return an input of @ledger with the pairs of field and text given, NULL-terminated. */
LedgerInput *ledger_fixture_input(LedgerFixture *fixture, const SchemaLedger *ledger,
                                  ...) G_GNUC_NULL_TERMINATED;

/* Record, correct, step on as the console; the last two at any version. */
int64_t ledger_fixture_add(LedgerFixture *fixture, LedgerInput *input);
void ledger_fixture_change(LedgerFixture *fixture, int64_t id, LedgerInput *input);
void ledger_fixture_step(LedgerFixture *fixture, int64_t id, const char *step, LedgerInput *input);

/* Load entry @id; the caller owns it. */
LedgerEntry *ledger_fixture_load(LedgerFixture *fixture, int64_t id);

/* Return field @name of @entry as people see it; the caller owns it. */
char *ledger_fixture_text(LedgerFixture *fixture, const LedgerEntry *entry, const char *name);

/* Run @sql behind the log's back. */
void ledger_fixture_tamper(LedgerFixture *fixture, const char *sql);

/* Return what @sql yields. */
int64_t ledger_fixture_int(LedgerFixture *fixture, const char *sql);

/* Add a task titled @title; returns its id. */
int64_t ledger_fixture_task(LedgerFixture *fixture, const char *title);

/* Return the pack in force with every @old in it replaced by @new_text; the caller owns it. */
GPtrArray *ledger_fixture_pack_with(LedgerFixture *fixture, const char *old, const char *new_text);

/* Apply that; @allowed, unless NULL, may be
 * narrowed.  `task` and `note` are those of the new pack then. */
void ledger_fixture_apply(LedgerFixture *fixture, const char *old, const char *new_text,
                          const char *allowed);
