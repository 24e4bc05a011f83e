#include "measure/revision.h"

#include "measure-fixture.h"
#include "measure/card.h"

#define SENTENCE(measure, period, text) measure_fixture_sentence(&f, measure, period, text)

static const FigureOptions listed = {.with_members = true};

/* Check the card's line @name of @measure. */
static void check_line(MeasureFixture *f, const char *measure, const char *period,
                       const FigureOptions *options, const char *name, const char *text)
{
    g_autoptr(Figure) figure = measure_fixture_figure(f, measure, period, options);
    g_autoptr(Card) card = card_new(figure, f->office, "zh");
    g_assert_cmpstr(card_get(card, name), ==, text);
}

static void check_corrected(MeasureFixture *f, const char *measure, const char *period,
                            const char *text)
{
    check_line(f, measure, period, &listed, "corrected", text);
}

/* What spoke against a claim and was taken out is told on its card. */
static void test_what_was_taken_out_is_told(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "小", "came", "2023-03-01 09:00", NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "大", "came", "2023-03-02 09:00",
                                     "kind", "big", NULL);
    g_autoptr(Figure) before = measure_fixture_figure(&f, "none_big", "2023", &listed);
    g_assert_false(before->is_holding);
    g_assert_null(before->revisions.gone);
    g_autoptr(GError) error = NULL;
    LogAct act = f.base.act;
    act.why = "不便";
    g_assert_true(ledger_entry_delete(f.base.office, f.base.console, &act, id, 1, &error));
    g_assert_no_error(error);
    g_autoptr(Figure) after = measure_fixture_figure(&f, "none_big", "2023", &listed);
    g_assert_true(after->is_holding);
    g_assert_cmpint(after->revisions.n_gone, ==, 1);
    g_assert_nonnull(after->revisions.gone);
    g_autoptr(Figure) earlier = measure_fixture_figure(&f, "none_big", "2022", &listed);
    g_assert_null(earlier->revisions.gone);
}

/* A claim is as true after a correction as before it, and its card says that there was one. */
static void test_what_was_corrected_after_a_step_is_told(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_add(&f, "matter", "title", "小", "came", "2023-03-01 09:00", NULL);
    int64_t id = measure_fixture_add(&f, "matter", "title", "大", "came", "2023-03-02 09:00",
                                     "kind", "big", NULL);
    measure_fixture_correct(&f, "matter", id, "kind", "small", NULL);
    measure_fixture_correct(&f, "matter", id, "kind", "big", NULL);
    check_corrected(&f, "none_big", "2023", NULL); /* nobody relied on it yet */
    measure_fixture_step(&f, id, "answer", "2023-03-03 09:00", "reply", "好", NULL);
    SENTENCE("none_big", "2023", "出现大事1件：大");
    measure_fixture_correct(&f, "matter", id, "kind", "small", NULL);
    SENTENCE("none_big", "2023", "未出现大事");
    check_corrected(&f, "none_big", "2023",
                    "有1条在办理环节之后更正过：M2023-002 类别 大事→小事（2023-11-15）");
    check_corrected(&f, "received", "2023", NULL); /* it does not look at that */
    check_corrected(&f, "none_big", "2022", NULL);
    measure_fixture_correct(&f, "matter", id, "came", "2022-12-31 09:00", NULL);
    check_corrected(&f, "received", "2023",
                    "有1条在办理环节之后更正过：M2023-002 收到时间 2023-03-02 09:00→2022-12-31"
                    " 09:00（2023-11-15），因而移出本期");
    check_corrected(&f, "received", "2022",
                    "有1条在办理环节之后更正过：M2023-002 收到时间 2023-03-02 09:00→2022-12-31"
                    " 09:00（2023-11-15）");
}

/* What was forgotten is told nowhere any more, but that something was corrected is. */
static void test_what_was_erased_is_not_told(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = measure_fixture_add(&f, "matter", "title", "大", "came", "2023-03-02 09:00",
                                     "kind", "big", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-03 09:00", "reply", "好", NULL);
    measure_fixture_correct(&f, "matter", id, "kind", "small", NULL);
    check_corrected(&f, "none_big", "2023",
                    "有1条在办理环节之后更正过：M2023-001 类别 大事→小事（2023-11-15）");
    LogAct act = f.base.act;
    act.why = "本人要求";
    ledger_entry_erase(f.office, f.base.console, &act, id, &error);
    g_assert_no_error(error);
    check_corrected(&f, "none_big", "2023",
                    "有1条在办理环节之后更正过：M2023-001 类别（2023-11-15）");
}

/* A deadline that was missed and then moved. */
static void test_a_deadline_moved_after_it_is_told(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    measure_fixture_step(&f, id, "answer", "2023-03-20 09:00", "reply", "好", NULL);
    measure_fixture_correct(&f, "matter", id, "came", "2023-03-16 09:00", NULL);
    check_corrected(&f, "in_time", "2023",
                    "有1条在办理环节之后更正过：M2023-001 收到时间 2023-03-01 09:00→2023-03-16"
                    " 09:00，时限 2023-03-08→2023-03-23（2023-11-15）");
}

/* Where there are no steps, what was recorded is what others rely on from the next day on. */
static void test_what_was_corrected_days_later_is_told(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-07-02", "kind",
                                     "study", NULL);
    measure_fixture_correct(&f, "meeting", id, "held_on", "2023-07-01", NULL);
    check_corrected(&f, "quarterly", "2023", NULL);
    test_office_wait(&f.base, 2 * DATE_US_PER_DAY);
    measure_fixture_correct(&f, "meeting", id, "held_on", "2023-06-30", NULL);
    check_corrected(&f, "quarterly", "2023",
                    "有1条在登记一天以后更正过：H2023-001 召开日期 2023-07-01→2023-06-30"
                    "（2023-11-17）");
    check_corrected(&f, "quarterly", "2023Q3",
                    "有1条在登记一天以后更正过：H2023-001 召开日期 2023-07-01→2023-06-30"
                    "（2023-11-17），因而移出本期");
}

/* A moment of knowledge cannot bring back what was corrected or taken out after it: it says so. */
static void test_what_changed_since_a_moment_of_knowledge(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = measure_fixture_add(&f, "matter", "title", "甲", "came", "2023-03-01 09:00", NULL);
    int64_t other =
        measure_fixture_add(&f, "matter", "title", "乙", "came", "2023-03-01 09:00", NULL);
    const FigureOptions known = {.with_members = true, .known_us = TEST_OFFICE_NOW_US};
    check_line(&f, "received", "2023", &known, "since", NULL);
    test_office_wait(&f.base, DATE_US_PER_DAY);
    measure_fixture_correct(&f, "matter", id, "came", "2023-03-02 09:00", NULL);
    LogAct act = f.base.act;
    act.why = "重复";
    g_assert_true(ledger_entry_delete(f.office, f.base.console, &act, other, 0, &error));
    check_line(&f, "received", "2023", &known, "since",
               "登记截止时间以后更正1条、移出1条，本数按现在的内容统计");
    check_line(&f, "received", "2023", &listed, "since", NULL);
}

/* What a number counts is what its definition says, which may be of yesterday. */
static void test_a_definition_of_later_is_told(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    check_line(&f, "big", "2023", &listed, "defined", NULL);
    test_office_wait(&f.base, DATE_US_PER_DAY);
    measure_fixture_replace(&f, "where: kind = big, unit: 件}\n",
                            "where: kind = small, unit: 件}\n");
    check_line(&f, "big", "2023", &listed, "defined",
               "现行口径自2023-11-16 06:13:20起施行，此前另有规定或没有此项");
    check_line(&f, "received", "2023", &listed, "defined", NULL); /* not in what was changed */
}

/* A measure of several lines lies further in than its words are kept; one that had a line more was
 * another. */
static void test_a_definition_of_several_lines_is_told(const TestPlace *place)
{
    FIXTURE(f);
    measure_fixture_replace(&f, "  none_big:\n", "  none_big:\n    note: 暂定\n");
    check_line(&f, "none_big", "2023", &listed, "defined",
               "现行口径自2023-11-15 06:13:20起施行，此前另有规定或没有此项");
    test_office_wait(&f.base, DATE_US_PER_DAY);
    measure_fixture_replace(&f, "    where: kind = big\n", "");
    check_line(&f, "none_big", "2023", &listed, "defined",
               "现行口径自2023-11-16 06:13:20起施行，此前另有规定或没有此项");
    check_line(&f, "received", "2023", &listed, "defined", NULL);
}

#define N_VERSIONS 40

/* However often the other measures of its file were changed since, and the same was changed and
 * changed back before. */
static void test_a_definition_among_many_versions(const TestPlace *place)
{
    FIXTURE(f);
    for (int i = 0; i < N_VERSIONS; i++) {
        g_autofree char *dots = g_strnfill((gsize)i, '.');
        g_autofree char *before = g_strdup_printf("note: 按收到时间计%s}", dots);
        g_autofree char *after = g_strdup_printf("note: 按收到时间计%s.}", dots);
        test_office_wait(&f.base, DATE_US_PER_DAY);
        measure_fixture_replace(&f, before, after);
        if (i == 2 || i == 4) {
            bool is_first = i == 2;
            measure_fixture_replace(
                &f,
                is_first ? "where: kind = big, unit: 件}\n" : "where: kind = small, unit: 件}\n",
                is_first ? "where: kind = small, unit: 件}\n" : "where: kind = big, unit: 件}\n");
        }
    }
    check_line(&f, "big", "2023", &listed, "defined",
               "现行口径自2023-11-20 06:13:20起施行，此前另有规定或没有此项");
    check_line(&f, "received", "2023", &listed, "defined",
               "现行口径自2023-12-25 06:13:20起施行，此前另有规定或没有此项");
    check_line(&f, "answered", "2023", &listed, "defined", NULL);
}

/* All of what was corrected is counted, and each entry once; what is not looked at is no
 * correction, though its text has the name of what is. */
static void test_many_corrections(const TestPlace *place)
{
    FIXTURE(f);
    for (int i = 0; i < N_VERSIONS; i++) {
        int64_t id = measure_fixture_add(&f, "matter", "title", "大", "came", "2023-03-02 09:00",
                                         "kind", "big", NULL);
        measure_fixture_step(&f, id, "answer", "2023-03-03 09:00", "reply", "好", NULL);
        measure_fixture_correct(&f, "matter", id, "title", "\"kind\":\"due\":", NULL);
        if (i % 2 == 0) {
            measure_fixture_correct(&f, "matter", id, "kind", "small", NULL);
            measure_fixture_correct(&f, "matter", id, "kind", "big", NULL);
        }
    }
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "none_big", "2023", &listed);
    g_assert_cmpint(figure->revisions.n_corrected, ==, N_VERSIONS / 2);
    g_autoptr(Figure) other = measure_fixture_figure(&f, "answered", "2023", &listed);
    g_assert_cmpint(other->revisions.n_corrected, ==, 0);
}

/* A number without a year is of all of them. */
static void test_what_has_no_year_is_told_too(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    measure_fixture_replace(&f, "number: H{year}-{n:3}\n", "number: H{n:3}\n");
    int64_t id = measure_fixture_add(&f, "meeting", "title", "会", "held_on", "2023-07-02", "kind",
                                     "talk", NULL);
    LogAct act = f.base.act;
    act.why = "误录";
    ledger_entry_delete(f.office, f.base.console, &act, id, 1, &error);
    g_assert_no_error(error);
    g_autoptr(Figure) figure = measure_fixture_figure(&f, "none_talk", "2023", &listed);
    g_assert_cmpstr(figure->revisions.gone, ==, "H001");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/revision/what-was-taken-out-is-told",
                    test_what_was_taken_out_is_told);
    test_store_each("/measure/revision/a-definition-of-several-lines-is-told",
                    test_a_definition_of_several_lines_is_told);
    test_store_each("/measure/revision/what-was-corrected-after-a-step-is-told",
                    test_what_was_corrected_after_a_step_is_told);
    test_store_each("/measure/revision/what-was-erased-is-not-told",
                    test_what_was_erased_is_not_told);
    test_store_each("/measure/revision/a-deadline-moved-after-it-is-told",
                    test_a_deadline_moved_after_it_is_told);
    test_store_each("/measure/revision/what-was-corrected-days-later-is-told",
                    test_what_was_corrected_days_later_is_told);
    test_store_each("/measure/revision/what-changed-since-a-moment-of-knowledge",
                    test_what_changed_since_a_moment_of_knowledge);
    test_store_each("/measure/revision/a-definition-of-later-is-told",
                    test_a_definition_of_later_is_told);
    test_store_each("/measure/revision/a-definition-among-many-versions",
                    test_a_definition_among_many_versions);
    test_store_each("/measure/revision/many-corrections", test_many_corrections);
    test_store_each("/measure/revision/what-has-no-year-is-told-too",
                    test_what_has_no_year_is_told_too);
    return g_test_run();
}
