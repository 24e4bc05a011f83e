/* The same tests on both databases.
 *
 * test_store_each("/store/queue/x", func) registers /store/queue/x/sqlite and
 * /store/queue/x/postgres. Each run gets a place of its own where no office exists yet, and which
 * is removed afterwards: a folder under the temporary folder, or a schema.  The PostgreSQL variant
 * is skipped, with the reason, where SHUZHI_TEST_POSTGRES does not name a server
 * (tests/support/with-postgres starts one).
 *
 * Helpers here fail the test instead of returning errors. */
#pragma once

#include "store/store.h"

typedef struct TestPlace {
    StoreDialect dialect;
    char *location; /* for store_open() */
    char *folder;   /* empty but for what the test puts there; SQLite: office.db lies in it */
} TestPlace;

typedef void (*TestStoreFunc)(const TestPlace *place);

/* Register @func as @path on every database. */
void test_store_each(const char *path, TestStoreFunc func);

/* Register @func as @path on one database alone. */
void test_store_on(StoreDialect dialect, const char *path, TestStoreFunc func);

/* Make a place where no office exists; NULL, after g_test_skip(), where there is no such database.
 */
TestPlace *test_place_new(StoreDialect dialect);

/* Remove the place with everything in it; no store may be open. */
void test_place_free(TestPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestPlace, test_place_free)

/* Open @place, which must succeed. */
Store *test_store_open(const TestPlace *place, StoreMode mode);

/* Check that opening @place fails with @code, and that its message has @words in it. */
void test_store_cannot_open(const TestPlace *place, StoreMode mode, ErrorCode code,
                            const char *words);

/* Run the statements of @script in one job. */
void test_store_script(Store *store, const char *script);

/* Return the integer that @sql yields on a reader. */
int64_t test_store_int(Store *store, const char *sql);

/* The schema in the location of a place on PostgreSQL; borrowed. */
const char *test_place_schema(const TestPlace *place);

/* Run @sql on a connection of the test's own to the server of @place, as its administrator, and
 * return the first column of the first row as an integer, 0 without one.  "{schema}" stands for the
 * place's schema. */
int64_t test_server_run(const TestPlace *place, const char *sql);

/* Remove @folder with everything in it. */
void test_remove_folder(const char *folder);

/* Check that @error has @code, with @words (NULL: any) in its message. */
#define test_assert_error(error, code, words) \
    test_assert_error_at(G_STRLOC, (error), SHUZHI_ERROR_##code, (words))
void test_assert_error_at(const char *where, const GError *error, ErrorCode code,
                          const char *words);
