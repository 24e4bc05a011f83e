#include "language/wrap.h"

static int char_width(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

int language_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        width += char_width(g_utf8_get_char(p));
    }
    return width;
}

/* ---- where lines may break ------------------------------------------------------------------- */

/* Return whether no line may begin with @c. */
static bool is_closing(gunichar c)
{
    switch ((int)g_unichar_break_type(c)) {
    case G_UNICODE_BREAK_CLOSE_PUNCTUATION:
    case G_UNICODE_BREAK_CLOSE_PARANTHESIS:
    case G_UNICODE_BREAK_EXCLAMATION:
    case G_UNICODE_BREAK_INFIX_SEPARATOR:
    case G_UNICODE_BREAK_NON_STARTER:
    case G_UNICODE_BREAK_POSTFIX:
    case G_UNICODE_BREAK_INSEPARABLE:
    case G_UNICODE_BREAK_COMBINING_MARK:
        return true;
    case G_UNICODE_BREAK_QUOTATION:
        return g_unichar_type(c) != G_UNICODE_INITIAL_PUNCTUATION;
    default:
        return false;
    }
}

/* Return whether no line may end with @c. */
static bool is_opening(gunichar c)
{
    switch ((int)g_unichar_break_type(c)) {
    case G_UNICODE_BREAK_OPEN_PUNCTUATION:
    case G_UNICODE_BREAK_PREFIX:
        return true;
    case G_UNICODE_BREAK_QUOTATION:
        return g_unichar_type(c) == G_UNICODE_INITIAL_PUNCTUATION;
    default:
        return false;
    }
}

/* Return whether @c is part of a word that is not broken: not Han, and no blank. */
static bool is_of_word(gunichar c)
{
    return !g_unichar_iswide(c) && !g_unichar_isspace(c);
}

/* Return whether a line may break between @before and @after. */
static bool may_break(gunichar before, gunichar after)
{
    return !is_opening(before) && !is_closing(after) && !(is_of_word(before) && is_of_word(after));
}

/* Return the end of the piece at @text, which is not a blank: what a line keeps together. */
static const char *piece_end(const char *text)
{
    const char *p = text;
    while (*p != '\0') {
        gunichar before = g_utf8_get_char(p);
        p = g_utf8_next_char(p);
        gunichar after = g_utf8_get_char(p); /* 0 at the end */
        if (after == 0 || g_unichar_isspace(after) || may_break(before, after)) {
            break;
        }
    }
    return p;
}

static const char *skip_blanks(const char *text)
{
    while (*text != '\0' && g_unichar_isspace(g_utf8_get_char(text))) {
        text = g_utf8_next_char(text);
    }
    return text;
}

/* ---- wrapping -------------------------------------------------------------------------------- */

static void append_blanks(GString *out, int n)
{
    for (int i = 0; i < n; i++) {
        g_string_append_c(out, ' ');
    }
}

void language_wrap(const char *text, int columns, int indent_first, int indent, GString *out)
{
    const char *p = skip_blanks(text);
    int used = 0; /* columns of the line so far, its indent included; 0: no line is begun */
    bool is_apart = false; /* a blank stands before the piece */
    for (int margin = indent_first; *p != '\0';) {
        const char *end = piece_end(p);
        g_autofree char *piece = g_strndup(p, (gsize)(end - p));
        int width = language_width(piece) + (is_apart && used > margin ? 1 : 0);
        if (used > margin && used + width > columns) {
            g_string_append_c(out, '\n');
            margin = indent;
            used = 0;
        }
        if (used == 0) {
            append_blanks(out, margin);
            used = margin;
        } else if (is_apart) {
            g_string_append_c(out, ' ');
            used++;
        }
        g_string_append(out, piece);
        used += language_width(piece);
        p = skip_blanks(end);
        is_apart = p != end;
    }
    if (used > 0) {
        g_string_append_c(out, '\n');
    }
}

void language_pad(const char *text, int columns, GString *out)
{
    int width = language_width(text);
    if (width <= columns) {
        g_string_append(out, text);
        append_blanks(out, columns - width);
        return;
    }
    int used = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (used + char_width(c) > columns - 1) {
            break;
        }
        g_string_append_unichar(out, c);
        used += char_width(c);
    }
    g_string_append(out, "…");
    append_blanks(out, columns - 1 - used);
}
