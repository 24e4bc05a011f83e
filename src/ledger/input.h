/* What is typed into an entry, before it is one.  Belongs to one thread at a time. */
#pragma once

#include "ledger/entry.h"

/* What is typed into an entry: by field position; only what is given is set. */
typedef struct LedgerInput {
    const SchemaLedger *ledger; /* borrowed */
    Value *values;              /* one a field */
    LedgerRows **rows;          /* one a field; NULL but for ROWS fields that are given */
    bool *is_given;             /* one a field: an empty value that is given empties the field */
    char *extra;                /* JSON of columns without a field; NULL: none */
} LedgerInput;

/* Make an input in which nothing is given; the caller owns it. */
LedgerInput *ledger_input_new(const SchemaLedger *ledger);
void ledger_input_free(LedgerInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerInput, ledger_input_free)

/* Set @field to @value (takes). */
void ledger_input_set(LedgerInput *input, const SchemaField *field, Value value);

/* Return the canonical text of what is given for @field, as it is committed to; NULL when that is
 * empty.  The caller owns it. */
char *ledger_input_field(const LedgerInput *input, const SchemaField *field);

/* Append a child row to the ROWS field @field: @values (takes the values, copies the array), one a
 * child field. */
void ledger_input_add_row(LedgerInput *input, const SchemaField *field, const Value *values);

/* Copy what is given in @input into @entry, a NULL-free entry of the same ledger. */
void ledger_input_lay_over(const LedgerInput *input, LedgerEntry *entry);
