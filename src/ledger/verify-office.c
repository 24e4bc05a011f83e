#include "ledger/verify-office.h"

#include "ledger/row.h"
#include "ledger/verify.h"
#include "office/key.h"
#include "office/tables.h"
#include "office/verify.h"

/* Check that the indexes, by which figures and lists go, hold what their tables hold: all else here
 * reads the tables themselves. */
static bool check_indexes(const Office *office, LogReport *report, GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (store_check(office_store(office), &fault)) {
        return true;
    }
    if (!error_is(fault, SHUZHI_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    log_report_take(report, LOG_ALTERED, "database", 0, 0, g_steal_pointer(&fault));
    return true;
}

static bool check_tables(const Office *office, StoreConnection *reader, GError **error)
{
    const Schema *schema = office_schema(office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        if (!office_tables_check_made(reader, g_ptr_array_index(schema->ledgers, i), error)) {
            return false;
        }
    }
    return true;
}

/* Note where the key comes from.  Another key in this office's place on this machine says that the
 * office was given a new one: what it names is then not believed. */
static void settle_key(const Office *office, const char *key, LogReport *report)
{
    g_autoptr(GError) fault = NULL;
    if (key != NULL) {
        report->key_from = LOG_KEY_GIVEN;
        return;
    }
    g_autoptr(ProofSigner) signer =
        office_key_load(office_id(office), office_public_key(office), &fault);
    report->key_from = signer != NULL ? LOG_KEY_KEPT : LOG_KEY_NAMED;
    if (signer == NULL && error_is(fault, SHUZHI_ERROR_CORRUPT)) {
        log_report_take(report, LOG_FOREIGN_KEY, "office-key", 0, 0, g_steal_pointer(&fault));
    }
}

/* Look at everything once, as of now. */
static bool look(Office *office, const char *key, const LogWitness *witness, LogReport *report,
                 GError **error)
{
    g_autofree char *origin = office_key_origin(office_id(office));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    return reader != NULL && store_check_shape(reader, error) &&
           check_tables(office, reader, error) &&
           log_verify(office_store(office), reader, origin,
                      key != NULL ? key : office_public_key(office), witness, report, error) &&
           office_verify(reader, report, error) && ledger_verify(office, reader, report, error) &&
           check_indexes(office, report, error);
}

bool ledger_check_tables(const Office *office, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    return reader != NULL && check_tables(office, reader, error);
}

bool ledger_verify_office(Office *office, const char *key, const char *checkpoint,
                          LogProgress progress, void *data, LogReport **ret_report, GError **error)
{
    g_autoptr(LogReport) report = log_report_new();
    report->progress = progress;
    report->progress_data = data;
    settle_key(office, key, report);
    g_autofree char *last = office_last_signed(office);
    const LogWitness witness = {.given = checkpoint, .last = last};
    if (!look(office, key, &witness, report, error)) {
        return false;
    }
    *ret_report = g_steal_pointer(&report);
    return true;
}
