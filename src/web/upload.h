/* The files that a request brings for an entry: what became of each of them.
 *
 * Threading: as a context. */
#pragma once

#include "ledger/evidence.h"
#include "web/context.h"

/* Attach those of @files (of LedgerFile) to @entry that can be kept, as of
 * ledger_evidence_attach_good(); what became of each is said in it, and its fault is freed with the
 * request.  INVALID, with each of them and why, where none is good. */
bool web_files_attach(const WebContext *context, const LedgerEntry *entry, GArray *files,
                      GError **error);

/* Return how many of @files were refused. */
guint web_files_refused(const GArray *files);

/* Return the name under which @file is kept, which may be that of the same bytes before, kept. */
const char *web_file_kept_as(const WebContext *context, const LedgerFile *file);

/* Say what became of @files, in sentences, kept. */
const char *web_files_told(const WebContext *context, const GArray *files);
