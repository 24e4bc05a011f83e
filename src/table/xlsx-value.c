#include "table/xlsx-value.h"

#include <math.h>

#include "language/date-spelling.h"

#define MS_PER_DAY INT64_C(86400000)
#define MAX_SERIAL 2958466.0         /* one past 9999-12-31 */
#define MAX_EXACT 9007199254740992.0 /* 2^53: integers below are exact */
#define MAX_INTEGER 40U              /* digits of an integer that is kept as it is written */

/* ---- formats --------------------------------------------------------------------------------- */

typedef struct FormatRange {
    int64_t first, last;
    XlsxFormat format;
} FormatRange;

static const FormatRange built_in[] = {
    {14, 17, XLSX_FORMAT_DATE}, {18, 21, XLSX_FORMAT_TIME}, {22, 22, XLSX_FORMAT_DATE_TIME},
    {27, 31, XLSX_FORMAT_DATE}, {32, 35, XLSX_FORMAT_TIME}, {36, 36, XLSX_FORMAT_DATE},
    {45, 45, XLSX_FORMAT_TIME}, {46, 46, XLSX_FORMAT_SPAN}, {47, 47, XLSX_FORMAT_TIME},
    {50, 54, XLSX_FORMAT_DATE}, {55, 56, XLSX_FORMAT_TIME}, {57, 58, XLSX_FORMAT_DATE},
};

XlsxFormat xlsx_format_from_id(int64_t id)
{
    for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
        if (id >= built_in[i].first && id <= built_in[i].last) {
            return built_in[i].format;
        }
    }
    return XLSX_FORMAT_NUMBER;
}

/* Return what follows the bracket [...] at @at; *@ret_is_span when it holds h, m or s alone. */
static const char *pass_bracket(const char *at, bool *ret_is_span)
{
    const char *end = strchr(at, ']');
    if (end == NULL) {
        return at + strlen(at);
    }
    size_t n = strspn(at + 1, "hHmMsS");
    *ret_is_span = *ret_is_span || (n > 0 && at + 1 + n == end);
    return end + 1;
}

/* Return what follows at @at: a quoted text, an escaped character, or the next byte. */
static const char *pass_literal(const char *at)
{
    if (*at == '"') {
        const char *end = strchr(at + 1, '"');
        return end != NULL ? end + 1 : at + strlen(at);
    }
    bool is_pair = *at == '\\' || *at == '_' || *at == '*';
    return at[1] != '\0' && is_pair ? g_utf8_next_char(at + 1) : at + 1;
}

/* What a format writes behind a number that makes it another. */
static const struct {
    XlsxFormat format;
    const char *word;
} scales[] = {
    {XLSX_FORMAT_TEN_THOUSANDS, "万"},
    {XLSX_FORMAT_HUNDRED_MILLIONS, "亿"},
    {XLSX_FORMAT_THOUSANDS, "千"},
};

/* Return whether the first section of @code changes the number itself before it shows it: by a
 * comma behind its digits, or a point that is drawn into it. */
static bool is_drawn(const char *section)
{
    for (const char *at = section; *at != '\0'; at++) {
        bool is_grouping = *at == ',' && at[1] != '\0' && strchr("0#?", at[1]) != NULL;
        if (*at == '!' || (*at == ',' && !is_grouping)) {
            return true;
        }
    }
    return false;
}

/* Return by what @code multiplies in words, which a cell says with its number; XLSX_FORMAT_NUMBER
 * where it does not. */
static XlsxFormat scale_of_code(const char *code)
{
    g_autofree char *section = g_strndup(code, strcspn(code, ";"));
    if (strpbrk(section, "0#") == NULL || is_drawn(section)) {
        return XLSX_FORMAT_NUMBER;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++) {
        const char *at = strstr(section, scales[i].word);
        bool is_length = at != NULL && scales[i].format == XLSX_FORMAT_THOUSANDS &&
                         !g_str_has_prefix(at, "千元"); /* 千米, 千瓦 */
        if (at != NULL && !is_length) {
            return scales[i].format;
        }
    }
    return XLSX_FORMAT_NUMBER;
}

/* Return the word of @format; NULL where it has none. */
static const char *word_of_scale(XlsxFormat format)
{
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++) {
        if (scales[i].format == format) {
            return scales[i].word;
        }
    }
    return NULL;
}

XlsxFormat xlsx_format_from_code(const char *code)
{
    bool has_day = false, has_time = false, has_month = false, is_span = false;
    if (g_ascii_strcasecmp(code, "General") == 0) {
        return XLSX_FORMAT_NUMBER;
    }
    for (const char *at = code; *at != '\0' && *at != ';';) {
        if (*at == '[') {
            at = pass_bracket(at, &is_span);
            continue;
        }
        has_day = has_day || strchr("yYdD", *at) != NULL;
        has_time = has_time || strchr("hHsS", *at) != NULL;
        has_month = has_month || *at == 'm' || *at == 'M';
        at = pass_literal(at);
    }
    if (is_span) {
        return XLSX_FORMAT_SPAN;
    }
    if (has_day || (has_month && !has_time)) {
        return has_time ? XLSX_FORMAT_DATE_TIME : XLSX_FORMAT_DATE;
    }
    return has_time ? XLSX_FORMAT_TIME : scale_of_code(code);
}

/* ---- numbers --------------------------------------------------------------------------------- */

#define MAX_PLAIN_POWER 40 /* of ten; beyond, nothing is counted, and nobody reads the zeros */

/* Write "1.5e-07" as a plain decimal to @buffer; 1e+300 as a spreadsheet shows it, 1E+300. */
static void write_expanded(const char *text, const char *exponent, char *buffer)
{
    int power = (int)g_ascii_strtoll(exponent + 1, NULL, 10);
    if (ABS(power) > MAX_PLAIN_POWER) {
        g_autofree char *shown = g_ascii_strup(text, -1);
        g_strlcpy(buffer, shown, XLSX_VALUE_SIZE);
        return;
    }
    g_autoptr(GString) digits = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(text[0] == '-' ? "-" : "");
    for (const char *at = text; at < exponent; at++) {
        if (g_ascii_isdigit(*at)) {
            g_string_append_c(digits, *at);
        }
    }
    if (power < 0) {
        g_autofree char *zeros = g_strnfill((gsize)(-power - 1), '0');
        g_string_append_printf(out, "0.%s%s", zeros, digits->str);
    } else { /* 15 or more: there is no fraction left */
        g_autofree char *zeros = g_strnfill((gsize)power + 1 - digits->len, '0');
        g_string_append_printf(out, "%s%s", digits->str, zeros);
    }
    g_strlcpy(buffer, out->str, XLSX_VALUE_SIZE);
}

/* Write @number with at most 15 digits, without an exponent unless it is out of all measure. */
static void write_number(double number, char *buffer)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (number == floor(number) && fabs(number) < MAX_EXACT) {
        g_snprintf(buffer, XLSX_VALUE_SIZE, "%" G_GINT64_FORMAT, (int64_t)number);
        return;
    }
    g_ascii_formatd(text, sizeof text, "%.15g", number);
    const char *exponent = strchr(text, 'e');
    if (exponent != NULL) {
        write_expanded(text, exponent, buffer);
    } else {
        g_strlcpy(buffer, text, XLSX_VALUE_SIZE);
    }
}

static bool is_integer(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t n = strspn(digits, "0123456789");
    return n > 0 && n <= MAX_INTEGER && digits[n] == '\0';
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Write hours, minutes and seconds of @ms. */
static void write_clock(int64_t ms, char *buffer, size_t size)
{
    int64_t s = ms / 1000;
    int n = g_snprintf(buffer, size, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60),
                       (int)(s % 60));
    if (ms % 1000 != 0) {
        g_snprintf(buffer + n, size - (size_t)n, ".%03d", (int)(ms % 1000));
    }
}

/* Write the day and time @ms after the beginning of the calendar; false when there is no such day.
 */
static bool write_day(int64_t ms, bool is_1904, bool shows_time, char *buffer,
                      TableCellKind *ret_kind)
{
    LanguageDate day;
    int64_t serial = ms / MS_PER_DAY;
    int64_t rest = ms % MS_PER_DAY;
    if (!language_date_from_serial((double)serial, is_1904, &day, NULL)) {
        return false;
    }
    date_format(day.date, buffer);
    *ret_kind = TABLE_CELL_DATE;
    if (rest != 0 || shows_time) {
        buffer[DATE_TEXT_SIZE - 1] = 'T';
        write_clock(rest, buffer + DATE_TEXT_SIZE, XLSX_VALUE_SIZE - DATE_TEXT_SIZE);
        *ret_kind = TABLE_CELL_TIME;
    }
    return true;
}

TableCellKind xlsx_number_to_text(const char *text, XlsxFormat format, bool is_1904, char *buffer)
{
    char *end = NULL;
    double number = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number) || g_ascii_isspace(text[0]) ||
        strpbrk(text, "xX") != NULL) {
        return TABLE_CELL_EMPTY;
    }
    bool is_clock = format == XLSX_FORMAT_SPAN || (format == XLSX_FORMAT_TIME && number < 1);
    TableCellKind kind = TABLE_CELL_NUMBER;
    const char *scale = word_of_scale(format);
    if (format != XLSX_FORMAT_NUMBER && scale == NULL && number >= 0 && number < MAX_SERIAL) {
        int64_t ms = llround(number * (double)MS_PER_DAY);
        if (is_clock) {
            write_clock(ms, buffer, XLSX_VALUE_SIZE);
            return TABLE_CELL_TEXT;
        }
        if (write_day(ms, is_1904, format != XLSX_FORMAT_DATE, buffer, &kind)) {
            return kind;
        }
    }
    if (is_integer(text)) {
        g_strlcpy(buffer, text, XLSX_VALUE_SIZE);
    } else {
        write_number(number, buffer);
    }
    g_strlcat(buffer, scale != NULL ? scale : "", XLSX_VALUE_SIZE);
    return table_text_is_number(buffer) ? TABLE_CELL_NUMBER : TABLE_CELL_TEXT;
}

TableCellKind xlsx_date_to_text(const char *text, char *buffer)
{
    int64_t us;
    Date date;
    TableCellKind kind = TABLE_CELL_DATE;
    if (date_parse(text, &date)) {
        date_format(date, buffer);
        return kind;
    }
    bool has_zone = strlen(text) > 10 && strpbrk(text + 10, "zZ+-") != NULL;
    if (has_zone || !date_parse_time(text, 0, &us)) {
        return TABLE_CELL_EMPTY;
    }
    date = date_from_us(us, 0);
    date_format(date, buffer);
    buffer[DATE_TEXT_SIZE - 1] = 'T';
    write_clock((us - date_to_us(date, 0, 0)) / 1000, buffer + DATE_TEXT_SIZE,
                XLSX_VALUE_SIZE - DATE_TEXT_SIZE);
    return TABLE_CELL_TIME;
}

/* ---- escapes --------------------------------------------------------------------------------- */

/* Return the character that the escape at @text stands for, 0 when there is none. */
static gunichar read_escape(const char *text)
{
    gunichar c = 0;
    if (text[0] != '_' || text[1] != 'x') {
        return 0;
    }
    for (int i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(text[i])) {
            return 0;
        }
        c = c * 16 + (gunichar)g_ascii_xdigit_value(text[i]);
    }
    bool is_half = c >= 0xD800 && c < 0xE000;
    return text[6] == '_' && !is_half ? c : 0;
}

void xlsx_unescape(char *text, size_t *length)
{
    char *in = strstr(text, "_x");
    if (in == NULL) {
        return;
    }
    char *out = in;
    while (*in != '\0') {
        gunichar c = read_escape(in);
        if (c != 0) {
            out += g_unichar_to_utf8(c, out);
            in += 7;
        } else {
            *out++ = *in++;
        }
    }
    *out = '\0';
    *length = (size_t)(out - text);
}
