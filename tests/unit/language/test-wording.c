#include "language/wording.h"

static void check(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_counts(void)
{
    check(language_word_count(84, "件", LANGUAGE_WORDING_EXACT), "84件");
    check(language_word_count(84, "件", LANGUAGE_WORDING_OVER), "80余件");
    check(language_word_count(80, "件", LANGUAGE_WORDING_OVER), "80件");
    check(language_word_count(109, "件", LANGUAGE_WORDING_OVER), "100余件");
    check(language_word_count(1234, "件", LANGUAGE_WORDING_OVER), "1200余件");
    check(language_word_count(7, "件", LANGUAGE_WORDING_OVER), "7件");
    check(language_word_count(98, "件", LANGUAGE_WORDING_NEARLY), "近100件");
    check(language_word_count(94, "件", LANGUAGE_WORDING_NEARLY), "94件");
    check(language_word_count(84, "件", LANGUAGE_WORDING_EXCEEDS), "超过80件");
}

/* No wording but 近 names more than there is, and 近 says so. */
static void test_never_more_than_true(void)
{
    for (int64_t n = 0; n < 5000; n++) {
        g_assert_cmpint(language_round_down(n), <=, n);
        g_assert_cmpint(language_round_up(n), >=, n);
        g_autofree char *near = language_word_count(n, "", LANGUAGE_WORDING_NEARLY);
        LanguageNumber number = {0};
        g_assert_true(language_number_parse(near, &number, NULL));
        g_assert_true(number.value == n || number.approximation == LANGUAGE_BELOW);
    }
}

static void test_ratios(void)
{
    check(language_word_ratio(82, 84, 1, LANGUAGE_RATIO_DIGITS), "97.6%");
    check(language_word_ratio(84, 84, 1, LANGUAGE_RATIO_DIGITS), "100%");
    check(language_word_ratio(9999, 10000, 1, LANGUAGE_RATIO_DIGITS), "99.9%");
    check(language_word_ratio(1, 10000, 1, LANGUAGE_RATIO_DIGITS), "不足0.1%");
    check(language_word_ratio(5, 5, 1, LANGUAGE_RATIO_CHINESE), "百分之百");
    g_assert_null(language_word_ratio(0, 0, 1, LANGUAGE_RATIO_DIGITS));
}

static void test_claims(void)
{
    static const int64_t every[] = {1, 1, 1, 1}, more[] = {2, 1, 3, 1}, gap[] = {1, 1, 0, 1};
    check(language_word_all(10, 10, "条", "均"), "10条均");
    check(language_word_all(9, 10, "条", "均"), "10条中有9条");
    g_assert_null(language_word_all(0, 0, "条", "均"));
    check(language_word_frequency(every, 4, "季度", "次"), "每季度一次");
    check(language_word_frequency(more, 4, "季度", "次"), "每季度均不少于一次");
    check(language_word_frequency(gap, 4, "季度", "次"), "4个季度中有3个季度");
    check(language_word_none(0, "件"), "未发生");
    check(language_word_none(3, "件"), "发生3件");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/wording/counts", test_counts);
    g_test_add_func("/language/wording/never-more-than-true", test_never_more_than_true);
    g_test_add_func("/language/wording/ratios", test_ratios);
    g_test_add_func("/language/wording/claims", test_claims);
    return g_test_run();
}
