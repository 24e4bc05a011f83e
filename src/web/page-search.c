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

/* Return @length bytes at @text with each white space as one blank, kept. */
static const char *keep_line(const WebContext *context, const char *text, gsize length)
{
    char *line = g_strndup(text, length);
    return web_keep(context, g_strdelimit(line, "\n\t", ' '));
}

/* Show the @length bytes at @match, in @text of @field, in what is around them. */
static void show_place(const WebContext *context, WebFound *found, const SchemaField *field,
                       const char *text, const char *match, gsize length)
{
    const char *begin = match;
    const char *end = match + length;
    for (int i = 0; i < WEB_SEARCH_AROUND && begin > text; i++) {
        begin = g_utf8_prev_char(begin);
    }
    for (int i = 0; i < WEB_SEARCH_AROUND && *end != '\0'; i++) {
        end = g_utf8_next_char(end);
    }
    g_autofree char *before =
        g_strconcat(begin > text ? "…" : "", keep_line(context, begin, match - begin), NULL);
    g_autofree char *after = g_strconcat(keep_line(context, match + length, end - match - length),
                                         *end != '\0' ? "…" : "", NULL);
    found->field = web_words(context, &field->words);
    found->before = web_keep(context, g_steal_pointer(&before));
    found->match = keep_line(context, match, length);
    found->after = web_keep(context, g_steal_pointer(&after));
}

/* Show where @entry has the first of @words that neither its title nor its number tells. */
static void find_place(const WebContext *context, const LedgerEntry *entry, char **words,
                       WebFound *found)
{
    for (; *words != NULL; words++) {
        if (strstr(entry->title, *words) != NULL || strstr(entry->number, *words) != NULL) {
            continue;
        }
        for (guint i = 0; i < entry->ledger->fields->len; i++) {
            const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
            const Value *value = &entry->values[i];
            const char *match = schema_field_is_prose(field) && !value_is_empty(value)
                                    ? strstr(value->text, *words)
                                    : NULL;
            if (match != NULL) {
                show_place(context, found, field, value->text, match, strlen(*words));
                return;
            }
        }
    }
}

static WebFound *found_entry(const WebContext *context, const LedgerEntry *entry, char **words)
{
    WebFound *found = web_new(context, WebFound);
    found->number = web_keep(context, g_strdup(entry->number));
    found->title = web_keep(context, g_strdup(entry->title));
    found->state = web_state_words(context, entry->ledger, entry->state);
    found->opened = web_day(context, entry->opened_us);
    found->address = web_entry_address(context, entry->number);
    find_place(context, entry, words, found);
    return found;
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
    g_auto(GStrv) words = web_list_words(web_list_get(list, "q"));
    WebFoundGroup *group = web_new(context, WebFoundGroup);
    group->words = list->words;
    group->address = web_list_address(context, list, "", NULL);
    group->found = web_array(context);
    group->has_more = page->entries->len > WEB_SEARCH_SHOWN;
    for (guint i = 0; i < MIN(page->entries->len, WEB_SEARCH_SHOWN); i++) {
        g_ptr_array_add(group->found,
                        found_entry(context, g_ptr_array_index(page->entries, i), words));
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
    g_autoptr(GError) refused = NULL;
    for (guint i = 0; *text != '\0' && refused == NULL && i < schema->ledgers->len; i++) {
        search_ledger(context, g_ptr_array_index(schema->ledgers, i), groups, &refused);
    }
    if (refused != NULL && !error_is(refused, SHUZHI_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    if (refused != NULL) { /* what was typed stays in its box */
        http_response_set_status(context->response, web_error_status(refused));
    }
    GString *out = web_page_begin(context, web_tr(context, N_("Search")));
    template_search(out, &context->html, text, groups,
                    refused != NULL ? web_fault(context, refused) : NULL);
    web_page_send(context, out);
    return true;
}
