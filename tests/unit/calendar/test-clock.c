#include "calendar/clock.h"

#define ZONE DATE_SECONDS_SHANGHAI

static int64_t instant(const char *text)
{
    int64_t us = 0;
    g_assert_true(date_parse_time(text, ZONE, &us));
    return us;
}

static ClockRule rule_from(const char *text)
{
    ClockRule rule = {0};
    g_assert_true(clock_rule_parse(text, &rule, NULL));
    return rule;
}

/* Check the due date, the instant, and that the explanation says the same. */
static void assert_due(const char *start, const char *within, const char *wanted_date,
                       const char *wanted_instant, bool is_provisional)
{
    ClockRule rule = rule_from(within);
    ClockDue due = {0}, explained = {0};
    char text[DATE_TEXT_SIZE];
    g_assert_true(clock_due(calendar_builtin(), &rule, instant(start), ZONE, &due, NULL));
    g_test_message("%s + %s", start, within);
    g_assert_cmpstr(date_format(due.date, text), ==, wanted_date);
    g_assert_cmpint(due.us, ==, instant(wanted_instant));
    g_assert_cmpint(due.is_provisional, ==, is_provisional);
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), &rule, instant(start), ZONE, &explained, NULL);
    g_assert_cmpint(explained.date, ==, due.date);
    g_assert_cmpint(explained.us, ==, due.us);
    g_assert_cmpint(explained.is_provisional, ==, due.is_provisional);
    g_assert_cmpint(days->len, >, 0);
}

/* Each vector also tells what counting Monday to Friday would give, where that is different. */
static void test_vectors(void)
{
    static const struct {
        const char *start, *within, *due, *naive;
    } vectors[] = {
        {"2023-01-20", "5 workdays", "2023-02-01", "2023-01-27"},
        {"2023-04-21", "5 workdays", "2023-04-27", "2023-04-28"},
        {"2023-06-20", "5 workdays", "2023-06-28", "2023-06-27"},
        {"2023-09-28", "5 workdays", "2023-10-11", "2023-10-05"},
        {"2023-09-20", "20 workdays", "2023-10-24", "2023-10-18"},
        {"2023-05-05", "1 workday", "2023-05-06", "2023-05-08"},
        {"2024-02-08", "5 workdays", "2024-02-21", "2024-02-15"},
        {"2023-09-20", "15 days", "2023-10-07", NULL},
        {"2023-09-20", "15 days no roll", "2023-10-05", NULL},
    };
    g_autoptr(Calendar) naive = calendar_parse("", "no notices", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        g_autofree char *end = g_strconcat(vectors[i].due, " 24:00", NULL);
        assert_due(vectors[i].start, vectors[i].within, vectors[i].due, end, false);
        if (vectors[i].naive != NULL) {
            ClockRule rule = rule_from(vectors[i].within);
            ClockDue due = {0};
            char text[DATE_TEXT_SIZE];
            g_assert_true(clock_due(naive, &rule, instant(vectors[i].start), ZONE, &due, NULL));
            g_assert_cmpstr(date_format(due.date, text), ==, vectors[i].naive);
            g_assert_true(due.is_provisional);
        }
    }
}

static void test_hours_run_across_midnight_and_rest_days(void)
{
    assert_due("2023-05-05 23:10", "2 hours", "2023-05-06", "2023-05-06 01:10", false);
    assert_due("2023-09-28 17:59", "24 hours", "2023-09-29", "2023-09-29 17:59", false);
    assert_due("2023-05-05", "24 hours", "2023-05-05", "2023-05-06 00:00", false);
    assert_due("2027-02-01 09:00", "48 hours", "2027-02-03", "2027-02-03 09:00", false);
}

static void test_months_end_on_the_corresponding_day(void)
{
    assert_due("2023-03-15", "1 month", "2023-04-17", "2023-04-17 24:00", false); /* Saturday */
    assert_due("2023-03-15", "1 month no roll", "2023-04-15", "2023-04-15 24:00", false);
    assert_due("2023-01-31", "1 month", "2023-02-28", "2023-02-28 24:00", false);
    assert_due("2024-01-31", "1 month", "2024-02-29", "2024-02-29 24:00", false);
    assert_due("2023-02-28", "1 month", "2023-03-28", "2023-03-28 24:00", false);
    assert_due("2022-12-15", "1 year", "2023-12-15", "2023-12-15 24:00", false);
    assert_due("2024-02-29", "1 year", "2025-02-28", "2025-02-28 24:00", false);
}

static void test_rolling(void)
{
    assert_due("2023-04-14", "15 days", "2023-05-04", "2023-05-04 24:00", false);
    assert_due("2023-04-08", "15 days", "2023-04-23", "2023-04-23 24:00", false); /* made up */
    assert_due("2022-12-16", "15 days", "2023-01-03", "2023-01-03 24:00", false);
}

static void test_closing_time(void)
{
    assert_due("2023-05-05", "1 workday by 17:30", "2023-05-06", "2023-05-06 17:30", false);
    assert_due("2023-09-20", "15 days by 18:00", "2023-10-07", "2023-10-07 18:00", false);
}

static void test_same_day(void)
{
    assert_due("2023-10-01 09:00", "same day", "2023-10-01", "2023-10-01 24:00", false);
    assert_due("2023-10-01 23:59:59", "same day", "2023-10-01", "2023-10-01 24:00", false);
    assert_due("2023-10-01 09:00", "same day by 17:30", "2023-10-01", "2023-10-01 17:30", false);
    assert_due("2023-10-06 17:31", "same day by 17:30", "2023-10-06", "2023-10-06 24:00", false);
}

static void test_provisional(void)
{
    assert_due("2027-02-01", "5 workdays", "2027-02-08", "2027-02-08 24:00", true);
    assert_due("2005-09-28", "5 workdays", "2005-10-05", "2005-10-05 24:00", true);
    assert_due("2026-12-30", "1 workday", "2026-12-31", "2026-12-31 24:00", false);
    /* New Year's Day is off by law; the days after it are the week's word. */
    assert_due("2026-12-30", "2 workdays", "2027-01-04", "2027-01-04 24:00", true);
    /* Only the last of natural days is looked up in the calendar. */
    assert_due("2026-12-17", "15 days", "2027-01-04", "2027-01-04 24:00", true);
    assert_due("2026-12-17", "15 days no roll", "2027-01-01", "2027-01-01 24:00", false);
    assert_due("2006-12-20", "15 days", "2007-01-04", "2007-01-04 24:00", false);
    assert_due("2026-01-15", "1 year", "2027-01-15", "2027-01-15 24:00", true);
    assert_due("2027-10-01", "same day", "2027-10-01", "2027-10-01 24:00", false);
}

static void assert_explanation(const char *start, const char *within, const char *language,
                               const char *wanted)
{
    ClockRule rule = rule_from(within);
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), &rule, instant(start), ZONE, NULL, NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        char date[DATE_TEXT_SIZE];
        g_autofree char *why = clock_day_to_text(day, language);
        g_string_append_printf(out, "%s %c %s\n", date_format(day->date, date) + 5,
                               day->is_counted ? '+' : '-', why);
    }
    g_assert_cmpstr(out->str, ==, wanted);
}

static void test_explain_workdays(void)
{
    assert_explanation("2023-01-20", "5个工作日", "zh",
                       "01-20 - 起算日不计入\n"
                       "01-21 - 春节假期\n"
                       "01-22 - 春节假期\n"
                       "01-23 - 春节假期\n"
                       "01-24 - 春节假期\n"
                       "01-25 - 春节假期\n"
                       "01-26 - 春节假期\n"
                       "01-27 - 春节假期\n"
                       "01-28 + 春节调休上班，第1天\n"
                       "01-29 + 春节调休上班，第2天\n"
                       "01-30 + 工作日，第3天\n"
                       "01-31 + 工作日，第4天\n"
                       "02-01 + 工作日，第5天\n");
    assert_explanation("2023-05-05", "2 workdays", "en",
                       "05-05 - the day of the start is not counted\n"
                       "05-06 + worked in exchange for Labour Day: day 1\n"
                       "05-07 - Sunday, a rest day\n"
                       "05-08 + a workday: day 2\n");
    assert_explanation("2026-12-31", "2个工作日", "zh",
                       "12-31 - 起算日不计入\n"
                       "01-01 - 元旦假期\n"
                       "01-02 - 周六休息（当年放假安排未公布，暂按周一至周五上班推算）\n"
                       "01-03 - 周日休息（当年放假安排未公布，暂按周一至周五上班推算）\n"
                       "01-04 + 工作日，第1天（当年放假安排未公布，暂按周一至周五上班推算）\n"
                       "01-05 + 工作日，第2天（当年放假安排未公布，暂按周一至周五上班推算）\n");
}

static void test_explain_same_day(void)
{
    assert_explanation("2023-10-06 17:30", "当日17:30前", "zh", "10-06 + 当日办结\n");
    assert_explanation("2023-10-06 17:31", "当日17:30前", "zh",
                       "10-06 + 当日办结；来时已过下班时间，至24:00\n");
}

static void test_explain_natural_days(void)
{
    assert_explanation("2023-10-02", "3日", "zh",
                       "10-02 - 起算日不计入\n"
                       "10-03 + 第1日\n"
                       "10-04 + 第2日\n"
                       "10-05 + 第3日，期满日为休息日（中秋节、国庆节假期），顺延\n"
                       "10-06 - 中秋节、国庆节假期，继续顺延\n"
                       "10-07 - 中秋节、国庆节调休上班，顺延至本日期满\n");
    assert_explanation(
        "2023-05-18", "2 days", "en",
        "05-18 - the day of the start is not counted\n"
        "05-19 + day 1\n"
        "05-20 + day 2: the last day is a rest day (Saturday, a rest day), moved on\n"
        "05-21 - Sunday, a rest day, moved on\n"
        "05-22 - a workday: the period ends here\n");
    assert_explanation("2027-05-06", "1 day", "en",
                       "05-06 - the day of the start is not counted\n"
                       "05-07 + day 1 (provisional: that year's holidays are not published)\n");
}

static void test_explain_the_rest(void)
{
    assert_explanation("2023-05-05 22:30", "2小时", "zh",
                       "05-05 + 按小时连续计算，22:30至24:00\n"
                       "05-06 + 按小时连续计算，00:00至00:30\n");
    assert_explanation("2023-05-05", "24 hours", "en",
                       "05-05 + counted by the hour, 00:00 to 24:00\n");
    assert_explanation("2023-10-01", "当日", "zh", "10-01 + 当日办结\n");
    ClockRule rule = rule_from("1个月");
    static const struct {
        const char *start, *last;
        guint n_days;
    } months[] = {
        {"2023-01-31", "到期月没有对应日，月末日期满", 29},
        {"2023-05-06", "到期月的对应日，期满", 32},
        {"2023-03-15", "工作日，顺延至本日期满", 34},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(months); i++) {
        g_autoptr(GArray) days =
            clock_explain(calendar_builtin(), &rule, instant(months[i].start), ZONE, NULL, NULL);
        g_assert_cmpint(days->len, ==, months[i].n_days);
        g_autofree char *first = clock_day_to_text(&g_array_index(days, ClockDay, 1), "zh");
        g_autofree char *last =
            clock_day_to_text(&g_array_index(days, ClockDay, days->len - 1), "zh");
        g_assert_cmpstr(first, ==, "按月计算，在期间内");
        g_assert_cmpstr(last, ==, months[i].last);
    }
}

static void test_sources(void)
{
    ClockRule rule = rule_from("3 days");
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), &rule, instant("2023-10-02"), ZONE, NULL, NULL);
    g_assert_cmpstr(clock_day_source(&g_array_index(days, ClockDay, 0), "zh"), ==,
                    "《民法典》第二百零一条");
    g_assert_cmpstr(clock_day_source(&g_array_index(days, ClockDay, 5), "en"), ==,
                    "Civil Code, art. 203");
    rule = rule_from("2 workdays");
    g_autoptr(GArray) workdays =
        clock_explain(calendar_builtin(), &rule, instant("2023-05-05"), ZONE, NULL, NULL);
    const char *notice = clock_day_source(&g_array_index(workdays, ClockDay, 1), "zh");
    g_assert_true(g_str_has_prefix(notice, "http://www.gov.cn/"));
    g_assert_null(clock_day_source(&g_array_index(workdays, ClockDay, 3), "zh"));
    rule = rule_from("same day");
    g_autoptr(GArray) same =
        clock_explain(calendar_builtin(), &rule, instant("2023-05-06"), ZONE, NULL, NULL);
    g_assert_null(clock_day_source(&g_array_index(same, ClockDay, 0), "zh"));
    rule = rule_from("1 month");
    g_autoptr(GArray) month =
        clock_explain(calendar_builtin(), &rule, instant("2023-05-06"), ZONE, NULL, NULL);
    g_assert_cmpstr(clock_day_source(&g_array_index(month, ClockDay, 1), "zh"), ==,
                    "《民法典》第二百零二条");
}

/* What must hold of any rule from any day: the explanation runs day by day from the start to the
 * due date, counts exactly the amount, and a later start is never due earlier. */
static void assert_laws(const ClockRule *rule, Date start)
{
    ClockDue due = {0}, next = {0};
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), rule, date_to_us(start, 0, ZONE), ZONE, &due, NULL);
    g_assert_true(
        clock_due(calendar_builtin(), rule, date_to_us(start + 1, 0, ZONE), ZONE, &next, NULL));
    g_assert_cmpint(due.date, <=, next.date);
    g_assert_cmpint(due.us, ==, date_to_us(due.date, rule->closing_minutes * 60, ZONE));
    int n_counted = 0;
    for (guint i = 0; i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        g_assert_cmpint(day->date, ==, start + (int)i);
        n_counted += day->is_counted ? 1 : 0;
    }
    g_assert_cmpint(g_array_index(days, ClockDay, days->len - 1).date, ==, due.date);
    if (rule->unit != CLOCK_MONTH) {
        g_assert_cmpint(n_counted, ==, rule->amount);
    }
    bool is_workday = calendar_is_workday(calendar_builtin(), due.date, NULL);
    g_assert_true(is_workday || (rule->unit != CLOCK_WORKDAY && !rule->is_rolling));
    if (rule->unit == CLOCK_WORKDAY) {
        g_assert_cmpint(calendar_count_workdays(calendar_builtin(), start + 1, due.date, NULL), ==,
                        rule->amount);
    }
}

static void test_laws_on_every_start(void)
{
    static const char *const rules[] = {
        "1 workday", "5 workdays by 17:30", "20 workdays", "1 day",
        "15 days",   "60 days no roll",     "1 month",     "3 months no roll"};
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        ClockRule rule = rule_from(rules[i]);
        Date last = date_from_ymd(2027, 3, 31);
        for (Date start = date_from_ymd(2006, 11, 1); start <= last; start += 1) {
            assert_laws(&rule, start);
        }
    }
}

static void test_start_out_of_range(void)
{
    static const char *const rules[] = {"9999 hours", "3660 days", "2600 workdays", "120 months"};
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        ClockRule rule = rule_from(rules[i]);
        ClockDue due = {0};
        g_autoptr(GError) error = NULL;
        g_assert_true(
            clock_due(calendar_builtin(), &rule, instant("9900-12-31 23:59:59"), ZONE, &due, NULL));
        g_assert_true(
            clock_due(calendar_builtin(), &rule, instant("0001-01-01"), ZONE, &due, NULL));
        g_assert_false(
            clock_due(calendar_builtin(), &rule, instant("9901-01-01"), ZONE, &due, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_false(clock_due(calendar_builtin(), &rule, INT64_MIN, ZONE, &due, NULL));
        g_assert_null(clock_explain(calendar_builtin(), &rule, INT64_MAX, ZONE, NULL, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/clock/vectors", test_vectors);
    g_test_add_func("/calendar/clock/hours-run-across-midnight-and-rest-days",
                    test_hours_run_across_midnight_and_rest_days);
    g_test_add_func("/calendar/clock/months-end-on-the-corresponding-day",
                    test_months_end_on_the_corresponding_day);
    g_test_add_func("/calendar/clock/rolling", test_rolling);
    g_test_add_func("/calendar/clock/closing-time", test_closing_time);
    g_test_add_func("/calendar/clock/same-day", test_same_day);
    g_test_add_func("/calendar/clock/provisional", test_provisional);
    g_test_add_func("/calendar/clock/explain-workdays", test_explain_workdays);
    g_test_add_func("/calendar/clock/explain-same-day", test_explain_same_day);
    g_test_add_func("/calendar/clock/explain-natural-days", test_explain_natural_days);
    g_test_add_func("/calendar/clock/explain-the-rest", test_explain_the_rest);
    g_test_add_func("/calendar/clock/sources", test_sources);
    g_test_add_func("/calendar/clock/laws-on-every-start", test_laws_on_every_start);
    g_test_add_func("/calendar/clock/start-out-of-range", test_start_out_of_range);
    return g_test_run();
}
