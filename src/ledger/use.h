/* Uses (引用处): where an object (entry, unit, person, evidence) is used: the other ends of its
 * links.
 *
 * Threading: the functions use the connection given. */
#pragma once

#include "ledger/entry.h"

#define LEDGER_MAX_USES 200 /* that are told one by one; the others are counted */

typedef struct LedgerUse {
    int64_t entry_id;
    char *ledger;
    char *number;
    char *title;
    char *field;
} LedgerUse;

/* Return where @target is used, as far as @subject may read it and not by personal fields: the
 * first LEDGER_MAX_USES in the order in which the entries came (of LedgerUse; the caller owns it).
 *
 * @ret_n_more: how many more there are. */
GPtrArray *ledger_uses_of(Office *office, StoreConnection *connection, const RightsSubject *subject,
                          int64_t target, int64_t *ret_n_more, GError **error);

/* Refuse where entry @id, or an entry of batch @batch, is used by another entry, of another batch:
 * it cannot be taken out of the books then.  CONFLICT names it and says by how many. */
bool ledger_uses_none(StoreConnection *connection, int64_t id, GError **error);
bool ledger_uses_none_of_batch(StoreConnection *connection, int64_t batch, GError **error);
