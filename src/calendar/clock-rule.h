/* A time limit as a rule: "5 workdays", "15日", "24小时", "1个月", "当日".
 *
 * How a rule is counted is told in calendar/clock.h.  A rule is a small value without ownership.
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

typedef enum ClockUnit {
    CLOCK_HOUR,
    CLOCK_DAY,
    CLOCK_WORKDAY,
    CLOCK_MONTH,
} ClockUnit;

#define CLOCK_MINUTES_PER_DAY (24 * 60)

typedef struct ClockRule {
    ClockUnit unit;
    int amount;          /* 1 to the unit's limit below; 0 with CLOCK_DAY is "same day" */
    int closing_minutes; /* minutes after midnight at which the last day ends, 1…1440 (24:00);
                           always 1440 for hours */
    bool is_rolling; /* days and months only: a rest day at the end moves it to the next workday */
} ClockRule;

/* The longest rules: over a year of hours, ten years of the rest. */
#define CLOCK_MAX_HOURS 9999
#define CLOCK_MAX_DAYS 3660
#define CLOCK_MAX_WORKDAYS 2600
#define CLOCK_MAX_MONTHS 120

/* Read a rule from text, Chinese or English, all of it:
 *
 *   AMOUNT UNIT [by HH:MM] [no roll]     5 workdays · 15 days · 2 hours · 1 month · 1 year
 *   same day [by HH:MM]                  5 workdays by 17:30 · 15 days no roll
 *   数量+单位[内] [HH:MM前] [不顺延]     5个工作日 · 15日 · 24小时 · 1个月
 *   当日 [HH:MM前]                       当日 · 当日17:30前
 *
 * A week is 7 days, a year 12 months.  Amounts are in ASCII digits.  Days and months roll unless
 * they say not to.
 * @error: INVALID  not a rule, an amount out of range, a closing time with hours, "no roll" where
 * nothing rolls; the message quotes @text and shows how to write one.  *@ret_rule is untouched. */
bool clock_rule_parse(const char *text, ClockRule *ret_rule, GError **error);

/* Write @rule as clock_rule_parse() reads it, in @language ("zh" or "en"); the caller owns it. */
char *clock_rule_to_text(const ClockRule *rule, const char *language);

/* Return whether both are the same rule. */
bool clock_rule_is_equal(const ClockRule *a, const ClockRule *b);
