#include "base/source.h"

static void test_seed_replays(void)
{
    g_autoptr(Source) a = source_new_seeded(7, 1000);
    g_autoptr(Source) b = source_new_seeded(7, 1000);
    g_autoptr(Source) other = source_new_seeded(8, 1000);
    uint8_t from_a[100], from_b[100], from_other[100];
    source_random(a, from_a, sizeof from_a);
    source_random(b, from_b, 33); /* in other portions, the same bytes */
    source_random(b, from_b + 33, sizeof from_b - 33);
    source_random(other, from_other, sizeof from_other);
    g_assert_cmpmem(from_a, sizeof from_a, from_b, sizeof from_b);
    g_assert_cmpint(memcmp(from_a, from_other, sizeof from_a), !=, 0);
}

static void test_clock_stands_until_moved(void)
{
    g_autoptr(Source) source = source_new_seeded(1, 5);
    g_assert_cmpint(source_now_us(source), ==, 5);
    g_assert_cmpint(source_now_us(source), ==, 5);
    source_set_now_us(source, 6);
    g_assert_cmpint(source_now_us(source), ==, 6);
}

static void test_below_is_in_range_and_reaches_all(void)
{
    g_autoptr(Source) source = source_new_seeded(2, 0);
    bool has_come[7] = {false};
    for (int i = 0; i < 1000; i++) {
        uint32_t value = source_random_below(source, G_N_ELEMENTS(has_come));
        g_assert_cmpuint(value, <, G_N_ELEMENTS(has_come));
        has_come[value] = true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(has_come); i++) {
        g_assert_true(has_come[i]);
    }
    g_assert_cmpuint(source_random_below(source, 1), ==, 0);
}

static void test_system(void)
{
    Source *source = source_system();
    uint8_t a[300] = {0}, b[300] = {0}; /* more than one getrandom() call gives */
    source_random(source, a, sizeof a);
    source_random(source, b, sizeof b);
    g_assert_cmpint(memcmp(a, b, sizeof a), !=, 0);
    g_assert_cmpint(source_now_us(source), >, INT64_C(1700000000000000));
    source_free(source); /* does nothing */
    g_assert_cmpint(source_now_us(source), >, INT64_C(1700000000000000));
}

static void test_wall_is_the_clock_elsewhere(void)
{
    g_autoptr(Source) shifted = source_new_shifted(INT64_C(-365) * 86400 * G_USEC_PER_SEC);
    g_autoptr(Source) seeded = source_new_seeded(1, 1000);
    int64_t now_us = g_get_real_time();
    g_assert_cmpint(ABS(source_wall_us(shifted) - now_us), <, G_USEC_PER_SEC * INT64_C(60));
    g_assert_cmpint(source_now_us(shifted), <, now_us - INT64_C(364) * 86400 * G_USEC_PER_SEC);
    g_assert_cmpint(source_wall_us(seeded), ==, 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/source/seed-replays", test_seed_replays);
    g_test_add_func("/base/source/clock-stands-until-moved", test_clock_stands_until_moved);
    g_test_add_func("/base/source/below-is-in-range-and-reaches-all",
                    test_below_is_in_range_and_reaches_all);
    g_test_add_func("/base/source/system", test_system);
    g_test_add_func("/base/source/wall-is-the-clock-elsewhere", test_wall_is_the_clock_elsewhere);
    return g_test_run();
}
