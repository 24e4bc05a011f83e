#include "base/date.h"

static void test_round_trip_every_day(void)
{
    int year = 1, month = 1, day = 1;
    for (Date date = date_from_ymd(1, 1, 1); date <= date_from_ymd(9999, 12, 31); date++) {
        int y = 0, m = 0, d = 0;
        date_to_ymd(date, &y, &m, &d);
        if (y != year || m != month || d != day) {
            g_error("%d: %d-%d-%d, expected %d-%d-%d", date, y, m, d, year, month, day);
        }
        if (++day > date_days_in_month(year, month)) {
            day = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
}

static void test_weekday(void)
{
    g_assert_cmpint(date_weekday(date_from_ymd(2023, 1, 20)), ==, 5);
    g_assert_cmpint(date_weekday(date_from_ymd(2026, 11, 22)), ==, 7);
    g_assert_cmpint(date_weekday(date_from_ymd(1900, 1, 1)), ==, 1);
}

static void test_add_months_ends_on_last_day(void)
{
    g_assert_cmpint(date_add_months(date_from_ymd(2023, 1, 31), 1), ==, date_from_ymd(2023, 2, 28));
    g_assert_cmpint(date_add_months(date_from_ymd(2023, 12, 15), 2), ==,
                    date_from_ymd(2024, 2, 15));
    g_assert_cmpint(date_add_months(date_from_ymd(2024, 3, 31), -1), ==,
                    date_from_ymd(2024, 2, 29));
}

static void test_parse_refuses(void)
{
    static const char *const bad[] = {"",           "2023-2-01",   "2023-02-29",
                                      "2023-13-01", "2023-01-01x", "0000-01-01",
                                      "23-01-01",   "2023/01/01"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Date date = 77;
        g_assert_false(date_parse(bad[i], &date));
        g_assert_cmpint(date, ==, 77);
    }
}

/* It came out as "10000-01-0". */
static void test_end_of_the_last_year_is_refused(void)
{
    int64_t us = 7;
    g_assert_false(date_parse_time("9999-12-31T24:00", 0, &us));
    g_assert_false(date_parse_time("9999-12-31T23:00-02:00", 0, &us));
    g_assert_cmpint(us, ==, 7);
    g_assert_true(date_parse_time("9999-12-31T23:59:59", DATE_SECONDS_SHANGHAI, &us));
    g_assert_true(date_parse_time("0001-01-01", DATE_SECONDS_SHANGHAI, &us));
}

static void test_times(void)
{
    int64_t us = 0;
    char text[DATE_TIME_TEXT_SIZE];
    g_assert_true(date_parse_time("2019-04-25 09:32:09", DATE_SECONDS_SHANGHAI, &us));
    g_assert_cmpstr(date_format_time(us, DATE_SECONDS_SHANGHAI, text), ==,
                    "2019-04-25T09:32:09+08:00");
    g_assert_cmpstr(date_format_time(us, 0, text), ==, "2019-04-25T01:32:09Z");
    g_assert_true(date_parse_time("2019-04-25T24:00", 0, &us));
    g_assert_cmpint(us, ==, date_to_us(date_from_ymd(2019, 4, 26), 0, 0));
    g_assert_true(date_parse_time("1969-12-31T23:59:59.5Z", 0, &us));
    g_assert_cmpint(us, ==, -500000);
    g_assert_cmpint(date_from_us(us, 0), ==, -1);
    g_assert_false(date_parse_time("2019-04-25 09:60", 0, &us));
    g_assert_false(date_parse_time("2019-04-25 09", 0, &us));
}

/* Days of all the years that there are, at odd hours and in odd zones, as printf would write it. */
static void test_format_all(void)
{
    static const int offsets[] = {0, DATE_SECONDS_SHANGHAI, -34200, 50400};
    char text[DATE_TIME_TEXT_SIZE];
    for (Date date = date_from_ymd(1, 1, 1); date <= date_from_ymd(9999, 12, 31); date += 97) {
        int year = 0, month = 0, day = 0;
        int seconds = date % 86400 * 7 % 86400;
        seconds += seconds < 0 ? 86400 : 0;
        int offset = offsets[(date % 4 + 4) % 4];
        date_to_ymd(date, &year, &month, &day);
        g_autofree char *wanted = g_strdup_printf("%04d-%02d-%02d", year, month, day);
        g_assert_cmpstr(date_format(date, text), ==, wanted);
        g_autofree char *zone = offset == 0
                                    ? g_strdup("Z")
                                    : g_strdup_printf("%c%02d:%02d", offset < 0 ? '-' : '+',
                                                      ABS(offset) / 3600, ABS(offset) / 60 % 60);
        g_autofree char *whole = g_strdup_printf("%sT%02d:%02d:%02d%s", wanted, seconds / 3600,
                                                 seconds / 60 % 60, seconds % 60, zone);
        g_assert_cmpstr(date_format_time(date_to_us(date, seconds, offset), offset, text), ==,
                        whole);
    }
    g_assert_cmpstr(date_format(date_from_ymd(9999, 12, 31) + 1, text), ==, "10000-01-0");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/date/round-trip-every-day", test_round_trip_every_day);
    g_test_add_func("/base/date/weekday", test_weekday);
    g_test_add_func("/base/date/add-months-ends-on-last-day", test_add_months_ends_on_last_day);
    g_test_add_func("/base/date/parse-refuses", test_parse_refuses);
    g_test_add_func("/base/date/end-of-the-last-year-is-refused",
                    test_end_of_the_last_year_is_refused);
    g_test_add_func("/base/date/times", test_times);
    g_test_add_func("/base/date/format-all", test_format_all);
    return g_test_run();
}
