/* Verification of a record table: are its rows exactly what their events say?
 *
 * Threading: on the thread of the connection that is given. */
#pragma once

#include "log/fold.h"
#include "log/record.h"
#include "log/verify.h"

/* Compare every row of @table with the fold of its events, and name those that are missing.
 *
 * @report: log_verify() has filled it (its counts of kinds are used).
 * Returns false only when it could not look. */
bool log_verify_table(StoreConnection *connection, const LogTable *table, LogReport *report,
                      GError **error);
