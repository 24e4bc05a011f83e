#include "expression/evaluate.h"

#include "expression/evaluate-internal.h"

/* Where names get their values: row is NULL outside a count, record for constants. */
typedef struct Frame {
    const ExpressionRecord *record;
    const ExpressionRecord *row;
    const ExpressionContext *context;
} Frame;

static bool is_true(const Frame *frame, const ExpressionNode *node);

Date expression_date_first(void)
{
    return date_from_ymd(1, 1, 1);
}

Date expression_date_last(void)
{
    return date_from_ymd(9999, 12, 31);
}

/* ---- operands -------------------------------------------------------------------------------- */

static Value get_reference(const Frame *frame, const ExpressionReference *reference)
{
    Value value = VALUE_EMPTY;
    if (reference->symbol->is_parameter) {
        frame->context->get_parameter(frame->context->data, reference->symbol, &value);
    } else {
        const ExpressionRecord *record = reference->rows != NULL ? frame->row : frame->record;
        g_assert(record != NULL); /* a row's field stands within count() alone */
        record->get(record->data, reference, &value);
    }
    return value;
}

static Value shift_value(const Value *base, int days)
{
    int64_t number = 0;
    if (base->kind == VALUE_DATE) {
        number = base->number + days;
        bool is_calendar = number >= expression_date_first() && number <= expression_date_last();
        return is_calendar ? value_date((Date)number) : VALUE_EMPTY;
    }
    bool is_time = base->kind == VALUE_TIME &&
                   !__builtin_add_overflow(base->number, days * DATE_US_PER_DAY, &number);
    return is_time ? value_time(number) : VALUE_EMPTY;
}

static int64_t count_rows(const Frame *frame, const ExpressionNode *node)
{
    int64_t n_rows = 0;
    ExpressionRecord row = {0};
    Frame inner = {.record = frame->record, .row = &row, .context = frame->context};
    const ExpressionRecord *record = frame->record;
    g_assert(record != NULL);
    for (size_t i = 0; record->get_row(record->data, node->reference.symbol, i, &row); i++) {
        bool is_counted = node->children == NULL || is_true(&inner, expression_node_child(node, 0));
        n_rows += is_counted ? 1 : 0;
    }
    return n_rows;
}

static Value get_value(const Frame *frame, const ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_LITERAL:
        return value_copy(&node->value);
    case NODE_REFERENCE:
        return get_reference(frame, &node->reference);
    case NODE_SHIFT: {
        g_auto(Value) base = get_value(frame, expression_node_child(node, 0));
        return shift_value(&base, node->days);
    }
    case NODE_COUNT:
        return value_number(count_rows(frame, node));
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_COMPARE:
    case NODE_IN:
    case NODE_BETWEEN:
    case NODE_CONTAINS:
    case NODE_EMPTY:
    case NODE_NAME:
        break;
    }
    g_assert_not_reached();
}

/* ---- comparisons ----------------------------------------------------------------------------- */

/* Return the day of @value, a date or a time. */
static int64_t day_of(const Value *value, int offset_seconds)
{
    return value->kind == VALUE_TIME ? date_from_us(value->number, offset_seconds) : value->number;
}

/* Return less than, equal to or greater than 0 as @a is before, at or after @b; neither is empty.
 * A time and a date are compared by the day of the time; texts by their bytes. */
static int compare(const Value *a, const Value *b, int offset_seconds)
{
    if (a->kind == VALUE_TEXT) {
        return strcmp(a->text, b->text);
    }
    int64_t left = a->number;
    int64_t right = b->number;
    if (a->kind != b->kind) {
        left = day_of(a, offset_seconds);
        right = day_of(b, offset_seconds);
    }
    return left < right ? -1 : left > right;
}

static bool is_ordered(Operator op, int order)
{
    switch (op) {
    case OPERATOR_EQUAL:
        return order == 0;
    case OPERATOR_NOT_EQUAL:
        return order != 0;
    case OPERATOR_LESS:
        return order < 0;
    case OPERATOR_LESS_EQUAL:
        return order <= 0;
    case OPERATOR_GREATER:
        return order > 0;
    case OPERATOR_GREATER_EQUAL:
        return order >= 0;
    case N_OPERATORS:
        break;
    }
    g_assert_not_reached();
}

/* The one place where "empty makes false" is written. */
static bool holds(const Frame *frame, Operator op, const ExpressionNode *left,
                  const ExpressionNode *right)
{
    g_auto(Value) a = get_value(frame, left);
    g_auto(Value) b = get_value(frame, right);
    return !value_is_empty(&a) && !value_is_empty(&b) &&
           is_ordered(op, compare(&a, &b, frame->context->offset_seconds));
}

static bool is_in(const Frame *frame, const ExpressionNode *node)
{
    for (guint i = 1; i < node->children->len; i++) {
        if (holds(frame, OPERATOR_EQUAL, expression_node_child(node, 0),
                  expression_node_child(node, i))) {
            return true;
        }
    }
    return false;
}

static bool contains(const Frame *frame, const ExpressionNode *node)
{
    g_auto(Value) whole = get_value(frame, expression_node_child(node, 0));
    g_auto(Value) part = get_value(frame, expression_node_child(node, 1));
    if (value_is_empty(&whole) || value_is_empty(&part)) {
        return false;
    }
    if (whole.kind == VALUE_TEXT) {
        return strstr(whole.text, part.text) != NULL;
    }
    for (guint i = 0; i < whole.items->len; i++) {
        const Value *item = &g_array_index(whole.items, Value, i);
        if (compare(item, &part, frame->context->offset_seconds) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_flag_set(const Frame *frame, const ExpressionNode *node)
{
    g_auto(Value) value = get_value(frame, node);
    return !value_is_empty(&value) && value.number != 0;
}

static bool is_field_empty(const Frame *frame, const ExpressionNode *node)
{
    g_auto(Value) value = get_value(frame, node);
    return value_is_empty(&value);
}

/* Return whether all children of @node (@wanted true), or any (@wanted false), … : the answer is
 * the first child's that is not @wanted, else @wanted. */
static bool fold_children(const Frame *frame, const ExpressionNode *node, bool wanted)
{
    for (guint i = 0; i < node->children->len; i++) {
        if (is_true(frame, expression_node_child(node, i)) != wanted) {
            return !wanted;
        }
    }
    return wanted;
}

static bool is_true(const Frame *frame, const ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_OR:
        return fold_children(frame, node, false);
    case NODE_AND:
        return fold_children(frame, node, true);
    case NODE_NOT:
        return !is_true(frame, expression_node_child(node, 0));
    case NODE_COMPARE:
        return holds(frame, node->op, expression_node_child(node, 0),
                     expression_node_child(node, 1));
    case NODE_IN:
        return is_in(frame, node);
    case NODE_BETWEEN:
        return holds(frame, OPERATOR_GREATER_EQUAL, expression_node_child(node, 0),
                     expression_node_child(node, 1)) &&
               holds(frame, OPERATOR_LESS_EQUAL, expression_node_child(node, 0),
                     expression_node_child(node, 2));
    case NODE_CONTAINS:
        return contains(frame, node);
    case NODE_EMPTY:
        return is_field_empty(frame, expression_node_child(node, 0));
    case NODE_LITERAL:
    case NODE_REFERENCE:
        return is_flag_set(frame, node);
    case NODE_NAME:
    case NODE_SHIFT:
    case NODE_COUNT:
        break;
    }
    g_assert_not_reached();
}

bool expression_evaluate(const Expression *expression, const ExpressionRecord *record,
                         const ExpressionContext *context)
{
    Frame frame = {.record = record, .context = context};
    return is_true(&frame, expression->root);
}

Value expression_evaluate_value(const Expression *expression, const ExpressionRecord *record,
                                const ExpressionContext *context)
{
    Frame frame = {.record = record, .context = context};
    return get_value(&frame, expression->root);
}

/* ---- constants, for sql.c -------------------------------------------------------------------- */

bool expression_node_is_constant(const ExpressionNode *node)
{
    return node->kind == NODE_LITERAL ||
           (node->kind == NODE_REFERENCE && node->reference.symbol->is_parameter) ||
           (node->kind == NODE_SHIFT &&
            expression_node_is_constant(expression_node_child(node, 0)));
}

Value expression_constant_value(const ExpressionNode *node, const ExpressionContext *context)
{
    Frame frame = {.context = context};
    return get_value(&frame, node);
}

bool expression_constant_condition(const ExpressionNode *node, const ExpressionContext *context)
{
    Frame frame = {.context = context};
    return is_true(&frame, node);
}

bool expression_constant_compare(Operator op, const ExpressionNode *left,
                                 const ExpressionNode *right, const ExpressionContext *context)
{
    Frame frame = {.context = context};
    return holds(&frame, op, left, right);
}
