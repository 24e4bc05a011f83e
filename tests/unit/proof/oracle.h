/* The tree of RFC 6962 §2.1 and its proofs written as the standard writes them: by recursion over
 * the list of leaf hashes, slow, and sharing no code with src/proof/.  And a store of tiles in
 * memory. */
#pragma once

#include "proof/path.h"

static inline void oracle_hash(uint8_t mark, const void *bytes, size_t length, ProofHash *ret_hash)
{
    uint8_t buffer[1 + 2 * CRYPTO_HASH_SIZE] = {mark};
    g_assert(length < sizeof buffer);
    memcpy(buffer + 1, bytes, length);
    crypto_hash(buffer, 1 + length, ret_hash->bytes);
}

/* The hash of leaf @i of the tests: that of its 8 bytes, big endian. */
static inline ProofHash oracle_leaf(int64_t i)
{
    ProofHash hash;
    const uint64_t bytes = GUINT64_TO_BE((uint64_t)i);
    oracle_hash(0, &bytes, sizeof bytes, &hash);
    return hash;
}

static inline ProofHash *oracle_leaves(int64_t n)
{
    ProofHash *leaves = g_new(ProofHash, (gsize)n + 1);
    for (int64_t i = 0; i < n; i++) {
        leaves[i] = oracle_leaf(i);
    }
    return leaves;
}

static inline int64_t oracle_split(int64_t n)
{
    int64_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    return k;
}

/* MTH(D[n]) */
static inline ProofHash oracle_root(const ProofHash *leaves, int64_t n)
{
    ProofHash root, children[2];
    if (n == 0) {
        crypto_hash("", 0, root.bytes);
        return root;
    }
    if (n == 1) {
        return leaves[0];
    }
    int64_t k = oracle_split(n);
    children[0] = oracle_root(leaves, k);
    children[1] = oracle_root(leaves + k, n - k);
    oracle_hash(1, children, sizeof children, &root);
    return root;
}

/* PATH(m, D[n]) */
static inline void oracle_inclusion(const ProofHash *leaves, int64_t m, int64_t n, ProofPath *path)
{
    if (n == 1) {
        return;
    }
    int64_t k = oracle_split(n);
    if (m < k) {
        oracle_inclusion(leaves, m, k, path);
        path->hashes[path->n_hashes++] = oracle_root(leaves + k, n - k);
    } else {
        oracle_inclusion(leaves + k, m - k, n - k, path);
        path->hashes[path->n_hashes++] = oracle_root(leaves, k);
    }
}

/* SUBPROOF(m, D[n], b) */
static inline void oracle_consistency(const ProofHash *leaves, int64_t m, int64_t n, bool is_whole,
                                      ProofPath *path)
{
    if (m == n) {
        if (!is_whole) {
            path->hashes[path->n_hashes++] = oracle_root(leaves, n);
        }
        return;
    }
    int64_t k = oracle_split(n);
    if (m <= k) {
        oracle_consistency(leaves, m, k, is_whole, path);
        path->hashes[path->n_hashes++] = oracle_root(leaves + k, n - k);
    } else {
        oracle_consistency(leaves + k, m - k, n - k, false, path);
        path->hashes[path->n_hashes++] = oracle_root(leaves, k);
    }
}

/* ---- tiles in memory: "level/n" -> GByteArray ------------------------------------------------ */

static inline GHashTable *tiles_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                 (GDestroyNotify)g_byte_array_unref);
}

/* A ProofTileWriter: a tile may only grow, and keeps what it had. */
static inline bool tiles_write(const ProofTile *tile, void *data, GError **error)
{
    char *key = g_strdup_printf("%d/%lld", tile->level, (long long)tile->n);
    const GByteArray *old = g_hash_table_lookup(data, key);
    size_t size = (size_t)tile->count * sizeof(ProofHash);
    g_assert_cmpint(tile->count, >, 0);
    g_assert_cmpint(tile->count, <=, PROOF_TILE_WIDTH);
    if (old != NULL) {
        g_assert_cmpuint(old->len, <, size);
        g_assert_cmpmem(old->data, old->len, tile->hashes, old->len);
    }
    GByteArray *bytes = g_byte_array_sized_new((guint)size);
    g_byte_array_append(bytes, (const guint8 *)tile->hashes, (guint)size);
    g_hash_table_replace(data, key, bytes);
    return true;
}

static inline bool tiles_read(int level, int64_t n, ProofHash ret_hashes[PROOF_TILE_WIDTH],
                              int *ret_count, void *data, GError **error)
{
    g_autofree char *key = g_strdup_printf("%d/%lld", level, (long long)n);
    const GByteArray *bytes = g_hash_table_lookup(data, key);
    *ret_count = 0;
    if (bytes != NULL) {
        memcpy(ret_hashes, bytes->data, bytes->len);
        *ret_count = (int)(bytes->len / sizeof(ProofHash));
    }
    return true;
}

/* The stored tiles of the tree of @n test leaves. */
static inline GHashTable *tiles_of(int64_t n)
{
    g_autoptr(ProofTree) tree = proof_tree_new();
    GHashTable *tiles = tiles_new();
    for (int64_t i = 0; i < n; i++) {
        ProofHash leaf = oracle_leaf(i);
        proof_tree_append(tree, &leaf);
    }
    g_assert_true(proof_tree_each_changed(tree, tiles_write, tiles, NULL));
    return tiles;
}
