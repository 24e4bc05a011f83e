/* The API: every route of it, with a token and with a session, and what it refuses. */
#include "web/api.h"

#include "office/factor.h"
#include "web-fixture.h"
#include "web/openapi.h"
#include "web/routes.h"

/* What is sent besides the address; NULL members are left out. */
typedef struct Sent {
    const char *token;
    const char *body;
    const char *key;      /* Idempotency-Key */
    const char *language; /* Accept-Language */
    const char *type;     /* Content-Type; NULL: JSON */
} Sent;

static WebAnswer ask(WebFixture *fixture, HttpMethod method, const char *target, const Sent *sent)
{
    g_autoptr(GError) error = NULL;
    WebAnswer answer = {.request = http_request_new(method, target, "127.0.0.1", &error)};
    g_assert_no_error(error);
    g_autofree char *bearer = g_strconcat("Bearer ", sent->token, NULL);
    const char *const headers[] = {
        "Host",
        "127.0.0.1",
        "Content-Type",
        sent->type != NULL ? sent->type : "application/json",
        "Authorization",
        sent->token != NULL ? bearer : NULL,
        "Idempotency-Key",
        sent->key,
        "Accept-Language",
        sent->language,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i += 2) {
        if (headers[i + 1] != NULL) {
            http_request_add_header(answer.request, headers[i], headers[i + 1], &error);
            g_assert_no_error(error);
        }
    }
    if (sent->body != NULL) {
        http_request_set_body(answer.request, sent->body, strlen(sent->body));
    }
    answer.response = http_response_new();
    web_handle(answer.request, answer.response, &fixture->site);
    answer.status = http_response_status(answer.response);
    const GString *body = http_response_body(answer.response);
    answer.body = body != NULL ? body->str : "";
    return answer;
}

/* Make a token of the account of @role; the caller owns it. */
static char *make_token(WebFixture *fixture, RightsRole role, bool may_write)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) subject =
        rights_subject_account(fixture->office.office, fixture->accounts[role], &error);
    g_assert_no_error(error);
    const LogAct act = {.actor = subject->actor};
    char *token = NULL;
    office_token_add(fixture->office.office, subject, &act, "程序", may_write, OFFICE_TOKEN_DAYS,
                     &token, &error);
    g_assert_no_error(error);
    return token;
}

/* Return the answer's JSON; a new reference. */
static json_t *json_of(const WebAnswer *answer)
{
    g_autoptr(GError) error = NULL;
    json_t *json = json_parse(answer->body, strlen(answer->body), &error);
    g_assert_no_error(error);
    return json;
}

static const char *text_at(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

/* Check that @answer refuses with @status and @code, at @pointer (NULL: nowhere). */
static void check_refused(const WebAnswer *answer, int status, const char *code,
                          const char *pointer)
{
    g_autoptr(json_t) json = json_of(answer);
    g_assert_cmpint(answer->status, ==, status);
    g_assert_cmpint(json_integer_value(json_object_get(json, "status")), ==, status);
    g_assert_cmpstr(text_at(json, "code"), ==, code);
    g_assert_cmpstr(text_at(json, "pointer"), ==, pointer);
    g_assert_nonnull(text_at(json, "message"));
}

static void check_post_refused(WebFixture *fixture, const char *token, const char *target,
                               const char *body, int status, const char *code, const char *pointer)
{
    const Sent sent = {.token = token, .body = body};
    g_auto(WebAnswer) answer = ask(fixture, HTTP_POST, target, &sent);
    if (answer.status != status) {
        g_test_message("%s: %s", body, answer.body);
    }
    check_refused(&answer, status, code, pointer);
}

#define CASES "/api/v1/ledgers/case/entries"
#define NEW_CASE                                                            \
    "{\"fields\":{\"title\":\"路灯不亮\",\"received_at\":\"2023-11-13 " \
    "09:00\",\"channel\":\"hotline\"}}"

static char *add_case(WebFixture *fixture, const char *token)
{
    const Sent sent = {.token = token, .body = NEW_CASE};
    g_auto(WebAnswer) answer = ask(fixture, HTTP_POST, CASES, &sent);
    g_assert_cmpint(answer.status, ==, 201);
    g_autoptr(json_t) json = json_of(&answer);
    return g_strdup(text_at(json, "number"));
}

/* ---- adding, changing ------------------------------------------------------------------------ */

static void test_added_entry_comes_back(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_DISPATCHER, true);
    g_autofree char *number = add_case(&fixture, token);
    g_autofree char *target = g_strconcat("/api/v1/entries/", number, NULL);
    g_auto(WebAnswer) answer = ask(&fixture, HTTP_GET, target, &(Sent){.token = token});
    g_assert_cmpint(answer.status, ==, 200);
    g_autoptr(json_t) json = json_of(&answer);
    g_assert_cmpstr(text_at(json, "title"), ==, "路灯不亮");
    g_assert_cmpint(json_integer_value(json_object_get(json, "version")), ==, 1);
    g_assert_true(json_is_array(json_object_get(json, "steps")));
    g_auto(WebAnswer) list =
        ask(&fixture, HTTP_GET, CASES "?where=channel%20%3D%20hotline&limit=1&sort=opened",
            &(Sent){.token = token});
    g_assert_cmpint(list.status, ==, 200);
    g_autoptr(json_t) page = json_of(&list);
    g_assert_cmpint(json_array_size(json_object_get(page, "entries")), ==, 1);
    web_fixture_close(&fixture);
}

static void test_same_key_adds_one(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_DISPATCHER, true);
    const Sent sent = {.token = token, .body = NEW_CASE, .key = "k-1"};
    g_auto(WebAnswer) first = ask(&fixture, HTTP_POST, CASES, &sent);
    g_auto(WebAnswer) second = ask(&fixture, HTTP_POST, CASES, &sent);
    g_assert_cmpint(first.status, ==, 201);
    g_assert_cmpint(second.status, ==, 201);
    g_assert_cmpstr(first.body, ==, second.body);
    const Sent other = {.token = token, .body = "{\"fields\":{\"title\":\"别的\"}}", .key = "k-1"};
    g_auto(WebAnswer) third = ask(&fixture, HTTP_POST, CASES, &other);
    check_refused(&third, 409, "CONFLICT", NULL);
    g_auto(WebAnswer) list = ask(&fixture, HTTP_GET, CASES, &(Sent){.token = token});
    g_autoptr(json_t) page = json_of(&list);
    g_assert_cmpint(json_array_size(json_object_get(page, "entries")), ==, 1);
    web_fixture_close(&fixture);
}

static void test_stale_version_gets_both(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_DISPATCHER, true);
    g_autofree char *number = add_case(&fixture, token);
    g_autofree char *target = g_strconcat("/api/v1/entries/", number, "/changes", NULL);
    const Sent sent = {.token = token, .body = "{\"version\":1,\"fields\":{\"title\":\"灯修好\"}}"};
    g_auto(WebAnswer) changed = ask(&fixture, HTTP_POST, target, &sent);
    g_assert_cmpint(changed.status, ==, 200);
    g_auto(WebAnswer) stale = ask(&fixture, HTTP_POST, target, &sent);
    check_refused(&stale, 409, "CONFLICT", NULL);
    g_autoptr(json_t) json = json_of(&stale);
    g_assert_cmpint(
        json_integer_value(json_object_get(json_object_get(json, "current"), "version")), ==, 2);
    g_assert_cmpstr(text_at(json_object_get(json, "sent"), "title"), ==, "灯修好");
    check_post_refused(&fixture, token, target, "{\"fields\":{}}", 400, "INVALID", "/version");
    web_fixture_close(&fixture);
}

static void test_faults_are_pointed_at(const TestPlace *place)
{
    static const struct {
        const char *body;
        const char *pointer;
    } bad[] = {
        {"", NULL},
        {"[]", ""},
        {"{\"fields\":{\"title\":\"a\",\"title\":\"b\"}}", NULL},
        {"{\"fields\":{\"title\":\"\xff\"}}", NULL},
        {"{\"field\":{}}", "/field"},
        {"{\"fields\":[]}", "/fields"},
        {"{\"fields\":{\"a/b~c\":1}}", "/fields/a~1b~0c"},
        {"{\"fields\":{\"title\":1}}", "/fields/title"},
        {"{\"fields\":{\"title\":{\"x\":1}}}", "/fields/title"},
        {"{\"fields\":{\"title\":\"a\",\"channel\":\"smoke\"}}", "/fields/channel"},
        {"{\"fields\":{\"title\":\"a\",\"received_at\":\"昨天\"}}", "/fields/received_at"},
        {"{\"fields\":{\"title\":\"a\",\"handler\":\"无此科\"}}", "/fields/handler"},
        {"{\"fields\":{\"title\":\"a\",\"channel\":\"hotline\"}}", "/fields/received_at"},
        {"{\"fields\":{\"title\":\"a\",\"channel\":\"hotline\",\"received_at\":\"2999-01-01\"}}",
         "/fields/received_at"},
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_DISPATCHER, true);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        check_post_refused(&fixture, token, CASES, bad[i].body, 400, "INVALID", bad[i].pointer);
    }
    g_autofree char *deep = g_strnfill(100000, '[');
    check_post_refused(&fixture, token, CASES, deep, 400, "INVALID", NULL);
    g_autofree char *big = g_strnfill(WEB_API_MAX_BODY_BYTES + 1, ' ');
    check_post_refused(&fixture, token, CASES, big, 413, "LIMIT", NULL);
    const Sent form = {.token = token, .body = "title=a", .type = "text/plain"};
    g_auto(WebAnswer) answer = ask(&fixture, HTTP_POST, CASES, &form);
    check_refused(&answer, 415, "INVALID", NULL);
    web_fixture_close(&fixture);
}

/* ---- who may --------------------------------------------------------------------------------- */

static void test_reading_token_does_not_write(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_DISPATCHER, false);
    for (size_t i = 0; i < web_n_routes; i++) {
        const WebRoute *route = &web_routes[i];
        if (route->method == HTTP_POST && g_str_has_prefix(route->pattern, WEB_API)) {
            check_post_refused(&fixture, token, route->pattern, "{}", 403, "FORBIDDEN", NULL);
        }
    }
    g_auto(WebAnswer) list = ask(&fixture, HTTP_GET, CASES, &(Sent){.token = token});
    g_assert_cmpint(list.status, ==, 200);
    g_auto(WebAnswer) file = ask(&fixture, HTTP_GET, "/ledger/case.json", &(Sent){.token = token});
    g_assert_cmpint(file.status, ==, 200);
    g_auto(WebAnswer) page = ask(&fixture, HTTP_GET, "/me", &(Sent){.token = token});
    g_assert_cmpint(page.status, ==, 303); /* pages are for people */
    web_fixture_close(&fixture);
}

/* What an answer says of itself agrees with its status. */
static void test_other_methods(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_CLERK, true);
    check_post_refused(&fixture, token, "/api/v1/ledgers", "{}", 405, "INVALID", NULL);
    web_fixture_close(&fixture);
}

static void test_nobody_and_dead_tokens(const TestPlace *place)
{
    WebFixture fixture;
    WebFixture other;
    g_autoptr(TestPlace) elsewhere = test_place_new(place->dialect);
    web_fixture_open(&fixture, place, "");
    web_fixture_open(&other, elsewhere, "");
    g_autoptr(GError) error = NULL;
    g_autofree char *token = make_token(&fixture, RIGHTS_CLERK, true);
    g_autofree char *alike = make_token(&other, RIGHTS_CLERK, true); /* of the same seed */
    g_autofree char *foreign = make_token(&other, RIGHTS_CLERK, true);
    const char *const dead[] = {NULL, "", "shuzhi_0", foreign};
    for (size_t i = 0; i < G_N_ELEMENTS(dead); i++) {
        g_auto(WebAnswer) answer =
            ask(&fixture, HTTP_GET, "/api/v1/ledgers", &(Sent){.token = dead[i]});
        check_refused(&answer, 401, "SIGN_IN", NULL);
        g_assert_cmpstr(http_response_header(answer.response, "WWW-Authenticate"), ==, "Bearer");
    }
    office_account_lock(fixture.office.office, fixture.office.console, &fixture.office.act,
                        fixture.accounts[RIGHTS_CLERK], &error);
    g_clear_error(&error);
    g_autoptr(RightsSubject) keeper =
        rights_subject_account(fixture.office.office, fixture.accounts[RIGHTS_SYSTEM], &error);
    const LogAct act = {.actor = keeper->actor};
    office_account_lock(fixture.office.office, keeper, &act, fixture.accounts[RIGHTS_CLERK],
                        &error);
    g_clear_error(&error);
    g_auto(WebAnswer) locked = ask(&fixture, HTTP_GET, "/api/v1/ledgers", &(Sent){.token = token});
    check_refused(&locked, 401, "SIGN_IN", NULL);
    web_fixture_close(&other);
    web_fixture_close(&fixture);
}

static void test_too_often_waits(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_CLERK, false);
    int status = 200;
    for (int i = 0; i < THROTTLE_MAX_OF_TOKEN; i++) {
        g_auto(WebAnswer) answer =
            ask(&fixture, HTTP_GET, "/api/v1/measures", &(Sent){.token = token});
        status = MAX(status, answer.status);
    }
    g_assert_cmpint(status, ==, 200);
    g_auto(WebAnswer) answer = ask(&fixture, HTTP_GET, "/api/v1/measures", &(Sent){.token = token});
    check_refused(&answer, 429, "TOO_OFTEN", NULL);
    g_assert_nonnull(http_response_header(answer.response, "Retry-After"));
    web_fixture_close(&fixture);
}

static void test_messages_in_the_language_asked(const TestPlace *place)
{
    static const struct {
        const char *header;
        const char *word;
    } asked[] = {{NULL, "令牌"},
                 {"en", "token"},
                 {"en-GB,zh;q=0.5", "token"},
                 {"en;q=0.3, zh-CN;q=0.9", "令牌"},
                 {"fr", "令牌"}};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_auto(WebAnswer) answer =
            ask(&fixture, HTTP_GET, "/api/v1/ledgers", &(Sent){.language = asked[i].header});
        g_assert_nonnull(strstr(answer.body, asked[i].word));
    }
    web_fixture_close(&fixture);
}

/* A browser's session needs the form token for what writes, as everywhere. */
static void test_session_needs_the_form_token(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) answer =
        web_fixture_ask(&fixture, fixture.tokens[RIGHTS_DISPATCHER], HTTP_POST, CASES, NULL, "!");
    check_refused(&answer, 403, "FORBIDDEN", NULL);
    g_auto(WebAnswer) list = web_fixture_get(&fixture, RIGHTS_DISPATCHER, CASES);
    g_assert_cmpint(list.status, ==, 200);
    web_fixture_close(&fixture);
}

/* ---- the own password ------------------------------------------------------------------------ */

#define NO_SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* twenty zeros */
#define IDLE "\"idle_minutes\":20"
#define OWN "\"own\":\"" WEB_FIXTURE_PASSWORD "\""

/* Return the code of NO_SECRET @step steps from now; the caller owns it. */
static char *code_at(WebFixture *fixture, int step)
{
    static const uint8_t zeros[OFFICE_FACTOR_SECRET_BYTES] = {0};
    int64_t now = source_now_us(office_source(fixture->office.office)) / G_USEC_PER_SEC / 30;
    return g_strdup_printf("%06d", office_factor_code(zeros, now + step));
}

/* A token alone does nothing that asks for the own password; where there is a second factor, the
 * password alone does neither. */
static void test_token_needs_what_the_door_asks(const TestPlace *place)
{
    static const char target[] = "/api/v1/settings";
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GError) error = NULL;
    g_autofree char *token = make_token(&fixture, RIGHTS_SYSTEM, true);
    check_post_refused(&fixture, token, target, "{" IDLE "}", 403, "FORBIDDEN", "/own");
    check_post_refused(&fixture, token, target, "{" IDLE ",\"own\":\"x\"}", 403, "FORBIDDEN",
                       "/own");
    const Sent known = {.token = token, .body = "{" IDLE "," OWN "}"};
    g_auto(WebAnswer) changed = ask(&fixture, HTTP_POST, target, &known);
    g_assert_cmpint(changed.status, ==, 200);
    g_autofree char *first = code_at(&fixture, 0);
    const LogAct act = {.actor = "account:1"};
    g_assert_true(office_factor_set(fixture.office.office, &act, fixture.accounts[RIGHTS_SYSTEM],
                                    NO_SECRET, first, &error));
    check_post_refused(&fixture, token, target, "{" IDLE "," OWN "}", 400, "INVALID", "/code");
    g_autofree char *next = code_at(&fixture, 1);
    g_autofree char *body = g_strdup_printf("{" IDLE "," OWN ",\"code\":\"%s\"}", next);
    g_auto(WebAnswer) with_code =
        ask(&fixture, HTTP_POST, target, &(Sent){.token = token, .body = body});
    g_assert_cmpint(with_code.status, ==, 200);
    check_post_refused(&fixture, token, target, body, 403, "FORBIDDEN", "/own"); /* used */
    web_fixture_close(&fixture);
}

/* What is remembered of a request under a key does not tell its passwords: with another one it is
 * the same request. */
static void test_key_forgets_passwords(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_SYSTEM, true);
    const char *const passwords[] = {"Another-471147", "Different-471147"};
    for (size_t i = 0; i < G_N_ELEMENTS(passwords); i++) {
        g_autofree char *body = g_strdup_printf("{\"name\":\"second\",\"administrator\":\"audit\","
                                                "\"password\":\"%s\"," OWN "}",
                                                passwords[i]);
        const Sent sent = {.token = token, .body = body, .key = "k"};
        g_auto(WebAnswer) answer = ask(&fixture, HTTP_POST, "/api/v1/accounts", &sent);
        g_test_message("%s", answer.body);
        g_assert_cmpint(answer.status, ==, 201);
    }
    web_fixture_close(&fixture);
}

/* ---- the description ------------------------------------------------------------------------- */

static void test_every_route_is_described(void)
{
    size_t n_routes = 0;
    for (size_t i = 0; i < web_n_routes; i++) {
        n_routes += g_str_has_prefix(web_routes[i].pattern, "/api/");
    }
    g_assert_cmpuint(n_routes, ==, web_n_operations);
    for (size_t i = 0; i < web_n_operations; i++) {
        bool is_found = false;
        for (size_t k = 0; k < web_n_routes; k++) {
            is_found = is_found || web_operation_find(web_routes[k].method,
                                                      web_routes[k].pattern) == &web_operations[i];
        }
        g_test_message("%s", web_operations[i].path);
        g_assert_true(is_found);
    }
    g_assert_null(web_operation_find(HTTP_GET, "/ledger/*"));
    g_assert_null(web_operation_find(HTTP_GET, WEB_API "/ledgers/*/entries/*"));
    g_assert_null(web_operation_find(HTTP_POST, WEB_API "/ledgers"));
}

/* Check that every "$ref" below @json leads somewhere in @document. */
static void check_references(json_t *document, json_t *json)
{
    const char *name = NULL;
    json_t *value = NULL;
    size_t i = 0;
    json_array_foreach(json, i, value)
    {
        check_references(document, value);
    }
    json_object_foreach(json, name, value)
    {
        check_references(document, value);
        if (g_str_equal(name, "$ref")) {
            g_auto(GStrv) parts = g_strsplit(json_string_value(value), "/", -1);
            json_t *target = document;
            for (int k = 1; parts[k] != NULL; k++) {
                target = json_object_get(target, parts[k]);
            }
            g_test_message("%s", json_string_value(value));
            g_assert_nonnull(target);
        }
    }
}

static void test_description_is_whole(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_CLERK, false);
    g_auto(WebAnswer) answer =
        ask(&fixture, HTTP_GET, "/api/v1/openapi.json", &(Sent){.token = token});
    g_assert_cmpint(answer.status, ==, 200);
    g_autoptr(json_t) document = json_of(&answer);
    g_assert_cmpstr(text_at(document, "openapi"), ==, "3.1.0");
    check_references(document, document);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < web_n_operations; i++) {
        json_t *path = json_object_get(json_object_get(document, "paths"), web_operations[i].path);
        json_t *operation =
            json_object_get(path, web_operations[i].method == HTTP_POST ? "post" : "get");
        g_assert_cmpstr(text_at(operation, "operationId"), ==, web_operations[i].id);
        g_assert_true(g_hash_table_add(ids, (char *)web_operations[i].id));
    }
    json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    const GPtrArray *ledgers = office_schema(fixture.office.office)->ledgers;
    for (guint i = 0; i < ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(ledgers, i);
        g_autofree char *name = g_strconcat("fields.", ledger->name, NULL);
        json_t *properties = json_object_get(json_object_get(schemas, name), "properties");
        g_assert_nonnull(json_object_get(properties, ledger->title->name));
    }
    web_fixture_close(&fixture);
}

/* Every GET of the API, of what is there, answers an account that may read all. */
static void test_all_that_is_read(const TestPlace *place)
{
    static const char *const targets[] = {
        "/api/v1/ledgers",
        "/api/v1/ledgers/case",
        "/api/v1/measures",
        "/api/v1/figures/cases_received?period=2023",
        "/api/v1/reports/annual?period=2023",
        "/api/v1/units",
        "/api/v1/people?date=2023-11-14",
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *token = make_token(&fixture, RIGHTS_SECRETARY, false);
    g_autofree char *auditor = make_token(&fixture, RIGHTS_AUDIT, false);
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_auto(WebAnswer) answer = ask(&fixture, HTTP_GET, targets[i], &(Sent){.token = token});
        g_test_message("%s: %s", targets[i], answer.body);
        g_assert_cmpint(answer.status, ==, 200);
        g_autoptr(json_t) json = json_of(&answer);
        g_assert_true(json_is_object(json));
    }
    g_auto(WebAnswer) log =
        ask(&fixture, HTTP_GET, "/api/v1/log?after=1&limit=2", &(Sent){.token = auditor});
    g_autoptr(json_t) events = json_of(&log);
    g_assert_cmpstr(text_at(events, "next"), ==, "3");
    g_auto(WebAnswer) proof =
        ask(&fixture, HTTP_GET, "/api/v1/log/1/proof", &(Sent){.token = auditor});
    g_assert_cmpint(proof.status, ==, 200);
    g_auto(WebAnswer) refused = ask(&fixture, HTTP_GET, "/api/v1/log", &(Sent){.token = token});
    g_assert_cmpint(refused.status, ==,
                    rights_reach(RIGHTS_SECRETARY, RIGHTS_LOG_READ) == RIGHTS_NONE ? 403 : 200);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/api/every-route-is-described", test_every_route_is_described);
    test_store_each("/web/api/added-entry-comes-back", test_added_entry_comes_back);
    test_store_each("/web/api/other-methods", test_other_methods);
    test_store_each("/web/api/same-key-adds-one", test_same_key_adds_one);
    test_store_each("/web/api/stale-version-gets-both", test_stale_version_gets_both);
    test_store_on(STORE_SQLITE, "/web/api/faults-are-pointed-at", test_faults_are_pointed_at);
    test_store_on(STORE_SQLITE, "/web/api/reading-token-does-not-write",
                  test_reading_token_does_not_write);
    test_store_on(STORE_SQLITE, "/web/api/nobody-and-dead-tokens", test_nobody_and_dead_tokens);
    test_store_on(STORE_SQLITE, "/web/api/too-often-waits", test_too_often_waits);
    test_store_on(STORE_SQLITE, "/web/api/messages-in-the-language-asked",
                  test_messages_in_the_language_asked);
    test_store_on(STORE_SQLITE, "/web/api/session-needs-the-form-token",
                  test_session_needs_the_form_token);
    test_store_each("/web/api/token-needs-what-the-door-asks", test_token_needs_what_the_door_asks);
    test_store_each("/web/api/key-forgets-passwords", test_key_forgets_passwords);
    test_store_on(STORE_SQLITE, "/web/api/description-is-whole", test_description_is_whole);
    test_store_each("/web/api/all-that-is-read", test_all_that_is_read);
    return g_test_run();
}
