#include "store/store.h"

#include "store/store-internal.h"

/* Hash a statement's text by its length and five pieces of it: texts are long, and hashed several
 * times for each row written. */
static guint hash_sql(gconstpointer key)
{
    const char *sql = key;
    size_t length = strlen(sql);
    uint64_t hash = length;
    if (length < 5 * sizeof hash) {
        return g_str_hash(sql);
    }
    for (size_t i = 0; i < 5; i++) {
        uint64_t piece;
        memcpy(&piece, sql + i * (length - sizeof piece) / 4, sizeof piece);
        hash = (hash ^ piece) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (guint)(hash >> 32);
}

void store_connection_init(StoreConnection *connection, const StoreBackend *backend, Store *store,
                           bool is_writer)
{
    connection->backend = backend;
    connection->store = store;
    connection->is_writer = is_writer;
    connection->statements = g_hash_table_new(hash_sql, g_str_equal);
    g_queue_init(&connection->idle);
}

void store_connection_clear(StoreConnection *connection)
{
    g_assert(connection->n_in_use == 0);
    g_clear_pointer(&connection->statements, g_hash_table_unref);
    GList *link;
    while ((link = g_queue_pop_head_link(&connection->idle)) != NULL) {
        connection->backend->finalize(link->data);
    }
    g_clear_error(&connection->failure);
}

/* ---- transactions ---------------------------------------------------------------------------- */

void store_connection_fail(StoreConnection *connection, GError *failure, GError **error)
{
    if (connection->in_transaction && connection->failure == NULL) {
        connection->failure = g_error_copy(failure);
    }
    g_propagate_error(error, failure);
}

bool store_connection_is_sound(const StoreConnection *connection, GError **error)
{
    if (connection->failure == NULL) {
        return true;
    }
    g_propagate_error(error, g_error_copy(connection->failure));
    return false;
}

static void roll_back(StoreConnection *connection)
{
    const StoreBackend *backend = connection->backend;
    if (backend->is_in_transaction(connection)) {
        backend->run(connection, "ROLLBACK", NULL);
    }
}

bool store_transaction_begin(StoreConnection *connection, bool is_unflushed, GError **error)
{
    const StoreBackend *backend = connection->backend;
    g_assert(!connection->in_transaction);
    connection->in_transaction = connection->is_writer
                                     ? backend->begin_write(connection, is_unflushed, error)
                                     : backend->begin_snapshot(connection, error);
    if (!connection->in_transaction) {
        roll_back(connection); /* half begun: its first reading failed */
    }
    return connection->in_transaction;
}

bool store_transaction_end(StoreConnection *connection, const char *sql, GError **error)
{
    const StoreBackend *backend = connection->backend;
    connection->in_transaction = false;
    g_clear_error(&connection->failure);
    if (backend->run(connection, sql, error)) {
        return true;
    }
    roll_back(connection);
    return false;
}

bool store_snapshot_begin(StoreConnection *connection, GError **error)
{
    g_assert(!connection->is_writer);
    return store_transaction_begin(connection, false, error);
}

void store_snapshot_end(StoreConnection *connection)
{
    if (connection->in_transaction) {
        store_transaction_end(connection, "ROLLBACK", NULL);
    }
}

/* ---- readers --------------------------------------------------------------------------------- */

/* Set *@ret_reader to an idle reader, or to NULL after having counted one more for the caller to
 * open; false when there are as many as may be and the caller does not wait. */
static bool take_reader(Store *store, bool may_wait, StoreConnection **ret_reader)
{
    int64_t until_us = g_get_monotonic_time() + STORE_READER_WAIT_US;
    g_mutex_lock(&store->lock);
    while (may_wait && g_queue_is_empty(&store->readers) && store->n_readers == STORE_MAX_READERS) {
        may_wait = g_cond_wait_until(&store->has_reader, &store->lock, until_us);
    }
    *ret_reader = g_queue_pop_head(&store->readers);
    bool is_taken = *ret_reader != NULL || store->n_readers < STORE_MAX_READERS;
    store->n_readers += is_taken && *ret_reader == NULL ? 1 : 0;
    g_mutex_unlock(&store->lock);
    return is_taken;
}

/* Give @reader back, or the place of a lost one when it is NULL. */
static void put_reader(Store *store, StoreConnection *reader)
{
    g_mutex_lock(&store->lock);
    if (reader != NULL) {
        g_queue_push_head(&store->readers, reader);
    } else {
        store->n_readers--;
    }
    g_cond_signal(&store->has_reader);
    g_mutex_unlock(&store->lock);
}

/* Return @reader (takes), or where it is lost or NULL a new one in its place. */
static StoreConnection *connect_reader(Store *store, StoreConnection *reader, GError **error)
{
    if (reader != NULL && !store->backend->is_alive(reader)) {
        store->backend->disconnect(g_steal_pointer(&reader));
    }
    if (reader == NULL) {
        reader = store->backend->connect(store, false, error);
    }
    if (reader == NULL) {
        put_reader(store, NULL);
    }
    return reader;
}

StoreConnection *store_reader_acquire(Store *store, GError **error)
{
    StoreConnection *reader = NULL;
    if (!take_reader(store, true, &reader)) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "all %d connections that read the office have been busy for long",
                  STORE_MAX_READERS);
        return NULL;
    }
    return connect_reader(store, reader, error);
}

StoreConnection *store_reader_try_acquire(Store *store)
{
    StoreConnection *reader = NULL;
    return take_reader(store, false, &reader) ? connect_reader(store, reader, NULL) : NULL;
}

void store_reader_release(StoreConnection *connection)
{
    g_assert(!connection->is_writer && connection->n_in_use == 0);
    Store *store = connection->store;
    store_snapshot_end(connection);
    if (!store->backend->is_alive(connection)) {
        store->backend->disconnect(g_steal_pointer(&connection));
    }
    put_reader(store, connection);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static bool is_server(const char *location)
{
    return g_str_has_prefix(location, "postgres://") || g_str_has_prefix(location, "postgresql://");
}

static Store *new_store(const char *location, StoreMode mode)
{
    Store *store = g_new0(Store, 1);
    store->backend = is_server(location) ? &store_postgres_backend : &store_sqlite_backend;
    store->mode = mode;
    store->location = g_strdup(location);
    store->batch_us = STORE_MAX_BATCH_US;
    store->fold_pages = STORE_FOLD_PAGES;
    g_mutex_init(&store->lock);
    g_cond_init(&store->has_ticket);
    g_cond_init(&store->has_reader);
    g_queue_init(&store->tickets);
    g_queue_init(&store->readers);
    return store;
}

/* Connect for the first time and make the schema what this program knows. */
static bool connect_first(Store *store, GError **error)
{
    if (store->mode == STORE_READ) {
        g_autoptr(StoreConnection) reader = store_reader_acquire(store, error);
        return reader != NULL &&
               store_migrate(reader, STORE_READ, store_migrations, store_n_migrations, error);
    }
    store->writer = store->backend->connect(store, true, error);
    return store->writer != NULL &&
           store_migrate(store->writer, store->mode, store_migrations, store_n_migrations, error);
}

static void disconnect_all(Store *store)
{
    StoreConnection *reader;
    while ((reader = g_queue_pop_head(&store->readers)) != NULL) {
        store->backend->disconnect(reader);
        store->n_readers--;
    }
    g_assert(store->n_readers == 0);
    if (store->writer != NULL) { /* last, so that it can fold the WAL away */
        store->backend->disconnect(g_steal_pointer(&store->writer));
    }
}

static void free_store(Store *store)
{
    store->backend->close_place(store);
    g_mutex_clear(&store->lock);
    g_cond_clear(&store->has_ticket);
    g_cond_clear(&store->has_reader);
    g_free(store->location);
    g_free(store);
}

Store *store_open(const char *location, StoreMode mode, GError **error)
{
    Store *store = new_store(location, mode);
    if (!store->backend->open_place(store, error)) {
        free_store(store);
        return NULL;
    }
    if (!connect_first(store, error)) {
        disconnect_all(store);
        if (mode == STORE_CREATE) {
            store->backend->remove_place(store);
        }
        free_store(store);
        return NULL;
    }
    if (mode != STORE_READ) {
        store_queue_start(store);
    }
    return store;
}

static void stop(Store *store)
{
    if (store->thread != NULL) {
        store_queue_stop(store);
    }
    disconnect_all(store);
}

void store_close(Store *store)
{
    if (store != NULL) {
        stop(store);
        free_store(store);
    }
}

void store_discard(Store *store)
{
    if (store != NULL) {
        g_assert(store->mode == STORE_CREATE);
        stop(store);
        store->backend->remove_place(store);
        free_store(store);
    }
}

StoreDialect store_dialect(const Store *store)
{
    return store->backend->dialect;
}

StoreDialect store_connection_dialect(const StoreConnection *connection)
{
    return connection->backend->dialect;
}

void store_set_hooks(Store *store, const StoreHooks *hooks)
{
    g_mutex_lock(&store->lock); /* the writer thread reads them after it took a ticket */
    store->hooks = *hooks;
    g_mutex_unlock(&store->lock);
}

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

#define CREATE_INDEX "CREATE INDEX "
#define CREATE_UNIQUE_INDEX "CREATE UNIQUE INDEX "
#define NO_INDEX \
    N_("the index '%s' is missing; the next command that writes the office makes it anew")

/* Return what @statement of a migration makes, with its kind in *@ret_kind; NULL where it makes
 * neither table nor index.  The caller owns it. */
static char *name_made(const char *statement, const char **ret_kind)
{
    static const struct {
        const char *begin;
        const char *kind;
    } makers[] = {{"CREATE TABLE ", N_("the table '%s' is missing")},
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

/* Return the columns of the table @name with their types as the database has them; those that it
 * works out by itself are none of ours. */
static GHashTable *read_columns(StoreConnection *connection, const char *name, GError **error)
{
    static const char *const queries[] = {
        [STORE_SQLITE] = "SELECT name, type FROM pragma_table_xinfo($1) WHERE hidden = 0",
        [STORE_POSTGRES] =
            "SELECT CAST(attname AS text), format_type(atttypid, atttypmod) || CASE WHEN"
            " attcollation IN (0, '\"C\"'::regcollation) THEN '' ELSE ' collated' END"
            " FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            " AND attrelid = (SELECT oid FROM pg_class WHERE relname = $1"
            " AND relnamespace = current_schema()::regnamespace)",
    };
    g_autoptr(GHashTable) columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(StoreStatement) query =
        store_query(connection, error, queries[store_connection_dialect(connection)], "t", name);
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        g_hash_table_insert(columns, g_strdup(store_column_text(query, 0)),
                            g_strdup(store_column_text(query, 1)));
    }
    return has_row ? NULL : g_steal_pointer(&columns);
}

/* Check that the table @name has the columns that @statement gives it, with the same types: each
 * stands on a line of its own, "name type …", in small letters. */
static bool check_columns(StoreConnection *connection, const char *name, const char *statement,
                          GPtrArray *faults, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(statement, "\n", -1);
    g_autoptr(GHashTable) columns = read_columns(connection, name, error);
    for (char **line = lines; columns != NULL && *line != NULL; line++) {
        char *column = g_strstrip(*line);
        if (!g_ascii_islower(*column) && *column != '"') {
            continue;
        }
        column += *column == '"' ? 1 : 0;
        char *type = column + strcspn(column, "\" ");
        if (*type != '\0') {
            *type = '\0';
            type += 1 + strspn(type + 1, " ");
        }
        type[strcspn(type, " ,")] = '\0';
        if (g_strcmp0(g_hash_table_lookup(columns, column), type) != 0) {
            GError *fault = NULL;
            error_set(&fault, SHUZHI_ERROR_CORRUPT,
                      "the column '%s' of the table '%s' is not as this program makes it", column,
                      name);
            g_ptr_array_add(faults, fault);
        }
    }
    return columns != NULL;
}

/* Set *@ret_is_there: whether the database has a table or index @name. */
static bool find_made(StoreConnection *connection, const char *name, bool *ret_is_there,
                      GError **error)
{
    static const char *const queries[] = {
        [STORE_SQLITE] = "SELECT count(*) FROM sqlite_master WHERE name = $1",
        [STORE_POSTGRES] = "SELECT count(*) FROM pg_class WHERE relname = $1"
                           " AND relnamespace = current_schema()::regnamespace",
    };
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, queries[store_connection_dialect(connection)],
                         "t", name)) {
        return false;
    }
    *ret_is_there = n > 0;
    return true;
}

/* Check that what @statement of a migration made is there. */
static bool check_made(StoreConnection *connection, const char *statement, GPtrArray *faults,
                       GError **error)
{
    const char *kind = NULL;
    g_autofree char *name = name_made(statement, &kind);
    bool is_there = false;
    if (name == NULL) {
        return true;
    }
    if (!find_made(connection, name, &is_there, error)) {
        return false;
    }
    if (is_there) {
        return !g_str_has_prefix(statement, "CREATE TABLE ") ||
               check_columns(connection, name, statement, faults, error);
    }
    GError *fault = NULL; /* the formats above are literals, which the compiler cannot see here */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    error_set(&fault, SHUZHI_ERROR_CORRUPT, kind, name);
#pragma GCC diagnostic pop
    g_ptr_array_add(faults, fault);
    return true;
}

/* Check that every table is a plain one, strict on SQLite, so that an index and each reader see the
 * same values, and that nothing of its own accord changes or hides rows. */
static bool check_plain(StoreConnection *connection, GPtrArray *faults, GError **error)
{
    static const char *const queries[] = {
        [STORE_SQLITE] =
            "SELECT type, name FROM sqlite_master WHERE type = 'trigger'"
            " OR lower(sql) GLOB '*[^a-z0-9_]collate[^a-z0-9_]*' UNION ALL"
            " SELECT type, name FROM pragma_table_list WHERE schema = 'main'"
            " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND (type <> 'table' OR strict = 0)"
            " ORDER BY 2",
        [STORE_POSTGRES] =
            "SELECT 'table', CAST(c.relname AS text) FROM pg_class c"
            " WHERE c.relnamespace = current_schema()::regnamespace"
            " AND (c.relkind NOT IN ('r', 'i') OR c.relrowsecurity"
            " OR EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)"
            " OR EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)"
            " OR EXISTS (SELECT 1 FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent)))"
            " ORDER BY 2",
    };
    g_autoptr(StoreStatement) query =
        store_query(connection, error, queries[store_connection_dialect(connection)], "");
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

bool store_check_made(StoreConnection *connection, const char *script, GPtrArray *faults,
                      GError **error)
{
    for (;;) {
        GError *unread = NULL;
        g_autofree char *statement =
            store_next_statement(store_connection_dialect(connection), &script, &unread);
        if (unread != NULL) {
            g_propagate_error(error, unread);
            return false;
        }
        if (statement == NULL) {
            return true;
        }
        if (!check_made(connection, statement, faults, error)) {
            return false;
        }
    }
}

bool store_check_shape(StoreConnection *connection, GPtrArray *faults, GError **error)
{
    bool is_looked = check_plain(connection, faults, error);
    for (size_t i = 0; is_looked && i < store_n_migrations; i++) {
        is_looked = store_check_made(connection, store_migrations[i].script, faults, error);
    }
    return is_looked;
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
    g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < store_n_migrations; i++) {
        const char *script = store_migrations[i].script;
        char *next = NULL;
        while ((next = store_next_statement(store_connection_dialect(connection), &script, NULL)) !=
               NULL) {
            g_autofree char *statement = next;
            const char *kind = NULL;
            g_autofree char *name = name_made(statement, &kind);
            bool is_there = !g_str_has_prefix(statement, CREATE_INDEX) &&
                            !g_str_has_prefix(statement, CREATE_UNIQUE_INDEX);
            if (!is_there && !find_made(connection, name, &is_there, error)) {
                return NULL;
            }
            if (!is_there) {
                g_ptr_array_add(missing, g_steal_pointer(&statement));
            }
        }
    }
    return g_steal_pointer(&missing);
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

bool store_copy_to(Store *store, const char *path, GError **error)
{
    return store->backend->copy_to(store, path, error);
}
