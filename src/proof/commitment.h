/* Commitments to the fields of an event: the log holds no value in clear, and any one value can be
 * shown alone.
 *
 *     field key  = HMAC-SHA-256(event key, field name)
 *     commitment = HMAC-SHA-256(field key, value as canonical text)
 *
 * The event key is 32 random bytes of the event's own.  Who shows a field gives its name, its field
 * key and its value; whoever has the commitment from the log can check them, and learns nothing
 * of the other fields, as no field key leads back to the event key.  Once event key and values are
 * erased, the commitments say nothing to anyone, and the tree over them stays as it is.  A
 * commitment binds: showing another value would take a collision of SHA-256.
 *
 * Pure.  A ProofEventKey may be read by several threads. */
#pragma once

#include "proof/hash.h"
#include "proof/verdict.h"

/* An event key made ready once for many fields; lives on the stack. */
typedef struct ProofEventKey {
    CryptoMacKey mac;
} ProofEventKey;

/* Make @key ready from its 32 random bytes. */
void proof_event_key_init(ProofEventKey *key, const uint8_t bytes[CRYPTO_HASH_SIZE]);

/* Wipe it. */
void proof_event_key_clear(ProofEventKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProofEventKey, proof_event_key_clear)

/* Derive the key of @field (its name as in the event): what is shown with a value. */
void proof_field_key(const ProofEventKey *key, const char *field, ProofHash *ret_field_key);

/* Commit to the @length bytes at @value under @field_key.  An absent field has no commitment; an
 * empty value has one. */
void proof_field_commit(const ProofHash *field_key, const void *value, size_t length,
                        ProofHash *ret_commitment);

/* Both steps in one, for writing events; under a microsecond for a short value. */
void proof_commit(const ProofEventKey *key, const char *field, const void *value, size_t length,
                  ProofHash *ret_commitment);

/* Check a value that was shown: SOUND or OTHER_VALUE.
 *
 * @commitment: from the event, under the field's name, once the event is known to be in the log. */
ProofVerdict proof_field_check(const ProofHash *field_key, const void *value, size_t length,
                               const ProofHash *commitment);
