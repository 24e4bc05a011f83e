/* Jobs that are shared: each is done once, over a connection that sees the caller's state. */
#include "measure/share.h"

#include "log/history.h"
#include "measure-fixture.h"

#define N_JOBS 100
#define FAILING 40

typedef struct Jobs {
    gint done[N_JOBS];
    int64_t size; /* of the log that each must see */
    bool is_failing;
} Jobs;

static bool do_job(StoreConnection *connection, guint job, void *data, GError **error)
{
    Jobs *jobs = data;
    int64_t size = 0;
    g_atomic_int_inc(&jobs->done[job]);
    if (!log_head(connection, &size, NULL, error)) {
        return false;
    }
    g_assert_cmpint(size, ==, jobs->size);
    if (jobs->is_failing && job >= FAILING) {
        error_set(error, SHUZHI_ERROR_LIMIT, "job %u", job);
        return false;
    }
    return true;
}

static void test_each_once(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    Jobs jobs = {0};
    log_head(f.reader, &jobs.size, NULL, &error);
    g_assert_no_error(error);
    share_jobs(office_store(f.office), f.reader, N_JOBS, do_job, &jobs, &error);
    g_assert_no_error(error);
    for (int i = 0; i < N_JOBS; i++) {
        g_assert_cmpint(jobs.done[i], ==, 1);
    }
    g_assert_true(share_jobs(office_store(f.office), f.reader, 0, do_job, &jobs, &error));
}

/* The caller's snapshot is older than what others would see: it does the work alone. */
static void test_older_snapshot(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    Jobs jobs = {0};
    store_snapshot_begin(f.reader, &error);
    g_assert_no_error(error);
    log_head(f.reader, &jobs.size, NULL, &error);
    measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    share_jobs(office_store(f.office), f.reader, N_JOBS, do_job, &jobs, &error);
    g_assert_no_error(error);
    g_assert_cmpint(jobs.done[N_JOBS - 1], ==, 1);
    store_snapshot_end(f.reader);
}

/* The error is that of the first job that fails, whoever did it. */
static void test_first_error(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    Jobs jobs = {.is_failing = true};
    log_head(f.reader, &jobs.size, NULL, NULL);
    g_assert_false(share_jobs(office_store(f.office), f.reader, N_JOBS, do_job, &jobs, &error));
    g_assert_cmpstr(error->message, ==, "job 40");
    for (int i = 0; i < N_JOBS; i++) {
        g_assert_cmpint(jobs.done[i], <=, 1);
        g_assert_true(i > FAILING || jobs.done[i] == 1);
    }
}

/* More readers than there may be: the caller goes on alone. */
static void test_no_reader_left(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) taken =
        g_ptr_array_new_with_free_func((GDestroyNotify)store_reader_release);
    StoreConnection *reader = NULL;
    Jobs jobs = {0};
    log_head(f.reader, &jobs.size, NULL, &error);
    while ((reader = store_reader_try_acquire(office_store(f.office))) != NULL) {
        g_ptr_array_add(taken, reader);
    }
    share_jobs(office_store(f.office), f.reader, N_JOBS, do_job, &jobs, &error);
    g_assert_no_error(error);
    g_assert_cmpint(jobs.done[0], ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/share/once", test_each_once);
    test_store_each("/measure/share/older-snapshot", test_older_snapshot);
    test_store_each("/measure/share/first-error", test_first_error);
    test_store_each("/measure/share/no-reader-left", test_no_reader_left);
    return g_test_run();
}
