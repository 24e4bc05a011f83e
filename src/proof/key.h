/* The keys that sign and check notes, and their one-line texts.
 *
 * A key has a name (that of the log or witness it speaks for) and an id, the first four bytes of
 * SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key), 0x01 standing for Ed25519.  Name and id together say
 * which key a signature is by.  The texts are those of Go's sumdb/note:
 *
 *     NAME+ID+KEY                  to check with: ID in 8 hex digits, KEY = Base64(0x01 ‖ public
 * key) PRIVATE+KEY+NAME+ID+KEY      to sign with: KEY = Base64(0x01 ‖ secret key); keep it secret
 *
 * A name is UTF-8, not empty, without '+', white space or control characters.
 *
 * Source: C2SP signed-note; golang.org/x/mod/sumdb/note.  Pure; safe from every thread. */
#pragma once

#include "base/crypto.h"

/* The longest name and the longest key text that are read, in bytes. */
#define PROOF_NAME_MAX 255
#define PROOF_KEY_TEXT_MAX 512

/* The key that checks signatures. */
typedef struct ProofVerifier {
    char *name;
    uint32_t id;
    uint8_t public_key[CRYPTO_PUBLIC_SIZE];
} ProofVerifier;

/* The key that signs. */
typedef struct ProofSigner ProofSigner;

/* Return whether the @length bytes at @name may be the name of a key (of any length). */
bool proof_name_is_valid(const char *name, size_t length);

/* Make the verifier of @public_key; the caller owns it.  INVALID for a name that is none. */
ProofVerifier *proof_verifier_new(const char *name, const uint8_t public_key[CRYPTO_PUBLIC_SIZE],
                                  GError **error);

/* Read a verifier from its text; one newline at the end is allowed.
 *
 * @error: INVALID  not such a text, another kind of key, or the id is not that of name and key (the
 *                  text was changed) */
ProofVerifier *proof_verifier_parse(const char *text, GError **error);

/* Return the text of @verifier, without a newline; the caller owns it. */
char *proof_verifier_text(const ProofVerifier *verifier);

void proof_verifier_free(ProofVerifier *verifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofVerifier, proof_verifier_free)

/* Make the signer with @secret, 32 random bytes; the caller owns it.  INVALID for a name that is
 * none. */
ProofSigner *proof_signer_new(const char *name, const uint8_t secret[CRYPTO_SECRET_SIZE],
                              GError **error);

/* Read a signer from its text; INVALID as for the verifier.  No error shows any of the secret. */
ProofSigner *proof_signer_parse(const char *text, GError **error);

/* Return the text of @signer; the caller owns it, keeps it secret and wipes it. */
char *proof_signer_text(const ProofSigner *signer);

/* Return the verifier that belongs to @signer; borrowed from it. */
const ProofVerifier *proof_signer_verifier(const ProofSigner *signer);

/* Sign @length bytes with @signer. */
void proof_signer_sign(const ProofSigner *signer, const void *bytes, size_t length,
                       uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE]);

/* Wipe the secret and free. */
void proof_signer_free(ProofSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofSigner, proof_signer_free)
