#include "cli/command-log-check.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/print.h"
#include "log/shown-file.h"

#define MAX_FILE_BYTES ((size_t)256 << 20)
#define TERM_COLUMNS 20
#define NAMES_SHOWN 10
#define PROOF_HEAD "c2sp.org/tlog-proof@" /* how a file begins that is a proof alone */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What a file claims beside its events, and what of that they bear out. */
typedef struct Claim {
    const json_t *figure;  /* NULL: the file is of no figure */
    const char *entry;     /* the number of the entry that the file is of; NULL: it does not say */
    GPtrArray *missing;    /* of char*: numbers that it names and no sound event began; borrowed */
    GArray *strangers;     /* of int64_t: events of another entry than the one it is of */
    guint n_named;         /* numbers that it names */
    guint n_hidden;        /* members that who printed the file may not see */
    int64_t size;          /* of the log that the figure says it is from; -1: it says none */
    bool is_other_log;     /* the file's checkpoint of that size has another root */
    const char *says_else; /* "total", "counted": the figure's members are not so many; NULL */
} Claim;

static void claim_clear(Claim *claim)
{
    g_clear_pointer(&claim->missing, g_ptr_array_unref);
    g_clear_pointer(&claim->strangers, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

/* ---- checking -------------------------------------------------------------------------------- */

/* Note that @number is named, and as missing unless @file shows its entry; each once. */
static void look_for(Claim *claim, const LogShownFile *file, GHashTable *named,
                     const json_t *number)
{
    const char *text = json_string_value(number);
    if (text == NULL || !g_hash_table_add(named, (gpointer)text)) {
        return;
    }
    claim->n_named++;
    if (g_hash_table_lookup(file->begun, text) == NULL) {
        g_ptr_array_add(claim->missing, (gpointer)text);
    }
}

static void look_for_all(Claim *claim, const LogShownFile *file, GHashTable *named,
                         const json_t *numbers)
{
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        look_for(claim, file, named, json_array_get(numbers, i));
    }
}

/* Return whether the figure's own @name, where it has one, is @n. */
static bool is_said(const json_t *figure, const char *name, size_t n)
{
    const json_t *said = json_object_get(figure, name);
    return said == NULL || (json_is_integer(said) && json_integer_value(said) == (json_int_t)n);
}

/* Hold the size and root of the log that the figure names against the checkpoints of @file. */
static void check_log(Claim *claim, const LogShownFile *file)
{
    const json_t *log = json_object_get(claim->figure, "log");
    const json_t *said = json_object_get(log, "size");
    const char *hex = json_string_value(json_object_get(log, "root"));
    ProofHash root;
    bool is_said =
        json_is_integer(said) && hex != NULL && text_from_hex(hex, root.bytes, sizeof root.bytes);
    claim->size = is_said ? json_integer_value(said) : -1;
    for (guint i = 0; is_said && i < file->checkpoints->len; i++) {
        const ProofCheckpoint *checkpoint = g_ptr_array_index(file->checkpoints, i);
        claim->is_other_log |=
            checkpoint->size == claim->size && memcmp(&checkpoint->root, &root, sizeof root) != 0;
    }
}

/* Look for the entries that the figure names among the sound events, and whether it agrees with
 * itself. */
static bool check_figure(Claim *claim, const LogShownFile *file, GError **error)
{
    const json_t *members = json_object_get(claim->figure, "members");
    if (!json_is_array(members)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the figure of the file has no list 'members'");
        return false;
    }
    check_log(claim, file);
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    size_t n_counted = 0;
    for (size_t i = 0; i < json_array_size(members); i++) {
        const json_t *member = json_array_get(members, i);
        claim->n_hidden += json_is_true(json_object_get(member, "restricted"));
        n_counted += json_is_true(json_object_get(member, "counted"));
        if (json_is_integer(json_object_get(member, "id"))) {
            look_for(claim, file, named, json_object_get(member, "number"));
        }
        look_for_all(claim, file, named, json_object_get(member, "entries"));
    }
    look_for_all(claim, file, named, json_object_get(claim->figure, "entries"));
    look_for_all(claim, file, named, json_object_get(claim->figure, "deleted"));
    claim->says_else = !is_said(claim->figure, "total", json_array_size(members)) ? "total"
                       : !is_said(claim->figure, "counted", n_counted)            ? "counted"
                                                                                  : NULL;
    return true;
}

/* Return the evidence that sound events of @object attached (a set of int64_t*; the caller owns
 * it). */
static GHashTable *find_evidence(const LogShownFile *file, int64_t object)
{
    GHashTable *found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->events, i);
        const char *name = NULL;
        json_t *ids = NULL;
        bool attaches = shown->verdict == PROOF_SOUND && shown->object == object &&
                        g_str_equal(shown->kind, "entry.attach");
        json_object_foreach(attaches ? shown->data : NULL, name, ids)
        {
            for (size_t k = 0; k < json_array_size(ids); k++) {
                int64_t id = json_integer_value(json_array_get(ids, k));
                g_hash_table_add(found, g_memdup2(&id, sizeof id));
            }
        }
    }
    return found;
}

/* Look whether all events are of the entry that the file is said to be of, or of its evidence. */
static bool check_entry(Claim *claim, const LogShownFile *file, const json_t *entry, GError **error)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    claim->entry = json_string_value(entry);
    if (claim->entry == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'entry' is not the number of an entry");
        return false;
    }
    look_for(claim, file, named, entry);
    const LogShown *begun = g_hash_table_lookup(file->begun, claim->entry);
    g_autoptr(GHashTable) evidence = begun != NULL ? find_evidence(file, begun->object) : NULL;
    for (guint i = 0; begun != NULL && i < file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->events, i);
        if (shown->object != begun->object && !g_hash_table_contains(evidence, &shown->object)) {
            g_array_append_val(claim->strangers, shown->seq);
        }
    }
    return true;
}

static bool check_claim(Claim *claim, const LogShownFile *file, const json_t *json, GError **error)
{
    const json_t *entry = json_object_get(json, "entry");
    claim->figure = json_object_get(json, "figure");
    if (file->events->len == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  claim->figure != NULL
                      ? N_("the figure names no entry: nothing of it can be checked")
                      : N_("there is no event in the file"));
        return false;
    }
    if (claim->figure != NULL) {
        return check_figure(claim, file, error);
    }
    return entry == NULL || check_entry(claim, file, entry, error);
}

static bool is_sound(const LogShownFile *file, const Claim *claim)
{
    return log_shown_file_is_sound(file) && claim->missing->len == 0 &&
           claim->strangers->len == 0 && claim->n_hidden == 0 && !claim->is_other_log &&
           claim->says_else == NULL;
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

static void print_json(CliContext *context, const LogShownFile *file, const Claim *claim,
                       const ProofVerifier *verifier)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "sound", is_sound(file, claim));
    json_write_key_text(&json, "origin", verifier->name);
    write_checkpoints(&json, file->checkpoints);
    json_write_key_bool(&json, "conflict", file->conflict != NULL);
    write_numbers(&json, "gaps", file->gaps);
    write_numbers(&json, "strangers", claim->strangers);
    write_names(&json, "missing", claim->missing);
    json_write_key_int(&json, "hidden", claim->n_hidden);
    json_write_key_text(&json, "contradicted", claim->says_else);
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

static void print_event(CliContext *context, const LogShownFile *file, const LogShown *shown)
{
    char time[DATE_TIME_TEXT_SIZE];
    const char *number = log_shown_file_number(file, shown->object);
    g_autofree char *line =
        g_strdup_printf("%" G_GINT64_FORMAT "  %s  %s  %s  %s", shown->seq,
                        cli_format_time(shown->at_us, DATE_SECONDS_SHANGHAI, time), shown->actor,
                        shown->kind, number != NULL ? number : "");
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
    g_string_append(text, names->len > NAMES_SHOWN ? " …" : "");
    cli_print_text(context, text->str, 2);
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
        int64_t object = g_array_index(file->gaps, int64_t, i);
        const char *number = log_shown_file_number(file, object);
        g_autofree char *name =
            number != NULL ? cli_clean(number) : g_strdup_printf("#%lld", (long long)object);
        cli_say(context, N_("of '%s' events between those shown are missing"), name);
    }
}

/* Say what of the file's claim is not in order. */
static void print_refuted(CliContext *context, const Claim *claim)
{
    if (claim->missing->len > 0 && claim->figure == NULL) {
        cli_say(context, N_("no event of the file begins the entry that it is said to be of:"));
        print_list(context, claim->missing);
    } else if (claim->missing->len > 0) {
        cli_say(context,
                N_("%u {entry|entries} that the figure names {is|are} not shown, or not soundly:"),
                claim->missing->len);
        print_list(context, claim->missing);
    }
    if (claim->n_hidden > 0) {
        cli_say(context,
                N_("%u {member|members} of the figure {is|are} not shown: who printed the file may"
                   " not read {it|them}"),
                claim->n_hidden);
    }
    if (claim->says_else != NULL) {
        cli_say(context, N_("the figure's '%s' is not that of the members that it names"),
                claim->says_else);
    }
    if (claim->is_other_log) {
        cli_say(context, N_("the figure is of another log at %lld events than the signed one"),
                (long long)claim->size);
    }
    for (guint i = 0; i < MIN(claim->strangers->len, (guint)NAMES_SHOWN); i++) {
        g_autofree char *entry = cli_clean(claim->entry);
        cli_say(context, N_("event %lld is not of '%s'"),
                (long long)g_array_index(claim->strangers, int64_t, i), entry);
    }
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

/* Say what the file claims of a figure, and how far the events bear it out. */
static void print_figure(CliContext *context, const Claim *claim)
{
    const char *title = json_string_value(json_object_get(claim->figure, "title"));
    const char *text = json_string_value(json_object_get(claim->figure, "text"));
    const json_t *period = json_object_get(claim->figure, "period");
    const char *from = json_string_value(json_object_get(period, "from"));
    const char *to = json_string_value(json_object_get(period, "to"));
    g_autofree char *said =
        g_strdup_printf("%s  %s  %s..%s", title != NULL ? title : "", text != NULL ? text : "",
                        from != NULL ? from : "", to != NULL ? to : "");
    cli_say(context, N_("said by the file, to be reckoned from the entries, not proved itself:"));
    cli_print_text(context, said, 2);
    if (claim->n_named > 0 && claim->missing->len == 0) {
        cli_say(context, N_("every entry that the figure names is shown"));
    }
}

static void print_text(CliContext *context, const LogShownFile *file, const Claim *claim,
                       const ProofVerifier *verifier)
{
    if (!is_sound(file, claim)) {
        cli_say(context, N_("not sound"));
        print_faults(context, file);
        print_refuted(context, claim);
    } else {
        cli_say(context, N_("sound: %u {event stands|events stand} so in the log"),
                file->events->len);
    }
    print_checkpoints(context, file, verifier);
    if (claim->figure != NULL) {
        print_figure(context, claim);
    }
    cli_say(context, N_("not shown: other entries, and what came after the last event of these"));
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

static bool check(CliContext *context, const char *path, const ProofVerifier *verifier,
                  GError **error)
{
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
    g_auto(Claim) claim = {.missing = g_ptr_array_new(),
                           .strangers = g_array_new(false, false, sizeof(int64_t))};
    if (file == NULL || !check_claim(&claim, file, json, error)) {
        error_prefix(error, "'%s'", path);
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, file, &claim, verifier);
    } else {
        print_text(context, file, &claim, verifier);
    }
    context->status = is_sound(file, &claim) ? 0 : (int)CLI_EXIT_UNSOUND;
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_autoptr(ProofVerifier) verifier = read_key(context, error);
    return verifier != NULL && check(context, cli_operand(context, 0), verifier, error);
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
    .text = N_("'-' is standard input. Values are spelled as the log has them (docs/proof.md). What"
               " a file leaves out, no check can see: numbers without gaps and 'shuzhi verify' tell"
               " what there is. Exit status: 0 sound, 1 not, 10 nothing was checked."),
    .examples = "log check SQ2023-00084.json --key office.pub",
    .options = options,
    .run = run,
};
