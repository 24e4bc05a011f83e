/* Values of fields and records as the database stores them: TEXT and DATE as text, the other kinds
 * as integers, nothing as NULL.
 *
 * Threading: a statement and its values belong to one thread at a time. */
#pragma once

#include "base/value.h"
#include "store/store.h"

/* Bind @value to $@n.  A list has no column: it is a bug. */
void store_bind_value(StoreStatement *statement, int n, const Value *value);

/* Set @cell to @value; a text is borrowed. */
void store_cell_set_value(StoreCell *cell, const Value *value);

/* Read column @i as a value of @kind.  What nobody can have stored so, as a date that is none or an
 * empty text instead of NULL, becomes a text that no logged value is, so that verify finds it. */
Value store_column_value(StoreStatement *statement, int i, ValueKind kind);
