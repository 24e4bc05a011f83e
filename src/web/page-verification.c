#include "web/pages.h"

#include "ledger/verify-office.h"
#include "office/key.h"
#include "office/verification.h"
#include "web/settings.h"
#include "web/templates.h"

#define KEY "/verification" /* of the work, the address of its page */

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

static bool send(WebContext *context, const GError *refused, GError **error)
{
    const WebVerification *known = web_verification(context, error);
    if (known == NULL) {
        return false;
    }
    WebVerification shown = *known;
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
    return send(context, NULL, error);
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
    if (old != NULL) {
        works_remove(context->site->works, old);
    }
    Verifying *verifying = g_new0(Verifying, 1);
    *verifying = (Verifying){.office = context->office,
                             .account = context->session->account,
                             .from = g_strdup(context->act.from)};
    g_autoptr(WebWork) work =
        works_add(context->site->works, KEY, context->subject->actor,
                  web_tr(context, N_("Verification")), verifying, verifying_free);
    if (!web_work_start(context, work, WEB_WORK_VERIFY, verify, &refused)) {
        works_remove(context->site->works, work);
        return send(context, refused, error);
    }
    http_response_redirect(context->response, KEY);
    return true;
}
