#include "base/date.h"

#include <stdio.h>

bool date_is_valid(int year, int month, int day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= date_days_in_month(year, month);
}

/* Days from civil and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013). */
Date date_from_ymd(int year, int month, int day)
{
    g_assert(date_is_valid(year, month, day));
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_to_ymd(Date date, int *ret_year, int *ret_month, int *ret_day)
{
    int z = date + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    if (ret_year != NULL) {
        *ret_year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    }
    if (ret_month != NULL) {
        *ret_month = month;
    }
    if (ret_day != NULL) {
        *ret_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    }
}

int date_year(Date date)
{
    int year = 0;
    date_to_ymd(date, &year, NULL, NULL);
    return year;
}

int date_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

int date_weekday(Date date)
{
    int from_thursday = (date % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    return (from_thursday + 3) % 7 + 1;
}

Date date_add_months(Date date, int n_months)
{
    int year = 0, month = 0, day = 0;
    date_to_ymd(date, &year, &month, &day);
    int months = year * 12 + month - 1 + n_months;
    year = months / 12;
    month = months % 12 + 1;
    int last = date_days_in_month(year, month);
    return date_from_ymd(year, month, MIN(day, last));
}

/* Read exactly @n_digits decimal digits at *@at and move it past them. */
static bool take_digits(const char **at, int n_digits, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < n_digits; i++) {
        if (!g_ascii_isdigit((*at)[i])) {
            return false;
        }
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += n_digits;
    *ret_value = value;
    return true;
}

static bool take_char(const char **at, char wanted)
{
    if (**at != wanted) {
        return false;
    }
    (*at)++;
    return true;
}

static bool take_date(const char **at, Date *ret_date)
{
    int year = 0, month = 0, day = 0;
    if (!take_digits(at, 4, &year) || !take_char(at, '-') || !take_digits(at, 2, &month) ||
        !take_char(at, '-') || !take_digits(at, 2, &day) || !date_is_valid(year, month, day)) {
        return false;
    }
    *ret_date = date_from_ymd(year, month, day);
    return true;
}

bool date_parse(const char *text, Date *ret_date)
{
    Date date = 0;
    if (!take_date(&text, &date) || *text != '\0') {
        return false;
    }
    *ret_date = date;
    return true;
}

/* Write @value, from 0 to 99, as two digits; returns what is behind them.  Dates are written for
 * every row of a list: printf would take a tenth of the page's time. */
static char *put_two(char *at, int value)
{
    at[0] = (char)('0' + value / 10 % 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

char *date_format(Date date, char *buffer)
{
    int year = 0, month = 0, day = 0;
    date_to_ymd(date, &year, &month, &day);
    if (year < 0 || year > 9999) { /* of a table that was tampered with */
        g_snprintf(buffer, DATE_TEXT_SIZE, "%04d-%02d-%02d", year, month, day);
        return buffer;
    }
    char *at = put_two(put_two(buffer, year / 100), year);
    *at++ = '-';
    at = put_two(at, month);
    *at++ = '-';
    *put_two(at, day) = '\0';
    return buffer;
}

int64_t date_to_us(Date date, int64_t seconds, int offset_seconds)
{
    return ((int64_t)date * 86400 + seconds - offset_seconds) * DATE_US_PER_SECOND;
}

Date date_from_us(int64_t us, int offset_seconds)
{
    int64_t local = us + (int64_t)offset_seconds * DATE_US_PER_SECOND;
    int64_t day = local / DATE_US_PER_DAY;
    return (Date)(local % DATE_US_PER_DAY < 0 ? day - 1 : day);
}

/* Read ".ffffff", one digit or more, as microseconds. */
static bool take_fraction(const char **at, int64_t *ret_us)
{
    int64_t us = 0;
    int n_digits = 0;
    for (; g_ascii_isdigit(**at); (*at)++, n_digits++) {
        if (n_digits < 6) {
            us = us * 10 + (**at - '0');
        }
    }
    if (n_digits == 0) {
        return false;
    }
    for (int i = n_digits; i < 6; i++) {
        us *= 10;
    }
    *ret_us = us;
    return true;
}

static bool take_zone(const char **at, int *offset_seconds)
{
    if (take_char(at, 'Z')) {
        *offset_seconds = 0;
        return true;
    }
    if (**at != '+' && **at != '-') {
        return true;
    }
    int sign = *(*at)++ == '-' ? -1 : 1;
    int hours = 0, minutes = 0;
    if (!take_digits(at, 2, &hours) || !take_char(at, ':') || !take_digits(at, 2, &minutes) ||
        hours > 14 || minutes > 59) {
        return false;
    }
    *offset_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool date_parse_time(const char *text, int offset_seconds, int64_t *ret_us)
{
    Date date = 0;
    if (!take_date(&text, &date)) {
        return false;
    }
    int hours = 0, minutes = 0, seconds = 0;
    int64_t fraction_us = 0;
    int zone = offset_seconds;
    if (*text != '\0') {
        if (!take_char(&text, 'T') && !take_char(&text, ' ')) {
            return false;
        }
        if (!take_digits(&text, 2, &hours) || !take_char(&text, ':') ||
            !take_digits(&text, 2, &minutes)) {
            return false;
        }
        if (take_char(&text, ':')) {
            if (!take_digits(&text, 2, &seconds) ||
                (take_char(&text, '.') && !take_fraction(&text, &fraction_us))) {
                return false;
            }
        }
        bool is_end_of_day = hours == 24 && minutes == 0 && seconds == 0 && fraction_us == 0;
        if ((hours > 23 && !is_end_of_day) || minutes > 59 || seconds > 59 ||
            !take_zone(&text, &zone)) {
            return false;
        }
    }
    if (*text != '\0') {
        return false;
    }
    int64_t us = date_to_us(date, hours * 3600 + minutes * 60 + seconds, zone) + fraction_us;
    int year = date_year(date_from_us(us, offset_seconds));
    if (year < 1 || year > 9999) {
        return false;
    }
    *ret_us = us;
    return true;
}

char *date_format_time(int64_t us, int offset_seconds, char *buffer)
{
    Date date = date_from_us(us, offset_seconds);
    int64_t rest = us - date_to_us(date, 0, offset_seconds);
    int seconds = (int)(rest / DATE_US_PER_SECOND);
    date_format(date, buffer);
    char *at = buffer + strlen(buffer);
    *at++ = 'T';
    at = put_two(at, seconds / 3600);
    *at++ = ':';
    at = put_two(at, seconds / 60 % 60);
    *at++ = ':';
    at = put_two(at, seconds % 60);
    if (offset_seconds == 0) {
        *at++ = 'Z';
    } else {
        int magnitude = ABS(offset_seconds);
        *at++ = offset_seconds < 0 ? '-' : '+';
        at = put_two(at, magnitude / 3600);
        *at++ = ':';
        at = put_two(at, magnitude / 60 % 60);
    }
    *at = '\0';
    return buffer;
}
