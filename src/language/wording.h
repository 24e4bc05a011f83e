/* How a report says a figure in Chinese: 84件, 80余件, 近100件, 97.6%, 百分之百, 10条均,
 * 每季度一次.
 *
 * Each function gives a phrase to put into a measure's sentence, and none can be made to claim more
 * than the numbers it is given: 100% and 百分之百 only of all, 均 only of all and not of nothing,
 * 每季度 only if no quarter is empty, 未发生 only of 0.  Where the claim would be false, the phrase
 * says what is true in its place (10条中有9条).
 *
 * Pure; safe from every thread.  All texts returned belong to the caller. */
#pragma once

#include "language/number.h"

typedef enum LanguageWording {
    LANGUAGE_WORDING_EXACT,   /* 84件 */
    LANGUAGE_WORDING_OVER,    /* 80余件 */
    LANGUAGE_WORDING_EXCEEDS, /* 超过80件 */
    LANGUAGE_WORDING_NEARLY,  /* 近100件 */
} LanguageWording;

typedef enum LanguageRatioWording {
    LANGUAGE_RATIO_DIGITS,  /* 97.6%, 100% */
    LANGUAGE_RATIO_CHINESE, /* 百分之九十七点六, 百分之百 */
} LanguageRatioWording;

#define LANGUAGE_MAX_RATIO_DECIMALS 2

/* Return @n below @n rounded down to a round number: all digits but the first two become 0, and of
 * a number with two digits the second too.  84 → 80, 109 → 100, 1234 → 1200.  Numbers below 10
 * stay.
 * @n: 0 to LANGUAGE_MAX_NUMBER. */
int64_t language_round_down(int64_t n);

/* Return the next round number at or above @n, by the same steps: 98 → 100, 234 → 240. */
int64_t language_round_up(int64_t n);

/* Word the count @n with its @unit ("件", "人次"; may be "").
 *
 *   EXACT    84件
 *   OVER     the round number below and 余: 81…89 → 80余件, 101…109 → 100余件, 1,234 → 1200余件
 *   EXCEEDS  the same with 超过 before it: 超过80件
 *   NEARLY   近 and the round number above, if @n is at least 95 % of it: 98 → 近100件
 *
 * A number that is round itself, below 10, or too far from the round one above, is worded exactly:
 * 80 → 80件, 94 → 94件.
 * @n: 0 to LANGUAGE_MAX_NUMBER. */
char *language_word_count(int64_t n, const char *unit, LanguageWording wording);

/* Word @counted of @total as a percentage, rounded half up to @decimals (0 to
 * LANGUAGE_MAX_RATIO_DECIMALS) places, zeros at the end left out.
 *
 * 100% is said only of all: short of it, rounding stops at 99.9% (99%, 99.99%).  More than nothing
 * is never said to be 0%: "不足0.1%" (1%, 0.01%).
 * @counted: 0 to @total.  @total: to LANGUAGE_MAX_NUMBER / 1000; of 0, NULL is returned: there is
 * no ratio of nothing, and the sentence has to say so. */
char *language_word_ratio(int64_t counted, int64_t total, int decimals,
                          LanguageRatioWording wording);

/* Word that all of @total are counted: "10条均", or with @word "全部" "10条全部"; where they are
 * not, "10条中有9条", of none "10条中有0条".
 * @word: "均" or "全部".  Returns NULL where @total is 0: nothing is not all. */
char *language_word_all(int64_t counted, int64_t total, const char *unit, const char *word);

/* Word how often something happened in each of @n_periods periods, whose counts are @counts.
 *
 * @period: what one is called, "季度" or "月".  @unit: of the count, "次".
 * Returns "每季度一次" or "每月两次" if every count is the same, "每季度均不少于一次" with the
 * least otherwise; where a period is empty "4个季度中有3个季度"; NULL where @n_periods is 0. */
char *language_word_frequency(const int64_t *counts, size_t n_periods, const char *period,
                              const char *unit);

/* Word that nothing happened: "未发生" of 0, otherwise "发生3件".  The caller has made sure that
 * the ledger was kept: an empty one that nobody wrote in proves nothing. */
char *language_word_none(int64_t n, const char *unit);
