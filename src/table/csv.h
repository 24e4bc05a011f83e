/* Comma-separated values: RFC 4180, and what people send instead.
 *
 *   encoding     see table/decoder.h
 *   separator    ',' ';' or tab, found by looking; or what a first line "sep=;" says
 *   line ends    CR LF, LF and CR, mixed
 *   quotes       a cell that begins with '"' ends at the next single '"'; "" in it is one; line
 *                ends and separators in it are its text.  Text after the closing quote is taken
 *                as part of the cell.  A quote inside a cell that does not begin with one is a
 *                character
 *   formulas     a text that a spreadsheet may take for a formula (table_text_is_formula()) is
 *                written with an apostrophe before it, and so is one that has apostrophes before
 *                it; on reading, one such apostrophe is taken off, so every text comes back
 *   empty rows   are skipped: blank lines, and lines of separators only
 *   refused      NUL, what is no text in its encoding, a quote never closed, a cell or row larger
 *                than its limit: each with the line
 *
 * Else cells keep every byte: nothing is trimmed, line ends in quotes stay as they are.
 *
 * Threading: a reader belongs to one thread at a time.  Source: RFC 4180; the "sep=" line is
 * Excel's. */
#pragma once

#include "table/cell.h"

typedef struct CsvReader CsvReader;

/* Start reading the regular file @fd (borrowed while the reader lives; its offset is neither used
 * nor moved).  INVALID where not even its first characters are text; IO. */
CsvReader *csv_reader_new(int fd, GError **error);

void csv_reader_free(CsvReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

/* Return the separator. */
char csv_reader_delimiter(const CsvReader *reader);

/* Return the encoding; static, see table_decoder_encoding(). */
const char *csv_reader_encoding(const CsvReader *reader);

/* Read the next row, as table_reader_next() does. */
bool csv_reader_next(CsvReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error);

/* Go back to the first row. */
bool csv_reader_rewind(CsvReader *reader, GError **error);

/* Append @cell, which has a NUL after its @length bytes, to @out as a cell of a row.  It is quoted
 * where that is needed: where it holds a quote, a line end, or one of the separators of other
 * files, so that the separator is found again.  @is_first: it begins the file, and is quoted too
 * unless it begins plainly, lest the file be taken for something else.  A formula is defused. */
void csv_append_cell(GString *out, const char *cell, size_t length, bool is_first);
