/* The form of an entry: what it holds, and what it leaves as it is. */
#include "web/record.h"

#include "base/file.h"
#include "ledger/evidence.h"
#include "web-fixture.h"

/* Return a form that goes on with draft @draft, ending with title @rest; the caller owns it. */
static char *typed(const char *draft, const char *rest)
{
    return g_strconcat("draft=", draft,
                       "&f-received_at=2023-06-01+09:00&f-handler=综合科&f-title=", rest, NULL);
}

/* Of a draft that is open in two windows one entry comes: the second is told, and only what it says
 * otherwise is recorded, when it insists; by itself it saves nothing. */
static void test_a_draft_in_two_windows(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
#define N_ENTRIES "SELECT count(*) FROM entry"
    g_auto(WebAnswer) kept =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add/draft", "once=ab&f-title=甲");
    g_assert_cmpint(kept.status, ==, 303);
    const char *draft = kept.location + strlen("/draft/");
    g_autofree char *mine = typed(draft, "甲&once=ab");
    g_autofree char *others = typed(draft, "乙&once=ab");
    g_autofree char *itself = typed(draft, "乙&auto=yes");
    g_auto(WebAnswer) opened = web_fixture_get(&fixture, RIGHTS_CLERK, kept.location);
    g_assert_nonnull(strstr(opened.body, "name=\"once\" value=\"ab\""));
    g_assert_nonnull(strstr(opened.body, "autocomplete=\"off\""));
    g_auto(WebAnswer) first = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", mine);
    g_assert_cmpint(first.status, ==, 303);
    int64_t before = test_store_int(office_store(fixture.office.office), N_ENTRIES);
    g_auto(WebAnswer) same = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", mine);
    g_assert_cmpstr(same.location, ==, first.location);
    g_auto(WebAnswer) other = web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add", others);
    g_assert_cmpint(other.status, ==, 409);
    g_assert_nonnull(strstr(other.body, "已在其他窗口登记或丢弃"));
    g_assert_nonnull(strstr(other.body, "name=\"draft\" value=\"\""));
    g_auto(WebAnswer) saved =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/case/add/draft", itself);
    g_assert_cmpint(saved.status, ==, 404);
    g_assert_cmpint(test_store_int(office_store(fixture.office.office), N_ENTRIES), ==, before);
#undef N_ENTRIES
    web_fixture_close(&fixture);
}

/* Return how many rows @sql finds. */
static int64_t count(WebFixture *fixture, const char *sql)
{
    return test_store_int(office_store(fixture->office.office), sql);
}

/* Rows that a form cannot hold are not in it, and stay when something else is corrected. */
static void test_a_long_table_stays(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autoptr(GString) form = g_string_new("f-title=班&f-begun_on=2023-06-01");
    for (int i = 0; i < 501; i++) {
        g_string_append(form, "&f-trainees.person=某clerk&f-trainees.hours=1");
    }
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/training/add", form->str);
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *target = g_strconcat(added.location, "/change", NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, target);
    g_assert_nonnull(strstr(shown.body, "参训人员 (501)"));
    g_assert_null(strstr(shown.body, "f-trainees.person"));
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_CLERK, target, "version=1&f-title=别的");
    g_assert_cmpint(sent.status, ==, 303);
    g_assert_cmpint(count(&fixture, "SELECT count(*) FROM ledger_training_trainees"), ==, 501);
    g_string_append(form, "&f-ended_on=某日");
    g_auto(WebAnswer) bad =
        web_fixture_post(&fixture, RIGHTS_CLERK, "/ledger/training/add", form->str);
    g_assert_cmpint(bad.status, ==, 400);
    g_assert_nonnull(strstr(bad.body, "id=\"f500-f-trainees.person\""));
    web_fixture_close(&fixture);
}

/* A choice that the pack has no more stays until somebody chooses another. */
static void test_a_past_choice_stays(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    test_store_script(office_store(fixture.office.office),
                      "UPDATE ledger_case SET f_channel = 'pigeon';\n");
    g_autofree char *target = g_strconcat("/entry/", number, "/change", NULL);
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_CLERK, target);
    g_assert_nonnull(strstr(form.body, "<option value=\"pigeon\" selected>pigeon（已停用）"));
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_CLERK, target, "version=1&f-title=别的&f-channel=pigeon");
    g_assert_cmpint(sent.status, ==, 303);
    g_assert_cmpint(count(&fixture, "SELECT count(*) FROM ledger_case WHERE f_channel = 'pigeon'"
                                    " AND f_title = '别的'"),
                    ==, 1);
    web_fixture_close(&fixture);
}

/* A case that a dispatcher recorded was in hand at the root, where no clerk saw it: whose it is was
 * filled in with the dispatcher's own unit, and the step that hands it on did not ask. */
static void test_a_dispatcher_names_the_unit(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) own = web_fixture_get(&fixture, RIGHTS_CLERK, "/ledger/case/add");
    g_assert_nonnull(strstr(own.body, "name=\"f-handler\" type=\"text\" value=\"综合科\""));
    g_auto(WebAnswer) form = web_fixture_get(&fixture, RIGHTS_DISPATCHER, "/ledger/case/add");
    g_assert_nonnull(strstr(form.body, "name=\"f-handler\" type=\"text\" value=\"\""));
    g_auto(WebAnswer) added = web_fixture_post(&fixture, RIGHTS_DISPATCHER, "/ledger/case/add",
                                               "f-title=路灯不亮&f-received_at=2023-06-01+09:00");
    g_assert_cmpint(added.status, ==, 303);
    g_auto(WebAnswer) hidden = web_fixture_get(&fixture, RIGHTS_CLERK, added.location);
    g_assert_cmpint(hidden.status, ==, 403);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_DISPATCHER, added.location);
    g_assert_nonnull(strstr(shown.body, "id=\"accept-f-handler\""));
    g_autofree char *target = g_strconcat(added.location, "/step", NULL);
    g_auto(WebAnswer) unsaid =
        web_fixture_post(&fixture, RIGHTS_DISPATCHER, target, "step=accept&f-handler=");
    g_assert_cmpint(unsaid.status, ==, 400);
    g_auto(WebAnswer) done =
        web_fixture_post(&fixture, RIGHTS_DISPATCHER, target, "step=accept&f-handler=综合科");
    g_assert_cmpint(done.status, ==, 303);
    g_auto(WebAnswer) seen = web_fixture_get(&fixture, RIGHTS_CLERK, added.location);
    g_assert_cmpint(seen.status, ==, 200);
    web_fixture_close(&fixture);
}

/* Where the unit is filled in, a program that hands a case on need not name it, and the form has
 * it. */
static void test_a_unit_that_is_named_stays(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *target = g_strconcat(entry, "/step", NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_DISPATCHER, entry);
    const char *control = strstr(shown.body, "id=\"accept-f-handler\"");
    g_assert_nonnull(control);
    g_assert_true(g_str_has_prefix(strstr(control, "value="), "value=\"综合科\""));
    g_auto(WebAnswer) done = web_fixture_post(&fixture, RIGHTS_DISPATCHER, target, "step=accept");
    g_assert_cmpint(done.status, ==, 303);
    g_assert_cmpint(count(&fixture, "SELECT count(*) FROM ledger_case WHERE f_handler IS NULL"), ==,
                    0);
    web_fixture_close(&fixture);
}

/* A closed case told of a file that is wanted and not there, which no step had asked for. */
static void test_what_a_step_asks_for_is_said(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *meeting =
        web_fixture_entry(&fixture, schema_ledger(schema, "meeting"), WEB_FIXTURE_OWN, "支委会");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *other = g_strconcat("/entry/", meeting, NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, entry);
    g_assert_null(strstr(shown.body, "已附0个"));
    g_auto(WebAnswer) asked = web_fixture_get(&fixture, RIGHTS_CLERK, other);
    g_assert_nonnull(strstr(asked.body, "至少1个，已附0个"));
    web_fixture_close(&fixture);
}

#define ADD "/ledger/case/add"

/* A date that is far off by a slip was taken without a word: it is asked about once, in forms. */
static void test_a_date_long_ago_is_asked_about(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const char *slip = "f-title=路灯不亮&f-handler=综合科&f-received_at=1985-06-03+09:00";
    g_auto(WebAnswer) asked = web_fixture_post(&fixture, RIGHTS_CLERK, ADD, slip);
    g_assert_cmpint(asked.status, ==, 400);
    g_assert_nonnull(strstr(asked.body, "1985-06-03距今已逾两年"));
    g_assert_nonnull(strstr(asked.body, "id=\"sure\" name=\"sure\" type=\"checkbox\""));
    g_assert_nonnull(strstr(asked.body, "value=\"1985-06-03 09:00\""));
    g_assert_cmpint(count(&fixture, "SELECT count(*) FROM entry"), ==, 0);
    g_autofree char *ticked = g_strconcat(slip, "&sure=yes", NULL);
    g_auto(WebAnswer) added = web_fixture_post(&fixture, RIGHTS_CLERK, ADD, ticked);
    g_assert_cmpint(added.status, ==, 303);
    g_auto(WebAnswer) recent = web_fixture_post(
        &fixture, RIGHTS_CLERK, ADD, "f-title=近&f-handler=综合科&f-received_at=2021-11-16+09:00");
    g_assert_cmpint(recent.status, ==, 303);
    g_auto(WebAnswer) future = web_fixture_post(
        &fixture, RIGHTS_CLERK, ADD, "f-title=远&f-received_at=2205-06-03+09:00&sure=yes");
    g_assert_cmpint(future.status, ==, 400);
    g_assert_nonnull(strstr(future.body, "晚于"));
    web_fixture_close(&fixture);
}

/* What was done in time and recorded after the deadline read as if it had been recorded then. */
static void test_a_step_recorded_late_says_so(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_auto(WebAnswer) added =
        web_fixture_post(&fixture, RIGHTS_CLERK, ADD,
                         "f-title=路灯&f-handler=综合科&f-received_at=2019-06-03+09:00&sure=yes");
    g_assert_cmpint(added.status, ==, 303);
    g_autofree char *target = g_strconcat(added.location, "/step", NULL);
    const char *form = "step=answer&f-reply=已修&happened=2019-06-04+10:00";
    g_auto(WebAnswer) asked = web_fixture_post(&fixture, RIGHTS_CLERK, target, form);
    g_assert_cmpint(asked.status, ==, 400);
    g_assert_nonnull(strstr(asked.body, "id=\"sure-answer\""));
    g_assert_nonnull(strstr(asked.body, "已修</textarea>"));
    g_autofree char *ticked = g_strconcat(form, "&sure=yes", NULL);
    g_auto(WebAnswer) done = web_fixture_post(&fixture, RIGHTS_CLERK, target, ticked);
    g_assert_cmpint(done.status, ==, 303);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, added.location);
    g_assert_nonnull(strstr(shown.body, ">按期</span>"));
    g_assert_nonnull(strstr(shown.body, "<span class=\"tag\">到期后补记</span>"));
    g_assert_nonnull(strstr(shown.body, "<span>发生于 2019-06-04 10:00</span>"));
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "及时");
    g_autofree char *other = g_strconcat("/entry/", number, NULL);
    g_autofree char *step = g_strconcat(other, "/step", NULL);
    g_auto(WebAnswer) prompt =
        web_fixture_post(&fixture, RIGHTS_CLERK, step, "step=answer&f-reply=已修");
    g_assert_cmpint(prompt.status, ==, 303);
    g_auto(WebAnswer) plain = web_fixture_get(&fixture, RIGHTS_CLERK, other);
    g_assert_nonnull(strstr(plain.body, ">按期</span>"));
    g_assert_null(strstr(plain.body, "到期后补记"));
    web_fixture_close(&fixture);
}

/* Attach a file to the case @number; returns its address, which the caller owns. */
static char *attach(WebFixture *fixture, const char *number)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(scratch_path(fixture->scratch), "paper.txt", NULL);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_find(office->office, reader, number, &error);
    int64_t id = 0;
    g_assert_true(file_write(path, "paper", 5, 0600, &error));
    ledger_evidence_attach(office->office, office->console, &office->act, entry->id, "scene", path,
                           &id, &error);
    g_assert_no_error(error);
    return g_strdup_printf("/entry/%s/file/%" G_GINT64_FORMAT, number, id);
}

/* A file that was attached by mistake could not be taken away. */
static void test_a_file_is_taken_away(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *address = attach(&fixture, number);
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *target = g_strconcat(entry, "/detach", NULL);
    g_autofree char *form = g_strdup_printf("place=scene&file=%s&why=", strrchr(address, '/') + 1);
    g_autofree char *said = g_strconcat(form, "误传", NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, entry);
    g_assert_nonnull(strstr(shown.body, target));
    g_auto(WebAnswer) unsaid = web_fixture_post(&fixture, RIGHTS_CLERK, target, form);
    g_assert_cmpint(unsaid.status, ==, 400);
    g_auto(WebAnswer) other = web_fixture_post(&fixture, RIGHTS_AUDIT, target, said);
    g_assert_cmpint(other.status, ==, 403);
    g_auto(WebAnswer) done = web_fixture_post(&fixture, RIGHTS_CLERK, target, said);
    g_assert_cmpint(done.status, ==, 303);
    g_auto(WebAnswer) after = web_fixture_get(&fixture, RIGHTS_CLERK, entry);
    g_assert_null(strstr(after.body, address));
    g_assert_nonnull(strstr(after.body, "撤下文件"));
    g_auto(WebAnswer) file = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_assert_cmpint(file.status, ==, 404);
    g_auto(WebAnswer) twice = web_fixture_post(&fixture, RIGHTS_CLERK, target, said);
    g_assert_cmpint(twice.status, ==, 404);
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/page-record/a-file-is-taken-away", test_a_file_is_taken_away);
    test_store_each("/web/record/a-dispatcher-names-the-unit", test_a_dispatcher_names_the_unit);
    test_store_each("/web/record/a-unit-that-is-named-stays", test_a_unit_that_is_named_stays);
    test_store_each("/web/record/what-a-step-asks-for-is-said", test_what_a_step_asks_for_is_said);
    test_store_each("/web/record/a-date-long-ago", test_a_date_long_ago_is_asked_about);
    test_store_each("/web/record/a-step-recorded-late", test_a_step_recorded_late_says_so);
    test_store_each("/web/record/a-draft-in-two-windows", test_a_draft_in_two_windows);
    test_store_each("/web/record/a-long-table-stays", test_a_long_table_stays);
    test_store_each("/web/record/a-past-choice-stays", test_a_past_choice_stays);
    return g_test_run();
}
