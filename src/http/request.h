/* A request as a handler sees it: decoded once, checked, complete.
 *
 * The same struct comes from the network (http/server.c) and from a test, so that every handler is
 * tried without a socket.  Names of headers are compared without regard to case; of query, form and
 * cookie fields with it.  Which fields may come twice the handlers' caller knows: others it refuses
 * by http_request_twice(), as of two nobody should pick one (parameter pollution).  Line breaks in
 * fields are LF, as a page has them, though browsers send CR LF (HTML §4.10.21.4).
 *
 * Threading: built by one thread, then read by another; never changed in between. */
#pragma once

#include "base/error.h"

#define HTTP_MAX_FIELDS 2000          /* of a query or a form */
#define HTTP_MAX_UPLOADS 200          /* of a form */
#define HTTP_MAX_FORM_BYTES (8 << 20) /* a form without its files */

typedef enum HttpMethod {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_N_METHODS,
    HTTP_OTHER = HTTP_N_METHODS /* only of what is refused */
} HttpMethod;

/* A file of a multipart form.  Its bytes lie in a temporary file that goes with the request. */
typedef struct HttpUpload {
    char *field;
    char *name; /* as the browser says, without any folder; for people only */
    char *path; /* of the temporary file */
    int64_t n_bytes;
} HttpUpload;

typedef struct HttpRequest HttpRequest;

/* Build a request.
 *
 * @target: path and query as sent ("/case?sort=due"); a path with "..", "//", control characters
 *          or bad UTF-8 after decoding is INVALID.
 * @client: address of the peer, as text; copied. */
HttpRequest *http_request_new(HttpMethod method, const char *target, const char *client,
                              GError **error);
void http_request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)

/* Build the request for the page at @target (as sent) that shows a form which @request brought: a
 * GET from the same client, with the same headers, to which the caller adds the form's fields.  So
 * a page can show what was typed, and nothing that asks for a POST takes it for an order.  INVALID.
 */
HttpRequest *http_request_for_page(const HttpRequest *request, const char *target, GError **error);

/* Add a header (copied); INVALID for a name that is none, for control characters or bad UTF-8 in
 * the value, and for a second Host, Content-Length, Content-Type or Cookie. */
bool http_request_add_header(HttpRequest *request, const char *name, const char *value,
                             GError **error);

/* Name the method of a request of HTTP_OTHER, @name (copied): "PUT". */
void http_request_set_method_name(HttpRequest *request, const char *name);

/* Say that the connection is encrypted, by this server or by a trusted proxy in front of it. */
void http_request_set_secure(HttpRequest *request);

/* Say that it comes from the trusted proxy: its X-Forwarded-… are believed. */
void http_request_set_proxied(HttpRequest *request);

/* Take a form of @length bytes, application/x-www-form-urlencoded; INVALID, LIMIT. */
bool http_request_parse_form(HttpRequest *request, const char *body, size_t length, GError **error);

/* Keep @body (copied) as it is, for handlers that read JSON. */
void http_request_set_body(HttpRequest *request, const char *body, size_t length);

/* Add a field of a form, @length bytes of @value (copied); INVALID for a NUL or bad UTF-8; LIMIT.
 */
bool http_request_add_field(HttpRequest *request, const char *name, const char *value,
                            size_t length, GError **error);

/* Add a file of a form, @upload (takes, also when it is refused); INVALID, LIMIT. */
bool http_request_add_upload(HttpRequest *request, HttpUpload *upload, GError **error);
void http_upload_free(HttpUpload *upload);

/* Return what is known of @request; borrowed. */
HttpMethod http_request_method(const HttpRequest *request);
const char *http_request_method_name(const HttpRequest *request); /* "-": not known */
const char *http_request_path(const HttpRequest *request);        /* decoded, begins with "/" */
const char *http_request_query_text(const HttpRequest *request);  /* as sent, without "?" */
const char *http_request_client(const HttpRequest *request);
bool http_request_is_secure(const HttpRequest *request);
const char *
http_request_host(const HttpRequest *request); /* whom the client asked: the proxy's
                                                  X-Forwarded-Host, else Host; or NULL */
const char *
http_request_lacks(const HttpRequest *request); /* a header that the proxy in front should
                                                   send and does not; NULL: none */
bool http_request_is_for_machine(const HttpRequest *request); /* asked for by an address or as
                                                                localhost: no name of DNS */
const char *http_request_header(const HttpRequest *request, const char *name); /* NULL: none */
const char *http_request_cookie(const HttpRequest *request, const char *name); /* NULL: none */
const char *http_request_body(const HttpRequest *request, size_t *ret_length);

/* Return the field @name of the query (of the form); NULL when it is not given.  A field that may
 * come more than once is read with the _all functions: an array of char*, never NULL. */
const char *http_request_query(const HttpRequest *request, const char *name);
const char *http_request_form(const HttpRequest *request, const char *name);
const GPtrArray *http_request_query_all(const HttpRequest *request, const char *name);
const GPtrArray *http_request_form_all(const HttpRequest *request, const char *name);

/* Return the name of a field of the query or form that came more than once, other than those named
 * in @many (NULL-terminated; "f-*" are all that begin so); NULL where there is none.  Borrowed. */
const char *http_request_twice(const HttpRequest *request, const char *const *many);

/* Return the names of the query's fields in the order of their first coming (of char*); borrowed.
 */
const GPtrArray *http_request_query_names(const HttpRequest *request);

/* Return the names of the form's fields in the order of their first coming (of char*); borrowed. */
const GPtrArray *http_request_form_names(const HttpRequest *request);

/* Say that the form brought files which were not kept, as who sent them may bring none. */
void http_request_set_dropped(HttpRequest *request);
bool http_request_has_dropped(const HttpRequest *request);

/* Return the files of the form (of HttpUpload); borrowed. */
const GPtrArray *http_request_uploads(const HttpRequest *request);
