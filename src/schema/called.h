/* What people call a part of a pack: by its name, "case", or by its words in either language,
 * "群众诉求", "Citizen requests", which are as good on a command line.
 *
 * Pure; safe from every thread. */
#pragma once

#include "schema/schema.h"

/* Return which of @parts (ledgers, fields, steps, measures or reports) is called @text: the one of
 * that name, else the only one of these words, capitals or not; NULL when there is none, or more
 * than one of these words and none of that name.  Borrowed from @parts. */
const void *schema_called(const GPtrArray *parts, const char *text);

/* Add to *@error, that schema_called() found none of @parts by @text, which was perhaps meant;
 * where none is near, all of them, "case (群众诉求)", if they are few.  Where it found several,
 * *@error says that instead, with their names and under the same code.  Nothing if @error is NULL.
 */
void schema_offer(GError **error, const GPtrArray *parts, const char *text);
