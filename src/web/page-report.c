#include "web/pages.h"

#include "measure/json.h"
#include "report/report.h"
#include "web/list.h"
#include "web/report.h"
#include "web/templates.h"
#include "web/trend.h"

#define MEMBERS_SHOWN 500 /* on a page; the rest is in the figure's table */

/* ---- the card of a figure -------------------------------------------------------------------- */

static void add_member(const WebContext *context, WebFigure *shown, const FigureMember *member)
{
    if (member->is_restricted) {
        shown->n_restricted++;
        return;
    }
    GPtrArray *members = member->is_counted ? shown->counted : shown->others;
    WebMember *line = web_new(context, WebMember);
    bool is_entry = member->number != NULL && member->id != 0;
    line->label = member->number != NULL ? member->number : member->title;
    line->title = member->number != NULL && member->title != NULL ? member->title : "";
    line->address = is_entry ? web_entry_address(context, member->number) : NULL;
    line->why = member->is_counted || member->why == NULL ? "" : member->why;
    line->is_late = member->is_late;
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
    ReportCard *card = report_card_of(figure, context->office, context->html.language);
    keep(context, card, free_card);
    WebFigure *shown = web_new(context, WebFigure);
    shown->name = measure->name;
    shown->title = card->title;
    shown->number = card->number;
    shown->phrase = card->phrase.text;
    shown->is_false = card->phrase.is_false;
    shown->unit = measure->unit != NULL && !figure->is_claim ? measure->unit : "";
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
    for (guint i = 0; figure->members != NULL && i < figure->members->len; i++) {
        add_member(context, shown, g_ptr_array_index(figure->members, i));
    }
    return shown;
}

/* ---- periods --------------------------------------------------------------------------------- */

bool web_default_year(const WebContext *context, int *ret_year, GError **error)
{
    int newest = 0;
    int due = date_year(web_today(context) - WEB_REPORT_DAYS);
    if (!ledger_newest_year(context->reader, office_schema(context->office), &newest, error)) {
        return false;
    }
    *ret_year = newest != 0 ? MIN(newest, due) : due;
    return true;
}

/* Read the period that the address asks for, @source's or any; that of the default year if none. */
static bool read_period(const WebContext *context, const SchemaReport *source, Period *ret_period,
                        GError **error)
{
    const char *text = http_request_query(context->request, "period");
    int year = 0;
    if (text == NULL || *text == '\0') {
        if (!web_default_year(context, &year, error)) {
            return false;
        }
        *ret_period = period_around(PERIOD_YEAR, date_from_ymd(year, 1, 1));
        if (source == NULL || g_str_equal(source->period, "year")) {
            return true;
        }
        PeriodUnit unit = g_str_equal(source->period, "month") ? PERIOD_MONTH : PERIOD_QUARTER;
        *ret_period = period_around(unit, ret_period->to);
        return true;
    }
    return source != NULL ? report_parse_period(source, text, ret_period, error)
                          : period_parse(text, ret_period, error);
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* Return the address of the period before or after @period; kept. */
static const char *neighbour(const WebContext *context, const char *path, const Period *period,
                             int step)
{
    int days = period->to - period->from + 1;
    PeriodUnit unit = days > 300 ? PERIOD_YEAR : days > 60 ? PERIOD_QUARTER : PERIOD_MONTH;
    const Period other = period_around(unit, step < 0 ? period->from - 1 : period->to + 1);
    return web_address(context, path, "period", web_keep(context, period_to_text(&other)), NULL);
}

static void send_report(WebContext *context, const Report *report, const WebFigure *figure)
{
    const char *period = web_keep(context, period_to_text(&report->period));
    const char *path = web_keep(context, g_strconcat("/report/", report->source->name, NULL));
    const WebReportHead head = {
        .status = web_say(context,
                          N_("Draft; its figures come from the ledgers. %u figures, %d "
                             "claims do not hold."),
                          report->cards->len, report->n_false),
        .before = neighbour(context, path, &report->period, -1),
        .after = neighbour(context, path, &report->period, 1),
        .close = web_address(context, path, "period", period, NULL),
        .n_false = report->n_false,
    };
    g_autofree ReportPhrase *phrases = g_new0(ReportPhrase, report->cards->len + 1);
    for (guint i = 0; i < report->cards->len; i++) {
        phrases[i] = ((ReportCard *)g_ptr_array_index(report->cards, i))->phrase;
    }
    const ReportLinks links = {
        .before = web_outer_address(
            context, web_keep(context, g_strconcat(path, "?period=", period, "&figure=", NULL))),
        .after = "#figure",
        .open = figure != NULL ? figure->name : NULL};
    GString *out = web_page_begin(context, report->title);
    template_report_begin(out, &context->html, &head);
    report_template_to_html(report->body, phrases, &links, out);
    template_report_end(out, &context->html, context, &head, figure);
    web_page_send(context, out);
}

bool web_page_report(WebContext *context, GError **error)
{
    const SchemaReport *source = report_find(context->office, context->parts[0], error);
    const char *name = http_request_query(context->request, "figure");
    const FigureOptions options = {.language = context->html.language};
    Period period;
    if (source == NULL || !read_period(context, source, &period, error)) {
        return false;
    }
    const SchemaMeasure *measure =
        name != NULL ? figure_find_measure(context->office, name, error) : NULL;
    if (name != NULL && measure == NULL) {
        return false;
    }
    g_autoptr(Report) report = report_new(context->office, context->subject, source, &period,
                                          &options, context->html.language, error);
    WebFigure *figure =
        report != NULL && measure != NULL ? web_figure_new(context, measure, &period, error) : NULL;
    if (report == NULL || (measure != NULL && figure == NULL)) {
        return false;
    }
    send_report(context, report, figure);
    return true;
}

/* As `figure --json` prints it. */
static bool send_figure_json(WebContext *context, const SchemaMeasure *measure,
                             const Period *period, GError **error)
{
    const FigureOptions options = {.with_members = true, .language = context->html.language};
    g_autoptr(Figure) figure = figure_evaluate(context->office, context->reader, context->subject,
                                               measure, period, &options, error);
    if (figure == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    figure_write_json(figure, context->office, context->html.language, &json);
    web_send_json(context, &json);
    return true;
}

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

bool web_page_figure(WebContext *context, GError **error)
{
    const char *ending = web_take_ending(context->parts[0]);
    const SchemaMeasure *measure = figure_find_measure(context->office, context->parts[0], error);
    Period period;
    if (measure == NULL || !read_period(context, NULL, &period, error)) {
        return false;
    }
    if (g_str_equal(ending, ".json")) {
        return send_figure_json(context, measure, &period, error);
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
    GString *out = web_page_begin(context, figure->title);
    template_figure_page(out, &context->html, context, figure, words, trend, shares,
                         other_trend(context, &period));
    web_page_send(context, out);
    return true;
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
