#include "office/verify.h"

#include "base/json.h"
#include "base/text.h"
#include "log/verify-table.h"
#include "office/office-internal.h"

static char *hash_text(const char *text)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash(text, strlen(text), hash);
    return text_to_hex(hash, sizeof hash);
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
                       0, "table definition has %lld rows, the log says %lld", (long long)n_rows,
                       (long long)expected);
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
           verify_credentials(connection, report, error);
}
