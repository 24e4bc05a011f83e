#include "store/store-internal.h"

#include "support/fault-vfs.h"
#include "support/test-store.h"

/* ---- a gate: one job waits in the writer thread, so that those behind it become one batch -------
 */

typedef struct Gate {
    GMutex lock;
    GCond changed;
    bool is_entered;
    bool is_open;
} Gate;

static void gate_init(Gate *gate)
{
    g_mutex_init(&gate->lock);
    g_cond_init(&gate->changed);
    gate->is_entered = gate->is_open = false;
}

static void gate_clear(Gate *gate)
{
    g_mutex_clear(&gate->lock);
    g_cond_clear(&gate->changed);
}

static void gate_wait_entered(Gate *gate)
{
    g_mutex_lock(&gate->lock);
    while (!gate->is_entered) {
        g_cond_wait(&gate->changed, &gate->lock);
    }
    g_mutex_unlock(&gate->lock);
}

static void gate_open(Gate *gate)
{
    g_mutex_lock(&gate->lock);
    gate->is_open = true;
    g_cond_broadcast(&gate->changed);
    g_mutex_unlock(&gate->lock);
}

/* ---- what the hooks saw -----------------------------------------------------------------------
 */

typedef struct Trace {
    GString *seen; /* b begin, m mark, u undo, f finish, + and - done */
    bool fails_begin;
    bool fails_finish;
} Trace;

static bool trace_begin(StoreConnection *connection, void *data, GError **error)
{
    Trace *trace = data;
    g_string_append_c(trace->seen, 'b');
    if (trace->fails_begin) {
        error_set(error, SHUZHI_ERROR_INTERNAL, "begin fails");
    }
    return !trace->fails_begin;
}

static void trace_mark(void *data)
{
    g_string_append_c(((Trace *)data)->seen, 'm');
}

static void trace_undo(void *data)
{
    g_string_append_c(((Trace *)data)->seen, 'u');
}

static bool trace_finish(StoreConnection *connection, void *data, GError **error)
{
    Trace *trace = data;
    g_string_append_c(trace->seen, 'f');
    if (trace->fails_finish) {
        error_set(error, SHUZHI_ERROR_INTERNAL, "finish fails");
    }
    return !trace->fails_finish;
}

static void trace_done(bool is_committed, void *data)
{
    g_string_append_c(((Trace *)data)->seen, is_committed ? '+' : '-');
}

/* ---- callers ----------------------------------------------------------------------------------
 */

typedef struct Caller {
    Store *store;
    StoreJob job;
    int64_t n;
    Gate *gate; /* of the gate's jobs alone */
    bool is_ok;
    GError *error;
} Caller;

static bool insert_job(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "INSERT INTO number (n) VALUES ($1)", "i",
                     ((Caller *)data)->n);
}

/* The same, for callers who do not wait for the disk. */
static bool insert_unflushed_job(StoreConnection *connection, void *data, GError **error)
{
    return insert_job(connection, data, error);
}

static gpointer call(gpointer data)
{
    Caller *caller = data;
    bool is_unflushed = caller->job == insert_unflushed_job;
    caller->is_ok = (is_unflushed ? store_write_unflushed : store_write)(caller->store, caller->job,
                                                                         caller, &caller->error);
    g_assert_true(caller->is_ok == (caller->error == NULL));
    return NULL;
}

/* Stay in the writer thread until the gate is opened. */
static bool pass_gate(StoreConnection *connection, void *data, GError **error)
{
    Gate *gate = ((Caller *)data)->gate;
    g_mutex_lock(&gate->lock);
    gate->is_entered = true;
    g_cond_broadcast(&gate->changed);
    while (!gate->is_open) {
        g_cond_wait(&gate->changed, &gate->lock);
    }
    g_mutex_unlock(&gate->lock);
    return true;
}

/* The same, and fail. */
static bool leave_gate(StoreConnection *connection, void *data, GError **error)
{
    pass_gate(connection, data, error);
    error_set(error, SHUZHI_ERROR_CANCELLED, "the gate leaves");
    return false;
}

/* Writes, then fails by itself. */
static bool refuse_job(StoreConnection *connection, void *data, GError **error)
{
    if (insert_job(connection, data, error)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "the job refuses");
    }
    return false;
}

/* Writes, has a statement refused, goes on as if nothing had been. */
static bool swallow_job(StoreConnection *connection, void *data, GError **error)
{
    g_autoptr(GError) first = NULL, second = NULL;
    g_assert_true(insert_job(connection, data, error));
    g_assert_false(insert_job(connection, data, &first));
    test_assert_error(first, EXISTS, NULL);
    g_assert_false(store_run(connection, &second, "INSERT INTO number (n) VALUES (1000)", ""));
    test_assert_error(second, EXISTS, NULL); /* the transaction is doomed */
    return true;
}

/* ---- batches ----------------------------------------------------------------------------------
 */

/* A store whose batches end only when no job waits, with the hooks traced. */
static Store *create_traced(const TestPlace *place, Trace *trace)
{
    Store *store = test_store_open(place, STORE_CREATE);
    test_store_script(store, "CREATE TABLE number (n {int} NOT NULL PRIMARY KEY) {strict};");
    store->batch_us = G_MAXINT32;
    trace->seen = g_string_new(NULL);
    StoreHooks hooks = {.begin = trace_begin,
                        .mark = trace_mark,
                        .undo = trace_undo,
                        .finish = trace_finish,
                        .done = trace_done,
                        .data = trace};
    store_set_hooks(store, &hooks);
    return store;
}

static void wait_for_tickets(Store *store, guint n)
{
    guint n_waiting = 0;
    while (n_waiting < n) {
        g_mutex_lock(&store->lock);
        n_waiting = store->tickets.length;
        g_mutex_unlock(&store->lock);
        g_thread_yield();
    }
}

/* Run @jobs as one batch and in their order, each inserting its place, from 1, behind a gate job.
 * With
 * @is_apart the gate's batch ends with it, so that the first of @jobs is the first of its batch. */
static void call_together(Store *store, bool is_apart, const StoreJob *jobs, size_t n_jobs,
                          Caller *ret_callers)
{
    Gate gate;
    gate_init(&gate);
    Caller doorman = {.store = store, .job = is_apart ? leave_gate : pass_gate, .gate = &gate};
    GThread *door = g_thread_new("gate", call, &doorman);
    gate_wait_entered(&gate);
    GThread *threads[8];
    g_assert_cmpuint(n_jobs, <=, G_N_ELEMENTS(threads));
    for (size_t i = 0; i < n_jobs; i++) {
        ret_callers[i] = (Caller){.store = store, .job = jobs[i], .n = (int64_t)i + 1};
        threads[i] = g_thread_new("caller", call, &ret_callers[i]);
        wait_for_tickets(store, (guint)i + 1);
    }
    gate_open(&gate);
    g_thread_join(door);
    for (size_t i = 0; i < n_jobs; i++) {
        g_thread_join(threads[i]);
    }
    g_clear_error(&doorman.error);
    gate_clear(&gate);
}

static void check_caller(const Caller *caller, ErrorCode code, const char *words)
{
    test_assert_error_at("caller", caller->error, code, words);
    g_error_free(caller->error);
}

static int64_t sum_of(Store *store)
{
    return test_store_int(store, "SELECT coalesce(sum(n), 0) FROM number");
}

static void take_trace(Trace *trace, const char *expected)
{
    g_assert_cmpstr(trace->seen->str, ==, expected);
    g_string_truncate(trace->seen, 0);
}

/* ---- tests ------------------------------------------------------------------------------------
 */

static void test_one_commit_for_all(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[4];
    const StoreJob jobs[] = {insert_job, insert_job, insert_job, insert_job};
    call_together(store, false, jobs, 4, callers);
    for (size_t i = 0; i < 4; i++) {
        g_assert_true(callers[i].is_ok);
    }
    take_trace(&trace, "bmmmmmf+");
    g_assert_cmpint(sum_of(store), ==, 1 + 2 + 3 + 4);
    g_string_free(trace.seen, true);
}

static void test_failed_job_is_undone_alone(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[5];
    const StoreJob jobs[] = {insert_job, refuse_job, insert_job, swallow_job, insert_job};
    call_together(store, false, jobs, 5, callers);
    g_assert_true(callers[0].is_ok && callers[2].is_ok && callers[4].is_ok);
    check_caller(&callers[1], SHUZHI_ERROR_FORBIDDEN, "the job refuses");
    check_caller(&callers[3], SHUZHI_ERROR_EXISTS, NULL);
    take_trace(&trace, "bmmmummumf+");
    g_assert_cmpint(sum_of(store), ==, 1 + 3 + 5);
    g_string_free(trace.seen, true);
}

static void test_failed_first_job_ends_batch(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[4];
    const StoreJob jobs[] = {refuse_job, swallow_job, insert_job, insert_job};
    call_together(store, true, jobs, 4, callers);
    check_caller(&callers[0], SHUZHI_ERROR_FORBIDDEN, "the job refuses");
    check_caller(&callers[1], SHUZHI_ERROR_EXISTS, NULL);
    g_assert_true(callers[2].is_ok && callers[3].is_ok);
    take_trace(&trace, "bmu-bmu-bmu-bmmf+");
    g_assert_cmpint(sum_of(store), ==, 3 + 4);
    g_string_free(trace.seen, true);
}

static void test_failed_hook_fails_batch(const TestPlace *place)
{
    Trace trace = {.fails_finish = true};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[3];
    const StoreJob jobs[] = {insert_job, refuse_job, insert_job};
    call_together(store, false, jobs, 3, callers);
    check_caller(&callers[0], SHUZHI_ERROR_INTERNAL, "finish fails");
    check_caller(&callers[1], SHUZHI_ERROR_FORBIDDEN, "the job refuses");
    check_caller(&callers[2], SHUZHI_ERROR_INTERNAL, "finish fails");
    take_trace(&trace, "bmmmumf-");
    trace = (Trace){.seen = trace.seen, .fails_begin = true};
    callers[0] = (Caller){.store = store, .job = insert_job, .n = 1};
    call(&callers[0]);
    check_caller(&callers[0], SHUZHI_ERROR_INTERNAL, "begin fails");
    take_trace(&trace, "b-");
    g_assert_cmpint(sum_of(store), ==, 0);
    trace.fails_begin = false; /* and the store goes on */
    callers[0] = (Caller){.store = store, .job = insert_job, .n = 1};
    call(&callers[0]);
    g_assert_true(callers[0].is_ok);
    take_trace(&trace, "bmf+");
    g_string_free(trace.seen, true);
}

/* A batch has at most 512 jobs, and takes none after its time is over. */
static void test_batch_is_bounded_in_time(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    store->batch_us = 0;
    Caller callers[3];
    const StoreJob jobs[] = {insert_job, insert_job, insert_job};
    call_together(store, false, jobs, 3, callers);
    take_trace(&trace, "bmf+bmf+bmf+bmf+");
    g_assert_cmpint(sum_of(store), ==, 6);
    g_string_free(trace.seen, true);
}

/* Who waits for the disk is never in a batch that does not. */
static void test_unflushed_batch_takes_no_other(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[5];
    const StoreJob jobs[] = {insert_unflushed_job, insert_unflushed_job, insert_job,
                             insert_unflushed_job, insert_job};
    call_together(store, true, jobs, 5, callers);
    for (size_t i = 0; i < 5; i++) {
        g_assert_true(callers[i].is_ok);
    }
    take_trace(&trace, "bmu-bmmf+bmmmf+");
    g_assert_cmpint(sum_of(store), ==, 1 + 2 + 3 + 4 + 5);
    g_string_free(trace.seen, true);
}

/* No flush where none was asked for, and then one for all. */
static void test_unflushed_job_waits_for_no_disk(const TestPlace *place)
{
    if (place->dialect != STORE_SQLITE) {
        g_test_skip("the flushes of PostgreSQL are its own");
        return;
    }
    fault_vfs_install();
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller first = {.store = store, .job = insert_job, .n = 1};
    Caller second = {.store = store, .job = insert_unflushed_job, .n = 2};
    Caller third = {.store = store, .job = insert_job, .n = 4};
    call(&first);
    fault_vfs_arm(FAULT_SYNC, 1, true);
    call(&second);
    g_assert_true(second.is_ok);
    call(&third);
    g_assert_true(fault_vfs_disarm());
    check_caller(&third, SHUZHI_ERROR_IO, NULL);
    g_assert_cmpint(sum_of(store), ==, 1 + 2);
    g_string_free(trace.seen, true);
}

static gpointer write_many(gpointer data)
{
    const Caller *from = data;
    for (int64_t i = 0; i < 50; i++) {
        Caller caller = {.store = from->store, .n = from->n * 1000 + i};
        StoreJob job = i % 10 == 9 ? refuse_job : insert_job;
        GError *error = NULL;
        g_assert_true(store_write(from->store, job, &caller, &error) == (job == insert_job));
        g_clear_error(&error);
    }
    return NULL;
}

static void test_many_threads(const TestPlace *place)
{
    Trace trace = {0};
    g_autoptr(Store) store = create_traced(place, &trace);
    Caller callers[16];
    GThread *threads[16];
    for (size_t i = 0; i < 16; i++) {
        callers[i] = (Caller){.store = store, .n = (int64_t)i};
        threads[i] = g_thread_new("writer", write_many, &callers[i]);
    }
    for (size_t i = 0; i < 16; i++) {
        g_thread_join(threads[i]);
    }
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM number"), ==, 16 * 45);
    g_string_free(trace.seen, true);
}

static void test_close_waits_for_the_queue(const TestPlace *place)
{
    Trace trace = {0};
    Store *store = create_traced(place, &trace);
    Gate gate;
    gate_init(&gate);
    Caller doorman = {.store = store, .job = pass_gate, .gate = &gate};
    Caller caller = {.store = store, .job = insert_job, .n = 9};
    GThread *door = g_thread_new("gate", call, &doorman);
    gate_wait_entered(&gate);
    GThread *thread = g_thread_new("caller", call, &caller);
    wait_for_tickets(store, 1);
    gate_open(&gate);
    store_close(store);
    g_thread_join(door);
    g_thread_join(thread);
    g_assert_true(caller.is_ok);
    gate_clear(&gate);
    store = test_store_open(place, STORE_READ);
    g_assert_cmpint(sum_of(store), ==, 9);
    store_close(store);
    g_string_free(trace.seen, true);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/store/store-queue/one-commit-for-all", test_one_commit_for_all);
    test_store_each("/store/store-queue/failed-job-is-undone-alone",
                    test_failed_job_is_undone_alone);
    test_store_each("/store/store-queue/failed-first-job-ends-batch",
                    test_failed_first_job_ends_batch);
    test_store_each("/store/store-queue/failed-hook-fails-batch", test_failed_hook_fails_batch);
    test_store_each("/store/store-queue/batch-is-bounded-in-time", test_batch_is_bounded_in_time);
    test_store_each("/store/store-queue/unflushed-batch-takes-no-other",
                    test_unflushed_batch_takes_no_other);
    test_store_each("/store/store-queue/many-threads", test_many_threads);
    test_store_each("/store/store-queue/close-waits-for-the-queue", test_close_waits_for_the_queue);
    /* the last: every database opened after it is on disks that can fail */
    test_store_each("/store/store-queue/unflushed-job-waits-for-no-disk",
                    test_unflushed_job_waits_for_no_disk);
    return g_test_run();
}
