/* Bulk import: a spreadsheet of made-up citizens' requests into the case ledger of the built-in
 * pack, checked and written with events: once by the library, for its parts, and once by the real
 * command, as a user runs it.
 *
 * The peer is a loop of bare SQLite that writes the very rows of the finished office into an empty
 * database with the same tables and indexes: what no program with these tables can do without.
 *
 * SHUZHI_BENCH_ROWS     rows (1,000,000)
 * SHUZHI_BENCH_PROGRAM  the program; not set: the command is left out */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/cases.h"
#include "ledger/import.h"

#define BAR_ROWS 20000
#define BAR_MEMORY_MB 300
#define CHUNK_EVENTS 4000 /* as the import commits */

static void die(const GError *error)
{
    if (error != NULL) {
        g_printerr("bench-import: %s\n", error->message);
        exit(1);
    }
}

static double rate_of(int64_t n_rows, int64_t from_us, int64_t to_us)
{
    return (double)n_rows * 1e6 / (double)MAX(to_us - from_us, 1);
}

static void create_office(const char *location)
{
    GError *error = NULL;
    const OfficePlan plan = {.name = "bench"};
    const LogAct act = {.actor = "os:bench"};
    office_create(location, &plan, &act, &error);
    die(error);
}

/* ---- the peer: the same rows by a bare SQLite ------------------------------------------------ */

static const struct PeerTable {
    const char *name, *key;
} peer_tables[] = {{"event", "seq"}, {"secret", "seq"},           {"detail", "seq"},
                   {"entry", "id"},  {"ledger_case", "entry_id"}, {"step", "entry_id"}};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        g_printerr("bench-import: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        g_printerr("bench-import: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
}

/* Make @to's tables and indexes as those of @from. */
static void copy_schema(sqlite3 *from, sqlite3 *to)
{
    for (size_t i = 0; i < G_N_ELEMENTS(peer_tables); i++) {
        sqlite3_stmt *query = prepare(from, "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1"
                                            " AND sql IS NOT NULL ORDER BY type DESC");
        sqlite3_bind_text(query, 1, peer_tables[i].name, -1, SQLITE_STATIC);
        while (sqlite3_step(query) == SQLITE_ROW) {
            run(to, (const char *)sqlite3_column_text(query, 0));
        }
        sqlite3_finalize(query);
    }
}

static sqlite3_stmt *prepare_insert(sqlite3 *to, const char *table, int n_columns)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 1; i < n_columns; i++) {
        g_string_append(sql, ", ?");
    }
    g_string_append_c(sql, ')');
    return prepare(to, sql->str);
}

/* Copy the rows of one table whose key is below @end and not below @begin; returns the microseconds
 * that the inserts took. */
static int64_t copy_rows(sqlite3 *from, sqlite3 *to, const struct PeerTable *table, int64_t begin,
                         int64_t end)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT * FROM %s WHERE %s >= ?1 AND %s < ?2 ORDER BY %s", table->name,
                        table->key, table->key, table->key);
    sqlite3_stmt *query = prepare(from, sql);
    int n_columns = sqlite3_column_count(query);
    sqlite3_stmt *insert = prepare_insert(to, table->name, n_columns);
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    sqlite3_bind_int64(query, 1, begin);
    sqlite3_bind_int64(query, 2, end);
    while (sqlite3_step(query) == SQLITE_ROW) {
        for (int i = 0; i < n_columns; i++) {
            g_ptr_array_add(values, sqlite3_value_dup(sqlite3_column_value(query, i)));
        }
    }
    int64_t start = bench_now_us();
    for (guint row = 0; row < values->len; row += (guint)n_columns) {
        for (int i = 0; i < n_columns; i++) {
            sqlite3_bind_value(insert, i + 1, values->pdata[row + (guint)i]);
        }
        if (sqlite3_step(insert) != SQLITE_DONE) {
            g_printerr("bench-import: %s: %s\n", table->name, sqlite3_errmsg(to));
            exit(1);
        }
        sqlite3_reset(insert);
    }
    int64_t taken = bench_now_us() - start;
    for (guint i = 0; i < values->len; i++) {
        sqlite3_value_free(values->pdata[i]);
    }
    sqlite3_finalize(query);
    sqlite3_finalize(insert);
    return taken;
}

/* Return the rows a second at which a bare loop writes what is in the office @location. */
static double run_peer(const char *location, const char *folder, int64_t n_rows)
{
    g_autofree char *source = g_build_filename(location, "office.db", NULL);
    g_autofree char *path = g_build_filename(folder, "peer.db", NULL);
    sqlite3 *from = NULL, *to = NULL;
    int64_t taken = 0;
    sqlite3_open_v2(source, &from, SQLITE_OPEN_READONLY, NULL);
    sqlite3_open(path, &to);
    run(to, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            " PRAGMA cache_size = -49152; PRAGMA wal_autocheckpoint = 2000");
    copy_schema(from, to);
    sqlite3_stmt *query = prepare(from, "SELECT max(seq) FROM event");
    int64_t last = sqlite3_step(query) == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
    sqlite3_finalize(query);
    for (int64_t begin = 1; begin <= last; begin += CHUNK_EVENTS) {
        run(to, "BEGIN IMMEDIATE");
        for (size_t i = 0; i < G_N_ELEMENTS(peer_tables); i++) {
            taken += copy_rows(from, to, &peer_tables[i], begin, begin + CHUNK_EVENTS);
        }
        int64_t start = bench_now_us();
        run(to, "COMMIT");
        taken += bench_now_us() - start;
    }
    sqlite3_close(from);
    sqlite3_close(to);
    return rate_of(n_rows, 0, taken);
}

/* ---- by the library -------------------------------------------------------------------------- */

/* Import @csv; returns rows a second of checking and writing together. */
static double run_library(const char *location, const char *csv, int64_t n_rows)
{
    GError *error = NULL;
    const LogAct act = {.actor = "os:bench"};
    int64_t batch = 0;
    Office *office = office_open(location, OFFICE_WRITE, NULL, &error);
    die(error);
    RightsSubject *subject = rights_subject_os(office, "bench", &error);
    die(error);
    int64_t start = bench_now_us();
    LedgerImport *import =
        ledger_import_plan(office, schema_ledger(office_schema(office), "case"), csv, NULL, &error);
    die(error);
    int64_t checked = bench_now_us();
    ledger_import_run(office, subject, &act, import, false, NULL, NULL, &batch, &error);
    die(error);
    int64_t done = bench_now_us();
    bench_print("rows checked", rate_of(n_rows, start, checked), "a second", 0, true);
    bench_print("rows written with events", rate_of(n_rows, checked, done), "a second", 0, true);
    bench_print("bulk import, both together", rate_of(n_rows, start, done), "a second", BAR_ROWS,
                true);
    bench_print("peak memory", (double)bench_peak_bytes() / 1e6, "MB", BAR_MEMORY_MB, false);
    ledger_import_free(import);
    rights_subject_free(subject);
    int64_t closing = bench_now_us();
    office_close(office);
    bench_print("closing, with the signature", (double)(bench_now_us() - closing) / 1000, "ms", 0,
                false);
    return rate_of(n_rows, start, done);
}

/* ---- by the command -------------------------------------------------------------------------- */

/* Run `shuzhi import OFFICE case FILE --yes` and print what it took. */
static void run_command(const char *program, const char *location, const char *csv, int64_t n_rows)
{
    struct rusage usage = {{0}};
    int status = 0;
    fflush(stdout);
    int64_t start = bench_now_us();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(program, program, "import", location, "case", csv, "--yes", (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        g_printerr("bench-import: '%s import' failed\n", program);
        exit(1);
    }
    double cpu_us = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    bench_print("shuzhi import, start to end", rate_of(n_rows, start, bench_now_us()), "a second",
                BAR_ROWS, true);
    bench_print("  processor time a row", cpu_us / (double)n_rows, "us", 0, false);
    bench_print("  peak memory", (double)usage.ru_maxrss * 1024 / 1e6, "MB", BAR_MEMORY_MB, false);
}

/* ---------------------------------------------------------------------------------------------- */

static void time_opening(const char *location, OfficeMode mode, const char *name)
{
    GError *error = NULL;
    int64_t start = bench_now_us();
    Office *office = office_open(location, mode, NULL, &error);
    die(error);
    bench_print(name, (double)(bench_now_us() - start) / 1000, "ms", 50, false);
    office_close(office);
}

int main(void)
{
    int64_t n_rows = bench_option("SHUZHI_BENCH_ROWS", 1000000);
    const char *program = g_getenv("SHUZHI_BENCH_PROGRAM");
    g_autofree char *title = g_strdup_printf("import of %lld rows", (long long)n_rows);
    bench_begin(title);
    g_autofree char *folder = bench_new_folder();
    g_autofree char *csv = g_build_filename(folder, "rows.csv", NULL);
    g_autofree char *location = g_build_filename(folder, "office", NULL);
    g_autofree char *second = g_build_filename(folder, "second", NULL);
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
    cases_write_csv(csv, n_rows, false);
    create_office(location);
    time_opening(location, OFFICE_WRITE, "opening an empty office");
    double rate = run_library(location, csv, n_rows);
    bench_print_ratio("bulk import", rate, run_peer(location, folder, n_rows),
                      "a bare SQLite loop that writes the same rows");
    time_opening(location, OFFICE_READ, "opening the full office");
    if (program != NULL) {
        create_office(second);
        run_command(program, second, csv, n_rows);
    }
    bench_remove_folder(folder);
    return 0;
}
