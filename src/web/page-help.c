#include "web/pages.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>

#include "web/templates.h"

/* Append @markdown, a text of ours, as HTML; raw HTML in it is left out. */
static void append_markdown(GString *out, const char *markdown)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, markdown, strlen(markdown));
    cmark_node *root = cmark_parser_finish(parser);
    char *html =
        cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser));
    g_string_append(out, html);
    free(html);
    cmark_node_free(root);
    cmark_parser_free(parser);
}

/* The handbook of the pack: every ledger, measure and report that this office runs on. */
bool web_page_help(WebContext *context, GError **error)
{
    g_autofree char *handbook =
        schema_document(office_schema(context->office), context->html.language);
    const char *text = strchr(handbook, '\n'); /* its title is the page's */
    GString *out = web_page_begin(context, web_tr(context, N_("Handbook")));
    template_help_begin(out, &context->html);
    append_markdown(out, text != NULL ? text : handbook);
    template_help_end(out, &context->html);
    web_page_send(context, out);
    return true;
}
