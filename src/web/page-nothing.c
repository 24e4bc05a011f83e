#include "web/pages.h"

#include "base/text.h"
#include "ledger/nothing.h"
#include "web/account.h"
#include "web/again.h"
#include "web/form.h"
#include "web/nothing.h"
#include "web/notice.h"

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
