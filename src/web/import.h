/* An import on its way through the browser: the file waits on the server, is checked and imported
 * as work of its own (web/work.h), whose key is the address of its page: only who sent it can open
 * that.
 *
 * Threading: the functions on a context belong to its worker; a WebWaiting is the data of its work.
 */
#pragma once

#include "ledger/import.h"
#include "web/form.h"
#include "web/progress.h"

#define WEB_IMPORT_NO_FIELD "-" /* chosen for a column that bears the name of another */

/* A file on its way in; its folder goes with it. */
typedef struct WebWaiting {
    Office *office; /* borrowed */
    char *ledger;
    char *folder;
    char *path;
    int64_t account;    /* who imports */
    char *from;         /* and from where */
    int default_year;   /* 0: none was said */
    char **mapping;     /* "header=field"; NULL: as proposed */
    char **set;         /* "field=value", of all rows; of those without a value nothing is said yet;
                           NULL: none */
    char **values;      /* "header:value=name": what values of cells mean; NULL: nothing is said */
    char *sheet;        /* as chosen; NULL: as proposed */
    int64_t header;     /* row of the header, as said; 0: as proposed */
    LedgerImport *plan; /* NULL: not checked yet, or it could not be read */
    bool is_changed;    /* what was said of the file is not the plan's any more */
    bool skip_bad;
    bool is_again; /* also what was imported before */
    bool is_new;   /* the rows that the ledger has already are left out */
    int64_t batch; /* that it became; 0: not imported */
} WebWaiting;

/* Keep what the form brings, a file or pasted cells, or the body itself, called `name` in the
 * query, to be imported into @ledger; returns a reference to its work.  INVALID when it brings
 * nothing. */
WebWork *web_import_add(const WebContext *context, const SchemaLedger *ledger, GError **error);

/* Return what people call the imported file @name, kept: pasted cells have no name of their own. */
const char *web_import_name(const WebContext *context, const char *name);

/* Take year, mapping, values and choices from the form; also while nothing is known of the columns
 * yet.  False for a year that is none, or a value that its field does not take, which is noted; all
 * else is taken. */
bool web_import_take_form(const WebContext *context, WebWaiting *waiting);

/* WebWorkFuncs on a WebWaiting: check the rows; import them, after checking anew what has changed.
 */
bool web_import_check(WebWork *work, void *waiting, GError **error);
bool web_import_run(WebWork *work, void *waiting, GError **error);

/* Read the year that the form says into *@ret_year, 0 where it says none; without the field
 * *@ret_year stays.  One that is none, or is to come, is noted (web/fault.h), and false returned:
 * all dates of a file would go into it. */
bool web_import_read_year(const WebContext *context, int *ret_year);

/* Prefix of the ids of the controls for what all rows are given. */
#define WEB_IMPORT_ALL "all"

/* Return whether all rows may be given a value for @field of @plan: one value can fill it, and no
 * column does. */
bool web_import_may_set(const LedgerImport *plan, const SchemaField *field);

/* Return what @waiting gives all rows for @field, "" where that is still to be said; NULL: it gives
 * them nothing. */
const char *web_import_given(const WebWaiting *waiting, const SchemaField *field);

/* Return the field of the control for value @i of @plan, and in *@ret_prefix what its id begins
 * with; both kept. */
const SchemaField *web_import_value_field(const WebContext *context, const LedgerImport *plan,
                                          guint i, const char **ret_prefix);

/* Return the name of the control for column @i, kept. */
const char *web_import_control(const WebContext *context, guint i);

/* Answer, as JSON, with batch @id of @ledger. */
bool web_import_send_batch(WebContext *context, const SchemaLedger *ledger, int64_t id,
                           GError **error);

/* Return what is wrong, @fault, kept; its column stands beside it. */
const char *web_import_fault(const WebContext *context, const LedgerFault *fault);

/* ---- what the page shows --------------------------------------------------------------------- */

/* One column of the file, and where it goes. */
typedef struct WebImportColumn {
    const char *header;
    const char *name;   /* of its control */
    const char *why;    /* why it goes there */
    const char *sample; /* what its first cells hold */
    bool is_double;     /* it bears the name of another: it is to be said what it is */
    GPtrArray *choices; /* of WebChoice: the fields */
} WebImportColumn;

/* A value that names no choice, unit or person. */
typedef struct WebImportValue {
    const char *header;
    const char *text;
    const char *n_rows;
    const char *why;
    const char *label; /* of the control */
    WebField *field;   /* the one that it means */
} WebImportValue;

typedef struct WebImportFault {
    const char *row;
    const char *column;
    const char *reason;
} WebImportFault;

/* A row that is left out. */
typedef struct WebImportLeft {
    const char *row;
    const char *text;
    bool is_data; /* it looks like a record */
} WebImportLeft;

/* An import that was made. */
typedef struct WebBatch {
    const char *id;
    const char *name;
    const char *n_rows;
    const char *state;
    const char *own; /* id of the control for the own password */
    const char *why; /* and for the reason */
    bool is_open;    /* taking it back was refused */
    bool may_undo;
} WebBatch;

typedef struct WebImport {
    const char *address;         /* of the ledger's imports */
    const char *ledger;          /* of the list of entries */
    const char *words;           /* of the ledger */
    const char *file;            /* address of the one that waits; NULL: none yet */
    const char *name;            /* of the file */
    const char *year;            /* completes 5月6日 */
    const WebProgress *progress; /* NULL: nothing is under way */
    bool has_plan;
    int64_t n_rows;
    int64_t n_bad;
    int64_t n_faults;
    int64_t n_written;    /* rows that were imported; 0: none were */
    int64_t batch;        /* that they are; 0: none */
    const char *undone;   /* sentence: who took it back, and when; NULL: nobody did */
    const char *told;     /* the same in a sentence */
    const char *left_out; /* what of the file is left out, in a sentence; NULL: nothing */
    GPtrArray *left;      /* of WebImportLeft: its first rows */
    const char *header;   /* row of the header; NULL: nobody need ask */
    GPtrArray *notes;     /* of const char *: sentences on what nobody sees in the sheet */
    bool has_lost;        /* rows above it look like records */
    bool is_asked;        /* so, or because it names no field: is it the header? */
    GPtrArray *sheets;    /* of WebChoice, where there are several */
    bool is_seen_before;
    bool is_erased_before;
    const char *known;       /* sentence on rows that the ledger has already; NULL: none is */
    GPtrArray *known_rows;   /* of WebImportLeft: the first of them, with their entries */
    bool is_again;           /* as ticked */
    bool is_new;             /* as ticked */
    bool asks_password;      /* before a batch is taken back */
    GPtrArray *columns;      /* of WebImportColumn */
    GPtrArray *given;        /* of WebField: what all rows are given, and have to be */
    GPtrArray *givable;      /* of WebChoice: what they may be given too */
    GPtrArray *values;       /* of WebImportValue */
    const char *values_left; /* sentence on the others; NULL: these are all */
    bool is_lacking;         /* nothing fills what every entry needs */
    bool is_asking; /* something is filled in, or to be filled in, that is to be looked at first */
    GPtrArray *units;   /* of WebName, where something asks for one */
    GPtrArray *people;  /* the same */
    GPtrArray *faults;  /* of WebImportFault: the first */
    const char *more;   /* sentence on the others; NULL: these are all */
    GPtrArray *batches; /* of WebBatch */
    GPtrArray *endings; /* of WebChoice: these as files; NULL: not on this page */
    GPtrArray *works;   /* of WebWorkLine: the reader's own files */
} WebImport;
