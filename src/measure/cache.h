/* Figures that were worked out once, for as long as nothing has happened since.
 *
 * A figure follows from the log, the period and the moment alone.  So what was worked out at a size
 * of the log is right for everyone who asks at that size, and each change of the office makes all
 * of it old.  For a period that still runs the moment is "now": such figures, which name their
 * cut-off, are given for FIGURE_CACHE_US.
 *
 * Who asks while another is working it out waits for the other, but not for ever: what hangs on a
 * database that is silent holds up itself alone.
 *
 * Threading: every function may be called from every thread; figure_cache_take() blocks. */
#pragma once

#include "measure/figure.h"

#define FIGURE_CACHE_MAX 256                       /* answers kept */
#define FIGURE_CACHE_US (5 * G_USEC_PER_SEC)       /* how long "now" stays */
#define FIGURE_CACHE_WAIT_US (30 * G_USEC_PER_SEC) /* for what another works out */

/* What is asked: @key says it all but for the size of the log and the cut-off. */
typedef struct FigureQuestion {
    const char *key;
    int64_t size;      /* of the log, in the snapshot that is read */
    int64_t cutoff_us; /* the present cut-off; 0: @key says it */
} FigureQuestion;

/* Make an empty cache, in which nobody waits for another for longer than @wait_us; the caller owns
 * it.  One belongs to one office. */
FigureCache *figure_cache_new(int64_t wait_us);
void figure_cache_free(FigureCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FigureCache, figure_cache_free)

/* Return copies of the figures that answer @question (of Figure; the caller owns them).
 *
 * NULL: there are none.  With *@ret_is_mine the caller works them out and must then call
 * figure_cache_put(), whatever comes of it; without, it asks of an older snapshot or has waited too
 * long, and keeps what it works out to itself. */
GPtrArray *figure_cache_take(FigureCache *cache, const FigureQuestion *question, bool *ret_is_mine);

/* Keep copies of @figures as the answer to @question; NULL: there is none, and those who wait work
 * it out themselves. */
void figure_cache_put(FigureCache *cache, const FigureQuestion *question, const GPtrArray *figures);
