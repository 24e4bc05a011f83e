/* Names that units and people had before they were changed, read from their events.
 *
 * Threading: a LedgerFormer belongs to one thread at a time. */
#pragma once

#include "base/date.h"
#include "store/store.h"

typedef struct LedgerFormer LedgerFormer;

/* Return the names that units had, or people; what was forgotten of these is in no event. */
LedgerFormer *ledger_former_units(StoreConnection *connection, GError **error);
LedgerFormer *ledger_former_people(StoreConnection *connection, GError **error);
void ledger_former_free(LedgerFormer *former);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerFormer, ledger_former_free)

/* Return the id of the one that was called @name once and is there on @day; 0 where none is, or
 * several are. */
int64_t ledger_former_find(const LedgerFormer *former, const char *name, Date day);
