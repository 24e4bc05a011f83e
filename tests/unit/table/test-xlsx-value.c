#include "table/xlsx-value.h"

static void check_code(const char *code, XlsxFormat expected)
{
    XlsxFormat found = xlsx_format_from_code(code);
    if (found != expected) {
        g_error("'%s' shows %d, not %d", code, (int)found, (int)expected);
    }
}

static void test_format_codes(void)
{
    static const char *const numbers[] = {
        "",
        "General",
        "general",
        "0",
        "0.00",
        "#,##0.00_);[Red](#,##0.00)",
        "0%",
        "0.00E+00",
        "# ?/?",
        "@",
        "\"yyyy\"0",
        "\\d0",
        "_d0",
        "*y0",
        "[Red]0",
        "[>100]0",
        "¥#,##0",
        "0;yyyy",
        "\"unclosed y",
        "[unclosed y",
        "\\",
        "[$¥-804]#,##0",
        "0\"天\"",
    };
    static const char *const dates[] = {
        "yyyy-mm-dd",
        "yyyy\\-mm\\-dd",
        "m/d/yy",
        "yyyy\"年\"m\"月\"d\"日\"",
        "[$-804]yyyy\"年\"m\"月\"",
        "m\"月\"",
        "d",
        "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@",
        "mmm-yy",
        "dddd",
        "YYYY.MM.DD",
        "[$-F800]dddd, mmmm dd, yyyy",
    };
    static const char *const times[] = {
        "h:mm", "hh:mm:ss", "h:mm AM/PM", "mm:ss.0", "上午/下午h\"时\"mm\"分\"", "ss"};
    static const char *const both[] = {"yyyy-mm-dd hh:mm:ss", "yyyy/m/d h:mm", "d h",
                                       "yyyy\"年\"m\"月\"d\"日\" h\"时\""};
    static const char *const spans[] = {"[h]:mm:ss", "[mm]:ss", "[ss]", "[HH]"};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        check_code(numbers[i], XLSX_FORMAT_NUMBER);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
        check_code(dates[i], XLSX_FORMAT_DATE);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        check_code(times[i], XLSX_FORMAT_TIME);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        check_code(both[i], XLSX_FORMAT_DATE_TIME);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        check_code(spans[i], XLSX_FORMAT_SPAN);
    }
}

/* 12.5 under 0.00"万元" was read as 12.5: the sheet says ten thousand times as much. */
static void test_formats_that_multiply(void)
{
    static const struct {
        const char *code;
        const char *shown;
    } cases[] = {
        {"0.00\"万元\"", "12.5万"}, {"#,##0.0\"亿元\"", "12.5亿"}, {"0\"千元\"", "12.5千"},
        {"0.0\"千米\"", "12.5"},    {"0!.0,\"万元\"", "12.5"},     {"0.00,,\"万\"", "12.5"},
        {"#,##0.00", "12.5"},       {"0.0;\"万\"", "12.5"},        {"0\"号楼\"", "12.5"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[XLSX_VALUE_SIZE];
        xlsx_number_to_text("12.5", xlsx_format_from_code(cases[i].code), false, buffer);
        g_assert_cmpstr(buffer, ==, cases[i].shown);
    }
}

static void test_built_in_formats(void)
{
    static const struct {
        int64_t id;
        XlsxFormat format;
    } cases[] = {
        {0, XLSX_FORMAT_NUMBER},  {13, XLSX_FORMAT_NUMBER}, {14, XLSX_FORMAT_DATE},
        {17, XLSX_FORMAT_DATE},   {18, XLSX_FORMAT_TIME},   {22, XLSX_FORMAT_DATE_TIME},
        {23, XLSX_FORMAT_NUMBER}, {31, XLSX_FORMAT_DATE},   {32, XLSX_FORMAT_TIME},
        {46, XLSX_FORMAT_SPAN},   {49, XLSX_FORMAT_NUMBER}, {57, XLSX_FORMAT_DATE},
        {59, XLSX_FORMAT_NUMBER}, {-1, XLSX_FORMAT_NUMBER},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(xlsx_format_from_id(cases[i].id), ==, cases[i].format);
    }
}

static void check_number(const char *text, const char *expected)
{
    char buffer[XLSX_VALUE_SIZE];
    TableCellKind kind = xlsx_number_to_text(text, XLSX_FORMAT_NUMBER, false, buffer);
    if (expected == NULL) {
        g_assert_cmpint(kind, ==, TABLE_CELL_EMPTY);
        return;
    }
    g_assert_cmpint(kind, ==, TABLE_CELL_NUMBER);
    g_assert_cmpstr(buffer, ==, expected);
    g_assert_true(table_text_is_number(buffer));
}

static void test_numbers_are_plain(void)
{
    check_number("0", "0");
    check_number("-0.0", "0");
    check_number("12.50", "12.5");
    check_number("1E2", "100");
    check_number("1.25e-3", "0.00125");
    check_number("-1E-7", "-0.0000001");
    check_number("1.5E+16", "15000000000000000");
    check_number("-1.23456789012345E+20", "-123456789012345000000");
    check_number("9007199254740993", "9007199254740993");
    check_number("2.5000000000000004", "2.5");
    check_number("1e40", "10000000000000000000000000000000000000000");
    check_number("1e309", NULL);
    check_number("nan", NULL);
    check_number("inf", NULL);
    check_number("0x1p3", NULL);
    check_number("", NULL);
    check_number(" 1", NULL);
    check_number("1 ", NULL);
    check_number("1,5", NULL);
}

/* What no field holds was 301 digits in what was said of it.  It is a text as the sheet shows it,
 * and nothing is lost of it. */
static void test_numbers_at_the_ends_of_double(void)
{
    char buffer[XLSX_VALUE_SIZE];
    static const char *const texts[] = {"1.79769313486231E+308", "-4.94065645841247E-324",
                                        "-2.2250738585072E-308"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_cmpint(xlsx_number_to_text(texts[i], XLSX_FORMAT_NUMBER, false, buffer), ==,
                        TABLE_CELL_TEXT);
        g_assert_cmpuint(strlen(buffer), <=, 24);
        g_assert_true(g_ascii_strtod(buffer, NULL) == g_ascii_strtod(texts[i], NULL));
    }
}

static void check_day(const char *text, XlsxFormat format, const char *expected)
{
    char buffer[XLSX_VALUE_SIZE];
    xlsx_number_to_text(text, format, false, buffer);
    g_assert_cmpstr(buffer, ==, expected);
}

static void test_times_are_rounded_to_thousandths(void)
{
    check_day("45052.999999999", XLSX_FORMAT_DATE, "2023-05-07");
    check_day("45052.00000000001", XLSX_FORMAT_DATE, "2023-05-06");
    check_day("45052.000000011574", XLSX_FORMAT_DATE, "2023-05-06T00:00:00.001");
    check_day("0.999999999", XLSX_FORMAT_TIME, "24:00:00");
    check_day("100.25", XLSX_FORMAT_SPAN, "2406:00:00");
    check_day("-0.25", XLSX_FORMAT_SPAN, "-0.25");
}

static void check_unescaped(const char *text, const char *expected)
{
    g_autofree char *copy = g_strdup(text);
    size_t length = strlen(copy);
    xlsx_unescape(copy, &length);
    g_assert_cmpstr(copy, ==, expected);
    g_assert_cmpuint(length, ==, strlen(expected));
}

static void test_escapes(void)
{
    check_unescaped("", "");
    check_unescaped("plain _x", "plain _x");
    check_unescaped("a_x000D_b", "a\rb");
    check_unescaped("_x6C49__x6c49_", "汉汉");
    check_unescaped("_x005F_x0041_", "_x0041_");
    check_unescaped("_x004_", "_x004_");
    check_unescaped("_x0041", "_x0041");
    check_unescaped("_x00g1_", "_x00g1_");
    check_unescaped("_x0000_", "_x0000_");
    check_unescaped("_xD83D__xDE00_", "_xD83D__xDE00_");
    check_unescaped("__x0041_", "_A");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/xlsx-value/format-codes", test_format_codes);
    g_test_add_func("/table/xlsx-value/formats-that-multiply", test_formats_that_multiply);
    g_test_add_func("/table/xlsx-value/built-in-formats", test_built_in_formats);
    g_test_add_func("/table/xlsx-value/numbers-are-plain", test_numbers_are_plain);
    g_test_add_func("/table/xlsx-value/numbers-at-the-ends-of-double",
                    test_numbers_at_the_ends_of_double);
    g_test_add_func("/table/xlsx-value/times-are-rounded-to-thousandths",
                    test_times_are_rounded_to_thousandths);
    g_test_add_func("/table/xlsx-value/escapes", test_escapes);
    return g_test_run();
}
