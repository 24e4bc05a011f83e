/* The log as a file: whole, however long. */
#include <unistd.h>

#include "log/log.h"
#include "web-fixture.h"

#define N_EVENTS 2500 /* more than the file is read at once */

static bool append_many(LogWriter *writer, void *data, GError **error)
{
    for (int i = 0; i < N_EVENTS; i++) {
        if (!log_append(writer, "verification.add", 0, "{\"n_events\":1}", NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

/* Return what @target answers the auditor as a file; the caller owns it. */
static char *download(WebFixture *fixture, const char *target)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, RIGHTS_AUDIT, target);
    int64_t n_bytes = 0;
    int fd = http_response_file(answer.response, &n_bytes);
    g_assert_cmpint(answer.status, ==, 200);
    g_assert_cmpint(fd, >=, 0);
    char *text = g_malloc0((gsize)n_bytes + 1);
    g_assert_cmpint(pread(fd, text, (size_t)n_bytes, 0), ==, n_bytes);
    return text;
}

/* No event is left out of the file, however many there are: each has its line, the newest first. */
static void test_file_holds_the_whole_log(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    LogAct act = {.actor = "os:test"};
    g_autoptr(GError) error = NULL;
    Log *log = office_log(fixture.office.office);
    g_assert_true(log_write(log, &act, append_many, NULL, &error));
    g_autofree char *lines = download(&fixture, "/log.jsonl?kind=verification.&who=os:test");
    g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
    g_assert_cmpuint(g_strv_length(all), ==, N_EVENTS + 1);       /* nothing after the last */
    g_assert_nonnull(strstr(all[0], "\"kind\":\"verification.")); /* names for programs */
    g_autofree char *text = download(&fixture, "/log.csv");
    int64_t before = 0;
    g_auto(GStrv) rows = g_strsplit(text, "\r\n", -1);
    for (guint i = 1; rows[i] != NULL && *rows[i] != '\0'; i++) {
        int64_t seq = g_ascii_strtoll(rows[i], NULL, 10);
        g_assert_true(i == 1 ? seq > N_EVENTS : seq == before - 1);
        before = seq;
    }
    g_assert_cmpint(before, ==, 1);
    web_fixture_close(&fixture);
}

static bool append_step(LogWriter *writer, void *data, GError **error)
{
    return log_append(writer, "entry.step", 0,
                      "{\"state\":\"replied\",\"step\":{\"from\":\"received\","
                      "\"happened\":1683335415000000,\"name\":\"answer\"}}",
                      NULL, NULL, error);
}

/* The page of a step says when it happened beside when it was recorded, and leads to the events
 * around it: a date put back is seen. */
static void test_step_says_when_it_happened(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    LogAct act = {.actor = "os:test"};
    g_autoptr(GError) error = NULL;
    g_assert_true(log_write(office_log(fixture.office.office), &act, append_step, NULL, &error));
    g_autofree char *lines = download(&fixture, "/log.jsonl?kind=entry.step");
    int64_t seq = g_ascii_strtoll(strstr(lines, "\"seq\":") + strlen("\"seq\":"), NULL, 10);
    g_autofree char *address = g_strdup_printf("/log/%" G_GINT64_FORMAT, seq);
    g_autofree char *before = g_strdup_printf("href=\"/log/%" G_GINT64_FORMAT "\"", seq - 1);
    g_autofree char *after = g_strdup_printf("href=\"/log/%" G_GINT64_FORMAT "\"", seq + 1);
    g_auto(WebAnswer) page = web_fixture_get(&fixture, RIGHTS_AUDIT, address);
    g_assert_nonnull(strstr(page.body, "<dt>发生时间</dt><dd>2023-05-06 09:10:15</dd>"));
    g_assert_nonnull(
        strstr(page.body, "<dt class=\"mono\">step.happened</dt><dd>2023-05-06 09:10:15</dd>"));
    g_assert_nonnull(strstr(page.body, "<dt class=\"mono\">step.name</dt><dd>answer</dd>"));
    g_assert_nonnull(strstr(page.body, before));
    g_assert_null(strstr(page.body, after));
    web_fixture_close(&fixture);
}

/* A line of the log says which entry it is about, by its number: the auditor sees no titles. */
static void test_lines_name_the_entry(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *link = g_strdup_printf("<a href=\"/log?object=%s\">%s</a>", number, number);
    g_auto(WebAnswer) log = web_fixture_get(&fixture, RIGHTS_AUDIT, "/log");
    g_assert_nonnull(strstr(log.body, link));
    g_assert_null(strstr(log.body, "路灯不亮"));
    g_autofree char *target = g_strconcat("/log?object=", number, NULL);
    g_auto(WebAnswer) own = web_fixture_get(&fixture, RIGHTS_AUDIT, target);
    g_assert_cmpint(own.status, ==, 200);
    g_assert_nonnull(strstr(own.body, "entry.add"));
    g_assert_null(strstr(own.body, "account.add"));
    web_fixture_close(&fixture);
}

/* The auditor sees which unit and which account a line is about without opening it. */
static void test_lines_name_units_and_accounts(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const struct {
        const char *kind;
        int64_t id;
        const char *name;
    } rows[] = {{"unit.", fixture.units[WEB_FIXTURE_BESIDE], "秘书科"},
                {"person.", fixture.person, "某"},
                {"account.", fixture.accounts[RIGHTS_SYSTEM], "system"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *target = g_strconcat("/log?kind=", rows[i].kind, NULL);
        g_autofree char *named =
            g_strdup_printf("#%" G_GINT64_FORMAT " %s", rows[i].id, rows[i].name);
        g_auto(WebAnswer) log = web_fixture_get(&fixture, RIGHTS_AUDIT, target);
        g_assert_nonnull(strstr(log.body, named));
    }
    web_fixture_close(&fixture);
}

/* Who sees no entries sees on the first page whether the office was verified. */
static void test_first_page_tells_of_verification(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) audit = web_fixture_get(&fixture, RIGHTS_AUDIT, "/");
    g_auto(WebAnswer) clerk = web_fixture_get(&fixture, RIGHTS_CLERK, "/");
    g_assert_nonnull(strstr(audit.body, "<a href=\"/verification\">尚未核验过</a>"));
    g_assert_null(strstr(clerk.body, "尚未核验过"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/log/lines-name-the-entry", test_lines_name_the_entry);
    test_store_each("/web/log/step-says-when-it-happened", test_step_says_when_it_happened);
    test_store_each("/web/log/lines-name-units-and-accounts", test_lines_name_units_and_accounts);
    test_store_each("/web/log/first-page-tells-of-verification",
                    test_first_page_tells_of_verification);
    test_store_each("/web/log/file-holds-the-whole-log", test_file_holds_the_whole_log);
    return g_test_run();
}
