#include "cli/command-pack.h"

#include "base/file.h"
#include "base/json.h"
#include "cli/print.h"
#include "cli/session.h"
#include "office/pack.h"

/* ---- check ----------------------------------------------------------------------------------- */

/* Write @problems (NULL: none), of which not all may be kept, and how many there are as @key and
 * @count_key. */
static void write_problems(CliContext *context, JsonWriter *json, const SchemaProblems *problems,
                           const char *key, const char *count_key)
{
    g_autoptr(GPtrArray) lines =
        problems != NULL ? schema_problems_to_lines(problems, context->language) : NULL;
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        json_write_text(json, g_ptr_array_index(lines, i));
    }
    json_write_end_array(json);
    json_write_key_int(json, count_key, problems != NULL ? schema_problems_count(problems) : 0);
}

static void print_lines(CliContext *context, const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        cli_print_text(context, g_ptr_array_index(lines, i), 0);
    }
}

static void print_problems(CliContext *context, const SchemaProblems *problems)
{
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, context->language);
    guint n_left_out = schema_problems_count(problems) - lines->len;
    print_lines(context, lines);
    if (n_left_out > 0) {
        cli_say(context, N_("and %u more"), n_left_out);
    }
}

/* Print what was found of a pack, which is @schema, NULL when it is not sound, as JSON. */
static void print_check_json(CliContext *context, const Schema *schema,
                             const SchemaProblems *problems)
{
    g_autoptr(SchemaProblems) remarks = schema != NULL ? schema_remarks(schema) : NULL;
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "sound", schema != NULL);
    write_problems(context, &json, problems, "problems", "n_problems");
    write_problems(context, &json, remarks, "remarks", "n_remarks");
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* Read and check the pack in the folder @path; its faults are printed. */
static Schema *load_folder(CliContext *context, const char *path, bool as_json,
                           GPtrArray **ret_files, GError **error)
{
    g_autoptr(GPtrArray) files = NULL;
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GError) first = NULL;
    if (!schema_read_folder(path, &files, error)) {
        return NULL;
    }
    Schema *schema = schema_load(files, &problems, &first);
    if (schema == NULL) {
        if (as_json) {
            print_check_json(context, NULL, problems);
        } else {
            print_problems(context, problems);
        }
        error_set(error, SHUZHI_ERROR_INVALID, "the pack in '%s' is not sound: %u {fault|faults}",
                  path, schema_problems_count(problems));
        return NULL;
    }
    if (ret_files != NULL) {
        *ret_files = g_steal_pointer(&files);
    }
    return schema;
}

static bool run_check(CliContext *context, GError **error)
{
    bool as_json = cli_has(context, "json");
    g_autoptr(Schema) schema = load_folder(context, cli_operand(context, 0), as_json, NULL, error);
    if (schema == NULL) {
        return false;
    }
    if (as_json) {
        print_check_json(context, schema, NULL);
        return true;
    }
    g_autoptr(SchemaProblems) remarks = schema_remarks(schema);
    print_problems(context, remarks);
    cli_say(context,
            N_("the pack '%s' %s is sound: %u {ledger|ledgers}, %u {measure|measures}, %u "
               "{report|reports}"),
            schema_words_get(&schema->words, context->language), schema->version,
            schema->ledgers->len, schema->measures->len, schema->reports->len);
    return true;
}

static const CliOption check_options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_pack_check = {
    .name = "pack check",
    .operands = "DIR",
    .summary = N_("Check the pack in a folder; name every fault with file, line and column."),
    .examples = "pack check packs/county-office",
    .options = check_options,
    .run = run_check,
};

/* ---- show ------------------------------------------------------------------------------------ */

/* One thing that a pack declares. */
typedef struct Declared {
    const char *name;
    const SchemaWords *words;
} Declared;

typedef struct Listing {
    const char *name;
    const char *title;
} Listing;

static const Listing listings[] = {
    {"ledgers", N_("ledgers")}, {"measures", N_("measures")}, {"reports", N_("reports")}};

/* Return what @schema declares of @listing (of Declared); the caller owns it. */
static GArray *declared_of(const Schema *schema, const Listing *listing)
{
    GArray *rows = g_array_new(false, true, sizeof(Declared));
    const GPtrArray *array = listing == &listings[0]   ? schema->ledgers
                             : listing == &listings[1] ? schema->measures
                                                       : schema->reports;
    for (guint i = 0; i < array->len; i++) {
        Declared row;
        if (array == schema->ledgers) {
            const SchemaLedger *ledger = g_ptr_array_index(array, i);
            row = (Declared){ledger->name, &ledger->words};
        } else if (array == schema->measures) {
            const SchemaMeasure *measure = g_ptr_array_index(array, i);
            row = (Declared){measure->name, &measure->words};
        } else {
            const SchemaReport *report = g_ptr_array_index(array, i);
            row = (Declared){report->name, &report->words};
        }
        g_array_append_val(rows, row);
    }
    return rows;
}

static void print_listing(CliContext *context, const Schema *schema, const Listing *listing,
                          int indent)
{
    g_autoptr(GArray) rows = declared_of(schema, listing);
    g_autoptr(CliTable) table = cli_table_new(2);
    for (guint i = 0; i < rows->len; i++) {
        const Declared *row = &g_array_index(rows, Declared, i);
        cli_table_add(table, row->name, schema_words_get(row->words, context->language));
    }
    cli_table_print(table, indent, context);
}

static void write_listing(JsonWriter *json, const Schema *schema, const Listing *listing)
{
    g_autoptr(GArray) rows = declared_of(schema, listing);
    json_write_key(json, listing->name);
    json_write_begin_array(json);
    for (guint i = 0; i < rows->len; i++) {
        const Declared *row = &g_array_index(rows, Declared, i);
        json_write_begin_object(json);
        json_write_key_text(json, "name", row->name);
        json_write_key_text(json, "zh", row->words->zh);
        json_write_key_text(json, "en", row->words->en);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void print_pack_json(CliContext *context, const Schema *schema)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "pack", schema->name);
    json_write_key_text(&json, "version", schema->version);
    for (size_t i = 0; i < G_N_ELEMENTS(listings); i++) {
        write_listing(&json, schema, &listings[i]);
    }
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static void print_pack(CliContext *context, const Schema *schema)
{
    g_string_append_printf(context->out, "%s %s (%s)\n",
                           schema_words_get(&schema->words, context->language), schema->version,
                           schema->name);
    for (size_t i = 0; i < G_N_ELEMENTS(listings); i++) {
        g_string_append_printf(context->out, "\n%s\n", cli_tr(context, listings[i].title));
        print_listing(context, schema, &listings[i], 2);
    }
}

static bool run_show(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    const char *list = cli_operand(context, 1);
    if (!cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    const Schema *schema = office_schema(session.office);
    if (cli_has(context, "json")) {
        print_pack_json(context, schema);
        return true;
    }
    if (list == NULL) {
        print_pack(context, schema);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(listings); i++) {
        if (g_str_equal(listings[i].name, list)) {
            print_listing(context, schema, &listings[i], 0);
            return true;
        }
    }
    cli_set_usage(context, error, "a pack has ledgers, measures and reports, but no '%s'", list);
    return false;
}

static const CliOption show_options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_pack_show = {
    .name = "pack show",
    .operands = "OFFICE [LIST]",
    .summary = N_("List the ledgers, measures and reports that an office runs on."),
    .examples = "pack show ./office\npack show ./office measures",
    .options = show_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_show,
};

/* ---- apply ----------------------------------------------------------------------------------- */

static bool is_allowed(const CliContext *context, const char *name)
{
    return g_strv_contains(cli_option_list(context, "allow"), name);
}

static bool is_narrowed(const OfficePackChange *change, const char *name)
{
    for (guint i = 0; i < change->narrowed->len; i++) {
        if (g_str_equal(g_ptr_array_index(change->narrowed, i), name)) {
            return true;
        }
    }
    return false;
}

/* Refuse what removes or narrows without having been asked for by name, and a name of nothing. */
static bool check_narrowed(const CliContext *context, const OfficePackChange *change,
                           GError **error)
{
    const char *const *allowed = cli_option_list(context, "allow");
    for (size_t i = 0; allowed[i] != NULL; i++) {
        if (!is_narrowed(change, allowed[i])) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "--allow %s: this pack neither removes nor narrows '%s'", allowed[i],
                      allowed[i]);
            return false;
        }
    }
    for (guint i = 0; i < change->narrowed->len; i++) {
        const char *name = g_ptr_array_index(change->narrowed, i);
        if (!is_allowed(context, name)) {
            error_set(error, SHUZHI_ERROR_CONFLICT,
                      "'%s' would be removed or narrowed; --allow %s says that this is meant", name,
                      name);
            return false;
        }
    }
    return true;
}

/* Tell programs what the pack changed: nothing, where the office ran on it already. */
static void print_applied_json(CliContext *context, const Schema *schema,
                               const OfficePackChange *change)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "name", schema->name);
    json_write_key_text(&json, "version", schema->version);
    json_write_key(&json, "changes");
    json_write_begin_array(&json);
    for (guint i = 0; i < change->lines->len; i++) {
        json_write_text(&json, g_ptr_array_index(change->lines, i));
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* Say what came of it. */
static void print_applied(CliContext *context, const Schema *schema, const OfficePackChange *change)
{
    if (cli_has(context, "json")) {
        print_applied_json(context, schema, change);
    } else if (change->is_empty) {
        cli_say(context, N_("the office runs on this very pack already; nothing to change"));
    } else {
        cli_say(context, N_("applied; the office runs on '%s' %s now"),
                schema_words_get(&schema->words, context->language), schema->version);
    }
}

static bool apply(CliContext *context, CliSession *session, GPtrArray *files, const Schema *schema,
                  GError **error)
{
    g_autoptr(OfficePackChange) change =
        office_pack_compare(session->office, schema, context->language);
    if (change->is_empty) {
        if (!check_narrowed(context, change, error)) {
            return false;
        }
        print_applied(context, schema, change);
        return true;
    }
    if (!cli_has(context, "json")) {
        print_lines(context, change->lines);
    }
    if (!check_narrowed(context, change, error) ||
        !cli_confirm(context, N_("Apply this pack?"), error) ||
        !office_pack_apply(session->office, files, cli_option_list(context, "allow"), &session->act,
                           error)) {
        return false;
    }
    cli_session_settle(context, session->office);
    print_applied(context, schema, change);
    cli_session_finish(context, session);
    return true;
}

static bool run_apply(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    g_autoptr(GPtrArray) files = NULL;
    g_autoptr(Schema) schema =
        load_folder(context, cli_operand(context, 1), cli_has(context, "json"), &files, error);
    return schema != NULL && cli_session_open(context, OFFICE_WRITE, &session, error) &&
           rights_may(session.subject, RIGHTS_PACK_APPLY, NULL, error) &&
           apply(context, &session, files, schema, error);
}

static const CliOption apply_options[] = {
    CLI_OPTION_YES,
    {"allow", N_("NAME"), N_("let this ledger, field or choice be removed or narrowed"),
     .is_repeatable = true},
    {"json", NULL, N_("print the pack and what it changed, or its faults, as JSON")},
    {NULL}};

const CliCommand command_pack_apply = {
    .name = "pack apply",
    .operands = "OFFICE DIR",
    .summary = N_("Let the office run on the pack in a folder, after showing what changes."),
    .text = N_("Tables change in the same transaction as the pack. What holds entries already"
               " is never thrown away unasked: removing or narrowing needs --allow."),
    .examples = "pack apply ./office ./my-pack\n"
                "pack apply ./office ./my-pack --yes --allow case.votes",
    .options = apply_options,
    .runs_inside = true,
    .run = run_apply,
};

/* ---- export ---------------------------------------------------------------------------------- */

static bool write_files(const Schema *schema, const char *folder, GError **error)
{
    for (guint i = 0; i < schema->files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(schema->files, i);
        g_autofree char *path = g_build_filename(folder, file->path, NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        if (!file_make_folder(parent, 0755, error) ||
            !file_write(path, file->text, strlen(file->text), 0644, error)) {
            return false;
        }
    }
    return true;
}

static bool run_export(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    const char *folder = cli_operand(context, 1);
    if (!cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    if (g_file_test(folder, G_FILE_TEST_EXISTS)) {
        error_set(error, SHUZHI_ERROR_EXISTS, "'%s' is there already", folder);
        return false;
    }
    const Schema *schema = office_schema(session.office);
    if (!write_files(schema, folder, error)) {
        return false;
    }
    cli_say(context, N_("wrote %u {file|files} to '%s'; change them, then 'shuzhi pack apply'"),
            schema->files->len, folder);
    return true;
}

const CliCommand command_pack_export = {
    .name = "pack export",
    .operands = "OFFICE DIR",
    .summary = N_("Write the pack that an office runs on to a new folder, to be changed."),
    .examples = "pack export ./office ./my-pack",
    .run = run_export,
};

/* ---- what can be read of packs --------------------------------------------------------------- */

static bool run_doc(CliContext *context, GError **error)
{
    g_autoptr(Schema) schema = load_folder(context, cli_operand(context, 0), false, NULL, error);
    if (schema == NULL) {
        return false;
    }
    g_autofree char *text = schema_document(schema, context->language);
    g_string_append(context->out, text);
    return true;
}

const CliCommand command_pack_doc = {
    .name = "pack doc",
    .operands = "DIR",
    .summary = N_("Print the handbook of a pack: every ledger, measure and report, for people."),
    .examples = "pack doc ./my-pack > handbook.md",
    .run = run_doc,
};

static bool run_reference(CliContext *context, GError **error)
{
    g_autofree char *text =
        cli_has(context, "schema") ? schema_json_schema() : schema_reference(context->language);
    g_string_append(context->out, text);
    return true;
}

static const CliOption reference_options[] = {
    {"schema", NULL, N_("as a JSON Schema, with which editors check and complete")}, {NULL}};

const CliCommand command_pack_reference = {
    .name = "pack reference",
    .operands = "",
    .summary = N_("Print all that may stand in the files of a pack."),
    .examples = "pack reference\npack reference --schema > pack.schema.json",
    .options = reference_options,
    .run = run_reference,
};
