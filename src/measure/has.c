#include "measure/has.h"

#define JOIN_ENTRY " JOIN entry en ON en.id = t.entry_id"

void has_found_clear(HasFound *found)
{
    g_clear_pointer(&found->entries, g_ptr_array_unref);
    found->n = 0;
    found->n_late = 0;
}

static void free_found(gpointer data)
{
    has_found_clear(data);
    g_free(data);
}

/* Note what @query counts from column @at on: how many, how many of them late, the number of their
 * entry (NULL: not to be told); those of one entry follow one another. */
static void add_found(HasFound *found, StoreStatement *query, int at)
{
    const char *number = store_column_text(query, at + 2);
    found->n += store_column_int(query, at);
    found->n_late += store_column_int(query, at + 1);
    if (number == NULL) {
        return;
    }
    if (found->entries == NULL) {
        found->entries = g_ptr_array_new_with_free_func(g_free);
    }
    GPtrArray *entries = found->entries;
    if (entries->len == 0 || !g_str_equal(g_ptr_array_index(entries, entries->len - 1), number)) {
        g_ptr_array_add(entries, g_strdup(number));
    }
}

/* ---- units and people ------------------------------------------------------------------------ */

/* A list of people lies in `link`. */
static bool is_list(const SchemaField *field)
{
    return schema_kind_info(field->kind)->value_kind == VALUE_LIST;
}

/* Append whose a found thing is. */
static void append_whose(Universe *universe, const SchemaField *field)
{
    if (is_list(field)) {
        universe_append(universe, "l.target");
    } else if (field->parent != NULL) {
        g_autofree char *column = ledger_field_column(field);
        universe_append(universe, "m.");
        store_append_identifier(universe->text, column);
    } else {
        ledger_spelling_append_field(&universe->spelling, field, &universe->sql);
    }
}

static char *make_join(const SchemaField *field, bool with_entries)
{
    return g_strconcat(is_list(field) ? " JOIN link l ON l.entry_id = t.entry_id" : "",
                       with_entries ? JOIN_ENTRY : "", NULL);
}

/* Append what add_found() reads: of each found its entry's number, NULL where it may not be seen;
 * without entries how many they are. */
static void append_found(Universe *universe, const HasQuestion *question)
{
    if (!question->with_entries) {
        universe_append(universe, "COUNT(*), COUNT(*) FILTER (WHERE ");
        universe_append_is_late(universe);
        universe_append(universe, "), NULL");
        return;
    }
    universe_append(universe, "1, CASE WHEN ");
    universe_append_is_late(universe);
    universe_append(universe, " THEN 1 ELSE 0 END, CASE WHEN ");
    universe_append_is_seen(universe, question->subject);
    universe_append(universe, " = 1 THEN en.number END");
}

/* Append the conditions on what is found. */
static void append_conditions(Universe *universe, const HasQuestion *question)
{
    universe_append(universe, " AND ");
    universe_append_condition(universe, question->measure->has->where);
    if (question->entry != 0) {
        universe_append(universe, " AND t.entry_id = ");
        expression_sql_bind(&universe->sql, value_number(question->entry));
    }
}

static void compose_by_id(Universe *universe, const HasQuestion *question)
{
    const SchemaMeasure *measure = question->measure;
    bool with_entries = question->with_entries;
    g_autofree char *join = make_join(measure->has_by, with_entries);
    universe_append(universe, "SELECT ");
    append_whose(universe, measure->has_by);
    universe_append(universe, ", ");
    append_found(universe, question);
    universe_append_from(universe, join);
    if (is_list(measure->has_by)) {
        universe_append(universe, " AND l.field = ");
        expression_sql_bind(&universe->sql, value_text(measure->has_by->name));
        ledger_spelling_append_brought(&universe->spelling, measure->has_by, &universe->sql);
    }
    append_conditions(universe, question);
    universe_append(universe, with_entries ? " ORDER BY t.entry_id" : " GROUP BY 1");
}

GHashTable *has_find_by_id(const HasQuestion *question, const Moment *moment, GError **error)
{
    g_autoptr(GHashTable) all =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_found);
    g_auto(Universe) universe = {0};
    universe_init(&universe, question->connection, question->measure->has, moment);
    compose_by_id(&universe, question);
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error)) {
        if (!has_row) {
            return g_steal_pointer(&all);
        }
        int64_t id = store_column_int(query, 0);
        HasFound *found = g_hash_table_lookup(all, &id);
        if (found == NULL) {
            found = g_new0(HasFound, 1);
            g_hash_table_insert(all, g_memdup2(&id, sizeof id), found);
        }
        add_found(found, query, 1);
    }
    return NULL;
}

/* ---- stretches of time ----------------------------------------------------------------------- */

static void compose(Universe *universe, const HasQuestion *question)
{
    bool with_entries = question->with_entries;
    universe_append(universe, "SELECT ");
    append_found(universe, question);
    universe_append_from(universe, with_entries ? JOIN_ENTRY : NULL);
    append_conditions(universe, question);
    universe_append(universe, with_entries ? " ORDER BY t.entry_id" : "");
}

bool has_find(const HasQuestion *question, const Moment *moment, HasFound *ret_found,
              GError **error)
{
    g_auto(HasFound) found = {0};
    g_auto(Universe) universe = {0};
    universe_init(&universe, question->connection, question->measure->has, moment);
    compose(&universe, question);
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error)) {
        if (!has_row) {
            *ret_found = found;
            found = (HasFound){0};
            return true;
        }
        add_found(&found, query, 0);
    }
    return false;
}
