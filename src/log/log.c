#include "log/log.h"

#include "base/json.h"
#include "base/text.h"
#include "log/history.h"
#include "log/tiles.h"
#include "proof/tree.h"

struct Log {
    Store *store;    /* borrowed */
    Source *source;  /* borrowed */
    ProofTree *tree; /* the writer thread's alone */
    int64_t marked;  /* size before the present job */
    int64_t settled; /* size before the present batch, or after the last one */
};

struct LogWriter {
    Log *log;
    StoreConnection *connection;
    const LogAct *act;
    int64_t now_us;
};

/* ---- the tree and the store's batches -------------------------------------------------------- */

/* Load the tree that @connection sees; its root must be the one in the head. */
static ProofTree *load_tree(StoreConnection *connection, int64_t size, const ProofHash *root,
                            GError **error)
{
    ProofTileReader reader = log_tile_reader(connection);
    g_autoptr(ProofTree) tree = proof_tree_load(size, &reader, error);
    if (tree == NULL) {
        error_prefix(error, N_("the log's tree cannot be read"));
        return NULL;
    }
    ProofHash computed;
    proof_tree_root(tree, &computed);
    if (!proof_hash_is_equal(&computed, root)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the log's head does not fit its tree at %lld events", (long long)size);
        return NULL;
    }
    return g_steal_pointer(&tree);
}

/* Check that what another process wrote behind event @size changes nothing that is held in memory:
 * what an office runs on is read when it is opened. */
static bool check_same_office(StoreConnection *connection, int64_t size, GError **error)
{
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error,
                         "SELECT count(*) FROM event WHERE seq > $1 AND kind IN ('definition.add',"
                         " 'definition.change', 'definition.remove', 'office.change')",
                         "i", size)) {
        return false;
    }
    if (n > 0) {
        error_set(error, SHUZHI_ERROR_BUSY,
                  "while the connection was lost, another process changed what the office runs on:"
                  " open it anew");
        error_of_system(error);
    }
    return n == 0;
}

/* The transaction has locked out who else might write (docs/decisions/0007-postgres-lock.md).  The
 * head is another than the one in memory where the connection was lost: a commit without an answer
 * was made after all, or another process had the office meanwhile. */
static bool begin_batch(StoreConnection *connection, void *data, GError **error)
{
    Log *log = data;
    int64_t size = 0;
    ProofHash root, mine;
    if (!log_head(connection, &size, root.bytes, error)) {
        return false;
    }
    proof_tree_root(log->tree, &mine);
    if (size != proof_tree_size(log->tree) || !proof_hash_is_equal(&root, &mine)) {
        ProofTree *fresh = check_same_office(connection, log->settled, error)
                               ? load_tree(connection, size, &root, error)
                               : NULL;
        if (fresh == NULL) {
            return false;
        }
        proof_tree_free(log->tree);
        log->tree = fresh;
    }
    log->settled = size;
    return true;
}

static void mark_job(void *data)
{
    Log *log = data;
    log->marked = proof_tree_size(log->tree);
}

static void undo_job(void *data)
{
    Log *log = data;
    proof_tree_undo(log->tree, log->marked);
}

/* Write the changed tiles and the head; a batch without events leaves both alone. */
static bool finish_batch(StoreConnection *connection, void *data, GError **error)
{
    Log *log = data;
    int64_t size = proof_tree_size(log->tree);
    if (size == log->settled) {
        return true;
    }
    ProofHash root;
    proof_tree_root(log->tree, &root);
    return proof_tree_each_changed(log->tree, log_tile_write, connection, error) &&
           store_run(connection, error,
                     "INSERT INTO head (k, size, root) VALUES (0, $1, $2)"
                     " ON CONFLICT (k) DO UPDATE SET size = $1, root = $2",
                     "ib", size, root.bytes, sizeof root.bytes);
}

static void end_batch(bool is_committed, void *data)
{
    Log *log = data;
    if (is_committed) {
        proof_tree_settle(log->tree);
        log->settled = proof_tree_size(log->tree); /* the next one may fail before it begins */
    } else {
        proof_tree_undo(log->tree, log->settled);
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool load_from_reader(Log *log, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(log->store, error);
    int64_t size = 0;
    ProofHash root;
    if (reader == NULL || !store_snapshot_begin(reader, error) ||
        !log_head(reader, &size, root.bytes, error)) {
        return false;
    }
    log->tree = load_tree(reader, size, &root, error);
    log->settled = size;
    store_snapshot_end(reader);
    return log->tree != NULL;
}

Log *log_open(Store *store, Source *source, GError **error)
{
    g_autoptr(Log) log = g_new0(Log, 1);
    log->store = store;
    log->source = source;
    if (!load_from_reader(log, error)) {
        return NULL;
    }
    StoreHooks hooks = {.begin = begin_batch,
                        .mark = mark_job,
                        .undo = undo_job,
                        .finish = finish_batch,
                        .done = end_batch,
                        .data = log};
    store_set_hooks(store, &hooks);
    return g_steal_pointer(&log);
}

void log_free(Log *log)
{
    if (log != NULL) {
        proof_tree_free(log->tree);
        g_free(log);
    }
}

Store *log_store(const Log *log)
{
    return log->store;
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct Work {
    Log *log;
    const LogAct *act;
    LogJob job;
    void *data;
    bool is_done_already; /* under the same key; seen when the batch is on disk */
} Work;

/* Run the job unless it was run under the same key; the key is noted with it or not at all.
 *
 * The one before may stand in the same batch, not on disk yet.  So nothing is refused here: what
 * does nothing stands, too, and log_write() refuses it once the whole batch is there. */
static bool run_once(LogWriter *writer, Work *work, GError **error)
{
    const LogAct *act = work->act;
    int64_t seq = log_writer_next_seq(writer);
    int64_t done_seq = 0;
    if (!log_once_find(writer->connection, act->actor, act->once, writer->now_us,
                       &work->is_done_already, &done_seq, error)) {
        return false;
    }
    if (work->is_done_already) {
        return true;
    }
    if (!work->job(writer, work->data, error)) {
        return false;
    }
    bool has_event = log_writer_next_seq(writer) > seq;
    return log_once_note(writer->connection, act->actor, act->once, has_event ? seq : 0,
                         writer->now_us, error);
}

static bool run_job(StoreConnection *connection, void *data, GError **error)
{
    Work *work = data;
    LogWriter writer = {.log = work->log, .connection = connection, .act = work->act};
    writer.now_us = work->act->at_us != 0 ? work->act->at_us : source_now_us(work->log->source);
    return work->act->once != NULL ? run_once(&writer, work, error)
                                   : work->job(&writer, work->data, error);
}

/* Hand @work in at the queue's door @write. */
static bool hand_in(Work *work, bool (*write)(Store *, StoreJob, void *, GError **), GError **error)
{
    if (!write(work->log->store, run_job, work, error)) {
        return false;
    }
    if (work->is_done_already) {
        error_set(error, SHUZHI_ERROR_EXISTS, "this was done already");
    }
    return !work->is_done_already;
}

bool log_write(Log *log, const LogAct *act, LogJob job, void *data, GError **error)
{
    Work work = {.log = log, .act = act, .job = job, .data = data};
    return hand_in(&work, store_write, error);
}

bool log_write_unflushed(Log *log, const LogAct *act, LogJob job, void *data, GError **error)
{
    Work work = {.log = log, .act = act, .job = job, .data = data};
    return hand_in(&work, store_write_unflushed, error);
}

StoreConnection *log_writer_connection(LogWriter *writer)
{
    return writer->connection;
}

const LogAct *log_writer_act(const LogWriter *writer)
{
    return writer->act;
}

int64_t log_writer_now_us(const LogWriter *writer)
{
    return writer->now_us;
}

Source *log_writer_source(const LogWriter *writer)
{
    return writer->log->source;
}

int64_t log_writer_next_seq(const LogWriter *writer)
{
    return proof_tree_size(writer->log->tree) + 1;
}

/* One event on its way into the tables. */
typedef struct Pending {
    int64_t seq;
    int64_t object;
    const char *kind;
    const char *data;
    const LogFields *fields;             /* NULL: none */
    uint8_t fresh_key[CRYPTO_HASH_SIZE]; /* where only the reason is committed to */
    const uint8_t *key;                  /* NULL: nothing is committed to */
    GString *why;                        /* `"@why":"…"` pairs; NULL: no reason given */
    GString *why_value;
} Pending;

/* The reason is a field like others, under a name that sorts first and that no ledger can have. */
#define WHY_FIELD "@why"

bool log_act_has_reason(const LogAct *act)
{
    return !text_is_blank(act->why);
}

static void prepare_reason(LogWriter *writer, Pending *pending)
{
    pending->key = pending->fields != NULL ? log_fields_key(pending->fields) : NULL;
    if (!log_act_has_reason(writer->act)) {
        return;
    }
    if (pending->key == NULL) {
        source_random(writer->log->source, pending->fresh_key, sizeof pending->fresh_key);
        pending->key = pending->fresh_key;
    }
    pending->why = g_string_new(NULL);
    g_auto(ProofEventKey) key;
    proof_event_key_init(&key, pending->key);
    log_fields_append_commitment(pending->why, &key, WHY_FIELD, writer->act->why);
    pending->why_value = g_string_new(NULL);
    json_append_quoted(pending->why_value, WHY_FIELD);
    g_string_append_c(pending->why_value, ':');
    json_append_quoted(pending->why_value, writer->act->why);
}

static void clear_pending(Pending *pending)
{
    crypto_wipe(pending->fresh_key, sizeof pending->fresh_key);
    if (pending->why != NULL) {
        g_string_free(pending->why, true);
        g_string_free(pending->why_value, true);
    }
}

/* Join the reason's pair and the fields' pairs into one JSON object. */
static char *join_pairs(const GString *why, const char *pairs)
{
    return g_strconcat("{", why != NULL ? why->str : "", why != NULL && pairs != NULL ? "," : "",
                       pairs != NULL ? pairs : "", "}", NULL);
}

static void write_line(const LogWriter *writer, const Pending *pending, JsonWriter *line)
{
    json_writer_restart(line);
    json_write_begin_object(line);
    json_write_key_text(line, "actor", writer->act->actor);
    json_write_key_int(line, "at", writer->now_us);
    if (pending->data != NULL) {
        json_write_key(line, "data");
        json_write_raw(line, pending->data);
    }
    if (pending->key != NULL) {
        json_write_key(line, "fields");
        json_write_begin_object(line);
        if (pending->why != NULL) {
            json_write_raw(line, pending->why->str);
        }
        if (pending->fields != NULL) {
            json_write_raw(line, log_fields_commitments(pending->fields));
        }
        json_write_end_object(line);
    }
    if (writer->act->from != NULL) {
        json_write_key_text(line, "from", writer->act->from);
    }
    json_write_key_text(line, "kind", pending->kind);
    json_write_key_int(line, "object", pending->object);
    json_write_key_int(line, "seq", pending->seq);
    json_write_end_object(line);
}

/* Events on their way into the tables together. */
typedef struct PendingEvents {
    LogWriter *writer;
    Pending *events;
    size_t n;
    JsonWriter line;   /* of the one that was asked for last */
    ProofHash *leaves; /* of all that were asked for */
    size_t longest;    /* bytes of their lines */
    GPtrArray *keyed;  /* those with a key, borrowed */
    char *values;      /* of the one that was asked for last */
} PendingEvents;

/* Each line is written, hashed and stored while it is in the processor's cache.  One that is too
 * long is not given, which no table takes. */
static void give_event(int64_t i, StoreCell *ret_cells, void *data)
{
    PendingEvents *all = data;
    const Pending *pending = &all->events[i];
    write_line(all->writer, pending, &all->line);
    const GString *line = json_writer_text(&all->line);
    proof_leaf_hash(line->str, line->len, &all->leaves[i]);
    all->longest = MAX(all->longest, line->len);
    store_cell_set_int(&ret_cells[0], pending->seq);
    store_cell_set_int(&ret_cells[1], all->writer->now_us);
    store_cell_set_text(&ret_cells[2], all->writer->act->actor);
    store_cell_set_text(&ret_cells[3], pending->kind);
    store_cell_set_int(&ret_cells[4], pending->object);
    store_cell_set_text(&ret_cells[5], line->len <= LOG_MAX_LINE_BYTES ? line->str : NULL);
}

static void give_secret(int64_t i, StoreCell *ret_cells, void *data)
{
    const PendingEvents *all = data;
    const Pending *pending = g_ptr_array_index(all->keyed, (guint)i);
    store_cell_set_int(&ret_cells[0], pending->seq);
    store_cell_set_bytes(&ret_cells[1], pending->key, CRYPTO_HASH_SIZE);
}

static void give_detail(int64_t i, StoreCell *ret_cells, void *data)
{
    PendingEvents *all = data;
    const Pending *pending = g_ptr_array_index(all->keyed, (guint)i);
    const char *pairs = pending->fields != NULL ? log_fields_values(pending->fields) : NULL;
    g_free(all->values);
    all->values = join_pairs(pending->why_value, pairs);
    store_cell_set_int(&ret_cells[0], pending->seq);
    store_cell_set_text(&ret_cells[1], all->values);
}

static bool insert_events(PendingEvents *all, GError **error)
{
    StoreConnection *connection = all->writer->connection;
    return store_insert_rows(connection, "event (seq, at, actor, kind, object, line)", 6,
                             (int64_t)all->n, give_event, all, error) &&
           (all->keyed->len == 0 || (store_insert_rows(connection, "secret (seq, key)", 2,
                                                       all->keyed->len, give_secret, all, error) &&
                                     store_insert_rows(connection, "detail (seq, field_values)", 2,
                                                       all->keyed->len, give_detail, all, error)));
}

/* Give @pending its place, and find out what is committed to. */
static void prepare_event(LogWriter *writer, Pending *pending, int64_t seq)
{
    pending->seq = seq;
    pending->object = pending->object != 0 ? pending->object : seq;
    if (pending->fields != NULL && log_fields_is_empty(pending->fields)) {
        pending->fields = NULL;
    }
    prepare_reason(writer, pending);
}

static bool check_act(const LogAct *act, GError **error)
{
    glong n_chars = act->why != NULL ? g_utf8_strlen(act->why, -1) : 0;
    if (n_chars > LOG_MAX_REASON_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a reason has %ld characters, at most %d fit",
                  n_chars, LOG_MAX_REASON_CHARS);
        error_about(error, "why");
        return false;
    }
    return text_check_readable(act->why, error) && text_check_readable(act->from, error);
}

/* Prepare @events, which hold what is said, store them, and take them into the tree. */
static bool append_events(LogWriter *writer, Pending *events, size_t n, GError **error)
{
    if (!check_act(writer->act, error)) {
        return false;
    }
    PendingEvents all = {.writer = writer, .events = events, .n = n, .keyed = g_ptr_array_new()};
    int64_t seq = log_writer_next_seq(writer);
    json_writer_init(&all.line);
    all.leaves = g_new(ProofHash, n);
    for (size_t i = 0; i < n; i++) {
        prepare_event(writer, &events[i], seq + (int64_t)i);
        if (events[i].key != NULL) {
            g_ptr_array_add(all.keyed, &events[i]);
        }
    }
    bool is_ok = insert_events(&all, error);
    if (!is_ok && all.longest > LOG_MAX_LINE_BYTES) {
        g_clear_error(error);
        error_set(error, SHUZHI_ERROR_LIMIT, "an event of %zu bytes is longer than the log takes",
                  all.longest);
    }
    for (size_t i = 0; i < n; i++) {
        if (is_ok) {
            proof_tree_append(writer->log->tree, &all.leaves[i]);
        }
        clear_pending(&events[i]);
    }
    json_writer_clear(&all.line);
    g_free(all.leaves);
    g_free(all.values);
    g_ptr_array_unref(all.keyed);
    return is_ok;
}

bool log_append(LogWriter *writer, const char *kind, int64_t object, const char *data,
                const LogFields *fields, int64_t *ret_seq, GError **error)
{
    g_assert(strlen(kind) <= LOG_MAX_KIND_BYTES);
    int64_t seq = log_writer_next_seq(writer);
    Pending pending = {.kind = kind, .object = object, .data = data, .fields = fields};
    if (!append_events(writer, &pending, 1, error)) {
        return false;
    }
    if (ret_seq != NULL) {
        *ret_seq = seq;
    }
    return true;
}

bool log_append_all(LogWriter *writer, const char *kind, const LogNews *news, size_t n,
                    GError **error)
{
    g_assert(strlen(kind) <= LOG_MAX_KIND_BYTES);
    g_autofree Pending *events = g_new0(Pending, n);
    for (size_t i = 0; i < n; i++) {
        events[i].kind = kind;
        events[i].data = news[i].data;
        events[i].fields = news[i].fields;
    }
    return append_events(writer, events, n, error);
}

/* Write the seqs of @object that have a secret as a JSON array, in order. */
static bool list_secrets(LogWriter *writer, int64_t object, JsonWriter *array, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        writer->connection, error,
        "SELECT e.seq FROM event e JOIN secret s ON s.seq = e.seq WHERE e.object = $1"
        " AND e.object <> e.seq UNION SELECT s.seq FROM secret s WHERE s.seq = $1 ORDER BY 1",
        "i", object);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        json_write_int(array, store_column_int(query, 0));
    }
    return !has_row;
}

bool log_erase(LogWriter *writer, int64_t object, GError **error)
{
    g_auto(JsonWriter) data;
    json_writer_init(&data);
    json_write_begin_object(&data);
    json_write_key(&data, "erased");
    json_write_begin_array(&data);
    if (!list_secrets(writer, object, &data, error)) {
        return false;
    }
    json_write_end_array(&data);
    json_write_end_object(&data);
    g_autofree char *text = json_writer_finish(&data);
    static const char *const deletions[] = {
        "DELETE FROM secret WHERE seq = $1 OR seq IN"
        " (SELECT seq FROM event WHERE object = $1 AND object <> seq)",
        "DELETE FROM detail WHERE seq = $1 OR seq IN"
        " (SELECT seq FROM event WHERE object = $1 AND object <> seq)",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(deletions); i++) {
        if (!store_run(writer->connection, error, deletions[i], "i", object)) {
            return false;
        }
    }
    store_forget_deleted(writer->connection);
    return log_append(writer, "erase", object, text, NULL, NULL, error);
}
