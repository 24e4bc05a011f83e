#include "cli/command-report.h"

#include "base/file.h"
#include "cli/print.h"
#include "cli/session.h"
#include "report/json.h"

#define TEXT_COLUMNS 78

static void print_json(CliContext *context, const Office *office, const Report *report)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    report_write_json(report, office, context->language, &json);
    cli_print_json(context, &json);
}

static bool write_html(CliContext *context, const Report *report, const char *path, GError **error)
{
    g_autofree char *html = report_to_html(report);
    if (!file_write(path, html, strlen(html), 0644, error)) {
        return false;
    }
    cli_say(context, N_("wrote '%s': open it in a browser, tap any underlined figure"), path);
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Period period;
    if (cli_has(context, "json") && cli_has(context, "html")) {
        cli_set_usage(context, error, "--json and --html are two forms of one report; take one");
        return false;
    }
    if (!cli_may_write(context, cli_option(context, "html"), error) ||
        !cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    const SchemaReport *source = report_find(session.office, cli_operand(context, 1), error);
    if (source == NULL ||
        !report_parse_period(source, cli_option(context, "period"), &period, error)) {
        return false;
    }
    g_autoptr(Report) report = report_new(session.office, session.subject, source, &period, NULL,
                                          context->language, error);
    if (report == NULL) {
        return false;
    }
    const char *path = cli_option(context, "html");
    if (path != NULL) {
        return write_html(context, report, path, error);
    }
    if (cli_has(context, "json")) {
        print_json(context, session.office, report);
        return true;
    }
    g_autofree char *text = report_to_text(report, TEXT_COLUMNS, !cli_has(context, "plain"));
    g_string_append(context->out, text);
    return true;
}

static const CliOption options[] = {
    {"period", N_("PERIOD"), N_("what time it covers: 2023, 2023Q1, 2023-05"), false, true},
    {"html", N_("FILE"), N_("write one HTML file in which each figure opens"), .opens_file = true},
    {"force", NULL, N_("replace FILE where it is there already")},
    {"plain", NULL, N_("leave out the numbers behind figures and the list of them")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_report = {
    .name = "report",
    .operands = "OFFICE [REPORT]",
    .summary = N_("Write a report; each of its figures can be opened."),
    .text = N_("The figures are counted from the entries as they stood at the end of the period."
               " A claim that does not hold is not written: what is true stands in its place."),
    .examples = "report ./office --period 2023\nreport ./office --period 2023 --html report.html",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run,
};
