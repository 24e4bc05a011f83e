#include "cli/command-check.h"

#include "cli/print.h"
#include "cli/session.h"
#include "ledger/verify-office.h"
#include "log/verify.h"
#include "office/key.h"

static bool check_log(const Office *office, GError **error)
{
    g_autoptr(LogReport) report = log_report_new();
    g_autofree char *origin = office_key_origin(office_id(office));
    if (!log_verify(office_store(office), NULL, origin, office_public_key(office), NULL, report,
                    error)) {
        return false;
    }
    if (report->verdict == LOG_SOUND || report->verdict == LOG_ASSERTED) {
        return true;
    }
    const LogFinding *finding = g_ptr_array_index(report->findings, 0);
    g_propagate_error(error, g_error_copy(finding->said));
    error_prefix(error, "the log is not sound; 'shuzhi verify' tells all of it");
    return false;
}

static bool run(CliContext *context, GError **error)
{
    g_autoptr(Office) own = NULL;
    Office *office = cli_session_look(context, &own, error);
    if (office == NULL || !store_check(office_store(office), error) ||
        !ledger_check_tables(office, error) || !check_log(office, error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("the database and its log are whole"));
        return true;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "whole", true);
    json_write_end_object(&json);
    cli_print_json(context, &json);
    return true;
}

static const CliOption options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_check = {
    .name = "check",
    .operands = "OFFICE",
    .summary = N_("Read the whole database and its log for damage."),
    .text = N_("Quicker than verify, which also compares every table with the log."),
    .examples = "check ./office",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run,
};
