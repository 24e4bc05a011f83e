/* The expression language: conditions and values over the fields of a record.
 *
 * docs/expressions.md is its manual and grammar.  A text is parsed and type-checked once, against a
 * scope that knows the names; the tree then answers in three ways that agree: the slow evaluator
 * (expression/evaluate.h), SQL text with bound values (expression/sql.h) and canonical text.
 *
 * Two-valued: a comparison with an empty field is false, and `not` is the exact complement.  So
 * `a != 1` is false where a is empty, and `not a = 1` is true.
 *
 * This folder knows no schema and no store: what a name means, what a record holds and how a column
 * is spelled come from the caller.
 *
 * Threading: an Expression never changes after it is parsed; any number of threads may use it. */
#pragma once

#include "base/value.h"

#define EXPRESSION_TEXT_MAX_BYTES 4096
#define EXPRESSION_DEPTH_MAX 32   /* open parentheses, those of count( included */
#define EXPRESSION_NODES_MAX 512  /* operators, names and literals */
#define EXPRESSION_LIST_MAX 256   /* values after `in` */
#define EXPRESSION_DAYS_MAX 36525 /* days added to or taken from a date: a hundred years */

typedef struct Expression Expression;
typedef struct ExpressionScope ExpressionScope;

typedef enum ExpressionShape {
    EXPRESSION_ONE,  /* one value, or empty */
    EXPRESSION_LIST, /* any number of values (many choices, people): `contains` and `is empty` */
    EXPRESSION_ROWS, /* child rows: `count` */
} ExpressionShape;

/* What a name stands for.  All pointers are borrowed and live as long as the scope. */
typedef struct ExpressionType {
    ExpressionShape shape;
    ValueKind kind; /* of the value, or of each of the list: BOOL … REF; NONE for rows */
    int decimals;   /* of a NUMBER: 0 … 9 */
    const char *const *choices;   /* of a TEXT that is a choice: its keys, NULL-terminated */
    const char *target;           /* of a REF: what it leads to ("person"); two are comparable only
                                     if they lead to the same */
    const ExpressionScope *scope; /* of a REF: the fields of the record it leads to; of ROWS: those
                                     of a row; NULL where there are none */
} ExpressionType;

/* One name of a scope. */
typedef struct ExpressionSymbol {
    const char *name; /* set by the parser, owned by the Expression */
    ExpressionType type;
    bool is_parameter; /* not of the record: given when the expression runs ("period.end"); its
                          shape is ONE and no field can be read through it */
    const void *data;  /* the scope's own, handed back in every callback; borrowed */
} ExpressionSymbol;

/* The names that an expression may use. */
struct ExpressionScope {
    /* Fill *@ret_symbol (zeroed before) for @name and return true, or return false.  @name is
     * [A-Za-z_][A-Za-z0-9_]*, or such words joined by dots: "period.end" is offered whole before
     * `period` is looked up as a link, and after a link all that follows its dot. */
    bool (*resolve)(void *data, const char *name, ExpressionSymbol *ret_symbol);
    /* Return the @i-th name, from 0, and NULL past the last; for "did you mean" only. */
    const char *(*name_at)(void *data, size_t i);
    void *data;
};

/* One use of a name: `symbol`, read through `link` if that is not NULL, from a row of `rows` if
 * that is not NULL (inside its count), else from the record itself. */
typedef struct ExpressionReference {
    const ExpressionSymbol *rows;
    const ExpressionSymbol *link;
    const ExpressionSymbol *symbol;
} ExpressionReference;

/* Parse @text as a condition and check its names and types.
 *
 * @scope: borrowed, with all that it hands out, until expression_free().
 * @error: INVALID  with the column, in characters from 1: "column 9: unknown name 'chanel', did you
 *                  mean 'channel'?"; the caller puts file and line before it
 *         LIMIT    one of the limits above */
Expression *expression_parse(const char *text, const ExpressionScope *scope, GError **error);

/* Parse @text as a value: a name, `link.name`, one of these ± days, or a count.  Its type is
 * expression_type(), and may be a list.  Otherwise as expression_parse(). */
Expression *expression_parse_value(const char *text, const ExpressionScope *scope, GError **error);

void expression_free(Expression *expression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expression, expression_free)

/* Return the type of @expression: a single BOOL for a condition.  Borrowed from @expression. */
const ExpressionType *expression_type(const Expression *expression);

/* Return whether @word cannot be a name (`and`, `in`, `yes` …): a choice's key that is one must
 * stand in quotes, a field must not be called so. */
bool expression_is_reserved(const char *word);

/* Call @visit for every use of a name in @expression, parameters included, in the order of the
 * text; for `count(items where …)` first for items.  The reference is borrowed for the call, its
 * symbols from @expression. */
void expression_walk(const Expression *expression,
                     void (*visit)(const ExpressionReference *reference, void *data), void *data);

/* Call @visit for every name of the record that must equal one value (@is_equal), or lie on one
 * side of it, for the condition @expression to hold: x, y and z in `x = 1 and y > 2 and z between 1
 * and 9`, nothing under `or`, `not` and `in`.  It is by these that an index can narrow a search. */
void expression_walk_bounds(const Expression *expression,
                            void (*visit)(const ExpressionReference *reference, bool is_equal,
                                          void *data),
                            void *data);

/* Return the @i-th (from 0) of the conditions that must all hold for @expression to hold: of `x and
 * y` x and y, else itself alone; NULL behind the last.  The caller owns it; it borrows from
 * @expression. */
Expression *expression_part(const Expression *expression, size_t i);

/* Return @expression in canonical text; the caller owns it.
 *
 * It parses, in the same scope, to a tree of the same canonical text: one space around operators,
 * no needless parentheses, literals on the right, numbers with all decimals of their field, single
 * quotes, `x is not empty` for `not x is empty`.  It may be longer than EXPRESSION_TEXT_MAX_BYTES.
 */
char *expression_to_text(const Expression *expression);

/* Give the words for expression_describe(). */
typedef struct ExpressionLabels {
    /* Return the label of @symbol, or, where @key is not NULL, of that choice of @symbol; NULL
     * leaves name or key as it is.  Borrowed. */
    const char *(*label)(void *data, const ExpressionSymbol *symbol, const char *key);
    void *data;
} ExpressionLabels;

/* Return @expression as a definition card prints it, in the words of @language ("zh", "en") and
 * with @labels in place of names; the caller owns it.  Not meant to be parsed. */
char *expression_describe(const Expression *expression, const char *language,
                          const ExpressionLabels *labels);
