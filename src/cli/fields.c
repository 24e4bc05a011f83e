#include "cli/fields.h"

#include "ledger/assignment.h"
#include "ledger/wall.h"

static bool parse_value(const CliSession *session, LedgerNames *names, const SchemaField *field,
                        const char *text, Value *ret_value, GError **error)
{
    if (field->kind == SCHEMA_FIELD_FILE) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' holds files; 'shuzhi entry attach' puts them there", field->name);
        return false;
    }
    return ledger_field_parse(field, text, names, office_offset_seconds(session->office),
                              date_year(cli_session_today(session)), ret_value, error);
}

/* Refuse what is assigned once more: which of the two is meant nobody can tell. */
static bool check_first(const SchemaField *field, bool is_given, GError **error)
{
    if (is_given) {
        error_set(error, SHUZHI_ERROR_INVALID, "the field '%s' is given twice", field->name);
    }
    return !is_given;
}

static bool parse_word(const CliSession *session, LedgerNames *names, const char *word,
                       LedgerInput *input, GError **error)
{
    const SchemaField *field = NULL;
    const char *text = NULL;
    if (!ledger_assignment_split(input->ledger->fields, word, &field, &text, error)) {
        return false;
    }
    if (field->kind == SCHEMA_FIELD_ROWS && *text != '\0') {
        return ledger_assignment_add_rows(input, field, text, names,
                                          office_offset_seconds(session->office),
                                          date_year(cli_session_today(session)), error);
    }
    Value value = VALUE_EMPTY;
    if (!check_first(field, input->is_given[field->position], error)) {
        return false;
    }
    if (*text != '\0' && !parse_value(session, names, field, text, &value, error)) {
        return false;
    }
    ledger_input_set(input, field, value);
    return true;
}

LedgerInput *cli_fields_parse(CliContext *context, const CliSession *session, LedgerNames *names,
                              const SchemaLedger *ledger, guint first, GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    for (guint i = first; i < context->operands->len; i++) {
        if (!parse_word(session, names, cli_operand(context, i), input, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&input);
}

/* ---- as people read them --------------------------------------------------------------------- */

char *cli_field_to_text(const CliContext *context, const CliSession *session, LedgerNames *names,
                        const LedgerEntry *entry, const SchemaField *field, bool with_personal)
{
    int offset_seconds = office_offset_seconds(session->office);
    return field->kind == SCHEMA_FIELD_ROWS
               ? ledger_wall_rows_text(field, entry->rows[field->position], names, offset_seconds,
                                       context->language, with_personal)
               : ledger_field_format(field, &entry->values[field->position], names, offset_seconds,
                                     context->language);
}
