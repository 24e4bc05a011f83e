#include "table/xlsx-answer.h"

static const char *const two_sheets[] = {"表1", "b", NULL};

/* Take the first record of @bytes, which is whole. */
static XlsxRecord take(const GString *bytes)
{
    g_autoptr(GError) error = NULL;
    XlsxRecord record = {0};
    size_t used = 0;
    g_assert_true(xlsx_answer_take(bytes->str, bytes->len, &record, &used, &error));
    g_assert_cmpuint(used, ==, bytes->len);
    return record;
}

static bool read_cells(const TableCell *cells, size_t n_cells, int64_t line, int64_t last_line)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    static TableCell read[TABLE_MAX_COLUMNS];
    TableRow row = {.cells = cells, .n_cells = n_cells, .line = line}, again = {0};
    xlsx_answer_append_row(bytes, &row);
    XlsxRecord record = take(bytes);
    bool is_good = xlsx_answer_read_row(&record, last_line, read, &again, &error);
    g_assert_cmpint(is_good, ==, error == NULL);
    g_assert_true(is_good || error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_true(!is_good || (again.n_cells == n_cells && again.line == line));
    for (size_t i = 0; is_good && i < n_cells; i++) {
        g_assert_cmpmem(read[i].text, read[i].length, cells[i].text, cells[i].length);
        g_assert_cmpint(read[i].kind, ==, cells[i].kind);
        g_assert_cmpint(read[i].is_repeated, ==, cells[i].is_repeated);
    }
    return is_good;
}

static bool read_cell(TableCellKind kind, const char *text)
{
    TableCell cell = {.kind = kind, .text = text, .length = strlen(text)};
    return read_cells(&cell, 1, 1, 0);
}

static void test_rows_come_back(void)
{
    const TableCell cells[] = {
        table_cell_make(TABLE_CELL_TEXT, "甲\n"),
        table_cell_make(TABLE_CELL_NUMBER, "-1.5"),
        table_cell_make(TABLE_CELL_EMPTY, NULL),
        table_cell_make(TABLE_CELL_DATE, "2023-05-06"),
        table_cell_make(TABLE_CELL_TIME, "2023-05-06T09:30:00"),
        table_cell_make(TABLE_CELL_TIME, "2023-05-06T09:30:00.125"),
        table_cell_make(TABLE_CELL_BOOL, "FALSE"),
        table_cell_make(TABLE_CELL_ERROR, "#N/A"),
        {.kind = TABLE_CELL_TEXT, .text = "x", .length = 1, .is_repeated = true},
    };
    g_assert_true(read_cells(cells, G_N_ELEMENTS(cells), 7, 6));
}

static void test_cells_that_belie_their_kinds(void)
{
    g_assert_false(read_cell(TABLE_CELL_NUMBER, "1e5"));
    g_assert_false(read_cell(TABLE_CELL_NUMBER, "NaN"));
    g_assert_false(read_cell(TABLE_CELL_NUMBER, ""));
    g_assert_false(read_cell(TABLE_CELL_DATE, "2023-02-30"));
    g_assert_false(read_cell(TABLE_CELL_DATE, "2023-05-06T09:30:00"));
    g_assert_false(read_cell(TABLE_CELL_TIME, "2023-05-06"));
    g_assert_false(read_cell(TABLE_CELL_TIME, "2023-05-06 09:30:00"));
    g_assert_false(read_cell(TABLE_CELL_TIME, "2023-05-06T09:60:00"));
    g_assert_false(read_cell(TABLE_CELL_BOOL, "yes"));
    g_assert_false(read_cell(TABLE_CELL_TEXT, ""));
    g_assert_false(read_cell(TABLE_CELL_EMPTY, "x"));
    g_assert_false(read_cell(TABLE_N_CELL_KINDS, "x"));
    g_assert_false(read_cell(TABLE_CELL_TEXT, "\xC3"));
    g_assert_true(read_cell(TABLE_CELL_TEXT, "\xC3\xA4"));
}

static void test_rows_out_of_order(void)
{
    TableCell cell = table_cell_make(TABLE_CELL_TEXT, "x");
    g_assert_true(read_cells(&cell, 1, 2, 1));
    g_assert_false(read_cells(&cell, 1, 2, 2));
    g_assert_false(read_cells(&cell, 1, 0, 0));
    g_assert_true(read_cells(&cell, 1, 1048576, 0));
    g_assert_false(read_cells(&cell, 1, 1048577, 0));
}

static void test_rows_of_a_wrong_width(void)
{
    static TableCell cells[TABLE_MAX_COLUMNS + 1];
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++) {
        cells[i] = table_cell_make(TABLE_CELL_TEXT, "x");
    }
    g_assert_true(read_cells(cells, TABLE_MAX_COLUMNS, 1, 0));
    g_assert_false(read_cells(cells, TABLE_MAX_COLUMNS + 1, 1, 0));
    g_assert_false(read_cells(cells, 0, 1, 0));
    cells[1] = table_cell_make(TABLE_CELL_EMPTY, NULL);
    g_assert_false(read_cells(cells, 2, 1, 0)); /* the last cell of a row is not empty */
}

static void test_limit_of_a_cell(void)
{
    g_autofree char *text = g_strnfill(TABLE_MAX_CELL_BYTES + 1, 'x');
    TableCell cell = {.kind = TABLE_CELL_TEXT, .text = text, .length = TABLE_MAX_CELL_BYTES + 1};
    g_assert_false(read_cells(&cell, 1, 1, 0));
    text[TABLE_MAX_CELL_BYTES] = '\0';
    cell.length = TABLE_MAX_CELL_BYTES;
    g_assert_true(read_cells(&cell, 1, 1, 0));
}

static void test_nul_within_a_text(void)
{
    TableCell cell = {.kind = TABLE_CELL_TEXT, .text = "a\0b", .length = 3};
    g_assert_false(read_cells(&cell, 1, 1, 0));
}

/* Every prefix of a record wants more; every body cut short, and any longer, is refused. */
static void test_records_cut_short(void)
{
    TableCell cells[] = {table_cell_make(TABLE_CELL_TEXT, "abc"),
                         table_cell_make(TABLE_CELL_NUMBER, "1")};
    TableRow row = {.cells = cells, .n_cells = 2, .line = 1}, again = {0};
    static TableCell read[TABLE_MAX_COLUMNS];
    g_autoptr(GString) bytes = g_string_new(NULL);
    xlsx_answer_append_row(bytes, &row);
    for (size_t length = 0; length < bytes->len; length++) {
        XlsxRecord record;
        size_t used = 1;
        g_assert_true(xlsx_answer_take(bytes->str, length, &record, &used, NULL));
        g_assert_cmpuint(used, ==, 0);
    }
    g_string_append_c(bytes, 'x');
    for (size_t length = 0; length <= bytes->len - 5; length++) {
        XlsxRecord record = {.kind = XLSX_RECORD_ROW, .body = bytes->str + 5, .length = length};
        g_assert_cmpint(xlsx_answer_read_row(&record, 0, read, &again, NULL), ==,
                        length == bytes->len - 6);
    }
}

static void test_records_that_are_none(void)
{
    static const char *const bad[] = {"Q\0\0\0\0", "R\xFF\xFF\xFF\xFF", "Z\1\0\0\0", "E\1\0\1\0"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        XlsxRecord record;
        size_t used;
        g_assert_false(xlsx_answer_take(bad[i], 5, &record, &used, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

static bool read_sheets(const char *const *names, size_t chosen)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_auto(GStrv) read = NULL;
    g_autofree bool *read_hidden = NULL;
    size_t again = 0;
    static const bool are_hidden[] = {false, true};
    xlsx_answer_append_sheets(bytes, names, are_hidden, chosen);
    XlsxRecord record = take(bytes);
    bool is_good = xlsx_answer_read_sheets(&record, &read, &read_hidden, &again, &error);
    g_assert_cmpint(is_good, ==, error == NULL);
    g_assert_true(!is_good || (again == chosen && g_strv_equal((const char *const *)read, names)));
    g_assert_true(!is_good || names[1] == NULL || (!read_hidden[0] && read_hidden[1]));
    record.length--;
    g_assert_true(!is_good || !xlsx_answer_read_sheets(&record, &read, &read_hidden, &again, NULL));
    return is_good;
}

static void test_sheets(void)
{
    static const char *const none[] = {NULL};
    g_autofree char *name = g_strnfill(256, 'x');
    const char *const long_name[] = {name, NULL};
    g_assert_true(read_sheets(two_sheets, 1));
    g_assert_true(read_sheets(two_sheets, XLSX_NO_SHEET));
    g_assert_false(read_sheets(two_sheets, 2));
    g_assert_false(read_sheets(none, 0));
    g_assert_false(read_sheets(long_name, 0));
    name[255] = '\0';
    g_assert_true(read_sheets(long_name, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/xlsx-answer/rows-come-back", test_rows_come_back);
    g_test_add_func("/table/xlsx-answer/cells-that-belie-their-kinds",
                    test_cells_that_belie_their_kinds);
    g_test_add_func("/table/xlsx-answer/rows-out-of-order", test_rows_out_of_order);
    g_test_add_func("/table/xlsx-answer/rows-of-a-wrong-width", test_rows_of_a_wrong_width);
    g_test_add_func("/table/xlsx-answer/limit-of-a-cell", test_limit_of_a_cell);
    g_test_add_func("/table/xlsx-answer/nul-within-a-text", test_nul_within_a_text);
    g_test_add_func("/table/xlsx-answer/records-cut-short", test_records_cut_short);
    g_test_add_func("/table/xlsx-answer/records-that-are-none", test_records_that_are_none);
    g_test_add_func("/table/xlsx-answer/sheets", test_sheets);
    return g_test_run();
}
