/* The form that records or corrects an entry, as its page shows it. */
#pragma once

#include "ledger/since.h"
#include "web/draft.h"
#include "web/entry.h"

/* A field that was changed meanwhile, and stands otherwise in the form. */
typedef struct WebDifference {
    const char *name; /* of its control */
    const char *words;
    const char *now;   /* as it stands */
    const char *typed; /* as the form has it */
    const char *who;   /* changed it */
    const char *when;
} WebDifference;

typedef struct WebRecord {
    const SchemaLedger *ledger;
    const LedgerEntry *entry; /* NULL: a new one */
    const char *address;      /* where it is sent */
    const char *back;         /* of the page that it belongs to */
    const char *version;      /* that it began from; "" for a new one */
    const char *draft;        /* that it goes on with; "" for none */
    const char *saved;        /* when that was saved; "" */
    bool takes_files;         /* papers may be attached to it once it is recorded */
    bool with_personal;       /* it holds what is personal, and the look is noted */
    const char *left_out;     /* says which personal fields it does not hold; NULL: it holds all */
    const char *too_long;     /* says which tables are longer than a form; NULL: none */
    const char *seen;         /* the version that it first began from; "" without a conflict */
    const GPtrArray *since;   /* of LedgerSince: what was changed since; NULL: no conflict */
    GPtrArray *fields;        /* of WebField */
    GPtrArray *differences;   /* of WebDifference */
    GPtrArray *drafts;        /* of WebDraft: the reader's other ones for it */
} WebRecord;
