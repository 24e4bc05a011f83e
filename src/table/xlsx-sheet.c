#include "table/xlsx-sheet.h"

#define MAX_MERGED_TEXT ((size_t)128 << 10) /* bytes of a value that is repeated */
#define MAX_FORMULA ((size_t)8 << 10)       /* bytes of a formula that are kept */

/* A merged range of more than one row. */
typedef struct Merged {
    int32_t first_row, last_row;
    int32_t column;
} Merged;

/* What a column repeats: the value of the merged range that goes through it. */
typedef struct Repeated {
    int32_t until_row; /* 0: nothing */
    TableCellKind kind;
    char *text;
    size_t length;
} Repeated;

/* The value of a cell of the row: a piece of Sheet.texts. */
typedef struct Slot {
    TableCellKind kind;
    bool is_repeated;
    size_t begin;
    size_t length;
} Slot;

typedef enum Part {
    PART_NONE,
    PART_VALUE,   /* v */
    PART_TEXT,    /* t of an inline text */
    PART_FORMULA, /* f */
} Part;

typedef struct Sheet {
    const XlsxBook *book;
    XlsxTakeRow take_row;
    void *data;
    GArray *merged;     /* of Merged, by first_row */
    guint next_merged;  /* the first that begins below the row */
    Repeated *repeated; /* TABLE_MAX_COLUMNS of them */
    size_t n_repeated;  /* one past the last that ever repeated anything */
    /* the row */
    int32_t row; /* counted from 1; 0 before the first */
    bool is_in_row;
    bool is_hidden;
    Slot slots[TABLE_MAX_COLUMNS];
    size_t n_slots;
    GString *texts;
    TableCell cells[TABLE_MAX_COLUMNS];
    /* the cell */
    bool is_in_cell;
    int32_t column; /* counted from 0 */
    char type[16];
    int64_t style;
    Part part;
    int n_phonetic;
    bool has_formula, has_value;
    GString *value, *formula;
} Sheet;

/* ---- references ------------------------------------------------------------------------------ */

/* Read "AB12" at the beginning of the @length bytes at @text; returns the bytes read, 0 when it is
 * none or lies outside of any sheet. */
static size_t take_reference(const char *text, size_t length, int32_t *ret_row, int32_t *ret_column)
{
    int32_t row = 0, column = 0;
    size_t i = 0;
    while (i < length && g_ascii_isalpha(text[i]) && column <= XLSX_MAX_COLUMN) {
        column = column * 26 + (g_ascii_toupper(text[i]) - 'A' + 1);
        i++;
    }
    size_t n_letters = i;
    while (i < length && g_ascii_isdigit(text[i]) && row <= XLSX_MAX_ROW) {
        row = row * 10 + (text[i] - '0');
        i++;
    }
    bool is_good = n_letters > 0 && column <= XLSX_MAX_COLUMN && row > 0 && row <= XLSX_MAX_ROW;
    if (!is_good) {
        return 0;
    }
    *ret_row = row;
    *ret_column = column - 1;
    return i;
}

/* ---- merged ranges --------------------------------------------------------------------------- */

/* Keep the range "A1:A3" where it has several rows; what is no range is left out. */
static bool begin_merge(void *data, const XlsxElement *element, GError **error)
{
    GArray *merged = data;
    size_t length = 0;
    const char *text = NULL;
    if (g_str_equal(element->name, "mergeCell")) {
        text = xlsx_attribute(element, "ref", &length);
    }
    if (text == NULL) {
        return true;
    }
    Merged range = {0};
    int32_t last_column = 0;
    size_t n = take_reference(text, length, &range.first_row, &range.column);
    if (n == 0 || n >= length || text[n] != ':' ||
        take_reference(text + n + 1, length - n - 1, &range.last_row, &last_column) == 0 ||
        range.last_row <= range.first_row || range.column >= TABLE_MAX_COLUMNS) {
        return true;
    }
    if (merged->len == XLSX_MAX_MERGED) {
        error_set(error, SHUZHI_ERROR_LIMIT, "it has more than %d merged ranges", XLSX_MAX_MERGED);
        return false;
    }
    g_array_append_val(merged, range);
    return true;
}

static int compare_merged(gconstpointer a, gconstpointer b)
{
    return ((const Merged *)a)->first_row - ((const Merged *)b)->first_row;
}

/* Read the merged ranges, which stand behind the rows; the part is checked on the way. */
static bool read_merged(XlsxPackage *package, const char *part, GArray *merged, GError **error)
{
    static const XlsxHandler handler = {.begin = begin_merge};
    bool has_merged = false;
    if (!xlsx_package_scan(package, part, XLSX_MAX_SHEET_BYTES, "mergeCell", &has_merged, error)) {
        return false;
    }
    if (has_merged &&
        !xlsx_package_parse(package, part, XLSX_MAX_SHEET_BYTES, &handler, merged, error)) {
        return false;
    }
    g_array_sort(merged, compare_merged);
    return true;
}

/* Remember the values of the ranges that begin in the row. */
static void start_repeating(Sheet *sheet)
{
    while (sheet->next_merged < sheet->merged->len) {
        const Merged *range = &g_array_index(sheet->merged, Merged, sheet->next_merged);
        if (range->first_row > sheet->row) {
            return;
        }
        sheet->next_merged++;
        size_t column = (size_t)range->column;
        const Slot *slot = column < sheet->n_slots ? &sheet->slots[column] : NULL;
        if (range->first_row < sheet->row || slot == NULL || slot->length == 0 ||
            slot->length > MAX_MERGED_TEXT || slot->is_repeated) {
            continue;
        }
        Repeated *repeated = &sheet->repeated[column];
        g_free(repeated->text);
        *repeated = (Repeated){.until_row = range->last_row,
                               .kind = slot->kind,
                               .text = g_strndup(sheet->texts->str + slot->begin, slot->length),
                               .length = slot->length};
        sheet->n_repeated = MAX(sheet->n_repeated, column + 1);
    }
}

static void reach_slot(Sheet *sheet, size_t column)
{
    while (sheet->n_slots <= column) {
        sheet->slots[sheet->n_slots++] = (Slot){.kind = TABLE_CELL_EMPTY};
    }
}

static void put_slot(Sheet *sheet, size_t column, TableCellKind kind, const char *text,
                     size_t length)
{
    reach_slot(sheet, column);
    sheet->slots[column] = (Slot){.kind = kind, .begin = sheet->texts->len, .length = length};
    g_string_append_len(sheet->texts, text, (gssize)length);
    g_string_append_c(sheet->texts, '\0');
}

/* Fill in what the ranges from above repeat in this row. */
static void repeat(Sheet *sheet)
{
    for (size_t i = 0; i < sheet->n_repeated; i++) {
        const Repeated *repeated = &sheet->repeated[i];
        bool is_free = i >= sheet->n_slots || sheet->slots[i].length == 0;
        if (repeated->until_row >= sheet->row && is_free) {
            put_slot(sheet, i, repeated->kind, repeated->text, repeated->length);
            sheet->slots[i].is_repeated = true;
        }
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool refuse_cell(const Sheet *sheet, const char *what, GError **error)
{
    g_autofree char *letters = table_column_letters((size_t)sheet->column);
    const char *const words[] = {what, NULL};
    g_autofree char *reason = error_words(words);
    error_set(error, SHUZHI_ERROR_INVALID, "cell %s%d: %s", letters, sheet->row, reason);
    return false;
}

static bool put_value(Sheet *sheet, TableCellKind kind, const char *text, size_t length,
                      GError **error)
{
    if (length == 0) {
        return true;
    }
    if (sheet->column >= TABLE_MAX_COLUMNS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "line %ld: the row has more than %d columns",
                  (long)sheet->row, TABLE_MAX_COLUMNS);
        return false;
    }
    if (length > TABLE_MAX_CELL_BYTES) {
        g_autofree char *letters = table_column_letters((size_t)sheet->column);
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "line %ld, column %s: the cell is larger than %zu bytes", (long)sheet->row,
                  letters, TABLE_MAX_CELL_BYTES);
        return false;
    }
    if (sheet->texts->len + length > TABLE_MAX_ROW_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "line %ld: the row is larger than %zu bytes",
                  (long)sheet->row, TABLE_MAX_ROW_BYTES);
        return false;
    }
    put_slot(sheet, (size_t)sheet->column, kind, text, length);
    return true;
}

static bool put_shared(Sheet *sheet, GError **error)
{
    size_t length = 0;
    char *end = NULL;
    int64_t index = g_ascii_strtoll(sheet->value->str, &end, 10);
    const char *text = *end == '\0' && end != sheet->value->str
                           ? xlsx_book_text(sheet->book, index, &length)
                           : NULL;
    if (text == NULL) {
        return refuse_cell(sheet, N_("it refers to a text that is not there"), error);
    }
    return put_value(sheet, TABLE_CELL_TEXT, text, length, error);
}

static bool put_text(Sheet *sheet, GError **error)
{
    size_t length = sheet->value->len;
    xlsx_unescape(sheet->value->str, &length);
    return put_value(sheet, TABLE_CELL_TEXT, sheet->value->str, length, error);
}

static bool put_number(Sheet *sheet, GError **error)
{
    char text[XLSX_VALUE_SIZE];
    TableCellKind kind = xlsx_number_to_text(
        sheet->value->str, xlsx_book_format(sheet->book, sheet->style), sheet->book->is_1904, text);
    if (kind == TABLE_CELL_EMPTY) {
        return refuse_cell(sheet, N_("its value is no number"), error);
    }
    return put_value(sheet, kind, text, strlen(text), error);
}

static bool put_date(Sheet *sheet, GError **error)
{
    char text[XLSX_VALUE_SIZE];
    TableCellKind kind = xlsx_date_to_text(sheet->value->str, text);
    if (kind == TABLE_CELL_EMPTY) {
        return put_value(sheet, TABLE_CELL_TEXT, sheet->value->str, sheet->value->len, error);
    }
    return put_value(sheet, kind, text, strlen(text), error);
}

static bool put_bool(Sheet *sheet, GError **error)
{
    bool is_true = g_str_equal(sheet->value->str, "1") || g_str_equal(sheet->value->str, "true");
    const char *text = is_true ? "TRUE" : "FALSE";
    return put_value(sheet, TABLE_CELL_BOOL, text, strlen(text), error);
}

static bool put_error(Sheet *sheet, GError **error)
{
    return put_value(sheet, TABLE_CELL_ERROR, sheet->value->str, sheet->value->len, error);
}

typedef struct CellType {
    const char *name;
    bool (*put)(Sheet *sheet, GError **error);
} CellType;

static const CellType cell_types[] = {
    {"", put_number},  {"n", put_number}, {"s", put_shared}, {"inlineStr", put_text},
    {"str", put_text}, {"b", put_bool},   {"d", put_date},   {"e", put_error},
};

static bool end_cell(Sheet *sheet, GError **error)
{
    sheet->is_in_cell = false;
    /* Some programs write an empty value for what they did not calculate; a text may be empty. */
    bool has_value = sheet->has_value && (sheet->value->len > 0 || g_str_equal(sheet->type, "str"));
    if (sheet->has_formula && !has_value) {
        g_string_prepend_c(sheet->formula, '=');
        return put_value(sheet, TABLE_CELL_ERROR, sheet->formula->str, sheet->formula->len, error);
    }
    if (sheet->value->len == 0) {
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cell_types); i++) {
        if (g_str_equal(cell_types[i].name, sheet->type)) {
            return cell_types[i].put(sheet, error);
        }
    }
    return refuse_cell(sheet, N_("its type is unknown"), error);
}

/* A reference that is left out means the next cell. */
static bool begin_cell(Sheet *sheet, const XlsxElement *element, GError **error)
{
    size_t length = 0;
    int32_t row = 0;
    const char *reference = xlsx_attribute(element, "r", &length);
    sheet->column++;
    if (reference != NULL &&
        (take_reference(reference, length, &row, &sheet->column) != length || row != sheet->row)) {
        g_autofree char *text = g_strndup(reference, MIN(length, 40));
        error_set(error, SHUZHI_ERROR_INVALID, "line %ld: '%s' is no cell of this row",
                  (long)sheet->row, text);
        return false;
    }
    const char *type = xlsx_attribute(element, "t", &length);
    length = type != NULL ? MIN(length, sizeof sheet->type - 1) : 0;
    memcpy(sheet->type, type != NULL ? type : "", length);
    sheet->type[length] = '\0';
    sheet->style = xlsx_attribute_int(element, "s", XLSX_MAX_STYLES, 0);
    sheet->is_in_cell = true;
    sheet->part = PART_NONE;
    sheet->n_phonetic = 0;
    sheet->has_formula = sheet->has_value = false;
    g_string_truncate(sheet->value, 0);
    g_string_truncate(sheet->formula, 0);
    return true;
}

static void begin_in_cell(Sheet *sheet, const char *name)
{
    sheet->n_phonetic += g_str_equal(name, "rPh") ? 1 : 0;
    sheet->part = PART_NONE;
    if (g_str_equal(name, "v")) {
        sheet->part = PART_VALUE;
        sheet->has_value = true;
    } else if (g_str_equal(name, "f")) {
        sheet->part = PART_FORMULA;
        sheet->has_formula = true;
    } else if (g_str_equal(name, "t") && sheet->n_phonetic == 0) {
        sheet->part = PART_TEXT;
        sheet->has_value = true;
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool begin_row(Sheet *sheet, const XlsxElement *element, GError **error)
{
    int64_t row = xlsx_attribute_int(element, "r", XLSX_MAX_ROW, (int64_t)sheet->row + 1);
    if (row <= sheet->row || row > XLSX_MAX_ROW) {
        error_set(error, SHUZHI_ERROR_INVALID, "row %ld comes after row %ld", (long)row,
                  (long)sheet->row);
        return false;
    }
    sheet->row = (int32_t)row;
    sheet->column = -1;
    sheet->is_in_row = true;
    sheet->is_hidden = xlsx_attribute_is_true(element, "hidden");
    sheet->n_slots = 0;
    g_string_truncate(sheet->texts, 0);
    return true;
}

static bool end_row(Sheet *sheet, GError **error)
{
    sheet->is_in_row = false;
    if (sheet->n_slots == 0) {
        return true;
    }
    start_repeating(sheet);
    repeat(sheet);
    for (size_t i = 0; i < sheet->n_slots; i++) {
        const Slot *slot = &sheet->slots[i];
        sheet->cells[i] =
            (TableCell){.text = slot->length > 0 ? sheet->texts->str + slot->begin : "",
                        .length = slot->length,
                        .kind = slot->kind,
                        .is_repeated = slot->is_repeated};
    }
    TableRow row = {.cells = sheet->cells,
                    .n_cells = sheet->n_slots,
                    .n_given = sheet->n_slots,
                    .line = sheet->row,
                    .is_1904 = sheet->book->is_1904,
                    .is_hidden = sheet->is_hidden};
    return sheet->take_row(sheet->data, &row, error);
}

static bool begin_element(void *data, const XlsxElement *element, GError **error)
{
    Sheet *sheet = data;
    if (sheet->is_in_cell) {
        begin_in_cell(sheet, element->name);
    } else if (sheet->is_in_row && g_str_equal(element->name, "c")) {
        return begin_cell(sheet, element, error);
    } else if (!sheet->is_in_row && g_str_equal(element->name, "row")) {
        return begin_row(sheet, element, error);
    }
    return true;
}

static bool take_text(void *data, const char *text, size_t length, GError **error)
{
    Sheet *sheet = data;
    if (!sheet->is_in_cell || sheet->part == PART_NONE) {
        return true;
    }
    if (sheet->part == PART_FORMULA) {
        size_t n = MIN(length, MAX_FORMULA - MIN(sheet->formula->len, MAX_FORMULA));
        const char *end = text + n; /* never inside a character */
        while (n > 0 && n < length && ((uint8_t)*end & 0xC0) == 0x80) {
            end--;
            n--;
        }
        g_string_append_len(sheet->formula, text, (gssize)n);
        return true;
    }
    if (sheet->value->len + length > TABLE_MAX_CELL_BYTES * 7) { /* escapes take seven bytes */
        return put_value(sheet, TABLE_CELL_TEXT, text, TABLE_MAX_CELL_BYTES + 1, error);
    }
    g_string_append_len(sheet->value, text, (gssize)length);
    return true;
}

static bool end_element(void *data, const char *name, GError **error)
{
    Sheet *sheet = data;
    sheet->part = PART_NONE;
    if (sheet->is_in_cell) {
        sheet->n_phonetic -= g_str_equal(name, "rPh") ? 1 : 0;
        return !g_str_equal(name, "c") || end_cell(sheet, error);
    }
    return !sheet->is_in_row || !g_str_equal(name, "row") || end_row(sheet, error);
}

static void clear_sheet(Sheet *sheet)
{
    for (size_t i = 0; i < TABLE_MAX_COLUMNS; i++) {
        g_free(sheet->repeated[i].text);
    }
    g_free(sheet->repeated);
    g_array_unref(sheet->merged);
    g_string_free(sheet->texts, true);
    g_string_free(sheet->value, true);
    g_string_free(sheet->formula, true);
}

bool xlsx_sheet_read(XlsxPackage *package, const XlsxBook *book, const XlsxSheetInfo *info,
                     XlsxTakeRow take_row, void *data, GError **error)
{
    static const XlsxHandler handler = {
        .begin = begin_element, .text = take_text, .end = end_element};
    g_autofree Sheet *sheet = g_new0(Sheet, 1);
    sheet->book = book;
    sheet->take_row = take_row;
    sheet->data = data;
    sheet->merged = g_array_new(false, false, sizeof(Merged));
    sheet->repeated = g_new0(Repeated, TABLE_MAX_COLUMNS);
    sheet->texts = g_string_new(NULL);
    sheet->value = g_string_new(NULL);
    sheet->formula = g_string_new(NULL);
    bool is_good =
        read_merged(package, info->part, sheet->merged, error) &&
        xlsx_package_parse(package, info->part, XLSX_MAX_SHEET_BYTES, &handler, sheet, error);
    clear_sheet(sheet);
    return is_good;
}
