#include "store/store-internal.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include "base/late.h"
#include "base/source.h"

/* What one answer may take before the server counts as silent. */
#define CONNECT_TIMEOUT_S "10"
#define CLASSIFY_TIMEOUT_MS 3000
/* The session of a process that has just ended may live for a moment. */
#define CLAIM_WAIT_US (1 * G_USEC_PER_SEC)
#define CLAIM_PAUSE_US 50000
#define OLDEST_SERVER 130000
#define TYPE_BOOL 16
#define TYPE_BYTEA 17

typedef struct PostgresPlace {
    char *address; /* for libpq, without our parameter; may hold a password */
    char *schema;  /* checked: [a-z][a-z0-9_]* */
    int64_t token; /* made at random by this open; marks what it holds and what it made */
    bool is_held;  /* the row of `writer` has been this open's */
} PostgresPlace;

typedef struct PostgresConnection {
    StoreConnection base;
    PGconn *server;
    unsigned n_named;   /* prepared statements so far, for their names */
    GString *forgotten; /* DEALLOCATE of the finalized ones, to be run with the next prepare */
} PostgresConnection;

typedef struct PostgresStatement {
    StoreStatement base;
    char name[16];
    char **values; /* of the parameters, owned; NULL: SQL's NULL */
    int *lengths;  /* bytes, of those in binary format */
    int *formats;  /* 0 text, 1 binary */
    PGresult *result;
    int row;
    int64_t n_changed;
    GPtrArray *decoded; /* bytes of the current row, out of their hex */
} PostgresStatement;

/* ---- libpq, loaded with the first office on PostgreSQL ----------------------------------------
 */

/* clang-format off */
#define LIBPQ(F) \
    F(PQclear) F(PQcmdStatus) F(PQcmdTuples) F(PQconnectPoll) F(PQconnectStartParams) \
    F(PQconnectdbParams) F(PQconnectionNeedsPassword) F(PQconninfoFree) F(PQconninfoParse) \
    F(PQconsumeInput) F(PQerrorMessage) F(PQexec) F(PQexecParams) F(PQexecPrepared) \
    F(PQfinish) F(PQfreemem) F(PQftype) F(PQgetisnull) F(PQgetlength) F(PQgetvalue) \
    F(PQntuples) F(PQparameterStatus) F(PQprepare) F(PQresultErrorField) F(PQresultStatus) \
    F(PQserverVersion) F(PQsetErrorVerbosity) F(PQsetNoticeProcessor) F(PQsocket) \
    F(PQstatus) F(PQtransactionStatus) F(PQunescapeBytea)
/* clang-format on */

static const char *const names[] = {LIBPQ(LATE_NAME)};
static struct {
    LIBPQ(LATE_POINTER)
} libpq;
static LateLibrary library = LATE_LIBRARY("libpq.so.5", "libpq5", names, &libpq);

/* ---- errors ---------------------------------------------------------------------------------- */

/* The first fitting line counts.  Source: PostgreSQL documentation, appendix A. */
static const struct {
    const char *state; /* SQLSTATE, or its first two characters: the class */
    StoreRefusal refusal;
} refusals[] = {
    {"23505", STORE_REFUSAL_KEY_EXISTS},
    {"23", STORE_REFUSAL_RULE_BROKEN},
    {"22", STORE_REFUSAL_WRONG_TYPE},
    {"54", STORE_REFUSAL_TOO_LARGE},
    {"53100", STORE_REFUSAL_DISK_FULL},
    {"53200", STORE_REFUSAL_NO_MEMORY},
    {"53", STORE_REFUSAL_NO_ROOM},
    {"25006", STORE_REFUSAL_READ_ONLY},
    {"42P01", STORE_REFUSAL_MISSING},
    {"42703", STORE_REFUSAL_MISSING},
    {"42501", STORE_REFUSAL_NO_PERMISSION},
    {"42P06", STORE_REFUSAL_OFFICE_EXISTS},
    {"40", STORE_REFUSAL_IN_USE},
    {"55P03", STORE_REFUSAL_IN_USE},
    {"57014", STORE_REFUSAL_CANCELLED},
    {"57", STORE_REFUSAL_ENDED},
    {"08", STORE_REFUSAL_ENDED},
    {"58", STORE_REFUSAL_READ_WRITE},
    {"XX001", STORE_REFUSAL_DAMAGED},
    {"XX002", STORE_REFUSAL_DAMAGED},
    {"", STORE_REFUSAL_NOT_ACCEPTED},
};

static StoreRefusal find_refusal(const char *state)
{
    size_t i = 0;
    while (!g_str_has_prefix(state, refusals[i].state)) { /* the last one fits all */
        i++;
    }
    return refusals[i].refusal;
}

/* Set *@error from @result, which failed (NULL: libpq had not even one).  libpq's own texts are
 * left out, as they may name the server. */
static void set_error(const PGresult *result, GError **error)
{
    const char *state = result != NULL ? libpq.PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (state == NULL) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE, "the connection to the database was lost");
        return;
    }
    const char *words = libpq.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    store_refuse(find_refusal(state), words != NULL ? words : state, error);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = libpq.PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Return @result, or NULL with *@error set if it is a failure. */
static PGresult *check_result(PGresult *result, GError **error)
{
    if (is_good(result)) {
        return result;
    }
    set_error(result, error);
    libpq.PQclear(result);
    return NULL;
}

/* Run one statement with up to two parameters, as texts. */
static PGresult *query(PGconn *server, GError **error, const char *sql, const char *first,
                       const char *second)
{
    const char *values[] = {first, second};
    int n_values = second != NULL ? 2 : first != NULL ? 1 : 0;
    return check_result(libpq.PQexecParams(server, sql, n_values, NULL, values, NULL, NULL, 0),
                        error);
}

/* Run one or more statements without parameters, throwing their rows away. */
static bool run_simple(PGconn *server, const char *sql, GError **error)
{
    PGresult *result = check_result(libpq.PQexec(server, sql), error);
    libpq.PQclear(result);
    return result != NULL;
}

static int64_t int_at(const PGresult *result, int column)
{
    return g_ascii_strtoll(libpq.PQgetvalue(result, 0, column), NULL, 10);
}

static PGconn *server_of(const StoreConnection *connection)
{
    return ((const PostgresConnection *)connection)->server;
}

/* ---- the place: address and schema ----------------------------------------------------------- */

/* Take our parameter out of @location. */
static void split_location(const char *location, PostgresPlace *place)
{
    g_auto(GStrv) halves = g_strsplit(location, "?", 2);
    g_auto(GStrv) parameters = g_strsplit(halves[1] != NULL ? halves[1] : "", "&", -1);
    g_autoptr(GString) address = g_string_new(halves[0]);
    char separator = '?';
    for (guint i = 0; parameters[i] != NULL; i++) {
        if (g_str_has_prefix(parameters[i], "schema=")) {
            g_free(place->schema);
            place->schema = g_strdup(parameters[i] + strlen("schema="));
        } else if (*parameters[i] != '\0') {
            g_string_append_printf(address, "%c%s", separator, parameters[i]);
            separator = '&';
        }
    }
    place->address = g_string_free(g_steal_pointer(&address), false);
    place->schema = place->schema != NULL ? place->schema : g_strdup("office");
}

static bool postgres_open_place(Store *store, GError **error)
{
    PostgresPlace *place = g_new0(PostgresPlace, 1);
    store->place = place;
    split_location(store->location, place);
    source_random(source_system(), (uint8_t *)&place->token, sizeof place->token);
    if (!store_check_schema_name(place->schema, error) || !late_load(&library, error)) {
        return false;
    }
    PQconninfoOption *options = libpq.PQconninfoParse(place->address, NULL);
    if (options == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the address of the database cannot be read; it is written"
                  " postgres://USER@HOST/DATABASE?schema=NAME");
        return false;
    }
    libpq.PQconninfoFree(options);
    return true;
}

static void postgres_close_place(Store *store)
{
    PostgresPlace *place = store->place;
    g_free(place->address);
    g_free(place->schema);
    g_free(place);
}

/* ---- connecting ------------------------------------------------------------------------------ */

/* Begin to connect, and wait for the answer if @is_blocking.  What the address says itself wins
 * over what stands before it here. */
static PGconn *start_connecting(const PostgresPlace *place, bool is_blocking)
{
    const char *const words[][2] = {
        {"connect_timeout", CONNECT_TIMEOUT_S},
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "60000"},
        {"fallback_application_name", "shuzhi"},
        {"dbname", place->address},
        {"client_encoding", "UTF8"},
    };
    const char *keys[G_N_ELEMENTS(words) + 1] = {NULL}, *values[G_N_ELEMENTS(words) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        keys[i] = words[i][0];
        values[i] = words[i][1];
    }
    return is_blocking ? libpq.PQconnectdbParams(keys, values, 1)
                       : libpq.PQconnectStartParams(keys, values, 1);
}

/* Connect once more, only to hear the SQLSTATE of the refusal, which libpq 15 tells in no other
 * way. The caller owns it; NULL when there is none. */
static char *hear_refusal(const PostgresPlace *place)
{
    PGconn *server = start_connecting(place, false);
    libpq.PQsetErrorVerbosity(server, PQERRORS_SQLSTATE); /* "FATAL:  3D000" */
    int64_t ends_at_us = g_get_monotonic_time() + CLASSIFY_TIMEOUT_MS * 1000;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while ((status == PGRES_POLLING_WRITING || status == PGRES_POLLING_READING) &&
           libpq.PQsocket(server) >= 0 && g_get_monotonic_time() < ends_at_us) {
        short events = status == PGRES_POLLING_WRITING ? POLLOUT : POLLIN;
        struct pollfd wait = {.fd = libpq.PQsocket(server), .events = events};
        poll(&wait, 1, CLASSIFY_TIMEOUT_MS);
        status = libpq.PQconnectPoll(server);
    }
    g_autofree char *message = g_strchomp(g_strdup(libpq.PQerrorMessage(server)));
    libpq.PQfinish(server);
    size_t length = strlen(message);
    if (length < 6 || message[length - 6] != ' ' ||
        strspn(message + length - 5, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5) {
        return NULL;
    }
    return g_strdup(message + length - 5);
}

/* Set *@error to why @server could not be connected. */
static void set_unconnected(const PostgresPlace *place, PGconn *server, GError **error)
{
    g_autofree char *state = NULL;
    if (libpq.PQconnectionNeedsPassword(server)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the database server wants a password: put it into the file ~/.pgpass");
    } else if ((state = hear_refusal(place)) == NULL) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE, "the database server does not answer");
    } else if (strcmp(state, "3D000") == 0) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "the server has no such database");
    } else if (g_str_has_prefix(state, "28")) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the database server refuses this user, or the password");
    } else {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the database server takes no connection now (SQLSTATE %s)", state);
    }
}

static void ignore_notice(void *data, const char *message)
{
}

/* Check that the server can hold what we give it. */
static bool check_server(PGconn *server, GError **error)
{
    if (libpq.PQserverVersion(server) < OLDEST_SERVER) {
        error_set(error, SHUZHI_ERROR_INVALID, "the database server is older than PostgreSQL %d",
                  OLDEST_SERVER / 10000);
        return false;
    }
    if (g_strcmp0(libpq.PQparameterStatus(server, "server_encoding"), "UTF8") != 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the database is not encoded in UTF-8; make one with: createdb --encoding=UTF8");
        return false;
    }
    return true;
}

/* No time limits of the server's (an import may take long), and no commit that is answered before
 * it is on disk; standby settings stricter than that are left alone. */
static const char settings[] =
    "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout',"
    " 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout');"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off';"
    "SET standard_conforming_strings = on; SET bytea_output = hex; SET client_min_messages = error";

static bool set_up_session(PGconn *server, const char *schema, bool is_writer, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SET search_path = ");
    store_append_identifier(sql, schema);
    g_string_append(sql, is_writer ? "" : "; SET default_transaction_read_only = on");
    return run_simple(server, settings, error) && run_simple(server, sql->str, error);
}

/* Connect to the server, without any look into the schema. */
static PGconn *connect_server(const PostgresPlace *place, bool is_writer, GError **error)
{
    PGconn *server = start_connecting(place, true);
    if (libpq.PQstatus(server) != CONNECTION_OK) {
        set_unconnected(place, server, error);
        libpq.PQfinish(server);
        return NULL;
    }
    libpq.PQsetNoticeProcessor(server, ignore_notice, NULL);
    if (!check_server(server, error) || !set_up_session(server, place->schema, is_writer, error)) {
        libpq.PQfinish(server);
        return NULL;
    }
    return server;
}

/* Check that the schema is an office's, or, when it is to be made, that it is not there. */
static bool check_schema(PGconn *server, const char *schema, bool is_new, GError **error)
{
    PGresult *result =
        query(server, error,
              "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = $1),"
              " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
              "  WHERE n.nspname = $1 AND c.relname IN ('migration', 'writer')"
              "  AND c.relkind IN ('r', 'p')),"
              " (SELECT has_schema_privilege(oid, 'USAGE')::int FROM pg_namespace"
              "  WHERE nspname = $1)",
              schema, NULL);
    if (result == NULL) {
        return false;
    }
    bool is_there = int_at(result, 0) > 0;
    bool is_office = int_at(result, 1) == 2;
    bool is_open = is_there && int_at(result, 2) != 0;
    libpq.PQclear(result);
    if (is_new && is_there) {
        error_set(error, SHUZHI_ERROR_EXISTS, "the schema is there already");
    } else if (!is_new && !is_there) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such schema in the database");
    } else if (!is_new && !is_open) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "this user of the database may not use the office's schema");
    } else if (!is_new && !is_office) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "it is not the database of an office");
    } else {
        return true;
    }
    return false;
}

/* ---- the lock: whose session may write ------------------------------------------------------- */

/* One row.  Whoever is named in it may write, as long as that session of the server lives: every
 * transaction of the writer begins by locking it, so that a process which lost the office without
 * knowing it can write nothing more (docs/decisions/0007-postgres-lock.md). */
static const char writer_table[] =
    "CREATE TABLE writer ("
    " k bigint NOT NULL PRIMARY KEY," /* 0 */
    " token bigint NOT NULL,"         /* of the open that holds it or held it last */
    " session bigint NOT NULL,"       /* process id of the server's backend; 0: given back */
    " started bigint NOT NULL,"       /* when that backend started, UTC microseconds */
    " process bigint NOT NULL,"       /* process id of the program, for the message */
    " host text NOT NULL)";           /* the machine it runs on, likewise */

#define STARTED_US "(extract(epoch FROM backend_start) * 1000000)::bigint"

/* Another role's session shows its process id and not its start: that one counts as the holder. */
static const char read_writer[] =
    "SELECT token, process, host, EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = session"
    " AND (backend_start IS NULL OR " STARTED_US " = started))::int"
    " FROM writer WHERE k = 0 FOR UPDATE OF writer NOWAIT";

static const char begin_by_holder[] =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    "SELECT 1 FROM writer WHERE k = 0 AND session = pg_backend_pid() FOR UPDATE";

/* Put this session into the row of `writer`, which is there if @sql updates it. */
static bool write_holder(PGconn *server, const PostgresPlace *place, const char *sql,
                         GError **error)
{
    g_autofree char *token = g_strdup_printf("%" PRId64, place->token);
    g_autofree char *holder = g_strdup_printf("%d %s", (int)getpid(), g_get_host_name());
    PGresult *result = query(server, error, sql, token, holder);
    libpq.PQclear(result);
    return result != NULL;
}

static const char update_holder[] =
    "UPDATE writer SET token = CAST($1 AS bigint), session = pg_backend_pid(),"
    " started = (SELECT " STARTED_US " FROM pg_stat_activity WHERE pid = pg_backend_pid()),"
    " process = CAST(split_part($2, ' ', 1) AS bigint), host = split_part($2, ' ', 2) WHERE k = 0";

static const char insert_holder[] =
    "INSERT INTO writer (k, token, session, started, process, host)"
    " SELECT 0, CAST($1 AS bigint), pid, " STARTED_US ","
    " CAST(split_part($2, ' ', 1) AS bigint), split_part($2, ' ', 2)"
    " FROM pg_stat_activity WHERE pid = pg_backend_pid()";

/* Set *@error if @row (read_writer's) says that another has the office. */
static bool check_holder(const PostgresPlace *place, const PGresult *row, GError **error)
{
    bool is_ours = libpq.PQntuples(row) > 0 && int_at(row, 0) == place->token;
    if (libpq.PQntuples(row) == 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "it is not the database of an office");
    } else if (is_ours || int_at(row, 3) == 0) { /* who had it meanwhile is gone */
        return true;
    } else if (place->is_held) {
        error_set(error, SHUZHI_ERROR_BUSY,
                  "while the connection was lost, process %" PRId64 " on the machine '%s' has taken"
                  " the office over: open it anew",
                  int_at(row, 1), libpq.PQgetvalue(row, 0, 2));
        error_of_system(error);
    } else {
        error_set(error, SHUZHI_ERROR_BUSY,
                  "the office is in use by process %" PRId64 " on the machine '%s'", int_at(row, 1),
                  libpq.PQgetvalue(row, 0, 2));
    }
    return false;
}

/* Take the office for this session; BUSY when it is another's. */
static bool try_claim(PGconn *server, PostgresPlace *place, GError **error)
{
    if (!run_simple(server, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", error)) {
        return false;
    }
    PGresult *row = query(server, error, read_writer, NULL, NULL);
    bool is_ok = row != NULL && check_holder(place, row, error) &&
                 write_holder(server, place, update_holder, error);
    libpq.PQclear(row);
    if (!is_ok) {
        run_simple(server, "ROLLBACK", NULL);
    }
    return is_ok && run_simple(server, "COMMIT", error);
}

/* The same, with some patience. */
static bool claim(PGconn *server, PostgresPlace *place, GError **error)
{
    int64_t ends_at_us = g_get_monotonic_time() + CLAIM_WAIT_US;
    GError *failure = NULL;
    while (!try_claim(server, place, &failure)) {
        if (!error_is(failure, SHUZHI_ERROR_BUSY) || g_get_monotonic_time() >= ends_at_us) {
            g_propagate_error(error, failure);
            return false;
        }
        g_clear_error(&failure);
        g_usleep(CLAIM_PAUSE_US);
    }
    place->is_held = true;
    return true;
}

/* Give the office back, unless it is another session's by now. */
static void release(PGconn *server)
{
    run_simple(server, "UPDATE writer SET session = 0 WHERE k = 0 AND session = pg_backend_pid()",
               NULL);
}

/* ---- connections ----------------------------------------------------------------------------- */

static StoreConnection *postgres_connect(Store *store, bool is_writer, GError **error)
{
    PostgresPlace *place = store->place;
    bool is_new = is_writer && store->mode == STORE_CREATE && !place->is_held;
    PGconn *server = connect_server(place, is_writer, error);
    if (server == NULL || !check_schema(server, place->schema, is_new, error) ||
        (is_writer && !is_new && !claim(server, place, error))) {
        error_prefix(error, "cannot open the office's database (schema '%s')", place->schema);
        libpq.PQfinish(server);
        return NULL;
    }
    PostgresConnection *connection = g_new0(PostgresConnection, 1);
    store_connection_init(&connection->base, store->backend, store, is_writer);
    connection->server = server;
    connection->forgotten = g_string_new(NULL);
    return &connection->base;
}

static void postgres_disconnect(StoreConnection *base)
{
    PostgresConnection *connection = (PostgresConnection *)base;
    store_connection_clear(base);
    if (base->is_writer && libpq.PQtransactionStatus(connection->server) == PQTRANS_IDLE) {
        release(connection->server);
    }
    libpq.PQfinish(connection->server);
    g_string_free(connection->forgotten, true);
    g_free(connection);
}

/* A session that the server ended while it was idle shows as something to read. */
static bool postgres_is_alive(StoreConnection *connection)
{
    PGconn *server = server_of(connection);
    struct pollfd wait = {.fd = libpq.PQsocket(server), .events = POLLIN};
    while (libpq.PQstatus(server) == CONNECTION_OK && poll(&wait, 1, 0) > 0) {
        libpq.PQconsumeInput(server);
    }
    return libpq.PQstatus(server) == CONNECTION_OK;
}

static bool postgres_is_in_transaction(StoreConnection *connection)
{
    PGTransactionStatusType status = libpq.PQtransactionStatus(server_of(connection));
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static bool postgres_run(StoreConnection *connection, const char *sql, GError **error)
{
    PGconn *server = server_of(connection);
    bool is_commit = strcmp(sql, "COMMIT") == 0;
    PGresult *result = libpq.PQexec(server, sql);
    bool is_ok = false;
    if (is_commit && libpq.PQstatus(server) != CONNECTION_OK) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the connection to the database was lost during the commit: whether the change"
                  " was made is unknown, look before you repeat it");
    } else if (!is_good(result)) {
        set_error(result, error);
    } else if (is_commit && strcmp(libpq.PQcmdStatus(result), "COMMIT") != 0) {
        error_set(error, SHUZHI_ERROR_IO, "the database ended the transaction after a failure");
    } else {
        is_ok = true;
    }
    libpq.PQclear(result);
    return is_ok;
}

static bool postgres_begin_write(StoreConnection *connection, bool is_unflushed, GError **error)
{
    PGconn *server = server_of(connection);
    const PostgresPlace *place = connection->store->place;
    if (!place->is_held) { /* the transaction that creates the row */
        return run_simple(server, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", error);
    }
    PGresult *result = check_result(libpq.PQexec(server, begin_by_holder), error);
    bool is_held = result != NULL && libpq.PQntuples(result) == 1;
    libpq.PQclear(result);
    if (result != NULL && !is_held) {
        error_set(error, SHUZHI_ERROR_BUSY,
                  "another process has taken the office over: open it anew");
        error_of_system(error);
    }
    return is_held &&
           (!is_unflushed || run_simple(server, "SET LOCAL synchronous_commit TO off", error));
}

static bool postgres_begin_snapshot(StoreConnection *connection, GError **error)
{
    /* the query fixes the snapshot */
    return postgres_run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1",
                        error);
}

/* ---- making and removing --------------------------------------------------------------------- */

static bool postgres_create(StoreConnection *connection, GError **error)
{
    PGconn *server = server_of(connection);
    PostgresPlace *place = connection->store->place;
    g_autoptr(GString) sql = g_string_new("CREATE SCHEMA ");
    store_append_identifier(sql, place->schema);
    if (!run_simple(server, sql->str, error) || !run_simple(server, writer_table, error) ||
        !write_holder(server, place, insert_holder, error)) {
        error_prefix(error, "cannot make the office's schema '%s'", place->schema);
        return false;
    }
    place->is_held = true;
    return true;
}

/* Drop the schema if its row of `writer` bears our token: then this open made it. */
static void postgres_remove_place(Store *store)
{
    const PostgresPlace *place = store->place;
    PGconn *server = place->is_held ? connect_server(place, true, NULL) : NULL;
    if (server == NULL) {
        return;
    }
    g_autofree char *token = g_strdup_printf("%" PRId64, place->token);
    g_autoptr(GString) drop = g_string_new("DROP SCHEMA ");
    store_append_identifier(drop, place->schema);
    g_string_append(drop, " CASCADE");
    run_simple(server, "BEGIN", NULL);
    PGresult *ours = query(
        server, NULL, "SELECT 1 FROM writer WHERE k = 0 AND token = $1 FOR UPDATE", token, NULL);
    bool is_dropped =
        ours != NULL && libpq.PQntuples(ours) == 1 && run_simple(server, drop->str, NULL);
    libpq.PQclear(ours);
    run_simple(server, is_dropped ? "COMMIT" : "ROLLBACK", NULL);
    libpq.PQfinish(server);
}

/* ---- statements ------------------------------------------------------------------------------ */

static PostgresStatement *own(StoreStatement *statement)
{
    return (PostgresStatement *)statement;
}

/* Forget at the server what was finalized here, where its transaction allows it. */
static bool run_forgotten(PostgresConnection *connection, GError **error)
{
    if (connection->forgotten->len > 0) {
        if (!run_simple(connection->server, connection->forgotten->str, error)) {
            return false;
        }
        g_string_truncate(connection->forgotten, 0);
    }
    return true;
}

static StoreStatement *postgres_prepare(StoreConnection *base, const char *sql, int n_parameters,
                                        GError **error)
{
    PostgresConnection *connection = (PostgresConnection *)base;
    if (!run_forgotten(connection, error)) {
        return NULL;
    }
    char name[16];
    g_snprintf(name, sizeof name, "s%u", ++connection->n_named);
    PGresult *result = check_result(libpq.PQprepare(connection->server, name, sql, 0, NULL), error);
    if (result == NULL) {
        return NULL;
    }
    libpq.PQclear(result);
    PostgresStatement *statement = g_new0(PostgresStatement, 1);
    g_strlcpy(statement->name, name, sizeof statement->name);
    statement->values = g_new0(char *, (size_t)n_parameters + 1);
    statement->lengths = g_new0(int, (size_t)n_parameters + 1);
    statement->formats = g_new0(int, (size_t)n_parameters + 1);
    statement->decoded = g_ptr_array_new_with_free_func(libpq.PQfreemem);
    return &statement->base;
}

static void postgres_reset(StoreStatement *base)
{
    PostgresStatement *statement = own(base);
    g_ptr_array_set_size(statement->decoded, 0);
    g_clear_pointer(&statement->result, libpq.PQclear);
}

static void postgres_bind_null(StoreStatement *base, int n)
{
    PostgresStatement *statement = own(base);
    g_assert(statement->result == NULL);
    g_clear_pointer(&statement->values[n - 1], g_free);
    statement->formats[n - 1] = 0;
}

static void postgres_clear_bindings(StoreStatement *base)
{
    for (int n = 1; n <= base->n_parameters; n++) {
        postgres_bind_null(base, n);
    }
}

static void postgres_finalize(StoreStatement *base)
{
    PostgresStatement *statement = own(base);
    PostgresConnection *connection = (PostgresConnection *)base->connection;
    postgres_reset(base);
    postgres_clear_bindings(base);
    g_string_append_printf(connection->forgotten, "DEALLOCATE %s;", statement->name);
    g_free(statement->values);
    g_free(statement->lengths);
    g_free(statement->formats);
    g_ptr_array_unref(statement->decoded);
    g_free(base->sql);
    g_free(statement);
}

/* Numbers go as text, so that the type that the server found for the place decides. */
static void postgres_bind_int(StoreStatement *base, int n, int64_t value)
{
    postgres_bind_null(base, n);
    own(base)->values[n - 1] = g_strdup_printf("%" PRId64, value);
}

static void postgres_bind_text(StoreStatement *base, int n, const char *text, size_t length,
                               bool is_borrowed)
{
    postgres_bind_null(base, n);
    own(base)->values[n - 1] = g_strndup(text, length);
}

static void postgres_bind_bytes(StoreStatement *base, int n, const void *bytes, size_t length,
                                bool is_borrowed)
{
    PostgresStatement *statement = own(base);
    postgres_bind_null(base, n);
    char *copy = g_malloc(length + 1);
    memcpy(copy, bytes, length);
    statement->values[n - 1] = copy;
    statement->lengths[n - 1] = (int)length;
    statement->formats[n - 1] = 1;
}

/* Return the rows that a statement has changed: of a query libpq.PQcmdTuples() counts what was
 * read. */
static int64_t count_changed(PGresult *result)
{
    return g_str_has_prefix(libpq.PQcmdStatus(result), "SELECT")
               ? 0
               : g_ascii_strtoll(libpq.PQcmdTuples(result), NULL, 10);
}

static bool postgres_step(StoreStatement *base, bool *ret_has_row, GError **error)
{
    PostgresStatement *statement = own(base);
    if (statement->result != NULL) {
        statement->row++;
        g_ptr_array_set_size(statement->decoded, 0);
    } else {
        PGconn *server = server_of(base->connection);
        PGresult *result = libpq.PQexecPrepared(server, statement->name, base->n_parameters,
                                                (const char *const *)statement->values,
                                                statement->lengths, statement->formats, 0);
        statement->result = check_result(result, error);
        if (statement->result == NULL) {
            return false;
        }
        statement->row = 0;
        statement->n_changed = count_changed(statement->result);
    }
    *ret_has_row = statement->row < libpq.PQntuples(statement->result);
    if (!*ret_has_row) {
        postgres_reset(base);
    }
    return true;
}

static int64_t postgres_n_changed(StoreStatement *statement)
{
    return own(statement)->n_changed;
}

static bool postgres_column_is_null(StoreStatement *base, int i)
{
    const PostgresStatement *statement = own(base);
    return libpq.PQgetisnull(statement->result, statement->row, i) != 0;
}

static const char *postgres_column_text(StoreStatement *base, int i)
{
    const PostgresStatement *statement = own(base);
    if (postgres_column_is_null(base, i)) {
        return NULL;
    }
    const char *text = libpq.PQgetvalue(statement->result, statement->row, i);
    if (libpq.PQftype(statement->result, i) == TYPE_BOOL) { /* as SQLite has it */
        return *text == 't' ? "1" : "0";
    }
    return text;
}

static int64_t postgres_column_int(StoreStatement *base, int i)
{
    const char *text = postgres_column_text(base, i);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static const uint8_t *postgres_column_bytes(StoreStatement *base, int i, size_t *ret_length)
{
    PostgresStatement *statement = own(base);
    *ret_length = 0;
    if (postgres_column_is_null(base, i)) {
        return NULL;
    }
    const char *text = libpq.PQgetvalue(statement->result, statement->row, i);
    if (libpq.PQftype(statement->result, i) != TYPE_BYTEA) {
        *ret_length = (size_t)libpq.PQgetlength(statement->result, statement->row, i);
        return (const uint8_t *)text;
    }
    uint8_t *bytes = libpq.PQunescapeBytea((const unsigned char *)text, ret_length);
    g_assert(bytes != NULL); /* only without memory */
    g_ptr_array_add(statement->decoded, bytes);
    return bytes;
}

/* ---- whole databases ------------------------------------------------------------------------- */

/* Pages and indexes are the server's to look after (checksums, amcheck). */
static bool postgres_check(StoreConnection *reader, GError **error)
{
    int64_t n = 0;
    if (!store_query_int(reader, 0, &n, error, "SELECT count(*) FROM writer", "")) {
        return false;
    }
    if (n != 1) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "table 'writer' has %lld rows and must have one: nothing can be written",
                  (long long)n);
    }
    return n == 1;
}

static bool postgres_copy_to(Store *store, const char *path, GError **error)
{
    const PostgresPlace *place = store->place;
    error_set(error, SHUZHI_ERROR_INVALID,
              "an office on PostgreSQL is copied with the server's tool: pg_dump --schema=%s",
              place->schema);
    return false;
}

/* ---- the shape ------------------------------------------------------------------------------- */

static const char columns_query[] =
    "SELECT CAST(attname AS text), format_type(atttypid, atttypmod) || CASE WHEN"
    " attcollation IN (0, '\"C\"'::regcollation) THEN '' ELSE ' collated' END ||"
    " CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END ||"
    " CASE WHEN attgenerated <> '' THEN ' computed' ELSE '' END"
    " FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
    " AND attrelid = (SELECT oid FROM pg_class WHERE relname = $1"
    " AND relnamespace = current_schema()::regnamespace)";

static const char keys_query[] =
    "SELECT (SELECT string_agg(CAST(a.attname AS text), ',' ORDER BY k.n)"
    "  FROM unnest(CAST(i.indkey AS smallint[])) WITH ORDINALITY k (attnum, n)"
    "  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)"
    " || CASE WHEN i.indpred IS NULL THEN '' ELSE ' WHERE' END, NULL FROM pg_index i"
    " WHERE i.indisunique AND i.indisvalid AND i.indrelid = (SELECT oid FROM pg_class"
    " WHERE relname = $1 AND relnamespace = current_schema()::regnamespace)";

static const char made_query[] = "SELECT count(*) FROM pg_class WHERE relname = $1"
                                 " AND relnamespace = current_schema()::regnamespace";

static const char strange_query[] =
    "SELECT 'table', CAST(c.relname AS text) FROM pg_class c"
    " WHERE c.relnamespace = current_schema()::regnamespace"
    " AND (c.relkind NOT IN ('r', 'i') OR c.relrowsecurity"
    " OR EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)"
    " OR EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)"
    " OR EXISTS (SELECT 1 FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent)))"
    " ORDER BY 2";

static const char indexes_query[] =
    "SELECT CAST(indexname AS text) FROM pg_indexes"
    " WHERE schemaname = current_schema() AND left(indexname, length($1)) = $1 ORDER BY 1";

const StoreBackend store_postgres_backend = {
    .dialect = STORE_POSTGRES,
    .open_place = postgres_open_place,
    .close_place = postgres_close_place,
    .remove_place = postgres_remove_place,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .is_alive = postgres_is_alive,
    .is_in_transaction = postgres_is_in_transaction,
    .run = postgres_run,
    .begin_write = postgres_begin_write,
    .begin_snapshot = postgres_begin_snapshot,
    .create = postgres_create,
    .prepare = postgres_prepare,
    .finalize = postgres_finalize,
    .reset = postgres_reset,
    .clear_bindings = postgres_clear_bindings,
    .bind_int = postgres_bind_int,
    .bind_text = postgres_bind_text,
    .bind_bytes = postgres_bind_bytes,
    .bind_null = postgres_bind_null,
    .step = postgres_step,
    .n_changed = postgres_n_changed,
    .column_is_null = postgres_column_is_null,
    .column_int = postgres_column_int,
    .column_text = postgres_column_text,
    .column_bytes = postgres_column_bytes,
    .columns_query = columns_query,
    .keys_query = keys_query,
    .made_query = made_query,
    .strange_query = strange_query,
    .indexes_query = indexes_query,
    .check = postgres_check,
    .copy_to = postgres_copy_to,
};
