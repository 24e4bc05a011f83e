/* What the files of store/ share: the structs, and the table of what a database must be able to do.
 *
 *   store.c            opening and closing, the pool of readers
 *   store-check.c      whether what the migrations make is there, and missing indexes
 *   store-queue.c      the writer thread and its batches
 *   store-statement.c  the cache of statements, binding, the helpers with varargs
 *   store-migration.c  scripts, identifiers, migrations
 *   store-sqlite.c     a StoreBackend on SQLite, with store-sqlite-fold.c and store-sqlite-given.c
 *   store-postgres.c   a StoreBackend on PostgreSQL
 *
 * A backend allocates its own connection and statement structs, which begin with the ones here.
 *
 * Failure inside a transaction: PostgreSQL refuses every statement after a failed one until the
 * savepoint is rolled back, SQLite would go on.  So that both are alike, the first failure inside a
 * transaction is kept in StoreConnection.failure; later statements fail with it, and the job counts
 * as failed whatever it returns. */
#pragma once

#include "store/store.h"

/* The largest text or bytes that can be bound; the same on both databases. */
#define STORE_MAX_VALUE_BYTES ((size_t)64 << 20)
/* Parameters of one statement ($1 … $n). */
#define STORE_MAX_PARAMETERS 1000
/* Idle prepared statements that a connection keeps. */
#define STORE_MAX_IDLE_STATEMENTS 256
/* Reading connections of one store. */
#define STORE_MAX_READERS 64
#define STORE_READER_WAIT_US ((int64_t)60 * G_USEC_PER_SEC)
/* A batch ends after this many jobs, or takes no further job after this time. */
#define STORE_MAX_BATCH_JOBS 512
#define STORE_MAX_BATCH_US 20000
#define STORE_MAX_IDENTIFIER_BYTES 48
/* SQLite: the WAL is folded into the database after a batch that leaves it longer. */
#define STORE_FOLD_PAGES 2000

typedef struct StoreMigration {
    int number;         /* 1, 2, … without gaps */
    const char *name;   /* of the file, without number and ending */
    const char *script; /* in the migration language */
} StoreMigration;

/* Generated from sql/ by tools/compile-sql.py. */
extern const StoreMigration store_migrations[];
extern const size_t store_n_migrations;

struct StoreConnection {
    const struct StoreBackend *backend;
    Store *store; /* borrowed; NULL for a connection outside of the pool */
    bool is_writer;
    bool in_transaction;
    bool is_forgetting;     /* store_forget_deleted() was called, and it is not done yet */
    GError *failure;        /* the first one of this transaction, or NULL */
    GHashTable *statements; /* SQL -> newest idle statement of it (the next ones by ->next) */
    GQueue idle;            /* idle statements, most recently used first */
    guint n_in_use;         /* statements not given back yet */
};

struct StoreStatement {
    StoreConnection *connection;
    char *sql; /* owned */
    int n_parameters;
    bool is_too_big;      /* a bound value exceeds STORE_MAX_VALUE_BYTES */
    StoreStatement *next; /* while idle: an older one of the same SQL */
    GList link;           /* while idle: in connection->idle */
};

/* Rows on their way into a table (store_insert_rows()). */
typedef struct StoreRows {
    int n_columns;
    int64_t n_rows;
    StoreRowFunc func;
    void *data;
} StoreRows;

/* What a database must be able to do.  Every function may block on it; errors as in store.h. */
typedef struct StoreBackend {
    StoreDialect dialect;

    /* Check and lock store->location according to store->mode, before anything is connected. */
    bool (*open_place)(Store *store, GError **error);
    /* Check that the place is still the one that was locked and has room; NULL: it is not a matter
     * of this machine. */
    bool (*check_place)(Store *store, GError **error);
    /* Undo open_place(); accepts a half-opened place. */
    void (*close_place)(Store *store);
    /* Remove what STORE_CREATE made, whether it failed (nothing need be there) or is to be undone
     * (a whole database); the connections are closed. */
    void (*remove_place)(Store *store);

    StoreConnection *(*connect)(Store *store, bool is_writer, GError **error);
    void (*disconnect)(StoreConnection *connection);
    /* Whether the connection can still be used; cheap. */
    bool (*is_alive)(StoreConnection *connection);
    /* Whether the transaction still stands (an error may have ended it). */
    bool (*is_in_transaction)(StoreConnection *connection);
    /* Run one statement without parameters or rows, not kept prepared. */
    bool (*run)(StoreConnection *connection, const char *sql, GError **error);
    /* Begin a writing transaction (BUSY when the office is another process's by now), whose commit
     * waits for the disk unless it @is_unflushed, and one that reads one state. */
    bool (*begin_write)(StoreConnection *connection, bool is_unflushed, GError **error);
    bool (*begin_snapshot)(StoreConnection *connection, GError **error);
    /* Called by the writer thread after each batch has been answered.  NULL: nothing is left. */
    void (*settle)(StoreConnection *connection);

    /* Mark the empty database as an office's; in the transaction that creates everything. */
    bool (*create)(StoreConnection *connection, GError **error);

    StoreStatement *(*prepare)(StoreConnection *connection, const char *sql, int n_parameters,
                               GError **error);
    void (*finalize)(StoreStatement *statement);
    void (*reset)(StoreStatement *statement);
    void (*clear_bindings)(StoreStatement *statement);
    void (*bind_int)(StoreStatement *statement, int n, int64_t value);
    /* @is_borrowed: they stay as they are until the statement is reset and need no copy */
    void (*bind_text)(StoreStatement *statement, int n, const char *text, size_t length,
                      bool is_borrowed);
    void (*bind_bytes)(StoreStatement *statement, int n, const void *bytes, size_t length,
                       bool is_borrowed);
    void (*bind_null)(StoreStatement *statement, int n);
    bool (*step)(StoreStatement *statement, bool *ret_has_row, GError **error);
    int64_t (*n_changed)(StoreStatement *statement);
    /* Let the table "given", of columns c0, c1…, hold @rows (borrowed; NULL: nothing) to the
     * writer's statements.  NULL: it has no such table, and rows are inserted one by one. */
    void (*give_rows)(StoreConnection *connection, const StoreRows *rows);
    bool (*column_is_null)(StoreStatement *statement, int i);
    int64_t (*column_int)(StoreStatement *statement, int i);
    const char *(*column_text)(StoreStatement *statement, int i);
    const uint8_t *(*column_bytes)(StoreStatement *statement, int i, size_t *ret_length);

    /* What the database knows of its own shape, as queries. */
    const char *columns_query; /* name of each column of the table $1 and its type:
                                  "TEXT NOT NULL", with " computed" where it is that */
    const char *keys_query;    /* the columns of each unique key of the table $1, "year,n"; with
                                  " WHERE" where it is not of all rows; NULL */
    const char *made_query;    /* how many tables and indexes are called $1 */
    const char *strange_query; /* kind and name of what is no plain table, or acts by itself */
    const char *indexes_query; /* names of the indexes that begin with $1, sorted */

    /* Look for damage in everything that @reader can see. */
    bool (*check)(StoreConnection *reader, GError **error);
    bool (*copy_to)(Store *store, const char *path, GError **error);
} StoreBackend;

extern const StoreBackend store_sqlite_backend;
extern const StoreBackend store_postgres_backend;

struct Store {
    const StoreBackend *backend;
    StoreMode mode;
    char *location; /* owned; may hold a password: never goes into a message */
    void *place;    /* the backend's */

    StoreConnection *writer; /* NULL with STORE_READ; the writer thread's */
    StoreHooks hooks;
    int64_t batch_us; /* STORE_MAX_BATCH_US, but in tests */
    int fold_pages;   /* STORE_FOLD_PAGES, but in tests */
    GThread *thread;

    GMutex lock; /* over everything below */
    GCond has_ticket;
    GQueue tickets; /* of Ticket*, waiting */
    bool is_closing;
    GCond has_reader;
    GQueue readers; /* of StoreConnection*, idle */
    guint n_readers;
    GError *loss;    /* of the last batch, if it was the system's; NULL: it is on disk */
    int64_t lost_us; /* monotonic: when that was */
};

/* health.c: note how a batch ended; @loss NULL: it is on disk. */
void store_note_outcome(Store *store, const GError *loss);

/* ---- refusals -------------------------------------------------------------------------------- */

/* What a database can refuse; a backend has a table that leads its own codes to these. */
typedef enum StoreRefusal {
    STORE_REFUSAL_KEY_EXISTS,
    STORE_REFUSAL_RULE_BROKEN,
    STORE_REFUSAL_WRONG_TYPE,
    STORE_REFUSAL_TOO_LARGE,
    STORE_REFUSAL_NO_MEMORY,
    STORE_REFUSAL_DISK_FULL,
    STORE_REFUSAL_NO_ROOM,
    STORE_REFUSAL_READ_WRITE,
    STORE_REFUSAL_CANNOT_OPEN,
    STORE_REFUSAL_DAMAGED,
    STORE_REFUSAL_MISSING,
    STORE_REFUSAL_IN_USE,
    STORE_REFUSAL_READ_ONLY,
    STORE_REFUSAL_NO_PERMISSION,
    STORE_REFUSAL_OFFICE_EXISTS,
    STORE_REFUSAL_CANCELLED,
    STORE_REFUSAL_ENDED,
    STORE_REFUSAL_NOT_ACCEPTED,
} StoreRefusal;

/* Set *@error to the code and the sentence of @refusal, with the database's own words, @fact. */
void store_refuse(StoreRefusal refusal, const char *fact, GError **error);

/* ---- store.c: what the backends and the queue use -------------------------------------------- */

/* Set the common part of a backend's new connection. */
void store_connection_init(StoreConnection *connection, const StoreBackend *backend, Store *store,
                           bool is_writer);
/* Finalize the kept statements; none may be in use.  A backend calls it first in disconnect(). */
void store_connection_clear(StoreConnection *connection);

/* Begin the writer's or a reader's transaction; afterwards a failure is kept until
 * store_transaction_end(). */
bool store_transaction_begin(StoreConnection *connection, bool is_unflushed, GError **error);
/* End it with @sql ("COMMIT", "ROLLBACK").  A failed COMMIT is rolled back. */
bool store_transaction_end(StoreConnection *connection, const char *sql, GError **error);
/* Roll it back, unless an error has ended it already. */
void store_transaction_abandon(StoreConnection *connection);
/* Hand @failure (takes) to *@error, and keep a copy in the connection while in a transaction. */
void store_connection_fail(StoreConnection *connection, GError *failure, GError **error);
/* If the transaction has failed, set *@error to that failure and return false. */
bool store_connection_is_sound(const StoreConnection *connection, GError **error);

/* ---- store-queue.c --------------------------------------------------------------------------- */

/* Start and stop the writer thread of @store; stopping waits for the queue to empty. */
void store_queue_start(Store *store);
void store_queue_stop(Store *store);

/* ---- store-migration.c ----------------------------------------------------------------------- */

/* Bring the schema behind @connection from what it is to the last of @migrations.
 *
 * With STORE_CREATE all in one transaction, with STORE_WRITE one transaction each, with STORE_READ
 * nothing is done.  VERSION, INVALID as store_open(). */
bool store_migrate(StoreConnection *connection, StoreMode mode, const StoreMigration *migrations,
                   size_t n_migrations, GError **error);

/* Return @script's next statement in the words of @dialect, NULL at the end; *@script moves behind
 * it.  The caller owns it.  *@error INVALID for an unknown {word}. */
char *store_next_statement(StoreDialect dialect, const char **script, GError **error);

/* Return the length of the quoted text, quoted name or comment that SQL has at @at, 1 for any other
 * character. */
size_t store_token_length(const char *at);
