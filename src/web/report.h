/* Figures and reports as pages show them. */
#pragma once

#include "calendar/period.h"
#include "measure/figure.h"
#include "web/entry.h"

/* Until so many days into a year the report that is written is that of the year before. */
#define WEB_REPORT_DAYS 59

/* What a figure counts, or looked at and did not count. */
typedef struct WebMember {
    const char *label;   /* a number, a name, a month */
    const char *address; /* of the entry; NULL: none */
    const char *title;
    const char *amount; /* that it brings to a sum or median; "—": not filled in; "": no such */
    const char *value;  /* the same for programs: 12345.60 */
    const char *day;    /* by which it falls into the period; "" */
    const char *why;    /* why it is not counted; "" when it is */
    bool is_late;       /* recorded long after it happened */
    GPtrArray *entries; /* of WebMember: the entries that it is counted for */
} WebMember;

typedef struct WebFigure {
    const char *name; /* of the measure */
    const char *title;
    const char *number; /* "84", "12,345" */
    const char *value;  /* the same for programs: 12345 */
    const char *unit;
    const char *result; /* of the members' amounts: "Sum"; NULL: the figure is not of amounts */
    const char *phrase; /* what the report says: "80余件"; "" for the number itself */
    bool is_false;
    GPtrArray *lines;   /* of WebShown: the definition card */
    GPtrArray *counted; /* of WebMember */
    GPtrArray *others;  /* of WebMember: looked at and not counted */
    int64_t n_counted;  /* all of them, also those that are not shown */
    int64_t n_others;
    bool is_others_first; /* they are what matters, or would be lost behind the counted ones */
    int64_t n_restricted; /* members that the reader may not see */
    int64_t n_more;       /* members for which the page has no room */
} WebFigure;

/* What stands around the text of a report. */
typedef struct WebReportHead {
    const char *status;
    const char *before; /* address of the period before */
    const char *after;  /* and after; NULL: that has not begun */
    const char *close;  /* of the report with no figure open; of a figure's page: that report */
    const char *figure; /* of the open figure's own page; NULL: none is open */
    const char *draft;  /* that it is one, and of when: on paper */
    const char *log;    /* which log its figures come from: likewise */
    int n_figures;      /* in the text */
    int n_false;
} WebReportHead;

/* A figure of which nothing is recorded. */
typedef struct WebUnsaidFigure {
    const char *title;
    const char *address;
} WebUnsaidFigure;

/* Those under one heading of a report. */
typedef struct WebUnsaid {
    const char *section; /* "": none */
    GPtrArray *figures;  /* of WebUnsaidFigure */
} WebUnsaid;

/* Evaluate @measure for @period, with its members, kept. */
WebFigure *web_figure_new(const WebContext *context, const SchemaMeasure *measure,
                          const Period *period, GError **error);

/* Say which year's report is being written: that of the newest entry, until the end of February the
 * year before. */
bool web_default_year(const WebContext *context, int *ret_year, GError **error);

/* Say what period of @source (NULL: of any report) is shown unless one is asked for: that year, or
 * its part that is the newest. */
bool web_default_period(const WebContext *context, const SchemaReport *source, Period *ret_period,
                        GError **error);

/* Answer with the figure of @measure, or the report @source, for the period that the query asks
 * for, as JSON. */
bool web_send_figure_json(WebContext *context, const SchemaMeasure *measure, GError **error);
bool web_send_report_json(WebContext *context, const SchemaReport *source, GError **error);
