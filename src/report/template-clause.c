#include "report/template-clause.h"

/* Those of sentences first; all of the same length. */
static const char *const marks[] = {"。", "；", "！", "？", "，", "："};
#define N_SENTENCE_MARKS 4

static size_t n_marks(ReportClauseRank rank)
{
    return rank == REPORT_RANK_SENTENCE ? N_SENTENCE_MARKS : G_N_ELEMENTS(marks);
}

/* Return the text that @node is, or the last one inside it; NULL when it ends with none. */
static cmark_node *last_text(cmark_node *node)
{
    while (node != NULL && cmark_node_get_type(node) != CMARK_NODE_TEXT) {
        node = cmark_node_get_type(node) == CMARK_NODE_LINK ? NULL : cmark_node_last_child(node);
    }
    return node;
}

const char *report_clause_mark(cmark_node *node, ReportClauseRank rank)
{
    cmark_node *text = last_text(node);
    for (size_t i = 0; text != NULL && i < n_marks(rank); i++) {
        if (g_str_has_suffix(cmark_node_get_literal(text), marks[i])) {
            return marks[i];
        }
    }
    return NULL;
}

/* Return what stands behind the first mark in @text, NULL where there is none. */
static const char *clause_end(const char *text)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *at = strstr(text, marks[i]);
        if (at != NULL && (nearest == NULL || at < nearest)) {
            nearest = at;
        }
    }
    return nearest != NULL ? nearest + strlen(marks[0]) : NULL;
}

void report_clause_split(cmark_node *paragraph)
{
    for (cmark_node *node = cmark_node_first_child(paragraph); node != NULL;
         node = cmark_node_next(node)) {
        const char *literal =
            cmark_node_get_type(node) == CMARK_NODE_TEXT ? cmark_node_get_literal(node) : "";
        const char *end = clause_end(literal);
        if (end != NULL && *end != '\0') {
            g_autofree char *first = g_strndup(literal, (gsize)(end - literal));
            cmark_node *rest = cmark_node_new(CMARK_NODE_TEXT);
            cmark_node_set_literal(rest, end);
            cmark_node_insert_after(node, rest);
            cmark_node_set_literal(node, first);
        }
    }
}

static bool is_line_break(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
}

cmark_node *report_clause_previous(cmark_node *node)
{
    do {
        node = cmark_node_previous(node);
    } while (node != NULL && is_line_break(node));
    return node;
}

/* Let @node, which may end with a clause of a sentence, end with @mark. */
static void hand_on(cmark_node *node, const char *mark)
{
    const char *own = report_clause_mark(node, REPORT_RANK_CLAUSE);
    bool is_weak = own != NULL && (g_str_equal(own, "；") ||
                                   report_clause_mark(node, REPORT_RANK_SENTENCE) == NULL);
    if (is_weak) {
        cmark_node *text = last_text(node);
        const char *literal = cmark_node_get_literal(text);
        g_autofree char *words = g_strndup(literal, strlen(literal) - strlen(own));
        g_autofree char *ended = g_strconcat(words, mark, NULL);
        cmark_node_set_literal(text, ended);
    }
}

void report_clause_remove(cmark_node *first, cmark_node *last, bool is_handed_on)
{
    cmark_node *before = report_clause_previous(first);
    cmark_node *behind = is_line_break(last) ? report_clause_previous(last) : last;
    const char *mark = report_clause_mark(behind, REPORT_RANK_SENTENCE);
    if (is_handed_on && mark != NULL && before != NULL) {
        hand_on(before, mark);
    }
    cmark_node *end = cmark_node_next(last);
    for (cmark_node *node = first; node != end;) {
        cmark_node *next = cmark_node_next(node);
        cmark_node_free(node);
        node = next;
    }
}
