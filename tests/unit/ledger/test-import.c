#include "ledger/import.h"

#include "base/file.h"
#include "ledger-fixture.h"
#include "ledger/evidence.h"
#include "ledger/write.h"
#include "support/test-office.h"

static const char *const pack[] = {
    "pack.yaml",
    "pack: small\nversion: '1'\nname: 小\n",
    "ledgers/thing.yaml",
    "ledger: thing\nname: 事项\nnumber: T{year}-{n:3}\ntitle: title\nopened: day\nfields:\n"
    "  title: {is: text, name: 标题, required: yes, also: [事项名称, 事项]}\n"
    "  day: {is: date, name: 日期, required: yes}\n  count: {is: number, name: 人数, unit: 人}\n"
    "  channel: {is: choice, name: 渠道, of: {hotline: 热线, web: 网站}}\n"
    "  topics: {is: choices, name: 主题, of: {a: 水, b: 电}}\n  phone: phone 电话\n"
    "  reply: long 答复\n  answered: date 答复日期\n"
    "  before: {is: entry, name: 前事, of: thing}\n"
    "states:\n  open: 待办\n  done: 办结\n"
    "  closed: {name: 办结归档, final: yes}\n"
    "steps:\n  answer: {name: 答复, from: open, to: done, by: clerk, at: answered, asks: reply}\n"
    "  close: {name: 归档, from: done, to: closed, by: supervisor, not_by: answer}\n"
    "clocks:\n  in_time: {name: 时限, until: answer, within: 5 workdays}\n"
    "evidence:\n  proof: 佐证\n",
    NULL,
};

typedef struct Fixture {
    TestOffice office;
    const TestPlace *place;
    const SchemaLedger *ledger;
    char *path;
} Fixture;

static void fixture_open(Fixture *fixture, const TestPlace *place)
{
    fixture->place = place;
    test_office_open(&fixture->office, place, pack);
    fixture->ledger = schema_ledger(office_schema(fixture->office.office), "thing");
    fixture->path = g_build_filename(place->folder, "rows.csv", NULL);
}

static void fixture_close(Fixture *fixture)
{
    test_office_close(&fixture->office);
    g_free(fixture->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_close)

static LedgerImport *plan(Fixture *fixture, const char *csv, const char *const *mapping)
{
    g_autoptr(GError) error = NULL;
    const LedgerImportHints hints = {.mapping = mapping, .default_year = 2023};
    g_assert_true(file_write(fixture->path, csv, strlen(csv), 0600, &error));
    LedgerImport *import =
        ledger_import_plan(fixture->office.office, fixture->ledger, fixture->path, &hints, &error);
    g_assert_no_error(error);
    return import;
}

static bool run(Fixture *fixture, LedgerImport *import, bool skip_bad, int64_t *ret_batch,
                GError **error)
{
    return ledger_import_run(fixture->office.office, fixture->office.console, &fixture->office.act,
                             import, skip_bad, NULL, NULL, ret_batch, error);
}

static int64_t run_well(Fixture *fixture, const char *csv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerImport) import = plan(fixture, csv, NULL);
    int64_t batch = 0;
    g_assert_cmpint(import->n_bad, ==, 0);
    run(fixture, import, false, &batch, &error);
    g_assert_no_error(error);
    return batch;
}

static LedgerEntry *find(Fixture *fixture, const char *number, GError **error)
{
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), error);
    g_assert_nonnull(reader);
    return ledger_entry_find(fixture->office.office, reader, number, error);
}

static int64_t count_entries(Fixture *fixture)
{
    return test_store_int(office_store(fixture->office.office),
                          "SELECT count(*) FROM ledger_thing WHERE batch NOT IN"
                          " (SELECT id FROM batch WHERE state <> 'done')");
}

static const LedgerColumn *column_of(const LedgerImport *import, guint i)
{
    return g_ptr_array_index(import->columns, i);
}

static void check_column(const LedgerImport *import, guint i, const char *header, const char *field,
                         const char *why)
{
    const LedgerColumn *column = column_of(import, i);
    g_assert_cmpstr(column->header, ==, header);
    g_assert_cmpstr(column->field != NULL ? column->field->name : NULL, ==, field);
    g_assert_cmpstr(column->why, ==, why);
}

static void test_columns_find_their_fields(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture,
             "事项 名称*,日期（年月日）,Count,来源,联系方式,备注,备注,\n"
             "路灯,2023-05-06,3,热线,13800000000,a,b,c\n暖气,5月7日,4,网站,13900000000,,,\n",
             NULL);
    check_column(import, 0, "事项 名称*", "title", "alias");
    check_column(import, 1, "日期（年月日）", "day", "name");
    check_column(import, 2, "Count", "count", "name");
    check_column(import, 3, "来源", "channel", "content");
    check_column(import, 4, "联系方式", "phone", "content");
    check_column(import, 5, "备注", NULL, NULL);
    check_column(import, 6, "备注 (2)", NULL, NULL);
    check_column(import, 7, "H", NULL, NULL);
    g_assert_cmpint(import->n_rows, ==, 2);
    g_assert_cmpint(import->n_bad, ==, 0);
    g_autoptr(LedgerImport) numbered = plan(
        &fixture, "１、标题,③日期,（三）人数：,2.渠道,12345热线\n路灯,2023-05-06,3,热线,x\n", NULL);
    check_column(numbered, 0, "１、标题", "title", "name");
    check_column(numbered, 1, "③日期", "day", "name");
    check_column(numbered, 2, "（三）人数：", "count", "name");
    check_column(numbered, 3, "2.渠道", "channel", "name");
    check_column(numbered, 4, "12345热线", NULL, NULL);
    const char *const by_hand[] = {"备注=title", "来源=", NULL};
    g_autoptr(LedgerImport) other =
        plan(&fixture, "日期,备注,来源\n2023-05-06,路灯,热线\n", by_hand);
    check_column(other, 1, "备注", "title", "given");
    check_column(other, 2, "来源", NULL, "given");
}

static void check_refused(Fixture *fixture, const char *const *mapping, const char *words)
{
    g_autoptr(GError) error = NULL;
    const LedgerImportHints hints = {.mapping = mapping};
    g_autoptr(LedgerImport) import =
        ledger_import_plan(fixture->office.office, fixture->ledger, fixture->path, &hints, &error);
    g_assert_null(import);
    test_assert_error(error, INVALID, words);
}

static void test_bad_mappings(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) good = plan(&fixture, "日期,标题\n2023-05-06,路灯\n", NULL);
    check_refused(&fixture, (const char *const[]){"标题", NULL}, "HEADER=FIELD");
    check_refused(&fixture, (const char *const[]){"标题题=title", NULL}, "did you mean '标题'");
    check_refused(&fixture, (const char *const[]){"日期=dya", NULL}, "did you mean 'day'");
    check_refused(&fixture, (const char *const[]){"日期=title", "标题=title", NULL}, "two columns");
    g_assert_true(file_write(fixture.path, "日期,标题\n", strlen("日期,标题\n"), 0600, NULL));
    check_refused(&fixture, NULL, "no rows");
}

static void test_rows_become_entries(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    int64_t batch =
        run_well(&fixture, "标题,日期,人数,主题,答复,答复日期,备注\n"
                           "\"路灯\n不亮\",2023.5.6,\"1,200\",水、电,已修复,2023年5月8日,急\n"
                           "暖气,45052,,,,,\n旧事,2022-12-31,,,,,\n");
    g_assert_cmpint(count_entries(&fixture), ==, 3);
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerEntry) first = find(&fixture, "T2023-001", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(first->title, ==, "路灯 不亮");
    g_assert_cmpstr(first->state, ==, "done");
    /* lines of what is one line are kept as they were */
    g_assert_cmpstr(first->extra, ==, "{\"备注\":\"急\",\"标题\":\"路灯\\n不亮\"}");
    g_assert_cmpint(first->batch, ==, batch);
    g_assert_cmpint(first->values[schema_ledger_field(fixture.ledger, "count")->position].number,
                    ==, 1200);
    g_assert_cmpint(first->stopped_us, !=, 0);
    g_assert_cmpstr(first->clock, ==, "in_time");
    g_autoptr(LedgerEntry) second = find(&fixture, "T2023-002", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(second->state, ==, "open");
    g_assert_cmpint(second->opened_us, ==,
                    date_to_us(date_from_ymd(2023, 5, 6), 0, DATE_SECONDS_SHANGHAI));
    g_autoptr(LedgerEntry) old = find(&fixture, "T2022-001", &error);
    g_assert_no_error(error);
    g_assert_cmpint(test_store_int(office_store(fixture.office.office),
                                   "SELECT count(*) FROM step WHERE name = 'answer'"),
                    ==, 1);
}

static void check_fault(const LedgerImport *import, guint i, int64_t row, const char *column,
                        const char *words)
{
    const LedgerFault *fault = g_ptr_array_index(import->faults, i);
    g_assert_cmpint(fault->row, ==, row);
    g_assert_cmpstr(fault->column, ==, column);
    test_assert_error(fault->error, INVALID, words);
}

static void test_faults_are_named(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture,
             "标题,日期,人数,渠道,答复日期\n好,2023-05-06,1,热线,\n,2023-05-06,,,\n"
             "多错,昨天,很多,电报,\n太早,2023-05-06,,,2023-05-05\n太晚,2030-01-01,,,\n"
             "多格,2023-05-06,,,,,多\n",
             NULL);
    g_assert_cmpint(import->n_rows, ==, 6);
    g_assert_cmpint(import->n_bad, ==, 5);
    g_assert_cmpint(import->n_faults, ==, 7);
    check_fault(import, 0, 3, "标题", "must be filled in");
    check_fault(import, 1, 4, "日期", "昨天");
    check_fault(import, 2, 4, "人数", "很多");
    check_fault(import, 3, 4, "渠道", "电报");
    check_fault(import, 4, 5, NULL, "before the entry began");
    check_fault(import, 5, 6, NULL, "future");
    check_fault(import, 6, 7, NULL, "");
    int64_t batch = 0;
    g_assert_false(run(&fixture, import, false, &batch, &error));
    test_assert_error(error, INVALID, "5 of 6");
    g_clear_error(&error);
    g_assert_cmpint(count_entries(&fixture), ==, 0);
    run(&fixture, import, true, &batch, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_entries(&fixture), ==, 1);
}

/* An answer without its date was imported into an entry that nobody had answered. */
static void test_what_a_step_brings_needs_its_date(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    const char *csv =
        "标题,日期,答复,答复日期\n一,2023-05-06,办了,2023-05-08\n二,2023-05-06,办了,\n";
    g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
    g_assert_cmpint(import->n_bad, ==, 1);
    check_fault(import, 0, 3, NULL, "'答复' is filled in, but '答复日期' is not");
    const char *const aside[] = {"答复=", NULL};
    g_autoptr(LedgerImport) other = plan(&fixture, csv, aside);
    g_assert_cmpint(other->n_bad, ==, 0);
}

static LedgerImport *plan_from(Fixture *fixture, int64_t header)
{
    g_autoptr(GError) error = NULL;
    const LedgerImportHints hints = {.header = header};
    LedgerImport *import =
        ledger_import_plan(fixture->office.office, fixture->ledger, fixture->path, &hints, &error);
    g_assert_no_error(error);
    return import;
}

/* Rows above what was taken for the header were dropped without a word. */
static void test_rows_above_the_header_are_never_lost(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    int64_t batch = 0;
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) first =
        plan(&fixture, "标题,日期,\n一,2023-05-06,\n标题,日期,备注\n二,2023-05-07,x\n", NULL);
    g_assert_true(first->n_above == 0 && first->n_rows == 3 && first->n_bad == 1);
    g_autoptr(LedgerImport) lossy = plan(
        &fixture, "标题,日期\n一,2023-05-06\n标题,日期,人数,渠道\n二,2023-05-07,1,热线\n", NULL);
    const LedgerLeftRow *left = g_ptr_array_index(lossy->above, 1);
    g_assert_cmpint(lossy->header, ==, 3);
    g_assert_cmpint(ledger_import_lost(lossy), ==, 1);
    g_assert_cmpstr(left->text, ==, "一 | 2023-05-06");
    g_assert_true(left->row == 2 && left->is_data);
    g_assert_false(run(&fixture, lossy, true, &batch, &error));
    test_assert_error(error, INVALID, "look like data");
    g_clear_error(&error);
    g_assert_cmpint(count_entries(&fixture), ==, 0);
    g_autoptr(LedgerImport) said = plan_from(&fixture, 3);
    g_assert_true(said->n_above == 2 && ledger_import_lost(said) == 0);
    g_assert_true(run(&fixture, said, false, &batch, &error));
    g_assert_cmpint(count_entries(&fixture), ==, 1);
    g_autoptr(LedgerImport) titled =
        plan(&fixture, "事项表\n填报：甲,日期：5月6日\n标题,日期\n三,2023-05-06\n", NULL);
    g_assert_true(titled->n_above == 2 && ledger_import_lost(titled) == 0);
    g_assert_true(run(&fixture, titled, false, &batch, &error));
}

/* Of a table without a header the first record was taken for one. */
static void test_first_record_is_no_header(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    int64_t batch = 0;
    fixture_open(&fixture, place);
    const char *const by_hand[] = {"一=title", "2023-05-06=day", NULL};
    const char *csv = "一,2023-05-06\n二,2023-05-07\n";
    g_autoptr(LedgerImport) import = plan(&fixture, csv, by_hand);
    g_assert_cmpint(import->n_bad, ==, 0);
    g_assert_false(run(&fixture, import, false, &batch, &error));
    test_assert_error(error, INVALID, "row 1 was taken for the header");
    g_clear_error(&error);
    const char *const named[] = {"甲=title", "乙=day", NULL};
    g_autoptr(LedgerImport) other = plan(&fixture, "甲,乙\n二,2023-05-07\n", named);
    g_assert_true(run(&fixture, other, false, &batch, &error));
    g_assert_cmpint(count_entries(&fixture), ==, 1);
}

/* ESC in the first bytes was "neither text nor a workbook", later it was imported. */
static void test_control_characters_name_their_row(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,备注\n一\033[31m,2023-05-06,x\n二,2023-05-06,\001\n", NULL);
    g_assert_cmpint(import->n_bad, ==, 2);
    check_fault(import, 0, 2, "标题", "U+001B");
    check_fault(import, 1, 3, "备注", "U+0001");
}

static void test_asides_are_no_entries(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    const char *csv =
        "标题,日期,人数\n一,2023-05-06,3\n小计,,3\n合计的事,2023-05-07,4\n合 计：,,7\n";
    g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
    const LedgerLeftRow *last = g_ptr_array_index(import->asides, 1);
    g_assert_true(import->n_rows == 2 && import->n_bad == 0 && import->n_asides == 2);
    g_assert_cmpstr(last->text, ==, "合 计： | 7");
    g_assert_cmpint(last->row, ==, 5);
    run_well(&fixture, csv);
    g_assert_cmpint(count_entries(&fixture), ==, 2);
}

/* Requests whose titles began with such a word, with a time of day beside them, were left out. */
static void test_only_the_foot_is_no_record(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    const char *csv =
        "标题,日期,备注\n说明：车位不足,2023-05-06,10:30\n"
        "备注：某路坑洼,2023-05-07,2023年5月7日 9:10\n负责人：拖欠工资,2023.5.8,来电反映:急\n"
        "说明：没有日期,,\n路灯,2023-05-09,\n"
        "填表人：张三,,审核人：李四\n其二,2023-05-09,\n说明：本表按月填报,,\n合计,2,\n";
    g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
    g_assert_cmpint(import->n_rows, ==, 6);
    g_assert_cmpint(import->n_bad, ==, 1);
    check_fault(import, 0, 5, "日期", "must be filled in");
    g_assert_cmpint(import->n_asides, ==, 3);
    g_assert_cmpint(import->foot, ==, 9);
    for (guint i = 0; i < 3; i++) {
        const LedgerLeftRow *left = g_ptr_array_index(import->asides, i);
        g_assert_cmpint(left->row, ==, i == 0 ? 7 : 8 + i);
    }
    int64_t batch = 0;
    g_autoptr(GError) error = NULL;
    run(&fixture, import, true, &batch, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_entries(&fixture), ==, 5);
}

/* Of a group whose first column is merged down, and of any row whose title says so. */
static void test_subtotals_are_no_entries(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan(&fixture,
                                          "科室,标题,日期,人数\n综合科,修路,2023-05-06,3\n"
                                          "综合科,小计,2023-05-06,3\n合计,,/,—\n平均,,,3\n",
                                          NULL);
    g_assert_true(import->n_rows == 1 && import->n_bad == 0 && import->n_asides == 3);
}

/* A stroke is the way a printed table leaves a cell out; the fault of a needed one says so. */
static void test_strokes_say_nothing(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,人数,渠道,主题,电话\n一,2023-05-06,/,—,-,无\n二,/,,,,\n", NULL);
    g_assert_cmpint(import->n_bad, ==, 1);
    check_fault(import, 0, 3, "日期", "must be filled in");
}

/* The more special of two names that a field has goes first, wherever it stands. */
static void test_the_best_name_counts(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan(&fixture, "事项,事项名称,日期\n甲,乙,2023-05-06\n", NULL);
    check_column(import, 0, "事项", NULL, NULL);
    check_column(import, 1, "事项名称", "title", "alias");
}

/* A file of guesses told what a personal field holds. */
static void test_personal_differences_are_not_told(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,电话,人数\n一,2023-05-06,13800000000,3\n");
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,电话,人数\n一,2023-05-06,13900000000,3\n", NULL);
    g_assert_cmpint(import->known->len, ==, 1);
    g_assert_null(g_array_index(import->known, LedgerKnownRow, 0).differs);
    g_autoptr(LedgerImport) other =
        plan(&fixture, "标题,日期,电话,人数\n一,2023-05-06,13900000000,4\n", NULL);
    const LedgerKnownRow *known = &g_array_index(other->known, LedgerKnownRow, 0);
    g_assert_cmpint(known->differs->len, ==, 1);
}

static bool count_calls(int64_t n_done, int64_t n_total, void *data)
{
    int *n_calls = data;
    ++*n_calls;
    g_assert_cmpint(n_done, ==, *n_calls * LEDGER_IMPORT_TELL_ROWS);
    return *n_calls < 6;
}

/* Two threads check a long file; what they find stands in the order of its rows all the same. */
static void test_faults_of_a_long_file_are_in_order(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(GString) csv = g_string_new("标题,日期,人数\n");
    for (int i = 0; i < 5250; i++) {
        g_string_append_printf(csv, "事项%d,202%d-05-06,%s\n", i, i % 4, i % 7 == 3 ? "很多" : "1");
    }
    int n_calls = 0;
    const LedgerImportHints hints = {.progress = count_calls, .data = &n_calls};
    g_assert_true(file_write(fixture.path, csv->str, csv->len, 0600, &error));
    g_autoptr(LedgerImport) import =
        ledger_import_plan(fixture.office.office, fixture.ledger, fixture.path, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpint(n_calls, ==, 5);
    g_assert_cmpint(import->n_rows, ==, 5250);
    g_assert_cmpint(import->n_bad, ==, 750);
    g_assert_cmpint(import->n_faults, ==, 750);
    for (guint i = 0; i < 750; i++) {
        check_fault(import, i, 2 + 3 + 7 * (int64_t)i, "人数", "很多");
    }
    int64_t n_good = 0;
    for (int year = 2020; year < 2024; year++) {
        n_good += *(int64_t *)g_tree_lookup(import->years, GINT_TO_POINTER(year));
    }
    g_assert_cmpint(n_good, ==, 4500);

    g_string_append(csv, csv->str + strlen("标题,日期,人数\n"));
    n_calls = 0;
    g_assert_true(file_write(fixture.path, csv->str, csv->len, 0600, &error));
    g_assert_null(
        ledger_import_plan(fixture.office.office, fixture.ledger, fixture.path, &hints, &error));
    test_assert_error(error, CANCELLED, NULL);
    g_assert_cmpint(n_calls, ==, 6);
}

static void test_changed_file_is_refused(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan(&fixture, "标题,日期\n一,2023-05-06\n", NULL);
    g_autoptr(LedgerImport) later = plan(&fixture, "标题,日期\n二,2023-05-06\n", NULL);
    int64_t batch = 0;
    g_assert_false(run(&fixture, import, false, &batch, &error));
    test_assert_error(error, CONFLICT, "changed");
    g_clear_error(&error);
    g_assert_false(later->is_seen_before);
    g_assert_true(run(&fixture, later, false, &batch, &error));
    g_autoptr(LedgerImport) again = plan(&fixture, "标题,日期\n二,2023-05-06\n", NULL);
    g_assert_true(again->is_seen_before);
}

/* What was recorded between the look at a file and its import came twice. */
static void test_changed_ledger_is_refused(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    const char *csv = "标题,日期\n一,2023-05-06\n";
    g_autoptr(LedgerImport) first = plan(&fixture, csv, NULL);
    g_autoptr(LedgerImport) second = plan(&fixture, csv, NULL);
    int64_t batch = 0;
    g_assert_true(run(&fixture, first, false, &batch, &error));
    g_assert_false(run(&fixture, second, false, &batch, &error));
    test_assert_error(error, CONFLICT, "has changed since");
    g_clear_error(&error);
    g_assert_cmpint(count_entries(&fixture), ==, 1);
    g_autoptr(LedgerImport) anew = plan(&fixture, csv, NULL);
    g_assert_true(anew->is_seen_before && anew->known->len == 1);
    g_assert_true(run(&fixture, anew, false, &batch, &error)); /* as the caller says */
}

/* A file of @n rows. */
static char *make_rows(int n)
{
    GString *csv = g_string_new("标题,日期,答复,答复日期\n");
    for (int i = 0; i < n; i++) {
        bool is_answered = i % 3 == 0;
        g_string_append_printf(csv, "事项%d,%d-0%d-1%d,%s,%s\n", i, 2021 + i % 2, 1 + i % 9, i % 10,
                               is_answered ? "好" : "", is_answered ? "2023-01-05" : "");
    }
    return g_string_free(csv, false);
}

static void check_numbers(Fixture *fixture, int n)
{
    Store *store = office_store(fixture->office.office);
    g_assert_cmpint(test_store_int(store, "SELECT max(n) FROM entry WHERE year = 2021"), ==,
                    (n + 1) / 2);
    g_assert_cmpint(test_store_int(store, "SELECT max(n) FROM entry WHERE year = 2022"), ==, n / 2);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM step"), ==, (n + 2) / 3);
}

static void test_large_file_appears_in_one_go(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    int n = LEDGER_IMPORT_ONE_GO * 2 + 501;
    g_autofree char *csv = make_rows(n);
    run_well(&fixture, csv);
    g_assert_cmpint(count_entries(&fixture), ==, n);
    check_numbers(&fixture, n);
}

/* Check what nobody may see of the batch before it is done, then cancel. */
static bool look_and_cancel(int64_t n_done, int64_t n_total, void *data)
{
    Fixture *fixture = data;
    g_assert_cmpint(n_total, ==, LEDGER_IMPORT_ONE_GO * 3);
    g_assert_cmpint(count_entries(fixture), ==, 0);
    return n_done < LEDGER_IMPORT_ONE_GO * 2;
}

/* Record what a row of the large file says too, once. */
static bool record_meanwhile(int64_t n_done, int64_t n_total, void *data)
{
    g_autoptr(GError) error = NULL;
    Fixture *fixture = data;
    g_autofree char *path = g_build_filename(fixture->place->folder, "other.csv", NULL);
    const char *csv = "标题,日期\n事项1,2022-02-11\n";
    int64_t batch = 0;
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        return true;
    }
    g_assert_true(file_write(path, csv, strlen(csv), 0600, &error));
    g_autoptr(LedgerImport) other =
        ledger_import_plan(fixture->office.office, fixture->ledger, path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(run(fixture, other, false, &batch, &error));
    return true;
}

static void test_large_file_minds_what_comes_meanwhile(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autofree char *csv = make_rows(LEDGER_IMPORT_ONE_GO * 2);
    g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
    int64_t batch = 0;
    g_assert_false(ledger_import_run(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, import, false, record_meanwhile, &fixture,
                                     &batch, &error));
    test_assert_error(error, CONFLICT, "was recorded meanwhile");
    g_assert_cmpint(count_entries(&fixture), ==, 1);
}

/* Rows of one day: what was recorded meanwhile is looked for among them by all that is compared at
 * once, else the writer is held for the square of their number. */
static void test_large_file_of_one_day(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(GString) csv = g_string_new("标题,日期\n");
    for (int i = 0; i < LEDGER_IMPORT_ONE_GO * 5; i++) {
        g_string_append_printf(csv, "事项%d,2022-02-11\n", i);
    }
    g_autoptr(LedgerImport) import = plan(&fixture, csv->str, NULL);
    int64_t batch = 0;
    g_assert_false(ledger_import_run(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, import, false, record_meanwhile, &fixture,
                                     &batch, &error));
    test_assert_error(error, CONFLICT, "was recorded meanwhile");
    g_assert_cmpint(count_entries(&fixture), ==, 1);
}

static void test_cancelled_import_leaves_void_numbers(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autofree char *csv = make_rows(LEDGER_IMPORT_ONE_GO * 3);
    g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
    int64_t batch = 0;
    g_assert_false(ledger_import_run(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, import, false, look_and_cancel, &fixture,
                                     &batch, &error));
    test_assert_error(error, CANCELLED, NULL);
    Store *store = office_store(fixture.office.office);
    g_assert_cmpint(count_entries(&fixture), ==, 0);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM ledger_thing"), ==, 0);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM batch WHERE state = 'undone'"), ==,
                    1);
    run_well(&fixture, "标题,日期\n后来的,2021-05-06\n");
    g_clear_error(&error);
    g_autoptr(LedgerEntry) later = find(&fixture, "T2021-3001", &error);
    g_assert_no_error(error);
}

/* Turn the last digit before @mark, of the file @path, into another, as a program does that saves
 * into it: it has as many rows as before, and they are as good. */
static void write_over(const char *path, const char *mark)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    char *digit = g_strrstr(text, mark) - 1;
    *digit = *digit == '0' ? '3' : '0';
    FILE *file = fopen(path, "r+");
    g_assert_true(fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static bool write_title_over(int64_t n_done, int64_t n_total, void *data)
{
    write_over(((const LedgerImport *)data)->path, ",2021-");
    return true;
}

/* The last rows are of a year of which no numbers were reserved. */
static bool write_year_over(int64_t n_done, int64_t n_total, void *data)
{
    write_over(((const LedgerImport *)data)->path, "-05-");
    return true;
}

static void test_file_written_over_meanwhile(const TestPlace *place)
{
    static const LedgerProgress writers[] = {write_title_over, write_year_over};
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autofree char *csv = make_rows(LEDGER_IMPORT_ONE_GO * 3);
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(LedgerImport) import = plan(&fixture, csv, NULL);
        int64_t batch = 0;
        g_assert_false(ledger_import_run(fixture.office.office, fixture.office.console,
                                         &fixture.office.act, import, false, writers[i], import,
                                         &batch, &error));
        test_assert_error(error, CONFLICT, "changed since it was looked at");
        g_assert_cmpint(count_entries(&fixture), ==, 0);
    }
}

static void test_undo(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期\n留下,2023-05-06\n");
    int64_t batch = run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n");
    g_assert_true(ledger_import_undo(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, batch, false, &error));
    g_assert_cmpint(count_entries(&fixture), ==, 1);
    g_autoptr(LedgerEntry) gone = find(&fixture, "T2023-002", &error);
    g_assert_null(gone);
    test_assert_error(error, NOT_FOUND, "T2023-002");
    g_clear_error(&error);
    g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console,
                                      &fixture.office.act, batch, false, &error));
    test_assert_error(error, EXISTS, "undone already");
    g_clear_error(&error);
    g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console,
                                      &fixture.office.act, 99999, false, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n"); /* may come again */
    g_clear_error(&error);
    g_autoptr(LedgerEntry) fourth = find(&fixture, "T2023-004", &error);
    g_assert_no_error(error);
}

/* Correct the title of entry @number. */
static void correct(Fixture *fixture, const char *number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerEntry) entry = find(fixture, number, &error);
    g_assert_no_error(error);
    g_autoptr(LedgerInput) input = ledger_input_new(fixture->ledger);
    ledger_input_set(input, fixture->ledger->title, value_text("改过"));
    LogAct act = fixture->office.act;
    act.why = "核对后更正";
    ledger_entry_change(fixture->office.office, fixture->office.console, &act, entry->id, 0, input,
                        NULL, &error);
    g_assert_no_error(error);
}

static void test_undo_names_what_was_changed(const TestPlace *place)
{
    static const char *const names[] = {"T2023-001", "T2023-001、T2023-002",
                                        "T2023-001、T2023-002、T2023-003",
                                        "T2023-001、T2023-002、T2023-003…"};
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    int64_t batch = run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n"
                                       "三,2023-05-07\n四,2023-05-08\n五,2023-05-09\n");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *number = g_strdup_printf("T2023-00%d", (int)i + 1);
        g_autofree char *words =
            g_strconcat("were changed since: ", names[i], "; nothing is undone", NULL);
        correct(&fixture, number);
        g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console,
                                          &fixture.office.act, batch, false, &error));
        test_assert_error(error, CONFLICT, words);
        g_assert_cmpint(count_entries(&fixture), ==, 5);
    }
    g_autoptr(GError) error = NULL;
    LogAct act = fixture.office.act;
    g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console, &act, batch,
                                      true, &error));
    test_assert_error(error, INVALID, "with a reason");
    g_assert_cmpstr(error_field(error), ==, "why");
    g_clear_error(&error);
    act.why = "误导";
    g_assert_true(ledger_import_undo(fixture.office.office, fixture.office.console, &act, batch,
                                     true, &error));
    g_assert_cmpint(count_entries(&fixture), ==, 0);
    g_autoptr(LedgerEntry) changed = find(&fixture, "T2023-001", &error); /* keeps its history */
    g_assert_cmpstr(changed->gone, ==, "deleted");
    g_autoptr(LedgerEntry) other = find(&fixture, "T2023-005", &error);
    g_assert_null(other);
    g_clear_error(&error);
    run_well(&fixture, "标题,日期\n改过,2023-05-06\n"); /* may come again */
}

/* Do step @step of entry @number, with @reply (NULL: none), as @subject. */
static void step_as(Fixture *fixture, const RightsSubject *subject, const char *number,
                    const char *step, const char *reply)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerEntry) entry = find(fixture, number, &error);
    g_autoptr(LedgerInput) input = ledger_input_new(fixture->ledger);
    const LogAct act = {.actor = subject->actor};
    if (reply != NULL) {
        ledger_input_set(input, schema_ledger_field(fixture->ledger, "reply"), value_text(reply));
    }
    ledger_entry_step(fixture->office.office, subject, &act, entry->id, 0, step, 0, input, NULL,
                      &error);
    g_assert_no_error(error);
}

/* Attach a file to entry @id. */
static void attach(Fixture *fixture, int64_t id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture->place->folder, "paper.txt", NULL);
    g_assert_true(file_write(path, "x", 1, 0600, &error));
    ledger_evidence_attach(fixture->office.office, fixture->office.console, &fixture->office.act,
                           id, "proof", path, NULL, &error);
    g_assert_no_error(error);
}

/* Words and files of others are work too, and leave the version as it is. */
static void test_undo_sees_comments_and_files(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    int64_t batch = run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n三,2023-05-07\n");
    g_autoptr(LedgerEntry) first = find(&fixture, "T2023-001", &error);
    g_autoptr(LedgerEntry) second = find(&fixture, "T2023-002", &error);
    ledger_entry_comment(fixture.office.office, fixture.office.console, &fixture.office.act,
                         first->id, "要核对", &error);
    g_assert_no_error(error);
    attach(&fixture, second->id);
    g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console,
                                      &fixture.office.act, batch, false, &error));
    test_assert_error(error, CONFLICT, "were changed since: T2023-001、T2023-002;");
    g_assert_cmpint(count_entries(&fixture), ==, 3);
}

/* What a deletion refuses, taking its import back does not do either. */
static void test_undo_goes_round_no_rule_of_deletion(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    LogAct act = fixture.office.act;
    act.why = "误导";
    int64_t batch = run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n");
    int64_t later = run_well(&fixture, "标题,日期,前事\n三,2023-05-08,T2023-002\n");
    for (int force = 0; force < 2; force++) {
        g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console, &act,
                                          batch, force != 0, &error));
        test_assert_error(error, CONFLICT, "entry 'T2023-002' is used by 1 other entry");
        g_clear_error(&error);
    }
    g_assert_cmpint(count_entries(&fixture), ==, 3);
    g_assert_true(ledger_import_undo(fixture.office.office, fixture.office.console, &act, later,
                                     false, &error));
    source_set_now_us(fixture.office.source, TEST_OFFICE_NOW_US + HOUR_US);
    step_as(&fixture, fixture.office.console, "T2023-001", "answer", "好");
    g_autoptr(RightsSubject) other = ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, 0);
    step_as(&fixture, other, "T2023-001", "close", NULL);
    g_assert_false(ledger_import_undo(fixture.office.office, fixture.office.console, &act, batch,
                                      true, &error));
    test_assert_error(error, FORBIDDEN, "is for another person");
    g_assert_cmpint(count_entries(&fixture), ==, 2);
}

/* A column that no field is named like goes to the one that its content can only be. */
static void test_columns_are_known_by_content(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture,
             "标题,甲,乙,丙,丁\n一,2023-05-06,热线,13900000000,x\n二,2023.5.7,网站,"
             "13900000001,2023-01-01\n",
             NULL);
    check_column(import, 1, "甲", "day", "content");
    check_column(import, 2, "乙", "channel", "content");
    check_column(import, 3, "丙", "phone", "content");
    g_assert_null(column_of(import, 4)->field);
    g_autoptr(LedgerImport) both =
        plan(&fixture, "标题,甲,乙\n一,2023-05-06,2023-06-06\n", NULL); /* which of them? */
    g_assert_null(column_of(both, 1)->field);
    g_assert_null(column_of(both, 2)->field);
}

/* A csv made of a spreadsheet has its days as numbers. */
static void test_days_may_be_numbers(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期\n一,45052\n");
    g_autoptr(LedgerEntry) entry = find(&fixture, "T2023-001", &error);
    g_assert_no_error(error);
    char text[DATE_TEXT_SIZE];
    const Value *day = &entry->values[schema_ledger_field(fixture.ledger, "day")->position];
    g_assert_cmpstr(date_format((Date)day->number, text), ==, "2023-05-06");
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期\n一,45052.5\n二,1\n三,9999999\n四,-45052\n", NULL);
    g_assert_cmpint(import->n_bad, ==, 4); /* half a day, and days that no office has had */
}

/* What a run that was killed leaves behind: an open batch with some of its rows. */
static void test_known_rows_come_once(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    g_autoptr(GError) error = NULL;
    int64_t batch = 0;
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,主题\n甲,2023-05-06,水\n乙,2023-05-06,水、电\n");
    g_autoptr(LedgerImport) import = plan(
        &fixture,
        "标题,日期,主题\n甲,2023年5月6日,水\n甲,2023-05-06,电\n乙,5月6日,水、电\n丙,5月6日,水\n",
        NULL);
    g_assert_cmpint(import->n_bad, ==, 0);
    g_assert_cmpint(import->known->len, ==, 2); /* spelling tells no rows apart, and the entry of
                                                   the first is not the second too */
    const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, 0);
    g_assert_null(known[0].differs);
    g_assert_cmpint(known[1].row, ==, 4);
    g_assert_cmpstr(known[1].number, ==, "T2023-002");
    g_assert_cmpuint(import->n_differing, ==, 0);
    ledger_import_leave_known(import);
    g_assert_cmpint(ledger_import_n_taken(import), ==, 2);
    run(&fixture, import, false, &batch, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_entries(&fixture), ==, 4);
    g_autoptr(LedgerImport) alone = plan(&fixture, "标题,日期,主题\n乙,2023-05-06,电\n", NULL);
    known = &g_array_index(alone->known, LedgerKnownRow, 0);
    g_assert_cmpstr(known[0].number, ==, "T2023-002"); /* lists may have been corrected */
    g_assert_cmpuint(known[0].differs->len, ==, 1);
    g_autoptr(LedgerImport) none = plan(&fixture, "标题,日期,主题\n甲,2023-05-06,水\n", NULL);
    ledger_import_leave_known(none);
    g_assert_false(run(&fixture, none, false, &batch, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
}

/* Two rows alike in every cell were both taken without a word, and a third one never. */
static void test_rows_are_known_one_by_one(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    const char *twice = "序号,标题,日期\n1,甲,2023-05-06\n2,甲,5月6日\n3,乙,2023-05-06\n";
    g_autoptr(LedgerImport) first = plan(&fixture, twice, NULL);
    const LedgerKnownRow *known = &g_array_index(first->known, LedgerKnownRow, 0);
    g_assert_cmpuint(first->known->len, ==, 1);
    g_assert_cmpuint(first->n_repeated, ==, 1);
    g_assert_null(known->number);
    g_assert_true(known->row == 3 && known->above == 2);
    run_well(&fixture, twice); /* they are meant */
    g_assert_cmpint(count_entries(&fixture), ==, 3);
    g_autoptr(LedgerImport) third = plan(
        &fixture, "标题,日期\n甲,2023-05-06\n甲,2023-05-06\n甲,2023-05-06\n乙,2023-05-06\n", NULL);
    known = &g_array_index(third->known, LedgerKnownRow, 0);
    g_assert_cmpuint(third->known->len, ==, 3);
    g_assert_cmpuint(third->n_repeated, ==, 0);
    g_assert_cmpstr(known[0].number, ==, "T2023-001");
    g_assert_cmpstr(known[1].number, ==, "T2023-002");
    g_assert_cmpstr(known[2].number, ==, "T2023-003");
    g_assert_cmpint(known[2].row, ==, 5);
    g_autoptr(LedgerImport) second =
        plan(&fixture, "标题,日期\n乙,2023-05-06\n乙,2023-05-06\n甲,2023-05-06\n", NULL);
    known = &g_array_index(second->known, LedgerKnownRow, 0);
    g_assert_cmpuint(second->known->len, ==, 3);
    g_assert_cmpint(known[1].above, ==, 2); /* one entry says that two are not meant */
    g_autoptr(LedgerImport) beside =
        plan(&fixture, "标题,日期,备注\n丙,2023-05-06,一\n丙,2023-05-06,二\n", NULL);
    g_assert_cmpuint(beside->known->len, ==, 0);
}

/* What was taken out of the books came back with the next table, under another number. */
static void test_what_was_taken_out_is_known(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,主题\n甲,2023-05-06,水、电\n");
    g_autoptr(LedgerEntry) entry = find(&fixture, "T2023-001", &error);
    LogAct act = fixture.office.act;
    act.why = "重复";
    g_assert_true(ledger_entry_delete(fixture.office.office, fixture.office.console, &act,
                                      entry->id, 0, &error));
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,主题\n甲,2023-05-06,电、水\n甲,2023-05-06,水\n", NULL);
    const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, 0);
    g_assert_cmpuint(import->known->len, ==, 1); /* one that was put right may come */
    g_assert_cmpstr(known->number, ==, "T2023-001");
    g_assert_true(known->is_gone && known->row == 2);
}

static void test_order_tells_no_rows_apart(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,主题\n甲,2023-05-06,水、电\n");
    g_autoptr(LedgerImport) import = plan(&fixture, "标题,日期,主题\n甲,2023-05-06,电、水\n", NULL);
    g_assert_cmpuint(import->known->len, ==, 1);
    g_assert_cmpuint(import->n_differing, ==, 0);
}

static void test_recover(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_auto(Fixture) fixture = {.place = place};
    fixture_open(&fixture, place);
    int64_t batch = run_well(&fixture, "标题,日期\n一,2023-05-06\n二,2023-05-07\n");
    Store *store = office_store(fixture.office.office);
    g_autofree char *sql =
        g_strdup_printf("UPDATE batch SET state = 'open' WHERE id = %" G_GINT64_FORMAT ";", batch);
    test_store_script(store, sql);
    g_assert_cmpint(count_entries(&fixture), ==, 0);
    g_assert_true(ledger_import_recover(fixture.office.office, &fixture.office.act, &error));
    g_assert_no_error(error);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM ledger_thing"), ==, 0);
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM batch WHERE state = 'undone'"), ==,
                    1);
    g_assert_true(ledger_import_recover(fixture.office.office, &fixture.office.act, &error));
}

static const char *const linked_pack[] = {
    "pack.yaml",
    "pack: small\nversion: '1'\nname: 小\n",
    "ledgers/thing.yaml",
    "ledger: thing\nname: 事项\nnumber: T{year}-{n:3}\ntitle: title\nopened: day\nfields:\n"
    "  title: {is: text, name: 标题, required: yes}\n"
    "  day: {is: date, name: 日期, required: yes}\n  seat: unit 单位\n"
    "states:\n  open: 待办\n  done: {name: 办结, final: yes}\n"
    "steps:\n  answer: {name: 答复, from: open, to: done, by: clerk}\n"
    "clocks:\n"
    "  urgent: {name: 急件, until: answer, within: 1 workday, when: seat.kind = 'office'}\n"
    "  in_time: {name: 时限, until: answer, within: 5 workdays}\n"
    "evidence:\n  proof: 佐证\n",
    NULL,
};

static void test_a_clock_that_reads_through_a_link_binds_what_is_imported(const TestPlace *place)
{
    g_auto(Fixture) fixture = {.place = place};
    test_office_open(&fixture.office, place, linked_pack);
    fixture.ledger = schema_ledger(office_schema(fixture.office.office), "thing");
    fixture.path = g_build_filename(place->folder, "rows.csv", NULL);
    run_well(&fixture, "标题,日期,单位\n一,2023-05-08,测试办公室\n二,2023-05-08,\n");
    g_autoptr(LedgerEntry) first = find(&fixture, "T2023-001", NULL);
    g_autoptr(LedgerEntry) second = find(&fixture, "T2023-002", NULL);
    g_assert_cmpstr(first->clock, ==, "urgent");
    g_assert_cmpstr(second->clock, ==, "in_time");
}

/* Somebody of another unit learns that a row is known, and nothing of the entry that it is. */
static void test_what_may_not_be_read_is_not_named(const TestPlace *place)
{
    g_auto(Fixture) f;
    g_autoptr(GError) error = NULL;
    fixture_open(&f, place);
    run_well(&f, "标题,日期,人数\n路灯,2023-05-06,3\n");
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:7", RIGHTS_CLERK, 77);
    const LedgerImportHints hints = {.subject = clerk};
    static const char csv[] = "标题,日期,人数\n路灯,2023-05-06,5\n";
    g_assert_true(file_write(f.path, csv, strlen(csv), 0600, &error));
    g_autoptr(LedgerImport) import =
        ledger_import_plan(f.office.office, f.ledger, f.path, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(import->known->len, ==, 1);
    const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, 0);
    g_assert_true(known->is_hidden);
    g_assert_null(known->number);
    g_assert_null(known->differs);
    g_assert_cmpuint(import->n_differing, ==, 0);
}

/* Whom a table names as the doer of a step could close what they answered, as the import's event
 * knows only who imported. */
static void test_whom_a_table_names_does_not_close(const TestPlace *place)
{
    static const struct {
        const char *cell;
        const char *name; /* of person 7, who is a supervisor; NULL: the account is nobody's */
        bool may;
    } cases[] = {
        {"李四", "李四", false},    {"张三、李 四（科长）", "李四", false},
        {"李四#7", "李四", false},  {"李四#8", "李四", true},
        {"张三", "李四", true},     {"", "李四", true},
        {"李四", NULL, true},       {"—", "李四", true},
        {"（不详）", "李四", true}, {"无、李四/", "李四", false},
    };
    g_auto(Fixture) f = {{0}};
    fixture_open(&f, place);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *csv = g_strdup_printf("标题,日期,答复,答复日期,答复人,来电人\n"
                                               "第%zu件,2023-05-06,好,2023-05-08,%s,李四\n",
                                               i, cases[i].cell); /* who called may close */
        run_well(&f, csv);
        g_autoptr(StoreConnection) reader =
            store_reader_acquire(office_store(f.office.office), &error);
        g_autofree char *number = g_strdup_printf("T2023-%03zu", i + 1);
        g_autoptr(LedgerEntry) entry = ledger_entry_find(f.office.office, reader, number, &error);
        g_assert_no_error(error);
        g_autoptr(RightsSubject) subject =
            ledger_fixture_subject("account:3", RIGHTS_SUPERVISOR, entry->unit);
        subject->person = cases[i].name != NULL ? 7 : 0;
        subject->person_name = g_strdup(cases[i].name);
        LogAct act = {.actor = subject->actor};
        bool is_done = ledger_entry_step(f.office.office, subject, &act, entry->id, 0, "close", 0,
                                         NULL, NULL, &error);
        g_test_message("%s, %s: %s", cases[i].cell, cases[i].name, is_done ? "may" : "may not");
        g_assert_cmpint(is_done, ==, cases[i].may);
        if (!is_done) {
            test_assert_error(error, FORBIDDEN, "is for another person");
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/import/columns-find-their-fields", test_columns_find_their_fields);
    test_store_each("/ledger/import/bad-mappings", test_bad_mappings);
    test_store_each("/ledger/import/rows-become-entries", test_rows_become_entries);
    test_store_each("/ledger/import/faults-are-named", test_faults_are_named);
    test_store_each("/ledger/import/what-a-step-brings-needs-its-date",
                    test_what_a_step_brings_needs_its_date);
    test_store_each("/ledger/import/rows-above-the-header-are-never-lost",
                    test_rows_above_the_header_are_never_lost);
    test_store_each("/ledger/import/first-record-is-no-header", test_first_record_is_no_header);
    test_store_each("/ledger/import/control-characters-name-their-row",
                    test_control_characters_name_their_row);
    test_store_each("/ledger/import/asides-are-no-entries", test_asides_are_no_entries);
    test_store_each("/ledger/import/only-the-foot-is-no-record", test_only_the_foot_is_no_record);
    test_store_each("/ledger/import/subtotals-are-no-entries", test_subtotals_are_no_entries);
    test_store_each("/ledger/import/strokes-say-nothing", test_strokes_say_nothing);
    test_store_each("/ledger/import/the-best-name-counts", test_the_best_name_counts);
    test_store_each("/ledger/import/personal-differences-are-not-told",
                    test_personal_differences_are_not_told);
    test_store_each("/ledger/import/faults-of-a-long-file-are-in-order",
                    test_faults_of_a_long_file_are_in_order);
    test_store_each("/ledger/import/changed-file-is-refused", test_changed_file_is_refused);
    test_store_each("/ledger/import/changed-ledger-is-refused", test_changed_ledger_is_refused);
    test_store_each("/ledger/import/large-file-appears-in-one-go",
                    test_large_file_appears_in_one_go);
    test_store_each("/ledger/import/large-file-minds-what-comes-meanwhile",
                    test_large_file_minds_what_comes_meanwhile);
    test_store_each("/ledger/import/large-file-of-one-day", test_large_file_of_one_day);
    test_store_each("/ledger/import/cancelled-import-leaves-void-numbers",
                    test_cancelled_import_leaves_void_numbers);
    test_store_each("/ledger/import/file-written-over-meanwhile", test_file_written_over_meanwhile);
    test_store_each("/ledger/import/undo", test_undo);
    test_store_each("/ledger/import/undo-names-what-was-changed", test_undo_names_what_was_changed);
    test_store_each("/ledger/import/undo-sees-comments-and-files",
                    test_undo_sees_comments_and_files);
    test_store_each("/ledger/import/undo-goes-round-no-rule-of-deletion",
                    test_undo_goes_round_no_rule_of_deletion);
    test_store_each("/ledger/import/columns-are-known-by-content",
                    test_columns_are_known_by_content);
    test_store_each("/ledger/import/days-may-be-numbers", test_days_may_be_numbers);
    test_store_each("/ledger/import/known-rows-come-once", test_known_rows_come_once);
    test_store_each("/ledger/import/rows-are-known-one-by-one", test_rows_are_known_one_by_one);
    test_store_each("/ledger/import/what-was-taken-out-is-known", test_what_was_taken_out_is_known);
    test_store_each("/ledger/import/order-tells-no-rows-apart", test_order_tells_no_rows_apart);
    test_store_each("/ledger/import/recover", test_recover);
    test_store_each("/ledger/import/a-clock-that-reads-through-a-link-binds-what-is-imported",
                    test_a_clock_that_reads_through_a_link_binds_what_is_imported);
    test_store_each("/ledger/import/what-may-not-be-read-is-not-named",
                    test_what_may_not_be_read_is_not_named);
    test_store_each("/ledger/import/whom-a-table-names-does-not-close",
                    test_whom_a_table_names_does_not_close);
    return g_test_run();
}
