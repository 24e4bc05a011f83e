/* Fields of forms: a ledger's fields as controls, and what was typed into them as an input. */
#pragma once

#include "ledger/input.h"
#include "web/fault.h"

/* Names of controls begin so, that no field of a pack meets a name of ours. */
#define WEB_FIELD_PREFIX "f-"

typedef enum WebControl {
    WEB_CONTROL_LINE, /* <input> */
    WEB_CONTROL_TEXT, /* <textarea> */
    WEB_CONTROL_SELECT,
    WEB_CONTROL_CHECKS, /* many of some */
    WEB_CONTROL_FILE,
    WEB_CONTROL_ROWS, /* a table with a control a cell */
} WebControl;

typedef struct WebChoice {
    const char *name;
    const char *words;
    bool is_chosen;
} WebChoice;

typedef struct WebField {
    const char *id;         /* of the control on its page */
    const char *name;       /* of the control */
    const char *short_name; /* of the field in its pack */
    const char *words;
    const char *text;      /* as typed, or as it stands */
    const char *hint;      /* NULL: none */
    const char *help;      /* what the pack says about filling it in; NULL: nothing */
    const char *section;   /* heading that it begins; NULL: none */
    const char *fault;     /* what is wrong with what was typed; NULL: nothing */
    const char *described; /* ids of help and fault, as aria-describedby has them; NULL: none */
    const char *list;      /* id of the list of known names; NULL: none */
    const char *pick;      /* address that suggests as one types; NULL: none */
    bool picks_one;        /* of them: what is typed takes the place of what stands there */
    const char *type;      /* of <input>: "text", "date", "tel" */
    const char *calendar;  /* type of the browser's own picker for it: "date"; NULL: none */
    const char *now;       /* what a button puts into it: the present; NULL: it has none */
    const char *now_words; /* of the button: "Now", "Today" */
    WebControl control;
    bool is_required;
    int least;          /* FILE: how many it needs */
    GPtrArray *choices; /* of WebChoice; NULL: none */
    GPtrArray *columns; /* ROWS: of char*: the words of its fields */
    GPtrArray *lines;   /* ROWS: of GPtrArray of WebField, some of them empty to be filled in */
} WebField;

/* Return whether a form can hold @n_lines rows of @field. */
bool web_lines_fit(const SchemaField *field, size_t n_lines);

/* Return whether a form can hold all of @rows (NULL: none) of @field: what it shows is sent back as
 * the whole. */
bool web_rows_fit(const SchemaField *field, const LedgerRows *rows);

/* Return the control for @field, kept; @prefix makes its id one of its own on the page.
 *
 * It holds what the request has typed into it; else what @entry has; else nothing (NULL). */
WebField *web_field_new(const WebContext *context, const SchemaField *field, const char *prefix,
                        const LedgerEntry *entry);

/* Return what stands in the control @name: in the draft that the form goes on with, else in the
 * request (of char*); borrowed. */
const GPtrArray *web_typed_all(const WebContext *context, const char *name);

/* Return the first of it; "" where there is none. */
const char *web_typed(const WebContext *context, const char *name);

/* Return whether the request brings the control of @field, or of rows those of its columns. */
bool web_field_is_typed(const WebContext *context, const SchemaField *field);

/* Return what it brings for @field, no table (of char*); borrowed. */
const GPtrArray *web_field_typed(const WebContext *context, const SchemaField *field);

/* Return whether it brings it as web_control_text() of @value gave it out. */
bool web_field_holds(const WebContext *context, const SchemaField *field, const Value *value);

/* Let what the request brings for @field be as if it were not there: its control then shows what
 * the entry has. */
void web_field_untype(WebContext *context, const SchemaField *field);

/* The same for the control @name. */
void web_untype(WebContext *context, const char *name);

/* Return what a control or a column of @field is called, with the unit in which it counts, kept:
 * "amount (元)". */
const char *web_field_label(const WebContext *context, const SchemaField *field);

/* Return @value of @field as people read it, kept: 12,345.60. */
const char *web_field_text(const WebContext *context, const SchemaField *field, const Value *value);

/* Return @value of @field as its control holds it, kept: the key of a choice, 12345.60, else as
 * people read it. */
const char *web_control_text(const WebContext *context, const SchemaField *field,
                             const Value *value);

/* Return @text, typed for @field, with the day written out where it says a day as people do: 今天,
 * 昨天 9:30, 9:30; kept. */
const char *web_day_written_out(const WebContext *context, const SchemaField *field,
                                const char *text);

/* Read what was typed for @fields (of SchemaField) of @ledger; the caller owns it.
 *
 * @prefix: of the controls' ids, as given to web_field_new().
 * @is_all_needed: none of them may be left empty, as of a step.
 *
 * INVALID names the field, or says how many there are; each fault is noted (web/fault.h), so that
 * the controls that are made next show theirs.  So are faults that were noted before. */
LedgerInput *web_input_read(const WebContext *context, const SchemaLedger *ledger,
                            const GPtrArray *fields, const char *prefix, bool is_all_needed,
                            GError **error);

/* Note that @error is wrong with the control of that one of @fields (of SchemaField) which it is
 * about, if it is about one.  @prefix as above. */
void web_input_note(const WebContext *context, const GPtrArray *fields, const char *prefix,
                    const GError *error);

/* A name that a form suggests; browsers without the script find it by either. */
typedef struct WebName {
    const char *text;
    const char *pinyin; /* "zhangsan zs"; "" where it has no Chinese */
} WebName;

/* Return the names a form suggests for fields of kind @kind (of WebName), UNIT or PERSON, kept. */
GPtrArray *web_known_names(const WebContext *context, SchemaFieldKind kind, GError **error);
