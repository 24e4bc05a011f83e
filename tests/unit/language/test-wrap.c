#include "language/wrap.h"

static void test_width(void)
{
    g_assert_cmpint(language_width(""), ==, 0);
    g_assert_cmpint(language_width("abc"), ==, 3);
    g_assert_cmpint(language_width("群众诉求"), ==, 8);
    g_assert_cmpint(language_width("SQ2023-00084（热线）"), ==, 20);
    g_assert_cmpint(language_width("e\u0301"), ==, 1);
}

static void check_wrap(const char *text, int columns, int first, int rest, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    language_wrap(text, columns, first, rest, out);
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_lines_break_between_han(void)
{
    check_wrap("全年组织专题学法", 8, 0, 0, "全年组织\n专题学法\n");
    check_wrap("全年组织专题学法", 8, 4, 0, "    全年\n组织专题\n学法\n");
    check_wrap("全年组织", 8, 0, 0, "全年组织\n");
    check_wrap("", 8, 4, 0, "");
    check_wrap("  \n ", 8, 4, 0, "");
}

static void test_no_line_begins_with_a_closing_sign(void)
{
    check_wrap("全年组织，专题学法。", 8, 0, 0, "全年组\n织，专题\n学法。\n");
    check_wrap("占比为100%，较好", 9, 0, 0, "占比为\n100%，较\n好\n");
    check_wrap("学习“十四五”规划", 8, 0, 0, "学习“十\n四五”规\n划\n");
}

static void test_no_line_ends_with_an_opening_sign(void)
{
    check_wrap("印发文件《办法》", 10, 0, 0, "印发文件\n《办法》\n");
    check_wrap("共计（含续办）三件", 6, 0, 0, "共计\n（含续\n办）三\n件\n");
}

static void test_words_and_numbers_stay_whole(void)
{
    check_wrap("编号SQ2023-00084已答复", 12, 0, 0, "编号\nSQ2023-00084\n已答复\n");
    check_wrap("one two  three\nfour", 9, 0, 2, "one two\n  three\n  four\n");
    check_wrap("abcdefghij 好", 4, 0, 0, "abcdefghij\n好\n");
}

static void check_pad(const char *text, int columns, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    language_pad(text, columns, out);
    g_assert_cmpstr(out->str, ==, expected);
    g_assert_cmpint(language_width(out->str), ==, columns);
}

static void test_pad(void)
{
    check_pad("标题", 6, "标题  ");
    check_pad("标题", 4, "标题");
    check_pad("标题很长", 5, "标题…");
    check_pad("标题很长", 6, "标题… ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/wrap/width", test_width);
    g_test_add_func("/language/wrap/lines-break-between-han", test_lines_break_between_han);
    g_test_add_func("/language/wrap/no-line-begins-with-a-closing-sign",
                    test_no_line_begins_with_a_closing_sign);
    g_test_add_func("/language/wrap/no-line-ends-with-an-opening-sign",
                    test_no_line_ends_with_an_opening_sign);
    g_test_add_func("/language/wrap/words-and-numbers-stay-whole",
                    test_words_and_numbers_stay_whole);
    g_test_add_func("/language/wrap/pad", test_pad);
    return g_test_run();
}
