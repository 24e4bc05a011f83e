/* Bulk import: a spreadsheet of made-up citizens' requests into the case ledger of the built-in
 * pack, checked and written with events, as `shuzhi import` does it.
 *
 * SHUZHI_BENCH_ROWS  rows (200,000; the bar is for 1,000,000) */
#include <sqlite3.h>
#include <stdio.h>

#include "bench/bench.h"
#include "ledger/import.h"

#define FIRST_YEAR 2014
#define N_YEARS 10

static void die(const GError *error)
{
    if (error != NULL) {
        g_printerr("bench-import: %s\n", error->message);
        exit(1);
    }
}

/* One made-up row, by its number alone. */
static void append_row(GString *out, int64_t i)
{
    static const char *const matters[] = {"路灯不亮",     "供暖温度不足", "公交线路延伸",
                                          "小区物业收费", "道路积水",     "噪声扰民"};
    static const char *const channels[] = {"12345热线", "电子政务督查系统", "县政府网站"};
    int64_t year = FIRST_YEAR + i % N_YEARS;
    int64_t day = i / N_YEARS % 28 + 1;
    int64_t month = i / N_YEARS / 28 % 12 + 1;
    const char *matter = matters[i % (int64_t)G_N_ELEMENTS(matters)];
    g_string_append_printf(out,
                           "%" G_GINT64_FORMAT ",%s（第%" G_GINT64_FORMAT "件）,%s,%s,"
                           "\"来电人反映：住处附近%s，已持续多日，\n请有关部门尽快处理并答复。\","
                           "%" G_GINT64_FORMAT "-%02" G_GINT64_FORMAT "-%02" G_GINT64_FORMAT
                           " 09:30:00,",
                           i, matter, i, matter, channels[i % 3], matter, year, month, day);
    if (i % 5 != 0) {
        g_string_append_printf(out,
                               "经核实，%s问题已于近日处理完毕。,%" G_GINT64_FORMAT
                               "-%02" G_GINT64_FORMAT "-28 16:00:00",
                               matter, year, month);
    } else {
        g_string_append(out, ",");
    }
    g_string_append_c(out, '\n');
}

static void make_file(const char *path, int64_t n_rows)
{
    FILE *file = fopen(path, "w");
    g_autoptr(GString) row =
        g_string_new("来源编号,标题,诉求类别,来源渠道,诉求内容,收到时间,答复内容,答复时间\n");
    for (int64_t i = 0; i <= n_rows; i++) {
        fwrite(row->str, 1, row->len, file);
        g_string_truncate(row, 0);
        append_row(row, i);
    }
    fclose(file);
}

/* The peer: the same cells into one table of a bare SQLite, a commit each thousand rows. */
static double run_peer(const char *csv, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "peer.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    GError *error = NULL;
    sqlite3_open(path, &db);
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "CREATE TABLE c (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, h TEXT);",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO c VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, NULL);
    int64_t start = bench_now_us();
    g_autoptr(TableReader) reader = table_reader_open(csv, &error);
    die(error);
    table_reader_read_header(reader, 0, &error);
    die(error);
    TableRow row;
    bool has_row = true;
    int64_t n = 0;
    for (; table_reader_next(reader, &row, &has_row, &error) && has_row; n++) {
        if (n % 1000 == 0) {
            sqlite3_exec(db, n == 0 ? "BEGIN" : "COMMIT; BEGIN", NULL, NULL, NULL);
        }
        for (int i = 0; i < 8; i++) {
            sqlite3_bind_text(insert, i + 1, row.cells[i].text, -1, SQLITE_TRANSIENT);
        }
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    die(error);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    double rate = (double)n * 1e6 / (double)(bench_now_us() - start);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return rate;
}

int main(void)
{
    int64_t n_rows = bench_option("SHUZHI_BENCH_ROWS", 200000);
    bench_begin("import");
    GError *error = NULL;
    g_autofree char *folder = bench_new_folder();
    g_autofree char *csv = g_build_filename(folder, "rows.csv", NULL);
    g_autofree char *location = g_build_filename(folder, "office", NULL);
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
    make_file(csv, n_rows);

    const OfficePlan plan = {.name = "bench"};
    const LogAct act = {.actor = "os:bench"};
    office_create(location, &plan, &act, &error);
    die(error);
    int64_t opening = bench_now_us();
    Office *office = office_open(location, OFFICE_WRITE, NULL, &error);
    die(error);
    bench_print("opening an empty office", (double)(bench_now_us() - opening) / 1000, "ms", 50,
                false);
    RightsSubject *subject = rights_subject_os(office, "bench", &error);
    die(error);

    int64_t start = bench_now_us();
    LedgerImport *import =
        ledger_import_plan(office, schema_ledger(office_schema(office), "case"), csv, NULL, &error);
    die(error);
    int64_t checked = bench_now_us();
    int64_t batch = 0;
    ledger_import_run(office, subject, &act, import, false, NULL, NULL, &batch, &error);
    die(error);
    int64_t done = bench_now_us();
    double rate = (double)n_rows * 1e6 / (double)(done - start);
    bench_print("rows checked", (double)n_rows * 1e6 / (double)(checked - start), "a second", 0,
                true);
    bench_print("rows written with events", (double)n_rows * 1e6 / (double)(done - checked),
                "a second", 0, true);
    bench_print("bulk import, both together", rate, "a second", 20000, true);
    bench_print("peak memory", (double)bench_peak_bytes() / 1e6, "MB", 300, false);
    bench_print_ratio("bulk import", rate, run_peer(csv, folder),
                      "a bare SQLite loop over the same file");
    ledger_import_free(import);
    rights_subject_free(subject);
    int64_t closing = bench_now_us();
    office_close(office);
    bench_print("closing, with the signature", (double)(bench_now_us() - closing) / 1000, "ms", 0,
                false);
    opening = bench_now_us();
    office = office_open(location, OFFICE_READ, NULL, &error);
    die(error);
    bench_print("opening the full office", (double)(bench_now_us() - opening) / 1000, "ms", 50,
                false);
    office_close(office);
    bench_remove_folder(folder);
    return 0;
}
