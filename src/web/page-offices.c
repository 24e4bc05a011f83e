#include "web/pages.h"

#include "web/offices.h"
#include "web/templates.h"

bool web_page_offices(WebContext *context, GError **error)
{
    GPtrArray *lines = web_array(context);
    for (guint i = 0; i < context->site->offices->len; i++) {
        const WebSite *site = g_ptr_array_index(context->site->offices, i);
        WebOfficeLine *line = web_new(context, WebOfficeLine);
        if (site->office != NULL) {
            line->address = web_keep(context, g_strconcat(site->base, "/", NULL));
        }
        line->words = site->office != NULL ? office_name(site->office) : site->name;
        line->folder = site->name;
        g_ptr_array_add(lines, line);
    }
    GString *out = web_page_begin(context, web_tr(context, N_("Offices on this server")));
    template_offices(out, &context->html, lines);
    web_page_send(context, out);
    return true;
}
