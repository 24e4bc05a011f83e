#include "table/reader.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "helpers.h"

/* Write @length bytes to a file in the folder of the tests; the caller owns the path. */
static char *write_file(const char *bytes, size_t length)
{
    static int n_files = 0;
    g_autoptr(GError) error = NULL;
    char *path =
        g_strdup_printf("%s/shuzhi-reader-%d-%d", g_get_tmp_dir(), (int)getpid(), n_files++);
    g_file_set_contents(path, bytes, (gssize)length, &error);
    g_assert_no_error(error);
    return path;
}

static TableReader *open_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file(text, strlen(text));
    TableReader *reader = table_reader_open(path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return reader;
}

static char *read_all(TableReader *reader)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    bool has_row = true;
    while (has_row) {
        TableRow row;
        g_assert_true(table_reader_next(reader, &row, &has_row, &error));
        g_assert_no_error(error);
        if (has_row) {
            append_row(out, &row);
        }
    }
    return g_string_free(g_steal_pointer(&out), false);
}

static void check_refused(const char *bytes, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file(bytes, strlen(bytes));
    g_assert_null(table_reader_open(path, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, message));
    g_unlink(path);
}

static void test_foreign_files_are_named(void)
{
    check_refused("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...", "old Excel file");
    check_refused("%PDF-1.7\n", "PDF");
    check_refused("\x1F\x8B\x08", "compressed");
    check_refused("\xEF\xBB\xBF\r\n <HTML><table>", "web page");
    check_refused("<?xml version='1.0'?>", "web page");
}

static void test_a_cell_that_begins_like_markup_is_a_cell(void)
{
    g_autoptr(TableReader) reader = open_text("<none>,b\n");
    g_autofree char *rows = read_all(reader);
    g_assert_cmpstr(rows, ==, "1:<none>|b\n");
}

static void test_what_is_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(table_reader_open("/nonexistent/x.csv", &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    g_clear_error(&error);
    g_assert_null(table_reader_open("/", &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_clear_error(&error);
    g_autofree char *fifo = g_strdup_printf("%s/shuzhi-fifo-%d", g_get_tmp_dir(), (int)getpid());
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_null(table_reader_open(fifo, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_unlink(fifo);
}

static void test_limit_of_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file("a,b\n", 4);
    g_assert_cmpint(truncate(path, TABLE_MAX_FILE_BYTES + 1), ==, 0);
    g_assert_null(table_reader_open(path, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    g_clear_error(&error);
    g_assert_cmpint(truncate(path, TABLE_MAX_FILE_BYTES), ==, 0); /* a hole: takes no room */
    g_assert_null(table_reader_open(path, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID)); /* of NUL bytes, but not too large */
    g_unlink(path);
}

static void test_csv_has_no_sheets(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file("a,b\n", 4);
    g_assert_null(table_reader_open_sheet(path, "Sheet1", &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_unlink(path);
}

static void test_source_tells_what_was_found(void)
{
    g_autoptr(TableReader) reader = open_text("\xD0\xD5\xC3\xFB;b\n\xBC\xD7;2\n");
    const TableSource *source = table_reader_source(reader);
    g_assert_cmpint(source->format, ==, TABLE_FORMAT_CSV);
    g_assert_cmpstr(source->encoding, ==, "GB18030");
    g_assert_cmpint(source->delimiter, ==, ';');
    g_assert_null(source->sheets[0]);
    g_autofree char *rows = read_all(reader);
    g_assert_cmpstr(rows, ==, "1:姓名|b\n2:甲|2\n");
}

static void check_header(const char *text, int64_t line, const char *names)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text(text);
    g_assert_true(table_reader_read_header(reader, 0, &error));
    g_assert_no_error(error);
    size_t n_columns;
    const char *const *columns = table_reader_columns(reader, &n_columns);
    g_autofree char *joined = g_strjoinv("|", (char **)columns);
    g_assert_cmpuint(g_strv_length((char **)columns), ==, n_columns);
    g_assert_cmpstr(joined, ==, names);
    g_assert_cmpint(table_reader_header_line(reader), ==, line);
}

static void test_header_is_guessed(void)
{
    check_header("编号,日期,标题\n1,2023-05-06,路灯不亮\n", 1, "编号|日期|标题");
    check_header("2023年群众诉求台账,,,\n填报单位：甲局,,填报日期：2023.5.6,\n"
                 "编号,日期,标题,备注\n1,2023-05-06,路灯不亮,\n",
                 3, "编号|日期|标题|备注");
    check_header("单位,2021,2022,2023\n甲,1,2,3\n", 1, "单位|2021|2022|2023");
    check_header("姓名,备注,电话,备注\n甲,,1,\n", 1, "姓名|备注|电话|备注");
    check_header("1,2,3\n4,5,6\n", 1, "1|2|3");
    check_header("标题,收到时间,标题\n路灯不亮,2023-06-01,甲\n", 1, "标题|收到时间|标题");
    check_header("名称\n甲\n", 1, "名称");
    check_header("受理\n,,\n", 1, "受理");
    check_header("5月6日,2023.5.7,1\n日期,时间,件数\n", 2, "日期|时间|件数");
    check_header(" 名称 ,,b,c\n1,2,3,4\n", 1, " 名称 ||b|c");
    check_header("a,b,\n1,2,\n", 1, "a|b|");
}

static size_t count_known(const TableRow *row, void *data)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n_cells; i++) {
        n += strstr(data, row->cells[i].text) != NULL && row->cells[i].length > 0 ? 1 : 0;
    }
    return n;
}

static void check_known(const char *text, int64_t line, size_t n_known)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text(text);
    int64_t found = -1;
    size_t n = 0;
    g_assert_true(table_reader_find_header(reader, count_known, "标题、日期、内容、姓名", &found,
                                           &n, &error));
    g_assert_no_error(error);
    g_assert_cmpint(found, ==, line);
    g_assert_cmpuint(n, ==, n_known);
}

/* A second table below, stray cells and empty or repeated names took the header from its row. */
static void test_names_that_are_known_make_the_header(void)
{
    check_known("标题,日期,\n一,2023-05-06,\n标题,日期,内容\n四,2023-06-06,x\n", 1, 2);
    check_known("标题,,日期,,\n一,,2023-05-06,,\n二,,2023-05-07,,\n", 1, 2);
    check_known("标题,日期\n一,2023-05-06,x,y,z\n", 1, 2);
    check_known("事项表\n来件,,姓名\n标题,日期,姓名,内容\n一,,,\n", 3, 4);
    check_known("标题\n名称,数量,日期\n甲,1,2023-05-06\n", 2, 1);
    check_known("名称,数量\n甲,1\n", 1, 0);
    check_known("\n,,\n", 0, 0);
}

static void test_rows_above_the_header_are_told(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new("名称,数量\n填报：甲,2023-05-06\n甲,\n甲,2023-05-06\n");
    g_autoptr(TableReader) reader = open_text(text->str);
    size_t n = 1;
    int64_t n_all = 1;
    g_assert_null(table_reader_above(reader, &n, &n_all));
    g_assert_true(n == 0 && n_all == 0);
    g_assert_true(table_reader_read_header(reader, 4, &error));
    const TableRow *rows = table_reader_above(reader, &n, &n_all);
    g_assert_true(n == 3 && n_all == 3);
    g_assert_cmpstr(rows[2].cells[0].text, ==, "甲");
    g_assert_cmpint(rows[2].line, ==, 3);
    g_assert_true(table_reader_rewind(reader, &error));
    table_reader_above(reader, &n, &n_all);
    g_assert_true(n == 3 && n_all == 3);
    for (int i = 0; i < 30; i++) {
        g_string_append(text, "乙,1\n");
    }
    g_autoptr(TableReader) more = open_text(text->str);
    g_assert_true(table_reader_read_header(more, 34, &error));
    table_reader_above(more, &n, &n_all);
    g_assert_true(n == TABLE_HEADER_SCAN && n_all == 33);
}

/* Check the columns of @text below the header on @line, joined with a bar. */
static void check_columns(const char *text, int64_t line, const char *columns)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text(text);
    g_assert_true(table_reader_read_header(reader, line, &error));
    g_assert_no_error(error);
    size_t n = 0;
    g_autofree char *joined = g_strjoinv("|", (char **)table_reader_columns(reader, &n));
    g_assert_cmpstr(joined, ==, columns);
}

/* What was merged cells in a spreadsheet is empty in the csv made of it. */
static void test_a_header_of_several_lines_is_one(void)
{
    const char *two = "台账,,,,\n序号,标题,办理,,备注\n,,单位,日期,\n1,路灯,甲科,5月6日,\n";
    check_columns(two, 0, "序号|标题|单位|日期|备注");
    check_columns(two, 3, "序号|标题|单位|日期|备注");
    check_columns(two, 2, "序号|标题|办理||备注");
    check_columns("甲,乙,,,\n,丙,,丁,\n,戊,己,庚,辛\n1,2,3,4,5\n", 0, "甲|戊|己|庚|辛");
    check_columns("甲,乙,丙\n,,丁\n1,2,3\n", 0, "甲|乙|丙");
    check_columns("甲,乙,,\n,1,2,\n", 0, "甲|乙||");
    g_autoptr(TableReader) reader = open_text(two);
    size_t n = 0;
    int64_t n_all = 0;
    g_assert_true(table_reader_read_header(reader, 3, NULL));
    table_reader_above(reader, &n, &n_all);
    g_assert_true(n == 2 && n_all == 2 && table_reader_header_above(reader) == 1);
    g_assert_true(table_reader_rewind(reader, NULL));
    g_autofree char *rows = read_all(reader);
    g_assert_nonnull(strstr(rows, "路灯"));
    g_assert_null(strstr(rows, "单位"));
}

static void test_rows_that_look_like_data(void)
{
    static const struct {
        const char *text;
        bool is_data;
    } cases[] = {
        {"甲,2023-05-06\n", true}, {"甲,5月6日\n", true},    {"甲,12.5\n", true},
        {"甲,乙\n", false},        {"2023-05-06,\n", false}, {"填报日期：2023.5.6,3\n", false},
        {"甲,——\n", false},        {"甲,9:30\n", true},      {"甲,2023年5月6日 9:30\n", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TableReader) reader = open_text(cases[i].text);
        TableRow row;
        bool has_row = false;
        g_assert_true(table_reader_next(reader, &row, &has_row, NULL));
        g_assert_cmpint(table_row_looks_like_data(&row), ==, cases[i].is_data);
    }
}

static void test_long_texts_name_nothing(void)
{
    g_autofree char *note = g_strnfill(3000, 'x');
    g_autofree char *text = g_strdup_printf("%s汉,%s\n名称,数量\n甲,1\n", note, note);
    check_header(text, 2, "名称|数量");
}

static void test_header_on_a_given_line(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text("a,b\n\n\"c\nd\",e\nf,g\n");
    g_assert_true(table_reader_read_header(reader, 3, &error));
    size_t n_columns;
    g_assert_cmpstr(table_reader_columns(reader, &n_columns)[0], ==, "c\nd");
    g_autofree char *rows = read_all(reader);
    g_assert_cmpstr(rows, ==, "4:f|g\n");
    for (int64_t line = 2; line <= 5; line += 3) { /* blank, after the end */
        g_assert_false(table_reader_read_header(reader, line, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
        g_clear_error(&error);
        g_assert_cmpint(table_reader_header_line(reader), ==, 0);
        g_assert_null(table_reader_columns(reader, &n_columns)[0]);
    }
}

static void test_empty_file_has_no_header(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text("\n,,\n\n");
    g_assert_false(table_reader_read_header(reader, 0, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
}

static void test_rows_are_as_wide_as_the_header(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text("a,b,c\n1\n1,2,3,,\n1,2,3,4\n");
    g_assert_true(table_reader_read_header(reader, 0, &error));
    static const bool is_good[] = {true, true, false};
    for (size_t i = 0; i < G_N_ELEMENTS(is_good); i++) {
        TableRow row;
        bool has_row = false;
        g_assert_true(table_reader_next(reader, &row, &has_row, &error));
        g_assert_true(has_row);
        g_assert_cmpuint(row.n_cells, ==, 3);
        g_assert_cmpint(row.cells[2].kind, ==, i == 0 ? TABLE_CELL_EMPTY : TABLE_CELL_TEXT);
        g_assert_cmpint(table_row_check(&row, &error), ==, is_good[i]);
    }
    g_assert_cmpstr(error->message, ==, "the row has 4 cells, the table 3 columns");
}

static void test_rewind_goes_below_the_header(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text("表\n名称,数量\n甲,1\n乙,2\n");
    g_autofree char *all = read_all(reader);
    g_assert_cmpstr(all, ==, "1:表\n2:名称|数量\n3:甲|1\n4:乙|2\n");
    g_assert_true(table_reader_rewind(reader, &error));
    g_assert_true(table_reader_read_header(reader, 0, &error));
    for (int i = 0; i < 2; i++) {
        g_autofree char *rows = read_all(reader);
        g_assert_cmpstr(rows, ==, "3:甲|1\n4:乙|2\n");
        g_assert_true(table_reader_rewind(reader, &error));
    }
}

static void test_rows_after_an_error_can_be_read_again(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = open_text("a,b\n1,\"2\n");
    TableRow row;
    bool has_row = false;
    g_assert_true(table_reader_next(reader, &row, &has_row, &error));
    g_assert_false(table_reader_next(reader, &row, &has_row, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_clear_error(&error);
    g_assert_true(table_reader_rewind(reader, &error));
    g_assert_true(table_reader_next(reader, &row, &has_row, &error));
    g_assert_cmpstr(row.cells[1].text, ==, "b");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/reader/foreign-files-are-named", test_foreign_files_are_named);
    g_test_add_func("/table/reader/a-cell-that-begins-like-markup-is-a-cell",
                    test_a_cell_that_begins_like_markup_is_a_cell);
    g_test_add_func("/table/reader/what-is-no-file", test_what_is_no_file);
    g_test_add_func("/table/reader/limit-of-file", test_limit_of_file);
    g_test_add_func("/table/reader/csv-has-no-sheets", test_csv_has_no_sheets);
    g_test_add_func("/table/reader/source-tells-what-was-found", test_source_tells_what_was_found);
    g_test_add_func("/table/reader/header-is-guessed", test_header_is_guessed);
    g_test_add_func("/table/reader/names-that-are-known-make-the-header",
                    test_names_that_are_known_make_the_header);
    g_test_add_func("/table/reader/rows-above-the-header-are-told",
                    test_rows_above_the_header_are_told);
    g_test_add_func("/table/reader/a-header-of-several-lines-is-one",
                    test_a_header_of_several_lines_is_one);
    g_test_add_func("/table/reader/rows-that-look-like-data", test_rows_that_look_like_data);
    g_test_add_func("/table/reader/long-texts-name-nothing", test_long_texts_name_nothing);
    g_test_add_func("/table/reader/header-on-a-given-line", test_header_on_a_given_line);
    g_test_add_func("/table/reader/empty-file-has-no-header", test_empty_file_has_no_header);
    g_test_add_func("/table/reader/rows-are-as-wide-as-the-header",
                    test_rows_are_as_wide_as_the_header);
    g_test_add_func("/table/reader/rewind-goes-below-the-header",
                    test_rewind_goes_below_the_header);
    g_test_add_func("/table/reader/rows-after-an-error-can-be-read-again",
                    test_rows_after_an_error_can_be_read_again);
    return g_test_run();
}
