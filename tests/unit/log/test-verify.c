#include "log/verify.h"

#include "log-fixture.h"

/* What someone with the database file may do, and what verification says to it. */
typedef struct Attack {
    const char *name;
    const char *sql[3];
    LogVerdict verdict;
    const char *words; /* in one of the findings */
} Attack;

static const Attack attacks[] = {
    {"deleted", {"DELETE FROM event WHERE seq = 5"}, LOG_MISSING, "events 5 to 5 are missing"},
    {"inserted",
     {"INSERT INTO event (seq, at, actor, kind, object, line) SELECT 999, at, actor, kind, 999,"
      " line FROM event WHERE seq = 3"},
     LOG_ALTERED,
     "not in the tree"},
    {"swapped",
     {"UPDATE event SET line = (SELECT line FROM event WHERE seq = 4) WHERE seq = 3"},
     LOG_ALTERED,
     "event 3"},
    {"edited-column",
     {"UPDATE event SET actor = 'os:other' WHERE seq = 3"},
     LOG_ALTERED,
     "event 3"},
    {"edited-time", {"UPDATE event SET at = at + 1 WHERE seq = 3"}, LOG_ALTERED, "event 3"},
    {"edited-table", {"UPDATE note SET pages = 99 WHERE id = 3"}, LOG_ALTERED, "'pages'"},
    {"edited-committed-field",
     {"UPDATE note SET title = '改' WHERE id = 3"},
     LOG_ALTERED,
     "'title'"},
    {"edited-detail",
     {"UPDATE detail SET field_values = '{\"title\":\"改\"}' WHERE seq = 3"},
     LOG_ALTERED,
     "event 3"},
    {"edited-detail-and-table",
     {"UPDATE detail SET field_values = '{\"title\":\"改\"}' WHERE seq = 3",
      "UPDATE note SET title = '改' WHERE id = 3"},
     LOG_ALTERED,
     "event 3"},
    {"spelled-in-bytes",
     {"UPDATE detail SET field_values = replace(field_values, '条',"
      " '\\u00e6\\u009d\\u00a1') WHERE seq = 3"},
     LOG_ALTERED,
     "event 3"},
    {"quietly-erased",
     {"DELETE FROM detail WHERE seq = 3", "DELETE FROM secret WHERE seq = 3"},
     LOG_MISSING,
     "no event erased them"},
    {"half-erased", {"DELETE FROM secret WHERE seq = 3"}, LOG_ALTERED, "one of its key"},
    {"stray-detail",
     {"INSERT INTO detail (seq, field_values) VALUES (777, '{}')"},
     LOG_ALTERED,
     "table detail"},
    {"row-removed", {"DELETE FROM note WHERE id = 3"}, LOG_MISSING, "note 3 is missing"},
    {"row-invented",
     {"INSERT INTO note (id, title, pages, day) VALUES (4242, 'x', 1, NULL)"},
     LOG_ALTERED,
     "no event that began it"},
    {"edited-tile",
     {"UPDATE tile SET hashes = (SELECT root FROM head) WHERE level = 0"},
     LOG_ALTERED,
     "tile 0 of level 0"},
    {"event-below",
     {"INSERT INTO event (seq, at, actor, kind, object, line)"
      " VALUES (-5, 1, 'os:x', 'note.change', 3, '{}')"},
     LOG_ALTERED,
     "table event has 1 row with an id below 1"},
    {"row-below",
     {"INSERT INTO note (id, title, pages, day) VALUES (0, 'x', 1, NULL)"},
     LOG_ALTERED,
     "table note has 1 row with an id below 1"},
    {"tile-beside",
     {"INSERT INTO tile (level, n, hashes) SELECT 0, 7, root FROM head"},
     LOG_ALTERED,
     "table tile has 2 rows, the log says 1"},
    {"head-beside",
     {"INSERT INTO head (k, size, root) SELECT 1, size, root FROM head"},
     LOG_ALTERED,
     "table head has 2 rows, the log says 1"},
    {"head-far-beyond",
     {"UPDATE head SET size = 9007199254740991"},
     LOG_MISSING,
     "to 9007199254740991 are missing"},
    {"edited-head", {"UPDATE head SET size = size - 1"}, LOG_ALTERED, "not in the tree"},
};

static void check(const LogReport *report, const Attack *attack)
{
    bool is_found = false;
    for (guint i = 0; i < report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(report->findings, i);
        g_test_message("%s: %s: %s", attack->name, log_verdict_name(finding->verdict),
                       finding->said->message);
        is_found = is_found || strstr(finding->said->message, attack->words) != NULL;
    }
    g_assert_true(is_found);
    g_assert_cmpint(report->verdict, >=, attack->verdict);
}

static void make_notes(LogFixture *fixture)
{
    for (int i = 1; i <= 20; i++) {
        log_fixture_add(fixture, "条目", i);
    }
}

static void test_each_attack_is_named(const TestPlace *place)
{
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
        g_autoptr(TestPlace) fresh = test_place_new(place->dialect);
        LogFixture fixture = {NULL};
        log_fixture_open(&fixture, fresh, 1);
        make_notes(&fixture);
        g_autofree char *note = log_fixture_sign(&fixture);
        for (size_t j = 0; j < 3 && attacks[i].sql[j] != NULL; j++) {
            log_fixture_tamper(&fixture, attacks[i].sql[j]);
        }
        g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, NULL);
        check(report, &attacks[i]);
        log_fixture_close(&fixture);
    }
}

static void test_unsigned_is_asserted(const TestPlace *place)
{
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    make_notes(&fixture);
    g_autofree char *note = log_fixture_sign(&fixture);
    log_fixture_add(&fixture, "更新", 1);
    g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, NULL);
    g_assert_cmpint(report->verdict, ==, LOG_ASSERTED);
    g_assert_cmpint(report->signed_size, ==, 20);
    g_assert_cmpint(report->n_events, ==, 21);
    log_fixture_close(&fixture);
}

/* What the database gives back is looked at before it is signed. */
static void test_what_was_altered_is_not_signed(const TestPlace *place)
{
    static const char *const edits[] = {
        "UPDATE event SET line = replace(line, 'note', 'nota') WHERE seq > 20",
        "UPDATE tile SET hashes = (SELECT root FROM head) WHERE level = 0",
        "UPDATE head SET root = (SELECT hashes FROM tile WHERE level = 0)",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(TestPlace) fresh = test_place_new(place->dialect);
        LogFixture fixture = {NULL};
        g_autoptr(GError) error = NULL;
        g_autofree char *none = NULL;
        log_fixture_open(&fixture, fresh, 1);
        make_notes(&fixture);
        g_autofree char *note = log_fixture_sign(&fixture);
        log_fixture_add(&fixture, "更新", 1);
        log_fixture_tamper(&fixture, edits[i]);
        g_assert_false(log_sign(fixture.log, fixture.signer, "shuzhi/test", NULL, &none, &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_CORRUPT);
        g_assert_null(none);
        g_assert_cmpint(test_store_int(fixture.store, "SELECT count(*) FROM checkpoint"), ==, 1);
        log_fixture_close(&fixture);
    }
}

static void test_not_this_key(const TestPlace *place)
{
    LogFixture fixture = {NULL};
    g_autoptr(GError) error = NULL;
    log_fixture_open(&fixture, place, 1);
    make_notes(&fixture);
    g_autofree char *note = log_fixture_sign(&fixture);
    uint8_t secret[CRYPTO_SECRET_SIZE] = {10};
    g_autoptr(ProofSigner) other = proof_signer_new("shuzhi/test", secret, &error);
    g_autofree char *key = proof_verifier_text(proof_signer_verifier(other));
    g_autoptr(LogReport) report = log_fixture_verify(&fixture, key, NULL);
    g_assert_cmpint(report->verdict, ==, LOG_NOT_THIS_KEY);
    log_fixture_close(&fixture);
}

/* Two histories by one key: the witness of one tells them apart. */
static void test_witness_sees_older_and_forked(const TestPlace *place)
{
    LogFixture fixture = {NULL}, other = {NULL};
    log_fixture_open(&fixture, place, 1);
    make_notes(&fixture);
    g_autofree char *early = log_fixture_sign(&fixture);
    log_fixture_add(&fixture, "更新", 1);
    g_autofree char *late = log_fixture_sign(&fixture);
    g_autoptr(TestPlace) fresh = test_place_new(place->dialect);
    log_fixture_open(&other, fresh, 2);
    make_notes(&other);
    g_autofree char *own = log_fixture_sign(&other);
    g_autoptr(LogReport) good = log_fixture_verify(&fixture, NULL, early);
    g_assert_cmpint(good->verdict, ==, LOG_SOUND);
    g_autoptr(LogReport) forked = log_fixture_verify(&other, NULL, early);
    g_assert_cmpint(forked->verdict, ==, LOG_FORKED);
    g_autoptr(LogReport) older = log_fixture_verify(&other, NULL, late);
    g_assert_cmpint(older->verdict, ==, LOG_OLDER);
    log_fixture_close(&fixture);
    log_fixture_close(&other);
}

/* Cut the log's end off and mend head and tiles by re-opening is not possible: the tree no longer
 * fits. */
static void test_truncated(const TestPlace *place)
{
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    make_notes(&fixture);
    g_autofree char *note = log_fixture_sign(&fixture);
    log_fixture_tamper(&fixture, "DELETE FROM event WHERE seq > 15");
    g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, note);
    g_assert_cmpint(report->verdict, >=, LOG_MISSING);
    log_fixture_close(&fixture);
}

/* Chunks and tiles: sizes around their borders. */
static void test_sizes_around_tiles(const TestPlace *place)
{
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    for (int i = 1; i <= 520; i++) {
        log_fixture_add(&fixture, "条目", i);
        if (i == 255 || i == 256 || i == 257 || i == 512 || i == 513) {
            g_autofree char *note = log_fixture_sign(&fixture);
            g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, note);
            g_assert_cmpint(report->verdict, ==, LOG_SOUND);
        }
    }
    log_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/log/verify/each-attack-is-named", test_each_attack_is_named);
    test_store_each("/log/verify/unsigned-is-asserted", test_unsigned_is_asserted);
    test_store_each("/log/verify/what-was-altered-is-not-signed",
                    test_what_was_altered_is_not_signed);
    test_store_each("/log/verify/not-this-key", test_not_this_key);
    test_store_each("/log/verify/witness-sees-older-and-forked",
                    test_witness_sees_older_and_forked);
    test_store_each("/log/verify/truncated", test_truncated);
    test_store_each("/log/verify/sizes-around-tiles", test_sizes_around_tiles);
    return g_test_run();
}
