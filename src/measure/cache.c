#include "measure/cache.h"

/* An answer, or the promise of one. */
typedef struct Kept {
    int64_t size;
    int64_t cutoff_us;
    GPtrArray *figures; /* of Figure; NULL: somebody is working them out */
} Kept;

struct FigureCache {
    GMutex lock;
    GCond is_answered;
    GHashTable *answers; /* key -> Kept */
    int64_t wait_us;
};

static void free_kept(gpointer data)
{
    Kept *kept = data;
    g_clear_pointer(&kept->figures, g_ptr_array_unref);
    g_free(kept);
}

static void free_figure(gpointer figure)
{
    figure_free(figure);
}

FigureCache *figure_cache_new(int64_t wait_us)
{
    FigureCache *cache = g_new0(FigureCache, 1);
    g_mutex_init(&cache->lock);
    g_cond_init(&cache->is_answered);
    cache->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_kept);
    cache->wait_us = wait_us;
    return cache;
}

void figure_cache_free(FigureCache *cache)
{
    if (cache != NULL) {
        g_hash_table_unref(cache->answers);
        g_cond_clear(&cache->is_answered);
        g_mutex_clear(&cache->lock);
        g_free(cache);
    }
}

static GPtrArray *copy_all(const GPtrArray *figures)
{
    GPtrArray *copies = g_ptr_array_new_full(figures->len, free_figure);
    for (guint i = 0; i < figures->len; i++) {
        g_ptr_array_add(copies, figure_copy(g_ptr_array_index(figures, i)));
    }
    return copies;
}

/* Whether @kept, or what it promises, answers @question. */
static bool answers(const Kept *kept, const FigureQuestion *question)
{
    int64_t age_us = question->cutoff_us - kept->cutoff_us;
    return kept->size == question->size && age_us >= 0 && age_us <= FIGURE_CACHE_US;
}

static gboolean is_older(gpointer key, gpointer data, gpointer size)
{
    const Kept *kept = data;
    return kept->figures != NULL && kept->size < *(const int64_t *)size;
}

static gboolean is_finished(gpointer key, gpointer data, gpointer unused)
{
    return ((const Kept *)data)->figures != NULL;
}

/* Promise an answer to @question in the place of what there was; nothing where too much is
 * promised already. */
static bool promise(FigureCache *cache, const FigureQuestion *question)
{
    if (g_hash_table_size(cache->answers) >= FIGURE_CACHE_MAX) {
        int64_t size = question->size;
        if (g_hash_table_foreach_remove(cache->answers, is_older, &size) == 0) {
            g_hash_table_foreach_remove(cache->answers, is_finished, NULL);
        }
    }
    if (g_hash_table_size(cache->answers) >= FIGURE_CACHE_MAX) {
        return false;
    }
    Kept *kept = g_new0(Kept, 1);
    kept->size = question->size;
    kept->cutoff_us = question->cutoff_us;
    g_hash_table_replace(cache->answers, g_strdup(question->key), kept);
    return true;
}

/* With the lock held. */
static GPtrArray *take(FigureCache *cache, const FigureQuestion *question, bool *ret_is_mine)
{
    int64_t until_us = g_get_monotonic_time() + cache->wait_us;
    const Kept *kept = g_hash_table_lookup(cache->answers, question->key);
    bool is_in_time = true;
    while (is_in_time && kept != NULL && kept->figures == NULL && answers(kept, question)) {
        is_in_time = g_cond_wait_until(&cache->is_answered, &cache->lock, until_us);
        kept = g_hash_table_lookup(cache->answers, question->key);
    }
    if (kept != NULL && kept->figures != NULL && answers(kept, question)) {
        return copy_all(kept->figures);
    }
    bool is_free = kept == NULL || (kept->figures != NULL && kept->size <= question->size);
    *ret_is_mine = is_free && promise(cache, question);
    return NULL;
}

GPtrArray *figure_cache_take(FigureCache *cache, const FigureQuestion *question, bool *ret_is_mine)
{
    *ret_is_mine = false;
    g_mutex_lock(&cache->lock);
    GPtrArray *figures = take(cache, question, ret_is_mine);
    g_mutex_unlock(&cache->lock);
    return figures;
}

void figure_cache_put(FigureCache *cache, const FigureQuestion *question, const GPtrArray *figures)
{
    g_mutex_lock(&cache->lock);
    Kept *kept = g_hash_table_lookup(cache->answers, question->key);
    g_assert(kept != NULL && kept->figures == NULL); /* nobody else takes a promise away */
    if (figures != NULL) {
        kept->figures = copy_all(figures);
    } else {
        g_hash_table_remove(cache->answers, question->key);
    }
    g_cond_broadcast(&cache->is_answered);
    g_mutex_unlock(&cache->lock);
}
