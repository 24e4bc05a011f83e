/* A page of entries as they stand in the tables, for verification.
 *
 * Threading: a page belongs to one thread at a time. */
#pragma once

#include "ledger/row.h"

/* One entry as it stands. */
typedef struct LedgerStanding {
    LedgerEntry *entry; /* what table entry says, and the typed row if there is one; its
                         lists are those of the links */
    char *ledger;       /* as table entry spells it */
    bool has_row;       /* of the typed table */
    bool is_torn;       /* batch of the typed row, or the numbering of child rows, is wrong */
    GPtrArray *steps;   /* of LedgerStep; NULL: none */
    GHashTable
        *links; /* field -> GString: a line each, by ledger_standing_add_link(); NULL: none */
} LedgerStanding;

/* Return a standing without anything but the name of its ledger; the caller owns it. */
LedgerStanding *ledger_standing_new(const char *ledger);
void ledger_standing_free(LedgerStanding *standing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerStanding, ledger_standing_free)

/* Return an empty table of links: the name of a field to its lines; the caller owns it. */
GHashTable *ledger_links_new(void);

/* Append a link, in order; what is equal is spelled alike. */
void ledger_standing_add_link(GHashTable *links, const char *field, int64_t n, const char *kind,
                              int64_t target, const char *choice);

/* Read the entries with @after < id <= @until.
 *
 * @tables: of LedgerTable, those of all ledgers.
 * Returns id (int64_t *) -> LedgerStanding; the caller owns it. */
GHashTable *ledger_page_read(StoreConnection *connection, const GPtrArray *tables, int64_t after,
                             int64_t until, GError **error);
