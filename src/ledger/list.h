/* Lists of entries: filter, sort, page by key.
 *
 * A filter is an expression in the ledger's scope; sorting is by one declared column (`list:`),
 * `opened`, `due`, `state` or `recorded` (the order of writing down, the default), a closed set of
 * values in its own order (ledger/list-order.h), the empty last both ways; then by id, so
 * that a page's last row is the key of the next: the same cost at any depth. Rights are part of the
 * query (rights_predicate), hidden batches are left out.  A filter by a personal field
 * shows only entries whose personal fields the subject may see, and is a look at each that it finds
 * (PIPL art. 51; event "entry.look").
 *
 * Threading: on the thread of the connection that is given. */
#pragma once

#include "ledger/entry.h"

#define LEDGER_MAX_PAGE 1000 /* entries */

typedef struct LedgerQuery {
    const SchemaLedger *ledger;
    const Expression *filter; /* NULL: all */
    const GArray *units;      /* of int64_t: only entries of these units; NULL: of any */
    bool is_mine;             /* only what the subject recorded, or what names its person */
    const char *sort;         /* name of the column; NULL: recorded */
    bool is_descending;
    const char *after;       /* key of the last row seen; NULL: from the start */
    int limit;               /* 1 … LEDGER_MAX_PAGE */
    const GPtrArray *fields; /* of SchemaField*: those that are read, lists and child rows too;
                                NULL: all with a column */
    bool is_brief;           /* of the system's columns only what rows of lists say is read
                                (LEDGER_SYSTEM_IN_LIST) */
    const LogAct *act;       /* who looks; NULL: a filter by a personal field is refused */
} LedgerQuery;

/* One page. */
typedef struct LedgerPage {
    GPtrArray *entries; /* of LedgerEntry; fields that were not read are empty */
    char *next;         /* key for the next page; NULL: this was the last */
    bool is_look;       /* what is found tells of personal fields */
} LedgerPage;

/* Return whether what @filter (NULL: none) finds tells of personal fields. */
bool ledger_filter_is_personal(const Expression *filter);

/* Return the page of @query as far as @subject may see it; the caller owns it.  What the filter
 * tells of personal fields is noted in the log before.  INVALID for a filter or order that cannot
 * be; FORBIDDEN for a filter by personal fields where the subject may see nobody's: an empty list
 * would say that there is nothing. */
LedgerPage *ledger_list(Office *office, StoreConnection *connection, const RightsSubject *subject,
                        const LedgerQuery *query, GError **error);

/* Set *@ret_n to how many entries @query finds for @subject, counting no further than @most; after
 * and limit are not looked at, and sort says only which way is walked. */
bool ledger_list_count(Office *office, StoreConnection *connection, const RightsSubject *subject,
                       const LedgerQuery *query, int most, int *ret_n, GError **error);
void ledger_page_free(LedgerPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerPage, ledger_page_free)

/* Set *@ret_oldest and *@ret_newest to the earliest and the latest year of a number of @ledger
 * (NULL: of any of @schema) whose entry stands: what was deleted, or taken back with its import, is
 * no record of that year.  0 where there is none. */
bool ledger_years(StoreConnection *connection, const Schema *schema, const SchemaLedger *ledger,
                  int *ret_oldest, int *ret_newest, GError **error);
