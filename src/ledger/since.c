#include "ledger/since.h"

#include "base/json.h"
#include "ledger/versions.h"
#include "log/history.h"

static void free_since(gpointer data)
{
    LedgerSince *since = data;
    g_free(since->before);
    g_free(since->actor);
    g_free(since);
}

/* Lay what @event made of the field @since; an entry's values of an event that is forgotten are not
 * known, and its fields count as they were. */
static void lay(LedgerSince *since, const LogEvent *event, const char *canonical, bool is_seen)
{
    if (is_seen) {
        g_free(since->before);
        since->before = *canonical != '\0' ? g_strdup(canonical) : NULL;
        return;
    }
    since->is_changed = true;
    g_free(since->actor);
    since->actor = g_strdup(event->actor);
    since->at_us = event->at_us;
}

/* Return the version that @event made the entry; @version, as it was, where it made none. */
static int64_t version_after(const LogEvent *event, int64_t version)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    const json_t *made = json_object_get(json_object_get(line, "data"), "version");
    return json_is_integer(made) ? json_integer_value(made) : version;
}

GPtrArray *ledger_since(StoreConnection *connection, const LedgerEntry *entry, int64_t version,
                        GError **error)
{
    const GPtrArray *fields = entry->ledger->fields;
    g_autoptr(LedgerVersions) versions =
        ledger_versions_read(connection, ledger_table(entry->ledger), error);
    g_autoptr(GPtrArray) events =
        versions != NULL ? log_history(connection, entry->id, error) : NULL;
    if (events == NULL) {
        return NULL;
    }
    GPtrArray *all = g_ptr_array_new_with_free_func(free_since);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(all, g_new0(LedgerSince, 1));
    }
    int64_t at = 0;
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        at = version_after(event, at);
        g_autoptr(json_t) values =
            event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
        for (guint j = 0; j < fields->len; j++) {
            const SchemaField *field = g_ptr_array_index(fields, j);
            const char *canonical = json_string_value(json_object_get(values, field->name));
            g_autofree char *left =
                canonical != NULL ? ledger_versions_left(versions, field, event->seq, canonical)
                                  : NULL;
            if (left != NULL) {
                lay(g_ptr_array_index(all, field->position), event, left, at <= version);
            }
        }
    }
    return all;
}

bool ledger_since_is_typed(const LedgerSince *since, const LedgerInput *input,
                           const SchemaField *field)
{
    if (!input->is_given[field->position]) {
        return false;
    }
    g_autofree char *typed = ledger_input_field(input, field);
    return g_strcmp0(typed, since->before) != 0;
}
