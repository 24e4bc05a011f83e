#include "ledger/write.h"

#include "base/json.h"
#include "base/text.h"
#include "ledger/change.h"
#include "ledger/clock.h"
#include "ledger/number.h"
#include "ledger/prepare.h"
#include "ledger/unique.h"
#include "ledger/use.h"
#include "ledger/wall.h"
#include "office/write.h"

/* ---- recording ------------------------------------------------------------------------------- */

/* An entry without a unit is of the subject's own, unless it may record such; of whose, where that
 * is one of several, nobody guesses. */
static bool find_own_unit(const LedgerWork *work, const char *owner, int64_t *ret_unit,
                          GError **error)
{
    const SchemaField *field = work->input->ledger->unit;
    const RightsObject object = {.ledger = work->input->ledger, .owner = owner};
    *ret_unit = 0;
    if (field == NULL || !value_is_empty(&work->input->values[field->position]) ||
        rights_may(work->subject, RIGHTS_ENTRY_ADD, &object, NULL)) {
        return true;
    }
    if (!ledger_subject_own_unit(work->subject, ret_unit)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' must be filled in: you may record for more than one", field->words.name);
        error_about(error, field->name);
        return false;
    }
    *ret_unit = *ret_unit != 0 ? *ret_unit : ledger_subject_unit(work->subject);
    return true;
}

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    const SchemaLedger *ledger = work->input->ledger;
    const LedgerTable *table = ledger_table(ledger);
    const char *owner = log_writer_act(writer)->actor;
    int64_t own_unit = 0;
    if (!find_own_unit(work, owner, &own_unit, error)) {
        return false;
    }
    const LedgerOrigin origin = {.present = ledger_work_present(work, writer),
                                 .owner = owner,
                                 .unit = ledger_subject_unit(work->subject),
                                 .own_unit = own_unit,
                                 .opened_us = work->happened_us};
    g_autoptr(LedgerPrepared) prepared =
        ledger_prepare(work->office, table, work->input, &origin, error);
    if (prepared == NULL) {
        return false;
    }
    int64_t n = 0;
    ledger_prepared_hash(prepared, table, office_source(work->office));
    if (!ledger_change_may_give(work->subject, RIGHTS_ENTRY_ADD, prepared->entry, error) ||
        !ledger_change_check_links(log_writer_connection(writer), work->input, error) ||
        !ledger_unique_check(log_writer_connection(writer), prepared->entry, NULL, error) ||
        !ledger_number_take(writer, ledger, prepared->entry->year, 1, &n, error)) {
        return false;
    }
    ledger_prepared_number(prepared, n, 0);
    if (!ledger_prepared_write(writer, table, &prepared, 1, error)) {
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
    LedgerWork work = {.office = office,
                       .subject = subject,
                       .input = input,
                       .happened_us = happened_us,
                       .ret_id = ret_id};
    return office_write(office, act, input->ledger, add_job, &work, error);
}

/* ---- correcting ------------------------------------------------------------------------------ */

/* Whether @field stands otherwise in the changed entry. */
static bool is_field_changed(const LedgerChange *change, const SchemaField *field)
{
    g_autofree char *was = ledger_event_field(change->before, field);
    g_autofree char *now = ledger_event_field(change->entry, field);
    return g_strcmp0(was, now) != 0;
}

/* Whether the fields typed change anything: saving a form untouched is not an event. */
static bool is_changed(const LedgerChange *change)
{
    for (guint i = 0; i < change->entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(change->entry->ledger->fields, i);
        if (is_field_changed(change, field)) {
            return true;
        }
    }
    return g_strcmp0(change->before->extra, change->entry->extra) != 0;
}

/* Return the last done of @steps that is @name; NULL when it was not done. */
static LedgerStep *last_done(const GPtrArray *steps, const char *name)
{
    for (guint i = steps->len; i > 0; i--) {
        LedgerStep *step = g_ptr_array_index(steps, i - 1);
        if (g_str_equal(step->name, name)) {
            return step;
        }
    }
    return NULL;
}

/* Return what the last of @steps is called. */
static const char *last_words(const LedgerEntry *entry, const GPtrArray *steps)
{
    const LedgerStep *last = g_ptr_array_index(steps, steps->len - 1);
    const SchemaStep *known = schema_ledger_step(entry->ledger, last->name);
    return known != NULL ? known->words.name : last->name;
}

/* A correction may set what a step brought only once that step is done. */
static bool check_brought_field(const LedgerEntry *entry, const SchemaField *field,
                                const GPtrArray *steps, GError **error)
{
    const SchemaStep *step = schema_ledger_step(entry->ledger, field->set_by_step);
    bool is_early = last_done(steps, field->set_by_step) == NULL && ledger_entry_has(entry, field);
    if (is_early) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' comes with the step '%s', which is not done",
                  field->words.name, step->words.name);
        error_about(error, field->name);
    }
    return !is_early;
}

/* When @step was done, and what it asked for, may be corrected, not taken away. */
static bool check_step_stands(const LedgerChange *change, const SchemaStep *step, GError **error)
{
    if (step->at != NULL && !ledger_entry_has(change->entry, step->at)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' says when the step '%s' was done; it cannot be emptied",
                  step->at->words.name, step->words.name);
        error_about(error, step->at->name);
        return false;
    }
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        if (ledger_entry_has(change->before, field) && !ledger_entry_has(change->entry, field)) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the step '%s' asked for '%s'; it cannot be emptied", step->words.name,
                      field->words.name);
            error_about(error, field->name);
            return false;
        }
    }
    return true;
}

static bool check_brought_fields(const LedgerChange *change, const LedgerInput *input,
                                 const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        if (field->set_by_step != NULL && input->is_given[i] &&
            !check_brought_field(change->entry, field, steps, error)) {
            return false;
        }
    }
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *done = g_ptr_array_index(steps, i);
        const SchemaStep *step = schema_ledger_step(input->ledger, done->name);
        if (step != NULL && !check_step_stands(change, step, error)) {
            return false;
        }
    }
    return true;
}

/* Refuse the new time of @step where it would leave its place among the others. */
static bool check_order(const LedgerEntry *entry, const GPtrArray *steps, const LedgerStep *step,
                        int64_t now_us, GError **error)
{
    const LedgerStep *earlier = step->n > 1 ? g_ptr_array_index(steps, step->n - 2) : NULL;
    const LedgerStep *later = step->n < steps->len ? g_ptr_array_index(steps, step->n) : NULL;
    int64_t from_us = earlier != NULL ? earlier->happened_us : entry->opened_us;
    int64_t to_us = later != NULL ? later->happened_us : now_us;
    if (step->happened_us >= from_us && step->happened_us <= to_us) {
        return true;
    }
    const SchemaStep *known = schema_ledger_step(entry->ledger, step->name);
    error_set(error, SHUZHI_ERROR_INVALID,
              step->happened_us < from_us
                  ? N_("step '%s' cannot have happened before what it followed")
                  : N_("step '%s' cannot have happened after what followed it, or in the future"),
              known->words.name);
    error_about(error, known->at->name);
    return false;
}

/* Carry the corrected `at` fields over to the steps that they date; *@ret_moved is the event's
 * member, NULL when no step moves. */
static bool move_steps(const LedgerChange *change, const GPtrArray *steps, int64_t now_us,
                       int offset_seconds, char **ret_moved, GError **error)
{
    g_auto(JsonWriter) json;
    bool is_moved = false;
    json_writer_init(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < steps->len; i++) {
        LedgerStep *step = g_ptr_array_index(steps, i);
        const SchemaStep *known = schema_ledger_step(change->entry->ledger, step->name);
        const SchemaField *at = known != NULL ? known->at : NULL;
        const Value *now = at != NULL ? &change->entry->values[at->position] : NULL;
        if (now == NULL || last_done(steps, step->name) != step ||
            value_is_equal(now, &change->before->values[at->position])) {
            continue;
        }
        const LedgerStep *earlier = i > 0 ? g_ptr_array_index(steps, i - 1) : NULL;
        step->happened_us = ledger_step_moment(
            now, earlier != NULL ? earlier->happened_us : change->entry->opened_us, offset_seconds);
        if (!check_order(change->entry, steps, step, now_us, error)) {
            return false;
        }
        is_moved = true;
        json_write_begin_object(&json);
        json_write_key_int(&json, "happened", step->happened_us);
        json_write_key_int(&json, "n", step->n);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    if (is_moved) {
        *ret_moved = json_writer_finish(&json);
        const LedgerStep *last = g_ptr_array_index(steps, steps->len - 1);
        change->entry->stepped_us = last->happened_us;
    }
    return true;
}

/* Write the times of all @steps of entry @id. */
static bool update_steps(StoreConnection *connection, int64_t id, const GPtrArray *steps,
                         GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        if (!store_run(connection, error,
                       "UPDATE step SET happened = $3 WHERE entry_id = $1 AND n = $2", "iii", id,
                       step->n, step->happened_us)) {
            return false;
        }
    }
    return true;
}

/* What a step brought is corrected by who may do that step, so that nobody puts words or a time
 * into the mouth of another, and nobody closes by a correction what they answered.
 */
static bool check_steps_fields(const LedgerWork *work, const LedgerChange *change,
                               const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < change->before->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(change->before->ledger->fields, i);
        if (field->set_by_step != NULL && is_field_changed(change, field) &&
            !ledger_entry_may_correct(work->subject, change->before, field, steps, error)) {
            return false;
        }
    }
    return true;
}

bool ledger_entry_may_correct(const RightsSubject *subject, const LedgerEntry *entry,
                              const SchemaField *field, const GPtrArray *steps, GError **error)
{
    const SchemaStep *step =
        field->set_by_step != NULL ? schema_ledger_step(entry->ledger, field->set_by_step) : NULL;
    return step == NULL || ledger_entry_may_step(subject, entry, step, steps, error);
}

/* Once a step is done others rely on what stood there: to overwrite it, or to move the moment from
 * which time runs, needs a reason. */
static bool check_reason(LogWriter *writer, const LedgerChange *change, const GPtrArray *steps,
                         GError **error)
{
    if (steps->len == 0 || log_act_has_reason(log_writer_act(writer))) {
        return true;
    }
    for (guint i = 0; i < change->before->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(change->before->ledger->fields, i);
        g_autofree char *was = ledger_event_field(change->before, field);
        if (was != NULL && is_field_changed(change, field)) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "a reason is needed to overwrite '%s', as the step '%s' is done",
                      field->words.name, last_words(change->before, steps));
            error_about(error, "why");
            return false;
        }
    }
    return true;
}

/* A deadline that was kept or missed is moved only with a reason, also where nothing is
 * overwritten: an empty field filled in afterwards must not quietly turn a late answer into one in
 * time. */
static bool check_deadline(LogWriter *writer, const LedgerChange *change, GError **error)
{
    const LedgerEntry *before = change->before;
    bool is_over = before->due_us != 0 &&
                   (before->stopped_us != 0 || before->due_us <= log_writer_now_us(writer));
    if (!is_over || before->due_us == change->entry->due_us ||
        log_act_has_reason(log_writer_act(writer))) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              before->stopped_us != 0
                  ? N_("a reason is needed: this moves the deadline, and the clock has stopped")
                  : N_("a reason is needed: this moves the deadline, which is over"));
    error_about(error, "why");
    return false;
}

/* Check what was corrected, and let the rest of the entry follow. */
static bool follow_change(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                          const GPtrArray *steps, char **ret_moved, GError **error)
{
    if (!check_steps_fields(work, change, steps, error) ||
        !check_brought_fields(change, work->input, steps, error) ||
        !ledger_check_fields(change->entry, work->input, error) ||
        !ledger_change_check_links(log_writer_connection(writer), work->input, error) ||
        !ledger_unique_check(log_writer_connection(writer), change->entry, change->before, error) ||
        !move_steps(change, steps, log_writer_now_us(writer), office_offset_seconds(work->office),
                    ret_moved, error) ||
        !ledger_change_follow_fields(writer, work, change, RIGHTS_ENTRY_CHANGE, steps, error) ||
        !check_reason(writer, change, steps, error)) {
        return false;
    }
    g_autoptr(GArray) moments = ledger_moments_of(steps);
    return ledger_change_set_clock(writer, work, change, moments, error) &&
           check_deadline(writer, change, error);
}

/* Personal fields, and rows with a personal column, are corrected by who may see them. */
static bool may_correct(const LedgerWork *work, const LedgerEntry *before, GError **error)
{
    const RightsObject object = {
        .ledger = before->ledger, .unit = before->unit, .owner = before->owner};
    for (guint i = 0; i < before->ledger->fields->len; i++) {
        if (work->input->is_given[i] &&
            ledger_wall_is_in(g_ptr_array_index(before->ledger->fields, i)) &&
            !rights_may(work->subject, RIGHTS_ENTRY_READ_PERSONAL, &object, error)) {
            return false;
        }
    }
    return true;
}

static bool change_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    g_auto(LedgerChange) change = {NULL};
    if (!ledger_change_begin(writer, work, RIGHTS_ENTRY_CHANGE, &change, error) ||
        !may_correct(work, change.before, error)) {
        return false;
    }
    ledger_input_lay_over(work->input, change.entry);
    if (!is_changed(&change)) {
        return true;
    }
    g_autofree char *moved = NULL;
    g_autoptr(GPtrArray) steps = ledger_entry_steps(connection, work->id, error);
    return steps != NULL && follow_change(writer, work, &change, steps, &moved, error) &&
           ledger_change_finish(writer, &change, "entry.change", "moved", moved, error) &&
           (moved == NULL || update_steps(connection, work->id, steps, error));
}

bool ledger_entry_change(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, const LedgerInput *input,
                         LedgerEntry **ret_current, GError **error)
{
    LedgerWork work = {.office = office,
                       .subject = subject,
                       .input = input,
                       .id = id,
                       .version = version,
                       .ret_current = ret_current};
    return office_write(office, act, input->ledger, change_job, &work, error);
}

/* ---- comments, looks, deletion, erasure ------------------------------------------------------ */

static bool comment_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    g_auto(LedgerChange) change = {NULL};
    if (!ledger_change_begin(writer, work, RIGHTS_ENTRY_COMMENT, &change, error)) {
        return false;
    }
    g_autoptr(LogFields) fields = log_fields_new(log_writer_source(writer));
    log_fields_add(fields, "@comment", work->text);
    return log_append(writer, "entry.comment", work->id, NULL, fields, NULL, error);
}

static bool check_comment(const char *text, GError **error)
{
    if (text_is_blank(text)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a comment needs words");
        return false;
    }
    glong n_chars = g_utf8_strlen(text, -1);
    if (n_chars > LEDGER_COMMENT_MAX_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a comment has %ld characters, at most %d fit",
                  n_chars, LEDGER_COMMENT_MAX_CHARS);
        return false;
    }
    return text_check_readable(text, error);
}

bool ledger_entry_comment(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t id, const char *text, GError **error)
{
    if (!check_comment(text, error)) {
        error_about(error, "text");
        return false;
    }
    LedgerWork work = {.office = office, .subject = subject, .id = id, .text = text};
    return office_write(office, act, NULL, comment_job, &work, error);
}

static bool look_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    g_auto(LedgerChange) change = {NULL};
    return ledger_change_begin(writer, work, RIGHTS_ENTRY_READ_PERSONAL, &change, error) &&
           log_append(writer, "entry.look", work->id, NULL, NULL, NULL, error);
}

bool ledger_entry_look(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       GError **error)
{
    LedgerWork work = {.office = office, .subject = subject, .id = id};
    return office_write(office, act, NULL, look_job, &work, error);
}

bool ledger_entry_may_delete(const RightsSubject *subject, const LedgerEntry *entry,
                             const GPtrArray *steps, GError **error)
{
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    bool has_own = false;
    bool has_other = false;
    if (!rights_may(subject, RIGHTS_ENTRY_DELETE, &object, error)) {
        return false;
    }
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        bool is_own = g_str_equal(step->doer, subject->actor);
        has_own |= is_own;
        /* who imported is answerable for what came along, and is no second pair of eyes */
        has_other |= !is_own && !ledger_step_is_imported(entry, step);
    }
    if (state == NULL || !state->is_final || !has_own || !has_other) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_FORBIDDEN,
              "'%s' is closed, and you did one of its steps: taking it out of the books is for"
              " another person",
              entry->number);
    return false;
}

bool ledger_entry_take_out(LogWriter *writer, Office *office, const RightsSubject *subject,
                           int64_t id, int64_t version, GError **error)
{
    const LedgerWork work = {.office = office, .subject = subject, .id = id, .version = version};
    StoreConnection *connection = log_writer_connection(writer);
    g_auto(LedgerChange) change = {NULL};
    if (!ledger_change_begin(writer, &work, RIGHTS_ENTRY_DELETE, &change, error)) {
        return false;
    }
    g_autoptr(GPtrArray) steps = ledger_entry_steps(connection, id, error);
    if (steps == NULL || !ledger_entry_may_delete(subject, change.before, steps, error)) {
        return false;
    }
    g_autofree char *data = g_strdup_printf("{\"version\":%lld}", (long long)change.entry->version);
    return log_append(writer, "entry.delete", id, data, NULL, NULL, error) &&
           ledger_row_remove(connection, change.table, id, change.entry->version,
                             log_writer_now_us(writer), "deleted", error);
}

static bool delete_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    return ledger_entry_take_out(writer, work->office, work->subject, work->id, work->version,
                                 error) &&
           ledger_uses_none(log_writer_connection(writer), work->id, error);
}

bool ledger_entry_delete(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, int64_t version, GError **error)
{
    if (!log_act_has_reason(act)) {
        error_set(error, SHUZHI_ERROR_INVALID, "taking an entry out of the books needs a reason");
        return false;
    }
    LedgerWork work = {.office = office, .subject = subject, .id = id, .version = version};
    return office_write(office, act, NULL, delete_job, &work, error);
}

/* Empty the personal columns of @rows. */
static void empty_columns(const SchemaField *field, LedgerRows *rows)
{
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        for (guint row = 0; child->is_personal && row < rows->rows->len; row++) {
            value_clear((Value *)g_ptr_array_index(rows->rows, row) + i);
        }
    }
}

/* Empty the personal fields and columns, and what is free text about a person: the columns a
 * spreadsheet brought along. */
static void empty_personal(LedgerEntry *entry)
{
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (field->is_personal) {
            value_clear(&entry->values[i]);
            g_clear_pointer(&entry->rows[i], ledger_rows_free);
        } else if (entry->rows[i] != NULL) {
            empty_columns(field, entry->rows[i]);
        }
    }
    g_clear_pointer(&entry->extra, g_free);
}

/* Load the entry for its personal data to be erased; of one that is out of the books only
 * @change->before, the events of which still hold them. */
static bool load_for_erasing(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                             GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(work->office, log_writer_connection(writer), work->id, error);
    if (entry == NULL || entry->gone == NULL) {
        return entry != NULL &&
               ledger_change_begin(writer, work, RIGHTS_ENTRY_ERASE, change, error);
    }
    const RightsObject object = {.ledger = entry->ledger, .unit = entry->unit, .owner = ""};
    change->before = g_steal_pointer(&entry);
    return rights_may(work->subject, RIGHTS_ENTRY_ERASE, &object, error);
}

/* Set *@ret_has_any: whether there is something to forget of @id.  What an erasure itself wrote is
 * nothing, but its reason, where @act gives none in its place. */
static bool find_unforgotten(LogWriter *writer, int64_t id, bool *ret_has_any, GError **error)
{
    int64_t n = 0;
    if (!store_query_int(
            log_writer_connection(writer), 0, &n, error,
            "SELECT count(*) FROM secret WHERE seq IN (SELECT seq FROM event"
            " WHERE (object = $1 AND object <> seq OR seq = $1)"
            " AND kind <> 'entry.erase' AND (kind <> 'erase' OR CAST($2 AS bigint) = 0))",
            "ii", id, (int64_t)(log_writer_act(writer)->why != NULL))) {
        return false;
    }
    *ret_has_any = n > 0;
    return true;
}

/* The keys of all earlier events go, and with them what they commit to; so what stays must be
 * committed to anew. */
static bool erase_job(LogWriter *writer, void *data, GError **error)
{
    const LedgerWork *work = data;
    g_auto(LedgerChange) change = {NULL};
    bool has_any = false;
    if (!load_for_erasing(writer, work, &change, error) ||
        !find_unforgotten(writer, work->id, &has_any, error)) {
        return false;
    }
    if (!has_any) {
        error_set(error, SHUZHI_ERROR_EXISTS, "nothing of '%s' is left to forget",
                  change.before->number);
        return false;
    }
    if (change.entry == NULL) { /* out of the books: no row is left, its events are */
        return log_erase(writer, work->id, error);
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
    LedgerWork work = {.office = office, .subject = subject, .id = id};
    return office_write(office, act, NULL, erase_job, &work, error);
}
