#include "cli/command-entry-history.h"

#include "cli/entry-view.h"
#include "cli/print.h"
#include "ledger/history.h"
#include "log/history.h"
#include "office/account.h"

static void print_past(const EntryView *view, const LedgerPast *past)
{
    CliContext *context = view->context;
    char time[DATE_TIME_TEXT_SIZE];
    g_autofree char *actor = office_actor_name(view->session.reader, past->actor);
    g_string_append_printf(
        context->out, "%s  %s  %s  (%s %" G_GINT64_FORMAT ")\n",
        cli_format_time(past->at_us, office_offset_seconds(view->session.office), time), actor,
        past->words, cli_tr(context, N_("event")), past->seq);
    for (guint i = 0; i < past->fields->len; i++) {
        const LedgerPastField *field = g_ptr_array_index(past->fields, i);
        if (field->label == NULL) {
            cli_print_pair(context, 14, "", field->text);
            continue;
        }
        g_autofree char *label = g_strconcat("    ", field->label, NULL);
        cli_print_pair(context, 20, label,
                       *field->text != '\0' ? field->text : cli_tr(context, N_("(emptied)")));
    }
    if (past->is_forgotten) {
        g_string_append_printf(context->out, "    %s\n", cli_tr(context, N_("(forgotten)")));
    }
}

/* Return whether @past shows what its event says of @name. */
static bool is_shown(const LedgerPast *past, const char *name)
{
    for (guint i = 0; i < past->fields->len; i++) {
        const LedgerPastField *field = g_ptr_array_index(past->fields, i);
        if (g_strcmp0(field->name, name) == 0) {
            return !field->is_hidden;
        }
    }
    return false;
}

/* Write the values that @event gave to fields, those that @past shows, and the names of the others.
 */
static void write_event_values(JsonWriter *json, const LogEvent *event, const LedgerPast *past)
{
    g_autoptr(GPtrArray) hidden = g_ptr_array_new();
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    const char *name = NULL;
    json_t *value = NULL;
    json_write_key(json, "values");
    json_write_begin_object(json);
    json_object_foreach(values, name, value)
    {
        if (is_shown(past, name)) {
            json_write_key_text(json, name, json_string_value(value));
        } else {
            g_ptr_array_add(hidden, (gpointer)name);
        }
    }
    json_write_end_object(json);
    json_write_key(json, "hidden");
    json_write_begin_array(json);
    for (guint i = 0; i < hidden->len; i++) {
        json_write_text(json, g_ptr_array_index(hidden, i));
    }
    json_write_end_array(json);
}

static void print_events_json(const EntryView *view, const GPtrArray *events,
                              const GPtrArray *history)
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
        write_event_values(&json, event, g_ptr_array_index(history, i));
        json_write_key(&json, "line");
        json_write_raw(&json, event->line);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(view->context, &json);
}

static bool print_history(const EntryView *view, GError **error)
{
    g_autoptr(GPtrArray) history =
        ledger_history(view->session.office, view->session.reader, view->entry, view->names,
                       view->with_personal, view->context->language, error);
    if (history == NULL) {
        return false;
    }
    if (cli_has(view->context, "json")) {
        g_autoptr(GPtrArray) events = log_history(view->session.reader, view->entry->id, error);
        if (events != NULL) {
            print_events_json(view, events, history);
        }
        return events != NULL;
    }
    for (guint i = 0; i < history->len; i++) {
        print_past(view, g_ptr_array_index(history, i));
    }
    return true;
}

static bool run_history(CliContext *context, GError **error)
{
    g_auto(EntryView) view = {NULL};
    return entry_view_open(context, &view, error) && print_history(&view, error);
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
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_history,
};
