#include "web/pages.h"

#include "base/message.h"
#include "web/rows.h"
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
    found->field_name = field->name;
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

/* ---- as a file ------------------------------------------------------------------------------- */

static const WebRowsColumn columns[] = {{"ledger", N_("Ledger")}, {"number", N_("Number")},
                                        {"title", N_("Subject")}, {"state", N_("State")},
                                        {"opened", N_("Opened")}, {"field", N_("Field")},
                                        {"place", N_("Place")}};

static bool tell_found(const WebContext *context, WebSink *sink, const LedgerEntry *entry,
                       char **words, GError **error)
{
    const WebFound *found = found_entry(context, entry, words);
    bool has_names = sink->has_names;
    const char *field = has_names ? found->field_name : found->field;
    g_autofree char *title = g_strconcat(found->number, " ", found->title, NULL);
    g_autofree char *place =
        found->field != NULL ? g_strconcat(found->before, found->match, found->after, NULL) : NULL;
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_text(has_names ? entry->ledger->name : web_words(context, &entry->ledger->words)),
        web_cell_text(found->number),
        web_cell_text(found->title),
        web_cell_text(has_names ? entry->state : found->state),
        web_cell_date(context,
                      entry->opened_us != 0
                          ? date_from_us(entry->opened_us, office_offset_seconds(context->office))
                          : DATE_NONE),
        web_cell_text(field),
        web_cell_text(place),
    };
    const WebLine line = {.cells = cells,
                          .id = found->number,
                          .title = title,
                          .address = found->address,
                          .said = place != NULL ? place : found->state,
                          .changed_us = entry->changed_us};
    return web_sink_take(context, sink, &line, error);
}

/* A table may be of any length: nothing of a page is kept. */
static bool tell_page(const WebContext *context, WebSink *sink, const LedgerPage *page,
                      char **words, GError **error)
{
    bool is_table = sink->table != NULL;
    bool is_ok = true;
    WebKeptBefore before;
    if (is_table) {
        web_keep_begin(context, &before);
    }
    for (guint i = 0; is_ok && i < page->entries->len; i++) {
        is_ok = tell_found(context, sink, g_ptr_array_index(page->entries, i), words, error);
    }
    if (is_table) {
        web_keep_end(context, &before);
    }
    return is_ok;
}

/* Tell what is found in @ledger from behind *@after (NULL: from the first entry on), which goes on,
 * as far as there is room; NULL again at its end. */
static bool tell_ledger(const WebContext *context, WebSink *sink, const SchemaLedger *ledger,
                        char **after, GError **error)
{
    const WebList *list = web_list_begin(context, ledger);
    g_auto(GStrv) words = web_list_words(web_list_get(list, "q"));
    g_auto(WebAsked) asked = {.filter = NULL};
    if (!web_list_ask(context, list, &asked, error)) {
        return false;
    }
    do {
        asked.query.after = *after;
        asked.query.limit = MIN(sink->room, LEDGER_MAX_PAGE);
        g_autoptr(LedgerPage) page =
            ledger_list(context->office, context->reader, context->subject, &asked.query, error);
        if (page == NULL || !tell_page(context, sink, page, words, error)) {
            return false;
        }
        g_free(*after);
        *after = g_steal_pointer(&page->next);
    } while (*after != NULL && sink->room > 0);
    return true;
}

/* All that is found, ledger by ledger: a page of it ends at "LEDGER KEY", the ledger that is next
 * and the place in it. */
static bool read_found(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    const GPtrArray *ledgers = office_schema(context->office)->ledgers;
    g_auto(GStrv) place = g_strsplit(sink->after != NULL ? sink->after : "", " ", 2);
    const char *first = place[0] != NULL ? place[0] : "";
    const SchemaLedger *begin = *first != '\0' ? web_find_ledger(context, first, error) : NULL;
    g_autofree char *after = begin != NULL && place[1] != NULL ? g_strdup(place[1]) : NULL;
    const char *text = data;
    bool is_passed = begin == NULL;
    if (*first != '\0' && begin == NULL) {
        return false;
    }
    for (guint i = 0; *text != '\0' && i < ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(ledgers, i);
        is_passed = is_passed || ledger == begin;
        if (!is_passed) {
            continue;
        }
        if (sink->room == 0) {
            sink->next = ledger->name;
            return true;
        }
        if (!tell_ledger(context, sink, ledger, &after, error)) {
            return false;
        }
        if (after != NULL) {
            sink->next = web_keep(context, g_strconcat(ledger->name, " ", after, NULL));
            return true;
        }
    }
    return true;
}

/* ---- as a page ------------------------------------------------------------------------------- */

static bool send_page(WebContext *context, const char *text, const WebRows *rows, GError **error)
{
    const Schema *schema = office_schema(context->office);
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
                    refused != NULL ? web_fault(context, refused) : NULL,
                    web_rows_endings(context, rows));
    web_page_send(context, out);
    return true;
}

bool web_page_search(WebContext *context, GError **error)
{
    const char *query = http_request_query(context->request, "q");
    g_autofree char *text = g_strstrip(g_strdup(query != NULL ? query : ""));
    const WebRows rows = {.name = "found",
                          .words = web_tr(context, N_("Search")),
                          .query = "q",
                          .columns = columns,
                          .n_columns = G_N_ELEMENTS(columns),
                          .read = read_found,
                          .is_paged = true,
                          .data = text,
                          .asks_export = true};
    return *context->ending == '\0' ? send_page(context, text, &rows, error)
                                    : web_rows_send(context, &rows, error);
}
