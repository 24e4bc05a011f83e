#include "language/wording.h"

#include <inttypes.h>

#include "base/text.h"

/* --- counts ------------------------------------------------------------------------------- */

/* Return the step from one round number of the size of @n to the next. */
static int64_t step_of(int64_t n)
{
    g_assert(n >= 0 && n <= LANGUAGE_MAX_NUMBER);
    int64_t step = n < 10 ? 1 : 10;
    while (n / step >= 100) {
        step *= 10;
    }
    return step;
}

int64_t language_round_down(int64_t n)
{
    return n - n % step_of(n);
}

int64_t language_round_up(int64_t n)
{
    int64_t rest = n % step_of(n);
    return rest == 0 ? n : n - rest + step_of(n);
}

char *language_word_count(int64_t n, const char *unit, LanguageWording wording)
{
    int64_t below = language_round_down(n);
    int64_t above = language_round_up(n);
    bool is_near = n < above && n >= above - above / 20; /* within 5 % */
    switch (wording) {
    case LANGUAGE_WORDING_OVER:
        return g_strdup_printf("%" PRId64 "%s%s", below, below < n ? "余" : "", unit);
    case LANGUAGE_WORDING_EXCEEDS:
        return g_strdup_printf("%s%" PRId64 "%s", below < n ? "超过" : "", below, unit);
    case LANGUAGE_WORDING_NEARLY:
        return g_strdup_printf("%s%" PRId64 "%s", is_near ? "近" : "", is_near ? above : n, unit);
    case LANGUAGE_WORDING_EXACT:
        break;
    }
    return g_strdup_printf("%" PRId64 "%s", n, unit);
}

/* --- ratios ------------------------------------------------------------------------------- */

/* Write @scaled percent with @decimals places, without zeros at the end: "97.6". */
static char *percent_digits(int64_t scaled, int decimals)
{
    while (decimals > 0 && scaled % 10 == 0) {
        scaled /= 10;
        decimals--;
    }
    return text_format_decimal(scaled, decimals);
}

/* Write @digits, "97.6", in Chinese: "九十七点六"; 100 is 百. */
static char *percent_chinese(const char *digits)
{
    g_auto(GStrv) parts = g_strsplit(digits, ".", 2);
    int64_t whole = g_ascii_strtoll(parts[0], NULL, 10);
    g_autofree char *words = language_number_to_chinese(whole);
    GString *out = g_string_new(whole == 100 ? "百" : words);
    if (parts[1] != NULL) {
        g_string_append(out, "点");
        for (const char *at = parts[1]; *at != '\0'; at++) {
            g_autofree char *digit = language_number_to_chinese(*at - '0');
            g_string_append(out, digit);
        }
    }
    return g_string_free(out, FALSE);
}

char *language_word_ratio(int64_t counted, int64_t total, int decimals,
                          LanguageRatioWording wording)
{
    g_assert(decimals >= 0 && decimals <= LANGUAGE_MAX_RATIO_DECIMALS);
    g_assert(counted >= 0 && counted <= total && total <= LANGUAGE_MAX_NUMBER / 1000);
    if (total == 0) {
        return NULL;
    }
    int64_t all = 100;
    for (int i = 0; i < decimals; i++) {
        all *= 10;
    }
    int64_t scaled = (counted * all * 2 + total) / (total * 2);
    if (counted < total && scaled == all) {
        scaled = all - 1;
    }
    bool is_less = counted > 0 && scaled == 0;
    g_autofree char *digits = percent_digits(is_less ? 1 : scaled, decimals);
    const char *less = is_less ? "不足" : "";
    if (wording == LANGUAGE_RATIO_DIGITS) {
        return g_strdup_printf("%s%s%%", less, digits);
    }
    g_autofree char *words = percent_chinese(digits);
    return g_strdup_printf("%s百分之%s", less, words);
}

/* --- claims ------------------------------------------------------------------------------- */

char *language_word_all(int64_t counted, int64_t total, const char *unit, const char *word)
{
    g_assert(counted >= 0 && counted <= total);
    if (total == 0) {
        return NULL;
    }
    if (counted == total) {
        return g_strdup_printf("%" PRId64 "%s%s", total, unit, word);
    }
    return g_strdup_printf("%" PRId64 "%s中有%" PRId64 "%s", total, unit, counted, unit);
}

/* Write @n as it stands before a measure word: 两 for 2, digits from 11 on. */
static char *times(int64_t n)
{
    if (n == 2) {
        return g_strdup("两");
    }
    return n <= 10 ? language_number_to_chinese(n) : g_strdup_printf("%" PRId64, n);
}

char *language_word_frequency(const int64_t *counts, size_t n_periods, const char *period,
                              const char *unit)
{
    if (n_periods == 0) {
        return NULL;
    }
    int64_t least = counts[0], most = counts[0];
    size_t n_full = 0;
    for (size_t i = 0; i < n_periods; i++) {
        g_assert(counts[i] >= 0 && counts[i] <= LANGUAGE_MAX_NUMBER);
        least = MIN(least, counts[i]);
        most = MAX(most, counts[i]);
        n_full += counts[i] > 0 ? 1 : 0;
    }
    if (least == 0) {
        return g_strdup_printf("%zu个%s中有%zu个%s", n_periods, period, n_full, period);
    }
    g_autofree char *count = times(least);
    return g_strdup_printf("每%s%s%s%s", period, least == most ? "" : "均不少于", count, unit);
}

char *language_word_none(int64_t n, const char *unit)
{
    g_assert(n >= 0);
    return n == 0 ? g_strdup("未发生") : g_strdup_printf("发生%" PRId64 "%s", n, unit);
}
