#include "proof/hash.h"

enum { LEAF_MARK = 0x00, NODE_MARK = 0x01 };

G_STATIC_ASSERT(sizeof(ProofHash) == CRYPTO_HASH_SIZE);

void proof_leaf_hash(const void *bytes, size_t length, ProofHash *ret_hash)
{
    const uint8_t mark = LEAF_MARK;
    CryptoHash hash;
    crypto_hash_init(&hash);
    crypto_hash_update(&hash, &mark, sizeof mark);
    crypto_hash_update(&hash, bytes, length);
    crypto_hash_finish(&hash, ret_hash->bytes);
}

void proof_node_hash(const ProofHash *left, const ProofHash *right, ProofHash *ret_hash)
{
    struct {
        uint8_t mark;
        ProofHash left, right;
    } node = {NODE_MARK, *left, *right};
    G_STATIC_ASSERT(sizeof node == 1 + 2 * CRYPTO_HASH_SIZE);
    crypto_hash(&node, sizeof node, ret_hash->bytes);
}

bool proof_hash_is_equal(const ProofHash *a, const ProofHash *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void proof_perfect_root(const ProofHash *hashes, int height, ProofHash *ret_root)
{
    g_assert(height >= 0 && height <= 8);
    if (height == 0) {
        *ret_root = hashes[0];
        return;
    }
    ProofHash row[128];
    for (int width = 1 << (height - 1); width > 0; width /= 2) {
        for (int i = 0; i < width; i++) {
            proof_node_hash(&hashes[2 * i], &hashes[2 * i + 1], &row[i]);
        }
        hashes = row;
    }
    *ret_root = row[0];
}

void proof_frontier_init(ProofFrontier *frontier)
{
    frontier->size = 0;
}

/* Append a perfect subtree of 2^@height leaves: a binary addition whose carries are node hashes. */
static void append_subtree(ProofFrontier *frontier, int height, const ProofHash *root)
{
    g_assert((frontier->size & ((INT64_C(1) << height) - 1)) == 0);
    ProofHash node = *root;
    int at = height;
    for (; (frontier->size >> at & 1) != 0; at++) {
        proof_node_hash(&frontier->nodes[at], &node, &node);
    }
    frontier->nodes[at] = node;
    frontier->size += INT64_C(1) << height;
}

void proof_frontier_append(ProofFrontier *frontier, const ProofHash *leaf)
{
    append_subtree(frontier, 0, leaf);
}

void proof_frontier_join(ProofFrontier *frontier, const ProofFrontier *next)
{
    for (int height = PROOF_HEIGHTS - 1; height >= 0; height--) {
        if ((next->size >> height & 1) != 0) {
            append_subtree(frontier, height, &next->nodes[height]);
        }
    }
}

void proof_frontier_root(const ProofFrontier *frontier, ProofHash *ret_root)
{
    ProofHash root;
    bool has_root = false;
    for (int height = 0; height < PROOF_HEIGHTS; height++) {
        if ((frontier->size >> height & 1) == 0) {
            continue;
        }
        if (has_root) {
            proof_node_hash(&frontier->nodes[height], &root, &root);
        } else {
            root = frontier->nodes[height];
        }
        has_root = true;
    }
    if (!has_root) {
        crypto_hash("", 0, root.bytes);
    }
    *ret_root = root;
}
