#include "ledger/number.h"

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
