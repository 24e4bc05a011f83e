/* The body of a request while it arrives in pieces: a form of either kind, or bytes kept as they
 * are.
 *
 * A form as browsers send it without files is kept whole and parsed at the end.  Of a multipart
 * form, whoever takes it apart hands in piece after piece: fields are gathered in memory, all of
 * them with their names within HTTP_MAX_FORM_BYTES; files go to the disk as they come.  Nothing is
 * given to the request that is over a limit.
 *
 * Threading: one thread at a time. */
#pragma once

#include "base/scratch.h"
#include "http/request.h"

typedef struct HttpBody HttpBody;

/* Begin the body of @request, whose headers are known; the caller owns it.
 *
 * @request: gets what the body holds; borrowed, outlives the body.
 * @scratch: where files of forms go; borrowed.
 * @max_bytes: of the whole body. */
HttpBody *http_body_new(HttpRequest *request, Scratch *scratch, int64_t max_bytes);
void http_body_free(HttpBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpBody, http_body_free)

/* Keep no files: parts that are one are passed over, and the request says so. */
void http_body_drop_files(HttpBody *body);

/* Return whether it is a multipart form, of which http_body_take_part() wants the pieces. */
bool http_body_is_multipart(const HttpBody *body);

/* Take the next @n_bytes as they came; of a multipart form they are only counted.  LIMIT. */
bool http_body_take(HttpBody *body, const char *bytes, size_t n_bytes, GError **error);

/* Take @n_bytes of the part @name of a multipart form.
 *
 * @name: NULL: the part has none and is passed over.
 * @file: what a file is called where it comes from; NULL: the part is a plain field; "": no file
 * was chosen.
 * @is_first: these are the first bytes of the part.
 * INVALID for a field that is not UTF-8 or holds a NUL; LIMIT; FULL or IO when a file cannot be
 * kept. */
bool http_body_take_part(HttpBody *body, const char *name, const char *file, bool is_first,
                         const char *bytes, size_t n_bytes, GError **error);

/* Return how many bytes of it, and of what it gave to the request, are held in memory. */
size_t http_body_n_held(const HttpBody *body);

/* The body is complete: give the request the rest of it.  INVALID, LIMIT. */
bool http_body_end(HttpBody *body, GError **error);
