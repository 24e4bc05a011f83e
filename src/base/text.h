/* Small operations on UTF-8 text that GLib lacks.
 *
 * All text inside the program is valid UTF-8 without NUL; text_is_valid() is asked once at the
 * border.  White space is Unicode's, U+3000 among it, and the two that have no width, U+200B and
 * U+FEFF.  Pure; safe from every thread. */
#pragma once

#include "base/error.h"

/* Return whether the @length bytes at @text are UTF-8 without NUL.  On false, *@ret_offset (unless
 * NULL) is the byte of the first fault, counted from 0. */
bool text_is_valid(const char *text, size_t length, size_t *ret_offset);

/* Return whether @text is NULL, empty, or white space only. */
bool text_is_blank(const char *text);

/* Return whether @c is such a character as text_find_control() finds. */
bool text_is_control(gunichar c);

/* Return whether the @length bytes at @text, UTF-8, have a character that is none to read: a
 * control character other than tab and line break, or one that turns the direction of what follows
 * (U+202A…202E, U+2066…2069), by which a name is shown as another (CVE-2021-42574).  @ret_name
 * (unless NULL), of TEXT_CONTROL_SIZE bytes, is what Unicode calls the first: "U+202E". */
bool text_find_control(const char *text, size_t length, char *ret_name);

#define TEXT_CONTROL_SIZE 8

/* Refuse @text (NULL: nothing is wrong) that has such a character: INVALID, which shows where it
 * stands. */
bool text_check_readable(const char *text, GError **error);

/* The same for what stands on one line, such as a name: no tabs and line breaks either. */
bool text_check_line(const char *text, GError **error);

/* Make each line break of @text, CR LF or CR alone, LF, in place; returns @text. */
char *text_unify_breaks(char *text);

/* Return @text without white space at both ends; the caller owns it. */
char *text_strip_dup(const char *text);

/* Parse all of @text as a decimal int64, an optional leading '-'; no spaces, no '+'; leading zeros
 * are taken.  Returns false, *@ret_value untouched, for anything else and for overflow. */
bool text_parse_int(const char *text, int64_t *ret_value);

/* Parse a plain decimal ("-12.50") into an integer scaled by 10^@decimals (0…9).  Thousands commas
 * and full-width digits are not understood here.  More fraction digits than @decimals must be
 * zeros. Returns false on anything else and on overflow. */
bool text_parse_decimal(const char *text, int decimals, int64_t *ret_scaled);

#define TEXT_INT_SIZE 24 /* room for each int64 */

/* Write @value in decimal to @buffer of TEXT_INT_SIZE bytes; returns where in it the text begins.
 */
const char *text_format_int(int64_t value, char *buffer);

/* Append @value in decimal to @out. */
void text_append_int(GString *out, int64_t value);

/* Write @scaled with @decimals digits after the point ("-12.50"); the caller owns it. */
char *text_format_decimal(int64_t scaled, int decimals);

/* Return @number ("-1234567.50") as people read it: with its whole part in groups of three,
 * "-1,234,567.50", where that has more than four digits, as GB/T 15835-2011 has it; the caller owns
 * it. */
char *text_group_digits(const char *number);

/* Return that of @candidates (NULL-terminated, may be empty) nearest to @text by edit distance over
 * code points, if it is near enough to be a slip of the pen (at most a third of the length, at
 * least 1); NULL when none is.  Borrowed from @candidates. */
const char *text_nearest(const char *text, const char *const *candidates);

/* Return the @length bytes at @bytes in lower-case hex; the caller owns it. */
char *text_to_hex(const uint8_t *bytes, size_t length);

/* Append the same to @out. */
void text_append_hex(GString *out, const uint8_t *bytes, size_t length);

/* Fill @length bytes at @ret_bytes from exactly 2·@length hex digits; false for anything else. */
bool text_from_hex(const char *hex, uint8_t *ret_bytes, size_t length);

/* Return the number of terminal columns that @text takes: 2 for a wide character, 0 for a combining
 * one. */
size_t text_width(const char *text);

/* Write a size of a file as people of either language read it, in powers of a thousand (IEC
 * 80000-13): "31 B", "1.2 kB", "512.0 MB"; the caller owns it. */
char *text_format_size(int64_t n_bytes);
