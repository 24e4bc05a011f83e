/* One office's database: SQLite in a file, or a schema of PostgreSQL, behind one interface.
 *
 * A Store has exactly one writing connection, owned by its writer thread, and a pool of read-only
 * connections.  Every change is a job of the write queue: the writer begins a transaction, runs
 * each waiting job in a savepoint of its own, commits once, and then answers all of them, so that
 * many writers share one fsync.  A failed job is rolled back alone; the others of its batch stand.
 *
 * SQL is written once for both: "$1", "$2"… bound by number, types only as the words of the
 * migration language ({int}, {text}, {blob}, {strict}), explicit NULLS FIRST/LAST, no LIKE, no
 * identity columns, no triggers, no advisory locks.  A value never enters SQL by formatting.  A
 * parameter whose type PostgreSQL cannot tell from its place is written CAST($1 AS bigint) or
 * CAST($1 AS text).
 *
 * Inside a transaction (a job, a snapshot) the first failed statement dooms it on both databases,
 * as it does on PostgreSQL: every later statement fails with the same error, and the job is rolled
 * back whatever it returns.  Where a row may exist already, say so in SQL (ON CONFLICT DO NOTHING)
 * instead of trying.
 *
 * SQLite rules (reliability: the WAL-reset bug of 3.40.1): the writer alone writes, and nothing is
 * committed while anything is checkpointed (docs/decisions/0013-folding.md); the readers are
 * SQLITE_OPEN_READONLY with wal_autocheckpoint=0 and no checkpoint on close; no mmap.
 *
 * Threading: store_write() and store_reader_acquire() may be called from every thread.  A
 * connection and its statements belong to one thread at a time. */
#pragma once

#include "base/error.h"

typedef struct Store Store;
typedef struct StoreConnection StoreConnection;
typedef struct StoreStatement StoreStatement;

typedef enum StoreDialect { STORE_SQLITE, STORE_POSTGRES } StoreDialect;

typedef enum StoreMode {
    STORE_READ,   /* no writer, no lock; store_write() is a bug */
    STORE_WRITE,  /* takes the office's lock and starts the writer */
    STORE_CREATE, /* the same, and makes the database, which must not exist */
} StoreMode;

/* ---- opening -------------------------------------------------------------------------------- */

/* Open the database at @location.
 *
 * @location: the path of an SQLite file, or "postgres://…" as libpq takes it with one more
 * parameter, "schema=NAME" (default "office"), the schema the office lives in.
 * @error: NOT_FOUND    no such database or schema
 *         EXISTS       STORE_CREATE and it is there already
 *         BUSY         another process holds the office's lock; the message names it
 *         VERSION      the schema is of a newer program (a migration this program does not know),
 *                      or an older one was opened with STORE_READ (a writing open migrates)
 *         INVALID      a location that cannot be read as one; a server that is too old or not UTF-8
 *         CORRUPT      not the database of an office, or a file that is cut short
 *         FORBIDDEN    the server refuses the user or the password; no permission for the file
 *         UNAVAILABLE  the server does not answer
 *
 * STORE_READ works while another process writes, and in a folder that cannot be written to.
 * STORE_CREATE makes everything in one transaction and leaves nothing behind when it fails; the
 * folder must exist. STORE_WRITE applies the migrations that are missing, each in a transaction
 * with its own row of the table migration.  No message holds a server's address: it may have a
 * password in it.
 *
 * The lock is a file beside an SQLite database ("<folder>/lock"), and a row of the table writer
 * that names the holder's session on PostgreSQL.  Both end with the process, however it ends.
 *
 * Only the beginning of an SQLite file is looked at, so that opening takes as long for every size:
 * store_check() reads all of it.  Blocks.  */
Store *store_open(const char *location, StoreMode mode, GError **error);

/* Wait for the queue to empty, stop the writer, close every connection.  All readers must be back;
 * who waits in store_write() is answered first, and none may come later. */
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Close @store, which was opened with STORE_CREATE, and remove what that made: for a caller whose
 * own part of the creation failed.  NULL is allowed. */
void store_discard(Store *store);

/* Check that @name can be a location's "schema": [a-z][a-z0-9_]*, at most 48 bytes, and none of
 * PostgreSQL's own (pg_…).  INVALID.  Pure. */
bool store_check_schema_name(const char *name, GError **error);

/* Return which database is behind @store. */
StoreDialect store_dialect(const Store *store);

/* Check that what the migrations make is there as they make it, and that nothing beside it changes
 * or hides rows: every table plain, strict on SQLite, each column of its type and not empty where
 * it may not be, each key unique, and neither columns nor keys beside them; no triggers, views,
 * rules, policies or heirs.  Each thing that is not so is appended to @faults (of GError), CORRUPT
 * by its name.  Returns false only when it could not look.  Milliseconds. */
bool store_check_shape(StoreConnection *connection, GPtrArray *faults, GError **error);

/* The same of the tables and indexes that @script, in the migration language, makes: they are
 * there, each column of a table with its type, each key unique, and nothing beside them. */
bool store_check_made(StoreConnection *connection, const char *script, GPtrArray *faults,
                      GError **error);

/* Read the whole database and report the first damage found: pages, indexes and references
 * (SQLite), and on both that the applied migrations are the program's; not the shape.  As
 * store_check(). */
bool store_check_content(Store *store, GError **error);

/* Check the content and the shape of the database, up to the first fault.
 * CORRUPT with what was found.  Takes a reader; seconds for gigabytes; the writer is not stopped.
 */
bool store_check(Store *store, GError **error);

/* Make the indexes of the migrations anew that are missing; @store is open for writing.  One that
 * the rows do not allow, being of another history, stays missing, for store_check_shape() to name.
 */
bool store_mend_indexes(Store *store, GError **error);

/* ---- writing -------------------------------------------------------------------------------- */

/* Say, inside a job, that what it deletes is to be gone from the disk: once the batch is committed
 * and no snapshot needs it any more, the WAL, which still holds it, is emptied, at the latest when
 * the office is closed.  PostgreSQL keeps it until its own VACUUM. */
void store_forget_deleted(StoreConnection *connection);

/* One unit of work on the writing connection.  Runs on the writer thread: all it did is undone when
 * it returns false.  It must give back every statement it took, must not commit, and must not wait
 * for another job. */
typedef bool (*StoreJob)(StoreConnection *connection, void *data, GError **error);

/* Run @job in the write queue and wait until its batch is on disk.
 *
 * Returns false with @job's own error (nothing of it is written), or with the error that ended the
 * transaction, in which case nothing of the whole batch is written (FULL, IO, UNAVAILABLE).  After
 * a lost PostgreSQL connection the next call connects anew; BUSY says that another process took the
 * office meanwhile.  A commit whose answer was lost is reported UNAVAILABLE with a message that
 * says that the outcome is unknown. */
bool store_write(Store *store, StoreJob job, void *data, GError **error);

/* The same, but the answer comes when the batch is committed, before it is on disk: what a bulk
 * import writes while nobody sees it.  A loss of power (not the end of the process) can take it
 * back with everything after it, until a later store_write() that writes something has been
 * answered; the database stays whole.  Jobs of store_write() are never part of such a batch. */
bool store_write_unflushed(Store *store, StoreJob job, void *data, GError **error);

/* What the event log needs to know of the batches (log/log.c is its one user).  All run on the
 * writer thread, in this order: begin (mark job (undo)?)* finish, then done.  Each may be NULL.
 *
 * finish is left out when nothing is left to commit: the batch's first job failed, or an error
 * ended the transaction; begin too when the transaction could not be begun.  done is always called,
 * before the callers are answered; the writer's connection may be another one at the next begin. */
typedef struct StoreHooks {
    bool (*begin)(StoreConnection *connection, void *data, GError **error); /* after BEGIN */
    void (*mark)(void *data);                                               /* before each job */
    void (*undo)(void *data); /* the job since the last mark was rolled back */
    bool (*finish)(StoreConnection *connection, void *data, GError **error); /* before COMMIT */
    void (*done)(bool is_committed, void *data); /* false: nothing since begin is written */
    void *data;
} StoreHooks;

/* Install @hooks (copied); before the first store_write(). */
void store_set_hooks(Store *store, const StoreHooks *hooks);

/* ---- reading -------------------------------------------------------------------------------- */

/* Take a read-only connection from the pool (opened on demand; at most 64, then waits for a minute:
 * UNAVAILABLE).  A thread that holds one and takes another counts on there being enough for all:
 * what runs at one time in a process is limited where it is begun (http/, cli/host.h).  The caller
 * gives it back with store_reader_release(), after all of its statements.  Outside a snapshot each
 * statement sees what is committed when it starts. */
StoreConnection *store_reader_acquire(Store *store, GError **error);

/* The same, but NULL where it would have to wait or could not connect: for work that can do
 * without. */
StoreConnection *store_reader_try_acquire(Store *store);
void store_reader_release(StoreConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreConnection, store_reader_release)

/* Begin and end a read transaction: every statement between them sees the same committed state
 * (SQLite: a WAL snapshot; PostgreSQL: REPEATABLE READ READ ONLY).  Released readers end it
 * themselves. */
bool store_snapshot_begin(StoreConnection *connection, GError **error);
void store_snapshot_end(StoreConnection *connection);

/* Return whether every statement sees the same state: in a snapshot, or inside a job. */
bool store_snapshot_is_held(const StoreConnection *connection);

/* ---- statements ----------------------------------------------------------------------------- */

/* Return which database is behind @connection. */
StoreDialect store_connection_dialect(const StoreConnection *connection);

/* Return a statement for @sql, prepared once per connection and kept; the caller gives it back with
 * store_statement_release() (g_autoptr).  The same @sql may be taken again while one is in use.
 * INVALID for SQL that does not compile (our bug), UNAVAILABLE. */
StoreStatement *store_prepare(StoreConnection *connection, const char *sql, GError **error);
void store_statement_release(StoreStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreStatement, store_statement_release)

/* Bind $@n.  Text and bytes are copied; NULL text or bytes bind SQL's NULL.  What is not bound is
 * NULL. An @n that the statement does not have is a bug; so is binding between its rows.  More than
 * 64 MiB make the next step fail with LIMIT. */
void store_bind_int(StoreStatement *statement, int n, int64_t value);
void store_bind_text(StoreStatement *statement, int n, const char *text);
void store_bind_bytes(StoreStatement *statement, int n, const void *bytes, size_t length);
void store_bind_null(StoreStatement *statement, int n);

/* The same without the copy: @text must stay as it is until the statement is reset or released.
 * For the statements that a bulk import runs a million times. */
void store_bind_borrowed_text(StoreStatement *statement, int n, const char *text);

/* Move to the next row (the first call executes).  False leaves *@ret_has_row alone.  *@ret_has_row
 * false at the end.  After the end, or after store_statement_reset(), it can be bound and stepped
 * again.  A loop to the end starts with has_row true, so that a first step that fails is not taken
 * for the end: while (store_step(query, &has_row, error) && has_row) {…} return !has_row;
 * On PostgreSQL the whole result is in memory: read large tables in pages by key.
 * CORRUPT where a text holds a byte 0, which nobody here writes: at the step to the first row, and
 * at the one behind a later row of which the text was read. */
bool store_step(StoreStatement *statement, bool *ret_has_row, GError **error);
void store_statement_reset(StoreStatement *statement);

/* Execute to the end, throwing rows away, and reset.  *@ret_n_changed (NULL allowed) is the number
 * of rows inserted, updated or deleted.  EXISTS for a broken unique or primary key, CONFLICT for
 * another broken constraint (decided by SQLSTATE or the extended result code, never by a name). */
bool store_execute(StoreStatement *statement, int64_t *ret_n_changed, GError **error);

/* Read column @i (from 0) of the current row.  Text and bytes are borrowed until the next step;
 * text is NULL for SQL's NULL, an int is 0. */
bool store_column_is_null(StoreStatement *statement, int i);
int64_t store_column_int(StoreStatement *statement, int i);
const char *store_column_text(StoreStatement *statement, int i);
const uint8_t *store_column_bytes(StoreStatement *statement, int i, size_t *ret_length);

/* Prepare, bind, execute in one.  @types has a letter for each $n in order:
 *
 *      i  int64_t
 *      t  const char *; NULL is SQL's NULL
 *      b  const void * and size_t
 *
 * Example: store_run(connection, error, "UPDATE unit SET name = $2 WHERE id = $1", "it", id, name)
 */
bool store_run(StoreConnection *connection, GError **error, const char *sql, const char *types,
               ...);

/* The same, but returns the bound statement, to be stepped; NULL on error. */
StoreStatement *store_query(StoreConnection *connection, GError **error, const char *sql,
                            const char *types, ...);

/* Run the query and read the first row's first column as an integer; *@ret_value is @missing where
 * there is no row or it is NULL. */
bool store_query_int(StoreConnection *connection, int64_t missing, int64_t *ret_value,
                     GError **error, const char *sql, const char *types, ...);

/* ---- many rows at once ---------------------------------------------------------------------- */

/* One value of a row to be inserted. */
typedef struct StoreCell {
    enum { STORE_CELL_NULL, STORE_CELL_INT, STORE_CELL_TEXT, STORE_CELL_BYTES } kind;
    int64_t number;
    const void *bytes; /* of a text or of bytes; borrowed */
    size_t length;
    char room[16]; /* for a short text that is made on the spot */
} StoreCell;

/* Set @cell; NULL text is SQL's NULL.  @text and @bytes are borrowed. */
void store_cell_set_null(StoreCell *cell);
void store_cell_set_int(StoreCell *cell, int64_t value);
void store_cell_set_text(StoreCell *cell, const char *text);
void store_cell_set_bytes(StoreCell *cell, const void *bytes, size_t length);

/* Bind $@n to what @cell holds, without a copy. */
void store_bind_cell(StoreStatement *statement, int n, const StoreCell *cell);

/* Set every one of @ret_cells to the values of row @i (0, 1, 2…, each asked for once); they stay as
 * they are until the next call. */
typedef void (*StoreRowFunc)(int64_t i, StoreCell *ret_cells, void *data);

/* Insert @n_rows rows of @n_columns values, which @func gives, in one go: for a bulk import, as a
 * statement that is started for each row costs a quarter more (docs/performance.md).
 *
 * @into: table and columns as literal SQL, "step (entry_id, n)".  Errors as store_execute(); where
 * a row fails none is inserted. */
bool store_insert_rows(StoreConnection *connection, const char *into, int n_columns, int64_t n_rows,
                       StoreRowFunc func, void *data, GError **error);

/* ---- definitions of tables ------------------------------------------------------------------ */

/* Run the statements of @script (separated by ";"), with the words of the migration language
 * replaced; {int} INTEGER or bigint, {text} TEXT or text COLLATE "C", {blob} BLOB or bytea,
 * {strict} STRICT or nothing.  Comments stay, where they stand inside a statement.  INVALID for an
 * unknown word.  Only on the writing connection, inside a job. */
bool store_run_script(StoreConnection *connection, const char *script, GError **error);

/* Append @name as a quoted identifier to @out.  @name must have been checked by the schema:
 * [a-z][a-z0-9_]*, at most 48 bytes; anything else is a bug. */
void store_append_identifier(GString *out, const char *name);

/* Return the names of the indexes that begin with @prefix, sorted: of char*, the caller owns it. */
GPtrArray *store_index_names(StoreConnection *connection, const char *prefix, GError **error);

/* ---- copies --------------------------------------------------------------------------------- */

/* Write a consistent copy of the database to the new file @path (VACUUM INTO on a reader), without
 * stopping the writer; it is on disk when the call returns.  EXISTS when @path is there; on any
 * error it is not made.  SQLite only; PostgreSQL has pg_dump: INVALID says so. */
bool store_copy_to(Store *store, const char *path, GError **error);
