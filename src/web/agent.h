/* What a browser says of itself (User-Agent), in words: a list of sessions is read by people who
 * want to know whether one of them is not theirs.
 *
 * Pure; safe from every thread. */
#pragma once

#include <glib.h>

/* Return "Chrome on Windows" in @language; the caller owns it.  What names no browser or no system
 * that is known here, a program for instance, is given back as it is. */
char *agent_words(const char *language, const char *agent);
