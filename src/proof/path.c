#include "proof/path.h"

enum { TILE_HEIGHT = 8 };

/* A reader that knows the size of the tree and keeps the last tile of each level: a proof asks for
 * the same few again and again. */
typedef struct Tiles {
    const ProofTileReader *reader;
    int64_t size;
    struct {
        int64_t n; /* -1: nothing read yet */
        ProofHash hashes[PROOF_TILE_WIDTH];
    } levels[PROOF_LEVELS];
} Tiles;

static Tiles *tiles_new(const ProofTileReader *reader, int64_t size)
{
    Tiles *tiles = g_new(Tiles, 1);
    tiles->reader = reader;
    tiles->size = size;
    for (int i = 0; i < PROOF_LEVELS; i++) {
        tiles->levels[i].n = -1;
    }
    return tiles;
}

/* Have tile @n of @level in tiles->levels[level]. */
static bool have_tile(Tiles *tiles, int level, int64_t n, GError **error)
{
    if (tiles->levels[level].n == n) {
        return true;
    }
    int64_t n_hashes = (tiles->size >> (TILE_HEIGHT * level)) - n * PROOF_TILE_WIDTH;
    tiles->levels[level].n = -1;
    if (!proof_tile_read(tiles->reader, level, n, (int)MIN(n_hashes, PROOF_TILE_WIDTH),
                         tiles->levels[level].hashes, error)) {
        return false;
    }
    tiles->levels[level].n = n;
    return true;
}

/* The largest power of two that is at most @size (> 0), as an exponent. */
static int height_of(int64_t size)
{
    return 63 - __builtin_clzll((unsigned long long)size);
}

/* The root over the 2^@height leaves from @begin, which the tree has as a node. */
static bool subtree_root(Tiles *tiles, int64_t begin, int height, ProofHash *ret_root,
                         GError **error)
{
    int level = height / TILE_HEIGHT;
    int64_t first = begin >> (TILE_HEIGHT * level);
    if (!have_tile(tiles, level, first / PROOF_TILE_WIDTH, error)) {
        return false;
    }
    proof_perfect_root(&tiles->levels[level].hashes[first % PROOF_TILE_WIDTH], height % TILE_HEIGHT,
                       ret_root);
    return true;
}

/* The root over the leaves [@begin, @end), where @begin is a boundary of the tree.  The perfect
 * subtrees of the range stand in a frontier as if it began at 0. */
static bool range_root(Tiles *tiles, int64_t begin, int64_t end, ProofHash *ret_root,
                       GError **error)
{
    ProofFrontier frontier;
    proof_frontier_init(&frontier);
    frontier.size = end - begin;
    while (begin < end) {
        int height = height_of(end - begin);
        if (!subtree_root(tiles, begin, height, &frontier.nodes[height], error)) {
            return false;
        }
        begin += INT64_C(1) << height;
    }
    proof_frontier_root(&frontier, ret_root);
    return true;
}

bool proof_root_at(const ProofTileReader *reader, int64_t size, ProofHash *ret_root, GError **error)
{
    g_assert(size >= 0);
    g_autofree Tiles *tiles = tiles_new(reader, size);
    return range_root(tiles, 0, size, ret_root, error);
}

/* Add the root over [@begin, @end) to @path. */
static bool add_range(Tiles *tiles, int64_t begin, int64_t end, ProofPath *path, GError **error)
{
    g_assert(path->n_hashes < PROOF_PATH_MAX);
    return range_root(tiles, begin, end, &path->hashes[path->n_hashes++], error);
}

/* A proof is gathered from the root downwards and shown from the leaves upwards. */
static void give_upwards(const ProofPath *path, ProofPath *ret_path)
{
    ret_path->n_hashes = path->n_hashes;
    for (int i = 0; i < path->n_hashes; i++) {
        ret_path->hashes[i] = path->hashes[path->n_hashes - 1 - i];
    }
}

bool proof_inclusion_make(const ProofTileReader *reader, int64_t index, int64_t size,
                          ProofPath *ret_path, GError **error)
{
    if (index < 0 || index >= size) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no entry %lld in a log of %lld",
                  (long long)index, (long long)size);
        return false;
    }
    g_autofree Tiles *tiles = tiles_new(reader, size);
    ProofPath path = {.n_hashes = 0};
    int64_t begin = 0, end = size;
    while (end - begin > 1) {
        int64_t middle = begin + (INT64_C(1) << height_of(end - begin - 1));
        bool is_done;
        if (index < middle) {
            is_done = add_range(tiles, middle, end, &path, error);
            end = middle;
        } else {
            is_done = add_range(tiles, begin, middle, &path, error);
            begin = middle;
        }
        if (!is_done) {
            return false;
        }
    }
    give_upwards(&path, ret_path);
    return true;
}

bool proof_consistency_make(const ProofTileReader *reader, int64_t old_size, int64_t new_size,
                            ProofPath *ret_path, GError **error)
{
    if (old_size < 0 || old_size > new_size) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "a log of %lld entries has no earlier state of %lld", (long long)new_size,
                  (long long)old_size);
        return false;
    }
    g_autofree Tiles *tiles = tiles_new(reader, new_size);
    ProofPath path = {.n_hashes = 0};
    int64_t begin = 0, end = old_size == 0 ? 0 : new_size;
    while (old_size < end) {
        int64_t middle = begin + (INT64_C(1) << height_of(end - begin - 1));
        bool is_done;
        if (old_size <= middle) {
            is_done = add_range(tiles, middle, end, &path, error);
            end = middle;
        } else {
            is_done = add_range(tiles, begin, middle, &path, error);
            begin = middle;
        }
        if (!is_done) {
            return false;
        }
    }
    /* The subtree both trees end with; where it is the whole older tree, the verifier has it. */
    if (begin > 0 && !add_range(tiles, begin, end, &path, error)) {
        return false;
    }
    give_upwards(&path, ret_path);
    return true;
}

ProofVerdict proof_inclusion_check(const ProofHash *leaf, int64_t index, int64_t size,
                                   const ProofPath *path, const ProofHash *root)
{
    if (index < 0 || index >= size) {
        return PROOF_OUT_OF_RANGE;
    }
    int64_t at = index, last = size - 1; /* of the row that the walk has reached */
    ProofHash node = *leaf;
    for (int i = 0; i < path->n_hashes; i++) {
        if (last == 0) {
            return PROOF_WRONG_LENGTH;
        }
        if ((at & 1) != 0 || at == last) {
            proof_node_hash(&path->hashes[i], &node, &node);
            for (; (at & 1) == 0 && at != 0; at >>= 1) { /* rows without a right neighbour */
                last >>= 1;
            }
        } else {
            proof_node_hash(&node, &path->hashes[i], &node);
        }
        at >>= 1;
        last >>= 1;
    }
    if (last != 0) {
        return PROOF_WRONG_LENGTH;
    }
    return proof_hash_is_equal(&node, root) ? PROOF_SOUND : PROOF_WRONG_ROOT;
}

/* The cases in which there is nothing to walk: no older tree, or no newer one. */
static ProofVerdict check_without_path(int64_t old_size, const ProofHash *old_root,
                                       int64_t new_size, const ProofHash *new_root,
                                       const ProofPath *path)
{
    ProofHash expected = *new_root;
    if (path->n_hashes != 0) {
        return PROOF_WRONG_LENGTH;
    }
    if (old_size == 0) {
        crypto_hash("", 0, expected.bytes);
    }
    if (!proof_hash_is_equal(old_root, &expected)) {
        return PROOF_WRONG_OLD_ROOT;
    }
    bool is_same = old_size != new_size || proof_hash_is_equal(old_root, new_root);
    return is_same ? PROOF_SOUND : PROOF_WRONG_ROOT;
}

ProofVerdict proof_consistency_check(int64_t old_size, const ProofHash *old_root, int64_t new_size,
                                     const ProofHash *new_root, const ProofPath *path)
{
    if (old_size < 0 || old_size > new_size) {
        return PROOF_OUT_OF_RANGE;
    }
    if (old_size == new_size || old_size == 0) {
        return check_without_path(old_size, old_root, new_size, new_root, path);
    }
    int64_t at = old_size - 1, last = new_size - 1;
    for (; (at & 1) != 0; at >>= 1) {
        last >>= 1;
    }
    int i = 0;
    ProofHash old_node = *old_root; /* where the older tree is one perfect subtree */
    if (at != 0) {
        if (path->n_hashes == 0) {
            return PROOF_WRONG_LENGTH;
        }
        old_node = path->hashes[i++];
    }
    ProofHash new_node = old_node;
    for (; i < path->n_hashes; i++) {
        if (last == 0) {
            return PROOF_WRONG_LENGTH;
        }
        if ((at & 1) != 0 || at == last) {
            proof_node_hash(&path->hashes[i], &old_node, &old_node);
            proof_node_hash(&path->hashes[i], &new_node, &new_node);
            for (; (at & 1) == 0 && at != 0; at >>= 1) {
                last >>= 1;
            }
        } else {
            proof_node_hash(&new_node, &path->hashes[i], &new_node);
        }
        at >>= 1;
        last >>= 1;
    }
    if (last != 0) {
        return PROOF_WRONG_LENGTH;
    }
    if (!proof_hash_is_equal(&old_node, old_root)) {
        return PROOF_WRONG_OLD_ROOT;
    }
    return proof_hash_is_equal(&new_node, new_root) ? PROOF_SOUND : PROOF_WRONG_ROOT;
}
