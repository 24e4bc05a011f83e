/* What is worked out once is never shown when it is old. */
#include "office/pack.h"
#include "office/post.h"
#include "web-fixture.h"

#define REPORT "/report/annual?period=2023"

/* Return the page @target as @role gets it, who must; the caller owns it. */
static char *read_page(WebFixture *fixture, RightsRole role, const char *target)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    g_assert_cmpint(answer.status, ==, 200);
    return g_strdup(answer.body);
}

static int status_of(WebFixture *fixture, RightsRole role, const char *target)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    return answer.status;
}

static void test_a_report_follows_another_persons_write(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *before = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_autofree char *again = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_assert_cmpstr(before, ==, again);
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "桥头路灯不亮");
    g_autofree char *after = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_assert_cmpstr(before, !=, after);
    g_autofree char *opened =
        read_page(&fixture, RIGHTS_SECRETARY, REPORT "&figure=cases_received");
    g_assert_nonnull(strstr(opened, number));
    g_autofree char *closed = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_assert_cmpstr(after, ==, closed);
    web_fixture_close(&fixture);
}

/* An office without records has kept no promise yet, and its years are not years of nothing. */
static void test_no_records_are_not_good_ones(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *home = read_page(&fixture, RIGHTS_SECRETARY, "/");
    g_assert_nonnull(strstr(home, "台账还没有登记，可以先做这几件事"));
    g_assert_nonnull(strstr(home, "<a href=\"/roster\">核对单位和人员</a>"));
    g_assert_null(strstr(home, "没有到期事项"));
    g_assert_null(strstr(home, "报告的说法都成立"));
    g_autofree char *figure = read_page(&fixture, RIGHTS_SECRETARY, "/figure/cases_received");
    g_assert_nonnull(strstr(figure, "<td>—</td>"));
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "桥头路灯不亮");
    g_autofree char *later = read_page(&fixture, RIGHTS_SECRETARY, "/");
    g_assert_null(strstr(later, "可以先做这几件事"));
    web_fixture_close(&fixture);
}

static void test_a_list_follows_another_persons_write(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const targets[] = {"/ledger/case", "/ledger/case?from=2000-01-01&sort=due"};
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autofree char *before = read_page(&fixture, RIGHTS_SECRETARY, targets[i]);
        g_autofree char *again = read_page(&fixture, RIGHTS_SECRETARY, targets[i]);
        g_assert_cmpstr(before, ==, again);
        g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "桥头路灯不亮");
        g_autofree char *after = read_page(&fixture, RIGHTS_SECRETARY, targets[i]);
        g_assert_null(strstr(before, number));
        g_assert_nonnull(strstr(after, number));
        g_autofree char *unseen = read_page(&fixture, RIGHTS_CLERK, "/ledger/case");
        g_autofree char *seen = read_page(&fixture, RIGHTS_CLERK, targets[i]);
        g_assert_cmpint(strstr(unseen, number) != NULL, ==, strstr(seen, number) != NULL);
    }
    web_fixture_close(&fixture);
}

static void test_pages_are_in_the_readers_language(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *const english[] = {"Cookie", "language=en", NULL};
    const char *token = fixture.tokens[RIGHTS_SECRETARY];
    g_autofree char *chinese = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_autofree char *cookie = g_strdup_printf("session=%s; language=en", token);
    const char *const headers[] = {"Cookie", cookie, NULL};
    g_auto(WebAnswer) other = web_fixture_ask(&fixture, NULL, HTTP_GET, REPORT, headers, NULL);
    g_assert_cmpint(other.status, ==, 200);
    g_assert_nonnull(strstr(other.body, "draft · "));
    g_assert_null(strstr(chinese, "draft · "));
    g_autofree char *back = read_page(&fixture, RIGHTS_SECRETARY, REPORT);
    g_assert_cmpstr(back, ==, chinese);
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "桥头路灯不亮");
    g_autofree char *list = read_page(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_auto(WebAnswer) same =
        web_fixture_ask(&fixture, NULL, HTTP_GET, "/ledger/case", headers, NULL);
    g_assert_nonnull(strstr(list, "收到时间"));
    g_assert_nonnull(strstr(same.body, "received"));
    g_assert_null(strstr(same.body, "收到时间"));
    g_auto(WebAnswer) nobody = web_fixture_ask(&fixture, NULL, HTTP_GET, REPORT, english, NULL);
    g_assert_true(g_str_has_prefix(nobody.location, "/sign-in?to="));
    web_fixture_close(&fixture);
}

/* Each reader's own form token is in the page, and nobody else's. */
static void test_pages_of_two_readers_differ(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const RightsRole roles[] = {RIGHTS_SECRETARY, RIGHTS_SUPERVISOR, RIGHTS_SECRETARY};
    static const char *const targets[] = {REPORT, "/ledger/case", "/ledger/case?due=running"};
    for (size_t i = 0; i < G_N_ELEMENTS(roles) * G_N_ELEMENTS(targets); i++) {
        RightsRole role = roles[i % G_N_ELEMENTS(roles)];
        g_autofree char *page = read_page(&fixture, role, targets[i / G_N_ELEMENTS(roles)]);
        g_autofree char *own = office_session_form_token(fixture.tokens[role]);
        g_autofree char *other = office_session_form_token(
            fixture.tokens[role == RIGHTS_SECRETARY ? RIGHTS_SUPERVISOR : RIGHTS_SECRETARY]);
        g_assert_nonnull(strstr(page, own));
        g_assert_null(strstr(page, other));
    }
    g_assert_cmpint(status_of(&fixture, RIGHTS_SYSTEM, REPORT), ==, 403);
    web_fixture_close(&fixture);
}

/* Let the report name each problem that is not cured in time. */
static void let_problems_be_named(TestOffice *office)
{
    static const char *const dropped[] = {"    where: source = self\n",
                                          "    never: \"{total}条均尚未按规定时限整改并经核查销号 "
                                          "| none of {total} was rectified in time and "
                                          "closed after a check\"\n"};
    g_autoptr(GError) error = NULL;
    const GPtrArray *before = office_schema(office->office)->files;
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    for (guint i = 0; i < before->len; i++) {
        const SchemaFile *file = g_ptr_array_index(before, i);
        g_autoptr(GString) text = g_string_new(file->text);
        for (size_t k = 0; k < G_N_ELEMENTS(dropped); k++) {
            g_string_replace(text, dropped[k], "", 0);
        }
        g_ptr_array_add(files, schema_file_new(file->path, text->str));
    }
    office_pack_apply(office->office, files, NULL, &office->act, &error);
    g_assert_no_error(error);
}

/* What was worked out for one is not given to another who may see less, whoever asks first. */
static void test_readers_see_what_is_theirs(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    let_problems_be_named(&fixture.office);
    const Schema *schema = office_schema(fixture.office.office);
    static const char *const titles[WEB_FIXTURE_N_UNITS] = {"本科漏水", "下属漏水", "旁科漏水"};
    static const struct {
        RightsRole role;
        const char *seen;
    } readers[] = {{RIGHTS_SECRETARY, "111"}, {RIGHTS_CLERK, "100"},     {RIGHTS_HEAD, "110"},
                   {RIGHTS_STAFF, "000"},     {RIGHTS_SECRETARY, "111"}, {RIGHTS_CLERK, "100"}};
    static const char *const targets[] = {"/ledger/problem", "/ledger/problem?due=running", REPORT};
    for (int i = 0; i < WEB_FIXTURE_N_UNITS; i++) {
        g_autofree char *number = web_fixture_entry(&fixture, schema_ledger(schema, "problem"),
                                                    (WebFixtureUnit)i, titles[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(readers) * G_N_ELEMENTS(targets); i++) {
        const char *target = targets[i / G_N_ELEMENTS(readers)];
        RightsRole role = readers[i % G_N_ELEMENTS(readers)].role;
        if (role == RIGHTS_STAFF && !g_str_equal(target, REPORT)) {
            continue; /* reads figures, no ledger */
        }
        g_autofree char *page = read_page(&fixture, role, target);
        for (int k = 0; k < WEB_FIXTURE_N_UNITS; k++) {
            bool is_seen = readers[i % G_N_ELEMENTS(readers)].seen[k] == '1';
            if ((strstr(page, titles[k]) != NULL) != is_seen) {
                g_error("%s as %s: %s", target, rights_role_name(role), titles[k]);
            }
        }
    }
    web_fixture_close(&fixture);
}

/* End the secretary's post: yesterday was its last day. */
static void end_post(WebFixture *fixture, const RightsSubject *security)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    g_autoptr(OfficeAccount) account =
        office_account_load(reader, fixture->accounts[RIGHTS_SECRETARY], &error);
    Date today = date_from_us(TEST_OFFICE_NOW_US, office_offset_seconds(office->office));
    g_autoptr(GPtrArray) posts = office_post_list(reader, account->person, DATE_NONE, &error);
    const OfficePost *post = g_ptr_array_index(posts, 0);
    office_post_end(office->office, security, &office->act, post->id, today - 1, &error);
    g_assert_no_error(error);
}

static void test_a_right_that_was_taken_away_is_gone(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    TestOffice *office = &fixture.office;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(status_of(&fixture, RIGHTS_SECRETARY, REPORT), ==, 200);
    g_assert_cmpint(status_of(&fixture, RIGHTS_SUPERVISOR, REPORT), ==, 200);
    g_autoptr(RightsSubject) security =
        rights_subject_account(office->office, fixture.accounts[RIGHTS_SECURITY], &error);
    end_post(&fixture, security);
    g_assert_cmpint(status_of(&fixture, RIGHTS_SECRETARY, REPORT), ==, 403);
    office_account_lock(office->office, security, &office->act, fixture.accounts[RIGHTS_SUPERVISOR],
                        &error);
    g_assert_no_error(error);
    g_auto(WebAnswer) locked = web_fixture_get(&fixture, RIGHTS_SUPERVISOR, REPORT);
    g_assert_true(g_str_has_prefix(locked.location, "/sign-in?to="));
    web_fixture_close(&fixture);
}

/* "in 5 days" is "in 4 days" after midnight, though nothing happened. */
static void test_a_deadline_comes_nearer_at_midnight(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    TestOffice *office = &fixture.office;
    g_autoptr(GError) error = NULL;
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "桥头路灯不亮");
    int64_t local_us =
        TEST_OFFICE_NOW_US + office_offset_seconds(office->office) * DATE_US_PER_SECOND;
    test_office_wait(office, DATE_US_PER_DAY - local_us % DATE_US_PER_DAY - DATE_US_PER_SECOND);
    g_free(g_steal_pointer(&fixture.tokens[RIGHTS_SECRETARY]));
    office_session_begin(office->office, fixture.accounts[RIGHTS_SECRETARY], "127.0.0.1", "测试",
                         &fixture.tokens[RIGHTS_SECRETARY], &error);
    g_assert_no_error(error);
    g_autofree char *before = read_page(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    test_office_wait(office, 2 * DATE_US_PER_SECOND);
    g_autofree char *after = read_page(&fixture, RIGHTS_SECRETARY, "/ledger/case");
    g_assert_nonnull(strstr(before, number));
    g_assert_cmpstr(before, !=, after);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/fresh/a-report-follows-another-persons-write",
                    test_a_report_follows_another_persons_write);
    test_store_each("/web/fresh/a-list-follows-another-persons-write",
                    test_a_list_follows_another_persons_write);
    test_store_each("/web/fresh/no-records-are-not-good-ones", test_no_records_are_not_good_ones);
    test_store_each("/web/fresh/pages-are-in-the-readers-language",
                    test_pages_are_in_the_readers_language);
    test_store_each("/web/fresh/pages-of-two-readers-differ", test_pages_of_two_readers_differ);
    test_store_each("/web/fresh/readers-see-what-is-theirs", test_readers_see_what_is_theirs);
    test_store_each("/web/fresh/a-right-that-was-taken-away-is-gone",
                    test_a_right_that_was_taken_away_is_gone);
    test_store_each("/web/fresh/a-deadline-comes-nearer-at-midnight",
                    test_a_deadline_comes_nearer_at_midnight);
    return g_test_run();
}
