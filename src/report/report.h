/* A report (述职报告) of a period: a template of the pack with its figures in it.
 *
 * A draft is live: its figures are evaluated when it is made, all over one snapshot, so that they
 * agree with one another.  A claim that does not hold is not written; in its place stands what is
 * true.
 *
 * In a template "{office}", "{period}" and "{year}" stand for the office's name, the period in
 * words and the year of its last day.
 *
 * Threading: a report belongs to one thread at a time. */
#pragma once

#include "measure/figure.h"
#include "report/page.h"

typedef struct Report {
    const SchemaReport *source; /* borrowed from the office's schema */
    Period period;
    char *office; /* name */
    char *word;   /* the office, for a command to be pasted into a shell */
    char *title;
    char *language;
    ReportTemplate *body;  /* what is said */
    ReportTemplate *whole; /* with what is left out of it; NULL: nothing is */
    GPtrArray *figures;    /* of Figure: those of the text in its order, then those left out */
    GPtrArray *cards;      /* of ReportCard, likewise */
    int n_false;           /* claims that do not hold */
    guint n_left_out; /* figures of which nothing is recorded: what they stand in is left out of
                         the text, and they are named beside it; where it cannot be, as in a
                         table, it says 未登记 */
    int64_t log_size; /* of the log that the figures come from, and its root */
    uint8_t log_root[CRYPTO_HASH_SIZE];
} Report;

/* Return the report @name of @office; NULL: the first.  NOT_FOUND, with the nearest name. Borrowed.
 */
const SchemaReport *report_find(const Office *office, const char *name, GError **error);

/* Return what time one report of @source covers. */
PeriodUnit report_unit(const SchemaReport *source);

/* Read @text as a period that @source covers: a year, a half, a quarter or a month.  INVALID. */
bool report_parse_period(const SchemaReport *source, const char *text, Period *ret_period,
                         GError **error);

/* Make the report @source of @office for @period.
 *
 * @subject: decides what of the members is shown; @options: NULL: the default, with members.
 * @language: "zh" or "en", of the text and the cards; where the pack has no English text they are
 *            Chinese.
 * FORBIDDEN without the right to read reports; else as figures_evaluate(). */
Report *report_new(Office *office, const RightsSubject *subject, const SchemaReport *source,
                   const Period *period, const FigureOptions *options, const char *language,
                   GError **error);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* Return the card of @figure in @language; the caller owns it. */
ReportCard *report_card_of(const Figure *figure, const Office *office, const char *language);

/* Return the sentence that ties @report to the log, so that whoever holds a checkpoint can tell
 * from which records its figures come; the caller owns it. */
char *report_log_text(const Report *report);

/* Return the sentence that says how many figures and claims there are, and how many were left out;
 * the caller owns it. */
char *report_status_text(const Report *report);

/* Return @report as text of @columns columns.
 *
 * @has_notes: each figure has its number behind it, and below the report stands under each number
 * what it counts and the command that opens it, then what the text does not speak of, section by
 * section.  The caller owns it. */
char *report_to_text(const Report *report, int columns, bool has_notes);

/* Return @report as one self-contained HTML page; the caller owns it. */
char *report_to_html(const Report *report);
