/* A date so long ago that it may be a slip of the hand, 1985 for 2025: a form asks about it once.
 *
 * Only forms ask; programs say what they mean.  The future is refused by the ledger.
 *
 * Threading: as a context. */
#pragma once

#include "web/fault.h"

#define WEB_SURE_MONTHS 24 /* what lies further back is asked about */

/* Note with the box @id that @us, which the form's control for @words says, lies long ago, unless
 * the form says that it is right ("sure"); returns false then.  0 is no date. */
bool web_sure_check(const WebContext *context, const char *id, const char *words, int64_t us);

/* Return whether the form has the box @id: it was asked for, or is ticked. */
bool web_sure_is_asked(const WebContext *context, const char *id);
