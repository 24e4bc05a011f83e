#include "table/csv.h"

#include "table/decoder.h"

#define FIRST_CAPACITY ((size_t)256 << 10)
#define SAMPLE_SIZE ((size_t)64 << 10) /* text looked at to find the separator */
#define SAMPLE_ROWS 50

static const char delimiters[] = {',', '\t', ';'}; /* the likelier first */

typedef enum ParseState {
    AT_CELL,     /* before the first byte of a cell */
    IN_PLAIN,    /* in a cell without quotes */
    IN_QUOTES,   /* after an opening quote */
    AFTER_QUOTE, /* after a quote in quotes: the closing one, or half of a pair */
} ParseState;

typedef enum ParseResult {
    PARSED_ROW,
    PARSED_ALL_THERE_IS, /* more text is needed to go on */
    PARSED_WIDE,         /* faults: too many columns, */
    PARSED_LONG,         /* too long a cell, */
    PARSED_LARGE,        /* too large a row, */
    PARSED_UNCLOSED,     /* a quote without its end */
} ParseResult;

/* A row being taken apart in place: its cells are moved together as quotes fall away, so that each
 * is one piece of the text.  All positions are offsets, as the text moves when more of it is read.
 */
typedef struct Parser {
    char *text;
    size_t end;   /* of the text; there is room for a NUL after it */
    size_t begin; /* of the row */
    size_t in;    /* next byte to look at */
    size_t out;   /* where it goes */
    ParseState state;
    bool is_special[256]; /* ends a run of plain bytes */
    char delimiter;
    bool is_after_cr;   /* a LF that follows belongs to it */
    int64_t line;       /* of the byte at in */
    int64_t row_line;   /* on which the row began */
    int64_t row;        /* how many rows there were, the empty ones too */
    int64_t quote_line; /* on which the last quote was opened */
    size_t n_stray;     /* quotes of this row where none should be; counted while sampling */
    size_t n_cells;
    size_t n_filled; /* of them, up to the last not empty */
    size_t starts[TABLE_MAX_COLUMNS + 1];
    TableCell cells[TABLE_MAX_COLUMNS];
} Parser;

struct CsvReader {
    TableDecoder *decoder;
    Parser parser;
    size_t capacity; /* of parser.text, less the NUL's byte */
    bool is_at_end;  /* all text is in the buffer */
    bool is_finished;
    bool is_sep_line; /* the first line is "sep=…" */
};

/* ---- parser ---------------------------------------------------------------------------------- */

static void set_delimiter(Parser *parser, char delimiter, bool count_stray)
{
    memset(parser->is_special, 0, sizeof parser->is_special);
    parser->is_special['\n'] = parser->is_special['\r'] = true;
    parser->is_special['"'] = count_stray;
    parser->is_special[(uint8_t)delimiter] = true;
    parser->delimiter = delimiter;
}

static void begin_row(Parser *parser)
{
    parser->begin = parser->out = parser->in;
    parser->state = AT_CELL;
    parser->n_cells = parser->n_filled = 0;
    parser->n_stray = 0;
    parser->row_line = parser->line;
}

/* Move the bytes up to @to behind what the cell has already. */
static void take(Parser *parser, size_t to)
{
    size_t length = to - parser->in;
    if (parser->out != parser->in) {
        memmove(parser->text + parser->out, parser->text + parser->in, length);
    }
    parser->out += length;
    parser->in = to;
}

/* Count the lines that end in the quoted @text. */
static void count_lines(Parser *parser, const char *text, size_t length)
{
    if (!parser->is_after_cr && memchr(text, '\r', length) == NULL) {
        const char *end = text + length;
        const char *at = text;
        while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
            parser->line++;
            at++;
        }
        return;
    }
    for (size_t i = 0; i < length; i++) {
        bool is_second = text[i] == '\n' && parser->is_after_cr;
        parser->line += (text[i] == '\n' && !is_second) || text[i] == '\r' ? 1 : 0;
        parser->is_after_cr = text[i] == '\r';
    }
}

/* End the cell before the byte at in, which is passed over.  The start of the cell was noted when
 * it began. */
static bool end_cell(Parser *parser, ParseResult *ret_fault)
{
    TableCell *cell = &parser->cells[parser->n_cells];
    cell->length = parser->out - parser->starts[parser->n_cells];
    cell->kind = cell->length > 0 ? TABLE_CELL_TEXT : TABLE_CELL_EMPTY;
    if (cell->length > TABLE_MAX_CELL_BYTES) {
        *ret_fault = PARSED_LONG;
        return false;
    }
    parser->n_cells++;
    if (cell->length > 0) {
        parser->n_filled = parser->n_cells;
    }
    parser->text[parser->out] = '\0';
    parser->in++;
    parser->out = parser->in;
    parser->state = AT_CELL;
    return true;
}

/* Go on at the beginning of a cell; of a row perhaps, after the LF of the last one's CR LF. */
static bool start_cell(Parser *parser, ParseResult *ret_fault)
{
    if (parser->n_cells == TABLE_MAX_COLUMNS) {
        *ret_fault = PARSED_WIDE;
        return false;
    }
    if (parser->is_after_cr) {
        parser->is_after_cr = false;
        if (parser->text[parser->in] == '\n') {
            parser->in++;
            parser->begin = parser->out = parser->in;
            return true;
        }
    }
    parser->state = IN_PLAIN;
    if (parser->text[parser->in] == '"') {
        parser->state = IN_QUOTES;
        parser->quote_line = parser->line;
        parser->in++;
        parser->out = parser->in;
    }
    parser->starts[parser->n_cells] = parser->out;
    return true;
}

/* Go on inside quotes: up to the next one. */
static void pass_quoted(Parser *parser)
{
    const char *text = parser->text + parser->in;
    size_t left = parser->end - parser->in;
    const char *quote = memchr(text, '"', left);
    size_t length = quote != NULL ? (size_t)(quote - text) : left;
    count_lines(parser, text, length);
    take(parser, parser->in + length);
    if (quote != NULL) {
        parser->in++;
        parser->state = AFTER_QUOTE;
        parser->is_after_cr = false;
    }
}

static size_t find_special(const Parser *parser)
{
    size_t at = parser->in;
    while (at < parser->end && !parser->is_special[(uint8_t)parser->text[at]]) {
        at++;
    }
    return at;
}

/* Handle the byte at in, which may end a cell; returns whether it ends the row. */
static bool pass_special(Parser *parser, ParseResult *ret_fault)
{
    char c = parser->text[parser->in];
    if (c == parser->delimiter) {
        end_cell(parser, ret_fault);
        return false;
    }
    if (c != '\r' && c != '\n') { /* a quote in a plain cell, or text after a closing one */
        parser->n_stray++;
        parser->state = IN_PLAIN;
        take(parser, parser->in + 1);
        return false;
    }
    parser->line++;
    parser->is_after_cr = c == '\r';
    return end_cell(parser, ret_fault);
}

/* Take apart one row.  After PARSED_ALL_THERE_IS it goes on where it stopped. */
static ParseResult parse_row(Parser *parser)
{
    ParseResult fault = PARSED_ROW;
    while (fault == PARSED_ROW) {
        if (parser->in == parser->end) {
            return PARSED_ALL_THERE_IS;
        }
        char c = parser->text[parser->in];
        switch (parser->state) {
        case AT_CELL:
            start_cell(parser, &fault);
            break;
        case IN_QUOTES:
            pass_quoted(parser);
            break;
        case AFTER_QUOTE:
            if (c == '"') {
                take(parser, parser->in + 1);
                parser->state = IN_QUOTES;
            } else if (pass_special(parser, &fault)) {
                return PARSED_ROW;
            }
            break;
        case IN_PLAIN:
            take(parser, find_special(parser));
            if (parser->in < parser->end && pass_special(parser, &fault)) {
                return PARSED_ROW;
            }
            break;
        }
    }
    return fault;
}

/* End the row at the end of the text.  *@ret_has_row is false when there was none. */
static ParseResult finish_row(Parser *parser, bool *ret_has_row)
{
    ParseResult fault = PARSED_ROW;
    *ret_has_row = parser->state != AT_CELL || parser->n_cells > 0;
    if (parser->state == IN_QUOTES) {
        return PARSED_UNCLOSED;
    }
    if (parser->state == AT_CELL && *ret_has_row) { /* after a separator */
        if (parser->n_cells == TABLE_MAX_COLUMNS) {
            return PARSED_WIDE;
        }
        parser->starts[parser->n_cells] = parser->out;
    }
    if (*ret_has_row) {
        end_cell(parser, &fault);
    }
    return fault;
}

static bool report(const Parser *parser, ParseResult fault, GError **error)
{
    long line = (long)parser->row_line;
    g_autofree char *column = table_column_letters(parser->n_cells);
    switch (fault) {
    case PARSED_WIDE:
        error_set(error, SHUZHI_ERROR_LIMIT, "line %ld: the row has more than %d columns", line,
                  TABLE_MAX_COLUMNS);
        return false;
    case PARSED_UNCLOSED:
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the quote that opens on line %ld, column %s, is never closed",
                  (long)parser->quote_line, column);
        return false;
    case PARSED_LONG:
        if (parser->state == IN_QUOTES) {
            error_set(error, SHUZHI_ERROR_LIMIT,
                      "the quote that opens on line %ld, column %s, is not closed within %zu bytes",
                      (long)parser->quote_line, column, TABLE_MAX_CELL_BYTES);
        } else {
            error_set(error, SHUZHI_ERROR_LIMIT,
                      "line %ld, column %s: the cell is larger than %zu bytes", line, column,
                      TABLE_MAX_CELL_BYTES);
        }
        return false;
    case PARSED_LARGE:
        error_set(error, SHUZHI_ERROR_LIMIT, "line %ld: the row is larger than %zu bytes", line,
                  TABLE_MAX_ROW_BYTES);
        return false;
    case PARSED_ROW:
    case PARSED_ALL_THERE_IS:
        break;
    }
    g_assert_not_reached();
}

/* ---- which separator ------------------------------------------------------------------------- */

/* How well a separator fits: rows of the commonest width without stray quotes, of how many; that
 * width. */
typedef struct Fit {
    size_t n_rows;
    size_t n_all;
    size_t width;
} Fit;

/* Return whether @a fits better than @b: it explains more of the rows.  A wrong one may find more
 * of them, as it cuts quoted texts of several lines into pieces. */
static bool fits_better(const Fit *a, const Fit *b)
{
    size_t share_a = a->n_rows * MAX(b->n_all, 1);
    size_t share_b = b->n_rows * MAX(a->n_all, 1);
    if (share_a != share_b) {
        return share_a > share_b;
    }
    return a->n_rows != b->n_rows ? a->n_rows > b->n_rows : a->width > b->width;
}

/* Return the width most common among @widths (0: a row that does not count). */
static Fit commonest_width(const size_t *widths, size_t n)
{
    Fit best = {0};
    for (size_t i = 0; i < n; i++) {
        Fit fit = {.n_all = n, .width = widths[i]};
        for (size_t j = 0; j < n; j++) {
            fit.n_rows += widths[j] == fit.width ? 1 : 0;
        }
        if (fit.width > 1 && fits_better(&fit, &best)) {
            best = fit;
        }
    }
    return best;
}

/* Take the sample apart with @delimiter. */
static Fit try_delimiter(const char *sample, size_t length, char delimiter)
{
    g_autofree Parser *parser = g_new0(Parser, 1);
    g_autofree char *text = g_malloc(length + 1);
    memcpy(text, sample, length);
    parser->text = text;
    parser->end = length;
    set_delimiter(parser, delimiter, true);
    size_t widths[SAMPLE_ROWS];
    size_t n_rows = 0;
    ParseResult result = PARSED_ROW;
    while (n_rows < SAMPLE_ROWS && result == PARSED_ROW) {
        begin_row(parser);
        result = parse_row(parser);
        bool has_row = result == PARSED_ROW;
        if (result == PARSED_ALL_THERE_IS && (n_rows == 0 || length < SAMPLE_SIZE)) {
            finish_row(parser, &has_row); /* the last row of a small file, or a part of the first */
        }
        if (has_row && parser->n_filled > 0) {
            widths[n_rows++] = parser->n_stray == 0 ? parser->n_cells : 0;
        }
    }
    return commonest_width(widths, n_rows);
}

static char find_delimiter(const char *sample, size_t length)
{
    Fit best = {0};
    char delimiter = delimiters[0];
    for (size_t i = 0; i < sizeof delimiters; i++) {
        Fit fit = try_delimiter(sample, length, delimiters[i]);
        if (fits_better(&fit, &best)) {
            best = fit;
            delimiter = delimiters[i];
        }
    }
    return delimiter;
}

/* Return whether @text begins with a line "sep=;", and the separator it names. */
static bool has_sep_line(const char *text, size_t length, char *ret_delimiter)
{
    if (length < 5 || g_ascii_strncasecmp(text, "sep=", 4) != 0) {
        return false;
    }
    char delimiter = text[4];
    bool is_separator = delimiter == '\t' || (g_ascii_ispunct(delimiter) && delimiter != '"');
    bool is_line = length == 5 || text[5] == '\n' || text[5] == '\r';
    if (is_separator && is_line) {
        *ret_delimiter = delimiter;
    }
    return is_separator && is_line;
}

/* ---- reader ---------------------------------------------------------------------------------- */

/* Return the line at the end of the text that is there. */
static int64_t last_line(const Parser *parser)
{
    int64_t line = parser->line;
    bool is_after_cr = parser->is_after_cr;
    for (size_t i = parser->in; i < parser->end; i++) {
        char c = parser->text[i];
        line += c == '\r' || (c == '\n' && !is_after_cr) ? 1 : 0;
        is_after_cr = c == '\r';
    }
    return line;
}

/* Read more text behind what is there, making room at the front and, if that is not enough, at the
 * end. */
static bool read_more(CsvReader *reader, GError **error)
{
    Parser *parser = &reader->parser;
    size_t shift = parser->begin;
    memmove(parser->text, parser->text + shift, parser->end - shift);
    parser->begin -= shift;
    parser->in -= shift;
    parser->out -= shift;
    parser->end -= shift;
    for (size_t i = 0; i <= parser->n_cells; i++) {
        parser->starts[i] -= shift;
    }
    if (reader->capacity - parser->end < FIRST_CAPACITY / 2) {
        reader->capacity *= 2;
        parser->text = g_realloc(parser->text, reader->capacity + 1);
    }
    size_t length;
    if (!table_decoder_read(reader->decoder, parser->text + parser->end,
                            reader->capacity - parser->end, &length, error)) {
        error_prefix(error, "line %ld", (long)last_line(parser));
        return false;
    }
    parser->end += length;
    reader->is_at_end = length == 0;
    return true;
}

/* Fill the buffer with the first text of the file. */
static bool read_first(CsvReader *reader, GError **error)
{
    Parser *parser = &reader->parser;
    parser->begin = parser->in = parser->out = parser->end = 0;
    parser->n_cells = 0;
    parser->line = 1;
    parser->row = 0;
    parser->is_after_cr = false;
    reader->is_at_end = reader->is_finished = false;
    while (!reader->is_at_end && parser->end < SAMPLE_SIZE) {
        if (!read_more(reader, error)) {
            return false;
        }
    }
    return true;
}

static void skip_sep_line(Parser *parser)
{
    parser->in = MIN(parser->end, 6);
    parser->is_after_cr = parser->end > 5 && parser->text[5] == '\r';
    parser->line = 2;
}

CsvReader *csv_reader_new(int fd, GError **error)
{
    g_autoptr(CsvReader) reader = g_new0(CsvReader, 1);
    reader->decoder = table_decoder_new(fd, error);
    if (reader->decoder == NULL) {
        return NULL;
    }
    reader->capacity = FIRST_CAPACITY;
    reader->parser.text = g_malloc(reader->capacity + 1);
    if (!read_first(reader, error)) {
        return NULL;
    }
    char delimiter;
    reader->is_sep_line = has_sep_line(reader->parser.text, reader->parser.end, &delimiter);
    if (reader->is_sep_line) {
        skip_sep_line(&reader->parser);
    } else {
        delimiter = find_delimiter(reader->parser.text, MIN(reader->parser.end, SAMPLE_SIZE));
    }
    set_delimiter(&reader->parser, delimiter, false);
    return g_steal_pointer(&reader);
}

void csv_reader_free(CsvReader *reader)
{
    if (reader != NULL) {
        table_decoder_free(reader->decoder);
        g_free(reader->parser.text);
        g_free(reader);
    }
}

char csv_reader_delimiter(const CsvReader *reader)
{
    return reader->parser.delimiter;
}

const char *csv_reader_encoding(const CsvReader *reader)
{
    return table_decoder_encoding(reader->decoder);
}

bool csv_reader_rewind(CsvReader *reader, GError **error)
{
    table_decoder_rewind(reader->decoder);
    if (!read_first(reader, error)) {
        return false;
    }
    if (reader->is_sep_line) {
        skip_sep_line(&reader->parser);
    }
    return true;
}

/* Return what is too large about a row that is not complete yet. */
static ParseResult check_size(const Parser *parser)
{
    bool is_in_cell = parser->state != AT_CELL;
    if (is_in_cell && parser->out - parser->starts[parser->n_cells] > TABLE_MAX_CELL_BYTES) {
        return PARSED_LONG;
    }
    return parser->in - parser->begin > TABLE_MAX_ROW_BYTES ? PARSED_LARGE : PARSED_ROW;
}

/* Take apart the next row, empty or not, reading as much as it needs. */
static bool take_row(CsvReader *reader, bool *ret_has_row, GError **error)
{
    Parser *parser = &reader->parser;
    begin_row(parser);
    *ret_has_row = true;
    ParseResult result = parse_row(parser);
    while (result == PARSED_ALL_THERE_IS) {
        result = check_size(parser);
        if (result == PARSED_ROW && reader->is_at_end) {
            reader->is_finished = true;
            result = finish_row(parser, ret_has_row);
        } else if (result == PARSED_ROW) {
            if (!read_more(reader, error)) {
                return false;
            }
            result = parse_row(parser);
        }
    }
    if (result == PARSED_ROW && parser->in - parser->begin > TABLE_MAX_ROW_BYTES) {
        result = PARSED_LARGE;
    }
    return result == PARSED_ROW || report(parser, result, error);
}

/* Return whether @text begins with apostrophes and then like a formula. */
static bool is_defused(const char *text)
{
    return text[0] == '\'' && table_text_is_formula(text + strspn(text, "'"));
}

/* Return whether the @n cells are hardly in the encoding of the file. */
static bool are_foreign(const CsvReader *reader, const TableCell *cells, size_t n)
{
    bool is_own = false, is_utf8 = false;
    for (size_t i = 0; i < n; i++) {
        TableOrigin origin = table_decoder_origin(reader->decoder, cells[i].text, cells[i].length);
        if (origin == TABLE_ORIGIN_NONE) {
            return true;
        }
        is_own = is_own || origin == TABLE_ORIGIN_FILE;
        is_utf8 = is_utf8 || origin == TABLE_ORIGIN_UTF8;
    }
    return is_utf8 && !is_own;
}

bool csv_reader_next(CsvReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error)
{
    Parser *parser = &reader->parser;
    bool has_row = true;
    parser->n_filled = 0;
    while (parser->n_filled == 0 && has_row) {
        if (reader->is_finished) {
            has_row = false;
        } else if (!take_row(reader, &has_row, error)) {
            return false;
        } else {
            parser->row++;
        }
    }
    *ret_has_row = has_row;
    if (has_row) {
        for (size_t i = 0; i < parser->n_cells; i++) {
            TableCell *cell = &parser->cells[i];
            size_t n_marks = is_defused(parser->text + parser->starts[i]) ? 1 : 0;
            cell->text = parser->text + parser->starts[i] + n_marks;
            cell->length -= n_marks;
        }
        *ret_row = (TableRow){.cells = parser->cells,
                              .n_cells = parser->n_cells,
                              .n_given = parser->n_filled,
                              .line = parser->row,
                              .is_foreign = are_foreign(reader, parser->cells, parser->n_cells)};
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Return whether a file that begins with @cell might be taken for something else: a byte order
 * mark, "sep=", a zip, a web page. */
static bool looks_odd(const char *cell, size_t length)
{
    bool is_plain = g_ascii_isalnum(cell[0]) ||
                    ((uint8_t)cell[0] >= 0x80 && !g_str_has_prefix(cell, "\xEF\xBB\xBF"));
    return length > 0 && (!is_plain || g_ascii_strncasecmp(cell, "sep=", 4) == 0);
}

void csv_append_cell(GString *out, const char *cell, size_t length, bool is_first)
{
    bool is_quoted =
        cell[strcspn(cell, "\",;\t\r\n")] != '\0' || (is_first && looks_odd(cell, length));
    const char *mark = is_defused(cell) || table_text_is_formula(cell) ? "'" : "";
    if (!is_quoted) {
        g_string_append(out, mark);
        g_string_append_len(out, cell, (gssize)length);
        return;
    }
    g_string_append_c(out, '"');
    g_string_append(out, mark);
    const char *end = cell + length;
    while (cell < end) {
        const char *quote = memchr(cell, '"', (size_t)(end - cell));
        const char *stop = quote != NULL ? quote + 1 : end;
        g_string_append_len(out, cell, stop - cell);
        if (quote != NULL) {
            g_string_append_c(out, '"');
        }
        cell = stop;
    }
    g_string_append_c(out, '"');
}
