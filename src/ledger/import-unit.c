/* What brackets behind a column's name, and the lines above the header, say of the cells. */
#include "ledger/import-internal.h"

#include "base/text.h"

/* What a remark begins with that leaves the column what its name says. */
static const char *const remarks[] = {
    "必填", "非必填", "选填",  "可选",     "可填",     "如",  "例", "格式",
    "年月", "年/月",  "年-月", "注",       "填",       "请",  "按", "见",
    "不少", "不超",   "yyyy",  "required", "optional", "e.g",
};

/* Units that a number may be counted in without meaning something else. */
static const char *const units[] = {
    "元", "人民币", "天", "日", "工作日", "个",   "件",   "人", "名", "次",     "期",
    "份", "项",     "篇", "条", "小时",   "学时", "分钟", "分", "%",  "平方米", "公里",
};

static const struct {
    const char *name;
    int places;
} multiples[] = {
    {"元", 0},     {"百元", 2},   {"千元", 3},   {"万元", 4}, {"万", 4},
    {"十万元", 5}, {"百万元", 6}, {"千万元", 7}, {"亿元", 8}, {"亿", 8},
};

/* Return the unit that "单位:万元" or "万元" names; borrowed. */
static const char *unit_of(const char *text)
{
    text += g_str_has_prefix(text, "单位") ? strlen("单位") : 0;
    return text + strspn(text, ": ");
}

/* Return whether @bracket shows how to write a date, 2023-05-06. */
static bool is_example(const char *bracket)
{
    return g_ascii_isdigit(*bracket) && bracket[strspn(bracket, "0123456789-./:~ ")] == '\0' &&
           strpbrk(bracket, "-./:") != NULL;
}

bool ledger_import_is_remark(const char *bracket)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_str_equal(unit_of(bracket), units[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(remarks); i++) {
        if (g_str_has_prefix(bracket, remarks[i])) {
            return true;
        }
    }
    return *bracket == '\0' || is_example(bracket) || ledger_import_money_places(bracket) >= 0;
}

int ledger_import_money_places(const char *text)
{
    static const char currency[] = "人民币";
    g_autofree char *plain = text_strip_dup(text);
    const char *name = unit_of(plain);
    name += g_str_has_prefix(name, currency) ? strlen(currency) : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(multiples); i++) {
        if (g_str_equal(name, multiples[i].name)) {
            return multiples[i].places;
        }
    }
    return -1;
}

int ledger_import_line_places(const char *line)
{
    static const char mark[] = "单位:";
    g_autofree char *narrow = g_utf8_normalize(line, -1, G_NORMALIZE_NFKC);
    for (const char *at = narrow; at != NULL && (at = strstr(at, mark)) != NULL;) {
        at += strlen(mark);
        at += strspn(at, " ");
        g_autofree char *unit = g_strndup(at, strcspn(at, " ,;|)、。"));
        int places = ledger_import_money_places(unit);
        if (places >= 0) {
            return places;
        }
    }
    return -1;
}

char *ledger_import_move_point(const char *number, int places)
{
    g_autofree char *narrow = g_utf8_normalize(number, -1, G_NORMALIZE_NFKC);
    g_autoptr(GString) digits = g_string_new(NULL);
    const char *at = narrow != NULL ? narrow : "";
    size_t n_whole = 0;
    bool is_fraction = false;
    at += strspn(at, " ");
    bool is_negative = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    for (; *at != '\0' && *at != ' '; at++) {
        if (*at == '.' && !is_fraction) {
            is_fraction = true;
        } else if (g_ascii_isdigit(*at)) {
            g_string_append_c(digits, *at);
            n_whole += is_fraction ? 0 : 1;
        } else if (*at != ',' || is_fraction) {
            return NULL;
        }
    }
    if (digits->len == 0 || at[strspn(at, " ")] != '\0') {
        return NULL;
    }
    while (digits->len < n_whole + (size_t)places) {
        g_string_append_c(digits, '0');
    }
    n_whole += (size_t)places;
    if (digits->len > n_whole) {
        g_string_insert_c(digits, (gssize)n_whole, '.');
    }
    size_t n_zeros = MIN(strspn(digits->str, "0"), n_whole - 1);
    return g_strconcat(is_negative ? "-" : "", digits->str + n_zeros, NULL);
}

char *ledger_column_times(const LedgerColumn *column, const char *why)
{
    GString *text = g_string_new(why);
    for (int i = 0; i < column->places; i++) {
        g_string_append(text, i == 0 ? " ×10" : "0");
    }
    return g_string_free(text, false);
}
