#include "web/pages.h"

#include "report/report.h"
#include "web/home.h"
#include "web/list.h"
#include "web/report.h"
#include "web/templates.h"

#define SHOWN 8 /* lines of a card */

/* Add what of @ledger has a running clock to @soon and @late, the earliest deadline first. */
static bool add_running(WebContext *context, const SchemaLedger *ledger, WebTask *soon,
                        WebTask *late, GError **error)
{
    g_autoptr(Expression) running =
        expression_parse("due is not empty and late is empty", schema_ledger_scope(ledger), error);
    if (running == NULL) {
        return false;
    }
    const LedgerQuery query = {
        .ledger = ledger, .filter = running, .sort = "due", .limit = LEDGER_MAX_PAGE};
    g_autoptr(LedgerPage) page =
        ledger_list(context->office, context->reader, context->subject, &query, error);
    for (guint i = 0; page != NULL && i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        WebTask *task = entry->due_us <= web_now_us(context) ? late : soon;
        task->n++;
        if (task->lines->len >= SHOWN) {
            continue;
        }
        WebTaskLine *line = web_new(context, WebTaskLine);
        line->title = web_keep(context, g_strdup(entry->title));
        line->address = web_entry_address(context, entry->number);
        line->due = web_due(context, entry, &line->due_class);
        line->due_us = entry->due_us;
        g_ptr_array_add(task->lines, line);
    }
    return page != NULL;
}

/* Add the claims of the report that do not hold. */
static bool add_lacks(WebContext *context, const SchemaReport *source, int year, WebTask *lacks,
                      GError **error)
{
    const Period period = period_around(PERIOD_YEAR, date_from_ymd(year, 1, 1));
    const FigureOptions options = {.language = context->html.language};
    g_autoptr(Report) report = report_new(context->office, context->subject, source, &period,
                                          &options, context->html.language, error);
    if (report == NULL) {
        return false;
    }
    g_autofree char *path = g_strconcat("/report/", source->name, NULL);
    for (guint i = 0; i < report->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        if (!card->phrase.is_false) {
            continue;
        }
        lacks->n++;
        WebTaskLine *line = web_new(context, WebTaskLine);
        line->title = web_keep(context, g_strdup(card->title));
        line->address = web_keep(
            context, g_strconcat(web_address(context, path, "period", web_number(context, year),
                                             "figure", card->name, NULL),
                                 "#figure", NULL));
        line->due = web_keep(context, g_strdup(card->number));
        line->due_class = WEB_DUE_LATE;
        g_ptr_array_add(lacks->lines, line);
    }
    return true;
}

static WebTask *new_task(const WebContext *context, const char *words, const char *empty)
{
    WebTask *task = web_new(context, WebTask);
    task->words = words;
    task->empty = empty;
    task->lines = web_array(context);
    return task;
}

static int compare_due(gconstpointer a, gconstpointer b)
{
    const WebTaskLine *left = *(WebTaskLine *const *)a;
    const WebTaskLine *right = *(WebTaskLine *const *)b;
    return (left->due_us > right->due_us) - (left->due_us < right->due_us);
}

/* Whoever reads no entries (an administrator) has no tasks here. */
static bool add_tasks(WebContext *context, GPtrArray *tasks, GError **error)
{
    const Schema *schema = office_schema(context->office);
    WebTask *soon = new_task(context, web_tr(context, N_("To be done")),
                             web_tr(context, N_("No deadline is running.")));
    WebTask *late = new_task(context, web_tr(context, N_("Overdue")),
                             web_tr(context, N_("Nothing is overdue.")));
    WebTask *lacks = new_task(context, web_tr(context, N_("The report still lacks")),
                              web_tr(context, N_("Every claim of the report holds.")));
    int year = 0;
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        if (ledger->clocks->len > 0 && !add_running(context, ledger, soon, late, error)) {
            return false;
        }
    }
    g_ptr_array_sort(soon->lines, compare_due);
    g_ptr_array_sort(late->lines, compare_due);
    g_ptr_array_add(tasks, soon);
    g_ptr_array_add(tasks, late);
    if (schema->reports->len == 0 ||
        !rights_may(context->subject, RIGHTS_REPORT_READ, NULL, NULL)) {
        return true;
    }
    g_ptr_array_add(tasks, lacks);
    return web_default_year(context, &year, error) &&
           add_lacks(context, g_ptr_array_index(schema->reports, 0), year, lacks, error);
}

/* Say what day it is, and how many working days the month still has. */
static const char *describe_today(const WebContext *context)
{
    static const char *const weekdays[] = {
        N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
        N_("Friday"), N_("Saturday"), N_("Sunday"),
    };
    const Calendar *calendar = office_schema(context->office)->calendar;
    Date today = web_today(context);
    int year = 0;
    int month = 0;
    int day = 0;
    date_to_ymd(today, &year, &month, &day);
    Date last = date_from_ymd(year, month, date_days_in_month(year, month));
    int n_left = calendar_count_workdays(calendar, today + 1, last, NULL);
    bool is_workday = calendar_is_workday(calendar, today, NULL);
    char text[DATE_TEXT_SIZE];
    return web_say(context, N_("%s, %s · %s · %d more working days this month"),
                   date_format(today, text), web_tr(context, weekdays[date_weekday(today) - 1]),
                   is_workday ? web_tr(context, N_("a working day"))
                              : web_tr(context, N_("a day off")),
                   n_left);
}

bool web_page_home(WebContext *context, GError **error)
{
    GPtrArray *tasks = web_array(context);
    if (rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL) &&
        !add_tasks(context, tasks, error)) {
        return false;
    }
    GString *out = web_page_begin(context, web_tr(context, N_("Today")));
    template_home(out, &context->html, context, tasks, describe_today(context));
    web_page_send(context, out);
    return true;
}
