/* After every file is parsed: what leads from one to another, and what can only be judged together.
 *
 * Threading: one loader belongs to one thread. */
#pragma once

#include "schema/parse.h"

/* Give each entry field its ledger; unknown ones go to the problems. */
void schema_link_fields(SchemaLoader *loader);

/* Parse every waiting expression and check that it fits its use.  Only after schema_link_fields().
 */
void schema_link_expressions(SchemaLoader *loader);

/* Put the ledgers into the order of pack.yaml, the rest by name. */
void schema_link_order(SchemaLoader *loader);

/* Check what ledgers must not share: names, numbers, tables. */
void schema_link_check(SchemaLoader *loader);
