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

/* An office with tasks whose deadlines wait for that notice, and into which it has come. */
static void open_fixture(LedgerFixture *f, const TestPlace *place, int64_t ret_ids[N_TASKS])
{
    static const char *const titles[N_TASKS] = {"一", "二", "三"};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(f, place);
    source_set_now_us(f->base.source, INT64_C(1800000000000000)); /* January 2027 */
    for (int i = 0; i < N_TASKS; i++) {
        ret_ids[i] = ledger_fixture_add(f, ledger_fixture_input(f, f->task, "title", titles[i],
                                                                "came", "2027-01-11 09:00", NULL));
    }
    g_assert_cmpint(ledger_fixture_int(f, PROVISIONAL), ==, N_TASKS);
    GPtrArray *files = ledger_fixture_pack_with(f, "\n\n", "\n\n"); /* as it is */
    g_ptr_array_add(files, schema_file_new("calendar/holidays.txt", notice));
    office_pack_apply(f->office, files, NULL, &f->base.act, &error);
    g_assert_no_error(error);
}

/* It is the program that does so, not whoever happens to run it; and it says why. */
static void test_the_program_itself_settles(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    int64_t ids[N_TASKS];
    open_fixture(&f, place, ids);
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
    open_fixture(&f, place, ids);
    g_autofree char *words = g_strdup_printf("entry %" G_GINT64_FORMAT, ids[0]);
    g_autofree char *sql =
        g_strdup_printf("DELETE FROM entry WHERE id = %" G_GINT64_FORMAT, ids[0]);
    ledger_fixture_tamper(&f, sql);
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
    open_fixture(&f, place, ids);
    g_assert_cmpint(fault_statement_sweep("settle", settle, NULL, &f), >, 10);
    g_assert_cmpint(ledger_fixture_int(&f, PROVISIONAL), ==, 0);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'entry.change'"), ==,
        N_TASKS);
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
    return g_test_run();
}
