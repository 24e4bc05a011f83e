/* A report as one HTML file that needs nothing else: the text as it will be printed, and beside it
 * a card a figure with its definition and the entries behind it.
 *
 * A tap on a figure opens its card, without any script (:target).  Printing prints the text alone.
 *
 * Threading: pure. */
#pragma once

#include "report/template.h"

/* One line of a definition card: "期间", "2023-01-01 至 2023-12-31". */
typedef struct ReportLine {
    char *term;
    char *text;
} ReportLine;

/* One thing that a figure counts, or looked at and did not count. */
typedef struct ReportMember {
    char *label;  /* "SQ2023-00084"; a name, a month */
    char *title;  /* NULL: none */
    char *date;   /* "12-28"; NULL: none */
    char *why;    /* why it counts or does not; NULL: not said */
    char *amount; /* that it brings to a sum or median; NULL: none */
    char *found;  /* the entries found for it, "H2023-001、H2023-002"; NULL: none */
    bool is_counted;
} ReportMember;

/* The card of a figure. */
typedef struct ReportCard {
    char *name;   /* of the measure */
    char *title;  /* "群众诉求回复办结" */
    char *number; /* the number itself, "84", beside the phrase "80余件" */
    ReportPhrase phrase;
    char *section;        /* of the template that would speak of it ("": its title's); NULL: it
                             stands in the text */
    GPtrArray *lines;     /* of ReportLine */
    GPtrArray *members;   /* of ReportMember */
    bool is_others_first; /* those that do not count are what it is opened for */
    int64_t n_counted;
    int64_t n_restricted; /* members that the reader may not see; not among @members */
} ReportCard;

/* Make an empty card; everything put into it is then its own. */
ReportCard *report_card_new(const char *name, const char *title);
void report_card_free(ReportCard *card);
void report_card_add_line(ReportCard *card, const char *term, const char *text);

/* What a page is made of; all borrowed. */
typedef struct ReportPage {
    const char *language; /* "zh" or "en": of the frame; the report's text is as it is */
    const char *office;
    const char *title;
    const char *status; /* a line above the text: "草稿，31处数字，1处说法不成立" */
    const char *log;    /* which log the figures come from; below the text */
    const ReportTemplate *body;
    const GPtrArray *cards; /* of ReportCard: those of the template's figures in their order, then
                               those that are left out */
} ReportPage;

/* Return the page; the caller owns it. */
char *report_page_to_html(const ReportPage *page);
