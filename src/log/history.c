#include "log/history.h"

#include "store/store-value.h"

void log_event_free(LogEvent *event)
{
    if (event == NULL) {
        return;
    }
    g_free(event->actor);
    g_free(event->kind);
    g_free(event->line);
    g_free(event->values);
    g_free(event);
}

static void free_event(gpointer data)
{
    log_event_free(data);
}

/* Whether @line commits to fields: only then can they be missing because they were erased.  The
 * member stands at the top level; inside a string its quotes would be escaped. */
static bool has_fields(const char *line)
{
    return strstr(line, ",\"fields\":{") != NULL;
}

static LogEvent *read_event(StoreStatement *query)
{
    LogEvent *event = g_new0(LogEvent, 1);
    event->seq = store_column_int(query, 0);
    event->at_us = store_column_int(query, 1);
    event->object = store_column_int(query, 2);
    event->actor = g_strdup(store_column_text(query, 3));
    event->kind = g_strdup(store_column_text(query, 4));
    event->line = g_strdup(store_column_text(query, 5));
    event->values = g_strdup(store_column_text(query, 6));
    event->is_erased = event->values == NULL && has_fields(event->line);
    return event;
}

static GPtrArray *read_events(StoreStatement *query, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    bool has_row = false;
    while (store_step(query, &has_row, error)) {
        if (!has_row) {
            return g_steal_pointer(&events);
        }
        g_ptr_array_add(events, read_event(query));
    }
    return NULL;
}

#define EVENT_COLUMNS "e.seq, e.at, e.object, e.actor, e.kind, e.line, d.field_values"

json_t *log_line_parse(int64_t seq, const char *line, GError **error)
{
    json_t *json = json_parse(line, strlen(line), error);
    if (json == NULL) {
        error_prefix(error, "event %lld", (long long)seq);
        error_recode(error, SHUZHI_ERROR_CORRUPT);
    }
    return json;
}

GPtrArray *log_history(StoreConnection *connection, int64_t object, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq"
                    " WHERE e.seq = $1 AND e.object = $1"
                    " UNION ALL"
                    " SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq"
                    " WHERE e.object = $1 AND e.object <> e.seq ORDER BY 1",
                    "i", object);
    return query != NULL ? read_events(query, error) : NULL;
}

GPtrArray *log_history_of_many(StoreConnection *connection, int64_t after, int64_t until,
                               GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq"
                    " WHERE e.seq > $1 AND e.seq <= $2 AND e.object = e.seq"
                    " UNION ALL"
                    " SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq"
                    " WHERE e.object > $1 AND e.object <= $2 AND e.object <> e.seq ORDER BY 3, 1",
                    "ii", after, until);
    return query != NULL ? read_events(query, error) : NULL;
}

GPtrArray *log_events_after(StoreConnection *connection, int64_t after, int64_t limit,
                            GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq"
                    " WHERE e.seq > $1 ORDER BY e.seq LIMIT $2",
                    "ii", after, limit);
    return query != NULL ? read_events(query, error) : NULL;
}

/* A statement being put together: its text, and what its $n are bound to (of Value). */
typedef struct Search {
    GString *sql;
    GArray *values;
} Search;

/* Append @before, the parameter that @value is bound to, and @after. */
static void add_condition(Search *search, const char *before, Value value, const char *after)
{
    g_array_append_val(search->values, value);
    g_string_append_printf(search->sql, "%s$%u%s", before, search->values->len, after);
}

/* "entry." is everything from there to "entry/", as '/' comes after '.'.  The index of kinds has no
 * "entry.add", and serves who says that it is not asked for; of many kinds it gives the seqs alone,
 * so that only those shown are read. */
static void add_kind(Search *search, const char *kind)
{
    bool is_by_index = !g_str_has_prefix("entry.add", kind);
    if (!g_str_has_suffix(kind, ".")) {
        g_string_append(search->sql, is_by_index ? " AND e.kind <> 'entry.add'" : "");
        add_condition(search, " AND e.kind = ", value_text(kind), "");
        return;
    }
    g_autofree char *end = g_strdup(kind);
    end[strlen(end) - 1] = '/';
    g_string_append(search->sql, is_by_index ? " AND e.seq IN (SELECT e.seq FROM event e"
                                               " WHERE e.kind <> 'entry.add'"
                                             : "");
    add_condition(search, " AND e.kind >= ", value_text(kind), "");
    add_condition(search, " AND e.kind < ", value_text(end), is_by_index ? ")" : "");
}

static void add_filter(Search *search, const LogFilter *filter)
{
    if (filter->kind != NULL) {
        add_kind(search, filter->kind);
    }
    if (filter->actor != NULL) {
        add_condition(search, " AND e.actor = ", value_text(filter->actor), "");
    }
    if (filter->object != 0) { /* by the index of history, which has no first events */
        add_condition(search, " AND (e.seq = ", value_number(filter->object), " OR e.seq IN");
        add_condition(search,
                      " (SELECT seq FROM event WHERE object = ", value_number(filter->object),
                      " AND object <> seq))");
    }
    if (filter->from_us != 0) {
        add_condition(search, " AND e.at >= ", value_number(filter->from_us), "");
    }
    if (filter->to_us != 0) {
        add_condition(search, " AND e.at < ", value_number(filter->to_us), "");
    }
}

static void clear_value(gpointer value)
{
    value_clear(value);
}

GPtrArray *log_events_before(StoreConnection *connection, const LogFilter *filter, int64_t before,
                             int64_t limit, GError **error)
{
    g_autoptr(GString) sql =
        g_string_new("SELECT " EVENT_COLUMNS " FROM event e LEFT JOIN detail d ON d.seq = e.seq");
    g_autoptr(GArray) values = g_array_new(false, false, sizeof(Value));
    Search search = {sql, values};
    g_array_set_clear_func(values, clear_value);
    add_condition(&search, " WHERE e.seq < ", value_number(before), "");
    add_filter(&search, filter);
    add_condition(&search, " ORDER BY e.seq DESC LIMIT ", value_number(limit), "");
    g_autoptr(StoreStatement) query = store_prepare(connection, sql->str, error);
    for (guint i = 0; query != NULL && i < values->len; i++) {
        store_bind_value(query, (int)i + 1, &g_array_index(values, Value, i));
    }
    return query != NULL ? read_events(query, error) : NULL;
}

bool log_head(StoreConnection *connection, int64_t *ret_size, uint8_t ret_root[CRYPTO_HASH_SIZE],
              GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT size, root FROM head WHERE k = 0", "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    size_t length = 0;
    const uint8_t *root = has_row ? store_column_bytes(query, 1, &length) : NULL;
    if (has_row && length != CRYPTO_HASH_SIZE) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "the log's head has a root of %zu bytes", length);
        return false;
    }
    if (ret_root != NULL) {
        if (has_row) {
            memcpy(ret_root, root, length);
        } else {
            crypto_hash("", 0, ret_root);
        }
    }
    *ret_size = has_row ? store_column_int(query, 0) : 0;
    return true;
}
