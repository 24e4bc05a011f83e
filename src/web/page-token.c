#include "web/pages.h"

#include "base/text.h"
#include "web/api.h"
#include "web/notice.h"
#include "web/rows.h"
#include "web/templates.h"
#include "web/token.h"

GPtrArray *web_tokens(const WebContext *context, int64_t account, GError **error)
{
    g_autoptr(GPtrArray) tokens = office_token_list(context->reader, account, error);
    GPtrArray *shown = web_array(context);
    for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
        const OfficeToken *token = g_ptr_array_index(tokens, i);
        WebToken *line = web_new(context, WebToken);
        g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, token->account);
        line->id = web_number(context, token->id);
        line->name = web_keep(context, g_strdup(token->name));
        line->holder = web_actor(context, web_keep(context, g_steal_pointer(&actor)));
        line->may = token->may_write ? web_tr(context, N_("read and write"))
                                     : web_tr(context, N_("read only"));
        line->begun = web_day(context, token->begun_us);
        line->until = web_day(context, token->until_us);
        line->used = web_time(context, token->used_us);
        line->is_over = token->until_us <= web_now_us(context);
        g_ptr_array_add(shown, line);
    }
    return tokens != NULL ? shown : NULL;
}

/* Read the id typed into the form, or in the address; 0 for what is none. */
static int64_t read_id(const char *text)
{
    int64_t id = 0;
    return text != NULL && text_parse_int(text, &id) ? id : 0;
}

/* ---- of who is signed in --------------------------------------------------------------------- */

/* Read the days that a token is good for, noting what is wrong. */
static int read_days(const WebContext *context)
{
    const char *text = http_request_form(context->request, "days");
    int64_t n_days = OFFICE_TOKEN_DAYS;
    bool is_typed = text != NULL && *text != '\0';
    if (is_typed &&
        (!text_parse_int(text, &n_days) || n_days < 1 || n_days > OFFICE_TOKEN_MAX_DAYS)) {
        GError *fault = NULL;
        error_set(&fault, SHUZHI_ERROR_INVALID, "a whole number from %lld to %lld goes here", 1LL,
                  (long long)OFFICE_TOKEN_MAX_DAYS);
        web_fault_note(context, "token-days",
                       web_tr(context, N_("Days it is good for, at most 366")), fault);
    }
    return (int)n_days;
}

static bool make(WebContext *context, char **ret_token, GError **error)
{
    static const WebNeed needs[] = {{"name", "token-name", N_("What it is for")},
                                    {WEB_OWN_PASSWORD, "own-token", WEB_OWN_PASSWORD_WORDS}};
    const char *name = http_request_form(context->request, "name");
    bool may_write = http_request_form(context->request, "write") != NULL;
    int n_days = read_days(context);
    return web_check_form(context, needs, G_N_ELEMENTS(needs), error) &&
           office_token_add(context->office, context->subject, &context->act, name, may_write,
                            n_days, ret_token, error);
}

bool web_page_token_post(WebContext *context, GError **error)
{
    WebMe *me = web_new(context, WebMe);
    GError *refused = NULL;
    char *token = NULL;
    if (make(context, &token, &refused)) {
        me->token = web_keep(context, token);
    }
    return web_send_me(context, me, refused, error);
}

bool web_page_token_end_post(WebContext *context, GError **error)
{
    GError *refused = NULL;
    int64_t id = read_id(http_request_form(context->request, "token"));
    if (office_token_end(context->office, context->subject, &context->act, id, &refused)) {
        context->done = web_tr(context, N_("The token is ended."));
    }
    return web_send_me(context, web_new(context, WebMe), refused, error);
}

/* ---- of all, for the system administrator ---------------------------------------------------- */

static const WebRowsColumn columns[] = {
    {"id", N_("id")},         {"who", N_("Who")},
    {"name", N_("Name")},     {"write", N_("It may write too, not only read")},
    {"since", N_("Made")},    {"until", N_("Until")},
    {"used", N_("Last used")}};

static bool tell_token(const WebContext *context, WebSink *sink, const OfficeToken *token,
                       GError **error)
{
    g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, token->account);
    const char *who = web_actor(context, web_copy(context, actor));
    g_autofree char *title = g_strconcat(who, " ", token->name, NULL);
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_number(context, token->id),
        web_cell_text(who),
        web_cell_text(token->name),
        web_cell_bool(token->may_write),
        web_cell_time(context, token->begun_us),
        web_cell_time(context, token->until_us),
        web_cell_time(context, token->used_us),
    };
    const WebLine line = {.cells = cells,
                          .id = web_row_id(context, "token", token->id),
                          .title = title,
                          .address = "/tokens",
                          .said = web_day(context, token->until_us),
                          .changed_us = token->begun_us};
    return web_sink_take(context, sink, &line, error);
}

/* All tokens, for who may see them; else one's own. */
static bool read_tokens(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    bool is_all = rights_may(context->subject, RIGHTS_ACCOUNT_READ, NULL, NULL);
    g_autoptr(GPtrArray) tokens =
        office_token_list(context->reader, is_all ? 0 : context->subject->account, error);
    for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
        if (!tell_token(context, sink, g_ptr_array_index(tokens, i), error)) {
            return false;
        }
    }
    return tokens != NULL;
}

bool web_page_tokens(WebContext *context, GError **error)
{
    const WebRows rows = {.name = "tokens",
                          .words = web_tr(context, N_("Tokens for programs")),
                          .query = "",
                          .columns = columns,
                          .n_columns = G_N_ELEMENTS(columns),
                          .read = read_tokens};
    if (*context->ending != '\0') {
        return web_rows_send(context, &rows, error);
    }
    GPtrArray *tokens = web_tokens(context, 0, error);
    if (tokens == NULL) {
        return false;
    }
    bool may_end = rights_may(context->subject, RIGHTS_ACCOUNT_CHANGE, NULL, NULL);
    GString *out = web_page_begin(context, rows.words);
    template_tokens_page(out, &context->html, context, tokens, may_end,
                         web_rows_endings(context, &rows));
    web_page_send(context, out);
    return true;
}

bool web_page_tokens_end_post(WebContext *context, GError **error)
{
    if (!office_token_end(context->office, context->subject, &context->act,
                          read_id(context->parts[0]), error)) {
        return false;
    }
    web_redirect_told(context, "/tokens", web_tr(context, N_("The token is ended.")));
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static bool api_end(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    return web_api_part(context, 0, &id, error) &&
           office_token_end(context->office, context->subject, &context->act, id, error);
}

bool web_api_token_end_post(WebContext *context, GError **error)
{
    static const char *const none[] = {NULL};
    static const WebApiAct act = {none, api_end, web_api_send_done};
    return web_api_do(context, &act, error);
}
