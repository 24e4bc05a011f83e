/* The EVP interface of OpenSSL 3.0 costs about a microsecond a digest in look-ups and locks, more
 * than the hash of a log line itself.  The one-shot SHA-256 functions are deprecated, not removed,
 * and use the same SHA-NI code; this file alone calls them. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "base/text.h"

enum { BLOCK_SIZE = 64 };

/* End the program where OpenSSL or libcrypt cannot do @what: there is no answer to go on with. */
static void must(bool is_done, const char *what)
{
    if (!is_done) {
        g_error("cannot %s", what);
    }
}

G_STATIC_ASSERT(sizeof(CryptoHash) >= sizeof(SHA256_CTX));
G_STATIC_ASSERT(CRYPTO_HASH_SIZE == SHA256_DIGEST_LENGTH);

static SHA256_CTX *context_of(CryptoHash *hash)
{
    return (SHA256_CTX *)(void *)hash;
}

void crypto_hash_init(CryptoHash *hash)
{
    SHA256_Init(context_of(hash));
}

void crypto_hash_update(CryptoHash *hash, const void *bytes, size_t length)
{
    SHA256_Update(context_of(hash), bytes, length);
}

void crypto_hash_finish(CryptoHash *hash, uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    SHA256_Final(ret_hash, context_of(hash));
}

void crypto_hash(const void *bytes, size_t length, uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    CryptoHash hash;
    crypto_hash_init(&hash);
    crypto_hash_update(&hash, bytes, length);
    crypto_hash_finish(&hash, ret_hash);
}

char *crypto_hash_hex(const void *bytes, size_t length)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash(bytes, length, hash);
    return text_to_hex(hash, sizeof hash);
}

/* RFC 2104: H(K ^ opad, H(K ^ ipad, text)); the two first blocks are the ready key. */
static void init_padded(CryptoMacKey *key, const uint8_t *bytes, size_t length)
{
    uint64_t padded[BLOCK_SIZE / sizeof(uint64_t)] = {0};
    uint64_t inner[G_N_ELEMENTS(padded)], outer[G_N_ELEMENTS(padded)];
    memcpy(padded, bytes, length);
    for (size_t i = 0; i < G_N_ELEMENTS(padded); i++) { /* by words: this is done for each field */
        inner[i] = padded[i] ^ UINT64_C(0x3636363636363636);
        outer[i] = padded[i] ^ UINT64_C(0x5c5c5c5c5c5c5c5c);
    }
    crypto_hash_init(&key->inner);
    crypto_hash_update(&key->inner, inner, sizeof inner);
    crypto_hash_init(&key->outer);
    crypto_hash_update(&key->outer, outer, sizeof outer);
}

void crypto_mac_key_init(CryptoMacKey *key, const uint8_t bytes[CRYPTO_HASH_SIZE])
{
    init_padded(key, bytes, CRYPTO_HASH_SIZE);
}

void crypto_mac_with(const CryptoMacKey *key, const void *bytes, size_t length,
                     uint8_t ret_mac[CRYPTO_HASH_SIZE])
{
    uint8_t digest[CRYPTO_HASH_SIZE];
    CryptoHash hash = key->inner;
    crypto_hash_update(&hash, bytes, length);
    crypto_hash_finish(&hash, digest);
    hash = key->outer;
    crypto_hash_update(&hash, digest, sizeof digest);
    crypto_hash_finish(&hash, ret_mac);
}

void crypto_mac(const void *key, size_t key_length, const void *bytes, size_t length,
                uint8_t ret_mac[CRYPTO_HASH_SIZE])
{
    CryptoMacKey ready;
    if (key_length > BLOCK_SIZE) {
        uint8_t shorter[CRYPTO_HASH_SIZE];
        crypto_hash(key, key_length, shorter);
        init_padded(&ready, shorter, sizeof shorter);
    } else {
        init_padded(&ready, key, key_length);
    }
    crypto_mac_with(&ready, bytes, length, ret_mac);
}

void crypto_mac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                     uint8_t ret_mac[CRYPTO_SHA1_SIZE])
{
    unsigned size = CRYPTO_SHA1_SIZE;
    const void *done = HMAC(EVP_sha1(), key, (int)key_length, bytes, length, ret_mac, &size);
    must(done != NULL && size == CRYPTO_SHA1_SIZE, "make an HMAC with SHA-1");
}

bool crypto_is_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

void crypto_wipe(void *bytes, size_t length)
{
    OPENSSL_cleanse(bytes, length);
}

void crypto_public_from_secret(const uint8_t secret[CRYPTO_SECRET_SIZE],
                               uint8_t ret_public[CRYPTO_PUBLIC_SIZE])
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, CRYPTO_SECRET_SIZE);
    size_t length = CRYPTO_PUBLIC_SIZE;
    bool is_made = key != NULL && EVP_PKEY_get_raw_public_key(key, ret_public, &length) == 1;
    must(is_made, "make an Ed25519 key");
    EVP_PKEY_free(key);
}

void crypto_sign(const uint8_t secret[CRYPTO_SECRET_SIZE], const void *bytes, size_t length,
                 uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, CRYPTO_SECRET_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t signature_length = CRYPTO_SIGNATURE_SIZE;
    bool is_signed = key != NULL && context != NULL &&
                     EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                     EVP_DigestSign(context, ret_signature, &signature_length, bytes, length) == 1;
    must(is_signed, "sign with Ed25519");
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

bool crypto_verify(const uint8_t public_key[CRYPTO_PUBLIC_SIZE], const void *bytes, size_t length,
                   const uint8_t signature[CRYPTO_SIGNATURE_SIZE])
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, CRYPTO_PUBLIC_SIZE);
    if (key == NULL) {
        return false;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_good = context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                   EVP_DigestVerify(context, signature, CRYPTO_SIGNATURE_SIZE, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return is_good;
}

char *crypto_password_hash(const char *password, const uint8_t salt[CRYPTO_SALT_SIZE])
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    g_autofree struct crypt_data *data = g_new0(struct crypt_data, 1);
    const char *made =
        crypt_gensalt_rn("$y$", 0, (const char *)salt, CRYPTO_SALT_SIZE, setting, sizeof setting);
    const char *hash = made != NULL ? crypt_rn(password, setting, data, sizeof *data) : NULL;
    must(hash != NULL, "hash a password with yescrypt");
    char *copy = g_strdup(hash);
    crypto_wipe(data, sizeof *data);
    return copy;
}

bool crypto_password_is(const char *password, const char *stored)
{
    g_autofree struct crypt_data *data = g_new0(struct crypt_data, 1);
    const char *hash = crypt_rn(password, stored, data, sizeof *data);
    bool is_same = hash != NULL && hash[0] != '*' && strlen(hash) == strlen(stored) &&
                   crypto_is_equal(hash, stored, strlen(stored));
    crypto_wipe(data, sizeof *data);
    return is_same;
}
