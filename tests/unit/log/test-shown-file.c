#include "log/shown-file.h"

#include "log-fixture.h"
#include "shown-fixture.h"

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

/* Return the one event of a log of one, @line, as it is shown; the caller owns it. */
static char *sign_alone(const char *line)
{
    const ShownLog log = {&line, 1};
    return shown_fixture_show(&log, 1, NULL);
}

#define LINE(number)                                              \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"" number \
    "\",\"version\":1},\"kind\":\"entry.add\",\"object\":1,\"seq\":1}"

static void test_two_histories_are_no_history(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    g_autofree char *one = sign_alone(LINE("A-1"));
    g_autofree char *other = sign_alone(LINE("A-2"));
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
        "{\"actor\":\"a\",\"at\":1,\"data\":{\"version\":9007199254740992},\"kind\":\"k\","
        "\"object\":1,\"seq\":1}",
        "{\"actor\":\"a\",\"at\":1,\"data\":{\"version\":-1},\"kind\":\"k\",\"object\":1,"
        "\"seq\":1}",
    };
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = sign_alone(lines[i]);
        g_assert_null(check(text, proof_signer_verifier(signer), &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    }
}

/* Check a file of the @n events at @shown, which must be of the form; the caller owns it. */
static LogShownFile *check_shown(char *const *shown, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(all, "%s%s", i > 0 ? "," : "", shown[i]);
    }
    LogShownFile *file = check(all->str, proof_signer_verifier(signer), &error);
    g_assert_no_error(error);
    return file;
}

#define STEP(seq, version)                                        \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"version\":" version \
    "},\"kind\":\"entry.step\",\"object\":1,\"seq\":" seq "}"

/* Of two copies of an event that open different fields, both are heard. */
static void test_an_event_said_twice_is_one(void)
{
    g_autofree char *opened_a = NULL;
    g_autofree char *opened_b = NULL;
    g_autofree char *a = shown_fixture_commit("a", "1", &opened_a);
    g_autofree char *b = shown_fixture_commit("b", "2", &opened_b);
    g_autofree char *line = g_strdup_printf(
        "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-1\",\"version\":1},\"fields\":"
        "{\"a\":\"%s\",\"b\":\"%s\"},\"kind\":\"entry.add\",\"object\":1,\"seq\":1}",
        a, b);
    const char *lines[] = {line, STEP("2", "2")};
    const ShownLog before = {lines, 1};
    const ShownLog later = {lines, 2};
    g_autofree char *only_a = g_strdup_printf("{%s}", opened_a);
    g_autofree char *only_b = g_strdup_printf("{%s}", opened_b);
    g_autofree char *first = shown_fixture_show(&before, 1, only_a);
    g_autofree char *second = shown_fixture_show(&later, 1, only_b);
    g_autoptr(LogShownFile) file = check_shown((char *[]){first, second, first}, 3);
    g_assert_true(log_shown_file_is_sound(file));
    g_assert_cmpuint(file->events->len, ==, 1);
    g_assert_cmpuint(file->checkpoints->len, ==, 2);
    const LogShown *shown = g_ptr_array_index(file->events, 0);
    g_assert_cmpuint(shown->fields->len, ==, 2);
    g_assert_cmpuint(shown->closed->len, ==, 0);
    g_assert_cmpint(shown->checkpoint->size, ==, 2);
}

/* An event that is there, but bent, is no missing one. */
static void test_a_bent_event_is_not_missing(void)
{
    static const char *const lines[] = {LINE("A-1"), STEP("2", "2"), STEP("3", "3")};
    static const ShownLog log = {lines, 3};
    g_autofree char *first = shown_fixture_show(&log, 1, NULL);
    g_autofree char *second = shown_fixture_show(&log, 2, NULL);
    g_autofree char *bent = shown_fixture_show(&log, 2, "{\"a\":{\"value\":\"1\",\"key\":\"\"}}");
    g_autofree char *third = shown_fixture_show(&log, 3, NULL);
    g_autoptr(LogShownFile) whole = check_shown((char *[]){first, second, third}, 3);
    g_assert_true(log_shown_file_is_sound(whole));
    g_autoptr(LogShownFile) gap = check_shown((char *[]){first, third}, 2);
    g_assert_cmpuint(gap->gaps->len, ==, 1);
    g_autoptr(LogShownFile) file = check_shown((char *[]){first, bent, third}, 3);
    g_assert_cmpuint(file->n_unsound, ==, 1);
    g_assert_cmpuint(file->gaps->len, ==, 0);
}

/* A line stands where it says that it does. */
static void test_a_line_at_another_place(void)
{
    static const char *const lines[] = {STEP("2", "2"), STEP("2", "2")};
    static const ShownLog log = {lines, 2};
    g_autofree char *there = shown_fixture_show_at(&log, 1, 2, NULL);
    g_autoptr(LogShownFile) sound = check_shown(&there, 1);
    g_assert_true(log_shown_file_is_sound(sound));
    g_autofree char *elsewhere = shown_fixture_show_at(&log, 0, 2, NULL);
    g_autoptr(LogShownFile) file = check_shown(&elsewhere, 1);
    const LogShown *shown = g_ptr_array_index(file->events, 0);
    g_assert_cmpint(shown->verdict, ==, PROOF_OUT_OF_RANGE);
}

#define FILES(seq, kind, data)                                                \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{" data "},\"kind\":\"entry." kind \
    "\",\"object\":1,\"seq\":" seq "}"

/* Who attached or took away a file between others could be left out unseen. */
static void test_files_follow_one_another(void)
{
    static const char *const lines[] = {
        LINE("A-1"),
        FILES("2", "attach", "\"evidence.photo\":[20]"),
        FILES("3", "attach", "\"evidence.photo\":[20,21]"),
        FILES("4", "attach", "\"evidence.reply\":[20]"),
        FILES("5", "detach", "\"detached\":20,\"evidence.photo\":[21]"),
        FILES("6", "attach", "\"evidence.photo\":[21,22]"),
        FILES("7", "detach", "\"detached\":21,\"evidence.photo\":[22]"),
        FILES("8", "detach", "\"detached\":22,\"evidence.photo\":[]"),
    };
    static const ShownLog log = {lines, G_N_ELEMENTS(lines)};
    static const struct {
        const char *seqs;
        bool has_gap;
    } cases[] = {
        {"12345678", false}, {"87654321", false}, {"1234567", false}, /* the end shows nowhere */
        {"1235678", false},  {"1345678", true},   {"1245678", true},  {"1234678", true},
        {"1234578", true},   {"1234568", true},   {"345678", false}, /* nor the beginning */
        {"34678", true},     {"23", false},       {"13", true},       {"18", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *shown[G_N_ELEMENTS(lines)];
        size_t n = strlen(cases[i].seqs);
        for (size_t j = 0; j < n; j++) {
            shown[j] = shown_fixture_show(&log, cases[i].seqs[j] - '0', NULL);
        }
        g_autoptr(LogShownFile) file = check_shown(shown, n);
        g_test_message("%s", cases[i].seqs);
        g_assert_cmpuint(file->gaps->len, ==, cases[i].has_gap ? 1 : 0);
        g_assert_cmpint(log_shown_file_is_sound(file), ==, !cases[i].has_gap);
        for (size_t j = 0; j < n; j++) {
            g_free(shown[j]);
        }
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
    g_test_add_func("/log/shown-file/an-event-said-twice-is-one", test_an_event_said_twice_is_one);
    g_test_add_func("/log/shown-file/a-bent-event-is-not-missing",
                    test_a_bent_event_is_not_missing);
    g_test_add_func("/log/shown-file/a-line-at-another-place", test_a_line_at_another_place);
    g_test_add_func("/log/shown-file/files-follow-one-another", test_files_follow_one_another);
    return g_test_run();
}
