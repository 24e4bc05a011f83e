/* The numbers that the parts of a report carry: headings "一、" and "（一）", paragraphs and parts
 * of them "一是", "第一，", "（1）", "2.".
 *
 * Only what counts 1, 2, 3… in one form, with at least two of it, is a number here; "2、费用" by
 * itself, "人、财、物" and "（县）" are words and are never written anew.  A number inside a
 * paragraph begins a clause.
 *
 * Threading: as template.h. */
#pragma once

#include <cmark-gfm-core-extensions.h>

#include "base/error.h"

typedef struct ReportNumbers ReportNumbers;

/* Find the numbers of the document @root, whose clauses are split, before anything of it is taken
 * out.  In paragraphs each becomes a text node of its own.  The caller owns them; @root must
 * outlive them. */
ReportNumbers *report_numbers_find(cmark_node *root);
void report_numbers_free(ReportNumbers *numbers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportNumbers, report_numbers_free)

/* Return @heading behind the number that it begins with, if it has one. */
const char *report_number_skip(const char *heading);

/* Return whether what has a number begins with @node. */
bool report_number_begins(cmark_node *node);

/* Return whether @node is a number and nothing else. */
bool report_number_is_alone(cmark_node *node);

/* Write the numbers that are still there anew where some of their sequence are gone.  Of 一是 and
 * 第一 one that is left alone is taken off. */
void report_numbers_close_up(ReportNumbers *numbers);
