#include "cli/command-entry-show.h"

#include "base/text.h"
#include "cli/entry-view.h"
#include "cli/fields.h"
#include "cli/print.h"
#include "language/wrap.h"
#include "ledger/list.h"
#include "ledger/wall.h"
#include "office/account.h"

/* ---- show ------------------------------------------------------------------------------------ */

/* How wide the labels of all fields of @ledger are. */
static int label_columns(const CliContext *context, const SchemaLedger *ledger)
{
    int columns = 12;
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        columns = MAX(columns, language_width(schema_words_get(&field->words, context->language)));
    }
    return MIN(columns, 24);
}

static void print_fields(const EntryView *view, int columns)
{
    CliContext *context = view->context;
    const LedgerEntry *entry = view->entry;
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    const char *hidden =
        rights_may(view->session.subject, RIGHTS_ENTRY_READ_PERSONAL, &object, NULL)
            ? N_("(personal: --personal shows it)")
            : N_("(personal)");
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        const char *label = schema_words_get(&field->words, context->language);
        bool is_empty = value_is_empty(&entry->values[i]) && entry->rows[i] == NULL;
        if (ledger_wall_hides(field, view->with_personal)) {
            cli_print_pair(context, columns, label, is_empty ? "" : cli_tr(context, hidden));
            continue;
        }
        g_autofree char *text = cli_field_to_text(context, &view->session, view->names, entry,
                                                  field, view->with_personal);
        cli_print_pair(context, columns, label, text);
    }
}

/* Columns of a spreadsheet for which there was no field. */
static void print_extra(const EntryView *view, int columns)
{
    const char *extra = view->with_personal ? view->entry->extra : NULL;
    g_autoptr(json_t) object = extra != NULL ? json_parse(extra, strlen(extra), NULL) : NULL;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        cli_print_pair(view->context, columns, key,
                       json_is_string(value) ? json_string_value(value) : "");
    }
}

static void print_steps(const EntryView *view)
{
    CliContext *context = view->context;
    int offset_seconds = office_offset_seconds(view->session.office);
    g_autoptr(CliTable) table = cli_table_new(4);
    for (guint i = 0; i < view->steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(view->steps, i);
        const SchemaStep *declared = schema_ledger_step(view->entry->ledger, step->name);
        char happened[DATE_TIME_TEXT_SIZE];
        g_autofree char *by =
            ledger_step_is_imported(view->entry, step)
                ? error_say(context->language, "imported from a table by %s", step->doer)
                : g_strdup(step->doer);
        cli_table_add(table,
                      declared != NULL ? schema_words_get(&declared->words, context->language)
                                       : step->name,
                      step->name, cli_format_time(step->happened_us, offset_seconds, happened), by);
    }
    if (view->steps->len > 0) {
        g_string_append_printf(context->out, "\n%s\n", cli_tr(context, N_("steps done")));
        cli_table_print(table, 2, context);
    }
}

static void print_next(const EntryView *view)
{
    CliContext *context = view->context;
    const SchemaLedger *ledger = view->entry->ledger;
    g_autoptr(CliTable) table = cli_table_new(2);
    bool is_empty = true;
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        if (schema_step_from(step, view->entry->state) != NULL) {
            cli_table_add(table, schema_words_get(&step->words, context->language), step->name);
            is_empty = false;
        }
    }
    if (!is_empty) {
        g_string_append_printf(context->out, "\n%s\n", cli_tr(context, N_("steps it can do next")));
        cli_table_print(table, 2, context);
    }
}

static void print_files(const EntryView *view)
{
    CliContext *context = view->context;
    if (view->files->len == 0) {
        return;
    }
    g_autoptr(CliTable) table = cli_table_new(4);
    for (guint i = 0; i < view->files->len; i++) {
        const LedgerEvidence *file = g_ptr_array_index(view->files, i);
        g_autofree char *size = text_format_size(file->size_bytes);
        g_autofree char *hash = g_strndup(file->sha256, 12);
        cli_table_add(table, file->field, file->name, size, hash);
    }
    g_string_append_printf(context->out, "\n%s\n", cli_tr(context, N_("files")));
    cli_table_print(table, 2, context);
}

static void print_uses(const EntryView *view)
{
    CliContext *context = view->context;
    if (view->uses->len == 0) {
        return;
    }
    g_string_append_c(context->out, '\n');
    cli_say(context, N_("used in %lld {place|places}"),
            (long long)view->uses->len + (long long)view->n_more_uses);
    g_autoptr(CliTable) table = cli_table_new(3);
    for (guint i = 0; i < view->uses->len; i++) {
        const LedgerUse *use = g_ptr_array_index(view->uses, i);
        cli_table_add(table, use->number, use->field, use->title);
    }
    cli_table_print(table, 2, context);
    if (view->n_more_uses > 0) {
        cli_say(context, N_("  and %lld more"), (long long)view->n_more_uses);
    }
}

static void print_clock(const EntryView *view, int columns)
{
    CliContext *context = view->context;
    const LedgerEntry *entry = view->entry;
    int offset_seconds = office_offset_seconds(view->session.office);
    char due[DATE_TIME_TEXT_SIZE];
    char stopped[DATE_TIME_TEXT_SIZE];
    cli_format_due(entry->due_us, offset_seconds, due);
    cli_format_time(entry->stopped_us, offset_seconds, stopped);
    g_autofree char *text = g_strconcat(
        due, entry->is_due_provisional ? cli_tr(context, N_(" (provisional)")) : "", NULL);
    cli_print_pair(context, columns, cli_tr(context, N_("due")), text);
    cli_print_pair(context, columns, cli_tr(context, N_("clock stopped")), stopped);
}

static void print_entry(const EntryView *view)
{
    CliContext *context = view->context;
    const LedgerEntry *entry = view->entry;
    int offset_seconds = office_offset_seconds(view->session.office);
    int columns = label_columns(context, entry->ledger);
    g_autofree char *title = cli_clean(entry->title);
    g_string_append_printf(context->out, "%s  %s\n\n", entry->number, title);
    if (entry->gone != NULL) {
        cli_say(context, N_("taken out of the books; 'entry history' tells when and why"));
        return;
    }
    char time[DATE_TIME_TEXT_SIZE];
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    cli_print_pair(context, columns, cli_tr(context, N_("ledger")),
                   schema_words_get(&entry->ledger->words, context->language));
    cli_print_pair(context, columns, cli_tr(context, N_("state")),
                   state != NULL ? schema_words_get(&state->words, context->language)
                                 : entry->state);
    cli_print_pair(context, columns, cli_tr(context, N_("unit")),
                   entry->unit != 0 ? ledger_names_get(view->names, SCHEMA_FIELD_UNIT, entry->unit)
                                    : "");
    print_clock(view, columns);
    cli_print_pair(context, columns, cli_tr(context, N_("recorded")),
                   cli_format_time(entry->added_us, offset_seconds, time));
    g_autofree char *owner = office_actor_name(view->session.reader, entry->owner);
    cli_print_pair(context, columns, cli_tr(context, N_("recorded by")), owner);
    g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT, entry->version);
    cli_print_pair(context, columns, cli_tr(context, N_("version")), version);
    g_string_append_c(context->out, '\n');
    print_fields(view, columns);
    print_extra(view, columns);
    print_steps(view);
    print_next(view);
    print_files(view);
    print_uses(view);
}

static void write_steps(JsonWriter *json, const EntryView *view)
{
    int offset_seconds = office_offset_seconds(view->session.office);
    char text[DATE_TIME_TEXT_SIZE];
    json_write_key(json, "steps");
    json_write_begin_array(json);
    for (guint i = 0; i < view->steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(view->steps, i);
        json_write_begin_object(json);
        json_write_key_text(json, "step", step->name);
        json_write_key_text(json, "from", step->from_state);
        json_write_key_text(json, "to", step->to_state);
        json_write_key_text(json, "happened",
                            date_format_time(step->happened_us, offset_seconds, text));
        json_write_key_text(json, "recorded",
                            date_format_time(step->recorded_us, offset_seconds, text));
        json_write_key_text(json, "by", step->doer);
        json_write_key_bool(json, "imported", ledger_step_is_imported(view->entry, step));
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_files(JsonWriter *json, const EntryView *view)
{
    json_write_key(json, "files");
    json_write_begin_array(json);
    for (guint i = 0; i < view->files->len; i++) {
        const LedgerEvidence *file = g_ptr_array_index(view->files, i);
        g_autofree char *path = ledger_evidence_path(view->session.office, file->sha256);
        json_write_begin_object(json);
        json_write_key_text(json, "field", file->field);
        json_write_key_text(json, "name", file->name);
        json_write_key_text(json, "sha256", file->sha256);
        json_write_key_int(json, "size", file->size_bytes);
        json_write_key_text(json, "path", path);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_uses(JsonWriter *json, const EntryView *view)
{
    json_write_key(json, "used_in");
    json_write_begin_array(json);
    for (guint i = 0; i < view->uses->len; i++) {
        const LedgerUse *use = g_ptr_array_index(view->uses, i);
        json_write_begin_object(json);
        json_write_key_text(json, "ledger", use->ledger);
        json_write_key_text(json, "number", use->number);
        json_write_key_text(json, "field", use->field);
        json_write_key_text(json, "title", use->title);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "used_in_more", view->n_more_uses);
}

static void print_entry_json(const EntryView *view)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    ledger_entry_write_members(view->entry, view->session.office, view->names, view->with_personal,
                               &json);
    write_steps(&json, view);
    write_files(&json, view);
    write_uses(&json, view);
    json_write_end_object(&json);
    cli_print_json(view->context, &json);
}

static bool run_show(CliContext *context, GError **error)
{
    g_auto(EntryView) view = {NULL};
    if (!entry_view_open(context, &view, error)) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_entry_json(&view);
    } else {
        print_entry(&view);
    }
    return true;
}

static const CliOption show_options[] = {
    {"personal", NULL, N_("show personal fields too; the log notes who looked")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_entry_show = {
    .name = "entry show",
    .operands = "OFFICE NUMBER",
    .summary = N_("Show an entry: its fields, its steps, where it is used."),
    .examples = "entry show ./office SQ2023-00084\nentry show ./office SQ2023-00084 --json",
    .options = show_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_show,
};

/* ---- list ------------------------------------------------------------------------------------ */

static void add_line(CliTable *table, const CliContext *context, const LedgerEntry *entry,
                     int offset_seconds)
{
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    char opened[DATE_TIME_TEXT_SIZE];
    char due[DATE_TIME_TEXT_SIZE];
    cli_table_add(table, entry->number, cli_format_time(entry->opened_us, offset_seconds, opened),
                  state != NULL ? schema_words_get(&state->words, context->language) : entry->state,
                  entry->stopped_us == 0 ? cli_format_due(entry->due_us, offset_seconds, due) : "",
                  entry->title);
}

static void print_page(CliContext *context, const CliSession *session, const LedgerPage *page)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    if (page->entries->len > 0) {
        cli_table_add(table, cli_tr(context, N_("number")), cli_tr(context, N_("opened")),
                      cli_tr(context, N_("state")), cli_tr(context, N_("deadline")),
                      cli_tr(context, N_("title")));
    }
    for (guint i = 0; i < page->entries->len; i++) {
        add_line(table, context, g_ptr_array_index(page->entries, i),
                 office_offset_seconds(session->office));
    }
    cli_table_print(table, 0, context);
    if (page->next != NULL) {
        cli_say(context, N_("there may be more: --after '%s'"), page->next);
    }
}

static void print_page_json(CliContext *context, const CliSession *session, const LedgerPage *page)
{
    g_autoptr(LedgerNames) names = ledger_names_new(session->reader);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "entries");
    json_write_begin_array(&json);
    for (guint i = 0; i < page->entries->len; i++) {
        ledger_entry_write_json(g_ptr_array_index(page->entries, i), session->office, names, false,
                                &json);
    }
    json_write_end_array(&json);
    json_write_key_text(&json, "next", page->next);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static bool list(CliContext *context, const CliSession *session, LedgerQuery *query, GError **error)
{
    bool is_json = cli_has(context, "json");
    g_autoptr(GPtrArray) fields = ledger_wall_fields(query->ledger);
    query->fields = is_json ? fields : NULL;
    if (!store_snapshot_begin(session->reader, error)) {
        return false;
    }
    g_autoptr(LedgerPage) page =
        ledger_list(session->office, session->reader, session->subject, query, error);
    if (page != NULL && is_json) {
        print_page_json(context, session, page);
    } else if (page != NULL) {
        print_page(context, session, page);
    }
    store_snapshot_end(session->reader);
    return page != NULL;
}

static bool run_list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    int64_t limit = 0;
    if (!cli_option_int(context, "limit", 50, 1, 1000, &limit, error) ||
        !cli_session_open(context, cli_has(context, "personal") ? OFFICE_WRITE : OFFICE_READ,
                          &session, error) ||
        !rights_may(session.subject, RIGHTS_ENTRY_READ, NULL, error) ||
        (cli_has(context, "personal") &&
         !rights_may(session.subject, RIGHTS_ENTRY_READ_PERSONAL, NULL, error))) {
        return false;
    }
    LedgerQuery query = {.act = cli_has(context, "personal") ? &session.act : NULL,
                         .ledger = cli_session_ledger(&session, cli_operand(context, 1), error),
                         .sort = cli_option(context, "sort"),
                         .is_descending = cli_has(context, "descending"),
                         .after = cli_option(context, "after"),
                         .limit = (int)limit};
    const char *where = cli_option(context, "where");
    if (query.ledger == NULL) {
        return false;
    }
    g_autoptr(Expression) filter =
        where != NULL ? expression_parse(where, schema_ledger_scope(query.ledger), error) : NULL;
    if (where != NULL && filter == NULL) {
        error_prefix(error, "--%s", "where");
        return false;
    }
    query.filter = filter;
    return list(context, &session, &query, error);
}

static const CliOption list_options[] = {
    {"where", N_("CONDITION"),
     N_("only entries for which this holds: state = received and due <= today")},
    {"personal", NULL,
     N_("CONDITION may name personal fields; the log notes a look at each entry")},
    {"sort", N_("FIELD"),
     N_("recorded (unless said), opened, due, state, or a field that the"
        " ledger declares for lists")},
    {"descending", NULL, N_("the last one first")},
    {"limit", N_("N"), N_("at most so many, 50 unless said, 1000 at most")},
    {"after", N_("KEY"), N_("go on behind the entry with this key, which the page before named")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_entry_list = {
    .name = "entry list",
    .operands = "OFFICE LEDGER",
    .summary = N_("List entries of a ledger: number, beginning, state, deadline, title."),
    .examples = "entry list ./office case --sort opened --descending --limit 20\n"
                "entry list ./office case --where \"state = received\" --json",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};
