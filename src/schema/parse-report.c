#include "schema/parse.h"

#define FIGURE "(figure:"

/* Return the length of the measure's name at @at: up to what cannot be in one. */
static size_t name_length(const char *at)
{
    return strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_"
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
}

/* What a report leaves open (report/report.h). */
static const char *const placeholders[] = {"office", "period", "year", NULL};

/* Check each {placeholder} in @line, which is the @number-th of its file. */
static void check_placeholders(SchemaLoader *loader, const char *line, int number)
{
    for (const char *at = strchr(line, '{'); at != NULL; at = strchr(at + 1, '{')) {
        SchemaPlace place = {.path = loader->file->path,
                             .line = number,
                             .column = (int)g_utf8_pointer_to_offset(line, at) + 1};
        g_free(schema_parse_placeholder(loader, at, place, placeholders));
    }
}

/* Check each link to a figure in @line, which is the @number-th of its file. */
static void check_figures(SchemaLoader *loader, const char *line, int number)
{
    for (const char *at = strstr(line, FIGURE); at != NULL; at = strstr(at, FIGURE)) {
        at += strlen(FIGURE);
        g_autofree char *name = g_strndup(at, name_length(at));
        SchemaNode node = {
            .kind = SCHEMA_NODE_TEXT,
            .place = {.path = loader->file->path,
                      .line = number,
                      .column = (int)g_utf8_pointer_to_offset(line, at) + 1},
            .text = name,
        };
        if (at[strlen(name)] != ')') {
            schema_problems_add(loader->problems, node.place,
                                N_("a figure is written [words](figure:NAME), with nothing else in "
                                   "the brackets"));
            continue;
        }
        schema_parse_reference(loader, &node, SCHEMA_NOUN_MEASURE, loader->schema->measures);
    }
}

void schema_parse_report(SchemaLoader *loader, const SchemaNode *root, const char *body,
                         int body_line)
{
    SchemaParts parts;
    if (root == NULL || !schema_parts_read(loader->problems, SCHEMA_OBJECT_REPORT, root, &parts)) {
        return;
    }
    const SchemaNode *name = parts.at[SCHEMA_KEY_REPORT_NAME];
    schema_parse_file_name(loader, name);
    SchemaReport *report = g_new0(SchemaReport, 1);
    report->name = g_strdup(name != NULL ? name->text : "");
    report->words = schema_read_words(parts.at[SCHEMA_KEY_REPORT_WORDS]);
    report->period = schema_read_text(parts.at[SCHEMA_KEY_REPORT_PERIOD]);
    report->body = g_strdup(body);
    report->text = g_strdup(loader->file->text);
    g_ptr_array_add(loader->schema->reports, report);
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        check_figures(loader, lines[i], body_line + i);
        if (!loader->is_stored) { /* once any word in braces was text */
            check_placeholders(loader, lines[i], body_line + i);
        }
    }
}
