#include "web/pages.h"

#include "web/pick.h"

/* Return what is sought; "" finds all.  LIMIT. */
static const char *sought(const WebContext *context, GError **error)
{
    const char *text = http_request_query(context->request, "q");
    if (text != NULL && g_utf8_strlen(text, -1) > WEB_MAX_SOUGHT_CHARS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "at most %d characters can be sought",
                  WEB_MAX_SOUGHT_CHARS);
        return NULL;
    }
    return text != NULL ? text : "";
}

/* Answer with @picks, {"picks": [{"text": "张三", "note": "综合科"}, …]}, and where there are none
 * with the words for that, {"none": "…"}; NULL: there is an error. */
static bool send(WebContext *context, const GPtrArray *picks)
{
    if (picks == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "picks");
    json_write_begin_array(&json);
    for (guint i = 0; i < picks->len; i++) {
        const WebPick *pick = g_ptr_array_index(picks, i);
        json_write_begin_object(&json);
        json_write_key_text(&json, "text", pick->text);
        json_write_key_text(&json, "note", pick->note);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    if (picks->len == 0) {
        json_write_key_text(&json, "none", web_tr(context, N_("nothing found")));
    }
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_page_pick_unit(WebContext *context, GError **error)
{
    const char *text = sought(context, error);
    return text != NULL && send(context, web_pick_units(context, text, error));
}

bool web_page_pick_person(WebContext *context, GError **error)
{
    const char *text = sought(context, error);
    return text != NULL && send(context, web_pick_people(context, text, error));
}

bool web_page_pick_entry(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const char *text = ledger != NULL ? sought(context, error) : NULL;
    return text != NULL && send(context, web_pick_entries(context, ledger, text, error));
}
