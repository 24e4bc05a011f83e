/* A list of entries as a page shows it: filtered by plain controls or by an expression, sorted by a
 * tap on a column, paged by key. */
#pragma once

#include "ledger/list.h"
#include "web/context.h"
#include "web/form.h"

#define WEB_LIST_PAGE 50

/* How a deadline stands; names of classes of the style sheet. */
#define WEB_DUE_OK "ok"
#define WEB_DUE_SOON "soon"
#define WEB_DUE_LATE "late"

typedef struct WebCell {
    const char *text;
    const char *address;    /* NULL: no link */
    const char *class_name; /* of its cell: "n" does not wrap */
    const char *tag;        /* class of a tag around it; NULL: plain */
} WebCell;

typedef struct WebRow {
    GPtrArray *cells; /* of WebCell */
} WebRow;

typedef struct WebColumn {
    const char *words;
    const char *address; /* sorts by it; NULL: cannot */
    const char *mark;    /* "▲", "▼", "" */
    const char *order;   /* of aria-sort: "ascending", "descending", "none" */
} WebColumn;

/* An entry in a feed. */
typedef struct WebFeedLine {
    const char *number;
    const char *title;
    const char *address;
    const char *changed; /* RFC 3339 */
    const char *state;
} WebFeedLine;

typedef struct WebList {
    const char *name;   /* of the ledger */
    const char *words;  /* its words */
    GPtrArray *columns; /* of WebColumn */
    GPtrArray *rows;    /* of WebRow */
    GPtrArray *filters; /* of WebField: the plain controls */
    const char *text;   /* searched in the title */
    const char *where;  /* the expression as typed */
    const char *sort;
    const char *descending; /* "1", or "" */
    const char *fault;      /* what is wrong with the filter; NULL: nothing */
    const char *first;      /* address of the first page; NULL: this is it */
    const char *next;       /* of the next page; NULL: there is none */
    GPtrArray *endings;     /* of WebChoice: name is the address of the list as such a file */
    bool is_filtered;
    bool may_add;
    bool may_import;
} WebList;

/* Return the list of @ledger that the request's query asks for, kept.  A filter that cannot be read
 * is told in `fault`, and the list is empty then. */
WebList *web_list_new(WebContext *context, const SchemaLedger *ledger, GError **error);

/* Return what the request's query asks for of @ledger, kept: filters and sorting, no rows yet. */
WebList *web_list_begin(const WebContext *context, const SchemaLedger *ledger);

/* Put the filter of @list into *@ret_filter (the caller owns it), NULL for none.  INVALID. */
bool web_list_filter(const WebContext *context, const WebList *list, const SchemaLedger *ledger,
                     Expression **ret_filter, GError **error);

/* Return the page of at most @limit entries that @list and the query ask for; the caller owns it.
 * INVALID for a filter that cannot be read; else as ledger_list(). */
LedgerPage *web_list_load(const WebContext *context, WebList *list, const SchemaLedger *ledger,
                          int limit, GError **error);

/* Say how the deadline of @entry stands, kept; NULL where there is none.  *@ret_class is its class.
 */
const char *web_due(const WebContext *context, const LedgerEntry *entry, const char **ret_class);

/* Return the words of state @name of @ledger; borrowed. */
const char *web_state_words(const WebContext *context, const SchemaLedger *ledger,
                            const char *name);
