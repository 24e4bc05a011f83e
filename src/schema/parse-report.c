#include "schema/parse.h"

#define FIGURE "(figure:"
#define CODE_BLANKS 4 /* so many at the beginning of a paragraph make code of it */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

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

/* ---- what is no text of a report ------------------------------------------------------------ */

/* Where a line of the body stands, and what went before it. */
typedef struct BodyLine {
    const char *text;
    int number;
    bool follows_blank; /* the line above is blank, so that an indented line begins a block */
    bool is_in_list;    /* the indented belongs to an item */
} BodyLine;

static SchemaPlace place_in(const SchemaLoader *loader, const BodyLine *line, const char *at)
{
    return (SchemaPlace){.path = loader->file->path,
                         .line = line->number,
                         .column = (int)g_utf8_pointer_to_offset(line->text, at) + 1};
}

static bool is_escaped(const BodyLine *line, const char *at)
{
    return at > line->text && at[-1] == '\\';
}

/* Check each "](address)": what leads nowhere is a figure that lost its "figure:", and what was
 * typed in the brackets would be printed as if it were one. */
static void check_links(SchemaLoader *loader, const BodyLine *line)
{
    for (const char *at = strstr(line->text, "]("); at != NULL; at = strstr(at + 1, "](")) {
        const char *address = at + strlen("](");
        size_t length = strcspn(address, ") ");
        if (!is_escaped(line, at) && memchr(address, ':', length) == NULL) {
            g_autofree char *name = g_strndup(address, length);
            schema_problems_add(loader->problems, place_in(loader, line, address),
                                N_("the link to '%s' leads nowhere; a figure is written "
                                   "[words](figure:NAME)"),
                                name);
        }
    }
}

/* Check for pictures, tags and marks of code: none of them is printed as it stands. */
static void check_marks(SchemaLoader *loader, const BodyLine *line)
{
    for (const char *at = line->text; *at != '\0'; at++) {
        bool is_tag = *at == '<' && (g_ascii_isalpha(at[1]) || strchr("/!?", at[1]) != NULL) &&
                      at[1] != '\0' && at[1 + strspn(at + 1, LETTERS)] != ':';
        bool is_picture = at[0] == '!' && at[1] == '[';
        if (is_escaped(line, at) || (!is_tag && !is_picture && *at != '`')) {
            continue;
        }
        schema_problems_add(loader->problems, place_in(loader, line, at),
                            is_tag ? N_("a report has no tags of HTML: what is in them would "
                                        "be left out; write \\< for the sign itself")
                            : is_picture
                                ? N_("a report has no pictures; a figure is written "
                                     "[words](figure:NAME)")
                                : N_("a report has no code: its figures would be printed "
                                     "as they are written; write \\` for the sign itself"));
        return;
    }
}

/* Four blanks make a block of code, which Chinese paragraphs are easily indented by. */
static void check_indent(SchemaLoader *loader, const BodyLine *line)
{
    size_t blanks = strspn(line->text, " ");
    bool is_code = blanks >= CODE_BLANKS || line->text[blanks] == '\t';
    if (is_code && line->follows_blank && !line->is_in_list && !is_blank(line->text)) {
        schema_problems_add(
            loader->problems, place_in(loader, line, line->text),
            N_("four blanks make code of a paragraph; begin it at the margin, it is "
               "indented when it is printed"));
    }
}

/* Return whether @line begins an item of a list. */
static bool begins_item(const char *line)
{
    const char *at = line + strspn(line, " ");
    const char *after = at + strspn(at, "0123456789");
    bool is_numbered = after > at && (*after == '.' || *after == ')') && after[1] == ' ';
    return is_numbered || (*at != '\0' && strchr("-*+", *at) != NULL && at[1] == ' ');
}

static void check_text(SchemaLoader *loader, char **lines, int first)
{
    BodyLine line = {.follows_blank = true};
    for (int i = 0; lines[i] != NULL; i++) {
        bool is_at_margin = *lines[i] != ' ' && *lines[i] != '\t' && !is_blank(lines[i]);
        line.text = lines[i];
        line.number = first + i;
        line.is_in_list = begins_item(lines[i]) || (line.is_in_list && !is_at_margin);
        check_indent(loader, &line);
        check_links(loader, &line);
        check_marks(loader, &line);
        line.follows_blank = is_blank(lines[i]);
    }
}

/* ---- the two languages ----------------------------------------------------------------------- */

/* Check the text @body of the file at hand, which begins on @first. */
static void check_body(SchemaLoader *loader, const char *body, int first)
{
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        check_figures(loader, lines[i], first + i);
        if (!loader->is_stored) { /* once any word in braces was text */
            check_placeholders(loader, lines[i], first + i);
        }
    }
    if (!loader->is_stored) { /* once these were taken without a word */
        check_text(loader, lines, first);
    }
}

/* Add a problem of the file at hand for each figure of @body that @other lacks. */
static void check_same_figures(SchemaLoader *loader, const char *body, const char *other)
{
    for (const char *at = strstr(body, FIGURE); at != NULL; at = strstr(at, FIGURE)) {
        at += strlen(FIGURE);
        g_autofree char *name = g_strndup(at, name_length(at));
        g_autofree char *link = g_strconcat(FIGURE, name, ")", NULL);
        if (strstr(other, link) == NULL) {
            schema_problems_add(loader->problems,
                                ((SchemaPlace){.path = loader->file->path, .line = 1, .column = 1}),
                                N_("the figure '%s' stands in the text of one language only"),
                                name);
        }
    }
}

/* Read the English text beside the report @name at hand, whose Chinese is @body: it says the same
 * figures.  NULL where there is none; the caller owns it. */
static char *parse_english(SchemaLoader *loader, const char *name, const char *body)
{
    g_autofree char *path = g_strconcat("reports/", name, SCHEMA_ENGLISH_REPORT, NULL);
    const SchemaFile *chinese = loader->file;
    const SchemaFile *english = schema_parse_find_file(loader, path);
    if (english == NULL) {
        return NULL;
    }
    loader->file = english;
    check_body(loader, english->text, 1);
    check_same_figures(loader, body, english->text);
    check_same_figures(loader, english->text, body);
    loader->file = chinese;
    return g_strdup(english->text);
}

void schema_parse_english_report(SchemaLoader *loader)
{
    const char *path = loader->file->path;
    g_autofree char *name = g_strndup(path, strlen(path) - strlen(SCHEMA_ENGLISH_REPORT));
    g_autofree char *chinese = g_strconcat(name, ".md", NULL);
    schema_yaml_check_text(path, loader->file->text, 1, loader->problems);
    if (schema_parse_find_file(loader, chinese) == NULL) {
        schema_problems_add(
            loader->problems, ((SchemaPlace){.path = path, .line = 1, .column = 1}),
            N_("an English text stands beside its report, '%s', which is not there"), chinese);
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
    report->body = schema_words_take(g_strdup(body), parse_english(loader, report->name, body));
    report->text = g_strdup(loader->file->text);
    g_ptr_array_add(loader->schema->reports, report);
    check_body(loader, body, body_line);
}
