#include "cli/command-log-check.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/print.h"
#include "log/shown.h"

#define MAX_FILE_BYTES ((size_t)256 << 20)
#define TERM_COLUMNS 20
#define NAMES_SHOWN 10

/* What was found in a file. */
typedef struct Check {
    GPtrArray *events;  /* of LogShown, in the order of the file */
    GPtrArray *missing; /* of char*: numbers that the figure rests on and no event shows; borrowed
                           from the file */
    guint n_unsound;
    bool has_figure;
} Check;

static void free_shown(gpointer data)
{
    log_shown_free(data);
}

static void check_clear(Check *check)
{
    g_clear_pointer(&check->events, g_ptr_array_unref);
    g_clear_pointer(&check->missing, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

/* ---- checking -------------------------------------------------------------------------------- */

static bool check_event(Check *check, const json_t *json, const ProofVerifier *verifier,
                        GError **error)
{
    LogShown *shown = log_shown_check(json, verifier, error);
    if (shown == NULL) {
        return false;
    }
    g_ptr_array_add(check->events, shown);
    check->n_unsound += shown->verdict != PROOF_SOUND;
    return true;
}

/* Check the one event that @file is, or those under "events". */
static bool check_events(Check *check, const json_t *file, const ProofVerifier *verifier,
                         GError **error)
{
    const json_t *events = json_object_get(file, "events");
    if (events == NULL) {
        return check_event(check, file, verifier, error);
    }
    for (size_t i = 0; i < json_array_size(events); i++) {
        if (!check_event(check, json_array_get(events, i), verifier, error)) {
            error_prefix(error, "event %zu of the file", i + 1);
            return false;
        }
    }
    if (check->events->len == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no event in the file");
    }
    return check->events->len > 0;
}

/* Note @number as missing unless it is in @seen, which it is then. */
static void look_for(Check *check, GHashTable *seen, const json_t *number)
{
    const char *text = json_string_value(number);
    if (text != NULL && g_hash_table_add(seen, (gpointer)text)) {
        g_ptr_array_add(check->missing, (gpointer)text);
    }
}

/* Look for the entries that @figure names among the sound events. */
static void check_figure(Check *check, const json_t *figure)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < check->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(check->events, i);
        if (shown->verdict == PROOF_SOUND && shown->number != NULL) {
            g_hash_table_add(seen, shown->number);
        }
    }
    const json_t *members = json_object_get(figure, "members");
    for (size_t i = 0; i < json_array_size(members); i++) {
        const json_t *member = json_array_get(members, i);
        if (json_is_integer(json_object_get(member, "id"))) {
            look_for(check, seen, json_object_get(member, "number"));
        }
    }
    const json_t *entries = json_object_get(figure, "entries");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        look_for(check, seen, json_array_get(entries, i));
    }
}

/* ---- what is printed ------------------------------------------------------------------------- */

static bool is_sound(const Check *check)
{
    return check->n_unsound == 0 && check->missing->len == 0;
}

static void write_event(JsonWriter *json, const LogShown *shown)
{
    char time[DATE_TIME_TEXT_SIZE];
    json_write_begin_object(json);
    json_write_key_text(json, "verdict", proof_verdict_name(shown->verdict));
    json_write_key_int(json, "seq", shown->seq);
    json_write_key_text(json, "at", date_format_time(shown->at_us, DATE_SECONDS_SHANGHAI, time));
    json_write_key_text(json, "actor", shown->actor);
    json_write_key_text(json, "kind", shown->kind);
    json_write_key_int(json, "object", shown->object);
    json_write_key_text(json, "number", shown->number);
    json_write_key_text(json, "other", shown->other);
    json_write_key(json, "values");
    json_write_begin_object(json);
    for (guint i = 0; i < shown->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(shown->fields, i);
        json_write_key_text(json, field->name, field->value);
    }
    json_write_end_object(json);
    json_write_end_object(json);
}

static void print_json(CliContext *context, const Check *check)
{
    const LogShown *last = g_ptr_array_index(check->events, check->events->len - 1);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "sound", is_sound(check));
    json_write_key_text(&json, "origin", last->checkpoint->origin);
    json_write_key_int(&json, "size", last->checkpoint->size);
    json_write_key(&json, "missing");
    json_write_begin_array(&json);
    for (guint i = 0; i < check->missing->len; i++) {
        json_write_text(&json, g_ptr_array_index(check->missing, i));
    }
    json_write_end_array(&json);
    json_write_key(&json, "events");
    json_write_begin_array(&json);
    for (guint i = 0; i < check->events->len; i++) {
        write_event(&json, g_ptr_array_index(check->events, i));
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static void print_event(CliContext *context, const LogShown *shown)
{
    char time[DATE_TIME_TEXT_SIZE];
    g_string_append_printf(context->out, "\n%" G_GINT64_FORMAT "  %s  %s  %s  %s\n", shown->seq,
                           cli_format_time(shown->at_us, DATE_SECONDS_SHANGHAI, time), shown->actor,
                           shown->kind, shown->number != NULL ? shown->number : "");
    if (shown->verdict != PROOF_SOUND) {
        cli_print_text(context, cli_tr(context, proof_verdict_sentence(shown->verdict)), 4);
    }
    for (guint i = 0; i < shown->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(shown->fields, i);
        g_autofree char *label = g_strconcat("    ", field->name, NULL);
        cli_print_pair(context, TERM_COLUMNS, label,
                       *field->value != '\0' ? field->value : cli_tr(context, N_("(emptied)")));
    }
}

static void print_missing(CliContext *context, const GPtrArray *missing)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < MIN(missing->len, (guint)NAMES_SHOWN); i++) {
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
                               (char *)g_ptr_array_index(missing, i));
    }
    g_string_append(names, missing->len > NAMES_SHOWN ? " …" : "");
    cli_say(context,
            N_("%u {entry|entries} that the figure rests on {is|are} not shown, or not soundly:"),
            missing->len);
    cli_print_text(context, names->str, 2);
}

static void print_text(CliContext *context, const Check *check)
{
    const LogShown *last = g_ptr_array_index(check->events, check->events->len - 1);
    if (check->n_unsound > 0) {
        cli_say(context, N_("not sound: %u of %u {event|events} {does|do} not stand in the log so"),
                check->n_unsound, check->events->len);
    } else {
        cli_say(context, N_("sound: %u {event stands|events stand} so in the log"),
                check->events->len);
    }
    cli_say(context, N_("log %s, signed at %lld {event|events}"), last->checkpoint->origin,
            (long long)last->checkpoint->size);
    if (check->missing->len > 0) {
        print_missing(context, check->missing);
    } else if (check->has_figure) {
        cli_say(context, N_("every entry that the figure names is shown"));
    }
    for (guint i = 0; i < check->events->len; i++) {
        print_event(context, g_ptr_array_index(check->events, i));
    }
}

/* ---- the command ----------------------------------------------------------------------------- */

static ProofVerifier *read_key(const CliContext *context, GError **error)
{
    const char *path = cli_option(context, "key");
    g_autofree char *text = file_read(path, PROOF_KEY_TEXT_MAX, NULL, error);
    ProofVerifier *verifier = text != NULL ? proof_verifier_parse(g_strstrip(text), error) : NULL;
    if (text != NULL && verifier == NULL) {
        error_prefix(error, "'%s'", path);
    }
    return verifier;
}

static json_t *read_shown(const char *path, GError **error)
{
    size_t length = 0;
    g_autofree char *text = file_read(path, MAX_FILE_BYTES, &length, error);
    json_t *file = text != NULL ? json_parse(text, length, error) : NULL;
    if (text != NULL && file == NULL) {
        error_prefix(error, "'%s'", path);
    }
    return file;
}

static bool run(CliContext *context, GError **error)
{
    const char *path = cli_operand(context, 0);
    g_autoptr(ProofVerifier) verifier = read_key(context, error);
    g_autoptr(json_t) file = verifier != NULL ? read_shown(path, error) : NULL;
    if (file == NULL) {
        return false;
    }
    const json_t *figure = json_object_get(file, "figure");
    g_auto(Check) check = {.events = g_ptr_array_new_with_free_func(free_shown),
                           .missing = g_ptr_array_new(),
                           .has_figure = figure != NULL};
    if (!check_events(&check, file, verifier, error)) {
        error_prefix(error, "'%s'", path);
        return false;
    }
    check_figure(&check, figure);
    if (cli_has(context, "json")) {
        print_json(context, &check);
    } else {
        print_text(context, &check);
    }
    context->status = is_sound(&check) ? 0 : (int)CLI_EXIT_UNSOUND;
    return true;
}

static const CliOption options[] = {{"key", N_("FILE"),
                                     N_("the log's public key, got elsewhere than the file itself"),
                                     .is_required = true, .opens_file = true},
                                    CLI_OPTION_JSON,
                                    {NULL}};

const CliCommand command_log_check = {
    .name = "log check",
    .operands = "FILE",
    .summary = N_("Check what 'entry prove', 'figure --prove' or 'log prove --json' printed; needs"
                  " no office."),
    .text = N_("Values are spelled as the log has them (docs/proof.md). What a file leaves out, no"
               " check can see: numbers without gaps and 'shuzhi verify' tell what there is. Exit"
               " status: 0 sound, 1 not."),
    .examples = "log check SQ2023-00084.json --key office.pub",
    .options = options,
    .run = run,
};
