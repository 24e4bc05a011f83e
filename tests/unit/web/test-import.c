/* Imports in the browser, as far as rights go: who brought a batch can take it back. */
#include "web-fixture.h"

/* Import one case of @unit as @role; returns the batch. */
static int64_t import_one(WebFixture *fixture, RightsRole role, const char *unit)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *form =
        g_strdup_printf("pasted=标题,收到时间,承办单位%%0A路灯不亮,2023-06-01,%s%%0A", unit);
    g_auto(WebAnswer) plan = web_fixture_post(fixture, role, "/ledger/case/import", form);
    g_assert_cmpint(plan.status, ==, 200);
    const char *file = strstr(plan.body, "name=\"file\" value=\"");
    g_assert_nonnull(file);
    g_autofree char *token = g_strndup(file + strlen("name=\"file\" value=\""), 24);
    g_autofree char *go = g_strconcat("file=", token, "&import=yes&again=yes", NULL);
    g_auto(WebAnswer) done = web_fixture_post(fixture, role, "/ledger/case/import", go);
    g_assert_cmpint(done.status, ==, 303);
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

static void test_undo_is_for_who_may_import_there(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int64_t own = import_one(&fixture, RIGHTS_CLERK, "综合科");
    int64_t below = import_one(&fixture, RIGHTS_HEAD, "综合组");
    int64_t beside = import_one(&fixture, RIGHTS_SECRETARY, "秘书科");
    undo(&fixture, RIGHTS_SUPERVISOR, own, 403);
    undo(&fixture, RIGHTS_CLERK, below, 403);
    undo(&fixture, RIGHTS_CLERK, beside, 403);
    undo(&fixture, RIGHTS_HEAD, beside, 403);
    g_assert_cmpint(n_entries(&fixture), ==, 3);
    undo(&fixture, RIGHTS_CLERK, own, 303);
    undo(&fixture, RIGHTS_CLERK, own, 409);
    undo(&fixture, RIGHTS_HEAD, below, 303);
    undo(&fixture, RIGHTS_SECRETARY, beside, 303);
    g_assert_cmpint(n_entries(&fixture), ==, 0);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/import/undo-is-for-who-may-import-there",
                    test_undo_is_for_who_may_import_there);
    return g_test_run();
}
