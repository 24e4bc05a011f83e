#include "ledger/view.h"

#include "ledger-fixture.h"
#include "ledger/verify.h"
#include "office/key.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define FIXTURE(f)                 \
    g_auto(LedgerFixture) f = {0}; \
    ledger_fixture_open(&(f), place)

static bool save(LedgerFixture *f, const RightsSubject *subject, bool is_shared, const char *name,
                 const char *query, GError **error)
{
    const LedgerView view = {.is_shared = is_shared,
                             .ledger = (char *)"task",
                             .name = (char *)name,
                             .query = (char *)query};
    return ledger_view_save(f->office, subject, &f->base.act, &view, error);
}

/* Return "name?query" of each view of @ledger that @subject sees. */
static char *list(LedgerFixture *f, const RightsSubject *subject, const char *ledger)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(GPtrArray) views = ledger_view_list(reader, subject, ledger, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < views->len; i++) {
        const LedgerView *view = g_ptr_array_index(views, i);
        g_string_append_printf(out, "%s%s%s?%s", i > 0 ? " " : "", view->is_shared ? "*" : "",
                               view->name, view->query);
    }
    return g_string_free(out, false);
}

static void assert_list(LedgerFixture *f, const RightsSubject *subject, const char *expected)
{
    g_autofree char *all = list(f, subject, NULL);
    g_autofree char *of_ledger = list(f, subject, "task");
    g_autofree char *of_other = list(f, subject, "other");
    g_assert_cmpstr(all, ==, expected);
    g_assert_cmpstr(of_ledger, ==, expected);
    g_assert_cmpstr(of_other, ==, "");
}

static void test_an_own_view_is_its_makers(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) zhang = ledger_fixture_subject("account:3", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) li = ledger_fixture_subject("account:4", RIGHTS_CLERK, f.unit_a);
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    g_assert_true(save(&f, zhang, false, " 逾期 ", "due=late", &error));
    g_assert_true(save(&f, zhang, false, "本月", "from=2023-05-01", &error));
    g_assert_true(save(&f, zhang, false, "逾期", "due=late&sort=due", &error));
    g_assert_true(save(&f, li, false, "逾期", "mine=1", &error));
    assert_list(&f, zhang, "逾期?due=late&sort=due 本月?from=2023-05-01");
    assert_list(&f, li, "逾期?mine=1");
    g_assert_false(ledger_view_rename(f.office, li, &f.base.act, false, 1, "我的逾期", &error));
    test_assert_error(error, NOT_FOUND, "there is no view 1");
    g_clear_error(&error);
    g_assert_false(ledger_view_remove(f.office, li, &f.base.act, false, 1, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    g_assert_false(ledger_view_rename(f.office, zhang, &f.base.act, false, 1, "本月", &error));
    test_assert_error(error, EXISTS, "there is a view '本月' already");
    g_clear_error(&error);
    g_assert_true(ledger_view_rename(f.office, zhang, &f.base.act, false, 1, "我的逾期", &error));
    g_assert_true(ledger_view_rename(f.office, zhang, &f.base.act, false, 1, "我的逾期", &error));
    g_assert_true(ledger_view_remove(f.office, zhang, &f.base.act, false, 2, &error));
    g_assert_no_error(error);
    assert_list(&f, zhang, "我的逾期?due=late&sort=due");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
}

static void assert_sound(LedgerFixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(LogReport) report = log_report_new();
    g_assert_true(office_sign(f->office, &error));
    g_autofree char *origin = office_key_origin(office_id(f->office));
    g_assert_true(log_verify(office_store(f->office), NULL, origin, office_public_key(f->office),
                             NULL, report, &error));
    g_assert_true(ledger_verify(f->office, reader, report, &error));
    g_assert_no_error(error);
    g_assert_cmpint(report->n_findings, ==, 0);
}

static void test_a_shared_view_is_in_the_log(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:3", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:4", RIGHTS_HEAD, f.unit_a);
    g_assert_false(save(&f, clerk, true, "逾期", "due=late", &error));
    test_assert_error(error, FORBIDDEN, NULL);
    g_clear_error(&error);
    g_assert_true(save(&f, head, true, "逾期", "due=late", &error));
    g_assert_true(save(&f, head, true, "逾期", "due=late", &error)); /* the same */
    g_assert_false(save(&f, head, true, "逾期", "due=soon", &error));
    test_assert_error(error, EXISTS, NULL);
    g_clear_error(&error);
    g_assert_true(save(&f, clerk, false, "逾期", "mine=1", &error));
    assert_list(&f, clerk, "*逾期?due=late 逾期?mine=1");
    int64_t id = ledger_fixture_int(&f, "SELECT id FROM shared_view");
    g_assert_false(ledger_view_remove(f.office, clerk, &f.base.act, true, id, &error));
    test_assert_error(error, FORBIDDEN, NULL);
    g_clear_error(&error);
    g_assert_true(ledger_view_rename(f.office, head, &f.base.act, true, id, "快到期", &error));
    g_assert_no_error(error);
    assert_sound(&f);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerView) view = ledger_view_load(reader, clerk, true, id, &error);
    g_assert_cmpstr(view->name, ==, "快到期");
    g_assert_true(ledger_view_remove(f.office, head, &f.base.act, true, id, &error));
    g_assert_false(ledger_view_remove(f.office, head, &f.base.act, true, id, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    assert_list(&f, clerk, "逾期?mine=1");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'view.add'"),
                    ==, 1);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'view.change'"),
                    ==, 1);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = 'view.remove'"),
                    ==, 1);
}

static void assert_refused(LedgerFixture *f, const RightsSubject *subject, const char *name,
                           const char *query, ErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(save(f, subject, false, name, query, &error));
    g_assert_true(error_is(error, code));
}

static void test_limits(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) zhang = ledger_fixture_subject("account:3", RIGHTS_CLERK, f.unit_a);
    g_autofree char *long_name = g_strnfill(LEDGER_VIEW_MAX_NAME_CHARS, 'n');
    g_autofree char *longer_name = g_strnfill(LEDGER_VIEW_MAX_NAME_CHARS + 1, 'n');
    g_autofree char *long_query = g_strnfill(LEDGER_VIEW_MAX_QUERY_BYTES, 'q');
    g_autofree char *longer_query = g_strnfill(LEDGER_VIEW_MAX_QUERY_BYTES + 1, 'q');
    assert_refused(&f, zhang, " ", "due=late", SHUZHI_ERROR_INVALID);
    assert_refused(&f, zhang, longer_name, "due=late", SHUZHI_ERROR_LIMIT);
    assert_refused(&f, zhang, "长", longer_query, SHUZHI_ERROR_LIMIT);
    g_assert_true(save(&f, zhang, false, long_name, long_query, &error));
    for (int i = 1; i < LEDGER_VIEW_MAX_VIEWS; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        g_assert_true(save(&f, zhang, false, name, "due=late", &error));
    }
    assert_refused(&f, zhang, "一个多", "due=late", SHUZHI_ERROR_LIMIT);
    g_assert_true(save(&f, zhang, false, "1", "due=soon", &error)); /* replaces one */
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/view/own", test_an_own_view_is_its_makers);
    test_store_each("/ledger/view/shared", test_a_shared_view_is_in_the_log);
    test_store_each("/ledger/view/limits", test_limits);
    return g_test_run();
}
