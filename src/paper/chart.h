/* Charts (图表): a trend of bars over time, and shares as bars beside their names.  No pies.
 *
 * A chart is drawn once, by Cairo, and is the same on a page (SVG) and in a paper (PNG).  It has no
 * ground of its own and uses ink for light paper; a dark page turns it round with one rule of its
 * style sheet.  Beside every chart stands its table: what is drawn here is never said here alone.
 *
 * Pure, but for the fonts of the machine: the same chart gives the same bytes.  Any thread. */
#pragma once

#include <glib.h>

#include "base/error.h"

#define CHART_MAX_POINTS 60
#define CHART_WIDTH 420 /* of every chart, in points; so narrow that a phone hardly shrinks it */

typedef enum ChartKind {
    CHART_TREND,  /* upright bars, in the order given */
    CHART_SHARES, /* lying bars, the label before, the value behind each */
} ChartKind;

typedef struct ChartPoint {
    const char *label; /* "2023", "热线" */
    const char *text;  /* of the value: "84", "97.5%" */
    double value;      /* not below 0, where nothing is drawn, only said */
    bool has_value;
    bool is_marked; /* the one that the page is about */
} ChartPoint;

typedef struct Chart {
    ChartKind kind;
    const ChartPoint *points;
    size_t n_points; /* 1…CHART_MAX_POINTS; LIMIT above */
} Chart;

/* Return whether charts with @text can be drawn on this machine; if not, *@error is UNAVAILABLE and
 * says what to install: Pango, or a font that has its characters (without one they are boxes). */
bool chart_can_write(const char *text, GError **error);

/* Return @chart as SVG, UTF-8, as a whole file; the caller owns it.  LIMIT; IO for what Cairo
 * reports; UNAVAILABLE without Pango. */
GString *chart_to_svg(const Chart *chart, GError **error);

/* Return @chart as PNG, @scale pixels a point (1…4; a paper wants 3); the caller owns it. */
GByteArray *chart_to_png(const Chart *chart, int scale, GError **error);
