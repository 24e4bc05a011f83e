#include "cli/command-log-check.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/note.h"
#include "cli/print.h"
#include "ledger/shown-series.h"
#include "log/shown-witness.h"

#define MAX_FILE_BYTES ((size_t)256 << 20)
#define TERM_COLUMNS 20
#define HEAD_COLUMNS 9
#define NAMES_SHOWN 10
#define PROOF_HEAD "c2sp.org/tlog-proof@" /* how a file begins that is a proof alone */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* How a fault of a claim is called as JSON, and said in words above the numbers that have it. */
static const struct {
    const char *key;
    const char *sentence;
} faults[LOG_CLAIM_N_FAULTS] = {
    [LOG_CLAIM_MISSING] = {"missing", N_("named by the file, but not shown, or not soundly:")},
    [LOG_CLAIM_REPEATED] = {"repeated", N_("named by the figure as a member more than once:")},
    [LOG_CLAIM_OTHER_ID] = {"other_id", N_("named by the figure with the id of another entry:")},
    [LOG_CLAIM_GONE] = {"gone", N_("named by the figure, but taken out of the books:")},
    [LOG_CLAIM_KEPT] = {"kept",
                        N_("called deleted by the figure, but no event shown takes it out of the"
                           " books:")},
};

/* How the file stands to the checkpoint that the reader kept. */
typedef struct Witness {
    bool is_given;
    LogWitnessed witnessed;
    int64_t size;
} Witness;

static bool is_sound(const LogShownFile *file, const LogShownClaim *claim, const Witness *witness)
{
    bool is_forked = witness->is_given && witness->witnessed == LOG_WITNESSED_FORKED;
    return log_shown_file_is_sound(file) && log_shown_claim_is_borne_out(claim) && !is_forked;
}

static int status_of(const LogShownFile *file, const LogShownClaim *claim, const Witness *witness)
{
    bool is_shown = !witness->is_given || witness->witnessed == LOG_WITNESSED_SAME ||
                    witness->witnessed == LOG_WITNESSED_AFTER;
    return !is_sound(file, claim, witness) ? (int)CLI_EXIT_UNSOUND
           : is_shown                      ? 0
                                           : (int)CLI_EXIT_ASSERTED;
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static void write_names(JsonWriter *json, const char *key, const GPtrArray *names)
{
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; i < names->len; i++) {
        json_write_text(json, g_ptr_array_index(names, i));
    }
    json_write_end_array(json);
}

static void write_numbers(JsonWriter *json, const char *key, const GArray *numbers)
{
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; i < numbers->len; i++) {
        json_write_int(json, g_array_index(numbers, int64_t, i));
    }
    json_write_end_array(json);
}

static void write_event(JsonWriter *json, const LogShownFile *file, const LogShown *shown)
{
    char time[DATE_TIME_TEXT_SIZE];
    char *data =
        shown->data != NULL ? json_dumps(shown->data, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_write_begin_object(json);
    json_write_key_text(json, "verdict", proof_verdict_name(shown->verdict));
    json_write_key_int(json, "seq", shown->seq);
    json_write_key_text(json, "at", date_format_time(shown->at_us, DATE_SECONDS_SHANGHAI, time));
    json_write_key_text(json, "actor", shown->actor);
    json_write_key_text(json, "kind", shown->kind);
    json_write_key_int(json, "object", shown->object);
    json_write_key_text(json, "number", log_shown_file_number(file, shown->object));
    json_write_key_int(json, "size", shown->checkpoint->size);
    json_write_key(json, "data");
    json_write_raw(json, data != NULL ? data : "null");
    write_names(json, "others", shown->others);
    write_names(json, "closed", shown->closed);
    json_write_key(json, "values");
    json_write_begin_object(json);
    for (guint i = 0; i < shown->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(shown->fields, i);
        json_write_key_text(json, field->name, field->value);
    }
    json_write_end_object(json);
    json_write_end_object(json);
    free(data);
}

static void write_checkpoints(JsonWriter *json, const GPtrArray *checkpoints)
{
    json_write_key(json, "checkpoints");
    json_write_begin_array(json);
    for (guint i = 0; i < checkpoints->len; i++) {
        const ProofCheckpoint *checkpoint = g_ptr_array_index(checkpoints, i);
        json_write_begin_object(json);
        json_write_key_int(json, "size", checkpoint->size);
        json_write_key(json, "root");
        json_write_hex(json, checkpoint->root.bytes, sizeof checkpoint->root.bytes);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

/* Write of which log the figure says it is, and whether a checkpoint of the file is of that. */
static void write_log(JsonWriter *json, const LogShownClaim *claim)
{
    json_write_key(json, "log");
    if (!claim->is_of_figure) {
        json_write_null(json);
        return;
    }
    json_write_begin_object(json);
    json_write_key_int(json, "size", claim->log_size);
    json_write_key_bool(json, "signed", claim->is_signed);
    json_write_end_object(json);
}

/* Write how far it is shown that nothing is left out. */
static void write_completeness(JsonWriter *json, const LogShownFile *file,
                               const LogShownClaim *claim)
{
    g_autoptr(GPtrArray) all = ledger_shown_series(file, claim);
    json_write_key(json, "completeness");
    json_write_begin_object(json);
    json_write_key_bool(json, "asserted", claim->is_asserted);
    json_write_key(json, "series");
    json_write_begin_array(json);
    for (guint i = 0; i < all->len; i++) {
        const LedgerShownSeries *series = g_ptr_array_index(all, i);
        json_write_begin_object(json);
        json_write_key_text(json, "ledger", series->ledger);
        json_write_key_int(json, "year", series->year);
        json_write_key_int(json, "last", series->last);
        json_write_key_int(json, "missing", series->n_missing);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

static void write_witness(JsonWriter *json, const Witness *witness)
{
    json_write_key(json, "checkpoint");
    if (!witness->is_given) {
        json_write_null(json);
        return;
    }
    json_write_begin_object(json);
    json_write_key_int(json, "size", witness->size);
    json_write_key_text(json, "relation", log_witnessed_name(witness->witnessed));
    json_write_end_object(json);
}

static void print_json(CliContext *context, const LogShownFile *file, const LogShownClaim *claim,
                       const Witness *witness, const ProofVerifier *verifier)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "sound", is_sound(file, claim, witness));
    json_write_key_text(&json, "origin", verifier->name);
    write_checkpoints(&json, file->checkpoints);
    write_witness(&json, witness);
    json_write_key_bool(&json, "conflict", file->conflict != NULL);
    write_numbers(&json, "gaps", file->gaps);
    write_numbers(&json, "strangers", claim->strangers);
    write_numbers(&json, "absent", claim->absent);
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        write_names(&json, faults[i].key, claim->faults[i]);
    }
    json_write_key_int(&json, "hidden", claim->n_hidden);
    json_write_key_text(&json, "contradicted", claim->differs);
    write_log(&json, claim);
    write_completeness(&json, file, claim);
    json_write_key(&json, "events");
    json_write_begin_array(&json);
    for (guint i = 0; i < file->events->len; i++) {
        write_event(&json, file, g_ptr_array_index(file->events, i));
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* ---- in words -------------------------------------------------------------------------------- */

/* Append "    NAME  VALUE" of what an event says in clear; times as times. */
static void print_data(CliContext *context, const char *name, const json_t *value)
{
    static const char *const times[] = {"added",   "due",     "happened", "opened",
                                        "stepped", "stopped", NULL};
    char time[DATE_TIME_TEXT_SIZE];
    char *text = NULL;
    if (json_is_integer(value) && g_strv_contains(times, name) && json_integer_value(value) > 0 &&
        json_integer_value(value) <= JSON_MAX_INT) {
        text = strdup(date_format_time(json_integer_value(value), DATE_SECONDS_SHANGHAI, time));
    } else if (json_is_string(value)) {
        text = strdup(json_string_value(value));
    } else {
        text = json_dumps(value, JSON_ENCODE_ANY);
    }
    g_autofree char *label = g_strconcat("    ", name, NULL);
    cli_print_pair(context, TERM_COLUMNS, label, text != NULL ? text : "");
    free(text);
}

/* A step is told by its parts. */
static void print_clear(CliContext *context, json_t *data)
{
    static const char *const told_elsewhere[] = {"definition", "ledger",  "n",    "number",
                                                 "unit",       "version", "year", NULL};
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(data, name, value)
    {
        if (g_str_equal(name, "step") && json_is_object(value)) {
            print_data(context, "step", json_object_get(value, "name"));
            print_data(context, "happened", json_object_get(value, "happened"));
        } else if (!g_strv_contains(told_elsewhere, name)) {
            print_data(context, name, value);
        }
    }
}

/* Append "    LABEL  a, b" unless there are none. */
static void print_names(CliContext *context, const char *label, const GPtrArray *names)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++) {
        g_string_append_printf(all, "%s%s", i > 0 ? " " : "", (char *)g_ptr_array_index(names, i));
    }
    g_autofree char *indented = g_strconcat("    ", label, NULL);
    if (names->len > 0) {
        cli_print_pair(context, TERM_COLUMNS, indented, all->str);
    }
}

/* Return the number of the entry @object, "#id" of what no sound event begins; the caller owns it.
 */
static char *number_of(const LogShownFile *file, int64_t object)
{
    const char *number = log_shown_file_number(file, object);
    return number != NULL ? cli_clean(number) : g_strdup_printf("#%" G_GINT64_FORMAT, object);
}

static void print_event(CliContext *context, const LogShownFile *file, const LogShown *shown)
{
    char time[DATE_TIME_TEXT_SIZE];
    g_autofree char *number = number_of(file, shown->object);
    g_autofree char *line =
        g_strdup_printf("%" G_GINT64_FORMAT "  %s  %s  %s  %s", shown->seq,
                        cli_format_time(shown->at_us, DATE_SECONDS_SHANGHAI, time), shown->actor,
                        shown->kind, number);
    g_autofree char *clean = cli_clean(line);
    g_string_append_printf(context->out, "\n%s\n", clean);
    if (shown->verdict != PROOF_SOUND) {
        cli_print_text(context, cli_tr(context, proof_verdict_sentence(shown->verdict)), 4);
        print_names(context, cli_tr(context, N_("bent")), shown->others);
    }
    print_clear(context, shown->data);
    for (guint i = 0; i < shown->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(shown->fields, i);
        g_autofree char *label = g_strconcat("    ", field->name, NULL);
        bool is_blank = text_is_blank(field->value);
        cli_print_pair(context, TERM_COLUMNS, label,
                       !is_blank               ? field->value
                       : *field->value != '\0' ? cli_tr(context, N_("(blanks)"))
                                               : cli_tr(context, N_("(emptied)")));
    }
    print_names(context, cli_tr(context, N_("not opened")), shown->closed);
}

/* Append the first of @names as a line. */
static void print_list(CliContext *context, const GPtrArray *names)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < MIN(names->len, (guint)NAMES_SHOWN); i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", (char *)g_ptr_array_index(names, i));
    }
    if (names->len > NAMES_SHOWN) {
        g_string_append_printf(text, " … (%u)", names->len);
    }
    g_autofree char *clean = cli_clean(text->str);
    cli_print_text(context, clean, 2);
}

/* Say what of the events' own is not in order. */
static void print_faults(CliContext *context, const LogShownFile *file)
{
    if (file->n_unsound > 0) {
        cli_say(context, N_("%u of %u {event|events} {does|do} not stand in the log so"),
                file->n_unsound, file->events->len);
    }
    if (file->conflict != NULL) {
        cli_say(context,
                N_("event %lld contradicts another of the file: who holds the key signed both"),
                (long long)file->conflict->seq);
    }
    for (guint i = 0; i < file->gaps->len; i++) {
        g_autofree char *name = number_of(file, g_array_index(file->gaps, int64_t, i));
        cli_say(context, N_("of '%s' events between those shown are missing"), name);
    }
}

/* Say what of the events is not what the file says that they are. */
static void print_foreign(CliContext *context, const LogShownClaim *claim)
{
    for (guint i = 0; i < MIN(claim->strangers->len, (guint)NAMES_SHOWN); i++) {
        cli_say(context, N_("event %lld is of nothing that the file is said to be of"),
                (long long)g_array_index(claim->strangers, int64_t, i));
    }
    for (guint i = 0; i < MIN(claim->absent->len, (guint)NAMES_SHOWN); i++) {
        cli_say(context, N_("event %lld, which brought a file that is attached, is not shown"),
                (long long)g_array_index(claim->absent, int64_t, i));
    }
}

/* Say what of the file's claim is not in order. */
static void print_refuted(CliContext *context, const LogShownClaim *claim)
{
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        if (claim->faults[i]->len > 0) {
            cli_print_text(context, cli_tr(context, faults[i].sentence), 0);
            print_list(context, claim->faults[i]);
        }
    }
    if (claim->n_hidden > 0) {
        cli_say(context,
                N_("%u {member|members} of the figure {is|are} not shown: who printed the file may"
                   " not read {it|them}"),
                claim->n_hidden);
    }
    if (claim->differs != NULL) {
        cli_say(context, N_("the figure's '%s' is not that of the members that it names"),
                claim->differs);
    }
    if (claim->is_other_log) {
        cli_say(context, N_("the figure is of another log at %lld events than the signed one"),
                (long long)claim->log_size);
    }
    print_foreign(context, claim);
}

static void print_checkpoints(CliContext *context, const LogShownFile *file,
                              const ProofVerifier *verifier)
{
    if (file->checkpoints->len == 0) {
        cli_say(context, N_("nothing in the file is signed by the key of %s"), verifier->name);
        return;
    }
    const ProofCheckpoint *first = g_ptr_array_index(file->checkpoints, 0);
    const ProofCheckpoint *last = g_ptr_array_index(file->checkpoints, file->checkpoints->len - 1);
    if (first == last) {
        cli_say(context, N_("log %s, signed at %lld {event|events}"), verifier->name,
                (long long)last->size);
    } else {
        cli_say(context, N_("log %s, signed at %lld to %lld events in %u checkpoints"),
                verifier->name, (long long)first->size, (long long)last->size,
                file->checkpoints->len);
    }
}

static void print_witness(CliContext *context, const Witness *witness)
{
    long long size = witness->size;
    switch (witness->witnessed) {
    case LOG_WITNESSED_SAME:
        cli_say(context, N_("the checkpoint given, of %lld {event|events}, is one of the file's"),
                size);
        return;
    case LOG_WITNESSED_AFTER:
        cli_say(context, N_("goes on from the checkpoint given, of %lld {event|events}"), size);
        return;
    case LOG_WITNESSED_FORKED:
        cli_say(context,
                N_("forked: the checkpoint given, of %lld {event|events}, is of another history"),
                size);
        return;
    case LOG_WITNESSED_OLDER:
        cli_say(context,
                N_("older than the checkpoint given, of %lld {event|events}: whether that goes on"
                   " from it, a file printed anew shows"),
                size);
        return;
    case LOG_WITNESSED_UNSHOWN:
        cli_say(context,
                N_("not shown to go on from the checkpoint given, of %lld {event|events}: have it"
                   " printed with --checkpoint FILE"),
                size);
        return;
    }
    g_assert_not_reached();
}

/* Say what the file claims of a figure, and how far the events bear it out. */
static void print_figure(CliContext *context, const LogShownClaim *claim)
{
    g_autofree char *said =
        g_strdup_printf("%s  %s  %s..%s", claim->title, claim->text != NULL ? claim->text : "",
                        claim->from, claim->to);
    g_autofree char *clean = cli_clean(said);
    cli_say(context, N_("said by the file, to be reckoned from the entries, not proved itself:"));
    cli_print_text(context, clean, 2);
    if (claim->is_signed) {
        cli_say(context, N_("the figure is of the log at %lld {event|events}, signed so"),
                (long long)claim->log_size);
    } else {
        cli_say(
            context,
            N_("said to be of the log at %lld {event|events}, which no checkpoint shown bears out"),
            (long long)claim->log_size);
    }
    if (claim->n_named > 0 && claim->faults[LOG_CLAIM_MISSING]->len == 0) {
        cli_say(context, N_("every entry that the figure names is shown"));
    }
}

/* Say how far it is shown that nothing is left out of the figure. */
static void print_completeness(CliContext *context, const LogShownFile *file,
                               const LogShownClaim *claim)
{
    g_autoptr(GPtrArray) all = ledger_shown_series(file, claim);
    if (claim->is_asserted) {
        cli_say(context, N_("completeness asserted by the signer: what the figure counts has no"
                            " numbers"));
    }
    for (guint i = 0; i < all->len; i++) {
        const LedgerShownSeries *series = g_ptr_array_index(all, i);
        g_autofree char *name =
            series->year != 0 ? g_strdup_printf("%s %lld", series->ledger, (long long)series->year)
                              : g_strdup(series->ledger);
        g_autofree char *clean = cli_clean(name);
        if (series->n_missing == 0) {
            cli_say(context, N_("numbers of %s: each from 1 to %lld is shown"), clean,
                    (long long)series->last);
        } else {
            cli_say(context, N_("numbers of %s: of those from 1 to %lld, %lld {is|are} not shown"),
                    clean, (long long)series->last, (long long)series->n_missing);
        }
    }
}

static void print_text(CliContext *context, const LogShownFile *file, const LogShownClaim *claim,
                       const Witness *witness, const ProofVerifier *verifier)
{
    if (!is_sound(file, claim, witness)) {
        cli_say(context, N_("not sound"));
        print_faults(context, file);
        print_refuted(context, claim);
    } else {
        cli_say(context, N_("sound: %u {event stands|events stand} so in the log"),
                file->events->len);
    }
    print_checkpoints(context, file, verifier);
    if (witness->is_given) {
        print_witness(context, witness);
    }
    if (claim->is_of_figure) {
        print_figure(context, claim);
        print_completeness(context, file, claim);
    }
    if (claim->deletion != 0) {
        cli_say(context, N_("the entry was taken out of the books: event %lld"),
                (long long)claim->deletion);
    }
    cli_print_pair(
        context, HEAD_COLUMNS, cli_tr(context, N_("not shown")),
        cli_tr(context, N_("other entries; what came after the last event of these, files too;"
                           " comments, looks and erasures that the file leaves"
                           " out")));
    for (guint i = 0; i < file->events->len; i++) {
        print_event(context, file, g_ptr_array_index(file->events, i));
    }
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Read @path, "-" being standard input, without the mark that some editors put before a text; the
 * caller owns it. */
static char *read_text(const char *path, size_t max, size_t *ret_length, GError **error)
{
    size_t length = 0;
    char *text = file_read(g_str_equal(path, "-") ? "/dev/stdin" : path, max, &length, error);
    size_t skipped =
        text != NULL && g_str_has_prefix(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
    if (skipped > 0) {
        memmove(text, text + skipped, length - skipped + 1);
    }
    *ret_length = length - skipped;
    return text;
}

static ProofVerifier *read_key(const CliContext *context, GError **error)
{
    const char *path = cli_option(context, "key");
    size_t length = 0;
    g_autofree char *text = read_text(path, PROOF_KEY_TEXT_MAX, &length, error);
    ProofVerifier *verifier = text != NULL ? proof_verifier_parse(g_strstrip(text), error) : NULL;
    if (text != NULL && verifier == NULL) {
        error_prefix(error, "'%s'", path);
    }
    return verifier;
}

/* Hold @file against the checkpoint that option "checkpoint" names, if it does. */
static bool hold_against(const CliContext *context, const json_t *json, const LogShownFile *file,
                         const ProofVerifier *verifier, Witness *witness, GError **error)
{
    g_autofree char *note = NULL;
    if (!cli_note_read_checkpoint(context, &note, error)) {
        return false;
    }
    witness->is_given = note != NULL;
    return note == NULL || log_shown_witness(json, file, note, verifier, &witness->witnessed,
                                             &witness->size, error);
}

static bool check(CliContext *context, const char *path, const ProofVerifier *verifier,
                  GError **error)
{
    Witness witness = {false};
    size_t length = 0;
    g_autofree char *text = read_text(path, MAX_FILE_BYTES, &length, error);
    if (text == NULL) {
        return false;
    }
    if (g_str_has_prefix(text, PROOF_HEAD)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is a proof without its event; 'log prove --json' prints both", path);
        return false;
    }
    g_autoptr(json_t) json = json_parse(text, length, error);
    g_autoptr(LogShownFile) file =
        json != NULL ? log_shown_file_check(json, verifier, error) : NULL;
    g_autoptr(LogShownClaim) claim = file != NULL ? log_shown_claim_check(json, file, error) : NULL;
    if (claim == NULL) {
        error_prefix(error, "'%s'", path);
        return false;
    }
    if (!hold_against(context, json, file, verifier, &witness, error)) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, file, claim, &witness, verifier);
    } else {
        print_text(context, file, claim, &witness, verifier);
    }
    context->status = status_of(file, claim, &witness);
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_autoptr(ProofVerifier) verifier = read_key(context, error);
    return verifier != NULL && check(context, cli_operand(context, 0), verifier, error);
}

static const CliOption options[] = {
    {"key", N_("FILE"), N_("the log's public key, got elsewhere than the file itself"),
     .is_required = true, .opens_file = true},
    {"checkpoint", N_("FILE"), N_("a checkpoint of the log kept elsewhere: must be its past"),
     .opens_file = true},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_log_check = {
    .name = "log check",
    .operands = "FILE",
    .summary = N_("Check what 'entry prove', 'figure --prove' or 'log prove --json' printed; needs"
                  " no office."),
    .text = N_("'-' is standard input. Values are spelled as the log has them (docs/proof.md). What"
               " a file leaves out, no check can see: numbers without gaps and 'shuzhi verify' tell"
               " what there is. Exit status: 0 sound, 3 the same, but that the log goes on from the"
               " checkpoint given is not shown, 1 not sound, 10 nothing was checked."),
    .examples = "log check SQ2023-00084.json --key office.pub\n"
                "log check SQ2023-00084.json --key office.pub --checkpoint kept.txt",
    .options = options,
    .run = run,
};
