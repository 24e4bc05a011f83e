#include "ledger/export.h"

#include "base/file.h"
#include "ledger-fixture.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

/* Write @columns (NULL: all) of all tasks in @format as @subject; returns the bytes of the file,
 * NULL with @error. */
static char *export_columns(LedgerFixture *f, const TestPlace *place, const RightsSubject *subject,
                            TableFormat format, const char *const *columns, GError **error)
{
    g_autofree char *path = g_build_filename(place->folder, "tasks", NULL);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), error);
    LedgerExport plan = {.query.ledger = f->task,
                         .format = format,
                         .path = path,
                         .language = "zh",
                         .columns = columns};
    bool is_ok = ledger_export(f->office, reader, subject, &plan, NULL, error);
    return is_ok ? file_read(path, 100000, NULL, error) : NULL;
}

static char *export(LedgerFixture *f, const TestPlace *place, const RightsSubject *subject,
                    TableFormat format, GError **error)
{
    return export_columns(f, place, subject, format, NULL, error);
}

/* Columns that are named stand behind the number in that order, a deadline with the first one; a
 * personal field is none. */
static void test_columns_that_are_named(const TestPlace *place)
{
    static const char *const columns[] = {"title", "due", "state", "owner_name", "nonsense", NULL};
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    ledger_fixture_task(&f, "一");
    g_autofree char *table =
        export_columns(&f, place, f.base.console, TABLE_FORMAT_CSV, columns, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(table, "\r\n", -1);
    g_assert_true(g_str_has_prefix(lines[0], "\xef\xbb\xbf编号,"));
    g_auto(GStrv) header = g_strsplit(lines[0], ",", -1);
    g_assert_cmpuint(g_strv_length(header), ==, 5);
    g_assert_cmpstr(header[2], ==, "时限");
    g_assert_cmpstr(header[4], ==, "状态");
    g_assert_nonnull(strstr(lines[1], ",一,2023-11-20,,"));
    g_assert_cmpstr(lines[2], ==, "");
}

/* In a table, a deadline at midnight is the whole day before, and any other its moment; for
 * programs both are instants. */
static void test_deadlines(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    ledger_fixture_task(&f, "一"); /* recorded for within 5 workdays */
    ledger_fixture_apply(&f, "within: 5 workdays}", "within: 24 hours}", NULL);
    ledger_fixture_task(&f, "二");
    g_autofree char *table = export(&f, place, f.base.console, TABLE_FORMAT_CSV, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(table, ",2023-11-20,"));
    g_assert_nonnull(strstr(table, ",2023-11-14 09:00:00,"));
    g_autofree char *lines = export(&f, place, f.base.console, TABLE_FORMAT_JSONL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(lines, "2023-11-21T00:00:00"));
    g_assert_nonnull(strstr(lines, "2023-11-14T09:00:00"));
}

static void test_who_may_not_gets_no_file(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    ledger_fixture_task(&f, "一");
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:9", RIGHTS_STAFF, f.unit_a);
    g_assert_null(export(&f, place, staff, TABLE_FORMAT_CSV, &error));
    test_assert_error(error, FORBIDDEN, NULL);
    g_autofree char *path = g_build_filename(place->folder, "tasks", NULL);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/export/deadlines", test_deadlines);
    test_store_each("/ledger/export/columns-that-are-named", test_columns_that_are_named);
    test_store_each("/ledger/export/who-may-not-gets-no-file", test_who_may_not_gets_no_file);
    return g_test_run();
}
