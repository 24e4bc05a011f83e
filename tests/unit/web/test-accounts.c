/* The own account, and those of others. */
#include <glib/gstdio.h>

#include "office/factor.h"
#include "web-fixture.h"
#include "web/qr.h"

#define OWN "own=" WEB_FIXTURE_PASSWORD
#define STEP_US (INT64_C(30) * G_USEC_PER_SEC)

static char *state_of(WebFixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_autoptr(OfficeAccount) account = office_account_find(reader, name, &error);
    return account != NULL ? g_strdup(account->state) : g_strdup("none");
}

static void expect(WebFixture *fixture, RightsRole role, const char *target, const char *form,
                   int status)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, form);
    if (answer.status != status) {
        g_error("%s %s: %d", target, form, answer.status);
    }
}

static void expect_state(WebFixture *fixture, const char *name, const char *expected)
{
    g_autofree char *state = state_of(fixture, name);
    g_assert_cmpstr(state, ==, expected);
}

/* Two hands: one makes, another opens. */
static void test_others(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *plan = OWN "&name=second&administrator=audit&password=Another-4711";
    expect(&fixture, RIGHTS_SYSTEM, "/accounts", "own=wrong&name=second&administrator=audit", 403);
    expect(&fixture, RIGHTS_SECURITY, "/accounts", plan, 403);
    expect(&fixture, RIGHTS_SYSTEM, "/accounts",
           OWN "&name=second&administrator=audit&password=short", 400);
    expect(&fixture, RIGHTS_SYSTEM, "/accounts",
           OWN "&name=second&person=没有此人&password=Another-4711", 400);
    g_auto(WebAnswer) nobody = web_fixture_post(&fixture, RIGHTS_SYSTEM, "/accounts", "name=x");
    g_assert_nonnull(strstr(nobody.body, "须指明人员或管理员，且只填一项"));
    g_assert_nonnull(strstr(nobody.body, "<label for=\"password\">初始密码 <i>必填</i>\n</label>"));
    g_assert_nonnull(strstr(nobody.body, "<summary class=\"button go\">新建账号</summary>"));
    g_assert_nonnull(strstr(nobody.body, "<p>有3处填写有误。</p>"));
    g_auto(WebAnswer) wrong = web_fixture_post(&fixture, RIGHTS_SYSTEM, "/accounts",
                                               "own=wrong&name=second&administrator=audit");
    g_assert_nonnull(strstr(wrong.body, "本人密码不对"));
    g_assert_null(strstr(wrong.body, "账号或密码不对"));
    expect_state(&fixture, "second", "none");
    expect(&fixture, RIGHTS_SYSTEM, "/accounts", plan, 303);
    expect(&fixture, RIGHTS_SYSTEM, "/accounts", plan, 409);
    expect_state(&fixture, "second", "pending");
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture.office.office), &error);
    g_autoptr(OfficeAccount) made = office_account_find(reader, "second", &error);
    g_autofree char *activate = g_strdup_printf("/accounts/%d/activate", (int)made->id);
    g_autofree char *lock = g_strdup_printf("/accounts/%d/lock", (int)made->id);
    g_autofree char *reset = g_strdup_printf("/accounts/%d/reset", (int)made->id);
    store_reader_release(g_steal_pointer(&reader));
    expect(&fixture, RIGHTS_SYSTEM, activate, OWN, 403);
    expect(&fixture, RIGHTS_SECURITY, activate, "own=wrong", 403);
    expect(&fixture, RIGHTS_SECURITY, activate, OWN, 303);
    expect_state(&fixture, "second", "active");
    expect(&fixture, RIGHTS_AUDIT, lock, OWN, 403);
    expect(&fixture, RIGHTS_SYSTEM, lock, OWN, 303);
    expect_state(&fixture, "second", "locked");
    g_autofree char *own =
        g_strdup_printf("/accounts/%d/lock", (int)fixture.accounts[RIGHTS_SYSTEM]);
    expect(&fixture, RIGHTS_SYSTEM, own, OWN, 409); /* nobody could have opened it again */
    expect(&fixture, RIGHTS_SYSTEM, reset, OWN "&password=Different-4711", 303);
    expect_state(&fixture, "second", "pending");
    expect(&fixture, RIGHTS_SYSTEM, "/accounts/x/lock", OWN, 404);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_SECURITY, "/accounts");
    g_assert_nonnull(strstr(page.body, "second"));
    g_assert_nonnull(strstr(page.body, ">经办人（综合科）</td>"));
    g_assert_nonnull(strstr(page.body, ">审计管理员</td>"));
    web_fixture_close(&fixture);
}

/* Return the token of a session of @role's account, which the caller owns. */
static char *sign_in_elsewhere(WebFixture *fixture, RightsRole role)
{
    g_autoptr(GError) error = NULL;
    char *token = NULL;
    g_assert_true(office_session_begin(fixture->office.office, fixture->accounts[role], "10.0.0.9",
                                       "elsewhere", &token, &error));
    return token;
}

/* Who was refused stood in no log. */
static void test_refused_access_is_logged(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    Store *store = office_store(fixture.office.office);
    for (int i = 0; i < 3; i++) {
        g_auto(WebAnswer) refused = web_fixture_get(&fixture, RIGHTS_CLERK, "/accounts");
        g_autofree char *actor =
            g_strdup_printf("account:%" G_GINT64_FORMAT, fixture.accounts[RIGHTS_CLERK]);
        g_assert_cmpint(refused.status, ==, 403);
        g_assert_cmpstr(http_response_asker(refused.response), ==, actor);
    }
    g_assert_cmpint(test_store_int(store, "SELECT count(*) FROM event WHERE kind = 'session.deny'"),
                    ==, 1);
    g_auto(WebAnswer) log = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log?kind=session.deny");
    g_assert_nonnull(strstr(log.body, "越权访问被拒绝"));
    g_auto(WebAnswer) own = web_fixture_get(&fixture, RIGHTS_CLERK, "/me");
    g_assert_null(http_response_asker(own.response));
    web_fixture_close(&fixture);
}

/* The console's was nobody's concern. */
static void test_a_password_of_the_console_is_given(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    TestOffice *office = &fixture.office;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    bool is_given = true;
    int64_t id = fixture.accounts[RIGHTS_AUDIT];
    g_assert_true(office_account_password_is_given(reader, id, &is_given, &error));
    g_assert_false(is_given);
    office_account_set_password(office->office, office->console, &office->act, id, "Given-471147",
                                &error);
    g_assert_no_error(error);
    g_assert_true(office_account_password_is_given(reader, id, &is_given, &error));
    g_assert_true(is_given);
    g_clear_pointer(&reader, store_reader_release);
    web_fixture_close(&fixture);
}

/* A password that another has set opened everything, for good. */
static void test_a_given_password_is_changed_first(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    int id = (int)fixture.accounts[RIGHTS_AUDIT];
    g_autofree char *reset = g_strdup_printf("/accounts/%d/reset", id);
    g_autofree char *activate = g_strdup_printf("/accounts/%d/activate", id);
    expect(&fixture, RIGHTS_SYSTEM, reset, OWN "&password=Given-471147", 303);
    expect(&fixture, RIGHTS_SECURITY, activate, OWN, 303);
    g_free(fixture.tokens[RIGHTS_AUDIT]);
    fixture.tokens[RIGHTS_AUDIT] = sign_in_elsewhere(&fixture, RIGHTS_AUDIT);
    g_auto(WebAnswer) log = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log");
    g_assert_cmpint(log.status, ==, 303);
    g_assert_cmpstr(log.location, ==, "/me");
    g_auto(WebAnswer) me = web_fixture_get(&fixture, RIGHTS_AUDIT, "/me");
    g_assert_nonnull(strstr(me.body, "您的密码是他人设置的"));
    expect(&fixture, RIGHTS_AUDIT, "/me/password",
           "own=Given-471147&password=Another-4711&again=Another-4711", 200);
    g_auto(WebAnswer) again = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log");
    g_assert_cmpint(again.status, ==, 200);
    web_fixture_close(&fixture);
}

static guint count_sessions(WebFixture *fixture, RightsRole role)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sessions =
        office_session_list(fixture->office.office, fixture->accounts[role], &error);
    g_assert_no_error(error);
    return sessions->len;
}

static void test_own_password(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_AUDIT, "/me/password", OWN "&password=Another-4711&again=Other-4711",
           400);
    expect(&fixture, RIGHTS_AUDIT, "/me/password", "own=x&password=Another-4711&again=Another-4711",
           403);
    g_autofree char *elsewhere = sign_in_elsewhere(&fixture, RIGHTS_AUDIT);
    expect(&fixture, RIGHTS_AUDIT, "/me/password", OWN "&password=Another-4711&again=Another-4711",
           200);
    g_assert_cmpuint(count_sessions(&fixture, RIGHTS_AUDIT), ==, 1);
    g_auto(WebAnswer) still = web_fixture_get(&fixture, RIGHTS_AUDIT, "/me");
    g_assert_cmpint(still.status, ==, 200);
    g_assert_nonnull(strstr(still.body, "<span>audit</span> <span>审计管理员</span>"));
    g_auto(WebAnswer) before = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                               "name=audit&password=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(before.status, ==, 403);
    g_auto(WebAnswer) after = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                              "name=audit&password=Another-4711");
    g_assert_cmpint(after.status, ==, 303);
    web_fixture_close(&fixture);
}

/* Return the code of the secret that @body, the page of the own account, offers, @step steps from
 * now; *@ret_secret, 32 letters, is the caller's. */
static char *read_code(WebFixture *fixture, const char *body, int step, char **ret_secret)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const char *sign = "name=\"secret\" value=\"";
    const char *at = strstr(body, sign);
    uint8_t bytes[OFFICE_FACTOR_SECRET_BYTES] = {0};
    g_assert_nonnull(at);
    *ret_secret = g_strndup(at + strlen(sign), 32);
    for (int bit = 0; bit < OFFICE_FACTOR_SECRET_BYTES * 8; bit++) {
        int value = (int)(strchr(letters, (*ret_secret)[bit / 5]) - letters);
        bytes[bit / 8] |= (uint8_t)((value >> (4 - bit % 5) & 1) << (7 - bit % 8));
    }
    int64_t now = source_now_us(office_source(fixture->office.office)) / STEP_US;
    return g_strdup_printf("%06d", office_factor_code(bytes, now + step));
}

static void test_second_factor(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *secret = NULL;
    g_autofree char *again = NULL;
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_AUDIT, "/me");
    g_autofree char *code = read_code(&fixture, page.body, 0, &secret);
    g_autofree char *next = read_code(&fixture, page.body, 1, &again);
    g_autofree char *wrong = g_strdup_printf(OWN "&secret=%s&code=000", secret);
    g_autofree char *right = g_strdup_printf(OWN "&secret=%s&code=%s", secret, code);
    expect(&fixture, RIGHTS_AUDIT, "/me/factor", wrong, 400);
    g_autofree char *elsewhere = sign_in_elsewhere(&fixture, RIGHTS_AUDIT);
    g_assert_cmpuint(count_sessions(&fixture, RIGHTS_AUDIT), ==, 2);
    expect(&fixture, RIGHTS_AUDIT, "/me/factor", right, 200);
    g_assert_cmpuint(count_sessions(&fixture, RIGHTS_AUDIT), ==, 1);
    const char *to = "name=audit&password=" WEB_FIXTURE_PASSWORD "&to=%2Fledger%2Fcase%3Fq%3Da";
    g_auto(WebAnswer) without = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL, to);
    g_assert_cmpint(without.status, ==, 400);
    g_assert_nonnull(strstr(without.body, "name=\"to\" value=\"/ledger/case?q=a\""));
    g_autofree char *form = g_strconcat(to, "&code=", next, NULL);
    g_auto(WebAnswer) with = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL, form);
    g_assert_cmpint(with.status, ==, 303);
    g_assert_cmpstr(with.location, ==, "/ledger/case?q=a");
    expect(&fixture, RIGHTS_AUDIT, "/me/factor", OWN "&off=yes", 200);
    g_auto(WebAnswer) off = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                            "name=audit&password=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(off.status, ==, 303);
    web_fixture_close(&fixture);
}

/* The right password gives no new tries at the second factor. */
static void test_guesses_at_the_factor_are_counted(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *secret = NULL;
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_AUDIT, "/me");
    g_autofree char *code = read_code(&fixture, page.body, 0, &secret);
    g_autofree char *set = g_strdup_printf(OWN "&secret=%s&code=%s", secret, code);
    expect(&fixture, RIGHTS_AUDIT, "/me/factor", set, 200);
    g_auto(WebAnswer) none = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                             "name=audit&password=" WEB_FIXTURE_PASSWORD "&code=");
    g_assert_cmpint(none.status, ==, 400); /* it was called wrong, or used already */
    g_assert_nonnull(strstr(none.body, "还需验证码"));
    g_assert_nonnull(strstr(none.body, "aria-describedby=\"code-fault\""));
    bool is_stopped = false;
    for (int i = 0; i < 12; i++) {
        g_auto(WebAnswer) guess =
            web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                            "name=audit&password=" WEB_FIXTURE_PASSWORD "&code=000");
        is_stopped = strstr(guess.body, "失败次数过多") != NULL;
        g_assert_cmpint(guess.status, ==, is_stopped ? 429 : 403);
    }
    g_assert_true(is_stopped);
    web_fixture_close(&fixture);
}

/* While the address waits, the right password was called wrong. */
static void test_own_password_waits(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int i = 0; i < THROTTLE_MAX_OF_ADDRESS; i++) {
        g_autofree char *form = g_strdup_printf("name=a%d&password=wrong", i);
        g_auto(WebAnswer) wrong =
            web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL, form);
        g_assert_cmpint(wrong.status, ==, 403);
    }
    g_auto(WebAnswer) own = web_fixture_post(&fixture, RIGHTS_AUDIT, "/me/password",
                                             OWN "&password=Another-4711&again=Another-4711");
    g_assert_cmpint(own.status, ==, 429);
    g_assert_nonnull(strstr(own.body, "失败次数过多"));
    g_assert_null(strstr(own.body, "本人密码不对"));
    web_fixture_close(&fixture);
}

/* The present password was taken for a new one, and said to be changed. */
static void test_new_password_is_another(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) same =
        web_fixture_post(&fixture, RIGHTS_AUDIT, "/me/password",
                         OWN "&password=" WEB_FIXTURE_PASSWORD "&again=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(same.status, ==, 400);
    g_assert_nonnull(strstr(same.body, "新密码与现用密码相同"));
    web_fixture_close(&fixture);
}

static void test_own_sessions(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sessions =
        office_session_list(fixture.office.office, fixture.accounts[RIGHTS_CLERK], &error);
    const OfficeSession *session = g_ptr_array_index(sessions, 0);
    g_autofree char *form = g_strconcat("session=", session->id, NULL);
    expect(&fixture, RIGHTS_HEAD, "/me/session", form, 200); /* another's: nothing ends */
    g_auto(WebAnswer) still = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_cmpint(still.status, ==, 200);
    expect(&fixture, RIGHTS_CLERK, "/me/session", form, 303);
    g_auto(WebAnswer) gone = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_cmpstr(gone.location, ==, "/sign-in");
    web_fixture_close(&fixture);
}

/* Draw the modules of the QR code @path, a square of @size of them, as a picture: the file @name.
 */
static void draw(const char *path, int size, const char *name)
{
    const int scale = 6; /* pixels a module */
    int width = size * scale;
    g_autofree char *dots = g_malloc((size_t)width * (size_t)width);
    memset(dots, '0', (size_t)width * (size_t)width);
    for (const char *at = strchr(path, 'M'); at != NULL; at = strchr(at + 1, 'M')) {
        int x = 0;
        int y = 0;
        int n = 0;
        g_assert_cmpint(sscanf(at, "M%d %dh%dv1", &x, &y, &n), ==, 3);
        g_assert_true(x >= WEB_QR_QUIET && x + n <= size - WEB_QR_QUIET);
        g_assert_true(y >= WEB_QR_QUIET && y < size - WEB_QR_QUIET);
        for (int line = y * scale; line < (y + 1) * scale; line++) {
            memset(dots + (size_t)line * (size_t)width + x * scale, '1', (size_t)(n * scale));
        }
    }
    g_autoptr(GString) picture = g_string_new(NULL);
    g_string_printf(picture, "P1 %d %d\n", width, width);
    for (int line = 0; line < width; line++) {
        for (int i = 0; i < width; i++) {
            g_string_append_c(picture, dots[(size_t)line * (size_t)width + (size_t)i]);
            g_string_append_c(picture, i + 1 < width ? ' ' : '\n');
        }
    }
    g_assert_true(g_file_set_contents(name, picture->str, (gssize)picture->len, NULL));
}

/* What a camera reads is the address that stands beside it. */
static void test_qr_code(const TestPlace *place)
{
    g_autofree char *reader = g_find_program_in_path("zbarimg");
    WebFixture fixture;
    int size = 0;
    if (reader == NULL) {
        g_test_skip("there is no zbarimg here");
        return;
    }
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_CLERK, "/me");
    const char *box = strstr(page.body, "viewBox=\"0 0 ");
    const char *path = strstr(page.body, " d=\"");
    const char *address = strstr(page.body, "otpauth:");
    g_assert_true(box != NULL && path != NULL && address != NULL);
    g_assert_cmpint(sscanf(box, "viewBox=\"0 0 %d", &size), ==, 1);
    g_autofree char *squares = g_strndup(path, strcspn(path + 4, "\"") + 4);
    g_autofree char *picture = g_build_filename(scratch_path(fixture.scratch), "qr.pbm", NULL);
    draw(squares, size, picture);
    const char *const arguments[] = {reader, "--raw", "-q", picture, NULL};
    g_autofree char *said = NULL;
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                               NULL, &said, NULL, &status, NULL));
    g_auto(GStrv) parts = g_strsplit(address, "&amp;", 2);
    g_autofree char *shown = g_strconcat(parts[0], "&", NULL);
    g_assert_cmpint(status, ==, 0);
    g_assert_true(g_str_has_prefix(said, shown));
    g_unlink(picture);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/accounts/others", test_others);
    test_store_each("/web/accounts/own-password", test_own_password);
    test_store_each("/web/accounts/refused-access-is-logged", test_refused_access_is_logged);
    test_store_each("/web/accounts/a-password-of-the-console-is-given",
                    test_a_password_of_the_console_is_given);
    test_store_each("/web/accounts/a-given-password-is-changed-first",
                    test_a_given_password_is_changed_first);
    test_store_each("/web/accounts/second-factor", test_second_factor);
    test_store_each("/web/accounts/guesses-at-the-factor-are-counted",
                    test_guesses_at_the_factor_are_counted);
    test_store_each("/web/accounts/own-password-waits", test_own_password_waits);
    test_store_each("/web/accounts/new-password-is-another", test_new_password_is_another);
    test_store_each("/web/accounts/own-sessions", test_own_sessions);
    test_store_each("/web/accounts/qr-code-is-the-address", test_qr_code);
    return g_test_run();
}
