#include "ledger/provisional.h"

#include "ledger-fixture.h"
#include "log/history.h"
#include "office/pack.h"
#include "support/fault-statement.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

#define PROVISIONAL "SELECT count(*) FROM ledger_task WHERE due_provisional = 1"
#define N_TASKS 3

/* The days off of 2027, of which nothing is known in the office, as the notice will have them. */
static const char notice[] = "notice 2027 https://example.invalid/2027\noff 2027-01-01 元旦\n"
                             "off 2027-01-13..2027-01-15 某节\n"
                             "notice 2028 https://example.invalid/2028\noff 2028-01-01 元旦\n";

/* Let that notice come into the office. */
static void publish(LedgerFixture *f, const char *days)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *files = ledger_fixture_pack_with(f, "\n\n", "\n\n"); /* as it is */
    g_ptr_array_add(files, schema_file_new("calendar/holidays.txt", days));
    office_pack_apply(f->office, files, NULL, &f->base.act, &error);
    g_assert_no_error(error);
}

/* An office with tasks whose deadlines wait for a notice, and into which @days has come. */
static void open_fixture(LedgerFixture *f, const TestPlace *place, const char *days,
                         int64_t ret_ids[N_TASKS])
{
    static const char *const titles[N_TASKS] = {"一", "二", "三"};
    ledger_fixture_open(f, place);
    source_set_now_us(f->base.source, INT64_C(1800000000000000)); /* January 2027 */
    for (int i = 0; i < N_TASKS; i++) {
        ret_ids[i] = ledger_fixture_add(f, ledger_fixture_input(f, f->task, "title", titles[i],
                                                                "came", "2027-01-11 09:00", NULL));
    }
    g_assert_cmpint(ledger_fixture_int(f, PROVISIONAL), ==, N_TASKS);
    publish(f, days);
}

/* Let the row of entry @id in table entry be gone: it cannot be settled. */
static void damage(LedgerFixture *f, int64_t id)
{
    g_autofree char *sql = g_strdup_printf("DELETE FROM entry WHERE id = %" G_GINT64_FORMAT, id);
    ledger_fixture_tamper(f, sql);
}

/* It is the program that does so, not whoever happens to run it; and it says why. */
static void test_the_program_itself_settles(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    int64_t ids[N_TASKS];
    open_fixture(&f, place, notice, ids);
    ledger_settle_deadlines(f.office, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 0);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) events = log_history(reader, ids[0], &error);
    const LogEvent *last = g_ptr_array_index(events, events->len - 1);
    g_assert_cmpuint(events->len, ==, 2);
    g_assert_cmpstr(last->kind, ==, "entry.change");
    g_assert_cmpstr(last->actor, ==, LOG_ACTOR_SYSTEM);
    g_assert_nonnull(strstr(last->values, "放假安排已公布"));
    int64_t n_events = ledger_fixture_int(&f, "SELECT size FROM head");
    ledger_settle_deadlines(f.office, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT size FROM head"), ==, n_events);
}

/* One that cannot be settled does not hold up the others. */
static void test_the_others_are_settled_all_the_same(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    int64_t ids[N_TASKS];
    open_fixture(&f, place, notice, ids);
    g_autofree char *words = g_strdup_printf("entry %" G_GINT64_FORMAT, ids[0]);
    damage(&f, ids[0]);
    g_assert_false(ledger_settle_deadlines(f.office, &error));
    g_assert_nonnull(strstr(error->message, words));
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 1);
}

/* What has not failed has been done: each statement fails in turn, and in the end all is settled.
 */
static bool settle(void *data, GError **error)
{
    LedgerFixture *f = data;
    return ledger_settle_deadlines(f->office, error);
}

static void test_a_failing_statement_settles_the_others(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    int64_t ids[N_TASKS];
    open_fixture(&f, place, notice, ids);
    g_assert_cmpint(fault_statement_sweep("settle", settle, NULL, &f), >, 10);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 0);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'entry.change'"), ==,
        N_TASKS);
}

/* Of several that cannot be settled the first is told of. */
static void test_the_first_fault_is_told(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    int64_t ids[N_TASKS];
    open_fixture(&f, place, notice, ids);
    g_autofree char *words = g_strdup_printf("entry %" G_GINT64_FORMAT ":", ids[0]);
    damage(&f, ids[0]);
    damage(&f, ids[1]);
    g_assert_false(ledger_settle_deadlines(f.office, &error));
    g_assert_true(g_str_has_prefix(error->message, words));
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, N_TASKS - 1);
}

/* Where nothing can be written that is told instead, and the rest is not tried. */
static void test_a_fault_of_the_store_comes_first(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    int64_t ids[N_TASKS];
    int n_second = 0;
    bool has_failed = true;
    open_fixture(&f, place, notice, ids);
    g_autofree char *first = g_strdup_printf("entry %" G_GINT64_FORMAT ":", ids[0]);
    g_autofree char *second = g_strdup_printf("entry %" G_GINT64_FORMAT ":", ids[1]);
    damage(&f, ids[0]);
    for (int n = 1; has_failed; n++) {
        g_autoptr(GError) error = NULL;
        fault_statement_arm(n);
        g_assert_false(ledger_settle_deadlines(f.office, &error));
        has_failed = fault_statement_disarm();
        if (has_failed && g_str_has_prefix(error->message, second)) {
            g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, N_TASKS);
            n_second++;
        }
        if (!has_failed) {
            g_assert_true(g_str_has_prefix(error->message, first));
        }
    }
    g_assert_cmpint(n_second, >, 0);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 1);
}

/* What the notice does not move becomes certain at the day that it had. */
static void test_a_deadline_that_stays_becomes_certain(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    int64_t ids[N_TASKS];
    open_fixture(&f, place,
                 "notice 2027 https://example.invalid/2027\noff 2027-01-01 元旦\n"
                 "notice 2028 https://example.invalid/2028\noff 2028-01-01 元旦\n",
                 ids);
    int64_t due_us = ledger_fixture_int(&f, "SELECT max(due) FROM ledger_task");
    ledger_settle_deadlines(f.office, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT max(due) FROM ledger_task"), ==, due_us);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'entry.change'"), ==,
        N_TASKS);
}

/* The notice of the year of the day alone does not settle what counts days of the year before;
 * nothing is written of it. */
static void test_what_waits_for_another_notice_is_left(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    source_set_now_us(f.base.source, INT64_C(1830000000000000)); /* 2027-12-28 */
    ledger_fixture_add(
        &f, ledger_fixture_input(&f, f.task, "title", "一", "came", "2027-12-27 09:00", NULL));
    publish(&f, "notice 2028 https://example.invalid/2028\noff 2028-01-01 元旦\n");
    int64_t n_events = ledger_fixture_int(&f, "SELECT size FROM head");
    ledger_settle_deadlines(f.office, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 1);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT size FROM head"), ==, n_events);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_statement_install();
    test_store_on(STORE_SQLITE, "/ledger/provisional/a-failing-statement-settles-the-others",
                  test_a_failing_statement_settles_the_others);
    test_store_each("/ledger/provisional/the-program-itself-settles",
                    test_the_program_itself_settles);
    test_store_each("/ledger/provisional/the-others-are-settled-all-the-same",
                    test_the_others_are_settled_all_the_same);
    test_store_each("/ledger/provisional/the-first-fault-is-told", test_the_first_fault_is_told);
    test_store_on(STORE_SQLITE, "/ledger/provisional/a-fault-of-the-store-comes-first",
                  test_a_fault_of_the_store_comes_first);
    test_store_each("/ledger/provisional/a-deadline-that-stays-becomes-certain",
                    test_a_deadline_that_stays_becomes_certain);
    test_store_each("/ledger/provisional/what-waits-for-another-notice-is-left",
                    test_what_waits_for_another_notice_is_left);
    return g_test_run();
}
