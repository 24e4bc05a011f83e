/* The SQL of each form, on both dialects, with what is bound.  That it means the same as the
 * evaluator is shown by test-differential.c. */
#include "support/random-expression.h"

/* Return the SQL of @text, then the bound values: "(e.f_visits = $1) [1]". */
static char *to_sql(const char *text, bool is_condition, ExpressionDialect dialect)
{
    g_autoptr(GError) error = NULL;
    const ExpressionScope *scope = random_expression_scope();
    g_autoptr(Expression) expression = is_condition ? expression_parse(text, scope, &error)
                                                    : expression_parse_value(text, scope, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) values = expression_sql_values_new();
    GString *out = g_string_new(NULL);
    ExpressionSql sql = {.dialect = dialect,
                         .names = random_expression_sql_names(),
                         .context = random_expression_context(),
                         .text = out,
                         .values = values};
    expression_to_sql(expression, &sql);
    for (guint i = 0; i < values->len; i++) {
        const Value *value = &g_array_index(values, Value, i);
        g_autofree char *canonical = value_to_canonical(value);
        const char *quote = value->kind == VALUE_TEXT ? "'" : "";
        g_string_append_printf(out, "%s%s%s%s", i > 0 ? ", " : " [", quote,
                               value_is_empty(value) ? "NULL" : canonical, quote);
    }
    g_string_append(out, values->len > 0 ? "]" : "");
    return g_string_free(out, false);
}

static void check(const char *text, bool is_condition, const char *sqlite, const char *postgres)
{
    g_autofree char *on_sqlite = to_sql(text, is_condition, EXPRESSION_SQLITE);
    g_autofree char *on_postgres = to_sql(text, is_condition, EXPRESSION_POSTGRES);
    g_assert_cmpstr(on_sqlite, ==, sqlite);
    g_assert_cmpstr(on_postgres, ==, postgres);
}

/* Check a condition whose SQL is the same on both. */
static void check_both(const char *text, const char *sql)
{
    check(text, true, sql, sql);
}

static void test_comparisons_stay_bare(void)
{
    check_both("visits = 1", "(e.f_visits = $1) [1]");
    check_both("1 < visits", "(e.f_visits > $1) [1]");
    check_both("budget != 12.5", "(e.f_budget != $1) [1250]");
    check_both("title = 'it''s'", "(e.f_title = $1) ['it's']");
    check_both("day <= 2023-05-06", "(e.f_day <= $1) ['2023-05-06']");
    check_both("urgent = no", "(e.f_urgent = $1) [0]");
    check_both("owner = me", "(e.f_owner = $1) [1]");
    check_both("owner = nobody", "(e.f_owner = $1) [NULL]");
    check_both("visits between 1 and planned",
               "((e.f_visits >= $1) AND (e.f_visits <= e.f_planned)) [1]");
    check_both("channel in (phone, '来访')", "(e.f_channel IN ($1, $2)) ['phone', '来访']");
    check_both("title is empty", "(e.f_title IS NULL)");
    check_both("title is not empty", "(e.f_title IS NOT NULL)");
    check_both("urgent", "(e.f_urgent = 1)");
}

static void test_not_is_the_complement_of_null_too(void)
{
    check_both("not visits = 1", "((e.f_visits = $1) IS NOT TRUE) [1]");
    check_both("not (urgent and not open)",
               "(((e.f_urgent = 1) AND ((e.f_open = 1) IS NOT TRUE)) IS NOT TRUE)");
}

static void test_constants_are_worked_out(void)
{
    check_both("period.end > period.start and urgent", "(TRUE AND (e.f_urgent = 1))");
    check_both("cutoff = 2023-07-01 or never is empty", "(TRUE OR TRUE)");
    check_both("not period.end in (2023-05-06, never)", "((FALSE OR FALSE) IS NOT TRUE)");
    check_both("yes", "TRUE");
    check_both("day <= period.end - 30", "(e.f_day <= $1) ['2023-12-01']");
    check_both("received_at < cutoff - 1", "(e.f_received_at < $1) [1688054400000000]");
}

static void test_time_against_a_constant_date(void)
{
    /* 2023-05-06 begins at 1683302400 s in Shanghai. */
    check_both("received_at < 2023-05-06", "(e.f_received_at < $1) [1683302400000000]");
    check_both("received_at <= 2023-05-06", "(e.f_received_at < $1) [1683388800000000]");
    check_both("received_at > 2023-05-06", "(e.f_received_at >= $1) [1683388800000000]");
    check_both("received_at >= 2023-05-06", "(e.f_received_at >= $1) [1683302400000000]");
    check_both("received_at = 2023-05-06", "(e.f_received_at >= $1 AND e.f_received_at < $2) "
                                           "[1683302400000000, 1683388800000000]");
    check_both("received_at != 2023-05-06", "(e.f_received_at < $1 OR e.f_received_at >= $2) "
                                            "[1683302400000000, 1683388800000000]");
    check_both("received_at >= never", "(e.f_received_at >= $1) [NULL]");
}

static void test_time_against_a_date_field(void)
{
    check("received_at < day", true,
          "(e.f_received_at < (unixepoch(e.f_day) * 1000000 + CAST($1 AS bigint))) "
          "[-28800000000]",
          "(e.f_received_at < ((CAST(e.f_day AS date) - DATE '1970-01-01') * 86400000000 + "
          "CAST($1 AS bigint))) [-28800000000]");
}

static void test_shifted_fields(void)
{
    check("day < due + 5", true,
          "(e.f_day < (CASE WHEN e.f_due <= $1 THEN date(e.f_due, $2) END)) "
          "['9999-12-26', '+5 days']",
          "(e.f_day < (CASE WHEN e.f_due <= $1 THEN to_char(CAST(e.f_due AS date) + "
          "CAST($2 AS integer), 'YYYY-MM-DD') COLLATE \"C\" END)) ['9999-12-26', 5]");
    check("due - 5", false,
          "(CASE WHEN e.f_due >= $1 THEN date(e.f_due, $2) END) "
          "['0001-01-06', '-5 days']",
          "(CASE WHEN e.f_due >= $1 THEN to_char(CAST(e.f_due AS date) + CAST($2 AS integer), "
          "'YYYY-MM-DD') COLLATE \"C\" END) ['0001-01-06', -5]");
    check_both("received_at + 1 < closed_at",
               "((e.f_received_at + CAST($1 AS bigint)) < e.f_closed_at) [86400000000]");
}

static void test_contains(void)
{
    check("title contains '访'", true, "(instr(e.f_title, $1) > 0) ['访']",
          "(strpos(e.f_title, $1) > 0) ['访']");
    check_both("people contains owner",
               "EXISTS (SELECT 1 FROM list_people AS l WHERE l.owner = e.id AND "
               "(l.item = e.f_owner))");
    check_both("people is empty",
               "NOT EXISTS (SELECT 1 FROM list_people AS l WHERE l.owner = e.id)");
    check_both("people is not empty",
               "EXISTS (SELECT 1 FROM list_people AS l WHERE l.owner = e.id)");
}

static void test_links_and_rows(void)
{
    check_both("unit.size > 3",
               "((SELECT u.f_size FROM unit AS u WHERE u.id = e.f_unit) > $1) [3]");
    check_both("count(items) > 3", "((SELECT COUNT(*) FROM item AS i WHERE i.record = e.id) > $1) "
                                   "[3]");
    check_both("count(items where done and n = visits) = 1",
               "((SELECT COUNT(*) FROM item AS i WHERE i.record = e.id AND ((i.f_done = 1) AND "
               "(i.f_n = e.f_visits))) = $1) [1]");
}

static void test_values(void)
{
    check("budget", false, "e.f_budget", "e.f_budget");
    check("people", false, "l.item", "l.item");
    check("period.end", false, "$1 ['2023-12-31']", "$1 ['2023-12-31']");
    check("count(items)", false, "(SELECT COUNT(*) FROM item AS i WHERE i.record = e.id)",
          "(SELECT COUNT(*) FROM item AS i WHERE i.record = e.id)");
}

/* A statement may have text and values before; numbering goes on. */
static void test_numbering_goes_on(void)
{
    g_autoptr(Expression) expression =
        expression_parse("visits = 7", random_expression_scope(), NULL);
    g_autoptr(GArray) values = expression_sql_values_new();
    g_autoptr(GString) text = g_string_new("SELECT ");
    ExpressionSql sql = {.dialect = EXPRESSION_SQLITE,
                         .names = random_expression_sql_names(),
                         .context = random_expression_context(),
                         .text = text,
                         .values = values};
    expression_sql_bind(&sql, value_time(5));
    g_string_append(text, " WHERE ");
    expression_to_sql(expression, &sql);
    g_assert_cmpstr(text->str, ==, "SELECT $1 WHERE (e.f_visits = $2)");
    g_assert_cmpint(g_array_index(values, Value, 0).kind, ==, VALUE_NUMBER);
    g_assert_cmpint(g_array_index(values, Value, 1).number, ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/sql/comparisons-stay-bare", test_comparisons_stay_bare);
    g_test_add_func("/expression/sql/not-is-the-complement-of-null-too",
                    test_not_is_the_complement_of_null_too);
    g_test_add_func("/expression/sql/constants-are-worked-out", test_constants_are_worked_out);
    g_test_add_func("/expression/sql/time-against-a-constant-date",
                    test_time_against_a_constant_date);
    g_test_add_func("/expression/sql/time-against-a-date-field", test_time_against_a_date_field);
    g_test_add_func("/expression/sql/shifted-fields", test_shifted_fields);
    g_test_add_func("/expression/sql/contains", test_contains);
    g_test_add_func("/expression/sql/links-and-rows", test_links_and_rows);
    g_test_add_func("/expression/sql/values", test_values);
    g_test_add_func("/expression/sql/numbering-goes-on", test_numbering_goes_on);
    return g_test_run();
}
