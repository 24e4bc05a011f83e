#include "log/shown-file.h"

#include "log-fixture.h"

static bool may_show_all(const char *name, void *data)
{
    (void)name;
    (void)data;
    return true;
}

/* Return event @seq of the log as it is shown; the caller owns it. */
static char *show(LogFixture *fixture, int64_t seq)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture->store, NULL);
    g_autoptr(GPtrArray) events = log_events_after(reader, seq - 1, 1, NULL);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    g_assert_true(
        log_shown_write(reader, g_ptr_array_index(events, 0), may_show_all, NULL, &json, NULL));
    return json_writer_finish(&json);
}

/* Check a file of @events, joined by commas. */
static LogShownFile *check(const char *events, const ProofVerifier *verifier, GError **error)
{
    g_autofree char *text = g_strdup_printf("{\"events\":[%s]}", events);
    g_autoptr(json_t) json = json_parse(text, strlen(text), error);
    g_assert_nonnull(json);
    return log_shown_file_check(json, verifier, error);
}

static void test_events_together(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    for (int i = 0; i < 3; i++) {
        log_fixture_add(&fixture, "一楼漏水", i);
    }
    g_autofree char *note = log_fixture_sign(&fixture);
    const ProofVerifier *verifier = proof_signer_verifier(fixture.signer);
    g_autofree char *first = show(&fixture, 1);
    g_autofree char *third = show(&fixture, 3);
    g_autofree char *twice = g_strdup_printf("%s,%s,%s", first, third, first);
    g_autoptr(LogShownFile) file = check(twice, verifier, &error);
    g_assert_no_error(error);
    g_assert_true(log_shown_file_is_sound(file));
    g_assert_cmpuint(file->events->len, ==, 2); /* what is said twice is no more */
    g_assert_cmpuint(file->checkpoints->len, ==, 1);
    g_autoptr(LogShownFile) none = check("", verifier, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(none->events->len, ==, 0);
    log_fixture_close(&fixture);
}

static void test_another_log_is_not_judged(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "一楼漏水", 1);
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autofree char *text = show(&fixture, 1);
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {7};
    g_autoptr(ProofSigner) other = proof_signer_new("shuzhi/other", secret, NULL);
    g_assert_null(check(text, proof_signer_verifier(other), &error));
    g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "nothing was checked"));
    log_fixture_close(&fixture);
}

/* ---- a log that is signed twice -------------------------------------------------------------- */

/* Return the one event of a log of one, @line, shown under a checkpoint that @signer signs. */
static char *sign_alone(const char *line, int64_t seq, const ProofSigner *signer)
{
    ProofHash leaf;
    proof_leaf_hash(line, strlen(line), &leaf);
    const char *origin = proof_signer_verifier(signer)->name;
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_new(origin, 1, &leaf, NULL, NULL);
    proof_note_sign(checkpoint->note, signer);
    g_autofree char *text = proof_note_text(checkpoint->note);
    g_autofree char *proof = g_strdup_printf("c2sp.org/tlog-proof@v1\nindex 0\n\n%s", text);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "seq", seq);
    json_write_key_text(&json, "event", line);
    json_write_key_text(&json, "proof", proof);
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

#define LINE(number)                                              \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"" number \
    "\",\"version\":1},\"kind\":\"entry.add\",\"object\":1,\"seq\":1}"

static void test_two_histories_are_no_history(void)
{
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {1};
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofSigner) signer = proof_signer_new("shuzhi/test", secret, NULL);
    g_autofree char *one = sign_alone(LINE("A-1"), 1, signer);
    g_autofree char *other = sign_alone(LINE("A-2"), 1, signer);
    const ProofVerifier *verifier = proof_signer_verifier(signer);
    g_autoptr(LogShownFile) alone = check(one, verifier, &error);
    g_assert_no_error(error);
    g_assert_true(log_shown_file_is_sound(alone));
    g_assert_cmpstr(log_shown_file_number(alone, 1), ==, "A-1");
    g_assert_null(log_shown_file_number(alone, 2));
    g_autofree char *both = g_strdup_printf("%s,%s", one, other);
    g_autoptr(LogShownFile) file = check(both, verifier, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(file->n_unsound, ==, 0);
    g_assert_nonnull(file->conflict);
    g_assert_false(log_shown_file_is_sound(file));
}

static void test_numbers_that_no_log_has(void)
{
    static const char *const lines[] = {
        "{\"actor\":\"a\",\"at\":1,\"kind\":\"k\",\"object\":1,\"seq\":9007199254740993}",
        "{\"actor\":\"a\",\"at\":1,\"kind\":\"k\",\"object\":-1,\"seq\":1}",
        "{\"actor\":\"a\",\"at\":\"x\",\"kind\":\"k\",\"object\":1,\"seq\":1}",
        "{\"actor\":\"a\",\"at\":1e300,\"kind\":\"k\",\"object\":1,\"seq\":1}",
    };
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {1};
    g_autoptr(ProofSigner) signer = proof_signer_new("shuzhi/test", secret, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = sign_alone(lines[i], 1, signer);
        g_assert_null(check(text, proof_signer_verifier(signer), &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/log/shown-file/events-together", test_events_together);
    test_store_each("/log/shown-file/another-log-is-not-judged", test_another_log_is_not_judged);
    g_test_add_func("/log/shown-file/two-histories-are-no-history",
                    test_two_histories_are_no_history);
    g_test_add_func("/log/shown-file/numbers-that-no-log-has", test_numbers_that_no_log_has);
    return g_test_run();
}
