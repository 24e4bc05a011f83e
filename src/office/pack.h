/* Applying a pack: compare, migrate, store.
 *
 * An office runs only from its stored copy of a pack: table definition holds each version of each
 * file, and each change of one is an event with its hash.  Tables follow in the same transaction:
 * new ledgers get tables, new fields columns and indexes; removing or narrowing is refused until
 * its name is given, and removing a ledger that holds entries, or giving a field a meaning under
 * which old values would lie, is refused for good (office/tables.h).
 *
 * Threading: from any thread; what changes is written by the office's writer. */
#pragma once

#include "office/office.h"

/* What applying would do. */
typedef struct OfficePackChange {
    GPtrArray *lines;    /* of char*: what changes in the tables, then in the files, for people */
    GPtrArray *narrowed; /* of char*: names ("case.votes") of what is removed or narrowed */
    bool is_empty;       /* every file is the stored one */
} OfficePackChange;

void office_pack_change_free(OfficePackChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePackChange, office_pack_change_free)

/* Return what applying @new_schema would change in @office, in @language; the caller owns it. */
OfficePackChange *office_pack_compare(Office *office, const Schema *new_schema,
                                      const char *language);

/* Apply @files (of SchemaFile; checked by schema_load() here).  The caller has asked for the right
 * pack.apply.
 *
 * @allowed: NULL-terminated names of narrowings the caller accepts; NULL: none.
 * @error: INVALID   the pack is not sound
 *         CONFLICT  a narrowing is not allowed (the message names it) or not possible; another
 *                   process has applied a pack since this office was opened
 *
 * Tables, definitions and events are one transaction: on any error nothing is changed.  Files equal
 * to the stored ones make no event; all equal, nothing is written.  Afterwards office_schema() is
 * the new one. */
bool office_pack_apply(Office *office, GPtrArray *files, const char *const *allowed,
                       const LogAct *act, GError **error);
