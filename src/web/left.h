/* What was typed into a form of an entry's page that the page no longer has: the entry was moved on
 * meanwhile, corrected so that it is another's, or taken out of the books.  The page says what
 * happened since the form was opened, and keeps the text, to be copied or sent where it fits.
 *
 * Threading: as a context. */
#pragma once

#include "web/entry.h"

/* Add to @shown, the page of an entry of @ledger as the reader has it now, what the form that the
 * request brings holds and the page has no form for: the texts, and what happened since.  A form
 * that asks for the same fields opens with them.  Nothing where the page has that form still. */
void web_left_add(const WebContext *context, WebEntry *shown, const SchemaLedger *ledger);

/* Return the texts that the form of the request brings, without saying what they are for (of
 * char*), kept: for a page that knows no entry. */
GPtrArray *web_left_texts(const WebContext *context);
