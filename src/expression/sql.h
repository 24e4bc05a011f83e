/* The same tree as SQL, for SQLite and PostgreSQL.
 *
 * The text is TRUE for exactly the rows for which expression_evaluate() is true, and FALSE or NULL
 * for the others: put it after WHERE, FILTER (WHERE or CASE WHEN, or write `(…) IS TRUE` where NULL
 * would hurt.  `not` is written `(…) IS NOT TRUE`, the exact complement; the other comparisons stay
 * bare, so that an index can serve them.
 *
 * No value enters the text: each is bound as $n.  Parameters are bound with their value of now, and
 * what depends on constants alone is worked out here.  How the caller's columns are kept:
 *
 *   BOOL 0/1   NUMBER, TIME, REF 64-bit integers   TEXT text, COLLATE "C"   DATE ISO text
 *   empty NULL, never ''
 *
 * Threading: an ExpressionSql belongs to one thread. */
#pragma once

#include "expression/evaluate.h"

typedef enum ExpressionDialect { EXPRESSION_SQLITE, EXPRESSION_POSTGRES } ExpressionDialect;

typedef struct ExpressionSql ExpressionSql;

/* How the caller's tables spell names.  The callbacks append to @sql->text; a value they need goes
 * through expression_sql_bind().  Parameters are never asked for. */
typedef struct ExpressionSqlNames {
    /* Append the column of @reference: an SQL expression that is NULL where the field, the link or
     * the linked record is missing.  For a list: the column of an item within its source. */
    void (*append_column)(void *data, const ExpressionReference *reference, ExpressionSql *sql);
    /* Append what follows FROM, up to and with a WHERE, so that " AND …" may follow: the items of
     * the list @reference, or the child rows @reference->symbol, of the record (or row) at hand:
     * "link AS l WHERE l.entry_id = e.id AND l.field = 'people'".  A name is used at most once in a
     * source that is open at a time, so that a fixed alias is safe. */
    void (*append_source)(void *data, const ExpressionReference *reference, ExpressionSql *sql);
    void *data;
} ExpressionSqlNames;

struct ExpressionSql {
    ExpressionDialect dialect;
    const ExpressionSqlNames *names;
    const ExpressionContext *context;
    GString *text; /* borrowed: what comes before may be there already */
    GArray
        *values; /* borrowed, of Value: $n is the n-th.  Only NONE (bind NULL), NUMBER (a 64-bit
                    integer) and TEXT: dates are ISO text here.  See expression_sql_values_new() */
};

/* Return an empty array for ExpressionSql's values, which clears them; the caller owns it. */
GArray *expression_sql_values_new(void);

/* Append the next "$n" to @sql->text and @value (takes) to its values, as what it is bound as. */
void expression_sql_bind(ExpressionSql *sql, Value value);

/* Append @expression to @sql->text, in parentheses where it needs them.  A value that is a list
 * gives the column of an item; the caller joins its source. */
void expression_to_sql(const Expression *expression, ExpressionSql *sql);
