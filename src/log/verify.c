#include "log/verify.h"

#include <stdarg.h>

#include "base/json.h"
#include "base/thread.h"
#include "log/check-event.h"
#include "log/history.h"
#include "log/tiles.h"
#include "proof/checkpoint.h"
#include "proof/path.h"

/* Events missing at the end that are walked over, to say of each tile what it is. */
#define MAX_MISSING 1000000

/* Events are checked in chunks of 256 tiles on two threads: a chunk's root is a hash of level 2. */
enum { CHUNK = PROOF_TILE_WIDTH * PROOF_TILE_WIDTH, PAGE = 4096, N_THREADS = 2 };

/* ---- the report ------------------------------------------------------------------------------ */

const char *log_verdict_name(LogVerdict verdict)
{
    static const char *const names[] = {
        [LOG_SOUND] = "sound",     [LOG_ASSERTED] = "asserted",         [LOG_ALTERED] = "altered",
        [LOG_MISSING] = "missing", [LOG_NOT_THIS_KEY] = "not-this-key", [LOG_OLDER] = "older",
        [LOG_FORKED] = "forked"};
    return names[verdict];
}

const char *log_key_from_name(LogKeyFrom from)
{
    static const char *const names[] = {
        [LOG_KEY_NAMED] = "named", [LOG_KEY_KEPT] = "kept", [LOG_KEY_GIVEN] = "given"};
    return names[from];
}

const char *log_verdict_words(LogVerdict verdict)
{
    switch (verdict) {
    case LOG_SOUND:
        return N_("sound: everything is as it was logged, and the log is as it was signed");
    case LOG_ASSERTED:
        return N_("asserted only: everything is as it was logged, but no signature covers the"
                  " newest events");
    case LOG_ALTERED:
        return N_("altered: something stored is not what was logged");
    case LOG_MISSING:
        return N_("missing: something that was logged is not there");
    case LOG_NOT_THIS_KEY:
        return N_("not this key: the log is not signed by the key it should be");
    case LOG_OLDER:
        return N_("older: the office is older than the checkpoint, so events were cut off or an"
                  " old copy was put back");
    case LOG_FORKED:
        return N_("forked: the checkpoint is of another history than this log");
    }
    g_assert_not_reached();
}

LogVerdict log_verdict_of(const char *name)
{
    for (LogVerdict verdict = LOG_SOUND; verdict < LOG_FORKED; verdict++) {
        if (g_str_equal(log_verdict_name(verdict), name)) {
            return verdict;
        }
    }
    return LOG_FORKED;
}

static void free_finding(gpointer data)
{
    LogFinding *finding = data;
    g_error_free(finding->said);
    g_free(finding);
}

LogReport *log_report_new(void)
{
    LogReport *report = g_new0(LogReport, 1);
    report->given_size = -1;
    report->findings = g_ptr_array_new_with_free_func(free_finding);
    report->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return report;
}

void log_report_free(LogReport *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->findings);
        g_hash_table_unref(report->kinds);
        g_free(report);
    }
}

void log_report_take(LogReport *report, LogVerdict verdict, const char *name, int64_t seq,
                     int64_t object, GError *said)
{
    report->verdict = MAX(report->verdict, verdict);
    report->n_findings++;
    if (report->findings->len >= LOG_MAX_FINDINGS) {
        g_error_free(said);
        return;
    }
    LogFinding *finding = g_new0(LogFinding, 1);
    *finding = (LogFinding){verdict, name, seq, object, said};
    g_ptr_array_add(report->findings, finding);
}

void log_report_add(LogReport *report, LogVerdict verdict, const char *name, int64_t seq,
                    int64_t object, const char *format, ...)
{
    GError *said = NULL;
    va_list list;
    va_start(list, format);
    error_set_list(&said, SHUZHI_ERROR_CORRUPT, format, &list);
    va_end(list);
    log_report_take(report, verdict, name, seq, object, said);
}

bool log_report_tell(const LogReport *report, int64_t n_done, int64_t n_total, GError **error)
{
    if (report->progress != NULL && !report->progress(n_done, n_total, report->progress_data)) {
        error_set(error, SHUZHI_ERROR_CANCELLED, "the verification was stopped");
        return false;
    }
    return true;
}

int64_t log_report_count(const LogReport *report, const char *kind)
{
    const int64_t *count = g_hash_table_lookup(report->kinds, kind);
    return count != NULL ? *count : 0;
}

static void count_kind(GHashTable *kinds, const char *kind, int64_t n)
{
    int64_t *count = g_hash_table_lookup(kinds, kind);
    if (count == NULL) {
        count = g_new0(int64_t, 1);
        g_hash_table_insert(kinds, g_strdup(kind), count);
    }
    *count += n;
}

/* ---- the events, in chunks ------------------------------------------------------------------- */

/* What the threads share; findings and sets are under the lock. */
typedef struct Walk {
    StoreConnection *const *connections; /* one a thread, all with the same log */
    gint next_thread;                    /* atomic */
    int64_t size;
    ProofFrontier *frontiers; /* one a chunk */
    gint next_chunk;          /* atomic */
    GMutex lock;
    int64_t n_done; /* events */
    LogReport *report;
    GHashTable *gone;     /* seqs (int64_t) whose key and values are gone */
    GHashTable *erased;   /* seqs that an erase event names */
    int64_t n_committing; /* events that commit to fields and still have them */
    GError *error;        /* the first one */
} Walk;

static int64_t count_chunks(const Walk *walk)
{
    return (walk->size + CHUNK - 1) / CHUNK;
}

static gint64 *box(int64_t value)
{
    gint64 *boxed = g_new(gint64, 1);
    *boxed = value;
    return boxed;
}

static void note_gone(Walk *walk, int64_t seq)
{
    g_mutex_lock(&walk->lock);
    g_hash_table_add(walk->gone, box(seq));
    g_mutex_unlock(&walk->lock);
}

static void note_fault(Walk *walk, const LogStoredEvent *event, LogEventFault fault)
{
    static const char *const texts[] = {
        [LOG_EVENT_COLUMNS] = N_("its columns are not what its line says"),
        [LOG_EVENT_VALUES] = N_("its values are not those it committed to"),
        [LOG_EVENT_HALF_ERASED] = N_("one of its key and its values is gone"),
        [LOG_EVENT_STRAY] = N_("it has a key or values but commits to none"),
    };
    g_autofree char *what = error_words((const char *const[]){texts[fault], NULL});
    g_mutex_lock(&walk->lock);
    log_report_add(walk->report, LOG_ALTERED, "event-fault", event->seq, event->object,
                   "event %lld: %s", (long long)event->seq, what);
    g_mutex_unlock(&walk->lock);
}

/* An erase event says whose keys are rightly gone. */
static void note_erased(Walk *walk, const LogStoredEvent *event)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    const json_t *seqs =
        line != NULL ? json_object_get(json_object_get(line, "data"), "erased") : NULL;
    size_t i = 0;
    json_t *seq = NULL;
    g_mutex_lock(&walk->lock);
    json_array_foreach(seqs, i, seq)
    {
        g_hash_table_add(walk->erased, box(json_integer_value(seq)));
    }
    g_mutex_unlock(&walk->lock);
}

/* One thread's work: a connection, and what it finds in a chunk. */
typedef struct Worker {
    Walk *walk;
    StoreConnection *connection;
    GHashTable *kinds;
    int64_t n_committing;
    LogEventRoom room;
    ProofHash *leaves; /* CHUNK of them */
    int64_t first;     /* seq before the chunk */
    int leaf;          /* that of the event at hand */
} Worker;

static void check_row(Worker *worker, StoreStatement *query)
{
    size_t key_length = 0;
    LogStoredEvent event = {
        .seq = store_column_int(query, 0),
        .at_us = store_column_int(query, 1),
        .actor = store_column_text(query, 2),
        .kind = store_column_text(query, 3),
        .object = store_column_int(query, 4),
        .line = store_column_text(query, 5),
        .key = store_column_bytes(query, 6, &key_length),
        .values = store_column_text(query, 7),
    };
    if (key_length != CRYPTO_HASH_SIZE) {
        event.key = NULL;
    }
    LogEventFault fault = log_check_event(&event, &worker->room);
    if (fault == LOG_EVENT_ERASED) {
        note_gone(worker->walk, event.seq);
    } else if (fault != LOG_EVENT_GOOD) {
        note_fault(worker->walk, &event, fault);
    }
    worker->n_committing += event.key != NULL ? 1 : 0;
    if (g_str_equal(event.kind, "erase")) {
        note_erased(worker->walk, &event);
    }
    count_kind(worker->kinds, event.kind, 1);
    proof_leaf_hash(event.line, strlen(event.line), &worker->leaves[worker->leaf]);
}

/* Note that seqs @from … @to are not there. */
static void note_gap(Worker *worker, int64_t from, int64_t to)
{
    g_mutex_lock(&worker->walk->lock);
    log_report_add(worker->walk->report, LOG_MISSING, "events-missing", from, 0,
                   "events %lld to %lld are missing", (long long)from, (long long)to);
    g_mutex_unlock(&worker->walk->lock);
}

/* Check events @after+1 … @until.  A missing one leaves the leaf of zeros, which no line hashes to.
 */
static bool check_page(Worker *worker, int64_t after, int64_t until, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        worker->connection, error,
        "SELECT e.seq, e.at, e.actor, e.kind, e.object, e.line, s.key, d.field_values FROM event e"
        " LEFT JOIN secret s ON s.seq = e.seq LEFT JOIN detail d ON d.seq = e.seq"
        " WHERE e.seq > $1 AND e.seq <= $2 ORDER BY e.seq",
        "ii", after, until);
    int64_t expected = after + 1;
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        int64_t seq = store_column_int(query, 0);
        if (seq > expected) {
            note_gap(worker, expected, seq - 1);
        } else if (seq < expected) { /* one of the two is in the tree, and both would be read */
            g_mutex_lock(&worker->walk->lock);
            log_report_add(worker->walk->report, LOG_ALTERED, "event-twice", seq, 0,
                           "event %lld is there twice", (long long)seq);
            g_mutex_unlock(&worker->walk->lock);
        }
        worker->leaf = (int)(seq - 1 - worker->first);
        check_row(worker, query);
        expected = seq + 1;
    }
    if (has_row) {
        return false;
    }
    if (expected <= until) {
        note_gap(worker, expected, until);
    }
    return true;
}

/* Name the events from @first on whose hashes are not those stored. */
static void note_leaves(Walk *walk, int64_t first, const ProofHash *stored, const ProofHash *hashes,
                        int count)
{
    static const ProofHash none;
    for (int i = 0; i < count; i++) {
        bool is_there = !proof_hash_is_equal(&hashes[i], &none); /* else noted as missing */
        if (is_there && !proof_hash_is_equal(&hashes[i], &stored[i])) {
            log_report_add(walk->report, LOG_ALTERED, "event-line", first + i, 0,
                           "event %lld: its line is not the one that the tree holds",
                           (long long)first + i);
        }
    }
}

/* Compare @count hashes with the tile stored for them. */
static bool check_tile(StoreConnection *connection, Walk *walk, int level, int64_t n,
                       const ProofHash *hashes, int count, GError **error)
{
    ProofTileReader reader = log_tile_reader(connection);
    ProofHash stored[PROOF_TILE_WIDTH];
    int n_stored = 0;
    if (!reader.read(level, n, stored, &n_stored, reader.data, error)) {
        if (error == NULL || !error_is(*error, SHUZHI_ERROR_CORRUPT)) {
            return false;
        }
        g_clear_error(error);
        n_stored = -1;
    }
    if (n_stored != count || memcmp(stored, hashes, (size_t)count * sizeof *hashes) != 0) {
        g_mutex_lock(&walk->lock);
        log_report_add(walk->report, n_stored == 0 ? LOG_MISSING : LOG_ALTERED, "tile", 0, 0,
                       "tile %lld of level %d is not that of the events", (long long)n, level);
        if (level == 0 && n_stored == count) {
            note_leaves(walk, n * PROOF_TILE_WIDTH + 1, stored, hashes, count);
        }
        g_mutex_unlock(&walk->lock);
    }
    return true;
}

/* Compare the tiles of levels 0 and 1 that a chunk of @count leaves fills. */
static bool check_chunk_tiles(Worker *worker, int64_t chunk, int count, GError **error)
{
    ProofHash roots[PROOF_TILE_WIDTH];
    int n_roots = 0;
    for (int at = 0; at < count; at += PROOF_TILE_WIDTH) {
        int width = MIN(count - at, PROOF_TILE_WIDTH);
        int64_t n = chunk * PROOF_TILE_WIDTH + at / PROOF_TILE_WIDTH;
        if (!check_tile(worker->connection, worker->walk, 0, n, worker->leaves + at, width,
                        error)) {
            return false;
        }
        if (width == PROOF_TILE_WIDTH) {
            proof_perfect_root(worker->leaves + at, 8, &roots[n_roots++]);
        }
    }
    return n_roots == 0 ||
           check_tile(worker->connection, worker->walk, 1, chunk, roots, n_roots, error);
}

/* Tell how far all threads are; where that stops it, no chunk is left to take. */
static bool tell(Walk *walk, int n_done, GError **error)
{
    g_mutex_lock(&walk->lock);
    walk->n_done += n_done;
    bool goes_on = log_report_tell(walk->report, walk->n_done, 2 * walk->size, error);
    g_mutex_unlock(&walk->lock);
    if (!goes_on) {
        g_atomic_int_set(&walk->next_chunk, (int)count_chunks(walk));
    }
    return goes_on;
}

static bool check_chunk(Worker *worker, int64_t chunk, GError **error)
{
    Walk *walk = worker->walk;
    worker->first = chunk * CHUNK;
    int64_t until = MIN(worker->first + CHUNK, walk->size);
    int count = (int)(until - worker->first);
    memset(worker->leaves, 0, (size_t)count * sizeof(ProofHash));
    for (int64_t after = worker->first; after < until; after += PAGE) {
        if (!check_page(worker, after, MIN(after + PAGE, until), error)) {
            return false;
        }
    }
    ProofFrontier *frontier = &walk->frontiers[chunk];
    proof_frontier_init(frontier);
    for (int i = 0; i < count; i++) {
        proof_frontier_append(frontier, &worker->leaves[i]);
    }
    return check_chunk_tiles(worker, chunk, count, error) && tell(walk, count, error);
}

/* Add what a worker counted to the report. */
static void merge_worker(Worker *worker, GError *error)
{
    Walk *walk = worker->walk;
    GHashTableIter iter;
    gpointer kind = NULL, count = NULL;
    g_mutex_lock(&walk->lock);
    g_hash_table_iter_init(&iter, worker->kinds);
    while (g_hash_table_iter_next(&iter, &kind, &count)) {
        count_kind(walk->report->kinds, kind, *(int64_t *)count);
    }
    walk->n_committing += worker->n_committing;
    if (error != NULL && walk->error == NULL) {
        walk->error = g_steal_pointer(&error);
    }
    g_mutex_unlock(&walk->lock);
    g_clear_error(&error);
}

static gpointer work(gpointer data)
{
    Worker worker = {.walk = data};
    Walk *walk = worker.walk;
    g_autoptr(GError) error = NULL;
    worker.connection = walk->connections[g_atomic_int_add(&walk->next_thread, 1)];
    worker.kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    worker.leaves = g_new(ProofHash, CHUNK);
    log_event_room_init(&worker.room);
    int64_t chunk = 0;
    while (error == NULL && (chunk = g_atomic_int_add(&walk->next_chunk, 1)) < count_chunks(walk)) {
        (void)check_chunk(&worker, chunk, &error);
    }
    merge_worker(&worker, g_steal_pointer(&error));
    g_hash_table_unref(worker.kinds);
    log_event_room_clear(&worker.room);
    g_free(worker.leaves);
    return NULL;
}

/* ---- what the chunks give together ----------------------------------------------------------- */

/* Join the chunks, and compare the tiles above them with the chunks' roots. */
static bool join_chunks(Walk *walk, StoreConnection *connection, ProofHash *ret_root,
                        GError **error)
{
    int64_t n_chunks = count_chunks(walk);
    ProofFrontier whole;
    proof_frontier_init(&whole);
    g_autoptr(GArray) roots = g_array_new(false, false, sizeof(ProofHash));
    for (int64_t i = 0; i < n_chunks; i++) {
        proof_frontier_join(&whole, &walk->frontiers[i]);
        if (walk->frontiers[i].size == CHUNK) {
            ProofHash root;
            proof_frontier_root(&walk->frontiers[i], &root);
            g_array_append_val(roots, root);
        }
    }
    proof_frontier_root(&whole, ret_root);
    for (int level = 2; roots->len > 0; level++) {
        const ProofHash *hashes = (const ProofHash *)(void *)roots->data;
        guint n_full = 0;
        for (guint at = 0; at < roots->len; at += PROOF_TILE_WIDTH) {
            int width = (int)MIN(roots->len - at, PROOF_TILE_WIDTH);
            if (!check_tile(connection, walk, level, at / PROOF_TILE_WIDTH, hashes + at, width,
                            error)) {
                return false;
            }
            if (width == PROOF_TILE_WIDTH) {
                ProofHash root;
                proof_perfect_root(hashes + at, 8, &root);
                g_array_index(roots, ProofHash, n_full++) = root;
            }
        }
        g_array_set_size(roots, n_full);
    }
    return true;
}

static void check_erasures(Walk *walk)
{
    GHashTableIter iter;
    gpointer seq = NULL;
    g_hash_table_iter_init(&iter, walk->gone);
    while (g_hash_table_iter_next(&iter, &seq, NULL)) {
        if (!g_hash_table_contains(walk->erased, seq)) {
            log_report_add(walk->report, LOG_MISSING, "event-unerased", *(gint64 *)seq, 0,
                           "event %lld: its key and values are gone, but no event erased them",
                           (long long)*(gint64 *)seq);
        }
    }
    g_hash_table_iter_init(&iter, walk->erased);
    while (g_hash_table_iter_next(&iter, &seq, NULL)) {
        if (!g_hash_table_contains(walk->gone, seq)) {
            log_report_add(walk->report, LOG_ALTERED, "event-not-erased", *(gint64 *)seq, 0,
                           "event %lld: it was erased, but has a key or values",
                           (long long)*(gint64 *)seq);
        }
    }
}

/* Rows that belong to no event cannot be met when walking the events: count them. */
static bool check_strays(Walk *walk, StoreConnection *connection, GError **error)
{
    static const char *const tables[] = {"secret", "detail"};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strconcat("SELECT count(*) FROM ", tables[i], NULL);
        int64_t n = 0;
        if (!store_query_int(connection, 0, &n, error, sql, "")) {
            return false;
        }
        if (n > walk->n_committing) {
            log_report_add(walk->report, LOG_ALTERED, "table-surplus", 0, 0,
                           "table %s has %lld rows, but only %lld events commit to fields",
                           tables[i], (long long)n, (long long)walk->n_committing);
        }
    }
    int64_t last = 0;
    if (!store_query_int(connection, 0, &last, error, "SELECT max(seq) FROM event", "")) {
        return false;
    }
    if (last > walk->size) {
        log_report_add(walk->report, LOG_ALTERED, "events-outside-tree", walk->size + 1, 0,
                       "events %lld to %lld are not in the tree", (long long)walk->size + 1,
                       (long long)last);
    }
    return log_verify_ids(connection, "event", "seq", walk->report, error);
}

/* Check that the table @name, of which no row is met by itself, has no more than @expected. */
static bool check_count(StoreConnection *connection, const char *name, int64_t expected,
                        LogReport *report, GError **error)
{
    g_autofree char *sql = g_strconcat("SELECT count(*) FROM ", name, NULL);
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, sql, "")) {
        return false;
    }
    if (n > expected) {
        log_report_add(report, LOG_ALTERED, "table-surplus", 0, 0,
                       "table %s has %lld rows, the log says %lld", name, (long long)n,
                       (long long)expected);
    }
    return true;
}

/* Tiles and heads beside those of the tree lie in wait for the log to grow. */
static bool check_tree_rows(const Walk *walk, StoreConnection *connection, GError **error)
{
    int64_t n_tiles = 0;
    for (int64_t n = walk->size; n > 0; n /= PROOF_TILE_WIDTH) {
        n_tiles += (n + PROOF_TILE_WIDTH - 1) / PROOF_TILE_WIDTH;
    }
    return check_count(connection, "tile", n_tiles, walk->report, error) &&
           check_count(connection, "head", 1, walk->report, error);
}

/* A head that was set far beyond the events is not walked up to: that would never end. */
static bool limit_size(Walk *walk, StoreConnection *connection, GError **error)
{
    int64_t last = 0;
    if (!store_query_int(connection, 0, &last, error, "SELECT max(seq) FROM event", "")) {
        return false;
    }
    last = CLAMP(last, 0, JSON_MAX_INT);
    if (walk->size < 0 || walk->size - last > MAX_MISSING) {
        log_report_add(walk->report, LOG_MISSING, "events-missing", last + 1, 0,
                       "events %lld to %lld are missing", (long long)last + 1,
                       (long long)walk->size);
        walk->size = last;
    }
    return true;
}

static bool walk_events(StoreConnection *connection, StoreConnection *const *workers,
                        LogReport *report, GError **error)
{
    Walk walk = {.connections = workers, .report = report};
    ProofHash head, root;
    if (!log_head(connection, &walk.size, head.bytes, error) ||
        !limit_size(&walk, connection, error)) {
        return false;
    }
    g_mutex_init(&walk.lock);
    walk.frontiers = g_new0(ProofFrontier, count_chunks(&walk) + 1);
    walk.gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    walk.erased = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    GThread *threads[N_THREADS];
    for (int i = 0; i < N_THREADS; i++) {
        threads[i] = thread_start("verify", work, &walk);
    }
    for (int i = 0; i < N_THREADS; i++) {
        g_thread_join(threads[i]);
    }
    report->n_events = walk.size;
    bool is_good = walk.error == NULL && join_chunks(&walk, connection, &root, error) &&
                   check_strays(&walk, connection, error) &&
                   check_tree_rows(&walk, connection, error);
    if (is_good) {
        check_erasures(&walk);
        memcpy(report->root, root.bytes, sizeof root.bytes);
        if (!proof_hash_is_equal(&root, &head)) {
            log_report_add(report, LOG_ALTERED, "head-root", 0, 0,
                           "the head's root is not that of its %lld events", (long long)walk.size);
        }
    }
    if (walk.error != NULL) {
        g_propagate_error(error, walk.error);
    }
    g_free(walk.frontiers);
    g_hash_table_unref(walk.gone);
    g_hash_table_unref(walk.erased);
    g_mutex_clear(&walk.lock);
    return is_good;
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

typedef struct Trust {
    StoreConnection *connection;
    const ProofVerifier *verifier;
    const char *origin;
    LogReport *report;
} Trust;

/* Compare @checkpoint, whose signature is good, with the tree.  *@ret_is_ours: it is of this
 * history. */
static bool compare_root(const Trust *trust, const ProofCheckpoint *checkpoint, const char *whose,
                         bool *ret_is_ours, GError **error)
{
    *ret_is_ours = false;
    if (checkpoint->size > trust->report->n_events) {
        log_report_add(trust->report, LOG_OLDER, "checkpoint-newer", 0, 0,
                       "%s covers %lld events, but the office has only %lld: it was cut short or an"
                       " older copy was put back",
                       whose, (long long)checkpoint->size, (long long)trust->report->n_events);
        return true;
    }
    ProofTileReader reader = log_tile_reader(trust->connection);
    ProofHash root;
    if (!proof_root_at(&reader, checkpoint->size, &root, error)) {
        if (error != NULL && error_is(*error, SHUZHI_ERROR_CORRUPT)) {
            g_clear_error(error); /* the missing tile is a finding already */
            return true;
        }
        return false;
    }
    *ret_is_ours = proof_hash_is_equal(&root, &checkpoint->root);
    if (!*ret_is_ours) {
        log_report_add(trust->report, LOG_FORKED, "checkpoint-root", 0, 0,
                       "%s of %lld events has another root: it is of another history", whose,
                       (long long)checkpoint->size);
    }
    return true;
}

/* Check that the note kept for @size events is about as many, or is no note at all. */
static void check_size(const Trust *trust, const char *note, int64_t size)
{
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), NULL);
    if (checkpoint != NULL && checkpoint->size != size) {
        log_report_add(trust->report, LOG_ALTERED, "checkpoint-size", 0, 0,
                       "the checkpoint of %lld events is kept as one of %lld",
                       (long long)checkpoint->size, (long long)size);
    }
}

/* Check one signed note; *@ret_size is what it covers if it is good, else untouched. */
static bool check_note(const Trust *trust, const char *note, const char *whose, int64_t *ret_size,
                       GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), &fault);
    if (checkpoint == NULL) {
        error_prefix(&fault, "%s cannot be read", whose);
        log_report_take(trust->report, LOG_ALTERED, "checkpoint-unreadable", 0, 0,
                        g_steal_pointer(&fault));
        return true;
    }
    ProofVerdict verdict = proof_checkpoint_check(checkpoint, trust->origin, trust->verifier);
    if (verdict != PROOF_SOUND) {
        g_autofree char *why =
            error_words((const char *const[]){proof_verdict_sentence(verdict), NULL});
        log_report_add(trust->report, LOG_NOT_THIS_KEY, "checkpoint-key", 0, 0,
                       "%s of %lld {event|events} is not to be trusted: %s", whose,
                       (long long)checkpoint->size, why);
        return true;
    }
    bool is_ours = false;
    if (!compare_root(trust, checkpoint, whose, &is_ours, error)) {
        return false;
    }
    if (is_ours) {
        *ret_size = checkpoint->size;
    }
    return true;
}

static bool check_kept(const Trust *trust, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        trust->connection, error, "SELECT note, size FROM checkpoint ORDER BY size", "");
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_autofree char *note = g_strdup(store_column_text(query, 0));
        g_autofree char *whose =
            error_words((const char *const[]){N_("the kept checkpoint"), NULL});
        check_size(trust, note, store_column_int(query, 1));
        if (!check_note(trust, note, whose, &trust->report->signed_size, error)) {
            return false;
        }
    }
    return !has_row;
}

/* Check the checkpoint that the caller holds.  A file that is of another log, or was altered, says
 * nothing of the office: INVALID. */
static bool check_given(const Trust *trust, const char *note, GError **error)
{
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), error);
    if (checkpoint == NULL) {
        return false;
    }
    ProofVerdict verdict = proof_checkpoint_check(checkpoint, trust->origin, trust->verifier);
    bool is_ours_signed = trust->report->signed_size > 0; /* by the key, which the file is not */
    if (verdict == PROOF_OTHER_LOG || verdict == PROOF_FORGED ||
        (verdict == PROOF_UNSIGNED && is_ours_signed)) {
        g_autofree char *why =
            error_words((const char *const[]){proof_verdict_sentence(verdict), NULL});
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the checkpoint given says nothing of this office: %s", why);
        return false;
    }
    g_autofree char *whose = error_words((const char *const[]){N_("the checkpoint given"), NULL});
    return check_note(trust, note, whose, &trust->report->given_size, error);
}

/* Check what the key signed last. */
static bool check_last(const Trust *trust, const char *note, GError **error)
{
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), NULL);
    if (checkpoint == NULL ||
        proof_checkpoint_check(checkpoint, trust->origin, trust->verifier) != PROOF_SOUND) {
        return true;
    }
    bool is_ours = false;
    g_autofree char *whose =
        error_words((const char *const[]){N_("what the key signed last"), NULL});
    return compare_root(trust, checkpoint, whose, &is_ours, error);
}

static bool check_signatures(const Trust *trust, const LogWitness *witness, GError **error)
{
    LogReport *report = trust->report;
    if (!check_kept(trust, error) ||
        (witness != NULL && witness->given != NULL && !check_given(trust, witness->given, error)) ||
        (witness != NULL && witness->last != NULL && !check_last(trust, witness->last, error))) {
        return false;
    }
    if (report->signed_size < report->n_events) {
        log_report_add(report, LOG_ASSERTED, "events-unsigned", report->signed_size + 1, 0,
                       "events %lld to %lld are covered by no signature yet: a server of the office"
                       " signs every few minutes, and 'shuzhi checkpoint', where the key is, at"
                       " once; where no server runs, a program was killed or had no key",
                       (long long)report->signed_size + 1, (long long)report->n_events);
    }
    return true;
}

/* Begin snapshots on all of @connections that have the log at one size, whoever writes meanwhile.
 */
static bool begin_together(StoreConnection *const *connections, GError **error)
{
    for (bool is_one = false; !is_one;) {
        int64_t first = 0;
        is_one = true;
        for (int i = 0; i <= N_THREADS; i++) {
            int64_t size = 0;
            if (!store_snapshot_begin(connections[i], error) ||
                !log_head(connections[i], &size, NULL, error)) {
                return false;
            }
            first = i == 0 ? size : first;
            is_one = is_one && size == first;
        }
        for (int i = 0; !is_one && i <= N_THREADS; i++) {
            store_snapshot_end(connections[i]);
        }
    }
    return true;
}

bool log_verify_ids(StoreConnection *connection, const char *table, const char *column,
                    LogReport *report, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT count(*) FROM ");
    store_append_identifier(sql, table);
    g_string_append_printf(sql, " WHERE %s < 1", column);
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, sql->str, "")) {
        return false;
    }
    if (n > 0) {
        log_report_add(report, LOG_ALTERED, "ids", 0, 0,
                       "table %s has %lld {row|rows} with an id below 1, which no event made",
                       table, (long long)n);
    }
    return true;
}

bool log_verify(Store *store, StoreConnection *reader, const char *origin, const char *public_key,
                const LogWitness *witness, LogReport *report, GError **error)
{
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(public_key, error);
    StoreConnection *connections[N_THREADS + 1] = {reader};
    bool is_good = verifier != NULL;
    for (int i = reader != NULL ? 1 : 0; is_good && i <= N_THREADS; i++) {
        connections[i] = store_reader_acquire(store, error);
        is_good = connections[i] != NULL;
    }
    Trust trust = {
        .connection = connections[0], .verifier = verifier, .origin = origin, .report = report};
    is_good = is_good && begin_together(connections, error) &&
              walk_events(connections[0], connections + 1, report, error) &&
              check_signatures(&trust, witness, error);
    for (int i = reader != NULL ? 1 : 0; i <= N_THREADS; i++) {
        if (connections[i] != NULL) {
            store_reader_release(connections[i]); /* ends its snapshot */
        }
    }
    return is_good;
}
