#include "office/token.h"

#include "base/text.h"
#include "office/office-internal.h"

#define TOKEN_BYTES 32
#define NOTE_EACH_US (INT64_C(60) * G_USEC_PER_SEC)

enum {
    TOKEN_ACCOUNT,
    TOKEN_NAME,
    TOKEN_HASH,
    TOKEN_MAY_WRITE,
    TOKEN_BEGUN,
    TOKEN_UNTIL,
    TOKEN_N_COLUMNS,
};

static const LogColumn token_columns[TOKEN_N_COLUMNS] = {
    [TOKEN_ACCOUNT] = {"account", VALUE_REF, false},
    [TOKEN_NAME] = {"name", VALUE_TEXT, true},
    [TOKEN_HASH] = {"hash", VALUE_TEXT, false},
    [TOKEN_MAY_WRITE] = {"may_write", VALUE_BOOL, false},
    [TOKEN_BEGUN] = {"begun", VALUE_TIME, false},
    [TOKEN_UNTIL] = {"until", VALUE_TIME, false},
};
const LogTable office_token_table = {"token", "token", N_("token"), token_columns, TOKEN_N_COLUMNS};

void office_token_free(OfficeToken *token)
{
    if (token != NULL) {
        g_free(token->name);
        g_free(token);
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct TokenWork {
    const RightsSubject *subject;
    const char *name;
    const char *hash;
    bool may_write;
    int days;
    int64_t id;
} TokenWork;

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    const TokenWork *work = data;
    int64_t now_us = log_writer_now_us(writer);
    int64_t n = 0;
    if (!store_query_int(log_writer_connection(writer), 0, &n, error,
                         "SELECT count(*) FROM token WHERE account = $1", "i",
                         work->subject->account)) {
        return false;
    }
    if (n >= OFFICE_TOKEN_MAX_OF_ACCOUNT) {
        error_set(error, SHUZHI_ERROR_LIMIT, "an account has at most %d tokens; end one first",
                  OFFICE_TOKEN_MAX_OF_ACCOUNT);
        return false;
    }
    g_auto(Value) name = value_text(work->name);
    g_auto(Value) hash = value_text(work->hash);
    const Value values[TOKEN_N_COLUMNS] = {
        [TOKEN_ACCOUNT] = value_ref(work->subject->account),
        [TOKEN_NAME] = name,
        [TOKEN_HASH] = hash,
        [TOKEN_MAY_WRITE] = value_bool(work->may_write),
        [TOKEN_BEGUN] = value_time(now_us),
        [TOKEN_UNTIL] = value_time(now_us + work->days * DATE_US_PER_DAY),
    };
    return log_record_add(writer, &office_token_table, values, NULL, error);
}

static bool check_new(const TokenWork *work, GError **error)
{
    glong n_chars = g_utf8_strlen(work->name, -1);
    if (work->subject->account == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "only an account has tokens");
    } else if (n_chars == 0 || n_chars > OFFICE_TOKEN_MAX_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a token has a name of at most %d characters",
                  OFFICE_TOKEN_MAX_NAME_CHARS);
    } else if (work->days < 1 || work->days > OFFICE_TOKEN_MAX_DAYS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a token is good for 1 to %d days",
                  OFFICE_TOKEN_MAX_DAYS);
    } else {
        return true;
    }
    return false;
}

bool office_token_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const char *name, bool may_write, int days, char **ret_token, GError **error)
{
    uint8_t bytes[TOKEN_BYTES];
    g_autofree char *stripped = text_strip_dup(name);
    source_random(office_source(office), bytes, sizeof bytes);
    g_autofree char *hex = text_to_hex(bytes, sizeof bytes);
    g_autofree char *token = g_strconcat(OFFICE_TOKEN_PREFIX, hex, NULL);
    g_autofree char *hash = crypto_hash_hex(token, strlen(token));
    crypto_wipe(bytes, sizeof bytes);
    TokenWork work = {
        .subject = subject, .name = stripped, .hash = hash, .may_write = may_write, .days = days};
    if (!check_new(&work, error) || !log_write(office_log(office), act, add_job, &work, error)) {
        return false;
    }
    *ret_token = g_steal_pointer(&token);
    return true;
}

static bool end_job(LogWriter *writer, void *data, GError **error)
{
    const TokenWork *work = data;
    int64_t holder = 0;
    if (!store_query_int(log_writer_connection(writer), 0, &holder, error,
                         "SELECT account FROM token WHERE id = $1", "i", work->id)) {
        return false;
    }
    bool is_own = holder != 0 && holder == work->subject->account;
    return (is_own || rights_may(work->subject, RIGHTS_ACCOUNT_CHANGE, NULL, error)) &&
           log_record_remove(writer, &office_token_table, work->id, error);
}

bool office_token_end(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                      GError **error)
{
    TokenWork work = {.subject = subject, .id = id};
    return log_write(office_log(office), act, end_job, &work, error);
}

/* ---- reading --------------------------------------------------------------------------------- */

#define SELECT_TOKEN "SELECT id, account, name, may_write, begun, until, used FROM token"

static OfficeToken *read_token(StoreStatement *query)
{
    OfficeToken *token = g_new0(OfficeToken, 1);
    token->id = store_column_int(query, 0);
    token->account = store_column_int(query, 1);
    token->name = g_strdup(store_column_text(query, 2));
    token->may_write = store_column_int(query, 3) != 0;
    token->begun_us = store_column_int(query, 4);
    token->until_us = store_column_int(query, 5);
    token->used_us = store_column_is_null(query, 6) ? 0 : store_column_int(query, 6);
    return token;
}

/* What is noted of a use: no event, as nothing of the office's changes. */
typedef struct Use {
    int64_t id;
    int64_t now_us;
} Use;

static bool note_job(StoreConnection *connection, void *data, GError **error)
{
    const Use *use = data;
    return store_run(connection, error, "UPDATE token SET used = $2 WHERE id = $1", "ii", use->id,
                     use->now_us);
}

bool office_token_find(Office *office, StoreConnection *connection, const char *token,
                       OfficeToken **ret_token, GError **error)
{
    int64_t now_us = source_now_us(office_source(office));
    g_autofree char *hash = crypto_hash_hex(token, strlen(token));
    g_autoptr(StoreStatement) query = store_query(
        connection, error, SELECT_TOKEN " WHERE hash = $1 AND until > $2", "ti", hash, now_us);
    bool has_row = false;
    *ret_token = NULL;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (!has_row) {
        return true;
    }
    g_autoptr(OfficeToken) found = read_token(query);
    Use use = {found->id, now_us};
    if (now_us - found->used_us > NOTE_EACH_US) {
        office_note(office, note_job, &use);
    }
    *ret_token = g_steal_pointer(&found);
    return true;
}

static void free_token(gpointer token)
{
    office_token_free(token);
}

GPtrArray *office_token_list(StoreConnection *connection, int64_t account, GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(free_token);
    g_autoptr(StoreStatement) query = store_query(
        connection, error, SELECT_TOKEN " WHERE $1 = 0 OR account = $1 ORDER BY id", "i", account);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_ptr_array_add(tokens, read_token(query));
    }
    return has_row ? NULL : g_steal_pointer(&tokens);
}
