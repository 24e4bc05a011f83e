/* What an xlsx says about all of its sheets: their names and parts, the texts they share, what the
 * styles of cells show, from when dates count.  For the worker in the sandbox.
 *
 * Threading: immutable once loaded. */
#pragma once

#include "table/xlsx-package.h"
#include "table/xlsx-value.h"

#define XLSX_MAX_SHEETS 1000
#define XLSX_MAX_SHEET_NAME 255U /* bytes */
#define XLSX_MAX_STYLES 65536
#define XLSX_MAX_STRINGS_BYTES ((size_t)256 << 20) /* of all shared texts together */

typedef struct XlsxSheetInfo {
    char *name;
    char *part;
    bool is_hidden;
} XlsxSheetInfo;

typedef struct XlsxBook {
    GArray *sheets;                   /* of XlsxSheetInfo: the worksheets in their order */
    bool is_1904;                     /* dates count from 1904 */
    GArray *formats;                  /* of XlsxFormat, one for each style of cells */
    GString *texts;                   /* the shared texts, each with a NUL behind it */
    GArray *offsets;                  /* of size_t: where each begins, and where the next would */
    char *strings_part, *styles_part; /* NULL: it has none */
} XlsxBook;

/* Find the sheets.  INVALID when there is no workbook in the package, and what there is instead. */
XlsxBook *xlsx_book_new(XlsxPackage *package, GError **error);

void xlsx_book_free(XlsxBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxBook, xlsx_book_free)

/* Read the shared texts and the styles.  INVALID, LIMIT. */
bool xlsx_book_load(XlsxBook *book, XlsxPackage *package, GError **error);

/* Return the shared text @index and its length; NULL when there is none.  Borrowed. */
const char *xlsx_book_text(const XlsxBook *book, int64_t index, size_t *ret_length);

/* Return what the style @index shows. */
XlsxFormat xlsx_book_format(const XlsxBook *book, int64_t index);
