#include "web/entry.h"

#include "base/text.h"
#include "ledger/change.h"
#include "ledger/clock.h"
#include "ledger/evidence.h"
#include "ledger/history.h"
#include "ledger/step.h"
#include "ledger/use.h"
#include "ledger/wall.h"
#include "ledger/write.h"
#include "web/account.h"
#include "web/left.h"

RightsObject web_entry_object(const LedgerEntry *entry)
{
    return (RightsObject){.ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
}

LedgerEntry *web_entry_find(WebContext *context, const char *number, GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(context->office, context->reader, number, error);
    if (entry == NULL) {
        return NULL;
    }
    const RightsObject object = web_entry_object(entry);
    return rights_may(context->subject, RIGHTS_ENTRY_READ, &object, error) ? g_steal_pointer(&entry)
                                                                           : NULL;
}

LedgerEntry *web_entry_find_for(WebContext *context, RightsAction action, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    if (entry == NULL) {
        return NULL;
    }
    const RightsObject object = web_entry_object(entry);
    if (!rights_may(context->subject, action, &object, error)) {
        return NULL;
    }
    if (entry->gone != NULL) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "%s was taken out of the books", entry->number);
        return NULL;
    }
    return g_steal_pointer(&entry);
}

int64_t web_typed_version(const WebContext *context)
{
    int64_t version = 0;
    const char *text = http_request_form(context->request, "version");
    return text != NULL && text_parse_int(text, &version) && version > 0 ? version : -1;
}

bool web_look(WebContext *context, const LedgerEntry *entry, GError **error)
{
    http_response_forbid_keeping(context->response);
    return ledger_entry_look(context->office, context->subject, &context->act, entry->id, error);
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* Fill in the table of a ROWS field; personal columns only @with_personal. */
static void add_lines(const WebContext *context, const SchemaField *field, const LedgerRows *rows,
                      bool with_personal, WebShown *shown)
{
    shown->columns = web_array(context);
    shown->lines = web_array(context);
    for (guint line = 0; rows != NULL && line < rows->rows->len; line++) {
        g_ptr_array_add(shown->lines, web_array(context));
    }
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        if (ledger_wall_hides(child, with_personal)) {
            continue;
        }
        g_ptr_array_add(shown->columns, (char *)web_field_label(context, child));
        for (guint line = 0; rows != NULL && line < rows->rows->len; line++) {
            const Value *values = g_ptr_array_index(rows->rows, line);
            g_ptr_array_add(g_ptr_array_index(shown->lines, line),
                            (char *)web_field_text(context, child, &values[i]));
        }
    }
}

/* Show in @line the entry that has the number @line->text: as a link, with its title for who may
 * read it. */
static void show_entry(WebContext *context, WebShown *line)
{
    g_autoptr(LedgerEntry) linked = web_entry_find(context, line->text, NULL);
    line->address = web_entry_address(context, line->text);
    if (linked != NULL && linked->gone == NULL) {
        line->text = web_keep(context, g_strdup_printf("%s %s", line->text, linked->title));
    }
}

static void add_field(WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                      const SchemaField *field, bool with_personal)
{
    const Value *value = &entry->values[field->position];
    const LedgerRows *rows = entry->rows[field->position];
    bool is_elsewhere = field->kind == SCHEMA_FIELD_FILE || field == entry->ledger->title;
    if (is_elsewhere || (value_is_empty(value) && rows == NULL)) {
        return;
    }
    WebShown *line = web_new(context, WebShown);
    line->words = web_words(context, &field->words);
    g_ptr_array_add(shown->fields, line);
    if (ledger_wall_hides(field, with_personal)) {
        line->is_hidden = true;
    } else if (field->kind == SCHEMA_FIELD_ROWS) {
        add_lines(context, field, rows, with_personal, line);
    } else {
        line->text = web_field_text(context, field, value);
        if (field->kind == SCHEMA_FIELD_ENTRY) {
            show_entry(context, line);
        } else if (*field->unit.zh != '\0') {
            line->text =
                web_say(context, N_("%s %s"), line->text, web_words(context, &field->unit));
        }
    }
}

/* Columns of a spreadsheet for which there was no field; they may hold anything, so they are walled
 * off as personal fields are. */
static void add_extra(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                      bool with_personal)
{
    g_autoptr(json_t) object =
        entry->extra != NULL ? json_parse(entry->extra, strlen(entry->extra), NULL) : NULL;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        WebShown *line = web_new(context, WebShown);
        line->words = web_keep(context, g_strdup(key));
        line->is_further = true;
        line->is_hidden = !with_personal;
        line->text = with_personal && json_is_string(value)
                         ? web_keep(context, g_strdup(json_string_value(value)))
                         : "";
        g_ptr_array_add(shown->fields, line);
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Return the words of the FILE field or evidence rule @name. */
static const char *place_words(const WebContext *context, const SchemaLedger *ledger,
                               const char *name)
{
    const SchemaField *field = schema_ledger_field(ledger, name);
    if (field != NULL) {
        return web_words(context, &field->words);
    }
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        if (g_str_equal(rule->name, name)) {
            return web_words(context, &rule->words);
        }
    }
    return web_keep(context, g_strdup(name));
}

/* Say which rules of @ledger that a step asks for have fewer of @files (of LedgerEvidence) than it
 * wants. */
static void add_lacks(const WebContext *context, WebEntry *shown, const SchemaLedger *ledger,
                      const GPtrArray *files)
{
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        int n = 0;
        for (guint j = 0; j < files->len; j++) {
            const LedgerEvidence *file = g_ptr_array_index(files, j);
            n += g_str_equal(file->field, rule->name);
        }
        if (rule->is_asked && n < rule->least) {
            g_ptr_array_add(shown->lacks,
                            (char *)web_say(context, N_("%s: %d {file|files} wanted, %d attached"),
                                            web_words(context, &rule->words), rule->least, n));
        }
    }
}

const char *web_file_why_id(const WebContext *context, const char *file, const char *place)
{
    return web_keep(context, g_strconcat("why-", place, "-", file, NULL));
}

/* Return the place named @name, of those where the reader may attach files; NULL for none. */
static const char *find_place(const WebEntry *shown, const char *name)
{
    for (guint i = 0; i < shown->places->len; i++) {
        const WebChoice *place = g_ptr_array_index(shown->places, i);
        if (g_str_equal(place->name, name)) {
            return place->name;
        }
    }
    return NULL;
}

static bool add_files(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                      bool with_personal, GError **error)
{
    g_autoptr(GPtrArray) files = ledger_evidence_list(context->reader, entry, with_personal, error);
    if (files == NULL) {
        return false;
    }
    for (guint i = 0; i < files->len; i++) {
        const LedgerEvidence *evidence = g_ptr_array_index(files, i);
        WebFile *file = web_new(context, WebFile);
        file->name = web_keep(context, g_strdup(evidence->name));
        file->address = web_keep(
            context, g_strdup_printf("%s/file/%" G_GINT64_FORMAT, shown->address, evidence->id));
        file->words = place_words(context, entry->ledger, evidence->field);
        file->size = web_keep(context, text_format_size(evidence->size_bytes));
        file->sha256 = web_keep(context, g_strdup(evidence->sha256));
        file->added = web_time(context, evidence->added_us);
        file->id = web_number(context, evidence->id);
        file->place = find_place(shown, evidence->field);
        file->why_id = web_file_why_id(context, file->id, evidence->field);
        file->is_open = g_str_equal(web_typed(context, "file"), file->id) &&
                        g_str_equal(web_typed(context, "place"), evidence->field);
        g_ptr_array_add(shown->files, file);
    }
    if (!shown->is_gone) {
        add_lacks(context, shown, entry->ledger, files);
    }
    return true;
}

static void add_place(const WebContext *context, WebEntry *shown, const char *name,
                      const char *words)
{
    WebChoice *place = web_new(context, WebChoice);
    *place = (WebChoice){.name = name, .words = words};
    g_ptr_array_add(shown->places, place);
}

/* Where the reader may attach a file. */
static void add_places(const WebContext *context, WebEntry *shown, const LedgerEntry *entry)
{
    const RightsObject object = web_entry_object(entry);
    const SchemaLedger *ledger = entry->ledger;
    if (shown->may_change) {
        for (guint i = 0; i < ledger->fields->len; i++) {
            const SchemaField *field = g_ptr_array_index(ledger->fields, i);
            if (field->kind == SCHEMA_FIELD_FILE) {
                add_place(context, shown, field->name, web_words(context, &field->words));
            }
        }
    }
    if (rights_may(context->subject, RIGHTS_ENTRY_STEP, &object, NULL)) {
        for (guint i = 0; i < ledger->evidence->len; i++) {
            const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
            add_place(context, shown, rule->name, web_words(context, &rule->words));
        }
    }
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* Return a control for at least @least files of the FILE field or evidence rule @name, kept. */
static WebField *make_file_control(const WebContext *context, const SchemaLedger *ledger,
                                   const SchemaStep *step, const char *name, int least)
{
    WebField *control = web_new(context, WebField);
    control->name = web_keep(context, g_strconcat(WEB_FIELD_PREFIX, name, NULL));
    control->id = web_keep(context, g_strconcat(step->name, "-", control->name, NULL));
    control->words = place_words(context, ledger, name);
    control->fault = web_fault_at(context, control->id);
    control->control = WEB_CONTROL_FILE;
    control->is_required = true;
    control->least = least;
    return control;
}

GPtrArray *web_step_files(const WebContext *context, const SchemaLedger *ledger,
                          const SchemaStep *step)
{
    GPtrArray *files = web_array(context);
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        if (field->kind == SCHEMA_FIELD_FILE) {
            g_ptr_array_add(files, make_file_control(context, ledger, step, field->name, 1));
        }
    }
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        bool is_asked =
            g_ptr_array_find_with_equal_func(step->evidence, rule->name, g_str_equal, NULL);
        if (is_asked) {
            g_ptr_array_add(files,
                            make_file_control(context, ledger, step, rule->name, rule->least));
        }
    }
    return files;
}

const char *web_step_moment_words(const WebContext *context, const SchemaStep *step)
{
    return step->at != NULL ? web_words(context, &step->at->words)
                            : web_tr(context, N_("When it happened"));
}

static WebStepForm *make_form(const WebContext *context, const LedgerEntry *entry,
                              const SchemaStep *step)
{
    WebStepForm *form = web_new(context, WebStepForm);
    form->name = step->name;
    form->words = web_words(context, &step->words);
    form->moment = web_keep(context, g_strconcat("at-", step->name, NULL));
    form->sure = web_keep(context, g_strconcat("sure-", step->name, NULL));
    form->moment_words = web_step_moment_words(context, step);
    form->is_open = g_str_equal(web_typed(context, "step"), step->name);
    form->happened =
        form->is_open ? web_typed(context, "happened") : web_time(context, web_now_us(context));
    form->fields = web_array(context);
    form->files = web_step_files(context, entry->ledger, step);
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        if (field == step->at || field->kind == SCHEMA_FIELD_FILE) {
            continue;
        }
        const LedgerEntry *seen = ledger_wall_is_in(field) ? NULL : entry;
        WebField *control = web_field_new(context, field, step->name, seen);
        control->is_required = true;
        g_ptr_array_add(form->fields, control);
    }
    return form;
}

static WebDone *make_done(const WebContext *context, const LedgerEntry *entry,
                          const LedgerStep *step)
{
    const SchemaStep *declared = schema_ledger_step(entry->ledger, step->name);
    WebDone *done = web_new(context, WebDone);
    done->words = declared != NULL ? web_words(context, &declared->words)
                                   : web_keep(context, g_strdup(step->name));
    bool is_day = declared != NULL && declared->at != NULL &&
                  declared->at->kind == SCHEMA_FIELD_DATE; /* nobody gave an hour */
    done->when =
        is_day ? web_day(context, step->happened_us) : web_time(context, step->happened_us);
    const char *recorded =
        is_day ? web_day(context, step->recorded_us) : web_time(context, step->recorded_us);
    done->recorded = g_str_equal(recorded, done->when) ? NULL : recorded;
    const char *by = web_actor(context, web_keep(context, g_strdup(step->doer)));
    done->by = ledger_step_is_imported(entry, step)
                   ? web_say(context, N_("imported from a table by %s"), by)
                   : by;
    return done;
}

/* Explain the deadline, day by day; nothing where there is none. */
static bool add_days(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                     const GPtrArray *steps, GError **error)
{
    g_autoptr(GArray) moments = ledger_moments_of(steps);
    const LedgerPresent present = {.connection = context->reader,
                                   .now_us = web_now_us(context),
                                   .offset_seconds = office_offset_seconds(context->office)};
    const SchemaClock *clock = NULL;
    int64_t start_us = 0;
    if (entry->due_us != 0 &&
        !ledger_clock_find(entry, moments, &present, &clock, &start_us, error)) {
        return false;
    }
    if (clock == NULL) {
        return true;
    }
    shown->law = web_words(context, &clock->law);
    g_autofree char *within = clock_rule_to_text(&clock->rule, context->html.language);
    shown->rule = web_say(context, N_("%s: %s, from %s"), web_words(context, &clock->words), within,
                          web_time(context, start_us));
    shown->is_due_provisional = entry->is_due_provisional;
    g_autoptr(GArray) days = clock_explain(office_schema(context->office)->calendar, &clock->rule,
                                           start_us, present.offset_seconds, NULL, error);
    for (guint i = 0; days != NULL && i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        const char *source = clock_day_source(day, context->html.language);
        char text[DATE_TEXT_SIZE];
        WebDay *line = web_new(context, WebDay);
        line->day = web_keep(context, g_strdup(date_format(day->date, text)));
        line->why = web_keep(context, clock_day_to_text(day, context->html.language));
        line->source = source != NULL ? source : "";
        line->is_counted = day->is_counted;
        g_ptr_array_add(shown->days, line);
    }
    return days != NULL;
}

/* Say that the step which stopped the clock of @entry in time was recorded after the deadline; not
 * of one that an import brought with the entry.  NULL where that is not so. */
static const char *late_record(const WebContext *context, const LedgerEntry *entry,
                               const GPtrArray *steps)
{
    int offset_seconds = office_offset_seconds(context->office);
    LedgerEntry running = *entry; /* as it would be if nothing had stopped the clock; borrows */
    running.stopped_us = 0;
    bool is_in_time = entry->due_us != 0 && entry->stopped_us != 0 &&
                      ledger_entry_days_late(entry, 0, offset_seconds) == 0;
    for (guint i = 0; is_in_time && i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        bool is_brought = entry->batch != 0 && step->recorded_us <= entry->added_us;
        if (step->happened_us == entry->stopped_us && !is_brought &&
            ledger_entry_days_late(&running, step->recorded_us, offset_seconds) > 0) {
            return web_tr(context, N_("recorded after the deadline"));
        }
    }
    return NULL;
}

/* Add the forms of what the reader may do now, and what was done. */
static bool add_steps(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                      GError **error)
{
    const SchemaLedger *ledger = entry->ledger;
    g_autoptr(GPtrArray) steps = ledger_entry_steps(context->reader, entry->id, error);
    if (steps == NULL || !add_days(context, shown, entry, steps, error)) {
        return false;
    }
    shown->late_record = late_record(context, entry, steps);
    shown->may_delete = ledger_entry_may_delete(context->subject, entry, steps, NULL);
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        if (schema_step_from(step, entry->state) != NULL &&
            ledger_entry_may_step(context->subject, entry, step, steps, NULL)) {
            g_ptr_array_add(shown->forms, make_form(context, entry, step));
        }
    }
    const SchemaChoice *state = schema_ledger_state(ledger, entry->state);
    shown->has_next = shown->forms->len == 1 && state != NULL && !state->is_final;
    for (guint i = 0; i < steps->len; i++) {
        WebDone *done = make_done(context, entry, g_ptr_array_index(steps, i));
        g_ptr_array_add(shown->steps, done);
    }
    return true;
}

/* ---- history and uses ------------------------------------------------------------------------ */

/* Return the fields of @past with what stood in their place before, which @last (label -> text)
 * remembers: nothing of files by a rule, each of which came or went by itself. */
static GPtrArray *past_fields(const WebContext *context, const LedgerPast *past, GHashTable *last)
{
    GPtrArray *lines = web_array(context);
    for (guint i = 0; i < past->fields->len; i++) {
        const LedgerPastField *field = g_ptr_array_index(past->fields, i);
        const char *label = field->label != NULL ? field->label : "";
        WebShown *line = web_new(context, WebShown);
        line->words = label;
        line->text = *field->text != '\0' ? field->text : web_tr(context, N_("(emptied)"));
        if (*label != '\0' && field->name != NULL) {
            line->before = g_hash_table_lookup(last, label);
            g_hash_table_replace(last, (gpointer)label, (gpointer)line->text);
        }
        g_ptr_array_add(lines, line);
    }
    return lines;
}

/* Mark the steps whose time @past corrected. */
static void mark_moved(const WebEntry *shown, const LedgerPast *past)
{
    for (guint i = 0; i < past->moved->len; i++) {
        int64_t n = g_array_index(past->moved, int64_t, i);
        if (n >= 1 && n <= shown->steps->len) {
            ((WebDone *)g_ptr_array_index(shown->steps, (guint)n - 1))->is_moved = true;
        }
    }
}

static bool add_history(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                        bool with_personal, GError **error)
{
    bool may_open = rights_may(context->subject, RIGHTS_LOG_READ, NULL, NULL);
    GPtrArray *history = ledger_history(context->office, context->reader, entry, context->names,
                                        with_personal, context->html.language, error);
    if (history == NULL) {
        return false;
    }
    web_keep_object(context, history, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < history->len; i++) {
        const LedgerPast *past = g_ptr_array_index(history, i);
        WebDone *done = web_new(context, WebDone);
        done->seq = web_number(context, past->seq);
        done->address = may_open ? web_keep(context, g_strconcat("/log/", done->seq, NULL)) : NULL;
        done->words = past->words;
        done->when = web_time(context, past->at_us);
        const char *happened = web_time(context, past->happened_us);
        bool is_earlier = *happened != '\0' && !g_str_equal(happened, done->when);
        done->happened = is_earlier ? happened : NULL;
        done->by = web_actor(context, past->actor);
        done->fields = past_fields(context, past, last);
        mark_moved(shown, past);
        g_ptr_array_add(shown->history, done);
    }
    shown->last_seq = history->len > 0
                          ? ((WebDone *)g_ptr_array_index(shown->history, history->len - 1))->seq
                          : "";
    shown->seq = web_number(context, entry->id);
    shown->log_address =
        may_open ? web_keep(context, g_strconcat("/log/", shown->seq, NULL)) : NULL;
    return true;
}

/* Add the entries that link here. */
static bool add_uses(WebContext *context, WebEntry *shown, const LedgerEntry *entry, GError **error)
{
    int64_t n_more = 0;
    g_autoptr(GPtrArray) uses = ledger_uses_of(context->office, context->reader, context->subject,
                                               entry->id, &n_more, error);
    for (guint i = 0; uses != NULL && i < uses->len; i++) {
        const LedgerUse *use = g_ptr_array_index(uses, i);
        WebShown *line = web_new(context, WebShown);
        line->words = web_keep(context, g_strdup(use->number));
        line->text = web_keep(context, g_strdup(use->title));
        line->address = web_entry_address(context, use->number);
        g_ptr_array_add(shown->uses, line);
    }
    shown->n_uses = uses != NULL ? (int64_t)uses->len + n_more : 0;
    shown->more_uses = n_more > 0 ? web_say(context, N_("and %lld more"), (long long)n_more) : NULL;
    return uses != NULL;
}

/* ---- the entry ------------------------------------------------------------------------------- */

static void add_head(const WebContext *context, WebEntry *shown, const LedgerEntry *entry)
{
    shown->number = web_keep(context, g_strdup(entry->number));
    shown->address = web_entry_address(context, entry->number);
    shown->ledger = web_words(context, &entry->ledger->words);
    shown->ledger_address = web_keep(context, g_strconcat("/ledger/", entry->ledger->name, NULL));
    shown->state = web_state_words(context, entry->ledger, entry->state);
    shown->due = web_due(context, entry, &shown->due_class);
    shown->due_day = web_deadline(context, entry->due_us);
    shown->due_mark = web_due_mark(context, entry, &shown->due_first);
    const SchemaField *unit = entry->ledger->unit; /* it says so itself */
    bool is_said = unit != NULL && !value_is_empty(&entry->values[unit->position]);
    shown->unit = entry->unit != 0 && !is_said
                      ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, entry->unit)
                      : "";
    shown->added = web_time(context, entry->added_us);
    shown->added_by = web_actor(context, web_keep(context, g_strdup(entry->owner)));
    shown->version = web_number(context, entry->version);
    shown->wants_files = http_request_query(context->request, "attach") != NULL;
    shown->is_gone = entry->gone != NULL;
}

static void add_rights(const WebContext *context, WebEntry *shown, const LedgerEntry *entry,
                       bool with_personal)
{
    const RightsObject object = web_entry_object(entry);
    const RightsSubject *subject = context->subject;
    shown->may_change = rights_may(subject, RIGHTS_ENTRY_CHANGE, &object, NULL);
    shown->may_count = rights_may(subject, RIGHTS_FIGURE_READ, NULL, NULL);
    shown->may_comment = rights_may(subject, RIGHTS_ENTRY_COMMENT, &object, NULL);
    shown->asks_password = web_asks_own_password(context);
    shown->may_look =
        !with_personal && rights_may(subject, RIGHTS_ENTRY_READ_PERSONAL, &object, NULL);
}

WebEntry *web_entry_new(WebContext *context, const LedgerEntry *entry, bool with_personal,
                        GError **error)
{
    WebEntry *shown = web_new(context, WebEntry);
    GPtrArray **arrays[] = {&shown->fields, &shown->files, &shown->lacks,    &shown->places,
                            &shown->forms,  &shown->steps, &shown->uses,     &shown->history,
                            &shown->days,   &shown->left,  &shown->meanwhile};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) {
        *arrays[i] = web_array(context);
    }
    add_head(context, shown, entry);
    if (!shown->is_gone) {
        add_rights(context, shown, entry, with_personal);
        for (guint i = 0; i < entry->ledger->fields->len; i++) {
            add_field(context, shown, entry, g_ptr_array_index(entry->ledger->fields, i),
                      with_personal);
        }
        add_extra(context, shown, entry, with_personal);
        add_places(context, shown, entry);
        if (!add_steps(context, shown, entry, error)) {
            return NULL;
        }
    }
    bool has_hidden = false;
    for (guint i = 0; i < shown->fields->len; i++) {
        has_hidden = has_hidden || ((WebShown *)g_ptr_array_index(shown->fields, i))->is_hidden;
    }
    shown->may_look = shown->may_look && has_hidden;
    if (!add_files(context, shown, entry, with_personal, error) ||
        !add_history(context, shown, entry, with_personal, error) ||
        !add_uses(context, shown, entry, error)) {
        return NULL;
    }
    web_left_add(context, shown, entry->ledger);
    return shown;
}
