/* Posts (岗位): who holds which role in which unit, from when to when.
 *
 * Everybody who belongs to a unit has a post there; the role says what it entitles to, "staff" to
 * next to nothing.  A post lasts no longer than its person and its unit.  Giving, changing or
 * taking up a role other than "staff" is the security administrator's (role.change), ending a post
 * also unit.change's.
 *
 * Threading: writing functions block on the write queue and may be called from every thread; a post
 * belongs to one thread at a time. */
#pragma once

#include "office/dates.h"
#include "office/rights.h"

typedef struct OfficePost {
    int64_t id;
    int64_t person;
    int64_t unit;
    char *role;  /* name of a role that a post can give (rights_role_is_of_post) */
    char *title; /* as printed: "副主任"; NULL: none */
    Date since;  /* DATE_NONE: from before anyone recorded */
    Date until;  /* DATE_NONE: still held */
} OfficePost;

void office_post_free(OfficePost *post);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePost, office_post_free)

/* Whether @post could be given to somebody, as far as it says itself: role, title, dates; INVALID.
 */
bool office_post_check(const OfficePost *post, GError **error);

/* Give @post->person the post (borrowed; its id is not looked at).
 *
 * @error: INVALID    no role that a post gives, a title too long, dates that person or unit lacks
 *         NOT_FOUND  no such person or unit
 *         EXISTS     the person holds this role in this unit at that time already
 *         FORBIDDEN  without unit.change for "staff", without role.change for the others */
bool office_post_add(Office *office, const RightsSubject *subject, const LogAct *act,
                     const OfficePost *post, int64_t *ret_id, GError **error);

/* Correct the post @post->id to what @post says; errors as above. */
bool office_post_change(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficePost *post, GError **error);

/* End the post @id with its last day @until.  INVALID when it would end before it began, or later
 * than it does now; NOT_FOUND; FORBIDDEN as above: who may not give a role may not take it. */
bool office_post_end(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                     Date until, GError **error);

/* Return post @id; NOT_FOUND.  The caller owns it. */
OfficePost *office_post_load(StoreConnection *connection, int64_t id, GError **error);

/* Return the posts of @person on @date (DATE_NONE: all), in the order recorded (of OfficePost); the
 * caller owns it. */
GPtrArray *office_post_list(StoreConnection *connection, int64_t person, Date date, GError **error);

/* One line of the roster: a post with the names that it stands for. */
typedef struct OfficeRosterLine {
    int64_t post;
    int64_t person;
    char *person_name;
    int64_t unit;
    char *unit_name;
    char *role;
    char *title; /* NULL: none */
    Date since;
    Date until;
} OfficeRosterLine;

/* Return who held a post on @date (DATE_NONE: ever) in @unit (0: in any unit), and in the units
 * below it if
 * @with_below, by unit, then by post (of OfficeRosterLine; the caller owns it). */
GPtrArray *office_post_roster(StoreConnection *connection, int64_t unit, bool with_below, Date date,
                              GError **error);
