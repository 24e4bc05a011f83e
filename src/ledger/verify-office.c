#include "ledger/verify-office.h"

#include "ledger/row.h"
#include "ledger/verify.h"
#include "office/key.h"
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

/* Look at everything once, as of now. */
static bool look(Office *office, const char *key, const char *checkpoint, LogReport *report,
                 GError **error)
{
    g_autofree char *origin = office_key_origin(office_id(office));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    return reader != NULL && store_check_shape(reader, error) &&
           log_verify(office_store(office), reader, origin,
                      key != NULL ? key : office_public_key(office), checkpoint, report, error) &&
           office_verify(reader, report, error) && ledger_verify(office, reader, report, error) &&
           check_indexes(office, report, error);
}

/* Check that @select, which names every column of a table, can be made of the database. */
static bool check_select(StoreConnection *reader, const char *select, GError **error)
{
    g_autoptr(StoreStatement) query = store_prepare(reader, select, error);
    return query != NULL;
}

bool ledger_check_tables(const Office *office, GError **error)
{
    const Schema *schema = office_schema(office);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    for (guint i = 0; reader != NULL && i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        if (!check_select(reader, ledger_table(ledger)->select, error)) {
            return false;
        }
        for (guint j = 0; j < ledger->fields->len; j++) {
            const SchemaField *field = g_ptr_array_index(ledger->fields, j);
            g_autofree char *select = field->kind == SCHEMA_FIELD_ROWS
                                          ? ledger_rows_select(field, "entry_id = $1")
                                          : NULL;
            if (select != NULL && !check_select(reader, select, error)) {
                return false;
            }
        }
    }
    return reader != NULL;
}

bool ledger_verify_office(Office *office, const char *key, const char *checkpoint,
                          LogProgress progress, void *data, LogReport **ret_report, GError **error)
{
    g_autoptr(LogReport) report = log_report_new();
    report->progress = progress;
    report->progress_data = data;
    if (!look(office, key, checkpoint, report, error)) {
        return false;
    }
    *ret_report = g_steal_pointer(&report);
    return true;
}
