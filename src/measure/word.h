/* A figure in words: the phrase of its wording, and the measure's sentence.
 *
 * A claim that does not hold is never worded as one (design law 5).  Phrases are Chinese, as
 * reports are; what a sentence has to say beside the pack's own words comes in the reader's
 * language.
 *
 * Pure. */
#pragma once

#include "measure/figure.h"

/* Set @figure's text and sentence from its numbers.
 *
 * @names: of the members that do not count (NULL-terminated, at most FIGURE_MAX_NAMES), for
 * {names}; NULL where the sentence does not need them. */
void word_figure(Figure *figure, const char *const *names, const char *language);

/* Return whether the sentence that word_figure() will choose lists names. */
bool word_needs_names(const Figure *figure);

/* Return the value @value of @figure's measure, worded ("80余件", "3.5天"): that of a group too.
 * Not of claims and ratios.  The caller owns it. */
char *word_value(const Figure *figure, int64_t value);
