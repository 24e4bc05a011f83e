/* JSON: a canonical writer of our own, and jansson to read.
 *
 * The writer makes RFC 8785 (JCS) text: no white space, keys in ascending order, shortest escapes,
 * UTF-8 as it is, integers only (|n| <= 2^53-1, as RFC 8785 numbers are doubles; larger ones and
 * money go as strings).  The caller gives the keys in order: the writer asserts it, because a wrong
 * order is our bug, never the input's.  Keys are ASCII, so byte order is RFC 8785's UTF-16 order.
 *
 * Threading: a writer belongs to one thread at a time. */
#pragma once

#include <jansson.h>

#include "base/error.h"

#define JSON_MAX_DEPTH 16
#define JSON_MAX_INT INT64_C(9007199254740991)

/* Lives on the stack; json_writer_init() … json_writer_finish() or json_writer_clear(). */
typedef struct JsonWriter {
    GString *out;   /* owned */
    bool is_sorted; /* assert the order of keys */
    int depth;
    bool has_item[JSON_MAX_DEPTH + 1];        /* something stands at this depth already */
    const char *last_key[JSON_MAX_DEPTH + 1]; /* borrowed from the caller until the next key */
    bool after_key;
} JsonWriter;

/* Start a canonical text. */
void json_writer_init(JsonWriter *writer);

/* Start a text for people and programs whose keys come in the caller's order (command output). */
void json_writer_init_unsorted(JsonWriter *writer);

void json_writer_clear(JsonWriter *writer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JsonWriter, json_writer_clear)

/* Return the finished text and leave @writer cleared; the caller owns it. */
char *json_writer_finish(JsonWriter *writer);

/* Begin a new text in the memory of the one before, which is whole or not begun. */
void json_writer_restart(JsonWriter *writer);

/* Return the text, which is whole; borrowed until @writer is used again. */
const GString *json_writer_text(const JsonWriter *writer);

/* Open and close an object or array, as a value; at most JSON_MAX_DEPTH deep, each closed. */
void json_write_begin_object(JsonWriter *writer);
void json_write_end_object(JsonWriter *writer);
void json_write_begin_array(JsonWriter *writer);
void json_write_end_array(JsonWriter *writer);

/* Write the key @key; it must stay valid until the next key of the same object is written. */
void json_write_key(JsonWriter *writer, const char *key);

/* Write a value: @text NULL writes null; @value beyond
 * ±JSON_MAX_INT, which only a damaged office holds, becomes a text (RFC 7493 §2.2). */
void json_write_text(JsonWriter *writer, const char *text);
void json_write_int(JsonWriter *writer, int64_t value);
void json_write_bool(JsonWriter *writer, bool value);
void json_write_null(JsonWriter *writer);

/* Insert @json, a complete JSON value, as it is. */
void json_write_raw(JsonWriter *writer, const char *json);

/* Write @length bytes as a string of lower-case hex. */
void json_write_hex(JsonWriter *writer, const uint8_t *bytes, size_t length);

/* json_write_key and the value in one. */
void json_write_key_text(JsonWriter *writer, const char *key, const char *text);
void json_write_key_int(JsonWriter *writer, const char *key, int64_t value);
void json_write_key_bool(JsonWriter *writer, const char *key, bool value);

/* Append @text to @out as a JSON string with its quotes. */
void json_append_quoted(GString *out, const char *text);

/* Parse the @length bytes at @text, one JSON value and nothing after it; duplicate keys are
 * refused. Returns a new reference.  INVALID with line and column in the message. */
json_t *json_parse(const char *text, size_t length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
