#include "web/throttle.h"

#include <arpa/inet.h>
#include <string.h>

/* How often one account, address or token did it. */
typedef struct Count {
    int n;
    int64_t until_us; /* when it is forgotten */
} Count;

struct Throttle {
    GMutex mutex;
    GHashTable *counts; /* "account NAME", "address ADDRESS" or "token ID" -> Count */
    GHashTable *proofs; /* id of a session -> int64_t: when the own password was typed */
};

Throttle *throttle_new(void)
{
    Throttle *throttle = g_new0(Throttle, 1);
    g_mutex_init(&throttle->mutex);
    throttle->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    throttle->proofs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return throttle;
}

void throttle_free(Throttle *throttle)
{
    if (throttle != NULL) {
        g_hash_table_unref(throttle->counts);
        g_hash_table_unref(throttle->proofs);
        g_mutex_clear(&throttle->mutex);
        g_free(throttle);
    }
}

static gboolean is_over(gpointer key, gpointer value, gpointer now_us)
{
    return ((const Count *)value)->until_us <= *(const int64_t *)now_us;
}

/* Return how long @key has to wait, microseconds; 0: not at all. */
static int64_t wait_of(const Throttle *throttle, const char *key, int limit, int64_t now_us)
{
    Count *count = g_hash_table_lookup(throttle->counts, key);
    bool has_room = count == NULL || count->n < limit || count->until_us <= now_us;
    return has_room ? 0 : count->until_us - now_us;
}

/* Make room for one more key. */
static void make_room(Throttle *throttle, int64_t now_us)
{
    if (g_hash_table_size(throttle->counts) >= THROTTLE_MAX_KEYS) {
        g_hash_table_foreach_remove(throttle->counts, is_over, &now_us);
    }
    if (g_hash_table_size(throttle->counts) >= THROTTLE_MAX_KEYS) {
        g_hash_table_remove_all(throttle->counts);
    }
}

/* Return the count of @key, one more than it was; it is forgotten @keep_us after it began. */
static Count *count_one(Throttle *throttle, const char *key, int64_t now_us, int64_t keep_us)
{
    Count *count = g_hash_table_lookup(throttle->counts, key);
    if (count == NULL) {
        make_room(throttle, now_us);
        count = g_new0(Count, 1);
        g_hash_table_insert(throttle->counts, g_strdup(key), count);
    }
    if (count->until_us <= now_us) {
        *count = (Count){.until_us = now_us + keep_us};
    }
    count->n++;
    return count;
}

/* Return the key under which @address is counted; the caller owns it. */
static char *address_key(const char *address)
{
    struct in6_addr bytes;
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes)) {
        return g_strconcat("address ", address, NULL);
    }
    memset(bytes.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &bytes, network, sizeof network);
    return g_strconcat("address ", network, NULL);
}

bool throttle_try(Throttle *throttle, const char *account, const char *address, int64_t now_us,
                  GError **error)
{
    g_autofree char *by_account = g_strconcat("account ", account, NULL);
    g_autofree char *by_address = address_key(address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    int64_t wait_us = MAX(wait_of(throttle, by_account, THROTTLE_MAX_OF_ACCOUNT, now_us),
                          wait_of(throttle, by_address, THROTTLE_MAX_OF_ADDRESS, now_us));
    if (wait_us > 0) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "too many attempts failed; try again in %d {minute|minutes}",
                  (int)(wait_us / G_USEC_PER_SEC / 60) + 1);
        return false;
    }
    /* Each further failure begins the time anew. */
    count_one(throttle, by_account, now_us, THROTTLE_US)->until_us = now_us + THROTTLE_US;
    count_one(throttle, by_address, now_us, THROTTLE_US)->until_us = now_us + THROTTLE_US;
    return true;
}

/* Count one less of @key. */
static void take_one(Throttle *throttle, const char *key)
{
    Count *count = g_hash_table_lookup(throttle->counts, key);
    if (count != NULL && --count->n <= 0) {
        g_hash_table_remove(throttle->counts, key);
    }
}

void throttle_succeed(Throttle *throttle, const char *account, const char *address)
{
    g_autofree char *by_account = g_strconcat("account ", account, NULL);
    g_autofree char *by_address = address_key(address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    g_hash_table_remove(throttle->counts, by_account);
    take_one(throttle, by_address); /* this try: it does not pay for guesses at other accounts */
}

void throttle_take_back(Throttle *throttle, const char *account, const char *address)
{
    g_autofree char *by_account = g_strconcat("account ", account, NULL);
    g_autofree char *by_address = address_key(address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    take_one(throttle, by_account);
    take_one(throttle, by_address);
}

bool throttle_take(Throttle *throttle, const char *token, int64_t now_us, int *ret_wait_seconds,
                   GError **error)
{
    g_autofree char *key = g_strconcat("token ", token, NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    int64_t wait_us = wait_of(throttle, key, THROTTLE_MAX_OF_TOKEN, now_us);
    if (wait_us == 0) {
        count_one(throttle, key, now_us, THROTTLE_TOKEN_US);
        return true;
    }
    *ret_wait_seconds = (int)((wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    error_set(error, SHUZHI_ERROR_TOO_OFTEN,
              "a token asks at most %d times a minute; wait %d {second|seconds}",
              THROTTLE_MAX_OF_TOKEN, *ret_wait_seconds);
    return false;
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
