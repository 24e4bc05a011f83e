/* What a handler answers: a status, headers and a body, or a file of which ranges can be asked.
 *
 * A fresh response is 200 without a body.  Its headers carry what every page needs for safety
 * (Content-Security-Policy, nosniff, no-store …); a handler only loosens what it must.
 *
 * Threading: one thread at a time. */
#pragma once

#include "http/request.h"

#define HTTP_MAX_LOCATION_BYTES (6 * 1024) /* more may not fit into the head of an answer */

typedef struct HttpResponse HttpResponse;

/* Return a fresh answer; the caller owns it. */
HttpResponse *http_response_new(void);
void http_response_free(HttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpResponse, http_response_free)

/* Set the status: 200, 303, 404 … */
void http_response_set_status(HttpResponse *response, int status);
int http_response_status(const HttpResponse *response);

/* Set the header @name to @value in the place of any other value it has; NULL removes it.  Control
 * characters are left out, as no request may write the head of an answer. */
void http_response_set_header(HttpResponse *response, const char *name, const char *value);
const char *http_response_header(const HttpResponse *response, const char *name);

/* Add a Set-Cookie line. */
void http_response_add_cookie(HttpResponse *response, const char *line);

/* Return the Set-Cookie lines (of char*), and the header names (of char*); borrowed. */
const GPtrArray *http_response_cookies(const HttpResponse *response);
GPtrArray *http_response_header_names(const HttpResponse *response);

/* Make @body (takes) of @type ("text/html; charset=utf-8") the answer. */
void http_response_set_body(HttpResponse *response, const char *type, GString *body);

/* The same with text (copied) that must not change. */
void http_response_set_text(HttpResponse *response, const char *type, const char *text);

/* Answer with the bytes of the file @path, as an attachment called @name.  NOT_FOUND, IO. */
bool http_response_set_file(HttpResponse *response, const char *type, const char *path,
                            const char *name, GError **error);

/* Let the client keep the answer and ask each time whether it is still good (If-None-Match), in the
 * place of no-store.
 *
 * @tag: names the bytes, such as their hash: letters, digits and "-"; NULL: their hash is taken
 * when they are sent, which a file needs a tag for. */
void http_response_allow_keeping(HttpResponse *response, const char *tag);

/* Let nobody keep the answer, whatever http_response_allow_keeping() is told before or after. */
void http_response_forbid_keeping(HttpResponse *response);

/* Say that the answer would be another one with another value of the request's header @name. */
void http_response_add_vary(HttpResponse *response, const char *name);

/* Answer 303 to @location, an address of this server ("/case/1"): what cannot stand in an address
 * is encoded, so that a browser reads it as it is here, and what leads elsewhere, or is then longer
 * than HTTP_MAX_LOCATION_BYTES, is "/". */
void http_response_redirect(HttpResponse *response, const char *location);

/* Let the line of the log name @who (copies) asked; NULL, as at first: nobody is named. */
void http_response_set_asker(HttpResponse *response, const char *who);
const char *http_response_asker(const HttpResponse *response);

/* Return the body; of a file NULL, and the descriptor and size are set. Borrowed. */
const GString *http_response_body(const HttpResponse *response);
int http_response_file(const HttpResponse *response, int64_t *ret_n_bytes);

/* Return the descriptor of the file, which the caller closes from now on; -1: there is none. */
int http_response_steal_file(HttpResponse *response);

/* Finish @response for @request: an ETag on what may be kept (then 304 where the client has it), a
 * range of a file (206, 416), compression of text, of a file one of at most 8 MB, where the client
 * takes it; over TLS, that this host is to be asked so from now on, unless it is this very machine.
 * The server calls it; tests may. */
void http_response_finish(HttpResponse *response, const HttpRequest *request);

/* Return how many bytes follow the head of the answer to @request, after http_response_finish(). */
int64_t http_response_n_bytes(const HttpResponse *response, const HttpRequest *request);

/* Return the first byte of the file to send and how many, after http_response_finish(). */
void http_response_range(const HttpResponse *response, int64_t *ret_offset, int64_t *ret_length);
