#include "table/csv.h"

#include "helpers.h"

/* Return the rows of @bytes, or "error: …" with the message. */
static char *read_rows(const char *bytes, size_t length)
{
    g_autoptr(GError) error = NULL;
    int fd = open_bytes(bytes, length);
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    g_autoptr(GString) out = g_string_new(NULL);
    bool has_row = reader != NULL;
    while (has_row) {
        TableRow row;
        if (!csv_reader_next(reader, &row, &has_row, &error)) {
            break;
        }
        if (has_row) {
            append_row(out, &row);
        }
    }
    if (error != NULL) {
        g_string_append_printf(out, "error: %s", error->message);
    }
    close(fd);
    return g_string_free(g_steal_pointer(&out), false);
}

static void check(const char *text, const char *expected)
{
    g_autofree char *rows = read_rows(text, strlen(text));
    g_assert_cmpstr(rows, ==, expected);
}

static void test_rfc4180(void)
{
    check("aaa,bbb\r\nzzz,yyy\r\n", "1:aaa|bbb\n2:zzz|yyy\n");
    check("aaa,bbb\r\nzzz,yyy", "1:aaa|bbb\n2:zzz|yyy\n");
    check("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nz,y,x", "1:aaa|b\r\nbb|ccc\n2:z|y|x\n");
    check("\"aaa\",\"b\"\"bb\",\"ccc\"\r\n", "1:aaa|b\"bb|ccc\n");
    check("a,b\r\n\"\",\"\"\"\"\r\n", "1:a|b\n2:|\"\n");
}

static void test_line_ends_mixed(void)
{
    check("a,b\rc,d\ne,f\r\ng,h", "1:a|b\n2:c|d\n3:e|f\n4:g|h\n");
    check("a,\"1\r2\n3\r\n4\"\nb,c", "1:a|1\r2\n3\r\n4\n2:b|c\n");
}

static void test_empty_rows_are_skipped(void)
{
    check("\r\n\na,b\n\n,,,\n\"\"\n\r\r\nc,d\n\n", "3:a|b\n9:c|d\n");
    check("", "");
    check("\n\n\n", "");
    check("\xEF\xBB\xBF", "");
}

static void test_nothing_is_trimmed(void)
{
    check(" a , b\t\n\xE3\x80\x80"
          "c\xE3\x80\x80,\" d \"\n",
          "1: a | b\t\n2:　c　| d \n");
}

static void test_stray_quotes_are_kept(void)
{
    check("a,5\" tall,c\nd,e\"f\"g,h\n", "1:a|5\" tall|c\n2:d|e\"f\"g|h\n");
    check("\"a\"b,c\n\"d\" ,\"e\"\"\"\"f\"g\"\n", "1:ab|c\n2:d |e\"\"fg\"\n");
}

static void test_trailing_separators(void)
{
    check("a,b,\n1,2,\n3,4,", "1:a|b|\n2:1|2|\n3:3|4|\n");
}

static void test_ragged_rows_are_told(void)
{
    int fd = open_bytes("a,b\n1\n1,2,3,\n", 13);
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    g_assert_no_error(error);
    static const size_t n_cells[] = {2, 1, 4}, n_given[] = {2, 1, 3};
    for (size_t i = 0; i < 3; i++) {
        TableRow row;
        bool has_row = false;
        g_assert_true(csv_reader_next(reader, &row, &has_row, &error));
        g_assert_true(has_row);
        g_assert_cmpuint(row.n_cells, ==, n_cells[i]);
        g_assert_cmpuint(row.n_given, ==, n_given[i]);
    }
    close(fd);
}

static void test_unclosed_quote_names_its_line(void)
{
    check("a,b\n1,\"2\n3,4\n5,6\n",
          "1:a|b\nerror: the quote that opens on line 2, column B, is never closed");
}

static void check_delimiter(const char *text, char expected)
{
    int fd = open_bytes(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    g_assert_no_error(error);
    g_assert_cmpint(csv_reader_delimiter(reader), ==, expected);
    close(fd);
}

static void test_separator_is_found(void)
{
    check_delimiter("a,b\n1,2\n", ',');
    check_delimiter("a;b\n1;2\n", ';');
    check_delimiter("a\tb\n1\t2\n", '\t');
    check_delimiter("a\n1\n", ',');
    check_delimiter("", ',');
    check_delimiter("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ';'); /* decimal commas */
    check_delimiter("a,b\n\"x;y;z\",1\n\"x;y;z\",2\n", ',');
    check_delimiter("a,b,c\n1,2,\"x；;y\nx;y\nx;y\nx;y\n\"\n1,2,3\n", ',');
    check_delimiter("a,b\n1,\"x;y;z\"\n2,\"x;y;z\"\n", ',');
    check_delimiter("表;;\n填报单位;甲;\nx;y;z\n1;2,3;4\n", ';');
    check_delimiter("a\tb\n1,2\t3,4\n\"x\ny,z\"\t5\n", '\t');
}

static void test_sep_line(void)
{
    check("sep=;\r\na;b,c\r\n", "1:a|b,c\n");
    check("SEP=|\na|b\n", "1:a|b\n");
    check("\xEF\xBB\xBFsep=\t\ra\tb\n", "1:a|b\n");
    check("sep=;", "");
    check("sep=abc,d\n1,2\n", "1:sep=abc|d\n2:1|2\n");
}

static void test_nul_is_refused(void)
{
    g_autofree char *rows = read_rows("a,b\n1,2\0,3\n", 11);
    g_assert_cmpstr(rows, ==, "error: line 2: a NUL byte stands here: this is no text");
    g_autoptr(GString) text = g_string_new("a,b\n");
    for (int i = 0; i < 100000; i++) {
        g_string_append(text, "1,2\n");
    }
    g_string_append_len(text, "x\0y", 3);
    g_autofree char *late = read_rows(text->str, text->len);
    g_assert_true(
        g_str_has_suffix(late, "error: line 100002: a NUL byte stands here: this is no text"));
}

static void test_bad_byte_names_its_line(void)
{
    g_autoptr(GString) text = g_string_new("名称,值\n");
    for (int i = 0; i < 100000; i++) {
        g_string_append(text, "甲,2\n");
    }
    g_string_append(text, "乙\xB5,3\n");
    g_autofree char *rows = read_rows(text->str, text->len);
    const char *error = strstr(rows, "error: ");
    g_assert_cmpstr(error, ==,
                    "error: line 100002: byte 0xb5 is not valid in UTF-8; save the file as UTF-8");
}

/* The line was that of the row being read, or the first, wherever the byte stood. */
static void test_bad_byte_early_names_its_line(void)
{
    const char *const ends[] = {"\n", "\r", "\r\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        for (int n = 0; n < 300; n += 7) {
            g_autoptr(GString) text = g_string_new("名称,值");
            for (int j = 0; j < n; j++) {
                g_string_append_printf(text, "%s甲,\"2%s3\"", ends[i], ends[i]);
            }
            g_string_append_printf(text, "%s乙\xFF,3", ends[i]);
            g_autofree char *rows = read_rows(text->str, text->len);
            g_autofree char *expected = g_strdup_printf("error: line %d: byte 0xff", 2 * n + 2);
            g_assert_nonnull(strstr(rows, expected));
        }
    }
}

/* Rows of every shape meet every edge of the buffer: the longer first row moves all others. */
static void test_edges_of_the_buffer(void)
{
    for (size_t pad = 0; pad < 40; pad++) {
        g_autoptr(GString) text = g_string_new(NULL), expected = g_string_new("1:");
        g_autofree char *padding = g_strnfill(pad + 1, 'p');
        g_string_append_printf(text, "%s\r\n", padding);
        g_string_append_printf(expected, "%s\n", padding);
        for (int i = 0; i < 30000; i++) {
            g_string_append(text, "引号,\"x\"\"y\r\n,z\",,ok\r\n");
            g_string_append_printf(expected, "%d:引号|x\"y\r\n,z||ok\n", 2 + i);
        }
        g_autofree char *rows = read_rows(text->str, text->len);
        g_assert_true(g_str_equal(rows, expected->str));
    }
}

static void check_limit(const GString *text, const char *suffix)
{
    g_autofree char *rows = read_rows(text->str, text->len);
    const char *error = strstr(rows, "error: ");
    g_assert_cmpstr(error, ==, suffix);
}

static void test_limit_of_columns(void)
{
    g_autoptr(GString) text = g_string_new("x");
    for (int i = 1; i < TABLE_MAX_COLUMNS; i++) {
        g_string_append(text, ",x");
    }
    check_limit(text, NULL);
    g_string_append(text, ",");
    check_limit(text, "error: line 1: the row has more than 1024 columns");
    g_string_append(text, "x\n");
    check_limit(text, "error: line 1: the row has more than 1024 columns");
}

static void test_limit_of_cell(void)
{
    g_autofree char *cell = g_strnfill(TABLE_MAX_CELL_BYTES, 'x');
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "a,b\n1,%s\n", cell);
    check_limit(text, NULL);
    g_string_printf(text, "a,b\n1,%sx\n", cell);
    check_limit(text, "error: line 2, column B: the cell is larger than 1048576 bytes");
    g_string_printf(text, "a,b\n1,\"%s\"\n", cell);
    check_limit(text, NULL);
    g_string_printf(text, "a,b\n1,\"%sx%s", cell, cell);
    check_limit(text, "error: the quote that opens on line 2, column B, is not closed within "
                      "1048576 bytes");
}

static void test_limit_of_row(void)
{
    g_autofree char *cell = g_strnfill(TABLE_MAX_CELL_BYTES - 1, 'x');
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < TABLE_MAX_ROW_BYTES / TABLE_MAX_CELL_BYTES; i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "", cell);
    }
    g_string_append(text, "\na,b\n");
    check_limit(text, NULL);
    g_string_prepend_c(text, 'x');
    check_limit(text, "error: line 1: the row is larger than 8388608 bytes");
}

static void test_rewind(void)
{
    static const char text[] = "sep=;\na;b\n1;2\n";
    int fd = open_bytes(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    g_autoptr(GString) out = g_string_new(NULL);
    for (int i = 0; i < 3; i++) {
        TableRow row;
        bool has_row = true;
        while (csv_reader_next(reader, &row, &has_row, &error) && has_row) {
            append_row(out, &row);
        }
        g_assert_true(csv_reader_rewind(reader, &error));
    }
    g_assert_cmpstr(out->str, ==, "1:a|b\n2:1|2\n1:a|b\n2:1|2\n1:a|b\n2:1|2\n");
    close(fd);
}

static void check_written(const char *cell, bool is_first, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    csv_append_cell(out, cell, strlen(cell), is_first);
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_writing_quotes_what_needs_it(void)
{
    check_written("", false, "");
    check_written("", true, "");
    check_written("甲 乙", false, "甲 乙");
    check_written("a,b", false, "\"a,b\"");
    check_written("a;b", false, "\"a;b\"");
    check_written("a\tb", false, "\"a\tb\"");
    check_written("a\nb", false, "\"a\nb\"");
    check_written("a\rb", false, "\"a\rb\"");
    check_written("\"a\"\"", false, "\"\"\"a\"\"\"\"\"");
    check_written("-5", false, "-5");
    check_written("-5", true, "\"-5\"");
    check_written("sep=|", true, "\"sep=|\"");
    check_written("\xEF\xBB\xBFx", true, "\"\xEF\xBB\xBFx\"");
    check_written("甲", true, "甲");
}

static void test_formulas_are_defused(void)
{
    check_written("=1+1", false, "'=1+1");
    check_written("=1+1", true, "\"'=1+1\"");
    check_written("+86 138", false, "'+86 138");
    check_written("@x,y", false, "\"'@x,y\"");
    check_written("\t=x", false, "\"'\t=x\"");
    check_written("＝x", false, "'＝x");
    check_written("'=x", false, "''=x");
    check_written("-1.5", false, "-1.5");
    check_written("-", false, "-");
    check_written("'甲'", false, "'甲'");
    check("'=1+1,''=x,'甲',-1,'-1,'-1-1,'\n", "1:=1+1|'=x|'甲'|-1|'-1|-1-1|'\n");
}

/* Any cells, written and read: the same cells, but rows in which all are empty. */
static void test_round_trip_of_random_cells(void)
{
    static const char *const pieces[] = {",",    ";",    "\t",           "\"",   "\"\"", "\n", "\r",
                                         "\r\n", " ",    "甲",           "🙂", "=",    "'",  "a",
                                         "",     "sep=", "\xEF\xBB\xBF", "-",    "1",    "@"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20230506);
    for (int file = 0; file < 300; file++) {
        g_autoptr(GString) text = g_string_new(NULL), expected = g_string_new(NULL);
        int n_columns = g_rand_int_range(rand, 1, 6);
        for (int row = 0; row < 20; row++) {
            bool is_empty = true;
            g_autoptr(GString) cells = g_string_new(NULL);
            for (int column = 0; column < n_columns; column++) {
                g_autoptr(GString) cell = g_string_new(NULL);
                for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--) {
                    g_string_append(cell, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
                }
                is_empty = is_empty && cell->len == 0;
                g_string_append(text, column > 0 ? "," : "");
                csv_append_cell(text, cell->str, cell->len, text->len == 0);
                g_string_append_printf(cells, "%s%s", column > 0 ? "|" : "", cell->str);
            }
            g_string_append(text, "\r\n");
            g_string_append(expected, is_empty ? "" : cells->str);
            g_string_append(expected, is_empty ? "" : "\n");
        }
        g_autofree char *rows = read_rows(text->str, text->len);
        g_autoptr(GRegex) line =
            g_regex_new("^\\d+:", G_REGEX_MULTILINE | G_REGEX_NEWLINE_LF, 0, NULL);
        g_autofree char *bare = g_regex_replace_literal(line, rows, -1, 0, "", 0, NULL);
        g_assert_cmpstr(bare, ==, expected->str);
    }
}

/* Two offices' lines joined, in GB18030 and in UTF-8, were read as GB18030, some as other words. */
static void test_rows_of_another_encoding(void)
{
    static const char joined[] =
        "\261\352\314\342,\313\265\303\367\n"         /* 标题,说明 */
        "\302\267\265\306\262\273\301\301,\305\256\n" /* 路灯不亮,女 */
        "噪声扰民,x\n噪声,y\n"
        "\317\330\325\376\270\256\260\354\271\253\312\322\327\333\272\317\277\306\270\272\324\360"
        "\310\313\303\361\300\264\320\305\300\264\267\303\271\244\327\367\n"
        "\305\256,\304\320\n\305\256,\n"; /* 女,男: 女 alone is a character of UTF-8 too */
    static const bool are_foreign[] = {false, false, true, true, false, false, false};
    g_autoptr(GError) error = NULL;
    int fd = open_bytes(joined, sizeof joined - 1);
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    g_assert_cmpstr(csv_reader_encoding(reader), ==, "GB18030");
    TableRow row;
    bool has_row = true;
    for (size_t i = 0; i < G_N_ELEMENTS(are_foreign); i++) {
        g_assert_true(csv_reader_next(reader, &row, &has_row, &error) && has_row);
        g_assert_true(row.is_foreign == are_foreign[i]);
        g_assert_true(table_row_check(&row, NULL) == !are_foreign[i]);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/csv/rfc4180", test_rfc4180);
    g_test_add_func("/table/csv/line-ends-mixed", test_line_ends_mixed);
    g_test_add_func("/table/csv/empty-rows-are-skipped", test_empty_rows_are_skipped);
    g_test_add_func("/table/csv/nothing-is-trimmed", test_nothing_is_trimmed);
    g_test_add_func("/table/csv/stray-quotes-are-kept", test_stray_quotes_are_kept);
    g_test_add_func("/table/csv/trailing-separators", test_trailing_separators);
    g_test_add_func("/table/csv/ragged-rows-are-told", test_ragged_rows_are_told);
    g_test_add_func("/table/csv/unclosed-quote-names-its-line", test_unclosed_quote_names_its_line);
    g_test_add_func("/table/csv/separator-is-found", test_separator_is_found);
    g_test_add_func("/table/csv/sep-line", test_sep_line);
    g_test_add_func("/table/csv/nul-is-refused", test_nul_is_refused);
    g_test_add_func("/table/csv/bad-byte-names-its-line", test_bad_byte_names_its_line);
    g_test_add_func("/table/csv/bad-byte-early-names-its-line", test_bad_byte_early_names_its_line);
    g_test_add_func("/table/csv/edges-of-the-buffer", test_edges_of_the_buffer);
    g_test_add_func("/table/csv/limit-of-columns", test_limit_of_columns);
    g_test_add_func("/table/csv/limit-of-cell", test_limit_of_cell);
    g_test_add_func("/table/csv/limit-of-row", test_limit_of_row);
    g_test_add_func("/table/csv/rows-of-another-encoding", test_rows_of_another_encoding);
    g_test_add_func("/table/csv/rewind", test_rewind);
    g_test_add_func("/table/csv/writing-quotes-what-needs-it", test_writing_quotes_what_needs_it);
    g_test_add_func("/table/csv/formulas-are-defused", test_formulas_are_defused);
    g_test_add_func("/table/csv/round-trip-of-random-cells", test_round_trip_of_random_cells);
    return g_test_run();
}
