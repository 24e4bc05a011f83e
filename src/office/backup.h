/* Backups (备份): a whole office in a folder of plain files, and an office out of one.
 *
 *   BACKUP/office.db      a consistent copy of the database, made while others go on writing
 *   BACKUP/files/ab/cdef… the bytes of the evidence, named by their SHA-256
 *   BACKUP/backup.json    what it is of, and when; events and root of the log; hash of office.db,
 *                         number of files
 *
 * It needs no program of ours to be read.  The signing key is not in it: who finds a backup cannot
 * sign a history of his own; the key is kept apart (docs/keys.md is about it).
 *
 * A backup and a restored office are made beside their place, in a new folder DIR.XXXXXX, and
 * renamed when they are complete and on disk, so that there is never a half one.  Nothing that was
 * there before is touched; what a killed process leaves of such a folder may be removed.  An office
 * on PostgreSQL is backed up with the tools of PostgreSQL, its folder of files copied after it.
 *
 * Threading: functions block on the disk; may be called from every thread. */
#pragma once

#include "office/office.h"

/* What a backup says of itself. */
typedef struct OfficeBackup {
    char *office_id;
    char *name;       /* of the office */
    int64_t at_us;    /* when it was made */
    int64_t n_events; /* size of the log */
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t n_files; /* of evidence */
    char *signed_in; /* restored: the folder of the same office that the key goes on signing; NULL:
                        it signs the restored one */
} OfficeBackup;

void office_backup_free(OfficeBackup *backup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficeBackup, office_backup_free)

/* Back @office up to the new folder @path.  The caller has asked for the right backup, and owns the
 * result.
 *
 * @error: EXISTS   @path is there already
 *         CORRUPT  a file of evidence is not there, or its bytes are not those that its name says;
 *                  the log is not sound, so that nothing could be restored
 *         INVALID  the office is on PostgreSQL; @path is inside the office's folder
 *         FULL, IO, FORBIDDEN
 * On any error @path is not made. */
OfficeBackup *office_backup_make(Office *office, const char *path, GError **error);

/* Make an office at the folder @location, missing or empty, out of the backup at @path, which an
 * older program may have made.
 *
 * The hash of every file is compared, then the log of the copy is verified from its first event to
 * its signatures, before the office takes its place.  The caller owns the result.
 *
 * @error: NOT_FOUND  there is no backup at @path
 *         CORRUPT    it is damaged, or its manifest is about another office (says what)
 *         VERSION    it was made by a newer program
 *         EXISTS     @location is not empty
 *         INVALID    @location is on PostgreSQL
 * On any error @location is left as it was. */
OfficeBackup *office_backup_restore(const char *path, const char *location, GError **error);
