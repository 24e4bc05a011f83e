#include "proof/key.h"

#include "base/text.h"
#include "proof/wire.h"

enum { ED25519 = 0x01 };
#define PRIVATE_PREFIX "PRIVATE+KEY+"

struct ProofSigner {
    ProofVerifier *verifier;
    uint8_t secret[CRYPTO_SECRET_SIZE];
};

bool proof_name_is_valid(const char *name, size_t length)
{
    if (length == 0 || !proof_wire_is_clean(name, length)) {
        return false;
    }
    for (const char *at = name; at < name + length; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '+' || c == 0x85 || g_unichar_isspace(c)) {
            return false;
        }
    }
    return true;
}

static uint32_t compute_id(const char *name, const uint8_t public_key[CRYPTO_PUBLIC_SIZE])
{
    const uint8_t middle[] = {'\n', ED25519};
    uint8_t digest[CRYPTO_HASH_SIZE];
    CryptoHash hash;
    crypto_hash_init(&hash);
    crypto_hash_update(&hash, name, strlen(name));
    crypto_hash_update(&hash, middle, sizeof middle);
    crypto_hash_update(&hash, public_key, CRYPTO_PUBLIC_SIZE);
    crypto_hash_finish(&hash, digest);
    return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 |
           digest[3];
}

ProofVerifier *proof_verifier_new(const char *name, const uint8_t public_key[CRYPTO_PUBLIC_SIZE],
                                  GError **error)
{
    if (strlen(name) > PROOF_NAME_MAX || !proof_name_is_valid(name, strlen(name))) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a key's name is 1 to %d bytes of UTF-8 without spaces or '+'", PROOF_NAME_MAX);
        return NULL;
    }
    ProofVerifier *verifier = g_new0(ProofVerifier, 1);
    verifier->name = g_strdup(name);
    verifier->id = compute_id(name, public_key);
    memcpy(verifier->public_key, public_key, CRYPTO_PUBLIC_SIZE);
    return verifier;
}

void proof_verifier_free(ProofVerifier *verifier)
{
    if (verifier != NULL) {
        g_free(verifier->name);
        g_free(verifier);
    }
}

/* "NAME+ID+KEY" taken apart, KEY being 32 bytes with the mark of Ed25519 before them. */
typedef struct KeyText {
    char name[PROOF_NAME_MAX + 1];
    uint32_t id;
    uint8_t key[CRYPTO_PUBLIC_SIZE];
} KeyText;

G_STATIC_ASSERT(CRYPTO_PUBLIC_SIZE == CRYPTO_SECRET_SIZE);

/* Move the part of @rest before the first '+' to @ret_part. */
static bool split_at_plus(WireLine *rest, WireLine *ret_part)
{
    const char *plus = rest->length > 0 ? memchr(rest->text, '+', rest->length) : NULL;
    if (plus == NULL) {
        return false;
    }
    ret_part->text = rest->text;
    ret_part->length = (size_t)(plus - rest->text);
    rest->length -= ret_part->length + 1;
    rest->text = plus + 1;
    return true;
}

/* Eight lower-case hex digits. */
static bool parse_id(WireLine part, uint32_t *ret_id)
{
    uint32_t id = 0;
    for (size_t i = 0; i < part.length; i++) {
        if (!g_ascii_isxdigit(part.text[i]) || g_ascii_isupper(part.text[i])) {
            return false;
        }
        id = id << 4 | (uint32_t)g_ascii_xdigit_value(part.text[i]);
    }
    *ret_id = id;
    return part.length == 8;
}

static bool parse_key_text(WireLine text, KeyText *ret_key)
{
    WireLine name, id;
    if (text.length > PROOF_KEY_TEXT_MAX || !split_at_plus(&text, &name) ||
        name.length > PROOF_NAME_MAX || !split_at_plus(&text, &id) || !parse_id(id, &ret_key->id)) {
        return false;
    }
    memcpy(ret_key->name, name.text, name.length);
    ret_key->name[name.length] = '\0';
    uint8_t marked[1 + CRYPTO_PUBLIC_SIZE] = {0};
    bool is_key = proof_wire_decode_exactly(text, marked, sizeof marked) && marked[0] == ED25519;
    memcpy(ret_key->key, marked + 1, sizeof ret_key->key);
    crypto_wipe(marked, sizeof marked);
    return is_key;
}

static WireLine without_newline(const char *text)
{
    WireLine line = {text, strlen(text)};
    if (line.length > 0 && text[line.length - 1] == '\n') {
        line.length--;
    }
    return line;
}

ProofVerifier *proof_verifier_parse(const char *text, GError **error)
{
    KeyText key;
    if (!parse_key_text(without_newline(text), &key)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "not a public key: one line NAME+ID+KEY with an Ed25519 key is expected");
        return NULL;
    }
    g_autoptr(ProofVerifier) verifier = proof_verifier_new(key.name, key.key, error);
    if (verifier != NULL && verifier->id != key.id) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the public key of '%s' was changed: its id is not that of its name and key",
                  key.name);
        return NULL;
    }
    return g_steal_pointer(&verifier);
}

/* Return @prefix NAME+ID+KEY for the 32 bytes at @key. */
static char *format_key(const char *prefix, const ProofVerifier *verifier, const uint8_t *key)
{
    uint8_t marked[1 + CRYPTO_PUBLIC_SIZE] = {ED25519};
    memcpy(marked + 1, key, CRYPTO_PUBLIC_SIZE);
    g_autofree char *encoded = g_base64_encode(marked, sizeof marked);
    char *text = g_strdup_printf("%s%s+%08x+%s", prefix, verifier->name, verifier->id, encoded);
    crypto_wipe(marked, sizeof marked);
    crypto_wipe(encoded, strlen(encoded));
    return text;
}

char *proof_verifier_text(const ProofVerifier *verifier)
{
    return format_key("", verifier, verifier->public_key);
}

ProofSigner *proof_signer_new(const char *name, const uint8_t secret[CRYPTO_SECRET_SIZE],
                              GError **error)
{
    uint8_t public_key[CRYPTO_PUBLIC_SIZE];
    crypto_public_from_secret(secret, public_key);
    ProofVerifier *verifier = proof_verifier_new(name, public_key, error);
    if (verifier == NULL) {
        return NULL;
    }
    ProofSigner *signer = g_new0(ProofSigner, 1);
    signer->verifier = verifier;
    memcpy(signer->secret, secret, CRYPTO_SECRET_SIZE);
    return signer;
}

ProofSigner *proof_signer_parse(const char *text, GError **error)
{
    KeyText key;
    WireLine line = without_newline(text);
    if (!proof_wire_take(&line, PRIVATE_PREFIX) || !parse_key_text(line, &key)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "not a signing key: one line PRIVATE+KEY+NAME+ID+KEY with an Ed25519 key is "
                  "expected");
        return NULL;
    }
    g_autoptr(ProofSigner) signer = proof_signer_new(key.name, key.key, error);
    crypto_wipe(key.key, sizeof key.key);
    if (signer != NULL && signer->verifier->id != key.id) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the signing key of '%s' was changed: its id is not that of its name and key",
                  key.name);
        return NULL;
    }
    return g_steal_pointer(&signer);
}

char *proof_signer_text(const ProofSigner *signer)
{
    return format_key(PRIVATE_PREFIX, signer->verifier, signer->secret);
}

const ProofVerifier *proof_signer_verifier(const ProofSigner *signer)
{
    return signer->verifier;
}

void proof_signer_sign(const ProofSigner *signer, const void *bytes, size_t length,
                       uint8_t ret_signature[CRYPTO_SIGNATURE_SIZE])
{
    crypto_sign(signer->secret, bytes, length, ret_signature);
}

void proof_signer_free(ProofSigner *signer)
{
    if (signer != NULL) {
        proof_verifier_free(signer->verifier);
        crypto_wipe(signer->secret, sizeof signer->secret);
        g_free(signer);
    }
}
