#include "log/shown-witness.h"

#include "shown-fixture.h"

#define LINE(seq, kind)                                                                         \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-1\",\"version\":1},\"kind\":\"" kind \
    "\",\"object\":1,\"seq\":" seq "}"

static const char *const lines[] = {LINE("1", "entry.add"), LINE("2", "x.a"), LINE("3", "x.b"),
                                    LINE("4", "x.c"), LINE("5", "x.d")};
static const char *const other_lines[] = {LINE("1", "entry.add"), LINE("2", "y.a"),
                                          LINE("3", "y.b"), LINE("4", "y.c"), LINE("5", "y.d")};
static const ShownLog whole = {lines, 5};
static const ShownLog shorter = {lines, 3};
static const ShownLog forked = {other_lines, 5};

/* Hold the first event of @log, with @consistency (NULL: none) beside it, against @note. */
static LogWitnessed hold(const ShownLog *log, const char *consistency, const char *note,
                         int64_t *ret_size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    g_autofree char *shown = shown_fixture_show(log, 1, NULL);
    g_autofree char *text =
        g_strdup_printf("{\"entry\":\"A-1\",\"consistency\":%s,\"events\":[%s]}",
                        consistency != NULL ? consistency : "null", shown);
    g_autoptr(json_t) json = json_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autoptr(LogShownFile) file =
        log_shown_file_check(json, proof_signer_verifier(signer), &error);
    g_assert_no_error(error);
    LogWitnessed witnessed = LOG_WITNESSED_FORKED;
    log_shown_witness(json, file, note, proof_signer_verifier(signer), &witnessed, ret_size,
                      &error);
    g_assert_no_error(error);
    return witnessed;
}

static void check(const ShownLog *log, const char *consistency, const ShownLog *kept, int64_t size,
                  const char *relation)
{
    int64_t said = -1;
    g_autofree char *note = shown_fixture_note(kept, size);
    LogWitnessed witnessed = hold(log, consistency, note, &said);
    g_assert_cmpstr(log_witnessed_name(witnessed), ==, relation);
    g_assert_cmpint(said, ==, size);
}

static void test_what_is_at_hand(void)
{
    check(&whole, NULL, &whole, 5, "same");
    check(&whole, NULL, &forked, 5, "forked");
    check(&whole, NULL, &whole, 3, "unshown");
    check(&shorter, NULL, &whole, 5, "older");
    check(&shorter, NULL, &forked, 5, "older");
}

static void test_a_proof_of_consistency(void)
{
    for (int64_t size = 1; size < 5; size++) {
        g_autofree char *proof = shown_fixture_consistency(&whole, size, 5);
        check(&whole, proof, &whole, size, "after");
        /* The first line is of both, so that a log of it alone is the past of both. */
        check(&whole, proof, &forked, size, size == 1 ? "after" : "forked");
    }
    g_autofree char *nothing = shown_fixture_consistency(&whole, 0, 5);
    check(&whole, nothing, &whole, 0, "after"); /* everything goes on from nothing */
}

/* What proves nothing accuses nobody. */
static void test_a_proof_of_something_else(void)
{
    g_autofree char *of_two = shown_fixture_consistency(&whole, 2, 5);
    g_autofree char *of_four = shown_fixture_consistency(&whole, 2, 4);
    g_autofree char *of_fork = shown_fixture_consistency(&forked, 3, 5);
    check(&whole, of_two, &whole, 3, "unshown");
    check(&whole, of_four, &whole, 2, "unshown");
    check(&whole, of_fork, &whole, 3, "forked");
    static const char *const bent[] = {
        "1",
        "{}",
        "{\"from\":3,\"to\":5}",
        "{\"from\":3,\"to\":5,\"hashes\":[]}",
        "{\"from\":3,\"to\":5,\"hashes\":[1]}",
        "{\"from\":3,\"to\":5,\"hashes\":[\"AAAA\"]}",
        "{\"from\":3,\"to\":5,\"hashes\":\"x\"}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bent); i++) {
        check(&whole, bent[i], &whole, 3, "unshown");
    }
}

/* A note that is not of this log's key says nothing, neither for nor against. */
static void test_a_note_of_nothing(void)
{
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    g_autofree char *shown = shown_fixture_show(&whole, 1, NULL);
    g_autofree char *text = g_strdup_printf("{\"entry\":\"A-1\",\"events\":[%s]}", shown);
    g_autoptr(json_t) json = json_parse(text, strlen(text), NULL);
    g_autoptr(LogShownFile) file = log_shown_file_check(json, proof_signer_verifier(signer), NULL);
    g_autofree char *good = shown_fixture_note(&whole, 5);
    g_autoptr(GString) forged = g_string_new(good);
    g_autoptr(GString) foreign = g_string_new(good);
    g_string_replace(forged, "\n5\n", "\n9\n", 1);
    g_string_replace(foreign, "shuzhi/test\n", "shuzhi/else\n", 1);
    const char *const notes[] = {"", "x", forged->str, foreign->str};
    for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
        g_autoptr(GError) error = NULL;
        LogWitnessed witnessed;
        int64_t size = 0;
        g_assert_false(log_shown_witness(json, file, notes[i], proof_signer_verifier(signer),
                                         &witnessed, &size, &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/shown-witness/what-is-at-hand", test_what_is_at_hand);
    g_test_add_func("/log/shown-witness/a-proof-of-consistency", test_a_proof_of_consistency);
    g_test_add_func("/log/shown-witness/a-proof-of-something-else", test_a_proof_of_something_else);
    g_test_add_func("/log/shown-witness/a-note-of-nothing", test_a_note_of_nothing);
    return g_test_run();
}
