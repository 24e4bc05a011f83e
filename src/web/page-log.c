#include "web/pages.h"

#include "base/text.h"
#include "log/checkpoint.h"
#include "log/history.h"
#include "web/log.h"
#include "web/templates.h"

#define PAGE 100 /* events */

static WebEvent *make_event(const WebContext *context, const LogEvent *event)
{
    WebEvent *shown = web_new(context, WebEvent);
    shown->seq = web_number(context, event->seq);
    shown->address = web_keep(context, g_strconcat("/log/", shown->seq, NULL));
    shown->when = web_time(context, event->at_us);
    shown->actor = web_keep(context, g_strdup(event->actor));
    shown->by = web_actor(context, shown->actor);
    shown->kind = web_keep(context, g_strdup(event->kind));
    shown->object = web_keep(context, g_strdup_printf("#%" G_GINT64_FORMAT, event->object));
    shown->line = web_keep(context, g_strdup(event->line));
    return shown;
}

/* Read the number @text of an event; 0 for anything else. */
static int64_t read_seq(const char *text)
{
    guint64 seq = 0;
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &seq, NULL)
               ? (int64_t)seq
               : 0;
}

bool web_page_log(WebContext *context, GError **error)
{
    WebLog *shown = web_new(context, WebLog);
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t size = 0;
    g_autofree char *checkpoint = NULL;
    if (!log_head(context->reader, &size, root, error) ||
        !log_last_checkpoint(context->reader, &checkpoint, error)) {
        return false;
    }
    const char *asked = http_request_query(context->request, "after");
    int64_t after = asked != NULL ? read_seq(asked) : MAX(0, size - PAGE);
    g_autoptr(GPtrArray) events = log_events_after(context->reader, after, PAGE, error);
    if (events == NULL) {
        return false;
    }
    shown->root = web_keep(context, text_to_hex(root, sizeof root));
    shown->size = web_number(context, size);
    shown->checkpoint = checkpoint != NULL ? web_keep(context, g_strdup(checkpoint)) : "";
    shown->key = office_public_key(context->office);
    shown->events = web_array(context);
    for (guint i = events->len; i > 0; i--) {
        g_ptr_array_add(shown->events, make_event(context, g_ptr_array_index(events, i - 1)));
    }
    shown->older = after > 0 ? web_address(context, "/log", "after",
                                           web_number(context, MAX(0, after - PAGE)), NULL)
                             : NULL;
    shown->newer = after + PAGE < size ? web_address(context, "/log", "after",
                                                     web_number(context, after + PAGE), NULL)
                                       : NULL;
    GString *out = web_page_begin(context, web_tr(context, N_("The log")));
    template_log_page(out, &context->html, shown);
    web_page_send(context, out);
    return true;
}

bool web_page_event(WebContext *context, GError **error)
{
    int64_t seq = read_seq(context->parts[0]);
    g_autoptr(GPtrArray) events =
        seq > 0 ? log_events_after(context->reader, seq - 1, 1, error) : NULL;
    const LogEvent *event = events != NULL && events->len > 0 ? g_ptr_array_index(events, 0) : NULL;
    if (event == NULL || event->seq != seq) {
        if (*error == NULL) {
            error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        }
        return false;
    }
    WebEvent *shown = make_event(context, event);
    g_autoptr(GError) unsigned_yet = NULL;
    shown->proof = web_keep(context, log_prove_event(context->reader, seq, &unsigned_yet));
    shown->why_not = unsigned_yet != NULL ? web_fault(context, unsigned_yet) : NULL;
    GString *out = web_page_begin(context, web_say(context, N_("Event %s"), shown->seq));
    template_event_page(out, &context->html, shown);
    web_page_send(context, out);
    return true;
}
