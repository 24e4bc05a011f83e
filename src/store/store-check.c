#include "store/store-internal.h"

/* ---- the shape ------------------------------------------------------------------------------- */

#define CREATE_TABLE "CREATE TABLE "
#define ALTER_TABLE "ALTER TABLE "
#define CREATE_INDEX "CREATE INDEX "
#define CREATE_UNIQUE_INDEX "CREATE UNIQUE INDEX "
#define DROP_TABLE "DROP TABLE "
#define NO_INDEX \
    N_("the index '%s' is missing; the next command that writes the office makes it anew")

/* Return what @statement of a migration makes, with its kind in *@ret_kind; NULL where it makes
 * neither table nor index.  The caller owns it. */
static char *name_made(const char *statement, const char **ret_kind)
{
    static const struct {
        const char *begin;
        const char *kind;
    } makers[] = {{CREATE_TABLE, N_("the table '%s' is missing")},
                  {CREATE_INDEX, NO_INDEX},
                  {CREATE_UNIQUE_INDEX, NO_INDEX}};
    for (size_t i = 0; i < G_N_ELEMENTS(makers); i++) {
        if (g_str_has_prefix(statement, makers[i].begin)) {
            const char *name = statement + strlen(makers[i].begin);
            name += *name == '"' ? 1 : 0;
            *ret_kind = makers[i].kind;
            return g_strndup(name, strcspn(name, "\" (\n"));
        }
    }
    return NULL;
}

/* Return the table that @statement of a migration makes, alters, drops or makes an index of; NULL
 * where it does none of that.  The caller owns it. */
static char *table_of(const char *statement)
{
    static const struct {
        const char *begin;
        const char *before; /* the name */
    } forms[] = {{CREATE_TABLE, CREATE_TABLE},
                 {ALTER_TABLE, ALTER_TABLE},
                 {DROP_TABLE, DROP_TABLE},
                 {CREATE_INDEX, " ON "},
                 {CREATE_UNIQUE_INDEX, " ON "}};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (g_str_has_prefix(statement, forms[i].begin)) {
            const char *name = strstr(statement, forms[i].before) + strlen(forms[i].before);
            return g_strndup(name, strcspn(name, " (\n"));
        }
    }
    return NULL;
}

/* Take out of @statements what is of the table @name, which is dropped. */
static void drop_table(GPtrArray *statements, const char *name)
{
    for (guint i = statements->len; i > 0; i--) {
        g_autofree char *table = table_of(g_ptr_array_index(statements, i - 1));
        if (g_strcmp0(table, name) == 0) {
            g_ptr_array_remove_index(statements, i - 1);
        }
    }
}

/* Return the statements of the migrations that make what is there in the end, in order: not those
 * of tables that are dropped on the way. */
static GPtrArray *standing_statements(StoreDialect dialect, GError **error)
{
    g_autoptr(GPtrArray) statements = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < store_n_migrations; i++) {
        const char *script = store_migrations[i].script;
        GError *unread = NULL;
        char *next = NULL;
        while ((next = store_next_statement(dialect, &script, &unread)) != NULL) {
            g_autofree char *statement = next;
            g_autofree char *table = table_of(statement);
            if (table != NULL && g_str_has_prefix(statement, DROP_TABLE)) {
                drop_table(statements, table);
            } else if (table != NULL) {
                g_ptr_array_add(statements, g_steal_pointer(&statement));
            }
        }
        if (unread != NULL) {
            g_propagate_error(error, unread);
            return NULL;
        }
    }
    return g_steal_pointer(&statements);
}

/* Return the rows of @query about the table @name, its first column to its second (NULL where there
 * is none). */
static GHashTable *read_shape(StoreConnection *connection, const char *query_text, const char *name,
                              GError **error)
{
    g_autoptr(GHashTable) shape = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(StoreStatement) query = store_query(connection, error, query_text, "t", name);
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        const char *what = store_column_text(query, 0);
        g_hash_table_insert(shape, g_strdup(what != NULL ? what : ""),
                            g_strdup(store_column_text(query, 1)));
    }
    return has_row ? NULL : g_steal_pointer(&shape);
}

/* What a table has, of which nothing is left in the end but what no statement makes. */
typedef struct Shape {
    GHashTable *columns; /* to their types; those that were found are taken out */
    GHashTable *keys;    /* to NULL, or "" once they were found: a key may be made twice */
} Shape;

/* A look at what statements make. */
typedef struct Look {
    StoreConnection *connection;
    GHashTable *shapes; /* name of a table -> Shape */
    GPtrArray *faults;  /* borrowed */
} Look;

static void free_shape(gpointer data)
{
    Shape *shape = data;
    g_clear_pointer(&shape->columns, g_hash_table_unref);
    g_clear_pointer(&shape->keys, g_hash_table_unref);
    g_free(shape);
}

static void look_init(Look *look, StoreConnection *connection, GPtrArray *faults)
{
    *look = (Look){connection, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_shape),
                   faults};
}

static void look_clear(Look *look)
{
    g_clear_pointer(&look->shapes, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

/* Read the shape of the table @name, in the place of what was left of it; borrowed from @look. */
static Shape *read_table(Look *look, const char *name, GError **error)
{
    const StoreBackend *backend = look->connection->backend;
    g_autoptr(GHashTable) columns =
        read_shape(look->connection, backend->columns_query, name, error);
    g_autoptr(GHashTable) keys =
        columns != NULL ? read_shape(look->connection, backend->keys_query, name, error) : NULL;
    if (keys == NULL) {
        return NULL;
    }
    Shape *shape = g_new0(Shape, 1);
    *shape = (Shape){g_steal_pointer(&columns), g_steal_pointer(&keys)};
    g_hash_table_insert(look->shapes, g_strdup(name), shape);
    return shape;
}

/* Check that the table @name, of the shape @shape, has a unique key on the columns @key ("year,n").
 */
static void check_key(const Look *look, const Shape *shape, const char *name, const char *key)
{
    if (g_hash_table_contains(shape->keys, key)) {
        g_hash_table_insert(shape->keys, g_strdup(key), g_strdup(""));
        return;
    }
    GError *fault = NULL;
    error_set(&fault, SHUZHI_ERROR_CORRUPT,
              "the key '%s' of the table '%s' is not as this program makes it", key, name);
    g_ptr_array_add(look->faults, fault);
}

/* Return what stands in the first brackets of @text, without blanks and quotes. */
static char *columns_in(const char *text)
{
    const char *at = strchr(text, '(');
    GString *out = g_string_new(NULL);
    for (at = at != NULL ? at + 1 : ""; *at != '\0' && *at != ')'; at++) {
        if (*at != ' ' && *at != '"') {
            g_string_append_c(out, *at);
        }
    }
    return g_string_free(out, false);
}

/* Check the column that @line of a statement makes, "name type …", and the key if it is one by
 * itself. */
static void check_column(const Look *look, const Shape *shape, const char *name, const char *line)
{
    bool is_quoted = *line == '"';
    const char *end = line + (is_quoted ? 1 + strcspn(line + 1, "\"") : strcspn(line, " "));
    const char *type = end + strspn(end, "\" ");
    g_autofree char *column = g_strndup(line + is_quoted, (gsize)(end - line - is_quoted));
    g_autofree char *made = g_strdup_printf("%.*s%s", (int)strcspn(type, " ,"), type,
                                            strstr(type, " NOT NULL") != NULL ? " NOT NULL" : "");
    if (g_strcmp0(g_hash_table_lookup(shape->columns, column), made) != 0) {
        GError *fault = NULL;
        error_set(&fault, SHUZHI_ERROR_CORRUPT,
                  "the column '%s' of the table '%s' is not as this program makes it", column,
                  name);
        g_ptr_array_add(look->faults, fault);
    }
    g_hash_table_remove(shape->columns, column);
    if (strstr(type, " PRIMARY KEY") != NULL || strstr(type, " UNIQUE") != NULL) {
        check_key(look, shape, name, column);
    }
}

/* Check that the table @name has the columns and keys that @statement gives it: each stands on a
 * line of its own, columns in small letters. */
static bool check_table(Look *look, const char *name, const char *statement, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(statement, "\n", -1);
    const Shape *shape = read_table(look, name, error);
    for (char **each = lines; shape != NULL && *each != NULL; each++) {
        char *line = g_strstrip(*each);
        char *comment = strstr(line, "--");
        if (comment != NULL) {
            *comment = '\0';
        }
        if (g_ascii_islower(*line) || *line == '"') {
            check_column(look, shape, name, line);
        } else if (g_str_has_prefix(line, "PRIMARY KEY (") || g_str_has_prefix(line, "UNIQUE (")) {
            g_autofree char *key = columns_in(line);
            check_key(look, shape, name, key);
        }
    }
    return shape != NULL;
}

/* The same for the index that @statement makes, "CREATE UNIQUE INDEX name ON table (columns)". */
static bool check_unique_index(Look *look, const char *statement, GError **error)
{
    const char *on = strstr(statement, " ON ") + strlen(" ON ");
    g_autofree char *table = g_strndup(on, strcspn(on, " ("));
    g_autofree char *columns = columns_in(on);
    g_autofree char *key =
        g_strconcat(columns, strstr(on, " WHERE ") != NULL ? " WHERE" : "", NULL);
    const Shape *shape = g_hash_table_lookup(look->shapes, table);
    if (shape == NULL) {
        shape = read_table(look, table, error);
    }
    if (shape != NULL) {
        check_key(look, shape, table, key);
    }
    return shape != NULL;
}

static gint compare_text(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* The same for the column that @statement adds, "ALTER TABLE name ADD COLUMN name type", to a table
 * made before. */
static void check_added(const Look *look, const char *statement)
{
    static const char adds[] = " ADD COLUMN ";
    const char *name = statement + strlen(ALTER_TABLE);
    const char *added = strstr(statement, adds);
    g_autofree char *table = g_strndup(name, strcspn(name, " "));
    const Shape *shape = g_hash_table_lookup(look->shapes, table);
    if (added != NULL && shape != NULL) {
        check_column(look, shape, table, added + strlen(adds));
    }
}

/* Tell of what the tables that were looked at have beside what makes them: a column holds what
 * nobody looks at, a key refuses rows.  Other indexes hold nothing but what the rows hold. */
static void check_rest(const Look *look)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(look->shapes), compare_text);
    for (const GList *each = names; each != NULL; each = each->next) {
        const Shape *shape = g_hash_table_lookup(look->shapes, each->data);
        GHashTableIter iter;
        gpointer what = NULL, found = NULL;
        g_hash_table_iter_init(&iter, shape->columns);
        while (g_hash_table_iter_next(&iter, &what, NULL)) {
            GError *fault = NULL;
            error_set(&fault, SHUZHI_ERROR_CORRUPT,
                      "the table '%s' has a column '%s' that this program does not make",
                      (const char *)each->data, (const char *)what);
            g_ptr_array_add(look->faults, fault);
        }
        g_hash_table_iter_init(&iter, shape->keys);
        while (g_hash_table_iter_next(&iter, &what, &found)) {
            if (found == NULL) {
                GError *fault = NULL;
                error_set(&fault, SHUZHI_ERROR_CORRUPT,
                          "the table '%s' has a unique key '%s' that this program does not make",
                          (const char *)each->data, (const char *)what);
                g_ptr_array_add(look->faults, fault);
            }
        }
    }
}

/* Set *@ret_is_there: whether the database has a table or index @name. */
static bool find_made(StoreConnection *connection, const char *name, bool *ret_is_there,
                      GError **error)
{
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, connection->backend->made_query, "t", name)) {
        return false;
    }
    *ret_is_there = n > 0;
    return true;
}

/* Check that what @statement of a migration made is there. */
static bool check_made(Look *look, const char *statement, GError **error)
{
    const char *kind = NULL;
    g_autofree char *name = name_made(statement, &kind);
    bool is_there = false;
    if (g_str_has_prefix(statement, ALTER_TABLE)) {
        check_added(look, statement);
    }
    if (name == NULL) {
        return true;
    }
    if (!find_made(look->connection, name, &is_there, error)) {
        return false;
    }
    if (is_there && g_str_has_prefix(statement, CREATE_UNIQUE_INDEX)) {
        return check_unique_index(look, statement, error);
    }
    if (is_there) {
        return !g_str_has_prefix(statement, CREATE_TABLE) ||
               check_table(look, name, statement, error);
    }
    GError *fault = NULL; /* the formats above are literals, which the compiler cannot see here */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    error_set(&fault, SHUZHI_ERROR_CORRUPT, kind, name);
#pragma GCC diagnostic pop
    g_ptr_array_add(look->faults, fault);
    return true;
}

/* Check that every table is a plain one, strict on SQLite, so that an index and each reader see the
 * same values, and that nothing of its own accord changes or hides rows. */
static bool check_plain(StoreConnection *connection, GPtrArray *faults, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, connection->backend->strange_query, "");
    bool has_row = query != NULL;
    while (has_row && store_step(query, &has_row, error)) {
        if (!has_row) {
            return true;
        }
        GError *fault = NULL;
        error_set(&fault, SHUZHI_ERROR_CORRUPT, "the %s '%s' is not as this program makes it",
                  store_column_text(query, 0), store_column_text(query, 1));
        g_ptr_array_add(faults, fault);
    }
    return false;
}

/* Check what each statement of @script makes. */
static bool check_script(Look *look, const char *script, GError **error)
{
    StoreDialect dialect = store_connection_dialect(look->connection);
    for (;;) {
        GError *unread = NULL;
        g_autofree char *statement = store_next_statement(dialect, &script, &unread);
        if (unread != NULL) {
            g_propagate_error(error, unread);
            return false;
        }
        if (statement == NULL) {
            return true;
        }
        if (!check_made(look, statement, error)) {
            return false;
        }
    }
}

bool store_check_made(StoreConnection *connection, const char *script, GPtrArray *faults,
                      GError **error)
{
    g_auto(Look) look;
    look_init(&look, connection, faults);
    if (!check_script(&look, script, error)) {
        return false;
    }
    check_rest(&look);
    return true;
}

bool store_check_shape(StoreConnection *connection, GPtrArray *faults, GError **error)
{
    g_auto(Look) look;
    look_init(&look, connection, faults);
    g_autoptr(GPtrArray) statements =
        check_plain(connection, faults, error)
            ? standing_statements(store_connection_dialect(connection), error)
            : NULL;
    for (guint i = 0; statements != NULL && i < statements->len; i++) {
        if (!check_made(&look, g_ptr_array_index(statements, i), error)) {
            return false;
        }
    }
    if (statements != NULL) {
        check_rest(&look);
    }
    return statements != NULL;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Compare the rows of the table migration with what this program is made of. */
static bool check_migrations(StoreConnection *reader, GError **error)
{
    g_autoptr(StoreStatement) statement =
        store_query(reader, error, "SELECT number, name FROM migration ORDER BY number", "");
    if (statement == NULL) {
        return false;
    }
    for (size_t i = 0; i < store_n_migrations; i++) {
        bool has_row = false;
        if (!store_step(statement, &has_row, error)) {
            return false;
        }
        if (!has_row || store_column_int(statement, 0) != store_migrations[i].number ||
            g_strcmp0(store_column_text(statement, 1), store_migrations[i].name) != 0) {
            error_set(error, SHUZHI_ERROR_CORRUPT,
                      "the table 'migration' does not name the migration %d (%s)",
                      store_migrations[i].number, store_migrations[i].name);
            return false;
        }
    }
    return true;
}

bool store_check_content(Store *store, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, error);
    return reader != NULL && store->backend->check(reader, error) &&
           check_migrations(reader, error);
}

bool store_check(Store *store, GError **error)
{
    if (!store_check_content(store, error)) {
        return false;
    }
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, error);
    if (reader == NULL || !store_check_shape(reader, faults, error)) {
        return false;
    }
    if (faults->len > 0) {
        g_propagate_error(error, g_error_copy(g_ptr_array_index(faults, 0)));
    }
    return faults->len == 0;
}

/* ---- mending --------------------------------------------------------------------------------- */

/* Return the statements of the migrations that make the indexes which are missing. */
static GPtrArray *find_missing_indexes(StoreConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) statements =
        standing_statements(store_connection_dialect(connection), error);
    for (guint i = statements != NULL ? statements->len : 0; i > 0; i--) {
        const char *statement = g_ptr_array_index(statements, i - 1);
        const char *kind = NULL;
        g_autofree char *name = name_made(statement, &kind);
        bool is_there = !g_str_has_prefix(statement, CREATE_INDEX) &&
                        !g_str_has_prefix(statement, CREATE_UNIQUE_INDEX);
        if (!is_there && !find_made(connection, name, &is_there, error)) {
            return NULL;
        }
        if (is_there) {
            g_ptr_array_remove_index(statements, i - 1);
        }
    }
    return g_steal_pointer(&statements);
}

static bool make_index(StoreConnection *connection, void *data, GError **error)
{
    return store_run_script(connection, data, error);
}

bool store_mend_indexes(Store *store, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, error);
    g_autoptr(GPtrArray) missing = reader != NULL ? find_missing_indexes(reader, error) : NULL;
    for (guint i = 0; missing != NULL && i < missing->len; i++) {
        g_autoptr(GError) fault = NULL;
        if (!store_write(store, make_index, g_ptr_array_index(missing, i), &fault) &&
            !error_is(fault, SHUZHI_ERROR_EXISTS)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
    }
    return missing != NULL;
}
