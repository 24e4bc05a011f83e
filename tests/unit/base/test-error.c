#include "base/error.h"
#include <errno.h>

static void test_message_in_both_languages(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_LIMIT, "'%s' is larger than the limit of %zu bytes", "a.csv",
              (size_t)12);
    g_assert_cmpstr(error->message, ==, "'a.csv' is larger than the limit of 12 bytes");
    error_prefix(&error, "cannot read '%s'", "case");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_cmpstr(zh, ==, "读不了“case”：“a.csv”超过了 12 字节的上限");
    g_assert_cmpint(error_exit_status(error), ==, 19);
    g_assert_cmpint(error_http_status(error), ==, 413);
}

static void test_errno_becomes_code(void)
{
    g_autoptr(GError) error = NULL;
    error_set_errno(&error, ENOSPC, "cannot write '%s'", "x");
    g_assert_true(error_is(error, SHUZHI_ERROR_FULL));
    g_assert_cmpstr(error->message, ==, "cannot write 'x': the disk is full");
}

static void test_null_error_is_ignored(void)
{
    error_set(NULL, SHUZHI_ERROR_INVALID, "no one listens");
    error_prefix(NULL, "nor here");
}

static void test_copy_keeps_translation(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "no such file or folder");
    g_autoptr(GError) copy = g_error_copy(error);
    g_autofree char *zh = error_to_text(copy, "zh");
    g_assert_cmpstr(zh, ==, "没有这个文件或文件夹");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/error/message-in-both-languages", test_message_in_both_languages);
    g_test_add_func("/base/error/errno-becomes-code", test_errno_becomes_code);
    g_test_add_func("/base/error/null-error-is-ignored", test_null_error_is_ignored);
    g_test_add_func("/base/error/copy-keeps-translation", test_copy_keeps_translation);
    return g_test_run();
}
