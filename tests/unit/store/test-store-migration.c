#include "store/store-internal.h"

#include "support/test-store.h"

/* ---- scripts ----------------------------------------------------------------------------------
 */

static void check_split(StoreDialect dialect, const char *script, const char *const *expected)
{
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; expected[i] != NULL; i++) {
        g_autofree char *sql = store_next_statement(dialect, &script, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(sql, ==, expected[i]);
    }
    g_assert_null(store_next_statement(dialect, &script, &error));
    g_assert_no_error(error);
}

static void test_words_of_dialect(void)
{
    static const char script[] = "CREATE TABLE a (x {int}, y {text}, z {blob}) {strict};";
    check_split(STORE_SQLITE, script,
                (const char *[]){"CREATE TABLE a (x INTEGER, y TEXT, z BLOB) STRICT", NULL});
    check_split(
        STORE_POSTGRES, script,
        (const char *[]){"CREATE TABLE a (x bigint, y text COLLATE \"C\", z bytea) ", NULL});
}

static void test_statements_of_script(void)
{
    check_split(STORE_SQLITE, "", (const char *[]){NULL});
    check_split(STORE_SQLITE, "-- only a comment; {nothing}", (const char *[]){NULL});
    check_split(STORE_SQLITE, " ;; A;\n;B ; -- end\n", (const char *[]){"A", "B ", NULL});
    check_split(STORE_SQLITE, "SELECT ';{x}--', \"a;b\" -- it's; so {y}\n, 1; C",
                (const char *[]){"SELECT ';{x}--', \"a;b\" -- it's; so {y}\n, 1", "C", NULL});
}

static void test_unknown_word(void)
{
    g_autoptr(GError) error = NULL;
    const char *script = "CREATE TABLE a (x {integer});";
    g_assert_null(store_next_statement(STORE_SQLITE, &script, &error));
    test_assert_error(error, INVALID, "'{integer}'");
}

static bool bad_script_job(StoreConnection *connection, void *data, GError **error)
{
    return store_run_script(connection, data, error);
}

static void test_failed_script_changes_nothing(const TestPlace *place)
{
    static const char *const scripts[] = {
        "CREATE TABLE a (x {int} NOT NULL PRIMARY KEY); CREATE TABL b;",
        "CREATE TABLE a (x {int} NOT NULL PRIMARY KEY); CREATE TABLE b (y {word});",
    };
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(store, bad_script_job, (void *)scripts[i], &error));
        test_assert_error(error, INVALID, NULL);
    }
    test_store_script(store, "CREATE TABLE a (x {int} NOT NULL PRIMARY KEY);");
}

/* ---- identifiers ------------------------------------------------------------------------------
 */

static void test_identifier(void)
{
    g_autoptr(GString) out = g_string_new("SELECT ");
    store_append_identifier(out, "order");
    g_assert_cmpstr(out->str, ==, "SELECT \"order\"");
    store_append_identifier(out, "a23456789_123456789_123456789_123456789_12345678");
}

static void test_bad_identifier_is_a_bug(void)
{
    static const char *const names[] = {
        "",     "A",  "1a", "a-b",
        "a\"b", "_a", "名", "a23456789_123456789_123456789_123456789_123456789"};
    if (g_test_subprocess()) {
        const char *index = g_getenv("TEST_NAME_INDEX");
        g_autoptr(GString) out = g_string_new(NULL);
        store_append_identifier(out, names[g_ascii_strtoull(index, NULL, 10)]);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *index = g_strdup_printf("%zu", i);
        g_setenv("TEST_NAME_INDEX", index, true);
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_failed();
    }
}

/* ---- migrations -------------------------------------------------------------------------------
 */

/* Migrations that stand behind the program's own. */
static const StoreMigration steps[] = {
    {1, "first", "-- why\nCREATE TABLE first (x {int} NOT NULL PRIMARY KEY) {strict};"},
    {2, "second",
     "-- why\nINSERT INTO first (x) VALUES (1);\nALTER TABLE first ADD COLUMN y {text};"},
    {3, "bad", "-- why\nUPDATE first SET x = 2;\nINSERT INTO first (x) VALUES (2);"},
};

static void test_missing_ones_are_applied(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    store_queue_stop(store);
    StoreMigration all[32];
    size_t n = store_n_migrations;
    g_assert_cmpuint(n + G_N_ELEMENTS(steps), <=, G_N_ELEMENTS(all));
    memcpy(all, store_migrations, n * sizeof *all);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        all[n + i] = steps[i];
        all[n + i].number += (int)n;
    }
    for (int round = 0; round < 2; round++) { /* the second time there is nothing to do */
        g_assert_true(store_migrate(store->writer, STORE_WRITE, all, n + 2, &error));
        int64_t value = 0;
        g_assert_true(store_query_int(store->writer, 0, &value, NULL,
                                      "SELECT max(number) FROM migration", ""));
        g_assert_cmpint(value, ==, (int64_t)n + 2);
        g_assert_true(store_query_int(store->writer, 0, &value, NULL,
                                      "SELECT count(*) FROM first WHERE y IS NULL", ""));
        g_assert_cmpint(value, ==, 1);
    }
    g_assert_false(store_migrate(store->writer, STORE_WRITE, all, n + 3, &error));
    test_assert_error(error, EXISTS, "(bad)"); /* all of it is undone */
    int64_t value = 0;
    g_assert_true(store_query_int(store->writer, 0, &value, NULL, "SELECT x FROM first", ""));
    g_assert_cmpint(value, ==, 1);
    g_assert_true(
        store_query_int(store->writer, 0, &value, NULL, "SELECT max(number) FROM migration", ""));
    g_assert_cmpint(value, ==, (int64_t)n + 2);

    g_clear_error(&error); /* an older program must leave it alone, for reading too */
    g_clear_pointer(&store, store_close);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_VERSION, "newer program");
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_VERSION, "newer program");
}

static bool forget_migration(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "DELETE FROM migration WHERE number = $1", "i",
                     (int64_t)store_n_migrations);
}

static void test_older_is_not_read(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    store_write(store, forget_migration, NULL, &error);
    g_assert_no_error(error);
    g_clear_pointer(&store, store_close);
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_VERSION, "older version");
}

/* Without the table nothing says how old the office is; it is not begun anew. */
static void test_lost_table_is_damage(const TestPlace *place)
{
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "DROP TABLE migration;");
    g_clear_pointer(&store, store_close);
    test_store_cannot_open(place, STORE_READ, SHUZHI_ERROR_CORRUPT, NULL);
    test_store_cannot_open(place, STORE_WRITE, SHUZHI_ERROR_CORRUPT, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/store-migration/words-of-dialect", test_words_of_dialect);
    g_test_add_func("/store/store-migration/statements-of-script", test_statements_of_script);
    g_test_add_func("/store/store-migration/unknown-word", test_unknown_word);
    g_test_add_func("/store/store-migration/identifier", test_identifier);
    g_test_add_func("/store/store-migration/bad-identifier-is-a-bug", test_bad_identifier_is_a_bug);
    test_store_each("/store/store-migration/failed-script-changes-nothing",
                    test_failed_script_changes_nothing);
    test_store_each("/store/store-migration/missing-ones-are-applied",
                    test_missing_ones_are_applied);
    test_store_each("/store/store-migration/older-is-not-read", test_older_is_not_read);
    test_store_each("/store/store-migration/lost-table-is-damage", test_lost_table_is_damage);
    return g_test_run();
}
