/* What the text formats of this folder share: lines, counts and Base64, each in exactly one
 * spelling.
 *
 * The formats are signed or compared byte by byte, so nothing may have two spellings: no leading
 * zeros, no carriage returns, Base64 (RFC 4648 §4) with its padding and without stray bits.
 *
 * Private to proof/.  Pure; safe from every thread. */
#pragma once

#include "base/error.h"

/* One line without its newline; borrowed from the text. */
typedef struct WireLine {
    const char *text; /* not terminated */
    size_t length;
} WireLine;

/* A text being read line by line; lives on the stack. */
typedef struct WireText {
    const char *at, *end;
    int n_lines; /* read so far: the number of the line read last, from 1 */
} WireText;

/* Take the next line; false at the end, and where what is left has no newline. */
bool proof_wire_next(WireText *text, WireLine *ret_line);

/* Take @prefix from the beginning of @line; false where it does not begin so. */
bool proof_wire_take(WireLine *line, const char *prefix);

/* Return whether the @length bytes are UTF-8 without control characters (below U+0020) other than
 * the newline. */
bool proof_wire_is_clean(const char *text, size_t length);

/* Read all of @line as a decimal from 0 to INT64_MAX without leading zeros. */
bool proof_wire_count(WireLine line, int64_t *ret_count);

/* Decode all of @line; NULL where it is not Base64 as this folder writes it, or empty.  The caller
 * owns the bytes. */
uint8_t *proof_wire_decode(WireLine line, size_t *ret_length);

/* Decode all of @line into exactly @length bytes. */
bool proof_wire_decode_exactly(WireLine line, uint8_t *ret_bytes, size_t length);

/* Append @bytes as Base64. */
void proof_wire_append(GString *out, const void *bytes, size_t length);
