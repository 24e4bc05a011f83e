#include "store/store-sqlite-internal.h"

#include "base/thread.h"

/* While batches are not flushed, the WAL is folded beside the next one.  It can begin anew only
 * where nothing is written meanwhile: that is done when it is so many times STORE_FOLD_PAGES long.
 */
#define FOLDS_UNFLUSHED 16

/* ---- folding beside a batch ------------------------------------------------------------------
 *
 * Most of the time that folding takes is spent waiting for the disk.  While an import writes its
 * hidden batches, a second connection folds what is committed as the next batch is worked on.
 *
 * SQLite 3.40.1 can lose a commit where one connection folds while another commits and begins the
 * WAL anew.  So no commit happens while this one folds: each waits for it first, and nothing of a
 * batch reaches the WAL before its commit (PRAGMA cache_spill). */

static void *fold_beside(void *fold_db)
{
    /* what fails is no loss: the next one tries again */
    sqlite3_wal_checkpoint_v2(fold_db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return NULL;
}

void store_sqlite_fold_wait(SqliteConnection *connection)
{
    if (connection->folding != NULL) {
        g_thread_join(g_steal_pointer(&connection->folding));
    }
}

static int before_commit(void *data)
{
    store_sqlite_fold_wait(data);
    return SQLITE_OK;
}

/* Open the connection that folds, unless it is; returns whether it is there. */
static bool open_fold_db(SqliteConnection *connection)
{
    const SqlitePlace *place = connection->base.store->place;
    sqlite3 *db = connection->fold_db;
    if (db != NULL || !store_sqlite_open(place->path, true, false, &db, NULL)) {
        return db != NULL;
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (sqlite3_exec(db, store_sqlite_pragmas, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA synchronous = FULL; SELECT 1 FROM sqlite_schema LIMIT 1", NULL,
                     NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return false;
    }
    connection->fold_db = db;
    return true;
}

/* Fold what is committed while the next batch is worked on; false where it has to wait for that. */
static bool try_fold_beside(SqliteConnection *connection)
{
    int most = FOLDS_UNFLUSHED * connection->base.store->fold_pages;
    if (!connection->is_unflushed || connection->n_wal_pages >= most || !open_fold_db(connection)) {
        return false;
    }
    connection->folding = thread_start("store-fold", fold_beside, connection->fold_db);
    return true;
}

void store_sqlite_fold_stop(SqliteConnection *connection)
{
    store_sqlite_fold_wait(connection);
    sqlite3_close(g_steal_pointer(&connection->fold_db));
}

/* ---- after a batch --------------------------------------------------------------------------- */

static int note_wal_size(void *data, sqlite3 *db, const char *schema, int n_pages)
{
    ((SqliteConnection *)data)->n_wal_pages = n_pages;
    return SQLITE_OK;
}

void store_sqlite_fold_init(SqliteConnection *connection)
{
    sqlite3_commit_hook(connection->db, before_commit, connection);
    /* the last word: SQLite's own checkpoints are a hook like this one */
    sqlite3_wal_hook(connection->db, note_wal_size, connection);
}

/* Empty the WAL, unless a reader needs it: then the next batch tries again. */
static void empty_wal(SqliteConnection *connection)
{
    sqlite3_busy_timeout(connection->db, 0); /* nobody waits for that reader */
    if (sqlite3_wal_checkpoint_v2(connection->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
        SQLITE_OK) {
        connection->base.is_forgetting = false;
        connection->n_wal_pages = 0;
        connection->fold_at = 0;
    }
    sqlite3_busy_timeout(connection->db, STORE_SQLITE_BUSY_MS);
}

void store_sqlite_settle(StoreConnection *base)
{
    SqliteConnection *connection = (SqliteConnection *)base;
    int most = base->store->fold_pages;
    if (connection->folding != NULL) { /* beside a batch that came to nothing */
        return;
    }
    if (base->is_forgetting) {
        empty_wal(connection);
    }
    if (connection->n_wal_pages < MAX(most, connection->fold_at) || try_fold_beside(connection)) {
        return;
    }
    int n_log = 0, n_folded = 0;
    int result = sqlite3_wal_checkpoint_v2(connection->db, "main", SQLITE_CHECKPOINT_PASSIVE,
                                           &n_log, &n_folded);
    bool is_complete = result == SQLITE_OK && n_log == n_folded;
    /* a reader holds an old snapshot: look again after some more pages, not after each batch */
    connection->fold_at = is_complete ? 0 : connection->n_wal_pages + most / 4;
    connection->n_wal_pages = 0;
}
