/* Forms: nothing typed is lost, faults stand by their fields, drafts, suggestions, dangerous acts.
 */
#include <unistd.h>

#include "base/file.h"
#include "ledger/evidence.h"
#include "log/history.h"
#include "office/person.h"
#include "office/unit.h"
#include "web-fixture.h"

static const char *const own_page[] = {"Origin", "http://127.0.0.1", NULL};

static int64_t n_events(WebFixture *fixture)
{
    int64_t size = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_assert_true(log_head(reader, &size, NULL, &error));
    return size;
}

static void assert_has(const WebAnswer *answer, const char *text)
{
    if (strstr(answer->body, text) == NULL) {
        g_test_message("%s", answer->body);
        g_error("no %s in %s", text, http_request_path(answer->request));
    }
}

/* Return what stands behind @before in @answer, up to the quote; the caller owns it. */
static char *after(const WebAnswer *answer, const char *before)
{
    const char *at = strstr(answer->body, before);
    g_assert_nonnull(at);
    at += strlen(before);
    return g_strndup(at, strcspn(at, "\""));
}

static void test_faults_stand_by_their_fields(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t before = n_events(&fixture);
    g_auto(WebAnswer) answer =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/meeting/add",
                         "f-title=&f-held_on=someday&f-kind=director&f-expected=-3"
                         "&f-minutes=kept+%3Cb%3E&f-host=&f-chair=");
    g_assert_cmpint(answer.status, ==, 400);
    assert_has(&answer, "有3处填写有误");
    assert_has(&answer, "<a href=\"#f-f-title\">");
    assert_has(&answer, "<a href=\"#f-f-held_on\">");
    assert_has(&answer, "id=\"f-f-held_on-fault\"");
    assert_has(&answer, "aria-describedby=\"f-f-held_on-fault\"");
    assert_has(&answer, "aria-invalid=\"true\"");
    assert_has(&answer, "value=\"someday\"");
    assert_has(&answer, "value=\"director\" selected");
    assert_has(&answer, "kept &lt;b&gt;</textarea>");
    g_assert_cmpint(n_events(&fixture), ==, before);
    web_fixture_close(&fixture);
}

/* Forms with several faults, and the controls that have them. */
static const struct {
    RightsRole role;
    const char *target; /* "*": the number of a case */
    const char *form;
    int status;
    const char *ids[4]; /* of the controls that have a fault */
    const char *kept;   /* what comes back filled in */
} refusals[] = {
    {RIGHTS_CLERK,
     "/entry/*/step",
     "step=answer&happened=胡写&f-reply=",
     400,
     {"at-answer", "answer-f-reply"},
     "value=\"胡写\""},
    {RIGHTS_CLERK,
     "/entry/*/step",
     "step=accept&happened=2001-01-01+09:00",
     400,
     {"at-accept"},
     "value=\"2001-01-01 09:00\""},
    {RIGHTS_CLERK,
     "/ledger/case/add",
     "f-title=路灯&f-handler=综合科&f-received_at=2099-01-01+09:00",
     400,
     {"f-f-received_at"},
     "value=\"2099-01-01 09:00\""},
    {RIGHTS_CLERK,
     "/ledger/case/add",
     "f-title=路灯&f-handler=秘书科&f-received_at=2023-05-06+09:00",
     403,
     {"f-f-handler"},
     "value=\"秘书科\""},
    {RIGHTS_CLERK, "/ledger/case/import", "year=2023", 400, {"upload"}, ""},
    {RIGHTS_CLERK, "/entry/*/comment", "text=+", 400, {"text"}, ""},
    {RIGHTS_HEAD, "/entry/*/delete", "why=&own=", 403, {"why", "own"}, ""},
    {RIGHTS_CLERK,
     "/me/password",
     "own=&password=&again=x",
     403,
     {"own-password", "password", "again"},
     ""},
    {RIGHTS_CLERK,
     "/me/password",
     "own=" WEB_FIXTURE_PASSWORD "&password=short&again=short",
     400,
     {"password"},
     ""},
    {RIGHTS_CLERK, "/me/factor", "secret=x&own=&code=", 403, {"own-factor", "code"}, ""},
    {RIGHTS_CLERK,
     "/me/token",
     "name=&days=400&write=yes&own=",
     403,
     {"token-name", "token-days", "own-token"},
     "value=\"400\""},
    {RIGHTS_SYSTEM,
     "/accounts",
     "name=&person=无此人&password=&own=",
     403,
     {"name", "person", "password", "own"},
     "value=\"无此人\""},
    {RIGHTS_SECRETARY,
     "/roster/unit",
     "name=&kind=section&parent=x&since=胡写&until=",
     400,
     {"name", "parent", "since"},
     "value=\"胡写\""},
    {RIGHTS_SECRETARY, "/roster/person", "name=&until=胡写", 400, {"name", "until"}, ""},
    {RIGHTS_SYSTEM, "/settings", "name=&idle=x&own=", 403, {"name", "idle", "own"}, "value=\"x\""},
    {RIGHTS_CLERK, "/ledger/case/view?due=late", "name=", 400, {"view-name"}, ""},
};

/* What an entry waits for stands open where it is one thing; after the end nothing does. */
static void test_the_next_step_stands_open(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *address = g_strconcat("/entry/", number, NULL);
    g_autofree char *step = g_strconcat(address, "/step", NULL);
    g_auto(WebAnswer) several = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    assert_has(&several, "<summary>受理转办</summary>");
    g_assert_null(strstr(several.body, "id=\"next\""));
    g_auto(WebAnswer) accepted = web_fixture_post(&fixture, RIGHTS_CLERK, step, "step=accept");
    g_assert_cmpint(accepted.status, ==, 303);
    g_auto(WebAnswer) clerk = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    assert_has(&clerk, "<section class=\"card next\" id=\"next\">\n<h2>答复</h2>");
    assert_has(&clerk, "href=\"#next\"");
    g_auto(WebAnswer) staff = web_fixture_get(&fixture, RIGHTS_STAFF, address);
    g_assert_null(strstr(staff.body, "id=\"next\""));
    web_fixture_close(&fixture);
}

/* In which unit one counts stands beside the control while one types, and behind the number; a link
 * says what it leads to. */
static void test_numbers_have_their_unit(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    g_autofree char *meeting = web_fixture_entry(&fixture, schema_ledger(schema, "meeting"),
                                                 WEB_FIXTURE_OWN, "第三次办公会");
    g_auto(WebAnswer) blank = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/decision/add");
    assert_has(&blank, "涉及金额（元）");
    g_assert_null(strstr(blank.body, "placeholder=\"元\""));
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_HEAD, "/ledger/decision/add",
                         "f-title=采购&f-raised_on=2023-05-06&f-kind=funds&f-amount=290%2C000"
                         "&f-proposer=综合科");
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *step = g_strconcat(added.location, "/step", NULL);
    g_autofree char *form =
        g_strdup_printf("step=decide&f-result=approved&f-leader_last=yes&f-meeting=%s", meeting);
    g_auto(WebAnswer) decided = web_fixture_post(&fixture, RIGHTS_HEAD, step, form);
    g_assert_cmpint(decided.status, ==, 303);
    g_auto(WebAnswer) entry = web_fixture_get(&fixture, RIGHTS_HEAD, added.location);
    g_autofree char *link =
        g_strdup_printf("<a href=\"/entry/%s\">%s 第三次办公会</a>", meeting, meeting);
    assert_has(&entry, "290,000.00元");
    g_auto(WebAnswer) listed =
        web_fixture_get(&fixture, RIGHTS_HEAD, "/ledger/decision?cols=amount");
    assert_has(&listed, "290,000.00");
    g_autofree char *change = g_strconcat(added.location, "/change", NULL);
    g_auto(WebAnswer) changed = web_fixture_get(&fixture, RIGHTS_HEAD, change);
    assert_has(&changed, "value=\"290000.00\"");
    g_auto(WebAnswer) card = web_fixture_get(&fixture, RIGHTS_SECRETARY,
                                             "/report/annual?period=2023&figure=decisions_amount");
    assert_has(&card, "<div class=\"big\">290,000.00 <small>元</small>");
    assert_has(&card, "<data value=\"290000.00\">290,000.00</data>");
    assert_has(&entry, link);
    web_fixture_close(&fixture);
}

/* What stands there once a step is done is overwritten for a reason, which is asked for where it is
 * typed. */
static void test_missing_reason_stands_by_its_field(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *step = g_strdup_printf("/entry/%s/step", number);
    g_autofree char *change = g_strdup_printf("/entry/%s/change", number);
    g_auto(WebAnswer) accepted = web_fixture_post(&fixture, RIGHTS_CLERK, step, "step=accept");
    g_assert_cmpint(accepted.status, ==, 303);
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=2&f-title=桥灯&why=");
    g_assert_cmpint(refused.status, ==, 400);
    assert_has(&refused, "<a href=\"#why\">");
    assert_has(&refused, "id=\"why-fault\"");
    g_auto(WebAnswer) corrected =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=2&f-title=桥灯&why=写错");
    g_assert_cmpint(corrected.status, ==, 303);
    web_fixture_close(&fixture);
}

/* Every form says all that is wrong with it at once: beside each control and in a list of links. */
static void test_all_faults_at_once(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_auto(GStrv) parts = g_strsplit(refusals[i].target, "*", -1);
        g_autofree char *target = g_strjoinv(number, parts);
        int64_t before = n_events(&fixture);
        g_auto(WebAnswer) answer =
            web_fixture_post(&fixture, refusals[i].role, target, refusals[i].form);
        g_test_message("%s", target);
        g_assert_cmpint(answer.status, ==, refusals[i].status);
        g_assert_cmpint(n_events(&fixture), ==, before);
        guint n_links = 0;
        for (; n_links < G_N_ELEMENTS(refusals[i].ids) && refusals[i].ids[n_links] != NULL;
             n_links++) {
            const char *id = refusals[i].ids[n_links];
            g_autofree char *link = g_strdup_printf("<a href=\"#%s\">", id);
            g_autofree char *note = g_strdup_printf("id=\"%s-fault\"", id);
            g_autofree char *control = g_strdup_printf("id=\"%s\"", id);
            assert_has(&answer, link);
            assert_has(&answer, note);
            assert_has(&answer, control);
        }
        const char *list = strstr(answer.body, "role=\"alert\"");
        g_assert_nonnull(list);
        g_autofree char *summary = g_strndup(list, (size_t)(strstr(list, "</div>") - list));
        g_auto(GStrv) links = g_strsplit(summary, "<a href=\"#", -1);
        g_assert_cmpuint(g_strv_length(links), ==, n_links + 1); /* those, and no more */
        assert_has(&answer, refusals[i].kept);
    }
    g_auto(WebAnswer) door =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page, "!name=&password=");
    assert_has(&door, "<a href=\"#name\">");
    assert_has(&door, "<a href=\"#password\">");
    web_fixture_close(&fixture);
}

/* A browser that keeps a form back tells one fault, in its own language; the server tells all. */
static void test_no_browser_keeps_a_form_back(const TestPlace *place)
{
    static const struct {
        RightsRole role;
        const char *target;
    } rows[] = {
        {RIGHTS_CLERK, "/ledger/case"},
        {RIGHTS_CLERK, "/ledger/case/add"},
        {RIGHTS_CLERK, "/ledger/case?due=late"},
        {RIGHTS_HEAD, "/entry/*"},
        {RIGHTS_CLERK, "/me"},
        {RIGHTS_SYSTEM, "/accounts"},
        {RIGHTS_SYSTEM, "/settings"},
        {RIGHTS_SECRETARY, "/roster/person"},
        {RIGHTS_CLERK, "/ledger/case/import"},
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) parts = g_strsplit(rows[i].target, "*", -1);
        g_autofree char *target = g_strjoinv(number, parts);
        g_auto(WebAnswer) answer = web_fixture_get(&fixture, rows[i].role, target);
        g_assert_cmpint(answer.status, ==, 200);
        g_auto(GStrv) forms = g_strsplit(answer.body, "<form", -1);
        for (char **form = forms + 1; *form != NULL; form++) {
            g_autofree char *tag = g_strndup(*form, strcspn(*form, ">"));
            g_autofree char *body = g_strndup(*form, (size_t)(strstr(*form, "</form>") - *form));
            if (strstr(body, " required") != NULL && strstr(tag, "novalidate") == NULL) {
                g_error("%s: <form%s>", target, tag);
            }
        }
    }
    web_fixture_close(&fixture);
}

static void test_what_the_pack_says(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/add");
    assert_has(&page, "<h2>来件</h2>");
    assert_has(&page, "id=\"f-f-title-help\">一句话说清何事何地");
    assert_has(&page, "aria-describedby=\"f-f-title-help\"");
    assert_has(&page, "data-pick=\"/pick/unit\"");
    assert_has(&page, "<button type=\"button\" class=\"now by-script\" hidden data-now=\"");
    assert_has(&page, "<a class=\"me\" href=\"/me\"");
    web_fixture_close(&fixture);
}

static void test_rows(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t before = n_events(&fixture);
    g_auto(WebAnswer) more = web_fixture_post(
        &fixture, RIGHTS_CLERK, "/ledger/training/add",
        "f-title=班&f-trainees.person=甲&f-trainees.person=乙&f-trainees.hours=1&f-trainees.hours=2"
        "&more=trainees");
    g_assert_cmpint(more.status, ==, 200);
    assert_has(&more, "value=\"乙\"");
    assert_has(&more, "id=\"f5-f-trainees.person\""); /* two filled, four more */
    g_assert_null(strstr(more.body, "id=\"f6-f-trainees.person\""));
    g_assert_cmpint(n_events(&fixture), ==, before);
    g_auto(WebAnswer) bad = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/training/add",
                                             "f-title=班&f-trainees.person=某clerk"
                                             "&f-trainees.person=无此人"
                                             "&f-trainees.hours=1&f-trainees.hours=2");
    g_assert_cmpint(bad.status, ==, 400);
    assert_has(&bad, "id=\"f1-f-trainees.person-fault\"");
    g_assert_null(strstr(bad.body, "id=\"f0-f-trainees.person-fault\""));
    g_auto(WebAnswer) both = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/training/add",
                                              "f-title=班&f-trainees.person=&f-trainees.hours=多");
    assert_has(&both, "id=\"f0-f-trainees.person-fault\"");
    assert_has(&both, "id=\"f0-f-trainees.hours-fault\"");
    web_fixture_close(&fixture);
}

/* One fault is told at the top and by its field, not a third time as the heading of itself. */
static void test_one_fault_is_told_once(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) answer = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add",
                                                "f-title=路灯&f-received_at=胡写");
    g_assert_cmpint(answer.status, ==, 400);
    g_auto(GStrv) parts = g_strsplit(answer.body, "不是日期", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 3);
    web_fixture_close(&fixture);
}

/* Days near by are typed as people say them. */
static void test_days_as_people_say_them(const TestPlace *place)
{
    static const char *const moments[] = {"昨天 9:30", "昨天", "前天", "yesterday 9:30", "现在"};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
        g_autofree char *form =
            g_strdup_printf("f-title=路灯&f-handler=综合科&f-received_at=%s", moments[i]);
        g_auto(WebAnswer) added =
            web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", form);
        g_assert_cmpint(added.status, ==, 303);
    }
    g_auto(WebAnswer) never =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add",
                         "f-title=路灯&f-handler=综合科&f-received_at=昨天某时");
    g_assert_cmpint(never.status, ==, 400);
    web_fixture_close(&fixture);
}

/* Whoever follows a link to a page comes to it behind the door, and to nowhere else. */
static void test_link_through_the_door(const TestPlace *place)
{
    static const struct {
        const char *to;
        const char *location;
    } rows[] = {{"/ledger/case?q=%25E8%25B7%25AF%26x", "/ledger/case?q=%E8%B7%AF&x"},
                {"//evil.example/", "/"},
                {"/\\evil.example/", "/"},
                {"https://evil.example/", "/"},
                {"/ok%0d%0aX-Evil: 1", "/"},
                {"", "/"}};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) out =
        web_fixture_ask(&fixture, NULL, HTTP_GET, "/ledger/case?q=a&due=late", NULL, NULL);
    g_assert_cmpstr(out.location, ==, "/sign-in?to=%2Fledger%2Fcase%3Fq%3Da%26due%3Dlate");
    g_auto(WebAnswer) door = web_fixture_ask(&fixture, NULL, HTTP_GET, out.location, NULL, NULL);
    assert_has(&door, "name=\"to\" value=\"/ledger/case?q=a&amp;due=late\"");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *form =
            g_strdup_printf("!name=clerk&password=" WEB_FIXTURE_PASSWORD "&to=%s", rows[i].to);
        g_auto(WebAnswer) in =
            web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page, form);
        g_assert_cmpint(in.status, ==, 303);
        g_assert_cmpstr(in.location, ==, rows[i].location);
    }
    web_fixture_close(&fixture);
}

static void test_drafts(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t before = n_events(&fixture);
    g_auto(WebAnswer) saved = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add/draft",
                                               "f-title=半句&f-received_at=某日&own=s3cret");
    g_assert_cmpint(saved.status, ==, 303);
    g_assert_true(g_str_has_prefix(saved.location, "/draft/"));
    const char *id = saved.location + strlen("/draft/");
    g_autofree char *discard = g_strconcat(saved.location, "/discard", NULL);
    g_autofree char *link = g_strconcat("href=\"", saved.location, "\"", NULL);
    g_autofree char *action = g_strconcat("action=\"", discard, "\"", NULL);
    g_autofree char *control = g_strconcat("name=\"draft\" value=\"", id, "\"", NULL);
    g_autofree char *whole = g_strconcat("draft=", id, "&f-title=整句", NULL);
    g_autofree char *good =
        g_strconcat(whole, "&f-received_at=2023-06-01+09:00&f-handler=综合科", NULL);
    g_assert_cmpint(n_events(&fixture), ==, before);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, saved.location);
    g_assert_cmpint(page.status, ==, 200);
    assert_has(&page, "value=\"半句\"");
    assert_has(&page, "value=\"某日\"");
    assert_has(&page, control);
    assert_has(&page, "action=\"/ledger/case/add\"");
    g_assert_null(strstr(page.body, "s3cret"));
    g_auto(WebAnswer) other = web_fixture_get(&fixture, RIGHTS_HEAD, saved.location);
    g_assert_cmpint(other.status, ==, 404);
    g_auto(WebAnswer) taken = web_fixture_post(&fixture, RIGHTS_HEAD, discard, "");
    g_assert_cmpint(taken.status, ==, 404);
    g_auto(WebAnswer) listed = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/add");
    assert_has(&listed, link);
    g_auto(WebAnswer) home = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    assert_has(&home, "未完成的草稿");
    assert_has(&home, link);
    assert_has(&home, "群众诉求");
    assert_has(&home, action);
    assert_has(&home, "href=\"/drafts.xlsx\"");
    g_auto(WebAnswer) others = web_fixture_get(&fixture, RIGHTS_HEAD, "/");
    g_assert_null(strstr(others.body, "未完成的草稿"));
    g_auto(WebAnswer) again =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add/draft", whole);
    g_assert_cmpstr(again.location, ==, saved.location);
    g_auto(WebAnswer) recorded = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", good);
    g_assert_cmpint(recorded.status, ==, 303);
    g_auto(WebAnswer) gone = web_fixture_get(&fixture, RIGHTS_CLERK, saved.location);
    g_assert_cmpint(gone.status, ==, 404);
    web_fixture_close(&fixture);
}

/* A draft of a change remembers the version that it began from: sending it later is a conflict that
 * shows both texts, and sending it once more goes through. */
static void test_stale_draft(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "原题");
    g_autofree char *change = g_strconcat("/entry/", number, "/change", NULL);
    g_autofree char *keep = g_strconcat(change, "/draft", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, change);
    g_autofree char *version = after(&form, "name=\"version\" value=\"");
    g_autofree char *mine = g_strconcat("version=", version, "&f-title=我的&why=因", NULL);
    g_autofree char *theirs = g_strconcat("version=", version, "&f-title=别人的", NULL);
    g_auto(WebAnswer) saved = web_fixture_post(&fixture, RIGHTS_CLERK, keep, mine);
    g_assert_cmpint(saved.status, ==, 303);
    g_auto(WebAnswer) other = web_fixture_post(&fixture, RIGHTS_HEAD, change, theirs);
    g_assert_cmpint(other.status, ==, 303);
    g_auto(WebAnswer) draft = web_fixture_get(&fixture, RIGHTS_CLERK, saved.location);
    g_autofree char *seen = after(&draft, "name=\"seen\" value=\"");
    g_assert_cmpstr(seen, ==, version);
    assert_has(&draft, "data-words=\"现在的内容\">别人的</td>");
    assert_has(&draft, "data-words=\"您填写的内容\">我的</td>");
    g_auto(WebAnswer) conflict = web_fixture_post(&fixture, RIGHTS_CLERK, change, mine);
    g_assert_cmpint(conflict.status, ==, 409);
    assert_has(&conflict, "data-words=\"现在的内容\">别人的</td>");
    assert_has(&conflict, "data-words=\"您填写的内容\">我的</td>");
    assert_has(&conflict, "id=\"f-f-title\" name=\"f-title\" type=\"text\" value=\"我的\"");
    assert_has(&conflict, "name=\"why\" value=\"因\"");
    g_autofree char *now = after(&conflict, "name=\"version\" value=\"");
    assert_has(&conflict, "name=\"take\" value=\"f-title\">用现在的内容</button>");
    g_autofree char *take =
        g_strconcat("version=", now, "&f-title=我的&f-place=我处&why=因&take=f-title", NULL);
    g_auto(WebAnswer) present = web_fixture_post(&fixture, RIGHTS_CLERK, change, take);
    g_assert_cmpint(present.status, ==, 200); /* nothing is written */
    assert_has(&present, "id=\"f-f-title\" name=\"f-title\" type=\"text\" value=\"别人的\"");
    assert_has(&present, "value=\"我处\"");
    g_assert_null(
        strstr(present.body, "data-words=\"您填写的内容\">我处</td>")); /* nobody else's */
    g_autofree char *kept = after(&present, "name=\"version\" value=\"");
    g_assert_cmpstr(kept, ==, now);
    g_autofree char *again = g_strconcat("version=", now, "&f-title=我的", NULL);
    g_auto(WebAnswer) taken = web_fixture_post(&fixture, RIGHTS_CLERK, change, again);
    g_assert_cmpint(taken.status, ==, 303);
    web_fixture_close(&fixture);
}

/* A browser sends every line end as CR LF: that corrected texts that nobody had touched. */
static void test_line_ends_are_no_correction(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Store *store = office_store(fixture.office.office);
    g_auto(WebAnswer) added = web_fixture_post(
        &fixture, RIGHTS_CLERK, "/ledger/case/add",
        "f-title=多行&f-received_at=2023-06-01+09:00&f-handler=综合科&f-body=一%0D%0A%0D%0A二");
    g_assert_cmpint(added.status, ==, 303);
    g_assert_cmpint(
        test_store_int(store, "SELECT count(*) FROM ledger_case WHERE f_body = '一\n\n二'"), ==, 1);
    g_autofree char *change = g_strconcat(added.location, "/change", NULL);
    int64_t before = n_events(&fixture);
    const char *same = "version=1&f-title=多行&f-body=一%0D%0A%0D%0A二";
    g_auto(WebAnswer) none = web_fixture_post(&fixture, RIGHTS_CLERK, change, same);
    g_assert_cmpint(none.status, ==, 303);
    test_store_script(store, "UPDATE ledger_case SET f_body = '一\r\n\r\n二'"); /* as once stored */
    g_auto(WebAnswer) older = web_fixture_post(&fixture, RIGHTS_CLERK, change, same);
    g_assert_cmpint(older.status, ==, 303);
    g_assert_cmpint(n_events(&fixture), ==, before);
    web_fixture_close(&fixture);
}

/* Return the values of the last event of entry @number, as JSON; the caller owns it. */
static char *last_values(WebFixture *fixture, const char *number)
{
    g_autoptr(GError) error = NULL;
    Office *office = fixture->office.office;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_find(office, reader, number, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) events = log_history(reader, entry->id, &error);
    g_assert_no_error(error);
    const LogEvent *last = g_ptr_array_index(events, events->len - 1);
    return g_strdup(last->values);
}

/* The page asked for a moment by another name than it showed it by, and told the unit twice. */
static void test_one_name_for_one_thing(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *target = g_strconcat("/entry/", number, NULL);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, target);
    g_assert_nonnull(strstr(page.body, ">答复时间</label>"));
    g_assert_null(strstr(page.body, ">发生时间</label>"));
    g_assert_nonnull(strstr(page.body, "<dt>承办单位</dt>"));
    g_assert_null(strstr(page.body, "<dt>单位</dt>"));
    web_fixture_close(&fixture);
}

static int64_t n_looks(WebFixture *fixture)
{
    return test_store_int(office_store(fixture->office.office),
                          "SELECT count(*) FROM event WHERE kind = 'entry.look'");
}

/* Who corrected a title had looked at the phone number, as often as the form came back. */
static void test_correcting_is_no_look(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add",
                         "f-title=来电&f-received_at=2023-06-01+09:00&f-handler=综合科"
                         "&f-phone=13900000000");
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *change = g_strconcat(added.location, "/change", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, change);
    g_assert_null(strstr(form.body, "13900000000"));
    g_assert_nonnull(strstr(form.body, "/change?personal=yes"));
    g_auto(WebAnswer) back = web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=1&f-title=");
    g_assert_cmpint(back.status, ==, 400);
    g_assert_null(strstr(back.body, "13900000000"));
    g_auto(WebAnswer) done =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=1&f-title=来信");
    g_assert_cmpint(done.status, ==, 303);
    g_assert_cmpint(n_looks(&fixture), ==, 0);
    g_autofree char *asked = g_strconcat(change, "?personal=yes", NULL);
    g_auto(WebAnswer) whole = web_fixture_get(&fixture, RIGHTS_CLERK, asked);
    g_assert_nonnull(strstr(whole.body, "13900000000"));
    g_assert_cmpint(n_looks(&fixture), ==, 1);
    g_auto(WebAnswer) typed = web_fixture_post(
        &fixture, RIGHTS_CLERK, change, "version=2&personal=yes&f-title=&f-phone=13900000001");
    g_assert_cmpint(typed.status, ==, 400);
    g_assert_nonnull(strstr(typed.body, "13900000001"));
    g_assert_cmpint(n_looks(&fixture), ==, 1);
    g_auto(WebAnswer) sly =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=2&personal=yes&f-title=");
    g_assert_nonnull(strstr(sly.body, "13900000000"));
    g_assert_cmpint(n_looks(&fixture), ==, 2);
    web_fixture_close(&fixture);
}

/* A conflict names who changed what, and what the form only gave back takes the new text by itself.
 */
static void test_conflict_keeps_what_nobody_typed(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "改一");
    g_autofree char *change = g_strconcat("/entry/", number, "/change", NULL);
    g_auto(WebAnswer) other = web_fixture_post(
        &fixture, RIGHTS_HEAD, change, "version=1&f-title=改三&f-body=%E5%AD%97&f-place=东");
    g_assert_cmpint(other.status, ==, 303);
    g_auto(WebAnswer) conflict = web_fixture_post(
        &fixture, RIGHTS_CLERK, change, "version=1&f-title=改一&f-body=一%0D%0A二&f-place=西");
    g_assert_cmpint(conflict.status, ==, 409);
    assert_has(&conflict, "name=\"f-title\" type=\"text\" value=\"改三\"");
    assert_has(&conflict, "一\n二</textarea>");
    assert_has(&conflict, "data-words=\"改动人和时间\">某head ");
    assert_has(&conflict, "data-words=\"您填写的内容\">西</td>");
    g_assert_null(strstr(conflict.body, "data-words=\"您填写的内容\">改一</td>"));
    assert_has(&conflict, "name=\"version\" value=\"2\"");
    assert_has(&conflict, "name=\"seen\" value=\"1\"");
    g_auto(WebAnswer) taken =
        web_fixture_post(&fixture, RIGHTS_CLERK, change,
                         "version=2&seen=1&f-title=改三&f-body=二&f-place=西&take=f-place");
    assert_has(&taken, "name=\"f-place\" type=\"text\" value=\"东\"");
    assert_has(&taken, "data-words=\"您填写的内容\">二</td>");
    web_fixture_close(&fixture);
}

/* Browsers send CR LF for each line break, and nobody corrects a text by that. */
static void test_line_breaks_are_no_correction(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "多行");
    g_autofree char *change = g_strconcat("/entry/", number, "/change", NULL);
    g_auto(WebAnswer) first =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=1&f-body=一%0A二%0A%0A三");
    g_assert_cmpint(first.status, ==, 303);
    g_auto(WebAnswer) second =
        web_fixture_post(&fixture, RIGHTS_CLERK, change,
                         "version=2&f-body=一%0D%0A二%0D%0A%0D%0A三&f-place=城南&f-title=++多行+");
    g_assert_cmpint(second.status, ==, 303);
    g_autofree char *values = last_values(&fixture, number);
    g_assert_cmpstr(values, ==, "{\"place\":\"城南\"}");
    web_fixture_close(&fixture);
}

/* A text of one line is one line, whoever sends it. */
static void test_lines_stay_lines(const TestPlace *place)
{
    static const struct {
        RightsRole role;
        const char *target;
        const char *form;
    } names[] = {
        {RIGHTS_SYSTEM, "/settings", "name=甲%0A乙&own=" WEB_FIXTURE_PASSWORD},
        {RIGHTS_SECRETARY, "/roster/unit", "name=科%0A室&kind=section"},
        {RIGHTS_SECRETARY, "/roster/person", "name=张%0A三"},
        {RIGHTS_CLERK, "/ledger/case/view?state=received", "name=甲%0A乙"},
        {RIGHTS_CLERK, "/ledger/case/view?q=%E2%80%AE", "name=甲"},
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_post(&fixture, names[i].role, names[i].target, names[i].form);
        g_test_message("%s", names[i].target);
        g_assert_cmpint(answer.status, ==, 400);
    }
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    g_autofree char *change = g_strconcat("/entry/", number, "/change", NULL);
    g_auto(WebAnswer) changed =
        web_fixture_post(&fixture, RIGHTS_CLERK, change, "version=1&f-title=+甲%0D%0A乙+");
    g_assert_cmpint(changed.status, ==, 303);
    g_autofree char *values = last_values(&fixture, number);
    g_assert_cmpstr(values, ==, "{\"title\":\"甲 乙\"}");
    web_fixture_close(&fixture);
}

/* A form for files that brings none is not done. */
static void test_no_file_to_attach(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    g_autofree char *target = g_strconcat("/entry/", number, "/attach", NULL);
    g_auto(WebAnswer) answer = web_fixture_post(&fixture, RIGHTS_CLERK, target, "place=scene");
    g_assert_cmpint(answer.status, ==, 400);
    assert_has(&answer, "请选择文件");
    web_fixture_close(&fixture);
}

/* An entry that was taken out is seen by those who saw it, who sent it there before all. */
static void test_what_is_gone_is_seen(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    g_autofree char *address = g_strconcat("/entry/", number, NULL);
    g_autofree char *remove = g_strconcat(address, "/delete", NULL);
    g_autofree char *table = g_strconcat(address, ".csv", NULL);
    g_auto(WebAnswer) none = web_fixture_get(&fixture, RIGHTS_CLERK, table);
    g_assert_cmpint(none.status, ==, 404);
    g_auto(WebAnswer) gone = web_fixture_post(&fixture, RIGHTS_HEAD, remove,
                                              "version=1&why=误录&own=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpstr(gone.location, ==, address);
    g_auto(WebAnswer) head = web_fixture_get(&fixture, RIGHTS_HEAD, address);
    g_assert_cmpint(head.status, ==, 200);
    g_auto(WebAnswer) clerk = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    assert_has(&clerk, "误录");
    web_fixture_close(&fixture);
}

static void test_session_that_ended(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *form = "!f-title=写了%3Cb%3E很久&f-body=一\n二&own=s3cret&form_token=old";
    g_auto(WebAnswer) plain =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/ledger/case/add", NULL, form);
    g_assert_cmpint(plain.status, ==, 303); /* a browser says where a form comes from */
    const char *const foreign[] = {"Origin", "https://evil.example", NULL};
    g_auto(WebAnswer) cross =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/ledger/case/add", foreign, form);
    g_assert_cmpint(cross.status, ==, 303);
    g_auto(WebAnswer) door =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/ledger/case/add", own_page, form);
    g_assert_cmpint(door.status, ==, 401);
    assert_has(&door, "name=\"back\" value=\"/ledger/case/add\"");
    assert_has(&door, "name=\"carried.f-title\" value=\"写了&lt;b&gt;很久\"");
    g_assert_null(strstr(door.body, "s3cret"));
    g_auto(WebAnswer) wrong =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page,
                        "!name=clerk&password=wrong&back=/ledger/case/add&carried.f-title=写了");
    g_assert_cmpint(wrong.status, ==, 403);
    assert_has(&wrong, "name=\"carried.f-title\" value=\"写了\""); /* still on its way */
    g_auto(WebAnswer) in = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page,
                                           "!name=clerk&password=" WEB_FIXTURE_PASSWORD
                                           "&back=/ledger/case/add&carried.f-title=写了");
    g_assert_cmpint(in.status, ==, 200);
    g_assert_cmpuint(http_response_cookies(in.response)->len, ==, 1);
    assert_has(&in, "action=\"/ledger/case/add\"");
    assert_has(&in, "value=\"写了\"");
    g_assert_null(strstr(in.body, WEB_FIXTURE_PASSWORD));
    g_auto(WebAnswer) nowhere = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page,
                                                "!name=clerk&password=" WEB_FIXTURE_PASSWORD
                                                "&back=//evil.example/x&carried.f-title=写了");
    g_assert_cmpint(nowhere.status, ==, 404);
    web_fixture_close(&fixture);
}

/* Sign in as @role with the form that is to come back. */
static WebAnswer come_back(WebFixture *fixture, RightsRole role, const char *back_and_fields)
{
    g_autofree char *form = g_strdup_printf("!name=%s&password=" WEB_FIXTURE_PASSWORD "&back=%s",
                                            rights_role_name(role), back_and_fields);
    return web_fixture_ask(fixture, NULL, HTTP_POST, "/sign-in", own_page, form);
}

#define N_DONE "SELECT count(*) FROM event WHERE replace(kind, 'session.', '') = kind"

/* Forms whose page takes them too were carried out at the door, with its own field "name" for the
 * form's, in the name of whoever signed in. */
static void test_door_carries_nothing_out(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Store *store = office_store(fixture.office.office);
    g_autofree char *close =
        g_strdup_printf("/unit/%" G_GINT64_FORMAT "/close&carried.until=2023-12-29",
                        fixture.units[WEB_FIXTURE_BESIDE]);
    g_autofree char *post =
        g_strdup_printf("/person/%" G_GINT64_FORMAT "/post&carried.role=clerk", fixture.person);
    const struct {
        RightsRole role;
        const char *form;
        int status;
        const char *shown;
    } rows[] = {
        {RIGHTS_SECRETARY, "/roster/unit&carried.name=督办科", 200, "value=\"督办科\""},
        {RIGHTS_SECRETARY, "/roster/person&carried.name=张三", 200, "value=\"张三\""},
        {RIGHTS_SECRETARY, close, 200, "value=\"2023-12-29\""},
        {RIGHTS_SECRETARY, post, 200, ""},
        {RIGHTS_CLERK, post, 403, ""}, /* neither of the two rights that the page asks for */
        {RIGHTS_SYSTEM,
         "/settings&carried.name=某局&carried.factor=0&carried.language=0&carried.idle=30"
         "&carried.administrator-idle=15&carried.chars=10&carried.classes=3"
         "&own=" WEB_FIXTURE_PASSWORD "&carried.own=" WEB_FIXTURE_PASSWORD,
         200, "value=\"某局\""},
        {RIGHTS_SYSTEM, "/accounts&carried.name=新账号", 200, "value=\"新账号\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t before = test_store_int(store, N_DONE);
        g_auto(WebAnswer) in = come_back(&fixture, rows[i].role, rows[i].form);
        g_assert_cmpint(in.status, ==, rows[i].status);
        g_assert_cmpint(test_store_int(store, N_DONE), ==, before);
        assert_has(&in, rows[i].shown);
        g_assert_null(strstr(in.body, WEB_FIXTURE_PASSWORD));
    }
    web_fixture_close(&fixture);
}

/* The door kept neither what a form calls "name" nor the query of its address. */
static void test_door_keeps_names_and_queries(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) door =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/ledger/case/view?state=handling", own_page,
                        "!name=在办的&form_token=old");
    g_assert_cmpint(door.status, ==, 401);
    assert_has(&door, "name=\"back\" value=\"/ledger/case/view?state=handling\"");
    assert_has(&door, "name=\"carried.name\" value=\"在办的\"");
    g_auto(WebAnswer) in = come_back(&fixture, RIGHTS_CLERK,
                                     "/ledger/case/view%3Fstate%3Dhandling&carried.name=在办的");
    g_assert_cmpint(in.status, ==, 200);
    assert_has(&in, "action=\"/ledger/case/view?state=handling\"");
    assert_has(&in, "value=\"在办的\"");
    web_fixture_close(&fixture);
}

/* Signed in anew in another window: the old token is refused, what was typed comes back. */
static void test_token_of_another_session(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *comment = g_strconcat("/entry/", number, "/comment", NULL);
    int64_t before = n_events(&fixture);
    g_auto(WebAnswer) add =
        web_fixture_ask(&fixture, fixture.tokens[RIGHTS_CLERK], HTTP_POST, "/ledger/case/add",
                        own_page, "!form_token=old&f-title=写了");
    g_assert_cmpint(add.status, ==, 403);
    assert_has(&add, "value=\"写了\"");
    g_auto(WebAnswer) said = web_fixture_ask(&fixture, fixture.tokens[RIGHTS_CLERK], HTTP_POST,
                                             comment, own_page, "!form_token=old&text=好话");
    g_assert_cmpint(said.status, ==, 403);
    assert_has(&said, ">好话</textarea>");
    g_auto(WebAnswer) unit =
        web_fixture_ask(&fixture, fixture.tokens[RIGHTS_SECRETARY], HTTP_POST, "/roster/unit",
                        own_page, "!form_token=old&name=偷建科");
    g_assert_cmpint(unit.status, ==, 403); /* its page takes it too, but not so */
    assert_has(&unit, "value=\"偷建科\"");
    g_assert_cmpint(n_events(&fixture), ==, before);
    web_fixture_close(&fixture);
}

/* A button pressed twice records once; the same form with other words is another entry. */
static void test_form_sent_twice(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *form = "f-title=路灯&f-handler=综合科&f-received_at=昨天&once=0a1b";
    const char *other = "f-title=桥头&f-handler=综合科&f-received_at=昨天&once=0a1b";
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/add");
    assert_has(&page, "name=\"once\" value=\"");
    g_auto(WebAnswer) first = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", form);
    g_auto(WebAnswer) again = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", form);
    g_auto(WebAnswer) changed = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", other);
    g_assert_cmpint(first.status, ==, 303);
    g_assert_cmpstr(again.location, ==, first.location);
    g_assert_cmpint(changed.status, ==, 303);
    g_assert_cmpstr(changed.location, !=, first.location);
    int64_t before = n_events(&fixture);
    g_autofree char *comment = g_strconcat(first.location, "/comment", NULL);
    for (int i = 0; i < 2; i++) {
        g_auto(WebAnswer) said =
            web_fixture_post(&fixture, RIGHTS_CLERK, comment, "text=已办&once=2c");
        g_assert_cmpint(said.status, ==, 303);
    }
    g_assert_cmpint(n_events(&fixture), ==, before + 1);
    web_fixture_close(&fixture);
}

/* A store that is lost answers 503; the page holds what was typed, and sends it again. */
static void test_fault_of_ours(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request =
        http_request_new(HTTP_POST, "/ledger/case/add", "127.0.0.1", &error);
    const char *form = "form_token=t&f-title=写了&own=s3cret";
    http_request_parse_form(request, form, strlen(form), &error);
    g_assert_no_error(error);
    g_autoptr(HttpResponse) response = http_response_new();
    WebContext context;
    web_context_init(&context, &fixture.site, request, response);
    error_set(&error, SHUZHI_ERROR_UNAVAILABLE, "there is no such page");
    web_send_error(&context, error);
    web_context_clear(&context);
    g_assert_cmpint(http_response_status(response), ==, 503);
    const char *body = http_response_body(response)->str;
    g_assert_nonnull(strstr(body, "action=\"/ledger/case/add\""));
    g_assert_nonnull(strstr(body, "name=\"f-title\" value=\"写了\""));
    g_assert_nonnull(strstr(body, "name=\"form_token\" value=\"t\""));
    g_assert_null(strstr(body, "s3cret"));
    web_fixture_close(&fixture);
}

static void test_suggestions(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *mine = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯'不亮");
    g_autofree char *other = web_fixture_case(&fixture, WEB_FIXTURE_BESIDE, "路灯不亮");
    g_auto(WebAnswer) units = web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/unit?q=合组");
    g_assert_cmpstr(units.body, ==, "{\"picks\":[{\"text\":\"综合组\",\"note\":\"综合科\"}]}");
    g_auto(WebAnswer) people = web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/person?q=clerk");
    g_assert_cmpstr(people.body, ==, "{\"picks\":[{\"text\":\"某clerk\",\"note\":\"综合科\"}]}");
    g_auto(WebAnswer) by_letters = web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/unit?q=zhz");
    g_assert_cmpstr(by_letters.body, ==, units.body);
    g_auto(WebAnswer) by_pinyin =
        web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/person?q=mouclerk");
    g_assert_cmpstr(by_pinyin.body, ==, people.body);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/add");
    assert_has(&form, "<option value=\"综合组\">zonghezu zhz</option>");
    g_auto(WebAnswer) entries = web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/entry/case?q=路灯");
    g_assert_nonnull(strstr(entries.body, mine));
    g_assert_null(strstr(entries.body, other)); /* of a unit that is not the clerk's */
    g_auto(WebAnswer) all = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/pick/entry/case?q=");
    g_assert_nonnull(strstr(all.body, other));
    g_auto(WebAnswer) quoted =
        web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/entry/case?q='%20or%20title%20!=%20'");
    g_assert_cmpstr(quoted.body, ==, "{\"picks\":[],\"none\":\"没有找到\"}");
    g_autofree char *number = g_strconcat("/pick/entry/case?q=", mine, NULL);
    g_auto(WebAnswer) by_number = web_fixture_get(&fixture, RIGHTS_CLERK, number);
    g_assert_nonnull(strstr(by_number.body, mine));
    g_autofree char *many = g_strnfill(101, 'x');
    g_autofree char *long_one = g_strconcat("/pick/person?q=", many, NULL);
    g_auto(WebAnswer) too_long = web_fixture_get(&fixture, RIGHTS_CLERK, long_one);
    g_assert_cmpint(too_long.status, ==, 413);
    web_fixture_close(&fixture);
}

/* Two of one name are told apart by "name#id", which the form takes, and shows again. */
static void test_homonyms(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    TestOffice *office = &fixture.office;
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) secretary =
        rights_subject_account(office->office, fixture.accounts[RIGHTS_SECRETARY], &error);
    int64_t ids[2];
    for (int i = 0; i < 2; i++) {
        const OfficePerson person = {
            .name = (char *)"张同", .since = DATE_NONE, .until = DATE_NONE};
        office_person_add(office->office, secretary, &office->act, &person, &ids[i], &error);
        g_assert_no_error(error);
    }
    g_autofree char *second = g_strdup_printf("张同#%" G_GINT64_FORMAT, ids[1]);
    g_auto(WebAnswer) picks = web_fixture_get(&fixture, RIGHTS_CLERK, "/pick/person?q=张同");
    g_assert_nonnull(strstr(picks.body, second));
    const char *rest = "&f-title=会&f-kind=director&f-held_on=2023-06-01&f-host=综合科";
    g_autofree char *vague = g_strconcat("f-chair=张同", rest, NULL);
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/meeting/add", vague);
    g_assert_cmpint(refused.status, ==, 400);
    assert_has(&refused, "id=\"f-f-chair-fault\"");
    assert_has(&refused, second); /* the choices */
    g_autofree char *wrong =
        g_strdup_printf("f-chair=李某%%23%" G_GINT64_FORMAT "%s", ids[1], rest);
    g_auto(WebAnswer) mixed =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/meeting/add", wrong);
    g_assert_cmpint(mixed.status, ==, 400);
    g_autofree char *clear =
        g_strdup_printf("f-chair=张同%%23%" G_GINT64_FORMAT "%s", ids[1], rest);
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/meeting/add", clear);
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *change = g_strconcat(added.location, "/change", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, change);
    g_autofree char *value = g_strconcat("value=\"", second, "\"", NULL);
    assert_has(&form, value);
    web_fixture_close(&fixture);
}

/* Without the script a form understands what the suggestions would. */
static void test_initials_stand_for_a_name(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *rest = "&f-title=会&f-kind=director&f-held_on=2023-06-01";
    g_autofree char *one = g_strconcat("f-chair=mouclerk&f-host=zhz", rest, NULL);
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/meeting/add", one);
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *change = g_strconcat(added.location, "/change", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_SECRETARY, change);
    assert_has(&form, "value=\"某clerk\"");
    assert_has(&form, "value=\"综合组\"");
    TestOffice *office = &fixture.office;
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    const OfficeUnit longer = {.name = (char *)"综合科一组",
                               .kind = (char *)"section",
                               .parent = fixture.units[WEB_FIXTURE_OWN],
                               .since = DATE_NONE,
                               .until = DATE_NONE};
    office_unit_add(office->office, office->console, &office->act, &longer, &id, &error);
    g_assert_no_error(error);
    g_autofree char *whole = g_strconcat("f-chair=mouclerk&f-host=zhk", rest, NULL);
    g_auto(WebAnswer) exact =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/meeting/add", whole);
    g_assert_cmpint(exact.status, ==, 303);
    g_auto(WebAnswer) host = web_fixture_get(&fixture, RIGHTS_SECRETARY, exact.location);
    g_assert_null(strstr(host.body, "综合科一组"));
    g_autofree char *several = g_strconcat("f-chair=某clerk&f-host=zh", rest, NULL);
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/meeting/add", several);
    g_assert_cmpint(refused.status, ==, 400);
    assert_has(&refused, "可能是以下几个");
    assert_has(&refused, "综合组（综合科）");
    assert_has(&refused, "value=\"zh\"");
    web_fixture_close(&fixture);
}

static void test_no_draft_for_what_is_gone(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "井盖");
    g_autofree char *remove = g_strconcat("/entry/", number, "/delete", NULL);
    g_auto(WebAnswer) gone = web_fixture_post(&fixture, RIGHTS_SECRETARY, remove,
                                              "version=1&why=误录&own=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(gone.status, ==, 303);
    g_autofree char *draft = g_strconcat("/entry/", number, "/change/draft", NULL);
    g_auto(WebAnswer) refused =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, draft, "version=1&f-title=改过的题目");
    g_assert_cmpint(refused.status, ==, 409);
    g_assert_cmpint(
        test_store_int(office_store(fixture.office.office), "SELECT count(*) FROM draft"), ==, 0);
    web_fixture_close(&fixture);
}

static void test_dangerous_acts_ask_again(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *first = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "一");
    g_autofree char *second = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "二");
    g_autofree char *one = g_strconcat("/entry/", first, "/delete", NULL);
    g_autofree char *two = g_strconcat("/entry/", second, "/delete", NULL);
    g_auto(WebAnswer) none = web_fixture_post(&fixture, RIGHTS_HEAD, one, "version=1&why=误录");
    g_assert_cmpint(none.status, ==, 403);
    assert_has(&none, "name=\"why\" type=\"text\" value=\"误录\" required");
    g_auto(WebAnswer) wrong =
        web_fixture_post(&fixture, RIGHTS_HEAD, one, "version=1&why=误录&own=no");
    g_assert_cmpint(wrong.status, ==, 403);
    g_auto(WebAnswer) right = web_fixture_post(&fixture, RIGHTS_HEAD, one,
                                               "version=1&why=误录&own=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(right.status, ==, 303);
    g_auto(WebAnswer) soon = web_fixture_post(&fixture, RIGHTS_HEAD, two, "version=1&why=误录");
    g_assert_cmpint(soon.status, ==, 303); /* typed just now */
    g_auto(WebAnswer) other =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, two, "version=1&why=误录");
    g_assert_cmpint(other.status, !=, 303);
    web_fixture_close(&fixture);
}

static void test_entry_page(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "旧题");
    g_autofree char *address = g_strconcat("/entry/", number, NULL);
    g_autofree char *change = g_strconcat(address, "/change", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, change);
    g_autofree char *version = after(&form, "name=\"version\" value=\"");
    g_autofree char *typed = g_strconcat("version=", version, "&f-title=新题", NULL);
    g_auto(WebAnswer) changed = web_fixture_post(&fixture, RIGHTS_CLERK, change, typed);
    g_assert_cmpint(changed.status, ==, 303);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    assert_has(&page, "<del>旧题</del> → 新题");
    assert_has(&page, "留痕位置");
    assert_has(&page, "class=\"days\"");
    assert_has(&page, "第1天");
    g_autofree char *step = g_strconcat(address, "/step", NULL);
    g_auto(WebAnswer) refused = web_fixture_post(&fixture, RIGHTS_CLERK, step,
                                                 "step=answer&happened=胡写&f-reply=说过的话");
    g_assert_cmpint(refused.status, ==, 400);
    assert_has(&refused, "value=\"胡写\"");
    assert_has(&refused, "\n说过的话</textarea>");
    web_fixture_close(&fixture);
}

static void test_import(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/case/import",
                                              "pasted=标题%09收到时间%09承办单位%0A路灯不亮%092023-"
                                              "05-06%09综合科%0A井盖%09胡写%09综合科");
    g_assert_cmpint(sent.status, ==, 303);
    works_wait(fixture.works);
    g_auto(WebAnswer) plan = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    g_assert_cmpint(plan.status, ==, 200);
    assert_has(&plan, "\">路灯不亮 / 井盖</td>");
    assert_has(&plan, "粘贴的表格");
    g_assert_null(strstr(plan.body, "pasted.csv"));
    g_auto(WebAnswer) rows = web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "bad=yes");
    g_assert_cmpint(rows.status, ==, 200);
    int64_t n_bytes = 0;
    int fd = http_response_file(rows.response, &n_bytes);
    char text[4096] = "";
    g_assert_cmpint(read(fd, text, sizeof text - 1), ==, n_bytes);
    g_assert_nonnull(strstr(text, "井盖"));
    g_assert_nonnull(strstr(text, "收到时间: "));
    g_assert_null(strstr(text, "路灯不亮"));
    g_auto(WebAnswer) go =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, sent.location, "import=yes&skip=yes");
    g_assert_cmpint(go.status, ==, 303);
    works_wait(fixture.works);
    g_auto(WebAnswer) done = web_fixture_get(&fixture, RIGHTS_SECRETARY, sent.location);
    assert_has(&done, "已导入1行，略去有误的1行");
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECRETARY, "/ledger/case/import");
    g_assert_null(strstr(page.body, "pasted.csv"));
    g_autofree char *undo = after(&page, "<form method=\"post\" action=\"/ledger/case/import/");
    g_autofree char *target = g_strconcat("/ledger/case/import/", undo, NULL);
    g_auto(WebAnswer) asked = web_fixture_post(&fixture, RIGHTS_SECRETARY, target, "");
    g_assert_cmpint(asked.status, ==, 403);
    g_auto(WebAnswer) undone =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, target, "own=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(undone.status, ==, 303);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/form/faults-stand-by-their-fields", test_faults_stand_by_their_fields);
    test_store_each("/web/form/numbers-have-their-unit", test_numbers_have_their_unit);
    test_store_each("/web/form/missing-reason-stands-by-its-field",
                    test_missing_reason_stands_by_its_field);
    test_store_each("/web/form/all-faults-at-once", test_all_faults_at_once);
    test_store_each("/web/form/the-next-step-stands-open", test_the_next_step_stands_open);
    test_store_each("/web/form/no-browser-keeps-a-form-back", test_no_browser_keeps_a_form_back);
    test_store_each("/web/form/what-the-pack-says", test_what_the_pack_says);
    test_store_each("/web/form/rows", test_rows);
    test_store_each("/web/form/one-fault-is-told-once", test_one_fault_is_told_once);
    test_store_each("/web/form/days-as-people-say-them", test_days_as_people_say_them);
    test_store_each("/web/form/door-carries-nothing-out", test_door_carries_nothing_out);
    test_store_each("/web/form/door-keeps-names-and-queries", test_door_keeps_names_and_queries);
    test_store_each("/web/form/line-ends-are-no-correction", test_line_ends_are_no_correction);
    test_store_each("/web/form/one-name-for-one-thing", test_one_name_for_one_thing);
    test_store_each("/web/form/correcting-is-no-look", test_correcting_is_no_look);
    test_store_each("/web/form/link-through-the-door", test_link_through_the_door);
    test_store_each("/web/form/drafts", test_drafts);
    test_store_each("/web/form/stale-draft", test_stale_draft);
    test_store_each("/web/form/conflict-keeps-what-nobody-typed",
                    test_conflict_keeps_what_nobody_typed);
    test_store_each("/web/form/line-breaks-are-no-correction", test_line_breaks_are_no_correction);
    test_store_each("/web/form/lines-stay-lines", test_lines_stay_lines);
    test_store_each("/web/form/no-file-to-attach", test_no_file_to_attach);
    test_store_each("/web/form/what-is-gone-is-seen", test_what_is_gone_is_seen);
    test_store_each("/web/form/session-that-ended", test_session_that_ended);
    test_store_each("/web/form/token-of-another-session", test_token_of_another_session);
    test_store_each("/web/form/form-sent-twice", test_form_sent_twice);
    test_store_each("/web/form/fault-of-ours", test_fault_of_ours);
    test_store_each("/web/form/suggestions", test_suggestions);
    test_store_each("/web/form/homonyms", test_homonyms);
    test_store_each("/web/form/initials-stand-for-a-name", test_initials_stand_for_a_name);
    test_store_each("/web/form/no-draft-for-what-is-gone", test_no_draft_for_what_is_gone);
    test_store_each("/web/form/dangerous-acts-ask-again", test_dangerous_acts_ask_again);
    test_store_each("/web/form/entry-page", test_entry_page);
    test_store_each("/web/form/import", test_import);
    return g_test_run();
}
