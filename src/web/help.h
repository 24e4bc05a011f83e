/* The handbook as the page shows it. */
#pragma once

#include "web/context.h"

/* A line of its contents. */
typedef struct WebContent {
    const char *anchor; /* "ledger-case" */
    const char *words;
    GPtrArray *below; /* of WebContent */
} WebContent;

/* What a role does here, in a few sentences. */
typedef struct WebDuty {
    const char *role;
    const char *words;
} WebDuty;
