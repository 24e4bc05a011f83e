/* The form that records or corrects an entry, as its page shows it. */
#pragma once

#include "web/draft.h"
#include "web/entry.h"

typedef struct WebRecord {
    const SchemaLedger *ledger;
    const LedgerEntry *entry; /* NULL: a new one */
    const char *address;      /* where it is sent */
    const char *version;      /* that it began from; "" for a new one */
    const char *draft;        /* that it goes on with; "" for none */
    const char *saved;        /* when that was saved; "" */
    const LedgerEntry *other; /* the entry as somebody else has left it meanwhile; NULL: not so */
    GPtrArray *fields;        /* of WebField */
    GPtrArray *differences;   /* of WebShown: what another has written meanwhile */
    GPtrArray *drafts;        /* of WebDraft: the reader's other ones of this ledger */
} WebRecord;
