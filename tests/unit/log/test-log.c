#include "log/log.h"

#include "log-fixture.h"
#include "log/fold.h"
#include "log/history.h"
#include "proof/bundle.h"

static void test_line_is_canonical(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    fixture.act.from = "import \"a\".csv";
    int64_t id = log_fixture_add(&fixture, "张三", 3);
    g_assert_cmpint(id, ==, 1);
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture.store, &error);
    g_autoptr(GPtrArray) events = log_history(reader, id, &error);
    g_assert_cmpuint(events->len, ==, 1);
    const LogEvent *event = g_ptr_array_index(events, 0);
    g_assert_true(g_str_has_prefix(event->line,
                                   "{\"actor\":\"os:test\",\"at\":1700000000000000,\"data\":{"
                                   "\"day\":\"2023-05-06\",\"pages\":3},\"fields\":{\"title\":\""));
    g_assert_true(g_str_has_suffix(event->line, "\"},\"from\":\"import \\\"a\\\".csv\","
                                                "\"kind\":\"note.add\",\"object\":1,\"seq\":1}"));
    g_assert_null(strstr(event->line, "张三"));
    g_assert_cmpstr(event->values, ==, "{\"title\":\"张三\"}");
    g_clear_pointer(&reader, store_reader_release);
    log_fixture_close(&fixture);
}

static void test_change_writes_only_what_differs(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    int64_t id = log_fixture_add(&fixture, "一", 3);
    log_fixture_change(&fixture, id, "一", 3);
    log_fixture_change(&fixture, id, "一", 4);
    fixture.act.why = "写错了";
    log_fixture_change(&fixture, id, "", 4);
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture.store, &error);
    g_autoptr(GPtrArray) events = log_history(reader, id, &error);
    g_assert_cmpuint(events->len, ==, 3);
    const LogEvent *second = g_ptr_array_index(events, 1);
    const LogEvent *third = g_ptr_array_index(events, 2);
    g_assert_nonnull(strstr(second->line, "\"data\":{\"pages\":4},\"kind\""));
    g_assert_null(second->values);
    g_assert_cmpstr(third->values, ==, "{\"@why\":\"写错了\",\"title\":\"\"}");
    g_autoptr(LogFold) fold = log_fold_object(reader, id, &error);
    g_assert_cmpstr(log_fold_get(fold, "pages"), ==, "4");
    g_assert_null(log_fold_get(fold, "title"));
    g_clear_pointer(&reader, store_reader_release);
    log_fixture_close(&fixture);
}

static bool append_kind(LogWriter *writer, void *data, GError **error)
{
    return log_append(writer, data, 0, NULL, NULL, NULL, error);
}

/* Write an event of @kind as another process that took the office over and ended. */
static void write_meanwhile(LogFixture *fixture, const char *kind)
{
    g_autoptr(GError) error = NULL;
    test_server_run(fixture->place, "SELECT pg_terminate_backend(session::int, 10000)::int"
                                    " FROM {schema}.writer");
    g_autoptr(Store) store = test_store_open(fixture->place, STORE_WRITE);
    g_autoptr(Log) log = log_open(store, fixture->source, &error);
    g_assert_no_error(error);
    g_assert_true(log_write(log, &fixture->act, append_kind, (void *)kind, &error));
    g_assert_no_error(error);
}

/* What others wrote meanwhile is gone on from, unless it changed what is held in memory. */
static void test_written_by_another_meanwhile(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "一", 1);
    if (place->dialect == STORE_POSTGRES) {
        write_meanwhile(&fixture, "note.other");
        g_assert_cmpint(log_fixture_add(&fixture, "三", 1), ==, 3);
        write_meanwhile(&fixture, "definition.change");
        for (int i = 0; i < 2; i++) {
            g_assert_false(
                log_write(fixture.log, &fixture.act, append_kind, (void *)"note.x", &error));
            test_assert_error(error, BUSY, "changed what the office runs on");
            g_clear_error(&error);
        }
    }
    log_fixture_close(&fixture);
}

static bool fail_after_append(LogWriter *writer, void *data, GError **error)
{
    if (!log_append(writer, "note.lost", 0, NULL, NULL, NULL, error)) {
        return false;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "no");
    return false;
}

static bool append_note(LogWriter *writer, void *data, GError **error)
{
    return log_append(writer, "note.say", 0, NULL, NULL, NULL, error);
}

/* Look up what the fixture's actor did under @once; -1: nothing. */
static int64_t find_once(LogFixture *fixture, const LogOnce *once, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture->store, &error);
    bool is_done = false;
    int64_t seq = 0;
    log_once_find(reader, fixture->act.actor, once, now_us, &is_done, &seq, &error);
    g_assert_no_error(error);
    return is_done ? seq : -1;
}

static void test_same_key_does_it_once(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    const LogOnce once = {"钥匙", "a"};
    const LogOnce other = {"钥匙", "b"};
    fixture.act.once = &once;
    fixture.act.at_us = source_now_us(fixture.source);
    g_assert_false(log_write(fixture.log, &fixture.act, fail_after_append, NULL, &error));
    g_clear_error(&error);
    g_assert_cmpint(find_once(&fixture, &once, fixture.act.at_us), ==, -1); /* it failed */
    log_write(fixture.log, &fixture.act, append_note, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(log_write(fixture.log, &fixture.act, append_note, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    g_clear_error(&error);
    g_assert_cmpint(find_once(&fixture, &once, fixture.act.at_us), ==, 1);
    g_assert_cmpint(find_once(&fixture, &once, fixture.act.at_us + LOG_ONCE_US), ==, -1);
    fixture.act.once = &other;
    g_assert_false(log_write(fixture.log, &fixture.act, append_note, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_CONFLICT));
    g_clear_error(&error);
    fixture.act.actor = "os:other"; /* has keys of its own */
    log_write(fixture.log, &fixture.act, append_note, NULL, &error);
    g_assert_no_error(error);
    fixture.act.at_us += LOG_ONCE_US; /* a day later it is forgotten */
    log_write(fixture.log, &fixture.act, append_note, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(find_once(&fixture, &other, fixture.act.at_us), ==, 3);
    log_fixture_close(&fixture);
}

#define N_AT_ONCE 8
#define N_ROUNDS 20

/* Threads that stand at a gate, which the write queue opens. */
typedef struct Rush {
    LogFixture *fixture;
    LogOnce once;
    int n_waiting; /* atomic */
    int n_done;    /* atomic */
} Rush;

/* Keep the queue waiting until all are about to hand in: what they hand in is one batch. */
static bool wait_for_all(StoreConnection *connection, void *data, GError **error)
{
    (void)connection;
    (void)error;
    const Rush *rush = data;
    while (g_atomic_int_get(&rush->n_waiting) < N_AT_ONCE) {
        g_thread_yield();
    }
    return true;
}

/* Do it, or see what the one did who was first. */
static void *rush_in(void *data)
{
    Rush *rush = data;
    g_autoptr(GError) error = NULL;
    const LogAct act = {
        .actor = rush->fixture->act.actor, .at_us = rush->fixture->act.at_us, .once = &rush->once};
    g_atomic_int_inc(&rush->n_waiting);
    if (log_write(rush->fixture->log, &act, append_note, NULL, &error)) {
        g_atomic_int_inc(&rush->n_done);
    } else {
        g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    }
    g_assert_cmpint(find_once(rush->fixture, &rush->once, act.at_us), >, 0);
    return NULL;
}

/* Who is told that it was done finds it on disk, also where the first was of the same batch. */
static void test_same_key_at_once(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    fixture.act.at_us = source_now_us(fixture.source);
    for (int i = 0; i < N_ROUNDS; i++) {
        g_autofree char *key = g_strdup_printf("%d", i);
        Rush rush = {.fixture = &fixture, .once = {key, "a"}};
        GThread *threads[N_AT_ONCE];
        for (int k = 0; k < N_AT_ONCE; k++) {
            threads[k] = g_thread_new("rush", rush_in, &rush);
        }
        store_write(fixture.store, wait_for_all, &rush, &error);
        g_assert_no_error(error);
        for (int k = 0; k < N_AT_ONCE; k++) {
            g_thread_join(threads[k]);
        }
        g_assert_cmpint(g_atomic_int_get(&rush.n_done), ==, 1);
    }
    log_fixture_close(&fixture);
}

static void test_failed_job_leaves_no_event(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    log_fixture_add(&fixture, "一", 1);
    g_assert_false(log_write(fixture.log, &fixture.act, fail_after_append, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_cmpint(log_fixture_add(&fixture, "二", 2), ==, 2);
    log_fixture_reopen(&fixture);
    g_assert_cmpint(log_fixture_add(&fixture, "三", 3), ==, 3);
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, NULL);
    g_assert_cmpstr(log_verdict_name(report->verdict), ==, "sound");
    log_fixture_close(&fixture);
}

static void test_event_proves_itself(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    for (int i = 0; i < 300; i++) {
        log_fixture_add(&fixture, "条目", i);
    }
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture.store, &error);
    g_autofree char *proof = log_prove_event(reader, 257, &error);
    g_assert_no_error(error);
    g_autoptr(ProofBundle) bundle = proof_bundle_parse(proof, strlen(proof), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) events = log_history(reader, 257, &error);
    const LogEvent *event = g_ptr_array_index(events, 0);
    ProofHash leaf;
    proof_leaf_hash(event->line, strlen(event->line), &leaf);
    g_assert_cmpint(
        proof_bundle_check(bundle, &leaf, "shuzhi/test", proof_signer_verifier(fixture.signer)), ==,
        PROOF_SOUND);
    g_assert_null(log_prove_event(reader, 301, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    g_clear_pointer(&reader, store_reader_release);
    log_fixture_close(&fixture);
}

static bool erase(LogWriter *writer, void *data, GError **error)
{
    return log_erase(writer, *(int64_t *)data, error) &&
           store_run(log_writer_connection(writer), error,
                     "UPDATE note SET title = NULL WHERE id = $1", "i", *(int64_t *)data);
}

static void test_erasure_keeps_the_tree(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    int64_t id = log_fixture_add(&fixture, "李四", 1);
    log_fixture_change(&fixture, id, "李四方", 1);
    log_fixture_add(&fixture, "王五", 1);
    g_assert_true(log_write(fixture.log, &fixture.act, erase, &id, &error));
    g_autofree char *note = log_fixture_sign(&fixture);
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture.store, &error);
    g_autoptr(GPtrArray) events = log_history(reader, id, &error);
    g_assert_cmpuint(events->len, ==, 3);
    for (guint i = 0; i < 2; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        g_assert_true(event->is_erased);
        g_assert_null(event->values);
    }
    g_clear_pointer(&reader, store_reader_release);
    g_autoptr(LogReport) report = log_fixture_verify(&fixture, NULL, NULL);
    g_assert_cmpstr(log_verdict_name(report->verdict), ==, "sound");
    log_fixture_close(&fixture);
}

/* Append an event whose data has a text of *@data bytes. */
static bool append_long(LogWriter *writer, void *data, GError **error)
{
    g_autofree char *filler = g_strnfill(*(const gsize *)data, 'x');
    g_autofree char *json = g_strdup_printf("{\"filler\":\"%s\"}", filler);
    return log_append(writer, "note.long", 0, json, NULL, NULL, error);
}

static void test_longest_line(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    gsize length = 0;
    g_assert_true(log_write(fixture.log, &fixture.act, append_long, &length, &error));
    length =
        LOG_MAX_LINE_BYTES - (gsize)test_store_int(fixture.store, "SELECT length(line) FROM event");
    g_assert_true(log_write(fixture.log, &fixture.act, append_long, &length, &error));
    length++;
    g_assert_false(log_write(fixture.log, &fixture.act, append_long, &length, &error));
    test_assert_error(error, LIMIT, "1048577 bytes");
    g_clear_error(&error);
    length = 1;
    g_assert_true(log_write(fixture.log, &fixture.act, append_long, &length, &error));
    g_assert_cmpint(test_store_int(fixture.store, "SELECT max(length(line)) FROM event"), ==,
                    LOG_MAX_LINE_BYTES);
    g_assert_cmpint(test_store_int(fixture.store, "SELECT count(*) FROM event"), ==, 3);
    log_fixture_close(&fixture);
}

static bool add_titled(LogWriter *writer, void *title, GError **error)
{
    const Value values[] = {value_text(title), VALUE_EMPTY, VALUE_EMPTY};
    bool is_ok = log_record_add(writer, &fixture_table, values, NULL, error);
    value_clear((Value *)&values[0]);
    return is_ok;
}

/* U+202E in a name turned the lists that showed it; ESC commands a terminal. */
static void test_text_that_is_not_to_be_read(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    g_assert_false(log_write(fixture.log, &fixture.act, add_titled, "a\u202eb", &error));
    test_assert_error(error, INVALID, "U+202E");
    g_clear_error(&error);
    fixture.act.why = "\x1b[31m";
    g_assert_false(log_write(fixture.log, &fixture.act, add_titled, "一", &error));
    test_assert_error(error, INVALID, "U+001B");
    g_clear_error(&error);
    fixture.act = (LogAct){.actor = "os:test", .from = "import \u2066.csv"};
    g_assert_false(log_write(fixture.log, &fixture.act, add_titled, "一", &error));
    test_assert_error(error, INVALID, "U+2066");
    g_assert_cmpint(test_store_int(fixture.store, "SELECT count(*) FROM event"), ==, 0);
    fixture.act.from = NULL;
    g_clear_error(&error);
    g_assert_false(log_write(fixture.log, &fixture.act, add_titled, "一\n二", &error));
    test_assert_error(error, INVALID, "on one line");
    g_clear_error(&error);
    log_fixture_add(&fixture, "一 二", 1);
    g_assert_cmpint(test_store_int(fixture.store, "SELECT count(*) FROM event"), ==, 1);
    log_fixture_close(&fixture);
}

static bool append_kinds(LogWriter *writer, void *data, GError **error)
{
    static const char *const kinds[] = {"entry.add",     "entry.look",  "entry.add", "entry.step",
                                        "session.begin", "session.end", "entry.add", "setting.add"};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!log_append(writer, kinds[i], 0, NULL, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

static void test_events_of_a_kind(const TestPlace *place)
{
    static const struct {
        const char *kind;
        int64_t before;
        const char *seqs; /* the newest first */
    } cases[] = {
        {NULL, 100, "8 7 6 5 4 3 2 1 "},
        {"entry.add", 100, "7 3 1 "},
        {"entry.", 100, "7 4 3 2 1 "},
        {"entry.look", 100, "2 "},
        {"entry.look", 2, ""},
        {"session.", 100, "6 5 "},
        {"session.", 6, "5 "},
        {"setting.", 100, "8 "},
        {"entry", 100, ""},
        {"nothing.", 100, ""},
    };
    g_autoptr(GError) error = NULL;
    LogFixture fixture = {NULL};
    log_fixture_open(&fixture, place, 1);
    g_assert_true(log_write(fixture.log, &fixture.act, append_kinds, NULL, &error));
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture.store, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const LogFilter filter = {.kind = cases[i].kind};
        g_autoptr(GPtrArray) events =
            log_events_before(reader, &filter, cases[i].before, 100, &error);
        g_autoptr(GString) seqs = g_string_new(NULL);
        g_assert_no_error(error);
        for (guint k = 0; k < events->len; k++) {
            const LogEvent *event = g_ptr_array_index(events, k);
            g_string_append_printf(seqs, "%d ", (int)event->seq);
        }
        g_assert_cmpstr(seqs->str, ==, cases[i].seqs);
    }
    g_clear_pointer(&reader, store_reader_release);
    log_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/log/log/line-is-canonical", test_line_is_canonical);
    test_store_each("/log/log/change-writes-only-what-differs",
                    test_change_writes_only_what_differs);
    test_store_each("/log/log/failed-job-leaves-no-event", test_failed_job_leaves_no_event);
    test_store_each("/log/log/same-key-does-it-once", test_same_key_does_it_once);
    test_store_each("/log/log/same-key-at-once", test_same_key_at_once);
    test_store_each("/log/log/event-proves-itself", test_event_proves_itself);
    test_store_each("/log/log/erasure-keeps-the-tree", test_erasure_keeps_the_tree);
    test_store_each("/log/log/longest-line", test_longest_line);
    test_store_each("/log/log/text-that-is-not-to-be-read", test_text_that_is_not_to_be_read);
    test_store_each("/log/log/events-of-a-kind", test_events_of_a_kind);
    test_store_each("/log/log/written-by-another-meanwhile", test_written_by_another_meanwhile);
    return g_test_run();
}
