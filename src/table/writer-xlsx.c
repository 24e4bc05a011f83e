#include "table/writer-xlsx.h"

#include <errno.h>
#include <xlsxwriter.h>

#include "base/date.h"
#include "base/text.h"
#include "table/xlsx-libraries.h"

#define MAX_EXACT_DIGITS 15 /* of a decimal that a double keeps */
#define MAX_DECIMALS 9
#define MEASURED_ROWS 1000 /* of which the columns' widths are taken */
#define MIN_WIDTH 6U
#define MAX_WIDTH 60U

/* clang-format off */
#define WRITING(F) \
    F(format_set_bold) F(format_set_num_format) F(lxw_workbook_free) \
    F(workbook_add_format) F(workbook_add_worksheet) F(workbook_close) \
    F(workbook_new_opt) F(workbook_set_properties) F(worksheet_freeze_panes) \
    F(worksheet_set_column) F(worksheet_write_boolean) F(worksheet_write_datetime) \
    F(worksheet_write_number) F(worksheet_write_string)
/* clang-format on */

static const char *const functions[] = {WRITING(LATE_NAME)};
static struct {
    WRITING(LATE_POINTER)
} lib;
static LateLibrary library = LATE_LIBRARY("libxlsxwriter.so.4", "libxlsxwriter4", functions, &lib);

/* What a file holds: counted while writing, and again while reading it back. */
typedef struct Count {
    int64_t n_rows;
    int64_t n_cells;
    int64_t n_text_bytes;
} Count;

struct XlsxWriter {
    char *path;
    char *folder;
    lxw_workbook *workbook; /* NULL once it is closed */
    lxw_worksheet *sheet;
    lxw_format *bold, *text, *date, *time, *time_ms;
    lxw_format *decimals[MAX_DECIMALS + 1]; /* made when they are needed */
    size_t n_columns;
    size_t *widths; /* one a column, in terminal columns */
    lxw_row_t row;  /* the next */
    Count count;
};

/* ---- errors ---------------------------------------------------------------------------------- */

static bool is_disk_full(void)
{
    return errno == ENOSPC || errno == EDQUOT;
}

/* Set *@error for what the library failed in; errno was 0 before the call. */
static void set_error(GError **error)
{
    error_set_errno(error, is_disk_full() ? ENOSPC : EIO, "cannot write the table");
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool is_escape(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && g_ascii_isxdigit(text[2]) &&
           g_ascii_isxdigit(text[3]) && g_ascii_isxdigit(text[4]) && g_ascii_isxdigit(text[5]) &&
           text[6] == '_';
}

/* Return @text as a sheet holds it: what XML cannot say is _xHHHH_, and so is the first character
 * of a text that reads like that.  Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring). */
static char *escape(const char *text)
{
    GString *out = g_string_sized_new(strlen(text) + 16);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool is_control = c < 0x20 && c != '\t' && c != '\n';
        if (is_control || c == 0xFFFE || c == 0xFFFF || is_escape(at)) {
            g_string_append_printf(out, "_x%04X_", c);
        } else {
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
        }
    }
    return g_string_free(out, false);
}

static size_t count_utf16(const char *text)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        n += (uint8_t)*at >= 0xF0 ? 2 : 1;
    }
    return n;
}

/* Return @title as a name of a sheet: short enough, without what a name may not hold.  "History" is
 * taken by the program itself.  The caller owns it. */
static char *make_sheet_name(const char *title)
{
    g_autoptr(GString) name = g_string_new(NULL);
    size_t n_units = 0;
    for (const char *at = title != NULL ? title : ""; *at != '\0'; at = g_utf8_next_char(at)) {
        n_units += (uint8_t)*at >= 0xF0 ? 2 : 1;
        if (n_units > TABLE_MAX_XLSX_SHEET_NAME) {
            break;
        }
        bool is_good = strchr("[]:*?/\\'", *at) == NULL && (uint8_t)*at >= 0x20;
        g_string_append_len(name, is_good ? at : "_", is_good ? g_utf8_next_char(at) - at : 1);
    }
    if (text_is_blank(name->str) || g_ascii_strcasecmp(name->str, "History") == 0) {
        return g_strdup("Sheet1");
    }
    return g_string_free(g_steal_pointer(&name), false);
}

/* ---- start ----------------------------------------------------------------------------------- */

static lxw_format *make_format(XlsxWriter *writer, const char *number_format)
{
    lxw_format *format = lib.workbook_add_format(writer->workbook);
    lib.format_set_num_format(format, number_format);
    return format;
}

XlsxWriter *xlsx_writer_new(const char *path, const TableWriterOptions *options, GError **error)
{
    if (!late_load(&library, error) || !xlsx_libraries_load(error)) {
        return NULL;
    }
    g_autoptr(XlsxWriter) writer = g_new0(XlsxWriter, 1);
    g_autofree char *name = make_sheet_name(options->title);
    writer->path = g_strdup(path);
    writer->folder = g_path_get_dirname(path);
    lxw_workbook_options how = {
        .constant_memory = LXW_TRUE, .tmpdir = writer->folder, .use_zip64 = LXW_FALSE};
    errno = 0;
    writer->workbook = lib.workbook_new_opt(path, &how);
    writer->sheet =
        writer->workbook != NULL ? lib.workbook_add_worksheet(writer->workbook, name) : NULL;
    if (writer->sheet == NULL || writer->sheet->optimize_tmpfile == NULL) {
        set_error(error);
        return NULL;
    }
    lxw_doc_properties properties = {.created = (time_t)(options->created_us / 1000000)};
    if (properties.created == 0) {
        properties.created = 315532800; /* 1980-01-01, as the zip says: the library would ask the
                                           clock */
    }
    lib.workbook_set_properties(writer->workbook, &properties);
    writer->bold = lib.workbook_add_format(writer->workbook);
    lib.format_set_bold(writer->bold);
    writer->text = make_format(writer, "@");
    writer->date = make_format(writer, "yyyy-mm-dd");
    writer->time = make_format(writer, "yyyy-mm-dd hh:mm:ss");
    writer->time_ms = make_format(writer, "yyyy-mm-dd hh:mm:ss.000");
    return g_steal_pointer(&writer);
}

void xlsx_writer_free(XlsxWriter *writer)
{
    if (writer != NULL) {
        if (writer->workbook != NULL) {
            lib.lxw_workbook_free(writer->workbook);
        }
        g_free(writer->widths);
        g_free(writer->folder);
        g_free(writer->path);
        g_free(writer);
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

static lxw_error write_text(XlsxWriter *writer, lxw_col_t column, const char *text,
                            lxw_format *format)
{
    g_autofree char *escaped = escape(text);
    writer->count.n_text_bytes += (int64_t)strlen(escaped);
    bool is_odd = table_text_is_formula(text) || table_text_is_number(text);
    return lib.worksheet_write_string(writer->sheet, writer->row, column, escaped,
                                      format == NULL && is_odd ? writer->text : format);
}

/* Return the format of a number with as many decimals as @text; NULL for an integer. */
static lxw_format *decimals_format(XlsxWriter *writer, const char *text)
{
    const char *point = strchr(text, '.');
    size_t n = point != NULL ? MIN(strlen(point + 1), MAX_DECIMALS) : 0;
    if (n > 0 && writer->decimals[n] == NULL) {
        g_autofree char *zeros = g_strnfill(n, '0');
        g_autofree char *number_format = g_strconcat("0.", zeros, NULL);
        writer->decimals[n] = make_format(writer, number_format);
    }
    return writer->decimals[n];
}

/* Return whether a spreadsheet keeps the number @text as it is. */
static bool is_exact(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    bool has_zeros = digits[0] == '0' && g_ascii_isdigit(digits[1]);
    return table_text_is_number(text) && !has_zeros && !g_str_equal(text, "-0") &&
           table_number_digits(text) <= MAX_EXACT_DIGITS && strlen(text) <= 20;
}

/* Read the DATE or TIME @cell; false when it has no number in a spreadsheet. */
static bool read_time(const TableCell *cell, lxw_datetime *ret_time, bool *ret_has_ms)
{
    int64_t us;
    bool is_local = cell->kind == TABLE_CELL_DATE ? cell->length == 10
                                                  : cell->length == 19 || cell->length == 23;
    if (!is_local || !date_parse_time(cell->text, 0, &us)) {
        return false;
    }
    Date date = date_from_us(us, 0);
    int64_t ms = (us - date_to_us(date, 0, 0)) / 1000;
    lxw_datetime time = {.hour = (int)(ms / 3600000),
                         .min = (int)(ms / 60000 % 60),
                         .sec = (double)(ms % 60000) / 1000};
    date_to_ymd(date, &time.year, &time.month, &time.day);
    *ret_time = time;
    *ret_has_ms = ms % 1000 != 0;
    return time.year >= 1900;
}

static lxw_error write_time(XlsxWriter *writer, lxw_col_t column, const TableCell *cell)
{
    lxw_datetime time;
    bool has_ms = false;
    if (!read_time(cell, &time, &has_ms)) {
        return write_text(writer, column, cell->text, NULL);
    }
    lxw_format *format = cell->kind == TABLE_CELL_DATE ? writer->date
                         : has_ms                      ? writer->time_ms
                                                       : writer->time;
    return lib.worksheet_write_datetime(writer->sheet, writer->row, column, &time, format);
}

static lxw_error write_cell(XlsxWriter *writer, lxw_col_t column, const TableCell *cell)
{
    switch (cell->kind) {
    case TABLE_CELL_BOOL:
        return lib.worksheet_write_boolean(writer->sheet, writer->row, column,
                                           g_str_equal(cell->text, "TRUE"), NULL);
    case TABLE_CELL_DATE:
    case TABLE_CELL_TIME:
        return write_time(writer, column, cell);
    case TABLE_CELL_NUMBER:
        if (is_exact(cell->text)) {
            return lib.worksheet_write_number(writer->sheet, writer->row, column,
                                              g_ascii_strtod(cell->text, NULL),
                                              decimals_format(writer, cell->text));
        }
        break;
    case TABLE_CELL_EMPTY:
    case TABLE_CELL_TEXT:
    case TABLE_CELL_ERROR:
    case TABLE_N_CELL_KINDS:
        break;
    }
    return write_text(writer, column, cell->text, NULL);
}

static void measure(XlsxWriter *writer, size_t column, const char *text)
{
    if (writer->row < MEASURED_ROWS && writer->widths[column] < MAX_WIDTH) {
        writer->widths[column] = MAX(writer->widths[column], MIN(text_width(text), MAX_WIDTH));
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool check_limits(const XlsxWriter *writer, const char *text, size_t column, GError **error)
{
    if (strlen(text) <= TABLE_MAX_XLSX_CELL || count_utf16(text) <= TABLE_MAX_XLSX_CELL) {
        return true;
    }
    g_autofree char *letters = table_column_letters(column);
    error_set(error, SHUZHI_ERROR_LIMIT,
              "row %ld, column %s: an xlsx holds no text of more than %d characters; write a csv",
              (long)writer->row + 1, letters, TABLE_MAX_XLSX_CELL);
    return false;
}

static bool begin_row(const XlsxWriter *writer, GError **error)
{
    if (writer->row >= TABLE_MAX_XLSX_ROWS) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "an xlsx holds no more than %d rows; write a csv, or less", TABLE_MAX_XLSX_ROWS);
        return false;
    }
    errno = 0;
    return true;
}

/* Judge how the cell that was just written went. */
static bool end_cell(XlsxWriter *writer, lxw_error code, size_t column, GError **error)
{
    writer->count.n_cells++;
    if (code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) { /* it grew while it was escaped */
        g_autofree char *letters = table_column_letters(column);
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "row %ld, column %s: an xlsx holds no text of more than %d characters; write a "
                  "csv",
                  (long)writer->row + 1, letters, TABLE_MAX_XLSX_CELL);
        return false;
    }
    if (code != LXW_NO_ERROR || is_disk_full()) {
        set_error(error);
        return false;
    }
    return true;
}

static void end_row(XlsxWriter *writer, int64_t n_cells_before)
{
    writer->count.n_rows += writer->count.n_cells > n_cells_before ? 1 : 0;
    writer->row++;
}

bool xlsx_writer_header(XlsxWriter *writer, const char *const *names, size_t n_columns,
                        GError **error)
{
    writer->n_columns = n_columns;
    writer->widths = g_new0(size_t, n_columns);
    if (!begin_row(writer, error)) {
        return false;
    }
    for (size_t i = 0; i < n_columns; i++) {
        measure(writer, i, names[i]);
        if (names[i][0] != '\0' &&
            (!check_limits(writer, names[i], i, error) ||
             !end_cell(writer, write_text(writer, (lxw_col_t)i, names[i], writer->bold), i,
                       error))) {
            return false;
        }
    }
    end_row(writer, 0);
    lib.worksheet_freeze_panes(writer->sheet, 1, 0);
    return true;
}

bool xlsx_writer_row(XlsxWriter *writer, const TableCell *cells, size_t n_cells, GError **error)
{
    int64_t n_before = writer->count.n_cells;
    if (!begin_row(writer, error)) {
        return false;
    }
    for (size_t i = 0; i < n_cells; i++) {
        measure(writer, i, cells[i].text);
        if (cells[i].length > 0 &&
            (!check_limits(writer, cells[i].text, i, error) ||
             !end_cell(writer, write_cell(writer, (lxw_col_t)i, &cells[i]), i, error))) {
            return false;
        }
    }
    end_row(writer, n_before);
    return true;
}

/* ---- reading back ---------------------------------------------------------------------------- */

typedef struct Check {
    Count count;
    bool is_in_text;
} Check;

static void start_element(void *data, const xmlChar *name, const xmlChar **attributes)
{
    Check *check = data;
    const char *element = (const char *)name;
    check->count.n_rows += g_str_equal(element, "row") ? 1 : 0;
    check->count.n_cells += g_str_equal(element, "c") ? 1 : 0;
    check->is_in_text = g_str_equal(element, "t");
}

static void end_element(void *data, const xmlChar *name)
{
    ((Check *)data)->is_in_text = false;
}

static void count_characters(void *data, const xmlChar *characters, int length)
{
    Check *check = data;
    check->count.n_text_bytes += check->is_in_text ? length : 0;
}

/* Parse the open part @file to its end; false when it is damaged. */
static bool check_part(zip_file_t *file, Check *check)
{
    xmlSAXHandler handler = {.startElement = start_element,
                             .endElement = end_element,
                             .characters = count_characters,
                             .ignorableWhitespace = count_characters};
    char chunk[32768];
    xmlParserCtxtPtr parser = libxml.xmlCreatePushParserCtxt(&handler, check, NULL, 0, NULL);
    libxml.xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    zip_int64_t n;
    bool is_good = true;
    while (is_good && (n = libzip.zip_fread(file, chunk, sizeof chunk)) != 0) {
        is_good = n > 0 && libxml.xmlParseChunk(parser, chunk, (int)n, 0) == 0;
    }
    is_good = is_good && libxml.xmlParseChunk(parser, chunk, 0, 1) == 0;
    libxml.xmlFreeParserCtxt(parser);
    return is_good;
}

/* Return whether the file holds what was written. */
static bool check_file(const XlsxWriter *writer)
{
    zip_t *zip = libzip.zip_open(writer->path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    bool is_good = zip != NULL;
    zip_int64_t n_parts = is_good ? libzip.zip_get_num_entries(zip, 0) : 0;
    Check check = {0};
    for (zip_int64_t i = 0; is_good && i < n_parts; i++) {
        const char *name = libzip.zip_get_name(zip, (zip_uint64_t)i, 0);
        Check other = {0};
        bool is_sheet = name != NULL && g_str_has_prefix(name, "xl/worksheets/");
        zip_file_t *file = libzip.zip_fopen_index(zip, (zip_uint64_t)i, 0);
        is_good = file != NULL && check_part(file, is_sheet ? &check : &other) &&
                  libzip.zip_fclose(file) == 0;
    }
    if (zip != NULL) {
        libzip.zip_discard(zip);
    }
    return is_good && memcmp(&check.count, &writer->count, sizeof check.count) == 0;
}

bool xlsx_writer_finish(XlsxWriter *writer, GError **error)
{
    for (size_t i = 0; i < writer->n_columns; i++) {
        lib.worksheet_set_column(writer->sheet, (lxw_col_t)i, (lxw_col_t)i,
                                 (double)MAX(writer->widths[i], MIN_WIDTH) + 2, NULL);
    }
    errno = 0;
    lxw_error code = lib.workbook_close(g_steal_pointer(&writer->workbook));
    if (code != LXW_NO_ERROR || is_disk_full()) {
        set_error(error);
        return false;
    }
    if (!check_file(writer)) {
        error_set(error, SHUZHI_ERROR_FULL,
                  "cannot write the table: not all of it arrived on the disk, which is full, or "
                  "failing");
        return false;
    }
    return true;
}
