#include "ledger/prepare.h"

#include "base/json.h"
#include "ledger/clock.h"

void ledger_prepared_free(LedgerPrepared *prepared)
{
    if (prepared == NULL) {
        return;
    }
    ledger_entry_free(prepared->entry);
    if (prepared->steps != NULL) {
        g_array_unref(prepared->steps);
    }
    log_fields_free(prepared->fields);
    g_free(prepared->data);
    g_free(prepared);
}

int64_t ledger_subject_unit(const RightsSubject *subject)
{
    if (subject->holds->len == 0) {
        return 0;
    }
    const RightsHold *hold = g_ptr_array_index(subject->holds, 0);
    return hold->unit;
}

bool ledger_subject_own_unit(const RightsSubject *subject, int64_t *ret_unit)
{
    *ret_unit = 0;
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        if (rights_reach(hold->role, RIGHTS_ENTRY_ADD) == RIGHTS_NONE || hold->unit == *ret_unit) {
            continue;
        }
        if (*ret_unit != 0) {
            return false;
        }
        *ret_unit = hold->unit;
    }
    return true;
}

/* Return the year of the number of an entry opened at @opened_us; 0 where numbers have none. */
static int64_t year_of_number(const SchemaLedger *ledger, int64_t opened_us, int offset_seconds)
{
    return ledger->number_has_year ? date_year(date_from_us(opened_us, offset_seconds)) : 0;
}

/* Check the cells of one child row. */
static bool check_row(const SchemaField *rows, guint number, const Value *values, GError **error)
{
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(rows->fields, i);
        bool is_missing = field->is_required && value_is_empty(&values[i]);
        if (is_missing) {
            error_set(error, SHUZHI_ERROR_INVALID, "'%s' must be filled in", field->words.name);
        }
        if (is_missing || !ledger_field_check(field, &values[i], error)) {
            error_prefix(error, "'%s', row %u", rows->words.name, number);
            return false;
        }
    }
    return true;
}

static bool check_rows(const SchemaField *field, const LedgerRows *rows, GError **error)
{
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        if (!check_row(field, i + 1, g_ptr_array_index(rows->rows, i), error)) {
            return false;
        }
    }
    return true;
}

bool ledger_check_fields(const LedgerEntry *entry, const LedgerInput *input, GError **error)
{
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (field->is_required && field->set_by_step == NULL && !ledger_entry_has(entry, field)) {
            error_set(error, SHUZHI_ERROR_INVALID, "'%s' must be filled in", field->words.name);
            error_about(error, field->name);
            return false;
        }
        if (input->is_given[i] && (!ledger_field_check(field, &entry->values[i], error) ||
                                   !check_rows(field, entry->rows[i], error))) {
            error_about(error, field->name);
            return false;
        }
    }
    return true;
}

/* Refuse @field, which @step brings and @input has: beside the entry it stands only where an import
 * brings the step too, by its date. */
static bool check_brought(const LedgerInput *input, const SchemaField *field, bool is_import,
                          GError **error)
{
    const SchemaStep *step = schema_ledger_step(input->ledger, field->set_by_step);
    if (!is_import) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' comes with the step '%s'; record the entry first, then do the step",
                  field->words.name, step->words.name);
        return false;
    }
    if (step->at == NULL || !value_is_empty(&input->values[step->at->position])) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' is filled in, but '%s' is not, and without it the step '%s' is not done; fill "
              "that in too, or set the column aside",
              field->words.name, step->at->words.name, step->words.name);
    return false;
}

/* What a step brings cannot be typed without it: there would be a reply without anyone having
 * replied. */
static bool refuse_fields_of_steps(const LedgerInput *input, bool is_import, GError **error)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        bool is_filled = !value_is_empty(&input->values[i]) || input->rows[i] != NULL;
        if (field->set_by_step != NULL && is_filled &&
            !check_brought(input, field, is_import, error)) {
            return false;
        }
    }
    return true;
}

bool ledger_check_opened(const SchemaField *field, int64_t opened_us, int64_t now_us,
                         GError **error)
{
    g_autofree char *opened = error_words((const char *const[]){N_("opened"), NULL});
    const char *name = field != NULL ? field->words.name : opened;
    /* A day less, so that the year is right in every zone. */
    int64_t earliest_us = date_to_us(date_from_ymd(LEDGER_EARLIEST_YEAR, 1, 1) - 1, 0, 0);
    if (opened_us > now_us) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' lies in the future", name);
    } else if (opened_us < earliest_us) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' lies before %d; is the year right?", name,
                  LEDGER_EARLIEST_YEAR);
    } else {
        return true;
    }
    error_about(error, field != NULL ? field->name : "opened");
    return false;
}

/* ---- when it began, in which state it is ----------------------------------------------------- */

static bool set_opened(LedgerEntry *entry, int64_t opened_us, int64_t now_us, int offset_seconds,
                       GError **error)
{
    const SchemaField *field = entry->ledger->opened;
    if (field == NULL) {
        entry->opened_us = opened_us != 0 ? opened_us : now_us;
    } else {
        const Value *value = &entry->values[field->position];
        if (value_is_empty(value)) {
            error_set(error, SHUZHI_ERROR_INVALID, "'%s' must be filled in", field->words.name);
            error_about(error, field->name);
            return false;
        }
        entry->opened_us = ledger_value_us(value, offset_seconds);
    }
    if (!ledger_check_opened(field, entry->opened_us, now_us, error)) {
        return false;
    }
    entry->stepped_us = entry->opened_us;
    return true;
}

int64_t ledger_step_moment(const Value *at, int64_t after_us, int offset_seconds)
{
    int64_t at_us = ledger_value_us(at, offset_seconds);
    Date day = date_from_us(at_us, offset_seconds);
    bool is_day_alone = at_us == date_to_us(day, 0, offset_seconds);
    return is_day_alone && date_from_us(after_us, offset_seconds) == day ? after_us : at_us;
}

/* Refuse a step that comes before what it follows, or in the future. */
static bool check_moment(const LedgerEntry *entry, const LedgerBroughtStep *brought, int64_t now_us,
                         GError **error)
{
    const SchemaField *at = brought->step->at;
    if (brought->happened_us >= entry->stepped_us && brought->happened_us <= now_us) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              brought->happened_us > now_us             ? N_("'%s' lies in the future")
              : brought->happened_us < entry->opened_us ? N_("'%s' is before the entry began")
                                                        : N_("'%s' is before the step before it"),
              at->words.name);
    return false;
}

/* Do the steps whose time is given, in the order of the ledger. */
static bool bring_steps(LedgerPrepared *prepared, int64_t now_us, int offset_seconds,
                        GError **error)
{
    LedgerEntry *entry = prepared->entry;
    for (guint i = 0; i < entry->ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(entry->ledger->steps, i);
        const Value *at = step->at != NULL ? &entry->values[step->at->position] : NULL;
        if (at == NULL || value_is_empty(at)) {
            continue;
        }
        LedgerBroughtStep brought = {.step = step};
        brought.happened_us = ledger_step_moment(at, entry->stepped_us, offset_seconds);
        brought.from = schema_step_from(step, entry->state);
        if (brought.from == NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is given, but step '%s' cannot be done in state '%s'",
                      step->at->words.name, step->words.name,
                      schema_ledger_state(entry->ledger, entry->state)->words.name);
            return false;
        }
        if (!check_moment(entry, &brought, now_us, error)) {
            return false;
        }
        g_array_append_val(prepared->steps, brought);
        g_free(entry->state);
        entry->state = g_strdup(step->to->name);
        entry->stepped_us = brought.happened_us;
    }
    return true;
}

static bool set_clock(Office *office, LedgerPrepared *prepared, const LedgerOrigin *origin,
                      GError **error)
{
    g_autoptr(GArray) moments = g_array_new(false, true, sizeof(LedgerMoment));
    for (guint i = 0; i < prepared->steps->len; i++) {
        const LedgerBroughtStep *brought = &g_array_index(prepared->steps, LedgerBroughtStep, i);
        const LedgerMoment moment = {brought->step->name, brought->happened_us};
        g_array_append_val(moments, moment);
    }
    return ledger_clock_set(office_schema(office), prepared->entry, moments, &origin->present,
                            error);
}

/* Set the unit of @entry from its field, which is given the writer's own where it is left empty, or
 * where there is none as @origin says. */
static void set_unit(LedgerEntry *entry, const LedgerOrigin *origin)
{
    const SchemaField *field = entry->ledger->unit;
    Value *value = field != NULL ? &entry->values[field->position] : NULL;
    if (value != NULL && value_is_empty(value) && origin->own_unit != 0) {
        *value = value_ref(origin->own_unit);
    }
    entry->unit = value != NULL ? value->number : origin->unit;
}

LedgerPrepared *ledger_prepare(Office *office, const LedgerTable *table, const LedgerInput *input,
                               const LedgerOrigin *origin, GError **error)
{
    const SchemaLedger *ledger = table->ledger;
    int64_t now_us = origin->present.now_us;
    int offset_seconds = origin->present.offset_seconds;
    g_autoptr(LedgerPrepared) prepared = g_new0(LedgerPrepared, 1);
    prepared->steps = g_array_new(false, true, sizeof(LedgerBroughtStep));
    LedgerEntry *entry = prepared->entry = ledger_entry_new(ledger);
    ledger_input_lay_over(input, entry);
    const SchemaChoice *first = g_ptr_array_index(ledger->states, 0);
    entry->state = g_strdup(first->name);
    entry->owner = g_strdup(origin->owner);
    entry->version = 1;
    entry->definition = office_definition(office, ledger);
    entry->title = g_strdup(entry->values[ledger->title->position].text);
    if (!refuse_fields_of_steps(input, origin->is_import, error) ||
        !ledger_check_fields(entry, input, error)) {
        return NULL;
    }
    set_unit(entry, origin);
    if (!set_opened(entry, origin->opened_us, now_us, offset_seconds, error) ||
        !bring_steps(prepared, now_us, offset_seconds, error) ||
        !set_clock(office, prepared, origin, error)) {
        return NULL;
    }
    if (entry->title == NULL) {
        entry->title = g_strdup("");
    }
    entry->year = year_of_number(ledger, entry->opened_us, offset_seconds);
    return g_steal_pointer(&prepared);
}

void ledger_prepared_hash(LedgerPrepared *prepared, const LedgerTable *table, Source *source)
{
    prepared->fields = ledger_event_fields(table, NULL, prepared->entry, source);
}

/* ---- writing it ----------------------------------------------------------------------------- */

bool ledger_step_insert(StoreConnection *connection, const LedgerEntry *entry, int64_t n,
                        const SchemaStep *step, const char *from_state, int64_t happened_us,
                        int64_t recorded_us, const char *doer, GError **error)
{
    g_autoptr(StoreStatement) insert = store_prepare(
        connection,
        "INSERT INTO step (entry_id, n, ledger, name, from_state, to_state, happened, recorded,"
        " doer, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        error);
    if (insert == NULL) {
        return false;
    }
    store_bind_int(insert, 1, entry->id);
    store_bind_int(insert, 2, n);
    store_bind_borrowed_text(insert, 3, entry->ledger->name);
    store_bind_borrowed_text(insert, 4, step->name);
    store_bind_borrowed_text(insert, 5, from_state);
    store_bind_borrowed_text(insert, 6, step->to->name);
    store_bind_int(insert, 7, happened_us);
    store_bind_int(insert, 8, recorded_us);
    store_bind_borrowed_text(insert, 9, doer);
    if (entry->due_us != 0) {
        store_bind_int(insert, 10, entry->due_us);
    } else {
        store_bind_null(insert, 10);
    }
    return store_execute(insert, NULL, error);
}

/* Write the steps as the event says them; NULL when there are none. */
static char *steps_to_json(const GArray *steps)
{
    if (steps->len == 0) {
        return NULL;
    }
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < steps->len; i++) {
        const LedgerBroughtStep *brought = &g_array_index(steps, LedgerBroughtStep, i);
        json_write_begin_object(&json);
        json_write_key_text(&json, "from", brought->from->name);
        json_write_key_int(&json, "happened", brought->happened_us);
        json_write_key_text(&json, "name", brought->step->name);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    return json_writer_finish(&json);
}

void ledger_prepared_number(LedgerPrepared *prepared, int64_t n, int64_t batch)
{
    LedgerEntry *entry = prepared->entry;
    entry->n = n;
    entry->batch = batch;
    entry->number = schema_ledger_format_number(entry->ledger, (int)entry->year, n);
    g_autofree char *steps = steps_to_json(prepared->steps);
    prepared->data = ledger_event_data(NULL, entry, "steps", steps);
}

/* The steps of new entries on their way into the table. */
typedef struct NewSteps {
    GArray *steps; /* of NewStep */
    int64_t now_us;
} NewSteps;

typedef struct NewStep {
    const LedgerEntry *entry;
    const LedgerBroughtStep *brought;
    int64_t n;
} NewStep;

static void give_step(int64_t i, StoreCell *ret_cells, void *data)
{
    const NewSteps *all = data;
    const NewStep *step = &g_array_index(all->steps, NewStep, i);
    store_cell_set_int(&ret_cells[0], step->entry->id);
    store_cell_set_int(&ret_cells[1], step->n);
    store_cell_set_text(&ret_cells[2], step->entry->ledger->name);
    store_cell_set_text(&ret_cells[3], step->brought->step->name);
    store_cell_set_text(&ret_cells[4], step->brought->from->name);
    store_cell_set_text(&ret_cells[5], step->brought->step->to->name);
    store_cell_set_int(&ret_cells[6], step->brought->happened_us);
    store_cell_set_int(&ret_cells[7], all->now_us);
    store_cell_set_text(&ret_cells[8], step->entry->owner);
    store_cell_set_int(&ret_cells[9], step->entry->due_us);
    if (step->entry->due_us == 0) {
        store_cell_set_null(&ret_cells[9]);
    }
}

static bool insert_steps(LogWriter *writer, LedgerPrepared *const *prepared, size_t n,
                         GError **error)
{
    NewSteps all = {g_array_new(false, false, sizeof(NewStep)), log_writer_now_us(writer)};
    for (size_t i = 0; i < n; i++) {
        const GArray *steps = prepared[i]->steps;
        for (guint j = 0; j < steps->len; j++) {
            NewStep step = {prepared[i]->entry, &g_array_index(steps, LedgerBroughtStep, j),
                            (int64_t)j + 1};
            g_array_append_val(all.steps, step);
        }
    }
    bool is_ok = all.steps->len == 0 ||
                 store_insert_rows(log_writer_connection(writer),
                                   "step (entry_id, n, ledger, name, from_state, to_state,"
                                   " happened, recorded, doer, due)",
                                   10, all.steps->len, give_step, &all, error);
    g_array_unref(all.steps);
    return is_ok;
}

bool ledger_prepared_write(LogWriter *writer, const LedgerTable *table,
                           LedgerPrepared *const *prepared, size_t n, GError **error)
{
    g_autofree LogNews *news = g_new(LogNews, n);
    g_autofree LedgerEntry **entries = g_new(LedgerEntry *, n);
    int64_t now_us = log_writer_now_us(writer);
    for (size_t i = 0; i < n; i++) {
        news[i] = (LogNews){prepared[i]->data, prepared[i]->fields};
        entries[i] = prepared[i]->entry;
        entries[i]->id = log_writer_next_seq(writer) + (int64_t)i;
        entries[i]->added_us = now_us;
        entries[i]->changed_us = now_us;
    }
    return log_append_all(writer, "entry.add", news, n, error) &&
           ledger_row_insert_all(log_writer_connection(writer), table, entries, n, error) &&
           insert_steps(writer, prepared, n, error);
}
