#include "ledger-fixture.h"

#include "office/pack.h"
#include "office/person.h"
#include "office/unit.h"

const char *const ledger_fixture_pack[] = {
    "pack.yaml",
    "pack: small\nversion: '1'\nname: 小\n",
    "ledgers/task.yaml",
    "ledger: task\n"
    "name: 事项\n"
    "number: T{year}-{n:3}\n"
    "nothing: yes\n"
    "title: title\n"
    "opened: came\n"
    "unit: unit_of\n"
    "list: [came, done_at, day, cost, kind]\n"
    "fields:\n"
    "  title: {is: text, name: 标题, required: yes, chars: 20}\n"
    "  came: {is: time, name: 收到时间}\n"
    "  kind: {is: choice, name: 类别, of: {big: 大事, small: 小事}}\n"
    "  topics: {is: choices, name: 主题, of: {water: 水, power: 电, road: 路}}\n"
    "  unit_of: unit 承办单位\n"
    "  head: person 负责人\n"
    "  helpers: people 参加人\n"
    "  about: {is: entry, name: 相关事项, of: task}\n"
    "  cost: money 金额\n"
    "  count: {is: number, name: 人数, min: '0', max: '1000'}\n"
    "  urgent: yesno 加急\n"
    "  day: date 日期\n"
    "  span: period 期间\n"
    "  place: place 地点\n"
    "  owner_name: {is: text, name: 联系人, personal: yes}\n"
    "  phone: phone 电话\n"
    "  papers: file 附件\n"
    "  visits:\n"
    "    is: rows\n"
    "    name: 走访\n"
    "    fields:\n"
    "      who: {is: person, name: 走访人, required: yes}\n"
    "      hours: {is: number, name: 小时, max: '24'}\n"
    "      remark: text 备注\n"
    "  begun_on: date 开工日\n"
    "  reply: long 答复\n"
    "  done_at: time 办结时间\n"
    "  again: long 重办要求\n"
    "  verdict: long 复核意见\n"
    "states:\n"
    "  fresh: 待办\n"
    "  running: 在办\n"
    "  answered: 已答复\n"
    "  closed: {name: 已办结, final: yes}\n"
    "steps:\n"
    "  begin: {name: 开工, from: fresh, to: running, by: [clerk, head], at: begun_on}\n"
    "  answer: {name: 答复, from: [fresh, running], to: answered, by: [clerk, head], at: done_at, "
    "asks: reply}\n"
    "  return: {name: 退回, from: answered, to: running, by: [supervisor], not_by: [answer], asks: "
    "again}\n"
    "  close: {name: 办结, from: answered, to: closed, by: [supervisor, secretary], not_by: "
    "[answer], evidence: [proof],\n"
    "          asks: verdict, when: cost is not empty}\n"
    "clocks:\n"
    "  planned: {name: 计划时限, from: day, until: [answer], within: 3 months, when: count = 7}\n"
    "  big: {name: 大事时限, until: [answer], within: same day, when: kind = big}\n"
    "  started: {name: 开工后时限, from: begin, until: [answer], within: 15 days, when: urgent = "
    "yes}\n"
    "  usual: {name: 答复时限, until: [answer], within: 5 workdays}\n"
    "evidence:\n"
    "  proof: {name: 现场照片, least: 2}\n",
    "ledgers/note.yaml",
    "ledger: note\nname: 便条\nnumber: N{n:2}\ntitle: title\nfields:\n"
    "  title: {is: text, name: 标题, required: yes}\n"
    "  task: {is: entry, name: 事项, of: task}\n",
    NULL,
};

static int64_t add_unit(LedgerFixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    OfficeUnit unit = {.name = (char *)name,
                       .kind = (char *)OFFICE_UNIT_SECTION,
                       .parent = fixture->root,
                       .since = DATE_NONE,
                       .until = DATE_NONE};
    int64_t id = 0;
    office_unit_add(fixture->office, fixture->base.console, &fixture->base.act, &unit, &id, &error);
    g_assert_no_error(error);
    return id;
}

static int64_t add_person(LedgerFixture *fixture, const char *name)
{
    g_autoptr(GError) error = NULL;
    OfficePerson person = {.name = (char *)name, .since = DATE_NONE, .until = DATE_NONE};
    int64_t id = 0;
    office_person_add(fixture->office, fixture->base.console, &fixture->base.act, &person, &id,
                      &error);
    g_assert_no_error(error);
    return id;
}

void ledger_fixture_open(LedgerFixture *fixture, const TestPlace *place)
{
    test_office_open(&fixture->base, place, ledger_fixture_pack);
    fixture->office = fixture->base.office;
    fixture->task = schema_ledger(office_schema(fixture->office), "task");
    fixture->note = schema_ledger(office_schema(fixture->office), "note");
    fixture->root = ledger_fixture_int(fixture, "SELECT min(id) FROM unit");
    fixture->unit_a = add_unit(fixture, "甲科");
    fixture->unit_b = add_unit(fixture, "乙科");
    fixture->zhang = add_person(fixture, "张三");
    fixture->li = add_person(fixture, "李四");
}

void ledger_fixture_close(LedgerFixture *fixture)
{
    test_office_close(&fixture->base);
}

static void free_hold(gpointer data)
{
    RightsHold *hold = data;
    if (hold->subtree != NULL) {
        g_array_unref(hold->subtree);
    }
    g_free(hold);
}

RightsSubject *ledger_fixture_subject(const char *actor, RightsRole role, int64_t unit)
{
    RightsSubject *subject = g_new0(RightsSubject, 1);
    subject->actor = g_strdup(actor);
    subject->holds = g_ptr_array_new_with_free_func(free_hold);
    RightsHold *hold = g_new0(RightsHold, 1);
    *hold = (RightsHold){.role = role, .unit = unit};
    if (unit != 0) {
        hold->subtree = g_array_new(false, false, sizeof(int64_t));
        g_array_append_val(hold->subtree, unit);
    }
    g_ptr_array_add(subject->holds, hold);
    return subject;
}

void ledger_fixture_set(LedgerFixture *fixture, LedgerInput *input, const char *name,
                        const char *text)
{
    g_autoptr(GError) error = NULL;
    const SchemaField *field = schema_ledger_field(input->ledger, name);
    g_assert_nonnull(field);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    Value value = VALUE_EMPTY;
    ledger_field_parse(field, text, names, DATE_SECONDS_SHANGHAI, 2023, &value, &error);
    g_assert_no_error(error);
    ledger_input_set(input, field, value);
}

LedgerInput *ledger_fixture_input(LedgerFixture *fixture, const SchemaLedger *ledger, ...)
{
    LedgerInput *input = ledger_input_new(ledger);
    va_list pairs;
    va_start(pairs, ledger);
    for (const char *name = va_arg(pairs, const char *); name != NULL;
         name = va_arg(pairs, const char *)) {
        ledger_fixture_set(fixture, input, name, va_arg(pairs, const char *));
    }
    va_end(pairs);
    return input;
}

int64_t ledger_fixture_add(LedgerFixture *fixture, LedgerInput *input)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    ledger_entry_add(fixture->office, fixture->base.console, &fixture->base.act, input, 0, &id,
                     &error);
    g_assert_no_error(error);
    ledger_input_free(input);
    return id;
}

void ledger_fixture_change(LedgerFixture *fixture, int64_t id, LedgerInput *input)
{
    g_autoptr(GError) error = NULL;
    LogAct act = fixture->base.act;
    act.why = "核对后更正";
    ledger_entry_change(fixture->office, fixture->base.console, &act, id, 0, input, NULL, &error);
    g_assert_no_error(error);
    ledger_input_free(input);
}

void ledger_fixture_step(LedgerFixture *fixture, int64_t id, const char *step, LedgerInput *input)
{
    g_autoptr(GError) error = NULL;
    ledger_entry_step(fixture->office, fixture->base.console, &fixture->base.act, id, 0, step, 0,
                      input, NULL, &error);
    g_assert_no_error(error);
    ledger_input_free(input);
}

LedgerEntry *ledger_fixture_load(LedgerFixture *fixture, int64_t id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    LedgerEntry *entry = ledger_entry_load(fixture->office, reader, id, &error);
    g_assert_no_error(error);
    return entry;
}

char *ledger_fixture_text(LedgerFixture *fixture, const LedgerEntry *entry, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    const SchemaField *field = schema_ledger_field(entry->ledger, name);
    return ledger_field_format(field, &entry->values[field->position], names, DATE_SECONDS_SHANGHAI,
                               "zh");
}

void ledger_fixture_tamper(LedgerFixture *fixture, const char *sql)
{
    g_autofree char *script = g_strconcat(sql, ";\n", NULL);
    test_store_script(office_store(fixture->office), script);
}

int64_t ledger_fixture_int(LedgerFixture *fixture, const char *sql)
{
    return test_store_int(office_store(fixture->office), sql);
}

int64_t ledger_fixture_task(LedgerFixture *fixture, const char *title)
{
    return ledger_fixture_add(fixture,
                              ledger_fixture_input(fixture, fixture->task, "title", title, "came",
                                                   "2023-11-13 09:00", "unit_of", "甲科", NULL));
}

GPtrArray *ledger_fixture_pack_with(LedgerFixture *fixture, const char *old, const char *new_text)
{
    const GPtrArray *before = office_schema(fixture->office)->files;
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    for (guint i = 0; i < before->len; i++) {
        const SchemaFile *file = g_ptr_array_index(before, i);
        g_auto(GStrv) pieces = g_strsplit(file->text, old, -1);
        g_autofree char *text = g_strjoinv(new_text, pieces);
        g_ptr_array_add(files, schema_file_new(file->path, text));
    }
    return files;
}

void ledger_fixture_apply(LedgerFixture *fixture, const char *old, const char *new_text,
                          const char *allowed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = ledger_fixture_pack_with(fixture, old, new_text);
    const char *const all_allowed[] = {allowed, NULL};
    office_pack_apply(fixture->office, files, all_allowed, &fixture->base.act, &error);
    g_assert_no_error(error);
    fixture->task = schema_ledger(office_schema(fixture->office), "task");
    fixture->note = schema_ledger(office_schema(fixture->office), "note");
}
