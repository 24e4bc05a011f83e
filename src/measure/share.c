#include "measure/share.h"

#include "base/thread.h"
#include "log/history.h"

#define MAX_HELPERS 3

typedef struct Sharing {
    Store *store;
    int64_t size; /* of the log in the caller's snapshot */
    ShareJob do_job;
    void *data;
    guint n_jobs;
    gint next;       /* job to be done; atomic */
    GError **errors; /* of each job */
} Sharing;

static void do_jobs(Sharing *sharing, StoreConnection *connection)
{
    for (;;) {
        guint job = (guint)g_atomic_int_add(&sharing->next, 1);
        if (job >= sharing->n_jobs) {
            return;
        }
        if (!sharing->do_job(connection, job, sharing->data, &sharing->errors[job])) {
            g_atomic_int_set(&sharing->next, (gint)sharing->n_jobs);
        }
    }
}

/* What hinders a helper hinders nobody: the others do the jobs. */
static gpointer help(gpointer data)
{
    Sharing *sharing = data;
    int64_t size = 0;
    g_autoptr(StoreConnection) reader = store_reader_try_acquire(sharing->store);
    if (reader != NULL && store_snapshot_begin(reader, NULL) &&
        log_head(reader, &size, NULL, NULL) && size == sharing->size) {
        do_jobs(sharing, reader);
    }
    return NULL;
}

/* Move the first of the errors to @error; returns whether there is none. */
static bool take_error(const Sharing *sharing, GError **error)
{
    bool is_ok = true;
    for (guint i = 0; i < sharing->n_jobs; i++) {
        if (sharing->errors[i] != NULL && is_ok) {
            g_propagate_error(error, sharing->errors[i]);
            is_ok = false;
        } else {
            g_clear_error(&sharing->errors[i]);
        }
    }
    return is_ok;
}

bool share_jobs(Store *store, StoreConnection *connection, guint n_jobs, ShareJob do_job,
                void *data, GError **error)
{
    if (n_jobs <= 1) {
        return n_jobs == 0 || do_job(connection, 0, data, error);
    }
    GThread *helpers[MAX_HELPERS];
    guint n_helpers = MIN(MIN(n_jobs, g_get_num_processors()) - 1, MAX_HELPERS);
    g_autofree GError **errors = g_new0(GError *, n_jobs);
    Sharing sharing = {
        .store = store, .do_job = do_job, .data = data, .n_jobs = n_jobs, .errors = errors};
    if (!log_head(connection, &sharing.size, NULL, error)) {
        return false;
    }
    for (guint i = 0; i < n_helpers; i++) {
        helpers[i] = thread_try_start("figures", help, &sharing);
    }
    do_jobs(&sharing, connection);
    for (guint i = 0; i < n_helpers; i++) {
        if (helpers[i] != NULL) {
            g_thread_join(helpers[i]);
        }
    }
    return take_error(&sharing, error);
}
