/* A stretch of whole days that a report or a figure is about: "2023", "2023Q1", "2023年5月".
 *
 * A Period has a first and a last day, both in it, and nothing else: that the year 2023 was asked
 * for as "2023" or as "2023-01-01..2023-12-31" makes no difference afterwards.  Years run from 1900
 * to 9998, so that every period has a year before it and bounds in UTC.
 * Pure; safe from every thread. */
#pragma once

#include "base/date.h"
#include "base/error.h"

#define PERIOD_MIN_YEAR 1900
#define PERIOD_MAX_YEAR 9998

typedef struct Period {
    Date from; /* the first day */
    Date to;   /* the last day, not before the first */
} Period;

typedef enum PeriodUnit {
    PERIOD_YEAR,
    PERIOD_HALF,
    PERIOD_QUARTER,
    PERIOD_MONTH,
} PeriodUnit;

/* Read all of @text, without regard to white space:
 *
 *   2023   2023H1   2023Q1   2023-05   2023-05-06   A..B of any two of these, first to last
 *   2023.5   2023/5/6   2023.1.1-2023.3.31   2023.5.6-5.8   2023.5.6-8   2023.5-7
 *   2023年(度)   2023年上半年   2023年第一季度   2023前三季度   2023年5月(份)   2023年5月6日
 *   2023年1月至6月   2023年1-6月   2023年5月1日至6月30日   2022年至2023年
 *
 * The second part may leave out the year, and the month where it is a day, which are then those of
 * the first; 至, 到, -, — and ~ all mean "to".
 * @error: INVALID  not a period, a day that does not exist, a year out of range, an end before the
 *                  beginning; the message quotes @text and shows how to write one.  *@ret_period is
 *                  untouched. */
bool period_parse(const char *text, Period *ret_period, GError **error);

/* Write @period in its shortest form that period_parse() reads back: "2023", "2023H1", "2023Q1",
 * "2023-05", "2023-05-06" or "2023-05-01..2023-06-15"; the caller owns it. */
char *period_to_text(const Period *period);

/* Write @period as a sentence says it, in @language ("zh" or "en"): "2023年第一季度", "the first
 * quarter of 2023"; the caller owns it. */
char *period_to_words(const Period *period, const char *language);

/* Return the whole @unit in which @date lies: its year, half, quarter or month. */
Period period_around(PeriodUnit unit, Date date);

/* Cut @period into the calendar's years, halves, quarters or months, in order.  Where it begins or
 * ends within one, that part is cut off too, so that the parts are together exactly @period.
 * Returns a GArray of Period, never empty, that the caller unrefs. */
GArray *period_split(const Period *period, PeriodUnit unit);

/* Return whether @date lies in @period. */
bool period_contains(const Period *period, Date date);

/* Return whether both are the same days. */
bool period_is_equal(const Period *a, const Period *b);

/* Give the bounds of @period in UTC: *@ret_from_us <= t < *@ret_to_us is the test of an instant.
 * @offset_seconds: the office's zone. */
void period_to_us(const Period *period, int offset_seconds, int64_t *ret_from_us,
                  int64_t *ret_to_us);
