/* What a command line says of an entry: FIELD=VALUE words, read as the fields' kinds want it. */
#pragma once

#include "cli/session.h"
#include "ledger/input.h"

/* Read the operands of @context from @first on, each FIELD=VALUE.
 *
 * A field is named by its name or its words; VALUE is what ledger_field_parse() reads, and nothing
 * empties the field.  A row of a field of rows is "FIELD=CHILD=VALUE;CHILD=VALUE", once a row.
 * INVALID names the field; the caller owns the result. */
LedgerInput *cli_fields_parse(CliContext *context, const CliSession *session, LedgerNames *names,
                              const SchemaLedger *ledger, guint first, GError **error);

/* Return @entry's field @field as people read it, rows as lines, their personal columns only
 * @with_personal; the caller owns it. */
char *cli_field_to_text(const CliContext *context, const CliSession *session, LedgerNames *names,
                        const LedgerEntry *entry, const SchemaField *field, bool with_personal);
