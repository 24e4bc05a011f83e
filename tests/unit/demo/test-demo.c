#include "demo/demo.h"
#include "office/person.h"
#include "office/unit.h"
#include "support/test-store.h"

static void make(const TestPlace *place, uint64_t seed, Office **ret_office)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
    const DemoPlan plan = {.year = 2023, .seed = seed};
    g_autofree char *location = g_build_filename(place->folder, "office", NULL);
    demo_create(location, &plan, &error);
    g_assert_no_error(error);
    *ret_office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
}

static guint count_units(Office *office, Date date)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) units = office_unit_list(reader, date, &error);
    g_assert_no_error(error);
    return units->len;
}

static guint count_people(Office *office, Date date)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) people = office_person_list(reader, date, &error);
    g_assert_no_error(error);
    return people->len;
}

static void test_organisation(const TestPlace *place)
{
    g_autoptr(Office) office = NULL;
    make(place, 1, &office);
    g_assert_cmpuint(count_units(office, date_from_ymd(2023, 1, 10)), ==, 20);
    g_assert_cmpuint(count_units(office, date_from_ymd(2023, 6, 15)), ==, 21);
    g_assert_cmpuint(count_people(office, date_from_ymd(2023, 1, 10)), ==, 58);
    g_assert_cmpuint(count_people(office, date_from_ymd(2023, 12, 31)), ==, 58);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/demo/organisation", test_organisation);
    return g_test_run();
}
