/* Imports (导入): from a spreadsheet to entries, all or nothing, and back.
 *
 *   plan  reads the whole file once: proposes which column is which field (by the field's name,
 *         words and aliases, then by content), and checks every row; each fault is kept with row,
 *         column and reason.  Nothing is written.
 *   run   reads it again and writes the rows.  A file of at most LEDGER_IMPORT_ONE_GO rows is one
 *         transaction.  A larger one is a hidden batch: the event "batch.add" says which numbers
 *         are reserved for it, each chunk of rows is a transaction, and the event "batch.change"
 *         that sets its state to "done" makes it visible in one go.  A run that dies leaves a
 *         hidden batch, which ledger_import_recover() undoes.
 *   undo  the event that sets the state to "undone" hides the batch and makes its numbers void;
 *         then its rows are removed in chunks.  It goes round no rule for taking an entry out.
 *
 * A row that fills a step's `at` field brings that step with it: it is done at that time, and
 * recorded by who imports, who need not have its roles.  Where columns name who did the steps
 * (`who`), one whose names do what `not_by` keeps apart is bad; a row without names says nothing of
 * it.  What else a step brings is a fault of its row where that field is empty.  Columns without
 * a field are kept in the entry's `extra` under their own headers.
 *
 * Where a cell names no choice, unit or person, the plan counts how often its text is there,
 * guesses which one it may mean, and takes it for the one that the caller says (`values`): the text
 * is kept in `extra` then.
 *
 * What was said of the columns and values of a table is kept with its batch, and holds for later
 * ones of the ledger whose headers are the same, unless the caller says something else.
 *
 * The header is the row whose names are those of fields (table_guess_header()), on the first sheet,
 * not hidden, that has one.  Nothing of a file is left out in silence: the plan names the rows
 * above the header, those that are no records (totals, who filled it in, headings, the header once
 * more, what explains it), the other sheets, hidden ones too.  A note, or one who signed, is no
 * record only below the last that is one: a request may well be called "说明：…".  Where rows above
 * look like records, where no column's name is known, or where another sheet holds the like,
 * running refuses until the caller says which row and which sheet it is (LedgerImportHints).
 *
 * Rows of which each is one person's part in the same thing are counted (n_sharing), and become one
 * entry each, unless the caller has them gathered: those that agree in every other cell are then
 * one row, the first of them, with all people.
 *
 * A row that the ledger holds already is told of too, as a table that grows from month to month, or
 * one whose bad rows were mended, brings most of its rows again.  It is one that says the same as
 * an entry in all fields that the file fills; or in all that the ledger calls `unique`, or in those
 * of them that are no date and the title, or in title, day and units: where one says the day alone
 * and the other the hour too, or one names no unit, they are the same.  An entry makes one row
 * known that says quite the same, not two.  A row above that is alike in the unique fields, or in
 * all cells but a running number, makes one known as well, unless the ledger has several such
 * entries already: then they are meant.  So does an entry that says the same in all or in the
 * unique fields and was taken out of the books: it does not come back by itself.  The order of
 * people, choices and child rows says nothing. Where a known row says something that the entry does
 * not (the answer that came since), the plan tells in which fields: nothing is taken over into the
 * entry.  The caller says whether known rows are to come again or to be left out
 * (ledger_import_leave_known()).
 *
 * Threading: an import belongs to one thread at a time; planning and running it use others. */
#pragma once

#include "base/crypto.h"
#include "base/json.h"
#include "ledger/entry.h"
#include "table/reader.h"

#define LEDGER_IMPORT_ONE_GO 2000
#define LEDGER_IMPORT_MAX_FAULTS 1000
#define LEDGER_IMPORT_MAX_ASIDES 20
#define LEDGER_IMPORT_MAX_VALUES 50  /* that name no choice, unit or person */
#define LEDGER_IMPORT_MAX_SHEETS 40  /* looked at for a header */
#define LEDGER_IMPORT_TELL_ROWS 1000 /* a plan tells how far it is after so many */

/* Rows that say the same of everything but the people who took part (import-internal.h). */
typedef struct LedgerGathering LedgerGathering;

/* Where one column goes. */
typedef struct LedgerColumn {
    char *header;
    const SchemaField *field; /* NULL: no field: kept in `extra` */
    const SchemaStep *step;   /* the cells, kept in `extra`, name who did it; NULL: of no step */
    char *why;  /* "name", "alias", "content", "given", "before": as was said of the last table with
                   such a header; of a column without a field NULL, "given", "doer": by its header it
                   says who did a step, or "double": it has the very header of a column that fills a
                   field */
    int places; /* of a money field: its cells are in 10^places 元, as 万元 says */
    bool is_day; /* its cells look like days, or days with a time */
} LedgerColumn;

/* A column that may be the field which another fills. */
typedef struct LedgerRival {
    const LedgerColumn *taken; /* borrowed from the import, as is */
    const LedgerColumn *other;
    bool is_equal; /* neither has the field's own name, both have another of its names */
} LedgerRival;

/* Return where @column goes, as "header=field" of a mapping has it: the field, the step that it
 * names the doer of, "" for neither; borrowed. */
const char *ledger_column_target(const LedgerColumn *column);

/* Return the words, a key of the catalogue, of @why, as LedgerColumn and LedgerCellValue have it;
 * "" where there is nothing to say. */
const char *ledger_import_why_words(const char *why);

/* Say why @column goes there, and what its cells are multiplied by: "by its name ×10000"; "" where
 * there is nothing to say; the caller owns it. */
char *ledger_column_say_why(const LedgerColumn *column, const char *language);

/* A value that every row gets. */
typedef struct LedgerSetField {
    const SchemaField *field; /* borrowed */
    char *text;               /* as typed */
} LedgerSetField;

/* A value of a column of choices, units or people that names none of them, or was said to mean one.
 */
typedef struct LedgerCellValue {
    const LedgerColumn *column; /* borrowed from the import */
    char *text;                 /* as it stands in cells; of a list of them one */
    int64_t n_rows;             /* that hold it */
    char *name; /* which it means, as was said; "": none, so that its rows are bad; NULL: nobody
                   said it */
    const char *why; /* of that: "given", "before", NULL */
    char *guess; /* the only one whose words hold the text, or stand in it; NULL: there is none */
} LedgerCellValue;

typedef struct LedgerFault {
    int64_t row;   /* line of the file (csv) or row of the sheet (xlsx) on which it begins */
    char *column;  /* header; NULL: the row as a whole */
    GError *error; /* the reason */
} LedgerFault;

/* A row that is not imported and no fault: it stands above the header, or is no record. */
typedef struct LedgerLeftRow {
    int64_t row;
    char *text;   /* its cells, cut */
    bool is_data; /* it looks like a record */
} LedgerLeftRow;

/* A good row that is known: the ledger holds it, or the file itself, above it. */
typedef struct LedgerKnownRow {
    int64_t row;
    int year;           /* of the number that it would have */
    char *number;       /* of the entry; NULL: a row above it says the same, or it is_hidden */
    bool is_hidden;     /* that entry is not for who imports to read */
    int64_t above;      /* which; 0: none */
    bool is_gone;       /* that entry was taken out of the books */
    GPtrArray *differs; /* of const SchemaField: where the row says something that the entry does
                           not say, personal ones aside; NULL: nowhere */
} LedgerKnownRow;

/* Another sheet of the workbook that holds rows. */
typedef struct LedgerSheet {
    char *name;
    bool is_alike; /* with columns of this ledger */
    bool is_hidden;
} LedgerSheet;

typedef struct LedgerImport {
    const SchemaLedger *ledger; /* borrowed */
    char *path;
    char sha256[CRYPTO_HEX_SIZE];
    char *sheet;          /* that is read; NULL: the file has none */
    GPtrArray *sheets;    /* of LedgerSheet: the others */
    int n_unseen;         /* sheets behind the first LEDGER_IMPORT_MAX_SHEETS */
    int64_t header;       /* row of the header */
    bool is_header_known; /* it names fields, or the caller said that it is the header */
    GPtrArray *above;     /* of LedgerLeftRow, the first rows above it */
    int64_t n_above;      /* all */
    GArray *places_above; /* of int, by column: the power of ten that they say; -1: none */
    GPtrArray *asides;    /* of LedgerLeftRow, at most LEDGER_IMPORT_MAX_ASIDES */
    int64_t n_asides;     /* all */
    int64_t
        other_header; /* first row below the header that names fields, in other columns; 0: none */
    int64_t first; /* row of the first record, below what explains the columns; 0: not known yet */
    int64_t foot;  /* row from which on none is a record: notes, signatures; 0: there is none */
    bool is_header_given, is_sheet_given; /* by the caller */
    int64_t n_rows;                       /* data rows */
    int64_t n_hidden;                     /* of them, that the sheet hides */
    int64_t n_kept;   /* cells that say more than their field takes: an hour beside a day, a remark
                         behind a name, lines of what is one line; the whole is kept in `extra` too
                       */
    int64_t n_merged; /* amounts of merged cells in the rows below the first */
    LedgerGathering *gathering; /* NULL: each row stands for itself */
    int64_t n_gathered;         /* rows of which several stand for one thing */
    int64_t n_gatherings;       /* these; n_rows counts each once */
    int64_t n_bad;              /* rows with a fault */
    GArray *bad;                /* of int64_t, all: which */
    GArray *known;              /* of LedgerKnownRow, all, by row */
    guint n_differing;          /* of them: those that say something else */
    guint n_repeated;           /* of them: those that say what a row above says */
    guint n_sharing; /* good rows that have title, day and units of others, not all the rest, in a
                        ledger of what people take part in */
    guint n_shared;  /* how many different titles, days and units these are */
    bool is_leaving_known; /* they are not imported */
    GPtrArray *columns;    /* of LedgerColumn, one a column of the file */
    GPtrArray *faults;     /* of LedgerFault, at most LEDGER_IMPORT_MAX_FAULTS */
    int64_t n_faults;      /* all */
    json_t *before;        /* what was said of earlier tables (import-recall.c) */
    GHashTable *meanings;  /* of values, as said (import-value.c) */
    GHashTable *counts;    /* how often there are such values */
    GPtrArray *values;     /* of LedgerCellValue, the most frequent first; of those of which nobody
                              said what they mean, at most LEDGER_IMPORT_MAX_VALUES */
    int64_t n_values_left; /* the others */
    GTree *missing_units;  /* names of units that there are not, in cells or given; sorted */
    GTree *missing_people; /* the same of people */
    GPtrArray *set;        /* of LedgerSetField: what the caller gives all rows */
    GTree *years;          /* year -> number of good rows: which numbers are needed */
    int default_year;      /* completes 5月6日; 0: such a date is a fault */
    int64_t size;          /* of the log when the ledger was looked at */
    bool is_for_subject;   /* the caller said who will import it */
    bool needs_unit; /* who imports may not do so without a unit, and nothing says it of the rows */
    bool is_seen_before;   /* this very sheet of this very file is in a done batch already */
    int64_t erased_before; /* batch of this very file that was taken back and erased; 0: none */
    int64_t n_erased;      /* entries of the ledger that were taken out of the books and erased: no
                              row can be known by them */
} LedgerImport;

/* Called now and then with the rows done so far, of @n_total (0: not known); false cancels. */
typedef bool (*LedgerProgress)(int64_t n_done, int64_t n_total, void *data);

/* What the caller knows better than the file says, and how it hears how far the plan is. */
typedef struct LedgerImportHints {
    const char *const *mapping; /* NULL-terminated "header=field" ("header=": no field); NULL */
    const char *const *set;     /* NULL-terminated "field=value", of all rows; NULL */
    const char *const *values;  /* NULL-terminated "header:value=name": which choice, unit or person
                                   the value of a cell means, "" none; NULL */
    int default_year;           /* 0: none */
    const char *sheet;          /* name of the one to read; NULL: the first that is like it */
    int64_t header;             /* row of the header; 0: the one that is like it */
    bool gathers; /* rows that say the same of everything but the people who took part, in the first
                     column of a field of several, are one, with all of them */
    const RightsSubject
        *subject;            /* who will import it: rows that it may not are bad; NULL: anybody */
    LedgerProgress progress; /* NULL: nobody listens */
    void *data;
} LedgerImportHints;

/* Plan the import of @path into @ledger.
 *
 * @hints: NULL: none.
 * @error: INVALID for a file that cannot be read as a table, a mapping to an unknown column or
 * field, a value for all rows that its field does not take or that a column fills, a meaning that
 * is none; NOT_FOUND for a
 * sheet or a header that is not there; CANCELLED by the progress of @hints; else as
 * table_reader_open(). */
LedgerImport *ledger_import_plan(Office *office, const SchemaLedger *ledger, const char *path,
                                 const LedgerImportHints *hints, GError **error);
void ledger_import_free(LedgerImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerImport, ledger_import_free)

/* Return whether it is clear what of the file is to be imported.  INVALID when rows above the
 * header look like records, when the header names no field, when it names one twice, when a row
 * below it names fields as a header does, when nothing fills a field that every entry needs, or
 * when other sheets hold columns of the ledger too, and the caller said nothing of it. */
bool ledger_import_check_clear(const LedgerImport *import, GError **error);

/* Return the first column whose header is that of another that fills a field; NULL: none. */
const LedgerColumn *ledger_import_double(const LedgerImport *import);

/* Return the columns of days that may be the field which another fills, unless the caller said
 * which it is (of LedgerRival); unref it. */
GPtrArray *ledger_import_rivals(const LedgerImport *import);

/* Return whether the spreadsheet that @entry came from names @person ("张三#12") for @step, under a
 * header that says who did it.  The name alone is the person too. */
bool ledger_import_names_doer(const LedgerEntry *entry, const SchemaStep *step, const char *person);

/* Return the field into which the people go who took part in what an entry of @ledger is; NULL
 * where it has none. */
const SchemaField *ledger_import_gathering(const SchemaLedger *ledger);

/* Return how many of the rows above the header look like records; 0 when the caller named it. */
int64_t ledger_import_lost(const LedgerImport *import);

/* Return the fields (of SchemaField, borrowed) that an entry of who imports cannot be without and
 * that nothing fills, neither a column nor a value for all rows; unref it.  That they lack them is
 * no fault of the rows. */
GPtrArray *ledger_import_unfilled(const LedgerImport *import);

/* Set *@ret_one, which borrows from @field, to a field of one of the choices, units or people that
 * @field takes; false where it takes none, or is NULL. */
bool ledger_import_one_of(const SchemaField *field, SchemaField *ret_one);

/* Return whether what a value means is guessed and was not said yet. */
bool ledger_import_has_guess(const LedgerImport *import);

/* Let running leave out the rows of @import that are known. */
void ledger_import_leave_known(LedgerImport *import);

/* Say in *@ret_is_current whether the ledger holds what it held when @import was planned: whether
 * nothing was recorded, corrected, taken out or imported since.  Running refuses else. */
bool ledger_import_is_current(const LedgerImport *import, StoreConnection *connection,
                              bool *ret_is_current, GError **error);

/* Return how many rows running writes: the good ones, without those that it leaves out. */
int64_t ledger_import_n_taken(const LedgerImport *import);

/* Open the rows of @import, below its header; the caller owns the reader.  As table_reader_open().
 */
TableReader *ledger_import_open_rows(const LedgerImport *import, GError **error);

/* Write it.
 *
 * @skip_bad: leave bad rows out.  @progress: NULL allowed.  *@ret_batch is the batch.
 * @error: INVALID    there are bad rows, or nothing but bad rows; or as
 *                    ledger_import_check_clear()
 *         CONFLICT   the file is not the one that was planned, or the ledger not the one that was
 *                    looked at (ledger_import_is_current()); while a large file is written, only
 *                    an entry that comes and says the same as a row is in its way
 *         FORBIDDEN  without the right to import into the unit of a row
 *         CANCELLED  by @progress
 * On any error nothing of it is to be seen, and its numbers are void. */
bool ledger_import_run(Office *office, const RightsSubject *subject, const LogAct *act,
                       LedgerImport *import, bool skip_bad, LedgerProgress progress, void *data,
                       int64_t *ret_batch, GError **error);

/* Undo batch @batch.
 *
 * @force: also where something was done to its entries since, be it a step, a file, a comment.
 * Each of these is taken out of the books by itself, with the reason of @act, as
 * ledger_entry_delete() does.
 * @error: NOT_FOUND; EXISTS when it is undone already; CONFLICT names entries that were changed
 * since, or one that entries outside of it refer to, or says that it is still being written;
 * INVALID about "why" without a reason where @force takes something out; FORBIDDEN without the
 * right to take each of its entries out of the books, as it stands now. */
bool ledger_import_undo(Office *office, const RightsSubject *subject, const LogAct *act,
                        int64_t batch, bool force, GError **error);

/* What was erased of an import. */
typedef struct LedgerForgotten {
    int64_t n_entries; /* what they held */
    GPtrArray *files;  /* of char*, owned: names of the files that were removed */
    int64_t n_kept;    /* files that something else uses */
} LedgerForgotten;
void ledger_forgotten_clear(LedgerForgotten *forgotten);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerForgotten, ledger_forgotten_clear)

/* Erase what the entries of batch @batch held, which is undone: their values and the keys of their
 * events, as ledger_entry_erase() does for one (个人信息保护法 art. 47), the files that were
 * attached to them and that nothing else uses, with their names, and the name of the spreadsheet.
 * What was erased before is passed over, so that one that was cut short goes on where it was.
 *
 * *@ret_forgotten: the caller clears it, also after an error: what was forgotten until then is.
 * @error: NOT_FOUND; CONFLICT when it is not undone; FORBIDDEN without entry.erase */
bool ledger_import_erase(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t batch, LedgerForgotten *ret_forgotten, GError **error);

/* Undo batches that were never finished, and remove what an undo that died left over.  Called by
 * who opens an office for writing; does nothing where there is none. */
bool ledger_import_recover(Office *office, const LogAct *act, GError **error);

#define LEDGER_BATCH_ERASED "-" /* in the place of a name */

/* One import that was made. */
typedef struct LedgerBatch {
    int64_t id;
    char *ledger;
    char *name; /* of the file; LEDGER_BATCH_ERASED: it was erased */
    char *sha256;
    int64_t n_rows;
    char *state;       /* "open", "done", "undone" */
    char *undone_by;   /* actor who took it back; NULL: nobody did */
    int64_t undone_us; /* and when */
} LedgerBatch;

/* Return the imports, newest first (of LedgerBatch); the caller owns it. */
GPtrArray *ledger_import_list(StoreConnection *connection, GError **error);
