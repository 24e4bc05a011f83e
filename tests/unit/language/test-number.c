#include "language/number.h"

typedef struct Case {
    const char *text;
    LanguageNumber number;
} Case;

static void test_reads(void)
{
    static const Case cases[] = {
        {"80余", {80, 0, false, LANGUAGE_ABOVE}},
        {"八十余", {80, 0, false, LANGUAGE_ABOVE}},
        {"近100", {100, 0, false, LANGUAGE_BELOW}},
        {"１６", {16, 0, false, LANGUAGE_EXACT}},
        {"1,234", {1234, 0, false, LANGUAGE_EXACT}},
        {"一百二十三", {123, 0, false, LANGUAGE_EXACT}},
        {"3.5万", {35000, 0, false, LANGUAGE_EXACT}},
        {"9000万", {90000000, 0, false, LANGUAGE_EXACT}},
        {"97.6%", {976, 1, true, LANGUAGE_EXACT}},
        {"百分之九十七点六", {976, 1, true, LANGUAGE_EXACT}},
        {"廿", {20, 0, false, LANGUAGE_EXACT}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        LanguageNumber number = {0};
        g_test_message("%s", cases[i].text);
        g_assert_true(language_number_parse(cases[i].text, &number, &error));
        g_assert_cmpint(number.value, ==, cases[i].number.value);
        g_assert_cmpint(number.decimals, ==, cases[i].number.decimals);
        g_assert_cmpint(number.is_percent, ==, cases[i].number.is_percent);
        g_assert_cmpint(number.approximation, ==, cases[i].number.approximation);
    }
}

static void test_refuses(void)
{
    static const char *const texts[] = {"", "件", "十四五", "七八", "百姓", "1.2.3", "--5"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        LanguageNumber number = {.value = 77};
        g_test_message("%s", texts[i]);
        g_assert_false(language_number_parse(texts[i], &number, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_cmpint(number.value, ==, 77);
    }
}

/* Writing and reading a number in Chinese are each other's inverse. */
static void test_round_trip(void)
{
    for (int64_t n = 0; n < 1000000; n += n < 20000 ? 1 : 977) {
        g_autofree char *text = language_number_to_chinese(n);
        LanguageNumber number = {0};
        if (!language_number_parse(text, &number, NULL) || number.value != n) {
            g_error("%s is %ld, not %ld", text, (long)number.value, (long)n);
        }
    }
    g_autofree char *text = language_number_to_chinese(10010);
    g_assert_cmpstr(text, ==, "一万零一十");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/number/reads", test_reads);
    g_test_add_func("/language/number/refuses", test_refuses);
    g_test_add_func("/language/number/round-trip", test_round_trip);
    return g_test_run();
}
