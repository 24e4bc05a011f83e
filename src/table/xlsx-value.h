/* What the values of an xlsx say: number formats, numbers, dates, escaped texts.
 *
 * Pure; safe from every thread.  Source: ECMA-376 part 1: 18.8.30 (built-in number formats),
 * 18.8.31 (format codes), 18.17.4 (dates), 22.9.2.19 (escapes). */
#pragma once

#include "table/cell.h"

#define XLSX_VALUE_SIZE 384 /* room for every text made here, with its NUL */

/* What a number format shows. */
typedef enum XlsxFormat {
    XLSX_FORMAT_NUMBER,
    XLSX_FORMAT_DATE,      /* a day */
    XLSX_FORMAT_DATE_TIME, /* a day with a time */
    XLSX_FORMAT_TIME,      /* a time of the day */
    XLSX_FORMAT_SPAN,      /* hours, minutes or seconds that run on: [h]:mm */
    XLSX_FORMAT_THOUSANDS, /* a number with 千 behind it, as in 0.00"千元", and its sisters */
    XLSX_FORMAT_TEN_THOUSANDS,    /* 万 */
    XLSX_FORMAT_HUNDRED_MILLIONS, /* 亿 */
} XlsxFormat;

/* Return what the built-in format @id shows, those of Chinese versions included. */
XlsxFormat xlsx_format_from_id(int64_t id);

/* Return what the format @code shows: its first section decides. */
XlsxFormat xlsx_format_from_code(const char *code);

/* Write the number @text of a sheet, "45052.5" or "1E-07", as a cell under @format to @buffer of
 * XLSX_VALUE_SIZE bytes.
 *
 * What a format multiplies is a TEXT with that behind it, "12.5万": the sheet shows it, and the
 * number alone would be another; so is a number beyond ten to the 40th, "1E+300".  A day that the
 * format does not show the time of is a TIME all the same when there is one; what a date format
 * cannot show (0, negative, 1900-02-29) is a NUMBER.  An integer keeps every digit it was written
 * with.  Returns the kind; TABLE_CELL_EMPTY when @text is no number. */
TableCellKind xlsx_number_to_text(const char *text, XlsxFormat format, bool is_1904, char *buffer);

/* Write the ISO date @text of a sheet, "2023-05-06" or with a time, as a cell to @buffer of
 * XLSX_VALUE_SIZE bytes.  Returns the kind; TABLE_CELL_EMPTY when it is none. */
TableCellKind xlsx_date_to_text(const char *text, char *buffer);

/* Replace each _xHHHH_ in @text, of *@length bytes with a NUL behind it, by the character that it
 * stands for; those of NUL and of halves of characters stay. */
void xlsx_unescape(char *text, size_t *length);
