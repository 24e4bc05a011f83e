#include "proof/commitment.h"

#include "base/text.h"

/* Event key 00 01 … 1f, field "phone", value "000-0000".  Worked out with
 *   FIELD_KEY=$(printf phone | openssl mac -digest SHA256 -macopt hexkey:000102…1e1f HMAC)
 *   printf 000-0000 | openssl mac -digest SHA256 -macopt hexkey:$FIELD_KEY HMAC */
#define FIELD_KEY "fc7f427fdec94e1291f59374f16c0236f820c1877818834f19858d7179adb329"
#define COMMITMENT "f3348af9b8b4491d5fb25945cbad918b74201a53cb166107f4df79280ffe11c9"

static void init_key(ProofEventKey *ret_key)
{
    uint8_t bytes[CRYPTO_HASH_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    proof_event_key_init(ret_key, bytes);
}

static void check_hex(const ProofHash *hash, const char *expected)
{
    g_autofree char *hex = text_to_hex(hash->bytes, sizeof *hash);
    g_assert_cmpstr(hex, ==, expected);
}

static void test_known_answer(void)
{
    g_auto(ProofEventKey) key;
    ProofHash field_key, commitment;
    init_key(&key);
    proof_field_key(&key, "phone", &field_key);
    check_hex(&field_key, FIELD_KEY);
    proof_field_commit(&field_key, "000-0000", 8, &commitment);
    check_hex(&commitment, COMMITMENT);
    proof_commit(&key, "phone", "000-0000", 8, &commitment);
    check_hex(&commitment, COMMITMENT);
}

/* What is shown of one field: its key and value in text, the commitment out of the event. */
static void test_one_field_shown_alone(void)
{
    ProofHash field_key, commitment;
    g_assert_true(text_from_hex(FIELD_KEY, field_key.bytes, sizeof field_key));
    g_assert_true(text_from_hex(COMMITMENT, commitment.bytes, sizeof commitment));
    g_assert_cmpint(proof_field_check(&field_key, "000-0000", 8, &commitment), ==, PROOF_SOUND);
    g_assert_cmpint(proof_field_check(&field_key, "000-0001", 8, &commitment), ==,
                    PROOF_OTHER_VALUE);
    g_assert_cmpint(proof_field_check(&field_key, "000-0000", 7, &commitment), ==,
                    PROOF_OTHER_VALUE);
    g_assert_cmpint(proof_field_check(&field_key, "", 0, &commitment), ==, PROOF_OTHER_VALUE);
    for (int bit = 0; bit < 8 * CRYPTO_HASH_SIZE; bit++) {
        ProofHash wrong_key = field_key, wrong_commitment = commitment;
        wrong_key.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        wrong_commitment.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_cmpint(proof_field_check(&wrong_key, "000-0000", 8, &commitment), ==,
                        PROOF_OTHER_VALUE);
        g_assert_cmpint(proof_field_check(&field_key, "000-0000", 8, &wrong_commitment), ==,
                        PROOF_OTHER_VALUE);
    }
}

/* The same value in another field, or of another event, has nothing in common with it. */
static void test_equal_values_do_not_show(void)
{
    g_auto(ProofEventKey) key;
    g_auto(ProofEventKey) other_key;
    const uint8_t other_bytes[CRYPTO_HASH_SIZE] = {1};
    ProofHash phone, fax, other;
    init_key(&key);
    proof_event_key_init(&other_key, other_bytes);
    proof_commit(&key, "phone", "000-0000", 8, &phone);
    proof_commit(&key, "fax", "000-0000", 8, &fax);
    proof_commit(&other_key, "phone", "000-0000", 8, &other);
    g_assert_false(proof_hash_is_equal(&phone, &fax));
    g_assert_false(proof_hash_is_equal(&phone, &other));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/commitment/known-answer", test_known_answer);
    g_test_add_func("/proof/commitment/one-field-shown-alone", test_one_field_shown_alone);
    g_test_add_func("/proof/commitment/equal-values-do-not-show", test_equal_values_do_not_show);
    return g_test_run();
}
