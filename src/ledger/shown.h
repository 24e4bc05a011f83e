/* An entry shown to somebody outside, with its proof: all its events as log/shown.h has them, and
 * those by which its files came, whether a rule of evidence or a field attaches them, whose lines
 * have the files' SHA-256.
 *
 * What is behind the wall (ledger/wall.h), or was when it was written, stays closed: its
 * commitments are in the lines, its values and field keys are not handed out, and the files of its
 * fields are not named.
 *
 * Threading: queries on a connection of the caller's. */
#pragma once

#include "ledger/entry.h"
#include "log/shown.h"

/* Entries being shown together: a file that several of them attach is written once. */
typedef struct LedgerShowing {
    StoreConnection *connection; /* borrowed */
    JsonWriter *json;            /* borrowed; the caller has opened an array in it */
    GHashTable *files;           /* set of int64_t*: evidence written so far */
    GHashTable *versions;        /* SchemaLedger -> LedgerVersions */
} LedgerShowing;

/* Begin to write into the array that is open in @json, and forget what was written. */
void ledger_showing_init(LedgerShowing *showing, StoreConnection *connection, JsonWriter *json);
void ledger_showing_clear(LedgerShowing *showing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerShowing, ledger_showing_clear)

/* Write the events of @entry, in order, and then those of its files.  That the reader may read the
 * entry, and noted the look where @with_personal, is the caller's to see to.
 *
 * NOT_FOUND where one of them is in no signed checkpoint yet. */
bool ledger_shown_write(LedgerShowing *showing, const LedgerEntry *entry, bool with_personal,
                        GError **error);

/* Write the events of @object, an import, a unit or a person, with their fields closed: of an
 * import the line says which numbers were reserved for it, and that it was taken back.  NOT_FOUND
 * as above. */
bool ledger_shown_write_closed(LedgerShowing *showing, int64_t object, GError **error);
