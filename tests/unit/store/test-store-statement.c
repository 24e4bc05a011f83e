#include "store/store.h"

#include "support/test-store.h"

/* Every test here is one job or one reader on a store of its own with one table. */
static const char table[] = "CREATE TABLE thing (\n"
                            "    id {int} NOT NULL PRIMARY KEY,\n"
                            "    i {int},\n"
                            "    t {text},\n"
                            "    b {blob}\n"
                            ") {strict};\n"
                            "CREATE UNIQUE INDEX thing_t ON thing (t);\n"
                            "CREATE TABLE part (\n"
                            "    id {int} NOT NULL PRIMARY KEY,\n"
                            "    thing {int} NOT NULL REFERENCES thing (id),\n"
                            "    size {int} CHECK (size > 0)\n"
                            ") {strict};\n";

static void run_job(const TestPlace *place, StoreJob job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, table);
    store_write(store, job, NULL, &error);
    g_assert_no_error(error);
}

static const char insert[] = "INSERT INTO thing (id, i, t, b) VALUES ($1, $2, $3, $4)";

static StoreStatement *get_thing(StoreConnection *connection, int64_t id)
{
    bool has_row = false;
    StoreStatement *statement =
        store_query(connection, NULL, "SELECT i, t, b FROM thing WHERE id = $1", "i", id);
    g_assert_nonnull(statement);
    g_assert_true(store_step(statement, &has_row, NULL));
    g_assert_true(has_row);
    return statement;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool integers_job(StoreConnection *connection, void *data, GError **error)
{
    static const int64_t values[] = {0,         -1,        1,         INT64_MAX, INT64_MIN,
                                     INT32_MAX, INT32_MIN, 1LL << 53, 42};
    for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
        g_assert_true(store_run(connection, NULL, insert, "iitb", (int64_t)k, values[k], NULL, NULL,
                                (size_t)0));
        g_autoptr(StoreStatement) row = get_thing(connection, (int64_t)k);
        g_assert_cmpint(store_column_int(row, 0), ==, values[k]);
        g_assert_false(store_column_is_null(row, 0));
        g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT, values[k]);
        g_assert_cmpstr(store_column_text(row, 0), ==, expected);
    }
    return true;
}

static void test_integers(const TestPlace *place)
{
    run_job(place, integers_job);
}

static bool nulls_job(StoreConnection *connection, void *data, GError **error)
{
    {
        g_autoptr(StoreStatement) statement = store_prepare(connection, insert, NULL);
        store_bind_int(statement, 1, 1);
        store_bind_null(statement, 2);
        store_bind_text(statement, 3, NULL);
        store_bind_bytes(statement, 4, NULL, 9);
        g_assert_true(store_execute(statement, NULL, NULL));
    }
    {
        g_autoptr(StoreStatement) statement = store_prepare(connection, insert, NULL);
        store_bind_int(statement, 1, 2); /* the rest is not bound: nothing stays from before */
        g_assert_true(store_execute(statement, NULL, NULL));
    }
    for (int64_t id = 1; id <= 2; id++) {
        g_autoptr(StoreStatement) row = get_thing(connection, id);
        size_t length = 7;
        g_assert_true(store_column_is_null(row, 0));
        g_assert_cmpint(store_column_int(row, 0), ==, 0);
        g_assert_true(store_column_is_null(row, 1));
        g_assert_null(store_column_text(row, 1));
        g_assert_true(store_column_is_null(row, 2));
        g_assert_null(store_column_bytes(row, 2, &length));
        g_assert_cmpuint(length, ==, 0);
    }
    return true;
}

static void test_nulls(const TestPlace *place)
{
    run_job(place, nulls_job);
}

static bool texts_job(StoreConnection *connection, void *data, GError **error)
{
    static const char *const values[] = {
        "",     "述职报告", "𠮷野家 \xF0\x9F\x98\x80", "it's \"quoted\" \\ $1 ; -- not", "a\nb\t",
        "NULL", "{int}"};
    for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
        g_assert_true(store_run(connection, NULL, insert, "iitb", (int64_t)k, INT64_C(0), values[k],
                                "", (size_t)0));
        g_autoptr(StoreStatement) row = get_thing(connection, (int64_t)k);
        g_assert_cmpstr(store_column_text(row, 1), ==, values[k]);
        g_assert_false(store_column_is_null(row, 1));
    }
    return true;
}

static void test_texts(const TestPlace *place)
{
    run_job(place, texts_job);
}

static bool bytes_job(StoreConnection *connection, void *data, GError **error)
{
    uint8_t all[256];
    for (size_t k = 0; k < sizeof all; k++) {
        all[k] = (uint8_t)k;
    }
    static const size_t lengths[] = {0, 1, 255, 256};
    for (size_t k = 0; k < G_N_ELEMENTS(lengths); k++) {
        g_assert_true(store_run(connection, NULL, insert, "iitb", (int64_t)k, INT64_C(0), NULL, all,
                                lengths[k]));
        g_autoptr(StoreStatement) row = get_thing(connection, (int64_t)k);
        size_t length = 99;
        const uint8_t *bytes = store_column_bytes(row, 2, &length);
        g_assert_false(store_column_is_null(row, 2));
        g_assert_nonnull(bytes); /* empty is not NULL */
        g_assert_cmpmem(bytes, length, all, lengths[k]);
    }
    return true;
}

static void test_bytes(const TestPlace *place)
{
    run_job(place, bytes_job);
}

static bool large_job(StoreConnection *connection, void *data, GError **error)
{
    size_t length = (size_t)5 << 20;
    g_autofree char *text = g_malloc(length + 1);
    memset(text, 'x', length);
    text[length] = '\0';
    g_assert_true(
        store_run(connection, NULL, insert, "iitb", INT64_C(1), INT64_C(0), NULL, text, length));
    g_assert_true(store_run(connection, NULL, "UPDATE thing SET t = $2 WHERE id = $1", "it",
                            INT64_C(1), "t"));
    g_autoptr(StoreStatement) row = get_thing(connection, 1);
    size_t got = 0;
    const uint8_t *bytes = store_column_bytes(row, 2, &got);
    g_assert_cmpmem(bytes, got, text, length);
    return true;
}

static void test_large(const TestPlace *place)
{
    run_job(place, large_job);
}

static bool too_large_job(StoreConnection *connection, void *data, GError **error)
{
    size_t length = ((size_t)64 << 20) + 1;
    g_autofree char *bytes = g_malloc0(length);
    return store_run(connection, error, insert, "iitb", INT64_C(1), INT64_C(0), NULL, bytes,
                     length);
}

static void test_too_large(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, table);
    g_assert_false(store_write(store, too_large_job, NULL, &error));
    test_assert_error(error, LIMIT, "67108864");
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing"), ==, 0);
}

/* ---- statements ------------------------------------------------------------------------------ */

static bool out_of_order_job(StoreConnection *connection, void *data, GError **error)
{
    /* SQLite numbers by first appearance, and a number may come twice */
    g_assert_true(store_run(connection, NULL, "INSERT INTO thing (t, i, id) VALUES ($2, $3, $1)",
                            "iti", INT64_C(5), "five", INT64_C(55)));
    g_autoptr(StoreStatement) row = get_thing(connection, 5);
    g_assert_cmpint(store_column_int(row, 0), ==, 55);
    g_assert_cmpstr(store_column_text(row, 1), ==, "five");
    int64_t n = -1;
    g_assert_true(store_query_int(connection, 0, &n, NULL,
                                  "SELECT count(*) FROM thing WHERE i = $2 OR id = $1 OR i = $1",
                                  "ii", INT64_C(55), INT64_C(1)));
    g_assert_cmpint(n, ==, 1);
    return true;
}

static void test_parameters_by_name(const TestPlace *place)
{
    run_job(place, out_of_order_job);
}

static bool many_parameters_job(StoreConnection *connection, void *data, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT count(*) FROM thing WHERE id IN (");
    for (int n = 1; n <= 12; n++) {
        g_string_append_printf(sql, "%s$%d", n > 1 ? ", " : "", n);
    }
    g_string_append(sql, ") AND t <> '$99' -- and $98\n");
    g_assert_true(
        store_run(connection, NULL, insert, "iitb", INT64_C(12), INT64_C(0), "x", NULL, (size_t)0));
    g_autoptr(StoreStatement) statement = store_prepare(connection, sql->str, NULL);
    for (int n = 1; n <= 12; n++) {
        store_bind_int(statement, n, n);
    }
    bool has_row = false;
    g_assert_true(store_step(statement, &has_row, NULL));
    g_assert_cmpint(store_column_int(statement, 0), ==, 1);
    return true;
}

static void test_many_parameters(const TestPlace *place)
{
    run_job(place, many_parameters_job);
}

static bool insert_things(StoreConnection *connection, int64_t n)
{
    for (int64_t id = 1; id <= n; id++) {
        g_assert_true(store_run(connection, NULL, "INSERT INTO thing (id, i) VALUES ($1, $2)", "ii",
                                id, id * 10));
    }
    return true;
}

static bool rows_job(StoreConnection *connection, void *data, GError **error)
{
    insert_things(connection, 3);
    g_autoptr(StoreStatement) statement = store_query(
        connection, NULL, "SELECT id FROM thing WHERE id >= $1 ORDER BY id", "i", INT64_C(2));
    for (int round = 0; round < 2; round++) { /* after the end it can be stepped again */
        bool has_row = false;
        for (int64_t id = 2; id <= 3; id++) {
            g_assert_true(store_step(statement, &has_row, NULL));
            g_assert_true(has_row);
            g_assert_cmpint(store_column_int(statement, 0), ==, id);
        }
        g_assert_true(store_step(statement, &has_row, NULL));
        g_assert_false(has_row);
    }
    bool has_row = false;
    g_assert_true(store_step(statement, &has_row, NULL));
    store_statement_reset(statement); /* in the middle */
    store_bind_int(statement, 1, 3);
    g_assert_true(store_step(statement, &has_row, NULL));
    g_assert_cmpint(store_column_int(statement, 0), ==, 3);
    return true;
}

static void test_rows_and_reset(const TestPlace *place)
{
    run_job(place, rows_job);
}

static bool nesting_job(StoreConnection *connection, void *data, GError **error)
{
    insert_things(connection, 4);
    static const char sql[] = "SELECT id FROM thing WHERE id > $1 ORDER BY id";
    int n_pairs = 0;
    StoreStatement *first = store_query(connection, NULL, sql, "i", INT64_C(0));
    bool has_row = false;
    while (store_step(first, &has_row, NULL) && has_row) {
        g_autoptr(StoreStatement) inner =
            store_query(connection, NULL, sql, "i", store_column_int(first, 0));
        g_assert_true(inner != first);
        bool has_inner = false;
        while (store_step(inner, &has_inner, NULL) && has_inner) {
            n_pairs++;
        }
    }
    store_statement_release(first);
    g_assert_cmpint(n_pairs, ==, 6);
    StoreStatement *again = store_prepare(connection, sql, NULL);
    g_assert_true(again == first); /* kept, and the one used last comes first */
    store_statement_release(again);
    return true;
}

static void test_nesting_and_reuse(const TestPlace *place)
{
    run_job(place, nesting_job);
}

static bool many_statements_job(StoreConnection *connection, void *data, GError **error)
{
    insert_things(connection, 1);
    StoreStatement *held[3];
    for (size_t k = 0; k < G_N_ELEMENTS(held); k++) { /* three idle ones of the same SQL … */
        held[k] = store_prepare(connection, "SELECT i FROM thing", NULL);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(held); k++) {
        store_statement_release(held[k]);
    }
    for (int k = 0; k < 600; k++) { /* … are pushed out, oldest first */
        g_autofree char *sql = g_strdup_printf("SELECT i + %d FROM thing", k);
        int64_t value = 0;
        g_assert_true(store_query_int(connection, 0, &value, NULL, sql, ""));
        g_assert_cmpint(value, ==, 10 + k);
    }
    int64_t value = 0;
    g_assert_true(store_query_int(connection, 0, &value, NULL, "SELECT i FROM thing", ""));
    g_assert_cmpint(value, ==, 10);
    return true;
}

static void test_cache_is_bounded(const TestPlace *place)
{
    run_job(place, many_statements_job);
}

static bool changes_job(StoreConnection *connection, void *data, GError **error)
{
    static const struct {
        const char *sql;
        int64_t n_changed;
    } cases[] = {
        {"INSERT INTO thing (id, i) VALUES (1, 1), (2, 2), (3, 3)", 3},
        {"UPDATE thing SET i = i + 1 WHERE id >= 2", 2},
        {"SELECT id FROM thing", 0},
        {"INSERT INTO thing (id) VALUES (3) ON CONFLICT (id) DO NOTHING", 0},
        {"UPDATE thing SET i = 0 WHERE id = 9", 0},
        {"INSERT INTO thing (id) VALUES (4), (5) RETURNING id", 2},
        {"DELETE FROM thing", 5},
    };
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        int64_t n_changed = -1;
        g_autoptr(StoreStatement) statement = store_prepare(connection, cases[k].sql, NULL);
        g_assert_true(store_execute(statement, &n_changed, NULL));
        g_assert_cmpint(n_changed, ==, cases[k].n_changed);
    }
    return true;
}

static void test_n_changed(const TestPlace *place)
{
    run_job(place, changes_job);
}

static bool query_int_job(StoreConnection *connection, void *data, GError **error)
{
    int64_t value = 0;
    g_assert_true(
        store_query_int(connection, 7, &value, NULL, "SELECT id FROM thing WHERE id = 1", ""));
    g_assert_cmpint(value, ==, 7); /* no row */
    g_assert_true(store_query_int(connection, 8, &value, NULL, "SELECT max(id) FROM thing", ""));
    g_assert_cmpint(value, ==, 8); /* NULL */
    insert_things(connection, 2);
    g_assert_true(store_query_int(connection, 7, &value, NULL, "SELECT sum(i) FROM thing", ""));
    g_assert_cmpint(value, ==, 30);
    g_assert_true(store_query_int(connection, 7, &value, NULL,
                                  "SELECT EXISTS (SELECT 1 FROM thing WHERE id = 2)", ""));
    g_assert_cmpint(value, ==, 1); /* a truth value */
    return true;
}

static void test_query_int(const TestPlace *place)
{
    run_job(place, query_int_job);
}

/* ---- failures -------------------------------------------------------------------------------- */

typedef struct BadStatement {
    const char *sql;
    ErrorCode code;
} BadStatement;

static bool bad_job(StoreConnection *connection, void *data, GError **error)
{
    const BadStatement *bad = data;
    g_assert_true(store_run(connection, NULL, "INSERT INTO thing (id, t) VALUES (2, 'new')", ""));
    g_assert_false(store_run(connection, error, bad->sql, ""));
    return false;
}

static void test_codes(const TestPlace *place)
{
    static const BadStatement cases[] = {
        {"INSERT INTO thing (id) VALUES (1)", SHUZHI_ERROR_EXISTS},            /* primary key */
        {"INSERT INTO thing (id, t) VALUES (3, 'one')", SHUZHI_ERROR_EXISTS},  /* unique */
        {"INSERT INTO part (id) VALUES (1)", SHUZHI_ERROR_CONFLICT},           /* not null */
        {"INSERT INTO part (id, thing) VALUES (1, 9)", SHUZHI_ERROR_CONFLICT}, /* reference */
        {"INSERT INTO part (id, thing, size) VALUES (1, 1, 0)", SHUZHI_ERROR_CONFLICT}, /* check */
        {"INSERT INTO thing (id) VALUES ('x')", SHUZHI_ERROR_INVALID},                  /* type */
        {"SELEC 1", SHUZHI_ERROR_INVALID},
        {"SELECT missing FROM thing", SHUZHI_ERROR_CORRUPT},
        {"SELECT \"missing\" FROM thing", SHUZHI_ERROR_CORRUPT}, /* never taken for a text */
    };
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, table);
    test_store_script(store, "INSERT INTO thing (id, t) VALUES (1, 'one');");
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(store, bad_job, (void *)&cases[k], &error));
        test_assert_error_at(cases[k].sql, error, cases[k].code, NULL);
        g_autofree char *zh = error_to_text(error, "zh");
        g_assert_false(g_ascii_isalpha(zh[0])); /* is translated */
        g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing"), ==, 1);
    }
}

/* ---- many rows at once ----------------------------------------------------------------------- */

/* What the test wants inserted, and which row was asked for last. */
typedef struct Many {
    int64_t n_rows;
    int64_t repeated; /* the row that has the key of the one before it; -1: none */
    int64_t large;    /* the row with a value above the limit; -1: none */
    char *text;       /* of the present row */
    int64_t n_asked;
} Many;

static const char into[] = "thing (id, i, t, b)";

static void give_thing(int64_t i, StoreCell *ret_cells, void *data)
{
    static uint8_t room[((size_t)64 << 20) + 1];
    Many *many = data;
    g_assert_cmpint(i, ==, many->n_asked++);
    g_free(many->text);
    many->text = g_strdup_printf("第%d行", (int)i);
    store_cell_set_int(&ret_cells[0], i == many->repeated ? i - 1 : i);
    store_cell_set_int(&ret_cells[1], INT64_MIN + i);
    if (i % 3 == 0) {
        store_cell_set_null(&ret_cells[1]);
    }
    store_cell_set_text(&ret_cells[2], i % 2 == 0 ? many->text : NULL);
    store_cell_set_bytes(&ret_cells[3], room, i == many->large ? sizeof room : (size_t)i % 5);
}

static bool many_job(StoreConnection *connection, void *data, GError **error)
{
    const Many *many = data;
    return store_insert_rows(connection, into, 4, many->n_rows, give_thing, data, error);
}

static void test_many_rows(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, table);
    Many many = {.n_rows = 1000, .repeated = -1, .large = -1};
    g_assert_true(store_write(store, many_job, &many, &error));
    g_assert_cmpint(many.n_asked, ==, 1000);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing"), ==, 1000);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing WHERE i IS NULL"), ==, 334);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing WHERE t IS NULL"), ==, 500);
    g_assert_cmpint(test_store_int(store, "SELECT sum(length(b)) FROM thing"), ==, 2000);
    g_assert_cmpint(test_store_int(store, "SELECT i FROM thing WHERE t = '第998行'"), ==,
                    INT64_MIN + 998);
    Many none = {.repeated = -1, .large = -1};
    g_assert_true(store_write(store, many_job, &none, &error));
    g_assert_cmpint(none.n_asked, ==, 0);
    g_free(many.text);
}

/* A row that cannot be inserted takes the others with it. */
static void test_many_rows_or_none(const TestPlace *place)
{
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    test_store_script(store, table);
    Many repeated = {.n_rows = 10, .repeated = 7, .large = -1};
    Many large = {.n_rows = 10, .repeated = -1, .large = 7};
    Many *cases[] = {&repeated, &large};
    static const ErrorCode codes[] = {SHUZHI_ERROR_EXISTS, SHUZHI_ERROR_LIMIT};
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(store, many_job, cases[k], &error));
        test_assert_error_at(into, error, codes[k], NULL);
        g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing"), ==, 0);
        g_free(cases[k]->text);
    }
    Many good = {.n_rows = 10, .repeated = -1, .large = -1};
    g_assert_true(store_write(store, many_job, &good, NULL));
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM thing"), ==, 10);
    g_free(good.text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/store/store-statement/integers", test_integers);
    test_store_each("/store/store-statement/nulls", test_nulls);
    test_store_each("/store/store-statement/texts", test_texts);
    test_store_each("/store/store-statement/bytes", test_bytes);
    test_store_each("/store/store-statement/large", test_large);
    test_store_each("/store/store-statement/too-large", test_too_large);
    test_store_each("/store/store-statement/parameters-by-name", test_parameters_by_name);
    test_store_each("/store/store-statement/many-parameters", test_many_parameters);
    test_store_each("/store/store-statement/rows-and-reset", test_rows_and_reset);
    test_store_each("/store/store-statement/nesting-and-reuse", test_nesting_and_reuse);
    test_store_each("/store/store-statement/cache-is-bounded", test_cache_is_bounded);
    test_store_each("/store/store-statement/n-changed", test_n_changed);
    test_store_each("/store/store-statement/query-int", test_query_int);
    test_store_each("/store/store-statement/codes", test_codes);
    test_store_each("/store/store-statement/many-rows", test_many_rows);
    test_store_each("/store/store-statement/many-rows-or-none", test_many_rows_or_none);
    return g_test_run();
}
