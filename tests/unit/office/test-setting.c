/* Settings: what they begin with, their bounds, that they stay, and that each change is an event.
 */
#include "office/setting.h"

#include "log/history.h"
#include "office/account.h"
#include "office/verify.h"
#include "support/test-office.h"

/* Change @setting as the console, which stands in for the system administrator. */
static bool change(TestOffice *fixture, OfficeSetting setting, int value, GError **error)
{
    return office_setting_change(fixture->office, fixture->console, &fixture->act, setting, value,
                                 error);
}

static int64_t n_events(TestOffice *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    int64_t size = 0;
    log_head(reader, &size, NULL, &error);
    g_assert_no_error(error);
    return size;
}

static void test_bounds(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    for (int i = 0; i < OFFICE_N_SETTINGS; i++) {
        OfficeSetting setting = (OfficeSetting)i;
        g_autoptr(GError) low = NULL;
        g_autoptr(GError) high = NULL;
        g_autoptr(GError) error = NULL;
        int beginning = office_setting(fixture.office, setting);
        g_assert_cmpint(beginning, >=, office_setting_min(setting));
        g_assert_false(change(&fixture, setting, office_setting_min(setting) - 1, &low));
        g_assert_true(error_is(low, SHUZHI_ERROR_INVALID));
        g_assert_false(change(&fixture, setting, office_setting_max(setting) + 1, &high));
        g_assert_cmpint(office_setting(fixture.office, setting), ==, beginning);
        change(&fixture, setting, office_setting_max(setting), &error);
        g_assert_no_error(error);
        g_assert_cmpint(office_setting(fixture.office, setting), ==, office_setting_max(setting));
    }
    test_office_close(&fixture);
}

/* What is the same already makes no event; the rest makes one, and a reopened office knows it. */
static void test_events(const TestPlace *place)
{
    TestOffice fixture;
    g_autoptr(GError) error = NULL;
    test_office_open(&fixture, place, NULL);
    int64_t before = n_events(&fixture);
    change(&fixture, OFFICE_IDLE_MINUTES, 30, &error);
    g_assert_cmpint(n_events(&fixture), ==, before);
    change(&fixture, OFFICE_IDLE_MINUTES, 45, &error);
    change(&fixture, OFFICE_IDLE_MINUTES, 60, &error);
    g_assert_no_error(error);
    g_assert_cmpint(n_events(&fixture), ==, before + 2);
    office_rename(fixture.office, fixture.console, &fixture.act, "  某县机关  ", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(office_name(fixture.office), ==, "某县机关");
    g_assert_cmpint(n_events(&fixture), ==, before + 3);
    g_assert_false(office_rename(fixture.office, fixture.console, &fixture.act, "  ", NULL));
    test_office_reopen(&fixture);
    g_assert_cmpint(office_setting(fixture.office, OFFICE_IDLE_MINUTES), ==, 60);
    g_assert_cmpstr(office_name(fixture.office), ==, "某县机关");
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/office/setting/bounds", test_bounds);
    test_store_each("/office/setting/events", test_events);
    return g_test_run();
}
