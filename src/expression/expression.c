#include "expression/expression.h"

#include "expression/check.h"
#include "expression/expression-internal.h"
#include "expression/parser.h"

static const struct {
    const char *text;
    Operator flipped;
} operators[N_OPERATORS] = {
    [OPERATOR_EQUAL] = {"=", OPERATOR_EQUAL},
    [OPERATOR_NOT_EQUAL] = {"!=", OPERATOR_NOT_EQUAL},
    [OPERATOR_LESS] = {"<", OPERATOR_GREATER},
    [OPERATOR_LESS_EQUAL] = {"<=", OPERATOR_GREATER_EQUAL},
    [OPERATOR_GREATER] = {">", OPERATOR_LESS},
    [OPERATOR_GREATER_EQUAL] = {">=", OPERATOR_LESS_EQUAL},
};

const char *expression_operator_text(Operator op)
{
    return operators[op].text;
}

Operator expression_operator_flip(Operator op)
{
    return operators[op].flipped;
}

static void free_node(gpointer data)
{
    ExpressionNode *node = data;
    value_clear(&node->value);
    g_clear_pointer(&node->children, g_ptr_array_unref);
    g_free(node);
}

Expression *expression_part(const Expression *expression, size_t i)
{
    const ExpressionNode *root = expression->root;
    bool is_chain = root->kind == NODE_AND;
    if (i >= (is_chain ? expression_node_n_children(root) : 1)) {
        return NULL;
    }
    Expression *part = g_new0(Expression, 1);
    part->root = is_chain ? expression_node_child(root, (guint)i) : expression->root;
    part->is_condition = expression->is_condition;
    return part;
}

static Expression *new_expression(void)
{
    Expression *expression = g_new0(Expression, 1);
    expression->nodes = g_ptr_array_new_with_free_func(free_node);
    expression->symbols = g_ptr_array_new_with_free_func(g_free);
    expression->strings = g_string_chunk_new(256);
    return expression;
}

void expression_free(Expression *expression)
{
    if (expression == NULL) {
        return;
    }
    if (expression->nodes != NULL) { /* else it is a part of another */
        g_ptr_array_unref(expression->nodes);
        g_ptr_array_unref(expression->symbols);
        g_string_chunk_free(expression->strings);
    }
    g_free(expression);
}

Expression *expression_parse(const char *text, const ExpressionScope *scope, GError **error)
{
    g_autoptr(Expression) expression = new_expression();
    if (!expression_parser_run(expression, text, PARSER_CONDITION, error) ||
        !expression_check_condition(expression, scope, error)) {
        return NULL;
    }
    return g_steal_pointer(&expression);
}

Expression *expression_parse_value(const char *text, const ExpressionScope *scope, GError **error)
{
    g_autoptr(Expression) expression = new_expression();
    if (!expression_parser_run(expression, text, PARSER_VALUE, error) ||
        !expression_check_value(expression, scope, error)) {
        return NULL;
    }
    return g_steal_pointer(&expression);
}

const ExpressionType *expression_type(const Expression *expression)
{
    return &expression->root->type;
}

bool expression_is_reserved(const char *word)
{
    static const char *const reserved[] = {"and", "between", "contains", "empty", "in", "is",
                                           "no",  "not",     "or",       "where", "yes"};
    for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++) {
        if (g_str_equal(word, reserved[i])) {
            return true;
        }
    }
    return false;
}

static void walk(const ExpressionNode *node,
                 void (*visit)(const ExpressionReference *reference, void *data), void *data)
{
    if (node->kind == NODE_REFERENCE || node->kind == NODE_COUNT) {
        visit(&node->reference, data);
    }
    for (guint i = 0; i < expression_node_n_children(node); i++) {
        walk(expression_node_child(node, i), visit, data);
    }
}

void expression_walk(const Expression *expression,
                     void (*visit)(const ExpressionReference *reference, void *data), void *data)
{
    walk(expression->root, visit, data);
}

typedef void (*VisitBound)(const ExpressionReference *reference, bool is_equal, void *data);

/* Return whether @node is the same for every record. */
static bool is_constant(const ExpressionNode *node)
{
    while (node->kind == NODE_SHIFT) {
        node = expression_node_child(node, 0);
    }
    return node->kind == NODE_LITERAL ||
           (node->kind == NODE_REFERENCE && node->reference.symbol->is_parameter);
}

static void walk_bounds(const ExpressionNode *node, VisitBound visit, void *data)
{
    if (node->kind == NODE_AND) {
        for (guint i = 0; i < expression_node_n_children(node); i++) {
            walk_bounds(expression_node_child(node, i), visit, data);
        }
        return;
    }
    bool is_compare = node->kind == NODE_COMPARE && node->op != OPERATOR_NOT_EQUAL;
    if (!is_compare && node->kind != NODE_BETWEEN) {
        return;
    }
    const ExpressionNode *left = expression_node_child(node, 0);
    bool is_own = left->kind == NODE_REFERENCE && !left->reference.symbol->is_parameter &&
                  left->reference.link == NULL && left->reference.rows == NULL;
    if (is_own && is_constant(expression_node_child(node, 1))) {
        visit(&left->reference, is_compare && node->op == OPERATOR_EQUAL, data);
    }
}

void expression_walk_bounds(const Expression *expression, VisitBound visit, void *data)
{
    walk_bounds(expression->root, visit, data);
}
