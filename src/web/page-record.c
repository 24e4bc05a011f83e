#include "web/pages.h"

#include "ledger/prepare.h"
#include "ledger/since.h"
#include "ledger/wall.h"
#include "ledger/write.h"
#include "office/unit.h"
#include "web/account.h"
#include "web/again.h"
#include "web/notice.h"
#include "web/once.h"
#include "web/record.h"
#include "web/sure.h"
#include "web/templates.h"

#define PREFIX "f" /* of the ids of its controls */

/* ---- the form of a whole entry --------------------------------------------------------------- */

/* Return whether the reader asks for what is personal too. */
static bool wants_personal(const WebContext *context)
{
    return *web_typed(context, "personal") != '\0' ||
           http_request_query(context->request, "personal") != NULL;
}

/* Return whether a form that records or corrects may hold @field: what a step brings comes with the
 * step, and personal fields are corrected by who may see them, @with_personal: and asks to. */
static bool is_in_form(const WebContext *context, const SchemaField *field,
                       const LedgerEntry *entry, const GPtrArray *steps, bool with_personal)
{
    if (field->kind == SCHEMA_FIELD_FILE) {
        return false;
    }
    if (entry == NULL) {
        return field->set_by_step == NULL;
    }
    if (!web_rows_fit(field, entry->rows[field->position])) {
        return false;
    }
    const RightsObject object = web_entry_object(entry);
    bool is_seen =
        !ledger_wall_is_in(field) ||
        (with_personal && rights_may(context->subject, RIGHTS_ENTRY_READ_PERSONAL, &object, NULL));
    bool is_reached = field->set_by_step == NULL ||
                      (ledger_entry_has(entry, field) &&
                       ledger_entry_may_correct(context->subject, entry, field, steps, NULL));
    return is_seen && is_reached;
}

/* Return the fields of a form that corrects @entry (NULL: records one), kept. */
static GPtrArray *fields_of_form(const WebContext *context, const SchemaLedger *ledger,
                                 const LedgerEntry *entry, bool with_personal, GError **error)
{
    GPtrArray *fields = web_array(context);
    g_autoptr(GPtrArray) steps =
        entry != NULL ? ledger_entry_steps(context->reader, entry->id, error) : NULL;
    if (entry != NULL && steps == NULL) {
        return NULL;
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (is_in_form(context, field, entry, steps, with_personal)) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

/* Return @rows of @field as people read it, kept. */
static const char *rows_text(const WebContext *context, const SchemaField *field,
                             const LedgerRows *rows)
{
    return web_keep(context, ledger_wall_rows_text(field, rows, context->names,
                                                   office_offset_seconds(context->office),
                                                   context->html.language, true));
}

/* Return whether @control of @field holds what the entry has now. */
static bool holds_present(const WebContext *context, const LedgerEntry *entry,
                          const SchemaField *field, const WebField *control)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return !web_field_is_typed(context, field);
    }
    return g_str_equal(web_control_text(context, field, &entry->values[field->position]),
                       control->text);
}

/* Return the fields that were changed since the form began, and stand otherwise in it. */
static GPtrArray *differences(const WebContext *context, const WebRecord *form,
                              const GPtrArray *fields)
{
    GPtrArray *lines = web_array(context);
    for (guint i = 0; form->since != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        const WebField *control = g_ptr_array_index(form->fields, i);
        const LedgerSince *since = g_ptr_array_index(form->since, field->position);
        bool is_rows = field->kind == SCHEMA_FIELD_ROWS;
        if (!since->is_changed || holds_present(context, form->entry, field, control)) {
            continue;
        }
        WebDifference *line = web_new(context, WebDifference);
        line->name = control->name;
        line->words = control->words;
        line->now = is_rows ? rows_text(context, field, form->entry->rows[field->position])
                            : web_field_text(context, field, &form->entry->values[field->position]);
        line->typed = is_rows ? web_tr(context, N_("as the form has it")) : control->text;
        line->who = web_actor(context, since->actor);
        line->when = web_time(context, since->at_us);
        g_ptr_array_add(lines, line);
    }
    return lines;
}

/* Return whether @subject records for units below @unit too. */
static bool reaches_below(const RightsSubject *subject, int64_t unit)
{
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        if (hold->unit == unit && rights_reach(hold->role, RIGHTS_ENTRY_ADD) >= RIGHTS_SUBTREE) {
            return true;
        }
    }
    return false;
}

/* Return the unit whose entry a new one of @ledger is for sure, as the control of its field holds
 * it; "" where that is not one alone, where the reader may record without one, and for who answers
 * for the whole office from its root. */
static const char *own_unit(const WebContext *context, const SchemaLedger *ledger)
{
    const RightsObject none = {.ledger = ledger, .owner = context->subject->actor};
    int64_t unit = 0;
    if (rights_may(context->subject, RIGHTS_ENTRY_ADD, &none, NULL) ||
        !ledger_subject_own_unit(context->subject, &unit) || unit == 0) {
        return "";
    }
    g_autoptr(OfficeUnit) own = office_unit_load(context->reader, unit, NULL);
    bool reaches_all = own != NULL && own->parent == 0 && reaches_below(context->subject, unit);
    const Value value = value_ref(unit);
    return reaches_all ? "" : web_control_text(context, ledger->unit, &value);
}

/* Return the control for @field of @form; whose entry a new one is, is said beforehand,
 * and that it begins now is said by a button. */
static WebField *control_of(const WebContext *context, const WebRecord *form,
                            const SchemaField *field)
{
    WebField *shown = web_field_new(context, field, PREFIX, form->entry);
    if (form->entry == NULL && field == form->ledger->unit && *shown->text == '\0') {
        shown->text = own_unit(context, form->ledger);
    }
    if (form->entry == NULL && field == form->ledger->opened) {
        bool is_time = field->kind == SCHEMA_FIELD_TIME;
        shown->now = is_time ? web_time(context, web_now_us(context))
                             : web_day(context, web_now_us(context));
        shown->now_words = web_tr(context, is_time ? N_("Now") : N_("Today"));
    }
    return shown;
}

/* Return whether @form shows what stands in @field: not where it only gives back what was typed. */
static bool shows_stored(const WebContext *context, const WebRecord *form, const SchemaField *field)
{
    const LedgerSince *since =
        form->since != NULL ? g_ptr_array_index(form->since, field->position) : NULL;
    bool is_filled = !value_is_empty(&form->entry->values[field->position]) ||
                     form->entry->rows[field->position] != NULL;
    return is_filled &&
           (!web_field_is_typed(context, field) || (since != NULL && since->is_changed));
}

/* Note in the log that @form shows what is personal of its entry, if it does. */
static bool note_look(WebContext *context, const WebRecord *form, const GPtrArray *fields,
                      GError **error)
{
    bool is_look = false;
    for (guint i = 0; form->entry != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        is_look = is_look || (ledger_wall_is_in(field) && shows_stored(context, form, field));
    }
    return !is_look || web_look(context, form->entry, error);
}

/* Say which are the personal fields of @form's entry that it leaves as they are, and that the
 * reader may ask for; NULL for none. */
static const char *left_out(const WebContext *context, const WebRecord *form,
                            const GPtrArray *fields, GError **error)
{
    const GPtrArray *all = form->entry != NULL
                               ? fields_of_form(context, form->ledger, form->entry, true, error)
                               : fields;
    GString *out = g_string_new(NULL);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const SchemaField *field = g_ptr_array_index(all, i);
        if (!g_ptr_array_find((GPtrArray *)fields, field, NULL)) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? web_tr(context, N_(", ")) : "",
                                   web_words(context, &field->words));
        }
    }
    const char *words = web_keep(context, g_string_free(out, false));
    return *words != '\0' ? web_say(context, N_("Personal, and left as they are: %s."), words)
                          : NULL;
}

/* Say which tables of @form's entry have more rows than it can hold, and stay; NULL for none. */
static const char *too_long(const WebContext *context, const WebRecord *form)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; form->entry != NULL && i < form->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(form->ledger->fields, i);
        const LedgerRows *rows = form->entry->rows[i];
        if (!web_rows_fit(field, rows)) {
            g_string_append_printf(out, "%s%s (%u)", out->len > 0 ? web_tr(context, N_(", ")) : "",
                                   web_words(context, &field->words), rows->rows->len);
        }
    }
    const char *words = web_keep(context, g_string_free(out, false));
    return *words != '\0'
               ? web_say(context,
                         N_("Too many rows for a form, and left as they are: %s. A program corrects"
                            " them."),
                         words)
               : NULL;
}

static bool send_form(WebContext *context, WebRecord *form, GError **error)
{
    GPtrArray *fields =
        fields_of_form(context, form->ledger, form->entry, form->with_personal, error);
    GPtrArray *units = fields != NULL ? web_known_names(context, SCHEMA_FIELD_UNIT, error) : NULL;
    GPtrArray *people = units != NULL ? web_known_names(context, SCHEMA_FIELD_PERSON, error) : NULL;
    form->drafts = people != NULL ? web_drafts(context, form->ledger,
                                               form->entry != NULL ? form->entry->id : 0, error)
                                  : NULL;
    if (form->drafts == NULL || !note_look(context, form, fields, error)) {
        return false;
    }
    form->left_out = left_out(context, form, fields, NULL);
    form->too_long = too_long(context, form);
    form->draft = web_typed(context, "draft");
    form->saved = web_typed(context, "saved");
    form->fields = web_array(context);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(form->fields, control_of(context, form, g_ptr_array_index(fields, i)));
    }
    form->differences = differences(context, form, fields);
    const char *words = web_words(context, &form->ledger->words);
    const char *title = form->entry == NULL ? web_say(context, N_("Record: %s"), words)
                                            : web_say(context, N_("Correct %s: %s"),
                                                      form->entry->number, form->entry->title);
    GString *out = web_page_begin(context, title);
    template_record_page(out, &context->html, context, form, units, people);
    web_page_send(context, out);
    return true;
}

/* Show @form again with what was typed and what is wrong with it; a failure that is not the
 * typist's goes on as an error. */
static bool send_refused(WebContext *context, WebRecord *form, GError *refused, GError **error)
{
    if (!web_is_refusal(refused)) {
        g_propagate_error(error, refused);
        return false;
    }
    web_input_note(context, form->ledger->fields, PREFIX, refused);
    web_fault_note_about(context, "why", "why", web_tr(context, N_("Why it is corrected")),
                         refused);
    web_fault_tell(context, refused);
    return send_form(context, form, error);
}

static void free_array(gpointer array)
{
    g_ptr_array_unref(array);
}

/* Return whether the form asks for more rows in a table, and not to be recorded. */
static bool wants_more_rows(const WebContext *context)
{
    return *web_typed(context, "more") != '\0';
}

/* ---- recording ------------------------------------------------------------------------------- */

static bool begin_add(WebContext *context, WebRecord *ret_form, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL) {
        return false;
    }
    *ret_form = (WebRecord){.ledger = ledger, .version = "", .with_personal = true, .seen = ""};
    ret_form->takes_files =
        ledger->evidence->len > 0 && rights_may(context->subject, RIGHTS_ENTRY_STEP, NULL, NULL);
    ret_form->back = web_keep(context, g_strconcat("/ledger/", ledger->name, NULL));
    ret_form->address = web_keep(context, g_strconcat(ret_form->back, "/add", NULL));
    return true;
}

bool web_page_add(WebContext *context, GError **error)
{
    WebRecord form;
    return begin_add(context, &form, error) && send_form(context, &form, error);
}

/* Go on from the entry @id, which @form has recorded: to it, there to where files are attached, or
 * to the form for the next one. */
static bool go_on(WebContext *context, const WebRecord *form, int64_t id, GError **error)
{
    g_autoptr(LedgerEntry) entry = ledger_entry_load(context->office, context->reader, id, error);
    if (entry == NULL) {
        return false;
    }
    bool is_for_next = *web_typed(context, "next") != '\0';
    const char *address = web_address(context, web_entry_address(context, entry->number), "attach",
                                      web_typed(context, "attach"), NULL);
    web_redirect_told(context, is_for_next ? form->address : address,
                      is_for_next ? web_say(context, N_("Recorded as %s: %s. Here is the next."),
                                            entry->number, entry->title)
                                  : web_say(context, N_("Recorded as %s."), entry->number));
    return true;
}

/* Note that the entry of @input begins long ago, unless the form says that it is right. */
static bool is_sure(const WebContext *context, const LedgerInput *input, GError **error)
{
    const SchemaField *opened = input->ledger->opened;
    int64_t opened_us = opened != NULL ? ledger_value_us(&input->values[opened->position],
                                                         office_offset_seconds(context->office))
                                       : 0;
    return web_sure_check(context, "sure", opened != NULL ? web_words(context, &opened->words) : "",
                          opened_us) ||
           web_fault_none(context, error);
}

/* Record what @form brings; *@ret_id is the new entry. */
static bool add(WebContext *context, const WebRecord *form, int64_t *ret_id, GError **error)
{
    const GPtrArray *fields = fields_of_form(context, form->ledger, NULL, true, NULL);
    g_autoptr(LedgerInput) input =
        web_input_read(context, form->ledger, fields, PREFIX, false, error);
    return input != NULL && is_sure(context, input, error) &&
           ledger_entry_add(context->office, context->subject, &context->act, input, 0, ret_id,
                            error);
}

bool web_page_add_post(WebContext *context, GError **error)
{
    WebRecord form;
    if (!begin_add(context, &form, error)) {
        return false;
    }
    if (wants_more_rows(context)) {
        return send_form(context, &form, error);
    }
    GError *refused = NULL;
    int64_t id = 0;
    bool is_done = false;
    if (!web_once_by_form(context, &is_done, &id, error)) {
        return false;
    }
    if (!is_done && !(web_draft_check(context, &refused) && add(context, &form, &id, &refused)) &&
        !web_once_meanwhile(context, &id, &refused)) {
        return send_refused(context, &form, refused, error);
    }
    web_draft_settle(context);
    return go_on(context, &form, id, error);
}

/* ---- correcting ------------------------------------------------------------------------------ */

static WebRecord form_of_entry(WebContext *context, const LedgerEntry *entry)
{
    const char *address = web_entry_address(context, entry->number);
    const char *typed = web_typed(context, "version");
    return (WebRecord){.ledger = entry->ledger,
                       .entry = entry,
                       .back = address,
                       .address = web_keep(context, g_strconcat(address, "/change", NULL)),
                       .version = *typed != '\0' ? typed : web_number(context, entry->version),
                       .with_personal = wants_personal(context),
                       .seen = ""};
}

/* Show in @form what stands in the place of all that nobody typed: fields that came back as they
 * were given out, while others changed them.  @input: what the form brings. */
static bool take_over(WebContext *context, WebRecord *form, const LedgerInput *input,
                      GError **error)
{
    const char *seen = web_typed(context, "seen");
    form->seen = *seen != '\0' ? seen : web_typed(context, "version");
    form->version = web_number(context, form->entry->version);
    GPtrArray *since =
        ledger_since(context->reader, form->entry, g_ascii_strtoll(form->seen, NULL, 10), error);
    if (since == NULL) {
        return false;
    }
    web_keep_object(context, since, free_array);
    form->since = since;
    for (guint i = 0; input != NULL && i < since->len; i++) {
        const LedgerSince *of = g_ptr_array_index(since, i);
        const SchemaField *field = g_ptr_array_index(form->ledger->fields, i);
        if (of->is_changed && input->is_given[i] && !ledger_since_is_typed(of, input, field)) {
            web_field_untype(context, field);
        }
    }
    return true;
}

/* Leave out of @fields, which are to be read, those whose control still holds what it was given:
 * their text may differ from the entry's in what no control holds, such as blanks at its ends, and
 * may be a choice that the pack has no more. */
static void drop_untouched(const WebContext *context, const LedgerEntry *entry, GPtrArray *fields)
{
    for (guint i = fields->len; i > 0; i--) {
        const SchemaField *field = g_ptr_array_index(fields, i - 1);
        const Value *value = &entry->values[field->position];
        if (field->kind != SCHEMA_FIELD_ROWS && !value_is_empty(value) &&
            web_field_holds(context, field, value)) {
            g_ptr_array_remove_index(fields, i - 1);
        }
    }
}

/* Show the form once more where it asks for that and not to be sent: with more rows in a table, or
 * with a field as it stands now in the place of what was typed. */
static bool is_asked_again(WebContext *context, WebRecord *form, bool *ret_is_sent, GError **error)
{
    const char *taken = web_typed(context, "take");
    const SchemaField *field =
        g_str_has_prefix(taken, WEB_FIELD_PREFIX)
            ? schema_ledger_field(form->ledger, taken + strlen(WEB_FIELD_PREFIX))
            : NULL;
    if (field == NULL && !wants_more_rows(context)) {
        return false;
    }
    if (field != NULL) {
        web_field_untype(context, field);
    }
    *ret_is_sent =
        (field == NULL || take_over(context, form, NULL, error)) && send_form(context, form, error);
    return true;
}

/* Show @form again, which is refused: where the entry is another version now, @current, beside what
 * became of it. */
static bool send_stale(WebContext *context, WebRecord *form, const LedgerEntry *current,
                       const LedgerInput *input, GError *refused, GError **error)
{
    if (current != NULL) {
        form->entry = current;
        if (!take_over(context, form, input, error)) {
            g_clear_error(&refused);
            return false;
        }
    }
    return send_refused(context, form, refused, error);
}

/* Go back to @entry, which was sent for correction, and say whether anything has changed. */
static bool go_back(WebContext *context, const LedgerEntry *entry, GError **error)
{
    g_autoptr(LedgerEntry) now =
        ledger_entry_load(context->office, context->reader, entry->id, error);
    if (now == NULL) {
        return false;
    }
    web_redirect_told(context, web_entry_address(context, entry->number),
                      now->version != entry->version
                          ? web_tr(context, N_("Corrected."))
                          : web_tr(context, N_("Nothing was changed: it stands as it stood.")));
    return true;
}

/* Where @form is filled in with a draft that began from another version than there is now, show
 * what became of the entry since. */
static bool catch_up(WebContext *context, WebRecord *form, GPtrArray *fields, GError **error)
{
    g_autoptr(GError) ignored = NULL; /* what is wrong with a draft is told when it is sent */
    if (*web_typed(context, "version") == '\0' ||
        g_str_equal(form->version, web_number(context, form->entry->version))) {
        return true;
    }
    drop_untouched(context, form->entry, fields);
    g_autoptr(LedgerInput) input =
        web_input_read(context, form->ledger, fields, PREFIX, false, &ignored);
    g_ptr_array_set_size(context->faults, 0);
    return take_over(context, form, input, error);
}

/* Answer where the entry cannot be corrected (any more), as @refused (takes) says: a form that came
 * for it comes back on the page of the entry. */
static bool send_without_form(WebContext *context, GError *refused, GError **error)
{
    if (http_request_form(context->request, "version") == NULL || !web_is_refusal(refused)) {
        g_propagate_error(error, refused);
        return false;
    }
    web_fault_tell(context, refused);
    return web_page_entry(context, error);
}

bool web_page_change(WebContext *context, GError **error)
{
    GError *refused = NULL;
    g_autoptr(LedgerEntry) entry = web_entry_find_for(context, RIGHTS_ENTRY_CHANGE, &refused);
    if (entry == NULL) {
        return send_without_form(context, refused, error);
    }
    WebRecord form = form_of_entry(context, entry);
    GPtrArray *fields = fields_of_form(context, entry->ledger, entry, form.with_personal, error);
    return fields != NULL && catch_up(context, &form, fields, error) &&
           send_form(context, &form, error);
}

bool web_page_change_post(WebContext *context, GError **error)
{
    GError *refused = NULL;
    g_autoptr(LedgerEntry) entry = web_entry_find_for(context, RIGHTS_ENTRY_CHANGE, &refused);
    if (entry == NULL) {
        return send_without_form(context, refused, error);
    }
    bool is_sent = false;
    WebRecord form = form_of_entry(context, entry);
    if (is_asked_again(context, &form, &is_sent, error)) {
        return is_sent;
    }
    g_autoptr(LedgerEntry) current = NULL;
    GPtrArray *fields = fields_of_form(context, entry->ledger, entry, form.with_personal, error);
    if (fields == NULL) {
        return false;
    }
    drop_untouched(context, entry, fields);
    g_autoptr(LedgerInput) input =
        web_input_read(context, entry->ledger, fields, PREFIX, false, &refused);
    LogAct act = context->act;
    act.why = http_request_form(context->request, "why");
    if (input == NULL ||
        !ledger_entry_change(context->office, context->subject, &act, entry->id,
                             web_typed_version(context), input, &current, &refused)) {
        return send_stale(context, &form, current, input, refused, error);
    }
    web_draft_settle(context);
    return go_back(context, entry, error);
}
