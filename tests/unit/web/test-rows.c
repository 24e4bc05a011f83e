/* Lists with endings: each list in each form, page by page, and what is refused. */
#include "web/rows.h"

#include <unistd.h>

#include "web-fixture.h"

/* Each list that has something in it, and a role that may have it in every form. */
static const struct {
    const char *path;
    const char *name; /* of its rows in JSON */
    RightsRole role;
} lists[] = {
    {"/log", "events", RIGHTS_AUDIT},
    {"/accounts", "accounts", RIGHTS_SYSTEM},
    {"/tokens", "tokens", RIGHTS_SYSTEM},
    {"/verification", "verifications", RIGHTS_SYSTEM},
    {"/search?q=%E8%B7%AF%E7%81%AF", "found", RIGHTS_SECRETARY},
    {"/ledger/case/import", "imports", RIGHTS_SECRETARY},
    {"/drafts", "drafts", RIGHTS_SECRETARY},
    {"/views", "views", RIGHTS_SECRETARY},
};

/* Return @path with @ending before its query, and @more ("after=3") behind it; the caller owns it.
 */
static char *with_ending(const char *path, const char *ending, const char *more)
{
    size_t length = strcspn(path, "?");
    g_autofree char *front = g_strndup(path, length);
    bool has_query = path[length] != '\0';
    return g_strconcat(front, ending, path + length,
                       more == NULL ? ""
                       : has_query  ? "&"
                                    : "?",
                       more, NULL);
}

static json_t *get_json(WebFixture *fixture, RightsRole role, const char *target)
{
    g_autoptr(GError) error = NULL;
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    g_test_message("%s: %s", target, answer.body);
    g_assert_cmpint(answer.status, ==, 200);
    json_t *json = json_parse(answer.body, strlen(answer.body), &error);
    g_assert_no_error(error);
    return json;
}

/* Return the text of the file that @target answers; the caller owns it. */
static char *get_file(WebFixture *fixture, RightsRole role, const char *target)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    int64_t n_bytes = 0;
    int fd = http_response_file(answer.response, &n_bytes);
    g_test_message("%s: %d", target, answer.status);
    g_assert_cmpint(answer.status, ==, 200);
    g_assert_cmpint(fd, >=, 0);
    char *text = g_malloc0((gsize)n_bytes + 1);
    g_assert_cmpint(pread(fd, text, (size_t)n_bytes, 0), ==, n_bytes);
    return text;
}

static void post(WebFixture *fixture, RightsRole role, const char *target, const char *form)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, form);
    g_test_message("%s: %d", target, answer.status);
    g_assert_true(answer.status == 303 || answer.status == 200);
}

/* Put three rows into each of the lists. */
static void fill(WebFixture *fixture)
{
    for (int i = 0; i < 3; i++) {
        g_autofree char *title = g_strdup_printf("路灯 %d", i);
        g_autofree char *number = web_fixture_case(fixture, WEB_FIXTURE_OWN, title);
        g_autofree char *name = g_strdup_printf("name=%%3D1%%2B%d", i); /* "=1+0" */
        g_autofree char *view = g_strdup_printf("/ledger/case/view?q=%d", i);
        post(fixture, RIGHTS_SECRETARY, view, name);
        g_autofree char *draft = g_strdup_printf("f-title=%%40draft%d", i);
        post(fixture, RIGHTS_SECRETARY, "/ledger/case/add/draft", draft);
        g_autofree char *token = g_strconcat(name, "&days=1&own=" WEB_FIXTURE_PASSWORD, NULL);
        post(fixture, RIGHTS_SYSTEM, "/me/token", token);
        post(fixture, RIGHTS_SYSTEM, "/verification", "");
        works_wait(fixture->works);
        g_autofree char *cells = g_strdup_printf(
            "pasted=%%E6%%A0%%87%%E9%%A2%%98%%2C%%E6%%94%%B6%%E5%%88%%B0%%E6%%97%%B6"
            "%%E9%%97%%B4%%0A%d,2023-05-06%%0A",
            i);
        g_auto(WebAnswer) sent =
            web_fixture_post(fixture, RIGHTS_SECRETARY, "/ledger/case/import", cells);
        works_wait(fixture->works);
        g_autofree char *file = g_strdup(sent.location);
        post(fixture, RIGHTS_SECRETARY, file, "import=yes");
        works_wait(fixture->works);
    }
}

/* Read the list by pages of two: every row comes once, and as many as in one page. */
static void check_pages(WebFixture *fixture, size_t i)
{
    g_autofree char *all_of = with_ending(lists[i].path, ".json", "limit=200");
    g_autoptr(json_t) all = get_json(fixture, lists[i].role, all_of);
    json_t *rows = json_object_get(all, lists[i].name);
    size_t n_seen = 0;
    g_autofree char *after = g_strdup("");
    g_assert_cmpuint(json_array_size(rows), >=, 3);
    g_assert_true(json_is_null(json_object_get(all, "next")));
    for (;;) {
        g_autofree char *escaped = g_uri_escape_string(after, NULL, false);
        g_autofree char *more = g_strconcat("limit=2&after=", escaped, NULL);
        g_autofree char *target = with_ending(lists[i].path, ".json", more);
        g_autoptr(json_t) page = get_json(fixture, lists[i].role, target);
        json_t *some = json_object_get(page, lists[i].name);
        for (size_t k = 0; k < json_array_size(some); k++) {
            g_assert_true(json_equal(json_array_get(some, k), json_array_get(rows, n_seen + k)));
        }
        n_seen += json_array_size(some);
        const char *next = json_string_value(json_object_get(page, "next"));
        if (next == NULL) {
            break;
        }
        g_assert_cmpuint(json_array_size(some), ==, 2);
        g_free(after);
        after = g_strdup(next);
    }
    g_assert_cmpuint(n_seen, ==, json_array_size(rows));
}

/* A feed links to what comes behind its page (RFC 5005 §3), and so to its end. */
static void check_feed(WebFixture *fixture, size_t i)
{
    g_autofree char *target = with_ending(lists[i].path, ".atom", "limit=2");
    int n_entries = 0;
    while (target != NULL) {
        g_auto(WebAnswer) feed = web_fixture_get(fixture, lists[i].role, target);
        static const char sign[] = "<link rel=\"next\" href=\"http://127.0.0.1";
        g_test_message("%s: %s", target, feed.body);
        g_assert_cmpint(feed.status, ==, 200);
        for (const char *at = feed.body; (at = strstr(at, "<entry>")) != NULL; at++) {
            n_entries++;
        }
        const char *next = strstr(feed.body, sign);
        g_clear_pointer(&target, g_free);
        if (next != NULL) {
            next += strlen(sign);
            g_autofree char *address = g_strndup(next, strcspn(next, "\""));
            g_auto(GStrv) parts = g_strsplit(address, "&amp;", -1);
            target = g_strjoinv("&", parts);
        }
    }
    g_autofree char *whole = with_ending(lists[i].path, ".json", "limit=200");
    g_autoptr(json_t) all = get_json(fixture, lists[i].role, whole);
    g_assert_cmpint(n_entries, ==, json_array_size(json_object_get(all, lists[i].name)));
}

static void check_tables(WebFixture *fixture, size_t i)
{
    g_autofree char *csv_of = with_ending(lists[i].path, ".csv", NULL);
    g_autofree char *csv = get_file(fixture, lists[i].role, csv_of);
    g_autofree char *lines_of = with_ending(lists[i].path, ".jsonl", NULL);
    g_autofree char *lines = get_file(fixture, lists[i].role, lines_of);
    g_autofree char *sheet_of = with_ending(lists[i].path, ".xlsx", NULL);
    g_autofree char *sheet = get_file(fixture, lists[i].role, sheet_of);
    g_assert_true(g_str_has_prefix(csv, "\xef\xbb\xbf"));
    g_assert_true(g_str_has_prefix(sheet, "PK"));
    g_auto(GStrv) rows = g_strsplit(csv, "\r\n", -1);
    g_auto(GStrv) objects = g_strsplit(lines, "\n", -1);
    g_assert_cmpuint(g_strv_length(rows) - 2, ==, g_strv_length(objects) - 1);
    g_assert_null(strstr(csv, ",=1+")); /* no formula */
    g_assert_null(strstr(csv, ",@draft"));
    g_autofree char *misspelt = with_ending(lists[i].path, ".csv", "kimd=entry.");
    g_auto(WebAnswer) refused = web_fixture_get(fixture, lists[i].role, misspelt);
    g_assert_cmpint(refused.status, ==, 400);
    g_autofree char *nowhere = with_ending(lists[i].path, ".json", "after=nowhere");
    g_auto(WebAnswer) lost = web_fixture_get(fixture, lists[i].role, nowhere);
    g_assert_true(lost.status == 400 || lost.status == 404); /* of the search: no such ledger */
    g_autofree char *strange = with_ending(lists[i].path, ".ics", NULL);
    g_auto(WebAnswer) none = web_fixture_get(fixture, lists[i].role, strange);
    g_assert_cmpint(none.status, ==, 404);
}

static void test_every_list_in_every_form(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    fill(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        check_pages(&fixture, i);
        check_feed(&fixture, i);
        check_tables(&fixture, i);
    }
    web_fixture_close(&fixture);
}

/* Readers of feeds tell an account from the event of the same number by its id. */
static void test_ids_of_feeds_differ(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *id = office_id(fixture.office.office);
    g_autofree char *account = g_strdup_printf("<id>urn:shuzhi:%s:account:%d</id>", id,
                                               (int)fixture.accounts[RIGHTS_AUDIT]);
    g_autofree char *event = g_strdup_printf("<id>urn:shuzhi:%s:event:1</id>", id);
    g_auto(WebAnswer) accounts = web_fixture_get(&fixture, RIGHTS_AUDIT, "/accounts.atom");
    g_auto(WebAnswer) log = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log.atom?limit=200");
    g_assert_nonnull(strstr(accounts.body, account));
    g_assert_nonnull(strstr(log.body, event));
    web_fixture_close(&fixture);
}

/* A list of entries pages its feed likewise. */
static void test_feed_of_a_ledger_goes_on(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    for (int i = 0; i < 3; i++) {
        g_free(web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯"));
    }
    g_auto(WebAnswer) feed =
        web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case.atom?limit=2&state=received");
    g_assert_nonnull(strstr(feed.body, "<link rel=\"next\" href=\"http://127.0.0.1/ledger/case.atom"
                                       "?limit=2&amp;state=received&amp;after="));
    g_auto(WebAnswer) whole = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case.atom");
    g_assert_null(strstr(whole.body, "rel=\"next\""));
    web_fixture_close(&fixture);
}

/* The filters of the page hold in its files, and the page links to them with its filters. */
static void test_filters_hold_in_files(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_free(web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯"));
    g_autoptr(json_t) log = get_json(&fixture, RIGHTS_AUDIT, "/log.json?kind=entry.add");
    json_t *events = json_object_get(log, "events");
    g_assert_cmpuint(json_array_size(events), ==, 1);
    json_t *event = json_array_get(events, 0);
    g_assert_cmpstr(json_string_value(json_object_get(event, "kind")), ==, "entry.add");
    g_assert_true(json_is_integer(json_object_get(event, "seq")));
    g_assert_true(g_str_has_suffix(json_string_value(json_object_get(event, "at")), "+08:00"));
    g_auto(WebAnswer) page =
        web_fixture_get(&fixture, RIGHTS_AUDIT, "/log?kind=entry.add&after=99999");
    g_assert_nonnull(strstr(page.body, "href=\"/log.xlsx?kind=entry.add\""));
    g_auto(WebAnswer) refused = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log.json?who=nobody");
    g_assert_cmpint(refused.status, ==, 404);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/rows/every-list-in-every-form", test_every_list_in_every_form);
    test_store_on(STORE_SQLITE, "/web/rows/ids-of-feeds-differ", test_ids_of_feeds_differ);
    test_store_each("/web/rows/feed-of-a-ledger-goes-on", test_feed_of_a_ledger_goes_on);
    test_store_each("/web/rows/filters-hold-in-files", test_filters_hold_in_files);
    return g_test_run();
}
