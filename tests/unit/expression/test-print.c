/* Canonical text, and the words of a definition card. */
#include "support/random-expression.h"

static Expression *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    Expression *expression = expression_parse(text, random_expression_scope(), &error);
    g_test_message("%s", text);
    g_assert_no_error(error);
    return expression;
}

static void test_canonical(void)
{
    static const struct {
        const char *text;
        const char *canonical;
    } cases[] = {
        {" urgent ", "urgent"},
        {"visits=1", "visits = 1"},
        {"-1<visits", "visits > -1"},
        {"5 >= visits", "visits <= 5"},
        {"budget = 3", "budget = 3.00"},
        {"budget in (-0.5,12.50)", "budget in (-0.50, 12.50)"},
        {"title = \"it's\"", "title = 'it''s'"},
        {"title = 'say \"a\"'", "title = 'say \"a\"'"},
        {"channel = 'phone'", "channel = phone"},
        {"phone = channel", "channel = phone"},
        {"channel = yes", "channel = 'yes'"},
        {"channel in ('来访', 'in', due)", "channel in ('来访', 'in', due)"},
        {"received_at <= period.end - 30", "received_at <= period.end - 30 days"},
        {"day - 0 = due", "day + 0 days = due"},
        {"not title is empty", "title is not empty"},
        {"not (title is not empty)", "title is empty"},
        {"not not urgent", "urgent"},
        {"not (not urgent)", "urgent"},
        {"not (visits = 1)", "not visits = 1"},
        {"((urgent))and(open or (urgent or yes))", "urgent and (open or urgent or yes)"},
        {"(urgent and open) or yes", "urgent and open or yes"},
        {"not (urgent and open)", "not (urgent and open)"},
        {"count( items where (done) )>2", "count(items where done) > 2"},
        {"title contains '访' and visits between 1 and 2",
         "title contains '访' and visits between 1 and 2"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Expression) expression = parse(cases[i].text);
        g_autofree char *text = expression_to_text(expression);
        g_assert_cmpstr(text, ==, cases[i].canonical);
        g_autoptr(Expression) again = parse(text);
        g_autofree char *text_again = expression_to_text(again);
        g_assert_cmpstr(text_again, ==, text);
    }
}

static void test_canonical_value(void)
{
    g_autoptr(Expression) expression =
        expression_parse_value("unit.founded+5", random_expression_scope(), NULL);
    g_autofree char *text = expression_to_text(expression);
    g_assert_cmpstr(text, ==, "unit.founded + 5 days");
}

static const char *label(void *data, const ExpressionSymbol *symbol, const char *key)
{
    static const char *const labels[][2] = {
        {"channel", "渠道"}, {"phone", "电话"},  {"title", "标题"},           {"unit", "单位"},
        {"name", "名称"},    {"items", "明细"},  {"received_at", "收到时间"}, {"urgent", "紧急"},
        {"done", "完成"},    {"visits", "次数"}, {"period.end", "期末"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (g_str_equal(labels[i][0], key != NULL ? key : symbol->name)) {
            return labels[i][1];
        }
    }
    return NULL;
}

static void test_describe(void)
{
    static const struct {
        const char *text;
        const char *chinese;
        const char *english;
    } cases[] = {
        {"channel in (phone, letter)", "渠道为“电话”、“letter”之一",
         "渠道 is one of '电话', 'letter'"},
        {"channel = phone and title is not empty", "渠道为“电话”，且标题不为空",
         "渠道 is '电话' and 标题 is not empty"},
        {"not (urgent or title is empty)", "不符合（紧急，或标题为空）",
         "not (紧急 or 标题 is empty)"},
        {"urgent = yes and (visits > 1 or open = no)", "紧急为“是”，且（次数大于1，或open为“否”）",
         "紧急 is yes and (次数 is more than 1 or open is no)"},
        {"received_at <= period.end - 30", "收到时间不晚于期末前30天",
         "收到时间 is not after 30 days before 期末"},
        {"not received_at > period.end", "收到时间不晚于期末（或为空）",
         "收到时间 is not after 期末 (or empty)"},
        {"not visits = 1 and not urgent", "次数不为1（或为空），且紧急为“否”（或为空）",
         "次数 is not 1 (or empty) and 紧急 is no (or empty)"},
        {"not channel in (phone, letter)", "渠道不为“电话”、“letter”之一（或为空）",
         "渠道 is none of '电话', 'letter' (or empty)"},
        {"visits >= 1 and visits < 3", "次数不小于1，且次数小于3",
         "次数 is at least 1 and 次数 is less than 3"},
        {"unit.name contains '办'", "单位的名称包含“办”", "单位: 名称 contains '办'"},
        {"count(items where done) between 1 and 3", "明细中符合（完成）的条数在1至3之间",
         "the number of 明细 where 完成 is from 1 to 3"},
        {"count(items) = 0", "明细的条数为0", "the number of 明细 is 0"},
    };
    static const ExpressionLabels labels = {label, NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Expression) expression = parse(cases[i].text);
        g_autofree char *chinese = expression_describe(expression, "zh", &labels);
        g_autofree char *english = expression_describe(expression, "en", &labels);
        g_assert_cmpstr(chinese, ==, cases[i].chinese);
        g_assert_cmpstr(english, ==, cases[i].english);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expression/print/canonical", test_canonical);
    g_test_add_func("/expression/print/canonical-value", test_canonical_value);
    g_test_add_func("/expression/print/describe", test_describe);
    return g_test_run();
}
