#include "ledger/import.h"

#include "base/file.h"
#include "base/text.h"
#include "ledger/import-internal.h"

static const LogColumn batch_columns[LEDGER_BATCH_N_COLUMNS] = {
    [LEDGER_BATCH_LEDGER] = {"ledger", VALUE_TEXT, false},
    [LEDGER_BATCH_NAME] = {"name", VALUE_TEXT, true},
    [LEDGER_BATCH_SHA256] = {"sha256", VALUE_TEXT, false},
    [LEDGER_BATCH_N_ROWS] = {"n_rows", VALUE_NUMBER, false},
    [LEDGER_BATCH_NUMBERS] = {"numbers", VALUE_TEXT, false},
    [LEDGER_BATCH_STATE] = {"state", VALUE_TEXT, false},
};
const LogTable ledger_batch_table = {"batch", "batch", N_("batch"), batch_columns,
                                     LEDGER_BATCH_N_COLUMNS};

void ledger_fault_free(gpointer data)
{
    LedgerFault *fault = data;
    g_free(fault->column);
    g_clear_error(&fault->error);
    g_free(fault);
}

void ledger_import_free(LedgerImport *import)
{
    if (import != NULL) {
        g_free(import->path);
        g_free(import->sheet);
        g_clear_pointer(&import->sheets, g_ptr_array_unref);
        g_clear_pointer(&import->above, g_ptr_array_unref);
        g_clear_pointer(&import->asides, g_ptr_array_unref);
        g_clear_pointer(&import->places_above, g_array_unref);
        g_clear_pointer(&import->columns, g_ptr_array_unref);
        g_ptr_array_unref(import->faults);
        g_array_unref(import->bad);
        g_ptr_array_unref(import->set);
        ledger_import_end_values(import);
        json_decref(import->before);
        g_tree_unref(import->missing_units);
        g_tree_unref(import->missing_people);
        g_tree_unref(import->years);
        g_array_unref(import->known);
        ledger_gathering_free(import->gathering);
        g_free(import);
    }
}

static int compare_years(const void *a, const void *b, void *data)
{
    return GPOINTER_TO_INT(a) - GPOINTER_TO_INT(b);
}

static void clear_known(gpointer data)
{
    LedgerKnownRow *known = data;
    g_free(known->number);
    g_clear_pointer(&known->differs, g_ptr_array_unref);
}

static void free_set(gpointer data)
{
    LedgerSetField *set = data;
    g_free(set->text);
    g_free(set);
}

static int compare_names(const void *a, const void *b, void *data)
{
    return strcmp(a, b);
}

static LedgerImport *import_new(const SchemaLedger *ledger, const char *path)
{
    LedgerImport *import = g_new0(LedgerImport, 1);
    import->ledger = ledger;
    import->path = g_strdup(path);
    import->faults = g_ptr_array_new_with_free_func(ledger_fault_free);
    import->bad = g_array_new(false, false, sizeof(int64_t));
    import->set = g_ptr_array_new_with_free_func(free_set);
    ledger_import_begin_values(import);
    import->missing_units = g_tree_new_full(compare_names, NULL, g_free, NULL);
    import->missing_people = g_tree_new_full(compare_names, NULL, g_free, NULL);
    import->known = g_array_new(false, false, sizeof(LedgerKnownRow));
    g_array_set_clear_func(import->known, clear_known);
    import->years = g_tree_new_full(compare_years, NULL, NULL, g_free);
    return import;
}

/* ---- planning -------------------------------------------------------------------------------- */

char *ledger_import_batch_name(const LedgerImport *import)
{
    char *name = g_path_get_basename(import->path);
    if (import->sheets->len == 0 && import->n_unseen == 0) {
        return name;
    }
    char *with_sheet = g_strconcat(name, "/", import->sheet, NULL);
    g_free(name);
    return with_sheet;
}

/* Return whether @name, of a batch of this file, is one of the sheet that @import reads. */
static bool is_of_sheet(const LedgerImport *import, const char *name)
{
    const char *slash = strchr(name, '/');
    return slash == NULL || g_strcmp0(slash + 1, import->sheet) == 0;
}

/* Note what was erased of the ledger, so that the file may bring it back with nobody knowing. */
static bool find_erased(LedgerImport *import, StoreConnection *connection, GError **error)
{
    return store_query_int(connection, 0, &import->erased_before, error,
                           "SELECT max(b.id) FROM batch b WHERE b.sha256 = $1 AND b.ledger = $2"
                           " AND b.state = 'undone' AND NOT EXISTS (SELECT 1 FROM secret s WHERE"
                           " s.seq = b.id)",
                           "tt", import->sha256, import->ledger->name) &&
           store_query_int(
               connection, 0, &import->n_erased, error,
               "SELECT count(*) FROM entry e WHERE e.ledger = $1 AND e.gone = 'deleted'"
               " AND EXISTS (SELECT 1 FROM event v WHERE v.object = e.id"
               " AND v.object <> v.seq AND v.kind = 'erase') AND NOT EXISTS (SELECT 1 FROM secret s"
               " WHERE s.seq = e.id)",
               "t", import->ledger->name);
}

/* Note the file's hash, and whether it was imported before. */
static bool recognise(LedgerImport *import, StoreConnection *connection, GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    if (!file_hash(import->path, hash, NULL, error)) {
        return false;
    }
    g_autofree char *hex = text_to_hex(hash, sizeof hash);
    g_strlcpy(import->sha256, hex, sizeof import->sha256);
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT name FROM batch WHERE sha256 = $1 AND ledger = $2 AND state = 'done'",
                    "tt", import->sha256, import->ledger->name);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        import->is_seen_before =
            import->is_seen_before || (has_row && is_of_sheet(import, store_column_text(query, 0)));
    }
    return query != NULL && find_erased(import, connection, error);
}

LedgerImport *ledger_import_plan(Office *office, const SchemaLedger *ledger, const char *path,
                                 const LedgerImportHints *hints, GError **error)
{
    g_autoptr(LedgerImport) import = import_new(ledger, path);
    import->default_year = hints != NULL ? hints->default_year : 0;
    import->is_for_subject = hints != NULL && hints->subject != NULL;
    g_autoptr(StoreConnection) connection = store_reader_acquire(office_store(office), error);
    g_autoptr(TableReader) reader =
        connection != NULL && ledger_import_recall(import, connection, error)
            ? ledger_import_choose(import, hints, error)
            : NULL;
    if (reader == NULL || !ledger_import_note_size(import, connection, error) ||
        !recognise(import, connection, error) ||
        !ledger_import_map(import, reader, hints != NULL ? hints->mapping : NULL, error) ||
        !ledger_import_set(import, hints != NULL ? hints->set : NULL, connection,
                           office_offset_seconds(office), error) ||
        !ledger_import_take_values(import, hints != NULL ? hints->values : NULL, connection,
                                   error)) {
        return NULL;
    }
    ledger_import_mean_as_before(import, connection);
    if (import->is_for_subject) {
        ledger_import_ask_unit(import, hints->subject);
    }
    ledger_import_judge_header(import, reader);
    if (hints != NULL && hints->gathers && !ledger_import_gather(import, reader, error)) {
        return NULL;
    }
    if (!ledger_import_check(office, import, hints, reader, connection, error)) {
        return NULL;
    }
    if (import->n_rows == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no rows below its header, row %lld", path,
                  (long long)import->header);
        return NULL;
    }
    return g_steal_pointer(&import);
}

/* ---- imports that were made ------------------------------------------------------------------ */

static void free_batch(gpointer data)
{
    LedgerBatch *batch = data;
    g_free(batch->ledger);
    g_free(batch->name);
    g_free(batch->sha256);
    g_free(batch->state);
    g_free(batch->undone_by);
    g_free(batch);
}

GPtrArray *ledger_import_list(StoreConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) batches = g_ptr_array_new_with_free_func(free_batch);
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT b.id, b.ledger, b.name, b.sha256, b.n_rows, b.state, v.actor, v.at FROM batch b"
        " LEFT JOIN event v ON v.object = b.id AND v.object <> v.seq AND v.kind = 'batch.change'"
        " AND replace(v.line, '\"state\":\"undone\"', '') <> v.line ORDER BY b.id DESC",
        "");
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            LedgerBatch *batch = g_new0(LedgerBatch, 1);
            batch->id = store_column_int(query, 0);
            batch->ledger = g_strdup(store_column_text(query, 1));
            batch->name = g_strdup(store_column_text(query, 2));
            batch->sha256 = g_strdup(store_column_text(query, 3));
            batch->n_rows = store_column_int(query, 4);
            batch->state = g_strdup(store_column_text(query, 5));
            batch->undone_by =
                store_column_is_null(query, 6) ? NULL : g_strdup(store_column_text(query, 6));
            batch->undone_us = store_column_int(query, 7);
            g_ptr_array_add(batches, batch);
        }
    }
    return query != NULL ? g_steal_pointer(&batches) : NULL;
}
