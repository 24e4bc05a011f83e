/* What is wrong with the form that a request brings: all of it at once.
 *
 * Whoever reads a form notes each fault with the id of its control.  The page that shows the form
 * again says it beside the control, and on top, in one summary that leads to each of them and gets
 * the focus: forms that are read so are sent with "novalidate", as a browser would tell one fault
 * at a time, and in its own language. */
#pragma once

#include "web/context.h"

typedef struct WebFault {
    const char *id;    /* of the control on its page */
    const char *words; /* what it is for */
    const char *text;  /* what is wrong with what it holds */
} WebFault;

/* A control that must be filled in. */
typedef struct WebNeed {
    const char *name;  /* of the control; WEB_OWN_PASSWORD must also be right */
    const char *id;    /* of the control on its page */
    const char *words; /* what it is for: a key of the catalogue */
} WebNeed;

#define WEB_OWN_PASSWORD "own"
#define WEB_OWN_PASSWORD_WORDS N_("Your own password, once more")

/* Note that @error (takes) is wrong with the control @id, which is for @words. */
void web_fault_note(const WebContext *context, const char *id, const char *words, GError *error);

/* The same, in the reader's words: @text, which lives as long as the request. */
void web_fault_note_said(const WebContext *context, const char *id, const char *words,
                         const char *text);

/* Note that the control must be filled in. */
void web_fault_note_empty(const WebContext *context, const char *id, const char *words);

/* Note that @error is wrong with the control @id, if it is about the field @name (error_field()).
 */
void web_fault_note_about(const WebContext *context, const char *name, const char *id,
                          const char *words, const GError *error);

/* Return what is wrong with the control @id; NULL: nothing. */
const char *web_fault_at(const WebContext *context, const char *id);

/* Return whether no fault was noted.  INVALID says it, or how many there are. */
bool web_fault_none(const WebContext *context, GError **error);

/* Let the page say why the form is refused, @refused (takes; NULL: nothing but what was noted), and
 * answer with its status. */
void web_fault_tell(WebContext *context, GError *refused);
