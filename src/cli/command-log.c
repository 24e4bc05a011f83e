#include "cli/command-log.h"

#include "cli/print.h"
#include "cli/session.h"
#include "log/checkpoint.h"
#include "log/history.h"
#include "log/shown.h"

/* ---- list ------------------------------------------------------------------------------------ */

static void print_events_json(CliContext *context, const GPtrArray *events)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < events->len; i++) {
        json_write_raw(&json, ((const LogEvent *)g_ptr_array_index(events, i))->line);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static void print_events(CliContext *context, const CliSession *session, const GPtrArray *events)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        char time[DATE_TIME_TEXT_SIZE];
        g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, event->seq);
        g_autofree char *object = g_strdup_printf("#%" G_GINT64_FORMAT, event->object);
        cli_table_add(table, seq,
                      cli_format_time(event->at_us, office_offset_seconds(session->office), time),
                      event->actor, event->kind, object);
    }
    cli_table_print(table, 0, context);
}

static bool run_list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    int64_t after = 0;
    int64_t limit = 0;
    if (!cli_option_int(context, "after", 0, 0, INT64_MAX, &after, error) ||
        !cli_option_int(context, "limit", 50, 1, 1000, &limit, error) ||
        !cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_LOG_READ, NULL, error)) {
        return false;
    }
    g_autoptr(GPtrArray) events = log_events_after(session.reader, after, limit, error);
    if (events == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_events_json(context, events);
    } else {
        print_events(context, &session, events);
    }
    return true;
}

static const CliOption list_options[] = {
    {"after", N_("SEQ"), N_("only events behind the one with this number")},
    {"limit", N_("N"), N_("at most so many, 50 unless said, 1000 at most")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_log_list = {
    .name = "log list",
    .operands = "OFFICE",
    .summary =
        N_("List the events of the log: who did what, when. What people wrote is not in it."),
    .examples = "log list ./office --after 1000 --limit 20\nlog list ./office --json",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};

/* ---- prove ----------------------------------------------------------------------------------- */

static bool print_proof(CliContext *context, StoreConnection *reader, int64_t seq, GError **error)
{
    g_autofree char *proof = log_prove_event(reader, seq, error);
    if (proof != NULL) {
        g_string_append(context->out, proof);
    }
    return proof != NULL;
}

/* Print event @seq as log/shown.h has it. */
static bool print_proof_json(CliContext *context, StoreConnection *reader, int64_t seq,
                             GError **error)
{
    g_autoptr(GPtrArray) events = log_events_after(reader, seq - 1, 1, error);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    if (events != NULL && events->len == 0) {
        return print_proof(context, reader, seq, error); /* says that there is none */
    }
    if (events == NULL ||
        !log_shown_write(reader, g_ptr_array_index(events, 0), NULL, NULL, &json, error)) {
        return false;
    }
    cli_print_json(context, &json);
    return true;
}

static bool run_prove(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    int64_t seq = 0;
    if (!cli_parse_id(cli_operand(context, 1), &seq)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not the number of an event; 'shuzhi log list' shows them",
                  cli_operand(context, 1));
        return false;
    }
    if (!cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_LOG_READ, NULL, error)) {
        return false;
    }
    return cli_has(context, "json") ? print_proof_json(context, session.reader, seq, error)
                                    : print_proof(context, session.reader, seq, error);
}

static const CliOption prove_options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_log_prove = {
    .name = "log prove",
    .operands = "OFFICE SEQ",
    .summary = N_("Print the proof that an event is in the newest signed checkpoint."),
    .text = N_("The format is C2SP tlog-proof; docs/proof.md says how to check it without shuzhi."),
    .examples = "log prove ./office 42 > 42.tlog-proof",
    .options = prove_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_prove,
};
