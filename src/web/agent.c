#include "web/agent.h"

#include <string.h>

#include "base/error.h"
#include "base/message.h"

typedef struct AgentName {
    const char *mark; /* what stands in the text */
    const char *name;
} AgentName;

/* The first that fits: a browser also says the names of those that it is built on or like. */
static const AgentName browsers[] = {
    {"MicroMessenger/", N_("WeChat")},
    {"DingTalk/", N_("DingTalk")},
    {"QQBrowser/", N_("QQ Browser")},
    {"MetaSr", N_("Sogou Browser")},
    {"360SE", N_("360 Browser")},
    {"360EE", N_("360 Browser")},
    {"UCBrowser/", N_("UC Browser")},
    {"HuaweiBrowser/", N_("Huawei Browser")},
    {"Edg/", "Edge"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"OPR/", "Opera"},
    {"Firefox/", "Firefox"},
    {"FxiOS/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"}, /* HeadlessChrome too */
    {"Trident/", "Internet Explorer"},
    {"MSIE ", "Internet Explorer"},
    {"Safari/", "Safari"},
};

static const AgentName systems[] = {
    {"OpenHarmony", N_("HarmonyOS")},
    {"HarmonyOS", N_("HarmonyOS")},
    {"Android", "Android"},
    {"iPhone", "iPhone"},
    {"iPad", "iPad"},
    {"Windows", "Windows"},
    {"Mac OS X", "macOS"},
    {"CrOS", "ChromeOS"},
    {"Linux", "Linux"},
};

/* Return the name of the first of @names that @agent has the mark of; NULL: of none. */
static const char *find_name(const AgentName *names, size_t n, const char *agent)
{
    for (size_t i = 0; i < n; i++) {
        if (strstr(agent, names[i].mark) != NULL) {
            return names[i].name;
        }
    }
    return NULL;
}

char *agent_words(const char *language, const char *agent)
{
    const char *browser = find_name(browsers, G_N_ELEMENTS(browsers), agent);
    const char *machine = find_name(systems, G_N_ELEMENTS(systems), agent);
    if (browser == NULL || machine == NULL) {
        return g_strdup(agent);
    }
    return error_say(language, "%s on %s", message_get(language, browser),
                     message_get(language, machine));
}
