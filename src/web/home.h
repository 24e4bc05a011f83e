/* The first page: what waits for the reader. */
#pragma once

#include "schema/schema.h"
#include "web/draft.h"
#include "web/view.h"

typedef struct WebTaskLine {
    const char *title;
    const char *said; /* more of it, on a line of its own; NULL: nothing */
    const char *address;
    const char *due;
    const char *due_class;
    int64_t due_us;
} WebTaskLine;

/* How many there are of one sort, with the list of them. */
typedef struct WebTaskCount {
    const char *words;
    const char *count; /* in words */
    const char *address;
} WebTaskCount;

/* One card of the first page. */
typedef struct WebTask {
    const char *words;
    const char *empty; /* what is said when it has no lines */
    bool is_begun;     /* false: nothing is recorded yet, and the next thing is to learn how */
    int64_t n;         /* all there are; the lines are the first of them */
    bool is_more;      /* some of them were not counted further */
    const char *count; /* `n` in words, which say so */
    const char *list;  /* address of all, where they are of one ledger; NULL: see counts */
    GPtrArray *lines;  /* of WebTaskLine */
    GPtrArray *counts; /* of WebTaskCount */
    GPtrArray *later;  /* of WebTaskCount: what has more time, and is not counted in `n` */
} WebTask;

typedef struct WebHome {
    GPtrArray *today;   /* of char*: what day it is, and how much the month still has */
    GPtrArray *ledgers; /* of SchemaLedger: what the reader may record in; empty: nothing */
    bool may_import;
    bool is_fresh;     /* nothing is recorded: the first steps stand in the place of `tasks` */
    GPtrArray *tasks;  /* of WebTask */
    GPtrArray *drafts; /* of WebDraft */
    GPtrArray *draft_endings; /* of WebChoice: the same as a file */
    GPtrArray *views;         /* of WebView */
    GPtrArray *view_endings;
} WebHome;
