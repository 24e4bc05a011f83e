/* The life of an import, as its events tell it: the row says how it stands, not since when, nor
 * whether anybody ever saw it.
 *
 * Threading: the connection's. */
#pragma once

#include "store/store.h"

typedef struct LedgerBatchLife {
    int64_t done_us;   /* since when its entries could be seen; 0: never */
    int64_t undone_us; /* when it was taken back; 0: it was not */
} LedgerBatchLife;

/* Read the life of @batch; of what is no import it is empty. */
bool ledger_batch_read_life(StoreConnection *connection, int64_t batch, LedgerBatchLife *ret_life,
                            GError **error);
