/* What may stand in a field, found by a part of its name, its pinyin or the initials of it: offered
 * as one types, and understood where it was typed.
 *
 * Threading: a context belongs to the worker of its request. */
#pragma once

#include "web/context.h"

#define WEB_MAX_PICKS 20
#define WEB_MAX_SOUGHT_CHARS 100

/* One that is offered. */
typedef struct WebPick {
    const char *text; /* as a form can be told it: with its id where another has the name */
    const char *note; /* the unit above, the units of a person, the title of an entry */
} WebPick;

/* Return what @text finds, "" all, at most WEB_MAX_PICKS (of WebPick), kept: units and people as of
 * today; entries of @ledger that the reader may read. */
GPtrArray *web_pick_units(const WebContext *context, const char *text, GError **error);
GPtrArray *web_pick_people(const WebContext *context, const char *text, GError **error);
GPtrArray *web_pick_entries(const WebContext *context, const SchemaLedger *ledger, const char *text,
                            GError **error);

/* Return @text, typed into @field of units, people or an entry, with each part that names nothing
 * by itself but finds one alone in the place of it, kept.
 *
 * @error: INVALID  one of them finds several: the message names them. */
const char *web_pick_complete(const WebContext *context, const SchemaField *field, const char *text,
                              GError **error);
