/* The rows of an xlsx, read by a child in a sandbox whose answers are checked.  See table/reader.h
 * for what a row is and table/xlsx-worker.h for who reads.
 *
 * Threading: a reader belongs to one thread at a time. */
#pragma once

#include "table/cell.h"

typedef struct XlsxReader XlsxReader;

/* Start reading the file @fd (borrowed while the reader lives), the sheet named @sheet or, for
 * NULL, the first that is not hidden.
 *
 * @error: INVALID  it is no xlsx, or damaged; NOT_FOUND names the sheets there are; LIMIT, IO;
 *         UNAVAILABLE when no child can be started. */
XlsxReader *xlsx_reader_new(int fd, const char *sheet, GError **error);

void xlsx_reader_free(XlsxReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxReader, xlsx_reader_free)

/* Return the names of the sheets, NULL-terminated, which of them are hidden, and which is read;
 * borrowed. */
const char *const *xlsx_reader_sheets(const XlsxReader *reader, const bool **ret_are_hidden,
                                      size_t *ret_sheet);

/* Read the next row, as table_reader_next() does. */
bool xlsx_reader_next(XlsxReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error);

/* Go back to the first row: read the file again, unless nothing was read yet. */
bool xlsx_reader_rewind(XlsxReader *reader, GError **error);
