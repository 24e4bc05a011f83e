/* Expressions: any text may be refused, but what is understood says the same after it is written
 * down and read again, holds or fails without harm, and becomes SQL for both stores. */
#include "expression/evaluate.h"
#include "expression/sql.h"

static const char *const kinds[] = {"red", "blue", "yes", NULL};

static bool resolve_row(void *data, const char *name, ExpressionSymbol *ret_symbol);
static bool resolve(void *data, const char *name, ExpressionSymbol *ret_symbol);
static const char *name_at(void *data, size_t i);

static const ExpressionScope row_scope = {.resolve = resolve_row, .name_at = name_at};
static const ExpressionScope scope = {.resolve = resolve, .name_at = name_at};

/* The names of a record; those of a row are the first two. */
static const struct {
    const char *name;
    ExpressionType type;
    bool is_parameter;
} names[] = {
    {"title", {.kind = VALUE_TEXT}, false},
    {"hours", {.kind = VALUE_NUMBER, .decimals = 1}, false},
    {"kind", {.kind = VALUE_TEXT, .choices = kinds}, false},
    {"kinds", {.shape = EXPRESSION_LIST, .kind = VALUE_TEXT, .choices = kinds}, false},
    {"day", {.kind = VALUE_DATE}, false},
    {"at", {.kind = VALUE_TIME}, false},
    {"flag", {.kind = VALUE_BOOL}, false},
    {"other", {.kind = VALUE_REF, .target = "entry", .scope = &scope}, false},
    {"items", {.shape = EXPRESSION_ROWS, .scope = &row_scope}, false},
    {"period.end", {.kind = VALUE_DATE}, true},
};

static bool find(const char *name, size_t n, ExpressionSymbol *ret_symbol)
{
    for (size_t i = 0; i < n; i++) {
        if (g_str_equal(names[i].name, name)) {
            ret_symbol->type = names[i].type;
            ret_symbol->is_parameter = names[i].is_parameter;
            return true;
        }
    }
    return false;
}

static bool resolve(void *data, const char *name, ExpressionSymbol *ret_symbol)
{
    return find(name, G_N_ELEMENTS(names), ret_symbol);
}

static bool resolve_row(void *data, const char *name, ExpressionSymbol *ret_symbol)
{
    return find(name, 2, ret_symbol);
}

static const char *name_at(void *data, size_t i)
{
    return i < G_N_ELEMENTS(names) ? names[i].name : NULL;
}

/* ---- a record, whose values come from the number `data` points to ------------------------------
 */

static Value value_of(ValueKind kind, int seed)
{
    switch (kind) {
    case VALUE_TEXT:
        return value_text(kinds[seed % 2]);
    case VALUE_NUMBER:
        return value_number(seed * 5 - 10);
    case VALUE_DATE:
        return value_date(date_from_ymd(2023, 5, 6 + seed));
    case VALUE_TIME:
        return value_time(date_to_us(date_from_ymd(2023, 5, 6), seed * 3600, 0));
    case VALUE_BOOL:
        return value_bool(seed % 2 == 0);
    case VALUE_REF:
        return value_ref(seed);
    case VALUE_NONE:
    case VALUE_LIST:
        break;
    }
    return VALUE_EMPTY;
}

static void get(void *data, const ExpressionReference *reference, Value *ret_value)
{
    int seed = *(const int *)data;
    const ExpressionType *type = &reference->symbol->type;
    if (type->shape == EXPRESSION_ONE && seed > 0) {
        *ret_value = value_of(type->kind, seed);
    }
}

static bool get_row(void *data, const ExpressionSymbol *rows, size_t i, ExpressionRecord *ret_row)
{
    *ret_row = (ExpressionRecord){.get = get, .data = data};
    return (int)i < *(const int *)data;
}

static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    *ret_value = value_of(symbol->type.kind, 1);
}

static const ExpressionContext context = {.get_parameter = get_parameter};

static void append_column(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "e.%s", reference->symbol->name);
}

static void append_source(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "%s AS r WHERE TRUE", reference->symbol->name);
}

static void check_sql(const Expression *expression)
{
    static const ExpressionSqlNames sql_names = {append_column, append_source, NULL};
    for (ExpressionDialect dialect = EXPRESSION_SQLITE; dialect <= EXPRESSION_POSTGRES; dialect++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GArray) values = expression_sql_values_new();
        ExpressionSql sql = {dialect, &sql_names, &context, text, values};
        expression_to_sql(expression, &sql);
        g_assert(text->len > 0 && g_str_is_ascii(text->str)); /* values are bound, never pasted */
    }
}

/* Check a condition, or with @is_value a value, that was understood. */
static void check_understood(const Expression *expression, bool is_value)
{
    g_autofree char *text = expression_to_text(expression);
    g_autofree char *words = expression_describe(expression, "zh", NULL);
    g_assert(g_utf8_validate(words, -1, NULL));
    check_sql(expression);
    if (strlen(text) > EXPRESSION_TEXT_MAX_BYTES) {
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) again = is_value ? expression_parse_value(text, &scope, &error)
                                           : expression_parse(text, &scope, &error);
    g_assert_no_error(error);
    g_autofree char *text_again = expression_to_text(again);
    g_assert_cmpstr(text_again, ==, text);
    for (int seed = 0; seed < 4 && !is_value; seed++) {
        const ExpressionRecord record = {.get = get, .get_row = get_row, .data = &seed};
        g_assert(expression_evaluate(expression, &record, &context) ==
                 expression_evaluate(again, &record, &context));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
    for (int is_value = 0; is_value < 2; is_value++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Expression) expression = is_value ? expression_parse_value(text, &scope, &error)
                                                    : expression_parse(text, &scope, &error);
        g_assert((expression == NULL) == (error != NULL));
        if (expression != NULL) {
            check_understood(expression, is_value);
        }
    }
    return 0;
}
