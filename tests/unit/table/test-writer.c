#include "table/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zip.h>

#include "base/file.h"
#include "helpers.h"

static char *folder;

static char *place(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static size_t count_files(const char *path)
{
    size_t n = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    return n;
}

static TableCell cell(TableCellKind kind, const char *text)
{
    return table_cell_make(kind, text);
}

/* One row with a cell of each kind. */
static size_t make_row(TableCell *ret_cells)
{
    const TableCell cells[] = {
        cell(TABLE_CELL_TEXT, "路灯\"不亮\""), cell(TABLE_CELL_TEXT, "=1+1"),
        cell(TABLE_CELL_NUMBER, "-12.50"),     cell(TABLE_CELL_NUMBER, "1234567890123456"),
        cell(TABLE_CELL_DATE, "2023-05-06"),   cell(TABLE_CELL_TIME, "2023-05-06T09:30:00"),
        cell(TABLE_CELL_BOOL, "TRUE"),         cell(TABLE_CELL_EMPTY, NULL),
        cell(TABLE_CELL_ERROR, "#N/A"),        cell(TABLE_CELL_TEXT, "11010519491231002X"),
    };
    memcpy(ret_cells, cells, sizeof cells);
    return G_N_ELEMENTS(cells);
}

static const char *const names[] = {"标题", "=x", "n", "n", "", "t", "b", "", "e", "id"};

/* Write the header and the row above to a new file; the caller owns its bytes. */
static char *write_example(TableFormat format, const TableWriterOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = place("example");
    g_autoptr(TableWriter) writer = table_writer_open(path, format, options, &error);
    g_assert_no_error(error);
    TableCell cells[10];
    size_t n_cells = make_row(cells);
    g_assert_true(table_writer_header(writer, names, n_cells, &error));
    g_assert_true(table_writer_row(writer, cells, n_cells, &error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(table_writer_finish(writer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_files(folder), ==, 1);
    char *bytes = file_read(path, 1 << 20, NULL, &error);
    g_unlink(path);
    return bytes;
}

static void test_csv(void)
{
    g_autofree char *bytes = write_example(TABLE_FORMAT_CSV, NULL);
    g_assert_cmpstr(bytes, ==,
                    "标题,'=x,n,n,,t,b,,e,id\r\n"
                    "\"路灯\"\"不亮\"\"\",'=1+1,-12.50,1234567890123456,2023-05-06,"
                    "2023-05-06 09:30:00,TRUE,,#N/A,11010519491231002X\r\n");
    TableWriterOptions marked = {.has_mark = true};
    g_autofree char *with_mark = write_example(TABLE_FORMAT_CSV, &marked);
    g_assert_cmpmem(with_mark, 3, "\xEF\xBB\xBF", 3);
    g_assert_cmpstr(with_mark + 3, ==, bytes);
}

static void test_jsonl(void)
{
    g_autofree char *bytes = write_example(TABLE_FORMAT_JSONL, NULL);
    g_assert_cmpstr(bytes, ==,
                    "{\"标题\":\"路灯\\\"不亮\\\"\",\"=x\":\"=1+1\",\"n\":-12.50,"
                    "\"n (2)\":\"1234567890123456\",\"E\":\"2023-05-06\","
                    "\"t\":\"2023-05-06T09:30:00\",\"b\":true,\"H\":null,\"e\":\"#N/A\","
                    "\"id\":\"11010519491231002X\"}\n");
}

/* Return the part @name of the xlsx @path; the caller owns it. */
static char *read_part(const char *path, const char *name)
{
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    g_assert_nonnull(zip);
    zip_stat_t info;
    g_assert_cmpint(zip_stat(zip, name, 0, &info), ==, 0);
    char *bytes = g_malloc0(info.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    g_assert_cmpint(zip_fread(file, bytes, info.size), ==, (zip_int64_t)info.size);
    zip_fclose(file);
    zip_discard(zip);
    return bytes;
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        g_error("'%s' does not stand in '%s'", part, text);
    }
}

static void test_xlsx_cells_have_types(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = place("types.xlsx");
    TableWriterOptions options = {.title = "2023年[台账]/'甲'"};
    g_autoptr(TableWriter) writer = table_writer_open(path, TABLE_FORMAT_XLSX, &options, &error);
    g_assert_no_error(error);
    TableCell cells[10];
    size_t n_cells = make_row(cells);
    g_assert_true(table_writer_header(writer, names, n_cells, &error));
    g_assert_true(table_writer_row(writer, cells, n_cells, &error));
    g_assert_true(table_writer_finish(writer, &error));
    g_assert_no_error(error);
    g_autofree char *sheet = read_part(path, "xl/worksheets/sheet1.xml");
    g_autofree char *book = read_part(path, "xl/workbook.xml");
    assert_contains(book, "name=\"2023年_台账___甲_\"");
    assert_contains(sheet, "<t>路灯\"不亮\"</t>");
    assert_contains(sheet, "t=\"inlineStr\"><is><t>=1+1</t>");
    assert_contains(sheet, "<v>-12.5</v>");
    assert_contains(sheet, "<t>1234567890123456</t>");
    assert_contains(sheet, "<v>45052</v>");
    assert_contains(sheet, "<v>45052.3958333333");
    assert_contains(sheet, "t=\"b\"><v>1</v>");
    assert_contains(sheet, "<t>11010519491231002X</t>");
    g_assert_null(strstr(sheet, "<f>"));
    g_assert_null(strstr(sheet, "H2"));
    g_unlink(path);
}

static void test_xlsx_is_the_same_each_time(void)
{
    g_autofree char *one = place("one.xlsx"), *two = place("two.xlsx");
    g_autofree char *paths[] = {g_strdup(one), g_strdup(two)};
    uint8_t hashes[2][CRYPTO_HASH_SIZE];
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        TableWriterOptions options = {.created_us = INT64_C(1700000000000000)};
        g_autoptr(TableWriter) writer =
            table_writer_open(paths[i], TABLE_FORMAT_XLSX, &options, &error);
        g_assert_true(table_writer_header(writer, names, 1, &error));
        g_assert_true(table_writer_finish(writer, &error));
        g_assert_true(file_hash(paths[i], hashes[i], NULL, &error));
        g_unlink(paths[i]);
        g_free(g_steal_pointer(&paths[i]));
    }
    g_assert_cmpmem(hashes[0], CRYPTO_HASH_SIZE, hashes[1], CRYPTO_HASH_SIZE);
}

static void check_long_text(size_t n_characters, const char *character, bool is_good)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = place("long.xlsx");
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < n_characters; i++) {
        g_string_append(text, character);
    }
    g_autoptr(TableWriter) writer = table_writer_open(path, TABLE_FORMAT_XLSX, NULL, &error);
    g_assert_true(table_writer_header(writer, names, 2, &error));
    TableCell cells[] = {cell(TABLE_CELL_EMPTY, NULL), cell(TABLE_CELL_TEXT, text->str)};
    g_assert_cmpint(table_writer_row(writer, cells, 2, &error), ==, is_good);
    if (is_good) {
        g_assert_true(table_writer_finish(writer, &error));
    } else {
        g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
        g_assert_nonnull(strstr(error->message, "row 2, column B"));
    }
    g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, is_good);
    g_unlink(path);
}

static void test_limit_of_text_in_xlsx(void)
{
    check_long_text(TABLE_MAX_XLSX_CELL, "汉", true);
    check_long_text(TABLE_MAX_XLSX_CELL + 1, "汉", false);
    check_long_text(TABLE_MAX_XLSX_CELL / 2, "🙂", true);
    check_long_text(TABLE_MAX_XLSX_CELL / 2 + 1, "🙂", false);
    check_long_text(TABLE_MAX_XLSX_CELL, "\a", false); /* six characters each in the file */
}

static void test_limit_of_rows_in_xlsx(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = place("rows.xlsx");
    g_autoptr(TableWriter) writer = table_writer_open(path, TABLE_FORMAT_XLSX, NULL, &error);
    g_assert_true(table_writer_header(writer, names, 1, &error));
    TableCell empty = cell(TABLE_CELL_EMPTY, NULL);
    for (int i = 1; i < TABLE_MAX_XLSX_ROWS; i++) {
        g_assert_true(table_writer_row(writer, &empty, 1, &error));
    }
    g_assert_false(table_writer_row(writer, &empty, 1, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
}

static void test_unfinished_leaves_what_was_there(void)
{
    static const TableFormat formats[] = {TABLE_FORMAT_CSV, TABLE_FORMAT_XLSX, TABLE_FORMAT_JSONL};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = place("kept");
        g_assert_true(file_write(path, "old", 3, 0644, &error));
        g_autoptr(TableWriter) writer = table_writer_open(path, formats[i], NULL, &error);
        g_assert_no_error(error);
        g_assert_true(table_writer_header(writer, names, 2, &error));
        g_clear_pointer(&writer, table_writer_free);
        g_autofree char *bytes = file_read(path, 100, NULL, &error);
        g_assert_cmpstr(bytes, ==, "old");
        g_assert_cmpuint(count_files(folder), ==, 1);
        g_unlink(path);
    }
}

static void test_folder_that_is_not_there(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(table_writer_open("/nonexistent/x.csv", TABLE_FORMAT_CSV, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
}

/* /dev/full takes nothing. */
static void test_full_descriptor(void)
{
    static const TableFormat formats[] = {TABLE_FORMAT_CSV, TABLE_FORMAT_XLSX, TABLE_FORMAT_JSONL};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
        g_autoptr(TableWriter) writer = table_writer_open_fd(fd, formats[i], NULL, &error);
        g_assert_no_error(error);
        g_assert_true(table_writer_header(writer, names, 2, &error));
        TableCell one = cell(TABLE_CELL_TEXT, "x");
        g_assert_true(table_writer_row(writer, &one, 1, &error));
        g_assert_false(table_writer_finish(writer, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_FULL));
        close(fd);
    }
}

static void test_descriptor(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = place("through.xlsx");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_autoptr(TableWriter) writer = table_writer_open_fd(fd, TABLE_FORMAT_XLSX, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(table_writer_header(writer, names, 2, &error));
    g_assert_true(table_writer_finish(writer, &error));
    close(fd);
    g_autofree char *sheet = read_part(path, "xl/worksheets/sheet1.xml");
    assert_contains(sheet, "标题");
    g_unlink(path);
}

static void test_pipe_is_written_to(void)
{
    static const TableFormat formats[] = {TABLE_FORMAT_CSV, TABLE_FORMAT_XLSX, TABLE_FORMAT_JSONL};
    g_autofree char *path = place("pipe");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        g_autoptr(TableWriter) writer = table_writer_open(path, formats[i], NULL, &error);
        g_assert_no_error(error);
        g_assert_true(table_writer_header(writer, names, 2, &error));
        TableCell one = cell(TABLE_CELL_TEXT, "x");
        g_assert_true(table_writer_row(writer, &one, 1, &error));
        g_assert_true(table_writer_finish(writer, &error));
        char bytes[8];
        g_assert_cmpint(read(reader, bytes, sizeof bytes), >, 0);
        close(reader);
    }
    struct stat info;
    g_assert_cmpint(lstat(path, &info), ==, 0);
    g_assert_true(S_ISFIFO(info.st_mode));
    g_unlink(path);
}

/* Write rows; returns 0 when that failed with FULL and left nothing but "old", 2 when it did not
 * fail. */
static int fill_disk(const char *disk, TableFormat format)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(disk, "t", NULL);
    bool is_good = file_write(path, "old", 3, 0644, NULL);
    g_autoptr(TableWriter) writer = table_writer_open(path, format, NULL, &error);
    is_good = is_good && writer != NULL && table_writer_header(writer, names, 1, &error);
    for (int i = 0; is_good && i < 40000; i++) {
        g_autofree char *text = g_strdup_printf("%x %d", i * 40503, i);
        TableCell one = cell(TABLE_CELL_TEXT, text);
        is_good = table_writer_row(writer, &one, 1, &error);
    }
    is_good = is_good && table_writer_finish(writer, &error);
    g_clear_pointer(&writer, table_writer_free);
    g_autofree char *bytes = file_read(path, 100, NULL, NULL);
    if (is_good) {
        return g_strcmp0(bytes, "old") != 0 && count_files(disk) == 1 ? 2 : 1;
    }
    bool is_whole = g_strcmp0(bytes, "old") == 0 && count_files(disk) == 1;
    return error_is(error, SHUZHI_ERROR_FULL) && is_whole ? 0 : 1;
}

/* Return the exit status of fill_disk() on a disk of @size in a world of its own; 77 where that
 * cannot be had. */
static int run_on_small_disk(const char *size, TableFormat format)
{
    pid_t pid = fork();
    if (pid == 0) {
        g_autofree char *disk = place("disk");
        g_autofree char *how = g_strconcat("size=", size, NULL);
        g_mkdir(disk, 0700);
        bool is_mounted =
            (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
            mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
            mount("none", disk, "tmpfs", 0, how) == 0;
        _exit(is_mounted ? fill_disk(disk, format) : 77);
    }
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_autofree char *disk = place("disk");
    g_rmdir(disk);
    return WEXITSTATUS(status);
}

/* The sizes let each step of an xlsx fail: its rows, its parts, the archive. */
static void test_full_disk_leaves_nothing(void)
{
    static const struct {
        const char *size;
        TableFormat format;
        int status;
    } cases[] = {
        {"64k", TABLE_FORMAT_CSV, 0}, {"4m", TABLE_FORMAT_CSV, 2},  {"64k", TABLE_FORMAT_JSONL, 0},
        {"8k", TABLE_FORMAT_XLSX, 0}, {"1m", TABLE_FORMAT_XLSX, 0}, {"2600k", TABLE_FORMAT_XLSX, 0},
        {"3m", TABLE_FORMAT_XLSX, 0}, {"4m", TABLE_FORMAT_XLSX, 0}, {"12m", TABLE_FORMAT_XLSX, 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int status = run_on_small_disk(cases[i].size, cases[i].format);
        if (status == 77) {
            g_test_skip("no small disk can be mounted here");
            return;
        }
        if (status != cases[i].status) {
            g_error("on a disk of %s it ended with %d", cases[i].size, status);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("shuzhi-writer-XXXXXX", NULL);
    g_test_add_func("/table/writer/csv", test_csv);
    g_test_add_func("/table/writer/jsonl", test_jsonl);
    g_test_add_func("/table/writer/xlsx-cells-have-types", test_xlsx_cells_have_types);
    g_test_add_func("/table/writer/xlsx-is-the-same-each-time", test_xlsx_is_the_same_each_time);
    g_test_add_func("/table/writer/limit-of-text-in-xlsx", test_limit_of_text_in_xlsx);
    g_test_add_func("/table/writer/limit-of-rows-in-xlsx", test_limit_of_rows_in_xlsx);
    g_test_add_func("/table/writer/unfinished-leaves-what-was-there",
                    test_unfinished_leaves_what_was_there);
    g_test_add_func("/table/writer/folder-that-is-not-there", test_folder_that_is_not_there);
    g_test_add_func("/table/writer/full-descriptor", test_full_descriptor);
    g_test_add_func("/table/writer/descriptor", test_descriptor);
    g_test_add_func("/table/writer/pipe-is-written-to", test_pipe_is_written_to);
    g_test_add_func("/table/writer/full-disk-leaves-nothing", test_full_disk_leaves_nothing);
    int status = g_test_run();
    g_rmdir(folder);
    return status;
}
