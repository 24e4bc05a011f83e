#include "cli/print.h"

#include <stdarg.h>

#include "base/text.h"
#include "language/wrap.h"

#define PAIR_COLUMNS 78  /* lines of long texts */
#define LEAST_COLUMNS 16 /* what a column keeps when a table is too wide */

struct CliTable {
    size_t n_columns;
    int *limits;      /* one a column; 0: none */
    GPtrArray *cells; /* of char*, row by row */
};

CliTable *cli_table_new(size_t n_columns)
{
    CliTable *table = g_new0(CliTable, 1);
    table->n_columns = n_columns;
    table->limits = g_new0(int, n_columns);
    table->cells = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void cli_table_free(CliTable *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->cells);
        g_free(table->limits);
        g_free(table);
    }
}

void cli_table_set_limit(CliTable *table, size_t column, int width)
{
    table->limits[column] = width;
}

char *cli_clean(const char *text)
{
    GString *clean = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(clean, g_unichar_iscntrl(c) || text_is_control(c) ? ' ' : c);
    }
    return g_string_free(clean, false);
}

void cli_table_add(CliTable *table, ...)
{
    va_list list;
    va_start(list, table);
    for (size_t i = 0; i < table->n_columns; i++) {
        const char *text = va_arg(list, const char *);
        g_ptr_array_add(table->cells, cli_clean(text != NULL ? text : ""));
    }
    va_end(list);
}

/* Return how wide column @column is printed. */
static int column_width(const CliTable *table, size_t column)
{
    int width = 0;
    for (size_t i = column; i < table->cells->len; i += table->n_columns) {
        width = MAX(width, language_width(g_ptr_array_index(table->cells, i)));
    }
    return table->limits[column] > 0 ? MIN(width, table->limits[column]) : width;
}

/* Make the widest of @widths narrower until the table, indented by @indent, fits a terminal. */
static void fit_widths(const CliTable *table, int *widths, int indent)
{
    int total = indent - 2;
    for (size_t i = 0; i < table->n_columns; i++) {
        total += widths[i] + 2;
    }
    while (total > CLI_COLUMNS) {
        size_t widest = 0;
        for (size_t i = 1; i < table->n_columns; i++) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        int narrower = MAX(LEAST_COLUMNS, widths[widest] - (total - CLI_COLUMNS));
        for (size_t i = 0; i < table->n_columns; i++) { /* not narrower than the second widest */
            narrower =
                i != widest && widths[i] < widths[widest] ? MAX(narrower, widths[i]) : narrower;
        }
        narrower = MIN(narrower, widths[widest] - 1);
        if (narrower < LEAST_COLUMNS) {
            return;
        }
        total -= widths[widest] - narrower;
        widths[widest] = narrower;
    }
}

/* Return the lines of @text in a column of @width; the caller owns them. */
static char **split_cell(const CliTable *table, size_t column, const char *text, int width)
{
    if (language_width(text) <= width || table->limits[column] > 0) {
        g_autoptr(GString) cut = g_string_new(NULL);
        language_pad(text, MAX(width, 1), cut);
        return g_strsplit(*text != '\0' ? g_strchomp(cut->str) : "", "\n", -1);
    }
    g_autoptr(GString) wrapped = g_string_new(NULL);
    language_wrap(text, width, 0, 0, wrapped);
    return g_strsplit(g_strchomp(wrapped->str), "\n", -1);
}

/* Print one row, whose cells have the lines @cells; takes them. */
static void print_row(const CliTable *table, const int *widths, char ***cells, int indent,
                      GString *out)
{
    bool has_more = true;
    for (guint i = 0; has_more; i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        has_more = false;
        for (size_t column = 0; column < table->n_columns; column++) {
            bool is_there = i < g_strv_length(cells[column]);
            const char *text = is_there ? cells[column][i] : "";
            g_string_append(line, text);
            g_string_append_printf(line, "%*s", MAX(0, widths[column] - language_width(text)) + 2,
                                   "");
            has_more = has_more || i + 1 < g_strv_length(cells[column]);
        }
        g_string_append_printf(out, "%*s%s\n", indent, "", g_strchomp(line->str));
    }
    for (size_t column = 0; column < table->n_columns; column++) {
        g_strfreev(cells[column]);
    }
}

void cli_table_print(const CliTable *table, int indent, CliContext *context)
{
    g_autofree int *widths = g_new0(int, table->n_columns);
    g_autofree char ***cells = g_new0(char **, table->n_columns);
    for (size_t column = 0; column < table->n_columns; column++) {
        widths[column] = column_width(table, column);
    }
    fit_widths(table, widths, indent);
    for (size_t i = 0; i < table->cells->len; i += table->n_columns) {
        for (size_t column = 0; column < table->n_columns; column++) {
            cells[column] = split_cell(table, column, g_ptr_array_index(table->cells, i + column),
                                       widths[column]);
        }
        print_row(table, widths, cells, indent, context->out);
    }
}

void cli_print_text(CliContext *context, const char *text, int indent)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i + 1] == NULL && *lines[i] == '\0') {
            return; /* what stands behind the last line break */
        }
        g_autofree char *clean = cli_clean(lines[i]);
        g_string_append_printf(context->out, "%*s%s\n", *clean == '\0' ? 0 : indent, "", clean);
    }
}

char *cli_format_time(int64_t us, int offset_seconds, char *buffer)
{
    char text[DATE_TIME_TEXT_SIZE];
    if (us == 0) {
        buffer[0] = '\0';
        return buffer;
    }
    date_format_time(us, offset_seconds, text);
    g_snprintf(buffer, DATE_TIME_TEXT_SIZE, "%.10s %.5s", text, text + 11);
    return buffer;
}

char *cli_format_due(int64_t us, int offset_seconds, char *buffer)
{
    cli_format_time(us, offset_seconds, buffer);
    if (g_str_has_suffix(buffer, " 00:00")) {
        cli_format_time(us - DATE_US_PER_DAY, offset_seconds, buffer);
        buffer[DATE_TEXT_SIZE] = '2';
        buffer[DATE_TEXT_SIZE + 1] = '4';
    }
    return buffer;
}

void cli_print_json(CliContext *context, JsonWriter *json)
{
    g_autofree char *text = json_writer_finish(json);
    g_string_append_printf(context->out, "%s\n", text);
}

void cli_print_pair(CliContext *context, int columns, const char *label, const char *text)
{
    g_autoptr(GString) wrapped = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *clean = cli_clean(lines[i]);
        language_wrap(clean, PAIR_COLUMNS, columns + 2, columns + 2, wrapped);
    }
    if (wrapped->len > 0) {
        g_autofree char *clean = cli_clean(label);
        language_pad(clean, columns + 2, context->out);
        g_string_append(context->out, wrapped->str + columns + 2);
    }
}
