#include "ledger/system-column.h"

#include <stddef.h>

enum {
    IN_ENTRY = LEDGER_SYSTEM_IN_ENTRY,
    IN_TYPED = LEDGER_SYSTEM_IN_TYPED,
    IN_EVENT = LEDGER_SYSTEM_IN_EVENT,
    IN_LIST = LEDGER_SYSTEM_IN_LIST,
};

#define AT(member) offsetof(LedgerEntry, member)

const LedgerSystemColumn ledger_system_columns[LEDGER_N_SYSTEM_COLUMNS] = {
    {"added", LEDGER_SYSTEM_INT, IN_TYPED | IN_LIST, AT(added_us)},
    {"batch", LEDGER_SYSTEM_INT, IN_ENTRY | IN_TYPED | IN_EVENT, AT(batch)},
    {"changed", LEDGER_SYSTEM_INT, IN_ENTRY, AT(changed_us)},
    {"clock", LEDGER_SYSTEM_TEXT, IN_TYPED | IN_EVENT, AT(clock)},
    {"definition", LEDGER_SYSTEM_INT, IN_ENTRY | IN_EVENT, AT(definition)},
    {"due", LEDGER_SYSTEM_OPTIONAL, IN_TYPED | IN_EVENT | IN_LIST, AT(due_us)},
    {"due_first", LEDGER_SYSTEM_OPTIONAL, IN_ENTRY | IN_LIST, AT(due_first_us)},
    {"due_provisional", LEDGER_SYSTEM_BOOL, IN_TYPED | IN_EVENT | IN_LIST, AT(is_due_provisional)},
    {"extra", LEDGER_SYSTEM_TEXT, IN_TYPED, AT(extra)},
    {"gone", LEDGER_SYSTEM_TEXT, IN_ENTRY, AT(gone)},
    {"ledger", LEDGER_SYSTEM_LEDGER, IN_EVENT, 0},
    {"moved", LEDGER_SYSTEM_BESIDE, 0, 0},
    {"n", LEDGER_SYSTEM_INT, IN_ENTRY | IN_EVENT, AT(n)},
    {"number", LEDGER_SYSTEM_TEXT, IN_ENTRY | IN_EVENT | IN_LIST, AT(number)},
    {"opened", LEDGER_SYSTEM_INT, IN_TYPED | IN_EVENT | IN_LIST, AT(opened_us)},
    {"owner", LEDGER_SYSTEM_TEXT, IN_TYPED | IN_EVENT | IN_LIST, AT(owner)},
    {"state", LEDGER_SYSTEM_TEXT, IN_TYPED | IN_EVENT | IN_LIST, AT(state)},
    {"step", LEDGER_SYSTEM_BESIDE, 0, 0},
    {"stepped", LEDGER_SYSTEM_INT, IN_TYPED | IN_EVENT, AT(stepped_us)},
    {"steps", LEDGER_SYSTEM_BESIDE, 0, 0},
    {"stopped", LEDGER_SYSTEM_OPTIONAL, IN_TYPED | IN_EVENT | IN_LIST, AT(stopped_us)},
    {"title", LEDGER_SYSTEM_TEXT, IN_ENTRY | IN_LIST, AT(title)},
    {"unit", LEDGER_SYSTEM_INT, IN_TYPED | IN_EVENT | IN_LIST, AT(unit)},
    {"version", LEDGER_SYSTEM_INT, IN_ENTRY | IN_EVENT, AT(version)},
    {"year", LEDGER_SYSTEM_INT, IN_ENTRY | IN_EVENT, AT(year)},
};

static void *place_of(const LedgerEntry *entry, const LedgerSystemColumn *column)
{
    return (char *)entry + column->offset;
}

int64_t ledger_system_int(const LedgerEntry *entry, const LedgerSystemColumn *column)
{
    switch (column->kind) {
    case LEDGER_SYSTEM_INT:
    case LEDGER_SYSTEM_OPTIONAL:
        return *(const int64_t *)place_of(entry, column);
    case LEDGER_SYSTEM_BOOL:
        return *(const bool *)place_of(entry, column) ? 1 : 0;
    case LEDGER_SYSTEM_TEXT:
    case LEDGER_SYSTEM_LEDGER:
    case LEDGER_SYSTEM_BESIDE:
        return 0;
    }
    g_assert_not_reached();
}

const char *ledger_system_text(const LedgerEntry *entry, const LedgerSystemColumn *column)
{
    if (column->kind == LEDGER_SYSTEM_LEDGER) {
        return entry->ledger->name;
    }
    return column->kind == LEDGER_SYSTEM_TEXT ? *(char *const *)place_of(entry, column) : NULL;
}

void ledger_system_give(const LedgerEntry *entry, const LedgerSystemColumn *column, StoreCell *cell)
{
    int64_t value = ledger_system_int(entry, column);
    if (column->kind == LEDGER_SYSTEM_TEXT) {
        store_cell_set_text(cell, ledger_system_text(entry, column));
    } else if (column->kind == LEDGER_SYSTEM_OPTIONAL && value == 0) {
        store_cell_set_null(cell);
    } else {
        store_cell_set_int(cell, value);
    }
}

void ledger_system_take(LedgerEntry *entry, const LedgerSystemColumn *column, StoreStatement *query,
                        int at)
{
    switch (column->kind) {
    case LEDGER_SYSTEM_INT:
    case LEDGER_SYSTEM_OPTIONAL:
        *(int64_t *)place_of(entry, column) = store_column_int(query, at);
        return;
    case LEDGER_SYSTEM_BOOL:
        *(bool *)place_of(entry, column) = store_column_int(query, at) != 0;
        return;
    case LEDGER_SYSTEM_TEXT:
        *(char **)place_of(entry, column) = g_strdup(store_column_text(query, at));
        return;
    case LEDGER_SYSTEM_LEDGER:
    case LEDGER_SYSTEM_BESIDE:
        break;
    }
    g_assert_not_reached();
}
