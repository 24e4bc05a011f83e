/* Inclusion and consistency proofs: made from tiles, checked from nothing but hashes.
 *
 * An inclusion proof shows that a leaf is at an index of the tree with a given root.  A consistency
 * proof shows that an older tree is the beginning of a newer one: nothing was changed, moved or
 * taken out between them.  Both are short lists of hashes, at most one or two a doubling of the
 * size, and the checks are those of RFC 9162 §2.1.3.2 and §2.1.4.2 (the proofs of RFC 6962
 * §2.1.1 and §2.1.2 are the same).
 *
 * A check is only as good as the root and the size that it is given: take both, together, from a
 * checkpoint whose signature was checked.
 *
 * Pure but for the tile reader; safe from every thread as far as the reader is. */
#pragma once

#include "proof/tree.h"
#include "proof/verdict.h"

/* The most hashes a proof can have in a tree with an int64_t size. */
#define PROOF_PATH_MAX 64

/* The hashes of a proof, from the leaves upwards; lives on the stack. */
typedef struct ProofPath {
    int n_hashes;
    ProofHash hashes[PROOF_PATH_MAX];
} ProofPath;

/* Compute the root that the log had when it was @size leaves long, from its stored tiles.
 *
 * @error: CORRUPT  a tile is missing or too short; otherwise the reader's own */
bool proof_root_at(const ProofTileReader *reader, int64_t size, ProofHash *ret_root,
                   GError **error);

/* Make the proof that the leaf at @index is in the tree of @size leaves.
 *
 * @size: at most the size of the stored tree.
 * @error: NOT_FOUND  @index is not inside the tree
 *         CORRUPT    a tile is missing or too short; otherwise the reader's own
 *
 * Reads at most two tiles a level. */
bool proof_inclusion_make(const ProofTileReader *reader, int64_t index, int64_t size,
                          ProofPath *ret_path, GError **error);

/* Make the proof that the tree of @old_size leaves is the beginning of that of @new_size; it has no
 * hashes where the sizes are equal or the older is 0.
 *
 * @error: NOT_FOUND  @old_size is larger than @new_size; CORRUPT and the reader's own as above */
bool proof_consistency_make(const ProofTileReader *reader, int64_t old_size, int64_t new_size,
                            ProofPath *ret_path, GError **error);

/* Check that @path puts @leaf at @index of the tree of @size leaves with @root: SOUND,
 * OUT_OF_RANGE, WRONG_LENGTH or WRONG_ROOT.  Any int64_t is a legal index or size. */
ProofVerdict proof_inclusion_check(const ProofHash *leaf, int64_t index, int64_t size,
                                   const ProofPath *path, const ProofHash *root);

/* Check that the tree with @old_root continues into the one with @new_root: SOUND, OUT_OF_RANGE,
 * WRONG_LENGTH, WRONG_OLD_ROOT or WRONG_ROOT.
 *
 * An older size of 0 is sound where @old_root is that of the empty tree: everything continues
 * nothing, so it says nothing about @new_root. */
ProofVerdict proof_consistency_check(int64_t old_size, const ProofHash *old_root, int64_t new_size,
                                     const ProofHash *new_root, const ProofPath *path);
