#include "report/report.h"

#include "base/message.h"
#include "base/text.h"
#include "language/wrap.h"
#include "measure/card.h"
#include "schema/called.h"

void report_free(Report *report)
{
    if (report != NULL) {
        g_free(report->office);
        g_free(report->word);
        g_free(report->title);
        g_free(report->language);
        report_template_free(report->body);
        report_template_free(report->whole);
        g_clear_pointer(&report->figures, g_ptr_array_unref);
        g_clear_pointer(&report->cards, g_ptr_array_unref);
        g_free(report);
    }
}

/* ---- finding --------------------------------------------------------------------------------- */

const SchemaReport *report_find(const Office *office, const char *name, GError **error)
{
    const GPtrArray *reports = office_schema(office)->reports;
    if (reports->len == 0) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "the pack of this office has no report");
        return NULL;
    }
    const SchemaReport *source =
        name == NULL ? g_ptr_array_index(reports, 0) : schema_called(reports, name);
    if (source == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no report '%s'", name);
        schema_offer(error, reports, name);
    }
    return source;
}

/* What time a report may cover. */
typedef struct Kind {
    const char *name;
    PeriodUnit unit;
    const char *words;
} Kind;

static const Kind kinds[] = {{"year", PERIOD_YEAR, N_("a year, as 2023")},
                             {"half", PERIOD_HALF, N_("half a year, as 2023H1")},
                             {"quarter", PERIOD_QUARTER, N_("a quarter, as 2023Q1")},
                             {"month", PERIOD_MONTH, N_("a month, as 2023-05")}};

static const Kind *kind_of(const SchemaReport *source)
{
    const Kind *kind = kinds;
    while (kind + 1 < kinds + G_N_ELEMENTS(kinds) && !g_str_equal(kind->name, source->period)) {
        kind++;
    }
    return kind;
}

PeriodUnit report_unit(const SchemaReport *source)
{
    return kind_of(source)->unit;
}

bool report_parse_period(const SchemaReport *source, const char *text, Period *ret_period,
                         GError **error)
{
    const Kind *kind = kind_of(source);
    Period period;
    if (!period_parse(text, &period, error)) {
        return false;
    }
    Period around = period_around(kind->unit, period.from);
    if (!period_is_equal(&around, &period)) {
        g_autofree char *words = error_words((const char *const[]){kind->words, NULL});
        error_set(error, SHUZHI_ERROR_INVALID, "the report '%s' covers %s; '%s' is none",
                  source->name, words, text);
        return false;
    }
    *ret_period = period;
    return true;
}

/* ---- cards ----------------------------------------------------------------------------------- */

/* Return what a figure says of itself. */
static ReportPhrase make_phrase(const Figure *figure)
{
    const char *text = figure->sentence != NULL ? figure->sentence : figure->text;
    return (ReportPhrase){
        .text = g_strdup(text != NULL ? text : "—"),
        .is_false = figure->is_claim && !figure->is_holding && !figure_is_not_kept(figure),
    };
}

/* Group the digits of @number (takes; NULL stays so). */
static char *grouped(char *number)
{
    g_autofree char *plain = number;
    return plain != NULL ? text_group_digits(plain) : NULL;
}

/* Return the number itself, as it stands large on the card. */
static char *make_number(const Figure *figure)
{
    g_autofree char *counted = grouped(text_format_decimal(figure->counted, 0));
    g_autofree char *total = grouped(text_format_decimal(figure->total, 0));
    if (figure->is_claim) {
        return g_strdup_printf("%s / %s", counted, total);
    }
    if (!figure->has_value) {
        return g_strdup("—");
    }
    if (figure->measure->kind == SCHEMA_RATIO) { /* a share of 10,000 */
        g_autofree char *percent = text_format_decimal(figure->value, 2);
        return g_strdup_printf("%s / %s = %s%%", counted, total, percent);
    }
    return grouped(text_format_decimal(figure->value, figure->decimals));
}

static void add_members(ReportCard *card, const Figure *figure, const char *language)
{
    card->is_others_first = figure_is_about_the_rest(figure);
    bool is_said = figure->measure->has != NULL || figure->measure->kind == SCHEMA_NONE;
    for (guint i = 0; figure->members != NULL && i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        card->n_counted += member->is_counted;
        if (member->is_restricted) {
            card->n_restricted++;
            continue;
        }
        ReportMember *shown = g_new0(ReportMember, 1);
        shown->label = g_strdup(member->number != NULL ? member->number : member->title);
        shown->title = member->number != NULL ? figure_member_title(member, language) : NULL;
        shown->is_counted = member->is_counted;
        shown->why = is_said || !member->is_counted ? g_strdup(member->why) : NULL;
        shown->amount = grouped(figure_member_amount(figure, member));
        shown->found = figure_member_found(member, language);
        g_ptr_array_add(card->members, shown);
    }
}

ReportCard *report_card_of(const Figure *figure, const Office *office, const char *language)
{
    g_autoptr(Card) definition = card_new(figure, office, language);
    ReportCard *card = report_card_new(figure->measure->name, definition->title);
    card->phrase = make_phrase(figure);
    card->number = make_number(figure);
    for (guint i = 0; i < definition->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(definition->lines, i);
        report_card_add_line(card, line->term, line->text);
    }
    add_members(card, figure, language);
    return card;
}

static void free_card(gpointer card)
{
    report_card_free(card);
}

/* Return whether nothing is recorded of what @figure is about, so that the report has nothing to
 * say of it: no number, and no claim of which "never" would be more than an empty ledger shows.
 * Where something is, none who counts is a figure, and a claim that fails. */
static bool is_blank(const Figure *figure)
{
    bool is_none_that_holds = figure->measure->kind == SCHEMA_NONE && figure->is_holding;
    return figure_is_not_kept(figure) ||
           (figure->counted == 0 && figure->total == 0 && !is_none_that_holds);
}

static void make_cards(Report *report, const Office *office)
{
    const char *not_recorded = message_get(report->language, N_("not recorded"));
    report->cards = g_ptr_array_new_with_free_func(free_card);
    for (guint i = 0; i < report->figures->len; i++) {
        ReportCard *card =
            report_card_of(g_ptr_array_index(report->figures, i), office, report->language);
        const Figure *figure = g_ptr_array_index(report->figures, i);
        if (is_blank(figure)) { /* left out, or in what cannot be: not claimed */
            g_free(card->phrase.text);
            card->phrase = (ReportPhrase){.text = g_strdup(not_recorded)};
        }
        if (i >= report->figures->len - report->n_left_out) {
            card->section = report_template_section(report->whole, card->name);
        }
        report->n_false += card->phrase.is_false;
        g_ptr_array_add(report->cards, card);
    }
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Return the template of @body with its words of office and time put in; the caller owns it. */
static ReportTemplate *fill_in(const Report *report, const char *body)
{
    g_autofree char *period = period_to_words(&report->period, report->language);
    g_autofree char *year = g_strdup_printf("%d", date_year(report->period.to));
    const ReportWord words[] = {
        {"{office}", report->office}, {"{period}", period}, {"{year}", year}};
    g_autofree char *filled = report_template_fill(body, words, G_N_ELEMENTS(words));
    return report_template_parse(filled);
}

/* Return the title of a report called @name: "2023年" and "年度述职报告" have one 年 between them.
 * The caller owns it. */
static char *make_title(const Period *period, const char *name, const char *language)
{
    g_autofree char *words = period_to_words(period, language);
    if (g_str_has_suffix(words, "年") && g_str_has_prefix(name, "年")) {
        words[strlen(words) - strlen("年")] = '\0';
    }
    return g_strconcat(words, g_str_equal(language, "en") ? " " : "", name, NULL);
}

static Report *start(Office *office, const SchemaReport *source, const Period *period,
                     const char *language)
{
    Report *report = g_new0(Report, 1);
    report->source = source;
    report->period = *period;
    report->language = g_strdup(source->body.en != NULL ? language : "zh");
    report->office = g_strdup(office_name(office));
    report->word = g_strdup(office_word(office));
    report->title =
        make_title(period, schema_words_get(&source->words, report->language), report->language);
    report->body = fill_in(report, schema_words_get(&source->body, report->language));
    return report;
}

/* Evaluate the figures of the template, all over one snapshot. */
static bool evaluate(Report *report, Office *office, const RightsSubject *subject,
                     const FigureOptions *options, GError **error)
{
    size_t n = 0;
    const char *const *names = report_template_figures(report->body, &n);
    g_autofree const SchemaMeasure **measures = g_new0(const SchemaMeasure *, n + 1);
    for (size_t i = 0; i < n; i++) {
        measures[i] = figure_find_measure(office, names[i], error);
        if (measures[i] == NULL) {
            return false;
        }
    }
    FigureOptions mine = options != NULL ? *options : (FigureOptions){.with_members = true};
    mine.language = report->language;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader == NULL || !store_snapshot_begin(reader, error)) {
        return false;
    }
    report->figures =
        figures_evaluate(office, reader, subject, measures, n, &report->period, &mine, error);
    store_snapshot_end(reader);
    return report->figures != NULL;
}

/* Say below the title of a period that still runs how far its figures go. */
static void tell_cutoff(Report *report, int offset_seconds)
{
    const Figure *first = report->figures->len > 0 ? g_ptr_array_index(report->figures, 0) : NULL;
    if (first == NULL || !first->is_running) {
        return;
    }
    Date last = date_from_us(first->cutoff_us, offset_seconds);
    g_autofree char *day = period_to_words(&(Period){last, last}, report->language);
    g_autofree char *note =
        error_say(report->language, N_("(As of %s; the period is not over yet.)"), day);
    ReportTemplate *noted = report_template_with_note(report->body, note);
    report_template_free(report->body);
    report->body = noted;
}

/* Put the figures of the text first, in its order; return how many have no place in it. */
static guint reorder_figures(Report *report)
{
    size_t n = 0;
    const char *const *names = report_template_figures(report->body, &n);
    for (size_t i = 0; i < n; i++) { /* sort by insertion: what is passed over keeps its order */
        guint at = (guint)i;
        while (!g_str_equal(((Figure *)g_ptr_array_index(report->figures, at))->measure->name,
                            names[i])) {
            at++;
        }
        Figure *figure = g_ptr_array_steal_index(report->figures, at);
        g_ptr_array_insert(report->figures, (int)i, figure);
    }
    return report->figures->len - (guint)n;
}

/* Leave out of the text what there is nothing to report of. */
static void leave_out(Report *report)
{
    g_autofree bool *blanks = g_new0(bool, report->figures->len + 1);
    for (guint i = 0; i < report->figures->len; i++) {
        blanks[i] = is_blank(g_ptr_array_index(report->figures, i));
    }
    ReportTemplate *rest = report_template_without(report->body, blanks);
    if (rest != NULL) {
        report->whole = report->body;
        report->body = rest;
        report->n_left_out = reorder_figures(report);
    }
}

/* Refuse a period of which not one day has come: there is nothing to report. */
static bool has_begun(const Office *office, const Period *period, GError **error)
{
    Date today = date_from_us(source_now_us(office_source(office)), office_offset_seconds(office));
    if (period->from > today) {
        char from[DATE_TEXT_SIZE];
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the period begins on %s: there is nothing to report yet",
                  date_format(period->from, from));
        return false;
    }
    return true;
}

/* Take over from which log the figures come: a report without any comes from none. */
static void note_log(Report *report)
{
    if (report->figures->len > 0) {
        const Figure *first = g_ptr_array_index(report->figures, 0);
        report->log_size = first->log_size;
        memcpy(report->log_root, first->log_root, sizeof report->log_root);
    }
}

Report *report_new(Office *office, const RightsSubject *subject, const SchemaReport *source,
                   const Period *period, const FigureOptions *options, const char *language,
                   GError **error)
{
    if (subject != NULL && !rights_may(subject, RIGHTS_REPORT_READ, NULL, error)) {
        return NULL;
    }
    if (!has_begun(office, period, error)) {
        return NULL;
    }
    g_autoptr(Report) report = start(office, source, period, language);
    if (!evaluate(report, office, subject, options, error)) {
        return NULL;
    }
    note_log(report);
    leave_out(report);
    tell_cutoff(report, office_offset_seconds(office));
    make_cards(report, office);
    return g_steal_pointer(&report);
}

/* ---- showing --------------------------------------------------------------------------------- */

/* Return the card's line of the universe, which says best what is counted; NULL when it has none.
 */
static const char *first_line(const ReportCard *card)
{
    return card->lines->len > 0 ? ((ReportLine *)g_ptr_array_index(card->lines, 0))->text : NULL;
}

char *report_log_text(const Report *report)
{
    g_autofree char *root = text_to_hex(report->log_root, sizeof report->log_root);
    g_autoptr(GError) words = NULL;
    error_set(&words, SHUZHI_ERROR_INTERNAL,
              "The figures come from the first %lld {event|events} of the log, with the root %s.",
              (long long)report->log_size, root);
    return error_to_text(words, report->language);
}

/* Append what the text does not speak of, section by section. */
static void append_left_out(const Report *report, int columns, GString *out)
{
    const char *section = NULL;
    for (guint i = report->cards->len - report->n_left_out; i < report->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        if (section == NULL) {
            g_string_append_c(out, '\n');
            language_wrap(message_get(report->language, N_("Not recorded, and so not in the text")),
                          columns, 0, 0, out);
        }
        if (g_strcmp0(section, card->section) != 0 && *card->section != '\0') {
            language_wrap(card->section, columns, 2, 2, out);
        }
        section = card->section;
        g_autofree char *text = g_strdup_printf("%s %s", card->title, card->name);
        language_wrap(text, columns, 4, 6, out);
    }
}

static void append_notes(const Report *report, int columns, GString *out)
{
    g_autofree char *period = period_to_text(&report->period);
    bool is_english = g_str_equal(report->language, "en");
    const char *colon = is_english ? ": " : "：";
    const char *open = is_english ? " (" : "（";
    const char *close = is_english ? ")" : "）";
    g_string_append_c(out, '\n');
    language_wrap(message_get(report->language, N_("Where the figures come from.  Open one with:")),
                  columns, 0, 0, out);
    g_string_append_printf(out, "  shuzhi figure %s NAME --period %s\n\n", report->word, period);
    for (guint i = 0; i < report->cards->len - report->n_left_out; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        const char *line = first_line(card);
        g_autofree char *text =
            g_strdup_printf("〔%u〕%s%s%s%s%s%s %s", i + 1, card->title, colon, card->number,
                            line != NULL ? open : "", line != NULL ? line : "",
                            line != NULL ? close : "", card->name);
        language_wrap(text, columns, 2, 6, out);
    }
    append_left_out(report, columns, out);
    g_autofree char *log = report_log_text(report);
    g_string_append_c(out, '\n');
    language_wrap(log, columns, 0, 0, out);
}

char *report_status_text(const Report *report)
{
    guint n = report->cards->len - report->n_left_out;
    return report->n_left_out > 0
               ? error_say(report->language,
                           N_("draft · %u {figure|figures}, %d {claim does|claims do} not hold, %u "
                              "not recorded"),
                           n, report->n_false, report->n_left_out)
               : error_say(report->language,
                           N_("draft · %u {figure|figures}, %d {claim does|claims do} not hold"), n,
                           report->n_false);
}

char *report_to_text(const Report *report, int columns, bool has_notes)
{
    GString *out = g_string_new(NULL);
    g_autofree ReportPhrase *phrases = g_new0(ReportPhrase, report->cards->len + 1);
    for (guint i = 0; i < report->cards->len; i++) {
        phrases[i] = ((ReportCard *)g_ptr_array_index(report->cards, i))->phrase;
    }
    report_template_to_text(report->body, phrases, columns, has_notes, out);
    if (has_notes && report->cards->len > 0) {
        append_notes(report, columns, out);
    }
    return g_string_free(out, false);
}

char *report_to_html(const Report *report)
{
    g_autofree char *status = report_status_text(report);
    g_autofree char *log = report_log_text(report);
    const ReportPage page = {.language = report->language,
                             .office = report->office,
                             .title = report->title,
                             .status = status,
                             .log = log,
                             .body = report->body,
                             .cards = report->cards};
    return report_page_to_html(&page);
}
