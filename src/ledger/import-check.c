/* Checking every row of an import before anything is written. */
#include "ledger/import-internal.h"

#include "base/thread.h"
#include "ledger/change.h"
#include "ledger/prepare.h"

/* Rows are read by one thread and checked by two, in blocks that end with the first of these. */
#define BLOCK_ROWS 1000
#define BLOCK_BYTES ((size_t)1 << 20)

/* What was found in one row: it is good, or has faults, or lacks nothing but what no row has. */
typedef struct Outcome {
    bool is_good;
    int64_t year;      /* of the number of a good one */
    GPtrArray *faults; /* of LedgerFault; NULL: none */
    LedgerMark mark;   /* of a good one */
} Outcome;

/* Rows that were read, with texts of their own. */
typedef struct Block {
    GStringChunk *texts;
    GArray *cells;    /* of TableCell, of all rows */
    GArray *rows;     /* of TableRow */
    GArray *outcomes; /* of Outcome, one a row */
} Block;

/* All that one thread needs for itself. */
typedef struct Checker {
    Office *office;
    const LedgerTable *table;
    LedgerNames *names;
    LedgerRowReader rows;
    LedgerOrigin origin;
    const LedgerImport *import;   /* borrowed */
    const LedgerMarker *marker;   /* borrowed */
    const RightsSubject *subject; /* who will import; NULL: anybody */
    GPtrArray *unfilled;          /* as ledger_import_unfilled() */
    Block block;
} Checker;

static void clear_outcome(gpointer data)
{
    Outcome *outcome = data;
    g_clear_pointer(&outcome->faults, g_ptr_array_unref);
    ledger_mark_clear(&outcome->mark);
}

/* Make @checker ready to check rows of @import for @subject (borrowed, as is @connection). */
static void checker_init(Checker *checker, Office *office, const LedgerImport *import,
                         const LedgerMarker *marker, const RightsSubject *subject,
                         StoreConnection *connection, int64_t now_us)
{
    *checker = (Checker){.office = office, .import = import, .marker = marker, .subject = subject};
    checker->origin = (LedgerOrigin){.present = {connection, now_us, office_offset_seconds(office)},
                                     .owner = "",
                                     .is_import = true};
    checker->origin.unit = subject != NULL ? ledger_subject_unit(subject) : 0;
    checker->table = ledger_table(import->ledger);
    checker->unfilled = ledger_import_unfilled(import);
    checker->names = ledger_names_new(connection);
    ledger_row_reader_init(&checker->rows, import, checker->names, office_offset_seconds(office));
    Block *block = &checker->block;
    block->texts = g_string_chunk_new(64 * 1024);
    block->cells = g_array_new(false, false, sizeof(TableCell));
    block->rows = g_array_new(false, false, sizeof(TableRow));
    block->outcomes = g_array_new(false, true, sizeof(Outcome));
    g_array_set_clear_func(block->outcomes, clear_outcome);
}

static void checker_clear(Checker *checker)
{
    Block *block = &checker->block;
    g_string_chunk_free(block->texts);
    g_array_unref(block->cells);
    g_array_unref(block->rows);
    g_array_unref(block->outcomes);
    g_ptr_array_unref(checker->unfilled);
    ledger_row_reader_clear(&checker->rows);
    ledger_names_free(checker->names);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Copy @row into @block; returns the bytes of its texts. */
static size_t keep_row(Block *block, const TableRow *row)
{
    size_t n_bytes = 0;
    g_array_append_val(block->rows, *row);
    for (size_t i = 0; i < row->n_cells; i++) {
        TableCell cell = row->cells[i];
        cell.text = cell.length > 0
                        ? g_string_chunk_insert_len(block->texts, cell.text, (gssize)cell.length)
                        : "";
        n_bytes += cell.length;
        g_array_append_val(block->cells, cell);
    }
    return n_bytes;
}

/* Count in @import the cells of @row that are left empty because their amount stands above. */
static void count_merged(LedgerImport *import, const TableRow *row)
{
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        import->n_merged += ledger_import_is_counted_above(column->field, &row->cells[i]) ? 1 : 0;
    }
}

/* Read the next rows in place of those of @block; *@ret_has_more is false at the end. */
static bool read_block(LedgerImport *import, TableReader *reader, Block *block, bool *ret_has_more,
                       GError **error)
{
    TableRow row;
    bool has_row = true;
    size_t n_bytes = 0;
    g_string_chunk_clear(block->texts);
    g_array_set_size(block->cells, 0);
    g_array_set_size(block->rows, 0);
    g_array_set_size(block->outcomes, 0);
    while (has_row && block->rows->len < BLOCK_ROWS && n_bytes < BLOCK_BYTES) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return false;
        }
        if (has_row && !ledger_import_take_gathered(import, &row)) {
            continue;
        }
        bool is_guide = has_row && import->first == 0 && ledger_import_is_guide(import, &row);
        if (has_row && import->first == 0 && !is_guide) {
            import->first = row.line;
        }
        if (has_row && (is_guide || ledger_import_is_aside(import, reader, &row))) {
            ledger_import_add_aside(import, &row);
        } else if (has_row) {
            n_bytes += keep_row(block, &row);
            import->n_hidden += row.is_hidden ? 1 : 0;
            count_merged(import, &row);
        }
    }
    const TableCell *cells = (const TableCell *)(const void *)block->cells->data;
    for (guint i = 0; i < block->rows->len; i++) { /* they stand where they are only now */
        TableRow *kept = &g_array_index(block->rows, TableRow, i);
        kept->cells = cells;
        cells += kept->n_cells;
    }
    *ret_has_more = has_row;
    return true;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Note the fault @error (takes) of @row. */
static void note_fault(const TableRow *row, const char *column, GError *error, void *data)
{
    Outcome *outcome = data;
    LedgerFault *fault = g_new0(LedgerFault, 1);
    fault->row = row->line;
    fault->column = g_strdup(column);
    fault->error = error;
    if (outcome->faults == NULL) {
        outcome->faults = g_ptr_array_new_with_free_func(ledger_fault_free);
    }
    g_ptr_array_add(outcome->faults, fault);
}

/* Return the header of the column that says whose the entries are; NULL where none does. */
static const char *unit_column(const LedgerImport *import)
{
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field != NULL && column->field == import->ledger->unit) {
            return column->header;
        }
    }
    return NULL;
}

/* Return whether who will import @row may do so for the unit of @entry, which it becomes. */
static bool may_import(const Checker *checker, const TableRow *row, const LedgerEntry *entry,
                       Outcome *outcome)
{
    GError *error = NULL;
    if (checker->subject == NULL || checker->import->needs_unit ||
        ledger_change_may_give(checker->subject, RIGHTS_IMPORT, entry, &error)) {
        return true;
    }
    note_fault(row, unit_column(checker->import), error, outcome);
    return false;
}

/* Return whether @error is that a field is empty which nothing fills: that is no fault of a row. */
static bool is_unfilled(const Checker *checker, const GError *error)
{
    bool is_so = false;
    for (guint i = 0; i < checker->unfilled->len && !is_so; i++) {
        const SchemaField *field = g_ptr_array_index(checker->unfilled, i);
        is_so = g_strcmp0(error_field(error), field->name) == 0;
    }
    return is_so;
}

/* Check @row as running would. */
static void check_row(Checker *checker, const TableRow *row, Outcome *outcome)
{
    GError *error = NULL;
    g_autoptr(LedgerInput) input = ledger_row_read_input(&checker->rows, row, note_fault, outcome);
    g_autoptr(LedgerPrepared) prepared =
        input != NULL
            ? ledger_prepare(checker->office, checker->table, input, &checker->origin, &error)
            : NULL;
    const LedgerColumn *column = NULL;
    if (prepared != NULL &&
        !ledger_import_check_doers(checker->import, row, prepared, &column, &error)) {
        note_fault(row, column->header, error, outcome);
        return;
    }
    if (prepared != NULL && !may_import(checker, row, prepared->entry, outcome)) {
        return;
    }
    outcome->is_good = prepared != NULL;
    if (prepared != NULL) {
        outcome->year = prepared->entry->year;
        outcome->mark = ledger_marker_mark(checker->marker, checker->import, prepared->entry, row);
    } else if (input != NULL && is_unfilled(checker, error)) {
        g_error_free(error);
    } else if (input != NULL) {
        note_fault(row, NULL, error, outcome);
    }
}

/* Check the block of a Checker. */
static void *check_block(void *data)
{
    Checker *checker = data;
    Block *block = &checker->block;
    g_array_set_size(block->outcomes, block->rows->len);
    for (guint i = 0; i < block->rows->len; i++) {
        check_row(checker, &g_array_index(block->rows, TableRow, i),
                  &g_array_index(block->outcomes, Outcome, i));
    }
    return NULL;
}

/* ---- what was found -------------------------------------------------------------------------- */

static void count_year(LedgerImport *import, int64_t year)
{
    int64_t *n = g_tree_lookup(import->years, GINT_TO_POINTER((int)year));
    if (n == NULL) {
        n = g_new0(int64_t, 1);
        g_tree_insert(import->years, GINT_TO_POINTER((int)year), n);
    }
    (*n)++;
}

/* What taking the outcomes of all rows shares. */
typedef struct Taking {
    LedgerImport *import;
    const LedgerImportHints *hints; /* NULL: none */
    GArray *marks;                  /* of LedgerMark, of the good rows */
    GArray *feet;      /* of Outcome: of the last rows, which may be the foot of the table */
    GPtrArray *left;   /* of LedgerLeftRow: the same */
    GHashTable *names; /* of the fields, as ledger_column_names_new() makes it */
} Taking;

static void taking_init(Taking *taking, LedgerImport *import, const LedgerImportHints *hints)
{
    *taking = (Taking){.import = import, .hints = hints, .left = ledger_left_rows_new()};
    taking->names = ledger_column_names_new(import->ledger, NULL, NULL);
    taking->marks = g_array_new(false, false, sizeof(LedgerMark));
    taking->feet = g_array_new(false, false, sizeof(Outcome));
    g_array_set_clear_func(taking->marks, ledger_mark_clear);
    g_array_set_clear_func(taking->feet, clear_outcome);
}

static void taking_clear(Taking *taking)
{
    g_array_unref(taking->marks);
    g_array_unref(taking->feet);
    g_clear_pointer(&taking->left, g_ptr_array_unref);
    g_hash_table_unref(taking->names);
}

/* Count @outcome, and keep its faults while there is room. */
static void take_outcome(Taking *taking, Outcome *outcome)
{
    LedgerImport *import = taking->import;
    if (outcome->is_good) {
        count_year(import, outcome->year);
        g_array_append_val(taking->marks, outcome->mark);
        outcome->mark.says = NULL; /* taken */
    }
    if (outcome->faults != NULL) {
        g_array_append_val(import->bad,
                           ((LedgerFault *)g_ptr_array_index(outcome->faults, 0))->row);
        import->n_bad++;
    }
    import->n_rows++;
    while (outcome->faults != NULL && outcome->faults->len > 0) {
        LedgerFault *fault = g_ptr_array_steal_index(outcome->faults, 0);
        import->n_faults++;
        if (import->faults->len < LEDGER_IMPORT_MAX_FAULTS) {
            g_ptr_array_add(import->faults, fault);
        } else {
            ledger_fault_free(fault);
        }
    }
}

/* Count @row, whose outcome is @outcome, or keep it back where it may be the foot of the table. */
static void take_row(Taking *taking, const TableRow *row, Outcome *outcome)
{
    if (ledger_import_may_be_foot(row)) {
        ledger_left_row_add(taking->left, row, false);
        g_array_append_val(taking->feet, *outcome);
        *outcome = (Outcome){0}; /* taken */
        return;
    }
    for (guint i = 0; i < taking->feet->len; i++) { /* there is a record below them */
        take_outcome(taking, &g_array_index(taking->feet, Outcome, i));
    }
    g_array_set_size(taking->feet, 0);
    g_ptr_array_set_size(taking->left, 0);
    if (!outcome->is_good && taking->import->other_header == 0 &&
        ledger_column_names_count(row, taking->names) > 1) {
        taking->import->other_header = row->line;
    }
    take_outcome(taking, outcome);
}

static int compare_left_rows(const void *a, const void *b)
{
    const LedgerLeftRow *left = *(LedgerLeftRow *const *)a, *right = *(LedgerLeftRow *const *)b;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* Leave out the rows that were kept back: no record stands below them. */
static void leave_feet(Taking *taking)
{
    LedgerImport *import = taking->import;
    guint n = taking->left->len;
    import->foot = n > 0 ? ((LedgerLeftRow *)g_ptr_array_index(taking->left, 0))->row : 0;
    import->n_asides += n;
    g_ptr_array_extend_and_steal(import->asides, g_steal_pointer(&taking->left));
    g_ptr_array_sort(import->asides, compare_left_rows);
    if (import->asides->len > LEDGER_IMPORT_MAX_ASIDES) {
        g_ptr_array_set_size(import->asides, LEDGER_IMPORT_MAX_ASIDES);
    }
}

/* Tell the caller how far the plan is; CANCELLED. */
static bool tell(const LedgerImportHints *hints, int64_t n_rows, GError **error)
{
    if (hints == NULL || hints->progress == NULL || n_rows % LEDGER_IMPORT_TELL_ROWS != 0 ||
        hints->progress(n_rows, 0, hints->data)) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_CANCELLED, "the import was cancelled");
    return false;
}

/* Count what was found in the block of @checker, once. */
static bool take_outcomes(Taking *taking, Checker *checker, GError **error)
{
    Block *block = &checker->block;
    for (guint i = 0; i < block->outcomes->len; i++) {
        take_row(taking, &g_array_index(block->rows, TableRow, i),
                 &g_array_index(block->outcomes, Outcome, i));
        if (!tell(taking->hints, taking->import->n_rows, error)) {
            return false;
        }
    }
    g_array_set_size(block->outcomes, 0);
    return true;
}

/* ---- the whole file -------------------------------------------------------------------------- */

/* Read a block and let another thread check it, while this one reads and checks the next. */
static bool check_two_blocks(LedgerImport *import, TableReader *reader, Checker *first,
                             Checker *second, bool *ret_has_more, GError **error)
{
    if (!read_block(import, reader, &first->block, ret_has_more, error)) {
        return false;
    }
    if (!*ret_has_more || second == NULL) {
        check_block(first);
        return true;
    }
    GThread *thread = thread_start("import-check", check_block, first);
    bool is_read = read_block(import, reader, &second->block, ret_has_more, error);
    if (is_read) {
        check_block(second);
    }
    g_thread_join(thread);
    return is_read;
}

/* Check all blocks; @second NULL: on one thread. */
static bool check_blocks(Taking *taking, TableReader *reader, Checker *first, Checker *second,
                         GError **error)
{
    bool has_more = true;
    while (has_more) {
        if (!check_two_blocks(taking->import, reader, first, second, &has_more, error) ||
            !take_outcomes(taking, first, error) ||
            (second != NULL && !take_outcomes(taking, second, error))) {
            return false;
        }
    }
    leave_feet(taking);
    return true;
}

/* Remember in @import which units and people @checker did not find, and clear it. */
static void checker_end(Checker *checker, LedgerImport *import)
{
    ledger_names_add_missing(checker->names, import->missing_units, import->missing_people);
    ledger_import_add_counts(import, checker->rows.counts);
    import->n_kept += checker->rows.n_kept;
    checker_clear(checker);
}

bool ledger_import_check(Office *office, LedgerImport *import, const LedgerImportHints *hints,
                         TableReader *reader, StoreConnection *connection, GError **error)
{
    g_autoptr(LedgerMarker) marker =
        ledger_marker_new(import, connection, office_offset_seconds(office), error);
    if (marker == NULL) {
        return false;
    }
    g_autoptr(StoreConnection) other = store_reader_try_acquire(office_store(office));
    Taking taking;
    taking_init(&taking, import, hints);
    int64_t now_us = source_now_us(office_source(office));
    const RightsSubject *subject = hints != NULL ? hints->subject : NULL;
    Checker first, second;
    checker_init(&first, office, import, marker, subject, connection, now_us);
    if (other != NULL) {
        checker_init(&second, office, import, marker, subject, other, now_us);
    }
    bool is_ok = check_blocks(&taking, reader, &first, other != NULL ? &second : NULL, error);
    checker_end(&first, import);
    if (other != NULL) {
        checker_end(&second, import);
    }
    int offset_seconds = office_offset_seconds(office);
    is_ok = is_ok &&
            ledger_import_settle_values(import, connection, date_from_us(now_us, offset_seconds),
                                        error) &&
            ledger_marker_find(marker, office, subject, import, taking.marks, connection, error);
    taking_clear(&taking);
    return is_ok;
}
