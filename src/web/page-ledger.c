#include "web/pages.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/json.h"
#include "ledger/export.h"
#include "web/list.h"
#include "web/templates.h"

#define JSON_PAGE 200 /* entries of a page unless the query says `limit` */

/* ---- as a page ------------------------------------------------------------------------------- */

static bool send_page(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    WebList *list = web_list_new(context, ledger, error);
    if (list == NULL) {
        return false;
    }
    if (list->fault != NULL) {
        http_response_set_status(context->response, 400);
    }
    GString *out = web_page_begin(context, list->words);
    template_list_page(out, &context->html, context, list);
    web_page_send(context, out);
    return true;
}

/* ---- as a table ------------------------------------------------------------------------------ */

/* Write the table to a file that is gone once it is sent. */
static bool send_table(WebContext *context, const SchemaLedger *ledger, const char *ending,
                       const char *type, GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    g_autoptr(Expression) filter = NULL;
    LedgerExport plan = {.ledger = ledger,
                         .sort = list->sort,
                         .is_descending = *list->descending != '\0',
                         .language = context->html.language};
    g_autofree char *name = g_strconcat(web_words(context, &ledger->words), ".", ending, NULL);
    g_autofree char *path = NULL;
    if (!ledger_export_find_format(ending, &plan.format, error) ||
        !web_list_filter(context, list, ledger, &filter, error)) {
        return false;
    }
    int fd = g_file_open_tmp("shuzhi-XXXXXX", &path, error);
    if (fd < 0) {
        return false;
    }
    close(fd);
    plan.filter = filter;
    plan.path = path;
    bool is_sent =
        ledger_export(context->office, context->reader, context->subject, &plan, NULL, error) &&
        http_response_set_file(context->response, type, path, name, error);
    g_unlink(path);
    return is_sent;
}

static bool send_csv(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    return send_table(context, ledger, "csv", "text/csv; charset=utf-8", error);
}

static bool send_xlsx(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    return send_table(context, ledger, "xlsx",
                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", error);
}

static bool send_jsonl(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    return send_table(context, ledger, "jsonl", "application/jsonl; charset=utf-8", error);
}

/* ---- for programs ---------------------------------------------------------------------------- */

/* Read how many entries a page has. */
static bool read_limit(const WebContext *context, int *ret_limit, GError **error)
{
    const char *text = http_request_query(context->request, "limit");
    guint64 limit = JSON_PAGE;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, LEDGER_MAX_PAGE, &limit, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a page has 1 to %d entries", LEDGER_MAX_PAGE);
        return false;
    }
    *ret_limit = (int)limit;
    return true;
}

/* One page, as `entry list --json` prints it. */
static bool send_json(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    int limit = 0;
    if (!read_limit(context, &limit, error)) {
        return false;
    }
    g_autoptr(LedgerPage) page = web_list_load(context, list, ledger, limit, error);
    if (page == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "entries");
    json_write_begin_array(&json);
    for (guint i = 0; i < page->entries->len; i++) {
        ledger_entry_write_json(g_ptr_array_index(page->entries, i), context->office,
                                context->names, false, &json);
    }
    json_write_end_array(&json);
    json_write_key_text(&json, "next", page->next);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

/* The entries recorded last, as a feed (RFC 4287). */
static bool send_atom(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    g_autoptr(LedgerPage) page = web_list_load(context, list, ledger, WEB_LIST_PAGE, error);
    if (page == NULL) {
        return false;
    }
    GPtrArray *lines = web_array(context);
    for (guint i = 0; i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        char changed[DATE_TIME_TEXT_SIZE];
        WebFeedLine *line = web_new(context, WebFeedLine);
        date_format_time(entry->changed_us, 0, changed);
        line->number = web_keep(context, g_strdup(entry->number));
        line->title = web_keep(context, g_strdup(entry->title));
        line->address = web_entry_address(context, entry->number);
        line->changed = web_keep(context, g_strdup(changed));
        line->state = web_state_words(context, ledger, entry->state);
        g_ptr_array_add(lines, line);
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    template_feed(out, &context->html, office_id(context->office), list, lines);
    http_response_set_body(context->response, "application/atom+xml; charset=utf-8", out);
    return true;
}

/* ---- the address ----------------------------------------------------------------------------- */

bool web_page_ledger(WebContext *context, GError **error)
{
    static const struct {
        const char *ending;
        bool (*send)(WebContext *context, const SchemaLedger *ledger, GError **error);
    } forms[] = {{"", send_page},        {".csv", send_csv},   {".xlsx", send_xlsx},
                 {".jsonl", send_jsonl}, {".json", send_json}, {".atom", send_atom}};
    const char *ending = web_take_ending(context->parts[0]);
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    for (size_t i = 0; ledger != NULL && i < G_N_ELEMENTS(forms); i++) {
        if (g_str_equal(forms[i].ending, ending)) {
            return forms[i].send(context, ledger, error);
        }
    }
    if (ledger != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    }
    return false;
}
