/* A form again, with what was typed: after a refusal, and after signing in anew.
 *
 * Nothing is kept on the server for it.  What a form brought is shown by the page that the form is
 * on, which looks at the request before it looks at the entry; where that page cannot be shown (no
 * session, no store) the fields travel as hidden ones of another form, but for passwords. */
#pragma once

#include "web/context.h"

/* Answer with the page whose form the request brings, filled in, and why it is refused, @refused
 * (takes).  What is not the typist's to mend, and what no page holds, goes on as an error. */
bool web_page_again(WebContext *context, GError *refused, GError **error);

/* Answer with the page that holds the form sent to @path, filled in with the request's fields;
 * NOT_FOUND where there is none, FORBIDDEN. */
bool web_page_of_form(WebContext *context, const char *path, GError **error);

/* Return whether a failure with @error is one after which a form comes back filled in. */
bool web_is_refusal(const GError *error);

/* Return whether the request certainly comes from a page of ours: the browser says so. */
bool web_is_same_origin(const WebContext *context);

/* Return the page of ours for which somebody came to the door, as the request says ("to"); "" where
 * it names none.  Fit to be sent as an address. */
const char *web_to(const WebContext *context);

/* Return the names of the request's fields that may travel on as hidden ones (of char*), kept:
 * nothing secret, nothing of ours. */
GPtrArray *web_carried_names(const WebContext *context);
