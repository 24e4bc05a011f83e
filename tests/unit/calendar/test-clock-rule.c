#include "calendar/clock-rule.h"

#define DAY_END CLOCK_MINUTES_PER_DAY

/* A text, what it means, and how it is written back. */
static const struct {
    const char *text;
    ClockRule rule;
    const char *english, *chinese;
} good[] = {
    {"5 workdays", {CLOCK_WORKDAY, 5, DAY_END, false}, "5 workdays", "5个工作日"},
    {"1 working day", {CLOCK_WORKDAY, 1, DAY_END, false}, "1 workday", "1个工作日"},
    {"15 days", {CLOCK_DAY, 15, DAY_END, true}, "15 days", "15日"},
    {"2 hours", {CLOCK_HOUR, 2, DAY_END, false}, "2 hours", "2小时"},
    {"1 month", {CLOCK_MONTH, 1, DAY_END, true}, "1 month", "1个月"},
    {"2 years", {CLOCK_MONTH, 24, DAY_END, true}, "2 years", "2年"},
    {"1 week", {CLOCK_DAY, 7, DAY_END, true}, "7 days", "7日"},
    {"same day", {CLOCK_DAY, 0, DAY_END, false}, "same day", "当日"},
    {"same day by 18:00", {CLOCK_DAY, 0, 18 * 60, false}, "same day by 18:00", "当日18:00前"},
    {" 5  workdays by 17:30 ",
     {CLOCK_WORKDAY, 5, 17 * 60 + 30, false},
     "5 workdays by 17:30",
     "5个工作日17:30前"},
    {"15 days no roll", {CLOCK_DAY, 15, DAY_END, false}, "15 days no roll", "15日 不顺延"},
    {"1 month by 9:05 no roll",
     {CLOCK_MONTH, 1, 9 * 60 + 5, false},
     "1 month by 09:05 no roll",
     "1个月09:05前 不顺延"},
    {"5 workdays by 24:00", {CLOCK_WORKDAY, 5, DAY_END, false}, "5 workdays", "5个工作日"},
    {"5个工作日", {CLOCK_WORKDAY, 5, DAY_END, false}, "5 workdays", "5个工作日"},
    {"5 个工作日内", {CLOCK_WORKDAY, 5, DAY_END, false}, "5 workdays", "5个工作日"},
    {"15日", {CLOCK_DAY, 15, DAY_END, true}, "15 days", "15日"},
    {"15天以内", {CLOCK_DAY, 15, DAY_END, true}, "15 days", "15日"},
    {"7个自然日不顺延", {CLOCK_DAY, 7, DAY_END, false}, "7 days no roll", "7日 不顺延"},
    {"24小时", {CLOCK_HOUR, 24, DAY_END, false}, "24 hours", "24小时"},
    {"1个月", {CLOCK_MONTH, 1, DAY_END, true}, "1 month", "1个月"},
    {"1年", {CLOCK_MONTH, 12, DAY_END, true}, "1 year", "1年"},
    {"2周", {CLOCK_DAY, 14, DAY_END, true}, "14 days", "14日"},
    {"当日", {CLOCK_DAY, 0, DAY_END, false}, "same day", "当日"},
    {"当天17:30前", {CLOCK_DAY, 0, 17 * 60 + 30, false}, "same day by 17:30", "当日17:30前"},
    {"9999 hours", {CLOCK_HOUR, 9999, DAY_END, false}, "9999 hours", "9999小时"},
};

static void assert_rule(const char *text, const ClockRule *wanted)
{
    g_autoptr(GError) error = NULL;
    ClockRule rule = {0};
    g_assert_true(clock_rule_parse(text, &rule, &error));
    g_assert_no_error(error);
    g_assert_cmpint(rule.unit, ==, wanted->unit);
    g_assert_cmpint(rule.amount, ==, wanted->amount);
    g_assert_cmpint(rule.closing_minutes, ==, wanted->closing_minutes);
    g_assert_cmpint(rule.is_rolling, ==, wanted->is_rolling);
    g_assert_true(clock_rule_is_equal(&rule, wanted));
}

static void test_parse_and_write(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        assert_rule(good[i].text, &good[i].rule);
        g_autofree char *english = clock_rule_to_text(&good[i].rule, "en");
        g_autofree char *chinese = clock_rule_to_text(&good[i].rule, "zh");
        g_assert_cmpstr(english, ==, good[i].english);
        g_assert_cmpstr(chinese, ==, good[i].chinese);
        assert_rule(english, &good[i].rule);
        assert_rule(chinese, &good[i].rule);
    }
}

static void test_parse_refuses(void)
{
    static const char *const bad[] = {
        "",
        "5",
        "days",
        "0 days",
        "-1 days",
        "1.5 hours",
        "5 fortnights",
        "5 days x",
        "1月",
        "五日",
        "1000000000000 days",
        "2 hours by 17:30",
        "2 hours no roll",
        "5 workdays no roll",
        "same day no roll",
        "5 days by",
        "5 days by 25:00",
        "5 days by 17:60",
        "5 days by 0:00",
        "5 days 17:30",
        "5 days by 24:01",
        "same days",
        "当日内",
        "5日 17:30",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        ClockRule rule = {.amount = 77};
        g_test_message("%s", bad[i]);
        g_assert_false(clock_rule_parse(bad[i], &rule, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_nonnull(strstr(error->message, "is not a time limit; write for example"));
        g_assert_cmpint(rule.amount, ==, 77);
    }
}

static void test_limits(void)
{
    static const char *const at_limit[] = {"9999 hours", "3660 days", "2600 workdays",
                                           "120 months", "10 years",  "522 weeks"};
    static const char *const past_limit[] = {"10000 hours", "3661 days", "2601 workdays",
                                             "121 months",  "11 years",  "523 weeks"};
    for (size_t i = 0; i < G_N_ELEMENTS(at_limit); i++) {
        g_autoptr(GError) error = NULL;
        ClockRule rule = {0};
        g_assert_true(clock_rule_parse(at_limit[i], &rule, NULL));
        g_assert_false(clock_rule_parse(past_limit[i], &rule, &error));
        g_assert_nonnull(strstr(error->message, "too long a time limit"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/clock-rule/parse-and-write", test_parse_and_write);
    g_test_add_func("/calendar/clock-rule/parse-refuses", test_parse_refuses);
    g_test_add_func("/calendar/clock-rule/limits", test_limits);
    return g_test_run();
}
