#include <math.h>

#include "language/date-spelling.h"

#define NOON (12 * 3600)
#define HALF_PAST_NINE (9 * 3600 + 30 * 60)

static const struct {
    const char *text, *date;
    int seconds; /* -1: no time */
} good[] = {
    {"2023.5.6", "2023-05-06", -1},
    {"2023-5-6", "2023-05-06", -1},
    {"2023. 5. 6", "2023-05-06", -1},
    {"2023. 5. 6 9:30", "2023-05-06", HALF_PAST_NINE},
    {"2023-05-06", "2023-05-06", -1},
    {"2023/5/6", "2023-05-06", -1},
    {"２０２３．０５．０６", "2023-05-06", -1},
    {"20230506", "2023-05-06", -1},
    {"2023年5月6日", "2023-05-06", -1},
    {"2023 年 5 月 6 日", "2023-05-06", -1},
    {"2023年05月06号", "2023-05-06", -1},
    {"二〇二三年五月六日", "2023-05-06", -1},
    {"二○二三年十二月三十一日", "2023-12-31", -1},
    {"二零二三年十月二十日", "2023-10-20", -1},
    {"5月6日", "2022-05-06", -1},
    {"五月六日", "2022-05-06", -1},
    {"2024.2.29", "2024-02-29", -1},
    {"  2023.5.6\n", "2023-05-06", -1},
    {"2023-05-06 9:30", "2023-05-06", HALF_PAST_NINE},
    {"2023-05-06T09:30:00", "2023-05-06", HALF_PAST_NINE},
    {"2023/5/6 9:30:15", "2023-05-06", HALF_PAST_NINE + 15},
    {"2023年5月6日 9时30分", "2023-05-06", HALF_PAST_NINE},
    {"2023年5月6日9:30", "2023-05-06", HALF_PAST_NINE},
    {"2023年5月6日9点半", "2023-05-06", HALF_PAST_NINE},
    {"2023年5月6日上午9：30", "2023-05-06", HALF_PAST_NINE},
    {"2023.5.6下午3点", "2023-05-06", 15 * 3600},
    {"2023.5.6 下午 3:30", "2023-05-06", 15 * 3600 + 1800},
    {"2023/5/6 3:30:00 PM", "2023-05-06", 15 * 3600 + 1800},
    {"20230506 0:00", "2023-05-06", 0},
    {"2023-05-06 24:00", "2023-05-06", 86400},
    {"2023年5月6日（周六）", "2023-05-06", -1},
    {"2023年5月7日 星期日", "2023-05-07", -1},
    {"2023/5/7(星期天)9:30", "2023-05-07", HALF_PAST_NINE},
    {"5月6日周五上午9:30", "2022-05-06", HALF_PAST_NINE},
    {"二〇二三年五月六日九时三十分", "2023-05-06", HALF_PAST_NINE},
};

static void test_dates(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        LanguageDate date = {0};
        char text[DATE_TEXT_SIZE];
        g_test_message("%zu", i);
        g_assert_true(language_date_parse(good[i].text, 2022, &date, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(date_format(date.date, text), ==, good[i].date);
        g_assert_cmpint(date.has_time, ==, good[i].seconds >= 0);
        g_assert_cmpint(date.seconds, ==, MAX(good[i].seconds, 0));
    }
}

static void test_dates_refused(void)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "'' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"昨天", "'昨天' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"2023", "'2023' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"2023年5月", "'2023年5月' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"2023.5", "'2023.5' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"5.6", "'5.6' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"2023-5.6", "'2023-5.6' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"2023-005-6", "'2023-005-6' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"202305061", "'202305061' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"二三年五月六日", "'二三年五月六日' is not a date; write 2023-05-06 or 2023年5月6日"},
        {"23.5.6", "'23.5.6' must begin with a year of four digits, as in 2023.5.6"},
        {"23年5月6日", "'23年5月6日' must begin with a year of four digits, as in 2023.5.6"},
        {"5/6/2023", "'5/6/2023' must begin with a year of four digits, as in 2023.5.6"},
        {"02023.5.6", "'02023.5.6' must begin with a year of four digits, as in 2023.5.6"},
        {"2023.2.29", "there is no such day as '2023.2.29'"},
        {"2023年13月1日", "there is no such day as '2023年13月1日'"},
        {"20230532", "there is no such day as '20230532'"},
        {"0000.1.1", "there is no such day as '0000.1.1'"},
        {"2月30日", "there is no such day as '2月30日'"},
        {"2023.5.6 25:00", "'2023.5.6 25:00' has no time behind its date that can be read; write "
                           "9:30 or 9时30分"},
        {"2023.5.6 abc", "'2023.5.6 abc' has no time behind its date that can be read; write 9:30 "
                         "or 9时30分"},
        {"2023年5月6日（周日）",
         "'2023年5月6日（周日）' names a day of the week that this date is not"},
        {"2023年5月6日（周六", "'2023年5月6日（周六' has no time behind its date that can be read; "
                               "write 9:30 or 9时30分"},
        {"2023.5.6 上午", "'2023.5.6 上午' has no time behind its date that can be read; write "
                          "9:30 or 9时30分"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        LanguageDate date = {.date = 77};
        g_assert_false(language_date_parse(bad[i].text, 2023, &date, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_cmpstr(error->message, ==, bad[i].message);
        g_assert_cmpint(date.date, ==, 77);
    }
}

static void test_year_may_be_missing(void)
{
    g_autoptr(GError) error = NULL;
    LanguageDate date = {0};
    g_assert_false(language_date_parse("5月6日", 0, &date, &error));
    g_assert_cmpstr(error->message, ==, "'5月6日' has no year");
    g_autofree char *chinese = error_to_text(error, "zh");
    g_assert_cmpstr(chinese, ==, "“5月6日”没有写年份");
    g_assert_true(language_date_parse("2月29日", 2024, &date, NULL));
    g_assert_false(language_date_parse("2月29日", 2023, &date, NULL));
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int seconds;
    } times[] = {
        {"9:30", HALF_PAST_NINE},
        {"09:30:15", HALF_PAST_NINE + 15},
        {"上午9:30", HALF_PAST_NINE},
        {"下午3点半", 15 * 3600 + 1800},
        {"9时", 9 * 3600},
        {"9点整", 9 * 3600},
        {"9点05分20秒", 9 * 3600 + 320},
        {"十点零五分", 10 * 3600 + 300},
        {"晚上8:00", 20 * 3600},
        {"晚20:00", 20 * 3600},
        {"中午12:00", NOON},
        {"中午1点", 13 * 3600},
        {"下午12:30", NOON + 1800},
        {"下午15:00", 15 * 3600},
        {"凌晨0:15", 900},
        {"12:15 am", 900},
        {"12:15PM", NOON + 900},
        {"0:00", 0},
        {"24:00", 86400},
        {"２３：５９", 86340},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autofree char *text = g_strconcat("2023-05-06 ", times[i].text, NULL);
        LanguageDate date = {0};
        g_test_message("%zu", i);
        g_assert_true(language_date_parse(text, 0, &date, NULL));
        g_assert_cmpint(date.seconds, ==, times[i].seconds);
        g_assert_true(date.has_time);
    }
}

static void test_times_refused(void)
{
    static const char *const bad[] = {
        "9",         "9:",       "9:60",      "9:30:60",   "24:01", "25:00",     "上午15:00",
        "上午12:00", "凌晨9:00", "晚上12:00", "下午24:00", "9:30x", "9点30分20", "930",
        "13:00 am",  "上午",     "9:300",     "九点五",    "-1:30", "9.5点",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("2023-05-06 ", bad[i], NULL);
        LanguageDate date = {.seconds = 77};
        g_test_message("%zu", i);
        g_assert_false(language_date_parse(text, 0, &date, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_cmpint(date.seconds, ==, 77);
    }
}

static void test_serials(void)
{
    static const struct {
        double serial;
        bool is_1904;
        const char *date;
        int seconds;
    } serials[] = {
        {45052, false, "2023-05-06", 0},
        {45052.5, false, "2023-05-06", NOON},
        {45052.395833333336, false, "2023-05-06", HALF_PAST_NINE},
        {45052.9999999, false, "2023-05-07", 0},
        {1, false, "1900-01-01", 0},
        {59, false, "1900-02-28", 0},
        {59.9999999, false, "1900-03-01", 0},
        {61, false, "1900-03-01", 0},
        {25569, false, "1970-01-01", 0},
        {2958465, false, "9999-12-31", 0},
        {0, true, "1904-01-01", 0},
        {43590, true, "2023-05-06", 0},
        {2957003, true, "9999-12-31", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(serials); i++) {
        LanguageDate date = {0};
        char text[DATE_TEXT_SIZE];
        g_assert_true(
            language_date_from_serial(serials[i].serial, serials[i].is_1904, &date, NULL));
        g_assert_cmpstr(date_format(date.date, text), ==, serials[i].date);
        g_assert_cmpint(date.seconds, ==, serials[i].seconds);
        g_assert_cmpint(date.has_time, ==, serials[i].seconds != 0);
    }
}

static void test_serials_refused(void)
{
    static const struct {
        double serial;
        bool is_1904;
    } bad[] = {{0, false},
               {0.5, false},
               {60, false},
               {60.5, false},
               {-1, true},
               {2958466, false},
               {2957004, true},
               {(double)INFINITY, false},
               {-(double)INFINITY, true},
               {(double)NAN, false},
               {1e300, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        LanguageDate date = {0};
        g_assert_false(language_date_from_serial(bad[i].serial, bad[i].is_1904, &date, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/date-spelling/dates", test_dates);
    g_test_add_func("/language/date-spelling/dates-refused", test_dates_refused);
    g_test_add_func("/language/date-spelling/year-may-be-missing", test_year_may_be_missing);
    g_test_add_func("/language/date-spelling/times", test_times);
    g_test_add_func("/language/date-spelling/times-refused", test_times_refused);
    g_test_add_func("/language/date-spelling/serials", test_serials);
    g_test_add_func("/language/date-spelling/serials-refused", test_serials_refused);
    return g_test_run();
}
