#include "report/template.h"

static void test_figures_are_found_once(void)
{
    g_autoptr(ReportTemplate) body = report_template_parse(
        "# 报告\n\n收到[90件](figure:received)，答复[80余件](figure:answered)，"
        "共[90件](figure:received)；见[网站](https://example.org)。\n");
    size_t n = 0;
    const char *const *names = report_template_figures(body, &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(names[0], ==, "received");
    g_assert_cmpstr(names[1], ==, "answered");
    g_assert_null(names[2]);
}

static void check_text(const char *source, int columns, bool has_notes, const char *expected)
{
    g_autoptr(ReportTemplate) body = report_template_parse(source);
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"80余件", false}, {"10条中有9条按期整改", true}};
    report_template_to_text(body, phrases, columns, has_notes, out);
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_text(void)
{
    check_text(
        "# 述职报告\n\n## 一、成效\n\n全年答复[9件](figure:a)，\n问题[均](figure:b)。\n", 30, false,
        "           述职报告\n\n一、成效\n\n    全年答复80余件，问题10条中\n有9条按期整改。\n");
    check_text("答复[9件](figure:a)。", 40, true, "    答复80余件〔1〕。\n");
}

static void test_lists_and_tables(void)
{
    check_text("1. 第一项\n2. 第二项很长要换行的\n", 16, false,
               " 1. 第一项\n 2. 第二项很长要\n    换行的\n");
    check_text("- 一\n- 二\n", 16, false, "  · 一\n  · 二\n");
    check_text("| 项目 | 数 |\n|---|---|\n| 诉求 | [9](figure:a) |\n", 40, false,
               "项目  数\n诉求  80余件\n");
}

static void check_html(const char *source, const char *expected)
{
    g_autoptr(ReportTemplate) body = report_template_parse(source);
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"80余<件>", false}, {"10条中有9条", true}};
    const ReportLinks links = {.before = "#figure-", .after = ""};
    report_template_to_html(body, phrases, &links, out);
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_html(void)
{
    check_html("答复[9](figure:a)，问题[均](figure:b)。",
               "<p>答复<a class=\"figure whole\" href=\"#figure-a\">80余&lt;件&gt;</a>，问题"
               "<a class=\"figure false\" href=\"#figure-b\">10条中有9条</a>。</p>\n");
    check_html(
        "上\n[9](figure:a)\n下\nabc\ndef",
        "<p>上<a class=\"figure whole\" href=\"#figure-a\">80余&lt;件&gt;</a>下\nabc\ndef</p>\n");
}

static void test_html_has_figures_in_tables(void)
{
    check_html(
        "| 甲 | 数 |\n|---|---|\n| a\\|b | [1](figure:a \"t\") **[2](figure:b)** |\n",
        "<table>\n<thead>\n<tr>\n<th>甲</th>\n<th>数</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
        "<td>a|b</td>\n<td><a class=\"figure whole\" href=\"#figure-a\">80余&lt;件&gt;</a> "
        "<strong><a class=\"figure false\" href=\"#figure-b\">10条中有9条</a></strong></td>\n"
        "</tr>\n</tbody>\n</table>\n");
}

/* What a template writes itself is never taken for the program's own link. */
static void test_html_of_what_looks_like_a_figure(void)
{
    check_html("`<a href=\"figure:0\">` [1](figure:a)",
               "<p><code>&lt;a href=&quot;figure:0&quot;&gt;</code> "
               "<a class=\"figure whole\" href=\"#figure-a\">80余&lt;件&gt;</a></p>\n");
}

static void check_section(const ReportTemplate *body, const char *name, const char *expected)
{
    g_autofree char *section = report_template_section(body, name);
    g_assert_cmpstr(section, ==, expected);
}

/* Paragraphs whose figures are all blank go, headings above nothing go, numbers close up. */
static void test_without(void)
{
    g_autoptr(ReportTemplate) body =
        report_template_parse("# 报告\n\n开头。\n\n## 一、成效\n\n### "
                              "（一）学习\n\n学[1](figure:a)次。\n\n### （二）服务\n\n"
                              "答[2](figure:b)件，[均](figure:a)。\n\n## "
                              "二、打算\n\n办[3](figure:c)件。\n\n## 三、结尾\n\n完。\n");
    const bool is_blank[] = {true, false, true};
    g_autoptr(ReportTemplate) rest = report_template_without(body, is_blank);
    g_assert_nonnull(rest);
    size_t n_figures = 0;
    const char *const *names = report_template_figures(rest, &n_figures);
    g_assert_cmpuint(n_figures, ==, 1); /* b stays, the clause of a beside it goes */
    g_assert_cmpstr(names[0], ==, "b");
    check_section(body, "a", "学习");
    check_section(body, "b", "服务");
    check_section(body, "c", "打算");
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"2", false}};
    report_template_to_text(rest, phrases, 40, false, out);
    g_assert_cmpstr(
        out->str, ==,
        "                  报告\n\n    开头。\n\n一、成效\n\n（一）服务\n\n    答2件。\n\n"
        "二、结尾\n\n    完。\n");
    const bool none[] = {false, false, false};
    g_assert_null(report_template_without(body, none));
}

/* Check what is left of @source where b is blank and a is not. */
static void check_without_b(const char *source, const char *expected)
{
    g_autoptr(ReportTemplate) body = report_template_parse(source);
    bool is_blank[2] = {false};
    size_t n = 0;
    const char *const *names = report_template_figures(body, &n);
    for (size_t i = 0; i < n; i++) {
        is_blank[i] = g_str_equal(names[i], "b");
    }
    g_autoptr(ReportTemplate) rest = report_template_without(body, is_blank);
    g_assert_nonnull(rest);
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"9件", false}, {"乙", false}}; /* what is left comes first */
    report_template_to_text(rest, phrases, 200, false, out);
    g_assert_cmpstr(out->str, ==, expected);
}

/* Clauses and sentences that would say nothing go, and what is left still ends. */
static void test_without_clauses(void)
{
    check_without_b("答复[1](figure:a)，用时[2](figure:b)天，都好。", "    答复9件，都好。\n");
    check_without_b("答复[1](figure:a)，用时[2](figure:b)天；再会。", "    答复9件；再会。\n");
    check_without_b("答复[1](figure:a)，用时[2](figure:b)天。", "    答复9件。\n");
    check_without_b("共[1](figure:a)；用时[2](figure:b)天，答复[1](figure:a)。",
                    "    共9件；答复9件。\n");
    check_without_b("答复[1](figure:a)。按照要求，约谈[2](figure:b)次，逐次登记。",
                    "    答复9件。\n");
    check_without_b("答复[1](figure:a)；依托热线、网站，回复[2](figure:b)。", "    答复9件。\n");
}

/* 一是, 二是 close up, in each section by themselves; one that is alone needs no number. */
static void test_points_are_numbered_anew(void)
{
    check_without_b("一是学习[1](figure:a)。\n\n二是谈话[2](figure:b)次。\n\n三是总结。",
                    "    一是学习9件。\n    二是总结。\n");
    check_without_b("一是学习[1](figure:a)。\n\n二是谈话[2](figure:b)次。", "    学习9件。\n");
}

/* 一是, 二是 stand in one paragraph as often as in three. */
static void test_points_inside_a_paragraph(void)
{
    check_without_b("一是收文[1](figure:a)；二是[2](figure:b)；三是[3](figure:a)。",
                    "    一是收文9件；二是9件。\n");
    check_without_b("做了三件事：一是谈话[2](figure:b)；\n二是收文[1](figure:a)；三是总结。",
                    "    做了三件事：一是收文9件；二是总结。\n");
    check_without_b("一是收文[1](figure:a)，二是严守纪律。谈话[2](figure:b)次。",
                    "    收文9件。\n");
    check_without_b("第一，收文[1](figure:a)。第二，谈话[2](figure:b)，第三，总结。",
                    "    第一，收文9件。第二，总结。\n");
    check_without_b("一是作风：一是谈话[2](figure:b)，二是收文[1](figure:a)。\n\n二是总结。",
                    "    一是作风：收文9件。\n    二是总结。\n");
}

/* A number stays with its paragraph or point when the first clause behind it goes. */
static void test_number_outlives_its_first_clause(void)
{
    check_without_b("一是收文[1](figure:a)。\n\n二是抄送[2](figure:b)，涉及[2](figure:b)"
                    "个单位；每月[1](figure:a)。",
                    "    一是收文9件。\n    二是每月9件。\n");
    check_without_b("**一是**收文[1](figure:a)。\n\n**二是**抄送[2](figure:b)，每月[1](figure:a)。",
                    "    一是收文9件。\n    二是每月9件。\n");
    check_without_b("**一是抓学习**。谈话[2](figure:b)次，收[1](figure:a)。\n\n**二是总结**。完。",
                    "    一是抓学习。收9件。\n    二是总结。完。\n");
    check_without_b("**一是**谈话[2](figure:b)次。\n\n**二是**总结[1](figure:a)。",
                    "    总结9件。\n");
}

/* Numbers of other forms close up, too, beyond ten as well; only those of sentences go when alone.
 */
static void test_numbers_of_many_forms(void)
{
    check_without_b("（一）谈话[2](figure:b)。\n\n（二）其次[1](figure:a)。",
                    "    （一）其次9件。\n");
    check_without_b("1、收[1](figure:a)。\n\n2、谈话[2](figure:b)。\n\n3、完。",
                    "    1、收9件。\n    2、完。\n");
    check_without_b("1.收[1](figure:a)。\n\n2.谈话[2](figure:b)。\n\n3.完。",
                    "    1.收9件。\n    2.完。\n");
    check_without_b("（1）收[1](figure:a)；（2）谈话[2](figure:b)；（3）完。",
                    "    （1）收9件；（2）完。\n");
    check_without_b("第一、收[1](figure:a)。\n\n第二、谈话[2](figure:b)。\n\n第三、完。",
                    "    第一、收9件。\n    第二、完。\n");
    check_without_b("一是[1](figure:a)；二是[2](figure:b)；三是丙；四是丁；五是戊；六是己；七是庚；"
                    "八是辛；九是壬；十是癸；十一是子；十二是丑。",
                    "    一是9件；二是丙；三是丁；四是戊；五是己；六是庚；七是辛；八是壬；九是癸；"
                    "十是子；十一是丑。\n");
}

/* What is no number in sequence is never written anew. */
static void test_words_like_numbers_stay(void)
{
    check_without_b(
        "## 人、财、物管理\n\n收[1](figure:a)，谈话[2](figure:b)。\n\n"
        "## 2、费用\n\n完。\n\n### （县）级\n\n完。\n\n### （省）级\n\n完。",
        "人、财、物管理\n\n    收9件。\n\n2、费用\n\n    完。\n\n（县）级\n\n    完。\n\n"
        "（省）级\n\n    完。\n");
    check_without_b("## 一、收文\n\n收[1](figure:a)，谈话[2](figure:b)。\n\n## 三、打算\n\n完。",
                    "一、收文\n\n    收9件。\n\n三、打算\n\n    完。\n");
    check_without_b("1.5万元[1](figure:a)，谈话[2](figure:b)。\n\n2.5万元。",
                    "    1.5万元9件。\n    2.5万元。\n");
    check_without_b("## 1、甲\n\n[2](figure:b)。\n\n## 2、乙\n\n收[1](figure:a)。\n\n"
                    "## 人、财、物\n\n完。",
                    "1、乙\n\n    收9件。\n\n人、财、物\n\n    完。\n");
}

/* Lists, quotes, sentences that end with ！ or ？ and what a colon brings in lose what is blank. */
static void test_without_in_lists_and_quotes(void)
{
    check_without_b("全年[1](figure:a)！其中差错[2](figure:b)！", "    全年9件！\n");
    check_without_b("全年[1](figure:a)：其中差错[2](figure:b)。", "    全年9件。\n");
    check_without_b("1. 收[1](figure:a)，谈话[2](figure:b)。\n2. 谈话[2](figure:b)。\n3. 完。",
                    " 1. 收9件。\n 2. 完。\n");
    check_without_b("> 收[1](figure:a)，谈话[2](figure:b)。", "        收9件。\n");
    check_without_b("收[1](figure:a)，**谈话[2](figure:b)**，完。", "    收9件，完。\n");
    check_without_b("收[1](figure:a)（其中甲[1](figure:a)，乙[2](figure:b)），谈[2](figure:b)。",
                    "    收9件（其中甲9件，乙乙）。\n");
}

/* What is left out in one place and stands elsewhere, too, is a figure of the text. */
static void test_without_what_stands_elsewhere(void)
{
    g_autoptr(ReportTemplate) body =
        report_template_parse("学[1](figure:a)次。\n\n答[2](figure:b)件、学[1](figure:a)次。\n");
    const bool is_blank[] = {true, false};
    g_autoptr(ReportTemplate) rest = report_template_without(body, is_blank);
    size_t n = 0;
    report_template_figures(rest, &n);
    g_assert_cmpuint(n, ==, 2);
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"2", false}, {"0", false}};
    report_template_to_text(rest, phrases, 40, false, out);
    g_assert_cmpstr(out->str, ==, "    答2件、学0次。\n");
}

static void test_html_is_never_raw(void)
{
    check_html(
        "a<script>alert(1)</script>[x](javascript:alert(1))",
        "<p>a<!-- raw HTML omitted -->alert(1)<!-- raw HTML omitted --><a href=\"\">x</a></p>\n");
}

static void check_filled(const char *office, const char *expected)
{
    const ReportWord words[] = {{"{office}", office}, {"{period}", "2023年"}};
    g_autofree char *body = report_template_fill(
        "## {office}{period}度报告\n\n[9](figure:a)。\n\n{office}记。", words, 2);
    g_autoptr(ReportTemplate) whole = report_template_parse(body);
    size_t n = 0;
    report_template_figures(whole, &n);
    g_assert_cmpuint(n, ==, 1);
    check_text(body, 200, false, expected);
    /* And through a rendering of the template without what has nothing to say. */
    g_autoptr(ReportTemplate) rest = report_template_without(whole, (const bool[]){true});
    g_autoptr(GString) out = g_string_new(NULL);
    const ReportPhrase phrases[] = {{"9件", false}};
    report_template_to_text(rest, phrases, 200, false, out);
    g_autofree char *line = g_strconcat("    ", office, "记。\n", NULL);
    g_assert_nonnull(strstr(out->str, line));
}

static void test_words_put_in_are_text(void)
{
    check_filled("甲办", "甲办2023年度报告\n\n    80余件。\n    甲办记。\n");
    check_filled("第_1_办 *甲* `乙` {period}",
                 "第_1_办 *甲* `乙` {period}2023年度报告\n\n    80余件。\n"
                 "    第_1_办 *甲* `乙` {period}记。\n");
    check_filled("示范 [x](figure:nope) 县<b>&amp;\\",
                 "示范 [x](figure:nope) 县<b>&amp;\\2023年度报告\n\n    80余件。\n"
                 "    示范 [x](figure:nope) 县<b>&amp;\\记。\n");
    check_filled("1. Office", "1. Office 2023年度报告\n\n    80余件。\n    1. Office记。\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/template/figures-are-found-once", test_figures_are_found_once);
    g_test_add_func("/report/template/text", test_text);
    g_test_add_func("/report/template/words-put-in-are-text", test_words_put_in_are_text);
    g_test_add_func("/report/template/lists-and-tables", test_lists_and_tables);
    g_test_add_func("/report/template/without-clauses", test_without_clauses);
    g_test_add_func("/report/template/points-are-numbered-anew", test_points_are_numbered_anew);
    g_test_add_func("/report/template/points-inside-a-paragraph", test_points_inside_a_paragraph);
    g_test_add_func("/report/template/number-outlives-its-first-clause",
                    test_number_outlives_its_first_clause);
    g_test_add_func("/report/template/numbers-of-many-forms", test_numbers_of_many_forms);
    g_test_add_func("/report/template/words-like-numbers-stay", test_words_like_numbers_stay);
    g_test_add_func("/report/template/without-in-lists-and-quotes",
                    test_without_in_lists_and_quotes);
    g_test_add_func("/report/template/without", test_without);
    g_test_add_func("/report/template/without-what-stands-elsewhere",
                    test_without_what_stands_elsewhere);
    g_test_add_func("/report/template/html", test_html);
    g_test_add_func("/report/template/html-has-figures-in-tables", test_html_has_figures_in_tables);
    g_test_add_func("/report/template/html-of-what-looks-like-a-figure",
                    test_html_of_what_looks_like_a_figure);
    g_test_add_func("/report/template/html-is-never-raw", test_html_is_never_raw);
    return g_test_run();
}
