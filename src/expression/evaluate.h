/* The slow evaluator: one expression over one record.
 *
 * It is the meaning of the language, in the simplest code; the SQL of expression/sql.h must give
 * the same (a differential test holds them together).  Used where a record is in hand: conditions
 * of steps and clocks, checks of an import.
 *
 * Threading: an evaluation belongs to one thread; the expression may be shared. */
#pragma once

#include "expression/expression.h"

/* What an expression is run with, beside the record. */
typedef struct ExpressionContext {
    /* Set *@ret_value (VALUE_EMPTY before; the evaluator clears it) to the value of the parameter
     * @symbol, of its kind, or leave it empty. */
    void (*get_parameter)(void *data, const ExpressionSymbol *symbol, Value *ret_value);
    void *data;
    int offset_seconds; /* the office's zone: decides the day of a time */
} ExpressionContext;

/* A record, or one of its child rows.  A source that can fail keeps its own error and goes on with
 * empty values; its owner looks after the evaluation. */
typedef struct ExpressionRecord ExpressionRecord;
struct ExpressionRecord {
    /* Set *@ret_value (VALUE_EMPTY before; the evaluator clears it) to the value of
     * @reference->symbol, through @reference->link if that is not NULL: of the symbol's kind, LIST
     * for a list, or left empty.  A row is asked for its own fields only. */
    void (*get)(void *data, const ExpressionReference *reference, Value *ret_value);
    /* Set *@ret_row to the @i-th of @rows, from 0, and return true; false past the last.  It is
     * valid until the next call for the same @rows.  NULL in a row. */
    bool (*get_row)(void *data, const ExpressionSymbol *rows, size_t i, ExpressionRecord *ret_row);
    void *data;
};

/* Return whether the condition @expression holds for @record. */
bool expression_evaluate(const Expression *expression, const ExpressionRecord *record,
                         const ExpressionContext *context);

/* Return the value of @expression, made by expression_parse_value(), for @record; empty where the
 * field, the link or the date is, and for a date outside the years 1 to 9999.  The caller clears
 * it. */
Value expression_evaluate_value(const Expression *expression, const ExpressionRecord *record,
                                const ExpressionContext *context);
