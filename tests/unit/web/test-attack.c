/* What people type is text: attacks in every field of every ledger, and in names, appear nowhere as
 * markup. */
#include "web-fixture.h"

#define ATTACK "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}]]>&amp;"

static const char *unescaped(const char *body)
{
    static const char *const signs[] = {"<script>", "<img src=x", "onerror=alert(2)>", "'><",
                                        "\"'>"};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        const char *at = strstr(body, signs[i]);
        if (at != NULL) {
            return at;
        }
    }
    return NULL;
}

/* Load @target and check that it is well-formed enough and holds no attack as markup. */
static void load(WebFixture *fixture, RightsRole role, const char *target, const char *expected)
{
    g_auto(WebAnswer) answer = web_fixture_get(fixture, role, target);
    const char *found = unescaped(answer.body);
    if (found != NULL || answer.status >= 500) {
        g_error("%s (%d): %.80s", target, answer.status, found != NULL ? found : answer.body);
    }
    if (expected != NULL && strstr(answer.body, expected) == NULL) {
        g_error("%s does not show '%s'", target, expected);
    }
}

/* Return what is typed into @field: the attack where it takes text. */
static const char *typed_into(const SchemaField *field, const char *person, const char *unit)
{
    switch (field->kind) {
    case SCHEMA_FIELD_TEXT:
    case SCHEMA_FIELD_LONG:
    case SCHEMA_FIELD_PLACE:
        return field->max_chars == 0 || field->max_chars >= (int)strlen(ATTACK) ? ATTACK : "<b>";
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        return "1";
    case SCHEMA_FIELD_DATE:
    case SCHEMA_FIELD_TIME:
        return "2023-05-06";
    case SCHEMA_FIELD_PERIOD:
        return "2023";
    case SCHEMA_FIELD_CHOICE:
    case SCHEMA_FIELD_CHOICES:
        return ((const SchemaChoice *)g_ptr_array_index(field->choices, 0))->name;
    case SCHEMA_FIELD_BOOL:
        return "yes";
    case SCHEMA_FIELD_UNIT:
        return unit;
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
        return person;
    case SCHEMA_FIELD_PHONE:
        return "13800000000";
    case SCHEMA_FIELD_ENTRY:
    case SCHEMA_FIELD_ROWS:
    case SCHEMA_FIELD_FILE:
    case SCHEMA_FIELD_IDENTITY:
    case SCHEMA_N_FIELD_KINDS:
        return "";
    }
    g_assert_not_reached();
}

static void add_to_form(GString *form, const char *prefix, const SchemaField *field,
                        const char *person, const char *unit)
{
    g_autofree char *value = g_uri_escape_string(typed_into(field, person, unit), NULL, false);
    g_string_append_printf(form, "%sf-%s%s=%s", form->len > 0 ? "&" : "", prefix, field->name,
                           value);
}

static char *make_form(const SchemaLedger *ledger, const char *person, const char *unit)
{
    GString *form = g_string_new(NULL);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->set_by_step != NULL) {
            continue;
        }
        if (field->kind != SCHEMA_FIELD_ROWS) {
            add_to_form(form, "", field, person, unit);
            continue;
        }
        g_autofree char *prefix = g_strconcat(field->name, ".", NULL);
        for (guint j = 0; j < field->fields->len; j++) {
            add_to_form(form, prefix, g_ptr_array_index(field->fields, j), person, unit);
        }
    }
    return g_string_free(form, false);
}

/* Record an attack in @ledger and load every page about it; returns whether it could be. */
static bool attack_ledger(WebFixture *fixture, const SchemaLedger *ledger, const char *person,
                          const char *unit)
{
    g_autofree char *form = make_form(ledger, person, unit);
    g_autofree char *list = g_strconcat("/ledger/", ledger->name, NULL);
    g_autofree char *add = g_strconcat(list, "/add", NULL);
    g_autofree char *feed = g_strconcat(list, ".atom", NULL);
    g_auto(WebAnswer) answer = web_fixture_post(fixture, RIGHTS_SECRETARY, add, form);
    g_assert_null(unescaped(answer.body));
    g_assert_cmpint(answer.status, <, 500);
    load(fixture, RIGHTS_SECRETARY, add, NULL);
    load(fixture, RIGHTS_SECRETARY, list, NULL);
    load(fixture, RIGHTS_SECRETARY, feed, NULL);
    if (answer.status != 303) {
        return false;
    }
    g_autofree char *change = g_strconcat(answer.location, "/change", NULL);
    g_autofree char *comment = g_strconcat(answer.location, "/comment", NULL);
    g_autofree char *text = g_uri_escape_string(ATTACK, NULL, false);
    g_autofree char *comment_form = g_strconcat("text=", text, NULL);
    g_auto(WebAnswer) commented =
        web_fixture_post(fixture, RIGHTS_SECRETARY, comment, comment_form);
    g_assert_cmpint(commented.status, ==, 303);
    load(fixture, RIGHTS_SECRETARY, answer.location, "&lt;script&gt;");
    load(fixture, RIGHTS_SECRETARY, change, "&lt;script&gt;");
    return true;
}

static void load_all(WebFixture *fixture)
{
    const Schema *schema = office_schema(fixture->office.office);
    static const char *const pages[] = {"/", "/roster", "/report/annual?period=2023", "/me"};
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        load(fixture, RIGHTS_SECRETARY, pages[i], NULL);
    }
    for (guint i = 0; i < schema->measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(schema->measures, i);
        g_autofree char *figure = g_strconcat("/figure/", measure->name, "?period=2023", NULL);
        g_autofree char *drawer =
            g_strconcat("/report/annual?period=2023&figure=", measure->name, NULL);
        load(fixture, RIGHTS_SECRETARY, figure, NULL);
        load(fixture, RIGHTS_SECRETARY, drawer, NULL);
    }
    load(fixture, RIGHTS_AUDIT, "/log", NULL);
    load(fixture, RIGHTS_AUDIT, "/accounts", NULL);
}

static void test_records(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "<i>\"'&");
    const GPtrArray *ledgers = office_schema(fixture.office.office)->ledgers;
    guint n = 0;
    for (guint i = 0; i < ledgers->len; i++) {
        n += attack_ledger(&fixture, g_ptr_array_index(ledgers, i), "某clerk<i>\"'&",
                           "综合科<i>\"'&");
    }
    g_assert_cmpuint(n, >=, 10);
    load_all(&fixture);
    load(&fixture, RIGHTS_SECRETARY, "/roster", "综合科&lt;i&gt;");
    web_fixture_close(&fixture);
}

/* The same in the address: filters, sorting, periods, names. */
static void test_addresses(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    static const char *const targets[] = {"/ledger/case?q=%s",
                                          "/ledger/case?where=%s",
                                          "/ledger/case?sort=%s",
                                          "/ledger/case?after=%s",
                                          "/ledger/case?state=%s",
                                          "/ledger/case?f-channel=%s",
                                          "/ledger/%s",
                                          "/entry/%s",
                                          "/report/%s",
                                          "/report/annual?period=%s",
                                          "/report/annual?figure=%s",
                                          "/figure/%s",
                                          "/figure/cases_received?period=%s",
                                          "/roster?date=%s",
                                          "/%s"};
    g_autofree char *attack = g_uri_escape_string(ATTACK, NULL, false);
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_auto(GStrv) halves = g_strsplit(targets[i], "%s", 2);
        g_autofree char *target = g_strconcat(halves[0], attack, halves[1], NULL);
        load(&fixture, RIGHTS_SECRETARY, target, NULL);
    }
    g_autofree char *form = g_strconcat("name=", attack, "&password=x", NULL);
    g_auto(WebAnswer) door = web_fixture_ask(&fixture, NULL, HTTP_POST, "/sign-in", NULL, form);
    g_assert_null(unescaped(door.body));
    g_assert_nonnull(strstr(door.body, "&lt;script&gt;"));
    web_fixture_close(&fixture);
}

/* A character that turns the direction of text was kept, and reversed the lists that showed it. */
static void test_direction(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯");
    g_autofree char *comment = g_strdup_printf("/entry/%s/comment", number);
    g_autofree char *delete = g_strdup_printf("/entry/%s/delete", number);
    g_autofree char *change = g_strdup_printf("/entry/%s/change", number);
    g_autofree char *unit = g_strdup_printf("/unit/%d/change", (int)fixture.units[WEB_FIXTURE_OWN]);
    g_autofree char *person = g_strdup_printf("/person/%d/change", (int)fixture.person);
    const struct {
        RightsRole role;
        const char *target;
        const char *form; /* what is typed stands last */
    } rows[] = {
        {RIGHTS_SECRETARY, "/roster/unit", "kind=section&since=2020-03-01&name=a"},
        {RIGHTS_SECRETARY, "/roster/person", "since=2020-03-01&name=a"},
        {RIGHTS_SECRETARY, unit, "kind=section&name=a"},
        {RIGHTS_SECRETARY, person, "name=a"},
        {RIGHTS_SYSTEM, "/settings", "own=" WEB_FIXTURE_PASSWORD "&name=a"},
        {RIGHTS_SECRETARY, "/me/token", "own=" WEB_FIXTURE_PASSWORD "&days=30&name=a"},
        {RIGHTS_SECRETARY, "/ledger/case/view", "query=q%3Da&name=a"},
        {RIGHTS_SECRETARY, "/ledger/case/add", "f-title=a"},
        {RIGHTS_SECRETARY, comment, "text=a"},
        {RIGHTS_SECRETARY, delete, "own=" WEB_FIXTURE_PASSWORD "&version=1&why=a"},
        {RIGHTS_SECRETARY, change, "version=1&f-title=b&why=a"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *form = g_strconcat(rows[i].form, "%E2%80%AEgpj.exe", NULL);
        g_auto(WebAnswer) answer = web_fixture_post(&fixture, rows[i].role, rows[i].target, form);
        bool is_told = strstr(answer.body, "看不见的字符（U+202E）") != NULL ||
                       strstr(answer.body, "改变文字方向") != NULL;
        if (answer.status != 400 || !is_told) {
            g_error("%s %s: %d %s", rows[i].target, form, answer.status, answer.body);
        }
    }
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/attack/records", test_records);
    test_store_each("/web/attack/addresses", test_addresses);
    test_store_each("/web/attack/direction", test_direction);
    return g_test_run();
}
