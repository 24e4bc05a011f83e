#include "ledger/nothing.h"

#include "office/tables.h"
#include "office/write.h"

enum { LEDGER, SINCE, UNTIL, OWNER, ADDED, N_COLUMNS };

static const LogColumn columns[N_COLUMNS] = {
    [LEDGER] = {"ledger", VALUE_TEXT, false}, [SINCE] = {"since", VALUE_DATE, false},
    [UNTIL] = {"until", VALUE_DATE, false},   [OWNER] = {"owner", VALUE_TEXT, false},
    [ADDED] = {"added", VALUE_TIME, false},
};
const LogTable ledger_nothing_table = {"statement", "nothing", N_("statement of nothing to record"),
                                       columns, N_COLUMNS};

/* One call; all borrowed. */
typedef struct NothingWork {
    Office *office;
    const SchemaLedger *ledger;
    Period period;
    int64_t id;
} NothingWork;

bool ledger_nothing_may(const RightsSubject *subject, RightsAction action,
                        const SchemaLedger *ledger, GError **error)
{
    const RightsObject object = {.ledger = ledger, .owner = subject->actor};
    return rights_may(subject, action, &object, error);
}

static bool check_period(const Office *office, const NothingWork *work, int64_t now_us,
                         GError **error)
{
    if (!work->ledger->may_be_none) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the ledger '%s' takes no statement that there was nothing to record",
                  work->ledger->words.name);
        return false;
    }
    if (work->period.to >= date_from_us(now_us, office_offset_seconds(office))) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the time is not over yet; state it when its last day has passed");
        return false;
    }
    return true;
}

/* Refuse when there are entries that began in the period. */
static bool check_entries(StoreConnection *connection, const NothingWork *work, GError **error)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    int64_t n = 0;
    period_to_us(&work->period, office_offset_seconds(work->office), &from_us, &to_us);
    g_autoptr(GString) sql = g_string_new("SELECT count(*) FROM ");
    g_autofree char *table = office_table_name(work->ledger);
    store_append_identifier(sql, table);
    g_string_append(sql, " t JOIN entry e ON e.id = t.entry_id WHERE t.opened >= $1"
                         " AND t.opened < $2 AND e.gone IS NULL");
    if (!store_query_int(connection, 0, &n, error, sql->str, "ii", from_us, to_us)) {
        return false;
    }
    if (n > 0) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "%lld {entry of that time is|entries of that time are} recorded", (long long)n);
    }
    return n == 0;
}

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    NothingWork *work = data;
    int64_t now_us = log_writer_now_us(writer);
    if (!check_period(work->office, work, now_us, error) ||
        !check_entries(log_writer_connection(writer), work, error)) {
        return false;
    }
    g_auto(Value) ledger = value_text(work->ledger->name);
    g_auto(Value) owner = value_text(log_writer_act(writer)->actor);
    const Value values[N_COLUMNS] = {[LEDGER] = ledger,
                                     [SINCE] = value_date(work->period.from),
                                     [UNTIL] = value_date(work->period.to),
                                     [OWNER] = owner,
                                     [ADDED] = value_time(now_us)};
    return log_record_add(writer, &ledger_nothing_table, values, &work->id, error);
}

bool ledger_nothing_add(Office *office, const RightsSubject *subject, const LogAct *act,
                        const SchemaLedger *ledger, const Period *period, int64_t *ret_id,
                        GError **error)
{
    NothingWork work = {.office = office, .ledger = ledger, .period = *period};
    if (!ledger_nothing_may(subject, RIGHTS_ENTRY_ADD, ledger, error) ||
        !office_write(office, act, ledger, add_job, &work, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = work.id;
    }
    return true;
}

static bool remove_job(LogWriter *writer, void *data, GError **error)
{
    const NothingWork *work = data;
    return log_record_remove(writer, &ledger_nothing_table, work->id, error);
}

bool ledger_nothing_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                           int64_t id, GError **error)
{
    NothingWork work = {.office = office, .id = id};
    if (!log_act_has_reason(act)) {
        error_set(error, SHUZHI_ERROR_INVALID, "say why the statement is taken back");
        return false;
    }
    return ledger_nothing_may(subject, RIGHTS_ENTRY_DELETE, NULL, error) &&
           office_write(office, act, NULL, remove_job, &work, error);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void free_nothing(gpointer data)
{
    LedgerNothing *nothing = data;
    g_free(nothing->owner);
    g_free(nothing);
}

GPtrArray *ledger_nothing_list(StoreConnection *connection, const SchemaLedger *ledger,
                               GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, since, until, owner, added FROM statement WHERE ledger = $1"
                    " ORDER BY since, id",
                    "t", ledger->name);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_nothing);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (!has_row) {
            break;
        }
        LedgerNothing *nothing = g_new0(LedgerNothing, 1);
        nothing->id = store_column_int(query, 0);
        date_parse(store_column_text(query, 1), &nothing->period.from);
        date_parse(store_column_text(query, 2), &nothing->period.to);
        nothing->owner = g_strdup(store_column_text(query, 3));
        nothing->added_us = store_column_int(query, 4);
        g_ptr_array_add(list, nothing);
    }
    return query != NULL ? g_steal_pointer(&list) : NULL;
}

bool ledger_nothing_covers(StoreConnection *connection, const SchemaLedger *ledger,
                           const Period *period, int64_t known_us, bool *ret_is_covered,
                           GError **error)
{
    *ret_is_covered = false;
    if (!ledger->may_be_none) {
        return true;
    }
    g_autoptr(GPtrArray) list = ledger_nothing_list(connection, ledger, error);
    if (list == NULL) {
        return false;
    }
    Date open = period->from; /* the first day that nothing covers yet */
    for (guint i = 0; i < list->len; i++) {
        const LedgerNothing *nothing = g_ptr_array_index(list, i);
        bool is_known = known_us == 0 || nothing->added_us <= known_us;
        if (is_known && nothing->period.from <= open && nothing->period.to >= open) {
            open = nothing->period.to + 1;
        }
    }
    *ret_is_covered = open > period->to;
    return true;
}
