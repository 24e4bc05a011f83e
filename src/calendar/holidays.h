/* Which days are worked: statutory days off and make-up working days.
 *
 * A Calendar is the State Council's yearly notices as data.  A day that a notice names is what the
 * notice says; every other day follows the week, Monday to Friday worked.  A year is published once
 * it has a notice; a day of any other year is worked or not by the week alone, and *provisional*,
 * except the days that the law itself makes holidays, which no notice can take away.
 * The last days of December may be decided by the next year's notice: such a day is as sure as any
 * other, and December of a published year is not provisional while that notice is awaited.
 *
 * The text that an office keeps in its pack, one statement a line, '#' begins a comment line:
 *
 *     notice 2023 https://www.gov.cn/…    the notice that the lines below belong to
 *     off 2023-01-21..2023-01-27 春节     days off, the last one included
 *     work 2023-01-28 春节                a Saturday or Sunday that is worked in exchange
 *     law 2025 《全国年节…办法》            the first year that it is in force
 *     yearly 05-01 劳动节                 a day off by that law in each year from then on
 *
 * Every line of a notice must belong to a notice's year or to the December before it, no day may be
 * decided twice, and "work" on a Monday to Friday is refused as a slip.  A year may have several
 * notices, as when a later one amends the first: write what stands in the end.
 *
 * Source: 全国年节及纪念日放假办法 art. 2 (the days), art. 7 (the exchanged days are set by each
 * year's notice).
 * Threading: a Calendar never changes once it is made, and may be shared. */
#pragma once

#include "base/date.h"
#include "base/error.h"

typedef struct Calendar Calendar;

#define CALENDAR_TEXT_MAX_BYTES (1024 * 1024)
#define CALENDAR_RUN_MAX_DAYS 31 /* one "off" line; a longer run is a slip in the month */

typedef enum CalendarDayKind {
    CALENDAR_WEEKDAY, /* Monday to Friday, worked */
    CALENDAR_WEEKEND, /* Saturday or Sunday, not worked */
    CALENDAR_HOLIDAY, /* off by notice */
    CALENDAR_MADE_UP, /* a Saturday or Sunday worked by notice */
} CalendarDayKind;

/* What a calendar knows of one day; the texts are borrowed from the calendar. */
typedef struct CalendarDay {
    CalendarDayKind kind;
    bool is_workday;
    bool is_provisional; /* nothing names the day and its year is not published */
    const char *holiday; /* "春节"; NULL where neither notice nor law names the day */
    const char *notice;  /* the notice's address, or the law's name; NULL likewise */
} CalendarDay;

/* Read a calendar from its text (see above); the caller owns it.
 *
 * @text: UTF-8, validated; CRLF and a byte order mark are understood.
 * @name: what errors call the text, such as its file name.
 * @error: INVALID  a line is not a statement; the message begins "NAME:LINE: "
 *         LIMIT    @text is longer than CALENDAR_TEXT_MAX_BYTES */
Calendar *calendar_parse(const char *text, const char *name, GError **error);

/* Free @calendar; NULL is allowed. */
void calendar_free(Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

/* Return the calendar that the program carries (packs/county-office/calendar/holidays.txt), read at
 * the first call.  It lives as long as the process; do not free it.  Safe from every thread. */
const Calendar *calendar_builtin(void);

/* Return what @calendar says of @date, any date. */
CalendarDay calendar_day(const Calendar *calendar, Date date);

/* Return whether @date is worked.  *@ret_is_provisional (unless NULL) tells whether that is only
 * the week's word because the year is not published. */
bool calendar_is_workday(const Calendar *calendar, Date date, bool *ret_is_provisional);

/* Return whether @calendar has a notice for @year. */
bool calendar_is_published(const Calendar *calendar, int year);

/* Return the number of days worked from @from to @to, both included; 0 when @to is before @from.
 * *@ret_is_provisional (unless NULL) tells whether any of the days is provisional. */
int calendar_count_workdays(const Calendar *calendar, Date from, Date to, bool *ret_is_provisional);
