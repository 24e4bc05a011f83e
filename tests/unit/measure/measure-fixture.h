/* An office whose pack has a measure of every universe, kind and wording, for the tests of
 * measure/.
 *
 * Its clock stands at 2023-11-15 06:13 (+08:00).  Helpers here fail the test instead of returning
 * errors. */
#pragma once

#include "ledger/write.h"
#include "measure/figure.h"
#include "support/test-office.h"

typedef struct MeasureFixture {
    TestOffice base;
    Office *office;          /* base's */
    StoreConnection *reader; /* outside a snapshot */
    int64_t root;            /* the office's first unit */
} MeasureFixture;

void measure_fixture_open(MeasureFixture *fixture, const TestPlace *place);
void measure_fixture_close(MeasureFixture *fixture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MeasureFixture, measure_fixture_close)

#define FIXTURE(f)                  \
    g_auto(MeasureFixture) f = {0}; \
    measure_fixture_open(&(f), place)

/* Record an entry of @ledger from pairs of field and text as typed, NULL-terminated; its id. */
int64_t measure_fixture_add(MeasureFixture *fixture, const char *ledger,
                            ...) G_GNUC_NULL_TERMINATED;

/* The same with the child rows @rows: of each row its cells, separated by "|", as typed. */
int64_t measure_fixture_add_rows(MeasureFixture *fixture, const char *ledger, const char *field,
                                 const char *const *rows, ...) G_GNUC_NULL_TERMINATED;

/* Do @step of @id at @when ("2023-05-06 09:00"), with pairs of field and text. */
void measure_fixture_step(MeasureFixture *fixture, int64_t id, const char *step, const char *when,
                          ...) G_GNUC_NULL_TERMINATED;

/* Correct entry @id of @ledger, with a reason, from pairs of field and text. */
void measure_fixture_correct(MeasureFixture *fixture, const char *ledger, int64_t id,
                             ...) G_GNUC_NULL_TERMINATED;

/* Apply the pack in force with every @old in it replaced by @new_text. */
void measure_fixture_replace(MeasureFixture *fixture, const char *old, const char *new_text);

/* Make a unit or a person, there from @since to @until (NULL: open); its id. */
int64_t measure_fixture_unit(MeasureFixture *fixture, const char *name, const char *kind,
                             const char *since, const char *until);
int64_t measure_fixture_person(MeasureFixture *fixture, const char *name, const char *party,
                               const char *since, const char *until);

/* Evaluate @measure for @period as the console; @options NULL: the default. */
Figure *measure_fixture_figure(MeasureFixture *fixture, const char *measure, const char *period,
                               const FigureOptions *options);

/* Return the instant @text, "2023-05-06 09:00" in the office's zone. */
int64_t measure_fixture_us(const char *text);

/* Check that @measure is worded @text for @period, and that with members it has the same numbers as
 * without. */
void measure_fixture_says(MeasureFixture *fixture, const char *measure, const char *period,
                          const char *text);

/* Check the sentence. */
void measure_fixture_sentence(MeasureFixture *fixture, const char *measure, const char *period,
                              const char *sentence);
