/* What the worker that reads an xlsx says to the program: records, one after another.
 *
 *   SHEETS  first, once: the names of the sheets, which are hidden, and which is read
 *   ROW     a row
 *   ERROR   what is wrong with the file; the last record then
 *   END     there are no more rows; the last record then
 *
 * The file may have taken over the worker, so nothing of an answer is believed: sizes are bounded
 * before anything is kept, texts are valid UTF-8 without NUL, numbers, dates and booleans are what
 * their kinds promise, rows come in order.
 *
 * Pure; safe from every thread. */
#pragma once

#include "table/cell.h"

typedef enum XlsxRecordKind {
    XLSX_RECORD_SHEETS = 'S',
    XLSX_RECORD_ROW = 'R',
    XLSX_RECORD_ERROR = 'E',
    XLSX_RECORD_END = 'Z',
} XlsxRecordKind;

#define XLSX_NO_SHEET ((size_t)-1) /* chosen: there is none of that name */

typedef struct XlsxRecord {
    XlsxRecordKind kind;
    const char *body; /* borrowed from the bytes it was found in */
    size_t length;
} XlsxRecord;

/* Append a SHEETS record; @names is NULL-terminated, @are_hidden has one for each. */
void xlsx_answer_append_sheets(GString *out, const char *const *names, const bool *are_hidden,
                               size_t chosen);

/* Append a ROW record. */
void xlsx_answer_append_row(GString *out, const TableRow *row);

/* Append an ERROR record. */
void xlsx_answer_append_error(GString *out, const GError *failure);

/* Append an END record. */
void xlsx_answer_append_end(GString *out);

/* Find the record at the beginning of the @length bytes at @bytes.
 *
 * *@ret_used is its size in bytes; 0 when more bytes are needed to have it whole, and @ret_record
 * is untouched then.  INVALID when no record begins so. */
bool xlsx_answer_take(const char *bytes, size_t length, XlsxRecord *ret_record, size_t *ret_used,
                      GError **error);

/* Read a SHEETS record: *@ret_names (NULL-terminated) is not empty, *@ret_are_hidden has one for
 * each; the caller owns both.  INVALID. */
bool xlsx_answer_read_sheets(const XlsxRecord *record, char ***ret_names, bool **ret_are_hidden,
                             size_t *ret_chosen, GError **error);

/* Read a ROW record, which comes after the row on @last_line, into @cells, of TABLE_MAX_COLUMNS;
 * *@ret_row borrows them and the record's texts.  INVALID. */
bool xlsx_answer_read_row(const XlsxRecord *record, int64_t last_line, TableCell *cells,
                          TableRow *ret_row, GError **error);
