#include "log/shown.h"

#include "log-fixture.h"

static bool may_show_all(const char *name, void *data)
{
    (void)name;
    int *n_asked = data;
    ++*n_asked;
    return true;
}

static bool may_show_none(const char *name, void *data)
{
    (void)name;
    (void)data;
    return false;
}

/* Return event @seq of the log as it is shown; the caller owns it. */
static char *show(LogFixture *fixture, int64_t seq, LogMayShow may_show, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture->store, error);
    g_autoptr(GPtrArray) events = log_events_after(reader, seq - 1, 1, error);
    int n_asked = 0;
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    bool is_written =
        log_shown_write(reader, g_ptr_array_index(events, 0), may_show, &n_asked, &json, error);
    return is_written ? json_writer_finish(&json) : NULL;
}

static LogShown *check(const char *text, const ProofSigner *signer, GError **error)
{
    g_autoptr(json_t) json = json_parse(text, strlen(text), error);
    g_assert_nonnull(json);
    return log_shown_check(json, proof_signer_verifier(signer), error);
}

/* Return @text with the first @old in it replaced by @new; the caller owns it. */
static char *replace(const char *text, const char *old, const char *new)
{
    g_assert_nonnull(strstr(text, old));
    g_autoptr(GString) out = g_string_new(text);
    g_string_replace(out, old, new, 1);
    return g_strdup(out->str);
}

static void test_an_event_is_shown_and_checked(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    for (int i = 0; i < 5; i++) {
        log_fixture_add(&fixture, "一楼漏水", i);
    }
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autofree char *text = show(&fixture, 3, may_show_all, &error);
    g_assert_no_error(error);
    g_autoptr(LogShown) shown = check(text, fixture.signer, &error);
    g_assert_no_error(error);
    g_assert_cmpint(shown->verdict, ==, PROOF_SOUND);
    g_assert_cmpint(shown->seq, ==, 3);
    g_assert_cmpstr(shown->actor, ==, "os:test");
    g_assert_cmpstr(shown->kind, ==, "note.add");
    g_assert_cmpint(shown->checkpoint->size, ==, 5);
    g_assert_cmpuint(shown->fields->len, ==, 1);
    const LogShownField *field = g_ptr_array_index(shown->fields, 0);
    g_assert_cmpstr(field->name, ==, "title");
    g_assert_cmpstr(field->value, ==, "一楼漏水");
    log_fixture_close(&fixture);
}

static void test_what_may_not_be_shown_stays_closed(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "一楼漏水", 1);
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autofree char *text = show(&fixture, 1, may_show_none, &error);
    g_assert_no_error(error);
    g_assert_null(strstr(text, "一楼漏水"));
    g_assert_null(strstr(text, "\"key\""));
    g_autoptr(LogShown) shown = check(text, fixture.signer, &error);
    g_assert_cmpint(shown->verdict, ==, PROOF_SOUND);
    g_assert_cmpuint(shown->fields->len, ==, 0);
    log_fixture_close(&fixture);
}

static void test_each_change_has_its_verdict(const TestPlace *place)
{
    static const struct {
        const char *old, *new;
        ProofVerdict verdict;
    } changes[] = {
        {"一楼漏水", "二楼漏水", PROOF_OTHER_VALUE},
        {"\"seq\":2,\"event\"", "\"seq\":1,\"event\"", PROOF_OTHER_VALUE},
        {"os:test", "os:tess", PROOF_WRONG_ROOT},
        {"index 1", "index 0", PROOF_WRONG_ROOT},
        {"\"title\":{\"value\"", "\"other\":{\"value\"", PROOF_OTHER_VALUE},
    };
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "先一条", 1);
    log_fixture_add(&fixture, "一楼漏水", 2);
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autofree char *text = show(&fixture, 2, may_show_all, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *changed = replace(text, changes[i].old, changes[i].new);
        g_autoptr(LogShown) shown = check(changed, fixture.signer, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(proof_verdict_name(shown->verdict), ==,
                        proof_verdict_name(changes[i].verdict));
    }
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {7};
    g_autoptr(ProofSigner) other =
        proof_signer_new(proof_signer_verifier(fixture.signer)->name, secret, &error);
    g_autoptr(LogShown) shown = check(text, other, &error);
    g_assert_cmpint(shown->verdict, ==, PROOF_UNSIGNED);
    log_fixture_close(&fixture);
}

static void test_what_is_not_signed_is_not_shown(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "一楼漏水", 1);
    g_autofree char *text = show(&fixture, 1, may_show_all, &error);
    g_assert_null(text);
    g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_NOT_FOUND);
    log_fixture_close(&fixture);
}

static void test_other_texts_are_refused(void)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"event\":1,\"proof\":\"\"}",
        "{\"event\":\"{}\",\"proof\":\"c2sp.org/tlog-proof@v1\\n\"}",
    };
    static const uint8_t secret[CRYPTO_SECRET_SIZE] = {1};
    g_autoptr(ProofSigner) signer = proof_signer_new("shuzhi/test", secret, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(check(texts[i], signer, &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/log/shown/an-event-is-shown-and-checked", test_an_event_is_shown_and_checked);
    test_store_each("/log/shown/what-may-not-be-shown-stays-closed",
                    test_what_may_not_be_shown_stays_closed);
    test_store_each("/log/shown/each-change-has-its-verdict", test_each_change_has_its_verdict);
    test_store_each("/log/shown/what-is-not-signed-is-not-shown",
                    test_what_is_not_signed_is_not_shown);
    g_test_add_func("/log/shown/other-texts-are-refused", test_other_texts_are_refused);
    return g_test_run();
}
