/* What was typed, as a value. */
#include "ledger/field.h"

#include "base/text.h"
#include "calendar/period.h"
#include "language/date-spelling.h"
#include "language/fold.h"
#include "language/number.h"

#define MOST_DIGITS 16 /* before the point: those of LANGUAGE_MAX_NUMBER */

/* What the parsing of one field shares. */
typedef struct Typed {
    const SchemaField *field;
    const char *text; /* without blanks at its ends */
    LedgerNames *names;
    int offset_seconds;
    int default_year;
    int places; /* numbers without a unit are multiplied by 10^places */
} Typed;

/* ---- numbers --------------------------------------------------------------------------------- */

/* Bring @value with @decimals to @wanted; false when digits would be lost or it does not fit. */
static bool rescale(int64_t value, int decimals, int wanted, int64_t *ret_value)
{
    for (; decimals > wanted; decimals--) {
        if (value % 10 != 0) {
            return false;
        }
        value /= 10;
    }
    for (; decimals < wanted; decimals++) {
        if (__builtin_mul_overflow(value, 10, &value)) {
            return false;
        }
    }
    *ret_value = value;
    return true;
}

/* Words that people write for one another behind a number. */
static const char *const counters[][4] = {{"人", "名", "位", NULL}, {"学时", "小时", "课时", NULL}};

static bool cut_suffix(char *text, const char *suffix)
{
    bool has_it = g_str_has_suffix(text, suffix);
    if (has_it) {
        text[strlen(text) - strlen(suffix)] = '\0';
    }
    return has_it;
}

/* Cut @unit, or another word for it, off the end of @text. */
static void cut_unit(char *text, const char *unit)
{
    bool is_cut = cut_suffix(text, unit);
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        for (size_t j = 0; !is_cut && g_strv_contains(counters[i], unit) && counters[i][j] != NULL;
             j++) {
            is_cut = cut_suffix(text, counters[i][j]);
        }
    }
}

/* Return @text without @unit (NULL: none) or another word for it, "元" and currency signs at its
 * ends; the caller owns it. */
static char *strip_unit(const char *text, const char *unit, bool is_money)
{
    g_autofree char *copy = g_strdup(text);
    if (unit != NULL) {
        cut_unit(copy, unit);
    }
    if (is_money) {
        cut_suffix(copy, "元");
    }
    const char *start = copy;
    if (is_money && (g_str_has_prefix(start, "¥") || g_str_has_prefix(start, "￥"))) {
        start = g_utf8_next_char(start);
    }
    return text_strip_dup(start);
}

/* Return whether the amount @text says its unit itself. */
static bool says_unit(const char *text)
{
    static const char *const units[] = {"元", "圆", "万", "萬", "亿", "億"};
    bool is_said = false;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        is_said = is_said || strstr(text, units[i]) != NULL;
    }
    return is_said;
}

/* Return how many digits follow the point of @text, which are digits with commas; -1 where it is
 * anything else; *@ret_digits is how many there are in all. */
static int count_decimals(const char *text, int *ret_digits)
{
    int n_decimals = -1;
    *ret_digits = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_isdigit(c)) {
            (*ret_digits)++;
            n_decimals += n_decimals >= 0 ? 1 : 0;
        } else if ((c == '.' || c == 0xff0e) && n_decimals < 0) { /* of either width, as commas */
            n_decimals = 0;
        } else if (c != ',' && c != 0xff0c) {
            return -1;
        }
    }
    return *ret_digits > 0 ? MAX(n_decimals, 0) : -1;
}

static bool refuse_decimals(const Typed *typed, int decimals, GError **error)
{
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s': '%s' has more than %d {digit|digits} after the point",
              typed->field->words.name, typed->text, decimals);
    return false;
}

static bool refuse_size(const Typed *typed, GError **error)
{
    error_set(error, SHUZHI_ERROR_INVALID, "'%s': '%s' is too large", typed->field->words.name,
              typed->text);
    return false;
}

/* Tell why @text, which is what counts of what was typed, is no number of @decimals. */
static bool refuse_number(const Typed *typed, const char *text, int decimals, GError **error)
{
    int n_digits = 0;
    int n_decimals = count_decimals(text, &n_digits);
    if (n_decimals > decimals) {
        return refuse_decimals(typed, decimals, error);
    }
    if (n_decimals >= 0 && n_digits - n_decimals >= MOST_DIGITS) {
        return refuse_size(typed, error);
    }
    error_set(error, SHUZHI_ERROR_INVALID, "'%s': '%s' is not a number", typed->field->words.name,
              typed->text);
    return false;
}

static bool parse_number(const Typed *typed, Value *ret_value, GError **error)
{
    const SchemaField *field = typed->field;
    int64_t scaled = 0;
    int decimals = field->decimals + (says_unit(typed->text) ? 0 : typed->places);
    if (text_parse_decimal(typed->text, decimals, &scaled)) {
        *ret_value = value_number(scaled);
        return true;
    }
    g_autofree char *text = strip_unit(typed->text, schema_words_said(&field->unit, "zh"),
                                       field->kind == SCHEMA_FIELD_MONEY);
    bool is_negative =
        g_str_has_prefix(text, "-") || g_str_has_prefix(text, "−") || g_str_has_prefix(text, "－");
    const char *plain = is_negative ? g_utf8_next_char(text) : text;
    LanguageNumber number;
    if (!language_number_parse(plain, &number, NULL) || number.is_percent ||
        number.approximation != LANGUAGE_EXACT) {
        return refuse_number(typed, plain, decimals, error);
    }
    if (!rescale(number.value, number.decimals, decimals, &scaled)) {
        return number.decimals > decimals ? refuse_decimals(typed, decimals, error)
                                          : refuse_size(typed, error);
    }
    *ret_value = value_number(is_negative ? -scaled : scaled);
    return true;
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Read the stretch of days, or the period, that @typed names; 5月6日至8日 is one of its year. */
static bool read_period(const Typed *typed, Period *ret_period, GError **error)
{
    g_autofree char *folded = language_fold(typed->text);
    if (period_parse(folded, ret_period, NULL)) {
        return true;
    }
    const char *between = strstr(folded, "月") != NULL ? "年" : ".";
    g_autofree char *whole = g_strdup_printf("%04d%s%s", typed->default_year, between, folded);
    return (typed->default_year != 0 && period_parse(whole, ret_period, NULL)) ||
           period_parse(typed->text, ret_period, error);
}

/* Say what is wrong with @typed, which is no day: @fault, or that it is a stretch of days, and no
 * month or year of which the day is not known. */
static void refuse_day(const Typed *typed, GError *fault, GError **error)
{
    Typed of_some_year = *typed;
    of_some_year.default_year = typed->default_year != 0 ? typed->default_year : 2000;
    Period period;
    g_autofree char *stretch =
        read_period(&of_some_year, &period, NULL) ? period_to_text(&period) : NULL;
    if (stretch != NULL && strstr(stretch, "..") != NULL) {
        g_error_free(fault);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is one day, but '%s' is several: write the first here, and the last into a "
                  "column of its own",
                  typed->field->words.name, typed->text);
        return;
    }
    g_propagate_error(error, fault);
    error_prefix(error, "'%s'", typed->field->words.name);
}

static bool parse_date(const Typed *typed, Value *ret_value, GError **error)
{
    GError *fault = NULL;
    Date date = DATE_NONE;
    if (date_parse(typed->text, &date)) {
        *ret_value = value_date(date);
        return true;
    }
    LanguageDate read;
    if (!language_date_parse(typed->text, typed->default_year, &read, &fault)) {
        refuse_day(typed, fault, error);
        return false;
    }
    if (read.seconds != 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is a day, but '%s' names a time of the day too", typed->field->words.name,
                  typed->text);
        return false;
    }
    *ret_value = value_date(read.date);
    return true;
}

static bool parse_time(const Typed *typed, Value *ret_value, GError **error)
{
    int64_t us = 0;
    if (date_parse_time(typed->text, typed->offset_seconds, &us)) {
        *ret_value = value_time(us);
        return true;
    }
    GError *fault = NULL;
    LanguageDate read;
    if (!language_date_parse(typed->text, typed->default_year, &read, &fault)) {
        refuse_day(typed, fault, error);
        return false;
    }
    *ret_value = value_time(date_to_us(read.date, read.seconds, typed->offset_seconds));
    return true;
}

static bool parse_period(const Typed *typed, Value *ret_value, GError **error)
{
    Period period;
    if (!read_period(typed, &period, error)) {
        error_prefix(error, "'%s'", typed->field->words.name);
        return false;
    }
    *ret_value = value_text_take(period_to_text(&period));
    return true;
}

/* ---- closed lists ---------------------------------------------------------------------------- */

/* Read @text as yes or no; false when it is neither. */
static bool read_yes(const char *text, bool *ret_is_yes)
{
    static const char *const yes[] = {"是", "有",  "对",   "√", "✓", "✔",  "☑",
                                      "✅",  "yes", "true", "y", "1", "已", NULL};
    static const char *const no[] = {"否", "无", "没有", "不是", "×",     "✕", "✖", "✗",  "✘",
                                     "☒",  "❌",  "x",    "no",   "false", "n", "0", "未", NULL};
    g_autofree char *narrow = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = g_utf8_strdown(narrow, -1);
    *ret_is_yes = g_strv_contains(yes, lower);
    return *ret_is_yes || g_strv_contains(no, lower);
}

static bool parse_bool(const Typed *typed, Value *ret_value, GError **error)
{
    bool is_yes = false;
    if (!read_yes(typed->text, &is_yes)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s': '%s' is neither yes nor no",
                  typed->field->words.name, typed->text);
        return false;
    }
    *ret_value = value_bool(is_yes);
    return true;
}

/* Return the choice that @text is another word for; NULL: none. */
static const SchemaChoice *find_alias(const SchemaField *field, const char *text)
{
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        if (g_ptr_array_find_with_equal_func(choice->aliases, text, g_str_equal, NULL)) {
            return choice;
        }
    }
    return NULL;
}

/* Return the one choice that says yes, 是 or 有, or the one that says no, where @text is a sign or
 * another word for that; NULL: none. */
static const SchemaChoice *find_sign(const SchemaField *field, const char *text)
{
    bool is_yes = false, is_of_choice = false;
    const SchemaChoice *found = NULL;
    if (g_ascii_isalnum(*text) || !read_yes(text, &is_yes)) {
        return NULL;
    }
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        if (read_yes(choice->words.zh, &is_of_choice) && is_of_choice == is_yes) {
            if (found != NULL) {
                return NULL;
            }
            found = choice;
        }
    }
    return found;
}

/* Return the choice whose name or words @text is, or else another word for it. */
static const SchemaChoice *find_choice(const SchemaField *field, const char *text)
{
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        if (g_ascii_strcasecmp(choice->name, text) == 0 || g_str_equal(choice->words.zh, text) ||
            (choice->words.en != NULL && g_ascii_strcasecmp(choice->words.en, text) == 0)) {
            return choice;
        }
    }
    const SchemaChoice *alias = find_alias(field, text);
    return alias != NULL ? alias : find_sign(field, text);
}

/* Tell that @text is no choice, and which is the nearest, or what there is. */
static void set_no_choice(const SchemaField *field, const char *text, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GPtrArray) spellings = g_ptr_array_new();
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        g_ptr_array_add(words, choice->words.name);
        g_ptr_array_add(spellings, choice->words.zh);
        g_ptr_array_add(spellings, choice->name);
    }
    g_ptr_array_add(words, NULL);
    g_ptr_array_add(spellings, NULL);
    const char *nearest = text_nearest(text, (const char *const *)spellings->pdata);
    if (nearest != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no choice '%s', did you mean '%s'?",
                  field->words.name, text, nearest);
        return;
    }
    g_autofree char *all = error_words((const char *const *)words->pdata);
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no choice '%s'; there are: %s",
              field->words.name, text, all);
}

static bool parse_choice(const Typed *typed, Value *ret_value, GError **error)
{
    const SchemaChoice *choice = find_choice(typed->field, typed->text);
    if (choice == NULL) {
        set_no_choice(typed->field, typed->text, error);
        return false;
    }
    *ret_value = value_text(choice->name);
    return true;
}

/* ---- references and lists -------------------------------------------------------------------- */

static bool parse_reference(const Typed *typed, Value *ret_value, GError **error)
{
    int64_t id = 0;
    g_assert(typed->names != NULL);
    if (!ledger_names_find(typed->names, typed->field, typed->text, &id, error)) {
        error_prefix(error, "'%s'", typed->field->words.name);
        return false;
    }
    *ret_value = value_ref(id);
    return true;
}

/* Return whether @list holds @item. */
static bool has_item(const Value *list, const Value *item)
{
    for (guint i = 0; list->items != NULL && i < list->items->len; i++) {
        if (value_is_equal(&g_array_index(list->items, Value, i), item)) {
            return true;
        }
    }
    return false;
}

/* Add the choice that @typed is to @list, once. */
static bool add_choice(const Typed *typed, Value *list, GError **error)
{
    g_auto(Value) item = VALUE_EMPTY;
    if (!parse_choice(typed, &item, error)) {
        return false;
    }
    if (!has_item(list, &item)) {
        value_list_append(list, item);
        item = VALUE_EMPTY;
    }
    return true;
}

/* Add the person that @typed is to @list; a second of the name would be lost. */
static bool add_person(const Typed *typed, Value *list, GError **error)
{
    g_auto(Value) item = VALUE_EMPTY;
    if (!parse_reference(typed, &item, error)) {
        return false;
    }
    if (has_item(list, &item)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s': '%s' stands there twice",
                  typed->field->words.name, typed->text);
        return false;
    }
    value_list_append(list, item);
    item = VALUE_EMPTY;
    return true;
}

/* Add the person that @typed is to @list, or where there is nobody of that name the several whose
 * names stand in it, between blanks or strokes. */
static bool add_people(const Typed *typed, Value *list, GError **error)
{
    GError *refusal = NULL;
    if (add_person(typed, list, &refusal)) {
        return true;
    }
    g_auto(Value) longer = value_copy(list);
    g_auto(GStrv) parts = g_regex_split_simple("[\\s\\x{3000}/／]+", typed->text, 0, 0);
    bool are_people = error_is(refusal, SHUZHI_ERROR_NOT_FOUND) && g_strv_length(parts) > 1;
    for (int i = 0; are_people && parts[i] != NULL; i++) {
        Typed one = *typed;
        one.text = parts[i];
        are_people = *parts[i] == '\0' || add_person(&one, &longer, NULL);
    }
    if (!are_people) {
        g_propagate_error(error, refusal);
        return false;
    }
    g_error_free(refusal);
    value_clear(list);
    *list = longer;
    longer = VALUE_EMPTY;
    return true;
}

/* Read the items of a list, of which @add adds each. */
static bool parse_list(const Typed *typed, bool (*add)(const Typed *, Value *, GError **),
                       Value *ret_value, GError **error)
{
    g_auto(Value) list = VALUE_EMPTY;
    g_auto(GStrv) items = g_regex_split_simple("[、，,;；\\n\\r]+", typed->text, 0, 0);
    for (int i = 0; items[i] != NULL; i++) {
        g_autofree char *text = text_strip_dup(items[i]);
        Typed one = *typed;
        one.text = text;
        if (*text != '\0' && !add(&one, &list, error)) {
            return false;
        }
    }
    *ret_value = list;
    list = VALUE_EMPTY;
    return true;
}

bool ledger_field_parse_people(const SchemaField *field, const char *text, LedgerNames *names,
                               Value *ret_value, GError **error)
{
    const Typed typed = {.field = field, .text = text, .names = names};
    *ret_value = VALUE_EMPTY;
    return parse_list(&typed, add_people, ret_value, error);
}

/* ---- every kind ------------------------------------------------------------------------------ */

static bool parse_code(const Typed *typed, Value *ret_value, GError **error)
{
    g_autofree char *narrow = g_utf8_normalize(typed->text, -1, G_NORMALIZE_NFKC);
    *ret_value = typed->field->kind == SCHEMA_FIELD_IDENTITY
                     ? value_text_take(g_ascii_strup(narrow, -1))
                     : value_text(narrow);
    return true;
}

static bool parse_by_kind(const Typed *typed, Value *ret_value, GError **error)
{
    switch ((int)typed->field->kind) {
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        return parse_number(typed, ret_value, error);
    case SCHEMA_FIELD_DATE:
        return parse_date(typed, ret_value, error);
    case SCHEMA_FIELD_TIME:
        return parse_time(typed, ret_value, error);
    case SCHEMA_FIELD_PERIOD:
        return parse_period(typed, ret_value, error);
    case SCHEMA_FIELD_CHOICE:
        return parse_choice(typed, ret_value, error);
    case SCHEMA_FIELD_CHOICES:
        return parse_list(typed, add_choice, ret_value, error);
    case SCHEMA_FIELD_BOOL:
        return parse_bool(typed, ret_value, error);
    case SCHEMA_FIELD_UNIT:
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_ENTRY:
        return parse_reference(typed, ret_value, error);
    case SCHEMA_FIELD_PEOPLE:
        return parse_list(typed, add_people, ret_value, error);
    case SCHEMA_FIELD_PHONE:
    case SCHEMA_FIELD_IDENTITY:
        return parse_code(typed, ret_value, error);
    default: /* rows and files are not typed as one text */
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is of kind '%s', which one text cannot hold",
                  typed->field->words.name, schema_kind_info(typed->field->kind)->name);
        return false;
    }
}

/* Check what was read; what is out of bounds is no value. */
static bool check_read(const SchemaField *field, Value *value, GError **error)
{
    bool is_good = ledger_field_check(field, value, error);
    if (!is_good) {
        value_clear(value);
    }
    return is_good;
}

/* Return @text without spaces at its ends; what has no width and is no space stays, as it is part
 * of what was written.  The caller owns it. */
static char *strip_spaces(const char *text)
{
    const char *end = text + strlen(text);
    while (g_unichar_isspace(g_utf8_get_char(text))) {
        text = g_utf8_next_char(text);
    }
    while (end > text && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(end)))) {
        end = g_utf8_prev_char(end);
    }
    return g_strndup(text, (gsize)(end - text));
}

bool ledger_field_parse(const SchemaField *field, const char *text, LedgerNames *names,
                        int offset_seconds, int default_year, Value *ret_value, GError **error)
{
    *ret_value = VALUE_EMPTY;
    if (text_is_blank(text)) {
        return true;
    }
    bool is_long = field->kind == SCHEMA_FIELD_LONG; /* whose blanks are its form */
    bool is_line = field->kind == SCHEMA_FIELD_TEXT || field->kind == SCHEMA_FIELD_PLACE;
    g_autofree char *whole = text_unify_breaks(is_long   ? g_strdup(text)
                                               : is_line ? strip_spaces(text)
                                                         : text_strip_dup(text));
    if (is_line) {
        g_strdelimit(whole, "\n", ' ');
    }
    if (is_line || is_long) {
        *ret_value = value_text_take(g_steal_pointer(&whole));
        return check_read(field, ret_value, error);
    }
    const Typed typed = {field, whole, names, offset_seconds, default_year, 0};
    return parse_by_kind(&typed, ret_value, error) && check_read(field, ret_value, error);
}

bool ledger_field_parse_money(const SchemaField *field, const char *text, int places,
                              Value *ret_value, GError **error)
{
    g_autofree char *stripped = text_strip_dup(text);
    const Typed typed = {.field = field, .text = stripped, .places = places};
    *ret_value = VALUE_EMPTY;
    return *stripped == '\0' ||
           (parse_number(&typed, ret_value, error) && check_read(field, ret_value, error));
}
