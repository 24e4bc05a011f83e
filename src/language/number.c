#include "language/number.h"

#include "base/text.h"

/* --- characters --------------------------------------------------------------------------- */

typedef enum NumeralKind {
    NUMERAL_NONE,
    NUMERAL_ARABIC,
    NUMERAL_DIGIT,
    NUMERAL_TENS,  /* 廿 卅 */
    NUMERAL_SMALL, /* 十 百 千: units within ten thousand */
    NUMERAL_BIG,   /* 万 亿 */
} NumeralKind;

typedef struct Numeral {
    gunichar character;
    NumeralKind kind;
    int64_t value;
    bool is_formal; /* of banknotes; alone it is a part of another word: 队伍, 收拾 */
} Numeral;

static const Numeral numerals[] = {
    {0x3007 /* 〇 */, NUMERAL_DIGIT, 0},       {0x96f6 /* 零 */, NUMERAL_DIGIT, 0},
    {0x25cb /* ○ */, NUMERAL_DIGIT, 0},        {0x4e00 /* 一 */, NUMERAL_DIGIT, 1},
    {0x58f9 /* 壹 */, NUMERAL_DIGIT, 1, true}, {0x4e8c /* 二 */, NUMERAL_DIGIT, 2},
    {0x8d30 /* 贰 */, NUMERAL_DIGIT, 2, true}, {0x4e24 /* 两 */, NUMERAL_DIGIT, 2},
    {0x4e09 /* 三 */, NUMERAL_DIGIT, 3},       {0x53c1 /* 叁 */, NUMERAL_DIGIT, 3, true},
    {0x56db /* 四 */, NUMERAL_DIGIT, 4},       {0x8086 /* 肆 */, NUMERAL_DIGIT, 4, true},
    {0x4e94 /* 五 */, NUMERAL_DIGIT, 5},       {0x4f0d /* 伍 */, NUMERAL_DIGIT, 5, true},
    {0x516d /* 六 */, NUMERAL_DIGIT, 6},       {0x9646 /* 陆 */, NUMERAL_DIGIT, 6, true},
    {0x4e03 /* 七 */, NUMERAL_DIGIT, 7},       {0x67d2 /* 柒 */, NUMERAL_DIGIT, 7, true},
    {0x516b /* 八 */, NUMERAL_DIGIT, 8},       {0x634c /* 捌 */, NUMERAL_DIGIT, 8, true},
    {0x4e5d /* 九 */, NUMERAL_DIGIT, 9},       {0x7396 /* 玖 */, NUMERAL_DIGIT, 9, true},
    {0x5eff /* 廿 */, NUMERAL_TENS, 20},       {0x5345 /* 卅 */, NUMERAL_TENS, 30},
    {0x5341 /* 十 */, NUMERAL_SMALL, 10},      {0x62fe /* 拾 */, NUMERAL_SMALL, 10, true},
    {0x767e /* 百 */, NUMERAL_SMALL, 100},     {0x4f70 /* 佰 */, NUMERAL_SMALL, 100, true},
    {0x5343 /* 千 */, NUMERAL_SMALL, 1000},    {0x4edf /* 仟 */, NUMERAL_SMALL, 1000, true},
    {0x4e07 /* 万 */, NUMERAL_BIG, 10000},     {0x842c /* 萬 */, NUMERAL_BIG, 10000},
    {0x4ebf /* 亿 */, NUMERAL_BIG, 100000000}, {0x5104 /* 億 */, NUMERAL_BIG, 100000000},
};

/* Return the character at @at as a numeral; kind NONE if it is none. */
static Numeral look(const char *at)
{
    gunichar c = g_utf8_get_char(at);
    if (c >= '0' && c <= '9') {
        return (Numeral){c, NUMERAL_ARABIC, c - '0'};
    }
    if (c >= 0xff10 && c <= 0xff19) {
        return (Numeral){c, NUMERAL_ARABIC, c - 0xff10};
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numerals); i++) {
        if (numerals[i].character == c) {
            return numerals[i];
        }
    }
    return (Numeral){.character = c};
}

static bool take_word(const char **at, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (g_str_has_prefix(*at, *words)) {
            *at += strlen(*words);
            return true;
        }
    }
    return false;
}

/* --- reading ------------------------------------------------------------------------------ */

/* A number being read.  Its value is total + section + pending, all scaled by 10^decimals. */
typedef struct Reading {
    const char *at;
    int64_t total;   /* closed by 万 or 亿 */
    int64_t section; /* closed by 十, 百 or 千; below ten thousand unless read in Arabic digits */
    int64_t pending; /* digits without a unit yet; -1 none */
    int decimals;
    int64_t last_small; /* the last unit in the section; 10000 none */
    int64_t last_unit;  /* what a single digit after it may be short for; 0 none */
    bool has_ten_thousand, has_hundred_million;
    bool is_positional; /* 二〇二三: no unit may follow */
    bool is_more;       /* 余 was read */
} Reading;

static bool is_start(const Reading *reading)
{
    return reading->total == 0 && reading->section == 0 && reading->pending < 0;
}

/* Append @digit to *@number; false past the limit. */
static bool push_digit(int64_t *number, int64_t digit)
{
    if (*number > (LANGUAGE_MAX_NUMBER - digit) / 10) {
        return false;
    }
    *number = *number * 10 + digit;
    return true;
}

/* Read Arabic digits to the first other character; their count, or -1 past the limit. */
static int take_digits(Reading *reading, NumeralKind kind)
{
    int n_digits = 0;
    for (; look(reading->at).kind == kind; n_digits++) {
        if (!push_digit(&reading->pending, look(reading->at).value)) {
            return -1;
        }
        reading->at = g_utf8_next_char(reading->at);
    }
    return n_digits;
}

/* Return whether a comma at @at parts thousands: exactly three digits follow it. */
static bool is_thousands_comma(const char *at)
{
    if (*at != ',') {
        return false;
    }
    Reading ahead = {.at = at + 1};
    return take_digits(&ahead, NUMERAL_ARABIC) == 3;
}

/* Read the digits of @kind after a point. */
static bool take_fraction(Reading *reading, NumeralKind kind)
{
    reading->decimals = take_digits(reading, kind);
    return reading->decimals > 0 && reading->decimals <= LANGUAGE_MAX_DECIMALS;
}

/* Read "1234", "1,234" or "3.5". */
static bool take_arabic(Reading *reading)
{
    static const char *const points[] = {".", "．", NULL};
    if (reading->pending >= 0 || reading->decimals > 0) {
        return false;
    }
    bool is_first = is_start(reading);
    reading->pending = 0;
    int n_digits = take_digits(reading, NUMERAL_ARABIC);
    while (n_digits > 0 && n_digits <= 3 && is_thousands_comma(reading->at)) {
        reading->at++;
        n_digits = take_digits(reading, NUMERAL_ARABIC);
    }
    const char *from = reading->at;
    if (n_digits > 0 && is_first && take_word(&from, points) && look(from).kind == NUMERAL_ARABIC) {
        reading->at = from;
        /* 2023.5.6 is a date */
        return take_fraction(reading, NUMERAL_ARABIC) && *reading->at != '.';
    }
    reading->last_unit = n_digits == 1 ? reading->last_unit : 0;
    return n_digits > 0;
}

/* Return the number of Chinese digits at @at, and whether 零 is among them. */
static int count_chinese_digits(const char *at, bool *ret_has_zero)
{
    int n_digits = 0;
    *ret_has_zero = false;
    for (; look(at).kind == NUMERAL_DIGIT; at = g_utf8_next_char(at), n_digits++) {
        *ret_has_zero = *ret_has_zero || look(at).value == 0;
    }
    return n_digits;
}

/* Read "点六" after Chinese numerals.  A unit after its digits shows that the point is no decimal
 * one but o'clock (九点三十分), and it is left unread. */
static bool take_chinese_point(Reading *reading)
{
    static const char *const points[] = {"点", NULL};
    const char *from = reading->at;
    bool has_zero = false;
    if (reading->total != 0 || reading->decimals > 0 || !take_word(&from, points)) {
        return true;
    }
    int n_digits = count_chinese_digits(from, &has_zero);
    const char *after = g_utf8_offset_to_pointer(from, n_digits);
    if (n_digits == 0 || look(after).kind == NUMERAL_SMALL || g_str_has_prefix(after, "分")) {
        return true;
    }
    reading->pending = reading->section + MAX(reading->pending, 0);
    reading->section = 0;
    reading->last_unit = 0;
    reading->at = from;
    return take_fraction(reading, NUMERAL_DIGIT);
}

/* Read Chinese digits: one before a unit or at the end, or a positional number as a whole. */
static bool take_chinese(Reading *reading)
{
    bool has_zero = false;
    if (reading->pending >= 0 || reading->decimals > 0) {
        return false;
    }
    int n_digits = count_chinese_digits(reading->at, &has_zero);
    bool is_after_unit = !is_start(reading);
    if (is_after_unit && look(reading->at).value == 0) {
        /* 一百零二: the zero only says that no unit is left out. */
        reading->at = g_utf8_next_char(reading->at);
        reading->last_unit = 0;
        return n_digits == 2 && take_chinese(reading);
    }
    /* 七八 is "seven or eight", not 78. */
    if (n_digits > 1 && (is_after_unit || (n_digits == 2 && !has_zero))) {
        return false;
    }
    reading->is_positional = n_digits > 1;
    reading->pending = 0;
    return take_digits(reading, NUMERAL_DIGIT) > 0;
}

/* Read 十, 百 or 千 and close the pending digits with it. */
static bool take_small_unit(Reading *reading, int64_t unit)
{
    static const char *const more[] = {"余", "多", NULL};
    const char *after = g_utf8_next_char(reading->at);
    const char *ahead = after;
    int64_t count = reading->pending;
    if (count < 0 && (unit == 10 || (is_start(reading) && take_word(&ahead, more)))) {
        count = 1; /* 十二, 一百十五, 百余; but not 百姓 */
    }
    if (count <= 0 || unit >= reading->last_small || count > LANGUAGE_MAX_NUMBER / unit) {
        return false;
    }
    reading->section += count * unit;
    reading->pending = -1;
    reading->last_small = reading->last_unit = unit;
    reading->at = after;
    return true;
}

/* Read 廿 or 卅. */
static bool take_tens(Reading *reading, int64_t value)
{
    if (reading->pending >= 0 || reading->decimals > 0 || reading->last_small <= 10) {
        return false;
    }
    reading->section += value;
    reading->last_small = 10;
    reading->at = g_utf8_next_char(reading->at);
    return true;
}

/* Add what is pending to the section.  A single digit after 百, 千, 万 or 亿 is short for that many
 * of the next smaller unit: 一百二 is 120, 三万五 35,000. */
static void close_pending(Reading *reading)
{
    if (reading->pending >= 0) {
        bool is_short = reading->last_unit >= 100 && reading->pending <= 9;
        reading->section += reading->pending * (is_short ? reading->last_unit / 10 : 1);
        reading->pending = -1;
    }
}

/* Read 万 or 亿 and close the section, or with 亿 all before it. */
static bool take_big_unit(Reading *reading, int64_t unit)
{
    static const char *const more[] = {"余", "多", NULL};
    const char *after = g_utf8_next_char(reading->at);
    const char *ahead = after;
    if (is_start(reading) && !reading->is_more && take_word(&ahead, more)) {
        reading->pending = 1; /* 万余 */
    }
    bool is_ten_thousand = unit == 10000;
    close_pending(reading);
    int64_t count = reading->section + (is_ten_thousand ? 0 : reading->total);
    if (count == 0 ||
        (is_ten_thousand ? reading->has_ten_thousand : reading->has_hundred_million) ||
        count > LANGUAGE_MAX_NUMBER / unit) {
        return false;
    }
    reading->total = count * unit + (is_ten_thousand ? reading->total : 0);
    reading->section = 0;
    reading->last_small = 10000;
    reading->last_unit = unit;
    reading->has_ten_thousand = is_ten_thousand;
    reading->has_hundred_million = reading->has_hundred_million || !is_ten_thousand;
    reading->at = after;
    return reading->total <= LANGUAGE_MAX_NUMBER;
}

/* Read the next part of the number, whatever it is; false where it cannot stand there. */
static bool take_part(Reading *reading, Numeral next)
{
    bool is_big = next.kind == NUMERAL_BIG;
    if ((reading->is_more && !is_big) || (reading->is_positional && next.kind != NUMERAL_NONE)) {
        return false;
    }
    switch (next.kind) {
    case NUMERAL_ARABIC:
        return take_arabic(reading);
    case NUMERAL_DIGIT:
        return take_chinese(reading) && take_chinese_point(reading);
    case NUMERAL_TENS:
        return take_tens(reading, next.value);
    case NUMERAL_SMALL:
        return take_small_unit(reading, next.value) && take_chinese_point(reading);
    case NUMERAL_BIG:
        return take_big_unit(reading, next.value);
    case NUMERAL_NONE:
        break;
    }
    return false;
}

/* Read 余 after a round number: nobody writes 84余. */
static bool take_more(Reading *reading)
{
    static const char *const more[] = {"余", "多", "几", NULL};
    int64_t value = reading->total + reading->section + MAX(reading->pending, 0);
    if (is_start(reading) || reading->is_more || value % 10 != 0 ||
        !take_word(&reading->at, more)) {
        return false;
    }
    reading->is_more = true;
    return true;
}

/* Read the number itself with an inner 余, without percent and words around it. */
static bool take_plain(const char **at, LanguageNumber *ret_number)
{
    Reading reading = {.at = *at, .pending = -1, .last_small = 10000};
    for (Numeral next; (next = look(reading.at)).kind != NUMERAL_NONE || take_more(&reading);) {
        if (next.kind != NUMERAL_NONE && !take_part(&reading, next)) {
            return false;
        }
    }
    bool is_one_formal = look(*at).is_formal && g_utf8_next_char(*at) == reading.at;
    if (is_start(&reading) || is_one_formal) {
        return false;
    }
    close_pending(&reading);
    int64_t value = reading.total + reading.section;
    for (; reading.decimals > 0 && reading.last_unit != 0 && value % 10 == 0; reading.decimals--) {
        value /= 10; /* 3.5万 has no decimals left */
    }
    *ret_number = (LanguageNumber){
        .value = value,
        .decimals = reading.decimals,
        .approximation = reading.is_more ? LANGUAGE_ABOVE : LANGUAGE_EXACT,
    };
    *at = reading.at;
    return value <= LANGUAGE_MAX_NUMBER;
}

/* --- the words around it ------------------------------------------------------------------ */

static const char *const above_before[] = {"超过", "超", "逾", NULL};
static const char *const below_before[] = {"将近", "接近", "近", "不足", "不到", NULL};
static const char *const around_before[] = {"大约", "约", NULL};
static const char *const above_after[] = {"以上", NULL};
static const char *const below_after[] = {"以下", NULL};
static const char *const around_after[] = {"左右", "上下", NULL};

static LanguageApproximation take_approximation(const char **at, const char *const *above,
                                                const char *const *below, const char *const *around)
{
    if (take_word(at, above)) {
        return LANGUAGE_ABOVE;
    }
    if (take_word(at, below)) {
        return LANGUAGE_BELOW;
    }
    return take_word(at, around) ? LANGUAGE_AROUND : LANGUAGE_EXACT;
}

/* Return what two words say together: the one that says something, AROUND where they differ. */
static LanguageApproximation combine(LanguageApproximation a, LanguageApproximation b)
{
    if (a == LANGUAGE_EXACT || a == b) {
        return b;
    }
    return b == LANGUAGE_EXACT ? a : LANGUAGE_AROUND;
}

size_t language_number_take(const char *text, LanguageNumber *ret_number)
{
    static const char *const percent_before[] = {"百分之", NULL};
    static const char *const percent_after[] = {"%", "％", NULL};
    static const char *const hundred[] = {"百", NULL};
    LanguageNumber number = {0};
    const char *at = text;
    LanguageApproximation before =
        take_approximation(&at, above_before, below_before, around_before);
    bool is_percent = take_word(&at, percent_before);
    if (is_percent && take_word(&at, hundred)) {
        number.value = 100;
    } else if (!take_plain(&at, &number)) {
        return 0;
    }
    number.is_percent = is_percent || take_word(&at, percent_after);
    LanguageApproximation after = take_approximation(&at, above_after, below_after, around_after);
    number.approximation = combine(combine(before, number.approximation), after);
    *ret_number = number;
    return (size_t)(at - text);
}

size_t language_number_run(const char *text)
{
    const char *at = text;
    while (look(at).kind != NUMERAL_NONE) {
        at = g_utf8_next_char(at);
    }
    return (size_t)(at - text);
}

bool language_number_parse(const char *text, LanguageNumber *ret_number, GError **error)
{
    g_autofree char *stripped = text_strip_dup(text);
    LanguageNumber number = {0};
    size_t length = language_number_take(stripped, &number);
    if (length == 0 || stripped[length] != '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a number", text);
        return false;
    }
    *ret_number = number;
    return true;
}

/* --- writing ------------------------------------------------------------------------------ */

static const char *const digit_words[] = {"零", "一", "二", "三", "四",
                                          "五", "六", "七", "八", "九"};

/* Append @number, 1 to 9999; a tens digit of 1 is written 一十 unless nothing stands before it. */
static void append_section(GString *out, int64_t number)
{
    static const struct {
        int64_t unit;
        const char *word;
    } units[] = {{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}};
    bool is_first = out->len == 0 || g_str_has_suffix(out->str, "负");
    bool has_digit = false, has_gap = false;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        int64_t digit = number / units[i].unit % 10;
        if (digit == 0) {
            has_gap = has_digit;
            continue;
        }
        if (has_gap) {
            g_string_append(out, "零");
        }
        if (digit != 1 || units[i].unit != 10 || has_digit || !is_first) {
            g_string_append(out, digit_words[digit]);
        }
        g_string_append(out, units[i].word);
        has_digit = true;
        has_gap = false;
    }
}

/* Append @number, at least 1, section by section of ten thousand. */
static void append_number(GString *out, int64_t number)
{
    static const struct {
        int64_t unit;
        const char *word;
    } units[] = {{INT64_C(1000000000000), "万"}, {100000000, "亿"}, {10000, "万"}, {1, ""}};
    bool has_section = false, has_gap = false;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        int64_t section = number / units[i].unit % 10000;
        bool is_hundred_million = units[i].unit == 100000000;
        if (section > 0) {
            if (has_section && (has_gap || section < 1000)) {
                g_string_append(out, "零");
            }
            append_section(out, section);
            has_section = true;
        }
        has_gap = section == 0 && has_section;
        if (section > 0 || (is_hundred_million && has_section)) {
            g_string_append(out, units[i].word);
        }
    }
}

char *language_number_to_chinese(int64_t number)
{
    g_assert(number >= -LANGUAGE_MAX_NUMBER && number <= LANGUAGE_MAX_NUMBER);
    GString *out = g_string_new(number < 0 ? "负" : NULL);
    if (number == 0) {
        g_string_append(out, digit_words[0]);
    } else {
        append_number(out, ABS(number));
    }
    return g_string_free(out, FALSE);
}
