/* What one server serves: one office, which has every address, or the offices of a folder, each
 * below "/NAME/", with a page in front that lists them.
 *
 * Nothing crosses an office: each has its own site, with its own session cookie and its own count
 * of failed sign-ins.  They share the style sheet, the language that a reader chose, and the
 * counters.
 *
 * Freeing it ends the work that goes on behind the pages; the offices must still be open.
 *
 * Threading: built by one thread; then web_offices_handle() may run on many workers at once. */
#pragma once

#include "web/context.h"
#include "web/metrics.h"

typedef struct WebOffices {
    GPtrArray *sites; /* of WebSite, in the order in which they were added */
    WebSite front;    /* what answers when no site does */
    Metrics *metrics;
    bool is_quiet; /* write no line for each request */
} WebOffices;

/* A line of the page that lists them. */
typedef struct WebOfficeLine {
    const char *address; /* NULL: it cannot be opened */
    const char *words;
    const char *folder; /* offices may have one name */
} WebOfficeLine;

/* Return a list without offices, whose files wait in @scratch (borrowed); the caller owns it. */
WebOffices *web_offices_new(Scratch *scratch);
void web_offices_free(WebOffices *offices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebOffices, web_offices_free)

/* Return whether "/NAME" is free for an office; INVALID when the server needs the address itself or
 * @name is no UTF-8. */
bool web_offices_check_name(const char *name, GError **error);

/* Add an office.
 *
 * @name: its part of every address, checked; NULL: it is the only one and has them all.
 * @office: borrowed; NULL: it could not be opened, and its addresses say so.
 * @accounts: borrowed, of DemoAccount; NULL: it is no demo. */
void web_offices_add(WebOffices *offices, const char *name, Office *office,
                     const GPtrArray *accounts);

/* Answer @request; @offices is a WebOffices.  An HttpHandler. */
void web_offices_handle(const HttpRequest *request, HttpResponse *response, void *offices);

/* Return whether @request may bring files.  An HttpTakesFiles. */
bool web_offices_take_files(const HttpRequest *request, void *offices);

/* Say why @request was refused.  An HttpRefusal. */
void web_offices_refuse(const HttpRequest *request, const GError *error, int status,
                        HttpResponse *response, void *offices);
