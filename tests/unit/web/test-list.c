/* Lists: what the address asks for, in every form, as far as the reader may see. */
#include "web-fixture.h"

#include "base/text.h"
#include "ledger/write.h"
#include "office/unit.h"
#include "web/search.h"

/* Three cases, one of each unit; their numbers are the caller's. */
typedef struct Cases {
    WebFixture fixture;
    char *numbers[WEB_FIXTURE_N_UNITS];
} Cases;

static void open_cases(Cases *cases, const TestPlace *place)
{
    static const char *const titles[WEB_FIXTURE_N_UNITS] = {"城南路路灯不亮", "小区供暖不足",
                                                            "路面塌陷"};
    web_fixture_open(&cases->fixture, place, "");
    for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
        cases->numbers[unit] =
            web_fixture_case(&cases->fixture, (WebFixtureUnit)unit, titles[unit]);
    }
}

static void close_cases(Cases *cases)
{
    for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
        g_free(cases->numbers[unit]);
    }
    web_fixture_close(&cases->fixture);
}

/* Check which of the cases the page at @target shows to @role, a bit a unit. */
static void check_shown(Cases *cases, RightsRole role, const char *target, int expected)
{
    g_auto(WebAnswer) answer = web_fixture_get(&cases->fixture, role, target);
    int shown = 0;
    g_assert_cmpint(answer.status, ==, 200);
    for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
        shown |= strstr(answer.body, cases->numbers[unit]) != NULL ? 1 << unit : 0;
    }
    if (shown != expected) {
        g_error("%s as %s shows %d, not %d", target, rights_role_name(role), shown, expected);
    }
}

static void test_filters(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_autofree char *unit = g_strdup_printf("/ledger/case?unit=%" G_GINT64_FORMAT,
                                            cases.fixture.units[WEB_FIXTURE_OWN]);
    g_autofree char *number = g_strconcat("/ledger/case?q=", cases.numbers[1] + 2, NULL);
    const struct {
        const char *target;
        int expected;
    } rows[] = {{"/ledger/case", 7},
                {"/ledger/case?q=%E8%B7%AF", 5},
                {"/ledger/case?q=%E8%B7%AF+%E7%81%AF", 1},
                {"/ledger/case?q=%E8%B7%AF+%E6%9A%96", 0},
                {number, 2},
                {unit, 3},
                {"/ledger/case?unit=999999", 0},
                {"/ledger/case?state=received", 7},
                {"/ledger/case?state=settled", 0},
                {"/ledger/case?due=running", 7},
                {"/ledger/case?due=soon", 7},
                {"/ledger/case?due=late", 0},
                {"/ledger/case?due=done-late", 0},
                {"/ledger/case?from=2000-01-01", 7},
                {"/ledger/case?until=2000-01-01", 0},
                {"/ledger/case?date=due&from=2000-01-01&until=2100-01-01", 7},
                {"/ledger/case?date=replied_at&from=2000-01-01", 0},
                {"/ledger/case?mine=1", 0},
                {"/ledger/case?where=title+contains+'%E8%B7%AF'&due=running", 5},
                {"/ledger/case?print=1&q=%E8%B7%AF", 5},
                {"/ledger/case.ics?q=%E8%B7%AF", 5},
                {"/ledger/case.atom?due=soon", 7},
                {"/ledger/case.json?q=%E8%B7%AF", 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        check_shown(&cases, RIGHTS_SECRETARY, rows[i].target, rows[i].expected);
    }
    close_cases(&cases);
}

/* No form of a list shows more than the reader may see. */
static void test_rights(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    static const char *const targets[] = {"/ledger/case",      "/ledger/case?print=1",
                                          "/ledger/case.ics",  "/ledger/case.atom",
                                          "/ledger/case.json", "/ledger/case?q=20"};
    g_autofree char *beside = g_strdup_printf("/ledger/case?unit=%" G_GINT64_FORMAT,
                                              cases.fixture.units[WEB_FIXTURE_BESIDE]);
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        check_shown(&cases, RIGHTS_CLERK, targets[i], 1);
        check_shown(&cases, RIGHTS_HEAD, targets[i], 3);
        check_shown(&cases, RIGHTS_SECRETARY, targets[i], 7);
    }
    check_shown(&cases, RIGHTS_HEAD, beside, 0);
    g_auto(WebAnswer) page = web_fixture_get(&cases.fixture, RIGHTS_CLERK, "/ledger/case");
    g_assert_null(strstr(page.body, "秘书科")); /* nor is a unit offered whose entries are not */
    g_auto(WebAnswer) book =
        web_fixture_get(&cases.fixture, RIGHTS_DISPATCHER, "/ledger/case?print=1");
    g_assert_cmpint(book.status, ==, 403); /* reads, but does not take whole lists out */
    close_cases(&cases);
}

static void test_faults(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_autofree char *many = g_strnfill(WEB_LIST_MAX_SEARCH_CHARS + 1, 'a');
    g_autofree char *too_long = g_strconcat("/ledger/case?q=", many, NULL);
    g_autofree char *just_right = g_strndup(too_long, strlen(too_long) - 1);
    const struct {
        const char *target;
        const char *says;
    } rows[] = {{"/ledger/case?where=titel+contains+'x'", "titel"},
                {"/ledger/case?from=yesterday", "yesterday"},
                {"/ledger/case?from=2023-05-07&until=2023-05-06", "2023-05-06"},
                {"/ledger/case?date=title&from=2023-01-01", "title"},
                {"/ledger/case?date=phone&from=2023-01-01", "phone"},
                {"/ledger/case?unit=x", "x"},
                {"/ledger/case?q=1+2+3+4+5+6+7+8+9", "8"},
                {too_long, "搜索内容最多200个字"},
                {"/ledger/case?state=nonsense", "nonsense"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, rows[i].target);
        g_assert_cmpint(answer.status, ==, 400);
        const char *alert = strstr(answer.body, "role=\"alert\"");
        g_assert_nonnull(alert);
        g_assert_nonnull(strstr(alert, rows[i].says));
    }
    g_auto(WebAnswer) words =
        web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case?q=1+2+3+4+5+6+7+8");
    g_assert_cmpint(words.status, ==, 200);
    g_auto(WebAnswer) longest = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, just_right);
    g_assert_cmpint(longest.status, ==, 200);
    close_cases(&cases);
}

static void test_columns_and_chips(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_auto(WebAnswer) answer = web_fixture_get(
        &cases.fixture, RIGHTS_SECRETARY,
        "/ledger/case?q=%E8%B7%AF&due=soon&cols=handler&cols=recorded-by&cols=phone&sort=opened");
    g_assert_cmpint(answer.status, ==, 200);
    g_assert_nonnull(strstr(answer.body, "data-words=\"承办单位\""));
    g_assert_nonnull(strstr(answer.body, "data-words=\"登记人\""));
    g_assert_null(strstr(answer.body, "data-words=\"来源渠道\""));
    g_assert_null(strstr(answer.body, "联系电话")); /* personal: no column */
    /* A chip keeps the rest of the address, columns too. */
    g_assert_nonnull(strstr(answer.body, "/ledger/case?due=soon&amp;cols=handler,recorded-by"
                                         "&amp;sort=opened"));
    g_auto(WebAnswer) usual = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_nonnull(strstr(usual.body, "data-words=\"来源渠道\""));
    g_assert_null(strstr(usual.body, "class=\"chips\""));
    close_cases(&cases);
}

/* "In 7 days" is within seven days: the filter and the colour go by what is said. */
static void test_soon_is_what_it_says(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    TestOffice *office = &cases.fixture.office;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    int64_t due_us = 0;
    store_query_int(reader, 0, &due_us, &error, "SELECT min(due) FROM ledger_case", "");
    g_assert_no_error(error);
    store_reader_release(g_steal_pointer(&reader));
    for (int days = 8; days >= 7; days--) {
        int64_t now_us = due_us - days * DATE_US_PER_DAY - DATE_US_PER_SECOND;
        g_autofree char *said = g_strdup_printf("还有%d天", days);
        source_set_now_us(office->source, now_us);
        g_free(g_steal_pointer(&cases.fixture.tokens[RIGHTS_SECRETARY]));
        office_session_begin(office->office, cases.fixture.accounts[RIGHTS_SECRETARY], "127.0.0.1",
                             "测试", &cases.fixture.tokens[RIGHTS_SECRETARY], &error);
        g_assert_no_error(error);
        g_auto(WebAnswer) all =
            web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case?due=running");
        g_assert_nonnull(strstr(all.body, said));
        check_shown(&cases, RIGHTS_SECRETARY, "/ledger/case?due=soon", days == 7 ? 7 : 0);
        g_assert_true((strstr(all.body, "tag soon") != NULL) == (days == 7));
    }
    close_cases(&cases);
}

/* A list of a period is in the order of its date, which has an index; what the address says wins.
 */
static void test_order(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    static const struct {
        const char *target;
        const char *heading;
    } rows[] = {
        {"/ledger/case?from=2000-01-01", "\"descending\"><a href=\"/ledger/case?sort=opened&"},
        {"/ledger/case?until=2100-01-01&date=due",
         "\"descending\"><a href=\"/ledger/case?sort=due&"},
        {"/ledger/case?from=2000-01-01&due=soon", "\"ascending\"><a href=\"/ledger/case?sort=due&"},
        {"/ledger/case?from=2000-01-01&sort=state",
         "\"ascending\"><a href=\"/ledger/case?sort=state&"},
        {"/ledger/case?date=due&cols=recorded-on",
         "\"descending\"><a href=\"/ledger/case?sort=recorded&"},
        {"/ledger/case?due=running", "\"ascending\"><a href=\"/ledger/case?sort=due&"},
        {"/ledger/case?cols=recorded-on", "\"descending\"><a href=\"/ledger/case?sort=recorded&"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, rows[i].target);
        g_assert_cmpint(answer.status, ==, 200);
        if (strstr(answer.body, rows[i].heading) == NULL) {
            g_error("%s is not in the order of %s", rows[i].target, rows[i].heading);
        }
    }
    close_cases(&cases);
}

/* Units are kept in the order of their names until something happens: a new one is offered at once,
 * where its name belongs. */
static void test_a_new_unit_is_offered(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    TestOffice *office = &cases.fixture.office;
    g_autoptr(GError) error = NULL;
    int64_t ids[2] = {0};
    static const char *const names[] = {"做饭组", "阿波罗组"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(WebAnswer) before =
            web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case");
        g_assert_cmpint(before.status, ==, 200);
        g_assert_null(strstr(before.body, names[i]));
        const OfficeUnit unit = {.name = (char *)names[i],
                                 .kind = (char *)OFFICE_UNIT_SECTION,
                                 .since = DATE_NONE,
                                 .until = DATE_NONE};
        office_unit_add(office->office, office->console, &office->act, &unit, &ids[i], &error);
        g_assert_no_error(error);
    }
    g_auto(WebAnswer) answer = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case");
    const char *last = strstr(answer.body, names[0]);
    const char *first = strstr(answer.body, names[1]);
    g_assert_true(first != NULL && last != NULL && first < last);
    close_cases(&cases);
}

static bool spread_values(StoreConnection *connection, void *data, GError **error)
{
    static const char *const rows[WEB_FIXTURE_N_UNITS][2] = {
        {"replied", "letter"}, {"received", NULL}, {"handling", "visit"}};
    const Cases *cases = data;
    for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
        int64_t n = 0;
        text_parse_int(strchr(cases->numbers[unit], '-') + 1, &n);
        if (!store_run(connection, error,
                       "UPDATE ledger_case SET state = $2, f_channel = $3 WHERE entry_id ="
                       " (SELECT id FROM entry WHERE ledger = 'case' AND n = $1)",
                       "itt", n, rows[unit][0], rows[unit][1])) {
            return false;
        }
    }
    return true;
}

/* Return which of the cases @target shows, in its order: "201". */
static char *shown_order(Cases *cases, const char *target)
{
    g_auto(WebAnswer) answer = web_fixture_get(&cases->fixture, RIGHTS_SECRETARY, target);
    g_assert_cmpint(answer.status, ==, 200);
    GString *out = g_string_new(NULL);
    for (const char *at = answer.body; *at != '\0'; at++) {
        for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
            if (g_str_has_prefix(at, cases->numbers[unit]) &&
                strchr(out->str, '0' + unit) == NULL) {
                g_string_append_c(out, (char)('0' + unit));
            }
        }
    }
    return g_string_free(out, false);
}

/* States and choices go as the pack declares them, in every form of the list (for files see
 * tests/command/serve.py). */
static void test_one_order_in_every_form(const TestPlace *place)
{
    static const char *const forms[] = {"/ledger/case?", "/ledger/case.json?", "/ledger/case.atom?",
                                        "/ledger/case?print=1&"};
    static const char *const rows[][2] = {{"sort=state", "120"},
                                          {"sort=state&desc=1", "021"},
                                          {"sort=channel", "201"},
                                          {"sort=channel&desc=1", "021"},
                                          {"sort=handler", "012"}};
    Cases cases;
    g_autoptr(GError) error = NULL;
    open_cases(&cases, place);
    store_write(office_store(cases.fixture.office.office), spread_values, &cases, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(forms); j++) {
            g_autofree char *target = g_strconcat(forms[j], rows[i][0], NULL);
            g_autofree char *shown = shown_order(&cases, target);
            if (!g_str_equal(shown, rows[i][1])) {
                g_error("%s shows %s, not %s", target, shown, rows[i][1]);
            }
        }
    }
    close_cases(&cases);
}

/* What a file is asked for and lists do not know is refused; a page leaves it aside. */
static void test_misspelt_parameters(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    static const struct {
        const char *target;
        int status;
    } rows[] = {{"/ledger/case.csv?stat=received", 400},   {"/ledger/case.json?to=2023-06-30", 400},
                {"/ledger/case.csv?limit=3", 400},         {"/ledger/case.atom?q=%E8%B7%AF", 200},
                {"/ledger/case.json?limit=3&desc=1", 200}, {"/ledger/case?stat=received", 200}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, rows[i].target);
        g_assert_cmpint(answer.status, ==, rows[i].status);
    }
    g_auto(WebAnswer) chip = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY,
                                             "/ledger/case?date=received_at&from=2023-01-01");
    g_assert_nonnull(strstr(chip.body, "<span>收到时间</span> 2023-01-01"));
    close_cases(&cases);
}

/* A deadline that ends at an hour is told in hours. */
static void test_hours_are_told(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const times[] = {"10:00", "05:00"};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autofree char *form = g_strdup_printf(
            "f-title=急&f-grade=urgent&f-handler=综合科&f-received_at=2023-11-14+%s", times[i]);
        g_auto(WebAnswer) added =
            web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", form);
        g_assert_cmpint(added.status, ==, 303);
    }
    g_auto(WebAnswer) list = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case");
    g_assert_nonnull(strstr(list.body, "还有3小时"));
    g_assert_nonnull(strstr(list.body, "超期1小时"));
    g_auto(WebAnswer) entry = web_fixture_get(&fixture, RIGHTS_CLERK, "/entry/SQ2023-00001");
    g_assert_nonnull(strstr(entry.body, "<option value=\"scene\">现场照片或办理材料"));
    g_auto(WebAnswer) figure = web_fixture_get(
        &fixture, RIGHTS_CLERK, "/figure/cases_received?period=2023&cutoff=2023-06-30");
    g_assert_cmpint(figure.status, ==, 400);
    web_fixture_close(&fixture);
}

/* A condition that may not be asked comes back beside its box. */
static void test_forbidden_condition_comes_back(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_auto(WebAnswer) answer =
        web_fixture_get(&cases.fixture, RIGHTS_CLERK, "/ledger/decision?where=meeting.title+=+'x'");
    g_assert_cmpint(answer.status, ==, 403);
    g_assert_nonnull(strstr(answer.body, "value=\"meeting.title = &#39;x&#39;\""));
    g_assert_nonnull(strstr(answer.body, "id=\"where-fault\""));
    close_cases(&cases);
}

/* Who is to accept what another answers finds it on the first page. */
static void test_my_step_before_the_clocks(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_auto(WebAnswer) home = web_fixture_get(&cases.fixture, RIGHTS_DISPATCHER, "/");
    g_assert_nonnull(strstr(home.body, "→ 受理转办"));
    close_cases(&cases);
}

static void test_calendar(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    g_auto(WebAnswer) answer =
        web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case.ics");
    g_assert_true(g_str_has_prefix(answer.body, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    g_assert_true(g_str_has_suffix(answer.body, "END:VCALENDAR\r\n"));
    g_assert_nonnull(strstr(answer.body, "BEGIN:VTODO\r\nUID:"));
    g_assert_nonnull(strstr(answer.body, "\r\nDUE;VALUE=DATE:20"));
    g_assert_nonnull(strstr(answer.body, "\r\nSTATUS:NEEDS-ACTION\r\n"));
    g_assert_nonnull(strstr(answer.body, "\r\nSEQUENCE:1\r\n"));
    close_cases(&cases);
}

/* Record a case that is found by more than its title. */
static void add_leak(Cases *cases)
{
    TestOffice *office = &cases->fixture.office;
    const SchemaLedger *ledger = schema_ledger(office_schema(office->office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, ledger->title, value_text("水的事"));
    web_fixture_set(&cases->fixture, input, ledger->opened);
    ledger_input_set(
        input, schema_ledger_field(ledger, "body"),
        value_text(
            "自七月起\n后山<水库>渗漏，夜里听得见水声，村里几位上了年纪的老人都说从来没有这样过"));
    ledger_input_set(input, schema_ledger_field(ledger, "citizen"), value_text("欧阳某"));
    int64_t id = 0;
    g_autoptr(GError) error = NULL;
    ledger_entry_add(office->office, office->console, &office->act, input, 0, &id, &error);
    g_assert_no_error(error);
}

/* What a case says is found wherever it says it, but not by what is personal. */
static void test_search_texts(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    add_leak(&cases);
    g_auto(WebAnswer) found = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY,
                                              "/search?q=%E6%B0%B4+%3C%E6%B0%B4%E5%BA%93%3E");
    g_assert_nonnull(strstr(found.body, "自七月起 后山<mark>&lt;水库&gt;</mark>渗漏，夜里"));
    g_assert_null(strstr(found.body, "从来没有这样过"));
    g_assert_nonnull(strstr(found.body, "都说…"));
    g_auto(WebAnswer) strange =
        web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case?due=zz");
    g_assert_cmpint(strange.status, ==, 400);
    g_auto(WebAnswer) listed =
        web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, "/ledger/case?q=%E6%B8%97%E6%BC%8F");
    g_assert_nonnull(strstr(listed.body, "水的事"));
    static const char *const personal[] = {"/search?q=%E6%AC%A7%E9%98%B3",
                                           "/ledger/case?q=%E6%AC%A7%E9%98%B3"};
    for (size_t i = 0; i < G_N_ELEMENTS(personal); i++) {
        g_auto(WebAnswer) hidden = web_fixture_get(&cases.fixture, RIGHTS_SECRETARY, personal[i]);
        g_assert_cmpint(hidden.status, ==, 200);
        g_assert_null(strstr(hidden.body, "水的事"));
    }
    close_cases(&cases);
}

static void test_search(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    check_shown(&cases, RIGHTS_SECRETARY, "/search?q=%E8%B7%AF", 5);
    check_shown(&cases, RIGHTS_CLERK, "/search?q=%E8%B7%AF", 1);
    check_shown(&cases, RIGHTS_SECRETARY, "/search?q=%E6%B2%A1%E6%9C%89", 0);
    check_shown(&cases, RIGHTS_SECRETARY, "/search", 0);
    g_autofree char *own = g_strconcat("/search?q=", cases.numbers[WEB_FIXTURE_OWN], NULL);
    g_autofree char *other = g_strconcat("/search?q=", cases.numbers[WEB_FIXTURE_BESIDE], NULL);
    g_auto(WebAnswer) found = web_fixture_get(&cases.fixture, RIGHTS_CLERK, own);
    g_assert_cmpint(found.status, ==, 303);
    g_assert_true(g_str_has_suffix(found.location, cases.numbers[WEB_FIXTURE_OWN]));
    g_auto(WebAnswer) hidden = web_fixture_get(&cases.fixture, RIGHTS_CLERK, other);
    g_assert_cmpint(hidden.status, ==, 200); /* not even that it is there */
    g_assert_null(strstr(hidden.body, "路面塌陷"));
    for (int i = 0; i <= WEB_SEARCH_SHOWN; i++) {
        g_autofree char *number = web_fixture_case(&cases.fixture, WEB_FIXTURE_OWN, "井盖丢失");
    }
    g_auto(WebAnswer) many =
        web_fixture_get(&cases.fixture, RIGHTS_CLERK, "/search?q=%E4%BA%95%E7%9B%96");
    g_assert_nonnull(strstr(many.body, "/ledger/case?q=%E4%BA%95%E7%9B%96"));
    close_cases(&cases);
}

/* Each card shows what its reader may see, and counts lead to the list that they count. */
static void test_home(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    static const struct {
        RightsRole role;
        int n;
    } rows[] = {{RIGHTS_CLERK, 1}, {RIGHTS_HEAD, 2}, {RIGHTS_SECRETARY, 3}, {RIGHTS_DISPATCHER, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) home = web_fixture_get(&cases.fixture, rows[i].role, "/");
        g_autofree char *title = g_strdup_printf("7天内要办%d件，逾期0件", rows[i].n);
        g_assert_cmpint(home.status, ==, 200);
        g_assert_nonnull(strstr(home.body, title));
        g_assert_nonnull(strstr(home.body, "/ledger/case?due=soon"));
        g_assert_true((strstr(home.body, "路面塌陷") != NULL) == (rows[i].n == 3));
        /* two of the same title are told apart, and one sees whose they are */
        g_assert_nonnull(strstr(home.body, "<small class=\"said\">SQ"));
        g_assert_nonnull(strstr(home.body, " · 综合科</small>"));
        g_assert_nonnull(strstr(home.body, "href=\"/ledger/meeting/add\""));
        g_assert_nonnull(strstr(home.body, "href=\"/ledger/case/import\""));
    }
    test_office_wait(&cases.fixture.office, 30 * DATE_US_PER_DAY);
    g_auto(WebAnswer) later = web_fixture_ask(&cases.fixture, NULL, HTTP_GET, "/", NULL, NULL);
    g_assert_cmpint(later.status, ==, 303); /* the session is over */
    for (int i = 0; i < 2; i++) {           /* an administrator sees no entry, but its own work */
        RightsRole role = i == 0 ? RIGHTS_SECURITY : RIGHTS_AUDIT;
        g_autofree char *token = NULL;
        g_autoptr(GError) error = NULL;
        office_session_begin(cases.fixture.office.office, cases.fixture.accounts[role], "127.0.0.1",
                             "测试", &token, &error);
        g_assert_no_error(error);
        g_auto(WebAnswer) home = web_fixture_ask(&cases.fixture, token, HTTP_GET, "/", NULL, NULL);
        g_assert_cmpint(home.status, ==, 200);
        g_assert_null(strstr(home.body, "路灯"));
        g_assert_nonnull(strstr(home.body, role == RIGHTS_AUDIT ? "最近留痕" : "待启用账号"));
    }
    close_cases(&cases);
}

/* Who has something to cure within months was told that nothing waits. */
static void test_home_tells_what_has_more_time(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    g_autofree char *number =
        web_fixture_entry(&fixture, schema_ledger(schema, "problem"), WEB_FIXTURE_OWN, "整改事项");
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_HEAD, "/");
    g_assert_nonnull(strstr(home.body, "/ledger/problem?due=later"));
    g_assert_nonnull(strstr(home.body, "7天以后到期的，不计在内："));
    g_auto(WebAnswer) list = web_fixture_get(&fixture, RIGHTS_HEAD, "/ledger/problem?due=later");
    g_assert_nonnull(strstr(list.body, number));
    web_fixture_close(&fixture);
}

/* What can be broken off at any time was the step that waited: "stop" them all. */
static void test_home_asks_nobody_to_stop(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    g_autofree char *number =
        web_fixture_entry(&fixture, schema_ledger(schema, "development"), WEB_FIXTURE_OWN, "某人");
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_HEAD, "/");
    g_assert_nonnull(strstr(home.body, "→ 确定为入党积极分子"));
    g_assert_null(strstr(home.body, "终止培养"));
    g_autofree char *replied = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *target = g_strconcat("/entry/", replied, "/step", NULL);
    g_auto(WebAnswer) done =
        web_fixture_post(&fixture, RIGHTS_CLERK, target, "step=answer&f-reply=已修");
    g_assert_cmpint(done.status, ==, 303);
    g_auto(WebAnswer) closing = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/");
    g_assert_nonnull(strstr(closing.body, "已答复 → 回访办结"));
    web_fixture_close(&fixture);
}

static void test_empty(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) all = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_nonnull(strstr(all.body, "还没有登记。"));
    /* a phone number sought in a list: it is not searched, and where else it is found */
    g_auto(WebAnswer) phone = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case?q=13800138000");
    g_assert_nonnull(strstr(phone.body, "姓名、电话等个人信息不在搜索范围内。"));
    g_assert_nonnull(strstr(phone.body, "例如phone = "));
    g_auto(WebAnswer) may = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case");
    const char *nothing = strstr(may.body, "class=\"nothing\"");
    g_assert_nonnull(nothing);
    g_assert_nonnull(strstr(nothing, "/ledger/case/add"));
    g_assert_nonnull(strstr(nothing, "您职责范围内（综合科）还没有登记")); /* others may have */
    g_auto(WebAnswer) feed = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case.atom");
    g_assert_cmpint(feed.status, ==, 200);
    g_assert_nonnull(strstr(feed.body, "<updated>2023-11-14T"));
    web_fixture_close(&fixture);
}

/* Return whether @role's page at @target has @text. */
static bool shows(WebFixture *fixture, RightsRole role, const char *target, const char *text)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    return strstr(answer.body, text) != NULL;
}

static void post(WebFixture *fixture, RightsRole role, const char *target, const char *form,
                 int status, const char *location)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, form);
    g_assert_cmpint(answer.status, ==, status);
    g_assert_cmpstr(answer.location, ==, location);
}

static void test_own_view(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    WebFixture *f = &cases.fixture;
    const char *list = "/ledger/case?due=running&cols=state,due&sort=due";
    g_assert_false(shows(f, RIGHTS_CLERK, "/ledger/case", "视图"));
    g_assert_true(shows(f, RIGHTS_CLERK, list, "保存为视图"));
    post(f, RIGHTS_CLERK, "/ledger/case/view?due=running&cols=state&cols=due&sort=due&after=1",
         "name=%E5%BE%85%E5%8A%9E%3Cb%3E", 303, list);
    g_assert_true(shows(f, RIGHTS_CLERK, list, "aria-current=\"page\">待办&lt;b&gt;</a>"));
    g_assert_true(shows(f, RIGHTS_CLERK, list, "/view/own/1/delete"));
    g_assert_true(shows(f, RIGHTS_CLERK, "/ledger/case", "待办&lt;b&gt;"));
    g_assert_true(shows(f, RIGHTS_CLERK, "/", "待办&lt;b&gt;"));
    g_assert_true(shows(f, RIGHTS_CLERK, "/", "href=\"/views.csv\""));
    g_assert_true(shows(f, RIGHTS_CLERK, "/views.atom", "<updated>2023-11-14T"));
    g_assert_false(shows(f, RIGHTS_CLERK, "/views.atom", "<updated>1970"));
    g_assert_false(shows(f, RIGHTS_HEAD, "/views.atom", "<updated>1970")); /* an empty one too */
    g_assert_false(shows(f, RIGHTS_HEAD, "/", "/views.csv"));
    g_assert_false(shows(f, RIGHTS_HEAD, "/ledger/case", "待办"));
    g_assert_false(shows(f, RIGHTS_CLERK, list, "name=\"shared\""));
    post(f, RIGHTS_HEAD, "/view/own/1/name", "name=x", 404, "");
    post(f, RIGHTS_HEAD, "/view/own/1/delete", NULL, 404, "");
    post(f, RIGHTS_CLERK, "/view/mine/1/delete", NULL, 404, "");
    post(f, RIGHTS_CLERK, "/view/own/1/name", "name=", 400, "");
    post(f, RIGHTS_CLERK, "/view/own/1/name", "name=%E6%88%91%E7%9A%84", 303, list);
    g_assert_true(shows(f, RIGHTS_CLERK, "/ledger/case", "我的"));
    post(f, RIGHTS_CLERK, "/view/own/1/delete", NULL, 303, "/ledger/case");
    g_assert_false(shows(f, RIGHTS_CLERK, "/ledger/case", "我的</a>"));
    close_cases(&cases);
}

static int64_t shared_view(WebFixture *fixture)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    store_query_int(reader, 0, &id, &error, "SELECT id FROM shared_view", "");
    g_assert_no_error(error);
    return id;
}

static void test_shared_view(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    WebFixture *f = &cases.fixture;
    const char *form = "name=%E9%80%BE%E6%9C%9F&shared=1";
    post(f, RIGHTS_CLERK, "/ledger/case/view?due=late", form, 403, "");
    post(f, RIGHTS_HEAD, "/ledger/case/view?due=late", form, 303, "/ledger/case?due=late");
    g_assert_true(shows(f, RIGHTS_CLERK, "/ledger/case", ">逾期</a> <small>全机关"));
    g_assert_true(shows(f, RIGHTS_CLERK, "/", ">逾期</a> <small>全机关"));
    g_assert_false(shows(f, RIGHTS_CLERK, "/ledger/case?due=late", "删除视图"));
    g_assert_true(shows(f, RIGHTS_HEAD, "/ledger/case?due=late", "删除视图"));
    g_autofree char *delete =
        g_strdup_printf("/view/office/%" G_GINT64_FORMAT "/delete", shared_view(f));
    post(f, RIGHTS_CLERK, delete, NULL, 403, "");
    post(f, RIGHTS_HEAD, delete, NULL, 303, "/ledger/case");
    g_assert_false(shows(f, RIGHTS_CLERK, "/ledger/case", ">逾期</a> <small>全机关"));
    close_cases(&cases);
}

/* What an older pack had and this one has not is told, not answered with an error page. */
/* What one person shares, the name of another's does not replace, and no citizen's name leaves in
 * it. */
static void test_shared_view_stays(const TestPlace *place)
{
    WebFixture fixture;
    WebFixture *f = &fixture;
    web_fixture_open(f, place, "");
    const char *form = "name=%E5%85%AC%E7%94%A8&shared=1";
    const char *late = "/ledger/case?due=late";
    post(f, RIGHTS_HEAD, "/ledger/case/view?due=late", form, 303, late);
    post(f, RIGHTS_SECRETARY, "/ledger/case/view?state=settled", form, 409, "");
    post(f, RIGHTS_SECRETARY, "/ledger/case/view?due=late", form, 303, late);
    g_assert_true(shows(f, RIGHTS_HEAD, late, "公用"));
    const char *personal = "/ledger/case/view?where=citizen+%3D+%27x%27";
    post(f, RIGHTS_HEAD, personal, "name=%E6%9F%90&shared=1", 400, "");
    post(f, RIGHTS_HEAD, personal, "name=%E6%9F%90", 303,
         "/ledger/case?where=citizen%20%3D%20%27x%27");
    web_fixture_close(f);
}

/* A condition that is typed stands for itself, beside the other filters. */
static void test_condition_by_itself(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) broken = web_fixture_get(
        &fixture, RIGHTS_CLERK, "/ledger/case?state=received&where=yes)+or+(title+is+not+empty");
    g_assert_cmpint(broken.status, ==, 400);
    g_auto(WebAnswer) wrong =
        web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case.json?q=xx&where=titel+%3D+1");
    g_assert_cmpint(wrong.status, ==, 400);
    g_assert_nonnull(strstr(wrong.body, "第1个字"));
    g_assert_nonnull(strstr(broken.body, "aria-invalid=\"true\" aria-describedby=\"where-fault"));
    web_fixture_close(&fixture);
}

/* Who may see nobody's personal fields is not told that there are none. */
static void test_personal_condition(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *target = "/ledger/case?where=citizen+is+empty";
    g_auto(WebAnswer) refused = web_fixture_get(&fixture, RIGHTS_SUPERVISOR, target);
    g_assert_cmpint(refused.status, ==, 403);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, target);
    g_assert_cmpint(shown.status, ==, 200);
    web_fixture_close(&fixture);
}

static void test_stale_view(const TestPlace *place)
{
    Cases cases;
    open_cases(&cases, place);
    WebFixture *f = &cases.fixture;
    const char *columns = "/ledger/case?cols=state,colour&sort=weight&desc=1";
    const char *filter = "/ledger/case?f-colour=red";
    check_shown(&cases, RIGHTS_SECRETARY, columns, 7);
    g_assert_true(shows(f, RIGHTS_SECRETARY, columns, "没有“colour, weight”这一列"));
    g_assert_false(shows(f, RIGHTS_SECRETARY, "/ledger/case?cols=state&sort=due", "这一列"));
    g_auto(WebAnswer) refused = web_fixture_get(f, RIGHTS_SECRETARY, filter);
    g_assert_cmpint(refused.status, ==, 400);
    g_assert_nonnull(strstr(refused.body, "<span>colour</span> red"));
    g_assert_null(strstr(refused.body, cases.numbers[0]));
    g_auto(WebAnswer) file = web_fixture_get(f, RIGHTS_SECRETARY, "/ledger/case.csv?f-colour=red");
    g_assert_cmpint(file.status, ==, 400);
    close_cases(&cases);
}

static guint n_times(const char *text, const char *part)
{
    g_auto(GStrv) parts = g_strsplit(text, part, -1);
    return g_strv_length(parts) - 1;
}

/* What may be done with an empty ledger stands there once, and nothing is offered of nothing. */
static void test_empty_ledger(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) empty = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_cmpuint(n_times(empty.body, "href=\"/ledger/case/add\""), ==, 1);
    g_assert_cmpuint(n_times(empty.body, "href=\"/ledger/case/import\""), ==, 1);
    g_assert_null(strstr(empty.body, "/ledger/case.csv"));
    g_assert_null(strstr(empty.body, "name=\"q\" type=\"search\" value=\"\" placeholder=\"两"));
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_auto(WebAnswer) one = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_cmpuint(n_times(one.body, "href=\"/ledger/case/add\""), ==, 1);
    g_assert_nonnull(strstr(one.body, "/ledger/case.csv"));
    g_auto(WebAnswer) none = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case?q=无此");
    g_assert_nonnull(strstr(none.body, "<form class=\"filter\""));
    g_assert_null(strstr(none.body, "/ledger/case.csv"));
    web_fixture_close(&fixture);
}

static bool make_provisional(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "UPDATE ledger_case SET due_provisional = 1", "");
}

/* That a deadline is provisional was told on the page of its entry alone. */
static void test_a_provisional_deadline_says_so(const TestPlace *place)
{
    WebFixture fixture;
    g_autoptr(GError) error = NULL;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_auto(WebAnswer) settled = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case");
    g_assert_null(strstr(settled.body, "（暂定）"));
    store_write(office_store(fixture.office.office), make_provisional, NULL, &error);
    g_assert_no_error(error);
    g_auto(WebAnswer) open = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case?sort=due");
    g_assert_nonnull(strstr(open.body, "（暂定）</span>"));
    g_assert_nonnull(strstr(open.body, "title=\"暂定："));
    web_fixture_close(&fixture);
}

static bool move_deadlines(StoreConnection *connection, void *data, GError **error)
{
    return store_run(connection, error, "UPDATE entry SET due_first = $1", "i",
                     *(const int64_t *)data);
}

/* That a deadline is not the first one was told in the history of its entry alone. */
static void test_a_moved_deadline_says_so(const TestPlace *place)
{
    static const struct {
        const char *target, *says;
    } marked[] = {
        {"/ledger/case?due=moved", "title=\"首次到期：2001-09-09 09:46\">延期</span>"},
        {"/ledger/case?print=1", " 延期</td>"},
        {"/ledger/case.atom", "首次到期：2001-09-09 09:46"},
        {"/ledger/case.ics", "首次到期：2001-09-09 09:46"},
        {"/ledger/case.json", "\"due_first\":\"2001-09-09T09:46:40+08:00\""},
    };
    WebFixture fixture;
    g_autoptr(GError) error = NULL;
    int64_t first_us = INT64_C(1000000000000000);
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_auto(WebAnswer) before =
        web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case.json?due=moved");
    g_assert_null(strstr(before.body, number));
    store_write(office_store(fixture.office.office), move_deadlines, &first_us, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(marked); i++) {
        g_auto(WebAnswer) answer = web_fixture_get(&fixture, RIGHTS_SECRETARY, marked[i].target);
        g_test_message("%s: %s", marked[i].target, answer.body);
        g_assert_nonnull(strstr(answer.body, marked[i].says));
    }
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, entry);
    g_assert_nonnull(strstr(page.body, "<span class=\"note\">首次到期：2001-09-09 09:46</span>"));
    web_fixture_close(&fixture);
}

/* By what a list is sorted was said by the heading alone, which is not there where its column is
 * hidden. */
static void test_a_hidden_order_says_so(const TestPlace *place)
{
    static const struct {
        const char *target, *says; /* NULL: nothing, a heading does */
    } orders[] = {
        {"/ledger/case?cols=state&sort=due&desc=1", "按时限降序"},
        {"/ledger/case?cols=state&sort=received_at", "按收到时间升序"},
        {"/ledger/case?cols=state&due=running", "按时限升序"},
        {"/ledger/case?cols=state&sort=recorded", "按登记日期升序"},
        {"/ledger/case?cols=state&sort=due&print=1", "按时限升序"},
        {"/ledger/case?cols=state,due&sort=due", NULL},
        {"/ledger/case?cols=state", "按登记日期降序"},
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_auto(WebAnswer) answer = web_fixture_get(&fixture, RIGHTS_SECRETARY, orders[i].target);
        g_test_message("%s", orders[i].target);
        g_assert_nonnull(strstr(answer.body, number));
        g_assert_true((strstr(answer.body, orders[i].says != NULL ? orders[i].says : "sub order") !=
                       NULL) == (orders[i].says != NULL));
    }
    web_fixture_close(&fixture);
}

static void expect_statement(WebFixture *fixture, const char *form, int status)
{
    g_auto(WebAnswer) answer =
        web_fixture_post(fixture, RIGHTS_SECRETARY, "/ledger/discipline/nothing", form);
    if (answer.status != status) {
        g_error("%s: %d", form, answer.status);
    }
}

/* That there was nothing to record could be stated at the console alone. */
static void test_nothing_to_record(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect_statement(&fixture, "period=", 400);
    expect_statement(&fixture, "period=someday", 400);
    expect_statement(&fixture, "period=2999", 400);
    expect_statement(&fixture, "period=2022", 303);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/discipline");
    g_assert_nonnull(strstr(page.body, "<b>2022年</b>"));
    const char *form = strstr(page.body, "/ledger/discipline/nothing/");
    g_autofree char *remove = g_strndup(form, strcspn(form, "\""));
    g_auto(WebAnswer) other = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/discipline");
    g_assert_nonnull(strstr(other.body, "<b>2022年</b>"));
    g_assert_null(strstr(other.body, "/nothing"));
    g_auto(WebAnswer) case_page = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_null(strstr(case_page.body, "/nothing"));
    g_auto(WebAnswer) unsaid = web_fixture_post(&fixture, RIGHTS_SECRETARY, remove, "why=");
    g_assert_cmpint(unsaid.status, ==, 400);
    g_auto(WebAnswer) forbidden = web_fixture_post(&fixture, RIGHTS_CLERK, remove, "why=误");
    g_assert_cmpint(forbidden.status, ==, 403);
    g_auto(WebAnswer) removed = web_fixture_post(&fixture, RIGHTS_SECRETARY, remove, "why=误");
    g_assert_cmpint(removed.status, ==, 303);
    g_auto(WebAnswer) after = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/discipline");
    g_assert_null(strstr(after.body, "<b>2022年</b>"));
    web_fixture_close(&fixture);
}

/* A card of the first page whose lines are of one ledger does not count them twice. */
static void test_a_single_count_is_told_once(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/");
    g_assert_nonnull(strstr(home.body, number));
    g_assert_cmpuint(n_times(home.body, "href=\"/ledger/case?due=soon\"") +
                         n_times(home.body, "href=\"/ledger/case?due=late\""),
                     ==, 1);
    g_assert_null(strstr(home.body, ">群众诉求 <b>1</b>"));
    web_fixture_close(&fixture);
}

/* A member of a figure says the day by which it counts. */
static void test_members_say_their_day(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_auto(WebAnswer) entry = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/figure/cases_received");
    const char *member = strstr(entry.body, number);
    g_assert_nonnull(member);
    g_assert_nonnull(strstr(member, "<time>20"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/list/filters", test_filters);
    test_store_each("/web/list/rights", test_rights);
    test_store_each("/web/list/a-provisional-deadline-says-so",
                    test_a_provisional_deadline_says_so);
    test_store_each("/web/list/a-moved-deadline-says-so", test_a_moved_deadline_says_so);
    test_store_each("/web/list/a-hidden-order-says-so", test_a_hidden_order_says_so);
    test_store_each("/web/list/nothing-to-record", test_nothing_to_record);
    test_store_each("/web/list/faults", test_faults);
    test_store_each("/web/list/columns-and-chips", test_columns_and_chips);
    test_store_each("/web/list/order", test_order);
    test_store_each("/web/list/a-new-unit-is-offered", test_a_new_unit_is_offered);
    test_store_each("/web/list/one-order-in-every-form", test_one_order_in_every_form);
    test_store_each("/web/list/hours-are-told", test_hours_are_told);
    test_store_each("/web/list/misspelt-parameters", test_misspelt_parameters);
    test_store_each("/web/list/forbidden-condition-comes-back",
                    test_forbidden_condition_comes_back);
    test_store_each("/web/page-home/my-step-before-the-clocks", test_my_step_before_the_clocks);
    test_store_each("/web/list/soon-is-what-it-says", test_soon_is_what_it_says);
    test_store_each("/web/list/calendar", test_calendar);
    test_store_each("/web/list/search", test_search);
    test_store_each("/web/list/search-texts", test_search_texts);
    test_store_each("/web/list/home", test_home);
    test_store_each("/web/list/home-tells-what-has-more-time", test_home_tells_what_has_more_time);
    test_store_each("/web/list/home-asks-nobody-to-stop", test_home_asks_nobody_to_stop);
    test_store_each("/web/list/empty", test_empty);
    test_store_each("/web/list/own-view", test_own_view);
    test_store_each("/web/list/shared-view", test_shared_view);
    test_store_each("/web/list/shared-view-stays", test_shared_view_stays);
    test_store_each("/web/list/condition-by-itself", test_condition_by_itself);
    test_store_each("/web/list/personal-condition", test_personal_condition);
    test_store_each("/web/list/stale-view", test_stale_view);
    test_store_each("/web/list/empty-ledger", test_empty_ledger);
    test_store_each("/web/list/a-single-count-is-told-once", test_a_single_count_is_told_once);
    test_store_each("/web/list/members-say-their-day", test_members_say_their_day);
    return g_test_run();
}
