#include "expression/check.h"

#include "base/text.h"
#include "expression/expression-internal.h"
#include "expression/print.h"

typedef struct Checker {
    Expression *expression;
    const ExpressionScope *scope;
    const ExpressionSymbol *rows; /* inside its count, else NULL */
    GError **error;
} Checker;

#define FAIL(checker, node, ...) \
    expression_fail((checker)->error, SHUZHI_ERROR_INVALID, (node)->column, __VA_ARGS__)

static bool check_condition(Checker *checker, ExpressionNode *node);

/* ---- names ----------------------------------------------------------------------------------- */

/* Return the symbol @name of @scope, owned by the expression; NULL where there is none. */
static const ExpressionSymbol *find_symbol(Checker *checker, const ExpressionScope *scope,
                                           const char *name)
{
    ExpressionSymbol symbol = {0};
    if (!scope->resolve(scope->data, name, &symbol)) {
        return NULL;
    }
    symbol.name = g_string_chunk_insert_const(checker->expression->strings, name);
    ExpressionSymbol *kept = g_memdup2(&symbol, sizeof symbol);
    g_ptr_array_add(checker->expression->symbols, kept);
    return kept;
}

/* Find @name in the row at hand, then in the record around it. */
static bool find_name(Checker *checker, const char *name, ExpressionReference *ret_reference)
{
    ExpressionReference found = {0};
    if (checker->rows != NULL && checker->rows->type.scope != NULL) {
        found.symbol = find_symbol(checker, checker->rows->type.scope, name);
        found.rows = found.symbol != NULL ? checker->rows : NULL;
    }
    if (found.symbol == NULL) {
        found.symbol = find_symbol(checker, checker->scope, name);
    }
    if (found.symbol == NULL) {
        return false;
    }
    *ret_reference = found;
    return true;
}

static void add_names(const ExpressionScope *scope, GPtrArray *names)
{
    const char *name = NULL;
    for (size_t i = 0; (name = scope->name_at(scope->data, i)) != NULL; i++) {
        g_ptr_array_add(names, (gpointer)name);
    }
}

/* Return the name of @scope (NULL: of all at hand) nearest to @name, or NULL. */
static const char *nearest_name(const Checker *checker, const ExpressionScope *scope,
                                const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    if (scope != NULL) {
        add_names(scope, names);
    } else {
        add_names(checker->scope, names);
        if (checker->rows != NULL && checker->rows->type.scope != NULL) {
            add_names(checker->rows->type.scope, names);
        }
    }
    g_ptr_array_add(names, NULL);
    return text_nearest(name, (const char *const *)names->pdata);
}

static bool fail_unknown(Checker *checker, const ExpressionNode *node, const char *name)
{
    const char *nearest = nearest_name(checker, NULL, name);
    if (nearest != NULL) {
        return FAIL(checker, node, N_("unknown name '%s', did you mean '%s'?"), name, nearest);
    }
    return FAIL(checker, node, N_("unknown name '%s'"), name);
}

/* Say why @field is no field of the record that @link leads to. */
static bool fail_field(Checker *checker, const ExpressionNode *node, const ExpressionSymbol *link,
                       const char *field)
{
    const char *nearest = nearest_name(checker, link->type.scope, field);
    if (nearest != NULL) {
        return FAIL(checker, node, N_("unknown field '%s' of '%s', did you mean '%s'?"), field,
                    link->name, nearest);
    }
    if (strchr(field, '.') != NULL) {
        return FAIL(checker, node, N_("'%s' follows more than one link"), node->text);
    }
    return FAIL(checker, node, N_("unknown field '%s' of '%s'"), field, link->name);
}

/* Resolve "link.field": @dot is the first dot of the text of @node. */
static bool resolve_hop(Checker *checker, ExpressionNode *node, const char *dot)
{
    g_autofree char *head = g_strndup(node->text, (gsize)(dot - node->text));
    const char *field = dot + 1;
    ExpressionReference reference = {0};
    if (!find_name(checker, head, &reference)) {
        bool is_slip = nearest_name(checker, NULL, head) != NULL;
        return fail_unknown(checker, node, is_slip ? head : node->text);
    }
    const ExpressionSymbol *link = reference.symbol;
    if (link->type.shape != EXPRESSION_ONE || link->type.scope == NULL || link->is_parameter) {
        return FAIL(checker, node, N_("'%s' is not a link, it has no fields"), head);
    }
    reference.link = link;
    reference.symbol = find_symbol(checker, link->type.scope, field);
    if (reference.symbol == NULL) {
        return fail_field(checker, node, link, field);
    }
    node->reference = reference;
    return true;
}

/* Turn the NAME @node into a REFERENCE to a single value or a list. */
static bool resolve(Checker *checker, ExpressionNode *node)
{
    const char *dot = strchr(node->text, '.');
    if (!find_name(checker, node->text, &node->reference)) {
        if (dot == NULL) {
            return fail_unknown(checker, node, node->text);
        }
        if (!resolve_hop(checker, node, dot)) {
            return false;
        }
    }
    node->type = node->reference.symbol->type;
    if (node->type.shape == EXPRESSION_ROWS) {
        return FAIL(checker, node, N_("'%s' are child rows, write count(%s)"), node->text,
                    node->text);
    }
    node->kind = NODE_REFERENCE;
    return true;
}

/* ---- operands -------------------------------------------------------------------------------- */

static bool check_count(Checker *checker, ExpressionNode *node)
{
    if (checker->rows != NULL) {
        return FAIL(checker, node, N_("a count cannot stand inside another count"));
    }
    if (!find_name(checker, node->text, &node->reference)) {
        return fail_unknown(checker, node, node->text);
    }
    if (node->reference.symbol->type.shape != EXPRESSION_ROWS) {
        return FAIL(checker, node, N_("'%s' are no child rows, there is nothing to count"),
                    node->text);
    }
    node->type = (ExpressionType){.kind = VALUE_NUMBER};
    if (node->children == NULL) {
        return true;
    }
    checker->rows = node->reference.symbol;
    bool is_good = check_condition(checker, expression_node_child(node, 0));
    checker->rows = NULL;
    return is_good;
}

/* Check an operand other than a word whose meaning depends on its neighbour. */
static bool check_operand(Checker *checker, ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_NAME:
        return resolve(checker, node);
    case NODE_COUNT:
        return check_count(checker, node);
    case NODE_SHIFT: {
        ExpressionNode *base = expression_node_child(node, 0);
        if (!check_operand(checker, base)) {
            return false;
        }
        bool is_day = base->type.kind == VALUE_DATE || base->type.kind == VALUE_TIME;
        if (!is_day || base->type.shape != EXPRESSION_ONE) {
            g_autofree char *text = expression_node_to_text(base);
            return FAIL(checker, node, N_("days are added to a date or a time, not to %s"), text);
        }
        node->type = (ExpressionType){.kind = base->type.kind};
        return true;
    }
    case NODE_LITERAL:
    case NODE_REFERENCE:
        return true;
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_COMPARE:
    case NODE_IN:
    case NODE_BETWEEN:
    case NODE_CONTAINS:
    case NODE_EMPTY:
        break;
    }
    g_assert_not_reached();
}

/* Return whether @node is fixed by the text alone. */
static bool is_fixed(const ExpressionNode *node)
{
    return node->kind == NODE_LITERAL ||
           (node->kind == NODE_SHIFT && is_fixed(expression_node_child(node, 0)));
}

static bool has_key(const ExpressionType *type, const char *key)
{
    return type->kind == VALUE_TEXT && type->choices != NULL && g_strv_contains(type->choices, key);
}

static bool is_choice(const ExpressionNode *node)
{
    return node->type.kind == VALUE_TEXT && node->type.choices != NULL;
}

/* Make @node the key @key of the choice @owner. */
static void become_key(ExpressionNode *node, const char *key, const ExpressionNode *owner)
{
    value_clear(&node->value);
    node->kind = NODE_LITERAL;
    node->value = value_text(key);
    node->type = owner->type;
    node->type.shape = EXPRESSION_ONE;
    node->reference = (ExpressionReference){.symbol = owner->reference.symbol};
}

static bool fail_key(Checker *checker, const ExpressionNode *node, const char *key,
                     const ExpressionNode *owner)
{
    enum { MAX_SHOWN = 12 };
    g_autofree char *owner_text = expression_node_to_text(owner);
    const char *const *choices = owner->type.choices;
    const char *nearest = text_nearest(key, choices);
    if (nearest != NULL) {
        return FAIL(checker, node, N_("'%s' is not a choice of %s, did you mean '%s'?"), key,
                    owner_text, nearest);
    }
    g_autoptr(GString) shown = g_string_new(NULL);
    for (size_t i = 0; choices[i] != NULL && i <= MAX_SHOWN; i++) {
        g_string_append_printf(shown, "%s%s", i > 0 ? ", " : "", i < MAX_SHOWN ? choices[i] : "…");
    }
    return FAIL(checker, node, N_("'%s' is not a choice of %s; its choices: %s"), key, owner_text,
                shown->str);
}

/* Check @node, which stands to the right of @left; a bare word may be a key of @left. */
static bool check_right(Checker *checker, ExpressionNode *node, const ExpressionNode *left)
{
    if (node->kind != NODE_NAME || !is_choice(left)) {
        return check_operand(checker, node);
    }
    if (has_key(&left->type, node->text)) {
        become_key(node, node->text, left);
        return true;
    }
    ExpressionReference reference = {0};
    if (strchr(node->text, '.') == NULL && !find_name(checker, node->text, &reference)) {
        return fail_key(checker, node, node->text, left);
    }
    return check_operand(checker, node);
}

/* ---- types ----------------------------------------------------------------------------------- */

static bool fail_kinds(Checker *checker, const ExpressionNode *left, const ExpressionNode *right)
{
    g_autofree char *left_text = expression_node_to_text(left);
    g_autofree char *right_text = expression_node_to_text(right);
    if (left->type.kind == VALUE_REF && is_fixed(right) && left->type.scope != NULL) {
        const ExpressionScope *scope = left->type.scope;
        const char *field = scope->name_at(scope->data, 0);
        return FAIL(checker, right, N_("%s is a link; compare a field of it, as in %s.%s"),
                    left_text, left_text, field != NULL ? field : "name");
    }
    return FAIL(checker, right, N_("%s and %s hold different kinds of values"), left_text,
                right_text);
}

/* Give the number literal @node the decimals of @left. */
static bool adapt_number(Checker *checker, ExpressionNode *node, const ExpressionNode *left)
{
    int64_t number = 0;
    int decimals = left->type.decimals;
    if (!text_parse_decimal(node->text, decimals, &number)) {
        g_autofree char *left_text = expression_node_to_text(left);
        return FAIL(checker, node, N_("%s does not fit %s, a number of %d {decimal|decimals}"),
                    node->text, left_text, decimals);
    }
    value_clear(&node->value);
    node->value = value_number(number);
    node->type.decimals = decimals;
    return true;
}

/* Give the literal @node the type of @left, of which a list gives that of its items. */
static bool adapt_literal(Checker *checker, ExpressionNode *node, const ExpressionNode *left)
{
    ValueKind kind = left->type.kind;
    if (is_choice(left)) {
        const char *key = NULL;
        if (node->type.kind == VALUE_TEXT) {
            key = node->value.text;
        } else if (node->type.kind == VALUE_BOOL) {
            key = node->value.number != 0 ? "yes" : "no";
        } else {
            return fail_kinds(checker, left, node);
        }
        g_autofree char *wanted = g_strdup(key);
        if (!has_key(&left->type, wanted)) {
            return fail_key(checker, node, wanted, left);
        }
        become_key(node, wanted, left);
        return true;
    }
    if (node->type.kind == VALUE_DATE && kind == VALUE_TIME) {
        return true;
    }
    if (node->type.kind != kind) {
        return fail_kinds(checker, left, node);
    }
    return kind != VALUE_NUMBER || adapt_number(checker, node, left);
}

static bool share_key(const ExpressionType *a, const ExpressionType *b)
{
    for (size_t i = 0; a->choices[i] != NULL; i++) {
        if (has_key(b, a->choices[i])) {
            return true;
        }
    }
    return false;
}

/* Make sure that a value of @right can be compared with one of @left (of which a list: an item). */
static bool check_kinds(Checker *checker, const ExpressionNode *left, ExpressionNode *right)
{
    if (right->type.shape == EXPRESSION_LIST) {
        g_autofree char *text = expression_node_to_text(right);
        return FAIL(checker, right, N_("%s holds many values: use 'contains' or 'is empty'"), text);
    }
    if (right->kind == NODE_LITERAL) {
        return adapt_literal(checker, right, left);
    }
    const ExpressionType *a = &left->type;
    const ExpressionType *b = &right->type;
    bool is_day = (a->kind == VALUE_DATE || a->kind == VALUE_TIME) &&
                  (b->kind == VALUE_DATE || b->kind == VALUE_TIME);
    if (is_day) {
        return true;
    }
    bool is_alike = a->kind == b->kind && (a->choices == NULL) == (b->choices == NULL) &&
                    (a->kind != VALUE_REF || g_strcmp0(a->target, b->target) == 0) &&
                    (a->choices == NULL || share_key(a, b));
    if (!is_alike) {
        return fail_kinds(checker, left, right);
    }
    if (a->kind == VALUE_NUMBER && a->decimals != b->decimals) {
        g_autofree char *left_text = expression_node_to_text(left);
        g_autofree char *right_text = expression_node_to_text(right);
        return FAIL(checker, right,
                    N_("%s has %d {decimal|decimals} and %s has %d; they cannot be compared"),
                    left_text, a->decimals, right_text, b->decimals);
    }
    return true;
}

/* Make sure that @node, on the left of a comparison, is one value of the record. */
static bool check_subject(Checker *checker, const ExpressionNode *node)
{
    if (is_fixed(node)) {
        return FAIL(checker, node, N_("a name must stand here, not a fixed value"));
    }
    if (node->type.shape == EXPRESSION_LIST) {
        g_autofree char *text = expression_node_to_text(node);
        return FAIL(checker, node, N_("%s holds many values: use 'contains' or 'is empty'"), text);
    }
    return true;
}

static bool check_order(Checker *checker, const ExpressionNode *node)
{
    bool has_order =
        !is_choice(node) && node->type.kind != VALUE_BOOL && node->type.kind != VALUE_REF;
    if (!has_order) {
        g_autofree char *text = expression_node_to_text(node);
        return FAIL(checker, node, N_("%s has no order: use = or != or 'in'"), text);
    }
    return true;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Turn @node so that its literal, or the word that is a key of the other side, is on the right. */
static void turn(ExpressionNode *node)
{
    gpointer *sides = node->children->pdata;
    gpointer left = sides[0];
    sides[0] = sides[1];
    sides[1] = left;
    node->op = expression_operator_flip(node->op);
}

/* Return whether @left is a bare word that names nothing, while @right is a choice. */
static bool is_key_on_left(const Checker *checker, const ExpressionNode *left,
                           const ExpressionNode *right)
{
    Checker quiet = *checker;
    quiet.error = NULL;
    ExpressionReference reference = {0};
    ExpressionNode trial = *right;
    return left->kind == NODE_NAME && strchr(left->text, '.') == NULL &&
           !find_name(&quiet, left->text, &reference) && right->kind == NODE_NAME &&
           resolve(&quiet, &trial) && is_choice(&trial);
}

static bool check_compare(Checker *checker, ExpressionNode *node)
{
    ExpressionNode *left = expression_node_child(node, 0);
    ExpressionNode *right = expression_node_child(node, 1);
    if (is_fixed(left) && is_fixed(right)) {
        return FAIL(checker, left, N_("nothing is compared: both sides are fixed values"));
    }
    if (is_fixed(left) || is_key_on_left(checker, left, right)) {
        turn(node);
        left = expression_node_child(node, 0);
        right = expression_node_child(node, 1);
    }
    if (!check_operand(checker, left) || !check_subject(checker, left) ||
        !check_right(checker, right, left) || !check_kinds(checker, left, right)) {
        return false;
    }
    bool is_equality = node->op == OPERATOR_EQUAL || node->op == OPERATOR_NOT_EQUAL;
    return is_equality || check_order(checker, left);
}

/* Check `in` and `between`: the first child against each of the others. */
static bool check_several(Checker *checker, ExpressionNode *node)
{
    ExpressionNode *left = expression_node_child(node, 0);
    if (!check_operand(checker, left) || !check_subject(checker, left) ||
        (node->kind == NODE_BETWEEN && !check_order(checker, left))) {
        return false;
    }
    for (guint i = 1; i < node->children->len; i++) {
        ExpressionNode *right = expression_node_child(node, i);
        if (!check_right(checker, right, left) || !check_kinds(checker, left, right)) {
            return false;
        }
    }
    return true;
}

static bool check_contains(Checker *checker, ExpressionNode *node)
{
    ExpressionNode *left = expression_node_child(node, 0);
    ExpressionNode *right = expression_node_child(node, 1);
    if (!check_operand(checker, left)) {
        return false;
    }
    bool is_text = left->type.kind == VALUE_TEXT && left->type.choices == NULL;
    if (is_fixed(left) || (left->type.shape != EXPRESSION_LIST && !is_text)) {
        g_autofree char *text = expression_node_to_text(left);
        return FAIL(checker, left,
                    N_("'contains' asks a text or a field of many values; %s is neither"), text);
    }
    return check_right(checker, right, left) && check_kinds(checker, left, right);
}

static bool check_empty(Checker *checker, ExpressionNode *node)
{
    ExpressionNode *operand = expression_node_child(node, 0);
    if (operand->kind != NODE_NAME) {
        return FAIL(checker, operand, N_("'is empty' asks the name of a field"));
    }
    return check_operand(checker, operand);
}

/* Check an operand that stands as a condition. */
static bool check_flag(Checker *checker, ExpressionNode *node)
{
    if (!check_operand(checker, node)) {
        return false;
    }
    if (node->type.kind != VALUE_BOOL || node->type.shape != EXPRESSION_ONE) {
        g_autofree char *text = expression_node_to_text(node);
        return FAIL(checker, node, N_("%s is not yes or no by itself: compare it with something"),
                    text);
    }
    return true;
}

static bool check_condition(Checker *checker, ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
        for (guint i = 0; i < node->children->len; i++) {
            if (!check_condition(checker, expression_node_child(node, i))) {
                return false;
            }
        }
        return true;
    case NODE_COMPARE:
        return check_compare(checker, node);
    case NODE_IN:
    case NODE_BETWEEN:
        return check_several(checker, node);
    case NODE_CONTAINS:
        return check_contains(checker, node);
    case NODE_EMPTY:
        return check_empty(checker, node);
    case NODE_NAME:
    case NODE_LITERAL:
    case NODE_REFERENCE:
    case NODE_SHIFT:
    case NODE_COUNT:
        return check_flag(checker, node);
    }
    g_assert_not_reached();
}

bool expression_check_condition(Expression *expression, const ExpressionScope *scope,
                                GError **error)
{
    Checker checker = {.expression = expression, .scope = scope, .error = error};
    if (!check_condition(&checker, expression->root)) {
        return false;
    }
    expression->is_condition = true;
    expression->root->type.kind = VALUE_BOOL;
    return true;
}

bool expression_check_value(Expression *expression, const ExpressionScope *scope, GError **error)
{
    Checker checker = {.expression = expression, .scope = scope, .error = error};
    if (is_fixed(expression->root)) {
        return FAIL(&checker, expression->root, N_("a name must stand here, not a fixed value"));
    }
    return check_operand(&checker, expression->root);
}
