/* Evidence (佐证材料): a file, kept once by its SHA-256, proving any number of entries.
 *
 * The bytes are at files/ab/cdef…; they are written and flushed before the event that names them
 * commits.  Files marked 秘密, 机密 or 绝密 in name are refused: state secrets may not be kept in
 * such a system (保守国家秘密法 art. 31). */
#pragma once

#include "ledger/entry.h"

#define LEDGER_EVIDENCE_MAX_BYTES (INT64_C(512) * 1024 * 1024)

/* Keep the file at @path (or find it kept already) and attach it to entry @id by the FILE field or
 * evidence rule
 * @field.  *@ret_evidence (NULL allowed) is its id.  NOT_FOUND, FORBIDDEN, LIMIT, INVALID, FULL. */
bool ledger_evidence_attach(Office *office, const RightsSubject *subject, const LogAct *act,
                            int64_t id, const char *field, const char *path, int64_t *ret_evidence,
                            GError **error);

/* Return the path of the bytes of @sha256 (64 hex digits) in @office; the caller owns it. */
char *ledger_evidence_path(const Office *office, const char *sha256);
