#include "ledger/unique.h"

#include "ledger-fixture.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

/* An office whose tasks are told apart by @fields, "[title, cost]". */
static void open_fixture(LedgerFixture *f, const TestPlace *place, const char *fields)
{
    g_autofree char *unique = g_strdup_printf("unit: unit_of\nunique: %s\n", fields);
    ledger_fixture_open(f, place);
    ledger_fixture_apply(f, "unit: unit_of\n", unique, NULL);
}

/* Check entry @id, and as it was before @before (0: it is new), against the others: @refused names
 * the one that says the same; NULL: none does. */
static void check(LedgerFixture *f, int64_t id, int64_t before, const char *refused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    g_autoptr(LedgerEntry) old = before != 0 ? ledger_fixture_load(f, before) : NULL;
    bool is_good = ledger_unique_check(reader, entry, old, &error);
    g_assert_true(is_good == (refused == NULL));
    if (refused != NULL) {
        test_assert_error(error, EXISTS, refused);
        g_assert_cmpstr(error_field(error), ==, "title");
    }
}

/* Record a task past the check, as two offices of one unit may have before the pack asked. */
static int64_t add(LedgerFixture *f, const char *title, const char *cost)
{
    LedgerInput *input = ledger_fixture_input(f, f->task, "title", "甲", "came", "2023-11-13 09:00",
                                              "cost", cost, NULL);
    g_autofree char *placeholder =
        g_strdup_printf("占位%" G_GINT64_FORMAT, ledger_fixture_int(f, "SELECT max(seq) FROM "
                                                                       "event"));
    ledger_fixture_set(f, input, "title", placeholder);
    int64_t id = ledger_fixture_add(f, input);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE ledger_task SET f_title = '%s' WHERE entry_id = %" G_GINT64_FORMAT, title, id);
    ledger_fixture_tamper(f, sql);
    return id;
}

static void test_strokes(void)
{
    static const char *const strokes[] = {"/",   " / ", "／", "\\", "-", "--",
                                          "---", "—",   "——", "－", "–"};
    static const char *const words[] = {"无", " 无 ", "暂无", "待补", "待定"};
    static const char *const said[] = {"", "A1", "-1", "/a", "-------", "无线", "0"};
    for (size_t i = 0; i < G_N_ELEMENTS(strokes); i++) {
        g_assert_true(ledger_unique_is_stroke(strokes[i]));
        g_assert_true(ledger_unique_says_nothing(strokes[i]));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_assert_false(ledger_unique_is_stroke(words[i]));
        g_assert_true(ledger_unique_says_nothing(words[i]));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
        g_assert_false(ledger_unique_is_stroke(said[i]));
        g_assert_false(ledger_unique_says_nothing(said[i]));
    }
}

static void test_all_fields_together(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    open_fixture(&f, place, "[title, cost]");
    int64_t first = add(&f, "路灯", "5");
    int64_t dearer = add(&f, "路灯", "6");
    int64_t other = add(&f, "暖气", "5");
    check(&f, first, 0, NULL);
    check(&f, dearer, 0, NULL);
    check(&f, other, 0, NULL);
    int64_t same = add(&f, "路灯", "5");
    check(&f, same, 0, "entry 'T2023-001' says the same in 标题, 金额,");
    check(&f, same, same, NULL); /* nothing of it is changed */
    check(&f, same, other, "entry 'T2023-001' says the same");
    check(&f, same, dearer, "entry 'T2023-001' says the same"); /* one of the two was changed */
}

static void test_what_says_nothing_is_not_compared(const TestPlace *place)
{
    static const char *const titles[] = {"/", "无", "待补", "——"};
    g_auto(LedgerFixture) f = {0};
    open_fixture(&f, place, "[title, cost]");
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
        add(&f, titles[i], "5");
        check(&f, add(&f, titles[i], "5"), 0, NULL);
    }
    int64_t first = add(&f, "路灯", "5");
    int64_t same = add(&f, "路灯", "5");
    check(&f, same, 0, "says the same");
    ledger_fixture_tamper(&f, "UPDATE ledger_task SET f_cost = NULL");
    check(&f, same, 0, NULL);
    check(&f, first, 0, NULL);
}

/* What was taken out of the books, or nobody sees yet, stands in nobody's way. */
static void test_what_is_not_in_the_books_is_not_compared(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    open_fixture(&f, place, "title");
    add(&f, "路灯", "5");
    int64_t same = add(&f, "路灯", "6");
    check(&f, same, 0, "entry 'T2023-001' says the same in 标题,");
    ledger_fixture_tamper(&f, "UPDATE entry SET gone = 'deleted' WHERE number = 'T2023-001'");
    check(&f, same, 0, NULL);
    ledger_fixture_tamper(&f, "UPDATE entry SET gone = NULL, batch = 7 WHERE number = 'T2023-001'");
    ledger_fixture_tamper(&f, "INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
                              " VALUES (7, 'task', 'x', 'x', 1, '', 'open')");
    ledger_fixture_tamper(&f, "UPDATE ledger_task SET batch = 7 WHERE f_cost = 500");
    check(&f, same, 0, NULL);
}

static void test_a_ledger_without_such_fields(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    add(&f, "路灯", "5");
    check(&f, add(&f, "路灯", "5"), 0, NULL);
}

/* Nobody says that there is no other where nobody can look. */
static void test_others_that_cannot_be_read(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    open_fixture(&f, place, "[title, cost]");
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, add(&f, "路灯", "5"));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_assert_true(ledger_unique_check(reader, entry, NULL, &error));
    g_assert_no_error(error);
    ledger_fixture_tamper(&f, "ALTER TABLE ledger_task RENAME TO away");
    g_assert_false(ledger_unique_check(reader, entry, NULL, &error));
    g_assert_nonnull(error);
    g_assert_false(error_is(error, SHUZHI_ERROR_EXISTS));
    ledger_fixture_tamper(&f, "ALTER TABLE away RENAME TO ledger_task");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/unique/strokes", test_strokes);
    test_store_each("/ledger/unique/all-fields-together", test_all_fields_together);
    test_store_each("/ledger/unique/what-says-nothing-is-not-compared",
                    test_what_says_nothing_is_not_compared);
    test_store_each("/ledger/unique/what-is-not-in-the-books-is-not-compared",
                    test_what_is_not_in_the_books_is_not_compared);
    test_store_each("/ledger/unique/a-ledger-without-such-fields",
                    test_a_ledger_without_such_fields);
    test_store_each("/ledger/unique/others-that-cannot-be-read", test_others_that_cannot_be_read);
    return g_test_run();
}
