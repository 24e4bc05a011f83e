#include "expression/print.h"

#include "base/text.h"
#include "expression/expression-internal.h"

/* The forms of the language: its own, which can be parsed, and the words of people.
 *
 *   $1 $2 $3  the children   $+  the children after the first, as a list
 *   $n  the name of the rows   $o  the operator, $m  the one that is its contrary
 *   $d  the number of days   $v  a text or key */
typedef enum Form {
    FORM_NONE,
    FORM_OR,
    FORM_AND,
    FORM_NOT,
    FORM_NOT_CHAIN,
    FORM_COMPARE,
    FORM_NOT_COMPARE,
    FORM_IN,
    FORM_NOT_IN,
    FORM_BETWEEN,
    FORM_NOT_BETWEEN,
    FORM_CONTAINS,
    FORM_NOT_CONTAINS,
    FORM_EMPTY,
    FORM_NOT_EMPTY,
    FORM_NOT_YES,
    FORM_PLUS,
    FORM_MINUS,
    FORM_COUNT,
    FORM_COUNT_WHERE,
    FORM_COMMA,
    FORM_OPEN,
    FORM_CLOSE,
    FORM_HOP,
    FORM_YES,
    FORM_NO,
    FORM_QUOTE,
    FORM_END_QUOTE,
    N_FORMS
} Form;

/* What a language calls things. */
typedef struct Wording {
    const char *forms[N_FORMS];
    const char *operators[N_OPERATORS];
    const char *date_operators[N_OPERATORS];
} Wording;

static const Wording canonical = {
    .forms =
        {
            [FORM_OR] = " or ",
            [FORM_AND] = " and ",
            [FORM_NOT] = "not $1",
            [FORM_NOT_CHAIN] = "not ($1)",
            [FORM_COMPARE] = "$1 $o $2",
            [FORM_NOT_COMPARE] = "not $1 $o $2",
            [FORM_IN] = "$1 in ($+)",
            [FORM_NOT_IN] = "not $1 in ($+)",
            [FORM_BETWEEN] = "$1 between $2 and $3",
            [FORM_NOT_BETWEEN] = "not $1 between $2 and $3",
            [FORM_CONTAINS] = "$1 contains $2",
            [FORM_NOT_CONTAINS] = "not $1 contains $2",
            [FORM_EMPTY] = "$1 is empty",
            [FORM_NOT_EMPTY] = "$1 is not empty",
            [FORM_NOT_YES] = "not $1",
            [FORM_PLUS] = "$1 + $d days",
            [FORM_MINUS] = "$1 - $d days",
            [FORM_COUNT] = "count($n)",
            [FORM_COUNT_WHERE] = "count($n where $1)",
            [FORM_COMMA] = ", ",
            [FORM_OPEN] = "(",
            [FORM_CLOSE] = ")",
            [FORM_HOP] = ".",
            [FORM_YES] = "yes",
            [FORM_NO] = "no",
            [FORM_QUOTE] = "'",
            [FORM_END_QUOTE] = "'",
        },
};

/* An empty field makes a comparison false, so that its contrary holds of an empty one, too. */
static const Wording english = {
    .forms =
        {
            [FORM_OR] = " or ",
            [FORM_AND] = " and ",
            [FORM_NOT] = "not $1",
            [FORM_NOT_CHAIN] = "not ($1)",
            [FORM_COMPARE] = "$1 $o $2",
            [FORM_NOT_COMPARE] = "$1 $m $2 (or empty)",
            [FORM_IN] = "$1 is one of $+",
            [FORM_NOT_IN] = "$1 is none of $+ (or empty)",
            [FORM_BETWEEN] = "$1 is from $2 to $3",
            [FORM_NOT_BETWEEN] = "$1 is not from $2 to $3 (or empty)",
            [FORM_CONTAINS] = "$1 contains $2",
            [FORM_NOT_CONTAINS] = "$1 does not contain $2 (or is empty)",
            [FORM_EMPTY] = "$1 is empty",
            [FORM_NOT_EMPTY] = "$1 is not empty",
            [FORM_NOT_YES] = "$1 is no (or empty)",
            [FORM_PLUS] = "$d days after $1",
            [FORM_MINUS] = "$d days before $1",
            [FORM_COUNT] = "the number of $n",
            [FORM_COUNT_WHERE] = "the number of $n where $1",
            [FORM_COMMA] = ", ",
            [FORM_OPEN] = "(",
            [FORM_CLOSE] = ")",
            [FORM_HOP] = ": ",
            [FORM_YES] = "yes",
            [FORM_NO] = "no",
            [FORM_QUOTE] = "'",
            [FORM_END_QUOTE] = "'",
        },
    .operators =
        {
            [OPERATOR_EQUAL] = "is",
            [OPERATOR_NOT_EQUAL] = "is not",
            [OPERATOR_LESS] = "is less than",
            [OPERATOR_LESS_EQUAL] = "is at most",
            [OPERATOR_GREATER] = "is more than",
            [OPERATOR_GREATER_EQUAL] = "is at least",
        },
    .date_operators =
        {
            [OPERATOR_EQUAL] = "is",
            [OPERATOR_NOT_EQUAL] = "is not",
            [OPERATOR_LESS] = "is before",
            [OPERATOR_LESS_EQUAL] = "is not after",
            [OPERATOR_GREATER] = "is after",
            [OPERATOR_GREATER_EQUAL] = "is not before",
        },
};

static const Wording chinese = {
    .forms =
        {
            [FORM_OR] = "，或",
            [FORM_AND] = "，且",
            [FORM_NOT] = "不符合（$1）",
            [FORM_NOT_CHAIN] = "不符合（$1）",
            [FORM_COMPARE] = "$1$o$2",
            [FORM_NOT_COMPARE] = "$1$m$2（或为空）",
            [FORM_IN] = "$1为$+之一",
            [FORM_NOT_IN] = "$1不为$+之一（或为空）",
            [FORM_BETWEEN] = "$1在$2至$3之间",
            [FORM_NOT_BETWEEN] = "$1不在$2至$3之间（或为空）",
            [FORM_CONTAINS] = "$1包含$2",
            [FORM_NOT_CONTAINS] = "$1不包含$2（或为空）",
            [FORM_EMPTY] = "$1为空",
            [FORM_NOT_EMPTY] = "$1不为空",
            [FORM_NOT_YES] = "$1为“否”（或为空）",
            [FORM_PLUS] = "$1后$d天",
            [FORM_MINUS] = "$1前$d天",
            [FORM_COUNT] = "$n的条数",
            [FORM_COUNT_WHERE] = "$n中符合（$1）的条数",
            [FORM_COMMA] = "、",
            [FORM_OPEN] = "（",
            [FORM_CLOSE] = "）",
            [FORM_HOP] = "的",
            [FORM_YES] = "“是”",
            [FORM_NO] = "“否”",
            [FORM_QUOTE] = "“",
            [FORM_END_QUOTE] = "”",
        },
    .operators =
        {
            [OPERATOR_EQUAL] = "为",
            [OPERATOR_NOT_EQUAL] = "不为",
            [OPERATOR_LESS] = "小于",
            [OPERATOR_LESS_EQUAL] = "不大于",
            [OPERATOR_GREATER] = "大于",
            [OPERATOR_GREATER_EQUAL] = "不小于",
        },
    .date_operators =
        {
            [OPERATOR_EQUAL] = "为",
            [OPERATOR_NOT_EQUAL] = "不为",
            [OPERATOR_LESS] = "早于",
            [OPERATOR_LESS_EQUAL] = "不晚于",
            [OPERATOR_GREATER] = "晚于",
            [OPERATOR_GREATER_EQUAL] = "不早于",
        },
};

typedef struct Printer {
    GString *out;
    const Wording *wording;
    const ExpressionLabels *labels; /* NULL: canonical text, which can be parsed */
} Printer;

static void append_node(const Printer *printer, const ExpressionNode *node);

/* ---- names and literals ---------------------------------------------------------------------- */

/* Return the label of @symbol or of its choice @key; the name or key itself where there is none. */
static const char *label(const Printer *printer, const ExpressionSymbol *symbol, const char *key)
{
    const char *found = NULL;
    g_assert(symbol != NULL || key != NULL);
    if (printer->labels != NULL && symbol != NULL) {
        found = printer->labels->label(printer->labels->data, symbol, key);
    }
    if (found != NULL) {
        return found;
    }
    return key != NULL ? key : symbol->name;
}

static void append_reference(const Printer *printer, const ExpressionReference *reference)
{
    if (reference->link != NULL) {
        g_string_append(printer->out, label(printer, reference->link, NULL));
        g_string_append(printer->out, printer->wording->forms[FORM_HOP]);
    }
    g_string_append(printer->out, label(printer, reference->symbol, NULL));
}

/* Return whether the choice @key is read back as itself without quotes. */
static bool is_bare_word(const char *key)
{
    if (!g_ascii_isalpha(*key) && *key != '_') {
        return false;
    }
    g_autofree char *lower = g_ascii_strdown(key, -1);
    for (const char *at = key; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '_') {
            return false;
        }
    }
    return !expression_is_reserved(lower);
}

static void append_quoted(const Printer *printer, const char *text)
{
    g_string_append(printer->out, printer->wording->forms[FORM_QUOTE]);
    for (; *text != '\0'; text++) {
        if (*text == '\'' && printer->labels == NULL) {
            g_string_append_c(printer->out, '\'');
        }
        g_string_append_c(printer->out, *text);
    }
    g_string_append(printer->out, printer->wording->forms[FORM_END_QUOTE]);
}

static void append_text(const Printer *printer, const ExpressionNode *node)
{
    bool is_key = node->type.choices != NULL;
    if (is_key && printer->labels != NULL) {
        append_quoted(printer, label(printer, node->reference.symbol, node->value.text));
    } else if (is_key && is_bare_word(node->value.text)) {
        g_string_append(printer->out, node->value.text);
    } else {
        append_quoted(printer, node->value.text);
    }
}

static void append_literal(const Printer *printer, const ExpressionNode *node)
{
    char day[DATE_TEXT_SIZE];
    g_autofree char *number = NULL;
    switch (node->value.kind) {
    case VALUE_NONE: /* a number that has no scale yet */
        g_string_append(printer->out, node->text);
        return;
    case VALUE_BOOL:
        g_string_append(printer->out,
                        printer->wording->forms[node->value.number != 0 ? FORM_YES : FORM_NO]);
        return;
    case VALUE_NUMBER:
        number = text_format_decimal(node->value.number, node->type.decimals);
        g_string_append(printer->out, number);
        return;
    case VALUE_TEXT:
        append_text(printer, node);
        return;
    case VALUE_DATE:
        g_string_append(printer->out, date_format((Date)node->value.number, day));
        return;
    case VALUE_TIME:
    case VALUE_REF:
    case VALUE_LIST:
        break; /* have no literals */
    }
    g_assert_not_reached();
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Append child @i; an `or` below an `and` in parentheses (a `not` has them itself). */
static void append_child(const Printer *printer, const ExpressionNode *node, guint i)
{
    const ExpressionNode *child = expression_node_child(node, i);
    bool is_wrapped = node->kind == NODE_AND && child->kind == NODE_OR;
    g_string_append(printer->out, is_wrapped ? printer->wording->forms[FORM_OPEN] : "");
    append_node(printer, child);
    g_string_append(printer->out, is_wrapped ? printer->wording->forms[FORM_CLOSE] : "");
}

/* Append the children from @first on with @between them. */
static void append_children(const Printer *printer, const ExpressionNode *node, guint first,
                            Form between)
{
    for (guint i = first; i < node->children->len; i++) {
        g_string_append(printer->out, i > first ? printer->wording->forms[between] : "");
        append_child(printer, node, i);
    }
}

static void append_rows_name(const Printer *printer, const ExpressionNode *node)
{
    const ExpressionSymbol *symbol = node->reference.symbol;
    g_string_append(printer->out, symbol != NULL ? label(printer, symbol, NULL) : node->text);
}

/* What holds where the other does not. */
static const Operator contraries[N_OPERATORS] = {
    [OPERATOR_EQUAL] = OPERATOR_NOT_EQUAL,    [OPERATOR_NOT_EQUAL] = OPERATOR_EQUAL,
    [OPERATOR_LESS] = OPERATOR_GREATER_EQUAL, [OPERATOR_GREATER_EQUAL] = OPERATOR_LESS,
    [OPERATOR_GREATER] = OPERATOR_LESS_EQUAL, [OPERATOR_LESS_EQUAL] = OPERATOR_GREATER,
};

static void append_operator(const Printer *printer, const ExpressionNode *node, Operator op)
{
    const Wording *wording = printer->wording;
    ValueKind kind = expression_node_child(node, 0)->type.kind;
    bool is_date = kind == VALUE_DATE || kind == VALUE_TIME;
    g_string_append(printer->out, wording == &canonical ? expression_operator_text(op)
                                  : is_date             ? wording->date_operators[op]
                                                        : wording->operators[op]);
}

static void append_form(const Printer *printer, const ExpressionNode *node, Form form)
{
    for (const char *at = printer->wording->forms[form]; *at != '\0'; at++) {
        if (*at != '$') {
            g_string_append_c(printer->out, *at);
            continue;
        }
        switch (*++at) {
        case '+':
            append_children(printer, node, 1, FORM_COMMA);
            break;
        case 'n':
            append_rows_name(printer, node);
            break;
        case 'o':
            append_operator(printer, node, node->op);
            break;
        case 'm':
            append_operator(printer, node, contraries[node->op]);
            break;
        case 'd':
            g_string_append_printf(printer->out, "%d", ABS(node->days));
            break;
        default:
            append_child(printer, node, (guint)(*at - '1'));
        }
    }
}

/* Append the contrary of what @node holds; what has no form of its own for it is negated whole. */
static void append_not(const Printer *printer, const ExpressionNode *node)
{
    static const Form forms[N_FORMS] = {
        [NODE_COMPARE] = FORM_NOT_COMPARE, [NODE_IN] = FORM_NOT_IN,
        [NODE_BETWEEN] = FORM_NOT_BETWEEN, [NODE_CONTAINS] = FORM_NOT_CONTAINS,
        [NODE_EMPTY] = FORM_NOT_EMPTY,
    };
    const ExpressionNode *child = expression_node_child(node, 0);
    bool is_chain = child->kind == NODE_OR || child->kind == NODE_AND;
    if (forms[child->kind] != FORM_NONE) {
        append_form(printer, child, forms[child->kind]);
    } else {
        append_form(printer, node,
                    is_chain                        ? FORM_NOT_CHAIN
                    : child->kind == NODE_REFERENCE ? FORM_NOT_YES
                                                    : FORM_NOT);
    }
}

static void append_node(const Printer *printer, const ExpressionNode *node)
{
    switch (node->kind) {
    case NODE_OR:
        append_children(printer, node, 0, FORM_OR);
        return;
    case NODE_AND:
        append_children(printer, node, 0, FORM_AND);
        return;
    case NODE_NOT:
        append_not(printer, node);
        return;
    case NODE_COMPARE:
        append_form(printer, node, FORM_COMPARE);
        return;
    case NODE_IN:
        append_form(printer, node, FORM_IN);
        return;
    case NODE_BETWEEN:
        append_form(printer, node, FORM_BETWEEN);
        return;
    case NODE_CONTAINS:
        append_form(printer, node, FORM_CONTAINS);
        return;
    case NODE_EMPTY:
        append_form(printer, node, FORM_EMPTY);
        return;
    case NODE_NAME:
        g_string_append(printer->out, node->text);
        return;
    case NODE_LITERAL:
        append_literal(printer, node);
        return;
    case NODE_REFERENCE:
        append_reference(printer, &node->reference);
        return;
    case NODE_SHIFT:
        append_form(printer, node, node->days < 0 ? FORM_MINUS : FORM_PLUS);
        return;
    case NODE_COUNT:
        append_form(printer, node, node->children != NULL ? FORM_COUNT_WHERE : FORM_COUNT);
        return;
    }
    g_assert_not_reached();
}

char *expression_node_to_text(const ExpressionNode *node)
{
    Printer printer = {.out = g_string_new(NULL), .wording = &canonical};
    append_node(&printer, node);
    return g_string_free(printer.out, false);
}

char *expression_to_text(const Expression *expression)
{
    return expression_node_to_text(expression->root);
}

char *expression_describe(const Expression *expression, const char *language,
                          const ExpressionLabels *labels)
{
    bool is_chinese = g_str_has_prefix(language, "zh");
    Printer printer = {
        .out = g_string_new(NULL), .wording = is_chinese ? &chinese : &english, .labels = labels};
    append_node(&printer, expression->root);
    return g_string_free(printer.out, false);
}
