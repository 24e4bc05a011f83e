#include "html/escape.h"

/* Append the first @length bytes of @text, escaped. */
static void append_escaped(GString *out, const char *text, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        const char *with = NULL;
        unsigned char c = (unsigned char)text[i];
        switch (c) {
        case '&':
            with = "&amp;";
            break;
        case '<':
            with = "&lt;";
            break;
        case '>':
            with = "&gt;";
            break;
        case '"':
            with = "&quot;";
            break;
        case '\'':
            with = "&#39;";
            break;
        default:
            if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
                with = "\xef\xbf\xbd";
            }
            break;
        }
        if (with != NULL) {
            g_string_append_len(out, text + start, (gssize)(i - start));
            g_string_append(out, with);
            start = i + 1;
        }
    }
    g_string_append_len(out, text + start, (gssize)(length - start));
}

void html_append_text(GString *out, const char *text)
{
    if (text != NULL) {
        append_escaped(out, text, strlen(text));
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
    g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
}
