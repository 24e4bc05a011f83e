/* Numbers as Chinese texts write them: 80余, １６, 1,234, 3.5万, 一百二十三, 廿, 百分之九十七点六.
 *
 * A LanguageNumber keeps what the text claims: the number itself, and whether the truth is said to
 * lie above it (余, 多, 超过), below it (近, 不足) or around it (约).  Pure; safe from every
 * thread. */
#pragma once

#include "base/error.h"

#define LANGUAGE_MAX_NUMBER INT64_C(1000000000000000) /* 10^15, the largest value */
#define LANGUAGE_MAX_DECIMALS 6

typedef enum LanguageApproximation {
    LANGUAGE_EXACT,
    LANGUAGE_ABOVE,  /* 余 多 几 超过 超 逾 以上: more than the number, or just it */
    LANGUAGE_BELOW,  /* 近 将近 接近 不足 不到 以下: not quite the number */
    LANGUAGE_AROUND, /* 约 大约 左右 上下 */
} LanguageApproximation;

typedef struct LanguageNumber {
    int64_t value; /* scaled by 10^decimals: 97.6 is 976 with 1 decimal; 3.5万 is 35000 with 0 */
    int decimals;
    bool is_percent; /* 97.6% and 百分之九十七点六 are both 976, 1 decimal, percent */
    LanguageApproximation approximation;
} LanguageNumber;

/* Read the number at the beginning of @text, as far as it goes.
 *
 * Returns the number of bytes read, 0 with *@ret_number untouched where no number begins or what
 * begins is not a well-formed one: "十四五" and "七八" are not numbers, nor is the 百 of 百姓 or
 * the 伍 of 队伍. Understood are Arabic digits of either width, with commas by the thousand and a
 * decimal point; Chinese numerals, everyday and formal (壹贰叁), positional (二〇二三), short
 * (一百二 is 120) and mixed (3.5万, 2万5千); the words of approximation before and after; % and
 * 百分之.  A unit of measure (件, 次) is not read. */
size_t language_number_take(const char *text, LanguageNumber *ret_number);

/* Return the number of bytes at the beginning of @text that are digits and numerals, whatever they
 * make together; 0 for none.  A search for numbers steps over them where language_number_take()
 * reads none, so that it does not find the 五 of 十四五. */
size_t language_number_run(const char *text);

/* Read all of @text, without regard to white space at its ends, as one number.
 * @error: INVALID  it is not one; the message quotes it.  *@ret_number is untouched. */
bool language_number_parse(const char *text, LanguageNumber *ret_number, GError **error);

/* Write @number in Chinese: 27 is 二十七, 10010 is 一万零一十, -2 is 负二; the caller owns it.
 * @number: from -LANGUAGE_MAX_NUMBER to LANGUAGE_MAX_NUMBER. */
char *language_number_to_chinese(int64_t number);
