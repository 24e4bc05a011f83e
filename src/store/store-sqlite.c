#include "store/store-sqlite-internal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/room.h"
#include "base/text.h"

#define APPLICATION_ID 0x73687a68 /* "shzh" */
#define LOCK_NAME "lock"

typedef struct SqliteStatement {
    StoreStatement base;
    sqlite3_stmt *stmt;
    bool has_row;     /* this run has come to a row */
    bool has_cut;     /* a text of this run holds a byte 0, so that only its beginning was seen */
    bool is_unbound;  /* SQLite had no memory for a value, and would take NULL for it */
    int parameters[]; /* $n -> SQLite's number, which goes by first appearance */
} SqliteStatement;

/* ---- errors ---------------------------------------------------------------------------------- */

/* The first fitting line counts: extended codes stand before their primary code. */
static const struct {
    int result; /* extended or primary */
    StoreRefusal refusal;
} refusals[] = {
    {SQLITE_CONSTRAINT_UNIQUE, STORE_REFUSAL_KEY_EXISTS},
    {SQLITE_CONSTRAINT_PRIMARYKEY, STORE_REFUSAL_KEY_EXISTS},
    {SQLITE_CONSTRAINT_ROWID, STORE_REFUSAL_KEY_EXISTS},
    {SQLITE_CONSTRAINT_DATATYPE, STORE_REFUSAL_WRONG_TYPE},
    {SQLITE_CONSTRAINT, STORE_REFUSAL_RULE_BROKEN},
    {SQLITE_MISMATCH, STORE_REFUSAL_WRONG_TYPE},
    {SQLITE_TOOBIG, STORE_REFUSAL_TOO_LARGE},
    {SQLITE_NOMEM, STORE_REFUSAL_NO_MEMORY},
    {SQLITE_IOERR_NOMEM, STORE_REFUSAL_NO_MEMORY},
    {SQLITE_FULL, STORE_REFUSAL_DISK_FULL},
    {SQLITE_IOERR, STORE_REFUSAL_READ_WRITE},
    {SQLITE_CANTOPEN, STORE_REFUSAL_CANNOT_OPEN},
    {SQLITE_CORRUPT, STORE_REFUSAL_DAMAGED},
    {SQLITE_NOTADB, STORE_REFUSAL_DAMAGED},
    {SQLITE_BUSY, STORE_REFUSAL_IN_USE},
    {SQLITE_LOCKED, STORE_REFUSAL_IN_USE},
    {SQLITE_READONLY, STORE_REFUSAL_READ_ONLY},
    {SQLITE_PERM, STORE_REFUSAL_NO_PERMISSION},
    {SQLITE_AUTH, STORE_REFUSAL_NO_PERMISSION},
    {SQLITE_INTERRUPT, STORE_REFUSAL_CANCELLED},
    {SQLITE_ERROR, STORE_REFUSAL_NOT_ACCEPTED},
};

static StoreRefusal find_refusal(int result)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i].result == result || refusals[i].result == (result & 0xff)) {
            return refusals[i].refusal;
        }
    }
    return STORE_REFUSAL_NOT_ACCEPTED;
}

/* Set *@error from the failure @result that @db has just reported. */
static void set_error(sqlite3 *db, int result, GError **error)
{
    StoreRefusal refusal = find_refusal(result);
    const char *words = sqlite3_errmsg(db);
    int number = sqlite3_system_errno(db);
    if (refusal == STORE_REFUSAL_READ_WRITE || refusal == STORE_REFUSAL_CANNOT_OPEN) {
        bool is_full = number == EDQUOT || number == ENOSPC || number == EFBIG;
        words = number != 0 && !is_full ? g_strerror(number) : words;
        refusal = is_full ? STORE_REFUSAL_DISK_FULL : refusal;
    } else if (refusal == STORE_REFUSAL_NOT_ACCEPTED && g_str_has_prefix(words, "no such ")) {
        refusal = STORE_REFUSAL_MISSING; /* what the program made and somebody has taken away */
    }
    store_refuse(refusal, words, error);
}

static sqlite3 *db_of(const StoreConnection *connection)
{
    return ((const SqliteConnection *)connection)->db;
}

/* ---- the place: file and lock ---------------------------------------------------------------- */

/* Check that the database file is there and may be read.  It is not opened: closing a descriptor of
 * our own would drop the locks of SQLite's. */
static bool check_file(const char *path, GError **error)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        error_set_errno(error, errno, "cannot open the office's database '%s'", path);
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "'%s' is not a file", path);
        return false;
    }
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0) {
        error_set_errno(error, errno, "cannot open the office's database '%s'", path);
        return false;
    }
    return true;
}

/* Say who holds the lock that @place could not take. */
static void set_locked(const SqlitePlace *place, GError **error)
{
    g_autofree char *holder = file_read(place->lock_path, 32, NULL, NULL);
    int64_t pid = 0;
    if (holder != NULL && text_parse_int(g_strstrip(holder), &pid)) {
        error_set(error, SHUZHI_ERROR_BUSY,
                  "the office is in use by process %" PRId64
                  " (lock '%s'); end that one first, or wait for it",
                  pid, place->lock_path);
    } else {
        error_set(error, SHUZHI_ERROR_BUSY, "the office is in use by another process (lock '%s')",
                  place->lock_path);
    }
}

/* Take the office's lock.  It ends with the process; the file stays, as removing it would let two
 * processes lock two files of one name. */
static bool lock_place(SqlitePlace *place, GError **error)
{
    int fd = open(place->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot lock the office with '%s'", place->lock_path);
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        close(fd);
        if (number == EWOULDBLOCK) {
            set_locked(place, error);
        } else {
            error_set_errno(error, number, "cannot lock the office with '%s'", place->lock_path);
        }
        return false;
    }
    place->lock_fd = fd;
    g_autofree char *pid = g_strdup_printf("%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, strlen(pid), 0) < 0) {
        error_set_errno(error, errno, "cannot lock the office with '%s'", place->lock_path);
        return false;
    }
    return true;
}

/* Make an empty file, which SQLite takes for an empty database; only its owner may read it. */
static bool make_file(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot make the office's database '%s'", path);
        return false;
    }
    close(fd);
    return true;
}

/* Take the lock that was made for a database which could not be made away again. */
static void remove_lone_lock(const SqlitePlace *place)
{
    if (place->lock_fd >= 0 && !g_file_test(place->path, G_FILE_TEST_EXISTS)) {
        g_unlink(place->lock_path);
    }
}

static bool sqlite_open_place(Store *store, GError **error)
{
    SqlitePlace *place = g_new0(SqlitePlace, 1);
    store->place = place;
    place->path = g_canonicalize_filename(store->location, NULL);
    g_autofree char *folder = g_path_get_dirname(place->path);
    place->lock_path = g_build_filename(folder, LOCK_NAME, NULL);
    place->lock_fd = -1;
    if (store->mode == STORE_CREATE) {
        place->is_made = lock_place(place, error) && make_file(place->path, error);
        if (!place->is_made) {
            remove_lone_lock(place);
        }
        return place->is_made;
    }
    return check_file(place->path, error) &&
           (store->mode == STORE_READ || lock_place(place, error));
}

static void sqlite_close_place(Store *store)
{
    SqlitePlace *place = store->place;
    if (place->lock_fd >= 0) {
        if (ftruncate(place->lock_fd, 0) != 0) {
            errno = 0; /* a stale number in the file misleads nobody: the lock itself counts */
        }
        close(place->lock_fd);
    }
    g_free(place->path);
    g_free(place->lock_path);
    g_free(place);
}

static void sqlite_remove_place(Store *store)
{
    const SqlitePlace *place = store->place;
    if (!place->is_made) {
        return;
    }
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(place->path, endings[i], NULL);
        g_unlink(path);
    }
    /* Here the lock may go: who took the old file's meanwhile still has to make the database, which
     * only one can. */
    g_unlink(place->lock_path);
}

/* ---- connections ----------------------------------------------------------------------------- */

static bool sqlite_run(StoreConnection *connection, const char *sql, GError **error)
{
    sqlite3 *db = db_of(connection);
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (result != SQLITE_OK) {
        set_error(db, result, error);
        return false;
    }
    return true;
}

/* Read the first column of the only row of @sql: *@ret_value, and *@ret_text (NULL allowed; the
 * caller owns it). */
static bool read_pragma(sqlite3 *db, const char *sql, int64_t *ret_value, char **ret_text,
                        GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(stmt);
    }
    if (result == SQLITE_ROW) {
        *ret_value = sqlite3_column_int64(stmt, 0);
        if (ret_text != NULL) {
            *ret_text = g_strdup((const char *)sqlite3_column_text(stmt, 0));
        }
    } else {
        set_error(db, result, error);
    }
    sqlite3_finalize(stmt);
    return result == SQLITE_ROW;
}

/* Bounds on what one statement may ask for (https://www.sqlite.org/security.html). */
static const int limits[][2] = {
    {SQLITE_LIMIT_LENGTH, (int)STORE_MAX_VALUE_BYTES + 4096},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
    {SQLITE_LIMIT_COMPOUND_SELECT, 100},
    {SQLITE_LIMIT_VDBE_OP, 250000},
    {SQLITE_LIMIT_FUNCTION_ARG, 32},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
    {SQLITE_LIMIT_VARIABLE_NUMBER, STORE_MAX_PARAMETERS},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static const int switches[][2] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
};

/* No mmap: with it a failed read is a signal, and the file could change under a pointer. */
const char store_sqlite_pragmas[] = "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
                                    "PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = 0;";
static const char reader_pragmas[] = "PRAGMA cache_size = -4096;"; /* KiB, each */
/* The page size counts where the file is made; elsewhere it stays as it is.  An event with its
 * commitments has more than a kilobyte: of 4096 bytes a tenth would stay empty, and a bulk import
 * would spend a third more on writing and folding pages (docs/performance.md). */
static const char writer_pragmas[] =
    "PRAGMA page_size = 8192; PRAGMA foreign_keys = ON; PRAGMA cache_size = -49152;"
    "PRAGMA secure_delete = ON;"; /* what is erased is overwritten */

/* NORMAL: the WAL is flushed when it is folded, and with the next commit that is FULL.  It is not
 * cut while it will soon be as long again. */
static const char unflushed_pragmas[] = "PRAGMA synchronous = NORMAL; PRAGMA cache_spill = OFF;"
                                        "PRAGMA journal_size_limit = -1";
static const char flushed_pragmas[] = "PRAGMA synchronous = FULL; PRAGMA cache_spill = ON;"
                                      "PRAGMA journal_size_limit = 67108864";

static void configure(sqlite3 *db, bool is_writer)
{
    sqlite3_busy_timeout(db, STORE_SQLITE_BUSY_MS);
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        sqlite3_limit(db, limits[i][0], limits[i][1]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
        sqlite3_db_config(db, switches[i][0], switches[i][1], NULL);
    }
    if (!is_writer) { /* the writer alone checkpoints */
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
}

/* Return the size of @path, 0 when it is missing. */
static int64_t size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? info.st_size : 0;
}

/* Return whether the database has a WAL with something in it. */
static bool has_wal(const SqlitePlace *place)
{
    g_autofree char *wal = g_strconcat(place->path, "-wal", NULL);
    return size_of(wal) > 0;
}

/* Check that the file is an office's and whole.  Reads the first page only, so that it costs the
 * same for every size; the rest is store_check()'s. */
static bool check_header(const SqlitePlace *place, sqlite3 *db, GError **error)
{
    int64_t application_id = 0, n_pages = 0, page_bytes = 0;
    if (!read_pragma(db, "PRAGMA application_id", &application_id, NULL, error) ||
        !read_pragma(db, "PRAGMA page_size", &page_bytes, NULL, error) ||
        !read_pragma(db, "PRAGMA page_count", &n_pages, NULL, error)) {
        return false;
    }
    if (application_id != APPLICATION_ID) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "it is not the database of an office (or it was cut off while it was made)");
        return false;
    }
    /* the WAL first: where it has been folded away, the file is complete by now */
    if (!has_wal(place) && size_of(place->path) < n_pages * page_bytes) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the file is cut short: %" PRId64 " bytes of %" PRId64
                  "; restore it from a backup",
                  size_of(place->path), n_pages * page_bytes);
        return false;
    }
    return true;
}

/* Leave out SQLite's statistics of memory, whose lock every allocation of every thread would take.
 */
static void prepare_library(void)
{
    static gsize is_prepared;
    if (g_once_init_enter(&is_prepared)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, harmlessly, once it is in use */
        g_once_init_leave(&is_prepared, 1);
    }
}

bool store_sqlite_open(const char *path, bool is_writer, bool is_immutable, sqlite3 **ret_db,
                       GError **error)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE |
                (is_writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    g_autofree char *name = g_strdup(path);
    if (is_immutable) {
        g_autofree char *escaped = g_uri_escape_string(path, "/", true);
        g_free(name);
        name = g_strconcat("file:", escaped, "?immutable=1", NULL);
        flags |= SQLITE_OPEN_URI;
    }
    prepare_library();
    int result = sqlite3_open_v2(name, ret_db, flags, NULL);
    if (result != SQLITE_OK) {
        set_error(*ret_db, result, error);
        sqlite3_close_v2(g_steal_pointer(ret_db));
        return false;
    }
    configure(*ret_db, is_writer);
    return true;
}

/* ---- connecting ------------------------------------------------------------------------------ */

static bool set_up_writer(SqliteConnection *connection, GError **error)
{
    int64_t ignored;
    g_autofree char *journal = NULL;
    if (!sqlite_run(&connection->base, writer_pragmas, error) ||
        !sqlite_run(&connection->base, flushed_pragmas, error) ||
        !read_pragma(connection->db, "PRAGMA journal_mode = WAL", &ignored, &journal, error)) {
        return false;
    }
    if (g_strcmp0(journal, "wal") != 0) {
        error_set(error, SHUZHI_ERROR_IO,
                  "its file system cannot hold a write-ahead log (journal mode '%s')", journal);
        return false;
    }
    int result = store_sqlite_given_init(connection);
    if (result != SQLITE_OK) {
        set_error(connection->db, result, error);
        return false;
    }
    store_sqlite_fold_init(connection);
    return true;
}

static void sqlite_disconnect(StoreConnection *connection)
{
    store_connection_clear(connection);
    store_sqlite_fold_stop((SqliteConnection *)connection);
    sqlite3 *db = db_of(connection);
    int result = sqlite3_close(db);
    g_assert(result == SQLITE_OK);
    g_free(connection);
}

/* Connect, and look at the file unless this very open has made it. */
static StoreConnection *connect_as(Store *store, bool is_writer, bool is_immutable, GError **error)
{
    const SqlitePlace *place = store->place;
    sqlite3 *db = NULL;
    if (!store_sqlite_open(place->path, is_writer, is_immutable, &db, error)) {
        return NULL;
    }
    SqliteConnection *connection = g_new0(SqliteConnection, 1);
    store_connection_init(&connection->base, store->backend, store, is_writer);
    connection->db = db;
    bool is_new = is_writer && place->is_made;
    if (!sqlite_run(&connection->base, store_sqlite_pragmas, error) ||
        (!is_new && !check_header(place, db, error)) ||
        (is_writer ? !set_up_writer(connection, error)
                   : !sqlite_run(&connection->base, reader_pragmas, error))) {
        sqlite_disconnect(&connection->base);
        return NULL;
    }
    return &connection->base;
}

/* Return whether nobody writes the database, and its folder cannot hold the files that coordinate
 * with a writer. */
static bool is_untouched(const SqlitePlace *place)
{
    g_autofree char *folder = g_path_get_dirname(place->path);
    return faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) != 0 && !has_wal(place);
}

static StoreConnection *sqlite_connect(Store *store, bool is_writer, GError **error)
{
    const SqlitePlace *place = store->place;
    g_autoptr(GError) fault = NULL;
    StoreConnection *connection =
        connect_as(store, is_writer, !is_writer && is_untouched(place), &fault);
    if (connection == NULL && !is_writer && error_is(fault, SHUZHI_ERROR_FULL) &&
        !has_wal(place)) { /* no room for the files either */
        g_clear_error(&fault);
        connection = connect_as(store, false, true, &fault);
    }
    if (connection == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        error_prefix(error, "cannot open the office's database '%s'", place->path);
    }
    return connection;
}

static bool sqlite_is_alive(StoreConnection *connection)
{
    return true;
}

static bool sqlite_is_in_transaction(StoreConnection *connection)
{
    return sqlite3_get_autocommit(db_of(connection)) == 0;
}

/* Check that the lock is still the one at its path: else the folder was moved, and another office
 * may stand there, or the file was removed, and another process may write. */
static bool check_lock(const SqlitePlace *place, GError **error)
{
    struct stat held;
    struct stat there;
    if (fstat(place->lock_fd, &held) == 0 && stat(place->lock_path, &there) == 0 &&
        held.st_dev == there.st_dev && held.st_ino == there.st_ino) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_UNAVAILABLE,
              "the office's folder was moved, or its lock '%s' removed: open it anew",
              place->lock_path);
    error_of_system(error);
    return false;
}

static bool sqlite_check_place(Store *store, GError **error)
{
    const SqlitePlace *place = store->place;
    g_autofree char *folder = g_path_get_dirname(place->path);
    return check_lock(place, error) && room_check(folder, error);
}

/* Check that the database is still the file at its path: what goes into one that was removed is
 * gone when it is closed. */
static bool check_same_file(const SqliteConnection *connection, GError **error)
{
    int has_moved = 0;
    sqlite3_file_control(connection->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    if (has_moved != 0) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the database file was moved or removed while it is open: stop the program, put "
                  "the file or its last backup back, and open it anew");
        error_of_system(error);
    }
    return has_moved == 0;
}

static bool sqlite_begin_write(StoreConnection *base, bool is_unflushed, GError **error)
{
    SqliteConnection *connection = (SqliteConnection *)base;
    if (!check_lock(base->store->place, error) || !check_same_file(connection, error)) {
        return false;
    }
    if (!is_unflushed) {
        store_sqlite_fold_wait(connection);
    }
    if (is_unflushed != connection->is_unflushed) {
        if (!sqlite_run(base, is_unflushed ? unflushed_pragmas : flushed_pragmas, error)) {
            return false;
        }
        connection->is_unflushed = is_unflushed;
    }
    return sqlite_run(base, "BEGIN IMMEDIATE", error);
}

/* The read fixes the snapshot.  Both statements are kept: parsing them takes longer. */
static bool sqlite_begin_snapshot(StoreConnection *connection, GError **error)
{
    return check_same_file((SqliteConnection *)connection, error) &&
           store_run(connection, error, "BEGIN", "") &&
           store_run(connection, error, "SELECT 1 FROM sqlite_schema LIMIT 1", "");
}

/* ---- making ---------------------------------------------------------------------------------- */

static bool sqlite_create(StoreConnection *connection, GError **error)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA application_id = %d", APPLICATION_ID);
    return sqlite_run(connection, sql, error);
}

/* ---- statements ------------------------------------------------------------------------------ */

static sqlite3_stmt *stmt_of(StoreStatement *statement)
{
    return ((SqliteStatement *)statement)->stmt;
}

static StoreStatement *sqlite_prepare(StoreConnection *connection, const char *sql,
                                      int n_parameters, GError **error)
{
    sqlite3 *db = db_of(connection);
    sqlite3_stmt *stmt = NULL;
    int result = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (result != SQLITE_OK) {
        set_error(db, result, error);
        return NULL;
    }
    SqliteStatement *statement =
        g_malloc0(sizeof *statement + sizeof(int) * ((size_t)n_parameters + 1));
    statement->stmt = stmt;
    for (int n = 1; n <= n_parameters; n++) {
        char name[16];
        g_snprintf(name, sizeof name, "$%d", n);
        statement->parameters[n] = sqlite3_bind_parameter_index(stmt, name);
    }
    return &statement->base;
}

static void sqlite_finalize(StoreStatement *statement)
{
    sqlite3_finalize(stmt_of(statement));
    g_free(statement->sql);
    g_free(statement);
}

static void sqlite_reset(StoreStatement *statement)
{
    SqliteStatement *mine = (SqliteStatement *)statement;
    mine->has_row = false;
    mine->has_cut = false;
    sqlite3_reset(mine->stmt);
}

static void sqlite_clear_bindings(StoreStatement *statement)
{
    ((SqliteStatement *)statement)->is_unbound = false;
    sqlite3_clear_bindings(stmt_of(statement));
}

static int parameter_of(StoreStatement *statement, int n)
{
    int parameter = ((SqliteStatement *)statement)->parameters[n];
    g_assert(parameter > 0);
    return parameter;
}

static void sqlite_bind_int(StoreStatement *statement, int n, int64_t value)
{
    int result = sqlite3_bind_int64(stmt_of(statement), parameter_of(statement, n), value);
    g_assert(result == SQLITE_OK);
}

/* Note the result of binding a text or bytes, which SQLite may have had to copy. */
static void note_bound(StoreStatement *statement, int result)
{
    g_assert(result == SQLITE_OK || result == SQLITE_NOMEM);
    SqliteStatement *mine = (SqliteStatement *)statement;
    mine->is_unbound = mine->is_unbound || result != SQLITE_OK;
}

static void sqlite_bind_text(StoreStatement *statement, int n, const char *text, size_t length,
                             bool is_borrowed)
{
    int result = sqlite3_bind_text(stmt_of(statement), parameter_of(statement, n), text,
                                   (int)length, is_borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT);
    note_bound(statement, result);
}

static void sqlite_bind_bytes(StoreStatement *statement, int n, const void *bytes, size_t length,
                              bool is_borrowed)
{
    int result = sqlite3_bind_blob(stmt_of(statement), parameter_of(statement, n), bytes,
                                   (int)length, is_borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT);
    note_bound(statement, result);
}

static void sqlite_bind_null(StoreStatement *statement, int n)
{
    int result = sqlite3_bind_null(stmt_of(statement), parameter_of(statement, n));
    g_assert(result == SQLITE_OK);
}

/* Return whether a text of the row that @stmt is at holds a byte 0. */
static bool has_cut_text(sqlite3_stmt *stmt)
{
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        if (sqlite3_column_type(stmt, i) == SQLITE_TEXT) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            if (text != NULL && strlen(text) != (size_t)sqlite3_column_bytes(stmt, i)) {
                return true;
            }
        }
    }
    return false;
}

/* Tell of a text with a byte 0 at once in the first row, the only one that many look at; of one in
 * a later row, at the step after it was read, so that long results need not be read twice. */
static bool sqlite_step(StoreStatement *statement, bool *ret_has_row, GError **error)
{
    SqliteStatement *mine = (SqliteStatement *)statement;
    sqlite3_stmt *stmt = mine->stmt;
    if (mine->is_unbound) {
        store_refuse(STORE_REFUSAL_NO_MEMORY, sqlite3_errstr(SQLITE_NOMEM), error);
        return false;
    }
    int result = mine->has_cut ? SQLITE_ROW : sqlite3_step(stmt);
    mine->has_cut = mine->has_cut || (result == SQLITE_ROW && !mine->has_row && has_cut_text(stmt));
    if (mine->has_cut) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the database was altered: a text in it holds a byte 0 and hides what follows");
        sqlite_reset(statement);
        return false;
    }
    if (result == SQLITE_ROW) {
        mine->has_row = true;
        *ret_has_row = true;
        return true;
    }
    if (result != SQLITE_DONE) {
        set_error(sqlite3_db_handle(stmt), result, error);
        sqlite_reset(statement);
        return false;
    }
    sqlite_reset(statement);
    *ret_has_row = false;
    return true;
}

static int64_t sqlite_n_changed(StoreStatement *statement)
{
    sqlite3_stmt *stmt = stmt_of(statement);
    return sqlite3_stmt_readonly(stmt) ? 0 : sqlite3_changes64(sqlite3_db_handle(stmt));
}

static bool sqlite_column_is_null(StoreStatement *statement, int i)
{
    return sqlite3_column_type(stmt_of(statement), i) == SQLITE_NULL;
}

static int64_t sqlite_column_int(StoreStatement *statement, int i)
{
    return sqlite3_column_int64(stmt_of(statement), i);
}

static const char *sqlite_column_text(StoreStatement *statement, int i)
{
    sqlite3_stmt *stmt = stmt_of(statement);
    const char *text = (const char *)sqlite3_column_text(stmt, i);
    if (text != NULL && strlen(text) != (size_t)sqlite3_column_bytes(stmt, i)) {
        ((SqliteStatement *)statement)->has_cut = true; /* the next step tells */
    }
    return text;
}

static const uint8_t *sqlite_column_bytes(StoreStatement *statement, int i, size_t *ret_length)
{
    sqlite3_stmt *stmt = stmt_of(statement);
    bool is_null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
    const uint8_t *bytes = sqlite3_column_blob(stmt, i);
    *ret_length = (size_t)sqlite3_column_bytes(stmt, i);
    return bytes == NULL && !is_null ? (const uint8_t *)"" : bytes; /* SQLite: NULL for empty */
}

/* ---- whole files ----------------------------------------------------------------------------- */

/* Report the first row of @sql as damage, unless it is the single word "ok". */
static bool check_with(StoreConnection *reader, const char *sql, GError **error)
{
    g_autoptr(StoreStatement) statement = store_prepare(reader, sql, error);
    bool has_row = false;
    if (statement == NULL || !store_step(statement, &has_row, error)) {
        return false;
    }
    const char *finding = has_row ? store_column_text(statement, 0) : "ok";
    if (g_strcmp0(finding, "ok") != 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the database file is damaged, restore it from a backup: %s", finding);
        return false;
    }
    return true;
}

static bool sqlite_check(StoreConnection *reader, GError **error)
{
    return check_with(reader, "PRAGMA integrity_check(1)", error) &&
           check_with(reader,
                      "SELECT 'a row of ' || \"table\" || ' refers to a missing row of ' || parent"
                      " FROM pragma_foreign_key_check LIMIT 1",
                      error);
}

/* Run VACUUM INTO @path on a connection of its own, the only one that may attach. */
static bool vacuum_into(const SqlitePlace *place, const char *path, GError **error)
{
    sqlite3 *db = NULL;
    if (!store_sqlite_open(place->path, false, is_untouched(place), &db, error)) {
        return false;
    }
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);
    sqlite3_stmt *stmt = NULL;
    int result = sqlite3_prepare_v2(db, "VACUUM INTO $1", -1, &stmt, NULL);
    if (result == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
        result = sqlite3_step(stmt);
    }
    if (result != SQLITE_DONE) {
        set_error(db, result, error);
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return result == SQLITE_DONE;
}

static bool sqlite_copy_to(Store *store, const char *path, GError **error)
{
    g_autofree char *temporary = NULL;
    int fd = file_open_temporary(path, 0600, &temporary, error);
    if (fd < 0) {
        return false;
    }
    bool is_ok = vacuum_into(store->place, temporary, error);
    if (!is_ok) {
        error_prefix(error, "cannot write '%s'", path);
    }
    is_ok = is_ok && file_put_in_place(fd, temporary, path, FILE_KEEP_OLD, error);
    if (!is_ok) {
        g_unlink(temporary);
    }
    close(fd);
    return is_ok;
}

/* ---- the shape ------------------------------------------------------------------------------- */

static const char columns_query[] =
    "SELECT name, type || CASE WHEN \"notnull\" THEN ' NOT NULL' ELSE '' END"
    " || CASE WHEN hidden <> 0 THEN ' computed' ELSE '' END FROM pragma_table_xinfo($1)";

/* The key of the rowid has no index of its own. */
static const char keys_query[] =
    "SELECT (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name)"
    " ORDER BY seqno)) || CASE WHEN l.partial THEN ' WHERE' ELSE '' END, NULL"
    " FROM pragma_index_list($1) l WHERE l.\"unique\" UNION ALL"
    " SELECT group_concat(name), NULL FROM (SELECT name FROM pragma_table_info($1) WHERE pk > 0"
    " ORDER BY pk) HAVING count(*) > 0";

static const char made_query[] = "SELECT count(*) FROM sqlite_schema WHERE name = $1";

static const char strange_query[] =
    "SELECT type, name FROM sqlite_schema WHERE type = 'trigger'"
    " OR lower(sql) GLOB '*[^a-z0-9_]collate[^a-z0-9_]*' UNION ALL"
    " SELECT type, name FROM pragma_table_list WHERE schema = 'main'"
    " AND substr(name, 1, 7) <> 'sqlite_' AND (type <> 'table' OR strict = 0) ORDER BY 2";

static const char indexes_query[] =
    "SELECT name FROM sqlite_schema"
    " WHERE type = 'index' AND substr(name, 1, length($1)) = $1 ORDER BY 1";

const StoreBackend store_sqlite_backend = {
    .dialect = STORE_SQLITE,
    .open_place = sqlite_open_place,
    .check_place = sqlite_check_place,
    .close_place = sqlite_close_place,
    .remove_place = sqlite_remove_place,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .is_alive = sqlite_is_alive,
    .is_in_transaction = sqlite_is_in_transaction,
    .run = sqlite_run,
    .begin_write = sqlite_begin_write,
    .begin_snapshot = sqlite_begin_snapshot,
    .settle = store_sqlite_settle,
    .create = sqlite_create,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .reset = sqlite_reset,
    .clear_bindings = sqlite_clear_bindings,
    .bind_int = sqlite_bind_int,
    .bind_text = sqlite_bind_text,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .n_changed = sqlite_n_changed,
    .give_rows = store_sqlite_give_rows,
    .column_is_null = sqlite_column_is_null,
    .column_int = sqlite_column_int,
    .column_text = sqlite_column_text,
    .column_bytes = sqlite_column_bytes,
    .columns_query = columns_query,
    .keys_query = keys_query,
    .made_query = made_query,
    .strange_query = strange_query,
    .indexes_query = indexes_query,
    .check = sqlite_check,
    .copy_to = sqlite_copy_to,
};
