/* One spelling for what a reader takes for the same, so that texts can be compared and searched.
 *
 *   width    full-width letters, digits and punctuation become ASCII, U+3000 a space
 *   case     letters become small ones, code point by code point
 *   space    any white space, line breaks too, is one space between two Latin words or numbers and
 *            nothing at the ends and beside a Chinese character; format characters (zero width)
 *            are dropped
 *   D        the letter written for 党 to slip past filters becomes 党: D建, D员, 入D, 管D治D
 *
 * D stands for 党 only where it is no part of a Latin word and in the words of a list (fold.c), so
 * that D级危房, 维生素D and 3D打印 keep theirs.  The list errs to 党 in a few phrases (维生素D的):
 * that costs a search a strange hit, and the text itself is never changed.
 *
 * Traditional and Simplified characters stay as they are.  Folding twice gives what folding once
 * gives.  Pure; safe from every thread. */
#pragma once

#include "base/error.h"

/* Return @text (valid UTF-8) folded; the caller owns it. */
char *language_fold(const char *text);
