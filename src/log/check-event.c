#include "log/check-event.h"

#include "base/json.h"
#include "log/fields.h"

/* Move *@at past @text; false when something else stands there. */
static bool take(const char **at, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0) {
        return false;
    }
    *at += length;
    return true;
}

/* Move *@at past a JSON string with its quotes. */
static bool take_string(const char **at)
{
    if (**at != '"') {
        return false;
    }
    const char *c = *at + 1;
    while (*c != '"') {
        if (*c == '\0' || (*c == '\\' && *++c == '\0')) {
            return false;
        }
        c++;
    }
    *at = c + 1;
    return true;
}

/* Move *@at past a JSON object, which may hold others. */
static bool take_object(const char **at)
{
    if (**at != '{') {
        return false;
    }
    int depth = 0;
    while (**at != '\0') {
        char c = **at;
        if (c == '"') {
            if (!take_string(at)) {
                return false;
            }
            continue;
        }
        (*at)++;
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0) {
            return true;
        }
    }
    return false;
}

/* Compare the line with the columns; *@ret_fields is where its commitments begin, NULL when it has
 * none. */
static bool check_line(const LogStoredEvent *event, const char **ret_fields, const char **ret_end)
{
    g_autoptr(GString) head = g_string_sized_new(96);
    g_string_append(head, "{\"actor\":");
    json_append_quoted(head, event->actor);
    g_string_append_printf(head, ",\"at\":%" G_GINT64_FORMAT, event->at_us);
    g_autoptr(GString) tail = g_string_sized_new(96);
    g_string_append(tail, ",\"kind\":");
    json_append_quoted(tail, event->kind);
    g_string_append_printf(tail, ",\"object\":%" G_GINT64_FORMAT ",\"seq\":%" G_GINT64_FORMAT "}",
                           event->object, event->seq);
    const char *at = event->line;
    *ret_fields = NULL;
    if (!take(&at, head->str) || (take(&at, ",\"data\":") && !take_object(&at))) {
        return false;
    }
    if (take(&at, ",\"fields\":")) {
        *ret_fields = at;
        if (!take_object(&at)) {
            return false;
        }
        *ret_end = at;
    }
    if (take(&at, ",\"from\":") && !take_string(&at)) {
        return false;
    }
    return strcmp(at, tail->str) == 0;
}

/* Write the text of the JSON string at *@at (canonical escapes only) to @out and move past it. */
static bool take_text(const char **at, GString *out)
{
    static const char from[] = "btnfr\"\\";
    static const char to[] = "\b\t\n\f\r\"\\";
    const char *c = *at;
    g_string_truncate(out, 0);
    if (*c++ != '"') {
        return false;
    }
    while (*c != '"') {
        size_t plain = strcspn(c, "\"\\");
        g_string_append_len(out, c, (gssize)plain);
        c += plain;
        if (*c == '\0') {
            return false;
        }
        if (*c == '\\') {
            const char *found = c[1] != '\0' ? strchr(from, c[1]) : NULL;
            if (found != NULL) {
                g_string_append_c(out, to[found - from]);
                c += 2;
            } else if (strncmp(c, "\\u00", 4) == 0 && g_ascii_isxdigit(c[4]) &&
                       g_ascii_isxdigit(c[5])) {
                g_string_append_c(
                    out, (char)(g_ascii_xdigit_value(c[4]) * 16 + g_ascii_xdigit_value(c[5])));
                c += 6;
            } else {
                return false;
            }
        }
    }
    *at = c + 1;
    return true;
}

/* Make the commitments anew from key and values and compare the text they give with the line's. */
static bool check_values(const LogStoredEvent *event, const char *fields, const char *fields_end)
{
    g_autoptr(GString) made = g_string_sized_new(1024);
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GString) value = g_string_sized_new(256);
    g_auto(ProofEventKey) key;
    proof_event_key_init(&key, event->key);
    const char *at = event->values;
    g_string_append_c(made, '{');
    if (!take(&at, "{")) {
        return false;
    }
    do {
        if (made->len > 1) {
            g_string_append_c(made, ',');
        }
        if (!take_text(&at, name) || !take(&at, ":") || !take_text(&at, value)) {
            return false;
        }
        log_fields_append_commitment(made, &key, name->str, value->str);
    } while (take(&at, ","));
    g_string_append_c(made, '}');
    return strcmp(at, "}") == 0 && made->len == (gsize)(fields_end - fields) &&
           memcmp(made->str, fields, made->len) == 0;
}

LogEventFault log_check_event(const LogStoredEvent *event)
{
    const char *fields = NULL, *fields_end = NULL;
    if (!check_line(event, &fields, &fields_end)) {
        return LOG_EVENT_COLUMNS;
    }
    if (fields == NULL) {
        return event->key == NULL && event->values == NULL ? LOG_EVENT_GOOD : LOG_EVENT_STRAY;
    }
    if (event->key == NULL && event->values == NULL) {
        return LOG_EVENT_ERASED;
    }
    if (event->key == NULL || event->values == NULL) {
        return LOG_EVENT_HALF_ERASED;
    }
    return check_values(event, fields, fields_end) ? LOG_EVENT_GOOD : LOG_EVENT_VALUES;
}
