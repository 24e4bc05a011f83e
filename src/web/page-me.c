#include "web/pages.h"

#include "office/account.h"
#include "office/factor.h"
#include "office/post.h"
#include "web/account.h"
#include "web/agent.h"
#include "web/routes.h"
#include "web/site.h"
#include "web/templates.h"
#include "web/token.h"

static bool add_sessions(WebContext *context, WebMe *me, GError **error)
{
    g_autoptr(GPtrArray) sessions =
        office_session_list(context->office, context->session->account, error);
    me->sessions = web_array(context);
    me->at_most =
        web_say(context, N_("At most %d at a time: signing in once more ends the oldest."),
                OFFICE_SESSION_MAX_OF_ACCOUNT);
    for (guint i = 0; sessions != NULL && i < sessions->len; i++) {
        const OfficeSession *session = g_ptr_array_index(sessions, i);
        WebSession *line = web_new(context, WebSession);
        line->id = web_keep(context, g_strdup(session->id));
        line->begun = web_time(context, session->begun_us);
        line->seen = web_time(context, session->seen_us);
        line->address = web_keep(context, g_strdup(session->address));
        line->agent = web_keep(context, agent_words(context->html.language, session->agent));
        line->is_this = g_str_equal(session->id, context->session->id);
        g_ptr_array_add(me->sessions, line);
    }
    return sessions != NULL;
}

/* Return @secret in groups of four, as it is easily typed, kept. */
static const char *group_letters(const WebContext *context, const char *secret)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; secret[i] != '\0'; i++) {
        g_string_append_printf(out, "%s%c", i > 0 && i % 4 == 0 ? " " : "", secret[i]);
    }
    return web_keep(context, g_string_free(out, false));
}

bool web_send_me(WebContext *context, WebMe *me, GError *refused, GError **error)
{
    bool has_factor = false;
    web_fault_tell(context, refused);
    g_autoptr(OfficeAccount) account =
        office_account_load(context->reader, context->session->account, error);
    g_autoptr(GPtrArray) lines =
        account != NULL ? office_post_roster(context->reader, 0, false, web_today(context), error)
                        : NULL;
    if (lines == NULL || !add_sessions(context, me, error) ||
        !office_factor_is_on(context->reader, account->id, &has_factor, error)) {
        return false;
    }
    me->tokens = web_tokens(context, account->id, error);
    if (me->tokens == NULL) {
        return false;
    }
    me->name = web_keep(context, g_strdup(account->name));
    me->roles = web_account_roles(context, account, lines);
    if (!has_factor) {
        const char *secret = web_typed(context, "secret");
        me->secret =
            *secret != '\0' ? secret : web_keep(context, office_factor_new_secret(source_system()));
        me->address =
            web_keep(context, office_factor_address(context->office, me->name, me->secret));
        me->letters = group_letters(context, me->secret);
        me->qr = web_qr_new(context, me->address);
    }
    GString *out = web_page_begin(context, web_tr(context, N_("My account")));
    template_me_page(out, &context->html, context, me);
    web_page_send(context, out);
    return true;
}

/* Show the page with what was @done, or what is wrong, @refused (takes); both may be NULL. */
static bool send_me(WebContext *context, const char *done, GError *refused, GError **error)
{
    context->done = done;
    return web_send_me(context, web_new(context, WebMe), refused, error);
}

bool web_page_me(WebContext *context, GError **error)
{
    g_autoptr(GError) owed = NULL;
    if (!web_owes_nothing(context, &owed)) {
        context->notice = web_fault(context, owed);
    }
    return send_me(context, NULL, NULL, error);
}

/* End the account's sessions but this one: who holds one of them knew only what opened it before.
 */
static bool end_others(const WebContext *context, GError **error)
{
    const OfficeSession *own = context->session;
    g_autoptr(GPtrArray) sessions = office_session_list(context->office, own->account, error);
    bool is_ok = sessions != NULL;
    for (guint i = 0; is_ok && i < sessions->len; i++) {
        const OfficeSession *session = g_ptr_array_index(sessions, i);
        is_ok = g_str_equal(session->id, own->id) ||
                office_session_end(context->office, own->account, session->id, error);
    }
    return is_ok;
}

/* Set @password, unless it breaks the rule for passwords: that stands by its field. */
static bool set_password(WebContext *context, const char *password, GError **error)
{
    GError *refused = NULL;
    if (office_account_set_password(context->office, context->subject, &context->act,
                                    context->session->account, password, &refused)) {
        return end_others(context, error);
    }
    if (error_is(refused, SHUZHI_ERROR_INVALID)) {
        web_fault_note(context, "password", web_tr(context, N_("New password")), refused);
        return web_fault_none(context, error);
    }
    g_propagate_error(error, refused);
    return false;
}

bool web_page_me_password_post(WebContext *context, GError **error)
{
    static const WebNeed needs[] = {{WEB_OWN_PASSWORD, "own-password", N_("Present password")},
                                    {"password", "password", N_("New password")},
                                    {"again", "again", N_("The new one again")}};
    GError *refused = NULL;
    const char *password = web_typed(context, "password");
    bool is_ok = web_check_form(context, needs, G_N_ELEMENTS(needs), &refused);
    if (*password != '\0' && g_str_equal(password, web_typed(context, WEB_OWN_PASSWORD))) {
        web_fault_note_said(context, "password", web_tr(context, N_("New password")),
                            web_tr(context, N_("the new password is the present one")));
    }
    if (*web_typed(context, "again") != '\0' &&
        !g_str_equal(password, web_typed(context, "again"))) {
        web_fault_note_said(context, "again", web_tr(context, N_("The new one again")),
                            web_tr(context, N_("the two new passwords are not the same")));
    }
    is_ok = is_ok && web_fault_none(context, &refused);
    bool is_done = is_ok && set_password(context, password, &refused);
    return send_me(
        context,
        is_done ? web_tr(context, N_("The password is changed, and other sessions are ended."))
                : NULL,
        refused, error);
}

/* Turn the second factor on, with the code that the app shows. */
static bool set_factor(WebContext *context, GError **error)
{
    GError *refused = NULL;
    if (office_factor_set(context->office, &context->act, context->session->account,
                          web_typed(context, "secret"), web_typed(context, "code"), &refused)) {
        return end_others(context, error);
    }
    if (error_is(refused, SHUZHI_ERROR_INVALID)) {
        web_fault_note(context, "code", web_tr(context, N_("Code")), refused);
        return web_fault_none(context, error);
    }
    g_propagate_error(error, refused);
    return false;
}

bool web_page_me_factor_post(WebContext *context, GError **error)
{
    static const WebNeed needs[] = {{WEB_OWN_PASSWORD, "own-factor", WEB_OWN_PASSWORD_WORDS},
                                    {"code", "code", N_("Code")}};
    GError *refused = NULL;
    bool is_off = *web_typed(context, "off") != '\0';
    bool is_done = false;
    if (web_check_form(context, needs, is_off ? 1 : G_N_ELEMENTS(needs), &refused)) {
        is_done = is_off ? office_factor_remove(context->office, context->subject, &context->act,
                                                context->session->account, &refused)
                         : set_factor(context, &refused);
    }
    const char *done =
        is_off ? web_tr(context, N_("The second factor is off."))
               : web_tr(context, N_("The second factor is on, and other sessions are ended."));
    return send_me(context, is_done ? done : NULL, refused, error);
}

bool web_page_me_session_post(WebContext *context, GError **error)
{
    const char *id = web_typed(context, "session");
    if (!office_session_end(context->office, context->session->account, id, error)) {
        return false;
    }
    if (g_str_equal(id, context->session->id)) {
        web_set_session_cookie(context, NULL);
        http_response_redirect(context->response, "/sign-in");
        return true;
    }
    return send_me(context, web_tr(context, N_("The session is ended.")), NULL, error);
}
