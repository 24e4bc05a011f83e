#include "cli/fields.h"

#include "base/text.h"
#include "ledger/wall.h"

/* Return the field of @fields that @name names, by name or by words; NULL when there is none. */
static const SchemaField *find_field(const GPtrArray *fields, const char *name)
{
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (g_str_equal(field->name, name) || g_str_equal(field->words.zh, name) ||
            g_strcmp0(field->words.en, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static void fail_unknown(const GPtrArray *fields, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(names, ((const SchemaField *)g_ptr_array_index(fields, i))->name);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = text_nearest(name, (const char *const *)names->pdata);
    g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
    if (nearest != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no field '%s', did you mean '%s'?", name,
                  nearest);
    } else {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no field '%s'; there are: %s", name, all);
    }
}

/* Cut @word at its first '='; *@ret_field is the field before it. */
static bool split(const GPtrArray *fields, const char *word, const SchemaField **ret_field,
                  const char **ret_value, GError **error)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not FIELD=VALUE", word);
        return false;
    }
    g_autofree char *name = g_strndup(word, (gsize)(equals - word));
    *ret_field = find_field(fields, name);
    *ret_value = equals + 1;
    if (*ret_field == NULL) {
        fail_unknown(fields, name, error);
    }
    return *ret_field != NULL;
}

static bool parse_value(const CliSession *session, LedgerNames *names, const SchemaField *field,
                        const char *text, Value *ret_value, GError **error)
{
    if (field->kind == SCHEMA_FIELD_FILE) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' holds files; 'shuzhi entry attach' puts them there", field->name);
        return false;
    }
    if (!ledger_field_parse(field, text, names, office_offset_seconds(session->office),
                            date_year(cli_session_today(session)), ret_value, error)) {
        error_prefix(error, "field '%s'", field->name);
        return false;
    }
    return true;
}

/* Refuse what is assigned once more: which of the two is meant nobody can tell. */
static bool check_first(const SchemaField *field, bool is_given, GError **error)
{
    if (is_given) {
        error_set(error, SHUZHI_ERROR_INVALID, "the field '%s' is given twice", field->name);
    }
    return !is_given;
}

/* Add the row that @text, "CHILD=VALUE;CHILD=VALUE", describes. */
static bool parse_row(const CliSession *session, LedgerNames *names, const SchemaField *rows,
                      const char *text, LedgerInput *input, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    g_autofree Value *values = g_new0(Value, rows->fields->len);
    bool is_good = true;
    for (guint i = 0; is_good && parts[i] != NULL; i++) {
        const SchemaField *child = NULL;
        const char *value = NULL;
        is_good = split(rows->fields, parts[i], &child, &value, error) &&
                  check_first(child, !value_is_empty(&values[child->position]), error) &&
                  parse_value(session, names, child, value, &values[child->position], error);
    }
    if (is_good) {
        ledger_input_add_row(input, rows, values);
        return true;
    }
    for (guint i = 0; i < rows->fields->len; i++) {
        value_clear(&values[i]);
    }
    return false;
}

static bool parse_word(const CliSession *session, LedgerNames *names, const char *word,
                       LedgerInput *input, GError **error)
{
    const SchemaField *field = NULL;
    const char *text = NULL;
    if (!split(input->ledger->fields, word, &field, &text, error)) {
        return false;
    }
    if (field->kind == SCHEMA_FIELD_ROWS && *text != '\0') {
        return parse_row(session, names, field, text, input, error);
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
