/* The append-only Merkle tree of a log, kept as tiles.
 *
 * A tile is up to 256 neighbouring hashes of one level (C2SP tlog-tiles).  Level 0 holds leaf
 * hashes; each hash of level l+1 is the root over one full tile of level l, so that the i-th hash
 * of level l covers the leaves [i·256^l, (i+1)·256^l).  Every leaf is inside: there is no tail
 * beside the tree.  A tree of size s has (s >> 8·l) hashes on level l.
 *
 * In memory are the last, partial tile of each level and the tiles filled since the last
 * proof_tree_settle().  Storing tiles and reading them back is the caller's.  The size of the tree
 * is all that is needed to go back, so the life of a write batch is
 *
 *     mark = proof_tree_size(tree);            before each job
 *     proof_tree_append(tree, &leaf);          each event of the job
 *     proof_tree_undo(tree, mark);             if the job failed
 *     proof_tree_each_changed(tree, write…);   before the commit
 *     proof_tree_settle(tree);                 after a good commit, or
 *     proof_tree_undo(tree, size before the batch);   after a failed one
 *
 * Threading: a tree belongs to one thread at a time. */
#pragma once

#include "proof/hash.h"

#define PROOF_TILE_WIDTH 256
#define PROOF_LEVELS 8

typedef struct ProofTree ProofTree;

/* One tile; @hashes are borrowed for the call that hands it out. */
typedef struct ProofTile {
    int level;
    int64_t n; /* place in the level, from 0 */
    int count; /* 1…PROOF_TILE_WIDTH */
    const ProofHash *hashes;
} ProofTile;

/* Store @tile, replacing a shorter one of the same level and n. */
typedef bool (*ProofTileWriter)(const ProofTile *tile, void *data, GError **error);

/* Where stored tiles come from. */
typedef struct ProofTileReader {
    /* Fill *@ret_count hashes at @ret_hashes with the tile as it is stored; *@ret_count = 0 where
     * there is none.  The stored tile may be longer than the tree at hand needs. */
    bool (*read)(int level, int64_t n, ProofHash ret_hashes[PROOF_TILE_WIDTH], int *ret_count,
                 void *data, GError **error);
    void *data;
} ProofTileReader;

/* Read tile @n of @level through @reader and insist on @n_needed hashes.
 *
 * @error: CORRUPT  fewer are stored; otherwise the reader's own */
bool proof_tile_read(const ProofTileReader *reader, int level, int64_t n, int n_needed,
                     ProofHash ret_hashes[PROOF_TILE_WIDTH], GError **error);

/* Make an empty tree; the caller owns it. */
ProofTree *proof_tree_new(void);

/* Make the tree of @size leaves whose tiles are stored.
 *
 * Reads the last tile of each level (at most PROOF_LEVELS).  Compare the root with the one stored
 * beside the size: this function cannot know whether the tiles are the right ones.
 *
 * @error: CORRUPT  a tile is missing or too short, or @size below 0; otherwise the reader's own */
ProofTree *proof_tree_load(int64_t size, const ProofTileReader *reader, GError **error);

void proof_tree_free(ProofTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofTree, proof_tree_free)

/* Return the number of leaves. */
int64_t proof_tree_size(const ProofTree *tree);

/* Compute the root; cheap at any size. */
void proof_tree_root(const ProofTree *tree, ProofHash *ret_root);

/* Append one leaf, given by its hash.  Costs one node hash on average. */
void proof_tree_append(ProofTree *tree, const ProofHash *leaf);

/* Cut the tree back to its first @size leaves, at least those settled and at most those it has.
 * Costs at most 255 node hashes a level, nothing where @size is the present size. */
void proof_tree_undo(ProofTree *tree, int64_t size);

/* Hand each tile that changed since the last proof_tree_settle() to @writer, lower levels first,
 * each with all of its hashes.  Stops and returns false at @writer's first error.  The tree itself
 * does not change: calling twice hands out the same. */
bool proof_tree_each_changed(const ProofTree *tree, ProofTileWriter writer, void *data,
                             GError **error);

/* Take note that all tiles handed out are stored for good: they are dropped from memory, and the
 * tree can no longer be cut back below its present size. */
void proof_tree_settle(ProofTree *tree);
