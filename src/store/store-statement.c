#include "store/store-internal.h"

#include <stdarg.h>

/* ---- the cache ------------------------------------------------------------------------------- */

/* Return the highest n of the $n in @sql, quoted texts and comments left out. */
static int count_parameters(const char *sql)
{
    int n_parameters = 0;
    for (const char *at = sql; *at != '\0'; at += store_token_length(at)) {
        if (*at == '$' && g_ascii_isdigit(at[1])) {
            n_parameters = MAX(n_parameters, (int)g_ascii_strtoll(at + 1, NULL, 10));
        }
    }
    g_assert(n_parameters <= STORE_MAX_PARAMETERS);
    return n_parameters;
}

/* Take the newest idle statement of @sql out of the cache; NULL when there is none. */
static StoreStatement *take_idle(StoreConnection *connection, const char *sql)
{
    StoreStatement *statement = g_hash_table_lookup(connection->statements, sql);
    if (statement == NULL) {
        return NULL;
    }
    if (statement->next != NULL) { /* the key belongs to the statement: it changes as well */
        g_hash_table_replace(connection->statements, statement->next->sql, statement->next);
    } else {
        g_hash_table_remove(connection->statements, sql);
    }
    statement->next = NULL;
    g_queue_unlink(&connection->idle, &statement->link);
    return statement;
}

/* Drop the statement that has been idle longest. */
static void drop_oldest(StoreConnection *connection)
{
    StoreStatement *oldest = g_queue_peek_tail(&connection->idle);
    StoreStatement *at = g_hash_table_lookup(connection->statements, oldest->sql);
    if (at == oldest) { /* the chain is newest first, so that it is its only one */
        g_hash_table_remove(connection->statements, oldest->sql);
    } else {
        while (at->next != oldest) {
            at = at->next;
        }
        at->next = NULL;
    }
    g_queue_unlink(&connection->idle, &oldest->link);
    connection->backend->finalize(oldest);
}

static void put_idle(StoreStatement *statement)
{
    StoreConnection *connection = statement->connection;
    statement->next = g_hash_table_lookup(connection->statements, statement->sql);
    g_hash_table_replace(connection->statements, statement->sql, statement);
    g_queue_push_head_link(&connection->idle, &statement->link);
    if (connection->idle.length > STORE_MAX_IDLE_STATEMENTS) {
        drop_oldest(connection);
    }
}

StoreStatement *store_prepare(StoreConnection *connection, const char *sql, GError **error)
{
    if (!store_connection_is_sound(connection, error)) {
        return NULL;
    }
    StoreStatement *statement = take_idle(connection, sql);
    if (statement == NULL) {
        GError *failure = NULL;
        int n_parameters = count_parameters(sql);
        statement = connection->backend->prepare(connection, sql, n_parameters, &failure);
        if (statement == NULL) {
            store_connection_fail(connection, failure, error);
            return NULL;
        }
        statement->connection = connection;
        statement->sql = g_strdup(sql);
        statement->n_parameters = n_parameters;
        statement->link.data = statement;
    }
    connection->n_in_use++;
    return statement;
}

void store_statement_release(StoreStatement *statement)
{
    if (statement == NULL) {
        return;
    }
    const StoreBackend *backend = statement->connection->backend;
    backend->reset(statement);
    backend->clear_bindings(statement);
    statement->is_too_big = false;
    statement->connection->n_in_use--;
    put_idle(statement);
}

/* ---- one statement --------------------------------------------------------------------------- */

/* Return whether @length may be bound; remembers a refusal for the next step. */
static bool is_bindable(StoreStatement *statement, size_t length)
{
    statement->is_too_big = statement->is_too_big || length > STORE_MAX_VALUE_BYTES;
    return length <= STORE_MAX_VALUE_BYTES;
}

static const StoreBackend *backend_for(const StoreStatement *statement, int n)
{
    g_assert(n >= 1 && n <= statement->n_parameters);
    return statement->connection->backend;
}

void store_bind_int(StoreStatement *statement, int n, int64_t value)
{
    backend_for(statement, n)->bind_int(statement, n, value);
}

void store_bind_null(StoreStatement *statement, int n)
{
    backend_for(statement, n)->bind_null(statement, n);
}

static void bind_text(StoreStatement *statement, int n, const char *text, bool is_borrowed)
{
    const StoreBackend *backend = backend_for(statement, n);
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL || !is_bindable(statement, length)) {
        backend->bind_null(statement, n);
    } else {
        backend->bind_text(statement, n, text, length, is_borrowed);
    }
}

static void bind_bytes(StoreStatement *statement, int n, const void *bytes, size_t length,
                       bool is_borrowed)
{
    const StoreBackend *backend = backend_for(statement, n);
    if (bytes == NULL || !is_bindable(statement, length)) {
        backend->bind_null(statement, n);
    } else {
        backend->bind_bytes(statement, n, bytes, length, is_borrowed);
    }
}

void store_bind_text(StoreStatement *statement, int n, const char *text)
{
    bind_text(statement, n, text, false);
}

void store_bind_borrowed_text(StoreStatement *statement, int n, const char *text)
{
    bind_text(statement, n, text, true);
}

void store_bind_bytes(StoreStatement *statement, int n, const void *bytes, size_t length)
{
    bind_bytes(statement, n, bytes, length, false);
}

bool store_step(StoreStatement *statement, bool *ret_has_row, GError **error)
{
    StoreConnection *connection = statement->connection;
    GError *failure = NULL;
    if (!store_connection_is_sound(connection, error)) {
        return false;
    }
    if (statement->is_too_big) {
        error_set(&failure, SHUZHI_ERROR_LIMIT, "a value is larger than the limit of %zu bytes",
                  STORE_MAX_VALUE_BYTES);
    } else if (connection->backend->step(statement, ret_has_row, &failure)) {
        return true;
    }
    store_connection_fail(connection, failure, error);
    return false;
}

void store_statement_reset(StoreStatement *statement)
{
    statement->connection->backend->reset(statement);
}

bool store_execute(StoreStatement *statement, int64_t *ret_n_changed, GError **error)
{
    bool has_row = true;
    while (has_row) {
        if (!store_step(statement, &has_row, error)) {
            return false;
        }
    }
    if (ret_n_changed != NULL) {
        *ret_n_changed = statement->connection->backend->n_changed(statement);
    }
    return true;
}

bool store_column_is_null(StoreStatement *statement, int i)
{
    return statement->connection->backend->column_is_null(statement, i);
}

int64_t store_column_int(StoreStatement *statement, int i)
{
    return statement->connection->backend->column_int(statement, i);
}

const char *store_column_text(StoreStatement *statement, int i)
{
    return statement->connection->backend->column_text(statement, i);
}

const uint8_t *store_column_bytes(StoreStatement *statement, int i, size_t *ret_length)
{
    return statement->connection->backend->column_bytes(statement, i, ret_length);
}

/* ---- prepare, bind and run in one ------------------------------------------------------------ */

static void bind_list(StoreStatement *statement, const char *types, va_list *list, bool is_borrowed)
{
    for (int n = 1; types[n - 1] != '\0'; n++) {
        switch (types[n - 1]) {
        case 'i':
            store_bind_int(statement, n, va_arg(*list, int64_t));
            break;
        case 't':
            bind_text(statement, n, va_arg(*list, const char *), is_borrowed);
            break;
        case 'b': {
            const void *bytes = va_arg(*list, const void *);
            bind_bytes(statement, n, bytes, va_arg(*list, size_t), is_borrowed);
            break;
        }
        default:
            g_assert_not_reached();
        }
    }
}

/* Return the statement, prepared and bound.  @is_borrowed: the caller runs it before it returns to
 * whom the values belong. */
static StoreStatement *query_list(StoreConnection *connection, const char *sql, const char *types,
                                  va_list *list, bool is_borrowed, GError **error)
{
    StoreStatement *statement = store_prepare(connection, sql, error);
    if (statement != NULL) {
        g_assert(strlen(types) == (size_t)statement->n_parameters);
        bind_list(statement, types, list, is_borrowed);
    }
    return statement;
}

bool store_run(StoreConnection *connection, GError **error, const char *sql, const char *types, ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreStatement) statement = query_list(connection, sql, types, &list, true, error);
    va_end(list);
    return statement != NULL && store_execute(statement, NULL, error);
}

StoreStatement *store_query(StoreConnection *connection, GError **error, const char *sql,
                            const char *types, ...)
{
    va_list list;
    va_start(list, types);
    StoreStatement *statement = query_list(connection, sql, types, &list, false, error);
    va_end(list);
    return statement;
}

bool store_query_int(StoreConnection *connection, int64_t missing, int64_t *ret_value,
                     GError **error, const char *sql, const char *types, ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreStatement) statement = query_list(connection, sql, types, &list, true, error);
    va_end(list);
    bool has_row = false;
    if (statement == NULL || !store_step(statement, &has_row, error)) {
        return false;
    }
    bool is_missing = !has_row || store_column_is_null(statement, 0);
    *ret_value = is_missing ? missing : store_column_int(statement, 0);
    return true;
}

/* ---- many rows at once ----------------------------------------------------------------------- */

void store_cell_set_null(StoreCell *cell)
{
    cell->kind = STORE_CELL_NULL;
}

void store_cell_set_int(StoreCell *cell, int64_t value)
{
    cell->kind = STORE_CELL_INT;
    cell->number = value;
}

void store_cell_set_text(StoreCell *cell, const char *text)
{
    cell->kind = text != NULL ? STORE_CELL_TEXT : STORE_CELL_NULL;
    cell->bytes = text;
    cell->length = text != NULL ? strlen(text) : 0;
}

void store_cell_set_bytes(StoreCell *cell, const void *bytes, size_t length)
{
    cell->kind = STORE_CELL_BYTES;
    cell->bytes = bytes;
    cell->length = length;
}

void store_bind_cell(StoreStatement *statement, int n, const StoreCell *cell)
{
    switch (cell->kind) {
    case STORE_CELL_NULL:
        store_bind_null(statement, n);
        return;
    case STORE_CELL_INT:
        store_bind_int(statement, n, cell->number);
        return;
    case STORE_CELL_TEXT:
        store_bind_borrowed_text(statement, n, cell->bytes);
        return;
    case STORE_CELL_BYTES:
        bind_bytes(statement, n, cell->bytes, cell->length, true);
        return;
    }
    g_assert_not_reached();
}

/* Return "INSERT INTO @into @open@prefix0, @prefix1…@close", numbered from @first; the caller owns
 * it. */
static char *spell_insert(const char *into, const char *open, char prefix, int first, int n_columns,
                          const char *close)
{
    GString *sql = g_string_new("INSERT INTO ");
    g_string_append_printf(sql, "%s %s", into, open);
    for (int i = 0; i < n_columns; i++) {
        g_string_append_printf(sql, "%s%c%d", i > 0 ? ", " : "", prefix, first + i);
    }
    g_string_append(sql, close);
    return g_string_free(sql, false);
}

static bool insert_given(StoreConnection *connection, const char *into, const StoreRows *rows,
                         GError **error)
{
    g_autofree char *sql = spell_insert(into, "SELECT ", 'c', 0, rows->n_columns, " FROM given");
    g_autoptr(StoreStatement) insert = store_prepare(connection, sql, error);
    if (insert == NULL) {
        return false;
    }
    connection->backend->give_rows(connection, rows);
    bool is_ok = store_execute(insert, NULL, error);
    connection->backend->give_rows(connection, NULL);
    return is_ok;
}

static bool insert_one_by_one(StoreConnection *connection, const char *into, const StoreRows *rows,
                              GError **error)
{
    g_autofree char *sql = spell_insert(into, "VALUES (", '$', 1, rows->n_columns, ")");
    g_autofree StoreCell *cells = g_new0(StoreCell, rows->n_columns);
    g_autoptr(StoreStatement) insert = store_prepare(connection, sql, error);
    for (int64_t i = 0; insert != NULL && i < rows->n_rows; i++) {
        rows->func(i, cells, rows->data);
        for (int n = 0; n < rows->n_columns; n++) {
            store_bind_cell(insert, n + 1, &cells[n]);
        }
        if (!store_execute(insert, NULL, error)) {
            return false;
        }
    }
    return insert != NULL;
}

bool store_insert_rows(StoreConnection *connection, const char *into, int n_columns, int64_t n_rows,
                       StoreRowFunc func, void *data, GError **error)
{
    g_assert(connection->is_writer && n_columns <= STORE_MAX_PARAMETERS);
    const StoreRows rows = {n_columns, n_rows, func, data};
    bool is_worth_it = n_rows > 1; /* one row costs less with its values bound */
    return connection->backend->give_rows != NULL && is_worth_it
               ? insert_given(connection, into, &rows, error)
               : insert_one_by_one(connection, into, &rows, error);
}
