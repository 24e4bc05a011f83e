#include "proof/note.h"

#include "proof/wire.h"

enum { ID_SIZE = 4 };
#define SIGNATURE_PREFIX "— "

static void signature_free(void *data)
{
    ProofSignature *signature = data;
    g_free(signature->name);
    g_free(signature->bytes);
    g_free(signature);
}

static ProofNote *note_new(const char *text, size_t length)
{
    ProofNote *note = g_new0(ProofNote, 1);
    note->text = g_strndup(text, length);
    note->signatures = g_ptr_array_new_with_free_func(signature_free);
    return note;
}

ProofNote *proof_note_new(const char *text, GError **error)
{
    size_t length = strlen(text);
    if (length == 0 || text[length - 1] != '\n' || !proof_wire_is_clean(text, length)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "only UTF-8 text without control characters, ending in a newline, can be signed");
        return NULL;
    }
    return note_new(text, length);
}

void proof_note_free(ProofNote *note)
{
    if (note != NULL) {
        g_free(note->text);
        g_ptr_array_unref(note->signatures);
        g_free(note);
    }
}

/* Read "— NAME BASE64"; NULL where it is something else. */
static ProofSignature *parse_signature(WireLine line)
{
    if (!proof_wire_take(&line, SIGNATURE_PREFIX)) {
        return NULL;
    }
    const char *space = memchr(line.text, ' ', line.length);
    if (space == NULL || !proof_name_is_valid(line.text, (size_t)(space - line.text))) {
        return NULL;
    }
    WireLine encoded = {space + 1, line.length - (size_t)(space + 1 - line.text)};
    size_t length;
    g_autofree uint8_t *bytes = proof_wire_decode(encoded, &length);
    if (bytes == NULL || length <= ID_SIZE) {
        return NULL;
    }
    ProofSignature *signature = g_new0(ProofSignature, 1);
    signature->name = g_strndup(line.text, (size_t)(space - line.text));
    signature->id =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    signature->length = length - ID_SIZE;
    signature->bytes = g_memdup2(bytes + ID_SIZE, signature->length);
    return signature;
}

static bool parse_signatures(WireText *lines, ProofNote *note, GError **error)
{
    WireLine line;
    while (proof_wire_next(lines, &line)) {
        ProofSignature *signature = parse_signature(line);
        if (signature == NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "line %d: a signature '— NAME BASE64' is expected", lines->n_lines);
            return false;
        }
        g_ptr_array_add(note->signatures, signature);
        if (note->signatures->len > PROOF_SIGNATURES_MAX) {
            error_set(error, SHUZHI_ERROR_LIMIT, "more than the limit of %d signatures",
                      PROOF_SIGNATURES_MAX);
            return false;
        }
    }
    if (lines->at != lines->end || note->signatures->len == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "line %d: a signature '— NAME BASE64', ended by a newline, is missing",
                  lines->n_lines + 1);
        return false;
    }
    return true;
}

static int count_newlines(const char *text)
{
    int count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++) {
        count++;
    }
    return count;
}

ProofNote *proof_note_parse(const char *bytes, size_t length, GError **error)
{
    if (length > PROOF_NOTE_MAX) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a signed text is larger than the limit of %d bytes",
                  PROOF_NOTE_MAX);
        return NULL;
    }
    if (!proof_wire_is_clean(bytes, length)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "not a signed text: it is not UTF-8 without control characters");
        return NULL;
    }
    const char *gap = g_strrstr_len(bytes, (gssize)length, "\n\n");
    if (gap == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "not a signed text: there is no empty line before the signatures");
        return NULL;
    }
    g_autoptr(ProofNote) note = note_new(bytes, (size_t)(gap + 1 - bytes));
    WireText lines = {gap + 2, bytes + length, count_newlines(note->text) + 1};
    if (!parse_signatures(&lines, note, error)) {
        return NULL;
    }
    return g_steal_pointer(&note);
}

static bool is_by(const ProofSignature *signature, const ProofVerifier *verifier)
{
    return signature->id == verifier->id && g_str_equal(signature->name, verifier->name);
}

void proof_note_sign(ProofNote *note, const ProofSigner *signer)
{
    const ProofVerifier *verifier = proof_signer_verifier(signer);
    for (guint i = 0; i < note->signatures->len; i++) {
        if (is_by(g_ptr_array_index(note->signatures, i), verifier)) {
            return;
        }
    }
    ProofSignature *signature = g_new0(ProofSignature, 1);
    signature->name = g_strdup(verifier->name);
    signature->id = verifier->id;
    signature->length = CRYPTO_SIGNATURE_SIZE;
    signature->bytes = g_malloc(CRYPTO_SIGNATURE_SIZE);
    proof_signer_sign(signer, note->text, strlen(note->text), signature->bytes);
    g_ptr_array_add(note->signatures, signature);
}

static void append_signature(GString *out, const ProofSignature *signature)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const uint8_t id[ID_SIZE] = {signature->id >> 24, signature->id >> 16 & 0xff,
                                 signature->id >> 8 & 0xff, signature->id & 0xff};
    g_byte_array_append(bytes, id, sizeof id);
    g_byte_array_append(bytes, signature->bytes, (guint)signature->length);
    g_string_append_printf(out, SIGNATURE_PREFIX "%s ", signature->name);
    proof_wire_append(out, bytes->data, bytes->len);
    g_string_append_c(out, '\n');
}

char *proof_note_text(const ProofNote *note)
{
    GString *out = g_string_new(note->text);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < note->signatures->len; i++) {
        append_signature(out, g_ptr_array_index(note->signatures, i));
    }
    return g_string_free(out, FALSE);
}

ProofVerdict proof_note_check(const ProofNote *note, const ProofVerifier *verifier)
{
    ProofVerdict verdict = PROOF_UNSIGNED;
    for (guint i = 0; i < note->signatures->len; i++) {
        const ProofSignature *signature = g_ptr_array_index(note->signatures, i);
        if (!is_by(signature, verifier)) {
            continue;
        }
        if (signature->length != CRYPTO_SIGNATURE_SIZE ||
            !crypto_verify(verifier->public_key, note->text, strlen(note->text),
                           signature->bytes)) {
            return PROOF_FORGED;
        }
        verdict = PROOF_SOUND;
    }
    return verdict;
}
