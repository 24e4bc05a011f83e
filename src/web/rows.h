/* What a page lists, as rows, and everything that is made of rows: at the page's address with an
 * ending they are a table (.xlsx, .csv, .jsonl), JSON (.json) or a feed (.atom, RFC 4287).
 *
 * A page says once which rows it has; the table of endings in rows.c does the rest.  Tables hold
 * all rows, written one by one.  JSON and feeds go page by page: at most `limit` rows from behind
 * `after`, both of the query; JSON says what is "next", a feed links to it (RFC 5005 §3).  Below
 * /api/v1 a list is the same JSON.
 *
 * Threading: as a context. */
#pragma once

#include "table/writer.h"
#include "web/context.h"

typedef struct WebRowsColumn {
    const char *name;  /* for programs */
    const char *words; /* for people: a key of the catalogue */
} WebRowsColumn;

/* One row.  The texts are looked at and not kept. */
typedef struct WebLine {
    const TableCell *cells; /* one a column; a BOOL is "TRUE" or "FALSE" */
    const char *id;         /* in a feed: within the office, as of web_row_id(); never changes */
    const char *title;
    const char *address; /* of the site */
    const char *said;    /* more of it; "" */
    int64_t changed_us;
} WebLine;

typedef struct WebRows WebRows;

/* Where rows go. */
typedef struct WebSink {
    bool has_names;    /* states and choices are told by their names, not in the reader's words */
    const char *after; /* as the query says; NULL: from the first row on */
    int room;          /* how many rows it still takes */
    const char *next;  /* what the next page is behind; NULL: this is the last */

    const WebRows *rows; /* from here on: for rows.c */
    const char *only;    /* id of the one that is asked for; NULL: all are */
    int64_t n_before;    /* rows of the pages before */
    int64_t n_told;
    TableWriter *table;
    JsonWriter *json;
    struct WebFeed *feed;
} WebSink;

struct WebRows {
    const char *name;  /* of the list, for programs: "accounts" */
    const char *words; /* for people, kept */
    const char *file;  /* what a table is called, without its ending; NULL: as `words` */
    const char *query; /* the parameters that it knows, as of web_check_query() */
    const WebRowsColumn *columns;
    size_t n_columns;

    /* Give all rows to @sink, by web_sink_take(), in their order.  One that is paged (is_paged)
     * begins behind `after` itself, gives no more than there is room for, and sets `next`. */
    bool (*read)(const WebContext *context, const void *data, WebSink *sink, GError **error);
    bool is_paged;

    /* A table and JSON in the place of the rows as they are; NULL: those. */
    bool (*write)(const WebContext *context, TableFormat format, const char *path, const void *data,
                  GError **error);
    bool (*json)(WebContext *context, GError **error);

    const void *data;
    bool asks_export; /* tables are for who may take business data out */
};

/* Answer with @rows as the request's ending says.  FORBIDDEN for who may not export; INVALID for
 * parameters that the list does not know; NOT_FOUND for an ending that no list has. */
bool web_rows_send(WebContext *context, const WebRows *rows, GError **error);

/* Answer with the one of @rows whose line has the id @id, as JSON; NOT_FOUND.  The rows are not
 * paged. */
bool web_rows_send_one(WebContext *context, const WebRows *rows, const char *id, GError **error);

/* Give @line to @sink. */
bool web_sink_take(const WebContext *context, WebSink *sink, const WebLine *line, GError **error);

/* Read `after` as a whole number into *@ret_number, which stays where nothing is said; INVALID. */
bool web_sink_after(const WebSink *sink, int64_t *ret_number, GError **error);

/* Return the addresses of the list that the page asked for shows, with each ending that the reader
 * may have (of WebChoice: name is the address, words the ending), kept. */
GPtrArray *web_rows_endings(const WebContext *context, const WebRows *rows);

/* Likewise of the list at @path that is no page of its own, for all who see it. */
GPtrArray *web_rows_endings_at(const WebContext *context, const char *path);

/* Return a cell: of a whole number, of a time (0: empty) in the office's zone, of a day (DATE_NONE:
 * empty), of a yes or no, of a text (NULL: empty; borrowed).  What is made for it is kept. */
TableCell web_cell_number(const WebContext *context, int64_t number);
TableCell web_cell_time(const WebContext *context, int64_t us);
TableCell web_cell_date(const WebContext *context, Date date);
TableCell web_cell_bool(bool is_so);
TableCell web_cell_text(const char *text);

/* Return the id of the row that is @kind @id, kept: "account:12". */
const char *web_row_id(const WebContext *context, const char *kind, int64_t id);

/* Set *@ret_us to when the last event of the object @id (0: of any) was; 0: it has none. */
bool web_changed_last(const WebContext *context, int64_t id, int64_t *ret_us, GError **error);

/* Refuse a query with a parameter that is not among @known, names with a blank between ("f-*": all
 * that begin so): a program whose filter is misspelt would take all for what it asked.  INVALID
 * with the nearest name. */
bool web_check_query(const HttpRequest *request, const char *known, GError **error);

/* ---- a feed, for its template ---------------------------------------------------------------- */

typedef struct WebFeedLine {
    const char *id; /* within the office */
    const char *title;
    const char *address;
    const char *changed; /* RFC 3339 */
    const char *said;
} WebFeedLine;

/* Addresses are whole ones. */
typedef struct WebFeed {
    const char *name; /* of what it tells */
    const char *words;
    const char *office; /* its id */
    const char *author;
    const char *self;
    const char *next; /* NULL: this is the last page */
    const char *page; /* the same for people */
    const char *updated;
    GPtrArray *lines; /* of WebFeedLine */
} WebFeed;
