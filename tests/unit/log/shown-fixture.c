#include "shown-fixture.h"

#include "base/text.h"
#include "proof/commitment.h"
#include "proof/tree.h"

ProofSigner *shown_fixture_signer(void)
{
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {1};
    return proof_signer_new("shuzhi/test", secret, NULL);
}

/* The leaves of a log lie in one tile. */
static bool read_tile(int level, int64_t n, ProofHash ret_hashes[PROOF_TILE_WIDTH], int *ret_count,
                      void *data, GError **error)
{
    (void)error;
    const ShownLog *log = data;
    g_assert(log->n < PROOF_TILE_WIDTH);
    *ret_count = level == 0 && n == 0 ? (int)log->n : 0;
    for (int i = 0; i < *ret_count; i++) {
        proof_leaf_hash(log->lines[i], strlen(log->lines[i]), &ret_hashes[i]);
    }
    return true;
}

static ProofCheckpoint *sign(const ProofTileReader *reader, int64_t size)
{
    ProofHash root;
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    const char *origin = proof_signer_verifier(signer)->name;
    g_assert_true(proof_root_at(reader, size, &root, NULL));
    ProofCheckpoint *checkpoint = proof_checkpoint_new(origin, size, &root, NULL, NULL);
    proof_note_sign(checkpoint->note, signer);
    return checkpoint;
}

char *shown_fixture_show_at(const ShownLog *log, size_t index, int64_t seq, const char *fields)
{
    ProofPath path;
    const ProofTileReader reader = {.read = read_tile, .data = (void *)log};
    g_assert_true(proof_inclusion_make(&reader, (int64_t)index, (int64_t)log->n, &path, NULL));
    ProofCheckpoint *checkpoint = sign(&reader, (int64_t)log->n);
    g_autoptr(ProofBundle) bundle = proof_bundle_new((int64_t)index, &path, checkpoint, NULL, 0);
    g_autofree char *proof = proof_bundle_text(bundle);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "seq", seq);
    json_write_key_text(&json, "event", log->lines[index]);
    json_write_key_text(&json, "proof", proof);
    json_write_key(&json, "fields");
    json_write_raw(&json, fields != NULL ? fields : "{}");
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

char *shown_fixture_show(const ShownLog *log, int64_t seq, const char *fields)
{
    return shown_fixture_show_at(log, (size_t)seq - 1, seq, fields);
}

char *shown_fixture_note(const ShownLog *log, int64_t size)
{
    const ProofTileReader reader = {.read = read_tile, .data = (void *)log};
    g_autoptr(ProofCheckpoint) checkpoint = sign(&reader, size);
    return proof_checkpoint_text(checkpoint);
}

char *shown_fixture_consistency(const ShownLog *log, int64_t from, int64_t to)
{
    ProofPath path;
    const ProofTileReader reader = {.read = read_tile, .data = (void *)log};
    g_assert_true(proof_consistency_make(&reader, from, to, &path, NULL));
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "from", from);
    json_write_key_int(&json, "to", to);
    json_write_key(&json, "hashes");
    json_write_begin_array(&json);
    for (int i = 0; i < path.n_hashes; i++) {
        g_autofree char *base64 =
            g_base64_encode(path.hashes[i].bytes, sizeof path.hashes[i].bytes);
        json_write_text(&json, base64);
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

char *shown_fixture_commit(const char *name, const char *value, char **ret_opened)
{
    static const uint8_t bytes[CRYPTO_HASH_SIZE] = {7};
    g_auto(ProofEventKey) key;
    ProofHash field_key;
    ProofHash commitment;
    proof_event_key_init(&key, bytes);
    proof_field_key(&key, name, &field_key);
    proof_field_commit(&field_key, value, strlen(value), &commitment);
    g_autofree char *hex = text_to_hex(field_key.bytes, sizeof field_key.bytes);
    *ret_opened = g_strdup_printf("\"%s\":{\"value\":\"%s\",\"key\":\"%s\"}", name, value, hex);
    return g_base64_encode(commitment.bytes, sizeof commitment.bytes);
}
