/* Calendar files (RFC 5545): deadlines as to-dos for the calendars of phones and desks.
 *
 * Pure text: lines end in CR LF and are folded before 75 octets, never inside a character. */
#pragma once

#include <glib.h>

#include "base/date.h"

#define CALENDAR_FILE_LINE_BYTES 75 /* without its line end; RFC 5545, 3.1 */

/* Append the line @name with @value, as it is. */
void calendar_file_append(GString *out, const char *name, const char *value);

/* The same for a value of type TEXT: what is special in one is escaped, control characters are
 * left out. */
void calendar_file_append_text(GString *out, const char *name, const char *text);

/* The same for an instant, in UTC: "20230506T013000Z". */
void calendar_file_append_time(GString *out, const char *name, int64_t us);
