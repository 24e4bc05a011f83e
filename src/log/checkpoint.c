#include "log/checkpoint.h"

#include "log/history.h"
#include "log/tiles.h"
#include "proof/bundle.h"

enum { PAGE = 4096 };

/* Return the size that the newest kept checkpoint covers, 0 when there is none. */
static bool last_signed_size(StoreConnection *connection, int64_t *ret_size, GError **error)
{
    return store_query_int(connection, 0, ret_size, error, "SELECT max(size) FROM checkpoint", "");
}

/* Append the leaves of events @after+1 … @size, hashed anew from what the database holds. */
static bool read_back(StoreConnection *connection, int64_t after, int64_t size, ProofTree *tree,
                      GError **error)
{
    for (int64_t page_after = after; page_after < size; page_after += PAGE) {
        g_autoptr(StoreStatement) query = store_query(
            connection, error, "SELECT line FROM event WHERE seq > $1 AND seq <= $2 ORDER BY seq",
            "ii", page_after, MIN(page_after + PAGE, size));
        bool has_row = true;
        if (query == NULL) {
            return false;
        }
        while (store_step(query, &has_row, error) && has_row) {
            const char *line = store_column_text(query, 0);
            ProofHash leaf;
            proof_leaf_hash(line, strlen(line), &leaf);
            proof_tree_append(tree, &leaf);
        }
        if (has_row) {
            return false;
        }
        proof_tree_settle(tree); /* nothing is stored: it only keeps memory small */
    }
    return true;
}

static bool check_head(StoreConnection *connection, int64_t *ret_size, ProofHash *ret_root,
                       GError **error)
{
    int64_t signed_size = 0;
    if (!log_head(connection, ret_size, ret_root->bytes, error) ||
        !last_signed_size(connection, &signed_size, error)) {
        return false;
    }
    if (signed_size > *ret_size) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "a checkpoint covers %lld events, but the log has only %lld; nothing was signed",
                  (long long)signed_size, (long long)*ret_size);
        return false;
    }
    ProofTileReader reader = log_tile_reader(connection);
    g_autoptr(ProofTree) tree = proof_tree_load(signed_size, &reader, error);
    if (tree == NULL || !read_back(connection, signed_size, *ret_size, tree, error)) {
        return false;
    }
    ProofHash root;
    proof_tree_root(tree, &root);
    if (proof_tree_size(tree) != *ret_size || !proof_hash_is_equal(&root, ret_root)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "what the database gives back is not what was written; nothing was signed");
        return false;
    }
    return true;
}

typedef struct Note {
    int64_t size;
    const char *text;
} Note;

static bool keep_note(StoreConnection *connection, void *data, GError **error)
{
    const Note *note = data;
    return store_run(connection, error,
                     "INSERT INTO checkpoint (size, note) VALUES ($1, $2)"
                     " ON CONFLICT (size) DO UPDATE SET note = $2",
                     "it", note->size, note->text);
}

/* Check that the log goes on from @last. */
static bool check_goes_on(StoreConnection *connection, const LogSigned *last, int64_t size,
                          GError **error)
{
    if (last == NULL || last->note == NULL) {
        return true;
    }
    g_autoptr(ProofCheckpoint) checkpoint =
        proof_checkpoint_parse(last->note, strlen(last->note), error);
    if (checkpoint == NULL) {
        error_prefix(error, N_("the checkpoint kept beside the key"));
        return false;
    }
    if (checkpoint->size > size) {
        error_set(
            error, SHUZHI_ERROR_CORRUPT,
            "the key signed %lld events already, the log has only %lld: an older state was put"
            " back; if it is to go on from here, remove '%s'",
            (long long)checkpoint->size, (long long)size, last->path);
        return false;
    }
    ProofTileReader reader = log_tile_reader(connection);
    ProofHash root;
    if (!proof_root_at(&reader, checkpoint->size, &root, error)) {
        return false;
    }
    if (!proof_hash_is_equal(&root, &checkpoint->root)) {
        error_set(
            error, SHUZHI_ERROR_CORRUPT,
            "the first %lld events are not those that the key signed: the office was rewritten,"
            " or put back and written to; if it is to go on from here, remove '%s'",
            (long long)checkpoint->size, last->path);
        return false;
    }
    return true;
}

/* Check the head on a fresh reader, under one snapshot. */
static bool check_on_reader(Log *log, const LogSigned *last, int64_t *ret_size, ProofHash *ret_root,
                            GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(log_store(log), error);
    if (reader == NULL || !store_snapshot_begin(reader, error)) {
        return false;
    }
    bool is_good = check_head(reader, ret_size, ret_root, error) &&
                   check_goes_on(reader, last, *ret_size, error);
    store_snapshot_end(reader);
    return is_good;
}

bool log_goes_on_from(Log *log, const LogSigned *last, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(log_store(log), error);
    int64_t size = 0;
    return reader != NULL && log_head(reader, &size, NULL, error) &&
           check_goes_on(reader, last, size, error);
}

bool log_sign(Log *log, const ProofSigner *signer, const char *origin, const LogSigned *last,
              char **ret_note, GError **error)
{
    int64_t size = 0;
    ProofHash root;
    if (!check_on_reader(log, last, &size, &root, error)) {
        return false;
    }
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_new(origin, size, &root, NULL, error);
    if (checkpoint == NULL) {
        return false;
    }
    proof_note_sign(checkpoint->note, signer);
    g_autofree char *text = proof_checkpoint_text(checkpoint);
    Note note = {.size = size, .text = text};
    if (!store_write(log_store(log), keep_note, &note, error)) {
        return false;
    }
    if (ret_note != NULL) {
        *ret_note = g_steal_pointer(&text);
    }
    return true;
}

bool log_last_checkpoint(StoreConnection *connection, char **ret_note, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_note = has_row ? g_strdup(store_column_text(query, 0)) : NULL;
    return true;
}

char *log_prove_event(StoreConnection *connection, int64_t seq, GError **error)
{
    g_autofree char *note = NULL;
    if (!log_last_checkpoint(connection, &note, error)) {
        return NULL;
    }
    g_autoptr(ProofCheckpoint) checkpoint = NULL;
    if (note != NULL) {
        checkpoint = proof_checkpoint_parse(note, strlen(note), error);
        if (checkpoint == NULL) {
            return NULL;
        }
    }
    int64_t size = 0;
    if (!log_head(connection, &size, NULL, error)) {
        return NULL;
    }
    if (seq < 1 || seq > size) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no event %lld: the log has %lld",
                  (long long)seq, (long long)size);
        return NULL;
    }
    if (checkpoint == NULL || seq > checkpoint->size) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "event %lld is in no signed checkpoint yet: a server signs every few minutes, "
                  "'shuzhi checkpoint' at once",
                  (long long)seq);
        return NULL;
    }
    ProofTileReader reader = log_tile_reader(connection);
    ProofPath path;
    if (!proof_inclusion_make(&reader, seq - 1, checkpoint->size, &path, error)) {
        return NULL;
    }
    g_autoptr(ProofBundle) bundle =
        proof_bundle_new(seq - 1, &path, g_steal_pointer(&checkpoint), NULL, 0);
    return proof_bundle_text(bundle);
}
