#include "cli/command-entry-history.h"

#include "cli/entry-view.h"
#include "cli/print.h"
#include "ledger/history.h"
#include "ledger/wall.h"
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
        if (json_is_string(value) &&
            !ledger_wall_hides_named(view->entry->ledger, name, view->with_personal)) {
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

static bool print_json(const EntryView *view, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(view->session.reader, view->entry->id, error);
    if (events != NULL) {
        print_events_json(view, events);
    }
    return events != NULL;
}

static bool print_text(const EntryView *view, GError **error)
{
    g_autoptr(GPtrArray) history =
        ledger_history(view->session.office, view->session.reader, view->entry, view->names,
                       view->with_personal, view->context->language, error);
    for (guint i = 0; history != NULL && i < history->len; i++) {
        print_past(view, g_ptr_array_index(history, i));
    }
    return history != NULL;
}

static bool run_history(CliContext *context, GError **error)
{
    g_auto(EntryView) view = {NULL};
    return entry_view_open(context, &view, error) &&
           (cli_has(context, "json") ? print_json(&view, error) : print_text(&view, error));
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
