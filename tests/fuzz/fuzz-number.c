/* What people write as numbers and dates: the same bytes as a number, a date, a time and a text to
 * fold.  Numbers stay within their limits and come back from Chinese; folding is done in one go. */
#include "base/text.h"
#include "language/date-spelling.h"
#include "language/fold.h"
#include "language/wording.h"

static void feed_number(const char *text)
{
    LanguageNumber number = {0}, again = {0};
    size_t length = language_number_take(text, &number);
    g_assert_cmpint(length, <=, strlen(text));
    if (length == 0) {
        return;
    }
    g_assert_cmpint(number.value, >=, 0);
    g_assert_cmpint(number.value, <=, LANGUAGE_MAX_NUMBER);
    g_assert_cmpint(number.decimals, >=, 0);
    g_assert_cmpint(number.decimals, <=, LANGUAGE_MAX_DECIMALS);
    g_autofree char *words = language_number_to_chinese(number.value);
    g_assert_true(language_number_parse(words, &again, NULL));
    g_assert_cmpint(again.value, ==, number.value);
    g_autofree char *worded = language_word_count(number.value, "", LANGUAGE_WORDING_NEARLY);
    g_assert_true(language_number_parse(worded, &again, NULL));
    g_assert_cmpint(again.value, >=, number.value);
}

static void feed_date(const char *text)
{
    g_autoptr(GError) error = NULL;
    LanguageDate date = {0}, again = {0};
    if (!language_date_parse(text, 2023, &date, &error)) {
        g_assert_nonnull(error);
        return;
    }
    char written[DATE_TEXT_SIZE];
    g_assert_true(language_date_parse(date_format(date.date, written), 0, &again, NULL));
    g_assert_cmpint(again.date, ==, date.date);
    g_assert_cmpint(date.seconds, >=, 0);
    g_assert_cmpint(date.seconds, <=, 86400);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double serial = 0;
    LanguageDate date = {0};
    memcpy(&serial, data, MIN(size, sizeof serial));
    language_date_from_serial(serial, size % 2 == 0, &date, NULL);
    if (!text_is_valid((const char *)data, size, NULL)) {
        return 0;
    }
    g_autofree char *text = g_strndup((const char *)data, size);
    feed_number(text);
    feed_date(text);
    g_autofree char *folded = language_fold(text);
    g_autofree char *again = language_fold(folded);
    g_assert_cmpstr(folded, ==, again);
    g_assert_true(text_is_valid(folded, strlen(folded), NULL));
    return 0;
}
