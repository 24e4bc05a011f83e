/* What an act has done is told on the page that follows, once, to who did it. */
#include "web-fixture.h"

static void test_told_once_there(void)
{
    g_autoptr(WebNotices) notices = notices_new();
    notices_put(notices, "s", "/entry/1", "Recorded.", 0);
    g_assert_null(notices_take(notices, "t", "/entry/1", 1));
    g_assert_null(notices_take(notices, "s", "/entry/2", 1));
    g_autofree char *told = notices_take(notices, "s", "/entry/1", NOTICE_US - 1);
    g_assert_cmpstr(told, ==, "Recorded.");
    g_assert_null(notices_take(notices, "s", "/entry/1", 1));
    notices_put(notices, "s", "/entry/1", "Recorded.", 0);
    g_assert_null(notices_take(notices, "s", "/entry/1", NOTICE_US));
}

static void test_memory_has_an_end(void)
{
    g_autoptr(WebNotices) notices = notices_new();
    for (int i = 0; i <= NOTICE_MAX; i++) {
        g_autofree char *session = g_strdup_printf("%d", i);
        notices_put(notices, session, "/", "Done.", 0);
    }
    g_autofree char *last = notices_take(notices, G_STRINGIFY(NOTICE_MAX), "/", 1);
    g_assert_cmpstr(last, ==, "Done.");
    g_assert_null(notices_take(notices, "0", "/", 1));
}

static bool says(const WebAnswer *answer, const char *text)
{
    const char *at = strstr(answer->body, "role=\"status\">");
    return at != NULL && g_str_has_prefix(at + strlen("role=\"status\">"), text);
}

/* Send @form to @target, and return the page that the answer leads to. */
static WebAnswer follow(WebFixture *fixture, RightsRole role, const char *target, const char *form)
{
    g_auto(WebAnswer) sent = web_fixture_post(fixture, role, target, form);
    g_assert_cmpint(sent.status, ==, 303);
    return web_fixture_get(fixture, role, sent.location);
}

/* The number goes on the paper slip, and nothing showed it. */
static void test_recorded(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *form = "f-title=路灯&f-received_at=2023-06-01&f-handler=综合科";
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", form);
    g_assert_cmpint(sent.status, ==, 303);
    static const char *const script[] = {"X-Requested-With", "XMLHttpRequest", NULL};
    g_auto(WebAnswer) followed = web_fixture_ask(&fixture, fixture.tokens[RIGHTS_CLERK], HTTP_GET,
                                                 sent.location, script, NULL);
    g_assert_false(says(&followed, "已登记"));
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_true(says(&page, "已登记，编号"));
    g_auto(WebAnswer) again = web_fixture_get(&fixture, RIGHTS_CLERK, sent.location);
    g_assert_false(says(&again, "已登记"));
    g_autofree char *next = g_strconcat(form, "&next=yes", NULL);
    g_auto(WebAnswer) added = follow(&fixture, RIGHTS_CLERK, "/ledger/case/add", next);
    g_assert_true(says(&added, "已登记，编号"));
    g_assert_nonnull(strstr(added.body, "name=\"f-title\" type=\"text\" value=\"\""));
    web_fixture_close(&fixture);
}

static void test_corrected(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *target = g_strconcat("/entry/", number, "/change", NULL);
    g_auto(WebAnswer) same = follow(&fixture, RIGHTS_CLERK, target, "version=1&f-title=路灯");
    g_assert_true(says(&same, "没有改动"));
    g_auto(WebAnswer) other = follow(&fixture, RIGHTS_CLERK, target, "version=1&f-title=路灯不亮");
    g_assert_true(says(&other, "已更正"));
    web_fixture_close(&fixture);
}

/* Whose password was reset was locked out without a word. */
static void test_reset(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *target =
        g_strdup_printf("/accounts/%" G_GINT64_FORMAT "/reset", fixture.accounts[RIGHTS_CLERK]);
    g_auto(WebAnswer) page = follow(&fixture, RIGHTS_SYSTEM, target,
                                    "own=" WEB_FIXTURE_PASSWORD "&password=Another-4711-one");
    g_assert_true(says(&page, "clerk的密码已重设"));
    g_assert_nonnull(strstr(page.body, "待安全管理员重新启用"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/notice/told-once-there", test_told_once_there);
    g_test_add_func("/web/notice/memory-has-an-end", test_memory_has_an_end);
    test_store_each("/web/notice/recorded", test_recorded);
    test_store_each("/web/notice/corrected", test_corrected);
    test_store_each("/web/notice/reset", test_reset);
    return g_test_run();
}
