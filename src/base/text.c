#include "base/text.h"

#include <errno.h>

#define MAX_EXCERPT_CHARS 40 /* of a text that an error shows */

bool text_is_valid(const char *text, size_t length, size_t *ret_offset)
{
    const char *end = NULL;
    if (g_utf8_validate_len(text, length, &end)) {
        return true;
    }
    if (ret_offset != NULL) {
        *ret_offset = (size_t)(end - text);
    }
    return false;
}

static bool is_space(gunichar c)
{
    return g_unichar_isspace(c) || c == 0xFEFF || c == 0x200B;
}

bool text_is_control(gunichar c)
{
    return (g_unichar_iscntrl(c) && c != '\t' && c != '\n' && c != '\r') ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool text_find_control(const char *text, size_t length, char *ret_name)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t c = (uint8_t)text[i];
        bool may_begin_one =
            c < ' ' || c == 0x7f || c == 0xc2 || c == 0xe2; /* most are passed by */
        if (may_begin_one && text_is_control(g_utf8_get_char(text + i))) {
            if (ret_name != NULL) {
                g_snprintf(ret_name, TEXT_CONTROL_SIZE, "U+%04X", g_utf8_get_char(text + i));
            }
            return true;
        }
    }
    return false;
}

/* Return @text as far as it goes on one line of an error, its controls as U+FFFD. */
static char *excerpt(const char *text)
{
    GString *out = g_string_new(NULL);
    int n_chars = 0;
    for (; *text != '\0' && n_chars < MAX_EXCERPT_CHARS; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(out, text_is_control(c) ? 0xfffd : is_space(c) ? ' ' : c);
        n_chars++;
    }
    g_string_append(out, *text != '\0' ? "…" : "");
    return g_string_free(out, false);
}

bool text_check_readable(const char *text, GError **error)
{
    char control[TEXT_CONTROL_SIZE];
    if (text == NULL || !text_find_control(text, strlen(text), control)) {
        return true;
    }
    g_autofree char *shown = excerpt(text);
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' has a character that is not to be seen (%s): a control character, or one"
              " that turns the direction of text; type it anew",
              shown, control);
    return false;
}

bool text_check_line(const char *text, GError **error)
{
    if (!text_check_readable(text, error)) {
        return false;
    }
    if (text != NULL && strpbrk(text, "\t\r\n") != NULL) {
        g_autofree char *shown = excerpt(text);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' has a line break or a tab where it must stand on one line", shown);
        return false;
    }
    return true;
}

bool text_is_blank(const char *text)
{
    if (text == NULL) {
        return true;
    }
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!is_space(g_utf8_get_char(text))) {
            return false;
        }
    }
    return true;
}

char *text_unify_breaks(char *text)
{
    char *out = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '\r') {
            *out++ = *at;
        } else if (at[1] != '\n') {
            *out++ = '\n';
        }
    }
    *out = '\0';
    return text;
}

char *text_strip_dup(const char *text)
{
    while (*text != '\0' && is_space(g_utf8_get_char(text))) {
        text = g_utf8_next_char(text);
    }
    const char *end = text + strlen(text);
    while (end > text) {
        const char *before = g_utf8_prev_char(end);
        if (!is_space(g_utf8_get_char(before))) {
            break;
        }
        end = before;
    }
    return g_strndup(text, (gsize)(end - text));
}

bool text_parse_int(const char *text, int64_t *ret_value)
{
    return text_parse_decimal(text, 0, ret_value);
}

bool text_parse_decimal(const char *text, int decimals, int64_t *ret_scaled)
{
    bool is_negative = *text == '-';
    const char *at = text + (is_negative ? 1 : 0);
    int64_t value = 0;
    int fraction = -1; /* digits after the point so far; -1 before the point */
    int n_digits = 0;
    for (; *at != '\0'; at++) {
        if (*at == '.' && fraction < 0 && decimals > 0 && n_digits > 0) {
            fraction = 0;
            continue;
        }
        if (!g_ascii_isdigit(*at)) {
            return false;
        }
        n_digits++;
        if (fraction >= decimals) {
            if (*at != '0') {
                return false;
            }
            continue;
        }
        fraction += fraction >= 0 ? 1 : 0;
        int digit = *at - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) { /* negative: it reaches one further */
            return false;
        }
    }
    if (n_digits == 0 || fraction == 0) {
        return false;
    }
    for (int i = fraction < 0 ? 0 : fraction; i < decimals; i++) {
        if (__builtin_mul_overflow(value, 10, &value)) {
            return false;
        }
    }
    if (!is_negative && __builtin_sub_overflow(0, value, &value)) {
        return false;
    }
    *ret_scaled = value;
    return true;
}

const char *text_format_int(int64_t value, char *buffer)
{
    char *at = buffer + TEXT_INT_SIZE; /* from its end: printf would take most of an event's time */
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    *--at = '\0';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        *--at = '-';
    }
    return at;
}

char *text_format_decimal(int64_t scaled, int decimals)
{
    char digits[32];
    uint64_t magnitude = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    g_snprintf(digits, sizeof digits, "%0*" G_GUINT64_FORMAT, decimals + 1, magnitude);
    size_t whole = strlen(digits) - (size_t)decimals;
    return g_strdup_printf("%s%.*s%s%s", scaled < 0 ? "-" : "", (int)whole, digits,
                           decimals > 0 ? "." : "", digits + whole);
}

char *text_group_digits(const char *number)
{
    const char *digits = number + (*number == '-' ? 1 : 0);
    size_t n = strspn(digits, "0123456789");
    GString *out = g_string_new(number);
    for (size_t left = 3; n > 4 && left < n; left += 3) {
        g_string_insert_c(out, digits - number + (gssize)(n - left), ',');
    }
    return g_string_free(out, false);
}

void text_append_int(GString *out, int64_t value)
{
    char digits[TEXT_INT_SIZE];
    g_string_append(out, text_format_int(value, digits));
}

/* Edit distance over code points in which two neighbours that changed places are one slip (optimal
 * string alignment); three rows of the table are kept, not the table. */
static size_t edit_distance(const gunichar *a, glong n_a, const gunichar *b, glong n_b)
{
    size_t width = (size_t)n_b + 1;
    g_autofree size_t *rows = g_new0(size_t, 3 * width);
    size_t *before = rows, *above = rows + width, *row = rows + 2 * width;
    for (size_t j = 0; j < width; j++) {
        row[j] = j;
    }
    for (glong i = 1; i <= n_a; i++) {
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = (size_t)i;
        for (glong j = 1; j <= n_b; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = MIN(MIN(row[j - 1], above[j]) + 1, replaced);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = MIN(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[n_b];
}

const char *text_nearest(const char *text, const char *const *candidates)
{
    enum { MAX_CHARS = 64 };
    glong n_text = 0;
    g_autofree gunichar *wanted = g_utf8_to_ucs4_fast(text, -1, &n_text);
    if (n_text == 0 || n_text > MAX_CHARS) {
        return NULL;
    }
    size_t limit = MAX(1, (size_t)n_text / 3);
    const char *best = NULL;
    size_t best_distance = limit + 1;
    for (; *candidates != NULL; candidates++) {
        glong n_other = 0;
        g_autofree gunichar *other = g_utf8_to_ucs4_fast(*candidates, -1, &n_other);
        if (n_other > MAX_CHARS) {
            continue;
        }
        size_t distance = edit_distance(wanted, n_text, other, n_other);
        if (distance < best_distance && distance < (size_t)MAX(n_text, n_other)) {
            best_distance = distance;
            best = *candidates;
        }
    }
    return best;
}

char *text_to_hex(const uint8_t *bytes, size_t length)
{
    GString *hex = g_string_sized_new(2 * length + 1);
    text_append_hex(hex, bytes, length);
    return g_string_free(hex, false);
}

void text_append_hex(GString *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        g_string_append_len(out, pair, 2);
    }
}

bool text_from_hex(const char *hex, uint8_t *ret_bytes, size_t length)
{
    if (strlen(hex) != 2 * length) {
        return false;
    }
    for (size_t i = 0; i < 2 * length; i++) {
        if (!g_ascii_isxdigit(hex[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < length; i++) {
        ret_bytes[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    return true;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_iszerowidth(c)) {
            width += g_unichar_iswide(c) ? 2 : 1;
        }
    }
    return width;
}

char *text_format_size(int64_t n_bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    int64_t tenths = n_bytes / 100; /* of a kB, then of the unit */
    size_t i = 1;
    if (n_bytes < 1000) {
        return g_strdup_printf("%" G_GINT64_FORMAT " B", n_bytes);
    }
    for (; tenths >= 10000 && i + 1 < G_N_ELEMENTS(units); i++) {
        tenths /= 1000;
    }
    return g_strdup_printf("%" G_GINT64_FORMAT ".%d %s", tenths / 10, (int)(tenths % 10), units[i]);
}

/* ---- printf ---------------------------------------------------------------------------------- */

static char *format_list(const char *format, va_list list) G_GNUC_PRINTF(1, 0);
static char *format_list(const char *format, va_list list)
{
    char *text = g_strdup_vprintf(format, list);
    if (text == NULL) {
        g_error("there is no memory to write a text");
    }
    return text;
}

char *text_printf(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = format_list(format, list);
    va_end(list);
    return text;
}

void text_append_printf(GString *out, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *text = format_list(format, list);
    va_end(list);
    g_string_append(out, text);
}
