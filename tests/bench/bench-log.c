/* The log alone: events appended in bulk, durable writes from many threads, verification.
 *
 * SHUZHI_BENCH_EVENTS  events of the bulk part (1,000,000)
 * SHUZHI_BENCH_WRITES  durable writes (20,000) */
#include <sqlite3.h>
#include <stdio.h>

#include "bench/bench.h"
#include "log/log.h"
#include "log/verify.h"
#include "proof/note.h"

#define N_THREADS 32
#define EVENTS_A_JOB 500

static void die(const GError *error)
{
    if (error != NULL) {
        g_printerr("bench-log: %s\n", error->message);
        exit(1);
    }
}

/* ---- bulk ------------------------------------------------------------------------------------ */

static bool append_events(LogWriter *writer, void *data, GError **error)
{
    int64_t n = *(int64_t *)data;
    for (int64_t i = 0; i < n; i++) {
        g_autoptr(LogFields) fields = log_fields_new(log_writer_source(writer));
        log_fields_add(fields, "title", "城南路段路灯不亮，夜间通行不便");
        if (!log_append(writer, "note.add", 0, "{\"pages\":3,\"state\":\"open\"}", fields, NULL,
                        error)) {
            return false;
        }
    }
    return true;
}

static double run_bulk(Log *log, int64_t n_events)
{
    const LogAct act = {.actor = "os:bench"};
    GError *error = NULL;
    int64_t start = bench_now_us();
    for (int64_t done = 0; done < n_events; done += EVENTS_A_JOB) {
        int64_t n = MIN(EVENTS_A_JOB, n_events - done);
        log_write(log, &act, append_events, &n, &error);
        die(error);
    }
    return (double)n_events * 1e6 / (double)(bench_now_us() - start);
}

/* ---- durable single writes ------------------------------------------------------------------- */

typedef struct Writers {
    Log *log;
    int64_t n_each;
    int64_t *samples;
} Writers;

typedef struct Thread {
    Writers *writers;
    int index;
} Thread;

static void *write_singly(void *data)
{
    const Thread *thread = data;
    const LogAct act = {.actor = "os:bench"};
    int64_t one = 1;
    for (int64_t i = 0; i < thread->writers->n_each; i++) {
        GError *error = NULL;
        int64_t start = bench_now_us();
        log_write(thread->writers->log, &act, append_events, &one, &error);
        die(error);
        thread->writers->samples[thread->index * thread->writers->n_each + i] =
            bench_now_us() - start;
    }
    return NULL;
}

static void run_singly(Log *log, int64_t n_writes, double alone)
{
    Writers writers = {.log = log, .n_each = n_writes / N_THREADS};
    int64_t n = writers.n_each * N_THREADS;
    writers.samples = g_new0(int64_t, (gsize)n);
    Thread threads[N_THREADS];
    GThread *handles[N_THREADS];
    int64_t start = bench_now_us();
    for (int i = 0; i < N_THREADS; i++) {
        threads[i] = (Thread){&writers, i};
        handles[i] = g_thread_new("writer", write_singly, &threads[i]);
    }
    for (int i = 0; i < N_THREADS; i++) {
        g_thread_join(handles[i]);
    }
    double rate = (double)n * 1e6 / (double)(bench_now_us() - start);
    bench_print("durable writes, 32 threads", rate, "a second", 1500, true);
    bench_print_samples("one durable write", writers.samples, (size_t)n, 0, false);
    bench_print_ratio("durable writes", rate, alone, "a bare SQLite loop that commits each");
    g_free(writers.samples);
}

/* ---- the peer: SQLite without a log ---------------------------------------------------------- */

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        g_printerr("bench-log: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

/* Return how many rows a second a plain loop writes, committing every @n_each rows. */
static double run_peer(const char *folder, int64_t n_rows, int64_t n_each)
{
    g_autofree char *path = g_build_filename(folder, "peer.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    sqlite3_open(path, &db);
    run(db, "PRAGMA journal_mode=WAL");
    run(db, "PRAGMA synchronous=FULL");
    run(db, "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, title TEXT, pages INTEGER,"
            " state TEXT)");
    sqlite3_prepare_v2(db, "INSERT INTO note (title, pages, state) VALUES (?, ?, ?)", -1, &insert,
                       NULL);
    int64_t start = bench_now_us();
    for (int64_t i = 0; i < n_rows; i++) {
        if (i % n_each == 0) {
            run(db, "BEGIN");
        }
        sqlite3_bind_text(insert, 1, "城南路段路灯不亮，夜间通行不便", -1, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 2, 3);
        sqlite3_bind_text(insert, 3, "open", -1, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
        if (i % n_each == n_each - 1 || i == n_rows - 1) {
            run(db, "COMMIT");
        }
    }
    double rate = (double)n_rows * 1e6 / (double)(bench_now_us() - start);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return rate;
}

/* ---- verification ---------------------------------------------------------------------------- */

static void run_verify(Store *store, const ProofSigner *signer, int64_t n_events)
{
    GError *error = NULL;
    g_autoptr(LogReport) report = log_report_new();
    g_autofree char *key = proof_verifier_text(proof_signer_verifier(signer));
    int64_t start = bench_now_us();
    log_verify(store, NULL, "shuzhi/bench", key, NULL, report, &error);
    die(error);
    double seconds = (double)(bench_now_us() - start) / 1e6;
    g_assert_cmpint(report->n_events, ==, n_events);
    bench_print("verify: events, tree, heads", (double)n_events / seconds, "events a second",
                500000, true);
}

int main(void)
{
    int64_t n_events = bench_option("SHUZHI_BENCH_EVENTS", 1000000);
    int64_t n_writes = bench_option("SHUZHI_BENCH_WRITES", 20000);
    bench_begin("log");
    GError *error = NULL;
    g_autofree char *folder = bench_new_folder();
    g_autofree char *path = g_build_filename(folder, "office.db", NULL);
    const uint8_t secret[CRYPTO_SECRET_SIZE] = {1};
    g_autoptr(ProofSigner) signer = proof_signer_new("shuzhi/bench", secret, &error);
    die(error);
    Store *store = store_open(path, STORE_CREATE, &error);
    die(error);
    Log *log = log_open(store, source_system(), &error);
    die(error);

    double bulk = run_bulk(log, n_events);
    bench_print("events in bulk, 500 a job", bulk, "a second", 0, true);
    bench_print_ratio("events in bulk", bulk, run_peer(folder, n_events, EVENTS_A_JOB),
                      "a bare SQLite loop, same rows and commits");
    run_singly(log, n_writes, run_peer(folder, MIN(n_writes, 2000), 1));
    run_verify(store, signer, n_events + n_writes / N_THREADS * N_THREADS);
    bench_print("peak memory", (double)bench_peak_bytes() / 1e6, "MB", 0, false);

    log_free(log);
    store_close(store);
    bench_remove_folder(folder);
    return 0;
}
