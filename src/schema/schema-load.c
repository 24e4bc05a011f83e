#include "schema/schema.h"

#include <stdio.h>

#include "schema/counted.h"
#include "schema/link.h"

static void free_file(gpointer file)
{
    schema_file_free(file);
}

static void free_tree(gpointer tree)
{
    schema_node_free(tree);
}

static int compare_files(gconstpointer a, gconstpointer b)
{
    const SchemaFile *left = *(SchemaFile *const *)a;
    const SchemaFile *right = *(SchemaFile *const *)b;
    return strcmp(left->path, right->path);
}

static GPtrArray *sort_files(GPtrArray *files)
{
    GPtrArray *sorted = g_ptr_array_new_with_free_func(free_file);
    for (guint i = 0; i < files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(files, i);
        g_ptr_array_add(sorted, schema_file_new(file->path, file->text));
    }
    g_ptr_array_sort(sorted, compare_files);
    return sorted;
}

static Schema *new_schema(GPtrArray *files)
{
    Schema *schema = g_new0(Schema, 1);
    schema->files = sort_files(files);
    schema->ledgers = g_ptr_array_new_with_free_func(schema_ledger_free);
    schema->measures = g_ptr_array_new_with_free_func(schema_measure_free);
    schema->reports = g_ptr_array_new_with_free_func(schema_report_free);
    schema->unit_kinds = g_ptr_array_new_with_free_func(schema_choice_free);
    schema->party_kinds = g_ptr_array_new_with_free_func(schema_choice_free);
    schema->calendar = calendar_builtin();
    schema->private = schema_private_new(schema);
    return schema;
}

static SchemaPlace place_of_file(const SchemaLoader *loader)
{
    return (SchemaPlace){.path = loader->file->path, .line = 1, .column = 1};
}

/* ---- kinds of files -------------------------------------------------------------------------- */

typedef void (*ParseTree)(SchemaLoader *loader, const SchemaNode *root);

/* Read the YAML file at hand and parse it with @parse. */
static void parse_yaml(SchemaLoader *loader, ParseTree parse)
{
    SchemaNode *root =
        schema_yaml_parse(loader->file->path, loader->file->text, 1, loader->problems);
    loader->is_torn = loader->is_torn || root == NULL;
    if (root != NULL) {
        g_ptr_array_add(loader->trees, root);
        parse(loader, root);
    }
}

static void parse_pack_file(SchemaLoader *loader)
{
    parse_yaml(loader, schema_parse_pack);
}

static void parse_ledger_file(SchemaLoader *loader)
{
    parse_yaml(loader, schema_parse_ledger);
}

static void parse_measure_file(SchemaLoader *loader)
{
    parse_yaml(loader, schema_parse_measures);
}

/* Return what follows the line "---" at or after @text, NULL when there is none; *@ret_line is
 * counted up. */
static const char *after_rule(const char *text, int *ret_line)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        (*ret_line)++;
        bool is_rule = strncmp(text, "---", 3) == 0 && strspn(text + 3, " \r") == length - 3;
        text += length + (end != NULL ? 1 : 0);
        if (is_rule) {
            return text;
        }
    }
    return NULL;
}

static void parse_report_file(SchemaLoader *loader)
{
    const char *text = loader->file->text;
    if (!schema_yaml_check_text(loader->file->path, text, 1, loader->problems)) {
        return;
    }
    int line = 1;
    const char *head = strncmp(text, "---", 3) == 0 ? after_rule(text, &line) : NULL;
    const char *body = head != NULL ? after_rule(head, &line) : NULL;
    if (body == NULL || head != strchr(text, '\n') + 1) {
        schema_problems_add(loader->problems, place_of_file(loader),
                            N_("a report begins with a line of ---, its head, and a line of ---"));
        return;
    }
    const char *end = body - 1;
    while (end > head && end[-1] != '\n') {
        end--; /* to the beginning of the second line of --- */
    }
    g_autofree char *yaml = g_strndup(head, (gsize)(end - head));
    SchemaNode *root = schema_yaml_parse(loader->file->path, yaml, 2, loader->problems);
    if (root != NULL) {
        g_ptr_array_add(loader->trees, root);
    }
    schema_parse_report(loader, root, body, line);
}

static void parse_calendar_file(SchemaLoader *loader)
{
    GError *error = NULL;
    if (!schema_yaml_check_text(loader->file->path, loader->file->text, 1, loader->problems)) {
        return;
    }
    Calendar *calendar = calendar_parse(loader->file->text, loader->file->path, &error);
    if (calendar != NULL) {
        schema_private_set_calendar(loader->schema, calendar);
        return;
    }
    SchemaPlace place = place_of_file(loader);
    const char *after_path = error->message + strlen(loader->file->path);
    if (g_str_has_prefix(error->message, loader->file->path) &&
        sscanf(after_path, ":%d: ", &place.line) == 1) {
        place.column = 1;
        error_unprefix(&error); /* the line is in the place */
    }
    schema_problems_take(loader->problems, place, error);
}

const SchemaFile *schema_parse_find_file(const SchemaLoader *loader, const char *path)
{
    for (guint i = 0; i < loader->schema->files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(loader->schema->files, i);
        if (g_str_equal(file->path, path)) {
            return file;
        }
    }
    return NULL;
}

/* The files of a pack, in the order in which they are read: each knows what those before it
 * declare. */
static const struct {
    const char *folder; /* "" for the top */
    const char *ending; /* or the whole name */
    void (*parse)(SchemaLoader *loader);
} file_kinds[] = {
    {"", "pack.yaml", parse_pack_file},
    {"calendar/", "holidays.txt", parse_calendar_file},
    {"ledgers/", ".yaml", parse_ledger_file},
    {"measures/", ".yaml", parse_measure_file},
    {"reports/", SCHEMA_ENGLISH_REPORT, schema_parse_english_report}, /* before any .md */
    {"reports/", ".md", parse_report_file},
};

/* Return the index of the kind of file that @path is, -1 for none. */
static int kind_of_file(const char *path)
{
    if (!g_utf8_validate(path, -1, NULL)) {
        return -1;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(file_kinds); i++) {
        const char *ending = file_kinds[i].ending;
        const char *name = path + strlen(file_kinds[i].folder);
        if (g_str_has_prefix(path, file_kinds[i].folder) && strchr(name, '/') == NULL &&
            (g_str_equal(name, ending) ||
             (*ending == '.' && *name != '.' && g_str_has_suffix(name, ending)))) {
            return (int)i;
        }
    }
    return -1;
}

bool schema_is_pack_path(const char *path)
{
    return kind_of_file(path) >= 0;
}

/* Return whether file @i, of files in the order of their paths, has that of the one before. */
static bool is_again(const GPtrArray *files, guint i)
{
    const SchemaFile *file = g_ptr_array_index(files, i);
    const SchemaFile *before = i > 0 ? g_ptr_array_index(files, i - 1) : NULL;
    return before != NULL && g_str_equal(before->path, file->path);
}

/* Parse the files of kind @kind. */
static void parse_files(SchemaLoader *loader, int kind)
{
    for (guint i = 0; i < loader->schema->files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(loader->schema->files, i);
        if (kind_of_file(file->path) == kind && !is_again(loader->schema->files, i)) {
            loader->file = file;
            loader->first_line = file_kinds[kind].parse == parse_report_file ? 2 : 1;
            file_kinds[kind].parse(loader);
        }
    }
}

/* Tell of files that are no part of a pack, and of those that a pack cannot be without: what names
 * something that would be in them is not told of, it only follows. */
static void check_files(SchemaLoader *loader)
{
    bool has_pack = false, has_ledger = false;
    for (guint i = 0; i < loader->schema->files->len; i++) {
        loader->file = g_ptr_array_index(loader->schema->files, i);
        has_pack = has_pack || g_str_equal(loader->file->path, "pack.yaml");
        has_ledger = has_ledger || (schema_is_pack_path(loader->file->path) &&
                                    g_str_has_prefix(loader->file->path, "ledgers/"));
        if (is_again(loader->schema->files, i)) {
            g_autofree char *path = g_utf8_make_valid(loader->file->path, -1);
            schema_problems_add(loader->problems, place_of_file(loader), N_("'%s' is named twice"),
                                path);
        }
        if (!schema_is_pack_path(loader->file->path)) {
            schema_problems_add(
                loader->problems, place_of_file(loader),
                N_("a pack has no such file; it has pack.yaml, ledgers/*.yaml, measures/*.yaml,"
                   " reports/*.md and calendar/holidays.txt"));
        }
    }
    if (!has_pack) {
        schema_problems_add(loader->problems, ((SchemaPlace){.path = "pack.yaml"}),
                            N_("no such file or folder"));
    }
    if (!has_ledger) {
        schema_problems_add(loader->problems, ((SchemaPlace){.path = "ledgers"}),
                            N_("a pack needs a ledger"));
    }
    loader->is_torn = !has_pack || !has_ledger;
}

/* ---- loading --------------------------------------------------------------------------------- */

static void load(SchemaLoader *loader)
{
    check_files(loader);
    for (int i = 0; i < (int)G_N_ELEMENTS(file_kinds); i++) {
        parse_files(loader, i);
    }
    schema_link_fields(loader);
    schema_link_order(loader);
    schema_link_check(loader);
    schema_link_expressions(loader);
}

static Schema *load_files(GPtrArray *files, bool is_stored, SchemaProblems **ret_problems,
                          GError **error)
{
    g_autoptr(Schema) schema = new_schema(files);
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_autoptr(GPtrArray) trees = g_ptr_array_new_with_free_func(free_tree);
    g_autoptr(GArray) waiting = g_array_new(false, false, sizeof(SchemaWaiting));
    g_autoptr(GArray) leading = g_array_new(false, false, sizeof(SchemaLeading));
    g_autoptr(GHashTable) ledger_trees = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) measure_names = g_hash_table_new(NULL, NULL);
    SchemaLoader loader = {.schema = schema,
                           .problems = problems,
                           .trees = trees,
                           .waiting = waiting,
                           .leading = leading,
                           .ledger_trees = ledger_trees,
                           .measure_names = measure_names,
                           .is_stored = is_stored};
    load(&loader);
    bool is_sound = schema_problems_count(problems) == 0;
    if (is_sound) {
        schema_note_counted(schema);
    } else {
        schema_problems_to_error(problems, error);
    }
    if (ret_problems != NULL) {
        *ret_problems = g_steal_pointer(&problems);
    }
    return is_sound ? g_steal_pointer(&schema) : NULL;
}

Schema *schema_load(GPtrArray *files, SchemaProblems **ret_problems, GError **error)
{
    return load_files(files, false, ret_problems, error);
}

Schema *schema_load_stored(GPtrArray *files, GError **error)
{
    return load_files(files, true, NULL, error);
}
