#include "web/known.h"

#define NOW INT64_C(1700000000000000)

static void put(WebKnown *kept, const char *key, int64_t size, int n)
{
    int *object = g_atomic_rc_box_new(int);
    *object = n;
    known_put(kept, key, size, NOW, object, NULL, sizeof *object);
    g_atomic_rc_box_release(object);
}

/* Return the number at @key; -1: none. */
static int find(WebKnown *kept, const char *key, int64_t size, int64_t now_us)
{
    int *object = known_find(kept, key, size, now_us);
    int n = object != NULL ? *object : -1;
    g_clear_pointer(&object, g_atomic_rc_box_release);
    return n;
}

static void test_holds_while_nothing_happens(void)
{
    g_autoptr(WebKnown) kept = known_new();
    g_assert_cmpint(find(kept, "a", 7, NOW), ==, -1);
    put(kept, "a", 7, 84);
    g_assert_cmpint(find(kept, "a", 7, NOW + KNOWN_US - 1), ==, 84);
    g_assert_cmpint(find(kept, "b", 7, NOW), ==, -1);
    g_assert_cmpint(find(kept, "a", 8, NOW), ==, -1); /* an event later */
    g_assert_cmpint(find(kept, "a", 7, NOW + KNOWN_US), ==, -1);
    g_assert_cmpint(find(kept, "a", 7, NOW - 1), ==, -1); /* a clock that was set back */
    put(kept, "a", 8, 85);
    g_assert_cmpint(find(kept, "a", 8, NOW), ==, 85);
}

static void test_does_not_grow_without_end(void)
{
    g_autoptr(WebKnown) kept = known_new();
    for (int i = 0; i <= KNOWN_MAX; i++) {
        g_autofree char *key = g_strdup_printf("%d", i);
        put(kept, key, 1, i);
    }
    g_assert_cmpint(find(kept, "0", 1, NOW), ==, -1);
    g_assert_cmpint(find(kept, "10000", 1, NOW), ==, KNOWN_MAX);
}

static void count_clear(gpointer object)
{
    (**(int **)object)++;
}

static void put_large(WebKnown *kept, const char *key, int *n_cleared, size_t n_bytes)
{
    int **object = g_atomic_rc_box_new(int *);
    *object = n_cleared;
    known_put(kept, key, 1, NOW, object, count_clear, n_bytes);
    g_atomic_rc_box_release_full(object, count_clear);
}

/* What is in use when all goes is freed by who uses it. */
static void test_weighs_what_it_keeps(void)
{
    g_autoptr(WebKnown) kept = known_new();
    int n_cleared = 0;
    put_large(kept, "a", &n_cleared, KNOWN_MAX_BYTES / 2);
    put_large(kept, "b", &n_cleared, KNOWN_MAX_BYTES / 2);
    g_assert_cmpint(n_cleared, ==, 0);
    int **held = known_find(kept, "a", 1, NOW);
    g_assert_nonnull(held);
    put_large(kept, "c", &n_cleared, 1);
    g_assert_cmpint(n_cleared, ==, 1);
    g_assert_null(known_find(kept, "a", 1, NOW));
    g_atomic_rc_box_release_full(held, count_clear);
    g_assert_cmpint(n_cleared, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/known/holds-while-nothing-happens", test_holds_while_nothing_happens);
    g_test_add_func("/web/known/does-not-grow-without-end", test_does_not_grow_without_end);
    g_test_add_func("/web/known/weighs-what-it-keeps", test_weighs_what_it_keeps);
    return g_test_run();
}
