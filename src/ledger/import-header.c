/* Which sheet and which row of a file an import begins with. */
#include "ledger/import-internal.h"

#include "base/text.h"

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
    import->above = ledger_left_rows_new();
    import->asides = ledger_left_rows_new();
    import->places_above = ledger_import_places_above(rows, n, n_columns);
    size_t n_header = table_reader_header_above(reader);
    import->n_above -= (int64_t)n_header;
    for (size_t i = 0; i + n_header < n; i++) {
        ledger_left_row_add(import->above, &rows[i], is_record(rows, i, n - n_header, n_names));
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
        is_given = is_given || g_strcmp0(column->why, "given") == 0 ||
                   g_strcmp0(column->why, "before") == 0;
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
    for (guint i = 0; import->sheet != NULL && i < import->sheets->len; i++) {
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
    g_autoptr(GHashTable) names = ledger_column_names_new(import->ledger, hints->mapping,
                                                          ledger_import_columns_before(import));
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
    if (import->other_header > 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "row %lld names columns once more, and others than row %lld; write one row of "
                  "names above each table, and each table into a file of its own",
                  (long long)import->other_header, (long long)import->header);
        return false;
    }
    const LedgerColumn *column = ledger_import_double(import);
    if (column != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the column '%s' has the name of another; say which field it is, or none",
                  column->header);
        return false;
    }
    g_autoptr(GPtrArray) unfilled = ledger_import_unfilled(import);
    if (unfilled->len > 0) {
        const SchemaField *field = g_ptr_array_index(unfilled, 0);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "no column fills '%s', which every entry needs; say which does, or give all rows "
                  "one value",
                  field->words.name);
        error_about(error, field->name);
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
