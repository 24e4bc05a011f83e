/* Applying a pack: compare, migrate, store.
 *
 * An office runs only from its stored copy of a pack: table definition holds each file, and each change of one is an
 * event with its hash.  Tables follow: new ledgers get tables, new fields columns and indexes; removing or narrowing
 * is refused until its name is given. */
#pragma once

#include "office/office.h"

/* What applying would do. */
typedef struct OfficePackChange {
    GPtrArray *lines;    /* of char*: what changes, for people, in the language asked for */
    GPtrArray *narrowed; /* of char*: names ("case.votes") of what is removed or narrowed */
    bool is_empty;
} OfficePackChange;

void office_pack_change_free(OfficePackChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePackChange, office_pack_change_free)

/* Return what applying @new_schema would change in @office, in @language; the caller owns it. */
OfficePackChange *office_pack_compare(Office *office, const Schema *new_schema, const char *language);

/* Apply @files (checked by schema_load() here).
 *
 * @allowed: NULL-terminated names of narrowings the caller accepts; NULL: none.
 * CONFLICT when a narrowing is not allowed (names it; nothing is changed), INVALID for a bad pack.
 * Tables, definitions and events are one transaction. */
bool office_pack_apply(Office *office, GPtrArray *files, const char *const *allowed,
                       const LogAct *act, GError **error);
