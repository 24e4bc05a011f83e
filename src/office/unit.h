/* Units (单位): the office's tree of sections, institutions, branches, with from and until dates.
 *
 * A unit lasts from `since` to `until`, both included (office/dates.h).  Invariants: no cycle; a
 * unit lasts no longer than the one above it; no two of one name stand under the same unit at the
 * same time.  A unit that moves is closed and opened anew under its new parent, so that the tree as
 * of a past day keeps its shape; office_unit_change() is for mistakes.
 *
 * Threading: writing functions block on the write queue and may be called from every thread; a unit
 * belongs to one thread at a time. */
#pragma once

#include "office/dates.h"
#include "office/rights.h"

/* An office has at most this many units, closed ones too: the rights predicate binds one parameter
 * a unit. */
#define OFFICE_MAX_UNITS 800
#define OFFICE_MAX_NAME_CHARS 100 /* of units, people, ranks, titles */

/* The kinds of units: keys of the catalogue, and what a pack's expressions compare with. */
#define OFFICE_UNIT_OFFICE "office"
#define OFFICE_UNIT_SECTION "section"
#define OFFICE_UNIT_SUBORDINATE "subordinate"
#define OFFICE_UNIT_BRANCH "branch"
#define OFFICE_UNIT_COMMITTEE "committee"

/* The names of the kinds, NULL-terminated. */
extern const char *const office_unit_kinds[];

typedef struct OfficeUnit {
    int64_t id;
    char *name;
    char *kind;
    int64_t parent; /* 0: a root */
    Date since;     /* DATE_NONE: from before anyone recorded */
    Date until;     /* DATE_NONE: open */
} OfficeUnit;

void office_unit_free(OfficeUnit *unit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficeUnit, office_unit_free)

/* Open a new unit.
 *
 * @unit: its id is not looked at (borrowed).
 * @error: INVALID    an empty or too long name, an unknown kind, dates that the unit above lacks
 *         NOT_FOUND  there is no such parent
 *         EXISTS     another of this name stands under the same unit
 *         LIMIT      there are OFFICE_MAX_UNITS
 *         FORBIDDEN  without the right unit.change
 * On any error nothing is written. */
bool office_unit_add(Office *office, const RightsSubject *subject, const LogAct *act,
                     const OfficeUnit *unit, int64_t *ret_id, GError **error);

/* Correct the unit @unit->id to what @unit says; errors as above, and CONFLICT as
 * office_unit_close(). */
bool office_unit_change(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficeUnit *unit, GError **error);

/* Close the unit @id with its last day @until.  CONFLICT names the units below it and the posts in
 * it that would outlive it; NOT_FOUND, INVALID, FORBIDDEN. */
bool office_unit_close(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       Date until, GError **error);

/* Return unit @id; NOT_FOUND.  The caller owns it. */
OfficeUnit *office_unit_load(StoreConnection *connection, int64_t id, GError **error);

/* Return the unit named @name on @date (DATE_NONE: at any time); NOT_FOUND, with the nearest name;
 * CONFLICT when several have it. */
OfficeUnit *office_unit_find(StoreConnection *connection, const char *name, Date date,
                             GError **error);

/* The same among @units (of OfficeUnit), from which it is borrowed, for who looks for many.
 * @is_of_day: they are those of one day, as the sentence then says. */
const OfficeUnit *office_unit_pick(const GPtrArray *units, const char *name, bool is_of_day,
                                   GError **error);

/* Return the units that exist on @date (DATE_NONE: all there ever were), each after the one above
 * it, siblings in the order in which they were recorded (of OfficeUnit; the caller owns it). */
GPtrArray *office_unit_list(StoreConnection *connection, Date date, GError **error);

/* Return @id and the units below it that exist on @date (DATE_NONE: all), of int64_t, sorted; the
 * caller owns it.  Empty when there is no such unit on that day. */
GArray *office_unit_subtree(StoreConnection *connection, int64_t id, Date date, GError **error);

/* Compare two int64_t; for sorting and searching arrays of ids. */
int office_id_compare(const void *a, const void *b);
