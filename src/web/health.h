/* Whether an office that is served is well: can be read and written, with its files.
 *
 * Nothing is written for it; what only a write would show is known from the last one
 * (store/health.h).
 *
 * Threading: safe from every thread. */
#pragma once

#include "web/context.h"

/* Check that @site's office answers, and could be written to.  *@ret_part, static, is what of it is
 * not well: "office" that could not be opened, "store", "files" of evidence, "uploads" on their
 * way; the error says why, which is the server's to log. */
bool web_check_health(const WebSite *site, const char **ret_part, GError **error);
