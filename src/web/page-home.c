#include "web/pages.h"

#include "office/account.h"
#include "report/report.h"
#include "web/home.h"
#include "web/list.h"
#include "web/progress.h"
#include "web/report.h"
#include "web/rows.h"
#include "web/settings.h"
#include "web/templates.h"

#define SHOWN 8      /* lines of a card */
#define COUNTED 1000 /* entries are counted no further */

/* ---- entries --------------------------------------------------------------------------------- */

/* Say how many there are: @n, or where they were not all counted, @is_more, that and some. */
static const char *say_count(const WebContext *context, int64_t n, bool is_more)
{
    return is_more ? web_say(context, N_("%lld+"), (long long)n) : web_number(context, n);
}

/* Add to @counts how many entries @query finds, with the address of the list of them, and to
 * @task's own count unless it is NULL. */
static bool add_count(WebContext *context, GPtrArray *counts, const LedgerQuery *query,
                      const char *words, const char *address, WebTask *task, GError **error)
{
    int n = 0;
    if (!ledger_list_count(context->office, context->reader, context->subject, query, COUNTED, &n,
                           error)) {
        return false;
    }
    if (n > 0) {
        WebTaskCount *count = web_new(context, WebTaskCount);
        count->words = words;
        count->count = say_count(context, n, n >= COUNTED);
        count->address = address;
        g_ptr_array_add(counts, count);
    }
    if (task != NULL) {
        task->n += n;
        task->is_more = task->is_more || n >= COUNTED;
    }
    return true;
}

/* Return the number of @entry and the unit whose it is: titles repeat. */
static const char *say_whose(const WebContext *context, const LedgerEntry *entry)
{
    const char *unit =
        entry->unit != 0 ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, entry->unit) : NULL;
    return web_keep(context, g_strconcat(entry->number, unit != NULL ? " · " : "", unit, NULL));
}

/* Add what of @ledger has a running clock and meets @due, a name of web_list_dues whose condition
 * is @condition: the earliest deadline first. */
static bool add_running(WebContext *context, const SchemaLedger *ledger, WebTask *task,
                        const char *due, const char *condition, GError **error)
{
    g_autoptr(Expression) running = expression_parse(condition, schema_ledger_scope(ledger), error);
    if (running == NULL) {
        return false;
    }
    const LedgerQuery query = {.ledger = ledger, .filter = running, .sort = "due", .limit = SHOWN};
    g_autofree char *path = g_strconcat("/ledger/", ledger->name, NULL);
    g_autoptr(LedgerPage) page =
        ledger_list(context->office, context->reader, context->subject, &query, error);
    for (guint i = 0; page != NULL && i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        WebTaskLine *line = web_new(context, WebTaskLine);
        line->title = web_keep(context, g_strdup(entry->title));
        line->said = say_whose(context, entry);
        line->address = web_entry_address(context, entry->number);
        line->due = web_due(context, entry, &line->due_class);
        line->due_us = entry->due_us;
        g_ptr_array_add(task->lines, line);
    }
    return page != NULL &&
           add_count(context, task->counts, &query, web_words(context, &ledger->words),
                     web_address(context, path, "due", due, NULL), task, error);
}

/* Add how much of @ledger has a running clock that ends later than the cards tell. */
static bool add_later(WebContext *context, const SchemaLedger *ledger, WebTask *task,
                      GError **error)
{
    g_autoptr(Expression) later =
        expression_parse(web_list_due_condition("later"), schema_ledger_scope(ledger), error);
    const LedgerQuery query = {.ledger = ledger, .filter = later};
    g_autofree char *path = g_strconcat("/ledger/", ledger->name, NULL);
    return later != NULL &&
           add_count(context, task->later, &query, web_words(context, &ledger->words),
                     web_address(context, path, "due", "later", NULL), NULL, error);
}

/* Return whether the subject holds one of the roles that may do @step. */
static bool is_of_mine(const WebContext *context, const SchemaStep *step)
{
    for (guint i = 0; i < context->subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(context->subject->holds, i);
        for (guint j = 0; j < step->roles->len; j++) {
            if (g_str_equal(g_ptr_array_index(step->roles, j), rights_role_name(hold->role))) {
                return true;
            }
        }
    }
    return false;
}

/* Return whether a clock of @ledger runs until @step: then the other cards tell. */
static bool stops_clock(const SchemaLedger *ledger, SchemaStep *step)
{
    for (guint i = 0; i < ledger->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(ledger->clocks, i);
        if (g_ptr_array_find(clock->stops, step, NULL)) {
            return true;
        }
    }
    return false;
}

/* Return the step by which the subject brings an entry of @ledger on from @state; NULL where there
 * is none but such as a clock runs until.
 *
 * Of several it is the last, as a pack names what sends back before what goes on.  One that ends
 * the matter from several states is never meant: that it may be broken off at any time waits for
 * nobody. */
static const SchemaStep *find_my_step(const WebContext *context, const SchemaLedger *ledger,
                                      const SchemaChoice *state)
{
    const SchemaStep *found = NULL;
    for (guint i = 0; i < ledger->steps->len; i++) {
        SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        if (!g_ptr_array_find(step->from, state, NULL) || !is_of_mine(context, step)) {
            continue;
        }
        bool breaks_off = step->to->is_final && step->from->len > 1;
        found = breaks_off || stops_clock(ledger, step) ? found : step;
    }
    return found;
}

/* Add what waits in a state for a step of the subject's, without a clock. */
static bool add_waiting(WebContext *context, const SchemaLedger *ledger, WebTask *task,
                        GError **error)
{
    g_autofree char *path = g_strconcat("/ledger/", ledger->name, NULL);
    for (guint i = 0; i < ledger->states->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(ledger->states, i);
        const SchemaStep *step = find_my_step(context, ledger, state);
        if (step == NULL) {
            continue;
        }
        g_autofree char *condition = g_strdup_printf("state = '%s'", state->name);
        g_autoptr(Expression) filter =
            expression_parse(condition, schema_ledger_scope(ledger), error);
        const LedgerQuery query = {.ledger = ledger, .filter = filter};
        const char *words =
            web_keep(context, g_strdup_printf("%s · %s → %s", web_words(context, &ledger->words),
                                              web_words(context, &state->words),
                                              web_words(context, &step->words)));
        if (filter == NULL ||
            !add_count(context, task->counts, &query, words,
                       web_address(context, path, "state", state->name, NULL), task, error)) {
            return false;
        }
    }
    return true;
}

/* ---- the report ------------------------------------------------------------------------------ */

/* Add the claims of the report that do not hold. */
static bool add_lacks(WebContext *context, const SchemaReport *source, const Period *period,
                      WebTask *lacks, GError **error)
{
    const FigureOptions options = {.language = context->html.language,
                                   .cache = context->site->figures};
    g_autoptr(Report) report = report_new(context->office, context->subject, source, period,
                                          &options, context->html.language, error);
    if (report == NULL) {
        return false;
    }
    if (report->n_left_out == report->cards->len) {
        lacks->empty = web_tr(context, N_("Nothing of what it reports is recorded yet."));
        lacks->is_begun = false;
    }
    g_autofree char *path = g_strconcat("/report/", source->name, NULL);
    const char *asked = web_keep(context, period_to_text(period));
    for (guint i = 0; i < report->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        if (!card->phrase.is_false) {
            continue;
        }
        lacks->n++;
        WebTaskLine *line = web_new(context, WebTaskLine);
        line->title = web_keep(context, g_strdup(card->title));
        line->said = web_keep(context, g_strdup(card->phrase.text));
        line->address = web_keep(context, g_strconcat(web_address(context, path, "period", asked,
                                                                  "figure", card->name, NULL),
                                                      "#figure", NULL));
        line->due = web_keep(context, g_strdup(card->number));
        line->due_class = WEB_DUE_LATE;
        g_ptr_array_add(lacks->lines, line);
    }
    return true;
}

/* ---- the page -------------------------------------------------------------------------------- */

static WebTask *add_task(const WebContext *context, GPtrArray *tasks, const char *words,
                         const char *empty)
{
    WebTask *task = web_new(context, WebTask);
    task->words = words;
    task->empty = empty;
    task->is_begun = true;
    task->lines = web_array(context);
    task->counts = web_array(context);
    task->later = web_array(context);
    g_ptr_array_add(tasks, task);
    return task;
}

static int compare_due(gconstpointer a, gconstpointer b)
{
    const WebTaskLine *left = *(WebTaskLine *const *)a;
    const WebTaskLine *right = *(WebTaskLine *const *)b;
    return (left->due_us > right->due_us) - (left->due_us < right->due_us);
}

/* The earliest of all ledgers, as many as a card holds.  The count of a single ledger is that of
 * the card. */
static void order_lines(WebTask *task)
{
    if (task->counts->len == 1) {
        task->list = ((WebTaskCount *)g_ptr_array_index(task->counts, 0))->address;
    }
    g_ptr_array_sort(task->lines, compare_due);
    g_ptr_array_set_size(task->lines, MIN((int)task->lines->len, SHOWN));
}

/* The work of who reads entries; *@ret_title says how much it is. */
static bool add_entries(WebContext *context, GPtrArray *tasks, const char **ret_title,
                        GError **error)
{
    const Schema *schema = office_schema(context->office);
    WebTask *soon = add_task(context, tasks, web_tr(context, N_("To be done within 7 days")),
                             web_tr(context, N_("No deadline ends within 7 days.")));
    WebTask *late = add_task(context, tasks, web_tr(context, N_("Overdue")),
                             web_tr(context, N_("Nothing is overdue.")));
    WebTask *waiting = add_task(context, tasks, web_tr(context, N_("Waits for your step")),
                                web_tr(context, N_("Nothing waits for you.")));
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        bool has_clock = ledger->clocks->len > 0;
        if ((has_clock &&
             (!add_running(context, ledger, soon, "soon", web_list_due_condition("soon"), error) ||
              !add_running(context, ledger, late, "late", web_list_due_condition("late"), error) ||
              !add_later(context, ledger, soon, error))) ||
            !add_waiting(context, ledger, waiting, error)) {
            return false;
        }
    }
    order_lines(soon);
    order_lines(late);
    *ret_title = web_say(context, N_("%s to be done within 7 days, %s overdue"),
                         say_count(context, soon->n, soon->is_more),
                         say_count(context, late->n, late->is_more));
    return true;
}

static bool add_report(WebContext *context, GPtrArray *tasks, GError **error)
{
    const Schema *schema = office_schema(context->office);
    Period period = {DATE_NONE, DATE_NONE};
    if (schema->reports->len == 0 ||
        !rights_may(context->subject, RIGHTS_REPORT_READ, NULL, NULL)) {
        return true;
    }
    WebTask *lacks = add_task(context, tasks, web_tr(context, N_("The report still lacks")),
                              web_tr(context, N_("Every claim of the report holds.")));
    const SchemaReport *first = g_ptr_array_index(schema->reports, 0);
    return web_default_period(context, first, &period, error) &&
           add_lacks(context, first, &period, lacks, error);
}

/* When it was last found out that nothing was altered, and what became of it. */
static bool add_verification(WebContext *context, GPtrArray *tasks, GError **error)
{
    const WebVerification *last = web_verification(context, error);
    if (last == NULL) {
        return false;
    }
    WebTask *task = add_task(context, tasks, web_tr(context, N_("Verification")), "");
    WebTaskLine *line = web_new(context, WebTaskLine);
    bool is_made = *last->since != '\0';
    *line =
        (WebTaskLine){.title = is_made ? last->verdict : web_tr(context, N_("Not verified yet")),
                      .said = is_made ? web_say(context, N_("%s of %s events signed"),
                                                last->n_signed, last->n_events)
                                      : last->unsigned_why,
                      .address = "/verification",
                      .due = last->since,
                      .due_class = is_made ? last->class_name : WEB_DUE_SOON};
    g_ptr_array_add(task->lines, line);
    return true;
}

/* The work of the administrators, who see no entries: accounts that wait to be opened, the log. */
static bool add_administration(WebContext *context, GPtrArray *tasks, GError **error)
{
    bool may_open = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    if (rights_may(context->subject, RIGHTS_ACCOUNT_READ, NULL, NULL)) {
        WebTask *pending = add_task(context, tasks,
                                    may_open ? web_tr(context, N_("Accounts for you to open"))
                                             : web_tr(context, N_("Accounts not opened yet")),
                                    web_tr(context, N_("No account waits to be opened.")));
        g_autoptr(GPtrArray) accounts = office_account_list(context->reader, error);
        for (guint i = 0; accounts != NULL && i < accounts->len; i++) {
            const OfficeAccount *account = g_ptr_array_index(accounts, i);
            if (!g_str_equal(account->state, "pending")) {
                continue;
            }
            WebTaskLine *line = web_new(context, WebTaskLine);
            line->title = web_keep(context, g_strdup(account->name));
            line->address = web_address(context, "/accounts", NULL);
            line->due = web_tr(context, N_("pending"));
            line->due_class = WEB_DUE_SOON;
            g_ptr_array_add(pending->lines, line);
            pending->n++;
        }
        if (accounts == NULL) {
            return false;
        }
    }
    if (rights_may(context->subject, RIGHTS_VERIFY, NULL, NULL) &&
        !rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL) &&
        !add_verification(context, tasks, error)) {
        return false;
    }
    if (rights_may(context->subject, RIGHTS_LOG_READ, NULL, NULL)) {
        WebTask *log = add_task(context, tasks, web_tr(context, N_("The log")), "");
        WebTaskLine *line = web_new(context, WebTaskLine);
        line->title = web_tr(context, N_("The newest events"));
        line->address = web_address(context, "/log", NULL);
        line->due = line->due_class = "";
        g_ptr_array_add(log->lines, line);
    }
    return true;
}

/* The reader's work that goes on, or waits for the reader: one line, whose page lists the others.
 */
static void add_works(const WebContext *context, GPtrArray *tasks)
{
    GPtrArray *works = web_work_lines(context);
    const WebWorkLine *newest = NULL;
    int n = 0;
    for (guint i = 0; i < works->len; i++) {
        const WebWorkLine *work = g_ptr_array_index(works, i);
        newest = newest == NULL && work->is_open ? work : newest;
        n += work->is_open ? 1 : 0;
    }
    if (newest == NULL) {
        return;
    }
    WebTask *task = add_task(context, tasks, web_tr(context, N_("Files and long work")), "");
    WebTaskLine *line = web_new(context, WebTaskLine);
    *line = (WebTaskLine){
        .title = n > 1 ? web_say(context, N_("%s and %d {other|others}"), newest->title, n - 1)
                       : newest->title,
        .address = newest->address,
        .due = newest->state,
        .due_class = newest->tag};
    g_ptr_array_add(task->lines, line);
    task->n = n;
}

/* What the reader has kept: drafts, and views of lists. */
static bool add_own(WebContext *context, WebHome *home, GError **error)
{
    bool may_read = rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL);
    home->draft_endings = web_rows_endings_at(context, "/drafts");
    home->view_endings = web_rows_endings_at(context, "/views");
    home->drafts = web_drafts(context, NULL, 0, error);
    home->views = may_read && home->drafts != NULL ? web_views(context, NULL, NULL, error)
                                                   : web_array(context);
    return home->drafts != NULL && home->views != NULL;
}

/* What people come for: to record, and to bring in what they have. */
static void add_ways_to_record(const WebContext *context, WebHome *home)
{
    bool is_empty = true;
    bool is_begun = true;
    for (guint i = 0; i < home->tasks->len; i++) {
        const WebTask *task = g_ptr_array_index(home->tasks, i);
        is_empty &= task->n == 0 && task->lines->len == 0 && task->later->len == 0;
        is_begun &= task->is_begun;
    }
    home->is_fresh = is_empty && !is_begun;
    bool may_add = rights_may(context->subject, RIGHTS_ENTRY_ADD, NULL, NULL);
    home->ledgers = may_add ? office_schema(context->office)->ledgers : web_array(context);
    home->may_import = may_add && rights_may(context->subject, RIGHTS_IMPORT, NULL, NULL);
}

/* Say what day it is, and how many working days the month still has. */
static GPtrArray *describe_today(const WebContext *context)
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
    const char *left = n_left > 0
                           ? web_say(context, N_("%d more working {day|days} this month"), n_left)
                       : is_workday ? web_tr(context, N_("the last one of this month"))
                                    : web_tr(context, N_("no more working days this month"));
    GPtrArray *pieces = web_array(context);
    g_ptr_array_add(pieces, web_copy(context, date_format(today, text)));
    g_ptr_array_add(pieces, (char *)web_tr(context, weekdays[date_weekday(today) - 1]));
    g_ptr_array_add(pieces, (char *)(is_workday ? web_tr(context, N_("a working day"))
                                                : web_tr(context, N_("a day off"))));
    g_ptr_array_add(pieces, (char *)left);
    return pieces;
}

bool web_page_home(WebContext *context, GError **error)
{
    WebHome home = {.today = describe_today(context), .tasks = web_array(context)};
    const char *title = web_tr(context, N_("Today"));
    if (rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL) &&
        !add_entries(context, home.tasks, &title, error)) {
        return false;
    }
    add_works(context, home.tasks);
    if (!add_report(context, home.tasks, error) ||
        !add_administration(context, home.tasks, error) || !add_own(context, &home, error)) {
        return false;
    }
    for (guint i = 0; i < home.tasks->len; i++) {
        WebTask *task = g_ptr_array_index(home.tasks, i);
        task->count = say_count(context, task->n, task->is_more);
    }
    add_ways_to_record(context, &home);
    GString *out = web_page_begin(context, title);
    template_home(out, &context->html, context, &home);
    web_page_send(context, out);
    return true;
}
