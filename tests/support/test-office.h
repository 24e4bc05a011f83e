/* An office for tests, on either database, that replays: seeded, its clock standing at
 * TEST_OFFICE_NOW_US until it is moved.
 *
 * Helpers here fail the test instead of returning errors. */
#pragma once

#include "office/rights.h"
#include "support/test-store.h"

#define TEST_OFFICE_NOW_US INT64_C(1700000000000000) /* 2023-11-15 06:13:20 +08:00 */

typedef struct TestOffice {
    char *location;
    Source *source;
    Office *office;
    RightsSubject *console; /* os:test, who may do everything */
    LogAct act;             /* the console's */
} TestOffice;

/* Make an office at @place and open it for writing.
 *
 * @pack: pairs of path and text, NULL-terminated; NULL: the built-in pack. */
void test_office_open(TestOffice *fixture, const TestPlace *place, const char *const *pack);
void test_office_close(TestOffice *fixture);

/* Close the office and open it again. */
void test_office_reopen(TestOffice *fixture);

/* Move the office's clock on by @us. */
void test_office_wait(TestOffice *fixture, int64_t us);

/* Run @sql beside the log, as an attacker would, and check that verification says @words of what
 * office/ keeps; NULL: that nothing is wrong. */
void test_office_expect_found(TestOffice *fixture, const char *sql, const char *words);
