/* What is made of the counted: a number of them, of their different keys, the sum or the median of
 * their amounts; as a whole and by group.
 *
 * Empty keys and amounts count for nothing, in no kind but COUNT.
 *
 * Threading: a tally belongs to one thread at a time. */
#pragma once

#include "measure/figure.h"

typedef struct Tally Tally;

/* Return an empty tally of @kind; the caller owns it. */
Tally *tally_new(SchemaMeasureKind kind);
void tally_free(Tally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tally, tally_free)

/* Add a counted member with its @key and @amount (borrowed; empty where the kind needs none). */
void tally_add(Tally *tally, const Value *key, const Value *amount);

/* The same, for the group @group (borrowed) too. */
void tally_add_to_group(Tally *tally, const Value *group, const Value *key, const Value *amount);

/* Return how many were added, and how many of them without the amount that is added up or ordered.
 */
int64_t tally_counted(const Tally *tally);
int64_t tally_blank(const Tally *tally);

/* Set *@ret_has_value and *@ret_value.  Where members were added and none has an amount there is no
 * sum: it is not nothing, but not known.  There is no median without an amount either; that of two
 * in the middle is rounded half up. LIMIT: the sum does not fit. */
bool tally_value(Tally *tally, bool *ret_has_value, int64_t *ret_value, GError **error);

/* Called for each group; false stops. */
typedef bool (*TallyVisit)(const Value *group, Tally *tally, void *data, GError **error);

/* Call @visit for each group; false, with the error, as soon as it returns false. */
bool tally_each_group(Tally *tally, TallyVisit visit, void *data, GError **error);
