/* The map of the site: every address, who may ask for it, and the page that answers. */
#pragma once

#include "web/context.h"

#define WEB_ENDINGS ".*" /* at the end of a pattern: a list */

typedef enum WebAccess {
    WEB_PUBLIC,    /* anyone */
    WEB_SIGNED_IN, /* anyone with an account */
    WEB_LEAVING,   /* the same, by a form of an earlier session of ours too, as what is public: it
                      only ends one */
    WEB_RIGHT,     /* who has the route's right at all; the page asks again of the very entry */
    WEB_EITHER,    /* who has one of the route's two rights; the page asks which it takes */
} WebAccess;

typedef bool (*WebPage)(WebContext *context, GError **error);

typedef struct WebRoute {
    HttpMethod method;
    const char *pattern; /* with "*" in the place of each part that varies; WEB_ENDINGS
                            behind it: a list, which is there with endings too (web/rows.h) */
    WebAccess access;
    RightsAction action; /* of WEB_RIGHT and WEB_EITHER */
    WebPage page;
    RightsAction or_action; /* of WEB_EITHER */
    bool takes_files;
} WebRoute;

extern const WebRoute web_routes[];
extern const size_t web_n_routes;

/* The addresses in front of several offices; all of them public. */
extern const WebRoute web_front_routes[];
extern const size_t web_n_front_routes;

/* Check that who is signed in has a password that nobody else set, and the second factor where the
 * office demands one; FORBIDDEN says what is to be done first. */
bool web_owes_nothing(const WebContext *context, GError **error);

/* Check that who asks may open @route: web_owes_nothing(), and with the route's right.  False with
 * FORBIDDEN, or without an error when the answer leads to where what is owed is done. */
bool web_route_check(WebContext *context, const WebRoute *route, GError **error);

/* Return @site's route of @method and @path and put what its "*" stand for into @ret_parts (the
 * caller owns them), into *@ret_ending that of its WEB_ENDINGS ("" for none, and the API's
 * ".json"); NULL when there is none.  *@ret_is_known: another method has one. */
const WebRoute *web_route_find(const WebSite *site, HttpMethod method, const char *path,
                               char *ret_parts[WEB_MAX_PARTS], const char **ret_ending,
                               bool *ret_is_known);
