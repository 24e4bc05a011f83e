#include "web/pages.h"

#include "base/text.h"
#include "language/collate.h"
#include "log/history.h"
#include "office/account.h"
#include "office/factor.h"
#include "office/post.h"
#include "web/account.h"
#include "web/api.h"
#include "web/notice.h"
#include "web/roster.h"
#include "web/rows.h"
#include "web/templates.h"

#define ROW "account" /* of ids of rows */

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
            shown->state_name = rows[i].state;
            shown->state = web_tr(context, rows[i].words);
            shown->tag = rows[i].tag;
        }
    }
}

/* Return the id of a control of account @id, kept: what begins with @prefix. */
static const char *control_id(const WebContext *context, const char *prefix, int64_t id)
{
    return web_keep(context, g_strdup_printf("%s-%" G_GINT64_FORMAT, prefix, id));
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
    shown->number = account->id;
    shown->id = web_number(context, account->id);
    shown->name = web_keep(context, g_strdup(account->name));
    shown->until = web_keep(context, g_strdup(until));
    shown->who = account->person != 0
                     ? ledger_names_get(context->names, SCHEMA_FIELD_PERSON, account->person)
                     : "";
    shown->address = account->person != 0
                         ? web_roster_address(context, "person", account->person, DATE_NONE)
                         : NULL;
    shown->roles = web_account_roles(context, account, lines);
    shown->own = control_id(context, "own", account->id);
    shown->fresh = control_id(context, "new", account->id);
    shown->is_open = g_strcmp0(context->parts[0], shown->id) == 0;
    show_state(context, account->state, shown);
    shown->may_activate = may_open && !is_active;
    shown->may_lock = (may_change || may_open) && !g_str_equal(account->state, "locked") &&
                      account->id != context->subject->account;
    shown->may_reset = may_change;
    return shown;
}

/* By whose they are; those of nobody, administrators', last. */
static int compare_accounts(gconstpointer a, gconstpointer b)
{
    const WebAccount *left = *(WebAccount *const *)a;
    const WebAccount *right = *(WebAccount *const *)b;
    bool is_of_nobody = *left->who == '\0';
    if (is_of_nobody != (*right->who == '\0')) {
        return is_of_nobody ? 1 : -1;
    }
    return is_of_nobody ? collate_compare(left->name, right->name)
                        : collate_compare_people(left->who, right->who);
}

/* Return all accounts (of WebAccount), by whose they are, kept; NULL on error. */
static GPtrArray *find_accounts(const WebContext *context, GError **error)
{
    g_autoptr(GPtrArray) accounts = office_account_list(context->reader, error);
    g_autoptr(GPtrArray) lines =
        accounts != NULL ? office_post_roster(context->reader, 0, false, web_today(context), error)
                         : NULL;
    GPtrArray *shown = web_array(context);
    for (guint i = 0; lines != NULL && i < accounts->len; i++) {
        g_ptr_array_add(shown, make_account(context, g_ptr_array_index(accounts, i), lines));
    }
    g_ptr_array_sort(shown, compare_accounts);
    return lines != NULL ? shown : NULL;
}

/* ---- as a file ------------------------------------------------------------------------------- */

static const WebRowsColumn columns[] = {{"id", N_("id")},       {"name", N_("Account")},
                                        {"who", N_("Who")},     {"roles", N_("Role")},
                                        {"state", N_("State")}, {"until", N_("Until")}};

static bool tell_account(const WebContext *context, WebSink *sink, const WebAccount *account,
                         GError **error)
{
    int64_t changed_us = 0;
    if (sink->feed != NULL && !web_changed_last(context, account->number, &changed_us, error)) {
        return false;
    }
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_number(context, account->number),
        web_cell_text(account->name),
        web_cell_text(*account->who != '\0' ? account->who : NULL),
        web_cell_text(account->roles),
        web_cell_text(sink->has_names ? account->state_name : account->state),
        table_cell_make(*account->until != '\0' ? TABLE_CELL_DATE : TABLE_CELL_EMPTY,
                        account->until),
    };
    const WebLine line = {.cells = cells,
                          .id = web_row_id(context, ROW, account->number),
                          .title = account->name,
                          .address = "/accounts",
                          .said = account->state,
                          .changed_us = changed_us};
    return web_sink_take(context, sink, &line, error);
}

static bool read_accounts(const WebContext *context, const void *data, WebSink *sink,
                          GError **error)
{
    const GPtrArray *accounts = find_accounts(context, error);
    for (guint i = 0; accounts != NULL && i < accounts->len; i++) {
        if (!tell_account(context, sink, g_ptr_array_index(accounts, i), error)) {
            return false;
        }
    }
    return accounts != NULL;
}

static WebRows account_rows(const WebContext *context)
{
    return (WebRows){.name = "accounts",
                     .words = web_tr(context, N_("Accounts")),
                     .query = "",
                     .columns = columns,
                     .n_columns = G_N_ELEMENTS(columns),
                     .read = read_accounts};
}

/* ---- as a page ------------------------------------------------------------------------------- */

static bool send_accounts(WebContext *context, GError *refused, GError **error)
{
    const WebRows rows = account_rows(context);
    GPtrArray *shown = find_accounts(context, error);
    GPtrArray *people = shown != NULL ? web_known_names(context, SCHEMA_FIELD_PERSON, error) : NULL;
    if (people == NULL) {
        g_clear_error(&refused);
        return false;
    }
    web_fault_tell(context, refused);
    bool may_add = rights_may(context->subject, RIGHTS_ACCOUNT_CHANGE, NULL, NULL);
    GString *out = web_page_begin(context, web_tr(context, N_("Accounts")));
    template_accounts_page(out, &context->html, context, shown, may_add, people,
                           web_rows_endings(context, &rows));
    web_page_send(context, out);
    return true;
}

bool web_page_accounts(WebContext *context, GError **error)
{
    const WebRows rows = account_rows(context);
    return *context->ending == '\0' ? send_accounts(context, NULL, error)
                                    : web_rows_send(context, &rows, error);
}

/* What is done once the form is filled in; @id: of the account, 0 for a new one.  *@ret_told is
 * what the page then says of it. */
typedef bool (*AccountAct)(WebContext *context, int64_t id, const char **ret_told, GError **error);

static bool run_act(WebContext *context, AccountAct act, int64_t id, const WebNeed *needs,
                    size_t n_needs, GError **error)
{
    GError *refused = NULL;
    const char *told = NULL;
    if (web_check_form(context, needs, n_needs, &refused) && act(context, id, &told, &refused)) {
        web_redirect_told(context, "/accounts", told);
        return true;
    }
    return send_accounts(context, refused, error);
}

/* ---- a new one ------------------------------------------------------------------------------- */

/* Return the person that was typed, 0 for nobody; noting what is wrong. */
static int64_t read_person(const WebContext *context)
{
    const SchemaField anybody = {.name = "person", .kind = SCHEMA_FIELD_PERSON};
    const char *typed = web_typed(context, "person");
    int64_t id = 0;
    GError *fault = NULL;
    bool is_administrators = *web_typed(context, "administrator") != '\0';
    if (is_administrators == (*typed != '\0')) {
        web_fault_note_said(
            context, "person", web_tr(context, N_("Person")),
            web_tr(context, N_("give either a person or an administrator, not both")));
    } else if (*typed != '\0' && !ledger_names_find(context->names, &anybody, typed, &id, &fault)) {
        web_fault_note(context, "person", web_tr(context, N_("Person")), fault);
    }
    return id;
}

static bool add(WebContext *context, int64_t person, const char **ret_told, GError **error)
{
    const char *administrator = web_typed(context, "administrator");
    int64_t id = 0;
    OfficeAccount account = {
        .name = (char *)web_typed(context, "name"), .person = person, .until = DATE_NONE};
    account.administrator = *administrator != '\0' ? (char *)administrator : NULL;
    *ret_told = web_say(context,
                        N_("%s is made. It opens nothing until the security administrator "
                           "has activated it."),
                        account.name);
    return office_account_add(context->office, context->subject, &context->act, &account,
                              web_typed(context, "password"), &id, error);
}

bool web_page_accounts_add_post(WebContext *context, GError **error)
{
    static const WebNeed needs[] = {{"name", "name", N_("Name")},
                                    {"password", "password", N_("First password")},
                                    {WEB_OWN_PASSWORD, "own", WEB_OWN_PASSWORD_WORDS}};
    int64_t person = read_person(context);
    return run_act(context, add, person, needs, G_N_ELEMENTS(needs), error);
}

/* ---- one that there is ----------------------------------------------------------------------- */

/* Read which account the address names. */
static bool account_at(const WebContext *context, int64_t *ret_id, GError **error)
{
    return web_api_part(context, 0, ret_id, error);
}

/* Do @act to the account of the address, with a new password where it @needs_password. */
static bool run_act_on(WebContext *context, AccountAct act, bool needs_password, GError **error)
{
    int64_t id = 0;
    if (!account_at(context, &id, error)) {
        return false;
    }
    const WebNeed needs[] = {
        {WEB_OWN_PASSWORD, control_id(context, "own", id), WEB_OWN_PASSWORD_WORDS},
        {"password", control_id(context, "new", id), N_("New password")}};
    return run_act(context, act, id, needs, needs_password ? 2 : 1, error);
}

/* Return what account @id is called, kept; "" for none. */
static const char *name_of(const WebContext *context, int64_t id)
{
    g_autoptr(OfficeAccount) account = office_account_load(context->reader, id, NULL);
    return account != NULL ? web_copy(context, account->name) : "";
}

static bool activate(WebContext *context, int64_t id, const char **ret_told, GError **error)
{
    *ret_told = web_say(context, N_("%s is active: it can sign in now."), name_of(context, id));
    return office_account_activate(context->office, context->subject, &context->act, id, error);
}

static bool lock(WebContext *context, int64_t id, const char **ret_told, GError **error)
{
    *ret_told = web_say(context, N_("%s is locked: it cannot sign in."), name_of(context, id));
    return office_account_lock(context->office, context->subject, &context->act, id, error);
}

/* Give account @id the password @password, and no second factor: for who lost both. */
static bool set_password(WebContext *context, int64_t id, const char *password, GError **error)
{
    return office_account_set_password(context->office, context->subject, &context->act, id,
                                       password, error) &&
           office_factor_remove(context->office, context->subject, &context->act, id, error);
}

static bool reset(WebContext *context, int64_t id, const char **ret_told, GError **error)
{
    *ret_told = web_say(context,
                        N_("%s has a new password and no second factor. It opens nothing "
                           "until the security administrator has activated it again."),
                        name_of(context, id));
    return set_password(context, id, web_typed(context, "password"), error);
}

bool web_page_account_activate_post(WebContext *context, GError **error)
{
    return run_act_on(context, activate, false, error);
}

bool web_page_account_lock_post(WebContext *context, GError **error)
{
    return run_act_on(context, lock, false, error);
}

bool web_page_account_reset_post(WebContext *context, GError **error)
{
    return run_act_on(context, reset, true, error);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static bool send_account(WebContext *context, int64_t id, GError **error)
{
    const WebRows rows = account_rows(context);
    return web_rows_send_one(context, &rows, web_row_id(context, ROW, id), error);
}

static bool send_this_account(WebContext *context, int64_t seq, GError **error)
{
    return account_at(context, &seq, error) && send_account(context, seq, error);
}

static bool api_add(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    OfficeAccount account = {.until = DATE_NONE};
    const char *password = NULL;
    if (!web_api_own(context, body, error) ||
        !web_api_take_text(context, body, "name", &account.name, error) ||
        !web_api_take_ref(context, body, "person", SCHEMA_FIELD_PERSON, &account.person, error) ||
        !web_api_take_text(context, body, "administrator", &account.administrator, error) ||
        !web_api_take_day(context, body, "until", &account.until, error) ||
        !web_api_text(context, body, "password", &password, error)) {
        return false;
    }
    account.name = account.name != NULL ? account.name : "";
    return office_account_add(context->office, context->subject, &context->act, &account, password,
                              ret_id, error);
}

bool web_api_account_add_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"name",     "person", "administrator", "until",
                                        "password", "own",    "code",          NULL};
    static const WebApiAct act = {known, api_add, send_account};
    return web_api_do(context, &act, error);
}

static const char *const own_members[] = {"own", "code", NULL};

static bool api_activate(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    return account_at(context, &id, error) && web_api_own(context, body, error) &&
           office_account_activate(context->office, context->subject, &context->act, id, error);
}

bool web_api_account_activate_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {own_members, api_activate, send_this_account};
    return web_api_do(context, &act, error);
}

static bool api_lock(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    return account_at(context, &id, error) && web_api_own(context, body, error) &&
           office_account_lock(context->office, context->subject, &context->act, id, error);
}

bool web_api_account_lock_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {own_members, api_lock, send_this_account};
    return web_api_do(context, &act, error);
}

static bool api_reset(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    const char *password = NULL;
    return account_at(context, &id, error) && web_api_own(context, body, error) &&
           web_api_text(context, body, "password", &password, error) &&
           set_password(context, id, password != NULL ? password : "", error);
}

bool web_api_account_reset_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"password", "own", "code", NULL};
    static const WebApiAct act = {known, api_reset, send_this_account};
    return web_api_do(context, &act, error);
}
