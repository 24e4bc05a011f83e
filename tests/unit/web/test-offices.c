#include "web/offices.h"

#include "web-fixture.h"
#include "web/routes.h"

#define A "/%E7%94%B2%E5%B1%80" /* 甲局 */
#define B "/b"

/* Two offices beside each other, and one that cannot be opened. */
typedef struct Pair {
    WebFixture a;
    WebFixture b;
    TestPlace *other; /* of b */
    WebOffices *offices;
} Pair;

/* Sign @role in anew: both offices replay one seed, and their first tokens are the same. */
static void sign_in_anew(WebFixture *fixture, RightsRole role)
{
    Office *office = fixture->office.office;
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficeSession) old = NULL;
    g_assert_true(office_session_find(office, fixture->tokens[role], &old, &error));
    g_assert_true(office_session_end(office, old->account, old->id, &error));
    g_free(fixture->tokens[role]);
    office_session_begin(office, fixture->accounts[role], "127.0.0.1", "测试",
                         &fixture->tokens[role], &error);
    g_assert_no_error(error);
}

static void pair_open(Pair *pair, const TestPlace *place)
{
    pair->other = test_place_new(place->dialect);
    web_fixture_open(&pair->a, place, "");
    web_fixture_open(&pair->b, pair->other, "");
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        sign_in_anew(&pair->b, (RightsRole)role);
    }
    pair->offices = web_offices_new(pair->a.scratch);
    web_offices_add(pair->offices, "甲局", pair->a.office.office, NULL);
    web_offices_add(pair->offices, "b", pair->b.office.office, NULL);
    web_offices_add(pair->offices, "closed", NULL, NULL);
    pair->a.offices = pair->offices;
    pair->b.offices = pair->offices;
    pair->a.cookie = "session-%E7%94%B2%E5%B1%80";
    pair->b.cookie = "session-b";
}

static void pair_close(Pair *pair)
{
    web_offices_free(pair->offices);
    web_fixture_close(&pair->b);
    web_fixture_close(&pair->a);
    test_place_free(pair->other);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_close)

/* Return @route's pattern with @first in the place of its first "*" and 1 in that of the others;
 * the caller owns it. */
static char *fill(const char *base, const WebRoute *route, const char *first)
{
    g_autofree char *pattern = web_fixture_pattern(route);
    g_auto(GStrv) pieces = g_strsplit(pattern, "*", 2);
    g_auto(GStrv) rest = pieces[1] != NULL ? g_strsplit(pieces[1], "*", -1) : NULL;
    g_autofree char *end = rest != NULL ? g_strjoinv("1", rest) : g_strdup("");
    return g_strconcat(base, pieces[0], rest != NULL ? first : "", end, NULL);
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* Check that whatever in @answer leads to this server leads into @base, or to what is shared. */
static void check_addresses(const WebAnswer *answer, const char *base)
{
    static const char *const attributes[] = {" href=\"/", " src=\"/", "action=\"/",
                                             /* whole ones, of feeds and calendars */
                                             " href=\"http://127.0.0.1/", "URL:http://127.0.0.1/"};
    g_autofree char *inside = g_strconcat(base, "/", NULL);
    guint n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const char *found = answer->body;
        while ((found = strstr(found, attributes[i])) != NULL) {
            found += strlen(attributes[i]) - 1;
            if (!g_str_has_prefix(found, inside) && !g_str_has_prefix(found, "/assets/")) {
                g_error("%s: %.60s", http_request_path(answer->request), found);
            }
            n++;
        }
    }
    g_assert_cmpuint(n, >, 0);
}

static void test_every_address_carries_the_base(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    g_autofree char *number = web_fixture_case(&pair.a, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *change = g_strconcat(entry, "/change", NULL);
    const struct {
        RightsRole role;
        const char *path;
    } rows[] = {{RIGHTS_SECRETARY, "/"},
                {RIGHTS_SECRETARY, "/ledger/case?q=%E8%B7%AF"},
                {RIGHTS_SECRETARY, "/ledger/case"},
                {RIGHTS_SECRETARY, "/ledger/case.atom"},
                {RIGHTS_SECRETARY, "/ledger/case.ics"},
                {RIGHTS_SECRETARY, "/ledger/case?print=1"},
                {RIGHTS_SECRETARY, "/search?q=%E8%B7%AF"},
                {RIGHTS_SECRETARY, "/ledger/case/add"},
                {RIGHTS_SECRETARY, "/ledger/case/import"},
                {RIGHTS_SECRETARY, "/report/annual?period=2023"},
                {RIGHTS_SECRETARY, "/report/annual?period=2023&figure=cases_received"},
                {RIGHTS_SECRETARY, "/figure/cases_received?period=2023"},
                {RIGHTS_SECRETARY, "/roster"},
                {RIGHTS_SECRETARY, "/me"},
                {RIGHTS_SECRETARY, "/help"},
                {RIGHTS_SECRETARY, entry},
                {RIGHTS_SECRETARY, change},
                {RIGHTS_SECRETARY, "/nowhere"},
                {RIGHTS_SYSTEM, "/accounts"},
                {RIGHTS_AUDIT, "/log"},
                {RIGHTS_AUDIT, "/log/1"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *target = g_strconcat(A, rows[i].path, NULL);
        g_auto(WebAnswer) answer = web_fixture_get(&pair.a, rows[i].role, target);
        g_assert_cmpint(answer.status, ==, g_str_equal(rows[i].path, "/nowhere") ? 404 : 200);
        check_addresses(&answer, A);
    }
}

static void test_redirects_carry_the_base(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    g_autofree char *number = web_fixture_case(&pair.a, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *comment = g_strconcat(A "/entry/", number, "/comment", NULL);
    g_autofree char *entry = g_strconcat(A "/entry/", number, NULL);
    const struct {
        RightsRole role;
        const char *target;
        const char *form; /* NULL: GET */
        const char *location;
    } rows[] = {{RIGHTS_SECRETARY, A, NULL, A "/"},
                {RIGHTS_SECRETARY, comment, "text=x", entry},
                {RIGHTS_SECRETARY, A "/language", "language=en&to=/roster", A "/roster"},
                {RIGHTS_SECRETARY, A "/sign-in", NULL, A "/"},
                {RIGHTS_SECRETARY, A "/sign-out", "", A "/sign-in"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            rows[i].form != NULL
                ? web_fixture_post(&pair.a, rows[i].role, rows[i].target, rows[i].form)
                : web_fixture_get(&pair.a, rows[i].role, rows[i].target);
        g_assert_cmpint(answer.status, ==, 303);
        g_assert_cmpstr(answer.location, ==, rows[i].location);
    }
}

/* ---- nothing crosses ------------------------------------------------------------------------- */

/* Ask for each route of b with a session of a, under either's name for it. */
static void test_sessions_do_not_cross(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    g_autofree char *number = web_fixture_case(&pair.b, WEB_FIXTURE_OWN, "乙局的事");
    const char *const cookies[] = {pair.a.cookie, pair.b.cookie, "session"};
    for (size_t i = 0; i < web_n_routes * G_N_ELEMENTS(cookies) * RIGHTS_CONSOLE; i++) {
        const WebRoute *route = &web_routes[i % web_n_routes];
        size_t role = i / web_n_routes % RIGHTS_CONSOLE;
        if (route->access == WEB_PUBLIC) {
            continue;
        }
        pair.a.cookie = cookies[i / web_n_routes / RIGHTS_CONSOLE];
        g_autofree char *target = fill(B, route, number);
        g_auto(WebAnswer) answer =
            web_fixture_ask(&pair.a, pair.a.tokens[role], route->method, target, NULL,
                            route->method == HTTP_POST ? "" : NULL);
        bool is_api =
            g_str_has_prefix(route->pattern, "/api/") || g_str_has_suffix(route->pattern, ".json");
        g_assert_cmpint(answer.status, ==, is_api ? 401 : 303);
        g_assert_true(g_str_has_prefix(answer.location, is_api ? "" : B "/sign-in"));
    }
}

/* Ask through a for what only b has, as who may see everything. */
/* For each role of one office and each route of an entry, an entry of @ledger that only the other
 * office has is not there. */
static void check_entry_does_not_cross(Pair *pair, const SchemaLedger *ledger)
{
    g_autofree char *number = web_fixture_entry(&pair->b, ledger, WEB_FIXTURE_OWN, "乙局的");
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        for (size_t i = 0; i < web_n_routes; i++) {
            const WebRoute *route = &web_routes[i];
            if (!g_str_has_prefix(route->pattern, "/entry/") &&
                !g_str_has_prefix(route->pattern, "/api/v1/entries/")) {
                continue;
            }
            bool may = rights_reach((RightsRole)role, route->action) != RIGHTS_NONE;
            g_autofree char *target = fill(A, route, number);
            g_auto(WebAnswer) answer =
                web_fixture_ask(&pair->a, pair->a.tokens[role], route->method, target, NULL,
                                route->method == HTTP_POST ? "" : NULL);
            g_assert_cmpint(answer.status, ==, may ? 404 : 403);
        }
    }
}

static void test_entries_do_not_cross(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    const Schema *schema = office_schema(pair.b.office.office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        check_entry_does_not_cross(&pair, g_ptr_array_index(schema->ledgers, i));
    }
}

static void test_records_do_not_cross(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    for (int i = 0; i < 3; i++) {
        g_autofree char *own = web_fixture_case(&pair.b, WEB_FIXTURE_OWN, "乙局的事");
        g_assert_cmpstr(own, !=, "");
    }
    g_autofree char *own = web_fixture_case(&pair.a, WEB_FIXTURE_OWN, "甲局的事");
    const char *number = "SQ2023-00003"; /* b's last; a has one case */
    static const char *const paths[] = {"/",
                                        "/ledger/case",
                                        "/ledger/case.csv",
                                        "/ledger/case.json",
                                        "/ledger/case.atom",
                                        "/ledger/case?q=%E4%B9%99",
                                        "/report/annual?period=2023&figure=cases_received",
                                        "/figure/cases_received?period=2023",
                                        "/figure/cases_received.json?period=2023"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *target = g_strconcat(A, paths[i], NULL);
        g_auto(WebAnswer) answer = web_fixture_get(&pair.a, RIGHTS_SECRETARY, target);
        g_assert_cmpint(answer.status, ==, 200);
        g_assert_null(strstr(answer.body, "乙局"));
        g_assert_null(strstr(answer.body, number));
    }
    g_auto(WebAnswer) card =
        web_fixture_get(&pair.a, RIGHTS_SECRETARY, A "/figure/cases_received.json?period=2023");
    g_assert_nonnull(strstr(card.body, own));
    g_autofree char *last = g_strdup_printf(
        "%s/log/%" G_GINT64_FORMAT, A,
        test_store_int(office_store(pair.b.office.office), "SELECT size FROM head"));
    g_auto(WebAnswer) line = web_fixture_get(&pair.a, RIGHTS_AUDIT, last);
    g_assert_cmpint(line.status, ==, 404);
}

static void test_guesses_do_not_cross(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    const char *right = "name=system&password=" WEB_FIXTURE_PASSWORD;
    for (int i = 0; i < THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_auto(WebAnswer) wrong = web_fixture_ask(&pair.a, NULL, HTTP_POST, A "/sign-in", NULL,
                                                  "name=system&password=wrong");
        g_assert_cmpint(wrong.status, ==, 403);
    }
    g_auto(WebAnswer) locked = web_fixture_ask(&pair.a, NULL, HTTP_POST, A "/sign-in", NULL, right);
    g_assert_cmpint(locked.status, ==, 429);
    g_assert_nonnull(http_response_header(locked.response, "Retry-After"));
    g_auto(WebAnswer) other = web_fixture_ask(&pair.b, NULL, HTTP_POST, B "/sign-in", NULL, right);
    g_assert_cmpint(other.status, ==, 303);
    const char *cookie = g_ptr_array_index(http_response_cookies(other.response), 0);
    g_assert_true(g_str_has_prefix(cookie, "session-b="));
}

/* ---- the front ------------------------------------------------------------------------------- */

static void test_front(const TestPlace *place)
{
    g_auto(Pair) pair = {0};
    pair_open(&pair, place);
    static const struct {
        HttpMethod method;
        const char *target;
        int status;
        const char *words; /* NULL: any */
    } rows[] = {{HTTP_GET, "/", 200, "href=\"" A "/\""},
                {HTTP_GET, "/", 200, "href=\"" B "/\""},
                {HTTP_GET, "/", 200, "closed <span"},
                {HTTP_GET, "/health", 503, "closed: office: UNAVAILABLE\n"},
                {HTTP_GET, A "/health", 200, "ok\n"},
                {HTTP_GET, "/closed/", 503, "目前无法打开"},
                {HTTP_GET, "/closed/health", 503, "目前无法打开"},
                {HTTP_GET, "/assets/style.css", 200, NULL},
                {HTTP_GET, "/bb/", 404, "class=\"door\""},
                {HTTP_GET, "/ledger/case", 404, NULL},
                {HTTP_GET, A "x/", 404, NULL},
                {HTTP_POST, "/", 405, NULL},
                {HTTP_GET, "/language", 405, NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) answer =
            web_fixture_ask(&pair.a, NULL, rows[i].method, rows[i].target, NULL, NULL);
        g_assert_cmpint(answer.status, ==, rows[i].status);
        g_assert_true(rows[i].words == NULL || strstr(answer.body, rows[i].words) != NULL);
    }
    g_auto(WebAnswer) language =
        web_fixture_ask(&pair.a, NULL, HTTP_POST, "/language", NULL, "language=en&to=/");
    g_assert_cmpstr(language.location, ==, "/");
}

static void test_names(void)
{
    static const struct {
        const char *name;
        bool is_good;
    } rows[] = {{"甲局", true},    {"a b", true},     {"asset", true},     {"assetss", true},
                {"assets", false}, {"health", false}, {"language", false}, {"\xff", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_true(web_offices_check_name(rows[i].name, &error) == rows[i].is_good);
        g_assert_true((error == NULL) == rows[i].is_good);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/offices/every-address-carries-the-base",
                    test_every_address_carries_the_base);
    test_store_each("/web/offices/redirects-carry-the-base", test_redirects_carry_the_base);
    test_store_each("/web/offices/sessions-do-not-cross", test_sessions_do_not_cross);
    test_store_each("/web/offices/entries-do-not-cross", test_entries_do_not_cross);
    test_store_each("/web/offices/records-do-not-cross", test_records_do_not_cross);
    test_store_each("/web/offices/guesses-do-not-cross", test_guesses_do_not_cross);
    test_store_each("/web/offices/front", test_front);
    g_test_add_func("/web/offices/names", test_names);
    return g_test_run();
}
