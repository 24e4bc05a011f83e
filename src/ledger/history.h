/* What happened to an entry, in words: its events as people read them.
 *
 * Threading: reads over the connection given; the result belongs to one thread at a time. */
#pragma once

#include "ledger/entry.h"

/* What a field became. */
typedef struct LedgerPastField {
    char *name;  /* as the event has it; NULL: a file that a rule asked for */
    char *label; /* its words; NULL: said beside the fields, such as a comment */
    char *text;  /* "" where it was emptied; where it is hidden, why */
    bool is_hidden;
} LedgerPastField;

/* One event. */
typedef struct LedgerPast {
    int64_t seq;
    int64_t at_us;
    int64_t happened_us; /* of a step: when that happened, which may be before; 0: no step */
    char *actor;         /* as the log writes it */
    char *words;         /* "step done: answered" */
    bool is_forgotten;   /* it had fields, and their keys are gone */
    GPtrArray *fields;   /* of LedgerPastField */
    GArray *moved;       /* of int64_t: which steps (LedgerStep.n) it corrected the time of */
} LedgerPast;

/* Return the events of @entry in order (of LedgerPast), in @language; the caller owns it.
 *
 * A field that the pack has taken away since, or rows with a column that it has, is told by its
 * name.  What it held is hidden without @with_personal, as nobody knows whether it was personal,
 * also where the pack has another field of that name today.  What was personal when it was written
 * is hidden like what is today.
 *
 * @with_personal: personal fields too; the caller has asked for the right and noted the look. */
GPtrArray *ledger_history(Office *office, StoreConnection *connection, const LedgerEntry *entry,
                          LedgerNames *names, bool with_personal, const char *language,
                          GError **error);

/* Return the fields of the entry @id of @ledger as its events left them, also where it was taken
 * out of the books; what was forgotten of it is empty.  Nothing else of it is read.  The caller
 * owns it.
 */
LedgerEntry *ledger_history_last(StoreConnection *connection, const SchemaLedger *ledger,
                                 int64_t id, GError **error);
