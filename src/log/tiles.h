/* The Merkle tree's tiles in table `tile`.
 *
 * Threading: on the thread of the connection that is given. */
#pragma once

#include "proof/tree.h"
#include "store/store.h"

/* Store @tile; @data is the writing StoreConnection. */
bool log_tile_write(const ProofTile *tile, void *data, GError **error);

/* Return a reader of the stored tiles over @connection (borrowed). */
ProofTileReader log_tile_reader(StoreConnection *connection);
