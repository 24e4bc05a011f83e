/* A csv from anywhere: its rows, written by us and read again, are the same rows. */
#include "table/csv.h"

#include <sys/mman.h>
#include <unistd.h>

static int open_bytes(const void *bytes, size_t length)
{
    int fd = memfd_create("csv", MFD_CLOEXEC);
    g_assert(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    return fd;
}

/* Append the rows of @fd to @out as a csv; returns whether all could be read. */
static bool copy_rows(int fd, GString *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(fd, &error);
    bool has_row = reader != NULL;
    int64_t last_line = 0;
    while (has_row && error == NULL) {
        TableRow row;
        if (!csv_reader_next(reader, &row, &has_row, &error) || !has_row) {
            break;
        }
        g_assert(row.line > last_line && row.n_given > 0 && row.n_given <= row.n_cells);
        last_line = row.line;
        for (size_t i = 0; i < row.n_cells; i++) {
            g_assert(strlen(row.cells[i].text) == row.cells[i].length);
            g_assert(g_utf8_validate(row.cells[i].text, -1, NULL));
            bool is_first = out->len == 0;
            g_string_append(out, i > 0 ? "," : "");
            csv_append_cell(out, row.cells[i].text, row.cells[i].length, is_first);
        }
        g_string_append(out, "\r\n");
    }
    g_assert((reader != NULL) || (error != NULL));
    return error == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
    int fd = open_bytes(data, size);
    bool is_read = copy_rows(fd, once);
    close(fd);
    if (is_read) {
        fd = open_bytes(once->str, once->len);
        g_assert(copy_rows(fd, twice));
        g_assert(g_string_equal(once, twice));
        close(fd);
    }
    return 0;
}
