/* Targets: the unit, person, entry or file that a reference leads to.
 *
 * Threading: the function uses the connection given. */
#pragma once

#include "schema/schema.h"
#include "store/store.h"

/* Set *@ret_is_there to whether there is an object @id that a value of @field may lead to.  An
 * entry is one of the field's ledger, and neither taken out of the books nor of a hidden batch. */
bool ledger_target_find(StoreConnection *connection, const SchemaField *field, int64_t id,
                        bool *ret_is_there, GError **error);
