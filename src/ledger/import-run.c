/* Writing an import. */
#include "ledger/import-internal.h"

#include "base/file.h"
#include "base/text.h"
#include "base/thread.h"
#include "ledger/number.h"
#include "ledger/prepare.h"
#include "office/tables.h"
#include "office/write.h"

#define CHUNK_ROWS 4000 /* the writer is held for a fifth of a second */
#define CHUNKS_AHEAD 2  /* made ready while one is written */

/* The numbers of one year that are reserved and not yet given. */
typedef struct Series {
    int64_t next;
    int64_t end;
} Series;

/* An import being written.  The thread that reads makes rows ready; another waits for the write
 * queue. */
typedef struct Run {
    Office *office;
    const RightsSubject *subject;
    const LogAct *act;
    const LedgerImport *import;
    const LedgerTable *table;
    GHashTable *series; /* year -> Series */
    int64_t batch;
    LedgerOrigin origin;
    bool is_one_go;
    GAsyncQueue *ready; /* of GPtrArray of LedgerPrepared; an empty one is the last */
    GAsyncQueue *room;  /* a token for each chunk that may be made ready */
    GError *failed;     /* of the writing thread; read after it has ended */
    int has_failed;     /* atomic */
    int64_t n_skipped;
} Run;

static void free_prepared(gpointer prepared)
{
    ledger_prepared_free(prepared);
}

/* ---- the batch ------------------------------------------------------------------------------- */

/* What taking the numbers of one year shares. */
typedef struct Taking {
    LogWriter *writer;
    Run *run;
    GString *numbers;
    GError **error;
    bool is_ok;
} Taking;

static gboolean take_year(gpointer key, gpointer value, gpointer data)
{
    Taking *taking = data;
    int year = GPOINTER_TO_INT(key);
    int64_t count = *(int64_t *)value;
    int64_t first = 0;
    taking->is_ok = ledger_number_take(taking->writer, taking->run->import->ledger, year, count,
                                       &first, taking->error);
    if (!taking->is_ok) {
        return true; /* stop */
    }
    g_string_append_printf(taking->numbers, "%s%d:%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                           taking->numbers->len > 0 ? " " : "", year, first, first + count - 1);
    Series *series = g_new0(Series, 1);
    *series = (Series){first, first + count};
    g_hash_table_insert(taking->run->series, key, series);
    return false;
}

/* Reserve the numbers and record the batch, in state @state, if the ledger is still the one that
 * was looked at. */
static bool begin_batch(LogWriter *writer, Run *run, const char *state, GError **error)
{
    if (!ledger_import_check_current(run->import, log_writer_connection(writer), error)) {
        return false;
    }
    g_autoptr(GString) numbers = g_string_new(NULL);
    Taking taking = {writer, run, numbers, error, true};
    g_hash_table_remove_all(run->series);
    g_tree_foreach(run->import->years, take_year, &taking);
    if (!taking.is_ok) {
        return false;
    }
    g_autofree char *name = ledger_import_batch_name(run->import);
    Value values[LEDGER_BATCH_N_COLUMNS] = {
        [LEDGER_BATCH_LEDGER] = value_text(run->import->ledger->name),
        [LEDGER_BATCH_NAME] = value_text(name),
        [LEDGER_BATCH_SHA256] = value_text(run->import->sha256),
        [LEDGER_BATCH_N_ROWS] = value_number(ledger_import_n_taken(run->import)),
        [LEDGER_BATCH_NUMBERS] = value_text(numbers->str),
        [LEDGER_BATCH_STATE] = value_text(state),
    };
    bool is_ok =
        log_record_add(writer, &ledger_batch_table, values, &run->batch, error) &&
        ledger_import_remember(run->import, log_writer_connection(writer), run->batch, error);
    for (int i = 0; i < LEDGER_BATCH_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void set_changed(const LedgerImport *import, GError **error)
{
    error_set(error, SHUZHI_ERROR_CONFLICT, "'%s' was changed since it was looked at",
              import->path);
}

/* Give @prepared the next of the numbers that are reserved; a row that none is left for was not in
 * the file when it was looked at. */
static bool number_row(Run *run, LedgerPrepared *prepared, GError **error)
{
    Series *series = g_hash_table_lookup(run->series, GINT_TO_POINTER((int)prepared->entry->year));
    if (series == NULL || series->next == series->end) {
        set_changed(run->import, error);
        return false;
    }
    ledger_prepared_number(prepared, series->next++, run->batch);
    return true;
}

static bool write_rows(LogWriter *writer, Run *run, const GPtrArray *rows, GError **error)
{
    return ledger_prepared_write(writer, run->table, (LedgerPrepared *const *)rows->pdata,
                                 rows->len, error);
}

/* What a job is about. */
typedef struct RunJob {
    Run *run;
    const GPtrArray *rows;
} RunJob;

static bool one_go_job(LogWriter *writer, void *data, GError **error)
{
    RunJob *job = data;
    if (!begin_batch(writer, job->run, LEDGER_BATCH_DONE, error)) {
        return false;
    }
    for (guint i = 0; i < job->rows->len; i++) {
        if (!number_row(job->run, g_ptr_array_index(job->rows, i), error)) {
            return false;
        }
    }
    return write_rows(writer, job->run, job->rows, error);
}

static bool begin_job(LogWriter *writer, void *data, GError **error)
{
    RunJob *job = data;
    return begin_batch(writer, job->run, LEDGER_BATCH_OPEN, error);
}

/* Check that nobody took the batch back: who has an office takes back what others left unfinished,
 * and with a lost connection this process may have been the other. */
static bool check_open(LogWriter *writer, const Run *run, GError **error)
{
    int64_t n = 0;
    if (!store_query_int(log_writer_connection(writer), 0, &n, error,
                         "SELECT count(*) FROM batch WHERE id = $1 AND state = '" LEDGER_BATCH_OPEN
                         "'",
                         "i", run->batch)) {
        return false;
    }
    if (n == 0) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "another process has taken this import back");
    }
    return n > 0;
}

static bool rows_job(LogWriter *writer, void *data, GError **error)
{
    RunJob *job = data;
    return check_open(writer, job->run, error) && write_rows(writer, job->run, job->rows, error);
}

static bool done_job(LogWriter *writer, void *data, GError **error)
{
    RunJob *job = data;
    return check_open(writer, job->run, error) &&
           ledger_import_check_beside(job->run->import, job->run->subject,
                                      log_writer_connection(writer), job->run->batch, error) &&
           ledger_batch_set(writer, job->run->batch, LEDGER_BATCH_STATE, LEDGER_BATCH_DONE, error);
}

static bool write_job(Run *run, LogJob job, const GPtrArray *rows, GError **error)
{
    RunJob work = {run, rows};
    return office_write(run->office, run->act, run->import->ledger, job, &work, error);
}

/* Rows of a batch that nobody sees yet: they are on disk when done_job() is. */
static bool write_hidden_rows(Run *run, const GPtrArray *rows, GError **error)
{
    RunJob work = {run, rows};
    return office_write_unflushed(run->office, run->act, run->import->ledger, rows_job, &work,
                                  error);
}

static bool write_chunk(Run *run, const GPtrArray *rows, GError **error)
{
    return run->is_one_go ? write_job(run, one_go_job, rows, error)
                          : write_hidden_rows(run, rows, error);
}

/* The writing thread: takes chunks until the last. */
static void *write_chunks(void *data)
{
    Run *run = data;
    for (;;) {
        g_autoptr(GPtrArray) rows = g_async_queue_pop(run->ready);
        if (rows->len == 0) {
            return NULL;
        }
        if (run->failed == NULL && !write_chunk(run, rows, &run->failed)) {
            g_atomic_int_set(&run->has_failed, 1);
        }
        g_async_queue_push(run->room, GINT_TO_POINTER(1));
    }
}

/* Hand @rows (takes) to the writing thread, once there is room; empty ones end it. */
static void push_chunk(Run *run, GPtrArray *rows)
{
    if (rows->len > 0) {
        g_async_queue_pop(run->room);
    }
    g_async_queue_push(run->ready, rows);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void drop_fault(const TableRow *row, const char *column, GError *fault, void *data)
{
    g_error_free(fault);
}

/* Check that the file is still the one that was looked at. */
static bool check_file(const LedgerImport *import, GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    if (!file_hash(import->path, hash, NULL, error)) {
        return false;
    }
    g_autofree char *hex = text_to_hex(hash, sizeof hash);
    bool is_same = g_str_equal(hex, import->sha256);
    if (!is_same) {
        set_changed(import, error);
    }
    return is_same;
}

/* Check that the @n_read rows that were read, all if it @is_over, are those that were looked at:
 * the file may have been written over meanwhile. */
static bool check_read(const Run *run, int64_t n_read, bool is_over, GError **error)
{
    const LedgerImport *import = run->import;
    bool is_so = is_over ? n_read == import->n_rows &&
                               n_read - run->n_skipped == ledger_import_n_taken(import)
                         : n_read <= import->n_rows;
    if (!is_so) {
        set_changed(import, error);
    }
    return is_so && (!is_over || check_file(import, error));
}

/* Make @row ready into *@ret_prepared, NULL for a bad one. */
static bool prepare_row(Run *run, LedgerRowReader *rows, const TableRow *row,
                        LedgerPrepared **ret_prepared, GError **error)
{
    GError *fault = NULL;
    g_autoptr(LedgerInput) input = ledger_row_read_input(rows, row, drop_fault, NULL);
    g_autoptr(LedgerPrepared) prepared =
        input != NULL ? ledger_prepare(run->office, run->table, input, &run->origin, &fault) : NULL;
    const LedgerColumn *column = NULL;
    if (prepared != NULL &&
        !ledger_import_check_doers(run->import, row, prepared, &column, &fault)) {
        g_clear_pointer(&prepared, ledger_prepared_free);
    }
    *ret_prepared = NULL;
    if (fault != NULL && !g_error_matches(fault, SHUZHI_ERROR, SHUZHI_ERROR_INVALID)) {
        g_propagate_error(error, fault); /* not the row is bad */
        return false;
    }
    g_clear_error(&fault);
    if (prepared == NULL || ledger_import_is_left(run->import, row->line)) {
        run->n_skipped++;
        return true;
    }
    const RightsObject object = {.ledger = run->import->ledger,
                                 .unit = prepared->entry->unit,
                                 .owner = prepared->entry->owner};
    bool may_import = rights_may(run->subject, RIGHTS_IMPORT, &object, &fault);
    if (!may_import && run->import->is_for_subject) { /* then it counts as bad */
        g_clear_error(&fault);
        run->n_skipped++;
        return true;
    }
    if (!may_import) {
        g_propagate_error(error, fault);
        error_prefix(error, "row %lld", (long long)row->line);
        return false;
    }
    ledger_prepared_hash(prepared, run->table, office_source(run->office));
    if (!run->is_one_go &&
        !number_row(run, prepared, error)) { /* else its batch has yet to begin */
        return false;
    }
    *ret_prepared = g_steal_pointer(&prepared);
    return true;
}

/* Read all rows and hand them over in chunks. */
static bool read_rows(Run *run, TableReader *reader, StoreConnection *connection,
                      LedgerProgress progress, void *data, GError **error)
{
    guint chunk_rows = run->is_one_go ? G_MAXUINT : CHUNK_ROWS;
    g_autoptr(LedgerNames) names = ledger_names_new(connection);
    g_auto(LedgerRowReader) rows;
    ledger_row_reader_init(&rows, run->import, names, office_offset_seconds(run->office));
    g_autoptr(GPtrArray) chunk = g_ptr_array_new_with_free_func(free_prepared);
    TableRow row;
    bool has_row = true;
    for (int64_t n = 1; !g_atomic_int_get(&run->has_failed); n++) {
        g_autoptr(LedgerPrepared) prepared = NULL;
        if (!ledger_import_next(run->import, reader, &row, &has_row, error) ||
            (has_row && !prepare_row(run, &rows, &row, &prepared, error)) ||
            !check_read(run, has_row ? n : n - 1, !has_row, error)) {
            return false;
        }
        if (prepared != NULL) {
            g_ptr_array_add(chunk, g_steal_pointer(&prepared));
        }
        if (chunk->len == chunk_rows || (!has_row && chunk->len > 0)) {
            /* Asked before: what goes in one go is there for good once it is handed over. */
            if (progress != NULL &&
                !progress(MIN(n, run->import->n_rows), run->import->n_rows, data)) {
                error_set(error, SHUZHI_ERROR_CANCELLED, "the import was cancelled");
                return false;
            }
            push_chunk(run, g_steal_pointer(&chunk));
            chunk = g_ptr_array_new_with_free_func(free_prepared);
        }
        if (!has_row) {
            return true;
        }
    }
    return true; /* the writing thread has the error */
}

static bool run_threads(Run *run, TableReader *reader, StoreConnection *connection,
                        LedgerProgress progress, void *data, GError **error)
{
    run->ready = g_async_queue_new();
    run->room = g_async_queue_new();
    for (int i = 0; i < CHUNKS_AHEAD; i++) {
        g_async_queue_push(run->room, GINT_TO_POINTER(1));
    }
    GThread *thread = thread_start("import", write_chunks, run);
    bool is_ok = read_rows(run, reader, connection, progress, data, error);
    push_chunk(run, g_ptr_array_new());
    g_thread_join(thread);
    g_async_queue_unref(run->ready);
    g_async_queue_unref(run->room);
    if (is_ok && run->failed != NULL) {
        g_propagate_error(error, g_steal_pointer(&run->failed));
        return false;
    }
    g_clear_error(&run->failed);
    return is_ok;
}

/* ---- running --------------------------------------------------------------------------------- */

static bool check_plan(const LedgerImport *import, bool skip_bad, GError **error)
{
    if (!check_file(import, error)) {
        return false;
    }
    if (ledger_import_n_taken(import) == 0 && import->n_bad < import->n_rows) {
        error_set(error, SHUZHI_ERROR_EXISTS, "the ledger has all rows already");
        return false;
    }
    if (import->n_bad == import->n_rows || (import->n_bad > 0 && !skip_bad)) {
        error_set(error, SHUZHI_ERROR_INVALID, "%lld of %lld rows have faults; nothing is imported",
                  (long long)import->n_bad, (long long)import->n_rows);
        return false;
    }
    return true;
}

static bool run_import(Run *run, LedgerProgress progress, void *data, GError **error)
{
    g_autoptr(TableReader) reader = ledger_import_open_rows(run->import, error);
    g_autoptr(StoreConnection) connection =
        reader != NULL ? store_reader_acquire(office_store(run->office), error) : NULL;
    if (connection == NULL) {
        return false;
    }
    run->origin.present.connection = connection;
    if (run->is_one_go) {
        return run_threads(run, reader, connection, progress, data, error);
    }
    if (!write_job(run, begin_job, NULL, error)) {
        return false;
    }
    bool is_ok = run_threads(run, reader, connection, progress, data, error) &&
                 write_job(run, done_job, NULL, error);
    if (!is_ok) { /* should this fail too, the next opening takes it back */
        ledger_batch_take_back(run->office, run->act, run->batch, NULL);
    }
    return is_ok;
}

bool ledger_import_run(Office *office, const RightsSubject *subject, const LogAct *act,
                       LedgerImport *import, bool skip_bad, LedgerProgress progress, void *data,
                       int64_t *ret_batch, GError **error)
{
    if (!ledger_import_check_clear(import, error) || !check_plan(import, skip_bad, error)) {
        return false;
    }
    Run run = {.office = office,
               .subject = subject,
               .act = act,
               .import = import,
               .table = ledger_table(import->ledger),
               .series = g_hash_table_new_full(NULL, NULL, NULL, g_free),
               .origin = {.owner = act->actor,
                          .unit = ledger_subject_unit(subject),
                          .present = {.now_us = source_now_us(office_source(office)),
                                      .offset_seconds = office_offset_seconds(office)},
                          .is_import = true},
               .is_one_go = ledger_import_n_taken(import) <= LEDGER_IMPORT_ONE_GO};
    bool is_ok = run_import(&run, progress, data, error);
    if (is_ok) {
        *ret_batch = run.batch;
    }
    g_hash_table_unref(run.series);
    return is_ok;
}
