#include "cli/command-backup.h"

#include "cli/command-verify.h"
#include "cli/print.h"
#include "cli/session.h"
#include "office/backup.h"
#include "office/key.h"

/* Print what @backup, at @path, holds.
 *
 * @report: what the office that was restored from it turned out to be; NULL: it was just made. */
static void print_backup(CliContext *context, const OfficeBackup *backup, const char *path,
                         const LogReport *report)
{
    if (!cli_has(context, "json")) {
        cli_say(
            context,
            report == NULL
                ? N_("backed up '%s' to '%s': %lld {event|events}, %lld {file|files} of evidence")
                : N_("restored '%s' to '%s': %lld {event|events}, %lld {file|files} of evidence"),
            backup->name, path, (long long)backup->n_events, (long long)backup->n_files);
        if (report != NULL) {
            cli_verify_print(context, report);
        }
        return;
    }
    char at[DATE_TIME_TEXT_SIZE];
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, report == NULL ? "backup" : "office", path);
    json_write_key_text(&json, "id", backup->office_id);
    json_write_key_text(&json, "name", backup->name);
    json_write_key_text(&json, "at", date_format_time(backup->at_us, DATE_SECONDS_SHANGHAI, at));
    json_write_key_int(&json, "events", backup->n_events);
    json_write_key(&json, "root");
    json_write_hex(&json, backup->root, sizeof backup->root);
    json_write_key_int(&json, "files", backup->n_files);
    if (report != NULL) {
        json_write_key_text(&json, "verdict", log_verdict_name(report->verdict));
    }
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* ---- backup ---------------------------------------------------------------------------------- */

static bool run_backup(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    const char *path = cli_operand(context, 1);
    if (!cli_session_relay(context, error) || /* whoever writes the office knows it best */
        !cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_BACKUP, NULL, error)) {
        return false;
    }
    if (context->inside != NULL) { /* which signs now and then: a copy of the rest proves nothing */
        cli_session_sign(context, session.office);
    }
    g_autoptr(OfficeBackup) backup = office_backup_make(session.office, path, error);
    if (backup == NULL) {
        return false;
    }
    print_backup(context, backup, path, NULL);
    return true;
}

static const CliOption options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_backup = {
    .name = "backup",
    .operands = "OFFICE DIR",
    .summary = N_("Back the office up to a new folder, while others go on working."),
    .text = N_("The folder holds the database, the evidence and what is needed to check them. The"
               " signing key is not in it: keep a copy of that in another place. An office on"
               " PostgreSQL is backed up with the server's tools, which the command names."),
    .examples = "backup ./office /mnt/backup/office-2023-12-31",
    .options = options,
    .runs_inside = true,
    .run = run_backup,
};

/* ---- restore --------------------------------------------------------------------------------- */

/* What was altered before the backup was made comes back altered, and is told: there may be no
 * other copy of it. */
static bool run_restore(CliContext *context, GError **error)
{
    const char *location = cli_operand(context, 1);
    g_autoptr(LogReport) report = NULL;
    g_autoptr(OfficeBackup) backup =
        office_backup_restore(cli_operand(context, 0), location, error);
    if (backup == NULL || !cli_verify_look(context, location, &report, error)) {
        return false;
    }
    print_backup(context, backup, location, report);
    context->status = report->verdict > LOG_ASSERTED ? (int)CLI_EXIT_UNSOUND : 0;
    g_autofree char *key = office_key_path(backup->office_id);
    if (!g_file_test(key, G_FILE_TEST_EXISTS)) {
        cli_remark(context,
                   N_("note: the signing key is not here; put its copy to '%s', else what is"
                      " written stays unsigned"),
                   key);
    } else if (backup->signed_in != NULL) {
        cli_remark(context,
                   N_("note: the key goes on signing the office in '%s'; this copy of it stays"
                      " unsigned"),
                   backup->signed_in);
    }
    return true;
}

const CliCommand command_restore = {
    .name = "restore",
    .operands = "DIR OFFICE",
    .summary = N_("Make an office out of a backup, and verify it."),
    .text = N_("Every file must be the one that was backed up, and its log sound, else no office is"
               " made. What its tables say is verified after that: exit status 1 where it is not"
               " what the log says."),
    .examples = "restore /mnt/backup/office-2023-12-31 ./office",
    .options = options,
    .run = run_restore,
};
