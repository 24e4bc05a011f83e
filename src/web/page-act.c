#include "web/pages.h"

#include "base/text.h"
#include "ledger/evidence.h"
#include "ledger/write.h"
#include "web/account.h"
#include "web/again.h"
#include "web/entry.h"
#include "web/notice.h"
#include "web/once.h"
#include "web/sure.h"
#include "web/upload.h"

/* Return the files that the form brings (of LedgerFile; the caller owns the array), each by the
 * field or rule whose control it was in. */
static GArray *read_uploads(const WebContext *context)
{
    const GPtrArray *uploads = http_request_uploads(context->request);
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(LedgerFile));
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        const char *place = g_str_has_prefix(upload->field, WEB_FIELD_PREFIX)
                                ? upload->field + strlen(WEB_FIELD_PREFIX)
                                : web_typed(context, "place");
        const LedgerFile file = {.field = place, .path = upload->path, .name = upload->name};
        if (*upload->name == '\0') { /* a control left empty */
            continue;
        }
        g_array_append_val(files, file);
    }
    return g_steal_pointer(&files);
}

/* Return the id of the control for when @step happened, kept. */
static const char *moment_id(const WebContext *context, const SchemaStep *step)
{
    return web_keep(context, g_strconcat("at-", step->name, NULL));
}

/* Return when @step happened; 0 where nothing was typed, or what is wrong and noted. */
static int64_t read_happened(const WebContext *context, const SchemaStep *step)
{
    const char *text = http_request_form(context->request, "happened");
    if (text == NULL || *text == '\0') {
        return 0;
    }
    const SchemaField moment = {.name = "happened", .kind = SCHEMA_FIELD_TIME};
    GError *fault = NULL;
    g_auto(Value) value = VALUE_EMPTY;
    const char *whole = web_day_written_out(context, &moment, text);
    if (!ledger_field_parse(&moment, whole, NULL, office_offset_seconds(context->office),
                            date_year(web_today(context)), &value, &fault)) {
        web_fault_note(context, moment_id(context, step), web_step_moment_words(context, step),
                       fault);
        return 0;
    }
    return value.number;
}

/* Return how many files the form brings in the control @name. */
static int n_uploads(const WebContext *context, const char *name)
{
    const GPtrArray *uploads = http_request_uploads(context->request);
    int n = 0;
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        n += g_str_equal(upload->field, name) && *upload->name != '\0';
    }
    return n;
}

/* Note the files that @step asks for and neither @entry nor the form has. */
static bool note_missing_files(const WebContext *context, const LedgerEntry *entry,
                               const SchemaStep *step, GError **error)
{
    g_autoptr(GPtrArray) files = ledger_evidence_list(context->reader, entry, true, error);
    const GPtrArray *controls = web_step_files(context, entry->ledger, step);
    for (guint i = 0; files != NULL && i < controls->len; i++) {
        const WebField *control = g_ptr_array_index(controls, i);
        const char *place = control->name + strlen(WEB_FIELD_PREFIX);
        int n = n_uploads(context, control->name);
        for (guint j = 0; j < files->len; j++) {
            const LedgerEvidence *file = g_ptr_array_index(files, j);
            n += g_str_equal(file->field, place);
        }
        if (n < control->least) {
            GError *fault = NULL;
            error_set(&fault, SHUZHI_ERROR_INVALID, "needs %d {file|files}", control->least);
            web_fault_note(context, control->id, control->words, fault);
        }
    }
    return files != NULL;
}

/* Do @step with what was typed and the files that the form brings; a refusal, which leaves neither,
 * stands beside its moment or field where it is about one. */
static bool take_step(WebContext *context, const LedgerEntry *entry, const SchemaStep *step,
                      int64_t happened_us, const LedgerInput *input, GError **error)
{
    g_autoptr(GError) refused = NULL;
    g_autoptr(GArray) files = read_uploads(context);
    if (ledger_entry_step_with(context->office, context->subject, &context->act, entry->id, 0,
                               step->name, happened_us, input, files, NULL, &refused)) {
        return true;
    }
    web_fault_note_about(context, "happened", moment_id(context, step),
                         web_step_moment_words(context, step), refused);
    web_input_note(context, step->asks, step->name, refused);
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

static bool do_step(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                    GError **error)
{
    const char *name = http_request_form(context->request, "step");
    const SchemaStep *step = name != NULL ? schema_ledger_step(entry->ledger, name) : NULL;
    if (step == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no such step");
        return false;
    }
    if (schema_step_from(step, entry->state) == NULL) {
        const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "%s was moved on meanwhile: it is '%s' now, where '%s' is not done; nothing was"
                  " recorded, and what you typed stands below",
                  entry->number, state != NULL ? state->words.name : entry->state,
                  step->words.name);
        return false;
    }
    *ret_told = web_say(context, N_("Done: %s."), web_words(context, &step->words));
    int64_t happened_us = read_happened(context, step);
    if (happened_us >= entry->stepped_us) { /* else it is refused */
        web_sure_check(context, web_keep(context, g_strconcat("sure-", name, NULL)),
                       web_step_moment_words(context, step), happened_us);
    }
    if (!note_missing_files(context, entry, step, error)) {
        return false;
    }
    g_autoptr(LedgerInput) input =
        web_input_read(context, entry->ledger, step->asks, name, true, error);
    return input != NULL && take_step(context, entry, step, happened_us, input, error);
}

/* What a small form on the page of an entry does; *@ret_told is what the page then says of it. */
typedef bool (*EntryAct)(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                         GError **error);

static bool run_act(WebContext *context, RightsAction action, EntryAct act, GError **error)
{
    GError *refused = NULL;
    const char *told = NULL;
    g_autoptr(LedgerEntry) entry = web_entry_find_for(context, action, &refused);
    if (entry == NULL || !act(context, entry, &told, &refused)) {
        return web_page_again(context, refused, error);
    }
    web_redirect_told(context, web_entry_address(context, entry->number), told);
    return true;
}

bool web_page_step_post(WebContext *context, GError **error)
{
    return run_act(context, RIGHTS_ENTRY_STEP, do_step, error);
}

static bool do_attach(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                      GError **error)
{
    g_autoptr(GArray) files = read_uploads(context);
    if (files->len == 0) {
        GError *fault = NULL;
        error_set(&fault, SHUZHI_ERROR_INVALID, "choose a file");
        web_fault_note(context, "file", web_tr(context, N_("Files")), fault);
        return web_fault_none(context, error);
    }
    if (!web_files_attach(context, entry, files, error)) {
        return false;
    }
    *ret_told = web_files_told(context, files);
    return true;
}

bool web_page_attach_post(WebContext *context, GError **error)
{
    return run_act(context, RIGHTS_ENTRY_READ, do_attach, error);
}

static bool do_detach(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                      GError **error)
{
    const char *place = web_typed(context, "place");
    const char *file = web_typed(context, "file");
    const WebNeed needs[] = {{"why", web_file_why_id(context, file, place), N_("Why")}};
    int64_t id = 0;
    *ret_told = web_tr(context, N_("The file is taken away; the history tells which, and why."));
    context->act.why = web_typed(context, "why");
    if (!web_check_form(context, needs, G_N_ELEMENTS(needs), error)) {
        return false;
    }
    if (!text_parse_int(file, &id)) {
        error_set(error, SHUZHI_ERROR_INVALID, "choose a file");
        return false;
    }
    return ledger_evidence_detach(context->office, context->subject, &context->act, entry, place,
                                  id, error);
}

bool web_page_detach_post(WebContext *context, GError **error)
{
    return run_act(context, RIGHTS_ENTRY_READ, do_detach, error);
}

static bool do_comment(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                       GError **error)
{
    static const WebNeed needs[] = {{"text", "text", N_("Comment")}};
    int64_t seq = 0;
    bool is_done = false;
    *ret_told = web_tr(context, N_("The comment stands in the history."));
    if (!web_check_form(context, needs, G_N_ELEMENTS(needs), error) ||
        !web_once_by_form(context, &is_done, &seq, error)) {
        return false;
    }
    GError *refused = NULL;
    if (is_done ||
        ledger_entry_comment(context->office, context->subject, &context->act, entry->id,
                             http_request_form(context->request, "text"), &refused) ||
        web_once_meanwhile(context, &seq, &refused)) {
        return true;
    }
    web_fault_note_about(context, "text", "text", web_tr(context, N_("Comment")), refused);
    g_propagate_error(error, refused);
    return false;
}

bool web_page_comment_post(WebContext *context, GError **error)
{
    return run_act(context, RIGHTS_ENTRY_COMMENT, do_comment, error);
}

static bool do_delete(WebContext *context, const LedgerEntry *entry, const char **ret_told,
                      GError **error)
{
    static const WebNeed why = {"why", "why", N_("Why")};
    LogAct act = context->act;
    act.why = http_request_form(context->request, "why");
    *ret_told = NULL; /* the page says it always */
    return web_check_own_again(context, "own", &why, error) &&
           ledger_entry_delete(context->office, context->subject, &act, entry->id,
                               web_typed_version(context), error);
}

bool web_page_delete_post(WebContext *context, GError **error)
{
    return run_act(context, RIGHTS_ENTRY_DELETE, do_delete, error);
}
