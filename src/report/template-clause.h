/* Sentences and clauses in the nodes of a paragraph.
 *
 * 。；！？ end a sentence, ， and ： a clause of it.  Line breaks belong to neither.
 *
 * Threading: as template.h. */
#pragma once

#include <cmark-gfm-core-extensions.h>

#include "base/error.h"

/* How much ends at a mark. */
typedef enum ReportClauseRank {
    REPORT_RANK_SENTENCE,
    REPORT_RANK_CLAUSE, /* or a sentence */
} ReportClauseRank;

/* Put each clause of @paragraph into text nodes of its own: what a figure stands in can then be
 * taken out whole. */
void report_clause_split(cmark_node *paragraph);

/* Return the mark of @rank that @node ends with, its text or the last inside it; NULL for none. */
const char *report_clause_mark(cmark_node *node, ReportClauseRank rank);

/* Return the node before @node that is no line break; NULL where there is none. */
cmark_node *report_clause_previous(cmark_node *node);

/* Take the nodes from @first to @last of a paragraph out.
 *
 * @is_handed_on: what goes before takes over the end of a sentence that goes with them, so that a
 * sentence whose last clause goes still ends. */
void report_clause_remove(cmark_node *first, cmark_node *last, bool is_handed_on);
