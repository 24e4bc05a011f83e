/* Which sheet and which row of a file an import begins with, and what it leaves out. */
#include "ledger/import-internal.h"

#include "base/text.h"

#define LEFT_CHARS 60 /* of a row that is left out are shown */

/* ---- rows left out --------------------------------------------------------------------------- */

static void free_left_row(gpointer data)
{
    LedgerLeftRow *left = data;
    g_free(left->text);
    g_free(left);
}

static GPtrArray *left_rows_new(void)
{
    return g_ptr_array_new_with_free_func(free_left_row);
}

/* Return the filled cells of @row, cut; the caller owns it. */
static char *show_row(const TableRow *row)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < row->n_cells && out->len < LEFT_CHARS * 8; i++) {
        g_autofree char *cell = text_strip_dup(row->cells[i].text);
        if (*cell != '\0') {
            g_string_append_printf(out, "%s%s", out->len > 0 ? " | " : "", cell);
        }
    }
    if (g_utf8_strlen(out->str, -1) <= LEFT_CHARS) {
        return g_strdup(out->str);
    }
    g_autofree char *cut = g_utf8_substring(out->str, 0, LEFT_CHARS);
    return g_strconcat(cut, "…", NULL);
}

void ledger_left_row_add(GPtrArray *rows, const TableRow *row, bool is_data)
{
    LedgerLeftRow *left = g_new0(LedgerLeftRow, 1);
    *left = (LedgerLeftRow){row->line, show_row(row), is_data};
    g_ptr_array_add(rows, left);
}

/* ---- rows that are no records ---------------------------------------------------------------- */

/* Return whether @text, without blanks and colons, is one of @words. */
static bool is_word(const char *text, const char *const *words)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != ':' && c != 0xff1a) {
            g_string_append_unichar(plain, c);
        }
    }
    return g_strv_contains(words, plain->str);
}

/* Return the first filled cell of @row, NULL when it has none or more than a label can hold. */
static const TableCell *first_label(const TableRow *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        if (!text_is_blank(row->cells[i].text)) {
            return row->cells[i].length <= 120 ? &row->cells[i] : NULL;
        }
    }
    return NULL;
}

/* Return whether @cell may stand in a row of totals: a number, "共3件", an error, nothing. */
static bool may_be_total(const TableCell *cell)
{
    const char *at = cell->text + (g_str_has_prefix(cell->text, "共") ? strlen("共") : 0);
    return text_is_blank(cell->text) || g_ascii_isdigit(*at) || *at == '-' ||
           cell->kind == TABLE_CELL_ERROR;
}

/* Return whether @row holds totals: its first filled cell says so, and the others look like it. */
static bool is_total(const TableRow *row)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计", "总合计", NULL};
    const TableCell *first = first_label(row);
    bool is_so = first != NULL && is_word(first->text, words);
    for (size_t i = is_so ? (size_t)(first - row->cells) + 1 : 0; is_so && i < row->n_cells; i++) {
        is_so = may_be_total(&row->cells[i]);
    }
    return is_so;
}

/* Return the label of @text, "填表人" of "填表人：张三"; NULL when it has none.  The caller owns
 * it.
 */
static char *label_of(const char *text)
{
    const char *wide = strstr(text, "：");
    const char *colon = wide != NULL ? wide : strchr(text, ':');
    return colon != NULL ? g_strndup(text, (gsize)(colon - text)) : NULL;
}

/* Return whether @row is what stands below a table: who filled it in and when, a note.  All its
 * filled cells have a label, and the first is one of those words. */
static bool is_signature(const TableRow *row)
{
    static const char *const words[] = {
        "填表人",   "填报人",     "制表人",   "经办人",     "审核人",   "审批人",   "复核人",
        "负责人",   "单位负责人", "分管领导", "主要负责人", "填表单位", "填报单位", "填报日期",
        "填表日期", "制表日期",   "报送日期", "签字",       "盖章",     "单位盖章", "注",
        "备注",     "说明",       "填表说明", "填报说明",   NULL};
    const TableCell *first = row->n_cells > 1 ? first_label(row) : NULL;
    g_autofree char *label = first != NULL ? label_of(first->text) : NULL;
    bool is_so = label != NULL && is_word(label, words);
    for (size_t i = 0; i < row->n_cells && is_so; i++) {
        g_autofree char *other = label_of(row->cells[i].text);
        is_so = text_is_blank(row->cells[i].text) || other != NULL;
    }
    return is_so;
}

/* Return whether @row names the columns once more, as each page of a printed table does. */
static bool is_header_again(const TableReader *reader, const TableRow *row)
{
    size_t n = 0, n_named = 0;
    const char *const *columns = table_reader_columns(reader, &n);
    bool is_so = n > 1;
    for (size_t i = 0; i < row->n_cells && i < n && is_so; i++) {
        is_so = g_str_equal(row->cells[i].text, columns[i]);
        n_named += *columns[i] != '\0' ? 1 : 0;
    }
    return is_so && n_named > 1;
}

static bool is_aside(const TableReader *reader, const TableRow *row)
{
    return is_total(row) || is_signature(row) || is_header_again(reader, row);
}

bool ledger_import_next(TableReader *reader, TableRow *ret_row, bool *ret_has_row,
                        GPtrArray *asides, int64_t *n_asides, GError **error)
{
    TableRow row = {0};
    bool has_row = false;
    while (true) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return false;
        }
        if (!has_row || !is_aside(reader, &row)) {
            break;
        }
        if (asides != NULL && asides->len < LEDGER_IMPORT_MAX_ASIDES) {
            ledger_left_row_add(asides, &row, false);
        }
        if (n_asides != NULL) {
            ++*n_asides;
        }
    }
    *ret_has_row = has_row;
    if (has_row) {
        *ret_row = row;
    }
    return true;
}

/* ---- above the header ------------------------------------------------------------------------ */

static size_t count_filled(const TableRow *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n_cells; i++) {
        n += text_is_blank(row->cells[i].text) ? 0 : 1;
    }
    return n;
}

/* Return whether the row at @index of @n above a header of @n_names names looks like a record.  A
 * row of texts does where it is as full as the header; right above it, it may name groups. */
static bool is_record(const TableRow *rows, size_t index, size_t n, size_t n_names)
{
    size_t n_filled = count_filled(&rows[index]);
    bool is_full = n_filled >= MIN(n_names, 2) && n_filled * 3 > n_names * 2;
    return table_row_looks_like_data(&rows[index]) || (is_full && (index + 1 < n || n_names == 1));
}

/* Note the rows above the header of @reader. */
static void note_above(LedgerImport *import, const TableReader *reader)
{
    size_t n = 0, n_columns = 0, n_names = 0;
    const char *const *columns = table_reader_columns(reader, &n_columns);
    for (size_t i = 0; i < n_columns; i++) {
        n_names += text_is_blank(columns[i]) ? 0 : 1;
    }
    const TableRow *rows = table_reader_above(reader, &n, &import->n_above);
    import->above = left_rows_new();
    import->asides = left_rows_new();
    import->places_above = ledger_import_places_above(rows, n, n_columns);
    for (size_t i = 0; i < n; i++) {
        ledger_left_row_add(import->above, &rows[i], is_record(rows, i, n, n_names));
    }
}

/* A column that the caller mapped by hand makes a header of its row only where that is none of
 * values: a table without a header would lose its first record. */
void ledger_import_judge_header(LedgerImport *import, const TableReader *reader)
{
    size_t n = 0;
    const char *const *columns = table_reader_columns(reader, &n);
    g_autofree TableCell *cells = g_new0(TableCell, MAX(n, 1));
    bool is_named = false, is_given = false;
    for (size_t i = 0; i < n; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        cells[i] = table_cell_make(TABLE_CELL_TEXT, columns[i]);
        is_given = is_given || g_strcmp0(column->why, "given") == 0;
        is_named =
            is_named || g_strcmp0(column->why, "name") == 0 || g_strcmp0(column->why, "alias") == 0;
    }
    const TableRow row = {.cells = cells, .n_cells = n, .n_given = n, .line = import->header};
    import->is_header_known =
        import->is_header_given || is_named || (is_given && !table_row_looks_like_data(&row));
}

int64_t ledger_import_lost(const LedgerImport *import)
{
    int64_t n = 0;
    for (guint i = 0; i < import->above->len && !import->is_header_given; i++) {
        n += ((const LedgerLeftRow *)g_ptr_array_index(import->above, i))->is_data ? 1 : 0;
    }
    return n;
}

const LedgerColumn *ledger_import_double(const LedgerImport *import)
{
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (g_strcmp0(column->why, "double") == 0) {
            return column;
        }
    }
    return NULL;
}

/* ---- which sheet and row --------------------------------------------------------------------- */

static void free_sheet(gpointer data)
{
    LedgerSheet *sheet = data;
    g_free(sheet->name);
    g_free(sheet);
}

/* A sheet as it is found to be. */
typedef struct Found {
    TableReader *reader;
    int64_t line; /* of its header; 0: it is empty */
    size_t n_known;
} Found;

static bool look(const LedgerImport *import, const char *sheet, GHashTable *names, Found *ret_found,
                 GError **error)
{
    g_autoptr(TableReader) reader = table_reader_open_sheet(import->path, sheet, error);
    Found found = {0};
    if (reader == NULL || !table_reader_find_header(reader, ledger_column_names_count, names,
                                                    &found.line, &found.n_known, error)) {
        return false;
    }
    found.reader = g_steal_pointer(&reader);
    *ret_found = found;
    return true;
}

/* Return whether what a sheet holds is like a table of the ledger: it has several names of fields.
 */
static bool is_alike(const Found *found)
{
    return found->line > 0 && found->n_known > 1;
}

/* Return whether @found is to be read rather than @best. */
static bool is_better(const Found *found, const Found *best)
{
    if (is_alike(best) || found->line == 0) {
        return false;
    }
    return is_alike(found) || best->line == 0 || (found->n_known > 0 && best->n_known == 0);
}

/* Look at the other sheets of the workbook of @best, which is replaced where another is better. */
static bool look_at_sheets(LedgerImport *import, GHashTable *names, bool is_given, Found *best,
                           GError **error)
{
    const TableSource *source = table_reader_source(best->reader);
    g_auto(GStrv) sheets = g_strdupv((char **)source->sheets);
    guint n_all = g_strv_length(sheets);
    guint n = MIN(n_all, LEDGER_IMPORT_MAX_SHEETS);
    g_autofree bool *are_hidden = n > 0 ? g_memdup2(source->are_hidden, n * sizeof(bool)) : NULL;
    size_t first = source->sheet, chosen = first;
    import->sheets = g_ptr_array_new_with_free_func(free_sheet);
    import->n_unseen = (int)(n_all - n);
    for (guint i = 0; i < n; i++) {
        g_autoptr(GError) refused = NULL;
        Found found = i == first ? *best : (Found){0};
        bool is_read = i == first || look(import, sheets[i], names, &found, &refused);
        if (!is_read && !error_is(refused, SHUZHI_ERROR_INVALID) &&
            !error_is(refused, SHUZHI_ERROR_LIMIT)) {
            g_propagate_error(error, g_steal_pointer(&refused));
            return false;
        }
        if (!is_read || found.line > 0) { /* what cannot be read holds something too */
            LedgerSheet *sheet = g_new0(LedgerSheet, 1);
            *sheet = (LedgerSheet){g_strdup(sheets[i]), is_alike(&found), are_hidden[i]};
            g_ptr_array_add(import->sheets, sheet);
        }
        if (i != first && !is_given && !are_hidden[i] && is_better(&found, best)) {
            table_reader_close(best->reader);
            *best = found;
            chosen = i;
        } else if (i != first) {
            table_reader_close(found.reader);
        }
    }
    import->sheet = sheets[0] != NULL ? g_strdup(sheets[chosen]) : NULL;
    for (guint i = 0; i < import->sheets->len; i++) {
        const LedgerSheet *sheet = g_ptr_array_index(import->sheets, i);
        if (g_str_equal(sheet->name, import->sheet)) {
            g_ptr_array_remove_index(import->sheets, i);
            break;
        }
    }
    return true;
}

TableReader *ledger_import_choose(LedgerImport *import, const LedgerImportHints *hints,
                                  GError **error)
{
    static const LedgerImportHints no_hints = {0};
    hints = hints != NULL ? hints : &no_hints;
    g_autoptr(GHashTable) names = ledger_column_names_new(import->ledger, hints->mapping);
    Found best;
    if (!look(import, hints->sheet, names, &best, error)) {
        return NULL;
    }
    bool is_read =
        look_at_sheets(import, names, hints->sheet != NULL, &best, error) &&
        table_reader_read_header(best.reader, hints->header > 0 ? hints->header : best.line, error);
    g_autoptr(TableReader) reader = best.reader;
    if (!is_read) {
        return NULL;
    }
    import->is_sheet_given = hints->sheet != NULL;
    import->is_header_given = hints->header > 0;
    import->header = table_reader_header_line(reader);
    note_above(import, reader);
    return g_steal_pointer(&reader);
}

TableReader *ledger_import_open_rows(const LedgerImport *import, GError **error)
{
    g_autoptr(TableReader) reader = table_reader_open_sheet(import->path, import->sheet, error);
    return reader != NULL && table_reader_read_header(reader, import->header, error)
               ? g_steal_pointer(&reader)
               : NULL;
}

bool ledger_import_check_clear(const LedgerImport *import, GError **error)
{
    int64_t n_lost = ledger_import_lost(import);
    if (n_lost > 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "%lld of the rows above the header on row %lld look like data and would be lost",
                  (long long)n_lost, (long long)import->header);
        return false;
    }
    if (!import->is_header_known) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "no row names a field of '%s'; row %lld was taken for the header",
                  import->ledger->words.name, (long long)import->header);
        return false;
    }
    const LedgerColumn *column = ledger_import_double(import);
    if (column != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the column '%s' has the name of another; say which field it is, or none",
                  column->header);
        return false;
    }
    for (guint i = 0; i < import->sheets->len && !import->is_sheet_given; i++) {
        const LedgerSheet *sheet = g_ptr_array_index(import->sheets, i);
        if (sheet->is_alike) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the sheet '%s' would be imported, but '%s' holds such a table too",
                      import->sheet, sheet->name);
            return false;
        }
    }
    if (import->n_unseen > 0 && !import->is_sheet_given) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the last %d {sheet|sheets} of the workbook {was|were} not looked at; say which "
                  "sheet is meant",
                  import->n_unseen);
    }
    return import->n_unseen == 0 || import->is_sheet_given;
}
