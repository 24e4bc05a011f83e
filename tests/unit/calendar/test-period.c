#include "calendar/period.h"

static const struct {
    const char *text, *from, *to, *short_text, *chinese, *english;
} good[] = {
    {"2023", "2023-01-01", "2023-12-31", "2023", "2023年", "2023"},
    {"2023H1", "2023-01-01", "2023-06-30", "2023H1", "2023年上半年", "the first half of 2023"},
    {"2023h2", "2023-07-01", "2023-12-31", "2023H2", "2023年下半年", "the second half of 2023"},
    {"2023Q1", "2023-01-01", "2023-03-31", "2023Q1", "2023年第一季度", "the first quarter of 2023"},
    {"2024q4", "2024-10-01", "2024-12-31", "2024Q4", "2024年第四季度",
     "the fourth quarter of 2024"},
    {"2023-05", "2023-05-01", "2023-05-31", "2023-05", "2023年5月", "May 2023"},
    {"2024-02", "2024-02-01", "2024-02-29", "2024-02", "2024年2月", "February 2024"},
    {"2023-05-06", "2023-05-06", "2023-05-06", "2023-05-06", "2023年5月6日", "2023-05-06"},
    {"2023-05-01..2023-06-15", "2023-05-01", "2023-06-15", "2023-05-01..2023-06-15",
     "2023年5月1日至6月15日", "2023-05-01 to 2023-06-15"},
    {"2022-12-20 .. 2023-01-10", "2022-12-20", "2023-01-10", "2022-12-20..2023-01-10",
     "2022年12月20日至2023年1月10日", "2022-12-20 to 2023-01-10"},
    {"2023-01-01..2023-12-31", "2023-01-01", "2023-12-31", "2023", "2023年", "2023"},
    {"2023-04..2023-06", "2023-04-01", "2023-06-30", "2023Q2", "2023年第二季度",
     "the second quarter of 2023"},
    {"2019..2023Q3", "2019-01-01", "2023-09-30", "2019-01-01..2023-09-30",
     "2019年1月1日至2023年9月30日", "2019-01-01 to 2023-09-30"},
    {"2023年", "2023-01-01", "2023-12-31", "2023", "2023年", "2023"},
    {"2023 年度", "2023-01-01", "2023-12-31", "2023", "2023年", "2023"},
    {"2023年上半年", "2023-01-01", "2023-06-30", "2023H1", "2023年上半年",
     "the first half of 2023"},
    {"2023年第三季度", "2023-07-01", "2023-09-30", "2023Q3", "2023年第三季度",
     "the third quarter of 2023"},
    {"2023年2季度", "2023-04-01", "2023-06-30", "2023Q2", "2023年第二季度",
     "the second quarter of 2023"},
    {"2023年05月份", "2023-05-01", "2023-05-31", "2023-05", "2023年5月", "May 2023"},
    {"2023年5月6日", "2023-05-06", "2023-05-06", "2023-05-06", "2023年5月6日", "2023-05-06"},
    {"2023年1月至6月", "2023-01-01", "2023-06-30", "2023H1", "2023年上半年",
     "the first half of 2023"},
    {"2023年1-9月", "2023-01-01", "2023-09-30", "2023-01-01..2023-09-30", "2023年1月1日至9月30日",
     "2023-01-01 to 2023-09-30"},
    {"2023年1—3月份", "2023-01-01", "2023-03-31", "2023Q1", "2023年第一季度",
     "the first quarter of 2023"},
    {"2023年5月1日至6月15日", "2023-05-01", "2023-06-15", "2023-05-01..2023-06-15",
     "2023年5月1日至6月15日", "2023-05-01 to 2023-06-15"},
    {"2023年5月1-15日", "2023-05-01", "2023-05-15", "2023-05-01..2023-05-15",
     "2023年5月1日至5月15日", "2023-05-01 to 2023-05-15"},
    {"2023年5月1日到15日", "2023-05-01", "2023-05-15", "2023-05-01..2023-05-15",
     "2023年5月1日至5月15日", "2023-05-01 to 2023-05-15"},
    {"2022年12月20日～2023年1月10日", "2022-12-20", "2023-01-10", "2022-12-20..2023-01-10",
     "2022年12月20日至2023年1月10日", "2022-12-20 to 2023-01-10"},
    {"2022年至2023年", "2022-01-01", "2023-12-31", "2022-01-01..2023-12-31",
     "2022年1月1日至2023年12月31日", "2022-01-01 to 2023-12-31"},
    {"2023.5", "2023-05-01", "2023-05-31", "2023-05", "2023年5月", "May 2023"},
    {"2023-5", "2023-05-01", "2023-05-31", "2023-05", "2023年5月", "May 2023"},
    {"2023/5/6", "2023-05-06", "2023-05-06", "2023-05-06", "2023年5月6日", "2023-05-06"},
    {"2023.1.1-2023.3.31", "2023-01-01", "2023-03-31", "2023Q1", "2023年第一季度",
     "the first quarter of 2023"},
    {"2023-01-01至2023-06-30", "2023-01-01", "2023-06-30", "2023H1", "2023年上半年",
     "the first half of 2023"},
    {"2022-2023", "2022-01-01", "2023-12-31", "2022-01-01..2023-12-31",
     "2022年1月1日至2023年12月31日", "2022-01-01 to 2023-12-31"},
    {"2023上半年", "2023-01-01", "2023-06-30", "2023H1", "2023年上半年", "the first half of 2023"},
    {"2023一季度", "2023-01-01", "2023-03-31", "2023Q1", "2023年第一季度",
     "the first quarter of 2023"},
    {"2023年前三季度", "2023-01-01", "2023-09-30", "2023-01-01..2023-09-30",
     "2023年1月1日至9月30日", "2023-01-01 to 2023-09-30"},
    {"2023.5.6-5.8", "2023-05-06", "2023-05-08", "2023-05-06..2023-05-08", "2023年5月6日至5月8日",
     "2023-05-06 to 2023-05-08"},
    {"2023.5.6—8", "2023-05-06", "2023-05-08", "2023-05-06..2023-05-08", "2023年5月6日至5月8日",
     "2023-05-06 to 2023-05-08"},
    {"2023-05-06-08", "2023-05-06", "2023-05-08", "2023-05-06..2023-05-08", "2023年5月6日至5月8日",
     "2023-05-06 to 2023-05-08"},
    {"2023.4-6", "2023-04-01", "2023-06-30", "2023Q2", "2023年第二季度",
     "the second quarter of 2023"},
    {"2023年5月6日——8日", "2023-05-06", "2023-05-08", "2023-05-06..2023-05-08",
     "2023年5月6日至5月8日", "2023-05-06 to 2023-05-08"},
    {"2023年5月6号-5月8号", "2023-05-06", "2023-05-08", "2023-05-06..2023-05-08",
     "2023年5月6日至5月8日", "2023-05-06 to 2023-05-08"},
    {"1900..9998", "1900-01-01", "9998-12-31", "1900-01-01..9998-12-31",
     "1900年1月1日至9998年12月31日", "1900-01-01 to 9998-12-31"},
};

static Period period_from(const char *text)
{
    Period period = {0};
    g_assert_true(period_parse(text, &period, NULL));
    return period;
}

static void assert_days(const Period *period, const char *from, const char *to)
{
    char text[DATE_TEXT_SIZE];
    g_assert_cmpstr(date_format(period->from, text), ==, from);
    g_assert_cmpstr(date_format(period->to, text), ==, to);
}

static void test_parse_and_write(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_test_message("%s", good[i].text);
        Period period = period_from(good[i].text);
        assert_days(&period, good[i].from, good[i].to);
        g_autofree char *text = period_to_text(&period);
        g_autofree char *chinese = period_to_words(&period, "zh");
        g_autofree char *english = period_to_words(&period, "en");
        g_assert_cmpstr(text, ==, good[i].short_text);
        g_assert_cmpstr(chinese, ==, good[i].chinese);
        g_assert_cmpstr(english, ==, good[i].english);
        Period again = period_from(text);
        g_assert_true(period_is_equal(&again, &period));
        again = period_from(chinese);
        g_assert_true(period_is_equal(&again, &period));
    }
}

static void test_parse_refuses(void)
{
    static const char *const bad[] = {
        "",
        "23",
        "2023Q0",
        "2023Q5",
        "2023H3",
        "2023-13",
        "2023.13",
        "2023.0",
        "2023.5.",
        "2023.5...2023.6",
        "2023.5.6-",
        "2023.5.6-0",
        "2023.5.6-32",
        "2023.5.6-5.8.",
        "2023-8.5.",
        "2023H1-6",
        "2023.5/6",
        "2023-02-29",
        "2023..",
        "..2023",
        "2023-05-",
        "2023Q1x",
        "20230506",
        "1899",
        "9999",
        "5月",
        "5月1日至6月1日",
        "2023年13月",
        "2023年第五季度",
        "2023年第",
        "2023年2月30日",
        "2023年5月至",
        "2023年5",
        "2023年1-6",
        "2023年5月1-6月",
        "2023年0月",
        "2023年上半年至下半年",
        "2023年5月6",
        "2023年6日",
        "2023至2024年",
        "2023年5月6日7",
        "今年",
        "2023年1-15日",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        Period period = {.from = 77};
        g_test_message("%s", bad[i]);
        g_assert_false(period_parse(bad[i], &period, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_nonnull(strstr(error->message, "is not a period; write for example"));
        g_assert_cmpint(period.from, ==, 77);
    }
    g_autoptr(GError) error = NULL;
    Period period = {0};
    g_assert_false(period_parse("2023-06..2023-05", &period, &error));
    g_assert_cmpstr(error->message, ==, "the period '2023-06..2023-05' ends before it begins");
    g_autofree char *chinese = error_to_text(error, "zh");
    g_assert_cmpstr(chinese, ==, "期间“2023-06..2023-05”的结束早于开始");
}

static void assert_parts(const char *text, PeriodUnit unit, const char *wanted)
{
    Period period = period_from(text);
    g_autoptr(GArray) parts = period_split(&period, unit);
    g_autoptr(GString) out = g_string_new(NULL);
    Date next = period.from;
    for (guint i = 0; i < parts->len; i++) {
        const Period *part = &g_array_index(parts, Period, i);
        g_autofree char *part_text = period_to_text(part);
        g_assert_cmpint(part->from, ==, next);
        next = part->to + 1;
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", part_text);
    }
    g_assert_cmpint(next, ==, period.to + 1);
    g_assert_cmpstr(out->str, ==, wanted);
}

static void test_split(void)
{
    assert_parts("2023", PERIOD_QUARTER, "2023Q1 2023Q2 2023Q3 2023Q4");
    assert_parts("2023", PERIOD_HALF, "2023H1 2023H2");
    assert_parts("2023", PERIOD_YEAR, "2023");
    assert_parts("2023Q4", PERIOD_MONTH, "2023-10 2023-11 2023-12");
    assert_parts("2022-12..2023-02", PERIOD_YEAR, "2022-12 2023-01-01..2023-02-28");
    assert_parts("2023-05-15..2023-07-01", PERIOD_MONTH,
                 "2023-05-15..2023-05-31 2023-06 2023-07-01");
    Period whole = period_from("2023");
    g_autoptr(GArray) months = period_split(&whole, PERIOD_MONTH);
    g_assert_cmpint(months->len, ==, 12);
}

static void test_around_and_contains(void)
{
    Date date = date_from_ymd(2023, 8, 17);
    static const char *const wanted[] = {"2023", "2023H2", "2023Q3", "2023-08"};
    for (PeriodUnit unit = PERIOD_YEAR; unit <= PERIOD_MONTH; unit++) {
        Period period = period_around(unit, date);
        g_autofree char *text = period_to_text(&period);
        g_assert_cmpstr(text, ==, wanted[unit]);
        g_assert_true(period_contains(&period, date));
        g_assert_true(period_contains(&period, period.from));
        g_assert_true(period_contains(&period, period.to));
        g_assert_false(period_contains(&period, period.from - 1));
        g_assert_false(period_contains(&period, period.to + 1));
    }
}

static void test_bounds_in_utc(void)
{
    Period period = period_from("2023");
    int64_t from_us = 0, to_us = 0;
    char text[DATE_TIME_TEXT_SIZE];
    period_to_us(&period, DATE_SECONDS_SHANGHAI, &from_us, &to_us);
    g_assert_cmpstr(date_format_time(from_us, 0, text), ==, "2022-12-31T16:00:00Z");
    g_assert_cmpstr(date_format_time(to_us, 0, text), ==, "2023-12-31T16:00:00Z");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/period/parse-and-write", test_parse_and_write);
    g_test_add_func("/calendar/period/parse-refuses", test_parse_refuses);
    g_test_add_func("/calendar/period/split", test_split);
    g_test_add_func("/calendar/period/around-and-contains", test_around_and_contains);
    g_test_add_func("/calendar/period/bounds-in-utc", test_bounds_in_utc);
    return g_test_run();
}
