#include "web/pages.h"

#include "base/text.h"
#include "office/account.h"
#include "office/factor.h"
#include "office/post.h"
#include "web/account.h"
#include "web/templates.h"

static const char *form(const WebContext *context, const char *name)
{
    const char *text = http_request_form(context->request, name);
    return text != NULL ? text : "";
}

/* What an account's state is called, and its colour. */
static void show_state(const WebContext *context, const char *state, WebAccount *shown)
{
    static const struct {
        const char *state;
        const char *words;
        const char *tag;
    } rows[] = {{"pending", N_("waits to be activated"), "soon"},
                {"active", N_("open"), "ok"},
                {"locked", N_("locked"), "late"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_str_equal(rows[i].state, state)) {
            shown->state = web_tr(context, rows[i].words);
            shown->tag = rows[i].tag;
        }
    }
}

static WebAccount *make_account(const WebContext *context, const OfficeAccount *account,
                                const GPtrArray *lines)
{
    bool may_change = rights_may(context->subject, RIGHTS_ACCOUNT_CHANGE, NULL, NULL);
    bool may_open = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    bool is_active = g_str_equal(account->state, "active");
    char until[DATE_TEXT_SIZE] = "";
    WebAccount *shown = web_new(context, WebAccount);
    if (account->until != DATE_NONE) {
        date_format(account->until, until);
    }
    shown->id = web_number(context, account->id);
    shown->name = web_keep(context, g_strdup(account->name));
    shown->until = web_keep(context, g_strdup(until));
    shown->who = account->person != 0
                     ? ledger_names_get(context->names, SCHEMA_FIELD_PERSON, account->person)
                     : "";
    shown->roles = web_account_roles(context, account, lines);
    show_state(context, account->state, shown);
    shown->may_activate = may_open && !is_active;
    shown->may_lock = (may_change || may_open) && !g_str_equal(account->state, "locked");
    shown->may_reset = may_change;
    return shown;
}

static bool send_accounts(WebContext *context, GError *refused, GError **error)
{
    g_autoptr(GPtrArray) accounts = office_account_list(context->reader, error);
    g_autoptr(GPtrArray) lines =
        accounts != NULL ? office_post_roster(context->reader, 0, false, web_today(context), error)
                         : NULL;
    GPtrArray *people = lines != NULL ? web_known_names(context, SCHEMA_FIELD_PERSON, error) : NULL;
    if (people == NULL) {
        g_clear_error(&refused);
        return false;
    }
    const char *fault = NULL;
    if (refused != NULL) {
        http_response_set_status(context->response, web_error_status(refused));
        fault = web_fault(context, refused);
        g_error_free(refused);
    }
    GPtrArray *shown = web_array(context);
    for (guint i = 0; i < accounts->len; i++) {
        g_ptr_array_add(shown, make_account(context, g_ptr_array_index(accounts, i), lines));
    }
    bool may_add = rights_may(context->subject, RIGHTS_ACCOUNT_CHANGE, NULL, NULL);
    GString *out = web_page_begin(context, web_tr(context, N_("Accounts")));
    template_accounts_page(out, &context->html, context, shown, fault, may_add, people);
    web_page_send(context, out);
    return true;
}

bool web_page_accounts(WebContext *context, GError **error)
{
    return send_accounts(context, NULL, error);
}

/* Do @act to the account of the address once the own password was typed. */
typedef bool (*AccountAct)(WebContext *context, int64_t id, GError **error);

static bool run_act(WebContext *context, AccountAct act, GError **error)
{
    int64_t id = 0;
    GError *refused = NULL;
    if (context->parts[0] != NULL && !text_parse_int(context->parts[0], &id)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    if (web_check_own_password(context, &refused) && act(context, id, &refused)) {
        http_response_redirect(context->response, "/accounts");
        return true;
    }
    return send_accounts(context, refused, error);
}

static bool add(WebContext *context, int64_t id, GError **error)
{
    const char *person = form(context, "person");
    const char *administrator = form(context, "administrator");
    OfficeAccount account = {.name = (char *)form(context, "name"), .until = DATE_NONE};
    if (*person != '\0') {
        const SchemaField anybody = {.name = "person", .kind = SCHEMA_FIELD_PERSON};
        if (!ledger_names_find(context->names, &anybody, person, &account.person, error)) {
            return false;
        }
    }
    account.administrator = *administrator != '\0' ? (char *)administrator : NULL;
    return office_account_add(context->office, context->subject, &context->act, &account,
                              form(context, "password"), &id, error);
}

static bool activate(WebContext *context, int64_t id, GError **error)
{
    return office_account_activate(context->office, context->subject, &context->act, id, error);
}

static bool lock(WebContext *context, int64_t id, GError **error)
{
    return office_account_lock(context->office, context->subject, &context->act, id, error);
}

/* A new password, and no second factor: for who lost both. */
static bool reset(WebContext *context, int64_t id, GError **error)
{
    return office_account_set_password(context->office, context->subject, &context->act, id,
                                       form(context, "password"), error) &&
           office_factor_remove(context->office, context->subject, &context->act, id, error);
}

bool web_page_accounts_add_post(WebContext *context, GError **error)
{
    return run_act(context, add, error);
}

bool web_page_account_activate_post(WebContext *context, GError **error)
{
    return run_act(context, activate, error);
}

bool web_page_account_lock_post(WebContext *context, GError **error)
{
    return run_act(context, lock, error);
}

bool web_page_account_reset_post(WebContext *context, GError **error)
{
    return run_act(context, reset, error);
}
