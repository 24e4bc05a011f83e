/* What the files of the SQLite backend share.
 *
 *   store-sqlite.c        the file and its lock, connections, statements, whole files
 *   store-sqlite-given.c  the table "given"
 *   store-sqlite-fold.c   folding the WAL into the database
 *
 * Threading: a connection belongs to one thread at a time, the writer's to the writer thread. */
#pragma once

#include <sqlite3.h>

#include "store/store-internal.h"

/* How long a statement waits for another program's lock. */
#define STORE_SQLITE_BUSY_MS 10000

typedef struct SqlitePlace {
    char *path;      /* absolute */
    char *lock_path; /* beside it */
    int lock_fd;     /* -1: not locked */
    bool is_made;    /* this open made the file */
} SqlitePlace;

typedef struct SqliteConnection {
    StoreConnection base;
    sqlite3 *db;
    int n_wal_pages;        /* after the last commit */
    int fold_at;            /* pages, where a reader keeps the WAL from being folded; 0 */
    sqlite3 *fold_db;       /* the writer's, to fold beside a batch; NULL: not opened yet */
    GThread *folding;       /* uses it; NULL: nothing is folded beside */
    bool is_unflushed;      /* commits do not wait for the disk (PRAGMA synchronous) */
    const StoreRows *given; /* what the table "given" holds; NULL: nothing */
} SqliteConnection;

/* ---- store-sqlite.c -------------------------------------------------------------------------- */

/* Open the database at @path, without any look into the file.  @is_immutable: nobody writes it, and
 * its folder cannot hold the files that coordinate with a writer. */
bool store_sqlite_open(const char *path, bool is_writer, bool is_immutable, sqlite3 **ret_db,
                       GError **error);

/* What every connection sets that reads or writes pages. */
extern const char store_sqlite_pragmas[];

/* ---- store-sqlite-given.c -------------------------------------------------------------------- */

/* Give the writer's @connection the table "given"; returns SQLite's result. */
int store_sqlite_given_init(SqliteConnection *connection);

/* StoreBackend.give_rows. */
void store_sqlite_give_rows(StoreConnection *connection, const StoreRows *rows);

/* ---- store-sqlite-fold.c --------------------------------------------------------------------- */

/* Have @connection count the pages of the WAL, and hold its commits while something is folded
 * beside them. */
void store_sqlite_fold_init(SqliteConnection *connection);

/* Wait until nothing is folded beside. */
void store_sqlite_fold_wait(SqliteConnection *connection);

/* The same, and close what folds. */
void store_sqlite_fold_stop(SqliteConnection *connection);

/* StoreBackend.settle: fold the WAL into the database when it has grown long.  What fails here is
 * no loss: everything committed is in the WAL, and the next batch tries again. */
void store_sqlite_settle(StoreConnection *connection);
