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

/* Return the reports of a year that say the figure of @measure (of WebShown), kept. */
static GPtrArray *reports_of(const WebContext *context, const SchemaMeasure *measure,
                             const char *year)
{
    const GPtrArray *reports = office_schema(context->office)->reports;
    g_autofree char *link = g_strconcat("(figure:", measure->name, ")", NULL);
    GPtrArray *found = web_array(context);
    for (guint i = 0; i < reports->len; i++) {
        const SchemaReport *report = g_ptr_array_index(reports, i);
        if (g_str_equal(report->period, "year") && strstr(report->body.zh, link) != NULL &&
            rights_may(context->subject, RIGHTS_REPORT_READ, NULL, NULL)) {
            WebShown *line = web_new(context, WebShown);
            const char *path = web_keep(context, g_strconcat("/report/", report->name, NULL));
            line->words = web_words(context, &report->words);
            line->address =
                web_address(context, path, "period", year, "figure", measure->name, NULL);
            g_ptr_array_add(found, line);
        }
    }
    return found;
}

/* Add what uses @entry in @year to @years, unless nothing does. */
static bool add_year(const WebContext *context, const LedgerEntry *entry, int year,
                     GPtrArray *years, GError **error)
{
    const Period period = period_around(PERIOD_YEAR, date_from_ymd(year, 1, 1));
    g_autoptr(GPtrArray) uses =
        figure_uses_of(context->office, context->reader, entry, &period, error);
    if (uses == NULL) {
        return false;
    }
    WebUsedYear *used = web_new(context, WebUsedYear);
    used->year = web_number(context, year);
    used->figures = web_array(context);
    for (guint i = 0; i < uses->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(uses, i);
        const char *path = web_keep(context, g_strconcat("/figure/", measure->name, NULL));
        WebUse *use = web_new(context, WebUse);
        use->words = web_words(context, &measure->words);
        use->address = web_address(context, path, "period", used->year, NULL);
        use->reports = reports_of(context, measure, used->year);
        g_ptr_array_add(used->figures, use);
    }
    if (uses->len > 0) {
        g_ptr_array_add(years, used);
    }
    return true;
}

bool web_page_entry_uses(WebContext *context, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    if (entry == NULL || !rights_may(context->subject, RIGHTS_FIGURE_READ, NULL, error)) {
        return false;
    }
    GPtrArray *years = web_array(context);
    int last = year_of(context, MAX(MAX(entry->opened_us, entry->due_us), entry->stepped_us));
    last = MIN(last, date_year(web_today(context)));
    int first = MAX(year_of(context, entry->opened_us), last - MAX_YEARS + 1);
    for (int year = first; year <= last; year++) {
        if (!add_year(context, entry, year, years, error)) {
            return false;
        }
    }
    GString *out = web_page_begin(context, web_copy(context, entry->title));
    template_uses_page(out, &context->html, web_entry_address(context, entry->number),
                       web_copy(context, entry->number), years);
    web_page_send(context, out);
    return true;
}
