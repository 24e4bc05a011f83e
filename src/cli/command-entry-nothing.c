#include "cli/command-entry.h"

#include "calendar/period.h"
#include "cli/print.h"
#include "cli/session.h"
#include "ledger/nothing.h"
#include "office/account.h"

static bool state(CliContext *context, CliSession *session, const SchemaLedger *ledger,
                  GError **error)
{
    Period period;
    if (!period_parse(cli_option(context, "period"), &period, error) ||
        !ledger_nothing_add(session->office, session->subject, &session->act, ledger, &period, NULL,
                            error)) {
        return false;
    }
    g_autofree char *words = period_to_words(&period, context->language);
    cli_say(context, N_("stated: nothing to record in '%s', %s"),
            schema_words_get(&ledger->words, context->language), words);
    cli_session_finish(context, session);
    return true;
}

static bool take_back(CliContext *context, CliSession *session, GError **error)
{
    int64_t id = 0;
    LogAct act = session->act;
    act.why = cli_option(context, "why");
    if (!cli_option_int(context, "remove", 0, 1, INT64_MAX, &id, error) ||
        !ledger_nothing_remove(session->office, session->subject, &act, id, error)) {
        return false;
    }
    cli_say(context, N_("the statement is taken back"));
    cli_session_finish(context, session);
    return true;
}

static void print_json(CliContext *context, const GPtrArray *list)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < list->len; i++) {
        const LedgerNothing *nothing = g_ptr_array_index(list, i);
        char from[DATE_TEXT_SIZE];
        char to[DATE_TEXT_SIZE];
        json_write_begin_object(&json);
        json_write_key_int(&json, "id", nothing->id);
        json_write_key_text(&json, "from", date_format(nothing->period.from, from));
        json_write_key_text(&json, "to", date_format(nothing->period.to, to));
        json_write_key_text(&json, "by", nothing->owner);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static bool list_statements(CliContext *context, const CliSession *session,
                            const SchemaLedger *ledger, GError **error)
{
    g_autoptr(GPtrArray) list = ledger_nothing_list(session->reader, ledger, error);
    if (list == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, list);
        return true;
    }
    g_autoptr(CliTable) table = cli_table_new(3);
    for (guint i = 0; i < list->len; i++) {
        const LedgerNothing *nothing = g_ptr_array_index(list, i);
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, nothing->id);
        g_autofree char *words = period_to_words(&nothing->period, context->language);
        g_autofree char *owner = office_actor_name(session->reader, nothing->owner);
        cli_table_add(table, id, words, owner);
    }
    cli_table_print(table, 0, context);
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    bool is_stating = cli_has(context, "period");
    bool is_taking_back = cli_has(context, "remove");
    if (is_stating && is_taking_back) {
        cli_set_usage(context, error, "--period and --remove do not go together");
        return false;
    }
    if (!cli_session_open(context, is_stating || is_taking_back ? OFFICE_WRITE : OFFICE_READ,
                          &session, error) ||
        !rights_may(session.subject, RIGHTS_ENTRY_READ, NULL, error)) {
        return false;
    }
    const SchemaLedger *ledger = cli_session_ledger(&session, cli_operand(context, 1), error);
    if (ledger == NULL) {
        return false;
    }
    return is_stating       ? state(context, &session, ledger, error)
           : is_taking_back ? take_back(context, &session, error)
                            : list_statements(context, &session, ledger, error);
}

static const CliOption options[] = {
    {"period", N_("PERIOD"),
     N_("state it of this time, which must be over: 2023, 2023Q1, 2023-05")},
    {"remove", N_("NUMBER"), N_("take the statement with this number back")},
    {"why", N_("TEXT"), N_("why; kept with the event")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_entry_nothing = {
    .name = "entry nothing",
    .operands = "OFFICE LEDGER",
    .summary = N_("State that in a time there was nothing to record, or list such statements."),
    .text =
        N_("An empty ledger proves nothing: it may not have been kept. A report says 'none' only"
           " of a ledger that was, or of which this is stated."),
    .examples = "entry nothing ./office discipline --period 2023\n"
                "entry nothing ./office discipline",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run,
};
