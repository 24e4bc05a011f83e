#include "ledger/list.h"
#include "log/history.h"
#include "random-load.h"

/* What an office is like after a load: the same on both databases. */
typedef struct Outcome {
    char *acts;  /* digest of what became of each act */
    char *root;  /* of the tree, and its size */
    char *lists; /* digest of the numbers in every order */
    int n_done;
    int n_refused;
} Outcome;

static void outcome_clear(Outcome *outcome)
{
    g_free(outcome->acts);
    g_free(outcome->root);
    g_free(outcome->lists);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static char *read_root(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t size = 0;
    log_head(reader, &size, root, &error);
    g_assert_no_error(error);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%" G_GINT64_FORMAT " ", size);
    for (size_t i = 0; i < sizeof root; i++) {
        g_string_append_printf(text, "%02x", root[i]);
    }
    return g_string_free(g_steal_pointer(&text), false);
}

/* Page through the ledger in the order of @sort, and add the numbers and keys to @digest. */
static void read_list(TestOffice *fixture, const char *sort, bool is_descending, GChecksum *digest)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_assert_no_error(error);
    LedgerQuery query = {.ledger = schema_ledger(office_schema(fixture->office), "case"),
                         .sort = sort,
                         .is_descending = is_descending,
                         .limit = 97};
    g_autofree char *after = NULL;
    do {
        query.after = after;
        g_autoptr(LedgerPage) page =
            ledger_list(fixture->office, reader, fixture->console, &query, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < page->entries->len; i++) {
            const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
            g_checksum_update(digest, (const guchar *)entry->number, -1);
            g_checksum_update(digest, (const guchar *)entry->title, -1);
        }
        g_free(after);
        after = g_steal_pointer(&page->next);
    } while (after != NULL);
}

static char *read_lists(TestOffice *fixture)
{
    static const char *const sorts[] = {NULL,         "opened",  "due",      "state", "received_at",
                                        "replied_at", "channel", "category", "grade", "handler"};
    GChecksum *digest = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
        read_list(fixture, sorts[i], false, digest);
        read_list(fixture, sorts[i], true, digest);
    }
    char *text = g_strdup(g_checksum_get_string(digest));
    g_checksum_free(digest);
    return text;
}

static void check_sound(Office *office)
{
    g_autoptr(GError) error = NULL;
    office_sign(office, &error);
    g_assert_no_error(error);
    g_autoptr(LogReport) report = random_load_verify(office, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(log_verdict_name(report->verdict), ==, "sound");
}

/* Run the load on @dialect; false when there is no such database. */
static bool run_load(StoreDialect dialect, uint64_t seed, int n_acts, Outcome *ret_outcome)
{
    g_autoptr(TestPlace) place = test_place_new(dialect);
    if (place == NULL) {
        return false;
    }
    TestOffice fixture;
    RandomLoad load;
    test_office_open(&fixture, place, NULL);
    random_load_init(&load, fixture.office, fixture.console, fixture.source, seed);
    for (int i = 0; i < n_acts; i++) {
        random_load_act(&load);
    }
    ret_outcome->acts = g_strdup(g_checksum_get_string(load.digest));
    ret_outcome->root = read_root(fixture.office);
    ret_outcome->lists = read_lists(&fixture);
    ret_outcome->n_done = load.n_done;
    ret_outcome->n_refused = load.n_refused;
    check_sound(fixture.office);
    random_load_clear(&load);
    test_office_close(&fixture);
    return true;
}

static int count_acts(void)
{
    const char *text = g_getenv("SHUZHI_CRASH_ACTS");
    return text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : 2000;
}

static void test_same_root(void)
{
    g_auto(Outcome) sqlite = {NULL}, postgres = {NULL};
    int n_acts = count_acts();
    if (!run_load(STORE_POSTGRES, 2023, n_acts, &postgres)) {
        return; /* skipped, with the reason */
    }
    g_assert_true(run_load(STORE_SQLITE, 2023, n_acts, &sqlite));
    g_test_message("%d acts done, %d refused, root %s", sqlite.n_done, sqlite.n_refused,
                   sqlite.root);
    g_assert_cmpint(sqlite.n_done, >, n_acts / 4); /* it was a load, and had both kinds */
    g_assert_cmpint(sqlite.n_refused, >, n_acts / 20);
    g_assert_cmpstr(postgres.root, ==, sqlite.root);
    g_assert_cmpstr(postgres.acts, ==, sqlite.acts);
    g_assert_cmpstr(postgres.lists, ==, sqlite.lists);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crash/same-root/on-both-databases", test_same_root);
    return g_test_run();
}
