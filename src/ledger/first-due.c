#include "ledger/first-due.h"

#include "base/json.h"
#include "log/history.h"

#define FILLED_AT_ONCE 1000 /* entries in one transaction */

int64_t ledger_first_due(int64_t first_us, int64_t due_us)
{
    return first_us != due_us ? first_us : 0;
}

/* Lay the deadline that @event gives, if it gives one, over *@first_us and *@due_us.  A line that
 * cannot be read gives none: verification tells of it. */
static void lay_over(const LogEvent *event, int64_t *first_us, int64_t *due_us)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    const json_t *due = json_object_get(json_object_get(line, "data"), "due");
    if (due != NULL && g_str_has_prefix(event->kind, "entry.")) {
        *due_us = json_integer_value(due);
        *first_us = *first_us != 0 ? *first_us : *due_us;
    }
}

static bool fill_one(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, id, error);
    int64_t first_us = 0;
    int64_t due_us = 0;
    for (guint i = 0; events != NULL && i < events->len; i++) {
        lay_over(g_ptr_array_index(events, i), &first_us, &due_us);
    }
    return events != NULL &&
           store_run(connection, error,
                     "UPDATE entry SET due_first = NULLIF(CAST($2 AS bigint), 0) WHERE id = $1",
                     "ii", id, ledger_first_due(first_us, due_us));
}

/* Append to @ids entries that are not asked yet, some of them. */
static bool find_unfilled(StoreConnection *connection, GArray *ids, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id FROM entry WHERE due_first = -1 ORDER BY due_first, id LIMIT $1",
                    "i", (int64_t)FILLED_AT_ONCE);
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        int64_t id = store_column_int(query, 0);
        g_array_append_val(ids, id);
    }
    return query != NULL && !has_row;
}

/* Fill some; @data is the array of their ids. */
static bool fill_some(StoreConnection *connection, void *data, GError **error)
{
    const GArray *ids = data;
    for (guint i = 0; i < ids->len; i++) {
        if (!fill_one(connection, g_array_index(ids, int64_t, i), error)) {
            return false;
        }
    }
    return true;
}

bool ledger_first_dues_fill(Office *office, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    do {
        g_array_set_size(ids, 0);
        g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
        if (reader == NULL || !find_unfilled(reader, ids, error)) {
            return false;
        }
        if (ids->len > 0 && !store_write(office_store(office), fill_some, ids, error)) {
            return false;
        }
    } while (ids->len > 0);
    return true;
}
