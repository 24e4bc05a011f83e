#include "web/site.h"

#include "office/setting.h"
#include "web/again.h"
#include "web/api.h"
#include "web/form.h"
#include "web/openapi.h"
#include "web/routes.h"
#include "web/rows.h"
#include "web/templates.h"

#define COOKIE "session"        /* and the office behind it, where several are served */
#define COOKIE_PREFIX "__Host-" /* demands Path=/, so the name tells the offices apart */
#define COOKIE_LANGUAGE "language"

/* ---- who asks -------------------------------------------------------------------------------- */

static const char *session_cookie(const WebContext *context)
{
    const char *base = context->html.base;
    bool is_alone = *base == '\0';
    return web_keep(context,
                    g_strconcat(http_request_is_secure(context->request) ? COOKIE_PREFIX : "",
                                COOKIE, is_alone ? "" : "-", is_alone ? "" : base + 1, NULL));
}

void web_set_session_cookie(WebContext *context, const char *token)
{
    g_autofree char *line = g_strdup_printf(
        "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", session_cookie(context),
        token != NULL ? token : "", http_request_is_secure(context->request) ? "; Secure" : "",
        token == NULL ? "; Max-Age=0" : "");
    http_response_add_cookie(context->response, line);
}

void web_set_language_cookie(WebContext *context, const char *language)
{
    g_autofree char *line =
        g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000%s",
                        COOKIE_LANGUAGE, g_strcmp0(language, "en") == 0 ? "en" : "zh",
                        http_request_is_secure(context->request) ? "; Secure" : "");
    http_response_add_cookie(context->response, line);
}

bool web_find_subject(const WebContext *context, int64_t id, RightsSubject **ret_subject,
                      GError **error)
{
    g_autoptr(GError) refused = NULL;
    RightsSubject *subject = rights_subject_account(context->office, id, &refused);
    if (refused != NULL && !error_is(refused, SHUZHI_ERROR_FORBIDDEN) &&
        !error_is(refused, SHUZHI_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    *ret_subject = subject;
    return true;
}

bool web_identify(WebContext *context, const char *token, GError **error)
{
    if (token == NULL || *token == '\0') {
        return true;
    }
    if (!office_session_find(context->office, token, &context->session, error)) {
        return false;
    }
    if (context->session == NULL) {
        return true;
    }
    if (!web_find_subject(context, context->session->account, &context->subject, error)) {
        return false;
    }
    if (context->subject != NULL) {
        context->token = web_keep(context, g_strdup(token));
        context->form_token = web_keep(context, office_session_form_token(token));
        context->act = (LogAct){.actor = context->subject->actor,
                                .from = http_request_client(context->request)};
    }
    return true;
}

/* ---- guarding -------------------------------------------------------------------------------- */

/* Return whether a form was sent by a page of ours: from the same origin (Fetch Metadata, Origin),
 * and with the session's own token. */
static bool is_own_form(const WebContext *context)
{
    const char *site = http_request_header(context->request, "Sec-Fetch-Site");
    const char *origin = http_request_header(context->request, "Origin");
    const char *host = http_request_host(context->request);
    if (site != NULL && !g_str_equal(site, "same-origin") && !g_str_equal(site, "none")) {
        return false;
    }
    if (origin != NULL) {
        const char *at = strstr(origin, "://");
        if (at == NULL || g_strcmp0(at + strlen("://"), host) != 0) {
            return false;
        }
    }
    const char *given = http_request_form(context->request, "form_token");
    if (given == NULL) { /* of a script of ours that sends JSON */
        given = http_request_header(context->request, "Form-Token");
    }
    return context->token == NULL || office_session_is_form_token(context->token, given);
}

/* Refuse a form with another session's token, or with none.  One that certainly came from a page of
 * ours was begun before the present session: it comes back filled in, to be looked at and sent
 * again. */
static bool refuse_old_form(WebContext *context, GError **error)
{
    GError *refused = NULL;
    context->is_forged = true;
    if (g_strcmp0(http_request_lacks(context->request), "X-Forwarded-Host") == 0) {
        error_set(
            error, SHUZHI_ERROR_FORBIDDEN,
            "forms cannot be taken: the proxy in front of this server must pass on the name it "
            "is asked for, as Host or X-Forwarded-Host; please tell whoever runs it");
        return false;
    }
    bool is_ours = web_is_same_origin(context) && !web_is_for_programs(context);
    error_set(is_ours ? &refused : error, SHUZHI_ERROR_FORBIDDEN,
              is_ours ? N_("this form was opened before the present sign-in; look at it and send "
                           "it again")
                      : N_("this form is too old or was not sent from here; open the page again"));
    if (is_ours) {
        web_page_again(context, refused, error);
    }
    return false;
}

/* Ask to sign in.  What a form of ours brings travels through the door and comes back filled in. */
static bool send_to_door(WebContext *context, GError **error)
{
    if (web_is_for_programs(context)) {
        http_response_set_header(context->response, "WWW-Authenticate", "Bearer");
        error_set(error, SHUZHI_ERROR_SIGN_IN, "sign in, or show a token");
        return false;
    }
    if (http_request_method(context->request) != HTTP_POST) {
        bool is_first = g_str_equal(context->path, "/");
        const char *to = is_first ? NULL : web_asked_address(context);
        http_response_redirect(context->response, web_address(context, "/sign-in", "to", to, NULL));
        return false;
    }
    if (!web_is_same_origin(context)) {
        http_response_redirect(context->response, "/sign-in");
        return false;
    }
    http_response_set_status(context->response, 401);
    context->notice = web_tr(context, N_("Your session has ended. Sign in, and the form comes back "
                                         "with what you typed; choose its files again."));
    GString *out = web_page_begin(context, web_tr(context, N_("Sign in")));
    template_sign_in(out, &context->html, context, "", web_asked_address(context));
    web_page_send(context, out);
    return false;
}

/* Check that what changes something comes from where it may. */
static bool may_post(WebContext *context, const WebRoute *route, GError **error)
{
    bool asks_for_no_session = route->access == WEB_LEAVING || route->access == WEB_PUBLIC;
    if (asks_for_no_session && web_is_same_origin(context)) { /* whatever session is there now */
        return true;
    }
    if (context->grant == NULL) {
        return is_own_form(context) || refuse_old_form(context, error);
    }
    if (!context->grant->may_write) { /* no browser shows a token by itself */
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "this token may only read");
    }
    return context->grant->may_write;
}

/* Check what the route asks; false after an answer or with an error. */
static bool may_enter(WebContext *context, const WebRoute *route, GError **error)
{
    if (route->access == WEB_LEAVING && context->subject == NULL) { /* left already */
        http_response_redirect(context->response, "/sign-in");
        return false;
    }
    if (route->access != WEB_PUBLIC && context->subject == NULL) {
        return send_to_door(context, error);
    }
    if (route->method == HTTP_POST && !may_post(context, route, error)) {
        return false;
    }
    return web_route_check(context, route, error);
}

/* Refuse a field that came twice, other than columns of a list and fields of an entry: one of the
 * two would be passed by in silence. */
static bool has_no_doubt(const WebContext *context, GError **error)
{
    static const char *const many[] = {"cols", WEB_FIELD_PREFIX "*", NULL};
    const char *name = http_request_twice(context->request, many);
    if (name != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' was sent twice, and only one can be meant",
                  name);
    }
    return name == NULL;
}

/* Refuse bytes that are no form where a form is taken: it would be read as one without fields. */
static bool is_form(WebContext *context, GError **error)
{
    size_t length = 0;
    if (http_request_method(context->request) == HTTP_POST) {
        http_request_body(context->request, &length);
    }
    if (length > 0) {
        context->status = 415;
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a form is sent as application/x-www-form-urlencoded or multipart/form-data");
    }
    return length == 0;
}

/* Refuse to go on without files that were sent, and that nobody kept: when the request began, it
 * was not clear that whoever sent them may. */
static bool has_its_files(const WebContext *context, const WebRoute *route, GError **error)
{
    bool is_good = !route->takes_files || !http_request_has_dropped(context->request);
    if (!is_good) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the files could not be taken at this moment; send them again");
    }
    return is_good;
}

static bool answer(WebContext *context, GError **error)
{
    const WebSite *site = context->site;
    if (*context->path == '\0') { /* "/NAME" */
        http_response_redirect(context->response, "/");
        return true;
    }
    if (context->office == NULL && site->offices == NULL) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "this office cannot be opened at present; whoever runs the server can see why");
        return false;
    }
    bool is_known = false;
    HttpMethod method = http_request_method(context->request);
    const WebRoute *route =
        web_route_find(site, method, context->path, context->parts, &context->ending, &is_known);
    if (route == NULL && is_known) {
        const char *allowed = method == HTTP_POST ? "GET, HEAD" : "POST";
        http_response_set_header(context->response, "Allow", allowed);
        context->status = 405;
        error_set(error, SHUZHI_ERROR_INVALID, "this address takes requests of another kind: %s",
                  allowed);
        return false;
    }
    if (route == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    const WebOperation *operation = web_operation_find(method, route->pattern);
    context->operation = operation;
    return (operation != NULL || is_form(context, error)) && may_enter(context, route, error) &&
           has_no_doubt(context, error) && has_its_files(context, route, error) &&
           (operation == NULL || web_check_query(context->request, operation->query, error)) &&
           route->page(context, error);
}

/* Return whether what is asked for is the same for all offices: it needs no store, and an error
 * page has its style also where the store is down. */
static bool is_asset(const WebContext *context)
{
    return g_str_has_prefix(context->path, "/assets/");
}

/* Answer for an office, to whoever asks. */
static bool answer_person(WebContext *context, GError **error)
{
    if (is_asset(context)) {
        return answer(context, error);
    }
    context->reader = store_reader_acquire(office_store(context->office), error);
    if (context->reader == NULL) {
        return false;
    }
    context->names = ledger_names_new(context->reader);
    const char *authorization = http_request_header(context->request, "Authorization");
    const char *token = http_request_cookie(context->request, session_cookie(context));
    bool shows_token = authorization != NULL && web_api_takes_token(context);
    bool is_known = shows_token ? web_api_identify(context, authorization, error)
                                : web_identify(context, token, error);
    return is_known && answer(context, error);
}

bool web_takes_files(const HttpRequest *request, const WebSite *site)
{
    g_auto(WebContext) context;
    g_autoptr(HttpResponse) unsent = http_response_new();
    bool is_known = false;
    web_context_init(&context, site, request, unsent);
    const WebRoute *route = web_route_find(site, http_request_method(request), context.path,
                                           context.parts, &context.ending, &is_known);
    if (context.office == NULL || route == NULL || !route->takes_files) {
        return false;
    }
    context.reader = store_reader_acquire(office_store(context.office), NULL);
    const char *authorization = http_request_header(request, "Authorization");
    const char *token = http_request_cookie(request, session_cookie(&context));
    bool shows_token = authorization != NULL && web_api_takes_token(&context);
    return context.reader != NULL &&
           (shows_token ? web_api_find_holder(&context, authorization, NULL)
                        : web_identify(&context, token, NULL)) &&
           context.subject != NULL && (context.grant == NULL || context.grant->may_write) &&
           web_route_check(&context, route, NULL);
}

/* Put the base of the site in front of the address that a page sends the reader to. */
static void complete_location(const WebContext *context)
{
    const char *location = http_response_header(context->response, "Location");
    if (location != NULL && location[0] == '/') {
        http_response_set_header(context->response, "Location",
                                 web_outer_address(context, location));
    }
}

/* Find out the reader's language, and say by what answers differ. */
static void take_language(WebContext *context)
{
    http_response_add_vary(context->response, "Cookie");
    if (web_api_is(context)) {
        http_response_add_vary(context->response, "Authorization");
        http_response_add_vary(context->response, "Accept-Language");
    }
    const char *chosen = http_request_cookie(context->request, COOKIE_LANGUAGE);
    if (context->office != NULL &&
        office_setting(context->office, OFFICE_LANGUAGE) == OFFICE_LANGUAGE_ENGLISH) {
        context->html.language = "en";
    }
    if (chosen != NULL) {
        context->html.language = g_str_equal(chosen, "en") ? "en" : "zh";
    } else if (web_api_is(context)) {
        context->html.language = web_api_language(context->request);
    }
}

void web_refuse(const HttpRequest *request, const GError *error, int status, HttpResponse *response,
                const WebSite *site)
{
    g_auto(WebContext) context;
    web_context_init(&context, site, request, response);
    context.status = status;
    take_language(&context);
    web_send_error(&context, error);
}

void web_handle(const HttpRequest *request, HttpResponse *response, const WebSite *site)
{
    g_auto(WebContext) context;
    web_context_init(&context, site, request, response);
    take_language(&context);
    g_autoptr(GError) error = NULL;
    if (context.office != NULL) {
        answer_person(&context, &error);
    } else {
        answer(&context, &error);
    }
    if (error != NULL) {
        web_send_error(&context, error);
    }
    complete_location(&context);
}
