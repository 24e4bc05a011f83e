#include "html/escape.h"

static void check(void (*append)(GString *, const char *), const char *in, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    append(out, in);
    g_assert_cmpstr(out->str, ==, expected);
}

static void test_text(void)
{
    check(html_append_text, "路灯 & <b>\"不亮\"</b> 'x'",
          "路灯 &amp; &lt;b&gt;&quot;不亮&quot;&lt;/b&gt; &#39;x&#39;");
    check(html_append_text, "a\tb\nc\x01\x7f", "a\tb\nc\xef\xbf\xbd\xef\xbf\xbd");
    check(html_append_text, "", "");
    check(html_append_text, NULL, "");
}

/* However little room is left. */
static void test_literal(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *wanted = g_strnfill(1000, 'x');
    for (int i = 0; i < 500; i++) {
        html_append_literal(out, "x"
                                 "x");
        g_assert_cmpuint(out->len, ==, strlen(out->str));
    }
    g_assert_cmpstr(out->str, ==, wanted);
    html_append_literal(out, "");
    html_append_bytes(out, "\0y", 2);
    g_assert_cmpuint(out->len, ==, 1002);
    g_assert_cmpmem(out->str + 1000, 3, "\0y", 3);
}

static void append_url(GString *out, const char *url)
{
    html_append_url(out, "/%E5%B1%80", url);
}

static void test_base(void)
{
    check(append_url, "/case/1", "/%E5%B1%80/case/1");
    check(append_url, "/", "/%E5%B1%80/");
    static const char *const others[] = {"?next=3", "#report", "", "https://example.org/"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        check(append_url, others[i], others[i]);
    }
    check(append_url, "//evil.example", "#");
    check(append_url, NULL, "");
}

static void append_own_url(GString *out, const char *url)
{
    html_append_url(out, "", url);
}

static void test_url(void)
{
    static const char *const harmless[] = {
        "/case/1?a=b", "?next=3", "#report", "", "https://example.org/", "mailto:a@example.org"};
    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
        check(append_own_url, harmless[i], harmless[i]);
    }
    static const char *const harmful[] = {
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
        "//evil.example",      "/\\evil.example",     " javascript:x",
        "\tjavascript:x",      "vbscript:x",          "case/1"};
    for (size_t i = 0; i < G_N_ELEMENTS(harmful); i++) {
        check(append_own_url, harmful[i], "#");
    }
    check(append_own_url, "/a\"onclick=\"x", "/a&quot;onclick=&quot;x");
    check(append_own_url, NULL, "");
}

static void test_url_part(void)
{
    check(html_append_url_part, "a-B_9.~", "a-B_9.~");
    check(html_append_url_part, "a/b?c=d&e#f \"<>'%", "a%2Fb%3Fc%3Dd%26e%23f%20%22%3C%3E%27%25");
    check(html_append_url_part, "诉", "%E8%AF%89");
    check(html_append_url_part, NULL, "");
}

static void append_english_data(GString *out, const char *text)
{
    html_append_data(out, &(HtmlContext){.language = "en", .base = ""}, text);
}

static void append_chinese_data(GString *out, const char *text)
{
    html_append_data(out, &(HtmlContext){.language = "zh", .base = ""}, text);
}

static void append_english_lang(GString *out, const char *text)
{
    html_append_lang(out, &(HtmlContext){.language = "en", .base = ""}, text);
}

/* What is Chinese in an English page says so, word by word. */
static void test_data(void)
{
    check(append_english_data, "of 12, 综合科 <did> not",
          "of 12, <span lang=\"zh-CN\">综合科</span> &lt;did&gt; not");
    check(append_english_data, "《民法典》第201条",
          "<span lang=\"zh-CN\">《民法典》第201条</span>");
    check(append_english_data, "“plain” & café", "“plain” &amp; café");
    check(append_english_data, NULL, "");
    check(append_chinese_data, "综合科 & 人事科", "综合科 &amp; 人事科");
    check(append_english_lang, "综合科", " lang=\"zh-CN\"");
    check(append_english_lang, "no", "");
    check(append_english_lang, NULL, "");
    g_autoptr(GString) out = g_string_new(NULL);
    html_append_marked(out, &(HtmlContext){.language = "en", .base = ""},
                       "<p title=\"综合\">of <b>综合科</b>\nit</p>");
    g_assert_cmpstr(out->str, ==,
                    "<p title=\"综合\">of <b><span lang=\"zh-CN\">综合科</span></b>\nit</p>");
}

static void test_int(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    html_append_int(out, INT64_MIN);
    g_assert_cmpstr(out->str, ==, "-9223372036854775808");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/escape/literal", test_literal);
    g_test_add_func("/html/escape/text", test_text);
    g_test_add_func("/html/escape/url", test_url);
    g_test_add_func("/html/escape/base", test_base);
    g_test_add_func("/html/escape/url-part", test_url_part);
    g_test_add_func("/html/escape/data", test_data);
    g_test_add_func("/html/escape/int", test_int);
    return g_test_run();
}
