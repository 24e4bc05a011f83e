/* One request on its way through the site: who asks, in which language, of which office.
 *
 * Everything that a page shows lives as long as the request: web_keep() takes it, and it is freed
 * when the request is answered.  So the structs of this folder own nothing and are never freed one
 * by one.
 *
 * Threading: a context belongs to the worker that handles its request. */
#pragma once

#include "base/arena.h"
#include "base/json.h"
#include "base/scratch.h"
#include "demo/demo-accounts.h"
#include "html/escape.h"
#include "http/response.h"
#include "ledger/field.h"
#include "measure/cache.h"
#include "office/rights.h"
#include "office/session.h"
#include "office/token.h"
#include "web/known.h"
#include "web/throttle.h"
#include "web/work.h"

#define WEB_MAX_PARTS 3

typedef struct WebOperation WebOperation; /* web/openapi.h */

typedef struct WebNotices WebNotices; /* web/notice.h */

/* The site of an office that is served, or the page in front of several.  Immutable while it is;
 * everything is borrowed. */
typedef struct WebSite {
    const char *name;         /* its part of every address, "/NAME/…"; NULL: it has them all */
    const char *base;         /* the same as it is written, "/%E5%B1%80"; NULL: "" */
    Office *office;           /* NULL: the front, or an office that could not be opened */
    const GPtrArray *offices; /* of WebSite, which the front lists; NULL: this is not the front */
    Throttle *throttle;
    FigureCache *figures;
    WebKnown *known;
    WebWorks *works;
    WebNotices *notices;       /* NULL: nothing is told after a redirect */
    Scratch *scratch;          /* where files wait */
    const GPtrArray *accounts; /* of DemoAccount: who a visitor may be; NULL: this is no demo */
} WebSite;

typedef struct WebContext {
    const WebSite *site;
    Office *office;
    const HttpRequest *request;
    HttpResponse *response;
    HtmlContext html;       /* the reader's language, and where the site's addresses begin */
    const char *path;       /* asked for, decoded, within the site: "/entry/SQ2023-00084" */
    const char *token;      /* of the session; NULL: not signed in */
    const char *form_token; /* what its forms send back; "" without a session */
    OfficeSession *session;
    OfficeToken *grant;     /* of the API, in the place of a session; NULL: none was shown */
    RightsSubject *subject; /* NULL: not signed in */
    StoreConnection *reader;
    LedgerNames *names;
    char *parts[WEB_MAX_PARTS]; /* what stood in the place of each "*" of the route */
    const char *ending;         /* asked for of a list, ".csv"; of the API ".json"; "" for a page */
    LogAct act;                 /* of what the request writes */
    const WebOperation *operation; /* of the API; NULL: this is a page */
    GHashTable *typed;    /* name -> GPtrArray of char*: the draft that a form goes on with; NULL:
                             forms      show what the request brings */
    GPtrArray *faults;    /* of WebFault: what is wrong with the fields that the request brings */
    bool is_forged;       /* a form that did not come from a page of the session: nobody asked */
    bool is_refreshed;    /* the page asks for itself again and again */
    bool has_own_heading; /* the page brings its h1 itself */
    const char *notice;   /* why a form is refused, on top of the page; NULL: nothing */
    const char *done;     /* what an act has done, on top of the page; NULL: nothing */
    int status;           /* of an error, in the place of its code's; 0: that */
    const char *pointer;  /* RFC 6901: what of the JSON sent is wrong; NULL: not known */
    Arena *arena;         /* what lives as long as the request */
    struct WebKept *kept; /* what is freed when it is answered, the newest first */
} WebContext;

/* Make @context ready for @request, and free what it holds. */
void web_context_init(WebContext *context, const WebSite *site, const HttpRequest *request,
                      HttpResponse *response);
void web_context_clear(WebContext *context);

/* Let @context be about @request, which lives as long as it does. */
void web_context_take(WebContext *context, const HttpRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebContext, web_context_clear)

/* Keep @memory (takes; from g_malloc) as long as the request; returns it. */
void *web_keep(const WebContext *context, void *memory);

/* Keep @object (takes), which @free frees, as long as the request. */
void web_keep_object(const WebContext *context, void *object, GDestroyNotify free);

/* What was kept before a stretch of work whose own is let go at its end. */
typedef struct WebKeptBefore {
    Arena *arena;
    struct WebKept *kept;
} WebKeptBefore;

/* Keep from now on what is let go by web_keep_end(), which takes up again what was kept before: for
 * who goes through many things, of which nothing stays. */
void web_keep_begin(const WebContext *context, WebKeptBefore *ret_before);
void web_keep_end(const WebContext *context, const WebKeptBefore *before);

/* Return a new, zeroed struct that lives as long as the request. */
#define web_new(context, Type) ((Type *)arena_alloc((context)->arena, sizeof(Type)))

/* Return a copy of @text (NULL: NULL) that does. */
char *web_copy(const WebContext *context, const char *text);

/* Return an empty array that does; what is in it is not freed with it. */
GPtrArray *web_array(const WebContext *context);

/* Return what @context's site is called: the office, or what is known of it. */
const char *web_site_name(const WebContext *context);

/* Return @address of the site as the world outside sees it, kept: for what neither a template nor
 * an answer's Location carries out. */
const char *web_outer_address(const WebContext *context, const char *address);

/* Return @address of the site whole, kept: "https://office.example/NAME/entry/…". */
const char *web_absolute_address(const WebContext *context, const char *address);

/* Return @text, a key of the catalogue, in the context's language. */
const char *web_tr(const WebContext *context, const char *text);

/* Return a sentence in the context's language, kept; its format is a key of the catalogue, given as
 * to error_set(). */
#define web_say(context, ...) \
    ((const char *)web_keep((context), error_say((context)->html.language, __VA_ARGS__)))

/* Return what is wrong, @error, in the context's language, kept; paths of the office's files and of
 * what waits on the server are not told, and of what fails of the system only whom to tell. */
const char *web_fault(const WebContext *context, const GError *error);

/* Write @error to the server's log if it is of the system: the answer says little of it. */
void web_log_fault(const GError *error);

/* Return @text with the full stop of the reader's language, unless it ends a sentence itself; kept
 * or @text. */
const char *web_sentence(const WebContext *context, const char *text);

/* Return the words of a pack in the context's language; borrowed. */
const char *web_words(const WebContext *context, const SchemaWords *words);

/* Write @us as people read it, in the office's zone, kept: "2023-05-06 09:30", or the day alone; ""
 * for 0. */
const char *web_time(const WebContext *context, int64_t us);
const char *web_day(const WebContext *context, int64_t us);

/* Write the deadline @us: one at midnight is the end of the day before, "2023-05-06 24:00". */
const char *web_deadline(const WebContext *context, int64_t us);

/* Return a whole number as text, kept. */
const char *web_number(const WebContext *context, int64_t number);

/* Return the present, and the office's present day. */
int64_t web_now_us(const WebContext *context);
Date web_today(const WebContext *context);

/* Return who @actor of the log is, as people call them, kept: "account:12" is the person's name;
 * what is not known stays as it is. */
const char *web_actor(const WebContext *context, const char *actor);

/* Return the ledger named @name; NOT_FOUND.  Borrowed from the office's schema. */
const SchemaLedger *web_find_ledger(const WebContext *context, const char *name, GError **error);

/* Return an address of the site with a query, kept: pairs of name and value, NULL-terminated; a
 * pair whose value is NULL or "" is left out. */
const char *web_address(const WebContext *context, const char *path, ...) G_GNUC_NULL_TERMINATED;

/* Return the address of entry @number, kept: "/entry/SQ2023-00084". */
const char *web_entry_address(const WebContext *context, const char *number);

/* Return the address, as this site writes it, that the request asks for, with its query; kept. */
const char *web_asked_address(const WebContext *context);

/* Begin a page titled @title: what stands around it, with the office's ledgers beside it for who is
 * signed in.  The caller appends the page and gives it to web_page_send(). */
GString *web_page_begin(WebContext *context, const char *title);

/* End the page @out (takes) and answer with it. */
void web_page_send(WebContext *context, GString *out);

/* Answer with what @json holds. */
void web_send_json(WebContext *context, JsonWriter *json);

/* Return the ending of @path, static: ".csv", ".xlsx", ".json", ".jsonl", ".atom", ".ics"; "" where
 * it has none of them. */
const char *web_ending_of(const char *path);

/* Return whether the request asks for JSON, by its ending or under /api/: its errors are JSON then.
 */
bool web_is_for_programs(const WebContext *context);

/* Write what @error says as members of the object that @json has open: "status", "code", "message",
 * and "pointer" where it is known; the answer gets the status. */
void web_write_error(WebContext *context, const GError *error, JsonWriter *json);

/* Answer with a page that says @error in the reader's language, with the status of its code. */
void web_send_error(WebContext *context, const GError *error);

/* Return the name of @error's code, static: of one of the system "IO" where the code would speak of
 * the request. */
const char *web_error_name(const GError *error);

/* Return the HTTP status that goes with @error. */
int web_error_status(const GError *error);
