#include "report/page.h"

static void add_member(ReportCard *card, const char *label, const char *title, const char *date,
                       const char *why)
{
    ReportMember *member = g_new0(ReportMember, 1);
    member->label = g_strdup(label);
    member->title = g_strdup(title);
    member->date = g_strdup(date);
    member->why = g_strdup(why);
    member->is_counted = why == NULL;
    g_ptr_array_add(card->members, member);
}

static ReportCard *make_card(const char *name, const char *phrase, bool is_false)
{
    ReportCard *card = report_card_new(name, "诉求<b>答复</b>");
    card->number = g_strdup("84");
    card->phrase.text = g_strdup(phrase);
    card->phrase.is_false = is_false;
    report_card_add_line(card, "期间", "2023-01-01 至 2023-12-31");
    add_member(card, "SQ2023-00084", "路灯\"不亮\"", "12-28", NULL);
    add_member(card, "SQ2023-00085", "<script>", "12-29", "未答复");
    card->n_restricted = 3;
    return card;
}

static char *make_page(const char *language)
{
    g_autoptr(ReportTemplate) body =
        report_template_parse("# 报告\n\n答复[9](figure:answered)，问题[均](figure:fixed)。");
    g_autoptr(GPtrArray) cards = g_ptr_array_new_with_free_func((GDestroyNotify)report_card_free);
    g_ptr_array_add(cards, make_card("answered", "80余件", false));
    g_ptr_array_add(cards, make_card("fixed", "10条中有9条", true));
    const ReportPage page = {.language = language,
                             .office = "示范县 & 办公室",
                             .title = "2023年度述职报告",
                             .status = "草稿",
                             .body = body,
                             .cards = cards};
    return report_page_to_html(&page);
}

static void assert_has(const char *html, const char *part)
{
    if (strstr(html, part) == NULL) {
        g_test_message("missing: %s", part);
        g_test_fail();
    }
}

static void test_each_figure_opens_its_card(void)
{
    g_autofree char *html = make_page("zh");
    assert_has(html, "<a class=\"figure whole\" href=\"#figure-answered\">80余件</a>");
    assert_has(html, "<section class=\"card\" id=\"figure-answered\">");
    assert_has(html, "<a class=\"figure false\" href=\"#figure-fixed\">10条中有9条</a>");
    assert_has(html, "<section class=\"card\" id=\"figure-fixed\">");
    assert_has(html, "<b>SQ2023-00084</b><time>12-28</time><span>路灯&quot;不亮&quot;</span>");
    assert_has(html, "<span>未答复</span>");
    assert_has(html, "lang=\"zh-CN\"");
}

static void test_claims_that_do_not_hold_are_listed(void)
{
    g_autofree char *html = make_page("zh");
    assert_has(html, "<li><a href=\"#figure-fixed\">诉求&lt;b&gt;答复&lt;/b&gt;</a></li>");
    g_assert_null(strstr(html, "<li><a href=\"#figure-answered\">"));
}

static void test_page_needs_nothing_and_runs_nothing(void)
{
    g_autofree char *html = make_page("en");
    g_assert_null(strstr(html, "<script"));
    g_assert_null(strstr(html, "http:"));
    g_assert_null(strstr(html, "https:"));
    assert_has(html, "default-src 'none'");
    assert_has(html, "示范县 &amp; 办公室");
    assert_has(html, "lang=\"en\"");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/page/each-figure-opens-its-card", test_each_figure_opens_its_card);
    g_test_add_func("/report/page/claims-that-do-not-hold-are-listed",
                    test_claims_that_do_not_hold_are_listed);
    g_test_add_func("/report/page/page-needs-nothing-and-runs-nothing",
                    test_page_needs_nothing_and_runs_nothing);
    return g_test_run();
}
