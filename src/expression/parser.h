/* From tokens to the tree, by the grammar of docs/expressions.md alone: no name is looked up, no
 * type known.  Recursive descent; its depth is that of the open parentheses, EXPRESSION_DEPTH_MAX.
 *
 * Pure; one Expression belongs to one thread while it is parsed. */
#pragma once

#include "expression/expression.h"

typedef enum ParserGoal { PARSER_CONDITION, PARSER_VALUE } ParserGoal;

/* Parse @text as @goal and make its tree the root of @expression, whose pools receive the nodes.
 *
 * @error: INVALID or LIMIT, with the column; @expression then has no root. */
bool expression_parser_run(Expression *expression, const char *text, ParserGoal goal,
                           GError **error);
