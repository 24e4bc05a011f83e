#include "proof/commitment.h"

void proof_event_key_init(ProofEventKey *key, const uint8_t bytes[CRYPTO_HASH_SIZE])
{
    crypto_mac_key_init(&key->mac, bytes);
}

void proof_event_key_clear(ProofEventKey *key)
{
    crypto_wipe(key, sizeof *key);
}

void proof_field_key(const ProofEventKey *key, const char *field, ProofHash *ret_field_key)
{
    crypto_mac_with(&key->mac, field, strlen(field), ret_field_key->bytes);
}

void proof_field_commit(const ProofHash *field_key, const void *value, size_t length,
                        ProofHash *ret_commitment)
{
    CryptoMacKey mac;
    crypto_mac_key_init(&mac, field_key->bytes);
    crypto_mac_with(&mac, value, length, ret_commitment->bytes);
}

void proof_commit(const ProofEventKey *key, const char *field, const void *value, size_t length,
                  ProofHash *ret_commitment)
{
    ProofHash field_key;
    proof_field_key(key, field, &field_key);
    proof_field_commit(&field_key, value, length, ret_commitment);
}

ProofVerdict proof_field_check(const ProofHash *field_key, const void *value, size_t length,
                               const ProofHash *commitment)
{
    ProofHash expected;
    proof_field_commit(field_key, value, length, &expected);
    return proof_hash_is_equal(&expected, commitment) ? PROOF_SOUND : PROOF_OTHER_VALUE;
}
