#include "ledger/former.h"

#include "ledger-fixture.h"
#include "office/person.h"
#include "office/unit.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

static void rename_unit(LedgerFixture *f, int64_t id, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(OfficeUnit) unit = office_unit_load(reader, id, &error);
    g_assert_no_error(error);
    g_free(unit->name);
    unit->name = g_strdup(name);
    office_unit_change(f->office, f->base.console, &f->base.act, unit, &error);
    g_assert_no_error(error);
}

static void rename_person(LedgerFixture *f, int64_t id, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(OfficePerson) person = office_person_load(reader, id, &error);
    g_assert_no_error(error);
    g_free(person->name);
    person->name = g_strdup(name);
    office_person_change(f->office, f->base.console, &f->base.act, person, &error);
    g_assert_no_error(error);
}

/* A name that was somebody's once is theirs, as long as it was one's alone, and they were there. */
static void test_names_of_before(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    Date day = date_from_ymd(2023, 5, 6);
    ledger_fixture_open(&f, place);
    rename_unit(&f, f.unit_a, "信访一科");
    rename_unit(&f, f.unit_a, "甲科"); /* and back: one bearer, twice */
    rename_unit(&f, f.unit_a, "信访科");
    rename_unit(&f, f.unit_b, "甲科"); /* now several bore it */
    rename_person(&f, f.zhang, "章三");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerFormer) units = ledger_former_units(reader, &error);
    g_assert_no_error(error);
    g_autoptr(LedgerFormer) people = ledger_former_people(reader, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_former_find(units, "信访一科", day), ==, f.unit_a);
    g_assert_cmpint(ledger_former_find(units, "信访科", day), ==, f.unit_a);
    g_assert_cmpint(ledger_former_find(units, "乙科", day), ==, f.unit_b);
    g_assert_cmpint(ledger_former_find(units, "甲科", day), ==, 0);
    g_assert_cmpint(ledger_former_find(units, "丙科", day), ==, 0);
    g_assert_cmpint(ledger_former_find(people, "张三", day), ==, f.zhang);
    g_assert_cmpint(ledger_former_find(people, "章三", day), ==, f.zhang);
}

/* Of two who bore a name, the one who was there on the day is meant. */
static void test_who_was_there(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    OfficePerson gone = {.name = (char *)"王五",
                         .since = date_from_ymd(2019, 1, 1),
                         .until = date_from_ymd(2020, 12, 31)};
    OfficePerson come = {
        .name = (char *)"王五", .since = date_from_ymd(2022, 1, 1), .until = DATE_NONE};
    int64_t first = 0, second = 0;
    office_person_add(f.office, f.base.console, &f.base.act, &gone, &first, &error);
    g_assert_no_error(error);
    office_person_add(f.office, f.base.console, &f.base.act, &come, &second, &error);
    g_assert_no_error(error);
    rename_person(&f, second, "王武");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerFormer) people = ledger_former_people(reader, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_former_find(people, "王五", date_from_ymd(2020, 5, 6)), ==, first);
    g_assert_cmpint(ledger_former_find(people, "王五", date_from_ymd(2021, 5, 6)), ==, 0);
    g_assert_cmpint(ledger_former_find(people, "王五", date_from_ymd(2023, 5, 6)), ==, second);
    g_assert_cmpint(ledger_former_find(people, "王五", DATE_NONE), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/former/names-of-before", test_names_of_before);
    test_store_each("/ledger/former/who-was-there", test_who_was_there);
    return g_test_run();
}
