#include "cli/command-import.h"

#include "base/child.h"
#include "calendar/period.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "language/wrap.h"
#include "ledger/import.h"
#include "office/place.h"

#define FAULTS_SHOWN 20
#define NAMES_SHOWN 10 /* of units and people that there are not */

/* ---- the plan -------------------------------------------------------------------------------- */

/* Say what @column holds; the caller owns it. */
static char *what_column_is(const CliContext *context, const LedgerColumn *column)
{
    if (column->step != NULL) {
        return error_say(context->language, "who did '%s'",
                         schema_words_get(&column->step->words, context->language));
    }
    return g_strdup(column->field != NULL
                        ? schema_words_get(&column->field->words, context->language)
                        : cli_tr(context, N_("no field: kept as it is")));
}

static void print_columns(CliContext *context, const LedgerImport *import)
{
    g_autoptr(CliTable) table = cli_table_new(4);
    cli_table_set_limit(table, 0, 30);
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        g_autofree char *why = ledger_column_say_why(column, context->language);
        g_autofree char *what = what_column_is(context, column);
        cli_table_add(table, column->header,
                      *ledger_column_target(column) != '\0' ? ledger_column_target(column) : "-",
                      what, why);
    }
    cli_table_print(table, 2, context);
}

/* Say which columns of days may be a field that another was taken for. */
static void print_rivals(CliContext *context, const LedgerImport *import)
{
    g_autoptr(GPtrArray) rivals = ledger_import_rivals(import);
    for (guint i = 0; i < rivals->len; i++) {
        const LedgerRival *rival = g_ptr_array_index(rivals, i);
        const SchemaField *field = rival->taken->field;
        g_autofree char *taken = cli_clean(rival->taken->header);
        g_autofree char *other = cli_clean(rival->other->header);
        cli_say(context,
                N_("the column '%s' is taken for '%s'; '%s' may be it too: --map '%s=%s' takes that"
                   " one"),
                taken, schema_words_get(&field->words, context->language), other, other,
                field->name);
    }
}

/* Say that several rows are one, or may be. */
static void print_sharing(CliContext *context, const LedgerImport *import)
{
    if (import->n_gathered > 0) {
        cli_say(context,
                N_("%lld rows differ in the people alone: they are %lld {entry|entries}, each with"
                   " all of them"),
                (long long)import->n_gathered, (long long)import->n_gatherings);
    }
    if (import->n_sharing == 0) {
        return;
    }
    const SchemaField *field = ledger_import_gathering(import->ledger);
    cli_say(
        context,
        N_("%u rows share title and day with others: there are only %u of these. Each row "
           "becomes an entry of its own and is counted as one; where a row is one person's part "
           "in the same thing, write one row for all, with the names in one cell, 张三、李四, "
           "under '%s', or let --gather do so where nothing else differs"),
        import->n_sharing, import->n_shared, schema_words_get(&field->words, context->language));
}

static void print_faults(CliContext *context, const LedgerImport *import)
{
    for (guint i = 0; i < import->faults->len && i < FAULTS_SHOWN; i++) {
        const LedgerFault *fault = g_ptr_array_index(import->faults, i);
        g_autofree char *column = cli_clean(fault->column != NULL ? fault->column : "");
        g_autofree char *why = error_to_text(fault->error, context->language);
        GError *said = NULL;
        error_set(&said, SHUZHI_ERROR_INVALID,
                  fault->column != NULL ? N_("row %lld, column '%s': %s") : N_("row %lld%s: %s"),
                  (long long)fault->row, column, why);
        g_autofree char *text = error_to_text(said, context->language);
        g_autofree char *clean = cli_clean(text);
        language_wrap(clean, CLI_COLUMNS, 0, 4, context->out);
        g_error_free(said);
    }
    if (import->n_faults > FAULTS_SHOWN) {
        cli_say(context,
                import->n_faults > import->faults->len
                    ? N_("and %lld more; --json lists the first %u of all")
                    : N_("and %lld more; --json lists all %u"),
                (long long)(import->n_faults - FAULTS_SHOWN), import->faults->len);
    }
}

/* Append @name to @list, in the quotes of @language. */
static void append_name(GString *list, const char *language, const char *name)
{
    bool is_chinese = g_str_equal(language, "zh");
    const char *comma = is_chinese ? "、" : ", ";
    g_string_append(list, list->len > 0 ? comma : "");
    g_string_append_printf(list, is_chinese ? "“%s”" : "'%s'", name);
}

/* Say which of the fields that every entry needs nothing fills, and how to fill them. */
static void print_unfilled(CliContext *context, const LedgerImport *import)
{
    g_autoptr(GPtrArray) fields = ledger_import_unfilled(import);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        g_autoptr(GString) choices = g_string_new(NULL);
        for (guint j = 0; field->choices != NULL && j < field->choices->len; j++) {
            g_string_append_printf(choices, "%s%s", j > 0 ? "|" : "",
                                   schema_name_of(g_ptr_array_index(field->choices, j)));
        }
        cli_say(context,
                N_("no column fills '%s', which every entry needs; to give all rows one value: "
                   "--set %s=%s; to name its column: --map HEADER=%s"),
                schema_words_get(&field->words, context->language), field->name,
                choices->len > 0 ? choices->str : cli_tr(context, N_("VALUE")), field->name);
    }
}

/* Say which values of cells are no choice, unit or person, or what they were said to mean. */
static void print_values(CliContext *context, const LedgerImport *import)
{
    if (import->values->len == 0) {
        return;
    }
    g_autoptr(CliTable) table = cli_table_new(4);
    cli_table_set_limit(table, 0, 30);
    cli_table_set_limit(table, 1, 30);
    for (guint i = 0; i < import->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(import->values, i);
        g_autofree char *rows = g_strdup_printf("%" G_GINT64_FORMAT, value->n_rows);
        const char *said = value->name != NULL    ? ledger_import_why_words(value->why)
                           : value->guess != NULL ? N_("perhaps")
                                                  : "";
        const char *name = value->name != NULL ? value->name : value->guess;
        g_autofree char *meaning = name == NULL || *name == '\0'
                                       ? g_strdup("-")
                                       : g_strconcat(name, " ", cli_tr(context, said), NULL);
        cli_table_add(table, value->column->header, value->text, rows, meaning);
    }
    cli_say(context, N_("cells that name no choice, unit or person; to say which one a value means:"
                        " --map-value HEADER:VALUE=NAME"));
    cli_table_print(table, 2, context);
    if (import->n_values_left > 0) {
        cli_say(context, N_("  and %lld more"), (long long)import->n_values_left);
    }
}

/* What naming those that are missing shares. */
typedef struct Missing {
    CliContext *context;
    const char *command; /* "unit" */
    guint n;
} Missing;

static gboolean print_name(gpointer name, gpointer value, gpointer data)
{
    Missing *missing = data;
    g_autofree char *office = office_place_word(cli_operand(missing->context, 0));
    g_autofree char *clean = cli_clean(name);
    g_autofree char *word = g_shell_quote(clean);
    bool is_plain = strpbrk(clean, " \t'\"$`\\&|;<>()*?[]#~!{}") == NULL;
    g_string_append_printf(missing->context->out, "  shuzhi %s add %s %s\n", missing->command,
                           office, is_plain ? clean : word);
    return ++missing->n == NAMES_SHOWN;
}

static void print_names(CliContext *context, GTree *names, const char *command)
{
    Missing missing = {context, command, 0};
    int n = g_tree_nnodes(names);
    g_tree_foreach(names, print_name, &missing);
    if (n > (int)missing.n) {
        cli_say(context, N_("  and %lld more"), (long long)(n - (int)missing.n));
    }
}

/* Say how to make the units and people that cells name and that there are not. */
static void print_missing(CliContext *context, const LedgerImport *import)
{
    int n_units = g_tree_nnodes(import->missing_units);
    int n_people = g_tree_nnodes(import->missing_people);
    if (n_units > 0) {
        cli_say(context,
                N_("%d {unit is|units are} not in the office yet; if the names are right:"),
                n_units);
        print_names(context, import->missing_units, "unit");
    }
    if (n_people > 0) {
        cli_say(context,
                N_("%d {person is|people are} not on the roster yet; if the names are right:"),
                n_people);
        print_names(context, import->missing_people, "person");
    }
}

/* Say what the row @known says that the entry does not. */
static void print_differing(CliContext *context, const LedgerKnownRow *known)
{
    g_autoptr(GString) fields = g_string_new(NULL);
    for (guint i = 0; i < known->differs->len; i++) {
        const SchemaField *field = g_ptr_array_index(known->differs, i);
        append_name(fields, context->language, schema_words_get(&field->words, context->language));
    }
    cli_say(context, N_("  row %lld: %s, which does not say the same in %s"), (long long)known->row,
            known->number, fields->str);
}

static void print_known_row(CliContext *context, const LedgerKnownRow *known)
{
    if (known->differs != NULL) {
        print_differing(context, known);
    } else if (known->number != NULL) {
        cli_say(context,
                known->is_gone ? N_("  row %lld: %s, which was taken out of the books")
                               : N_("  row %lld: %s"),
                (long long)known->row, known->number);
    } else if (known->is_hidden) {
        cli_say(context, N_("  row %lld: an entry that you may not read"), (long long)known->row);
    } else {
        cli_say(context, N_("  row %lld says what row %lld says"), (long long)known->row,
                (long long)known->above);
    }
}

/* Say which of the known rows are in the ledger, or are said above in the file. */
static void print_known_rows(CliContext *context, const LedgerImport *import, bool is_repeated)
{
    guint n = 0;
    for (guint i = 0; i < import->known->len; i++) {
        const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, i);
        if ((known->above != 0) == is_repeated && ++n <= FAULTS_SHOWN) {
            print_known_row(context, known);
        }
    }
    if (n > FAULTS_SHOWN) {
        cli_say(context, N_("  and %lld more"), (long long)(n - FAULTS_SHOWN));
    }
}

/* Say which rows are known already. */
static void print_known(CliContext *context, const LedgerImport *import)
{
    guint n_held = import->known->len - import->n_repeated;
    if (n_held > 0) {
        cli_say(context, N_("%u of %lld rows {is|are} in the ledger already:"), n_held,
                (long long)import->n_rows);
        print_known_rows(context, import, false);
    }
    if (import->n_repeated > 0) {
        cli_say(context, N_("%u of %lld rows {says|say} what a row above says:"),
                import->n_repeated, (long long)import->n_rows);
        print_known_rows(context, import, true);
    }
}

/* Say which sheet is read, and which others hold rows. */
static void print_sheets(CliContext *context, const LedgerImport *import)
{
    g_autoptr(GString) others = g_string_new(NULL);
    for (guint i = 0; i < import->sheets->len; i++) {
        const LedgerSheet *sheet = g_ptr_array_index(import->sheets, i);
        append_name(others, context->language, sheet->name);
        g_string_append(others, sheet->is_hidden ? cli_tr(context, N_(" (hidden)")) : "");
    }
    if (import->sheet != NULL) {
        g_autofree char *name = cli_clean(import->sheet);
        g_autofree char *names = cli_clean(others->str);
        if (others->len > 0) {
            cli_say(context, N_("sheet '%s'; not read: %s"), name, names);
        } else {
            cli_say(context, N_("sheet '%s'"), name);
        }
    }
    if (import->n_unseen > 0) {
        cli_say(context, N_("the last %d {sheet|sheets} of the workbook {was|were} not looked at"),
                import->n_unseen);
    }
}

static void print_left_rows(CliContext *context, const GPtrArray *rows, int64_t n_all)
{
    for (guint i = 0; i < rows->len; i++) {
        const LedgerLeftRow *left = g_ptr_array_index(rows, i);
        g_autofree char *text = cli_clean(left->text);
        cli_say(context,
                left->is_data ? N_("  row %lld, looks like data: %s") : N_("  row %lld: %s"),
                (long long)left->row, text);
    }
    if (n_all > rows->len) {
        cli_say(context, N_("  and %lld more"), (long long)(n_all - rows->len));
    }
}

/* Say what of the file is left out, and what is not though it cannot be seen. */
static void print_left_out(CliContext *context, const LedgerImport *import)
{
    if (import->n_above > 0) {
        cli_say(context, N_("the header is row %lld; what stands above it is left out:"),
                (long long)import->header);
        print_left_rows(context, import->above, import->n_above);
    }
    if (import->n_asides > 0) {
        cli_say(context, N_("rows that are no records, left out:"));
        print_left_rows(context, import->asides, import->n_asides);
    }
    if (import->n_hidden > 0) {
        cli_say(context, N_("%lld {row|rows} that the sheet hides {is|are} read like the others"),
                (long long)import->n_hidden);
    }
    if (import->n_kept > 0) {
        cli_say(context,
                N_("%lld {cell|cells} {says|say} more than the field takes, an hour, a remark in "
                   "brackets "
                   "or further lines: the whole is kept beside the entry"),
                (long long)import->n_kept);
    }
    if (import->n_merged > 0) {
        cli_say(context,
                N_("%lld {amount|amounts} of merged cells {is|are} taken for the first of their "
                   "rows alone, and left empty in the others"),
                (long long)import->n_merged);
    }
}

static void print_plan(CliContext *context, const LedgerImport *import)
{
    cli_say(context, N_("'%s' into the ledger '%s': %lld {row|rows}, %lld of them bad"),
            import->path, schema_words_get(&import->ledger->words, context->language),
            (long long)import->n_rows, (long long)import->n_bad);
    print_sheets(context, import);
    print_left_out(context, import);
    print_columns(context, import);
    print_rivals(context, import);
    print_unfilled(context, import);
    print_values(context, import);
    print_faults(context, import);
    print_missing(context, import);
    print_known(context, import);
    print_sharing(context, import);
    if (import->n_erased > 0) {
        cli_say(
            context,
            N_("%lld {entry|entries} of this ledger {was|were} taken out of the books and erased"
               " for good: nothing tells whether a row says the same, so look that none does"),
            (long long)import->n_erased);
    }
}

static void write_sheets(JsonWriter *json, const LedgerImport *import)
{
    json_write_key_text(json, "sheet", import->sheet);
    json_write_key(json, "other_sheets");
    json_write_begin_array(json);
    for (guint i = 0; i < import->sheets->len; i++) {
        json_write_text(json, ((const LedgerSheet *)g_ptr_array_index(import->sheets, i))->name);
    }
    json_write_end_array(json);
}

static void write_left_rows(JsonWriter *json, const char *key, const GPtrArray *rows)
{
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; i < rows->len; i++) {
        const LedgerLeftRow *left = g_ptr_array_index(rows, i);
        json_write_begin_object(json);
        json_write_key_int(json, "row", left->row);
        json_write_key_text(json, "text", left->text);
        json_write_key_bool(json, "looks_like_data", left->is_data);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_columns(JsonWriter *json, const LedgerImport *import)
{
    json_write_key(json, "columns");
    json_write_begin_array(json);
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        json_write_begin_object(json);
        json_write_key_text(json, "header", column->header);
        json_write_key_text(json, "field", column->field != NULL ? column->field->name : NULL);
        json_write_key_text(json, "step", column->step != NULL ? column->step->name : NULL);
        json_write_key_text(json, "why", column->why);
        json_write_key_int(json, "places", column->places);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_rivals(JsonWriter *json, const LedgerImport *import)
{
    g_autoptr(GPtrArray) rivals = ledger_import_rivals(import);
    json_write_key(json, "rivals");
    json_write_begin_array(json);
    for (guint i = 0; i < rivals->len; i++) {
        const LedgerRival *rival = g_ptr_array_index(rivals, i);
        json_write_begin_object(json);
        json_write_key_text(json, "field", rival->taken->field->name);
        json_write_key_text(json, "taken", rival->taken->header);
        json_write_key_text(json, "other", rival->other->header);
        json_write_key_bool(json, "equal", rival->is_equal);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_unfilled(JsonWriter *json, const LedgerImport *import)
{
    g_autoptr(GPtrArray) fields = ledger_import_unfilled(import);
    json_write_key(json, "unfilled");
    json_write_begin_array(json);
    for (guint i = 0; i < fields->len; i++) {
        json_write_text(json, ((const SchemaField *)g_ptr_array_index(fields, i))->name);
    }
    json_write_end_array(json);
}

static void write_values(JsonWriter *json, const LedgerImport *import)
{
    json_write_key(json, "values");
    json_write_begin_array(json);
    for (guint i = 0; i < import->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(import->values, i);
        json_write_begin_object(json);
        json_write_key_text(json, "header", value->column->header);
        json_write_key_text(json, "text", value->text);
        json_write_key_int(json, "rows", value->n_rows);
        json_write_key_text(json, "name", value->name);
        json_write_key_text(json, "why", value->why);
        json_write_key_text(json, "guess", value->guess);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "n_values_left", import->n_values_left);
}

static void write_faults(JsonWriter *json, const CliContext *context, const LedgerImport *import)
{
    json_write_key(json, "faults");
    json_write_begin_array(json);
    for (guint i = 0; i < import->faults->len; i++) {
        const LedgerFault *fault = g_ptr_array_index(import->faults, i);
        json_write_begin_object(json);
        json_write_key_int(json, "row", fault->row);
        json_write_key_text(json, "column", fault->column);
        g_autofree char *reason = error_to_text(fault->error, context->language);
        json_write_key_text(json, "reason", reason);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_known(JsonWriter *json, const LedgerImport *import)
{
    json_write_key_int(json, "n_known", import->known->len);
    json_write_key_int(json, "n_differing", import->n_differing);
    json_write_key_int(json, "n_repeated", import->n_repeated);
    json_write_key(json, "known");
    json_write_begin_array(json);
    for (guint i = 0; i < import->known->len && i < LEDGER_IMPORT_MAX_FAULTS; i++) {
        const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, i);
        json_write_begin_object(json);
        json_write_key_int(json, "row", known->row);
        json_write_key_text(json, "entry", known->number);
        json_write_key_int(json, "above", known->above);
        json_write_key_bool(json, "hidden", known->is_hidden);
        json_write_key_bool(json, "gone", known->is_gone);
        json_write_key(json, "differs");
        json_write_begin_array(json);
        for (guint k = 0; known->differs != NULL && k < known->differs->len; k++) {
            json_write_text(json,
                            ((const SchemaField *)g_ptr_array_index(known->differs, k))->name);
        }
        json_write_end_array(json);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

/* Print plan and outcome in one object; @batch 0: nothing was imported. */
static void print_json(CliContext *context, const LedgerImport *import, int64_t batch)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "ledger", import->ledger->name);
    json_write_key_text(&json, "file", import->path);
    json_write_key_text(&json, "sha256", import->sha256);
    json_write_key(&json, "batch");
    if (batch != 0) {
        json_write_int(&json, batch);
    } else {
        json_write_null(&json);
    }
    json_write_key_int(&json, "rows", import->n_rows);
    json_write_key_int(&json, "bad", import->n_bad);
    json_write_key_int(&json, "imported", batch != 0 ? ledger_import_n_taken(import) : 0);
    write_known(&json, import);
    write_sheets(&json, import);
    json_write_key_int(&json, "header", import->header);
    json_write_key_int(&json, "n_above", import->n_above);
    write_left_rows(&json, "above", import->above);
    json_write_key_int(&json, "n_asides", import->n_asides);
    json_write_key_int(&json, "n_hidden", import->n_hidden);
    json_write_key_int(&json, "n_merged", import->n_merged);
    json_write_key_int(&json, "n_kept", import->n_kept);
    write_left_rows(&json, "asides", import->asides);
    write_columns(&json, import);
    write_unfilled(&json, import);
    write_values(&json, import);
    write_rivals(&json, import);
    json_write_key_int(&json, "n_sharing", import->n_sharing);
    json_write_key_int(&json, "n_shared", import->n_shared);
    json_write_key_int(&json, "n_gathered", import->n_gathered);
    json_write_key_int(&json, "n_gatherings", import->n_gatherings);
    json_write_key_int(&json, "n_faults", import->n_faults);
    write_faults(&json, context, import);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* ---- import ---------------------------------------------------------------------------------- */

/* Return the sheets that hold such a table as @import reads, it among them; the caller owns it. */
static char *alike_sheets(const CliContext *context, const LedgerImport *import)
{
    GString *names = g_string_new(NULL);
    append_name(names, context->language, import->sheet);
    for (guint i = 0; i < import->sheets->len; i++) {
        const LedgerSheet *sheet = g_ptr_array_index(import->sheets, i);
        if (sheet->is_alike) {
            append_name(names, context->language, sheet->name);
        }
    }
    return g_string_free(names, false);
}

/* Whether it is clear what of the file is to be imported; else say by which option to say so. */
static bool check_clear(const CliContext *context, const LedgerImport *import, GError **error)
{
    int64_t n_lost = ledger_import_lost(import);
    if (n_lost > 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "%lld of the rows above the header on row %lld look like data and would be lost,"
                  " so nothing was imported; mend the file, or name the header: --header ROW",
                  (long long)n_lost, (long long)import->header);
        return false;
    }
    if (!import->is_header_known) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "no row names a field of '%s', so nothing was imported; write names above the"
                  " columns, or say what they are: --map HEADER=FIELD, --header ROW",
                  import->ledger->words.name);
        return false;
    }
    if (import->other_header > 0) {
        return ledger_import_check_clear(import, error);
    }
    if (import->n_unseen > 0 && !import->is_sheet_given) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "not all sheets were looked at, so nothing was imported; say which is meant:"
                  " --sheet NAME");
        return false;
    }
    const LedgerColumn *column = ledger_import_double(import);
    if (column != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the column '%s' has the name of another, so nothing was imported; say what it"
                  " is, or that it is no field: --map '%s=FIELD', --map '%s='",
                  column->header, column->header, column->header);
        return false;
    }
    g_autoptr(GPtrArray) unfilled = ledger_import_unfilled(import);
    if (unfilled->len > 0) {
        return ledger_import_check_clear(import, error);
    }
    if (!ledger_import_check_clear(import, NULL)) {
        g_autofree char *sheets = alike_sheets(context, import);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "several sheets hold such a table, so nothing was imported; import them one by"
                  " one with --sheet NAME: %s",
                  sheets);
        return false;
    }
    return true;
}

/* Whether what was guessed of columns may be taken with nobody looking at it: not when an entry
 * begins, as a birthday would do as well, nor a choice or a telephone under a name of its own: a
 * lawyer's 同意 is not the meeting's. */
static bool check_guesses(const CliContext *context, const LedgerImport *import, GError **error)
{
    for (guint i = 0; i < import->columns->len && cli_has(context, "yes"); i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field != NULL && g_strcmp0(column->why, "content") == 0) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "only its cells make the column '%s' the field '%s', so nothing was imported;"
                      " say whether it is: --map '%s=%s', or that it is no field: --map '%s='",
                      column->header, column->field->name, column->header, column->field->name,
                      column->header);
            return false;
        }
    }
    return true;
}

/* Whether a field may be taken from one of several columns that fit it equally with nobody looking
 * at it. */
static bool check_rivals(const CliContext *context, const LedgerImport *import, GError **error)
{
    g_autoptr(GPtrArray) rivals = ledger_import_rivals(import);
    for (guint i = 0; i < rivals->len && cli_has(context, "yes"); i++) {
        const LedgerRival *rival = g_ptr_array_index(rivals, i);
        const SchemaField *field = rival->taken->field;
        if (rival->is_equal) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the columns '%s' and '%s' may both be '%s', so nothing was imported; say "
                      "which it is: --map '%s=%s' or --map '%s=%s'",
                      rival->taken->header, rival->other->header, field->words.name,
                      rival->taken->header, field->name, rival->other->header, field->name);
            return false;
        }
    }
    return true;
}

/* Whether the rows that are known may come again, or are to be left out. */
static bool check_known(const CliContext *context, const LedgerImport *import, GError **error)
{
    long long n_known = import->known->len, n_good = import->n_rows - import->n_bad;
    if (n_known == 0 || cli_has(context, "again") ||
        (cli_has(context, "new") && n_known < n_good)) {
        return true;
    }
    if (n_known == n_good) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "what is to be imported is in the ledger already; --again imports it once more");
    } else {
        error_set(
            error, SHUZHI_ERROR_EXISTS,
            import->n_repeated == 0
                ? N_("%lld of %lld rows {is|are} in the ledger already, so nothing was imported; "
                     "--new imports the others alone, --again all of them")
                : N_("%lld of %lld rows {is|are} in the ledger already or {says|say} what a row "
                     "above says, so nothing was imported; --new imports the others alone, --again "
                     "all of them"),
            n_known, (long long)import->n_rows);
    }
    return false;
}

/* Whether the plan may be carried out as it is. */
static bool check_plan(const CliContext *context, const LedgerImport *import, GError **error)
{
    if (!check_clear(context, import, error)) {
        return false;
    }
    if (import->n_bad > 0 && !cli_has(context, "skip-bad")) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "%lld {row is|rows are} bad, so nothing was imported; mend the file, leave bad "
                  "rows out with --skip-bad, or set a column aside with --map 'HEADER='",
                  (long long)import->n_bad);
        return false;
    }
    if (import->erased_before != 0 && !cli_has(context, "again")) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "this very file was imported as batch %lld and erased for good, so nothing was "
                  "imported; --again brings what it says back",
                  (long long)import->erased_before);
        return false;
    }
    if (import->is_seen_before && !cli_has(context, "again") && !cli_has(context, "new")) {
        error_set(
            error, SHUZHI_ERROR_EXISTS,
            "this very file was imported before; --new imports what the ledger does not hold, "
            "--again all of it once more");
        return false;
    }
    if (import->n_rows == import->n_bad) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no row to import", import->path);
        return false;
    }
    return check_guesses(context, import, error) && check_rivals(context, import, error) &&
           check_known(context, import, error);
}

static bool carry_out(CliContext *context, CliSession *session, LedgerImport *import,
                      GError **error)
{
    CliProgress progress;
    int64_t batch = 0;
    if (!cli_flush(context, error)) { /* the plan is seen while it is carried out */
        return false;
    }
    cli_progress_start(&progress, context);
    bool is_done = ledger_import_run(session->office, session->subject, &session->act, import,
                                     cli_has(context, "skip-bad"), cli_progress_report, &progress,
                                     &batch, error);
    cli_progress_end(&progress);
    if (!is_done) {
        return false;
    }
    context->has_made = true;
    if (cli_has(context, "json")) {
        print_json(context, import, batch);
        return true;
    }
    cli_say(context, N_("imported %lld {entry|entries} as batch %lld"),
            (long long)ledger_import_n_taken(import), (long long)batch);
    g_autofree char *office = office_place_word(cli_operand(context, 0));
    cli_say(context, N_("to take them back: shuzhi import %s --undo %lld"), office,
            (long long)batch);
    if (import->n_bad > 0) {
        cli_say(context,
                N_("left out: %lld bad {row|rows}; mend the file and import it once more"
                   " with --new"),
                (long long)import->n_bad);
    }
    if (import->n_asides > 0) {
        cli_say(context, N_("left out: %lld {row|rows} that {is|are} no {record|records}"),
                (long long)import->n_asides);
    }
    if (import->is_leaving_known) {
        cli_say(context, N_("left out: %u {row|rows} that the ledger had already"),
                import->known->len - import->n_repeated);
    }
    if (import->is_leaving_known && import->n_repeated > 0) {
        cli_say(context, N_("left out: %u {row|rows} that {says|say} what a row above says"),
                import->n_repeated);
    }
    if (import->is_leaving_known && import->n_differing > 0) {
        cli_say(context,
                N_("%u of them {says|say} something that the ledger does not, as listed above: "
                   "correct these entries, or do their steps"),
                import->n_differing);
    }
    return true;
}

static bool import_file(CliContext *context, CliSession *session, GError **error)
{
    const SchemaLedger *ledger = cli_session_ledger(session, cli_operand(context, 1), error);
    if (ledger == NULL || !rights_may(session->subject, RIGHTS_IMPORT, NULL, error)) {
        return false;
    }
    int64_t year = 0, header = 0;
    if (!cli_option_int(context, "year", 0, PERIOD_MIN_YEAR, PERIOD_MAX_YEAR, &year, error) ||
        !cli_option_int(context, "header", 0, 1, INT64_MAX, &header, error)) {
        return false;
    }
    LedgerImportHints hints = {.mapping = cli_option_list(context, "map"),
                               .set = cli_option_list(context, "set"),
                               .values = cli_option_list(context, "map-value"),
                               .default_year = (int)year,
                               .sheet = cli_option(context, "sheet"),
                               .header = header,
                               .gathers = cli_has(context, "gather"),
                               .subject = session->subject};
    g_autoptr(LedgerImport) import =
        ledger_import_plan(session->office, ledger, cli_operand(context, 2), &hints, error);
    if (import == NULL) {
        return false;
    }
    bool is_json = cli_has(context, "json");
    if (!is_json) {
        print_plan(context, import);
    }
    if (!check_plan(context, import, error) ||
        !cli_confirm(context, N_("Import these rows?"), error)) {
        if (is_json) {
            print_json(context, import, 0);
        }
        return false;
    }
    if (cli_has(context, "new")) {
        ledger_import_leave_known(import);
    }
    return carry_out(context, session, import, error);
}

/* ---- undo ------------------------------------------------------------------------------------ */

static bool erase(CliContext *context, CliSession *session, int64_t batch, GError **error)
{
    g_auto(LedgerForgotten) forgotten = {0};
    bool is_ok = ledger_import_erase(session->office, session->subject, &session->act, batch,
                                     &forgotten, error);
    cli_say(context,
            N_("what %lld {entry|entries} of it held {is|are} erased, also from the log's values, "
               "and so is the name of the spreadsheet"),
            (long long)forgotten.n_entries);
    if (forgotten.files->len > 0) {
        g_autoptr(GString) names = g_string_new(NULL);
        for (guint i = 0; i < forgotten.files->len && i < NAMES_SHOWN; i++) {
            append_name(names, context->language, g_ptr_array_index(forgotten.files, i));
        }
        g_string_append(names, forgotten.files->len > NAMES_SHOWN ? "…" : "");
        g_autofree char *clean = cli_clean(names->str);
        cli_say(context, N_("%u attached {file|files} {is|are} erased with {it|them}: %s"),
                forgotten.files->len, clean);
    }
    if (forgotten.n_kept > 0) {
        cli_say(context,
                N_("%lld attached {file|files} {stays|stay}: other entries have {it|them} too"),
                (long long)forgotten.n_kept);
    }
    return is_ok;
}

/* Name the files that were imported later into the ledger of @batch: what they said of its entries
 * was left out of them, perhaps. */
static bool print_later(CliContext *context, CliSession *session, int64_t batch, GError **error)
{
    g_autoptr(GPtrArray) batches = ledger_import_list(session->reader, error);
    g_autoptr(GString) names = g_string_new(NULL);
    const char *ledger = NULL;
    for (guint i = batches != NULL ? batches->len : 0; i > 0; i--) { /* the oldest first */
        const LedgerBatch *other = g_ptr_array_index(batches, i - 1);
        ledger = other->id == batch ? other->ledger : ledger;
        if (ledger != NULL && other->id > batch && g_str_equal(other->state, "done") &&
            g_str_equal(other->ledger, ledger)) {
            append_name(names, context->language, other->name);
        }
    }
    if (names->len > 0) {
        g_autofree char *clean = cli_clean(names->str);
        cli_say(context,
                N_("later imports may have left out rows that it had; to bring them, import these "
                   "files once more with --new: %s"),
                clean);
    }
    return batches != NULL;
}

/* One that was taken back before can still be erased. */
static bool undo(CliContext *context, CliSession *session, GError **error)
{
    g_autoptr(GError) done_before = NULL;
    bool is_erasing = cli_has(context, "erase");
    int64_t batch = 0;
    if (!cli_option_int(context, "undo", 0, 1, INT64_MAX, &batch, error) ||
        !rights_may(session->subject, RIGHTS_IMPORT, NULL, error) ||
        !cli_confirm(context,
                     is_erasing ? N_("Take the whole batch back, and erase what it held for good?")
                                : N_("Take the whole batch back?"),
                     error)) {
        return false;
    }
    session->act.why = cli_has(context, "why") ? cli_option(context, "why") : NULL;
    if (ledger_import_undo(session->office, session->subject, &session->act, batch,
                           cli_has(context, "force"), &done_before)) {
        cli_say(context, N_("batch %lld is taken back; its numbers stay, void"), (long long)batch);
        if (!print_later(context, session, batch, error)) {
            return false;
        }
    } else if (!is_erasing || !error_is(done_before, SHUZHI_ERROR_EXISTS)) {
        g_propagate_error(error, g_steal_pointer(&done_before));
        return false;
    }
    return !is_erasing || erase(context, session, batch, error);
}

/* ---- list ------------------------------------------------------------------------------------ */

static void print_batches_json(CliContext *context, const GPtrArray *batches)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "batch", batch->id);
        json_write_key_text(&json, "ledger", batch->ledger);
        json_write_key_text(&json, "file", batch->name);
        json_write_key_text(&json, "sha256", batch->sha256);
        json_write_key_int(&json, "rows", batch->n_rows);
        json_write_key_text(&json, "state", batch->state);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static void print_batches(CliContext *context, const GPtrArray *batches)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    for (guint i = 0; i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, batch->id);
        g_autofree char *rows = g_strdup_printf("%" G_GINT64_FORMAT, batch->n_rows);
        bool is_erased = g_str_equal(batch->name, LEDGER_BATCH_ERASED);
        cli_table_add(table, id, batch->ledger, rows,
                      g_str_equal(batch->state, "done")     ? cli_tr(context, N_("imported"))
                      : g_str_equal(batch->state, "undone") ? cli_tr(context, N_("taken back"))
                                                            : cli_tr(context, N_("unfinished")),
                      is_erased ? cli_tr(context, N_("(erased)")) : batch->name);
    }
    cli_table_print(table, 0, context);
}

static bool list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_IMPORT, NULL, error)) {
        return false;
    }
    g_autoptr(GPtrArray) batches = ledger_import_list(session.reader, error);
    if (batches == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_batches_json(context, batches);
    } else {
        print_batches(context, batches);
    }
    return true;
}

/* ---- the command ----------------------------------------------------------------------------- */

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    bool is_undo = cli_has(context, "undo");
    bool is_list = cli_has(context, "list");
    if ((is_undo || is_list) != (context->operands->len == 1) || (is_undo && is_list) ||
        context->operands->len == 2) {
        cli_set_usage(context, error,
                      "import takes OFFICE LEDGER FILE, OFFICE --list or OFFICE --undo BATCH; see"
                      " 'shuzhi import --help'");
        return false;
    }
    if (is_list) {
        return list(context, error);
    }
    /* What opens an .xlsx is forked before the database is open; a server has it already. */
    if ((context->inside == NULL && !child_server_start(error)) ||
        !cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    if (is_undo ? !undo(context, &session, error) : !import_file(context, &session, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption options[] = {
    {"map", N_("HEADER=FIELD"),
     N_("put the column with this header into this field; nothing behind"
        " '=' leaves it out, a step says that it names who did that"),
     .is_repeatable = true},
    {"map-value", N_("HEADER:VALUE=NAME"),
     N_("take this value of the column with this header for the choice, unit or person of this "
        "name"),
     .is_repeatable = true},
    {"set", N_("FIELD=VALUE"), N_("give this field this value in all rows"), .is_repeatable = true},
    {"sheet", N_("NAME"), N_("the sheet of a workbook; else the first with columns of the ledger")},
    {"header", N_("ROW"), N_("the row with the names of the columns; what is above is left out")},
    CLI_OPTION_YES,
    {"skip-bad", NULL, N_("leave bad rows out; else one bad row stops everything")},
    {"again", NULL, N_("import a file, or rows, that were imported before")},
    {"new", NULL, N_("leave out the rows that are in the ledger already")},
    {"gather", NULL, N_("make one entry of the rows that differ only in the people who took part")},
    {"year", N_("N"), N_("the year of dates written without one: 5月6日")},
    {"list", NULL, N_("list the imports made, the newest first")},
    {"undo", N_("BATCH"), N_("take back what the import with this number brought")},
    {"force", NULL,
     N_("with --undo: also entries to which something was done since; --why says why they are "
        "taken out")},
    {"why", N_("TEXT"), N_("why; kept with the event")},
    {"erase", NULL,
     N_("with --undo: erase what they held for good; also of an import that was taken back "
        "before")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_import = {
    .name = "import",
    .operands = "OFFICE [LEDGER] [FILE]",
    .summary = N_("Import a spreadsheet, .csv or .xlsx, as entries of a ledger."),
    .text = N_("The columns are matched with the fields, and every row is checked, before anything"
               " is written; what has no field is kept beside. All rows become visible in one go,"
               " or none."),
    .examples = "import ./office case letters.csv\n"
                "import ./office case letters.csv --map 来信时间=received_at --yes\n"
                "import ./office study studies.xlsx --set kind=law --yes\n"
                "import ./office --undo 1234 --yes",
    .options = options,
    .runs_inside = true,
    .run = run,
};
