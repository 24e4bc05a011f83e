#include "proof/wire.h"

#include "base/text.h"

bool proof_wire_next(WireText *text, WireLine *ret_line)
{
    size_t left = (size_t)(text->end - text->at);
    const char *newline = left > 0 ? memchr(text->at, '\n', left) : NULL;
    if (newline == NULL) {
        return false;
    }
    ret_line->text = text->at;
    ret_line->length = (size_t)(newline - text->at);
    text->at = newline + 1;
    text->n_lines++;
    return true;
}

bool proof_wire_take(WireLine *line, const char *prefix)
{
    size_t length = strlen(prefix);
    if (line->length < length || memcmp(line->text, prefix, length) != 0) {
        return false;
    }
    line->text += length;
    line->length -= length;
    return true;
}

bool proof_wire_is_clean(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((uint8_t)text[i] < 0x20 && text[i] != '\n') {
            return false;
        }
    }
    return text_is_valid(text, length, NULL);
}

bool proof_wire_count(WireLine line, int64_t *ret_count)
{
    if (line.length == 0 || !g_ascii_isdigit(line.text[0]) ||
        (line.text[0] == '0' && line.length > 1)) {
        return false;
    }
    g_autofree char *digits = g_strndup(line.text, line.length);
    return strlen(digits) == line.length && text_parse_int(digits, ret_count);
}

/* GLib's decoder passes over what it does not know; what does not encode to the same is refused. */
uint8_t *proof_wire_decode(WireLine line, size_t *ret_length)
{
    if (line.length == 0) {
        return NULL;
    }
    g_autofree char *text = g_strndup(line.text, line.length);
    gsize length = 0;
    g_autofree uint8_t *bytes = g_base64_decode(text, &length);
    g_autofree char *again = g_base64_encode(bytes, length);
    if (length == 0 || strlen(again) != line.length || memcmp(again, line.text, line.length) != 0) {
        return NULL;
    }
    *ret_length = length;
    return g_steal_pointer(&bytes);
}

bool proof_wire_decode_exactly(WireLine line, uint8_t *ret_bytes, size_t length)
{
    size_t n_decoded;
    g_autofree uint8_t *bytes = proof_wire_decode(line, &n_decoded);
    if (bytes == NULL || n_decoded != length) {
        return false;
    }
    memcpy(ret_bytes, bytes, length);
    return true;
}

void proof_wire_append(GString *out, const void *bytes, size_t length)
{
    g_autofree char *text = g_base64_encode(bytes, length);
    g_string_append(out, text);
}
