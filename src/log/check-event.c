#include "log/check-event.h"

#include "base/json.h"
#include "base/text.h"
#include "log/fields.h"

void log_event_room_init(LogEventRoom *room)
{
    room->name = g_string_new(NULL);
    room->value = g_string_new(NULL);
    room->spelled = g_string_new(NULL);
}

void log_event_room_clear(LogEventRoom *room)
{
    g_string_free(room->name, true);
    g_string_free(room->value, true);
    g_string_free(room->spelled, true);
}

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

/* Move *@at past @key and the number @value, or @key and the quoted @value; @spelled is room for
 * their spelling. */
static bool take_number(const char **at, const char *key, int64_t value, GString *spelled)
{
    g_string_truncate(spelled, 0);
    text_append_int(spelled, value);
    return take(at, key) && take(at, spelled->str);
}

static bool take_pair(const char **at, const char *key, const char *value, GString *spelled)
{
    g_string_truncate(spelled, 0);
    json_append_quoted(spelled, value);
    return take(at, key) && take(at, spelled->str);
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
static bool check_line(const LogStoredEvent *event, GString *spelled, const char **ret_fields)
{
    const char *at = event->line;
    *ret_fields = NULL;
    if (!take_pair(&at, "{\"actor\":", event->actor, spelled) ||
        !take_number(&at, ",\"at\":", event->at_us, spelled) ||
        (take(&at, ",\"data\":") && !take_object(&at))) {
        return false;
    }
    if (take(&at, ",\"fields\":")) {
        *ret_fields = at;
        if (!take_object(&at)) {
            return false;
        }
    }
    if (take(&at, ",\"from\":") && !take_string(&at)) {
        return false;
    }
    return take_pair(&at, ",\"kind\":", event->kind, spelled) &&
           take_number(&at, ",\"object\":", event->object, spelled) &&
           take_number(&at, ",\"seq\":", event->seq, spelled) && strcmp(at, "}") == 0;
}

/* Write the text of the JSON string at *@at to @out and move past it. */
static bool read_text(const char **at, GString *out)
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

/* The same, for a string in its canonical spelling alone; @spelled is room for it.  Another would
 * read otherwise elsewhere: "\u00e5" is one character, and here one byte. */
static bool take_text(const char **at, GString *out, GString *spelled)
{
    const char *start = *at;
    if (!read_text(at, out)) {
        return false;
    }
    g_string_truncate(spelled, 0);
    json_append_quoted(spelled, out->str);
    return spelled->len == (gsize)(*at - start) && memcmp(spelled->str, start, spelled->len) == 0;
}

/* Make the commitments anew from key and values and compare the text they give with the line's,
 * @fields, an object that was found whole. */
static bool check_values(const LogStoredEvent *event, const char *fields, LogEventRoom *room)
{
    g_auto(ProofEventKey) key;
    proof_event_key_init(&key, event->key);
    const char *at = event->values;
    if (!take(&at, "{") || !take(&fields, "{")) {
        return false;
    }
    do {
        if (!take_text(&at, room->name, room->spelled) || !take(&at, ":") ||
            !take_text(&at, room->value, room->spelled)) {
            return false;
        }
        g_string_truncate(room->spelled, 0);
        log_fields_append_commitment(room->spelled, &key, room->name->str, room->value->str);
        if (!take(&fields, room->spelled->str)) {
            return false;
        }
    } while (take(&at, ",") && take(&fields, ","));
    return strcmp(at, "}") == 0 && *fields == '}';
}

LogEventFault log_check_event(const LogStoredEvent *event, LogEventRoom *room)
{
    const char *fields = NULL;
    if (!check_line(event, room->spelled, &fields)) {
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
    return check_values(event, fields, room) ? LOG_EVENT_GOOD : LOG_EVENT_VALUES;
}
