/* Figures that are kept: right at the size of the log at which they were asked for, and never
 * later. */
#include "measure/cache.h"

#include "measure-fixture.h"

#define N_THREADS 8
#define N_ROUNDS 200

/* A fixture whose figures are kept. */
typedef struct Keeping {
    MeasureFixture *fixture;
    FigureCache *cache;
} Keeping;

static Figure *ask(const Keeping *keeping, const char *name, const char *text)
{
    const FigureOptions options = {.cache = keeping->cache};
    MeasureFixture *f = keeping->fixture;
    g_autoptr(GError) error = NULL;
    Period period;
    const SchemaMeasure *measure = figure_find_measure(f->office, name, &error);
    g_assert_no_error(error);
    g_assert_true(period_parse(text, &period, NULL));
    Figure *figure =
        figure_evaluate(f->office, f->reader, f->base.console, measure, &period, &options, &error);
    g_assert_no_error(error);
    return figure;
}

static void add_matter(MeasureFixture *f, const char *came)
{
    measure_fixture_add(f, "matter", "title", "事", "came", came, "kind", "big", NULL);
}

/* The present of a year that runs is kept for some seconds: the figure says of which. */
static void test_kept_until_something_happens(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    const Keeping keeping = {&f, cache};
    add_matter(&f, "2023-03-01 09:00");
    g_autoptr(Figure) first = ask(&keeping, "received", "2023");
    test_office_wait(&f.base, 1000000);
    g_autoptr(Figure) second = ask(&keeping, "received", "2023");
    g_assert_cmpint(second->cutoff_us, ==, first->cutoff_us);
    g_assert_cmpstr(second->text, ==, "1件");
    test_office_wait(&f.base, FIGURE_CACHE_US);
    g_autoptr(Figure) third = ask(&keeping, "received", "2023");
    g_assert_cmpint(third->cutoff_us, >, first->cutoff_us);
    add_matter(&f, "2023-03-02 09:00");
    g_autoptr(Figure) fourth = ask(&keeping, "received", "2023");
    g_assert_cmpstr(fourth->text, ==, "2件");
    g_autoptr(Figure) other = ask(&keeping, "received", "2022");
    g_assert_cmpstr(other->text, ==, "0件");
}

/* What is given out is a copy, with all its parts. */
static void test_copies(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    const Keeping keeping = {&f, cache};
    measure_fixture_unit(&f, "甲科", "section", "2020-01-01", NULL);
    add_matter(&f, "2023-03-01 09:00");
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-03-01", NULL);
    for (int i = 0; i < 2; i++) {
        g_autoptr(Figure) groups = ask(&keeping, "hours_by_kind", "2023");
        g_autoptr(Figure) names = ask(&keeping, "units_met", "2023");
        const FigureGroup *group = g_ptr_array_index(groups->groups, 0);
        g_assert_cmpuint(groups->groups->len, ==, 1);
        g_assert_cmpstr(group->key, ==, "big");
        g_assert_nonnull(strstr(names->sentence, "甲科"));
        g_clear_pointer(&names->sentence, g_free);
    }
}

static void free_hold(gpointer hold)
{
    g_array_unref(((RightsHold *)hold)->subtree);
    g_free(hold);
}

/* What a sentence names is what its reader may see, whoever asked first. */
static void test_kept_for_who_sees_as_much(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_add(&f, "matter", "title", "彼", "came", "2023-03-01 09:00", NULL);
    RightsHold *hold = g_new0(RightsHold, 1);
    *hold = (RightsHold){
        .role = RIGHTS_CLERK, .unit = unit, .subtree = g_array_new(false, false, sizeof(int64_t))};
    g_autoptr(GPtrArray) holds = g_ptr_array_new_with_free_func(free_hold);
    g_ptr_array_add(holds, hold);
    const RightsSubject clerk = {.actor = (char *)"account:1", .holds = holds};
    const Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const struct {
        const RightsSubject *subject;
        const char *language;
        const char *measure;
        const char *said; /* as a sentence, or as a value */
    } readers[] = {
        {f.base.console, "zh", "all_answered", "1件中已答复0件，其余1件（彼）正在办理"},
        {&clerk, "zh", "all_answered", "1件中已答复0件，其余1件正在办理"},
        {f.base.console, "zh", "received_near", "1件"},
        {f.base.console, "en", "received_near", "1 matter"},
    };
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(readers); i++) {
        g_autoptr(GError) error = NULL;
        const FigureOptions options = {.cache = cache,
                                       .language = readers[i % G_N_ELEMENTS(readers)].language};
        const SchemaMeasure *measure =
            figure_find_measure(f.office, readers[i % G_N_ELEMENTS(readers)].measure, &error);
        g_autoptr(Figure) figure =
            figure_evaluate(f.office, f.reader, readers[i % G_N_ELEMENTS(readers)].subject, measure,
                            &year, &options, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(figure->sentence != NULL ? figure->sentence : figure->text, ==,
                        readers[i % G_N_ELEMENTS(readers)].said);
    }
}

/* ---- questions and promises ------------------------------------------------------------------ */

static GPtrArray *answer(int64_t total)
{
    GPtrArray *figures = g_ptr_array_new_with_free_func((GDestroyNotify)figure_free);
    Figure *figure = g_new0(Figure, 1);
    figure->total = total;
    g_ptr_array_add(figures, figure);
    return figures;
}

static int64_t total_of(GPtrArray *figures)
{
    int64_t total = ((const Figure *)g_ptr_array_index(figures, 0))->total;
    g_ptr_array_unref(figures);
    return total;
}

static void test_older_snapshot(void)
{
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    const FigureQuestion old = {.key = "k", .size = 4};
    const FigureQuestion new = {.key = "k", .size = 5};
    g_autoptr(GPtrArray) five = answer(5);
    bool is_mine = false;
    g_assert_null(figure_cache_take(cache, &new, &is_mine));
    g_assert_true(is_mine);
    g_assert_null(figure_cache_take(cache, &old, &is_mine)); /* does not wait for another state's */
    g_assert_false(is_mine);
    figure_cache_put(cache, &new, five);
    g_assert_null(figure_cache_take(cache, &old, &is_mine));
    g_assert_false(is_mine);
    g_assert_cmpint(total_of(figure_cache_take(cache, &new, &is_mine)), ==, 5);
}

/* A promise that is not kept is another's turn. */
static void test_broken_promise(void)
{
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    const FigureQuestion question = {.key = "k", .size = 4};
    bool is_mine = false;
    g_assert_null(figure_cache_take(cache, &question, &is_mine));
    figure_cache_put(cache, &question, NULL);
    g_assert_null(figure_cache_take(cache, &question, &is_mine));
    g_assert_true(is_mine);
    figure_cache_put(cache, &question, NULL);
}

/* What hangs holds up nobody else for ever; what comes of it late is kept all the same. */
static void test_endless_promise(void)
{
    g_autoptr(FigureCache) cache = figure_cache_new(1);
    const FigureQuestion question = {.key = "k", .size = 4};
    g_autoptr(GPtrArray) late = answer(4);
    bool is_mine = false;
    g_assert_null(figure_cache_take(cache, &question, &is_mine));
    g_assert_true(is_mine);
    g_assert_null(figure_cache_take(cache, &question, &is_mine)); /* there is no end of it yet */
    g_assert_false(is_mine);
    figure_cache_put(cache, &question, late);
    g_assert_cmpint(total_of(figure_cache_take(cache, &question, &is_mine)), ==, 4);
}

static void test_no_more_than_fit(void)
{
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    g_autoptr(GPtrArray) one = answer(1);
    for (int i = 0; i < 3 * FIGURE_CACHE_MAX; i++) {
        g_autofree char *key = g_strdup_printf("k%d", i);
        const FigureQuestion question = {.key = key, .size = 1};
        bool is_mine = false;
        g_assert_null(figure_cache_take(cache, &question, &is_mine));
        g_assert_true(is_mine);
        figure_cache_put(cache, &question, one);
        g_assert_cmpint(total_of(figure_cache_take(cache, &question, &is_mine)), ==, 1);
    }
}

/* Ask for what changes all the time; each answer belongs to the size asked for. */
static gpointer ask_often(gpointer data)
{
    FigureCache *cache = data;
    for (int i = 0; i < N_ROUNDS; i++) {
        const FigureQuestion question = {.key = "k", .size = i / 4};
        bool is_mine = false;
        GPtrArray *figures = figure_cache_take(cache, &question, &is_mine);
        if (figures != NULL) {
            g_assert_cmpint(total_of(figures), ==, question.size);
        }
        if (is_mine) {
            g_autoptr(GPtrArray) found = answer(question.size);
            figure_cache_put(cache, &question, i % 7 == 0 ? NULL : found);
        }
    }
    return NULL;
}

static void test_many_at_once(void)
{
    g_autoptr(FigureCache) cache = figure_cache_new(FIGURE_CACHE_WAIT_US);
    GThread *threads[N_THREADS];
    for (int i = 0; i < N_THREADS; i++) {
        threads[i] = g_thread_new("ask", ask_often, cache);
    }
    for (int i = 0; i < N_THREADS; i++) {
        g_thread_join(threads[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/cache/kept", test_kept_until_something_happens);
    test_store_each("/measure/cache/copies", test_copies);
    test_store_each("/measure/cache/kept-for-who-sees-as-much", test_kept_for_who_sees_as_much);
    g_test_add_func("/measure/cache/older-snapshot", test_older_snapshot);
    g_test_add_func("/measure/cache/broken-promise", test_broken_promise);
    g_test_add_func("/measure/cache/endless-promise", test_endless_promise);
    g_test_add_func("/measure/cache/limit", test_no_more_than_fit);
    g_test_add_func("/measure/cache/threads", test_many_at_once);
    return g_test_run();
}
