#include "office/dates.h"

static void test_include(void)
{
    g_assert_true(office_dates_include(10, 20, 10));
    g_assert_true(office_dates_include(10, 20, 20)); /* the last day counts */
    g_assert_false(office_dates_include(10, 20, 9));
    g_assert_false(office_dates_include(10, 20, 21));
    g_assert_true(office_dates_include(DATE_NONE, DATE_NONE, 0));
    g_assert_true(office_dates_include(10, 20, DATE_NONE)); /* any time */
}

static void test_cover(void)
{
    g_assert_true(office_dates_cover(10, 20, 10, 20));
    g_assert_false(office_dates_cover(10, 20, 9, 20));
    g_assert_false(office_dates_cover(10, 20, 10, 21));
    g_assert_false(office_dates_cover(10, 20, DATE_NONE, 20));
    g_assert_false(office_dates_cover(10, 20, 10, DATE_NONE));
    g_assert_true(office_dates_cover(DATE_NONE, DATE_NONE, DATE_NONE, DATE_NONE));
    g_assert_true(office_dates_cover(DATE_NONE, 20, DATE_NONE, 5));
}

static void test_overlap(void)
{
    g_assert_true(office_dates_overlap(1, 5, 5, 9));
    g_assert_false(office_dates_overlap(1, 5, 6, 9));
    g_assert_false(office_dates_overlap(6, 9, 1, 5));
    g_assert_true(office_dates_overlap(DATE_NONE, DATE_NONE, 6, 9));
    g_assert_false(office_dates_overlap(DATE_NONE, 5, 6, DATE_NONE));
    g_assert_true(office_dates_overlap(1, DATE_NONE, DATE_NONE, 1));
}

static void test_check(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(office_dates_check(5, 5, &error));
    g_assert_true(office_dates_check(DATE_NONE, 5, &error));
    g_assert_no_error(error);
    g_assert_false(
        office_dates_check(date_from_ymd(2023, 5, 2), date_from_ymd(2023, 5, 1), &error));
    g_assert_cmpstr(error->message, ==,
                    "the last day 2023-05-01 is before the first day 2023-05-02");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/dates/last-day-is-included", test_include);
    g_test_add_func("/office/dates/cover", test_cover);
    g_test_add_func("/office/dates/overlap", test_overlap);
    g_test_add_func("/office/dates/check", test_check);
    return g_test_run();
}
