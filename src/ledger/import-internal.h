/* What the parts of importing share. */
#pragma once

#include "ledger/import.h"
#include "ledger/input.h"
#include "ledger/prepare.h"
#include "log/record.h"

/* The record of a batch. */
enum {
    LEDGER_BATCH_LEDGER,
    LEDGER_BATCH_NAME,
    LEDGER_BATCH_SHA256,
    LEDGER_BATCH_N_ROWS,
    LEDGER_BATCH_NUMBERS,
    LEDGER_BATCH_STATE,
    LEDGER_BATCH_N_COLUMNS,
};
extern const LogTable ledger_batch_table;

/* What is in LEDGER_BATCH_STATE; migrations and queries have these words too. */
#define LEDGER_BATCH_OPEN "open"
#define LEDGER_BATCH_DONE "done"
#define LEDGER_BATCH_UNDONE "undone"

/* Read ledger and state of @batch, which are the caller's; NOT_FOUND. */
bool ledger_batch_load(StoreConnection *connection, int64_t batch, char **ret_ledger,
                       char **ret_state, GError **error);

/* Set @column of @batch, a text, to @text. */
bool ledger_batch_set(LogWriter *writer, int64_t batch, int column, const char *text,
                      GError **error);

/* Take @batch back, which was never finished: nobody has seen it, so nothing is asked. */
bool ledger_batch_take_back(Office *office, const LogAct *act, int64_t batch, GError **error);

/* Return what the batch of @import is called: the file, and of a workbook with several sheets the
 * one that is read, "book.xlsx/Sheet"; the caller owns it. */
char *ledger_import_batch_name(const LedgerImport *import);

/* Find sheet and header of the file, and note them in @import with what stands beside and above;
 * returns the reader, below the header, which the caller owns.  @hints: NULL allowed.  As
 * ledger_import_plan(). */
TableReader *ledger_import_choose(LedgerImport *import, const LedgerImportHints *hints,
                                  GError **error);

/* Note in @import, whose columns are mapped, whether the header of @reader is one. */
void ledger_import_judge_header(LedgerImport *import, const TableReader *reader);

/* Return the names of the fields of @ledger that a cell can fill, the headers of @mapping (as in
 * LedgerImportHints; NULL allowed) and those of @before (as ledger_import_columns_before(), which
 * must outlive them; NULL allowed); unref it. */
GHashTable *ledger_column_names_new(const SchemaLedger *ledger, const char *const *mapping,
                                    json_t *before);

/* Return how many different fields the names @data know in @row; a TableKnowFunc. */
size_t ledger_column_names_count(const TableRow *row, void *data);

/* Propose which column is which field, from the headers, and where they do not say, from the first
 * rows; @reader stands below its header, also afterwards. */
bool ledger_import_map(LedgerImport *import, TableReader *reader, const char *const *mapping,
                       GError **error);

/* Take the values that @set gives all rows ("field=value", NULL: none) into @import, whose columns
 * are mapped; INVALID, NOT_FOUND. */
bool ledger_import_set(LedgerImport *import, const char *const *set, StoreConnection *connection,
                       int offset_seconds, GError **error);

/* Note in @import, whose columns are mapped, whether @subject, who will import it, has to say of
 * which unit the rows are. */
void ledger_import_ask_unit(LedgerImport *import, const RightsSubject *subject);

/* Return whether all rows of @import are given a value for @field. */
bool ledger_import_is_set(const LedgerImport *import, const SchemaField *field);

/* Return whether @header is @name as headers are compared: without case, width and blanks, and a
 * remark in brackets. */
bool ledger_import_is_named(const char *name, const char *header);

/* Find the columns without a field that name who did a step. */
void ledger_import_map_doers(LedgerImport *import);

/* Refuse @row, from which @prepared was made, where it names one person for two steps that are not
 * for one: INVALID, and *@ret_column names the later.  Without names there is nothing to refuse. */
bool ledger_import_check_doers(const LedgerImport *import, const TableRow *row,
                               const LedgerPrepared *prepared, const LedgerColumn **ret_column,
                               GError **error);

/* Free a LedgerFault. */
void ledger_fault_free(gpointer fault);

/* Return an empty list of LedgerLeftRow; unref it. */
GPtrArray *ledger_left_rows_new(void);

/* Append @row to @rows, of LedgerLeftRow. */
void ledger_left_row_add(GPtrArray *rows, const TableRow *row, bool is_data);

/* Note in @import that @row is no record. */
void ledger_import_add_aside(LedgerImport *import, const TableRow *row);

/* Return whether @row of @reader is no record by the look of it, wherever it stands: totals, the
 * header once more, two who signed, the heading of those below it; or because it is at the foot of
 * @import, or above its first record. */
bool ledger_import_is_aside(const LedgerImport *import, const TableReader *reader,
                            const TableRow *row);

/* Return whether @row, between the header and the first record, explains the columns: it numbers
 * them, shows an example, or says how they are filled in.  What may be a record is none of it. */
bool ledger_import_is_guide(const LedgerImport *import, const TableRow *row);

/* Return whether @row may stand at the foot of a table, a note or who filled it in: its first cell
 * begins with such a word and a colon, and its others have a label too.  A record may look like
 * that, so that only behind the last one is it none. */
bool ledger_import_may_be_foot(const TableRow *row);

/* Find the rows of @reader, below its header before and after, that say the same of everything but
 * the people who took part, and count them in @import: from now on the first of them stands for
 * all.  INVALID where no column of @import fills a field of several people. */
bool ledger_import_gather(LedgerImport *import, TableReader *reader, GError **error);

/* Make @row, as read, one with all people of the rows that it stands for; its cells are good until
 * the next call.  False where another stands for it.  One thread at a time. */
bool ledger_import_take_gathered(const LedgerImport *import, TableRow *row);

/* Free what gathering found; NULL is allowed. */
void ledger_gathering_free(LedgerGathering *gathering);

/* Return whether @column counts the rows: it tells no two of them apart. */
bool ledger_column_is_counter(const LedgerColumn *column);

/* Read the next row that is no aside and stands for itself.  As table_reader_next(). */
bool ledger_import_next(const LedgerImport *import, TableReader *reader, TableRow *ret_row,
                        bool *ret_has_row, GError **error);

/* By which fields a row may be known, the surest first. */
typedef enum LedgerKey {
    LEDGER_KEY_ALL,      /* all that the file fills and that have a column */
    LEDGER_KEY_UNIQUE,   /* those that the ledger calls unique */
    LEDGER_KEY_NUMBERED, /* of these the ones that are no date, and the title: the same number at
                            the source, and a moment that was put right */
    LEDGER_KEY_TITLED,   /* title and day, whose moments, units and people do not speak against it:
                            what else the row says may have come later */
    LEDGER_N_KEYS
} LedgerKey;

/* What tells a row from others: hashes of what it says, 0 where that says nothing. */
typedef struct LedgerMark {
    uint64_t keys[LEDGER_N_KEYS];
    uint64_t lists; /* of the fields without a column */
    uint64_t units;
    uint64_t people; /* of the fields that are one person */
    int64_t seconds; /* when it began, in local time; 0: that is no moment */
    uint64_t beside; /* of the cells that fill no field */
    uint32_t *says;  /* of each field with one; owned; NULL where no entry is to be compared */
    int64_t row;
    int year;
} LedgerMark;

/* Which fields make the marks of an import; the fields are borrowed from its ledger. */
typedef struct LedgerMarker {
    GPtrArray *keys[LEDGER_N_KEYS]; /* of SchemaField, empty where the file does not fill them */
    GPtrArray *lists;               /* of SchemaField, without a column */
    GPtrArray *units;               /* of SchemaField, that the file fills */
    GPtrArray *people;              /* the same: those that are one person */
    int offset_seconds;             /* of the office's zone */
    bool has_entries;               /* the ledger has some, to be compared */
} LedgerMarker;

/* Return what marks the rows of @import, whose columns are mapped; the caller owns it. */
LedgerMarker *ledger_marker_new(const LedgerImport *import, StoreConnection *connection,
                                int offset_seconds, GError **error);
void ledger_marker_free(LedgerMarker *marker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerMarker, ledger_marker_free)

/* Return the mark of @entry, which @row of @import becomes; the caller clears it.  Any thread. */
LedgerMark ledger_marker_mark(const LedgerMarker *marker, const LedgerImport *import,
                              const LedgerEntry *entry, const TableRow *row);

/* Clear a LedgerMark. */
void ledger_mark_clear(gpointer mark);

/* Note in @import which of @marks (of LedgerMark, in the order of the rows) are known; @subject
 * (NULL: anybody) is not told what it may not read. */
bool ledger_marker_find(const LedgerMarker *marker, Office *office, const RightsSubject *subject,
                        LedgerImport *import, const GArray *marks, StoreConnection *connection,
                        GError **error);

/* Return whether @row of @import is known and left out. */
bool ledger_import_is_left(const LedgerImport *import, int64_t row);

/* Check every row of @reader, which stands below its header, as running would, and count in @import
 * what is good and bad; by two threads where another of the store's readers is free.
 *
 * @hints: who hears how far it is, or NULL.  CANCELLED by them. */
bool ledger_import_check(Office *office, LedgerImport *import, const LedgerImportHints *hints,
                         TableReader *reader, StoreConnection *connection, GError **error);

/* Note in @import how far the log goes that @connection sees. */
bool ledger_import_note_size(LedgerImport *import, StoreConnection *connection, GError **error);

/* CONFLICT unless ledger_import_is_current(). */
bool ledger_import_check_current(const LedgerImport *import, StoreConnection *connection,
                                 GError **error);

/* CONFLICT where an entry beside @batch, which @import wrote, came into sight since it was planned
 * and says the same as one of its rows: in the unique fields, or in title and date, where units and
 * people do not speak against it.  Its number is told to @subject where that may read it. */
bool ledger_import_check_beside(const LedgerImport *import, const RightsSubject *subject,
                                StoreConnection *connection, int64_t batch, GError **error);

/* How rows become inputs: which column goes where, and what is looked up. */
typedef struct LedgerRowReader {
    const LedgerImport *import;
    LedgerNames *names;
    int offset_seconds;
    GArray *extra;      /* of guint: the columns, by header */
    bool *are_kept;     /* one a column: what its cell of this row says is kept in `extra` too */
    int64_t n_kept;     /* such cells so far */
    GHashTable *counts; /* of values, as in LedgerImport */
    bool has_names;     /* rows name units or people */
} LedgerRowReader;

/* Make @rows ready to read the rows of @import (both borrowed, as is @names). */
void ledger_row_reader_init(LedgerRowReader *rows, const LedgerImport *import, LedgerNames *names,
                            int offset_seconds);
void ledger_row_reader_clear(LedgerRowReader *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerRowReader, ledger_row_reader_clear)

/* Keep with @batch what is said of the columns of @import and of their values. */
bool ledger_import_remember(const LedgerImport *import, StoreConnection *connection, int64_t batch,
                            GError **error);

/* Read into @import what was said of the last tables of its ledger that are in the books; of a
 * header the latest holds. */
bool ledger_import_recall(LedgerImport *import, StoreConnection *connection, GError **error);

/* Return what was said of columns, header -> name of a field or step, or "" where that was taken
 * back; borrowed. */
json_t *ledger_import_columns_before(const LedgerImport *import);

/* Let the values of @import, whose columns are mapped, mean what they meant, unless it is said. */
void ledger_import_mean_as_before(LedgerImport *import, StoreConnection *connection);

/* Begin, and end, what @import knows of the values of cells. */
void ledger_import_begin_values(LedgerImport *import);
void ledger_import_end_values(LedgerImport *import);

/* Take what @values say ("header:value=name", NULL: nothing) into @import, whose columns are
 * mapped; INVALID. */
bool ledger_import_take_values(LedgerImport *import, const char *const *values,
                               StoreConnection *connection, GError **error);

/* Let @text in column @index mean @name, unless it means something already; @why is static.
 * INVALID. */
bool ledger_import_mean(LedgerImport *import, guint index, const char *text, const char *name,
                        const char *why, LedgerNames *names, GError **error);

/* Return @text of column @index with each value that means another as that; NULL where none does.
 * It is counted.  The caller owns it. */
char *ledger_row_meaning(LedgerRowReader *rows, guint index, const char *text);

/* Count which of the values of @cell, in column @index, are no choice, unit or person. */
void ledger_row_note_unknown(LedgerRowReader *rows, guint index, const TableCell *cell);

/* Add what a LedgerRowReader counted to what @import counts. */
void ledger_import_add_counts(LedgerImport *import, GHashTable *counts);

/* List in @import the values that were counted, with guesses among those that are there on @day. */
bool ledger_import_settle_values(LedgerImport *import, StoreConnection *connection, Date day,
                                 GError **error);

/* Called with each fault of a row; the error is the callee's. */
typedef void (*LedgerFaultFunc)(const TableRow *row, const char *column, GError *fault, void *data);

/* Return what @row says; NULL when a cell is wrong, after telling @func of each. */
LedgerInput *ledger_row_read_input(LedgerRowReader *rows, const TableRow *row, LedgerFaultFunc func,
                                   void *data);

/* Return whether @bracket, the folded text in brackets behind a column's name, leaves the column
 * what its name says: a hint for who fills it in, an example, a unit. */
bool ledger_import_is_remark(const char *bracket);

/* Return the power of ten by which @text multiplies 元: 4 for 万元; -1 where it is no unit of
 * money.
 */
int ledger_import_money_places(const char *text);

/* The same for a line above the header, "单位：万元". */
int ledger_import_line_places(const char *line);

/* The same for the name of a column: by what stands in its brackets, 资金（含税，万元）, or its
 * end, 资金万元. */
int ledger_import_name_places(const char *name);

/* Return the same for each of @n_columns columns, of int, by what the @rows above the header say:
 * the last that says something of a column counts.  The caller owns it. */
GArray *ledger_import_places_above(const TableRow *rows, size_t n_rows, size_t n_columns);

/* Return whether @cell, of a column of @field, holds an amount of a merged range once more, which
 * belongs to the first of its rows alone: it would be counted as often as there are rows. */
bool ledger_import_is_counted_above(const SchemaField *field, const TableCell *cell);
