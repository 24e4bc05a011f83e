/* The meaning of the language, above all on empty fields and around midnight. */
#include "support/random-expression.h"

/* One field of the record at hand: "unit.name" through its link, "items.0.done" in its row 0. */
typedef struct Field {
    const char *path;
    Value value; /* borrowed text */
} Field;

typedef struct Record {
    const Field *fields; /* ended by a NULL path */
    const char *prefix;  /* "items.0." for a row, else "" */
    size_t n_items;
    char row_prefix[32];
} Record;

#define TEXT(bytes)                                 \
    {                                               \
        .kind = VALUE_TEXT, .text = (char *)(bytes) \
    }
#define NUMBER(n)                           \
    {                                       \
        .kind = VALUE_NUMBER, .number = (n) \
    }
#define BOOL(is_set)                           \
    {                                          \
        .kind = VALUE_BOOL, .number = (is_set) \
    }
#define REF(id)                           \
    {                                     \
        .kind = VALUE_REF, .number = (id) \
    }
#define DAY(days)                            \
    {                                        \
        .kind = VALUE_DATE, .number = (days) \
    }
#define TIME(us)                           \
    {                                      \
        .kind = VALUE_TIME, .number = (us) \
    }

/* 2023-05-06 is day 19483; its midnight in Shanghai, UTC microseconds. */
#define DAY_MAY_6 19483
#define MIDNIGHT_MAY_6 ((INT64_C(19483) * 86400 - 28800) * 1000000)

static void get(void *data, const ExpressionReference *reference, Value *ret_value)
{
    const Record *record = data;
    g_autofree char *path =
        g_strconcat(record->prefix, reference->link != NULL ? reference->link->name : "",
                    reference->link != NULL ? "." : "", reference->symbol->name, NULL);
    bool is_list = reference->symbol->type.shape == EXPRESSION_LIST;
    for (const Field *field = record->fields; field->path != NULL; field++) {
        if (!g_str_equal(field->path, path)) {
            continue;
        }
        if (is_list) {
            value_list_append(ret_value, value_copy(&field->value));
        } else {
            *ret_value = value_copy(&field->value);
        }
    }
}

static bool get_row(void *data, const ExpressionSymbol *rows, size_t i, ExpressionRecord *ret_row)
{
    static Record row;
    const Record *record = data;
    if (i >= record->n_items) {
        return false;
    }
    row = (Record){.fields = record->fields};
    g_snprintf(row.row_prefix, sizeof row.row_prefix, "%s.%zu.", rows->name, i);
    row.prefix = row.row_prefix;
    *ret_row = (ExpressionRecord){.get = get, .data = &row};
    return true;
}

static bool holds(const char *text, const Field *fields, size_t n_items)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) expression = expression_parse(text, random_expression_scope(), &error);
    g_test_message("%s", text);
    g_assert_no_error(error);
    Record data = {.fields = fields, .prefix = "", .n_items = n_items};
    ExpressionRecord record = {.get = get, .get_row = get_row, .data = &data};
    return expression_evaluate(expression, &record, random_expression_context());
}

typedef struct Case {
    const char *text;
    bool is_true;
} Case;

static void check_cases(const Case *cases, size_t n_cases, const Field *fields, size_t n_items)
{
    for (size_t i = 0; i < n_cases; i++) {
        g_assert_cmpint(holds(cases[i].text, fields, n_items), ==, cases[i].is_true);
    }
}

static void test_empty_makes_false(void)
{
    static const char *const always_false[] = {
        "visits = 0",
        "visits != 0",
        "visits < 0",
        "visits >= 0",
        "visits in (0, 1)",
        "visits between -1 and 1",
        "visits = planned",
        "visits != planned",
        "title contains '信'",
        "channel = phone",
        "channel != phone",
        "people contains me",
        "urgent",
        "urgent = no",
        "urgent != yes",
        "unit.name = 'a'",
        "unit.name != 'a'",
        "unit.size < 5",
        "day + 1 > 2023-05-06",
        "received_at != 2023-05-06",
        "received_at >= 2023-05-06",
        "day < never",
        "2023-05-06 != never",
        "owner = nobody",
        "owner != me",
        "unit.name is not empty",
        "people is not empty",
        "count(items) != 0",
    };
    static const Field none[] = {{0}};
    for (size_t i = 0; i < G_N_ELEMENTS(always_false); i++) {
        g_autofree char *negated = g_strdup_printf("not %s", always_false[i]);
        g_assert_false(holds(always_false[i], none, 0));
        g_assert_true(holds(negated, none, 0));
    }
}

static void test_empty_on_one_side(void)
{
    static const Field fields[] = {{"visits", NUMBER(0)}, {"owner", REF(1)}, {0}};
    static const Case cases[] = {
        {"visits = planned", false},
        {"visits != planned", false},
        {"not visits != planned", true},
        {"visits in (planned, 0)", true},
        {"not visits in (planned, 1)", true},
        {"visits between planned and 5", false},
        {"owner = nobody", false},
        {"owner != nobody", false},
        {"planned is empty", true},
        {"visits is not empty", true},
        {"never is empty", true},
        {"period.end is empty", false},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_precedence(void)
{
    /* urgent is set, open and remote are not. */
    static const Field fields[] = {
        {"urgent", BOOL(1)}, {"open", BOOL(0)}, {"unit.remote", BOOL(0)}, {0}};
    static const Case cases[] = {
        {"urgent or open and unit.remote", true},
        {"(urgent or open) and unit.remote", false},
        {"unit.remote and open or urgent", true},
        {"not open and unit.remote", false},
        {"not (open and unit.remote)", true},
        {"not urgent or not open", true},
        {"not urgent = no", true},
        {"not not urgent", true},
        {"not not not urgent", false},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_texts_are_bytes(void)
{
    static const Field fields[] = {{"title", TEXT("信访a")}, {"place", TEXT("访")}, {0}};
    static const Case cases[] = {
        {"title = '信访a'", true},      {"title = '信访A'", false},
        {"title contains place", true}, {"place contains title", false},
        {"title contains 'A'", false},  {"title contains '%'", false},
        {"title > 'zzz'", true},        {"'zzz' < title", true},
        {"title < place", true},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_time_against_date_is_by_day(void)
{
    static const struct {
        int64_t us; /* from the midnight that begins 2023-05-06 */
        int day;    /* -1 the day before, 0 that day, 1 the day after */
    } instants[] = {
        {-1, -1}, {0, 0}, {1, 0}, {DATE_US_PER_DAY - 1, 0}, {DATE_US_PER_DAY, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(instants); i++) {
        int day = instants[i].day;
        Field fields[] = {
            {"received_at", TIME(MIDNIGHT_MAY_6 + instants[i].us)}, {"day", DAY(DAY_MAY_6)}, {0}};
        const Case cases[] = {
            {"received_at < 2023-05-06", day < 0},
            {"received_at <= 2023-05-06", day <= 0},
            {"received_at = 2023-05-06", day == 0},
            {"received_at != 2023-05-06", day != 0},
            {"received_at >= 2023-05-06", day >= 0},
            {"received_at > 2023-05-06", day > 0},
            {"2023-05-06 < received_at", day > 0},
            {"day = received_at", day == 0},
            {"day >= received_at", day <= 0},
            {"received_at in (2023-01-01, day)", day == 0},
            {"received_at between 2023-05-06 and 2023-05-06", day == 0},
            {"received_at between day and day + 1", day >= 0},
            {"day between received_at and received_at", day == 0},
            {"received_at - 1 days = 2023-05-05", day == 0},
        };
        check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
    }
}

static void test_times_are_compared_to_the_microsecond(void)
{
    /* The parameter cutoff is 2023-07-01 00:00 in Shanghai. */
    int64_t cutoff = date_to_us(date_from_ymd(2023, 7, 1), 0, 8 * 3600);
    Field fields[] = {{"received_at", TIME(cutoff - 1)}, {"closed_at", TIME(cutoff)}, {0}};
    static const Case cases[] = {
        {"received_at < cutoff", true},      {"closed_at < cutoff", false},
        {"closed_at = cutoff", true},        {"received_at != closed_at", true},
        {"closed_at <= received_at", false}, {"received_at + 1 > cutoff", true},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_days_across_months_and_the_calendar(void)
{
    Field fields[] = {{"day", DAY(date_from_ymd(2024, 2, 28))},
                      {"due", DAY(date_from_ymd(9999, 12, 31))},
                      {"unit.founded", DAY(date_from_ymd(1, 1, 1))},
                      {0}};
    static const Case cases[] = {
        {"day + 1 = 2024-02-29", true},
        {"day + 2 days = 2024-03-01", true},
        {"day - 59 = 2023-12-31", true},
        {"day <= period.end + 60", true},
        {"due + 0 = 9999-12-31", true},
        /* Past the calendar a date is empty. */
        {"due + 1 > 2023-05-06", false},
        {"due + 1 != 2023-05-06", false},
        {"unit.founded - 1 < 2023-05-06", false},
        {"not unit.founded - 1 < 2023-05-06", true},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_lists(void)
{
    static const Field fields[] = {{"channels", TEXT("phone")},
                                   {"channels", TEXT("来访")},
                                   {"people", REF(2)},
                                   {"people", REF(3)},
                                   {"unit.members", REF(1)},
                                   {"days_met", DAY(DAY_MAY_6)},
                                   {"owner", REF(3)},
                                   {"closer", REF(4)},
                                   {"channel", TEXT("phone")},
                                   {"received_at", TIME(MIDNIGHT_MAY_6)},
                                   {0}};
    static const Case cases[] = {
        {"channels contains phone", true},       {"channels contains letter", false},
        {"channels contains '来访'", true},      {"channels contains channel", true},
        {"people contains owner", true},         {"people contains closer", false},
        {"unit.members contains me", true},      {"people is empty", false},
        {"unit.members is not empty", true},     {"days_met contains 2023-05-06", true},
        {"days_met contains received_at", true}, {"not channels contains letter", true},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 0);
}

static void test_rows(void)
{
    static const Field fields[] = {
        {"visits", NUMBER(2)},           {"day", DAY(DAY_MAY_6)},
        {"items.0.done", BOOL(1)},       {"items.0.amount", NUMBER(1250)},
        {"items.0.day", DAY(DAY_MAY_6)}, {"items.1.done", BOOL(0)},
        {"items.1.n", NUMBER(2)},        {0}};
    static const Case cases[] = {
        {"count(items) = 3", true},
        {"count(items) > visits", true},
        {"count(items where done) = 1", true},
        {"count(items where not done) = 2", true}, /* one of them does not say */
        {"count(items where done = no) = 1", true},
        {"count(items where amount >= 12.5) = 1", true},
        {"count(items where amount < 12.5) = 0", true},
        {"count(items where day is empty) = 2", true}, /* the day of the row hides the other */
        {"count(items where n = visits) = 1", true},   /* visits is the record's */
        {"count(items where visits = 2) = 3", true},
        {"count(items where yes) between 3 and 3", true},
        {"count(items where no) in (0)", true},
    };
    check_cases(cases, G_N_ELEMENTS(cases), fields, 3);
}

static void check_value(const char *text, const Field *fields, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) expression =
        expression_parse_value(text, random_expression_scope(), &error);
    g_assert_no_error(error);
    Record data = {.fields = fields, .prefix = "", .n_items = 2};
    ExpressionRecord record = {.get = get, .get_row = get_row, .data = &data};
    g_auto(Value) value =
        expression_evaluate_value(expression, &record, random_expression_context());
    g_autofree char *found = value_to_canonical(&value);
    g_assert_cmpstr(found, ==, wanted);
}

static void test_values(void)
{
    static const Field fields[] = {{"budget", NUMBER(1250)}, {"unit.name", TEXT("办公室")},
                                   {"day", DAY(DAY_MAY_6)},  {"people", REF(2)},
                                   {"people", REF(3)},       {0}};
    check_value("budget", fields, "1250");
    check_value("paid", fields, "");
    check_value("unit.name", fields, "办公室");
    check_value("day - 6 days", fields, "2023-04-30");
    check_value("due - 6 days", fields, "");
    check_value("period.end", fields, "2023-12-31");
    check_value("people", fields,
                "2\x1f"
                "3\x1f");
    check_value("count(items)", fields, "2");
    check_value("count(items where done)", fields, "0");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/evaluate/empty-makes-false", test_empty_makes_false);
    g_test_add_func("/expression/evaluate/empty-on-one-side", test_empty_on_one_side);
    g_test_add_func("/expression/evaluate/precedence", test_precedence);
    g_test_add_func("/expression/evaluate/texts-are-bytes", test_texts_are_bytes);
    g_test_add_func("/expression/evaluate/time-against-date-is-by-day",
                    test_time_against_date_is_by_day);
    g_test_add_func("/expression/evaluate/times-are-compared-to-the-microsecond",
                    test_times_are_compared_to_the_microsecond);
    g_test_add_func("/expression/evaluate/days-across-months-and-the-calendar",
                    test_days_across_months_and_the_calendar);
    g_test_add_func("/expression/evaluate/lists", test_lists);
    g_test_add_func("/expression/evaluate/rows", test_rows);
    g_test_add_func("/expression/evaluate/values", test_values);
    return g_test_run();
}
