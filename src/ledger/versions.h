/* What the definitions of a ledger had for fields, one after the other, for verification and for
 * the wall around what was personal.
 *
 * A field that a pack takes away is taken from every entry, and one that comes again begins empty:
 * what the log says of it from before is then nowhere in the tables, and nothing is wrong.  Child
 * rows are logged by the order that their fields had at the time.
 *
 * Threading: immutable once read. */
#pragma once

#include "ledger/row.h"

typedef struct LedgerVersions {
    const LedgerTable *table;
    GArray *ids;         /* of int64_t: the events that put each version in force, in order */
    GPtrArray *outlines; /* of GPtrArray, parallel to ids: as schema_outline() */
    GPtrArray *personal; /* the same: those of them that were personal */
    int64_t *since;      /* by position of the field: the event since which it has been there */
    int64_t *alike;      /* the same, with the child fields that it has now */
} LedgerVersions;

/* Read those of the ledger of @table (borrowed); the caller owns them. */
LedgerVersions *ledger_versions_read(StoreConnection *connection, const LedgerTable *table,
                                     GError **error);
void ledger_versions_free(LedgerVersions *versions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerVersions, ledger_versions_free)

/* Return whether @field has been there since the event @seq. */
bool ledger_versions_have(const LedgerVersions *versions, const SchemaField *field, int64_t seq);

/* Return whether @field has been there since the event @seq, and its rows as they are. */
bool ledger_versions_are_alike(const LedgerVersions *versions, const SchemaField *field,
                               int64_t seq);

/* Return whether @field has been there since the event @seq with every column that it had then; it
 * may have got others. */
bool ledger_versions_keep(const LedgerVersions *versions, const SchemaField *field, int64_t seq);

/* Return whether @field, or one of its columns, was personal at the event @seq. */
bool ledger_versions_were_personal(const LedgerVersions *versions, const SchemaField *field,
                                   int64_t seq);

/* Return what is left of @canonical, logged of @field by the event @seq, as today's definition
 * spells it: rows without the columns that a pack took away since, and with those that it added,
 * empty; NULL where it took the field away since.  The caller owns it. */
char *ledger_versions_left(const LedgerVersions *versions, const SchemaField *field, int64_t seq,
                           const char *canonical);
