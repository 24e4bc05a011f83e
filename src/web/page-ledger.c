#include "web/pages.h"

#include "web/list.h"
#include "web/templates.h"

bool web_page_ledger(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    WebList *list = ledger != NULL ? web_list_new(context, ledger, error) : NULL;
    if (list == NULL) {
        return false;
    }
    if (list->fault != NULL) {
        http_response_set_status(context->response, 400);
    }
    GString *out = web_page_begin(context, list->words);
    template_list_page(out, context->language, context, list);
    web_page_send(context, out);
    return true;
}
