#include "schema/number.h"

static void check_format(const char *pattern, int year, int64_t n, const char *expected)
{
    g_autofree char *number = schema_number_format(pattern, year, n);
    int read_year = -1;
    int64_t read_n = -1;
    g_assert_cmpstr(number, ==, expected);
    g_assert_true(schema_number_parse(pattern, number, &read_year, &read_n));
    g_assert_cmpint(read_year, ==, schema_number_has_year(pattern) ? year : 0);
    g_assert_cmpint(read_n, ==, n);
}

static void test_format_and_parse(void)
{
    check_format("SQ{year}-{n:5}", 2023, 84, "SQ2023-00084");
    check_format("SQ{year}-{n:5}", 2023, 100000, "SQ2023-100000");
    check_format("政办督〔{year}〕{n}号", 2023, 84, "政办督〔2023〕84号");
    check_format("{n:9}", 2023, 1, "000000001");
    check_format("A{n}", 2023, INT64_C(999999999999999999), "A999999999999999999");
}

static void check_no_number(const char *pattern, const char *text)
{
    int year = 7;
    int64_t n = 7;
    g_assert_false(schema_number_parse(pattern, text, &year, &n));
    g_assert_cmpint(year, ==, 7);
    g_assert_cmpint(n, ==, 7);
}

/* A number is read only as it is written: one entry, one spelling. */
static void test_other_spellings_are_refused(void)
{
    static const char *const texts[] = {"",
                                        "SQ2023-84",
                                        "SQ2023-000084",
                                        "SQ2023-00000",
                                        "SQ23-00084",
                                        "SQ2023-00084 ",
                                        "SQ2023-0008四",
                                        "SQ0000-00084",
                                        "SQ2023-9999999999999999999"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        check_no_number("SQ{year}-{n:5}", texts[i]);
    }
    check_no_number("A{n}", "A01");
    check_no_number("A{n}", "A-1");
    check_no_number("A{n}", "A0");
}

static void test_letters_of_either_case(void)
{
    int year = 0;
    int64_t n = 0;
    g_assert_true(schema_number_parse("SQ{year}-{n:5}", "sq2023-00084", &year, &n));
    g_assert_cmpint(year, ==, 2023);
    g_assert_cmpint(n, ==, 84);
    g_assert_true(schema_number_may_clash("A{n}", "a{n}"));
}

static void test_brackets_of_any_form(void)
{
    int year = 0;
    int64_t n = 0;
    static const char *const typed[] = {"示政发〔2023〕9号", "示政发[2023]9号", "示政发（2023）9号",
                                        "示政发(2023)9号", "示政发【2023】9号"};
    for (size_t i = 0; i < G_N_ELEMENTS(typed); i++) {
        g_assert_true(schema_number_parse("示政发〔{year}〕{n}号", typed[i], &year, &n));
        g_assert_cmpint(n, ==, 9);
    }
    g_assert_false(schema_number_parse("示政发〔{year}〕{n}号", "示政发<2023>9号", &year, &n));
    g_assert_false(schema_number_parse("示政发〔{year}〕{n}号", "示政发", &year, &n));
}

static void test_patterns_at_the_limit(void)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    SchemaPlace place = {.path = "x", .line = 1, .column = 1};
    g_autofree char *head = g_strnfill(SCHEMA_NUMBER_MAX_CHARS - 3, 'A');
    g_autofree char *longest = g_strdup_printf("%s{n}", head);
    g_autofree char *too_long = g_strdup_printf("A%s{n}", head);
    g_assert_true(schema_number_check(problems, place, longest));
    g_assert_false(schema_number_check(problems, place, too_long));
    g_assert_cmpuint(schema_problems_count(problems), ==, 1);
}

static void test_clashes(void)
{
    g_assert_true(schema_number_may_clash("A{n}", "A{n}"));
    g_assert_true(schema_number_may_clash("A{n}", "A{n:5}"));
    g_assert_true(schema_number_may_clash("A{year}-{n}", "A2023-{n}"));
    g_assert_true(schema_number_may_clash("{n}", "20{n}"));
    g_assert_false(schema_number_may_clash("A{n}", "B{n}"));
    g_assert_false(schema_number_may_clash("A{n}", "A{n}号"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/number/brackets-of-any-form", test_brackets_of_any_form);
    g_test_add_func("/schema/number/format-and-parse", test_format_and_parse);
    g_test_add_func("/schema/number/other-spellings-are-refused", test_other_spellings_are_refused);
    g_test_add_func("/schema/number/letters-of-either-case", test_letters_of_either_case);
    g_test_add_func("/schema/number/patterns-at-the-limit", test_patterns_at_the_limit);
    g_test_add_func("/schema/number/clashes", test_clashes);
    return g_test_run();
}
