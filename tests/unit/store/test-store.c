#include "store/store.h"

#include <glib/gstdio.h>

#include "support/test-store.h"

static bool insert_number(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "INSERT INTO number (n) VALUES ($1)", "i",
                     *(int64_t *)data);
}

static Store *create_with_numbers(const TestPlace *place)
{
    Store *store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE number (n {int} NOT NULL PRIMARY KEY) {strict};");
    return store;
}

static void write_number(Store *store, int64_t n)
{
    g_autoptr(GError) error = NULL;
    store_write(store, insert_number, &n, &error);
    g_assert_no_error(error);
}

static void test_create_write_read(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_cmpint(store_dialect(store), ==, place->dialect);
    write_number(store, 7);
    g_assert_cmpint(test_store_int(store, "SELECT n FROM number"), ==, 7);
    g_clear_pointer(&store, store_close);

    store = test_store_open(place, STORE_WRITE);
    write_number(store, 8);
    g_clear_pointer(&store, store_close);

    store = test_store_open(place, STORE_READ);
    g_assert_cmpint(test_store_int(store, "SELECT CAST(sum(n) AS bigint) FROM number"), ==, 15);
}

static void test_create_refuses_existing(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    write_number(store, 1);
    g_clear_pointer(&store, store_close);
    test_store_cannot_open(place, STORE_CREATE, SHUZHI_ERROR_EXISTS, NULL);
    store = test_store_open(place, STORE_WRITE); /* and it was left alone */
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM number"), ==, 1);
}

static void test_discard_leaves_nothing(const TestPlace *place)
{
    store_discard(create_with_numbers(place));
    store_discard(NULL);
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_NOT_FOUND, NULL);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_assert_cmpint(g_mkdir(place->folder, 0700), ==, 0);
    g_autoptr(Store) store = create_with_numbers(place);
}

static void test_open_missing(const TestPlace *place)
{
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_NOT_FOUND, NULL);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_NOT_FOUND, NULL);
    store_close(test_store_open(place, STORE_CREATE)); /* they made nothing */
}

static void test_read_beside_writer(const TestPlace *place)
{
    g_autoptr(Store) writer = create_with_numbers(place);
    write_number(writer, 1);
    g_autoptr(Store) reader = test_store_open(place, STORE_READ);
    g_assert_cmpint(test_store_int(reader, "SELECT count(*) FROM number"), ==, 1);
    write_number(writer, 2);
    g_assert_cmpint(test_store_int(reader, "SELECT count(*) FROM number"), ==, 2);
}

static void test_reader_cannot_write(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    {
        g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
        g_assert_no_error(error);
        g_assert_false(store_run(reader, &error, "INSERT INTO number (n) VALUES (1)", ""));
        test_assert_error(error, FORBIDDEN, NULL);
    }
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM number"), ==, 0);
}

static void test_snapshot_sees_one_state(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    write_number(store, 1);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    store_snapshot_begin(reader, &error);
    g_assert_no_error(error);
    write_number(store, 2); /* after the snapshot, before its first own statement */
    int64_t n = -1;
    store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", "");
    g_assert_no_error(error);
    g_assert_cmpint(n, ==, 1);
    write_number(store, 3);
    store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", "");
    g_assert_cmpint(n, ==, 1);
    store_snapshot_end(reader);
    store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", "");
    g_assert_no_error(error);
    g_assert_cmpint(n, ==, 3);
}

static void test_release_ends_snapshot(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    StoreConnection *reader = store_reader_acquire(store, &error);
    store_snapshot_begin(reader, &error);
    g_assert_no_error(error);
    store_reader_release(reader);
    write_number(store, 1);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM number"), ==, 1);
    StoreConnection *again = store_reader_acquire(store, &error);
    g_assert_true(again == reader); /* the pool gave the same one, out of its snapshot */
    store_snapshot_begin(again, &error);
    g_assert_no_error(error);
    store_reader_release(again);
}

static void test_failure_dooms_snapshot(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    store_snapshot_begin(reader, &error);
    g_assert_no_error(error);
    g_assert_null(store_prepare(reader, "SELECT x FROM nowhere", &error));
    test_assert_error(error, CORRUPT, "nowhere");
    g_clear_error(&error);
    int64_t n = -1;
    g_assert_false(store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", ""));
    test_assert_error(error, CORRUPT, "nowhere");
    g_clear_error(&error);
    store_snapshot_end(reader);
    g_assert_true(store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", ""));
    g_assert_cmpint(n, ==, 0);
}

typedef struct PoolUser {
    Store *store;
    gint *n_inside;
    gint *n_most;
} PoolUser;

static gpointer use_reader(gpointer data)
{
    const PoolUser *user = data;
    for (int i = 0; i < 3; i++) {
        g_autoptr(StoreConnection) reader = store_reader_acquire(user->store, NULL);
        g_assert_nonnull(reader);
        gint n = g_atomic_int_add(user->n_inside, 1) + 1;
        gint most;
        while (n > (most = g_atomic_int_get(user->n_most)) &&
               !g_atomic_int_compare_and_exchange(user->n_most, most, n)) {
        }
        int64_t count = -1;
        g_assert_true(store_query_int(reader, 0, &count, NULL, "SELECT count(*) FROM number", ""));
        g_assert_cmpint(count, ==, 1);
        g_atomic_int_add(user->n_inside, -1);
    }
    return NULL;
}

static void test_pool_is_bounded(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    write_number(store, 1);
    gint n_inside = 0, n_most = 0;
    PoolUser user = {store, &n_inside, &n_most};
    GThread *threads[80];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("reader", use_reader, &user);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    g_assert_cmpint(n_most, <=, 64);
}

static void test_check_finds_foreign_migrations(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_true(store_check(store, &error));
    test_store_script(store, "UPDATE migration SET name = 'other' WHERE number = 1;");
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "migration");
}

static void test_check_finds_what_is_missing(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    test_store_script(store, "DROP INDEX entry_number;");
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "the index 'entry_number' is missing");
    g_clear_error(&error);
    test_store_script(store, "DROP TABLE step;");
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "is missing");
}

static void test_indexes_are_made_anew(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    test_store_script(store,
                      "DROP INDEX entry_number;\nDROP INDEX event_object;\n"
                      "INSERT INTO entry (id, ledger, year, n, number, title, version,"
                      " definition, batch, changed) SELECT i, 'x', 1, 1, '1', 't', 1, 1, 0, 0"
                      " FROM (SELECT 1 AS i UNION SELECT 2) AS twice;");
    g_assert_true(store_mend_indexes(store, &error));
    g_assert_no_error(error);
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "the index 'entry_number' is missing"); /* two of a number */
    g_clear_error(&error);
    test_store_script(store, "DELETE FROM entry WHERE id = 2;");
    g_assert_true(store_mend_indexes(store, &error));
    g_assert_true(store_check(store, &error));
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/store/store/create-write-read", test_create_write_read);
    test_store_each("/store/store/create-refuses-existing", test_create_refuses_existing);
    test_store_each("/store/store/discard-leaves-nothing", test_discard_leaves_nothing);
    test_store_each("/store/store/open-missing", test_open_missing);
    test_store_each("/store/store/read-beside-writer", test_read_beside_writer);
    test_store_each("/store/store/reader-cannot-write", test_reader_cannot_write);
    test_store_each("/store/store/snapshot-sees-one-state", test_snapshot_sees_one_state);
    test_store_each("/store/store/release-ends-snapshot", test_release_ends_snapshot);
    test_store_each("/store/store/failure-dooms-snapshot", test_failure_dooms_snapshot);
    test_store_each("/store/store/pool-is-bounded", test_pool_is_bounded);
    test_store_each("/store/store/check-finds-foreign-migrations",
                    test_check_finds_foreign_migrations);
    test_store_each("/store/store/check-finds-what-is-missing", test_check_finds_what_is_missing);
    test_store_each("/store/store/indexes-are-made-anew", test_indexes_are_made_anew);
    return g_test_run();
}
