/* The slow evaluator and the SQL of both databases must agree on every record for every random
 * expression.
 *
 * By default on a part, so that the suite stays quick; EXPRESSION_ROUNDS=1000 asks for the whole
 * (make crash), EXPRESSION_RECORDS for another number of records, EXPRESSION_SEED for others. */
#include "support/random-expression.h"
#include "support/test-store.h"

enum { N_RECORDS = 10000, N_CONDITIONS = 60, N_VALUES = 20, SEED = 20231115 };

static int64_t environment_number(const char *name, int64_t otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static void bind_values(StoreStatement *statement, const Value *values, size_t n_values)
{
    for (size_t i = 0; i < n_values; i++) {
        int n = (int)i + 1;
        if (values[i].kind == VALUE_TEXT) {
            store_bind_text(statement, n, values[i].text);
        } else if (values[i].kind == VALUE_NUMBER) {
            store_bind_int(statement, n, values[i].number);
        } else {
            g_assert_cmpint(values[i].kind, ==, VALUE_NONE);
            store_bind_null(statement, n);
        }
    }
}

/* ---- the records in the store ------------------------------------------------------------------
 */

typedef struct Filling {
    StoreConnection *connection;
    const RandomRecords *records;
    GError **error;
    bool is_ok;
} Filling;

static void run(void *data, const char *sql, const Value *values, size_t n_values)
{
    Filling *filling = data;
    if (!filling->is_ok) {
        return;
    }
    if (g_str_has_prefix(sql, "CREATE")) {
        filling->is_ok = store_run_script(filling->connection, sql, filling->error);
        return;
    }
    g_autoptr(StoreStatement) statement = store_prepare(filling->connection, sql, filling->error);
    filling->is_ok = statement != NULL;
    if (filling->is_ok) {
        bind_values(statement, values, n_values);
        filling->is_ok = store_execute(statement, NULL, filling->error);
    }
}

static ExpressionDialect dialect_of(StoreConnection *connection)
{
    return store_connection_dialect(connection) == STORE_SQLITE ? EXPRESSION_SQLITE
                                                                : EXPRESSION_POSTGRES;
}

static bool fill(StoreConnection *connection, void *data, GError **error)
{
    Filling filling = {.connection = connection, .records = data, .error = error, .is_ok = true};
    /* The office's own table of that name is in the way, and what refers to it. */
    filling.is_ok = store_run_script(
        connection,
        "DROP TABLE session; DROP TABLE credential; DROP TABLE factor; DROP TABLE token;"
        " DROP TABLE account; DROP TABLE post; DROP TABLE unit",
        error);
    random_records_store(data, dialect_of(connection), run, &filling);
    return filling.is_ok;
}

/* ---- one expression ----------------------------------------------------------------------------
 */

static Expression *parse(const char *text, bool is_condition)
{
    g_autoptr(GError) error = NULL;
    Expression *expression = is_condition
                                 ? expression_parse(text, random_expression_scope(), &error)
                                 : expression_parse_value(text, random_expression_scope(), &error);
    if (expression == NULL) {
        g_error("%s: %s", error->message, text);
    }
    return expression;
}

/* Return the statement `@before <the SQL of expression> @after`. */
static StoreStatement *query(StoreConnection *reader, const Expression *expression,
                             const char *before, const char *after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(before);
    g_autoptr(GArray) values = expression_sql_values_new();
    ExpressionSql sql = {.dialect = dialect_of(reader),
                         .names = random_expression_sql_names(),
                         .context = random_expression_context(),
                         .text = text,
                         .values = values};
    expression_to_sql(expression, &sql);
    g_string_append(text, after);
    StoreStatement *statement = store_prepare(reader, text->str, &error);
    if (statement == NULL) {
        g_error("%s: %s", error->message, text->str);
    }
    bind_values(statement, (const Value *)(gpointer)values->data, values->len);
    return statement;
}

static bool step(StoreStatement *statement, const char *text)
{
    g_autoptr(GError) error = NULL;
    bool has_row = false;
    if (!store_step(statement, &has_row, &error)) {
        g_error("%s: %s", error->message, text);
    }
    return has_row;
}

/* Check the condition @text on every record; returns how many satisfy it. */
static int64_t check_condition(StoreConnection *reader, const RandomRecords *records,
                               int64_t n_records, const char *text)
{
    g_autoptr(Expression) expression = parse(text, true);
    g_autoptr(StoreStatement) statement =
        query(reader, expression, "SELECT e.id FROM record AS e WHERE ", " ORDER BY e.id");
    int64_t n_true = 0;
    bool has_row = step(statement, text);
    for (int64_t i = 0; i < n_records; i++) {
        ExpressionRecord record = random_records_get(records, (size_t)i);
        bool is_true = expression_evaluate(expression, &record, random_expression_context());
        bool is_found = has_row && store_column_int(statement, 0) == i;
        if (is_true != is_found) {
            g_error("record %d: evaluator %d, SQL %d: %s", (int)i, is_true, is_found, text);
        }
        if (is_found) {
            n_true++;
            has_row = step(statement, text);
        }
    }
    return n_true;
}

static void check_value(StoreConnection *reader, const RandomRecords *records, int64_t n_records,
                        const char *text)
{
    g_autoptr(Expression) expression = parse(text, false);
    g_autoptr(StoreStatement) statement =
        query(reader, expression, "SELECT ", " FROM record AS e ORDER BY e.id");
    for (int64_t i = 0; i < n_records; i++) {
        ExpressionRecord record = random_records_get(records, (size_t)i);
        g_auto(Value) value =
            expression_evaluate_value(expression, &record, random_expression_context());
        g_autofree char *wanted = value_to_canonical(&value);
        g_assert_true(step(statement, text));
        const char *found = store_column_text(statement, 0);
        if (g_strcmp0(found, *wanted != '\0' ? wanted : NULL) != 0) {
            g_error("record %d: evaluator '%s', SQL '%s': %s", (int)i, wanted, found, text);
        }
    }
}

static void test_evaluator_and_store_agree(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed = (uint64_t)environment_number("EXPRESSION_SEED", SEED);
    int64_t n_conditions = environment_number("EXPRESSION_ROUNDS", N_CONDITIONS);
    int64_t n_records = environment_number("EXPRESSION_RECORDS", N_RECORDS);
    g_autoptr(Source) source = source_new_seeded(seed, 0);
    g_autoptr(RandomRecords) records = random_records_new(source, (size_t)n_records);
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    store_write(store, fill, records, &error);
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_no_error(error);
    int64_t n_mixed = 0;
    for (int64_t i = 0; i < n_conditions; i++) {
        g_autofree char *text = random_expression_condition(source);
        int64_t n_true = check_condition(reader, records, n_records, text);
        n_mixed += n_true > 0 && n_true < n_records ? 1 : 0;
    }
    /* Expressions that hold for all or for none prove little: two in three must tell apart. */
    g_assert_cmpint(n_mixed * 3, >=, n_conditions * 2);
    for (int64_t i = 0; i < N_VALUES; i++) {
        g_autofree char *text = random_expression_value(source);
        check_value(reader, records, n_records, text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/differential/evaluator-and-store-agree",
                    test_evaluator_and_store_agree);
    return g_test_run();
}
