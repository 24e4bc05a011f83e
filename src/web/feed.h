/* Feeds (RFC 4287): what is new of a list, a figure or the roster, for programs that read such. */
#pragma once

#include "web/context.h"

#define WEB_FEED_LINES 50 /* at most */

/* An entry in a feed. */
typedef struct WebFeedLine {
    const char *id; /* within the office; never changes */
    const char *title;
    const char *address;
    const char *changed; /* RFC 3339 */
    const char *state;
} WebFeedLine;

/* A feed; addresses are whole ones. */
typedef struct WebFeed {
    const char *name; /* of what it tells: a ledger, a measure, the roster */
    const char *words;
    const char *office; /* its id */
    const char *author;
    const char *self;
    const char *page;    /* the same for people */
    const char *updated; /* RFC 3339 */
    GPtrArray *lines;    /* of WebFeedLine */
} WebFeed;

/* Answer with @feed. */
void web_send_feed(WebContext *context, const WebFeed *feed);
