#include "calendar/clock-rule.h"

/* Every spelling of every unit.  The first that fits is taken, so a longer one stands before its
 * own beginning. */
typedef struct UnitWord {
    const char *word;
    ClockUnit unit;
    int factor;
} UnitWord;

static const UnitWord unit_words[] = {
    {"workdays", CLOCK_WORKDAY, 1},
    {"workday", CLOCK_WORKDAY, 1},
    {"working days", CLOCK_WORKDAY, 1},
    {"working day", CLOCK_WORKDAY, 1},
    {"natural days", CLOCK_DAY, 1},
    {"natural day", CLOCK_DAY, 1},
    {"calendar days", CLOCK_DAY, 1},
    {"calendar day", CLOCK_DAY, 1},
    {"days", CLOCK_DAY, 1},
    {"day", CLOCK_DAY, 1},
    {"hours", CLOCK_HOUR, 1},
    {"hour", CLOCK_HOUR, 1},
    {"months", CLOCK_MONTH, 1},
    {"month", CLOCK_MONTH, 1},
    {"weeks", CLOCK_DAY, 7},
    {"week", CLOCK_DAY, 7},
    {"years", CLOCK_MONTH, 12},
    {"year", CLOCK_MONTH, 12},
    {"个工作日", CLOCK_WORKDAY, 1},
    {"工作日", CLOCK_WORKDAY, 1},
    {"个自然日", CLOCK_DAY, 1},
    {"自然日", CLOCK_DAY, 1},
    {"日", CLOCK_DAY, 1},
    {"天", CLOCK_DAY, 1},
    {"个小时", CLOCK_HOUR, 1},
    {"小时", CLOCK_HOUR, 1},
    {"个月", CLOCK_MONTH, 1},
    {"个星期", CLOCK_DAY, 7},
    {"周", CLOCK_DAY, 7},
    {"年", CLOCK_MONTH, 12},
};

static const char *const same_day_words[] = {"same day", "当日", "当天"};

static const struct {
    int max;
    const char *english, *english_one, *chinese;
} units[] = {
    [CLOCK_HOUR] = {CLOCK_MAX_HOURS, "hours", "hour", "小时"},
    [CLOCK_DAY] = {CLOCK_MAX_DAYS, "days", "day", "日"},
    [CLOCK_WORKDAY] = {CLOCK_MAX_WORKDAYS, "workdays", "workday", "个工作日"},
    [CLOCK_MONTH] = {CLOCK_MAX_MONTHS, "months", "month", "个月"},
};

static void skip_spaces(const char **at)
{
    while (g_ascii_isspace(**at)) {
        (*at)++;
    }
}

/* Move *@at past spaces and @word; false, *@at untouched, if something else stands there. */
static bool take_word(const char **at, const char *word)
{
    const char *from = *at;
    skip_spaces(&from);
    if (!g_str_has_prefix(from, word)) {
        return false;
    }
    *at = from + strlen(word);
    return true;
}

/* Read a number of one to @max_digits digits after spaces. */
static bool take_number(const char **at, int max_digits, int *ret_number)
{
    const char *from = *at;
    skip_spaces(&from);
    int number = 0, n_digits = 0;
    for (; n_digits < max_digits && g_ascii_isdigit(*from); n_digits++) {
        number = number * 10 + (*from++ - '0');
    }
    if (n_digits == 0 || g_ascii_isdigit(*from)) {
        return false;
    }
    *at = from;
    *ret_number = number;
    return true;
}

static bool take_amount(const char **at, ClockRule *rule)
{
    for (size_t i = 0; i < G_N_ELEMENTS(same_day_words); i++) {
        if (take_word(at, same_day_words[i])) {
            *rule = (ClockRule){.unit = CLOCK_DAY};
            return true;
        }
    }
    int number = 0;
    if (!take_number(at, 5, &number) || number == 0) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(unit_words); i++) {
        const UnitWord *word = &unit_words[i];
        if (take_word(at, word->word)) {
            bool is_rolling = word->unit == CLOCK_DAY || word->unit == CLOCK_MONTH;
            *rule = (ClockRule){
                .unit = word->unit, .amount = number * word->factor, .is_rolling = is_rolling};
            return true;
        }
    }
    return false;
}

/* Read "by 17:30" or "17:30前"; it stays 0 where neither stands. */
static bool take_closing(const char **at, ClockRule *rule)
{
    bool is_english = take_word(at, "by");
    const char *from = *at;
    int hours = 0, minutes = 0;
    if (!take_number(&from, 2, &hours) || *from != ':') {
        return !is_english;
    }
    from++;
    if (!take_number(&from, 2, &minutes) || minutes > 59 ||
        (!is_english && !take_word(&from, "前"))) {
        return false;
    }
    *at = from;
    rule->closing_minutes = hours * 60 + minutes;
    return rule->closing_minutes >= 1 && rule->closing_minutes <= CLOCK_MINUTES_PER_DAY;
}

static bool take_rule(const char **at, ClockRule *rule)
{
    if (!take_amount(at, rule)) {
        return false;
    }
    if (rule->amount > 0 && !take_word(at, "以内")) {
        take_word(at, "内");
    }
    if (!take_closing(at, rule)) {
        return false;
    }
    if (rule->is_rolling && (take_word(at, "no roll") || take_word(at, "不顺延"))) {
        rule->is_rolling = false;
    }
    skip_spaces(at);
    return **at == '\0';
}

bool clock_rule_parse(const char *text, ClockRule *ret_rule, GError **error)
{
    const char *at = text;
    ClockRule rule = {0};
    if (!take_rule(&at, &rule) || (rule.unit == CLOCK_HOUR && rule.closing_minutes != 0)) {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "'%s' is not a time limit; write for example '5 workdays', '15 days', '24 hours', "
            "'1 month', 'same day' or '5 workdays by 17:30'",
            text);
        return false;
    }
    if (rule.amount > units[rule.unit].max) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is too long a time limit; the most is %d hours, %d days, %d workdays or %d "
                  "months",
                  text, CLOCK_MAX_HOURS, CLOCK_MAX_DAYS, CLOCK_MAX_WORKDAYS, CLOCK_MAX_MONTHS);
        return false;
    }
    if (rule.closing_minutes == 0) {
        rule.closing_minutes = CLOCK_MINUTES_PER_DAY;
    }
    *ret_rule = rule;
    return true;
}

char *clock_rule_to_text(const ClockRule *rule, const char *language)
{
    bool is_chinese = g_str_has_prefix(language, "zh");
    GString *out = g_string_new(NULL);
    bool is_years = rule->unit == CLOCK_MONTH && rule->amount % 12 == 0;
    int amount = is_years ? rule->amount / 12 : rule->amount;
    if (amount == 0) {
        g_string_append(out, is_chinese ? "当日" : "same day");
    } else if (is_chinese) {
        g_string_append_printf(out, "%d%s", amount, is_years ? "年" : units[rule->unit].chinese);
    } else {
        const char *many = is_years ? "years" : units[rule->unit].english;
        const char *one = is_years ? "year" : units[rule->unit].english_one;
        g_string_append_printf(out, "%d %s", amount, amount == 1 ? one : many);
    }
    if (rule->closing_minutes != CLOCK_MINUTES_PER_DAY) {
        g_string_append_printf(out, is_chinese ? "%02d:%02d前" : " by %02d:%02d",
                               rule->closing_minutes / 60, rule->closing_minutes % 60);
    }
    bool can_roll = amount > 0 && (rule->unit == CLOCK_DAY || rule->unit == CLOCK_MONTH);
    if (can_roll && !rule->is_rolling) {
        g_string_append(out, is_chinese ? " 不顺延" : " no roll");
    }
    return g_string_free(out, FALSE);
}

bool clock_rule_is_equal(const ClockRule *a, const ClockRule *b)
{
    return a->unit == b->unit && a->amount == b->amount &&
           a->closing_minutes == b->closing_minutes && a->is_rolling == b->is_rolling;
}
