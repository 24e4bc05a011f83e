/* The tree, for the files of this folder only.
 *
 * The parser makes it from the grammar alone; the checker turns each NAME into a REFERENCE or a
 * choice's LITERAL, gives every operand its type and puts literals on the right of comparisons.
 * After that nothing changes.  Nodes, symbols and strings are owned by the Expression. */
#pragma once

#include "expression/expression.h"

typedef enum NodeKind {
    NODE_OR,        /* children: two or more conditions, none of them an OR */
    NODE_AND,       /* likewise */
    NODE_NOT,       /* one condition that is not a NOT */
    NODE_COMPARE,   /* two operands, op */
    NODE_IN,        /* an operand, then the values */
    NODE_BETWEEN,   /* an operand, lower and upper bound */
    NODE_CONTAINS,  /* a text or a list, and what it contains */
    NODE_EMPTY,     /* one name */
    NODE_NAME,      /* text; before the check only */
    NODE_LITERAL,   /* value; a number has its digits in text until the check scales it */
    NODE_REFERENCE, /* reference; a yes/no one may stand as a condition */
    NODE_SHIFT,     /* one date or time; days */
    NODE_COUNT,     /* reference.symbol are the rows (text before the check); perhaps a condition */
} NodeKind;

typedef enum Operator {
    OPERATOR_EQUAL,
    OPERATOR_NOT_EQUAL,
    OPERATOR_LESS,
    OPERATOR_LESS_EQUAL,
    OPERATOR_GREATER,
    OPERATOR_GREATER_EQUAL,
    N_OPERATORS
} Operator;

typedef struct ExpressionNode {
    NodeKind kind;
    int column; /* characters from 1 */
    Operator op;
    int days; /* signed */
    const char *text;
    Value value;
    ExpressionType type;           /* of an operand */
    ExpressionReference reference; /* of a choice's LITERAL: symbol is the field it is a key of */
    GPtrArray *children;           /* of ExpressionNode, borrowed; NULL for a leaf */
} ExpressionNode;

struct Expression {
    ExpressionNode *root;
    bool is_condition;
    GPtrArray *nodes;      /* owned, of ExpressionNode */
    GPtrArray *symbols;    /* owned, of ExpressionSymbol */
    GStringChunk *strings; /* owned */
};

/* Set *@error to @code at @column with the sentence that follows (in N_()); false. */
#define expression_fail(error, code, column, ...) \
    (error_set((error), (code), __VA_ARGS__), expression_fail_at((error), (column)))

/* Put @column before the message of *@error; false. */
static inline bool expression_fail_at(GError **error, int column)
{
    error_prefix(error, N_("column %d"), column);
    return false;
}

/* Return "=", "<" …: in the language and in SQL alike.  Static. */
const char *expression_operator_text(Operator op);

/* Return the operator that holds for (b, a) where @op holds for (a, b). */
Operator expression_operator_flip(Operator op);

/* Return child @i of @node, from 0. */
static inline ExpressionNode *expression_node_child(const ExpressionNode *node, guint i)
{
    return g_ptr_array_index(node->children, i);
}

/* Return the number of children of @node, 0 for a leaf. */
static inline guint expression_node_n_children(const ExpressionNode *node)
{
    return node->children != NULL ? node->children->len : 0;
}
