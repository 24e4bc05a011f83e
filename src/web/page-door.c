#include "web/pages.h"

#include "web/account.h"
#include "web/again.h"
#include "web/assets.h"
#include "web/health.h"
#include "web/site.h"
#include "web/templates.h"

/* Send @text, which is kept for good where it was asked for by its version. */
static void send_asset(WebContext *context, const char *type, const char *text, const char *version)
{
    bool is_final = g_strcmp0(http_request_query(context->request, "v"), version) == 0;
    http_response_set_text(context->response, type, text);
    http_response_set_header(context->response, "Cache-Control",
                             is_final ? "public, max-age=31536000, immutable" : "no-cache");
    http_response_set_header(context->response, "Vary", NULL);
}

bool web_page_style(WebContext *context, GError **error)
{
    send_asset(context, "text/css; charset=utf-8", web_style_css, web_style_css_version);
    return true;
}

bool web_page_script(WebContext *context, GError **error)
{
    send_asset(context, "text/javascript; charset=utf-8", web_script_js, web_script_js_version);
    return true;
}

bool web_page_icon(WebContext *context, GError **error)
{
    send_asset(context, "image/svg+xml", web_icon_svg, web_icon_svg_version);
    return true;
}

/* Append a line where @site is not well: "NAME: store: FULL". */
static void append_ill(GString *out, const WebSite *site)
{
    const char *part = NULL;
    g_autoptr(GError) ill = NULL;
    if (!web_check_health(site, &part, &ill)) {
        web_log_fault(ill);
        g_string_append_printf(out, "%s%s%s: %s\n", site->name != NULL ? site->name : "",
                               site->name != NULL ? ": " : "", part, web_error_name(ill));
    }
}

/* The office's own, or in front of several that of each. */
bool web_page_health(WebContext *context, GError **error)
{
    const GPtrArray *sites = context->site->offices;
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < (sites != NULL ? sites->len : 1); i++) {
        append_ill(out, sites != NULL ? g_ptr_array_index(sites, i) : context->site);
    }
    if (out->len > 0) {
        http_response_set_status(context->response, 503);
    } else {
        g_string_append(out, "ok\n");
    }
    http_response_set_body(context->response, "text/plain; charset=utf-8", out);
    return true;
}

static void send_sign_in(WebContext *context, const char *name)
{
    GString *out = web_page_begin(context, web_tr(context, N_("Sign in")));
    template_sign_in(out, &context->html, context, name,
                     http_request_form(context->request, "back"));
    web_page_send(context, out);
}

/* Go to the page that the form names, which the reader was on or asked for; else to the first. */
static void go_in(WebContext *context)
{
    const char *to = web_to(context);
    http_response_redirect(context->response, *to != '\0' ? to : "/");
}

bool web_page_sign_in(WebContext *context, GError **error)
{
    if (context->subject != NULL) {
        go_in(context);
        return true;
    }
    send_sign_in(context, "");
    return true;
}

/* Answer with the page that the form was on which travelled through the door, filled in. */
static bool go_back(WebContext *context, const char *token, GError **error)
{
    if (!web_identify(context, token, error)) {
        return false;
    }
    if (context->subject == NULL) { /* closed in the meantime */
        http_response_redirect(context->response, "/sign-in");
        return true;
    }
    context->notice = web_tr(context, N_("You are signed in. Look at the form and send it again."));
    return web_page_behind_door(context, error);
}

/* Begin a session of @account. */
static bool begin(WebContext *context, int64_t account, GError **error)
{
    const char *agent = http_request_header(context->request, "User-Agent");
    g_autofree char *token = NULL;
    if (!office_session_begin(context->office, account, http_request_client(context->request),
                              agent != NULL ? agent : "", &token, error)) {
        return false;
    }
    web_set_session_cookie(context, token);
    if (http_request_form(context->request, "back") != NULL) {
        return go_back(context, token, error);
    }
    go_in(context);
    return true;
}

bool web_page_sign_in_post(WebContext *context, GError **error)
{
    static const WebNeed needs[] = {{"name", "name", N_("Account")},
                                    {"password", "password", N_("Password")}};
    const char *name = http_request_form(context->request, "name");
    const char *password = http_request_form(context->request, "password");
    const char *code = http_request_form(context->request, "code");
    int64_t account = 0;
    GError *refused = NULL;
    if (web_check_form(context, needs, G_N_ELEMENTS(needs), &refused) &&
        web_check_door(context, name, password, code != NULL ? code : "", &account, &refused)) {
        return begin(context, account, error);
    }
    web_fault_note_about(context, "code", "code", web_tr(context, N_("Code of the second factor")),
                         refused);
    web_fault_tell(context, refused);
    send_sign_in(context, name != NULL ? name : "");
    return true;
}

bool web_page_be_post(WebContext *context, GError **error)
{
    const GPtrArray *accounts = context->site->accounts;
    const char *name = http_request_form(context->request, "name");
    for (guint i = 0; accounts != NULL && i < accounts->len; i++) {
        const DemoAccount *account = g_ptr_array_index(accounts, i);
        if (g_strcmp0(account->name, name) == 0) {
            return begin(context, account->id, error);
        }
    }
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    return false;
}

bool web_page_sign_out_post(WebContext *context, GError **error)
{
    web_set_session_cookie(context, NULL); /* also where the store is full */
    if (!office_session_end(context->office, context->session->account, context->session->id,
                            error)) {
        return false;
    }
    /* Cookies stay: those of other offices on this server are there too. */
    http_response_set_header(context->response, "Clear-Site-Data", "\"cache\", \"storage\"");
    http_response_redirect(context->response, "/sign-in");
    return true;
}

/* Go back to the page that the form was on. */
bool web_page_language_post(WebContext *context, GError **error)
{
    web_set_language_cookie(context, http_request_form(context->request, "language"));
    go_in(context);
    return true;
}
