#include "web/pages.h"

#include "base/message.h"
#include "web/search.h"
#include "web/templates.h"

/* Return the address of the entry numbered @text, kept; NULL where the reader sees none. */
static const char *find_number(const WebContext *context, const char *text)
{
    g_autoptr(LedgerEntry) entry = ledger_entry_find(context->office, context->reader, text, NULL);
    if (entry == NULL || entry->gone != NULL) {
        return NULL;
    }
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    return rights_may(context->subject, RIGHTS_ENTRY_READ, &object, NULL)
               ? web_entry_address(context, entry->number)
               : NULL;
}

/* Add what @ledger has to @groups. */
static bool search_ledger(const WebContext *context, const SchemaLedger *ledger, GPtrArray *groups,
                          GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    g_autoptr(LedgerPage) page = web_list_load(context, list, WEB_SEARCH_SHOWN + 1, error);
    if (page == NULL || page->entries->len == 0) {
        return page != NULL;
    }
    WebFoundGroup *group = web_new(context, WebFoundGroup);
    group->words = list->words;
    group->address = web_list_address(context, list, "", NULL);
    group->found = web_array(context);
    group->has_more = page->entries->len > WEB_SEARCH_SHOWN;
    for (guint i = 0; i < MIN(page->entries->len, WEB_SEARCH_SHOWN); i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        WebFound *found = web_new(context, WebFound);
        found->number = web_keep(context, g_strdup(entry->number));
        found->title = web_keep(context, g_strdup(entry->title));
        found->state = web_state_words(context, ledger, entry->state);
        found->opened = web_day(context, entry->opened_us);
        found->address = web_entry_address(context, entry->number);
        g_ptr_array_add(group->found, found);
    }
    g_ptr_array_add(groups, group);
    return true;
}

bool web_page_search(WebContext *context, GError **error)
{
    const Schema *schema = office_schema(context->office);
    const char *query = http_request_query(context->request, "q");
    g_autofree char *text = g_strstrip(g_strdup(query != NULL ? query : ""));
    const char *entry = *text != '\0' ? find_number(context, text) : NULL;
    GPtrArray *groups = web_array(context);
    if (entry != NULL) {
        http_response_redirect(context->response, entry);
        return true;
    }
    for (guint i = 0; *text != '\0' && i < schema->ledgers->len; i++) {
        if (!search_ledger(context, g_ptr_array_index(schema->ledgers, i), groups, error)) {
            return false;
        }
    }
    GString *out = web_page_begin(context, web_tr(context, N_("Search")));
    template_search(out, &context->html, text, groups);
    web_page_send(context, out);
    return true;
}
