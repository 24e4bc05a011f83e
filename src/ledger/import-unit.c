/* What brackets behind a column's name, and the lines above the header, say of the cells. */
#include "ledger/import-internal.h"

#include "base/message.h"
#include "base/text.h"

/* What a remark begins with that leaves the column what its name says. */
static const char *const remarks[] = {
    "必填", "非必填", "选填",  "可选", "可填", "如",       "例",       "格式",
    "年月", "年/月",  "年-月", "注",   "填",   "请",       "按",       "见",
    "科室", "部门",   "不少",  "不超", "yyyy", "required", "optional", "e.g",
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

/* Return the power of ten that a bracket of @narrow says its amounts are in; -1: none says so. */
static int bracket_places(const char *narrow)
{
    for (const char *at = strchr(narrow, '('); at != NULL; at = strchr(at, '(')) {
        g_autofree char *bracket = g_strndup(at + 1, strcspn(at + 1, ")"));
        g_auto(GStrv) parts = g_strsplit_set(bracket, ",;/|", -1);
        for (size_t i = 0; parts[i] != NULL; i++) {
            int places = ledger_import_money_places(parts[i]);
            if (places >= 0) {
                return places;
            }
        }
        at++;
    }
    return -1;
}

/* Return the power of ten of the unit in which @narrow ends without a bracket, 金额万元; -1 where
 * it ends in none, or in one that belongs to a number, 超过100万元. */
static int last_places(const char *narrow)
{
    for (size_t i = G_N_ELEMENTS(multiples); i-- > 0;) { /* 百万元 before 万元 */
        const char *name = multiples[i].name;
        if (multiples[i].places > 0 && g_str_has_suffix(name, "元") &&
            g_str_has_suffix(narrow, name)) {
            size_t length = strlen(narrow) - strlen(name);
            return length > 0 && !g_ascii_isdigit(narrow[length - 1]) ? multiples[i].places : -1;
        }
    }
    return -1;
}

int ledger_import_name_places(const char *name)
{
    g_autofree char *narrow = g_utf8_normalize(name, -1, G_NORMALIZE_NFKC);
    g_autofree char *plain = text_strip_dup(narrow != NULL ? narrow : "");
    int places = bracket_places(plain);
    return places >= 0 ? places : last_places(plain);
}

/* Note in @places (of int, one a column) what the cells of @row, above the header, say of the units
 * below them: "单位：万元" of all, a name in brackets, 资金（万元）, of its own column and the
 * empty ones that it spreads over. */
static void note_row(GArray *places, const TableRow *row)
{
    int of_all = -1, of_group = -1;
    for (guint i = 0; i < places->len && i < row->n_cells; i++) {
        if (!text_is_blank(row->cells[i].text)) {
            g_autofree char *narrow = g_utf8_normalize(row->cells[i].text, -1, G_NORMALIZE_NFKC);
            int line = ledger_import_line_places(row->cells[i].text);
            of_all = line >= 0 ? line : of_all;
            of_group = narrow != NULL ? bracket_places(narrow) : -1;
        }
        if (of_group >= 0) {
            g_array_index(places, int, i) = of_group;
        }
    }
    for (guint i = 0; i < places->len && of_all >= 0; i++) {
        g_array_index(places, int, i) = of_all;
    }
}

GArray *ledger_import_places_above(const TableRow *rows, size_t n_rows, size_t n_columns)
{
    const int none = -1;
    GArray *places = g_array_new(false, false, sizeof(int));
    for (size_t i = 0; i < n_columns; i++) {
        g_array_append_val(places, none);
    }
    for (size_t i = 0; i < n_rows; i++) {
        note_row(places, &rows[i]);
    }
    return places;
}

const char *ledger_import_why_words(const char *why)
{
    static const struct {
        const char *why;
        const char *words;
    } rows[] = {
        {"name", N_("by its name")},
        {"alias", N_("by another name of the field")},
        {"content", N_("by what the cells hold")},
        {"given", N_("as you said")},
        {"before", N_("as last time")},
        {"doer", N_("by its name")},
        {"double", N_("the name of another column: say what it is")},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_strcmp0(rows[i].why, why) == 0) {
            return rows[i].words;
        }
    }
    return "";
}

char *ledger_column_say_why(const LedgerColumn *column, const char *language)
{
    const char *words = ledger_import_why_words(column->why);
    GString *text = g_string_new(*words != '\0' ? message_get(language, words) : "");
    for (int i = 0; i < column->places; i++) {
        g_string_append(text, i == 0 ? " ×10" : "0");
    }
    return g_string_free(text, false);
}
