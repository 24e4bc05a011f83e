#include "cli/command-entry-fields.h"

#include "cli/print.h"
#include "cli/session.h"

/* What is to be known of @field, joined by commas: required, personal, its choices. */
static char *notes_of(const CliContext *context, const SchemaField *field)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    if (field->is_required) {
        g_ptr_array_add(notes, g_strdup(cli_tr(context, N_("required"))));
    }
    if (field->is_personal) {
        g_ptr_array_add(notes, g_strdup(cli_tr(context, N_("personal"))));
    }
    if (field->set_by_step != NULL) {
        g_ptr_array_add(
            notes, g_strdup_printf("%s %s", cli_tr(context, N_("with step")), field->set_by_step));
    }
    for (guint i = 0; field->choices != NULL && i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        g_ptr_array_add(notes,
                        g_strdup_printf("%s %s", choice->name,
                                        schema_words_get(&choice->words, context->language)));
    }
    g_ptr_array_add(notes, NULL);
    return g_strjoinv(", ", (char **)notes->pdata);
}

static void add_field(CliTable *table, const CliContext *context, const SchemaField *field,
                      const char *indent)
{
    g_autofree char *name = g_strconcat(indent, field->name, NULL);
    g_autofree char *notes = notes_of(context, field);
    cli_table_add(table, name, schema_words_get(&field->words, context->language),
                  schema_kind_info(field->kind)->name, notes);
    for (guint i = 0; field->fields != NULL && i < field->fields->len; i++) {
        add_field(table, context, g_ptr_array_index(field->fields, i), "  ");
    }
}

static void write_field(JsonWriter *json, const SchemaField *field)
{
    json_write_begin_object(json);
    json_write_key_text(json, "name", field->name);
    json_write_key_text(json, "zh", field->words.zh);
    json_write_key_text(json, "en", field->words.en);
    json_write_key_text(json, "kind", schema_kind_info(field->kind)->name);
    json_write_key_bool(json, "required", field->is_required);
    json_write_key_bool(json, "personal", field->is_personal);
    json_write_key_text(json, "step", field->set_by_step);
    if (field->choices != NULL) {
        json_write_key(json, "choices");
        json_write_begin_array(json);
        for (guint i = 0; i < field->choices->len; i++) {
            json_write_text(json,
                            ((const SchemaChoice *)g_ptr_array_index(field->choices, i))->name);
        }
        json_write_end_array(json);
    }
    if (field->fields != NULL) {
        json_write_key(json, "fields");
        json_write_begin_array(json);
        for (guint i = 0; i < field->fields->len; i++) {
            write_field(json, g_ptr_array_index(field->fields, i));
        }
        json_write_end_array(json);
    }
    json_write_end_object(json);
}

static bool run_fields(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    const SchemaLedger *ledger = cli_session_ledger(&session, cli_operand(context, 1), error);
    if (ledger == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    g_autoptr(CliTable) table = cli_table_new(4);
    for (guint i = 0; i < ledger->fields->len; i++) {
        write_field(&json, g_ptr_array_index(ledger->fields, i));
        add_field(table, context, g_ptr_array_index(ledger->fields, i), "");
    }
    json_write_end_array(&json);
    if (cli_has(context, "json")) {
        cli_print_json(context, &json);
    } else {
        cli_table_print(table, 0, context);
    }
    return true;
}

static const CliOption fields_options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_entry_fields = {
    .name = "entry fields",
    .operands = "OFFICE LEDGER",
    .summary = N_("List the fields of a ledger: name, words, kind, choices."),
    .examples = "entry fields ./office case",
    .options = fields_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_fields,
};
