/* What became of an entry since a version that somebody saw, whose form comes back when others have
 * been there.
 *
 * Threading: pure queries on a connection of the caller's; the result belongs to one thread at a
 * time. */
#pragma once

#include "ledger/input.h"

/* What became of one field. */
typedef struct LedgerSince {
    bool is_changed; /* it was changed since */
    char *before;    /* canonical, as it was then; NULL: empty, or forgotten */
    char *actor;     /* who changed it last, as the log writes it; NULL where nobody did */
    int64_t at_us;   /* and when */
} LedgerSince;

/* Return what became of each field of @entry since @version, by the field's position (of
 * LedgerSince); the caller owns it. */
GPtrArray *ledger_since(StoreConnection *connection, const LedgerEntry *entry, int64_t version,
                        GError **error);

/* Return whether @input gives @field something else than it was then: it was typed, and did not
 * only stand in the form. */
bool ledger_since_is_typed(const LedgerSince *since, const LedgerInput *input,
                           const SchemaField *field);
