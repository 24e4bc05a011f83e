#include "store/store-sqlite-internal.h"

/* A virtual table of the writer's that holds the rows of store_insert_rows(), so that one statement
 * inserts them all, with cursors that stay open and values that are not copied. */

typedef struct GivenTable {
    sqlite3_vtab base;
    const SqliteConnection *connection;
} GivenTable;

typedef struct GivenCursor {
    sqlite3_vtab_cursor base;
    const StoreRows *rows; /* NULL: none */
    StoreCell *cells;      /* of row `at` */
    int64_t at;
} GivenCursor;

static int given_connect(sqlite3 *db, void *data, int n_arguments, const char *const *arguments,
                         sqlite3_vtab **ret_table, char **ret_message)
{
    g_autoptr(GString) sql = g_string_new("CREATE TABLE given (c0");
    for (int i = 1; i < STORE_MAX_PARAMETERS; i++) {
        g_string_append_printf(sql, ", c%d", i);
    }
    g_string_append_c(sql, ')');
    int result = sqlite3_declare_vtab(db, sql->str);
    if (result == SQLITE_OK) {
        GivenTable *table = g_new0(GivenTable, 1);
        table->connection = data;
        *ret_table = &table->base;
    }
    return result;
}

static int given_disconnect(sqlite3_vtab *table)
{
    g_free(table);
    return SQLITE_OK;
}

static int given_plan(sqlite3_vtab *table, sqlite3_index_info *plan)
{
    plan->estimatedCost = 1;
    return SQLITE_OK;
}

static int given_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
    GivenCursor *cursor = g_new0(GivenCursor, 1);
    cursor->rows = ((GivenTable *)table)->connection->given;
    cursor->cells = g_new0(StoreCell, cursor->rows != NULL ? cursor->rows->n_columns : 0);
    *ret_cursor = &cursor->base;
    return SQLITE_OK;
}

static int given_close(sqlite3_vtab_cursor *base)
{
    g_free(((GivenCursor *)base)->cells);
    g_free(base);
    return SQLITE_OK;
}

static int given_at_end(sqlite3_vtab_cursor *base)
{
    const GivenCursor *cursor = (GivenCursor *)base;
    return cursor->rows == NULL || cursor->at >= cursor->rows->n_rows;
}

static void fill_cells(GivenCursor *cursor)
{
    if (!given_at_end(&cursor->base)) {
        cursor->rows->func(cursor->at, cursor->cells, cursor->rows->data);
    }
}

static int given_begin(sqlite3_vtab_cursor *base, int plan, const char *plan_text, int n_arguments,
                       sqlite3_value **arguments)
{
    GivenCursor *cursor = (GivenCursor *)base;
    cursor->at = 0;
    fill_cells(cursor);
    return SQLITE_OK;
}

static int given_next(sqlite3_vtab_cursor *base)
{
    GivenCursor *cursor = (GivenCursor *)base;
    cursor->at++;
    fill_cells(cursor);
    return SQLITE_OK;
}

static int given_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int i)
{
    const StoreCell *cell = &((GivenCursor *)base)->cells[i];
    bool has_bytes = cell->kind == STORE_CELL_TEXT || cell->kind == STORE_CELL_BYTES;
    if (has_bytes && cell->length > STORE_MAX_VALUE_BYTES) {
        sqlite3_result_error_toobig(context);
        return SQLITE_TOOBIG;
    }
    switch (cell->kind) {
    case STORE_CELL_NULL:
        sqlite3_result_null(context);
        break;
    case STORE_CELL_INT:
        sqlite3_result_int64(context, cell->number);
        break;
    case STORE_CELL_TEXT:
        sqlite3_result_text64(context, cell->bytes, cell->length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case STORE_CELL_BYTES:
        sqlite3_result_blob64(context, cell->bytes, cell->length, SQLITE_STATIC);
        break;
    }
    return SQLITE_OK;
}

static int given_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    *ret_rowid = ((GivenCursor *)base)->at;
    return SQLITE_OK;
}

static const sqlite3_module given_module = {
    .xConnect = given_connect,
    .xDisconnect = given_disconnect,
    .xBestIndex = given_plan,
    .xOpen = given_open,
    .xClose = given_close,
    .xFilter = given_begin,
    .xNext = given_next,
    .xEof = given_at_end,
    .xColumn = given_column,
    .xRowid = given_rowid,
};

int store_sqlite_given_init(SqliteConnection *connection)
{
    return sqlite3_create_module(connection->db, "given", &given_module, connection);
}

void store_sqlite_give_rows(StoreConnection *connection, const StoreRows *rows)
{
    ((SqliteConnection *)connection)->given = rows;
}
