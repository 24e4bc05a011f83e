/* The slow evaluator and SQLite must agree on every record for every random expression.
 *
 * EXPRESSION_ROUNDS in the environment asks for more expressions, EXPRESSION_SEED for others. */
#include "support/random-expression.h"

#include <sqlite3.h>

enum { N_RECORDS = 10000, N_CONDITIONS = 200, N_VALUES = 30, SEED = 20230506 };

static int64_t environment_number(const char *name, int64_t otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static void bind_values(sqlite3_stmt *statement, const Value *values, size_t n_values)
{
    for (size_t i = 0; i < n_values; i++) {
        g_autofree char *name = g_strdup_printf("$%zu", i + 1);
        int index = sqlite3_bind_parameter_index(statement, name);
        g_assert_cmpint(index, >, 0);
        if (values[i].kind == VALUE_TEXT) {
            sqlite3_bind_text(statement, index, values[i].text, -1, SQLITE_TRANSIENT);
        } else if (values[i].kind == VALUE_NUMBER) {
            sqlite3_bind_int64(statement, index, values[i].number);
        } else {
            g_assert_cmpint(values[i].kind, ==, VALUE_NONE);
            sqlite3_bind_null(statement, index);
        }
    }
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql, const Value *values,
                             size_t n_values)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
        g_error("%s: %s", sqlite3_errmsg(database), sql);
    }
    bind_values(statement, values, n_values);
    return statement;
}

static void run(void *data, const char *sql, const Value *values, size_t n_values)
{
    sqlite3_stmt *statement = prepare(data, sql, values, n_values);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_DONE);
    sqlite3_finalize(statement);
}

static sqlite3 *open_database(const RandomRecords *records)
{
    sqlite3 *database = NULL;
    g_assert_cmpint(sqlite3_open(":memory:", &database), ==, SQLITE_OK);
    random_records_store(records, EXPRESSION_SQLITE, run, database);
    return database;
}

/* Return the statement `@before <the SQL of expression> @after`. */
static sqlite3_stmt *prepare_expression(sqlite3 *database, const Expression *expression,
                                        const char *before, const char *after)
{
    g_autoptr(GString) text = g_string_new(before);
    g_autoptr(GArray) values = expression_sql_values_new();
    ExpressionSql sql = {.dialect = EXPRESSION_SQLITE,
                         .names = random_expression_sql_names(),
                         .context = random_expression_context(),
                         .text = text,
                         .values = values};
    expression_to_sql(expression, &sql);
    g_string_append(text, after);
    return prepare(database, text->str, (const Value *)(gpointer)values->data, values->len);
}

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

/* Check the condition @text on every record; returns how many satisfy it. */
static size_t check_condition(sqlite3 *database, const RandomRecords *records, const char *text)
{
    g_autoptr(Expression) expression = parse(text, true);
    sqlite3_stmt *statement = prepare_expression(
        database, expression, "SELECT e.id FROM record AS e WHERE ", " ORDER BY e.id");
    size_t n_true = 0;
    bool has_row = sqlite3_step(statement) == SQLITE_ROW;
    for (int64_t i = 0; i < N_RECORDS; i++) {
        ExpressionRecord record = random_records_get(records, (size_t)i);
        bool is_true = expression_evaluate(expression, &record, random_expression_context());
        bool is_found = has_row && sqlite3_column_int64(statement, 0) == i;
        if (is_true != is_found) {
            g_error("record %d: evaluator %d, SQLite %d: %s", (int)i, is_true, is_found, text);
        }
        if (is_found) {
            n_true++;
            has_row = sqlite3_step(statement) == SQLITE_ROW;
        }
    }
    sqlite3_finalize(statement);
    return n_true;
}

static void check_value(sqlite3 *database, const RandomRecords *records, const char *text)
{
    g_autoptr(Expression) expression = parse(text, false);
    sqlite3_stmt *statement =
        prepare_expression(database, expression, "SELECT ", " FROM record AS e ORDER BY e.id");
    for (size_t i = 0; i < N_RECORDS; i++) {
        ExpressionRecord record = random_records_get(records, i);
        g_auto(Value) value =
            expression_evaluate_value(expression, &record, random_expression_context());
        g_autofree char *wanted = value_to_canonical(&value);
        g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        if (g_strcmp0(found, *wanted != '\0' ? wanted : NULL) != 0) {
            g_error("record %zu: evaluator '%s', SQLite '%s': %s", i, wanted, found, text);
        }
    }
    sqlite3_finalize(statement);
}

static void test_differential(void)
{
    uint64_t seed = (uint64_t)environment_number("EXPRESSION_SEED", SEED);
    int64_t n_conditions = environment_number("EXPRESSION_ROUNDS", N_CONDITIONS);
    g_autoptr(Source) source = source_new_seeded(seed, 0);
    g_autoptr(RandomRecords) records = random_records_new(source, N_RECORDS);
    sqlite3 *database = open_database(records);
    int64_t n_mixed = 0;
    for (int64_t i = 0; i < n_conditions; i++) {
        g_autofree char *text = random_expression_condition(source);
        size_t n_true = check_condition(database, records, text);
        n_mixed += n_true > 0 && n_true < N_RECORDS ? 1 : 0;
    }
    /* Expressions that hold for all or for none prove little: two in three must tell apart. */
    g_assert_cmpint(n_mixed * 3, >=, n_conditions * 2);
    for (int64_t i = 0; i < N_VALUES; i++) {
        g_autofree char *text = random_expression_value(source);
        check_value(database, records, text);
    }
    g_assert_cmpint(sqlite3_close(database), ==, SQLITE_OK);
}

/* For every condition c: c and `not (c)` divide the records, and printing changes no meaning. */
static void test_complement(void)
{
    enum { N_ROUNDS = 500, N_FEW = 40 };
    g_autoptr(Source) source = source_new_seeded(SEED, 0);
    g_autoptr(RandomRecords) records = random_records_new(source, N_FEW);
    for (int i = 0; i < N_ROUNDS; i++) {
        g_autofree char *text = random_expression_condition(source);
        g_autofree char *negated_text = g_strdup_printf("not (%s)", text);
        g_autoptr(Expression) expression = parse(text, true);
        g_autoptr(Expression) negated = parse(negated_text, true);
        g_autofree char *printed = expression_to_text(expression);
        g_autoptr(Expression) again = parse(printed, true);
        g_autofree char *printed_again = expression_to_text(again);
        g_assert_cmpstr(printed, ==, printed_again);
        for (size_t k = 0; k < N_FEW; k++) {
            ExpressionRecord record = random_records_get(records, k);
            const ExpressionContext *context = random_expression_context();
            bool is_true = expression_evaluate(expression, &record, context);
            g_assert_true(is_true != expression_evaluate(negated, &record, context));
            g_assert_true(is_true == expression_evaluate(again, &record, context));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/differential/evaluator-and-sqlite-agree", test_differential);
    g_test_add_func("/expression/differential/not-is-the-exact-complement", test_complement);
    return g_test_run();
}
