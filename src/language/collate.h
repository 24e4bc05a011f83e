/* The order of names: Chinese by pinyin, as the phone lists of offices have it (GB/T 13418).
 *
 * ICU's collation of zh: readings from Unicode's data (CLDR), those of some place names as words
 * (重庆 under "chóng", 重点 under "zhòng"), else each character by the reading given first.  Digits
 * are compared as numbers (第2组 before 第10组).  For lists that are in memory; what SQL sorts, it
 * sorts by code point.  Digits come first, then Chinese, then other letters.
 *
 * A person's name stands where its surname is read as one (曾 under "zēng", language/surname.h).
 *
 * Threading: safe from every thread; ICU's rules are read at the first call and live as long as the
 * process. */
#pragma once

/* Compare two UTF-8 texts; less than, equal to or greater than 0.  Texts that only ICU takes for
 * equal are compared by byte, so that the order is total. */
int collate_compare(const char *left, const char *right);

/* The same for the names of people. */
int collate_compare_people(const char *left, const char *right);
