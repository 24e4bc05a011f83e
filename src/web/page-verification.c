#include "web/pages.h"

#include "ledger/verify-office.h"
#include "office/key.h"
#include "office/verification.h"
#include "web/api.h"
#include "web/rows.h"
#include "web/settings.h"
#include "web/templates.h"

#define KEY "/verification" /* of the work, the address of its page */
#define MADE_SHOWN 20       /* past verifications on the page; its files have all */
#define NEWEST (INT64_MAX - 1)

/* ---- the work -------------------------------------------------------------------------------- */

/* A verification that somebody asked for. */
typedef struct Verifying {
    Office *office;
    int64_t account;
    char *from;
    LogReport *report; /* NULL: not there yet */
} Verifying;

static void verifying_free(gpointer data)
{
    Verifying *verifying = data;
    log_report_free(verifying->report);
    g_free(verifying->from);
    g_free(verifying);
}

/* What waits to be signed is signed first: the verdict is on all there is. */
static bool verify(WebWork *work, void *data, GError **error)
{
    Verifying *verifying = data;
    g_autoptr(LogReport) report = NULL;
    g_autoptr(RightsSubject) subject =
        rights_subject_account(verifying->office, verifying->account, error);
    if (subject == NULL) {
        return false;
    }
    const LogAct act = {.actor = subject->actor, .from = verifying->from};
    office_settle(verifying->office);
    if (!ledger_verify_office(verifying->office, NULL, NULL, work_report, work, &report, error) ||
        !office_verification_add(verifying->office, subject, &act, report, error)) {
        return false;
    }
    work_lock(work);
    verifying->report = g_steal_pointer(&report);
    work_unlock(work);
    return true;
}

/* ---- what is shown --------------------------------------------------------------------------- */

/* Show the reader's own verification, or that of another which is under way. */
static void show_work(WebContext *context, WebVerification *shown)
{
    g_autoptr(WebWork) own = works_find(context->site->works, KEY, context->subject->actor);
    g_autoptr(WebWork) running = works_find_running(context->site->works, WEB_WORK_VERIFY);
    g_autoptr(GError) fault = own != NULL ? work_fault(own) : NULL;
    if (running != NULL) {
        bool is_own = running == own;
        shown->progress =
            web_progress(context, running, web_tr(context, N_("The office is being verified")),
                         is_own ? KEY : NULL);
        return;
    }
    if (own == NULL) {
        return;
    }
    const Verifying *verifying = work_lock(own);
    for (guint i = 0; verifying->report != NULL && i < verifying->report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(verifying->report->findings, i);
        g_ptr_array_add(shown->findings,
                        web_keep(context, error_to_text(finding->said, context->html.language)));
    }
    work_unlock(own);
    shown->fault = fault != NULL ? web_fault(context, fault) : NULL;
}

/* Return why nothing more is signed until somebody does something about it, kept; NULL: it is. */
static const char *unsigned_why(const WebContext *context)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *key = office_key_path(office_id(context->office));
    if (!office_may_be_signed(context->office, &why)) {
        return web_fault(context, why);
    }
    return g_file_test(key, G_FILE_TEST_EXISTS)
               ? NULL
               : web_tr(context, N_("the signing key is not on this machine"));
}

const WebVerification *web_verification(WebContext *context, GError **error)
{
    g_auto(OfficeVerification) last = {0};
    if (!office_verification_last(context->reader, &last, error)) {
        return NULL;
    }
    WebVerification *shown = web_new(context, WebVerification);
    shown->findings = web_array(context);
    shown->since = "";
    shown->unsigned_why = unsigned_why(context);
    if (last.id != 0) {
        shown->since = web_time(context, last.at_us);
        shown->by = web_actor(context, web_keep(context, g_strdup(last.actor)));
        shown->verdict = web_tr(context, log_verdict_words(last.verdict));
        shown->is_unsigned = last.verdict == LOG_ASSERTED;
        shown->class_name = shown->is_unsigned ? "" : last.verdict == LOG_SOUND ? "ok" : "late";
        shown->n_events = web_number(context, last.n_events);
        shown->n_signed = web_number(context, last.n_signed);
        shown->n_objects = web_number(context, last.n_objects);
        shown->n_findings = shown->is_unsigned ? 0 : last.n_findings;
    }
    show_work(context, shown);
    return shown;
}

/* ---- those that were made -------------------------------------------------------------------- */

static const WebRowsColumn columns[] = {{"id", N_("Event")},
                                        {"at", N_("When")},
                                        {"who", N_("Who")},
                                        {"verdict", N_("Verdict")},
                                        {"events", N_("Events")},
                                        {"signed", N_("Signed of them")},
                                        {"rows", N_("Rows compared")},
                                        {"findings", N_("What does not fit")}};

static bool tell_made(const WebContext *context, WebSink *sink, const OfficeVerification *made,
                      GError **error)
{
    const char *who = web_actor(context, web_copy(context, made->actor));
    const char *verdict = web_tr(context, log_verdict_words(made->verdict));
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_number(context, made->id),
        web_cell_time(context, made->at_us),
        web_cell_text(who),
        web_cell_text(sink->has_names ? log_verdict_name(made->verdict) : verdict),
        web_cell_number(context, made->n_events),
        web_cell_number(context, made->n_signed),
        web_cell_number(context, made->n_objects),
        web_cell_number(context, made->n_findings),
    };
    const WebLine line = {.cells = cells,
                          .id = web_row_id(context, "verification", made->id),
                          .title = verdict,
                          .address = KEY,
                          .said = who,
                          .changed_us = made->at_us};
    return web_sink_take(context, sink, &line, error);
}

static bool read_made(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    int64_t before = NEWEST;
    if (!web_sink_after(sink, &before, error)) {
        return false;
    }
    int most = MIN(sink->room, G_MAXINT - 1);
    g_autoptr(GArray) made = office_verification_list(context->reader, before, most + 1, error);
    for (guint i = 0; made != NULL && i < MIN(made->len, (guint)most); i++) {
        const OfficeVerification *one = &g_array_index(made, OfficeVerification, i);
        if (!tell_made(context, sink, one, error)) {
            return false;
        }
        sink->next = made->len > (guint)most ? web_number(context, one->id) : NULL;
    }
    return made != NULL;
}

static WebRows made_rows(const WebContext *context)
{
    return (WebRows){.name = "verifications",
                     .words = web_tr(context, N_("Verification")),
                     .query = "",
                     .columns = columns,
                     .n_columns = G_N_ELEMENTS(columns),
                     .read = read_made,
                     .is_paged = true};
}

/* Add the last ones that were made. */
static bool add_made(const WebContext *context, WebVerification *shown, GError **error)
{
    g_autoptr(GArray) made = office_verification_list(context->reader, NEWEST, MADE_SHOWN, error);
    shown->made = web_array(context);
    for (guint i = 0; made != NULL && i < made->len; i++) {
        const OfficeVerification *one = &g_array_index(made, OfficeVerification, i);
        WebVerificationMade *line = web_new(context, WebVerificationMade);
        line->when = web_time(context, one->at_us);
        line->by = web_actor(context, web_copy(context, one->actor));
        line->verdict = web_tr(context, log_verdict_words(one->verdict));
        line->n_events = web_number(context, one->n_events);
        line->n_findings = web_number(context, one->n_findings);
        g_ptr_array_add(shown->made, line);
    }
    return made != NULL;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static bool send(WebContext *context, const GError *refused, GError **error)
{
    const WebVerification *known = web_verification(context, error);
    if (known == NULL) {
        return false;
    }
    WebVerification shown = *known;
    const WebRows rows = made_rows(context);
    shown.endings = web_rows_endings(context, &rows);
    if (!add_made(context, &shown, error)) {
        return false;
    }
    if (refused != NULL) {
        http_response_set_status(context->response, web_error_status(refused));
        shown.fault = web_fault(context, refused);
    }
    GString *out = web_page_begin(context, web_tr(context, N_("Verification")));
    template_verification_page(out, &context->html, context, &shown);
    web_page_send(context, out);
    return true;
}

bool web_page_verification(WebContext *context, GError **error)
{
    const WebRows rows = made_rows(context);
    return *context->ending == '\0' ? send(context, NULL, error)
                                    : web_rows_send(context, &rows, error);
}

/* Have the office verified anew, for who asks. */
static bool start(WebContext *context, GError **error)
{
    g_autoptr(WebWork) old = works_find(context->site->works, KEY, context->subject->actor);
    if (old != NULL) {
        works_remove(context->site->works, old);
    }
    Verifying *verifying = g_new0(Verifying, 1);
    *verifying = (Verifying){.office = context->office,
                             .account = context->subject->account,
                             .from = g_strdup(context->act.from)};
    g_autoptr(WebWork) work =
        works_add(context->site->works, KEY, context->subject->actor,
                  web_tr(context, N_("Verification")), verifying, verifying_free);
    bool is_started = web_work_start(context, work, WEB_WORK_VERIFY, verify, error);
    if (!is_started) {
        works_remove(context->site->works, work);
    }
    return is_started;
}

bool web_page_verification_post(WebContext *context, GError **error)
{
    g_autoptr(GError) refused = NULL;
    g_autoptr(WebWork) old = works_find(context->site->works, KEY, context->subject->actor);
    if (old != NULL && http_request_form(context->request, "cancel") != NULL) {
        work_cancel(old);
        work_wait(old, WEB_PROGRESS_WAIT_US);
        http_response_redirect(context->response, KEY);
        return true;
    }
    if (!start(context, &refused)) {
        return send(context, refused, error);
    }
    http_response_redirect(context->response, KEY);
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void write_last(const WebContext *context, JsonWriter *json, const OfficeVerification *last)
{
    json_write_key(json, "last");
    if (last->id == 0) {
        json_write_null(json);
        return;
    }
    json_write_begin_object(json);
    json_write_key_int(json, "id", last->id);
    web_api_write_time(context, json, "at", last->at_us);
    json_write_key_text(json, "who", web_actor(context, web_copy(context, last->actor)));
    json_write_key_text(json, "verdict", log_verdict_name(last->verdict));
    json_write_key_int(json, "events", last->n_events);
    json_write_key_int(json, "signed", last->n_signed);
    json_write_key_int(json, "rows", last->n_objects);
    json_write_key_int(json, "findings", last->n_findings);
    json_write_end_object(json);
}

/* The one under way, the last verdict, and what the reader's own found. */
static bool send_state(WebContext *context, int64_t id, GError **error)
{
    g_auto(OfficeVerification) last = {0};
    const WebVerification *shown = web_verification(context, error);
    if (shown == NULL || !office_verification_last(context->reader, &last, error)) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "running", shown->progress != NULL);
    json_write_key_int(&json, "n_done", shown->progress != NULL ? shown->progress->n_done : 0);
    json_write_key_int(&json, "n_total", shown->progress != NULL ? shown->progress->n_total : 0);
    write_last(context, &json, &last);
    json_write_key(&json, "findings");
    json_write_begin_array(&json);
    for (guint i = 0; i < shown->findings->len; i++) {
        json_write_text(&json, g_ptr_array_index(shown->findings, i));
    }
    json_write_end_array(&json);
    json_write_key_text(&json, "fault", shown->fault);
    json_write_key_text(&json, "unsigned", shown->unsigned_why);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_verification(WebContext *context, GError **error)
{
    return send_state(context, 0, error);
}

static bool api_start(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    return start(context, error);
}

bool web_api_verification_post(WebContext *context, GError **error)
{
    static const char *const none[] = {NULL};
    static const WebApiAct act = {none, api_start, send_state};
    return web_api_do(context, &act, error);
}
