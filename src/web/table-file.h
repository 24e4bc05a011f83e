/* A page's table as a file: the same rows as CSV, spreadsheet or JSON Lines, at the page's address
 * with that ending. */
#pragma once

#include "table/writer.h"
#include "web/context.h"

/* Write the table in @format to @path, a file of the server's own; @data is the page's. */
typedef bool (*WebTableWrite)(const WebContext *context, TableFormat format, const char *path,
                              const void *data, GError **error);

/* Answer with what @write writes: a file called @name with @ending (".csv", ".xlsx", ".jsonl"),
 * which is gone from the server once it is sent.  NOT_FOUND for another ending. */
bool web_send_table(WebContext *context, const char *name, const char *ending, WebTableWrite write,
                    const void *data, GError **error);
