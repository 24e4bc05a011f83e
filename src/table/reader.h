/* Reading a table row by row, whatever file it is in.
 *
 * The format is found in the content, never in the name: a zip is read as xlsx, all else as csv
 * (table/csv.h: encodings, separators, sins).  Reading takes a fixed amount of memory however large
 * the file is.  A csv is parsed here; an xlsx, which is a zip of XML from anywhere, in a sandboxed
 * child (base/child.h, which says what main() has to do first), whose every answer is checked.
 *
 * Rows come in order.  A row in which every cell is empty is skipped: it is no row.  Nothing is
 * trimmed or changed inside a cell.  In an xlsx the first column of a merged range repeats its
 * value in the rows below.
 *
 * With a header (table_reader_read_header()) each row is as wide as the header: shorter ones are
 * filled up with empty cells, and of longer ones table_row_check() tells.
 *
 * Errors say where: the line of the file, or the cell.  After an error the reader can only be
 * rewound or closed.
 *
 * Threading: a reader belongs to one thread at a time. */
#pragma once

#include "table/cell.h"

#define TABLE_HEADER_SCAN 20 /* rows among which the header is looked for */
#define TABLE_MAX_FILE_BYTES (INT64_C(4) << 30)

typedef enum TableFormat {
    TABLE_FORMAT_CSV,
    TABLE_FORMAT_XLSX,
    TABLE_FORMAT_JSONL, /* written only */
} TableFormat;

typedef struct TableReader TableReader;

/* What was found out about a file. */
typedef struct TableSource {
    TableFormat format;
    const char *encoding;      /* csv: "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"; xlsx: "UTF-8" */
    char delimiter;            /* csv: ',', ';', '\t' or what a line "sep=" says; xlsx: 0 */
    const char *const *sheets; /* xlsx: the names of all sheets, NULL-terminated; csv: empty */
    const bool *are_hidden;    /* xlsx: which of them are hidden; csv: NULL */
    size_t sheet;              /* xlsx: which of them is read */
} TableSource;

/* Open @path and find its format; of an xlsx the first sheet that is not hidden is read.
 *
 * @error: NOT_FOUND, FORBIDDEN, IO from opening; INVALID when it is neither csv nor xlsx (an old
 *         .xls, a web page, a damaged zip), and what to do about it; LIMIT when it is too large. */
TableReader *table_reader_open(const char *path, GError **error);

/* As table_reader_open(); of an xlsx the sheet named @sheet (NULL: the first not hidden) is read.
 * NOT_FOUND names the sheets there are; INVALID when a csv is asked for a sheet. */
TableReader *table_reader_open_sheet(const char *path, const char *sheet, GError **error);

/* Close and free; a child still at work is ended. */
void table_reader_close(TableReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TableReader, table_reader_close)

/* Return what is known about the file; borrowed until the reader is closed. */
const TableSource *table_reader_source(const TableReader *reader);

/* Read the next row.
 *
 * *@ret_has_row is false at the end, and then *@ret_row is untouched.  The row and its texts are
 * borrowed until the next call.
 * @error: INVALID  the file breaks its format here; LIMIT  a cell, row or sheet is too large;
 *         IO       reading failed. */
bool table_reader_next(TableReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error);

/* Return in how many cells of @row, which may be the header, stand names that the caller knows,
 * each counted once.  Long texts of @row are cut. */
typedef size_t (*TableKnowFunc)(const TableRow *row, void *data);

/* Look for the header among the first TABLE_HEADER_SCAN rows, as table_guess_header() does; @knows
 * NULL: no name is known.
 *
 * *@ret_line is its line, 0 when there is no row at all; *@ret_n_known how many of its names are
 * known.  The reader stands anywhere then: give it a header, or rewind it. */
bool table_reader_find_header(TableReader *reader, TableKnowFunc knows, void *data,
                              int64_t *ret_line, size_t *ret_n_known, GError **error);

/* Take the row on line @line as the header: rows follow below, and what stands above is kept for
 * table_reader_above().  Where that row only goes on with the header above it, as
 * table_guess_header() says, a column that it leaves empty is called what it is called above.  With
 * @line 0 it is looked for, no name being known.
 *
 * INVALID when the file has no rows, NOT_FOUND when there is no row on that line. */
bool table_reader_read_header(TableReader *reader, int64_t line, GError **error);

/* Return the first TABLE_HEADER_SCAN rows that stand above the header, with their texts cut, their
 * number, and in *@ret_n_all how many stand there.  Borrowed as the columns are. */
const TableRow *table_reader_above(const TableReader *reader, size_t *ret_n_rows,
                                   int64_t *ret_n_all);

/* Return the names of the columns, exactly as they stand ("" where a column has none), and their
 * number; 0 before table_reader_read_header().  Borrowed until the header is read anew or the
 * reader is closed. */
const char *const *table_reader_columns(const TableReader *reader, size_t *ret_n_columns);

/* Return how many of the rows above the header, the last ones, are the beginning of it. */
size_t table_reader_header_above(const TableReader *reader);

/* Return the line of the header, 0 when there is none. */
int64_t table_reader_header_line(const TableReader *reader);

/* Go back to the first row (below the header, where one was read). */
bool table_reader_rewind(TableReader *reader, GError **error);

/* Return which of the first @n_rows rows names the columns; 0 when none is like that; @n_rows is at
 * least 1.
 *
 * @n_known: for each row, of how many columns it holds names that are known; NULL: nothing is.
 *
 * Where names are known, it is the first row with two thirds as many of them as the best has: so a
 * second table below the first, with a header of its own, never hides the rows above it.  Else it
 * is the first row whose cells are short distinct texts (of 60 characters at most; a few may be
 * numbers or stand twice) and which fills more than two thirds of the width of the table; titles
 * and lines about the form ("填报单位：…") above it fill less.  Of a header of several rows, in
 * which names of groups stand above those of their columns, it is the last: one whose single
 * columns are merged down through it, or, in a csv made of such a table, one that has names below
 * those of groups alone. */
size_t table_guess_header(const TableRow *rows, size_t n_rows, const size_t *n_known);

/* Return whether @row is more likely a record than a title, a remark about the form or a row of
 * names: it fills several cells, and one of them is a number or a date. */
bool table_row_looks_like_data(const TableRow *row);
