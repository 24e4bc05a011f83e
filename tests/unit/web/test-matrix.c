/* Role × route × whose entry: what each may open, against the rights table. */
#include "web-fixture.h"
#include "web/routes.h"

/* Endings of a list; "": as a page. */
static const char *const endings[] = {"", ".xlsx", ".csv", ".jsonl", ".json", ".atom"};

/* Lists of business data: as tables they are for who may take such out. */
static bool is_taken_out(const char *pattern, const char *ending)
{
    static const char *const lists[] = {"/ledger/*.*", "/search.*", "/figure/*.*", "/roster.*",
                                        NULL};
    static const char *const tables[] = {".xlsx", ".csv", ".jsonl", NULL};
    return g_strv_contains(lists, pattern) && g_strv_contains(tables, ending);
}

/* Return @route's pattern with @entry in the place of an entry, and something that exists, or not,
 * in the other places; the caller owns it. */
static char *fill(const WebRoute *route, const char *entry)
{
    g_autofree char *pattern = web_fixture_pattern(route);
    static const struct {
        const char *prefix;
        const char *part;
    } parts[] = {{"/ledger/", "case"},
                 {"/report/", "annual"},
                 {"/figure/", "cases_received"},
                 {"/log/", "1"},
                 {"/accounts/", "999999"},
                 {"/tokens/", "999999"},
                 {"/api/v1/ledgers/", "case"},
                 {"/api/v1/reports/", "annual"},
                 {"/api/v1/figures/", "cases_received"},
                 {"/api/v1/log/", "1"},
                 {"/api/v1/units/", "999999"},
                 {"/api/v1/people/", "999999"},
                 {"/api/v1/posts/", "999999"},
                 {"/api/v1/accounts/", "999999"},
                 {"/api/v1/tokens/", "999999"},
                 {"/api/v1/drafts/", "999999"},
                 {"/api/v1/views/", "own"},
                 {"/unit/", "999999"},
                 {"/person/", "999999"},
                 {"/post/", "999999"},
                 {"/draft/", "999999"},
                 {"/view/", "own"},
                 {"/pick/entry/", "case"}};
    const char *first = entry;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        first = g_str_has_prefix(pattern, parts[i].prefix) ? parts[i].part : first;
    }
    g_auto(GStrv) pieces = g_strsplit(pattern, "*", 2);
    g_auto(GStrv) rest =
        pieces[0] != NULL && pieces[1] != NULL ? g_strsplit(pieces[1], "*", -1) : NULL;
    g_autofree char *end = rest != NULL ? g_strjoinv("999999", rest) : NULL;
    return end != NULL ? g_strconcat(pieces[0], first, end, NULL) : g_steal_pointer(&pattern);
}

/* Return whether the table lets @role, held in the unit of OWN, do @action to an entry of @unit
 * that somebody else recorded. */
static bool is_allowed(RightsRole role, RightsAction action, WebFixtureUnit unit)
{
    switch (rights_reach(role, action)) {
    case RIGHTS_NONE:
    case RIGHTS_OWN:
        return false;
    case RIGHTS_UNIT:
        return unit == WEB_FIXTURE_OWN;
    case RIGHTS_SUBTREE:
        return unit != WEB_FIXTURE_BESIDE;
    case RIGHTS_OFFICE:
        return true;
    }
    g_assert_not_reached();
}

/* Return whether @route asks for an entry. */
static bool is_of_entry(const WebRoute *route)
{
    return g_str_has_prefix(route->pattern, "/entry/") ||
           g_str_has_prefix(route->pattern, "/api/v1/entries/");
}

static bool expects_refusal(const WebRoute *route, const char *ending, RightsRole role,
                            WebFixtureUnit unit)
{
    if (is_taken_out(route->pattern, ending) && rights_reach(role, RIGHTS_EXPORT) == RIGHTS_NONE) {
        return true;
    }
    if (route->access == WEB_EITHER) {
        return rights_reach(role, route->action) == RIGHTS_NONE &&
               rights_reach(role, route->or_action) == RIGHTS_NONE;
    }
    if (route->access != WEB_RIGHT) {
        return false;
    }
    if (is_of_entry(route)) {
        return !is_allowed(role, route->action, unit) || !is_allowed(role, RIGHTS_ENTRY_READ, unit);
    }
    return rights_reach(role, route->action) == RIGHTS_NONE;
}

/* Return whether @route is there with @ending: an entry, which is no list, is so as JSON alone. */
static bool has_ending(const WebRoute *route, const char *ending)
{
    return *ending == '\0' ||
           (g_str_has_suffix(route->pattern, WEB_ENDINGS) &&
            (g_str_equal(ending, ".json") || !g_str_has_prefix(route->pattern, "/entry/")));
}

static void check_route(WebFixture *fixture, const WebRoute *route, const char *ending,
                        RightsRole role, WebFixtureUnit unit, const char *entry)
{
    g_autofree char *bare = fill(route, entry);
    g_autofree char *target = g_strconcat(bare, ending, NULL);
    bool is_of_door = route->method == HTTP_POST && g_str_has_prefix(route->pattern, "/sign-");
    bool is_about_the_holder = g_str_has_prefix(route->pattern, "/me/");
    if (is_of_door || is_about_the_holder) {
        return;
    }
    g_auto(WebAnswer) answer =
        route->method == HTTP_POST
            ? web_fixture_post(fixture, role, target, "own=" WEB_FIXTURE_PASSWORD)
            : web_fixture_get(fixture, role, target);
    bool is_refused = answer.status == 403;
    if (is_refused != expects_refusal(route, ending, role, unit) || answer.status >= 500) {
        g_error("%s as %s on unit %d: %d", target, rights_role_name(role), unit, answer.status);
    }
}

/* The same with each ending that @route has. */
static void check_forms(WebFixture *fixture, const WebRoute *route, RightsRole role,
                        WebFixtureUnit unit, const char *entry)
{
    for (size_t k = 0; k < G_N_ELEMENTS(endings); k++) {
        if (has_ending(route, endings[k])) {
            check_route(fixture, route, endings[k], role, unit, entry);
        }
    }
}

static void test_roles(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int unit = 0; unit < WEB_FIXTURE_N_UNITS; unit++) {
        for (int role = 0; role < RIGHTS_CONSOLE; role++) {
            for (size_t i = 0; i < web_n_routes; i++) {
                /* What is deleted by one must be there for the next. */
                bool uses_up = g_str_has_suffix(web_routes[i].pattern, "/delete") ||
                               g_str_has_suffix(web_routes[i].pattern, "/deletion");
                g_autofree char *entry =
                    is_of_entry(&web_routes[i]) || uses_up
                        ? web_fixture_case(&fixture, (WebFixtureUnit)unit, "事")
                        : g_strdup("");
                check_forms(&fixture, &web_routes[i], (RightsRole)role, (WebFixtureUnit)unit,
                            entry);
            }
        }
    }
    web_fixture_close(&fixture);
}

static void test_nobody(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *entry = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "事");
    for (size_t i = 0; i < web_n_routes; i++) {
        if (web_routes[i].access == WEB_PUBLIC) {
            continue;
        }
        g_autofree char *target = fill(&web_routes[i], entry);
        g_auto(WebAnswer) answer =
            web_fixture_ask(&fixture, NULL, web_routes[i].method, target, NULL, NULL);
        bool is_api = g_str_has_prefix(target, "/api/") || g_str_has_suffix(target, ".json");
        g_assert_cmpint(answer.status, ==, is_api ? 401 : 303);
        g_assert_true(g_str_has_prefix(answer.location, is_api ? "" : "/sign-in"));
    }
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_on(STORE_SQLITE, "/web/matrix/roles", test_roles);
    test_store_each("/web/matrix/nobody", test_nobody);
    return g_test_run();
}
