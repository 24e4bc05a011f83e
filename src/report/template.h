/* The text of a report: CommonMark in which a figure is a link, [80余件](figure:cases_answered).
 *
 * The words in the brackets are for who writes the template; what is printed comes from the figure
 * alone.  Line breaks inside a paragraph leave no blank between Han characters.  Raw HTML is left
 * out.
 *
 * Threading: a template belongs to one thread at a time. */
#pragma once

#include "base/error.h"

typedef struct ReportTemplate ReportTemplate;

/* A word that the body leaves open, "{office}", and what stands there. */
typedef struct ReportWord {
    const char *name;
    const char *text;
} ReportWord;

/* Return @body with the @n @words put in, as text whatever they hold: no Markdown, and no word in
 * it.  Two that touch are kept apart where the first ends in Latin: not "office12023年".  The
 * caller owns it. */
char *report_template_fill(const char *body, const ReportWord *words, size_t n);

/* Parse @body; any text is CommonMark.  The caller owns it. */
ReportTemplate *report_template_parse(const char *body);
void report_template_free(ReportTemplate *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportTemplate, report_template_free)

/* Return the names of the figures in the order of their first place, each once, NULL-terminated,
 * and their number; borrowed. */
const char *const *report_template_figures(const ReportTemplate *body, size_t *ret_n);

/* Return @body with the paragraph @note below its title.  The caller owns it. */
ReportTemplate *report_template_with_note(const ReportTemplate *body, const char *note);

/* Return @body without the blocks (paragraphs, items of lists, tables) all of whose figures are
 * @is_blank (one a figure), and without headings that then have nothing below them.
 *
 * In paragraphs that stay, also those of lists and quotes, points (一是…), sentences (up to 。；！
 * or ？) and clauses (up to ， or ：) go likewise; what has no figure stays with its sentence, a
 * number with its point, and what opens a bracket or a quote with what closes it.  These marks are
 * Chinese: of an English text only whole blocks go, as a clause of it seldom stands alone.  Numbers
 * close up
 * (report/template-number.h).  NULL where nothing is left out.  The caller owns it; its figures are
 * those of @body that it still speaks of. */
ReportTemplate *report_template_without(const ReportTemplate *body, const bool *is_blank);

/* Return the heading, without its number, under which the figure @name has its first place in
 * @body; "" where there is none but the title.  The caller owns it. */
char *report_template_section(const ReportTemplate *body, const char *name);

/* What stands in the place of a figure. */
typedef struct ReportPhrase {
    char *text;    /* "80余件"; a claim's whole sentence */
    bool is_false; /* a claim that does not hold: shown as such, with what is true in its place */
} ReportPhrase;

/* Append the report as text of @columns columns: titles centred, paragraphs indented by two
 * characters, each figure followed by its number in 〔〕 when @has_notes.
 *
 * @phrases: one a figure, in the order of report_template_figures(). */
void report_template_to_text(const ReportTemplate *body, const ReportPhrase *phrases, int columns,
                             bool has_notes, GString *out);

/* Where a figure leads: to the address @before, its name, @after. */
typedef struct ReportLinks {
    const char *before; /* "#figure-" */
    const char *after;  /* "" */
    const char *open;   /* the figure that stands open; NULL: none */
} ReportLinks;

/* Append the report as HTML: the inside of an <article>, in which a figure is
 * <a class="figure" href="…">, one that does not hold "figure false". */
void report_template_to_html(const ReportTemplate *body, const ReportPhrase *phrases,
                             const ReportLinks *links, GString *out);
