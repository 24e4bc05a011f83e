/* People (人员): everybody who works here or did, with from and until dates.
 *
 * What is known of a person (name, party, rank) is committed to in the log, never in clear.  A
 * person lasts from `since` to `until`, both included, and posts no longer than the person.
 *
 * Threading: writing functions block on the write queue and may be called from every thread; a
 * person belongs to one thread at a time. */
#pragma once

#include "office/dates.h"
#include "office/rights.h"

typedef struct OfficePerson {
    int64_t id;
    char *name;
    char *party; /* party membership: "yes", "no", "probationary"; NULL: not known */
    char *level; /* rank as the office words it: "科级"; NULL: not known */
    Date since;  /* DATE_NONE: from before anyone recorded */
    Date until;  /* DATE_NONE: still here */
} OfficePerson;

/* What `party` may say, NULL-terminated. */
extern const char *const office_person_parties[];

void office_person_free(OfficePerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePerson, office_person_free)

/* Put @person (borrowed; its id is not looked at) on the roster.
 *
 * Two people may have one name.  INVALID for an empty or too long name or rank, another `party`
 * than those above, or dates in the wrong order; FORBIDDEN without the right unit.change. */
bool office_person_add(Office *office, const RightsSubject *subject, const LogAct *act,
                       const OfficePerson *person, int64_t *ret_id, GError **error);

/* Change the person @person->id to what @person says; also how a person leaves, with `until`.
 * Errors as above; NOT_FOUND; CONFLICT names the units in which posts would outlast the person. */
bool office_person_change(Office *office, const RightsSubject *subject, const LogAct *act,
                          const OfficePerson *person, GError **error);

/* Return person @id; NOT_FOUND.  The caller owns it. */
OfficePerson *office_person_load(StoreConnection *connection, int64_t id, GError **error);

/* Return the person named @name who is here on @date (DATE_NONE: ever); NOT_FOUND; CONFLICT when
 * several are. The caller owns it. */
OfficePerson *office_person_find(StoreConnection *connection, const char *name, Date date,
                                 GError **error);

/* Return who is here on @date (DATE_NONE: who ever was), in the order recorded (of OfficePerson);
 * the caller owns it. */
GPtrArray *office_person_list(StoreConnection *connection, Date date, GError **error);
