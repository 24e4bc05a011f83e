/* The program's only door to cryptography: hash, keyed hash, signature, password.
 *
 * Today SHA-256, HMAC with SHA-256 and SHA-1, and Ed25519 (OpenSSL 3) and yescrypt (libxcrypt).  It
 * is kept this small so that SM2/SM3/SM4 or a hardware module can take its place.
 *
 * What a library cannot do (no memory, a policy that forbids the algorithm) ends the program.
 *
 * Threading: functions are pure; a CryptoHash or CryptoMacKey belongs to one thread at a time. */
#pragma once

#include "base/error.h"

#define CRYPTO_HASH_SIZE 32
#define CRYPTO_PUBLIC_SIZE 32
#define CRYPTO_SECRET_SIZE 32
#define CRYPTO_SIGNATURE_SIZE 64
#define CRYPTO_SALT_SIZE 16                        /* of a password */
#define CRYPTO_HEX_SIZE (2 * CRYPTO_HASH_SIZE + 1) /* a hash in hex, and NUL */

/* A hash being computed; lives on the stack.  At least as large as OpenSSL's SHA256_CTX. */
typedef struct CryptoHash {
    uint64_t state[16];
} CryptoHash;

/* Hash piece by piece: init, update any number of times, finish once; @hash is then spent. */
void crypto_hash_init(CryptoHash *hash);
void crypto_hash_update(CryptoHash *hash, const void *bytes, size_t length);
void crypto_hash_finish(CryptoHash *hash, uint8_t ret_hash[CRYPTO_HASH_SIZE]);

/* Hash the @length bytes at @bytes in one go. */
void crypto_hash(const void *bytes, size_t length, uint8_t ret_hash[CRYPTO_HASH_SIZE]);

/* Return the hash of the @length bytes at @bytes in hex; the caller owns it. */
char *crypto_hash_hex(const void *bytes, size_t length);

/* HMAC (RFC 2104) of @length bytes under @key; the key may be of any length. */
void crypto_mac(const void *key, size_t key_length, const void *bytes, size_t length,
                uint8_t ret_mac[CRYPTO_HASH_SIZE]);

#define CRYPTO_SHA1_SIZE 20

/* HMAC with SHA-1, which one-time codes are made with (RFC 6238) and nothing else here. */
void crypto_mac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                     uint8_t ret_mac[CRYPTO_SHA1_SIZE]);

/* A MAC key of CRYPTO_HASH_SIZE bytes made ready once, to be used many times. */
typedef struct CryptoMacKey {
    CryptoHash inner;
    CryptoHash outer;
} CryptoMacKey;

/* Make the key of CRYPTO_HASH_SIZE @bytes ready; then HMAC with it, as crypto_mac() does. */
void crypto_mac_key_init(CryptoMacKey *key, const uint8_t bytes[CRYPTO_HASH_SIZE]);
void crypto_mac_with(const CryptoMacKey *key, const void *bytes, size_t length,
                     uint8_t ret_mac[CRYPTO_HASH_SIZE]);

/* Compare in constant time. */
bool crypto_is_equal(const void *a, const void *b, size_t length);

/* Overwrite so that the compiler cannot leave it out. */
void crypto_wipe(void *bytes, size_t length);

/* Derive the Ed25519 public key of @secret (the 32-byte seed of RFC 8032). */
void crypto_public_from_secret(const uint8_t secret[CRYPTO_SECRET_SIZE],
                               uint8_t ret_public[CRYPTO_PUBLIC_SIZE]);

/* Sign @length bytes with Ed25519. */
void crypto_sign(const uint8_t secret[CRYPTO_SECRET_SIZE], const void *bytes, size_t length,
                 uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);

/* Return whether @signature over @bytes is by @public_key; false for a malformed key too. */
bool crypto_verify(const uint8_t public_key[CRYPTO_PUBLIC_SIZE], const void *bytes, size_t length,
                   const uint8_t signature[CRYPTO_SIGNATURE_SIZE]);

/* Return the yescrypt hash string of @password with @salt; the caller owns it.
 * Takes about 0.1 s and 16 MiB: never call it with a lock held. */
char *crypto_password_hash(const char *password, const uint8_t salt[CRYPTO_SALT_SIZE]);

/* Return whether @password fits the hash string @stored; false for a malformed one. */
bool crypto_password_is(const char *password, const char *stored);
