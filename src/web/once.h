/* Doing what a request asks for once, however often it comes: a program that has lost the answer
 * sends it again under its key, and a person presses the button twice.
 *
 * Threading: as a context. */
#pragma once

#include "web/context.h"

/* Take the header Idempotency-Key, if any, where the operation knows it: what is written from now
 * on is written once.  @body is the JSON that was sent: what is secret in it is no part of what is
 * remembered.
 *
 * *@ret_is_done: it was, and *@ret_seq was its first event.  INVALID; CONFLICT where the key came
 * with another request. */
bool web_once_by_header(WebContext *context, const json_t *body, bool *ret_is_done,
                        int64_t *ret_seq, GError **error);

/* The same by the hidden field "once" of a form, if any.  What was typed is part of the key: a form
 * that comes back with other words is another act. */
bool web_once_by_form(WebContext *context, bool *ret_is_done, int64_t *ret_seq, GError **error);

/* Return what the hidden field "once" holds, kept: as it came, or made up for a form that begins.
 */
const char *web_once_field(const WebContext *context);

/* Return whether the write that was refused with *@error was done meanwhile, by the same request:
 * it went before this one, which so met an entry that is a version further, say.  Then *@error is
 * cleared, and *@ret_seq is what it wrote, as of web_once_by_header(). */
bool web_once_meanwhile(WebContext *context, int64_t *ret_seq, GError **error);
