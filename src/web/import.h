/* An import on its way through the browser: the file waits on the server between the plan and the
 * act, in a folder of its own that its session alone can name. */
#pragma once

#include "ledger/import.h"
#include "web/form.h"

#define WEB_WAITING_SECONDS (24 * 3600) /* then a file that nobody imported is thrown away */

/* One column of the file, and where it goes. */
typedef struct WebImportColumn {
    const char *header;
    const char *name;   /* of its control */
    const char *why;    /* why it goes there */
    const char *sample; /* what its first cells hold */
    GPtrArray *choices; /* of WebChoice: the fields */
} WebImportColumn;

typedef struct WebImportFault {
    const char *row;
    const char *column;
    const char *reason;
} WebImportFault;

/* An import that was made. */
typedef struct WebBatch {
    const char *id;
    const char *name;
    const char *n_rows;
    const char *state;
    bool may_undo;
} WebBatch;

typedef struct WebImport {
    const char *address; /* of this page */
    const char *words;   /* of the ledger */
    const char *fault;
    const char *file; /* which waits; NULL: none yet */
    const char *name; /* of the file */
    const char *year; /* completes 5月6日 */
    int64_t n_rows;
    int64_t n_bad;
    int64_t n_faults;
    bool is_seen_before;
    bool asks_password; /* before a batch is taken back */
    GPtrArray *columns; /* of WebImportColumn */
    GPtrArray *faults;  /* of WebImportFault */
    GPtrArray *batches; /* of WebBatch */
} WebImport;
