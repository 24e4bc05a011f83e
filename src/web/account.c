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

/* Log that a try at the account @name failed.  Where it cannot be (a full disk), the door stays as
 * it is. */
static void note_failure(const WebContext *context, const char *name)
{
    g_autoptr(GError) unlogged = NULL;
    if (!office_session_refuse(context->office, name, http_request_client(context->request),
                               &unlogged)) {
        g_warning("a failed sign-in is not in the log: %s", unlogged->message);
    }
}

/* End a try at the account @name: @failed is what came of it. */
static void end_try(const WebContext *context, const char *name, const GError *failed)
{
    const char *address = http_request_client(context->request);
    if (failed == NULL) {
        throttle_succeed(context->site->throttle, name, address);
    } else if (error_is(failed, SHUZHI_ERROR_FORBIDDEN)) {
        throttle_fail(context->site->throttle, name, address, web_now_us(context));
        note_failure(context, name);
    } else {
        throttle_take_back(context->site->throttle, name, address);
    }
}

static bool begin_try(const WebContext *context, const char *name, GError **error)
{
    int wait_seconds = 0;
    bool may_try =
        throttle_try(context->site->throttle, name, http_request_client(context->request),
                     web_now_us(context), &wait_seconds, error);
    if (!may_try) {
        http_response_set_header(context->response, "Retry-After",
                                 web_number(context, wait_seconds));
    }
    return may_try;
}

/* Check that a code was typed: who left the field empty has none wrong. */
static bool has_code(const char *code, GError **error)
{
    if (!text_is_blank(code)) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              "this account signs in with a code as well: type the one that the app shows");
    error_about(error, "code");
    return false;
}

/* Check name, password and, where the account has one, the second factor: a password alone must not
 * give new tries at the code. */
static bool check(WebContext *context, const char *name, const char *password, const char *code,
                  int64_t *ret_account, GError **error)
{
    bool has_factor = false;
    return office_account_check(context->office, name, password, ret_account, error) &&
           office_factor_is_on(context->reader, *ret_account, &has_factor, error) &&
           (!has_factor || has_code(code, error)) &&
           (!has_factor || office_factor_use(context->office, *ret_account, code, error));
}

bool web_check_door(WebContext *context, const char *name, const char *password, const char *code,
                    int64_t *ret_account, GError **error)
{
    GError *failed = NULL;
    int64_t account = 0;
    if (!begin_try(context, name, error)) {
        return false;
    }
    if (check(context, name, password, code, &account, &failed)) {
        *ret_account = account;
    }
    end_try(context, name, failed);
    if (failed != NULL) {
        g_propagate_error(error, failed);
    }
    return failed == NULL;
}

/* Check that who is signed in knows its own password, @password. */
static bool check_own(WebContext *context, const char *password, GError **error)
{
    GError *failed = NULL;
    int64_t account = 0;
    g_autoptr(OfficeAccount) own =
        office_account_load(context->reader, context->session->account, error);
    if (own == NULL || !begin_try(context, own->name, error)) {
        return false;
    }
    office_account_check(context->office, own->name, password, &account, &failed);
    end_try(context, own->name, failed);
    if (failed == NULL) {
        throttle_note_proof(context->site->throttle, context->session->id, web_now_us(context));
        return true;
    }
    if (error_is(failed, SHUZHI_ERROR_FORBIDDEN)) {
        g_clear_error(&failed);
        error_set(&failed, SHUZHI_ERROR_FORBIDDEN, "your own password is wrong");
    }
    g_propagate_error(error, failed);
    return false;
}

bool web_check_own(WebContext *context, const char *own, const char *code, GError **error)
{
    int64_t account = 0;
    if (context->session != NULL) {
        return check_own(context, own, error);
    }
    g_autoptr(OfficeAccount) holder =
        office_account_load(context->reader, context->subject->account, error);
    return holder != NULL &&
           web_check_door(context, holder->name, own, code != NULL ? code : "", &account, error);
}

bool web_check_form(WebContext *context, const WebNeed *needs, size_t n_needs, GError **error)
{
    g_autoptr(GError) unknown = NULL; /* why it is not known who asks */
    for (size_t i = 0; i < n_needs; i++) {
        const char *typed = http_request_form(context->request, needs[i].name);
        bool is_own = g_str_equal(needs[i].name, WEB_OWN_PASSWORD);
        const char *words = web_tr(context, needs[i].words);
        GError *refused = NULL;
        if (typed == NULL || text_is_blank(typed)) {
            web_fault_note_empty(context, needs[i].id, words);
            if (is_own) {
                error_set(&unknown, SHUZHI_ERROR_FORBIDDEN, "your own password is wrong");
            }
        } else if (is_own && !check_own(context, typed, &refused)) {
            if (!web_is_refusal(refused)) {
                g_propagate_error(error, refused);
                return false;
            }
            unknown = g_error_copy(refused);
            web_fault_note(context, needs[i].id, words, refused);
        }
    }
    if (unknown != NULL) {
        g_propagate_error(error, g_steal_pointer(&unknown));
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
