/* Every figure, while one statement after the other fails: an error, never a wrong number. */
#include "measure-fixture.h"
#include "support/fault-statement.h"

typedef struct Trial {
    MeasureFixture *fixture;
    const SchemaMeasure *measure;
    Period period;
    FigureOptions options;
} Trial;

static bool evaluate(void *data, GError **error)
{
    const Trial *trial = data;
    g_autoptr(Figure) figure = figure_evaluate(trial->fixture->office, trial->fixture->reader,
                                               trial->fixture->base.console, trial->measure,
                                               &trial->period, &trial->options, error);
    return figure != NULL;
}

/* All at once, as a report does. */
static bool evaluate_all(void *data, GError **error)
{
    const Trial *trial = data;
    const GPtrArray *measures = office_schema(trial->fixture->office)->measures;
    g_autoptr(GPtrArray) figures = figures_evaluate(
        trial->fixture->office, trial->fixture->reader, trial->fixture->base.console,
        (const SchemaMeasure *const *)measures->pdata, measures->len, &trial->period,
        &trial->options, error);
    return figures != NULL;
}

static void fill(MeasureFixture *fixture)
{
    static const char *const visits[] = {"甲|是|1|2023-02-01", "甲|否||", NULL};
    int64_t unit = measure_fixture_unit(fixture, "一科", "section", NULL, NULL);
    g_assert_cmpint(unit, >, 0);
    measure_fixture_person(fixture, "甲", "yes", NULL, NULL);
    int64_t first = measure_fixture_add_rows(
        fixture, "matter", "visits", visits, "title", "一", "came", "2023-02-01 09:00", "kind",
        "big", "unit_of", "一科", "head", "甲", "cost", "5", "hours", "1.5", NULL);
    measure_fixture_add(fixture, "matter", "title", "二", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(fixture, first, "answer", "2023-02-03 09:00", "reply", "好", NULL);
    measure_fixture_add(fixture, "meeting", "title", "会", "held_on", "2023-04-01", "host", "一科",
                        "attended", "甲", NULL);
}

/* Take all readers that are left: what fails a helper is no failure, so there must be none. */
static GPtrArray *take_readers(Office *office)
{
    GPtrArray *taken = g_ptr_array_new_with_free_func((GDestroyNotify)store_reader_release);
    StoreConnection *reader = NULL;
    while ((reader = store_reader_try_acquire(office_store(office))) != NULL) {
        g_ptr_array_add(taken, reader);
    }
    return taken;
}

static void test_a_failing_statement_gives_no_number(const TestPlace *place)
{
    FIXTURE(f);
    fill(&f);
    const GPtrArray *measures = office_schema(f.office)->measures;
    Trial trial = {.fixture = &f};
    int n_failed = 0;
    g_assert_true(period_parse("2023", &trial.period, NULL));
    for (guint i = 0; i < measures->len; i++) {
        trial.measure = g_ptr_array_index(measures, i);
        for (int with_members = 0; with_members < 2; with_members++) {
            trial.options.with_members = with_members != 0;
            n_failed += fault_statement_sweep(trial.measure->name, evaluate, NULL, &trial);
        }
    }
    trial.options.with_members = false;
    g_autoptr(GPtrArray) taken = take_readers(f.office);
    g_assert_cmpint(fault_statement_sweep("all", evaluate_all, NULL, &trial), >, 10);
    g_assert_cmpint(n_failed, >=, (int)measures->len);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_statement_install();
    test_store_on(STORE_SQLITE, "/measure/broken/a-failing-statement-gives-no-number",
                  test_a_failing_statement_gives_no_number);
    return g_test_run();
}
