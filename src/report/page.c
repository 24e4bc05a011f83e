#include "report/page.h"

#include "base/message.h"
#include "html/escape.h"

extern const char report_css[]; /* report.css, embedded */

/* ---- cards ----------------------------------------------------------------------------------- */

static void free_line(gpointer data)
{
    ReportLine *line = data;
    g_free(line->term);
    g_free(line->text);
    g_free(line);
}

static void free_member(gpointer data)
{
    ReportMember *member = data;
    g_free(member->label);
    g_free(member->title);
    g_free(member->date);
    g_free(member->why);
    g_free(member->amount);
    g_free(member->found);
    g_free(member);
}

ReportCard *report_card_new(const char *name, const char *title)
{
    ReportCard *card = g_new0(ReportCard, 1);
    card->name = g_strdup(name);
    card->title = g_strdup(title);
    card->lines = g_ptr_array_new_with_free_func(free_line);
    card->members = g_ptr_array_new_with_free_func(free_member);
    return card;
}

void report_card_free(ReportCard *card)
{
    if (card != NULL) {
        g_free(card->name);
        g_free(card->title);
        g_free(card->number);
        g_free(card->section);
        g_free(card->phrase.text);
        g_ptr_array_unref(card->lines);
        g_ptr_array_unref(card->members);
        g_free(card);
    }
}

void report_card_add_line(ReportCard *card, const char *term, const char *text)
{
    ReportLine *line = g_new0(ReportLine, 1);
    line->term = g_strdup(term);
    line->text = g_strdup(text);
    g_ptr_array_add(card->lines, line);
}

/* ---- HTML ------------------------------------------------------------------------------------ */

/* Append @text between <@tag> and its end; nothing for NULL. */
static void append_element(GString *out, const char *tag, const char *text)
{
    if (text != NULL) {
        g_autofree char *escaped = g_markup_escape_text(text, -1);
        g_string_append_printf(out, "<%s>%s</%s>", tag, escaped, tag);
    }
}

static void append_members(const ReportPage *page, const ReportCard *card, bool is_counted,
                           GString *out)
{
    const char *heading = is_counted ? N_("Counted") : N_("Not counted");
    bool is_open = false;
    for (guint i = 0; i < card->members->len; i++) {
        const ReportMember *member = g_ptr_array_index(card->members, i);
        if (member->is_counted != is_counted) {
            continue;
        }
        if (!is_open) {
            append_element(out, "h3", message_get(page->language, heading));
            g_string_append(out, "<ul>\n");
            is_open = true;
        }
        g_string_append(out, "<li>");
        append_element(out, "b", member->label);
        append_element(out, "time", member->date);
        append_element(out, "span", member->title);
        append_element(out, "data", member->amount);
        append_element(out, "span", member->why);
        append_element(out, "span", member->found);
        g_string_append(out, "</li>\n");
    }
    if (is_open) {
        g_string_append(out, "</ul>\n");
    }
}

static void append_card(const ReportPage *page, const ReportCard *card, GString *out)
{
    g_autofree char *title = g_markup_escape_text(card->title, -1);
    g_autofree char *number = g_markup_escape_text(card->number, -1);
    g_autofree char *phrase = g_markup_escape_text(card->phrase.text, -1);
    g_string_append_printf(out,
                           "<section class=\"card\" id=\"figure-%s\"><h2>%s <a href=\"#report\">"
                           "%s</a></h2>\n<div class=\"big\">%s <small>%s</small></div>\n<dl>\n",
                           card->name, title, message_get(page->language, N_("close")), number,
                           phrase);
    for (guint i = 0; i < card->lines->len; i++) {
        const ReportLine *line = g_ptr_array_index(card->lines, i);
        append_element(out, "dt", line->term);
        append_element(out, "dd", line->text);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</dl>\n");
    append_members(page, card, !card->is_others_first, out);
    append_members(page, card, card->is_others_first, out);
    if (card->n_restricted > 0) {
        g_string_append_printf(out, "<p>%s %" G_GINT64_FORMAT "</p>",
                               message_get(page->language, N_("Not shown to you:")),
                               card->n_restricted);
    }
    g_string_append(out, "</section>\n");
}

/* Append what the text does not speak of, section by section. */
static void append_left_out(const ReportPage *page, GString *out)
{
    const char *section = NULL;
    for (guint i = 0; i < page->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(page->cards, i);
        if (card->section == NULL) {
            continue;
        }
        if (section == NULL) {
            append_element(out, "p",
                           message_get(page->language, N_("Not recorded, and so not in the text")));
        }
        if (g_strcmp0(section, card->section) != 0) {
            g_string_append(out, section != NULL ? "</ul>" : "");
            append_element(out, "h3", *card->section != '\0' ? card->section : NULL);
            g_string_append(out, "<ul>");
            section = card->section;
        }
        g_autofree char *title = g_markup_escape_text(card->title, -1);
        g_string_append_printf(out, "<li><a href=\"#figure-%s\">%s</a></li>", card->name, title);
    }
    g_string_append(out, section != NULL ? "</ul>" : "");
}

/* Append what stands where a card will: how to open one, and the claims that do not hold. */
static void append_hint(const ReportPage *page, GString *out)
{
    g_string_append(out, "<div class=\"hint\">");
    const ReportCard *first = page->cards->len > 0 ? g_ptr_array_index(page->cards, 0) : NULL;
    if (first != NULL && first->section == NULL) {
        append_element(
            out, "p",
            message_get(page->language, N_("Each underlined figure opens: how it is defined, and "
                                           "the entries it counts.")));
    }
    bool is_open = false;
    for (guint i = 0; i < page->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(page->cards, i);
        if (!card->phrase.is_false) {
            continue;
        }
        if (!is_open) {
            g_autofree char *heading = g_markup_escape_text(
                message_get(page->language, N_("What could not be said:")), -1);
            g_string_append_printf(out, "<p class=\"fault\">%s</p><ol>", heading);
            is_open = true;
        }
        g_autofree char *title = g_markup_escape_text(card->title, -1);
        g_string_append_printf(out, "<li><a href=\"#figure-%s\">%s</a></li>", card->name, title);
    }
    g_string_append(out, is_open ? "</ol>" : "");
    append_left_out(page, out);
    g_string_append(out, "</div>\n");
}

static void append_head(const ReportPage *page, GString *out)
{
    g_string_append_printf(
        out,
        "<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">\n",
        g_str_equal(page->language, "en") ? "en" : "zh-CN");
    append_element(out, "title", page->title);
    g_string_append_printf(out, "\n<style>\n%s</style>\n<header>", report_css);
    append_element(out, "b", page->office);
    append_element(out, "span", page->status);
    g_string_append(out, "</header>\n<main>\n<article id=\"report\">\n");
}

char *report_page_to_html(const ReportPage *page)
{
    GString *out = g_string_new(NULL);
    g_autofree ReportPhrase *phrases = g_new0(ReportPhrase, page->cards->len + 1);
    for (guint i = 0; i < page->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(page->cards, i);
        phrases[i] = card->phrase;
    }
    append_head(page, out);
    const ReportLinks links = {.before = "#figure-", .after = ""};
    g_autoptr(GString) body = g_string_new(NULL);
    report_template_to_html(page->body, phrases, &links, body);
    g_string_append(body, "<footer>");
    append_element(body, "p", page->log);
    g_string_append(body, "</footer>\n</article>\n<aside>\n");
    append_hint(page, body);
    for (guint i = 0; i < page->cards->len; i++) {
        append_card(page, g_ptr_array_index(page->cards, i), body);
    }
    const HtmlContext html = {.language = page->language};
    html_append_marked(out, &html, body->str);
    g_string_append(out, "</aside>\n</main>\n</html>\n");
    return g_string_free(out, false);
}
