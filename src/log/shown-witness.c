#include "log/shown-witness.h"

#include "log/checkpoint.h"
#include "log/tiles.h"
#include "proof/path.h"
#include "proof/wire.h"

const char *log_witnessed_name(LogWitnessed witnessed)
{
    static const char *const names[] = {
        [LOG_WITNESSED_SAME] = "same",       [LOG_WITNESSED_AFTER] = "after",
        [LOG_WITNESSED_FORKED] = "forked",   [LOG_WITNESSED_OLDER] = "older",
        [LOG_WITNESSED_UNSHOWN] = "unshown",
    };
    return names[witnessed];
}

/* ---- checking -------------------------------------------------------------------------------- */

static ProofCheckpoint *read_note(const char *note, const ProofVerifier *verifier, GError **error)
{
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), error);
    if (checkpoint == NULL) {
        return NULL;
    }
    ProofVerdict verdict = proof_checkpoint_check(checkpoint, verifier->name, verifier);
    if (verdict != PROOF_SOUND) {
        g_autofree char *why =
            error_words((const char *const[]){proof_verdict_sentence(verdict), NULL});
        error_set(error, SHUZHI_ERROR_INVALID, "the checkpoint given says nothing of this log: %s",
                  why);
        return NULL;
    }
    return g_steal_pointer(&checkpoint);
}

static const ProofCheckpoint *find_checkpoint(const LogShownFile *file, int64_t size)
{
    for (guint i = 0; i < file->checkpoints->len; i++) {
        const ProofCheckpoint *checkpoint = g_ptr_array_index(file->checkpoints, i);
        if (checkpoint->size == size) {
            return checkpoint;
        }
    }
    return NULL;
}

/* Read the hashes of @proof into @ret_path; false where they are none. */
static bool read_path(const json_t *proof, ProofPath *ret_path)
{
    const json_t *hashes = json_object_get(proof, "hashes");
    size_t n = json_array_size(hashes);
    bool is_ok = json_is_array(hashes) && n <= PROOF_PATH_MAX;
    ret_path->n_hashes = (int)n;
    for (size_t i = 0; is_ok && i < n; i++) {
        const char *text = json_string_value(json_array_get(hashes, i));
        const WireLine base64 = {.text = text, .length = text != NULL ? strlen(text) : 0};
        is_ok = text != NULL && proof_wire_decode_exactly(base64, ret_path->hashes[i].bytes,
                                                          sizeof ret_path->hashes[i].bytes);
    }
    return is_ok;
}

/* Judge @given, smaller than @file's newest checkpoint, by the proof in @json. */
static LogWitnessed judge_older(const json_t *json, const LogShownFile *file,
                                const ProofCheckpoint *given)
{
    const json_t *proof = json_object_get(json, "consistency");
    const ProofCheckpoint *newer =
        find_checkpoint(file, json_integer_value(json_object_get(proof, "to")));
    ProofPath path = {0};
    if (json_integer_value(json_object_get(proof, "from")) != given->size || newer == NULL ||
        !read_path(proof, &path)) {
        return LOG_WITNESSED_UNSHOWN;
    }
    ProofVerdict verdict =
        proof_consistency_check(given->size, &given->root, newer->size, &newer->root, &path);
    if (verdict == PROOF_WRONG_OLD_ROOT || verdict == PROOF_WRONG_ROOT) {
        return LOG_WITNESSED_FORKED; /* of a power of two it is the newer root that is missed */
    }
    return verdict == PROOF_SOUND ? LOG_WITNESSED_AFTER : LOG_WITNESSED_UNSHOWN;
}

bool log_shown_witness(const json_t *json, const LogShownFile *file, const char *note,
                       const ProofVerifier *verifier, LogWitnessed *ret_witnessed,
                       int64_t *ret_size, GError **error)
{
    g_autoptr(ProofCheckpoint) given = read_note(note, verifier, error);
    if (given == NULL) {
        return false;
    }
    const ProofCheckpoint *same = find_checkpoint(file, given->size);
    guint n = file->checkpoints->len;
    const ProofCheckpoint *newest = n > 0 ? g_ptr_array_index(file->checkpoints, n - 1) : NULL;
    *ret_size = given->size;
    if (same != NULL) {
        *ret_witnessed = proof_hash_is_equal(&same->root, &given->root) ? LOG_WITNESSED_SAME
                                                                        : LOG_WITNESSED_FORKED;
    } else if (newest == NULL || newest->size < given->size) {
        *ret_witnessed = LOG_WITNESSED_OLDER;
    } else {
        *ret_witnessed = judge_older(json, file, given);
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Check that the log of @reader had the root of @given when it was as long. */
static bool check_root(const ProofTileReader *reader, const ProofCheckpoint *given, GError **error)
{
    ProofHash root;
    if (!proof_root_at(reader, given->size, &root, error)) {
        return false;
    }
    if (!proof_hash_is_equal(&root, &given->root)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the checkpoint given, of %lld events, is not of this log's history;"
                  " 'shuzhi verify --checkpoint' tells more",
                  (long long)given->size);
        return false;
    }
    return true;
}

static void write_path(int64_t from, int64_t to, const ProofPath *path, JsonWriter *json)
{
    json_write_key(json, "consistency");
    json_write_begin_object(json);
    json_write_key_int(json, "from", from);
    json_write_key_int(json, "to", to);
    json_write_key(json, "hashes");
    json_write_begin_array(json);
    for (int i = 0; i < path->n_hashes; i++) {
        g_autofree char *base64 =
            g_base64_encode(path->hashes[i].bytes, sizeof path->hashes[i].bytes);
        json_write_text(json, base64);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

bool log_shown_write_consistency(StoreConnection *connection, const char *note, JsonWriter *json,
                                 GError **error)
{
    g_autofree char *last = NULL;
    g_autoptr(ProofCheckpoint) given = proof_checkpoint_parse(note, strlen(note), error);
    if (given == NULL || !log_last_checkpoint(connection, &last, error)) {
        return false;
    }
    g_autoptr(ProofCheckpoint) newest =
        last != NULL ? proof_checkpoint_parse(last, strlen(last), error) : NULL;
    if (last != NULL && newest == NULL) {
        return false;
    }
    if (newest == NULL || newest->size < given->size) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "the checkpoint given covers %lld events, the newest of this office %lld",
                  (long long)given->size, newest != NULL ? (long long)newest->size : 0LL);
        return false;
    }
    const ProofTileReader reader = log_tile_reader(connection);
    ProofPath path;
    if (!check_root(&reader, given, error) ||
        !proof_consistency_make(&reader, given->size, newest->size, &path, error)) {
        return false;
    }
    write_path(given->size, newest->size, &path, json);
    return true;
}
