#include "office/write.h"

#include "office/office-internal.h"

/* A job that waits for its turn, and what it was read by. */
typedef struct Waiting {
    const Office *office;
    const SchemaLedger *ledger;
    LogJob job;
    void *data;
} Waiting;

/* Retired packs stay as long as the office, so that an address says which it is. */
static bool is_in_force(const Waiting *waiting)
{
    return !g_atomic_int_get(&waiting->office->is_pack_moving) &&
           (waiting->ledger == NULL ||
            waiting->ledger ==
                schema_ledger(office_schema(waiting->office), waiting->ledger->name));
}

static bool run(LogWriter *writer, void *data, GError **error)
{
    const Waiting *waiting = data;
    if (!is_in_force(waiting)) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "another pack was applied meanwhile, and nothing was recorded; please do it again");
        return false;
    }
    return waiting->job(writer, waiting->data, error);
}

bool office_write(Office *office, const LogAct *act, const SchemaLedger *ledger, LogJob job,
                  void *data, GError **error)
{
    Waiting waiting = {office, ledger, job, data};
    return log_write(office_log(office), act, run, &waiting, error);
}

bool office_write_unflushed(Office *office, const LogAct *act, const SchemaLedger *ledger,
                            LogJob job, void *data, GError **error)
{
    Waiting waiting = {office, ledger, job, data};
    return log_write_unflushed(office_log(office), act, run, &waiting, error);
}

void office_note(Office *office, StoreJob job, void *data)
{
    if (g_atomic_int_add(&office->n_noting, 1) < OFFICE_MAX_NOTING) {
        (void)store_write(office_store(office), job, data, NULL);
    }
    g_atomic_int_add(&office->n_noting, -1);
}
