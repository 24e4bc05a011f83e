#include "ledger/shown-series.h"

#include "base/error.h"

/* One event of a file, as it was found to be. */
typedef struct Event {
    int64_t seq, object;
    const char *number; /* of the entry that it began; NULL: none */
    const char *data;
    bool is_unsound;
} Event;

/* Return the series that @events, up to one without a seq, make, "ledger year last missing; …",
 * where the imports @undone, ending with 0, were taken back; the caller owns it. */
static char *read_series(const Event *events, const int64_t *undone)
{
    LogShownFile file = {.events = g_ptr_array_new()};
    LogShownClaim claim = {.undone = g_array_new(false, false, sizeof(int64_t))};
    for (const Event *event = events; event->seq != 0; event++) {
        LogShown *shown = g_new0(LogShown, 1);
        shown->verdict = event->is_unsound ? PROOF_WRONG_ROOT : PROOF_SOUND;
        shown->seq = event->seq;
        shown->object = event->object;
        shown->number = g_strdup(event->number);
        shown->data = json_parse(event->data, strlen(event->data), NULL);
        g_ptr_array_add(file.events, shown);
    }
    for (; *undone != 0; undone++) {
        g_array_append_val(claim.undone, *undone);
    }
    g_autoptr(GPtrArray) all = ledger_shown_series(&file, &claim);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const LedgerShownSeries *series = g_ptr_array_index(all, i);
        g_string_append_printf(text, "%s %lld %lld %lld; ", series->ledger, (long long)series->year,
                               (long long)series->last, (long long)series->n_missing);
    }
    for (guint i = 0; i < file.events->len; i++) {
        LogShown *shown = g_ptr_array_index(file.events, i);
        g_free(shown->number);
        json_decref(shown->data);
        g_free(shown);
    }
    g_ptr_array_unref(file.events);
    g_array_unref(claim.undone);
    return g_string_free(text, false);
}

#define ENTRY(seq, n, year)                                                               \
    {                                                                                     \
        seq, seq, "X-" #n, "{\"ledger\":\"case\",\"n\":" #n ",\"year\":" #year "}", false \
    }

static const int64_t none[] = {0};

/* What is not among the numbers up to the last is missing, whatever the order of the file. */
static void test_numbers_that_are_not_shown(void)
{
    static const Event whole[] = {ENTRY(7, 2, 2023), ENTRY(5, 1, 2023), ENTRY(9, 3, 2023), {0}};
    static const Event gaps[] = {ENTRY(5, 2, 2023), ENTRY(7, 5, 2023), ENTRY(9, 1, 2022), {0}};
    g_autofree char *first = read_series(whole, none);
    g_assert_cmpstr(first, ==, "case 2023 3 0; ");
    g_autofree char *second = read_series(gaps, none);
    g_assert_cmpstr(second, ==, "case 2022 1 0; case 2023 5 3; ");
}

/* Only what began an entry, soundly, and with a number that there is, gives one. */
static void test_what_gives_no_number(void)
{
    static const Event events[] = {
        ENTRY(5, 1, 2023),
        {6, 5, "X-2", "{\"ledger\":\"case\",\"n\":2,\"year\":2023}", false}, /* a later event */
        {7, 7, "X-3", "{\"ledger\":\"case\",\"n\":3,\"year\":2023}", true},
        {8, 8, NULL, "{\"ledger\":\"case\",\"n\":4,\"year\":2023}", false},
        {9, 9, "X-0", "{\"ledger\":\"case\",\"n\":0,\"year\":2023}", false},
        {10, 10, "X-9", "{\"ledger\":\"case\",\"n\":9,\"year\":10000}", false},
        {11, 11, "X-9", "{\"ledger\":\"case\",\"n\":9,\"year\":-1}", false},
        {12, 12, "X-9", "{\"n\":9,\"year\":2023}", false}, /* of no ledger */
        {13, 13, "N-1", "{\"ledger\":\"note\",\"n\":1,\"year\":0}", false},
        {0},
    };
    g_autofree char *series = read_series(events, none);
    g_assert_cmpstr(series, ==, "case 2023 1 0; note 0 1 0; ");
}

/* Numbers that were reserved for an import are void when it was taken back, and only then. */
static void test_numbers_of_an_import(void)
{
    static const Event events[] = {
        ENTRY(5, 1, 2023),
        {6, 6, NULL, "{\"ledger\":\"case\",\"numbers\":\"2023:2-4\"}", false},
        ENTRY(20, 6, 2023),
        {0},
    };
    static const int64_t undone[] = {6, 0};
    g_autofree char *void_ones = read_series(events, undone);
    g_assert_cmpstr(void_ones, ==, "case 2023 6 1; ");
    g_autofree char *standing = read_series(events, none);
    g_assert_cmpstr(standing, ==, "case 2023 6 4; ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/shown-series/numbers-that-are-not-shown",
                    test_numbers_that_are_not_shown);
    g_test_add_func("/ledger/shown-series/what-gives-no-number", test_what_gives_no_number);
    g_test_add_func("/ledger/shown-series/numbers-of-an-import", test_numbers_of_an_import);
    return g_test_run();
}
