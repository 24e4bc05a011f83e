#include "web/calendar-file.h"

#include <string.h>

static void test_folding(void)
{
    for (int n = 0; n < 200; n++) { /* every place of the fold in a character of three bytes */
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = 0; i < n; i++) {
            g_string_append(text, i % 7 == 0 ? "a" : "路");
        }
        g_autoptr(GString) out = g_string_new(NULL);
        calendar_file_append_text(out, "SUMMARY", text->str);
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        g_autoptr(GString) whole = g_string_new(NULL);
        guint n_lines = g_strv_length(lines);
        g_assert_cmpstr(lines[n_lines - 1], ==, "");
        for (guint i = 0; i + 1 < n_lines; i++) {
            g_assert_cmpuint(strlen(lines[i]), <=, CALENDAR_FILE_LINE_BYTES);
            g_assert_true(g_utf8_validate(lines[i], -1, NULL));
            g_assert_true(i == 0 || *lines[i] == ' ');
            g_string_append(whole, i == 0 ? lines[i] : lines[i] + 1);
        }
        g_assert_cmpstr(whole->str + strlen("SUMMARY:"), ==, text->str);
    }
}

static void test_escaping(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    calendar_file_append_text(out, "X", "a;b,c\\d\ne\r\nEND:VCALENDAR\x01");
    g_assert_cmpstr(out->str, ==, "X:a\\;b\\,c\\\\d\\ne\\nEND:VCALENDAR\r\n");
}

static void test_time(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    calendar_file_append_time(out, "DUE", 0);
    g_assert_cmpstr(out->str, ==, "DUE:19700101T000000Z\r\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/calendar-file/folding", test_folding);
    g_test_add_func("/web/calendar-file/escaping", test_escaping);
    g_test_add_func("/web/calendar-file/time", test_time);
    return g_test_run();
}
