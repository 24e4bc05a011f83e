/* Verification of what ledger/ keeps: is every entry exactly what its events say, is nothing there
 * that no event says, are the files of evidence what they were?
 *
 * Entries are read in pages of a fixed number of ids, with their child rows, steps, links and
 * events, so that memory does not grow with the office.
 *
 * Threading: uses the reader given; blocks. */
#pragma once

#include "log/verify.h"
#include "office/office.h"

/* Compare the tables of ledger/ with the log, and the files of evidence with their hashes.
 *
 * @connection: a reader, in a snapshot if others may write meanwhile.
 * @report: log_verify() has filled it (its counts of kinds are used).
 * Returns false only when it could not look. */
bool ledger_verify(Office *office, StoreConnection *connection, LogReport *report, GError **error);
