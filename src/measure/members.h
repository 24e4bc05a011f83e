/* Members read one by one: what they are, whether they count and why, and what is made of them.
 *
 * Threading: one thread at a time. */
#pragma once

#include "measure/tally.h"
#include "measure/universe.h"

/* What to read. */
typedef struct MembersReading {
    Office *office;
    StoreConnection *connection;
    const RightsSubject *subject; /* NULL: sees all */
    const SchemaMeasure *measure;
    Moment moment;
    const char *language;
    bool with_members; /* texts too, not only what the figure needs */
} MembersReading;

typedef struct Members {
    int64_t total;
    int64_t n_late; /* of what `has` found, where there is one */
    int64_t n_brought;
    int64_t n_found;    /* by `has`, also for who is no member */
    Tally *tally;       /* of the counted */
    GPtrArray *members; /* of FigureMember; NULL without, but always for stretches of time */
} Members;

/* Read the members of @reading's measure, of any universe, into *@ret_members (the caller clears
 * it). */
bool members_read(const MembersReading *reading, Members *ret_members, GError **error);
void members_clear(Members *members);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Members, members_clear)

/* GDestroyNotify of a FigureMember. */
void members_free_member(gpointer data);
