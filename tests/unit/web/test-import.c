/* Imports in the browser: who may take a batch back, and how the work behind the pages is seen. */
#include "web-fixture.h"

#include <unistd.h>

#include "ledger/import.h"

/* Import one case of @unit as @role; returns the batch. */
static int64_t import_one(WebFixture *fixture, RightsRole role, const char *unit)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *form =
        g_strdup_printf("pasted=标题,收到时间,承办单位%%0A路灯不亮,2023-06-01,%s%%0A", unit);
    g_auto(WebAnswer) sent = web_fixture_post(fixture, role, "/ledger/case/import", form);
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture->works);
    g_auto(WebAnswer) done = web_fixture_post(fixture, role, sent.location, "import=yes&again=yes");
    g_assert_cmpint(done.status, ==, 303);
    works_wait(fixture->works);
    return test_store_int(office_store(fixture->office.office), "SELECT max(id) FROM batch");
}

static void undo(WebFixture *fixture, RightsRole role, int64_t batch, int status)
{
    g_autofree char *target =
        g_strdup_printf("/ledger/case/import/%" G_GINT64_FORMAT "/undo", batch);
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, "own=" WEB_FIXTURE_PASSWORD);
    if (answer.status != status) {
        g_error("%s as %s: %d %s", target, rights_role_name(role), answer.status,
                strstr(answer.body, "role=\"alert\""));
    }
}

static int64_t n_entries(WebFixture *fixture)
{
    return test_store_int(office_store(fixture->office.office),
                          "SELECT count(*) FROM entry WHERE gone IS NULL");
}

static void expect_in_trend(WebFixture *fixture, const char *cells)
{
    g_auto(WebAnswer) page =
        web_fixture_get(fixture, RIGHTS_CLERK, "/figure/cases_received?period=2023");
    if (strstr(page.body, cells) == NULL) {
        g_error("no %s in %s", cells, page.body);
    }
}

/* The years of an import that was taken back stood at 0 in the trend, as if there had been none. */
static void test_what_was_taken_back_is_no_record(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t batch = import_one(&fixture, RIGHTS_CLERK, "综合科");
    expect_in_trend(&fixture, "<td>2023*</td><td>1</td>");
    undo(&fixture, RIGHTS_CLERK, batch, 303);
    works_wait(fixture.works);
    expect_in_trend(&fixture, "<td>2023*</td><td>—</td>");
    web_fixture_close(&fixture);
}

/* Whoever could import into a unit took what others had brought out of the books for good. */
static void test_undo_is_for_who_may_delete(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t own = import_one(&fixture, RIGHTS_CLERK, "综合科");
    int64_t of_head = import_one(&fixture, RIGHTS_HEAD, "综合科");
    int64_t below = import_one(&fixture, RIGHTS_HEAD, "综合组");
    int64_t beside = import_one(&fixture, RIGHTS_DISPATCHER, "秘书科");
    undo(&fixture, RIGHTS_SUPERVISOR, own, 403);
    undo(&fixture, RIGHTS_CLERK, of_head, 403);
    undo(&fixture, RIGHTS_CLERK, below, 403);
    undo(&fixture, RIGHTS_CLERK, beside, 403);
    undo(&fixture, RIGHTS_HEAD, beside, 403);
    undo(&fixture, RIGHTS_DISPATCHER, own, 403);
    undo(&fixture, RIGHTS_DISPATCHER, beside, 403);
    g_assert_cmpint(n_entries(&fixture), ==, 4);
    undo(&fixture, RIGHTS_CLERK, own, 303);
    undo(&fixture, RIGHTS_CLERK, own, 409);
    undo(&fixture, RIGHTS_HEAD, of_head, 303);
    undo(&fixture, RIGHTS_HEAD, below, 303);
    undo(&fixture, RIGHTS_SECRETARY, beside, 303);
    g_assert_cmpint(n_entries(&fixture), ==, 0);
    web_fixture_close(&fixture);
}

static bool contains(const WebAnswer *answer, const char *text)
{
    return strstr(answer->body, text) != NULL;
}

/* A row of a unit that one may not import for is bad like any other: it is shown before, by the row
 * that the sheet has, and left out with the others. */
static void test_rows_of_others_are_bad(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_HEAD, "/ledger/case/import",
                                              "pasted=标题,收到时间,承办单位%0A%22路灯%0A不亮%22,"
                                              "2023-06-01,综合科%0A路面,2023-06-01,秘书科%0A");
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture.works);
    g_auto(WebAnswer) plan = web_fixture_get(&fixture, RIGHTS_HEAD, sent.location);
    g_assert_true(contains(&plan, "您职责范围内的单位"));
    g_assert_true(contains(&plan, ">3</td>")); /* of the sheet, whose second row has two lines */
    g_auto(WebAnswer) done =
        web_fixture_post(&fixture, RIGHTS_HEAD, sent.location, "import=yes&skip=yes");
    g_assert_cmpint(done.status, ==, 303);
    works_wait(fixture.works);
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* A year with a slip put all its dates into another one, without a word. */
static void test_a_year_that_is_none_is_refused(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const years[] = {"abc", "20233", "1800", "2032"};
    for (size_t i = 0; i < G_N_ELEMENTS(years); i++) {
        g_autofree char *form =
            g_strdup_printf("year=%s&pasted=标题,收到时间%%0A路灯,6月5日%%0A", years[i]);
        g_auto(WebAnswer) answer =
            web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/import", form);
        g_assert_cmpint(answer.status, ==, 400);
        g_assert_true(contains(&answer, "id=\"year-fault\""));
    }
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/import",
                                              "year=2022&pasted=标题,收到时间%0A路灯,6月5日%0A");
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture.works);
    g_auto(WebAnswer) plan = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&plan, "value=\"2022\""));
    g_auto(WebAnswer) slip = web_fixture_post(&fixture, RIGHTS_CLERK, sent.location, "year=20222");
    g_assert_cmpint(slip.status, ==, 400);
    g_assert_true(contains(&slip, "value=\"20222\""));
    web_fixture_close(&fixture);
}

static void post(WebFixture *fixture, RightsRole role, const char *address, const char *form)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, address, form);
    g_assert_cmpint(answer.status, ==, 303);
    works_wait(fixture->works);
}

/* Dates of last year's table went into this year. */
static void test_a_year_is_asked_for(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                                              "year=&pasted=标题,收到时间%0A路灯,1月5日%0A");
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture.works);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, "没有写年份"));
    post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes&year=2022");
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* Two who sent the same file, and both saw that nothing of it was known, had all of it twice. */
static void test_what_came_meanwhile_is_known(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *form = "pasted=标题,收到时间,承办单位%0A路灯,2023-06-01,综合科";
    g_auto(WebAnswer) first =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", form);
    g_auto(WebAnswer) second =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", form);
    works_wait(fixture.works);
    post(&fixture, RIGHTS_SECRETARY, first.location, "import=yes");
    post(&fixture, RIGHTS_SECRETARY, second.location, "import=yes");
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    g_auto(WebAnswer) told = web_fixture_get(&fixture, RIGHTS_SECRETARY, second.location);
    g_assert_true(contains(&told, "以前导入过"));
    web_fixture_close(&fixture);
}

/* The second of two tables side by side was lost once the rows were checked again. */
static void test_a_double_is_asked_for_again(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                                              "pasted=标题,收到时间,标题%0A路灯,2023-06-01,井盖");
    works_wait(fixture.works);
    static const char as_shown[] = "column-0=title&column-1=received_at&column-2=";
    g_autofree char *again = g_strconcat(as_shown, "&import=yes", NULL);
    post(&fixture, RIGHTS_SECRETARY, sent.location, as_shown);
    post(&fixture, RIGHTS_SECRETARY, sent.location, again);
    g_assert_cmpint(n_entries(&fixture), ==, 0);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, "与另一列同名"));
    g_autofree char *said = g_strconcat(as_shown, "-&import=yes", NULL);
    post(&fixture, RIGHTS_SECRETARY, sent.location, said);
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* Choosing another header was refused, as the columns of the old one were sent with it. */
static void test_another_header_has_columns_of_its_own(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                         "pasted=标题,收到时间,承办单位%0A一,二,三%0A诉求标题,受理时间,承办科室%0A"
                         "路灯,2023-06-01,综合科");
    works_wait(fixture.works);
    post(&fixture, RIGHTS_SECRETARY, sent.location,
         "header=3&above=yes&column-0=title&column-1=received_at&column-2=handler");
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, "诉求标题"));
    post(&fixture, RIGHTS_SECRETARY, sent.location,
         "import=yes&header=3&column-0=title&column-1=received_at&column-2=handler");
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* The file of bad rows ended with the thousandth fault. */
static void test_all_bad_rows_are_in_their_file(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GString) form = g_string_new("pasted=标题,收到时间%0A");
    for (int i = 0; i < LEDGER_IMPORT_MAX_FAULTS + 20; i++) {
        g_string_append_printf(form, "第%d件,胡写%%0A", i);
    }
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", form->str);
    works_wait(fixture.works);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, "还有970处"));
    g_auto(WebAnswer) file = web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "bad=yes");
    g_assert_cmpint(file.status, ==, 200);
    char end[512] = {0};
    int64_t n_bytes = 0;
    int fd = http_response_file(file.response, &n_bytes);
    g_assert_cmpint(n_bytes, >, (int64_t)sizeof end);
    g_assert_cmpint(pread(fd, end, sizeof end - 1, n_bytes - (int64_t)sizeof end + 1), >, 0);
    g_assert_nonnull(strstr(end, "第1019件"));
    web_fixture_close(&fixture);
}

/* A gate that work stands at until it is opened. */
typedef struct Gate {
    GMutex mutex;
    GCond cond;
    bool is_open;
    bool is_reached;
} Gate;

static void open_gate(Gate *gate)
{
    g_mutex_lock(&gate->mutex);
    gate->is_open = true;
    g_cond_broadcast(&gate->cond);
    g_mutex_unlock(&gate->mutex);
}

static bool stand_at_gate(WebWork *work, void *data, GError **error)
{
    Gate *gate = data;
    work_report(300, 1000, work);
    g_mutex_lock(&gate->mutex);
    gate->is_reached = true;
    g_cond_broadcast(&gate->cond);
    while (!gate->is_open) {
        g_cond_wait(&gate->cond, &gate->mutex);
    }
    g_mutex_unlock(&gate->mutex);
    if (!work_report(400, 1000, work)) {
        error_set(error, SHUZHI_ERROR_CANCELLED, "the import was cancelled");
        return false;
    }
    return true;
}

/* Begin an import of the head's that stands at @gate; the caller unrefs it. */
static WebWork *begin_at_gate(WebFixture *fixture, Gate *gate)
{
    g_autofree char *owner =
        g_strdup_printf("account:%" G_GINT64_FORMAT, fixture->accounts[RIGHTS_HEAD]);
    WebWork *busy = NULL;
    WebWork *work = works_add(fixture->works, "/ledger/case/import/of-the-head", owner, "来信.xlsx",
                              gate, NULL);
    g_assert_true(work_start(work, WEB_WORK_IMPORT, stand_at_gate, TEST_OFFICE_NOW_US, &busy));
    g_mutex_lock(&gate->mutex);
    while (!gate->is_reached) {
        g_cond_wait(&gate->cond, &gate->mutex);
    }
    g_mutex_unlock(&gate->mutex);
    return work;
}

static void test_a_second_one_is_told_who_is_at_it(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Gate gate = {.is_open = false};
    g_autoptr(WebWork) first = begin_at_gate(&fixture, &gate);
    g_auto(WebAnswer) sent = web_fixture_post(
        &fixture, RIGHTS_SECRETARY, "/ledger/case/import",
        "pasted=标题,收到时间,承办单位%0A路灯,2023-06-01,综合科%0A井盖,胡写,综合科");
    g_assert_cmpint(sent.status, ==, 303);
    g_autoptr(WebWork) second = works_find(fixture.works, sent.location, NULL);
    work_wait(second, 60 * G_USEC_PER_SEC);
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes&skip=yes");
    g_assert_cmpint(refused.status, ==, 409);
    g_assert_true(contains(&refused, "正在导入“来信.xlsx”"));
    g_assert_true(contains(&refused, "某head"));
    g_assert_true(contains(&refused, "name=\"skip\" value=\"yes\""));
    open_gate(&gate);
    works_wait(fixture.works);
    g_auto(WebAnswer) done =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes&skip=yes");
    g_assert_cmpint(done.status, ==, 303);
    works_wait(fixture.works);
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* Rows above the header were dropped without a word; the page names them and asks. */
static void test_rows_above_the_header_are_asked_for(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = web_fixture_post(
        &fixture, RIGHTS_SECRETARY, "/ledger/case/import",
        "pasted=台账%0A标题,收到时间%0A路灯<b>,2023-06-01%0A标题,收到时间,承办单位,诉求内容%0A"
        "井盖,2023-06-02,综合科,缺失");
    works_wait(fixture.works);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, "表头是第4行；其上3行不导入。"));
    g_assert_true(contains(&page, "3: 路灯&lt;b&gt; | 2023-06-01 — 看似数据"));
    g_assert_true(contains(&page, "name=\"above\""));
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes&header=4");
    works_wait(fixture.works);
    g_auto(WebAnswer) told = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&told, "看似数据，却在第4行的表头之上"));
    g_assert_cmpint(n_entries(&fixture), ==, 0);
    g_auto(WebAnswer) done = web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location,
                                              "import=yes&header=4&above=yes");
    works_wait(fixture.works);
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

static void test_progress_is_seen_by_its_owner_alone(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Gate gate = {.is_open = false};
    g_autoptr(WebWork) work = begin_at_gate(&fixture, &gate);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_HEAD, work_key(work));
    g_assert_cmpint(page.status, ==, 200);
    g_assert_true(contains(&page, "300／1000行"));
    g_assert_true(contains(&page, "<meta http-equiv=\"refresh\""));
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_HEAD, "/");
    g_assert_true(contains(&home, "来信.xlsx"));
    g_auto(WebAnswer) others = web_fixture_get(&fixture, RIGHTS_SECRETARY, work_key(work));
    g_assert_cmpint(others.status, ==, 404);
    g_assert_false(contains(&others, "来信.xlsx"));
    work_cancel(work);
    open_gate(&gate);
    works_wait(fixture.works);
    g_autoptr(GError) fault = work_fault(work);
    g_assert_error(fault, SHUZHI_ERROR, SHUZHI_ERROR_CANCELLED);
    web_fixture_close(&fixture);
}

/* The server stops in the middle: nothing of the import is to be seen, and its numbers are void. */
static void test_a_server_that_stops_leaves_nothing_half_done(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GString) form = g_string_new("pasted=标题,收到时间,承办单位%0A");
    for (int i = 0; i < 2 * LEDGER_IMPORT_ONE_GO + 1000; i++) {
        g_string_append_printf(form, "第%d件,2023-06-01,综合科%%0A", i);
    }
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", form->str);
    works_wait(fixture.works);
    g_auto(WebAnswer) begun =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes");
    g_assert_cmpint(begun.status, ==, 303);
    works_free(fixture.works);
    fixture.works = NULL;
    int64_t n_done = test_store_int(office_store(fixture.office.office),
                                    "SELECT count(*) FROM batch WHERE state = 'done'");
    g_assert_cmpint(n_entries(&fixture), ==, n_done * (2 * LEDGER_IMPORT_ONE_GO + 1000));
    g_assert_cmpint(test_store_int(office_store(fixture.office.office),
                                   "SELECT count(*) FROM batch WHERE state = 'open'"),
                    ==, 0);
    web_fixture_close(&fixture);
}

/* What is counted no further is not told as if it were. */
static void test_a_thousand_overdue_are_some(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GString) form = g_string_new("pasted=标题,收到时间,承办单位%0A");
    for (int i = 0; i < 1000; i++) {
        g_string_append_printf(form, "第%d件,2023-06-01,综合科%%0A", i);
    }
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", form->str);
    works_wait(fixture.works);
    g_auto(WebAnswer) begun =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes");
    works_wait(fixture.works);
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/");
    g_assert_true(contains(&home, "逾期1000余件"));
    web_fixture_close(&fixture);
}

/* Every fault of a row is told at once, what is missing too; the button says what it leaves out. */
static void test_all_faults_of_a_row(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                         "pasted=标题,收到时间,来源,电话,承办单位%0A,2023-06-01,热线吧,abc,综合科"
                         "%0A路灯,2023-06-01,来访,,综合科");
    works_wait(fixture.works);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, ">标题</td><td class=\"over\">必填</td>"));
    g_assert_true(contains(&page, ">来源</td>"));
    g_assert_true(contains(&page, ">电话</td>"));
    g_assert_true(contains(&page, "跳过有误的行，导入其余各行"));
    web_fixture_close(&fixture);
}

/* Files that cannot be read do not pile up. */
static void test_unread_files_go(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) unread =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import", "pasted=标题,收到时间");
    works_wait(fixture.works);
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                                              "pasted=标题,收到时间%0A井盖,2023-06-02");
    works_wait(fixture.works);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_true(contains(&page, sent.location));
    g_assert_false(contains(&page, unread.location));
    web_fixture_close(&fixture);
}

/* Eleven unfinished files pushed the day's work down, and went only one at a time. */
static void test_unfinished_files_go_at_once(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int i = 0; i < 3; i++) {
        g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/import",
                                                  "pasted=标题,收到时间%0A路灯不亮,2023-06-01%0A");
        g_assert_cmpint(sent.status, ==, 303);
        works_wait(fixture.works);
    }
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_true(contains(&home, "，另有2项</a>"));
    g_auto(WebAnswer) list = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/import");
    g_assert_true(contains(&list, "全部丢弃"));
    g_auto(WebAnswer) others =
        web_fixture_post(&fixture, RIGHTS_HEAD, "/ledger/case/import", "discard=all");
    g_assert_cmpint(others.status, ==, 303);
    g_auto(WebAnswer) still = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_true(contains(&still, "，另有2项</a>"));
    g_auto(WebAnswer) gone =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/import", "discard=all");
    g_assert_cmpstr(gone.location, ==, "/ledger/case/import");
    g_auto(WebAnswer) after = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_false(contains(&after, "/ledger/case/import/"));
    web_fixture_close(&fixture);
}

/* ---- for all rows ---------------------------------------------------------------------------- */

/* Send @form as the clerk into the ledger of cases, and have it checked; the caller clears it. */
static WebAnswer send(WebFixture *fixture, const char *form)
{
    WebAnswer sent = web_fixture_post(fixture, RIGHTS_CLERK, "/ledger/case/import", form);
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture->works);
    return sent;
}

/* A clerk's table without a column for the unit could not come in through the browser: each row
 * lacked what the form of one entry has filled in. */
static void test_all_rows_are_given_the_own_unit(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间%0A路灯,2023-06-01%0A井盖,2023-06-02");
    g_auto(WebAnswer) plan = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&plan, "2行，其中0行有误"));
    g_assert_true(contains(&plan, "name=\"f-handler\" type=\"text\" value=\"综合科\""));
    g_assert_false(contains(&plan, "name=\"import\"")); /* it is looked at first */
    g_assert_false(contains(&plan, "须填写，"));
    post(&fixture, RIGHTS_CLERK, sent.location, "import=yes");
    g_assert_cmpint(n_entries(&fixture), ==, 0);
    post(&fixture, RIGHTS_CLERK, sent.location, "f-handler=综合科&give=grade");
    g_auto(WebAnswer) said = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&said, "name=\"import\""));
    g_assert_true(contains(&said, "id=\"all-f-grade\""));
    g_assert_true(contains(&said, "name=\"f-handler\" type=\"text\" value=\"综合科\""));
    post(&fixture, RIGHTS_CLERK, sent.location, "f-handler=综合科&f-grade=urgent&import=yes");
    g_assert_cmpint(test_store_int(office_store(fixture.office.office),
                                   "SELECT count(*) FROM ledger_case WHERE f_grade = 'urgent'"
                                   " AND unit = (SELECT id FROM unit WHERE name = '综合科')"),
                    ==, 2);
    web_fixture_close(&fixture);
}

/* What a field does not take is said beside its control, and a column comes before it. */
static void test_what_all_rows_are_given_is_a_value(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = send(
        &fixture, "pasted=标题,收到时间,谁办%0A路灯,2023-06-01,综合科%0A井盖,2023-06-02,综合科");
    g_auto(WebAnswer) wrong =
        web_fixture_post(&fixture, RIGHTS_CLERK, sent.location, "f-handler=没有的科");
    g_assert_cmpint(wrong.status, ==, 400);
    g_assert_true(contains(&wrong, "id=\"all-f-handler-fault\""));
    g_assert_true(contains(&wrong, "value=\"没有的科\""));
    post(&fixture, RIGHTS_CLERK, sent.location, "column-2=handler&f-handler=综合科&import=yes");
    g_assert_cmpint(n_entries(&fixture), ==, 2);
    web_fixture_close(&fixture);
}

/* ---- what values mean ------------------------------------------------------------------------ */

/* Each cell that names a choice in other words had to be mended in the table. */
static void test_values_are_chosen_once(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间,来源,承办单位%0A路灯,2023-06-01,12345,综合科%0A"
                       "井盖,2023-06-02,12345,综合科%0A树枝,2023-06-03,走访,综合一科");
    g_auto(WebAnswer) plan = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&plan, "<option value=\"hotline\" selected"));
    g_assert_true(contains(&plan, "系统推测，请核对"));
    g_assert_false(contains(&plan, "name=\"import\"")); /* the guess is looked at first */
    g_assert_true(contains(&plan, "id=\"value-f-value-2\""));
    g_auto(WebAnswer) wrong =
        web_fixture_post(&fixture, RIGHTS_CLERK, sent.location,
                         "f-value-0=hotline&f-value-1=没有的科&f-value-2=visit");
    g_assert_cmpint(wrong.status, ==, 400);
    g_assert_true(contains(&wrong, "id=\"value-f-value-1-fault\""));
    post(&fixture, RIGHTS_CLERK, sent.location,
         "f-value-0=hotline&f-value-1=综合科&f-value-2=visit");
    g_auto(WebAnswer) said = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&said, "3行，其中0行有误"));
    g_assert_true(contains(&said, "<option value=\"visit\" selected"));
    g_assert_true(contains(&said, "name=\"import\""));
    post(&fixture, RIGHTS_CLERK, sent.location,
         "f-value-0=hotline&f-value-1=综合科&f-value-2=visit&import=yes");
    g_assert_cmpint(n_entries(&fixture), ==, 3);
    g_assert_cmpint(test_store_int(office_store(fixture.office.office),
                                   "SELECT count(*) FROM ledger_case WHERE f_channel = 'visit' AND"
                                   " extra = '{\"承办单位\":\"综合一科\",\"来源\":\"走访\"}'"),
                    ==, 1);
    web_fixture_close(&fixture);
}

/* A guess that is taken away is said: its rows are left out. */
static void test_a_guess_can_be_refused(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间,来源,承办单位%0A路灯,2023-06-01,12345,综合科%0A"
                       "井盖,2023-06-02,来访,综合科");
    post(&fixture, RIGHTS_CLERK, sent.location, "f-value-0=");
    g_auto(WebAnswer) said = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&said, "2行，其中1行有误"));
    g_assert_false(contains(&said, "<option value=\"hotline\" selected"));
    post(&fixture, RIGHTS_CLERK, sent.location, "f-value-0=&import=yes&skip=yes");
    g_assert_cmpint(n_entries(&fixture), ==, 1);
    web_fixture_close(&fixture);
}

/* ---- names of columns ------------------------------------------------------------------------ */

/* Headers that offices use, and that no field had among its names. */
static void test_headers_of_offices_are_known(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=诉求事项,来电（访）时间,类别,主办科室,联系方式,反映人,地点%0A"
                       "路灯不亮,2023-06-01,市政,综合科,13900000000,甲某,人民路");
    post(&fixture, RIGHTS_CLERK, sent.location, "import=yes");
    g_assert_cmpint(test_store_int(office_store(fixture.office.office),
                                   "SELECT count(*) FROM ledger_case WHERE f_title = '路灯不亮' AND"
                                   " f_category = '市政' AND f_place = '人民路' AND f_citizen ="
                                   " '甲某' AND extra IS NULL"),
                    ==, 1);
    web_fixture_close(&fixture);
}

/* ---- what became of a file ------------------------------------------------------------------- */

/* The page of a file said that it was imported, and led to its entries, after it was taken back. */
static void test_a_file_that_was_taken_back_says_so(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间,承办单位%0A路灯,2023-06-01,综合科");
    post(&fixture, RIGHTS_CLERK, sent.location, "import=yes");
    g_auto(WebAnswer) done = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&done, "查看条目"));
    undo(&fixture, RIGHTS_CLERK,
         test_store_int(office_store(fixture.office.office), "SELECT max(id) FROM batch"), 303);
    g_auto(WebAnswer) undone = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(contains(&undone, "撤销（"));
    g_assert_false(contains(&undone, "查看条目"));
    g_assert_false(contains(&undone, "<span class=\"tag ok\">"));
    web_fixture_close(&fixture);
}

/* A file whose import asks something had failed, by the first page. */
static void test_a_file_that_asks_is_to_be_confirmed(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    import_one(&fixture, RIGHTS_CLERK, "综合科");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间,承办单位%0A路灯不亮,2023-06-01,综合科");
    post(&fixture, RIGHTS_CLERK, sent.location, "import=yes"); /* it is known: once more, or not? */
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_true(contains(&home, sent.location));
    g_assert_true(contains(&home, "待确认"));
    g_assert_false(contains(&home, "未成功"));
    web_fixture_close(&fixture);
}

/* The history called the columns that have no field "_extra", a field that was taken away. */
static void test_further_columns_are_called_so(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent =
        send(&fixture, "pasted=标题,收到时间,承办单位,领导批示%0A路灯,2023-06-01,综合科,请速办");
    post(&fixture, RIGHTS_CLERK, sent.location, "import=yes");
    g_auto(WebAnswer) page =
        web_fixture_get(&fixture, RIGHTS_CLERK, "/entry/SQ2023-00001?history=yes");
    g_assert_true(contains(&page, "表中另有的列，显示个人信息时一并显示"));
    g_assert_true(contains(&page, "表中另有的列</"));
    g_assert_false(contains(&page, "_extra"));
    g_assert_false(contains(&page, "已没有这个字段"));
    g_assert_false(contains(&page, "请速办"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/import/undo-is-for-who-may-delete", test_undo_is_for_who_may_delete);
    test_store_each("/web/import/what-was-taken-back-is-no-record",
                    test_what_was_taken_back_is_no_record);
    test_store_each("/web/import/rows-of-others-are-bad", test_rows_of_others_are_bad);
    test_store_each("/web/import/a-year-that-is-none-is-refused",
                    test_a_year_that_is_none_is_refused);
    test_store_each("/web/import/a-year-is-asked-for", test_a_year_is_asked_for);
    test_store_each("/web/import/what-came-meanwhile-is-known", test_what_came_meanwhile_is_known);
    test_store_each("/web/import/a-double-is-asked-for-again", test_a_double_is_asked_for_again);
    test_store_each("/web/import/another-header-has-columns-of-its-own",
                    test_another_header_has_columns_of_its_own);
    test_store_each("/web/import/all-bad-rows-are-in-their-file",
                    test_all_bad_rows_are_in_their_file);
    test_store_each("/web/import/a-second-one-is-told-who-is-at-it",
                    test_a_second_one_is_told_who_is_at_it);
    test_store_each("/web/import/rows-above-the-header-are-asked-for",
                    test_rows_above_the_header_are_asked_for);
    test_store_each("/web/import/progress-is-seen-by-its-owner-alone",
                    test_progress_is_seen_by_its_owner_alone);
    test_store_each("/web/import/a-server-that-stops-leaves-nothing-half-done",
                    test_a_server_that_stops_leaves_nothing_half_done);
    test_store_each("/web/import/all-faults-of-a-row", test_all_faults_of_a_row);
    test_store_each("/web/page-home/a-thousand-overdue-are-some", test_a_thousand_overdue_are_some);
    test_store_each("/web/import/unread-files-go", test_unread_files_go);
    test_store_each("/web/import/unfinished-files-go-at-once", test_unfinished_files_go_at_once);
    test_store_each("/web/import/all-rows-are-given-the-own-unit",
                    test_all_rows_are_given_the_own_unit);
    test_store_each("/web/import/what-all-rows-are-given-is-a-value",
                    test_what_all_rows_are_given_is_a_value);
    test_store_each("/web/import/values-are-chosen-once", test_values_are_chosen_once);
    test_store_each("/web/import/a-guess-can-be-refused", test_a_guess_can_be_refused);
    test_store_each("/web/import/headers-of-offices-are-known", test_headers_of_offices_are_known);
    test_store_each("/web/import/a-file-that-was-taken-back-says-so",
                    test_a_file_that_was_taken_back_says_so);
    test_store_each("/web/progress/a-file-that-asks-is-to-be-confirmed",
                    test_a_file_that_asks_is_to_be_confirmed);
    test_store_each("/web/import/further-columns-are-called-so",
                    test_further_columns_are_called_so);
    return g_test_run();
}
