/* What measures look at in the entries of a ledger, date by date, so that the store can keep it
 * together.
 *
 * Threading: belongs to the thread that loads the schema. */
#pragma once

#include "schema/schema.h"

/* Fill `counted` of every ledger of @schema, whose measures are linked. */
void schema_note_counted(Schema *schema);

/* GDestroyNotify of a SchemaCounted. */
void schema_counted_free(void *data);
