#include "support/test-store.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <unistd.h>

/* ---- places ---------------------------------------------------------------------------------- */

void test_remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
            test_remove_folder(path);
        } else {
            g_unlink(path);
        }
    }
    g_rmdir(folder);
}

/* Return the number of the next schema; tests of one process run one after another. */
static int next_number(void)
{
    static int number = 0;
    return ++number;
}

static char *server_of_tests(void)
{
    const char *url = g_getenv("SHUZHI_TEST_POSTGRES");
    return url != NULL && *url != '\0' ? g_strdup(url) : NULL;
}

/* Return the location of a new schema on the server, NULL without one. */
static char *new_schema_location(void)
{
    g_autofree char *url = server_of_tests();
    if (url == NULL) {
        return NULL;
    }
    return g_strdup_printf("%s%cschema=test_%d_%d", url, strchr(url, '?') != NULL ? '&' : '?',
                           (int)getpid(), next_number());
}

const char *test_place_schema(const TestPlace *place)
{
    return strstr(place->location, "schema=") + strlen("schema=");
}

int64_t test_server_run(const TestPlace *place, const char *sql)
{
    g_autofree char *url = server_of_tests();
    g_auto(GStrv) parts = g_strsplit(sql, "{schema}", -1);
    g_autofree char *full = g_strjoinv(test_place_schema(place), parts);
    PGconn *server = PQconnectdb(url);
    g_assert_cmpint(PQstatus(server), ==, CONNECTION_OK);
    PQclear(PQexec(server, "SET client_min_messages = error"));
    PGresult *result = PQexec(server, full);
    g_assert_cmpstr(PQresultErrorMessage(result), ==, "");
    int64_t value = PQntuples(result) > 0 ? g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    PQfinish(server);
    return value;
}

TestPlace *test_place_new(StoreDialect dialect)
{
    g_autofree char *location = dialect == STORE_POSTGRES ? new_schema_location() : NULL;
    if (dialect == STORE_POSTGRES && location == NULL) {
        g_test_skip("SHUZHI_TEST_POSTGRES names no PostgreSQL server");
        return NULL;
    }
    TestPlace *place = g_new0(TestPlace, 1);
    place->dialect = dialect;
    place->folder = g_dir_make_tmp("shuzhi-test-XXXXXX", NULL);
    g_assert_nonnull(place->folder);
    place->location = location != NULL ? g_steal_pointer(&location)
                                       : g_build_filename(place->folder, "office.db", NULL);
    return place;
}

void test_place_free(TestPlace *place)
{
    if (place == NULL) {
        return;
    }
    if (place->dialect == STORE_POSTGRES) {
        test_server_run(place, "DROP SCHEMA IF EXISTS {schema} CASCADE");
    }
    test_remove_folder(place->folder);
    g_free(place->location);
    g_free(place->folder);
    g_free(place);
}

/* ---- registering ----------------------------------------------------------------------------- */

typedef struct Case {
    TestStoreFunc func;
    StoreDialect dialect;
} Case;

static void run_case(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(TestPlace) place = test_place_new(test->dialect);
    if (place != NULL) {
        test->func(place);
    }
}

void test_store_on(StoreDialect dialect, const char *path, TestStoreFunc func)
{
    Case *test = g_new(Case, 1);
    *test = (Case){.func = func, .dialect = dialect};
    g_autofree char *full =
        g_strconcat(path, dialect == STORE_SQLITE ? "/sqlite" : "/postgres", NULL);
    g_test_add_data_func_full(full, test, run_case, g_free);
}

void test_store_each(const char *path, TestStoreFunc func)
{
    test_store_on(STORE_SQLITE, path, func);
    test_store_on(STORE_POSTGRES, path, func);
}

/* ---- helpers --------------------------------------------------------------------------------- */

void test_assert_error_at(const char *where, const GError *error, ErrorCode code, const char *words)
{
    if (error == NULL) {
        g_error("%s: no error, expected %s", where, error_code_name(code));
    }
    if (!error_is(error, code) || (words != NULL && strstr(error->message, words) == NULL)) {
        g_error("%s: expected %s with '%s', got: %s (%s)", where, error_code_name(code),
                words != NULL ? words : "", error->message,
                error->domain == SHUZHI_ERROR ? error_code_name((ErrorCode)error->code) : "?");
    }
}

Store *test_store_open(const TestPlace *place, StoreMode mode)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open(place->location, mode, &error);
    g_assert_no_error(error);
    return store;
}

void test_store_cannot_open(const TestPlace *place, StoreMode mode, ErrorCode code,
                            const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(place->location, mode, &error));
    test_assert_error_at("test_store_cannot_open", error, code, words);
}

static bool run_script_job(StoreConnection *connection, void *data, GError **error)
{
    return store_run_script(connection, data, error);
}

void test_store_script(Store *store, const char *script)
{
    g_autoptr(GError) error = NULL;
    store_write(store, run_script_job, (void *)script, &error);
    g_assert_no_error(error);
}

int64_t test_store_int(Store *store, const char *sql)
{
    g_autoptr(GError) error = NULL;
    int64_t value = -1;
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_no_error(error);
    store_query_int(reader, -1, &value, &error, sql, "");
    g_assert_no_error(error);
    return value;
}
