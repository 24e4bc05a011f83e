/* The names that a pack's expressions may use: fields, the names of the system, what links lead to.
 *
 * A scope resolves names when it is asked, so scopes that lead to one another need no order.
 *
 * Threading: immutable once its ledger is parsed; shared freely. */
#pragma once

#include "schema/schema.h"

typedef struct SchemaScope SchemaScope;
typedef struct SchemaPrivate SchemaPrivate;

/* Return the scope of the fields and system names of @ledger (borrowed, as is @schema). */
SchemaScope *schema_scope_new_ledger(const Schema *schema, const SchemaLedger *ledger);

/* Return the scopes of one row of @rows: of its fields alone, and followed by those of its ledger.
 */
SchemaScope *schema_scope_new_rows(const Schema *schema, const SchemaField *rows);
void schema_scope_free(SchemaScope *scope);

/* Make and free what a schema keeps beside its public part: the scopes of units and people. */
SchemaPrivate *schema_private_new(const Schema *schema);
void schema_private_free(SchemaPrivate *private);

/* Give @schema its own calendar (takes). */
void schema_private_set_calendar(Schema *schema, Calendar *calendar);

/* Make the NULL-terminated list of the names of @choices, borrowed strings; the caller g_free()s
 * it. */
char **schema_scope_names(const GPtrArray *choices);

/* Tell that `units:` and `party:` of @schema are read: from now on the scopes know their choices.
 */
void schema_private_set_kinds(Schema *schema);

/* Return the names of the system that a ledger's expressions know, NULL-terminated: no field may be
 * called so. Static. */
const char *const *schema_scope_system_names(void);
