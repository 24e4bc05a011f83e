/* The grammar, the types, and each message with its column. */
#include "support/random-expression.h"

static Expression *parse(const char *text, GError **error)
{
    return expression_parse(text, random_expression_scope(), error);
}

static void assert_condition(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) expression = parse(text, &error);
    g_autofree char *shown = g_utf8_make_valid(text, -1);
    g_test_message("%s", shown);
    g_assert_no_error(error);
    g_assert_cmpint(expression_type(expression)->kind, ==, VALUE_BOOL);
    g_assert_cmpint(expression_type(expression)->shape, ==, EXPRESSION_ONE);
}

static void assert_error(const char *text, ErrorCode code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) expression = parse(text, &error);
    g_autofree char *shown = g_utf8_make_valid(text, -1);
    g_test_message("%s", shown);
    g_assert_null(expression);
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_true(error_is(error, code));
}

typedef struct Case {
    const char *text;
    const char *message;
} Case;

static void assert_errors(const Case *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        assert_error(cases[i].text, SHUZHI_ERROR_INVALID, cases[i].message);
    }
}

static void test_good(void)
{
    static const char *const good[] = {
        "urgent",
        "not urgent",
        "yes",
        "visits = 1",
        "visits=-1",
        "-1 < visits",
        "budget >= 12.50",
        "budget != 3",
        "title = '信访'",
        "title = \"it's\"",
        "title = 'it''s'",
        "title < place",
        "channel = phone",
        "channel = 'phone'",
        "phone = channel",
        "phone = unit.channel",
        "channel = '来访'",
        "channel = first_channel",
        "channel in (phone, 'letter', first_channel)",
        "channel = yes",
        "channel = 'yes'",
        "day = 2023-05-06",
        "received_at >= 2023-05-06",
        "received_at <= period.end - 30",
        "received_at <= period.end - 30 days",
        "day + 1 > 2023-05-06 + 2 days",
        "received_at between period.start and cutoff",
        "title contains '访'",
        "channels contains phone",
        "channels contains channel",
        "people contains me",
        "people contains unit.head",
        "unit.members contains owner",
        "days_met contains 2023-05-06",
        "days_met contains received_at",
        "owner = closer",
        "unit.head != owner",
        "unit.name = '办公室'",
        "unit is empty",
        "people is not empty",
        "unit.members is empty",
        "period.end is empty",
        "count(items) > 0",
        "count(items where done) >= 2",
        "count(items where not done and amount > 5 and visits = n) = visits",
        "count(items where kind = phone and unit.size > 3) != 1",
        "not (urgent or open) and (visits > 1 or visits is empty)",
        "\xe3\x80\x80urgent\r\n\tand\xc2\xa0open ",
        "not not not urgent",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        assert_condition(good[i]);
    }
}

static void test_signs(void)
{
    static const Case cases[] = {
        {"", "the expression is empty"},
        {" \xe3\x80\x80\n", "the expression is empty"},
        {"visits = \xff", "the expression is not UTF-8 at byte 10"},
        {"visits == 1", "column 8: '==' is not understood, write ="},
        {"visits <> 1", "column 8: '<>' is not understood, write !="},
        {"urgent && open", "column 8: '&&' is not understood, write and"},
        {"urgent || open", "column 8: '||' is not understood, write or"},
        {"!urgent", "column 1: '!' is not understood, write not"},
        {"（urgent）", "column 1: '（' is not understood, write ("},
        {"title = “信访”", "column 9: '“' is not understood, write '"},
        {"visits ≥ 1", "column 8: '≥' is not understood, write >="},
        {"urgent AND open", "column 8: 'AND' is not understood, write and"},
        {"title = '信访' Or open", "column 14: 'Or' is not understood, write or"},
        {"visits * 2 = 4", "column 8: '*' is not understood"},
        {"channel = 电话 and urgent", "column 11: text must stand in quotes: '电话'"},
        {"title = 'open", "column 9: the text that begins here has no closing quote"},
        {"title = 'it''", "column 9: the text that begins here has no closing quote"},
        {"day = 2023-5-6", "column 7: '2023-5-6' is neither a number nor a date; dates are written "
                           "as 2023-05-06"},
        {"day = 2023.5.6", "column 7: '2023.5.6' is neither a number nor a date; dates are written "
                           "as 2023-05-06"},
        {"visits = 1.", "column 10: '1.' is neither a number nor a date; dates are written as "
                        "2023-05-06"},
        {"visits = 3x", "column 10: '3x' is neither a number nor a date; dates are written as "
                        "2023-05-06"},
        {"day = 2023-02-30", "column 7: '2023-02-30' is not a day of the calendar"},
    };
    assert_errors(cases, G_N_ELEMENTS(cases));
}

static void test_grammar(void)
{
    static const Case cases[] = {
        {"(urgent", "column 8: ')' is missing at the end"},
        {"(urgent open", "column 9: ')' is missing before 'open'"},
        {"urgent)", "column 7: ')' is not expected here"},
        {"urgent open", "column 8: 'open' is not expected here"},
        {"visits =", "column 9: a name or a value is missing at the end"},
        {"visits = and urgent", "column 10: a name or a value is missing before 'and'"},
        {"visits = )", "column 10: a name or a value is missing before ')'"},
        {"urgent and", "column 11: a name or a value is missing at the end"},
        {"urgent or or open", "column 11: a name or a value is missing before 'or'"},
        {"title = empty", "column 9: write 'is empty' or 'is not empty'"},
        {"title is 5", "column 10: after 'is' comes 'empty' or 'not empty'"},
        {"title is not", "column 13: after 'is' comes 'empty' or 'not empty'"},
        {"title = ''", "column 9: an empty text equals nothing; write 'is empty'"},
        {"day + 1 is empty", "column 1: 'is empty' asks the name of a field"},
        {"count(items) is empty", "column 7: 'is empty' asks the name of a field"},
        {"visits not in (1)",
         "column 8: 'not' stands before the whole comparison: not a in (b, c)"},
        {"title not contains 'a'",
         "column 7: 'not' stands before the whole comparison: not a in (b, c)"},
        {"1 < visits < 5", "column 12: comparisons are not chained; join them by 'and'"},
        {"(visits) > 5",
         "column 10: parentheses hold conditions; write the value before '>' without them"},
        {"visits in 1", "column 11: '(' is missing before '1'"},
        {"visits in ()", "column 12: a name or a value is missing before ')'"},
        {"visits in (1, 2", "column 16: ')' is missing at the end"},
        {"visits between 1 or 2", "column 18: 'and' is missing before 'or'"},
        {"visits between 1", "column 17: 'and' is missing at the end"},
        {"day > due + x", "column 13: a number of days from 0 to 36525 is missing here"},
        {"day > due + 1.5", "column 13: a number of days from 0 to 36525 is missing here"},
        {"day > due - -1", "column 13: a number of days from 0 to 36525 is missing here"},
        {"count(5) > 1", "column 7: 'count' asks the name of child rows here"},
        {"count(where urgent) > 1", "column 7: 'count' asks the name of child rows here"},
        {"count(items done) > 1", "column 13: ')' is missing before 'done'"},
    };
    assert_errors(cases, G_N_ELEMENTS(cases));
}

static void test_names(void)
{
    static const Case cases[] = {
        {"chanel = phone", "column 1: unknown name 'chanel', did you mean 'channel'?"},
        {"urgent and chanel = phone", "column 12: unknown name 'chanel', did you mean 'channel'?"},
        {"'信访' = titel", "column 8: unknown name 'titel', did you mean 'title'?"},
        {"Channel = phone", "column 1: unknown name 'Channel', did you mean 'channel'?"},
        {"xyzzy = 1", "column 1: unknown name 'xyzzy'"},
        {"day < period.strat", "column 7: unknown name 'period.strat', did you mean "
                               "'period.start'?"},
        {"unti.name = 'a'", "column 1: unknown name 'unti', did you mean 'unit'?"},
        {"unit.nam = 'a'", "column 1: unknown field 'nam' of 'unit', did you mean 'name'?"},
        {"unit.xyzzy = 'a'", "column 1: unknown field 'xyzzy' of 'unit'"},
        {"unit.head.name = 'a'", "column 1: 'unit.head.name' follows more than one link"},
        {"title.name = 'a'", "column 1: 'title' is not a link, it has no fields"},
        {"owner.name = 'a'", "column 1: 'owner' is not a link, it has no fields"},
        {"people.name = 'a'", "column 1: 'people' is not a link, it has no fields"},
        {"items = 3", "column 1: 'items' are child rows, write count(items)"},
        {"items is empty", "column 1: 'items' are child rows, write count(items)"},
        {"amount > 1", "column 1: unknown name 'amount'"},
        {"count(itens) > 1", "column 7: unknown name 'itens', did you mean 'items'?"},
        {"count(people) > 1", "column 7: 'people' are no child rows, there is nothing to count"},
        {"count(items where amout > 1) > 1",
         "column 19: unknown name 'amout', did you mean 'amount'?"},
        {"count(items where count(items) > 1) > 1",
         "column 25: a count cannot stand inside another count"},
        {"channel = phon", "column 11: 'phon' is not a choice of channel, did you mean 'phone'?"},
        {"channel = 'phon'", "column 11: 'phon' is not a choice of channel, did you mean 'phone'?"},
        {"phon = channel", "column 1: 'phon' is not a choice of channel, did you mean 'phone'?"},
        {"channel in (phone, 电报)", "column 20: text must stand in quotes: '电报'"},
        {"channels contains telegram", "column 19: 'telegram' is not a choice of channels; its "
                                       "choices: phone, letter, visit, in, due, yes, 来访"},
        {"unit.channel = no", "column 16: 'no' is not a choice of unit.channel; its choices: "
                              "phone, letter, visit, in, due, yes, 来访"},
    };
    assert_errors(cases, G_N_ELEMENTS(cases));
}

static void test_types(void)
{
    static const Case cases[] = {
        {"title", "column 1: title is not yes or no by itself: compare it with something"},
        {"'a'", "column 1: 'a' is not yes or no by itself: compare it with something"},
        {"day + 5", "column 1: day + 5 days is not yes or no by itself: compare it with something"},
        {"count(items)",
         "column 7: count(items) is not yes or no by itself: compare it with something"},
        {"people", "column 1: people is not yes or no by itself: compare it with something"},
        {"1 = 1", "column 1: nothing is compared: both sides are fixed values"},
        {"2023-05-06 + 1 > 2023-05-06",
         "column 1: nothing is compared: both sides are fixed values"},
        {"5 in (visits)", "column 1: a name must stand here, not a fixed value"},
        {"5 between visits and planned", "column 1: a name must stand here, not a fixed value"},
        {"visits = '5'", "column 10: visits and '5' hold different kinds of values"},
        {"title = 5", "column 9: title and 5 hold different kinds of values"},
        {"visits = title", "column 10: visits and title hold different kinds of values"},
        {"visits in (1, 'b')", "column 15: visits and 'b' hold different kinds of values"},
        {"visits between 1 and 2023-05-06",
         "column 22: visits and 2023-05-06 hold different kinds of values"},
        {"title contains 5", "column 16: title and 5 hold different kinds of values"},
        {"people contains 'a'", "column 17: people and 'a' hold different kinds of values"},
        {"urgent = 1", "column 10: urgent and 1 hold different kinds of values"},
        {"channel = title", "column 11: channel and title hold different kinds of values"},
        {"channel = 5", "column 11: channel and 5 hold different kinds of values"},
        {"owner = unit", "column 9: owner and unit hold different kinds of values"},
        {"unit = '办公室'", "column 8: unit is a link; compare a field of it, as in unit.name"},
        {"visits = 1.5", "column 10: 1.5 does not fit visits, a number of 0 decimals"},
        {"budget = 1.555", "column 10: 1.555 does not fit budget, a number of 2 decimals"},
        {"visits = 9223372036854775808",
         "column 10: 9223372036854775808 does not fit visits, a number of 0 decimals"},
        {"budget > visits",
         "column 10: budget has 2 decimals and visits has 0; they cannot be compared"},
        {"count(items) > budget",
         "column 16: count(items) has 0 decimals and budget has 2; they cannot be compared"},
        {"channel > phone", "column 1: channel has no order: use = or != or 'in'"},
        {"urgent < open", "column 1: urgent has no order: use = or != or 'in'"},
        {"owner >= closer", "column 1: owner has no order: use = or != or 'in'"},
        {"channel between phone and letter", "column 1: channel has no order: use = or != or 'in'"},
        {"people = owner", "column 1: people holds many values: use 'contains' or 'is empty'"},
        {"owner = people", "column 9: people holds many values: use 'contains' or 'is empty'"},
        {"owner in (people)", "column 11: people holds many values: use 'contains' or 'is empty'"},
        {"visits contains 1",
         "column 1: 'contains' asks a text or a field of many values; visits is neither"},
        {"channel contains phone",
         "column 1: 'contains' asks a text or a field of many values; channel is neither"},
        {"'abc' contains title",
         "column 1: 'contains' asks a text or a field of many values; 'abc' is neither"},
        {"visits + 5 = 3", "column 1: days are added to a date or a time, not to visits"},
        {"days_met + 5 = day", "column 1: days are added to a date or a time, not to days_met"},
        {"visits = 5 - 3", "column 10: days are added to a date or a time, not to 5"},
    };
    assert_errors(cases, G_N_ELEMENTS(cases));
}

/* ---- limits ---------------------------------------------------------------------------------- */

static char *repeat(const char *text, int n_times)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < n_times; i++) {
        g_string_append(out, text);
    }
    return g_string_free(out, false);
}

static void test_length_limit(void)
{
    g_autofree char *spaces = repeat(" ", EXPRESSION_TEXT_MAX_BYTES - 6);
    g_autofree char *at_limit = g_strconcat(spaces, "urgent", NULL);
    g_autofree char *past_limit = g_strconcat(" ", at_limit, NULL);
    assert_condition(at_limit);
    assert_error(past_limit, SHUZHI_ERROR_LIMIT, "the expression is longer than 4096 bytes");
}

static void test_depth_limit(void)
{
    g_autofree char *open = repeat("not (", EXPRESSION_DEPTH_MAX);
    g_autofree char *close = repeat(")", EXPRESSION_DEPTH_MAX);
    g_autofree char *at_limit = g_strconcat(open, "urgent", close, NULL);
    g_autofree char *past_limit = g_strconcat("(", at_limit, ")", NULL);
    g_autofree char *count = g_strconcat(open, "count(items) = 1", close, NULL);
    assert_condition(at_limit);
    assert_error(past_limit, SHUZHI_ERROR_LIMIT, "column 161: more than 32 parentheses are open");
    assert_error(count, SHUZHI_ERROR_LIMIT, "column 166: more than 32 parentheses are open");
}

static void test_node_limit(void)
{
    /* The chain itself is one part, and each flag is one. */
    g_autofree char *chain = repeat("open or ", EXPRESSION_NODES_MAX - 2);
    g_autofree char *at_limit = g_strconcat(chain, "open", NULL);
    g_autofree char *past_limit = g_strconcat("yes or ", at_limit, NULL);
    g_assert_cmpuint(strlen(past_limit), <=, EXPRESSION_TEXT_MAX_BYTES);
    assert_condition(at_limit);
    assert_error(past_limit, SHUZHI_ERROR_LIMIT,
                 "column 4088: the expression has more than 512 parts");
}

static void test_list_limit(void)
{
    g_autofree char *values = repeat("1,", EXPRESSION_LIST_MAX - 1);
    g_autofree char *at_limit = g_strconcat("visits in (", values, "1)", NULL);
    g_autofree char *past_limit = g_strconcat("visits in (", values, "1,2)", NULL);
    assert_condition(at_limit);
    assert_error(past_limit, SHUZHI_ERROR_LIMIT, "column 524: more than 256 values follow 'in'");
}

static void test_days_limit(void)
{
    assert_condition("day < due + 36525");
    assert_condition("day < due - 0");
    assert_error("day < due + 36526", SHUZHI_ERROR_INVALID,
                 "column 13: a number of days from 0 to 36525 is missing here");
}

/* ---- values, references ---------------------------------------------------------------------- */

static const ExpressionType *parse_type(const char *text, Expression **ret_expression)
{
    g_autoptr(GError) error = NULL;
    *ret_expression = expression_parse_value(text, random_expression_scope(), &error);
    g_assert_no_error(error);
    return expression_type(*ret_expression);
}

static void test_values_have_the_type_of_their_field(void)
{
    static const struct {
        const char *text;
        ExpressionShape shape;
        ValueKind kind;
        int decimals;
    } cases[] = {
        {"budget", EXPRESSION_ONE, VALUE_NUMBER, 2},
        {"unit.name", EXPRESSION_ONE, VALUE_TEXT, 0},
        {"due - 5", EXPRESSION_ONE, VALUE_DATE, 0},
        {"received_at + 5 days", EXPRESSION_ONE, VALUE_TIME, 0},
        {"people", EXPRESSION_LIST, VALUE_REF, 0},
        {"count(items where amount > 3)", EXPRESSION_ONE, VALUE_NUMBER, 0},
        {"period.end", EXPRESSION_ONE, VALUE_DATE, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Expression) expression = NULL;
        const ExpressionType *type = parse_type(cases[i].text, &expression);
        g_assert_cmpint(type->shape, ==, cases[i].shape);
        g_assert_cmpint(type->kind, ==, cases[i].kind);
        g_assert_cmpint(type->decimals, ==, cases[i].decimals);
    }
}

static void test_a_value_is_no_condition(void)
{
    static const Case cases[] = {
        {"5", "column 1: a name must stand here, not a fixed value"},
        {"2023-05-06 + 1", "column 1: a name must stand here, not a fixed value"},
        {"urgent = yes", "column 8: '=' is not expected here"},
        {"(visits)", "column 1: a name or a value is missing before '('"},
        {"items", "column 1: 'items' are child rows, write count(items)"},
        {"budgett", "column 1: unknown name 'budgett', did you mean 'budget'?"},
        {"", "the expression is empty"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(expression_parse_value(cases[i].text, random_expression_scope(), &error));
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void append_reference(const ExpressionReference *reference, void *data)
{
    g_string_append_printf(
        data, "%s%s%s%s%s ", reference->rows != NULL ? reference->rows->name : "",
        reference->rows != NULL ? ":" : "", reference->link != NULL ? reference->link->name : "",
        reference->link != NULL ? "." : "", reference->symbol->name);
}

static void test_walk_names_every_use(void)
{
    g_autoptr(Expression) expression =
        parse("day < period.end - 3 and (channel = phone or unit.name contains title) and "
              "count(items where day > due and unit.size = n and not note is empty) > visits",
              NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    expression_walk(expression, append_reference, found);
    g_assert_cmpstr(found->str, ==,
                    "day period.end channel unit.name title items items:day due unit.size items:n "
                    "items:note visits ");
}

static void append_bound(const ExpressionReference *reference, bool is_equal, void *data)
{
    g_string_append_printf(data, "%s%s ", reference->symbol->name, is_equal ? "=" : "");
}

static void test_bounds_are_what_must_hold(void)
{
    static const struct {
        const char *text;
        const char *bounds;
    } rows[] = {
        {"channel = phone", "channel= "},
        {"channel = phone and visits > 2 and day between 2023-01-01 and period.end - 3",
         "channel= visits day "},
        {"'x' = title and (visits >= 1 and visits < 9)", "title= visits visits "},
        {"channel = phone or visits = 2", ""},
        {"not channel = phone and visits != 2 and channel in (phone)", ""},
        {"unit.name = 'x' and title is empty", ""},
        {"day < due", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Expression) expression = parse(rows[i].text, &error);
        g_assert_no_error(error);
        g_autoptr(GString) found = g_string_new(NULL);
        expression_walk_bounds(expression, append_bound, found);
        g_assert_cmpstr(found->str, ==, rows[i].bounds);
    }
}

static void test_reserved_words_are_no_names(void)
{
    g_assert_true(expression_is_reserved("and"));
    g_assert_true(expression_is_reserved("yes"));
    g_assert_false(expression_is_reserved("count"));
    g_assert_false(expression_is_reserved("days"));
    g_assert_false(expression_is_reserved("channel"));
}

static void test_messages_in_chinese(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(parse("unit.nam = 'a'", &error));
    g_autofree char *text = error_to_text(error, "zh");
    g_assert_cmpstr(text, ==, "第1个字：“unit”没有字段“nam”，是不是“name”？");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/parse/good", test_good);
    g_test_add_func("/expression/parse/signs", test_signs);
    g_test_add_func("/expression/parse/grammar", test_grammar);
    g_test_add_func("/expression/parse/names", test_names);
    g_test_add_func("/expression/parse/types", test_types);
    g_test_add_func("/expression/parse/length-limit", test_length_limit);
    g_test_add_func("/expression/parse/depth-limit", test_depth_limit);
    g_test_add_func("/expression/parse/node-limit", test_node_limit);
    g_test_add_func("/expression/parse/list-limit", test_list_limit);
    g_test_add_func("/expression/parse/days-limit", test_days_limit);
    g_test_add_func("/expression/parse/values-have-the-type-of-their-field",
                    test_values_have_the_type_of_their_field);
    g_test_add_func("/expression/parse/a-value-is-no-condition", test_a_value_is_no_condition);
    g_test_add_func("/expression/parse/walk-names-every-use", test_walk_names_every_use);
    g_test_add_func("/expression/parse/bounds-are-what-must-hold", test_bounds_are_what_must_hold);
    g_test_add_func("/expression/parse/reserved-words-are-no-names",
                    test_reserved_words_are_no_names);
    g_test_add_func("/expression/parse/messages-in-chinese", test_messages_in_chinese);
    return g_test_run();
}
