#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store-internal.h"

#include "base/file.h"
#include "support/fault-statement.h"
#include "support/fault-vfs.h"
#include "support/test-store.h"

/* ---- helpers ----------------------------------------------------------------------------------
 */

static void on_sqlite(const char *path, TestStoreFunc func)
{
    test_store_on(STORE_SQLITE, path, func);
}

static Store *create_with_numbers(const TestPlace *place)
{
    Store *store = test_store_open(place, STORE_CREATE);
    test_store_script(store,
                      "CREATE TABLE number (n {int} NOT NULL PRIMARY KEY, b {blob}) {strict};"
                      "CREATE INDEX number_b ON number (b);");
    return store;
}

typedef struct Row {
    int64_t n;
    size_t length;
} Row;

static bool insert_row(StoreConnection *connection, void *data, GError **error)
{
    const Row *row = data;
    g_autofree uint8_t *bytes = g_malloc(row->length);
    memset(bytes, (int)(row->n & 0xff), row->length);
    return store_run(connection, error, "INSERT INTO number (n, b) VALUES ($1, $2)", "ib", row->n,
                     bytes, row->length);
}

static void write_rows(Store *store, int64_t from, int64_t n, size_t length)
{
    for (int64_t i = from; i < from + n; i++) {
        g_autoptr(GError) error = NULL;
        Row row = {i, length};
        store_write(store, insert_row, &row, &error);
        g_assert_no_error(error);
    }
}

static int64_t count_rows(Store *store)
{
    return test_store_int(store, "SELECT count(*) FROM number");
}

static void make_with_rows(const TestPlace *place, int64_t n)
{
    g_autoptr(Store) store = create_with_numbers(place);
    write_rows(store, 1, n, 1000);
}

static int64_t size_of(const TestPlace *place, const char *ending)
{
    g_autofree char *path = g_strconcat(place->location, ending, NULL);
    struct stat info;
    return stat(path, &info) == 0 ? info.st_size : -1;
}

/* Make a copy of the single file @from in @place's folder, under the name of its office. */
static TestPlace *copy_file_of(const TestPlace *place, int64_t n_bytes)
{
    TestPlace *copy = test_place_new(STORE_SQLITE);
    g_autofree char *bytes = NULL;
    size_t length = 0;
    g_assert_true(g_file_get_contents(place->location, &bytes, &length, NULL));
    gssize kept = n_bytes >= 0 ? (gssize)n_bytes : (gssize)length + (gssize)n_bytes + 1;
    g_assert_true(g_file_set_contents(copy->location, bytes, kept, NULL));
    return copy;
}

/* ---- memory that SQLite does not get ----------------------------------------------------------
 */

static sqlite3_mem_methods memory;
static gint large_bytes; /* allocations from here on fail; 0: none does */

static void *scarce_malloc(int n_bytes)
{
    int limit = g_atomic_int_get(&large_bytes);
    return limit > 0 && n_bytes >= limit ? NULL : memory.xMalloc(n_bytes);
}

/* Before anything of SQLite's is used. */
static void make_memory_scarce(void)
{
    g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory), ==, SQLITE_OK);
    sqlite3_mem_methods scarce = memory;
    scarce.xMalloc = scarce_malloc;
    g_assert_cmpint(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce), ==, SQLITE_OK);
}

/* ---- the file ---------------------------------------------------------------------------------
 */

static void test_private_file(const TestPlace *place)
{
    make_with_rows(place, 1);
    struct stat info;
    g_assert_cmpint(stat(place->location, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0600);
    g_assert_cmpint(size_of(place, "-wal"), ==, -1); /* closing folded it away */
}

static void test_strangers_file(const TestPlace *place)
{
    static const char *const words[] = {"not a database", "not the database of an office"};
    g_assert_true(g_file_set_contents(place->location, "述职报告 is not a database at all, is it?",
                                      -1, NULL));
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT, words[0]);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_CORRUPT, words[0]);

    g_assert_true(g_file_set_contents(place->location, "", 0, NULL));
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT, words[1]);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_CORRUPT, words[1]);

    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(place->location, &db), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_exec(db, "PRAGMA application_id = 7; CREATE TABLE a (x)", NULL, NULL, NULL), ==,
        SQLITE_OK);
    sqlite3_close(db);
    g_autofree char *before = NULL, *after = NULL;
    size_t n_before = 0, n_after = 0;
    g_assert_true(g_file_get_contents(place->location, &before, &n_before, NULL));
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT, words[1]);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_CORRUPT, words[1]);
    g_assert_true(g_file_get_contents(place->location, &after, &n_after, NULL));
    g_assert_cmpmem(before, n_before, after, n_after);

    g_unlink(place->location);
    g_assert_cmpint(g_mkdir(place->location, 0700), ==, 0);
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT, "is not a file");
}

static void test_half_copied(const TestPlace *place)
{
    make_with_rows(place, 40);
    int64_t size = size_of(place, "");
    const int64_t cuts[] = {10, 100, 1000, 4096, 4097, size / 2, size - 4096, size - 1};
    for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
        g_autoptr(TestPlace) copy = copy_file_of(place, cuts[i]);
        test_store_cannot_open(copy, STORE_READ, SHUZHI_ERROR_CORRUPT, "cannot open the office");
        test_store_cannot_open(copy, STORE_WRITE, SHUZHI_ERROR_CORRUPT, "cannot open the office");
        g_assert_cmpint(size_of(copy, ""), ==, cuts[i]); /* as it was, for whoever may repair it */
    }
    g_autoptr(TestPlace) whole = copy_file_of(place, -1);
    g_autoptr(Store) store = test_store_open(whole, STORE_READ);
    g_assert_cmpint(count_rows(store), ==, 40);
}

/* A copy of the database file without its WAL is an older state of the office, and a sound one. */
static void test_copy_without_wal(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    make_with_rows(place, 3);
    g_autoptr(Store) store = test_store_open(place, STORE_WRITE);
    write_rows(store, 4, 2, 1000);
    g_assert_cmpint(size_of(place, "-wal"), >, 0);
    g_autoptr(TestPlace) copy = copy_file_of(place, -1);
    g_autoptr(Store) older = test_store_open(copy, STORE_WRITE);
    g_assert_cmpint(count_rows(older), ==, 3);
    g_assert_true(store_check(older, &error));
}

static void test_failed_create_leaves_nothing(const TestPlace *place)
{
    g_autofree char *missing = g_build_filename(place->folder, "missing", "office.db", NULL);
    TestPlace nowhere = {.dialect = STORE_SQLITE, .location = missing};
    test_store_cannot_open(&nowhere, STORE_CREATE, SHUZHI_ERROR_NOT_FOUND, "missing");
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
}

/* Nor does one that could not make its file: the lock stands before it. */
static void test_failed_create_leaves_no_lock(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strnfill(300, 'x'); /* longer than a name of a file may be */
    g_autofree char *location = g_build_filename(place->folder, name, NULL);
    g_assert_null(store_open(location, STORE_CREATE, &error));
    test_assert_error(error, IO, "cannot make");
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_assert_cmpint(g_mkdir(place->folder, 0700), ==, 0);
}

/* Someone who may not write to the folder, as on a medium that is read-only, reads all the same. */
static void test_read_only_folder(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-copy-XXXXXX", NULL);
    g_autofree char *copy = g_build_filename(folder, "copy.db", NULL);
    chmod(folder, 0777);
    make_with_rows(place, 5);
    chmod(place->folder, 0555);
    chmod(place->location, 0444);
    bool is_root = geteuid() == 0;
    if (is_root) {
        setfsuid(65534);
    }
    g_autoptr(Store) store = test_store_open(place, STORE_READ);
    g_assert_cmpint(count_rows(store), ==, 5);
    store_copy_to(store, copy, &error);
    g_assert_no_error(error);
    g_clear_pointer(&store, store_close);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_FORBIDDEN, "lock");
    if (is_root) {
        setfsuid(0);
    }
    chmod(place->folder, 0700);
    g_assert_cmpint(size_of(place, "-wal"), ==, -1);
    test_remove_folder(folder);
}

static void test_strange_path(const TestPlace *place)
{
    g_autofree char *folder = g_build_filename(place->folder, "机关 #1?a=%20&b", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_autofree char *path = g_build_filename(folder, "office.db", NULL);
    TestPlace strange = {.dialect = STORE_SQLITE, .location = path, .folder = folder};
    make_with_rows(&strange, 2);
    g_autoptr(Store) store = test_store_open(&strange, STORE_READ);
    g_assert_cmpint(count_rows(store), ==, 2);
    g_clear_pointer(&store, store_close);
    test_read_only_folder(place);
}

/* ---- the lock ---------------------------------------------------------------------------------
 */

static void test_lock_names_its_holder(const TestPlace *place)
{
    g_autofree char *words = g_strdup_printf("in use by process %d", (int)getpid());
    g_autoptr(Store) store = create_with_numbers(place);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_BUSY, words);
    test_store_cannot_open(place, STORE_CREATE, SHUZHI_ERROR_BUSY, words);
    g_clear_pointer(&store, store_close);
    store = test_store_open(place, STORE_WRITE);
    g_clear_pointer(&store, store_close);

    g_autofree char *lock = g_build_filename(place->folder, "lock", NULL);
    g_assert_true(g_file_set_contents(lock, "4711\n", -1, NULL)); /* left by a killed process */
    store = test_store_open(place, STORE_WRITE);
}

/* A lock that is no longer where it was keeps nobody out: then nothing more is written. */
static void test_lock_that_is_gone(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    g_autofree char *lock = g_build_filename(place->folder, "lock", NULL);
    g_autoptr(GError) error = NULL;
    Row row = {1, 10};
    write_rows(store, 7, 1, 10);
    g_assert_cmpint(g_unlink(lock), ==, 0);
    g_assert_false(store_write(store, insert_row, &row, &error));
    test_assert_error(error, UNAVAILABLE, lock);
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(lock, "", 0, NULL)); /* another's */
    g_assert_false(store_write(store, insert_row, &row, &error));
    test_assert_error(error, UNAVAILABLE, "open it anew");
    g_assert_cmpint(count_rows(store), ==, 1);
}

/* ---- the WAL ----------------------------------------------------------------------------------
 */

/* The writer folds the WAL away in time; a reader neither does nor removes it. */
static void test_writer_alone_checkpoints(const TestPlace *place)
{
    g_autoptr(Store) store = create_with_numbers(place);
    write_rows(store, 1, 5, 1000);
    int64_t wal_bytes = size_of(place, "-wal"), file_bytes = size_of(place, "");
    g_assert_cmpint(wal_bytes, >, 0);
    g_autoptr(Store) reader = test_store_open(place, STORE_READ);
    g_assert_cmpint(count_rows(reader), ==, 5);
    g_clear_pointer(&reader, store_close);
    g_assert_cmpint(size_of(place, "-wal"), ==, wal_bytes);
    g_assert_cmpint(size_of(place, ""), ==, file_bytes);

    write_rows(store, 6, 60, 1 << 20); /* 60 MiB, twice: in the table and in its index */
    g_assert_cmpint(size_of(place, "-wal"), <, 24 << 20);
    g_assert_cmpint(size_of(place, ""), >, 90 << 20);
    g_assert_cmpint(count_rows(store), ==, 65);
}

static bool delete_job(StoreConnection *connection, void *data, GError **error)
{
    store_forget_deleted(connection);
    return store_run(connection, error, "DELETE FROM number", "");
}

/* Return whether the bytes of row 3 of write_rows() are in the file of this ending. */
static bool holds_row(const TestPlace *place, const char *ending)
{
    static const char row[200] = {[0 ... 199] = 3};
    g_autofree char *path = g_strconcat(place->location, ending, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    return memmem(bytes, length, row, sizeof row) != NULL;
}

/* What is to be forgotten stays in neither file nor WAL, once nobody looks at it any more. */
static void test_forgotten_is_gone_from_the_disk(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    write_rows(store, 1, 5, 1000);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_true(store_snapshot_begin(reader, &error));
    g_assert_true(store_write(store, delete_job, NULL, &error));
    write_rows(store, 6, 1, 10);
    g_assert_true(holds_row(place, "-wal")); /* the snapshot needs it */
    store_snapshot_end(reader);
    write_rows(store, 7, 2, 10); /* what follows the first of them has waited for its end */
    g_assert_false(holds_row(place, "-wal") || holds_row(place, ""));
    g_assert_cmpint(count_rows(store), ==, 3);
}

static void test_old_snapshot_keeps_its_state(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    write_rows(store, 1, 1, 10);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_true(store_snapshot_begin(reader, &error));
    write_rows(store, 2, 30, 1 << 20); /* past several checkpoints, none of which can end */
    int64_t n = 0;
    g_assert_true(store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", ""));
    g_assert_cmpint(n, ==, 1);
    store_snapshot_end(reader);
    g_assert_true(store_query_int(reader, 0, &n, &error, "SELECT count(*) FROM number", ""));
    g_assert_cmpint(n, ==, 31);
}

/* ---- folding beside batches that are not flushed ----------------------------------------------
 */

#define FEW_PAGES 4
#define WAL_PAGE_BYTES (8192 + 24)

static Store *create_that_folds_soon(const TestPlace *place)
{
    Store *store = create_with_numbers(place);
    store->fold_pages = FEW_PAGES;
    return store;
}

/* Copy file and WAL as they are at this moment, and check that the first @n rows are there. */
static void check_copy(const TestPlace *place, int64_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TestPlace) copy = copy_file_of(place, -1);
    g_autofree char *from = g_strconcat(place->location, "-wal", NULL);
    g_autofree char *to = g_strconcat(copy->location, "-wal", NULL);
    g_autofree char *bytes = NULL;
    size_t length = 0;
    g_assert_true(g_file_get_contents(from, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(to, bytes, (gssize)length, NULL));
    g_autoptr(Store) store = test_store_open(copy, STORE_WRITE);
    g_assert_cmpint(count_rows(store), ==, n);
    g_assert_cmpint(test_store_int(store, "SELECT max(n) FROM number"), ==, n);
    store_check(store, &error);
    g_assert_no_error(error);
}

/* Whatever is being folded when the machine stops: all that was committed is in file and WAL. */
static void test_folding_beside_loses_nothing(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_that_folds_soon(place);
    int64_t before = size_of(place, "");
    for (int64_t i = 1; i <= 300; i++) {
        Row row = {i, 3000};
        (i % 90 == 0 ? store_write : store_write_unflushed)(store, insert_row, &row, &error);
        g_assert_no_error(error);
        if (i % 7 == 0) {
            check_copy(place, i);
        }
        if (i == 60) { /* no write has waited for the disk yet */
            g_assert_cmpint(size_of(place, ""), >, before + 30 * 8192);
        }
    }
    g_assert_cmpint(size_of(place, "-wal"), <, 32 * FEW_PAGES * WAL_PAGE_BYTES);
    g_clear_pointer(&store, store_close);
    store = test_store_open(place, STORE_READ);
    g_assert_cmpint(count_rows(store), ==, 300);
    store_check(store, &error);
    g_assert_no_error(error);
}

/* Write while the @n-th operation of @kind fails, in the batch or beside it: what was acknowledged
 * is there, and the next fold does what the failed one did not. */
static void write_with_fault(const TestPlace *place, FaultKind kind, int n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_that_folds_soon(place);
    int64_t n_written = 0;
    fault_vfs_arm(kind, n, false);
    for (int64_t i = 1; i <= 40; i++) {
        Row row = {n_written + 1, 3000};
        n_written += store_write_unflushed(store, insert_row, &row, NULL) ? 1 : 0;
    }
    fault_vfs_disarm();
    g_assert_cmpint(n_written, >=, 39);
    check_copy(place, n_written);
    Row row = {n_written + 1, 3000};
    store_write(store, insert_row, &row, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_rows(store), ==, n_written + 1);
    store_check(store, &error);
    g_assert_no_error(error);
    check_copy(place, n_written + 1);
}

static void test_fault_beside_loses_nothing(const TestPlace *place)
{
    static const FaultKind kinds[] = {FAULT_SYNC, FAULT_WRITE, FAULT_READ};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (int n = 1; n <= 60; n += kinds[i] == FAULT_SYNC ? 3 : 9) {
            g_autoptr(TestPlace) fresh = test_place_new(STORE_SQLITE);
            write_with_fault(fresh, kinds[i], n);
        }
    }
}

/* ---- damage -----------------------------------------------------------------------------------
 */

static void test_check_finds_damage(const TestPlace *place)
{
    make_with_rows(place, 200);
    int fd = open(place->location, O_WRONLY);
    static const uint8_t garbage[64] = {1, 2, 3};
    off_t last_rows = (size_of(place, "") / 4096 - 1) * 4096; /* one in the middle may be free */
    g_assert_cmpint(pwrite(fd, garbage, sizeof garbage, last_rows), ==, sizeof garbage);
    close(fd);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_WRITE); /* the first page is sound */
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "restore it from a backup");
}

static void test_check_finds_broken_reference(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    test_store_script(store, "CREATE TABLE part (id {int} NOT NULL PRIMARY KEY,"
                             " whole {int} REFERENCES number (n)) {strict};");
    g_clear_pointer(&store, store_close);
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(place->location, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, "INSERT INTO part VALUES (1, 99)", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    sqlite3_close(db);
    store = test_store_open(place, STORE_READ);
    g_assert_false(store_check(store, &error));
    test_assert_error(error, CORRUPT, "a row of part refers to a missing row of number");
}

/* ---- copies -----------------------------------------------------------------------------------
 */

typedef struct Scribe {
    Store *store;
    gint is_over;
    int64_t n_written;
} Scribe;

static gpointer write_until_over(gpointer data)
{
    Scribe *scribe = data;
    while (!g_atomic_int_get(&scribe->is_over)) {
        write_rows(scribe->store, 1000000 + scribe->n_written++, 1, 100);
    }
    return NULL;
}

static void test_copy_beside_writer(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TestPlace) copy = test_place_new(STORE_SQLITE);
    g_autoptr(Store) store = create_with_numbers(place);
    write_rows(store, 1, 100, 1000);
    g_autofree char *part = g_strconcat(copy->location, ".part", NULL); /* somebody's own */
    g_assert_true(file_write(part, "x", 1, 0600, &error));
    Scribe scribe = {.store = store};
    GThread *thread = g_thread_new("scribe", write_until_over, &scribe);
    bool is_ok = store_copy_to(store, copy->location, &error);
    g_atomic_int_set(&scribe.is_over, 1);
    g_thread_join(thread);
    g_assert_no_error(error);
    g_assert_true(is_ok);
    {
        g_autoptr(Store) copied = test_store_open(copy, STORE_WRITE);
        g_assert_cmpint(count_rows(copied), >=, 100);
        g_assert_cmpint(count_rows(copied), <=, count_rows(store));
        g_assert_true(store_check(copied, &error));
        write_rows(copied, 999, 1, 10);
    }
    g_assert_false(store_copy_to(store, copy->location, &error));
    test_assert_error(error, EXISTS, copy->location);
    g_clear_error(&error);
    g_assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
    g_autofree char *nowhere = g_build_filename(copy->folder, "missing", "x", NULL);
    g_assert_false(store_copy_to(store, nowhere, &error));
    test_assert_error(error, NOT_FOUND, nowhere);
}

/* ---- rules of the connection -------------------------------------------------------------------
 */

static bool forbidden_job(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, data, "");
}

static void test_defensive(const TestPlace *place)
{
    static const char *const statements[] = {
        "UPDATE sqlite_schema SET sql = 'x'",
        "ATTACH 'other.db' AS other",
        "SELECT load_extension('x')",
    };
    g_autoptr(Store) store = create_with_numbers(place);
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(store, forbidden_job, (void *)statements[i], &error));
        test_assert_error_at(statements[i], error, SHUZHI_ERROR_INVALID, NULL);
    }
    g_assert_cmpint(test_store_int(store, "PRAGMA wal_autocheckpoint"), ==, 0);
    g_assert_cmpint(test_store_int(store, "PRAGMA mmap_size"), ==, 0);
    g_assert_cmpint(test_store_int(store, "PRAGMA temp_store"), ==, 2);
    g_assert_cmpint(test_store_int(store, "PRAGMA application_id"), ==, 0x73687a68);
}

static bool durable_job(StoreConnection *connection, void *data, GError **error)
{
    int64_t synchronous = 0, foreign_keys = 0;
    g_assert_true(store_query_int(connection, 0, &synchronous, error, "PRAGMA synchronous", ""));
    g_assert_true(store_query_int(connection, 0, &foreign_keys, error, "PRAGMA foreign_keys", ""));
    g_assert_cmpint(synchronous, ==, 2);
    g_assert_cmpint(foreign_keys, ==, 1);
    return true;
}

static void test_writer_is_durable(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = create_with_numbers(place);
    g_assert_true(store_write(store, durable_job, NULL, &error));
}

/* What stands behind a byte 0 would never be seen: no text of ours has one. */
static void test_hidden_text_is_damage(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE t (id {int} NOT NULL PRIMARY KEY, x {text}) {strict};\n"
                             "INSERT INTO t VALUES (1, 'a'), (2, 'b' || char(0) || 'c');\n");
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_autoptr(StoreStatement) query =
        store_query(reader, &error, "SELECT x FROM t ORDER BY id", "");
    bool has_row = false;
    g_assert_true(store_step(query, &has_row, &error) && has_row);
    g_assert_cmpstr(store_column_text(query, 0), ==, "a");
    g_assert_true(store_step(query, &has_row, &error) && has_row);
    g_assert_cmpstr(store_column_text(query, 0), ==, "b");
    g_assert_false(store_step(query, &has_row, &error));
    test_assert_error(error, CORRUPT, "byte 0");
}

/* Nor is it taken for whole by who looks at one row only. */
static void test_hidden_text_of_the_only_row_is_damage(const TestPlace *place)
{
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE t (id {int} NOT NULL PRIMARY KEY, x {text}) {strict};\n"
                             "INSERT INTO t VALUES (1, 'a'), (2, 'b' || char(0) || 'c');\n");
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, NULL);
    for (int64_t id = 1; id <= 2; id++) { /* the same statement */
        g_autoptr(GError) error = NULL;
        g_autoptr(StoreStatement) query =
            store_query(reader, &error, "SELECT id, x FROM t WHERE id = $1", "i", id);
        bool has_row = false;
        g_assert_true(store_step(query, &has_row, &error) == (id == 1));
        g_assert_true(id == 1 || error_is(error, SHUZHI_ERROR_CORRUPT));
    }
}

/* A snapshot of which the first reading fails is not left half begun. */
static void test_failed_snapshot_can_be_begun_again(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_no_error(error);
    fault_statement_arm(1);
    g_assert_false(store_snapshot_begin(reader, &error));
    g_assert_true(fault_statement_disarm());
    test_assert_error(error, CANCELLED, NULL);
    g_clear_error(&error);
    g_assert_true(store_snapshot_begin(reader, &error));
    g_assert_no_error(error);
    store_snapshot_end(reader);
}

/* Bind a value for which there is no memory, and try to write it. */
static bool insert_unbound(StoreConnection *connection, void *data, GError **error)
{
    static char bytes[100001];
    bool is_text = data != NULL;
    memset(bytes, 'x', sizeof bytes - 1);
    g_autoptr(StoreStatement) insert =
        store_prepare(connection, "INSERT INTO note (n, x, b) VALUES (1, $1, $2)", error);
    g_atomic_int_set(&large_bytes, 100000);
    if (is_text) {
        store_bind_text(insert, 1, bytes);
    } else {
        store_bind_bytes(insert, 2, bytes, sizeof bytes);
    }
    g_atomic_int_set(&large_bytes, 0);
    return store_execute(insert, NULL, error);
}

/* It is not written as if nothing had been there, and the statement can be used again. */
static void test_value_without_memory_is_no_null(const TestPlace *place)
{
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE note (n {int} NOT NULL, x {text}, b {blob}) {strict};");
    for (int i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(store, insert_unbound, i % 2 != 0 ? "text" : NULL, &error));
        test_assert_error(error, LIMIT, "memory");
    }
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM note"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_memory_scarce();
    fault_statement_install();
    fault_vfs_install();
    on_sqlite("/store/sqlite/private-file", test_private_file);
    on_sqlite("/store/sqlite/strangers-file", test_strangers_file);
    on_sqlite("/store/sqlite/half-copied", test_half_copied);
    on_sqlite("/store/sqlite/copy-without-wal", test_copy_without_wal);
    on_sqlite("/store/sqlite/failed-create-leaves-nothing", test_failed_create_leaves_nothing);
    on_sqlite("/store/sqlite/failed-create-leaves-no-lock", test_failed_create_leaves_no_lock);
    on_sqlite("/store/sqlite/lock-that-is-gone", test_lock_that_is_gone);
    on_sqlite("/store/sqlite/read-only-folder", test_read_only_folder);
    on_sqlite("/store/sqlite/strange-path", test_strange_path);
    on_sqlite("/store/sqlite/lock-names-its-holder", test_lock_names_its_holder);
    on_sqlite("/store/sqlite/writer-alone-checkpoints", test_writer_alone_checkpoints);
    on_sqlite("/store/sqlite/forgotten-is-gone-from-the-disk",
              test_forgotten_is_gone_from_the_disk);
    on_sqlite("/store/sqlite/old-snapshot-keeps-its-state", test_old_snapshot_keeps_its_state);
    on_sqlite("/store/sqlite/folding-beside-loses-nothing", test_folding_beside_loses_nothing);
    on_sqlite("/store/sqlite/fault-beside-loses-nothing", test_fault_beside_loses_nothing);
    on_sqlite("/store/sqlite/check-finds-damage", test_check_finds_damage);
    on_sqlite("/store/sqlite/check-finds-broken-reference", test_check_finds_broken_reference);
    on_sqlite("/store/sqlite/copy-beside-writer", test_copy_beside_writer);
    on_sqlite("/store/sqlite/defensive", test_defensive);
    on_sqlite("/store/sqlite/hidden-text-is-damage", test_hidden_text_is_damage);
    on_sqlite("/store/sqlite/hidden-text-of-the-only-row-is-damage",
              test_hidden_text_of_the_only_row_is_damage);
    on_sqlite("/store/sqlite/failed-snapshot-can-be-begun-again",
              test_failed_snapshot_can_be_begun_again);
    on_sqlite("/store/sqlite/value-without-memory-is-no-null",
              test_value_without_memory_is_no_null);
    on_sqlite("/store/sqlite/writer-is-durable", test_writer_is_durable);
    return g_test_run();
}
