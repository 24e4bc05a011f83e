#include "web/pages.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>

#include "web/help.h"
#include "web/templates.h"

/* ---- contents -------------------------------------------------------------------------------- */

/* Return the name in the pack of what the heading @node is about, which stands in it as code; NULL
 * for one without.  Borrowed. */
static const char *name_of(cmark_node *node)
{
    for (cmark_node *at = cmark_node_first_child(node); at != NULL; at = cmark_node_next(at)) {
        if (cmark_node_get_type(at) == CMARK_NODE_CODE) {
            return cmark_node_get_literal(at);
        }
    }
    return NULL;
}

/* Return the words of the heading @node, without the name behind them; kept. */
static const char *words_of(const WebContext *context, cmark_node *node)
{
    cmark_node *first = cmark_node_first_child(node);
    const char *text = first != NULL ? cmark_node_get_literal(first) : NULL;
    char *words = web_keep(context, g_strdup(text != NULL ? text : ""));
    if (name_of(node) != NULL && g_str_has_suffix(words, " (")) {
        words[strlen(words) - strlen(" (")] = '\0';
    }
    return words;
}

/* Put the anchor of @entry before @node. */
static void insert_anchor(cmark_node *node, const WebContent *entry)
{
    g_autofree char *escaped = g_markup_escape_text(entry->anchor, -1);
    g_autofree char *html = g_strdup_printf("<a id=\"%s\"></a>", escaped);
    cmark_node *anchor = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_on_enter(anchor, html);
    cmark_node_insert_before(node, anchor);
}

/* Give the parts of @root, headings of level 2, and what is in them, of level 3, anchors, and
 * return them (of WebContent), kept. */
static GPtrArray *make_contents(const WebContext *context, cmark_node *root)
{
    static const char *const parts[] = {"ledger", "measure", "report"}; /* as schema_document() */
    GPtrArray *contents = web_array(context);
    for (cmark_node *node = cmark_node_first_child(root); node != NULL;
         node = cmark_node_next(node)) {
        bool is_heading = cmark_node_get_type(node) == CMARK_NODE_HEADING;
        int level = is_heading ? cmark_node_get_heading_level(node) : 0;
        if (level != 2 && (level != 3 || contents->len == 0)) {
            continue;
        }
        guint part = level == 2 ? contents->len : contents->len - 1;
        const char *kind = parts[MIN(part, G_N_ELEMENTS(parts) - 1)];
        const char *name = name_of(node);
        WebContent *entry = web_new(context, WebContent);
        entry->anchor = web_keep(context, name != NULL ? g_strconcat(kind, "-", name, NULL)
                                                       : g_strconcat(kind, "s", NULL));
        entry->words = words_of(context, node);
        entry->below = web_array(context);
        insert_anchor(node, entry);
        g_ptr_array_add(level == 2 ? contents
                                   : ((WebContent *)g_ptr_array_index(contents, part))->below,
                        entry);
    }
    return contents;
}

/* ---- what each role does --------------------------------------------------------------------- */

static GPtrArray *make_duties(const WebContext *context)
{
    static const struct {
        RightsRole role;
        const char *words;
    } rows[] = {
        {RIGHTS_CLERK,
         N_("Open the ledger, record one, attach the evidence. What has a deadline stands on the "
            "first page until its step is done.")},
        {RIGHTS_HEAD,
         N_("The first page shows what your unit and those below it have to do and what is late. "
            "Open an entry to take its next step or to correct it; a correction says why.")},
        {RIGHTS_SUPERVISOR,
         N_("Check what was answered and close it; who answered an entry cannot close it.")},
        {RIGHTS_SECRETARY,
         N_("Open the report: each underlined figure opens down to its entries. Red ground is a "
            "claim that does not hold yet. Units, people and their posts are kept under Units and "
            "people.")},
        {RIGHTS_DISPATCHER, N_("Record what comes in and give it to the unit that handles it.")},
        {RIGHTS_SYSTEM, N_("Make accounts, set passwords anew, keep the settings and the backups. "
                           "An account opens "
                           "nothing until the security administrator activates it.")},
        {RIGHTS_SECURITY, N_("Activate accounts, and give and end roles on the page of a person.")},
        {RIGHTS_AUDIT,
         N_("Read the log: by kind, by who, by entry, by date. Each event has its proof; save the "
            "newest checkpoint now and then.")},
    };
    GPtrArray *duties = web_array(context);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool is_held = false;
        for (guint k = 0; k < context->subject->holds->len; k++) {
            const RightsHold *hold = g_ptr_array_index(context->subject->holds, k);
            is_held = is_held || hold->role == rows[i].role;
        }
        if (is_held) {
            WebDuty *duty = web_new(context, WebDuty);
            duty->role = web_tr(context, rights_role_words(rows[i].role));
            duty->words = web_tr(context, rows[i].words);
            g_ptr_array_add(duties, duty);
        }
    }
    return duties;
}

/* ---- the page -------------------------------------------------------------------------------- */

/* The handbook of the pack: every ledger, measure and report that this office runs on.  Raw HTML in
 * its words is left out. */
bool web_page_help(WebContext *context, GError **error)
{
    g_autofree char *handbook =
        schema_document(office_schema(context->office), context->html.language);
    const char *text = strchr(handbook, '\n'); /* its title is the page's */
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, text != NULL ? text : handbook,
                      strlen(text != NULL ? text : handbook));
    cmark_node *root = cmark_parser_finish(parser);
    GPtrArray *contents = make_contents(context, root);
    char *html =
        cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser));
    GString *out = web_page_begin(context, web_tr(context, N_("Handbook")));
    template_help_begin(out, &context->html, contents, make_duties(context));
    html_append_marked(out, &context->html, html);
    template_help_end(out, &context->html);
    web_page_send(context, out);
    free(html);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return true;
}
