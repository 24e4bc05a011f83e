/* Forgetting an import that was taken back. */
#include "ledger/import-internal.h"

#include <glib/gstdio.h>

#include "base/text.h"
#include "ledger/evidence.h"
#include "log/history.h"
#include "office/write.h"

#define ERASE_ENTRIES 500 /* in one transaction */

typedef struct ForgetJob {
    Office *office;
    int64_t batch;
    const SchemaLedger *ledger; /* NULL: of an older pack */
    GHashTable *used; /* ids (int64_t) of files that entries outside of it had, which are out of the
                         books */
    LedgerForgotten *forgotten;
    bool is_left; /* more entries to erase */
} ForgetJob;

void ledger_forgotten_clear(LedgerForgotten *forgotten)
{
    g_clear_pointer(&forgotten->files, g_ptr_array_unref);
}

/* ---- which files ----------------------------------------------------------------------------- */

static void add_id(GHashTable *ids, int64_t id)
{
    g_hash_table_add(ids, g_memdup2(&id, sizeof id));
}

static GHashTable *ids_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* Add the files that the event @line attaches by a rule to @ids. */
static void add_attached(GHashTable *ids, const char *line)
{
    g_autoptr(json_t) event = json_parse(line, strlen(line), NULL);
    json_t *files = NULL;
    const char *name = NULL;
    json_object_foreach(json_object_get(event, "data"), name, files)
    {
        for (size_t i = 0; g_str_has_prefix(name, "evidence.") && i < json_array_size(files); i++) {
            add_id(ids, json_integer_value(json_array_get(files, i)));
        }
    }
}

/* Add the files that @values, which an event of an entry of @ledger gave its fields, names to @ids;
 * NULL for either: none. */
static void add_fields(GHashTable *ids, const SchemaLedger *ledger, const char *values)
{
    g_autoptr(json_t) given = values != NULL ? json_parse(values, strlen(values), NULL) : NULL;
    for (guint i = 0; ledger != NULL && i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        const char *canonical = field->kind == SCHEMA_FIELD_FILE
                                    ? json_string_value(json_object_get(given, field->name))
                                    : NULL;
        g_autoptr(GArray) files = ledger_evidence_ids(canonical != NULL ? canonical : "");
        for (guint j = 0; j < files->len; j++) {
            add_id(ids, g_array_index(files, int64_t, j));
        }
    }
}

/* Add the files that the entry @id had to @ids, also those that were taken away from it. */
static bool add_files_of(GHashTable *ids, StoreConnection *connection, const SchemaLedger *ledger,
                         int64_t id, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, id, error);
    for (guint i = 0; events != NULL && i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        add_attached(ids, event->line);
        add_fields(ids, ledger, event->values);
    }
    return events != NULL;
}

/* Note the files that entries had which are out of the books, and not with this import: they keep
 * their history. */
static bool read_used(ForgetJob *job, StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT v.line, d.field_values, e.ledger FROM event v JOIN entry e ON e.id = v.object"
        " LEFT JOIN detail d ON d.seq = v.seq WHERE e.gone = 'deleted' AND e.batch <> $1",
        "i", job->batch);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row) {
            const char *ledger = store_column_text(query, 2);
            add_attached(job->used, store_column_text(query, 0));
            add_fields(job->used, schema_ledger(office_schema(job->office), ledger),
                       store_column_text(query, 1));
        }
    }
    return query != NULL;
}

/* Forget the file @id, unless something else uses it. */
static bool forget_file(LogWriter *writer, const ForgetJob *job, int64_t id, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t n_used = 0, n_there = 0;
    if (!store_query_int(connection, 0, &n_there, error,
                         "SELECT count(*) FROM evidence WHERE id = $1", "i", id) ||
        !store_query_int(connection, 0, &n_used, error,
                         "SELECT count(*) FROM link WHERE target = $1 AND target <> 0"
                         " AND kind IN ('file', 'evidence')",
                         "i", id)) {
        return false;
    }
    if (n_there == 0) {
        return true;
    }
    if (n_used > 0 || g_hash_table_contains(job->used, &id)) {
        job->forgotten->n_kept++;
        return true;
    }
    Value values[LEDGER_EVIDENCE_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok = log_record_load(connection, &ledger_evidence_table, id, values, error);
    if (is_ok) {
        g_ptr_array_add(job->forgotten->files, g_strdup(values[LEDGER_EVIDENCE_NAME].text));
    }
    for (int i = 0; i < LEDGER_EVIDENCE_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok && log_erase(writer, id, error) &&
           log_record_remove(writer, &ledger_evidence_table, id, error);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Forget the entry @id with its files. */
static bool forget_entry(LogWriter *writer, const ForgetJob *job, int64_t id, GError **error)
{
    g_autoptr(GHashTable) files = ids_new();
    if (!add_files_of(files, log_writer_connection(writer), job->ledger, id, error)) {
        return false;
    }
    GHashTableIter iter;
    gpointer file = NULL;
    g_hash_table_iter_init(&iter, files);
    while (g_hash_table_iter_next(&iter, &file, NULL)) {
        if (!forget_file(writer, job, *(const int64_t *)file, error)) {
            return false;
        }
    }
    job->forgotten->n_entries++;
    return log_erase(writer, id, error);
}

/* Forget some entries of a batch that is undone; what an erasure itself wrote is nothing to forget.
 */
static bool entries_job(LogWriter *writer, void *data, GError **error)
{
    ForgetJob *job = data;
    int64_t ids[ERASE_ENTRIES];
    int n = 0;
    g_autoptr(StoreStatement) query = store_query(
        log_writer_connection(writer), error,
        "SELECT e.id FROM entry e WHERE e.batch = $1 AND (EXISTS (SELECT 1 FROM secret s WHERE"
        " s.seq = e.id) OR EXISTS (SELECT 1 FROM event v JOIN secret s ON s.seq = v.seq WHERE"
        " v.object = e.id AND v.object <> v.seq AND v.kind <> 'erase')) ORDER BY e.id LIMIT $2",
        "ii", job->batch, (int64_t)ERASE_ENTRIES);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row) {
            ids[n++] = store_column_int(query, 0);
        }
    }
    bool is_ok = query != NULL;
    g_clear_pointer(&query, store_statement_release);
    for (int i = 0; is_ok && i < n; i++) {
        is_ok = forget_entry(writer, job, ids[i], error);
    }
    job->is_left = n == ERASE_ENTRIES;
    return is_ok;
}

/* ---- the batch itself ------------------------------------------------------------------------ */

/* Forget what the spreadsheet was called, what was said of its cells, and why the import was taken
 * back. */
static bool batch_job(LogWriter *writer, void *data, GError **error)
{
    const ForgetJob *job = data;
    StoreConnection *connection = log_writer_connection(writer);
    int64_t n = 0;
    if (!store_run(connection, error, "DELETE FROM batch_mapping WHERE batch = $1", "i",
                   job->batch) ||
        !store_query_int(connection, 0, &n, error, "SELECT count(*) FROM secret WHERE seq = $1",
                         "i", job->batch)) {
        return false;
    }
    return n == 0 ||
           (log_erase(writer, job->batch, error) &&
            ledger_batch_set(writer, job->batch, LEDGER_BATCH_NAME, LEDGER_BATCH_ERASED, error));
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Remove the bytes that @line, the event of a file that there is no more, names, unless they came
 * again. */
static bool remove_bytes(const Office *office, StoreConnection *connection, const char *line,
                         GError **error)
{
    g_autoptr(json_t) event = json_parse(line, strlen(line), NULL);
    const char *sha256 =
        json_string_value(json_object_get(json_object_get(event, "data"), "sha256"));
    int64_t n = 0;
    if (sha256 == NULL || strlen(sha256) != (size_t)2 * CRYPTO_HASH_SIZE ||
        sha256[strspn(sha256, "0123456789abcdef")] != '\0') {
        return true;
    }
    if (!store_query_int(connection, 0, &n, error,
                         "SELECT count(*) FROM evidence WHERE sha256 = $1", "t", sha256)) {
        return false;
    }
    g_autofree char *path = ledger_evidence_path(office, sha256);
    if (n == 0) {
        g_unlink(path); /* not there: it was removed before */
    }
    return true;
}

/* Remove the bytes of all files that were forgotten, also by one who died before it did this.  On
 * the writer's thread, so that none of them is attached meanwhile. */
static bool bytes_job(StoreConnection *connection, void *data, GError **error)
{
    const ForgetJob *job = data;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT v.line FROM event v WHERE v.kind = 'evidence.add'"
                    " AND v.seq IN (SELECT object FROM event WHERE kind = 'evidence.remove')",
                    "");
    bool has_row = query != NULL;
    bool is_ok = query != NULL;
    while (is_ok && has_row) {
        is_ok = store_step(query, &has_row, error);
        if (is_ok && has_row) {
            g_ptr_array_add(lines, g_strdup(store_column_text(query, 0)));
        }
    }
    g_clear_pointer(&query, store_statement_release);
    for (guint i = 0; i < lines->len && is_ok; i++) {
        is_ok = remove_bytes(job->office, connection, g_ptr_array_index(lines, i), error);
    }
    return is_ok;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Read what is to be known of the batch into @job; NOT_FOUND, CONFLICT, FORBIDDEN. */
static bool begin(ForgetJob *job, const RightsSubject *subject, GError **error)
{
    g_autofree char *ledger = NULL;
    g_autofree char *state = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(job->office), error);
    if (reader == NULL || !ledger_batch_load(reader, job->batch, &ledger, &state, error)) {
        return false;
    }
    job->ledger = schema_ledger(office_schema(job->office), ledger);
    const RightsObject object = {.ledger = job->ledger, .owner = ""};
    if (!rights_may(subject, RIGHTS_ENTRY_ERASE, &object, error)) {
        return false;
    }
    if (!g_str_equal(state, LEDGER_BATCH_UNDONE)) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "import #%lld is not taken back: its entries are in the books",
                  (long long)job->batch);
        return false;
    }
    return read_used(job, reader, error);
}

bool ledger_import_erase(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t batch, LedgerForgotten *ret_forgotten, GError **error)
{
    g_autoptr(GHashTable) used = ids_new();
    *ret_forgotten = (LedgerForgotten){.files = g_ptr_array_new_with_free_func(g_free)};
    ForgetJob job = {.office = office,
                     .batch = batch,
                     .used = used,
                     .forgotten = ret_forgotten,
                     .is_left = true};
    if (!begin(&job, subject, error)) {
        return false;
    }
    while (job.is_left) {
        int64_t before = ret_forgotten->n_entries;
        if (!office_write(office, act, NULL, entries_job, &job, error)) {
            return false;
        }
        job.is_left = job.is_left && ret_forgotten->n_entries > before;
    }
    return office_write(office, act, NULL, batch_job, &job, error) &&
           store_write(office_store(office), bytes_job, &job, error);
}
