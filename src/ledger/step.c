#include "ledger/step.h"

#include "base/json.h"
#include "ledger/change.h"
#include "ledger/clock.h"
#include "ledger/evaluate.h"
#include "ledger/evidence-internal.h"
#include "ledger/import.h"
#include "ledger/prepare.h"
#include "ledger/unique.h"
#include "office/write.h"
#include "schema/called.h"

/* Return whether @subject is named as who did @step by the spreadsheet that @entry came from. */
static bool is_named(const RightsSubject *subject, const LedgerEntry *entry, const char *step)
{
    const SchemaStep *named = schema_ledger_step(entry->ledger, step);
    if (subject->person == 0 || named == NULL) {
        return false;
    }
    g_autofree char *person =
        g_strdup_printf("%s#%" G_GINT64_FORMAT, subject->person_name, subject->person);
    return ledger_import_names_doer(entry, named, person);
}

/* The actors of those steps whose doer may not do @step, @subject among them where a spreadsheet
 * names it; NULL-terminated, the strings borrowed from @done and @subject. */
static const char **excluded_doers(const RightsSubject *subject, const LedgerEntry *entry,
                                   const SchemaStep *step, const GPtrArray *done)
{
    GPtrArray *doers = g_ptr_array_new();
    for (guint i = 0; i < done->len; i++) {
        const LedgerStep *earlier = g_ptr_array_index(done, i);
        for (guint j = 0; j < step->not_by->len; j++) {
            if (g_str_equal(earlier->name, g_ptr_array_index(step->not_by, j))) {
                bool is_subject = is_named(subject, entry, earlier->name);
                g_ptr_array_add(doers, is_subject ? subject->actor : earlier->doer);
            }
        }
    }
    g_ptr_array_add(doers, NULL);
    return (const char **)g_ptr_array_free(doers, false);
}

bool ledger_entry_may_step(const RightsSubject *subject, const LedgerEntry *entry,
                           const SchemaStep *step, const GPtrArray *done, GError **error)
{
    g_autofree const char **doers = excluded_doers(subject, entry, step, done);
    const RightsObject object = {.ledger = entry->ledger,
                                 .unit = entry->unit,
                                 .owner = entry->owner,
                                 .step = step,
                                 .doers = doers};
    return rights_may(subject, RIGHTS_ENTRY_STEP, &object, error);
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
              step->words.name, entry->number, state != NULL ? state->words.name : entry->state);
    return false;
}

/* A step brings what it asks for and its moment, nothing else: what others recorded is corrected by
 * ledger_entry_change(), with its rights and its reason. */
static bool check_input(const LedgerInput *input, const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        bool is_own = field == step->at || g_ptr_array_find(step->asks, field, NULL);
        if (input->is_given[i] && !is_own) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' does not come with the step '%s'; correct it by itself",
                      field->words.name, step->words.name);
            return false;
        }
    }
    return true;
}

/* What the step asks for must be there when it is done. */
static bool check_asked(const LedgerEntry *entry, const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        if (!ledger_entry_has(entry, field)) {
            error_set(error, SHUZHI_ERROR_INVALID, "step '%s' needs '%s'", step->words.name,
                      field->words.name);
            error_about(error, field->name);
            return false;
        }
    }
    return true;
}

static bool check_evidence(StoreConnection *connection, const LedgerEntry *entry,
                           const SchemaStep *step, GError **error)
{
    for (guint i = 0; i < step->evidence->len; i++) {
        const SchemaEvidence *rule =
            ledger_evidence_rule(entry->ledger, g_ptr_array_index(step->evidence, i));
        int64_t n = 0;
        if (!store_query_int(connection, 0, &n, error,
                             "SELECT count(*) FROM link WHERE entry_id = $1 AND field = $2"
                             " AND kind = 'evidence'",
                             "it", entry->id, rule->name)) {
            return false;
        }
        if (n < rule->least) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "step '%s' needs the evidence '%s': %d {file|files}, %lld attached",
                      step->words.name, rule->words.name, rule->least, (long long)n);
            return false;
        }
    }
    return true;
}

/* Refuse a step that comes before what it follows, or in the future. */
static bool check_moment(const LedgerEntry *entry, const SchemaStep *step, int64_t happened_us,
                         int64_t now_us, GError **error)
{
    if (happened_us >= entry->stepped_us && happened_us <= now_us) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              happened_us > now_us ? N_("step '%s' cannot have happened in the future")
              : happened_us < entry->opened_us
                  ? N_("step '%s' cannot have happened before the entry began")
                  : N_("step '%s' cannot have happened before the step before it"),
              step->words.name);
    error_about(error, "happened");
    return false;
}

/* Refuse a moment that is given beside another that is typed into the step's field.  Where one of
 * them is the day alone, the other says more. */
static bool check_typed(const SchemaStep *step, const Value *at, int64_t happened_us,
                        int offset_seconds, GError **error)
{
    int64_t typed_us = ledger_value_us(at, offset_seconds);
    Date day = date_from_us(typed_us, offset_seconds);
    int64_t midnight_us = date_to_us(day, 0, offset_seconds);
    bool is_same =
        typed_us == happened_us || (day == date_from_us(happened_us, offset_seconds) &&
                                    (typed_us == midnight_us || happened_us == midnight_us));
    if (!is_same) {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "'%s' is not the time that is given for the step '%s' beside it; give one of them",
            step->at->words.name, step->words.name);
        error_about(error, "happened");
    }
    return is_same;
}

/* Decide when the step happened, and write it into its field. */
static bool set_happened(LogWriter *writer, const LedgerWork *work, LedgerEntry *entry,
                         const SchemaStep *step, int64_t *ret_happened_us, GError **error)
{
    int offset_seconds = office_offset_seconds(work->office);
    int64_t now_us = log_writer_now_us(writer);
    int64_t given_us = work->happened_us != 0 ? work->happened_us : now_us;
    int64_t happened_us = given_us;
    Value *at = step->at != NULL ? &entry->values[step->at->position] : NULL;
    if (at != NULL) {
        bool is_typed =
            work->input != NULL && work->input->is_given[step->at->position] && !value_is_empty(at);
        if (is_typed && work->happened_us != 0 &&
            !check_typed(step, at, given_us, offset_seconds, error)) {
            return false;
        }
        if (!is_typed ||
            (work->happened_us != 0 && ledger_value_us(at, offset_seconds) < given_us)) {
            value_clear(at);
            *at = step->at->kind == SCHEMA_FIELD_DATE
                      ? value_date(date_from_us(given_us, offset_seconds))
                      : value_time(given_us);
        }
        happened_us = ledger_step_moment(at, entry->stepped_us, offset_seconds);
    }
    if (!check_moment(entry, step, happened_us, now_us, error)) {
        return false;
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
static bool check_step(LogWriter *writer, const LedgerWork *work, const LedgerChange *change,
                       const SchemaStep *step, const GPtrArray *done, GError **error)
{
    const LedgerEntry *entry = change->entry;
    if (!ledger_entry_may_step(work->subject, entry, step, done, error) ||
        !check_state(entry, step, error)) {
        return false;
    }
    bool is_met = false;
    const LedgerPresent present = ledger_work_present(work, writer);
    if (!ledger_entry_meets(entry, step->when, &present, &is_met, error)) {
        return false;
    }
    if (!is_met) {
        g_autofree char *condition = expression_to_text(step->when);
        error_set(error, SHUZHI_ERROR_INVALID, "step '%s' needs that %s", step->words.name,
                  condition);
    }
    return is_met;
}

/* Lay what was typed over the entry, and check that the step finds what it asks for. */
static bool check_work(LogWriter *writer, const LedgerWork *work, const LedgerChange *change,
                       const SchemaStep *step, int64_t *ret_happened_us, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    LedgerEntry *entry = change->entry;
    if (work->input != NULL) {
        ledger_input_lay_over(work->input, entry);
        if (!check_input(work->input, step, error) ||
            !ledger_check_fields(entry, work->input, error) ||
            !ledger_change_check_links(connection, work->input, error)) {
            return false;
        }
    }
    return set_happened(writer, work, entry, step, ret_happened_us, error) &&
           check_asked(entry, step, error) &&
           ledger_unique_check(connection, entry, change->before, error) &&
           check_evidence(connection, entry, step, error);
}

/* Do the step that was found, on the change begun. */
static bool do_step(LogWriter *writer, const LedgerWork *work, LedgerChange *change,
                    const SchemaStep *step, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    LedgerEntry *entry = change->entry;
    g_autoptr(GPtrArray) done = ledger_entry_steps(connection, work->id, error);
    int64_t happened_us = 0;
    if (done == NULL || !check_step(writer, work, change, step, done, error) ||
        !check_work(writer, work, change, step, &happened_us, error) ||
        !ledger_change_follow_fields(writer, work, change, RIGHTS_ENTRY_STEP, done, error)) {
        return false;
    }
    g_free(entry->state);
    entry->state = g_strdup(step->to->name);
    entry->stepped_us = happened_us;
    g_autoptr(GArray) moments = ledger_moments_of(done);
    LedgerMoment moment = {step->name, happened_us};
    g_array_append_val(moments, moment);
    g_autofree char *json = step_to_json(step, change->before->state, happened_us);
    return ledger_change_set_clock(writer, work, change, moments, error) &&
           ledger_change_finish(writer, change, "entry.step", "step", json, error) &&
           ledger_step_insert(connection, entry, moments->len, step, change->before->state,
                              happened_us, log_writer_now_us(writer), log_writer_act(writer)->actor,
                              error);
}

static const SchemaStep *find_step(const SchemaLedger *ledger, const char *name, GError **error)
{
    const SchemaStep *step = schema_called(ledger->steps, name);
    if (step == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "ledger '%s' has no step '%s'", ledger->words.name,
                  name);
        schema_offer(error, ledger->steps, name);
    }
    return step;
}

/* Attach what comes with the step to the entry that the caller saw. */
static bool attach(LogWriter *writer, const LedgerWork *work, GError **error)
{
    g_auto(LedgerChange) seen = {NULL};
    return ledger_change_begin(writer, work, RIGHTS_ENTRY_STEP, &seen, error) &&
           ledger_attachments_record(writer, work->attachments, error);
}

static bool step_job(LogWriter *writer, void *data, GError **error)
{
    LedgerWork work = *(const LedgerWork *)data;
    g_auto(LedgerChange) change = {NULL};
    if (work.attachments != NULL && !attach(writer, &work, error)) {
        return false;
    }
    work.version = work.attachments != NULL ? 0 : work.version; /* a file of a field is a change */
    if (!ledger_change_begin(writer, &work, RIGHTS_ENTRY_STEP, &change, error)) {
        return false;
    }
    const SchemaStep *step = find_step(change.entry->ledger, work.step, error);
    return step != NULL && do_step(writer, &work, &change, step, error);
}

bool ledger_entry_step_with(Office *office, const RightsSubject *subject, const LogAct *act,
                            int64_t id, int64_t version, const char *step, int64_t happened_us,
                            const LedgerInput *input, GArray *files, LedgerEntry **ret_current,
                            GError **error)
{
    g_autoptr(GPtrArray) attachments =
        ledger_attachments_keep(office, subject, act, id, files, error);
    LedgerWork work = {.office = office,
                       .subject = subject,
                       .input = input,
                       .id = id,
                       .version = version,
                       .step = step,
                       .happened_us = happened_us,
                       .ret_current = ret_current,
                       .attachments = attachments};
    return attachments != NULL &&
           office_write(office, act, input != NULL ? input->ledger : NULL, step_job, &work, error);
}

bool ledger_entry_step(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       int64_t version, const char *step, int64_t happened_us,
                       const LedgerInput *input, LedgerEntry **ret_current, GError **error)
{
    g_autoptr(GArray) none = g_array_new(false, false, sizeof(LedgerFile));
    return ledger_entry_step_with(office, subject, act, id, version, step, happened_us, input, none,
                                  ret_current, error);
}
