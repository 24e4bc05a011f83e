#include "web/pages.h"

#include "base/text.h"
#include "language/collate.h"
#include "log/history.h"
#include "measure/json.h"
#include "report/json.h"
#include "web/report.h"
#include "web/rows.h"
#include "web/templates.h"
#include "web/trend.h"

#define MEMBERS_SHOWN 500      /* on a page; the rest is in the figure's table */
#define MEMBERS_AT_A_GLANCE 10 /* what comes after so many is not seen */

/* ---- the card of a figure -------------------------------------------------------------------- */

/* Note in @line what @member brings to the figure @shown of amounts. */
static void add_amount(const WebContext *context, const WebFigure *shown, WebMember *line,
                       const Figure *figure, const FigureMember *member)
{
    line->amount = line->value = shown->result == NULL ? "" : "—";
    if (shown->result != NULL && member->has_amount) {
        line->value = web_keep(context, text_format_decimal(member->amount, figure->decimals));
        line->amount = web_keep(context, text_group_digits(line->value));
    }
}

static void add_member(const WebContext *context, WebFigure *shown, const Figure *figure,
                       const FigureMember *member)
{
    *(member->is_counted ? &shown->n_counted : &shown->n_others) += 1;
    if (member->is_restricted) {
        shown->n_restricted++;
        return;
    }
    GPtrArray *members = member->is_counted ? shown->counted : shown->others;
    WebMember *line = web_new(context, WebMember);
    bool is_entry = member->number != NULL && member->id != 0;
    line->label = member->number != NULL ? member->number : member->title;
    g_autofree char *title = figure_member_title(member, context->html.language);
    bool is_titled = member->number != NULL && title != NULL;
    line->title = is_titled ? web_keep(context, g_strdup(title)) : "";
    line->address = is_entry ? web_entry_address(context, member->number) : NULL;
    line->why = member->is_counted || member->why == NULL ? "" : member->why;
    add_amount(context, shown, line, figure, member);
    line->day = member->date_us != 0 ? web_day(context, member->date_us) : "";
    line->is_late = member->n_late > 0;
    line->entries = web_array(context);
    for (guint i = 0; member->entries != NULL && i < member->entries->len; i++) {
        WebMember *found = web_new(context, WebMember);
        found->label = g_ptr_array_index(member->entries, i);
        found->address = web_entry_address(context, found->label);
        g_ptr_array_add(line->entries, found);
    }
    if (members->len < MEMBERS_SHOWN) {
        g_ptr_array_add(members, line);
    } else {
        shown->n_more++;
    }
}

static int compare_members(gconstpointer a, gconstpointer b)
{
    return collate_compare_people((*(WebMember *const *)a)->label, (*(WebMember *const *)b)->label);
}

static void free_figure(gpointer figure)
{
    figure_free(figure);
}

static void free_card(gpointer card)
{
    report_card_free(card);
}

/* Keep @object as long as the request; it is freed with @free_object. */
static void keep(const WebContext *context, void *object, GDestroyNotify free_object)
{
    GPtrArray *holder = web_array(context);
    g_ptr_array_set_free_func(holder, free_object);
    g_ptr_array_add(holder, object);
}

WebFigure *web_figure_new(const WebContext *context, const SchemaMeasure *measure,
                          const Period *period, GError **error)
{
    const FigureOptions options = {.with_members = true, .language = context->html.language};
    Figure *figure = figure_evaluate(context->office, context->reader, context->subject, measure,
                                     period, &options, error);
    if (figure == NULL) {
        return NULL;
    }
    keep(context, figure, free_figure);
    bool is_gap = false;
    if (!figure->is_claim && !web_figure_is_gap(context, figure, &is_gap, error)) {
        return NULL;
    }
    ReportCard *card = report_card_of(figure, context->office, context->html.language);
    keep(context, card, free_card);
    WebFigure *shown = web_new(context, WebFigure);
    shown->name = measure->name;
    shown->title = card->title;
    shown->number = card->number;
    const char *unit = web_words(context, &measure->unit);
    bool is_english = g_str_equal(context->html.language, "en");
    g_autofree char *plain =
        g_strconcat(card->number, is_english && *unit != '\0' ? " " : "", unit, NULL);
    const char *phrase = figure->sentence != NULL ? figure->sentence : figure->text;
    shown->value = web_keep(context, figure_value_to_text(figure));
    g_autofree char *short_plain =
        g_strconcat(shown->value, is_english && *unit != '\0' ? " " : "", unit, NULL);
    bool is_said = g_str_equal(phrase, plain) || g_str_equal(phrase, short_plain);
    shown->phrase = is_said ? "" : phrase;
    shown->is_false = card->phrase.is_false;
    shown->unit = !figure->is_claim ? unit : "";
    if (is_gap) {
        shown->number = "—";
        shown->unit = "";
        shown->phrase =
            web_tr(context, N_("Nothing was recorded of that time, which is not none."));
    }
    shown->lines = web_array(context);
    shown->counted = web_array(context);
    shown->others = web_array(context);
    for (guint i = 0; i < card->lines->len; i++) {
        const ReportLine *given = g_ptr_array_index(card->lines, i);
        WebShown *line = web_new(context, WebShown);
        line->words = given->term;
        line->text = given->text;
        g_ptr_array_add(shown->lines, line);
    }
    if (figure_shows_amounts(figure)) {
        shown->result =
            web_tr(context, measure->kind == SCHEMA_SUM ? N_("Their sum") : N_("Their median"));
    }
    for (guint i = 0; figure->members != NULL && i < figure->members->len; i++) {
        add_member(context, shown, figure, g_ptr_array_index(figure->members, i));
    }
    if (measure->of.universe == SCHEMA_OF_PEOPLE) {
        g_ptr_array_sort(shown->counted, compare_members);
        g_ptr_array_sort(shown->others, compare_members);
    }
    shown->is_others_first = shown->is_false || shown->n_counted > MEMBERS_AT_A_GLANCE;
    return shown;
}

/* ---- periods --------------------------------------------------------------------------------- */

bool web_default_year(const WebContext *context, int *ret_year, GError **error)
{
    int oldest = 0;
    int newest = 0;
    int due = date_year(web_today(context) - WEB_REPORT_DAYS);
    if (!ledger_years(context->reader, office_schema(context->office), NULL, &oldest, &newest,
                      error)) {
        return false;
    }
    *ret_year = newest != 0 ? MIN(newest, due) : due;
    return true;
}

bool web_default_period(const WebContext *context, const SchemaReport *source, Period *ret_period,
                        GError **error)
{
    int year = 0;
    if (!web_default_year(context, &year, error)) {
        return false;
    }
    *ret_period = period_around(PERIOD_YEAR, date_from_ymd(year, 1, 1));
    if (source != NULL && report_unit(source) != PERIOD_YEAR) {
        *ret_period = period_around(report_unit(source), MIN(ret_period->to, web_today(context)));
    }
    return true;
}

/* Refuse what pages do not know: who asks for what was known on a day would see what is known now.
 */
static bool check_page_query(const WebContext *context, GError **error)
{
    static const char *const of_files[] = {"cutoff", "known"};
    for (size_t i = 0; i < G_N_ELEMENTS(of_files); i++) {
        if (http_request_query(context->request, of_files[i]) != NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is for the figure as a file (.json, .csv, .xlsx); a page shows what is"
                      " known now",
                      of_files[i]);
            return false;
        }
    }
    return true;
}

/* Read the period that the address asks for, @source's or any; the default one if none. */
static bool read_period(const WebContext *context, const SchemaReport *source, Period *ret_period,
                        GError **error)
{
    const char *text = http_request_query(context->request, "period");
    if (text == NULL || *text == '\0') {
        return web_default_period(context, source, ret_period, error);
    }
    return source != NULL ? report_parse_period(source, text, ret_period, error)
                          : period_parse(text, ret_period, error) &&
                                figure_check_begun(context->office, ret_period, error);
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* Return the address of the period before or after @period; kept. */
static const char *neighbour(const WebContext *context, const char *path, const Period *period,
                             int step)
{
    int days = period->to - period->from + 1;
    PeriodUnit unit = days > 300   ? PERIOD_YEAR
                      : days > 150 ? PERIOD_HALF
                      : days > 60  ? PERIOD_QUARTER
                                   : PERIOD_MONTH;
    const Period other = period_around(unit, step < 0 ? period->from - 1 : period->to + 1);
    return web_address(context, path, "period", web_keep(context, period_to_text(&other)), NULL);
}

/* A report as far as it is the same for all who may read the same entries: the page's heading and
 * text.  Not changed once it is made. */
typedef struct Article {
    char *title;
    char *html;
    int n_figures; /* in the text */
    int n_false;   /* claims that do not hold */
} Article;

static void clear_article(gpointer data)
{
    Article *article = data;
    g_free(article->title);
    g_free(article->html);
}

static void article_unref(Article *article)
{
    if (article != NULL) {
        g_atomic_rc_box_release_full(article, clear_article);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Article, article_unref)

static const char *report_path(const WebContext *context, const SchemaReport *source)
{
    return web_keep(context, g_strconcat("/report/", source->name, NULL));
}

/* Return what @report at @path does not speak of (of WebUnsaid). */
static GPtrArray *find_unsaid(const WebContext *context, const Report *report, const char *path,
                              const char *period)
{
    GPtrArray *groups = web_array(context);
    WebUnsaid *group = NULL;
    for (guint i = report->cards->len - report->n_left_out; i < report->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        if (group == NULL || !g_str_equal(group->section, card->section)) {
            group = web_new(context, WebUnsaid);
            group->section = card->section;
            group->figures = web_array(context);
            g_ptr_array_add(groups, group);
        }
        WebUnsaidFigure *figure = web_new(context, WebUnsaidFigure);
        figure->title = card->title;
        figure->address = web_keep(context, g_strconcat(web_address(context, path, "period", period,
                                                                    "figure", card->name, NULL),
                                                        "#figure", NULL));
        g_ptr_array_add(group->figures, figure);
    }
    return groups;
}

/* Write @report with the figure @open (NULL: none) marked. */
static Article *write_article(const WebContext *context, const Report *report, const char *open)
{
    const char *period = web_keep(context, period_to_text(&report->period));
    const char *path = report_path(context, report->source);
    const WebReportHead head = {
        .status = web_keep(context, report_status_text(report)),
        .draft = web_say(context, N_("Draft; the figures are of %s"),
                         web_time(context, web_now_us(context))),
        .log = web_keep(context, report_log_text(report)),
        .before = neighbour(context, path, &report->period, -1),
        .after = report->period.to < web_today(context)
                     ? neighbour(context, path, &report->period, 1)
                     : NULL,
    };
    g_autofree ReportPhrase *phrases = g_new0(ReportPhrase, report->cards->len + 1);
    for (guint i = 0; i < report->cards->len; i++) {
        phrases[i] = ((ReportCard *)g_ptr_array_index(report->cards, i))->phrase;
    }
    const ReportLinks links = {
        .before = web_outer_address(
            context, web_keep(context, g_strconcat(path, "?period=", period, "&figure=", NULL))),
        .after = "#figure",
        .open = open};
    GString *out = g_string_new(NULL);
    template_report_begin(out, &context->html, &head);
    g_autoptr(GString) body = g_string_new(NULL);
    report_template_to_html(report->body, phrases, &links, body);
    html_append_marked(out, &context->html, body->str);
    template_report_unsaid(out, &context->html, find_unsaid(context, report, path, period));
    Article *article = g_atomic_rc_box_new0(Article);
    article->title = g_strdup(report->title);
    article->html = g_string_free(out, false);
    article->n_figures = (int)(report->cards->len - report->n_left_out);
    article->n_false = report->n_false;
    return article;
}

/* Make the report of @source and write it. */
static Article *make_article(const WebContext *context, const SchemaReport *source,
                             const Period *period, const char *open, GError **error)
{
    const FigureOptions options = {.language = context->html.language,
                                   .cache = context->site->figures};
    g_autoptr(Report) report = report_new(context->office, context->subject, source, period,
                                          &options, context->html.language, error);
    return report != NULL ? write_article(context, report, open) : NULL;
}

/* Return all that an article depends on, but for the log and the moment; the caller owns it. */
static char *article_key(const WebContext *context, const SchemaReport *source,
                         const Period *period, const char *open)
{
    GString *key = g_string_new(NULL);
    g_string_printf(key, "article\n%s\n%s\n%d %d\n%d\n%s\n", source->name, context->html.language,
                    period->from, period->to, web_today(context), open != NULL ? open : "");
    rights_append_key(context->subject, RIGHTS_ENTRY_READ, key);
    return g_string_free(key, false);
}

/* Return the article that the reader sees, made only if something has happened since it last was;
 * the caller gives it back.  The moment matters only while the period runs. */
static Article *find_article(const WebContext *context, const SchemaReport *source,
                             const Period *period, const char *open, GError **error)
{
    WebKnown *known = context->site->known;
    g_autofree char *key = article_key(context, source, period, open);
    int64_t now_us = period->to < web_today(context) ? 0 : web_now_us(context);
    int64_t size = 0;
    int64_t size_after = 0;
    if (!rights_may(context->subject, RIGHTS_REPORT_READ, NULL, error) ||
        !rights_may(context->subject, RIGHTS_FIGURE_READ, NULL, error) ||
        !log_head(context->reader, &size, NULL, error)) {
        return NULL;
    }
    g_autoptr(Article) article = known_find(known, key, size, now_us);
    if (article == NULL) {
        article = make_article(context, source, period, open, error);
        if (article == NULL || !log_head(context->reader, &size_after, NULL, error)) {
            return NULL;
        }
        if (size_after == size) { /* else it may be of either */
            known_put(known, key, size, now_us, article, clear_article, strlen(article->html));
        }
    }
    return g_steal_pointer(&article);
}

/* Return the address of the page of the figure of @measure, kept. */
static const char *figure_address(const WebContext *context, const char *measure,
                                  const Period *period)
{
    const char *path = web_keep(context, g_strconcat("/figure/", measure, NULL));
    return web_address(context, path, "period", web_keep(context, period_to_text(period)), NULL);
}

bool web_page_report(WebContext *context, GError **error)
{
    const SchemaReport *source = report_find(context->office, context->parts[0], error);
    const char *name = http_request_query(context->request, "figure");
    Period period;
    if (source == NULL || !check_page_query(context, error) ||
        !read_period(context, source, &period, error)) {
        return false;
    }
    const SchemaMeasure *measure =
        name != NULL ? figure_find_measure(context->office, name, error) : NULL;
    if (name != NULL && measure == NULL) {
        return false;
    }
    const char *open = measure != NULL ? measure->name : NULL;
    g_autoptr(Article) article = find_article(context, source, &period, open, error);
    WebFigure *figure = article != NULL && measure != NULL
                            ? web_figure_new(context, measure, &period, error)
                            : NULL;
    if (article == NULL || (measure != NULL && figure == NULL)) {
        return false;
    }
    const WebReportHead head = {
        .close = web_address(context, report_path(context, source), "period",
                             web_keep(context, period_to_text(&period)), NULL),
        .figure = open != NULL ? figure_address(context, open, &period) : NULL,
        .n_figures = article->n_figures,
        .n_false = article->n_false,
    };
    context->has_own_heading = true; /* that of the paper */
    GString *out = web_page_begin(context, article->title);
    g_string_append(out, article->html);
    template_report_end(out, &context->html, context, &head, figure);
    web_page_send(context, out);
    return true;
}

/* ---- for programs and spreadsheets ----------------------------------------------------------- */

/* A program that leaves the period empty has lost it: it gets no other year's figures. */
static bool check_period_is_said(const WebContext *context, GError **error)
{
    const char *text = http_request_query(context->request, "period");
    if (text != NULL && *text == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "the period is empty");
        error_about(error, "period");
        return false;
    }
    return true;
}

bool web_send_report_json(WebContext *context, const SchemaReport *source, GError **error)
{
    const FigureOptions options = {.language = context->html.language,
                                   .cache = context->site->figures};
    Period period;
    if (!check_period_is_said(context, error) || !read_period(context, source, &period, error)) {
        return false;
    }
    g_autoptr(Report) report = report_new(context->office, context->subject, source, &period,
                                          &options, context->html.language, error);
    if (report == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    report_write_json(report, context->office, context->html.language, &json);
    web_send_json(context, &json);
    return true;
}

/* Set *@ret_us to the last instant of the day that the query has under @name, 0 where it has none.
 */
static bool read_day_end(const WebContext *context, const char *name, int64_t *ret_us,
                         GError **error)
{
    const char *text = http_request_query(context->request, name);
    Date date = DATE_NONE;
    *ret_us = 0;
    if (text == NULL) {
        return true;
    }
    if (!date_parse(text, &date)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a date; write 2023-05-06 or 2023年5月6日", text);
        return false;
    }
    *ret_us = date_to_us(date + 1, 0, office_offset_seconds(context->office)) - 1;
    return true;
}

/* Evaluate @measure, with its members, for the period that the address asks for. */
static Figure *evaluate(const WebContext *context, const SchemaMeasure *measure, GError **error)
{
    FigureOptions options = {.with_members = true, .language = context->html.language};
    Period period;
    if (!check_period_is_said(context, error) || !read_period(context, NULL, &period, error) ||
        !read_day_end(context, "cutoff", &options.cutoff_us, error) ||
        !read_day_end(context, "known", &options.known_us, error)) {
        return NULL;
    }
    return figure_evaluate(context->office, context->reader, context->subject, measure, &period,
                           &options, error);
}

/* As `figure --json` prints it. */
bool web_send_figure_json(WebContext *context, const SchemaMeasure *measure, GError **error)
{
    g_autoptr(Figure) figure = evaluate(context, measure, error);
    if (figure == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    figure_write_json(figure, context->office, context->html.language, &json);
    web_send_json(context, &json);
    return true;
}

/* The columns of a figure's table of members. */
static const WebRowsColumn member_columns[] = {
    {"number", N_("number")},
    {"title", N_("title")},
    {"counted", N_("counted")},
    {"why", N_("why")},
    {"late", N_("late record")},
    {"entries", N_("entries")},
    {"restricted", N_("not shown to you")},
    {"group", N_("group")},   /* of a figure with groups only */
    {"amount", N_("amount")}, /* of a figure of amounts only */
};
#define N_ALWAYS (G_N_ELEMENTS(member_columns) - 2)

/* Let @rows have the columns of the members of @measure, kept. */
static void set_columns(const WebContext *context, const SchemaMeasure *measure, WebRows *rows)
{
    WebRowsColumn *columns = g_memdup2(member_columns, sizeof member_columns);
    rows->n_columns = N_ALWAYS;
    if (measure->by != NULL) {
        columns[rows->n_columns++] = member_columns[N_ALWAYS];
    }
    if (measure->amount != NULL) {
        columns[rows->n_columns++] = member_columns[N_ALWAYS + 1];
    }
    rows->columns = web_keep(context, columns);
}

/* Return the numbers of @entries (of char*; NULL: none) on one line; the caller owns it. */
static char *join_numbers(const GPtrArray *entries)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                               (const char *)g_ptr_array_index(entries, i));
    }
    return g_string_free(out, false);
}

/* A line for each member, as the figure counts it: of one that the reader may not see, that it is
 * there. */
static bool read_members(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    g_autoptr(Figure) figure = evaluate(context, data, error);
    for (guint i = 0; figure != NULL && i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        g_autofree char *entries = join_numbers(member->entries);
        g_autofree char *amount = figure_member_amount(figure, member);
        size_t n = N_ALWAYS;
        TableCell cells[G_N_ELEMENTS(member_columns)] = {
            table_cell_make(TABLE_CELL_TEXT, member->number),
            table_cell_make(TABLE_CELL_TEXT, member->title),
            web_cell_bool(member->is_counted),
            table_cell_make(TABLE_CELL_TEXT, member->why),
            web_cell_bool(member->n_late > 0),
            table_cell_make(TABLE_CELL_TEXT, entries),
            web_cell_bool(member->is_restricted),
        };
        if (figure->measure->by != NULL) {
            cells[n++] = web_cell_text(member->group);
        }
        if (figure->measure->amount != NULL) {
            cells[n++] =
                table_cell_make(amount != NULL ? TABLE_CELL_NUMBER : TABLE_CELL_EMPTY, amount);
        }
        if (!web_sink_take(context, sink, &(WebLine){.cells = cells}, error)) {
            return false;
        }
    }
    return figure != NULL;
}

/* The value, for a feed of one entry: it is another when the figure is. */
static bool read_value(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    const SchemaMeasure *measure = data;
    g_autoptr(Figure) figure = evaluate(context, measure, error);
    if (figure == NULL) {
        return false;
    }
    g_autofree char *period = period_to_text(&figure->period);
    g_autofree char *id = g_strconcat(measure->name, ":", period, NULL);
    g_autofree char *title =
        g_strconcat(web_words(context, &measure->words), " ", figure->text, NULL);
    g_autofree char *path = g_strconcat("/figure/", measure->name, NULL);
    const WebLine line = {.id = id,
                          .title = title,
                          .address = web_address(context, path, "period", period, NULL),
                          .said = figure->sentence != NULL ? figure->sentence : "",
                          .changed_us = figure->cutoff_us};
    return web_sink_take(context, sink, &line, error);
}

/* ---- the page of a figure -------------------------------------------------------------------- */

/* Return the address of the same page with the other trend of a year, by month or by year; NULL for
 * what is no year. */
static const char *other_trend(const WebContext *context, const Period *period)
{
    const Period year = period_around(PERIOD_YEAR, period->from);
    const char *by = http_request_query(context->request, "trend");
    if (!period_is_equal(&year, period)) {
        return NULL;
    }
    return web_address(context, context->path, "period", web_keep(context, period_to_text(period)),
                       "trend", g_strcmp0(by, "month") == 0 ? NULL : "month", NULL);
}

/* Return the report of @period with the figure of @measure open in it; NULL where no report is of
 * such a period, or none is for the reader. */
static const char *report_address(const WebContext *context, const SchemaMeasure *measure,
                                  const Period *period)
{
    const Schema *schema = office_schema(context->office);
    g_autofree char *text = period_to_text(period);
    for (guint i = 0; i < schema->reports->len; i++) {
        const SchemaReport *source = g_ptr_array_index(schema->reports, i);
        Period same;
        if (report_parse_period(source, text, &same, NULL) &&
            rights_may(context->subject, RIGHTS_REPORT_READ, NULL, NULL)) {
            return web_keep(context,
                            g_strconcat(web_address(context, report_path(context, source), "period",
                                                    text, "figure", measure->name, NULL),
                                        "#figure", NULL));
        }
    }
    return NULL;
}

/* Return where one goes from the page of a figure. */
static WebReportHead head_of_figure(const WebContext *context, const SchemaMeasure *measure,
                                    const Period *period)
{
    return (WebReportHead){
        .before = neighbour(context, context->path, period, -1),
        .after =
            period->to < web_today(context) ? neighbour(context, context->path, period, 1) : NULL,
        .close = report_address(context, measure, period),
    };
}

static bool send_page(WebContext *context, const SchemaMeasure *measure, const WebRows *rows,
                      GError **error)
{
    Period period;
    if (!check_page_query(context, error) || !read_period(context, NULL, &period, error)) {
        return false;
    }
    WebFigure *figure = web_figure_new(context, measure, &period, error);
    if (figure == NULL) {
        return false;
    }
    WebBars *trend = NULL;
    WebBars *shares = NULL;
    if (!web_trend_new(context, measure, &period, &trend, error) ||
        (measure->by != NULL && !web_shares_new(context, measure, &period, &shares, error))) {
        return false;
    }
    g_autofree char *words = period_to_words(&period, context->html.language);
    const WebReportHead head = head_of_figure(context, measure, &period);
    GString *out = web_page_begin(context, figure->title);
    template_figure_page(out, &context->html, context, &head, figure, words,
                         web_rows_endings(context, rows), trend, shares,
                         other_trend(context, &period));
    web_page_send(context, out);
    return true;
}

bool web_page_figure(WebContext *context, GError **error)
{
    const SchemaMeasure *measure = figure_find_measure(context->office, context->parts[0], error);
    if (measure == NULL) {
        return false;
    }
    WebRows rows = {.name = measure->name,
                    .words = web_words(context, &measure->words),
                    .query = "period cutoff known",
                    .read = g_str_equal(context->ending, ".atom") ? read_value : read_members,
                    .json = web_api_figure,
                    .data = measure,
                    .asks_export = true};
    set_columns(context, measure, &rows);
    return *context->ending == '\0' ? send_page(context, measure, &rows, error)
                                    : web_rows_send(context, &rows, error);
}

/* Return the chart that @make makes for the measure and period of the address. */
static bool send_chart(WebContext *context, ChartKind kind,
                       bool (*make)(const WebContext *context, const SchemaMeasure *measure,
                                    const Period *period, WebBars **ret_bars, GError **error),
                       GError **error)
{
    const SchemaMeasure *measure = figure_find_measure(context->office, context->parts[0], error);
    WebBars *bars = NULL;
    Period period;
    if (measure == NULL || !read_period(context, NULL, &period, error) ||
        !make(context, measure, &period, &bars, error)) {
        return false;
    }
    if (bars == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    const Chart chart = {kind, bars->points, bars->n_points};
    GString *svg = chart_to_svg(&chart, error);
    if (svg != NULL) {
        http_response_set_body(context->response, "image/svg+xml", svg);
        http_response_allow_keeping(context->response, NULL);
    }
    return svg != NULL;
}

bool web_page_figure_trend(WebContext *context, GError **error)
{
    return send_chart(context, CHART_TREND, web_trend_new, error);
}

bool web_page_figure_shares(WebContext *context, GError **error)
{
    return send_chart(context, CHART_SHARES, web_shares_new, error);
}
