#include "schema/number.h"

#define YEAR "{year}"
#define MAX_DIGITS 18

/* A part of a pattern: up to the next part, or one of the two placeholders. */
typedef struct Part {
    enum { PART_END, PART_CHARACTER, PART_YEAR, PART_N, PART_BAD } kind;
    size_t length; /* bytes in the pattern */
    int width;     /* N: least number of digits */
} Part;

static Part next_part(const char *at)
{
    if (*at == '\0') {
        return (Part){.kind = PART_END};
    }
    if (*at == '}') {
        return (Part){.kind = PART_BAD, .length = 1};
    }
    if (*at != '{') {
        return (Part){.kind = PART_CHARACTER, .length = (size_t)(g_utf8_next_char(at) - at)};
    }
    if (g_str_has_prefix(at, YEAR)) {
        return (Part){.kind = PART_YEAR, .length = strlen(YEAR)};
    }
    if (g_str_has_prefix(at, "{n}")) {
        return (Part){.kind = PART_N, .length = strlen("{n}"), .width = 1};
    }
    if (g_str_has_prefix(at, "{n:") && at[3] >= '1' && at[3] <= '9' && at[4] == '}') {
        return (Part){.kind = PART_N, .length = strlen("{n:W}"), .width = at[3] - '0'};
    }
    return (Part){.kind = PART_BAD, .length = 1};
}

/* Return whether the character at @at may stand in a number: it is seen, and lists and commands do
 * not take it for something of theirs. */
static bool is_literal(const char *at)
{
    gunichar c = g_utf8_get_char(at);
    return g_unichar_isgraph(c) && (c > 0x7f || strchr("#,;\"'", (int)c) == NULL) && c != 0x3001 &&
           c != 0xff0c && c != 0xff1b; /* 、，； */
}

bool schema_number_check(SchemaProblems *problems, SchemaPlace place, const char *pattern)
{
    int n_years = 0;
    int n_numbers = 0;
    bool was_number = false;
    if (g_utf8_strlen(pattern, -1) > SCHEMA_NUMBER_MAX_CHARS) {
        schema_problems_add(problems, place, N_("a number pattern of more than %d characters"),
                            SCHEMA_NUMBER_MAX_CHARS);
        return false;
    }
    for (Part part = next_part(pattern); part.kind != PART_END; part = next_part(pattern)) {
        if (part.kind == PART_BAD) {
            schema_problems_add(problems, place,
                                N_("'%s' in a number pattern is neither {year} nor {n} nor {n:5}"),
                                pattern);
            return false;
        }
        if (part.kind == PART_CHARACTER && !is_literal(pattern)) {
            schema_problems_add(problems, place,
                                N_("'%s' cannot begin like this in a number pattern: no blanks, "
                                   "commas, quotes or #"),
                                pattern);
            return false;
        }
        bool is_digit = part.kind == PART_YEAR || g_ascii_isdigit(*pattern);
        if (was_number && (is_digit || part.kind == PART_N)) {
            schema_problems_add(problems, place,
                                N_("a digit after {n} could not be told from the number"));
            return false;
        }
        n_years += part.kind == PART_YEAR ? 1 : 0;
        n_numbers += part.kind == PART_N ? 1 : 0;
        was_number = part.kind == PART_N;
        pattern += part.length;
    }
    if (n_numbers != 1 || n_years > 1) {
        schema_problems_add(
            problems, place,
            N_("a number pattern needs {n} or {n:5} once, and {year} at most once"));
        return false;
    }
    return true;
}

bool schema_number_has_year(const char *pattern)
{
    return strstr(pattern, YEAR) != NULL;
}

char *schema_number_format(const char *pattern, int year, int64_t n)
{
    GString *out = g_string_new(NULL);
    for (Part part = next_part(pattern); part.kind != PART_END; part = next_part(pattern)) {
        if (part.kind == PART_YEAR) {
            g_string_append_printf(out, "%04d", year);
        } else if (part.kind == PART_N) {
            g_string_append_printf(out, "%0*" G_GINT64_FORMAT, part.width, n);
        } else {
            g_string_append_len(out, pattern, (gssize)part.length);
        }
        pattern += part.length;
    }
    return g_string_free(out, false);
}

/* Read a year of four digits at *@at. */
static bool parse_year(const char **at, int *ret_year)
{
    if (strspn(*at, "0123456789") < 4) {
        return false;
    }
    *ret_year = g_ascii_digit_value((*at)[0]) * 1000 + g_ascii_digit_value((*at)[1]) * 100 +
                g_ascii_digit_value((*at)[2]) * 10 + g_ascii_digit_value((*at)[3]);
    *at += 4;
    return *ret_year > 0;
}

/* Read a number of at least @width digits at *@at: with leading zeros only up to its width. */
static bool parse_n(const char **at, int width, int64_t *ret_n)
{
    size_t n_digits = strspn(*at, "0123456789");
    if (n_digits < (size_t)width || n_digits > MAX_DIGITS ||
        (n_digits > (size_t)width && **at == '0')) {
        return false;
    }
    *ret_n = g_ascii_strtoll(*at, NULL, 10);
    *at += n_digits;
    return *ret_n > 0;
}

/* Return whether @c and @d are the same character, as far as a keyboard can tell: letters of either
 * case, and the brackets of documents in any of their forms. */
static bool is_same(gunichar c, gunichar d)
{
    static const char *const forms[] = {"[［〔【(（", "]］〕】)）"};
    if (c == d || (c < 0x80 && d < 0x80 && g_ascii_tolower((char)c) == g_ascii_tolower((char)d))) {
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (g_utf8_strchr(forms[i], -1, c) != NULL) {
            return d != 0 && g_utf8_strchr(forms[i], -1, d) != NULL;
        }
    }
    return false;
}

bool schema_number_parse(const char *pattern, const char *text, int *ret_year, int64_t *ret_n)
{
    int year = 0;
    int64_t n = 0;
    for (Part part = next_part(pattern); part.kind != PART_END; part = next_part(pattern)) {
        if (part.kind == PART_YEAR) {
            if (!parse_year(&text, &year)) {
                return false;
            }
        } else if (part.kind == PART_N) {
            if (!parse_n(&text, part.width, &n)) {
                return false;
            }
        } else {
            if (!is_same(g_utf8_get_char(pattern), g_utf8_get_char(text))) {
                return false;
            }
            text = g_utf8_next_char(text);
        }
        pattern += part.length;
    }
    if (*text != '\0') {
        return false;
    }
    *ret_year = year;
    *ret_n = n;
    return true;
}

/* Return whether a number of the pattern @a, short or long, reads as one of @b. */
static bool reads_as(const char *a, const char *b)
{
    static const int64_t samples[] = {1, 12, 123, 1234, 12345, 123456, 1234567, 1234567890};
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *number = schema_number_format(a, 2023, samples[i]);
        int year = 0;
        int64_t n = 0;
        if (schema_number_parse(b, number, &year, &n)) {
            return true;
        }
    }
    return false;
}

/* Return whether @a and @b have the same characters up to the first placeholder of either. */
static bool begin_alike(const char *a, const char *b)
{
    Part left = next_part(a);
    Part right = next_part(b);
    while (left.kind == PART_CHARACTER && right.kind == PART_CHARACTER) {
        if (!is_same(g_utf8_get_char(a), g_utf8_get_char(b))) {
            return false;
        }
        a += left.length;
        b += right.length;
        left = next_part(a);
        right = next_part(b);
    }
    return true;
}

bool schema_number_may_clash(const char *a, const char *b)
{
    return begin_alike(a, b) && (reads_as(a, b) || reads_as(b, a));
}

char *schema_ledger_format_number(const SchemaLedger *ledger, int year, int64_t n)
{
    return schema_number_format(ledger->number, year, n);
}

bool schema_ledger_parse_number(const SchemaLedger *ledger, const char *text, int *ret_year,
                                int64_t *ret_n)
{
    return schema_number_parse(ledger->number, text, ret_year, ret_n);
}
