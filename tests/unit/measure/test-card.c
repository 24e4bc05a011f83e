#include "measure/card.h"

#include "ledger/nothing.h"
#include "measure-fixture.h"
#include "measure/json.h"

static const FigureOptions listed = {.with_members = true};

/* Return @card as text, a line each, "统计对象：群众诉求"; the caller owns it. */
static char *card_to_text(const Card *card, const char *language)
{
    const char *colon = g_str_equal(language, "zh") ? "：" : ": ";
    GString *out = g_string_new(card->title);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < card->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(card->lines, i);
        g_string_append_printf(out, "%s%s%s\n", line->term, colon, line->text);
    }
    return g_string_free(out, false);
}

/* Check the card of @measure for 2023, line by line, in @language. */
static void check_card(MeasureFixture *f, const char *measure, const char *language,
                       const char *expected)
{
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, "2023Q1", NULL);
    g_autoptr(Card) card = card_new(figure, f->office, language);
    g_autofree char *text = card_to_text(card, language);
    g_assert_cmpstr(text, ==, expected);
}

static void test_cards(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    check_card(
        &f, "received", "zh",
        "受理\n统计对象：事项\n归期依据：收到时间\n计算方法：计数\n统计期间：2023年第一季度\n"
        "截止时间：2023-03-31 23:59:59\n计入数：1\n"
        "迟登情况：其中1条在发生" G_STRINGIFY(
            FIGURE_LATE_DAYS) "天以后才登记\n说明：按收到时间计\n");
    check_card(&f, "received", "en",
               "received\ncounted from: matters\ndate that decides: 收到时间\n"
               "what is stated: how many there are\nperiod covered: the first quarter of 2023\n"
               "as things stood at: 2023-03-31 23:59:59\ncounted in: 1 counted\n"
               "recorded late: 1 were recorded more than " G_STRINGIFY(
                   FIGURE_LATE_DAYS) " days after they happened\n"
                                     "remark: 按收到时间计\n");
    check_card(&f, "big_answered_rate", "zh",
               "大事答复率\n统计对象：事项\n统计范围：类别为“大事”\n归期依据：收到时间\n"
               "计入条件：状态为“已答复”\n计算方法：符合条件的占总数的比例\n"
               "统计期间：2023年第一季度\n截止时间：2023-03-31 23:59:59\n总数：0\n计入数：0\n");
    check_card(&f, "none_big", "zh",
               "没有大事\n统计对象：事项\n统计范围：类别为“大事”\n归期依据：收到时间\n"
               "计算方法：是否一件也没有（台账有登记或者作过无记录说明的，方可断定）\n统计期间：202"
               "3年第一季度\n"
               "截止时间：2023-03-31 23:59:59\n计入数：0\n登记情况：期内有登记1条\n");
    check_card(
        &f, "units_met", "zh",
        "科室均开会\n统计对象：截止时在册的单位\n统计范围：单位类别为“科室”\n"
        "计入条件：会议；按“召开日期”归期；按“主持单位”对应；至少1条\n"
        "计算方法：是否全部符合条件（没有统计对象的，不作“全部”的结论）\n统计期间：2023年第一季度\n"
        "截止时间：2023-03-31 "
        "23:59:59\n总数：0\n计入数：0\n符合条件：符合计入条件的有0条\n登记情况：期内有登记0条\n");
}

/* The first line after the title says of what every universe is. */
static void test_universes_in_words(const TestPlace *place)
{
    FIXTURE(f);
    static const char *const expected[][2] = {
        {"answers", "“事项”的环节“答复”"},  {"steps", "“事项”的全部环节"},
        {"visits", "“事项”中的“走访”逐行"}, {"people", "截止时在册的人员"},
        {"monthly", "期内已满的各月"},      {"quarterly", "期内已满的各季度"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(Figure) figure = measure_fixture_figure(&f, expected[i][0], "2023", NULL);
        g_autoptr(Card) card = card_new(figure, f.office, "zh");
        g_assert_cmpstr(card_get(card, "universe"), ==, expected[i][1]);
        g_assert_null(card_get(card, "no such line"));
    }
}

static void check_line(MeasureFixture *f, const char *measure, const char *name, const char *text)
{
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, "2023", NULL);
    g_autoptr(Card) card = card_new(figure, f->office, "zh");
    g_assert_cmpstr(card_get(card, name), ==, text);
}

static void test_lines(const TestPlace *place)
{
    FIXTURE(f);
    check_line(&f, "heads", "key", "负责人");
    check_line(&f, "cost", "amount", "金额");
    check_line(&f, "days", "amount", "用时天数");
    check_line(&f, "by_state", "by", "状态");
    check_line(&f, "steps", "date", "环节完成时间");
    check_line(&f, "visits_on", "date", "走访日期");
    check_line(&f, "people_party", "where", "政治面貌为“党员”");
    check_line(&f, "linked_state", "counts", "相关事项的状态为“已答复”");
    check_line(&f, "quarterly", "has", "会议；类别为“学习”；按“召开日期”归期；至少1条");
    check_line(&f, "people_answered", "has",
               "“事项”的环节“答复”；按“环节完成时间”归期；按“负责人”对应；至少1条");
    check_line(&f, "hours", "kind", "中位数：一半低于它，一半高于它");
    check_line(&f, "units_new", "counts", "设立或到岗日期在期初至期末之间");
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-01-01", "kind", "talk",
                        NULL);
    check_line(&f, "quarterly", "found", "符合计入条件的有0条");
    check_line(&f, "quarterly", "kept", "期内有登记1条");
    const FigureOptions known = {.known_us = TEST_OFFICE_NOW_US};
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "received", "2023", &known);
    g_autoptr(Card) card = card_new(figure, f.office, "zh");
    g_assert_cmpstr(card_get(card, "known"), ==, "2023-11-15 06:13:20");
    card_free(NULL);
}

/* One entry in January proves little of December: the card says in how many months there is any. */
static void test_months_in_which_it_was_kept(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-01-05", NULL);
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-03-05", NULL);
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "none_talk", "2023", &listed);
    g_autoptr(Card) card = card_new(figure, f.office, "zh");
    g_assert_cmpstr(card_get(card, "kept"), ==, "期内有登记2条，11个月中2个月有登记");
}

/* A statement that there was nothing stays when something is recorded after it: the card says both.
 */
static void test_a_statement_beside_a_record(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    Period year;
    const SchemaLedger *ledger = schema_ledger(office_schema(f.office), "meeting");
    period_parse("2022", &year, &error);
    g_assert_true(
        ledger_nothing_add(f.office, f.base.console, &f.base.act, ledger, &year, NULL, &error));
    g_assert_no_error(error);
    g_autoptr(Figure) before = measure_fixture_figure(&f, "none_talk", "2022", &listed);
    g_autoptr(Card) stated = card_new(before, f.office, "zh");
    g_assert_cmpstr(card_get(stated, "kept"), ==, "已作无记录说明");
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2022-03-05", NULL);
    g_autoptr(Figure) after = measure_fixture_figure(&f, "none_talk", "2022", &listed);
    g_autoptr(Card) both = card_new(after, f.office, "zh");
    g_assert_cmpstr(card_get(both, "kept"), ==, "已作无记录说明，但期内另有登记1条");
}

static void test_missing_amounts(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    check_line(&f, "cost", "blank", "其中1条未填，未计在内");
    check_line(&f, "received", "blank", NULL);
}

/* ---- json --------------------------------------------------------------------------------------
 */

static json_t *to_json(MeasureFixture *f, const char *measure, const char *period,
                       const FigureOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, period, options);
    g_auto(JsonWriter) writer;
    json_writer_init_unsorted(&writer);
    figure_write_json(figure, f->office, "zh", &writer);
    g_autofree char *text = json_writer_finish(&writer);
    json_t *json = json_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    return json;
}

static const char *text_at(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static void test_json_of_a_count(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-02 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    g_autoptr(json_t) json = to_json(&f, "all_answered", "2023", &listed);
    g_assert_cmpstr(text_at(json, "name"), ==, "all_answered");
    g_assert_cmpstr(text_at(json, "title"), ==, "件件有答复");
    g_assert_cmpstr(text_at(json, "kind"), ==, "all");
    g_assert_cmpstr(text_at(json, "text"), ==, "2件中有1件");
    g_assert_cmpstr(text_at(json, "unit"), ==, "件");
    g_assert_cmpstr(text_at(json, "cutoff"), ==, "2023-11-15T06:13:20+08:00");
    g_assert_true(json_is_null(json_object_get(json, "known")));
    g_assert_true(json_is_false(json_object_get(json, "value")));
    g_assert_true(json_is_false(json_object_get(json, "holds")));
    g_assert_cmpint(json_integer_value(json_object_get(json, "total")), ==, 2);
    g_assert_cmpint(json_integer_value(json_object_get(json, "counted")), ==, 1);
    const json_t *period = json_object_get(json, "period");
    g_assert_cmpstr(text_at(period, "from"), ==, "2023-01-01");
    g_assert_cmpstr(text_at(period, "to"), ==, "2023-12-31");
    const json_t *definition = json_object_get(json, "definition");
    g_assert_cmpstr(text_at(definition, "universe"), ==, "事项");
    g_assert_true(g_str_has_prefix(text_at(definition, "text"), "all_answered:"));
    const json_t *members = json_object_get(json, "members");
    g_assert_cmpint(json_array_size(members), ==, 2);
    const json_t *first = json_array_get(members, 0);
    g_assert_cmpstr(text_at(first, "kind"), ==, "entry");
    g_assert_cmpint(json_integer_value(json_object_get(first, "id")), ==, id);
    g_assert_cmpstr(text_at(first, "number"), ==, "M2023-001");
    g_assert_cmpstr(text_at(first, "title"), ==, "甲");
    g_assert_true(json_is_true(json_object_get(first, "counted")));
    g_assert_cmpstr(text_at(first, "why"), ==, "收到时间 2023-03-01；符合：办结时间不晚于截止时间");
    const json_t *second = json_array_get(members, 1);
    g_assert_cmpstr(text_at(second, "why"), ==,
                    "收到时间 2023-03-02；不符合：办结时间不晚于截止时间");
    const json_t *entries = json_object_get(json, "entries");
    g_assert_cmpint(json_array_size(entries), ==, 1);
    g_assert_cmpstr(json_string_value(json_array_get(entries, 0)), ==, "M2023-001");
}

/* Of several conditions those are named that a member fails, not all. */
static void test_which_condition_failed(const TestPlace *place)
{
    MeasureFixture f;
    measure_fixture_open(&f, place);
    measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", "kind", "big",
                        NULL);
    measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-02 09:00", NULL);
    g_autoptr(json_t) json = to_json(&f, "big_done", "2023", &listed);
    const json_t *members = json_object_get(json, "members");
    g_assert_cmpstr(text_at(json_array_get(members, 0), "why"), ==,
                    "收到时间 2023-03-01；不符合：办结时间不为空");
    g_assert_cmpstr(text_at(json_array_get(members, 1), "why"), ==,
                    "收到时间 2023-03-02；不符合：办结时间不为空；类别为“大事”");
    measure_fixture_close(&f);
}

static void test_json_of_other_kinds(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(json_t) empty = to_json(&f, "answered_rate", "2023", NULL);
    g_assert_true(json_is_null(json_object_get(empty, "value")));
    g_assert_null(json_object_get(empty, "members"));
    g_assert_null(json_object_get(empty, "holds"));
    for (int i = 0; i < 3; i++) {
        int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00",
                                         "kind", i == 0 ? "" : "big", "cost", "1.50", NULL);
        if (i > 0) {
            measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
        }
    }
    g_autoptr(json_t) rate = to_json(&f, "answered_rate", "2023", NULL);
    g_assert_cmpfloat(json_real_value(json_object_get(rate, "value")), ==, 0.6667);
    g_assert_cmpstr(text_at(rate, "text"), ==, "66.7%");
    g_autoptr(json_t) cost = to_json(&f, "cost", "2023", NULL);
    g_assert_cmpfloat(json_real_value(json_object_get(cost, "value")), ==, 4.5);
    g_autoptr(json_t) count = to_json(&f, "received", "2023", NULL);
    g_assert_cmpint(json_integer_value(json_object_get(count, "value")), ==, 3);
    g_autoptr(json_t) groups = to_json(&f, "by_kind", "2023", NULL);
    const json_t *group = json_array_get(json_object_get(groups, "groups"), 0);
    g_assert_cmpstr(text_at(group, "key"), ==, "big");
    g_assert_cmpstr(text_at(group, "label"), ==, "大事");
    g_assert_cmpint(json_integer_value(json_object_get(group, "value")), ==, 2);
    const json_t *none = json_array_get(json_object_get(groups, "groups"), 1);
    g_assert_true(json_is_null(json_object_get(none, "key")));
    /* Steps and rows give the numbers of their entries, each once. */
    g_autoptr(json_t) steps = to_json(&f, "steps", "2023", &listed);
    g_assert_cmpint(json_array_size(json_object_get(steps, "members")), ==, 2);
    g_assert_cmpint(json_array_size(json_object_get(steps, "entries")), ==, 2);
    const json_t *step = json_array_get(json_object_get(steps, "members"), 0);
    g_assert_cmpint(json_integer_value(json_object_get(step, "n")), ==, 1);
}

static void test_json_of_what_has(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_unit(&f, "乙科", "section", NULL, NULL);
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-01-01", "host", "甲科",
                        "kind", "study", NULL);
    g_autoptr(json_t) quarters = to_json(&f, "quarterly", "2023", &listed);
    const json_t *first = json_array_get(json_object_get(quarters, "members"), 0);
    g_assert_cmpstr(text_at(first, "kind"), ==, "quarter");
    g_assert_cmpstr(text_at(first, "id"), ==, "2023Q1");
    g_assert_cmpstr(text_at(first, "title"), ==, "2023年第一季度");
    g_assert_cmpstr(text_at(first, "why"), ==, "有1条，至少需1条");
    g_assert_cmpint(json_integer_value(json_object_get(first, "found")), ==, 1);
    g_assert_cmpint(json_array_size(json_object_get(first, "entries")), ==, 1);
    g_assert_cmpint(json_array_size(json_object_get(quarters, "entries")), ==, 1);
    g_autoptr(json_t) units = to_json(&f, "units_met", "2023", &listed);
    const json_t *other = json_array_get(json_object_get(units, "members"), 1);
    g_assert_cmpstr(text_at(other, "kind"), ==, "unit");
    g_assert_cmpstr(text_at(other, "title"), ==, "乙科");
    g_assert_true(json_is_false(json_object_get(other, "counted")));
    g_assert_cmpstr(text_at(other, "why"), ==, "有0条，至少需1条");
    g_assert_cmpint(json_array_size(json_object_get(units, "entries")), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/card/cards", test_cards);
    test_store_each("/measure/card/universes-in-words", test_universes_in_words);
    test_store_each("/measure/card/lines", test_lines);
    test_store_each("/measure/card/months-in-which-it-was-kept", test_months_in_which_it_was_kept);
    test_store_each("/measure/card/a-statement-beside-a-record", test_a_statement_beside_a_record);
    test_store_each("/measure/card/missing-amounts", test_missing_amounts);
    test_store_each("/measure/json/of-a-count", test_json_of_a_count);
    test_store_each("/measure/json/of-other-kinds", test_json_of_other_kinds);
    test_store_each("/measure/card/which-condition-failed", test_which_condition_failed);
    test_store_each("/measure/json/of-what-has", test_json_of_what_has);
    return g_test_run();
}
