#include "office/session.h"

#include "base/json.h"
#include "base/text.h"
#include "office/office-internal.h"
#include "office/setting.h"

#define TOKEN_BYTES 32
#define NOTE_EACH_US (INT64_C(60) * G_USEC_PER_SEC)
#define MAX_AGENT_CHARS 200
#define MAX_ADDRESS_CHARS 60
#define MAX_PATH_CHARS 200

void office_session_free(OfficeSession *session)
{
    if (session != NULL) {
        g_free(session->id);
        g_free(session->address);
        g_free(session->agent);
        g_free(session);
    }
}

/* Return at most @n_chars characters of @text, made UTF-8; the caller owns it. */
static char *cut(const char *text, glong n_chars)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    return g_utf8_substring(valid, 0, MIN(n_chars, g_utf8_strlen(valid, -1)));
}

/* Return how long a session lasts without use: an administrator's, or another's. */
static int64_t idle_us(const Office *office, bool is_administrator)
{
    int minutes = office_setting(office, is_administrator ? OFFICE_ADMINISTRATOR_IDLE_MINUTES
                                                          : OFFICE_IDLE_MINUTES);
    return (int64_t)minutes * 60 * G_USEC_PER_SEC;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a job is about. */
typedef struct SessionWork {
    const char *id;
    int64_t account;
    const char *address;
    const char *agent;
    int64_t now_us;
    int64_t idle_us; /* sessions that were not used for so long are over for everybody */
} SessionWork;

/* The hash of the token stands in the event: by it a session that nobody began is told
 * (office/verify.c). */
static bool append_begin(LogWriter *writer, const SessionWork *work, int64_t *ret_seq,
                         GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "account", work->account);
    json_write_key_text(&json, "address", work->address);
    json_write_key_int(&json, "begun", work->now_us);
    json_write_key_text(&json, "token", work->id);
    json_write_end_object(&json);
    g_autofree char *data = json_writer_finish(&json);
    return log_append(writer, "session.begin", 0, data, NULL, ret_seq, error);
}

static bool append_end(LogWriter *writer, const SessionWork *work, int64_t seq, GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "account", work->account);
    json_write_end_object(&json);
    g_autofree char *data = json_writer_finish(&json);
    return log_append(writer, "session.end", seq, data, NULL, NULL, error);
}

/* Remove what is over, and end the oldest of @account, so that one more fits. */
static bool make_room(LogWriter *writer, const SessionWork *work, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    bool is_ok =
        store_run(connection, error, "DELETE FROM session WHERE seen < $1 OR begun < $2", "ii",
                  work->now_us - work->idle_us, work->now_us - OFFICE_SESSION_MAX_US);
    int64_t oldest = is_ok ? -1 : 0; /* 0: there is room */
    while (is_ok && oldest != 0) {
        oldest = 0;
        is_ok = store_query_int(connection, 0, &oldest, error,
                                "SELECT seq FROM session WHERE account = $1"
                                " ORDER BY begun DESC, token LIMIT 1 OFFSET $2",
                                "ii", work->account, (int64_t)OFFICE_SESSION_MAX_OF_ACCOUNT - 1) &&
                (oldest == 0 ||
                 (store_run(connection, error, "DELETE FROM session WHERE seq = $1", "i", oldest) &&
                  append_end(writer, work, oldest, error)));
    }
    return is_ok;
}

static bool begin_job(LogWriter *writer, void *data, GError **error)
{
    const SessionWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    int64_t seq = 0;
    return make_room(writer, work, error) && append_begin(writer, work, &seq, error) &&
           store_run(connection, error,
                     "INSERT INTO session (token, seq, account, begun, seen, address, agent)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                     "tiiiitt", work->id, seq, work->account, work->now_us, work->now_us,
                     work->address, work->agent);
}

bool office_session_begin(Office *office, int64_t account, const char *address, const char *agent,
                          char **ret_token, GError **error)
{
    uint8_t bytes[TOKEN_BYTES];
    source_random(office_source(office), bytes, sizeof bytes);
    g_autofree char *token = text_to_hex(bytes, sizeof bytes);
    g_autofree char *id = crypto_hash_hex(token, strlen(token));
    g_autofree char *short_address = cut(address, MAX_ADDRESS_CHARS);
    g_autofree char *short_agent = cut(agent, MAX_AGENT_CHARS);
    g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, account);
    const LogAct act = {.actor = actor, .from = short_address};
    SessionWork work = {.id = id,
                        .account = account,
                        .address = short_address,
                        .agent = short_agent,
                        .now_us = source_now_us(office_source(office)),
                        .idle_us = MAX(idle_us(office, false), idle_us(office, true))};
    crypto_wipe(bytes, sizeof bytes);
    if (!log_write(office_log(office), &act, begin_job, &work, error)) {
        return false;
    }
    *ret_token = g_steal_pointer(&token);
    return true;
}

/* ---- refusing -------------------------------------------------------------------------------- */

static bool refuse_job(LogWriter *writer, void *data, GError **error)
{
    const char *name = data;
    int64_t account = 0; /* there is none */
    if (!store_query_int(log_writer_connection(writer), 0, &account, error,
                         "SELECT id FROM account WHERE name = $1", "t", name)) {
        return false;
    }
    g_autofree char *text = g_strdup_printf("{\"account\":%" G_GINT64_FORMAT "}", account);
    return log_append(writer, "session.refuse", 0, text, NULL, NULL, error);
}

bool office_session_refuse(Office *office, const char *name, const char *address, GError **error)
{
    g_autofree char *short_address = cut(address, MAX_ADDRESS_CHARS);
    g_autofree char *actor = g_strconcat("address:", short_address, NULL);
    const LogAct act = {.actor = actor, .from = short_address};
    return log_write(office_log(office), &act, refuse_job, (void *)name, error);
}

static bool deny_job(LogWriter *writer, void *data, GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "path", data);
    json_write_end_object(&json);
    g_autofree char *text = json_writer_finish(&json);
    return log_append(writer, "session.deny", 0, text, NULL, NULL, error);
}

bool office_session_deny(Office *office, const LogAct *act, const char *path, GError **error)
{
    g_autofree char *short_path = cut(path, MAX_PATH_CHARS);
    return log_write(office_log(office), act, deny_job, short_path, error);
}

/* ---- ending ---------------------------------------------------------------------------------- */

static bool end_job(LogWriter *writer, void *data, GError **error)
{
    const SessionWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    int64_t seq = 0; /* there is none */
    if (!store_query_int(connection, 0, &seq, error,
                         "SELECT seq FROM session WHERE token = $1 AND account = $2", "ti",
                         work->id, work->account)) {
        return false;
    }
    return seq == 0 ||
           (store_run(connection, error, "DELETE FROM session WHERE token = $1", "t", work->id) &&
            append_end(writer, work, seq, error));
}

bool office_session_end(Office *office, int64_t account, const char *id, GError **error)
{
    g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, account);
    const LogAct act = {.actor = actor};
    SessionWork work = {.id = id, .account = account};
    return log_write(office_log(office), &act, end_job, &work, error);
}

static bool note_job(StoreConnection *connection, void *data, GError **error)
{
    const SessionWork *work = data;
    return store_run(connection, error, "UPDATE session SET seen = $2 WHERE token = $1", "ti",
                     work->id, work->now_us);
}

/* ---- reading --------------------------------------------------------------------------------- */

#define SELECT_SESSION                                                                     \
    "SELECT session.token, session.account, session.begun, session.seen, session.address," \
    " session.agent, CASE WHEN account.administrator IS NULL THEN 0 ELSE 1 END"            \
    " FROM session JOIN account ON account.id = session.account"

static OfficeSession *read_session(const Office *office, StoreStatement *query)
{
    OfficeSession *session = g_new0(OfficeSession, 1);
    session->id = g_strdup(store_column_text(query, 0));
    session->account = store_column_int(query, 1);
    session->begun_us = store_column_int(query, 2);
    session->seen_us = store_column_int(query, 3);
    session->address = g_strdup(store_column_text(query, 4));
    session->agent = g_strdup(store_column_text(query, 5));
    session->idle_us = idle_us(office, store_column_int(query, 6) != 0);
    return session;
}

static bool is_open(const OfficeSession *session, int64_t now_us)
{
    return now_us - session->seen_us < session->idle_us &&
           now_us - session->begun_us < OFFICE_SESSION_MAX_US;
}

/* Look up the session @id, open or not; *@ret_session is NULL when there is none. */
static bool look_up(Office *office, const char *id, OfficeSession **ret_session, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(StoreStatement) query =
        reader != NULL
            ? store_query(reader, error, SELECT_SESSION " WHERE session.token = $1", "t", id)
            : NULL;
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_session = has_row ? read_session(office, query) : NULL;
    return true;
}

bool office_session_find(Office *office, const char *token, OfficeSession **ret_session,
                         GError **error)
{
    int64_t now_us = source_now_us(office_source(office));
    g_autofree char *id = crypto_hash_hex(token, strlen(token));
    g_autoptr(OfficeSession) session = NULL;
    *ret_session = NULL;
    if (!look_up(office, id, &session, error)) {
        return false;
    }
    if (session == NULL || !is_open(session, now_us)) {
        return true;
    }
    SessionWork work = {.id = id, .now_us = now_us};
    if (now_us - session->seen_us > NOTE_EACH_US) { /* left out, it only ends the earlier */
        office_note(office, note_job, &work);
    }
    *ret_session = g_steal_pointer(&session);
    return true;
}

static void free_session(gpointer session)
{
    office_session_free(session);
}

GPtrArray *office_session_list(Office *office, int64_t account, GError **error)
{
    int64_t now_us = source_now_us(office_source(office));
    g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func(free_session);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(StoreStatement) query =
        reader != NULL
            ? store_query(reader, error,
                          SELECT_SESSION " WHERE session.account = $1 ORDER BY session.begun DESC",
                          "i", account)
            : NULL;
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        g_autoptr(OfficeSession) session = has_row ? read_session(office, query) : NULL;
        if (session != NULL && is_open(session, now_us)) {
            g_ptr_array_add(sessions, g_steal_pointer(&session));
        }
    }
    return query != NULL ? g_steal_pointer(&sessions) : NULL;
}

/* ---- forms ----------------------------------------------------------------------------------- */

char *office_session_form_token(const char *token)
{
    uint8_t mac[CRYPTO_HASH_SIZE];
    crypto_mac(token, strlen(token), "form", strlen("form"), mac);
    return text_to_hex(mac, sizeof mac);
}

bool office_session_is_form_token(const char *token, const char *given)
{
    g_autofree char *expected = office_session_form_token(token);
    return given != NULL && strlen(given) == strlen(expected) &&
           crypto_is_equal(given, expected, strlen(expected));
}
