#include "store/health.h"

#include "store/store-internal.h"

void store_note_outcome(Store *store, const GError *loss)
{
    if (loss != NULL && !error_is_of_system(loss)) {
        return; /* a job's own */
    }
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    g_clear_error(&store->loss);
    store->loss = loss != NULL ? g_error_copy(loss) : NULL;
    store->lost_us = g_get_monotonic_time();
}

static bool check_outcome(Store *store, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    if (store->loss == NULL || g_get_monotonic_time() - store->lost_us > STORE_LOSS_US) {
        return true;
    }
    g_propagate_error(error, g_error_copy(store->loss));
    return false;
}

bool store_check_health(Store *store, GError **error)
{
    const StoreBackend *backend = store->backend;
    return (backend->check_place == NULL || backend->check_place(store, error)) &&
           check_outcome(store, error);
}
