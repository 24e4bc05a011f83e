/* How the names of a ledger are spelled in SQL over its typed table: for lists, and for figures at
 * a cut-off.
 *
 * At a cut-off an entry looks as it did at that moment: its state is that of the last step that had
 * happened, a field that a step brings is empty where the step had not happened, a clock that had
 * not been stopped still runs, and a person has the post that was held on its day.  Corrections of
 * fields count whenever they were made.  Of what had happened by then, known_us leaves out the
 * steps that were recorded later.
 *
 * Threading: a spelling belongs to one thread at a time. */
#pragma once

#include "expression/sql.h"
#include "ledger/entry.h"

typedef struct LedgerSpelling {
    const SchemaLedger *ledger;
    const char *alias;     /* of the typed table: "t" */
    int64_t cutoff_us;     /* 0: as things stand */
    int64_t now_us;        /* until when a running clock runs: the cut-off, or the present */
    int64_t known_us;      /* steps recorded later are not known; 0: all are */
    const char *row_alias; /* of the child row whose fields may be named; NULL: none is at hand */
    ExpressionSqlNames names; /* set by ledger_spelling_init(); points back at this struct */
} LedgerSpelling;

/* Make @spelling ready; it must not move afterwards.  known_us is 0 and row_alias NULL until they
 * are set. */
void ledger_spelling_init(LedgerSpelling *spelling, const SchemaLedger *ledger, const char *alias,
                          int64_t cutoff_us, int64_t now_us);

/* Append the SQL of @field, which has a column, as it is at the cut-off: for selecting and sorting.
 */
void ledger_spelling_append_field(const LedgerSpelling *spelling, const SchemaField *field,
                                  ExpressionSql *sql);

/* Append, for a list or rows that a step brings, " AND (…)": that the step had happened. */
void ledger_spelling_append_brought(const LedgerSpelling *spelling, const SchemaField *field,
                                    ExpressionSql *sql);

/* Append the condition that the entry is to be seen: not of a batch that is not done. */
void ledger_spelling_append_visible(const LedgerSpelling *spelling, GString *sql);
