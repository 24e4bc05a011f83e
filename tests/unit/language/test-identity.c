#include "language/identity.h"

static void test_identity_numbers(void)
{
    static const char *const good[] = {"11010519491231002X", /* the example of GB 11643 */
                                       "11010519491231002x", "110105491231002", NULL};
    static const char *const bad[] = {"110105194912310021",
                                      "110105194913310026",
                                      "1101051949123100",
                                      "000000000000000001",
                                      "110105491331002",
                                      "11010519491231002XX",
                                      "11010519491231002\n",
                                      "",
                                      NULL};
    for (size_t i = 0; good[i] != NULL; i++) {
        g_assert_true(language_is_identity(good[i]));
    }
    for (size_t i = 0; bad[i] != NULL; i++) {
        g_assert_false(language_is_identity(bad[i]));
    }
}

static void test_telephone_numbers(void)
{
    static const char *const good[] = {"13800138000",
                                       "138 0013 8000",
                                       "+8613800138000",
                                       "(010)65551234",
                                       "0931-8888888",
                                       "400-820-8820",
                                       NULL};
    static const char *const bad[] = {"12345",      "138001380000",
                                      "1/2,3",      "00861380013800",
                                      "2023-05-06", "13800138000138001380001380013800",
                                      "",           NULL};
    for (size_t i = 0; good[i] != NULL; i++) {
        g_assert_true(language_is_phone(good[i]));
    }
    for (size_t i = 0; bad[i] != NULL; i++) {
        g_assert_false(language_is_phone(bad[i]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/identity/identity-numbers", test_identity_numbers);
    g_test_add_func("/language/identity/telephone-numbers", test_telephone_numbers);
    return g_test_run();
}
