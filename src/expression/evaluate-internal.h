/* What sql.c needs of evaluate.c, to work out the parts that no row changes.  Pure. */
#pragma once

#include "expression/evaluate.h"
#include "expression/expression-internal.h"

/* Return the first or last day that a record can hold. */
Date expression_date_first(void);
Date expression_date_last(void);

/* Return whether the operand @node is the same for every record: a literal, a parameter, or one of
 * these ± days. */
bool expression_node_is_constant(const ExpressionNode *node);

/* Return the value of the constant operand @node; the caller clears it. */
Value expression_constant_value(const ExpressionNode *node, const ExpressionContext *context);

/* Return whether the comparison @node, all of whose operands are constant, holds. */
bool expression_constant_condition(const ExpressionNode *node, const ExpressionContext *context);

/* Return whether @op holds for the constants @left and @right. */
bool expression_constant_compare(Operator op, const ExpressionNode *left,
                                 const ExpressionNode *right, const ExpressionContext *context);
