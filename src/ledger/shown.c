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

bool ledger_shown_write(StoreConnection *connection, const LedgerEntry *entry, bool with_personal,
                        JsonWriter *json, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, entry->id, error);
    Wall wall = {.ledger = entry->ledger, .with_personal = with_personal};
    for (guint i = 0; events != NULL && i < events->len; i++) {
        if (!log_shown_write(connection, g_ptr_array_index(events, i), may_show, &wall, json,
                             error)) {
            return false;
        }
    }
    return events != NULL;
}
