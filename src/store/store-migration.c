#include "store/store-internal.h"

#include <inttypes.h>

#include "base/source.h"

/* ---- the migration language ------------------------------------------------------------------ */

typedef struct TypeWord {
    const char *word;
    const char *in_dialect[2];
} TypeWord;

static const TypeWord type_words[] = {
    {"{int}", {[STORE_SQLITE] = "INTEGER", [STORE_POSTGRES] = "bigint"}},
    {"{text}", {[STORE_SQLITE] = "TEXT", [STORE_POSTGRES] = "text COLLATE \"C\""}},
    {"{blob}", {[STORE_SQLITE] = "BLOB", [STORE_POSTGRES] = "bytea"}},
    {"{strict}", {[STORE_SQLITE] = "STRICT", [STORE_POSTGRES] = ""}},
};

/* Append the meaning of the word at @at; returns its length, 0 with *@error set for no word. */
static size_t append_word(GString *out, const char *at, StoreDialect dialect, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(type_words); i++) {
        if (g_str_has_prefix(at, type_words[i].word)) {
            g_string_append(out, type_words[i].in_dialect[dialect]);
            return strlen(type_words[i].word);
        }
    }
    error_set(error, SHUZHI_ERROR_INVALID, "unknown word in a migration: '%.*s'",
              (int)strcspn(at, "}\n") + 1, at);
    return 0;
}

size_t store_token_length(const char *at)
{
    if (*at == '\'' || *at == '"') {
        const char *end = strchr(at + 1, *at);
        return end != NULL ? (size_t)(end - at) + 1 : strlen(at);
    }
    if (at[0] == '-' && at[1] == '-') {
        return strcspn(at, "\n");
    }
    return 1;
}

/* Skip what stands before a statement: white space, comments, lone semicolons. */
static const char *skip_to_statement(const char *at)
{
    while (*at != '\0' && (g_ascii_isspace(*at) || *at == ';' || g_str_has_prefix(at, "--"))) {
        at += store_token_length(at);
    }
    return at;
}

char *store_next_statement(StoreDialect dialect, const char **script, GError **error)
{
    const char *at = skip_to_statement(*script);
    if (*at == '\0') {
        return NULL;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    while (*at != '\0' && *at != ';') {
        size_t length;
        if (*at == '{') {
            length = append_word(out, at, dialect, error);
            if (length == 0) {
                return NULL;
            }
        } else {
            length = store_token_length(at);
            g_string_append_len(out, at, (gssize)length);
        }
        at += length;
    }
    *script = at;
    return g_string_free(g_steal_pointer(&out), false);
}

bool store_run_script(StoreConnection *connection, const char *script, GError **error)
{
    g_assert(connection->is_writer && connection->in_transaction);
    GError *failure = NULL;
    g_autofree char *sql = NULL;
    if (!store_connection_is_sound(connection, error)) {
        return false;
    }
    while ((sql = store_next_statement(connection->backend->dialect, &script, &failure)) != NULL) {
        if (!connection->backend->run(connection, sql, &failure)) {
            break;
        }
        g_clear_pointer(&sql, g_free);
    }
    if (failure != NULL) {
        store_connection_fail(connection, failure, error);
        return false;
    }
    return true;
}

static bool is_identifier(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return g_ascii_islower(name[0]) && name[length] == '\0' && length <= STORE_MAX_IDENTIFIER_BYTES;
}

void store_append_identifier(GString *out, const char *name)
{
    g_assert(is_identifier(name));
    g_string_append_printf(out, "\"%s\"", name);
}

bool store_check_schema_name(const char *name, GError **error)
{
    if (is_identifier(name) && !g_str_has_prefix(name, "pg_")) { /* those are PostgreSQL's own */
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' cannot name a schema: use small letters, digits and '_', at most %d, with a"
              " letter and not 'pg_' in front",
              name, STORE_MAX_IDENTIFIER_BYTES);
    return false;
}

GPtrArray *store_index_names(StoreConnection *connection, const char *prefix, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreStatement) query =
        store_query(connection, error, connection->backend->indexes_query, "t", prefix);
    bool has_row = query != NULL;
    while (has_row && store_step(query, &has_row, error)) {
        if (!has_row) {
            return g_steal_pointer(&names);
        }
        g_ptr_array_add(names, g_strdup(store_column_text(query, 0)));
    }
    return NULL;
}

/* ---- migrations ------------------------------------------------------------------------------ */

static bool apply(StoreConnection *connection, const StoreMigration *migration, GError **error)
{
    if (store_run_script(connection, migration->script, error) &&
        store_run(connection, error,
                  "INSERT INTO migration (number, name, applied_at) VALUES ($1, $2, $3)", "iti",
                  (int64_t)migration->number, migration->name, source_now_us(source_system()))) {
        return true;
    }
    error_prefix(error, "migration %d (%s)", migration->number, migration->name);
    return false;
}

/* Apply @n_migrations in one transaction, after marking the database as an office's if @is_new. */
static bool apply_in_transaction(StoreConnection *connection, bool is_new,
                                 const StoreMigration *migrations, size_t n_migrations,
                                 GError **error)
{
    if (!store_transaction_begin(connection, false, error)) {
        return false;
    }
    bool is_ok = !is_new || connection->backend->create(connection, error);
    for (size_t i = 0; is_ok && i < n_migrations; i++) {
        is_ok = apply(connection, &migrations[i], error);
    }
    if (!is_ok) {
        store_transaction_abandon(connection);
        return false;
    }
    return store_transaction_end(connection, "COMMIT", error);
}

bool store_migrate(StoreConnection *connection, StoreMode mode, const StoreMigration *migrations,
                   size_t n_migrations, GError **error)
{
    if (mode == STORE_CREATE) {
        return apply_in_transaction(connection, true, migrations, n_migrations, error);
    }
    int64_t version = 0;
    if (!store_query_int(connection, 0, &version, error, "SELECT max(number) FROM migration", "")) {
        return false;
    }
    if (version < 0 || (uint64_t)version > n_migrations) {
        error_set(error, SHUZHI_ERROR_VERSION,
                  "the office has tables of version %" PRId64
                  ", this program knows versions up to %zu: use a newer program",
                  version, n_migrations);
        return false;
    }
    if (mode == STORE_READ && (size_t)version < n_migrations) {
        error_set(error, SHUZHI_ERROR_VERSION,
                  "the office has tables of the older version %" PRId64
                  ", this program needs %zu: any command that writes brings it up to date",
                  version, n_migrations);
        return false;
    }
    for (size_t i = (size_t)version; i < n_migrations; i++) {
        if (!apply_in_transaction(connection, false, &migrations[i], 1, error)) {
            return false;
        }
    }
    return true;
}
