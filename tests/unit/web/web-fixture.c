#include "web-fixture.h"

#include "ledger/write.h"
#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"

static void make_units(WebFixture *fixture, const char *suffix)
{
    static const char *const names[WEB_FIXTURE_N_UNITS] = {"综合科", "综合组", "秘书科"};
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < WEB_FIXTURE_N_UNITS; i++) {
        g_autofree char *name = g_strconcat(names[i], suffix, NULL);
        const OfficeUnit unit = {.name = name,
                                 .kind = (char *)OFFICE_UNIT_SECTION,
                                 .parent = i == WEB_FIXTURE_BELOW ? fixture->units[0] : 0,
                                 .since = DATE_NONE,
                                 .until = DATE_NONE};
        office_unit_add(office->office, office->console, &office->act, &unit, &fixture->units[i],
                        &error);
        g_assert_no_error(error);
    }
}

/* Make the account of @role, pending; a person's with the post that gives it. */
static void make_account(WebFixture *fixture, RightsRole role, const char *suffix)
{
    TestOffice *office = &fixture->office;
    const char *name = rights_role_name(role);
    bool is_of_post = rights_role_is_of_post(role);
    g_autoptr(GError) error = NULL;
    OfficeAccount account = {.name = (char *)name, .os_user = (char *)name, .until = DATE_NONE};
    if (is_of_post) {
        g_autofree char *person_name = g_strconcat("某", name, suffix, NULL);
        const OfficePerson person = {.name = person_name, .since = DATE_NONE, .until = DATE_NONE};
        office_person_add(office->office, office->console, &office->act, &person, &account.person,
                          &error);
        g_assert_no_error(error);
        fixture->person = account.person;
        const OfficePost post = {.person = account.person,
                                 .unit = fixture->units[WEB_FIXTURE_OWN],
                                 .role = (char *)name,
                                 .since = DATE_NONE,
                                 .until = DATE_NONE};
        office_post_add(office->office, office->console, &office->act, &post, NULL, &error);
        g_assert_no_error(error);
    } else {
        account.administrator = (char *)name;
    }
    office_account_add(office->office, office->console, &office->act, &account, NULL,
                       &fixture->accounts[role], &error);
    g_assert_no_error(error);
    /* Its own: one that another set must be changed before anything else. */
    g_autofree char *holder = g_strdup_printf("account:%" G_GINT64_FORMAT, fixture->accounts[role]);
    const LogAct own = {.actor = holder};
    office_account_set_password(office->office, office->console, &own, fixture->accounts[role],
                                WEB_FIXTURE_PASSWORD, &error);
    g_assert_no_error(error);
}

static void open_account(WebFixture *fixture, RightsRole role)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    office_account_activate(office->office, office->console, &office->act, fixture->accounts[role],
                            &error);
    g_assert_no_error(error);
    office_session_begin(office->office, fixture->accounts[role], "127.0.0.1", "测试",
                         &fixture->tokens[role], &error);
    g_assert_no_error(error);
}

void web_fixture_open(WebFixture *fixture, const TestPlace *place, const char *suffix)
{
    *fixture = (WebFixture){.cookie = "session"};
    test_office_open(&fixture->office, place, NULL);
    make_units(fixture, suffix);
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        make_account(fixture, (RightsRole)role, suffix);
    }
    for (int role = 0; role < RIGHTS_CONSOLE; role++) {
        if (role != RIGHTS_SECURITY) { /* with it the console stops standing in */
            open_account(fixture, (RightsRole)role);
        }
    }
    open_account(fixture, RIGHTS_SECURITY);
    g_autoptr(GError) error = NULL;
    fixture->scratch = scratch_open(0, &error);
    g_assert_no_error(error);
    fixture->throttle = throttle_new();
    fixture->figures = figure_cache_new(FIGURE_CACHE_WAIT_US);
    fixture->known = known_new();
    fixture->works = works_new();
    fixture->notices = notices_new();
    fixture->site = (WebSite){.office = fixture->office.office,
                              .throttle = fixture->throttle,
                              .figures = fixture->figures,
                              .known = fixture->known,
                              .works = fixture->works,
                              .notices = fixture->notices,
                              .scratch = fixture->scratch};
}

void web_fixture_close(WebFixture *fixture)
{
    works_free(fixture->works);
    notices_free(fixture->notices);
    scratch_close(fixture->scratch);
    throttle_free(fixture->throttle);
    figure_cache_free(fixture->figures);
    known_free(fixture->known);
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        g_free(fixture->tokens[role]);
    }
    test_office_close(&fixture->office);
}

char *web_fixture_pattern(const WebRoute *route)
{
    bool is_list = g_str_has_suffix(route->pattern, WEB_ENDINGS);
    return g_strndup(route->pattern, strlen(route->pattern) - (is_list ? strlen(WEB_ENDINGS) : 0));
}

void web_answer_clear(WebAnswer *answer)
{
    http_request_free(answer->request);
    http_response_free(answer->response);
}

static void add_form(HttpRequest *request, const char *token, const char *form)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *own = token != NULL ? office_session_form_token(token) : g_strdup("");
    bool is_bare = form != NULL && *form == '!';
    g_autofree char *body =
        is_bare ? g_strdup(form + 1)
                : g_strconcat("form_token=", own, form != NULL && *form != '\0' ? "&" : "",
                              form != NULL ? form : "", NULL);
    http_request_parse_form(request, body, strlen(body), &error);
    g_assert_no_error(error);
}

WebAnswer web_fixture_ask(WebFixture *fixture, const char *token, HttpMethod method,
                          const char *target, const char *const *headers, const char *form)
{
    g_autoptr(GError) error = NULL;
    WebAnswer answer = {.request = http_request_new(method, target, "127.0.0.1", &error)};
    g_assert_no_error(error);
    http_request_add_header(answer.request, "Host", "127.0.0.1", &error);
    for (int i = 0; headers != NULL && headers[i] != NULL; i += 2) {
        http_request_add_header(answer.request, headers[i], headers[i + 1], &error);
        g_assert_no_error(error);
    }
    if (token != NULL) {
        g_autofree char *cookie = g_strconcat(fixture->cookie, "=", token, NULL);
        http_request_add_header(answer.request, "Cookie", cookie, &error);
        g_assert_no_error(error);
    }
    if (method == HTTP_POST) {
        add_form(answer.request, token, form);
    }
    answer.response = http_response_new();
    if (fixture->offices != NULL) {
        web_offices_handle(answer.request, answer.response, fixture->offices);
    } else {
        web_handle(answer.request, answer.response, &fixture->site);
    }
    answer.status = http_response_status(answer.response);
    const GString *body = http_response_body(answer.response);
    const char *location = http_response_header(answer.response, "Location");
    answer.body = body != NULL ? body->str : "";
    answer.location = location != NULL ? location : "";
    return answer;
}

WebAnswer web_fixture_get(WebFixture *fixture, RightsRole role, const char *target)
{
    return web_fixture_ask(fixture, fixture->tokens[role], HTTP_GET, target, NULL, NULL);
}

WebAnswer web_fixture_post(WebFixture *fixture, RightsRole role, const char *target,
                           const char *form)
{
    return web_fixture_ask(fixture, fixture->tokens[role], HTTP_POST, target, NULL, form);
}

char *web_fixture_example(WebFixture *fixture, const SchemaField *field)
{
    if (field->choices != NULL) {
        return g_strdup(field->choice_names[0]);
    }
    if (field->kind == SCHEMA_FIELD_ENTRY) {
        return web_fixture_entry(fixture, field->target, WEB_FIXTURE_OWN, "事");
    }
    switch (schema_kind_info(field->kind)->value_kind) {
    case VALUE_DATE:
        return g_strdup("2023-11-14");
    case VALUE_TIME:
        return g_strdup("2023-11-14 06:13");
    case VALUE_NUMBER:
        return g_strdup("1");
    case VALUE_BOOL:
        return g_strdup("是");
    case VALUE_REF:
    case VALUE_LIST:
        return g_strdup_printf("#%" G_GINT64_FORMAT, field->kind == SCHEMA_FIELD_UNIT
                                                         ? fixture->units[WEB_FIXTURE_OWN]
                                                         : fixture->person);
    case VALUE_NONE:
    case VALUE_TEXT:
        break;
    }
    return g_strdup("字");
}

void web_fixture_set(WebFixture *fixture, LedgerInput *input, const SchemaField *field)
{
    Office *office = fixture->office.office;
    g_autofree char *text = web_fixture_example(fixture, field);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    Value value = VALUE_EMPTY;
    ledger_field_parse(field, text, names, office_offset_seconds(office), 0, &value, &error);
    g_assert_no_error(error);
    ledger_input_set(input, field, value);
}

char *web_fixture_entry(WebFixture *fixture, const SchemaLedger *ledger, WebFixtureUnit unit,
                        const char *title)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field == ledger->title) {
            ledger_input_set(input, field, value_text(title));
        } else if (field == ledger->unit) {
            ledger_input_set(input, field, value_ref(fixture->units[unit]));
        } else if (field->is_required || field == ledger->opened) {
            web_fixture_set(fixture, input, field);
        }
    }
    int64_t id = 0;
    ledger_entry_add(office->office, office->console, &office->act, input, 0, &id, &error);
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(office->office, reader, id, &error);
    g_assert_no_error(error);
    return g_strdup(entry->number);
}

char *web_fixture_case(WebFixture *fixture, WebFixtureUnit unit, const char *title)
{
    return web_fixture_entry(fixture, schema_ledger(office_schema(fixture->office.office), "case"),
                             unit, title);
}
