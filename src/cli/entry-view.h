/* An entry as it is shown: loaded with its steps, its files and where it is used, for a reader who
 * may.
 *
 * Threading: one thread. */
#pragma once

#include "cli/session.h"
#include "ledger/evidence.h"
#include "ledger/use.h"

typedef struct EntryView {
    CliContext *context; /* borrowed */
    CliSession session;
    LedgerNames *names;
    LedgerEntry *entry;
    GPtrArray *steps; /* of LedgerStep */
    GPtrArray *uses;  /* of LedgerUse */
    int64_t n_more_uses;
    GPtrArray *files; /* of LedgerEvidence */
    bool with_personal;
} EntryView;

/* Load the entry that is the second operand of @context.
 *
 * With --personal the look is noted in the log before anything is shown, so that office is opened
 * for writing.  FORBIDDEN when the subject may not read it; NOT_FOUND. */
bool entry_view_open(CliContext *context, EntryView *ret_view, GError **error);

void entry_view_clear(EntryView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EntryView, entry_view_clear)
