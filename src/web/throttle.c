#include "web/throttle.h"

/* The failures of one account or address. */
typedef struct Failures {
    int n;
    int64_t last_us;
} Failures;

struct Throttle {
    GMutex mutex;
    GHashTable *failures; /* "account NAME" or "address ADDRESS" -> Failures */
    GHashTable *proofs;   /* id of a session -> int64_t: when the own password was typed */
};

Throttle *throttle_new(void)
{
    Throttle *throttle = g_new0(Throttle, 1);
    g_mutex_init(&throttle->mutex);
    throttle->failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    throttle->proofs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return throttle;
}

void throttle_free(Throttle *throttle)
{
    if (throttle != NULL) {
        g_hash_table_unref(throttle->failures);
        g_hash_table_unref(throttle->proofs);
        g_mutex_clear(&throttle->mutex);
        g_free(throttle);
    }
}

static bool is_over(gpointer key, gpointer value, gpointer now_us)
{
    return ((const Failures *)value)->last_us + THROTTLE_US <= *(const int64_t *)now_us;
}

static gboolean remove_over(gpointer key, gpointer value, gpointer now_us)
{
    return is_over(key, value, now_us);
}

/* Return how long @key has to wait, microseconds; 0: not at all. */
static int64_t wait_of(const Throttle *throttle, const char *key, int limit, int64_t now_us)
{
    Failures *failures = g_hash_table_lookup(throttle->failures, key);
    if (failures == NULL || failures->n < limit || is_over(NULL, failures, &now_us)) {
        return 0;
    }
    return failures->last_us + THROTTLE_US - now_us;
}

bool throttle_may_try(Throttle *throttle, const char *account, const char *address, int64_t now_us,
                      GError **error)
{
    g_autofree char *by_account = g_strconcat("account ", account, NULL);
    g_autofree char *by_address = g_strconcat("address ", address, NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    int64_t wait_us = MAX(wait_of(throttle, by_account, THROTTLE_MAX_OF_ACCOUNT, now_us),
                          wait_of(throttle, by_address, THROTTLE_MAX_OF_ADDRESS, now_us));
    if (wait_us > 0) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "too many attempts failed; try again in %d minutes",
                  (int)(wait_us / G_USEC_PER_SEC / 60) + 1);
    }
    return wait_us == 0;
}

static void count(Throttle *throttle, const char *key, int64_t now_us, bool has_failed)
{
    if (!has_failed) {
        g_hash_table_remove(throttle->failures, key);
        return;
    }
    Failures *failures = g_hash_table_lookup(throttle->failures, key);
    if (failures == NULL) {
        failures = g_new0(Failures, 1);
        g_hash_table_insert(throttle->failures, g_strdup(key), failures);
    }
    failures->n = is_over(NULL, failures, &now_us) ? 1 : failures->n + 1;
    failures->last_us = now_us;
}

void throttle_note(Throttle *throttle, const char *account, const char *address, int64_t now_us,
                   bool has_failed)
{
    g_autofree char *by_account = g_strconcat("account ", account, NULL);
    g_autofree char *by_address = g_strconcat("address ", address, NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    if (g_hash_table_size(throttle->failures) >= THROTTLE_MAX_KEYS) {
        g_hash_table_foreach_remove(throttle->failures, remove_over, &now_us);
    }
    if (g_hash_table_size(throttle->failures) >= THROTTLE_MAX_KEYS) {
        g_hash_table_remove_all(throttle->failures);
    }
    count(throttle, by_account, now_us, has_failed);
    if (has_failed) { /* one right password does not pay for guesses at other accounts */
        count(throttle, by_address, now_us, true);
    }
}

/* ---- who has proved it just now -------------------------------------------------------------- */

static bool is_fresh(const int64_t *proved_us, int64_t now_us)
{
    return proved_us != NULL && *proved_us + THROTTLE_PROOF_US > now_us;
}

static gboolean remove_stale(gpointer session, gpointer proved_us, gpointer now_us)
{
    return !is_fresh(proved_us, *(const int64_t *)now_us);
}

void throttle_note_proof(Throttle *throttle, const char *session, int64_t now_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    g_hash_table_foreach_remove(throttle->proofs, remove_stale, &now_us);
    int64_t *proved_us = g_new(int64_t, 1);
    *proved_us = now_us;
    g_hash_table_replace(throttle->proofs, g_strdup(session), proved_us);
}

bool throttle_has_proof(Throttle *throttle, const char *session, int64_t now_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    return is_fresh(g_hash_table_lookup(throttle->proofs, session), now_us);
}
