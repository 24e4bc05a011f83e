#include "ledger/export.h"

#include "base/message.h"
#include "base/text.h"
#include "ledger/assignment.h"
#include "ledger/wall.h"

#define PAGE 1000

/* What every entry has beside its fields; they come first. */
static const struct {
    const char *name;
    const char *words;
} system_columns[] = {
    {"number", N_("number")},         {"state", N_("state")},       {"unit", N_("unit")},
    {"opened", N_("opened")},         {"due", N_("due")},           {"due_first", N_("first due")},
    {"stopped", N_("clock stopped")}, {"recorded", N_("recorded")},
};

/* An export on its way. */
typedef struct Export {
    Office *office;
    StoreConnection *connection;
    const RightsSubject *subject;
    const LedgerExport *plan;
    GPtrArray *fields; /* of SchemaField*: those that are exported */
    LedgerNames *names;
    TableWriter *writer;
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

bool ledger_export_find_format(const char *name, TableFormat *ret_format, GError **error)
{
    static const struct {
        const char *name;
        TableFormat format;
    } formats[] = {
        {"csv", TABLE_FORMAT_CSV}, {"xlsx", TABLE_FORMAT_XLSX}, {"jsonl", TABLE_FORMAT_JSONL}};
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
    const LedgerExport *plan = export->plan;
    const TableWriterOptions options = {
        .has_mark = true,
        .title = schema_words_get(&plan->query.ledger->words, plan->language),
        .created_us = source_now_us(office_source(export->office))};
    export->writer = plan->path != NULL
                         ? table_writer_open(plan->path, plan->format, &options, error)
                         : table_writer_open_fd(plan->fd, plan->format, &options, error);
    return export->writer != NULL;
}

/* ---- header ---------------------------------------------------------------------------------- */

/* Programs get the names of the pack, people the words: an import knows both. */
static bool is_for_programs(const Export *export)
{
    return export->plan->format == TABLE_FORMAT_JSONL || export->plan->has_names;
}

/* In which language choices and states are written; NULL: by their names. */
static const char *language_of(const Export *export)
{
    return is_for_programs(export) ? NULL : export->plan->language;
}

static bool write_header(const Export *export, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(system_columns); i++) {
        g_ptr_array_add(
            names, (char *)(is_for_programs(export)
                                ? system_columns[i].name
                                : message_get(export->plan->language, system_columns[i].words)));
    }
    for (guint i = 0; i < export->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(export->fields, i);
        g_ptr_array_add(names,
                        (char *)(is_for_programs(export)
                                     ? field->name
                                     : schema_words_get(&field->words, export->plan->language)));
    }
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

/* Add a time as people type it. */
static void add_time(Row *row, const Export *export, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE] = "";
    if (us != 0) {
        date_format_time(us, office_offset_seconds(export->office), text);
        text[strlen("2023-05-06T09:30:00")] = '\0';
    }
    add_cell(row, TABLE_CELL_TIME, g_strdup(text));
}

/* Add an instant of the entry's own: for programs with its zone, as its JSON has it. */
static void add_instant(Row *row, const Export *export, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    if (us == 0 || export->plan->format != TABLE_FORMAT_JSONL) {
        add_time(row, export, us);
        return;
    }
    add_cell(row, TABLE_CELL_TIME,
             g_strdup(date_format_time(us, office_offset_seconds(export->office), text)));
}

/* Add a deadline: in a table, one at midnight is the whole day before. */
static void add_due(Row *row, const Export *export, int64_t us)
{
    int offset_seconds = office_offset_seconds(export->office);
    Date day = date_from_us(us - 1, offset_seconds);
    bool is_instant = export->plan->format == TABLE_FORMAT_JSONL;
    if (us == 0 || is_instant || date_to_us(day + 1, 0, offset_seconds) != us) {
        add_instant(row, export, us);
        return;
    }
    char text[DATE_TEXT_SIZE];
    add_cell(row, TABLE_CELL_DATE, g_strdup(date_format(day, text)));
}

static void add_field(Row *row, const Export *export, const LedgerEntry *entry,
                      const SchemaField *field)
{
    const Value *value = &entry->values[field->position];
    int offset_seconds = office_offset_seconds(export->office);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        add_cell(row, TABLE_CELL_TEXT,
                 ledger_assignment_rows_text(field, entry->rows[field->position], export->names,
                                             offset_seconds, language_of(export)));
        return;
    }
    if (value->kind == VALUE_NUMBER) {
        add_cell(row, TABLE_CELL_NUMBER, text_format_decimal(value->number, field->decimals));
        return;
    }
    if (value->kind == VALUE_TIME) {
        add_time(row, export, value->number);
        return;
    }
    TableCellKind kind = value->kind == VALUE_DATE ? TABLE_CELL_DATE : TABLE_CELL_TEXT;
    add_cell(row, kind,
             ledger_field_format(field, value, export->names, offset_seconds, language_of(export)));
}

static bool write_entry(Export *export, const LedgerEntry *entry, GError **error)
{
    const SchemaChoice *state = schema_ledger_state(export->plan->query.ledger, entry->state);
    g_autoptr(GArray) cells = g_array_new(false, true, sizeof(TableCell));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    Row row = {cells, texts};
    add_cell(&row, TABLE_CELL_TEXT, g_strdup(entry->number));
    add_cell(&row, TABLE_CELL_TEXT,
             g_strdup(state != NULL && !is_for_programs(export)
                          ? schema_words_get(&state->words, export->plan->language)
                          : entry->state));
    add_cell(&row, TABLE_CELL_TEXT,
             g_strdup(entry->unit != 0
                          ? ledger_names_get(export->names, SCHEMA_FIELD_UNIT, entry->unit)
                          : ""));
    add_instant(&row, export, entry->opened_us);
    add_due(&row, export, entry->due_us);
    add_due(&row, export, entry->due_first_us);
    add_instant(&row, export, entry->stopped_us);
    add_instant(&row, export, entry->added_us);
    for (guint i = 0; i < export->fields->len; i++) {
        add_field(&row, export, entry, g_ptr_array_index(export->fields, i));
    }
    return table_writer_row(export->writer, (const TableCell *)(const void *)cells->data,
                            cells->len, error);
}

static bool write_page(Export *export, const LedgerPage *page, GError **error)
{
    for (guint i = 0; i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        if (!write_entry(export, entry, error)) {
            return false;
        }
        export->n_done++;
    }
    return ledger_names_are_read(export->names, error);
}

/* All pages, as of one moment. */
static bool write_pages(Export *export, GError **error)
{
    LedgerQuery query = export->plan->query;
    query.limit = PAGE;
    query.fields = export->fields;
    g_autofree char *after = NULL;
    do {
        query.after = after;
        g_autoptr(LedgerPage) page =
            ledger_list(export->office, export->connection, export->subject, &query, error);
        if (page == NULL || !write_page(export, page, error)) {
            return false;
        }
        g_free(after);
        after = g_steal_pointer(&page->next);
    } while (after != NULL);
    return true;
}

/* ---- the export ------------------------------------------------------------------------------ */

static void choose_fields(Export *export)
{
    export->fields = ledger_wall_fields(export->plan->query.ledger);
    for (guint i = export->fields->len; i > 0; i--) {
        const SchemaField *field = g_ptr_array_index(export->fields, i - 1);
        if (field->kind == SCHEMA_FIELD_FILE) {
            g_ptr_array_remove_index(export->fields, i - 1);
        }
    }
}

bool ledger_export(Office *office, StoreConnection *connection, const RightsSubject *subject,
                   const LedgerExport *plan, int64_t *ret_n, GError **error)
{
    g_auto(Export) export = {
        .office = office, .connection = connection, .subject = subject, .plan = plan};
    if (!rights_may(subject, RIGHTS_EXPORT, NULL, error)) {
        return false;
    }
    choose_fields(&export);
    export.names = ledger_names_new(connection);
    if (!store_snapshot_begin(connection, error)) {
        return false;
    }
    bool is_done = open_writer(&export, error) && write_header(&export, error) &&
                   write_pages(&export, error) && table_writer_finish(export.writer, error);
    store_snapshot_end(connection);
    if (is_done && ret_n != NULL) {
        *ret_n = export.n_done;
    }
    return is_done;
}
