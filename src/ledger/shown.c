#include "ledger/shown.h"

#include "ledger/evidence.h"
#include "ledger/wall.h"

/* Before whose eyes the fields of an event of an entry pass. */
typedef struct Wall {
    const SchemaLedger *ledger;
    const LedgerVersions *versions;
    bool with_personal;
    int64_t seq; /* of the event */
} Wall;

static bool may_show(const char *name, void *data)
{
    const Wall *wall = data;
    return !ledger_wall_hides_logged(wall->ledger, wall->versions, name, wall->seq,
                                     wall->with_personal);
}

/* Add to @ids the evidence that @event, of an entry, attached by a rule. */
static bool note_attached(const LogEvent *event, GArray *ids, GError **error)
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

/* Add to @ids the evidence in those fields of @event that are opened. */
static bool note_in_fields(const LogEvent *event, const Wall *wall, GArray *ids, GError **error)
{
    if (event->values == NULL) {
        return true;
    }
    g_autoptr(json_t) values = json_parse(event->values, strlen(event->values), error);
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(values, name, value)
    {
        const SchemaField *field = schema_ledger_field(wall->ledger, name);
        if (field != NULL && field->kind == SCHEMA_FIELD_FILE && json_is_string(value) &&
            ledger_versions_have(wall->versions, field, event->seq) &&
            may_show(name, (void *)wall)) {
            g_autoptr(GArray) files = ledger_evidence_ids(json_string_value(value));
            g_array_append_vals(ids, files->data, files->len);
        }
    }
    return values != NULL;
}

/* Write the event that added the evidence @id, unless it is written: its line has the file's
 * SHA-256.  The file's name stays closed. */
static bool write_file(LedgerShowing *showing, int64_t id, GError **error)
{
    if (!g_hash_table_add(showing->files, g_memdup2(&id, sizeof id))) {
        return true;
    }
    g_autoptr(GPtrArray) events = log_events_after(showing->connection, id - 1, 1, error);
    return events != NULL &&
           (events->len == 0 || log_shown_write(showing->connection, g_ptr_array_index(events, 0),
                                                NULL, NULL, showing->json, error));
}

void ledger_showing_init(LedgerShowing *showing, StoreConnection *connection, JsonWriter *json)
{
    showing->connection = connection;
    showing->json = json;
    showing->files = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    showing->versions =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)ledger_versions_free);
}

void ledger_showing_clear(LedgerShowing *showing)
{
    g_clear_pointer(&showing->files, g_hash_table_unref);
    g_clear_pointer(&showing->versions, g_hash_table_unref);
}

/* Return the versions of @ledger, read once; borrowed. */
static const LedgerVersions *versions_of(LedgerShowing *showing, const SchemaLedger *ledger,
                                         GError **error)
{
    LedgerVersions *versions = g_hash_table_lookup(showing->versions, ledger);
    if (versions == NULL) {
        versions = ledger_versions_read(showing->connection, ledger_table(ledger), error);
        if (versions != NULL) {
            g_hash_table_insert(showing->versions, (gpointer)ledger, versions);
        }
    }
    return versions;
}

bool ledger_shown_write(LedgerShowing *showing, const LedgerEntry *entry, bool with_personal,
                        GError **error)
{
    const LedgerVersions *versions = versions_of(showing, entry->ledger, error);
    g_autoptr(GPtrArray) events =
        versions != NULL ? log_history(showing->connection, entry->id, error) : NULL;
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(int64_t));
    Wall wall = {.ledger = entry->ledger, .versions = versions, .with_personal = with_personal};
    for (guint i = 0; events != NULL && i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        wall.seq = event->seq;
        if (!log_shown_write(showing->connection, event, may_show, &wall, showing->json, error) ||
            !note_attached(event, files, error) || !note_in_fields(event, &wall, files, error)) {
            return false;
        }
    }
    for (guint i = 0; i < files->len; i++) {
        if (!write_file(showing, g_array_index(files, int64_t, i), error)) {
            return false;
        }
    }
    return events != NULL;
}

bool ledger_shown_write_closed(LedgerShowing *showing, int64_t object, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(showing->connection, object, error);
    for (guint i = 0; events != NULL && i < events->len; i++) {
        if (!log_shown_write(showing->connection, g_ptr_array_index(events, i), NULL, NULL,
                             showing->json, error)) {
            return false;
        }
    }
    return events != NULL;
}
