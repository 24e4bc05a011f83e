/* The system's columns of an entry: what it has beside its fields and its id.
 *
 * One table says where each lies in a LedgerEntry, in which tables of the store, and whether events
 * say it; the rows' SQL, their reading and writing, the events and their verification walk it, so
 * that no order of columns is written down twice.
 *
 * Threading: static. */
#pragma once

#include "ledger/entry.h"

/* How a column lies in a LedgerEntry, and what there is where it is empty. */
typedef enum LedgerSystemKind {
    LEDGER_SYSTEM_INT,      /* int64_t */
    LEDGER_SYSTEM_OPTIONAL, /* int64_t, 0 is NULL in the store */
    LEDGER_SYSTEM_BOOL,     /* bool, 0 or 1 in the store */
    LEDGER_SYSTEM_TEXT,     /* char *, owned; NULL is NULL in the store */
    LEDGER_SYSTEM_LEDGER,   /* the name of the entry's ledger, in events alone */
    LEDGER_SYSTEM_BESIDE,   /* no column: a member of events that is given as JSON */
} LedgerSystemKind;

/* Where a column stands; batch stands in both tables.  In table entry the id and the ledger's name
 * lead, in the typed table the id. */
enum {
    LEDGER_SYSTEM_IN_ENTRY = 1, /* table entry */
    LEDGER_SYSTEM_IN_TYPED = 2, /* the typed table of the ledger */
    LEDGER_SYSTEM_IN_EVENT = 4, /* the data of its events */
    LEDGER_SYSTEM_IN_LIST = 8,  /* a list that names its fields: what its rows say */
};

typedef struct LedgerSystemColumn {
    const char *name; /* in the tables and in events */
    LedgerSystemKind kind;
    unsigned where; /* of LEDGER_SYSTEM_IN_… */
    size_t offset;  /* in LedgerEntry */
} LedgerSystemColumn;

#define LEDGER_N_SYSTEM_COLUMNS 25

/* All of them, sorted by name, as events want them. */
extern const LedgerSystemColumn ledger_system_columns[LEDGER_N_SYSTEM_COLUMNS];

/* Return @column of @entry; 0 where it is empty or a text. */
int64_t ledger_system_int(const LedgerEntry *entry, const LedgerSystemColumn *column);

/* Return @column of @entry, borrowed from it; NULL where it is empty or a number. */
const char *ledger_system_text(const LedgerEntry *entry, const LedgerSystemColumn *column);

/* Set @cell to @column of @entry, one of a table; its text is borrowed. */
void ledger_system_give(const LedgerEntry *entry, const LedgerSystemColumn *column,
                        StoreCell *cell);

/* Set @column of @entry, one of a table that is empty yet, to column @at of the row that @query
 * stands on. */
void ledger_system_take(LedgerEntry *entry, const LedgerSystemColumn *column, StoreStatement *query,
                        int at);
