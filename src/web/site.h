/* The face of an office in a browser: finds the page of a request, and who asks.
 *
 * Threading: web_handle() may run on many workers at once. */
#pragma once

#include "web/context.h"

/* Answer @request; @site is a WebSite.  An HttpHandler. */
void web_handle(const HttpRequest *request, HttpResponse *response, void *site);

/* Make the answer set (@token) or end (NULL) the cookie of the session: "__Host-session" where the
 * connection is encrypted, without the prefix on plain loopback, where browsers refuse it. */
void web_set_session_cookie(WebContext *context, const char *token);

/* Make the answer remember the language @language. */
void web_set_language_cookie(WebContext *context, const char *language);

/* Throw away the files of imports that still wait in @folder, when the server has stopped. */
void web_remove_waiting(const char *folder);
