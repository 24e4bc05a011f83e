#include "proof/checkpoint.h"

#include "base/text.h"

/* The keys of test-key.c over the tree of eight vectors of test-hash.c.  The signature is that of
 *   ROOT=$(printf 5dc9da79…4328 | xxd -r -p | base64)
 *   printf 'county.example/office\n8\n%s\n' $ROOT > text
 *   openssl pkeyutl -sign -rawin -inkey key.der -keyform DER -in text -out signature
 *   (printf eb43650f | xxd -r -p; cat signature) | base64 -w0 */
#define NAME "county.example/office"
#define PUBLIC NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define PRIVATE "PRIVATE+KEY+" NAME "+eb43650f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define ROOT_HEX "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
#define ROOT "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="
#define SIGNATURE                                                                                 \
    "— " NAME " 60NlD3VT1QOWG0cCvyqVUKScXlIa9JiWVLnQVJq2RLXmaqR7zTfqgNQLVMVdYYVlK8/obcUkz+0hVrWi" \
    "lTOzcm4mfQQ=\n"
#define WHOLE NAME "\n8\n" ROOT "\n\n" SIGNATURE

static ProofHash root_hash(void)
{
    ProofHash root;
    g_assert_true(text_from_hex(ROOT_HEX, root.bytes, sizeof root));
    return root;
}

static void test_known_answer(void)
{
    ProofHash root = root_hash();
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_new(NAME, 8, &root, NULL, NULL);
    proof_note_sign(checkpoint->note, signer);
    g_autofree char *text = proof_checkpoint_text(checkpoint);
    g_assert_cmpstr(text, ==, WHOLE);
}

static void test_read_and_check(void)
{
    ProofHash root = root_hash();
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(PUBLIC, NULL);
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(WHOLE, strlen(WHOLE), NULL);
    g_assert_cmpstr(checkpoint->origin, ==, NAME);
    g_assert_cmpint(checkpoint->size, ==, 8);
    g_assert_true(proof_hash_is_equal(&checkpoint->root, &root));
    g_assert_cmpstr(checkpoint->extension, ==, "");
    g_assert_cmpint(proof_checkpoint_check(checkpoint, NAME, verifier), ==, PROOF_SOUND);
    g_assert_cmpint(proof_checkpoint_check(checkpoint, "other", verifier), ==, PROOF_OTHER_LOG);
}

static void test_other_key(void)
{
    const uint8_t secret[CRYPTO_SECRET_SIZE] = {9};
    g_autoptr(ProofSigner) other = proof_signer_new(NAME, secret, NULL);
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(WHOLE, strlen(WHOLE), NULL);
    g_assert_cmpint(proof_checkpoint_check(checkpoint, NAME, proof_signer_verifier(other)), ==,
                    PROOF_UNSIGNED);
}

static void test_extension_lines(void)
{
    ProofHash root = root_hash();
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofCheckpoint) checkpoint =
        proof_checkpoint_new(NAME, INT64_MAX, &root, "time 1\n更多\n", NULL);
    proof_note_sign(checkpoint->note, signer);
    g_autofree char *text = proof_checkpoint_text(checkpoint);
    g_autoptr(ProofCheckpoint) again = proof_checkpoint_parse(text, strlen(text), NULL);
    g_assert_cmpstr(again->extension, ==, "time 1\n更多\n");
    g_assert_cmpint(again->size, ==, INT64_MAX);
    g_assert_cmpint(proof_checkpoint_check(again, NAME, proof_signer_verifier(signer)), ==,
                    PROOF_SOUND);
}

static void test_bad_checkpoints(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {NAME "\n8\n" ROOT "\n", "not a signed text: there is no empty line before the signatures"},
        {"\n8\n" ROOT "\n\n" SIGNATURE, "line 1: the name of the log is missing"},
        {NAME "\n\n" SIGNATURE, "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n\n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n08\n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n-8\n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n+8\n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n8 \n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n9223372036854775808\n" ROOT "\n\n" SIGNATURE,
         "line 2: the size of the log, a plain number, is expected"},
        {NAME "\n8\n\n" SIGNATURE, "line 3: the root of the log, 32 bytes in Base64, is expected"},
        {NAME "\n8\nAAAA\n\n" SIGNATURE,
         "line 3: the root of the log, 32 bytes in Base64, is expected"},
        {NAME "\n8\n" ROOT " \n\n" SIGNATURE,
         "line 3: the root of the log, 32 bytes in Base64, is expected"},
        {NAME "\n8\n" ROOT "\nmore\n\nmore\n\n" SIGNATURE, "line 5: is empty"},
        {NAME "\n8\n" ROOT "\n\n\n" SIGNATURE, "line 4: is empty"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_checkpoint_parse(cases[i].text, strlen(cases[i].text), &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void test_what_cannot_be_written(void)
{
    static const struct {
        const char *origin, *extension;
    } cases[] = {
        {"", NULL}, {"a\nb", NULL}, {"a\tb", NULL},    {"\xff", NULL},
        {"a", "x"}, {"a", "\n"},    {"a", "x\n\ny\n"}, {"a", "\x01\n"},
    };
    ProofHash root = root_hash();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_checkpoint_new(cases[i].origin, 1, &root, cases[i].extension, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/checkpoint/known-answer", test_known_answer);
    g_test_add_func("/proof/checkpoint/read-and-check", test_read_and_check);
    g_test_add_func("/proof/checkpoint/other-key", test_other_key);
    g_test_add_func("/proof/checkpoint/extension-lines", test_extension_lines);
    g_test_add_func("/proof/checkpoint/bad-checkpoints", test_bad_checkpoints);
    g_test_add_func("/proof/checkpoint/what-cannot-be-written", test_what_cannot_be_written);
    return g_test_run();
}
