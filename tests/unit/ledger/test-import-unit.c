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

static void test_names(void)
{
    g_assert_cmpint(ledger_import_name_places("涉及金额（万元）"), ==, 4);
    g_assert_cmpint(ledger_import_name_places("涉及金额（含税）（万元）"), ==, 4);
    g_assert_cmpint(ledger_import_name_places("涉及金额（不含税，百万元）"), ==, 6);
    g_assert_cmpint(ledger_import_name_places("涉及金额/千万元 "), ==, 7);
    g_assert_cmpint(ledger_import_name_places("涉及金额万元"), ==, 4);
    g_assert_cmpint(ledger_import_name_places("涉及金额（元）"), ==, 0);
    g_assert_cmpint(ledger_import_name_places("涉及金额"), ==, -1);
    g_assert_cmpint(ledger_import_name_places("超过100万元"), ==, -1);
    g_assert_cmpint(ledger_import_name_places("出口额（万美元）"), ==, -1);
    g_assert_cmpint(ledger_import_name_places("万元"), ==, -1);
}

/* Check what the cells of three rows above a header of four columns say of it. */
static void check_above(const char *const texts[3][4], int a, int b, int c, int d)
{
    TableCell cells[3][4];
    TableRow rows[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 4; j++) {
            cells[i][j] = table_cell_make(TABLE_CELL_TEXT, texts[i][j]);
        }
        rows[i] = (TableRow){.cells = cells[i], .n_cells = 4, .n_given = 4};
    }
    g_autoptr(GArray) places = ledger_import_places_above(rows, 3, 4);
    g_assert_cmpint(g_array_index(places, int, 0), ==, a);
    g_assert_cmpint(g_array_index(places, int, 1), ==, b);
    g_assert_cmpint(g_array_index(places, int, 2), ==, c);
    g_assert_cmpint(g_array_index(places, int, 3), ==, d);
}

static void test_above(void)
{
    static const char *const group[3][4] = {
        {"事项表"}, {NULL}, {"议题", "资金（万元）", NULL, "备注"}};
    static const char *const line[3][4] = {
        {"事项表"}, {"填报单位：示范局", NULL, NULL, "单位：千元"}, {NULL}};
    static const char *const title[3][4] = {{"事项表（万元）"}, {NULL}, {NULL, NULL, "资金（元）"}};
    check_above(group, -1, 4, 4, -1);
    check_above(line, 3, 3, 3, 3);
    check_above(title, 4, 4, 0, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/import-unit/remarks", test_remarks);
    g_test_add_func("/ledger/import-unit/units", test_units);
    g_test_add_func("/ledger/import-unit/names", test_names);
    g_test_add_func("/ledger/import-unit/above", test_above);
    return g_test_run();
}
