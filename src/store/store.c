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

/* ---- refusals -------------------------------------------------------------------------------- */

static const struct {
    ErrorCode code;
    const char *format; /* takes the database's own words */
} refusals[] = {
    [STORE_REFUSAL_KEY_EXISTS] = {SHUZHI_ERROR_EXISTS,
                                  N_("a row with this key exists already: %s")},
    [STORE_REFUSAL_RULE_BROKEN] = {SHUZHI_ERROR_CONFLICT,
                                   N_("the row breaks a rule of its table: %s")},
    [STORE_REFUSAL_WRONG_TYPE] = {SHUZHI_ERROR_INVALID, N_("a value has the wrong type: %s")},
    [STORE_REFUSAL_TOO_LARGE] = {SHUZHI_ERROR_LIMIT,
                                 N_("a value is too large for the database: %s")},
    [STORE_REFUSAL_NO_MEMORY] = {SHUZHI_ERROR_LIMIT, N_("the database has not enough memory: %s")},
    [STORE_REFUSAL_DISK_FULL] = {SHUZHI_ERROR_FULL, N_("the disk of the database is full: %s")},
    [STORE_REFUSAL_NO_ROOM] = {SHUZHI_ERROR_UNAVAILABLE,
                               N_("the database server has no room for the request: %s")},
    [STORE_REFUSAL_READ_WRITE] = {SHUZHI_ERROR_IO,
                                  N_("reading or writing the database failed: %s")},
    [STORE_REFUSAL_CANNOT_OPEN] = {SHUZHI_ERROR_IO, N_("cannot open the database: %s")},
    [STORE_REFUSAL_DAMAGED] = {SHUZHI_ERROR_CORRUPT,
                               N_("the database file is damaged, restore it from a backup: %s")},
    [STORE_REFUSAL_MISSING] =
        {SHUZHI_ERROR_CORRUPT,
         N_("something of the database is missing, restore it from a backup: %s")},
    [STORE_REFUSAL_IN_USE] = {SHUZHI_ERROR_BUSY, N_("another program is using the database: %s")},
    [STORE_REFUSAL_READ_ONLY] = {SHUZHI_ERROR_FORBIDDEN,
                                 N_("the database cannot be written to: %s")},
    [STORE_REFUSAL_NO_PERMISSION] = {SHUZHI_ERROR_FORBIDDEN,
                                     N_("no permission for the database: %s")},
    [STORE_REFUSAL_OFFICE_EXISTS] = {SHUZHI_ERROR_EXISTS, N_("the office exists already: %s")},
    [STORE_REFUSAL_CANCELLED] = {SHUZHI_ERROR_CANCELLED, N_("the query was cancelled: %s")},
    [STORE_REFUSAL_ENDED] = {SHUZHI_ERROR_UNAVAILABLE,
                             N_("the database server ended the connection: %s")},
    [STORE_REFUSAL_NOT_ACCEPTED] = {SHUZHI_ERROR_INVALID,
                                    N_("the database does not accept the statement: %s")},
};

void store_refuse(StoreRefusal refusal, const char *fact, GError **error)
{
    /* the formats of the table are literals, which the compiler cannot see here */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    error_set(error, refusals[refusal].code, refusals[refusal].format, fact);
#pragma GCC diagnostic pop
    /* a statement may be to blame, or what it brings; for all else it is the database */
    if (error != NULL &&
        (error_http_status(*error) >= 500 || error_is(*error, SHUZHI_ERROR_FORBIDDEN))) {
        error_of_system(error);
    }
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

void store_transaction_abandon(StoreConnection *connection)
{
    connection->in_transaction = false;
    g_clear_error(&connection->failure);
    roll_back(connection);
}

void store_forget_deleted(StoreConnection *connection)
{
    g_assert(connection->is_writer && connection->in_transaction);
    connection->is_forgetting = true;
}

bool store_snapshot_begin(StoreConnection *connection, GError **error)
{
    g_assert(!connection->is_writer);
    return store_transaction_begin(connection, false, error);
}

void store_snapshot_end(StoreConnection *connection)
{
    if (connection->in_transaction) {
        store_transaction_abandon(connection);
    }
}

bool store_snapshot_is_held(const StoreConnection *connection)
{
    return connection->in_transaction;
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
    g_clear_error(&store->loss);
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

bool store_copy_to(Store *store, const char *path, GError **error)
{
    return store->backend->copy_to(store, path, error);
}
