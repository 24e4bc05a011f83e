#include "office/tables.h"

#include "office/indexes.h"

/* The system's columns, before and after those of the fields. */
static const char first_columns[] = "entry_id {int} NOT NULL PRIMARY KEY,\n"
                                    "state {text} NOT NULL,\n"
                                    "unit {int} NOT NULL DEFAULT 0,\n"
                                    "owner {text} NOT NULL,\n"
                                    "opened {int} NOT NULL,\n"
                                    "due {int},\n"
                                    "due_provisional {int} NOT NULL DEFAULT 0,\n"
                                    "clock {text},\n"
                                    "stopped {int},\n"
                                    "stepped {int} NOT NULL,\n"
                                    "added {int} NOT NULL,\n"
                                    "batch {int} NOT NULL DEFAULT 0";
static const char last_columns[] = ",\nextra {text}";
static const char rows_columns[] = "entry_id {int} NOT NULL,\nrow {int} NOT NULL";
static const char rows_key[] = ",\nPRIMARY KEY (entry_id, row)";

/* ---- names ----------------------------------------------------------------------------------- */

char *office_table_name(const SchemaLedger *ledger)
{
    return g_strconcat("ledger_", ledger->name, NULL);
}

char *office_rows_table_name(const SchemaLedger *ledger, const SchemaField *rows)
{
    return g_strconcat("ledger_", ledger->name, "_", rows->name, NULL);
}

static bool has_column(const SchemaField *field)
{
    return schema_kind_info(field->kind)->column_type != NULL;
}

void office_append_column(GString *out, const SchemaField *field)
{
    g_assert(has_column(field));
    g_autofree char *name = g_strconcat("f_", field->name, NULL);
    store_append_identifier(out, name);
}

/* Note @name, of @ledger and perhaps @rows, in @seen (name -> ledger's name, borrowed). */
static bool claim_name(GHashTable *seen, char *name, const SchemaLedger *ledger,
                       const SchemaField *rows, GError **error)
{
    g_autofree char *owned = name;
    const char *field = rows != NULL ? rows->name : "";
    if (strlen(name) > OFFICE_MAX_TABLE_BYTES) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "ledger '%s', rows '%s': the names are too long together, at most %d letters fit",
                  ledger->name, field, OFFICE_MAX_TABLE_BYTES - (int)strlen("ledger__"));
        return false;
    }
    const char *other = g_hash_table_lookup(seen, name);
    if (other != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "ledger '%s' and rows '%s' of ledger '%s' would share a table: rename one",
                  rows != NULL ? other : ledger->name, field, rows != NULL ? ledger->name : other);
        return false;
    }
    g_hash_table_insert(seen, g_steal_pointer(&owned), ledger->name);
    return true;
}

bool office_tables_check(const Schema *schema, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        if (!claim_name(seen, office_table_name(ledger), ledger, NULL, error)) {
            return false;
        }
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        for (guint j = 0; j < ledger->fields->len; j++) {
            const SchemaField *field = g_ptr_array_index(ledger->fields, j);
            if (field->kind == SCHEMA_FIELD_ROWS &&
                !claim_name(seen, office_rows_table_name(ledger, field), ledger, field, error)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Append ",\n"f_name" {type}" for each of @fields with a column, long texts last. */
static void append_columns(GString *sql, const GPtrArray *fields)
{
    for (int is_long = 0; is_long <= 1; is_long++) {
        for (guint i = 0; i < fields->len; i++) {
            const SchemaField *field = g_ptr_array_index(fields, i);
            if (has_column(field) && (field->kind == SCHEMA_FIELD_LONG) == (is_long == 1)) {
                g_string_append(sql, ",\n");
                office_append_column(sql, field);
                g_string_append_printf(sql, " %s", schema_kind_info(field->kind)->column_type);
            }
        }
    }
}

static void append_table(GString *sql, const char *name, const char *before,
                         const GPtrArray *fields, const char *after)
{
    g_string_append(sql, "CREATE TABLE ");
    store_append_identifier(sql, name);
    g_string_append_printf(sql, " (\n%s", before);
    append_columns(sql, fields);
    g_string_append_printf(sql, "%s\n) {strict};\n", after);
}

static void append_rows(GString *sql, const SchemaLedger *ledger, const SchemaField *rows)
{
    g_autofree char *name = office_rows_table_name(ledger, rows);
    append_table(sql, name, rows_columns, rows->fields, rows_key);
}

static bool create_rows(StoreConnection *connection, const SchemaLedger *ledger,
                        const SchemaField *rows, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    append_rows(sql, ledger, rows);
    return store_run_script(connection, sql->str, error);
}

/* Return the script that makes the tables of @ledger; the caller owns it. */
static char *tables_script(const SchemaLedger *ledger)
{
    g_autofree char *name = office_table_name(ledger);
    GString *sql = g_string_new(NULL);
    append_table(sql, name, first_columns, ledger->fields, last_columns);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS) {
            append_rows(sql, ledger, field);
        }
    }
    return g_string_free(sql, false);
}

static bool drop_table(StoreConnection *connection, const char *name, GError **error)
{
    g_autoptr(GString) sql = g_string_new("DROP TABLE ");
    store_append_identifier(sql, name);
    return store_run_script(connection, sql->str, error);
}

static bool drop_rows(StoreConnection *connection, const SchemaLedger *ledger,
                      const SchemaField *rows, GError **error)
{
    g_autofree char *name = office_rows_table_name(ledger, rows);
    return drop_table(connection, name, error);
}

/* ---- a ledger -------------------------------------------------------------------------------- */

bool office_tables_create(StoreConnection *connection, const SchemaLedger *ledger, GError **error)
{
    g_autofree char *script = tables_script(ledger);
    return store_run_script(connection, script, error) &&
           office_indexes_create(connection, ledger, NULL, error);
}

bool office_tables_check_made(StoreConnection *connection, const SchemaLedger *ledger,
                              GPtrArray *faults, GError **error)
{
    g_autofree char *script = tables_script(ledger);
    return store_check_made(connection, script, faults, error);
}

bool office_tables_drop(StoreConnection *connection, const SchemaLedger *ledger, GError **error)
{
    g_autofree char *name = office_table_name(ledger);
    g_autoptr(GString) sql = g_string_new("SELECT count(*) FROM ");
    store_append_identifier(sql, name);
    int64_t n_entries = 0;
    if (!store_query_int(connection, 0, &n_entries, error, sql->str, "")) {
        return false;
    }
    if (n_entries > 0) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "ledger '%s' holds %lld {entry|entries}: it can only be removed while it is empty",
            ledger->name, (long long)n_entries);
        return false;
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS && !drop_rows(connection, ledger, field, error)) {
            return false;
        }
    }
    return drop_table(connection, name, error);
}

/* ---- changes --------------------------------------------------------------------------------- */

static bool alter(StoreConnection *connection, const char *table, const char *verb,
                  const SchemaField *field, const char *type, GError **error)
{
    g_autoptr(GString) sql = g_string_new("ALTER TABLE ");
    store_append_identifier(sql, table);
    g_string_append_printf(sql, " %s COLUMN ", verb);
    office_append_column(sql, field);
    g_string_append_printf(sql, " %s", type);
    return store_run_script(connection, sql->str, error);
}

static bool add_column(StoreConnection *connection, const char *table, const SchemaField *field,
                       GError **error)
{
    const char *type = schema_kind_info(field->kind)->column_type;
    return type == NULL || alter(connection, table, "ADD", field, type, error);
}

static bool drop_column(StoreConnection *connection, const char *table, const SchemaField *field,
                        GError **error)
{
    return !has_column(field) || alter(connection, table, "DROP", field, "", error);
}

/* Add the column or table of @field to the tables of @ledger; indexes are
 * office_tables_change()'s work. */
static bool add_field(StoreConnection *connection, const SchemaLedger *ledger,
                      const SchemaField *field, GError **error)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return create_rows(connection, ledger, field, error);
    }
    g_autofree char *table = office_table_name(ledger);
    return add_column(connection, table, field, error);
}

/* Drop what `link` holds of the field @name ("helpers", "visits.person"): a later field of that
 * name takes nothing over.  Evidence stays, whose rules have names of their own. */
static bool drop_links(StoreConnection *connection, const SchemaLedger *ledger, const char *name,
                       GError **error)
{
    return store_run(connection, error,
                     "DELETE FROM link WHERE field = $1 AND kind <> 'evidence'"
                     " AND entry_id IN (SELECT id FROM entry WHERE ledger = $2)",
                     "tt", name, ledger->name);
}

static bool drop_child_links(StoreConnection *connection, const SchemaLedger *ledger,
                             const SchemaField *rows, const SchemaField *child, GError **error)
{
    g_autofree char *name = g_strconcat(rows->name, ".", child->name, NULL);
    return drop_links(connection, ledger, name, error);
}

static bool drop_field(StoreConnection *connection, const SchemaLedger *ledger,
                       const SchemaField *field, GError **error)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        for (guint i = 0; i < field->fields->len; i++) {
            if (!drop_child_links(connection, ledger, field, g_ptr_array_index(field->fields, i),
                                  error)) {
                return false;
            }
        }
        return drop_rows(connection, ledger, field, error);
    }
    g_autofree char *table = office_table_name(ledger);
    return drop_links(connection, ledger, field->name, error) &&
           drop_column(connection, table, field, error);
}

/* What was recorded under @old must mean the same under @field: the log holds it as it was. */
static bool check_same_meaning(const SchemaLedger *ledger, const SchemaField *old,
                               const SchemaField *field, GError **error)
{
    const SchemaKindInfo *before = schema_kind_info(old->kind);
    const SchemaKindInfo *after = schema_kind_info(field->kind);
    bool is_same = before->value_kind == after->value_kind &&
                   before->item_kind == after->item_kind &&
                   g_strcmp0(before->column_type, after->column_type) == 0 &&
                   (old->kind == field->kind || before->value_kind != VALUE_REF) &&
                   g_strcmp0(old->target_name, field->target_name) == 0;
    if (is_same && old->decimals == field->decimals) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "'%s.%s' cannot change its kind ('%s' to '%s'), its decimals (%d to %d) or what it "
              "leads to: "
              "what is recorded would mean something else; add a field of another name and remove "
              "this one",
              ledger->name, field->name, before->name, after->name, old->decimals, field->decimals);
    return false;
}

static const SchemaField *find(const GPtrArray *fields, const char *name)
{
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (g_str_equal(field->name, name)) {
            return field;
        }
    }
    return NULL;
}

/* The same for the child fields of a ROWS field that both versions have. */
static bool change_rows(StoreConnection *connection, const SchemaLedger *ledger,
                        const SchemaField *old, const SchemaField *rows, GError **error)
{
    g_autofree char *table = office_rows_table_name(ledger, rows);
    for (guint i = 0; i < old->fields->len; i++) {
        const SchemaField *before = g_ptr_array_index(old->fields, i);
        const SchemaField *after = find(rows->fields, before->name);
        bool is_ok = after != NULL ? check_same_meaning(ledger, before, after, error)
                                   : drop_child_links(connection, ledger, old, before, error) &&
                                         drop_column(connection, table, before, error);
        if (!is_ok) {
            return false;
        }
    }
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *after = g_ptr_array_index(rows->fields, i);
        if (find(old->fields, after->name) == NULL &&
            !add_column(connection, table, after, error)) {
            return false;
        }
    }
    return true;
}

/* Keep, change or drop one field of the old version. */
static bool change_field(StoreConnection *connection, const SchemaLedger *ledger,
                         const SchemaField *old, GError **error)
{
    const SchemaField *field = find(ledger->fields, old->name);
    if (field == NULL) {
        return drop_field(connection, ledger, old, error);
    }
    if (!check_same_meaning(ledger, old, field, error)) {
        return false;
    }
    return field->kind != SCHEMA_FIELD_ROWS || change_rows(connection, ledger, old, field, error);
}

/* A number that was given must open its entry for ever, and year and order stand in it; its title
 * was taken from the field that it was recorded under. */
static bool check_given(StoreConnection *connection, const SchemaLedger *old,
                        const SchemaLedger *ledger, GError **error)
{
    bool is_numbered_alike = schema_is_numbered_alike(old, ledger);
    int64_t n_series = 0;
    if (is_numbered_alike && g_str_equal(old->title->name, ledger->title->name)) {
        return true;
    }
    if (!store_query_int(connection, 0, &n_series, error,
                         "SELECT count(*) FROM number_series WHERE ledger = $1", "t", old->name)) {
        return false;
    }
    if (n_series > 0 && is_numbered_alike) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "'%s' has entries under the titles that '%s' gave them: another field cannot be "
                  "their title any more; add a ledger of another name",
                  old->name, old->title->name);
    } else if (n_series > 0) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "'%s' has given numbers by '%s': neither their pattern nor the field by which its "
            "entries open can change any more; add a ledger of another name",
            old->name, old->number);
    }
    return n_series == 0;
}

bool office_tables_change(StoreConnection *connection, const SchemaLedger *old,
                          const SchemaLedger *ledger, GError **error)
{
    if (!check_given(connection, old, ledger, error)) {
        return false;
    }
    if (!office_indexes_drop(connection, old, ledger, error)) {
        return false;
    }
    for (guint i = 0; i < old->fields->len; i++) {
        if (!change_field(connection, ledger, g_ptr_array_index(old->fields, i), error)) {
            return false;
        }
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (find(old->fields, field->name) == NULL &&
            !add_field(connection, ledger, field, error)) {
            return false;
        }
    }
    return office_indexes_create(connection, ledger, old, error);
}
