#include "proof/tree.h"

#include "oracle.h"

static void append(ProofTree *tree, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        ProofHash leaf = oracle_leaf(proof_tree_size(tree));
        proof_tree_append(tree, &leaf);
    }
}

static void check_root(const ProofTree *tree, const ProofHash *expected)
{
    ProofHash root;
    proof_tree_root(tree, &root);
    g_assert_true(proof_hash_is_equal(&root, expected));
}

static void flush(ProofTree *tree, GHashTable *tiles)
{
    g_assert_true(proof_tree_each_changed(tree, tiles_write, tiles, NULL));
    proof_tree_settle(tree);
}

static void test_every_size(void)
{
    g_autoptr(ProofTree) tree = proof_tree_new();
    g_autofree ProofHash *leaves = oracle_leaves(600);
    for (int64_t n = 0; n <= 600; n++) {
        ProofHash expected = oracle_root(leaves, n);
        g_assert_cmpint(proof_tree_size(tree), ==, n);
        check_root(tree, &expected);
        append(tree, 1);
    }
}

static void test_random_sizes(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(70000);
    g_autoptr(ProofTree) tree = proof_tree_new();
    for (int64_t n = 0; n <= 70000; n += g_test_rand_int_range(1, 9000)) {
        append(tree, n - proof_tree_size(tree));
        ProofHash expected = oracle_root(leaves, n);
        check_root(tree, &expected);
    }
}

/* Every hash of every tile is the root over the leaves it stands for, and none is missing. */
static void test_tiles_hold_what_they_should(void)
{
    const int64_t size = 66000;
    g_autofree ProofHash *leaves = oracle_leaves(size);
    g_autoptr(GHashTable) tiles = tiles_of(size);
    guint n_tiles = 0;
    for (int level = 0; level < PROOF_LEVELS; level++) {
        int64_t n_hashes = size >> (8 * level);
        for (int64_t n = 0; n * PROOF_TILE_WIDTH < n_hashes; n++) {
            ProofHash hashes[PROOF_TILE_WIDTH];
            int count;
            g_assert_true(tiles_read(level, n, hashes, &count, tiles, NULL));
            g_assert_cmpint(count, ==, MIN(n_hashes - n * PROOF_TILE_WIDTH, PROOF_TILE_WIDTH));
            for (int i = 0; i < count; i++) {
                int64_t width = INT64_C(1) << (8 * level);
                ProofHash root = oracle_root(leaves + (n * PROOF_TILE_WIDTH + i) * width, width);
                g_assert_true(proof_hash_is_equal(&root, &hashes[i]));
            }
            n_tiles++;
        }
    }
    g_assert_cmpuint(n_tiles, ==, 258 + 2 + 1); /* 257·256 + 208, 256 + 1, 1 */
    g_assert_cmpuint(g_hash_table_size(tiles), ==, n_tiles);
}

static bool count_tile(const ProofTile *tile, void *data, GError **error)
{
    ++*(int *)data;
    return true;
}

static int n_changed(const ProofTree *tree)
{
    int count = 0;
    g_assert_true(proof_tree_each_changed(tree, count_tile, &count, NULL));
    return count;
}

static void test_only_changed_tiles_are_handed_out(void)
{
    static const struct {
        int append, n_changed;
    } steps[] = {
        {0, 0}, {1, 1}, {254, 1}, {1, 2} /* fills a tile: level 1 begins */,
        {0, 0}, {1, 1}, {255, 2}, {600, 4},
    };
    g_autoptr(ProofTree) tree = proof_tree_new();
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        append(tree, steps[i].append);
        g_assert_cmpint(n_changed(tree), ==, steps[i].n_changed);
        g_assert_cmpint(n_changed(tree), ==, steps[i].n_changed);
        proof_tree_settle(tree);
        g_assert_cmpint(n_changed(tree), ==, 0);
    }
}

static void test_undo_over_tile_borders(void)
{
    static const int64_t sizes[] = {0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 66100};
    g_autofree ProofHash *leaves = oracle_leaves(66200);
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(ProofTree) tree = proof_tree_new();
        append(tree, 66200);
        proof_tree_undo(tree, sizes[i]);
        ProofHash expected = oracle_root(leaves, sizes[i]);
        g_assert_cmpint(proof_tree_size(tree), ==, sizes[i]);
        check_root(tree, &expected);
        append(tree, 66200 - sizes[i]);
        expected = oracle_root(leaves, 66200);
        check_root(tree, &expected);
    }
}

/* What a log does, in random order; the tree must be the one of its leaves at every moment, and
 * the stored tiles must be enough to go on from. */
static void test_random_life(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(20000);
    g_autoptr(GHashTable) tiles = tiles_new();
    g_autoptr(ProofTree) tree = proof_tree_new();
    ProofTileReader reader = {tiles_read, tiles};
    int64_t settled = 0;
    for (int round = 0; round < 400; round++) {
        int64_t room = 20000 - proof_tree_size(tree);
        int64_t wanted = g_test_rand_int_range(0, round % 9 == 0 ? 3000 : 60);
        switch (g_test_rand_int_range(0, 5)) {
        case 0:
        case 1:
            append(tree, MIN(room, wanted));
            break;
        case 2:
            proof_tree_undo(tree, settled + g_test_rand_int_range(
                                                0, (gint32)(proof_tree_size(tree) - settled + 1)));
            break;
        case 3:
            flush(tree, tiles);
            settled = proof_tree_size(tree);
            break;
        default:
            proof_tree_free(tree);
            tree = proof_tree_load(settled, &reader, NULL);
            g_assert_nonnull(tree);
            break;
        }
        ProofHash expected = oracle_root(leaves, proof_tree_size(tree));
        check_root(tree, &expected);
    }
}

static void test_load_needs_its_tiles(void)
{
    g_autoptr(GHashTable) tiles = tiles_of(70000);
    ProofTileReader reader = {tiles_read, tiles};
    static const char *const needed[] = {"0/273", "1/1", "2/0"};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        g_autoptr(GError) missing = NULL, short_by_one = NULL;
        GByteArray *tile = g_byte_array_ref(g_hash_table_lookup(tiles, needed[i]));
        g_hash_table_remove(tiles, needed[i]);
        g_assert_null(proof_tree_load(70000, &reader, &missing));
        g_assert_true(error_is(missing, SHUZHI_ERROR_CORRUPT));
        g_hash_table_insert(tiles, g_strdup(needed[i]), tile);
        g_byte_array_set_size(tile, tile->len - CRYPTO_HASH_SIZE);
        g_assert_null(proof_tree_load(70000, &reader, &short_by_one));
        g_assert_true(error_is(short_by_one, SHUZHI_ERROR_CORRUPT));
        g_byte_array_set_size(tile, tile->len + CRYPTO_HASH_SIZE);
    }
    g_autoptr(ProofTree) tree = proof_tree_load(70000, &reader, NULL);
    g_assert_nonnull(tree);
}

/* A tile that has grown since serves an older size as well. */
static void test_load_an_older_size(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(1000);
    g_autoptr(GHashTable) tiles = tiles_of(1000);
    ProofTileReader reader = {tiles_read, tiles};
    for (int64_t size = 0; size <= 1000; size += 37) {
        g_autoptr(ProofTree) tree = proof_tree_load(size, &reader, NULL);
        ProofHash expected = oracle_root(leaves, size);
        check_root(tree, &expected);
    }
}

static bool refuse(int level, int64_t n, ProofHash ret_hashes[PROOF_TILE_WIDTH], int *ret_count,
                   void *data, GError **error)
{
    error_set(error, SHUZHI_ERROR_UNAVAILABLE, "gone");
    return false;
}

static bool refuse_third(const ProofTile *tile, void *data, GError **error)
{
    if (++*(int *)data == 3) {
        error_set(error, SHUZHI_ERROR_FULL, "full");
        return false;
    }
    return true;
}

static void test_errors_are_passed_on(void)
{
    g_autoptr(GError) read_error = NULL, write_error = NULL;
    ProofTileReader reader = {refuse, NULL};
    g_assert_null(proof_tree_load(1, &reader, &read_error));
    g_assert_true(error_is(read_error, SHUZHI_ERROR_UNAVAILABLE));

    g_autoptr(ProofTree) tree = proof_tree_new();
    int n_calls = 0;
    append(tree, 2000);
    g_assert_false(proof_tree_each_changed(tree, refuse_third, &n_calls, &write_error));
    g_assert_true(error_is(write_error, SHUZHI_ERROR_FULL));
    g_assert_cmpint(n_calls, ==, 3);
    proof_tree_undo(tree, 0); /* as after a failed commit */
    g_assert_cmpint(proof_tree_size(tree), ==, 0);
    proof_tree_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/tree/every-size", test_every_size);
    g_test_add_func("/proof/tree/random-sizes", test_random_sizes);
    g_test_add_func("/proof/tree/tiles-hold-what-they-should", test_tiles_hold_what_they_should);
    g_test_add_func("/proof/tree/only-changed-tiles-are-handed-out",
                    test_only_changed_tiles_are_handed_out);
    g_test_add_func("/proof/tree/undo-over-tile-borders", test_undo_over_tile_borders);
    g_test_add_func("/proof/tree/random-life", test_random_life);
    g_test_add_func("/proof/tree/load-needs-its-tiles", test_load_needs_its_tiles);
    g_test_add_func("/proof/tree/load-an-older-size", test_load_an_older_size);
    g_test_add_func("/proof/tree/errors-are-passed-on", test_errors_are_passed_on);
    return g_test_run();
}
