#include "base/json.h"

#include "base/text.h"

static void init(JsonWriter *writer, bool is_sorted)
{
    memset(writer, 0, sizeof *writer);
    writer->out = g_string_sized_new(256);
    writer->is_sorted = is_sorted;
}

void json_writer_init(JsonWriter *writer)
{
    init(writer, true);
}

void json_writer_init_unsorted(JsonWriter *writer)
{
    init(writer, false);
}

void json_writer_clear(JsonWriter *writer)
{
    if (writer->out != NULL) {
        g_string_free(writer->out, true);
        writer->out = NULL;
    }
}

char *json_writer_finish(JsonWriter *writer)
{
    g_assert(writer->depth == 0 && !writer->after_key);
    return g_string_free(g_steal_pointer(&writer->out), false);
}

void json_writer_restart(JsonWriter *writer)
{
    g_assert(writer->depth == 0 && !writer->after_key);
    g_string_truncate(writer->out, 0);
    writer->has_item[0] = false;
}

const GString *json_writer_text(const JsonWriter *writer)
{
    g_assert(writer->depth == 0 && !writer->after_key);
    return writer->out;
}

/* Write the comma that the value about to come needs. */
static void before_value(JsonWriter *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->has_item[writer->depth]) {
        g_string_append_c(writer->out, ',');
    }
    writer->has_item[writer->depth] = true;
}

static void begin(JsonWriter *writer, char bracket)
{
    before_value(writer);
    g_string_append_c(writer->out, bracket);
    g_assert(writer->depth < JSON_MAX_DEPTH);
    writer->depth++;
    writer->has_item[writer->depth] = false;
    writer->last_key[writer->depth] = NULL;
}

static void end(JsonWriter *writer, char bracket)
{
    g_assert(writer->depth > 0 && !writer->after_key);
    writer->depth--;
    g_string_append_c(writer->out, bracket);
}

void json_write_begin_object(JsonWriter *writer)
{
    begin(writer, '{');
}

void json_write_end_object(JsonWriter *writer)
{
    end(writer, '}');
}

void json_write_begin_array(JsonWriter *writer)
{
    begin(writer, '[');
}

void json_write_end_array(JsonWriter *writer)
{
    end(writer, ']');
}

void json_write_key(JsonWriter *writer, const char *key)
{
    const char *last = writer->last_key[writer->depth];
    g_assert(!writer->is_sorted || last == NULL || strcmp(last, key) < 0);
    writer->last_key[writer->depth] = key;
    before_value(writer);
    json_append_quoted(writer->out, key);
    g_string_append_c(writer->out, ':');
    writer->after_key = true;
}

void json_write_text(JsonWriter *writer, const char *text)
{
    if (text == NULL) {
        json_write_null(writer);
        return;
    }
    before_value(writer);
    json_append_quoted(writer->out, text);
}

void json_write_int(JsonWriter *writer, int64_t value)
{
    bool is_exact = value <= JSON_MAX_INT && value >= -JSON_MAX_INT;
    before_value(writer);
    g_string_append(writer->out, is_exact ? "" : "\"");
    text_append_int(writer->out, value);
    g_string_append(writer->out, is_exact ? "" : "\"");
}

void json_write_bool(JsonWriter *writer, bool value)
{
    before_value(writer);
    g_string_append(writer->out, value ? "true" : "false");
}

void json_write_null(JsonWriter *writer)
{
    before_value(writer);
    g_string_append(writer->out, "null");
}

void json_write_raw(JsonWriter *writer, const char *json)
{
    before_value(writer);
    g_string_append(writer->out, json);
}

void json_write_hex(JsonWriter *writer, const uint8_t *bytes, size_t length)
{
    before_value(writer);
    g_string_append_c(writer->out, '"');
    text_append_hex(writer->out, bytes, length);
    g_string_append_c(writer->out, '"');
}

void json_write_key_text(JsonWriter *writer, const char *key, const char *text)
{
    json_write_key(writer, key);
    json_write_text(writer, text);
}

void json_write_key_int(JsonWriter *writer, const char *key, int64_t value)
{
    json_write_key(writer, key);
    json_write_int(writer, value);
}

void json_write_key_bool(JsonWriter *writer, const char *key, bool value)
{
    json_write_key(writer, key);
    json_write_bool(writer, value);
}

/* RFC 8785 §3.2.2.2: the seven short escapes, \u00xx for the other controls, nothing else. */
static void append_escape(GString *out, unsigned char c)
{
    static const char from[] = "\b\t\n\f\r\"\\";
    static const char to[] = "btnfr\"\\";
    const char *found = c != '\0' ? strchr(from, c) : NULL;
    if (found != NULL) {
        g_string_append_c(out, '\\');
        g_string_append_c(out, to[found - from]);
    } else {
        g_string_append_printf(out, "\\u%04x", c);
    }
}

void json_append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    const char *plain = text;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        g_string_append_len(out, plain, text - plain);
        append_escape(out, c);
        plain = text + 1;
    }
    g_string_append_len(out, plain, text - plain);
    g_string_append_c(out, '"');
}

/* Return what is wrong, in words of ours: jansson's are English only. */
static const char *words_of(const json_error_t *fault)
{
    switch ((int)json_error_code(fault)) {
    case json_error_invalid_utf8:
        return N_("this is not UTF-8");
    case json_error_premature_end_of_input:
        return N_("the JSON breaks off here");
    case json_error_end_of_input_expected:
        return N_("the JSON is complete before this");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return N_("a text holds the character U+0000");
    case json_error_duplicate_key:
        return N_("a key stands twice in one object");
    case json_error_numeric_overflow:
        return N_("the number is too large");
    case json_error_stack_overflow:
        return N_("arrays and objects lie too deep in one another");
    default:
        return N_("this is not JSON");
    }
}

json_t *json_parse(const char *text, size_t length, GError **error)
{
    json_error_t fault;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (json == NULL) {
        g_autofree char *words = error_words((const char *const[]){words_of(&fault), NULL});
        error_set(error, SHUZHI_ERROR_INVALID, "line %d, column %d: %s", MAX(fault.line, 1),
                  MAX(fault.column, 1), words);
    }
    return json;
}
