#include "web/site.h"

#include <errno.h>

#include "log/history.h"
#include "support/fault-statement.h"
#include "web-fixture.h"
#include "web/routes.h"

static int64_t n_events(WebFixture *fixture)
{
    int64_t size = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_assert_true(log_head(reader, &size, NULL, &error));
    return size;
}

static void check_routes(const WebRoute *routes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const WebRoute *route = &routes[i];
        g_assert_nonnull(route->page);
        g_assert_true(route->pattern[0] == '/');
        for (size_t j = 0; j < i; j++) {
            g_assert_false(routes[j].method == route->method &&
                           g_str_equal(routes[j].pattern, route->pattern));
        }
    }
}

static void test_routes(void)
{
    check_routes(web_routes, web_n_routes);
    check_routes(web_front_routes, web_n_front_routes);
    for (size_t i = 0; i < web_n_front_routes; i++) {
        g_assert_cmpint(web_front_routes[i].access, ==, WEB_PUBLIC);
    }
}

static void test_addresses(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const struct {
        HttpMethod method;
        const char *target;
        int status;
    } rows[] = {
        {HTTP_GET, "/health", 200},
        {HTTP_GET, "/", 200},
        {HTTP_HEAD, "/", 200},
        {HTTP_GET, "/nowhere", 404},
        {HTTP_GET, "/ledger/nothing", 404},
        {HTTP_GET, "/entry/X1", 404},
        {HTTP_GET, "/report/nothing", 404},
        {HTTP_GET, "/figure/x", 404},
        {HTTP_POST, "/roster", 405},
        {HTTP_GET, "/sign-out", 405},
        {HTTP_GET, "/report/annual?period=x", 400},
        {HTTP_GET, "/roster", 200},
        {HTTP_GET, "/ledger/case?where=nonsense", 400},
        {HTTP_GET, "/ledger/case?f-nonsense=1", 400},
        {HTTP_GET, "/ledger/case?after=nonsense", 400},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer = web_fixture_ask(&fixture, fixture.tokens[RIGHTS_SECRETARY],
                                                   rows[i].method, rows[i].target, NULL, NULL);
        if (answer.status != rows[i].status) {
            g_test_message("%s: %d", rows[i].target, answer.status);
        }
        g_assert_cmpint(answer.status, ==, rows[i].status);
        g_assert_true((answer.status == 405) ==
                      (http_response_header(answer.response, "Allow") != NULL));
        g_assert_true(answer.status < 400 || strstr(answer.body, "<html lang=\"zh-CN\">") != NULL);
    }
    web_fixture_close(&fixture);
}

static void test_foreign_forms_are_refused(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *target = g_strconcat("/entry/", number, "/comment", NULL);
    const char *token = fixture.tokens[RIGHTS_HEAD];
    g_autofree char *other = office_session_form_token(fixture.tokens[RIGHTS_CLERK]);
    g_autofree char *with_other = g_strconcat("!form_token=", other, "&text=x", NULL);
    const char *const foreign[] = {"Origin", "https://evil.example", NULL};
    const char *const none[] = {"Origin", "null", NULL};
    const char *const cross[] = {"Sec-Fetch-Site", "cross-site", NULL};
    const char *const near[] = {"Sec-Fetch-Site", "same-site", NULL}; /* a sister host */
    const char *const longer[] = {"Origin", "http://127.0.0.1.evil.example", NULL};
    const char *const port[] = {"Origin", "http://127.0.0.1:8080", NULL};
    const char *const torn[] = {"Origin", "127.0.0.1", NULL};
    const struct {
        const char *const *headers;
        const char *form;
    } rows[] = {{NULL, "!text=x"},   {NULL, "!form_token=abc&text=x"},
                {NULL, with_other},  {NULL, "!form_token=&text=x"},
                {foreign, "text=x"}, {none, "text=x"},
                {cross, "text=x"},   {near, "text=x"},
                {longer, "text=x"},  {port, "text=x"},
                {torn, "text=x"}};
    int64_t before = n_events(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_ask(&fixture, token, HTTP_POST, target, rows[i].headers, rows[i].form);
        g_assert_cmpint(answer.status, ==, 403);
    }
    g_assert_cmpint(n_events(&fixture), ==, before);
    const char *const own[] = {"Origin", "http://127.0.0.1", "Sec-Fetch-Site", "same-origin", NULL};
    g_auto(WebAnswer) answer = web_fixture_ask(&fixture, token, HTTP_POST, target, own, "text=x");
    g_assert_cmpint(answer.status, ==, 303);
    g_assert_cmpint(n_events(&fixture), ==, before + 1);
    web_fixture_close(&fixture);
}

/* Return the session cookie's line of @answer. */
static const char *cookie_of(const WebAnswer *answer)
{
    const GPtrArray *cookies = http_response_cookies(answer->response);
    g_assert_cmpuint(cookies->len, ==, 1);
    return g_ptr_array_index(cookies, 0);
}

static void test_door(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) page = web_fixture_ask(&fixture, NULL, HTTP_GET, "/sign-in", NULL, NULL);
    g_assert_cmpint(page.status, ==, 200);
    g_auto(WebAnswer) wrong =
        web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL, "name=system&password=wrong");
    g_assert_cmpint(wrong.status, ==, 403);
    g_assert_cmpuint(http_response_cookies(wrong.response)->len, ==, 0);
    g_assert_nonnull(strstr(wrong.body, "value=\"system\"")); /* the form comes back filled in */
    g_assert_null(strstr(wrong.body, "wrong"));
    g_auto(WebAnswer) right = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                              "name=system&password=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(right.status, ==, 303);
    const char *cookie = cookie_of(&right);
    g_assert_true(g_str_has_prefix(cookie, "session="));
    g_assert_nonnull(strstr(cookie, "; HttpOnly; SameSite=Lax"));
    g_assert_null(strstr(cookie, "Secure"));
    g_autofree char *token = g_strndup(cookie + strlen("session="), 64);
    g_auto(WebAnswer) home = web_fixture_ask(&fixture, token, HTTP_GET, "/", NULL, NULL);
    g_assert_cmpint(home.status, ==, 200);
    g_auto(WebAnswer) out = web_fixture_ask(&fixture, token, HTTP_POST, "/sign-out", NULL, NULL);
    g_assert_cmpint(out.status, ==, 303);
    g_assert_nonnull(strstr(cookie_of(&out), "Max-Age=0"));
    g_assert_nonnull(strstr(http_response_header(out.response, "Clear-Site-Data"), "cache"));
    g_auto(WebAnswer) after = web_fixture_ask(&fixture, token, HTTP_GET, "/", NULL, NULL);
    g_assert_cmpstr(after.location, ==, "/sign-in");
    g_auto(WebAnswer) twice = web_fixture_ask(&fixture, token, HTTP_POST, "/sign-out", NULL, NULL);
    g_assert_cmpstr(twice.location, ==, "/sign-in");
    web_fixture_close(&fixture);
}

/* A page that was open before signing in anew can still sign out; a foreign one cannot. */
static void test_sign_out_by_an_old_page(const TestPlace *place)
{
    static const char *const own[] = {"Sec-Fetch-Site", "same-origin", NULL};
    static const char *const foreign[][5] = {
        {"Sec-Fetch-Site", "cross-site"},
        {"Sec-Fetch-Site", "same-site"},
        {"Sec-Fetch-Site", "none"}, /* typed, or a bookmark: no page of ours */
        {"Origin", "https://evil.example"},
        {"Origin", "null"},
        {"Sec-Fetch-Site", "same-origin", "Origin", "http://127.0.0.1:8080"},
        {NULL}, /* says nothing of itself */
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *token = fixture.tokens[RIGHTS_CLERK];
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
        g_auto(WebAnswer) cross =
            web_fixture_ask(&fixture, token, HTTP_POST, "/sign-out", foreign[i], "!form_token=old");
        g_assert_cmpint(cross.status, ==, 403);
    }
    g_auto(WebAnswer) out =
        web_fixture_ask(&fixture, token, HTTP_POST, "/sign-out", own, "!form_token=old");
    g_assert_cmpint(out.status, ==, 303);
    g_auto(WebAnswer) after = web_fixture_ask(&fixture, token, HTTP_GET, "/", NULL, NULL);
    g_assert_cmpstr(after.location, ==, "/sign-in");
    web_fixture_close(&fixture);
}

static void test_guesses_wait(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int i = 0; i < THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_auto(WebAnswer) wrong = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                                  "name=audit&password=wrong");
        g_assert_cmpint(wrong.status, ==, 403);
    }
    g_auto(WebAnswer) locked = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                               "name=audit&password=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(locked.status, ==, 429); /* even the right one */
    test_office_wait(&fixture.office, THROTTLE_US);
    g_auto(WebAnswer) right = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL,
                                              "name=audit&password=" WEB_FIXTURE_PASSWORD);
    g_assert_cmpint(right.status, ==, 303);
    web_fixture_close(&fixture);
}

static void test_language_goes_back_to_us_alone(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const struct {
        const char *form;
        const char *location;
    } rows[] = {{"language=en&to=/roster", "/roster"},
                {"language=en&to=/ledger/case%3Fdue%3Dlate%26q%3D%25E6%25A1%25A5",
                 "/ledger/case?due=late&q=%E6%A1%A5"},
                {"language=en&to=//evil.example", "/"},
                {"language=en&to=/%5Cevil", "/"},
                {"language=en&to=/%09/evil.example", "/"},
                {"language=en&to=/ok%0d%0aX-Evil:+1", "/"},
                {"language=en&to=https://evil.example", "/"},
                {"language=en", "/"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_ask(&fixture, NULL, HTTP_POST, "/language", NULL, rows[i].form);
        g_assert_cmpint(answer.status, ==, 303);
        g_assert_cmpstr(answer.location, ==, rows[i].location);
        g_assert_true(g_str_has_prefix(cookie_of(&answer), "language=en;"));
    }
    web_fixture_close(&fixture);
}

static void test_encrypted_cookie(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(HttpRequest) request = http_request_new(HTTP_POST, "/sign-in", "127.0.0.1", &error);
    g_autoptr(HttpResponse) response = http_response_new();
    const char *form = "name=system&password=" WEB_FIXTURE_PASSWORD;
    http_request_set_secure(request);
    g_assert_true(http_request_parse_form(request, form, strlen(form), &error));
    web_handle(request, response, &fixture.site);
    const char *cookie = g_ptr_array_index(http_response_cookies(response), 0);
    g_assert_true(g_str_has_prefix(cookie, "__Host-session="));
    g_assert_nonnull(strstr(cookie, "; Path=/; "));
    g_assert_nonnull(strstr(cookie, "; Secure"));
    web_fixture_close(&fixture);
}

/* A form that was too large to be read ended on a page that led nowhere. */
static void test_a_form_that_is_too_large_leads_back(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const forms[][2] = {
        {"/ledger/case/add", "href=\"/ledger/case/add\""},
        {"/entry/SQ2023-00001/step", "href=\"/entry/SQ2023-00001\""}};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpRequest) request =
            http_request_new(HTTP_POST, forms[i][0], "127.0.0.1", NULL);
        g_autoptr(HttpResponse) response = http_response_new();
        error_set(&error, SHUZHI_ERROR_LIMIT, "what was sent is over %d MB", 520);
        web_refuse(request, error, error_http_status(error), response, &fixture.site);
        g_assert_cmpint(http_response_status(response), ==, 413);
        g_assert_nonnull(strstr(http_response_body(response)->str, forms[i][1]));
    }
    web_fixture_close(&fixture);
}

/* Who may bring files to where, asked before a byte of them is read. */
static void test_files_of_whom(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const struct {
        RightsRole role; /* of RIGHTS_CONSOLE: nobody */
        HttpMethod method;
        const char *target;
        bool may;
    } rows[] = {
        {RIGHTS_CONSOLE, HTTP_POST, "/nowhere", false},
        {RIGHTS_CONSOLE, HTTP_POST, "/sign-in", false},
        {RIGHTS_CONSOLE, HTTP_POST, "/ledger/case/add", false},
        {RIGHTS_CONSOLE, HTTP_POST, "/api/v1/entries/X/files", false},
        {RIGHTS_DISPATCHER, HTTP_POST, "/nowhere", false},
        {RIGHTS_DISPATCHER, HTTP_POST, "/sign-in", false},
        {RIGHTS_DISPATCHER, HTTP_POST, "/ledger/case/view", false},
        {RIGHTS_DISPATCHER, HTTP_GET, "/ledger/case/add", false},
        {RIGHTS_DISPATCHER, HTTP_POST, "/ledger/case/add", true},
        {RIGHTS_DISPATCHER, HTTP_POST, "/entry/SQ2023-00001/attach", true},
        {RIGHTS_DISPATCHER, HTTP_POST, "/api/v1/entries/X/files", true},
        {RIGHTS_SYSTEM, HTTP_POST, "/ledger/case/add", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HttpRequest) request =
            http_request_new(rows[i].method, rows[i].target, "127.0.0.1", NULL);
        const char *token = rows[i].role != RIGHTS_CONSOLE ? fixture.tokens[rows[i].role] : "none";
        g_autofree char *cookie = g_strconcat("session=", token, NULL);
        http_request_add_header(request, "Cookie", cookie, NULL);
        g_test_message("%s", rows[i].target);
        g_assert_true(web_takes_files(request, &fixture.site) == rows[i].may);
    }
    web_fixture_close(&fixture);
}

/* Files that could not be taken are not passed by in silence. */
static void test_files_that_were_dropped(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(HttpRequest) request =
        http_request_new(HTTP_POST, "/ledger/case/add", "127.0.0.1", NULL);
    g_autoptr(HttpResponse) response = http_response_new();
    const char *token = fixture.tokens[RIGHTS_DISPATCHER];
    g_autofree char *cookie = g_strconcat("session=", token, NULL);
    g_autofree char *own = office_session_form_token(token);
    http_request_add_header(request, "Cookie", cookie, NULL);
    http_request_add_field(request, "form_token", own, strlen(own), NULL);
    http_request_set_dropped(request);
    web_handle(request, response, &fixture.site);
    g_assert_cmpint(http_response_status(response), ==, 503);
    web_fixture_close(&fixture);
}

/* A full disk was told with the path of the file that could not be written. */
static void test_faults_name_no_path(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *folders[] = {office_files_path(fixture.office.office),
                             office_folder(fixture.office.office), scratch_path(fixture.scratch)};
    static const char *const languages[] = {"language=en", "language=zh"};
    for (size_t i = 0; i < G_N_ELEMENTS(folders) * G_N_ELEMENTS(languages); i++) {
        const char *folder = folders[i / 2];
        if (folder == NULL) {
            continue; /* on PostgreSQL */
        }
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, "/", "127.0.0.1", NULL);
        g_autoptr(HttpResponse) response = http_response_new();
        http_request_add_header(request, "Cookie", languages[i % 2], NULL);
        g_autofree char *path = g_build_filename(folder, "incoming-7fe6", NULL);
        error_set_errno(&error, ENOSPC, "cannot write '%s'", path);
        web_refuse(request, error, error_http_status(error), response, &fixture.site);
        const char *body = http_response_body(response)->str;
        g_assert_null(strstr(body, folder));
        g_assert_null(strstr(body, "incoming"));
        g_assert_nonnull(strstr(body, i % 2 == 0 ? "disk is full" : "磁盘已满"));
    }
    web_fixture_close(&fixture);
}

/* Whoever is signed in stays so when the database fails, wherever in the page that is. */
static void test_faults_send_nobody_to_the_door(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    bool has_failed = true;
    int n_failed = 0;
    for (int n = 1; has_failed; n++) {
        g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "事");
        fault_statement_arm(n); /* what was known of the account is old by now */
        g_auto(WebAnswer) answer = web_fixture_get(&fixture, RIGHTS_CLERK, "/me");
        has_failed = fault_statement_disarm();
        g_assert_cmpstr(answer.location, ==, "");
        n_failed += answer.status >= 500 ? 1 : 0;
        g_assert_true(answer.status >= 500 || answer.status == 200);
    }
    g_assert_true(n_failed > 2);
    web_fixture_close(&fixture);
}

/* The style sheet of the page that says that the database is down came from the database's server.
 */
static void test_assets_need_no_store(const TestPlace *place)
{
    static const char *const assets[] = {"/assets/style.css", "/assets/script.js",
                                         "/assets/icon.svg", "/assets/style.css?v=1"};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
        g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "事");
        fault_statement_arm(1);
        g_auto(WebAnswer) asset = web_fixture_get(&fixture, RIGHTS_CLERK, assets[i]);
        g_assert_cmpint(asset.status, ==, 200);
        g_assert_false(fault_statement_disarm()); /* none was run */
    }
    g_auto(WebAnswer) none = web_fixture_get(&fixture, RIGHTS_CLERK, "/assets/nothing.css");
    g_assert_cmpint(none.status, ==, 404);
    web_fixture_close(&fixture);
}

/* At the door, a page that was open before somebody signed in from it: its language, and its
 * sign-in, ended on a page that there is not. */
static void test_forms_of_the_door_after_signing_in(const TestPlace *place)
{
    static const char *const own[] = {"Origin", "http://127.0.0.1", NULL};
    static const char *const forms[][2] = {
        {"/language", "!form_token=&language=en&to=/roster"},
        {"/sign-in", "!form_token=&name=audit&password=" WEB_FIXTURE_PASSWORD "&to=/roster"}};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *token = fixture.tokens[RIGHTS_CLERK];
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_ask(&fixture, token, HTTP_POST, forms[i][0], own, forms[i][1]);
        g_assert_cmpint(answer.status, ==, 303);
        g_assert_cmpstr(answer.location, ==, "/roster");
        g_auto(WebAnswer) foreign =
            web_fixture_ask(&fixture, token, HTTP_POST, forms[i][0], NULL, forms[i][1]);
        g_assert_cmpint(foreign.status, ==, 403);
    }
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    fault_statement_install();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/site/routes", test_routes);
    test_store_each("/web/site/addresses", test_addresses);
    test_store_each("/web/site/files-of-whom", test_files_of_whom);
    test_store_each("/web/site/files-that-were-dropped", test_files_that_were_dropped);
    test_store_each("/web/site/foreign-forms-are-refused", test_foreign_forms_are_refused);
    test_store_each("/web/site/door", test_door);
    test_store_each("/web/site/a-form-that-is-too-large-leads-back",
                    test_a_form_that_is_too_large_leads_back);
    test_store_each("/web/site/sign-out-by-an-old-page", test_sign_out_by_an_old_page);
    test_store_each("/web/site/guesses-wait", test_guesses_wait);
    test_store_each("/web/site/language-goes-back-to-us-alone",
                    test_language_goes_back_to_us_alone);
    test_store_each("/web/site/encrypted-cookie", test_encrypted_cookie);
    test_store_each("/web/site/faults-name-no-path", test_faults_name_no_path);
    test_store_each("/web/site/forms-of-the-door-after-signing-in",
                    test_forms_of_the_door_after_signing_in);
    test_store_on(STORE_SQLITE, "/web/site/assets-need-no-store", test_assets_need_no_store);
    test_store_on(STORE_SQLITE, "/web/site/faults-send-nobody-to-the-door",
                  test_faults_send_nobody_to_the_door);
    return g_test_run();
}
