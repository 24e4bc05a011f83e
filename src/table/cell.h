/* A row of a table as it comes out of a file or goes into one, and the limits of tables.
 *
 * A cell is a text with a kind.  A csv knows texts only.  An xlsx knows what a cell is, and the
 * reader turns each into the one text that says it exactly:
 *
 *   TEXT    the text, byte for byte
 *   NUMBER  a plain decimal, "-1234.5": no exponent, no thousands separator, at most 15
 *           significant digits unless it is an integer (a spreadsheet keeps 15; what follows is
 *           noise of binary)
 *   DATE    "2023-05-06"
 *   TIME    "2023-05-06T09:30:00", local time without a zone; thousandths only where there are
 *           any
 *   BOOL    "TRUE" or "FALSE"
 *   ERROR   "#N/A", "#DIV/0!": what a formula failed with; "=A1+B1": a formula that nobody has
 *           calculated
 *   EMPTY   ""
 *
 * A time of day or a span without a date ("9:30", "[h]:mm") is TEXT "09:30:00".
 *
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

#define TABLE_MAX_COLUMNS 1024
#define TABLE_MAX_CELL_BYTES ((size_t)1 << 20)
#define TABLE_MAX_ROW_BYTES ((size_t)8 << 20)

typedef enum TableCellKind {
    TABLE_CELL_EMPTY,
    TABLE_CELL_TEXT,
    TABLE_CELL_NUMBER,
    TABLE_CELL_DATE,
    TABLE_CELL_TIME,
    TABLE_CELL_BOOL,
    TABLE_CELL_ERROR,
    TABLE_N_CELL_KINDS
} TableCellKind;

typedef struct TableCell {
    const char *text; /* UTF-8 with a NUL after it; never NULL */
    size_t length;    /* bytes */
    TableCellKind kind;
    bool is_repeated; /* it stands in a merged range, whose first cell, above, holds this value */
} TableCell;

typedef struct TableRow {
    const TableCell *cells;
    size_t n_cells; /* with a header: the number of columns; a shorter row is filled up */
    size_t n_given; /* cells up to the last that is not empty; more than n_cells is a fault */
    int64_t line; /* the row's number, as a spreadsheet shows it: a cell of many lines is one row */
    bool is_1904; /* xlsx: a plain number that means a day counts from 1904, not 1900 */
    bool is_hidden;  /* xlsx: by hand or by a filter; it is a row like any other */
    bool is_foreign; /* csv: it is hardly in the encoding of the file, as where two were joined */
} TableRow;

/* Make a cell of @kind from @text (borrowed, NULL is empty). */
TableCell table_cell_make(TableCellKind kind, const char *text);

/* Return whether @row can be taken for what it says.  INVALID says how many cells it has and how
 * many columns there are, or that it is in another encoding than the file. */
bool table_row_check(const TableRow *row, GError **error);

/* Return whether @text is a plain decimal, "-1234.5", as a NUMBER cell holds it. */
bool table_text_is_number(const char *text);

/* Return the number of digits of the plain decimal @text without the zeros at either end: 2 for
 * "0.0120" and "1200".  A double holds 15. */
int table_number_digits(const char *text);

/* Return whether a spreadsheet may take @text for a formula when it opens a csv or when the cell is
 * edited: it begins with = + - @, one of their full-width forms, a tab or a line end, and is
 * neither a plain decimal nor that one character alone. Source: OWASP, "CSV Injection". */
bool table_text_is_formula(const char *text);

/* Return the label of @text, "填表人" of "填表人：张三"; NULL when it has none: no colon with a
 * letter before it, or it is that of a time of day.  The caller owns it. */
char *table_text_label(const char *text);

/* Return the letters of column @index, counted from 0: "A", "Z", "AA"; the caller owns it. */
char *table_column_letters(size_t index);

/* Return the @n_names names of columns without white space at their ends, so that no two are the
 * same: a column without one is called by its letters, the second "a" is "a (2)".  NULL-terminated;
 * the caller owns them (g_strfreev()). */
char **table_unique_names(const char *const *names, size_t n_names);
