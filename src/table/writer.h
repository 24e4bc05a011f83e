/* Writing a table row by row, as csv, xlsx or JSON Lines.
 *
 *   csv     UTF-8, CR LF, quotes where they are needed, formulas defused (table/csv.h).  Kinds are
 *           lost, as a csv has none; a TIME is written "2023-05-06 09:30:00", which spreadsheets
 *           understand
 *   xlsx    one sheet, its header bold and fixed.  A NUMBER of at most 15 digits is a number with
 *           the decimals it was given; a longer one, or one with leading zeros, is text, as a
 *           spreadsheet would lose its digits.  A DATE or TIME from 1900 on is a date.  Text is
 *           typed as text, so it is never a formula; where it looks like one, or like a number, the
 *           cell has the text format as well, and remains text when it is edited
 *   jsonl   one object a row, keyed by the column's name; a NUMBER of at most 15 digits is a
 * number, a BOOL true or false, an EMPTY null, all else a string.  A name that stands twice is
 *           "name (2)", a column without a name is called by its letters
 *
 * table_reader_open() reads csv and xlsx back to the same texts, but for a TIME in csv (above) and
 * zeros at the end of a fraction in xlsx.
 *
 * A file is written beside its place and renamed when it is complete and on disk: after any error,
 * and after a crash, its place holds what it held before.  Memory is bounded however large the
 * table is.
 *
 * Threading: a writer belongs to one thread at a time. */
#pragma once

#include "table/reader.h"

#define TABLE_MAX_XLSX_ROWS 1048576   /* with the header */
#define TABLE_MAX_XLSX_CELL 32767     /* UTF-16 units of a text */
#define TABLE_MAX_XLSX_SHEET_NAME 31U /* UTF-16 units */

typedef struct TableWriterOptions {
    bool has_mark; /* csv: begin with a byte order mark: old spreadsheets then see it is UTF-8 */
    const char *title;  /* xlsx: name of the sheet, made fit; NULL: "Sheet1" */
    int64_t created_us; /* xlsx: when it was made, UTC microseconds; 0: not said */
} TableWriterOptions;

typedef struct TableWriter TableWriter;

/* Start the file @path (NULL options: none); a device or a pipe there is written to, never
 * replaced. FULL, FORBIDDEN, IO. */
TableWriter *table_writer_open(const char *path, TableFormat format,
                               const TableWriterOptions *options, GError **error);

/* As table_writer_open(), but write to @fd (borrowed until the writer is freed), a pipe for
 * instance; what was written before an error stays there.  An xlsx is made in the folder for
 * temporary files first. */
TableWriter *table_writer_open_fd(int fd, TableFormat format, const TableWriterOptions *options,
                                  GError **error);

/* Free; a file that was not finished leaves nothing behind. */
void table_writer_free(TableWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TableWriter, table_writer_free)

/* Write the names of the @n_columns (1 to TABLE_MAX_COLUMNS) columns; first and once. */
bool table_writer_header(TableWriter *writer, const char *const *names, size_t n_columns,
                         GError **error);

/* Write a row of @n_cells cells, at most as many as there are columns.
 *
 * The texts are valid UTF-8 and match their kinds; one that does not is written as text.
 * @error: FULL, IO; of an xlsx LIMIT for the row or text that is too much for it.  After an error
 * the writer can only be freed. */
bool table_writer_row(TableWriter *writer, const TableCell *cells, size_t n_cells, GError **error);

/* Complete the file and give it its name.  FULL, IO: then nothing is left behind. */
bool table_writer_finish(TableWriter *writer, GError **error);
