/* What was worked out for pages of an office, for as long as nothing has happened since: the rows
 * of a list, the text of a report.
 *
 * It follows from the log, from what the key says (who asks, for what, in which language, on which
 * day), and from the moment ("overdue"): so it holds at one size of the log, for KNOWN_US.  What
 * differs between two who may see the same, a form's token above all, is never in it.
 *
 * Threading: safe from every thread; what is kept is not changed any more. */
#pragma once

#include "base/error.h"

#define KNOWN_US (5 * G_USEC_PER_SEC)
#define KNOWN_MAX 10000                   /* things kept; then all go */
#define KNOWN_MAX_BYTES (8 * 1024 * 1024) /* of them together; likewise */

typedef struct WebKnown WebKnown;

/* Return one that knows nothing; the caller owns it.  One belongs to one office. */
WebKnown *known_new(void);
void known_free(WebKnown *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebKnown, known_free)

/* Return what was put at @key, at this @size of the log and a moment before @now_us; NULL: nothing,
 * or it is old.  The caller gives it back as it would what it made: g_atomic_rc_box_release(). */
void *known_find(WebKnown *known, const char *key, int64_t size, int64_t now_us);

/* Keep @object, of g_atomic_rc_box_new() and @n_bytes large, in the place of what there was.  The
 * caller keeps its own hold.  @clear frees what it holds when the last hold goes; NULL: nothing. */
void known_put(WebKnown *known, const char *key, int64_t size, int64_t now_us, void *object,
               GDestroyNotify clear, size_t n_bytes);
