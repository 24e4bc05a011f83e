#include "ledger/verify.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "ledger/batch.h"
#include "ledger/evidence.h"
#include "ledger/import-internal.h"
#include "ledger/nothing.h"
#include "ledger/number.h"
#include "ledger/verify-entry.h"
#include "ledger/view.h"
#include "log/verify-table.h"
#include "office/tables.h"

/* Ids a page: each is read with its rows, steps, links and events, all of them in memory. */
#define PAGE_IDS 2048
/* Rows of evidence read at a time. */
#define PAGE_FILES 500

/* One verification. */
typedef struct Verification {
    Office *office;
    StoreConnection *connection;
    LogReport *report;
    GPtrArray *tables;    /* of LedgerTable */
    GHashTable *versions; /* name of each ledger -> LedgerVersions */
    GHashTable *undone;   /* int64_t *: batches that were taken back -> int64_t *: when */
    int64_t n_seen;       /* entries compared with their events */
} Verification;

static void verification_clear(Verification *verification)
{
    g_clear_pointer(&verification->tables, g_ptr_array_unref);
    g_clear_pointer(&verification->versions, g_hash_table_unref);
    g_clear_pointer(&verification->undone, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verification, verification_clear)

/* ---- entries --------------------------------------------------------------------------------- */

/* Compare one object that began with "entry.add" and take it off @standings. */
static void check_object(Verification *verification, GHashTable *standings, LogEvent *const *events,
                         size_t n_events)
{
    int64_t id = events[0]->object;
    const LedgerStanding *standing = g_hash_table_lookup(standings, &id);
    if (standing == NULL) {
        g_autofree char *number = ledger_verify_number(events[0]);
        log_report_add(verification->report, LOG_MISSING, "entry-missing", id, id,
                       "entry %lld (%s) is not there", (long long)id, number);
        return;
    }
    ledger_verify_entry(id, standing, g_hash_table_lookup(verification->versions, standing->ledger),
                        events, n_events, verification->undone, verification->report);
    g_hash_table_remove(standings, &id);
    verification->n_seen++;
}

/* What is left on @standings has no event. */
static void check_left(const Verification *verification, GHashTable *standings)
{
    GHashTableIter iter;
    gpointer id = NULL, standing = NULL;
    g_hash_table_iter_init(&iter, standings);
    while (g_hash_table_iter_next(&iter, &id, &standing)) {
        log_report_add(verification->report, LOG_ALTERED, "entry-unlogged", 0, *(const int64_t *)id,
                       "entry %lld has no event that began it", (long long)*(const int64_t *)id);
    }
}

static bool check_page(Verification *verification, int64_t after, int64_t until, GError **error)
{
    g_autoptr(GHashTable) standings =
        ledger_page_read(verification->connection, verification->tables, after, until, error);
    g_autoptr(GPtrArray) events =
        standings != NULL ? log_history_of_many(verification->connection, after, until, error)
                          : NULL;
    if (events == NULL) {
        return false;
    }
    LogEvent *const *all = (LogEvent *const *)events->pdata;
    for (guint i = 0, n = 0; i < events->len; i += n) {
        for (n = 1; i + n < events->len && all[i + n]->object == all[i]->object; n++) {
        }
        if (g_str_equal(all[i]->kind, "entry.add") && all[i]->seq == all[i]->object) {
            check_object(verification, standings, &all[i], n);
        }
    }
    check_left(verification, standings);
    return true;
}

static bool check_entries(Verification *verification, GError **error)
{
    int64_t last = verification->report->n_events; /* one beyond it is told of already */
    int64_t n_rows = 0;
    if (!store_query_int(verification->connection, 0, &n_rows, error,
                         "SELECT count(*) FROM entry WHERE id < 1 OR id > $1", "i", last)) {
        return false;
    }
    if (n_rows > 0) {
        log_report_add(verification->report, LOG_ALTERED, "entry-ids", 0, 0,
                       "%lld {entry has an id|entries have ids} that no event has",
                       (long long)n_rows);
    }
    for (int64_t after = 0; after < last; after += PAGE_IDS) {
        int64_t n_read = verification->report->n_events + MIN(after + PAGE_IDS, last);
        if (!check_page(verification, after, after + PAGE_IDS, error) ||
            !log_report_tell(verification->report, n_read, 2 * last, error)) {
            return false;
        }
    }
    verification->report->n_objects += verification->n_seen;
    return true;
}

/* ---- rows of nothing ------------------------------------------------------------------------- */

/* Tell of rows of table @name whose entry is gone, never was, or is of another ledger than @ledger
 * (NULL: of any). */
static bool check_strays(const Verification *verification, const char *name, const char *ledger,
                         GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT count(*), min(r.entry_id) FROM ");
    store_append_identifier(sql, name);
    g_string_append(sql, " r WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.id = r.entry_id"
                         " AND e.gone IS NULL AND ($1 = '' OR e.ledger = $1))");
    g_autoptr(StoreStatement) query =
        store_query(verification->connection, error, sql->str, "t", ledger != NULL ? ledger : "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    int64_t n = store_column_int(query, 0);
    int64_t first = store_column_int(query, 1);
    if (n > 0) {
        log_report_add(verification->report, LOG_ALTERED, "rows-stray", 0, first,
                       "table %s has %lld {row|rows} of no entry, the first of %lld", name,
                       (long long)n, (long long)first);
    }
    return true;
}

/* Tell of rows of table @name for which @where holds: nothing is stored as NULL, and a 0 or an
 * empty text in its place reads the same and counts otherwise. */
static bool check_nothing(const Verification *verification, const char *name, const char *where,
                          GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT count(*), min(entry_id) FROM ");
    store_append_identifier(sql, name);
    g_string_append_printf(sql, " WHERE %s", where);
    g_autoptr(StoreStatement) query = store_query(verification->connection, error, sql->str, "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (store_column_int(query, 0) > 0) {
        int64_t first = store_column_int(query, 1);
        log_report_add(verification->report, LOG_ALTERED, "empty", 0, first,
                       "table %s holds 0 or an empty text where nothing was logged, first of %lld",
                       name, (long long)first);
    }
    return true;
}

static bool check_strays_of_ledger(const Verification *verification, const SchemaLedger *ledger,
                                   GError **error)
{
    g_autofree char *name = office_table_name(ledger);
    if (!check_strays(verification, name, ledger->name, error) ||
        !check_nothing(verification, name, "due = 0 OR stopped = 0 OR clock = '' OR extra = ''",
                       error)) {
        return false;
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        g_autofree char *rows = office_rows_table_name(ledger, field);
        if (field->kind == SCHEMA_FIELD_ROWS &&
            !check_strays(verification, rows, ledger->name, error)) {
            return false;
        }
    }
    return true;
}

static bool check_all_strays(const Verification *verification, GError **error)
{
    for (guint i = 0; i < verification->tables->len; i++) {
        const LedgerTable *table = g_ptr_array_index(verification->tables, i);
        if (!check_strays_of_ledger(verification, table->ledger, error)) {
            return false;
        }
    }
    return check_strays(verification, "step", NULL, error) &&
           check_strays(verification, "link", NULL, error) &&
           check_nothing(verification, "step", "due = 0", error) &&
           check_nothing(verification, "link", "choice = ''", error);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Return how many numbers of each series the imports took, "ledger year" to int64_t *; NULL with
 * *@error. */
static GHashTable *count_reserved(StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT ledger, numbers FROM batch", "");
    g_autoptr(GHashTable) reserved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        const char *numbers = store_column_text(query, 1);
        LedgerRange range;
        while (ledger_range_next(&numbers, &range)) {
            char *key = g_strdup_printf("%s %d", store_column_text(query, 0), range.year);
            const int64_t *before = g_hash_table_lookup(reserved, key);
            int64_t *n = g_new(int64_t, 1);
            *n = (before != NULL ? *before : 0) + range.last - range.first + 1;
            *n = MIN(*n, JSON_MAX_INT); /* the table may have been altered */
            g_hash_table_insert(reserved, key, n);
        }
    }
    return has_row ? NULL : g_steal_pointer(&reserved);
}

/* Tell of entries whose series is not there: their numbers would be given again. */
static bool check_lost_series(const Verification *verification, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(verification->connection, error,
                    "SELECT e.ledger, e.year FROM (SELECT DISTINCT ledger, year FROM entry) e"
                    " LEFT JOIN number_series s ON s.ledger = e.ledger AND s.year = e.year"
                    " WHERE s.ledger IS NULL ORDER BY e.ledger, e.year",
                    "");
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        log_report_add(verification->report, LOG_MISSING, "series", 0, 0,
                       "the series of numbers of ledger %s, year %lld, is not there",
                       store_column_text(query, 0), (long long)store_column_int(query, 1));
    }
    return !has_row;
}

/* Each series has given as many numbers as it says: one to each entry that was recorded by itself,
 * and those that imports took, used or not. */
static bool check_series(const Verification *verification, GError **error)
{
    g_autoptr(GHashTable) reserved = count_reserved(verification->connection, error);
    if (reserved == NULL) {
        return false;
    }
    g_autoptr(StoreStatement) query =
        store_query(verification->connection, error,
                    "SELECT s.ledger, s.year, s.last, COALESCE(max(e.n), 0),"
                    " count(CASE WHEN e.batch = 0 THEN 1 END) FROM number_series s"
                    " LEFT JOIN entry e ON e.ledger = s.ledger AND e.year = s.year"
                    " GROUP BY s.ledger, s.year, s.last ORDER BY s.ledger, s.year",
                    "");
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        int64_t year = store_column_int(query, 1);
        int64_t last = store_column_int(query, 2);
        g_autofree char *key =
            g_strdup_printf("%s %" G_GINT64_FORMAT, store_column_text(query, 0), year);
        const int64_t *n_reserved = g_hash_table_lookup(reserved, key);
        int64_t n = store_column_int(query, 4) + (n_reserved != NULL ? *n_reserved : 0);
        if (n != last || store_column_int(query, 3) > last) {
            log_report_add(verification->report, LOG_ALTERED, "numbers", 0, 0,
                           "ledger %s, year %lld: the series stands at %lld, given were %lld",
                           store_column_text(query, 0), (long long)year, (long long)last,
                           (long long)n);
        }
    }
    return !has_row;
}

/* ---- evidence -------------------------------------------------------------------------------- */

/* One row of evidence. */
typedef struct File {
    int64_t id;
    int64_t size;
    char *sha256;
    char *name;
} File;

static void free_file(gpointer data)
{
    File *file = data;
    g_free(file->sha256);
    g_free(file->name);
    g_free(file);
}

/* Compare one file with its row; false where it cannot be read for a reason that says nothing of
 * it, such as rights. */
static bool check_file(const Verification *verification, const File *file, GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    int64_t size = 0;
    g_autoptr(GError) fault = NULL;
    if (strlen(file->sha256) != (size_t)2 * CRYPTO_HASH_SIZE) {
        return true; /* the row was altered, and that has been told */
    }
    g_autofree char *path = ledger_evidence_path(verification->office, file->sha256);
    if (!file_hash(path, hash, &size, &fault)) {
        bool is_missing = error_is(fault, SHUZHI_ERROR_NOT_FOUND);
        if (!is_missing && !error_is(fault, SHUZHI_ERROR_INVALID)) { /* says nothing of its bytes */
            error_prefix(&fault, "evidence %lld: its file cannot be read", (long long)file->id);
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        LogVerdict verdict = is_missing ? LOG_MISSING : LOG_ALTERED;
        error_prefix(&fault, "evidence %lld: its file cannot be read", (long long)file->id);
        log_report_take(verification->report, verdict, "evidence-unreadable", file->id, file->id,
                        g_steal_pointer(&fault));
        return true;
    }
    g_autofree char *hex = text_to_hex(hash, sizeof hash);
    if (!g_str_equal(hex, file->sha256) || size != file->size) {
        log_report_add(verification->report, LOG_ALTERED, "evidence", file->id, file->id,
                       "evidence %lld: the file %s was altered", (long long)file->id, path);
    }
    return true;
}

static GPtrArray *read_files(const Verification *verification, int64_t after, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        verification->connection, error,
        "SELECT id, size, sha256, name FROM evidence WHERE id > $1 ORDER BY id LIMIT $2", "ii",
        after, (int64_t)PAGE_FILES);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            File *file = g_new0(File, 1);
            file->id = store_column_int(query, 0);
            file->size = store_column_int(query, 1);
            file->sha256 = g_strdup(store_column_text(query, 2));
            file->name = g_strdup(store_column_text(query, 3));
            g_ptr_array_add(files, file);
        }
    }
    return query != NULL ? g_steal_pointer(&files) : NULL;
}

static bool check_files(const Verification *verification, GError **error)
{
    int64_t after = 0;
    for (;;) {
        g_autoptr(GPtrArray) files = read_files(verification, after, error);
        if (files == NULL || files->len == 0) {
            return files != NULL;
        }
        if (!g_file_test(office_files_path(verification->office), G_FILE_TEST_IS_DIR)) {
            log_report_add(verification->report, LOG_MISSING, "evidence-folder", 0, 0,
                           "the folder of the evidence, '%s', is not there",
                           office_files_path(verification->office));
            return true; /* once, not for each file */
        }
        for (guint i = 0; i < files->len; i++) {
            const File *file = g_ptr_array_index(files, i);
            if (!check_file(verification, file, error)) {
                return false;
            }
            after = file->id;
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Return the batches that say they were taken back, of int64_t. */
static GArray *list_undone(StoreConnection *connection, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT id FROM batch WHERE state = 'undone'", "");
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            int64_t id = store_column_int(query, 0);
            g_array_append_val(ids, id);
        }
    }
    return query != NULL ? g_steal_pointer(&ids) : NULL;
}

/* Note which batches were taken back, by their events: of others their row is told of. */
static bool read_undone(Verification *verification, GError **error)
{
    g_autoptr(GArray) ids = list_undone(verification->connection, error);
    verification->undone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        int64_t id = g_array_index(ids, int64_t, i);
        LedgerBatchLife life = {0};
        if (!ledger_batch_read_life(verification->connection, id, &life, error)) {
            return false;
        }
        if (life.undone_us != 0) {
            g_hash_table_insert(verification->undone, g_memdup2(&id, sizeof id),
                                g_memdup2(&life.undone_us, sizeof life.undone_us));
        }
    }
    return ids != NULL;
}

static void free_versions(gpointer versions)
{
    ledger_versions_free(versions);
}

static bool read_versions(Verification *verification, GError **error)
{
    verification->versions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_versions);
    for (guint i = 0; i < verification->tables->len; i++) {
        const LedgerTable *table = g_ptr_array_index(verification->tables, i);
        LedgerVersions *versions = ledger_versions_read(verification->connection, table, error);
        if (versions == NULL) {
            return false;
        }
        g_hash_table_insert(verification->versions, table->ledger->name, versions);
    }
    return true;
}

bool ledger_verify(Office *office, StoreConnection *connection, LogReport *report, GError **error)
{
    const GPtrArray *ledgers = office_schema(office)->ledgers;
    g_auto(Verification)
        verification = {.office = office, .connection = connection, .report = report};
    verification.tables = g_ptr_array_new();
    for (guint i = 0; i < ledgers->len; i++) {
        g_ptr_array_add(verification.tables, (gpointer)ledger_table(g_ptr_array_index(ledgers, i)));
    }
    return log_verify_table(connection, &ledger_batch_table, report, error) &&
           log_verify_table(connection, &ledger_evidence_table, report, error) &&
           log_verify_table(connection, &ledger_nothing_table, report, error) &&
           log_verify_table(connection, &ledger_view_table, report, error) &&
           read_versions(&verification, error) && read_undone(&verification, error) &&
           check_entries(&verification, error) && check_all_strays(&verification, error) &&
           check_lost_series(&verification, error) && check_series(&verification, error) &&
           check_files(&verification, error);
}
