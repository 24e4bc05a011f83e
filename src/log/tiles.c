#include "log/tiles.h"

bool log_tile_write(const ProofTile *tile, void *data, GError **error)
{
    return store_run(data, error,
                     "INSERT INTO tile (level, n, hashes) VALUES ($1, $2, $3)"
                     " ON CONFLICT (level, n) DO UPDATE SET hashes = $3",
                     "iib", (int64_t)tile->level, tile->n, tile->hashes,
                     (size_t)tile->count * sizeof(ProofHash));
}

static bool read_tile(int level, int64_t n, ProofHash ret_hashes[PROOF_TILE_WIDTH], int *ret_count,
                      void *data, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(data, error, "SELECT hashes FROM tile WHERE level = $1 AND n = $2", "ii",
                    (int64_t)level, n);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    size_t length = 0;
    const uint8_t *hashes = has_row ? store_column_bytes(query, 0, &length) : NULL;
    if (length % sizeof(ProofHash) != 0 || length > PROOF_TILE_WIDTH * sizeof(ProofHash)) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "tile %lld of level %d has %zu bytes", (long long)n,
                  level, length);
        return false;
    }
    if (length > 0) {
        memcpy(ret_hashes, hashes, length);
    }
    *ret_count = (int)(length / sizeof(ProofHash));
    return true;
}

ProofTileReader log_tile_reader(StoreConnection *connection)
{
    return (ProofTileReader){.read = read_tile, .data = connection};
}
