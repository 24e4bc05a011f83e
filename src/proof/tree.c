#include "proof/tree.h"

enum { TILE_HEIGHT = 8 };
G_STATIC_ASSERT(1 << TILE_HEIGHT == PROOF_TILE_WIDTH);
G_STATIC_ASSERT(PROOF_LEVELS *TILE_HEIGHT >= PROOF_HEIGHTS);

typedef struct TileHashes {
    ProofHash hashes[PROOF_TILE_WIDTH];
} TileHashes;

typedef struct Level {
    GPtrArray *full; /* TileHashes filled since the last settle, the latest last */
    int count;       /* hashes in @last, always below PROOF_TILE_WIDTH */
    TileHashes last;
} Level;

struct ProofTree {
    int64_t settled_size;
    ProofFrontier frontier; /* the same leaves once more, for the root and for appending */
    Level levels[PROOF_LEVELS];
};

/* The number of hashes on @level of a tree of @size leaves. */
static int64_t hashes_on(int64_t size, int level)
{
    return size >> (TILE_HEIGHT * level);
}

bool proof_tile_read(const ProofTileReader *reader, int level, int64_t n, int n_needed,
                     ProofHash ret_hashes[PROOF_TILE_WIDTH], GError **error)
{
    int count = 0;
    if (!reader->read(level, n, ret_hashes, &count, reader->data, error)) {
        return false;
    }
    if (count < n_needed) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "tile %lld of level %d holds %d hashes where the log needs %d", (long long)n,
                  level, count, n_needed);
        return false;
    }
    return true;
}

ProofTree *proof_tree_new(void)
{
    ProofTree *tree = g_new0(ProofTree, 1);
    for (int i = 0; i < PROOF_LEVELS; i++) {
        tree->levels[i].full = g_ptr_array_new_with_free_func(g_free);
    }
    proof_frontier_init(&tree->frontier);
    return tree;
}

void proof_tree_free(ProofTree *tree)
{
    if (tree == NULL) {
        return;
    }
    for (int i = 0; i < PROOF_LEVELS; i++) {
        g_ptr_array_unref(tree->levels[i].full);
    }
    g_free(tree);
}

/* Work out the frontier from the last tiles: the bits of a level's count are the heights of the
 * perfect subtrees in its tile, the highest first. */
static void rebuild_frontier(ProofTree *tree, int64_t size)
{
    tree->frontier.size = size;
    for (int i = 0; i < PROOF_LEVELS; i++) {
        const Level *level = &tree->levels[i];
        int at = 0;
        for (int height = TILE_HEIGHT - 1; height >= 0; height--) {
            if ((level->count >> height & 1) != 0) {
                proof_perfect_root(&level->last.hashes[at], height,
                                   &tree->frontier.nodes[TILE_HEIGHT * i + height]);
                at += 1 << height;
            }
        }
    }
}

ProofTree *proof_tree_load(int64_t size, const ProofTileReader *reader, GError **error)
{
    if (size < 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "no tree has %lld leaves", (long long)size);
        return NULL;
    }
    g_autoptr(ProofTree) tree = proof_tree_new();
    for (int i = 0; i < PROOF_LEVELS; i++) {
        Level *level = &tree->levels[i];
        int64_t n_hashes = hashes_on(size, i);
        level->count = (int)(n_hashes % PROOF_TILE_WIDTH);
        if (level->count > 0 && !proof_tile_read(reader, i, n_hashes / PROOF_TILE_WIDTH,
                                                 level->count, level->last.hashes, error)) {
            return NULL;
        }
    }
    rebuild_frontier(tree, size);
    tree->settled_size = size;
    return g_steal_pointer(&tree);
}

int64_t proof_tree_size(const ProofTree *tree)
{
    return tree->frontier.size;
}

void proof_tree_root(const ProofTree *tree, ProofHash *ret_root)
{
    proof_frontier_root(&tree->frontier, ret_root);
}

static void append_to_level(Level *level, const ProofHash *hash)
{
    level->last.hashes[level->count++] = *hash;
    if (level->count == PROOF_TILE_WIDTH) {
        g_ptr_array_add(level->full, g_memdup2(&level->last, sizeof level->last));
        level->count = 0;
    }
}

/* As proof_frontier_append(), but each carry out of a tile's height also goes to the level above:
 * the root of a filled tile is at hand without hashing it again. */
void proof_tree_append(ProofTree *tree, const ProofHash *leaf)
{
    ProofFrontier *frontier = &tree->frontier;
    ProofHash node = *leaf;
    int height = 0;
    append_to_level(&tree->levels[0], &node);
    for (; (frontier->size >> height & 1) != 0; height++) {
        proof_node_hash(&frontier->nodes[height], &node, &node);
        if ((height + 1) % TILE_HEIGHT == 0) {
            append_to_level(&tree->levels[(height + 1) / TILE_HEIGHT], &node);
        }
    }
    frontier->nodes[height] = node;
    frontier->size++;
}

/* Return the hashes of tile @n of level @i: the last one or one of those still in memory. */
static const TileHashes *tile_at(const ProofTree *tree, int i, int64_t n)
{
    const Level *level = &tree->levels[i];
    int64_t n_full = hashes_on(tree->frontier.size, i) / PROOF_TILE_WIDTH;
    if (n == n_full) {
        return &level->last;
    }
    int64_t first = n_full - level->full->len;
    g_assert(n >= first && n < n_full);
    return g_ptr_array_index(level->full, (guint)(n - first));
}

void proof_tree_undo(ProofTree *tree, int64_t size)
{
    g_assert(size >= tree->settled_size && size <= tree->frontier.size);
    if (size == tree->frontier.size) {
        return;
    }
    for (int i = 0; i < PROOF_LEVELS; i++) {
        Level *level = &tree->levels[i];
        int64_t n_hashes = hashes_on(size, i), n = n_hashes / PROOF_TILE_WIDTH;
        int64_t n_full = hashes_on(tree->frontier.size, i) / PROOF_TILE_WIDTH;
        if (n < n_full) {
            level->last = *tile_at(tree, i, n);
            g_ptr_array_set_size(level->full, (gint)(level->full->len - (n_full - n)));
        }
        level->count = (int)(n_hashes % PROOF_TILE_WIDTH);
    }
    rebuild_frontier(tree, size);
}

bool proof_tree_each_changed(const ProofTree *tree, ProofTileWriter writer, void *data,
                             GError **error)
{
    for (int i = 0; i < PROOF_LEVELS; i++) {
        int64_t before = hashes_on(tree->settled_size, i), now = hashes_on(tree->frontier.size, i);
        if (before == now) {
            return true; /* what did not change below cannot have changed above */
        }
        for (int64_t n = before / PROOF_TILE_WIDTH; n * PROOF_TILE_WIDTH < now; n++) {
            ProofTile tile = {
                .level = i,
                .n = n,
                .count = (int)MIN(now - n * PROOF_TILE_WIDTH, PROOF_TILE_WIDTH),
                .hashes = tile_at(tree, i, n)->hashes,
            };
            if (!writer(&tile, data, error)) {
                return false;
            }
        }
    }
    return true;
}

void proof_tree_settle(ProofTree *tree)
{
    for (int i = 0; i < PROOF_LEVELS; i++) {
        g_ptr_array_set_size(tree->levels[i].full, 0);
    }
    tree->settled_size = tree->frontier.size;
}
