/* A sheet: a form for what is no entry (units, people, posts, settings).
 *
 * One page shows and takes it: built the same way for both, it holds what is stored, or what was
 * just typed, with what is wrong beside the field, so that nothing typed is lost. */
#pragma once

#include "web/context.h"
#include "web/form.h"

typedef struct WebSheetField {
    const char *name; /* of the control, and its id */
    const char *words;
    const char *type;  /* of <input>: "text", "date", "number", "password", "checkbox" (its text is
                          "yes" where it  is checked); "select" */
    const char *text;  /* as typed, or as stored */
    const char *hint;  /* NULL: none */
    const char *fault; /* NULL: none */
    bool is_required;
    GPtrArray *choices; /* of WebChoice: of a select */
} WebSheetField;

typedef struct WebSheet {
    const char *action; /* where it is sent */
    const char *button;
    const char *back;   /* address of the page that it belongs to */
    const char *note;   /* said above it; NULL: nothing */
    GPtrArray *fields;  /* of WebSheetField */
    bool asks_password; /* the own one, once more */
} WebSheet;

/* Return a sheet that is sent to the request's own address, kept. */
WebSheet *web_sheet_new(const WebContext *context, const char *button, const char *back);

/* Return whether the request has sent the sheet.  One that only comes back to be looked at
 * (web/again.h) was not sent. */
bool web_sheet_is_sent(const WebContext *context);

/* Add a field and return it; it holds what was typed, else @stored (NULL: nothing). */
WebSheetField *web_sheet_add(const WebContext *context, WebSheet *sheet, const char *name,
                             const char *words, const char *type, const char *stored);

/* The same for a day; DATE_NONE is empty. */
WebSheetField *web_sheet_add_date(const WebContext *context, WebSheet *sheet, const char *name,
                                  const char *words, Date stored);

/* Add a choice to the select @field; @words is kept by the caller. */
void web_sheet_choose(const WebContext *context, WebSheetField *field, const char *name,
                      const char *words);

/* Read the day in @field, DATE_NONE for nothing; else say at the field what is wrong. */
void web_sheet_read_date(const WebContext *context, WebSheetField *field, Date *ret_date);

/* Read the whole number in @field, which lies in @min…@max, likewise. */
void web_sheet_read_int(const WebContext *context, WebSheetField *field, int64_t min, int64_t max,
                        int64_t *ret_number);

/* Check, once the fields were read, that those which must be are filled in, and the own password
 * where the sheet asks for it; all that is wrong is noted (web/fault.h).  INVALID, FORBIDDEN. */
bool web_sheet_check(WebContext *context, WebSheet *sheet, GError **error);

/* Answer with the sheet on a page titled @title; with what is wrong, @refused (takes;
 * NULL: nothing but what was noted). */
void web_sheet_send(WebContext *context, const char *title, WebSheet *sheet, GError *refused);

/* Write what lasts from @since to @until: "2023-07-01 – 2024-06-30", "since 2023-07-01"; "" for
 * always; kept. */
const char *web_dates(const WebContext *context, Date since, Date until);
