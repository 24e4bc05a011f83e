/* Tables as offices keep them: rows that are no records, cells that hold no value, several sheets,
 * and which of the rows are in the books. */
#include "../table/make-xlsx.h"
#include "base/file.h"
#include "ledger/assignment.h"
#include "ledger/import.h"
#include "ledger/write.h"
#include "office/unit.h"
#include "support/test-office.h"

static const char *const pack[] = {
    "pack.yaml",
    "pack: small\nversion: '1'\nname: 小\n",
    "ledgers/thing.yaml",
    "ledger: thing\nname: 事项\nnumber: T{year}-{n:3}\ntitle: title\nopened: day\nfields:\n"
    "  title: {is: text, name: 标题, required: yes}\n"
    "  day: {is: date, name: 日期, required: yes}\n  count: {is: number, name: 人数, unit: 人}\n"
    "  channel: {is: choice, name: 渠道, of: {hotline: 热线, web: 网站}}\n"
    "  seat: unit 单位\n  proof: file 附件\n"
    "  visits: {is: rows, name: 走访, fields: {who: {is: person, name: 走访人, required: yes}}}\n"
    "  items: {is: rows, name: 明细, fields: {what: {is: text, name: 内容, required: yes},"
    " cost: money 花费, done: yesno 完成}}\nstates:\n  open: {name: 待办, final: yes}\n",
    NULL,
};

typedef struct Fixture {
    TestOffice office;
    const SchemaLedger *ledger;
    char *path;
} Fixture;

/* Open an office with the pack in which @new_text stands for @old (NULL: as it is). */
static void fixture_open_with(Fixture *fixture, const TestPlace *place, const char *old,
                              const char *new_text)
{
    g_autoptr(GString) ledger = g_string_new(pack[3]);
    if (old != NULL) {
        g_string_replace(ledger, old, new_text, 0);
    }
    const char *const files[] = {pack[0], pack[1], pack[2], ledger->str, NULL};
    test_office_open(&fixture->office, place, files);
    fixture->ledger = schema_ledger(office_schema(fixture->office.office), "thing");
    fixture->path = g_build_filename(place->folder, "rows.csv", NULL);
}

static void fixture_open(Fixture *fixture, const TestPlace *place)
{
    fixture_open_with(fixture, place, NULL, NULL);
}

static void fixture_close(Fixture *fixture)
{
    test_office_close(&fixture->office);
    g_free(fixture->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_close)

static LedgerImport *plan_with(Fixture *fixture, const char *csv, const LedgerImportHints *hints,
                               GError **error)
{
    g_assert_true(file_write(fixture->path, csv, strlen(csv), 0600, NULL));
    return ledger_import_plan(fixture->office.office, fixture->ledger, fixture->path, hints, error);
}

static LedgerImport *plan(Fixture *fixture, const char *csv)
{
    g_autoptr(GError) error = NULL;
    const LedgerImportHints hints = {.default_year = 2023};
    LedgerImport *import = plan_with(fixture, csv, &hints, &error);
    g_assert_no_error(error);
    return import;
}

static void run_well(Fixture *fixture, const char *csv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerImport) import = plan(fixture, csv);
    int64_t batch = 0;
    g_assert_cmpint(import->n_bad, ==, 0);
    ledger_import_run(fixture->office.office, fixture->office.console, &fixture->office.act, import,
                      false, NULL, NULL, &batch, &error);
    g_assert_no_error(error);
}

static void check_fault(const LedgerImport *import, guint i, int64_t row, const char *column,
                        const char *words)
{
    const LedgerFault *fault = g_ptr_array_index(import->faults, i);
    g_assert_cmpint(fault->row, ==, row);
    g_assert_cmpstr(fault->column, ==, column);
    test_assert_error(fault->error, INVALID, words);
}

/* ---- rows that are no records ---------------------------------------------------------------- */

/* One name over the rows below it is their heading; anything else alone in its row is a fault. */
static void test_headings_are_no_entries(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autofree char *lengthy = g_strnfill(150, 'x');
    g_autofree char *csv = g_strconcat("序号,标题,日期,人数\n1,一,2023-05-06,3\n综合科,,,\n"
                                       "2,二,2023-05-06,3\n",
                                       "二、专项,,,\n3,三,2023-05-07,4\n", "17,,,\n", "……,,,\n",
                                       "类别：水,,,\n", lengthy, ",,,\n9,九,2023-05-07,4\n", NULL);
    g_autoptr(LedgerImport) import = plan(&fixture, csv);
    static const char *const headings[] = {"综合科", "二、专项"};
    g_assert_cmpint(import->n_asides, ==, 2);
    for (guint i = 0; i < G_N_ELEMENTS(headings); i++) {
        const LedgerLeftRow *left = g_ptr_array_index(import->asides, i);
        g_assert_cmpstr(left->text, ==, headings[i]);
        g_assert_cmpint(left->row, ==, 3 + 2 * i);
    }
    g_assert_cmpint(import->n_rows, ==, 8);
    g_assert_cmpint(import->n_bad, ==, 4);
    for (guint i = 0; i < 4; i++) { /* neither title nor day */
        check_fault(import, 2 * i, 7 + i, "标题", "must be filled in");
        check_fault(import, 2 * i + 1, 7 + i, "日期", "must be filled in");
    }
}

/* All that is left out is counted, and what is kept of it to be shown has an end. */
static void test_what_is_kept_of_asides_has_an_end(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autofree char *remark = g_strnfill(600, 'x');
    g_autoptr(GString) csv = g_string_new("标题,日期,备注,人数\n一,2023-05-06,,3\n");
    g_string_append_printf(csv, "小计,,%s,3\n", remark);
    for (int i = 0; i < LEDGER_IMPORT_MAX_ASIDES + 4; i++) {
        g_string_append(csv, "小计,,,-3\n");
    }
    g_autoptr(LedgerImport) import = plan(&fixture, csv->str);
    const LedgerLeftRow *first = g_ptr_array_index(import->asides, 0);
    g_assert_true(import->n_rows == 1 && import->n_bad == 0);
    g_assert_cmpint(import->n_asides, ==, LEDGER_IMPORT_MAX_ASIDES + 5);
    g_assert_cmpuint(import->asides->len, ==, LEDGER_IMPORT_MAX_ASIDES);
    g_assert_true(g_str_has_prefix(first->text, "小计 | xxx"));
    g_assert_true(g_str_has_suffix(first->text, "x…"));
    g_assert_cmpint(g_utf8_strlen(first->text, -1), ==, 61);
}

/* A row that names who signs is left out only where it says nothing else. */
static void test_more_than_signatures_is_a_record(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,人数\n一,2023-05-06,3\n"
                       "填表人：张三,审核人：李四,\n二,2023-05-06,3\n"
                       "填表人：张三,审核人：李四,3\n三,2023-05-06,3\n");
    g_assert_cmpint(import->n_asides, ==, 1);
    g_assert_cmpint(import->n_bad, ==, 1);
    check_fault(import, 0, 5, "日期", "审核人：李四");
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* A remark behind the name of a unit is kept beside it; a remark alone names nobody. */
static void test_a_remark_alone_is_no_name(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,单位\n一,2023-05-06,测试办公室（牵头）\n二,2023-05-06,（待定）\n"
                       "三,2023-05-06,没有的科（牵头）\n");
    g_assert_cmpint(import->n_kept, ==, 1);
    g_assert_cmpint(import->n_bad, ==, 2);
    g_assert_cmpint(import->n_faults, ==, 2);
    for (guint i = 0; i < 2; i++) {
        const LedgerFault *fault = g_ptr_array_index(import->faults, i);
        g_assert_cmpint(fault->row, ==, 3 + i);
        g_assert_cmpstr(fault->column, ==, "单位");
        test_assert_error(fault->error, NOT_FOUND, i == 0 ? "（待定）" : "没有的科（牵头）");
    }
}

/* A cell holds the rows of its entry, a line each; one that only sets names apart holds none. */
static void test_rows_of_an_entry_stand_in_a_cell(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,明细,走访\n"
                       "一,2023-05-06,\"what=纸;cost=—;done=/\nwhat=笔;cost=3;done=是\",、\n");
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture.office.office), &error);
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(fixture.office.office, reader, "T2023-001", &error);
    g_assert_no_error(error);
    const SchemaField *items = schema_ledger_field(fixture.ledger, "items");
    g_autofree char *text =
        ledger_assignment_rows_text(items, entry->rows[items->position], NULL, 0, "zh");
    g_assert_cmpstr(text, ==, "what=纸\nwhat=笔;cost=3.00;done=是");
    g_assert_null(entry->rows[schema_ledger_field(fixture.ledger, "visits")->position]);
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,明细\n二,2023-05-06,纸\n三,2023-05-06,what=纸;what=笔\n"
                       "四,2023-05-06,what=纸;cost=很多\n五,2023-05-06,wat=纸\n"
                       "六,2023-05-06,cost=3\n");
    g_assert_cmpint(import->n_bad, ==, 5);
    check_fault(import, 0, 2, "明细", "'纸' is no row; write field=value");
    check_fault(import, 1, 3, "明细", "the field 'what' is given twice");
    check_fault(import, 2, 4, "明细", "'很多' is not a number");
    check_fault(import, 3, 5, "明细", "did you mean 'what'");
    check_fault(import, 4, 6, NULL, "must be filled in");
}

/* What all rows are given is refused before any row is read, where it is no value of its field. */
static void test_what_all_rows_are_given_is_checked(const TestPlace *place)
{
    static const struct {
        const char *set[3];
        const char *words;
        bool is_unknown; /* NOT_FOUND, or INVALID */
    } cases[] = {
        {{"热线"}, "热线", false},
        {{"chanel=热线"}, "did you mean 'channel'", false},
        {{"渠道=电报"}, "'渠道' has no choice '电报'", false},
        {{"人数=很多"}, "is not a number", false},
        {{"单位=没有的科"}, "没有的科", true},
        {{"附件=x"}, "which no one value fills", false},
        {{"渠道=热线", "channel=web"}, "'渠道' is given to all rows twice", false},
        {{"标题=二"}, "the column '标题' fills it too", false},
    };
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const LedgerImportHints hints = {.set = cases[i].set};
        g_test_message("%s", cases[i].set[0]);
        g_autoptr(LedgerImport) import =
            plan_with(&fixture, "标题,日期\n一,2023-05-06\n", &hints, &error);
        g_assert_null(import);
        g_assert_true(
            error_is(error, cases[i].is_unknown ? SHUZHI_ERROR_NOT_FOUND : SHUZHI_ERROR_INVALID));
        g_assert_nonnull(strstr(error->message, cases[i].words));
    }
}

/* ---- rows that are in the books -------------------------------------------------------------- */

/* What is in the books goes first: a row is what was taken out only where nothing else is it. */
static void test_what_is_in_the_books_goes_first(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期\n甲,2023-05-06\n甲,2023-05-06\n乙,2023-05-06\n");
    int64_t first = test_store_int(office_store(fixture.office.office),
                                   "SELECT id FROM entry WHERE number = 'T2023-001'");
    LogAct act = fixture.office.act;
    act.why = "重复";
    ledger_entry_delete(fixture.office.office, fixture.office.console, &act, first, 0, &error);
    g_assert_no_error(error);
    g_autoptr(LedgerImport) one = plan(&fixture, "标题,日期\n甲,2023-05-06\n乙,2023-05-06\n");
    const LedgerKnownRow *known = &g_array_index(one->known, LedgerKnownRow, 0);
    g_assert_cmpuint(one->known->len, ==, 2);
    g_assert_cmpstr(known[0].number, ==, "T2023-002");
    g_assert_cmpstr(known[1].number, ==, "T2023-003");
    g_assert_false(known[0].is_gone || known[1].is_gone);
    g_autoptr(LedgerImport) two = plan(&fixture, "标题,日期\n甲,2023-05-06\n甲,2023-05-06\n");
    known = &g_array_index(two->known, LedgerKnownRow, 0);
    g_assert_cmpuint(two->known->len, ==, 2);
    g_assert_cmpstr(known[0].number, ==, "T2023-002");
    g_assert_cmpstr(known[1].number, ==, "T2023-001");
    g_assert_true(!known[0].is_gone && known[1].is_gone);
}

/* Of several rows and entries with one title and day, those that differ least are each other's, and
 * an entry is no second row. */
static void test_the_most_alike_is_known(const TestPlace *place)
{
    static const struct {
        const char *number;
        const char *differs; /* NULL: nothing */
    } expected[] = {{"T2023-001", "count"}, {"T2023-002", NULL}, {"T2023-003", "count"}};
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    run_well(&fixture, "标题,日期,人数,渠道\n甲,2023-05-06,3,热线\n甲,2023-05-06,4,网站\n"
                       "甲,2023-05-06,5,网站\n");
    g_autoptr(LedgerImport) import =
        plan(&fixture, "标题,日期,人数,渠道\n甲,2023-05-06,5,热线\n甲,2023-05-06,4,\n"
                       "甲,2023-05-06,9,网站\n甲,2023-05-06,8,网站\n");
    g_assert_cmpuint(import->known->len, ==, 3);
    g_assert_cmpuint(import->n_differing, ==, 2);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, i);
        g_assert_cmpint(known->row, ==, 2 + i);
        g_assert_cmpstr(known->number, ==, expected[i].number);
        if (expected[i].differs == NULL) {
            g_assert_null(known->differs);
        } else {
            const SchemaField *field = g_ptr_array_index(known->differs, 0);
            g_assert_cmpuint(known->differs->len, ==, 1);
            g_assert_cmpstr(field->name, ==, expected[i].differs);
        }
    }
}

/* Check that the row @csv is known, and differs in the field @differs alone; NULL: is not known. */
static void check_unique(Fixture *fixture, const char *csv, const char *differs)
{
    g_autofree char *whole = g_strconcat("标题,日期,人数\n", csv, "\n", NULL);
    g_autoptr(LedgerImport) import = plan(fixture, whole);
    g_test_message("%s", csv);
    g_assert_cmpuint(import->known->len, ==, differs != NULL ? 1 : 0);
    if (differs != NULL) {
        const LedgerKnownRow *known = &g_array_index(import->known, LedgerKnownRow, 0);
        g_assert_cmpstr(known->number, ==, "T2023-001");
        g_assert_cmpuint(known->differs->len, ==, 1);
        const SchemaField *field = g_ptr_array_index(known->differs, 0);
        g_assert_cmpstr(field->name, ==, differs);
    }
}

static void open_unique(Fixture *fixture, const TestPlace *place, const char *unique)
{
    g_autofree char *text = g_strdup_printf("opened: day\nunique: %s\n", unique);
    fixture_open_with(fixture, place, "opened: day\n", text);
    run_well(fixture, "标题,日期,人数\n甲,2023-05-06,3\n");
}

/* A row whose day was put right is known by its title, where title and day are unique. */
static void test_a_day_put_right_is_known(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    open_unique(&fixture, place, "[title, day]");
    check_unique(&fixture, "甲,2023-05-07,3", "day");
    check_unique(&fixture, "甲,2023-05-06,4", "count");
    check_unique(&fixture, "乙,2023-05-06,3", NULL);
}

/* Numbers that come again each year are one only where the title is too. */
static void test_a_number_of_another_day_needs_its_title(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    open_unique(&fixture, place, "[count, day]");
    check_unique(&fixture, "甲,2023-05-07,3", "day");
    check_unique(&fixture, "乙,2023-05-06,3", "title");
    check_unique(&fixture, "乙,2023-05-07,3", NULL);
}

/* A number that never comes again is one, whatever else the row says. */
static void test_a_number_alone_is_known(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    open_unique(&fixture, place, "[count]");
    check_unique(&fixture, "乙,2023-05-06,3", "title");
    check_unique(&fixture, "甲,2023-05-07,3", "day");
    check_unique(&fixture, "乙,2023-05-06,4", NULL);
}

/* ---- workbooks ------------------------------------------------------------------------------- */

#define CELL(text) "<c t=\"str\"><v>" text "</v></c>"
#define WRONG(text) "<c t=\"e\"><v>" text "</v></c>"

static LedgerImport *plan_workbook(Fixture *fixture, const TestPart *parts)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat(fixture->path, ".xlsx", NULL);
    const LedgerImportHints hints = {.default_year = 2023};
    make_xlsx(path, parts);
    LedgerImport *import =
        ledger_import_plan(fixture->office.office, fixture->ledger, path, &hints, &error);
    g_assert_no_error(error);
    return import;
}

#define SHEET(rows) "<worksheet " XMLNS "><sheetData>" rows "</sheetData></worksheet>"

/* What a spreadsheet could not calculate is no value; in a row of totals it is none of ours. */
static void test_errors_in_cells_are_faults(const TestPlace *place)
{
    static const TestPart parts[] = {
        {"xl/worksheets/sheet1.xml",
         SHEET("<row>" CELL("标题") CELL("日期") CELL(
             "人数") "</row>"
                     "<row>" CELL("一") CELL(
                         "2023-05-06") "<c><v>3</v></c></row>"
                                       "<row>" CELL("二") CELL("2023-05-06") WRONG(
                                           "#DIV/0!") "</row>"
                                                      "<row>" CELL("三") CELL(
                                                          "2023-05-06") "<c><f>1+2</f></c></row>"
                                                                        "<row>" CELL("合计")
                                                                            CELL("") WRONG(
                                                                                "#REF!") "</row>"),
         0},
        {0}};
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan_workbook(&fixture, parts);
    g_assert_cmpint(import->n_rows, ==, 3);
    g_assert_cmpint(import->n_asides, ==, 1);
    g_assert_cmpint(import->n_bad, ==, 2);
    check_fault(import, 0, 3, "人数", "the cell holds the error #DIV/0!");
    check_fault(import, 1, 4, "人数", "the formula =1+2 was never calculated");
}

static const TestPart merged[] = {
    {"xl/worksheets/sheet1.xml",
     "<worksheet " XMLNS "><sheetData>"
     "<row>" CELL("标题") CELL("日期") CELL("人数") CELL(
         "渠道") "</row>"
                 "<row>" CELL("一") CELL("2023-05-06") "<c><v>3</v></c>" CELL(
                     "热线") "</row>"
                             "<row>" CELL("二") CELL(
                                 "2023-05-07") "<c/><c/></row>"
                                               "<row>" CELL("合计") "<c/><c><v>3</v></c><c/></"
                                                                    "row></sheetData>"
                                                                    "<mergeCells><mergeCell "
                                                                    "ref=\"C2:C3\"/><mergeCell "
                                                                    "ref=\"D2:D4\"/></mergeCells></"
                                                                    "worksheet>",
     0},
    {0}};

/* An amount over several rows is counted once, where it stands, and what is merged down into a row
 * of totals makes no record of it. */
static void test_amounts_of_merged_cells_are_counted_once(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    int64_t batch = 0;
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan_workbook(&fixture, merged);
    g_assert_true(import->n_rows == 2 && import->n_asides == 1 && import->n_bad == 0);
    ledger_import_run(fixture.office.office, fixture.office.console, &fixture.office.act, import,
                      false, NULL, NULL, &batch, &error);
    g_assert_no_error(error);
    Store *store = office_store(fixture.office.office);
    g_assert_cmpint(test_store_int(store, "SELECT sum(f_count) FROM ledger_thing"), ==, 3);
    g_assert_cmpint(
        test_store_int(store, "SELECT count(*) FROM ledger_thing WHERE f_channel = 'hotline'"), ==,
        2);
}

/* A row that needs an amount of its own says why it has none. */
static void test_amounts_that_are_needed_are_not_merged(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open_with(&fixture, place, "unit: 人}", "unit: 人, required: yes}");
    g_autoptr(LedgerImport) import = plan_workbook(&fixture, merged);
    g_assert_true(import->n_rows == 2 && import->n_asides == 1 && import->n_bad == 1);
    check_fault(import, 0, 3, "人数", "counted in the first of their rows");
}

#define WORKBOOK                                                                               \
    "<workbook " XMLNS " xmlns:r=\"" RELATIONS "\"><sheets><sheet name=\"一\" sheetId=\"1\" " \
    "r:id=\"r1\"/><sheet name=\"二\" sheetId=\"2\" r:id=\"r2\"/><sheet name=\"三\" "         \
    "sheetId=\"3\" r:id=\"r3\"/></sheets></workbook>"
#define SHEETS                                                                                 \
    "<Relationships><Relationship Id=\"r1\" Type=\"" RELATIONS                                 \
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" RELATIONS \
    "/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"" RELATIONS \
    "/worksheet\" Target=\"worksheets/sheet3.xml\"/></Relationships>"

/* Of the sheets of a workbook the one is read that is most like the ledger, and the first of those
 * that are as much. */
static void test_the_sheet_most_alike_is_read(const TestPlace *place)
{
    static const char empty[] = SHEET("");
    static const char strange[] =
        SHEET("<row>" CELL("甲") CELL("乙") "</row>"
                                            "<row>" CELL("x") CELL("y") "</row>");
    static const char one[] =
        SHEET("<row>" CELL("标题") CELL("乙") "</row>"
                                              "<row>" CELL("x") CELL("y") "</row>");
    static const char alike[] =
        SHEET("<row>" CELL("标题") CELL("日期") "</row>"
                                                "<row>" CELL("x") CELL("2023-05-06") "</row>");
    static const struct {
        const char *sheets[3];
        const char *chosen;
    } cases[] = {
        {{empty, strange, empty}, "二"}, {{strange, one, one}, "二"},
        {{one, strange, one}, "一"},     {{strange, strange, empty}, "一"},
        {{one, strange, alike}, "三"},   {{strange, one, alike}, "三"},
        {{alike, alike, one}, "一"},
    };
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestPart parts[] = {{"xl/workbook.xml", WORKBOOK, 0},
                                  {"xl/_rels/workbook.xml.rels", SHEETS, 0},
                                  {"xl/worksheets/sheet1.xml", cases[i].sheets[0], 0},
                                  {"xl/worksheets/sheet2.xml", cases[i].sheets[1], 0},
                                  {"xl/worksheets/sheet3.xml", cases[i].sheets[2], 0},
                                  {0}};
        g_autoptr(LedgerImport) import = plan_workbook(&fixture, parts);
        g_test_message("case %zu", i);
        g_assert_cmpstr(import->sheet, ==, cases[i].chosen);
    }
}

/* A sheet that cannot be read holds something: it is told of, and the others are read all the same.
 */
static void test_a_broken_sheet_is_told_of(const TestPlace *place)
{
    static const TestPart parts[] = {
        {"xl/workbook.xml", WORKBOOK, 0},
        {"xl/_rels/workbook.xml.rels", SHEETS, 0},
        {"xl/worksheets/sheet1.xml",
         SHEET("<row>" CELL("标题") CELL("日期") "</row><row>" CELL("一")
                   CELL("2023-05-06") "</row>"),
         0},
        {"xl/worksheets/sheet2.xml", "<worksheet " XMLNS "><sheetData><row></sheetData>", 0},
        {"xl/worksheets/sheet3.xml", SHEET(""), 0},
        {0}};
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan_workbook(&fixture, parts);
    g_assert_cmpstr(import->sheet, ==, "一");
    g_assert_true(import->n_rows == 1 && import->n_bad == 0);
    const LedgerSheet *broken = NULL;
    for (guint i = 0; i < import->sheets->len; i++) {
        const LedgerSheet *sheet = g_ptr_array_index(import->sheets, i);
        g_assert_cmpstr(sheet->name, !=, "三"); /* it is empty */
        broken = g_str_equal(sheet->name, "二") ? sheet : broken;
    }
    g_assert_nonnull(broken);
    g_assert_false(broken->is_alike);
}

/* Of a workbook with more sheets than are looked at, somebody says which is meant. */
static void test_sheets_without_end_are_not_looked_at(const TestPlace *place)
{
    enum { N = LEDGER_IMPORT_MAX_SHEETS + 2 };
    g_autoptr(GString) workbook =
        g_string_new("<workbook " XMLNS " xmlns:r=\"" RELATIONS "\"><sheets>");
    for (int i = 1; i <= N; i++) {
        g_string_append_printf(workbook, "<sheet name=\"%d\" sheetId=\"%d\" r:id=\"r%d\"/>", i, i,
                               i == 1 ? 1 : 2);
    }
    g_string_append(workbook, "</sheets></workbook>");
    const TestPart parts[] = {{"xl/workbook.xml", workbook->str, 0},
                              {"xl/_rels/workbook.xml.rels", SHEETS, 0},
                              {"xl/worksheets/sheet1.xml",
                               SHEET("<row>" CELL("标题") CELL("日期") "</row><row>" CELL("一")
                                         CELL("2023-05-06") "</row>"),
                               0},
                              {"xl/worksheets/sheet2.xml", SHEET(""), 0},
                              {"xl/worksheets/sheet3.xml", SHEET(""), 0},
                              {0}};
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan_workbook(&fixture, parts);
    g_assert_cmpint(import->n_unseen, ==, 2);
    g_assert_false(ledger_import_check_clear(import, &error));
    test_assert_error(error, INVALID, "the last 2 sheets of the workbook were not looked at");
    g_clear_error(&error);
    const LedgerImportHints hints = {.sheet = "1"};
    g_autoptr(LedgerImport) said =
        ledger_import_plan(fixture.office.office, fixture.ledger, import->path, &hints, &error);
    g_assert_no_error(error);
    g_assert_true(ledger_import_check_clear(said, &error));
    g_assert_no_error(error);
}

/* A header that is said to stand below the last row, and a sheet of a file that has none. */
static void test_what_is_said_to_be_there_is_looked_for(const TestPlace *place)
{
    static const char csv[] = "标题,日期\n一,2023-05-06\n";
    static const LedgerImportHints below = {.header = 99}, of_sheet = {.sheet = "没有"};
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    g_assert_null(plan_with(&fixture, csv, &below, &error));
    test_assert_error(error, NOT_FOUND, "99");
    g_clear_error(&error);
    g_assert_null(plan_with(&fixture, csv, &of_sheet, &error));
    test_assert_error(error, INVALID, "has no sheets");
}

/* ---- what values mean ------------------------------------------------------------------------ */

static void add_unit(Fixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    const OfficeUnit unit = {.name = (char *)name,
                             .kind = (char *)OFFICE_UNIT_SECTION,
                             .parent = 0,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    office_unit_add(fixture->office.office, fixture->office.console, &fixture->office.act, &unit,
                    &id, &error);
    g_assert_no_error(error);
}

static void check_value(const LedgerImport *import, guint i, const char *header, const char *text,
                        int64_t n_rows, const char *name, const char *guess)
{
    const LedgerCellValue *value = g_ptr_array_index(import->values, i);
    g_assert_cmpstr(value->column->header, ==, header);
    g_assert_cmpstr(value->text, ==, text);
    g_assert_cmpint(value->n_rows, ==, n_rows);
    g_assert_cmpstr(value->name, ==, name);
    g_assert_cmpstr(value->guess, ==, guess);
}

static const char of_values[] = "标题,日期,渠道,单位\n一,2023-05-06,12345热线,信访组\n"
                                "二,2023-05-06,12345热线,综合科\n三,2023-05-07,走访,信访组\n"
                                "四,2023-05-07,网站,综合\n五,2023-05-08,12345 热线,综合\n";

/* Hundreds of cells had to be mended in the table, one by one. */
static void test_values_are_said_what_they_mean(const TestPlace *place)
{
    static const char *const values[] = {
        "渠道:12345热线=hotline", "渠道:走访=",           "单位:信访组=综合科",
        "单位:综合=综合科",       "渠道:12345 热线=热线", NULL};
    const LedgerImportHints hints = {.values = values};
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    add_unit(&fixture, "综合科");
    add_unit(&fixture, "督查科");
    g_autoptr(LedgerImport) import = plan(&fixture, of_values);
    g_assert_cmpint(import->n_bad, ==, 5);
    g_assert_cmpuint(import->values->len, ==, 5);
    check_value(import, 0, "渠道", "12345热线", 2, NULL, "hotline");
    check_value(import, 1, "单位", "信访组", 2, NULL, NULL);
    check_value(import, 2, "单位", "综合", 2, NULL, "综合科");
    check_value(import, 3, "渠道", "12345 热线", 1, NULL, "hotline");
    check_value(import, 4, "渠道", "走访", 1, NULL, NULL);
    g_assert_true(ledger_import_has_guess(import));
    g_autoptr(LedgerImport) said = plan_with(&fixture, of_values, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpint(said->n_bad, ==, 1); /* the one that means nothing */
    check_value(said, 0, "渠道", "12345热线", 2, "hotline", NULL);
    check_value(said, 4, "渠道", "走访", 1, "", NULL);
    g_assert_false(ledger_import_has_guess(said));
    g_assert_cmpint(g_tree_nnodes(said->missing_units), ==, 0);
    g_assert_cmpint(said->n_kept, ==, 0);
    int64_t batch = 0;
    ledger_import_run(fixture.office.office, fixture.office.console, &fixture.office.act, said,
                      true, NULL, NULL, &batch, &error);
    g_assert_no_error(error);
    static const char sql[] =
        "SELECT count(*) FROM ledger_thing t JOIN unit u ON u.id = t.f_seat WHERE u.name = '综合科'"
        " AND (t.f_title <> '一' OR (t.f_channel = 'hotline'"
        " AND t.extra = '{\"单位\":\"信访组\",\"渠道\":\"12345热线\"}'))";
    g_assert_cmpint(test_store_int(office_store(fixture.office.office), sql), ==, 4);
}

/* What is no value of the file is refused, and so is what is none of the field's. */
static void test_meanings_that_are_none(const TestPlace *place)
{
    static const struct {
        const char *value;
        const char *words;
    } rows[] = {{"渠道12345=web", "HEADER:VALUE=NAME"},
                {"来源:12345=web", "HEADER:VALUE=NAME"},
                {"渠道:12345", "HEADER:VALUE=NAME"},
                {"标题:一=web", "no field of choices"},
                {"渠道:走访=walk", "走访"},
                {"单位:信访组=没有的科", "没有的科"}};
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        const char *const values[] = {rows[i].value, NULL};
        const LedgerImportHints hints = {.values = values};
        g_assert_null(plan_with(&fixture, of_values, &hints, &error));
        g_autofree char *text = error_to_text(error, "en");
        g_test_message("%s: %s", rows[i].value, text);
        g_assert_nonnull(strstr(text, rows[i].words));
    }
}

/* A column that is no list of choices has as many values as rows: the most frequent are asked for,
 * and how many more there are is said; of a list each one is. */
static void test_so_many_values_are_asked_for(const TestPlace *place)
{
    static const char *const values[] = {"渠道:x7=web", NULL};
    const LedgerImportHints hints = {.values = values};
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open_with(&fixture, place, "channel: {is: choice", "channel: {is: choices");
    g_autoptr(GString) csv = g_string_new("标题,日期,渠道\n");
    for (int i = 0; i < LEDGER_IMPORT_MAX_VALUES + 2; i++) {
        g_string_append_printf(csv, "题%d,2023-05-06,x%d、热线\n", i, i);
    }
    g_string_append(csv, "末,2023-05-06,x7；x9\n");
    g_autoptr(LedgerImport) import = plan(&fixture, csv->str);
    g_assert_cmpuint(import->values->len, ==, LEDGER_IMPORT_MAX_VALUES);
    g_assert_cmpint(import->n_values_left, ==, 2);
    check_value(import, 0, "渠道", "x7", 2, NULL, NULL);
    check_value(import, 1, "渠道", "x9", 2, NULL, NULL);
    g_autoptr(LedgerImport) said = plan_with(&fixture, csv->str, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(said->values->len, ==, LEDGER_IMPORT_MAX_VALUES + 1); /* it does not count */
    g_assert_cmpint(said->n_values_left, ==, 1);
    g_assert_cmpint(said->n_bad, ==, import->n_bad - 1);
}

/* ---- as last time ---------------------------------------------------------------------------- */

static void check_column(const LedgerImport *import, guint i, const char *target, const char *why)
{
    const LedgerColumn *column = g_ptr_array_index(import->columns, i);
    g_assert_cmpstr(ledger_column_target(column), ==, target);
    g_assert_cmpstr(column->why, ==, why);
}

static int64_t run_with(Fixture *fixture, const char *csv, const LedgerImportHints *hints)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerImport) import = plan_with(fixture, csv, hints, &error);
    int64_t batch = 0;
    g_assert_no_error(error);
    ledger_import_run(fixture->office.office, fixture->office.console, &fixture->office.act, import,
                      true, NULL, NULL, &batch, &error);
    g_assert_no_error(error);
    return batch;
}

/* The table of each month had to be told what its columns and cells mean, and the bad rows of one
 * when they were mended. */
static void test_what_was_said_holds_for_the_next_table(const TestPlace *place)
{
    static const char *const mapping[] = {"何事=title", "何时=day", "标题=", NULL};
    static const char *const values[] = {"渠道:12345=hotline", NULL};
    static const char *const other[] = {"何事=", "标题=title", NULL};
    const LedgerImportHints hints = {.mapping = mapping, .values = values};
    const LedgerImportHints changed = {.mapping = other};
    g_auto(Fixture) fixture = {0};
    fixture_open(&fixture, place);
    int64_t batch = run_with(
        &fixture, "何事,何时,标题,渠道\n一,2023-05-06,甲,12345\n二,2023-05-06,甲,走访\n", &hints);
    g_autoptr(LedgerImport) next =
        plan(&fixture, "某县某局登记表,,,,\n何事,何时,标题,渠道,原因\n三,2023-06-06,乙,12345,x\n");
    g_assert_cmpint(next->header, ==, 2); /* by names that no field has */
    g_assert_true(next->is_header_known);
    check_column(next, 0, "title", "before");
    check_column(next, 1, "day", "before");
    check_column(next, 2, "", NULL); /* its field is another's */
    check_column(next, 3, "channel", "name");
    check_value(next, 0, "渠道", "12345", 1, "hotline", NULL);
    g_assert_cmpstr(((LedgerCellValue *)g_ptr_array_index(next->values, 0))->why, ==, "before");
    g_assert_cmpint(next->n_bad, ==, 0);
    /* what is said now goes first, and is what holds from then on */
    run_with(&fixture, "何事,何时,标题\n四,2023-07-06,丙\n", &changed);
    g_autoptr(LedgerImport) last = plan(&fixture, "何事,何时,标题\n五,2023-08-06,丁\n");
    check_column(last, 0, "", NULL);
    check_column(last, 1, "day", "before");
    check_column(last, 2, "title", "before");
    g_assert_cmpint(
        test_store_int(office_store(fixture.office.office), "SELECT count(*) FROM batch_mapping"),
        ==, 2);
    /* what was set aside once is not the next time, where its header names a field */
    g_autoptr(LedgerImport) named = plan(&fixture, "标题,日期,渠道\n五,2023-08-06,热线\n");
    check_column(named, 0, "title", "before");
    /* what is taken back says nothing, and what is erased is gone */
    g_autoptr(GError) error = NULL;
    g_auto(LedgerForgotten) forgotten = {0};
    g_assert_true(ledger_import_undo(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, batch, false, &error));
    g_autoptr(LedgerImport) undone =
        plan(&fixture, "何事,何时,标题,渠道\n六,2023-08-06,丁,12345\n");
    check_value(undone, 0, "渠道", "12345", 1, NULL, NULL);
    g_assert_true(ledger_import_erase(fixture.office.office, fixture.office.console,
                                      &fixture.office.act, batch, &forgotten, &error));
    g_assert_cmpint(
        test_store_int(office_store(fixture.office.office), "SELECT count(*) FROM batch_mapping"),
        ==, 1);
}

/* ---- what no column fills -------------------------------------------------------------------- */

/* That no column is the title was told of each row, as if all were bad. */
static void test_what_nothing_fills_is_said_once(const TestPlace *place)
{
    static const char csv[] = "日期,人数\n2023-05-06,3\n2023-05-07,many\n,5\n";
    static const char *const title[] = {"title=走访", NULL};
    const LedgerImportHints hints = {.set = title, .default_year = 2023};
    g_auto(Fixture) fixture = {0};
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture, place);
    g_autoptr(LedgerImport) import = plan(&fixture, csv);
    g_autoptr(GPtrArray) unfilled = ledger_import_unfilled(import);
    g_assert_cmpuint(unfilled->len, ==, 1);
    g_assert_cmpstr(((const SchemaField *)g_ptr_array_index(unfilled, 0))->name, ==, "title");
    g_assert_cmpint(import->n_rows, ==, 3);
    g_assert_cmpint(import->n_bad, ==, 2); /* what else is wrong is told */
    g_assert_cmpint(import->n_faults, ==, 2);
    check_fault(import, 0, 3, "人数", "many");
    check_fault(import, 1, 4, "日期", "must be filled in");
    int64_t batch = 0;
    g_assert_false(ledger_import_run(fixture.office.office, fixture.office.console,
                                     &fixture.office.act, import, true, NULL, NULL, &batch,
                                     &error));
    test_assert_error(error, INVALID, "no column fills '标题'");
    g_clear_error(&error);
    g_autoptr(LedgerImport) said = plan_with(&fixture, csv, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpint(said->n_bad, ==, 2);
    g_assert_true(ledger_import_run(fixture.office.office, fixture.office.console,
                                    &fixture.office.act, said, true, NULL, NULL, &batch, &error));
}

/* So is the day on which an entry begins, whether the pack says that it is required or not. */
static void test_the_day_of_the_entries_is_said_once(const TestPlace *place)
{
    g_auto(Fixture) fixture = {0};
    fixture_open_with(&fixture, place, "name: 日期, required: yes", "name: 日期");
    g_autoptr(LedgerImport) import = plan(&fixture, "标题,人数\n一,3\n二,4\n");
    g_autoptr(GPtrArray) unfilled = ledger_import_unfilled(import);
    g_assert_cmpint(import->n_bad, ==, 0);
    g_assert_cmpuint(unfilled->len, ==, 1);
    g_assert_true(g_ptr_array_index(unfilled, 0) == fixture.ledger->opened);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/import-aside/headings-are-no-entries", test_headings_are_no_entries);
    test_store_each("/ledger/import-aside/what-is-kept-of-asides-has-an-end",
                    test_what_is_kept_of_asides_has_an_end);
    test_store_each("/ledger/import-aside/more-than-signatures-is-a-record",
                    test_more_than_signatures_is_a_record);
    test_store_each("/ledger/import-row/a-remark-alone-is-no-name", test_a_remark_alone_is_no_name);
    test_store_each("/ledger/assignment/rows-of-an-entry-stand-in-a-cell",
                    test_rows_of_an_entry_stand_in_a_cell);
    test_store_each("/ledger/import-map/what-all-rows-are-given-is-checked",
                    test_what_all_rows_are_given_is_checked);
    test_store_each("/ledger/import-known/what-is-in-the-books-goes-first",
                    test_what_is_in_the_books_goes_first);
    test_store_each("/ledger/import-known/the-most-alike-is-known", test_the_most_alike_is_known);
    test_store_each("/ledger/import-known/a-day-put-right-is-known", test_a_day_put_right_is_known);
    test_store_each("/ledger/import-known/a-number-of-another-day-needs-its-title",
                    test_a_number_of_another_day_needs_its_title);
    test_store_each("/ledger/import-known/a-number-alone-is-known", test_a_number_alone_is_known);
    test_store_each("/ledger/import-row/amounts-that-are-needed-are-not-merged",
                    test_amounts_that_are_needed_are_not_merged);
    test_store_each("/ledger/import-row/amounts-of-merged-cells-are-counted-once",
                    test_amounts_of_merged_cells_are_counted_once);
    test_store_each("/ledger/import-row/errors-in-cells-are-faults",
                    test_errors_in_cells_are_faults);
    test_store_each("/ledger/import-header/the-sheet-most-alike-is-read",
                    test_the_sheet_most_alike_is_read);
    test_store_each("/ledger/import-header/a-broken-sheet-is-told-of",
                    test_a_broken_sheet_is_told_of);
    test_store_each("/ledger/import-header/sheets-without-end-are-not-looked-at",
                    test_sheets_without_end_are_not_looked_at);
    test_store_each("/ledger/import-header/what-is-said-to-be-there-is-looked-for",
                    test_what_is_said_to_be_there_is_looked_for);
    test_store_each("/ledger/import-check/what-nothing-fills-is-said-once",
                    test_what_nothing_fills_is_said_once);
    test_store_each("/ledger/import-check/the-day-of-the-entries-is-said-once",
                    test_the_day_of_the_entries_is_said_once);
    test_store_each("/ledger/import-value/values-are-said-what-they-mean",
                    test_values_are_said_what_they_mean);
    test_store_each("/ledger/import-value/meanings-that-are-none", test_meanings_that_are_none);
    test_store_each("/ledger/import-value/so-many-values-are-asked-for",
                    test_so_many_values_are_asked_for);
    test_store_each("/ledger/import-recall/what-was-said-holds-for-the-next-table",
                    test_what_was_said_holds_for_the_next_table);
    return g_test_run();
}
