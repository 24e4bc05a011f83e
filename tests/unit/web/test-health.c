/* What /health says, and the metrics with it, is true. */
#include "web/health.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/file.h"
#include "web-fixture.h"

static void check_health(WebFixture *fixture, int status, const char *line)
{
    g_auto(WebAnswer) answer = web_fixture_ask(fixture, NULL, HTTP_GET, "/health", NULL, NULL);
    g_assert_cmpstr(answer.body, ==, line);
    g_assert_cmpint(answer.status, ==, status);
}

/* The folder of files that wait is made anew with the next of them; that of evidence must be there.
 */
static void test_folders(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    check_health(&fixture, 200, "ok\n");
    file_remove_folder(scratch_path(fixture.scratch));
    check_health(&fixture, 200, "ok\n");
    const char *files = office_files_path(fixture.office.office);
    g_autofree char *aside = g_strconcat(files, "-aside", NULL);
    g_assert_cmpint(g_rename(files, aside), ==, 0);
    check_health(&fixture, 200, "ok\n"); /* it is made with the first file */
    g_assert_true(file_write(files, "x", 1, 0600, NULL));
    check_health(&fixture, 503, "files: IO\n"); /* no folder */
    g_assert_cmpint(g_unlink(files), ==, 0);
    g_assert_cmpint(g_rename(aside, files), ==, 0);
    web_fixture_close(&fixture);
}

static void test_lock(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *folder = office_folder(fixture.office.office);
    if (folder != NULL) { /* on PostgreSQL the lock is a row */
        g_autofree char *lock = g_build_filename(folder, "lock", NULL);
        g_autofree char *aside = g_build_filename(folder, "aside", NULL);
        g_assert_cmpint(g_rename(lock, aside), ==, 0);
        check_health(&fixture, 503, "store: UNAVAILABLE\n");
        g_assert_cmpint(g_rename(aside, lock), ==, 0);
    }
    check_health(&fixture, 200, "ok\n");
    web_fixture_close(&fixture);
}

static bool fill_disk(StoreConnection *connection, void *data, GError **error)
{
    error_set_errno(error, ENOSPC, "cannot write '%s'", "it");
    return false;
}

static bool do_nothing(StoreConnection *connection, void *data, GError **error)
{
    return true;
}

/* A disk that takes no write is known from the last one; one that is only wrong says nothing. */
static void test_last_write(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Store *store = office_store(fixture.office.office);
    g_assert_false(store_write(store, fill_disk, NULL, NULL));
    check_health(&fixture, 503, "store: FULL\n");
    g_assert_true(store_write(store, do_nothing, NULL, NULL));
    check_health(&fixture, 200, "ok\n");
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/health/folders", test_folders);
    test_store_each("/web/health/lock", test_lock);
    test_store_each("/web/health/last-write", test_last_write);
    return g_test_run();
}
