/* Charts: what is in them, not their bytes, which are the fonts'. */
#include "paper/chart.h"

#include <string.h>

static const ChartPoint years[] = {{"2021", "7", 7, true, false},
                                   {"2022", "", 0, false, false},
                                   {"2023", "84", 84, true, true},
                                   {"2024", "0", 0, true, false}};

/* Return how often @part occurs in @text. */
static int count(const char *text, const char *part)
{
    int n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

static char *draw(const Chart *chart)
{
    g_autoptr(GError) error = NULL;
    GString *svg = chart_to_svg(chart, &error);
    g_assert_no_error(error);
    return g_string_free(svg, false);
}

/* A bar for each value that is more than nothing, the marked one in another ink. */
static void test_trend(void)
{
    const Chart chart = {CHART_TREND, years, G_N_ELEMENTS(years)};
    const Chart less = {CHART_TREND, years, 1};
    g_autofree char *svg = draw(&chart);
    g_autofree char *short_svg = draw(&less);
    g_assert_true(g_str_has_prefix(svg, "<?xml"));
    g_assert_nonnull(strstr(svg, "width=\"420px\""));
    g_assert_null(strstr(svg, "<script"));
    g_assert_cmpint(count(svg, "12.2%,30.6%,47.5%"), ==, 1);
    g_assert_cmpint(count(svg, "42%,54%,66%"), ==, 1);
    g_assert_cmpint(count(short_svg, "42%,54%,66%"), ==, 1);
    g_assert_cmpuint(strlen(svg), <, 30000);
}

static void test_shares(void)
{
    static const ChartPoint points[] = {
        {"热线", "61", 61, true, false},
        {"一个名称很长很长很长很长很长的渠道", "22", 22, true, false},
        {"来访", "1", 1, true, false}};
    const Chart chart = {CHART_SHARES, points, G_N_ELEMENTS(points)};
    g_autofree char *svg = draw(&chart);
    g_assert_nonnull(strstr(svg, "height=\"90px\""));
    g_assert_cmpint(count(svg, "42%,54%,66%"), ==, 3);
}

static void test_same(void)
{
    const Chart chart = {CHART_TREND, years, G_N_ELEMENTS(years)};
    g_autofree char *first = draw(&chart);
    g_autofree char *second = draw(&chart);
    g_assert_cmpstr(first, ==, second);
}

static void test_png(void)
{
    const Chart chart = {CHART_SHARES, years, G_N_ELEMENTS(years)};
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) png = chart_to_png(&chart, 3, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(png->len, >, 1000);
    g_assert_cmpint(memcmp(png->data, "\x89PNG\r\n\x1a\n", 8), ==, 0);
    /* Width and height stand in the first chunk, big end first (PNG 11.2.1). */
    g_assert_cmpint((png->data[18] << 8) + png->data[19], ==, 3 * CHART_WIDTH);
    g_assert_cmpint((png->data[22] << 8) + png->data[23], ==, 3 * 120);
}

static void test_limits(void)
{
    ChartPoint points[CHART_MAX_POINTS + 1];
    for (int i = 0; i <= CHART_MAX_POINTS; i++) {
        points[i] = (ChartPoint){"1", "1", 1, true, false};
    }
    for (int kind = CHART_TREND; kind <= CHART_SHARES; kind++) {
        Chart chart = {(ChartKind)kind, points, CHART_MAX_POINTS};
        g_autofree char *svg = draw(&chart);
        g_autoptr(GError) many = NULL;
        g_autoptr(GError) none = NULL;
        chart.n_points = CHART_MAX_POINTS + 1;
        g_assert_null(chart_to_svg(&chart, &many));
        g_assert_true(error_is(many, SHUZHI_ERROR_LIMIT));
        chart.n_points = 0;
        g_assert_null(chart_to_png(&chart, 1, &none));
        g_assert_true(error_is(none, SHUZHI_ERROR_LIMIT));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paper/chart/trend", test_trend);
    g_test_add_func("/paper/chart/shares", test_shares);
    g_test_add_func("/paper/chart/same", test_same);
    g_test_add_func("/paper/chart/png", test_png);
    g_test_add_func("/paper/chart/limits", test_limits);
    return g_test_run();
}
