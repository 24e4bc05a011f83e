#include "ledger/export.h"

#include "base/message.h"
#include "base/text.h"
#include "ledger/assignment.h"
#include "ledger/wall.h"

#define PAGE 1000

typedef struct Export Export;
typedef struct Row Row;

/* What every entry has beside its fields. */
typedef struct SystemColumn {
    const char *name;
    const char *words;
    void (*add)(Row *row, const Export *export, const LedgerEntry *entry);
} SystemColumn;

/* A column of the table: one of the two is set. */
typedef struct Column {
    const SystemColumn *own; /* of every entry */
    const SchemaField *field;
} Column;

/* An export on its way. */
struct Export {
    Office *office;
    StoreConnection *connection;
    const RightsSubject *subject;
    const LedgerExport *plan;
    GArray *columns;   /* of Column */
    GPtrArray *fields; /* of SchemaField*: those of the columns */
    LedgerNames *names;
    TableWriter *writer;
    int64_t n_done;
};

static void export_clear(Export *export)
{
    g_clear_pointer(&export->columns, g_array_unref);
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

static const char *words_of(const Export *export, const Column *column)
{
    const char *language = export->plan->language;
    if (is_for_programs(export)) {
        return column->own != NULL ? column->own->name : column->field->name;
    }
    return column->own != NULL ? message_get(language, column->own->words)
                               : schema_words_get(&column->field->words, language);
}

static bool write_header(const Export *export, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < export->columns->len; i++) {
        const Column *column = &g_array_index(export->columns, Column, i);
        g_ptr_array_add(names, (char *)words_of(export, column));
    }
    return table_writer_header(export->writer, (const char *const *)names->pdata, names->len,
                               error);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Texts of one row, kept until it is written. */
struct Row {
    GArray *cells;    /* of TableCell */
    GPtrArray *texts; /* of char*, owned */
};

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

static void add_number(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_cell(row, TABLE_CELL_TEXT, g_strdup(entry->number));
}

static void add_state(Row *row, const Export *export, const LedgerEntry *entry)
{
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    add_cell(row, TABLE_CELL_TEXT,
             g_strdup(state != NULL && !is_for_programs(export)
                          ? schema_words_get(&state->words, export->plan->language)
                          : entry->state));
}

static void add_unit(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_cell(row, TABLE_CELL_TEXT,
             g_strdup(entry->unit != 0
                          ? ledger_names_get(export->names, SCHEMA_FIELD_UNIT, entry->unit)
                          : ""));
}

static void add_opened(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_instant(row, export, entry->opened_us);
}

static void add_deadline(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_due(row, export, entry->due_us);
}

static void add_first_deadline(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_due(row, export, entry->due_first_us);
}

static void add_stopped(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_instant(row, export, entry->stopped_us);
}

static void add_recorded(Row *row, const Export *export, const LedgerEntry *entry)
{
    add_instant(row, export, entry->added_us);
}

/* They come first, the number before all. */
static const SystemColumn system_columns[] = {
    {"number", N_("number"), add_number},
    {"state", N_("state"), add_state},
    {"unit", N_("unit"), add_unit},
    {"opened", N_("opened"), add_opened},
    {"due", N_("due"), add_deadline},
    {"due_first", N_("first due"), add_first_deadline},
    {"stopped", N_("clock stopped"), add_stopped},
    {"recorded", N_("recorded"), add_recorded},
};

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
    g_autoptr(GArray) cells = g_array_new(false, true, sizeof(TableCell));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    Row row = {cells, texts};
    for (guint i = 0; i < export->columns->len; i++) {
        const Column *column = &g_array_index(export->columns, Column, i);
        if (column->own != NULL) {
            column->own->add(&row, export, entry);
        } else {
            add_field(&row, export, entry, column->field);
        }
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
    query.is_brief = true;
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

static void add_system(Export *export, const SystemColumn *own)
{
    const Column column = {.own = own};
    g_array_append_val(export->columns, column);
}

static void add_field_column(Export *export, const SchemaField *field)
{
    const Column column = {.field = field};
    g_array_append_val(export->columns, column);
    g_ptr_array_add(export->fields, (SchemaField *)field);
}

/* Add the column @name where there is one: a deadline with the first one, which it may hide. */
static void add_column(Export *export, const GPtrArray *fields, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(system_columns); i++) {
        const char *column = system_columns[i].name;
        if (g_str_equal(column, name) ||
            (g_str_equal(column, "due_first") && g_str_equal(name, "due"))) {
            add_system(export, &system_columns[i]);
        }
    }
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (g_str_equal(field->name, name)) {
            add_field_column(export, field);
        }
    }
}

/* Choose the columns that the plan names, behind the number; all where it names none. */
static void choose_columns(Export *export)
{
    g_autoptr(GPtrArray) fields = ledger_wall_fields(export->plan->query.ledger);
    for (guint i = fields->len; i > 0; i--) {
        const SchemaField *field = g_ptr_array_index(fields, i - 1);
        if (field->kind == SCHEMA_FIELD_FILE) {
            g_ptr_array_remove_index(fields, i - 1);
        }
    }
    const char *const *named = export->plan->columns;
    size_t n_own = named != NULL ? 1 : G_N_ELEMENTS(system_columns);
    export->columns = g_array_new(false, false, sizeof(Column));
    export->fields = g_ptr_array_new();
    for (size_t i = 0; i < n_own; i++) {
        add_system(export, &system_columns[i]);
    }
    for (guint i = 0; named == NULL && i < fields->len; i++) {
        add_field_column(export, g_ptr_array_index(fields, i));
    }
    for (; named != NULL && *named != NULL; named++) {
        add_column(export, fields, *named);
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
    choose_columns(&export);
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
