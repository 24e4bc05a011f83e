/* A figure in words: the phrase of its wording, and the measure's sentence.
 *
 * A claim that does not hold is never worded as one.  Both are in the language asked for; the
 * sentence is Chinese where the pack has no English one.
 *
 * Pure. */
#pragma once

#include "measure/figure.h"

/* Set @figure's text and sentence from its numbers, in @language ("zh", "en").
 *
 * @names: of the members that do not count (NULL-terminated, at most FIGURE_MAX_NAMES), for
 * {names}; NULL where the sentence does not need them. */
void word_figure(Figure *figure, const char *const *names, const char *language);

/* Return whether the sentence that word_figure() will choose lists names. */
bool word_needs_names(const Figure *figure);
