/* How far a piece of work is, as pages show it, and what work the reader has. */
#pragma once

#include "web/context.h"
#include "web/work.h"

#define WEB_PROGRESS_WAIT_US (G_USEC_PER_SEC / 2) /* what ends sooner shows no progress */

typedef struct WebProgress {
    const char *words; /* what is done */
    const char *done;  /* "12000 of 100000"; "" when it counts nothing */
    const char *rate;  /* ""; as is the next: not known */
    const char *left;
    const char *elapsed;
    const char *since;
    int64_t n_done;
    int64_t n_total;    /* 0: not known */
    const char *cancel; /* address that stops it; NULL: it cannot be */
} WebProgress;

/* One piece of work in a list. */
typedef struct WebWorkLine {
    const char *title;
    const char *address;
    const char *state;
    const char *tag; /* class of it */
    bool is_open;    /* it runs, or waits for the reader */
} WebWorkLine;

/* Return how far @work is, and let the page ask again by itself; NULL when it does not run. */
const WebProgress *web_progress(WebContext *context, WebWork *work, const char *words,
                                const char *cancel);

/* Return the reader's work, the newest first (of WebWorkLine), kept. */
GPtrArray *web_work_lines(const WebContext *context);

/* Forget the reader's files that could not be read, as nothing can come of them, or (@is_all)
 * all of which none is at work. */
void web_work_forget(const WebContext *context, bool is_all);

/* Run @func of @work and give it a moment, so that what is short shows no progress.  CONFLICT when
 * it may not run now: the error says who is at it, and since when. */
bool web_work_start(const WebContext *context, WebWork *work, WebWorkSort sort, WebWorkFunc func,
                    GError **error);

/* Return the reader's work whose page this is; NOT_FOUND. */
WebWork *web_work_here(const WebContext *context, GError **error);
