#include "ledger/provisional.h"

#include "ledger/change.h"
#include "ledger/first-due.h"
#include "office/tables.h"
#include "office/write.h"

#define WHY "放假安排已公布，重新计算到期日"

static bool settle_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    g_auto(LedgerChange) change = {NULL};
    g_autoptr(GPtrArray) steps = ledger_entry_steps(log_writer_connection(writer), work->id, error);
    if (steps == NULL || !ledger_change_begin(writer, work, RIGHTS_ENTRY_CHANGE, &change, error)) {
        return false;
    }
    g_autoptr(GArray) moments = ledger_moments_of(steps);
    if (!ledger_change_set_clock(writer, work, &change, moments, error)) {
        return false;
    }
    bool is_as_before = change.entry->due_us == change.before->due_us &&
                        change.entry->is_due_provisional == change.before->is_due_provisional;
    return is_as_before || ledger_change_finish(writer, &change, "entry.change", NULL, NULL, error);
}

/* Append to @ids the entries of @ledger whose deadlines are to be settled: by the index of due. */
static bool find_settled(Office *office, StoreConnection *reader, const SchemaLedger *ledger,
                         GArray *ids, GError **error)
{
    g_autofree char *table = office_table_name(ledger);
    g_autoptr(GString) sql = g_string_new("SELECT entry_id, due FROM ");
    store_append_identifier(sql, table);
    g_string_append(sql, " WHERE due >= $1 AND due_provisional = 1 AND stopped IS NULL"
                         " ORDER BY due, entry_id"); /* by id alone, every row is read */
    g_autoptr(StoreStatement) query =
        store_query(reader, error, sql->str, "i", source_now_us(office_source(office)));
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        int64_t id = store_column_int(query, 0);
        bool is_awaited = true;
        Date day = date_from_us(store_column_int(query, 1) - 1, office_offset_seconds(office));
        calendar_is_workday(office_schema(office)->calendar, day, &is_awaited);
        if (!is_awaited) {
            g_array_append_val(ids, id);
        }
    }
    return !has_row;
}

static GArray *find_all_settled(Office *office, GError **error)
{
    const Schema *schema = office_schema(office);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    if (reader == NULL) {
        return NULL;
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        if (ledger->clocks->len > 0 && !find_settled(office, reader, ledger, ids, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&ids);
}

/* Whether @error says that nothing else can be written either. */
static bool is_of_store(const GError *error)
{
    return error_is(error, SHUZHI_ERROR_UNAVAILABLE) || error_is(error, SHUZHI_ERROR_FULL) ||
           error_is(error, SHUZHI_ERROR_IO) || error_is(error, SHUZHI_ERROR_CANCELLED);
}

bool ledger_settle_deadlines(Office *office, GError **error)
{
    static const LogAct act = {.actor = LOG_ACTOR_SYSTEM, .why = WHY};
    g_autoptr(GArray) ids =
        ledger_first_dues_fill(office, error) ? find_all_settled(office, error) : NULL;
    g_autoptr(RightsSubject) program = rights_subject_system();
    g_autoptr(GError) first = NULL;
    for (guint i = 0; ids != NULL && i < ids->len && !is_of_store(first); i++) {
        g_autoptr(GError) fault = NULL;
        LedgerWork work = {
            .office = office, .subject = program, .id = g_array_index(ids, int64_t, i)};
        if (office_write(office, &act, NULL, settle_job, &work, &fault)) {
            continue;
        }
        error_prefix(&fault, "entry %lld", (long long)work.id);
        if (first == NULL || is_of_store(fault)) {
            g_clear_error(&first);
            first = g_steal_pointer(&fault);
        }
    }
    if (first != NULL) {
        g_propagate_error(error, g_steal_pointer(&first));
        return false;
    }
    return ids != NULL;
}
