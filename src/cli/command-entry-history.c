#include "cli/command-entry-history.h"

#include "cli/entry-view.h"
#include "cli/fields.h"
#include "cli/print.h"
#include "log/history.h"

/* What an event says beside its fields: the step done, and why. */
static char *describe_event(const CliContext *context, const LogEvent *event, const json_t *line,
                            const SchemaLedger *ledger)
{
    const char *name = json_string_value(
        json_object_get(json_object_get(json_object_get(line, "data"), "step"), "name"));
    const SchemaStep *step = name != NULL ? schema_ledger_step(ledger, name) : NULL;
    static const struct {
        const char *kind;
        const char *words;
    } kinds[] = {
        {"entry.add", N_("recorded")},
        {"entry.change", N_("corrected")},
        {"entry.step", N_("step done")},
        {"entry.comment", N_("comment")},
        {"entry.attach", N_("file attached")},
        {"entry.look", N_("personal fields looked at")},
        {"entry.delete", N_("taken out of the books")},
        {"entry.erase", N_("personal fields forgotten")},
        {"erase", N_("keys of earlier events forgotten")},
    };
    const char *words = event->kind;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        words = g_str_equal(kinds[i].kind, event->kind) ? cli_tr(context, kinds[i].words) : words;
    }
    return step != NULL
               ? g_strdup_printf("%s: %s", words, schema_words_get(&step->words, context->language))
               : g_strdup(words);
}

/* Return the canonical text @canonical of field @name as people read it; the caller owns it. */
static char *format_canonical(const CliContext *context, const CliSession *session,
                              LedgerNames *names, const SchemaLedger *ledger, const char *name,
                              const char *canonical)
{
    const SchemaField *field = schema_ledger_field(ledger, name);
    if (field == NULL || field->kind == SCHEMA_FIELD_ROWS) {
        return g_strdup(canonical);
    }
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    g_auto(Value) value = VALUE_EMPTY;
    if (!value_from_canonical(info->value_kind, info->item_kind, canonical, &value)) {
        return g_strdup(canonical);
    }
    return ledger_field_format(field, &value, names, office_offset_seconds(session->office),
                               context->language);
}

static bool is_hidden(const SchemaLedger *ledger, const char *name, bool with_personal)
{
    const SchemaField *field = schema_ledger_field(ledger, name);
    return field != NULL && field->is_personal && !with_personal;
}

static const char *label_of(const CliContext *context, const SchemaLedger *ledger, const char *name)
{
    const SchemaField *field = schema_ledger_field(ledger, name);
    return field != NULL ? schema_words_get(&field->words, context->language) : name;
}

/* Print the fields of one event: what each became. */
static void print_event_fields(const EntryView *view, const LogEvent *event)
{
    CliContext *context = view->context;
    const SchemaLedger *ledger = view->entry->ledger;
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(values, name, value)
    {
        if (!json_is_string(value) || is_hidden(ledger, name, view->with_personal)) {
            continue;
        }
        if (*name == '@') {
            cli_print_pair(context, 14, "", json_string_value(value));
            continue;
        }
        g_autofree char *label = g_strconcat("    ", label_of(context, ledger, name), NULL);
        g_autofree char *text = format_canonical(context, &view->session, view->names, ledger, name,
                                                 json_string_value(value));
        cli_print_pair(context, 20, label, *text != '\0' ? text : cli_tr(context, N_("(emptied)")));
    }
    if (event->is_erased) {
        g_string_append_printf(context->out, "    %s\n", cli_tr(context, N_("(forgotten)")));
    }
}

static void print_events(const EntryView *view, const GPtrArray *events)
{
    CliContext *context = view->context;
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
        char time[DATE_TIME_TEXT_SIZE];
        g_autofree char *words = describe_event(context, event, line, view->entry->ledger);
        g_string_append_printf(
            context->out, "%s  %s  %s  (%s %" G_GINT64_FORMAT ")\n",
            cli_format_time(event->at_us, office_offset_seconds(view->session.office), time),
            event->actor, words, cli_tr(context, N_("event")), event->seq);
        print_event_fields(view, event);
    }
}

static void write_event_values(JsonWriter *json, const EntryView *view, const LogEvent *event)
{
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    const char *name = NULL;
    json_t *value = NULL;
    json_write_key(json, "values");
    json_write_begin_object(json);
    json_object_foreach(values, name, value)
    {
        if (json_is_string(value) && !is_hidden(view->entry->ledger, name, view->with_personal)) {
            json_write_key_text(json, name, json_string_value(value));
        }
    }
    json_write_end_object(json);
}

static void print_events_json(const EntryView *view, const GPtrArray *events)
{
    int offset_seconds = office_offset_seconds(view->session.office);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        char time[DATE_TIME_TEXT_SIZE];
        json_write_begin_object(&json);
        json_write_key_int(&json, "seq", event->seq);
        json_write_key_text(&json, "at", date_format_time(event->at_us, offset_seconds, time));
        json_write_key_text(&json, "actor", event->actor);
        json_write_key_text(&json, "kind", event->kind);
        json_write_key_bool(&json, "erased", event->is_erased);
        write_event_values(&json, view, event);
        json_write_key(&json, "line");
        json_write_raw(&json, event->line);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(view->context, &json);
}

static bool run_history(CliContext *context, GError **error)
{
    g_auto(EntryView) view = {NULL};
    if (!entry_view_open(context, &view, error)) {
        return false;
    }
    g_autoptr(GPtrArray) events = log_history(view.session.reader, view.entry->id, error);
    if (events == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_events_json(&view, events);
    } else {
        print_events(&view, events);
    }
    return true;
}

static const CliOption history_options[] = {
    {"personal", NULL, N_("show personal fields too; the log notes who looked")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_entry_history = {
    .name = "entry history",
    .operands = "OFFICE NUMBER",
    .summary = N_("Show everything that happened to an entry, field by field."),
    .examples = "entry history ./office SQ2023-00084",
    .options = history_options,
    .run = run_history,
};
