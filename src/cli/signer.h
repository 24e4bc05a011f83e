/* Signs the offices that a server serves, while it does: what was written is covered by a
 * checkpoint some minutes later, not only when the server ends.  What a process that was killed
 * left unsigned is signed at the start.
 *
 * An office without its key here is left unsigned, as everywhere; any other fault is a line on
 * standard error, and is tried again.
 *
 * Threading: started and stopped by one thread; works on one of its own. */
#pragma once

#include <glib.h>
#include <stdint.h>

#define SIGNER_AFTER_SECONDS 600
#define SIGNER_MAX_EVENTS 1000 /* as many are signed before their time */

typedef struct Signer Signer;

/* Begin to look after @served (of ServedOffice, borrowed until it is stopped): events wait at most
 * @after_seconds for their signature. */
Signer *signer_start(const GPtrArray *served, int64_t after_seconds);

/* Stop; waits for a signature on its way; NULL is allowed. */
void signer_stop(Signer *signer);
