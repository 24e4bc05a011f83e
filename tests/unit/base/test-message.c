#include "base/message.h"

static void test_language_of_request(void)
{
    g_assert_cmpstr(message_get("zh", "the disk is full"), ==, "磁盘已满");
    g_assert_cmpstr(message_get("zh_CN.UTF-8", "the disk is full"), ==, "磁盘已满");
    g_assert_cmpstr(message_get("en", "the disk is full"), ==, "the disk is full");
    g_assert_cmpstr(message_get("zh", "nobody wrote this"), ==, "nobody wrote this");
}

static void test_table_is_sorted(void)
{
    for (size_t i = 1; i < message_table_zh_length; i++) {
        g_assert_cmpstr(message_table_zh[i - 1].id, <, message_table_zh[i].id);
    }
    g_assert_null(message_table_zh[message_table_zh_length].id);
}

static void test_language_of_environment(void)
{
    /* SHUZHI_LANGUAGE, LC_ALL, LC_MESSAGES, LANG -> language */
    static const char *const cases[][5] = {
        {NULL, NULL, NULL, NULL, "zh"},
        {NULL, NULL, NULL, "C.UTF-8", "zh"},
        {NULL, "POSIX", NULL, "en_US.UTF-8", "en"},
        {NULL, NULL, "zh_CN.UTF-8", "en_US.UTF-8", "zh"},
        {NULL, "de_DE.UTF-8", "zh_CN.UTF-8", NULL, "en"},
        {"en", "zh_CN.UTF-8", NULL, NULL, "en"},
        {"zh", "en_US.UTF-8", NULL, NULL, "zh"},
        {"", "en_US.UTF-8", NULL, NULL, "en"},
        {"中文", NULL, NULL, "C.UTF-8", "zh"},
        {"fr", "zh_CN.UTF-8", NULL, NULL, "zh"},
    };
    static const char *const names[] = {"SHUZHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(names); j++) {
            if (cases[i][j] != NULL) {
                g_setenv(names[j], cases[i][j], true);
            } else {
                g_unsetenv(names[j]);
            }
        }
        g_assert_cmpstr(message_environment_language(), ==, cases[i][4]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/message/language-of-request", test_language_of_request);
    g_test_add_func("/base/message/table-is-sorted", test_table_is_sorted);
    g_test_add_func("/base/message/language-of-environment", test_language_of_environment);
    return g_test_run();
}
