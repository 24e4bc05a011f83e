#include "expression/parser.h"

#include "base/text.h"
#include "expression/expression-internal.h"
#include "expression/lexer.h"

typedef struct Parser {
    Expression *expression;
    const Token *at; /* the last token is END, and nothing moves past it */
    int depth;
    GError **error;
} Parser;

#define FAIL(parser, column, ...) \
    expression_fail((parser)->error, SHUZHI_ERROR_INVALID, (column), __VA_ARGS__)

static ExpressionNode *parse_condition(Parser *parser);
static ExpressionNode *parse_operand(Parser *parser);

/* ---- tokens and nodes ------------------------------------------------------------------------ */

static bool is_at(const Token *token, TokenKind kind, const char *text)
{
    return token->kind == kind && g_str_equal(token->text, text);
}

/* Move past the sign or word @text if it is next, and return whether it was. */
static bool accept(Parser *parser, TokenKind kind, const char *text)
{
    if (!is_at(parser->at, kind, text)) {
        return false;
    }
    parser->at++;
    return true;
}

static bool expect(Parser *parser, TokenKind kind, const char *text)
{
    if (accept(parser, kind, text)) {
        return true;
    }
    if (parser->at->kind == TOKEN_END) {
        return FAIL(parser, parser->at->column, N_("'%s' is missing at the end"), text);
    }
    return FAIL(parser, parser->at->column, N_("'%s' is missing before '%s'"), text,
                parser->at->text);
}

/* Return a new node at @column, NULL with the error set where there are too many. */
static ExpressionNode *new_node(Parser *parser, NodeKind kind, int column)
{
    if (parser->expression->nodes->len == EXPRESSION_NODES_MAX) {
        expression_fail(parser->error, SHUZHI_ERROR_LIMIT, column,
                        N_("the expression has more than %d parts"), EXPRESSION_NODES_MAX);
        return NULL;
    }
    ExpressionNode *node = g_new0(ExpressionNode, 1);
    node->kind = kind;
    node->column = column;
    g_ptr_array_add(parser->expression->nodes, node);
    return node;
}

static void add_child(ExpressionNode *node, ExpressionNode *child)
{
    if (node->children == NULL) {
        node->children = g_ptr_array_new();
    }
    g_ptr_array_add(node->children, child);
}

/* Return a new node above @first; it stands where @first stands. */
static ExpressionNode *new_parent(Parser *parser, NodeKind kind, ExpressionNode *first)
{
    ExpressionNode *node = new_node(parser, kind, first->column);
    if (node != NULL) {
        add_child(node, first);
    }
    return node;
}

/* Parse an operand and make it a child of @node. */
static bool parse_child(Parser *parser, ExpressionNode *node)
{
    ExpressionNode *child = parse_operand(parser);
    if (child == NULL) {
        return false;
    }
    add_child(node, child);
    return true;
}

/* Enter a parenthesis; the caller leaves it by depth--. */
static bool enter(Parser *parser)
{
    if (parser->depth == EXPRESSION_DEPTH_MAX) {
        return expression_fail(parser->error, SHUZHI_ERROR_LIMIT, parser->at->column,
                               N_("more than %d parentheses are open"), EXPRESSION_DEPTH_MAX);
    }
    parser->depth++;
    return true;
}

/* ---- operands -------------------------------------------------------------------------------- */

/* Parse `(rows)` or `(rows where condition)` after `count`. */
static ExpressionNode *parse_count(Parser *parser, int column)
{
    ExpressionNode *node = new_node(parser, NODE_COUNT, column);
    if (node == NULL || !enter(parser) || !expect(parser, TOKEN_SIGN, "(")) {
        return NULL;
    }
    if (parser->at->kind != TOKEN_WORD || expression_is_reserved(parser->at->text)) {
        FAIL(parser, parser->at->column, N_("'count' asks the name of child rows here"));
        return NULL;
    }
    node->text = parser->at->text;
    node->column = parser->at->column;
    parser->at++;
    if (accept(parser, TOKEN_WORD, "where")) {
        ExpressionNode *condition = parse_condition(parser);
        if (condition == NULL) {
            return NULL;
        }
        add_child(node, condition);
    }
    if (!expect(parser, TOKEN_SIGN, ")")) {
        return NULL;
    }
    parser->depth--;
    return node;
}

static ExpressionNode *new_literal(Parser *parser, int column, ValueKind kind, Value value)
{
    ExpressionNode *node = new_node(parser, NODE_LITERAL, column);
    if (node == NULL) {
        value_clear(&value);
        return NULL;
    }
    node->type.kind = kind;
    node->value = value;
    return node;
}

static ExpressionNode *parse_number(Parser *parser, bool is_negative, int column)
{
    const char *digits = parser->at->text;
    ExpressionNode *node = new_literal(parser, column, VALUE_NUMBER, VALUE_EMPTY);
    if (node != NULL) {
        g_autofree char *text = g_strconcat(is_negative ? "-" : "", digits, NULL);
        node->text = g_string_chunk_insert(parser->expression->strings, text);
        parser->at++;
    }
    return node;
}

static ExpressionNode *parse_word(Parser *parser)
{
    const Token *token = parser->at++;
    if (g_str_equal(token->text, "yes") || g_str_equal(token->text, "no")) {
        return new_literal(parser, token->column, VALUE_BOOL,
                           value_bool(g_str_equal(token->text, "yes")));
    }
    if (g_str_equal(token->text, "empty")) {
        FAIL(parser, token->column, N_("write 'is empty' or 'is not empty'"));
        return NULL;
    }
    if (expression_is_reserved(token->text)) {
        FAIL(parser, token->column, N_("a name or a value is missing before '%s'"), token->text);
        return NULL;
    }
    if (g_str_equal(token->text, "count") && is_at(parser->at, TOKEN_SIGN, "(")) {
        return parse_count(parser, token->column);
    }
    ExpressionNode *node = new_node(parser, NODE_NAME, token->column);
    if (node != NULL) {
        node->text = token->text;
    }
    return node;
}

static ExpressionNode *parse_text(Parser *parser)
{
    const Token *token = parser->at++;
    if (*token->text == '\0') {
        FAIL(parser, token->column, N_("an empty text equals nothing; write 'is empty'"));
        return NULL;
    }
    return new_literal(parser, token->column, VALUE_TEXT, value_text(token->text));
}

static ExpressionNode *parse_date(Parser *parser)
{
    const Token *token = parser->at++;
    Date date = 0;
    bool is_date = date_parse(token->text, &date);
    g_assert(is_date);
    return new_literal(parser, token->column, VALUE_DATE, value_date(date));
}

static ExpressionNode *parse_primary(Parser *parser)
{
    const Token *token = parser->at;
    switch (token->kind) {
    case TOKEN_WORD:
        return parse_word(parser);
    case TOKEN_TEXT:
        return parse_text(parser);
    case TOKEN_DATE:
        return parse_date(parser);
    case TOKEN_NUMBER:
        return parse_number(parser, false, token->column);
    case TOKEN_SIGN:
        if (g_str_equal(token->text, "-") && token[1].kind == TOKEN_NUMBER) {
            parser->at++;
            return parse_number(parser, true, token->column);
        }
        FAIL(parser, token->column, N_("a name or a value is missing before '%s'"), token->text);
        return NULL;
    case TOKEN_END:
        FAIL(parser, token->column, N_("a name or a value is missing at the end"));
        return NULL;
    }
    g_assert_not_reached();
}

/* operand = primary [ ( "+" | "-" ) digits [ "days" ] ] */
static ExpressionNode *parse_operand(Parser *parser)
{
    ExpressionNode *primary = parse_primary(parser);
    bool is_minus = is_at(parser->at, TOKEN_SIGN, "-");
    if (primary == NULL || (!is_minus && !is_at(parser->at, TOKEN_SIGN, "+"))) {
        return primary;
    }
    parser->at++;
    int64_t days = 0;
    if (parser->at->kind != TOKEN_NUMBER || !text_parse_int(parser->at->text, &days) ||
        days > EXPRESSION_DAYS_MAX) {
        FAIL(parser, parser->at->column, N_("a number of days from 0 to %d is missing here"),
             EXPRESSION_DAYS_MAX);
        return NULL;
    }
    parser->at++;
    accept(parser, TOKEN_WORD, "days");
    ExpressionNode *shift = new_parent(parser, NODE_SHIFT, primary);
    if (shift != NULL) {
        shift->days = (int)(is_minus ? -days : days);
    }
    return shift;
}

/* ---- conditions ------------------------------------------------------------------------------ */

static bool find_operator(const Token *token, Operator *ret_op)
{
    for (int op = 0; op < N_OPERATORS; op++) {
        if (is_at(token, TOKEN_SIGN, expression_operator_text((Operator)op))) {
            *ret_op = (Operator)op;
            return true;
        }
    }
    return false;
}

static ExpressionNode *parse_between(Parser *parser, ExpressionNode *operand)
{
    ExpressionNode *node = new_parent(parser, NODE_BETWEEN, operand);
    if (node == NULL || !parse_child(parser, node) || !expect(parser, TOKEN_WORD, "and") ||
        !parse_child(parser, node)) {
        return NULL;
    }
    return node;
}

static ExpressionNode *parse_in(Parser *parser, ExpressionNode *operand)
{
    ExpressionNode *node = new_parent(parser, NODE_IN, operand);
    if (node == NULL || !expect(parser, TOKEN_SIGN, "(")) {
        return NULL;
    }
    do {
        if (node->children->len > EXPRESSION_LIST_MAX) {
            expression_fail(parser->error, SHUZHI_ERROR_LIMIT, parser->at->column,
                            N_("more than %d values follow 'in'"), EXPRESSION_LIST_MAX);
            return NULL;
        }
        if (!parse_child(parser, node)) {
            return NULL;
        }
    } while (accept(parser, TOKEN_SIGN, ","));
    return expect(parser, TOKEN_SIGN, ")") ? node : NULL;
}

/* Parse what follows `is`; `is not empty` is the complement of `is empty`, nothing of its own. */
static ExpressionNode *parse_is(Parser *parser, ExpressionNode *operand)
{
    bool is_negated = accept(parser, TOKEN_WORD, "not");
    if (!accept(parser, TOKEN_WORD, "empty")) {
        FAIL(parser, parser->at->column, N_("after 'is' comes 'empty' or 'not empty'"));
        return NULL;
    }
    ExpressionNode *node = new_parent(parser, NODE_EMPTY, operand);
    if (node == NULL || !is_negated) {
        return node;
    }
    return new_parent(parser, NODE_NOT, node);
}

static ExpressionNode *parse_compare(Parser *parser, ExpressionNode *operand, Operator op)
{
    ExpressionNode *node = new_parent(parser, NODE_COMPARE, operand);
    if (node == NULL || !parse_child(parser, node)) {
        return NULL;
    }
    node->op = op;
    return node;
}

/* Parse what comes after @operand; without a comparison it must be yes or no by itself. */
static ExpressionNode *parse_tail(Parser *parser, ExpressionNode *operand)
{
    Operator op = OPERATOR_EQUAL;
    if (find_operator(parser->at, &op)) {
        parser->at++;
        return parse_compare(parser, operand, op);
    }
    if (accept(parser, TOKEN_WORD, "in")) {
        return parse_in(parser, operand);
    }
    if (accept(parser, TOKEN_WORD, "between")) {
        return parse_between(parser, operand);
    }
    if (accept(parser, TOKEN_WORD, "is")) {
        return parse_is(parser, operand);
    }
    if (accept(parser, TOKEN_WORD, "contains")) {
        ExpressionNode *node = new_parent(parser, NODE_CONTAINS, operand);
        return node != NULL && parse_child(parser, node) ? node : NULL;
    }
    return operand;
}

static ExpressionNode *parse_comparison(Parser *parser)
{
    ExpressionNode *operand = parse_operand(parser);
    ExpressionNode *node = operand != NULL ? parse_tail(parser, operand) : NULL;
    if (node == NULL) {
        return NULL;
    }
    Operator op = OPERATOR_EQUAL;
    if (find_operator(parser->at, &op)) {
        FAIL(parser, parser->at->column, N_("comparisons are not chained; join them by 'and'"));
        return NULL;
    }
    if (is_at(parser->at, TOKEN_WORD, "not")) {
        FAIL(parser, parser->at->column,
             N_("'not' stands before the whole comparison: not a in (b, c)"));
        return NULL;
    }
    return node;
}

static ExpressionNode *parse_parenthesis(Parser *parser)
{
    if (!enter(parser)) {
        return NULL;
    }
    parser->at++;
    ExpressionNode *condition = parse_condition(parser);
    if (condition == NULL || !expect(parser, TOKEN_SIGN, ")")) {
        return NULL;
    }
    parser->depth--;
    Operator op = OPERATOR_EQUAL;
    if (find_operator(parser->at, &op)) {
        FAIL(parser, parser->at->column,
             N_("parentheses hold conditions; write the value before '%s' without them"),
             parser->at->text);
        return NULL;
    }
    return condition;
}

/* Two complements undo each other, so that a tree never has a NOT below a NOT. */
static ExpressionNode *parse_negation(Parser *parser)
{
    int column = parser->at->column;
    bool is_negated = false;
    while (accept(parser, TOKEN_WORD, "not")) {
        is_negated = !is_negated;
    }
    ExpressionNode *node =
        is_at(parser->at, TOKEN_SIGN, "(") ? parse_parenthesis(parser) : parse_comparison(parser);
    if (node == NULL || !is_negated) {
        return node;
    }
    if (node->kind == NODE_NOT) {
        return expression_node_child(node, 0);
    }
    node = new_parent(parser, NODE_NOT, node);
    if (node != NULL) {
        node->column = column;
    }
    return node;
}

/* Parse `part { word part }` into one node of @kind; a part of the same kind is taken apart. */
static ExpressionNode *parse_chain(Parser *parser, NodeKind kind, const char *word,
                                   ExpressionNode *(*parse_part)(Parser *parser))
{
    ExpressionNode *first = parse_part(parser);
    if (first == NULL || !is_at(parser->at, TOKEN_WORD, word)) {
        return first;
    }
    ExpressionNode *chain = new_node(parser, kind, first->column);
    for (ExpressionNode *part = first; chain != NULL; part = parse_part(parser)) {
        if (part == NULL) {
            return NULL;
        }
        for (guint i = 0; part->kind == kind && i < part->children->len; i++) {
            add_child(chain, expression_node_child(part, i));
        }
        if (part->kind != kind) {
            add_child(chain, part);
        }
        if (!accept(parser, TOKEN_WORD, word)) {
            break;
        }
    }
    return chain;
}

static ExpressionNode *parse_conjunction(Parser *parser)
{
    return parse_chain(parser, NODE_AND, "and", parse_negation);
}

static ExpressionNode *parse_condition(Parser *parser)
{
    return parse_chain(parser, NODE_OR, "or", parse_conjunction);
}

bool expression_parser_run(Expression *expression, const char *text, ParserGoal goal,
                           GError **error)
{
    g_autoptr(GArray) tokens = expression_lexer_run(text, expression->strings, error);
    if (tokens == NULL) {
        return false;
    }
    Parser parser = {
        .expression = expression, .at = &g_array_index(tokens, Token, 0), .error = error};
    if (parser.at->kind == TOKEN_END) {
        error_set(error, SHUZHI_ERROR_INVALID, N_("the expression is empty"));
        return false;
    }
    ExpressionNode *root =
        goal == PARSER_CONDITION ? parse_condition(&parser) : parse_operand(&parser);
    if (root == NULL) {
        return false;
    }
    if (parser.at->kind != TOKEN_END) {
        return FAIL(&parser, parser.at->column, N_("'%s' is not expected here"), parser.at->text);
    }
    expression->root = root;
    return true;
}
