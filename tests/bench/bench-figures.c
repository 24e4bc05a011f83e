/* Reading a large office: opening it, the figures of a year's report, an entry, pages of lists.
 *
 * The office is the demo's, with all its ledgers, and a million requests of ten years beside it.
 * Each question is also put to a bare SQLite over the same file, in the same run.
 *
 * SHUZHI_BENCH_CASES   requests (1,000,000)
 * SHUZHI_BENCH_OFFICE  a folder in which the office is kept from run to run; else a new one each */
#include <sqlite3.h>
#include <stdio.h>

#include "bench/bench.h"
#include "bench/cases.h"
#include "ledger/list.h"
#include "report/report.h"

#define PAGE 50
#define N_OPENINGS 21
#define N_REPORTS 21
#define N_ENTRIES 5000
#define N_DEPTHS \
    40 /* stretches of a list; a page is read at the beginning of each, and at the end */
#define N_ROUNDS 5 /* each page is read so many times */
#define LAST_YEAR (CASES_FIRST_YEAR + CASES_N_YEARS - 1)

static void die(const GError *error)
{
    if (error != NULL) {
        g_printerr("bench-figures: %s\n", error->message);
        exit(1);
    }
}

/* What all parts read. */
typedef struct Bench {
    Office *office;
    RightsSubject *subject;
    StoreConnection *reader;
    sqlite3 *peer; /* the same file, without anything of ours */
    int64_t n_cases;
} Bench;

/* ---- the peer -------------------------------------------------------------------------------- */

static sqlite3_stmt *peer_prepare(const Bench *bench, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(bench->peer, sql, -1, &statement, NULL) != SQLITE_OK) {
        g_printerr("bench-figures: %s: %s\n", sql, sqlite3_errmsg(bench->peer));
        exit(1);
    }
    return statement;
}

/* Step to the end, touching every column; returns the microseconds it took. */
static int64_t peer_time(sqlite3_stmt *statement)
{
    int64_t start = bench_now_us();
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            sqlite3_column_bytes(statement, i);
        }
    }
    sqlite3_reset(statement);
    return bench_now_us() - start;
}

/* Print samples of ours with the bar, and how many times as long as the peer's they take. */
static void print_both(const char *name, int64_t *ours, int64_t *theirs, size_t n, double bar_ms,
                       bool is_p99)
{
    bench_print_samples(name, ours, n, bar_ms, is_p99);
    bench_print_samples("  a bare SQLite", theirs, n, 0, false);
    bench_print_ratio("  times as long", (double)ours[n / 2], (double)MAX(theirs[n / 2], 1),
                      "a bare SQLite");
}

/* ---- opening --------------------------------------------------------------------------------- */

static void run_openings(const char *location, OfficeMode mode, const char *name)
{
    int64_t samples[N_OPENINGS];
    GError *error = NULL;
    for (int i = 0; i < N_OPENINGS; i++) {
        int64_t start = bench_now_us();
        Office *office = office_open(location, mode, NULL, &error);
        die(error);
        samples[i] = bench_now_us() - start;
        office_close(office);
    }
    bench_print_samples(name, samples, N_OPENINGS, 50, false);
}

/* ---- figures --------------------------------------------------------------------------------- */

/* What a program for this one report would ask of one table: each universe once. */
static const char *const peer_figures[] = {
    "SELECT count(*), sum(f_replied_at <= ?2), sum(added - f_received_at > 2592000000000)"
    " FROM ledger_case WHERE f_received_at BETWEEN ?1 AND ?2",
    "SELECT count(*), sum(f_channel IN ('hotline', 'supervision', 'website')),"
    " sum(stopped <= due), sum(added - f_replied_at > 2592000000000)"
    " FROM ledger_case WHERE f_replied_at BETWEEN ?1 AND ?2",
    "SELECT count(*), sum(f_rating IN ('satisfied', 'fair')), sum(f_rating <> 'unreachable')"
    " FROM step s JOIN ledger_case t ON t.entry_id = s.entry_id"
    " WHERE s.ledger = 'case' AND s.name = 'close' AND s.happened BETWEEN ?1 AND ?2",
    "SELECT stopped - opened FROM ledger_case WHERE f_replied_at BETWEEN ?1 AND ?2 ORDER BY 1",
};

static int64_t time_peer_figures(const Bench *bench, const Period *period)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    int64_t taken = 0;
    period_to_us(period, office_offset_seconds(bench->office), &from_us, &to_us);
    for (size_t i = 0; i < G_N_ELEMENTS(peer_figures); i++) {
        sqlite3_stmt *statement = peer_prepare(bench, peer_figures[i]);
        sqlite3_bind_int64(statement, 1, from_us);
        sqlite3_bind_int64(statement, 2, to_us - 1);
        taken += peer_time(statement);
        sqlite3_finalize(statement);
    }
    return taken;
}

/* The measures that the annual report names. */
static GPtrArray *measures_of_report(const Bench *bench)
{
    GError *error = NULL;
    const SchemaReport *source = report_find(bench->office, "annual", &error);
    die(error);
    g_autoptr(ReportTemplate) body = report_template_parse(source->body.zh);
    size_t n = 0;
    const char *const *names = report_template_figures(body, &n);
    GPtrArray *measures = g_ptr_array_new();
    for (size_t i = 0; i < n; i++) {
        g_ptr_array_add(measures, (void *)figure_find_measure(bench->office, names[i], &error));
        die(error);
    }
    return measures;
}

static int64_t time_figures(const Bench *bench, const SchemaMeasure *const *measures, size_t n,
                            const Period *period)
{
    GError *error = NULL;
    int64_t start = bench_now_us();
    store_snapshot_begin(bench->reader, &error);
    die(error);
    g_autoptr(GPtrArray) figures = figures_evaluate(bench->office, bench->reader, bench->subject,
                                                    measures, n, period, NULL, &error);
    die(error);
    store_snapshot_end(bench->reader);
    return bench_now_us() - start;
}

/* Where the time goes: the measures that take longest, each alone. */
static void print_slowest(const Bench *bench, const GPtrArray *measures, const Period *period)
{
    for (guint i = 0; i < measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(measures, i);
        int64_t taken = time_figures(bench, &measure, 1, period);
        if (taken > 5000) {
            g_autofree char *name = g_strdup_printf("  alone: %s", measure->name);
            bench_print(name, (double)taken / 1000, "ms", 0, false);
        }
    }
}

static void run_report(const Bench *bench, int year)
{
    int64_t ours[N_REPORTS];
    int64_t theirs[N_REPORTS];
    g_autoptr(GPtrArray) measures = measures_of_report(bench);
    Period period;
    GError *error = NULL;
    g_autofree char *text = g_strdup_printf("%d", year);
    period_parse(text, &period, &error);
    die(error);
    for (int i = 0; i < N_REPORTS; i++) {
        ours[i] = time_figures(bench, (const SchemaMeasure *const *)measures->pdata, measures->len,
                               &period);
        theirs[i] = time_peer_figures(bench, &period);
    }
    g_autofree char *name = g_strdup_printf("%u figures of the report of %d", measures->len, year);
    print_both(name, ours, theirs, N_REPORTS, 150, false);
    print_slowest(bench, measures, &period);
}

/* ---- one entry ------------------------------------------------------------------------------- */

static void run_entries(const Bench *bench)
{
    g_autofree int64_t *ours = g_new0(int64_t, N_ENTRIES);
    g_autofree int64_t *theirs = g_new0(int64_t, N_ENTRIES);
    sqlite3_stmt *statement =
        peer_prepare(bench, "SELECT * FROM entry e JOIN ledger_case t ON t.entry_id = e.id"
                            " WHERE e.ledger = 'case' AND e.year = ?1 AND e.n = ?2");
    GError *error = NULL;
    uint64_t seed = 1;
    int64_t of_year = bench->n_cases / CASES_N_YEARS - 10; /* years differ by a few */
    for (int i = 0; i < N_ENTRIES; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t year = CASES_FIRST_YEAR + i % CASES_N_YEARS;
        int64_t n = (int64_t)(seed >> 33) % of_year + 1;
        g_autofree char *number = g_strdup_printf("SQ%lld-%05lld", (long long)year, (long long)n);
        int64_t start = bench_now_us();
        g_autoptr(LedgerEntry) entry =
            ledger_entry_find(bench->office, bench->reader, number, &error);
        die(error);
        ours[i] = bench_now_us() - start;
        sqlite3_bind_int64(statement, 1, year);
        sqlite3_bind_int64(statement, 2, n);
        theirs[i] = peer_time(statement);
    }
    sqlite3_finalize(statement);
    print_both("an entry by its number", ours, theirs, N_ENTRIES, 1, true);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static const struct List {
    const char *filter; /* NULL: none */
    const char *sort;   /* NULL: in the order of writing down */
    bool is_descending;
    const char *peer_where;
    const char *peer_sort;
    const char *peer_group; /* the column before it; NULL: none */
} lists[] = {
    {NULL, NULL, true, "1", "entry_id"},
    {NULL, "received_at", true, "f_received_at IS NOT NULL", "f_received_at"},
    {NULL, "replied_at", false, "f_replied_at IS NOT NULL", "f_replied_at"},
    {NULL, "due", false, "due IS NOT NULL", "due"},
    {"channel = visit", "received_at", true, "f_channel = 'visit'", "f_received_at"},
    {"category = '道路积水'", "received_at", false, "f_category = '道路积水'", "f_received_at"},
    {"state = handling or state = received", "opened", true,
     "(state = 'handling' OR state = 'received')", "opened"},
    {"state = replied", "opened", false, "state = 'replied'", "opened"},
    {"handler.name = '督查科'", "received_at", true,
     "(SELECT name FROM unit k WHERE k.id = f_handler) = '督查科'", "f_received_at"},
    {"grade = urgent and channel = letter", "received_at", true,
     "f_grade = 'urgent' AND f_channel = 'letter'", "f_received_at"},
    {"received_at >= 2019-03-01 and received_at < 2019-04-01", "received_at", false,
     "f_received_at >= 1551369600000000 AND f_received_at < 1554048000000000", "f_received_at"},
    {"replied_at is empty", "received_at", true, "f_replied_at IS NULL", "f_received_at"},
    {NULL, "handler", false, "f_handler IS NOT NULL", "f_received_at", "f_handler"},
    {NULL, "state", true, "1", "opened", "state"},
    {NULL, "category", false, "f_category IS NOT NULL", "f_received_at", "f_category"},
    {"channel = visit", "handler", true, "f_channel = 'visit' AND f_handler IS NOT NULL",
     "f_received_at", "f_handler"},
    {"state = handling or state = received", "grade", false,
     "(state = 'handling' OR state = 'received') AND f_grade IS NOT NULL", "f_received_at",
     "f_grade"},
    {"due >= 2019-03-01 and due < 2019-03-05", "state", false,
     "due >= 1551369600000000 AND due < 1551715200000000", "opened", "state"},
};

/* A place in a list: the key of the entry before it. */
typedef struct Depth {
    int64_t id;
    int64_t value;
    char *group; /* NULL: the list has none */
    char *key;   /* as LedgerQuery.after; NULL: the beginning */
} Depth;

static void free_depth(gpointer data)
{
    Depth *depth = data;
    g_free(depth->group);
    g_free(depth->key);
    g_free(depth);
}

/* Return "a, " for a list with groups by a, else "". */
static char *group_before(const struct List *list)
{
    return list->peer_group != NULL ? g_strconcat(list->peer_group, ", ", NULL) : g_strdup("");
}

/* Return the order of @list for the peer; with groups theirs is that of their spelling. */
static char *peer_order(const struct List *list)
{
    const char *direction = list->is_descending ? "DESC" : "ASC";
    return list->peer_group != NULL
               ? g_strdup_printf("ORDER BY %s %s, %s %s, entry_id %s", list->peer_group, direction,
                                 list->peer_sort, direction, direction)
               : g_strdup_printf("ORDER BY %s %s, entry_id %s", list->peer_sort, direction,
                                 direction);
}

static Depth *read_depth(sqlite3_stmt *statement, bool has_group)
{
    Depth *depth = g_new0(Depth, 1);
    depth->id = sqlite3_column_int64(statement, 0);
    depth->value = sqlite3_column_int64(statement, 1);
    depth->key =
        g_strdup_printf("%lld:%s", (long long)depth->id, sqlite3_column_text(statement, 1));
    if (has_group) {
        g_autofree char *before = g_steal_pointer(&depth->key);
        depth->group = g_strdup((const char *)sqlite3_column_text(statement, 3));
        depth->key = g_strconcat(before, ":", depth->group, NULL);
    }
    return depth;
}

/* Return places all over the list, the last one PAGE before its end (of Depth). */
static GPtrArray *find_depths(const Bench *bench, const struct List *list)
{
    bool has_group = list->peer_group != NULL;
    g_autofree char *order = peer_order(list);
    g_autofree char *sql = g_strdup_printf(
        "SELECT entry_id, %s, count(*) OVER (), %s FROM ledger_case WHERE %s %s", list->peer_sort,
        has_group ? list->peer_group : "NULL", list->peer_where, order);
    GPtrArray *depths = g_ptr_array_new_with_free_func(free_depth);
    sqlite3_stmt *statement = peer_prepare(bench, sql);
    for (int64_t n = 0; sqlite3_step(statement) == SQLITE_ROW; n++) {
        int64_t total = sqlite3_column_int64(statement, 2);
        bool is_wanted = n % MAX(total / N_DEPTHS, 1) == 0 || n == MAX(total - PAGE - 1, 0);
        if (!is_wanted) {
            continue;
        }
        Depth *depth = read_depth(statement, has_group);
        if (n == 0) {
            g_clear_pointer(&depth->key, g_free);
        }
        g_ptr_array_add(depths, depth);
    }
    sqlite3_finalize(statement);
    return depths;
}

static sqlite3_stmt *peer_page(const Bench *bench, const struct List *list)
{
    const char *beyond = list->is_descending ? "<" : ">";
    g_autofree char *order = peer_order(list);
    g_autofree char *before = group_before(list);
    g_autofree char *sql =
        g_strdup_printf("SELECT * FROM ledger_case WHERE %s AND (%s%s, entry_id) %s (%s?1, ?2)"
                        " %s LIMIT %d",
                        list->peer_where, before, list->peer_sort, beyond,
                        list->peer_group != NULL ? "?3, " : "", order, PAGE);
    return peer_prepare(bench, sql);
}

static int64_t time_page(const Bench *bench, const LedgerQuery *query)
{
    GError *error = NULL;
    int64_t start = bench_now_us();
    g_autoptr(LedgerPage) page =
        ledger_list(bench->office, bench->reader, bench->subject, query, &error);
    die(error);
    return bench_now_us() - start;
}

static void run_list(const Bench *bench, const struct List *list)
{
    GError *error = NULL;
    const SchemaLedger *ledger = schema_ledger(office_schema(bench->office), "case");
    g_autoptr(Expression) filter =
        list->filter != NULL ? expression_parse(list->filter, schema_ledger_scope(ledger), &error)
                             : NULL;
    die(error);
    g_autoptr(GPtrArray) depths = find_depths(bench, list);
    g_autofree int64_t *ours = g_new0(int64_t, depths->len * N_ROUNDS + 1);
    g_autofree int64_t *theirs = g_new0(int64_t, depths->len * N_ROUNDS + 1);
    sqlite3_stmt *statement = peer_page(bench, list);
    size_t n = 0;
    for (int round = 0; round < N_ROUNDS; round++) {
        for (guint i = 0; i < depths->len; i++, n++) {
            const Depth *depth = g_ptr_array_index(depths, i);
            const LedgerQuery query = {.ledger = ledger,
                                       .filter = filter,
                                       .sort = list->sort,
                                       .is_descending = list->is_descending,
                                       .after = depth->key,
                                       .limit = PAGE};
            ours[n] = time_page(bench, &query);
            sqlite3_bind_int64(statement, 1, depth->value);
            sqlite3_bind_int64(statement, 2, depth->id);
            if (depth->group != NULL) {
                sqlite3_bind_text(statement, 3, depth->group, -1, SQLITE_STATIC);
            }
            theirs[n] = peer_time(statement);
        }
    }
    sqlite3_finalize(statement);
    g_autofree char *name =
        g_strdup_printf("%s, by %s", list->filter != NULL ? list->filter : "all",
                        list->sort != NULL ? list->sort : "recorded");
    print_both(name, ours, theirs, n, 5, true);
}

/* ---------------------------------------------------------------------------------------------- */

static void run_all(Bench *bench, const char *location)
{
    GError *error = NULL;
    run_openings(location, OFFICE_READ, "opening the office to read");
    run_openings(location, OFFICE_WRITE, "opening the office to write");
    bench->office = office_open(location, OFFICE_READ, NULL, &error);
    die(error);
    bench->subject = rights_subject_os(bench->office, "bench", &error);
    die(error);
    bench->reader = store_reader_acquire(office_store(bench->office), &error);
    die(error);
    g_autofree char *path = g_build_filename(location, "office.db", NULL);
    sqlite3_open_v2(path, &bench->peer, SQLITE_OPEN_READONLY, NULL);
    run_report(bench, LAST_YEAR);
    run_report(bench, CASES_FIRST_YEAR + CASES_N_YEARS / 2);
    run_entries(bench);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        run_list(bench, &lists[i]);
    }
    bench_print("peak memory", (double)bench_peak_bytes() / 1e6, "MB", 0, false);
    sqlite3_close(bench->peer);
    store_reader_release(bench->reader);
    rights_subject_free(bench->subject);
    office_close(bench->office);
}

int main(void)
{
    Bench bench = {.n_cases = bench_option("SHUZHI_BENCH_CASES", 1000000)};
    const char *kept = g_getenv("SHUZHI_BENCH_OFFICE");
    g_autofree char *title =
        g_strdup_printf("figures and lists of %lld cases", (long long)bench.n_cases);
    bench_begin(title);
    g_autofree char *folder = kept != NULL ? g_strdup(kept) : bench_new_folder();
    g_autofree char *location = cases_find_office(folder, bench.n_cases);
    run_all(&bench, location);
    if (kept == NULL) {
        bench_remove_folder(folder);
    }
    return 0;
}
