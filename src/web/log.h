/* The log as pages show it. */
#pragma once

#include "web/context.h"

typedef struct WebEvent {
    const char *seq;
    const char *address;
    const char *when;
    const char *actor; /* as the log writes it */
    const char *by;    /* as people call them */
    const char *kind;
    const char *object;
    const char *line;    /* as hashed */
    const char *proof;   /* that it is in the newest checkpoint; NULL: it is younger */
    const char *why_not; /* why there is no proof */
} WebEvent;

typedef struct WebLog {
    const char *size;
    const char *root; /* hex */
    const char *checkpoint;
    const char *key;   /* that checks it */
    const char *older; /* address; NULL: there are none */
    const char *newer;
    GPtrArray *events; /* of WebEvent, the newest first */
} WebLog;
