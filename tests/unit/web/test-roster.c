/* Units, people and posts in the browser: seen by date, written by who may. */
#include <unistd.h>

#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"
#include "web-fixture.h"

#define OWN "own=" WEB_FIXTURE_PASSWORD

/* Post @form to @target as @role and expect @status. */
static void expect(WebFixture *fixture, RightsRole role, const char *target, const char *form,
                   int status)
{
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, form);
    if (answer.status != status) {
        g_error("%s %s: %d", target, form, answer.status);
    }
}

/* Expect the page @target to hold @text, or not. */
static void expect_text(WebFixture *fixture, RightsRole role, const char *target, const char *text,
                        bool is_there)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    g_assert_cmpint(answer.status, ==, 200);
    if ((strstr(answer.body, text) != NULL) != is_there) {
        g_error("%s: '%s'", target, text);
    }
}

static int64_t find_unit(WebFixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_autoptr(OfficeUnit) unit = office_unit_find(reader, name, DATE_NONE, &error);
    return unit != NULL ? unit->id : 0;
}

static int64_t find_person(WebFixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_autoptr(OfficePerson) person = office_person_find(reader, name, DATE_NONE, &error);
    return person != NULL ? person->id : 0;
}

/* Return the only post of @person. */
static int64_t find_post(WebFixture *fixture, int64_t person)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(fixture->office.office), &error);
    g_autoptr(GPtrArray) posts = office_post_list(reader, person, DATE_NONE, &error);
    g_assert_cmpuint(posts->len, ==, 1);
    return ((OfficePost *)g_ptr_array_index(posts, 0))->id;
}

static char *address(const char *kind, int64_t id, const char *rest)
{
    return g_strdup_printf("/%s/%" G_GINT64_FORMAT "%s", kind, id, rest);
}

/* A unit is opened in the past, seen from then on, and closed. */
static void test_unit(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *form =
        g_strdup_printf("name=信息科&kind=section&since=2020年3月1日&parent=%" G_GINT64_FORMAT,
                        find_unit(&fixture, "综合科"));
    expect(&fixture, RIGHTS_CLERK, "/roster/unit", form, 403);
    expect(&fixture, RIGHTS_SECRETARY, "/roster/unit", form, 303);
    expect(&fixture, RIGHTS_SECRETARY, "/roster/unit", form, 409);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2020-02-29", "信息科", false);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2020-03-01", "信息科", true);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2020-03-01", "台账自", true);
    expect_text(&fixture, RIGHTS_STAFF, "/roster", "台账自", false);
    int64_t id = find_unit(&fixture, "信息科");
    g_autofree char *page = address("unit", id, "");
    g_autofree char *close = address("unit", id, "/close");
    g_autofree char *change = address("unit", id, "/change");
    expect_text(&fixture, RIGHTS_STAFF, page, "2020-03-01", true);
    expect_text(&fixture, RIGHTS_STAFF, page, "/close", false);
    expect_text(&fixture, RIGHTS_SECRETARY, page, "/close", true);
    expect(&fixture, RIGHTS_SECRETARY, change, "name=信息一科&kind=section&since=2020-03-01", 303);
    expect_text(&fixture, RIGHTS_STAFF, page, "信息一科", true);
    expect(&fixture, RIGHTS_SECRETARY, close, "until=", 400);
    expect(&fixture, RIGHTS_SECRETARY, close, "until=2022-12-31", 303);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2022-12-31", "信息一科", true);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2023-01-01", "信息一科", false);
    web_fixture_close(&fixture);
}

/* A unit was closed over what it had not finished, without a word. */
static void test_a_unit_with_open_entries_is_asked_about(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_BESIDE, "事");
    g_autofree char *close = address("unit", fixture.units[WEB_FIXTURE_BESIDE], "/close");
    g_autofree char *empty = address("unit", fixture.units[WEB_FIXTURE_BELOW], "/close");
    expect_text(&fixture, RIGHTS_SECRETARY, close, "还有1条未办结的条目", true);
    expect_text(&fixture, RIGHTS_SECRETARY, empty, "未办结", false);
    expect(&fixture, RIGHTS_SECRETARY, close, "until=2022-12-31", 400);
    expect(&fixture, RIGHTS_SECRETARY, close, "until=2022-12-31&sure=yes", 303);
    web_fixture_close(&fixture);
}

/* The roster of a day as a table: for who may export. */
static void test_files(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SECRETARY, "/roster/unit", "name=信息科&kind=section&since=2020-03-01",
           303);
    static const char *const endings[] = {"csv", "xlsx", "jsonl"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *target = g_strconcat("/roster.", endings[i], "?date=2020-02-29", NULL);
        g_auto(WebAnswer) refused = web_fixture_get(&fixture, RIGHTS_STAFF, target);
        g_assert_cmpint(refused.status, ==, 403);
        g_auto(WebAnswer) sent = web_fixture_get(&fixture, RIGHTS_SECRETARY, target);
        g_assert_cmpint(sent.status, ==, 200);
    }
    g_auto(WebAnswer) then =
        web_fixture_get(&fixture, RIGHTS_SECRETARY, "/roster.csv?date=2020-02-29");
    g_auto(WebAnswer) later =
        web_fixture_get(&fixture, RIGHTS_SECRETARY, "/roster.csv?date=2020-03-01");
    char text[8192] = "";
    int64_t n_bytes = 0;
    int fd = http_response_file(then.response, &n_bytes);
    g_assert_cmpint(read(fd, text, sizeof text - 1), ==, n_bytes);
    g_assert_null(strstr(text, "信息科"));
    g_assert_nonnull(strstr(text, "综合组,科室,综合科"));
    g_assert_nonnull(strstr(text, "某clerk"));
    memset(text, 0, sizeof text);
    fd = http_response_file(later.response, &n_bytes);
    g_assert_cmpint(read(fd, text, sizeof text - 1), ==, n_bytes);
    g_assert_nonnull(strstr(text, "信息科"));
    g_auto(WebAnswer) json = web_fixture_get(&fixture, RIGHTS_STAFF, "/roster.json");
    g_assert_nonnull(strstr(json.body, "某clerk"));
    g_auto(WebAnswer) feed = web_fixture_get(&fixture, RIGHTS_STAFF, "/roster.atom");
    g_assert_cmpint(feed.status, ==, 200);
    g_assert_nonnull(strstr(feed.body, "<title>某clerk 综合科 经办人</title>"));
    web_fixture_close(&fixture);
}

/* What is wrong stands beside its field, and what was typed is still there. */
static void test_fault(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) answer =
        web_fixture_post(&fixture, RIGHTS_SECRETARY, "/roster/person",
                         "name=某甲&level=科级&party=yes&since=2023-02-30&until=");
    g_assert_cmpint(answer.status, ==, 400);
    g_assert_nonnull(strstr(answer.body, "id=\"since-fault\""));
    g_assert_null(strstr(answer.body, "id=\"until-fault\""));
    g_assert_nonnull(strstr(answer.body, "value=\"某甲\""));
    g_assert_nonnull(strstr(answer.body, "value=\"科级\""));
    g_assert_nonnull(strstr(answer.body, "<option value=\"yes\" selected>"));
    g_assert_cmpint(find_person(&fixture, "某甲"), ==, 0);
    web_fixture_close(&fixture);
}

/* What was saved of a person could be seen nowhere but in the form, and there one choice stood by
 * its bare name. */
static void test_what_is_known_of_a_person(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SECRETARY, "/roster/person",
           "name=某丙&party=probationary&level=四级主任科员&since=2021-01-01", 303);
    int64_t person = find_person(&fixture, "某丙");
    g_autofree char *page = address("person", person, "");
    g_autofree char *change = address("person", person, "/change");
    expect_text(&fixture, RIGHTS_SECRETARY, "/roster/person", ">预备党员</option>", true);
    expect_text(&fixture, RIGHTS_SECRETARY, change, "selected>预备党员</option>", true);
    expect_text(&fixture, RIGHTS_SECRETARY, page, "<dd>预备党员</dd>", true);
    expect_text(&fixture, RIGHTS_SECRETARY, page, "四级主任科员", true);
    expect_text(&fixture, RIGHTS_CLERK, page, "预备党员", false);
    expect_text(&fixture, RIGHTS_CLERK, page, "四级主任科员", false);
    web_fixture_close(&fixture);
}

/* Staff is the secretary's to give, a role the security administrator's, with the own password. */
static void test_post(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    expect(&fixture, RIGHTS_SECRETARY, "/roster/person", "name=某乙&since=2021-01-01", 303);
    int64_t person = find_person(&fixture, "某乙");
    g_autofree char *page = address("person", person, "");
    g_autofree char *give = address("person", person, "/post");
    g_autofree char *change = address("person", person, "/change");
    g_autofree char *staff = g_strdup_printf("role=staff&since=2021-01-01&unit=%" G_GINT64_FORMAT,
                                             find_unit(&fixture, "综合科"));
    g_autofree char *head =
        g_strdup_printf("role=head&title=副科长&since=2021-01-01&unit=%" G_GINT64_FORMAT,
                        find_unit(&fixture, "综合科"));
    g_autofree char *with_password = g_strconcat(head, "&" OWN, NULL);
    expect_text(&fixture, RIGHTS_SECRETARY, "/roster?date=2021-01-01", "某乙", true);
    expect(&fixture, RIGHTS_CLERK, give, staff, 403);
    expect(&fixture, RIGHTS_SECRETARY, give, head, 403);
    expect(&fixture, RIGHTS_SECURITY, give, head, 403);
    expect(&fixture, RIGHTS_SECRETARY, give, "role=staff&unit=", 400);
    expect(&fixture, RIGHTS_SECURITY, give, with_password, 303);
    expect_text(&fixture, RIGHTS_STAFF, page, "副科长", true);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2021-06-01", "副科长", true);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2020-06-01", "副科长", false);
    int64_t post = find_post(&fixture, person);
    g_autofree char *end = address("post", post, "/end");
    g_autofree char *correct = address("post", post, "/change");
    expect(&fixture, RIGHTS_SECRETARY, correct, staff, 403);
    expect(&fixture, RIGHTS_SECRETARY, change, "name=某乙&until=2022-12-31", 409);
    expect(&fixture, RIGHTS_SECRETARY, end, "until=2022-12-31",
           403); /* gives no role, takes none */
    expect(&fixture, RIGHTS_SECURITY, end, "until=2022-12-31", 403);
    expect(&fixture, RIGHTS_SECURITY, end, OWN "&until=2022-12-31", 303);
    expect(&fixture, RIGHTS_SECRETARY, change, "name=某乙&until=2022-12-31", 303);
    expect_text(&fixture, RIGHTS_STAFF, "/roster?date=2023-01-01", "某乙", false);
    web_fixture_close(&fixture);
}

/* The open entries of a unit, for who may see them, and leading to their list. */
static void test_open(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "'甲");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_BESIDE, "事");
    g_autofree char *page = address("unit", fixture.units[WEB_FIXTURE_BESIDE], "");
    expect_text(&fixture, RIGHTS_SECRETARY, page, "/ledger/case?unit=", true);
    expect_text(&fixture, RIGHTS_CLERK, page, "/ledger/case?unit=", false);
    expect_text(&fixture, RIGHTS_SYSTEM, page, "/ledger/case?unit=", false);
    web_fixture_close(&fixture);
}

/* A deputy stood before the chief, by the sound of the name. */
static void test_who_leads_stands_first(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const struct {
        const char *name;
        const char *form;
    } rows[] = {{"name=阿乙&since=2021-01-01", "role=head&title=副主任"},
                {"name=周甲&since=2021-01-01", "role=head&title=主任"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(WebAnswer) made =
            web_fixture_post(&fixture, RIGHTS_SECRETARY, "/roster/person", rows[i].name);
        g_assert_cmpint(made.status, ==, 303);
        g_autofree char *target = g_strconcat(made.location, "/post", NULL);
        g_autofree char *form = g_strdup_printf("%s&unit=%" G_GINT64_FORMAT
                                                "&since=2021-01-01&own=" WEB_FIXTURE_PASSWORD,
                                                rows[i].form, fixture.units[WEB_FIXTURE_BESIDE]);
        expect(&fixture, RIGHTS_SECURITY, target, form, 303);
    }
    g_auto(WebAnswer) chart =
        web_fixture_get(&fixture, RIGHTS_SECRETARY, "/roster?date=2021-06-01");
    const char *chief = strstr(chart.body, "周甲");
    const char *deputy = strstr(chart.body, "阿乙");
    g_assert_true(chief != NULL && deputy != NULL && chief < deputy);
    web_fixture_close(&fixture);
}

/* A unit that bears the name of another had that one's entries. */
static void test_open_of_a_namesake(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_BESIDE, "事");
    g_autofree char *form =
        g_strdup_printf("name=秘书科&kind=section&since=2023-01-01&parent=%" G_GINT64_FORMAT,
                        fixture.units[WEB_FIXTURE_OWN]);
    g_auto(WebAnswer) made = web_fixture_post(&fixture, RIGHTS_SECRETARY, "/roster/unit", form);
    g_assert_cmpint(made.status, ==, 303);
    expect_text(&fixture, RIGHTS_SECRETARY, made.location, "秘书科", true);
    expect_text(&fixture, RIGHTS_SECRETARY, made.location, "/ledger/case?unit=", false);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/roster/what-is-known-of-a-person", test_what_is_known_of_a_person);
    test_store_each("/web/roster/unit", test_unit);
    test_store_each("/web/roster/a-unit-with-open-entries-is-asked-about",
                    test_a_unit_with_open_entries_is_asked_about);
    test_store_each("/web/roster/files", test_files);
    test_store_each("/web/roster/fault", test_fault);
    test_store_each("/web/roster/post", test_post);
    test_store_each("/web/roster/open", test_open);
    test_store_each("/web/roster/who-leads-stands-first", test_who_leads_stands_first);
    test_store_each("/web/roster/open-of-a-namesake", test_open_of_a_namesake);
    return g_test_run();
}
