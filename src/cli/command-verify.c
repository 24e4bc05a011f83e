#include "cli/command-verify.h"

#include "base/json.h"
#include "base/text.h"
#include "cli/note.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "ledger/verify-office.h"
#include "log/verify.h"
#include "office/key.h"
#include "office/place.h"

/* ---- what is printed ------------------------------------------------------------------------- */

static int status_of(LogVerdict verdict)
{
    return verdict == LOG_SOUND      ? 0
           : verdict == LOG_ASSERTED ? (int)CLI_EXIT_ASSERTED
                                     : (int)CLI_EXIT_UNSOUND;
}

static void write_findings(const CliContext *context, JsonWriter *json, const LogReport *report)
{
    json_write_key(json, "findings");
    json_write_begin_array(json);
    for (guint i = 0; i < report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(report->findings, i);
        g_autofree char *text = error_to_text(finding->said, context->language);
        json_write_begin_object(json);
        json_write_key_text(json, "verdict", log_verdict_name(finding->verdict));
        json_write_key_text(json, "name", finding->name);
        json_write_key_int(json, "event", finding->seq);
        json_write_key_int(json, "object", finding->object);
        json_write_key_text(json, "text", text);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void print_json(CliContext *context, const LogReport *report)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "verdict", log_verdict_name(report->verdict));
    json_write_key_int(&json, "events", report->n_events);
    json_write_key_int(&json, "signed", report->signed_size);
    json_write_key(&json, "checkpoint");
    if (report->given_size >= 0) {
        json_write_int(&json, report->given_size);
    } else {
        json_write_raw(&json, "null");
    }
    json_write_key_int(&json, "objects", report->n_objects);
    json_write_key_text(&json, "key", log_key_from_name(report->key_from));
    json_write_key(&json, "root");
    json_write_hex(&json, report->root, sizeof report->root);
    json_write_key_int(&json, "n_findings", report->n_findings);
    write_findings(context, &json, report);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

void cli_verify_print(CliContext *context, const LogReport *report)
{
    g_string_append_printf(context->out, "%s\n",
                           cli_tr(context, log_verdict_words(report->verdict)));
    for (guint i = 0; i < report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(report->findings, i);
        g_autofree char *text = error_to_text(finding->said, context->language);
        cli_print_text(context, text, 2);
    }
    if (report->n_findings > report->findings->len) {
        cli_say(context, N_("and %lld {finding|findings} more"),
                (long long)(report->n_findings - report->findings->len));
    }
}

/* What a signature is worth hangs on where its key was got. */
static const char *key_words(LogKeyFrom from)
{
    switch (from) {
    case LOG_KEY_GIVEN:
        return N_("checked by the key given");
    case LOG_KEY_KEPT:
        return N_("checked by the key that is kept on this machine");
    case LOG_KEY_NAMED:
        return N_("checked by the key that the office itself names: whose it is shows only with"
                  " --key FILE, got elsewhere");
    }
    g_assert_not_reached();
}

static void print_text(CliContext *context, const LogReport *report)
{
    cli_verify_print(context, report);
    if (report->n_events == 0) {
        return; /* it was not even looked at */
    }
    g_autofree char *root = text_to_hex(report->root, sizeof report->root);
    cli_say(context,
            N_("%lld {event|events}, of which %lld {is|are} signed; %lld {row|rows} compared with "
               "them"),
            (long long)report->n_events, (long long)report->signed_size,
            (long long)report->n_objects);
    cli_say(context, N_("tree root: %s"), root);
    if (report->given_size >= 0) {
        cli_say(context, N_("goes on from the checkpoint given, of %lld {event|events}"),
                (long long)report->given_size);
    }
    if (report->signed_size > 0) {
        cli_print_text(context, cli_tr(context, key_words(report->key_from)), 0);
    }
}

/* ---- verify ---------------------------------------------------------------------------------- */

/* What cannot even be read has been altered: that is a verdict, not a failure.  INVALID is one only
 * of what the office at @location holds, not of its address, nor, once it @is_open, of what the
 * caller gave. */
static bool is_alteration(const GError *error, bool is_open, const char *location)
{
    if (is_open || !error_is(error, SHUZHI_ERROR_INVALID)) {
        return error_is(error, SHUZHI_ERROR_CORRUPT);
    }
    g_autoptr(OfficePlace) place = office_place_parse(location, NULL);
    g_autoptr(Store) store = place != NULL ? store_open(place->store, STORE_READ, NULL) : NULL;
    return store != NULL;
}

/* Verify @office, that at @location; where it is NULL, @unopened (takes) is why it was not opened.
 */
static bool look(CliContext *context, Office *office, GError *unopened, const char *location,
                 const char *key, const char *checkpoint, LogReport **ret_report, GError **error)
{
    g_autoptr(GError) fault = unopened;
    CliProgress progress;
    cli_progress_start(&progress, context);
    bool is_looked =
        office != NULL && ledger_verify_office(office, key, checkpoint, cli_progress_report,
                                               &progress, ret_report, &fault);
    cli_progress_end(&progress);
    if (is_looked) {
        return true;
    }
    if (!is_alteration(fault, office != NULL, location)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    *ret_report = log_report_new();
    log_report_take(*ret_report, LOG_ALTERED, "office", 0, 0, g_steal_pointer(&fault));
    return true;
}

bool cli_verify_look(CliContext *context, const char *location, LogReport **ret_report,
                     GError **error)
{
    GError *fault = NULL;
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &fault);
    return look(context, office, fault, location, NULL, NULL, ret_report, error);
}

static bool run_verify(CliContext *context, GError **error)
{
    g_autofree char *key = NULL;
    g_autofree char *checkpoint = NULL;
    g_autoptr(LogReport) report = NULL;
    g_autoptr(Office) own = NULL;
    if (!cli_note_read(context, "key", &key, error) ||
        !cli_note_read_checkpoint(context, &checkpoint, error)) {
        return false;
    }
    GError *fault = NULL;
    Office *office = cli_session_look(context, &own, &fault);
    if (!look(context, office, fault, cli_operand(context, 0), key != NULL ? g_strstrip(key) : NULL,
              checkpoint, &report, error)) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, report);
    } else {
        print_text(context, report);
    }
    context->status = status_of(report->verdict);
    return true;
}

static const CliOption verify_options[] = {
    {"checkpoint", N_("FILE"), N_("a checkpoint of this office kept elsewhere: must be its past"),
     .opens_file = true},
    {"key", N_("FILE"), N_("the key that must have signed; else the one the office names"),
     .opens_file = true},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_verify = {
    .name = "verify",
    .operands = "OFFICE",
    .summary = N_("Verify that the office holds exactly what its log says, and that the log is the"
                  " one that was signed."),
    .text = N_("The verdict is one of: sound, asserted only, altered, missing, not this key,"
               " older, forked. Exit status: 0 sound, 3 asserted only, 1 any other. That a whole"
               " office was put back to an older copy shows only with --checkpoint, or where the"
               " signing key is."),
    .examples = "verify ./office\n"
                "verify ./office --checkpoint kept-in-june.txt --key office.pub --json",
    .options = verify_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_verify,
};

/* ---- checkpoint ------------------------------------------------------------------------------ */

/* Sign what a process that was killed left unsigned in @office, which is not served.  Where that
 * cannot be, as of a backup, it stays so, and is told of. */
static bool sign_rest(CliContext *context, const char *location, GError **error)
{
    g_autoptr(Office) read = office_open(location, OFFICE_READ, NULL, error);
    int64_t n = 0;
    if (read == NULL || !office_count_unsigned(read, &n, error)) {
        return false;
    }
    g_autofree char *key = office_key_path(office_id(read));
    if (n > 0 && g_file_test(key, G_FILE_TEST_EXISTS)) {
        g_autoptr(Office) written = office_open(location, OFFICE_WRITE, NULL, NULL);
        if (written != NULL) {
            cli_session_sign(context, written);
        }
    }
    return true;
}

/* Return the office to be read, signed if it can be; *@ret_own (NULL: the server's) is closed by
 * the caller. */
static Office *open_signed(CliContext *context, Office **ret_own, GError **error)
{
    const char *location = cli_operand(context, 0);
    if (!cli_session_relay(context, error)) {
        return NULL;
    }
    if (context->inside != NULL) {
        cli_session_sign(context, context->inside->office);
        return context->inside->office;
    }
    *ret_own = sign_rest(context, location, error) ? office_open(location, OFFICE_READ, NULL, error)
                                                   : NULL;
    return *ret_own;
}

static bool run_checkpoint(CliContext *context, GError **error)
{
    g_autoptr(Office) own = NULL;
    Office *office = open_signed(context, &own, error);
    g_autoptr(StoreConnection) reader =
        office != NULL ? store_reader_acquire(office_store(office), error) : NULL;
    g_autofree char *note = NULL;
    if (reader == NULL) {
        return false;
    }
    if (cli_has(context, "key")) {
        g_string_append_printf(context->out, "%s\n", office_public_key(office));
        return true;
    }
    if (!office_checkpoint(office, reader, &note, error)) {
        return false;
    }
    if (note == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "the office has no signed checkpoint");
        return false;
    }
    g_string_append(context->out, note);
    int64_t n = 0;
    if (!office_count_unsigned(office, &n, error)) {
        return false;
    }
    if (n > 0) {
        cli_remark(context,
                   N_("note: the newest %lld {event is|events are} not in it, being unsigned"),
                   (long long)n);
    }
    return true;
}

static const CliOption checkpoint_options[] = {
    {"key", NULL, N_("print the key that checks signatures instead")}, {NULL}};

const CliCommand command_checkpoint = {
    .name = "checkpoint",
    .operands = "OFFICE",
    .summary = N_("Print the newest signed checkpoint, to be kept where the office cannot reach."),
    .text = N_("What is not signed yet, as while the office is being served or after a crash, is"
               " read back and signed first."),
    .examples = "checkpoint ./office > kept-in-june.txt\ncheckpoint ./office --key > office.pub",
    .options = checkpoint_options,
    .runs_inside = true,
    .run = run_checkpoint,
};
