#include "log/fields.h"

#include "base/json.h"

struct LogFields {
    uint8_t key[CRYPTO_HASH_SIZE];
    ProofEventKey ready;
    GString *commitments;
    GString *values;
    const char *last_name; /* borrowed; the order is asserted */
};

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Append the 44 characters of standard base64 for one hash; g_base64_encode would allocate for
 * each. */
static void append_base64(GString *out, const uint8_t hash[CRYPTO_HASH_SIZE])
{
    char text[44];
    char *at = text;
    for (size_t i = 0; i < 30; i += 3) {
        uint32_t group = (uint32_t)hash[i] << 16 | (uint32_t)hash[i + 1] << 8 | hash[i + 2];
        *at++ = base64_digits[group >> 18];
        *at++ = base64_digits[group >> 12 & 63];
        *at++ = base64_digits[group >> 6 & 63];
        *at++ = base64_digits[group & 63];
    }
    uint32_t last = (uint32_t)hash[30] << 16 | (uint32_t)hash[31] << 8;
    *at++ = base64_digits[last >> 18];
    *at++ = base64_digits[last >> 12 & 63];
    *at++ = base64_digits[last >> 6 & 63];
    *at++ = '=';
    g_string_append_len(out, text, sizeof text);
}

void log_fields_append_commitment(GString *out, const ProofEventKey *key, const char *name,
                                  const char *canonical)
{
    ProofHash commitment;
    proof_commit(key, name, canonical, strlen(canonical), &commitment);
    json_append_quoted(out, name);
    g_string_append(out, ":\"");
    append_base64(out, commitment.bytes);
    g_string_append_c(out, '"');
}

LogFields *log_fields_new(Source *source)
{
    LogFields *fields = g_new0(LogFields, 1);
    source_random(source, fields->key, sizeof fields->key);
    proof_event_key_init(&fields->ready, fields->key);
    fields->commitments = g_string_sized_new(512);
    fields->values = g_string_sized_new(512);
    return fields;
}

void log_fields_free(LogFields *fields)
{
    if (fields == NULL) {
        return;
    }
    crypto_wipe(fields->key, sizeof fields->key);
    proof_event_key_clear(&fields->ready);
    g_string_free(fields->commitments, true);
    g_string_free(fields->values, true);
    g_free(fields);
}

void log_fields_add(LogFields *fields, const char *name, const char *canonical)
{
    g_assert(fields->last_name == NULL || strcmp(fields->last_name, name) < 0);
    if (fields->last_name != NULL) {
        g_string_append_c(fields->commitments, ',');
        g_string_append_c(fields->values, ',');
    }
    fields->last_name = name;
    log_fields_append_commitment(fields->commitments, &fields->ready, name, canonical);
    json_append_quoted(fields->values, name);
    g_string_append_c(fields->values, ':');
    json_append_quoted(fields->values, canonical);
}

bool log_fields_is_empty(const LogFields *fields)
{
    return fields->last_name == NULL;
}

const uint8_t *log_fields_key(const LogFields *fields)
{
    return fields->key;
}

const char *log_fields_commitments(const LogFields *fields)
{
    return fields->commitments->str;
}

const char *log_fields_values(const LogFields *fields)
{
    return fields->values->str;
}
