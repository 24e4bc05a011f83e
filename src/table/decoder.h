/* Text of a file, as UTF-8, whatever it is written in.
 *
 *   byte order mark      says what it is: UTF-8, UTF-16LE, UTF-16BE, GB18030; it is not passed on
 *   none, all ASCII      UTF-8
 *   none, else           the first MiB from the first byte above 127 on is looked at: UTF-8 if
 *                        it is valid or looks like UTF-8 with a few bytes damaged (which is then
 *                        an error at its place, never guessed away), GB18030 if it is valid as
 *                        that
 *
 * A fault is reported when the reader of the text arrives at it, after all the good text before it,
 * so that the caller knows the line.  Characters are passed on as they are; a NUL is refused.
 *
 * Threading: a decoder belongs to one thread at a time. */
#pragma once

#include "base/error.h"

typedef struct TableDecoder TableDecoder;

/* Find out the encoding of the file @fd (borrowed; a regular file; its offset is neither used nor
 * moved).  IO when it cannot be read, INVALID when the system cannot convert from its encoding. */
TableDecoder *table_decoder_new(int fd, GError **error);

void table_decoder_free(TableDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TableDecoder, table_decoder_free)

/* Return "UTF-8", "UTF-16LE", "UTF-16BE" or "GB18030"; static. */
const char *table_decoder_encoding(const TableDecoder *decoder);

/* Read whole characters, at most @size (at least 8) bytes of UTF-8, to @buffer; *@ret_length is 0
 * at the end.  INVALID names the byte that is no text; IO. */
bool table_decoder_read(TableDecoder *decoder, char *buffer, size_t size, size_t *ret_length,
                        GError **error);

/* What a text tells of the encoding that it was in. */
typedef enum TableOrigin {
    TABLE_ORIGIN_ANY,  /* it is ASCII */
    TABLE_ORIGIN_FILE, /* the file's */
    TABLE_ORIGIN_UTF8, /* its bytes in the file, which is in GB18030, are Chinese in UTF-8 as well
                        */
    TABLE_ORIGIN_NONE, /* not the file's: read as GB18030 it has private characters, which no text
                          has and UTF-8 that is read so mostly gets */
} TableOrigin;

/* Return what the @length bytes at @text, which @decoder read, tell. */
TableOrigin table_decoder_origin(const TableDecoder *decoder, const char *text, size_t length);

/* Go back to the beginning. */
void table_decoder_rewind(TableDecoder *decoder);
