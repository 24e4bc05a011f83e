#include "ledger/write.h"

#include "base/json.h"
#include "ledger/clock.h"
#include "ledger/evaluate.h"
#include "ledger/number.h"
#include "ledger/prepare.h"

/* One call on its way through the write queue. */
typedef struct Work {
    Office *office;
    const RightsSubject *subject;
    const LedgerInput *input; /* NULL: none */
    int64_t id;
    int64_t version;
    const char *step;
    const char *text;
    int64_t happened_us;
    LedgerEntry **ret_current; /* NULL: not wanted */
    int64_t *ret_id;           /* NULL: not wanted */
} Work;

/* ---- recording
 * ----------------------------------------------------------------------------------- */

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    const SchemaLedger *ledger = work->input->ledger;
    g_autoptr(LedgerTable) table = ledger_table_new(ledger);
    g_autoptr(LedgerPrepared) prepared = ledger_prepare(
        work->office, table, work->input, false, ledger_subject_unit(work->subject),
        log_writer_act(writer)->actor, work->happened_us, log_writer_now_us(writer), error);
    if (prepared == NULL) {
        return false;
    }
    RightsObject object = {
        .ledger = ledger, .unit = prepared->entry->unit, .owner = prepared->entry->owner};
    int64_t n = 0;
    ledger_prepared_hash(prepared, table, office_source(work->office));
    if (!rights_may(work->subject, RIGHTS_ENTRY_ADD, &object, error) ||
        !ledger_number_take(writer, ledger, prepared->entry->year, 1, &n, error) ||
        !ledger_prepared_write(writer, table, prepared, n, error)) {
        return false;
    }
    if (work->ret_id != NULL) {
        *work->ret_id = prepared->entry->id;
    }
    return true;
}

bool ledger_entry_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerInput *input, int64_t happened_us, int64_t *ret_id,
                      GError **error)
{
    Work work = {.office = office,
                 .subject = subject,
                 .input = input,
                 .happened_us = happened_us,
                 .ret_id = ret_id};
    return log_write(office_log(office), act, add_job, &work, error);
}

/* ---- changing
 * ------------------------------------------------------------------------------------ */

/* An entry being changed: as it was and as it will be. */
typedef struct Change {
    LedgerTable *table;
    LedgerEntry *before;
    LedgerEntry *entry;
} Change;

static void change_clear(Change *change)
{
    ledger_table_free(change->table);
    ledger_entry_free(change->before);
    ledger_entry_free(change->entry);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

/* Load the entry, and refuse when it is gone or another version than the caller saw. */
static bool begin_change(LogWriter *writer, const Work *work, RightsAction action, Change *change,
                         GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    change->before = ledger_entry_load(work->office, connection, work->id, error);
    if (change->before == NULL) {
        return false;
    }
    const LedgerEntry *before = change->before;
    if (before->gone != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "entry '%s' was taken out of the books",
                  before->number);
        return false;
    }
    RightsObject object = {.ledger = before->ledger, .unit = before->unit, .owner = before->owner};
    if (action != RIGHTS_ENTRY_STEP && !rights_may(work->subject, action, &object, error)) {
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
    change->table = ledger_table_new(before->ledger);
    change->entry = ledger_entry_load(work->office, connection, work->id, error);
    if (change->entry == NULL) {
        return false;
    }
    change->entry->version++;
    change->entry->changed_us = log_writer_now_us(writer);
    return true;
}

/* The steps done so far as moments, with room for one more. */
static GArray *load_moments(StoreConnection *connection, int64_t id, GPtrArray **ret_steps,
                            GError **error)
{
    g_autoptr(GPtrArray) steps = ledger_entry_steps(connection, id, error);
    if (steps == NULL) {
        return NULL;
    }
    GArray *moments = g_array_new(false, true, sizeof(LedgerMoment));
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        LedgerMoment moment = {step->name, step->happened_us};
        g_array_append_val(moments, moment);
    }
    *ret_steps = g_steal_pointer(&steps);
    return moments;
}

static bool set_clock(LogWriter *writer, const Work *work, LedgerEntry *entry,
                      const GArray *moments, GError **error)
{
    return ledger_clock_set(office_schema(work->office), entry,
                            (const LedgerMoment *)(const void *)moments->data, moments->len,
                            log_writer_connection(writer), log_writer_now_us(writer),
                            office_offset_seconds(work->office), error);
}

/* The columns that follow from fields: title, unit, opening. */
static bool follow_fields(LogWriter *writer, const Work *work, LedgerEntry *entry, GError **error)
{
    const SchemaLedger *ledger = entry->ledger;
    const char *title = entry->values[ledger->title->position].text;
    g_free(entry->title);
    entry->title = g_strdup(title != NULL ? title : "");
    if (ledger->unit != NULL) {
        entry->unit = entry->values[ledger->unit->position].number;
    }
    if (ledger->opened == NULL) {
        return true;
    }
    const Value *opened = &entry->values[ledger->opened->position];
    int64_t before_us = entry->opened_us;
    entry->opened_us = opened->kind == VALUE_DATE ? date_to_us((Date)opened->number, 0,
                                                               office_offset_seconds(work->office))
                                                  : opened->number;
    if (value_is_empty(opened) || entry->opened_us > log_writer_now_us(writer)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  value_is_empty(opened) ? "'%s' must be filled in" : "'%s' lies in the future",
                  ledger->opened->words.zh);
        return false;
    }
    if (entry->stepped_us == before_us) {
        entry->stepped_us = entry->opened_us;
    }
    return true;
}

/* Write event and rows of a change. */
static bool finish_change(LogWriter *writer, const Change *change, const char *kind,
                          const char *step, GError **error)
{
    g_autofree char *data = ledger_event_data(change->before, change->entry, step, NULL);
    g_autoptr(LogFields) fields = ledger_event_fields(change->table, change->before, change->entry,
                                                      log_writer_source(writer));
    return log_append(writer, kind, change->entry->id, data, fields, NULL, error) &&
           ledger_row_update(log_writer_connection(writer), change->table, change->entry, error);
}

/* Whether the fields typed change anything: saving a form untouched is not an event. */
static bool is_changed(const Change *change)
{
    for (guint i = 0; i < change->entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(change->entry->ledger->fields, i);
        g_autofree char *was = ledger_event_field(change->before, field);
        g_autofree char *now = ledger_event_field(change->entry, field);
        if (g_strcmp0(was, now) != 0) {
            return true;
        }
    }
    return g_strcmp0(change->before->extra, change->entry->extra) != 0;
}

/* A correction may set what a step brought only once that step is done. */
static bool check_brought_fields(const Change *change, const LedgerInput *input,
                                 const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        bool is_done = field->set_by_step == NULL;
        for (guint j = 0; j < steps->len && !is_done; j++) {
            const LedgerStep *step = g_ptr_array_index(steps, j);
            is_done = g_str_equal(step->name, field->set_by_step);
        }
        if (is_done || !input->is_given[i] || value_is_empty(&change->entry->values[i])) {
            continue;
        }
        const SchemaStep *step = schema_ledger_step(input->ledger, field->set_by_step);
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' comes with the step '%s', which is not done",
                  field->words.zh, step->words.zh);
        return false;
    }
    return true;
}

static bool change_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    g_auto(Change) change = {NULL};
    if (!begin_change(writer, work, RIGHTS_ENTRY_CHANGE, &change, error)) {
        return false;
    }
    ledger_input_lay_over(work->input, change.entry);
    if (!is_changed(&change)) {
        return true;
    }
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(GArray) moments = load_moments(connection, work->id, &steps, error);
    return moments != NULL && check_brought_fields(&change, work->input, steps, error) &&
           ledger_check_fields(change.entry, work->input, error) &&
           follow_fields(writer, work, change.entry, error) &&
           set_clock(writer, work, change.entry, moments, error) &&
           finish_change(writer, &change, "entry.change", NULL, error);
}

bool ledger_entry_change(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, const LedgerInput *input,
                         LedgerEntry **ret_current, GError **error)
{
    Work work = {.office = office,
                 .subject = subject,
                 .input = input,
                 .id = id,
                 .version = version,
                 .ret_current = ret_current};
    return log_write(office_log(office), act, change_job, &work, error);
}

/* ---- steps
 * --------------------------------------------------------------------------------------- */

/* The actors of those steps whose doer may not do @step; NULL-terminated, the strings borrowed from
 * @done. */
static const char **excluded_doers(const SchemaStep *step, const GPtrArray *done)
{
    GPtrArray *doers = g_ptr_array_new();
    for (guint i = 0; i < done->len; i++) {
        const LedgerStep *earlier = g_ptr_array_index(done, i);
        for (guint j = 0; j < step->not_by->len; j++) {
            if (g_str_equal(earlier->name, g_ptr_array_index(step->not_by, j))) {
                g_ptr_array_add(doers, earlier->doer);
            }
        }
    }
    g_ptr_array_add(doers, NULL);
    return (const char **)g_ptr_array_free(doers, false);
}

static bool check_state(const LedgerEntry *entry, const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < step->from->len; i++) {
        const SchemaChoice *from = g_ptr_array_index(step->from, i);
        if (g_str_equal(from->name, entry->state)) {
            return true;
        }
    }
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    error_set(error, SHUZHI_ERROR_INVALID, "step '%s' cannot be done while '%s' is '%s'",
              step->words.zh, entry->number, state != NULL ? state->words.zh : entry->state);
    return false;
}

/* What the step asks for must be there when it is done. */
static bool check_asked(const LedgerEntry *entry, const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        const LedgerRows *rows = entry->rows[field->position];
        if (value_is_empty(&entry->values[field->position]) &&
            (rows == NULL || rows->rows->len == 0)) {
            error_set(error, SHUZHI_ERROR_INVALID, "step '%s' needs '%s'", step->words.zh,
                      field->words.zh);
            return false;
        }
    }
    return true;
}

static bool check_evidence(StoreConnection *connection, const LedgerEntry *entry,
                           const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < step->evidence->len; i++) {
        const char *name = g_ptr_array_index(step->evidence, i);
        for (guint j = 0; j < entry->ledger->evidence->len; j++) {
            const SchemaEvidence *rule = g_ptr_array_index(entry->ledger->evidence, j);
            int64_t n = 0;
            if (!g_str_equal(rule->name, name)) {
                continue;
            }
            if (!store_query_int(connection, 0, &n, error,
                                 "SELECT count(*) FROM link WHERE entry_id = $1 AND field = $2"
                                 " AND kind = 'file'",
                                 "it", entry->id, name)) {
                return false;
            }
            if (n < rule->least) {
                error_set(error, SHUZHI_ERROR_INVALID,
                          "step '%s' needs the evidence '%s': %d file(s), %lld attached",
                          step->words.zh, rule->words.zh, rule->least, (long long)n);
                return false;
            }
        }
    }
    return true;
}

/* Decide when the step happened, and write it into its field. */
static bool set_happened(LogWriter *writer, const Work *work, LedgerEntry *entry,
                         const SchemaStep *step, int64_t *ret_happened_us, GError **error)
{
    int offset_seconds = office_offset_seconds(work->office);
    int64_t now_us = log_writer_now_us(writer);
    int64_t happened_us = work->happened_us;
    Value *at = step->at != NULL ? &entry->values[step->at->position] : NULL;
    bool is_typed = at != NULL && work->input != NULL && work->input->is_given[step->at->position];
    if (happened_us == 0 && is_typed && !value_is_empty(at)) {
        happened_us =
            at->kind == VALUE_DATE ? date_to_us((Date)at->number, 0, offset_seconds) : at->number;
    }
    if (happened_us == 0) {
        happened_us = now_us;
    }
    Date day = date_from_us(happened_us, offset_seconds);
    bool is_date = step->at != NULL && step->at->kind == SCHEMA_FIELD_DATE;
    /* A step known by its day alone happened that day, also on the day of the opening. */
    bool is_early = is_date ? day < date_from_us(entry->opened_us, offset_seconds)
                            : happened_us < entry->opened_us;
    if (happened_us > now_us || is_early) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  is_early ? "step '%s' cannot have happened before the entry began"
                           : "step '%s' cannot have happened in the future",
                  step->words.zh);
        return false;
    }
    if (at != NULL) {
        value_clear(at);
        *at = is_date ? value_date(day) : value_time(happened_us);
    }
    *ret_happened_us = happened_us;
    return true;
}

static char *step_to_json(const SchemaStep *step, const char *from, int64_t happened_us)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "from", from);
    json_write_key_int(&json, "happened", happened_us);
    json_write_key_text(&json, "name", step->name);
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

/* Whether the step may be done now, by this subject. */
static bool check_step(LogWriter *writer, const Work *work, const Change *change,
                       const SchemaStep *step, const GPtrArray *done, GError **error)
{
    const LedgerEntry *entry = change->entry;
    g_autofree const char **doers = excluded_doers(step, done);
    RightsObject object = {.ledger = entry->ledger,
                           .unit = entry->unit,
                           .owner = entry->owner,
                           .step = step,
                           .doers = doers};
    if (!rights_may(work->subject, RIGHTS_ENTRY_STEP, &object, error) ||
        !check_state(entry, step, error)) {
        return false;
    }
    if (!ledger_entry_meets(entry, step->when, log_writer_connection(writer),
                            log_writer_now_us(writer), office_offset_seconds(work->office))) {
        g_autofree char *condition = expression_to_text(step->when);
        error_set(error, SHUZHI_ERROR_INVALID, "step '%s' needs that %s", step->words.zh,
                  condition);
        return false;
    }
    return true;
}

/* Do the step that was found, on the change begun. */
static bool do_step(LogWriter *writer, const Work *work, Change *change, const SchemaStep *step,
                    GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    LedgerEntry *entry = change->entry;
    g_autoptr(GPtrArray) done = NULL;
    g_autoptr(GArray) moments = load_moments(connection, work->id, &done, error);
    int64_t happened_us = 0;
    if (moments == NULL || !check_step(writer, work, change, step, done, error)) {
        return false;
    }
    if (work->input != NULL) {
        ledger_input_lay_over(work->input, entry);
        if (!ledger_check_fields(entry, work->input, error)) {
            return false;
        }
    }
    if (!set_happened(writer, work, entry, step, &happened_us, error) ||
        !check_asked(entry, step, error) || !check_evidence(connection, entry, step, error) ||
        !follow_fields(writer, work, entry, error)) {
        return false;
    }
    g_free(entry->state);
    entry->state = g_strdup(step->to->name);
    entry->stepped_us = MAX(entry->stepped_us, happened_us);
    LedgerMoment moment = {step->name, happened_us};
    g_array_append_val(moments, moment);
    g_autofree char *json = step_to_json(step, change->before->state, happened_us);
    return set_clock(writer, work, entry, moments, error) &&
           finish_change(writer, change, "entry.step", json, error) &&
           ledger_step_insert(connection, entry, moments->len, step, change->before->state,
                              happened_us, log_writer_now_us(writer), log_writer_act(writer)->actor,
                              error);
}

static const SchemaStep *find_step(const SchemaLedger *ledger, const char *name, GError **error)
{
    const SchemaStep *step = schema_ledger_step(ledger, name);
    if (step != NULL) {
        return step;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *known = g_ptr_array_index(ledger->steps, i);
        g_ptr_array_add(names, known->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
    error_set(error, SHUZHI_ERROR_INVALID, "ledger '%s' has no step '%s'; it has: %s", ledger->name,
              name, all);
    return NULL;
}

static bool step_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    g_auto(Change) change = {NULL};
    if (!begin_change(writer, work, RIGHTS_ENTRY_STEP, &change, error)) {
        return false;
    }
    const SchemaStep *step = find_step(change.entry->ledger, work->step, error);
    return step != NULL && do_step(writer, work, &change, step, error);
}

bool ledger_entry_step(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       int64_t version, const char *step, int64_t happened_us,
                       const LedgerInput *input, LedgerEntry **ret_current, GError **error)
{
    Work work = {.office = office,
                 .subject = subject,
                 .input = input,
                 .id = id,
                 .version = version,
                 .step = step,
                 .happened_us = happened_us,
                 .ret_current = ret_current};
    return log_write(office_log(office), act, step_job, &work, error);
}

/* ---- comments, looks, deletion, erasure
 * ------------------------------------------------------------------ */

static bool comment_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    g_auto(Change) change = {NULL};
    if (!begin_change(writer, work, RIGHTS_ENTRY_COMMENT, &change, error)) {
        return false;
    }
    g_autoptr(LogFields) fields = log_fields_new(log_writer_source(writer));
    log_fields_add(fields, "@comment", work->text);
    return log_append(writer, "entry.comment", work->id, NULL, fields, NULL, error);
}

bool ledger_entry_comment(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t id, const char *text, GError **error)
{
    if (*text == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "a comment needs words");
        return false;
    }
    Work work = {.office = office, .subject = subject, .id = id, .text = text};
    return log_write(office_log(office), act, comment_job, &work, error);
}

static bool look_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    g_auto(Change) change = {NULL};
    return begin_change(writer, work, RIGHTS_ENTRY_READ_PERSONAL, &change, error) &&
           log_append(writer, "entry.look", work->id, NULL, NULL, NULL, error);
}

bool ledger_entry_look(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       GError **error)
{
    Work work = {.office = office, .subject = subject, .id = id};
    return log_write(office_log(office), act, look_job, &work, error);
}

static bool delete_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    g_auto(Change) change = {NULL};
    if (!begin_change(writer, work, RIGHTS_ENTRY_DELETE, &change, error)) {
        return false;
    }
    int64_t n_uses = 0;
    StoreConnection *connection = log_writer_connection(writer);
    if (!store_query_int(connection, 0, &n_uses, error,
                         "SELECT count(*) FROM link WHERE target = $1 AND kind = 'entry'", "i",
                         work->id)) {
        return false;
    }
    if (n_uses > 0) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "entry '%s' is used by %lld other entries; take it out of them first",
                  change.before->number, (long long)n_uses);
        return false;
    }
    g_autofree char *data_text =
        g_strdup_printf("{\"version\":%lld}", (long long)change.entry->version);
    return log_append(writer, "entry.delete", work->id, data_text, NULL, NULL, error) &&
           ledger_row_remove(connection, change.table, work->id, change.entry->version,
                             log_writer_now_us(writer), "deleted", error);
}

bool ledger_entry_delete(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, GError **error)
{
    if (act->why == NULL || *act->why == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "taking an entry out of the books needs a reason");
        return false;
    }
    Work work = {.office = office, .subject = subject, .id = id, .version = version};
    return log_write(office_log(office), act, delete_job, &work, error);
}

/* Empty the personal fields, and what is free text about a person: the columns a spreadsheet
 * brought along. */
static void empty_personal(LedgerEntry *entry)
{
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (field->is_personal) {
            value_clear(&entry->values[i]);
            g_clear_pointer(&entry->rows[i], ledger_rows_free);
        }
    }
    g_clear_pointer(&entry->extra, g_free);
}

/* The keys of all earlier events go, and with them what they commit to; so what stays must be
 * committed to anew. */
static bool erase_job(LogWriter *writer, void *data, GError **error)
{
    const Work *work = data;
    g_auto(Change) change = {NULL};
    if (!begin_change(writer, work, RIGHTS_ENTRY_ERASE, &change, error)) {
        return false;
    }
    empty_personal(change.entry);
    g_autofree char *kept = ledger_event_data(change.before, change.entry, NULL, NULL);
    g_autoptr(LogFields) fields =
        ledger_event_fields(change.table, NULL, change.entry, log_writer_source(writer));
    return log_erase(writer, work->id, error) &&
           log_append(writer, "entry.erase", work->id, kept, fields, NULL, error) &&
           ledger_row_update(log_writer_connection(writer), change.table, change.entry, error);
}

bool ledger_entry_erase(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                        GError **error)
{
    Work work = {.office = office, .subject = subject, .id = id};
    return log_write(office_log(office), act, erase_job, &work, error);
}
