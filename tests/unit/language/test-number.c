#include "language/number.h"

#include <inttypes.h>

#define PERCENT true

/* A text, what it says, and what is left of it. */
static const struct {
    const char *text;
    LanguageNumber number;
    const char *rest;
} good[] = {
    {"84件", {84, 0, false, LANGUAGE_EXACT}, "件"},
    {"0", {0, 0, false, LANGUAGE_EXACT}, ""},
    {"１６次", {16, 0, false, LANGUAGE_EXACT}, "次"},
    {"1,234件", {1234, 0, false, LANGUAGE_EXACT}, "件"},
    {"12,345,678", {12345678, 0, false, LANGUAGE_EXACT}, ""},
    {"3,10", {3, 0, false, LANGUAGE_EXACT}, ",10"},
    {"2023,100", {2023, 0, false, LANGUAGE_EXACT}, ",100"},
    {"1,2345", {1, 0, false, LANGUAGE_EXACT}, ",2345"},
    {"97.6", {976, 1, false, LANGUAGE_EXACT}, ""},
    {"97.60%", {9760, 2, PERCENT, LANGUAGE_EXACT}, ""},
    {"３．５％", {35, 1, PERCENT, LANGUAGE_EXACT}, ""},
    {"3.", {3, 0, false, LANGUAGE_EXACT}, "."},
    {"80余件", {80, 0, false, LANGUAGE_ABOVE}, "件"},
    {"八十余件", {80, 0, false, LANGUAGE_ABOVE}, "件"},
    {"84余", {84, 0, false, LANGUAGE_EXACT}, "余"},
    {"十几个", {10, 0, false, LANGUAGE_ABOVE}, "个"},
    {"近100件", {100, 0, false, LANGUAGE_BELOW}, "件"},
    {"将近一百", {100, 0, false, LANGUAGE_BELOW}, ""},
    {"约50人", {50, 0, false, LANGUAGE_AROUND}, "人"},
    {"超过80", {80, 0, false, LANGUAGE_ABOVE}, ""},
    {"逾1.2万人", {12000, 0, false, LANGUAGE_ABOVE}, "人"},
    {"不足0.1%", {1, 1, PERCENT, LANGUAGE_BELOW}, ""},
    {"96%以上", {96, 0, PERCENT, LANGUAGE_ABOVE}, ""},
    {"20左右", {20, 0, false, LANGUAGE_AROUND}, ""},
    {"近80余", {80, 0, false, LANGUAGE_AROUND}, ""},
    {"3.5万", {35000, 0, false, LANGUAGE_EXACT}, ""},
    {"1.23456万", {123456, 1, false, LANGUAGE_EXACT}, ""},
    {"9000万字", {90000000, 0, false, LANGUAGE_EXACT}, "字"},
    {"3万余", {30000, 0, false, LANGUAGE_ABOVE}, ""},
    {"三百余万元", {3000000, 0, false, LANGUAGE_ABOVE}, "元"},
    {"100多万", {1000000, 0, false, LANGUAGE_ABOVE}, ""},
    {"百余人", {100, 0, false, LANGUAGE_ABOVE}, "人"},
    {"万余人", {10000, 0, false, LANGUAGE_ABOVE}, "人"},
    {"5千", {5000, 0, false, LANGUAGE_EXACT}, ""},
    {"2万5千", {25000, 0, false, LANGUAGE_EXACT}, ""},
    {"1.2亿", {120000000, 0, false, LANGUAGE_EXACT}, ""},
    {"1万亿2000万", {INT64_C(1000020000000), 0, false, LANGUAGE_EXACT}, ""},
    {"零", {0, 0, false, LANGUAGE_EXACT}, ""},
    {"两名", {2, 0, false, LANGUAGE_EXACT}, "名"},
    {"十", {10, 0, false, LANGUAGE_EXACT}, ""},
    {"十二", {12, 0, false, LANGUAGE_EXACT}, ""},
    {"二十七条", {27, 0, false, LANGUAGE_EXACT}, "条"},
    {"廿八", {28, 0, false, LANGUAGE_EXACT}, ""},
    {"卅", {30, 0, false, LANGUAGE_EXACT}, ""},
    {"一百二十三", {123, 0, false, LANGUAGE_EXACT}, ""},
    {"一百零二", {102, 0, false, LANGUAGE_EXACT}, ""},
    {"一百二", {120, 0, false, LANGUAGE_EXACT}, ""},
    {"一百十五", {115, 0, false, LANGUAGE_EXACT}, ""},
    {"三万五", {35000, 0, false, LANGUAGE_EXACT}, ""},
    {"100万50", {1000050, 0, false, LANGUAGE_EXACT}, ""},
    {"一万零五", {10005, 0, false, LANGUAGE_EXACT}, ""},
    {"九千九百九十九万九千九百九十九", {99999999, 0, false, LANGUAGE_EXACT}, ""},
    {"二〇二三年", {2023, 0, false, LANGUAGE_EXACT}, "年"},
    {"二○○八", {2008, 0, false, LANGUAGE_EXACT}, ""},
    {"一九四九", {1949, 0, false, LANGUAGE_EXACT}, ""},
    {"壹仟贰佰叁拾肆", {1234, 0, false, LANGUAGE_EXACT}, ""},
    {"九十七点六", {976, 1, false, LANGUAGE_EXACT}, ""},
    {"三点五万", {35000, 0, false, LANGUAGE_EXACT}, ""},
    {"零点五", {5, 1, false, LANGUAGE_EXACT}, ""},
    {"百分之九十七点六", {976, 1, PERCENT, LANGUAGE_EXACT}, ""},
    {"百分之百", {100, 0, PERCENT, LANGUAGE_EXACT}, ""},
    {"百分之97.6", {976, 1, PERCENT, LANGUAGE_EXACT}, ""},
    {"近百分之九十", {90, 0, PERCENT, LANGUAGE_BELOW}, ""},
    {"九点三十分", {9, 0, false, LANGUAGE_EXACT}, "点三十分"},
    {"两点零五分", {2, 0, false, LANGUAGE_EXACT}, "点零五分"},
    {"三点整", {3, 0, false, LANGUAGE_EXACT}, "点整"},
    {"1000万亿", {LANGUAGE_MAX_NUMBER, 0, false, LANGUAGE_EXACT}, ""},
};

static void test_take(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        LanguageNumber number = {0};
        g_test_message("%zu", i);
        size_t length = language_number_take(good[i].text, &number);
        g_assert_cmpint(length, >, 0);
        g_assert_cmpint(number.value, ==, good[i].number.value);
        g_assert_cmpint(number.decimals, ==, good[i].number.decimals);
        g_assert_cmpint(number.is_percent, ==, good[i].number.is_percent);
        g_assert_cmpint(number.approximation, ==, good[i].number.approximation);
        g_assert_cmpstr(good[i].text + length, ==, good[i].rest);
    }
}

static void test_take_refuses(void)
{
    static const char *const bad[] = {
        "",          "件",         "百姓",   "千方百计", "万一",     "余",
        "十四五",    "七八个",     "三五十", "一一落实", "一百二三", "百分之",
        "2023.5.6",  "二〇二三万", "万万",   "一亿亿",   "80余3",    "三十十",
        "百百",      "1.5万3",     "一百零", "近",       "廿廿",     "1234567890123456",
        "1000万亿1", "0.1234567",  "零百",   "伍",       "拾级而上", "陆续",
        "--5",       "3亿3万3万",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        LanguageNumber number = {.value = 77};
        g_test_message("%zu", i);
        g_assert_cmpint(language_number_take(bad[i], &number), ==, 0);
        g_assert_cmpint(number.value, ==, 77);
    }
}

static void test_run(void)
{
    g_assert_cmpint(language_number_run("十四五规划"), ==, strlen("十四五"));
    g_assert_cmpint(language_number_run("１2百姓"), ==, strlen("１2百"));
    g_assert_cmpint(language_number_run("件"), ==, 0);
    g_assert_cmpint(language_number_run(""), ==, 0);
}

static void test_parse(void)
{
    g_autoptr(GError) error = NULL;
    LanguageNumber number = {0};
    g_assert_true(language_number_parse(" 3.5万\u3000", &number, &error));
    g_assert_cmpint(number.value, ==, 35000);
    g_assert_false(language_number_parse("80余件", &number, &error));
    g_assert_cmpstr(error->message, ==, "'80余件' is not a number");
    g_autofree char *chinese = error_to_text(error, "zh");
    g_assert_cmpstr(chinese, ==, "“80余件”不是数字");
    g_assert_cmpint(number.value, ==, 35000);
}

static void test_to_chinese(void)
{
    static const struct {
        int64_t number;
        const char *words;
    } pairs[] = {
        {0, "零"},
        {2, "二"},
        {10, "十"},
        {11, "十一"},
        {20, "二十"},
        {27, "二十七"},
        {100, "一百"},
        {101, "一百零一"},
        {110, "一百一十"},
        {1001, "一千零一"},
        {1010, "一千零一十"},
        {10010, "一万零一十"},
        {100000, "十万"},
        {110000, "十一万"},
        {100010, "十万零一十"},
        {10001000, "一千万一千"},
        {100000000, "一亿"},
        {100000001, "一亿零一"},
        {INT64_C(1000000000000), "一万亿"},
        {LANGUAGE_MAX_NUMBER, "一千万亿"},
        {-27, "负二十七"},
        {-15, "负十五"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *words = language_number_to_chinese(pairs[i].number);
        g_assert_cmpstr(words, ==, pairs[i].words);
    }
}

static void assert_round_trip(int64_t n)
{
    g_autofree char *words = language_number_to_chinese(n);
    LanguageNumber number = {0};
    if (!language_number_parse(words, &number, NULL) || number.value != n || number.decimals != 0 ||
        number.approximation != LANGUAGE_EXACT) {
        g_error("%" PRId64 " is written %s, read %" PRId64, n, words, number.value);
    }
}

static void test_round_trip(void)
{
    for (int64_t n = 0; n <= 30000; n++) {
        assert_round_trip(n);
    }
    for (int64_t n = 1; n <= LANGUAGE_MAX_NUMBER; n *= 10) {
        for (int64_t digit = 1; digit < 10 && digit * n <= LANGUAGE_MAX_NUMBER; digit++) {
            assert_round_trip(digit * n);
            assert_round_trip(digit * n - 1);
            assert_round_trip(MIN(digit * n + 1, LANGUAGE_MAX_NUMBER));
            assert_round_trip(MIN(digit * n + n / 100, LANGUAGE_MAX_NUMBER));
        }
    }
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (int i = 0; i < 20000; i++) {
        int64_t n = (int64_t)(g_rand_double(random) * (double)LANGUAGE_MAX_NUMBER);
        assert_round_trip(n >> g_rand_int_range(random, 0, 45));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/number/take", test_take);
    g_test_add_func("/language/number/take-refuses", test_take_refuses);
    g_test_add_func("/language/number/run", test_run);
    g_test_add_func("/language/number/parse", test_parse);
    g_test_add_func("/language/number/to-chinese", test_to_chinese);
    g_test_add_func("/language/number/round-trip", test_round_trip);
    return g_test_run();
}
