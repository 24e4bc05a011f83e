/* Taking an import back. */
#include "ledger/import-internal.h"

#include "ledger/batch.h"
#include "ledger/row.h"
#include "ledger/use.h"
#include "ledger/write.h"
#include "office/tables.h"
#include "office/write.h"

#define REMOVE_ROWS 500
#define NAMES_TOLD 3

/* ---- the state of a batch -------------------------------------------------------------------- */

bool ledger_batch_load(StoreConnection *connection, int64_t batch, char **ret_ledger,
                       char **ret_state, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT ledger, state FROM batch WHERE id = $1", "i", batch);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (!has_row) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no import #%lld", (long long)batch);
        return false;
    }
    *ret_ledger = g_strdup(store_column_text(query, 0));
    *ret_state = g_strdup(store_column_text(query, 1));
    return true;
}

bool ledger_batch_set(LogWriter *writer, int64_t batch, int column, const char *text,
                      GError **error)
{
    Value values[LEDGER_BATCH_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok =
        log_record_load(log_writer_connection(writer), &ledger_batch_table, batch, values, error);
    if (is_ok) {
        value_clear(&values[column]);
        values[column] = value_text(text);
        is_ok = log_record_change(writer, &ledger_batch_table, batch, values, error);
    }
    for (int i = 0; i < LEDGER_BATCH_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

/* ---- what stands against it ------------------------------------------------------------------ */

typedef struct UndoJob {
    Office *office;
    const RightsSubject *subject;
    int64_t batch;
    int64_t undone_us; /* when it was taken back */
    bool is_forced;
    bool is_left; /* more rows to remove */
} UndoJob;

/* Check the right to take each entry of the batch out of the books: nothing brings it back. */
static bool may_undo(StoreConnection *connection, const UndoJob *job, const char *ledger,
                     GError **error)
{
    RightsObject object = {.ledger = schema_ledger(office_schema(job->office), ledger),
                           .owner = ""};
    if (object.ledger == NULL) { /* of an older pack: only for who may everywhere */
        return rights_may(job->subject, RIGHTS_ENTRY_DELETE, &object, error);
    }
    g_autoptr(GString) sql = g_string_new("SELECT DISTINCT t.unit, t.owner FROM ");
    g_autofree char *table = office_table_name(object.ledger);
    store_append_identifier(sql, table);
    g_string_append(sql, " t JOIN entry e ON e.id = t.entry_id WHERE e.batch = $1"
                         " AND e.gone IS NULL");
    g_autoptr(StoreStatement) query = store_query(connection, error, sql->str, "i", job->batch);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        object.unit = has_row ? store_column_int(query, 0) : 0;
        object.owner = has_row ? store_column_text(query, 1) : "";
        if (has_row && !rights_may(job->subject, RIGHTS_ENTRY_DELETE, &object, error)) {
            return false;
        }
    }
    return query != NULL && rights_may(job->subject, RIGHTS_ENTRY_DELETE, NULL, error);
}

/* Check that the batch is there, the subject's to take back, and in the books. */
static bool check_batch(StoreConnection *connection, const UndoJob *job, GError **error)
{
    g_autofree char *ledger = NULL;
    g_autofree char *state = NULL;
    if (!ledger_batch_load(connection, job->batch, &ledger, &state, error) ||
        !may_undo(connection, job, ledger, error)) {
        return false;
    }
    if (g_str_equal(state, LEDGER_BATCH_UNDONE)) {
        error_set(error, SHUZHI_ERROR_EXISTS, "import #%lld is undone already",
                  (long long)job->batch);
        return false;
    }
    if (!g_str_equal(state, LEDGER_BATCH_DONE)) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "import #%lld is still being written",
                  (long long)job->batch);
        return false;
    }
    return ledger_uses_none_of_batch(connection, job->batch, error);
}

/* Find the entries of @batch to which something was done since: a correction, a step, a file, a
 * comment.  *@ret_ids (of int64_t) and *@ret_names, up to NAMES_TOLD numbers, are the caller's. */
static bool find_changed(StoreConnection *connection, int64_t batch, GArray **ret_ids,
                         char **ret_names, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT e.id, e.number FROM entry e WHERE e.batch = $1 AND e.gone IS NULL"
        " AND (e.version <> 1 OR EXISTS (SELECT 1 FROM event v WHERE v.object = e.id"
        " AND v.object <> v.seq AND v.kind IN ('entry.attach', 'entry.comment'))) ORDER BY e.id",
        "i", batch);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row && ids->len <= NAMES_TOLD) {
            g_string_append(names, ids->len == 0 ? "" : ids->len == NAMES_TOLD ? "…" : "、");
            g_string_append(names, ids->len < NAMES_TOLD ? store_column_text(query, 1) : "");
        }
        if (has_row) {
            int64_t id = store_column_int(query, 0);
            g_array_append_val(ids, id);
        }
    }
    if (query == NULL) {
        return false;
    }
    *ret_ids = g_steal_pointer(&ids);
    *ret_names = g_string_free(g_steal_pointer(&names), false);
    return true;
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* Take the entries @ids out of the books one by one, as by hand: each by who may, and with the
 * reason. */
static bool take_out(LogWriter *writer, const UndoJob *job, const GArray *ids, GError **error)
{
    if (!log_act_has_reason(log_writer_act(writer))) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "entries that were changed since are taken out of the books with a reason");
        error_about(error, "why");
        return false;
    }
    for (guint i = 0; i < ids->len; i++) {
        if (!ledger_entry_take_out(writer, job->office, job->subject,
                                   g_array_index(ids, int64_t, i), 0, error)) {
            return false;
        }
    }
    return true;
}

static bool undo_job(LogWriter *writer, void *data, GError **error)
{
    const UndoJob *job = data;
    StoreConnection *connection = log_writer_connection(writer);
    g_autoptr(GArray) changed = NULL;
    g_autofree char *names = NULL;
    if (!check_batch(connection, job, error) ||
        !find_changed(connection, job->batch, &changed, &names, error)) {
        return false;
    }
    if (changed->len > 0 && !job->is_forced) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "entries of this import were changed since: %s; nothing is undone", names);
        return false;
    }
    return (changed->len == 0 || take_out(writer, job, changed, error)) &&
           ledger_batch_set(writer, job->batch, LEDGER_BATCH_STATE, LEDGER_BATCH_UNDONE, error);
}

/* Remove some rows of a batch that is undone already: each as the event of its undoing says,
 * however much later. */
static bool remove_job(StoreConnection *connection, void *data, GError **error)
{
    UndoJob *job = data;
    struct {
        int64_t id, version;
        char *ledger;
    } rows[REMOVE_ROWS];
    int n = 0;
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT id, version, ledger FROM entry WHERE batch = $1 AND gone IS NULL ORDER BY id"
        " LIMIT $2",
        "ii", job->batch, (int64_t)REMOVE_ROWS);
    bool has_row = query != NULL;
    bool is_ok = query != NULL;
    while (is_ok && has_row) {
        is_ok = store_step(query, &has_row, error);
        if (is_ok && has_row) {
            rows[n].id = store_column_int(query, 0);
            rows[n].version = store_column_int(query, 1);
            rows[n++].ledger = g_strdup(store_column_text(query, 2));
        }
    }
    g_clear_pointer(&query, store_statement_release);
    for (int i = 0; i < n; i++) {
        const SchemaLedger *ledger = schema_ledger(office_schema(job->office), rows[i].ledger);
        if (is_ok && ledger == NULL) {
            error_set(error, SHUZHI_ERROR_CORRUPT,
                      "entry %lld is of ledger '%s', which there is not", (long long)rows[i].id,
                      rows[i].ledger);
            is_ok = false;
        }
        if (is_ok) {
            is_ok = ledger_row_remove(connection, ledger_table(ledger), rows[i].id,
                                      rows[i].version + 1, job->undone_us, "undone", error);
        }
        g_free(rows[i].ledger);
    }
    job->is_left = n == REMOVE_ROWS;
    return is_ok;
}

static bool remove_rows(Office *office, int64_t batch, GError **error)
{
    UndoJob job = {.office = office, .batch = batch, .is_left = true};
    LedgerBatchLife life = {0};
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader == NULL || !ledger_batch_read_life(reader, batch, &life, error)) {
        return false;
    }
    g_clear_pointer(&reader, store_reader_release);
    job.undone_us = life.undone_us;
    while (job.is_left && life.undone_us != 0) { /* what no event took back stays */
        if (!store_write(office_store(office), remove_job, &job, error)) {
            return false;
        }
    }
    return true;
}

bool ledger_import_undo(Office *office, const RightsSubject *subject, const LogAct *act,
                        int64_t batch, bool force, GError **error)
{
    UndoJob job = {.office = office, .subject = subject, .batch = batch, .is_forced = force};
    return office_write(office, act, NULL, undo_job, &job, error) &&
           remove_rows(office, batch, error);
}

static bool hide_job(LogWriter *writer, void *data, GError **error)
{
    const UndoJob *job = data;
    return ledger_batch_set(writer, job->batch, LEDGER_BATCH_STATE, LEDGER_BATCH_UNDONE, error);
}

bool ledger_batch_take_back(Office *office, const LogAct *act, int64_t batch, GError **error)
{
    UndoJob job = {.office = office, .batch = batch};
    return office_write(office, act, NULL, hide_job, &job, error) &&
           remove_rows(office, batch, error);
}

/* ---- what was left --------------------------------------------------------------------------- */

/* Return the batches that @sql names, of int64_t. */
static GArray *find_batches(Office *office, const char *sql, GError **error)
{
    g_autoptr(GArray) batches = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(StoreStatement) query = reader != NULL ? store_query(reader, error, sql, "") : NULL;
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            int64_t batch = store_column_int(query, 0);
            g_array_append_val(batches, batch);
        }
    }
    return query != NULL ? g_steal_pointer(&batches) : NULL;
}

bool ledger_import_recover(Office *office, const LogAct *act, GError **error)
{
    g_autoptr(GArray) open =
        find_batches(office, "SELECT id FROM batch WHERE state = 'open'", error);
    g_autoptr(GArray) left =
        open != NULL ? find_batches(office,
                                    "SELECT b.id FROM batch b WHERE b.state = 'undone' AND EXISTS"
                                    " (SELECT 1 FROM entry e WHERE e.batch = b.id AND e.batch <> 0"
                                    " AND e.gone IS NULL)",
                                    error)
                     : NULL;
    if (left == NULL) {
        return false;
    }
    for (guint i = 0; i < open->len; i++) {
        if (!ledger_batch_take_back(office, act, g_array_index(open, int64_t, i), error)) {
            return false;
        }
    }
    for (guint i = 0; i < left->len; i++) {
        if (!remove_rows(office, g_array_index(left, int64_t, i), error)) {
            return false;
        }
    }
    return true;
}
