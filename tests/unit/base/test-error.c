#include "base/error.h"
#include <errno.h>
#include <stdarg.h>

static void test_message_in_both_languages(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_LIMIT, "'%s' is larger than the limit of %zu bytes", "a.csv",
              (size_t)12);
    g_assert_cmpstr(error->message, ==, "'a.csv' is larger than the limit of 12 bytes");
    error_prefix(&error, "cannot read '%s'", "case");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_cmpstr(zh, ==, "读不了“case”：“a.csv”超过了12字节的上限");
    g_assert_cmpint(error_exit_status(error), ==, 19);
    g_assert_cmpint(error_http_status(error), ==, 413);
}

/* A cell of a table may hold 32,767 characters, a field of a form more: a fault of each row would
 * quote them all. */
static void test_long_values_are_cut(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < ERROR_MAX_QUOTED; i++) {
        g_string_append(text, "长");
    }
    g_autoptr(GError) whole = NULL;
    error_set(&whole, SHUZHI_ERROR_INVALID, "cannot open '%s'", text->str);
    g_assert_nonnull(strstr(whole->message, text->str));
    g_string_append(text, "长");
    g_autoptr(GError) cut = NULL;
    error_set(&cut, SHUZHI_ERROR_INVALID, "cannot open '%s'", text->str);
    g_assert_null(strstr(cut->message, text->str));
    g_assert_true(g_str_has_suffix(cut->message, "长…'"));
    g_assert_cmpint(g_utf8_strlen(cut->message, -1), ==, g_utf8_strlen(whole->message, -1));
    g_autofree char *bare = error_say("en", "%s", text->str); /* not a value: a sentence, perhaps */
    g_assert_cmpstr(bare, ==, text->str);
}

static void test_words_are_translated_with_their_sentence(void)
{
    const char *const words[] = {"is a folder", "disk full?", NULL};
    g_autofree char *both = error_words(words);
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_INVALID, "cannot open '%s'", both);
    g_assert_cmpstr(error->message, ==, "cannot open 'is a folder, disk full?'");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_cmpstr(zh, ==, "打不开“这是文件夹、disk full?”");
}

static void test_one_is_one(void)
{
    static const struct {
        const char *format;
        int first, second;
        const char *said;
    } cases[] = {
        {"%d {entry|entries}", 1, 0, "1 entry"},
        {"%d {entry|entries}", 0, 0, "0 entries"},
        {"%d {entry|entries}", 11, 0, "11 entries"},
        {"%d {row|rows}, %d {bad|worse}", 1, 2, "1 row, 2 worse"},
        {"%d of %d {row is|rows are} bad", 2, 1, "2 of 1 row is bad"},
        {"there {is|are} %d", 1, 0, "there is 1"},
        {"there {is|are} %d", 2, 0, "there are 2"},
        {"{%d} and {x", 1, 0, "{1} and {x"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = NULL;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
        said = error_say("en", cases[i].format, cases[i].first, cases[i].second);
#pragma GCC diagnostic pop
        g_assert_cmpstr(said, ==, cases[i].said);
    }
    g_autofree char *typed = error_say("en", "%s: %d {row|rows}", "{a|b}", 1);
    g_assert_cmpstr(typed, ==, "{a|b}: 1 row");
    g_autofree char *zh = error_say("zh", "%lld {row|rows}", (long long)1);
    g_assert_cmpstr(zh, ==, "1行");
}

static void test_errno_becomes_code(void)
{
    g_autoptr(GError) error = NULL;
    error_set_errno(&error, ENOSPC, "cannot write '%s'", "x");
    g_assert_true(error_is(error, SHUZHI_ERROR_FULL));
    g_assert_cmpstr(error->message, ==, "cannot write 'x': the disk is full");
}

/* g_strerror() has the words of the process's language, not of the reader's. */
static void test_full_quota_is_told_in_chinese(void)
{
    static const struct {
        int number;
        const char *zh;
    } cases[] = {{EDQUOT, "写不了“x”：分给您的磁盘空间已用完"},
                 {EFBIG, "写不了“x”：文件超过了系统允许的大小"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        error_set_errno(&error, cases[i].number, "cannot write '%s'", "x");
        g_assert_true(error_is(error, SHUZHI_ERROR_FULL));
        g_autofree char *zh = error_to_text(error, "zh");
        g_assert_cmpstr(zh, ==, cases[i].zh);
    }
}

static void set_by_list(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void set_by_list(GError **error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    error_set_list(error, SHUZHI_ERROR_INVALID, format, &list);
    va_end(list);
}

static void test_null_error_is_ignored(void)
{
    error_set(NULL, SHUZHI_ERROR_INVALID, "no one listens");
    error_prefix(NULL, "nor here");
    set_by_list(NULL, "nor here");
}

static void test_copy_keeps_translation(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "no such file or folder");
    g_autoptr(GError) copy = g_error_copy(error);
    g_autofree char *zh = error_to_text(copy, "zh");
    g_assert_cmpstr(zh, ==, "没有这个文件或文件夹");
}

static void test_travels_between_processes(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_LIMIT, "'%s' is larger than the limit of %zu bytes", "甲.csv",
              (size_t)12);
    error_prefix(&error, "not in any catalogue: %d%%", 7);
    g_autoptr(GString) bytes = g_string_new(NULL);
    error_encode(error, bytes);
    g_autoptr(GError) arrived = NULL;
    error_decode(bytes->str, bytes->len, &arrived);
    g_assert_cmpstr(arrived->message, ==, error->message);
    g_assert_true(error_is(arrived, SHUZHI_ERROR_LIMIT));
    g_autofree char *zh = error_to_text(arrived, "zh");
    g_assert_cmpstr(zh, ==, "not in any catalogue: 7%：“甲.csv”超过了12字节的上限");
}

static void test_foreign_error_travels_as_internal(void)
{
    g_autoptr(GError) foreign = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO, "a %s", "b");
    g_autoptr(GString) bytes = g_string_new(NULL);
    error_encode(foreign, bytes);
    g_autoptr(GError) arrived = NULL;
    error_decode(bytes->str, bytes->len, &arrived);
    g_assert_true(error_is(arrived, SHUZHI_ERROR_INTERNAL));
    g_assert_cmpstr(arrived->message, ==, "a b");
}

static void test_damaged_error_is_internal(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_INVALID, "cannot open '%s'", "x");
    g_autoptr(GString) bytes = g_string_new(NULL);
    error_encode(error, bytes);
    for (size_t length = 0; length < bytes->len; length++) {
        g_autoptr(GError) cut = NULL;
        error_decode(bytes->str, length, &cut);
        g_assert_true(error_is(cut, SHUZHI_ERROR_INTERNAL));
    }
    for (size_t at = 0; at < bytes->len; at++) {
        g_autoptr(GError) bent = NULL;
        bytes->str[at] ^= 0x15;
        error_decode(bytes->str, bytes->len, &bent);
        bytes->str[at] ^= 0x15;
        g_assert_nonnull(bent);
        g_assert_cmpint((int)strlen(bent->message), >, 0);
    }
}

static void test_prefix_of_a_copy_is_its_own(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "no such file or folder");
    g_autoptr(GError) copy = g_error_copy(error);
    error_prefix(&copy, "cannot open '%s'", "a");
    error_prefix(&error, "cannot read '%s'", "b");
    g_autofree char *zh = error_to_text(copy, "zh");
    g_assert_cmpstr(zh, ==, "打不开“a”：没有这个文件或文件夹");
}

static void test_prefix_is_taken_off(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "no such file or folder");
    error_prefix(&error, "cannot open '%s'", "a");
    error_unprefix(&error);
    g_assert_cmpstr(error->message, ==, "no such file or folder");
    error_unprefix(&error);
    g_assert_cmpstr(error->message, ==, "no such file or folder");
    error_unprefix(NULL);
}

static void check_offer(const char *name, const char *en, const char *zh)
{
    static const char *const names[] = {"case", "study", NULL};
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "no ledger is called '%s'", name);
    error_offer(&error, name, names);
    g_assert_cmpstr(error->message, ==, en);
    g_autofree char *text = error_to_text(error, "zh");
    g_assert_cmpstr(text, ==, zh);
    g_autoptr(GString) bytes = g_string_new(NULL);
    error_encode(error, bytes);
    g_autoptr(GError) arrived = NULL;
    error_decode(bytes->str, bytes->len, &arrived);
    g_assert_cmpstr(arrived->message, ==, en);
    error_unprefix(&error); /* takes nothing of the sentence */
    g_assert_cmpstr(error->message, ==, en);
}

static void test_offers_the_nearest_name(void)
{
    check_offer("caes", "no ledger is called 'caes', did you mean 'case'?",
                "没有名为“caes”的台账，是不是“case”？");
}

static void test_offers_all_names_when_none_is_near(void)
{
    check_offer("mmmmmmmmm", "no ledger is called 'mmmmmmmmm'; there are: case, study",
                "没有名为“mmmmmmmmm”的台账；现有：case、study");
}

/* A field called "title" was offered by the word of a page, which nobody can type for it. */
static void test_offers_names_as_they_are(void)
{
    static const char *const names[] = {"title", "held_on", NULL};
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_INVALID, "there is no field '%s'", "主题");
    error_offer(&error, "主题", names);
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_true(g_str_has_suffix(error->message, "there are: title, held_on"));
    g_assert_true(g_str_has_suffix(zh, "现有：title、held_on"));
}

/* Its sentence stays; what is no error of ours, or none, is left alone. */
static void test_recode(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_IO, "x");
    error_recode(NULL, SHUZHI_ERROR_CORRUPT);
    error_recode(&error, SHUZHI_ERROR_CORRUPT);
    g_assert_null(error);
    error_set(&error, SHUZHI_ERROR_INVALID, "no ledger named '%s'", "a");
    error_recode(&error, SHUZHI_ERROR_CORRUPT);
    g_assert_true(error_is(error, SHUZHI_ERROR_CORRUPT));
    g_assert_cmpstr(error->message, ==, "no ledger named 'a'");
    error_recode(&foreign, SHUZHI_ERROR_CORRUPT);
    g_assert_cmpint(foreign->code, ==, G_FILE_ERROR_IO);
}

static void test_is_about_a_field(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_IO, "broken");
    g_assert_null(error_field(NULL));
    error_about(&error, "title");
    error_about(NULL, "title");
    error_about(&foreign, "title");
    g_assert_null(error_field(foreign));
    error_set(&error, SHUZHI_ERROR_INVALID, "is a folder");
    g_assert_null(error_field(error));
    error_about(&error, "place");
    error_about(&error, "title");
    error_prefix(&error, "'%s'", "x");
    g_autoptr(GError) copy = g_error_copy(error);
    g_clear_error(&error);
    g_assert_cmpstr(error_field(copy), ==, "title");
}

/* A folder of ours that cannot be written to was "no access" for whoever asked over HTTP. */
static void test_of_the_system(void)
{
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_FORBIDDEN, "you may not");
    g_assert_false(error_is_of_system(error));
    g_assert_cmpint(error_http_status(error), ==, 403);
    g_clear_error(&error);
    error_set_errno(&error, EROFS, "cannot write '%s'", "x");
    g_autoptr(GError) copy = g_error_copy(error);
    g_assert_true(error_is_of_system(copy));
    g_assert_cmpint(error_http_status(copy), ==, 500);
    g_assert_cmpint(error_exit_status(copy), ==, 13);
    g_clear_error(&error);
    error_set_errno(&error, ENOSPC, "cannot write '%s'", "x");
    g_assert_cmpint(error_http_status(error), ==, 507);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/error/message-in-both-languages", test_message_in_both_languages);
    g_test_add_func("/base/error/long-values-are-cut", test_long_values_are_cut);
    g_test_add_func("/base/error/words-are-translated-with-their-sentence",
                    test_words_are_translated_with_their_sentence);
    g_test_add_func("/base/error/one-is-one", test_one_is_one);
    g_test_add_func("/base/error/errno-becomes-code", test_errno_becomes_code);
    g_test_add_func("/base/error/full-quota-is-told-in-chinese",
                    test_full_quota_is_told_in_chinese);
    g_test_add_func("/base/error/of-the-system", test_of_the_system);
    g_test_add_func("/base/error/null-error-is-ignored", test_null_error_is_ignored);
    g_test_add_func("/base/error/copy-keeps-translation", test_copy_keeps_translation);
    g_test_add_func("/base/error/travels-between-processes", test_travels_between_processes);
    g_test_add_func("/base/error/foreign-error-travels-as-internal",
                    test_foreign_error_travels_as_internal);
    g_test_add_func("/base/error/damaged-error-is-internal", test_damaged_error_is_internal);
    g_test_add_func("/base/error/prefix-of-a-copy-is-its-own", test_prefix_of_a_copy_is_its_own);
    g_test_add_func("/base/error/is-about-a-field", test_is_about_a_field);
    g_test_add_func("/base/error/prefix-is-taken-off", test_prefix_is_taken_off);
    g_test_add_func("/base/error/offers-the-nearest-name", test_offers_the_nearest_name);
    g_test_add_func("/base/error/offers-all-names-when-none-is-near",
                    test_offers_all_names_when_none_is_near);
    g_test_add_func("/base/error/offers-names-as-they-are", test_offers_names_as_they_are);
    g_test_add_func("/base/error/recode", test_recode);
    return g_test_run();
}
