#include "web/counts.h"

typedef struct Count {
    int n;
    int64_t size;   /* of the log when it was counted */
    int64_t now_us; /* and when that was */
} Count;

struct WebCounts {
    GMutex mutex;
    GHashTable *counts; /* key -> Count */
};

WebCounts *counts_new(void)
{
    WebCounts *counts = g_new0(WebCounts, 1);
    g_mutex_init(&counts->mutex);
    counts->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return counts;
}

void counts_free(WebCounts *counts)
{
    if (counts != NULL) {
        g_hash_table_unref(counts->counts);
        g_mutex_clear(&counts->mutex);
        g_free(counts);
    }
}

bool counts_find(WebCounts *counts, const char *key, int64_t size, int64_t now_us, int *ret_n)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counts->mutex);
    const Count *count = g_hash_table_lookup(counts->counts, key);
    bool is_good = count != NULL && count->size == size && now_us >= count->now_us &&
                   now_us - count->now_us < COUNTS_US;
    if (is_good) {
        *ret_n = count->n;
    }
    return is_good;
}

void counts_put(WebCounts *counts, const char *key, int64_t size, int64_t now_us, int n)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&counts->mutex);
    if (g_hash_table_size(counts->counts) >= COUNTS_MAX) {
        g_hash_table_remove_all(counts->counts);
    }
    Count *count = g_new0(Count, 1);
    *count = (Count){.n = n, .size = size, .now_us = now_us};
    g_hash_table_replace(counts->counts, g_strdup(key), count);
}
