#include "log/verify-table.h"

#include "store/store-value.h"

/* Compare the value @name of the row @id, whose text is @stored ("" when empty), with the fold of
 * its events; an erased one must be empty. */
static void check_value(const LogFold *fold, const LogTable *table, int64_t id, const char *name,
                        const char *stored, LogReport *report)
{
    g_autofree char *words = log_table_words(table);
    if (log_fold_is_erased(fold, name)) {
        if (*stored != '\0') {
            log_report_add(report, LOG_ALTERED, "value-not-erased", 0, id,
                           "%s %lld: '%s' was erased, but has a value", words, (long long)id, name);
        }
        return;
    }
    const char *logged = log_fold_get(fold, name);
    if (g_strcmp0(logged != NULL ? logged : "", stored) != 0) {
        log_report_add(report, LOG_ALTERED, "value", 0, id, "%s %lld: '%s' is not what was logged",
                       words, (long long)id, name);
    }
}

/* Compare the row @id; *@n_standing counts those that an event began and none took away. */
static bool check_row(StoreConnection *connection, const LogTable *table, int64_t id,
                      const Value *values, int64_t *n_standing, LogReport *report, GError **error)
{
    g_autoptr(LogFold) fold = log_fold_object(connection, id, error);
    if (fold == NULL) {
        return false;
    }
    g_autofree char *first = g_strconcat(table->kind, ".add", NULL);
    if (g_strcmp0(log_fold_first_kind(fold), first) != 0) {
        g_autofree char *words = log_table_words(table);
        log_report_add(report, LOG_ALTERED, "row-unlogged", 0, id,
                       "%s %lld has no event that began it", words, (long long)id);
        return true;
    }
    g_autofree char *last = g_strconcat(table->kind, ".remove", NULL);
    if (g_strcmp0(log_fold_last_kind(fold), last) == 0) {
        g_autofree char *words = log_table_words(table);
        log_report_add(report, LOG_ALTERED, "row-removed", 0, id,
                       "%s %lld is there, but an event took it away", words, (long long)id);
        return true;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        g_autofree char *stored = value_to_canonical(&values[i]);
        check_value(fold, table, id, table->columns[i].name, stored, report);
    }
    (*n_standing)++;
    return true;
}

/* Name the rows of @table that are not there, though the log says they are.  Reads all events. */
static bool find_missing(StoreConnection *connection, const LogTable *table, const char *added,
                         const char *removed, LogReport *report, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT e.seq FROM event e WHERE e.kind = $1"
                                          " AND NOT EXISTS (SELECT 1 FROM event r WHERE r.object ="
                                          " e.seq AND r.object <> r.seq AND r.kind = $2)"
                                          " AND NOT EXISTS (SELECT 1 FROM ");
    store_append_identifier(sql, table->name);
    g_string_append(sql, " t WHERE t.id = e.seq) ORDER BY e.seq LIMIT $3");
    g_autoptr(StoreStatement) query =
        store_query(connection, error, sql->str, "tti", added, removed, (int64_t)LOG_MAX_FINDINGS);
    g_autofree char *words = log_table_words(table);
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        int64_t id = store_column_int(query, 0);
        log_report_add(report, LOG_MISSING, "row-missing", id, id, "%s %lld is missing", words,
                       (long long)id);
    }
    return !has_row;
}

/* A page of rows, read whole before their events are: a connection serves one result at a time. */
typedef struct Row {
    int64_t id;
    Value *values;
    size_t n;
} Row;

static void free_row(gpointer data)
{
    Row *row = data;
    for (size_t i = 0; i < row->n; i++) {
        value_clear(&row->values[i]);
    }
    g_free(row->values);
    g_free(row);
}

static GPtrArray *read_page(StoreConnection *connection, const LogTable *table, int64_t after,
                            GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT id");
    log_append_columns(sql, table);
    g_string_append(sql, " FROM ");
    store_append_identifier(sql, table->name);
    g_string_append(sql, " WHERE id > $1 ORDER BY id LIMIT 1000");
    g_autoptr(StoreStatement) query = store_query(connection, error, sql->str, "i", after);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        Row *row = g_new0(Row, 1);
        row->id = store_column_int(query, 0);
        row->n = table->n_columns;
        row->values = g_new0(Value, table->n_columns);
        for (size_t i = 0; i < table->n_columns; i++) {
            row->values[i] = store_column_value(query, (int)i + 1, table->columns[i].kind);
        }
        g_ptr_array_add(rows, row);
    }
    return has_row ? NULL : g_steal_pointer(&rows);
}

bool log_verify_table(StoreConnection *connection, const LogTable *table, LogReport *report,
                      GError **error)
{
    int64_t n_rows = 0;
    int64_t n_standing = 0;
    int64_t after = 0;
    if (!log_verify_ids(connection, table->name, "id", report, error)) {
        return false;
    }
    for (;;) {
        g_autoptr(GPtrArray) rows = read_page(connection, table, after, error);
        if (rows == NULL) {
            return false;
        }
        if (rows->len == 0) {
            break;
        }
        for (guint i = 0; i < rows->len; i++) {
            const Row *row = g_ptr_array_index(rows, i);
            if (row->id == after) { /* ids begin with 1 */
                g_autofree char *words = log_table_words(table);
                log_report_add(report, LOG_ALTERED, "row-twice", 0, row->id,
                               "%s %lld is there twice", words, (long long)row->id);
            }
            after = row->id;
            if (!check_row(connection, table, row->id, row->values, &n_standing, report, error)) {
                return false;
            }
        }
        n_rows += rows->len;
    }
    g_autofree char *added = g_strconcat(table->kind, ".add", NULL);
    g_autofree char *removed = g_strconcat(table->kind, ".remove", NULL);
    int64_t expected = log_report_count(report, added) - log_report_count(report, removed);
    report->n_objects += n_rows;
    return n_standing == expected || find_missing(connection, table, added, removed, report, error);
}
