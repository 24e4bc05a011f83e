#include "ledger/verify.h"

#include <glib/gstdio.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger-fixture.h"
#include "ledger/evidence.h"
#include "ledger/import.h"
#include "ledger/verify-office.h"
#include "office/key.h"
#include "office/pack.h"
#include "office/verify.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

#define INPUT(...) ledger_fixture_input(f, f->task, __VA_ARGS__, NULL)

static char *write_file(const TestPlace *place, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(place->folder, name, NULL);
    file_write(path, text, strlen(text), 0600, &error);
    g_assert_no_error(error);
    return path;
}

static void attach(LedgerFixture *f, const TestPlace *place, int64_t id, const char *field,
                   const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file(place, name, text);
    ledger_evidence_attach(f->office, f->base.console, &f->base.act, id, field, path, NULL, &error);
    g_assert_no_error(error);
}

/* Record an entry with something in every sort of field. */
static int64_t full(LedgerFixture *f)
{
    LedgerInput *input = INPUT("title", "修路灯", "came", "2023-11-13 09:00", "topics", "电、路",
                               "unit_of", "甲科", "head", "张三", "helpers", "张三、李四", "cost",
                               "5", "phone", "13900000000", "owner_name", "王\"五\"");
    Value row[] = {value_ref(f->zhang), value_number(2), value_text("上门")};
    ledger_input_add_row(input, schema_ledger_field(f->task, "visits"), row);
    Value again[] = {value_ref(f->li), VALUE_EMPTY, VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(f->task, "visits"), again);
    input->extra = g_strdup("{\"旧编号\":\"7\"}");
    return ledger_fixture_add(f, input);
}

/* An office in which everything has happened once. */
static void live(LedgerFixture *f, const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(f, place);
    int64_t other = ledger_fixture_task(f, "另一件");
    int64_t id = full(f);
    ledger_fixture_change(f, id, INPUT("about", "T2023-001"));
    test_office_wait(&f->base, HOUR_US);
    ledger_fixture_step(f, id, "begin", NULL);
    attach(f, place, id, "proof", "前.jpg", "before");
    attach(f, place, id, "proof", "后.jpg", "after");
    attach(f, place, id, "papers", "合同.txt", "contract");
    ledger_fixture_change(f, id, INPUT("cost", "6"));
    ledger_fixture_step(f, id, "answer", INPUT("reply", "好"));
    ledger_fixture_change(f, id, INPUT("begun_on", "2023-11-14", "topics", "水", "head", "李四"));
    ledger_entry_comment(f->office, f->base.console, &f->base.act, id, "好", &error);
    ledger_entry_look(f->office, f->base.console, &f->base.act, id, &error);
    ledger_entry_erase(f->office, f->base.console, &f->base.act, other, &error);
    g_assert_no_error(error);
    LogAct why = f->base.act;
    why.why = "重复";
    int64_t gone = ledger_fixture_task(f, "重复的");
    ledger_fixture_step(f, gone, "begin", NULL);
    ledger_entry_delete(f->office, f->base.console, &why, gone, 0, &error);
    ledger_fixture_add(
        f, ledger_fixture_input(f, f->note, "title", "便条", "task", "T2023-002", NULL));
    ledger_entry_erase(f->office, f->base.console, &f->base.act, id, &error);
    ledger_fixture_change(f, id, INPUT("phone", "13800000000"));
    g_assert_no_error(error);
}

/* Verify log and tables as they are. */
static LogReport *verify_tables(LedgerFixture *f)
{
    g_autoptr(GError) error = NULL;
    LogReport *report = log_report_new();
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autofree char *origin = office_key_origin(office_id(f->office));
    g_assert_true(log_verify(office_store(f->office), NULL, origin, office_public_key(f->office),
                             NULL, report, &error));
    g_assert_true(ledger_verify(f->office, reader, report, &error));
    g_assert_no_error(error);
    return report;
}

/* The same, after signing. */
static LogReport *verify(LedgerFixture *f)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(office_sign(f->office, &error));
    g_assert_no_error(error);
    return verify_tables(f);
}

static void check_sound(const LogReport *report)
{
    for (guint i = 0; i < report->findings->len; i++) {
        g_test_message("%s", ((LogFinding *)g_ptr_array_index(report->findings, i))->said->message);
    }
    g_assert_cmpint(report->n_findings, ==, 0);
    g_assert_cmpint(report->verdict, ==, LOG_SOUND);
}

static void test_a_lived_in_office_is_sound(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    g_autoptr(LogReport) report = verify(&f);
    check_sound(report);
    g_assert_cmpint(report->n_objects, ==, 4 + 3); /* entries, evidence */
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* What somebody does behind the log's back, and what is said of it. */
static const struct {
    const char *sql;
    LogVerdict verdict;
    const char *words;
} attacks[] = {
    {"UPDATE ledger_task SET f_cost = 700 WHERE f_cost = 600", LOG_ALTERED, "'cost' is not what"},
    {"UPDATE ledger_task SET f_day = 'x' WHERE f_day IS NULL", LOG_ALTERED, "'day' is not what"},
    {"UPDATE ledger_task SET f_phone = '' WHERE f_phone IS NULL", LOG_ALTERED, "'phone' is not"},
    {"UPDATE ledger_task SET f_reply = NULL", LOG_ALTERED, "(T2023-002): 'reply' is not what"},
    {"UPDATE ledger_task SET f_owner_name = '赵六'", LOG_ALTERED, "'owner_name' is not what"},
    {"UPDATE ledger_task SET state = 'closed' WHERE state = 'answered'", LOG_ALTERED, "'state'"},
    {"UPDATE ledger_task SET due = due + 1", LOG_ALTERED, "'due'"},
    {"UPDATE ledger_task SET stopped = NULL", LOG_ALTERED, "'stopped'"},
    {"UPDATE ledger_task SET stopped = 0 WHERE stopped IS NULL", LOG_ALTERED,
     "holds 0 or an empty"},
    {"UPDATE link SET choice = '' WHERE choice IS NULL", LOG_ALTERED, "holds 0 or an empty text"},
    {"UPDATE ledger_task SET owner = 'os:other'", LOG_ALTERED, "'owner'"},
    {"UPDATE ledger_task SET unit = 0", LOG_ALTERED, "'unit'"},
    {"UPDATE ledger_task SET added = added - 1", LOG_ALTERED, "'added'"},
    {"UPDATE ledger_task SET opened = opened - 1", LOG_ALTERED, "'opened'"},
    {"UPDATE ledger_task SET extra = '{}'", LOG_ALTERED, "'_extra'"},
    {"UPDATE ledger_task SET batch = 1", LOG_ALTERED, "do not belong together"},
    {"UPDATE entry SET title = '别的' WHERE gone IS NULL", LOG_ALTERED, "'title'"},
    {"UPDATE entry SET number = 'T2023-009' WHERE number = 'T2023-002'", LOG_ALTERED, "'number'"},
    {"UPDATE entry SET version = 1 WHERE number = 'T2023-002'", LOG_ALTERED, "'version'"},
    {"UPDATE entry SET changed = changed + 1 WHERE gone IS NULL", LOG_ALTERED, "'changed'"},
    {"UPDATE entry SET changed = changed + 1 WHERE gone IS NOT NULL", LOG_ALTERED, "'changed'"},
    {"UPDATE entry SET ledger = 'note' WHERE number = 'T2023-002'", LOG_MISSING,
     "has no row in its ledger's table"},
    {"UPDATE entry SET ledger = 'other' WHERE number = 'T2023-002'", LOG_ALTERED, "'ledger'"},
    {"UPDATE entry SET gone = 'deleted' WHERE number = 'T2023-002'", LOG_ALTERED, "'gone'"},
    {"UPDATE entry SET gone = 'undone' WHERE number = 'T2023-002'", LOG_ALTERED, "'gone'"},
    {"UPDATE entry SET gone = NULL WHERE number = 'T2023-003'", LOG_ALTERED, "'gone'"},
    {"UPDATE entry SET title = 'x' WHERE number = 'T2023-003'", LOG_ALTERED, "something of it"},
    {"INSERT INTO ledger_task (entry_id, state, owner, opened, stepped, added)"
     " SELECT id, 'fresh', 'os:x', 1, 1, 1 FROM entry WHERE number = 'T2023-003'",
     LOG_ALTERED, "(T2023-003) was taken out of the books, but something of it"},
    {"INSERT INTO link (entry_id, field, n, kind, target)"
     " SELECT id, 'head', 0, 'person', 1 FROM entry WHERE number = 'T2023-003'",
     LOG_ALTERED, "(T2023-003) was taken out of the books, but something of it"},
    {"INSERT INTO step (entry_id, n, ledger, name, from_state, to_state, happened, recorded, doer)"
     " SELECT id, 1, 'task', 'begin', 'fresh', 'running', 1, 1, 'os:x' FROM entry"
     " WHERE number = 'T2023-003'",
     LOG_ALTERED, "(T2023-003) was taken out of the books, but something of it"},
    {"DELETE FROM link", LOG_ALTERED, "(N01): the links of 'task'"},
    {"DELETE FROM entry WHERE number = 'T2023-002'", LOG_MISSING, "(T2023-002) is not there"},
    {"DELETE FROM ledger_task WHERE f_cost = 600", LOG_MISSING, "has no row in its ledger's table"},
    {"INSERT INTO entry (id, ledger, year, n, number, title, version, definition, batch, changed)"
     " VALUES (3, 'task', 2023, 77, 'T2023-077', '', 1, 1, 0, 1)",
     LOG_ALTERED, "entry 3 has no event that began it"},
    {"INSERT INTO entry (id, ledger, year, n, number, title, version, definition, batch, changed)"
     " VALUES (90000, 'task', 2023, 77, 'T2023-077', '', 1, 1, 0, 1)",
     LOG_ALTERED, "1 entry has an id that no event has"},
    {"INSERT INTO ledger_task (entry_id, state, owner, opened, stepped, added)"
     " VALUES (3, 'fresh', 'os:x', 1, 1, 1)",
     LOG_ALTERED, "table ledger_task has 1 row of no entry, the first of 3"},
    {"INSERT INTO ledger_task_visits (entry_id, row) VALUES (3, 0)", LOG_ALTERED,
     "ledger_task_visits has 1 row"},
    {"UPDATE ledger_task_visits SET f_hours = 9 WHERE row = 0", LOG_ALTERED, "'visits'"},
    {"UPDATE ledger_task_visits SET row = 7 WHERE row = 1", LOG_ALTERED, "do not belong together"},
    {"DELETE FROM ledger_task_visits WHERE row = 1", LOG_ALTERED, "'visits'"},
    {"UPDATE step SET happened = happened - 1 WHERE name = 'answer'", LOG_ALTERED,
     "(T2023-002): its steps are not what"},
    {"UPDATE step SET doer = 'os:other' WHERE name = 'answer'", LOG_ALTERED, "its steps"},
    {"UPDATE step SET due = NULL WHERE name = 'answer'", LOG_ALTERED, "its steps"},
    {"UPDATE step SET ledger = 'note' WHERE name = 'answer'", LOG_ALTERED, "belong together"},
    {"DELETE FROM step WHERE name = 'answer'", LOG_ALTERED, "its steps"},
    {"INSERT INTO step (entry_id, n, ledger, name, from_state, to_state, happened, recorded, doer)"
     " VALUES (3, 1, 'task', 'begin', 'fresh', 'running', 1, 1, 'os:x')",
     LOG_ALTERED, "table step has 1 row"},
    {"DELETE FROM link WHERE field = 'helpers' AND n = 1", LOG_ALTERED, "the links of 'helpers'"},
    {"DELETE FROM link WHERE field = 'head'", LOG_ALTERED, "the links of 'head'"},
    {"DELETE FROM link WHERE field = 'visits.who'", LOG_ALTERED, "the links of 'visits.who'"},
    {"UPDATE link SET choice = 'road' WHERE field = 'topics'", LOG_ALTERED, "links of 'topics'"},
    {"DELETE FROM link WHERE field = 'proof' AND n = 0", LOG_ALTERED, "the links of 'proof'"},
    {"DELETE FROM link WHERE field = 'papers'", LOG_ALTERED, "the links of 'papers'"},
    {"UPDATE link SET field = 'other' WHERE field = 'papers'", LOG_ALTERED, "links of 'other'"},
    {"UPDATE link SET entry_id = 3 WHERE field = 'papers'", LOG_ALTERED, "table link has 1 row"},
    {"UPDATE number_series SET last = 9", LOG_ALTERED, "the series stands at 9, given were 3"},
    {"DELETE FROM number_series", LOG_MISSING, "series of numbers of ledger"},
    {"UPDATE number_series SET last = 1 WHERE ledger = 'task'", LOG_ALTERED,
     "the series stands at 1, given were 3"},
    {"UPDATE entry SET n = 9 WHERE number = 'T2023-002'", LOG_ALTERED,
     "the series stands at 3, given were 3"},
    {"UPDATE evidence SET size = 9 WHERE size = 8", LOG_ALTERED, "was altered"},
    {"UPDATE evidence SET name = 'x.jpg'", LOG_ALTERED, "'name' is not what was logged"},
    {"UPDATE evidence SET sha256 = 'x' WHERE size = 8", LOG_ALTERED, "'sha256'"},
    {"DELETE FROM evidence WHERE size = 8", LOG_MISSING, "is missing"},
    {"UPDATE evidence SET sha256 = '" ZEROS "' WHERE size = 8", LOG_MISSING,
     "its file cannot be read"},
    {"UPDATE entry SET gone = 'undone' WHERE number = 'T2023-003'", LOG_ALTERED, "'gone'"},
    {"UPDATE entry SET gone = '' WHERE number = 'T2023-002'", LOG_ALTERED, "'gone'"},
    {"UPDATE entry SET gone = 'away' WHERE number = 'T2023-002'", LOG_ALTERED, "'gone'"},
    {"UPDATE ledger_task SET f_phone = '1' WHERE f_phone IS NULL", LOG_ALTERED, "'phone'"},
    {"INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
     " VALUES (3, 'task', 'x', 'x', 1, '', 'open')",
     LOG_ALTERED, "batch 3 has no event that began it"},
    {"INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
     " VALUES (3, 'task', 'x', 'x', 1, '2023:1-9223372036854775807 2023:1-9223372036854775807',"
     " 'open')",
     LOG_ALTERED, "batch 3 has no event that began it"},
};

static void check_said(const LogReport *report, LogVerdict verdict, const char *words)
{
    for (guint i = 0; i < report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(report->findings, i);
        if (finding->verdict == verdict && strstr(finding->said->message, words) != NULL) {
            return;
        }
    }
    for (guint i = 0; i < report->findings->len; i++) {
        g_test_message("%s", ((LogFinding *)g_ptr_array_index(report->findings, i))->said->message);
    }
    g_error("nothing is said of: %s", words);
}

/* The rows of every table, so that each attack begins from the same office. */
static void save_tables(LedgerFixture *f, bool is_back)
{
    static const char *const tables[] = {"entry", "ledger_task",   "ledger_task_visits", "step",
                                         "link",  "number_series", "evidence",           "batch"};
    g_autoptr(GString) script = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (is_back) {
            g_string_append_printf(script,
                                   "DELETE FROM %s;\nINSERT INTO %s SELECT * FROM kept_%s;\n",
                                   tables[i], tables[i], tables[i]);
        } else {
            g_string_append_printf(script, "CREATE TABLE kept_%s AS SELECT * FROM %s;\n", tables[i],
                                   tables[i]);
        }
    }
    test_store_script(office_store(f->office), script->str);
}

static void test_each_attack_is_named(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    save_tables(&f, false);
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
        g_test_message("%s", attacks[i].sql);
        ledger_fixture_tamper(&f, attacks[i].sql);
        g_autoptr(LogReport) report = verify(&f);
        g_assert_cmpint(report->verdict, >=, LOG_ALTERED);
        check_said(report, attacks[i].verdict, attacks[i].words);
        save_tables(&f, true);
    }
    g_autoptr(LogReport) report = verify(&f);
    g_assert_cmpint(report->n_findings, ==, 0);
}

#define ROWS                                                    \
    "  visits:\n"                                               \
    "    is: rows\n"                                            \
    "    name: 走访\n"                                        \
    "    fields:\n"                                             \
    "      who: {is: person, name: 走访人, required: yes}\n" \
    "      hours: {is: number, name: 小时, max: '24'}\n"      \
    "      remark: text 备注\n"

/* What a pack takes away is gone from the tables, and no field of that name takes it over. */
static void test_removed_lists_are_gone(const TestPlace *place)
{
    static const struct {
        const char *field, *text, *link;
    } fields[] = {
        {"visits", ROWS, "visits.who"},
        {"helpers", "  helpers: people 参加人\n", "helpers"},
        {"topics", "  topics: {is: choices, name: 主题, of: {water: 水, power: 电, road: 路}}\n",
         "topics"},
        {"papers", "  papers: file 附件\n", "papers"},
        {"head", "  head: person 负责人\n", "head"},
    };
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *allowed = g_strconcat("task.", fields[i].field, NULL);
        g_autofree char *left =
            g_strdup_printf("SELECT count(*) FROM link WHERE field = '%s'", fields[i].link);
        g_assert_cmpint(ledger_fixture_int(&f, left), >, 0);
        ledger_fixture_apply(&f, fields[i].text, "", allowed);
        g_assert_cmpint(ledger_fixture_int(&f, left), ==, 0);
        g_autoptr(LogReport) report = verify(&f);
        check_sound(report);
    }
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE field = 'proof'"), ==,
                    2);
}

/* Apply another pack; the office must stay sound. */
static void check_packed(LedgerFixture *f, const char *old, const char *new_text,
                         const char *allowed)
{
    g_test_message("'%s' becomes '%s'", old, new_text);
    ledger_fixture_apply(f, old, new_text, allowed);
    g_autoptr(LogReport) report = verify(f);
    check_sound(report);
}

/* A field that a pack took away and another brought again begins empty. */
static void test_a_field_that_comes_again_is_empty(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    int64_t corrected = full(&f);
    full(&f);
    check_packed(&f, "  helpers: people 参加人\n", "", "task.helpers");
    check_packed(&f, "  owner_name: {is: text, name: 联系人, personal: yes}\n", "",
                 "task.owner_name");
    check_packed(&f, "  cost: money 金额\n",
                 "  helpers: {is: choices, name: 参加人, of: {a: 甲, b: 乙}}\n"
                 "  owner_name: text 来电人\n"
                 "  cost: money 金额\n",
                 NULL);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM ledger_task WHERE f_owner_name IS NOT NULL"),
        ==, 0);
    ledger_fixture_change(
        &f, corrected,
        ledger_fixture_input(&f, f.task, "owner_name", "赵六", "helpers", "乙", NULL));
    g_autoptr(LogReport) report = verify(&f);
    check_sound(report);
    /* what the log has from before is not what is in force */
    ledger_fixture_tamper(&f, "UPDATE ledger_task SET f_owner_name = '王\"五\"'"
                              " WHERE f_owner_name IS NULL");
    g_autoptr(LogReport) altered = verify(&f);
    check_said(altered, LOG_ALTERED, "(T2023-002): 'owner_name' is not what was logged");
    check_said(altered, LOG_ALTERED, "(T2023-005): 'owner_name' is not what was logged");
}

/* Rows are logged by the order of their fields: others, fewer and more are still the same rows. */
static void test_rows_of_other_packs_are_sound(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    full(&f);
    check_packed(&f, "      hours: {", "      mood: text 情况\n      hours: {", NULL);
    check_packed(&f, "      remark: text 备注\n", "", "task.visits.remark");
    check_packed(&f, "      mood: text 情况\n", "      mood: text 情况\n      remark: text 备注\n",
                 NULL);
    Value row[] = {value_ref(f.zhang), value_text("好"), value_text("又来"), value_number(2)};
    LedgerInput *input = ledger_input_new(f.task);
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), row);
    ledger_fixture_change(&f, ledger_fixture_int(&f, "SELECT max(id) FROM entry"), input);
    check_packed(&f, "      who: {is: person, name: 走访人, required: yes}\n", "",
                 "task.visits.who");
    check_packed(&f, "      mood: text 情况\n",
                 "      who: {is: person, name: 走访人}\n      mood: text 情况\n", NULL);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE field = 'visits.who'"),
                    ==, 0);
    ledger_fixture_tamper(&f, "UPDATE ledger_task_visits SET f_remark = '上门' WHERE row = 0");
    g_autoptr(LogReport) altered = verify(&f);
    check_said(altered, LOG_ALTERED, "(T2023-002): 'visits' is not what was logged");
}

/* What was given to entries stays: their numbers, and their titles, of which the log tells. */
static void test_what_was_given_stays(const TestPlace *place)
{
    static const struct {
        const char *old, *new_text, *words;
    } changes[] = {
        {"number: T{year}-{n:3}", "number: T{year}/{n:3}", "has given numbers by"},
        {"opened: came\n", "opened: day\n", "has given numbers by"},
        {"title: title\nopened", "title: mark\nopened", "under the titles that 'title' gave them"},
    };
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    ledger_fixture_apply(&f, "  cost: money 金额\n", "  cost: money 金额\n  mark: text 标记\n",
                         NULL);
    /* freely, while there are no entries */
    ledger_fixture_apply(&f, changes[2].old, changes[2].new_text, "task.mark");
    ledger_fixture_apply(&f, changes[2].new_text, changes[2].old, NULL);
    ledger_fixture_task(&f, "修路灯");
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        const char *const allowed[] = {"task.mark", "task.day", NULL};
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) files =
            ledger_fixture_pack_with(&f, changes[i].old, changes[i].new_text);
        g_assert_false(office_pack_apply(f.office, files, allowed, &f.base.act, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_CONFLICT));
        g_assert_nonnull(strstr(error->message, changes[i].words));
    }
    g_autoptr(LogReport) report = verify(&f);
    check_sound(report);
}

typedef struct Writing {
    LedgerFixture *fixture;
    gint is_over; /* atomic */
} Writing;

static gpointer write_on(gpointer data)
{
    Writing *writing = data;
    while (g_atomic_int_get(&writing->is_over) == 0) {
        ledger_fixture_task(writing->fixture, "又一件");
    }
    return NULL;
}

/* Whoever writes meanwhile: what is looked at is one moment. */
static void test_an_office_that_is_written_is_sound(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    Writing writing = {.fixture = &f};
    GThread *writer = g_thread_new("writer", write_on, &writing);
    for (int i = 0; i < 10; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(LogReport) report = NULL;
        g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error));
        g_assert_no_error(error);
        g_assert_cmpint(report->verdict, <, LOG_ALTERED);
    }
    g_atomic_int_set(&writing.is_over, 1);
    g_thread_join(writer);
}

/* Entries that were never changed are compared in a shorter way, which must see as much. */
static void test_an_untouched_entry_is_compared_too(const TestPlace *place)
{
    static const char *const quiet[] = {
        "UPDATE ledger_task SET f_cost = 1 WHERE f_cost = 500",
        "UPDATE ledger_task SET f_title = '别的' WHERE f_cost = 500",
        "UPDATE ledger_task SET f_phone = NULL WHERE f_cost = 500",
        "UPDATE ledger_task SET f_place = '东' WHERE f_cost = 500",
        "UPDATE ledger_task SET state = 'running' WHERE f_cost = 500",
        "UPDATE ledger_task SET due_provisional = 1 WHERE f_cost = 500",
        "UPDATE ledger_task SET added = 1 WHERE f_cost = 500",
        "UPDATE ledger_task SET batch = 4 WHERE f_cost = 500",
        "UPDATE ledger_task SET extra = NULL WHERE f_cost = 500",
        "UPDATE ledger_task SET owner = 'a\"b' WHERE f_cost = 500",
        "UPDATE entry SET title = 'x'",
        "UPDATE entry SET changed = 1",
        "UPDATE entry SET due_first = 1",
        "UPDATE entry SET definition = 2",
        "UPDATE ledger_task_visits SET f_hours = 3 WHERE row = 0",
        "DELETE FROM ledger_task_visits",
        "UPDATE link SET target = target + 1 WHERE field = 'helpers' AND n = 1",
        "UPDATE link SET n = 7 WHERE field = 'helpers' AND n = 1",
        "UPDATE link SET kind = 'unit' WHERE field = 'head'",
        "UPDATE link SET target = 1 WHERE field = 'visits.who'",
        "DELETE FROM link WHERE field = 'topics'",
        "INSERT INTO link (entry_id, field, n, kind, target)"
        " SELECT min(id), 'proof', 0, 'evidence', 1 FROM entry",
        "INSERT INTO step (entry_id, n, ledger, name, from_state, to_state, happened, recorded,"
        " doer) SELECT min(id), 1, 'task', 'begin', 'fresh', 'fresh', 1, 1, 'os:x' FROM entry",
    };
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    full(&f);
    save_tables(&f, false);
    for (size_t i = 0; i < G_N_ELEMENTS(quiet); i++) {
        g_test_message("%s", quiet[i]);
        ledger_fixture_tamper(&f, quiet[i]);
        g_autoptr(LogReport) report = verify(&f);
        check_said(report, LOG_ALTERED, "(T2023-001)");
        save_tables(&f, true);
    }
    g_autoptr(LogReport) report = verify(&f);
    g_assert_cmpint(report->n_findings, ==, 0);
}

static void test_an_unreadable_event_is_told_of(const TestPlace *place)
{
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"UPDATE detail SET field_values = 'x'", "its line cannot be read"},
        {"UPDATE event SET line = 'x' WHERE kind = 'entry.change'", "its line cannot be read"},
        {"UPDATE event SET line = 'x' WHERE kind = 'entry.add'", "its line cannot be read"},
        {"DELETE FROM entry", "is not there"},
    };
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id = full(&f);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "place", "东", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        ledger_fixture_tamper(&f, cases[i].sql);
        g_autoptr(LogReport) report = verify_tables(&f);
        check_said(report, i < 3 ? LOG_ALTERED : LOG_MISSING, cases[i].words);
    }
}

/* An event that was made to move a step which the entry never had moves none. */
static void test_a_step_that_there_is_not_is_not_moved(const TestPlace *place)
{
    static const char *const numbers[] = {"0", "9"};
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id = full(&f);
    ledger_fixture_step(&f, id, "begin", NULL);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "begun_on", "2023-11-14", NULL));
    g_autoptr(LogReport) sound = verify(&f);
    check_sound(sound);
    const char *was = "1";
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *sql =
            g_strdup_printf("UPDATE event SET line = replace(line, '\"n\":%s}', '\"n\":%s}')"
                            " WHERE kind = 'entry.change'",
                            was, numbers[i]);
        ledger_fixture_tamper(&f, sql);
        g_autoptr(LogReport) report = verify_tables(&f);
        check_said(report, LOG_ALTERED, "(T2023-001): its steps are not what was logged");
        was = numbers[i];
    }
}

static void test_altered_and_missing_files_are_named(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    live(&f, place);
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash("before", strlen("before"), hash);
    g_autofree char *hex = text_to_hex(hash, sizeof hash);
    g_autofree char *path = ledger_evidence_path(f.office, hex);
    g_assert_true(file_write(path, "beforE", strlen("beforE"), 0600, &error));
    g_autoptr(LogReport) altered = verify(&f);
    check_said(altered, LOG_ALTERED, "was altered");
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_autoptr(LogReport) missing = verify(&f);
    check_said(missing, LOG_MISSING, "its file cannot be read");
}

static void test_an_entry_gone_without_a_batch_is_told_of(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    ledger_fixture_tamper(&f, "DELETE FROM link WHERE entry_id = (SELECT id FROM entry WHERE number"
                              " = 'N01'); DELETE FROM ledger_note;"
                              " UPDATE entry SET gone = 'undone', title = '' WHERE number = 'N01'");
    g_autoptr(LogReport) report = verify(&f);
    check_said(report, LOG_ALTERED, "(N01): 'gone' is not what was logged");
}

static void test_an_import_and_its_undoing_are_sound(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    g_autofree char *path = write_file(place, "rows.csv",
                                       "标题,收到时间,承办单位,主题,开工日,答复,办结时间,别的\n"
                                       "一,2023-11-01 09:00,甲科,水、电,2023-11-01,好,"
                                       "2023-11-03 10:00,x\n"
                                       "二,2022-11-02 09:00,乙科,,,,,\n"
                                       "三,2023-11-02 09:00,,,,好,2023-11-02 09:00,\n");
    g_autoptr(LedgerImport) import = ledger_import_plan(f.office, f.task, path, NULL, &error);
    g_assert_no_error(error);
    int64_t batch = 0;
    g_assert_true(ledger_import_run(f.office, f.base.console, &f.base.act, import, false, NULL,
                                    NULL, &batch, &error));
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM step"), ==, 3);
    g_autoptr(LogReport) done = verify(&f);
    g_assert_cmpint(done->verdict, ==, LOG_SOUND);
    static const char *const on_steps[] = {"n = 9",        "happened = 1",    "doer = 'os:x'",
                                           "recorded = 1", "due = 1",         "to_state = 'closed'",
                                           "name = 'x'",   "from_state = 'x'"};
    save_tables(&f, false);
    for (size_t i = 0; i < G_N_ELEMENTS(on_steps); i++) {
        g_autofree char *sql =
            g_strdup_printf("UPDATE step SET %s WHERE name = 'answer'", on_steps[i]);
        ledger_fixture_tamper(&f, sql);
        g_autoptr(LogReport) report = verify(&f);
        check_said(report, LOG_ALTERED, "its steps are not what was logged");
        save_tables(&f, true);
    }
    ledger_fixture_change(&f, ledger_fixture_int(&f, "SELECT max(id) FROM entry"),
                          ledger_fixture_input(&f, f.task, "place", "东", NULL));
    LogAct act = f.base.act;
    act.why = "导错了表";
    g_assert_true(ledger_import_undo(f.office, f.base.console, &act, batch, true, &error));
    g_assert_no_error(error);
    g_autoptr(LogReport) undone = verify(&f);
    g_assert_cmpint(undone->verdict, ==, LOG_SOUND);
    g_assert_cmpint(undone->n_objects, ==, 3 + 1); /* entries, the batch */
    g_auto(LedgerForgotten) forgotten = {0};
    g_assert_true(
        ledger_import_erase(f.office, f.base.console, &f.base.act, batch, &forgotten, &error));
    g_assert_cmpint(forgotten.n_entries, ==, 3);
    g_auto(LedgerForgotten) nothing = {0};
    g_assert_true(
        ledger_import_erase(f.office, f.base.console, &f.base.act, batch, &nothing, &error));
    g_assert_cmpint(nothing.n_entries, ==, 0); /* nothing is left to erase */
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM detail d JOIN event v"
                                           " ON v.seq = d.seq WHERE v.kind LIKE 'entry.%'"),
                    ==, 0);
    g_autoptr(LogReport) erased = verify(&f);
    g_assert_cmpint(erased->verdict, ==, LOG_SOUND);
    ledger_fixture_tamper(&f, "UPDATE entry SET number = 'T2023-009' WHERE n = 1");
    g_autoptr(LogReport) altered = verify(&f);
    check_said(altered, LOG_ALTERED, "'number' is not what was logged");
}

/* What a verification told of its progress. */
typedef struct Told {
    int64_t n_done;
    int64_t n_total;
    int stop_after; /* calls; 0: never */
    int n_calls;
} Told;

static bool note_progress(int64_t n_done, int64_t n_total, void *data)
{
    Told *told = data;
    g_assert_cmpint(n_done, >, told->n_done);
    told->n_done = n_done;
    told->n_total = n_total;
    return ++told->n_calls != told->stop_after;
}

static void test_progress(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    live(&f, place);
    Told told = {0};
    g_autoptr(LogReport) report = NULL;
    ledger_verify_office(f.office, NULL, NULL, note_progress, &told, &report, &error);
    g_assert_no_error(error);
    g_assert_cmpint(told.n_total, ==, 2 * report->n_events);
    g_assert_cmpint(told.n_done, ==, told.n_total);
    for (int i = 1; i <= told.n_calls; i++) {
        Told stopping = {.stop_after = i};
        LogReport *none = NULL;
        g_assert_false(
            ledger_verify_office(f.office, NULL, NULL, note_progress, &stopping, &none, &error));
        test_assert_error(error, CANCELLED, "the verification was stopped");
        g_clear_error(&error);
        g_assert_cmpint(stopping.n_calls, ==, i);
        g_assert_null(none);
    }
}

/* Figures are asked of the same names that verification reads: nothing may stand between.  On
 * SQLite tests/command/office.py does as much, to the file. */
static void test_tables_are_as_they_were_made(const TestPlace *place)
{
    static const struct {
        const char *alter, *back;
    } shapes[] = {
        {"ALTER TABLE ledger_task RENAME TO kept; CREATE VIEW ledger_task AS SELECT * FROM kept",
         "DROP VIEW ledger_task; ALTER TABLE kept RENAME TO ledger_task"},
        {"ALTER TABLE ledger_task ENABLE ROW LEVEL SECURITY",
         "ALTER TABLE ledger_task DISABLE ROW LEVEL SECURITY"},
        {"CREATE RULE r AS ON DELETE TO entry DO INSTEAD NOTHING", "DROP RULE r ON entry"},
        {"CREATE TABLE heir () INHERITS (ledger_task)", "DROP TABLE heir"},
        {"ALTER TABLE ledger_task ALTER COLUMN f_place TYPE varchar(200)",
         "ALTER TABLE ledger_task ALTER COLUMN f_place TYPE text COLLATE \"C\""},
        {"ALTER TABLE ledger_task ALTER COLUMN f_place TYPE text COLLATE \"und-x-icu\"",
         "ALTER TABLE ledger_task ALTER COLUMN f_place TYPE text COLLATE \"C\""},
        {"ALTER TABLE ledger_task ALTER COLUMN batch DROP NOT NULL",
         "ALTER TABLE ledger_task ALTER COLUMN batch SET NOT NULL"},
        {"ALTER TABLE ledger_task DROP CONSTRAINT ledger_task_pkey",
         "ALTER TABLE ledger_task ADD PRIMARY KEY (entry_id)"},
        {"DROP INDEX entry_number; CREATE INDEX entry_number ON entry (ledger, year, n)",
         "DROP INDEX entry_number; CREATE UNIQUE INDEX entry_number ON entry (ledger, year, n)"},
        {"ALTER TABLE setting DROP CONSTRAINT setting_name_key",
         "ALTER TABLE setting ADD UNIQUE (name)"},
    };
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    for (size_t i = 0; place->dialect == STORE_POSTGRES && i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(LogReport) report = NULL;
        ledger_fixture_tamper(&f, shapes[i].alter);
        ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error);
        g_assert_no_error(error);
        check_said(report, LOG_ALTERED, "not as this program makes it");
        ledger_fixture_tamper(&f, shapes[i].back);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = NULL;
    ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error);
    g_assert_no_error(error);
    g_assert_cmpint(report->verdict, <, LOG_ALTERED);
}

/* A column beside ours holds what nobody looks at, a key refuses rows; another index does neither.
 */
static void test_what_was_added_to_a_table_is_told(const TestPlace *place)
{
    static const struct {
        const char *add, *said;
    } added[] = {
        {"ALTER TABLE ledger_task ADD COLUMN evil {text}", "'ledger_task' has a column 'evil'"},
        {"ALTER TABLE event ADD COLUMN evil {text}", "'event' has a column 'evil'"},
        {"ALTER TABLE session ADD COLUMN evil {int}", "'session' has a column 'evil'"},
        {"CREATE UNIQUE INDEX evil ON entry (title, id)", "'entry' has a unique key 'title,id'"},
        {"CREATE UNIQUE INDEX evil_part ON entry (id, title) WHERE id < 0",
         "'entry' has a unique key 'id,title WHERE'"},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) before = NULL;
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    ledger_fixture_tamper(&f, "CREATE INDEX own ON entry (title)");
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &before, &error));
    g_assert_cmpint(before->verdict, <, LOG_ALTERED);
    for (size_t i = 0; i < G_N_ELEMENTS(added); i++) {
        ledger_fixture_tamper(&f, added[i].add);
    }
    g_autoptr(LogReport) report = NULL;
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error));
    g_assert_cmpint(report->n_findings, ==, before->n_findings + (int)G_N_ELEMENTS(added));
    for (size_t i = 0; i < G_N_ELEMENTS(added); i++) {
        check_said(report, LOG_ALTERED, added[i].said);
    }
}

/* What is wrong with the structure hides nothing of what is wrong with the rows. */
static void test_a_fault_of_structure_is_one_of_many(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = NULL;
    g_autoptr(LogReport) torn = NULL;
    g_auto(LedgerFixture) f = {0};
    live(&f, place);
    ledger_fixture_tamper(&f, "DROP INDEX event_object; DROP INDEX link_target;"
                              " UPDATE entry SET title = '伪' WHERE number = 'T2023-001'");
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error));
    check_said(report, LOG_ALTERED, "'event_object' is missing; the next command that writes");
    check_said(report, LOG_ALTERED, "'link_target' is missing");
    check_said(report, LOG_ALTERED, "'title' is not what was logged");
    g_assert_cmpint(report->n_objects, >, 0);
    ledger_fixture_tamper(&f, "DROP TABLE step");
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &torn, &error));
    check_said(torn, LOG_ALTERED, "the table 'step' is missing");
    check_said(torn, LOG_ALTERED, "'link_target' is missing");
    g_assert_cmpint(torn->n_events, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/verify/a-lived-in-office-is-sound", test_a_lived_in_office_is_sound);
    test_store_each("/ledger/verify/each-attack-is-named", test_each_attack_is_named);
    test_store_each("/ledger/verify/an-untouched-entry-is-compared-too",
                    test_an_untouched_entry_is_compared_too);
    test_store_each("/ledger/verify/an-unreadable-event-is-told-of",
                    test_an_unreadable_event_is_told_of);
    test_store_each("/ledger/verify/altered-and-missing-files-are-named",
                    test_altered_and_missing_files_are_named);
    test_store_each("/ledger/verify/an-entry-gone-without-a-batch-is-told-of",
                    test_an_entry_gone_without_a_batch_is_told_of);
    test_store_each("/ledger/verify/an-office-that-is-written-is-sound",
                    test_an_office_that_is_written_is_sound);
    test_store_each("/ledger/verify/an-import-and-its-undoing-are-sound",
                    test_an_import_and_its_undoing_are_sound);
    test_store_each("/ledger/verify/tables-are-as-they-were-made",
                    test_tables_are_as_they_were_made);
    test_store_each("/ledger/verify/a-step-that-there-is-not-is-not-moved",
                    test_a_step_that_there_is_not_is_not_moved);
    test_store_each("/ledger/verify/removed-lists-are-gone", test_removed_lists_are_gone);
    test_store_each("/ledger/verify/a-field-that-comes-again-is-empty",
                    test_a_field_that_comes_again_is_empty);
    test_store_each("/ledger/verify/rows-of-other-packs-are-sound",
                    test_rows_of_other_packs_are_sound);
    test_store_each("/ledger/verify/what-was-given-stays", test_what_was_given_stays);
    test_store_each("/ledger/verify/progress", test_progress);
    test_store_each("/ledger/verify/what-was-added-to-a-table-is-told",
                    test_what_was_added_to_a_table_is_told);
    test_store_each("/ledger/verify/a-fault-of-structure-is-one-of-many",
                    test_a_fault_of_structure_is_one_of_many);
    return g_test_run();
}
