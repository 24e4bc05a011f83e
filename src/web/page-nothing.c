#include "web/pages.h"

#include "base/text.h"
#include "ledger/nothing.h"
#include "web/account.h"
#include "web/again.h"
#include "web/api.h"
#include "web/form.h"
#include "web/nothing.h"
#include "web/notice.h"
#include "web/rows.h"

#define ROW "nothing" /* of ids of rows */

/* Return the id of the control for why statement @id is taken back, kept. */
static const char *why_id(const WebContext *context, const char *id)
{
    return web_keep(context, g_strconcat("why-", id, NULL));
}

bool web_nothing_read(const WebContext *context, const SchemaLedger *ledger,
                      const WebNothing **ret_nothing, GError **error)
{
    *ret_nothing = NULL;
    if (!ledger->may_be_none || !rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL)) {
        return true;
    }
    WebNothing *nothing = web_new(context, WebNothing);
    nothing->ledger = ledger->name;
    nothing->may_state = ledger_nothing_may(context->subject, RIGHTS_ENTRY_ADD, ledger, NULL);
    nothing->may_take_back = ledger_nothing_may(context->subject, RIGHTS_ENTRY_DELETE, NULL, NULL);
    nothing->statements = web_array(context);
    g_autoptr(GPtrArray) list = ledger_nothing_list(context->reader, ledger, error);
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const LedgerNothing *given = g_ptr_array_index(list, i);
        WebStatement *shown = web_new(context, WebStatement);
        shown->id = web_number(context, given->id);
        shown->why_id = why_id(context, shown->id);
        shown->period = web_keep(context, period_to_words(&given->period, context->html.language));
        shown->by = web_actor(context, web_copy(context, given->owner));
        shown->day = web_day(context, given->added_us);
        g_ptr_array_add(nothing->statements, shown);
    }
    if (list != NULL && (nothing->statements->len > 0 || nothing->may_state)) {
        *ret_nothing = nothing;
    }
    return list != NULL;
}

/* Read the period that is typed; what is wrong with it stands by it. */
static bool read_period(WebContext *context, Period *ret_period, GError **error)
{
    static const WebNeed needs[] = {{"period", "period", N_("Period")}};
    GError *fault = NULL;
    if (!web_check_form(context, needs, G_N_ELEMENTS(needs), error)) {
        return false;
    }
    if (!period_parse(web_typed(context, "period"), ret_period, &fault)) {
        web_fault_note(context, "period", web_tr(context, N_("Period")), fault);
    }
    return web_fault_none(context, error);
}

/* State that in a time there was nothing to record. */
bool web_page_nothing_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    GError *refused = NULL;
    Period period;
    if (ledger == NULL) {
        return false;
    }
    if (!read_period(context, &period, &refused) ||
        !ledger_nothing_add(context->office, context->subject, &context->act, ledger, &period, NULL,
                            &refused)) {
        return web_page_again(context, refused, error);
    }
    g_autofree char *address = g_strconcat("/ledger/", ledger->name, NULL);
    web_redirect_told(context, address,
                      web_tr(context, N_("It is stated that there was nothing to record.")));
    return true;
}

/* Take such a statement back. */
bool web_page_nothing_remove_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    GError *refused = NULL;
    int64_t id = 0;
    if (ledger == NULL || !text_parse_int(context->parts[1], &id)) {
        error_set(ledger != NULL ? error : NULL, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    const WebNeed needs[] = {{"why", why_id(context, context->parts[1]), N_("Why")}};
    context->act.why = web_typed(context, "why");
    if (!web_check_form(context, needs, G_N_ELEMENTS(needs), &refused) ||
        !ledger_nothing_remove(context->office, context->subject, &context->act, id, &refused)) {
        return web_page_again(context, refused, error);
    }
    g_autofree char *address = g_strconcat("/ledger/", ledger->name, NULL);
    web_redirect_told(context, address, web_tr(context, N_("The statement is taken back.")));
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static const WebRowsColumn columns[] = {
    {"id", N_("id")}, {"period", N_("Period")}, {"by", N_("Who")}, {"at", N_("When")}};

/* The statements on the ledger @data. */
static bool read_statements(const WebContext *context, const void *data, WebSink *sink,
                            GError **error)
{
    g_autoptr(GPtrArray) list = ledger_nothing_list(context->reader, data, error);
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const LedgerNothing *given = g_ptr_array_index(list, i);
        g_autofree char *period = period_to_text(&given->period);
        const TableCell cells[G_N_ELEMENTS(columns)] = {
            web_cell_number(context, given->id),
            web_cell_text(period),
            web_cell_text(web_actor(context, web_copy(context, given->owner))),
            web_cell_time(context, given->added_us),
        };
        const WebLine line = {.cells = cells, .id = web_row_id(context, ROW, given->id)};
        if (!web_sink_take(context, sink, &line, error)) {
            return false;
        }
    }
    return list != NULL;
}

static WebRows statement_rows(const SchemaLedger *ledger)
{
    return (WebRows){.name = "statements",
                     .query = "",
                     .columns = columns,
                     .n_columns = G_N_ELEMENTS(columns),
                     .read = read_statements,
                     .data = ledger};
}

bool web_api_nothing(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const WebRows rows = statement_rows(ledger);
    return ledger != NULL && web_rows_send(context, &rows, error);
}

static bool send_statement(WebContext *context, int64_t id, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const WebRows rows = statement_rows(ledger);
    return ledger != NULL && web_rows_send_one(context, &rows, web_row_id(context, ROW, id), error);
}

static bool api_add(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const char *text = NULL;
    Period period;
    if (ledger == NULL || !web_api_text(context, body, "period", &text, error)) {
        return false;
    }
    if (!period_parse(text != NULL ? text : "", &period, error)) {
        web_api_point(context, g_strdup("/period"));
        return false;
    }
    return ledger_nothing_add(context->office, context->subject, &context->act, ledger, &period,
                              ret_id, error);
}

bool web_api_nothing_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"period", NULL};
    static const WebApiAct act = {known, api_add, send_statement};
    return web_api_do(context, &act, error);
}

static bool api_remove(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    return web_find_ledger(context, context->parts[0], error) != NULL &&
           web_api_part(context, 1, &id, error) &&
           web_api_text(context, body, "why", &context->act.why, error) &&
           ledger_nothing_remove(context->office, context->subject, &context->act, id, error);
}

bool web_api_nothing_remove_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"why", NULL};
    static const WebApiAct act = {known, api_remove, web_api_send_done};
    return web_api_do(context, &act, error);
}
