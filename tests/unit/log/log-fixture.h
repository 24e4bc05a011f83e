/* A log over a fresh store, with a small record table, for the tests of log/. */
#pragma once

#include "log/checkpoint.h"
#include "log/record.h"
#include "log/verify.h"
#include "support/test-store.h"

typedef struct LogFixture {
    const TestPlace *place;
    Store *store;
    Source *source;
    Log *log;
    ProofSigner *signer;
    LogAct act;
} LogFixture;

extern const LogTable fixture_table; /* note(id, title committed, pages, day) */

/* Make the store with the table and open the log; with @seed the keys replay. */
void log_fixture_open(LogFixture *fixture, const TestPlace *place, uint64_t seed);
void log_fixture_close(LogFixture *fixture);

/* Close and open again. */
void log_fixture_reopen(LogFixture *fixture);

/* Add a note; returns its id. */
int64_t log_fixture_add(LogFixture *fixture, const char *title, int64_t pages);

/* Change a note. */
void log_fixture_change(LogFixture *fixture, int64_t id, const char *title, int64_t pages);

/* Sign the head; the caller owns the note. */
char *log_fixture_sign(LogFixture *fixture);

/* Verify events and table; the caller owns the report. */
LogReport *log_fixture_verify(LogFixture *fixture, const char *public_key, const char *witness);

/* Run SQL behind the log's back. */
void log_fixture_tamper(LogFixture *fixture, const char *sql);
