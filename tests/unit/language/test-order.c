/* Names by pinyin. */
#include "language/order.h"

#include <glib.h>
#include <string.h>

static void test_pinyin(void)
{
    static const char *const names[] = {"",     "4711", "Zhang", "陈甲", "李丁",
                                        "李乙", "欧阳", "王戊",  "张己", "赵庚"};
    for (gsize i = 1; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *before = language_order_key(names[i - 1]);
        g_autofree char *after = language_order_key(names[i]);
        g_assert_cmpint(strcmp(before, after), <, 0);
    }
}

/* A character that is rare comes behind the common ones, and is not lost. */
static void test_rare(void)
{
    g_autofree char *common = language_order_key("赵");
    g_autofree char *rare = language_order_key("赟");
    g_assert_cmpint(strcmp(common, rare), <, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/order/pinyin", test_pinyin);
    g_test_add_func("/language/order/rare", test_rare);
    return g_test_run();
}
