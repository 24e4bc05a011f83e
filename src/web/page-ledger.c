#include "web/pages.h"

#include "ledger/export.h"
#include "log/history.h"
#include "web/api.h"
#include "web/calendar-file.h"
#include "web/list.h"
#include "web/nothing.h"
#include "web/rows.h"
#include "web/templates.h"

/* ---- as a page ------------------------------------------------------------------------------- */

/* Say of which time the list is, for its heading on paper. */
static const char *say_period(const WebContext *context, const WebList *list)
{
    char today[DATE_TEXT_SIZE];
    const char *from = web_list_get(list, "from");
    const char *until = web_list_get(list, "until");
    if (*from == '\0' && *until == '\0') {
        return web_say(context, N_("As of: %s"), date_format(web_today(context), today));
    }
    return web_say(context, N_("Period: %s to %s"), *from != '\0' ? from : "…",
                   *until != '\0' ? until : date_format(web_today(context), today));
}

/* The whole list as a book, as far as one page may hold. */
static bool send_book(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    if (!rights_may(context->subject, RIGHTS_EXPORT, NULL, error)) {
        return false;
    }
    WebList *list = web_list_open(context, ledger);
    if (*web_list_get(list, "sort") == '\0') {
        list->descending = ""; /* a book is read from its beginning */
    }
    if (!web_list_fill(context, list, WEB_LIST_PRINTED, error)) {
        return false;
    }
    if (list->fault != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "%s", list->fault);
        return false;
    }
    list->first = web_list_address(context, list, "", NULL);
    const char *limit = NULL;
    if (list->next != NULL) {
        limit = web_say(context,
                        N_("These are the first %d entries; narrow the filter, or take the list as"
                           " a spreadsheet, to have all."),
                        WEB_LIST_PRINTED);
    }
    GString *out = web_page_begin(context, list->words);
    template_list_book(out, &context->html, context, list, say_period(context, list), limit);
    web_page_send(context, out);
    return true;
}

/* What a list page shows below its views, as it is kept in web/known. */
typedef struct Body {
    char *html;
} Body;

static void clear_body(gpointer body)
{
    g_free(((Body *)body)->html);
}

static void release_body(Body *body)
{
    g_atomic_rc_box_release_full(body, clear_body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Body, release_body)

/* Fill @list and write it; a filter that cannot be read makes the answer's status. */
static Body *make_body(WebContext *context, WebList *list, GError **error)
{
    if (!web_list_fill(context, list, WEB_LIST_PAGE, error)) {
        return NULL;
    }
    if (list->fault != NULL) {
        http_response_set_status(context->response, list->fault_status);
    }
    GString *out = g_string_sized_new(65536);
    template_list_body(out, &context->html, context, list);
    Body *body = g_atomic_rc_box_new0(Body);
    body->html = g_string_free(out, false);
    return body;
}

/* Return what the reader sees of @list, made only if something has happened since it last was; the
 * caller gives it back. */
static Body *find_body(WebContext *context, WebList *list, GError **error)
{
    WebKnown *known = context->site->known;
    const char *query = http_request_query_text(context->request);
    int64_t now_us = web_now_us(context);
    int64_t size = 0;
    g_autofree char *key =
        g_strdup_printf("list\n%s\n%s\n%d\n%s\n%s", context->subject->actor, context->html.language,
                        web_today(context), context->path, query != NULL ? query : "");
    if (!log_head(context->reader, &size, NULL, error)) {
        return NULL;
    }
    g_autoptr(Body) body = known_find(known, key, size, now_us);
    if (body == NULL) {
        body = make_body(context, list, error);
        if (body != NULL && list->fault == NULL) {
            known_put(known, key, size, now_us, body, clear_body, strlen(body->html));
        }
    }
    return g_steal_pointer(&body);
}

static bool send_page(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    if (g_strcmp0(http_request_query(context->request, "print"), "1") == 0) {
        return send_book(context, ledger, error);
    }
    if (!store_snapshot_begin(context->reader, error)) {
        return false;
    }
    WebList *list = web_list_open(context, ledger);
    list->may_share = rights_may(context->subject, RIGHTS_VIEW_SHARE, NULL, NULL);
    list->views = web_views(context, ledger, list->here, error);
    g_autoptr(Body) body = list->views != NULL ? find_body(context, list, error) : NULL;
    const WebNothing *nothing = NULL;
    if (body == NULL || !web_nothing_read(context, ledger, &nothing, error)) {
        return false;
    }
    GString *out = web_page_begin(context, list->words);
    if (list->views->len > 0 || list->parts->len > 0) {
        template_list_views(out, &context->html, context, list);
    }
    g_string_append(out, body->html);
    if (nothing != NULL) {
        template_list_nothing(out, &context->html, context, nothing);
    }
    web_page_send(context, out);
    return true;
}

/* ---- as a table ------------------------------------------------------------------------------ */

/* Return the columns that @list was asked to show, as an export names them, kept: the title before
 * them all; NULL where it was asked for none. */
static const char *const *table_columns(const WebContext *context, const WebList *list)
{
    const char *asked = web_list_get(list, "cols");
    if (*asked == '\0') {
        return NULL;
    }
    g_auto(GStrv) names = g_strsplit(asked, ",", -1);
    GPtrArray *columns = web_array(context);
    if (list->ledger->title != NULL) {
        g_ptr_array_add(columns, list->ledger->title->name);
    }
    for (char **each = names; *each != NULL; each++) {
        bool is_recorded = g_str_equal(*each, "recorded-on");
        g_ptr_array_add(columns, (char *)(is_recorded ? "recorded" : web_copy(context, *each)));
    }
    g_ptr_array_add(columns, NULL);
    return (const char *const *)columns->pdata;
}

static bool write_table(const WebContext *context, TableFormat format, const char *path,
                        const void *data, GError **error)
{
    g_auto(WebAsked) asked = {.filter = NULL};
    if (!web_list_ask(context, data, &asked, error)) {
        return false;
    }
    asked.query.after = NULL;
    const LedgerExport plan = {.query = asked.query,
                               .format = format,
                               .path = path,
                               .language = context->html.language,
                               .columns = table_columns(context, data)};
    return ledger_export(context->office, context->reader, context->subject, &plan, NULL, error);
}

/* ---- as a feed and as a calendar ------------------------------------------------------------- */

/* Say the state of @entry, and its first deadline where that was moved. */
static const char *say_state(const WebContext *context, const LedgerEntry *entry)
{
    const char *state = web_state_words(context, entry->ledger, entry->state);
    const char *first = NULL;
    return web_due_mark(context, entry, &first) != NULL
               ? web_keep(context, g_strconcat(state, *state != '\0' ? " · " : "", first, NULL))
               : state;
}

/* The entries that the list begins with, for its feed: when each changed last, and its state. */
static bool read_entries(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    const WebList *list = data;
    g_autoptr(LedgerPage) page = web_list_load(context, list, sink->room, error);
    for (guint i = 0; page != NULL && i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        g_autofree char *title = g_strconcat(entry->number, " ", entry->title, NULL);
        const WebLine line = {.id = entry->number,
                              .title = title,
                              .address = web_entry_address(context, entry->number),
                              .said = say_state(context, entry),
                              .changed_us = entry->changed_us};
        if (!web_sink_take(context, sink, &line, error)) {
            return false;
        }
    }
    sink->next = page != NULL ? web_copy(context, page->next) : NULL;
    return page != NULL;
}

/* A deadline at midnight is the whole day before. */
static void append_due(const WebContext *context, int64_t due_us, GString *out)
{
    int offset_seconds = office_offset_seconds(context->office);
    Date day = date_from_us(due_us - 1, offset_seconds);
    if (date_to_us(day + 1, 0, offset_seconds) != due_us) {
        calendar_file_append_time(out, "DUE", due_us);
        return;
    }
    char text[DATE_TEXT_SIZE];
    g_auto(GStrv) parts = g_strsplit(date_format(day, text), "-", -1);
    g_autofree char *plain = g_strjoinv("", parts);
    calendar_file_append(out, "DUE;VALUE=DATE", plain);
}

/* The deadline of @entry as a to-do; its number never changes, so it stays the same to-do. */
static void append_todo(WebContext *context, const LedgerEntry *entry, GString *out)
{
    g_autofree char *id = g_strconcat(entry->number, "@", office_id(context->office), NULL);
    g_autofree char *summary = g_strconcat(entry->number, " ", entry->title, NULL);
    bool is_done = entry->stopped_us != 0;
    calendar_file_append(out, "BEGIN", "VTODO");
    calendar_file_append_text(out, "UID", id);
    calendar_file_append_time(out, "DTSTAMP", entry->changed_us);
    calendar_file_append_time(out, "CREATED", entry->added_us);
    calendar_file_append_time(out, "LAST-MODIFIED", entry->changed_us);
    calendar_file_append(out, "SEQUENCE", web_number(context, entry->version));
    calendar_file_append_text(out, "SUMMARY", summary);
    calendar_file_append_text(out, "DESCRIPTION", say_state(context, entry));
    calendar_file_append(out, "URL",
                         web_absolute_address(context, web_entry_address(context, entry->number)));
    append_due(context, entry->due_us, out);
    calendar_file_append(out, "STATUS", is_done ? "COMPLETED" : "NEEDS-ACTION");
    if (is_done) {
        calendar_file_append_time(out, "COMPLETED", entry->stopped_us);
        calendar_file_append(out, "PERCENT-COMPLETE", "100");
    }
    calendar_file_append(out, "END", "VTODO");
}

/* What of the list has a deadline, the latest first, as far as one page holds. */
static bool send_calendar(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    list->sort = "due";
    list->descending = "1";
    g_autoptr(LedgerPage) page = web_list_load(context, list, LEDGER_MAX_PAGE, error);
    if (page == NULL) {
        return false;
    }
    GString *out = g_string_sized_new(16384);
    calendar_file_append(out, "BEGIN", "VCALENDAR");
    calendar_file_append(out, "VERSION", "2.0");
    calendar_file_append(out, "PRODID", "-//shuzhi//shuzhi " SHUZHI_VERSION "//ZH");
    calendar_file_append(out, "METHOD", "PUBLISH");
    calendar_file_append_text(out, "NAME", list->words);
    calendar_file_append_text(out, "X-WR-CALNAME", list->words);
    for (guint i = 0; i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        if (entry->due_us != 0) {
            append_todo(context, entry, out);
        }
    }
    calendar_file_append(out, "END", "VCALENDAR");
    http_response_set_body(context->response, "text/calendar; charset=utf-8", out);
    http_response_allow_keeping(context->response, NULL);
    return true;
}

/* ---- the address ----------------------------------------------------------------------------- */

bool web_page_ledger(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL) {
        return false;
    }
    if (*context->ending == '\0') {
        return send_page(context, ledger, error);
    }
    const WebList *list = web_list_begin(context, ledger);
    const WebRows rows = {.name = list->name,
                          .words = list->words,
                          .query = WEB_LIST_QUERY,
                          .read = read_entries,
                          .is_paged = true,
                          .write = write_table,
                          .json = web_api_entries,
                          .data = list,
                          .asks_export = true};
    return g_str_equal(context->ending, ".ics")
               ? web_check_query(context->request, rows.query, error) &&
                     send_calendar(context, ledger, error)
               : web_rows_send(context, &rows, error);
}
