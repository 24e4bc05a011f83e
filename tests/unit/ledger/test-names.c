#include "ledger-fixture.h"
#include "ledger/row.h"
#include "office/person.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

static void add_person(LedgerFixture *f, const char *name)
{
    g_autoptr(GError) error = NULL;
    OfficePerson person = {.name = (char *)name, .since = DATE_NONE, .until = DATE_NONE};
    office_person_add(f->office, f->base.console, &f->base.act, &person, NULL, &error);
    g_assert_no_error(error);
}

static void test_what_is_named_is_found(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    g_autofree char *by_id = g_strdup_printf("#%lld", (long long)f.li);
    g_autofree char *entry_by_id = g_strdup_printf("#%lld", (long long)id);
    g_autofree char *by_both = g_strdup_printf("张三#%lld", (long long)f.zhang);
    g_autofree char *unit_by_both = g_strdup_printf("甲科#%lld", (long long)f.unit_a);
    const struct {
        const char *field, *text;
        int64_t id;
        const char *shown;
    } cases[] = {
        {"unit_of", "甲科", f.unit_a, "甲科"},   {"unit_of", "甲科", f.unit_a, "甲科"},
        {"head", "张三", f.zhang, "张三"},       {"head", by_id, f.li, "李四"},
        {"about", "T2023-001", id, "T2023-001"}, {"about", entry_by_id, id, "T2023-001"},
        {"head", by_both, f.zhang, "张三"},      {"unit_of", unit_by_both, f.unit_a, "甲科"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Value) value = VALUE_EMPTY;
        const SchemaField *field = schema_ledger_field(f.task, cases[i].field);
        ledger_field_parse(field, cases[i].text, names, DATE_SECONDS_SHANGHAI, 0, &value, &error);
        g_assert_no_error(error);
        g_assert_cmpint(value.number, ==, cases[i].id);
        for (int again = 0; again < 2; again++) {
            g_autofree char *shown =
                ledger_field_format(field, &value, names, DATE_SECONDS_SHANGHAI, "zh");
            g_assert_cmpstr(shown, ==, cases[i].shown);
        }
    }
    const SchemaField *head = schema_ledger_field(f.task, "head");
    const Value unknown = value_ref(4242);
    g_autofree char *missing = ledger_field_format(head, &unknown, names, 0, "zh");
    g_autofree char *nameless = ledger_field_format(head, &unknown, NULL, 0, "zh");
    g_assert_cmpstr(missing, ==, "#4242");
    g_assert_cmpstr(nameless, ==, "#4242");
    g_assert_cmpstr(ledger_names_get(names, SCHEMA_FIELD_FILE, 4242), ==, "#4242");
}

static void test_what_is_not_there_is_told_of(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) first = NULL;
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_task(&f, "一");
    add_person(&f, "王芳");
    add_person(&f, "王芳");
    g_autofree char *note = g_strdup_printf(
        "#%lld",
        (long long)ledger_fixture_add(&f, ledger_fixture_input(&f, f.note, "title", "便条", NULL)));
    g_autofree char *other = g_strdup_printf("李四#%lld", (long long)f.zhang);
    g_autofree char *longer = g_strdup_printf("张三丰#%lld", (long long)f.zhang);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &first);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    g_assert_cmpint(id, >, 0);
    const struct {
        const char *field, *text;
        ErrorCode code;
        const char *words;
    } cases[] = {
        {"unit_of", "丙科", SHUZHI_ERROR_NOT_FOUND, "'承办单位'"},
        {"unit_of", "甲料", SHUZHI_ERROR_NOT_FOUND,
         "there is no unit '甲料', did you mean '甲科'?"},
        {"unit_of", "#4242", SHUZHI_ERROR_NOT_FOUND, "there is no #4242"},
        {"head", other, SHUZHI_ERROR_NOT_FOUND, "is '张三', not '李四#"},
        {"head", longer, SHUZHI_ERROR_NOT_FOUND, "is '张三', not '张三丰#"},
        {"head", "张三#x", SHUZHI_ERROR_NOT_FOUND, "张三#x"},
        {"head", "赵六", SHUZHI_ERROR_NOT_FOUND, "赵六"},
        {"head", "王芳", SHUZHI_ERROR_CONFLICT, "王芳"},
        {"helpers", "张三、赵六", SHUZHI_ERROR_NOT_FOUND, "赵六"},
        {"about", "X1", SHUZHI_ERROR_INVALID, "'X1' is not a number of '事项'"},
        {"about", "T2023-009", SHUZHI_ERROR_NOT_FOUND, "there is no entry 'T2023-009'"},
        {"about", note, SHUZHI_ERROR_NOT_FOUND, "there is no #"}, /* of another ledger */
        {"papers", "a.pdf", SHUZHI_ERROR_INVALID, "which one text cannot hold"},
        {"visits", "张三", SHUZHI_ERROR_INVALID, "which one text cannot hold"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        const SchemaField *field = schema_ledger_field(f.task, cases[i].field);
        g_assert_false(ledger_field_parse(field, cases[i].text, names, DATE_SECONDS_SHANGHAI, 0,
                                          &value, &error));
        test_assert_error_at(G_STRLOC, error, cases[i].code, cases[i].words);
    }
}

static GTree *tree_new(void)
{
    return g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL, g_free, NULL);
}

/* Printed lists write 张 三, and put blanks and strokes between names. */
static void test_people_as_lists_write_them(const TestPlace *place)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"张 三", "张三"},           {"张　三、李四", "张三、李四"}, {"张三 李四", "张三、李四"},
        {"张三/李四", "张三、李四"}, {"李四\n张三", "李四、张三"},   {"张三 李四/", "张三、李四"},
    };
    static const char *const bad[] = {"张三、张三", "张三 王五",    "全体干部",  "张三等3人",
                                      "王 五 ",     "张三（甲科）", "张三 张三", "赵六",
                                      "艾·山",      "李*"};
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    const SchemaField *helpers = schema_ledger_field(f.task, "helpers");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Value) value = VALUE_EMPTY;
        ledger_field_parse(helpers, cases[i].text, names, 0, 0, &value, &error);
        g_assert_no_error(error);
        g_autofree char *shown = ledger_field_format(helpers, &value, names, 0, "zh");
        g_assert_cmpstr(shown, ==, cases[i].shown);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Value) value = VALUE_EMPTY;
        g_assert_false(ledger_field_parse(helpers, bad[i], names, 0, 0, &value, NULL));
    }
    g_autoptr(GTree) units = tree_new();
    g_autoptr(GTree) people = tree_new();
    ledger_names_add_missing(names, units, people); /* whom one may add to the roster */
    static const char *const added[] = {"王五", "赵六", "艾·山"};
    g_assert_cmpint(g_tree_nnodes(people), ==, G_N_ELEMENTS(added));
    for (size_t i = 0; i < G_N_ELEMENTS(added); i++) {
        g_assert_nonnull(g_tree_lookup(people, added[i]));
    }
}

/* Refused for the hundredth row without a look at the units, as for the first. */
static void test_what_is_not_there_is_remembered(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    const SchemaField *helpers = schema_ledger_field(f.task, "helpers");
    const SchemaField *head = schema_ledger_field(f.task, "head");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), NULL);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    g_autoptr(LedgerNames) fresh = ledger_names_new(reader);
    g_autoptr(GError) first = NULL;
    g_autoptr(GError) second = NULL;
    int64_t id = 0;
    g_assert_false(ledger_names_find(names, helpers, "赵六", &id, &first));
    add_person(&f, "赵六");
    g_assert_false(ledger_names_find(names, head, "赵六", &id, &second));
    g_assert_true(ledger_names_find(fresh, head, "赵六", &id, NULL));
    g_assert_cmpstr(first->message, ==, "there is nobody named '赵六'");
    g_assert_cmpstr(second->message, ==, first->message);
}

static void test_english(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    static const char *const cases[][3] = {
        {"urgent", "是", "yes"},
        {"urgent", "否", "no"},
        {"helpers", "张三、李四", "张三, 李四"},
        {"topics", "", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Value) value = VALUE_EMPTY;
        const SchemaField *field = schema_ledger_field(f.task, cases[i][0]);
        ledger_field_parse(field, cases[i][1], names, DATE_SECONDS_SHANGHAI, 0, &value, &error);
        g_assert_no_error(error);
        g_autofree char *shown = ledger_field_format(field, &value, names, 0, "en");
        g_assert_cmpstr(shown, ==, cases[i][2]);
    }
}

static void test_freeing_nothing_does_no_harm(void)
{
    ledger_names_free(NULL);
    ledger_entry_free(NULL);
    ledger_input_free(NULL);
    ledger_rows_free(NULL);
}

/* What a cell of units names that there is not may be one to add, unless it is no name. */
static void test_what_may_be_a_unit(const TestPlace *place)
{
    static const char *const texts[] = {"丙科",      "12345", "丙",         "(丙科)", "（丙科）",
                                        "丙科,丁科", "丙科;", "丙科、丁科", "丙，丁", "丙科：三人",
                                        "丙科:三人", "丙 科", "丙科#12",    "No.1办"};
    static const char *const added[] = {"No.1办", "丙科"};
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    const SchemaField *unit = schema_ledger_field(f.task, "unit_of");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Value) value = VALUE_EMPTY;
        g_assert_false(ledger_field_parse(unit, texts[i], names, 0, 0, &value, NULL));
    }
    g_autoptr(GTree) units = tree_new();
    g_autoptr(GTree) people = tree_new();
    ledger_names_add_missing(names, units, people);
    g_assert_cmpint(g_tree_nnodes(people), ==, 0);
    g_assert_cmpint(g_tree_nnodes(units), ==, G_N_ELEMENTS(added));
    for (size_t i = 0; i < G_N_ELEMENTS(added); i++) {
        g_assert_nonnull(g_tree_lookup(units, added[i]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/names/people-as-lists-write-them", test_people_as_lists_write_them);
    test_store_each("/ledger/names/what-is-named-is-found", test_what_is_named_is_found);
    test_store_each("/ledger/names/what-is-not-there-is-told-of",
                    test_what_is_not_there_is_told_of);
    test_store_each("/ledger/names/what-is-not-there-is-remembered",
                    test_what_is_not_there_is_remembered);
    test_store_each("/ledger/names/english", test_english);
    g_test_add_func("/ledger/names/freeing-nothing-does-no-harm",
                    test_freeing_nothing_does_no_harm);
    test_store_each("/ledger/names/what-may-be-a-unit", test_what_may_be_a_unit);
    return g_test_run();
}
