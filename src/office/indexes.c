#include "office/indexes.h"

#include "base/crypto.h"
#include "base/text.h"
#include "office/tables.h"

#define MAX_COLUMNS 24 /* of one index; PostgreSQL takes 32 */

/* ---- the kinds of columns -------------------------------------------------------------------- */

static bool has_column(const SchemaField *field)
{
    return schema_kind_info(field->kind)->column_type != NULL;
}

static bool is_moment(const SchemaField *field)
{
    return field->kind == SCHEMA_FIELD_DATE || field->kind == SCHEMA_FIELD_TIME;
}

/* Whether lists sort by @field, rather than filter. */
static bool is_sorted_by(const SchemaField *field)
{
    return is_moment(field) || field->kind == SCHEMA_FIELD_NUMBER ||
           field->kind == SCHEMA_FIELD_MONEY;
}

/* Whether an index may carry @field along without growing much. */
static bool is_short(const SchemaField *field)
{
    ValueKind kind = schema_kind_info(field->kind)->value_kind;
    return kind != VALUE_TEXT || field->kind == SCHEMA_FIELD_CHOICE ||
           field->kind == SCHEMA_FIELD_PERIOD;
}

/* ---- all indexes of a ledger ----------------------------------------------------------------- */

/* Note the index on @columns ("(…)", perhaps with a condition) of @table in @indexes (name ->
 * columns), under a name that follows from both: a readable part and a hash. */
static void add_index(GHashTable *indexes, const char *table, const char *columns)
{
    g_autofree char *whole = g_strdup_printf("%s %s", table, columns);
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash(whole, strlen(whole), hash);
    g_autofree char *hex = text_to_hex(hash, 4);
    g_autoptr(GString) name = g_string_new("ix_");
    g_string_append(name, table + strlen("ledger_"));
    g_string_append_c(name, '_');
    for (const char *at = columns + strlen("("); strchr(",)", *at) == NULL; at++) {
        if (*at != '"') {
            g_string_append_c(name, *at);
        }
    }
    g_string_truncate(name, MIN(name->len, OFFICE_MAX_TABLE_BYTES - 1 - strlen(hex)));
    g_string_append_printf(name, "_%s", hex);
    g_hash_table_insert(indexes, g_strdup(name->str), g_strdup(columns));
}

/* Return the quoted column of @field; of NULL that of the opening. */
static char *column_of(const SchemaField *field)
{
    GString *out = g_string_new(NULL);
    if (field != NULL) {
        office_append_column(out, field);
    } else {
        store_append_identifier(out, "opened");
    }
    return g_string_free(out, false);
}

const SchemaField *office_indexes_order(const SchemaLedger *ledger)
{
    for (guint i = 0; i < ledger->list->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->list, i);
        if (is_moment(field)) {
            return field;
        }
    }
    return NULL;
}

static bool is_counted_by(const SchemaLedger *ledger, const SchemaField *date, bool is_by_due)
{
    for (guint i = 0; i < ledger->counted->len; i++) {
        const SchemaCounted *counted = g_ptr_array_index(ledger->counted, i);
        if (counted->date == date && counted->is_by_due == is_by_due) {
            return true;
        }
    }
    return false;
}

static void add_list_indexes(GHashTable *indexes, const char *table, const SchemaLedger *ledger)
{
    g_autofree char *order = column_of(office_indexes_order(ledger));
    add_index(indexes, table, "(\"state\", \"opened\")");
    if (!is_counted_by(ledger, NULL, true)) {
        add_index(indexes, table, "(\"due\")");
    }
    if (!is_counted_by(ledger, NULL, false)) {
        add_index(indexes, table, "(\"opened\")");
    }
    for (guint i = 0; i < ledger->list->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->list, i);
        if (!has_column(field) || is_counted_by(ledger, field, false)) {
            continue;
        }
        g_autofree char *column = column_of(field);
        g_autofree char *columns = is_sorted_by(field)
                                       ? g_strdup_printf("(%s, \"entry_id\")", column)
                                       : g_strdup_printf("(%s, %s, \"entry_id\")", column, order);
        add_index(indexes, table, columns);
    }
}

/* What the names of the system are worked out from (ledger/spelling.h). */
typedef struct SystemColumns {
    const char *name;
    const char *columns[2];
} SystemColumns;

static const SystemColumns system_columns[] = {
    {"closed", {"state", "stepped"}},
    {"due", {"due"}},
    {"late", {"due", "stopped"}},
    {"opened", {"opened"}},
    {"state", {"state", "stepped"}},
    {"took", {"opened", "stopped"}},
    {"unit", {"unit"}},
};

/* Append the quoted @column to @columns unless it is among them. */
static void append_once(GPtrArray *columns, const char *column)
{
    g_autofree char *owned = g_strdup(column);
    if (!g_ptr_array_find_with_equal_func(columns, owned, g_str_equal, NULL)) {
        g_ptr_array_add(columns, g_steal_pointer(&owned));
    }
}

static void append_system(GPtrArray *columns, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(system_columns); i++) {
        for (size_t j = 0; j < 2 && g_str_equal(system_columns[i].name, name); j++) {
            if (system_columns[i].columns[j] != NULL) {
                g_autofree char *column = g_strdup_printf("\"%s\"", system_columns[i].columns[j]);
                append_once(columns, column);
            }
        }
    }
}

/* When an entry was written down and by which import is asked of all. */
static void add_counted_index(GHashTable *indexes, const char *table, const SchemaLedger *ledger,
                              const SchemaCounted *counted)
{
    g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *date = counted->is_by_due ? g_strdup("\"due\"") : column_of(counted->date);
    append_once(columns, date);
    append_once(columns, "\"entry_id\"");
    append_once(columns, "\"added\"");
    append_once(columns, "\"batch\"");
    for (guint i = 0; i < counted->names->len; i++) {
        append_system(columns, g_ptr_array_index(counted->names, i));
    }
    for (guint i = 0; i < counted->fields->len && columns->len < MAX_COLUMNS; i++) {
        const SchemaField *field = g_ptr_array_index(counted->fields, i);
        if (is_short(field)) {
            g_autofree char *column = column_of(field);
            append_once(columns, column);
        }
    }
    g_ptr_array_add(columns, NULL);
    bool is_whole = counted->date == NULL || g_ptr_array_find(ledger->list, counted->date, NULL);
    g_autofree char *joined = g_strjoinv(", ", (char **)columns->pdata);
    g_autofree char *whole = g_strdup_printf("(%s)%s%s%s", joined, is_whole ? "" : " WHERE ",
                                             is_whole ? "" : date, is_whole ? "" : " IS NOT NULL");
    add_index(indexes, table, whole);
}

GHashTable *office_indexes_of(const SchemaLedger *ledger)
{
    GHashTable *indexes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (ledger == NULL) {
        return indexes;
    }
    g_autofree char *table = office_table_name(ledger);
    add_list_indexes(indexes, table, ledger);
    for (guint i = 0; i < ledger->counted->len; i++) {
        add_counted_index(indexes, table, ledger, g_ptr_array_index(ledger->counted, i));
    }
    return indexes;
}

/* Whether @columns begin with those of @wanted and then tell entries apart, so that nothing but
 * them decides the order, and hold every entry. */
static bool begins_with(const char *columns, const char *wanted)
{
    const char *rest = columns + strlen(wanted);
    return g_str_has_prefix(columns, wanted) && !g_str_has_suffix(columns, " IS NOT NULL") &&
           (g_str_equal(rest, ")") || g_str_has_prefix(rest, ", \"entry_id\""));
}

const char *office_index_name(GHashTable *indexes, const char *first, const char *second)
{
    g_autoptr(GString) wanted = g_string_new("(");
    store_append_identifier(wanted, first);
    if (second != NULL) {
        g_string_append(wanted, ", ");
        store_append_identifier(wanted, second);
    }
    GHashTableIter iter;
    gpointer name, columns;
    g_hash_table_iter_init(&iter, indexes);
    while (g_hash_table_iter_next(&iter, &name, &columns)) {
        if (begins_with(columns, wanted->str)) {
            return name;
        }
    }
    return NULL;
}

/* ---- making and removing --------------------------------------------------------------------- */

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Return the names in @indexes that @other lacks, sorted: both stores and each run make them in the
 * same order. */
static GPtrArray *names_not_in(GHashTable *indexes, GHashTable *other)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, indexes);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(other, name)) {
            g_ptr_array_add(names, name);
        }
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static bool create(StoreConnection *connection, const SchemaLedger *ledger, GHashTable *before,
                   GError **error)
{
    g_autoptr(GHashTable) indexes = office_indexes_of(ledger);
    g_autoptr(GPtrArray) names = names_not_in(indexes, before);
    g_autofree char *table = office_table_name(ledger);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(GString) sql = g_string_new("CREATE INDEX ");
        store_append_identifier(sql, name);
        g_string_append(sql, " ON ");
        store_append_identifier(sql, table);
        g_string_append_printf(sql, " %s", (char *)g_hash_table_lookup(indexes, name));
        if (!store_run_script(connection, sql->str, error)) {
            return false;
        }
    }
    return true;
}

static bool drop(StoreConnection *connection, GHashTable *before, GHashTable *after, GError **error)
{
    g_autoptr(GPtrArray) names = names_not_in(before, after);
    for (guint i = 0; i < names->len; i++) {
        g_autoptr(GString) sql = g_string_new("DROP INDEX ");
        store_append_identifier(sql, g_ptr_array_index(names, i));
        if (!store_run_script(connection, sql->str, error)) {
            return false;
        }
    }
    return true;
}

bool office_indexes_create(StoreConnection *connection, const SchemaLedger *ledger,
                           const SchemaLedger *old, GError **error)
{
    g_autoptr(GHashTable) before = office_indexes_of(old);
    return create(connection, ledger, before, error);
}

bool office_indexes_drop(StoreConnection *connection, const SchemaLedger *old,
                         const SchemaLedger *ledger, GError **error)
{
    g_autoptr(GHashTable) before = office_indexes_of(old);
    g_autoptr(GHashTable) after = office_indexes_of(ledger);
    return drop(connection, before, after, error);
}

/* ---- what is there --------------------------------------------------------------------------- */

/* Return the names of the indexes of all ledgers, as keys. */
static GHashTable *indexes_of_all(const Schema *schema)
{
    GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        g_autoptr(GHashTable) indexes = office_indexes_of(g_ptr_array_index(schema->ledgers, i));
        GHashTableIter iter;
        gpointer name;
        g_hash_table_iter_init(&iter, indexes);
        while (g_hash_table_iter_next(&iter, &name, NULL)) {
            g_hash_table_add(all, g_strdup(name));
        }
    }
    return all;
}

static GHashTable *indexes_there(StoreConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) names = store_index_names(connection, "ix_", error);
    if (names == NULL) {
        return NULL;
    }
    GHashTable *there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < names->len; i++) {
        g_hash_table_add(there, g_strdup(g_ptr_array_index(names, i)));
    }
    return there;
}

bool office_indexes_are_right(StoreConnection *connection, const Schema *schema,
                              bool *ret_are_right, GError **error)
{
    g_autoptr(GHashTable) wanted = indexes_of_all(schema);
    g_autoptr(GHashTable) there = indexes_there(connection, error);
    if (there == NULL) {
        return false;
    }
    g_autoptr(GPtrArray) lacking = names_not_in(wanted, there);
    *ret_are_right = lacking->len == 0 && g_hash_table_size(wanted) == g_hash_table_size(there);
    return true;
}

bool office_indexes_renew(StoreConnection *connection, const Schema *schema, GError **error)
{
    g_autoptr(GHashTable) wanted = indexes_of_all(schema);
    g_autoptr(GHashTable) there = indexes_there(connection, error);
    if (there == NULL || !drop(connection, there, wanted, error)) {
        return false;
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        if (!create(connection, g_ptr_array_index(schema->ledgers, i), there, error)) {
            return false;
        }
    }
    return true;
}
