/* The log as pages show it. */
#pragma once

#include "web/context.h"
#include "web/form.h"
#include "web/rows.h"

/* What an event says in clear. */
typedef struct WebEventSaid {
    const char *name; /* "step.name" */
    const char *value;
} WebEventSaid;

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
    const char *save;      /* address of the event with its proof, as a file */

    /* Of one event's page alone. */
    const char *happened; /* when, as who recorded the step says; NULL: it is no step */
    GPtrArray *says;      /* of WebEventSaid: its data, in the order of the line */
    const char *before;   /* address of the event before; NULL: it is the first */
    const char *after;    /* of the next one; NULL: it is the last */
    const char *key;      /* that checks the proof */
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
