#include "calendar/holidays.h"

#define NOTICE "notice 2023 https://example.org/2023\n"

static Date day(const char *text)
{
    Date date = 0;
    g_assert_true(date_parse(text, &date));
    return date;
}

static void test_workdays_of_years(void)
{
    static const struct {
        int year, n_workdays;
    } years[] = {{2023, 249}, {2024, 251}, {2025, 248}, {2026, 248}};
    for (size_t i = 0; i < G_N_ELEMENTS(years); i++) {
        bool is_provisional = true;
        g_assert_cmpint(
            calendar_count_workdays(calendar_builtin(), date_from_ymd(years[i].year, 1, 1),
                                    date_from_ymd(years[i].year, 12, 31), &is_provisional),
            ==, years[i].n_workdays);
        g_assert_false(is_provisional);
    }
    g_assert_cmpint(
        calendar_count_workdays(calendar_builtin(), day("2023-05-06"), day("2023-05-05"), NULL), ==,
        0);
}

static void test_every_year_from_2007_is_published(void)
{
    for (int year = 2007; year <= 2026; year++) {
        g_assert_true(calendar_is_published(calendar_builtin(), year));
        CalendarDay new_year = calendar_day(calendar_builtin(), date_from_ymd(year, 1, 1));
        g_assert_false(new_year.is_workday);
        g_assert_cmpstr(new_year.holiday, ==, "元旦");
        CalendarDay national_day = calendar_day(calendar_builtin(), date_from_ymd(year, 10, 1));
        g_assert_cmpint(national_day.kind, ==, CALENDAR_HOLIDAY);
        g_assert_nonnull(strstr(national_day.holiday, "国庆节"));
        g_assert_true(g_str_has_prefix(national_day.notice, "http"));
        int n_workdays = calendar_count_workdays(calendar_builtin(), date_from_ymd(year, 1, 1),
                                                 date_from_ymd(year, 12, 31), NULL);
        g_assert_cmpint(n_workdays, >=, 247);
        g_assert_cmpint(n_workdays, <=, 252);
    }
    g_assert_false(calendar_is_published(calendar_builtin(), 2006));
    g_assert_false(calendar_is_published(calendar_builtin(), 2027));
}

static void test_kinds(void)
{
    CalendarDay made_up = calendar_day(calendar_builtin(), day("2023-05-06"));
    g_assert_cmpint(made_up.kind, ==, CALENDAR_MADE_UP);
    g_assert_true(made_up.is_workday);
    g_assert_cmpstr(made_up.holiday, ==, "劳动节");
    CalendarDay weekend = calendar_day(calendar_builtin(), day("2023-05-07"));
    g_assert_cmpint(weekend.kind, ==, CALENDAR_WEEKEND);
    g_assert_null(weekend.holiday);
    CalendarDay weekday = calendar_day(calendar_builtin(), day("2023-05-08"));
    g_assert_cmpint(weekday.kind, ==, CALENDAR_WEEKDAY);
    g_assert_true(weekday.is_workday);
    /* The last day before the New Year of 2024 was worked; the law of 2024 changed that. */
    g_assert_true(calendar_is_workday(calendar_builtin(), day("2024-02-09"), NULL));
    g_assert_false(calendar_is_workday(calendar_builtin(), day("2025-01-28"), NULL));
}

/* A later notice moved these: the days off of a memorial year, of Labour Day and of an epidemic. */
static void test_amended_years(void)
{
    g_assert_false(calendar_is_workday(calendar_builtin(), day("2015-09-03"), NULL));
    g_assert_true(calendar_is_workday(calendar_builtin(), day("2019-05-05"), NULL));
    g_assert_false(calendar_is_workday(calendar_builtin(), day("2019-05-02"), NULL));
    CalendarDay extended = calendar_day(calendar_builtin(), day("2020-01-31"));
    CalendarDay planned = calendar_day(calendar_builtin(), day("2020-01-30"));
    g_assert_false(extended.is_workday);
    g_assert_cmpstr(extended.notice, !=, planned.notice);
}

static void test_unpublished_years_are_provisional(void)
{
    bool is_provisional = false;
    g_assert_true(calendar_is_workday(calendar_builtin(), day("2027-02-08"), &is_provisional));
    g_assert_true(is_provisional);
    g_assert_false(calendar_is_workday(calendar_builtin(), day("2005-10-02"), &is_provisional));
    g_assert_true(is_provisional);
}

/* A deadline of a year that is not published must not end on a day that no notice can make a
 * workday. */
static void test_law_days_are_off_before_the_notice(void)
{
    static const char *const days[] = {"2027-01-01", "2027-05-01", "2028-05-02", "2027-10-03"};
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        CalendarDay off = calendar_day(calendar_builtin(), day(days[i]));
        g_assert_cmpint(off.kind, ==, CALENDAR_HOLIDAY);
        g_assert_false(off.is_workday);
        g_assert_false(off.is_provisional);
        g_assert_nonnull(strstr(off.notice, "全国年节及纪念日放假办法"));
    }
    g_autoptr(Calendar) calendar = calendar_parse(
        "law 2025 办法\nyearly 05-02 劳动节\n" NOTICE "off 2023-05-01 劳动节\n", "x", NULL);
    g_assert_false(calendar_is_workday(calendar, day("2025-05-02"), NULL));
    g_assert_true(calendar_is_workday(calendar, day("2024-05-02"), NULL)); /* before the law */
    g_assert_true(calendar_is_workday(calendar, day("2023-05-02"), NULL)); /* published */
}

static void test_december_may_belong_to_the_next_notice(void)
{
    CalendarDay last = calendar_day(calendar_builtin(), day("2022-12-31"));
    g_assert_false(last.is_workday);
    g_assert_cmpstr(last.holiday, ==, "元旦");
    g_assert_cmpstr(last.notice, ==, calendar_day(calendar_builtin(), day("2023-01-22")).notice);
    /* 2006 is not published, but the notice of 2007 decides its last two days. */
    bool is_provisional = true;
    g_assert_true(calendar_is_workday(calendar_builtin(), day("2006-12-30"), &is_provisional));
    g_assert_false(is_provisional);
    /* The notice of 2027 is awaited; December 2026 is none the less published. */
    g_assert_true(calendar_is_workday(calendar_builtin(), day("2026-12-31"), &is_provisional));
    g_assert_false(is_provisional);
}

static void test_parse_own_text(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) calendar =
        calendar_parse("\xef\xbb\xbf# an office's own\r\n"
                       "\r\n" NOTICE "  off  2023-03-08   妇女节 半天  \r\n"
                       "work 2023-03-11\t妇女节",
                       "own.txt", &error);
    g_assert_no_error(error);
    CalendarDay off = calendar_day(calendar, day("2023-03-08"));
    g_assert_false(off.is_workday);
    g_assert_cmpstr(off.holiday, ==, "妇女节 半天");
    g_assert_cmpstr(off.notice, ==, "https://example.org/2023");
    g_assert_true(calendar_is_workday(calendar, day("2023-03-11"), NULL));
    g_assert_true(calendar_is_workday(calendar, day("2023-10-02"), NULL));
}

static void test_empty_text_publishes_nothing(void)
{
    g_autoptr(Calendar) calendar = calendar_parse("# nothing yet\n", "x", NULL);
    bool is_provisional = false;
    g_assert_true(calendar_is_workday(calendar, day("2023-10-02"), &is_provisional));
    g_assert_true(is_provisional);
    calendar_free(NULL);
}

static void test_parse_refuses(void)
{
    static const struct {
        const char *text, *message, *message_zh;
    } bad[] = {
        {"of 2023-01-01 元旦", "x:1: a line cannot begin with 'of', did you mean 'off'?",
         "x:1：行首不能是“of”，是不是“off”？"},
        {"holiday",
         "x:1: a line cannot begin with 'holiday'; there are: notice, off, work, law, yearly",
         "x:1：行首不能是“holiday”；现有：notice、off、work、law、yearly"},
        {"law soon 办法", "x:1: 'soon' is not a year; write 'law 2025 …'",
         "x:1：“soon”不是年份；请写成“law 2025 …”"},
        {"law 2025", "x:1: the law of 2025 needs its name", "x:1：2025年起施行的法要写明名称"},
        {"yearly 01-01 元旦",
         "x:1: a day of every year needs a law above it; write 'law 2025 …' first",
         "x:1：逐年固定的日子前面要先有法；请先写一行“law 2025…”"},
        {"law 2025 办法\nyearly 2025-01-01 元旦",
         "x:2: '2025-01-01' is not a day of every year; write 05-01",
         "x:2：“2025-01-01”不是逐年固定的日子；请写成05-01"},
        {"law 2025 办法\nyearly 01-01", "x:2: '01-01' needs the holiday's name after it",
         "x:2：“01-01”后面要写节日名称"},
        {"\n\noff 2023-01-01 元旦",
         "x:3: a day needs a notice above it; write 'notice 2023 https://…' first",
         "x:3：日期前面要先有放假通知；请先写一行“notice 2023 https://…”"},
        {"notice 23 https://a", "x:1: '23' is not a year; write 'notice 2023 https://…'",
         "x:1：“23”不是年份；请写成“notice 2023 https://…”"},
        {"notice 2023 gov.cn", "x:1: the notice of 2023 needs its address, and 'gov.cn' is not one",
         "x:1：2023年的放假通知要写明网址，“gov.cn”不是网址"},
        {"notice 2023 https://a b",
         "x:1: the notice of 2023 needs its address, and 'https://a b' is not one",
         "x:1：2023年的放假通知要写明网址，“https://a b”不是网址"},
        {NOTICE, "x:1: the notice of 2023 names no day", "x:1：2023年的放假通知下面一天也没有写"},
        {NOTICE "\nnotice 2024 https://a\noff 2024-01-01 元旦",
         "x:1: the notice of 2023 names no day", "x:1：2023年的放假通知下面一天也没有写"},
        {NOTICE "off 2023-1-1 元旦",
         "x:2: '2023-1-1' is not a day; write 2023-01-21 or 2023-01-21..2023-01-27",
         "x:2：“2023-1-1”不是日期；请写成2023-01-21或2023-01-21..2023-01-27"},
        {NOTICE "off 2023-01-01.. 元旦",
         "x:2: '2023-01-01..' is not a day; write 2023-01-21 or 2023-01-21..2023-01-27",
         "x:2：“2023-01-01..”不是日期；请写成2023-01-21或2023-01-21..2023-01-27"},
        {NOTICE "off 2023-01-27..2023-01-21 春节",
         "x:2: '2023-01-27..2023-01-21' ends before it begins",
         "x:2：“2023-01-27..2023-01-21”的结束日期早于开始日期"},
        {NOTICE "off 2023-01-21..2023-02-21 春节",
         "x:2: '2023-01-21..2023-02-21' is longer than 31 days",
         "x:2：“2023-01-21..2023-02-21”超过31天"},
        {NOTICE "off 2024-01-01 元旦", "x:2: 2024-01-01 is not for the notice of 2023 to decide",
         "x:2：2024-01-01不归2023年的放假通知安排"},
        {NOTICE "off 2022-11-30 元旦", "x:2: 2022-11-30 is not for the notice of 2023 to decide",
         "x:2：2022-11-30不归2023年的放假通知安排"},
        {NOTICE "work 2023-05-05 劳动节",
         "x:2: 2023-05-05 is from Monday to Friday and worked anyway; 'work' is for weekends",
         "x:2：2023-05-05是周一至周五，本来就上班；work只用于周末调休上班"},
        {NOTICE "off 2023-01-01", "x:2: '2023-01-01' needs the holiday's name after it",
         "x:2：“2023-01-01”后面要写节日名称"},
        {NOTICE "off 2023-01-21..2023-01-27 春节\nwork 2023-01-22 春节",
         "x:3: 2023-01-22 is decided already in line 2", "x:3：2023-01-22在第2行已经安排过了"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(calendar_parse(bad[i].text, "x", &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_cmpstr(error->message, ==, bad[i].message);
        g_autofree char *chinese = error_to_text(error, "zh");
        g_assert_cmpstr(chinese, ==, bad[i].message_zh);
    }
}

static void test_size_limit(void)
{
    g_autofree char *text = g_strnfill(CALENDAR_TEXT_MAX_BYTES + 1, '\n');
    g_autoptr(GError) error = NULL;
    g_assert_null(calendar_parse(text, "x", &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    text[CALENDAR_TEXT_MAX_BYTES] = '\0';
    g_autoptr(Calendar) calendar = calendar_parse(text, "x", NULL);
    g_assert_nonnull(calendar);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/holidays/workdays-of-years", test_workdays_of_years);
    g_test_add_func("/calendar/holidays/every-year-from-2007-is-published",
                    test_every_year_from_2007_is_published);
    g_test_add_func("/calendar/holidays/kinds", test_kinds);
    g_test_add_func("/calendar/holidays/amended-years", test_amended_years);
    g_test_add_func("/calendar/holidays/unpublished-years-are-provisional",
                    test_unpublished_years_are_provisional);
    g_test_add_func("/calendar/holidays/law-days-are-off-before-the-notice",
                    test_law_days_are_off_before_the_notice);
    g_test_add_func("/calendar/holidays/december-may-belong-to-the-next-notice",
                    test_december_may_belong_to_the_next_notice);
    g_test_add_func("/calendar/holidays/parse-own-text", test_parse_own_text);
    g_test_add_func("/calendar/holidays/empty-text-publishes-nothing",
                    test_empty_text_publishes_nothing);
    g_test_add_func("/calendar/holidays/parse-refuses", test_parse_refuses);
    g_test_add_func("/calendar/holidays/size-limit", test_size_limit);
    return g_test_run();
}
