#include "web/once.h"

#include <stdlib.h>

#include "base/text.h"
#include "log/once.h"
#include "web/form.h"
#include "web/openapi.h"

#define FIELD "once"
#define FIELD_BYTES 16

/* Do under @once what is written from now on. */
static bool take(WebContext *context, const char *key, const char *digest, bool *ret_is_done,
                 int64_t *ret_seq, GError **error)
{
    LogOnce *once = web_new(context, LogOnce);
    once->key = key;
    once->digest = digest;
    context->act.once = once;
    return log_once_find(context->reader, context->act.actor, once, web_now_us(context),
                         ret_is_done, ret_seq, error);
}

/* Return the hash of the address and of @body, hex, kept.  Passwords are left out: the hash lies in
 * the store, and is a fast one. */
static const char *digest_of_body(const WebContext *context, const json_t *body)
{
    static const char *const secrets[] = {"own", "code", "password"};
    uint8_t hash[CRYPTO_HASH_SIZE];
    const char *path = http_request_path(context->request);
    g_autoptr(json_t) shown = json_copy((json_t *)body);
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++) {
        json_object_del(shown, secrets[i]);
    }
    char *text = json_dumps(shown, JSON_COMPACT | JSON_SORT_KEYS);
    CryptoHash state;
    crypto_hash_init(&state);
    crypto_hash_update(&state, path, strlen(path) + 1);
    crypto_hash_update(&state, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
    crypto_hash_finish(&state, hash);
    free(text);
    return web_keep(context, text_to_hex(hash, sizeof hash));
}

bool web_once_by_header(WebContext *context, const json_t *body, bool *ret_is_done,
                        int64_t *ret_seq, GError **error)
{
    const char *key = http_request_header(context->request, "Idempotency-Key");
    *ret_is_done = false;
    if (key == NULL || context->operation == NULL || !context->operation->takes_key) {
        return true;
    }
    if (*key == '\0' || g_utf8_strlen(key, -1) > LOG_ONCE_MAX_KEY_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "an Idempotency-Key has 1 to %d characters",
                  LOG_ONCE_MAX_KEY_CHARS);
        return false;
    }
    return take(context, key, digest_of_body(context, body), ret_is_done, ret_seq, error);
}

/* Return the hash of the address and of all that was typed, hex, kept. */
static const char *digest_of_fields(const WebContext *context)
{
    static const char *const passing[] = {"form_token", "draft", NULL}; /* of who sends, not what */
    uint8_t hash[CRYPTO_HASH_SIZE];
    const GPtrArray *names = http_request_form_names(context->request);
    CryptoHash state;
    crypto_hash_init(&state);
    crypto_hash_update(&state, context->path, strlen(context->path) + 1);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const GPtrArray *values = http_request_form_all(context->request, name);
        for (guint j = 0; !g_strv_contains(passing, name) && j < values->len; j++) {
            const char *value = g_ptr_array_index(values, j);
            crypto_hash_update(&state, name, strlen(name) + 1);
            crypto_hash_update(&state, value, strlen(value) + 1);
        }
    }
    crypto_hash_finish(&state, hash);
    return web_keep(context, text_to_hex(hash, sizeof hash));
}

bool web_once_by_form(WebContext *context, bool *ret_is_done, int64_t *ret_seq, GError **error)
{
    const char *field = http_request_form(context->request, FIELD);
    *ret_is_done = false;
    if (field == NULL || *field == '\0') {
        return true;
    }
    const char *digest = digest_of_fields(context);
    return take(context, digest, digest, ret_is_done, ret_seq, error);
}

const char *web_once_field(const WebContext *context)
{
    const char *typed = web_typed(context, FIELD);
    uint8_t bytes[FIELD_BYTES];
    if (*typed != '\0') {
        return typed;
    }
    source_random(office_source(context->office), bytes, sizeof bytes);
    return web_keep(context, text_to_hex(bytes, sizeof bytes));
}

bool web_once_meanwhile(WebContext *context, int64_t *ret_seq, GError **error)
{
    bool is_done = false;
    if (context->act.once == NULL ||
        !log_once_find(context->reader, context->act.actor, context->act.once, web_now_us(context),
                       &is_done, ret_seq, NULL) ||
        !is_done) {
        return false;
    }
    g_clear_error(error);
    return true;
}
