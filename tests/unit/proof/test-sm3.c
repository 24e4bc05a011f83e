/* The hash can be taken out and another put in: the tree, its tiles and its proofs, the very
 * objects that the program is linked from, over SM3 (GB/T 32905) instead of SHA-256.
 *
 * The functions below take the place of those of base/crypto.c, which is then not linked at all:
 * nothing in the tree can have reached for SHA-256 by another way.  The roots were worked out with
 * Python's hashlib from the recursion of RFC 6962 §2.1; no public vectors of it were found. */
#include <openssl/evp.h>

#include "base/text.h"
#include "oracle.h"

/* ---- the hash -------------------------------------------------------------------------------- */

G_STATIC_ASSERT(sizeof(CryptoHash) >= sizeof(EVP_MD_CTX *));

static EVP_MD_CTX **context_of(CryptoHash *hash)
{
    return (EVP_MD_CTX **)(void *)hash;
}

void crypto_hash_init(CryptoHash *hash)
{
    *context_of(hash) = EVP_MD_CTX_new();
    g_assert_true(EVP_DigestInit_ex(*context_of(hash), EVP_sm3(), NULL) == 1);
}

void crypto_hash_update(CryptoHash *hash, const void *bytes, size_t length)
{
    g_assert_true(EVP_DigestUpdate(*context_of(hash), bytes, length) == 1);
}

void crypto_hash_finish(CryptoHash *hash, uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    g_assert_true(EVP_DigestFinal_ex(*context_of(hash), ret_hash, NULL) == 1);
    EVP_MD_CTX_free(*context_of(hash));
}

void crypto_hash(const void *bytes, size_t length, uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    CryptoHash hash;
    crypto_hash_init(&hash);
    crypto_hash_update(&hash, bytes, length);
    crypto_hash_finish(&hash, ret_hash);
}

/* ---- the vectors ----------------------------------------------------------------------------- */

/* The leaves are those of the SHA-256 vectors in test-hash.c. */
static const char *const leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};
enum { N_LEAVES = G_N_ELEMENTS(leaves) };

static const char *const roots[N_LEAVES + 1] = {
    "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
    "2daef60e7a0b8f5e024c81cd2ab3109f2b4f155cf83adeb2ae5532f74a157fdf",
    "0b990fe0c7ad70f1bf1a1262f2c7908ea48146b14253a6db99f2917ab1f5cc4d",
    "209ec96a210d662a964772680e8544d18cab7b88ffec3e00962220349b56ea56",
    "28e4e307ef6d2d0c62d84b11ef96e835efe490f35b93c8f024ecfe38c8dd4377",
    "bb10c996aeebbcdc69be3715fc847344de77442d37a5ab8213da9f41785b103b",
    "8723c1ab1f82ddfba4a3733ac0c80d936d9f4c208c7dbc8cc81ca9fff8584f66",
    "bd36c22a1ac6ff4308e0c3cc1a85bf0ffa30538ec60a55c70413ab15d45db4d2",
    "bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38",
};

static void check_hash(const ProofHash *hash, const char *expected)
{
    g_autofree char *hex = text_to_hex(hash->bytes, sizeof *hash);
    g_assert_cmpstr(hex, ==, expected);
}

static ProofHash leaf_of(int i)
{
    uint8_t bytes[16];
    ProofHash leaf;
    size_t length = strlen(leaves[i]) / 2;
    g_assert_true(text_from_hex(leaves[i], bytes, length));
    proof_leaf_hash(bytes, length, &leaf);
    return leaf;
}

/* The example of GB/T 32905-2016 A.1. */
static void test_abc(void)
{
    ProofHash hash;
    crypto_hash("abc", 3, hash.bytes);
    check_hash(&hash, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void test_roots(void)
{
    ProofFrontier frontier;
    proof_frontier_init(&frontier);
    for (int n = 0; n <= N_LEAVES; n++) {
        ProofHash root;
        proof_frontier_root(&frontier, &root);
        check_hash(&root, roots[n]);
        if (n < N_LEAVES) {
            ProofHash leaf = leaf_of(n);
            proof_frontier_append(&frontier, &leaf);
        }
    }
}

/* Return the stored tiles of the tree of all leaves. */
static GHashTable *store_tree(void)
{
    g_autoptr(ProofTree) tree = proof_tree_new();
    GHashTable *tiles = tiles_new();
    for (int i = 0; i < N_LEAVES; i++) {
        ProofHash leaf = leaf_of(i);
        proof_tree_append(tree, &leaf);
    }
    ProofHash root;
    proof_tree_root(tree, &root);
    check_hash(&root, roots[N_LEAVES]);
    g_assert_true(proof_tree_each_changed(tree, tiles_write, tiles, NULL));
    return tiles;
}

/* Every proof of every size, made from tiles, holds against the root of the vectors. */
static void test_proofs(void)
{
    g_autoptr(GHashTable) tiles = store_tree();
    const ProofTileReader reader = {.read = tiles_read, .data = tiles};
    ProofHash sized[N_LEAVES + 1];
    ProofPath path;
    for (int n = 0; n <= N_LEAVES; n++) {
        g_assert_true(proof_root_at(&reader, n, &sized[n], NULL));
        check_hash(&sized[n], roots[n]);
        for (int i = 0; i < n; i++) {
            ProofHash leaf = leaf_of(i);
            g_assert_true(proof_inclusion_make(&reader, i, n, &path, NULL));
            g_assert_cmpint(proof_inclusion_check(&leaf, i, n, &path, &sized[n]), ==, PROOF_SOUND);
            g_assert_true(proof_consistency_make(&reader, i, n, &path, NULL));
            g_assert_cmpint(proof_consistency_check(i, &sized[i], n, &sized[n], &path), ==,
                            PROOF_SOUND);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/sm3/abc", test_abc);
    g_test_add_func("/proof/sm3/roots", test_roots);
    g_test_add_func("/proof/sm3/proofs", test_proofs);
    return g_test_run();
}
