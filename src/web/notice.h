/* What an act has done, told on the page that its answer leads to: a form is answered with a
 * redirect, and the page behind it would look as if nothing had happened.
 *
 * It waits in memory for the session that acted and for that one page, NOTICE_US at most, and is
 * told once: no address carries it, so nobody can be led to a page that says what was not done.  A
 * restart forgets it.
 *
 * Threading: safe from every thread. */
#pragma once

#include "web/context.h"

#define NOTICE_US (INT64_C(60) * G_USEC_PER_SEC)
#define NOTICE_MAX 10000 /* sessions with one; then all are forgotten */

/* Return none; the caller owns it. */
WebNotices *notices_new(void);
void notices_free(WebNotices *notices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebNotices, notices_free)

/* Let the page at @path tell @session the sentence @text, in the place of what else waited for it.
 */
void notices_put(WebNotices *notices, const char *session, const char *path, const char *text,
                 int64_t now_us);

/* Return what waits for @session at @path, and forget it; NULL for nothing.  The caller owns it. */
char *notices_take(WebNotices *notices, const char *session, const char *path, int64_t now_us);

/* Answer with a redirect to @address of the site, whose page tells @text (NULL: nothing). */
void web_redirect_told(WebContext *context, const char *address, const char *text);

/* Return what the page that is being made has to tell, kept; NULL for nothing.  A script that only
 * follows a redirect before the browser does (X-Requested-With) takes nothing away. */
const char *web_notice_take(const WebContext *context);
