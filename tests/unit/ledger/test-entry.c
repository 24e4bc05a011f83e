#include "ledger/entry.h"

#include "ledger-fixture.h"
#include "ledger/use.h"

/* Check that a call failed with @code and @words, and clear the error. */
#define REFUSED(call, code, words)                  \
    do {                                            \
        g_autoptr(GError) refused_ = NULL;          \
        GError **error_ = &refused_;                \
        g_assert_false(call);                       \
        test_assert_error(refused_, code, (words)); \
    } while (0)

/* Open a fixture that closes itself. */
static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define FIXTURE(f)                 \
    g_auto(LedgerFixture) f = {0}; \
    ledger_fixture_open(&(f), place)

#define INPUT(...) ledger_fixture_input(&f, f.task, __VA_ARGS__, NULL)

static void test_many_uses_are_counted(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t other = ledger_fixture_task(&f, "许多事都由它");
    for (int i = 0; i < LEDGER_MAX_USES; i++) {
        ledger_fixture_add(&f, INPUT("title", "其一", "came", "2023-11-13 09:00", "unit_of", "甲科",
                                     "about", "T2023-001"));
    }
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    int64_t n_more = 9;
    g_autoptr(GPtrArray) all =
        ledger_uses_of(f.office, reader, f.base.console, other, &n_more, &error);
    g_assert_no_error(error);
    g_assert_cmpint(all->len, ==, LEDGER_MAX_USES);
    g_assert_cmpint(n_more, ==, 0);
    store_reader_release(g_steal_pointer(&reader));
    ledger_fixture_add(&f, INPUT("title", "又一", "came", "2023-11-13 09:00", "unit_of", "甲科",
                                 "about", "T2023-001"));
    reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) first =
        ledger_uses_of(f.office, reader, f.base.console, other, &n_more, &error);
    g_assert_cmpint(first->len, ==, LEDGER_MAX_USES);
    g_assert_cmpint(n_more, ==, 1);
    const LedgerUse *last = g_ptr_array_index(first, LEDGER_MAX_USES - 1);
    g_assert_cmpstr(last->number, ==, "T2023-201");
    /* Nor are those counted that one may not read. */
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:8", RIGHTS_STAFF, f.unit_b);
    g_autoptr(GPtrArray) none = ledger_uses_of(f.office, reader, staff, other, &n_more, &error);
    g_assert_no_error(error);
    g_assert_cmpint(none->len, ==, 0);
    g_assert_cmpint(n_more, ==, 0);
}

/* A link by a column that no ledger has may be of anything: it is not told of. */
static void test_a_use_by_no_column_is_not_told(const TestPlace *place)
{
    static const char *const fields[] = {"gone", "gone.who", "title.who", "visits.gone",
                                         "visits.who"};
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    ledger_fixture_task(&f, "一");
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        bool is_known = i + 1 == G_N_ELEMENTS(fields);
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO link (entry_id, field, n, kind, target) SELECT max(id), '%s', 0, 'person',"
            " %lld FROM entry",
            fields[i], (long long)f.zhang);
        ledger_fixture_tamper(&f, sql);
        g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
        int64_t n_more = 0;
        g_autoptr(GPtrArray) uses =
            ledger_uses_of(f.office, reader, f.base.console, f.zhang, &n_more, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(uses->len, ==, is_known ? 1 : 0);
    }
}

static void test_a_hidden_batch_is_invisible(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
                        " VALUES (5, 'task', 'x', 'x', 1, '', 'open');"
                        " UPDATE entry SET batch = 5 WHERE id = %lld",
                        (long long)id);
    ledger_fixture_tamper(&f, sql);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    REFUSED(ledger_entry_load(f.office, reader, id, error_), NOT_FOUND, NULL);
    REFUSED(ledger_entry_find(f.office, reader, "T2023-001", error_), NOT_FOUND, NULL);
    g_autoptr(LedgerInput) input = INPUT("title", "二");
    const LogAct why = {.actor = f.base.console->actor, .why = "核对后更正"};
    REFUSED(ledger_entry_change(f.office, f.base.console, &why, id, 0, input, NULL, error_),
            NOT_FOUND, NULL);
    ledger_fixture_tamper(&f, "UPDATE batch SET state = 'done'");
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, id, &error);
    g_assert_no_error(error);
}

static void test_a_damaged_entry_is_told_of(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_tamper(&f, "DELETE FROM ledger_task");
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    REFUSED(ledger_entry_load(f.office, reader, id, error_), CORRUPT,
            "has no row in its ledger's table");
    ledger_fixture_tamper(&f, "UPDATE entry SET ledger = 'other'");
    REFUSED(ledger_entry_load(f.office, reader, id, error_), CORRUPT, "which there is not");
}

/* A number that an import took is told of as its import's, and no other number. */
static void test_a_number_that_an_import_took(const TestPlace *place)
{
    static const struct {
        const char *number, *words;
    } cases[] = {
        {"T2023-005", "number T2023-005 belongs to import #7 of '甲.xlsx', which is not finished"},
        {"T2023-006", "belongs to import #7"},
        {"T2023-004", "there is no entry 'T2023-004'"},
        {"T2023-007", "there is no entry 'T2023-007'"},
        {"T2022-005", "there is no entry 'T2022-005'"},
    };
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    ledger_fixture_tamper(&f, "INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
                              " VALUES (7, 'task', '甲.xlsx', 'x', 2, '2023:5-6', 'open')");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        REFUSED(ledger_entry_find(f.office, reader, cases[i].number, error_), NOT_FOUND,
                cases[i].words);
    }
    ledger_fixture_tamper(&f, "UPDATE batch SET state = 'undone'");
    REFUSED(ledger_entry_find(f.office, reader, "T2023-005", error_), NOT_FOUND,
            "which was taken back; the number stays void");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/use/many-are-counted", test_many_uses_are_counted);
    test_store_each("/ledger/use/by-no-column-is-not-told", test_a_use_by_no_column_is_not_told);
    test_store_each("/ledger/entry/a-hidden-batch-is-invisible", test_a_hidden_batch_is_invisible);
    test_store_each("/ledger/entry/a-damaged-entry-is-told-of", test_a_damaged_entry_is_told_of);
    test_store_each("/ledger/entry/a-number-that-an-import-took",
                    test_a_number_that_an_import_took);
    return g_test_run();
}
