#include "ledger/verify-page.h"

#include "store/store-value.h"

LedgerStanding *ledger_standing_new(const char *ledger)
{
    LedgerStanding *standing = g_new0(LedgerStanding, 1);
    standing->ledger = g_strdup(ledger);
    return standing;
}

void ledger_standing_free(LedgerStanding *standing)
{
    if (standing == NULL) {
        return;
    }
    ledger_entry_free(standing->entry);
    g_free(standing->ledger);
    g_clear_pointer(&standing->steps, g_ptr_array_unref);
    g_clear_pointer(&standing->links, g_hash_table_unref);
    g_free(standing);
}

static void free_standing(gpointer data)
{
    ledger_standing_free(data);
}

static void free_lines(gpointer data)
{
    g_string_free(data, true);
}

GHashTable *ledger_links_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_lines);
}

void ledger_standing_add_link(GHashTable *links, const char *field, int64_t n, const char *kind,
                              int64_t target, const char *choice)
{
    GString *lines = g_hash_table_lookup(links, field);
    if (lines == NULL) {
        lines = g_string_new(NULL);
        g_hash_table_insert(links, g_strdup(field), lines);
    }
    g_string_append_printf(lines, "%lld %s %lld %s\n", (long long)n, kind, (long long)target,
                           choice != NULL ? choice : "");
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A page being read. */
typedef struct Reading {
    StoreConnection *connection;
    int64_t after, until;
    GHashTable *standings;
} Reading;

static StoreStatement *query_range(const Reading *reading, const char *sql, GError **error)
{
    return store_query(reading->connection, error, sql, "ii", reading->after, reading->until);
}

static LedgerStanding *find(const Reading *reading, int64_t id)
{
    return g_hash_table_lookup(reading->standings, &id);
}

/* Return that of @tables (of LedgerTable) which is of the ledger @name; NULL when there is none. */
static const LedgerTable *find_table(const GPtrArray *tables, const char *name)
{
    for (guint i = 0; i < tables->len; i++) {
        const LedgerTable *table = g_ptr_array_index(tables, i);
        if (g_str_equal(table->ledger->name, name)) {
            return table;
        }
    }
    return NULL;
}

/* Read the row of table entry that @query stands on: the ledger's name, then its columns. */
static void read_entry(const Reading *reading, const GPtrArray *tables, StoreStatement *query)
{
    LedgerStanding *standing = ledger_standing_new(store_column_text(query, 0));
    const LedgerTable *table = find_table(tables, standing->ledger);
    int64_t *id = g_new(int64_t, 1);
    *id = store_column_int(query, 1);
    standing->is_torn = find(reading, *id) != NULL; /* two rows of one id */
    g_hash_table_insert(reading->standings, id, standing);
    if (table != NULL) { /* else it is of a ledger that there is not */
        standing->entry = ledger_row_read_entry(table->ledger, query, 1);
    }
}

static bool read_entries(const Reading *reading, const GPtrArray *tables, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT e.ledger, ");
    ledger_row_append_entry(sql);
    g_string_append(sql, " FROM entry e WHERE e.id > $1 AND e.id <= $2 ORDER BY e.id");
    g_autoptr(StoreStatement) query = query_range(reading, sql->str, error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row) {
            read_entry(reading, tables, query);
        }
    }
    return query != NULL;
}

static bool read_rows_of_ledger(const Reading *reading, const LedgerTable *table, GError **error)
{
    g_autofree char *sql =
        g_strconcat(table->select, " WHERE e.id > $1 AND e.id <= $2 ORDER BY e.id", NULL);
    g_autoptr(StoreStatement) query = query_range(reading, sql, error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        LedgerStanding *standing = has_row ? find(reading, store_column_int(query, 0)) : NULL;
        if (standing == NULL || !g_str_equal(standing->ledger, table->ledger->name)) {
            continue;
        }
        LedgerEntry *entry = ledger_row_read(table, NULL, false, query);
        ledger_entry_free(standing->entry);
        standing->entry = entry;
        standing->is_torn =
            standing->is_torn || standing->has_row || ledger_row_batch(query) != entry->batch;
        standing->has_row = true;
    }
    return query != NULL;
}

/* Take the child row that @query stands on. */
static void read_child(const Reading *reading, const SchemaField *field, StoreStatement *query)
{
    LedgerStanding *standing = find(reading, store_column_int(query, 0));
    if (standing == NULL || !standing->has_row || standing->entry->ledger != field->ledger) {
        return; /* told of as stray */
    }
    LedgerRows **rows = &standing->entry->rows[field->position];
    if (*rows == NULL) {
        *rows = ledger_rows_new(field->fields->len);
    }
    standing->is_torn = standing->is_torn || store_column_int(query, 1) != (*rows)->rows->len;
    g_autofree Value *values = g_new0(Value, field->fields->len);
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        values[i] =
            store_column_value(query, (int)i + 2, schema_kind_info(child->kind)->value_kind);
    }
    ledger_rows_append(*rows, values);
}

static bool read_children(const Reading *reading, const SchemaField *field, GError **error)
{
    g_autofree char *sql = ledger_rows_select(field, "entry_id > $1 AND entry_id <= $2");
    g_autoptr(StoreStatement) query = query_range(reading, sql, error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row) {
            read_child(reading, field, query);
        }
    }
    return query != NULL;
}

static bool read_ledger(const Reading *reading, const LedgerTable *table, GError **error)
{
    if (!read_rows_of_ledger(reading, table, error)) {
        return false;
    }
    for (guint i = 0; i < table->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(table->ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS && !read_children(reading, field, error)) {
            return false;
        }
    }
    return true;
}

/* Take the link that @query stands on. */
static void read_link(LedgerStanding *standing, StoreStatement *query)
{
    const char *name = store_column_text(query, 1);
    const char *choice = store_column_text(query, 5);
    int64_t target = store_column_int(query, 4);
    if (standing->links == NULL) {
        standing->links = ledger_links_new();
    }
    ledger_standing_add_link(standing->links, name, store_column_int(query, 2),
                             store_column_text(query, 3), target, choice);
    const SchemaField *field =
        standing->has_row ? schema_ledger_field(standing->entry->ledger, name) : NULL;
    if (field != NULL && schema_kind_info(field->kind)->value_kind == VALUE_LIST) {
        value_list_append(&standing->entry->values[field->position],
                          choice != NULL ? value_text(choice) : value_ref(target));
    }
}

static bool read_links(const Reading *reading, GError **error)
{
    g_autoptr(StoreStatement) query =
        query_range(reading,
                    "SELECT entry_id, field, n, kind, target, choice FROM link"
                    " WHERE entry_id > $1 AND entry_id <= $2 ORDER BY entry_id, field, n",
                    error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        LedgerStanding *standing = has_row ? find(reading, store_column_int(query, 0)) : NULL;
        if (standing != NULL) {
            read_link(standing, query);
        }
    }
    return query != NULL;
}

/* Take the step that @query stands on. */
static void read_step(LedgerStanding *standing, StoreStatement *query)
{
    if (standing->steps == NULL) {
        standing->steps = ledger_steps_new();
    }
    g_ptr_array_add(standing->steps, ledger_step_read(query, 1));
    standing->is_torn =
        standing->is_torn || !g_str_equal(store_column_text(query, 9), standing->ledger);
}

static bool read_steps(const Reading *reading, GError **error)
{
    g_autoptr(StoreStatement) query =
        query_range(reading,
                    "SELECT entry_id, " LEDGER_STEP_COLUMNS ", ledger FROM step"
                    " WHERE entry_id > $1 AND entry_id <= $2 ORDER BY entry_id, n",
                    error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        LedgerStanding *standing = has_row ? find(reading, store_column_int(query, 0)) : NULL;
        if (standing != NULL) {
            read_step(standing, query);
        }
    }
    return query != NULL;
}

GHashTable *ledger_page_read(StoreConnection *connection, const GPtrArray *tables, int64_t after,
                             int64_t until, GError **error)
{
    g_autoptr(GHashTable) standings =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_standing);
    const Reading reading = {connection, after, until, standings};
    if (!read_entries(&reading, tables, error)) {
        return NULL;
    }
    for (guint i = 0; g_hash_table_size(standings) > 0 && i < tables->len; i++) {
        if (!read_ledger(&reading, g_ptr_array_index(tables, i), error)) {
            return NULL;
        }
    }
    return read_links(&reading, error) && read_steps(&reading, error) ? g_steal_pointer(&standings)
                                                                      : NULL;
}
