#include "web/known.h"

typedef struct Kept {
    void *object;
    GDestroyNotify clear; /* NULL: nothing in it is to be freed */
    int64_t size;         /* of the log when it was worked out */
    int64_t now_us;       /* and when that was */
} Kept;

struct WebKnown {
    GMutex mutex;
    GHashTable *things; /* key -> Kept */
    size_t n_bytes;     /* put since all went: at least what is kept */
};

static void free_kept(gpointer data)
{
    Kept *kept = data;
    if (kept->clear != NULL) {
        g_atomic_rc_box_release_full(kept->object, kept->clear);
    } else {
        g_atomic_rc_box_release(kept->object);
    }
    g_free(kept);
}

WebKnown *known_new(void)
{
    WebKnown *known = g_new0(WebKnown, 1);
    g_mutex_init(&known->mutex);
    known->things = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_kept);
    return known;
}

void known_free(WebKnown *known)
{
    if (known != NULL) {
        g_hash_table_unref(known->things);
        g_mutex_clear(&known->mutex);
        g_free(known);
    }
}

void *known_find(WebKnown *known, const char *key, int64_t size, int64_t now_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&known->mutex);
    const Kept *found = g_hash_table_lookup(known->things, key);
    bool is_good = found != NULL && found->size == size && now_us >= found->now_us &&
                   now_us - found->now_us < KNOWN_US;
    return is_good ? g_atomic_rc_box_acquire(found->object) : NULL;
}

void known_put(WebKnown *known, const char *key, int64_t size, int64_t now_us, void *object,
               GDestroyNotify clear, size_t n_bytes)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&known->mutex);
    if (g_hash_table_size(known->things) >= KNOWN_MAX ||
        known->n_bytes + n_bytes > KNOWN_MAX_BYTES) {
        g_hash_table_remove_all(known->things);
        known->n_bytes = 0;
    }
    Kept *new = g_new0(Kept, 1);
    *new = (Kept){
        .object = g_atomic_rc_box_acquire(object), .clear = clear, .size = size, .now_us = now_us};
    g_hash_table_replace(known->things, g_strdup(key), new);
    known->n_bytes += n_bytes;
}
