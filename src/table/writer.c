#include "table/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "table/csv.h"
#include "table/writer-xlsx.h"

#define BUFFER_SIZE ((size_t)64 << 10)
#define MAX_EXACT_DIGITS 15 /* of a decimal that a double keeps */

struct TableWriter {
    TableFormat format;
    int fd;          /* where it goes; borrowed when @path is NULL */
    char *path;      /* the place; NULL: to a descriptor */
    char *temporary; /* the file beside it, or of an xlsx on its way to a descriptor; NULL: none */
    bool is_stream;  /* fd is written to as it is, not put in place */
    GString *buffer; /* csv, jsonl: not yet written */
    char **keys;     /* jsonl: of the columns */
    size_t n_columns;
    bool has_begun; /* csv: something was written before */
    XlsxWriter *xlsx;
};

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *bytes, size_t length, GError **error)
{
    if (!file_write_all(fd, bytes, length)) {
        error_set_errno(error, errno, "cannot write the table");
        return false;
    }
    return true;
}

static bool flush(TableWriter *writer, size_t limit, GError **error)
{
    if (writer->buffer->len > limit) {
        if (!write_all(writer->fd, writer->buffer->str, writer->buffer->len, error)) {
            return false;
        }
        g_string_truncate(writer->buffer, 0);
    }
    return true;
}

/* Write all of @path to @fd. */
static bool send_file(const char *path, int fd, GError **error)
{
    char chunk[65536];
    int in = open(path, O_RDONLY | O_CLOEXEC);
    bool is_good = in >= 0;
    ssize_t n = 0;
    while (is_good && (n = read(in, chunk, sizeof chunk)) > 0) {
        is_good = write_all(fd, chunk, (size_t)n, error);
    }
    if (is_good ? n < 0 : in < 0) {
        error_set_errno(error, errno, "cannot write the table");
        is_good = false;
    }
    if (in >= 0) {
        close(in);
    }
    return is_good;
}

/* ---- csv ------------------------------------------------------------------------------------- */

static void append_csv_row(TableWriter *writer, const TableCell *cells, size_t n_cells)
{
    for (size_t i = 0; i < n_cells; i++) {
        const TableCell *cell = &cells[i];
        bool is_first = !writer->has_begun && i == 0;
        g_string_append(writer->buffer, i > 0 ? "," : "");
        size_t begin = writer->buffer->len;
        csv_append_cell(writer->buffer, cell->text, cell->length, is_first);
        if (cell->kind == TABLE_CELL_TIME && writer->buffer->len - begin > 10 &&
            writer->buffer->str[begin + 10] == 'T') {
            writer->buffer->str[begin + 10] = ' ';
        }
    }
    g_string_append(writer->buffer, "\r\n");
    writer->has_begun = true;
}

/* ---- jsonl ----------------------------------------------------------------------------------- */

/* Return whether @text is a number in JSON that every reader keeps exactly. */
static bool is_json_number(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    bool has_zeros = digits[0] == '0' && g_ascii_isdigit(digits[1]);
    return table_text_is_number(text) && !has_zeros &&
           table_number_digits(text) <= MAX_EXACT_DIGITS && strlen(text) <= 20;
}

static void write_json_cell(JsonWriter *json, const TableCell *cell)
{
    if (cell->kind == TABLE_CELL_EMPTY) {
        json_write_null(json);
    } else if (cell->kind == TABLE_CELL_BOOL) {
        json_write_bool(json, g_str_equal(cell->text, "TRUE"));
    } else if (cell->kind == TABLE_CELL_NUMBER && is_json_number(cell->text)) {
        json_write_raw(json, cell->text);
    } else {
        json_write_text(json, cell->text);
    }
}

static void append_json_row(TableWriter *writer, const TableCell *cells, size_t n_cells)
{
    g_auto(JsonWriter) json = {0};
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    for (size_t i = 0; i < n_cells; i++) {
        json_write_key(&json, writer->keys[i]);
        write_json_cell(&json, &cells[i]);
    }
    json_write_end_object(&json);
    g_autofree char *line = json_writer_finish(&json);
    g_string_append(writer->buffer, line);
    g_string_append_c(writer->buffer, '\n');
}

/* ---- writer ---------------------------------------------------------------------------------- */

/* Return @is_good; where it is false, say in *@error which file it is about. */
static bool name_file(const TableWriter *writer, bool is_good, GError **error)
{
    if (!is_good && writer->path != NULL) {
        error_prefix(error, "'%s'", writer->path);
    }
    return is_good;
}

static TableWriter *make_writer(TableFormat format)
{
    TableWriter *writer = g_new0(TableWriter, 1);
    writer->format = format;
    writer->fd = -1;
    writer->buffer = g_string_sized_new(BUFFER_SIZE);
    return writer;
}

/* What is left to do once there is a file to write to. */
static bool begin(TableWriter *writer, const TableWriterOptions *options, GError **error)
{
    static const TableWriterOptions none = {0};
    options = options != NULL ? options : &none;
    if (writer->format == TABLE_FORMAT_XLSX) {
        writer->xlsx = xlsx_writer_new(writer->temporary, options, error);
        return writer->xlsx != NULL;
    }
    if (writer->format == TABLE_FORMAT_CSV && options->has_mark) {
        g_string_append(writer->buffer, "\xEF\xBB\xBF");
    }
    return true;
}

/* Make the file that an xlsx is written to before it is sent. */
static bool make_scratch(TableWriter *writer, GError **error)
{
    if (writer->format != TABLE_FORMAT_XLSX) {
        return true;
    }
    g_autofree char *place = g_build_filename(g_get_tmp_dir(), "shuzhi-table", NULL);
    int made = file_open_temporary(place, 0600, &writer->temporary, error);
    if (made >= 0) {
        close(made);
    }
    return made >= 0;
}

TableWriter *table_writer_open(const char *path, TableFormat format,
                               const TableWriterOptions *options, GError **error)
{
    g_autoptr(TableWriter) writer = make_writer(format);
    writer->path = g_strdup(path);
    if (!file_open_special(path, &writer->fd, error)) {
        return NULL;
    }
    writer->is_stream = writer->fd >= 0;
    if (!writer->is_stream) {
        writer->fd = file_open_temporary(path, 0666, &writer->temporary, error);
    } else if (!make_scratch(writer, error)) {
        return NULL;
    }
    if (writer->fd < 0 || !name_file(writer, begin(writer, options, error), error)) {
        return NULL;
    }
    return g_steal_pointer(&writer);
}

TableWriter *table_writer_open_fd(int fd, TableFormat format, const TableWriterOptions *options,
                                  GError **error)
{
    g_autoptr(TableWriter) writer = make_writer(format);
    writer->fd = fd;
    writer->is_stream = true;
    if (!make_scratch(writer, error) || !begin(writer, options, error)) {
        return NULL;
    }
    return g_steal_pointer(&writer);
}

void table_writer_free(TableWriter *writer)
{
    if (writer == NULL) {
        return;
    }
    xlsx_writer_free(writer->xlsx);
    if (writer->temporary != NULL) {
        g_unlink(writer->temporary);
    }
    if (writer->path != NULL && writer->fd >= 0) {
        close(writer->fd);
    }
    g_string_free(writer->buffer, true);
    g_strfreev(writer->keys);
    g_free(writer->temporary);
    g_free(writer->path);
    g_free(writer);
}

static void append_csv_header(TableWriter *writer, const char *const *names, size_t n_columns)
{
    g_autofree TableCell *cells = g_new0(TableCell, n_columns);
    for (size_t i = 0; i < n_columns; i++) {
        cells[i] = table_cell_make(TABLE_CELL_TEXT, names[i]);
    }
    append_csv_row(writer, cells, n_columns);
}

static bool write_header(TableWriter *writer, const char *const *names, size_t n_columns,
                         GError **error)
{
    switch (writer->format) {
    case TABLE_FORMAT_CSV:
        append_csv_header(writer, names, n_columns);
        break;
    case TABLE_FORMAT_JSONL:
        writer->keys = table_unique_names(names, n_columns);
        break;
    case TABLE_FORMAT_XLSX:
        return xlsx_writer_header(writer->xlsx, names, n_columns, error);
    }
    return flush(writer, BUFFER_SIZE, error);
}

bool table_writer_header(TableWriter *writer, const char *const *names, size_t n_columns,
                         GError **error)
{
    g_assert(writer->n_columns == 0 && n_columns > 0 && n_columns <= TABLE_MAX_COLUMNS);
    writer->n_columns = n_columns;
    return name_file(writer, write_header(writer, names, n_columns, error), error);
}

static bool write_row(TableWriter *writer, const TableCell *cells, size_t n_cells, GError **error)
{
    switch (writer->format) {
    case TABLE_FORMAT_CSV:
        append_csv_row(writer, cells, n_cells);
        break;
    case TABLE_FORMAT_JSONL:
        append_json_row(writer, cells, n_cells);
        break;
    case TABLE_FORMAT_XLSX:
        return xlsx_writer_row(writer->xlsx, cells, n_cells, error);
    }
    return flush(writer, BUFFER_SIZE, error);
}

bool table_writer_row(TableWriter *writer, const TableCell *cells, size_t n_cells, GError **error)
{
    g_assert(n_cells <= writer->n_columns);
    return name_file(writer, write_row(writer, cells, n_cells, error), error);
}

bool table_writer_finish(TableWriter *writer, GError **error)
{
    bool is_written =
        writer->xlsx != NULL ? xlsx_writer_finish(writer->xlsx, error) : flush(writer, 0, error);
    if (!name_file(writer, is_written, error)) {
        return false;
    }
    if (writer->is_stream) {
        return writer->xlsx == NULL ||
               name_file(writer, send_file(writer->temporary, writer->fd, error), error);
    }
    if (!file_put_in_place(writer->fd, writer->temporary, writer->path, FILE_REPLACE_OLD, error)) {
        return false;
    }
    g_clear_pointer(&writer->temporary, g_free);
    return true;
}
