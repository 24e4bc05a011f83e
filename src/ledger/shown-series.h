/* How far the numbers of entries that a file of shown events has are without gaps: in each ledger
 * and year they run 1, 2, 3…, each given by an event, or reserved for an import, which was taken
 * back.  What is not among them is not shown; what comes after the last, only the log tells.
 *
 * Threading: pure. */
#pragma once

#include "log/shown-claim.h"

/* The numbers of one ledger and year. */
typedef struct LedgerShownSeries {
    char *ledger;
    int64_t year;      /* 0 where the numbers have none */
    int64_t last;      /* the greatest that is shown */
    int64_t n_missing; /* how many before it are not */
} LedgerShownSeries;

/* Return the series of which @file has entries, or numbers that were reserved for an import that
 * @claim found taken back (of LedgerShownSeries, by ledger and year); the caller owns it. */
GPtrArray *ledger_shown_series(const LogShownFile *file, const LogShownClaim *claim);
