#include "web/counts.h"

#define NOW INT64_C(1700000000000000)

static void test_holds_while_nothing_happens(void)
{
    g_autoptr(WebCounts) counts = counts_new();
    int n = -1;
    g_assert_false(counts_find(counts, "a", 7, NOW, &n));
    counts_put(counts, "a", 7, NOW, 84);
    g_assert_true(counts_find(counts, "a", 7, NOW + COUNTS_US - 1, &n));
    g_assert_cmpint(n, ==, 84);
    n = -1;
    g_assert_false(counts_find(counts, "b", 7, NOW, &n));
    g_assert_false(counts_find(counts, "a", 8, NOW, &n)); /* an event later */
    g_assert_false(counts_find(counts, "a", 7, NOW + COUNTS_US, &n));
    g_assert_false(counts_find(counts, "a", 7, NOW - 1, &n)); /* a clock that was set back */
    g_assert_cmpint(n, ==, -1);
    counts_put(counts, "a", 8, NOW, 85);
    g_assert_true(counts_find(counts, "a", 8, NOW, &n));
    g_assert_cmpint(n, ==, 85);
}

static void test_does_not_grow_without_end(void)
{
    g_autoptr(WebCounts) counts = counts_new();
    int n = 0;
    for (int i = 0; i <= COUNTS_MAX; i++) {
        g_autofree char *key = g_strdup_printf("%d", i);
        counts_put(counts, key, 1, NOW, i);
    }
    g_assert_false(counts_find(counts, "0", 1, NOW, &n));
    g_assert_cmpint(n, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/counts/holds-while-nothing-happens", test_holds_while_nothing_happens);
    g_test_add_func("/web/counts/does-not-grow-without-end", test_does_not_grow_without_end);
    return g_test_run();
}
