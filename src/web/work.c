#include "web/work.h"

#include "base/thread.h"

/* How many of each sort run at a time. */
static const int most_of_sort[WEB_WORK_N_SORTS] = {
    [WEB_WORK_CHECK] = 4,
    [WEB_WORK_IMPORT] = 1,
    [WEB_WORK_VERIFY] = 1,
};

struct WebWorks {
    GMutex mutex; /* of everything here, and of every work but for its data */
    GCond ended;
    GPtrArray *works; /* of WebWork, the oldest first */
    bool is_stopping;
};

struct WebWork {
    gatomicrefcount references;
    WebWorks *works;
    char *key;
    char *owner;
    char *title;
    GMutex data_mutex;
    void *data;
    GDestroyNotify free_data;
    /* Under the mutex of the works: */
    WebWorkFunc func;
    GThread *thread; /* of what runs, or ran last; NULL: it never did */
    WebWorkSort sort;
    bool is_running;
    bool is_cancelled;
    int64_t started_us;
    int64_t counts_since_us; /* monotonic, as is the next */
    int64_t ended_us;
    int64_t n_done;
    int64_t n_total;
    GError *failed;
};

static WebWork *work_ref(WebWork *work)
{
    g_atomic_ref_count_inc(&work->references);
    return work;
}

void work_unref(WebWork *work)
{
    if (work == NULL || !g_atomic_ref_count_dec(&work->references)) {
        return;
    }
    if (work->thread != NULL) { /* it has let go of its reference, and is about to end */
        g_thread_join(work->thread);
    }
    if (work->free_data != NULL) {
        work->free_data(work->data);
    }
    g_mutex_clear(&work->data_mutex);
    g_clear_error(&work->failed);
    g_free(work->key);
    g_free(work->owner);
    g_free(work->title);
    g_free(work);
}

static void unref_work(gpointer work)
{
    work_unref(work);
}

/* ---- all work of an office ------------------------------------------------------------------- */

WebWorks *works_new(void)
{
    WebWorks *works = g_new0(WebWorks, 1);
    g_mutex_init(&works->mutex);
    g_cond_init(&works->ended);
    works->works = g_ptr_array_new_with_free_func(unref_work);
    return works;
}

/* Return how many of @sort run, and one of them. */
static int count_running(const WebWorks *works, WebWorkSort sort, WebWork **ret_one)
{
    int n = 0;
    for (guint i = 0; i < works->works->len; i++) {
        WebWork *work = g_ptr_array_index(works->works, i);
        if (work->is_running && work->sort == sort) {
            *ret_one = work;
            n++;
        }
    }
    return n;
}

static bool is_any_running(const WebWorks *works)
{
    WebWork *one = NULL;
    int n = 0;
    for (int sort = 0; sort < WEB_WORK_N_SORTS; sort++) {
        n += count_running(works, (WebWorkSort)sort, &one);
    }
    return n > 0;
}

void works_wait(WebWorks *works)
{
    g_mutex_lock(&works->mutex);
    while (is_any_running(works)) {
        g_cond_wait(&works->ended, &works->mutex);
    }
    g_mutex_unlock(&works->mutex);
}

void works_free(WebWorks *works)
{
    if (works == NULL) {
        return;
    }
    g_mutex_lock(&works->mutex);
    works->is_stopping = true;
    g_mutex_unlock(&works->mutex);
    works_wait(works);
    g_ptr_array_unref(works->works);
    g_cond_clear(&works->ended);
    g_mutex_clear(&works->mutex);
    g_free(works);
}

/* Take what ended too long ago out of @works, and what is too much; the caller frees it when the
 * lock is gone. */
static GPtrArray *take_old(WebWorks *works)
{
    GPtrArray *old = g_ptr_array_new_with_free_func(unref_work);
    int64_t now_us = g_get_monotonic_time();
    for (guint i = 0; i < works->works->len;) {
        WebWork *work = g_ptr_array_index(works->works, i);
        bool is_old = now_us - work->ended_us >= WEB_WORK_KEPT_US;
        if (!work->is_running && (is_old || works->works->len >= WEB_WORKS_MAX)) {
            g_ptr_array_add(old, g_ptr_array_steal_index(works->works, i));
        } else {
            i++;
        }
    }
    return old;
}

WebWork *works_add(WebWorks *works, const char *key, const char *owner, const char *title,
                   void *data, GDestroyNotify free_data)
{
    WebWork *work = g_new0(WebWork, 1);
    g_atomic_ref_count_init(&work->references);
    g_mutex_init(&work->data_mutex);
    work->works = works;
    work->key = g_strdup(key);
    work->owner = g_strdup(owner);
    work->title = g_strdup(title);
    work->data = data;
    work->free_data = free_data;
    work->ended_us = g_get_monotonic_time();
    g_mutex_lock(&works->mutex);
    GPtrArray *old = take_old(works);
    g_ptr_array_add(works->works, work_ref(work));
    g_mutex_unlock(&works->mutex);
    g_ptr_array_unref(old);
    return work;
}

WebWork *works_find(WebWorks *works, const char *key, const char *owner)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&works->mutex);
    for (guint i = 0; i < works->works->len; i++) {
        WebWork *work = g_ptr_array_index(works->works, i);
        if (g_str_equal(work->key, key) && (owner == NULL || g_str_equal(work->owner, owner))) {
            return work_ref(work);
        }
    }
    return NULL;
}

WebWork *works_find_running(WebWorks *works, WebWorkSort sort)
{
    WebWork *found = NULL;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&works->mutex);
    return count_running(works, sort, &found) > 0 ? work_ref(found) : NULL;
}

GPtrArray *works_list(WebWorks *works, const char *owner)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(unref_work);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&works->mutex);
    for (guint i = works->works->len; i > 0; i--) {
        WebWork *work = g_ptr_array_index(works->works, i - 1);
        if (g_str_equal(work->owner, owner)) {
            g_ptr_array_add(list, work_ref(work));
        }
    }
    return list;
}

void works_remove(WebWorks *works, WebWork *work)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&works->mutex);
    if (!work->is_running) {
        g_ptr_array_remove(works->works, work); /* the caller holds another reference */
    }
}

/* ---- one piece of it ------------------------------------------------------------------------- */

static gpointer run(gpointer data)
{
    WebWork *work = data;
    WebWorks *works = work->works;
    GError *error = NULL;
    work->func(work, work->data, &error);
    g_mutex_lock(&works->mutex);
    work->failed = error;
    work->ended_us = g_get_monotonic_time();
    work->is_running = false;
    g_cond_broadcast(&works->ended);
    g_mutex_unlock(&works->mutex);
    return NULL;
}

bool work_start(WebWork *work, WebWorkSort sort, WebWorkFunc func, int64_t now_us,
                WebWork **ret_busy)
{
    WebWorks *works = work->works;
    WebWork *busy = work;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&works->mutex);
    if (work->is_running || works->is_stopping ||
        count_running(works, sort, &busy) >= most_of_sort[sort]) {
        *ret_busy = work_ref(busy);
        return false;
    }
    if (work->thread != NULL) {
        g_thread_join(work->thread);
    }
    g_clear_error(&work->failed);
    work->func = func;
    work->sort = sort;
    work->is_running = true;
    work->is_cancelled = false;
    work->started_us = now_us;
    work->counts_since_us = g_get_monotonic_time();
    work->n_done = work->n_total = 0;
    work->thread = thread_start("work", run, work);
    return true;
}

void work_cancel(WebWork *work)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->works->mutex);
    work->is_cancelled = true;
}

void work_wait(WebWork *work, int64_t wait_us)
{
    int64_t until_us = g_get_monotonic_time() + wait_us;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->works->mutex);
    while (work->is_running &&
           g_cond_wait_until(&work->works->ended, &work->works->mutex, until_us)) {
        /* another's end */
    }
}

bool work_report(int64_t n_done, int64_t n_total, void *data)
{
    WebWork *work = data;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->works->mutex);
    if (n_total != work->n_total) { /* it counts something else from here on */
        work->counts_since_us = g_get_monotonic_time();
    }
    work->n_done = n_done;
    work->n_total = n_total;
    return !work->is_cancelled && !work->works->is_stopping;
}

void work_look(WebWork *work, WebWorkLook *ret_look)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->works->mutex);
    int64_t until_us = work->is_running ? g_get_monotonic_time() : work->ended_us;
    *ret_look = (WebWorkLook){.sort = work->sort,
                              .has_begun = work->thread != NULL,
                              .is_running = work->is_running,
                              .started_us = work->started_us,
                              .elapsed_us = until_us - work->counts_since_us,
                              .n_done = work->n_done,
                              .n_total = work->n_total};
}

GError *work_fault(WebWork *work)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->works->mutex);
    return work->failed != NULL ? g_error_copy(work->failed) : NULL;
}

void *work_lock(WebWork *work)
{
    g_mutex_lock(&work->data_mutex);
    return work->data;
}

void work_unlock(WebWork *work)
{
    g_mutex_unlock(&work->data_mutex);
}

const char *work_key(const WebWork *work)
{
    return work->key;
}

const char *work_owner(const WebWork *work)
{
    return work->owner;
}

const char *work_title(const WebWork *work)
{
    return work->title;
}
