#include "ledger/input.h"

#include "ledger/row.h"

LedgerInput *ledger_input_new(const SchemaLedger *ledger)
{
    LedgerInput *input = g_new0(LedgerInput, 1);
    input->ledger = ledger;
    input->values = g_new0(Value, ledger->fields->len);
    input->rows = g_new0(LedgerRows *, ledger->fields->len);
    input->is_given = g_new0(bool, ledger->fields->len);
    return input;
}

void ledger_input_free(LedgerInput *input)
{
    if (input == NULL) {
        return;
    }
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        value_clear(&input->values[i]);
        ledger_rows_free(input->rows[i]);
    }
    g_free(input->values);
    g_free(input->rows);
    g_free(input->is_given);
    g_free(input->extra);
    g_free(input);
}

void ledger_input_set(LedgerInput *input, const SchemaField *field, Value value)
{
    value_clear(&input->values[field->position]);
    input->values[field->position] = value;
    input->is_given[field->position] = true;
}

char *ledger_input_field(const LedgerInput *input, const SchemaField *field)
{
    const Value *value = &input->values[field->position];
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return ledger_rows_to_canonical(input->rows[field->position]);
    }
    return value_is_empty(value) ? NULL : value_to_canonical(value);
}

void ledger_input_add_row(LedgerInput *input, const SchemaField *field, const Value *values)
{
    LedgerRows **rows = &input->rows[field->position];
    if (*rows == NULL) {
        *rows = ledger_rows_new(field->fields->len);
    }
    ledger_rows_append(*rows, values);
    input->is_given[field->position] = true;
}

void ledger_input_lay_over(const LedgerInput *input, LedgerEntry *entry)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        if (!input->is_given[i]) {
            continue;
        }
        value_clear(&entry->values[i]);
        entry->values[i] = value_copy(&input->values[i]);
        g_clear_pointer(&entry->rows[i], ledger_rows_free);
        if (input->rows[i] != NULL) {
            entry->rows[i] = ledger_rows_copy(input->rows[i]);
        }
    }
    if (input->extra != NULL) {
        g_free(entry->extra);
        entry->extra = g_strdup(input->extra);
    }
}
