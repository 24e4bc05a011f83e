#include "ledger/number.h"

#include <stdio.h>

bool ledger_number_take(LogWriter *writer, const SchemaLedger *ledger, int64_t year, int64_t count,
                        int64_t *ret_first, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t last = 0;
    if (!store_query_int(connection, 0, &last, error,
                         "SELECT last FROM number_series WHERE ledger = $1 AND year = $2", "ti",
                         ledger->name, year) ||
        !store_run(connection, error,
                   "INSERT INTO number_series (ledger, year, last) VALUES ($1, $2, $3)"
                   " ON CONFLICT (ledger, year) DO UPDATE SET last = $3",
                   "tii", ledger->name, year, last + count)) {
        return false;
    }
    *ret_first = last + 1;
    return true;
}

bool ledger_range_next(const char **at, LedgerRange *ret_range)
{
    long long first = 0;
    long long last = 0;
    int n_bytes = 0;
    if (sscanf(*at, " %d:%lld-%lld%n", &ret_range->year, &first, &last, &n_bytes) != 3) {
        return false;
    }
    ret_range->first = first;
    ret_range->last = last;
    *at += n_bytes;
    return true;
}
