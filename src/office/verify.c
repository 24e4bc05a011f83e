#include "office/verify.h"

#include "base/json.h"
#include "base/text.h"
#include "log/verify-table.h"
#include "office/office-internal.h"

static char *hash_text(const char *text)
{
    return crypto_hash_hex(text, strlen(text));
}

/* ---- definitions ----------------------------------------------------------------------------- */

/* A definition and the event of its id, as stored. */
#define SELECT_DEFINITIONS                                                                       \
    "SELECT d.id, d.object, d.kind, d.name, d.version, d.since, d.sha256, d.text, d.is_current," \
    " e.object, e.kind, e.at, e.line, COALESCE((SELECT max(later.seq) FROM event later"          \
    " WHERE later.object = d.object AND later.object <> later.seq), d.object)"                   \
    " FROM definition d LEFT JOIN event e ON e.seq = d.id"                                       \
    " WHERE d.id > $1 ORDER BY d.id LIMIT 50"

/* Return whether the event's `data` says what the row on which @query stands does. */
static bool is_as_logged(StoreStatement *query)
{
    const char *line = store_column_text(query, 12);
    g_autoptr(json_t) event = json_parse(line, strlen(line), NULL);
    const json_t *data = json_object_get(event, "data");
    return g_strcmp0(json_string_value(json_object_get(data, "kind")),
                     store_column_text(query, 2)) == 0 &&
           g_strcmp0(json_string_value(json_object_get(data, "path")),
                     store_column_text(query, 3)) == 0 &&
           json_integer_value(json_object_get(data, "version")) == store_column_int(query, 4) &&
           g_strcmp0(json_string_value(json_object_get(data, "sha256")),
                     store_column_text(query, 6)) == 0;
}

static void check_definition(StoreStatement *query, LogReport *report)
{
    int64_t id = store_column_int(query, 0);
    const char *name = store_column_text(query, 3);
    const char *kind = store_column_text(query, 10);
    if (g_strcmp0(kind, "definition.add") != 0 && g_strcmp0(kind, "definition.change") != 0) {
        log_report_add(report, LOG_ALTERED, "definition-unlogged", id, id,
                       "definition '%s' has no event that began it", name);
        return;
    }
    g_autofree char *sha256 = hash_text(store_column_text(query, 7));
    if (!g_str_equal(sha256, store_column_text(query, 6))) {
        log_report_add(report, LOG_ALTERED, "definition-text", id, id,
                       "the text of definition '%s' was altered", name);
    }
    bool is_current = store_column_int(query, 13) == id;
    if (!is_as_logged(query) || store_column_int(query, 1) != store_column_int(query, 9) ||
        store_column_int(query, 5) != store_column_int(query, 11) ||
        store_column_int(query, 8) != (is_current ? 1 : 0)) {
        log_report_add(report, LOG_ALTERED, "definition", id, id,
                       "definition '%s' is not what was logged", name);
    }
}

/* Check at most a page of definitions after *@after, which moves on; *@ret_n is how many there
 * were. */
static bool check_page(StoreConnection *connection, int64_t *after, int64_t *ret_n,
                       LogReport *report, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, SELECT_DEFINITIONS, "i", *after);
    bool has_row = true;
    *ret_n = 0;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        check_definition(query, report);
        *after = store_column_int(query, 0);
        (*ret_n)++;
    }
    return !has_row;
}

static bool verify_definitions(StoreConnection *connection, LogReport *report, GError **error)
{
    int64_t after = 0;
    int64_t n_rows = 0;
    int64_t n = 0;
    if (!log_verify_ids(connection, "definition", "id", report, error)) {
        return false;
    }
    do {
        if (!check_page(connection, &after, &n, report, error)) {
            return false;
        }
        n_rows += n;
    } while (n > 0);
    int64_t expected =
        log_report_count(report, "definition.add") + log_report_count(report, "definition.change");
    if (n_rows != expected) {
        log_report_add(report, n_rows < expected ? LOG_MISSING : LOG_ALTERED, "definition-count", 0,
                       0, "table %s has %lld rows, the log says %lld", "definition",
                       (long long)n_rows, (long long)expected);
    }
    report->n_objects += n_rows;
    return true;
}

/* ---- passwords ------------------------------------------------------------------------------- */

/* The digests in table account are checked as part of its records; here the hashes against the
 * digests. */
static bool verify_credentials(StoreConnection *connection, LogReport *report, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT a.id, a.password, c.hash FROM account a"
                    " LEFT JOIN credential c ON c.account = a.id ORDER BY a.id",
                    "");
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        int64_t id = store_column_int(query, 0);
        const char *hash = store_column_text(query, 2);
        g_autofree char *digest = hash != NULL ? hash_text(hash) : NULL;
        if (g_strcmp0(digest, store_column_text(query, 1)) != 0) {
            log_report_add(report, hash == NULL ? LOG_MISSING : LOG_ALTERED, "password", 0, id,
                           "the password hash of account %lld is not what was logged",
                           (long long)id);
        }
    }
    return !has_row;
}

/* ---- second factors -------------------------------------------------------------------------- */

/* An account or session of which the events are still to be read. */
typedef struct Holder {
    int64_t seq; /* of its first event */
    int64_t account;
    int64_t begun_us;
    char *text; /* hash of the factor's secret, NULL: none; of the session's token */
    char *address;
} Holder;

static void free_holder(gpointer data)
{
    Holder *holder = data;
    g_free(holder->text);
    g_free(holder->address);
    g_free(holder);
}

static bool verify_factors(StoreConnection *connection, LogReport *report, GError **error)
{
    g_autoptr(GPtrArray) holders = g_ptr_array_new_with_free_func(free_holder);
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT a.id, f.secret FROM account a LEFT JOIN factor f ON f.account = a.id"
                    " ORDER BY a.id",
                    "");
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        Holder *holder = g_new0(Holder, 1);
        size_t length = 0;
        const uint8_t *secret = store_column_bytes(query, 1, &length);
        holder->seq = store_column_int(query, 0);
        holder->text = secret != NULL ? crypto_hash_hex(secret, length) : NULL;
        g_ptr_array_add(holders, holder);
    }
    for (guint i = 0; !has_row && i < holders->len; i++) {
        const Holder *holder = g_ptr_array_index(holders, i);
        g_autoptr(LogFold) fold = log_fold_object(connection, holder->seq, error);
        if (fold == NULL) {
            return false;
        }
        if (g_strcmp0(log_fold_get(fold, "factor"), holder->text) != 0) {
            log_report_add(report, holder->text == NULL ? LOG_MISSING : LOG_ALTERED, "factor", 0,
                           holder->seq, "the second factor of account %lld is not what was logged",
                           (long long)holder->seq);
        }
    }
    return !has_row;
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void check_session(const Holder *session, const LogFold *fold, LogReport *report)
{
    g_autofree char *account = g_strdup_printf("%" G_GINT64_FORMAT, session->account);
    g_autofree char *begun = g_strdup_printf("%" G_GINT64_FORMAT, session->begun_us);
    if (g_strcmp0(log_fold_first_kind(fold), "session.begin") != 0 ||
        g_strcmp0(log_fold_last_kind(fold), "session.begin") != 0 ||
        g_strcmp0(log_fold_get(fold, "account"), account) != 0 ||
        g_strcmp0(log_fold_get(fold, "begun"), begun) != 0 ||
        g_strcmp0(log_fold_get(fold, "token"), session->text) != 0 ||
        g_strcmp0(log_fold_get(fold, "address"), session->address) != 0) {
        log_report_add(report, LOG_ALTERED, "session", session->seq, session->account,
                       "a session of account %lld is not one that the log says was begun and has "
                       "not ended",
                       (long long)session->account);
    }
}

/* Sessions end by themselves as well, so that one which is not there is nothing to tell of. */
static bool verify_sessions(StoreConnection *connection, LogReport *report, GError **error)
{
    g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func(free_holder);
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT seq, account, begun, token, address FROM session ORDER BY token", "");
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        Holder *session = g_new0(Holder, 1);
        session->seq = store_column_int(query, 0);
        session->account = store_column_int(query, 1);
        session->begun_us = store_column_int(query, 2);
        session->text = g_strdup(store_column_text(query, 3));
        session->address = g_strdup(store_column_text(query, 4));
        g_ptr_array_add(sessions, session);
    }
    for (guint i = 0; !has_row && i < sessions->len; i++) {
        const Holder *session = g_ptr_array_index(sessions, i);
        g_autoptr(LogFold) fold = log_fold_object(connection, session->seq, error);
        if (fold == NULL) {
            return false;
        }
        check_session(session, fold, report);
    }
    return !has_row;
}

bool office_verify(StoreConnection *connection, LogReport *report, GError **error)
{
    const LogTable *const tables[] = {
        &office_table,       &office_unit_table,         &office_person_table,
        &office_post_table,  &office_account_table,      &office_setting_table,
        &office_token_table, &office_verification_table,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (!log_verify_table(connection, tables[i], report, error)) {
            return false;
        }
    }
    return verify_definitions(connection, report, error) &&
           verify_credentials(connection, report, error) &&
           verify_factors(connection, report, error) && verify_sessions(connection, report, error);
}
