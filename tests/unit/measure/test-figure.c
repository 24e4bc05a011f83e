#include "ledger/write.h"
#include "measure-fixture.h"

#include "measure/json.h"
#include "office/post.h"

#define SAYS(measure, period, text) measure_fixture_says(&f, measure, period, text)
#define SENTENCE(measure, period, text) measure_fixture_sentence(&f, measure, period, text)

/* Record @n matters on @day. */
static void add_matters(MeasureFixture *f, int n, const char *day)
{
    for (int i = 0; i < n; i++) {
        measure_fixture_add(f, "matter", "title", "事", "came", day, NULL);
    }
}

/* ---- counts and their wordings -----------------------------------------------------------------
 */

static void test_count_is_worded(const TestPlace *place)
{
    FIXTURE(f);
    SAYS("received", "2023", "0件");
    SAYS("received_over", "2023", "0件");
    add_matters(&f, 9, "2023-03-01 09:00");
    SAYS("received_over", "2023", "9件");
    add_matters(&f, 2, "2023-01-01 00:00");
    add_matters(&f, 4, "2022-12-31 23:59");
    SAYS("received", "2023", "11件");
    SAYS("received_over", "2023", "10余件");
    SAYS("received", "2022", "4件");
    SAYS("received", "2023Q1", "11件");
    SAYS("received", "2023-01-01", "2件");
    SAYS("received", "2022-12-31..2023-01-01", "6件");
    SENTENCE("received_over", "2023", "先后受理10余件");
    SENTENCE("received", "2023", NULL);
    add_matters(&f, 8, "2023-03-02 09:00");
    SAYS("received_near", "2023", "近20件");
}

/* Check what @measure is in English, and its sentence. */
static void check_english(MeasureFixture *f, const char *measure, const char *text,
                          const char *sentence)
{
    const FigureOptions english = {.language = "en"};
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, "2023", &english);
    g_assert_cmpstr(figure->text, ==, text);
    g_assert_cmpstr(figure->sentence, ==, sentence);
}

/* A page in English had 余, 中有 and 无可统计对象 in it, and whole sentences in Chinese. */
static void test_english_is_no_mixture(const TestPlace *place)
{
    FIXTURE(f);
    check_english(&f, "received_over", "0 matters", "0 matters in turn");
    check_english(&f, "answered_rate", "nothing to count", NULL);
    check_english(&f, "all_answered", "nothing to count",
                  "“all answered”: nothing to count in this period");
    check_english(&f, "none_big", "not recorded, cannot be said",
                  "“no great matter”: nothing is recorded in the period, so it cannot be said that "
                  "there was none");
    check_english(&f, "hours", "nothing to count", NULL);
    add_matters(&f, 1, "2023-03-01 09:00");
    check_english(&f, "received_over", "1 matter", "1 matter in turn");
    check_english(&f, "none_big", "none", "there was no great matter");
    check_english(&f, "all_answered", "0 of 1 matter", "of 1 0 are answered, 1 (事) not");
    check_english(&f, "on_time", "nothing to count", "“均按期”: nothing to count in this period");
    add_matters(&f, 10, "2023-03-01 09:00");
    check_english(&f, "received_over", "over 10 matters", "over 10 matters in turn");
    check_english(
        &f, "all_answered", "0 of 11 matters",
        "of 11 0 are answered, 11 (事, 事, 事, 事, 事, 事, 事, 事, 事, 事 and others, 11 in "
        "all) not");
    check_english(&f, "answered_rate", "0%", NULL);
    add_matters(&f, 8, "2023-03-02 09:00");
    check_english(&f, "received_near", "nearly 20 matters", NULL);
}

static void test_only_the_period_counts(const TestPlace *place)
{
    FIXTURE(f);
    int64_t first = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-30 09:00",
                                        "kind", "big", NULL);
    int64_t second =
        measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-31 09:00", NULL);
    measure_fixture_step(&f, first, "answer", "2023-03-31 23:59:59", "reply", "好", NULL);
    measure_fixture_step(&f, second, "answer", "2023-04-01 00:00", "reply", "好", NULL);
    SAYS("answered", "2023Q1", "1件");
    SAYS("answered", "2023Q2", "1件");
    SAYS("answered", "2023Q3", "0件");
    SAYS("answers", "2023Q1", "1次");
    SAYS("steps", "2023", "2次");
    SAYS("steps_by_came", "2023-03", "1次"); /* what had been done by the end of March */
    SAYS("big", "2023", "1件");
    SAYS("answered_rate", "2023Q1", "50%");
    SAYS("answered_rate", "2023", "100%");
    SAYS("answered_rate", "2022", "无可统计对象");
    SAYS("big_answered_rate", "2023", "100%");
    /* A date that a step asks for counts once that step had happened. */
    measure_fixture_step(&f, first, "close", "2023-05-02 09:00", "checked_on", "2023-04-20", NULL);
    SAYS("checked", "2023-04", "0件");
    SAYS("checked", "2023-04-01..2023-05-31", "1件");
    SAYS("big_answered_rate", "2023", "0%");
    SAYS("big_answered_rate", "2023Q1", "100%");
}

/* What is done again next quarter was done in this one all the same. */
static void test_done_again_later(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_person(&f, "张三", NULL, NULL, NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    int64_t other =
        measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, other, "answer", "2023-03-02 10:00", "reply", "好", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-20 10:00", "reply", "好", NULL);
    measure_fixture_step(&f, id, "sign", "2023-03-21", "signers", "张三", NULL);
    for (int i = 0; i < 2; i++) { /* the quarter stays what it was */
        SAYS("answered", "2023Q1", "2件");
        SAYS("answers", "2023Q1", "2次");
        SAYS("answers_on", "2023Q1", "2次");
        SAYS("signed", "2023Q1", "1件");
        SAYS("signings", "2023Q1", "1次");
        if (i == 0) {
            measure_fixture_step(&f, id, "return", "2023-04-02 10:00", "again", "再办", NULL);
            measure_fixture_step(&f, id, "answer", "2023-04-10 10:00", "reply", "好的", NULL);
            measure_fixture_step(&f, id, "sign", "2023-04-11", "signers", "张三", NULL);
        }
    }
    SAYS("answered", "2023Q2", "1件");
    SAYS("answered", "2023", "2件");
    SAYS("answers_on", "2023Q2", "1次");
    SAYS("answers_on", "2023", "3次");
    SAYS("signed", "2023Q2", "1件");
    SAYS("signings", "2023", "2次");
}

/* Five days and two hours are not "within five days". */
static void test_a_begun_tenth_of_a_day_counts(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-05-01 00:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-05-06 02:23", "reply", "好", NULL);
    SAYS("days", "2023", "5.1天");
}

/* A list that a step brings is empty until its step. */
static void test_lists_wait_for_their_step(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_person(&f, "张三", NULL, NULL, NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-05-05 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-05-06 10:00", "reply", "好", NULL);
    measure_fixture_step(&f, id, "sign", "2023-07-01", "signers", "张三", NULL);
    SAYS("has_signers", "2023-05", "0件");
    SAYS("people_signed", "2023-05", "0名");
    SAYS("has_signers", "2023", "1件");
    SAYS("people_signed", "2023", "1名");
}

/* ---- claims ------------------------------------------------------------------------------------
 */

static void test_a_false_all_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    SAYS("all_answered", "2023", "无可统计对象");
    SENTENCE("all_answered", "2023", "“件件有答复”本期无可统计对象");
    int64_t ids[3];
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *title = g_strdup_printf("第%d件", (int)i + 1);
        ids[i] =
            measure_fixture_add(&f, "matter", "title", title, "came", "2023-03-01 09:00", NULL);
    }
    SAYS("all_answered", "2023", "3件中有0件");
    measure_fixture_step(&f, ids[0], "answer", "2023-03-02 09:00", "reply", "好", NULL);
    measure_fixture_step(&f, ids[2], "answer", "2023-04-02 09:00", "reply", "好", NULL);
    SAYS("all_answered", "2023", "3件中有2件");
    SENTENCE("all_answered", "2023", "3件中已答复2件，其余1件（第2件）正在办理");
    SENTENCE("all_answered", "2023Q1", "3件中已答复1件，其余2件（第2件、第3件）正在办理");
    SAYS("on_time", "2023", "2项中有1项");
    SAYS("on_time", "2023Q1", "1项均");
    measure_fixture_step(&f, ids[1], "answer", "2023-04-03 09:00", "reply", "好", NULL);
    SAYS("all_answered", "2023", "3件均");
    SENTENCE("all_answered", "2023", "3件均已答复");
    /* A case closed later does not change last quarter's figure. */
    SAYS("all_answered", "2023Q1", "3件中有1件");
}

static void test_many_names_are_cut_short(const TestPlace *place)
{
    FIXTURE(f);
    for (int i = 0; i < FIGURE_MAX_NAMES + 2; i++) {
        measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    }
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "all_answered", "2023", NULL);
    g_assert_true(g_str_has_suffix(figure->sentence, "事、事等12件）正在办理"));
}

static void test_none_needs_a_ledger_that_was_kept(const TestPlace *place)
{
    FIXTURE(f);
    SAYS("none_big", "2023", "未登记，不能断定");
    SENTENCE("none_big", "2023", "“没有大事”期内没有任何登记，不能断定没有发生");
    measure_fixture_add(&f, "matter", "title", "小", "came", "2023-03-01 09:00", "kind", "small",
                        NULL);
    SAYS("none_big", "2023", "无");
    SENTENCE("none_big", "2023", "未出现大事");
    SAYS("none_big", "2022", "未登记，不能断定");
    measure_fixture_add(&f, "matter", "title", "洪水", "came", "2023-03-02 09:00", "kind", "big",
                        NULL);
    SAYS("none_big", "2023", "发生1项");
    SENTENCE("none_big", "2023", "出现大事1件：洪水");
    SAYS("none_big", "2023-03-01", "无");
}

/* ---- keys, amounts, groups ---------------------------------------------------------------------
 */

static void add_amounts(MeasureFixture *f)
{
    measure_fixture_person(f, "张三", "yes", NULL, NULL);
    measure_fixture_person(f, "李四", "no", NULL, NULL);
    measure_fixture_unit(f, "甲科", "section", NULL, NULL);
    static const char *const rows[][6] = {
        {"big", "张三", "100.50", "1.5", "甲科", "是"},
        {"big", "张三", "0.50", "2", "甲科", "否"},
        {"small", "李四", "-1.25", "4", "", "是"},
        {"small", "", "", "", "", ""},
        {"", "李四", "7", "2.5", "", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        measure_fixture_add(f, "matter", "title", "事", "came", "2023-03-01 09:00", "kind",
                            rows[i][0], "head", rows[i][1], "cost", rows[i][2], "hours", rows[i][3],
                            "unit_of", rows[i][4], "urgent", rows[i][5], NULL);
    }
}

static void test_keys_and_amounts(const TestPlace *place)
{
    FIXTURE(f);
    SAYS("cost", "2023", "0元");
    SAYS("hours", "2023", "无可统计对象");
    SAYS("heads", "2023", "0人");
    measure_fixture_add(&f, "matter", "title", "事", "came", "2022-03-01 09:00", NULL);
    SAYS("cost", "2022", "均未填写"); /* not 0 */
    SAYS("hours", "2022", "均未填写");
    add_amounts(&f);
    SAYS("heads", "2023", "2人");
    SAYS("kinds", "2023", "2种");
    SAYS("cost", "2023", "106.75元（另有1项未填写）"); /* a sum of which a part is missing */
    SAYS("hours", "2023", "2.3小时");                  /* between 2 and 2.5, half up */
    g_autoptr(Figure) cost = measure_fixture_figure(&f, "cost", "2023", NULL);
    g_autofree char *value = figure_value_to_text(cost);
    g_assert_cmpstr(value, ==, "106.75");
    g_assert_cmpint(cost->value, ==, 10675);
    g_assert_cmpint(cost->decimals, ==, 2);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-04-03 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-04-05 21:00", "reply", "好", NULL);
    SAYS("days", "2023", "2.5天");
}

/* An opened sum or median did not say what each of its members brings. */
static void test_members_show_their_amounts(const TestPlace *place)
{
    FIXTURE(f);
    add_amounts(&f);
    const FigureOptions options = {.with_members = true};
    g_autoptr(Figure) cost = measure_fixture_figure(&f, "cost", "2023", &options);
    g_autoptr(Figure) heads = measure_fixture_figure(&f, "heads", "2023", &options);
    int64_t sum = 0;
    guint n_blank = 0;
    g_assert_true(figure_shows_amounts(cost));
    g_assert_false(figure_shows_amounts(heads));
    for (guint i = 0; i < cost->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(cost->members, i);
        n_blank += !member->has_amount;
        sum += member->amount;
    }
    g_assert_cmpint(sum, ==, cost->value);
    g_assert_cmpint(n_blank, ==, cost->n_blank);
    g_auto(JsonWriter) writer;
    json_writer_init_unsorted(&writer);
    figure_write_json(cost, f.office, "zh", &writer);
    g_autofree char *json = json_writer_finish(&writer);
    g_assert_nonnull(strstr(json, "\"amount\":null,\"counted\":true"));
    g_assert_nonnull(strstr(json, "\"amount\":100.5,\"counted\":true"));
}

/* Write the groups of @measure in @period as "label=value;". */
static char *groups_in(MeasureFixture *f, const char *measure, const char *period,
                       const char *language)
{
    const FigureOptions options = {.language = language};
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, period, &options);
    GString *out = g_string_new(NULL);
    int64_t counted = 0;
    for (guint i = 0; i < figure->groups->len; i++) {
        const FigureGroup *group = g_ptr_array_index(figure->groups, i);
        g_autofree char *value =
            group->has_value ? g_strdup_printf("%lld", (long long)group->value) : g_strdup("—");
        g_string_append_printf(out, "%s=%s;", group->label, value);
        counted += group->counted;
    }
    g_assert_cmpint(counted, ==, figure->counted);
    return g_string_free(out, false);
}

static char *groups_of(MeasureFixture *f, const char *measure, const char *language)
{
    return groups_in(f, measure, "2023", language);
}

/* The median of a group none of whose amounts is filled in was said to be 0. */
static void test_a_group_without_amounts_has_no_value(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", "kind", "big",
                        NULL);
    measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-01 09:00", "kind", "small",
                        "hours", "-1", NULL);
    g_autofree char *groups = groups_of(&f, "hours_by_kind", "zh");
    g_assert_cmpstr(groups, ==, "小事=-10;大事=—;");
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "hours_by_kind", "2023", NULL);
    g_auto(JsonWriter) writer;
    json_writer_init_unsorted(&writer);
    figure_write_json(figure, f.office, "zh", &writer);
    g_autofree char *json = json_writer_finish(&writer);
    g_assert_nonnull(strstr(json, "\"label\":\"大事\",\"counted\":1,\"value\":null"));
}

static void test_groups(const TestPlace *place)
{
    FIXTURE(f);
    add_amounts(&f);
    static const char *const expected[][3] = {
        {"by_kind", "zh", "大事=2;小事=2;未填写=1;"},
        {"by_kind", "en", "big=2;小事=2;not filled in=1;"},
        {"by_state", "zh", "待办=5;"},
        {"by_head", "zh", "张三=2;李四=2;未填写=1;"},
        {"by_head_unit", "zh", "未填写=5;"},
        {"by_urgent", "zh", "是=2;未填写=2;否=1;"},
        {"by_visits", "zh", "0=5;"},
        {"by_day", "zh", "2023-03-01 09:00=5;"},
        {"cost_by_kind", "zh", "大事=10100;未填写=700;小事=-125;"},
        {"hours_by_kind", "zh", "小事=40;未填写=25;大事=18;"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *groups = groups_of(&f, expected[i][0], expected[i][1]);
        g_assert_cmpstr(groups, ==, expected[i][2]);
        g_autoptr(Figure) figure = measure_fixture_figure(&f, expected[i][0], "2023", NULL);
        measure_fixture_says(&f, expected[i][0], "2023", figure->text);
    }
    g_autofree char *units = groups_of(&f, "by_unit", "zh");
    g_assert_true(strstr(units, "甲科=2;") != NULL);
}

static void test_a_sum_that_does_not_fit_is_a_limit(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 2; i++) {
        measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    }
    test_store_script(office_store(f.office),
                      "UPDATE ledger_matter SET f_cost = 9223372036854775807;\n");
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaMeasure *cost = figure_find_measure(f.office, "cost", &error);
    g_assert_null(figure_evaluate(f.office, f.reader, NULL, cost, &year, NULL, &error));
    test_assert_error(error, LIMIT, "measure 'cost': the sum is too large");
}

/* ---- through links, lists and rows -------------------------------------------------------------
 */

static void test_links_lists_and_rows(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_person(&f, "张三", "yes", NULL, NULL);
    measure_fixture_person(&f, "李四", "no", NULL, NULL);
    static const char *const rows[] = {"张三|是|3|2023-02-01", "李四|否||2023-03-01", "张三|||",
                                       NULL};
    static const char *const few[] = {"张三|是|4|", NULL};
    int64_t first =
        measure_fixture_add_rows(&f, "matter", "visits", rows, "title", "甲", "came",
                                 "2023-03-01 09:00", "kind", "big", "topics", "水、路", NULL);
    measure_fixture_add_rows(&f, "matter", "visits", few, "title", "乙", "came", "2023-03-02 09:00",
                             "about", "M2023-001", "topics", "路", NULL);
    SAYS("visits", "2023", "4人次");
    SAYS("visits_away", "2023", "1人次");
    SAYS("visits_on", "2023", "2人次");
    SAYS("visits_on", "2023-02", "1人次");
    SAYS("visitors", "2023", "2人");
    SAYS("visitors_party", "2023", "3人次");
    SAYS("visit_hours", "2023", "7小时（另有2项未填写）");
    SAYS("visited", "2023", "2件");
    SAYS("linked", "2023", "1件");
    SAYS("linked_state", "2023", "0件");
    SAYS("topical", "2023", "1件");
    measure_fixture_step(&f, first, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    SAYS("linked_state", "2023", "1件");
    SAYS("linked_state", "2023-03-01..2023-03-04", "0件");
}

/* ---- units, people, stretches of time ----------------------------------------------------------
 */

static void add_post_from(MeasureFixture *f, int64_t person, int64_t unit, const char *title,
                          Date since, Date until)
{
    g_autoptr(GError) error = NULL;
    const OfficePost post = {.person = person,
                             .unit = unit,
                             .role = (char *)"staff",
                             .title = (char *)title,
                             .since = since,
                             .until = until};
    office_post_add(f->office, f->base.console, &f->base.act, &post, NULL, &error);
    g_assert_no_error(error);
}

static void add_post(MeasureFixture *f, int64_t person, int64_t unit, const char *title)
{
    add_post_from(f, person, unit, title, DATE_NONE, DATE_NONE);
}

/* Who moves to another unit in July was in the old one in June. */
static void test_posts_as_of_the_cutoff(const TestPlace *place)
{
    FIXTURE(f);
    int64_t first = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    int64_t second = measure_fixture_unit(&f, "乙科", "section", NULL, NULL);
    int64_t zhang = measure_fixture_person(&f, "张三", NULL, NULL, NULL);
    measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", "head", "张三",
                        NULL);
    add_post_from(&f, zhang, first, "科员", date_from_ymd(2023, 1, 1), date_from_ymd(2023, 6, 30));
    add_post_from(&f, zhang, second, "科长", date_from_ymd(2023, 7, 1), DATE_NONE);
    g_autofree char *then = groups_in(&f, "by_head_unit", "2023H1", "zh");
    g_autofree char *now = groups_in(&f, "by_head_unit", "2023", "zh");
    g_assert_cmpstr(then, ==, "甲科=1;");
    g_assert_cmpstr(now, ==, "乙科=1;");
}

static void test_units_as_of_the_cutoff(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_unit(&f, "乙科", "section", "2023-06-01", NULL);
    measure_fixture_unit(&f, "丙科", "section", NULL, "2023-06-30");
    measure_fixture_add(&f, "matter", "title", "事", "came", "2022-03-01 09:00", NULL);
    SAYS("units", "2022", "2个");
    SAYS("units", "2023H1", "3个");
    SAYS("units", "2023", "2个");
    SAYS("units_new", "2023", "1个");
    SAYS("units_new", "2023Q1", "0个");
    SAYS("units_named", "2023", "2个");
    SAYS("units_met", "2023", "未登记，不能断定");
    SENTENCE("units_met", "2023", "“科室均开会”期内没有任何登记，不能断定");
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-03-01", "host", "甲科",
                        NULL);
    SENTENCE("units_met", "2023", "2个科室中1个召开了会议，乙科没有召开");
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-07-01", "host", "乙科",
                        NULL);
    SENTENCE("units_met", "2023", "2个科室均召开了会议");
    SAYS("units_met", "2023", "2个均");
    SENTENCE("units_met", "2023H1", "3个科室中1个召开了会议，乙科、丙科没有召开");
}

static void test_people(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "事", "came", "2022-03-01 09:00", NULL);
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    int64_t zhang = measure_fixture_person(&f, "张三", "yes", NULL, NULL);
    measure_fixture_person(&f, "李四", "no", "2023-09-01", NULL);
    measure_fixture_person(&f, "王五", NULL, NULL, "2022-12-31");
    add_post(&f, zhang, unit, "科长");
    SAYS("people", "2022", "2名");
    SAYS("people", "2023", "2名");
    SAYS("people_party", "2023", "1名");
    SAYS("people_section", "2023", "1名");
    SAYS("people_titled", "2023", "1名");
    g_autofree char *units = groups_of(&f, "people_by_unit", "zh");
    g_assert_cmpstr(units, ==, "甲科=1;未填写=1;");
    static const char *const results[] = {"张三|是", "李四|否", NULL};
    measure_fixture_add_rows(&f, "meeting", "results", results, "title", "考试", "held_on",
                             "2023-10-01", "attended", "张三、李四", "chair", "张三", NULL);
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-10-02", "attended", "张三",
                        NULL);
    SAYS("people_passed", "2023", "2人中有1人");
    SENTENCE("people_passed", "2023", "1名通过，1名未通过");
    SAYS("people_attended", "2023", "50%");
    SAYS("people_chaired", "2023", "1名");
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00",
                                     "head", "李四", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    SAYS("people_answered", "2023", "1名");
    static const char *const again[] = {"李四|是", NULL};
    measure_fixture_add_rows(&f, "meeting", "results", again, "title", "补考", "held_on",
                             "2023-10-05", NULL);
    SAYS("people_passed", "2023", "2人均");
    SENTENCE("people_passed", "2023", "全部通过");
}

static void add_meeting(MeasureFixture *f, const char *day)
{
    measure_fixture_add(f, "meeting", "title", "学习", "held_on", day, "kind", "study", NULL);
}

static void test_every_month_and_quarter(const TestPlace *place)
{
    FIXTURE(f);
    /* Only what is over by the cut-off is asked: three quarters in November. */
    SAYS("quarterly", "2023", "未登记，不能断定");
    SAYS("quarterly", "2023-02", "无可统计对象"); /* no whole quarter */
    SAYS("quarterly", "2023-02-01..2023-06-30", "未登记，不能断定");
    SAYS("quarterly", "2023Q4", "无可统计对象");
    add_meeting(&f, "2023-01-01");
    add_meeting(&f, "2023-06-30");
    SENTENCE("quarterly", "2023", "已结束的3个季度中，2个季度学习，2023年第三季度没有");
    add_meeting(&f, "2023-09-30");
    SAYS("quarterly", "2023", "已结束的3个季度中，每季度一次");
    SENTENCE("quarterly", "2023", "已结束的3个季度中，每季度学习");
    add_meeting(&f, "2023-09-29");
    SAYS("quarterly", "2023", "已结束的3个季度中，每季度均不少于一次");
    SAYS("quarterly_all", "2023", "3个季度均");
    SAYS("quarterly", "2023H1", "每季度一次");
    SAYS("monthly", "2023Q1", "3个月中有1个月");
    SAYS("monthly", "2023-01", "每月一次");
    SAYS("months_met", "2023", "1个");
    test_office_wait(&f.base, 90 * DATE_US_PER_DAY);
    SAYS("quarterly", "2023", "4个季度中有3个季度");
    SENTENCE("quarterly", "2023H1", "每季度学习");
    add_meeting(&f, "2023-10-01");
    SAYS("quarterly", "2023", "每季度均不少于一次");
}

/* The names of months came into the sentence in another language than its own. */
static void test_a_sentence_names_months_in_its_language(const TestPlace *place)
{
    FIXTURE(f);
    add_meeting(&f, "2023-01-01");
    const FigureOptions english = {.language = "en", .with_members = true};
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "quarterly", "2023", &english);
    g_assert_cmpstr(
        figure->sentence, ==,
        "of the 3 quarters that are over: study in 1 quarters, not in the second quarter of "
        "2023, the third quarter of 2023");
    SENTENCE("quarterly", "2023",
             "已结束的3个季度中，1个季度学习，2023年第二季度、2023年第三季度没有");
}

/* ---- the moment --------------------------------------------------------------------------------
 */

static int64_t counted_at(MeasureFixture *f, const char *measure, const FigureOptions *options)
{
    FigureOptions listed = *options;
    listed.with_members = true;
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, "2023", options);
    g_autoptr(Figure) again = measure_fixture_figure(f, measure, "2023", &listed);
    g_assert_cmpint(figure->counted, ==, again->counted);
    g_assert_cmpint(figure->total, ==, again->total);
    return figure->counted;
}

static void test_cutoff(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    const FigureOptions before = {.cutoff_us = measure_fixture_us("2023-03-05 08:59:59")};
    const FigureOptions at = {.cutoff_us = measure_fixture_us("2023-03-05 09:00")};
    const FigureOptions early = {.cutoff_us = measure_fixture_us("2023-03-01 08:59:59")};
    g_assert_cmpint(counted_at(&f, "answered_rate", &before), ==, 0);
    g_assert_cmpint(counted_at(&f, "answered_rate", &at), ==, 1);
    g_assert_cmpint(counted_at(&f, "received", &before), ==, 1);
    g_assert_cmpint(counted_at(&f, "received", &early), ==, 0);
    g_assert_cmpint(counted_at(&f, "steps", &before), ==, 0);
    g_assert_cmpint(counted_at(&f, "on_time", &before), ==, 0);
    g_assert_cmpint(counted_at(&f, "on_time", &at), ==, 1);
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "received", "2023", NULL);
    g_assert_cmpint(figure->cutoff_us, ==, TEST_OFFICE_NOW_US); /* the year is not over */
    g_autoptr(Figure) past = measure_fixture_figure(&f, "received", "2022", NULL);
    g_assert_cmpint(past->cutoff_us, ==, measure_fixture_us("2023-01-01 00:00") - 1);
}

static void test_what_was_known(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00",
                                     "kind", "big", NULL);
    const FigureOptions then = {.known_us = TEST_OFFICE_NOW_US};
    const FigureOptions never = {.known_us = TEST_OFFICE_NOW_US - 1};
    test_office_wait(&f.base, DATE_US_PER_DAY);
    const FigureOptions later = {.known_us = TEST_OFFICE_NOW_US + DATE_US_PER_DAY};
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    measure_fixture_add(&f, "matter", "title", "后", "came", "2023-03-01 09:00", NULL);
    static const struct {
        const char *measure;
        int64_t then;
        int64_t later;
    } expected[] = {{"received", 1, 2}, {"answered_rate", 0, 1}, {"big_answered_rate", 0, 1},
                    {"answered", 0, 1}, {"answers", 0, 1},       {"on_time", 0, 1},
                    {"days", 0, 1},     {"linked_state", 0, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpint(counted_at(&f, expected[i].measure, &never), ==, 0);
        g_assert_cmpint(counted_at(&f, expected[i].measure, &then), ==, expected[i].then);
        g_assert_cmpint(counted_at(&f, expected[i].measure, &later), ==, expected[i].later);
    }
}

/* A step done again: the field holds the later time, a cut-off between asks for the earlier. */
static void test_a_step_done_twice(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    measure_fixture_step(&f, id, "return", "2023-06-01 09:00", "again", "重办", NULL);
    SAYS("answered_rate", "2023-03", "100%");
    measure_fixture_step(&f, id, "answer", "2023-07-05 09:00", "reply", "好了", NULL);
    SAYS("answered_rate", "2023-03", "100%");
    SAYS("answers", "2023", "2次");
    SAYS("answers", "2023-03", "1次");
}

/* What was returned runs again, and a figure of the time before is what it was. */
static void test_a_clock_that_runs_again(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-05 09:00", "reply", "好", NULL);
    SAYS("days", "2023", "4天");
    measure_fixture_step(&f, id, "return", "2023-06-01 09:00", "again", "重办", NULL);
    SAYS("days", "2023-03", "4天");
    SAYS("in_time", "2023-03", "100%");
    const FigureOptions after = {.cutoff_us = measure_fixture_us("2023-06-01 09:00")};
    g_assert_cmpint(counted_at(&f, "in_time", &after), ==, 0);
    measure_fixture_step(&f, id, "answer", "2023-07-05 09:00", "reply", "好了", NULL);
    SAYS("days", "2023-03", "4天");
    SAYS("in_time", "2023-03", "100%");
    SAYS("days", "2023-07", "126天");
    SAYS("in_time", "2023", "0%"); /* as it stands now: the second answer was the one that counts */
}

/* The day of a step that was done again, as a condition reads it. */
static void test_the_day_of_a_step_done_again(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_person(&f, "张三", NULL, NULL, NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-20 10:00", "reply", "好", NULL);
    measure_fixture_step(&f, id, "sign", "2023-03-21", "signers", "张三", NULL);
    SAYS("signed_rate", "2023Q1", "100%");
    measure_fixture_step(&f, id, "sign", "2023-04-11", "signers", "张三", NULL);
    SAYS("signed_rate", "2023Q1", "100%");
    SAYS("signed_rate", "2023", "100%");
    const FigureOptions before = {.cutoff_us = measure_fixture_us("2023-03-20 23:59")};
    g_assert_cmpint(counted_at(&f, "signed_rate", &before), ==, 0);
}

/* By the deadline: each is asked about in the period in which its time ran out. */
static void test_by_the_deadline(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "年底", "came", "2022-12-29 09:00",
                                     NULL); /* until 2023-01-06 24:00 */
    measure_fixture_add(&f, "matter", "title", "不答", "came", "2022-12-29 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-01-05 09:00", "reply", "好", NULL);
    SAYS("in_time", "2022", "无可统计对象");
    SAYS("in_time", "2023", "50%");
    SAYS("unanswered", "2022", "0件");
    SAYS("unanswered", "2023", "1件");
    SAYS("unanswered", "2023-01-06", "1件");
    SAYS("unanswered", "2023-01-07", "0件");
    SAYS("unanswered", "2023-01-05", "0件");
}

/* A figure of a time that has not come, or not yet come at the cut-off, is none. */
static void test_a_period_to_come_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    Period period;
    const SchemaMeasure *measure = figure_find_measure(f.office, "received", &error);
    period_parse("2024", &period, &error);
    g_assert_null(figure_evaluate(f.office, f.reader, NULL, measure, &period, NULL, &error));
    test_assert_error(error, INVALID, "still to come");
    g_clear_error(&error);
    period_parse("2023", &period, &error);
    const FigureOptions early = {.cutoff_us = measure_fixture_us("2022-12-31 23:59")};
    g_assert_null(figure_evaluate(f.office, f.reader, NULL, measure, &period, &early, &error));
    test_assert_error(error, INVALID, "2022-12-31 is before the period");
}

/* Units without a first day are there "from before anyone recorded": since when is not known. */
static void test_units_of_a_time_before_all_records(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    SAYS("units", "2023", "1个");
    SAYS("units", "2010", "未登记，不能断定");
    measure_fixture_add(&f, "matter", "title", "事", "came", "2010-03-01 09:00", NULL);
    SAYS("units", "2010", "1个");
    SAYS("units", "2009", "未登记，不能断定");
    measure_fixture_unit(&f, "乙科", "section", "2009-01-01", NULL);
    SAYS("units", "2009", "2个");
}

/* What happens at the end of the last day is of the next one. */
static void test_midnight_is_late(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    int64_t other =
        measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-09 00:00", "reply", "好", NULL);
    measure_fixture_step(&f, other, "answer", "2023-03-08 23:59", "reply", "好", NULL);
    SAYS("in_time", "2023", "50%");
    SENTENCE("on_time", "2023", "1件按期");
}

static void test_recorded_late(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "迟", "came", "2023-10-16 06:13:19", NULL);
    measure_fixture_add(&f, "matter", "title", "及时", "came", "2023-10-16 06:13:20", NULL);
    measure_fixture_add(&f, "meeting", "title", "迟", "held_on", "2023-10-14", "kind", "study",
                        NULL);
    measure_fixture_add(&f, "meeting", "title", "及时", "held_on", "2023-10-16", NULL);
    SAYS("received", "2023", "2件");
    SAYS("none_talk", "2023", "无");
    g_autoptr(Figure) matters = measure_fixture_figure(&f, "received", "2023", NULL);
    g_assert_cmpint(matters->n_late, ==, 1);
    const FigureOptions listed = {.with_members = true};
    g_autoptr(Figure) months = measure_fixture_figure(&f, "months_met", "2023", &listed);
    g_assert_cmpint(months->counted, ==, 1);
    g_assert_cmpint(months->n_late, ==, 1); /* of what was found for them */
    SAYS("months_met", "2023", "1个");
}

/* ---- who may see what --------------------------------------------------------------------------
 */

static void free_hold(gpointer data)
{
    RightsHold *hold = data;
    g_clear_pointer(&hold->subtree, g_array_unref);
    g_free(hold);
}

/* Return a subject with @role in @unit. */
static RightsSubject *make_subject(RightsRole role, int64_t unit)
{
    RightsSubject *subject = g_new0(RightsSubject, 1);
    subject->actor = g_strdup("account:1");
    subject->holds = g_ptr_array_new_with_free_func(free_hold);
    RightsHold *hold = g_new0(RightsHold, 1);
    *hold = (RightsHold){
        .role = role, .unit = unit, .subtree = g_array_new(false, false, sizeof(int64_t))};
    g_array_append_val(hold->subtree, unit);
    g_ptr_array_add(subject->holds, hold);
    return subject;
}

static void test_members_that_may_not_be_seen(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_unit(&f, "乙科", "section", NULL, NULL);
    int64_t third = measure_fixture_unit(&f, "丙科", "section", NULL, NULL);
    measure_fixture_add(&f, "matter", "title", "己", "came", "2023-03-01 09:00", "unit_of", "甲科",
                        NULL);
    measure_fixture_add(&f, "matter", "title", "彼", "came", "2023-03-02 09:00", "unit_of", "乙科",
                        NULL);
    g_autoptr(RightsSubject) clerk = make_subject(RIGHTS_CLERK, unit);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaMeasure *measure = figure_find_measure(f.office, "all_answered", &error);
    const FigureOptions options = {.with_members = true};
    g_autoptr(Figure) figure =
        figure_evaluate(f.office, f.reader, clerk, measure, &year, &options, &error);
    g_assert_no_error(error);
    g_assert_cmpint(figure->total, ==, 2); /* the office's truth */
    const FigureMember *own = g_ptr_array_index(figure->members, 0);
    const FigureMember *other = g_ptr_array_index(figure->members, 1);
    g_assert_cmpstr(own->title, ==, "己");
    g_assert_false(own->is_restricted);
    g_assert_true(other->is_restricted);
    g_assert_null(other->title);
    g_assert_null(other->number);
    g_assert_null(other->why);
    g_assert_cmpint(other->id, ==, 0);
    g_assert_cmpstr(figure->sentence, ==, "2件中已答复0件，其余2件（己等2件）正在办理");
    g_auto(JsonWriter) writer;
    json_writer_init_unsorted(&writer);
    figure_write_json(figure, f.office, "zh", &writer);
    g_autofree char *json = json_writer_finish(&writer);
    g_assert_null(strstr(json, "彼"));
    g_assert_nonnull(strstr(json, "\"restricted\":true"));
    /* who may see none is not told the number twice: "其余2件（2件）" */
    g_autoptr(RightsSubject) outsider = make_subject(RIGHTS_CLERK, third);
    g_autoptr(Figure) unnamed =
        figure_evaluate(f.office, f.reader, outsider, measure, &year, &options, &error);
    g_assert_cmpstr(unnamed->sentence, ==, "2件中已答复0件，其余2件正在办理");
    g_autoptr(RightsSubject) auditor = make_subject(RIGHTS_AUDIT, 0);
    g_assert_null(figure_evaluate(f.office, f.reader, auditor, measure, &year, NULL, &error));
    test_assert_error(error, FORBIDDEN, NULL);
}

/* Who passed and who did not was told to everybody who may read figures. */
static void test_people_that_may_not_be_named(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_person(&f, "李四", "no", NULL, NULL);
    measure_fixture_person(&f, "张三", "yes", NULL, NULL);
    static const char *const results[] = {"张三|是", "李四|否", NULL};
    measure_fixture_add_rows(&f, "meeting", "results", results, "title", "考试", "held_on",
                             "2023-10-01", NULL);
    g_autoptr(RightsSubject) clerk = make_subject(RIGHTS_CLERK, unit);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaMeasure *measure = figure_find_measure(f.office, "people_passed", &error);
    const FigureOptions options = {.with_members = true};
    g_autoptr(Figure) figure =
        figure_evaluate(f.office, f.reader, clerk, measure, &year, &options, &error);
    g_assert_no_error(error);
    g_assert_cmpint(figure->counted, ==, 1); /* the office's truth */
    g_assert_cmpuint(figure->members->len, ==, 2);
    for (guint i = 0; i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        g_assert_true(member->is_restricted);
        g_assert_null(member->title);
        g_assert_null(member->why);
        g_assert_null(member->entries);
        g_assert_cmpint(member->id, ==, 0);
        g_assert_cmpint(member->is_counted, ==, i == 0); /* not in the roster's order */
    }
    g_autoptr(Figure) all = measure_fixture_figure(&f, "people_passed", "2023", &options);
    const FigureMember *first = g_ptr_array_index(all->members, 0);
    g_assert_cmpstr(first->title, ==, "李四");
    g_assert_false(first->is_counted);
}

/* A period of one day would make a group of any entry. */
static void test_groups_that_tell_of_few(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    add_matters(&f, FIGURE_MIN_GROUP, "2023-03-01 09:00");
    measure_fixture_person(&f, "赵", "yes", NULL, NULL);
    measure_fixture_add(&f, "matter", "title", "彼", "came", "2023-03-02 09:00", "kind", "big",
                        "head", "赵", NULL);
    g_autoptr(RightsSubject) clerk = make_subject(RIGHTS_CLERK, unit);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    static const char *const expected[][2] = {
        {"by_title", "事 不公开"}, {"by_head", "未填写 不公开"}, {"by_kind", "未填写 大事"}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        const SchemaMeasure *measure = figure_find_measure(f.office, expected[i][0], &error);
        g_autoptr(Figure) figure =
            figure_evaluate(f.office, f.reader, clerk, measure, &year, NULL, &error);
        g_assert_no_error(error);
        const FigureGroup *first = g_ptr_array_index(figure->groups, 0);
        const FigureGroup *second = g_ptr_array_index(figure->groups, 1);
        g_autofree char *labels = g_strdup_printf("%s %s", first->label, second->label);
        g_assert_cmpstr(labels, ==, expected[i][1]);
    }
    g_autofree char *all = groups_of(&f, "by_title", "zh");
    g_assert_cmpstr(all, ==, "事=5;彼=1;");
}

static void test_numbers_that_a_member_hides(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t unit = measure_fixture_unit(&f, "甲科", "section", NULL, NULL);
    measure_fixture_unit(&f, "乙科", "section", NULL, NULL);
    add_meeting(&f, "2023-01-01");
    g_autoptr(RightsSubject) clerk = make_subject(RIGHTS_CLERK, unit);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaMeasure *measure = figure_find_measure(f.office, "quarterly", &error);
    const FigureOptions options = {.with_members = true};
    g_autoptr(Figure) figure =
        figure_evaluate(f.office, f.reader, clerk, measure, &year, &options, &error);
    g_assert_no_error(error);
    const FigureMember *first = g_ptr_array_index(figure->members, 0);
    g_assert_cmpint(first->n_found, ==, 1);
    g_assert_true(first->entries == NULL || first->entries->len == 0);
}

/* ---- many at once ------------------------------------------------------------------------------
 */

static void test_a_report_agrees_with_each_figure(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    add_amounts(&f);
    measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-03-01", "host", "甲科",
                        NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "事", "came", "2023-04-03 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-04-05 21:00", "reply", "好", NULL);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const GPtrArray *all = office_schema(f.office)->measures;
    g_autoptr(GPtrArray) figures = figures_evaluate(
        f.office, f.reader, f.base.console, (const SchemaMeasure *const *)(gpointer)all->pdata,
        all->len, &year, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(figures->len, ==, all->len);
    for (guint i = 0; i < all->len; i++) {
        const Figure *figure = g_ptr_array_index(figures, i);
        g_assert_true(figure->measure == g_ptr_array_index(all, i));
        measure_fixture_says(&f, figure->measure->name, "2023", figure->text);
    }
    g_autofree const SchemaMeasure **many = g_new0(const SchemaMeasure *, FIGURE_MAX_MEASURES + 1);
    for (size_t i = 0; i <= FIGURE_MAX_MEASURES; i++) {
        many[i] = g_ptr_array_index(all, 0);
    }
    g_autoptr(GPtrArray) most =
        figures_evaluate(f.office, f.reader, NULL, many, FIGURE_MAX_MEASURES, &year, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(most->len, ==, FIGURE_MAX_MEASURES);
    g_assert_null(figures_evaluate(f.office, f.reader, NULL, many, FIGURE_MAX_MEASURES + 1, &year,
                                   NULL, &error));
    test_assert_error(error, LIMIT, "at most 500");
}

static void test_an_unknown_measure(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_assert_null(figure_find_measure(f.office, "recieved", &error));
    test_assert_error(error, NOT_FOUND, "did you mean 'received'");
    g_clear_error(&error);
    g_assert_null(figure_find_measure(f.office, "zzzzzzzzzzzz", &error));
    test_assert_error(error, NOT_FOUND, "there is no measure 'zzzzzzzzzzzz'");
}

/* A lost table must be an error in each way of reading. */
static void test_the_store_fails(const TestPlace *place)
{
    FIXTURE(f);
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    test_store_script(office_store(f.office),
                      "DROP TABLE ledger_meeting_results;\nDROP TABLE ledger_meeting;\n"
                      "DROP TABLE ledger_matter_visits;\nDROP TABLE ledger_matter;\n");
    static const char *const names[] = {"received",  "cost",          "none_big", "monthly",
                                        "units_met", "people_passed", "visits",   "steps"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        const FigureOptions options = {.with_members = i % 2 == 0};
        const SchemaMeasure *measure = figure_find_measure(f.office, names[i], NULL);
        g_assert_null(figure_evaluate(f.office, f.reader, NULL, measure, &year, &options, &error));
        g_assert_nonnull(strstr(error->message, names[i]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/figure/count-is-worded", test_count_is_worded);
    test_store_each("/measure/figure/english-is-no-mixture", test_english_is_no_mixture);
    test_store_each("/measure/figure/only-the-period-counts", test_only_the_period_counts);
    test_store_each("/measure/figure/a-false-all-is-refused", test_a_false_all_is_refused);
    test_store_each("/measure/figure/many-names-are-cut-short", test_many_names_are_cut_short);
    test_store_each("/measure/figure/none-needs-a-ledger-that-was-kept",
                    test_none_needs_a_ledger_that_was_kept);
    test_store_each("/measure/figure/keys-and-amounts", test_keys_and_amounts);
    test_store_each("/measure/figure/members-show-their-amounts", test_members_show_their_amounts);
    test_store_each("/measure/figure/people-that-may-not-be-named",
                    test_people_that_may_not_be_named);
    test_store_each("/measure/figure/groups", test_groups);
    test_store_each("/measure/figure/a-group-without-amounts-has-no-value",
                    test_a_group_without_amounts_has_no_value);
    test_store_each("/measure/figure/a-sum-that-does-not-fit-is-a-limit",
                    test_a_sum_that_does_not_fit_is_a_limit);
    test_store_each("/measure/figure/links-lists-and-rows", test_links_lists_and_rows);
    test_store_each("/measure/figure/units-as-of-the-cutoff", test_units_as_of_the_cutoff);
    test_store_each("/measure/figure/people", test_people);
    test_store_each("/measure/figure/posts-as-of-the-cutoff", test_posts_as_of_the_cutoff);
    test_store_each("/measure/figure/a-begun-tenth-of-a-day-counts",
                    test_a_begun_tenth_of_a_day_counts);
    test_store_each("/measure/figure/groups-that-tell-of-few", test_groups_that_tell_of_few);
    test_store_each("/measure/figure/done-again-later", test_done_again_later);
    test_store_each("/measure/figure/a-clock-that-runs-again", test_a_clock_that_runs_again);
    test_store_each("/measure/figure/the-day-of-a-step-done-again",
                    test_the_day_of_a_step_done_again);
    test_store_each("/measure/figure/by-the-deadline", test_by_the_deadline);
    test_store_each("/measure/figure/a-period-to-come-is-refused",
                    test_a_period_to_come_is_refused);
    test_store_each("/measure/figure/units-of-a-time-before-all-records",
                    test_units_of_a_time_before_all_records);
    test_store_each("/measure/figure/midnight-is-late", test_midnight_is_late);
    test_store_each("/measure/figure/lists-wait-for-their-step", test_lists_wait_for_their_step);
    test_store_each("/measure/figure/every-month-and-quarter", test_every_month_and_quarter);
    test_store_each("/measure/figure/a-sentence-names-months-in-its-language",
                    test_a_sentence_names_months_in_its_language);
    test_store_each("/measure/figure/cutoff", test_cutoff);
    test_store_each("/measure/figure/what-was-known", test_what_was_known);
    test_store_each("/measure/figure/a-step-done-twice", test_a_step_done_twice);
    test_store_each("/measure/figure/recorded-late", test_recorded_late);
    test_store_each("/measure/figure/members-that-may-not-be-seen",
                    test_members_that_may_not_be_seen);
    test_store_each("/measure/figure/numbers-that-a-member-hides",
                    test_numbers_that_a_member_hides);
    test_store_each("/measure/figure/a-report-agrees-with-each-figure",
                    test_a_report_agrees_with_each_figure);
    test_store_each("/measure/figure/an-unknown-measure", test_an_unknown_measure);
    test_store_each("/measure/figure/the-store-fails", test_the_store_fails);
    return g_test_run();
}
