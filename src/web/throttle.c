#include "web/throttle.h"

#include <arpa/inet.h>
#include <string.h>

/* How often one account, address or token did it. */
typedef struct Count {
    int n;            /* tries that failed, requests with a token */
    int n_running;    /* tries that are being looked at */
    int64_t until_us; /* when @n is forgotten */
} Count;

struct Throttle {
    GMutex mutex;
    GHashTable *counts; /* "account NAME", "address ADDRESS", "both ADDRESS NAME", "token ID",
                           "refused ACCOUNT" or "refused ACCOUNT PATH" -> Count */
    GHashTable *known;  /* set of "both ADDRESS NAME": where an account was signed in to */
    GHashTable *proofs; /* id of a session -> int64_t: when the own password was typed */
};

Throttle *throttle_new(void)
{
    Throttle *throttle = g_new0(Throttle, 1);
    g_mutex_init(&throttle->mutex);
    throttle->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    throttle->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    throttle->proofs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return throttle;
}

void throttle_free(Throttle *throttle)
{
    if (throttle != NULL) {
        g_hash_table_unref(throttle->counts);
        g_hash_table_unref(throttle->known);
        g_hash_table_unref(throttle->proofs);
        g_mutex_clear(&throttle->mutex);
        g_free(throttle);
    }
}

static gboolean is_over(gpointer key, gpointer value, gpointer now_us)
{
    const Count *count = value;
    return count->n_running == 0 && count->until_us <= *(const int64_t *)now_us;
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

/* Return the count of @key, which is made where there is none. */
static Count *count_of(Throttle *throttle, const char *key, int64_t now_us)
{
    Count *count = g_hash_table_lookup(throttle->counts, key);
    if (count == NULL) {
        make_room(throttle, now_us);
        count = g_new0(Count, 1);
        g_hash_table_insert(throttle->counts, g_strdup(key), count);
    }
    return count;
}

/* Return the count of @key, one more than it was; it is forgotten @keep_us after it began. */
static Count *count_one(Throttle *throttle, const char *key, int64_t now_us, int64_t keep_us)
{
    Count *count = count_of(throttle, key, now_us);
    if (count->until_us <= now_us) {
        count->n = 0;
        count->until_us = now_us + keep_us;
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

/* What a try is counted by. */
typedef struct Keys {
    char *by_account;
    char *by_address;
    char *by_both;
} Keys;

static void keys_clear(Keys *keys)
{
    g_free(keys->by_account);
    g_free(keys->by_address);
    g_free(keys->by_both);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, keys_clear)

static Keys keys_of(const char *account, const char *address)
{
    char *by_address = address_key(address);
    return (Keys){.by_account = g_strconcat("account ", account, NULL),
                  .by_address = by_address,
                  .by_both = g_strconcat("both ", by_address, " ", account, NULL)};
}

/* Return how long the try has to wait, microseconds; 0: not at all. */
static int64_t wait_of_try(const Throttle *throttle, const Keys *keys, int64_t now_us)
{
    const Count *both = g_hash_table_lookup(throttle->counts, keys->by_both);
    bool is_known = g_hash_table_contains(throttle->known, keys->by_both);
    int64_t wait_us = wait_of(throttle, keys->by_both, THROTTLE_MAX_OF_ACCOUNT, now_us);
    if (!is_known) { /* of others' failures: a whole building may have one address */
        wait_us =
            MAX(wait_us, wait_of(throttle, keys->by_address, THROTTLE_MAX_OF_ADDRESS, now_us));
        wait_us = MAX(wait_us, wait_of(throttle, keys->by_account, THROTTLE_MAX_ANYWHERE, now_us));
    }
    bool is_crowded = both != NULL && both->n_running >= THROTTLE_MAX_OF_ACCOUNT;
    return is_crowded ? MAX(wait_us, 1) : wait_us;
}

/* Return @wait_us in whole seconds, for Retry-After. */
static int seconds_of(int64_t wait_us)
{
    return (int)((wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

bool throttle_try(Throttle *throttle, const char *account, const char *address, int64_t now_us,
                  int *ret_wait_seconds, GError **error)
{
    g_auto(Keys) keys = keys_of(account, address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    int64_t wait_us = wait_of_try(throttle, &keys, now_us);
    if (wait_us > 0) {
        *ret_wait_seconds = seconds_of(wait_us);
        error_set(error, SHUZHI_ERROR_TOO_OFTEN,
                  "too many attempts failed; try again in %d {minute|minutes}",
                  (int)(wait_us / G_USEC_PER_SEC / 60) + 1);
        return false;
    }
    count_of(throttle, keys.by_both, now_us)->n_running++;
    return true;
}

/* Note that a try is looked at no more. */
static void end_try(Throttle *throttle, const Keys *keys)
{
    Count *both = g_hash_table_lookup(throttle->counts, keys->by_both);
    if (both != NULL && --both->n_running <= 0 && both->n == 0) {
        g_hash_table_remove(throttle->counts, keys->by_both);
    }
}

void throttle_succeed(Throttle *throttle, const char *account, const char *address)
{
    g_auto(Keys) keys = keys_of(account, address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    Count *both = g_hash_table_lookup(throttle->counts, keys.by_both);
    if (both != NULL) {
        both->n = 0;
    }
    end_try(throttle, &keys);
    if (g_hash_table_size(throttle->known) >= THROTTLE_MAX_KEYS) {
        g_hash_table_remove_all(throttle->known);
    }
    g_hash_table_add(throttle->known, g_strdup(keys.by_both));
}

void throttle_fail(Throttle *throttle, const char *account, const char *address, int64_t now_us)
{
    g_auto(Keys) keys = keys_of(account, address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    count_one(throttle, keys.by_address, now_us, THROTTLE_US);
    count_one(throttle, keys.by_account, now_us, THROTTLE_US);
    /* Of the account itself each begins the time anew. */
    count_one(throttle, keys.by_both, now_us, THROTTLE_US)->until_us = now_us + THROTTLE_US;
    end_try(throttle, &keys);
}

void throttle_take_back(Throttle *throttle, const char *account, const char *address)
{
    g_auto(Keys) keys = keys_of(account, address);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    end_try(throttle, &keys);
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
    *ret_wait_seconds = seconds_of(wait_us);
    error_set(error, SHUZHI_ERROR_TOO_OFTEN,
              "a token asks at most %d times a minute; wait %d {second|seconds}",
              THROTTLE_MAX_OF_TOKEN, *ret_wait_seconds);
    return false;
}

bool throttle_is_news(Throttle *throttle, const char *account, const char *path, int64_t now_us)
{
    g_autofree char *all = g_strconcat("refused ", account, NULL);
    g_autofree char *one = g_strconcat(all, " ", path, NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&throttle->mutex);
    if (wait_of(throttle, all, THROTTLE_MAX_REFUSALS, now_us) > 0 ||
        wait_of(throttle, one, 1, now_us) > 0) {
        return false;
    }
    count_one(throttle, all, now_us, THROTTLE_REFUSAL_US);
    count_one(throttle, one, now_us, THROTTLE_REFUSAL_US);
    return true;
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
