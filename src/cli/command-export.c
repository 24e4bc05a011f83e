#include "cli/command-export.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/print.h"
#include "cli/session.h"
#include "ledger/export.h"

/* Decide the format: --format, else the file's ending, else csv. */
static bool choose_format(const CliContext *context, TableFormat *ret_format, GError **error)
{
    const char *path = cli_operand(context, 2);
    const char *dot = path != NULL ? strrchr(path, '.') : NULL;
    const char *name = cli_option(context, "format");
    if (name == NULL) {
        name = dot != NULL ? dot + 1 : "csv";
    }
    return ledger_export_find_format(name, ret_format, error);
}

/* Copy what was written to @fd to the output. */
static bool copy_to_output(CliContext *context, int fd, GError **error)
{
    char bytes[1 << 16];
    ssize_t n = 0;
    off_t at = 0;
    while ((n = pread(fd, bytes, sizeof bytes, at)) > 0) {
        g_string_append_len(context->out, bytes, n);
        at += n;
        if (!cli_flush(context, error)) {
            return false;
        }
    }
    return true;
}

/* Write the entries to the output.  One that is no file of this process's own, being a client's, is
 * given them when all are written: it may stand still (cli/host.h). */
static bool export_to_output(CliContext *context, const CliSession *session, LedgerExport *plan,
                             int64_t *ret_n, GError **error)
{
    plan->fd = fileno(context->terminal->output);
    if (plan->fd >= 0) {
        return ledger_export(session->office, session->reader, session->subject, plan, ret_n,
                             error);
    }
    plan->fd = memfd_create("export", MFD_CLOEXEC);
    if (plan->fd < 0) {
        error_set_errno(error, errno, "cannot write the output");
        return false;
    }
    bool is_done =
        ledger_export(session->office, session->reader, session->subject, plan, ret_n, error) &&
        copy_to_output(context, plan->fd, error);
    close(plan->fd);
    return is_done;
}

static bool export_ledger(CliContext *context, const CliSession *session, LedgerExport *plan,
                          GError **error)
{
    const char *where = cli_option(context, "where");
    g_autoptr(Expression) filter =
        where != NULL ? expression_parse(where, schema_ledger_scope(plan->query.ledger), error)
                      : NULL;
    if (where != NULL && filter == NULL) {
        error_prefix(error, "--%s", "where");
        return false;
    }
    int64_t n = 0;
    plan->query.filter = filter;
    if (plan->path == NULL) {
        return export_to_output(context, session, plan, &n, error);
    }
    if (!ledger_export(session->office, session->reader, session->subject, plan, &n, error)) {
        return false;
    }
    cli_say(context, N_("wrote %lld {entry|entries} to '%s'"), (long long)n, plan->path);
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    LedgerExport plan = {.path = cli_operand(context, 2),
                         .has_names = cli_has(context, "names"),
                         .language = context->language};
    if (!choose_format(context, &plan.format, error) || !cli_may_write(context, plan.path, error) ||
        !cli_session_open(context, cli_has(context, "personal") ? OFFICE_WRITE : OFFICE_READ,
                          &session, error)) {
        return false;
    }
    plan.query.act = cli_has(context, "personal") ? &session.act : NULL;
    plan.query.sort = cli_option(context, "sort");
    plan.query.is_descending = cli_has(context, "descending");
    plan.query.ledger = cli_session_ledger(&session, cli_operand(context, 1), error);
    return plan.query.ledger != NULL && export_ledger(context, &session, &plan, error);
}

static const CliOption options[] = {
    {"format", N_("FORMAT"), N_("csv, xlsx or jsonl; else by the file's ending, else csv")},
    {"where", N_("CONDITION"),
     N_("only entries for which this holds: state = received and due <= today")},
    {"personal", NULL,
     N_("CONDITION may name personal fields; the log notes a look at each entry")},
    {"sort", N_("FIELD"),
     N_("recorded (unless said), opened, due, state, or a field that the"
        " ledger declares for lists")},
    {"descending", NULL, N_("the last one first")},
    {"force", NULL, N_("replace FILE where it is there already")},
    {"names", NULL, N_("columns, choices and states by the names of the pack, not in words")},
    {NULL}};

const CliCommand command_export = {
    .name = "export",
    .operands = "OFFICE LEDGER [FILE]",
    .summary = N_("Write the entries of a ledger to a file, or to standard output."),
    .text =
        N_("Left out are personal fields, files, and columns of spreadsheets for which there was no"
           " field. What looks like a formula is defused."),
    .examples = "export ./office case cases.xlsx\n"
                "export ./office case --format jsonl --where \"state = received\"",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .file_operand = 2,
    .run = run,
};
