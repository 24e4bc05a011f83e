/* What the halves of the report's template share: template.c reads and writes it,
 * template-without.c leaves parts of it out.
 *
 * Threading: as template.h. */
#pragma once

#include <cmark-gfm-core-extensions.h>

#include "report/template.h"

struct ReportTemplate {
    char *source;
    cmark_node *root;
    GPtrArray *figures; /* of char*, NULL-terminated */
};

#define REPORT_FIGURE_SCHEME "figure:"

/* Return the name of the figure that @node is, NULL when it is none; borrowed. */
const char *report_template_figure_name(cmark_node *node);

/* Return the place of @name in @body's figures, -1 when it is not there. */
int report_template_figure_index(const ReportTemplate *body, const char *name);

/* Return a node of @text; the caller owns it. */
cmark_node *report_template_new_text(const char *text);

/* Return what is parsed from @root as it is now; the caller owns it. */
ReportTemplate *report_template_parse_again(cmark_node *root);
