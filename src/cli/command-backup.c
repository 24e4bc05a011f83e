#include "cli/command-backup.h"

#include "cli/print.h"
#include "cli/session.h"
#include "office/backup.h"

/* Print what @backup, at @path, holds; @is_new: it was just made, else restored. */
static void print_backup(CliContext *context, const OfficeBackup *backup, const char *path,
                         bool is_new)
{
    if (!cli_has(context, "json")) {
        cli_say(context,
                is_new ? N_("backed up '%s' to '%s': %lld events, %lld files of evidence")
                       : N_("restored '%s' to '%s': %lld events, %lld files of evidence"),
                backup->name, path, (long long)backup->n_events, (long long)backup->n_files);
        return;
    }
    char at[DATE_TIME_TEXT_SIZE];
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, is_new ? "backup" : "office", path);
    json_write_key_text(&json, "id", backup->office_id);
    json_write_key_text(&json, "name", backup->name);
    json_write_key_text(&json, "at", date_format_time(backup->at_us, DATE_SECONDS_SHANGHAI, at));
    json_write_key_int(&json, "events", backup->n_events);
    json_write_key(&json, "root");
    json_write_hex(&json, backup->root, sizeof backup->root);
    json_write_key_int(&json, "files", backup->n_files);
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
    g_autoptr(OfficeBackup) backup = office_backup_make(session.office, path, error);
    if (backup == NULL) {
        return false;
    }
    print_backup(context, backup, path, true);
    return true;
}

static const CliOption options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_backup = {
    .name = "backup",
    .operands = "OFFICE DIR",
    .summary = N_("Back the office up to a new folder, while others go on working."),
    .text = N_("The folder holds the database, the evidence and what is needed to check them. The"
               " signing key is not in it: keep a copy of that in another place."),
    .examples = "backup ./office /mnt/backup/office-2023-12-31",
    .options = options,
    .runs_inside = true,
    .run = run_backup,
};

/* ---- restore --------------------------------------------------------------------------------- */

static bool run_restore(CliContext *context, GError **error)
{
    const char *location = cli_operand(context, 1);
    g_autoptr(OfficeBackup) backup =
        office_backup_restore(cli_operand(context, 0), location, error);
    if (backup == NULL) {
        return false;
    }
    print_backup(context, backup, location, false);
    g_autofree char *key = office_key_path(backup->office_id);
    if (!g_file_test(key, G_FILE_TEST_EXISTS)) {
        cli_remark(context,
                   N_("note: the signing key is not here; put its copy to '%s', else what is"
                      " written stays unsigned"),
                   key);
    }
    return true;
}

const CliCommand command_restore = {
    .name = "restore",
    .operands = "DIR OFFICE",
    .summary = N_("Make an office out of a backup, after checking every byte of it."),
    .examples = "restore /mnt/backup/office-2023-12-31 ./office",
    .options = options,
    .run = run_restore,
};
