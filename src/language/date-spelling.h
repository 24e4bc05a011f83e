/* Dates and times as offices write them in tables and letters.
 *
 *   2023.5.6   2023-05-06   2023/5/6   20230506   2023年5月6日   2023年5月6号   5月6日
 *   二〇二三年五月六日   二○二三年十二月三十一日
 *
 * each with an optional day of the week behind it, （周六）, 星期六, which must be that of the
 * date, and an optional time: 9:30, 09:30:15, 9时30分, 9点, 上午9:30, 下午3点半, 3:30 PM. Width and
 * white space do not matter.  A year has four digits: '23.5.6' is refused, because it may be 2023,
 * 1923 or a typing error, and so are a month without a day and day-before-month orders. Instants
 * with a zone are for date_parse_time().
 *
 * Pure; safe from every thread.  Times are local: the office's zone makes instants of them. */
#pragma once

#include "base/date.h"
#include "base/error.h"

typedef struct LanguageDate {
    Date date;
    int seconds;   /* after midnight, 0…86400 (24:00); 0 without a time */
    bool has_time; /* the text names a time of the day, not the day alone */
} LanguageDate;

/* Read all of @text as a date, with or without a time.
 *
 * @default_year: what 5月6日 is completed with; 0 where nothing is known, and then it is refused.
 * @error: INVALID  what is wrong, with @text quoted: no date, a day that does not exist, a year
 *                  missing or of two digits, a time that does not exist, a time that contradicts
 *                  its 上午.  *@ret_date is untouched. */
bool language_date_parse(const char *text, int default_year, LanguageDate *ret_date,
                         GError **error);

/* Turn the serial number that a spreadsheet keeps for a date into the date: 45052 is 2023-05-06,
 * 45052.5 its noon.  Times are rounded to the second.
 *
 * @is_1904: the workbook counts from 1904-01-01 (day 0) in place of 1900-01-01 (day 1).
 * @error: INVALID  no day: below the first, after 9999-12-31, not a number, or 60 of the 1900
 *                  system, whose 1900-02-29 never was.
 * Source: ECMA-376 part 1, 18.17.4 (serial values, with the leap year error of the 1900 system). */
bool language_date_from_serial(double serial, bool is_1904, LanguageDate *ret_date, GError **error);
