/* Finding Chinese names by the letters of their pinyin, as input methods are typed: 张工科 by
 * "zhanggongke", "zhgk", "zgk", "gongke".
 *
 * Readings come from Unicode's data through ICU, without tones, "ü" as "v"; characters that names
 * read otherwise (曾 zeng, 单 shan) are found by both.  Where ICU's data is not installed, nothing
 * is found by its pinyin.
 *
 * Threading: safe from every thread; readings are remembered as long as the process lives. */
#pragma once

#include <stdbool.h>

#define PINYIN_MAX_SOUGHT 60 /* letters */

/* Return whether @sought is letters, digits and blanks alone, with a letter among them and at most
 * PINYIN_MAX_SOUGHT of them: then it may be pinyin. */
bool pinyin_is_letters(const char *sought);

/* Return whether @sought, for which pinyin_is_letters() holds, names a run of @name's characters,
 * each by the beginning of its reading; case and blanks do not matter. */
bool pinyin_matches(const char *name, const char *sought);

/* Return @name in pinyin, "zhanggongke zgk", by the first reading of each character, with
 * @is_person of a surname as one; other characters stay as they are.  "" where @name has no
 * Chinese.  The caller owns it. */
char *pinyin_of(const char *name, bool is_person);
