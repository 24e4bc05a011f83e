#include "ledger/verify-office.h"

#include "ledger/verify.h"
#include "log/history.h"
#include "office/key.h"
#include "office/verify.h"

#define MAX_LOOKS 3 /* while others write */

/* Look at everything once, as of now. */
static bool look_once(Office *office, const char *key, const char *checkpoint, LogReport *report,
                      GError **error)
{
    g_autofree char *origin = office_key_origin(office_id(office));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    return reader != NULL &&
           log_verify(office_store(office), origin, key != NULL ? key : office_public_key(office),
                      checkpoint, report, error) &&
           store_snapshot_begin(reader, error) && office_verify(reader, report, error) &&
           ledger_verify(office, reader, report, error);
}

static bool read_size(const Office *office, int64_t *ret_size, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    return reader != NULL && log_head(reader, ret_size, NULL, error);
}

/* Log and tables are read one after the other: where somebody wrote in between, what does not fit
 * is looked at once more. */
bool ledger_verify_office(Office *office, const char *key, const char *checkpoint,
                          LogProgress progress, void *data, LogReport **ret_report, GError **error)
{
    for (int n_left = MAX_LOOKS;; n_left--) {
        g_autoptr(LogReport) report = log_report_new();
        report->progress = progress;
        report->progress_data = data;
        int64_t before = 0;
        int64_t after = 0;
        if (!read_size(office, &before, error) ||
            !look_once(office, key, checkpoint, report, error) ||
            !read_size(office, &after, error)) {
            return false;
        }
        if (report->findings->len == 0 || before == after || n_left == 1) {
            *ret_report = g_steal_pointer(&report);
            return true;
        }
    }
}
