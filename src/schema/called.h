/* What people call a part of a pack: by its name, "case", or by its words in either language,
 * "群众诉求", "Citizen requests", which are as good on a command line.
 *
 * Pure; safe from every thread. */
#pragma once

#include "schema/schema.h"

/* Return which of @parts (ledgers, fields, steps, measures or reports) is called @text: the one of
 * that name, else the only one of these words, capitals or not; NULL when there is none.  Borrowed
 * from @parts. */
const void *schema_called(const GPtrArray *parts, const char *text);

/* Add to *@error, that none of @parts is called @text, which was perhaps meant; where none is near,
 * all of them, "case (群众诉求)", if they are few.  Nothing if @error is NULL. */
void schema_offer(GError **error, const GPtrArray *parts, const char *text);
