/* Expressions over one entry in hand: conditions of steps and clocks.
 *
 * Fields answer from the entry; the system's names (state, number, opened, due, closed, unit, late,
 * took) from its columns; names read through a reference (handler.name) are looked up over the
 * connection given.
 *
 * Threading: the functions use the connection given, and are pure but for it. */
#pragma once

#include "expression/evaluate.h"
#include "ledger/entry.h"

/* The present as conditions see it: when it is, in which zone of the office, and the connection
 * over which they read what references lead to. */
typedef struct LedgerPresent {
    StoreConnection *connection; /* borrowed */
    int64_t now_us;
    int offset_seconds;
} LedgerPresent;

/* How many days @entry's clock ran over, at @now_us if it still runs: 0 in time; -1 when no clock
 * binds it.
 *
 * A deadline at the office's midnight is the end of the day before: what happened at that instant,
 * such as everything of which the day alone is known, belongs to the next day and is late. */
int64_t ledger_entry_days_late(const LedgerEntry *entry, int64_t now_us, int offset_seconds);

/* Set *@ret_is_met to whether @condition (NULL: always) holds for @entry.
 *
 * @error: the database's: what cannot be read is not taken for empty. */
bool ledger_entry_meets(const LedgerEntry *entry, const Expression *condition,
                        const LedgerPresent *present, bool *ret_is_met, GError **error);

/* Return the value of the system's name @name ("state", "late" …) for @entry; empty for one it does
 * not know.  The caller clears it. */
Value ledger_entry_system_value(const LedgerEntry *entry, const char *name, int offset_seconds);

/* Return the parameter @name ("today", "cutoff") of what is asked about the present. */
Value ledger_parameter_now(const char *name, int64_t now_us, int offset_seconds);

/* Return the column of table post that gives the person's name @name: a person's post and unit are
 * those of the post recorded last; NULL for the names that table person has itself.  Static. */
const char *ledger_person_post_column(const char *name);
