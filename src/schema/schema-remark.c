#include "schema/schema.h"

#include "language/number.h"
#include "schema/problem.h"

#define LEAST_IN_CHINESE 10 /* 四个意识, 一个支部 are words */

static const char *const counters[] = {"件", "条", "次", "人", "名", "项", "个", "批", "份",
                                       "场", "期", "篇", "户", "家", "起", "宗", "元", NULL};

/* Return the length of the counter at @text, 0 for none. */
static size_t counter_length(const char *text)
{
    for (size_t i = 0; counters[i] != NULL; i++) {
        if (g_str_has_prefix(text, counters[i])) {
            return strlen(counters[i]);
        }
    }
    return 0;
}

/* Return the length of the link to a figure that @text begins with, 0 for none. */
static size_t link_length(const char *text)
{
    const char *end = *text == '[' ? strchr(text, ']') : NULL;
    const char *close = end != NULL && g_str_has_prefix(end, "](figure:") ? strchr(end, ')') : NULL;
    return close != NULL ? (size_t)(close + 1 - text) : 0;
}

static bool has_digit(const char *text, size_t length)
{
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        if (g_unichar_isdigit(g_utf8_get_char(at))) {
            return true;
        }
    }
    return false;
}

/* Return the length of the counted number at @at in @line, "100件" or "98%", 0 where there is none;
 * *@ret_step is how far the search goes on. */
static size_t typed_length(const char *line, const char *at, size_t *ret_step)
{
    LanguageNumber number;
    size_t length = language_number_take(at, &number);
    *ret_step = MAX(MAX(length, language_number_run(at)), (size_t)(g_utf8_next_char(at) - at));
    bool is_place = at - line >= (ptrdiff_t)strlen("第") &&
                    g_str_has_prefix(at - strlen("第"), "第"); /* 第12条 */
    if (length == 0 || is_place ||
        (number.value < LEAST_IN_CHINESE && !number.is_percent && !has_digit(at, length))) {
        return 0;
    }
    size_t counter = counter_length(at + length);
    return counter > 0 || number.is_percent ? length + counter : 0;
}

static void look_at_line(SchemaProblems *problems, const char *line, SchemaPlace place)
{
    for (const char *at = line; *at != '\0';) {
        size_t step = link_length(at);
        size_t typed = step == 0 ? typed_length(line, at, &step) : 0;
        if (typed > 0) {
            g_autofree char *words = g_strndup(at, typed);
            place.column = (int)g_utf8_pointer_to_offset(line, at) + 1;
            schema_problems_add(problems, place,
                                N_("'%s' is typed, no figure: nothing in the ledgers proves it"),
                                words);
        }
        at += step;
    }
}

/* Look at the lines of @body, the end of the file @path, whose text is @text. */
static void look_at_body(SchemaProblems *problems, const char *path, const char *text,
                         const char *body)
{
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    guint first = g_strv_length(all) - g_strv_length(lines);
    for (guint i = 0; lines[i] != NULL; i++) {
        look_at_line(problems, lines[i], (SchemaPlace){.path = path, .line = (int)(first + i) + 1});
    }
}

/* Look for files that a rule of @ledger wants and no step asks for. */
static void look_at_evidence(SchemaProblems *problems, const SchemaLedger *ledger)
{
    g_autofree char *path = g_strdup_printf("ledgers/%s.yaml", ledger->name);
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        const SchemaPlace place = {path, rule->least_line, rule->least_column};
        if (!rule->is_asked && place.line > 0) {
            schema_problems_add(problems, place,
                                N_("no step asks for the evidence '%s', so nobody looks how much "
                                   "there is; name it under 'evidence' of a step, or leave 'least' "
                                   "out"),
                                rule->name);
        }
    }
}

SchemaProblems *schema_remarks(const Schema *schema)
{
    SchemaProblems *problems = schema_problems_new();
    for (guint i = 0; i < schema->ledgers->len; i++) {
        look_at_evidence(problems, g_ptr_array_index(schema->ledgers, i));
    }
    for (guint i = 0; i < schema->reports->len; i++) {
        const SchemaReport *report = g_ptr_array_index(schema->reports, i);
        g_autofree char *path = g_strdup_printf("reports/%s.md", report->name);
        g_autofree char *english = g_strdup_printf("reports/%s.en.md", report->name);
        look_at_body(problems, path, report->text, report->body.zh);
        if (report->body.en != NULL) {
            look_at_body(problems, english, report->body.en, report->body.en);
        }
    }
    return problems;
}
