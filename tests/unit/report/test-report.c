#include "report/report.h"

#include <string.h>

#include "ledger/write.h"
#include "office/unit.h"
#include "support/test-office.h"

static const char *const pack[] = {
    "pack.yaml",
    "pack: p\nversion: \"1\"\nname: 包\nunits: {office: 机关, section: 科室}\n",
    "ledgers/a.yaml",
    "ledger: a\nname: 会议\nnumber: \"A{n}\"\ntitle: t\nopened: held\nfields:\n  t: text 题\n"
    "  held: date 日期\n  host: unit 主持单位\n",
    "measures/m.yaml",
    "measures:\n"
    "  twice: {name: 每季度两次, of: quarters, has: {of: a, least: 2}, kind: all,\n"
    "    sentence: 每季度开会, otherwise: '{counted}个季度开会', never: '没有一个季度开会两次'}\n"
    "  units: {name: 科室开会, of: units, where: kind = section, has: {of: a, by: host}, kind: "
    "all,\n"
    "    sentence: 科室均开会, otherwise: '{counted}个科室开会，{names}没有'}\n"
    "  named: {name: 上级, of: units, counts: parent.kind = section, unit: 个}\n",
    "reports/r.md",
    "---\nreport: r\nname: 报告 | Report\nperiod: year\n---\n\n## "
    "一、开会\n\n[1](figure:twice)。\n\n"
    "[2](figure:units)。\n\n## 二、其他\n\n设[3](figure:named)。\n",
    "reports/s.md",
    "---\nreport: s\nname: 表 | Table\nperiod: year\n---\n\n| 项 | 数 |\n|---|---|\n"
    "| 开会 | [1](figure:twice) |\n| 设 | [3](figure:named) |\n",
    NULL,
};

static void add_meeting(TestOffice *fixture, int64_t host)
{
    g_autoptr(GError) error = NULL;
    const SchemaLedger *ledger = schema_ledger(office_schema(fixture->office), "a");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "t"), value_text("会"));
    ledger_input_set(input, schema_ledger_field(ledger, "held"),
                     value_date(date_from_ymd(2023, 2, 1)));
    ledger_input_set(input, schema_ledger_field(ledger, "host"), value_ref(host));
    ledger_entry_add(fixture->office, fixture->console, &fixture->act, input, 0, NULL, &error);
    g_assert_no_error(error);
}

/* Add a section below the unit @root; returns its id. */
static int64_t add_section(TestOffice *fixture, int64_t root)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    const OfficeUnit unit = {.name = (char *)"甲科",
                             .kind = (char *)"section",
                             .parent = root,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    office_unit_add(fixture->office, fixture->console, &fixture->act, &unit, &id, &error);
    g_assert_no_error(error);
    return id;
}

/* Check the text of the report @name (NULL: the first) of 2023 for a reader of English. */
static void check_report(TestOffice *fixture, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaReport *source = report_find(fixture->office, name, &error);
    g_assert_no_error(error);
    g_autoptr(Report) report =
        report_new(fixture->office, fixture->console, source, &year, NULL, "en", &error);
    g_assert_no_error(error);
    g_autofree char *text = report_to_text(report, 78, false);
    g_assert_cmpstr(text, ==, expected);
}

static void check(TestOffice *fixture, const char *expected)
{
    check_report(fixture, NULL, expected);
}

/* What is left out is named beside the text, under the headings of the template. */
static void check_left_out(TestOffice *fixture)
{
    g_autoptr(GError) error = NULL;
    Period year = period_around(PERIOD_YEAR, date_from_ymd(2023, 1, 1));
    const SchemaReport *source = report_find(fixture->office, NULL, &error);
    g_autoptr(Report) report =
        report_new(fixture->office, fixture->console, source, &year, NULL, "en", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(report->n_left_out, ==, 2);
    static const char *const sections[] = {NULL, "开会", "开会"};
    static const char *const names[] = {"named", "twice", "units"};
    for (guint i = 0; i < report->cards->len; i++) {
        const ReportCard *card = g_ptr_array_index(report->cards, i);
        g_assert_cmpstr(card->name, ==, names[i]);
        g_assert_cmpstr(card->section, ==, sections[i]);
    }
    g_autofree char *status = report_status_text(report);
    g_assert_cmpstr(
        status, ==,
        "草稿，数字取自台账：正文共1处数字，0处说法不成立；另有2项没有登记，正文未作陈述");
    g_autofree char *text = report_to_text(report, 78, true);
    g_assert_nonnull(strstr(text, "的事项\n  开会\n    每季度两次 twice\n    科室开会 units\n"));
    g_autofree char *html = report_to_html(report);
    const char *named = strstr(html, "<li><a href=\"#figure-twice\">每季度两次</a></li>");
    g_assert_nonnull(named);
    g_assert_true(named > strstr(html, "</article>"));
}

/* What nothing is recorded of is left out; once something is, a claim that wholly fails stands.  It
 * was left out, too, as if the ledger held nothing. */
static void test_a_claim_that_wholly_fails_is_said(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack);
    int64_t root = test_store_int(office_store(fixture.office), "SELECT min(id) FROM unit");
    int64_t section = add_section(&fixture, root);
#define NOTE "    （数据截至2023年11月15日，报告期尚未结束）\n"
    check(&fixture, NOTE "\n一、其他\n\n    设0个。\n");
    check_left_out(&fixture);
    add_meeting(&fixture, root); /* of the office, which is no section */
    check(&fixture, NOTE "\n一、开会\n\n    已结束的3个季度中，没有一个季度开会两次。\n"
                         "    0个科室开会，甲科没有。\n\n二、其他\n\n    设0个。\n");
    add_meeting(&fixture, section);
    check(&fixture, NOTE "\n一、开会\n\n    已结束的3个季度中，1个季度开会。\n    科室均开会。\n\n"
                         "二、其他\n\n    设0个。\n");
#undef NOTE
    test_office_close(&fixture);
}

/* In the row of a table stood a sentence about a ledger that nobody kept. */
static void test_what_cannot_be_left_out_is_not_recorded(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, pack);
    check_report(&fixture, "s",
                 "    （数据截至2023年11月15日，报告期尚未结束）\n"
                 "项    数\n开会  未登记\n设    0个\n");
    test_office_close(&fixture);
}

/* A report of half a year could not be declared. */
static void test_periods(void)
{
    static const struct {
        const char *covers;
        const char *good;
        const char *bad;
    } cases[] = {{"year", "2023", "2023H1"},
                 {"half", "2023年上半年", "2023"},
                 {"quarter", "2023Q1", "2023H1"},
                 {"month", "2023-05", "2023Q1"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SchemaReport source = {.name = (char *)"r", .period = (char *)cases[i].covers};
        Period period;
        g_autoptr(GError) error = NULL;
        g_assert_true(report_parse_period(&source, cases[i].good, &period, NULL));
        g_assert_false(report_parse_period(&source, cases[i].bad, &period, &error));
        g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/report/report/a-claim-that-wholly-fails-is-said",
                    test_a_claim_that_wholly_fails_is_said);
    test_store_each("/report/report/what-cannot-be-left-out-is-not-recorded",
                    test_what_cannot_be_left_out_is_not_recorded);
    g_test_add_func("/report/report/periods", test_periods);
    return g_test_run();
}
