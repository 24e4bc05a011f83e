#include "web/pages.h"

#include "measure/use.h"
#include "web/entry.h"
#include "web/templates.h"

#define MAX_YEARS 10 /* the newest of them */

/* Return the year of @us. */
static int year_of(const WebContext *context, int64_t us)
{
    return date_year(date_from_us(us, office_offset_seconds(context->office)));
}

/* Return whether @report (NULL: no report of a year) says the figure of @measure. */
static bool says(const Schema *schema, const SchemaReport *report, const SchemaMeasure *measure)
{
    g_autofree char *link = g_strconcat("(figure:", measure->name, ")", NULL);
    bool is_said = false;
    for (guint i = 0; report == NULL && i < schema->reports->len; i++) {
        is_said = is_said || says(schema, g_ptr_array_index(schema->reports, i), measure);
    }
    return report == NULL
               ? !is_said
               : g_str_equal(report->period, "year") && strstr(report->body.zh, link) != NULL;
}

/* Add those of @measures that @report says in @year to @all, unless there are none. */
static void add_uses(const WebContext *context, const GPtrArray *measures,
                     const SchemaReport *report, const char *year, GPtrArray *all)
{
    WebUses *uses = web_new(context, WebUses);
    uses->year = year;
    uses->report = report != NULL ? web_words(context, &report->words) : NULL;
    uses->figures = web_array(context);
    for (guint i = 0; i < measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(measures, i);
        if (!says(office_schema(context->office), report, measure)) {
            continue;
        }
        WebShown *figure = web_new(context, WebShown);
        const char *path = report != NULL ? g_strconcat("/report/", report->name, NULL)
                                          : g_strconcat("/figure/", measure->name, NULL);
        const char *open = report != NULL ? measure->name : NULL;
        figure->words = web_words(context, &measure->words);
        figure->address = web_address(context, web_keep(context, (char *)path), "period", year,
                                      "figure", open, NULL);
        g_ptr_array_add(uses->figures, figure);
    }
    if (uses->figures->len > 0) {
        g_ptr_array_add(all, uses);
    }
}

/* Add what uses @entry in @year: the figures of each report, then the others. */
static bool add_year(const WebContext *context, const LedgerEntry *entry, int year, GPtrArray *all,
                     GError **error)
{
    const Schema *schema = office_schema(context->office);
    const Period period = period_around(PERIOD_YEAR, date_from_ymd(year, 1, 1));
    const char *text = web_number(context, year);
    g_autoptr(GPtrArray) measures =
        figure_uses_of(context->office, context->reader, entry, &period, error);
    for (guint i = 0; measures != NULL && i < schema->reports->len; i++) {
        if (rights_may(context->subject, RIGHTS_REPORT_READ, NULL, NULL)) {
            add_uses(context, measures, g_ptr_array_index(schema->reports, i), text, all);
        }
    }
    if (measures != NULL) {
        add_uses(context, measures, NULL, text, all);
    }
    return measures != NULL;
}

bool web_page_entry_uses(WebContext *context, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    if (entry == NULL || !rights_may(context->subject, RIGHTS_FIGURE_READ, NULL, error)) {
        return false;
    }
    GPtrArray *all = web_array(context);
    int last = year_of(context, MAX(MAX(entry->opened_us, entry->due_us), entry->stepped_us));
    last = MIN(last, date_year(web_today(context)));
    int first = MAX(year_of(context, entry->opened_us), last - MAX_YEARS + 1);
    for (int year = last; year >= first; year--) {
        if (!add_year(context, entry, year, all, error)) {
            return false;
        }
    }
    GString *out = web_page_begin(context, web_copy(context, entry->title));
    template_uses_page(out, &context->html, web_entry_address(context, entry->number),
                       web_copy(context, entry->number), all);
    web_page_send(context, out);
    return true;
}
