#include "web/trend.h"

#include "base/message.h"
#include "base/text.h"
#include "ledger/list.h"
#include "measure/figure.h"
#include "report/report.h"
#include "web/entry.h"

#define MAX_SHARES 20 /* that there are more is said below */

static const char *trend_asked(const WebContext *context)
{
    const char *by = http_request_query(context->request, "trend");
    return g_strcmp0(by, "month") == 0 ? by : NULL;
}

static WebBars *new_bars(const WebContext *context, const char *chart, const SchemaMeasure *measure,
                         const Period *period, const char *head)
{
    WebBars *bars = web_new(context, WebBars);
    const char *path = web_keep(context, g_strconcat("/figure/", measure->name, chart, NULL));
    bars->address = web_address(context, path, "period", web_keep(context, period_to_text(period)),
                                "trend", trend_asked(context), NULL);
    bars->head = head;
    bars->labels = web_array(context);
    return bars;
}

/* Add a bar, and the same as a line of the table. */
static void add_bar(const WebContext *context, WebBars *bars, const ChartPoint *point)
{
    WebShown *line = web_new(context, WebShown);
    line->words = point->label;
    line->text = point->text;
    g_ptr_array_add(bars->labels, line);
    bars->points[bars->n_points++] = *point;
}

/* Return @value with @decimals as a length. */
static double length_of(int64_t value, int decimals)
{
    double length = (double)value;
    for (int i = 0; i < decimals; i++) {
        length /= 10;
    }
    return length;
}

/* ---- over time ------------------------------------------------------------------------------- */

/* Put the whole @unit of @period and the @n-1 before it into @ret_periods, the oldest first. */
static void look_back(const Period *period, PeriodUnit unit, int n, GArray *ret_periods)
{
    Period at = *period;
    for (int i = 0; i < n; i++) {
        g_array_prepend_val(ret_periods, at);
        at = period_around(unit, at.from - 1);
    }
}

/* Return the periods that a trend of @period is drawn over (of Period; the caller owns it), and set
 * *@ret_unit to what each is; NULL when there is no such trend. */
static GArray *choose_periods(const WebContext *context, const Period *period, PeriodUnit *ret_unit)
{
    static const struct {
        PeriodUnit unit;
        int n;
    } rows[] = {{PERIOD_YEAR, 5}, {PERIOD_QUARTER, 8}, {PERIOD_MONTH, 12}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Period whole = period_around(rows[i].unit, period->from);
        if (!period_is_equal(&whole, period)) {
            continue;
        }
        *ret_unit = rows[i].unit;
        if (rows[i].unit == PERIOD_YEAR && trend_asked(context) != NULL) {
            *ret_unit = PERIOD_MONTH;
            return period_split(period, PERIOD_MONTH);
        }
        GArray *periods = g_array_new(false, false, sizeof(Period));
        look_back(period, rows[i].unit, rows[i].n, periods);
        return periods;
    }
    return NULL;
}

/* Return what stands below a bar: "2023", "2023Q1", "5" for May. */
static const char *short_name(const WebContext *context, const Period *period, PeriodUnit unit)
{
    int year = 0;
    int month = 0;
    int day = 0;
    date_to_ymd(period->from, &year, &month, &day);
    return unit == PERIOD_MONTH ? web_number(context, month)
                                : web_keep(context, period_to_text(period));
}

/* Return whether @figure is of a time of which nothing was recorded: that is not none.  @oldest: as
 * for add_period(); 0: there are no records. */
static bool is_gap(const Figure *figure, int oldest)
{
    return figure->total == 0 && (oldest == 0 || date_year(figure->period.to) < oldest);
}

bool web_figure_is_gap(const WebContext *context, const Figure *figure, bool *ret_is_gap,
                       GError **error)
{
    int oldest = 0;
    int newest = 0;
    if (!ledger_years(context->reader, office_schema(context->office), figure->measure->of.ledger,
                      &oldest, &newest, error)) {
        return false;
    }
    *ret_is_gap = is_gap(figure, oldest);
    return true;
}

/* Set *@ret_day to the day of the first entry of @measure's ledger that the reader sees; DATE_NONE
 * where it counts no entries, or there are none. */
static bool find_first_day(const WebContext *context, const SchemaMeasure *measure, Date *ret_day,
                           GError **error)
{
    const LedgerQuery query = {.ledger = measure->of.ledger, .sort = "opened", .limit = 1};
    *ret_day = DATE_NONE;
    if (query.ledger == NULL) {
        return true;
    }
    g_autoptr(LedgerPage) page =
        ledger_list(context->office, context->reader, context->subject, &query, error);
    if (page != NULL && page->entries->len > 0) {
        const LedgerEntry *first = g_ptr_array_index(page->entries, 0);
        *ret_day = date_from_us(first->opened_us, office_offset_seconds(context->office));
    }
    return page != NULL;
}

/* Say @text below the bars, behind what is said there. */
static void add_note(const WebContext *context, WebBars *bars, const char *text)
{
    const char *space = g_str_equal(context->html.language, "en") ? " " : "";
    bars->since =
        bars->since != NULL ? web_keep(context, g_strconcat(bars->since, space, text, NULL)) : text;
}

/* Mark at its label a period of which the books tell a part only: a growth from it is none. */
static void mark_parts(const WebContext *context, WebBars *bars, const GArray *periods, Date first)
{
    char day[DATE_TEXT_SIZE];
    Date today = web_today(context);
    for (guint i = 0; i < periods->len; i++) {
        const Period *period = &g_array_index(periods, Period, i);
        bool is_begun = first > period->from && first <= period->to;
        bool is_running = today >= period->from && today < period->to;
        if (!is_begun && !is_running) {
            continue;
        }
        WebShown *line = g_ptr_array_index(bars->labels, i);
        line->words = web_keep(context, g_strconcat(line->words, "*", NULL));
        bars->points[i].label = line->words;
        if (is_begun) {
            add_note(context, bars,
                     web_say(context, N_("%s the records begin on %s."), line->words,
                             date_format(first, day)));
        }
        if (is_running) {
            add_note(context, bars,
                     web_say(context, N_("%s counted until %s; the period is not over."),
                             line->words, date_format(today, day)));
        }
    }
}

/* When a ledger was kept: since when a reader sees entries of it, and the year of the first there
 * is. */
typedef struct Kept {
    Date first; /* DATE_NONE: sees none */
    int oldest; /* 0: there are none */
} Kept;

static bool add_period(const WebContext *context, WebBars *bars, const SchemaMeasure *measure,
                       const Period *period, const Period *asked, const Kept *kept, GError **error)
{
    const FigureOptions options = {.language = context->html.language,
                                   .cache = context->site->figures};
    ChartPoint point = {.text = "", .is_marked = period_contains(asked, period->from)};
    if (period->from <=
        web_today(context)) { /* what is to come is not nothing, but not yet known */
        g_autoptr(Figure) figure = figure_evaluate(
            context->office, context->reader, context->subject, measure, period, &options, error);
        if (figure == NULL) {
            return false;
        }
        ReportCard *card = report_card_of(figure, context->office, context->html.language);
        bool is_unknown =
            is_gap(figure, kept->oldest) || (figure->total == 0 && period->to < kept->first);
        bars->has_gaps = bars->has_gaps || is_unknown;
        point.text = is_unknown ? "—" : web_keep(context, g_strdup(card->number));
        report_card_free(card);
        point.has_value = figure->has_value && !is_unknown;
        point.value = length_of(figure->value, figure->decimals);
    }
    point.label = short_name(context, period, bars->unit);
    add_bar(context, bars, &point);
    return true;
}

bool web_trend_new(const WebContext *context, const SchemaMeasure *measure, const Period *period,
                   WebBars **ret_bars, GError **error)
{
    PeriodUnit unit = PERIOD_YEAR;
    bool is_claim = measure->kind == SCHEMA_ALL || measure->kind == SCHEMA_NONE;
    g_autoptr(GArray) periods = is_claim ? NULL : choose_periods(context, period, &unit);
    Kept kept = {.first = DATE_NONE};
    int newest = 0;
    *ret_bars = NULL;
    if (periods == NULL) {
        return true;
    }
    if (!ledger_years(context->reader, office_schema(context->office), measure->of.ledger,
                      &kept.oldest, &newest, error) ||
        !find_first_day(context, measure, &kept.first, error)) {
        return false;
    }
    WebBars *bars = new_bars(context, "/trend.svg", measure, period,
                             unit == PERIOD_MONTH ? web_tr(context, N_("Month"))
                                                  : web_tr(context, N_("Period")));
    bars->unit = unit;
    for (guint i = 0; i < periods->len; i++) {
        if (!add_period(context, bars, measure, &g_array_index(periods, Period, i), period, &kept,
                        error)) {
            return false;
        }
    }
    mark_parts(context, bars, periods, kept.first);
    *ret_bars = bars;
    return true;
}

/* ---- by group -------------------------------------------------------------------------------- */

bool web_shares_new(const WebContext *context, const SchemaMeasure *measure, const Period *period,
                    WebBars **ret_bars, GError **error)
{
    const FigureOptions options = {.language = context->html.language,
                                   .cache = context->site->figures};
    g_autoptr(Figure) figure = figure_evaluate(context->office, context->reader, context->subject,
                                               measure, period, &options, error);
    *ret_bars = NULL;
    if (figure == NULL) {
        return false;
    }
    if (figure->groups == NULL || figure->groups->len == 0 || figure->is_claim) {
        return true;
    }
    WebBars *bars = new_bars(context, "/shares.svg", measure, period, web_tr(context, N_("Group")));
    for (guint i = 0; i < MIN(figure->groups->len, MAX_SHARES); i++) {
        const FigureGroup *group = g_ptr_array_index(figure->groups, i);
        double length = length_of(group->value, figure->decimals);
        g_autofree char *plain = text_format_decimal(group->value, figure->decimals);
        const ChartPoint point = {
            .label = *group->label != '\0' ? web_keep(context, g_strdup(group->label))
                                           : web_tr(context, N_("without")),
            .text = group->has_value ? web_keep(context, text_group_digits(plain)) : "—",
            .value = length,
            .has_value = group->has_value};
        add_bar(context, bars, &point);
    }
    if (figure->groups->len > MAX_SHARES) {
        add_note(context, bars,
                 web_say(context, N_("The first %d of %u groups; the JSON has all of them."),
                         MAX_SHARES, figure->groups->len));
    }
    *ret_bars = bars;
    return true;
}
