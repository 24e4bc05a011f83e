#include "web/feed.h"

#include "web/templates.h"

void web_send_feed(WebContext *context, const WebFeed *feed)
{
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    template_feed(out, &context->html, feed);
    http_response_set_body(context->response, "application/atom+xml; charset=utf-8", out);
    http_response_allow_keeping(context->response, NULL);
}
