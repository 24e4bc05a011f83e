#include "ledger/event.h"

#include "base/json.h"
#include "ledger/system-column.h"

char *ledger_event_member(const LedgerEntry *entry, const char *name)
{
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        const LedgerSystemColumn *column = &ledger_system_columns[i];
        if (g_str_equal(column->name, name)) {
            const char *text = ledger_system_text(entry, column);
            int64_t number = ledger_system_int(entry, column);
            return number != 0 ? g_strdup_printf("%lld", (long long)number)
                               : g_strdup(text != NULL ? text : "");
        }
    }
    g_assert_not_reached();
}

static void write_member(JsonWriter *json, const LedgerSystemColumn *column,
                         const LedgerEntry *before, const LedgerEntry *entry)
{
    int64_t number = ledger_system_int(entry, column);
    const char *text = ledger_system_text(entry, column);
    int64_t number_before = before != NULL ? ledger_system_int(before, column) : 0;
    const char *text_before = before != NULL ? ledger_system_text(before, column) : NULL;
    if (number == number_before && g_strcmp0(text, text_before) == 0) {
        return;
    }
    json_write_key(json, column->name);
    if (number != 0) {
        json_write_int(json, number);
    } else {
        json_write_text(json, text); /* null where it is empty */
    }
}

char *ledger_event_data(const LedgerEntry *before, const LedgerEntry *entry, const char *extra,
                        const char *extra_json)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        const LedgerSystemColumn *column = &ledger_system_columns[i];
        if ((column->where & LEDGER_SYSTEM_IN_EVENT) != 0) {
            write_member(&json, column, before, entry);
        } else if (column->kind == LEDGER_SYSTEM_BESIDE && extra_json != NULL &&
                   g_str_equal(column->name, extra)) {
            json_write_key(&json, extra);
            json_write_raw(&json, extra_json);
        }
    }
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

char *ledger_event_field(const LedgerEntry *entry, const SchemaField *field)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return ledger_rows_to_canonical(entry->rows[field->position]);
    }
    const Value *value = &entry->values[field->position];
    return value_is_empty(value) ? NULL : value_to_canonical(value);
}

/* Add a field that differs; one that was emptied is committed to as "". */
static void add_field(LogFields *fields, const char *name, const char *before, const char *now)
{
    if (g_strcmp0(before, now) != 0) {
        log_fields_add(fields, name, now != NULL ? now : "");
    }
}

LogFields *ledger_event_fields(const LedgerTable *table, const LedgerEntry *before,
                               const LedgerEntry *entry, Source *source)
{
    LogFields *fields = log_fields_new(source);
    add_field(fields, LEDGER_EXTRA_FIELD, before != NULL ? before->extra : NULL, entry->extra);
    for (guint i = 0; i < table->sorted->len; i++) {
        const SchemaField *field = g_ptr_array_index(table->sorted, i);
        g_autofree char *was = before != NULL ? ledger_event_field(before, field) : NULL;
        g_autofree char *now = ledger_event_field(entry, field);
        add_field(fields, field->name, was, now);
    }
    return fields;
}
