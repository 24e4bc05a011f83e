#include "store/store.h"

#include "support/test-store.h"

/* ---- helpers --------------------------------------------------------------------------------- */

static Store *create_with_numbers(const TestPlace *place)
{
    Store *store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE number (n {int} NOT NULL PRIMARY KEY) {strict};");
    return store;
}

static bool insert_number(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "INSERT INTO number (n) VALUES ($1)", "i",
                     *(int64_t *)data);
}

static bool write_number(Store *store, int64_t n, GError **error)
{
    return store_write(store, insert_number, &n, error);
}

static int64_t sum_of(Store *store)
{
    return test_store_int(store, "SELECT sum(n) FROM number");
}

/* End the session that holds the office, as a restart of the server would. */
static void end_writer(const TestPlace *place)
{
    g_assert_cmpint(test_server_run(place, "SELECT pg_terminate_backend(session::int, 10000)::int"
                                           " FROM {schema}.writer"),
                    ==, 1);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void check_address(const char *location, ErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(location, STORE_READ, &error));
    test_assert_error_at(location, error, code, NULL);
    g_assert_null(strstr(error->message, "geheim"));
    g_assert_null(strstr(error->message, "nowhere"));
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_false(g_ascii_isalpha(zh[0])); /* is translated */
}

static void test_bad_addresses(const TestPlace *place)
{
    check_address("postgres://[nowhere/geheim", SHUZHI_ERROR_INVALID);
    check_address("postgres://nowhere/x?geheim=1", SHUZHI_ERROR_INVALID);
    check_address("postgres://nowhere/x?schema=Public", SHUZHI_ERROR_INVALID);
    check_address("postgres://nowhere/x?schema=", SHUZHI_ERROR_INVALID);
    check_address("postgres://nowhere/x?schema=pg_x", SHUZHI_ERROR_INVALID);
    check_address("postgres://zhang:geheim@/x?host=/nowhere", SHUZHI_ERROR_UNAVAILABLE);
    check_address("postgres://zhang:geheim@127.0.0.1:1/nowhere", SHUZHI_ERROR_UNAVAILABLE);
}

static void test_missing_database_and_user(const TestPlace *place)
{
    g_autofree char *database = g_strconcat(place->location, "&dbname=nowhere", NULL);
    check_address(database, SHUZHI_ERROR_NOT_FOUND);
    g_autofree char *user = g_strconcat(place->location, "&user=nowhere", NULL);
    check_address(user, SHUZHI_ERROR_FORBIDDEN);
}

static void test_lost_row_of_writer(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    store_close(create_with_numbers(place));
    g_autoptr(Store) store = test_store_open(place, STORE_READ);
    g_assert_true(store_check(store, &error));
    test_server_run(place, "DELETE FROM {schema}.writer");
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "writer");
}

/* Nothing is missing where a right is. */
static void test_user_without_rights(const TestPlace *place)
{
    store_close(create_with_numbers(place));
    test_server_run(place, "CREATE ROLE {schema} LOGIN");
    g_autofree char *user = g_strconcat(place->location, "&user=", test_place_schema(place), NULL);
    check_address(user, SHUZHI_ERROR_FORBIDDEN);
    test_server_run(place, "DROP ROLE {schema}");
}

static void test_foreign_encoding(const TestPlace *place)
{
    test_server_run(place, "CREATE DATABASE {schema} TEMPLATE template0 ENCODING 'SQL_ASCII'"
                           " LOCALE 'C' LOCALE_PROVIDER libc");
    g_autofree char *database =
        g_strconcat(place->location, "&dbname=", test_place_schema(place), NULL);
    check_address(database, SHUZHI_ERROR_INVALID);
    test_server_run(place, "DROP DATABASE {schema}");
}

static void test_foreign_schema(const TestPlace *place)
{
    test_server_run(place, "CREATE SCHEMA {schema}; CREATE TABLE {schema}.migration (number int)");
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT,
                           "not the database of an office");
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_CORRUPT, "not the database");
    test_store_cannot_open(place, STORE_CREATE, SHUZHI_ERROR_EXISTS, test_place_schema(place));
    g_assert_cmpint(test_server_run(place, "SELECT count(*) FROM {schema}.migration"), ==, 0);
}

static void test_copy_is_refused(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_false(store_copy_to(store, "/nowhere/x", &error));
    test_assert_error(error, INVALID, "pg_dump --schema=");
}

/* ---- the lock -------------------------------------------------------------------------------- */

static void test_one_writer(const TestPlace *place)
{
    Store *first = create_with_numbers(place);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_BUSY, "in use by process");
    store_close(test_store_open(place, STORE_READ));
    g_assert_true(write_number(first, 1, NULL));
    store_close(first);
    g_autoptr(Store) second = test_store_open(place, STORE_WRITE);
    g_assert_true(write_number(second, 2, NULL));
    g_assert_cmpint(sum_of(second), ==, 3);
}

/* Who lost the office without knowing it writes nothing more. */
static void test_fence(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) first = create_with_numbers(place);
    end_writer(place);
    g_autoptr(Store) second = test_store_open(place, STORE_WRITE);
    g_assert_true(write_number(second, 2, NULL));
    g_assert_false(write_number(first, 1, &error));
    test_assert_error(error, BUSY, "has taken the office over");
    g_clear_error(&error);
    /* also where its session lives on */
    test_server_run(place, "UPDATE {schema}.writer SET session = 0");
    g_assert_false(write_number(second, 3, &error));
    test_assert_error(error, BUSY, "taken the office over");
    g_assert_cmpint(sum_of(second), ==, 2);
}

/* Who took the office while the connection was lost, and has ended, does not keep it. */
static void test_taken_back(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) first = create_with_numbers(place);
    end_writer(place);
    Store *second = test_store_open(place, STORE_WRITE);
    g_assert_true(write_number(second, 2, NULL));
    g_assert_false(write_number(first, 1, &error));
    test_assert_error(error, BUSY, "has taken the office over");
    store_close(second);
    g_assert_true(write_number(first, 1, NULL));
    g_assert_cmpint(sum_of(first), ==, 3);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_BUSY, "in use by process");
}

static void test_discard_spares_anothers(const TestPlace *place)
{
    Store *store = create_with_numbers(place);
    test_server_run(place, "UPDATE {schema}.writer SET token = 1");
    store_discard(store);
    g_assert_cmpint(test_server_run(place, "SELECT count(*) FROM {schema}.writer"), ==, 1);
}

/* ---- lost connections ------------------------------------------------------------------------ */

static void test_idle_sessions_end(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_true(write_number(store, 1, NULL));
    g_assert_cmpint(sum_of(store), ==, 1);
    g_assert_cmpint(
        test_server_run(place,
                        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                        " WHERE application_name = 'shuzhi' AND (pid IN (SELECT session FROM"
                        " {schema}.writer) OR query LIKE '%FROM number%')"),
        >=, 2);
    g_assert_true(write_number(store, 2, NULL)); /* nobody notices */
    g_assert_cmpint(sum_of(store), ==, 3);
}

static bool lose_connection(StoreConnection *connection, void *data, GError **error)
{
    int64_t n = 7;
    g_assert_true(insert_number(connection, &n, NULL));
    end_writer(data);
    n = 8;
    return insert_number(connection, &n, error);
}

static void test_lost_in_a_job(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_false(store_write(store, lose_connection, (void *)place, &error));
    test_assert_error(error, UNAVAILABLE, NULL);
    g_assert_true(write_number(store, 1, NULL));
    g_assert_cmpint(sum_of(store), ==, 1);
}

static bool lose_before_commit(StoreConnection *connection, void *data, GError **error)
{
    end_writer(data);
    return true;
}

static void test_lost_in_the_commit(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    StoreHooks hooks = {.finish = lose_before_commit, .data = (void *)place};
    store_set_hooks(store, &hooks);
    g_assert_false(write_number(store, 1, &error));
    test_assert_error(error, UNAVAILABLE, "unknown");
    hooks = (StoreHooks){NULL};
    store_set_hooks(store, &hooks);
    g_assert_true(write_number(store, 2, NULL));
    g_assert_cmpint(sum_of(store), ==, 2);
}

static void test_lost_in_a_snapshot(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    StoreConnection *reader = store_reader_acquire(store, &error);
    g_assert_no_error(error);
    store_snapshot_begin(reader, &error);
    g_assert_no_error(error);
    int64_t session = 0;
    g_assert_true(store_query_int(reader, 0, &session, NULL, "SELECT pg_backend_pid()", ""));
    g_autofree char *sql = g_strdup_printf("SELECT pg_terminate_backend(%d, 10000)", (int)session);
    test_server_run(place, sql);
    for (int i = 0; i < 2; i++) {
        g_clear_error(&error);
        g_assert_false(store_query_int(reader, 0, &session, &error, "SELECT 1", ""));
        test_assert_error(error, UNAVAILABLE, NULL);
    }
    store_reader_release(reader);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM number"), ==, 0);
}

/* ---- main ------------------------------------------------------------------------------------ */

static void on_postgres(const char *path, TestStoreFunc func)
{
    test_store_on(STORE_POSTGRES, path, func);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_on(STORE_SQLITE, "/store/store-postgres/bad-addresses", test_bad_addresses);
    on_postgres("/store/postgres/missing-database-and-user", test_missing_database_and_user);
    on_postgres("/store/postgres/lost-row-of-writer", test_lost_row_of_writer);
    on_postgres("/store/postgres/user-without-rights", test_user_without_rights);
    on_postgres("/store/postgres/foreign-encoding", test_foreign_encoding);
    on_postgres("/store/postgres/foreign-schema", test_foreign_schema);
    on_postgres("/store/postgres/copy-is-refused", test_copy_is_refused);
    on_postgres("/store/postgres/one-writer", test_one_writer);
    on_postgres("/store/postgres/fence", test_fence);
    on_postgres("/store/postgres/taken-back", test_taken_back);
    on_postgres("/store/postgres/discard-spares-anothers", test_discard_spares_anothers);
    on_postgres("/store/postgres/idle-sessions-end", test_idle_sessions_end);
    on_postgres("/store/postgres/lost-in-a-job", test_lost_in_a_job);
    on_postgres("/store/postgres/lost-in-the-commit", test_lost_in_the_commit);
    on_postgres("/store/postgres/lost-in-a-snapshot", test_lost_in_a_snapshot);
    return g_test_run();
}
