/* The log as pages show it. */
#pragma once

#include "web/context.h"
#include "web/form.h"
#include "web/rows.h"

typedef struct WebEvent {
    const char *seq;
    const char *address;
    const char *when;
    const char *actor; /* as the log writes it */
    const char *by;    /* as people call them */
    const char *kind;
    const char *words;     /* of the kind */
    const char *object;    /* number of an entry, "#12" of anything else */
    const char *called;    /* its name besides; "": none is known */
    const char *of_object; /* address of all events of it */
    const char *line;      /* as hashed */
    const char *proof;     /* that it is in the newest checkpoint; NULL: it is younger */
    const char *why_not;   /* why there is no proof */
    const char *save;      /* address of the proof as a file */
} WebEvent;

typedef struct WebLog {
    const char *size;
    const char *root; /* hex */
    const char *checkpoint;
    const char *key; /* that checks it */

    const char *kind; /* what is asked for, as typed; "" for nothing */
    const char *who;
    const char *object;
    const char *from;
    const char *to;
    bool is_filtered;
    const char *fault; /* what is wrong with it; NULL: nothing */
    GPtrArray *kinds;  /* of WebChoice */

    const char *older;  /* address; NULL: there are none */
    const char *newest; /* of the first page; NULL: this is it */
    GPtrArray *endings; /* of WebChoice: the same events as files */
    GPtrArray *events;  /* of WebEvent, the newest first */
} WebLog;
