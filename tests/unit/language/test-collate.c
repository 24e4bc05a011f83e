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

/* People stand where their surname is read as one; titles and units where their word is. */
static void test_people(void)
{
    static const char *const names[] = {
        "安宁", "薄一",   "卜一",   "陈一", "盖叫天", "葛二", "葛一", "黑一", "华一",
        "李一", "缪一",   "万俟卨", "宁一", "区一",   "朴一", "仇英", "任一", "单一",
        "燕一", "尉迟恭", "乐毅",   "曾国", "查良镛", "翟让", "张一", NULL};
    for (size_t i = 0; names[i + 1] != NULL; i++) {
        g_test_message("%s < %s", names[i], names[i + 1]);
        g_assert_cmpint(collate_compare_people(names[i], names[i + 1]), <, 0);
        g_assert_cmpint(collate_compare_people(names[i + 1], names[i]), >, 0);
    }
    g_assert_cmpint(collate_compare_people("查一", "查一"), ==, 0);
    g_assert_cmpint(collate_compare_people("查一", "渣一"), !=, 0);
    check_order((const char *const[]){"查处", "成效", "解决", "乐观", "区级", "任务", NULL});
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
    g_test_add_func("/language/collate/people", test_people);
    g_test_add_func("/language/collate/numbers-and-letters", test_numbers_and_letters);
    g_test_add_func("/language/collate/order-is-total", test_order_is_total);
    return g_test_run();
}
