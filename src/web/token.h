/* Tokens of the API as pages show them. */
#pragma once

#include "web/account.h"

typedef struct WebToken {
    const char *id;
    const char *name;
    const char *holder; /* who made it */
    const char *may;    /* what it may do, in words */
    const char *begun;
    const char *until;
    const char *used; /* "" where it never was */
    bool is_over;
} WebToken;

/* Return the tokens of @account, or of all (0), kept (of WebToken). */
GPtrArray *web_tokens(const WebContext *context, int64_t account, GError **error);

/* Show the page of who is signed in, @me, on which `token` may stand already, with what
 * is wrong, @refused (takes; NULL: nothing). */
bool web_send_me(WebContext *context, WebMe *me, GError *refused, GError **error);
