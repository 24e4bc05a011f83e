#include "ledger/change.h"

#include "ledger/clock.h"
#include "ledger/prepare.h"
#include "ledger/target.h"

void ledger_change_clear(LedgerChange *change)
{
    ledger_entry_free(change->before);
    ledger_entry_free(change->entry);
}

/* Refuse when the entry is gone, not the subject's to change, or another than the caller saw. */
static bool check_before(const LedgerWork *work, RightsAction action, LedgerChange *change,
                         GError **error)
{
    const LedgerEntry *before = change->before;
    RightsObject object = {.ledger = before->ledger, .unit = before->unit, .owner = before->owner};
    if (!rights_may(work->subject, action, &object, error)) {
        return false;
    }
    if (before->gone != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "entry '%s' was taken out of the books",
                  before->number);
        return false;
    }
    if (work->version != 0 && work->version != before->version) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "entry '%s' was changed since you opened it: it is version %lld now, you saw %lld",
            before->number, (long long)before->version, (long long)work->version);
        if (work->ret_current != NULL) {
            *work->ret_current = g_steal_pointer(&change->before);
        }
        return false;
    }
    return true;
}

bool ledger_change_begin(LogWriter *writer, const LedgerWork *work, RightsAction action,
                         LedgerChange *change, GError **error)
{
    LedgerEntry *entry =
        ledger_entry_load(work->office, log_writer_connection(writer), work->id, error);
    return entry != NULL && ledger_change_begin_with(writer, work, action, entry, change, error);
}

bool ledger_change_begin_with(LogWriter *writer, const LedgerWork *work, RightsAction action,
                              LedgerEntry *entry, LedgerChange *change, GError **error)
{
    change->before = entry;
    if (!check_before(work, action, change, error)) {
        return false;
    }
    change->table = ledger_table(change->before->ledger);
    change->entry = ledger_entry_dup(change->before);
    change->entry->version++;
    change->entry->changed_us = log_writer_now_us(writer);
    return true;
}

/* ---- rights ---------------------------------------------------------------------------------- */

bool ledger_change_may_give(const RightsSubject *subject, RightsAction action,
                            const LedgerEntry *entry, GError **error)
{
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    const SchemaField *field = entry->ledger->unit;
    if (field == NULL || !rights_may(subject, action, NULL, NULL)) {
        return rights_may(subject, action, &object, error);
    }
    if (rights_may(subject, action, &object, NULL)) {
        return true;
    }
    if (value_is_empty(&entry->values[field->position])) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' must be filled in, with a unit that your role reaches", field->words.name);
    } else {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "'%s' may be a unit that your role reaches: your own, and for the head of a unit"
                  " those below it",
                  field->words.name);
    }
    error_about(error, field->name);
    return false;
}

/* ---- what follows from the fields ------------------------------------------------------------ */

/* Refuse an opening that the rest of the entry contradicts. */
static bool check_opened(const LedgerEntry *entry, const GPtrArray *steps, int64_t now_us,
                         GError **error)
{
    const SchemaField *field = entry->ledger->opened;
    if (value_is_empty(&entry->values[field->position])) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' must be filled in", field->words.name);
        error_about(error, field->name);
        return false;
    }
    if (!ledger_check_opened(field, entry->opened_us, now_us, error)) {
        return false;
    }
    const LedgerStep *first = steps->len > 0 ? g_ptr_array_index(steps, 0) : NULL;
    if (first != NULL && entry->opened_us > first->happened_us) {
        const SchemaStep *step = schema_ledger_step(entry->ledger, first->name);
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is later than the step '%s', which was done",
                  field->words.name, step != NULL ? step->words.name : first->name);
        error_about(error, field->name);
        return false;
    }
    return true;
}

bool ledger_change_follow_fields(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                                 RightsAction action, const GPtrArray *steps, GError **error)
{
    LedgerEntry *entry = change->entry;
    const SchemaLedger *ledger = entry->ledger;
    const char *title = entry->values[ledger->title->position].text;
    g_free(entry->title);
    entry->title = g_strdup(title != NULL ? title : "");
    if (ledger->unit != NULL) {
        entry->unit = entry->values[ledger->unit->position].number;
    }
    if (entry->unit != change->before->unit &&
        !ledger_change_may_give(work->subject, action, entry, error)) {
        return false;
    }
    if (ledger->opened == NULL) {
        return true;
    }
    const Value *opened = &entry->values[ledger->opened->position];
    entry->opened_us = ledger_value_us(opened, office_offset_seconds(work->office));
    if (!check_opened(entry, steps, log_writer_now_us(writer), error)) {
        return false;
    }
    if (steps->len == 0) {
        entry->stepped_us = entry->opened_us;
    }
    return true;
}

LedgerPresent ledger_work_present(const LedgerWork *work, LogWriter *writer)
{
    return (LedgerPresent){.connection = log_writer_connection(writer),
                           .now_us = log_writer_now_us(writer),
                           .offset_seconds = office_offset_seconds(work->office)};
}

bool ledger_change_set_clock(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                             const GArray *moments, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    g_autoptr(GPtrArray) stored = ledger_entry_steps(connection, work->id, error);
    if (stored == NULL) {
        return false;
    }
    g_autoptr(GArray) before = ledger_moments_of(stored);
    const LedgerPresent present = ledger_work_present(work, writer);
    return ledger_clock_follow(office_schema(work->office), change->before, before, change->entry,
                               moments, &present, error);
}

/* ---- what fields refer to -------------------------------------------------------------------- */

/* Check that object @id, which a value of @field refers to, is there. */
static bool check_target(StoreConnection *connection, const SchemaField *field, int64_t id,
                         GError **error)
{
    bool is_there = true;
    bool is_ok = ledger_target_find(connection, field, id, &is_there, error);
    if (!is_there) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s': there is no #%lld", field->words.name,
                  (long long)id);
    }
    return is_ok && is_there;
}

static bool check_value(StoreConnection *connection, const SchemaField *field, const Value *value,
                        GError **error)
{
    if (value->kind == VALUE_REF) {
        return check_target(connection, field, value->number, error);
    }
    for (guint i = 0; value->kind == VALUE_LIST && i < value->items->len; i++) {
        if (!check_value(connection, field, &g_array_index(value->items, Value, i), error)) {
            return false;
        }
    }
    return true;
}

static bool check_rows(StoreConnection *connection, const SchemaField *field,
                       const LedgerRows *rows, GError **error)
{
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        const Value *values = g_ptr_array_index(rows->rows, i);
        for (guint j = 0; j < rows->n_fields; j++) {
            if (!check_value(connection, g_ptr_array_index(field->fields, j), &values[j], error)) {
                return false;
            }
        }
    }
    return true;
}

bool ledger_change_check_links(StoreConnection *connection, const LedgerInput *input,
                               GError **error)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        if (input->is_given[i] && (!check_value(connection, field, &input->values[i], error) ||
                                   !check_rows(connection, field, input->rows[i], error))) {
            return false;
        }
    }
    return true;
}

/* ---- the end of it --------------------------------------------------------------------------- */

bool ledger_change_finish(LogWriter *writer, const LedgerChange *change, const char *kind,
                          const char *extra, const char *extra_json, GError **error)
{
    g_autofree char *data = ledger_event_data(change->before, change->entry, extra, extra_json);
    g_autoptr(LogFields) fields = ledger_event_fields(change->table, change->before, change->entry,
                                                      log_writer_source(writer));
    return log_append(writer, kind, change->entry->id, data, fields, NULL, error) &&
           ledger_row_update(log_writer_connection(writer), change->table, change->entry, error);
}
