#include "web/account.h"

#include "base/message.h"
#include "base/text.h"
#include "office/factor.h"
#include "office/post.h"
#include "web/again.h"

const char *web_account_roles(const WebContext *context, const OfficeAccount *account,
                              const GPtrArray *lines)
{
    RightsRole role = RIGHTS_STAFF;
    const char *roles = NULL;
    if (account->person == 0) {
        bool is_known =
            account->administrator != NULL && rights_role_find(account->administrator, &role);
        return web_tr(context, is_known ? rights_role_words(role) : N_("the console"));
    }
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        if (line->person != account->person || !rights_role_find(line->role, &role) ||
            role == RIGHTS_STAFF) {
            continue;
        }
        const char *words = web_tr(context, rights_role_words(role));
        const char *one = web_say(context, N_("%s (%s)"), words, line->unit_name);
        roles = roles != NULL ? web_say(context, N_("%s, %s"), roles, one) : one;
    }
    return roles != NULL ? roles : web_tr(context, rights_role_words(RIGHTS_STAFF));
}

/* Count a try for the account @name: a success forgets the failures before it, a failure is logged.
 * Where it cannot be (a full disk), the door stays as it is. */
static void note(const WebContext *context, const char *name, bool has_failed)
{
    const char *address = http_request_client(context->request);
    g_autoptr(GError) unlogged = NULL;
    throttle_note(context->site->throttle, name, address, web_now_us(context), has_failed);
    if (has_failed && !office_session_refuse(context->office, name, address, &unlogged)) {
        g_warning("a failed sign-in is not in the log: %s", unlogged->message);
    }
}

/* Check name and password, and count a failure.  A success is for the caller to count, once all
 * that is asked for was right: a password alone must not give new tries at the second factor. */
static bool check(WebContext *context, const char *name, const char *password, int64_t *ret_account,
                  GError **error)
{
    if (!throttle_may_try(context->site->throttle, name, http_request_client(context->request),
                          web_now_us(context), error)) {
        return false;
    }
    bool is_right = office_account_check(context->office, name, password, ret_account, error);
    if (!is_right && error_is(*error, SHUZHI_ERROR_FORBIDDEN)) {
        note(context, name, true);
    }
    return is_right;
}

bool web_check_door(WebContext *context, const char *name, const char *password, const char *code,
                    int64_t *ret_account, GError **error)
{
    bool has_factor = false;
    int64_t account = 0;
    if (!check(context, name, password, &account, error) ||
        !office_factor_is_on(context->reader, account, &has_factor, error)) {
        return false;
    }
    if (has_factor && !office_factor_use(context->office, account, code, error)) {
        note(context, name, true);
        return false;
    }
    note(context, name, false);
    *ret_account = account;
    return true;
}

/* Check that who is signed in knows its own password, @password. */
static bool check_own(WebContext *context, const char *password, GError **error)
{
    int64_t account = 0;
    g_autoptr(OfficeAccount) own =
        office_account_load(context->reader, context->session->account, error);
    if (own == NULL) {
        return false;
    }
    if (!check(context, own->name, password, &account, error)) {
        if (error_is(*error, SHUZHI_ERROR_FORBIDDEN)) {
            g_clear_error(error);
            error_set(error, SHUZHI_ERROR_FORBIDDEN, "your own password is wrong");
        }
        return false;
    }
    note(context, own->name, false);
    throttle_note_proof(context->site->throttle, context->session->id, web_now_us(context));
    return true;
}

bool web_check_form(WebContext *context, const WebNeed *needs, size_t n_needs, GError **error)
{
    bool is_known = true; /* who asks */
    for (size_t i = 0; i < n_needs; i++) {
        const char *typed = http_request_form(context->request, needs[i].name);
        bool is_own = g_str_equal(needs[i].name, WEB_OWN_PASSWORD);
        const char *words = web_tr(context, needs[i].words);
        GError *refused = NULL;
        if (typed == NULL || text_is_blank(typed)) {
            web_fault_note_empty(context, needs[i].id, words);
            is_known = is_known && !is_own;
        } else if (is_own && !check_own(context, typed, &refused)) {
            if (!web_is_refusal(refused)) {
                g_propagate_error(error, refused);
                return false;
            }
            web_fault_note(context, needs[i].id, words, refused);
            is_known = false;
        }
    }
    if (!is_known) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "your own password is wrong");
        return false;
    }
    return web_fault_none(context, error);
}

bool web_asks_own_password(const WebContext *context)
{
    return !throttle_has_proof(context->site->throttle, context->session->id, web_now_us(context));
}

bool web_check_own_again(WebContext *context, const char *id, const WebNeed *need, GError **error)
{
    WebNeed needs[2];
    size_t n = 0;
    if (need != NULL) {
        needs[n++] = *need;
    }
    if (web_asks_own_password(context)) {
        needs[n++] = (WebNeed){WEB_OWN_PASSWORD, id, WEB_OWN_PASSWORD_WORDS};
    }
    return web_check_form(context, needs, n, error);
}
