/* Figures over time and by group: each as a chart and, beside it, as the table that says the same.
 */
#pragma once

#include "calendar/period.h"
#include "measure/figure.h"
#include "paper/chart.h"
#include "web/context.h"

typedef struct WebBars {
    const char *address; /* of the chart */
    const char *head;    /* of the table's first column */
    GPtrArray *labels;   /* of WebShown: label and value */
    PeriodUnit unit;     /* of a trend */
    bool has_gaps;       /* periods before the first record */
    const char *since;   /* what the marks at labels mean, and what is left out; NULL: nothing */
    size_t n_points;
    ChartPoint points[CHART_MAX_POINTS];
} WebBars;

/* Set *@ret_is_gap to whether nothing was recorded of the time of @figure, as its ledger (any,
 * where it counts none's entries) began later: that is not none. */
bool web_figure_is_gap(const WebContext *context, const Figure *figure, bool *ret_is_gap,
                       GError **error);

/* Work out @measure for @period and those before it: five years, eight quarters, twelve months;
 * with "trend=month" in the query the months of @period.  Years before the ledger's first record
 * have no value.  *@ret_bars is NULL for a claim, and for a
 * stretch that is none of these. */
bool web_trend_new(const WebContext *context, const SchemaMeasure *measure, const Period *period,
                   WebBars **ret_bars, GError **error);

/* Show the groups of the figure @measure of @period, the greatest first; *@ret_bars is NULL for one
 * without groups. */
bool web_shares_new(const WebContext *context, const SchemaMeasure *measure, const Period *period,
                    WebBars **ret_bars, GError **error);
