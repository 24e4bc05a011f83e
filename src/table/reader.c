#include "table/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "language/date-spelling.h"
#include "table/csv.h"
#include "table/xlsx.h"

#define MAX_NAME 60        /* characters of a column's name, when the header is looked for */
#define GUESSED_BYTES 512U /* of a cell that are kept while the header is looked for */

/* ---- the first rows ---------------------------------------------------------------------------
 */

/* Rows kept while the header is looked for, and those above it.  Long texts are cut: they name no
 * column. */
typedef struct Scan {
    TableRow rows[TABLE_HEADER_SCAN];
    size_t n_rows;
    GPtrArray *cells; /* owns them */
    GStringChunk *texts;
} Scan;

static Scan *scan_new(void)
{
    Scan *scan = g_new0(Scan, 1);
    scan->cells = g_ptr_array_new_with_free_func(g_free);
    scan->texts = g_string_chunk_new(4096);
    return scan;
}

static void scan_free(Scan *scan)
{
    if (scan != NULL) {
        g_ptr_array_unref(scan->cells);
        g_string_chunk_free(scan->texts);
        g_free(scan);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scan, scan_free)

/* Copy the text of @cell to @texts, cut behind the last whole character within GUESSED_BYTES. */
static const char *keep_beginning(GStringChunk *texts, const TableCell *cell)
{
    size_t length = cell->length;
    if (length > GUESSED_BYTES) {
        const char *last = g_utf8_find_prev_char(cell->text, cell->text + GUESSED_BYTES);
        length = (size_t)(last - cell->text);
    }
    return g_string_chunk_insert_len(texts, cell->text, (gssize)length);
}

/* Keep @row while there is room. */
static void keep_row(Scan *scan, const TableRow *row)
{
    if (scan->n_rows == TABLE_HEADER_SCAN) {
        return;
    }
    TableCell *cells = g_new(TableCell, MAX(row->n_cells, 1));
    g_ptr_array_add(scan->cells, cells);
    for (size_t i = 0; i < row->n_cells; i++) {
        cells[i] = row->cells[i];
        cells[i].text = keep_beginning(scan->texts, &row->cells[i]);
        cells[i].length = strlen(cells[i].text);
    }
    scan->rows[scan->n_rows] = *row;
    scan->rows[scan->n_rows++].cells = cells;
}

struct TableReader {
    int fd;
    char *name; /* of the file, without its folder */
    TableSource source;
    CsvReader *csv; /* one of the two */
    XlsxReader *xlsx;
    char **columns; /* the header, NULL-terminated; NULL without one */
    size_t n_columns;
    int64_t header_line;
    TableCell *filled; /* n_columns cells: a short row with what it lacks */
    Scan *above;       /* the first rows above the header; NULL without one */
    int64_t n_above;   /* all of them */
    size_t n_joined;   /* the last of them, with which the header goes on */
};

static const char *const no_sheets[] = {NULL};

/* ---- what the file is ------------------------------------------------------------------------ */

/* Files that are sent as tables and are none: how they begin, what they are and what to do. */
static const struct {
    const char *begin;
    size_t length;
    const char *what;
} foreign_files[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8,
     N_("it is an old Excel file (.xls), or one with a password; save it as .xlsx without one")},
    {"%PDF-", 5, N_("it is a PDF; ask for the table as .xlsx or .csv")},
    {"\x1F\x8B", 2, N_("it is compressed; unpack it first")},
    {"Rar!", 4, N_("it is compressed; unpack it first")},
    {"7z\xBC\xAF\x27\x1C", 6, N_("it is compressed; unpack it first")},
};

/* Web pages and XML, which some systems pass off as .xls. */
static const char *const page_beginnings[] = {"<!doctype", "<html", "<?xml", "<table", "<head"};

static bool is_page(const char *begin, size_t length)
{
    const char *end = begin + length;
    const char *at = begin;
    if (length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        at += 3;
    }
    while (at < end && g_ascii_isspace(*at)) {
        at++;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(page_beginnings); i++) {
        size_t n = strlen(page_beginnings[i]);
        if ((size_t)(end - at) >= n && g_ascii_strncasecmp(at, page_beginnings[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether there are many bytes that no text has, but for UTF-16, which may have all.  A few may
 * have got into a cell: whoever takes the cell sees them. */
static bool has_controls(const char *begin, size_t length)
{
    size_t n = 0;
    bool is_wide =
        length >= 2 && (memcmp(begin, "\xFF\xFE", 2) == 0 || memcmp(begin, "\xFE\xFF", 2) == 0);
    for (size_t i = 0; !is_wide && i < length; i++) {
        n += (uint8_t)begin[i] < ' ' && begin[i] != '\0' && !g_ascii_isspace(begin[i]) ? 1 : 0;
    }
    return n * 8 > length;
}

/* Return what a file is that is no table, by how it begins; NULL when it may be one. */
static const char *find_foreign(const char *begin, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(foreign_files); i++) {
        size_t n = foreign_files[i].length;
        if (length >= n && memcmp(begin, foreign_files[i].begin, n) == 0) {
            return foreign_files[i].what;
        }
    }
    return is_page(begin, length)
               ? N_("it is a web page or XML, whatever its name; save it as .xlsx or .csv")
               : NULL;
}

/* Return what the file at @path is called: who sent it need not know where the server keeps it. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Look at how the file begins: refuse what is no table, and tell whether it is a zip. */
static bool check_beginning(int fd, const char *path, bool *ret_is_zip, GError **error)
{
    char begin[128];
    ssize_t length = pread(fd, begin, sizeof begin, 0);
    if (length < 0) {
        error_set_errno(error, errno, "cannot read '%s'", path);
        return false;
    }
    *ret_is_zip = length >= 4 && memcmp(begin, "PK\3\4", 4) == 0;
    const char *foreign = find_foreign(begin, (size_t)length);
    if (foreign == NULL && !*ret_is_zip && has_controls(begin, (size_t)length)) {
        foreign = N_("it is neither text nor a workbook, or it is damaged; save it anew");
    }
    const char *const what[] = {foreign, NULL};
    if (what[0] != NULL) {
        g_autofree char *words = error_words(what);
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' cannot be read as a table: %s", name_of(path),
                  words);
        return false;
    }
    return true;
}

static int open_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a fifo would block for ever */
    if (fd < 0) {
        error_set_errno(error, errno, "cannot open '%s'", path);
        return -1;
    }
    struct stat info;
    bool is_file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (!is_file) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a file", path);
    } else if (info.st_size > TABLE_MAX_FILE_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "'%s' is larger than the limit of %ld bytes; split it into several", path,
                  (long)TABLE_MAX_FILE_BYTES);
    } else {
        return fd;
    }
    close(fd);
    return -1;
}

/* ---- open ------------------------------------------------------------------------------------ */

/* The names of the sheets come anew with each start of an xlsx. */
static void note_sheets(TableReader *reader)
{
    reader->source = (TableSource){.format = TABLE_FORMAT_XLSX, .encoding = "UTF-8"};
    reader->source.sheets =
        xlsx_reader_sheets(reader->xlsx, &reader->source.are_hidden, &reader->source.sheet);
}

static bool open_csv(TableReader *reader, const char *path, const char *sheet, GError **error)
{
    if (sheet != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is a csv file, which has no sheets",
                  name_of(path));
        return false;
    }
    reader->csv = csv_reader_new(reader->fd, error);
    if (reader->csv == NULL) {
        error_prefix(error, "'%s'", name_of(path));
        return false;
    }
    reader->source = (TableSource){.format = TABLE_FORMAT_CSV,
                                   .encoding = csv_reader_encoding(reader->csv),
                                   .delimiter = csv_reader_delimiter(reader->csv),
                                   .sheets = no_sheets};
    return true;
}

static bool open_xlsx(TableReader *reader, const char *path, const char *sheet, GError **error)
{
    reader->xlsx = xlsx_reader_new(reader->fd, sheet, error);
    if (reader->xlsx == NULL) {
        error_prefix(error, "'%s'", name_of(path));
        return false;
    }
    note_sheets(reader);
    return true;
}

TableReader *table_reader_open_sheet(const char *path, const char *sheet, GError **error)
{
    g_autoptr(TableReader) reader = g_new0(TableReader, 1);
    bool is_zip = false;
    reader->name = g_strdup(name_of(path));
    reader->fd = open_file(path, error);
    if (reader->fd < 0 || !check_beginning(reader->fd, path, &is_zip, error)) {
        return NULL;
    }
    bool is_open =
        is_zip ? open_xlsx(reader, path, sheet, error) : open_csv(reader, path, sheet, error);
    return is_open ? g_steal_pointer(&reader) : NULL;
}

TableReader *table_reader_open(const char *path, GError **error)
{
    return table_reader_open_sheet(path, NULL, error);
}

static void clear_header(TableReader *reader)
{
    g_clear_pointer(&reader->columns, g_strfreev);
    g_clear_pointer(&reader->filled, g_free);
    g_clear_pointer(&reader->above, scan_free);
    reader->n_columns = 0;
    reader->header_line = 0;
}

void table_reader_close(TableReader *reader)
{
    if (reader != NULL) {
        clear_header(reader);
        g_free(reader->name);
        csv_reader_free(reader->csv);
        xlsx_reader_free(reader->xlsx);
        if (reader->fd >= 0) {
            close(reader->fd);
        }
        g_free(reader);
    }
}

const TableSource *table_reader_source(const TableReader *reader)
{
    return &reader->source;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool next_raw(TableReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error)
{
    bool is_read = reader->csv != NULL
                       ? csv_reader_next(reader->csv, ret_row, ret_has_row, error)
                       : xlsx_reader_next(reader->xlsx, ret_row, ret_has_row, error);
    if (!is_read) {
        error_prefix(error, "'%s'", reader->name);
    }
    return is_read;
}

static bool rewind_raw(TableReader *reader, GError **error)
{
    if (reader->csv != NULL) {
        return csv_reader_rewind(reader->csv, error);
    }
    if (!xlsx_reader_rewind(reader->xlsx, error)) {
        return false;
    }
    note_sheets(reader);
    return true;
}

/* Make @row as wide as the header. */
static void fit_row(TableReader *reader, TableRow *row)
{
    if (row->n_cells < reader->n_columns) {
        for (size_t i = 0; i < reader->n_columns; i++) {
            reader->filled[i] =
                i < row->n_cells ? row->cells[i] : table_cell_make(TABLE_CELL_EMPTY, NULL);
        }
        row->cells = reader->filled;
    }
    row->n_cells = reader->n_columns;
}

bool table_reader_next(TableReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error)
{
    TableRow row;
    bool has_row;
    if (!next_raw(reader, &row, &has_row, error)) {
        return false;
    }
    *ret_has_row = has_row;
    if (has_row) {
        if (reader->columns != NULL) {
            fit_row(reader, &row);
        }
        *ret_row = row;
    }
    return true;
}

/* ---- header ---------------------------------------------------------------------------------- */

/* The lines of a header as one row, and the cells that it owns. */
typedef struct Joined {
    TableRow row;
    TableCell *cells;
} Joined;

static size_t join_last(const TableRow *rows, size_t n_rows, Joined *joined);
static size_t pass_merged(const TableRow *rows, size_t index);

bool table_reader_find_header(TableReader *reader, TableKnowFunc knows, void *data,
                              int64_t *ret_line, size_t *ret_n_known, GError **error)
{
    g_autoptr(Scan) scan = scan_new();
    size_t n_known[TABLE_HEADER_SCAN] = {0};
    bool has_row = true;
    clear_header(reader);
    if (!rewind_raw(reader, error)) {
        return false;
    }
    while (has_row && scan->n_rows < TABLE_HEADER_SCAN) {
        TableRow row;
        if (!next_raw(reader, &row, &has_row, error)) {
            return false;
        }
        if (has_row) {
            keep_row(scan, &row);
        }
    }
    for (size_t i = 0; i < scan->n_rows && knows != NULL; i++) {
        n_known[i] = knows(&scan->rows[i], data);
    }
    size_t header = scan->n_rows > 0 ? table_guess_header(scan->rows, scan->n_rows, n_known) : 0;
    *ret_line = scan->n_rows > 0 ? scan->rows[header].line : 0;
    *ret_n_known = n_known[header];
    if (scan->n_rows > 0 && knows != NULL) {
        Joined joined = {0};
        join_last(scan->rows, header + 1, &joined);
        *ret_n_known = knows(&joined.row, data);
        g_free(joined.cells);
    }
    return true;
}

static void take_header(TableReader *reader, const TableRow *row)
{
    reader->columns = g_new0(char *, row->n_cells + 1);
    reader->filled = g_new0(TableCell, MAX(row->n_cells, 1));
    reader->n_columns = row->n_cells;
    reader->header_line = row->line;
    for (size_t i = 0; i < row->n_cells; i++) {
        reader->columns[i] = g_strndup(row->cells[i].text, row->cells[i].length);
    }
}

/* Read up to the row on @line; *@ret_row is that row.  @above (NULL: none) takes those before. */
static bool seek_line(TableReader *reader, int64_t line, Scan *above, TableRow *ret_row,
                      GError **error)
{
    TableRow row = {0};
    bool has_row = true;
    int64_t n_above = -1;
    if (!rewind_raw(reader, error)) {
        return false;
    }
    do {
        if (n_above >= 0 && above != NULL) {
            keep_row(above, &row);
        }
        n_above++;
        if (!next_raw(reader, &row, &has_row, error)) {
            return false;
        }
    } while (has_row && row.line < line);
    if (!has_row || row.line != line) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no row on line %ld", (long)line);
        return false;
    }
    *ret_row = row;
    reader->n_above = n_above;
    return true;
}

bool table_reader_read_header(TableReader *reader, int64_t line, GError **error)
{
    TableRow row;
    size_t n_known;
    clear_header(reader);
    if (line == 0 && !table_reader_find_header(reader, NULL, NULL, &line, &n_known, error)) {
        return false;
    }
    if (line == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "the table is empty: it has no row with a cell");
        return false;
    }
    g_autoptr(Scan) above = scan_new();
    if (!seek_line(reader, line, above, &row, error)) {
        return false;
    }
    keep_row(above, &row); /* for a moment: it may go on with those above it */
    Joined joined = {.row = row};
    reader->n_joined = 0;
    if (above->rows[above->n_rows - 1].line == line) {
        above->n_rows--;
        size_t first = join_last(above->rows, above->n_rows + 1, &joined);
        reader->n_joined = above->n_rows - pass_merged(above->rows, first);
    }
    take_header(reader, &joined.row);
    g_free(joined.cells);
    reader->above = g_steal_pointer(&above);
    return true;
}

const TableRow *table_reader_above(const TableReader *reader, size_t *ret_n_rows,
                                   int64_t *ret_n_all)
{
    *ret_n_rows = reader->above != NULL ? reader->above->n_rows : 0;
    *ret_n_all = reader->above != NULL ? reader->n_above : 0;
    return reader->above != NULL ? reader->above->rows : NULL;
}

const char *const *table_reader_columns(const TableReader *reader, size_t *ret_n_columns)
{
    *ret_n_columns = reader->n_columns;
    return reader->columns != NULL ? (const char *const *)reader->columns : no_sheets;
}

size_t table_reader_header_above(const TableReader *reader)
{
    return reader->n_joined;
}

int64_t table_reader_header_line(const TableReader *reader)
{
    return reader->header_line;
}

bool table_reader_rewind(TableReader *reader, GError **error)
{
    TableRow header;
    return reader->columns != NULL ? seek_line(reader, reader->header_line, NULL, &header, error)
                                   : rewind_raw(reader, error);
}

/* ---- guess ----------------------------------------------------------------------------------- */

/* What the cells of a row are like. */
typedef struct RowLook {
    size_t n_filled;
    size_t n_distinct;
    size_t n_names; /* short, with a letter, not a date */
    bool has_long;
} RowLook;

static bool has_letter(const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_isalpha(g_utf8_get_char(at))) {
            return true;
        }
    }
    return false;
}

static bool is_date(const char *text)
{
    LanguageDate date;
    return language_date_parse(text, 2000, &date, NULL);
}

static RowLook look_at_row(const TableRow *row)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    RowLook look = {0};
    for (size_t i = 0; i < row->n_cells; i++) {
        const TableCell *cell = &row->cells[i];
        if (text_is_blank(cell->text)) {
            continue;
        }
        look.n_filled++;
        look.n_distinct += g_hash_table_add(seen, (gpointer)cell->text) ? 1 : 0;
        if (g_utf8_strlen(cell->text, -1) > MAX_NAME) {
            look.has_long = true;
        } else if (cell->kind == TABLE_CELL_TEXT && has_letter(cell->text) &&
                   !is_date(cell->text)) {
            look.n_names++;
        }
    }
    return look;
}

/* A header repeats a name at times, and names some columns by numbers (years); it does so for few.
 */
static bool is_header(const RowLook *look, size_t width)
{
    return !look->has_long && look->n_filled * 3 > width * 2 &&
           look->n_names * 2 >= look->n_filled && look->n_distinct * 3 >= look->n_filled * 2;
}

static bool has_repeated(const TableRow *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        if (row->cells[i].is_repeated) {
            return true;
        }
    }
    return false;
}

static bool is_blank_at(const TableRow *row, size_t index)
{
    return index >= row->n_cells || text_is_blank(row->cells[index].text);
}

/* Return whether @upper has the name of a group at @index, with names of two columns or more below
 * it in @lower. */
static bool is_group(const TableRow *upper, const TableRow *lower, size_t index)
{
    size_t n = is_blank_at(lower, index) ? 0 : 1;
    for (size_t i = index + 1; i < lower->n_cells && is_blank_at(upper, i); i++) {
        n += is_blank_at(lower, i) ? 0 : 1;
    }
    return n > 1;
}

/* Return whether @lower goes on with the header @upper, as a csv has it that was made of merged
 * cells: names stand in it only below those of groups, which @upper spreads over several columns,
 * and it is empty below the names of single columns. */
static bool goes_on(const TableRow *upper, const TableRow *lower)
{
    RowLook look = look_at_row(lower);
    bool is_below_group = false, has_single = false;
    for (size_t i = 0; i < MAX(upper->n_cells, lower->n_cells); i++) {
        bool is_blank = is_blank_at(lower, i);
        if (!is_blank_at(upper, i)) {
            is_below_group = !is_blank && is_group(upper, lower, i);
        }
        if (!is_blank && !is_below_group) {
            return false;
        }
        has_single = has_single || (is_blank && !is_blank_at(upper, i));
    }
    return has_single && look.n_filled > 1 && look.n_names == look.n_filled && !look.has_long;
}

/* Lay @lower over @joined: what it leaves empty stays. */
static void join(Joined *joined, const TableRow *lower)
{
    size_t n = MAX(joined->row.n_cells, lower->n_cells);
    TableCell *cells = g_new0(TableCell, MAX(n, 1));
    for (size_t i = 0; i < n; i++) {
        const TableRow *from = is_blank_at(lower, i) ? &joined->row : lower;
        cells[i] = i < from->n_cells ? from->cells[i] : table_cell_make(TABLE_CELL_EMPTY, NULL);
    }
    size_t n_given = MAX(joined->row.n_given, lower->n_given);
    joined->row = *lower;
    joined->row.cells = cells;
    joined->row.n_cells = n;
    joined->row.n_given = n_given;
    g_free(joined->cells);
    joined->cells = cells;
}

/* Join the rows from @index on while they go on with one another, @n_rows at most; returns the last
 * of them. */
static size_t join_from(const TableRow *rows, size_t n_rows, size_t index, Joined *joined)
{
    *joined = (Joined){.row = rows[index]};
    while (index + 1 < n_rows && goes_on(&joined->row, &rows[index + 1])) {
        join(joined, &rows[++index]);
    }
    return index;
}

/* Join the last of @n_rows rows with those above it that it goes on with into @joined, whose cells
 * are the caller's; returns the first of them. */
static size_t join_last(const TableRow *rows, size_t n_rows, Joined *joined)
{
    for (size_t first = 0; first < n_rows; first++) {
        if (join_from(rows, n_rows, first, joined) == n_rows - 1) {
            return first;
        }
        g_clear_pointer(&joined->cells, g_free);
    }
    g_assert_not_reached(); /* the last joins itself */
}

/* Return whether a name of @upper is merged down into @lower. */
static bool is_merged_down(const TableRow *upper, const TableRow *lower)
{
    for (size_t i = 0; i < MIN(upper->n_cells, lower->n_cells); i++) {
        if (lower->cells[i].is_repeated && !is_blank_at(lower, i) &&
            g_str_equal(lower->cells[i].text, upper->cells[i].text)) {
            return true;
        }
    }
    return false;
}

/* Return the first of the rows of the header whose last begins at @index. */
static size_t pass_merged(const TableRow *rows, size_t index)
{
    while (index > 0 && is_merged_down(&rows[index - 1], &rows[index])) {
        index--;
    }
    return index;
}

/* Return the last of the rows that make up the header which begins at @index: names of groups stand
 * above the names of their columns, and single columns are merged down through them. */
static size_t pass_groups(const TableRow *rows, size_t n_rows, size_t index, size_t width)
{
    while (index + 1 < n_rows && has_repeated(&rows[index + 1])) {
        RowLook look = look_at_row(&rows[index + 1]);
        if (!is_header(&look, width)) {
            break;
        }
        index++;
    }
    Joined joined = {0};
    index = join_from(rows, n_rows, index, &joined);
    g_free(joined.cells);
    return index;
}

/* Return the first row with two thirds as many known names as the best; @n_rows when none has any.
 * A word alone in its row is a title, where the table is wider. */
static size_t find_known(const TableRow *rows, size_t n_rows, const size_t *n_known, size_t width)
{
    size_t best = 0;
    for (size_t i = 0; i < n_rows; i++) {
        best = MAX(best, n_known[i]);
    }
    for (size_t i = 0; i < n_rows && best > 0; i++) {
        if (n_known[i] > 0 && n_known[i] * 3 >= best * 2 &&
            (width == 1 || look_at_row(&rows[i]).n_filled > 1)) {
            return i;
        }
    }
    return n_rows;
}

size_t table_guess_header(const TableRow *rows, size_t n_rows, const size_t *n_known)
{
    size_t width = 0;
    for (size_t i = 0; i < n_rows; i++) {
        width = MAX(width, rows[i].n_given);
    }
    size_t known = n_known != NULL ? find_known(rows, n_rows, n_known, width) : n_rows;
    if (known < n_rows) {
        return pass_groups(rows, n_rows, known, width);
    }
    for (size_t i = 0; i < n_rows; i++) {
        RowLook look = look_at_row(&rows[i]);
        if (is_header(&look, width)) {
            return pass_groups(rows, n_rows, i, width);
        }
    }
    return 0;
}

bool table_row_looks_like_data(const TableRow *row)
{
    size_t n_filled = 0, n_values = 0;
    for (size_t i = 0; i < row->n_cells; i++) {
        const TableCell *cell = &row->cells[i];
        if (text_is_blank(cell->text)) {
            continue;
        }
        g_autofree char *label = table_text_label(cell->text);
        if (label != NULL) {
            return false;
        }
        bool is_number = !has_letter(cell->text) && strpbrk(cell->text, "0123456789") != NULL;
        n_filled++;
        n_values += is_number || is_date(cell->text) ? 1 : 0;
    }
    return n_filled > 1 && n_values > 0;
}
