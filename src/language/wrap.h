/* Chinese text in a terminal: how wide it is, and where its lines may break.
 *
 * Widths are those of UAX #11: 2 for wide and full-width characters, 0 for marks that join the one
 * before, else 1.  Breaks follow the line breaking classes of UAX #14 as far as Chinese and Latin
 * words need them: between any two Han characters, but never before a closing sign
 * ("，", "。", "》", "%"), never behind an opening one ("（", "《", "“"), and never inside a number
 * or a Latin word.
 *
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

/* Return how many columns @text, UTF-8 without control characters, takes. */
int language_width(const char *text);

/* Append @text to @out as lines of at most @columns columns, each with its line break.
 *
 * The first line is indented by @indent_first columns, the others by @indent.  Runs of blanks and
 * line breaks in @text count as one blank, which is left out where a line breaks.  What cannot be
 * broken and is too long stands on a line of its own and goes over the edge.  An empty @text gives
 * nothing. */
void language_wrap(const char *text, int columns, int indent_first, int indent, GString *out);

/* Append @text and as many blanks as fill it up to @columns; a wider text is cut, with "…" for its
 * end. */
void language_pad(const char *text, int columns, GString *out);
