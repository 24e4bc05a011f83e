#include "web/pages.h"

#include "base/text.h"
#include "web/account.h"
#include "web/again.h"
#include "web/api.h"
#include "web/list.h"
#include "web/notice.h"
#include "web/openapi.h"
#include "web/rows.h"
#include "web/view.h"

/* What stands in the address for the two sorts. */
#define OWN "own"
#define SHARED "office"

GPtrArray *web_views(const WebContext *context, const SchemaLedger *ledger, const char *here,
                     GError **error)
{
    bool may_share = rights_may(context->subject, RIGHTS_VIEW_SHARE, NULL, NULL);
    g_autoptr(GPtrArray) views = ledger_view_list(context->reader, context->subject,
                                                  ledger != NULL ? ledger->name : NULL, error);
    GPtrArray *shown = web_array(context);
    for (guint i = 0; views != NULL && i < views->len; i++) {
        const LedgerView *view = g_ptr_array_index(views, i);
        const SchemaLedger *of = schema_ledger(office_schema(context->office), view->ledger);
        if (of == NULL) {
            continue; /* of an older pack */
        }
        WebView *link = web_new(context, WebView);
        link->name = web_keep(context, g_strdup(view->name));
        link->ledger = web_words(context, &of->words);
        link->address =
            web_keep(context, g_strconcat("/ledger/", view->ledger, "?", view->query, NULL));
        link->place = web_keep(context, g_strdup_printf("/view/%s/%" G_GINT64_FORMAT,
                                                        view->is_shared ? SHARED : OWN, view->id));
        link->is_shared = view->is_shared;
        link->is_here = g_strcmp0(link->address, here) == 0;
        link->may_change = !view->is_shared || may_share;
        g_ptr_array_add(shown, link);
    }
    return views != NULL ? shown : NULL;
}

static const WebRowsColumn columns[] = {{"id", N_("id")},
                                        {"shared", N_("whole office")},
                                        {"ledger", N_("Ledger")},
                                        {"name", N_("Name of the view")},
                                        {"query", N_("Query")}};

/* Return the id of the view @id in the list of them, kept. */
static const char *id_in_list(const WebContext *context, bool is_shared, int64_t id)
{
    return web_keep(context,
                    g_strdup_printf("view:%s/%" G_GINT64_FORMAT, is_shared ? SHARED : OWN, id));
}

static bool tell_view(const WebContext *context, WebSink *sink, const LedgerView *view,
                      const SchemaLedger *ledger, GError **error)
{
    const char *words = web_words(context, &ledger->words);
    g_autofree char *address = g_strconcat("/ledger/", view->ledger, "?", view->query, NULL);
    int64_t changed_us = view->changed_us;
    if (sink->feed != NULL && view->is_shared &&
        !web_changed_last(context, view->id, &changed_us, error)) {
        return false;
    }
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_number(context, view->id),
        web_cell_bool(view->is_shared),
        web_cell_text(sink->has_names ? view->ledger : words),
        web_cell_text(view->name),
        web_cell_text(sink->has_names ? view->query : address),
    };
    const WebLine line = {.cells = cells,
                          .id = id_in_list(context, view->is_shared, view->id),
                          .title = view->name,
                          .address = address,
                          .said = words,
                          .changed_us = changed_us};
    return web_sink_take(context, sink, &line, error);
}

/* Those that the reader sees, but for those of ledgers that the pack has no more. */
static bool read_views(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    const char *of = http_request_query(context->request, "ledger");
    g_autoptr(GPtrArray) views = ledger_view_list(context->reader, context->subject, of, error);
    for (guint i = 0; views != NULL && i < views->len; i++) {
        const LedgerView *view = g_ptr_array_index(views, i);
        const SchemaLedger *ledger = schema_ledger(office_schema(context->office), view->ledger);
        if (ledger != NULL && !tell_view(context, sink, view, ledger, error)) {
            return false;
        }
    }
    return views != NULL;
}

static WebRows view_rows(const WebContext *context)
{
    return (WebRows){.name = "views",
                     .words = web_tr(context, N_("Views")),
                     .query = "ledger",
                     .columns = columns,
                     .n_columns = G_N_ELEMENTS(columns),
                     .read = read_views};
}

/* Their page is the first. */
bool web_page_views(WebContext *context, GError **error)
{
    const WebRows rows = view_rows(context);
    if (*context->ending != '\0') {
        return web_rows_send(context, &rows, error);
    }
    http_response_redirect(context->response, "/");
    return true;
}

/* Check that what @list asks for can be kept: it can be read, and of a shared view, it holds
 * nothing of a person, as what one knows of people stays where they are. */
static bool check_list(const WebContext *context, const WebList *list, bool is_shared,
                       GError **error)
{
    g_auto(WebAsked) asked = {.filter = NULL};
    for (guint i = 0; i < list->parts->len; i++) {
        if (!text_check_line(((WebPart *)g_ptr_array_index(list->parts, i))->value, error)) {
            return false;
        }
    }
    if (!web_list_ask(context, list, &asked, error)) {
        return false;
    }
    if (is_shared && ledger_filter_is_personal(asked.filter)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a condition on personal fields is not shared: keep the view for yourself");
        return false;
    }
    return true;
}

/* Keep @view; that its name is none stands by the name. */
static bool save(WebContext *context, const LedgerView *view, GError **error)
{
    GError *refused = NULL;
    if (ledger_view_save(context->office, context->subject, &context->act, view, &refused)) {
        return true;
    }
    if (error_is(refused, SHUZHI_ERROR_INVALID)) {
        web_fault_note(context, "view-name", web_tr(context, N_("Name of the view")), refused);
        return web_fault_none(context, error);
    }
    g_propagate_error(error, refused);
    return false;
}

/* Keep the list at whose address, with "/view" behind the ledger, the form stands. */
bool web_page_view_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL) {
        return false;
    }
    const WebList *list = web_list_begin(context, ledger);
    const char *address = web_list_address(context, list, "", NULL);
    const char *query = strchr(address, '?');
    const LedgerView view = {.is_shared = http_request_form(context->request, "shared") != NULL,
                             .ledger = ledger->name,
                             .name = (char *)web_typed(context, "name"),
                             .query = (char *)(query != NULL ? query + 1 : "")};
    static const WebNeed needs[] = {{"name", "view-name", N_("Name of the view")}};
    GError *refused = NULL;
    if (!web_check_form(context, needs, G_N_ELEMENTS(needs), &refused) ||
        !check_list(context, list, view.is_shared, &refused) || !save(context, &view, &refused)) {
        return web_page_again(context, refused, error);
    }
    web_redirect_told(context, address, web_tr(context, N_("The view is kept.")));
    return true;
}

/* Read which view the address names; the caller owns it.  NOT_FOUND. */
static LedgerView *find(const WebContext *context, GError **error)
{
    bool is_shared = g_str_equal(context->parts[0], SHARED);
    int64_t id = 0;
    if ((!is_shared && !g_str_equal(context->parts[0], OWN)) ||
        !text_parse_int(context->parts[1], &id)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return NULL;
    }
    return ledger_view_load(context->reader, context->subject, is_shared, id, error);
}

bool web_page_view_rename_post(WebContext *context, GError **error)
{
    g_autoptr(LedgerView) view = find(context, error);
    if (view == NULL ||
        !ledger_view_rename(context->office, context->subject, &context->act, view->is_shared,
                            view->id, web_typed(context, "name"), error)) {
        return false;
    }
    g_autofree char *address = g_strconcat("/ledger/", view->ledger, "?", view->query, NULL);
    web_redirect_told(context, address, web_tr(context, N_("The view is renamed.")));
    return true;
}

bool web_page_view_delete_post(WebContext *context, GError **error)
{
    g_autoptr(LedgerView) view = find(context, error);
    if (view == NULL || !ledger_view_remove(context->office, context->subject, &context->act,
                                            view->is_shared, view->id, error)) {
        return false;
    }
    g_autofree char *address = g_strconcat("/ledger/", view->ledger, NULL);
    web_redirect_told(context, address, web_tr(context, N_("The view is deleted.")));
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void free_request(gpointer request)
{
    http_request_free(request);
}

/* Let @context ask for the list of @ledger with @query, which is checked; INVALID. */
static bool ask_for_list(WebContext *context, const SchemaLedger *ledger, const char *query,
                         GError **error)
{
    g_autofree char *target = g_strconcat("/ledger/", ledger->name, "?", query, NULL);
    HttpRequest *page =
        http_request_for_page(context->request, web_outer_address(context, target), error);
    if (page == NULL) {
        return false;
    }
    web_keep_object(context, page, free_request);
    web_context_take(context, page);
    return web_check_query(page, WEB_LIST_QUERY, error);
}

/* Answer with the view @id. */
static bool send_view(WebContext *context, bool is_shared, int64_t id, GError **error)
{
    const WebRows rows = view_rows(context);
    return web_rows_send_one(context, &rows, id_in_list(context, is_shared, id), error);
}

/* Answer with the view that was kept as @kept. */
static bool send_kept(WebContext *context, const LedgerView *kept, GError **error)
{
    g_autoptr(GPtrArray) views =
        ledger_view_list(context->reader, context->subject, kept->ledger, error);
    int64_t id = 0;
    for (guint i = 0; views != NULL && i < views->len; i++) {
        const LedgerView *view = g_ptr_array_index(views, i);
        bool is_it = view->is_shared == kept->is_shared && g_str_equal(view->name, kept->name);
        id = is_it ? view->id : id;
    }
    return views != NULL && send_view(context, kept->is_shared, id, error);
}

/* Keep @view of @ledger with @query, as it is written canonically. */
static bool keep(WebContext *context, const SchemaLedger *ledger, const char *query,
                 LedgerView *view, GError **error)
{
    if (!ask_for_list(context, ledger, query, error)) {
        return false;
    }
    const WebList *list = web_list_begin(context, ledger);
    const char *kept = strchr(web_list_address(context, list, "", NULL), '?');
    view->ledger = ledger->name;
    view->query = (char *)(kept != NULL ? kept + 1 : "");
    return check_list(context, list, view->is_shared, error) &&
           ledger_view_save(context->office, context->subject, &context->act, view, error);
}

/* A view is known by its name: one that is sent again replaces itself. */
bool web_api_view_add_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"ledger", "name", "query", "shared", NULL};
    const char *of = NULL;
    const char *name = NULL;
    const char *query = NULL;
    LedgerView view = {0};
    g_autoptr(json_t) body = web_api_read(context, known, error);
    if (body == NULL || !web_api_text(context, body, "ledger", &of, error) ||
        !web_api_text(context, body, "name", &name, error) ||
        !web_api_text(context, body, "query", &query, error) ||
        !web_api_bool(context, body, "shared", &view.is_shared, error)) {
        return false;
    }
    const SchemaLedger *ledger = web_find_ledger(context, of != NULL ? of : "", error);
    view.name = (char *)(name != NULL ? name : "");
    if (ledger == NULL || !keep(context, ledger, query != NULL ? query : "", &view, error) ||
        !send_kept(context, &view, error)) {
        return false;
    }
    http_response_set_status(context->response, context->operation->status);
    return true;
}

static bool send_this_view(WebContext *context, int64_t seq, GError **error)
{
    g_autoptr(LedgerView) view = find(context, error);
    return view != NULL && send_view(context, view->is_shared, view->id, error);
}

static bool api_rename(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    const char *name = NULL;
    g_autoptr(LedgerView) view = find(context, error);
    return view != NULL && web_api_text(context, body, "name", &name, error) &&
           ledger_view_rename(context->office, context->subject, &context->act, view->is_shared,
                              view->id, name != NULL ? name : "", error);
}

bool web_api_view_rename_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"name", NULL};
    static const WebApiAct act = {known, api_rename, send_this_view};
    return web_api_do(context, &act, error);
}

static bool api_remove(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    g_autoptr(LedgerView) view = find(context, error);
    return view != NULL && ledger_view_remove(context->office, context->subject, &context->act,
                                              view->is_shared, view->id, error);
}

bool web_api_view_delete_post(WebContext *context, GError **error)
{
    static const char *const none[] = {NULL};
    static const WebApiAct act = {none, api_remove, web_api_send_done};
    return web_api_do(context, &act, error);
}
