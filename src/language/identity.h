/* Identity numbers and telephone numbers of mainland China, told by their form alone: a
 * spreadsheet's columns are known by it, and a field of the kind holds nothing else.
 *
 * Threading: functions are pure. */
#pragma once

#include "base/date.h"

/* Return whether @text is a citizen's identity number: 17 digits, of which eight are a day of
 * birth, and the check character of GB 11643-1999 (ISO 7064 MOD 11-2), X or x among them; or the 15
 * digits of before 1999, whose day of birth has a year of two digits. */
bool language_is_identity(const char *text);

/* Return whether @text is a telephone number: 11 digits from 13 to 19, an area code with a number
 * of 7 or 8 digits, 400 and 800 numbers; spaces, dashes and brackets between, +86 before it. */
bool language_is_phone(const char *text);
