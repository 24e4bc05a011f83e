/* The rows of a sheet of an xlsx.  For the worker in the sandbox.
 *
 * Merged ranges: the first cell of a range holds its value; in the rows below, the range's first
 * column repeats it, marked as such.  Cells without a value that only carry a style are empty.  A
 * formula counts with the value it had when the file was saved; one that was never calculated is an
 * ERROR with the formula as its text.
 *
 * Threading: a sheet belongs to one thread at a time. */
#pragma once

#include "table/xlsx-book.h"

#define XLSX_MAX_ROW 1048576
#define XLSX_MAX_COLUMN 16384
#define XLSX_MAX_MERGED 65536 /* ranges */

/* Takes a row (borrowed for the call), whose last cell is not empty; false with *@error ends the
 * reading. */
typedef bool (*XlsxTakeRow)(void *data, const TableRow *row, GError **error);

/* Pass the rows of @sheet, which is one of @book, to @take_row, in order; rows without a cell of
 * their own are left out.  INVALID, LIMIT; or what @take_row says. */
bool xlsx_sheet_read(XlsxPackage *package, const XlsxBook *book, const XlsxSheetInfo *sheet,
                     XlsxTakeRow take_row, void *data, GError **error);
