/* Drafts as pages show them, and a form that goes on with one. */
#pragma once

#include "ledger/draft.h"
#include "web/form.h"

typedef struct WebDraft {
    const char *address;
    const char *title;  /* as typed so far */
    const char *ledger; /* its words */
    const char *number; /* of the entry that it would change; "" for a new one */
    const char *changed;
} WebDraft;

/* Return the drafts of the reader (of WebDraft), newest first, kept.
 *
 * @ledger: only those for new entries of it, or for @entry (an id; 0: new ones); NULL: all. */
GPtrArray *web_drafts(const WebContext *context, const SchemaLedger *ledger, int64_t entry,
                      GError **error);

/* Check that the draft that the form of the request went on with is still there; CONFLICT where it
 * was recorded or discarded meanwhile, and the form is then one of its own. */
bool web_draft_check(WebContext *context, GError **error);

/* Throw the draft that the form of the request went on with away, now that it is recorded. */
void web_draft_settle(WebContext *context);
