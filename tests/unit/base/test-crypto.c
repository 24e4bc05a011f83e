#include "base/crypto.h"
#include "base/text.h"

static void check_hex(const uint8_t *bytes, size_t length, const char *expected)
{
    g_autofree char *hex = text_to_hex(bytes, length);
    g_assert_cmpstr(hex, ==, expected);
}

/* FIPS 180-4, "abc". */
static void test_hash(void)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash("abc", 3, hash);
    check_hex(hash, sizeof hash,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231, cases 2 and 6. */
static void test_mac(void)
{
    uint8_t mac[CRYPTO_HASH_SIZE];
    crypto_mac("Jefe", 4, "what do ya want for nothing?", 28, mac);
    check_hex(mac, sizeof mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    uint8_t key[131];
    memset(key, 0xaa, sizeof key);
    const char *text = "Test Using Larger Than Block-Size Key - Hash Key First";
    crypto_mac(key, sizeof key, text, strlen(text), mac);
    check_hex(mac, sizeof mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_ready_key_gives_same_mac(void)
{
    uint8_t key[CRYPTO_HASH_SIZE], a[CRYPTO_HASH_SIZE], b[CRYPTO_HASH_SIZE];
    memset(key, 7, sizeof key);
    CryptoMacKey ready;
    crypto_mac_key_init(&ready, key);
    crypto_mac(key, sizeof key, "abc", 3, a);
    crypto_mac_with(&ready, "abc", 3, b);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
}

/* RFC 8032 §7.1, test 2. */
static void test_signature(void)
{
    uint8_t secret[CRYPTO_SECRET_SIZE], public_key[CRYPTO_PUBLIC_SIZE];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    g_assert_true(text_from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                                secret, sizeof secret));
    crypto_public_from_secret(secret, public_key);
    check_hex(public_key, sizeof public_key,
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    crypto_sign(secret, "\x72", 1, signature);
    check_hex(signature, sizeof signature,
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    g_assert_true(crypto_verify(public_key, "\x72", 1, signature));
    signature[5] ^= 1;
    g_assert_false(crypto_verify(public_key, "\x72", 1, signature));
}

static void test_password(void)
{
    const uint8_t salt[16] = {1, 2, 3};
    g_autofree char *stored = crypto_password_hash("正确的口令", salt);
    g_assert_true(g_str_has_prefix(stored, "$y$"));
    g_assert_true(crypto_password_is("正确的口令", stored));
    g_assert_false(crypto_password_is("不对的口令", stored));
    g_assert_false(crypto_password_is("正确的口令", "*"));
    g_assert_false(crypto_password_is("", ""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/crypto/hash", test_hash);
    g_test_add_func("/base/crypto/mac", test_mac);
    g_test_add_func("/base/crypto/ready-key-gives-same-mac", test_ready_key_gives_same_mac);
    g_test_add_func("/base/crypto/signature", test_signature);
    g_test_add_func("/base/crypto/password", test_password);
    return g_test_run();
}
