#include "base/late.h"

#include <math.h>

#include "base/error.h"

#define ROUNDINGS(F) F(ceil) F(floor)
#define ABSENT(F) F(ceil) F(abs_of_nothing)

double abs_of_nothing(double value);

static const char *const names[] = {ROUNDINGS(LATE_NAME)};
static struct {
    ROUNDINGS(LATE_POINTER)
} rounding;

/* Functions are found under their names, each in its own place, and once is enough. */
static void test_functions(void)
{
    LateLibrary library = LATE_LIBRARY("libm.so.6", "libc6", names, &rounding);
    g_autoptr(GError) error = NULL;
    g_assert_true(late_load(&library, &error));
    g_assert_true(late_load(&library, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(rounding.ceil(1.5), ==, 2);
    g_assert_cmpfloat(rounding.floor(1.5), ==, 1);
}

static void check_refused(LateLibrary *library)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(late_load(library, &error));
    g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_UNAVAILABLE);
    g_assert_nonnull(strstr(error->message, library->file));
    g_assert_nonnull(strstr(error->message, library->package));
}

/* A machine without the library, and one with a library that lacks a function. */
static void test_refusals(void)
{
    static const char *const wanted[] = {ABSENT(LATE_NAME)};
    struct {
        ABSENT(LATE_POINTER)
    } found = {NULL, NULL};
    LateLibrary missing = LATE_LIBRARY("libshuzhi-has-none.so.7", "none", wanted, &found);
    LateLibrary older = LATE_LIBRARY("libm.so.6", "libc6", wanted, &found);
    check_refused(&missing);
    check_refused(&older);
    check_refused(&older);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/late/functions", test_functions);
    g_test_add_func("/base/late/refusals", test_refusals);
    return g_test_run();
}
