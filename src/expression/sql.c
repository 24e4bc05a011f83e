#include "expression/sql.h"

#include "expression/evaluate-internal.h"

static void append_condition(ExpressionSql *sql, const ExpressionNode *node);
static void append_operand(ExpressionSql *sql, const ExpressionNode *node);

static void clear_value(gpointer data)
{
    value_clear(data);
}

GArray *expression_sql_values_new(void)
{
    GArray *values = g_array_new(false, true, sizeof(Value));
    g_array_set_clear_func(values, clear_value);
    return values;
}

/* Return @value (takes) as the store holds it. */
static Value to_stored(Value value)
{
    char day[DATE_TEXT_SIZE];
    switch (value.kind) {
    case VALUE_NONE:
    case VALUE_NUMBER:
    case VALUE_TEXT:
        return value;
    case VALUE_BOOL:
    case VALUE_TIME:
    case VALUE_REF:
        return value_number(value.number);
    case VALUE_DATE:
        return value_text(date_format((Date)value.number, day));
    case VALUE_LIST:
        break; /* a parameter is a single value */
    }
    g_assert_not_reached();
}

void expression_sql_bind(ExpressionSql *sql, Value value)
{
    Value stored = to_stored(value);
    g_array_append_val(sql->values, stored);
    g_string_append_printf(sql->text, "$%u", sql->values->len);
}

static void bind_integer(ExpressionSql *sql, int64_t number)
{
    g_string_append(sql->text, "CAST(");
    expression_sql_bind(sql, value_number(number));
    g_string_append(sql->text, " AS bigint)");
}

/* ---- operands -------------------------------------------------------------------------------- */

/* A date ± days.  Outside the years 1 to 9999 it is empty, which SQLite and PostgreSQL would each
 * answer differently. */
static void append_shifted_date(ExpressionSql *sql, const ExpressionNode *base, int days)
{
    Date limit = days < 0 ? expression_date_first() - days : expression_date_last() - days;
    g_string_append(sql->text, "CASE WHEN ");
    append_operand(sql, base);
    g_string_append(sql->text, days < 0 ? " >= " : " <= ");
    expression_sql_bind(sql, value_date(limit));
    if (sql->dialect == EXPRESSION_SQLITE) {
        g_string_append(sql->text, " THEN date(");
        append_operand(sql, base);
        g_string_append(sql->text, ", ");
        expression_sql_bind(sql, value_text_take(g_strdup_printf("%+d days", days)));
        g_string_append(sql->text, ") END");
        return;
    }
    g_string_append(sql->text, " THEN to_char(CAST(");
    append_operand(sql, base);
    g_string_append(sql->text, " AS date) + CAST(");
    expression_sql_bind(sql, value_number(days));
    g_string_append(sql->text, " AS integer), 'YYYY-MM-DD') COLLATE \"C\" END");
}

static void append_shift(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *base = expression_node_child(node, 0);
    g_string_append_c(sql->text, '(');
    if (base->type.kind == VALUE_DATE) {
        append_shifted_date(sql, base, node->days);
    } else {
        append_operand(sql, base);
        g_string_append(sql->text, " + ");
        bind_integer(sql, node->days * DATE_US_PER_DAY);
    }
    g_string_append_c(sql->text, ')');
}

static void append_count(ExpressionSql *sql, const ExpressionNode *node)
{
    g_string_append(sql->text, "(SELECT COUNT(*) FROM ");
    sql->names->append_source(sql->names->data, &node->reference, sql);
    if (node->children != NULL) {
        g_string_append(sql->text, " AND ");
        append_condition(sql, expression_node_child(node, 0));
    }
    g_string_append_c(sql->text, ')');
}

static void append_operand(ExpressionSql *sql, const ExpressionNode *node)
{
    if (expression_node_is_constant(node)) {
        expression_sql_bind(sql, expression_constant_value(node, sql->context));
        return;
    }
    switch (node->kind) {
    case NODE_REFERENCE:
        sql->names->append_column(sql->names->data, &node->reference, sql);
        return;
    case NODE_SHIFT:
        append_shift(sql, node);
        return;
    case NODE_COUNT:
        append_count(sql, node);
        return;
    case NODE_LITERAL:
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_COMPARE:
    case NODE_IN:
    case NODE_BETWEEN:
    case NODE_CONTAINS:
    case NODE_EMPTY:
    case NODE_NAME:
        break;
    }
    g_assert_not_reached();
}

/* ---- a time against a date ------------------------------------------------------------------- */

/* Append the instant at which the day after @n_days of @date begins. */
static void append_midnight(ExpressionSql *sql, const ExpressionNode *date, int n_days)
{
    int offset = sql->context->offset_seconds;
    if (expression_node_is_constant(date)) {
        g_auto(Value) value = expression_constant_value(date, sql->context);
        bool is_empty = value_is_empty(&value);
        expression_sql_bind(
            sql, is_empty ? VALUE_EMPTY
                          : value_time(date_to_us((Date)value.number + n_days, 0, offset)));
        return;
    }
    bool is_sqlite = sql->dialect == EXPRESSION_SQLITE;
    g_string_append(sql->text, is_sqlite ? "(unixepoch(" : "((CAST(");
    append_operand(sql, date);
    g_string_append(sql->text, is_sqlite ? ") * 1000000 + "
                                         : " AS date) - DATE '1970-01-01') * 86400000000 + ");
    bind_integer(sql, date_to_us(n_days, 0, offset));
    g_string_append_c(sql->text, ')');
}

static void append_bound(ExpressionSql *sql, const ExpressionNode *time, const char *op,
                         const ExpressionNode *date, int n_days)
{
    append_operand(sql, time);
    g_string_append_printf(sql->text, " %s ", op);
    append_midnight(sql, date, n_days);
}

/* Compare a time with a date by its day: with the midnights around that date, so that an index on
 * the time can serve. */
static void append_day_comparison(ExpressionSql *sql, Operator op, const ExpressionNode *time,
                                  const ExpressionNode *date)
{
    g_string_append_c(sql->text, '(');
    switch (op) {
    case OPERATOR_LESS:
        append_bound(sql, time, "<", date, 0);
        break;
    case OPERATOR_GREATER_EQUAL:
        append_bound(sql, time, ">=", date, 0);
        break;
    case OPERATOR_LESS_EQUAL:
        append_bound(sql, time, "<", date, 1);
        break;
    case OPERATOR_GREATER:
        append_bound(sql, time, ">=", date, 1);
        break;
    case OPERATOR_EQUAL:
        append_bound(sql, time, ">=", date, 0);
        g_string_append(sql->text, " AND ");
        append_bound(sql, time, "<", date, 1);
        break;
    case OPERATOR_NOT_EQUAL:
        append_bound(sql, time, "<", date, 0);
        g_string_append(sql->text, " OR ");
        append_bound(sql, time, ">=", date, 1);
        break;
    case N_OPERATORS:
        g_assert_not_reached();
    }
    g_string_append_c(sql->text, ')');
}

/* ---- conditions ------------------------------------------------------------------------------ */

static void append_bool(ExpressionSql *sql, bool is_true)
{
    g_string_append(sql->text, is_true ? "TRUE" : "FALSE");
}

static void append_comparison(ExpressionSql *sql, Operator op, const ExpressionNode *left,
                              const ExpressionNode *right)
{
    if (expression_node_is_constant(left) && expression_node_is_constant(right)) {
        append_bool(sql, expression_constant_compare(op, left, right, sql->context));
        return;
    }
    if (left->type.kind == VALUE_TIME && right->type.kind == VALUE_DATE) {
        append_day_comparison(sql, op, left, right);
        return;
    }
    if (left->type.kind == VALUE_DATE && right->type.kind == VALUE_TIME) {
        append_day_comparison(sql, expression_operator_flip(op), right, left);
        return;
    }
    g_string_append_c(sql->text, '(');
    append_operand(sql, left);
    g_string_append_printf(sql->text, " %s ", expression_operator_text(op));
    append_operand(sql, right);
    g_string_append_c(sql->text, ')');
}

/* Return whether each value of the `in` @node is compared as it is stored. */
static bool is_plain_list(const ExpressionNode *node)
{
    const ExpressionNode *left = expression_node_child(node, 0);
    for (guint i = 1; i < node->children->len; i++) {
        const ExpressionNode *right = expression_node_child(node, i);
        if (left->type.kind != right->type.kind ||
            (expression_node_is_constant(left) && expression_node_is_constant(right))) {
            return false;
        }
    }
    return true;
}

static void append_in(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *left = expression_node_child(node, 0);
    bool is_plain = is_plain_list(node);
    g_string_append_c(sql->text, '(');
    if (is_plain) {
        append_operand(sql, left);
        g_string_append(sql->text, " IN (");
    }
    for (guint i = 1; i < node->children->len; i++) {
        const ExpressionNode *right = expression_node_child(node, i);
        if (i > 1) {
            g_string_append(sql->text, is_plain ? ", " : " OR ");
        }
        if (is_plain) {
            append_operand(sql, right);
        } else {
            append_comparison(sql, OPERATOR_EQUAL, left, right);
        }
    }
    g_string_append(sql->text, is_plain ? "))" : ")");
}

static void append_between(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *subject = expression_node_child(node, 0);
    g_string_append_c(sql->text, '(');
    append_comparison(sql, OPERATOR_GREATER_EQUAL, subject, expression_node_child(node, 1));
    g_string_append(sql->text, " AND ");
    append_comparison(sql, OPERATOR_LESS_EQUAL, subject, expression_node_child(node, 2));
    g_string_append_c(sql->text, ')');
}

static void append_text_contains(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *whole = expression_node_child(node, 0);
    const ExpressionNode *part = expression_node_child(node, 1);
    if (expression_node_is_constant(whole) && expression_node_is_constant(part)) {
        append_bool(sql, expression_constant_condition(node, sql->context));
        return;
    }
    g_string_append(sql->text, sql->dialect == EXPRESSION_SQLITE ? "(instr(" : "(strpos(");
    append_operand(sql, whole);
    g_string_append(sql->text, ", ");
    append_operand(sql, part);
    g_string_append(sql->text, ") > 0)");
}

static void append_contains(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *whole = expression_node_child(node, 0);
    if (whole->type.shape != EXPRESSION_LIST) {
        append_text_contains(sql, node);
        return;
    }
    g_string_append(sql->text, "EXISTS (SELECT 1 FROM ");
    sql->names->append_source(sql->names->data, &whole->reference, sql);
    g_string_append(sql->text, " AND ");
    append_comparison(sql, OPERATOR_EQUAL, whole, expression_node_child(node, 1));
    g_string_append_c(sql->text, ')');
}

static void append_empty(ExpressionSql *sql, const ExpressionNode *node, bool is_negated)
{
    const ExpressionNode *operand = expression_node_child(node, 0);
    if (expression_node_is_constant(operand)) {
        append_bool(sql, expression_constant_condition(node, sql->context) != is_negated);
    } else if (operand->type.shape == EXPRESSION_LIST) {
        g_string_append(sql->text,
                        is_negated ? "EXISTS (SELECT 1 FROM " : "NOT EXISTS (SELECT 1 FROM ");
        sql->names->append_source(sql->names->data, &operand->reference, sql);
        g_string_append_c(sql->text, ')');
    } else {
        g_string_append_c(sql->text, '(');
        append_operand(sql, operand);
        g_string_append(sql->text, is_negated ? " IS NOT NULL)" : " IS NULL)");
    }
}

static void append_not(ExpressionSql *sql, const ExpressionNode *node)
{
    const ExpressionNode *child = expression_node_child(node, 0);
    if (child->kind == NODE_EMPTY) {
        append_empty(sql, child, true);
        return;
    }
    g_string_append_c(sql->text, '(');
    append_condition(sql, child);
    g_string_append(sql->text, " IS NOT TRUE)");
}

static void append_joined(ExpressionSql *sql, const ExpressionNode *node, const char *word)
{
    g_string_append_c(sql->text, '(');
    for (guint i = 0; i < node->children->len; i++) {
        g_string_append(sql->text, i > 0 ? word : "");
        append_condition(sql, expression_node_child(node, i));
    }
    g_string_append_c(sql->text, ')');
}

static void append_flag(ExpressionSql *sql, const ExpressionNode *node)
{
    if (expression_node_is_constant(node)) {
        append_bool(sql, expression_constant_condition(node, sql->context));
        return;
    }
    g_string_append_c(sql->text, '(');
    append_operand(sql, node);
    g_string_append(sql->text, " = 1)");
}

static void append_condition(ExpressionSql *sql, const ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_OR:
        append_joined(sql, node, " OR ");
        return;
    case NODE_AND:
        append_joined(sql, node, " AND ");
        return;
    case NODE_NOT:
        append_not(sql, node);
        return;
    case NODE_COMPARE:
        append_comparison(sql, node->op, expression_node_child(node, 0),
                          expression_node_child(node, 1));
        return;
    case NODE_IN:
        append_in(sql, node);
        return;
    case NODE_BETWEEN:
        append_between(sql, node);
        return;
    case NODE_CONTAINS:
        append_contains(sql, node);
        return;
    case NODE_EMPTY:
        append_empty(sql, node, false);
        return;
    case NODE_LITERAL:
    case NODE_REFERENCE:
        append_flag(sql, node);
        return;
    case NODE_NAME:
    case NODE_SHIFT:
    case NODE_COUNT:
        break;
    }
    g_assert_not_reached();
}

void expression_to_sql(const Expression *expression, ExpressionSql *sql)
{
    if (expression->is_condition) {
        append_condition(sql, expression->root);
    } else {
        append_operand(sql, expression->root);
    }
}
