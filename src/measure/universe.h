/* The universe of a set as SQL: where its members come from, which of them lie in a stretch of
 * time, and how the names of its expressions are spelled at the cut-off.
 *
 *   entries  t ledger_x                     the date: t.opened or a field
 *   steps    p step, t ledger_x             p.happened or a field
 *   rows     m ledger_x_rows, t ledger_x    t.opened or a field of either
 *   units    u unit                         those that last on the day of the cut-off
 *   people   u person                       likewise
 *
 * Everything a statement of this folder says of a set comes from here, so that a number and the
 * list behind it cannot differ.
 *
 * Threading: a universe belongs to one thread at a time, and must not move once it is ready. */
#pragma once

#include "ledger/spelling.h"
#include "measure/figure.h"

/* The moment that a figure is about. */
typedef struct Moment {
    Period period;
    int64_t cutoff_us;
    int64_t known_us; /* 0: all that is recorded */
    int64_t now_us;
    int offset_seconds;
} Moment;

typedef struct Universe {
    StoreConnection *connection; /* borrowed */
    const SchemaSet *set;        /* borrowed */
    Moment moment;
    LedgerSpelling spelling;  /* of a set of a ledger */
    ExpressionSqlNames names; /* of units and people */
    ExpressionContext context;
    GString *text; /* of the statement in the making */
    GArray *values;
    ExpressionSql sql;
    GError *failure; /* of a look that composing needed; universe_query() has it */
} Universe;

/* Begin a statement over @set at @moment. */
void universe_init(Universe *universe, StoreConnection *connection, const SchemaSet *set,
                   const Moment *moment);
void universe_clear(Universe *universe);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Universe, universe_clear)

/* Append literal SQL. */
void universe_append(Universe *universe, const char *sql);

/* Append the condition @expression in parentheses; TRUE for NULL. */
void universe_append_condition(Universe *universe, const Expression *expression);

/* Append the value @expression; NULL for NULL. */
void universe_append_value(Universe *universe, const Expression *expression);

/* Append the instant that puts a member into the period, UTC microseconds: of a date its midnight.
 */
void universe_append_date_us(Universe *universe);

/* Append the condition that a member was recorded more than FIGURE_LATE_DAYS after its date. */
void universe_append_is_late(Universe *universe);

/* Append, of a set of a ledger, the condition that an import brought the member.  Its steps were
 * done elsewhere: nothing was asked for them here.  A step recorded after the import is none. */
void universe_append_is_brought(Universe *universe);

/* Append, of a set of a ledger: whether @subject (NULL: sees all) may see the member's entry, 1 or
 * 0. */
void universe_append_is_seen(Universe *universe, const RightsSubject *subject);

/* Append " FROM … WHERE …": all of the set that is visible, known and in the period, whether or not
 * set->where holds.  @join: more tables, after FROM; NULL: none. */
void universe_append_from(Universe *universe, const char *join);

/* Return the statement, its values bound; NULL on error. */
StoreStatement *universe_query(Universe *universe, GError **error);

/* Return whether the members of @set come from a ledger. */
bool universe_is_of_ledger(const SchemaSet *set);

/* Return whether one scan can serve both: the same members, put into the period by the same date.
 */
bool universe_is_same(const SchemaSet *a, const SchemaSet *b);

/* Return the last day that counts at @moment. */
Date moment_last_day(const Moment *moment);
