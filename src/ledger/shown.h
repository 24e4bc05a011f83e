/* An entry shown to somebody outside, with its proof: all its events as log/shown.h has them, and
 * those that added its evidence, whose lines have the files' SHA-256.
 *
 * What is behind the wall (ledger/wall.h) stays closed: its commitments are in the lines, its
 * values and field keys are not handed out.
 *
 * Threading: queries on a connection of the caller's. */
#pragma once

#include "ledger/entry.h"
#include "log/shown.h"

/* Write the events of @entry, in order, into an array that the caller has opened.  That the reader
 * may read the entry, and noted the look where @with_personal, is the caller's to see to.
 *
 * NOT_FOUND where one of them is in no signed checkpoint yet. */
bool ledger_shown_write(StoreConnection *connection, const LedgerEntry *entry, bool with_personal,
                        JsonWriter *json, GError **error);
