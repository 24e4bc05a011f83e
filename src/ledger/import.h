/* Imports: from a spreadsheet to entries, all or nothing, and back.
 *
 * plan    read the whole file once: propose which column is which field (by the field's name, words
 * and aliases, then by content), and check every row: each fault is kept with row, column and
 * reason.  Nothing is written. run     read it again and write the rows.  A file of at most
 * LEDGER_IMPORT_ONE_GO rows is one transaction.  A larger one goes in chunks as a hidden batch: its
 * numbers are reserved first, each chunk is a transaction, and the event "batch.done" makes it
 * visible in one go; a run that dies leaves a hidden batch, whose numbers the next writing open
 * makes void. undo    the event "batch.undo" hides it and voids its numbers; then its rows are
 * removed in chunks.
 *
 * A row that fills a step's `at` field brings that step with it: it is done at that time.  Columns
 * without a field are kept in the entry's `extra` under their own names. */
#pragma once

#include "ledger/entry.h"
#include "table/reader.h"

#define LEDGER_IMPORT_ONE_GO 2000
#define LEDGER_IMPORT_MAX_FAULTS 1000

/* Where one column goes. */
typedef struct LedgerColumn {
    char *header;
    const SchemaField *field; /* NULL: no field: kept in `extra` */
    char *why;                /* "name", "alias", "content", "given" */
} LedgerColumn;

typedef struct LedgerFault {
    int64_t row;  /* row of the spreadsheet, 1 is the first line */
    char *column; /* header; NULL: the row as a whole */
    char *reason;
} LedgerFault;

typedef struct LedgerImport {
    const SchemaLedger *ledger;
    char *path;
    char sha256[65];
    int64_t n_rows;      /* data rows */
    int64_t n_bad;       /* rows with a fault */
    GPtrArray *columns;  /* of LedgerColumn, one a column of the file */
    GPtrArray *faults;   /* of LedgerFault, at most LEDGER_IMPORT_MAX_FAULTS */
    int64_t n_faults;    /* all */
    GHashTable *years;   /* int year -> int64_t* number of rows: what numbers are needed */
    bool is_seen_before; /* this very file is in a done batch already */
} LedgerImport;

/* Plan the import of @path into @ledger.  @mapping: NULL-terminated "header=field" (an empty field:
 * ignore) that override the proposal; NULL: none.  INVALID for a file that cannot be read as a
 * table, or a mapping to an unknown field. */
LedgerImport *ledger_import_plan(Office *office, const SchemaLedger *ledger, const char *path,
                                 const char *const *mapping, GError **error);
void ledger_import_free(LedgerImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerImport, ledger_import_free)

/* Called now and then with the rows done so far; false cancels (CANCELLED; what was written is
 * hidden and void). */
typedef bool (*LedgerProgress)(int64_t n_done, int64_t n_total, void *data);

/* Write it.  @skip_bad: leave bad rows out; else INVALID when there is any.  *@ret_batch is the
 * batch. */
bool ledger_import_run(Office *office, const RightsSubject *subject, const LogAct *act,
                       LedgerImport *import, bool skip_bad, LedgerProgress progress, void *data,
                       int64_t *ret_batch, GError **error);

/* Undo batch @batch.  CONFLICT names the entries that were changed since; @force undoes them too.
 */
bool ledger_import_undo(Office *office, const RightsSubject *subject, const LogAct *act,
                        int64_t batch, bool force, GError **error);
