#include "store/store-internal.h"

#include "base/thread.h"

/* One caller of store_write() or store_write_unflushed(), on its stack, until it is answered. */
typedef struct Ticket {
    StoreJob job;
    void *data;
    bool is_unflushed;
    GError *error; /* with is_ok false */
    bool is_ok;
    bool is_answered;
    GCond answered;
} Ticket;

/* A transaction in the making.
 *
 * The first job needs no savepoint: as long as no job stands, rolling back the whole transaction is
 * rolling back that job.  So an uncontended write costs one BEGIN and one COMMIT. */
typedef struct Batch {
    Store *store;
    GPtrArray *standing; /* of Ticket*, ran well and wait for the commit */
    GError *loss;        /* set when the transaction is lost */
    bool is_unflushed;   /* all jobs are */
    int n_jobs;
    int64_t ends_at_us;
} Batch;

/* ---- tickets --------------------------------------------------------------------------------- */

/* Queue @ticket and wait for its answer. */
static bool hand_in(Store *store, Ticket *ticket, GError **error)
{
    g_assert(store->thread != NULL && store->thread != g_thread_self());
    g_cond_init(&ticket->answered);
    g_mutex_lock(&store->lock);
    g_assert(!store->is_closing); /* nobody would answer */
    g_queue_push_tail(&store->tickets, ticket);
    g_cond_signal(&store->has_ticket);
    while (!ticket->is_answered) {
        g_cond_wait(&ticket->answered, &store->lock);
    }
    g_mutex_unlock(&store->lock);
    g_cond_clear(&ticket->answered);
    if (!ticket->is_ok) {
        g_propagate_error(error, ticket->error);
    }
    return ticket->is_ok;
}

bool store_write(Store *store, StoreJob job, void *data, GError **error)
{
    Ticket ticket = {.job = job, .data = data};
    return hand_in(store, &ticket, error);
}

bool store_write_unflushed(Store *store, StoreJob job, void *data, GError **error)
{
    Ticket ticket = {.job = job, .data = data, .is_unflushed = true};
    return hand_in(store, &ticket, error);
}

/* Answer @ticket: success when @failure (takes) is NULL.  The ticket is gone afterwards. */
static void answer(Store *store, Ticket *ticket, GError *failure)
{
    g_mutex_lock(&store->lock);
    ticket->is_ok = failure == NULL;
    ticket->error = failure;
    ticket->is_answered = true;
    g_cond_signal(&ticket->answered);
    g_mutex_unlock(&store->lock);
}

/* Return the next ticket, waiting for it; NULL when the store closes and none is left. */
static Ticket *wait_for_ticket(Store *store)
{
    g_mutex_lock(&store->lock);
    while (g_queue_is_empty(&store->tickets) && !store->is_closing) {
        g_cond_wait(&store->has_ticket, &store->lock);
    }
    Ticket *ticket = g_queue_pop_head(&store->tickets);
    g_mutex_unlock(&store->lock);
    return ticket;
}

/* Return a ticket that is waiting already and that @batch still has room for, or NULL.  One that
 * must be on disk has no place in a batch that will not be. */
static Ticket *next_ticket(Batch *batch)
{
    if (batch->n_jobs >= STORE_MAX_BATCH_JOBS || g_get_monotonic_time() >= batch->ends_at_us) {
        return NULL;
    }
    g_mutex_lock(&batch->store->lock);
    Ticket *ticket = g_queue_peek_head(&batch->store->tickets);
    if (ticket != NULL && batch->is_unflushed && !ticket->is_unflushed) {
        ticket = NULL;
    } else {
        g_queue_pop_head(&batch->store->tickets);
    }
    g_mutex_unlock(&batch->store->lock);
    return ticket;
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static bool run_hook(bool (*hook)(StoreConnection *, void *, GError **), Store *store,
                     GError **error)
{
    if (hook == NULL) {
        return true;
    }
    bool is_ok = hook(store->writer, store->hooks.data, error);
    g_assert(store->writer->n_in_use == 0);
    return is_ok && store_connection_is_sound(store->writer, error);
}

static void undo_hook(Store *store)
{
    if (store->hooks.undo != NULL) {
        store->hooks.undo(store->hooks.data);
    }
}

/* Run the job itself.  A job that swallowed the error of a statement has failed all the same. */
static bool run_job(Store *store, Ticket *ticket, GError **error)
{
    if (store->hooks.mark != NULL) {
        store->hooks.mark(store->hooks.data);
    }
    bool is_ok = ticket->job(store->writer, ticket->data, error);
    g_assert(store->writer->n_in_use == 0); /* every statement was given back */
    return is_ok && store_connection_is_sound(store->writer, error);
}

/* Undo the last job alone; false where the whole transaction is lost. */
static bool roll_back_to_savepoint(StoreConnection *writer)
{
    if (!writer->backend->is_in_transaction(writer)) {
        return false;
    }
    g_clear_error(&writer->failure);
    return writer->backend->run(writer, "ROLLBACK TO SAVEPOINT job", NULL) &&
           writer->backend->run(writer, "RELEASE SAVEPOINT job", NULL);
}

/* Run @ticket beside jobs that stand already: a failure undoes it alone, unless the whole
 * transaction is lost with it. */
static void run_in_savepoint(Batch *batch, Ticket *ticket)
{
    Store *store = batch->store;
    StoreConnection *writer = store->writer;
    GError *failure = NULL;
    if (!writer->backend->run(writer, "SAVEPOINT job", &batch->loss)) {
        g_ptr_array_add(batch->standing, ticket);
        return;
    }
    if (run_job(store, ticket, &failure)) {
        g_ptr_array_add(batch->standing, ticket);
        writer->backend->run(writer, "RELEASE SAVEPOINT job", &batch->loss);
        return;
    }
    undo_hook(store);
    if (!roll_back_to_savepoint(writer)) {
        batch->loss = g_error_copy(failure); /* the cause: a full disk, a lost connection */
    }
    answer(store, ticket, failure);
}

/* Run @first as the only job so far.  Where it fails, the transaction has nothing to keep. */
static void run_first(Batch *batch, Ticket *first)
{
    GError *failure = NULL;
    g_ptr_array_add(batch->standing, first);
    if (!run_job(batch->store, first, &failure)) {
        undo_hook(batch->store);
        batch->loss = failure;
    }
}

/* ---- batches --------------------------------------------------------------------------------- */

static bool reconnect(Store *store, GError **error)
{
    StoreConnection *writer = store->backend->connect(store, true, error);
    if (writer == NULL) {
        return false;
    }
    store->backend->disconnect(store->writer);
    store->writer = writer;
    return true;
}

/* Begin the transaction; a connection that was lost since the last one is made anew. */
static bool begin(Store *store, bool is_unflushed, GError **error)
{
    const StoreBackend *backend = store->backend;
    g_autoptr(GError) failure = NULL;
    if (backend->is_alive(store->writer)) {
        if (store_transaction_begin(store->writer, is_unflushed, &failure)) {
            return true;
        }
        if (backend->is_alive(store->writer)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
    return reconnect(store, error) && store_transaction_begin(store->writer, is_unflushed, error);
}

/* Begin, run the jobs that wait, commit.  Returns whether it is; else batch->loss is set. */
static bool run_transaction(Batch *batch, Ticket *first)
{
    Store *store = batch->store;
    if (!begin(store, batch->is_unflushed, &batch->loss)) {
        g_ptr_array_add(batch->standing, first);
        return false;
    }
    if (!run_hook(store->hooks.begin, store, &batch->loss)) {
        g_ptr_array_add(batch->standing, first);
    } else {
        run_first(batch, first);
    }
    Ticket *ticket;
    while (batch->loss == NULL && (ticket = next_ticket(batch)) != NULL) {
        batch->n_jobs++;
        run_in_savepoint(batch, ticket);
    }
    if (batch->loss == NULL) {
        run_hook(store->hooks.finish, store, &batch->loss);
    }
    if (batch->loss != NULL) {
        store_transaction_abandon(store->writer);
        return false;
    }
    return store_transaction_end(store->writer, "COMMIT", &batch->loss);
}

static void run_batch(Store *store, Ticket *first)
{
    Batch batch = {
        .store = store,
        .standing = g_ptr_array_new(),
        .is_unflushed = first->is_unflushed,
        .n_jobs = 1,
        .ends_at_us = g_get_monotonic_time() + store->batch_us,
    };
    bool is_committed = run_transaction(&batch, first);
    g_assert(is_committed == (batch.loss == NULL));
    if (store->hooks.done != NULL) {
        store->hooks.done(is_committed, store->hooks.data);
    }
    store_note_outcome(store, batch.loss);
    for (guint i = 0; i < batch.standing->len; i++) {
        answer(store, batch.standing->pdata[i], is_committed ? NULL : g_error_copy(batch.loss));
    }
    g_ptr_array_unref(batch.standing);
    g_clear_error(&batch.loss);
    if (store->backend->settle != NULL) {
        store->backend->settle(store->writer);
    }
}

static gpointer run_writer(gpointer data)
{
    Store *store = data;
    Ticket *ticket;
    while ((ticket = wait_for_ticket(store)) != NULL) {
        run_batch(store, ticket);
    }
    return NULL;
}

void store_queue_start(Store *store)
{
    store->thread = thread_start("store-writer", run_writer, store);
}

void store_queue_stop(Store *store)
{
    g_mutex_lock(&store->lock);
    store->is_closing = true;
    g_cond_signal(&store->has_ticket);
    g_mutex_unlock(&store->lock);
    g_thread_join(g_steal_pointer(&store->thread));
}
