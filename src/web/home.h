/* The first page: what waits for the reader. */
#pragma once

#include "web/context.h"

typedef struct WebTaskLine {
    const char *title;
    const char *address;
    const char *due;
    const char *due_class;
    int64_t due_us;
} WebTaskLine;

/* One card of the first page. */
typedef struct WebTask {
    const char *words;
    const char *empty; /* what is said when it has no lines */
    int64_t n;         /* all there are; the lines are the first of them */
    GPtrArray *lines;  /* of WebTaskLine */
} WebTask;
