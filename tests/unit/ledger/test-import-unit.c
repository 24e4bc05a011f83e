#include "ledger/import-internal.h"

#include <glib.h>

static void test_remarks(void)
{
    static const char *const same[] = {"",       "必填",       "元",         "万元", "单位:万元",
                                       "年月日", "2023-05-06", "如2023.5.6", "小时", "人民币万元"};
    static const char *const other[] = {"上年", "计划", "2022年",      "10k",  "万美元",
                                        "千人", "累计", "单位:万美元", "年初", "12345"};
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_assert_true(ledger_import_is_remark(same[i]));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(other); i++) {
        g_assert_false(ledger_import_is_remark(other[i]));
    }
}

static void test_units(void)
{
    g_assert_cmpint(ledger_import_money_places("元"), ==, 0);
    g_assert_cmpint(ledger_import_money_places(" 万元 "), ==, 4);
    g_assert_cmpint(ledger_import_money_places("单位:亿元"), ==, 8);
    g_assert_cmpint(ledger_import_money_places("千人"), ==, -1);
    g_assert_cmpint(ledger_import_line_places("金额单位：万元"), ==, 4);
    g_assert_cmpint(ledger_import_line_places("填报单位：示范局 | 单位：千元、人"), ==, 3);
    g_assert_cmpint(ledger_import_line_places("填报单位：示范局"), ==, -1);
    g_assert_cmpint(ledger_import_line_places("三重一大事项表（万元）"), ==, -1);
}

static void test_moving_the_point(void)
{
    static const struct {
        const char *number;
        int places;
        const char *moved;
    } cases[] = {
        {"1.2", 4, "12000"},
        {"0.00012", 4, "1.2"},
        {"1,234.5", 4, "12345000"},
        {"-3", 3, "-3000"},
        {"１２．５", 4, "125000"},
        {"0.123456", 4, "1234.56"},
        {" 7 ", 2, "700"},
        {"0", 4, "0"},
        {".5", 4, "5000"},
        {"12元", 4, NULL},
        {"1.2万", 4, NULL},
        {"", 4, NULL},
        {"1e3", 4, NULL},
        {"1.2.3", 4, NULL},
        {"-", 4, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *moved = ledger_import_move_point(cases[i].number, cases[i].places);
        g_assert_cmpstr(moved, ==, cases[i].moved);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/import-unit/remarks", test_remarks);
    g_test_add_func("/ledger/import-unit/units", test_units);
    g_test_add_func("/ledger/import-unit/moving-the-point", test_moving_the_point);
    return g_test_run();
}
