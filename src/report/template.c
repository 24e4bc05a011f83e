#include "report/template.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>

#include "language/wrap.h"
#include "report/template-internal.h"
#include "report/template-number.h"

#define TEXT_INDENT 4 /* two Han characters */
#define WHOLE_CHARS 6 /* of a figure that is not broken over two lines */

/* ---- open words ------------------------------------------------------------------------------ */

/* Append @text so that CommonMark reads it as such. */
static void append_literal(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_ispunct(*p)) { /* any of them may be escaped */
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, g_ascii_iscntrl(*p) ? ' ' : *p);
    }
}

/* Return which of the @n @words begins at @at; NULL when none does. */
static const ReportWord *word_at(const char *at, const ReportWord *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (g_str_has_prefix(at, words[i].name)) {
            return &words[i];
        }
    }
    return NULL;
}

char *report_template_fill(const char *body, const ReportWord *words, size_t n)
{
    GString *out = g_string_new(NULL);
    while (*body != '\0') {
        const ReportWord *word = word_at(body, words, n);
        if (word == NULL) {
            g_string_append_c(out, *body++);
            continue;
        }
        body += strlen(word->name);
        append_literal(out, word->text);
        bool is_narrow = *word->text != '\0' && g_ascii_isalnum(out->str[out->len - 1]);
        g_string_append(out, is_narrow && word_at(body, words, n) != NULL ? " " : "");
    }
    return g_string_free(out, false);
}

/* ---- parsing --------------------------------------------------------------------------------- */

const char *report_template_figure_name(cmark_node *node)
{
    if (cmark_node_get_type(node) != CMARK_NODE_LINK) {
        return NULL;
    }
    const char *url = cmark_node_get_url(node);
    return g_str_has_prefix(url, REPORT_FIGURE_SCHEME) ? url + strlen(REPORT_FIGURE_SCHEME) : NULL;
}

int report_template_figure_index(const ReportTemplate *body, const char *name)
{
    for (guint i = 0; i + 1 < body->figures->len; i++) {
        if (g_str_equal(g_ptr_array_index(body->figures, i), name)) {
            return (int)i;
        }
    }
    return -1;
}

static void collect_figures(ReportTemplate *body)
{
    cmark_iter *iter = cmark_iter_new(body->root);
    g_ptr_array_add(body->figures, NULL);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        const char *name = report_template_figure_name(cmark_iter_get_node(iter));
        if (name != NULL && report_template_figure_index(body, name) < 0) {
            g_ptr_array_insert(body->figures, (int)body->figures->len - 1, g_strdup(name));
        }
    }
    cmark_iter_free(iter);
}

ReportTemplate *report_template_parse(const char *body)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, body, strlen(body));
    ReportTemplate *parsed = g_new0(ReportTemplate, 1);
    parsed->source = g_strdup(body);
    parsed->root = cmark_parser_finish(parser);
    parsed->figures = g_ptr_array_new_with_free_func(g_free);
    cmark_parser_free(parser);
    collect_figures(parsed);
    return parsed;
}

void report_template_free(ReportTemplate *body)
{
    if (body != NULL) {
        g_free(body->source);
        cmark_node_free(body->root);
        g_ptr_array_unref(body->figures);
        g_free(body);
    }
}

const char *const *report_template_figures(const ReportTemplate *body, size_t *ret_n)
{
    *ret_n = body->figures->len - 1;
    return (const char *const *)body->figures->pdata;
}

/* Return the text of the heading @node, in which nothing opens; the caller owns it. */
static char *heading_text(cmark_node *node)
{
    GString *text = g_string_new(NULL);
    cmark_iter *iter = cmark_iter_new(node);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        const char *literal = cmark_node_get_literal(cmark_iter_get_node(iter));
        g_string_append(text, literal != NULL ? literal : "");
    }
    cmark_iter_free(iter);
    return g_string_free(text, false);
}

char *report_template_section(const ReportTemplate *body, const char *name)
{
    cmark_node *heading = NULL;
    cmark_iter *iter = cmark_iter_new(body->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
            heading = cmark_node_get_heading_level(node) > 1 ? node : NULL;
        } else if (g_strcmp0(report_template_figure_name(node), name) == 0) {
            break;
        }
    }
    cmark_iter_free(iter);
    g_autofree char *text = heading != NULL ? heading_text(heading) : g_strdup("");
    return g_strdup(report_number_skip(text));
}

cmark_node *report_template_new_text(const char *text)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, text);
    return node;
}

ReportTemplate *report_template_parse_again(cmark_node *root)
{
    char *source = cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0);
    ReportTemplate *made = report_template_parse(source);
    free(source);
    return made;
}

ReportTemplate *report_template_with_note(const ReportTemplate *body, const char *note)
{
    g_autoptr(ReportTemplate) noted = report_template_parse(body->source);
    cmark_node *first = cmark_node_first_child(noted->root);
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node_append_child(paragraph, report_template_new_text(note));
    bool has_title = first != NULL && cmark_node_get_type(first) == CMARK_NODE_HEADING &&
                     cmark_node_get_heading_level(first) == 1;
    if (has_title) {
        cmark_node_insert_after(first, paragraph);
    } else {
        cmark_node_prepend_child(noted->root, paragraph);
    }
    return report_template_parse_again(noted->root);
}

/* ---- inline text ----------------------------------------------------------------------------- */

/* What the writing of text shares. */
typedef struct TextWriter {
    const ReportTemplate *body;
    const ReportPhrase *phrases;
    int columns;
    bool has_notes;
    GString *out;
} TextWriter;

/* Return whether a line break of the source behind @text is a blank: Latin stands before it. */
static bool ends_narrow(const GString *text)
{
    if (text->len == 0) {
        return false;
    }
    const char *last = g_utf8_find_prev_char(text->str, text->str + text->len);
    return !g_unichar_iswide(g_utf8_get_char(last));
}

static void append_figure(const TextWriter *writer, const char *name, GString *line)
{
    int i = report_template_figure_index(writer->body, name);
    g_string_append(line, writer->phrases[i].text);
    if (writer->has_notes) {
        g_string_append_printf(line, "〔%d〕", i + 1);
    }
}

/* Append the text of what is inside @parent. */
static void append_inline(const TextWriter *writer, cmark_node *parent, GString *line)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node)) {
        const char *name = report_template_figure_name(node);
        cmark_node_type type = cmark_node_get_type(node);
        if (name != NULL) {
            append_figure(writer, name, line);
        } else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
            g_string_append(line, cmark_node_get_literal(node));
        } else if (type == CMARK_NODE_LINEBREAK ||
                   (type == CMARK_NODE_SOFTBREAK && ends_narrow(line))) {
            g_string_append_c(line, ' ');
        } else {
            append_inline(writer, node, line);
        }
    }
}

static char *inline_text(const TextWriter *writer, cmark_node *node)
{
    GString *line = g_string_new(NULL);
    append_inline(writer, node, line);
    return g_string_free(line, false);
}

/* ---- blocks of text -------------------------------------------------------------------------- */

static void append_blocks(const TextWriter *writer, cmark_node *parent, const char *mark,
                          int margin);

static void append_heading(const TextWriter *writer, cmark_node *node)
{
    g_autofree char *line = inline_text(writer, node);
    int width = language_width(line);
    bool is_title = cmark_node_get_heading_level(node) == 1;
    int margin = is_title && width < writer->columns ? (writer->columns - width) / 2 : 0;
    if (writer->out->len > 0 && !g_str_has_suffix(writer->out->str, "\n\n")) {
        g_string_append_c(writer->out, '\n');
    }
    language_wrap(line, writer->columns, margin, margin, writer->out);
    g_string_append_c(writer->out, '\n');
}

/* Append the paragraph @node, its first line begun with @mark. */
static void append_paragraph(const TextWriter *writer, cmark_node *node, const char *mark,
                             int margin)
{
    g_autofree char *words = inline_text(writer, node);
    g_autofree char *line = g_strconcat(mark, words, NULL);
    bool is_in_list = cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_ITEM;
    int first = is_in_list ? margin - language_width(mark) : margin + TEXT_INDENT;
    language_wrap(line, writer->columns, first, margin, writer->out);
}

static void append_list(const TextWriter *writer, cmark_node *list, int margin)
{
    bool is_numbered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(list);
    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item), number++) {
        g_autofree char *mark = is_numbered ? g_strdup_printf("%d. ", number) : g_strdup("· ");
        append_blocks(writer, item, mark, margin + TEXT_INDENT);
    }
}

/* Return the width of the widest cell of column @column of @table. */
static int column_width(const TextWriter *writer, cmark_node *table, int column)
{
    int widest = 0;
    for (cmark_node *row = cmark_node_first_child(table); row != NULL; row = cmark_node_next(row)) {
        cmark_node *cell = cmark_node_first_child(row);
        for (int i = 0; i < column && cell != NULL; i++) {
            cell = cmark_node_next(cell);
        }
        g_autofree char *text = cell != NULL ? inline_text(writer, cell) : g_strdup("");
        widest = MAX(widest, language_width(text));
    }
    return widest;
}

static void append_table(const TextWriter *writer, cmark_node *table, int margin)
{
    for (cmark_node *row = cmark_node_first_child(table); row != NULL; row = cmark_node_next(row)) {
        g_string_append_printf(writer->out, "%*s", margin, "");
        int column = 0;
        for (cmark_node *cell = cmark_node_first_child(row); cell != NULL;
             cell = cmark_node_next(cell), column++) {
            g_autofree char *text = inline_text(writer, cell);
            bool is_last = cmark_node_next(cell) == NULL;
            language_pad(text, is_last ? language_width(text) : column_width(writer, table, column),
                         writer->out);
            g_string_append(writer->out, is_last ? "\n" : "  ");
        }
    }
}

/* Append what is inside @parent, @margin columns to the right, the first paragraph begun with
 * @mark. */
static void append_blocks(const TextWriter *writer, cmark_node *parent, const char *mark,
                          int margin)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node), mark = "") {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HEADING) {
            append_heading(writer, node);
        } else if (type == CMARK_NODE_PARAGRAPH) {
            append_paragraph(writer, node, mark, margin);
        } else if (type == CMARK_NODE_LIST) {
            append_list(writer, node, margin);
        } else if (type == CMARK_NODE_BLOCK_QUOTE) {
            append_blocks(writer, node, mark, margin + TEXT_INDENT);
        } else if (type == CMARK_NODE_CODE_BLOCK) {
            g_string_append(writer->out, cmark_node_get_literal(node));
        } else if (g_str_equal(cmark_node_get_type_string(node), "table")) {
            append_table(writer, node, margin);
        } else if (type == CMARK_NODE_THEMATIC_BREAK) {
            g_string_append_c(writer->out, '\n');
        }
    }
}

void report_template_to_text(const ReportTemplate *body, const ReportPhrase *phrases, int columns,
                             bool has_notes, GString *out)
{
    const TextWriter writer = {body, phrases, columns, has_notes, out};
    append_blocks(&writer, body->root, "", 0);
}

/* ---- HTML ------------------------------------------------------------------------------------ */

/* Put the phrase of the figure @i in the link @node, whose address is then the figure's number.  It
 * stays a link until the HTML is made: what is not a link may not stand in the cell of a table. */
static void put_phrase(cmark_node *node, int i, const ReportPhrase *phrase)
{
    g_autofree char *url = g_strdup_printf(REPORT_FIGURE_SCHEME "%d", i);
    while (cmark_node_first_child(node) != NULL) {
        cmark_node_free(cmark_node_first_child(node));
    }
    cmark_node_append_child(node, report_template_new_text(phrase->text));
    cmark_node_set_url(node, url);
    cmark_node_set_title(node, "");
}

/* Write the links to the figure @i in @html as those of the figure @name.  Nothing else can look
 * like one: quotes in text are escaped, and raw HTML is left out. */
static void dress_links(int i, const char *name, const ReportPhrase *phrase,
                        const ReportLinks *links, GString *html)
{
    g_autofree char *plain = g_strdup_printf("<a href=\"" REPORT_FIGURE_SCHEME "%d\">", i);
    g_autofree char *address = g_strconcat(links->before, name, links->after, NULL);
    g_autofree char *escaped = g_markup_escape_text(address, -1);
    bool is_open = g_strcmp0(links->open, name) == 0;
    bool is_short =
        g_utf8_strlen(phrase->text, -1) <= WHOLE_CHARS; /* "80" ends no line without 余件 */
    g_autofree char *dressed =
        g_strdup_printf("<a class=\"figure%s%s\" href=\"%s\"%s>", phrase->is_false ? " false" : "",
                        is_short ? " whole" : "", escaped, is_open ? " aria-current=\"true\"" : "");
    g_string_replace(html, plain, dressed, 0);
}

/* Return whether @node ends (or begins, @is_end false) with a wide character; a figure does. */
static bool is_wide_at(cmark_node *node, bool is_end)
{
    if (node == NULL || report_template_figure_name(node) != NULL) {
        return true;
    }
    const char *text = cmark_node_get_literal(node);
    if (text == NULL || *text == '\0') {
        return false;
    }
    const char *at = is_end ? g_utf8_find_prev_char(text, text + strlen(text)) : text;
    return g_unichar_iswide(g_utf8_get_char(at));
}

/* Keep the year of a heading in one line: "2023年度" is one word, which browsers would break. */
static void keep_year_whole(cmark_node *text)
{
    g_autoptr(GRegex) year = g_regex_new("[0-9]{4}年度?", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *literal = g_strdup(cmark_node_get_literal(text));
    int begin = 0;
    int end = 0;
    if (!g_regex_match(year, literal, 0, &match) ||
        !g_match_info_fetch_pos(match, 0, &begin, &end)) {
        return;
    }
    g_autofree char *before = g_strndup(literal, (gsize)begin);
    g_autofree char *whole = g_strndup(literal + begin, (gsize)(end - begin));
    cmark_node *kept = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node_set_on_enter(kept, "<span class=\"whole\">");
    cmark_node_set_on_exit(kept, "</span>");
    cmark_node_append_child(kept, report_template_new_text(whole));
    cmark_node_set_literal(text, before);
    cmark_node_insert_after(text, kept);
    cmark_node_insert_after(kept, report_template_new_text(literal + end));
}

static void keep_years_whole(cmark_node *root)
{
    for (cmark_node *node = cmark_node_first_child(root); node != NULL;
         node = cmark_node_next(node)) {
        cmark_node *text =
            cmark_node_get_type(node) == CMARK_NODE_HEADING ? cmark_node_first_child(node) : NULL;
        if (text != NULL && cmark_node_get_type(text) == CMARK_NODE_TEXT) {
            keep_year_whole(text);
        }
    }
}

void report_template_to_html(const ReportTemplate *body, const ReportPhrase *phrases,
                             const ReportLinks *links, GString *out)
{
    g_autoptr(ReportTemplate) copy = report_template_parse(body->source); /* is changed below */
    cmark_iter *iter = cmark_iter_new(copy->root);
    for (cmark_event_type event = cmark_iter_next(iter); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iter)) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *name = event == CMARK_EVENT_EXIT ? report_template_figure_name(node) : NULL;
        if (name != NULL) {
            int i = report_template_figure_index(copy, name);
            put_phrase(node, i, &phrases[i]);
        } else if (cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK &&
                   is_wide_at(cmark_node_previous(node), true) &&
                   is_wide_at(cmark_node_next(node), false)) {
            cmark_node_free(node);
        }
    }
    cmark_iter_free(iter);
    keep_years_whole(copy->root);
    char *rendered = cmark_render_html(copy->root, CMARK_OPT_DEFAULT, NULL);
    g_autoptr(GString) html = g_string_new(rendered);
    free(rendered);
    for (guint i = 0; i + 1 < copy->figures->len; i++) {
        dress_links((int)i, g_ptr_array_index(copy->figures, i), &phrases[i], links, html);
    }
    g_string_append_len(out, html->str, (gssize)html->len);
}
