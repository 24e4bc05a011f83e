/* Patterns of entry numbers: literal text with {year} and {n} or {n:W} (at least W digits).
 *
 * "SQ{year}-{n:5}" gives SQ2023-00084, "政办督〔{year}〕{n}号" gives 政办督〔2023〕84号.
 *
 * Pure. */
#pragma once

#include "schema/problem.h"
#include "schema/schema.h"

#define SCHEMA_NUMBER_MAX_CHARS 40

/* Check @pattern, which stands at @place; faults go to @problems. */
bool schema_number_check(SchemaProblems *problems, SchemaPlace place, const char *pattern);

/* Return whether @pattern has {year}. */
bool schema_number_has_year(const char *pattern);

/* Write the number @n of @year by the checked @pattern; the caller owns it. */
char *schema_number_format(const char *pattern, int year, int64_t n);

/* Read @text back by the checked @pattern, in letters of either case and brackets of any form;
 * false when it does not fit.  *@ret_year is 0 without {year}. */
bool schema_number_parse(const char *pattern, const char *text, int *ret_year, int64_t *ret_n);

/* Return whether some number might come from both checked patterns. */
bool schema_number_may_clash(const char *a, const char *b);
