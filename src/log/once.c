#include "log/once.h"

bool log_once_find(StoreConnection *connection, const char *actor, const LogOnce *once,
                   int64_t now_us, bool *ret_is_done, int64_t *ret_seq, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT digest, seq FROM once WHERE actor = $1 AND key = $2 AND at > $3",
        "tti", actor, once->key, now_us - LOG_ONCE_US);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (has_row && !g_str_equal(store_column_text(query, 0), once->digest)) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "the key '%s' was used for another request",
                  once->key);
        return false;
    }
    *ret_is_done = has_row;
    *ret_seq = has_row ? store_column_int(query, 1) : 0;
    return true;
}

bool log_once_note(StoreConnection *connection, const char *actor, const LogOnce *once, int64_t seq,
                   int64_t now_us, GError **error)
{
    return store_run(connection, error, "DELETE FROM once WHERE at <= $1", "i",
                     now_us - LOG_ONCE_US) &&
           store_run(connection, error,
                     "INSERT INTO once (actor, key, digest, seq, at) VALUES ($1, $2, $3, $4, $5)",
                     "tttii", actor, once->key, once->digest, seq, now_us);
}
