#include "measure/tally.h"

static Value number(int64_t n)
{
    return value_number(n);
}

/* Return the value of @kind over the @n numbers at @numbers. */
static int64_t value_of(SchemaMeasureKind kind, const int64_t *numbers, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Tally) tally = tally_new(kind);
    bool has_value = false;
    int64_t value = 0;
    for (size_t i = 0; i < n; i++) {
        const Value amount = number(numbers[i]);
        tally_add(tally, &amount, &amount);
    }
    tally_value(tally, &has_value, &value, &error);
    g_assert_no_error(error);
    g_assert_true(has_value);
    g_assert_cmpint(tally_counted(tally), ==, n);
    return value;
}

#define VALUE_OF(kind, ...)                        \
    value_of(kind, (const int64_t[]){__VA_ARGS__}, \
             sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void test_values(void)
{
    g_assert_cmpint(VALUE_OF(SCHEMA_COUNT, 5, 5, 7), ==, 3);
    g_assert_cmpint(VALUE_OF(SCHEMA_DISTINCT, 5, 5, 7), ==, 2);
    g_assert_cmpint(VALUE_OF(SCHEMA_SUM, 5, 5, -7), ==, 3);
    g_assert_cmpint(VALUE_OF(SCHEMA_SUM, INT64_MAX, -1, 1), ==, INT64_MAX);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, 9), ==, 9);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, 9, 1, 5), ==, 5);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, 9, 1, 4, 5), ==, 5);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, -2, -1), ==, -1);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, INT64_MAX, INT64_MAX), ==, INT64_MAX);
    g_assert_cmpint(VALUE_OF(SCHEMA_MEDIAN, INT64_MIN, INT64_MAX), ==, 0);
}

static void test_empty_ones_count_for_nothing(void)
{
    g_autoptr(GError) error = NULL;
    const Value empty = VALUE_EMPTY;
    static const SchemaMeasureKind kinds[] = {SCHEMA_DISTINCT, SCHEMA_SUM, SCHEMA_MEDIAN};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Tally) tally = tally_new(kinds[i]);
        bool has_value = false;
        int64_t value = 7;
        tally_add(tally, &empty, &empty);
        tally_value(tally, &has_value, &value, &error);
        g_assert_no_error(error);
        g_assert_cmpint(value, ==, 0);
        g_assert_true(has_value == (kinds[i] == SCHEMA_DISTINCT));
        g_assert_cmpint(tally_blank(tally), ==, kinds[i] == SCHEMA_DISTINCT ? 0 : 1);
        g_assert_cmpint(tally_counted(tally), ==, 1);
    }
}

static void test_a_sum_too_large(void)
{
    const int64_t ends[] = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Tally) tally = tally_new(SCHEMA_SUM);
        const Value most = number(ends[i]);
        const Value more = number(ends[i] > 0 ? 1 : -1);
        bool has_value = false;
        int64_t value = 7;
        tally_add(tally, &most, &most);
        tally_add(tally, &more, &more);
        g_assert_false(tally_value(tally, &has_value, &value, &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_LIMIT);
        g_assert_cmpint(value, ==, 7);
    }
}

static bool stop(const Value *group, Tally *tally, void *data, GError **error)
{
    (*(int *)data)++;
    error_set(error, SHUZHI_ERROR_LIMIT, "the sum is too large to be written down");
    return false;
}

static bool go_on(const Value *group, Tally *tally, void *data, GError **error)
{
    (*(int *)data)++;
    return true;
}

static void test_groups_are_visited_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Tally) tally = tally_new(SCHEMA_COUNT);
    const Value empty = VALUE_EMPTY;
    int n_visits = 0;
    g_assert_true(tally_each_group(tally, stop, &n_visits, &error));
    g_assert_cmpint(n_visits, ==, 0);
    for (int i = 0; i < 10; i++) {
        const Value group = number(i % 3);
        tally_add_to_group(tally, &group, &empty, &empty);
    }
    g_assert_true(tally_each_group(tally, go_on, &n_visits, &error));
    g_assert_cmpint(n_visits, ==, 3);
    g_assert_cmpint(tally_counted(tally), ==, 10);
    g_assert_false(tally_each_group(tally, stop, &n_visits, &error));
    g_assert_cmpint(n_visits, ==, 4);
    tally_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/tally/values", test_values);
    g_test_add_func("/measure/tally/empty-ones-count-for-nothing",
                    test_empty_ones_count_for_nothing);
    g_test_add_func("/measure/tally/a-sum-too-large", test_a_sum_too_large);
    g_test_add_func("/measure/tally/groups-are-visited-once", test_groups_are_visited_once);
    return g_test_run();
}
