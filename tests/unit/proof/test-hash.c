#include "proof/hash.h"

#include "base/text.h"
#include "oracle.h"

/* The leaves and roots that certificate-transparency implementations share as vectors; each root
 * can be worked out with printf, xxd and sha256sum. */
static const char *const vector_leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};
static const char *const vector_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void check_root(const ProofFrontier *frontier, const char *expected)
{
    ProofHash root;
    proof_frontier_root(frontier, &root);
    g_autofree char *hex = text_to_hex(root.bytes, sizeof root);
    g_assert_cmpstr(hex, ==, expected);
}

static void test_vectors(void)
{
    ProofFrontier frontier;
    proof_frontier_init(&frontier);
    check_root(&frontier, vector_roots[0]);
    for (size_t i = 0; i < G_N_ELEMENTS(vector_leaves); i++) {
        uint8_t bytes[16];
        ProofHash leaf;
        size_t length = strlen(vector_leaves[i]) / 2;
        g_assert_true(text_from_hex(vector_leaves[i], bytes, length));
        proof_leaf_hash(bytes, length, &leaf);
        proof_frontier_append(&frontier, &leaf);
        check_root(&frontier, vector_roots[i + 1]);
    }
}

static void test_node_may_replace_a_child(void)
{
    ProofHash left = oracle_leaf(1), right = oracle_leaf(2), node;
    proof_node_hash(&left, &right, &node);
    ProofHash first = left, second = right;
    proof_node_hash(&first, &right, &first);
    proof_node_hash(&left, &second, &second);
    g_assert_true(proof_hash_is_equal(&node, &first));
    g_assert_true(proof_hash_is_equal(&node, &second));
}

/* A node's two hashes offered as an entry must not have the node's hash. */
static void test_leaf_is_not_a_node(void)
{
    ProofHash children[2] = {oracle_leaf(1), oracle_leaf(2)}, node, leaf;
    proof_node_hash(&children[0], &children[1], &node);
    proof_leaf_hash(children, sizeof children, &leaf);
    g_assert_false(proof_hash_is_equal(&node, &leaf));
}

static void test_perfect_root(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(256);
    for (int height = 0; height <= 8; height++) {
        ProofHash root, expected = oracle_root(leaves, 1 << height);
        proof_perfect_root(leaves, height, &root);
        g_assert_true(proof_hash_is_equal(&root, &expected));
    }
}

static void test_every_size(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(600);
    ProofFrontier frontier;
    proof_frontier_init(&frontier);
    for (int64_t n = 0; n <= 600; n++) {
        ProofHash root, expected = oracle_root(leaves, n);
        proof_frontier_root(&frontier, &root);
        g_assert_true(proof_hash_is_equal(&root, &expected));
        proof_frontier_append(&frontier, &leaves[n < 600 ? n : 0]);
    }
}

/* Chunks hashed apart, as by several threads, and joined in order. */
static void test_join_chunks(void)
{
    for (int round = 0; round < 60; round++) {
        int64_t chunk = INT64_C(1) << g_test_rand_int_range(0, 8);
        int64_t n = g_test_rand_int_range(0, 700);
        g_autofree ProofHash *leaves = oracle_leaves(n);
        ProofFrontier whole;
        proof_frontier_init(&whole);
        for (int64_t begin = 0; begin < n; begin += chunk) {
            ProofFrontier part;
            proof_frontier_init(&part);
            for (int64_t i = begin; i < MIN(begin + chunk, n); i++) {
                proof_frontier_append(&part, &leaves[i]);
            }
            proof_frontier_join(&whole, &part);
        }
        ProofHash root, expected = oracle_root(leaves, n);
        proof_frontier_root(&whole, &root);
        g_assert_cmpint(whole.size, ==, n);
        g_assert_true(proof_hash_is_equal(&root, &expected));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/hash/vectors", test_vectors);
    g_test_add_func("/proof/hash/node-may-replace-a-child", test_node_may_replace_a_child);
    g_test_add_func("/proof/hash/leaf-is-not-a-node", test_leaf_is_not_a_node);
    g_test_add_func("/proof/hash/perfect-root", test_perfect_root);
    g_test_add_func("/proof/hash/every-size", test_every_size);
    g_test_add_func("/proof/hash/join-chunks", test_join_chunks);
    return g_test_run();
}
