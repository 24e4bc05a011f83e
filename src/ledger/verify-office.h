/* Verification of a whole office: its log, what office/ keeps, and what ledger/ keeps.
 *
 * Threading: uses readers of its own; blocks for as long as it takes. */
#pragma once

#include "log/verify.h"
#include "office/office.h"

/* Verify @office, also while others write.
 *
 * @key: the public key that must have signed; NULL: the office's own.
 * @checkpoint: one kept elsewhere; NULL: none.  What the key signed last (office/signed.h) counts
 * as one too, where it is here.
 * @progress: NULL: nobody listens.
 * *@ret_report belongs to the caller.  Returns false only when it could not look, or
 * CANCELLED; INVALID: @key is none, or @checkpoint says nothing of this office. */
bool ledger_verify_office(Office *office, const char *key, const char *checkpoint,
                          LogProgress progress, void *data, LogReport **ret_report, GError **error);

/* Check that the tables of every ledger of @office are there, with all their columns; CORRUPT names
 * the first that is missing.  What they hold is ledger_verify_office()'s. */
bool ledger_check_tables(const Office *office, GError **error);
