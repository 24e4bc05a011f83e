#include "web/calendar-file.h"

#include <string.h>

void calendar_file_append(GString *out, const char *name, const char *value)
{
    g_autofree char *line = g_strconcat(name, ":", value, NULL);
    size_t room = CALENDAR_FILE_LINE_BYTES;
    const char *at = line;
    while (strlen(at) > room) {
        size_t length = room;
        while (((unsigned char)at[length] & 0xC0) == 0x80) { /* inside a character */
            length--;
        }
        g_string_append_len(out, at, (gssize)length);
        g_string_append(out, "\r\n ");
        at += length;
        room = CALENDAR_FILE_LINE_BYTES - 1; /* the blank counts */
    }
    g_string_append(out, at);
    g_string_append(out, "\r\n");
}

void calendar_file_append_text(GString *out, const char *name, const char *text)
{
    g_autoptr(GString) value = g_string_sized_new(strlen(text));
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n') {
            g_string_append(value, "\\n");
        } else if (strchr("\\;,", *at) != NULL) {
            g_string_append_c(value, '\\');
            g_string_append_c(value, *at);
        } else if (!g_ascii_iscntrl(*at) || *at == '\t') {
            g_string_append_c(value, *at);
        }
    }
    calendar_file_append(out, name, value->str);
}

void calendar_file_append_time(GString *out, const char *name, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    g_autoptr(GString) value = g_string_new(NULL);
    for (const char *at = date_format_time(us, 0, text); *at != '\0'; at++) {
        if (*at != '-' && *at != ':') {
            g_string_append_c(value, *at);
        }
    }
    calendar_file_append(out, name, value->str);
}
