#include "language/wording.h"

#include <inttypes.h>

static void assert_text(char *text, const char *wanted)
{
    g_autofree char *owned = text;
    g_assert_cmpstr(owned, ==, wanted);
}

static void test_counts(void)
{
    static const struct {
        int64_t n;
        const char *over, *exceeds, *nearly;
    } counts[] = {
        {0, "0件", "0件", "0件"},
        {7, "7件", "7件", "7件"},
        {9, "9件", "9件", "9件"},
        {10, "10件", "10件", "10件"},
        {11, "10余件", "超过10件", "11件"},
        {19, "10余件", "超过10件", "近20件"},
        {80, "80件", "80件", "80件"},
        {81, "80余件", "超过80件", "81件"},
        {84, "80余件", "超过80件", "84件"},
        {85, "80余件", "超过80件", "85件"},
        {86, "80余件", "超过80件", "近90件"},
        {89, "80余件", "超过80件", "近90件"},
        {90, "90件", "90件", "90件"},
        {94, "90余件", "超过90件", "94件"},
        {98, "90余件", "超过90件", "近100件"},
        {100, "100件", "100件", "100件"},
        {101, "100余件", "超过100件", "101件"},
        {109, "100余件", "超过100件", "近110件"},
        {999, "990余件", "超过990件", "近1000件"},
        {1234, "1200余件", "超过1200件", "1234件"},
        {17457, "17000余件", "超过17000件", "近18000件"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        int64_t n = counts[i].n;
        g_autofree char *exact = g_strdup_printf("%" PRId64 "件", n);
        assert_text(language_word_count(n, "件", LANGUAGE_WORDING_EXACT), exact);
        assert_text(language_word_count(n, "件", LANGUAGE_WORDING_OVER), counts[i].over);
        assert_text(language_word_count(n, "件", LANGUAGE_WORDING_EXCEEDS), counts[i].exceeds);
        assert_text(language_word_count(n, "件", LANGUAGE_WORDING_NEARLY), counts[i].nearly);
    }
    assert_text(language_word_count(84, "", LANGUAGE_WORDING_OVER), "80余");
}

/* Read a wording back and check that what it claims is true of @n. */
static void assert_true_claim(int64_t n, LanguageWording wording)
{
    g_autofree char *text = language_word_count(n, "", wording);
    LanguageNumber claim = {0};
    g_assert_true(language_number_parse(text, &claim, NULL));
    switch (claim.approximation) {
    case LANGUAGE_EXACT:
        g_assert_cmpint(claim.value, ==, n);
        break;
    case LANGUAGE_ABOVE:
        g_assert_cmpint(wording, !=, LANGUAGE_WORDING_NEARLY);
        g_assert_cmpint(claim.value, <, n);
        g_assert_cmpint(n - claim.value, <, MAX(claim.value, 10));
        break;
    case LANGUAGE_BELOW:
        g_assert_cmpint(wording, ==, LANGUAGE_WORDING_NEARLY);
        g_assert_true(g_str_has_prefix(text, "近"));
        g_assert_cmpint(claim.value, >, n);
        g_assert_cmpint(n * 100, >=, claim.value * 95);
        break;
    case LANGUAGE_AROUND:
        g_assert_not_reached();
    }
}

static void test_no_wording_claims_too_much(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    for (LanguageWording wording = LANGUAGE_WORDING_EXACT; wording <= LANGUAGE_WORDING_NEARLY;
         wording++) {
        for (int64_t n = 0; n <= 20000; n++) {
            assert_true_claim(n, wording);
        }
        for (int i = 0; i < 10000; i++) {
            int64_t n = (int64_t)(g_rand_double(random) * 9e14);
            assert_true_claim(n >> g_rand_int_range(random, 0, 45), wording);
        }
    }
}

static void test_ratios(void)
{
    static const struct {
        int64_t counted, total;
        int decimals;
        const char *digits, *chinese;
    } ratios[] = {
        {976, 1000, 1, "97.6%", "百分之九十七点六"},
        {82, 84, 1, "97.6%", "百分之九十七点六"},
        {9, 10, 1, "90%", "百分之九十"},
        {2, 3, 1, "66.7%", "百分之六十六点七"},
        {2, 3, 2, "66.67%", "百分之六十六点六七"},
        {2, 3, 0, "67%", "百分之六十七"},
        {1, 8, 1, "12.5%", "百分之十二点五"},
        {1, 8, 0, "13%", "百分之十三"}, /* half up */
        {10, 10, 1, "100%", "百分之百"},
        {9999, 10000, 1, "99.9%", "百分之九十九点九"},
        {9999, 10000, 0, "99%", "百分之九十九"},
        {99999, 100000, 2, "99.99%", "百分之九十九点九九"},
        {0, 10, 1, "0%", "百分之零"},
        {1, 100000, 1, "不足0.1%", "不足百分之零点一"},
        {1, 100000, 0, "不足1%", "不足百分之一"},
        {17443, 17457, 2, "99.92%", "百分之九十九点九二"},
        {101, 1000, 1, "10.1%", "百分之十点一"},
        {LANGUAGE_MAX_NUMBER / 1000 - 1, LANGUAGE_MAX_NUMBER / 1000, 2, "99.99%",
         "百分之九十九点九九"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(ratios); i++) {
        assert_text(language_word_ratio(ratios[i].counted, ratios[i].total, ratios[i].decimals,
                                        LANGUAGE_RATIO_DIGITS),
                    ratios[i].digits);
        assert_text(language_word_ratio(ratios[i].counted, ratios[i].total, ratios[i].decimals,
                                        LANGUAGE_RATIO_CHINESE),
                    ratios[i].chinese);
    }
    g_assert_null(language_word_ratio(0, 0, 1, LANGUAGE_RATIO_DIGITS));
}

static void test_only_all_is_a_hundred_percent(void)
{
    for (int64_t total = 1; total <= 2500; total++) {
        for (int decimals = 0; decimals <= LANGUAGE_MAX_RATIO_DECIMALS; decimals++) {
            g_autofree char *all =
                language_word_ratio(total, total, decimals, LANGUAGE_RATIO_DIGITS);
            g_autofree char *but_one =
                language_word_ratio(total - 1, total, decimals, LANGUAGE_RATIO_DIGITS);
            g_assert_cmpstr(all, ==, "100%");
            g_assert_cmpstr(but_one, !=, "100%");
            g_assert_cmpint(strcmp(but_one, "0%") == 0, ==, total == 1);
        }
    }
}

static void test_all(void)
{
    assert_text(language_word_all(10, 10, "条", "均"), "10条均");
    assert_text(language_word_all(10, 10, "条", "全部"), "10条全部");
    assert_text(language_word_all(9, 10, "条", "均"), "10条中有9条");
    assert_text(language_word_all(0, 10, "条", "均"), "10条中有0条");
    g_assert_null(language_word_all(0, 0, "条", "均"));
}

static void test_frequency(void)
{
    assert_text(language_word_frequency((int64_t[]){1, 1, 1, 1}, 4, "季度", "次"), "每季度一次");
    assert_text(language_word_frequency((int64_t[]){2, 2, 2, 2}, 4, "季度", "次"), "每季度两次");
    assert_text(language_word_frequency((int64_t[]){12, 12}, 2, "月", "次"), "每月12次");
    assert_text(language_word_frequency((int64_t[]){1, 3, 2, 1}, 4, "季度", "次"),
                "每季度均不少于一次");
    assert_text(language_word_frequency((int64_t[]){1, 0, 2, 1}, 4, "季度", "次"),
                "4个季度中有3个季度");
    assert_text(language_word_frequency((int64_t[]){0, 0}, 2, "月", "次"), "2个月中有0个月");
    g_assert_null(language_word_frequency(NULL, 0, "月", "次"));
}

static void test_none(void)
{
    assert_text(language_word_none(0, "件"), "未发生");
    assert_text(language_word_none(3, "件"), "发生3件");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/wording/counts", test_counts);
    g_test_add_func("/language/wording/no-wording-claims-too-much",
                    test_no_wording_claims_too_much);
    g_test_add_func("/language/wording/ratios", test_ratios);
    g_test_add_func("/language/wording/only-all-is-a-hundred-percent",
                    test_only_all_is_a_hundred_percent);
    g_test_add_func("/language/wording/all", test_all);
    g_test_add_func("/language/wording/frequency", test_frequency);
    g_test_add_func("/language/wording/none", test_none);
    return g_test_run();
}
