#include "base/message.h"

static int compare_entry(const void *key, const void *element)
{
    const MessageEntry *entry = element;
    return strcmp(key, entry->id);
}

static const MessageEntry *find_entry(const char *id)
{
    return bsearch(id, message_table_zh, message_table_zh_length, sizeof message_table_zh[0],
                   compare_entry);
}

const char *message_find(const char *id)
{
    const MessageEntry *entry = find_entry(id);
    return entry != NULL ? entry->id : NULL;
}

const char *message_get(const char *language, const char *id)
{
    if (!g_str_has_prefix(language, "zh")) {
        return id;
    }
    const MessageEntry *entry = find_entry(id);
    return entry != NULL ? entry->text : id;
}

const char *message_environment_language(void)
{
    static const char *const names[] = {"SHUZHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value == NULL || *value == '\0') {
            continue;
        }
        bool is_ours = i == 0; /* it says zh or en; another word says nothing */
        if (g_str_has_prefix(value, "C") || g_str_equal(value, "POSIX")) {
            continue;
        }
        if (g_str_has_prefix(value, "zh") || g_str_has_prefix(value, "en") || !is_ours) {
            return g_str_has_prefix(value, "zh") ? "zh" : "en";
        }
    }
    return "zh";
}
