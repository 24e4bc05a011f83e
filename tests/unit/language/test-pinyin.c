#include "language/pinyin.h"

#include <glib.h>

static void test_letters(void)
{
    g_autofree char *longest = g_strnfill(PINYIN_MAX_SOUGHT, 'a');
    g_autofree char *longer = g_strnfill(PINYIN_MAX_SOUGHT + 1, 'a');
    g_assert_true(pinyin_is_letters("zhgk"));
    g_assert_true(pinyin_is_letters("di 2 zu"));
    g_assert_true(pinyin_is_letters(longest));
    g_assert_false(pinyin_is_letters(longer));
    g_assert_false(pinyin_is_letters(""));
    g_assert_false(pinyin_is_letters("12"));
    g_assert_false(pinyin_is_letters("张s"));
    g_assert_false(pinyin_is_letters("z%"));
}

static void test_matches(void)
{
    static const struct {
        const char *name;
        const char *sought;
        bool is_found;
    } rows[] = {
        {"张工科", "zhanggongke", true},
        {"张工科", "zhgk", true},
        {"张工科", "zgk", true},
        {"张工科", "ZHANG gong", true},
        {"张工科", "gk", true},
        {"张工科", "zk", false},
        {"张工科", "zhanggongkee", false},
        {"张工科", "hang", false},
        {"曾单", "zengshan", true},
        {"曾单", "cengdan", true},
        {"吕布", "lvbu", true},
        {"重庆长安", "cqca", true},
        {"综合科第2组", "zhkd2z", true},
        {"IT科", "itk", true},
        {"科IT", "keit", true},
        {"张三", "zs", true},
        {"张三", "zss", false},
        {"", "a", false},
        {"西安", "xian", true},
        {"先", "xian", true},
        {"西安", "xia", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (pinyin_matches(rows[i].name, rows[i].sought) != rows[i].is_found) {
            g_error("'%s' by '%s'", rows[i].name, rows[i].sought);
        }
    }
}

/* The worst that can be typed costs no more than its length. */
static void test_repeated(void)
{
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *sought = g_strnfill(PINYIN_MAX_SOUGHT, 'a');
    for (int i = 0; i < 1000; i++) {
        g_string_append(name, "啊");
    }
    g_assert_true(pinyin_matches(name->str, sought));
    sought[PINYIN_MAX_SOUGHT - 1] = 'b';
    g_assert_false(pinyin_matches(name->str, sought));
}

/* A surname is found and spelled as it is read, and still as the character usually is. */
static void test_surnames(void)
{
    static const char *const rows[][3] = {{"翟让", "zhai", "zhairang zr"},
                                          {"尉迟恭", "yuchigong", "yuchigong ycg"},
                                          {"万俟卨", "moqi", "moqixie mqx"},
                                          {"解放", "jiefang", "xiefang xf"},
                                          {"张单", "zhangshan", "zhangdan zd"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(pinyin_matches(rows[i][0], rows[i][1]));
        g_autofree char *pinyin = pinyin_of(rows[i][0], true);
        g_assert_cmpstr(pinyin, ==, rows[i][2]);
    }
}

static void test_of(void)
{
    static const char *const rows[][2] = {
        {"张工科", "zhanggongke zgk"}, {"第2组", "di2zu dz"}, {"吕", "lv l"}, {"IT", ""}, {"", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *pinyin = pinyin_of(rows[i][0], false);
        g_assert_cmpstr(pinyin, ==, rows[i][1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/pinyin/letters", test_letters);
    g_test_add_func("/language/pinyin/matches", test_matches);
    g_test_add_func("/language/pinyin/repeated", test_repeated);
    g_test_add_func("/language/pinyin/surnames", test_surnames);
    g_test_add_func("/language/pinyin/of", test_of);
    return g_test_run();
}
