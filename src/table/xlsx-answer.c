#include "table/xlsx-answer.h"

#include "base/date.h"
#include "base/text.h"

#define MAX_SHEETS 1000U
#define MAX_SHEET_NAME 255U
#define MAX_ROW 1048576U
#define MAX_ERROR_BYTES ((size_t)64 << 10)
#define HEAD_SIZE ((size_t)5) /* kind, length of the body */
#define CELL_HEAD_SIZE ((size_t)5)
#define REPEATED_BIT 0x80U
#define HIDDEN_BIT 0x80000000U /* of a row's line */
#define FROM_1904_BIT 0x40000000U
#define MAX_ROW_RECORD (2 * TABLE_MAX_ROW_BYTES + (CELL_HEAD_SIZE + 1) * TABLE_MAX_COLUMNS + 8)

/* ---- writing --------------------------------------------------------------------------------- */

static void append_u32(GString *out, size_t number)
{
    uint32_t n = (uint32_t)number;
    g_string_append_len(out, (const char *)&n, sizeof n);
}

static size_t begin_record(GString *out, XlsxRecordKind kind)
{
    g_string_append_c(out, (char)kind);
    append_u32(out, 0);
    return out->len;
}

/* Put the length of the record whose body began at @begin before it. */
static void end_record(GString *out, size_t begin)
{
    uint32_t n = (uint32_t)(out->len - begin);
    memcpy(out->str + begin - sizeof n, &n, sizeof n);
}

void xlsx_answer_append_sheets(GString *out, const char *const *names, const bool *are_hidden,
                               size_t chosen)
{
    size_t begin = begin_record(out, XLSX_RECORD_SHEETS);
    append_u32(out, chosen == XLSX_NO_SHEET ? UINT32_MAX : chosen);
    append_u32(out, g_strv_length((char **)names));
    for (size_t i = 0; names[i] != NULL; i++) {
        append_u32(out, are_hidden[i] ? 1 : 0);
        append_u32(out, strlen(names[i]));
        g_string_append_len(out, names[i], (gssize)strlen(names[i]) + 1);
    }
    end_record(out, begin);
}

void xlsx_answer_append_row(GString *out, const TableRow *row)
{
    size_t begin = begin_record(out, XLSX_RECORD_ROW);
    append_u32(out, (size_t)row->line | (row->is_hidden ? HIDDEN_BIT : 0) |
                        (row->is_1904 ? FROM_1904_BIT : 0));
    append_u32(out, row->n_cells);
    for (size_t i = 0; i < row->n_cells; i++) {
        const TableCell *cell = &row->cells[i];
        g_string_append_c(out, (char)(cell->kind | (cell->is_repeated ? REPEATED_BIT : 0)));
        append_u32(out, cell->length);
        g_string_append_len(out, cell->text, (gssize)cell->length + 1);
    }
    end_record(out, begin);
}

void xlsx_answer_append_error(GString *out, const GError *failure)
{
    size_t begin = begin_record(out, XLSX_RECORD_ERROR);
    error_encode(failure, out);
    end_record(out, begin);
}

void xlsx_answer_append_end(GString *out)
{
    end_record(out, begin_record(out, XLSX_RECORD_END));
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool refuse(GError **error)
{
    error_set(error, SHUZHI_ERROR_INVALID, "the file made its reader answer nonsense");
    return false;
}

/* What is left of a record. */
typedef struct Rest {
    const char *at;
    size_t length;
} Rest;

static bool take_u32(Rest *rest, uint32_t *ret_number)
{
    if (rest->length < sizeof *ret_number) {
        return false;
    }
    memcpy(ret_number, rest->at, sizeof *ret_number);
    rest->at += sizeof *ret_number;
    rest->length -= sizeof *ret_number;
    return true;
}

/* Take a length and a text of at most @limit bytes with its NUL. */
static bool take_text(Rest *rest, size_t limit, const char **ret_text, size_t *ret_length)
{
    uint32_t length = 0;
    if (!take_u32(rest, &length) || length > limit || rest->length < (size_t)length + 1 ||
        rest->at[length] != '\0' || !text_is_valid(rest->at, length, NULL)) {
        return false;
    }
    *ret_text = rest->at;
    *ret_length = length;
    rest->at += (size_t)length + 1;
    rest->length -= (size_t)length + 1;
    return true;
}

static size_t max_length(int kind)
{
    switch (kind) {
    case XLSX_RECORD_SHEETS:
        return 8 + (size_t)MAX_SHEETS * (MAX_SHEET_NAME + 5);
    case XLSX_RECORD_ROW:
        return MAX_ROW_RECORD;
    case XLSX_RECORD_ERROR:
        return MAX_ERROR_BYTES;
    default:
        return 0;
    }
}

bool xlsx_answer_take(const char *bytes, size_t length, XlsxRecord *ret_record, size_t *ret_used,
                      GError **error)
{
    *ret_used = 0;
    if (length < HEAD_SIZE) {
        return true;
    }
    uint32_t n = 0;
    int kind = (unsigned char)bytes[0];
    memcpy(&n, bytes + 1, sizeof n);
    bool is_known = kind == XLSX_RECORD_SHEETS || kind == XLSX_RECORD_ROW ||
                    kind == XLSX_RECORD_ERROR || kind == XLSX_RECORD_END;
    if (!is_known || n > max_length(kind)) {
        return refuse(error);
    }
    if (length - HEAD_SIZE >= n) {
        *ret_used = HEAD_SIZE + n;
        *ret_record =
            (XlsxRecord){.kind = (XlsxRecordKind)kind, .body = bytes + HEAD_SIZE, .length = n};
    }
    return true;
}

bool xlsx_answer_read_sheets(const XlsxRecord *record, char ***ret_names, bool **ret_are_hidden,
                             size_t *ret_chosen, GError **error)
{
    Rest rest = {.at = record->body, .length = record->length};
    uint32_t chosen = 0, n_names = 0;
    if (!take_u32(&rest, &chosen) || !take_u32(&rest, &n_names) || n_names == 0 ||
        n_names > MAX_SHEETS || (chosen >= n_names && chosen != UINT32_MAX)) {
        return refuse(error);
    }
    g_auto(GStrv) names = g_new0(char *, n_names + 1);
    g_autofree bool *are_hidden = g_new0(bool, n_names);
    for (uint32_t i = 0; i < n_names; i++) {
        const char *text = NULL;
        size_t length = 0;
        uint32_t is_hidden = 0;
        if (!take_u32(&rest, &is_hidden) || is_hidden > 1 ||
            !take_text(&rest, MAX_SHEET_NAME, &text, &length)) {
            return refuse(error);
        }
        names[i] = g_strndup(text, length);
        are_hidden[i] = is_hidden == 1;
    }
    if (rest.length > 0) {
        return refuse(error);
    }
    *ret_names = g_steal_pointer(&names);
    *ret_are_hidden = g_steal_pointer(&are_hidden);
    *ret_chosen = chosen == UINT32_MAX ? XLSX_NO_SHEET : chosen;
    return true;
}

/* Return whether @cell is what its kind promises. */
static bool check_cell(const TableCell *cell)
{
    Date date;
    int64_t us;
    switch (cell->kind) {
    case TABLE_CELL_EMPTY:
        return cell->length == 0 && !cell->is_repeated;
    case TABLE_CELL_NUMBER:
        return table_text_is_number(cell->text);
    case TABLE_CELL_DATE:
        return date_parse(cell->text, &date);
    case TABLE_CELL_TIME:
        return (cell->length == 19 || cell->length == 23) && cell->text[10] == 'T' &&
               date_parse_time(cell->text, 0, &us);
    case TABLE_CELL_BOOL:
        return g_str_equal(cell->text, "TRUE") || g_str_equal(cell->text, "FALSE");
    case TABLE_CELL_TEXT:
    case TABLE_CELL_ERROR:
        return cell->length > 0;
    case TABLE_N_CELL_KINDS:
        break;
    }
    return false;
}

static bool take_cell(Rest *rest, TableCell *ret_cell)
{
    if (rest->length == 0) {
        return false;
    }
    uint8_t kind = (uint8_t)*rest->at;
    rest->at++;
    rest->length--;
    TableCell cell = {.kind = (TableCellKind)(kind & ~REPEATED_BIT),
                      .is_repeated = (kind & REPEATED_BIT) != 0};
    if (cell.kind >= TABLE_N_CELL_KINDS ||
        !take_text(rest, TABLE_MAX_CELL_BYTES, &cell.text, &cell.length) || !check_cell(&cell)) {
        return false;
    }
    *ret_cell = cell;
    return true;
}

bool xlsx_answer_read_row(const XlsxRecord *record, int64_t last_line, TableCell *cells,
                          TableRow *ret_row, GError **error)
{
    Rest rest = {.at = record->body, .length = record->length};
    uint32_t line = 0, n_cells = 0;
    bool is_read = take_u32(&rest, &line) && take_u32(&rest, &n_cells);
    bool is_hidden = (line & HIDDEN_BIT) != 0;
    bool is_1904 = (line & FROM_1904_BIT) != 0;
    line &= ~(HIDDEN_BIT | FROM_1904_BIT);
    if (!is_read || (int64_t)line <= last_line || line > MAX_ROW || n_cells == 0 ||
        n_cells > TABLE_MAX_COLUMNS) {
        return refuse(error);
    }
    for (uint32_t i = 0; i < n_cells; i++) {
        if (!take_cell(&rest, &cells[i])) {
            return refuse(error);
        }
    }
    if (rest.length > 0 || cells[n_cells - 1].kind == TABLE_CELL_EMPTY) {
        return refuse(error);
    }
    *ret_row = (TableRow){.cells = cells,
                          .n_cells = n_cells,
                          .n_given = n_cells,
                          .line = (int64_t)line,
                          .is_1904 = is_1904,
                          .is_hidden = is_hidden};
    return true;
}
