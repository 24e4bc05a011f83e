/* Drafts: what somebody has typed and not recorded yet.
 *
 * A draft is its writer's alone, has neither number nor event, and keeps the fields as
 * typed, right or wrong.  A draft that would change an entry remembers the version it began from,
 * so that a conflict shows both.  Its id is drawn by lot and never comes back.
 *
 * Threading: writing blocks on the write queue; functions may be called from every thread. */
#pragma once

#include "office/rights.h"

#define LEDGER_DRAFT_MAX_BYTES (1024 * 1024) /* of its content */
#define LEDGER_DRAFT_MAX_DRAFTS 200          /* of one writer */

typedef struct LedgerDraft {
    int64_t id;
    char *ledger;
    int64_t entry_id; /* the entry it would change; 0: a new one */
    int64_t version;  /* of that entry when the draft was begun */
    char *content;    /* JSON object: field -> text as typed */
    int64_t changed_us;
} LedgerDraft;

void ledger_draft_free(LedgerDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerDraft, ledger_draft_free)

/* Keep @draft as @subject's: a new one when its id is 0, which is set then.
 *
 * @error: INVALID    the content is no JSON object
 *         LIMIT      the content is too long, or there are too many
 *         NOT_FOUND  the draft is another's, of another ledger or entry, or is gone */
bool ledger_draft_save(Office *office, const RightsSubject *subject, LedgerDraft *draft,
                       GError **error);

/* Return draft @id of @subject; NOT_FOUND, for another's too.  The caller owns it. */
LedgerDraft *ledger_draft_load(StoreConnection *connection, const RightsSubject *subject,
                               int64_t id, GError **error);

/* Return the drafts of @subject, newest first (of LedgerDraft; the caller owns it). */
GPtrArray *ledger_draft_list(StoreConnection *connection, const RightsSubject *subject,
                             GError **error);

/* Throw draft @id of @subject away; NOT_FOUND as above. */
bool ledger_draft_remove(Office *office, const RightsSubject *subject, int64_t id, GError **error);
