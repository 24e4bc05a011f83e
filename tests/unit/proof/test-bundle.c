#include "proof/bundle.h"

#include "oracle.h"

/* The keys of test-key.c. */
#define NAME "county.example/office"
#define PRIVATE "PRIVATE+KEY+" NAME "+eb43650f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static ProofCheckpoint *sign_checkpoint(const ProofSigner *signer, int64_t size)
{
    g_autofree ProofHash *leaves = oracle_leaves(size);
    ProofHash root = oracle_root(leaves, size);
    ProofCheckpoint *checkpoint = proof_checkpoint_new(NAME, size, &root, NULL, NULL);
    proof_note_sign(checkpoint->note, signer);
    return checkpoint;
}

static ProofBundle *make_bundle(const ProofSigner *signer, int64_t index, int64_t size,
                                const char *extra)
{
    g_autoptr(GHashTable) tiles = tiles_of(size);
    ProofTileReader reader = {tiles_read, tiles};
    ProofPath path;
    g_assert_true(proof_inclusion_make(&reader, index, size, &path, NULL));
    return proof_bundle_new(index, &path, sign_checkpoint(signer, size), extra,
                            extra != NULL ? strlen(extra) : 0);
}

static ProofBundle *parse(const char *text)
{
    return proof_bundle_parse(text, strlen(text), NULL);
}

static void test_write_read_check(void)
{
    static const struct {
        int64_t index, size;
        const char *extra;
    } cases[] = {{0, 1, NULL}, {0, 2, "x"}, {299, 300, NULL}, {255, 300, "更多"}};
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    const ProofVerifier *verifier = proof_signer_verifier(signer);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ProofBundle) bundle =
            make_bundle(signer, cases[i].index, cases[i].size, cases[i].extra);
        g_autofree char *text = proof_bundle_text(bundle);
        g_autoptr(ProofBundle) again = parse(text);
        g_autofree char *text_again = proof_bundle_text(again);
        ProofHash leaf = oracle_leaf(cases[i].index), other = oracle_leaf(cases[i].index + 1);
        g_assert_cmpstr(text_again, ==, text);
        g_assert_cmpint(again->index, ==, cases[i].index);
        g_assert_cmpuint(again->extra_length, ==, bundle->extra_length);
        g_assert_cmpint(proof_bundle_check(again, &leaf, NAME, verifier), ==, PROOF_SOUND);
        g_assert_cmpint(proof_bundle_check(again, &other, NAME, verifier), ==, PROOF_WRONG_ROOT);
        g_assert_cmpint(proof_bundle_check(again, &leaf, "other", verifier), ==, PROOF_OTHER_LOG);
    }
}

static void test_text_as_the_format_says(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofBundle) bundle = make_bundle(signer, 1, 2, "abc");
    g_autofree char *text = proof_bundle_text(bundle);
    g_autofree char *checkpoint = proof_checkpoint_text(bundle->checkpoint);
    ProofHash sibling = oracle_leaf(0);
    g_autofree char *hash = g_base64_encode(sibling.bytes, sizeof sibling);
    g_autofree char *expected =
        g_strdup_printf("c2sp.org/tlog-proof@v1\nextra YWJj\nindex 1\n%s\n\n%s", hash, checkpoint);
    g_assert_cmpstr(text, ==, expected);
}

/* No byte of a bundle without extra data can be changed: it is refused, or does not prove. */
static void test_every_flipped_bit(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofBundle) bundle = make_bundle(signer, 5, 7, NULL);
    g_autofree char *text = proof_bundle_text(bundle);
    ProofHash leaf = oracle_leaf(5);
    size_t length = strlen(text);
    for (size_t bit = 0; bit < 8 * length; bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        g_autoptr(ProofBundle) broken = proof_bundle_parse(text, length, NULL);
        g_assert_true(broken == NULL ||
                      proof_bundle_check(broken, &leaf, NAME, proof_signer_verifier(signer)) !=
                          PROOF_SOUND);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void test_every_cut(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofBundle) bundle = make_bundle(signer, 5, 7, "extra");
    g_autofree char *text = proof_bundle_text(bundle);
    for (size_t length = 0; length < strlen(text); length++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_bundle_parse(text, length, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define CHECKPOINT "a\n1\n" HASH "\n— a AAAAAAA=\n"
#define FIRST "c2sp.org/tlog-proof@v1\n"

static void test_bad_bundles(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"c2sp.org/tlog-proof@v2\n", "line 1: 'c2sp.org/tlog-proof@v1' is expected"},
        {"c2sp.org/tlog-proof@v1", "line 1: 'c2sp.org/tlog-proof@v1' is expected"},
        {FIRST, "line 1: 'index' and the entry's place in the log are expected"},
        {FIRST "extra \nindex 0\n", "line 2: data in Base64 are expected after 'extra'"},
        {FIRST "extra YWJj\n", "line 2: 'index' and the entry's place in the log are expected"},
        {FIRST "extra YWJj\nextra YWJj\nindex 0\n",
         "line 3: 'index' and the entry's place in the log are expected"},
        {FIRST "index 0\nextra YWJj\n",
         "line 3: a hash, 32 bytes in Base64, or an empty line is expected"},
        {FIRST "index -1\n\n" CHECKPOINT,
         "line 2: 'index' and the entry's place in the log are expected"},
        {FIRST "index 01\n\n" CHECKPOINT,
         "line 2: 'index' and the entry's place in the log are expected"},
        {FIRST "Index 1\n\n" CHECKPOINT,
         "line 2: 'index' and the entry's place in the log are expected"},
        {FIRST "index 0\nAAAA\n\n" CHECKPOINT,
         "line 3: a hash, 32 bytes in Base64, or an empty line is expected"},
        {FIRST "index 0\n" HASH, "line 4: an empty line and the checkpoint are missing"},
        {FIRST "index 0\n" HASH "\n",
         "in the checkpoint of the proof: not a signed text: there is no empty line before the "
         "signatures"},
        {FIRST "index 0\n\n\n" CHECKPOINT,
         "in the checkpoint of the proof: line 1: the name of the log is missing"},
        {FIRST "index 0\n\n" CHECKPOINT "\n",
         "in the checkpoint of the proof: line 1: the name of the log is missing"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_bundle_parse(cases[i].text, strlen(cases[i].text), &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        if (i + 1 < G_N_ELEMENTS(cases)) { /* the last has no one right sentence */
            g_assert_cmpstr(error->message, ==, cases[i].message);
        }
    }
}

static void test_limits(void)
{
    g_autoptr(GString) text = g_string_new(FIRST "index 0\n");
    for (int i = 0; i < PROOF_PATH_MAX; i++) {
        g_string_append(text, HASH);
    }
    gsize length = text->len;
    g_string_append(text, "\n" CHECKPOINT);
    g_autoptr(ProofBundle) longest = parse(text->str);
    g_assert_cmpint(longest->path.n_hashes, ==, PROOF_PATH_MAX);
    g_autoptr(GError) too_many = NULL, too_large = NULL, too_much = NULL;
    g_string_insert(text, (gssize)length, HASH);
    g_assert_null(proof_bundle_parse(text->str, text->len, &too_many));
    g_assert_true(error_is(too_many, SHUZHI_ERROR_LIMIT));

    g_string_set_size(text, PROOF_BUNDLE_MAX + 1);
    g_assert_null(proof_bundle_parse(text->str, text->len, &too_large));
    g_assert_true(error_is(too_large, SHUZHI_ERROR_LIMIT));

    g_autofree uint8_t *extra = g_malloc0(PROOF_EXTRA_MAX + 1);
    g_autofree char *most = g_base64_encode(extra, PROOF_EXTRA_MAX);
    g_autofree char *more = g_base64_encode(extra, PROOF_EXTRA_MAX + 1);
    g_string_printf(text, FIRST "extra %s\nindex 0\n\n" CHECKPOINT, most);
    g_autoptr(ProofBundle) full = parse(text->str);
    g_assert_cmpuint(full->extra_length, ==, PROOF_EXTRA_MAX);
    g_string_printf(text, FIRST "extra %s\nindex 0\n\n" CHECKPOINT, more);
    g_assert_null(proof_bundle_parse(text->str, text->len, &too_much));
    g_assert_true(error_is(too_much, SHUZHI_ERROR_LIMIT));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/bundle/write-read-check", test_write_read_check);
    g_test_add_func("/proof/bundle/text-as-the-format-says", test_text_as_the_format_says);
    g_test_add_func("/proof/bundle/every-flipped-bit", test_every_flipped_bit);
    g_test_add_func("/proof/bundle/every-cut", test_every_cut);
    g_test_add_func("/proof/bundle/bad-bundles", test_bad_bundles);
    g_test_add_func("/proof/bundle/limits", test_limits);
    return g_test_run();
}
