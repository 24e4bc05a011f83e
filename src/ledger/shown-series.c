#include "ledger/shown-series.h"

#include "ledger/number.h"

/* A series being read: the ranges of numbers that are shown. */
typedef struct Reading {
    LedgerShownSeries *series;
    GArray *ranges; /* of LedgerRange */
} Reading;

static void free_series(gpointer data)
{
    LedgerShownSeries *series = data;
    g_free(series->ledger);
    g_free(series);
}

static void free_reading(gpointer data)
{
    Reading *reading = data;
    g_array_unref(reading->ranges);
    g_free(reading);
}

/* Add @range of @ledger to @readings, "ledger year" -> Reading; a new series to @all. */
static void add_range(GHashTable *readings, GPtrArray *all, const char *ledger,
                      const LedgerRange *range)
{
    g_autofree char *key = g_strdup_printf("%s %d", ledger, range->year);
    Reading *reading = g_hash_table_lookup(readings, key);
    if (reading == NULL) {
        reading = g_new0(Reading, 1);
        reading->series = g_new0(LedgerShownSeries, 1);
        reading->series->ledger = g_strdup(ledger);
        reading->series->year = range->year;
        reading->ranges = g_array_new(false, false, sizeof(LedgerRange));
        g_ptr_array_add(all, reading->series);
        g_hash_table_insert(readings, g_steal_pointer(&key), reading);
    }
    g_array_append_val(reading->ranges, *range);
}

/* Add what @shown, a sound event, gives: its entry's number, or those reserved for its import. */
static void add_event(GHashTable *readings, GPtrArray *all, const LogShown *shown,
                      GHashTable *undone)
{
    const char *ledger = json_string_value(json_object_get(shown->data, "ledger"));
    const char *numbers = json_string_value(json_object_get(shown->data, "numbers"));
    json_int_t year = json_integer_value(json_object_get(shown->data, "year"));
    json_int_t n = json_integer_value(json_object_get(shown->data, "n"));
    LedgerRange range = {.year = (int)year, .first = n, .last = n};
    if (ledger == NULL || shown->object != shown->seq) {
        return;
    }
    if (shown->number != NULL && n >= 1 && n <= JSON_MAX_INT && year >= 0 && year <= 9999) {
        add_range(readings, all, ledger, &range);
    }
    bool is_void = numbers != NULL && g_hash_table_contains(undone, &shown->object);
    while (is_void && ledger_range_next(&numbers, &range)) {
        add_range(readings, all, ledger, &range);
    }
}

static gint compare_ranges(gconstpointer a, gconstpointer b)
{
    int64_t x = ((const LedgerRange *)a)->first;
    int64_t y = ((const LedgerRange *)b)->first;
    return x < y ? -1 : x > y;
}

static void count_missing(const Reading *reading)
{
    int64_t last = 0;
    g_array_sort(reading->ranges, compare_ranges);
    for (guint i = 0; i < reading->ranges->len; i++) {
        const LedgerRange *range = &g_array_index(reading->ranges, LedgerRange, i);
        reading->series->n_missing += MAX(0, range->first - last - 1);
        last = MAX(last, range->last);
    }
    reading->series->last = last;
}

static gint compare_series(gconstpointer a, gconstpointer b)
{
    const LedgerShownSeries *x = *(const LedgerShownSeries *const *)a;
    const LedgerShownSeries *y = *(const LedgerShownSeries *const *)b;
    int order = strcmp(x->ledger, y->ledger);
    return order != 0 ? order : x->year < y->year ? -1 : x->year > y->year;
}

GPtrArray *ledger_shown_series(const LogShownFile *file, const LogShownClaim *claim)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(free_series);
    g_autoptr(GHashTable) readings =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_reading);
    g_autoptr(GHashTable) undone = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < claim->undone->len; i++) {
        g_hash_table_add(undone, &g_array_index(claim->undone, int64_t, i));
    }
    for (guint i = 0; i < file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->events, i);
        if (shown->verdict == PROOF_SOUND) {
            add_event(readings, all, shown, undone);
        }
    }
    GHashTableIter iter;
    gpointer reading = NULL;
    g_hash_table_iter_init(&iter, readings);
    while (g_hash_table_iter_next(&iter, NULL, &reading)) {
        count_missing(reading);
    }
    g_ptr_array_sort(all, compare_series);
    return all;
}
