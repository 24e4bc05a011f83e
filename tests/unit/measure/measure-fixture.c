#include "measure-fixture.h"

#include "measure/json.h"
#include "office/pack.h"
#include "office/person.h"
#include "office/unit.h"

static const char matter[] =
    "ledger: matter\n"
    "name: {zh: 事项, en: matters}\n"
    "number: M{year}-{n:3}\n"
    "title: title\n"
    "opened: came\n"
    "unit: unit_of\n"
    "list: [came, done_at]\n"
    "fields:\n"
    "  title: {is: text, name: 标题, required: yes}\n"
    "  came: {is: time, name: 收到时间}\n"
    "  kind: {is: choice, name: {zh: 类别, en: kind}, of: "
    "{big: 大事 | big, small: 小事}}\n"
    "  day: date 日期\n"
    "  cost: money 金额\n"
    "  hours: {is: number, name: 小时, decimals: 1}\n"
    "  urgent: yesno 加急\n"
    "  unit_of: unit 承办单位\n"
    "  head: person 负责人\n"
    "  helpers: people 参加人\n"
    "  about: {is: entry, name: 相关事项, of: matter}\n"
    "  topics: {is: choices, name: 主题, of: {water: 水, road: 路}}\n"
    "  done_at: time 办结时间\n"
    "  reply: long 答复\n"
    "  again: long 重办要求\n"
    "  checked_on: date 核查日期\n"
    "  signed_on: date 会签日期\n"
    "  signers: people 会签人\n"
    "  visits:\n"
    "    is: rows\n"
    "    name: 走访\n"
    "    fields:\n"
    "      who: {is: person, name: 走访人, required: yes}\n"
    "      away: yesno 外出\n"
    "      hours: {is: number, name: 小时}\n"
    "      visited: date 走访日期\n"
    "states:\n"
    "  fresh: 待办\n"
    "  answered: 已答复\n"
    "  closed: {name: 已办结, final: yes}\n"
    "steps:\n"
    "  answer: {name: 答复, from: fresh, to: answered, by: [clerk], at: done_at, asks: reply}\n"
    "  sign: {name: 会签, from: answered, to: answered, by: [supervisor], at: signed_on,\n"
    "    asks: signers}\n"
    "  return: {name: 退回, from: answered, to: fresh, by: [supervisor], asks: again}\n"
    "  close: {name: 办结, from: answered, to: closed, by: [supervisor], asks: checked_on}\n"
    "clocks:\n"
    "  usual: {name: 答复时限, until: [answer], within: 5 workdays}\n";

static const char others[] = "ledger: meeting\n"
                             "name: 会议\n"
                             "number: H{year}-{n:3}\n"
                             "title: title\n"
                             "opened: held_on\n"
                             "nothing: yes\n"
                             "fields:\n"
                             "  title: {is: text, name: 名称, required: yes}\n"
                             "  held_on: {is: date, name: 召开日期, required: yes}\n"
                             "  kind: {is: choice, name: 类别, of: {study: 学习, talk: 约谈}}\n"
                             "  host: unit 主持单位\n"
                             "  chair: person 主持人\n"
                             "  attended: people 参加人\n"
                             "  results:\n"
                             "    is: rows\n"
                             "    name: 考试成绩\n"
                             "    fields:\n"
                             "      person: person 考生\n"
                             "      passed: yesno 通过\n";

static const char measures[] =
    "measures:\n"
    "  received: {name: {zh: 受理, en: received}, of: matter, unit: 件, note: 按收到时间计}\n"
    "  received_over: {name: 受理, of: matter, unit: 件 | matters, wording: over, sentence: "
    "'先后受理{value} | {value} in turn'}\n"
    "  received_near: {name: 受理, of: matter, unit: 件 | matters, wording: near}\n"
    "  big: {name: 大事, of: matter, where: kind = big, unit: 件}\n"
    "  answered: {name: 答复, of: matter, date: done_at, unit: 件}\n"
    "  checked: {name: 核查, of: matter, date: checked_on, unit: 件}\n"
    "  answers_on: {name: 答复, of: 'steps of matter: answer', date: done_at, unit: 次}\n"
    "  signed_rate: {name: 会签率, of: matter, counts: signed_on <= cutoff, kind: ratio}\n"
    "  in_time: {name: 到期的按期答复, of: matter, date: due, counts: late = 0, kind: ratio}\n"
    "  unanswered: {name: 到期未答复, of: matter, date: due, counts: done_at is empty, unit: 件}\n"
    "  signed: {name: 会签, of: matter, date: signed_on, unit: 件}\n"
    "  signings: {name: 会签, of: 'steps of matter: sign', date: signed_on, unit: 次}\n"
    "  has_signers: {name: 有会签人, of: matter, counts: signers is not empty, unit: 件}\n"
    "  people_signed: {name: 会签, of: people, has: {of: matter, by: signers}, unit: 名}\n"
    "  big_done: {name: 已办大事, of: matter, counts: done_at is not empty and kind = big, unit: "
    "件}\n"
    "  answered_rate: {name: 答复率, of: matter, counts: done_at <= cutoff, kind: ratio}\n"
    "  big_answered_rate: {name: 大事答复率, of: matter, where: kind = big, counts: state = "
    "answered,\n"
    "    kind: ratio}\n"
    "  all_answered:\n"
    "    name: 件件有答复 | all answered\n"
    "    of: matter\n"
    "    counts: done_at <= cutoff\n"
    "    kind: all\n"
    "    unit: 件 | matters\n"
    "    sentence: '{total}件均已答复 | all {total} are answered'\n"
    "    otherwise: {zh: '{total}件中已答复{counted}件，其余{rest}件（{names}）正在办理', "
    "en: 'of {total} {counted} are answered, {rest} ({names}) not'}\n"
    "  on_time: {name: 均按期, of: matter, where: late is not empty, counts: late = 0, kind: all,\n"
    "    sentence: 均按期, otherwise: '{counted}件按期'}\n"
    "  none_big:\n"
    "    name: 没有大事 | no great matter\n"
    "    of: matter\n"
    "    where: kind = big\n"
    "    kind: none\n"
    "    sentence: 未出现大事 | there was no great matter\n"
    "    otherwise: '出现大事{counted}件：{names}'\n"
    "  none_talk: {name: 没有约谈, of: meeting, where: kind = talk, kind: none, sentence: "
    "没有约谈,\n"
    "    otherwise: '约谈{counted}次'}\n"
    "  heads: {name: 负责人数, of: matter, kind: distinct, key: head, unit: 人}\n"
    "  kinds: {name: 类别数, of: matter, kind: distinct, key: kind, unit: 种}\n"
    "  cost: {name: 金额, of: matter, kind: sum, amount: cost, unit: 元}\n"
    "  hours: {name: 小时, of: matter, kind: median, amount: hours, unit: 小时}\n"
    "  days: {name: 用时, of: matter, date: done_at, where: took is not empty, kind: median,\n"
    "    amount: took, unit: 天}\n"
    "  by_kind: {name: 各类, of: matter, by: kind, unit: 件}\n"
    "  by_title: {name: 各题, of: matter, by: title, unit: 件}\n"
    "  by_state: {name: 各状态, of: matter, by: state, unit: 件}\n"
    "  by_unit: {name: 各单位, of: matter, by: unit, unit: 件}\n"
    "  by_head: {name: 各人, of: matter, by: head, unit: 件}\n"
    "  by_head_unit: {name: 各人单位, of: matter, by: head.unit, unit: 件}\n"
    "  by_urgent: {name: 加急, of: matter, by: urgent, unit: 件}\n"
    "  by_visits: {name: 走访次数, of: matter, by: count(visits), unit: 件}\n"
    "  by_day: {name: 各日, of: matter, by: came, unit: 件}\n"
    "  cost_by_kind: {name: 各类金额, of: matter, by: kind, kind: sum, amount: cost, unit: 元}\n"
    "  hours_by_kind: {name: 各类小时, of: matter, by: kind, kind: median, amount: hours}\n"
    "  linked: {name: 相关大事, of: matter, counts: about.kind = big, unit: 件}\n"
    "  linked_state: {name: 相关已答复, of: matter, counts: about.state = answered, unit: 件}\n"
    "  topical: {name: 涉水, of: matter, where: topics contains water, unit: 件}\n"
    "  visited: {name: 有外出走访, of: matter, counts: count(visits where away) >= 1, unit: 件}\n"
    "  answers: {name: 答复次数, of: 'steps of matter: answer', unit: 次}\n"
    "  steps: {name: 环节, of: steps of matter, unit: 次}\n"
    "  steps_by_came: {name: 环节, of: steps of matter, date: came, unit: 次}\n"
    "  visits: {name: 走访, of: rows of matter.visits, unit: 人次}\n"
    "  visits_away: {name: 外出, of: rows of matter.visits, where: away and kind = big, unit: "
    "人次}\n"
    "  visits_on: {name: 走访, of: rows of matter.visits, date: visited, unit: 人次}\n"
    "  visitors: {name: 走访人数, of: rows of matter.visits, kind: distinct, key: who, unit: 人}\n"
    "  visitors_party: {name: 党员走访, of: rows of matter.visits, where: who.party = 'yes', unit: "
    "人次}\n"
    "  visit_hours: {name: 走访小时, of: rows of matter.visits, kind: sum, amount: hours, unit: "
    "小时}\n"
    "  units: {name: 科室, of: units, where: kind = section, unit: 个}\n"
    "  units_new: {name: 新设, of: units, where: kind = section,\n"
    "    counts: since between period.start and period.end, unit: 个}\n"
    "  units_named: {name: 上级, of: units, counts: parent.kind = office, unit: 个}\n"
    "  units_met:\n"
    "    name: 科室均开会\n"
    "    of: units\n"
    "    where: kind = section\n"
    "    has: {of: meeting, by: host}\n"
    "    kind: all\n"
    "    sentence: '{total}个科室均召开了会议'\n"
    "    otherwise: '{total}个科室中{counted}个召开了会议，{names}没有召开'\n"
    "  people: {name: 人员, of: people, unit: 名}\n"
    "  people_party: {name: 党员, of: people, where: party = 'yes', unit: 名}\n"
    "  people_section: {name: 科室人员, of: people, counts: unit.kind = section, unit: 名}\n"
    "  people_titled: {name: 科长, of: people, counts: post = '科长', unit: 名}\n"
    "  people_by_unit: {name: 各单位人员, of: people, by: unit, unit: 名}\n"
    "  people_passed: {name: 全员通过, of: people,\n"
    "    has: {of: rows of meeting.results, where: passed, by: person}, kind: all,\n"
    "    sentence: 全部通过, otherwise: '{counted}名通过，{rest}名未通过'}\n"
    "  people_attended: {name: 参会率, of: people, has: {of: meeting, by: attended, least: 2},\n"
    "    kind: ratio}\n"
    "  people_chaired: {name: 主持, of: people, has: {of: meeting, by: chair}, unit: 名}\n"
    "  people_answered: {name: 办件, of: people, has: {of: 'steps of matter: answer', by: head}, "
    "unit: 名}\n"
    "  monthly: {name: 每月, of: months, has: {of: meeting, where: kind = study}, kind: all,\n"
    "    wording: every, sentence: 每月学习, otherwise: '{counted}个月学习，{names}没有'}\n"
    "  quarterly: {name: 每季度, of: quarters, has: {of: meeting, where: kind = study}, kind: "
    "all,\n"
    "    wording: every, sentence: 每季度学习 | study in every quarter, otherwise: "
    "'{counted}个季度学习，{names}没有 | study in {counted} quarters, not in {names}'}\n"
    "  quarterly_all: {name: 各季度, of: quarters, has: {of: meeting}, kind: all, unit: 期,\n"
    "    sentence: 是, otherwise: 否}\n"
    "  months_met: {name: 开会的月份, of: months, has: {of: meeting, least: 2}, unit: 个}\n";

static const char *const pack[] = {
    "pack.yaml",
    "pack: small\nversion: '1'\nname: 小\n"
    "units: {office: 机关, section: 科室, subordinate: 所属单位, branch: 党支部, committee: 党委}\n"
    "party: {'yes': 党员, probationary: 预备党员, 'no': 群众}\n",
    "ledgers/matter.yaml",
    matter,
    "ledgers/meeting.yaml",
    others,
    "measures/all.yaml",
    measures,
    NULL,
};

void measure_fixture_open(MeasureFixture *fixture, const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    test_office_open(&fixture->base, place, pack);
    fixture->office = fixture->base.office;
    fixture->reader = store_reader_acquire(office_store(fixture->office), &error);
    g_assert_no_error(error);
    store_query_int(fixture->reader, 0, &fixture->root, &error, "SELECT min(id) FROM unit", "");
    g_assert_no_error(error);
}

void measure_fixture_close(MeasureFixture *fixture)
{
    store_reader_release(fixture->reader);
    test_office_close(&fixture->base);
}

/* ---- writing --------------------------------------------------------------------------------- */

static Value parse(MeasureFixture *fixture, const SchemaField *field, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerNames) names = ledger_names_new(fixture->reader);
    Value value = VALUE_EMPTY;
    ledger_field_parse(field, text, names, office_offset_seconds(fixture->office), 0, &value,
                       &error);
    g_assert_no_error(error);
    return value;
}

static LedgerInput *make_input(MeasureFixture *fixture, const SchemaLedger *ledger, va_list pairs)
{
    LedgerInput *input = ledger_input_new(ledger);
    for (const char *name = va_arg(pairs, const char *); name != NULL;
         name = va_arg(pairs, const char *)) {
        const SchemaField *field = schema_ledger_field(ledger, name);
        g_assert_nonnull(field);
        ledger_input_set(input, field, parse(fixture, field, va_arg(pairs, const char *)));
    }
    return input;
}

static int64_t add(MeasureFixture *fixture, LedgerInput *input)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    ledger_entry_add(fixture->office, fixture->base.console, &fixture->base.act, input, 0, &id,
                     &error);
    g_assert_no_error(error);
    ledger_input_free(input);
    return id;
}

int64_t measure_fixture_add(MeasureFixture *fixture, const char *ledger, ...)
{
    va_list pairs;
    va_start(pairs, ledger);
    LedgerInput *input =
        make_input(fixture, schema_ledger(office_schema(fixture->office), ledger), pairs);
    va_end(pairs);
    return add(fixture, input);
}

int64_t measure_fixture_add_rows(MeasureFixture *fixture, const char *ledger, const char *field,
                                 const char *const *rows, ...)
{
    const SchemaLedger *of = schema_ledger(office_schema(fixture->office), ledger);
    const SchemaField *parent = schema_ledger_field(of, field);
    va_list pairs;
    va_start(pairs, rows);
    LedgerInput *input = make_input(fixture, of, pairs);
    va_end(pairs);
    for (size_t i = 0; rows[i] != NULL; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], "|", -1);
        g_autofree Value *values = g_new0(Value, parent->fields->len);
        g_assert_cmpint(g_strv_length(cells), ==, parent->fields->len);
        for (guint k = 0; k < parent->fields->len; k++) {
            values[k] = parse(fixture, g_ptr_array_index(parent->fields, k), cells[k]);
        }
        ledger_input_add_row(input, parent, values);
    }
    return add(fixture, input);
}

int64_t measure_fixture_us(const char *text)
{
    int64_t us = 0;
    g_assert_true(date_parse_time(text, DATE_SECONDS_SHANGHAI, &us));
    return us;
}

void measure_fixture_step(MeasureFixture *fixture, int64_t id, const char *step, const char *when,
                          ...)
{
    g_autoptr(GError) error = NULL;
    va_list pairs;
    va_start(pairs, when);
    g_autoptr(LedgerInput) input =
        make_input(fixture, schema_ledger(office_schema(fixture->office), "matter"), pairs);
    va_end(pairs);
    ledger_entry_step(fixture->office, fixture->base.console, &fixture->base.act, id, 0, step,
                      measure_fixture_us(when), input, NULL, &error);
    g_assert_no_error(error);
}

void measure_fixture_correct(MeasureFixture *fixture, const char *ledger, int64_t id, ...)
{
    g_autoptr(GError) error = NULL;
    va_list pairs;
    va_start(pairs, id);
    g_autoptr(LedgerInput) input =
        make_input(fixture, schema_ledger(office_schema(fixture->office), ledger), pairs);
    va_end(pairs);
    LogAct act = fixture->base.act;
    act.why = "更正";
    ledger_entry_change(fixture->office, fixture->base.console, &act, id, 0, input, NULL, &error);
    g_assert_no_error(error);
}

void measure_fixture_replace(MeasureFixture *fixture, const char *old, const char *new_text)
{
    g_autoptr(GError) error = NULL;
    const GPtrArray *before = office_schema(fixture->office)->files;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    for (guint i = 0; i < before->len; i++) {
        const SchemaFile *file = g_ptr_array_index(before, i);
        g_auto(GStrv) pieces = g_strsplit(file->text, old, -1);
        g_autofree char *text = g_strjoinv(new_text, pieces);
        g_ptr_array_add(files, schema_file_new(file->path, text));
    }
    office_pack_apply(fixture->office, files, NULL, &fixture->base.act, &error);
    g_assert_no_error(error);
}

static Date to_date(const char *text)
{
    Date date = DATE_NONE;
    g_assert_true(text == NULL || date_parse(text, &date));
    return date;
}

int64_t measure_fixture_unit(MeasureFixture *fixture, const char *name, const char *kind,
                             const char *since, const char *until)
{
    g_autoptr(GError) error = NULL;
    const OfficeUnit unit = {.name = (char *)name,
                             .kind = (char *)kind,
                             .parent = fixture->root,
                             .since = to_date(since),
                             .until = to_date(until)};
    int64_t id = 0;
    office_unit_add(fixture->office, fixture->base.console, &fixture->base.act, &unit, &id, &error);
    g_assert_no_error(error);
    return id;
}

int64_t measure_fixture_person(MeasureFixture *fixture, const char *name, const char *party,
                               const char *since, const char *until)
{
    g_autoptr(GError) error = NULL;
    const OfficePerson person = {.name = (char *)name,
                                 .party = (char *)party,
                                 .since = to_date(since),
                                 .until = to_date(until)};
    int64_t id = 0;
    office_person_add(fixture->office, fixture->base.console, &fixture->base.act, &person, &id,
                      &error);
    g_assert_no_error(error);
    return id;
}

/* ---- reading --------------------------------------------------------------------------------- */

Figure *measure_fixture_figure(MeasureFixture *fixture, const char *measure, const char *period,
                               const FigureOptions *options)
{
    g_autoptr(GError) error = NULL;
    Period parsed;
    period_parse(period, &parsed, &error);
    g_assert_no_error(error);
    const SchemaMeasure *found = figure_find_measure(fixture->office, measure, &error);
    g_assert_no_error(error);
    Figure *figure = figure_evaluate(fixture->office, fixture->reader, fixture->base.console, found,
                                     &parsed, options, &error);
    g_assert_no_error(error);
    return figure;
}

/* Check that two evaluations of one measure agree, and that the list is what the number counts. */
static void check_alike(const Figure *alone, const Figure *listed)
{
    int64_t counted = 0;
    int64_t late = 0;
    g_assert_cmpstr(alone->text, ==, listed->text);
    g_assert_cmpstr(alone->sentence, ==, listed->sentence);
    g_assert_cmpint(alone->total, ==, listed->total);
    g_assert_cmpint(alone->counted, ==, listed->counted);
    g_assert_cmpint(alone->value, ==, listed->value);
    g_assert_cmpint(alone->n_late, ==, listed->n_late);
    g_assert_cmpint(alone->n_brought, ==, listed->n_brought);
    g_assert_cmpint(alone->n_kept, ==, listed->n_kept);
    g_assert_true(alone->is_holding == listed->is_holding);
    g_assert_null(alone->members);
    g_assert_cmpint(listed->members->len, ==, listed->total);
    for (guint i = 0; i < listed->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(listed->members, i);
        counted += member->is_counted ? 1 : 0;
        late += member->n_late;
        g_assert_true(member->is_restricted || member->why != NULL);
    }
    g_assert_cmpint(counted, ==, listed->counted);
    g_assert_cmpint(late, ==, listed->n_late);
}

void measure_fixture_says(MeasureFixture *fixture, const char *measure, const char *period,
                          const char *text)
{
    const FigureOptions with_members = {.with_members = true};
    g_autoptr(Figure) alone = measure_fixture_figure(fixture, measure, period, NULL);
    g_autoptr(Figure) listed = measure_fixture_figure(fixture, measure, period, &with_members);
    check_alike(alone, listed);
    if (!g_str_equal(alone->text, text)) {
        g_error("%s of %s is '%s', not '%s'", measure, period, alone->text, text);
    }
}

void measure_fixture_sentence(MeasureFixture *fixture, const char *measure, const char *period,
                              const char *sentence)
{
    g_autoptr(Figure) figure = measure_fixture_figure(fixture, measure, period, NULL);
    g_assert_cmpstr(figure->sentence, ==, sentence);
}
