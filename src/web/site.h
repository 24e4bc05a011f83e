/* The face of an office in a browser: finds the page of a request, and who asks.
 *
 * Threading: web_handle() may run on many workers at once. */
#pragma once

#include "web/context.h"

/* Answer @request, whose path begins with the site's base.  Addresses inside are the site's own
 * ("/entry/…"); the base is put in front where they go out, in templates and in Location. */
void web_handle(const HttpRequest *request, HttpResponse *response, const WebSite *site);

/* Return whether @request, of which the head is known, comes from somebody who may bring files to
 * where it goes.  Blocks. */
bool web_takes_files(const HttpRequest *request, const WebSite *site);

/* Say in @response why @request was refused before any page saw it, with @status, to whoever asks:
 * without looking at the office.  Does not block. */
void web_refuse(const HttpRequest *request, const GError *error, int status, HttpResponse *response,
                const WebSite *site);

/* Make the answer set (@token) or end (NULL) the cookie of the session: "__Host-session" where the
 * connection is encrypted, without the prefix on plain loopback, where browsers refuse it; with the
 * site's name behind it where it has one, so that offices beside each other keep apart. */
void web_set_session_cookie(WebContext *context, const char *token);

/* Set *@ret_subject, which the caller owns, to account @id of the site's office; NULL, and true,
 * for an account that is closed or gone.  False for what says nothing of the account: a store that
 * fails. */
bool web_find_subject(const WebContext *context, int64_t id, RightsSubject **ret_subject,
                      GError **error);

/* Find out whose session @token (NULL: none) opens, and let the request act as that account.  A
 * session whose account is closed is none. */
bool web_identify(WebContext *context, const char *token, GError **error);

/* Make the answer remember the language @language, for all sites. */
void web_set_language_cookie(WebContext *context, const char *language);
