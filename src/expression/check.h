/* From the bare tree to a typed one: names are looked up, literals take the type of what they are
 * compared with, and every comparison is made sure of.
 *
 * A bare word to the right of a choice is one of its keys if it can be, else a name; a word to its
 * left is a name if there is one, else a key.  A literal ends up on the right.
 *
 * Pure; one Expression belongs to one thread while it is checked. */
#pragma once

#include "expression/expression.h"

/* Check the tree of @expression as a condition, or as a value.
 *
 * @error: INVALID with the column; the tree is then half done and only to be freed. */
bool expression_check_condition(Expression *expression, const ExpressionScope *scope,
                                GError **error);
bool expression_check_value(Expression *expression, const ExpressionScope *scope, GError **error);
