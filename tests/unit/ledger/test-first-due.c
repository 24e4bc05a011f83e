#include "ledger/first-due.h"

#include "ledger-fixture.h"
#include "ledger/list.h"
#include "ledger/provisional.h"
#include "ledger/verify.h"
#include "log/verify.h"
#include "office/key.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

#define INPUT(...) ledger_fixture_input(&f, f.task, __VA_ARGS__, NULL)
#define MOVED "SELECT count(*) FROM entry WHERE due_first IS NOT NULL"

static void check_first(LedgerFixture *f, int64_t id, int64_t first_us)
{
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    g_assert_cmpint(entry->due_first_us, ==, first_us);
}

static int64_t due_of(LedgerFixture *f, int64_t id)
{
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    return entry->due_us;
}

/* Return the number of the faults that verification finds. */
static int64_t count_faults(LedgerFixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = log_report_new();
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autofree char *origin = office_key_origin(office_id(f->office));
    g_assert_true(office_sign(f->office, &error));
    g_assert_true(log_verify(office_store(f->office), NULL, origin, office_public_key(f->office),
                             NULL, report, &error));
    g_assert_true(ledger_verify(f->office, reader, report, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < report->findings->len; i++) {
        g_test_message("%s", ((LogFinding *)g_ptr_array_index(report->findings, i))->said->message);
    }
    return (int64_t)report->n_findings;
}

/* The first deadline stays through every other, also where one is as the first was in between. */
static void test_it_survives_every_other(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00"));
    int64_t first_us = due_of(&f, id);
    check_first(&f, id, 0);
    ledger_fixture_change(&f, id, INPUT("place", "东"));
    check_first(&f, id, 0);
    ledger_fixture_change(&f, id, INPUT("kind", "big"));
    check_first(&f, id, first_us);
    ledger_fixture_change(&f, id, INPUT("place", "西"));
    check_first(&f, id, first_us);
    ledger_fixture_change(&f, id, INPUT("kind", "small"));
    check_first(&f, id, 0);
    g_assert_cmpint(due_of(&f, id), ==, first_us);
    ledger_fixture_change(&f, id, INPUT("urgent", "是"));
    ledger_fixture_step(&f, id, "begin", INPUT("begun_on", "2023-11-01"));
    check_first(&f, id, first_us); /* a step that starts another clock moves it too */
    g_assert_cmpint(count_faults(&f), ==, 0);
    LogAct why = f.base.act;
    why.why = "重复";
    g_autoptr(GError) error = NULL;
    ledger_entry_delete(f.office, f.base.console, &why, id, 0, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, MOVED), ==, 0);
    g_assert_cmpint(count_faults(&f), ==, 0);
}

static int count_listed(LedgerFixture *f, const char *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(Expression) condition =
        expression_parse(filter, schema_ledger_scope(f->task), &error);
    g_assert_no_error(error);
    const LedgerQuery query = {.ledger = f->task, .filter = condition, .limit = LEDGER_MAX_PAGE};
    g_autoptr(LedgerPage) page = ledger_list(f->office, reader, f->base.console, &query, &error);
    g_assert_no_error(error);
    return (int)page->entries->len;
}

static void test_filters_ask_for_it(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t later = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00"));
    int64_t sooner = ledger_fixture_add(&f, INPUT("title", "二", "came", "2023-09-28 09:00"));
    ledger_fixture_add(&f, INPUT("title", "三", "came", "2023-09-28 09:00"));
    ledger_fixture_change(&f, later, INPUT("came", "2023-10-08 09:00"));
    ledger_fixture_change(&f, sooner, INPUT("kind", "big"));
    g_assert_cmpint(count_listed(&f, "due_first is not empty"), ==, 2);
    g_assert_cmpint(count_listed(&f, "due > due_first"), ==, 1);
    g_assert_cmpint(count_listed(&f, "due < due_first and title = '二'"), ==, 1);
    g_assert_cmpint(count_listed(&f, "due_first is empty"), ==, 1);
    /* those that a bound asks for are found by their own index */
    g_assert_cmpint(count_listed(&f, "due_first >= 1900-01-01"), ==, 2);
    g_assert_cmpint(count_listed(&f, "due_first >= 1900-01-01 and state = fresh"), ==, 2);
    g_assert_cmpint(count_listed(&f, "due_first < 1900-01-01"), ==, 0);
    g_assert_cmpint(count_listed(&f, "not due_first >= 1900-01-01"), ==, 1);
}

/* What an older program changed is asked of its events, once. */
static void test_an_older_office_is_asked(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t moved = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00"));
    int64_t kept = ledger_fixture_add(&f, INPUT("title", "二", "came", "2023-09-28 09:00"));
    int64_t none = ledger_fixture_add(&f, ledger_fixture_input(&f, f.note, "title", "三", NULL));
    int64_t first_us = due_of(&f, moved);
    ledger_fixture_change(&f, moved, INPUT("kind", "big"));
    ledger_fixture_change(&f, kept, INPUT("place", "东"));
    ledger_fixture_change(&f, none, ledger_fixture_input(&f, f.note, "title", "四", NULL));
    ledger_fixture_tamper(&f, "UPDATE entry SET due_first = -1 WHERE version > 1");
    g_assert_cmpint(ledger_fixture_int(&f, MOVED), ==, 3);
    g_assert_cmpint(count_faults(&f), ==, 3);
    g_assert_true(ledger_settle_deadlines(f.office, &error));
    g_assert_no_error(error);
    check_first(&f, moved, first_us);
    check_first(&f, kept, 0);
    check_first(&f, none, 0);
    g_assert_cmpint(count_faults(&f), ==, 0);
}

/* Verification compares it with the log. */
static void test_one_that_was_altered_is_told_of(const TestPlace *place)
{
    static const char *const altered[] = {"UPDATE entry SET due_first = NULL",
                                          "UPDATE entry SET due_first = due_first + 1"};
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00"));
    ledger_fixture_change(&f, id, INPUT("kind", "big"));
    g_assert_cmpint(count_faults(&f), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(altered); i++) {
        ledger_fixture_tamper(&f, altered[i]);
        g_assert_cmpint(count_faults(&f), ==, 1);
        ledger_fixture_tamper(&f, "UPDATE entry SET due_first = -1");
        g_assert_true(ledger_first_dues_fill(f.office, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/first-due/it-survives-every-other", test_it_survives_every_other);
    test_store_each("/ledger/first-due/filters-ask-for-it", test_filters_ask_for_it);
    test_store_each("/ledger/first-due/an-older-office-is-asked", test_an_older_office_is_asked);
    test_store_each("/ledger/first-due/one-that-was-altered-is-told-of",
                    test_one_that_was_altered_is_told_of);
    return g_test_run();
}
