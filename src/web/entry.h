/* An entry as its page shows it: what it says, what can be done with it, what was done. */
#pragma once

#include "web/form.h"
#include "web/list.h"

/* A field as it is shown. */
typedef struct WebShown {
    const char *name; /* of the control that holds it in a form; NULL: none */
    const char *words;
    const char *text;
    const char *before;  /* what stood in its place, or stands in the form; NULL: not said */
    const char *address; /* NULL: no link */
    bool is_further;     /* a column of the table that it came from, without a field */
    bool is_hidden;      /* personal, and not shown */
    GPtrArray *columns;  /* ROWS: of char*; NULL else */
    GPtrArray *lines;    /* ROWS: of GPtrArray of char* */
} WebShown;

/* A file, and the field or rule that it proves. */
typedef struct WebFile {
    const char *name;
    const char *address;
    const char *words; /* of the field or rule */
    const char *added;
    const char *size;
    const char *sha256;
    const char *id;
    const char *place;  /* the field or rule from which the reader may take it away; NULL: none */
    const char *why_id; /* of the control for why */
    bool is_open;       /* what was sent was refused */
} WebFile;

/* A day on the way to a deadline, and why it counts or not. */
typedef struct WebDay {
    const char *day;
    const char *why;
    const char *source; /* the article, or the notice; "" where the week alone decides */
    bool is_counted;
} WebDay;

/* A form that does a step. */
typedef struct WebStepForm {
    const char *name;
    const char *words;
    const char *moment;       /* id of the control for when it happened */
    const char *sure;         /* id of the box that says that it is right */
    const char *moment_words; /* what that is called: the field it goes into, where there is one */
    const char *happened;     /* as typed; at first the present */
    bool is_open;             /* what was sent was refused */
    GPtrArray *fields;        /* of WebField: what it asks for */
    GPtrArray *files;         /* of WebField: the evidence it asks for */
} WebStepForm;

/* Something that was done: a step, an event. */
typedef struct WebDone {
    const char *address; /* of an event; NULL: none */
    const char *words;
    const char *when;
    const char *happened; /* of an event: where that was at another time than the event; NULL */
    const char *recorded; /* where it was recorded later than it happened; NULL */
    bool is_moved;        /* of a step: its time was corrected later */
    const char *by;
    const char *seq;   /* of an event: its place in the log; NULL */
    GPtrArray *fields; /* of WebShown */
} WebDone;

/* The figures of a year in which the entry is used. */
typedef struct WebUses {
    const char *year;
    const char *report; /* whose figures they are; NULL: no report's */
    GPtrArray *figures; /* of WebShown */
} WebUses;

typedef struct WebEntry {
    const char *number;
    const char *address;
    const char *ledger; /* its words */
    const char *ledger_address;
    const char *state;
    const char *due; /* NULL: no deadline */
    const char *due_class;
    const char *late_record; /* says that what was done in time was recorded late; NULL */
    const char *due_day;
    const char *due_mark;  /* it is not the first one; NULL: it is */
    const char *due_first; /* which was */
    const char *rule;      /* the deadline: what it is called, how long, from when */
    const char *law;       /* the article it comes from; "" */
    bool is_due_provisional;
    GPtrArray *days;         /* of WebDay: why the deadline is what it is */
    const char *seq;         /* the event it began with: its place in the log */
    const char *log_address; /* of that event; NULL: not for the reader */
    const char *unit;        /* "" where a field says it */
    const char *added;
    const char *added_by;
    const char *version;
    const char *last_seq; /* the newest event of its history; "" */
    bool wants_files;     /* it was recorded a moment ago, and papers come next */
    bool is_gone;
    bool may_change;
    bool may_comment;
    bool may_delete;
    bool asks_password;    /* before what cannot be taken back */
    bool may_look;         /* there are personal fields to be looked at */
    GPtrArray *fields;     /* of WebShown */
    GPtrArray *files;      /* of WebFile */
    GPtrArray *lacks;      /* of char*: which rules have too few files, and how few */
    GPtrArray *places;     /* of WebChoice: fields and rules that take a file; empty: none may */
    GPtrArray *forms;      /* of WebStepForm: what the reader may do now */
    bool may_count;        /* figures may count it, and the reader may see them */
    bool has_next;         /* it is one thing, and the entry waits for it */
    GPtrArray *steps;      /* of WebDone */
    GPtrArray *history;    /* of WebDone */
    GPtrArray *left;       /* of WebShown: what was typed into a form that is no longer here */
    GPtrArray *meanwhile;  /* of WebDone: what happened since that form was opened */
    GPtrArray *uses;       /* of WebShown: entries that link to it, the first of them */
    int64_t n_uses;        /* all of them */
    const char *more_uses; /* how many more there are; NULL: none */
} WebEntry;

/* Load the entry numbered @number, of any ledger, which the reader may read; the caller owns it.
 * NOT_FOUND, FORBIDDEN. */
LedgerEntry *web_entry_find(WebContext *context, const char *number, GError **error);

/* Return the entry that the page is about, in the books and which the reader may do @action to; the
 * caller owns it.  NOT_FOUND, FORBIDDEN; CONFLICT where it was taken out of the books. */
LedgerEntry *web_entry_find_for(WebContext *context, RightsAction action, GError **error);

/* Read the version that a form of an entry began from.  Every form that replaces something says
 * one; what is no number is none of the entry's, -1, so that nothing is written over unseen. */
int64_t web_typed_version(const WebContext *context);

/* Return the id of the control for why file @file is taken away from @place, kept. */
const char *web_file_why_id(const WebContext *context, const char *file, const char *place);

/* Note the look at what is personal of @entry before it is shown; nobody may keep the answer.
 * FORBIDDEN. */
bool web_look(WebContext *context, const LedgerEntry *entry, GError **error);

/* Return the object that rights ask about, for @entry. */
RightsObject web_entry_object(const LedgerEntry *entry);

/* Return the controls (of WebField) for the files that @step of @ledger asks for, kept. */
GPtrArray *web_step_files(const WebContext *context, const SchemaLedger *ledger,
                          const SchemaStep *step);

/* Return what is asked by the control for when @step happened; borrowed. */
const char *web_step_moment_words(const WebContext *context, const SchemaStep *step);

/* Return @entry as shown, kept.
 *
 * @with_personal: personal fields too; the look has been noted. */
WebEntry *web_entry_new(WebContext *context, const LedgerEntry *entry, bool with_personal,
                        GError **error);
