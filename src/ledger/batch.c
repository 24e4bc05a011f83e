#include "ledger/batch.h"

#include "ledger/import-internal.h"
#include "log/history.h"

bool ledger_batch_read_life(StoreConnection *connection, int64_t batch, LedgerBatchLife *ret_life,
                            GError **error)
{
    LedgerBatchLife life = {0};
    g_autoptr(GPtrArray) events = log_history(connection, batch, error);
    if (events == NULL) {
        return false;
    }
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        g_autoptr(json_t) line = log_line_parse(event->seq, event->line, error);
        if (line == NULL) {
            return false;
        }
        const char *state = json_string_value(json_object_get(
            json_object_get(line, "data"), ledger_batch_table.columns[LEDGER_BATCH_STATE].name));
        if (g_strcmp0(state, LEDGER_BATCH_DONE) == 0) {
            life.done_us = event->at_us;
        } else if (g_strcmp0(state, LEDGER_BATCH_UNDONE) == 0) {
            life.undone_us = event->at_us;
        }
    }
    *ret_life = life;
    return true;
}
