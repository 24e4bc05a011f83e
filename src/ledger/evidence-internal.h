/* Files on their way into an entry, within a job that may do more: what evidence.c and step.c
 * share.
 *
 * Threading: as ledger/evidence.h says, and inside a job of the log on the writer's thread. */
#pragma once

#include "ledger/evidence.h"

/* Keep the bytes of @files (of LedgerFile, borrowed as long as the result lives), for entry @id;
 * nothing is attached yet.  The result (the caller unrefs it) is for ledger_attachments_record().
 * Asked first is what ledger_evidence_attach() refuses, so that nobody fills the disk with it. */
GPtrArray *ledger_attachments_keep(Office *office, const RightsSubject *subject, const LogAct *act,
                                   int64_t id, GArray *files, GError **error);

/* Attach @attachments in the job of @writer, and say in their LedgerFile which evidence each is.
 * Errors as of ledger_evidence_attach(). */
bool ledger_attachments_record(LogWriter *writer, const GPtrArray *attachments, GError **error);
