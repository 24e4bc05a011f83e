#include "web/agent.h"

/* What a browser sends, and what a person reads. */
static const struct {
    const char *agent;
    const char *zh;
    const char *en;
} cases[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Safari/537.36",
     "Chrome（Windows）", "Chrome on Windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
     "Edge（Windows）", "Edge on Windows"},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
     "Internet Explorer（Windows）", "Internet Explorer on Windows"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox（Linux）",
     "Firefox on Linux"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "HeadlessChrome/120.0.0.0 Safari/537.36",
     "Chrome（Linux）", "Chrome on Linux"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.2 Safari/605.1.15",
     "Safari（macOS）", "Safari on macOS"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148 MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN",
     "微信（iPhone）", "WeChat on iPhone"},
    {"Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/114.0.5735.196 HuaweiBrowser/14.0.2.311 Mobile Safari/537.36",
     "华为浏览器（鸿蒙）", "Huawei Browser on HarmonyOS"},
    {"curl/7.88.1", "curl/7.88.1", "curl/7.88.1"},
    {"{a|b} %s", "{a|b} %s", "{a|b} %s"},
    {"", "", ""},
};

static void test_says_browser_and_system(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *zh = agent_words("zh", cases[i].agent);
        g_autofree char *en = agent_words("en", cases[i].agent);
        g_assert_cmpstr(zh, ==, cases[i].zh);
        g_assert_cmpstr(en, ==, cases[i].en);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/agent/says-browser-and-system", test_says_browser_and_system);
    return g_test_run();
}
