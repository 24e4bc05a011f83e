/* A list of entries as a page shows it: filtered by plain controls or by an expression, sorted by a
 * tap on a column, with the columns that were asked for, paged by key.
 *
 * What a list shows follows from its address alone, whose parts are, in this order:
 *
 *   q                 words, all of them in what the entry says (`anywhere`)
 *   state, f-NAME     a state; a choice of the CHOICE field NAME under `list:`
 *   due               how the deadline stands: a name of web_list_dues
 *   unit              id of a unit, with those below it
 *   mine              "1": what the reader recorded or is named in
 *   date, from, until a date field ("opened", "due" or a field's name), its first and last day
 *   where             a condition in the language of the pack
 *   cols              names of the columns shown, with commas between or each by itself
 *   sort, desc        as LedgerQuery; "1" for descending.  Without: what is due, the most urgent
 *                     first; of a period, by its date; else the newest first
 *   after             the place in the list, as LedgerQuery
 *
 * So a list can be sent, kept (ledger/view.h) and had as a file at the same address with another
 * ending; rights are asked for whoever opens it. */
#pragma once

#include "ledger/list.h"
#include "web/context.h"
#include "web/form.h"
#include "web/view.h"

/* What a list knows of the address besides its place, as of web_check_query(). */
#define WEB_LIST_FILTERS "q state due unit mine date from until where sort desc f-*"
#define WEB_LIST_QUERY WEB_LIST_FILTERS " cols"

#define WEB_LIST_PAGE 50
#define WEB_LIST_COUNTED 1000            /* entries are counted no further */
#define WEB_LIST_PRINTED LEDGER_MAX_PAGE /* entries of a printed list, about forty sheets */
#define WEB_LIST_MAX_WORDS 8             /* of q */
#define WEB_LIST_MAX_SEARCH_CHARS 200    /* of q */
#define WEB_LIST_MAX_COLUMNS 24          /* shown at a time */

/* How a deadline stands; names of classes of the style sheet. */
#define WEB_DUE_OK "ok"
#define WEB_DUE_SOON "soon"
#define WEB_DUE_LATE "late"

typedef struct WebCell {
    const char *text;
    const char *address;    /* NULL: no link */
    const char *class_name; /* of its cell: "n" does not wrap, "num" is a number, "none" empty */
    const char *tag;        /* class of a tag around it; NULL: plain */
    const char *words; /* of its column, for where rows are cards; "" where it speaks for itself */
    const char *title; /* what its text says in short; NULL: nothing */
    const char *mark;  /* behind it; NULL: none */
    const char *why;   /* what the mark says in short */
} WebCell;

typedef struct WebRow {
    GPtrArray *cells; /* of WebCell */
} WebRow;

typedef struct WebColumn {
    const char *words;
    const char *address;    /* sorts by it; NULL: cannot */
    const char *mark;       /* "▲", "▼", "" */
    const char *order;      /* of aria-sort: "ascending", "descending", "none" */
    const char *class_name; /* as of its cells */
} WebColumn;

/* A part of the address. */
typedef struct WebPart {
    const char *name;
    const char *value; /* never "" */
} WebPart;

/* A filter that is on. */
typedef struct WebChip {
    const char *words;
    const char *value;
    const char *address; /* of the list without it */
} WebChip;

typedef struct WebList {
    const SchemaLedger *ledger;
    const char *name;     /* of the ledger */
    const char *words;    /* its words */
    GPtrArray *parts;     /* of WebPart: what the address says, but for `after` */
    GPtrArray *columns;   /* of WebColumn */
    GPtrArray *fields;    /* of SchemaField*: what rows show; NULL: not known yet, all are read */
    bool has_cells;       /* nothing is read of entries but what the cells of rows say */
    GPtrArray *rows;      /* of WebRow */
    GPtrArray *filters;   /* of WebField: the controls that are always shown */
    GPtrArray *more;      /* of WebField: those behind one button */
    GPtrArray *dates;     /* of WebChoice: what `date` may be */
    GPtrArray *possible;  /* of what columns there may be; for web/list.c */
    GPtrArray *choosable; /* of WebChoice: what `cols` may be */
    GPtrArray *chips;     /* of WebChip */
    bool is_more_open;    /* a control behind the button is used */
    const char *sort;
    const char *descending; /* "1", or "" */
    const char *order;      /* by what they are sorted, where no column shows it; NULL: one does */
    const char *total;      /* how many there are, in words; NULL: not counted */
    const char *here;       /* its address, as a view is kept */
    GPtrArray *views;       /* of WebView; NULL: none are shown */
    bool may_share;         /* a view with the whole office */
    const char *stale;      /* what the address asks for and the pack has no more; NULL: nothing */
    const char *fault;      /* what is wrong with the filter; NULL: nothing */
    int fault_status;       /* of the answer that tells it */
    bool is_where_wrong;    /* it is the condition that was typed */
    const char *first;      /* address of the first page; NULL: this is it */
    const char *next;       /* of the next page; NULL: there is none */
    const char *print;      /* of the list as a book; NULL: the reader may not take it out */
    GPtrArray *endings;     /* of WebChoice: name is the address of the list as such a file */
    bool is_empty;          /* nothing is recorded yet: no filter left it out */
    const char
        *within; /* says so of the units whose entries the reader sees; NULL: those are all */
    bool may_add;
    bool may_import;
} WebList;

/* What a list asks for, to be given to ledger_list(). */
typedef struct WebAsked {
    LedgerQuery query; /* its pointers lead to what follows, and to the list */
    Expression *filter;
    GArray *units;
} WebAsked;

void web_asked_clear(WebAsked *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebAsked, web_asked_clear)

/* The names of `due`, NULL-terminated, and their words, keys of the catalogue. */
extern const char *const web_list_dues[];
extern const char *const web_list_due_words[];

/* Return the condition that @due, a name of web_list_dues, stands for; NULL for others.  Static. */
const char *web_list_due_condition(const char *due);

/* Return what the request's query asks for of @ledger, kept: no controls, no rows yet. */
WebList *web_list_begin(const WebContext *context, const SchemaLedger *ledger);

/* Likewise, for people: what the pack has no more is left out and told in `stale`. */
WebList *web_list_open(const WebContext *context, const SchemaLedger *ledger);

/* Give @list, of web_list_open(), its controls and at most @limit entries.  A filter that cannot be
 * read, or that may not be asked, is told in `fault`, and the list is empty then. */
bool web_list_fill(WebContext *context, WebList *list, int limit, GError **error);

/* Put what @list asks for into *@ret_asked (zeroed; the caller clears it), with the request's place
 * in it and WEB_LIST_PAGE entries at a time.  INVALID for a filter that cannot be read. */
bool web_list_ask(const WebContext *context, const WebList *list, WebAsked *ret_asked,
                  GError **error);

/* Return the page of at most @limit entries that @list and the query ask for; the caller owns it.
 * INVALID for a filter that cannot be read; else as ledger_list(). */
LedgerPage *web_list_load(const WebContext *context, const WebList *list, int limit,
                          GError **error);

/* Return what @list says of @name; "" for nothing. */
const char *web_list_get(const WebList *list, const char *name);

/* Return the address of @list, kept, with @ending ("", ".csv", "/view") behind the ledger's name
 * and other parts: pairs of name and value, NULL-terminated; "" takes a part away. */
const char *web_list_address(const WebContext *context, const WebList *list, const char *ending,
                             ...) G_GNUC_NULL_TERMINATED;

/* Return the view that @list shows; NULL for none. */
const WebView *web_list_view(const WebList *list);

/* Give @list its controls, and the chips of those in use. */
bool web_list_add_controls(const WebContext *context, WebList *list, GError **error);

/* Return the words of @text, a `q`, NULL-terminated; the caller owns them. */
GStrv web_list_words(const char *text);

/* Check the condition that was typed by itself: its brackets are its own, and its columns are
 * counted from where it begins.  INVALID. */
bool web_list_check_where(const WebList *list, GError **error);

/* Return what the plain controls of @list and its condition say, as one expression, kept; "" for
 * nothing.  INVALID for what is not a date, and too many words. */
const char *web_list_condition(const WebContext *context, const WebList *list, GError **error);

/* Say how the deadline of @entry stands, and whether it is provisional, kept; NULL where there is
 * none.  *@ret_class is its class. */
const char *web_due(const WebContext *context, const LedgerEntry *entry, const char **ret_class);

/* Mark the deadline of @entry where it is not the one that it had first, in a word; NULL: it is.
 * *@ret_first says which was, in a few. */
const char *web_due_mark(const WebContext *context, const LedgerEntry *entry,
                         const char **ret_first);

/* Return the words of state @name of @ledger; borrowed. */
const char *web_state_words(const WebContext *context, const SchemaLedger *ledger,
                            const char *name);
