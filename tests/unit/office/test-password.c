#include "office/password.h"

static void assert_refused(const char *password, int n_classes, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(office_password_check(password, "zhangsan", 0, n_classes, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, words));
    g_assert_null(strstr(error->message, password));
}

static void assert_taken(const char *password, int n_classes)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(office_password_check(password, "zhangsan", 0, n_classes, &error));
    g_assert_no_error(error);
}

static void test_length(void)
{
    assert_refused("Abc-12345", 3, "10 to 128");
    assert_taken("Abc-123456", 3);
    assert_taken("一二三四五六七八九十", 1); /* characters, not bytes */
    g_autofree char *most = g_strnfill(128, 'x');
    assert_taken(most, 0);
    g_autofree char *more = g_strnfill(129, 'x');
    assert_refused(more, 0, "10 to 128");
}

static void test_classes(void)
{
    assert_refused("abcdefghij12", 3, "mix 3");
    assert_taken("abcdefghij12", 2);
    assert_taken("Abcdefghij12", 3);
    assert_refused("Abcdefghij12", 4, "mix 4");
    assert_taken("Abcdefghij12县", 4);
}

static void test_common(void)
{
    assert_refused("1234567890", 0, "tries first");
    assert_refused("Admin@123456", 3, "tries first");  /* capitals do not help */
    assert_refused("ZhangSan-2023", 3, "tries first"); /* the account's name */
    assert_taken("1234567890-tulip", 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/password/length", test_length);
    g_test_add_func("/office/password/classes", test_classes);
    g_test_add_func("/office/password/common", test_common);
    return g_test_run();
}
