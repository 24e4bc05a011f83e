/* Calendar dates and instants.
 *
 * A Date is a day in the proleptic Gregorian calendar, as a count of days from 1970-01-01; years
 * run from 1 to 9999.  An instant is int64_t UTC microseconds.  A zone is a fixed offset in
 * seconds: each office has one (Asia/Shanghai, +08:00; the summer times of 1986–1991 are not
 * modelled). Outside, dates are ISO text.  Pure; no clock is read here. */
#pragma once

#include "base/error.h"

typedef int32_t Date;

#define DATE_NONE INT32_MIN
#define DATE_US_PER_SECOND INT64_C(1000000)
#define DATE_US_PER_DAY (INT64_C(86400) * DATE_US_PER_SECOND)
#define DATE_SECONDS_SHANGHAI (8 * 3600)
#define DATE_TEXT_SIZE 11      /* "2023-05-06" and NUL */
#define DATE_TIME_TEXT_SIZE 26 /* "2023-05-06T09:30:00+08:00" and NUL */

/* Return whether @year-@month-@day is a day of the calendar. */
bool date_is_valid(int year, int month, int day);

/* Return the day @year-@month-@day, which must be valid. */
Date date_from_ymd(int year, int month, int day);

/* Split @date; each output may be NULL. */
void date_to_ymd(Date date, int *ret_year, int *ret_month, int *ret_day);

/* Return the year of @date. */
int date_year(Date date);

/* Return the number of days of @month in @year. */
int date_days_in_month(int year, int month);

/* Return the weekday of @date, 1 Monday … 7 Sunday (ISO 8601). */
int date_weekday(Date date);

/* Return the day @n_months after @date with the same number, or the month's last where there is
 * none (Civil Code art. 202).  The result must lie in the years 1 to 9999. */
Date date_add_months(Date date, int n_months);

/* Parse all of @text as "YYYY-MM-DD".  False, *@ret_date untouched, for anything else. */
bool date_parse(const char *text, Date *ret_date);

/* Write @date as "YYYY-MM-DD" to @buffer of DATE_TEXT_SIZE bytes; returns @buffer. */
char *date_format(Date date, char *buffer);

/* Return the instant of @date at @seconds after midnight in the zone @offset_seconds. */
int64_t date_to_us(Date date, int64_t seconds, int offset_seconds);

/* Return the day in the zone @offset_seconds on which @us falls. */
Date date_from_us(int64_t us, int offset_seconds);

/* Parse "YYYY-MM-DD" or "YYYY-MM-DD[T ]HH:MM[:SS[.ffffff]]" with an optional "Z", "+HH:MM" or
 * "-HH:MM"; without one the zone is @offset_seconds; a date alone is its midnight.  24:00 is the
 * next day's midnight; of a fraction what is after the sixth digit is cut off.  False, *@ret_us
 * untouched, for anything else, and where its day in the zone @offset_seconds is not in the years 1
 * to 9999. */
bool date_parse_time(const char *text, int offset_seconds, int64_t *ret_us);

/* Write @us as "YYYY-MM-DDTHH:MM:SS+08:00" (seconds; "Z" when @offset_seconds is 0) to @buffer of
 * DATE_TIME_TEXT_SIZE bytes; returns @buffer. */
char *date_format_time(int64_t us, int offset_seconds, char *buffer);
