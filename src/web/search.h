/* The search: entries by number or words, across the ledgers that the reader may see.
 *
 * Each ledger is asked as its list is (web/list.h, `q`), the newest first.  Two characters will do:
 * there is no index of words, the texts themselves are looked through (`anywhere` of
 * docs/expressions.md), and a ledger is left as soon as it gave what is shown of it.  Personal
 * fields are not looked through. */
#pragma once

#include "web/list.h"

#define WEB_SEARCH_SHOWN 6   /* entries of a ledger; the rest is in its list */
#define WEB_SEARCH_AROUND 24 /* characters shown before and behind a word that was found */

typedef struct WebFound {
    const char *number;
    const char *title;
    const char *state;
    const char *opened;
    const char *address;
    const char
        *field; /* where its title and number lack a word, the field that has it; else NULL */
    const char *field_name;             /* the same for programs */
    const char *before, *match, *after; /* the place in that field */
} WebFound;

/* What one ledger gave. */
typedef struct WebFoundGroup {
    const char *words;
    const char *address; /* of its list with the same search */
    GPtrArray *found;    /* of WebFound */
    bool has_more;
} WebFoundGroup;
