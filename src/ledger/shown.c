#include "ledger/shown.h"

#include "ledger/wall.h"

/* Before whose eyes the fields of an entry's events pass. */
typedef struct Wall {
    const SchemaLedger *ledger;
    bool with_personal;
} Wall;

static bool may_show(const char *name, void *data)
{
    const Wall *wall = data;
    return !ledger_wall_hides_named(wall->ledger, name, wall->with_personal);
}

/* Add to @ids the evidence that @event, of an entry, attached. */
static bool note_evidence(const LogEvent *event, GArray *ids, GError **error)
{
    if (!g_str_equal(event->kind, "entry.attach")) {
        return true;
    }
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), error);
    const char *name = NULL;
    json_t *attached = NULL;
    json_object_foreach(json_object_get(line, "data"), name, attached)
    {
        for (size_t i = 0; i < json_array_size(attached); i++) {
            int64_t id = json_integer_value(json_array_get(attached, i));
            g_array_append_val(ids, id);
        }
    }
    return line != NULL;
}

/* Write the event that added the evidence @id: its line has the file's SHA-256.  The file's name
 * stays closed. */
static bool write_evidence(StoreConnection *connection, int64_t id, JsonWriter *json,
                           GError **error)
{
    g_autoptr(GPtrArray) events = log_events_after(connection, id - 1, 1, error);
    return events != NULL &&
           (events->len == 0 ||
            log_shown_write(connection, g_ptr_array_index(events, 0), NULL, NULL, json, error));
}

bool ledger_shown_write(StoreConnection *connection, const LedgerEntry *entry, bool with_personal,
                        JsonWriter *json, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, entry->id, error);
    g_autoptr(GArray) evidence = g_array_new(false, false, sizeof(int64_t));
    Wall wall = {.ledger = entry->ledger, .with_personal = with_personal};
    for (guint i = 0; events != NULL && i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        if (!log_shown_write(connection, event, may_show, &wall, json, error) ||
            !note_evidence(event, evidence, error)) {
            return false;
        }
    }
    for (guint i = 0; i < evidence->len; i++) {
        if (!write_evidence(connection, g_array_index(evidence, int64_t, i), json, error)) {
            return false;
        }
    }
    return events != NULL;
}
