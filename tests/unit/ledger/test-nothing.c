#include "ledger/nothing.h"

#include "ledger-fixture.h"
#include "ledger/verify.h"
#include "log/verify.h"
#include "support/test-office.h"

static const char *const pack[] = {
    "pack.yaml",
    "pack: p\nversion: \"1\"\nname: 包\n",
    "ledgers/a.yaml",
    "ledger: a\nname: 甲\nnumber: \"A{n}\"\ntitle: t\nnothing: yes\nfields:\n  t: text 题\n",
    "ledgers/b.yaml",
    "ledger: b\nname: 乙\nnumber: \"B{n}\"\ntitle: t\nfields:\n  t: text 题\n",
    NULL};

static Period period(const char *text)
{
    Period result;
    g_autoptr(GError) error = NULL;
    g_assert_true(period_parse(text, &result, &error));
    return result;
}

static const SchemaLedger *ledger(const TestOffice *fixture, const char *name)
{
    return schema_ledger(office_schema(fixture->office), name);
}

static bool covers(const TestOffice *fixture, const char *text, int64_t known_us)
{
    bool is_covered = false;
    g_autoptr(GError) error = NULL;
    const Period asked = period(text);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_assert_true(
        ledger_nothing_covers(reader, ledger(fixture, "a"), &asked, known_us, &is_covered, &error));
    return is_covered;
}

static int64_t state(const TestOffice *fixture, const char *text)
{
    int64_t id = 0;
    g_autoptr(GError) error = NULL;
    const Period stated = period(text);
    ledger_nothing_add(fixture->office, fixture->console, &fixture->act, ledger(fixture, "a"),
                       &stated, &id, &error);
    g_assert_no_error(error);
    return id;
}

/* Check that stating it is refused with @code, for @reason. */
static void refuse(const TestOffice *fixture, const char *name, const char *text, ErrorCode code,
                   const char *reason)
{
    g_autoptr(GError) error = NULL;
    const Period stated = period(text);
    g_assert_false(ledger_nothing_add(fixture->office, fixture->console, &fixture->act,
                                      ledger(fixture, name), &stated, NULL, &error));
    g_assert_true(error_is(error, code));
    g_assert_nonnull(strstr(error->message, reason));
}

static void test_statements_cover(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack); /* it is 2023-11-15 */
    g_assert_false(covers(&fixture, "2023-01", 0));
    state(&fixture, "2023Q1");
    g_assert_true(covers(&fixture, "2023-01", 0));
    g_assert_true(covers(&fixture, "2023Q1", 0));
    g_assert_false(covers(&fixture, "2023-01-01..2023-04-01", 0));
    test_office_wait(&fixture, 60 * G_USEC_PER_SEC);
    int64_t second = state(&fixture, "2023-04-01..2023-06-30");
    g_assert_true(covers(&fixture, "2023H1", 0));
    g_assert_false(covers(&fixture, "2023H1", TEST_OFFICE_NOW_US)); /* not known then */
    g_assert_true(covers(&fixture, "2023Q1", TEST_OFFICE_NOW_US));
    g_autoptr(GError) error = NULL;
    LogAct act = fixture.act;
    g_assert_false(ledger_nothing_remove(fixture.office, fixture.console, &act, second, &error));
    test_assert_error(error, INVALID, "say why");
    g_clear_error(&error);
    act.why = "  ";
    g_assert_false(ledger_nothing_remove(fixture.office, fixture.console, &act, second, &error));
    test_assert_error(error, INVALID, "say why");
    g_clear_error(&error);
    act.why = "记错了";
    g_assert_true(ledger_nothing_remove(fixture.office, fixture.console, &act, second, &error));
    g_assert_false(covers(&fixture, "2023H1", 0));
    g_assert_false(ledger_nothing_remove(fixture.office, fixture.console, &act, second, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    test_office_close(&fixture);
}

static void test_refusals(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack);
    refuse(&fixture, "b", "2022", SHUZHI_ERROR_INVALID, "takes no statement");
    refuse(&fixture, "a", "2023", SHUZHI_ERROR_INVALID, "not over yet");
    refuse(&fixture, "a", "2023-11-15", SHUZHI_ERROR_INVALID, "not over yet");
    state(&fixture, "2023-11-14");
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:9", RIGHTS_STAFF, 0);
    const Period stated = period("2022");
    g_assert_false(ledger_nothing_add(fixture.office, staff, &fixture.act, ledger(&fixture, "a"),
                                      &stated, NULL, &error));
    test_assert_error(error, FORBIDDEN, NULL);
    g_assert_false(covers(&fixture, "2022", 0));
    test_office_close(&fixture);
}

/* One statement within another does not shorten what is covered. */
static void test_a_statement_within_another(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack);
    state(&fixture, "2023Q1");
    state(&fixture, "2023-02");
    g_assert_true(covers(&fixture, "2023Q1", 0));
    state(&fixture, "2023Q2");
    g_assert_true(covers(&fixture, "2023H1", 0));
    test_office_close(&fixture);
}

/* The table is one of those that verify checks against the log. */
static void test_edited_statement_is_found(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack);
    state(&fixture, "2022");
    test_store_script(office_store(fixture.office), "UPDATE statement SET until = '2023-10-31';");
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = log_report_new();
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture.office), &error);
    g_assert_true(ledger_verify(fixture.office, reader, report, &error));
    g_assert_cmpuint(report->findings->len, >, 0);
    store_reader_release(g_steal_pointer(&reader));
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/nothing/statements-cover", test_statements_cover);
    test_store_each("/ledger/nothing/refusals", test_refusals);
    test_store_each("/ledger/nothing/a-statement-within-another", test_a_statement_within_another);
    test_store_each("/ledger/nothing/edited-statement-is-found", test_edited_statement_is_found);
    return g_test_run();
}
