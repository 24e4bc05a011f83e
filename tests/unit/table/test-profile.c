#include "table/profile.h"

/* Check that @cell looks like the @looks, a string of one letter each: D date, T time, P phone, I
 * identity. */
static void check_cell(const TableCell *cell, const char *looks)
{
    static const char letters[] = "DTPI";
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(TableProfile) profile = table_profile_new(1);
    const TableRow row = {.cells = cell, .n_cells = 1};
    table_profile_add(profile, &row);
    for (int look = 0; look < TABLE_N_LOOKS; look++) {
        if (table_column_looks_like(table_profile_column(profile, 0), (TableLook)look)) {
            g_string_append_c(found, letters[look]);
        }
    }
    if (!g_str_equal(found->str, looks)) {
        g_error("'%s' looks like %s, not like %s", cell->text, found->str, looks);
    }
}

static void check(const char *text, const char *looks)
{
    TableCell cell = table_cell_make(TABLE_CELL_TEXT, text);
    check_cell(&cell, looks);
}

static void test_days(void)
{
    check("", "");
    check(" \t　", "");
    check("路灯不亮", "");
    check("2023.5.6", "D");
    check(" 2023年5月6日 ", "D");
    check("5月6日", "D");
    check("20230506", "D");
    check("2023-02-30", "");
    check("45052", "");
    check("2019-04-25 09:32:09", "T");
}

static void test_phones(void)
{
    check("13800138000", "P");
    check("138 0013 8000", "P");
    check("+86-138-0013-8000", "P");
    check("12800138000", "");
    check("0731-84412345", "P");
    check("(010)65551234", "P");
    check("010-6555123", "P");
    check("400-820-8820", "P");
    check("12345", "");
    check("138001380000", "");
}

static void test_identity_numbers(void)
{
    check("11010519491231002X", "I"); /* the example of GB 11643 */
    check("11010519491231002x", "I");
    check("110105194912310021", "");
    check("110105194913310026", "");
    check("1101051949123100", "");
}

static void test_kind_of_the_cell_counts(void)
{
    TableCell date = table_cell_make(TABLE_CELL_DATE, "2023-05-06");
    TableCell time = table_cell_make(TABLE_CELL_TIME, "2023-05-06T09:30:00");
    check_cell(&date, "D");
    check_cell(&time, "T");
}

static void add_row(TableProfile *profile, const char *a, const char *b)
{
    TableCell cells[] = {table_cell_make(TABLE_CELL_TEXT, a), table_cell_make(TABLE_CELL_TEXT, b)};
    TableRow row = {.cells = cells, .n_cells = b != NULL ? 2 : 1};
    table_profile_add(profile, &row);
}

static void test_columns(void)
{
    g_autoptr(TableProfile) profile = table_profile_new(2);
    add_row(profile, "2023.5.6", "热线");
    add_row(profile, "2023.5.7", " 热线");
    add_row(profile, "  ", NULL);
    add_row(profile, "5月8日", "来访");
    const TableColumnProfile *dates = table_profile_column(profile, 0);
    const TableColumnProfile *channels = table_profile_column(profile, 1);
    g_assert_cmpint(dates->n_filled, ==, 3);
    g_assert_cmpint(dates->n_looks[TABLE_LOOK_DATE], ==, 3);
    g_assert_true(table_column_looks_like(dates, TABLE_LOOK_DATE));
    g_assert_false(table_column_looks_like(dates, TABLE_LOOK_TIME));
    g_assert_cmpuint(channels->n_values, ==, 2);
    g_assert_cmpstr(channels->values[0], ==, "热线");
    g_assert_cmpstr(channels->values[1], ==, "来访");
    g_assert_null(channels->values[2]);
}

static void test_few_slips_do_not_hide_a_column(void)
{
    g_autoptr(TableProfile) profile = table_profile_new(2);
    for (int i = 0; i < 9; i++) {
        add_row(profile, "2023.5.6", i == 0 ? "x" : "13800138000");
    }
    add_row(profile, "不详", "x");
    g_assert_true(table_column_looks_like(table_profile_column(profile, 0), TABLE_LOOK_DATE));
    g_assert_false(table_column_looks_like(table_profile_column(profile, 1), TABLE_LOOK_PHONE));
    g_autoptr(TableProfile) none = table_profile_new(1);
    g_assert_false(table_column_looks_like(table_profile_column(none, 0), TABLE_LOOK_DATE));
}

static void test_values_are_bounded(void)
{
    g_autoptr(TableProfile) profile = table_profile_new(1);
    for (guint i = 0; i < TABLE_MAX_VALUES; i++) {
        g_autofree char *text = g_strdup_printf("%u", i);
        add_row(profile, text, NULL);
        add_row(profile, text, NULL);
    }
    const TableColumnProfile *column = table_profile_column(profile, 0);
    g_assert_cmpuint(column->n_values, ==, TABLE_MAX_VALUES);
    g_assert_false(column->has_more_values);
    add_row(profile, "one more", NULL);
    g_assert_cmpuint(column->n_values, ==, TABLE_MAX_VALUES);
    g_assert_true(column->has_more_values);
    g_assert_null(column->values[TABLE_MAX_VALUES]);
}

static void test_long_values_are_cut_between_characters(void)
{
    g_autoptr(TableProfile) profile = table_profile_new(2);
    g_autofree char *exact = g_strnfill(TABLE_MAX_VALUE_BYTES, 'x');
    g_autofree char *over = g_strdup_printf("%.118s汉字", exact);
    add_row(profile, exact, over);
    const char *first = table_profile_column(profile, 0)->values[0];
    const char *second = table_profile_column(profile, 1)->values[0];
    g_assert_cmpstr(first, ==, exact);
    g_assert_cmpuint(strlen(second), ==, 118);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/profile/looks", test_days);
    g_test_add_func("/table/profile/phones", test_phones);
    g_test_add_func("/table/profile/identity-numbers", test_identity_numbers);
    g_test_add_func("/table/profile/kind-of-the-cell-counts", test_kind_of_the_cell_counts);
    g_test_add_func("/table/profile/columns", test_columns);
    g_test_add_func("/table/profile/few-slips-do-not-hide-a-column",
                    test_few_slips_do_not_hide_a_column);
    g_test_add_func("/table/profile/values-are-bounded", test_values_are_bounded);
    g_test_add_func("/table/profile/long-values-are-cut-between-characters",
                    test_long_values_are_cut_between_characters);
    return g_test_run();
}
