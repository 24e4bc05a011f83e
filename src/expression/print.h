/* The tree as text: expression_to_text() and expression_describe() of expression/expression.h, and
 * single operands for messages.  Pure. */
#pragma once

#include "expression/expression.h"

typedef struct ExpressionNode ExpressionNode;

/* Return @node, checked or not, in canonical text; the caller owns it. */
char *expression_node_to_text(const ExpressionNode *node);
