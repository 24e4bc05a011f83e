#include "office/session.h"

#include "office/account.h"
#include "office/setting.h"
#include "support/fault-statement.h"
#include "support/test-office.h"

/* An administrator's, as a new office has it. */
#define IDLE_US (INT64_C(15) * 60 * G_USEC_PER_SEC)

static int64_t make_account(TestOffice *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    const OfficeAccount account = {.name = (char *)name,
                                   .os_user = (char *)name,
                                   .administrator = "audit",
                                   .until = DATE_NONE};
    int64_t id = 0;
    office_account_add(fixture->office, fixture->console, &fixture->act, &account, NULL, &id,
                       &error);
    g_assert_no_error(error);
    return id;
}

static char *begin(TestOffice *fixture, int64_t account)
{
    g_autoptr(GError) error = NULL;
    char *token = NULL;
    office_session_begin(fixture->office, account, "127.0.0.1", "测试浏览器", &token, &error);
    g_assert_no_error(error);
    return token;
}

static OfficeSession *find(TestOffice *fixture, const char *token)
{
    g_autoptr(GError) error = NULL;
    OfficeSession *session = NULL;
    office_session_find(fixture->office, token, &session, &error);
    g_assert_no_error(error);
    return session;
}

static bool is_open(TestOffice *fixture, const char *token)
{
    g_autoptr(OfficeSession) session = find(fixture, token);
    return session != NULL;
}

/* A session that was put beside the log opens the office as well; verification tells. */
static void test_one_that_nobody_began_is_found(const TestPlace *place)
{
    static const char *const attacks[] = {
        "UPDATE session SET token = 'abc'",
        "UPDATE session SET account = (SELECT min(id) FROM account)",
        "UPDATE session SET begun = begun + 1",
        "UPDATE session SET address = 'elsewhere'",
        "UPDATE session SET seq = seq - 1",
        "INSERT INTO session SELECT 'abc', seq, account, begun, seen, address, agent FROM session",
    };
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor");
    g_autofree char *token = begin(&fixture, account);
    test_office_expect_found(&fixture, "CREATE TABLE kept AS SELECT * FROM session", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
        test_office_expect_found(&fixture, attacks[i], "a session of account");
        test_office_expect_found(
            &fixture, "DELETE FROM session;\nINSERT INTO session SELECT * FROM kept", NULL);
    }
    g_autoptr(OfficeSession) session = find(&fixture, token);
    g_autoptr(GError) error = NULL;
    g_assert_true(office_session_end(fixture.office, account, session->id, &error));
    test_office_expect_found(&fixture, "INSERT INTO session SELECT * FROM kept",
                             "a session of account");
    test_office_close(&fixture);
}

static void test_token_opens_its_account(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor");
    g_autofree char *token = begin(&fixture, account);
    g_autofree char *other = begin(&fixture, account);
    g_assert_cmpstr(token, !=, other);
    g_autoptr(OfficeSession) session = find(&fixture, token);
    g_assert_cmpint(session->account, ==, account);
    g_assert_cmpstr(session->address, ==, "127.0.0.1");
    g_assert_cmpstr(session->agent, ==, "测试浏览器");
    g_assert_cmpstr(session->id, !=, token);
    g_assert_false(is_open(&fixture, session->id)); /* what the store holds opens nothing */
    g_assert_false(is_open(&fixture, ""));
    test_office_close(&fixture);
}

/* Who could not sign in is in the log, from where, and for which account; not what was typed. */
static void test_a_failure_is_logged(const TestPlace *place)
{
    TestOffice fixture;
    g_autoptr(GError) error = NULL;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor");
    g_assert_true(office_session_refuse(fixture.office, "auditor", "10.0.0.7", &error));
    g_assert_true(office_session_refuse(fixture.office, "pass word!", "10.0.0.7", &error));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture.office), &error);
    g_autoptr(StoreStatement) query =
        store_query(reader, &error,
                    "SELECT line FROM event WHERE kind = 'session.refuse'"
                    " AND actor = 'address:10.0.0.7' ORDER BY seq",
                    "");
    g_autofree char *known = g_strdup_printf("{\"account\":%" G_GINT64_FORMAT "}", account);
    const char *const said[] = {known, "{\"account\":0}"};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
        bool has_row = false;
        g_assert_true(store_step(query, &has_row, &error) && has_row);
        g_assert_nonnull(strstr(store_column_text(query, 0), said[i]));
        g_assert_null(strstr(store_column_text(query, 0), "pass word"));
    }
    g_clear_pointer(&query, store_statement_release);
    g_clear_pointer(&reader, store_reader_release);
    test_office_expect_found(&fixture, "UPDATE session SET seen = seen", NULL);
    test_office_close(&fixture);
}

/* A full disk does not keep from reading: that a session was used is then not noted. */
static void test_what_cannot_be_noted_ends_no_session(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autofree char *token = begin(&fixture, make_account(&fixture, "auditor"));
    test_office_wait(&fixture, IDLE_US / 2);
    fault_statement_arm(2); /* behind the look-up */
    g_assert_true(is_open(&fixture, token));
    g_assert_true(fault_statement_disarm());
    test_office_wait(&fixture, IDLE_US / 2);
    g_assert_false(is_open(&fixture, token));
    test_office_close(&fixture);
}

static void test_session_ends_unused_and_old(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autofree char *token = begin(&fixture, make_account(&fixture, "auditor"));
    test_office_wait(&fixture, IDLE_US - 1);
    g_assert_true(is_open(&fixture, token));
    test_office_wait(&fixture, IDLE_US - 1);
    g_assert_true(is_open(&fixture, token)); /* its use was noted */
    test_office_wait(&fixture, IDLE_US);
    g_assert_false(is_open(&fixture, token));
    g_autofree char *busy = begin(&fixture, make_account(&fixture, "busy"));
    for (int i = 0; i < 95; i++) { /* used twice as often as it must be */
        test_office_wait(&fixture, IDLE_US / 2);
        g_assert_true(is_open(&fixture, busy));
    }
    test_office_wait(&fixture, IDLE_US / 2);
    g_assert_false(is_open(&fixture, busy)); /* twelve hours */
    test_office_close(&fixture);
}

static void test_holder_ends_a_session(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor");
    int64_t stranger = make_account(&fixture, "stranger");
    g_autofree char *token = begin(&fixture, account);
    g_autoptr(OfficeSession) session = find(&fixture, token);
    g_assert_true(office_session_end(fixture.office, stranger, session->id, &error));
    g_assert_true(is_open(&fixture, token)); /* not the stranger's to end */
    g_assert_true(office_session_end(fixture.office, account, session->id, &error));
    g_assert_false(is_open(&fixture, token));
    g_assert_true(office_session_end(fixture.office, account, session->id, &error));
    test_office_close(&fixture);
}

static void test_oldest_goes(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor");
    g_autofree char *first = begin(&fixture, account);
    for (int i = 1; i < OFFICE_SESSION_MAX_OF_ACCOUNT; i++) {
        test_office_wait(&fixture, 1000);
        g_autofree char *token = begin(&fixture, account);
        g_assert_true(is_open(&fixture, first));
    }
    test_office_wait(&fixture, 1000);
    g_autofree char *last = begin(&fixture, account);
    g_assert_false(is_open(&fixture, first));
    g_autoptr(GPtrArray) sessions = office_session_list(fixture.office, account, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sessions->len, ==, OFFICE_SESSION_MAX_OF_ACCOUNT);
    g_assert_cmpint(OFFICE_SESSION_MAX_OF_ACCOUNT, ==, 3);
    g_assert_cmpint(test_store_int(office_store(fixture.office),
                                   "SELECT count(*) FROM event WHERE kind = 'session.end'"),
                    ==, 1); /* it went without a word */
    test_office_close(&fixture);
}

#define N_READERS 20

/* Readers of one session, and a writer that does not move on. */
typedef struct Jam {
    Office *office;
    const char *token;
    int is_held; /* these are atomic */
    int is_over;
    int n_answered;
} Jam;

static bool hold(StoreConnection *connection, void *data, GError **error)
{
    Jam *jam = data;
    g_atomic_int_set(&jam->is_held, 1);
    while (g_atomic_int_get(&jam->is_over) == 0) {
        g_usleep(1000);
    }
    return true;
}

static void *write_long(void *data)
{
    Jam *jam = data;
    g_assert_true(store_write(office_store(jam->office), hold, jam, NULL));
    return NULL;
}

static void *read_once(void *data)
{
    Jam *jam = data;
    g_autoptr(OfficeSession) session = NULL;
    g_assert_true(office_session_find(jam->office, jam->token, &session, NULL));
    g_assert_nonnull(session);
    g_atomic_int_inc(&jam->n_answered);
    return NULL;
}

/* Each minute of each reader waited for the writer, until no worker was left for the others. */
static void test_readers_wait_for_no_writer(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autofree char *token = begin(&fixture, make_account(&fixture, "auditor"));
    Jam jam = {.office = fixture.office, .token = token};
    GThread *threads[N_READERS];
    test_office_wait(&fixture, INT64_C(120) * G_USEC_PER_SEC);
    GThread *writer = g_thread_new("writer", write_long, &jam);
    while (g_atomic_int_get(&jam.is_held) == 0) {
        g_usleep(1000);
    }
    for (int i = 0; i < N_READERS; i++) {
        threads[i] = g_thread_new("reader", read_once, &jam);
    }
    while (g_atomic_int_get(&jam.n_answered) < N_READERS - 8) {
        g_usleep(1000);
    }
    g_atomic_int_set(&jam.is_over, 1);
    for (int i = 0; i < N_READERS; i++) {
        g_thread_join(threads[i]);
    }
    g_thread_join(writer);
    test_office_close(&fixture);
}

static void test_form_token(void)
{
    g_autofree char *token = office_session_form_token("abc");
    g_assert_true(office_session_is_form_token("abc", token));
    g_assert_false(office_session_is_form_token("abd", token));
    g_assert_false(office_session_is_form_token("abc", "abc"));
    g_assert_false(office_session_is_form_token("abc", NULL));
}

int main(int argc, char **argv)
{
    fault_statement_install();
    g_test_init(&argc, &argv, NULL);
    test_store_each("/office/session/one-that-nobody-began-is-found",
                    test_one_that_nobody_began_is_found);
    test_store_each("/office/session/token-opens-its-account", test_token_opens_its_account);
    test_store_each("/office/session/readers-wait-for-no-writer", test_readers_wait_for_no_writer);
    test_store_each("/office/session/a-failure-is-logged", test_a_failure_is_logged);
    test_store_on(STORE_SQLITE, "/office/session/what-cannot-be-noted-ends-no-session",
                  test_what_cannot_be_noted_ends_no_session);
    test_store_each("/office/session/session-ends-unused-and-old",
                    test_session_ends_unused_and_old);
    test_store_each("/office/session/holder-ends-a-session", test_holder_ends_a_session);
    test_store_each("/office/session/oldest-goes", test_oldest_goes);
    g_test_add_func("/office/session/form-token", test_form_token);
    return g_test_run();
}
