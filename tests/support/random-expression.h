/* Random records and random expressions over them, for tests that hold two evaluators together.
 *
 * One fixed scope with a field of every kind: single values, lists, child rows, a link with fields
 * and a list of its own, and parameters.  The values come from small pools with many empty ones,
 * days at both ends of the calendar, times a microsecond around midnight, texts that contain one
 * another.  All follows from the Source's seed.
 *
 * Threading: one thread. */
#pragma once

#include "base/source.h"
#include "expression/sql.h"

/* Return the scope of the expressions made here; static. */
const ExpressionScope *random_expression_scope(void);

/* Return the parameters to run them with (one of them is empty); static. */
const ExpressionContext *random_expression_context(void);

/* Return a random condition that parses in the scope, with all the freedom of spelling that the
 * grammar gives; the caller owns it. */
char *random_expression_condition(Source *source);

/* Return a random single value (field, link.field, ± days, count), likewise. */
char *random_expression_value(Source *source);

/* A set of random records. */
typedef struct RandomRecords RandomRecords;

RandomRecords *random_records_new(Source *source, size_t n_records);
void random_records_free(RandomRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RandomRecords, random_records_free)

/* Return record @i, from 0, for the slow evaluator; valid as long as @records. */
ExpressionRecord random_records_get(const RandomRecords *records, size_t i);

/* Create the tables of @records in a database by calling @run for each statement, and fill them.
 *
 * @values: what to bind as $1 …: NONE, NUMBER or TEXT.
 * The records are "record AS e", their key is e.id, record @i has id @i. */
void random_records_store(const RandomRecords *records, ExpressionDialect dialect,
                          void (*run)(void *data, const char *sql, const Value *values,
                                      size_t n_values),
                          void *data);

/* Return how these tables spell the names; static. */
const ExpressionSqlNames *random_expression_sql_names(void);
