/* The wall around personal data: the one place that decides what of an entry is behind it.
 *
 * Behind it are the fields, the columns of child rows and the files that the pack marks personal;
 * the columns that a spreadsheet brought along, which may hold anything; and of old events what was
 * behind it then, and fields that the pack knows no more.  Who shows them has noted the look first
 * (ledger_entry_look()); that is what `with_personal` means everywhere.
 *
 * Threading: pure. */
#pragma once

#include "ledger/entry.h"
#include "ledger/versions.h"

/* Return whether @field, of a ledger or of rows, is behind the wall. */
bool ledger_wall_hides(const SchemaField *field, bool with_personal);

/* Return the fields of @ledger that are not behind it (of SchemaField*); the caller owns the array.
 */
GPtrArray *ledger_wall_fields(const SchemaLedger *ledger);

/* Return whether @field or one of its columns is personal: rows are corrected whole, so that who
 * corrects them sees all of them. */
bool ledger_wall_is_in(const SchemaField *field);

/* Return whether a link of @name, a field of @ledger, a column "rows.child" or an evidence rule, is
 * behind the wall.  Rows with a personal column are so whole. */
bool ledger_wall_hides_named(const SchemaLedger *ledger, const char *name, bool with_personal);

/* Return whether what the event @seq of an entry of @ledger says of @name, a field or a word of
 * ours such as "@comment", is behind the wall: it is where it was personal when it was written, or
 * is now, and where nobody knows, as the pack took the field or a column of its rows away since,
 * even if another has that name today.
 *
 * @versions: of @ledger; NULL: @seq came after today's definition. */
bool ledger_wall_hides_logged(const SchemaLedger *ledger, const LedgerVersions *versions,
                              const char *name, int64_t seq, bool with_personal);

/* Return @rows of @field as people read them in @language, "column text; column text", a line a
 * row, without what is behind the wall; the caller owns it.  "" for NULL. */
char *ledger_wall_rows_text(const SchemaField *field, const LedgerRows *rows, LedgerNames *names,
                            int offset_seconds, const char *language, bool with_personal);
