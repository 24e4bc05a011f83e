#include "html/escape.h"

#include "base/text.h"

/* Return what stands for @c, a control character that HTML forbids or one that means something in
 * it. */
static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return "\xef\xbf\xbd";
    }
}

/* Whether a byte stands for itself: all but NUL, control characters, & < > " and '. */
static const bool is_plain[256] = {
    ['\t'] = true,        ['\n'] = true,        ['\r'] = true,
    [' ' ... '!'] = true, ['#' ... '%'] = true, ['(' ... ';'] = true,
    ['='] = true,         ['?' ... '~'] = true, [0x80 ... 0xff] = true};

void html_append_text(GString *out, const char *text)
{
    for (const char *at = text; at != NULL; at++) {
        const char *start = at;
        while (is_plain[(unsigned char)*at]) {
            at++;
        }
        html_append_bytes(out, start, (size_t)(at - start));
        if (*at == '\0') {
            return;
        }
        g_string_append(out, escape_of((unsigned char)*at));
    }
}

#define LANG_CHINESE "lang=\"zh-CN\""

/* Return whether there is Chinese in the @n bytes at @text. */
static bool has_chinese(const char *text, size_t n)
{
    for (const char *at = text; at < text + n; at = g_utf8_next_char(at)) {
        if (g_unichar_iswide(g_utf8_get_char(at))) {
            return true;
        }
    }
    return false;
}

static bool is_english(const HtmlContext *html)
{
    return html->language[0] == 'e';
}

void html_append_marked(GString *out, const HtmlContext *html, const char *markup)
{
    while (*markup != '\0') {
        bool is_tag = *markup == '<';
        size_t n = MAX(strcspn(markup, is_tag ? ">" : " \n<"), 1);
        n += is_tag && markup[n] == '>';
        bool is_chinese = !is_tag && is_english(html) && has_chinese(markup, n);
        g_string_append(out, is_chinese ? "<span " LANG_CHINESE ">" : "");
        html_append_bytes(out, markup, n);
        g_string_append(out, is_chinese ? "</span>" : "");
        markup += n;
    }
}

void html_append_data(GString *out, const HtmlContext *html, const char *text)
{
    if (!is_english(html)) {
        html_append_text(out, text);
        return;
    }
    g_autoptr(GString) escaped = g_string_new(NULL);
    html_append_text(escaped, text);
    html_append_marked(out, html, escaped->str);
}

void html_append_lang(GString *out, const HtmlContext *html, const char *text)
{
    if (is_english(html) && text != NULL && has_chinese(text, strlen(text))) {
        html_append_literal(out, " " LANG_CHINESE);
    }
}

/* Return whether @url leads to this server or by a scheme that runs nothing. */
static bool is_harmless(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    if (url[0] == '/') {
        return url[1] != '/' && url[1] != '\\';
    }
    if (url[0] == '?' || url[0] == '#' || url[0] == '\0') {
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) == 0) {
            return true;
        }
    }
    return false;
}

void html_append_url(GString *out, const char *base, const char *url)
{
    if (url == NULL) {
        return;
    }
    if (!is_harmless(url)) {
        g_string_append_c(out, '#');
        return;
    }
    html_append_text(out, url[0] == '/' ? base : NULL);
    html_append_text(out, url);
}

void html_append_url_part(GString *out, const char *part)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const unsigned char *p = (const unsigned char *)part; p != NULL && *p != '\0'; p++) {
        if (g_ascii_isalnum(*p) || strchr("-._~", *p) != NULL) {
            g_string_append_c(out, (char)*p);
        } else {
            g_string_append_c(out, '%');
            g_string_append_c(out, hex[*p >> 4]);
            g_string_append_c(out, hex[*p & 15]);
        }
    }
}

void html_append_int(GString *out, int64_t number)
{
    text_append_int(out, number);
}
