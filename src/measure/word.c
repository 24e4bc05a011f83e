#include "measure/word.h"

#include "base/text.h"
#include "language/wording.h"

#define PERCENT_DECIMALS 1
#define NOTHING_TO_COUNT "无可统计对象"
#define NOTHING_FILLED_IN "均未填写"

/* The word after the number of members where the pack gives none. */
static const char *member_unit(const SchemaMeasure *measure)
{
    static const char *const units[] = {
        [SCHEMA_OF_ENTRIES] = "项",      [SCHEMA_OF_STEPS] = "项",  [SCHEMA_OF_ROWS] = "项",
        [SCHEMA_OF_UNITS] = "个",        [SCHEMA_OF_PEOPLE] = "人", [SCHEMA_OF_MONTHS] = "个月",
        [SCHEMA_OF_QUARTERS] = "个季度",
    };
    bool is_of_time =
        measure->of.universe == SCHEMA_OF_MONTHS || measure->of.universe == SCHEMA_OF_QUARTERS;
    return *measure->unit.zh != '\0' && !is_of_time ? measure->unit.zh
                                                    : units[measure->of.universe];
}

/* ---- numbers --------------------------------------------------------------------------------- */

static LanguageWording wording_of(const SchemaMeasure *measure)
{
    if (g_str_equal(measure->wording, "over")) {
        return LANGUAGE_WORDING_OVER;
    }
    return g_str_equal(measure->wording, "near") ? LANGUAGE_WORDING_NEARLY : LANGUAGE_WORDING_EXACT;
}

/* Return whether @value of @figure is a whole number that can be rounded; *@ret_number is it. */
static bool is_whole(const Figure *figure, int64_t value, int64_t *ret_number)
{
    int64_t one = 1;
    for (int i = 0; i < figure->decimals; i++) {
        one *= 10;
    }
    *ret_number = value / one;
    return value % one == 0 && value >= 0 && value / one <= LANGUAGE_MAX_NUMBER;
}

static char *word_value(const Figure *figure, int64_t value)
{
    int64_t whole = 0;
    const char *unit = figure->measure->unit.zh;
    if (is_whole(figure, value, &whole)) {
        return language_word_count(whole, unit, wording_of(figure->measure));
    }
    g_autofree char *number = figure_number_to_text(value, figure->decimals);
    return g_strconcat(number, unit, NULL);
}

/* ---- claims ---------------------------------------------------------------------------------- */

/* Return how many months or quarters of the period are over, where it goes on: "每季度" of them is
 * not of the whole year.  NULL of other figures; the caller owns it. */
static char *word_the_past(const Figure *figure, bool is_english)
{
    SchemaUniverse universe = figure->measure->of.universe;
    bool is_months = universe == SCHEMA_OF_MONTHS;
    if (!figure->is_running || (!is_months && universe != SCHEMA_OF_QUARTERS)) {
        return NULL;
    }
    return is_english ? g_strdup_printf("of the %lld %s that are over: ", (long long)figure->total,
                                        is_months ? "months" : "quarters")
                      : g_strdup_printf("已结束的%lld%s中，", (long long)figure->total,
                                        member_unit(figure->measure));
}

/* Put that before @sentence (takes). */
static char *limit_to_the_past(const Figure *figure, char *sentence, bool is_english)
{
    g_autofree char *whole = sentence;
    g_autofree char *past = word_the_past(figure, is_english);
    return past != NULL ? g_strconcat(past, whole, NULL) : g_steal_pointer(&whole);
}

/* How often in each month or quarter; only of a claim that holds. */
static char *word_frequency(const Figure *figure)
{
    const SchemaMeasure *measure = figure->measure;
    bool is_month = measure->of.universe == SCHEMA_OF_MONTHS;
    g_autofree int64_t *counts = g_new0(int64_t, figure->members->len);
    for (guint i = 0; i < figure->members->len; i++) {
        counts[i] = ((const FigureMember *)g_ptr_array_index(figure->members, i))->n_found;
    }
    return language_word_frequency(counts, figure->members->len, is_month ? "月" : "季度",
                                   *measure->unit.zh != '\0' ? measure->unit.zh : "次");
}

static char *word_all(const Figure *figure)
{
    if (figure->total == 0) {
        return g_strdup(NOTHING_TO_COUNT);
    }
    bool is_every = g_str_equal(figure->measure->wording, "every") && figure->members != NULL &&
                    (figure->measure->of.universe == SCHEMA_OF_MONTHS ||
                     figure->measure->of.universe == SCHEMA_OF_QUARTERS);
    if (is_every && figure->is_holding) {
        return limit_to_the_past(figure, word_frequency(figure), false);
    }
    return language_word_all(figure->counted, figure->total, member_unit(figure->measure), "均");
}

static char *word_none(const Figure *figure)
{
    if (figure->counted == 0) {
        return g_strdup("无");
    }
    return language_word_none(figure->counted, member_unit(figure->measure));
}

static char *word_ratio(const Figure *figure)
{
    char *text = figure->total <= LANGUAGE_MAX_NUMBER / 1000
                     ? language_word_ratio(figure->counted, figure->total, PERCENT_DECIMALS,
                                           LANGUAGE_RATIO_DIGITS)
                     : NULL;
    return text != NULL ? text : g_strdup(NOTHING_TO_COUNT);
}

/* A count, sum or median.  A sum of which a part is missing says so: it is not the whole. */
static char *word_amount(const Figure *figure)
{
    if (!figure->has_value) {
        return g_strdup(figure->n_blank > 0 ? NOTHING_FILLED_IN : NOTHING_TO_COUNT);
    }
    g_autofree char *value = word_value(figure, figure->value);
    return figure->measure->kind == SCHEMA_SUM && figure->n_blank > 0
               ? g_strdup_printf("%s（另有%lld项未填写）", value, (long long)figure->n_blank)
               : g_steal_pointer(&value);
}

static char *word_phrase(const Figure *figure)
{
    if (figure_is_not_kept(figure)) {
        return g_strdup("未登记，不能断定");
    }
    switch (figure->measure->kind) {
    case SCHEMA_RATIO:
        return word_ratio(figure);
    case SCHEMA_ALL:
        return word_all(figure);
    case SCHEMA_NONE:
        return word_none(figure);
    case SCHEMA_COUNT:
    case SCHEMA_DISTINCT:
    case SCHEMA_SUM:
    case SCHEMA_MEDIAN:
        return word_amount(figure);
    }
    g_assert_not_reached();
}

/* ---- English --------------------------------------------------------------------------------- */

/* "84 requests", "1 request", "1 branch". */
static char *with_english_unit(const Figure *figure, const char *number)
{
    const char *unit = schema_words_get(&figure->measure->unit, "en");
    bool is_one = g_str_equal(number, "1");
    int ending = !is_one                          ? 0
                 : g_str_has_suffix(unit, "ches") ? 2
                 : g_str_has_suffix(unit, "s")    ? 1
                                                  : 0;
    return g_strdup_printf("%s%s%.*s", number, *unit != '\0' ? " " : "", (int)strlen(unit) - ending,
                           unit);
}

static char *word_english_value(const Figure *figure)
{
    int64_t whole = 0;
    const char *about = "";
    g_autofree char *number = figure_number_to_text(figure->value, figure->decimals);
    if (is_whole(figure, figure->value, &whole)) {
        LanguageWording wording = wording_of(figure->measure);
        g_autofree char *round = language_word_count(whole, "", wording);
        int64_t above = language_round_up(whole);
        bool is_rounded = !g_str_equal(round, number);
        if (is_rounded && wording == LANGUAGE_WORDING_OVER) {
            about = "over ";
            whole = language_round_down(whole);
        } else if (is_rounded) {
            about = "nearly ";
            whole = above;
        }
        g_free(number);
        number = g_strdup_printf("%lld", (long long)whole);
    }
    g_autofree char *counted = with_english_unit(figure, number);
    return figure->measure->kind == SCHEMA_SUM && figure->n_blank > 0
               ? g_strdup_printf("%s%s (%lld more not filled in)", about, counted,
                                 (long long)figure->n_blank)
               : g_strconcat(about, counted, NULL);
}

static char *word_english_ratio(const Figure *figure)
{
    static const char less[] = "不足";
    g_autofree char *phrase = word_ratio(figure);
    return g_str_has_prefix(phrase, less) ? g_strconcat("less than ", phrase + strlen(less), NULL)
                                          : g_steal_pointer(&phrase);
}

/* "12 of 12 months", "39 of 40 meetings". */
static char *word_english_all(const Figure *figure)
{
    SchemaUniverse universe = figure->measure->of.universe;
    g_autofree char *total = g_strdup_printf("%lld", (long long)figure->total);
    g_autofree char *all = universe == SCHEMA_OF_MONTHS     ? g_strconcat(total, " months", NULL)
                           : universe == SCHEMA_OF_QUARTERS ? g_strconcat(total, " quarters", NULL)
                                                            : with_english_unit(figure, total);
    return figure->is_holding ? g_strconcat("all ", all, NULL)
                              : g_strdup_printf("%lld of %s", (long long)figure->counted, all);
}

static char *word_english_none(const Figure *figure)
{
    if (figure->counted == 0) {
        return g_strdup("none");
    }
    g_autofree char *counted = g_strdup_printf("%lld", (long long)figure->counted);
    return with_english_unit(figure, counted);
}

/* Phrases that are English alone, as those above are Chinese alone: no catalogue holds them. */
static char *word_english(const Figure *figure)
{
    SchemaMeasureKind kind = figure->measure->kind;
    if (figure_is_not_kept(figure)) {
        return g_strdup("not recorded, cannot be said");
    }
    bool is_empty = kind == SCHEMA_NONE                          ? false
                    : kind == SCHEMA_RATIO || kind == SCHEMA_ALL ? figure->total == 0
                                                                 : !figure->has_value;
    return is_empty ? g_strdup(figure->n_blank > 0 ? "not filled in" : "nothing to count")
           : kind == SCHEMA_RATIO ? word_english_ratio(figure)
           : kind == SCHEMA_ALL   ? word_english_all(figure)
           : kind == SCHEMA_NONE  ? word_english_none(figure)
                                  : word_english_value(figure);
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* Return the pack's sentence that is true of @figure; "" where it has none. */
static const SchemaWords *choose_sentence(const Figure *figure)
{
    const SchemaMeasure *measure = figure->measure;
    if (!figure->is_claim || figure->is_holding) {
        return &measure->sentence;
    }
    return figure->counted == 0 && *measure->never.zh != '\0' ? &measure->never
                                                              : &measure->otherwise;
}

/* There is nothing to speak of. */
static bool is_of_nothing(const Figure *figure)
{
    return figure->measure->kind == SCHEMA_ALL && figure->total == 0;
}

/* Nobody wrote in the ledger, or there is nothing to speak of: no sentence of the pack would be
 * true. */
static bool says_nothing(const Figure *figure)
{
    return figure_is_not_kept(figure) || is_of_nothing(figure);
}

bool word_needs_names(const Figure *figure)
{
    return !says_nothing(figure) && strstr(choose_sentence(figure)->zh, "{names}") != NULL;
}

/* "甲科、乙科等5个", "A, B and others, 5 in all". */
static char *join_names(const Figure *figure, const char *const *names, bool is_english)
{
    int64_t rest =
        figure->measure->kind == SCHEMA_NONE ? figure->counted : figure->total - figure->counted;
    g_autofree char *joined = g_strjoinv(is_english ? ", " : "、", (char **)names);
    if ((int64_t)g_strv_length((char **)names) == rest) {
        return g_steal_pointer(&joined);
    }
    if (is_english) {
        return *joined != '\0'
                   ? g_strdup_printf("%s and others, %lld in all", joined, (long long)rest)
                   : g_strdup_printf("%lld of them", (long long)rest);
    }
    return g_strdup_printf("%s%s%lld%s", joined, *joined != '\0' ? "等" : "", (long long)rest,
                           member_unit(figure->measure));
}

static void fill_number(GString *text, const char *placeholder, int64_t number)
{
    g_autofree char *digits = g_strdup_printf("%lld", (long long)number);
    g_string_replace(text, placeholder, digits, 0);
}

/* A value's text is put in last: what people typed may look like a placeholder. */
static char *fill_sentence(const Figure *figure, const char *sentence, const char *const *names,
                           bool is_english)
{
    GString *text = g_string_new(sentence);
    fill_number(text, "{counted}", figure->counted);
    fill_number(text, "{total}", figure->total);
    fill_number(text, "{rest}", figure->total - figure->counted);
    g_string_replace(text, "{value}", figure->text, 0);
    if (names != NULL) {
        if (*names == NULL) { /* none may be shown: a bracket of them would say the number again */
            g_string_replace(text, "（{names}）", "", 0);
            g_string_replace(text, " ({names})", "", 0);
        }
        g_autofree char *joined = join_names(figure, names, is_english);
        g_string_replace(text, "{names}", joined, 0);
    }
    return g_string_free(text, false);
}

/* "“违纪举报”期内没有任何登记，不能断定没有发生". */
static char *refuse_to_say(const Figure *figure, bool is_english)
{
    bool is_none = figure->measure->kind == SCHEMA_NONE;
    const char *title = schema_words_get(&figure->measure->words, is_english ? "en" : "zh");
    return is_english ? g_strdup_printf("“%s”: nothing is recorded in the period, so it cannot be "
                                        "said%s",
                                        title, is_none ? " that there was none" : "")
                      : g_strdup_printf("“%s”期内没有任何登记，不能断定%s", title,
                                        is_none ? "没有发生" : "");
}

/* "“签订责任书”无可统计对象". */
static char *speak_of_nothing(const Figure *figure, bool is_english)
{
    const char *title = schema_words_get(&figure->measure->words, is_english ? "en" : "zh");
    return g_strdup_printf(
        is_english ? "“%s”: nothing to count in this period" : "“%s”本期无可统计对象", title);
}

/* Return the sentence; NULL where there is none, the caller owns it. */
static char *word_sentence(const Figure *figure, const char *const *names, bool is_english)
{
    if (figure_is_not_kept(figure)) {
        return figure->is_claim ? refuse_to_say(figure, is_english) : NULL;
    }
    if (is_of_nothing(figure)) {
        return speak_of_nothing(figure, is_english);
    }
    const char *sentence = schema_words_said(choose_sentence(figure), is_english ? "en" : "zh");
    return sentence != NULL
               ? limit_to_the_past(figure, fill_sentence(figure, sentence, names, is_english),
                                   is_english)
               : NULL;
}

void word_figure(Figure *figure, const char *const *names, const char *language)
{
    bool is_english = g_str_equal(language, "en");
    g_free(figure->text);
    g_free(figure->sentence);
    figure->text = is_english ? word_english(figure) : word_phrase(figure);
    figure->sentence = word_sentence(figure, names, is_english);
}
