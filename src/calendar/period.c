#include "calendar/period.h"

static const int months_per_unit[] = {
    [PERIOD_YEAR] = 12, [PERIOD_HALF] = 6, [PERIOD_QUARTER] = 3, [PERIOD_MONTH] = 1};

/* Return the @n_months months from the first day of @month on. */
static Period months_from(int year, int month, int n_months)
{
    Date from = date_from_ymd(year, month, 1);
    return (Period){.from = from, .to = date_add_months(from, n_months) - 1};
}

/* --- reading ------------------------------------------------------------------------------ */

static bool take_word(const char **at, const char *word)
{
    if (!g_str_has_prefix(*at, word)) {
        return false;
    }
    *at += strlen(word);
    return true;
}

/* Move *@at past the first of @words that stands there; its place in @words, or -1. */
static int take_one_of(const char **at, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (take_word(at, words[i])) {
            return i;
        }
    }
    return -1;
}

/* Read a number of @min_digits to @max_digits digits and no more. */
static bool take_number(const char **at, int min_digits, int max_digits, int *ret_number)
{
    int number = 0, n_digits = 0;
    for (; n_digits < max_digits && g_ascii_isdigit((*at)[n_digits]); n_digits++) {
        number = number * 10 + ((*at)[n_digits] - '0');
    }
    if (n_digits < min_digits || g_ascii_isdigit((*at)[n_digits])) {
        return false;
    }
    *at += n_digits;
    *ret_number = number;
    return true;
}

static bool take_year(const char **at, int *ret_year)
{
    return take_number(at, 4, 4, ret_year) && *ret_year >= PERIOD_MIN_YEAR &&
           *ret_year <= PERIOD_MAX_YEAR;
}

/* Make the period of one day or one month. */
static bool make_day_or_month(int year, int month, int day, Period *ret_period)
{
    if (!date_is_valid(year, month, day == 0 ? 1 : day)) {
        return false;
    }
    if (day == 0) {
        *ret_period = months_from(year, month, 1);
    } else {
        Date date = date_from_ymd(year, month, day);
        *ret_period = (Period){.from = date, .to = date};
    }
    return true;
}

/* One side of a period; what does not stand there is 0. */
typedef struct Side {
    int year, month, day;
    int bare;     /* a number without its 月 or 日, which the other side may tell */
    int n_months; /* with first_month: a year, a half or a quarter */
    int first_month;
} Side;

/* Read the number behind one more @separator, the next part of a date; leave *@at where it is when
 * none stands there, as before "..". */
static bool take_next_part(const char **at, char separator, int *ret_number)
{
    const char *from = *at;
    if (separator == '\0' || strchr("-./", separator) == NULL || *from != separator) {
        return false;
    }
    from++;
    if (!take_number(&from, 1, 2, ret_number) || *ret_number == 0) {
        return false;
    }
    *at = from;
    return true;
}

/* Read "2023", "2023H1", "2023Q1", "2023-05", "2023.5" or "2023-05-06". */
static bool take_latin(const char **at, Side *ret_side)
{
    Side side = {0};
    int n = 0;
    if (!take_year(at, &side.year)) {
        return false;
    }
    char separator = **at;
    if (take_word(at, "H") || take_word(at, "Q")) {
        side.n_months = separator == 'H' ? 6 : 3;
        if (!take_number(at, 1, 1, &n) || n < 1 || n > 12 / side.n_months) {
            return false;
        }
        side.first_month = (n - 1) * side.n_months + 1;
    } else if (!take_next_part(at, separator, &side.month)) {
        side.first_month = 1;
        side.n_months = 12;
    } else {
        take_next_part(at, separator, &side.day);
    }
    *ret_side = side;
    return true;
}

/* Read the "5.8", "8" or, of months, "7" that ends what began with @first: 2023.5.6-5.8. */
static bool take_latin_end(const char **at, const Side *first, Side *ret_last)
{
    Side last = {.year = first->year};
    int n = 0;
    if (first->month == 0 || !take_number(at, 1, 2, &n)) {
        return false;
    }
    if (first->day == 0) {
        last.month = n;
    } else if (take_next_part(at, **at, &last.day)) {
        last.month = n;
    } else {
        last.month = first->month;
        last.day = n;
    }
    *ret_last = last;
    return n != 0;
}

static const char *const range_words[] = {"..", "至", "到", "-", "——", "—", "–", "~", "～", NULL};

static bool side_to_period(const Side *side, Period *ret_period)
{
    if (side->year == 0 || side->bare != 0) {
        return false;
    }
    if (side->n_months != 0) {
        *ret_period = months_from(side->year, side->first_month, side->n_months);
        return true;
    }
    return make_day_or_month(side->year, side->month, side->day, ret_period);
}

/* Make the period from @first to @last, of which the latter is NULL where there is one side alone.
 */
static bool sides_to_period(const Side *first, const Side *last, Period *ret_period)
{
    Period period = {0}, end = {0};
    if (!side_to_period(first, &period) || (last != NULL && !side_to_period(last, &end))) {
        return false;
    }
    period.to = last != NULL ? end.to : period.to;
    *ret_period = period;
    return true;
}

/* Read "2023Q1" or "2023-05-01..2023-06-30". */
static bool read_latin(const char *at, Period *ret_period)
{
    Side first = {0}, last = {0};
    if (!take_latin(&at, &first)) {
        return false;
    }
    bool is_range = take_one_of(&at, range_words) >= 0;
    if (is_range && !take_latin(&at, &last) && !take_latin_end(&at, &first, &last)) {
        return false;
    }
    return *at == '\0' && sides_to_period(&first, is_range ? &last : NULL, ret_period);
}

/* Read "上半年", "第一季度", "1季度" or "前三季度". */
static bool take_part_of_year(const char **at, Side *side)
{
    static const struct {
        const char *words;
        int first_month, n_months;
    } parts[] = {
        {"上半年", 1, 6},    {"下半年", 7, 6},   {"前二季度", 1, 6}, {"前两季度", 1, 6},
        {"前2季度", 1, 6},   {"前三季度", 1, 9}, {"前3季度", 1, 9},  {"一季度", 1, 3},
        {"第一季度", 1, 3},  {"1季度", 1, 3},    {"第1季度", 1, 3},  {"二季度", 4, 3},
        {"第二季度", 4, 3},  {"2季度", 4, 3},    {"第2季度", 4, 3},  {"三季度", 7, 3},
        {"第三季度", 7, 3},  {"3季度", 7, 3},    {"第3季度", 7, 3},  {"四季度", 10, 3},
        {"第四季度", 10, 3}, {"4季度", 10, 3},   {"第4季度", 10, 3},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (take_word(at, parts[i].words)) {
            side->first_month = parts[i].first_month;
            side->n_months = parts[i].n_months;
            return true;
        }
    }
    return false;
}

/* Read "5月6日", "6日" or the bare "1" of 1-6月; false for a number that cannot be one of them. */
static bool take_numbers(const char **at, Side *side)
{
    int n = 0;
    while (side->bare == 0 && take_number(at, 1, 2, &n)) {
        if (n == 0) {
            return false;
        }
        if (side->month == 0 && side->day == 0 && take_word(at, "月")) {
            take_word(at, "份");
            side->month = n;
        } else if (side->day == 0 && (take_word(at, "日") || take_word(at, "号"))) {
            side->day = n;
        } else {
            side->bare = n;
        }
    }
    return true;
}

/* Read "2023年", "2023年第一季度", "2023年5月6日", "5月6日", "6日", "2023年1" (of 2023年1-6月). */
static bool take_side(const char **at, Side *ret_side)
{
    Side side = {0};
    const char *from = *at;
    bool has_year = take_year(&from, &side.year);
    bool has_word = has_year && take_word(&from, "年");
    bool has_part = has_year && take_part_of_year(&from, &side); /* 2023上半年 too */
    if (has_word || has_part) {
        *at = from;
    } else {
        side.year = 0;
    }
    if (!has_part && !take_numbers(at, &side)) {
        return false;
    }
    if (!has_part && side.month == 0 && side.day == 0 && side.bare == 0) {
        if (side.year == 0) {
            return false;
        }
        take_word(at, "度");
        side.first_month = 1;
        side.n_months = 12;
    }
    *ret_side = side;
    return true;
}

/* Give each side what it leaves to the other to say. */
static bool link_sides(Side *first, Side *last)
{
    if (last->year == 0) {
        last->year = first->year;
    }
    if (last->month == 0 && last->day != 0) {
        last->month = first->month;
    }
    if (first->bare != 0) {
        bool is_day = last->day != 0;
        if (is_day != (first->month != 0)) {
            return false;
        }
        *(is_day ? &first->day : &first->month) = first->bare;
        first->bare = 0;
    }
    return true;
}

/* Read "2023年5月" or "2023年5月1日至6月30日". */
static bool read_chinese(const char *at, Period *ret_period)
{
    Side first = {0}, last = {0};
    if (!take_side(&at, &first)) {
        return false;
    }
    bool is_range = take_one_of(&at, range_words) >= 0;
    if (is_range && (!take_side(&at, &last) || !link_sides(&first, &last))) {
        return false;
    }
    return *at == '\0' && sides_to_period(&first, is_range ? &last : NULL, ret_period);
}

/* Return @text without white space and with ASCII capitals. */
static char *compact_dup(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!g_unichar_isspace(g_utf8_get_char(at))) {
            g_string_append_unichar(out, g_utf8_get_char(at));
        }
    }
    return g_string_free(g_string_ascii_up(out), FALSE);
}

bool period_parse(const char *text, Period *ret_period, GError **error)
{
    g_autofree char *compact = compact_dup(text);
    Period period = {0};
    if (!read_latin(compact, &period) && !read_chinese(compact, &period)) {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "'%s' is not a period; write for example '2023', '2023H1', '2023Q1', '2023-05' or "
            "'2023-05-01..2023-06-30'",
            text);
        return false;
    }
    if (period.to < period.from) {
        error_set(error, SHUZHI_ERROR_INVALID, "the period '%s' ends before it begins", text);
        return false;
    }
    *ret_period = period;
    return true;
}

/* --- writing ------------------------------------------------------------------------------ */

/* Return whether @period is exactly one year, half, quarter or month, and which. */
static bool find_unit(const Period *period, PeriodUnit *ret_unit)
{
    for (PeriodUnit unit = PERIOD_YEAR; unit <= PERIOD_MONTH; unit++) {
        Period whole = period_around(unit, period->from);
        if (period_is_equal(&whole, period)) {
            *ret_unit = unit;
            return true;
        }
    }
    return false;
}

char *period_to_text(const Period *period)
{
    PeriodUnit unit = PERIOD_YEAR;
    int year = 0, month = 0;
    date_to_ymd(period->from, &year, &month, NULL);
    if (find_unit(period, &unit)) {
        switch (unit) {
        case PERIOD_YEAR:
            return g_strdup_printf("%04d", year);
        case PERIOD_HALF:
            return g_strdup_printf("%04dH%d", year, month / 6 + 1);
        case PERIOD_QUARTER:
            return g_strdup_printf("%04dQ%d", year, month / 3 + 1);
        case PERIOD_MONTH:
            return g_strdup_printf("%04d-%02d", year, month);
        }
    }
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    date_format(period->from, from);
    if (period->from == period->to) {
        return g_strdup(from);
    }
    return g_strdup_printf("%s..%s", from, date_format(period->to, to));
}

/* Return the words for whole units: "2023年上半年". */
static char *unit_to_words(PeriodUnit unit, int year, int month, bool is_chinese)
{
    static const char *const halves[][2] = {{"上", "first"}, {"下", "second"}};
    static const char *const quarters[][2] = {
        {"一", "first"}, {"二", "second"}, {"三", "third"}, {"四", "fourth"}};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int language = is_chinese ? 0 : 1;
    switch (unit) {
    case PERIOD_YEAR:
        return g_strdup_printf(is_chinese ? "%d年" : "%d", year);
    case PERIOD_HALF: {
        const char *half = halves[month / 6][language];
        return is_chinese ? g_strdup_printf("%d年%s半年", year, half)
                          : g_strdup_printf("the %s half of %d", half, year);
    }
    case PERIOD_QUARTER: {
        const char *quarter = quarters[month / 3][language];
        return is_chinese ? g_strdup_printf("%d年第%s季度", year, quarter)
                          : g_strdup_printf("the %s quarter of %d", quarter, year);
    }
    case PERIOD_MONTH:
        return is_chinese ? g_strdup_printf("%d年%d月", year, month)
                          : g_strdup_printf("%s %d", months[month - 1], year);
    }
    g_assert_not_reached();
}

char *period_to_words(const Period *period, const char *language)
{
    bool is_chinese = g_str_has_prefix(language, "zh");
    PeriodUnit unit = PERIOD_YEAR;
    int year = 0, month = 0, day = 0, last_year = 0, last_month = 0, last_day = 0;
    date_to_ymd(period->from, &year, &month, &day);
    date_to_ymd(period->to, &last_year, &last_month, &last_day);
    if (find_unit(period, &unit)) {
        return unit_to_words(unit, year, month, is_chinese);
    }
    if (!is_chinese) {
        char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
        date_format(period->from, from);
        return period->from == period->to
                   ? g_strdup(from)
                   : g_strdup_printf("%s to %s", from, date_format(period->to, to));
    }
    if (period->from == period->to) {
        return g_strdup_printf("%d年%d月%d日", year, month, day);
    }
    if (year == last_year) {
        return g_strdup_printf("%d年%d月%d日至%d月%d日", year, month, day, last_month, last_day);
    }
    return g_strdup_printf("%d年%d月%d日至%d年%d月%d日", year, month, day, last_year, last_month,
                           last_day);
}

/* --- reckoning ---------------------------------------------------------------------------- */

Period period_around(PeriodUnit unit, Date date)
{
    int year = 0, month = 0, n_months = months_per_unit[unit];
    date_to_ymd(date, &year, &month, NULL);
    return months_from(year, (month - 1) / n_months * n_months + 1, n_months);
}

GArray *period_split(const Period *period, PeriodUnit unit)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Period));
    for (Date from = period->from; from <= period->to;) {
        Period part = {.from = from, .to = MIN(period_around(unit, from).to, period->to)};
        g_array_append_val(parts, part);
        from = part.to + 1;
    }
    return parts;
}

bool period_contains(const Period *period, Date date)
{
    return date >= period->from && date <= period->to;
}

bool period_is_equal(const Period *a, const Period *b)
{
    return a->from == b->from && a->to == b->to;
}

void period_to_us(const Period *period, int offset_seconds, int64_t *ret_from_us,
                  int64_t *ret_to_us)
{
    *ret_from_us = date_to_us(period->from, 0, offset_seconds);
    *ret_to_us = date_to_us(period->to + 1, 0, offset_seconds);
}
