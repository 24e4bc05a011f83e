#include "proof/key.h"

/* The seed 00 01 … 1f.  Worked out with
 *   printf 302e020100300506032b657004220420$SEED | xxd -r -p > key.der
 *   openssl pkey -inform DER -in key.der -pubout -outform DER | tail -c 32 > public
 *   ID=$( (printf 'county.example/office\n\001'; cat public) | sha256sum | cut -c1-8)
 *   (printf '\001'; cat public) | base64;  (printf '\001'; printf $SEED | xxd -r -p) | base64 */
#define NAME "county.example/office"
#define PUBLIC NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define PRIVATE "PRIVATE+KEY+" NAME "+eb43650f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static void test_known_answer(void)
{
    uint8_t seed[CRYPTO_SECRET_SIZE];
    for (size_t i = 0; i < sizeof seed; i++) {
        seed[i] = (uint8_t)i;
    }
    g_autoptr(ProofSigner) signer = proof_signer_new(NAME, seed, NULL);
    g_autofree char *private_text = proof_signer_text(signer);
    g_autofree char *public_text = proof_verifier_text(proof_signer_verifier(signer));
    g_assert_cmpstr(private_text, ==, PRIVATE);
    g_assert_cmpstr(public_text, ==, PUBLIC);
    g_assert_cmphex(proof_signer_verifier(signer)->id, ==, 0xeb43650f);
}

/* The pair of keys printed in the documentation of golang.org/x/mod/sumdb/note. */
static void test_keys_of_go(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", NULL);
    g_assert_nonnull(signer);
    g_autofree char *text = proof_verifier_text(proof_signer_verifier(signer));
    g_assert_cmpstr(text, ==, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

static void test_read_and_write_back(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE "\n", NULL);
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(PUBLIC "\n", NULL);
    g_autofree char *private_text = proof_signer_text(signer);
    g_autofree char *public_text = proof_verifier_text(verifier);
    g_assert_cmpstr(private_text, ==, PRIVATE);
    g_assert_cmpstr(public_text, ==, PUBLIC);
    g_assert_cmpstr(verifier->name, ==, NAME);
    g_assert_cmpmem(verifier->public_key, CRYPTO_PUBLIC_SIZE,
                    proof_signer_verifier(signer)->public_key, CRYPTO_PUBLIC_SIZE);
}

static void test_signs(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(PUBLIC, NULL);
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    proof_signer_sign(signer, "abc", 3, signature);
    g_assert_true(crypto_verify(verifier->public_key, "abc", 3, signature));
}

static void test_bad_public_keys(void)
{
    static const char *const texts[] = {
        "",
        "\n",
        "+",
        "++",
        NAME,
        NAME "+eb43650f",
        NAME "+eb43650f+",
        PRIVATE,
        " " PUBLIC,
        PUBLIC " ",
        PUBLIC "\n\n",
        PUBLIC "\r\n",
        "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        /* the id of a name and key that were changed since */
        NAME "+eb43650e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG5",
        "county.example/Office+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        /* another spelling of the id */
        NAME "+EB43650F+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        NAME "+0eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        NAME "+b43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        NAME "+0xeb4365+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        /* another kind of key; too short; too long; not Base64 */
        NAME "+eb43650f+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTE=",
        NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AA==",
        NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG!",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_verifier_parse(texts[i], &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

static void test_bad_signing_keys(void)
{
    static const char *const texts[] = {
        "",
        PUBLIC,
        PRIVATE "x",
        "PRIVATE+" PUBLIC,
        "PRIVATE+KEY+" PUBLIC,
        "PRIVATE+KEY+" NAME "+eb43650e+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
        "PRIVATE+KEY+other+eb43650f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_signer_parse(texts[i], &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_null(strstr(error->message, "AQABAgME"));
    }
}

static void test_names(void)
{
    static const char *const good[] = {"a", "county.example/office", "某县/述职办", "—"};
    static const char *const bad[] = {
        "",
        "a b",
        "a+b",
        "a\tb",
        "a\nb",
        "a\x01",
        "a\xc2\xa0" /* no-break space */,
        "a\xc2\x85",
        "a\xe3\x80\x80",
        "\xff",
        "a\xe2\x80\xa8" /* line separator */,
    };
    uint8_t key[CRYPTO_PUBLIC_SIZE] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(ProofVerifier) verifier = proof_verifier_new(good[i], key, NULL);
        g_assert_nonnull(verifier);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_signer_new(bad[i], key, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

static void test_longest_name(void)
{
    const uint8_t key[CRYPTO_PUBLIC_SIZE] = {0};
    g_autofree char *longest = g_strnfill(PROOF_NAME_MAX, 'n');
    g_autofree char *too_long = g_strnfill(PROOF_NAME_MAX + 1, 'n');
    g_autoptr(ProofVerifier) verifier = proof_verifier_new(longest, key, NULL);
    g_autofree char *text = proof_verifier_text(verifier);
    g_autoptr(ProofVerifier) again = proof_verifier_parse(text, NULL);
    g_assert_nonnull(again);
    g_assert_null(proof_verifier_new(too_long, key, NULL));
    g_autofree char *longer_text = g_strconcat("n", text, NULL);
    g_assert_null(proof_verifier_parse(longer_text, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/key/known-answer", test_known_answer);
    g_test_add_func("/proof/key/keys-of-go", test_keys_of_go);
    g_test_add_func("/proof/key/read-and-write-back", test_read_and_write_back);
    g_test_add_func("/proof/key/signs", test_signs);
    g_test_add_func("/proof/key/bad-public-keys", test_bad_public_keys);
    g_test_add_func("/proof/key/bad-signing-keys", test_bad_signing_keys);
    g_test_add_func("/proof/key/names", test_names);
    g_test_add_func("/proof/key/longest-name", test_longest_name);
    return g_test_run();
}
