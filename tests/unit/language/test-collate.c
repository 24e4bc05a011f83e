#include "language/collate.h"

#include <glib.h>

static void check_order(const char *const *names)
{
    for (size_t i = 0; names[i + 1] != NULL; i++) {
        g_test_message("%s < %s", names[i], names[i + 1]);
        g_assert_cmpint(collate_compare(names[i], names[i + 1]), <, 0);
        g_assert_cmpint(collate_compare(names[i + 1], names[i]), >, 0);
    }
}

static void test_surnames(void)
{
    check_order((const char *const[]){"白一", "陈一", "李二", "李一", "刘一", "王一", "吴一",
                                      "张一", "赵一", NULL});
}

/* A character of several readings stands where its word puts it, if the word is in the data. */
static void test_readings(void)
{
    check_order((const char *const[]){"北京", "成都", "重庆", "上海", "天津", "重点", NULL});
    check_order((const char *const[]){"安", "单", "行政科", "综合科", NULL});
}

static void test_numbers_and_letters(void)
{
    check_order((const char *const[]){"第2组", "第10组", NULL});
    check_order((const char *const[]){"12345", "王", "A组", NULL});
}

static void test_order_is_total(void)
{
    g_assert_cmpint(collate_compare("王", "王"), ==, 0);
    g_assert_cmpint(collate_compare("", ""), ==, 0);
    g_assert_cmpint(collate_compare("", "王"), <, 0);
    g_assert_cmpint(collate_compare("2", "02"), !=, 0);
    g_assert_cmpint(collate_compare("2", "02"), ==, -collate_compare("02", "2"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/collate/surnames", test_surnames);
    g_test_add_func("/language/collate/readings", test_readings);
    g_test_add_func("/language/collate/numbers-and-letters", test_numbers_and_letters);
    g_test_add_func("/language/collate/order-is-total", test_order_is_total);
    return g_test_run();
}
