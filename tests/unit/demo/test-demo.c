#include "demo/demo.h"
#include "office/account.h"
#include "office/person.h"
#include "office/unit.h"
#include "support/test-store.h"

#define TEST_MARCH_US INT64_C(1677600000000000) /* 2023-03-01 00:00 in Shanghai */

static Office *make(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
    const DemoPlan plan = {.year = 2023, .seed = 1};
    g_autofree char *location = g_build_filename(place->folder, "office", NULL);
    demo_create(location, &plan, &error);
    g_assert_no_error(error);
    Office *office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
    return office;
}

static guint count_units(StoreConnection *reader, Date date)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) units = office_unit_list(reader, date, &error);
    g_assert_no_error(error);
    return units->len;
}

static guint count_people(StoreConnection *reader, Date date)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = office_person_list(reader, date, &error);
    g_assert_no_error(error);
    return people->len;
}

static void check_organisation(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_units(reader, date_from_ymd(2023, 1, 10)), ==, 20);
    g_assert_cmpuint(count_units(reader, date_from_ymd(2023, 6, 15)), ==, 21);
    g_assert_cmpuint(count_people(reader, date_from_ymd(2023, 1, 10)), ==, 58);
    g_assert_cmpuint(count_people(reader, date_from_ymd(2023, 12, 31)), ==, 58);
}

static void check_count(Office *office, const char *from, int64_t expected)
{
    g_autofree char *sql = g_strconcat("SELECT count(*) FROM ", from, NULL);
    g_test_message("%s", from);
    g_assert_cmpint(test_store_int(office_store(office), sql), ==, expected);
}

/* Check that @expected entries have a file for @rule. */
static void check_files(Office *office, const char *rule, int64_t expected)
{
    g_autofree char *from =
        g_strdup_printf("(SELECT DISTINCT entry_id FROM link WHERE kind = 'evidence' AND field = "
                        "'%s') AS proved",
                        rule);
    check_count(office, from, expected);
}

/* What the report of the year rests on, counted without the program's measures. */
static void check_year(Office *office)
{
    check_count(office, "ledger_case", 86);
    check_count(office, "ledger_case WHERE f_replied_at IS NOT NULL", 84);
    check_count(office, "ledger_study WHERE f_kind = 'law'", 16);
    check_count(office, "ledger_pledge", 28);
    check_count(office, "ledger_decision WHERE f_meeting IS NOT NULL", 12);
    check_count(office, "ledger_problem WHERE f_source = 'self'", 10);
    check_count(office, "ledger_problem WHERE f_source = 'self' AND f_done_on IS NOT NULL", 9);
    check_count(office, "ledger_award WHERE f_kind = 'member'", 11);
    check_count(office, "ledger_meeting WHERE f_kind = 'analysis'", 4);
    check_count(office, "step WHERE name = 'name_activist' AND happened >= 1672502400000000", 3);
    check_count(office, "ledger_career WHERE f_kind = 'promoted'", 5);
    check_files(office, "scene", 84);   /* of each request that was answered */
    check_files(office, "minutes", 12); /* of each decision */
    check_files(office, "sheet", 2);
}

/* The supervisor and the dispatcher were secretaries beside, so that nobody could try either role.
 */
static void check_roles(Office *office)
{
    static const char *const names[] = {"demo-supervisor", "demo-dispatcher", "demo-secretary",
                                        "demo-clerk-1", "demo-head-1"};
    static const RightsRole roles[] = {RIGHTS_SUPERVISOR, RIGHTS_DISPATCHER, RIGHTS_SECRETARY,
                                       RIGHTS_CLERK, RIGHTS_HEAD};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
        g_autoptr(OfficeAccount) account = office_account_find(reader, names[i], &error);
        g_autoptr(RightsSubject) subject = rights_subject_account(office, account->id, &error);
        g_assert_no_error(error);
        bool has_it = false;
        for (guint j = 0; j < subject->holds->len; j++) {
            const RightsHold *hold = g_ptr_array_index(subject->holds, j);
            g_assert_true(hold->role == roles[i] || hold->role == RIGHTS_STAFF);
            has_it = has_it || hold->role == roles[i];
        }
        g_assert_true(has_it);
    }
}

/* A title is read by whoever may not see who it is about. */
static void check_titles(Office *office)
{
    g_assert_cmpint(test_store_int(office_store(office),
                                   "SELECT count(*) FROM entry e JOIN person p ON e.title LIKE '%'"
                                   " || p.name || '%' WHERE e.ledger = 'development'"),
                    ==, 0);
}

static void test_demo(const TestPlace *place)
{
    g_autoptr(Office) office = make(place);
    check_organisation(office);
    check_year(office);
    check_roles(office);
    check_titles(office);
}

static void test_years(void)
{
    g_autoptr(GError) error = NULL;
    const DemoPlan plan = {.year = 1999, .seed = 1};
    g_assert_false(demo_create("/nowhere", &plan, &error));
    test_assert_error(error, INVALID, "1999");
}

/* A demo of the running year stops at today: users are refused what lies in the future. */
static void test_nothing_lies_in_the_future(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
    g_autofree char *location = g_build_filename(place->folder, "office", NULL);
    DemoPlan plan = {.year = 2023, .seed = 1, .until_us = TEST_MARCH_US};
    demo_create(location, &plan, &error);
    g_assert_no_error(error);
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(test_store_int(office_store(office), "SELECT max(at) FROM event"), <=,
                    TEST_MARCH_US);
    g_assert_cmpint(test_store_int(office_store(office), "SELECT count(*) FROM ledger_case"), >, 5);
    plan.year = 2024;
    g_assert_false(demo_create(location, &plan, &error));
    test_assert_error(error, INVALID, "2024 would lie in the future");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/demo/demo/years", test_years);
    test_store_on(STORE_SQLITE, "/demo/demo/year-of-records", test_demo);
    test_store_on(STORE_SQLITE, "/demo/demo/nothing-lies-in-the-future",
                  test_nothing_lies_in_the_future);
    return g_test_run();
}
