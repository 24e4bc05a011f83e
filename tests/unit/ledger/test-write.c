#include "ledger/verify-office.h"
#include "ledger-fixture.h"

#include "ledger/evaluate.h"
#include "ledger/event.h"
#include "ledger/use.h"
#include "log/history.h"

/* Check that a call failed with @code and @words, and clear the error. */
#define REFUSED(call, code, words)                  \
    do {                                            \
        g_autoptr(GError) refused_ = NULL;          \
        GError **error_ = &refused_;                \
        g_assert_false(call);                       \
        test_assert_error(refused_, code, (words)); \
    } while (0)

/* Open a fixture that closes itself. */
static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define FIXTURE(f)                 \
    g_auto(LedgerFixture) f = {0}; \
    ledger_fixture_open(&(f), place)

static int64_t count_events(LedgerFixture *f)
{
    return ledger_fixture_int(f, "SELECT count(*) FROM event");
}

static bool add(LedgerFixture *f, const RightsSubject *subject, LedgerInput *input, GError **error)
{
    LogAct act = {.actor = subject->actor};
    bool is_ok = ledger_entry_add(f->office, subject, &act, input, 0, NULL, error);
    ledger_input_free(input);
    return is_ok;
}

static bool change_as(LedgerFixture *f, const RightsSubject *subject, const char *why, int64_t id,
                      LedgerInput *input, GError **error)
{
    LogAct act = {.actor = subject->actor, .why = why};
    bool is_ok = ledger_entry_change(f->office, subject, &act, id, 0, input, NULL, error);
    ledger_input_free(input);
    return is_ok;
}

static bool change(LedgerFixture *f, int64_t id, LedgerInput *input, GError **error)
{
    return change_as(f, f->base.console, "核对后更正", id, input, error);
}

static bool step_as(LedgerFixture *f, const RightsSubject *subject, int64_t id, const char *step,
                    int64_t happened_us, LedgerInput *input, GError **error)
{
    LogAct act = {.actor = subject->actor};
    bool is_ok =
        ledger_entry_step(f->office, subject, &act, id, 0, step, happened_us, input, NULL, error);
    ledger_input_free(input);
    return is_ok;
}

static bool step(LedgerFixture *f, int64_t id, const char *name, int64_t happened_us,
                 LedgerInput *input, GError **error)
{
    return step_as(f, f->base.console, id, name, happened_us, input, error);
}

#define INPUT(...) ledger_fixture_input(&f, f.task, __VA_ARGS__, NULL)

/* ---- a life ------------------------------------------------------------------------------------
 */

static LedgerInput *full_input(LedgerFixture *fixture, int64_t other)
{
    g_autofree char *about = g_strdup_printf("#%lld", (long long)other);
    LedgerInput *input = ledger_fixture_input(
        fixture, fixture->task, "title", "修路灯", "came", "2023-11-13 09:00", "kind", "小事",
        "topics", "电、路", "unit_of", "甲科", "head", "张三", "helpers", "张三、李四", "about",
        about, "cost", "1,200.50元", "count", "3", "urgent", "否", "day", "2023-11-12", "span",
        "2023Q4", "place", "城关镇", "owner_name", "王五", "phone", "13900000000", NULL);
    const SchemaField *visits = schema_ledger_field(fixture->task, "visits");
    Value first[] = {value_ref(fixture->zhang), value_number(2), value_text("上门")};
    Value second[] = {value_ref(fixture->li), VALUE_EMPTY, VALUE_EMPTY};
    ledger_input_add_row(input, visits, first);
    ledger_input_add_row(input, visits, second);
    input->extra = g_strdup("{\"旧编号\":\"7\"}");
    return input;
}

static void test_what_was_recorded_is_loaded(const TestPlace *place)
{
    FIXTURE(f);
    int64_t other = ledger_fixture_task(&f, "另一件");
    int64_t id = ledger_fixture_add(&f, full_input(&f, other));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    static const char *const expected[][2] = {
        {"title", "修路灯"},
        {"came", "2023-11-13 09:00"},
        {"kind", "小事"},
        {"topics", "电、路"},
        {"unit_of", "甲科"},
        {"head", "张三"},
        {"helpers", "张三、李四"},
        {"about", "T2023-001"},
        {"cost", "1200.50"},
        {"count", "3"},
        {"urgent", "否"},
        {"day", "2023-11-12"},
        {"span", "2023年第四季度"},
        {"place", "城关镇"},
        {"owner_name", "王五"},
        {"phone", "13900000000"},
        {"reply", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *text = ledger_fixture_text(&f, entry, expected[i][0]);
        g_assert_cmpstr(text, ==, expected[i][1]);
    }
    g_assert_cmpstr(entry->number, ==, "T2023-002");
    g_assert_cmpstr(entry->title, ==, "修路灯");
    g_assert_cmpstr(entry->state, ==, "fresh");
    g_assert_cmpstr(entry->owner, ==, "os:test");
    g_assert_cmpstr(entry->extra, ==, "{\"旧编号\":\"7\"}");
    g_assert_cmpint(entry->unit, ==, f.unit_a);
    g_assert_cmpint(entry->version, ==, 1);
    g_assert_cmpint(entry->definition, ==, office_definition(f.office, f.task));
    const LedgerRows *rows = entry->rows[schema_ledger_field(f.task, "visits")->position];
    g_assert_cmpint(rows->rows->len, ==, 2);
    const Value *second = g_ptr_array_index(rows->rows, 1);
    g_assert_cmpint(second[0].number, ==, f.li);
    g_assert_true(value_is_empty(&second[1]));
    /* Found by number; its uses are known both ways. */
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) found = ledger_entry_find(f.office, reader, "T2023-002", &error);
    g_assert_no_error(error);
    g_assert_cmpint(found->id, ==, id);
    int64_t n_more = 0;
    g_autoptr(GPtrArray) uses =
        ledger_uses_of(f.office, reader, f.base.console, other, &n_more, &error);
    g_assert_cmpint(uses->len, ==, 1);
    const LedgerUse *use = g_ptr_array_index(uses, 0);
    g_assert_cmpstr(use->number, ==, "T2023-002");
    g_assert_cmpstr(use->field, ==, "about");
    g_autoptr(GPtrArray) of_zhang =
        ledger_uses_of(f.office, reader, f.base.console, f.zhang, &n_more, &error);
    g_assert_cmpint(of_zhang->len, ==, 3); /* head, helpers, visits.who */
}

static void test_a_copy_is_its_own(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, full_input(&f, ledger_fixture_task(&f, "另一件")));
    LedgerEntry *entry = ledger_fixture_load(&f, id);
    g_autoptr(LedgerEntry) copy = ledger_entry_dup(entry);
    const LedgerTable *table = ledger_table(f.task);
    g_autofree char *same = ledger_event_data(entry, copy, NULL, NULL);
    g_assert_cmpstr(same, ==, "{}");
    for (guint i = 0; i < f.task->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(table->sorted, i);
        g_autofree char *was = ledger_event_field(entry, field);
        g_autofree char *is = ledger_event_field(copy, field);
        g_assert_cmpstr(was, ==, is);
    }
    ledger_entry_free(entry);
    g_assert_cmpstr(copy->title, ==, "修路灯");
    g_assert_cmpstr(copy->extra, ==, "{\"旧编号\":\"7\"}");
}

static void test_a_life(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, full_input(&f, ledger_fixture_task(&f, "另一件")));
    test_office_wait(&f.base, HOUR_US);
    ledger_fixture_change(&f, id, INPUT("title", "修好路灯", "kind", "", "topics", "水"));
    ledger_fixture_step(&f, id, "begin", NULL);
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "已修"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpstr(entry->title, ==, "修好路灯");
    g_assert_cmpstr(entry->state, ==, "answered");
    g_assert_cmpint(entry->version, ==, 4);
    g_assert_cmpint(entry->stopped_us, ==, TEST_OFFICE_NOW_US + HOUR_US);
    g_autofree char *topics = ledger_fixture_text(&f, entry, "topics");
    g_autofree char *kind = ledger_fixture_text(&f, entry, "kind");
    g_autofree char *begun = ledger_fixture_text(&f, entry, "begun_on");
    g_assert_cmpstr(topics, ==, "水");
    g_assert_cmpstr(kind, ==, "");
    g_assert_cmpstr(begun, ==, "2023-11-15");
    g_assert_cmpint(entry->rows[schema_ledger_field(f.task, "visits")->position]->rows->len, ==, 2);
    g_autoptr(GError) error = NULL;
    g_assert_true(
        ledger_entry_comment(f.office, f.base.console, &f.base.act, id, "等回访", &error));
    g_assert_true(ledger_entry_look(f.office, f.base.console, &f.base.act, id, &error));
    LogAct why = f.base.act;
    why.why = "重复登记";
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, id, 4, &error));
    g_assert_no_error(error);
    g_autoptr(LedgerEntry) gone = ledger_fixture_load(&f, id);
    g_assert_cmpstr(gone->gone, ==, "deleted");
    g_assert_cmpstr(gone->number, ==, "T2023-002");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM ledger_task"), ==, 1);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM step"), ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM ledger_task_visits"), ==, 0);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) events = log_history(reader, id, &error);
    static const char *const kinds[] = {"entry.add",   "entry.change",  "entry.step",
                                        "entry.step",  "entry.comment", "entry.look",
                                        "entry.delete"};
    g_assert_cmpint(events->len, ==, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        g_assert_cmpstr(event->kind, ==, kinds[i]);
    }
}

static void test_numbers_have_no_gaps(const TestPlace *place)
{
    FIXTURE(f);
    for (int i = 0; i < 3; i++) {
        ledger_fixture_task(&f, "一");
        REFUSED(add(&f, f.base.console, INPUT("came", "2023-11-13 09:00"), error_), INVALID,
                "标题");
        ledger_fixture_add(&f, INPUT("title", "旧", "came", "2022-01-01 08:00"));
        ledger_fixture_add(&f, ledger_fixture_input(&f, f.note, "title", "便条", NULL));
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    static const char *const numbers[] = {"T2023-001", "T2023-002", "T2023-003", "T2022-001",
                                          "T2022-003", "N01",       "N03"};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(LedgerEntry) entry = ledger_entry_find(f.office, reader, numbers[i], &error);
        g_assert_no_error(error);
        g_assert_cmpstr(entry->number, ==, numbers[i]);
    }
    REFUSED(ledger_entry_find(f.office, reader, "T2023-004", error_), NOT_FOUND, "T2023-004");
    REFUSED(ledger_entry_find(f.office, reader, "?", error_), NOT_FOUND, "'?'");
    REFUSED(ledger_entry_load(f.office, reader, 99999, error_), NOT_FOUND, "99999");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT sum(last) FROM number_series"), ==, 9);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void test_an_opening_without_a_field_is_told_of_in_chinese(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerInput) input = ledger_fixture_input(&f, f.note, "title", "x", NULL);
    int64_t later_us = TEST_OFFICE_NOW_US + 3 * DAY_US;
    ledger_entry_add(f.office, f.base.console, &f.base.act, input, later_us, NULL, &error);
    test_assert_error(error, INVALID, "'opened' lies in the future");
    g_autofree char *told = error_to_text(error, "zh");
    g_assert_nonnull(strstr(told, "“开始”"));
}

static void test_what_is_being_imported_is_no_target(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    g_autofree char *mark = g_strdup_printf("#%lld", (long long)id);
    LedgerInput *early =
        INPUT("title", "二", "came", "2023-11-13 09:00", "unit_of", "甲科", "about", mark);
    ledger_fixture_tamper(&f, "INSERT INTO batch (id, ledger, name, sha256, n_rows, numbers, state)"
                              " VALUES (999, 'task', 'x', 'x', 1, '', 'open')");
    ledger_fixture_tamper(&f, "UPDATE entry SET batch = 999 WHERE number = 'T2023-001'");
    REFUSED(add(&f, f.base.console, early, error_), INVALID, "there is no #");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    const SchemaField *about = schema_ledger_field(f.task, "about");
    int64_t found = 0;
    REFUSED(ledger_names_find(names, about, mark, &found, error_), NOT_FOUND, "there is no #");
}

static void test_recording_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t before = count_events(&f);
    const RightsSubject *console = f.base.console;
    REFUSED(add(&f, console, INPUT("came", "2023-11-13 09:00"), error_), INVALID,
            "'标题' must be filled in");
    REFUSED(add(&f, console, INPUT("title", "x"), error_), INVALID, "'收到时间' must be filled in");
    REFUSED(add(&f, console, INPUT("title", "x", "came", "2023-11-16 09:00"), error_), INVALID,
            "'收到时间' lies in the future");
    REFUSED(add(&f, console, INPUT("title", "x", "came", "1948-12-30 23:59"), error_), INVALID,
            "'收到时间' lies before 1949");
    REFUSED(
        add(&f, console, INPUT("title", "x", "came", "2023-11-13 09:00", "reply", "好"), error_),
        INVALID, "'答复' comes with the step '答复'");
    LedgerInput *input = INPUT("title", "x", "came", "2023-11-13 09:00");
    Value row[] = {VALUE_EMPTY, value_number(1), VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), row);
    REFUSED(add(&f, console, input, error_), INVALID, "'走访', row 1: '走访人' must be filled in");
    input = INPUT("title", "x", "came", "2023-11-13 09:00");
    Value long_row[] = {value_ref(f.zhang), value_number(25), VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), long_row);
    REFUSED(add(&f, console, input, error_), INVALID, "more than 24");
    input = INPUT("title", "x", "came", "2023-11-13 09:00");
    ledger_input_set(input, schema_ledger_field(f.task, "count"), value_number(1001));
    REFUSED(add(&f, console, input, error_), INVALID, "'人数'");
    static const char *const references[] = {"unit_of", "head", "about"};
    for (size_t i = 0; i < G_N_ELEMENTS(references); i++) {
        input = INPUT("title", "x", "came", "2023-11-13 09:00");
        ledger_input_set(input, schema_ledger_field(f.task, references[i]), value_ref(77777));
        REFUSED(add(&f, console, input, error_), INVALID, "there is no #77777");
    }
    input = INPUT("title", "x", "came", "2023-11-13 09:00");
    Value stray[] = {value_ref(77777), VALUE_EMPTY, VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), stray);
    REFUSED(add(&f, console, input, error_), INVALID, "'走访人': there is no #77777");
    input = INPUT("title", "x", "came", "2023-11-13 09:00");
    Value list = VALUE_EMPTY;
    value_list_append(&list, value_ref(f.zhang));
    value_list_append(&list, value_ref(77777));
    ledger_input_set(input, schema_ledger_field(f.task, "helpers"), list);
    REFUSED(add(&f, console, input, error_), INVALID, "there is no #77777");
    g_autoptr(RightsSubject) clerk_b = ledger_fixture_subject("account:9", RIGHTS_CLERK, f.unit_b);
    REFUSED(add(&f, clerk_b, INPUT("title", "x", "came", "2023-11-13 09:00", "unit_of", "甲科"),
                error_),
            FORBIDDEN, "a unit that your role reaches");
    g_assert_cmpint(count_events(&f), ==, before);
    g_autoptr(GError) error = NULL;
    g_assert_true(add(&f, clerk_b,
                      INPUT("title", "x", "came", "2023-11-13 09:00", "unit_of", "乙科"), &error));
    /* A ledger without a unit field takes the recorder's. */
    g_assert_true(
        add(&f, clerk_b, ledger_fixture_input(&f, f.note, "title", "便条", NULL), &error));
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT unit FROM ledger_note"), ==, f.unit_b);
}

/* The fields of a form lie in the order of the pack that it was read by. */
static void test_what_was_read_by_another_pack_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    LedgerInput *form = INPUT("title", "二", "came", "2023-11-13 09:00");
    LedgerInput *correction = INPUT("place", "甲街");
    LedgerInput *reply = INPUT("reply", "好");
    ledger_fixture_apply(&f, "  came:", "  earlier: text 之前\n  came:", NULL);
    int64_t before = count_events(&f);
    REFUSED(add(&f, f.base.console, form, error_), CONFLICT, "another pack was applied");
    REFUSED(change(&f, id, correction, error_), CONFLICT, "another pack was applied");
    REFUSED(step_as(&f, f.base.console, id, "begin", 0, reply, error_), CONFLICT,
            "another pack was applied");
    g_assert_cmpint(count_events(&f), ==, before);
    g_autoptr(GError) error = NULL;
    g_assert_true(
        add(&f, f.base.console, INPUT("title", "二", "came", "2023-11-13 09:00"), &error));
}

static void test_corrections_are_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    int64_t before = count_events(&f);
    REFUSED(change(&f, 99999, INPUT("title", "二"), error_), NOT_FOUND, "99999");
    REFUSED(change(&f, id, INPUT("title", ""), error_), INVALID, "'标题' must be filled in");
    REFUSED(change(&f, id, INPUT("came", ""), error_), INVALID, "'收到时间' must be filled in");
    REFUSED(change(&f, id, INPUT("came", "2024-01-01 00:00"), error_), INVALID, "in the future");
    REFUSED(change(&f, id, INPUT("came", "1023-11-14 00:00"), error_), INVALID, "before 1949");
    REFUSED(change(&f, id, INPUT("reply", "好"), error_), INVALID, "which is not done");
    LedgerInput *input = ledger_input_new(f.task);
    ledger_input_set(input, schema_ledger_field(f.task, "about"), value_ref(77777));
    REFUSED(change(&f, id, input, error_), INVALID, "there is no #77777");
    g_autoptr(GError) error = NULL;
    g_assert_true(change(&f, id, INPUT("title", "一"), &error)); /* changes nothing: no event */
    g_assert_cmpint(count_events(&f), ==, before);
    ledger_fixture_step(&f, id, "begin", NULL);
    REFUSED(change(&f, id, INPUT("came", "2023-11-15 06:00"), error_), INVALID,
            "'收到时间' is later than the step '开工'");
    REFUSED(change(&f, id, INPUT("begun_on", ""), error_), INVALID, "cannot be emptied");
    REFUSED(change(&f, id, INPUT("begun_on", "2023-11-12"), error_), INVALID,
            "before what it followed");
    REFUSED(change(&f, id, INPUT("begun_on", "2023-11-16"), error_), INVALID, "in the future");
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:8", RIGHTS_STAFF, f.unit_a);
    LogAct act = {.actor = "account:8"};
    g_autoptr(LedgerInput) other = INPUT("title", "二");
    g_autoptr(LedgerEntry) current = NULL;
    REFUSED(ledger_entry_change(f.office, staff, &act, id, 1, other, &current, error_), FORBIDDEN,
            "correct entries");
    g_assert_null(current); /* who may not change it is not shown it either */
}

static void test_a_corrected_time_moves_its_step(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_step(&f, id, "begin", NULL);
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好"));
    ledger_fixture_change(&f, id, INPUT("begun_on", "2023-11-13"));
    ledger_fixture_change(&f, id, INPUT("done_at", "2023-11-13")); /* as above */
    ledger_fixture_change(&f, id, INPUT("done_at", "2023-11-14 10:00"));
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) steps = ledger_entry_steps(reader, id, &error);
    const LedgerStep *begin = g_ptr_array_index(steps, 0);
    const LedgerStep *answer = g_ptr_array_index(steps, 1);
    int64_t came = 0, done = 0;
    g_assert_true(date_parse_time("2023-11-13 09:00", DATE_SECONDS_SHANGHAI, &came));
    g_assert_true(date_parse_time("2023-11-14 10:00", DATE_SECONDS_SHANGHAI, &done));
    g_assert_cmpint(begin->happened_us, ==,
                    came); /* its day alone is known, not before the entry */
    g_assert_cmpint(answer->happened_us, ==, done);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpint(entry->stopped_us, ==, done);
    g_assert_cmpint(entry->stepped_us, ==, done);
    REFUSED(change(&f, id, INPUT("done_at", "2023-11-12 10:00"), error_), INVALID,
            "before what it followed");
    REFUSED(change(&f, id, INPUT("begun_on", "2023-11-15"), error_), INVALID,
            "after what followed it");
}

static void test_what_a_step_brought_is_corrected_by_who_may_do_it(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:8", RIGHTS_HEAD, f.unit_a);
    g_autoptr(RightsSubject) other = ledger_fixture_subject("account:9", RIGHTS_HEAD, f.unit_a);
    g_autoptr(RightsSubject) secretary =
        ledger_fixture_subject("account:10", RIGHTS_SECRETARY, f.unit_b);
    g_assert_true(step_as(&f, head, id, "answer", 0, INPUT("reply", "好"), &error));
    g_assert_no_error(error);
    int64_t before = count_events(&f);
    REFUSED(change_as(&f, secretary, "x", id, INPUT("done_at", "2023-11-14 10:00"), error_),
            FORBIDDEN, "may not do the step '答复'");
    REFUSED(change_as(&f, secretary, "x", id, INPUT("reply", "很好"), error_), FORBIDDEN,
            "may not do the step '答复'");
    REFUSED(change_as(&f, other, "x", id, INPUT("reply", ""), error_), INVALID,
            "asked for '答复'; it cannot be emptied");
    g_assert_cmpint(count_events(&f), ==, before);
    g_assert_true(
        change_as(&f, secretary, "标题有误", id, INPUT("title", "二", "reply", "好"), &error));
    g_assert_true(change_as(&f, other, "写错了", id, INPUT("reply", "很好"), &error));
    g_assert_no_error(error);
}

static void test_to_overwrite_after_a_step_needs_a_reason(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    RightsSubject *console = f.base.console;
    g_assert_true(change_as(&f, console, NULL, id, INPUT("title", "二"), &error));
    ledger_fixture_step(&f, id, "begin", NULL);
    int64_t before = count_events(&f);
    REFUSED(change_as(&f, console, NULL, id, INPUT("title", "三"), error_), INVALID,
            "a reason is needed to overwrite '标题', as the step '开工' is done");
    REFUSED(change_as(&f, console, " ", id, INPUT("came", "2023-11-13 08:00"), error_), INVALID,
            "a reason is needed to overwrite '收到时间'");
    g_assert_cmpint(count_events(&f), ==, before);
    g_assert_true(change_as(&f, console, "", id, INPUT("place", "城关镇"), &error)); /* was empty */
    g_assert_true(change_as(&f, console, "写错了", id, INPUT("title", "三"), &error));
    g_assert_no_error(error);
}

/* Nobody gives an entry to a unit where they could not go on with it. */
static void test_an_entry_stays_where_its_writer_may_write(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:8", RIGHTS_CLERK, f.unit_a);
    ledger_fixture_change(&f, id, INPUT("unit_of", "甲科"));
    REFUSED(change_as(&f, clerk, "x", id, INPUT("unit_of", "乙科"), error_), FORBIDDEN,
            "a unit that your role reaches");
    LogAct act = {.actor = clerk->actor};
    int64_t own = 0;
    g_autoptr(LedgerInput) input = INPUT("title", "三", "came", "2023-11-13 09:00");
    g_assert_true(ledger_entry_add(f.office, clerk, &act, input, 0, &own, &error));
    g_assert_no_error(error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, own);
    g_assert_cmpint(entry->unit, ==, f.unit_a);
    g_assert_cmpint(entry->values[f.task->unit->position].number, ==, f.unit_a);
}

static void test_conflict_gives_both_versions(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_change(&f, id, INPUT("title", "二"));
    g_autoptr(LedgerInput) mine = INPUT("title", "三");
    g_autoptr(LedgerEntry) current = NULL;
    REFUSED(
        ledger_entry_change(f.office, f.base.console, &f.base.act, id, 1, mine, &current, error_),
        CONFLICT, "it is version 2 now, you saw 1");
    g_assert_cmpstr(current->title, ==, "二");
    g_assert_cmpint(current->version, ==, 2);
    REFUSED(ledger_entry_step(f.office, f.base.console, &f.base.act, id, 1, "begin", 0, NULL, NULL,
                              error_),
            CONFLICT, "version 2");
    LogAct why = {.actor = "os:test", .why = "错"};
    REFUSED(ledger_entry_delete(f.office, f.base.console, &why, id, 1, error_), CONFLICT, "T2023-");
}

/* ---- steps -------------------------------------------------------------------------------------
 */

static void test_steps_are_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    REFUSED(step(&f, id, "anser", 0, NULL, error_), INVALID, "did you mean 'answer'");
    REFUSED(step(&f, id, "close", 0, NULL, error_), INVALID,
            "step '办结' cannot be done while 'T2023-001' is '待办'");
    REFUSED(step(&f, id, "answer", 0, NULL, error_), INVALID, "step '答复' needs '答复'");
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "again", "再"), error_), INVALID,
            "'重办要求' does not come with the step '答复'; correct it by itself");
    /* Neither what is there already, nor what moves the deadline, nor what is personal. */
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "title", "二"), error_), INVALID,
            "'标题' does not come with the step '答复'");
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "kind", "大事"), error_), INVALID,
            "'类别' does not come with the step '答复'");
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "phone", "13900000000"), error_),
            INVALID, "'电话' does not come with the step '答复'");
    REFUSED(step(&f, id, "answer", TEST_OFFICE_NOW_US + 1, INPUT("reply", "好"), error_), INVALID,
            "in the future");
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "done_at", "2023-11-13 08:59"), error_),
            INVALID, "before the entry began");
    REFUSED(step(&f, id, "begin", 0, INPUT("begun_on", "2023-11-12"), error_), INVALID,
            "before the entry began");
    ledger_fixture_step(&f, id, "begin", INPUT("begun_on", "2023-11-14"));
    REFUSED(step(&f, id, "answer", 0, INPUT("reply", "好", "done_at", "2023-11-13 10:00"), error_),
            INVALID, "before the step before it");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    REFUSED(step_as(&f, supervisor, id, "answer", 0, INPUT("reply", "好"), error_), FORBIDDEN,
            "you may not do the step '答复'");
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:8", RIGHTS_STAFF, f.unit_a);
    REFUSED(step_as(&f, staff, id, "answer", 0, INPUT("reply", "好"), error_), FORBIDDEN,
            "do steps");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM step"), ==, 1);
}

static void test_who_answered_does_not_close(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    ledger_fixture_change(&f, id, INPUT("cost", "5"));
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好"));
    REFUSED(step(&f, id, "close", 0, INPUT("verdict", "属实"), error_), FORBIDDEN,
            "is for another person");
    REFUSED(step(&f, id, "return", 0, INPUT("again", "再看"), error_), FORBIDDEN,
            "is for another person");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    step_as(&f, supervisor, id, "return", 0, INPUT("again", "再看"), &error);
    g_assert_no_error(error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpstr(entry->state, ==, "running");
}

static void test_conditions_and_evidence_hold_a_step(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好"));
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    REFUSED(step_as(&f, supervisor, id, "close", 0, INPUT("verdict", "属实"), error_), INVALID,
            "step '办结' needs that cost is not empty");
    ledger_fixture_change(&f, id, INPUT("cost", "5"));
    REFUSED(step_as(&f, supervisor, id, "close", 0, INPUT("verdict", "属实"), error_), INVALID,
            "needs the evidence '现场照片': 2 files, 0 attached");
}

static void test_happened_and_recorded(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    int64_t earlier = TEST_OFFICE_NOW_US - HOUR_US;
    g_autoptr(GError) error = NULL;
    g_assert_true(step(&f, id, "answer", earlier, INPUT("reply", "好"), &error));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) steps = ledger_entry_steps(reader, id, &error);
    g_assert_cmpint(steps->len, ==, 1);
    const LedgerStep *done = g_ptr_array_index(steps, 0);
    g_assert_cmpstr(done->name, ==, "answer");
    g_assert_cmpstr(done->from_state, ==, "fresh");
    g_assert_cmpstr(done->to_state, ==, "answered");
    g_assert_cmpstr(done->doer, ==, "os:test");
    g_assert_cmpint(done->happened_us, ==, earlier);
    g_assert_cmpint(done->recorded_us, ==, TEST_OFFICE_NOW_US);
    g_assert_cmpint(done->due_us, >, earlier);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    const Value *at = &entry->values[schema_ledger_field(f.task, "done_at")->position];
    g_assert_cmpint(at->number, ==, earlier);
}

static void test_steps_of_one_day_follow_each_other(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_step(&f, id, "begin", INPUT("begun_on", "2023-11-13"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpint(entry->stepped_us, ==, entry->opened_us);
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好", "done_at", "2023-11-13 09:00"));
    g_autoptr(LedgerEntry) answered = ledger_fixture_load(&f, id);
    g_assert_cmpint(answered->stopped_us, ==, answered->opened_us);
}

/* A time that is given beside the one typed says the same, or the day alone of it. */
static void test_a_time_beside_the_typed_one(const TestPlace *place)
{
    static const struct {
        const char *typed, *given, *done; /* NULL: refused */
    } cases[] = {
        {"2023-11-14 10:00", "2023-11-14 11:00", NULL},
        {"2023-11-13 10:00", "2023-11-14 10:00", NULL},
        {"2023-11-13", "2023-11-14 10:00", NULL},
        {"2023-11-14 10:00", "2023-11-14 10:00", "2023-11-14 10:00"},
        {"2023-11-14", "2023-11-14 10:00", "2023-11-14 10:00"},
        {"2023-11-14 10:00", "2023-11-14 00:00", "2023-11-14 10:00"},
    };
    FIXTURE(f);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        int64_t id = ledger_fixture_task(&f, "一");
        int64_t given_us = 0;
        g_assert_true(date_parse_time(cases[i].given, DATE_SECONDS_SHANGHAI, &given_us));
        bool is_ok = step(&f, id, "answer", given_us,
                          INPUT("reply", "好", "done_at", cases[i].typed), &error);
        g_assert_true(is_ok == (cases[i].done != NULL));
        g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
        g_autofree char *done = ledger_fixture_text(&f, entry, "done_at");
        g_assert_cmpstr(done, ==, is_ok ? cases[i].done : "");
        if (!is_ok) {
            test_assert_error(error, INVALID, "is not the time that is given for the step '答复'");
            g_assert_cmpstr(error_field(error), ==, "happened");
            g_assert_cmpstr(entry->state, ==, "fresh");
        }
    }
}

/* A step that the pack took away stays done: it is called by its key, and dates nothing more. */
static void test_a_step_that_the_pack_took_away(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    ledger_fixture_step(&f, id, "begin", INPUT("begun_on", "2023-11-14"));
    ledger_fixture_apply(&f,
                         "  started: {name: 开工后时限, from: begin, until: [answer], within: 15 "
                         "days, when: urgent = yes}\n",
                         "", "task.started");
    ledger_fixture_apply(&f,
                         "  begin: {name: 开工, from: fresh, to: running, by: [clerk, head], at: "
                         "begun_on}\n",
                         "", "task.begin");
    REFUSED(change(&f, id, INPUT("came", "2023-11-14 09:00"), error_), INVALID,
            "'收到时间' is later than the step 'begin', which was done");
    REFUSED(change_as(&f, f.base.console, NULL, id, INPUT("title", "二"), error_), INVALID,
            "as the step 'begin' is done");
    g_assert_true(change(&f, id, INPUT("begun_on", "2023-11-13"), &error));
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) steps = ledger_entry_steps(reader, id, &error);
    int64_t midnight = 0;
    g_assert_true(date_parse_time("2023-11-14", DATE_SECONDS_SHANGHAI, &midnight));
    g_assert_cmpuint(steps->len, ==, 1);
    g_assert_cmpint(((const LedgerStep *)g_ptr_array_index(steps, 0))->happened_us, ==, midnight);
}

/* What a pack asks of a step that is done already may stay empty. */
static void test_what_a_step_asks_for_since_it_was_done(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(GError) error = NULL;
    ledger_fixture_step(&f, id, "begin", NULL);
    ledger_fixture_apply(&f, "at: begun_on}", "at: begun_on, asks: place}", NULL);
    g_assert_true(change(&f, id, INPUT("title", "二"), &error));
    g_assert_no_error(error);
    g_assert_true(change(&f, id, INPUT("place", "城关镇"), &error));
    g_assert_no_error(error);
    REFUSED(change(&f, id, INPUT("place", ""), error_), INVALID,
            "the step '开工' asked for '地点'; it cannot be emptied");
}

/* ---- clocks ------------------------------------------------------------------------------------
 */

static void check_due(LedgerFixture *f, int64_t id, const char *clock, const char *due)
{
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    char text[DATE_TIME_TEXT_SIZE];
    g_assert_cmpstr(entry->clock, ==, clock);
    g_assert_cmpstr(date_format_time(entry->due_us, DATE_SECONDS_SHANGHAI, text), ==, due);
}

static void test_the_first_clock_that_binds_counts(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00"));
    check_due(&f, id, "usual", "2023-10-12T00:00:00+08:00"); /* domain: 2023-10-11 at 24:00 */
    ledger_fixture_change(&f, id, INPUT("kind", "big"));
    check_due(&f, id, "big", "2023-09-29T00:00:00+08:00");
    ledger_fixture_change(&f, id, INPUT("kind", "small", "urgent", "是"));
    check_due(&f, id, "usual", "2023-10-12T00:00:00+08:00"); /* not begun: its clock has no start */
    ledger_fixture_step(&f, id, "begin", INPUT("begun_on", "2023-11-01"));
    check_due(&f, id, "started", "2023-11-17T00:00:00+08:00");
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好", "done_at", "2023-11-10 08:00"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpint(entry->stopped_us, ==, entry->stepped_us);
    g_assert_false(entry->is_due_provisional);
}

static void test_a_clock_may_start_at_a_field(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(
        &f, INPUT("title", "一", "came", "2023-09-28 09:00", "count", "7", "day", "2023-11-30"));
    check_due(&f, id, "planned", "2024-03-01T00:00:00+08:00"); /* 29 February at 24:00 */
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好"));
    g_autoptr(LedgerEntry) early = ledger_fixture_load(&f, id);
    g_assert_cmpint(early->stopped_us, ==, 0); /* answered before the clock began */
    ledger_fixture_change(&f, id, INPUT("day", "2023-11-01"));
    g_autoptr(LedgerEntry) answered = ledger_fixture_load(&f, id);
    g_assert_cmpint(answered->stopped_us, ==, TEST_OFFICE_NOW_US);
    ledger_fixture_change(&f, id, INPUT("day", ""));
    check_due(&f, id, "usual", "2023-10-12T00:00:00+08:00");
    REFUSED(change(&f, id, INPUT("day", "9999-12-31"), error_), INVALID, "9900");
    REFUSED(add(&f, f.base.console,
                INPUT("title", "一", "came", "2023-09-28 09:00", "count", "7", "day", "9999-12-31"),
                error_),
            INVALID, "9900");
}

/* Check that entry @id has the clock that it has once its unit was another one for a while. */
static void check_due_is_as_if_touched(LedgerFixture *f, int64_t id, const char *clock)
{
    g_autoptr(LedgerEntry) added = ledger_fixture_load(f, id);
    ledger_fixture_change(f, id, ledger_fixture_input(f, f->task, "unit_of", "测试办公室", NULL));
    g_autoptr(LedgerEntry) moved = ledger_fixture_load(f, id);
    ledger_fixture_change(f, id, ledger_fixture_input(f, f->task, "unit_of", "甲科", NULL));
    g_autoptr(LedgerEntry) touched = ledger_fixture_load(f, id);
    g_assert_cmpstr(added->clock, ==, clock);
    g_assert_cmpstr(moved->clock, ==, "usual");
    g_assert_cmpstr(touched->clock, ==, clock);
    g_assert_cmpint(added->due_us, ==, touched->due_us);
}

static void test_a_clock_that_reads_through_a_link_binds_what_is_recorded(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:9", RIGHTS_CLERK, f.unit_a);
    ledger_fixture_apply(&f, "when: kind = big", "when: unit_of.kind = 'section'", NULL);
    int64_t id =
        ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00", "unit_of", "甲科"));
    check_due_is_as_if_touched(&f, id, "big");
    /* Whose unit is the writer's own, too. */
    g_assert_true(add(&f, clerk, INPUT("title", "二", "came", "2023-09-28 09:00"), NULL));
    id = ledger_fixture_int(&f, "SELECT max(id) FROM entry");
    check_due_is_as_if_touched(&f, id, "big");
    /* And through another entry. */
    ledger_fixture_apply(&f, "when: unit_of.kind = 'section'", "when: about.kind = small", NULL);
    ledger_fixture_change(&f, id, INPUT("kind", "small"));
    g_autofree char *about = g_strdup_printf("#%lld", (long long)id);
    id = ledger_fixture_add(&f, INPUT("title", "三", "came", "2023-09-28 09:00", "about", about));
    check_due(&f, id, "big", "2023-09-29T00:00:00+08:00");
}

static void test_a_condition_that_cannot_be_read_is_not_taken_for_empty(const TestPlace *place)
{
    FIXTURE(f);
    ledger_fixture_apply(&f, "when: kind = big", "when: unit_of.kind = 'section'", NULL);
    int64_t id =
        ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-09-28 09:00", "unit_of", "甲科"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    const SchemaClock *big = NULL;
    for (guint i = 0; i < f.task->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(f.task->clocks, i);
        big = g_str_equal(clock->name, "big") ? clock : big;
    }
    bool is_met = false;
    ledger_fixture_tamper(&f, "ALTER TABLE unit RENAME TO lost");
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), NULL);
    const LedgerPresent present = {reader, TEST_OFFICE_NOW_US, DATE_SECONDS_SHANGHAI};
    REFUSED(ledger_entry_meets(entry, big->when, &present, &is_met, error_), CORRUPT, "unit");
}

static void test_days_late(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, INPUT("title", "一", "came", "2023-11-13 09:00"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    /* The deadline is the end of a day: its midnight is the next day's. */
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us - 1, DATE_SECONDS_SHANGHAI), ==, 0);
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us, DATE_SECONDS_SHANGHAI), ==, 1);
    g_assert_cmpint(
        ledger_entry_days_late(entry, entry->due_us + DAY_US - 1, DATE_SECONDS_SHANGHAI), ==, 1);
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us + DAY_US, DATE_SECONDS_SHANGHAI),
                    ==, 2);
    entry->due_us += DAY_US / 2; /* at noon */
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us, DATE_SECONDS_SHANGHAI), ==, 0);
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us + 1, DATE_SECONDS_SHANGHAI), ==, 1);
    g_assert_cmpint(ledger_entry_days_late(entry, entry->due_us + DAY_US, DATE_SECONDS_SHANGHAI),
                    ==, 1);
    entry->due_us -= DAY_US / 2;
    g_auto(Value) running = ledger_entry_system_value(entry, "late", DATE_SECONDS_SHANGHAI);
    g_assert_true(value_is_empty(&running));
    g_auto(Value) unknown = ledger_entry_system_value(entry, "nothing", DATE_SECONDS_SHANGHAI);
    g_assert_true(value_is_empty(&unknown));
    entry->stopped_us = entry->due_us + 2;
    g_auto(Value) late = ledger_entry_system_value(entry, "late", DATE_SECONDS_SHANGHAI);
    g_assert_cmpint(late.number, ==, 1);
    entry->due_us = 0;
    g_assert_cmpint(ledger_entry_days_late(entry, TEST_OFFICE_NOW_US, DATE_SECONDS_SHANGHAI), ==,
                    -1);
    int64_t note =
        ledger_fixture_add(&f, ledger_fixture_input(&f, f.note, "title", "无时限", NULL));
    g_autoptr(LedgerEntry) timeless = ledger_fixture_load(&f, note);
    g_assert_null(timeless->clock);
    g_assert_cmpint(timeless->due_us, ==, 0);
}

static void test_a_due_date_in_an_unknown_year_is_provisional(const TestPlace *place)
{
    FIXTURE(f);
    source_set_now_us(f.base.source, INT64_C(1800000000000000)); /* January 2027 */
    int64_t id = ledger_fixture_add(&f, INPUT("title", "一", "came", "2027-01-11 09:00"));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_true(entry->is_due_provisional);
}

/* What tells entries apart comes with a step as often as with the entry. */
static void test_a_step_does_not_say_twice_what_is_unique(const TestPlace *place)
{
    FIXTURE(f);
    ledger_fixture_apply(&f, "unit: unit_of\n", "unit: unit_of\nunique: [reply]\n", NULL);
    int64_t one = ledger_fixture_task(&f, "一"), two = ledger_fixture_task(&f, "二");
    ledger_fixture_step(&f, one, "answer", INPUT("reply", "答字1号"));
    int64_t n_events = count_events(&f);
    REFUSED(step(&f, two, "answer", 0, INPUT("reply", "答字1号"), error_), EXISTS,
            "says the same in 答复");
    g_assert_cmpint(count_events(&f), ==, n_events);
    ledger_fixture_step(&f, two, "answer", INPUT("reply", "答字2号"));
}

/* ---- taking out, forgetting --------------------------------------------------------------------
 */

/* What another has judged is not taken away by who was judged, whatever the role. */
static void test_who_did_a_step_of_a_closed_one_does_not_delete_it(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    g_autoptr(RightsSubject) secretary =
        ledger_fixture_subject("account:8", RIGHTS_SECRETARY, f.root);
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_step(&f, id, "answer", INPUT("reply", "好"));
    g_autoptr(GPtrArray) own = ledger_entry_steps(reader, id, &error);
    g_assert_true(step_as(&f, supervisor, id, "return", 0, INPUT("again", "再看"), &error));
    g_autoptr(GPtrArray) steps = ledger_entry_steps(reader, id, &error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_true(ledger_entry_may_delete(f.base.console, entry, steps, &error));
    g_free(entry->state);
    entry->state = g_strdup("closed");
    REFUSED(ledger_entry_may_delete(f.base.console, entry, steps, error_), FORBIDDEN,
            "is for another person");
    g_assert_true(ledger_entry_may_delete(secretary, entry, steps, &error));
    g_assert_true(ledger_entry_may_delete(f.base.console, entry, own, &error));
    entry->batch = 1; /* the answer was brought along, by who imports */
    ((LedgerStep *)g_ptr_array_index(steps, 0))->recorded_us = entry->added_us;
    ((LedgerStep *)g_ptr_array_index(steps, 1))->recorded_us = entry->added_us + 1;
    REFUSED(ledger_entry_may_delete(f.base.console, entry, steps, error_), FORBIDDEN,
            "is for another person");
    g_assert_true(ledger_entry_may_delete(secretary, entry, steps, &error)); /* both */
    for (guint i = 0; i < steps->len; i++) {
        ((LedgerStep *)g_ptr_array_index(steps, i))->recorded_us = entry->added_us;
    }
    g_assert_true(ledger_entry_may_delete(f.base.console, entry, steps, &error));
}

static void test_deletion_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    int64_t user = ledger_fixture_add(
        &f, INPUT("title", "二", "came", "2023-11-13 09:00", "about", "T2023-001"));
    LogAct why = {.actor = "os:test", .why = "错"};
    LogAct blank = {.actor = "os:test", .why = " \u3000"};
    REFUSED(ledger_entry_delete(f.office, f.base.console, &f.base.act, id, 0, error_), INVALID,
            "needs a reason");
    REFUSED(ledger_entry_delete(f.office, f.base.console, &blank, id, 0, error_), INVALID,
            "needs a reason");
    REFUSED(ledger_entry_delete(f.office, f.base.console, &why, id, 0, error_), CONFLICT,
            "entry 'T2023-001' is used by 1 other entry");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    REFUSED(ledger_entry_delete(f.office, supervisor, &why, user, 0, error_), FORBIDDEN,
            "take entries out of the books");
    g_autoptr(GError) error = NULL;
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, user, 0, &error));
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, id, 0, &error));
    REFUSED(ledger_entry_delete(f.office, f.base.console, &why, id, 0, error_), NOT_FOUND,
            "was taken out of the books");
    REFUSED(ledger_entry_comment(f.office, f.base.console, &why, id, "?", error_), NOT_FOUND, NULL);
    REFUSED(ledger_entry_look(f.office, f.base.console, &why, id, error_), NOT_FOUND, NULL);
    /* An entry that refers to itself can go. */
    int64_t own = ledger_fixture_task(&f, "三");
    ledger_fixture_change(&f, own, INPUT("about", "T2023-003"));
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, own, 0, &error));
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link"), ==, 0);
}

static void test_a_comment_needs_words(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    REFUSED(ledger_entry_comment(f.office, f.base.console, &f.base.act, id, "", error_), INVALID,
            "needs words");
    REFUSED(ledger_entry_comment(f.office, f.base.console, &f.base.act, id, " \n", error_), INVALID,
            "needs words");
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:8", RIGHTS_STAFF, f.unit_a);
    REFUSED(ledger_entry_comment(f.office, staff, &f.base.act, id, "好", error_), FORBIDDEN,
            "comment");
    REFUSED(ledger_entry_look(f.office, staff, &f.base.act, id, error_), FORBIDDEN,
            "read personal fields");
    g_autofree char *longest = g_strnfill(LEDGER_COMMENT_MAX_CHARS, 'a');
    g_autofree char *longer = g_strnfill(LEDGER_COMMENT_MAX_CHARS + 1, 'a');
    ledger_entry_comment(f.office, f.base.console, &f.base.act, id, longest, &error);
    g_assert_no_error(error);
    REFUSED(ledger_entry_comment(f.office, f.base.console, &f.base.act, id, longer, error_),
            INVALID, "at most 10000");
    LogAct why = f.base.act;
    why.why = longer;
    REFUSED(ledger_entry_comment(f.office, f.base.console, &why, id, "好", error_), INVALID,
            "a reason has");
}

static void test_erasure_forgets_people_only(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, full_input(&f, ledger_fixture_task(&f, "另一件")));
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:9", RIGHTS_CLERK, f.unit_a);
    REFUSED(ledger_entry_erase(f.office, clerk, &f.base.act, id, error_), FORBIDDEN,
            "erase personal data");
    g_autoptr(GError) error = NULL;
    g_assert_true(ledger_entry_erase(f.office, f.base.console, &f.base.act, id, &error));
    g_assert_no_error(error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_autofree char *phone = ledger_fixture_text(&f, entry, "phone");
    g_autofree char *cost = ledger_fixture_text(&f, entry, "cost");
    g_assert_cmpstr(phone, ==, "");
    g_assert_cmpstr(cost, ==, "1200.50");
    g_assert_cmpstr(entry->title, ==, "修路灯");
    g_assert_null(entry->extra);
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM secret WHERE seq = %lld", (long long)id);
    g_assert_cmpint(ledger_fixture_int(&f, sql), ==, 0);
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    REFUSED(ledger_entry_erase(f.office, f.base.console, &f.base.act, id, error_), EXISTS,
            "is left to forget");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
    LogAct why = {.actor = "os:test", .why = "王五要求"};
    ledger_entry_comment(f.office, f.base.console, &f.base.act, id, "王五来电", &error);
    g_assert_true(ledger_entry_erase(f.office, f.base.console, &why, id, &error));
    REFUSED(ledger_entry_erase(f.office, f.base.console, &why, id, error_), EXISTS, "left");
    g_assert_true(ledger_entry_erase(f.office, f.base.console, &f.base.act, id, &error));
    REFUSED(ledger_entry_erase(f.office, f.base.console, &f.base.act, id, error_), EXISTS, "left");
    g_assert_no_error(error);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM detail WHERE field_values LIKE '%王五%'"), ==,
        0);
}

/* What is out of the books can still be forgotten: the events hold it. */
static void test_erasure_reaches_what_is_out_of_the_books(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, full_input(&f, ledger_fixture_task(&f, "另一件")));
    LogAct why = {.actor = "os:test", .why = "错"};
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:9", RIGHTS_CLERK, f.unit_a);
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM detail WHERE seq = %lld", (long long)id);
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, id, 0, &error));
    REFUSED(ledger_entry_erase(f.office, clerk, &f.base.act, id, error_), FORBIDDEN,
            "erase personal data");
    g_assert_cmpint(ledger_fixture_int(&f, sql), ==, 1);
    g_assert_true(ledger_entry_erase(f.office, f.base.console, &f.base.act, id, &error));
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, sql), ==, 0);
    g_autoptr(LogReport) report = NULL;
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error));
    g_assert_no_error(error);
    g_assert_cmpint(report->verdict, <, LOG_ALTERED);
}

static void test_personal_fields_are_walled_off(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_add(&f, full_input(&f, ledger_fixture_task(&f, "另一件")));
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    for (int with_personal = 0; with_personal <= 1; with_personal++) {
        g_auto(JsonWriter) json;
        json_writer_init_unsorted(&json);
        ledger_entry_write_json(entry, f.office, names, with_personal == 1, &json);
        g_autofree char *text = json_writer_finish(&json);
        g_assert_nonnull(strstr(text, "修路灯"));
        g_assert_nonnull(strstr(text, "{\"who\":\"李四\",\"hours\":null,\"remark\":null}"));
        g_assert_true((strstr(text, "13900000000") != NULL) == (with_personal == 1));
        g_assert_true((strstr(text, "王五") != NULL) == (with_personal == 1));
        g_assert_true((strstr(text, "旧编号") != NULL) == (with_personal == 1));
    }
    LogAct why = {.actor = "os:test", .why = "错"};
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &why, id, 0, &error));
    g_autoptr(LedgerEntry) gone = ledger_fixture_load(&f, id);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    ledger_entry_write_json(gone, f.office, names, true, &json);
    g_autofree char *text = json_writer_finish(&json);
    g_assert_cmpstr(strstr(text, "\"gone\""), ==, "\"gone\":\"deleted\"}");
}

/* Who may record in two units says in which; who may in one need not. */
static void test_no_unit_is_guessed(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:9", RIGHTS_HEAD, f.unit_a);
    LedgerInput *input = INPUT("title", "x", "came", "2023-11-13 09:00");
    g_autoptr(GError) error = NULL;
    g_assert_true(add(&f, head, input, &error));
    g_assert_no_error(error);
    g_autoptr(RightsSubject) other = ledger_fixture_subject("account:9", RIGHTS_HEAD, f.unit_b);
    g_ptr_array_add(head->holds, g_ptr_array_steal_index(other->holds, 0));
    REFUSED(add(&f, head, INPUT("title", "x", "came", "2023-11-13 09:00"), error_), INVALID,
            "'承办单位' must be filled in: you may record for more than one");
    LedgerInput *said = INPUT("title", "x", "came", "2023-11-13 09:00", "unit_of", "乙科");
    g_assert_true(add(&f, head, said, &error));
    g_assert_no_error(error);
}

/* Child rows that come with a step do not come before it. */
static void test_rows_wait_for_their_step(const TestPlace *place)
{
    FIXTURE(f);
    ledger_fixture_apply(&f, "asks: reply}", "asks: [reply, visits]}", NULL);
    int64_t id = ledger_fixture_task(&f, "一");
    LedgerInput *input = ledger_input_new(f.task);
    Value row[] = {value_ref(f.zhang), value_number(1), VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), row);
    REFUSED(change(&f, id, input, error_), INVALID, "'走访' comes with the step '答复'");
}

/* Check that a correction that empties @field of task @id is refused, of that field. */
static void check_emptied(LedgerFixture *fixture, const RightsSubject *subject, int64_t id,
                          const char *field, const char *words)
{
    LedgerFixture f = *fixture;
    g_autoptr(GError) error = NULL;
    g_assert_false(change_as(&f, subject, "更正", id, INPUT(field, ""), &error));
    test_assert_error(error, INVALID, words);
    g_assert_cmpstr(error_field(error), ==, field);
}

/* It stood on top of the form alone, and for a unit it said that one may not correct at all. */
static void test_what_cannot_be_emptied_is_named(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:8", RIGHTS_CLERK, f.unit_a);
    g_autoptr(GError) error = NULL;
    g_assert_true(add(&f, clerk, INPUT("title", "一", "came", "2023-11-13 09:00"), &error));
    g_assert_no_error(error);
    int64_t id = ledger_fixture_int(&f, "SELECT max(id) FROM entry");
    check_emptied(&f, clerk, id, "unit_of", "'承办单位' must be filled in");
    g_assert_true(step_as(&f, clerk, id, "answer", 0, INPUT("reply", "已办"), &error));
    g_assert_no_error(error);
    check_emptied(&f, clerk, id, "done_at", "it cannot be emptied");
    check_emptied(&f, clerk, id, "reply", "it cannot be emptied");
    g_autoptr(GError) early = NULL;
    g_assert_false(change_as(&f, clerk, "更正", id, INPUT("done_at", "2023-11-12 09:00"), &early));
    test_assert_error(early, INVALID, "cannot have happened before what it followed");
    g_assert_cmpstr(error_field(early), ==, "done_at");
}

/* Who may not record at all is told so, not asked for a unit. */
static void test_who_may_not_record_is_told_so(const TestPlace *place)
{
    FIXTURE(f);
    int64_t before = count_events(&f);
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:9", RIGHTS_STAFF, f.unit_a);
    REFUSED(add(&f, staff, INPUT("title", "x", "came", "2023-11-13 09:00"), error_), FORBIDDEN,
            NULL);
    g_assert_cmpint(count_events(&f), ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/write/what-was-recorded-is-loaded", test_what_was_recorded_is_loaded);
    test_store_each("/ledger/write/a-copy-is-its-own", test_a_copy_is_its_own);
    test_store_each("/ledger/write/a-life", test_a_life);
    test_store_each("/ledger/write/numbers-have-no-gaps", test_numbers_have_no_gaps);
    test_store_each("/ledger/write/what-is-being-imported-is-no-target",
                    test_what_is_being_imported_is_no_target);
    test_store_each("/ledger/write/recording-is-refused", test_recording_is_refused);
    test_store_each("/ledger/write/what-was-read-by-another-pack-is-refused",
                    test_what_was_read_by_another_pack_is_refused);
    test_store_each("/ledger/write/an-opening-without-a-field-is-told-of-in-chinese",
                    test_an_opening_without_a_field_is_told_of_in_chinese);
    test_store_each("/ledger/write/what-cannot-be-emptied-is-named",
                    test_what_cannot_be_emptied_is_named);
    test_store_each("/ledger/write/corrections-are-refused", test_corrections_are_refused);
    test_store_each("/ledger/write/a-corrected-time-moves-its-step",
                    test_a_corrected_time_moves_its_step);
    test_store_each("/ledger/write/what-a-step-brought-is-corrected-by-who-may-do-it",
                    test_what_a_step_brought_is_corrected_by_who_may_do_it);
    test_store_each("/ledger/write/to-overwrite-after-a-step-needs-a-reason",
                    test_to_overwrite_after_a_step_needs_a_reason);
    test_store_each("/ledger/write/an-entry-stays-where-its-writer-may-write",
                    test_an_entry_stays_where_its_writer_may_write);
    test_store_each("/ledger/write/conflict-gives-both-versions",
                    test_conflict_gives_both_versions);
    test_store_each("/ledger/step/steps-are-refused", test_steps_are_refused);
    test_store_each("/ledger/step/who-answered-does-not-close", test_who_answered_does_not_close);
    test_store_each("/ledger/step/conditions-and-evidence-hold-a-step",
                    test_conditions_and_evidence_hold_a_step);
    test_store_each("/ledger/write/no-unit-is-guessed", test_no_unit_is_guessed);
    test_store_each("/ledger/write/rows-wait-for-their-step", test_rows_wait_for_their_step);
    test_store_each("/ledger/step/happened-and-recorded", test_happened_and_recorded);
    test_store_each("/ledger/step/steps-of-one-day-follow-each-other",
                    test_steps_of_one_day_follow_each_other);
    test_store_each("/ledger/step/does-not-say-twice-what-is-unique",
                    test_a_step_does_not_say_twice_what_is_unique);
    test_store_each("/ledger/clock/the-first-clock-that-binds-counts",
                    test_the_first_clock_that_binds_counts);
    test_store_each("/ledger/clock/a-clock-may-start-at-a-field",
                    test_a_clock_may_start_at_a_field);
    test_store_each("/ledger/clock/one-that-reads-through-a-link-binds-what-is-recorded",
                    test_a_clock_that_reads_through_a_link_binds_what_is_recorded);
    test_store_each("/ledger/clock/one-that-cannot-be-read-is-not-taken-for-empty",
                    test_a_condition_that_cannot_be_read_is_not_taken_for_empty);
    test_store_each("/ledger/clock/days-late", test_days_late);
    test_store_each("/ledger/clock/a-due-date-in-an-unknown-year-is-provisional",
                    test_a_due_date_in_an_unknown_year_is_provisional);
    test_store_each("/ledger/write/who-did-a-step-of-a-closed-one-does-not-delete-it",
                    test_who_did_a_step_of_a_closed_one_does_not_delete_it);
    test_store_each("/ledger/write/deletion-is-refused", test_deletion_is_refused);
    test_store_each("/ledger/write/a-comment-needs-words", test_a_comment_needs_words);
    test_store_each("/ledger/write/erasure-forgets-people-only", test_erasure_forgets_people_only);
    test_store_each("/ledger/write/erasure-reaches-what-is-out-of-the-books",
                    test_erasure_reaches_what_is_out_of_the_books);
    test_store_each("/ledger/step/a-time-beside-the-typed-one", test_a_time_beside_the_typed_one);
    test_store_each("/ledger/write/a-step-that-the-pack-took-away",
                    test_a_step_that_the_pack_took_away);
    test_store_each("/ledger/write/what-a-step-asks-for-since-it-was-done",
                    test_what_a_step_asks_for_since_it_was_done);
    test_store_each("/ledger/write/who-may-not-record-is-told-so",
                    test_who_may_not_record_is_told_so);
    test_store_each("/ledger/entry/personal-fields-are-walled-off",
                    test_personal_fields_are_walled_off);
    return g_test_run();
}
