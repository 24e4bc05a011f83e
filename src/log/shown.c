#include "log/shown.h"

#include "base/text.h"
#include "log/checkpoint.h"
#include "proof/commitment.h"
#include "proof/wire.h"

/* ---- writing --------------------------------------------------------------------------------- */

/* Read the key of event @seq; *@ret_has is false where it is erased or was never there. */
static bool read_key(StoreConnection *connection, int64_t seq, uint8_t ret_key[CRYPTO_HASH_SIZE],
                     bool *ret_has, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT key FROM secret WHERE seq = $1", "i", seq);
    *ret_has = false;
    if (query == NULL || !store_step(query, ret_has, error)) {
        return false;
    }
    size_t length = 0;
    const uint8_t *key = *ret_has ? store_column_bytes(query, 0, &length) : NULL;
    *ret_has = key != NULL && length == CRYPTO_HASH_SIZE;
    if (*ret_has) {
        memcpy(ret_key, key, length);
    }
    return true;
}

static void write_field(JsonWriter *json, const ProofEventKey *key, const char *name,
                        const char *value)
{
    ProofHash field_key;
    proof_field_key(key, name, &field_key);
    json_write_key(json, name);
    json_write_begin_object(json);
    json_write_key_text(json, "value", value);
    json_write_key(json, "key");
    json_write_hex(json, field_key.bytes, sizeof field_key.bytes);
    json_write_end_object(json);
}

static bool write_fields(StoreConnection *connection, const LogEvent *event, LogMayShow may_show,
                         void *data, JsonWriter *json, GError **error)
{
    uint8_t bytes[CRYPTO_HASH_SIZE] = {0};
    bool has_key = false;
    if (!read_key(connection, event->seq, bytes, &has_key, error)) {
        return false;
    }
    g_autoptr(json_t) values = has_key && event->values != NULL
                                   ? json_parse(event->values, strlen(event->values), error)
                                   : json_object();
    if (values == NULL) {
        return false;
    }
    g_auto(ProofEventKey) key;
    proof_event_key_init(&key, bytes);
    crypto_wipe(bytes, sizeof bytes);
    json_write_key(json, "fields");
    json_write_begin_object(json);
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(values, name, value)
    {
        if (json_is_string(value) && may_show(name, data)) {
            write_field(json, &key, name, json_string_value(value));
        }
    }
    json_write_end_object(json);
    return true;
}

bool log_shown_write(StoreConnection *connection, const LogEvent *event, LogMayShow may_show,
                     void *data, JsonWriter *json, GError **error)
{
    g_autofree char *proof = log_prove_event(connection, event->seq, error);
    if (proof == NULL) {
        return false;
    }
    json_write_begin_object(json);
    json_write_key_int(json, "seq", event->seq);
    json_write_key_text(json, "event", event->line);
    json_write_key_text(json, "proof", proof);
    if (may_show != NULL && !write_fields(connection, event, may_show, data, json, error)) {
        return false;
    }
    json_write_end_object(json);
    return true;
}

/* ---- checking -------------------------------------------------------------------------------- */

static void free_field(gpointer data)
{
    LogShownField *field = data;
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

void log_shown_free(LogShown *shown)
{
    if (shown == NULL) {
        return;
    }
    g_free(shown->actor);
    g_free(shown->kind);
    g_free(shown->number);
    g_free(shown->line);
    json_decref(shown->data);
    g_ptr_array_unref(shown->fields);
    g_ptr_array_unref(shown->others);
    g_ptr_array_unref(shown->closed);
    proof_checkpoint_free(shown->checkpoint);
    g_free(shown);
}

/* Return the text under @name, NULL with INVALID where there is none. */
static const char *text_under(const json_t *object, const char *name, GError **error)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "a shown event has no text under '%s'", name);
    }
    return text;
}

/* Read the number under @name, 0 or more and one that JSON carries. */
static bool number_under(const json_t *object, const char *name, int64_t *ret_number,
                         GError **error)
{
    const json_t *number = json_object_get(object, name);
    *ret_number = json_integer_value(number);
    if (json_is_integer(number) && *ret_number >= 0 && *ret_number <= JSON_MAX_INT) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "a shown event has no number of a log under '%s'", name);
    return false;
}

/* Read which of the events of its object the line with @data is; 0 where it does not say. */
static bool read_version(const json_t *data, int64_t *ret_version, GError **error)
{
    *ret_version = 0;
    return !json_is_integer(json_object_get(data, "version")) ||
           number_under(data, "version", ret_version, error);
}

/* Read what @line says into @shown.  Whose leaf it is decides the proof, not this. */
static bool read_line(json_t *line, LogShown *shown, GError **error)
{
    const char *actor = text_under(line, "actor", error);
    const char *kind = actor != NULL ? text_under(line, "kind", error) : NULL;
    const json_t *data = json_object_get(line, "data");
    if (kind == NULL || !number_under(line, "seq", &shown->seq, error) ||
        !number_under(line, "at", &shown->at_us, error) ||
        !number_under(line, "object", &shown->object, error) ||
        !read_version(data, &shown->version, error)) {
        return false;
    }
    shown->actor = g_strdup(actor);
    shown->kind = g_strdup(kind);
    shown->data = json_incref(json_object_get(line, "data"));
    if (g_str_equal(kind, "entry.add") && shown->object == shown->seq) {
        shown->number = g_strdup(json_string_value(json_object_get(shown->data, "number")));
    }
    return true;
}

/* Return whether @value under the field key @hex is what @line commits to under @name. */
static bool is_committed(const json_t *line, const char *name, const char *value, const char *hex)
{
    const char *said = json_string_value(json_object_get(json_object_get(line, "fields"), name));
    WireLine base64 = {.text = said, .length = said != NULL ? strlen(said) : 0};
    ProofHash key;
    ProofHash commitment;
    return said != NULL && text_from_hex(hex, key.bytes, sizeof key.bytes) &&
           proof_wire_decode_exactly(base64, commitment.bytes, sizeof commitment.bytes) &&
           proof_field_check(&key, value, strlen(value), &commitment) == PROOF_SOUND;
}

/* Note which fields @line commits to that @fields (NULL: none) does not open. */
static void note_closed(json_t *line, const json_t *fields, LogShown *shown)
{
    const char *name = NULL;
    json_t *commitment = NULL;
    json_object_foreach(json_object_get(line, "fields"), name, commitment)
    {
        if (json_object_get(fields, name) == NULL) {
            g_ptr_array_add(shown->closed, g_strdup(name));
        }
    }
}

/* Read the opened fields of @json into @shown, and note those that are others than committed to. */
static bool read_fields(const json_t *json, json_t *line, LogShown *shown, GError **error)
{
    json_t *fields = json_object_get(json, "fields");
    note_closed(line, fields, shown);
    const char *name = NULL;
    json_t *field = NULL;
    if (fields != NULL && !json_is_object(fields)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'fields' of event %lld is no object",
                  (long long)shown->seq);
        return false;
    }
    json_object_foreach(fields, name, field)
    {
        const char *value = text_under(field, "value", error);
        const char *key = value != NULL ? text_under(field, "key", error) : NULL;
        if (key == NULL) {
            return false;
        }
        LogShownField *opened = g_new(LogShownField, 1);
        *opened = (LogShownField){.name = g_strdup(name), .value = g_strdup(value)};
        g_ptr_array_add(shown->fields, opened);
        if (!is_committed(line, name, value, key)) {
            g_ptr_array_add(shown->others, g_strdup(name));
        }
    }
    return true;
}

static ProofVerdict judge(const LogShown *shown, const ProofBundle *bundle,
                          const ProofVerifier *verifier)
{
    ProofHash leaf;
    proof_leaf_hash(shown->line, strlen(shown->line), &leaf);
    ProofVerdict verdict = proof_bundle_check(bundle, &leaf, verifier->name, verifier);
    if (verdict != PROOF_SOUND) {
        return verdict;
    }
    if (bundle->index + 1 != shown->seq) {
        return PROOF_OUT_OF_RANGE;
    }
    return shown->others->len > 0 ? PROOF_OTHER_VALUE : PROOF_SOUND;
}

LogShown *log_shown_check(const json_t *json, const ProofVerifier *verifier, GError **error)
{
    const char *event = text_under(json, "event", error);
    const char *proof = event != NULL ? text_under(json, "proof", error) : NULL;
    g_autoptr(ProofBundle) bundle =
        proof != NULL ? proof_bundle_parse(proof, strlen(proof), error) : NULL;
    g_autoptr(json_t) line = bundle != NULL ? json_parse(event, strlen(event), error) : NULL;
    if (line == NULL) {
        return NULL;
    }
    if (bundle->checkpoint->size > JSON_MAX_INT) {
        error_set(error, SHUZHI_ERROR_INVALID, "no log has as many events as its checkpoint says");
        return NULL;
    }
    g_autoptr(LogShown) shown = g_new0(LogShown, 1);
    shown->line = g_strdup(event);
    shown->fields = g_ptr_array_new_with_free_func(free_field);
    shown->others = g_ptr_array_new_with_free_func(g_free);
    shown->closed = g_ptr_array_new_with_free_func(g_free);
    if (!read_line(line, shown, error) || !read_fields(json, line, shown, error)) {
        return NULL;
    }
    const json_t *seq = json_object_get(json, "seq");
    if (!json_is_integer(seq) || json_integer_value(seq) != shown->seq) {
        g_ptr_array_add(shown->others, g_strdup("seq"));
    }
    shown->verdict = judge(shown, bundle, verifier);
    shown->checkpoint = g_steal_pointer(&bundle->checkpoint);
    return g_steal_pointer(&shown);
}

/* ---- the same event twice -------------------------------------------------------------------- */

static bool is_opened(const LogShown *shown, const char *name)
{
    for (guint i = 0; i < shown->fields->len; i++) {
        if (g_str_equal(((const LogShownField *)g_ptr_array_index(shown->fields, i))->name, name)) {
            return true;
        }
    }
    return false;
}

void log_shown_merge(LogShown *shown, LogShown *same)
{
    g_assert(shown->verdict == PROOF_SOUND && same->verdict == PROOF_SOUND);
    for (guint i = 0; i < same->fields->len; i++) {
        const LogShownField *field = g_ptr_array_index(same->fields, i);
        if (!is_opened(shown, field->name)) {
            LogShownField *opened = g_new(LogShownField, 1);
            *opened = (LogShownField){g_strdup(field->name), g_strdup(field->value)};
            g_ptr_array_add(shown->fields, opened);
        }
    }
    for (guint i = shown->closed->len; i > 0; i--) {
        if (is_opened(shown, g_ptr_array_index(shown->closed, i - 1))) {
            g_ptr_array_remove_index(shown->closed, i - 1);
        }
    }
    if (same->checkpoint->size > shown->checkpoint->size) {
        ProofCheckpoint *later = same->checkpoint;
        same->checkpoint = shown->checkpoint;
        shown->checkpoint = later;
    }
}
