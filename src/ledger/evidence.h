/* Evidence (佐证材料): a file under a name, proving any number of entries.
 *
 * The bytes are kept once, by their SHA-256, at files/ab/cdef….  Who brings the same bytes under
 * another name brings other evidence: nobody is shown what people elsewhere call their files.  They
 * are written and flushed before the event that names them commits, so that what the log promises
 * is there; bytes whose event never came harm nobody.  Files marked 秘密, 机密 or 绝密 in their
 * name are refused: state secrets may not be kept in such a system (保守国家秘密法 art. 31).  A
 * marking is the word alone, in brackets, before ★, with 级, 件 or 文件 behind it; a name that
 * speaks of secrets (保守国家秘密法签到册) is none.
 *
 * A file proves an entry by a FILE field, and is then a value of it, or by an evidence rule that
 * steps ask for; then the event "entry.attach" says so, "entry.detach" that it does no more, and
 * the entry's version stays.
 *
 * Threading: functions block on the disk and the write queue; may be called from every thread. */
#pragma once

#include "ledger/entry.h"
#include "log/record.h"

#define LEDGER_EVIDENCE_MAX_BYTES (INT64_C(512) * 1024 * 1024)
#define LEDGER_EVIDENCE_MAX_FILES 200 /* by one field or rule of one entry */

/* The columns of table evidence, whose events are "evidence.add". */
enum {
    LEDGER_EVIDENCE_SHA256,
    LEDGER_EVIDENCE_NAME,
    LEDGER_EVIDENCE_SIZE,
    LEDGER_EVIDENCE_ADDED,
    LEDGER_EVIDENCE_N_COLUMNS,
};
extern const LogTable ledger_evidence_table;

/* Return the evidence rule @name of @ledger, borrowed from it; NULL when there is none. */
const SchemaEvidence *ledger_evidence_rule(const SchemaLedger *ledger, const char *name);

/* Keep the file at @path (or find it kept already) and attach it to entry @id by the FILE field or
 * evidence rule @field.
 *
 * @ret_evidence: its id; NULL allowed.
 * Attached so already, under whatever name: nothing is written.
 * @error: NOT_FOUND  no such entry or file
 *         INVALID    no such field or rule (names them), not a file, or marked as a state secret
 *         LIMIT      too large, or too many
 *         FORBIDDEN  without entry.change for a field, entry.step for a rule
 *         FULL, IO   the bytes could not be written; no event was */
bool ledger_evidence_attach(Office *office, const RightsSubject *subject, const LogAct *act,
                            int64_t id, const char *field, const char *path, int64_t *ret_evidence,
                            GError **error);

/* A file that is to be attached; the strings are the caller's. */
typedef struct LedgerFile {
    const char *field; /* FILE field or evidence rule */
    const char *path;
    const char *name; /* what it is called: what was sent to us lies under a name of ours */
    int64_t evidence; /* its id, once it is attached */
    bool is_known;    /* its bytes were attached there already, also by a file before it */
    GError *fault;    /* why it cannot be kept; the caller's */
} LedgerFile;

/* The same for all of @files (of LedgerFile), or none of them. */
bool ledger_evidence_attach_all(Office *office, const RightsSubject *subject, const LogAct *act,
                                int64_t id, GArray *files, GError **error);

/* The same for those of @files that can be kept, all or none of them; @fault of each of the others
 * says why it was left out: INVALID, LIMIT. */
bool ledger_evidence_attach_good(Office *office, const RightsSubject *subject, const LogAct *act,
                                 int64_t id, GArray *files, GError **error);

/* Take the file @evidence away from @entry, to which the FILE field or evidence rule @field
 * attaches it: by a rule event "entry.detach", by a field a correction.  The bytes stay, as the log
 * names them, and so does what else they prove.
 *
 * @error: INVALID    @act->why does not say why; no such field or rule
 *         NOT_FOUND  no such entry, or it has no such file there
 *         CONFLICT   a step that is done asked for it: the right one is attached first; the entry
 *                    was changed meanwhile
 *         FORBIDDEN  without entry.change for a field, entry.step for a rule; for what a step
 *                    brought, to who may not do that */
bool ledger_evidence_detach(Office *office, const RightsSubject *subject, const LogAct *act,
                            const LedgerEntry *entry, const char *field, int64_t evidence,
                            GError **error);

/* Return the evidence that @canonical, the text of a field of files, names (of int64_t); unref it.
 */
GArray *ledger_evidence_ids(const char *canonical);

/* Return the path of the bytes of @sha256 (64 hex digits) in @office; the caller owns it. */
char *ledger_evidence_path(const Office *office, const char *sha256);

/* One file attached to an entry. */
typedef struct LedgerEvidence {
    int64_t id;
    char *field; /* field or rule by which it is attached */
    char *sha256;
    char *name;
    int64_t size_bytes;
    int64_t added_us;
} LedgerEvidence;

/* Return what is attached to @entry, by field, then in the order attached (of LedgerEvidence; the
 * caller owns it); files of personal fields only @with_personal. */
GPtrArray *ledger_evidence_list(StoreConnection *connection, const LedgerEntry *entry,
                                bool with_personal, GError **error);
