/* Settings, the log's filters and files, charts and the handbook. */
#include <glib/gstdio.h>

#include "office/key.h"
#include "office/setting.h"
#include "web-fixture.h"

#define OWN "own=" WEB_FIXTURE_PASSWORD
#define ALL "&name=某县机关&idle=20&administrator-idle=10&chars=12&classes=2&factor=0"

static void expect(WebFixture *fixture, RightsRole role, const char *form, int status)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, "/settings", form);
    if (answer.status != status) {
        g_error("%s: %d", form, answer.status);
    }
}

static void expect_text(WebFixture *fixture, RightsRole role, const char *target, const char *text,
                        bool is_there)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    g_assert_cmpint(answer.status, ==, 200);
    if ((strstr(answer.body, text) != NULL) != is_there) {
        g_error("%s: '%s'", target, text);
    }
}

static void test_change(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SECURITY, OWN ALL, 403);
    expect(&fixture, RIGHTS_SYSTEM, "own=wrong" ALL, 403);
    expect(&fixture, RIGHTS_SYSTEM,
           OWN "&name=某县机关&idle=4&administrator-idle=10&chars=12"
               "&classes=2&factor=0",
           400);
    g_assert_cmpint(office_setting(fixture.office.office, OFFICE_IDLE_MINUTES), ==, 30);
    expect(&fixture, RIGHTS_SYSTEM, OWN ALL, 303);
    g_assert_cmpint(office_setting(fixture.office.office, OFFICE_IDLE_MINUTES), ==, 20);
    g_assert_cmpint(office_setting(fixture.office.office, OFFICE_PASSWORD_CHARS), ==, 12);
    expect_text(&fixture, RIGHTS_SYSTEM, "/settings", "<title>设置 · 某县机关</title>", true);
    web_fixture_close(&fixture);
}

/* Where everybody must have a second factor, nothing opens before it is on but the own account. */
static void test_factor(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SYSTEM,
           OWN "&name=某县机关&idle=20&administrator-idle=10&chars=12&classes=2&factor=1", 303);
    g_auto(WebAnswer) clerk = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_auto(WebAnswer) audit = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log");
    g_auto(WebAnswer) own = web_fixture_get(&fixture, RIGHTS_AUDIT, "/me");
    g_assert_cmpint(clerk.status, ==, 200);
    g_assert_cmpint(audit.status, ==, 303);
    g_assert_cmpstr(audit.location, ==, "/me");
    g_assert_cmpint(own.status, ==, 200);
    web_fixture_close(&fixture);
}

/* A form that comes back through the door asked for no second factor: it showed what nothing else
 * did, and switched the demand off. */
static void test_factor_behind_door(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const own_page[] = {"Origin", "http://127.0.0.1", NULL};
    static const char *const backs[] = {"/ledger/case", "/settings&carried.factor=0", "/accounts"};
    expect(&fixture, RIGHTS_SYSTEM,
           OWN "&name=某县机关&idle=20&administrator-idle=10&chars=12&classes=2&factor=2", 303);
    for (size_t i = 0; i < G_N_ELEMENTS(backs); i++) {
        g_autofree char *form =
            g_strconcat("!name=system&password=" WEB_FIXTURE_PASSWORD "&back=", backs[i], NULL);
        g_auto(WebAnswer) in =
            web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", own_page, form);
        g_assert_cmpint(in.status, ==, 303);
        g_assert_cmpstr(in.location, ==, "/me");
    }
    g_auto(WebAnswer) program = web_fixture_get(&fixture, RIGHTS_CLERK, "/api/v1/ledgers");
    g_assert_cmpint(program.status, ==, 403); /* a program cannot follow to a page */
    g_assert_nonnull(strstr(program.body, "\"FORBIDDEN\""));
    web_fixture_close(&fixture);
}

/* What an office speaks, until the reader chooses. */
static void test_language(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SYSTEM, OWN ALL "&language=1", 303);
    expect_text(&fixture, RIGHTS_CLERK, "/me", "<html lang=\"en\">", true);
    const char *const chosen[] = {"Cookie", "language=zh", NULL};
    g_auto(WebAnswer) door = web_fixture_ask(&fixture, NULL, HTTP_GET, "/sign-in", chosen, NULL);
    g_assert_nonnull(strstr(door.body, "<html lang=\"zh-CN\">"));
    web_fixture_close(&fixture);
}

/* A verification is made behind its page, and is an event. */
static void test_verification(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect_text(&fixture, RIGHTS_AUDIT, "/verification", "尚未核验过", true);
    g_auto(WebAnswer) begun = web_fixture_post(&fixture, RIGHTS_AUDIT, "/verification", "");
    g_assert_cmpint(begun.status, ==, 303);
    works_wait(fixture.works);
    expect_text(&fixture, RIGHTS_AUDIT, "/verification", "<dt>不符之处</dt><dd>0</dd>", true);
    expect_text(&fixture, RIGHTS_SYSTEM, "/settings", "<dt>不符之处</dt><dd>0</dd>", true);
    expect_text(&fixture, RIGHTS_AUDIT, "/log?kind=verification.add", "verification.add", true);
    expect_text(&fixture, RIGHTS_AUDIT, "/verification", "没有签名", false);
    g_autofree char *key = office_key_path(office_id(fixture.office.office));
    g_assert_cmpint(g_unlink(key), ==, 0);
    expect_text(&fixture, RIGHTS_AUDIT, "/verification", "没有签名：签名密钥不在本机", true);
    g_auto(WebAnswer) again = web_fixture_post(&fixture, RIGHTS_AUDIT, "/verification", "");
    works_wait(fixture.works);
    expect_text(&fixture, RIGHTS_AUDIT, "/verification", "<dt>不符之处</dt><dd>0</dd>", true);
    g_assert_cmpint(
        test_store_int(office_store(fixture.office.office), "SELECT count(*) FROM verification"),
        ==, 2);
    web_fixture_close(&fixture);
}

static void test_log(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "事");
    g_autofree char *look = g_strconcat("/entry/", number, "/look", NULL);
    g_autofree char *of_entry = g_strconcat("/log?kind=entry.look&object=", number, NULL);
    expect_text(&fixture, RIGHTS_AUDIT, of_entry, "没有符合条件的留痕", true);
    g_auto(WebAnswer) looked = web_fixture_post(&fixture, RIGHTS_DISPATCHER, look, "");
    g_assert_cmpint(looked.status, ==, 200);
    expect_text(&fixture, RIGHTS_AUDIT, of_entry, "没有符合条件的留痕", false);
    expect_text(&fixture, RIGHTS_AUDIT, of_entry, ">entry.look<", true);
    expect_text(&fixture, RIGHTS_AUDIT, of_entry, ">entry.add<", false);
    expect_text(&fixture, RIGHTS_AUDIT, "/log?kind=entry.", ">entry.add<", true);
    expect_text(&fixture, RIGHTS_AUDIT, "/log?kind=entry.", ">unit.add<", false);
    expect_text(&fixture, RIGHTS_AUDIT, "/log?to=1999-12-31", "没有符合条件的留痕", true);
    g_auto(WebAnswer) unknown = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log?who=nobody");
    g_assert_cmpint(unknown.status, ==, 400);
    g_auto(WebAnswer) proof = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log/1/proof");
    g_assert_cmpint(proof.status, ==, 200);
    g_assert_nonnull(strstr(proof.body, "{\"seq\":1,\"event\":\"{"));
    g_assert_nonnull(strstr(proof.body, "tlog-proof"));
    g_auto(WebAnswer) point = web_fixture_get(&fixture, RIGHTS_AUDIT, "/checkpoint");
    g_assert_true(g_str_has_prefix(point.body, "shuzhi/"));
    web_fixture_close(&fixture);
}

static void test_charts(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received?period=2023",
                "/figure/cases_received/trend.svg?period=2023", true);
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received/trend.svg?period=2023", "<svg",
                true);
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received/trend.svg?period=2023&trend=month",
                "<svg", true);
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "第一件");
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received?period=2023", "本期尚未结束", true);
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received?period=2023", "起有记录", true);
    expect_text(&fixture, RIGHTS_CLERK, "/figure/cases_received?period=2010",
                "<td>2010</td><td>—</td>", true);
    g_auto(WebAnswer) odd = web_fixture_get(
        &fixture, RIGHTS_CLERK, "/figure/cases_received/trend.svg?period=2023-01-02..2023-01-05");
    g_assert_cmpint(odd.status, ==, 404);
    web_fixture_close(&fixture);
}

/* More groups than are shown are told of. */
static void test_many_groups(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int i = 0; i < 21; i++) {
        g_autofree char *form = g_strdup_printf(
            "f-title=班&f-begun_on=2023-06-01&f-away=yes&f-place=第%d处&f-kind=party", i);
        g_auto(WebAnswer) added =
            web_fixture_post(&fixture, RIGHTS_SECRETARY, "/ledger/training/add", form);
        g_assert_cmpint(added.status, ==, 303);
    }
    expect_text(&fixture, RIGHTS_SECRETARY, "/figure/training_by_place?period=2023",
                "只列前20组，共21组", true);
    web_fixture_close(&fixture);
}

static void test_handbook(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect_text(&fixture, RIGHTS_CLERK, "/help", "href=\"#ledger-case\"", true);
    expect_text(&fixture, RIGHTS_CLERK, "/help", "<a id=\"ledger-case\">", true);
    expect_text(&fixture, RIGHTS_CLERK, "/help", "href=\"#measure-cases_received\"", true);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/settings/change", test_change);
    test_store_each("/web/settings/factor", test_factor);
    test_store_each("/web/settings/factor-behind-door", test_factor_behind_door);
    test_store_each("/web/settings/language", test_language);
    test_store_each("/web/settings/verification", test_verification);
    test_store_each("/web/page-log/filters", test_log);
    test_store_each("/web/trend/charts", test_charts);
    test_store_each("/web/trend/many-groups", test_many_groups);
    test_store_on(STORE_SQLITE, "/web/page-help/contents", test_handbook);
    return g_test_run();
}
