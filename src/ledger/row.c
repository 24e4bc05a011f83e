#include "ledger/row.h"

#include "base/json.h"
#include "ledger/system-column.h"
#include "office/indexes.h"
#include "office/tables.h"
#include "store/store-value.h"

/* ---- the SQL of a ledger --------------------------------------------------------------------- */

/* Append the table of @ledger, or of its ROWS field @rows unless that is NULL. */
static void append_table_name(GString *sql, const SchemaLedger *ledger, const SchemaField *rows)
{
    g_autofree char *name =
        rows != NULL ? office_rows_table_name(ledger, rows) : office_table_name(ledger);
    store_append_identifier(sql, name);
}

static void append_field_column(GString *sql, const SchemaField *field)
{
    g_autofree char *name = ledger_field_column(field);
    store_append_identifier(sql, name);
}

/* Return whether @column stands in all of @where. */
static bool stands_in(const LedgerSystemColumn *column, unsigned where)
{
    return (column->where & where) == where;
}

/* Append the system's columns of one table (@where), each behind ", " and @alias. */
static void append_system(GString *sql, unsigned where, const char *alias)
{
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        if (stands_in(&ledger_system_columns[i], where)) {
            g_string_append_printf(sql, ", %s%s", alias, ledger_system_columns[i].name);
        }
    }
}

static int count_system(unsigned where)
{
    int n = 0;
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        n += stands_in(&ledger_system_columns[i], where) ? 1 : 0;
    }
    return n;
}

static char *make_entry_into(void)
{
    GString *sql = g_string_new("entry (id, ledger");
    append_system(sql, LEDGER_SYSTEM_IN_ENTRY, "");
    g_string_append_c(sql, ')');
    return g_string_free(sql, false);
}

static char *make_into(const LedgerTable *table)
{
    GString *sql = g_string_new(NULL);
    append_table_name(sql, table->ledger, NULL);
    g_string_append(sql, " (entry_id");
    append_system(sql, LEDGER_SYSTEM_IN_TYPED, "");
    for (guint i = 0; i < table->columns->len; i++) {
        g_string_append(sql, ", ");
        append_field_column(sql, g_ptr_array_index(table->columns, i));
    }
    g_string_append_c(sql, ')');
    return g_string_free(sql, false);
}

/* $1 is the id; the other columns follow in the order of make_into(). */
static char *make_update(const LedgerTable *table)
{
    guint n = 2;
    GString *sql = g_string_new("UPDATE ");
    append_table_name(sql, table->ledger, NULL);
    g_string_append(sql, " SET ");
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        if ((ledger_system_columns[i].where & LEDGER_SYSTEM_IN_TYPED) != 0) {
            g_string_append_printf(sql, "%s%s = $%u", n > 2 ? ", " : "",
                                   ledger_system_columns[i].name, n);
            n++;
        }
    }
    for (guint i = 0; i < table->columns->len; i++) {
        g_string_append(sql, ", ");
        append_field_column(sql, g_ptr_array_index(table->columns, i));
        g_string_append_printf(sql, " = $%u", n++);
    }
    g_string_append(sql, " WHERE entry_id = $1");
    return g_string_free(sql, false);
}

void ledger_row_append_entry(GString *sql)
{
    g_string_append(sql, "e.id");
    append_system(sql, LEDGER_SYSTEM_IN_ENTRY, "e.");
}

/* @within: which of the system's columns are read, 0 for all. */
static char *make_head(unsigned within)
{
    GString *sql = g_string_new("SELECT e.id");
    append_system(sql, LEDGER_SYSTEM_IN_ENTRY | within, "e.");
    append_system(sql, LEDGER_SYSTEM_IN_TYPED | within, "t.");
    return g_string_free(sql, false);
}

static char *make_tail(const LedgerTable *table)
{
    GString *sql = g_string_new(" FROM entry e JOIN ");
    append_table_name(sql, table->ledger, NULL);
    g_string_append(sql, " t");
    return g_string_free(sql, false);
}

void ledger_row_append_column(GString *sql, const SchemaField *field)
{
    g_string_append(sql, ", t.");
    append_field_column(sql, field);
}

static char *make_select(const LedgerTable *table)
{
    GString *sql = g_string_new(table->head);
    for (guint i = 0; i < table->columns->len; i++) {
        ledger_row_append_column(sql, g_ptr_array_index(table->columns, i));
    }
    g_string_append_printf(sql, "%s" LEDGER_SELECT_ON, table->tail);
    return g_string_free(sql, false);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    const SchemaField *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static void free_table(SchemaMade *made)
{
    LedgerTable *table = (LedgerTable *)made;
    g_ptr_array_unref(table->columns);
    g_ptr_array_unref(table->sorted);
    g_free(table->entry_into);
    g_free(table->into);
    g_free(table->update);
    g_free(table->head);
    g_free(table->list_head);
    g_free(table->tail);
    g_free(table->select);
    g_free(table->remove);
    g_free(table->name);
    g_hash_table_unref(table->indexes);
    g_free(table);
}

static SchemaMade *make_table(const SchemaLedger *ledger)
{
    LedgerTable *table = g_new0(LedgerTable, 1);
    table->made.free = free_table;
    table->ledger = ledger;
    table->columns = g_ptr_array_new();
    table->sorted = g_ptr_array_new();
    for (guint i = 0; i < ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(ledger->fields, i);
        g_ptr_array_add(table->sorted, field);
        if (schema_kind_info(field->kind)->column_type != NULL) {
            g_ptr_array_add(table->columns, field);
        }
    }
    g_ptr_array_sort(table->sorted, compare_names);
    table->entry_into = make_entry_into();
    table->into = make_into(table);
    table->update = make_update(table);
    table->head = make_head(0);
    table->list_head = make_head(LEDGER_SYSTEM_IN_LIST);
    table->tail = make_tail(table);
    table->select = make_select(table);
    GString *remove = g_string_new("DELETE FROM ");
    append_table_name(remove, ledger, NULL);
    g_string_append(remove, " WHERE entry_id = $1");
    table->remove = g_string_free(remove, false);
    table->name = office_table_name(ledger);
    table->indexes = office_indexes_of(ledger);
    return &table->made;
}

const LedgerTable *ledger_table(const SchemaLedger *ledger)
{
    return (const LedgerTable *)schema_ledger_make(ledger, make_table);
}

/* ---- entries and child rows in memory -------------------------------------------------------- */

LedgerRows *ledger_rows_new(guint n_fields)
{
    LedgerRows *rows = g_new0(LedgerRows, 1);
    rows->n_fields = n_fields;
    rows->rows = g_ptr_array_new();
    return rows;
}

void ledger_rows_append(LedgerRows *rows, const Value *values)
{
    g_ptr_array_add(rows->rows, g_memdup2(values, rows->n_fields * sizeof *values));
}

LedgerRows *ledger_rows_copy(const LedgerRows *rows)
{
    LedgerRows *copy = ledger_rows_new(rows->n_fields);
    for (guint i = 0; i < rows->rows->len; i++) {
        const Value *from = g_ptr_array_index(rows->rows, i);
        Value *to = g_new0(Value, rows->n_fields);
        for (guint j = 0; j < rows->n_fields; j++) {
            to[j] = value_copy(&from[j]);
        }
        g_ptr_array_add(copy->rows, to);
    }
    return copy;
}

void ledger_rows_free(LedgerRows *rows)
{
    if (rows == NULL) {
        return;
    }
    for (guint i = 0; i < rows->rows->len; i++) {
        Value *values = g_ptr_array_index(rows->rows, i);
        for (guint j = 0; j < rows->n_fields; j++) {
            value_clear(&values[j]);
        }
        g_free(values);
    }
    g_ptr_array_unref(rows->rows);
    g_free(rows);
}

char *ledger_rows_to_canonical(const LedgerRows *rows)
{
    if (rows == NULL || rows->rows->len == 0) {
        return NULL;
    }
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < rows->rows->len; i++) {
        const Value *values = g_ptr_array_index(rows->rows, i);
        json_write_begin_array(&json);
        for (guint j = 0; j < rows->n_fields; j++) {
            g_autofree char *text = value_to_canonical(&values[j]);
            json_write_text(&json, text);
        }
        json_write_end_array(&json);
    }
    json_write_end_array(&json);
    return json_writer_finish(&json);
}

/* The fields lie behind the entry, in one piece of memory: a list makes many. */
LedgerEntry *ledger_entry_new(const SchemaLedger *ledger)
{
    size_t n_fields = ledger->fields->len;
    LedgerEntry *entry =
        g_malloc0(sizeof *entry + n_fields * (sizeof *entry->values + sizeof *entry->rows));
    entry->ledger = ledger;
    entry->values = (Value *)(entry + 1);
    entry->rows = (LedgerRows **)(entry->values + n_fields);
    return entry;
}

LedgerEntry *ledger_entry_dup(const LedgerEntry *entry)
{
    LedgerEntry *copy = ledger_entry_new(entry->ledger);
    guint n_fields = entry->ledger->fields->len;
    Value *values = copy->values;
    LedgerRows **rows = copy->rows;
    *copy = *entry;
    copy->values = values;
    copy->rows = rows;
    for (guint i = 0; i < n_fields; i++) {
        copy->values[i] = value_copy(&entry->values[i]);
        copy->rows[i] = entry->rows[i] != NULL ? ledger_rows_copy(entry->rows[i]) : NULL;
    }
    copy->number = g_strdup(entry->number);
    copy->title = g_strdup(entry->title);
    copy->state = g_strdup(entry->state);
    copy->owner = g_strdup(entry->owner);
    copy->clock = g_strdup(entry->clock);
    copy->gone = g_strdup(entry->gone);
    copy->extra = g_strdup(entry->extra);
    return copy;
}

void ledger_entry_free(LedgerEntry *entry)
{
    if (entry == NULL) {
        return;
    }
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        value_clear(&entry->values[i]);
        ledger_rows_free(entry->rows[i]);
    }
    g_free(entry->number);
    g_free(entry->title);
    g_free(entry->state);
    g_free(entry->owner);
    g_free(entry->clock);
    g_free(entry->gone);
    g_free(entry->extra);
    g_free(entry);
}

/* ---- links ----------------------------------------------------------------------------------- */

const char *ledger_link_kind(SchemaFieldKind kind)
{
    static const char *const kinds[SCHEMA_N_FIELD_KINDS] = {
        [SCHEMA_FIELD_CHOICES] = "choice", [SCHEMA_FIELD_UNIT] = "unit",
        [SCHEMA_FIELD_PERSON] = "person",  [SCHEMA_FIELD_PEOPLE] = "person",
        [SCHEMA_FIELD_ENTRY] = "entry",    [SCHEMA_FIELD_FILE] = "file",
    };
    return kinds[kind];
}

/* Insert one link.  A file's value is its evidence id as a reference; a choice's is its key. */
static bool insert_link(StoreConnection *connection, int64_t id, const char *field, int64_t n,
                        const char *kind, const Value *value, GError **error)
{
    bool is_text = value->kind == VALUE_TEXT;
    return store_run(connection, error,
                     "INSERT INTO link (entry_id, field, n, kind, target, choice)"
                     " VALUES ($1, $2, $3, $4, $5, $6)",
                     "ititit", id, field, n, kind, is_text ? 0 : value->number,
                     is_text ? value->text : NULL);
}

/* Insert the links of one value, continuing at *@n. */
static bool insert_links(StoreConnection *connection, int64_t id, const char *name,
                         const SchemaField *field, const Value *value, int64_t *n, GError **error)
{
    const char *kind = ledger_link_kind(field->kind);
    if (kind == NULL || value_is_empty(value)) {
        return true;
    }
    if (value->kind != VALUE_LIST) {
        return insert_link(connection, id, name, (*n)++, kind, value, error);
    }
    for (guint i = 0; i < value->items->len; i++) {
        const Value *item = &g_array_index(value->items, Value, i);
        if (!insert_link(connection, id, name, (*n)++, kind, item, error)) {
            return false;
        }
    }
    return true;
}

/* ---- child rows ------------------------------------------------------------------------------ */

static char *make_child_insert(const SchemaLedger *ledger, const SchemaField *rows)
{
    GString *sql = g_string_new("INSERT INTO ");
    append_table_name(sql, ledger, rows);
    g_string_append(sql, " (entry_id, row");
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(rows->fields, i);
        if (schema_kind_info(field->kind)->column_type != NULL) {
            g_string_append(sql, ", ");
            append_field_column(sql, field);
        }
    }
    g_string_append(sql, ") VALUES ($1, $2");
    guint n = 3;
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(rows->fields, i);
        if (schema_kind_info(field->kind)->column_type != NULL) {
            g_string_append_printf(sql, ", $%u", n++);
        }
    }
    g_string_append_c(sql, ')');
    return g_string_free(sql, false);
}

static bool insert_child_row(StoreConnection *connection, const char *sql, int64_t id, int64_t row,
                             const SchemaField *rows, const Value *values, GError **error)
{
    g_autoptr(StoreStatement) statement = store_prepare(connection, sql, error);
    if (statement == NULL) {
        return false;
    }
    store_bind_int(statement, 1, id);
    store_bind_int(statement, 2, row);
    int n = 3;
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(rows->fields, i);
        if (schema_kind_info(field->kind)->column_type != NULL) {
            store_bind_value(statement, n++, &values[i]);
        }
    }
    return store_execute(statement, NULL, error);
}

static bool insert_child_rows(StoreConnection *connection, const LedgerEntry *entry,
                              const SchemaField *field, GError **error)
{
    const LedgerRows *rows = entry->rows[field->position];
    if (rows == NULL || rows->rows->len == 0) {
        return true;
    }
    g_autofree char *sql = make_child_insert(entry->ledger, field);
    g_autofree int64_t *next =
        g_new0(int64_t, field->fields->len); /* next link of each child field */
    for (guint row = 0; row < rows->rows->len; row++) {
        const Value *values = g_ptr_array_index(rows->rows, row);
        if (!insert_child_row(connection, sql, entry->id, row, field, values, error)) {
            return false;
        }
        for (guint i = 0; i < field->fields->len; i++) {
            const SchemaField *child = g_ptr_array_index(field->fields, i);
            g_autofree char *name = g_strconcat(field->name, ".", child->name, NULL);
            if (!insert_links(connection, entry->id, name, child, &values[i], &next[i], error)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static int n_typed_columns(const LedgerTable *table)
{
    return 1 + count_system(LEDGER_SYSTEM_IN_TYPED) + (int)table->columns->len;
}

/* Set @cells to the system's columns of one table (@where); returns the cell behind them. */
static StoreCell *set_system(const LedgerEntry *entry, unsigned where, StoreCell *cells)
{
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        if ((ledger_system_columns[i].where & where) != 0) {
            ledger_system_give(entry, &ledger_system_columns[i], cells++);
        }
    }
    return cells;
}

/* Set @cells to the typed row of @entry. */
static void set_typed(const LedgerTable *table, const LedgerEntry *entry, StoreCell *cells)
{
    store_cell_set_int(cells++, entry->id);
    cells = set_system(entry, LEDGER_SYSTEM_IN_TYPED, cells);
    for (guint i = 0; i < table->columns->len; i++) {
        const SchemaField *field = g_ptr_array_index(table->columns, i);
        store_cell_set_value(cells++, &entry->values[field->position]);
    }
}

static bool update_typed(StoreConnection *connection, const LedgerTable *table,
                         const LedgerEntry *entry, GError **error)
{
    g_autofree StoreCell *cells = g_new0(StoreCell, n_typed_columns(table));
    g_autoptr(StoreStatement) statement = store_prepare(connection, table->update, error);
    if (statement == NULL) {
        return false;
    }
    set_typed(table, entry, cells);
    for (int i = 0; i < n_typed_columns(table); i++) {
        store_bind_cell(statement, i + 1, &cells[i]);
    }
    return store_execute(statement, NULL, error);
}

static bool insert_references(StoreConnection *connection, const LedgerEntry *entry, GError **error)
{
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        int64_t n = 0;
        if (field->kind == SCHEMA_FIELD_ROWS ? !insert_child_rows(connection, entry, field, error)
                                             : !insert_links(connection, entry->id, field->name,
                                                             field, &entry->values[i], &n, error)) {
            return false;
        }
    }
    return true;
}

/* Remove what ledger_row_insert_all() wrote beside the typed row.  Evidence that a rule asks for is
 * of no field: its links stay when the entry is written anew. */
static bool delete_references(StoreConnection *connection, const SchemaLedger *ledger, int64_t id,
                              bool with_evidence, GError **error)
{
    if (!store_run(connection, error,
                   with_evidence ? "DELETE FROM link WHERE entry_id = $1"
                                 : "DELETE FROM link WHERE entry_id = $1 AND kind <> 'evidence'",
                   "i", id)) {
        return false;
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind != SCHEMA_FIELD_ROWS) {
            continue;
        }
        g_autoptr(GString) sql = g_string_new("DELETE FROM ");
        append_table_name(sql, ledger, field);
        g_string_append(sql, " WHERE entry_id = $1");
        if (!store_run(connection, error, sql->str, "i", id)) {
            return false;
        }
    }
    return true;
}

/* New entries on their way into the tables. */
typedef struct NewRows {
    const LedgerTable *table;
    LedgerEntry *const *entries;
} NewRows;

static void give_entry(int64_t i, StoreCell *ret_cells, void *data)
{
    const LedgerEntry *entry = ((const NewRows *)data)->entries[i];
    store_cell_set_int(&ret_cells[0], entry->id);
    store_cell_set_text(&ret_cells[1], entry->ledger->name);
    set_system(entry, LEDGER_SYSTEM_IN_ENTRY, ret_cells + 2);
}

static void give_typed(int64_t i, StoreCell *ret_cells, void *data)
{
    const NewRows *rows = data;
    set_typed(rows->table, rows->entries[i], ret_cells);
}

bool ledger_row_insert_all(StoreConnection *connection, const LedgerTable *table,
                           LedgerEntry *const *entries, size_t n, GError **error)
{
    NewRows rows = {table, entries};
    if (!store_insert_rows(connection, table->entry_into, 2 + count_system(LEDGER_SYSTEM_IN_ENTRY),
                           (int64_t)n, give_entry, &rows, error) ||
        !store_insert_rows(connection, table->into, n_typed_columns(table), (int64_t)n, give_typed,
                           &rows, error)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!insert_references(connection, entries[i], error)) {
            return false;
        }
    }
    return true;
}

bool ledger_row_update(StoreConnection *connection, const LedgerTable *table,
                       const LedgerEntry *entry, GError **error)
{
    return store_run(connection, error,
                     "UPDATE entry SET title = $2, version = $3, changed = $4,"
                     " due_first = NULLIF(CAST($5 AS bigint), 0) WHERE id = $1",
                     "itiii", entry->id, entry->title, entry->version, entry->changed_us,
                     entry->due_first_us) &&
           update_typed(connection, table, entry, error) &&
           delete_references(connection, entry->ledger, entry->id, false, error) &&
           insert_references(connection, entry, error);
}

bool ledger_row_remove(StoreConnection *connection, const LedgerTable *table, int64_t id,
                       int64_t version, int64_t changed_us, const char *gone, GError **error)
{
    return store_run(connection, error, table->remove, "i", id) &&
           delete_references(connection, table->ledger, id, true, error) &&
           store_run(connection, error, "DELETE FROM step WHERE entry_id = $1", "i", id) &&
           store_run(connection, error,
                     "UPDATE entry SET gone = $2, version = $3, changed = $4, title = '',"
                     " due_first = NULL WHERE id = $1",
                     "itii", id, gone, version, changed_us);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Set the system's columns of @entry in @where from column @at of @query on; returns the column
 * behind them. */
static int take_system(LedgerEntry *entry, unsigned where, StoreStatement *query, int at)
{
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        if (stands_in(&ledger_system_columns[i], where)) {
            ledger_system_take(entry, &ledger_system_columns[i], query, at++);
        }
    }
    return at;
}

LedgerEntry *ledger_row_read_entry(const SchemaLedger *ledger, StoreStatement *query, int at)
{
    LedgerEntry *entry = ledger_entry_new(ledger);
    entry->id = store_column_int(query, at);
    take_system(entry, LEDGER_SYSTEM_IN_ENTRY, query, at + 1);
    return entry;
}

LedgerEntry *ledger_row_read(const LedgerTable *table, const GPtrArray *fields, bool is_brief,
                             StoreStatement *query)
{
    const GPtrArray *columns = fields != NULL ? fields : table->columns;
    unsigned within = is_brief ? LEDGER_SYSTEM_IN_LIST : 0;
    LedgerEntry *entry = ledger_entry_new(table->ledger);
    entry->id = store_column_int(query, 0);
    int at = 1 + count_system(LEDGER_SYSTEM_IN_ENTRY | within);
    at = take_system(entry, LEDGER_SYSTEM_IN_TYPED | within, query, at);
    take_system(entry, LEDGER_SYSTEM_IN_ENTRY | within, query, 1); /* last: the batch is its word */
    for (guint i = 0; i < columns->len; i++) {
        const SchemaField *field = g_ptr_array_index(columns, i);
        entry->values[field->position] =
            store_column_value(query, at++, schema_kind_info(field->kind)->value_kind);
    }
    return entry;
}

int64_t ledger_row_batch(StoreStatement *query)
{
    int at = 1 + count_system(LEDGER_SYSTEM_IN_ENTRY);
    for (size_t i = 0; !g_str_equal(ledger_system_columns[i].name, "batch"); i++) {
        at += (ledger_system_columns[i].where & LEDGER_SYSTEM_IN_TYPED) != 0 ? 1 : 0;
    }
    return store_column_int(query, at);
}

/* Read the links of list fields; single references have their column, those of child rows too. */
static bool read_links(StoreConnection *connection, LedgerEntry *entry, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT field, target, choice FROM link WHERE entry_id = $1 ORDER BY field, n",
                    "i", entry->id);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        const SchemaField *field = schema_ledger_field(entry->ledger, store_column_text(query, 0));
        if (field == NULL || schema_kind_info(field->kind)->value_kind != VALUE_LIST) {
            continue; /* it has a column, or it is evidence */
        }
        Value item = store_column_is_null(query, 2) ? value_ref(store_column_int(query, 1))
                                                    : value_text(store_column_text(query, 2));
        value_list_append(&entry->values[field->position], item);
    }
    return !has_row;
}

char *ledger_rows_select(const SchemaField *rows, const char *condition)
{
    GString *sql = g_string_new("SELECT entry_id, row");
    for (guint i = 0; i < rows->fields->len; i++) {
        g_string_append(sql, ", ");
        append_field_column(sql, g_ptr_array_index(rows->fields, i));
    }
    g_string_append(sql, " FROM ");
    append_table_name(sql, rows->ledger, rows);
    g_string_append_printf(sql, " WHERE %s ORDER BY entry_id, row", condition);
    return g_string_free(sql, false);
}

static bool read_child_rows(StoreConnection *connection, LedgerEntry *entry,
                            const SchemaField *field, GError **error)
{
    g_autofree char *sql = ledger_rows_select(field, "entry_id = $1");
    g_autoptr(StoreStatement) query = store_query(connection, error, sql, "i", entry->id);
    g_autofree Value *values = g_new0(Value, field->fields->len);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        if (entry->rows[field->position] == NULL) {
            entry->rows[field->position] = ledger_rows_new(field->fields->len);
        }
        for (guint i = 0; i < field->fields->len; i++) {
            const SchemaField *child = g_ptr_array_index(field->fields, i);
            values[i] =
                store_column_value(query, (int)i + 2, schema_kind_info(child->kind)->value_kind);
        }
        ledger_rows_append(entry->rows[field->position], values);
    }
    return !has_row;
}

bool ledger_row_read_lists(StoreConnection *connection, LedgerEntry *entry, GError **error)
{
    if (!read_links(connection, entry, error)) {
        return false;
    }
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS && !read_child_rows(connection, entry, field, error)) {
            return false;
        }
    }
    return true;
}
