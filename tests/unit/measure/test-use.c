/* Where an entry is used: what each figure says of its members, asked from the entry's side. */
#include "measure/use.h"

#include "measure-fixture.h"

static bool names(const GPtrArray *uses, const char *measure)
{
    return schema_find(uses, measure) != NULL;
}

/* Return whether a member of @figure is @id and counts, or was found by the number @number. */
static bool is_in(const Figure *figure, int64_t id, const char *number)
{
    for (guint i = 0; i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        bool is_found = member->entries != NULL && g_ptr_array_find_with_equal_func(
                                                       member->entries, number, g_str_equal, NULL);
        bool is_of_entry = figure->measure->of.ledger != NULL && member->id == id;
        if (is_found || (is_of_entry && member->is_counted)) {
            return true;
        }
    }
    return false;
}

/* Compare the uses of @id in @period with the members of every figure; returns how many there are.
 */
static guint check(MeasureFixture *f, int64_t id, const char *period)
{
    Office *office = f->office;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(office, reader, id, &error);
    g_assert_no_error(error);
    Period read;
    g_assert_true(period_parse(period, &read, NULL));
    g_autoptr(GPtrArray) uses = figure_uses_of(office, reader, entry, &read, &error);
    g_assert_no_error(error);
    const GPtrArray *measures = office_schema(office)->measures;
    const FigureOptions options = {.with_members = true};
    for (guint i = 0; i < measures->len; i++) {
        const char *name = ((const SchemaMeasure *)g_ptr_array_index(measures, i))->name;
        g_autoptr(Figure) figure = measure_fixture_figure(f, name, period, &options);
        g_test_message("%s of %s", name, entry->number);
        g_assert_cmpint(names(uses, name), ==, is_in(figure, id, entry->number));
    }
    return uses->len;
}

static void test_uses_are_members(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    int64_t big = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00",
                                      "kind", "big", NULL);
    int64_t open =
        measure_fixture_add(&f, "matter", "title", "乙", "came", "2022-12-31 09:00", NULL);
    int64_t meeting = measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-05-06",
                                          "kind", "study", "host", "甲科", NULL);
    measure_fixture_step(&f, big, "answer", "2023-03-02 10:00", "reply", "好", NULL);
    g_assert_cmpuint(check(&f, big, "2023"), >, check(&f, open, "2023"));
    g_assert_cmpuint(check(&f, big, "2022"), ==, 0);
    g_assert_cmpuint(check(&f, open, "2022"), >, 0);
    g_assert_cmpuint(check(&f, meeting, "2023"), >, 2);
    g_assert_cmpuint(check(&f, meeting, "2023Q1"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/use/uses-are-members", test_uses_are_members);
    return g_test_run();
}
