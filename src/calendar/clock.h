/* Deadlines: from a rule and a start to the day and the instant at which it is due, and why.
 *
 *   hours      from the start on, without a break, over rest days too.
 *   days       natural days; the day of the start is not counted.
 *   workdays   days worked by the calendar; the day of the start is not counted.
 *   months     to the day with the same number as the day of the start, or the month's last where
 *              there is none.
 *   same day   the day of the start itself, rest day or not (大事不过夜).
 *
 * Days and months whose last day is not worked end on the next day worked (*roll*), unless the rule
 * says otherwise.  The last day ends at 24:00 or at the rule's *closing time*, the end of business.
 * Where the answer rests on a day of a year whose notice is not published, it is *provisional*.
 * docs/clocks.md sets the rules out with their articles and a table of examples.
 *
 * Source: 民法典 art. 200–204; 行政许可法 art. 82 for working days.  Everything that a special law
 * may order otherwise (art. 204) is in the rule, nothing in the counting.
 * Pure; safe from every thread.  Count and explanation are one walk over the days, so that they
 * cannot disagree. */
#pragma once

#include "calendar/clock-rule.h"
#include "calendar/holidays.h"

/* A clock may start from the year 1 to the end of this one: with the longest rule, and rest days
 * after it, the due date is still a Date. */
#define CLOCK_MAX_START_YEAR 9900

typedef struct ClockDue {
    Date date;           /* the last day, in the office's zone */
    int64_t us;          /* the instant its time ends: an act at or before it is in time */
    bool is_provisional; /* a notice that is not published yet may change it */
} ClockDue;

typedef enum ClockReason {
    CLOCK_START_NOT_COUNTED, /* art. 201 */
    CLOCK_SAME_DAY,
    CLOCK_SAME_DAY_AFTER_CLOSING, /* came after the closing time: until 24:00 */
    CLOCK_HOURS_COUNTED,          /* art. 201: from from_minutes to to_minutes of the day */
    CLOCK_NATURAL_DAY,            /* the n-th natural day */
    CLOCK_WORKDAY_COUNTED,        /* the n-th workday */
    CLOCK_REST_DAY,               /* not worked, so not counted */
    CLOCK_WITHIN_MONTHS,          /* a day before the last of a period in months */
    CLOCK_CORRESPONDING_DAY,      /* art. 202 */
    CLOCK_END_OF_MONTH,           /* art. 202, where no day corresponds */
    CLOCK_LAST_IS_REST_DAY,  /* art. 203: the period would end on this day, counted as its last,
                                but the day is not worked */
    CLOCK_STILL_REST_DAY,    /* art. 203: the next day is not worked either */
    CLOCK_MOVED_TO_THIS_DAY, /* art. 203: the first day worked after it; the due date */
} ClockReason;

/* One line of the explanation.  Texts are borrowed from the calendar. */
typedef struct ClockDay {
    Date date;
    bool is_counted;     /* part of the amount; the day that a deadline moves to is not */
    bool is_provisional; /* the reason rests on a year that is not published */
    ClockReason reason;
    int n;            /* which day or workday of the amount; 0 for hours and months */
    int from_minutes; /* CLOCK_HOURS_COUNTED: what of the day is counted */
    int to_minutes;
    CalendarDay day; /* what the calendar says of it */
} ClockDay;

/* Find when @rule is due that starts at @start_us.
 *
 * @start_us: UTC microseconds; of a start known only by its day, that day's midnight.
 * @offset_seconds: the office's zone.
 * @error: INVALID  the start is not in a year from 1 to CLOCK_MAX_START_YEAR.
 *
 * "same day" with a closing time that is past at the start ends at 24:00: a matter that comes after
 * hours is not born late. */
bool clock_due(const Calendar *calendar, const ClockRule *rule, int64_t start_us,
               int offset_seconds, ClockDue *ret_due, GError **error);

/* Explain the same day by day: from the day of the start to the due date, one ClockDay each.  (A
 * time in hours that ends at 0:00 has no line for that day, of which nothing is counted.)
 *
 * @ret_due: as clock_due() gives it; may be NULL.
 * Returns a GArray of ClockDay that the caller unrefs and that borrows from @calendar; NULL on the
 * errors of clock_due(). */
GArray *clock_explain(const Calendar *calendar, const ClockRule *rule, int64_t start_us,
                      int offset_seconds, ClockDue *ret_due, GError **error);

/* Return why @day is counted or not, one phrase in @language ("zh" or "en"): "春节假期",
 * "调休上班，第2天".  A day that is provisional says so.  The caller owns it. */
char *clock_day_to_text(const ClockDay *day, const char *language);

/* Return where the reason of @day comes from: an article of the law in @language, or the address of
 * the notice that decides the day; NULL where the week alone does.  Borrowed from the calendar, or
 * static. */
const char *clock_day_source(const ClockDay *day, const char *language);
