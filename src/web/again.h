/* A form again, with what was typed: after a refusal, and after signing in anew.
 *
 * Nothing is kept on the server for it.  What a form brought is shown by the page that the form is
 * on, which looks at the request before it looks at the entry; where that page cannot be shown (no
 * session, no store) the fields travel as hidden ones of another form, but for passwords.  The page
 * is asked for with a GET of its own that brings the fields: a form that comes back is shown, and
 * carried out only when it is sent once more, with the token of the session that then stands. */
#pragma once

#include "web/context.h"

/* Answer with the page whose form the request brings, filled in, and why it is refused, @refused
 * (takes).  What is not the typist's to mend, and what no page holds, goes on as an error. */
bool web_page_again(WebContext *context, GError *refused, GError **error);

/* Answer who has just come in with the page of the form that travelled through the door ("back"),
 * filled in: nothing of it is carried out before it is sent once more.  The page asks for what it
 * always asks: NOT_FOUND where there is none, FORBIDDEN; who must set up a second factor first is
 * sent there. */
bool web_page_behind_door(WebContext *context, GError **error);

/* Return the path of the page with the form that is sent to the address asked for: that address's
 * own, or one above it ("/entry/X" of "/entry/X/step"); kept.  NULL where there is none. */
const char *web_path_of_form(const WebContext *context);

/* Return whether a failure with @error is one after which a form comes back filled in. */
bool web_is_refusal(const GError *error);

/* Return whether the request certainly comes from a page of ours: the browser says so. */
bool web_is_same_origin(const WebContext *context);

/* Return the page of ours for which somebody came to the door, as the request says ("to"); "" where
 * it names none.  Fit to be sent as an address. */
const char *web_to(const WebContext *context);

/* A hidden field of a form. */
typedef struct WebHidden {
    const char *name;
    const char *value;
} WebHidden;

/* Return the fields of the request's form, but for passwords and the like, for a form that sends
 * them to the same address once more (of WebHidden), kept. */
GPtrArray *web_kept_fields(const WebContext *context);

/* The same for the form at the door, under names that its own fields do not have; at the door
 * itself those that came there already. */
GPtrArray *web_door_fields(const WebContext *context);
