#include "cli/command-export.h"

#include <unistd.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/session.h"
#include "ledger/list.h"
#include "ledger/row.h"
#include "table/writer.h"

#define PAGE 1000

/* What every entry has beside its fields; they come first. */
static const struct {
    const char *name;
    const char *words;
} system_columns[] = {
    {"number", N_("number")},     {"state", N_("state")}, {"unit", N_("unit")},
    {"opened", N_("opened")},     {"due", N_("due")},     {"stopped", N_("clock stopped")},
    {"recorded", N_("recorded")},
};

/* An export on its way. */
typedef struct Export {
    CliContext *context;
    CliSession *session;
    const SchemaLedger *ledger;
    GPtrArray *fields; /* of SchemaField*: those that are exported */
    LedgerNames *names;
    TableWriter *writer;
    TableFormat format;
    bool has_lists; /* some field is not in the typed row */
    int64_t n_done;
} Export;

static void export_clear(Export *export)
{
    g_clear_pointer(&export->fields, g_ptr_array_unref);
    ledger_names_free(export->names);
    table_writer_free(export->writer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

/* ---- format ---------------------------------------------------------------------------------- */

/* Decide the format: --format, else the file's ending, else csv. */
static bool choose_format(CliContext *context, TableFormat *ret_format, GError **error)
{
    static const struct {
        const char *name;
        TableFormat format;
    } formats[] = {
        {"csv", TABLE_FORMAT_CSV}, {"xlsx", TABLE_FORMAT_XLSX}, {"jsonl", TABLE_FORMAT_JSONL}};
    const char *path = cli_operand(context, 2);
    const char *dot = path != NULL ? strrchr(path, '.') : NULL;
    const char *name = cli_option(context, "format");
    if (name == NULL) {
        name = dot != NULL ? dot + 1 : "csv";
    }
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_ascii_strcasecmp(formats[i].name, name) == 0) {
            *ret_format = formats[i].format;
            return true;
        }
    }
    error_set(error, SHUZHI_ERROR_INVALID, "a table is written as csv, xlsx or jsonl, not as '%s'",
              name);
    return false;
}

static bool open_writer(Export *export, GError **error)
{
    const char *path = cli_operand(export->context, 2);
    TableWriterOptions options = {
        .has_mark = true,
        .title = schema_words_get(&export->ledger->words, export->context->language),
        .created_us = source_now_us(office_source(export->session->office))};
    export->writer = path != NULL
                         ? table_writer_open(path, export->format, &options, error)
                         : table_writer_open_fd(STDOUT_FILENO, export->format, &options, error);
    return export->writer != NULL;
}

/* ---- header ---------------------------------------------------------------------------------- */

/* Programs get the names of the pack, people the words: an import knows both. */
static bool write_header(const Export *export, GError **error)
{
    bool is_for_programs =
        export->format == TABLE_FORMAT_JSONL || cli_has(export->context, "names");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(system_columns); i++) {
        g_ptr_array_add(names, (char *)(is_for_programs
                                            ? system_columns[i].name
                                            : cli_tr(export->context, system_columns[i].words)));
    }
    for (guint i = 0; i < export->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(export->fields, i);
        g_ptr_array_add(names,
                        (char *)(is_for_programs
                                     ? field->name
                                     : schema_words_get(&field->words, export->context->language)));
    }
    g_ptr_array_add(
        names, (char *)(is_for_programs ? "extra" : cli_tr(export->context, N_("other columns"))));
    return table_writer_header(export->writer, (const char *const *)names->pdata, names->len,
                               error);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Texts of one row, kept until it is written. */
typedef struct Row {
    GArray *cells;    /* of TableCell */
    GPtrArray *texts; /* of char*, owned */
} Row;

static void add_cell(Row *row, TableCellKind kind, char *text)
{
    TableCell cell = table_cell_make(*text != '\0' ? kind : TABLE_CELL_EMPTY, text);
    g_array_append_val(row->cells, cell);
    g_ptr_array_add(row->texts, text);
}

static void add_time(Row *row, int64_t us, int offset_seconds)
{
    char text[DATE_TIME_TEXT_SIZE] = "";
    if (us != 0) {
        date_format_time(us, offset_seconds, text);
        text[strlen("2023-05-06T09:30:00")] = '\0';
    }
    add_cell(row, TABLE_CELL_TIME, g_strdup(text));
}

static void add_rows(Row *row, const Export *export, const LedgerRows *rows,
                     const SchemaField *field)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        const Value *values = g_ptr_array_index(rows->rows, i);
        const char *between = i > 0 ? "\n" : "";
        for (guint j = 0; j < field->fields->len; j++) {
            const SchemaField *child = g_ptr_array_index(field->fields, j);
            g_autofree char *text = ledger_field_format(
                child, &values[j], export->names, office_offset_seconds(export->session->office),
                export->context->language);
            if (*text != '\0' && !child->is_personal) {
                g_string_append_printf(out, "%s%s=%s", between, child->name, text);
                between = ";";
            }
        }
    }
    add_cell(row, TABLE_CELL_TEXT, g_string_free(out, false));
}

static void add_field(Row *row, const Export *export, const LedgerEntry *entry,
                      const SchemaField *field)
{
    const Value *value = &entry->values[field->position];
    int offset_seconds = office_offset_seconds(export->session->office);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        add_rows(row, export, entry->rows[field->position], field);
        return;
    }
    if (value->kind == VALUE_NUMBER) {
        add_cell(row, TABLE_CELL_NUMBER, text_format_decimal(value->number, field->decimals));
        return;
    }
    if (value->kind == VALUE_TIME) {
        add_time(row, value->number, offset_seconds);
        return;
    }
    TableCellKind kind = value->kind == VALUE_DATE ? TABLE_CELL_DATE : TABLE_CELL_TEXT;
    add_cell(row, kind,
             ledger_field_format(field, value, export->names, offset_seconds,
                                 export->context->language));
}

static bool write_entry(Export *export, const LedgerEntry *entry, GError **error)
{
    int offset_seconds = office_offset_seconds(export->session->office);
    const SchemaChoice *state = schema_ledger_state(export->ledger, entry->state);
    g_autoptr(GArray) cells = g_array_new(false, true, sizeof(TableCell));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    Row row = {cells, texts};
    add_cell(&row, TABLE_CELL_TEXT, g_strdup(entry->number));
    add_cell(&row, TABLE_CELL_TEXT,
             g_strdup(state != NULL ? schema_words_get(&state->words, export->context->language)
                                    : entry->state));
    add_cell(&row, TABLE_CELL_TEXT,
             g_strdup(entry->unit != 0
                          ? ledger_names_get(export->names, SCHEMA_FIELD_UNIT, entry->unit)
                          : ""));
    add_time(&row, entry->opened_us, offset_seconds);
    add_time(&row, entry->due_us, offset_seconds);
    add_time(&row, entry->stopped_us, offset_seconds);
    add_time(&row, entry->added_us, offset_seconds);
    for (guint i = 0; i < export->fields->len; i++) {
        add_field(&row, export, entry, g_ptr_array_index(export->fields, i));
    }
    return table_writer_row(export->writer, (const TableCell *)(const void *)cells->data,
                            cells->len, error);
}

static bool write_page(Export *export, const LedgerPage *page, GError **error)
{
    for (guint i = 0; i < page->entries->len; i++) {
        LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        if ((export->has_lists && !ledger_row_read_lists(export->session->reader, entry, error)) ||
            !write_entry(export, entry, error)) {
            return false;
        }
        export->n_done++;
    }
    return true;
}

/* All pages, as of one moment. */
static bool write_pages(Export *export, const Expression *filter, GError **error)
{
    LedgerQuery query = {.ledger = export->ledger, .filter = filter, .limit = PAGE};
    g_autofree char *after = NULL;
    do {
        query.after = after;
        g_autoptr(LedgerPage) page = ledger_list(export->session->office, export->session->reader,
                                                 export->session->subject, &query, error);
        if (page == NULL || !write_page(export, page, error)) {
            return false;
        }
        g_free(after);
        after = g_steal_pointer(&page->next);
    } while (after != NULL);
    return true;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void choose_fields(Export *export)
{
    export->fields = g_ptr_array_new();
    for (guint i = 0; i < export->ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(export->ledger->fields, i);
        if (field->is_personal || field->kind == SCHEMA_FIELD_FILE) {
            continue;
        }
        g_ptr_array_add(export->fields, field);
        export->has_lists = export->has_lists || schema_kind_info(field->kind)->column_type == NULL;
    }
}

static bool export_ledger(Export *export, GError **error)
{
    const char *where = cli_option(export->context, "where");
    g_autoptr(Expression) filter =
        where != NULL ? expression_parse(where, schema_ledger_scope(export->ledger), error) : NULL;
    if (where != NULL && filter == NULL) {
        error_prefix(error, "--%s", "where");
        return false;
    }
    choose_fields(export);
    export->names = ledger_names_new(export->session->reader);
    return store_snapshot_begin(export->session->reader, error) && open_writer(export, error) &&
           write_header(export, error) && write_pages(export, filter, error) &&
           table_writer_finish(export->writer, error);
}

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    g_auto(Export) export = {.context = context, .session = &session};
    if (!choose_format(context, &export.format, error) ||
        !cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_EXPORT, NULL, error)) {
        return false;
    }
    export.ledger = cli_session_ledger(&session, cli_operand(context, 1), error);
    if (export.ledger == NULL || !export_ledger(&export, error)) {
        return false;
    }
    if (cli_operand(context, 2) != NULL) {
        cli_say(context, N_("wrote %lld entries to '%s'"), (long long)export.n_done,
                cli_operand(context, 2));
    }
    return true;
}

static const CliOption options[] = {
    {"format", N_("FORMAT"), N_("csv, xlsx or jsonl; else by the file's ending, else csv")},
    {"where", N_("CONDITION"),
     N_("only entries for which this holds: state = received and late > 0")},
    {"names", NULL, N_("name the columns as the pack does, not in words")},
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
    .run = run,
};
