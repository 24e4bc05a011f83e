#include "proof/path.h"

#include "oracle.h"

enum { SMALL = 70 };

static const int64_t borders[] = {255, 256, 257, 511, 513, 65535, 65536, 65537, 65793};

/* ---- made as the standard says --------------------------------------------------------------- */

static void check_path(const ProofPath *path, const ProofPath *expected)
{
    g_assert_cmpint(path->n_hashes, ==, expected->n_hashes);
    for (int i = 0; i < path->n_hashes; i++) {
        g_assert_true(proof_hash_is_equal(&path->hashes[i], &expected->hashes[i]));
    }
}

static void check_inclusion(GHashTable *tiles, const ProofHash *leaves, int64_t index, int64_t size,
                            const ProofHash *root)
{
    ProofTileReader reader = {tiles_read, tiles};
    ProofPath path, expected = {.n_hashes = 0};
    g_assert_true(proof_inclusion_make(&reader, index, size, &path, NULL));
    oracle_inclusion(leaves, index, size, &expected);
    check_path(&path, &expected);
    g_assert_cmpint(proof_inclusion_check(&leaves[index], index, size, &path, root), ==,
                    PROOF_SOUND);
}

static void check_consistency(GHashTable *tiles, const ProofHash *leaves, int64_t old_size,
                              int64_t new_size, const ProofHash *new_root)
{
    ProofTileReader reader = {tiles_read, tiles};
    ProofPath path, expected = {.n_hashes = 0};
    ProofHash old_root = oracle_root(leaves, old_size);
    g_assert_true(proof_consistency_make(&reader, old_size, new_size, &path, NULL));
    if (old_size > 0) {
        oracle_consistency(leaves, old_size, new_size, true, &expected);
    }
    check_path(&path, &expected);
    g_assert_cmpint(proof_consistency_check(old_size, &old_root, new_size, new_root, &path), ==,
                    PROOF_SOUND);
}

static void test_inclusion_small(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(SMALL);
    g_autoptr(GHashTable) tiles = tiles_of(SMALL);
    for (int64_t size = 1; size <= SMALL; size++) {
        ProofHash root = oracle_root(leaves, size);
        for (int64_t index = 0; index < size; index++) {
            check_inclusion(tiles, leaves, index, size, &root);
        }
    }
}

static void test_consistency_small(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(SMALL);
    g_autoptr(GHashTable) tiles = tiles_of(SMALL);
    for (int64_t new_size = 0; new_size <= SMALL; new_size++) {
        ProofHash root = oracle_root(leaves, new_size);
        for (int64_t old_size = 0; old_size <= new_size; old_size++) {
            check_consistency(tiles, leaves, old_size, new_size, &root);
        }
    }
}

static void test_tile_borders(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(66000);
    g_autoptr(GHashTable) tiles = tiles_of(66000);
    for (size_t i = 0; i < G_N_ELEMENTS(borders); i++) {
        int64_t size = borders[i];
        ProofHash root = oracle_root(leaves, size);
        const int64_t places[] = {0,        1,        254,
                                  255,      256,      size / 2,
                                  size - 2, size - 1, g_test_rand_int_range(0, (gint32)size)};
        for (size_t j = 0; j < G_N_ELEMENTS(places); j++) {
            if (places[j] < size) {
                check_inclusion(tiles, leaves, places[j], size, &root);
                check_consistency(tiles, leaves, places[j] + 1, size, &root);
            }
        }
    }
}

static void test_root_at_any_size(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(66000);
    g_autoptr(GHashTable) tiles = tiles_of(66000);
    ProofTileReader reader = {tiles_read, tiles};
    for (int64_t size = 0; size <= 66000; size += size < 300 ? 1 : 7919) {
        ProofHash root, expected = oracle_root(leaves, size);
        g_assert_true(proof_root_at(&reader, size, &root, NULL));
        g_assert_true(proof_hash_is_equal(&root, &expected));
    }
}

/* ---- what must not pass -----------------------------------------------------------------------
 */

static ProofHash random_hash(void)
{
    ProofHash hash;
    for (size_t i = 0; i < sizeof hash; i++) {
        hash.bytes[i] = (uint8_t)g_test_rand_int();
    }
    return hash;
}

/* A copy of @path with @hash put in before place @at. */
static ProofPath with_inserted(const ProofPath *path, int at, const ProofHash *hash)
{
    ProofPath longer = *path;
    memmove(&longer.hashes[at + 1], &longer.hashes[at],
            (size_t)(path->n_hashes - at) * sizeof *hash);
    longer.hashes[at] = *hash;
    longer.n_hashes++;
    return longer;
}

static ProofPath with_removed(const ProofPath *path, int at)
{
    ProofPath shorter = *path;
    memmove(&shorter.hashes[at], &shorter.hashes[at + 1],
            (size_t)(path->n_hashes - at - 1) * sizeof path->hashes[0]);
    shorter.n_hashes--;
    return shorter;
}

/* Call @check with every broken copy of @path: a hash too many or too few at each place, and each
 * hash with one bit flipped (each bit where @is_thorough, else one at random). */
static void each_broken_path(const ProofPath *path, const ProofHash *root, bool is_thorough,
                             void (*check)(const ProofPath *path, void *data), void *data)
{
    const ProofHash garbage[] = {random_hash(), {{0}}, *root};
    for (int at = 0; at <= path->n_hashes; at++) {
        for (size_t i = 0; i < G_N_ELEMENTS(garbage); i++) {
            ProofPath longer = with_inserted(path, at, &garbage[i]);
            check(&longer, data);
        }
        if (at == path->n_hashes) {
            break;
        }
        ProofPath longer = with_inserted(path, at, &path->hashes[at]);
        check(&longer, data);
        ProofPath shorter = with_removed(path, at);
        check(&shorter, data);
        ProofPath flipped = *path;
        for (int bit = 0; bit < 8 * CRYPTO_HASH_SIZE; bit++) {
            if (is_thorough || bit == g_test_rand_int_range(0, 256)) {
                flipped.hashes[at].bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
                check(&flipped, data);
                flipped.hashes[at].bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
    }
}

typedef struct Claim {
    int64_t old_size; /* or the index of the leaf */
    int64_t size;
    ProofHash old_root; /* or the leaf */
    ProofHash root;
} Claim;

static void refuse_inclusion(const ProofPath *path, void *data)
{
    const Claim *claim = data;
    g_assert_cmpint(
        proof_inclusion_check(&claim->old_root, claim->old_size, claim->size, path, &claim->root),
        !=, PROOF_SOUND);
}

static void refuse_consistency(const ProofPath *path, void *data)
{
    const Claim *claim = data;
    g_assert_cmpint(
        proof_consistency_check(claim->old_size, &claim->old_root, claim->size, &claim->root, path),
        !=, PROOF_SOUND);
}

/* Call @check with the sound @path and every broken copy of @claim. */
static void each_broken_claim(const Claim *claim, const ProofPath *path,
                              void (*check)(const ProofPath *path, void *data))
{
    const int64_t n = claim->old_size, size = claim->size;
    const int64_t places[] = {n - 1, n + 1, n ^ 2, -n - 1, INT64_MAX, INT64_MIN};
    const int64_t sizes[] = {size * 2, size / 2, -size, INT64_MAX, INT64_MIN};
    const ProofHash hashes[] = {random_hash(), {{0}}, oracle_root(NULL, 0)};
    Claim broken = *claim;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        broken.old_size = places[i];
        check(path, &broken);
    }
    broken = *claim;
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        broken.size = sizes[i];
        check(path, &broken);
    }
    broken = *claim;
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
        broken.old_root = hashes[i];
        check(path, &broken);
    }
    broken = *claim;
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
        broken.root = hashes[i];
        check(path, &broken);
    }
    if (!proof_hash_is_equal(&claim->root, &claim->old_root)) {
        broken.root = claim->old_root;
        broken.old_root = claim->root;
        check(path, &broken);
    }
}

static void test_broken_inclusion(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(66000);
    g_autoptr(GHashTable) tiles = tiles_of(66000);
    ProofTileReader reader = {tiles_read, tiles};
    for (int64_t size = 1; size <= 65537; size += size < 34 ? 1 : 13100) {
        Claim claim = {.size = size, .root = oracle_root(leaves, size)};
        for (int64_t index = 0; index < size; index += size < 34 ? 1 : 8191) {
            ProofPath path;
            claim.old_size = index;
            claim.old_root = leaves[index];
            g_assert_true(proof_inclusion_make(&reader, index, size, &path, NULL));
            each_broken_path(&path, &claim.root, size <= 9, refuse_inclusion, &claim);
            each_broken_claim(&claim, &path, refuse_inclusion);
        }
    }
}

static void test_broken_consistency(void)
{
    g_autofree ProofHash *leaves = oracle_leaves(66000);
    g_autoptr(GHashTable) tiles = tiles_of(66000);
    ProofTileReader reader = {tiles_read, tiles};
    for (int64_t size = 2; size <= 65537; size += size < 34 ? 1 : 13100) {
        Claim claim = {.size = size, .root = oracle_root(leaves, size)};
        for (int64_t old_size = 1; old_size < size; old_size += size < 34 ? 1 : 8191) {
            ProofPath path;
            claim.old_size = old_size;
            claim.old_root = oracle_root(leaves, old_size);
            g_assert_true(proof_consistency_make(&reader, old_size, size, &path, NULL));
            each_broken_path(&path, &claim.root, size <= 9, refuse_consistency, &claim);
            each_broken_claim(&claim, &path, refuse_consistency);
        }
    }
}

/* Two logs that part at one leaf: no proof from either makes them one. */
static void test_forked_log(void)
{
    enum { SIZE = 40, FORK = 17 };
    g_autofree ProofHash *leaves = oracle_leaves(SIZE);
    g_autoptr(GHashTable) tiles = tiles_of(SIZE);
    ProofTileReader reader = {tiles_read, tiles};
    ProofHash root = oracle_root(leaves, SIZE);
    leaves[FORK] = oracle_leaf(1000);
    for (int64_t old_size = 1; old_size < SIZE; old_size++) {
        ProofPath path;
        ProofHash old_root = oracle_root(leaves, old_size);
        g_assert_true(proof_consistency_make(&reader, old_size, SIZE, &path, NULL));
        /* A power of two is a node of the newer tree: there the older root itself is walked up. */
        ProofVerdict expected = old_size <= FORK                   ? PROOF_SOUND
                                : (old_size & (old_size - 1)) == 0 ? PROOF_WRONG_ROOT
                                                                   : PROOF_WRONG_OLD_ROOT;
        g_assert_cmpint(proof_consistency_check(old_size, &old_root, SIZE, &root, &path), ==,
                        expected);
    }
}

static void test_equal_and_empty_logs(void)
{
    const ProofPath none = {.n_hashes = 0}, one = {.n_hashes = 1};
    ProofHash a = oracle_leaf(1), b = oracle_leaf(2), empty = oracle_root(NULL, 0);
    g_assert_cmpint(proof_consistency_check(5, &a, 5, &a, &none), ==, PROOF_SOUND);
    g_assert_cmpint(proof_consistency_check(5, &a, 5, &b, &none), ==, PROOF_WRONG_OLD_ROOT);
    g_assert_cmpint(proof_consistency_check(5, &a, 5, &a, &one), ==, PROOF_WRONG_LENGTH);
    g_assert_cmpint(proof_consistency_check(0, &empty, 5, &a, &none), ==, PROOF_SOUND);
    g_assert_cmpint(proof_consistency_check(0, &b, 5, &a, &none), ==, PROOF_WRONG_OLD_ROOT);
    g_assert_cmpint(proof_consistency_check(0, &empty, 5, &a, &one), ==, PROOF_WRONG_LENGTH);
    g_assert_cmpint(proof_consistency_check(0, &empty, 0, &empty, &none), ==, PROOF_SOUND);
    g_assert_cmpint(proof_consistency_check(0, &empty, 0, &a, &none), ==, PROOF_WRONG_ROOT);
    g_assert_cmpint(proof_consistency_check(5, &a, 8, &a, &none), ==, PROOF_WRONG_LENGTH);
}

static void test_nothing_outside_the_log(void)
{
    g_autoptr(GHashTable) tiles = tiles_of(10);
    ProofTileReader reader = {tiles_read, tiles};
    static const int64_t pairs[][2] = {{10, 10}, {-1, 10}, {0, 0}, {INT64_MAX, 10}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(GError) error = NULL;
        ProofPath path;
        g_assert_false(proof_inclusion_make(&reader, pairs[i][0], pairs[i][1], &path, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    }
    static const int64_t sizes[][2] = {{11, 10}, {-1, 10}};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GError) error = NULL;
        ProofPath path;
        g_assert_false(proof_consistency_make(&reader, sizes[i][0], sizes[i][1], &path, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    }
}

static void test_missing_tile_is_corrupt(void)
{
    g_autoptr(GHashTable) tiles = tiles_of(700);
    ProofTileReader reader = {tiles_read, tiles};
    g_autoptr(GError) inclusion = NULL, consistency = NULL, root = NULL;
    ProofPath path;
    ProofHash hash;
    g_hash_table_remove(tiles, "0/1");
    g_assert_true(proof_inclusion_make(&reader, 3, 700, &path, NULL)); /* does not touch it */
    g_assert_false(proof_inclusion_make(&reader, 300, 700, &path, &inclusion));
    g_assert_true(error_is(inclusion, SHUZHI_ERROR_CORRUPT));
    g_assert_false(proof_consistency_make(&reader, 300, 700, &path, &consistency));
    g_assert_true(error_is(consistency, SHUZHI_ERROR_CORRUPT));
    g_assert_false(proof_root_at(&reader, 300, &hash, &root));
    g_assert_true(error_is(root, SHUZHI_ERROR_CORRUPT));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/path/inclusion-small", test_inclusion_small);
    g_test_add_func("/proof/path/consistency-small", test_consistency_small);
    g_test_add_func("/proof/path/tile-borders", test_tile_borders);
    g_test_add_func("/proof/path/root-at-any-size", test_root_at_any_size);
    g_test_add_func("/proof/path/broken-inclusion", test_broken_inclusion);
    g_test_add_func("/proof/path/broken-consistency", test_broken_consistency);
    g_test_add_func("/proof/path/forked-log", test_forked_log);
    g_test_add_func("/proof/path/equal-and-empty-logs", test_equal_and_empty_logs);
    g_test_add_func("/proof/path/nothing-outside-the-log", test_nothing_outside_the_log);
    g_test_add_func("/proof/path/missing-tile-is-corrupt", test_missing_tile_is_corrupt);
    return g_test_run();
}
