/* What people write about time: the same bytes as a calendar, a time limit and a period.  What is
 * read comes back the same when it is written and read again, and can be reckoned with. */
#include "base/text.h"
#include "calendar/clock.h"
#include "calendar/period.h"

static const char *const languages[] = {"zh", "en"};

static void feed_rule(const Calendar *calendar, const char *text)
{
    g_autoptr(GError) error = NULL;
    ClockRule rule = {0}, again = {0};
    if (!clock_rule_parse(text, &rule, &error)) {
        g_assert_nonnull(error);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autofree char *written = clock_rule_to_text(&rule, languages[i]);
        g_assert_true(clock_rule_parse(written, &again, NULL));
        g_assert_true(clock_rule_is_equal(&rule, &again));
    }
    ClockDue due = {0};
    int64_t start_us = date_to_us(date_from_ymd(2023, 1, 20), 0, DATE_SECONDS_SHANGHAI);
    g_autoptr(GArray) days =
        clock_explain(calendar, &rule, start_us, DATE_SECONDS_SHANGHAI, &due, NULL);
    for (guint i = 0; i < days->len; i++) {
        g_autofree char *why = clock_day_to_text(&g_array_index(days, ClockDay, i), "zh");
        g_assert_true(*why != '\0');
    }
    g_assert_cmpint(due.us, >=, start_us);
}

static void feed_period(const char *text)
{
    g_autoptr(GError) error = NULL;
    Period period = {0}, again = {0};
    if (!period_parse(text, &period, &error)) {
        g_assert_nonnull(error);
        return;
    }
    g_autofree char *written = period_to_text(&period);
    g_assert_true(period_parse(written, &again, NULL));
    g_assert_true(period_is_equal(&period, &again));
    g_autofree char *words = period_to_words(&period, "zh");
    g_assert_true(period_parse(words, &again, NULL));
    g_assert_true(period_is_equal(&period, &again));
    g_autoptr(GArray) parts = period_split(&period, PERIOD_YEAR);
    g_assert_cmpint(g_array_index(parts, Period, parts->len - 1).to, ==, period.to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!text_is_valid((const char *)data, size, NULL)) {
        return 0;
    }
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) calendar = calendar_parse(text, "fuzz", &error);
    g_assert_true((calendar == NULL) == (error != NULL));
    if (calendar != NULL) {
        ClockRule rule = {CLOCK_WORKDAY, 20, CLOCK_MINUTES_PER_DAY, false};
        ClockDue due = {0};
        int64_t start_us = date_to_us(date_from_ymd(2022, 12, 20), 0, 0);
        g_assert_true(clock_due(calendar, &rule, start_us, 0, &due, NULL));
    }
    feed_rule(calendar != NULL ? calendar : calendar_builtin(), text);
    feed_period(text);
    return 0;
}
