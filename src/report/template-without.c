#include "report/template-internal.h"

#include "report/template-clause.h"
#include "report/template-number.h"

/* What leaving out shares. */
typedef struct Leaving {
    const ReportTemplate *body; /* as it was */
    const bool *is_blank;       /* one a figure of it */
    bool has_removed;
} Leaving;

/* What stands in a node, or in several. */
typedef struct Content {
    bool has_figure;
    bool has_other; /* a figure that is not blank */
    int depth;      /* brackets and quotes opened and not closed */
} Content;

/* Return how many brackets and quotes @text opens and does not close. */
static int count_open(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        n += g_str_has_prefix(text, "（") || g_str_has_prefix(text, "“");
        n -= g_str_has_prefix(text, "）") || g_str_has_prefix(text, "”");
    }
    return n;
}

/* Add what stands in @node to @content. */
static void look_into(const Leaving *leaving, cmark_node *node, Content *content)
{
    cmark_iter *iter = cmark_iter_new(node);
    for (cmark_event_type event = cmark_iter_next(iter); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iter)) {
        cmark_node *inner = cmark_iter_get_node(iter);
        const char *name = report_template_figure_name(inner);
        if (name != NULL) {
            content->has_figure = true;
            content->has_other |=
                !leaving->is_blank[report_template_figure_index(leaving->body, name)];
        } else if (cmark_node_get_type(inner) == CMARK_NODE_TEXT) {
            content->depth += count_open(cmark_node_get_literal(inner));
        }
    }
    cmark_iter_free(iter);
}

/* Return whether there are figures and all of them are blank. */
static bool says_nothing(const Content *content)
{
    return content->has_figure && !content->has_other;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool is_container(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM || type == CMARK_NODE_BLOCK_QUOTE;
}

/* Remove the blocks of @parent that are blank, in lists and quotes too. */
static void remove_blank_blocks(Leaving *leaving, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;) {
        cmark_node *next = cmark_node_next(node);
        Content content = {0};
        look_into(leaving, node, &content);
        if (says_nothing(&content)) {
            cmark_node_free(node);
            leaving->has_removed = true;
        } else if (is_container(node)) {
            remove_blank_blocks(leaving, node);
        }
        node = next;
    }
}

/* Remove headings with nothing but headings of a lower rank, or the end, behind them. */
static void remove_bare_headings(cmark_node *root)
{
    for (cmark_node *node = cmark_node_last_child(root); node != NULL;) {
        cmark_node *before = cmark_node_previous(node);
        cmark_node *next = cmark_node_next(node);
        bool is_bare = cmark_node_get_type(node) == CMARK_NODE_HEADING &&
                       cmark_node_get_heading_level(node) > 1 &&
                       (next == NULL ||
                        (cmark_node_get_type(next) == CMARK_NODE_HEADING &&
                         cmark_node_get_heading_level(next) <= cmark_node_get_heading_level(node)));
        if (is_bare) {
            cmark_node_free(node);
        }
        node = before;
    }
}

/* ---- parts of paragraphs --------------------------------------------------------------------- */

/* Parts of a paragraph: what a number stands before, sentences, clauses. */
typedef enum Part { PART_NUMBERED, PART_SENTENCE, PART_CLAUSE } Part;

/* Return whether a part ends with @node.  A number begins a part; it is in none smaller. */
static bool ends_part(cmark_node *node, Part part)
{
    cmark_node *next = cmark_node_next(node);
    if (next == NULL || report_number_begins(next)) {
        return true;
    }
    if (part == PART_NUMBERED) {
        return false;
    }
    return report_number_is_alone(node) ||
           report_clause_mark(node, part == PART_SENTENCE ? REPORT_RANK_SENTENCE
                                                          : REPORT_RANK_CLAUSE) != NULL;
}

/* Remove the parts of @paragraph that have blank figures only.  What has brackets opened in one
 * part and closed in another stays. */
static void remove_blank_parts(Leaving *leaving, cmark_node *paragraph, Part part)
{
    for (cmark_node *node = cmark_node_first_child(paragraph); node != NULL;) {
        cmark_node *first = node;
        Content content = {0};
        look_into(leaving, node, &content);
        while (!ends_part(node, part)) {
            node = cmark_node_next(node);
            look_into(leaving, node, &content);
        }
        cmark_node *next = cmark_node_next(node);
        bool is_whole = part != PART_NUMBERED || report_number_begins(first);
        if (is_whole && content.depth == 0 && says_nothing(&content)) {
            report_clause_remove(first, node, part != PART_NUMBERED || next == NULL);
            leaving->has_removed = true;
        }
        node = next;
    }
}

static void remove_blank_clauses(Leaving *leaving, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node)) {
        if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH) {
            for (Part part = PART_NUMBERED; part <= PART_CLAUSE; part++) {
                remove_blank_parts(leaving, node, part);
            }
        } else if (is_container(node)) {
            remove_blank_clauses(leaving, node);
        }
    }
}

static void split_clauses(cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node)) {
        if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH) {
            report_clause_split(node);
        } else if (is_container(node)) {
            split_clauses(node);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

ReportTemplate *report_template_without(const ReportTemplate *body, const bool *is_blank)
{
    Leaving leaving = {.body = body, .is_blank = is_blank};
    g_autoptr(ReportTemplate) rest = report_template_parse(body->source);
    split_clauses(rest->root);
    g_autoptr(ReportNumbers) numbers = report_numbers_find(rest->root);
    remove_blank_blocks(&leaving, rest->root);
    remove_blank_clauses(&leaving, rest->root);
    if (!leaving.has_removed) {
        return NULL;
    }
    remove_bare_headings(rest->root);
    report_numbers_close_up(numbers);
    return report_template_parse_again(rest->root);
}
