/* Role × route × state of the entry: what may be done to an entry of each ledger in each state of
 * its steps, once it was taken out of the books, and once the batch it came with was undone;
 * ledgers and steps are taken from the pack, roles and routes from their tables. */
#include "base/file.h"
#include "ledger/evidence.h"
#include "ledger/import.h"
#include "ledger/step.h"
#include "ledger/write.h"
#include "web-fixture.h"
#include "web/routes.h"

#define DELETED "deleted"
#define OF_NO_UNIT WEB_FIXTURE_N_UNITS

static LedgerEntry *load(WebFixture *fixture, const char *number)
{
    g_autoptr(GError) error = NULL;
    Office *office = fixture->office.office;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    LedgerEntry *entry = ledger_entry_find(office, reader, number, &error);
    g_assert_no_error(error);
    return entry;
}

static const SchemaLedger *case_ledger(const WebFixture *fixture)
{
    return schema_ledger(office_schema(fixture->office.office), "case");
}

/* ---- the way to a state ---------------------------------------------------------------------- */

/* Do @step to @entry as @role, or on the console; false where that one may not. */
static bool try_step(WebFixture *fixture, const LedgerEntry *entry, const SchemaStep *step,
                     int role)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) account =
        role < RIGHTS_CONSOLE
            ? rights_subject_account(office->office, fixture->accounts[role], &error)
            : NULL;
    const RightsSubject *subject = account != NULL ? account : office->console;
    g_autoptr(LedgerInput) input = ledger_input_new(entry->ledger);
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        if (field != step->at && field != entry->ledger->unit) { /* it stays whose it is */
            web_fixture_set(fixture, input, field);
        }
    }
    const LogAct act = {.actor = subject->actor};
    bool is_done = ledger_entry_step(office->office, subject, &act, entry->id, 0, step->name, 0,
                                     input, NULL, &error);
    if (!is_done && !error_is(error, SHUZHI_ERROR_FORBIDDEN)) {
        g_error("%s of %s: %s", step->name, entry->number, error->message);
    }
    return is_done;
}

static bool leaves(const SchemaStep *step, const char *state)
{
    bool is_from = false;
    for (guint i = 0; i < step->from->len; i++) {
        const SchemaChoice *from = g_ptr_array_index(step->from, i);
        is_from = is_from || g_str_equal(from->name, state);
    }
    return is_from;
}

/* Return the step that a shortest way from @state to @wanted begins with; NULL: none is that short.
 */
static const SchemaStep *first_step(const SchemaLedger *ledger, const char *state,
                                    const char *wanted, int length)
{
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        bool is_there = g_str_equal(step->to->name, wanted);
        if (leaves(step, state) &&
            (is_there ||
             (length > 1 && first_step(ledger, step->to->name, wanted, length - 1) != NULL))) {
            return step;
        }
    }
    return NULL;
}

/* Attach what any step of @entry may ask for. */
static void attach_all(WebFixture *fixture, const LedgerEntry *entry)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(scratch_path(fixture->scratch), "paper.txt", NULL);
    for (guint i = 0; i < entry->ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(entry->ledger->evidence, i);
        for (int n = 0; n < rule->least; n++) {
            g_autofree char *text = g_strdup_printf("%s %d", rule->name, n);
            file_write(path, text, strlen(text), 0600, &error);
            g_assert_no_error(error);
            ledger_evidence_attach(office->office, office->console, &office->act, entry->id,
                                   rule->name, path, NULL, &error);
            g_assert_no_error(error);
        }
    }
}

/* Step the entry @number on to @state, each step by the first who may, the console before all. */
static void bring_to(WebFixture *fixture, const char *number, const char *state)
{
    g_autoptr(LedgerEntry) entry = load(fixture, number);
    attach_all(fixture, entry);
    while (!g_str_equal(entry->state, state)) {
        const SchemaStep *step = NULL;
        for (int length = 1; step == NULL; length++) {
            g_assert_cmpint(length, <, 10);
            step = first_step(entry->ledger, entry->state, state, length);
        }
        int role = RIGHTS_CONSOLE;
        while (!try_step(fixture, entry, step, role)) {
            g_assert_cmpint(--role, >=, 0);
        }
        ledger_entry_free(entry);
        entry = load(fixture, number);
    }
}

static void take_out(WebFixture *fixture, const char *number)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerEntry) entry = load(fixture, number);
    const LogAct act = {.actor = office->console->actor, .why = "重复"};
    ledger_entry_delete(office->office, office->console, &act, entry->id, 0, &error);
    g_assert_no_error(error);
}

/* Return the number of a case of a batch that was undone. */
static char *make_undone(WebFixture *fixture, const char *title)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(scratch_path(fixture->scratch), "cases.csv", NULL);
    g_autofree char *text =
        g_strdup_printf("标题,收到时间,承办单位\n%s,2023-05-01,综合科\n", title);
    g_assert_true(file_write(path, text, strlen(text), 0600, &error));
    g_autoptr(LedgerImport) import =
        ledger_import_plan(office->office, case_ledger(fixture), path, NULL, &error);
    g_assert_no_error(error);
    int64_t batch = 0;
    ledger_import_run(office->office, office->console, &office->act, import, false, NULL, NULL,
                      &batch, &error);
    g_assert_no_error(error);
    g_autofree char *next = web_fixture_case(fixture, WEB_FIXTURE_OWN, "其后");
    g_autoptr(LedgerEntry) own = load(fixture, next);
    char *number = schema_ledger_format_number(own->ledger, (int)own->year, own->n - 1);
    g_autoptr(LedgerEntry) brought = load(fixture, number);
    g_assert_cmpstr(brought->title, ==, title);
    ledger_import_undo(office->office, office->console, &office->act, batch, false, &error);
    g_assert_no_error(error);
    return number;
}

/* Return the number of a new entry of @ledger and the unit @unit in @state (NULL: it has none). */
static char *make_entry(WebFixture *fixture, const SchemaLedger *ledger, WebFixtureUnit unit,
                        const char *state)
{
    char *number = web_fixture_entry(fixture, ledger, unit, "事");
    if (state == NULL) {
        return number;
    }
    if (g_str_equal(state, DELETED)) {
        take_out(fixture, number);
    } else {
        bring_to(fixture, number, state);
    }
    return number;
}

/* ---- what is expected ------------------------------------------------------------------------ */

/* Return whether the table lets @role, held in the unit of OWN, do @action to an entry of @unit,
 * whether it is gone or not. */
static bool is_allowed(RightsRole role, RightsAction action, WebFixtureUnit unit)
{
    RightsReach reach = rights_reach(role, action);
    bool is_within =
        unit == WEB_FIXTURE_OWN || (unit == WEB_FIXTURE_BELOW && reach == RIGHTS_SUBTREE);
    return reach == RIGHTS_OFFICE || (is_within && reach != RIGHTS_NONE && reach != RIGHTS_OWN);
}

static bool is_of_entry(const WebRoute *route)
{
    return g_str_has_prefix(route->pattern, "/entry/") ||
           g_str_has_prefix(route->pattern, "/api/v1/entries/");
}

static char *target_of(const WebRoute *route, const char *number)
{
    g_autofree char *pattern = web_fixture_pattern(route);
    g_auto(GStrv) pieces = g_strsplit(pattern, "*", 3);
    g_autofree char *start = g_strconcat(pieces[0], number, pieces[1], NULL);
    return pieces[2] != NULL ? g_strconcat(start, "999999", pieces[2], NULL)
                             : g_steal_pointer(&start);
}

/* ---- the matrix ------------------------------------------------------------------------------ */

static void check_route(WebFixture *fixture, const WebRoute *route, RightsRole role,
                        WebFixtureUnit unit, const char *state, const char *number)
{
    bool is_post = route->method == HTTP_POST;
    g_autofree char *target = target_of(route, number);
    g_auto(WebAnswer) answer =
        web_fixture_ask(fixture, fixture->tokens[role], route->method, target, NULL,
                        is_post ? "own=" WEB_FIXTURE_PASSWORD : NULL);
    bool is_draft = g_str_has_suffix(target, "/draft"); /* what was typed is kept even then */
    bool is_refused =
        !is_allowed(role, route->action, unit) || !is_allowed(role, RIGHTS_ENTRY_READ, unit);
    /* A request without more than a password does nothing to anything; to what is gone nothing is
     * done at all. */
    bool is_wrong = (answer.status == 403) != is_refused || answer.status >= 500 ||
                    (is_post && !is_draft && g_strcmp0(state, DELETED) == 0 && answer.status < 400);
    if (is_wrong) {
        g_error("%s as %s on unit %d, %s: %d", target, rights_role_name(role), unit,
                state != NULL ? state : "without states", answer.status);
    }
}

static void check_state(WebFixture *fixture, const SchemaLedger *ledger, WebFixtureUnit unit,
                        const char *state)
{
    WebFixtureUnit held = ledger->unit != NULL ? unit : OF_NO_UNIT;
    g_autofree char *number = make_entry(fixture, ledger, unit, state);
    g_autoptr(LedgerEntry) before = load(fixture, number);
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        for (size_t i = 0; i < web_n_routes; i++) {
            if (is_of_entry(&web_routes[i])) {
                check_route(fixture, &web_routes[i], (RightsRole)role, held, state, number);
            }
        }
    }
    g_autoptr(LedgerEntry) after = load(fixture, number);
    g_assert_cmpint(after->version, ==, before->version);
    g_assert_cmpstr(after->gone, ==, g_strcmp0(state, DELETED) == 0 ? DELETED : NULL);
    g_assert_cmpstr(after->state, ==, before->state);
}

/* Walk the routes for entries of @ledger and @unit in each state. */
static void check_states(WebFixture *fixture, const SchemaLedger *ledger, WebFixtureUnit unit)
{
    if (ledger->states->len == 0) {
        check_state(fixture, ledger, unit, NULL);
    }
    for (guint i = 0; i < ledger->states->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(ledger->states, i);
        check_state(fixture, ledger, unit, state->name);
    }
    check_state(fixture, ledger, unit, DELETED);
}

static void test_routes(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        int n_units = ledger->unit != NULL ? WEB_FIXTURE_N_UNITS : 1;
        for (int unit = 0; unit < n_units; unit++) {
            check_states(&fixture, ledger, (WebFixtureUnit)unit);
        }
    }
    web_fixture_close(&fixture);
}

/* What an undone batch brought is nowhere, for nobody. */
static void test_undone(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = make_undone(&fixture, "撤销的");
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        for (size_t i = 0; i < web_n_routes; i++) {
            const WebRoute *route = &web_routes[i];
            if (!is_of_entry(route)) {
                continue;
            }
            bool may = rights_reach((RightsRole)role, route->action) != RIGHTS_NONE;
            g_autofree char *target = target_of(route, number);
            g_auto(WebAnswer) answer =
                web_fixture_ask(&fixture, fixture.tokens[role], route->method, target, NULL,
                                route->method == HTTP_POST ? "own=" WEB_FIXTURE_PASSWORD : NULL);
            g_assert_cmpint(answer.status, ==, may ? 404 : 403);
        }
    }
    web_fixture_close(&fixture);
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* Append what @step asks for to @form. */
static void append_asked(WebFixture *fixture, const SchemaStep *step, GString *form)
{
    for (guint i = 0; i < step->asks->len; i++) {
        const SchemaField *field = g_ptr_array_index(step->asks, i);
        g_autofree char *text =
            field == step->at ? g_strdup("") : web_fixture_example(fixture, field);
        g_autofree char *escaped = g_uri_escape_string(text, NULL, false);
        g_string_append_printf(form, "&f-%s=%s", field->name, escaped);
    }
}

/* Try @step as @role on an entry of @ledger in @state: done exactly when it leaves the state and is
 * for the role. */
static void check_step(WebFixture *fixture, const SchemaLedger *ledger, const SchemaStep *step,
                       RightsRole role, const char *state, char **number)
{
    bool is_for_role = false;
    for (guint i = 0; i < step->roles->len; i++) {
        const char *name = g_ptr_array_index(step->roles, i);
        is_for_role = is_for_role || g_str_equal(name, rights_role_name(role));
    }
    WebFixtureUnit unit = ledger->unit != NULL ? WEB_FIXTURE_OWN : OF_NO_UNIT;
    bool may = is_for_role && is_allowed(role, RIGHTS_ENTRY_STEP, unit);
    bool is_done = may && leaves(step, state);
    g_autoptr(GString) form = g_string_new("step=");
    g_string_append(form, step->name);
    append_asked(fixture, step, form);
    g_autofree char *target = g_strconcat("/entry/", *number, "/step", NULL);
    g_auto(WebAnswer) answer = web_fixture_post(fixture, role, target, form->str);
    g_autoptr(LedgerEntry) after = load(fixture, *number);
    if ((answer.status == 303) != is_done ||
        !g_str_equal(after->state, is_done ? step->to->name : state)) {
        g_error("%s of %s as %s from %s: %d, then %s", step->name, ledger->name,
                rights_role_name(role), state, answer.status, after->state);
    }
    if (is_done) {
        g_free(*number);
        *number = make_entry(fixture, ledger, WEB_FIXTURE_OWN, state);
    }
}

static void check_steps(WebFixture *fixture, const SchemaLedger *ledger, const char *state)
{
    g_autofree char *number = make_entry(fixture, ledger, WEB_FIXTURE_OWN, state);
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        for (guint i = 0; i < ledger->steps->len; i++) {
            check_step(fixture, ledger, g_ptr_array_index(ledger->steps, i), (RightsRole)role,
                       state, &number);
        }
    }
}

static void test_steps(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    const Schema *schema = office_schema(fixture.office.office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        for (guint j = 0; j < ledger->states->len; j++) {
            const SchemaChoice *state = g_ptr_array_index(ledger->states, j);
            check_steps(&fixture, ledger, state->name);
        }
    }
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_on(STORE_SQLITE, "/web/states/routes", test_routes);
    test_store_on(STORE_SQLITE, "/web/states/undone", test_undone);
    test_store_on(STORE_SQLITE, "/web/states/steps", test_steps);
    return g_test_run();
}
