#include "ledger/number.h"

/* Read all ranges of @numbers and say them again. */
static char *say_again(const char *numbers)
{
    GString *said = g_string_new(NULL);
    LedgerRange range;
    while (ledger_range_next(&numbers, &range)) {
        g_string_append_printf(said, "[%d:%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "]", range.year,
                               range.first, range.last);
    }
    return g_string_free(said, false);
}

static void test_ranges_are_read(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"   ", ""},
        {"2018:1-5", "[2018:1-5]"},
        {"2018:1-5 2019:1-20", "[2018:1-5][2019:1-20]"},
        {" 0:7-7  9999:1-9007199254740991 ", "[0:7-7][9999:1-9007199254740991]"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = say_again(cases[i][0]);
        g_assert_cmpstr(said, ==, cases[i][1]);
    }
}

/* The table that they are read from may have been altered. */
static void test_what_is_no_range_ends_them(void)
{
    static const char *const cases[] = {
        "x",
        "2018",
        "2018:",
        "2018:1",
        "2018:1-",
        "2018:-",
        "2018:1-x",
        "2018:1-5x",
        "2018:1 -5",
        "2018:0-5",
        "2018:-1-5",
        "2018:1--5",
        "2018:5-4",
        "-1:1-5",
        "10000:1-5",
        "4294969314:1-5",
        "2018:1-9007199254740992",
        "2018:1-99999999999999999999",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *at = cases[i];
        LedgerRange range = {1, 2, 3};
        g_test_message("%s", at);
        g_assert_false(ledger_range_next(&at, &range));
        g_assert_true(at == cases[i]);
        g_assert_true(range.year == 1 && range.first == 2 && range.last == 3);
    }
    g_autofree char *said = say_again("2018:1-5 2018:9-8 2019:1-2");
    g_assert_cmpstr(said, ==, "[2018:1-5]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/number/ranges-are-read", test_ranges_are_read);
    g_test_add_func("/ledger/number/what-is-no-range-ends-them", test_what_is_no_range_ends_them);
    return g_test_run();
}
