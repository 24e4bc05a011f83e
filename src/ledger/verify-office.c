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
    if (store_check_content(office_store(office), &fault)) {
        return true;
    }
    if (!error_is(fault, SHUZHI_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    log_report_take(report, LOG_ALTERED, "database", 0, 0, g_steal_pointer(&fault));
    return true;
}

static bool check_tables(const Office *office, StoreConnection *reader, GPtrArray *faults,
                         GError **error)
{
    const Schema *schema = office_schema(office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        if (!office_tables_check_made(reader, g_ptr_array_index(schema->ledgers, i), faults,
                                      error)) {
            return false;
        }
    }
    return true;
}

/* Note each thing of the database's structure that is not as the program makes it. */
static bool check_shape(const Office *office, StoreConnection *reader, LogReport *report,
                        GError **error)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new(); /* the report takes them */
    bool is_looked =
        store_check_shape(reader, faults, error) && check_tables(office, reader, faults, error);
    for (guint i = 0; i < faults->len; i++) {
        log_report_take(report, LOG_ALTERED, "structure", 0, 0, g_ptr_array_index(faults, i));
    }
    return is_looked;
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
        log_report_take(report, LOG_NOT_THIS_KEY, "office-key", 0, 0, g_steal_pointer(&fault));
    }
}

/* Check that the key that the office names is one: else none of its signatures can be checked. */
static bool check_own_key(const Office *office, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(ProofVerifier) own = proof_verifier_parse(office_public_key(office), &fault);
    if (own == NULL) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the public key that the office names was altered: it is no key any more");
    }
    return own != NULL;
}

/* Look at everything once, as of now.  What cannot be read for what is missing or damaged is one
 * more finding, the last. */
static bool look(Office *office, const char *key, const LogWitness *witness, LogReport *report,
                 GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *origin = office_key_origin(office_id(office));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader == NULL) {
        return false;
    }
    bool is_log_read =
        check_shape(office, reader, report, &fault) &&
        (key != NULL || check_own_key(office, &fault)) &&
        log_verify(office_store(office), reader, origin,
                   key != NULL ? key : office_public_key(office), witness, report, &fault);
    if (is_log_read && office_verify(reader, report, &fault) &&
        ledger_verify(office, reader, report, &fault) && check_indexes(office, report, &fault)) {
        return true;
    }
    /* Tables of another structure refuse statements that are right; of the log's it is the caller's
     * key or checkpoint that may be none. */
    bool is_refused =
        is_log_read && report->verdict >= LOG_ALTERED && error_is(fault, SHUZHI_ERROR_INVALID);
    if (!is_refused && !error_is(fault, SHUZHI_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    log_report_take(report, LOG_ALTERED, "database", 0, 0, g_steal_pointer(&fault));
    return true;
}

bool ledger_check_tables(const Office *office, GError **error)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader == NULL || !check_tables(office, reader, faults, error)) {
        return false;
    }
    if (faults->len > 0) {
        g_propagate_error(error, g_error_copy(g_ptr_array_index(faults, 0)));
    }
    return faults->len == 0;
}

/* After @fault, that the caller's key or checkpoint is none of this office: whether that is so
 * because the office was altered.  Then @report says so, and takes @fault. */
static bool blame_office(Office *office, GError *fault, LogReport *report)
{
    const LogWitness nobody = {NULL, NULL};
    g_autoptr(GError) ignored = NULL;
    settle_key(office, NULL, report);
    if (!look(office, NULL, &nobody, report, &ignored) || report->verdict < LOG_ALTERED) {
        return false;
    }
    log_report_take(report, LOG_NOT_THIS_KEY, "witness", 0, 0, fault);
    return true;
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
    g_autoptr(GError) fault = NULL;
    if (look(office, key, &witness, report, &fault)) {
        *ret_report = g_steal_pointer(&report);
        return true;
    }
    g_autoptr(LogReport) second = log_report_new();
    if ((key != NULL || checkpoint != NULL) && error_is(fault, SHUZHI_ERROR_INVALID) &&
        blame_office(office, fault, second)) {
        fault = NULL;
        *ret_report = g_steal_pointer(&second);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}
