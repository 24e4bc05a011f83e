/* Indexes: the office has those that its pack asks for, whatever made it or changed it. */
#include "office/indexes.h"

#include "office/office.h"
#include "office/pack.h"
#include "support/test-office.h"

#define PACK "pack: t\nversion: \"1\"\nname: 测试 | test\n"
#define LEDGER                                                                          \
    "ledger: note\nname: 记事 | note\nnumber: N{n}\ntitle: title\nopened: noted_on\n" \
    "list: [noted_on]\nfields:\n  title: {is: text, name: 标题, required: yes}\n"     \
    "  noted_on: date 日期\n  done_on: date 完成\n  hours: number 时数\n"         \
    "  kind: {is: choice, name: 类别, of: {a: 甲, b: 乙}}\n"
#define MEASURES                                                                                  \
    "measures:\n  done:\n    name: 完成\n    of: note\n    date: done_on\n    where: kind = a " \
    "and "                                                                                        \
    "hours > 2 and title = 'x'\n"

static const char *const plain[] = {"pack.yaml", PACK, "ledgers/note.yaml", LEDGER, NULL};
static const char *const counted[] = {
    "pack.yaml", PACK, "ledgers/note.yaml", LEDGER, "measures/m.yaml", MEASURES, NULL};

static bool are_right(TestOffice *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    bool are_right = false;
    office_indexes_are_right(reader, office_schema(fixture->office), &are_right, &error);
    g_assert_no_error(error);
    return are_right;
}

static GPtrArray *names(TestOffice *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    GPtrArray *names = store_index_names(reader, "ix_note_", &error);
    g_assert_no_error(error);
    return names;
}

static bool has(const GPtrArray *names, const char *name)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)names, name, g_str_equal, NULL);
}

static bool run(StoreConnection *connection, void *data, GError **error)
{
    return store_run_script(connection, data, error);
}

/* The indexes that lists name are there; a date that no measure counts by has none. */
static void test_named(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, plain);
    const SchemaLedger *note = schema_ledger(office_schema(fixture.office), "note");
    g_autoptr(GHashTable) indexes = office_indexes_of(note);
    g_autoptr(GPtrArray) there = names(&fixture);
    const char *opened = office_index_name(indexes, "opened", NULL);
    const char *state = office_index_name(indexes, "state", "opened");
    const char *date = office_index_name(indexes, "f_noted_on", NULL);
    const char *done = office_index_name(indexes, "f_done_on", NULL);
    g_assert_true(has(there, opened));
    g_assert_true(has(there, state));
    g_assert_true(has(there, date));
    g_assert_null(done);
    g_assert_cmpuint(there->len, ==, 4); /* and (due) */
    test_office_close(&fixture);
}

/* A measure alone changes what is indexed.  Its index leaves entries out, so no list may walk it.
 */
static void test_measure(const TestPlace *place)
{
    TestOffice fixture;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    test_office_open(&fixture, place, plain);
    for (size_t i = 0; counted[i] != NULL; i += 2) {
        g_ptr_array_add(files, schema_file_new(counted[i], counted[i + 1]));
    }
    office_pack_apply(fixture.office, files, NULL, &fixture.act, &error);
    g_assert_no_error(error);
    g_assert_true(are_right(&fixture));
    const SchemaLedger *note = schema_ledger(office_schema(fixture.office), "note");
    g_autoptr(GHashTable) indexes = office_indexes_of(note);
    g_autoptr(GPtrArray) there = names(&fixture);
    const char *done = office_index_name(indexes, "f_done_on", NULL);
    g_assert_cmpuint(there->len, ==, 5);
    g_assert_null(done);
    const SchemaCounted *by = g_ptr_array_index(note->counted, 0);
    g_assert_cmpstr(by->date->name, ==, "done_on");
    g_assert_cmpuint(by->fields->len, ==, 3);
    test_office_close(&fixture);
}

/* An office that has other indexes gets the right ones when it is opened for writing. */
static void test_renewed(const TestPlace *place)
{
    TestOffice fixture;
    g_autoptr(GError) error = NULL;
    test_office_open(&fixture, place, counted);
    const SchemaLedger *note = schema_ledger(office_schema(fixture.office), "note");
    g_autoptr(GHashTable) indexes = office_indexes_of(note);
    const char *date = office_index_name(indexes, "f_noted_on", NULL);
    g_autofree char *script = g_strdup_printf(
        "DROP INDEX \"%s\";\nCREATE INDEX \"ix_note_older\" ON \"ledger_note\" (\"f_hours\")",
        date);
    g_assert_true(are_right(&fixture));
    store_write(office_store(fixture.office), run, script, &error);
    g_assert_no_error(error);
    g_assert_false(are_right(&fixture));
    test_office_reopen(&fixture);
    g_assert_true(are_right(&fixture));
    g_autoptr(GPtrArray) there = names(&fixture);
    g_assert_true(has(there, date));
    g_assert_false(has(there, "ix_note_older"));
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/office/indexes/named", test_named);
    test_store_each("/office/indexes/measure", test_measure);
    test_store_each("/office/indexes/renewed", test_renewed);
    return g_test_run();
}
