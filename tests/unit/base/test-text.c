#include "base/text.h"

static void test_decimals(void)
{
    static const struct {
        const char *text;
        int decimals;
        int64_t value;
    } good[] = {{"0", 0, 0},
                {"-12.5", 2, -1250},
                {"12.500", 2, 1250},
                {"9223372036854775807", 0, INT64_MAX},
                {"-9223372036854775808", 0, INT64_MIN},
                {"007", 0, 7}};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        int64_t value = 0;
        g_assert_true(text_parse_decimal(good[i].text, good[i].decimals, &value));
        g_assert_cmpint(value, ==, good[i].value);
    }
    static const char *const bad[] = {
        "", "-", "1.", ".5", "1.234", "1 ", "+1", "0x1", "99999999999999999999", "1.2.3"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        int64_t value = 42;
        g_assert_false(text_parse_decimal(bad[i], 2, &value));
        g_assert_cmpint(value, ==, 42);
    }
}

static void test_format_int(void)
{
    static const int64_t values[] = {0, 1, -1, 9, 10, -10, 1234567890, INT64_MAX, INT64_MIN};
    g_autoptr(GString) out = g_string_new("n=");
    char digits[TEXT_INT_SIZE];
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *wanted = g_strdup_printf("%" G_GINT64_FORMAT, values[i]);
        g_assert_cmpstr(text_format_int(values[i], digits), ==, wanted);
    }
    text_append_int(out, -42);
    g_assert_cmpstr(out->str, ==, "n=-42");
}

static void test_format_decimal(void)
{
    static const struct {
        int64_t scaled;
        int decimals;
        const char *text;
    } cases[] = {{-1250, 2, "-12.50"},
                 {5, 2, "0.05"},
                 {5, 0, "5"},
                 {0, 0, "0"},
                 {INT64_MIN, 2, "-92233720368547758.08"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = text_format_decimal(cases[i].scaled, cases[i].decimals);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_group_digits(void)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"2023", "2023"},
                                           {"-9999.50", "-9999.50"},
                                           {"12345", "12,345"},
                                           {"-123456.7", "-123,456.7"},
                                           {"1234567.12345", "1,234,567.12345"},
                                           {"—", "—"},
                                           {"0.123456", "0.123456"},
                                           {"-92233720368547758.08", "-92,233,720,368,547,758.08"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *grouped = text_group_digits(cases[i][0]);
        g_assert_cmpstr(grouped, ==, cases[i][1]);
    }
}

static void test_nearest(void)
{
    static const char *const words[] = {"label", "fields", "群众诉求", NULL};
    g_assert_cmpstr(text_nearest("lable", words), ==, "label");
    g_assert_cmpstr(text_nearest("labe", words), ==, "label");
    g_assert_cmpstr(text_nearest("feilds", words), ==, "fields");
    g_assert_cmpstr(text_nearest("群众述求", words), ==, "群众诉求");
    g_assert_null(text_nearest("steps", words));
}

static void test_line_ends(void)
{
    char text[] = "\r\n一\r\n\r\r\n二\n\r";
    text_unify_breaks(text);
    g_assert_cmpstr(text, ==, "\n一\n\n\n二\n\n");
}

static void test_strip_and_width(void)
{
    g_autofree char *stripped = text_strip_dup("\xef\xbb\xbf \u3000编号\u00a0\t");
    g_assert_cmpstr(stripped, ==, "编号");
    g_assert_true(text_is_blank(" \u3000\n"));
    g_assert_false(text_is_blank("无"));
    g_assert_cmpuint(text_width("编号a"), ==, 5);
}

static void test_format_size(void)
{
    static const struct {
        int64_t n_bytes;
        const char *text;
    } sizes[] = {{0, "0 B"},
                 {999, "999 B"},
                 {1000, "1.0 kB"},
                 {1234567, "1.2 MB"},
                 {INT64_C(999999999), "999.9 MB"},
                 {INT64_MAX, "9223372.0 TB"}};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *text = text_format_size(sizes[i].n_bytes);
        g_assert_cmpstr(text, ==, sizes[i].text);
    }
}

static void test_controls(void)
{
    static const char *const clean[] = {"", "路灯\n不亮\t一盏\r\n", "A\u200dB", "ﷺ", "\u3000"};
    static const char *const controls[] = {"\x1b[31m",       "\x01",   "\x7f",    "\xc2\x85",
                                           "a\u202egpj.exe", "\u2066", "路\u2069"};
    for (size_t i = 0; i < G_N_ELEMENTS(clean); i++) {
        g_assert_false(text_find_control(clean[i], strlen(clean[i]), NULL));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(controls); i++) {
        g_assert_true(text_find_control(controls[i], strlen(controls[i]), NULL));
    }
    g_autoptr(GError) error = NULL;
    g_assert_true(text_check_readable(NULL, &error));
    g_assert_true(text_check_readable("路灯\n不亮", &error));
    g_assert_false(text_check_readable("第一行\na\u202egpj.exe", &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, "'第一行 a\ufffdgpj.exe' has a character"));
    g_assert_nonnull(strstr(error->message, "U+202E"));
}

static void test_validity(void)
{
    size_t offset = 0;
    g_assert_true(text_is_valid("好", 3, NULL));
    g_assert_false(text_is_valid("a\xff", 2, &offset));
    g_assert_cmpuint(offset, ==, 1);
    g_assert_false(text_is_valid("a\0b", 3, &offset));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/text/format-int", test_format_int);
    g_test_add_func("/base/text/decimals", test_decimals);
    g_test_add_func("/base/text/format-decimal", test_format_decimal);
    g_test_add_func("/base/text/group-digits", test_group_digits);
    g_test_add_func("/base/text/format-size", test_format_size);
    g_test_add_func("/base/text/nearest", test_nearest);
    g_test_add_func("/base/text/line-ends", test_line_ends);
    g_test_add_func("/base/text/strip-and-width", test_strip_and_width);
    g_test_add_func("/base/text/validity", test_validity);
    g_test_add_func("/base/text/controls", test_controls);
    return g_test_run();
}
