#include "bench/cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/error.h"
#include "demo/demo.h"
#include "ledger/import.h"

#define ZONE (8 * 3600)
#define HOUR_US (3600 * INT64_C(1000000))

static const char *const matters[] = {"路灯不亮", "供暖温度不足", "公交线路延伸", "小区物业收费",
                                      "道路积水", "噪声扰民",     "占道经营",     "自来水浑浊"};
static const char *const channels[] = {
    "12345热线", "电子政务督查系统", "县政府网站", "12345热线", "领导信箱",
    "来访",      "12345热线",        "来信"};
static const char *const grades[] = {"一般", "一般", "一般", "紧急", "一般", "复杂"};
static const char *const ratings[] = {"满意", "满意", "基本满意", "不满意", "未能回访"};
static const char *const units[] = {"市民服务中心", "行政服务中心", "群众来访接待中心",
                                    "督查科",       "总值班室",     "综合科"};

/* Spread @i: a multiplicative hash (Knuth, The Art of Computer Programming 3, 6.4). */
static uint64_t spread(int64_t i, int salt)
{
    uint64_t x = ((uint64_t)i * 64 + (uint64_t)salt) * UINT64_C(0x9E3779B97F4A7C15);
    return x >> 33;
}

#define PICK(list, i, salt) (list)[spread(i, salt) % G_N_ELEMENTS(list)]

static void put_time(FILE *file, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    fprintf(file, ",%s", date_format_time(us, ZONE, text));
}

/* The answer, and the closing with its rating, as far as they came before the ten years were over.
 */
static void put_outcome(FILE *file, int64_t i, const char *matter, int64_t came_us, int64_t end_us)
{
    int64_t answered_us = came_us + (int64_t)(spread(i, 1) % 200 + 2) * HOUR_US;
    int64_t closed_us = answered_us + (int64_t)(spread(i, 2) % 500 + 20) * HOUR_US;
    bool is_answered = spread(i, 3) % 10 != 0 && answered_us < end_us;
    bool is_closed = is_answered && spread(i, 4) % 10 < 8 && closed_us < end_us;
    if (!is_answered) {
        fputs(",,", file);
    } else {
        fprintf(file, ",经核实，%s问题已于近日处理完毕，感谢您对我们工作的支持。", matter);
        put_time(file, answered_us);
    }
    if (!is_closed) {
        fputs(",,\n", file);
    } else {
        fprintf(file, ",%s", PICK(ratings, i, 5));
        put_time(file, closed_us);
        fputc('\n', file);
    }
}

static void put_row(FILE *file, int64_t i, int64_t came_us, int64_t end_us, bool has_units)
{
    const char *matter = PICK(matters, i, 6);
    fprintf(file, "%lld,%s（第%lld件）,%s,%s,%s", (long long)i, matter, (long long)i, matter,
            PICK(channels, i, 7), PICK(grades, i, 8));
    fprintf(file,
            ",\"来电人反映：住处附近%s，已持续多日，影响居民日常生活，\n"
            "请有关部门尽快处理并答复。\"",
            matter);
    put_time(file, came_us);
    fprintf(file, ",%s", has_units ? PICK(units, i, 9) : "");
    put_outcome(file, i, matter, came_us, end_us);
}

void cases_write_csv(const char *path, int64_t n_rows, bool has_units)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fputs("来源编号,标题,诉求类别,来源渠道,紧急程度,诉求内容,收到时间,承办单位,答复内容,答复时间,"
          "满意度,办结归档时间\n",
          file);
    int64_t start_us = date_to_us(date_from_ymd(CASES_FIRST_YEAR, 1, 1), 0, ZONE);
    int64_t end_us = date_to_us(date_from_ymd(CASES_FIRST_YEAR + CASES_N_YEARS, 1, 1), 0, ZONE);
    double gap_us = (double)(end_us - start_us) / (double)n_rows;
    for (int64_t i = 0; i < n_rows; i++) {
        put_row(file, i, start_us + (int64_t)(gap_us * (double)i), end_us, has_units);
    }
    if (fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void die(const GError *error)
{
    if (error != NULL) {
        g_printerr("cannot make the office: %s\n", error->message);
        exit(1);
    }
}

static void make_office(const char *folder, const char *location, int64_t n_cases)
{
    GError *error = NULL;
    const DemoPlan plan = {.year = CASES_FIRST_YEAR + CASES_N_YEARS - 1, .seed = 1};
    const LogAct act = {.actor = "os:bench"};
    g_autofree char *csv = g_build_filename(folder, "cases.csv", NULL);
    int64_t batch = 0;
    cases_write_csv(csv, n_cases, true);
    demo_create(location, &plan, &error);
    die(error);
    Office *office = office_open(location, OFFICE_WRITE, NULL, &error);
    die(error);
    g_autoptr(RightsSubject) subject = rights_subject_os(office, "bench", &error);
    die(error);
    g_autoptr(LedgerImport) import =
        ledger_import_plan(office, schema_ledger(office_schema(office), "case"), csv, NULL, &error);
    die(error);
    ledger_import_run(office, subject, &act, import, false, NULL, NULL, &batch, &error);
    die(error);
    office_close(office);
}

char *cases_find_office(const char *folder, int64_t n_cases)
{
    char *location = g_build_filename(folder, "office", NULL);
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    g_mkdir_with_parents(folder, 0700);
    g_setenv("SHUZHI_KEYS", keys, true);
    if (!g_file_test(location, G_FILE_TEST_EXISTS)) {
        make_office(folder, location, n_cases);
    }
    return location;
}
