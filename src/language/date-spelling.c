#include "language/date-spelling.h"

#include <math.h>

#include "language/fold.h"
#include "language/number.h"

/* What is read is folded first, so that width and case are settled and white space stands only
 * between a date and a time in digits. */

static bool take_word(const char **at, const char *word)
{
    if (!g_str_has_prefix(*at, word)) {
        return false;
    }
    *at += strlen(word);
    return true;
}

/* Read a number in digits or in Chinese; *@ret_n_digits is how many digits a reader counts, 0 for
 * words like 三十一. */
static bool take_number(const char **at, int *ret_number, int *ret_n_digits)
{
    LanguageNumber number = {0};
    int n_digits = 0, value = 0;
    for (; n_digits < 9 && g_ascii_isdigit((*at)[n_digits]); n_digits++) {
        value = value * 10 + ((*at)[n_digits] - '0');
    }
    size_t length = (size_t)n_digits;
    if (n_digits == 0) {
        length = language_number_take(*at, &number);
        bool is_plain = number.approximation == LANGUAGE_EXACT && number.decimals == 0 &&
                        !number.is_percent && number.value <= 9999;
        if (length == 0 || !is_plain) {
            return false;
        }
        value = (int)number.value;
        n_digits = value >= 1000 ? 4 : 0;
    }
    *at += length;
    *ret_number = value;
    *ret_n_digits = n_digits;
    return true;
}

/* Read a number of at most two digits. */
static bool take_short(const char **at, int *ret_number)
{
    int n_digits = 0;
    return take_number(at, ret_number, &n_digits) && n_digits <= 2;
}

/* --- times -------------------------------------------------------------------------------- */

/* A word for a part of the day: hours below @add_below are meant 12 later, and then must lie
 * between @first and @last. */
typedef struct DayPart {
    const char *word;
    bool is_behind; /* stands behind the time */
    int add_below, first, last;
} DayPart;

static const DayPart day_parts[] = {
    {"凌晨", false, 0, 0, 6},    {"清晨", false, 0, 4, 9},    {"早上", false, 0, 4, 11},
    {"早晨", false, 0, 4, 11},   {"上午", false, 0, 5, 11},   {"中午", false, 10, 11, 14},
    {"下午", false, 12, 12, 23}, {"傍晚", false, 12, 17, 20}, {"晚上", false, 12, 17, 23},
    {"晚", false, 12, 17, 23},   {"am", true, 0, 0, 11},      {"pm", true, 12, 12, 23},
};

static const DayPart *take_day_part(const char **at, bool is_behind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(day_parts); i++) {
        if (day_parts[i].is_behind == is_behind && take_word(at, day_parts[i].word)) {
            return &day_parts[i];
        }
    }
    return NULL;
}

/* Read what follows the hour: ":30", ":30:15", "时", "时30分", "点半". */
static bool take_minutes(const char **at, int *ret_minutes, int *ret_seconds)
{
    if (take_word(at, ":")) {
        return take_short(at, ret_minutes) && (!take_word(at, ":") || take_short(at, ret_seconds));
    }
    if (!take_word(at, "时") && !take_word(at, "点")) {
        return false;
    }
    if (take_word(at, "半")) {
        *ret_minutes = 30;
    } else if (!take_word(at, "整") && take_short(at, ret_minutes) && take_word(at, "分") &&
               take_short(at, ret_seconds)) {
        return take_word(at, "秒");
    }
    return true;
}

/* Turn the hour into one of 24 by the part of the day; false where they contradict each other. */
static bool apply_day_part(const DayPart *part, int *hours)
{
    if (part == NULL) {
        return true;
    }
    if (part->is_behind && *hours == 12) {
        *hours = part->first; /* 12 AM is midnight, 12 PM noon */
    } else if (*hours < part->add_below) {
        *hours += 12;
    }
    return *hours >= part->first && *hours <= part->last;
}

/* Read a time up to the end of the text. */
static bool read_time(const char *at, int *ret_seconds)
{
    int hours = 0, minutes = 0, seconds = 0;
    const DayPart *part = take_day_part(&at, false);
    if (!take_short(&at, &hours) || !take_minutes(&at, &minutes, &seconds)) {
        return false;
    }
    take_word(&at, " ");
    if (part == NULL) {
        part = take_day_part(&at, true);
    }
    bool is_end_of_day = part == NULL && hours == 24 && minutes == 0 && seconds == 0;
    if (*at != '\0' || minutes > 59 || seconds > 59 || (hours > 23 && !is_end_of_day) ||
        !apply_day_part(part, &hours)) {
        return false;
    }
    *ret_seconds = hours * 3600 + minutes * 60 + seconds;
    return true;
}

/* --- dates -------------------------------------------------------------------------------- */

/* What a text says of the day, before anything is checked. */
typedef struct Parts {
    int year, month, day;
    int n_year_digits; /* 0: there is no year */
} Parts;

/* Read "20230506". */
static bool take_compact(const char **at, Parts *parts)
{
    int number = 0, n_digits = 0;
    const char *from = *at;
    if (!take_number(&from, &number, &n_digits) || n_digits != 8) {
        return false;
    }
    *at = from;
    *parts = (Parts){number / 10000, number / 100 % 100, number % 100, 4};
    return true;
}

/* Read what follows a year or a month: ".5.6", ". 5. 6", "年5月6日", "月6日". */
static bool take_rest(const char **at, int first, int n_digits, Parts *parts)
{
    *parts = (Parts){.year = first, .n_year_digits = MAX(n_digits, 1)};
    char separator[2] = {**at, '\0'};
    if (separator[0] != '\0' && strchr(".-/", separator[0]) != NULL) {
        (*at)++;
        (void)take_word(at, " ");
        bool has_month = take_short(at, &parts->month) && take_word(at, separator);
        (void)take_word(at, " ");
        return has_month && take_number(at, &parts->day, &n_digits);
    }
    if (take_word(at, "年")) {
        if (!take_short(at, &parts->month)) {
            return false;
        }
    } else {
        *parts = (Parts){.month = first};
    }
    return take_word(at, "月") && take_short(at, &parts->day) &&
           (take_word(at, "日") || take_word(at, "号"));
}

static bool take_date(const char **at, Parts *parts)
{
    int first = 0, n_digits = 0;
    return take_compact(at, parts) ||
           (take_number(at, &first, &n_digits) && take_rest(at, first, n_digits, parts));
}

/* Read the day of the week behind a date, "(周六)" or "星期六"; 0 where none stands there. */
static int take_weekday(const char **at)
{
    static const char *const words[] = {"星期", "礼拜", "周"};
    static const char *const days[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    const char *from = *at;
    bool is_open = take_word(&from, "("), is_named = false;
    int weekday = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(words) && !is_named; i++) {
        is_named = take_word(&from, words[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(days) && is_named && weekday == 0; i++) {
        weekday = take_word(&from, days[i]) ? MIN((int)i + 1, 7) : 0;
    }
    if (weekday == 0 || (is_open && !take_word(&from, ")"))) {
        return 0;
    }
    *at = from;
    return weekday;
}

/* Check the parts and make a date of them. */
static bool finish_date(const char *text, const Parts *parts, int default_year, Date *ret_date,
                        GError **error)
{
    bool has_year = parts->n_year_digits > 0;
    if (has_year && parts->n_year_digits != 4) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' must begin with a year of four digits, as in 2023.5.6", text);
        return false;
    }
    if (!has_year && default_year == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no year", text);
        return false;
    }
    int year = has_year ? parts->year : default_year;
    if (!date_is_valid(year, parts->month, parts->day)) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no such day as '%s'", text);
        return false;
    }
    *ret_date = date_from_ymd(year, parts->month, parts->day);
    return true;
}

bool language_date_parse(const char *text, int default_year, LanguageDate *ret_date, GError **error)
{
    g_autofree char *folded = language_fold(text);
    const char *at = folded;
    Parts parts = {0};
    LanguageDate date = {0};
    if (!take_date(&at, &parts)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a date; write 2023-05-06 or 2023年5月6日", text);
        return false;
    }
    if (!finish_date(text, &parts, default_year, &date.date, error)) {
        return false;
    }
    int weekday = take_weekday(&at);
    if (weekday != 0 && weekday != date_weekday(date.date)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' names a day of the week that this date is not",
                  text);
        return false;
    }
    date.has_time = *at != '\0';
    bool has_separator = take_word(&at, " ") || take_word(&at, "t");
    /* 2023.5.69:30: without a separator a digit belongs to the day. */
    bool is_run_on = !has_separator && g_ascii_isdigit(*at) && g_ascii_isdigit(at[-1]);
    if (date.has_time && (is_run_on || !read_time(at, &date.seconds))) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' has no time behind its date that can be read; write 9:30 or 9时30分", text);
        return false;
    }
    *ret_date = date;
    return true;
}

bool language_date_from_serial(double serial, bool is_1904, LanguageDate *ret_date, GError **error)
{
    /* The first day, and the serial number of 1970-01-01. */
    double first = is_1904 ? 0 : 1;
    int epoch = is_1904 ? 24107 : 25569;
    double last = date_from_ymd(9999, 12, 31) + epoch;
    bool is_inside = isfinite(serial) && serial >= first && serial < last + 1;
    if (!is_inside || (!is_1904 && serial >= 60 && serial < 61)) {
        g_autofree char *number = g_strdup_printf("%.15g", serial);
        error_set(error, SHUZHI_ERROR_INVALID, "the number %s is not a date of a spreadsheet",
                  number);
        return false;
    }
    int day = (int)floor(serial);
    int seconds = (int)lround((serial - day) * 86400);
    /* The 1900 system is one day ahead until its 29 February. */
    Date date = day - epoch + (!is_1904 && day < 60 ? 1 : 0);
    if (seconds == 86400 && day < last) {
        date++;
        seconds = 0;
    }
    *ret_date = (LanguageDate){.date = date, .seconds = seconds, .has_time = seconds != 0};
    return true;
}
