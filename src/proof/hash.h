/* The hashes of a Merkle tree: leaf, node, and the root of a growing list of leaves.
 *
 * The tree is that of RFC 6962 §2.1 over SHA-256: a leaf is H(0x00 ‖ bytes), a node
 * H(0x01 ‖ left ‖ right), a list of n leaves splits at the largest power of two below n, and the
 * root of the empty list is H("").  The different first bytes keep a node from passing as a leaf.
 *
 * Invariant of a ProofFrontier: nodes[h] is set for each bit h of its size, and then is the root of
 * 2^h leaves; higher bits stand further left.
 *
 * Pure.  A ProofFrontier belongs to one thread at a time. */
#pragma once

#include "base/crypto.h"

/* One hash, laid out as its 32 bytes alone: an array of them is their concatenation. */
typedef struct ProofHash {
    uint8_t bytes[CRYPTO_HASH_SIZE];
} ProofHash;

/* The levels of nodes that a tree with an int64_t size can have. */
#define PROOF_HEIGHTS 63

/* Hash the @length bytes at @bytes as a leaf. */
void proof_leaf_hash(const void *bytes, size_t length, ProofHash *ret_hash);

/* Hash two neighbouring subtrees into their parent.  @ret_hash may be @left or @right. */
void proof_node_hash(const ProofHash *left, const ProofHash *right, ProofHash *ret_hash);

/* Return whether both are the same hash. */
bool proof_hash_is_equal(const ProofHash *a, const ProofHash *b);

/* Compute the root over 2^@height neighbouring hashes (0 <= @height <= 8). */
void proof_perfect_root(const ProofHash *hashes, int height, ProofHash *ret_root);

/* The roots of the perfect subtrees that a list of leaves falls into: all that is needed to append
 * and to know the root.  Lives on the stack; about 2 KB. */
typedef struct ProofFrontier {
    int64_t size; /* number of leaves */
    ProofHash nodes[PROOF_HEIGHTS];
} ProofFrontier;

/* Make @frontier that of the empty list. */
void proof_frontier_init(ProofFrontier *frontier);

/* Append one leaf, given by its hash.  Costs one node hash on average. */
void proof_frontier_append(ProofFrontier *frontier, const ProofHash *leaf);

/* Append the leaves of @next.
 *
 * The size of @frontier must be a multiple of the power of two at or above the size of @next, so
 * that the boundary is one the tree has.  This is what lets several threads hash one stream: cut
 * it into chunks of 2^k leaves (the last may be shorter), let each thread build the frontier of its
 * chunks from the start, and join them in order. */
void proof_frontier_join(ProofFrontier *frontier, const ProofFrontier *next);

/* Compute the root.  Costs at most one node hash a bit of the size. */
void proof_frontier_root(const ProofFrontier *frontier, ProofHash *ret_root);
