/* Escaping: how a value enters a page.  The run time of compiled templates
 * (tools/compile-templates.py), which picks the function by the place of the value.
 *
 * Every function takes any UTF-8 and writes NULL as nothing.  Control characters that HTML forbids
 * become U+FFFD.
 *
 * Pure; safe from every thread. */
#pragma once

#include <string.h>

#include "base/error.h"

/* Whom a page is written for, and where its site stands: what every compiled template takes.  Both
 * are borrowed. */
typedef struct HtmlContext {
    const char *language; /* "zh" or "en" */
    const char *base;     /* of the site's addresses: "" or "/NAME", percent-encoded */
} HtmlContext;

/* Append @n @bytes as they are; not for values.  A page is made of thousands of such pieces: they
 * are copied in place where @out has room. */
static inline void html_append_bytes(GString *out, const char *bytes, size_t n)
{
    if (n < out->allocated_len - out->len) {
        memcpy(out->str + out->len, bytes, n);
        out->len += n;
        out->str[out->len] = '\0';
    } else {
        g_string_append_len(out, bytes, (gssize)n);
    }
}

/* Append the literal @text of a template as it is. */
#define html_append_literal(out, text) html_append_bytes((out), "" text, sizeof(text) - 1)

/* Append @text as text between tags, or inside a quoted attribute: & < > " ' are escaped. */
void html_append_text(GString *out, const char *text);

/* Append @text, which people wrote in whatever language, as text between tags: in a page that is
 * English each word of it that has Chinese in it stands in an element that says so, for what reads
 * the page aloud (WCAG 2.2, 3.1.2). */
void html_append_data(GString *out, const HtmlContext *html, const char *text);

/* Append the @markup of whole elements with such text between its tags, likewise. */
void html_append_marked(GString *out, const HtmlContext *html, const char *markup);

/* Append the attribute that says so of an element with @text in it, where it is so, and a blank
 * before it. */
void html_append_lang(GString *out, const HtmlContext *html, const char *text);

/* Append @url as the whole value of an attribute that leads somewhere (href, src, action), with
 * @base in front where it begins with "/".
 *
 * Only addresses of this server ("/…" but not "//…", "?…", "#…") and https:, http: and mailto: are
 * written; any other, such as javascript:, becomes "#". */
void html_append_url(GString *out, const char *base, const char *url);

/* Append @part as a part of such a value: percent-encoded but for letters, digits and "-._~". */
void html_append_url_part(GString *out, const char *part);

/* Append @number as digits. */
void html_append_int(GString *out, int64_t number);
